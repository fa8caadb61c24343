//! Keys and signatures of every algorithm and version, put together field by field from the specifications.
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

use bpg_core::error::Error;
use bpg_core::fingerprint::Fingerprint;
use bpg_core::framing::{self, RawPacket};
use bpg_core::inspect::{self, Event, Value};
use bpg_core::octets::Span;
use bpg_core::packet::signature::SubpacketValue;
use bpg_core::packet::{Packet, PublicKey, SecretKey, Signature};
use bpg_core::registry::layout::{FieldLayout, Shape};
use bpg_core::registry::{PacketType, PublicKeyAlgorithm, SignatureType};

use common::{about, laws};

/// A field as a specification describes it. The names are the library's; the shapes and sizes are not taken from it.
#[derive(Clone, Copy, Debug)]
enum Field {
    /// A multiprecision integer.
    Mpi(&'static str),
    /// As many octets.
    Octets(&'static str, u16),
    /// The curve NIST P-256.
    Curve,
    /// Parameters of the ECDH key derivation.
    Kdf,
    /// As many octets behind a count of four.
    Counted(&'static str, u16),
}

use Field::{Counted, Curve, Kdf, Mpi, Octets};

/// A row for each algorithm that a specification gives fields: public, secret, signature.
type Row = (u8, &'static [Field], &'static [Field], &'static [Field]);

/// RFC 9580 sections 5.2.3.1 to 5.2.3.3 and 5.5.5, LibrePGP section 5.6.7, draft-ietf-openpgp-pqc (RFC 9980) table 15.
const ALGORITHMS: &[Row] = &[
    (1, RSA_PUBLIC, RSA_SECRET, RSA_SIGNATURE),
    (2, RSA_PUBLIC, RSA_SECRET, RSA_SIGNATURE),
    (3, RSA_PUBLIC, RSA_SECRET, RSA_SIGNATURE),
    (
        8,
        &[Curve, Mpi("point"), Counted("ML-KEM public key", 1184)],
        &[Mpi("scalar"), Counted("ML-KEM secret key", 2400)],
        &[],
    ),
    (16, ELGAMAL_PUBLIC, &[Mpi("exponent x")], &[Mpi("a"), Mpi("b")]),
    (
        17,
        &[Mpi("prime p"), Mpi("group order q"), Mpi("group generator g"), Mpi("public key value y")],
        &[Mpi("exponent x")],
        &[Mpi("r"), Mpi("s")],
    ),
    (18, &[Curve, Mpi("point"), Kdf], &[Mpi("scalar")], &[]),
    (19, &[Curve, Mpi("point")], &[Mpi("scalar")], &[Mpi("r"), Mpi("s")]),
    (20, ELGAMAL_PUBLIC, &[Mpi("exponent x")], &[Mpi("a"), Mpi("b")]),
    (22, &[Curve, Mpi("point Q")], &[Mpi("secret key")], &[Mpi("R"), Mpi("S")]),
    (25, &[Octets("public key", 32)], &[Octets("secret key", 32)], &[]),
    (26, &[Octets("public key", 56)], &[Octets("secret key", 56)], &[]),
    (27, &[Octets("public key", 32)], &[Octets("secret key", 32)], &[Octets("signature", 64)]),
    (28, &[Octets("public key", 57)], &[Octets("secret key", 57)], &[Octets("signature", 114)]),
    (
        30,
        &[Octets("Ed25519 public key", 32), Octets("ML-DSA-65 public key", 1952)],
        &[Octets("Ed25519 secret key", 32), Octets("ML-DSA-65 seed", 32)],
        &[Octets("Ed25519 signature", 64), Octets("ML-DSA-65 signature", 3309)],
    ),
    (
        31,
        &[Octets("Ed448 public key", 57), Octets("ML-DSA-87 public key", 2592)],
        &[Octets("Ed448 secret key", 57), Octets("ML-DSA-87 seed", 32)],
        &[Octets("Ed448 signature", 114), Octets("ML-DSA-87 signature", 4627)],
    ),
    (32, &[Octets("public key", 32)], &[Octets("secret key", 64)], &[Octets("signature", 7856)]),
    (33, &[Octets("public key", 32)], &[Octets("secret key", 64)], &[Octets("signature", 17088)]),
    (34, &[Octets("public key", 64)], &[Octets("secret key", 128)], &[Octets("signature", 29792)]),
    (
        35,
        &[Octets("X25519 public key", 32), Octets("ML-KEM-768 public key", 1184)],
        &[Octets("X25519 secret key", 32), Octets("ML-KEM-768 seed", 64)],
        &[],
    ),
    (
        36,
        &[Octets("X448 public key", 56), Octets("ML-KEM-1024 public key", 1568)],
        &[Octets("X448 secret key", 56), Octets("ML-KEM-1024 seed", 64)],
        &[],
    ),
];

const RSA_PUBLIC: &[Field] = &[Mpi("modulus n"), Mpi("exponent e")];
const RSA_SECRET: &[Field] = &[Mpi("exponent d"), Mpi("prime p"), Mpi("prime q"), Mpi("inverse u")];
const RSA_SIGNATURE: &[Field] = &[Mpi("m^d mod n")];
const ELGAMAL_PUBLIC: &[Field] = &[Mpi("prime p"), Mpi("group generator g"), Mpi("public key value y")];

impl Field {
    fn name(self) -> &'static str {
        match self {
            Mpi(name) | Octets(name, _) | Counted(name, _) => name,
            Curve => "curve",
            Kdf => "KDF parameters",
        }
    }

    /// An example of the field.
    fn wire(self) -> Vec<u8> {
        match self {
            // Nine bits, in two octets.
            Mpi(_) => vec![0x00, 0x09, 0x01, 0xff],
            Octets(_, count) => vec![0; count.into()],
            Curve => vec![0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07],
            // Reserved octet, SHA2-256, AES-128.
            Kdf => vec![0x03, 0x01, 0x08, 0x07],
            Counted(_, count) => [&u32::from(count).to_be_bytes()[..], &vec![0; count.into()]].concat(),
        }
    }

    /// Whether this is how the registry describes the field.
    fn is(self, layout: &FieldLayout) -> bool {
        let shape = match self {
            Mpi(_) => Shape::Mpi,
            Octets(_, count) => Shape::Octets(count),
            Curve => Shape::CurveOid,
            Kdf => Shape::KdfParameters,
            Counted(..) => Shape::Counted,
        };
        *layout == FieldLayout { name: self.name(), shape }
    }
}

/// The octets of all of `fields`.
fn wire(fields: &[Field]) -> Vec<u8> {
    fields.iter().flat_map(|field| field.wire()).collect()
}

/// The names of `fields`.
fn names(fields: &[Field]) -> Vec<&'static str> {
    fields.iter().map(|field| field.name()).collect()
}

/// The versions of keys and signatures that are interpreted.
const VERSIONS: [u8; 5] = [2, 3, 4, 5, 6];

const CREATED: u32 = 1_704_067_200;

/// A four-octet count and what it counts.
fn counted(octets: &[u8]) -> Vec<u8> {
    [&u32::try_from(octets.len()).unwrap().to_be_bytes(), octets].concat()
}

/// The body of a public key.
fn public_key(version: u8, algorithm: u8, material: &[u8]) -> Vec<u8> {
    let mut body = vec![version];
    body.extend(CREATED.to_be_bytes());
    if version <= 3 {
        body.extend([0x01, 0x6d]); // validity period: 365 days
    }
    body.push(algorithm);
    if version >= 5 {
        body.extend(counted(material))
    } else {
        body.extend(material)
    }
    body
}

/// What an unprotected secret key has behind its public part, with a checksum that is too large by `off`.
fn secret_part(version: u8, material: &[u8], off: u16) -> Vec<u8> {
    let mut part = vec![0x00]; // S2K usage: unprotected
    if version == 5 {
        part.push(0x00); // count of the S2K parameters
        part.extend(counted(material));
    } else {
        part.extend(material);
    }
    if version < 6 {
        let sum = material.iter().fold(0_u16, |sum, octet| sum.wrapping_add((*octet).into()));
        part.extend(sum.wrapping_add(off).to_be_bytes());
    }
    part
}

/// A packet in the OpenPGP format, with a length of five octets.
fn packet(packet_type: PacketType, body: &[u8]) -> Vec<u8> {
    [&[0xc0 | packet_type.0, 0xff][..], &counted(body)].concat()
}

/// The only packet of `wire`, which has to obey the laws.
fn only(wire: &[u8]) -> RawPacket<'_> {
    laws::check(wire);
    framing::packets(wire).next().unwrap().unwrap()
}

/// What an inspection tells: the names of the fields behind the header, and the errors.
fn told(raw: &RawPacket<'_>) -> (Vec<&'static str>, Vec<Error>) {
    let (mut names, mut errors) = (Vec::new(), Vec::new());
    let _ = inspect::packet(raw, &mut |event: Event<'_>| -> ControlFlow<()> {
        match event {
            Event::Field(field) => names.push(field.name),
            Event::Error(error) => errors.push(error),
            _ => {}
        }
        ControlFlow::Continue(())
    });
    assert_eq!(names[..2], ["packet type", "body length"]);
    (names.split_off(2), errors)
}

