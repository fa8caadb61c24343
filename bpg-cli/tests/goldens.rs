//! `bpg debug parse` over all of testdata/, against what it is known to print.
//!
//! Beside an input `F` stand `F.dump`, what the command prints; `F.verbose.dump`, what it prints with `--verbose`; and
//! `F.stderr`, what it says on standard error and its exit status, unless that is nothing and 0; beside some, `F.jsonl`,
//! what it prints with `--json`, but for its version. `BPG_UPDATE_GOLDENS=1 cargo test -p bpg-cli --test goldens` rewrites
//! them. Read the difference before you commit it.

use std::fs;
use std::path::{Path, PathBuf};

mod common;

/// What stands beside an input.
const DUMP: &str = "dump";
const VERBOSE: &str = "verbose.dump";
const STDERR: &str = "stderr";
const JSON: &str = "jsonl";

#[test]
fn testdata_prints_as_it_is_known_to() {
    let update = std::env::var_os("BPG_UPDATE_GOLDENS").is_some();
    let inputs = inputs();
    let mut differences = Vec::new();
    for input in &inputs {
        let brief = run(input, &[]);
        let verbose = run(input, &["--verbose"]);
        assert_eq!(brief.status, verbose.status, "{}", input.display());
        let silent = brief.stderr.is_empty() && brief.status == 0;
        let stderr = if silent { String::new() } else { format!("{}exit status {}\n", brief.stderr, brief.status) };
        let mut goldens = vec![(DUMP, brief.stdout), (VERBOSE, verbose.stdout), (STDERR, stderr.into_bytes())];
        if beside(input, JSON).exists() {
            let json = String::from_utf8(run(input, &["--json"]).stdout).expect("UTF-8");
            goldens.push((JSON, json.replacen(env!("CARGO_PKG_VERSION"), "VERSION", 1).into_bytes()));
        }
        for (kind, actual) in goldens {
            let golden = beside(input, kind);
            let expected = fs::read(&golden).unwrap_or_default();
            if expected == actual {
                continue;
            }
            if !update {
                differences.push(golden);
            } else if actual.is_empty() {
                fs::remove_file(&golden).unwrap();
            } else {
                fs::write(&golden, actual).unwrap();
            }
        }
    }
    assert!(differences.is_empty(), "{} goldens differ: {differences:#?}", differences.len());
}

/// Nothing is left of an input that was removed.
#[test]
fn every_golden_has_an_input() {
    let inputs = inputs();
    let goldens: Vec<PathBuf> =
        inputs.iter().flat_map(|input| [DUMP, VERBOSE, STDERR, JSON].map(|kind| beside(input, kind))).collect();
    let orphans: Vec<_> = self::goldens().into_iter().filter(|file| !goldens.contains(file)).collect();
    assert!(orphans.is_empty(), "{orphans:#?}");
}

/// Text output is fit for a terminal, whatever it is about.
#[test]
fn goldens_hold_no_control_characters() {
    for golden in goldens() {
        let text = fs::read_to_string(&golden).expect("UTF-8");
        let bad = text.chars().find(|character| character.is_control() && *character != '\n');
        assert_eq!(bad, None, "{}", golden.display());
    }
}

struct Run {
    stdout: Vec<u8>,
    stderr: String,
    status: i32,
}

/// Runs the command in the folder of the input, so that messages name the file alone.
fn run(input: &Path, flags: &[&str]) -> Run {
    let mut command = common::bpg(&["debug", "parse"]);
    command.args(flags).arg(input.file_name().unwrap()).current_dir(input.parent().unwrap());
    let output = command.output().unwrap();
    Run { stderr: common::stderr(&output), stdout: output.stdout, status: output.status.code().expect("no signal") }
}

/// The inputs: everything in a theme folder that is neither a golden nor the plain text that a signature covers.
fn inputs() -> Vec<PathBuf> {
    let is_companion = |file: &Path| file.file_name().is_some_and(|name| name == "PLAINTEXT.txt");
    let in_theme = |file: &Path| file.parent() != Some(&common::testdata());
    let inputs = common::inputs(&common::testdata(), common::ANY_SIZE);
    let inputs: Vec<_> = inputs.into_iter().filter(|file| in_theme(file) && !is_companion(file)).collect();
    assert!(inputs.len() >= 570, "there are {} inputs", inputs.len());
    inputs
}

/// Everything that stands beside an input.
fn goldens() -> Vec<PathBuf> {
    let goldens: Vec<_> =
        common::files(&common::testdata()).into_iter().filter(|file| common::is_golden(file)).collect();
    assert!(goldens.len() >= 1240, "there are {} goldens", goldens.len());
    goldens
}

fn beside(input: &Path, kind: &str) -> PathBuf {
    let mut name = input.as_os_str().to_owned();
    name.push(".");
    name.push(kind);
    PathBuf::from(name)
}
