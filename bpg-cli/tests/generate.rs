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
        assert!(!is_leaf || page.contains("\n.SH EXAMPLES\n"), "{command}");
        assert_eq!(page.contains("\n.SH \"EXIT STATUS\"\n"), is_leaf, "{command}");
        assert!(["EXTRA", "Exit status:", "Examples:"].iter().all(|word| !page.contains(word)), "{command}");
        assert_eq!(page.matches(".ds Aq").count(), 2, "{command}");
    }
    // What is required is there with its value, and what may be repeated is seen to.
    for (command, synopsis) in [
        ("bpg-debug-split", "\\fBbpg debug split\\fR [OPTIONS] \\-\\-directory <DIR> [FILE]"),
        ("bpg-debug-parse", "\\fBbpg debug parse\\fR [OPTIONS] [FILE]..."),
        ("bpg-key-gen", "\\fBbpg key gen\\fR [OPTIONS] [ALGORITHM] [BITS]"),
        ("bpg-key", "\\fBbpg key\\fR <COMMAND>"),
    ] {
        let page = fs::read_to_string(folder.path().join(format!("{command}.1"))).unwrap();
        assert!(page.contains(&format!("\n.SH SYNOPSIS\n{synopsis}\n")), "{page}");
    }
    assert!(pages.iter().all(|page| !page.to_string_lossy().contains("help")));
    // Words are spelled in one way.
    for page in &pages {
        let text = fs::read_to_string(page).unwrap();
        assert!(["keyid", "keyID", "key id", "key\\-id"].iter().all(|word| !text.contains(word)), "{}", page.display());
    }
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
        let text = common::stdout(&output);
        assert!(text.contains("SYNOPSIS"), "{}", page.display());
        // Examples can be copied: each has a line of its own.
        let is_split = page.ends_with("bpg-debug-split.1");
        let example = "       bpg debug split --directory packets message.gpg\n";
        assert!(!is_split || text.contains(example), "{text}");
    }
}

#[test]
#[ignore = "needs bash"]
fn bash_completes() {
    let script =
        r#"source "$1" && COMP_WORDS=(bpg debug exp) COMP_CWORD=2 && _bpg bpg exp debug && echo "${COMPREPLY[@]}""#;
    assert_eq!(completed("bash", "bash", &["--norc", "-c", script, "bash"]), "explain\n");
    // The names of limits, and no names of files.
    for (word, names) in [("", "depth= packet= decompressed= packets= output=\n"), ("pack", "packet= packets=\n")] {
        let words = format!("COMP_WORDS=(bpg debug parse --limit '{word}') COMP_CWORD=4");
        let call = format!("_bpg bpg '{word}' --limit 2>/dev/null && echo \"${{COMPREPLY[@]}}\"");
        let script = format!("source \"$1\" && {words} && {call}");
        assert_eq!(completed("bash", "bash", &["--norc", "-c", &script, "bash"]), names);
    }
}

/// The labels of armor have spaces in them, which are no ends of words.
#[test]
#[ignore = "needs bash"]
fn bash_completes_values_of_several_words() {
    for (word, labels) in [
        ("", "MESSAGE,PUBLIC KEY BLOCK,PRIVATE KEY BLOCK,SIGNATURE,SECRET KEY BLOCK,ARMORED FILE,"),
        ("P", "PUBLIC KEY BLOCK,PRIVATE KEY BLOCK,"),
        ("PUBLIC\\ K", "PUBLIC KEY BLOCK,"),
        ("KEY", ""),
    ] {
        let words = format!("COMP_WORDS=(bpg debug armor --label '{word}') COMP_CWORD=4");
        let call =
            format!("_bpg bpg '{word}' --label; for label in \"${{COMPREPLY[@]}}\"; do printf '%s,' \"$label\"; done");
        let script = format!("source \"$1\" && {words} && {call}");
        assert_eq!(completed("bash", "bash", &["--norc", "-c", &script, "bash"]), labels, "{word}");
    }
}

#[test]
fn completions_keep_values_of_several_words_together() {
    for (shell, labels) in [
        ("bash", "(compgen -W $'MESSAGE\\nPUBLIC KEY BLOCK\\nPRIVATE KEY BLOCK\\nSIGNATURE\\n"),
        ("zsh", "\nPUBLIC\\ KEY\\ BLOCK\\:\"public keys\"\n"),
        ("fish", "\nPUBLIC\\ KEY\\ BLOCK\\t'public keys'\nPRIVATE\\ KEY\\ BLOCK\\t"),
    ] {
        let script = common::stdout(&common::bpg(&["generate", "completions", shell]).output().unwrap());
        assert!(script.contains(labels), "{shell}: {labels}");
    }
}

#[test]
fn completions_know_the_names_of_limits() {
    for (shell, limits) in [
        ("bash", "$(compgen -W \"depth= packet= decompressed= packets= output=\""),
        ("bash", "$(compgen -W \"packet= packets=\""),
        ("zsh", ":NAME=NUMBER:(depth= packet= decompressed= packets= output=)'"),
        ("zsh", ":NAME=NUMBER:(packet= packets=)'"),
        ("fish", "-r -f -a \"depth=\\t''\npacket=\\t''\ndecompressed=\\t''\npackets=\\t''\noutput=\\t''\""),
    ] {
        let script = common::stdout(&common::bpg(&["generate", "completions", shell]).output().unwrap());
        assert!(script.contains(limits), "{shell}: {limits}");
    }
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
    let script = r#"source $argv[1]; complete -C "bpg debug armor --label P" | cut -f 1"#;
    assert_eq!(completed("fish", "fish", &["--no-config", "-c", script]), "PRIVATE KEY BLOCK\nPUBLIC KEY BLOCK\n");
    let script = r#"source $argv[1]; complete -C "bpg debug parse --limit dec" | cut -f 1"#;
    assert_eq!(completed("fish", "fish", &["--no-config", "-c", script]), "decompressed=\n");
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