/// The algorithm of a public key, the names of its fields, their octets, and whether their layout is known.
type Fields = (PublicKeyAlgorithm, Vec<&'static str>, Vec<Vec<u8>>, bool);

/// Interprets a public key, and checks what precedes its material.
fn interpreted_public(raw: &RawPacket<'_>, is_subkey: bool) -> Fields {
    let key: PublicKey<'_> = match raw.interpret().unwrap() {
        Packet::PublicKey(key) if !is_subkey => key,
        Packet::PublicSubkey(key) if is_subkey => key,
        other => panic!("{other:?}"),
    };
    let fields: Vec<_> = key.material().fields().collect();
    let names = fields.iter().map(|field| field.name).collect();
    let wires = fields.iter().map(|field| field.wire.as_slice().to_vec()).collect();
    assert_eq!(key.created().0, CREATED);
    assert_eq!(key.validity_days(), (key.version() <= 3).then_some(365));
    assert_eq!(Some(key.wire().span()), raw.body().contiguous().map(|body| body.span()));
    (key.algorithm(), names, wires, key.material().is_known())
}

#[test]
fn the_layouts_are_those_of_the_specifications() {
    let known: Vec<u8> = (0..=255).filter(|&number| PublicKeyAlgorithm(number).layout().is_some()).collect();
    assert_eq!(known, ALGORITHMS.iter().map(|(number, ..)| *number).collect::<Vec<_>>());
    for (number, public, secret, signature) in ALGORITHMS {
        let layout = PublicKeyAlgorithm(*number).layout().unwrap();
        for (fields, layout) in [(public, layout.public), (secret, layout.secret), (signature, layout.signature)] {
            let is_same = fields.len() == layout.len() && fields.iter().zip(layout).all(|(field, row)| field.is(row));
            assert!(is_same, "algorithm {number}: {fields:?} and {layout:?}");
        }
    }
}

