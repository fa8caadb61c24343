//! `bpg debug extract`, over all files: packets are the octets that they are.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use bpg_core::framing;

mod common;

fn extract(number: &str, input: &[u8]) -> (u8, Vec<u8>) {
    let mut output = Vec::new();
    let status = bpg_cli::debug_extract(&[number], input, &mut output).expect("memory takes everything");
    (status, output)
}

#[test]
fn packets_one_behind_another_are_the_file() {
    /// More of them take too long, as each is looked for from the start.
    const MOST: usize = 300;
    common::check_all(common::ANY_SIZE, [490, 950], |path, input| {
        let Some(packets) = common::packets(input) else { return 0 };
        let framed: Result<Vec<_>, _> = framing::packets(&packets).collect();
        let Some(framed) = framed.ok().filter(|framed| (1..MOST).contains(&framed.len())) else { return 0 };
        let mut all = Vec::new();
        for (index, packet) in framed.iter().enumerate() {
            let (status, octets) = extract(&(index + 1).to_string(), input);
            assert!(status < 2 && octets == packet.wire().as_slice(), "packet {} of {}", index + 1, path.display());
            all.extend(octets);
        }
        assert_eq!(all, packets, "{}", path.display());
        let behind = extract(&(framed.len() + 1).to_string(), input);
        assert_eq!(behind, (2, Vec::new()), "{}", path.display());
        1
    });
}

/// Octets of a packet in others are those that these decompress to.
#[test]
fn packets_inside_of_others() {
    for kind in ["zip", "zlib", "bzip2", "none"] {
        let input = common::testdata_file(&format!("messages/compressed-{kind}.gpg"));
        assert_eq!(extract("1", &input), (0, input.clone()), "{kind}");
        let (status, octets) = extract("1.1", &input);
        // Its packet type, in the old format or the new one, is 11 (literal data).
        assert_eq!((status, octets[0] >> 2 & 0xf == 11 || octets[0] == 0xcb), (0, true), "{kind}");
        assert!(octets.ends_with(&common::testdata_file("messages/PLAINTEXT.txt")), "{kind}");
        assert_eq!(framing::packets(&octets).filter_map(Result::ok).count(), 1, "{kind}");
        for number in ["1.2", "1.1.1", "2", "2.1"] {
            assert_eq!(extract(number, &input), (2, Vec::new()), "{number} of {kind}");
        }
    }
}

#[test]
fn a_packet_that_is_cut_short_is_written_as_far_as_it_is_there() {
    // A user ID, and one of five octets of which one is there.
    assert_eq!(extract("1", b"\xcd\x01a\xcd\x05b"), (0, b"\xcd\x01a".to_vec()));
    assert_eq!(extract("2", b"\xcd\x01a\xcd\x05b"), (1, b"\xcd\x05b".to_vec()));
    // The same of literal data, whose payload is streamed, in its payload and in front of it.
    for octets in [&b"\xcb\x0ab\x00\0\0\0\0H"[..], b"\xcb\x0ab\x00\0\0"] {
        assert_eq!(extract("1", octets), (1, octets.to_vec()));
    }
    // A part of two octets, and one of eight of which three are there.
    let octets = b"\xcb\xe1b\x00\xe3\0\0\0";
    assert_eq!(extract("1", octets), (1, octets.to_vec()));
    // What is wrong with another packet is no matter.
    assert_eq!(extract("1", b"\xcd\x01a\x00"), (0, b"\xcd\x01a".to_vec()));
}

#[test]
fn a_packet_beyond_the_limit_is_written() {
    let octets = [&b"\xcd\xc0\x40"[..], &[b'a'; 256], b"\xcd\x01b"].concat();
    let mut output = Vec::new();
    let status = bpg_cli::debug_extract(&["1", "--limit", "packet=100"], &octets[..], &mut output);
    assert_eq!((status.expect("memory takes everything"), &output[..]), (1, &octets[..259]));
}

#[test]
fn a_file_is_there_whole_or_not_at_all() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("packet.pgp");
    let bpg = |arguments: &[&str]| {
        let mut command = common::bpg(&["debug", "extract", "--output"]);
        let output = command.arg(&path).args(arguments).current_dir(common::testdata()).output();
        let output = output.expect("the command starts");
        (output.status.code().expect("no signal"), common::stderr(&output))
    };
    // No such packet, and no such thing as a packet.
    for arguments in [["3", "mission/rsa2048.bpg"], ["1", "messages/PLAINTEXT.txt"]] {
        assert_eq!(bpg(&arguments).0, 2);
        assert_eq!(common::names(folder.path()), [""; 0], "{arguments:?}");
    }
    assert_eq!(bpg(&["2", "mission/rsa2048.bpg"]), (0, String::new()));
    assert_eq!(fs::read(&path).expect("a file"), b"\xcd\x10test@example.com");
    // A key may be a secret.
    assert_eq!(fs::metadata(&path).expect("a file").permissions().mode() & 0o777, 0o600);
    let (status, errors) = bpg(&["1", "messages/literal-empty.gpg"]);
    assert_eq!(status, 2);
    assert!(errors.ends_with(": exists already, and is not overwritten without --force\n"), "{errors}");
    assert_eq!(bpg(&["1", "messages/literal-empty.gpg", "--force"]), (0, String::new()));
    assert_eq!(fs::read(&path).expect("a file"), common::testdata_file("messages/literal-empty.gpg"));
    assert_eq!(common::names(folder.path()), ["packet.pgp"]);
}
