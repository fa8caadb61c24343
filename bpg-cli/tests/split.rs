//! `bpg debug split`, over all files: what was split and is put together again is the file.

use std::fs;
use std::path::Path;
use std::process::Output;

use tempfile::TempDir;

mod common;

use common::names;

fn split(input: &[u8], folder: &Path, options: &[&str]) -> Output {
    common::feed(common::bpg(&["debug", "split", "--directory"]).arg(folder).args(options), input)
}

fn together(folder: &Path) -> Vec<u8> {
    names(folder).iter().flat_map(|name| fs::read(folder.join(name)).expect("readable")).collect()
}

#[test]
fn what_is_split_and_put_together_is_the_file() {
    common::check_testdata(common::ANY_SIZE, 520, |path, input| {
        let Some(packets) = common::packets(input).filter(|packets| !packets.is_empty()) else { return 0 };
        for by in ["packet", "certificate"] {
            let folder = TempDir::new().expect("a folder");
            let output = split(input, folder.path(), &["--by", by]);
            let errors = common::stderr(&output);
            assert!(matches!(output.status.code(), Some(0 | 1)), "{}: {errors}", path.display());
            assert_eq!(together(folder.path()), packets, "{} by {by}", path.display());
            for name in names(folder.path()) {
                let is_plain = |octet: u8| matches!(octet, b'a'..=b'z' | b'0'..=b'9' | b'-');
                let stem = name.strip_suffix(".pgp").expect("an extension");
                assert!(stem.len() > 7 && stem.bytes().all(is_plain), "{name}");
            }
        }
        1
    });
}

/// Damage is no wrong usage, also where nothing can be read in front of it.
#[test]
fn armor_that_is_damaged_at_its_start_is_malformed() {
    let folder = TempDir::new().expect("a folder");
    let armor = b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n!xjMEZZ\n-----END PGP PUBLIC KEY BLOCK-----\n";
    let output = split(armor, folder.path(), &[]);
    let errors = common::stderr(&output);
    assert!(errors.starts_with("bpg: standard input: ") && errors.lines().count() == 1, "{errors}");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(names(folder.path()), [""; 0]);
}

#[test]
fn what_holds_no_packets_is_told() {
    let folder = TempDir::new().expect("a folder");
    // A secret key as gpg-agent keeps it.
    let output = split(b"(11:private-key(3:rsa(1:n1:#)))", folder.path(), &[]);
    assert_eq!(common::stderr(&output), "bpg: standard input: there are no packets in it\n");
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(names(folder.path()), [""; 0]);
}

/// What is around packets is not written, and that is said.
#[test]
fn what_is_left_out_is_told() {
    for (name, note) in [
        ("signatures/cleartext.asc", "at octet 0 (line 1, column 1): signed text, which is no packet, is left out"),
        ("keyrings/pubring.kbx", "at octet 0: what a keybox has around packets is left out"),
    ] {
        let folder = TempDir::new().expect("a folder");
        let output = split(&common::testdata_file(name), folder.path(), &[]);
        assert_eq!(output.status.code(), Some(0), "{name}");
        assert_eq!(common::stderr(&output), format!("bpg: standard input: {note}\n"));
        assert!(!names(folder.path()).is_empty(), "{name}");
    }
}

/// No folder is made for a file without an octet.
#[test]
fn no_folder_is_made_for_nothing() {
    let folder = TempDir::new().expect("a folder");
    let inner = folder.path().join("made/for/it");
    let empty = folder.path().join("empty");
    fs::write(&empty, "").expect("a file");
    let output = split(b"", &inner, &[empty.to_str().expect("UTF-8")]);
    let message = format!("bpg: {}: no OpenPGP data: the file is empty\n", empty.display());
    assert_eq!(common::stderr(&output), message);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(names(folder.path()), ["empty"]);
}

#[test]
fn files_are_named_by_what_they_hold() {
    let folder = TempDir::new().expect("a folder");
    // With the folders that it is in.
    let inner = folder.path().join("made/for/it");
    let input = common::testdata_file("mission/rsa2048.bpg");
    assert!(split(&input, &inner, &[]).status.success());
    assert_eq!(names(&inner), ["000001-secret-key.pgp", "000002-user-id.pgp"]);

    let key = common::testdata_file("keys/ed25519.pub.gpg");
    // A user ID that no key precedes, a certificate twice, and octets that are no packet.
    let input = [b"\xcd\x01a", &key[..], &key, b"\0\0\0"].concat();
    let certificates = folder.path().join("certificates");
    let output = split(&input, &certificates, &["--by", "certificate"]);
    assert_eq!(output.status.code(), Some(1));
    let fingerprint = "660b5b50a642e21ba727cffa7846bad69029d5f0";
    assert_eq!(
        names(&certificates),
        [
            "000000-no-certificate.pgp".to_string(),
            format!("000001-{fingerprint}.pgp"),
            format!("000002-{fingerprint}.pgp"),
            "000003-no-packet.pgp".to_string()
        ]
    );
    assert_eq!(together(&certificates), input);
}

#[test]
fn nothing_is_overwritten_unless_that_is_asked_for() {
    let folder = TempDir::new().expect("a folder");
    let second = folder.path().join("000002-user-id.pgp");
    fs::write(&second, "mine").expect("a file");
    let input = b"\xcd\x01a\xcd\x01b\xcd\x01c";
    let output = split(input, folder.path(), &[]);
    assert_eq!(output.status.code(), Some(2));
    let message = format!("bpg: {}: exists already, and is not overwritten without --force\n", second.display());
    assert_eq!(common::stderr(&output), message);
    assert_eq!(fs::read(&second).expect("readable"), b"mine");
    // Nothing is left of what was not finished.
    assert_eq!(names(folder.path()), ["000001-user-id.pgp", "000002-user-id.pgp"]);

    let output = split(input, folder.path(), &["--force"]);
    assert_eq!(output.status.code(), Some(0), "{}", common::stderr(&output));
    assert_eq!(together(folder.path()), input);
}

/// Secrets are for their owner alone.
#[test]
fn files_are_for_their_owner() {
    use std::os::unix::fs::PermissionsExt;
    let folder = TempDir::new().expect("a folder");
    assert!(split(b"\xcd\x01a", folder.path(), &[]).status.success());
    let file = folder.path().join("000001-user-id.pgp");
    assert_eq!(fs::metadata(file).expect("a file").permissions().mode() & 0o777, 0o600);
}