#[test]
fn public_keys_of_every_algorithm_and_version() {
    for version in VERSIONS {
        for (number, public, ..) in ALGORITHMS {
            let body = public_key(version, *number, &wire(public));
            for packet_type in [PacketType::PUBLIC_KEY, PacketType::PUBLIC_SUBKEY] {
                let octets = packet(packet_type, &body);
                let raw = only(&octets);
                let (algorithm, field_names, wires, is_known) =
                    interpreted_public(&raw, packet_type == PacketType::PUBLIC_SUBKEY);
                assert_eq!((algorithm.0, is_known), (*number, true));
                assert_eq!(field_names, names(public), "version {version}, {algorithm}");
                assert_eq!(wires, public.iter().map(|field| field.wire()).collect::<Vec<_>>());

                let mut expected = vec!["version", "creation time"];
                if version <= 3 {
                    expected.push("validity period");
                }
                expected.push("algorithm");
                if version >= 5 {
                    expected.push("key material length");
                }
                expected.extend(names(public));
                // Version 3 takes the key ID from the modulus and the fingerprint from integers: here both are too short or
                // something else for it, unless the algorithm is RSA or one like it.
                let (mut found, errors) = told(&raw);
                assert!(errors.is_empty(), "{errors:?}");
                if version > 3 {
                    expected.extend(["keyid", "fingerprint"]);
                } else {
                    found.retain(|name| !matches!(*name, "keyid" | "fingerprint"));
                }
                assert_eq!(found, expected, "version {version}, {algorithm}");
            }
        }
    }
}

#[test]
fn unprotected_secret_keys_of_every_algorithm_and_version() {
    for version in VERSIONS {
        for (number, public, secret, _) in ALGORITHMS {
            for (packet_type, off) in [(PacketType::SECRET_KEY, 0), (PacketType::SECRET_SUBKEY, 1)] {
                let body =
                    [public_key(version, *number, &wire(public)), secret_part(version, &wire(secret), off)].concat();
                let octets = packet(packet_type, &body);
                let raw = only(&octets);
                let key: SecretKey<'_> = match raw.interpret().unwrap() {
                    Packet::SecretKey(key) | Packet::SecretSubkey(key) => key,
                    other => panic!("{other:?}"),
                };
                let (fields, checksum) = (key.secret().fields(), key.secret().checksum());
                let fields: Vec<_> =
                    fields.map(|field| (field.name, field.wire.expose().as_slice().to_vec())).collect();
                assert_eq!(fields, secret.iter().map(|field| (field.name(), field.wire())).collect::<Vec<_>>());
                assert_eq!(checksum.is_some(), version < 6);
                if let Some(checksum) = checksum {
                    assert_eq!(checksum.due.map(|due| due.wrapping_add(off)), Some(checksum.stored));
                }
                assert!(!key.secret().is_encrypted() && key.protection().s2k().is_none());
                assert_eq!(key.secret().wire().expose().as_slice(), wire(secret));
                assert_eq!(key.public().wire().as_slice(), public_key(version, *number, &wire(public)));

                let mut expected = vec!["S2K usage"];
                if version == 5 {
                    expected.extend(["S2K parameters length", "secret key material length"]);
                }
                expected.extend(names(secret));
                if version < 6 {
                    expected.push("checksum");
                }
                let (found, errors) = told(&raw);
                assert!(errors.is_empty(), "version {version}, algorithm {number}: {errors:?}");
                assert!(found.ends_with(&expected), "version {version}, algorithm {number}: {found:?}");
            }
        }
    }
}

