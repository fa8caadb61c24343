//! The command as a user meets it: one case per behaviour and per usage error.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::process::{Output, Stdio};

mod common;

/// The cases of `tests/cmd/`, and every example of the README. All run in the top folder of the repository.
#[test]
fn documented_sessions() {
    std::env::set_current_dir(common::top()).unwrap();
    let sessions = common::names("bpg-cli/tests/cmd".as_ref());
    assert!(sessions.len() >= 17, "only {sessions:?}");
    trycmd::TestCases::new().case("bpg-cli/tests/cmd/*.trycmd").case("README.md");
}

/// The text that must never change, to the octet.
#[test]
fn mission() {
    let output = bpg(&["debug", "parse", "testdata/mission/rsa2048.bpg"], b"");
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stderr.is_empty());
    assert_eq!(
        common::stdout(&output),
        "\
## 05 : New format Secret-Key packet (920 bytes)
        version: 4
        algorithm: RSA (encrypt or sign)
        keyid: 137d54afea7356f1
        fingerprint: 9e23637acbc2663247973d67137d54afea7356f1

## 0d : New format User ID packet (16 bytes)
        content: test@example.com
"
    );
}

#[test]
fn standard_input_is_read_for_a_dash_and_for_nothing() {
    let data = common::testdata_file("mission/rsa2048.bpg");
    let file = bpg(&["debug", "parse", "testdata/mission/rsa2048.bpg"], b"");
    for args in [&["debug", "parse"][..], &["debug", "parse", "-"]] {
        let output = bpg(args, &data);
        assert_eq!((output.status.code(), output.stdout), (Some(0), file.stdout.clone()));
    }
    let output = bpg(&["debug", "parse"], b"\xcd\x05b");
    assert_eq!(common::stderr(&output), "bpg: standard input: at octet 2: User ID: body: need 5 octets, have 1\n");
    let output = bpg(&["debug", "parse"], b"");
    assert_eq!(output.status.code(), Some(2));
}

/// `bpg debug parse F | head` prints no error.
#[test]
fn a_closed_pipe_ends_it_quietly() {
    let files = common::files_of_kind(&common::testdata().join("keyrings"), "gpg");
    assert!(!files.is_empty());
    // Far more than a pipe holds, so that the command is still writing when the pipe is closed.
    let mut command = common::bpg(&["debug", "parse", "--verbose"]);
    let mut child = common::spawn(command.args(files.iter().cycle().take(200)));
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(common::stderr(&output), "");
    assert_eq!(output.status.code(), Some(0));
}

const KEY: &str = "testdata/secret/unprotected.sec.gpg";
const OTHER: &str = "testdata/keys/ed25519.pub.asc";

/// Every command that writes to standard output, with its exit status if that is read or closed early.
const COMMANDS: [(&[&str], i32); 16] = [
    (&["debug", "parse", KEY], 0),
    (&["debug", "parse", "--json", KEY], 0),
    (&["debug", "diff", KEY, OTHER], 1),
    (&["debug", "schema"], 0),
    (&["debug", "explain"], 0),
    (&["debug", "explain", "packet"], 0),
    (&["debug", "armor", KEY], 0),
    (&["debug", "dearmor", OTHER], 0),
    (&["debug", "extract", "1", KEY], 0),
    (&["generate", "completions", "bash"], 0),
    (&["key", "public", KEY], 0),
    (&["key", "protect", "--no-passphrase", KEY], 0),
    (&["key", "show", KEY], 0),
    (&["key", "show", "--json", KEY], 0),
    (&["key", "show", "testdata/malformed/truncated-in-user-id.gpg"], 1),
    (&["key", "gen", "--help"], 0),
];

