//! What is said of malformed input, and that nothing else happens to it.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]

mod common;

use std::collections::HashSet;
use std::ops::ControlFlow;

use bpg_core::armor;
use bpg_core::error::{Error, ErrorKind};
use bpg_core::framing::{self, RawPacket};
use bpg_core::inspect::{self, Event};
use bpg_core::octets::Span;
use bpg_core::packet::signature::{MAX_EMBEDDING, SubpacketValue};
use bpg_core::packet::{Packet, Signature};
use bpg_core::registry::PacketType;
use proptest::prelude::*;

use common::laws::inspect::{in_chunks, in_one_piece as packet, length, same_in_chunks};
use common::{about, laws};

/// Octets put together from fields.
macro_rules! octets {
    ($($field:expr),* $(,)?) => {
        [$(AsRef::<[u8]>::as_ref(&$field)),*].concat()
    };
}

/// All that is said to be wrong with `input`.
fn errors(input: &[u8]) -> Vec<Error> {
    laws::check(input);
    let mut errors = Vec::new();
    for framed in framing::packets(input) {
        match framed {
            Ok(raw) => {
                let _ = inspect::packet(&raw, &mut |event: Event<'_>| -> ControlFlow<()> {
                    if let Event::Error(error) = event {
                        errors.push(error);
                    }
                    ControlFlow::Continue(())
                });
            }
            Err(error) => errors.push(error),
        }
    }
    errors
}

/// Checks that one thing is wrong with `input`: its kind, its place, and the line that is printed.
#[track_caller]
fn assert_error(input: &[u8], kind: ErrorKind, (start, end): (u64, u64), line: &str) {
    let errors = errors(input);
    let lines: Vec<_> = errors.iter().map(Error::to_string).collect();
    assert_eq!(lines, [line]);
    assert_eq!((errors[0].kind(), errors[0].span()), (kind, Span { start, end }), "{line}");
}

const fn truncated(need: u64, have: u64) -> ErrorKind {
    ErrorKind::Truncated { need, have }
}

const fn trailing(count: u64) -> ErrorKind {
    ErrorKind::Trailing { count }
}

#[test]
fn a_header_that_is_none_or_is_cut_short() {
    assert_error(
        &[0x3f],
        ErrorKind::NotAPacket { octet: 0x3f },
        (0, 1),
        "at octet 0: no packet starts here (bit 7 is clear)",
    );
    assert_error(
        &[
            0xcd, 0x01, b'a', // a user ID
            0xfc, // type 60, which has no name of its own
            0xc0, // the first octet of a length of two
        ],
        truncated(1, 0),
        (5, 5),
        "at octet 5: private or experimental: length: need 1 octet, have 0",
    );
    assert_error(
        &[
            0xe6, // type 38, which nobody has assigned
            0x03, // length
            0x00, // body
        ],
        truncated(3, 1),
        (2, 3),
        "at octet 2: packet: body: need 3 octets, have 1",
    );
    assert_error(
        &[
            0x99, // public key, legacy format, length of two octets
            0xff, 0xff, // length
        ],
        truncated(65_535, 0),
        (3, 3),
        "at octet 3: Public-Key: body: need 65535 octets, have 0",
    );
}

/// What a version 4 key starts with, with an algorithm.
const fn key_head(algorithm: u8) -> [u8; 6] {
    [
        0x04, // version
        0x65, 0x92, 0x00, 0x80, // creation time
        algorithm,
    ]
}

#[test]
fn key_material_that_does_not_fill_its_place() {
    let key = octets!(
        key_head(1),
        [0x00, 0x10], // modulus: 16 bits
        [0xff],       // modulus: 8 bits
    );
    assert_error(
        &packet(PacketType::PUBLIC_KEY, &key),
        truncated(2, 1),
        (10, 11),
        "at octet 10: public key: modulus n: need 2 octets, have 1",
    );

    let key = octets!(
        key_head(1),
        [0x00, 0x01, 0x01], // modulus
        [0x00, 0x01, 0x01], // exponent
        [0xaa],             // nothing
    );
    assert_error(
        &packet(PacketType::PUBLIC_SUBKEY, &key),
        trailing(1),
        (14, 15),
        "at octet 14: public key: 1 octet left over",
    );

    assert_error(
        &packet(PacketType::PUBLIC_KEY, &[0x04, 0x65, 0x92]),
        truncated(4, 2),
        (3, 5),
        "at octet 3: public key: creation time: need 4 octets, have 2",
    );
    assert_error(
        &packet(PacketType::PUBLIC_KEY, &[]),
        truncated(1, 0),
        (2, 2),
        "at octet 2: public key: version: need 1 octet, have 0",
    );
    assert_error(
        &packet(PacketType::PUBLIC_KEY, &[0x03, 0x65, 0x92, 0x00, 0x80, 0x00]),
        truncated(2, 1),
        (7, 8),
        "at octet 7: public key: validity period: need 2 octets, have 1",
    );
}

