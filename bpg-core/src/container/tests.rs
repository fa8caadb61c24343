use std::format;
use std::string::{String, ToString};
use std::vec::Vec;

use super::*;
use crate::framing;

const ARMOR: &str = "-----BEGIN PGP MESSAGE-----\n\nzQFh\n-----END PGP MESSAGE-----\n";

/// The parts in short.
fn kinds(input: &[u8]) -> String {
    let kind = |part| match part {
        Part::Packets(_) => 'p',
        Part::Armor(_) => 'a',
        Part::Encoded(_) => 'e',
        Part::Cleartext(_) => 'c',
        Part::Keybox(_) => 'k',
        Part::AgentKey(_) => 'g',
        Part::Skipped(_) => 's',
    };
    parts(input).map(kind).collect()
}

/// A cleartext signed message, with something in it that looks like armor.
const SIGNED: &str = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n> -----BEGIN PGP MESSAGE-----\n> \n> zQFh\n\
    -----BEGIN PGP SIGNATURE-----\n\nwgA=\n-----END PGP SIGNATURE-----\n";

#[test]
fn signed_text_is_a_part_and_its_signatures_are_armor() {
    let (text, signature) = SIGNED.split_at(SIGNED.find("-----BEGIN PGP SIGNATURE").unwrap());
    for (pieces, expected) in [
        (&[SIGNED][..], "ca"),
        (&["Hi\n", SIGNED, ARMOR, "Bye"], "scaas"),
        (&[ARMOR, SIGNED, SIGNED], "acaca"),
        (&[text], "c"),
        (&[text, text, signature], "cca"),
        (&["Hi ", SIGNED], "saa"),
        (&["\u{feff}", SIGNED], "sca"),
        (&["\u{feff}", text], "sc"),
        (&["\u{fc}\n", text], "sc"),
    ] {
        assert_eq!(kinds(pieces.concat().as_bytes()), expected, "{pieces:?}");
    }
}

#[test]
fn parts_are_told_apart() {
    let packet = &[0xcd, 0x01, b'a'][..]; // User ID, length 1
    let armor = ARMOR.as_bytes();
    for (pieces, expected) in [
        (&[][..], ""),
        (&[packet], "p"),
        (&[armor], "a"),
        (&[b"Hi\n"], "s"),
        // Latin-1 starts as a packet could.
        (&[b"\xdcbersicht:\n", armor], "sa"),
        (&[b"Hi\n", armor, b"Bye"], "sas"),
        (&[packet, armor], "pa"),
        (&[packet, b"\r\n", armor, b"\n", packet, armor], "psaspa"),
        (&[armor, "Gr\u{fc}\u{df}e".as_bytes()], "as"),
        (&[packet, b"Hi\n", armor], "p"),
        (&["\u{fc}".as_bytes(), b"\n", armor], "sa"),
        (&[b"> -----BEGIN PGP MESSAGE-----\nis what it starts with\n", armor], "sa"),
    ] {
        let input: Vec<u8> = pieces.concat();
        assert_eq!(kinds(&input), expected, "{}", input.escape_ascii());
        let is_text = expected.contains('a') && !expected.contains('p');
        assert_eq!(is_armored(&input), is_text, "{}", input.escape_ascii());
    }
}

#[test]
fn what_is_well_formed_is_not_decoded() {
    for body in [
        "YWJj\n=3Dab",      // a checksum that starts as an encoded sign does
        "YWI=\n=AAAA",      // padding in front of a checksum
        "YWI=\nYWJj",       // data behind padding, which is an error
        "YWI=\nYWI=\nYWJj", // and again
    ] {
        let text = ARMOR.replace("zQFh", body);
        assert_eq!(kinds(text.as_bytes()), "a", "{body:?}");
    }
    for body in ["YWI=3D", "YWJj\n=3DAAAA", "YW=\nJj", "YWI=3D\n=3DAAAA"] {
        let text = ARMOR.replace("zQFh", body);
        assert_eq!(kinds(text.as_bytes()), "e", "{body:?}");
    }
}

#[test]
fn what_follows_packets_is_explained() {
    for (behind, reason) in [
        (&b"\0\0"[..], "2 NUL octets behind the last packet"),
        (b"\r\n", "2 octets of white space behind the last packet"),
        (b"Bye", "3 octets of text behind the last packet"),
        (b"\0Bye", "no packet starts here (bit 7 is clear)"),
        (b"\xcd\x02a", "User ID: body: need 2 octets, have 1"),
    ] {
        let input = [&[0xcd, 0x01, b'a'], behind].concat();
        let mut packets = framing::packets(&input);
        let error = packets.by_ref().find_map(Result::err).unwrap();
        assert_eq!(explain(packets.remaining(), error).reason().to_string(), reason);
    }
}

#[test]
fn places_of_decoded_octets() {
    let text: Vec<u8> = format!("\u{feff}{ARMOR}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let Some(Part::Encoded(encoded)) = parts(&text).next() else { panic!("it is UTF-16") };
    assert_eq!(encoded.encoding(), Encoding::Utf16Le);
    let transcoded = encoded.decode();
    // The mark has three octets in UTF-8, and two in UTF-16.
    assert_eq!([0, 2, 3, 4].map(|offset| transcoded.position(offset)), [0, 0, 2, 4]);
}
