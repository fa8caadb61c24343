//! Manual pages and completions, which are made of the definition of the flags.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

mod common;

/// Every command that has a page.
const COMMANDS: [&str; 13] = [
    "bpg",
    "bpg-debug",
    "bpg-debug-armor",
    "bpg-debug-dearmor",
    "bpg-debug-diff",
    "bpg-debug-explain",
    "bpg-debug-parse",
    "bpg-generate",
    "bpg-generate-completions",
    "bpg-generate-man",
    "bpg-key",
    "bpg-key-gen",
    "bpg-key-show",
];

#[test]
fn every_command_has_a_page() {
    let folder = tempfile::tempdir().unwrap();
    let pages = pages(folder.path());
    for command in COMMANDS {
        let page = fs::read_to_string(folder.path().join(format!("{command}.1"))).unwrap();
        assert!(page.contains(&format!(".TH {command} 1")), "{command}");
        let is_leaf = !COMMANDS.iter().any(|other| other.starts_with(&format!("{command}-")));
        assert!(!is_leaf || page.contains("Examples:") && page.contains("Exit status:"), "{command}");
    }
    assert!(pages.iter().all(|page| !page.to_string_lossy().contains("help")));
    // Pages are replaced.
    assert_eq!(self::pages(folder.path()), pages);
}

#[test]
fn a_folder_that_cannot_be_made_is_told_of() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let output = common::bpg(&["generate", "man"]).arg(file.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(common::stderr(&output).starts_with("bpg: "));
}

#[test]
#[ignore = "needs man"]
fn man_shows_the_pages_without_a_warning() {
    let folder = tempfile::tempdir().unwrap();
    for page in pages(folder.path()) {
        let output = Command::new("man").args(["--warnings", "-l"]).arg(&page).env("MANWIDTH", "80").output().unwrap();
        assert!(output.status.success(), "{}", page.display());
        assert_eq!(common::stderr(&output), "", "{}", page.display());
        assert!(common::stdout(&output).contains("SYNOPSIS"), "{}", page.display());
    }
}

#[test]
#[ignore = "needs bash"]
fn bash_completes() {
    let script =
        r#"source "$1" && COMP_WORDS=(bpg debug exp) COMP_CWORD=2 && _bpg bpg exp debug && echo "${COMPREPLY[@]}""#;
    assert_eq!(completed("bash", "bash", &["--norc", "-c", script, "bash"]), "explain\n");
}

#[test]
#[ignore = "needs zsh"]
fn zsh_loads_the_completions() {
    let script = r#"autoload -U compinit && compinit -D && source "$1" && echo $_comps[bpg]"#;
    assert_eq!(completed("zsh", "zsh", &["-f", "-c", script, "zsh"]), "_bpg\n");
}

#[test]
#[ignore = "needs fish"]
fn fish_completes() {
    let script = r#"source $argv[1]; complete -C "bpg debug exp" | cut -f 1"#;
    assert_eq!(completed("fish", "fish", &["--no-config", "-c", script]), "explain\n");
}

/// What a shell prints that is given the file with its completions as last argument.
fn completed(shell: &str, program: &str, arguments: &[&str]) -> String {
    let script = common::bpg(&["generate", "completions", shell]).output().unwrap();
    assert!(script.status.success());
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), script.stdout).unwrap();
    let output = Command::new(program).args(arguments).arg(file.path()).output().unwrap();
    assert_eq!(common::stderr(&output), "");
    common::stdout(&output)
}

/// Makes the pages, and returns their paths.
fn pages(folder: &Path) -> Vec<PathBuf> {
    let output = common::bpg(&["generate", "man"]).arg(folder).output().unwrap();
    assert_eq!((output.status.code(), output.stdout, output.stderr), (Some(0), vec![], vec![]));
    let pages = common::files(folder);
    assert!(pages.len() >= COMMANDS.len());
    pages
}