#[test]
fn counted_key_material() {
    let head = [
        0x06, // version
        0x65, 0x92, 0x00, 0x80, // creation time
        0x1b, // Ed25519
    ];
    let key = octets!(
        head,
        [0x00, 0x00, 0x00, 0x20], // count of the key material
        [0x55; 31],               // key material
    );
    assert_error(
        &packet(PacketType::PUBLIC_KEY, &key),
        truncated(32, 31),
        (12, 43),
        "at octet 12: public key: key material: need 32 octets, have 31",
    );

    let key = octets!(
        head,
        [0x00, 0x00, 0x00, 0x1f], // count of the key material
        [0x55; 31],               // key material
    );
    assert_error(
        &packet(PacketType::PUBLIC_KEY, &key),
        truncated(32, 31),
        (12, 43),
        "at octet 12: public key: public key: need 32 octets, have 31",
    );

    let key = octets!(
        head,
        [0x00, 0x00, 0x00, 0x22], // count of the key material
        [0x55; 32],               // public key
        [0xaa; 2],                // nothing
    );
    assert_error(
        &packet(PacketType::PUBLIC_KEY, &key),
        trailing(2),
        (44, 46),
        "at octet 44: public key: 2 octets left over",
    );
}

#[test]
fn reserved_lengths() {
    let key = octets!(
        key_head(19),
        [0x00], // curve: length
    );
    assert_error(
        &packet(PacketType::PUBLIC_KEY, &key),
        ErrorKind::ReservedLength { length: 0 },
        (8, 9),
        "at octet 8: public key: curve: the length 0 is reserved",
    );

    let key = octets!(
        key_head(22),
        [0xff],       // curve: length
        [0x2b; 255],  // curve
        [0x00, 0x00]  // point
    );
    assert_error(
        &packet(PacketType::PUBLIC_KEY, &key),
        ErrorKind::ReservedLength { length: 255 },
        (9, 10),
        "at octet 9: public key: curve: the length 255 is reserved",
    );

    let key = octets!(
        key_head(18),
        [0x05, 0x2b, 0x81, 0x04, 0x00, 0x22], // curve: NIST P-384
        [0x00, 0x00],                         // point
        [0x00],                               // KDF parameters: length
    );
    assert_error(
        &packet(PacketType::PUBLIC_KEY, &key),
        ErrorKind::ReservedLength { length: 0 },
        (16, 17),
        "at octet 16: public key: KDF parameters: the length 0 is reserved",
    );
}

/// The public part of an RSA key, 12 octets.
fn public_part() -> Vec<u8> {
    octets!(
        key_head(1),
        [0x00, 0x01, 0x01], // modulus
        [0x00, 0x01, 0x01], // exponent
    )
}

#[test]
fn protection_that_is_cut_short() {
    assert_error(
        &packet(PacketType::SECRET_KEY, &public_part()),
        truncated(1, 0),
        (14, 14),
        "at octet 14: secret key: S2K usage: need 1 octet, have 0",
    );

    let key = octets!(
        public_part(),
        [0xfe],             // S2K usage: CFB
        [0x09],             // AES-256
        [0x03],             // iterated and salted
        [0x08],             // SHA2-256
        [0xa0, 0xa1, 0xa2], // three octets of salt
    );
    assert_error(
        &packet(PacketType::SECRET_KEY, &key),
        truncated(8, 3),
        (18, 21),
        "at octet 18: secret key: S2K specifier: salt: need 8 octets, have 3",
    );

    let key = octets!(
        public_part(),
        [0xfe],       // S2K usage: CFB
        [0x09],       // AES-256
        [0x00],       // simple
        [0x08],       // SHA2-256
        [0xb0, 0xb1], // two octets of an initialization vector
    );
    assert_error(
        &packet(PacketType::SECRET_SUBKEY, &key),
        truncated(16, 2),
        (18, 20),
        "at octet 18: secret key: initialization vector: need 16 octets, have 2",
    );

    let key = octets!(
        public_part(),
        [0xfe], // S2K usage: CFB
        [0x09], // AES-256
        [0x65], // GNU extension
        [0x00], // hash algorithm
        b"GNU", // marker
        [0x02], // divert to card
        [0x10], // serial number: length
        [0xd2], // serial number
    );
    assert_error(
        &packet(PacketType::SECRET_KEY, &key),
        truncated(16, 1),
        (23, 24),
        "at octet 23: secret key: S2K specifier: card serial number: need 16 octets, have 1",
    );
}

#[test]
fn counted_protection() {
    let public = octets!(
        [0x06],                   // version
        [0x65, 0x92, 0x00, 0x80], // creation time
        [0x1b],                   // Ed25519
        [0x00, 0x00, 0x00, 0x20], // count of the key material
        [0x55; 32],               // public key
    );
    let key = octets!(
        public,
        [0xfd], // S2K usage: AEAD
        [0x04], // count of the S2K parameters
        [0x09], // AES-256
        [0x02], // OCB
        [0x01], // count of the S2K specifier
        [0x00], // simple
    );
    assert_error(
        &packet(PacketType::SECRET_KEY, &key),
        truncated(1, 0),
        (50, 50),
        "at octet 50: secret key: S2K specifier: hash algorithm: need 1 octet, have 0",
    );

    let key = octets!(
        public,
        [0xfd], // S2K usage: AEAD
        [0x06], // count of the S2K parameters
        [0x09], // AES-256
        [0x02], // OCB
        [0x03], // count of the S2K specifier
        [0x00], // simple
        [0x08], // SHA2-256
        [0xaa], // nothing
    );
    assert_error(
        &packet(PacketType::SECRET_KEY, &key),
        trailing(1),
        (51, 52),
        "at octet 51: secret key: S2K specifier: 1 octet left over",
    );

    let key = octets!(
        public,
        [0xfd], // S2K usage: AEAD
        [0x20], // count of the S2K parameters
        [0x09], // AES-256
    );
    assert_error(
        &packet(PacketType::SECRET_KEY, &key),
        truncated(32, 1),
        (46, 47),
        "at octet 46: secret key: S2K parameters: need 32 octets, have 1",
    );
}

