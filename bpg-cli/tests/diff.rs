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
        let json = common::parse(&["--json"], input);
        let cannot_tell = json.status == 2 || UNREAD.iter().any(|kind| json.output.contains(kind));
        assert_eq!(diff(&[path, path]), (if cannot_tell { 2 } else { 0 }, String::new()));
        usize::from(!cannot_tell)
    });
}

/// What JSON calls errors behind which octets are not read.
const UNREAD: [&str; 6] = [
    "\"not-base64\"",
    "\"incomplete-base64\"",
    "\"behind-base64\"",
    "\"not-compressed\"",
    "\"compressed-data-cut-short\"",
    "\"over-limit\"",
];

/// The status and the lines of differences of two files that hold this, with these options.
fn diff_of(options: &[&str], [old, new]: [&[u8]; 2]) -> (i32, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let paths = [folder.path().join("old"), folder.path().join("new")];
    fs::write(&paths[0], old).unwrap();
    fs::write(&paths[1], new).unwrap();
    let options: Vec<&Path> = options.iter().map(Path::new).chain(paths.iter().map(|path| path.as_path())).collect();
    let (status, output) = diff(&options);
    let is_difference =
        |line: &&str| line.starts_with(['-', '+']) && !line.starts_with("---") && !line.starts_with("+++");
    (status, output.lines().filter(is_difference).map(String::from).collect())
}

/// Nobody knows whether octets are the same that were not read.
#[test]
fn what_is_not_read_is_not_the_same() {
    let nothing = Vec::new();
    // Two user IDs that differ behind the limit.
    let [carl, karl] = [b"\xcd\x14Carl <c@example.com>", b"\xcd\x14Karl <c@example.com>"];
    assert_eq!(diff_of(&["--limit", "packet=22"], [carl, carl]), (0, nothing.clone()));
    assert_eq!(diff_of(&["--limit", "packet=22"], [carl, karl]).0, 1);
    for limit in ["packet=10", "packets=0", "output=0"] {
        assert_eq!(diff_of(&["--limit", limit], [carl, karl]), (2, nothing.clone()), "{limit}");
    }
    // What is different in front of that is shown.
    let [old, new] = [b"\xcd\x01a", b"\xcd\x01b"].map(|short| [&short[..], carl].concat());
    let (status, lines) = diff_of(&["--limit", "packet=10"], [&old, &new]);
    assert_eq!((status, lines), (2, vec!["-        content: a".to_owned(), "+        content: b".to_owned()]));

    // Armor with a wrong character in a line, and a difference behind that.
    let key = String::from_utf8(common::testdata_file("keys/ed25519.pub.asc")).unwrap();
    let with = |text: &str, line: usize, character: &str| {
        let mut lines: Vec<String> = text.lines().map(String::from).collect();
        assert!(!lines[line].starts_with(character), "{text}");
        lines[line].replace_range(..1, character);
        lines.join("\n") + "\n"
    };
    let wrong = with(&key, 4, "!");
    assert_eq!(diff_of(&[], [wrong.as_bytes(), with(&wrong, 8, "X").as_bytes()]), (2, nothing.clone()));

    // Compressed data that does not decompress: a block type of DEFLATE that is reserved.
    let [old, new] = [1, 2].map(|octet| common::packet(8, &[1, 0xff, octet]));
    assert_eq!(diff_of(&[], [&old, &new]), (2, nothing.clone()));
    // Octets behind compressed data: a stored block of no octets, the last one.
    let [old, new] = [1, 2].map(|octet| common::packet(8, &[1, 1, 0, 0, 0xff, 0xff, octet]));
    assert_eq!(diff_of(&[], [&old, &old]), (0, nothing));
    assert_eq!(diff_of(&[], [&old, &new]).0, 1);
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
        // Damage may keep what differs from being read, and what is shown from being all.
        assert!(status == 2 || output.is_empty() == (status == 0), "{status}: {output}");
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