/// Where there is no standard output, keys and what was in a packet are lost, which is told. It is no error: a program that
/// throws away what others print can look the same. What can be had again may be run for its exit status alone.
#[test]
fn a_standard_output_that_is_closed_or_thrown_away_is_told() {
    let told = "bpg: standard output is closed or the null device: what is written there is lost\n";
    let thrown_away = || std::fs::OpenOptions::new().read(true).write(true).open("/dev/null").unwrap();
    let mut count = 0;
    for (arguments, status) in COMMANDS {
        let is_lost =
            [["debug", "extract"], ["key", "public"], ["key", "protect"]].contains(&[arguments[0], arguments[1]]);
        let mut closed = std::process::Command::new("sh");
        closed.args(["-c", r#"exec "$0" "$@" >&-"#, env!("CARGO_BIN_EXE_bpg")]).args(arguments);
        let mut null = common::bpg(arguments);
        null.stdout(thrown_away());
        for command in [&mut closed, &mut null] {
            let output =
                command.current_dir(common::top()).stdin(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
            let output = output.wait_with_output().unwrap();
            let errors = common::stderr(&output);
            assert_eq!(errors.starts_with(told), is_lost, "{arguments:?}: {errors}");
            assert_eq!(output.status.code(), Some(status), "{arguments:?}: {errors}");
        }
        count += usize::from(is_lost);
    }
    assert_eq!(count, 3);
}

/// A full disk is told by every command in the same words.
#[test]
fn a_full_standard_output_is_an_error() {
    for (arguments, _) in COMMANDS.iter().filter(|(arguments, _)| !arguments.contains(&"--help")) {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let mut command = common::bpg(arguments);
        let output = command.current_dir(common::top()).stdin(Stdio::null()).stdout(full).output().unwrap();
        let errors = common::stderr(&output);
        let message = "bpg: standard output: No space left on device (os error 28)\n";
        assert!(errors.ends_with(message), "{arguments:?}: {errors}");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    }
}

/// As above, of every command: whoever was to read is gone before there is anything.
#[test]
fn a_closed_pipe_ends_every_command_quietly() {
    for (arguments, status) in &COMMANDS {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = common::bpg(arguments);
        let output = command.current_dir(common::top()).stdin(Stdio::null()).stdout(writer).output().unwrap();
        let errors = common::stderr(&output);
        assert!(!errors.contains("pipe") && !errors.contains("standard output"), "{arguments:?}: {errors}");
        assert_eq!(output.status.code(), Some(*status), "{arguments:?}: {errors}");
    }
    // Two write nothing there, and a key that nobody reads would be lost, which is an error.
    let others = ["bpg-debug-split", "bpg-generate-man", "bpg-key-gen"].map(str::to_owned);
    let folder = tempfile::tempdir().unwrap();
    let made = common::bpg(&["generate", "man", folder.path().to_str().unwrap()]).output().unwrap();
    assert!(made.status.success());
    let names: Vec<_> =
        common::names(folder.path()).iter().map(|name| name.trim_end_matches(".1").to_owned()).collect();
    let is_leaf = |name: &&String| !names.iter().any(|other| other.starts_with(&format!("{name}-")));
    for name in names.iter().filter(is_leaf) {
        let is_tried = COMMANDS.iter().any(|(arguments, _)| *name == format!("bpg-{}-{}", arguments[0], arguments[1]));
        assert!(is_tried || others.contains(name), "{name} is not tried");
    }
}

/// A file that cannot be used is told of in the same words, whatever it was to be used for.
#[test]
fn every_command_says_the_same_of_a_file_of_no_use() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    for (file, message) in [
        ("testdata/no-such-file", "No such file or directory (os error 2)"),
        ("LICENSE/file", "Not a directory (os error 20)"),
        ("testdata", "Is a directory (os error 21)"),
        ("testdata/malformed/empty.gpg", "no OpenPGP data: the file is empty"),
        ("LICENSE", "no OpenPGP data: neither packets nor ASCII armor"),
    ] {
        for command in [
            &["debug", "parse", file][..],
            &["debug", "parse", "--json", file],
            &["debug", "diff", "testdata/keys/ed25519.pub.asc", file],
            &["debug", "armor", file],
            &["debug", "dearmor", file],
            &["debug", "extract", "1", file],
            &["debug", "split", "--directory", out.to_str().unwrap(), file],
            &["key", "show", file],
            &["key", "public", file],
            &["key", "protect", "--no-passphrase", file],
            &["key", "protect", "--no-passphrase", "--in-place", file],
        ] {
            let output = bpg(command, b"");
            assert_eq!(common::stderr(&output), format!("bpg: {file}: {message}\n"), "{command:?}");
            assert_eq!(output.status.code(), Some(2), "{command:?}");
        }
    }
}

#[test]
fn a_file_name_cannot_reach_the_terminal() {
    let name = OsStr::from_bytes(b"\x1b[31m\xff\n");
    let output = common::bpg(&["debug", "parse"]).arg(name).output().unwrap();
    assert_eq!(common::stderr(&output), "bpg: \\u{1b}[31m\\xff\\n: No such file or directory (os error 2)\n");
    assert_eq!(output.status.code(), Some(2));
}

/// Whatever a user ID holds, it stays on its line and cannot pass for a packet of its own.
#[test]
fn a_user_id_cannot_fake_output() {
    let user_id = "a\x1b[2J\r\n\n## 05 : New format Secret-Key packet (1 bytes)\u{202e}\u{9b}31m";
    let length = u8::try_from(user_id.len()).unwrap();
    let output = bpg(&["debug", "parse"], &[&[0xcd, length], user_id.as_bytes()].concat());
    let stdout = common::stdout(&output);
    assert_eq!(stdout.lines().count(), 2);
    assert!(stdout.chars().all(|character| character == '\n' || !character.is_control()), "{stdout:?}");
    assert!(!stdout.contains('\u{202e}'));
}

/// Runs the command in the top folder of the repository.
fn bpg(args: &[&str], stdin: &[u8]) -> Output {
    common::feed(common::bpg(args).current_dir(common::top()), stdin)
}