#[test]
fn secret_material_that_does_not_fill_its_place() {
    let key = octets!(
        public_part(),
        [0x00],             // S2K usage: unprotected
        [0x00, 0x01, 0x01], // exponent d
        [0x00, 0x01, 0x01], // prime p
        [0x00, 0x01, 0x01], // prime q
        [0x00, 0x01, 0x01], // inverse u
        [0x00],             // one octet of the checksum
    );
    assert_error(
        &packet(PacketType::SECRET_KEY, &key),
        truncated(2, 1),
        (27, 28),
        "at octet 27: secret key: checksum: need 2 octets, have 1",
    );
    let key = octets!(key, [0x08], [0xaa]);
    assert_error(
        &packet(PacketType::SECRET_KEY, &key),
        trailing(1),
        (29, 30),
        "at octet 29: secret key: 1 octet left over",
    );
    let key = octets!(
        public_part(),
        [0x00],       // S2K usage: unprotected
        [0x00, 0x10], // exponent d: 16 bits
        [0x80],       // exponent d: 8 bits
    );
    assert_error(
        &packet(PacketType::SECRET_KEY, &key),
        truncated(2, 1),
        (17, 18),
        "at octet 17: secret key: exponent d: need 2 octets, have 1",
    );
}

#[test]
fn signatures_that_do_not_fill_their_place() {
    let signature = [
        0x04, // version
        0x13, // positive certification
        0x01, // RSA
        0x08, // SHA2-256
        0x00, 0x05, // hashed area: length
    ];
    assert_error(
        &packet(PacketType::SIGNATURE, &signature),
        truncated(5, 0),
        (8, 8),
        "at octet 8: signature: hashed area: need 5 octets, have 0",
    );

    let signature = [
        0x03, // version
        0x06, // length of the hashed material, which has to be 5
        0x00, // type
        0x65, 0x92, 0x00, 0x80, // creation time
        0xaa, // nothing
        0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, // key ID
        0x01, // RSA
        0x08, // SHA2-256
        0xab, 0xcd, // left 16 bits of the hash
        0x00, 0x01, 0x01, // m^d mod n
    ];
    assert_error(
        &packet(PacketType::SIGNATURE, &signature),
        trailing(1),
        (9, 10),
        "at octet 9: signature: hashed material: 1 octet left over",
    );

    let signature = [
        0x04, // version
        0x00, // binary signature
        0x01, // RSA
        0x08, // SHA2-256
        0x00, 0x00, // hashed area: length
        0x00, 0x00, // unhashed area: length
        0xab, 0xcd, // left 16 bits of the hash
    ];
    assert_error(
        &packet(PacketType::SIGNATURE, &signature),
        truncated(2, 0),
        (12, 12),
        "at octet 12: signature: m^d mod n: need 2 octets, have 0",
    );
    let signature = octets!(
        signature,
        [0x00, 0x01, 0x01], // m^d mod n
        [0xaa, 0xaa],       // nothing
    );
    assert_error(
        &packet(PacketType::SIGNATURE, &signature),
        trailing(2),
        (15, 17),
        "at octet 15: signature: 2 octets left over",
    );

    let signature = [
        0x06, // version
        0x00, // binary signature
        0x1b, // Ed25519
        0x08, // SHA2-256
        0x00, 0x00, 0x00, 0x00, // hashed area: length
        0x00, 0x00, 0x00, 0x00, // unhashed area: length
        0xab, 0xcd, // left 16 bits of the hash
        0x10, // salt: length
        0x55, 0x55, // salt
    ];
    assert_error(
        &packet(PacketType::SIGNATURE, &signature),
        truncated(16, 2),
        (17, 19),
        "at octet 17: signature: salt: need 16 octets, have 2",
    );
}

/// The body of a version 4 signature by a private algorithm. The hashed area is at octet 6 of it.
fn signature(hashed: &[u8], unhashed: &[u8]) -> Vec<u8> {
    let count = |area: &[u8]| u16::try_from(area.len()).unwrap().to_be_bytes();
    octets!(
        [0x04], // version
        [0x00], // binary signature
        [0x64], // private algorithm
        [0x08], // SHA2-256
        count(hashed),
        hashed,
        count(unhashed),
        unhashed,
        [0xab, 0xcd], // left 16 bits of the hash
    )
}

