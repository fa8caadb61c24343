//! Whatever the input, the command takes less than 12 MiB.

use std::io;

use bpg_core::armor::{self, Footer};

use crate::build::{LITERAL, compress_written};
use crate::common::{self, header, packet};
use crate::run::{KEYRING, Run, parse, parse_fed};

const MIB: usize = 1 << 20;

#[test]
#[ignore = "needs debian-keyring"]
fn a_keyring() {
    for flags in [&[KEYRING][..], &["--verbose", KEYRING], &["--hex", KEYRING]] {
        let run = parse(flags, b"");
        assert_eq!((run.status, &*run.errors), (0, ""), "Debian has {KEYRING} in the package debian-keyring");
        run.assert_small();
    }
}

#[test]
#[ignore = "needs debian-keyring"]
fn an_armored_keyring() {
    let keyring = std::fs::read(KEYRING).expect("Debian has it in the package debian-keyring");
    let text = armor::encode("PUBLIC KEY BLOCK", &[], &keyring, Footer::Crc24);
    let run = parse(&[], text.as_bytes());
    assert_eq!((run.status, &*run.errors), (0, ""));
    assert_eq!(run.output, parse(&[], &keyring).output);
    run.assert_small();
}

#[test]
fn literal_data_in_partial_lengths() {
    literal_in_parts(256);
}

#[test]
#[ignore = "takes long"]
fn four_gib_of_literal_data_in_partial_lengths() {
    literal_in_parts(4096);
}

/// Octets that are printed are held no longer than others.
#[test]
fn literal_data_in_hexadecimal() {
    const MEBIBYTES: usize = 32;
    for is_in_parts in [false, true] {
        let run = parse_fed(&["--hex"], |pipe| match is_in_parts {
            true => write_parts(MEBIBYTES, pipe),
            false => {
                pipe.write_all(&header(11, (MEBIBYTES * MIB) as u32))?;
                pipe.write_all(LITERAL)?;
                pipe.write_all(&vec![0; MEBIBYTES * MIB - LITERAL.len()])
            }
        });
        assert_eq!((run.status, &*run.errors), (0, ""));
        assert!(run.output.len() > MEBIBYTES * MIB * 3);
        run.assert_within(8);
    }
}

/// The limit on what is printed is met inside of a payload, too.
#[test]
fn literal_data_in_hexadecimal_up_to_the_limit() {
    let run = parse_fed(&["--hex", "--limit", "output=1M"], |pipe| write_parts(32, pipe));
    assert_eq!(run.status, 1);
    assert!(run.errors.contains("more octets of output than the limit of 1048576"), "{}", run.errors);
    assert!(run.output.len() < 2 * MIB, "{} octets", run.output.len());
}

#[test]
fn the_first_octets_of_literal_data() {
    let run = parse_fed(&["-vv"], |pipe| write_parts(256, pipe));
    assert_eq!((run.status, &*run.errors), (0, ""));
    // With the headers of chunks.
    let more = 256 * MIB - LITERAL.len() + 256 - 1024;
    assert!(run.output.contains(&format!("    and {more} more octets\n")), "{}", run.output);
    run.assert_small();
}

/// A packet that is too large to be held is shown in pieces.
#[test]
fn a_large_user_id_in_hexadecimal() {
    let run = parse_fed(&["--hex"], |pipe| {
        pipe.write_all(&header(13, 32 << 20))?;
        (0..32).try_for_each(|_| pipe.write_all(&[b'a'; MIB]))
    });
    assert_eq!(run.status, 1);
    assert!(run.output.len() > 32 * MIB * 3);
    // As of one that is not shown, and what is held of it is held twice.
    run.assert_within(18);
}

fn literal_in_parts(mebibytes: usize) {
    let run = parse_fed(&[], |pipe| write_parts(mebibytes, pipe));
    assert_eq!((run.status, &*run.errors), (0, ""));
    let length = mebibytes * MIB - LITERAL.len();
    assert!(run.output.contains(&format!("literal data: [{length} octets]\n")), "{}", run.output);
    run.assert_small();
}

fn write_parts(mebibytes: usize, pipe: &mut dyn io::Write) -> io::Result<()> {
    // Literal data whose first part has 2^20 octets, and more such parts, and an empty last one.
    pipe.write_all(&[0xcb, 0xe0 | 20])?;
    pipe.write_all(LITERAL)?;
    pipe.write_all(&vec![0; MIB - LITERAL.len()])?;
    for _ in 1..mebibytes {
        pipe.write_all(&[0xe0 | 20])?;
        pipe.write_all(&[0; MIB])?;
    }
    pipe.write_all(&[0])
}

#[test]
fn a_million_empty_user_ids() {
    let run = parse(&[], &b"\xcd\x00".repeat(1_000_000));
    assert_eq!((run.status, &*run.errors), (0, ""));
    assert_eq!(run.headings().len(), 1_000_000);
    run.assert_small();
}

