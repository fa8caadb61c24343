//! Finding packets again with `--recover`.

use std::time::{Duration, Instant};

use bpg_core::armor::{self, Footer};

use crate::build::{LITERAL, compressed, user_id};
use crate::common::{header, packet};
use crate::run::{Run, parse};

const KEY: &[u8] = include_bytes!("../../../testdata/keys/ed25519.pub.gpg");

/// The packets of the key, told from each other.
fn key_packets() -> Vec<&'static [u8]> {
    bpg_core::framing::packets(KEY).map(|raw| raw.unwrap().wire().as_slice()).collect()
}

/// Octets that are no packets, with some that look like the start of one.
const GARBAGE: &[u8] = b"\x00\x01garbage\xc2\x04\xcd\x03\x1b[m\x99\xff\xff";

/// The lines that tell of what was passed over.
fn passed_over(run: &Run) -> Vec<&str> {
    run.headings().into_iter().filter(|line| line.contains("not a whole packet")).collect()
}

#[test]
fn garbage_between_packets() {
    let input = [user_id("first").as_slice(), GARBAGE, KEY, GARBAGE, KEY].concat();
    let (one, two) = (11, 11 + GARBAGE.len() + KEY.len());
    let spans = [one, two].map(|start| format!("  [{start}..{}]", start + GARBAGE.len()));
    let text = armor::encode("PUBLIC KEY BLOCK", &[], &input, Footer::None);
    for (input, indent) in [(&input, ""), (&text.as_bytes().to_vec(), ""), (&compressed(2, &input), "        ")] {
        let run = parse(&["--recover", "--verbose"], input);
        assert_eq!(run.status, 1);
        let heading = format!("{indent}## -- : not a whole packet ({} bytes)", GARBAGE.len());
        assert_eq!(passed_over(&run), spans.each_ref().map(|span| format!("{heading}{span}")), "{}", run.output);
        for line in ["Public-Key packet", "Public-Subkey packet", "(ed25519)"] {
            assert_eq!(run.output.matches(line).count(), 2, "{line}: {}", run.output);
        }
        assert_eq!(run.errors.lines().count(), 2, "{}", run.errors);
        // Without being asked to, it stops at the first one.
        let run = parse(&[], input);
        assert_eq!(run.status, 1);
        assert!(run.output.contains("first") && !run.output.contains("ed25519"), "{}", run.output);
    }
}

/// The start of a file is like any other place.
#[test]
fn garbage_at_the_start() {
    let alone = parse(&[], KEY).output;
    for garbage in [&b"\0"[..], b"\0\0\0", b"text\n", GARBAGE, &[0; 200_000]] {
        let input = [garbage, KEY].concat();
        let run = parse(&["--recover"], &input);
        assert_eq!(run.status, 1);
        let length = garbage.len();
        let plural = if length == 1 { "" } else { "s" };
        assert_eq!(passed_over(&run), [format!("## -- : not a whole packet ({length} byte{plural})")]);
        assert!(run.output.ends_with(&alone), "{}", run.output);
        assert!(run.errors.contains("at octet 0: no packet starts here (bit 7 is clear)"), "{}", run.errors);
        assert_eq!(parse(&[], &input).status, 2);
    }
    // Text in front of armor is text, whatever it holds.
    let text = armor::encode("PUBLIC KEY BLOCK", &[], KEY, Footer::None);
    let input = [b"Hi\n\xcd\x02Al\xca\x03PGP\n", text.as_bytes()].concat();
    let run = parse(&["--recover"], &input);
    assert_eq!((run.status, &*run.output), (0, &*alone));
}

/// What is there of a packet that is cut short is told, if nothing is found in it.
#[test]
fn a_cut_packet_is_told_as_without_recovering() {
    let mut told = 0;
    for length in 3..KEY.len() {
        let [plain, recovered] = [&[][..], &["--recover"]].map(|options| parse(options, &KEY[..length]));
        if passed_over(&recovered).is_empty() {
            assert_eq!((plain.output, plain.errors), (recovered.output, recovered.errors), "{length}");
            told += 1;
        }
    }
    assert!(told > KEY.len() / 2, "{told} of {}", KEY.len());
}