#[test]
fn subpackets_that_cannot_be_delimited() {
    for (area, kind, span, line) in [
        (
            &[
                0x00, // length
            ][..],
            ErrorKind::EmptySubpacket,
            (8, 9),
            "at octet 8: signature: hashed area: subpacket: a length of 0 leaves no room for the type",
        ),
        (
            &[
                0xff, 0x00, 0x00, 0x00, 0x00, // length
            ],
            ErrorKind::EmptySubpacket,
            (8, 13),
            "at octet 8: signature: hashed area: subpacket: a length of 0 leaves no room for the type",
        ),
        (
            &[
                0x09, // length
                0x10, // issuer key ID
                0x01, 0x23, // key ID
            ],
            truncated(9, 3),
            (9, 12),
            "at octet 9: signature: hashed area: subpacket: need 9 octets, have 3",
        ),
        (
            &[
                0xc0, // the first octet of a length of two
            ],
            truncated(1, 0),
            (9, 9),
            "at octet 9: hashed area: subpacket: length: need 1 octet, have 0",
        ),
        (
            &[
                0x02, 0x19, 0x01, // primary user ID
                0xff, 0x00, 0x00, // three octets of a length of five
            ],
            truncated(4, 2),
            (12, 14),
            "at octet 12: hashed area: subpacket: length: need 4 octets, have 2",
        ),
    ] {
        assert_error(&packet(PacketType::SIGNATURE, &signature(area, &[])), kind, span, line);
    }
}

#[test]
fn subpackets_that_do_not_fit_their_type() {
    for (body, kind, span, line) in [
        (
            &[
                0x10, // issuer key ID
                0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd,
            ][..],
            truncated(8, 7),
            (10, 17),
            "at octet 10: signature: hashed area: Issuer Key ID: need 8 octets, have 7",
        ),
        (
            &[
                0x82, // signature creation time, critical
                0x65, 0x92, 0x00, 0x80, 0xaa,
            ],
            trailing(1),
            (14, 15),
            "at octet 14: signature: hashed area: Signature Creation Time: 1 octet left over",
        ),
        (
            &[
                0x19, // primary user ID
            ],
            truncated(1, 0),
            (10, 10),
            "at octet 10: signature: hashed area: Primary User ID: need 1 octet, have 0",
        ),
        (
            &[
                0x05, // trust signature
                0x01, // level
            ],
            truncated(2, 1),
            (10, 11),
            "at octet 10: signature: hashed area: Trust Signature: need 2 octets, have 1",
        ),
        (
            &[
                0x14, // notation data
                0x80, 0x00, 0x00, 0x00, // flags
                0x00, 0x01, // name length
                0x00, 0x02, // value length
                b'n', // name
                b'v', // one octet of the value
            ],
            truncated(2, 1),
            (19, 20),
            "at octet 19: hashed area: Notation Data: value: need 2 octets, have 1",
        ),
        (
            &[
                0x21, // issuer fingerprint
                0x04, // key version
                0xaa, // fingerprint
            ],
            truncated(20, 1),
            (11, 12),
            "at octet 11: hashed area: Issuer Fingerprint: fingerprint: need 20 octets, have 1",
        ),
        (
            &[
                0x0c, // revocation key
                0x80, // class
            ],
            truncated(1, 0),
            (11, 11),
            "at octet 11: hashed area: Revocation Key: algorithm: need 1 octet, have 0",
        ),
        (
            &[
                0x1d, // reason for revocation
            ],
            truncated(1, 0),
            (10, 10),
            "at octet 10: hashed area: Reason for Revocation: code: need 1 octet, have 0",
        ),
        (
            &[
                0x1f, // signature target
                0x01, // RSA
            ],
            truncated(1, 0),
            (11, 11),
            "at octet 11: hashed area: Signature Target: hash algorithm: need 1 octet, have 0",
        ),
        (
            &[
                0x28, // literal data meta hash
                0x00, // reserved
                0xaa, // digest
            ],
            truncated(32, 1),
            (11, 12),
            "at octet 11: hashed area: Literal Data Meta Hash: digest: need 32 octets, have 1",
        ),
        (
            &[
                0x20, // embedded signature
                0x04, // version
                0x19, // primary key binding
            ],
            truncated(1, 0),
            (12, 12),
            "at octet 12: Embedded Signature: signature: public-key algorithm: need 1 octet, have 0",
        ),
    ] {
        let area = octets!(length(body.len()), body);
        assert_error(&packet(PacketType::SIGNATURE, &signature(&area, &[])), kind, span, line);
        // The same in the other area, which starts two octets later.
        let [start, end] = [span.0, span.1].map(|position| position + 2);
        let line = line.replace("hashed area", "unhashed area");
        let line = line.replacen(&format!("octet {}:", span.0), &format!("octet {start}:"), 1);
        assert_error(&packet(PacketType::SIGNATURE, &signature(&[], &area)), kind, (start, end), &line);
    }
}

/// A malformed subpacket costs itself, one whose length is malformed what follows in its area.
#[test]
fn what_is_behind_a_bad_subpacket_is_read_all_the_same() {
    let hashed = [
        0x02, 0x02, 0x00, // signature creation time, three octets short
        0x02, 0x19, 0x01, // primary user ID
        0x00, // a length of 0
        0x02, 0x19, 0x01, // nothing, now
    ];
    let unhashed = [
        0x09, // length
        0x10, // issuer key ID
        0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef,
    ];
    let wire = packet(PacketType::SIGNATURE, &signature(&hashed, &unhashed));
    let lines: Vec<_> = errors(&wire).iter().map(Error::to_string).collect();
    assert_eq!(
        lines,
        [
            "at octet 10: signature: hashed area: Signature Creation Time: need 4 octets, have 1",
            "at octet 14: signature: hashed area: subpacket: a length of 0 leaves no room for the type",
        ]
    );
    let signature = interpreted_signature(&wire);
    let values = signature.hashed_area().unwrap().subpackets().map(|one| one.is_ok_and(|one| one.value().is_ok()));
    assert_eq!(values.collect::<Vec<_>>(), [false, true, false]);
    assert_eq!(signature.created(), None);
    assert_eq!(signature.issuer_key_id().unwrap().0, unhashed[2..]);
}

