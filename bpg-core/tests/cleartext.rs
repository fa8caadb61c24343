//! The cleartext signature framework: the laws over damaged text, and digests that match those of other programs.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]

mod common;

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use allocation_counter::measure;
use bpg_core::cleartext::{Cleartext, messages};
use bpg_core::error::ErrorKind;
use bpg_core::framing::{self, RawPacket};
use bpg_core::inspect::{self, Event};
use bpg_core::packet::{Packet, Signature};
use bpg_core::registry::HashAlgorithm;
use sha1::Digest;

use common::{File, about, laws};

/// The files with cleartext of both corpora.
fn files() -> Vec<File> {
    let all = common::testdata().into_iter().chain(common::vectors());
    all.filter(|file| messages(&file.octets).next().is_some()).collect()
}

/// The only message of a text.
fn only(text: &[u8]) -> Cleartext<'_> {
    let mut found = messages(text);
    let message = found.next().unwrap();
    assert!(found.next().is_none());
    message
}

fn hashed(message: &Cleartext<'_>) -> Vec<u8> {
    let mut hashed = Vec::new();
    message.for_each_hashed(|octets| hashed.extend_from_slice(octets));
    hashed
}

fn errors(message: &Cleartext<'_>) -> Vec<String> {
    message.errors().map(|error| error.to_string()).collect()
}

#[test]
fn every_file_obeys_the_laws() {
    for file in common::testdata().into_iter().chain(common::vectors()) {
        about(&file.name, || laws::cleartext::text(&file.octets));
    }
    assert!(files().len() >= 9);
}

#[test]
fn every_prefix_and_flipped_bit_of_small_files_obeys_the_laws() {
    let mut count = 0;
    for File { name, octets } in files().into_iter().filter(|file| file.octets.len() < 900) {
        count += 1;
        about(&name, || {
            (0..octets.len()).for_each(|length| laws::cleartext::text(&octets[..length]));
            let mut damaged = octets.clone();
            for bit in (0..octets.len() * 8).step_by(3) {
                damaged[bit / 8] ^= 1 << (bit % 8);
                laws::cleartext::text(&damaged);
                damaged[bit / 8] ^= 1 << (bit % 8);
            }
        });
    }
    assert!(count >= 7, "{count} files are small");
}

/// Texts out of the pieces that matter, in every order.
#[test]
fn writing_and_reading_gives_the_same_text() {
    const PIECES: [&[u8]; 11] = [
        b"a",
        b" \t",
        b"\n",
        b"\r\n",
        b"\r",
        b"-",
        b"- ",
        b"From ",
        b"-----BEGIN PGP SIGNATURE-----",
        b"-----BEGIN PGP SIGNED MESSAGE-----",
        b"\xff\x00",
    ];
    let mut texts = vec![Vec::new()];
    for _ in 0..4 {
        let longer = |text: &Vec<u8>| PIECES.map(|piece| [text, piece].concat());
        texts = texts.iter().flat_map(longer).chain([Vec::new()]).collect();
    }
    assert!(texts.len() > 10_000);
    texts.iter().for_each(|text| laws::cleartext::laws(text));
}

/// Files whose signatures do not cover their text.
const MISMATCHES: [&str; 3] = [
    // Taken from a program's source, with the backslashes of its string.
    "vectors/gnupg-src/tests__openpgp__signed-messages.scm__L229.asc",
    // The lines of a program's source that stood between the two.
    "vectors/rpgp-src/src__composed__cleartext.rs__L375.asc",
    // Made to be refused.
    "vectors/rpgp/unit-tests/csf/gpg.fail-notdash",
];

