//! `bpg debug armor` and `bpg debug dearmor`, over all of testdata/.

use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::process::Output;

use bpg_core::armor::{self, Footer};
use bpg_core::container::{self, Part};
use bpg_core::framing;

mod common;

fn bpg(arguments: &[&str], stdin: &[u8]) -> Output {
    common::feed(&mut common::bpg(arguments), stdin)
}

/// Armor and back is the identity, and armor is what the library makes in one piece.
#[test]
fn armor_and_back() {
    common::check_testdata(common::MODERATE_SIZE, 380, |path, octets| {
        let armored = bpg(&["debug", "armor", "--checksum"], octets);
        if armored.status.code() == Some(2) {
            assert!(armored.stdout.is_empty(), "{}", path.display());
            return 0;
        }
        let text = common::stdout(&armored);
        let label = text.lines().next().unwrap().trim_matches('-').strip_prefix("BEGIN PGP ").unwrap();
        assert!(text == **armor::encode(label, &[], octets, Footer::Crc24), "{}", path.display());
        let back = bpg(&["debug", "dearmor", "--strict"], text.as_bytes());
        assert_eq!((back.status.code(), back.stderr.is_empty()), (Some(0), true), "{}", path.display());
        assert!(back.stdout == octets, "{}", path.display());
        1
    });
}

/// What the library finds in memory comes out of the stream.
#[test]
fn dearmor_gives_what_blocks_hold() {
    common::check_testdata(common::MODERATE_SIZE, 140, |path, octets| {
        let parts: Vec<_> = container::parts(octets).collect();
        let is_plain = |part: &Part<'_>| matches!(part, Part::Armor(_) | Part::Skipped(_) | Part::Cleartext(_));
        if !parts.iter().all(is_plain) {
            return 0;
        }
        let mut expected = Vec::new();
        for part in parts {
            if let Part::Armor(block) = part {
                expected.extend_from_slice(&block.decode_prefix().0.octets);
            }
        }
        let output = bpg(&["debug", "dearmor"], octets);
        assert!(output.stdout == expected, "{}", path.display());
        usize::from(!expected.is_empty())
    });
}

/// Where packets end that are not armored and the file does not, it is said from where on nothing is written.
#[test]
fn dearmor_tells_what_it_leaves_out() {
    let file = common::testdata_file("keys/ed25519.pub.gpg");
    let second = framing::packets(&file).nth(1).unwrap().unwrap().wire().start();
    let (first, rest) = file.split_at(usize::try_from(second).unwrap());
    let output = bpg(&["debug", "dearmor"], &[first, b"junk", rest].concat());
    let place = format!("bpg: standard input: at octet {second}");
    let errors = format!(
        "{place}: no packet starts here (bit 7 is clear)\n{place}: what is there is left out, and all that follows\n"
    );
    assert_eq!(common::stderr(&output), errors);
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(1), first));

    // What there is of a packet that is cut short is written, so that nothing is left out.
    let cut = &file[..file.len() - 1];
    let output = bpg(&["debug", "dearmor"], cut);
    assert_eq!(common::stderr(&output).lines().count(), 1, "{}", common::stderr(&output));
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(1), cut));
}

/// Where `bpg debug parse` finds armor, and nothing is wrong with its packets, both think the same of it.
#[test]
fn dearmor_thinks_of_armor_as_parse_does() {
    let files = common::inputs(&common::testdata().join("armor"), common::MODERATE_SIZE);
    common::check_files(&files, 70, |path, octets| {
        for strict in [&[][..], &["--strict"]] {
            let parsed = bpg(&[&["debug", "parse"], strict].concat(), octets);
            let output = bpg(&[&["debug", "dearmor"], strict].concat(), octets);
            // What is wrong with the packets, only the one of them knows.
            if output.status != parsed.status {
                let decoded = bpg(&["debug", "parse"], &output.stdout);
                assert_ne!(decoded.status.code(), Some(0), "{} {strict:?}", path.display());
                assert!(output.status.code() < parsed.status.code(), "{} {strict:?}", path.display());
            }
        }
        usize::from(!bpg(&["debug", "dearmor"], octets).stdout.is_empty())
    });
}

/// As of the other commands that write packets.
#[test]
fn a_file_is_there_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key");
    let bpg = |arguments: &[&str]| {
        let mut command = common::bpg(arguments);
        let output = command.arg("--output").arg(&path).current_dir(common::testdata()).output().unwrap();
        assert_eq!(output.stdout, b"");
        (output.status.code().unwrap(), common::stderr(&output))
    };
    for arguments in [["debug", "dearmor", "messages/PLAINTEXT.txt"], ["debug", "armor", "messages/PLAINTEXT.txt"]] {
        assert_eq!(bpg(&arguments).0, 2);
        assert_eq!(common::names(folder.path()), [""; 0], "{arguments:?}");
    }
    assert_eq!(bpg(&["debug", "dearmor", "keys/ed25519.pub.asc"]), (0, String::new()));
    assert_eq!(fs::read(&path).unwrap(), common::testdata_file("keys/ed25519.pub.gpg"));
    // A key may be a secret.
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let (status, errors) = bpg(&["debug", "armor", "keys/ed25519.pub.gpg"]);
    assert_eq!(status, 2);
    assert!(errors.ends_with(": exists already, and is not overwritten without --force\n"), "{errors}");
    assert_eq!(bpg(&["debug", "armor", "keys/ed25519.pub.gpg", "--force"]), (0, String::new()));
    let armored = armor::encode("PUBLIC KEY BLOCK", &[], &common::testdata_file("keys/ed25519.pub.gpg"), Footer::None);
    assert_eq!(fs::read_to_string(&path).unwrap(), **armored);
    // What is malformed is written all the same.
    assert_eq!(bpg(&["debug", "armor", "malformed/header-length-past-end.gpg", "--force"]).0, 1);
    assert!(fs::read_to_string(&path).unwrap().ends_with("-----END PGP PUBLIC KEY BLOCK-----\n"));
    assert_eq!(common::names(folder.path()), ["key"]);
}

/// What is written does not wait for the end of the input.
#[test]
fn streams_of_any_size() {
    for arguments in [&["debug", "armor"][..], &["debug", "dearmor"]] {
        let mut child = common::spawn(&mut common::bpg(arguments));
        let mut stdin = child.stdin.take().unwrap();
        // Marker packets, again and again, until nobody reads them: there is no end of the input.
        let block = [0xca, 0x03, b'P', b'G', b'P'].repeat(64 * 1024);
        let writer = std::thread::spawn(move || while stdin.write_all(&block).is_ok() {});
        child.stdout.take().unwrap().read_exact(&mut [0; 64 * 1024]).unwrap();
        // The pipe is closed, which ends it quietly.
        let output = child.wait_with_output().unwrap();
        assert_eq!(common::stderr(&output), "");
        writer.join().unwrap();
    }
}