fn interpreted_signature(wire: &[u8]) -> Signature<'_> {
    match framing::packets(wire).next().unwrap().unwrap().interpret().unwrap() {
        Packet::Signature(signature) => signature,
        other => panic!("{other:?}"),
    }
}

/// A signature that is embedded in `count` others.
fn nested(count: usize) -> Vec<u8> {
    let mut body = signature(&[], &[]);
    for _ in 0..count {
        // Type 32 is an embedded signature.
        let area = octets!(length(body.len() + 1), [32], body);
        body = signature(&[], &area);
    }
    packet(PacketType::SIGNATURE, &body)
}

#[test]
fn signatures_are_embedded_up_to_a_limit() {
    let deepest = usize::from(MAX_EMBEDDING);
    assert!(errors(&nested(deepest)).is_empty());
    for count in [deepest + 1, deepest + 2, 1000] {
        let wire = nested(count);
        let found = errors(&wire);
        assert_eq!(found.len(), 1, "{found:?}");
        // It is the whole of the embedded signature that is not interpreted.
        let (mut signature, mut body) = (interpreted_signature(&wire), None);
        for depth in 0..=deepest {
            let subpacket = signature.unhashed_area().unwrap().subpackets().next().unwrap().unwrap();
            assert_eq!(usize::from(subpacket.depth()), depth);
            let Ok(SubpacketValue::EmbeddedSignature(embedded)) = subpacket.value() else { panic!("{subpacket:?}") };
            body = Some(embedded.body());
            match embedded.open() {
                Ok(embedded) => signature = embedded.unwrap(),
                Err(error) => assert_eq!((depth, error), (deepest, found[0])),
            }
        }
        let span = body.unwrap().span();
        assert_eq!((found[0].kind(), found[0].span()), (ErrorKind::NestingTooDeep { limit: MAX_EMBEDDING }, span));
        let line = format!("at octet {}: Embedded Signature: nested more than 8 deep, not interpreted", span.start);
        assert_eq!(found[0].to_string(), line);
    }
}

/// A user attribute of one image subpacket, whose body is at octet 4.
fn image(body: &[u8]) -> Vec<u8> {
    packet(PacketType::USER_ATTRIBUTE, &octets!(length(body.len() + 1), [0x01], body))
}

#[test]
fn images_that_do_not_fill_their_place() {
    for (body, kind, span, line) in [
        (
            &[0x10][..], // header length, half of it
            truncated(2, 1),
            (4, 5),
            "at octet 4: user attribute: image: header length: need 2 octets, have 1",
        ),
        (
            &[
                0x10, 0x00, // header length
                0x01, // version
            ],
            truncated(16, 3),
            (4, 7),
            "at octet 4: user attribute: image: header: need 16 octets, have 3",
        ),
        (
            &[
                0x01, 0x00, // header length, which is less than that of itself
                0x01, // version
            ],
            truncated(2, 1),
            (4, 6),
            "at octet 4: user attribute: image: header: need 2 octets, have 1",
        ),
        (
            &[
                0x02, 0x00, // header length
                0xff, 0xd8, // image
            ],
            truncated(1, 0),
            (6, 6),
            "at octet 6: user attribute: image: version: need 1 octet, have 0",
        ),
        (
            &[
                0x03, 0x00, // header length
                0x01, // version
                0xff, 0xd8, // image
            ],
            truncated(1, 0),
            (7, 7),
            "at octet 7: user attribute: image: encoding: need 1 octet, have 0",
        ),
    ] {
        assert_error(&image(body), kind, span, line);
    }
    assert_error(
        &packet(PacketType::USER_ATTRIBUTE, &[0x00]),
        ErrorKind::EmptySubpacket,
        (2, 3),
        "at octet 2: user attribute: subpacket: a length of 0 leaves no room for the type",
    );
    assert_error(
        &packet(PacketType::USER_ATTRIBUTE, &[0x05, 0x64]),
        truncated(5, 1),
        (3, 4),
        "at octet 3: user attribute: subpacket: need 5 octets, have 1",
    );
}