/// The S2K parameters of each usage octet, and what inspection calls them.
fn protections(version: u8) -> Vec<(Vec<u8>, Vec<&'static str>)> {
    let salt = [0xa5; 8];
    let vector = [0xb0; 16];
    let mut protections = Vec::new();
    for usage in [254, 255] {
        let s2k = [&[0x03, 0x08][..], &salt, &[0x60]].concat();
        let s2k = if version == 6 && usage == 254 { [&[11], &s2k[..]].concat() } else { s2k };
        let parameters = [&[0x09], &s2k[..], &vector].concat();
        let names = vec!["symmetric algorithm", "S2K type", "S2K hash algorithm", "S2K salt", "S2K count"];
        protections.push((usage, parameters, names));
    }
    let s2k = [&[0x04][..], &salt, &salt, &[0x01, 0x04, 0x15]].concat();
    let s2k = if version == 6 { [&[20], &s2k[..]].concat() } else { s2k };
    // LibrePGP fills the nonce up to the size of a block, RFC 9580 does not.
    let nonce = if version == 5 { &vector[..] } else { &vector[..15] };
    let names = vec![
        "symmetric algorithm",
        "AEAD algorithm",
        "S2K type",
        "S2K salt",
        "Argon2 passes",
        "Argon2 parallelism",
        "Argon2 memory",
    ];
    protections.push((253, [&[0x09, 0x02], &s2k[..], nonce].concat(), names));
    // A usage octet that is a cipher: AES-128.
    protections.push((7, vector.to_vec(), vec![]));
    let encode = |(usage, parameters, mut names): (u8, Vec<u8>, Vec<&'static str>)| {
        if version == 6 && usage != 7 && usage != 255 {
            let s2k_type = names.iter().position(|name| *name == "S2K type").unwrap();
            names.insert(s2k_type, "S2K specifier length");
        }
        names.push("initialization vector");
        if version >= 5 {
            names.insert(0, "S2K parameters length");
            let count = u8::try_from(parameters.len()).unwrap();
            ([&[usage, count], &parameters[..]].concat(), names)
        } else {
            ([&[usage], &parameters[..]].concat(), names)
        }
    };
    protections.into_iter().map(encode).collect()
}

#[test]
fn protected_secret_keys_of_every_algorithm_and_version() {
    for version in [4, 5, 6] {
        for (number, public, ..) in ALGORITHMS {
            for (protection, protection_names) in protections(version) {
                let encrypted = [0xee; 40];
                let secret = if version == 5 { counted(&encrypted) } else { encrypted.to_vec() };
                let body = [public_key(version, *number, &wire(public)), protection.clone(), secret].concat();
                let octets = packet(PacketType::SECRET_KEY, &body);
                let raw = only(&octets);
                let Ok(Packet::SecretKey(key)) = raw.interpret() else { panic!("{:?}", raw.interpret()) };
                assert!(key.secret().is_encrypted());
                assert_eq!(key.protection().wire().as_slice(), protection);
                assert_eq!(key.secret().wire().expose().as_slice(), encrypted);
                assert!(matches!(key.protection().iv().len(), 15 | 16));

                let mut expected = vec!["S2K usage"];
                expected.extend(&protection_names);
                if version == 5 {
                    expected.push("secret key material length");
                }
                expected.push("encrypted secret key material");
                let (found, errors) = told(&raw);
                assert!(errors.is_empty(), "{errors:?}");
                assert!(found.ends_with(&expected), "version {version}, algorithm {number}: {found:?}");
            }
        }
    }
}

/// "With version 3 keys, the MPI bit count prefix … is not encrypted", and neither is the checksum.
#[test]
fn the_integers_of_a_protected_version_3_key_are_told_apart() {
    let protection = [&[0x01][..], &[0xb0; 8]].concat(); // S2K usage: IDEA, initialization vector
    let body = [public_key(3, 1, &wire(RSA_PUBLIC)), protection, wire(RSA_SECRET), vec![0x12, 0x34]].concat();
    let octets = packet(PacketType::SECRET_KEY, &body);
    let raw = only(&octets);
    let Ok(Packet::SecretKey(key)) = raw.interpret() else { panic!("{:?}", raw.interpret()) };
    assert_eq!(key.secret().fields().map(|field| field.name).collect::<Vec<_>>(), names(RSA_SECRET));
    let checksum = key.secret().checksum().unwrap();
    assert_eq!((checksum.stored, checksum.due), (0x1234, None));
    assert!(told(&raw).1.is_empty());
}

/// A signature without subpackets.
fn signature(version: u8, algorithm: u8, material: &[u8]) -> Vec<u8> {
    let head = match version {
        ..=3 => [
            &[version, 0x05, 0x00][..], // version, length of the hashed material, type
            &CREATED.to_be_bytes(),     // creation time
            &[0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef], // key ID
            &[algorithm, 0x08],         // algorithms
            &[0xab, 0xcd],              // left 16 bits of the hash
        ]
        .concat(),
        _ => {
            let count: &[u8] = if version == 6 { &[0; 4] } else { &[0; 2] };
            let salt = [&[0x10][..], &[0x5a; 16]].concat();
            let salt: &[u8] = if version == 6 { &salt } else { &[] };
            [&[version, 0x00, algorithm, 0x08], count, count, &[0xab, 0xcd], salt].concat()
        }
    };
    [&head, material].concat()
}

