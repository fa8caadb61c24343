//! The command as a user meets it: one case per behaviour and per usage error.

use std::ffi::OsStr;
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The cases of `tests/cmd/`, and every example of the README. All run in the top folder of the repository.
#[test]
fn documented_sessions() {
    std::env::set_current_dir(top()).unwrap();
    trycmd::TestCases::new().case("bpg-cli/tests/cmd/*.trycmd").case("README.md");
}

/// The text that must never change, to the octet.
#[test]
fn mission() {
    let output = bpg(&["debug", "parse", "testdata/mission/rsa2048.bpg"], b"");
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stderr.is_empty());
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
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
    let data = std::fs::read(top().join("testdata/mission/rsa2048.bpg")).unwrap();
    let file = bpg(&["debug", "parse", "testdata/mission/rsa2048.bpg"], b"");
    for args in [&["debug", "parse"][..], &["debug", "parse", "-"]] {
        let output = bpg(args, &data);
        assert_eq!((output.status.code(), output.stdout), (Some(0), file.stdout.clone()));
    }
    let output = bpg(&["debug", "parse"], b"\xcd\x05b");
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "bpg: standard input: at octet 2: User ID: body: need 5 octets, have 1\n"
    );
    let output = bpg(&["debug", "parse"], b"");
    assert_eq!(output.status.code(), Some(2));
}

/// `bpg debug parse F | head` prints no error.
#[test]
fn a_closed_pipe_ends_it_quietly() {
    let keyring = top().join("testdata/keyrings");
    let files: Vec<PathBuf> = std::fs::read_dir(keyring)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "gpg"))
        .collect();
    // Far more than a pipe holds, so that the command is still writing when the pipe is closed.
    let mut child = Command::new(env!("CARGO_BIN_EXE_bpg"))
        .args(["debug", "parse", "--verbose"])
        .args(files.iter().cycle().take(200))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn a_file_name_cannot_reach_the_terminal() {
    let name = OsStr::from_bytes(b"\x1b[31m\xff\n");
    let output = Command::new(env!("CARGO_BIN_EXE_bpg")).args(["debug", "parse"]).arg(name).output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(stderr, "bpg: \\u{1b}[31m\\xff\\n: No such file or directory (os error 2)\n");
    assert_eq!(output.status.code(), Some(2));
}

/// Whatever a user ID holds, it stays on its line and cannot pass for a packet of its own.
#[test]
fn a_user_id_cannot_fake_output() {
    let user_id = "a\x1b[2J\r\n\n## 05 : New format Secret-Key packet (1 bytes)\u{202e}\u{9b}31m";
    let length = u8::try_from(user_id.len()).unwrap();
    let output = bpg(&["debug", "parse"], &[&[0xcd, length], user_id.as_bytes()].concat());
    let stdout = String::from_utf8(output.stdout).unwrap();
    assert_eq!(stdout.lines().count(), 2);
    assert!(stdout.chars().all(|character| character == '\n' || !character.is_control()), "{stdout:?}");
    assert!(!stdout.contains('\u{202e}'));
}

fn bpg(args: &[&str], stdin: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_bpg"))
        .args(args)
        .current_dir(top())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut pipe = child.stdin.take().unwrap();
    // The command need not read what it is given.
    let _ = pipe.write_all(stdin);
    drop(pipe);
    child.wait_with_output().unwrap()
}

fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}
