//! The table of the README that compares bpg with other programs, checked by running them.
//!
//! The programs are those of Debian 12, gnupg, pgpdump, sq and rnp, and gpg-inspector from crates.io.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

mod common;

/// The programs in the order of the table's columns, each as it prints packets.
const PROGRAMS: [&[&str]; 6] = [
    &[env!("CARGO_BIN_EXE_bpg"), "debug", "parse"],
    &["gpg", "--batch", "--list-packets"],
    &["pgpdump"],
    &["sq", "packet", "dump"],
    &["rnp", "--list-packets"],
    &["gpg-inspector", "--txt", "-f"],
];

#[test]
#[ignore = "needs gpg, pgpdump, sq, rnp and gpg-inspector"]
fn the_comparison_is_true() {
    let home = Home::new();
    let cut = home.0.path().join("cut.gpg");
    let whole = common::testdata_file("certificates/bob.pub.gpg");
    std::fs::write(&cut, &whole[..whole.len() - 1]).unwrap();

    let rows = [
        ("exit status tells that a certificate is cut by one octet", home.all(&cut, |output| !output.status.success())),
        ("shows the user ID in front of such a cut", home.all(&cut, |output| shows(output, "Bob Example"))),
        (
            "exit status tells that an unhashed subpacket is malformed",
            home.all(&testdata("malformed/subpacket-bad-unhashed.gpg"), |output| !output.status.success()),
        ),
        (
            "prints a version 6 certificate (RFC 9580) without an error",
            home.all(&testdata("keys/v6-unsigned.pub.gpg"), |output| {
                let says = |word: &str| String::from_utf8_lossy(&output.stdout).to_lowercase().contains(word);
                output.status.success() && says("x25519") && !says("unknown") && !says("error")
            }),
        ),
        ("shows the user IDs of a keybox (`pubring.kbx`)", home.all(&testdata("gnupg/one.kbx"), shows_alice)),
        ("shows the user IDs of a key that is quoted in a mail", home.all(&testdata("armor/quoted.asc"), shows_alice)),
        ("shows the user IDs of an armored key in UTF-16", home.all(&testdata("armor/utf-16-le.asc"), shows_alice)),
        (
            "keeps terminal escapes in a user ID from the terminal",
            home.all(&testdata("malformed/user-id-hostile.gpg"), |output| !output.stdout.contains(&0x1b)),
        ),
    ];
    let readme = std::fs::read_to_string(common::top().join("README.md")).unwrap();
    for (claim, marks) in rows {
        let marks = marks.map(|mark| if mark { "yes" } else { "no" }).join(" | ");
        let row = format!("| {claim} | {marks} |");
        assert!(readme.contains(&row), "the README does not have the row\n{row}");
    }
}

/// Whether a listing was good, and names her in readable form.
fn shows_alice(output: &Output) -> bool {
    output.status.success() && shows(output, "Alice Example")
}

fn shows(output: &Output, text: &str) -> bool {
    String::from_utf8_lossy(&output.stdout).contains(text)
}

/// The keys in a keybox are those that gpg exports from it.
#[test]
#[ignore = "needs gpg"]
fn keybox_shows_the_keys_that_gpg_exports() {
    let home = Home::new();
    let gpg = |args: &[&str]| {
        let output = Command::new("gpg")
            .args(["--batch", "--quiet", "--no-autostart"])
            .args(args)
            .env("GNUPGHOME", home.0.path())
            .output();
        let output = output.unwrap_or_else(|error| panic!("gpg: {error}; Debian has it in the package of that name"));
        assert!(output.status.success(), "{args:?}: {}", common::stderr(&output));
        output.stdout
    };
    for file in ["keyrings/export.asc", "certificates/user-ids.pub.gpg", "keys/rsa2048.pub.gpg"] {
        gpg(&["--import", testdata(file).to_str().unwrap()]);
    }
    let exported = home.0.path().join("export.gpg");
    std::fs::write(&exported, gpg(&["--export"])).unwrap();
    let keys = |file: &Path| -> Vec<String> {
        let output = common::bpg(&["debug", "parse"]).arg(file).output().unwrap();
        assert!(output.status.success(), "{}", common::stderr(&output));
        let text = common::stdout(&output);
        let is_key =
            |line: &&str| ["fingerprint: ", "content: "].iter().any(|name| line.trim_start().starts_with(name));
        // A fingerprint in a subpacket has another name; the content of a trust packet has fields.
        text.lines().filter(is_key).map(str::to_owned).collect()
    };
    let expected = keys(&exported);
    assert!(expected.len() > 10, "{expected:?}");
    assert_eq!(keys(&home.0.path().join("pubring.kbx")), expected);
}

/// A home for GnuPG that is removed in the end.
struct Home(TempDir);

impl Home {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// Asks each program about `file`.
    fn all(&self, file: &Path, question: impl Fn(&Output) -> bool) -> [bool; 6] {
        PROGRAMS.map(|program| {
            let [name, args @ ..] = program else { unreachable!() };
            let output = Command::new(name)
                .args(args)
                .arg(file)
                .env("GNUPGHOME", self.0.path())
                .stdin(Stdio::null())
                .output()
                .unwrap_or_else(|error| panic!("{name}: {error}; .ci/run installs it"));
            question(&output)
        })
    }
}

fn testdata(file: &str) -> PathBuf {
    common::testdata().join(file)
}