#[test]
fn signatures_of_every_algorithm_and_version() {
    for version in VERSIONS {
        for (number, _, _, fields) in ALGORITHMS.iter().filter(|(.., signature)| !signature.is_empty()) {
            let octets = packet(PacketType::SIGNATURE, &signature(version, *number, &wire(fields)));
            let raw = only(&octets);
            let Ok(Packet::Signature(signature)) = raw.interpret() else { panic!("{:?}", raw.interpret()) };
            let signature: Signature<'_> = signature;
            assert_eq!((signature.version(), signature.public_key_algorithm().0), (version, *number));
            assert_eq!(signature.digest_prefix().as_slice(), [0xab, 0xcd]);
            let found: Vec<_> = signature.material().fields().map(|field| field.name).collect();
            assert_eq!(found, names(fields), "version {version}, algorithm {number}");
            assert_eq!(signature.material().wire().as_slice(), wire(fields));
            assert_eq!(signature.created().map(|created| created.0), (version <= 3).then_some(CREATED));
            let (found, errors) = told(&raw);
            assert!(errors.is_empty() && found.ends_with(&names(fields)), "{found:?} {errors:?}");
        }
    }
}

/// Algorithms that nobody specifies, or that do not do what is asked of them.
#[test]
fn material_of_an_unknown_algorithm_is_one_field() {
    for version in VERSIONS {
        for number in [0, 21, 29, 100, 255] {
            let octets = packet(PacketType::PUBLIC_KEY, &public_key(version, number, b"whatever"));
            let (_, names, wires, is_known) = interpreted_public(&only(&octets), false);
            assert_eq!((names, wires, is_known), (vec!["material"], vec![b"whatever".to_vec()], false));
        }
        for number in [0, 8, 18, 25, 26, 35, 36, 100] {
            let octets = packet(PacketType::SIGNATURE, &signature(version, number, b"whatever"));
            let Ok(Packet::Signature(signature)) = only(&octets).interpret() else { panic!("version {version}") };
            let fields: Vec<_> = signature.material().fields().map(|field| (field.name, field.wire.len())).collect();
            assert_eq!(fields, [("material", 8)], "algorithm {number}");
        }
    }
}

/// Versions 5 and 6 delimit the public part, so the secret part can be read.
#[test]
fn secret_material_of_an_unknown_algorithm_is_one_field() {
    for version in [5, 6] {
        let body = [public_key(version, 100, b"public"), secret_part(version, b"secret", 0)].concat();
        let octets = packet(PacketType::SECRET_KEY, &body);
        let Ok(Packet::SecretKey(key)) = only(&octets).interpret() else { panic!("version {version}") };
        assert_eq!(key.public().material().wire().as_slice(), b"public");
        let fields: Vec<_> = key.secret().fields().map(|field| field.wire.expose().as_slice().to_vec()).collect();
        assert_eq!(fields, [b"secret"]);
    }
}

/// In the earlier versions nothing says where the secret part of an unknown algorithm starts: that is no error, and all of it
/// has to be taken for secret. Nor is there a fingerprint, which is over the public part.
#[test]
fn a_secret_key_of_an_unknown_algorithm_may_be_secret_from_its_material_on() {
    for version in [2, 3, 4] {
        let body = [public_key(version, 100, b"public"), secret_part(version, b"secret", 0)].concat();
        for packet_type in [PacketType::SECRET_KEY, PacketType::SECRET_SUBKEY] {
            let octets = packet(packet_type, &body);
            let raw = only(&octets);
            let (names, errors) = told(&raw);
            assert!(errors.is_empty(), "unknown is a value, not an error: {errors:?}");
            assert!(!names.contains(&"fingerprint") && !names.contains(&"keyid"), "{names:?}");
            let mut is_hidden = true;
            // Twelve octets of material, the S2K usage octet between them, and the checksum.
            let material = raw.body().span().end - 15;
            let _ = inspect::packet(&raw, &mut |event: Event<'_>| -> ControlFlow<()> {
                if let Event::Field(field) = event
                    && field.span.is_some_and(|Span { end, .. }| end > material)
                {
                    is_hidden &= matches!(field.value, Value::Secret(_));
                }
                ControlFlow::Continue(())
            });
            assert!(is_hidden, "version {version}: {names:?}");
        }
    }
}

/// A fingerprint in upper-case hexadecimal.
fn upper(fingerprint: Option<Fingerprint>) -> String {
    fingerprint.unwrap().to_string().to_uppercase()
}

/// The fingerprints and key IDs of the keys in `wire`.
fn identities(wire: &[u8]) -> Vec<(String, String)> {
    let keys = framing::packets(wire).flatten().filter_map(|raw| match raw.interpret() {
        Ok(Packet::PublicKey(key) | Packet::PublicSubkey(key)) => Some(key),
        Ok(Packet::SecretKey(key) | Packet::SecretSubkey(key)) => Some(key.public()),
        _ => None,
    });
    keys.map(|key| (upper(key.fingerprint()), key.key_id().unwrap().to_string().to_uppercase())).collect()
}