#[test]
fn a_body_in_partial_lengths_has_to_be_joined() {
    let wire = [
        0xc6, // public key
        0xe2, // partial length: 4
        0x04, 0x65, 0x92, 0x00, // version, three octets of the creation time
        0xe1, // partial length: 2
        0x80, 0x01, // the last octet of the creation time, RSA
        0x04, // length: 4
        0x00, 0x10, // modulus: 16 bits
        0xff, // modulus: 8 bits
        0xff, // modulus: 8 bits
    ];
    let (raw, rest) = RawPacket::parse_prefix(wire.as_slice().into()).unwrap();
    assert!(rest.is_empty());
    let error = raw.interpret().unwrap_err();
    assert_eq!((error.kind(), error.span()), (ErrorKind::PartialBody, Span { start: 2, end: 14 }));
    assert_eq!(error.to_string(), "at octet 2: body: the body is divided by partial lengths");
    // Joined, it lacks the exponent, which would have been at the end.
    assert_error(&wire, truncated(2, 0), (14, 14), "at octet 14: public key: exponent e: need 2 octets, have 0");

    let wire = [
        0xc6, // public key
        0xe2, // partial length: 4
        0x04, 0x65, 0x92, 0x00, // version, three octets of the creation time
        0xe1, // partial length: 2
        0x80, 0x01, // the last octet of the creation time, RSA
        0xe1, // partial length: 2
        0x00, 0x20, // modulus: 32 bits
        0xe0, // partial length: 1
        0xff, // modulus: 8 bits
        0x01, // length: 1
        0xff, // modulus: 8 bits
    ];
    // The place goes across the header of the last chunk.
    assert_error(&wire, truncated(4, 2), (13, 16), "at octet 13: public key: modulus n: need 4 octets, have 2");

    // A packet that is not interpreted needs not be joined.
    let (raw, _) = RawPacket::parse_prefix([0xfc, 0xe0, 0x62, 0x00].as_slice().into()).unwrap();
    assert!(matches!(raw.interpret(), Ok(Packet::Opaque(_))));
}

/// The payload of a data packet stays in its chunks, but what precedes it has to be in the first one.
#[test]
fn a_payload_in_partial_lengths_is_not_joined() {
    let mut wire = vec![
        0xcb, // literal data
        0xe3, // partial length: 8
        b'b', 0x01, b'f', // binary, the name of the file
        0x00, 0x00, 0x00, 0x00, // no date
        b'1', // one octet of data
        0xe0, // partial length: 1
        b'2', // another
        0x01, // length: 1
        b'3', // the last
    ];
    let (raw, _) = RawPacket::parse_prefix(wire.as_slice().into()).unwrap();
    let Ok(Packet::LiteralData(literal)) = raw.interpret() else { panic!("{raw:?}") };
    assert_eq!((literal.file_name().as_slice(), literal.date().0), (&b"f"[..], 0));
    assert_eq!((&*literal.data().to_cow(), literal.data().span()), (&b"123"[..], Span { start: 9, end: 14 }));
    let pieces: Vec<_> = literal.data().chunks().map(|chunk| (chunk.start(), chunk.len())).collect();
    assert_eq!(pieces, [(9, 1), (11, 1), (13, 1)]);

    // A name of three octets moves the date behind the first chunk.
    wire[3] = 0x03;
    let (raw, _) = RawPacket::parse_prefix(wire.as_slice().into()).unwrap();
    assert_eq!(raw.interpret().unwrap_err().kind(), ErrorKind::PartialBody);
    // Joined, there is a date, and one octet of data less than the date needs.
    assert_eq!(errors(&wire), []);
}

/// Every field of the packets that messages are made of, cut short.
#[test]
fn packets_of_messages_that_are_cut_short() {
    for (body, kind, span, line) in [
        (
            octets![[1, 3], [0; 7]], // PKESK version 3, seven octets of the key ID
            truncated(8, 7),
            (3, 10),
            "at octet 3: public-key encrypted session key: key ID: need 8 octets, have 7",
        ),
        (
            octets![[1, 6, 21, 4], [0; 20], [25], [0; 32], [8], [0; 7]], // a wrapped key of 8 octets, 7 of them there
            truncated(8, 7),
            (59, 66),
            "at octet 59: public-key encrypted session key: encrypted session key: need 8 octets, have 7",
        ),
        (
            octets![[1, 6, 20, 4], [0; 19]], // a version 4 fingerprint of 19 octets
            truncated(20, 19),
            (5, 24),
            "at octet 5: public-key encrypted session key: recipient: fingerprint: need 20 octets, have 19",
        ),
        (
            octets![[1, 3], [0; 8], [25], [0; 32], [0]], // no octet for the cipher
            truncated(1, 0),
            (45, 45),
            "at octet 45: public-key encrypted session key: encrypted session key: symmetric algorithm: need 1 octet, have 0",
        ),
        (
            octets![[3, 5, 9, 2, 0, 8], [0; 15], [0; 7]], // SKESK version 5 with 7 octets of a tag of 16
            truncated(16, 7),
            (22, 29),
            "at octet 22: symmetric-key encrypted session key: authentication tag: need 16 octets, have 7",
        ),
        (
            octets![[3, 6, 20, 9, 2, 2, 0, 8], [0; 14]], // parameters of 20 octets, 19 of them there
            truncated(20, 19),
            (4, 23),
            "at octet 4: symmetric-key encrypted session key: parameters: need 20 octets, have 19",
        ),
        (
            octets![[3, 6, 19, 9, 2, 2, 0, 8], [0; 14]], // an OCB nonce of 14 octets
            truncated(15, 14),
            (9, 23),
            "at octet 9: symmetric-key encrypted session key: initialization vector: need 15 octets, have 14",
        ),
        (
            octets![[4, 3, 0, 8, 1], [0; 8]], // a one-pass signature without the nested flag
            truncated(1, 0),
            (14, 14),
            "at octet 14: one-pass signature: nested flag: need 1 octet, have 0",
        ),
        (
            octets![[18, 2, 9, 2, 6], [0; 31]], // a salt of 31 octets
            truncated(32, 31),
            (6, 37),
            "at octet 6: integrity protected data: salt: need 32 octets, have 31",
        ),
        (
            octets![[20, 1, 9, 2, 6], [0; 14]], // an OCB nonce of 14 octets
            truncated(15, 14),
            (6, 20),
            "at octet 6: OCB encrypted data: initialization vector: need 15 octets, have 14",
        ),
        (
            octets![[19], [0; 21]], // a digest of 21 octets
            ErrorKind::Trailing { count: 1 },
            (22, 23),
            "at octet 22: modification detection code: 1 octet left over",
        ),
        (vec![8], truncated(1, 0), (2, 2), "at octet 2: compressed data: algorithm: need 1 octet, have 0"),
    ] {
        assert_error(&packet(PacketType(body[0]), &body[1..]), kind, span, line);
    }
}