/// The length of the user ID is wrong; what is behind it is found again.
#[test]
fn a_wrong_length() {
    let packets = key_packets();
    assert_eq!(packets[1][0], 0xb4);
    // Too short, too long, far too long, and longer than the file.
    for wrong in [[0xcd, 20], [0xcd, 60], [0xcd, 61], [0xcd, 190], [0xb4, 0xff]] {
        let mut user_id = packets[1].to_vec();
        user_id[..2].copy_from_slice(&wrong);
        let input = [packets[0], &user_id, &packets[2..].concat(), KEY].concat();
        let run = parse(&["--recover", "--verbose"], &input);
        assert_eq!(run.status, 1, "{wrong:?}");
        // The second key is there whole, at its place.
        let start = input.len() - KEY.len();
        let (heading, place) = ("## 06 : Old format Public-Key packet (51 bytes)", start..start + packets[0].len());
        let is_key = |line: &str| line.starts_with(heading) && line.ends_with(&format!("  [{place:?}]"));
        assert!(run.output.lines().any(is_key), "{wrong:?}: {}", run.output);
        let alone = parse(&[], KEY).output;
        assert!(parse(&["--recover"], &input).output.ends_with(&alone), "{wrong:?}: {}", run.output);
    }
}

/// A user ID, wherever it is in what is looked through at once.
#[test]
fn a_user_id_across_a_boundary() {
    for length in (256 * 1024 - 30)..(256 * 1024 + 5) {
        let input = [&user_id("first")[..], &vec![0; length], &user_id("across it"), KEY].concat();
        let run = parse(&["--recover"], &input);
        assert_eq!(run.status, 1);
        assert!(run.output.contains("content: across it\n"), "{length}: {}", run.output);
        assert_eq!(passed_over(&run), [format!("## -- : not a whole packet ({length} bytes)")]);
    }
}

/// Nothing is found that is not there.
#[test]
fn garbage_to_the_end() {
    for length in [1, 1000, 300_000, 600_000] {
        let run = parse(&["--recover"], &[user_id("first"), vec![0; length]].concat());
        assert_eq!(run.status, 1);
        assert_eq!(run.headings().len(), 2, "{}", run.output);
        assert!(run.headings()[1].contains(&format!("({length} byte")), "{}", run.output);
    }
}

#[test]
fn headers_to_the_end() {
    let start = Instant::now();
    for header in [&b"\x8a\x00\x40\x00\x00\x04"[..], b"\xcd\xff\x00\x00\x07\xff", b"\xc2", b"\xa3\x02", b"\xcd\xc0"] {
        let run = parse(&["--recover"], &[&user_id("first"), &b"\0"[..], &header.repeat(1 << 18)].concat());
        assert_eq!(run.status, 1);
        run.assert_small();
    }
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}

/// Data goes on as long as its length says, whatever it holds.
#[test]
fn packets_inside_of_data_are_not_taken_out() {
    let run = parse(&["--recover"], &packet(11, &[LITERAL, KEY].concat()));
    assert_eq!((run.status, run.headings().len()), (0, 1));
}

/// What is quadratic in a megabyte takes minutes.
#[test]
fn hostile_candidates_take_time_in_proportion() {
    let start = Instant::now();
    // A user ID, an octet that starts no packet, and headers of literal data in chunks of one octet.
    let chunks = [&b"\xcd\x01a\x00"[..], &b"\xcb\xe0".repeat(512 * 1024)].concat();
    // User attributes over all that follows, with subpackets of one octet.
    let attributes = [&b"\xcd\x01a\x00"[..], &b"\xd1\xff\x00\x08\x00\x00\x01d".repeat(128 * 1024)].concat();
    // User IDs over all that follows, whose headers are UTF-8.
    let user_ids = [&b"\xcd\x01a\x00"[..], &b"\xd0\xb6\x00\x03ab".repeat(170 * 1024)].concat();
    // Octets that start no packet behind every second user ID.
    let damage = [user_id("first"), user_id("second"), vec![0]].concat().repeat(64 * 1024);
    // Signatures that go on behind the end, each behind a user ID.
    let cut_short =
        [&user_id("first"), &header(2, 2 << 20)[..], b"\x04\x13\x01\x08\x00\x00"].concat().repeat(64 * 1024);
    // A signature that goes on behind the end, so that the end is known, and markers behind octets that are none, each in front
    // of data that makes no sense, and of user IDs in chunks.
    let end = [user_id("first"), header(2, 2 << 20), b"\x04\x13\x01\x08\x00\x00".to_vec()].concat();
    let no_data = [&end, &b"\xca\x03PGP\xcb\x00\x00".repeat(128 * 1024)[..]].concat();
    let user_ids_in_chunks = [&end, &b"\xca\x03PGP\xcd\xe3XX\x00".repeat(128 * 1024)[..]].concat();
    for input in [chunks, attributes, user_ids, damage, cut_short, no_data, user_ids_in_chunks] {
        let run = parse(&["--recover"], &input);
        assert_eq!(run.status, 1, "{}", run.errors);
    }
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
}