/// Files in which a subkey binding does not name the primary key, and why.
const OTHER_ISSUERS: [(&str, &str); 4] = [
    ("vectors/gnupg/openpgp/forged-keyring.gpg", "the signatures of another key were put behind this one"),
    ("vectors/rpgp/eddsa/bp256.pub", "the key is one of ECDSA whose algorithm was changed to EdDSA afterwards"),
    ("vectors/rpgp/eddsa/bp256.sec", "the same"),
    ("vectors/rpgp/unit-tests/signed_public_key_subkey_write_len_expect.asc", "found by fuzzing"),
];

/// The same RSA numbers in every version: the fingerprints are from Python's hashlib.
#[test]
fn fingerprints_of_every_version() {
    let modulus: Vec<u8> = (0x80..0x90).collect();
    let material = [&[0x00, 0x80][..], &modulus, &[0x00, 0x11, 0x01, 0x00, 0x01]].concat();
    for (version, fingerprint, key_id) in [
        (2, "7948C8A4FE5D6EDAEB55B9A205600483", "88898A8B8C8D8E8F"),
        (3, "7948C8A4FE5D6EDAEB55B9A205600483", "88898A8B8C8D8E8F"),
        (4, "81B3A5A21CA8B46E37ABB0E2D65A748407138EAA", "D65A748407138EAA"),
        (5, "4D63BCE2EA968EA2CD96CBA396769F842ED4FE7A1E909C49C8F76A995E12F7A6", "4D63BCE2EA968EA2"),
        (6, "9F5CFA9AF556A03ED09921FC5B55081201E8629E6166D7028A49C765BD4FB83D", "9F5CFA9AF556A03E"),
    ] {
        let public = public_key(version, 1, &material);
        let secret = [public.clone(), secret_part(version, &wire(RSA_SECRET), 0)].concat();
        for octets in [
            packet(PacketType::PUBLIC_KEY, &public),
            packet(PacketType::PUBLIC_SUBKEY, &public),
            packet(PacketType::SECRET_KEY, &secret),
        ] {
            assert_eq!(identities(&octets), [(fingerprint.to_string(), key_id.to_string())], "version {version}");
        }
    }
}

/// A version 3 fingerprint is over integers, and its key ID is eight octets of the first.
#[test]
fn what_a_version_3_key_has_no_fingerprint_or_key_id_for() {
    let short = packet(PacketType::PUBLIC_KEY, &public_key(3, 1, &wire(RSA_PUBLIC)));
    let Ok(Packet::PublicKey(key)) = only(&short).interpret() else { panic!("a key") };
    assert!(key.fingerprint().is_some() && key.key_id().is_none());
    let curve = packet(PacketType::PUBLIC_KEY, &public_key(3, 19, &wire(&[Curve, Mpi("point")])));
    let Ok(Packet::PublicKey(key)) = only(&curve).interpret() else { panic!("a key") };
    assert!(key.fingerprint().is_none() && key.key_id().is_none());
    // The length of a version 4 key has two octets in what is hashed.
    let long = packet(PacketType::PUBLIC_KEY, &public_key(4, 100, &[0; 0x1_0000]));
    let Ok(Packet::PublicKey(key)) = only(&long).interpret() else { panic!("a key") };
    assert!(key.fingerprint().is_none() && key.key_id().is_none());
}

/// RFC 9580 appendix A.1, "Sample Version 4 Ed25519Legacy Key".
const RFC_9580_A_1: &[u8] = &[
    0x98, 0x33, 0x04, 0x53, 0xf3, 0x5f, 0x0b, 0x16, 0x09, 0x2b, 0x06, 0x01, 0x04, 0x01, 0xda, 0x47, 0x0f, 0x01, 0x01,
    0x07, 0x40, 0x3f, 0x09, 0x89, 0x94, 0xbd, 0xd9, 0x16, 0xed, 0x40, 0x53, 0x19, 0x79, 0x34, 0xe4, 0xa8, 0x7c, 0x80,
    0x73, 0x3a, 0x12, 0x80, 0xd6, 0x2f, 0x80, 0x10, 0x99, 0x2e, 0x43, 0xee, 0x3b, 0x24, 0x06,
];

/// RFC 9580 appendix A.3, "Sample Version 6 Certificate".
const RFC_9580_A_3: &str = "-----BEGIN PGP PUBLIC KEY BLOCK-----