/// Checks what is said of the only block of an armored text, whose base64 is at octet 29.
#[track_caller]
fn assert_armor_error(body: &str, kind: ErrorKind, (start, end): (u64, u64), line: &str) {
    let text = format!("-----BEGIN PGP MESSAGE-----\r\n\r\n{body}-----END PGP MESSAGE-----\n");
    laws::armor::text(text.as_bytes());
    let error = armor::blocks(text.as_bytes()).next().unwrap().decode().unwrap_err();
    let place = Span { start: 31 + start, end: 31 + end };
    assert_eq!((error.to_string().as_str(), error.kind(), error.span()), (line, kind, place));
}

#[test]
fn armor_that_is_damaged() {
    let not_base64 = |octet| ErrorKind::NotBase64 { octet };
    for (body, kind, span, line) in [
        ("YW_j\r\n", not_base64(b'_'), (2, 3), "at octet 33: the octet 0x5f is not base64"),
        ("YWJj\r\nYWJ\u{1}\r\n", not_base64(1), (9, 10), "at octet 40: the octet 0x01 is not base64"),
        // The octets of a character that is not ASCII are told one at a time.
        ("YWJ\u{e9}\r\n", not_base64(0xc3), (3, 4), "at octet 34: the octet 0xc3 is not base64"),
        // A single character too many, which is none: there is no reason to count it.
        ("YWJj!\r\n", not_base64(b'!'), (4, 5), "at octet 35: the octet 0x21 is not base64"),
        // White space is passed over, whichever it is.
        ("YW\u{c}Jj!\r\n", not_base64(b'!'), (5, 6), "at octet 36: the octet 0x21 is not base64"),
        (
            "YWJjY\r\n",
            ErrorKind::IncompleteBase64,
            (4, 5),
            "at octet 35: base64 ends with a single character, which encodes no octet",
        ),
        ("YWI=\r\nYWJj\r\n", ErrorKind::BehindBase64, (6, 10), "at octet 37: characters behind the end of the base64"),
        (
            "YWJj\r\n=AAAA\r\nYWJj\r\n",
            ErrorKind::BehindBase64,
            (13, 17),
            "at octet 44: characters behind the end of the base64",
        ),
    ] {
        assert_armor_error(body, kind, span, line);
    }
    let text = "-----BEGIN PGP MESSAGE-----\n\nYWJj\n-----BEGIN PGP MESSAGE-----\n\nYWJj\n";
    let lines: Vec<_> = armor::blocks(text.as_bytes()).map(|block| block.decode().unwrap_err().to_string()).collect();
    let [first, second] =
        ["at octet 34: armor ends without its END line", "at octet 68: armor ends without its END line"];
    assert_eq!(lines, [first, second]);
}

/// The octets in front of an error are not lost, not even those of an incomplete group.
#[test]
fn damaged_armor_gives_all_octets_in_front_of_the_damage() {
    for (body, octets) in [("YWJjYWI!", &b"abcab"[..]), ("YWJjYW!", b"abca"), ("YWJjY!", b"abc"), ("YWJj!", b"abc")] {
        let text = format!("-----BEGIN PGP MESSAGE-----\n\n{body}\n-----END PGP MESSAGE-----\n");
        let (decoded, error) = armor::blocks(text.as_bytes()).next().unwrap().decode_prefix();
        assert!(error.is_some());
        assert_eq!(*decoded.octets, octets, "{body}");
    }
}

/// The types of the packets that are interpreted.
const INTERPRETED: [PacketType; 10] = [
    PacketType::SIGNATURE,
    PacketType::SECRET_KEY,
    PacketType::PUBLIC_KEY,
    PacketType::SECRET_SUBKEY,
    PacketType::MARKER,
    PacketType::TRUST,
    PacketType::USER_ID,
    PacketType::PUBLIC_SUBKEY,
    PacketType::USER_ATTRIBUTE,
    PacketType::PADDING,
];

/// Small numbers are more likely than others: many lengths, versions and algorithms are small.
fn octet() -> impl Strategy<Value = u8> {
    prop_oneof![0..=8_u8, 0..=40_u8, any::<u8>()]
}