/// As many keys, recipients and algorithms as there can be, each of them another one.
#[test]
fn an_overview_of_what_is_never_the_same() {
    let run = parse_fed(&["--summary"], |pipe| {
        for number in 0..200_000_u32 {
            let [a, b, c, d] = number.to_be_bytes();
            // A key of version 4, of a number of the octets of the modulus, and a session key for a key ID.
            pipe.write_all(&[0xc6, 12, 4, a, b, c, d, 1, 0, 9, 1, 255, 0, 1])?;
            pipe.write_all(&[0xc1, 10, 3, 0, 0, 0, 1, a, b, c, d, 99])?;
            pipe.write_all(&[0xcd, 5, b'a', a, b, c, d])?;
        }
        Ok(())
    });
    assert!(run.output.contains("keys: 200000\n"), "{}", run.output);
    assert!(run.output.contains("        and 199,990 more\n"), "{}", run.output);
    assert!(run.output.contains("        199000  others\n"), "{}", run.output);
    run.assert_small();
}

#[test]
fn one_large_user_id() {
    let run = large(13, &[]);
    assert_eq!(run.status, 1);
    assert_eq!(
        run.errors,
        "bpg: standard input: at octet 0: more octets in a packet than the limit of 3145728, not read on (see --limit packet)\n"
    );
    assert_eq!(run.headings().len(), 2, "{}", run.output);
    // A build for tests takes 2 MiB more than one for use, and what is held until the limit is met is up to 4 MiB.
    run.assert_within(14);
}

#[test]
fn one_large_literal_of_known_length() {
    let run = large(11, LITERAL);
    assert_eq!((run.status, &*run.errors), (0, ""));
    assert!(run.output.contains("literal data: [1073741818 octets]\n"), "{}", run.output);
    assert_eq!(run.headings().len(), 2, "{}", run.output);
    run.assert_small();
}

/// A packet of 1 GiB, and a user ID behind it.
fn large(packet_type: u8, start: &[u8]) -> Run {
    parse_fed(&[], |pipe| {
        pipe.write_all(&header(packet_type, 1 << 30))?;
        pipe.write_all(start)?;
        pipe.write_all(&vec![0; MIB - start.len()])?;
        (1..1024).try_for_each(|_| pipe.write_all(&[0; MIB]))?;
        pipe.write_all(b"\xcd\x05Alice")
    })
}

/// A packet of 3 KB that decompresses to one of `mebibytes`.
fn bomb(mebibytes: u32) -> Vec<u8> {
    let contents = compress_written(3, |to| {
        let length = (u64::from(mebibytes) << 20).min(u32::MAX.into());
        to.write_all(&header(11, u32::try_from(length).unwrap())).unwrap();
        to.write_all(LITERAL).unwrap();
        let zeros = io::Read::take(io::repeat(0), length - LITERAL.len() as u64);
        io::copy(&mut { zeros }, to).unwrap();
    });
    packet(8, &[&[3][..], &contents].concat())
}

#[test]
fn a_bomb_stops_at_the_budget() {
    let bomb = bomb(128);
    assert!(bomb.len() < 5000);
    let run = parse(&["--limit", "decompressed=100M"], &bomb);
    assert_eq!(run.status, 1);
    assert_eq!(
        run.errors,
        "bpg: standard input: at octet 7: more octets of decompressed data than the limit of 104857600, not read on \
         (see --limit decompressed)\n"
    );
    assert!(
        run.output.contains("error: at octet 7: more octets of decompressed data than the limit of 104857600"),
        "{}",
        run.output
    );
    run.assert_small();
}

#[test]
#[ignore = "takes long"]
fn a_bomb_beyond_the_default() {
    let bomb = bomb(1200);
    assert!(bomb.len() < 5000);
    let run = parse(&[], &bomb);
    assert_eq!(run.status, 1);
    assert!(run.errors.contains(", not read on (see --limit decompressed)"));
    run.assert_small();
    let run = parse(&["--limit", "decompressed=none"], &bomb);
    assert_eq!((run.status, &*run.errors), (0, ""));
    run.assert_small();
}

#[test]
fn a_large_cleartext_signed_message() {
    let message = include_str!("../../../testdata/peers/pgpainless.cleartext.asc");
    let signature = &message[message.find("-----BEGIN PGP SIGNATURE-----").unwrap()..];
    let run = parse_fed(&[], |pipe| {
        pipe.write_all(b"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n")?;
        let lines = "Always the same line, and many of them.\n".repeat(25_000);
        (0..64).try_for_each(|_| pipe.write_all(lines.as_bytes()))?;
        pipe.write_all(signature.as_bytes())
    });
    assert_eq!((run.status, &*run.errors), (0, ""));
    assert!(run.output.contains("Signature packet"), "{}", run.output);
    run.assert_small();
}

#[test]
fn a_large_keybox() {
    let keybox = &common::testdata_file("keyrings/pubring.kbx");
    // The first blob is the header, whose length is its first four octets.
    let (first, blobs) = keybox.split_at(32);
    assert_eq!(first[..5], [0, 0, 0, 32, 1]);
    let once = parse(&[], keybox).headings().len();
    let times = 64 * MIB / blobs.len();
    let run = parse_fed(&["--limit", "output=none"], |pipe| {
        pipe.write_all(first)?;
        (0..times).try_for_each(|_| pipe.write_all(blobs))
    });
    assert_eq!((run.status, &*run.errors), (0, ""));
    assert_eq!(run.headings().len(), (once - 1) * times + 1);
    run.assert_small();
}