xioGY4d/4xsAAAAg+U2nu0jWCmHlZ3BqZYfQMxmZu52JGggkLq2EVD34laPCsQYf
GwoAAABCBYJjh3/jAwsJBwUVCg4IDAIWAAKbAwIeCSIhBssYbE8GCaaX5NUt+mxy
KwwfHifBilZwj2Ul7Ce62azJBScJAgcCAAAAAK0oIBA+LX0ifsDm185Ecds2v8lw
gyU2kCcUmKfvBXbAf6rhRYWzuQOwEn7E/aLwIwRaLsdry0+VcallHhSu4RN6HWaE
QsiPlR4zxP/TP7mhfVEe7XWPxtnMUMtf15OyA51YBM4qBmOHf+MZAAAAIIaTJINn
+eUBXbki+PSAld2nhJh/LVmFsS+60WyvXkQ1wpsGGBsKAAAALAWCY4d/4wKbDCIh
BssYbE8GCaaX5NUt+mxyKwwfHifBilZwj2Ul7Ce62azJAAAAAAQBIKbpGG2dWTX8
j+VjFM21J0hqWlEg+bdiojWnKfA5AQpWUWtnNwDEM0g12vYxoWM8Y81W+bHBw805
I8kWVkXU6vFOi+HWvv/ira7ofJu16NnoUkhclkUrk0mXubZvyl4GBg==
-----END PGP PUBLIC KEY BLOCK-----
";

#[test]
fn the_fingerprints_that_rfc_9580_tells_of_its_samples() {
    let identity = |fingerprint: &str, key_id: &str| (fingerprint.to_string(), key_id.to_string());
    assert_eq!(
        identities(RFC_9580_A_1),
        // The key ID is in the sample signature of appendix A.2.
        [identity("C959BDBAFA32A2F89A153B678CFDE12197965A9A", "8CFDE12197965A9A")]
    );
    let decoded = bpg_core::armor::blocks(RFC_9580_A_3.as_bytes()).next().unwrap().decode().unwrap();
    assert_eq!(
        identities(&decoded.octets),
        [
            identity("CB186C4F0609A697E4D52DFA6C722B0C1F1E27C18A56708F6525EC27BAD9ACC9", "CB186C4F0609A697"),
            identity("12C83F1E706F6308FE151A417743A1F033790E93E9978488D1DB378DA9930885", "12C83F1E706F6308"),
        ]
    );
}

/// draft-ietf-openpgp-pqc appendix A (RFC 9980), sample keys: file, primary key, subkey.
const PQC_SAMPLES: [(&str, &str, &str); 7] = [
    (
        "v6-eddsa-sample",
        "c789e17d9dbdca7b3c833a3c063feb0353f80ad911fe27868fb0645df803e947",
        "dafe0eebb2675ecfcdc20a23fe89ca5d12e83f527dfa354b6dcf662131a48b9d",
    ),
    ("v4-eddsa-sample", "342e5db2de345215cb2c944f7102ffed3b9cf12d", "e51dbfea51936988b5428fffa4f95f985ed61a51"),
    (
        "v6-mldsa-65-sample",
        "a3e2e14b6a493ff930fb27321f125e9a6880338be9fb7da3ae065ea65793242f",
        "7dae8fbce23022607167af72a002e774e0ca379a2d7ae072384e1e8fde3265e4",
    ),
    (
        "v6-mldsa-87-sample",
        "0d7a8be1410cd68eed4845ab487b4b4cfaecd8ebad1a1166a84230499200ee20",
        "65090e147a8116ab7f62ab4ec7aae59d9e6532feb2af230c73cdc869fbc60c8f",
    ),
    (
        "v6-slhdsa-128s-sample",
        "eed4d13fc36c78e48276a93233339c4dd230fd5f6f5c5b82c63d5c0b5e361d92",
        "3e8745a4bb488779e0f32480fa23f8d0bfd8c2f49d7f74e957e1c2ffc2ef4bfc",
    ),
    (
        "v6-slhdsa-128f-sample",
        "d54e0307021169f7b88beb2b76e3aad0e114be1a8f982d74dba9ca51d03537f4",
        "d8875664256c382dd7f3a5ce05021088922811f5d0b1a1f8c7769944a51b7002",
    ),
    (
        "v6-slhdsa-256s-sample",
        "72fff84863aeba67f0d1d7691173247dd427533b9d7ee76011c6f77f2ce9fa7a",
        "570a5bbab93169876a8240da35a1ada7ba8a640aabe3ab467c797214844df15f",
    ),
];

#[test]
fn the_fingerprints_that_the_post_quantum_draft_tells_of_its_samples() {
    if common::vectors_folder().is_none() {
        return;
    }
    // They are many, or this panics.
    let files = common::vectors();
    for (name, primary, subkey) in PQC_SAMPLES {
        for kind in ["pk", "sk"] {
            let path = format!("vectors/pqc-draft/{name}-{kind}.asc");
            let file = files.iter().find(|file| file.name == path).unwrap();
            let found = identities(&file.inputs()[0].octets);
            let found: Vec<_> = found.iter().map(|(fingerprint, _)| fingerprint.to_lowercase()).collect();
            assert_eq!(found, [primary, subkey], "{path}");
        }
    }
}