/// The first two octets of the digest are those that the signature has.
#[test]
fn digests_are_those_of_the_signatures() {
    let mut matches: BTreeMap<(u8, u8), u32> = BTreeMap::new();
    let mut mismatches = 0;
    for File { name, octets } in files() {
        for message in messages(&octets) {
            let text = hashed(&message);
            let blocks: Vec<_> = message.signatures().map(|block| block.decode_prefix().0.octets).collect();
            for raw in blocks.iter().flat_map(|octets| framing::packets(octets)).flatten() {
                let Ok(Packet::Signature(signature)) = raw.interpret() else { continue };
                let Some(digest) = digest(&raw, &signature, &text) else { continue };
                if digest.starts_with(signature.digest_prefix().as_slice()) {
                    *matches.entry((signature.version(), signature.hash_algorithm().0)).or_default() += 1;
                } else {
                    assert!(MISMATCHES.contains(&name.as_str()), "{name}: the digest is another");
                    mismatches += 1;
                }
            }
        }
    }
    // Without the vectors, there is testdata/ alone.
    let is_whole = common::vectors_folder().is_some();
    assert_eq!(mismatches, if is_whole { MISMATCHES.len() } else { 0 });
    let count = |versions: &[u8]| {
        let counted = matches.iter().filter(|((version, _), _)| versions.contains(version));
        counted.map(|(_, count)| count).sum::<u32>()
    };
    assert!(count(&[4]) >= 11, "{matches:?}");
    assert!(!is_whole || count(&[3]) > 0 && count(&[6]) > 0, "{matches:?}");
}

/// The digest that a signature over `text` signs (RFC 9580 section 5.2.4), `None` if the hash algorithm or the version is
/// not known here.
fn digest(raw: &RawPacket<'_>, signature: &Signature<'_>, text: &[u8]) -> Option<Vec<u8>> {
    let body = raw.body().contiguous()?;
    let mut hashed = signature.salt().map(|salt| salt.as_slice().to_vec()).unwrap_or_default();
    hashed.extend_from_slice(text);
    match signature.version() {
        // The type and the creation time.
        3 => hashed.extend_from_slice(&body.as_slice()[2..7]),
        version @ (4 | 6) => {
            let end = signature.hashed_area()?.octets().end() - body.start();
            let covered = &body.as_slice()[..usize::try_from(end).unwrap()];
            hashed.extend_from_slice(covered);
            hashed.extend_from_slice(&[version, 0xff]);
            hashed.extend_from_slice(&u32::try_from(covered.len()).unwrap().to_be_bytes());
        }
        _ => return None,
    }
    Some(match signature.hash_algorithm() {
        HashAlgorithm::MD5 => md5::Md5::digest(&hashed).to_vec(),
        HashAlgorithm::SHA1 => sha1::Sha1::digest(&hashed).to_vec(),
        HashAlgorithm::SHA2_224 => sha2::Sha224::digest(&hashed).to_vec(),
        HashAlgorithm::SHA2_256 => sha2::Sha256::digest(&hashed).to_vec(),
        HashAlgorithm::SHA2_384 => sha2::Sha384::digest(&hashed).to_vec(),
        HashAlgorithm::SHA2_512 => sha2::Sha512::digest(&hashed).to_vec(),
        _ => return None,
    })
}

#[test]
fn the_text_of_gpg_is_read() {
    let octets = common::testdata_file("signatures/cleartext-three.asc");
    let message = only(&octets);
    let headers: Vec<_> = message.headers().map(|header| header.wire.as_slice()).collect();
    assert_eq!(headers, [b"Hash: SHA256,SHA512,SHA1"]);
    assert!(message.has_empty_line() && message.is_dash_escaped() && errors(&message).is_empty());
    let plain = common::testdata_file("signatures/PLAINTEXT.txt");
    let mut due = Vec::new();
    bpg_core::cleartext::hashed(&plain, |octets| due.extend_from_slice(octets));
    assert_eq!(hashed(&message), due);
    assert!(due.ends_with(b"in spaces.\r\nand a tab"));
    let blocks: Vec<_> = message.signatures().collect();
    assert_eq!(blocks.len(), 1);
    assert_eq!(framing::packets(&blocks[0].decode().unwrap().octets).count(), 3);
}

#[test]
fn a_text_that_is_not_dash_escaped_says_so() {
    let octets = common::testdata_file("signatures/cleartext-not-dash-escaped.asc");
    let message = only(&octets);
    assert!(!message.is_dash_escaped());
    assert!(message.lines().any(|line| line.wire.as_slice().starts_with(b"-----and")));
    assert_eq!(
        message.errors().map(|error| error.kind()).collect::<Vec<_>>(),
        [ErrorKind::NotAHashHeader],
        "the lines are as they should be"
    );
}

const SIGNATURE: &str = "-----BEGIN PGP SIGNATURE-----\n\nwgA=\n-----END PGP SIGNATURE-----\n";

