//! What the README says of the project is true.
//!
//! Its sessions in consoles are run by the tests in `cli.rs`.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Output};

mod common;

fn readme() -> String {
    std::fs::read_to_string(common::top().join("README.md")).unwrap()
}

/// The crates that bpg-core depends on with its default features are those that are listed, and stay few.
#[test]
fn the_list_of_dependencies_is_true() {
    let tree = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "-p", "bpg-core", "--edges", "normal", "--prefix", "none", "--format", "{p}"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(tree.status.success(), "{}", common::stderr(&tree));
    let tree = common::stdout(&tree);
    let actual: BTreeSet<&str> =
        tree.lines().filter_map(|line| line.split(' ').next()).filter(|name| *name != "bpg-core").collect();

    let readme = readme();
    let (_, after) = readme.split_once("depends on these crates").unwrap();
    let list = after.split("```").nth(1).unwrap();
    let listed: BTreeSet<&str> = list.split_whitespace().skip_while(|word| *word == "text").collect();

    assert_eq!(listed, actual);
    assert!((1..20).contains(&actual.len()), "{} crates", actual.len());
}

/// The programs that read JSON print what stands behind each of them.
#[test]
#[ignore = "needs jq and Python"]
fn consumers_of_json() {
    let top = common::top();
    let readme = readme();
    let (_, section) = readme.split_once("## For programs").unwrap();
    let (section, _) = section.split_once("\n## ").unwrap();
    // Text, a block, text, a block, and so on.
    let mut blocks = section.split("```").skip(1).step_by(2).map(|block| block.split_once('\n').unwrap());
    let mut run = Vec::new();
    while let Some((language, program)) = blocks.next() {
        let (kind, expected) = blocks.next().expect("what is printed follows");
        assert_eq!(kind, "text");
        let output = match language {
            "sh" => consumer("bash", program, &top),
            "python" => consumer("python3", program, &top),
            other => panic!("who runs {other}?"),
        };
        assert!(output.status.success(), "{}", common::stderr(&output));
        assert_eq!(common::stdout(&output), expected);
        run.push(language);
    }
    assert_eq!(run, ["sh", "python"]);
}

/// The commands that print nothing worth quoting, in a folder of their own beside the files that they name.
#[test]
#[ignore = "needs git"]
fn commands_do_what_they_are_said_to() {
    let top = common::top();
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(top.join("testdata").canonicalize().unwrap(), folder.path().join("testdata")).unwrap();
    let readme = readme();
    let blocks = readme.split("```sh\n").skip(1).map(|block| block.split_once("```").unwrap().0);
    let mut count = 0;
    for program in blocks.filter(|program| !program.contains("cargo ") && !program.contains("jq ")) {
        let output = consumer("bash", &format!("set -e; export HOME=$PWD\n{program}"), folder.path());
        assert!(output.status.success(), "{program}\n{}", common::stderr(&output));
        count += 1;
    }
    assert_eq!(count, 4, "blocks of commands");
    let size = |name: &str| std::fs::metadata(folder.path().join(name)).unwrap().len();
    assert_eq!((size("user-id.pgp"), size("key.gpg")), (18, 941));
    for name in ["key.asc", "bpg.bash", "alice.sec.asc", "alice.pub.asc", "alice.rev.asc", "man1/bpg.1"] {
        assert!(size(name) > 100, "{name}");
    }
    assert_eq!(common::names(&folder.path().join("certificates")).len(), 1);
}

/// Runs a program in a folder, where it finds the tool.
fn consumer(interpreter: &str, program: &str, folder: &Path) -> Output {
    let tool = Path::new(env!("CARGO_BIN_EXE_bpg")).parent().unwrap();
    let inherited = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths([tool.to_path_buf()].into_iter().chain(std::env::split_paths(&inherited)));
    Command::new(interpreter).args(["-c", program]).current_dir(folder).env("PATH", path.unwrap()).output().unwrap()
}
