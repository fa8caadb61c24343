//! `bpg debug diff`, over all files.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use bpg_core::armor::{self, Footer};

mod common;

fn diff(arguments: &[&Path]) -> (i32, String) {
    let output = common::bpg(&["debug", "diff"]).args(arguments).output().unwrap();
    let text = common::stdout(&output);
    // It is fit for a terminal, whatever it is about.
    assert!(!text.contains(|character: char| character.is_control() && character != '\n'), "{text:?}");
    (output.status.code().expect("no signal"), text)
}

/// Whether all of a file is well-formed packets: its first octet is that of a packet, and not of a text.
fn is_good(input: &[u8]) -> bool {
    let printed = common::parse(&[], input);
    printed.status == 0 && printed.errors.is_empty() && input.first().is_some_and(|first| first & 0x80 != 0)
}

/// Calls `check` with the path and the octets of each well-formed file, and a path for another file.
fn every_good_file(least: usize, check: impl Fn(&Path, &[u8], &Path) -> usize) {
    let folder = tempfile::tempdir().unwrap();
    let other = folder.path().join("other");
    common::check_testdata(
        common::MODERATE_SIZE,
        least,
        |path, input| if is_good(input) { check(path, input, &other) } else { 0 },
    );
}

/// Whatever is in a file, it is the same as itself.
#[test]
fn a_file_is_the_same_as_itself() {
    common::check_testdata(common::MODERATE_SIZE, 550, |path, input| {
        let is_unusable = common::parse(&[], input).status == 2;
        assert_eq!(diff(&[path, path]), (if is_unusable { 2 } else { 0 }, String::new()));
        usize::from(!is_unusable)
    });
}

/// Armor makes no difference.
#[test]
fn a_file_is_the_same_in_armor() {
    every_good_file(320, |path, input, other| {
        fs::write(other, armor::encode("MESSAGE", &[], input, Footer::None).as_bytes()).unwrap();
        assert_eq!(diff(&[path, other]), (0, String::new()));
        assert_eq!(diff(&["--verbose".as_ref(), other, path]), (0, String::new()));
        1
    });
}

/// What is put in front of a file changes nothing of what is behind it.
#[test]
fn what_is_inserted_is_all_that_is_told() {
    let user_id = b"\xcd\x16nobody else's user ID!";
    every_good_file(320, |path, input, other| {
        fs::write(other, [user_id, input].concat()).unwrap();
        for (flags, more) in [(&[][..], 0), (&["--verbose".as_ref()], 2)] {
            for (arguments, sign) in [([path, other], '+'), ([other, path], '-')] {
                let (status, output) = diff(&[flags, &arguments].concat());
                let lines: Vec<&str> = output.lines().collect();
                assert_eq!((status, lines.len()), (1, 5 + more), "{output}");
                assert!(lines[0].starts_with("--- ") && lines[1].starts_with("+++ "), "{output}");
                assert_eq!(lines[2], format!("{sign}## 0d : New format User ID packet (22 bytes)"));
                assert!(lines[3..4 + more].iter().all(|line| line.starts_with(&format!("{sign}        "))), "{output}");
                assert!(lines[4 + more].starts_with("  (") && lines[4 + more].ends_with(" the same)"), "{output}");
            }
        }
        1
    });
}

/// Files that differ in an octet of a packet are not the same, whether it is shown or not.
#[test]
fn every_octet_counts() {
    every_good_file(310, |path, input, other| {
        let mut input = input.to_vec();
        // The last octet of a file is of what the packet holds.
        *input.last_mut().unwrap() ^= 1;
        fs::write(other, &input).unwrap();
        let json = common::parse(&["--json"], &input[..]);
        let (status, output) = diff(&[path, other]);
        assert_eq!(output.is_empty(), status != 1);
        // What compressed packets are compared by is what they hold.
        if json.status == 2 || json.output.contains("\"compressed data\"") {
            return 0;
        }
        assert_eq!(status, 1, "{output}");
        1
    });
}

/// As git runs it, so that `git diff` shows packets.
#[test]
#[ignore = "needs git"]
fn git_shows_packets() {
    let folder = tempfile::tempdir().unwrap();
    let git = |arguments: &[&str]| -> Output {
        let identity = ["-c", "user.name=Alice", "-c", "user.email=alice@example.com", "-c", "commit.gpgsign=false"];
        let mut command = Command::new("git");
        // Neither the settings of the user nor those of the system are of concern.
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
        let output = command.current_dir(&folder).args(identity).args(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        output
    };
    git(&["init", "-q"]);
    let textconv = format!("f() {{ '{}' debug parse \"$1\" || true; }}; f", env!("CARGO_BIN_EXE_bpg"));
    git(&["config", "diff.openpgp.textconv", &textconv]);
    let key = folder.path().join("key.asc");
    fs::copy(common::testdata().join("certificates/user-ids.pub.asc"), &key).unwrap();
    fs::write(folder.path().join(".gitattributes"), "*.asc diff=openpgp\n").unwrap();
    git(&["add", "."]);
    git(&["commit", "-q", "-m", "a key"]);
    // A user ID in front of the others: nothing behind it changes.
    let packets = common::testdata_file("certificates/user-ids.pub.gpg");
    let (primary, rest) = packets.split_at(usize::from(packets[1]) + 2);
    let packets = [primary, b"\xcd\x05Carol", rest].concat();
    // What is malformed or no OpenPGP data does not keep git from showing the others.
    fs::write(folder.path().join("a.asc"), "= AsciiDoc\n").unwrap();
    git(&["add", "a.asc"]);
    fs::write(&key, armor::encode("PUBLIC KEY BLOCK", &[], &packets, Footer::None).as_bytes()).unwrap();
    let output = common::stdout(&git(&["diff"]));
    let changed: Vec<&str> = output.lines().skip_while(|line| !line.starts_with("@@")).collect();
    let changed: Vec<&&str> = changed.iter().filter(|line| line.starts_with(['-', '+'])).collect();
    assert_eq!(
        changed,
        [&"+## 0d : New format User ID packet (5 bytes)", &"+        content: Carol", &"+"],
        "{output}"
    );
}
