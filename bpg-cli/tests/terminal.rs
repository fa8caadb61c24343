//! `bpg debug parse` on a terminal: colours, and how far reading got.

use std::process::Command;

mod common;

/// A user ID, and one that is cut short.
const GOOD: &str = r"\315\005alice";
const CUT: &str = r"\315\005bob";

/// What a terminal is sent by a line of shell, in which `$BPG` is the command.
fn shown(line: &str, variables: &[(&str, &str)]) -> String {
    let mut script = Command::new("script");
    script.args(["--quiet", "--command", line, "/dev/null"]).env("BPG", env!("CARGO_BIN_EXE_bpg"));
    script
        .env("TERM", "xterm")
        .env_remove("NO_COLOR")
        .env_remove("CI")
        .env("SHELL", "/bin/sh")
        .envs(variables.iter().copied());
    let mut child = common::spawn(&mut script);
    // It would end where its input does.
    let input = child.stdin.take();
    let output = child.wait_with_output().unwrap();
    drop(input);
    common::stdout(&output)
}

#[test]
#[ignore = "needs script (util-linux)"]
fn colours_are_for_terminals() {
    let parse = format!("printf '{GOOD}' | $BPG debug parse");
    let plain = "## 0d : New format User ID packet (5 bytes)\r\n        content: alice\r\n";
    let coloured =
        "\x1b[1m## 0d : New format User ID packet (5 bytes)\x1b[0m\r\n        \x1b[36mcontent\x1b[0m: alice\r\n";
    assert_eq!(shown(&parse, &[]), coloured);
    assert_eq!(shown(&parse, &[("NO_COLOR", "")]), coloured);
    assert_eq!(shown(&parse, &[("NO_COLOR", "1")]), plain);
    assert_eq!(shown(&parse, &[("TERM", "dumb")]), plain);
    assert_eq!(shown(&format!("{parse} | cat"), &[]), plain);
    assert_eq!(shown(&format!("{parse} --color=never"), &[]), plain);
    assert_eq!(shown(&format!("{parse} --color=always"), &[("NO_COLOR", "1")]), coloured);
}

/// The colours of the help and of usage errors are those of what reads the flags, which obeys the same variables.
#[test]
#[ignore = "needs script (util-linux)"]
fn help_obeys_no_color() {
    for arguments in ["--help", "debug prase"] {
        let line = format!("$BPG {arguments}");
        assert!(shown(&line, &[]).contains("\x1b["), "{arguments}");
        assert!(!shown(&line, &[("NO_COLOR", "1")]).contains('\x1b'), "{arguments}");
        assert!(!shown(&line, &[("TERM", "dumb")]).contains('\x1b'), "{arguments}");
    }
}

/// What packets hold could be commands to the terminal.
#[test]
#[ignore = "needs script (util-linux)"]
fn packets_are_not_for_terminals() {
    let armored = format!("printf '{GOOD}' | $BPG debug armor --label MESSAGE");
    for command in ["debug dearmor", "debug extract 1"] {
        let message = "bpg: standard output: packets are not for a terminal";
        let line = format!("{armored} | $BPG {command}");
        assert!(shown(&line, &[]).starts_with(message), "{command}");
        assert_eq!(shown(&format!("{line} | cat -v"), &[]), "M-M^Ealice", "{command}");
    }
}

#[test]
#[ignore = "needs script (util-linux)"]
fn progress_is_told_where_nothing_else_is() {
    let feed = format!("(printf '{GOOD}'; sleep 1.5; printf '{CUT}') | $BPG debug parse");
    let error = "bpg: standard input: at octet 9: User ID: body: need 5 octets, have 3\r\n";
    let line = "\r\x1b[Kbpg: standard input: 0.0 KiB";
    // It goes in front of what is wrong.
    assert_eq!(shown(&format!("{feed} >/dev/null"), &[]), format!("{line}\r\x1b[K{error}"));
    assert_eq!(shown(&format!("{feed} >/dev/null"), &[("TERM", "dumb")]), error);
    let output = shown(&feed, &[("NO_COLOR", "1")]);
    assert!(!output.contains('\x1b') && output.contains(error), "{output:?}");
    // What is quick says nothing.
    assert_eq!(shown(&format!("printf '{GOOD}' | $BPG debug parse >/dev/null"), &[]), "");
}