/// Files of GnuPG's tests, two of them of version 5, say in front of the armor what the fingerprints are.
#[test]
fn the_fingerprints_that_files_tell_in_front_of_their_armor() {
    let mut lengths = Vec::new();
    for file in common::vectors().iter().filter(|file| file.name.contains("samplekeys/")) {
        let text = String::from_utf8_lossy(&file.octets);
        let Some((text, _)) = text.split_once("-----BEGIN") else { continue };
        // A key grip is as long as a fingerprint; "Key fingerprint = 8F15 C42E …" has its digits apart.
        let lines = text.lines().filter(|line| !line.contains("Keygrip"));
        let lines = lines.map(|line| line.rsplit('=').next().unwrap().replace(' ', ""));
        let is_fingerprint =
            |line: &String| matches!(line.len(), 40 | 64) && line.bytes().all(|octet| octet.is_ascii_hexdigit());
        let told: Vec<_> = lines.filter(is_fingerprint).map(|line| line.to_uppercase()).collect();
        let found: HashSet<_> = file.inputs().iter().flat_map(|input| identities(&input.octets)).collect();
        let found: HashSet<_> = found.into_iter().map(|(fingerprint, _)| fingerprint).collect();
        for fingerprint in told {
            assert!(found.contains(&fingerprint), "{}: {fingerprint} is not among {found:?}", file.name);
            lengths.push(fingerprint.len());
        }
    }
    if common::vectors_folder().is_some() {
        let count = |length| lengths.iter().filter(|other| **other == length).count();
        assert!(count(40) >= 5 && count(64) >= 3, "{lengths:?}");
    }
}

/// A subkey binding is made by the primary key in front of it, so the issuer that it names is a fingerprint or key ID computed
/// by another program.
#[test]
fn issuers_of_subkey_bindings_are_the_primary_keys() {
    let (mut fingerprints, mut key_ids, mut others) = ([0; 7], [0; 7], Vec::new());
    for input in common::inputs() {
        let mut primary: Option<PublicKey<'_>> = None;
        for raw in framing::packets(&input.octets).flatten() {
            let signature = match raw.interpret() {
                Ok(Packet::PublicKey(key)) => {
                    primary = Some(key);
                    continue;
                }
                Ok(Packet::SecretKey(key)) => {
                    primary = Some(key.public());
                    continue;
                }
                Ok(Packet::Signature(signature)) if signature.signature_type() == SignatureType(0x18) => signature,
                _ => continue,
            };
            let Some(primary) = primary else { continue };
            let version = usize::from(primary.version());
            if signature.issuer_key_id().is_some() {
                key_ids[version] += 1;
                if signature.issuer_key_id() != primary.key_id() {
                    others.push((input.name.clone(), signature.issuer_key_id().unwrap().to_string()));
                }
            }
            let Some(area) = signature.hashed_area() else { continue };
            let mut first = None;
            for subpacket in area.subpackets().flatten() {
                if let Ok(SubpacketValue::IssuerFingerprint(issuer)) = subpacket.value() {
                    fingerprints[version] += 1;
                    let first = first.get_or_insert(issuer);
                    let told = signature.issuer_fingerprint().unwrap();
                    assert_eq!((told.version, told.fingerprint.span()), (first.version, first.fingerprint.span()));
                    let fingerprint = primary.fingerprint().unwrap();
                    if issuer.fingerprint.as_slice() != fingerprint.as_slice() || usize::from(issuer.version) != version
                    {
                        others.push((input.name.clone(), fingerprint.to_string()));
                    }
                }
            }
        }
    }
    others.retain(|(name, _)| !OTHER_ISSUERS.iter().any(|(other, _)| name.starts_with(other)));
    assert!(others.is_empty(), "{others:#?}");
    assert!(fingerprints[4] > 20 && key_ids[4] > 50, "{fingerprints:?} {key_ids:?}");
    if common::vectors_folder().is_some() {
        assert!(
            fingerprints[5] > 1 && fingerprints[6] > 10 && key_ids[3] + key_ids[2] < 10,
            "{fingerprints:?} {key_ids:?}"
        );
    }
}

#[test]
fn version_3_certifications_name_their_version_3_key() {
    for name in ["keys/v3-rsa1024.pub.gpg", "keys/v3-rsa1024.sec.gpg"] {
        about(name, || {
            let octets = common::testdata_file(name);
            // The fingerprint is from Python's hashlib.
            let (fingerprint, key_id) = identities(&octets)[0].clone();
            assert_eq!(fingerprint, "01CD310F21F9D762A74EDF3D319448B9");
            assert_eq!(key_id, "14A812C386F63877");
        });
    }
    let octets = common::testdata_file("keys/v3-rsa1024.pub.gpg");
    let issuers: Vec<_> = framing::packets(&octets)
        .flatten()
        .filter_map(|raw| match raw.interpret() {
            Ok(Packet::Signature(signature)) => signature.issuer_key_id(),
            _ => None,
        })
        .map(|key_id| key_id.to_string())
        .collect();
    assert_eq!(issuers, ["14a812c386f63877"]);
}