#[test]
fn the_line_ending_in_front_of_the_signature_is_not_signed() {
    for (text, due) in [
        ("", ""),
        ("\n", ""),
        ("\n\n", "\r\n"),
        ("a\n", "a"),
        ("a\r\n", "a"),
        // As GnuPG hashes them: a CR ends no line, but counts as white space at its end.
        ("a\rb\n", "a\rb"),
        ("a \r \n", "a"),
        ("a\r\r\nb\n", "a\r\nb"),
        ("a\n\n", "a\r\n"),
        (" a \t\n", " a"),
        ("a\u{a0}\n", "a\u{a0}"),
        ("- \n- -\n- - \t\n- From b\n-  c\n", "\r\n-\r\n-\r\nFrom b\r\n c"),
        ("-c\n -\n", "-c\r\n -"),
    ] {
        let message = format!("-----BEGIN PGP SIGNED MESSAGE-----\n\n{text}{SIGNATURE}");
        assert_eq!(String::from_utf8(hashed(&only(message.as_bytes()))).unwrap(), due, "{text:?}");
    }
}

/// What a verifier must not pass over in silence is told, with its place.
#[test]
fn what_is_not_allowed_is_told() {
    const HEADER: &str = "-----BEGIN PGP SIGNED MESSAGE-----\n";
    for (text, due) in [
        (
            "Hash: SHA256, SHA512\nhash: x\n\na\n",
            &["at octet 56: cleartext: an armor header that is not a list of hash algorithms"][..],
        ),
        (
            "Hash: SHA256 and this is signed\n\n",
            &["at octet 35: cleartext: an armor header that is not a list of hash algorithms"],
        ),
        ("Hash:\n\n", &["at octet 35: cleartext: an armor header that is not a list of hash algorithms"]),
        ("Hash: SHA1\na\n\n", &["at octet 46: cleartext: no empty line in front of the text"]),
        // Of lines that should be escaped there is only to be warned.
        ("\n-a\n", &[]),
        ("\n-----BEGIN PGP PUBLIC KEY BLOCK-----\n", &[]),
        ("Hash: sha1\n\n", &[]),
    ] {
        let message = format!("{HEADER}{text}{SIGNATURE}");
        assert_eq!(errors(&only(message.as_bytes())), due, "{text:?}");
    }
    let error = "at octet 38: cleartext: no signature follows the text";
    assert_eq!(errors(&only(format!("{HEADER}\na\n").as_bytes())), [error]);
    let two = format!("{HEADER}\na\n{HEADER}\nb\n{SIGNATURE}");
    assert_eq!(messages(two.as_bytes()).map(|message| errors(&message).len()).collect::<Vec<_>>(), [1, 0]);
}

#[test]
fn signatures_that_follow_one_another_belong_to_the_message() {
    let text = format!(
        "-----BEGIN PGP MESSAGE-----\n\nwgA=\n-----END PGP MESSAGE-----\n-----BEGIN PGP SIGNED MESSAGE-----\n\n\
         a\n{SIGNATURE} \n{SIGNATURE}and\n{SIGNATURE}"
    );
    let mut found = messages(text.as_bytes());
    let message = found.next().unwrap();
    assert_eq!(message.signatures().count(), 2);
    assert!(message.signatures().all(|block| block.has_tail() && *block.decode().unwrap().octets == [0xc2, 0x00]));
    assert!(found.next().is_none() && found.remaining().as_slice().starts_with(b"and\n"));
}

/// Many messages without a signature are no reason to look at the whole text for each.
#[test]
fn reading_takes_time_that_grows_with_the_size() {
    let text = "-----BEGIN PGP SIGNED MESSAGE-----\n\n".repeat(40_000);
    assert_eq!(messages(text.as_bytes()).count(), 40_000);
    let text = format!("-----BEGIN PGP SIGNED MESSAGE-----\n\n{SIGNATURE}").repeat(10_000);
    assert_eq!(messages(text.as_bytes()).map(|message| message.signatures().count()).sum::<usize>(), 10_000);
}

#[test]
fn reading_does_not_allocate() {
    for File { name, octets } in files() {
        let info = measure(|| {
            let mut fields = 0_u32;
            for message in messages(&octets) {
                let _ = inspect::cleartext(&message, &mut |event: Event<'_>| -> ControlFlow<()> {
                    fields += u32::from(matches!(event, Event::Field(_)));
                    ControlFlow::Continue(())
                });
            }
            assert!(fields >= 3, "{name}");
        });
        assert_eq!(info.count_total, 0, "{name}");
    }
}
