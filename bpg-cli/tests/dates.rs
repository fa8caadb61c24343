//! Where spans of time lead to: a signature's counts from its own creation, a key's from that of the key.

use serde_json::Value;

mod common;

use common::packet;

/// When the primary key, the subkey and the signatures were made.
const PRIMARY: u32 = 1_000_000_000;
const SUBKEY: u32 = 1_100_000_000;
const SIGNED: u32 = 1_200_000_000;
const SECONDS: u32 = 86_400;

/// A day later.
const SINCE_PRIMARY: &str = "2001-09-10T01:46:40Z";
const SINCE_SUBKEY: &str = "2004-11-10T11:33:20Z";
const SINCE_SIGNED: &str = "2008-01-11T21:20:00Z";

/// A key of version 4 with an RSA modulus of 128 and the exponent 3.
fn key(packet_type: u8, created: u32) -> Vec<u8> {
    packet(packet_type, &[&[4][..], &created.to_be_bytes(), &[1, 0, 8, 0x80, 0, 2, 3]].concat())
}

fn subpacket(subpacket_type: u8, body: &[u8]) -> Vec<u8> {
    [&[u8::try_from(body.len() + 1).unwrap(), subpacket_type], body].concat()
}

fn times(subpackets: &[(u8, u32)]) -> Vec<u8> {
    subpackets.iter().flat_map(|(subpacket_type, time)| subpacket(*subpacket_type, &time.to_be_bytes())).collect()
}

/// The body of a signature by EdDSALegacy with SHA2-256.
fn signature(signature_type: u8, hashed: &[u8], unhashed: &[u8]) -> Vec<u8> {
    let counted = |area: &[u8]| [&u16::try_from(area.len()).unwrap().to_be_bytes()[..], area].concat();
    // The left 16 bits of the hash, and two integers of 1.
    let end = [0xab, 0xcd, 0, 1, 1, 0, 1, 1];
    [&[4, signature_type, 22, 8][..], &counted(hashed), &counted(unhashed), &end].concat()
}

/// A signature that is made to last a day, as is the key. Its creation time stands behind that.
fn binding(signature_type: u8) -> Vec<u8> {
    packet(2, &signature(signature_type, &times(&[(9, SECONDS), (3, SECONDS), (2, SIGNED)]), &[]))
}

/// The spans of time that are printed, each as in the text and with its end in JSON.
fn spans(input: &[u8]) -> Vec<(String, Option<String>)> {
    let text = common::parse(&["--verbose"], input).output;
    let text = text.lines().filter(|line| line.contains(" second") || line.contains(" day") || line.contains("no end"));
    let text: Vec<String> = text
        .map(|line| line.trim_start().rsplit_once("  [").unwrap().0.split_once(": ").unwrap().1.to_owned())
        .collect();
    let mut ends = Vec::new();
    common::records(&[], input).iter().for_each(|record| json_ends(record, &mut ends));
    assert_eq!(text.len(), ends.len());
    text.into_iter().zip(ends).collect()
}

fn json_ends(value: &Value, ends: &mut Vec<Option<String>>) {
    if ["seconds", "days"].iter().any(|kind| value["type"] == *kind) {
        ends.push(value["until"].as_str().map(str::to_owned));
    }
    value["fields"].as_array().into_iter().flatten().for_each(|field| json_ends(field, ends));
}

/// Each span is a day, with these ends.
fn assert_ends(input: &[u8], due: &[Option<&str>]) {
    let printed = spans(input);
    let text = |end: &Option<&str>| end.map_or_else(String::new, |end| format!(", until {end}"));
    let due: Vec<_> =
        due.iter().map(|end| (format!("86400 seconds (1 day){}", text(end)), end.map(str::to_owned))).collect();
    assert_eq!(printed, due);
}

#[test]
fn keys_expire_from_their_own_creation() {
    let certificate = [
        key(6, PRIMARY),
        binding(0x1f),
        packet(13, b"alice"),
        binding(0x13),
        key(14, SUBKEY),
        binding(0x18),
        // About the primary key, wherever it stands.
        binding(0x10),
        // The next certificate does not know of this one.
        packet(6, b"\x04"),
        binding(0x1f),
        binding(0x18),
    ]
    .concat();
    let (primary, subkey, signed) = (Some(SINCE_PRIMARY), Some(SINCE_SUBKEY), Some(SINCE_SIGNED));
    let due = [primary, signed, primary, signed, subkey, signed, primary, signed, None, signed, None, signed];
    assert_ends(&certificate, &due);
}

#[test]
fn what_is_about_no_key_or_another_has_no_end() {
    let embedded = signature(0x19, &times(&[(9, SECONDS), (3, SECONDS), (2, SIGNED + 1)]), &[]);
    let hashed = [times(&[(2, SIGNED)]), subpacket(32, &embedded)].concat();
    let input = [key(6, PRIMARY), key(14, SUBKEY), packet(2, &signature(0x18, &hashed, &[]))].concat();
    // The embedded signature has a creation time of its own.
    assert_ends(&input, &[None, Some("2008-01-11T21:20:01Z")]);
    // A revocation and a signature of data; without a key, any.
    for signature_type in [0x20, 0x28, 0x00] {
        assert_ends(&[key(6, PRIMARY), binding(signature_type)].concat(), &[None, Some(SINCE_SIGNED)]);
    }
    assert_ends(&binding(0x13), &[None, Some(SINCE_SIGNED)]);
}

#[test]
fn the_creation_that_counts_is_the_one_that_is_signed() {
    let (signed, other) = (SIGNED, PRIMARY);
    let both = signature(0x00, &times(&[(2, signed)]), &times(&[(2, other), (3, SECONDS)]));
    assert_ends(&packet(2, &both), &[Some(SINCE_SIGNED)]);
    let unsigned = signature(0x00, &times(&[(3, SECONDS)]), &times(&[(2, other)]));
    assert_ends(&packet(2, &unsigned), &[None]);
}

#[test]
fn signatures_that_are_cut_short_tell_what_is_there() {
    let whole = packet(2, &signature(0x00, &times(&[(2, SIGNED), (3, SECONDS)]), &[]));
    let in_front_of_the_digest = whole.len() - 10;
    assert_ends(&whole[..in_front_of_the_digest], &[Some(SINCE_SIGNED)]);
}

#[test]
fn ends_behind_the_last_timestamp_and_no_ends() {
    let forever = signature(0x00, &times(&[(2, u32::MAX), (3, u32::MAX), (3, 0)]), &[]);
    let printed = spans(&packet(2, &forever));
    let end = "2242-03-16T12:56:30Z";
    let text = format!("4294967295 seconds (49710 days, 6 hours, 28 minutes, 15 seconds), until {end}");
    assert_eq!(printed, [(text, Some(end.to_owned())), ("0 (no end)".to_owned(), None)]);
    // A key of version 3 tells a number of days itself (RFC 9580 section 5.5.2.2).
    let old = |days: u16| {
        let body = [&[3][..], &PRIMARY.to_be_bytes(), &days.to_be_bytes(), &[1, 0, 8, 0x80, 0, 2, 3]].concat();
        spans(&packet(6, &body))
    };
    let due = (format!("1 day, until {SINCE_PRIMARY}"), Some(SINCE_PRIMARY.to_owned()));
    assert_eq!(old(1), [due]);
    assert_eq!(old(0), [("0 (no end)".to_owned(), None)]);
}