/// A body that starts with a version, and goes on somehow.
fn body() -> impl Strategy<Value = Vec<u8>> {
    (2..=6_u8, prop::collection::vec(octet(), 0..200)).prop_map(|(version, rest)| octets!([version], rest))
}

/// An area of subpackets of any type, well delimited but for what is behind them.
fn area() -> impl Strategy<Value = Vec<u8>> {
    let body = prop::collection::vec(octet(), 1..40);
    let wire = body.prop_map(|body| octets!(length(body.len()), body));
    let rest = prop::collection::vec(octet(), 0..3);
    (prop::collection::vec(wire, 0..6), rest).prop_map(|(subpackets, rest)| octets!(subpackets.concat(), rest))
}

/// Checks that a body means the same however it is divided, and that its parts are at the same octets of it.
fn assert_same_when_divided(packet_type: PacketType, body: &[u8], exponents: &[u8]) {
    let divided = in_chunks(packet_type, body, exponents.iter().copied());
    laws::check(&divided);
    same_in_chunks(&packet(packet_type, body), &divided);
}

/// Every packet of the corpus, once, in chunks of one octet, of two, and so on.
#[test]
fn packets_of_the_corpus_mean_the_same_in_partial_lengths() {
    let mut seen = HashSet::new();
    for input in common::testdata().iter().flat_map(common::File::inputs).filter(|input| input.octets.len() < 5000) {
        for raw in framing::packets(&input.octets).flatten() {
            let body = raw.body().to_cow();
            if !seen.insert((raw.packet_type(), body.to_vec())) {
                continue;
            }
            for exponent in [0, 1, 3, 7] {
                let chunks = vec![exponent; body.len() >> exponent];
                about(&input.name, || assert_same_when_divided(raw.packet_type(), &body, &chunks));
            }
        }
    }
    let types: HashSet<_> = seen.iter().map(|(packet_type, _)| *packet_type).collect();
    assert!(seen.len() >= 750 && types.len() >= 25, "{} packets of {} types", seen.len(), types.len());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_octets_obey_the_laws(octets in prop::collection::vec(any::<u8>(), 0..400)) {
        laws::check(&octets);
    }

    #[test]
    fn any_body_obeys_the_laws(packet_type in prop::sample::select(&INTERPRETED[..]), body in body()) {
        laws::check(&packet(packet_type, &body));
    }

    #[test]
    fn any_subpackets_obey_the_laws(hashed in area(), unhashed in area(), embedded in area()) {
        // Type 32 is an embedded signature.
        let embedded = octets!([32], signature(&embedded, &[]));
        let hashed = octets!(length(embedded.len()), embedded, hashed);
        laws::check(&packet(PacketType::SIGNATURE, &signature(&hashed, &unhashed)));
        laws::check(&packet(PacketType::USER_ATTRIBUTE, &unhashed));
    }

    #[test]
    fn any_text_obeys_the_laws(lines in prop::collection::vec(
        prop_oneof![
            "-----BEGIN PGP [A-Z]{0,8}-----",
            "-----END PGP [A-Z]{0,8}-----",
            "[A-Za-z]{1,9}:? ?[ -~]{0,9}",
            "[A-Za-z0-9+/]{0,64}={0,2}",
            "=[A-Za-z0-9+/]{0,5}",
            "[ \t\u{c}]{0,3}",
            "[A-Za-z0-9+/ \t\u{c}]{0,12}",
            ".{0,5}",
        ],
        0..12,
    ), ending in prop_oneof!["\n", "\r\n", "\r"]) {
        let text = lines.join(&ending);
        laws::armor::text(text.as_bytes());
        laws::armor::text(format!("-----BEGIN PGP MESSAGE-----\n\n{text}\n-----END PGP MESSAGE-----\n").as_bytes());
        laws::check(text.as_bytes());
    }

    #[test]
    fn any_octets_come_out_of_armor_as_they_went_in(
        octets in prop::collection::vec(any::<u8>(), 0..400),
        width in 1..80_usize,
        ending in prop_oneof!["\n", "\r\n", "\r", " \t\n"],
    ) {
        use base64::Engine as _;
        let encoded = base64::engine::general_purpose::STANDARD.encode(&octets);
        let lines: Vec<_> = encoded.as_bytes().chunks(width).map(|line| std::str::from_utf8(line).unwrap()).collect();
        let body = lines.join(&ending);
        let text = format!("-----BEGIN PGP MESSAGE-----{ending}{ending}{body}{ending}-----END PGP MESSAGE-----{ending}");
        laws::armor::text(text.as_bytes());
        let decoded = armor::blocks(text.as_bytes()).next().unwrap().decode().unwrap();
        prop_assert_eq!(&*decoded.octets, &octets);
        prop_assert!(decoded.has_padding);
    }

    #[test]
    fn any_body_means_the_same_however_it_is_divided(
        packet_type in prop::sample::select(&INTERPRETED[..]),
        body in body(),
        exponents in prop::collection::vec(0..7_u8, 0..40),
    ) {
        assert_same_when_divided(packet_type, &body, &exponents);
    }

    #[test]
    fn a_user_attribute_means_the_same_however_it_is_divided(
        body in area(),
        exponents in prop::collection::vec(0..5_u8, 0..40),
    ) {
        assert_same_when_divided(PacketType::USER_ATTRIBUTE, &body, &exponents);
    }
}
