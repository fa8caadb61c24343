//! The table of the README that compares bpg with other programs, checked by running them.
//!
//! The programs are those of Debian 12: gnupg, pgpdump, sq and rnp.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The programs in the order of the table's columns, each as it prints packets.
const PROGRAMS: [&[&str]; 5] = [
    &[env!("CARGO_BIN_EXE_bpg"), "debug", "parse"],
    &["gpg", "--batch", "--list-packets"],
    &["pgpdump"],
    &["sq", "packet", "dump"],
    &["rnp", "--list-packets"],
];

#[test]
#[ignore = "needs gpg, pgpdump, sq and rnp"]
fn the_comparison_is_true() {
    let home = Home::new();
    let cut = home.path.join("cut.gpg");
    let whole = std::fs::read(testdata("certificates/bob.pub.gpg")).unwrap();
    std::fs::write(&cut, &whole[..whole.len() - 1]).unwrap();

    let rows = [
        ("exit status tells that a certificate is cut by one octet", home.all(&cut, |output| !output.status.success())),
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
        (
            "keeps terminal escapes in a user ID from the terminal",
            home.all(&testdata("malformed/user-id-hostile.gpg"), |output| !output.stdout.contains(&0x1b)),
        ),
    ];
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md")).unwrap();
    for (claim, marks) in rows {
        let marks = marks.map(|mark| if mark { "yes" } else { "no" }).join(" | ");
        let row = format!("| {claim} | {marks} |");
        assert!(readme.contains(&row), "the README does not have the row\n{row}");
    }
}

/// A home for GnuPG that is removed in the end.
struct Home {
    path: PathBuf,
}

impl Home {
    fn new() -> Self {
        let path = std::env::temp_dir().join(format!("bpg-peers-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self { path }
    }

    /// Asks each program about `file`.
    fn all(&self, file: &Path, question: impl Fn(&Output) -> bool) -> [bool; 5] {
        PROGRAMS.map(|program| {
            let [name, args @ ..] = program else { unreachable!() };
            let output = Command::new(name)
                .args(args)
                .arg(file)
                .env("GNUPGHOME", &self.path)
                .stdin(Stdio::null())
                .output()
                .unwrap_or_else(|error| panic!("{name}: {error}; Debian has it in the package of that name"));
            question(&output)
        })
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        // A folder in the system's temporary one that could not be removed does no harm.
        let _ = std::fs::remove_dir_all(&self.path);
    }
}

fn testdata(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata").join(file)
}
