//! `bpg debug diff`, over all files.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use bpg_core::armor::{self, Footer};

/// Larger files take long, and have nothing that smaller ones have not.
const LARGEST: u64 = 256 * 1024;

fn testdata() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata")
}

fn diff(arguments: &[&Path]) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_bpg")).args(["debug", "diff"]).args(arguments).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    // It is fit for a terminal, whatever it is about.
    assert!(!text.contains(|character: char| character.is_control() && character != '\n'), "{text:?}");
    (output.status.code().expect("no signal"), text)
}

/// Whether the first octet is that of a packet, and not of a text.
fn is_binary(input: &[u8]) -> bool {
    input.first().is_some_and(|first| first & 0x80 != 0)
}

/// Calls `check` with each file, whether all of it is well-formed packets, and a path for another file.
fn every_file(check: impl Fn(&Path, bool, &Path)) {
    let folder = tempfile::tempdir().unwrap();
    let mut folders = vec![testdata()];
    let mut count = 0;
    while let Some(next) = folders.pop() {
        for path in fs::read_dir(next).unwrap().map(|entry| entry.unwrap().path()) {
            let is_golden =
                path.extension().is_some_and(|end| ["dump", "stderr", "jsonl"].iter().any(|name| end == *name));
            if path.is_dir() {
                folders.push(path);
            } else if !is_golden && fs::metadata(&path).unwrap().len() <= LARGEST {
                println!("{}", path.display());
                let input = fs::read(&path).unwrap();
                let mut errors = Vec::new();
                let status = bpg_cli::debug_parse(&[], &input[..], std::io::sink(), &mut errors).unwrap();
                check(&path, status == 0 && errors.is_empty() && is_binary(&input), &folder.path().join("other"));
                count += 1;
            }
        }
    }
    assert!(count > 500, "only {count} files are there");
}

/// Whatever is in a file, it is the same as itself, and armor does not change that.
#[test]
fn a_file_is_the_same_as_itself() {
    every_file(|path, is_good, other| {
        let input = fs::read(path).unwrap();
        let status = bpg_cli::debug_parse(&[], &input[..], std::io::sink(), std::io::sink()).unwrap();
        let due = if status == 2 { 2 } else { 0 };
        assert_eq!(diff(&[path, path]), (due, String::new()));
        if is_good {
            fs::write(other, armor::encode("MESSAGE", &[], &input, Footer::None).as_bytes()).unwrap();
            assert_eq!(diff(&[path, other]), (0, String::new()));
            assert_eq!(diff(&["--verbose".as_ref(), other, path]), (0, String::new()));
        }
    });
}

/// What is put in front of a file changes nothing of what is behind it.
#[test]
fn what_is_inserted_is_all_that_is_told() {
    let user_id = b"\xcd\x16nobody else's user ID!";
    every_file(|path, is_good, other| {
        if !is_good {
            return;
        }
        fs::write(other, [user_id, &fs::read(path).unwrap()[..]].concat()).unwrap();
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
    });
}

/// Files that differ in an octet of a packet are not the same, whether it is shown or not.
#[test]
fn every_octet_counts() {
    every_file(|path, is_good, other| {
        let mut input = fs::read(path).unwrap();
        // The last octet of a file is of what the packet holds.
        let Some(last) = input.last_mut().filter(|_| is_good) else { return };
        *last ^= 1;
        fs::write(other, &input).unwrap();
        let mut output = Vec::new();
        let json = bpg_cli::debug_parse(&["--json"], &input[..], &mut output, std::io::sink()).unwrap();
        // What compressed packets are compared by is what they hold.
        let is_compressed = String::from_utf8(output).unwrap().contains("\"compressed data\"");
        let (status, output) = diff(&[path, other]);
        assert!(json == 2 || is_compressed || status == 1, "{output}");
        assert_eq!(output.is_empty(), status != 1);
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
    git(&["config", "diff.openpgp.textconv", &format!("'{}' debug parse", env!("CARGO_BIN_EXE_bpg"))]);
    let key = folder.path().join("key.asc");
    fs::copy(testdata().join("certificates/user-ids.pub.asc"), &key).unwrap();
    fs::write(folder.path().join(".gitattributes"), "*.asc diff=openpgp\n").unwrap();
    git(&["add", "."]);
    git(&["commit", "-q", "-m", "a key"]);
    // A user ID in front of the others: nothing behind it changes.
    let packets = fs::read(testdata().join("certificates/user-ids.pub.gpg")).unwrap();
    let (primary, rest) = packets.split_at(usize::from(packets[1]) + 2);
    let packets = [primary, b"\xcd\x05Carol", rest].concat();
    fs::write(&key, armor::encode("PUBLIC KEY BLOCK", &[], &packets, Footer::None).as_bytes()).unwrap();
    let output = String::from_utf8(git(&["diff"]).stdout).unwrap();
    let changed: Vec<&str> = output.lines().skip_while(|line| !line.starts_with("@@")).collect();
    let changed: Vec<&&str> = changed.iter().filter(|line| line.starts_with(['-', '+'])).collect();
    assert_eq!(
        changed,
        [&"+## 0d : New format User ID packet (5 bytes)", &"+        content: Carol", &"+"],
        "{output}"
    );
}
