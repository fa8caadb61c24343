//! The test vectors of RFC 9580, Appendix A, one test a section.
//!
//! What is expected is what the RFC prints: the tables below hold the octets of its annotated dumps, in their order, beside
//! our names of the fields. Values are asserted where the RFC says in words what the octets mean.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]

mod common;

use core::ops::ControlFlow;

use bpg_core::inspect::{self, Event};
use bpg_core::material::FieldValue;
use bpg_core::packet::signature::SubpacketValue;
use bpg_core::packet::{OnePassIssuer, Packet, PublicKey, Recipient, SecretKey, Signature};
use bpg_core::registry::{
    AeadAlgorithm, HashAlgorithm, LiteralFormat, PublicKeyAlgorithm, S2kUsage, SignatureType, SubpacketType,
    SymmetricKeyAlgorithm,
};
use bpg_core::s2k::{self, S2kParameters};
use bpg_core::time::Timestamp;
use bpg_core::{armor, container, framing};
use sha2::{Digest, Sha256, Sha512};

// A.3 and A.4: what the same octets stand for in several dumps.
const PRIMARY: &str = "cb186c4f0609a697e4d52dfa6c722b0c1f1e27c18a56708f6525ec27bad9acc9";
const SUBKEY: &str = "12c83f1e706f6308fe151a417743a1f033790e93e9978488d1db378da9930885";
const ED25519_KEY: &str = "f94da7bb48d60a61e567706a6587d0331999bb9d891a08242ead84543df895a3";
const X25519_KEY: &str = "8693248367f9e5015db922f8f48095dda784987f2d5985b12fbad16caf5e4435";

// ---------------------------------------------------------------------------------------------------------------------
// A.1 and A.2: version 4

#[test]
fn a_1_version_4_ed25519_legacy_key() {
    let octets = file("a1-v4-ed25519legacy.pub.gpg");
    let q = "403f098994bdd916ed4053197934e4a87c80733a1280d62f8010992e43ee3b2406";
    assert_fields(
        &octets,
        &[
            ("packet type", "98"),
            ("body length", "33"),
            ("version", "04"),
            ("creation time", "53 f3 5f 0b"),
            ("algorithm", "16"),
            ("curve", "09 2b 06 01 04 01 da 47 0f 01"),
            ("point Q", &format!("0107{q}")),
        ],
    );
    let [Packet::PublicKey(key)] = packets(&octets)[..] else { panic!("one key") };
    assert_eq!((key.version(), key.algorithm()), (4, PublicKeyAlgorithm::EDDSA_LEGACY));
    assert_eq!(key.created().to_string(), "2014-08-19T14:28:27Z");
    // "C959 BDBA FA32 A2F8 9A15  3B67 8CFD E121 9796 5A9A"
    assert_eq!(key.fingerprint().unwrap().as_slice(), hex("C959BDBAFA32A2F89A153B678CFDE12197965A9A"));
    assert_eq!(key.key_id().unwrap().to_string(), "8cfde12197965a9a");
    // The algorithm-specific input parameters; the OID with its length octet is the field above.
    assert_eq!(key.material().curve().unwrap().octets().as_slice(), hex("2b06010401da470f01"));
    let Some(FieldValue::Mpi(point)) = key.material().fields().nth(1).map(|field| field.value) else { panic!("q") };
    assert_eq!(point.octets().as_slice(), hex(q));
    // "The same packet represented in ASCII-armored form" has a new-format header.
    assert_eq!(file("a1-v4-ed25519legacy.pub.asc"), [&hex("c6 33"), &octets[2..]].concat());
}

#[test]
fn a_2_version_4_ed25519_legacy_signature() {
    let octets = file("a2-v4-ed25519legacy.sig");
    let r = "56f90cca98e2102637bd983fdb16c131dfd27ed82bf4dde5606e0d756aed3366";
    let s = "d09c4fa11527f038e0f57f2201d82f2ea2c9033265fa6ceb489e854bae61b404";
    assert_fields(
        &octets,
        &[
            ("packet type", "88"),
            ("body length", "5e"),
            ("version", "04"),
            ("type", "00"),
            ("public-key algorithm", "16"),
            ("hash algorithm", "08"),
            ("hashed area length", "00 06"),
            ("length", "05"),
            ("type", "02"),
            ("value", "55 f9 5f 95"),
            ("unhashed area length", "00 0a"),
            ("length", "09"),
            ("type", "10"),
            ("value", "8c fd e1 21 97 96 5a 9a"),
            ("left 16 bits of the hash", "f6 22"),
            ("R", &format!("00ff{r}")),
            ("S", &format!("0100{s}")),
        ],
    );
    let [Packet::Signature(signature)] = packets(&octets)[..] else { panic!("one signature") };
    assert_eq!(signature.signature_type(), SignatureType::BINARY);
    assert_eq!(signature.hash_algorithm(), HashAlgorithm::SHA2_256);
    assert_eq!(signature.created().unwrap().to_string(), "2015-09-16T12:24:53Z");
    assert_eq!(signature.issuer_key_id().unwrap().to_string(), "8cfde12197965a9a");
    let hashed = [b"OpenPGP", &hashed_fields(&signature)[..], &[0x04, 0xff, 0, 0, 0, 0x0c]].concat();
    assert_eq!(hashed, hex("4f70656e504750040016080006050255f95f9504ff0000000c"));
    let digest = hex("f6220a3f757814f4c2176ffbb68b00249cd4ccdc059c4b34ad871f30b1740280");
    assert_eq!(Sha256::digest(&hashed).as_slice(), digest);
    assert_eq!(signature.digest_prefix().as_slice(), &digest[..2]);
    assert_eq!(file("a2-v4-ed25519legacy-signature.asc"), octets);
}

// ---------------------------------------------------------------------------------------------------------------------
// A.3 to A.5: version 6 keys

/// The direct-key signature: the octets of A.3.1 from "trailer begins" on, between those that only A.3 has.
const DIRECT_KEY_SIGNATURE: [(&str, &str); 36] = [
    ("packet type", "c2"),
    ("body length", "b1"),
    ("version", "06"),
    ("type", "1f"),
    ("public-key algorithm", "1b"),
    ("hash algorithm", "0a"),
    ("hashed area length", "00 00 00 42"),
    ("length", "05"),
    ("type", "82"),
    ("value", "63 87 7f e3"),
    ("length", "03"),
    ("type", "0b"),
    ("value", "09 07"),
    ("length", "05"),
    ("type", "15"),
    ("value", "0a 0e 08 0c"),
    ("length", "02"),
    ("type", "16"),
    ("value", "00"),
    ("length", "02"),
    ("type", "9b"),
    ("value", "03"),
    ("length", "02"),
    ("type", "1e"),
    ("value", "09"),
    ("length", "22"),
    ("type", "21"),
    ("key version", "06"),
    ("value", PRIMARY),
    ("length", "05"),
    ("type", "27"),
    ("value", "09 02 07 02"),
    ("unhashed area length", "00 00 00 00"),
    ("left 16 bits of the hash", "ad 28"),
    ("salt length", "20"),
    ("salt", "10 3e 2d 7d 22 7e c0 e6 d7 ce 44 71 db 36 bf c9 70 83 25 36 90 27 14 98 a7 ef 05 76 c0 7f aa e1"),
];

/// The subkey binding signature, in the same way.
const SUBKEY_BINDING_SIGNATURE: [(&str, &str); 21] = [
    ("packet type", "c2"),
    ("body length", "9b"),
    ("version", "06"),
    ("type", "18"),
    ("public-key algorithm", "1b"),
    ("hash algorithm", "0a"),
    ("hashed area length", "00 00 00 2c"),
    ("length", "05"),
    ("type", "82"),
    ("value", "63 87 7f e3"),
    ("length", "02"),
    ("type", "9b"),
    ("value", "0c"),
    ("length", "22"),
    ("type", "21"),
    ("key version", "06"),
    ("value", PRIMARY),
    ("unhashed area length", "00 00 00 00"),
    ("left 16 bits of the hash", "04 01"),
    ("salt length", "20"),
    ("salt", "a6 e9 18 6d 9d 59 35 fc 8f e5 63 14 cd b5 27 48 6a 5a 51 20 f9 b7 62 a2 35 a7 29 f0 39 01 0a 56"),
];

/// The fields of a public key of A.3, as A.3.1 prints them behind "pubkey begins".
fn key_fields<'a>(algorithm: &'a str, material: &'a str) -> [(&'a str, &'a str); 5] {
    [
        ("version", "06"),
        ("creation time", "63 87 7f e3"),
        ("algorithm", algorithm),
        ("key material length", "00 00 00 20"),
        ("public key", material),
    ]
}

#[test]
fn a_3_version_6_certificate() {
    let octets = file("a3-v6.pub.asc");
    let mut due = vec![("packet type", "c6"), ("body length", "2a")];
    due.extend(key_fields("1b", ED25519_KEY));
    due.extend(DIRECT_KEY_SIGNATURE);
    due.extend([("packet type", "ce"), ("body length", "2a")]);
    due.extend(key_fields("19", X25519_KEY));
    due.extend(SUBKEY_BINDING_SIGNATURE);
    assert_rows(&without_signatures(fields(&octets)), &due);

    let [
        Packet::PublicKey(primary),
        Packet::Signature(direct),
        Packet::PublicSubkey(subkey),
        Packet::Signature(binding),
    ] = packets(&octets)[..]
    else {
        panic!("not the packets that A.3 lists")
    };
    assert_is_key_of_a_3(primary, PublicKeyAlgorithm::ED25519, PRIMARY);
    assert_is_key_of_a_3(subkey, PublicKeyAlgorithm::X25519, SUBKEY);
    assert_is_direct_key_signature_of_a_3(&direct);
    assert_eq!((binding.version(), binding.signature_type()), (6, SignatureType::SUBKEY_BINDING));
    assert_eq!(binding.created().unwrap().to_string(), "2022-11-30T16:08:03Z");
}

fn assert_is_key_of_a_3(key: PublicKey<'_>, algorithm: PublicKeyAlgorithm, fingerprint: &str) {
    assert_eq!((key.version(), key.algorithm()), (6, algorithm));
    assert_eq!(key.created().to_string(), "2022-11-30T16:08:03Z");
    assert_eq!(key.fingerprint().unwrap().as_slice(), hex(fingerprint));
    // RFC 9580 section 5.5.4.3: the Key ID is the high-order 64 bits of the fingerprint.
    assert_eq!(key.key_id().unwrap().0, hex(fingerprint)[..8]);
}

/// What A.3.1 says of its subpackets.
fn assert_is_direct_key_signature_of_a_3(signature: &Signature<'_>) {
    assert_eq!((signature.version(), signature.signature_type()), (6, SignatureType::DIRECT_KEY));
    assert_eq!(signature.public_key_algorithm(), PublicKeyAlgorithm::ED25519);
    assert_eq!(signature.hash_algorithm(), HashAlgorithm::SHA2_512);
    let subpackets: Vec<_> = signature.hashed_area().unwrap().subpackets().map(Result::unwrap).collect();
    let criticality: Vec<_> = subpackets.iter().map(|it| (it.subpacket_type(), it.is_critical())).collect();
    use SubpacketType as T;
    let due = [
        (T::SIGNATURE_CREATION_TIME, true),
        (T::PREFERRED_SYMMETRIC_CIPHERS, false),
        (T::PREFERRED_HASH_ALGORITHMS, false),
        (T::PREFERRED_COMPRESSION_ALGORITHMS, false),
        (T::KEY_FLAGS, true),
        (T::FEATURES, false),
        (T::ISSUER_FINGERPRINT, false),
        (T::PREFERRED_AEAD_CIPHERSUITES, false),
    ];
    assert_eq!(criticality, due);
    let values: Vec<_> = subpackets.iter().map(|subpacket| subpacket.value().unwrap()).collect();
    assert!(matches!(values[0], SubpacketValue::SignatureCreationTime(time) if time.0 == 0x6387_7fe3));
    assert!(matches!(values[4], SubpacketValue::KeyFlags(flags) if flags.as_slice() == [0x03]));
    assert!(matches!(values[5], SubpacketValue::Features(flags) if flags.as_slice() == [0x09]));
    let SubpacketValue::IssuerFingerprint(issuer) = values[6] else { panic!("issuer fingerprint") };
    assert_eq!((issuer.version, issuer.fingerprint.as_slice()), (6, &hex(PRIMARY)[..]));
}

/// The two sequences of octets that the signatures are made over, from what the packets hold.
#[test]
fn a_3_1_hashed_data_streams() {
    let octets = file("a3-v6.pub.asc");
    let [
        Packet::PublicKey(primary),
        Packet::Signature(direct),
        Packet::PublicSubkey(subkey),
        Packet::Signature(binding),
    ] = packets(&octets)[..]
    else {
        panic!("not the packets that A.3 lists")
    };
    let stream = [salt(&direct), hashed_key(primary), trailer(&direct)].concat();
    let due = "10 3e 2d 7d 22 7e c0 e6 d7 ce 44 71 db 36 bf c9 70 83 25 36 90 27 14 98 a7 ef 05 76 c0 7f aa e1
               9b 00 00 00 2a 06 63 87 7f e3 1b 00 00 00 20 f9 4d a7 bb 48 d6 0a 61 e5 67 70 6a 65 87 d0 33 19
               99 bb 9d 89 1a 08 24 2e ad 84 54 3d f8 95 a3 06 1f 1b 0a 00 00 00 42 05 82 63 87 7f e3 03 0b 09
               07 05 15 0a 0e 08 0c 02 16 00 02 9b 03 02 1e 09 22 21 06 cb 18 6c 4f 06 09 a6 97 e4 d5 2d fa 6c
               72 2b 0c 1f 1e 27 c1 8a 56 70 8f 65 25 ec 27 ba d9 ac c9 05 27 09 02 07 02 06 ff 00 00 00 4a";
    assert_eq!(stream, hex(due));
    assert_eq!(Sha512::digest(&stream)[..2], *direct.digest_prefix().as_slice());

    let stream = [salt(&binding), hashed_key(primary), hashed_key(subkey), trailer(&binding)].concat();
    let due = "a6 e9 18 6d 9d 59 35 fc 8f e5 63 14 cd b5 27 48 6a 5a 51 20 f9 b7 62 a2 35 a7 29 f0 39 01 0a 56
               9b 00 00 00 2a 06 63 87 7f e3 1b 00 00 00 20 f9 4d a7 bb 48 d6 0a 61 e5 67 70 6a 65 87 d0 33 19
               99 bb 9d 89 1a 08 24 2e ad 84 54 3d f8 95 a3 9b 00 00 00 2a 06 63 87 7f e3 19 00 00 00 20 86 93
               24 83 67 f9 e5 01 5d b9 22 f8 f4 80 95 dd a7 84 98 7f 2d 59 85 b1 2f ba d1 6c af 5e 44 35 06 18
               1b 0a 00 00 00 2c 05 82 63 87 7f e3 02 9b 0c 22 21 06 cb 18 6c 4f 06 09 a6 97 e4 d5 2d fa 6c 72
               2b 0c 1f 1e 27 c1 8a 56 70 8f 65 25 ec 27 ba d9 ac c9 06 ff 00 00 00 34";
    assert_eq!(stream, hex(due));
    assert_eq!(Sha512::digest(&stream)[..2], *binding.digest_prefix().as_slice());
}

#[test]
fn a_4_version_6_secret_key() {
    let octets = file("a4-v6.sec.asc");
    // The former is in the armor alone; the latter is printed in A.8.2.
    let ed25519 = "1972817b12be707e8d5f586ce61361201d344eb266a2c82fde6835762b65b0b7";
    let x25519 = "4d 60 0a 4f 79 4d 44 77 5c 57 a2 6e 0f ee fe d5 58 e9 af ff d6 ad 0d 58 2d 57 fb 2b a2 dc ed b8";
    let mut due = vec![("packet type", "c5"), ("body length", "4b")];
    due.extend(key_fields("1b", ED25519_KEY));
    due.extend([("S2K usage", "00"), ("secret key", ed25519)]);
    due.extend(DIRECT_KEY_SIGNATURE);
    due.extend([("packet type", "c7"), ("body length", "4b")]);
    due.extend(key_fields("19", X25519_KEY));
    due.extend([("S2K usage", "00"), ("secret key", x25519)]);
    due.extend(SUBKEY_BINDING_SIGNATURE);
    assert_rows(&without_signatures(fields(&octets)), &due);

    let [Packet::SecretKey(primary), Packet::Signature(direct), Packet::SecretSubkey(subkey), Packet::Signature(_)] =
        packets(&octets)[..]
    else {
        panic!("not the packets that A.4 lists")
    };
    assert_is_key_of_a_3(primary.public(), PublicKeyAlgorithm::ED25519, PRIMARY);
    assert_is_key_of_a_3(subkey.public(), PublicKeyAlgorithm::X25519, SUBKEY);
    assert_is_direct_key_signature_of_a_3(&direct);
    for (key, secret) in [(primary, ed25519), (subkey, x25519)] {
        assert_eq!(key.protection().usage(), S2kUsage::UNPROTECTED);
        assert!(!key.secret().is_encrypted());
        assert_eq!(key.secret().wire().expose().as_slice(), hex(secret));
        // A version 6 key has no checksum.
        assert!(key.secret().checksum().is_none());
    }
}

#[test]
fn a_5_locked_version_6_secret_key() {
    let octets = file("a5-v6.sec-protected.asc");
    let [Packet::SecretKey(primary), Packet::Signature(direct), Packet::SecretSubkey(subkey), Packet::Signature(_)] =
        packets(&octets)[..]
    else {
        panic!("not the packets that A.4 lists")
    };
    assert_is_key_of_a_3(primary.public(), PublicKeyAlgorithm::ED25519, PRIMARY);
    assert_is_key_of_a_3(subkey.public(), PublicKeyAlgorithm::X25519, SUBKEY);
    assert_is_direct_key_signature_of_a_3(&direct);
    let primary_associated_data =
        "c50663877fe31b00000020f94da7bb48d60a61e567706a6587d0331999bb9d891a08242ead84543df895a3";
    let subkey_associated_data =
        "c70663877fe319000000208693248367f9e5015db922f8f48095dda784987f2d5985b12fbad16caf5e4435";
    assert_is_locked(primary, 0xc5, primary_associated_data);
    assert_is_locked(subkey, 0xc7, subkey_associated_data);
    // The rest is A.4 but for the two secrets.
    let public = |octets: &[u8]| {
        let rows = without_signatures(fields(octets)).into_iter();
        rows.filter(|(name, _)| !LOCKED.contains(name)).collect::<Vec<_>>()
    };
    assert_eq!(public(&octets), public(&file("a4-v6.sec.asc")));
}

/// "Here is the same secret key as in Appendix A.4, but the secret key material is locked with a passphrase using AEAD and
/// Argon2", for which 2 GiB are needed.
#[cfg(feature = "generate")]
#[test]
#[ignore = "takes 2 GiB of memory"]
fn a_5_opens_to_a_4() {
    use rand_core::SeedableRng;

    let mut rng = chacha20::ChaCha20Rng::from_seed([0; 32]);
    let locked = file("a5-v6.sec-protected.asc");
    let opened = bpg_core::generate::change_passphrase(&locked, Some(b"correct horse battery staple"), None, &mut rng);
    assert_eq!(opened.unwrap().as_slice(), file("a4-v6.sec.asc"));
}

/// The fields in which a locked key differs from one that is not.
const LOCKED: [&str; 14] = [
    "body length",
    "S2K usage",
    "S2K parameters length",
    "symmetric algorithm",
    "AEAD algorithm",
    "S2K specifier length",
    "S2K type",
    "S2K salt",
    "Argon2 passes",
    "Argon2 parallelism",
    "Argon2 memory",
    "initialization vector",
    "encrypted secret key material",
    "secret key",
];

/// "Using AEAD and Argon2", with the additional data of A.5.1 and A.5.2: the packet type and the public key.
fn assert_is_locked(key: SecretKey<'_>, packet_type: u8, associated_data: &str) {
    let protection = key.protection();
    assert_eq!(protection.usage(), S2kUsage::AEAD);
    assert_eq!(protection.aead(), Some(AeadAlgorithm::OCB));
    assert_eq!(protection.cipher(), Some(SymmetricKeyAlgorithm::AES_256));
    assert!(matches!(protection.s2k().unwrap().parameters(), S2kParameters::Argon2 { .. }));
    assert_eq!(protection.iv().len(), 15);
    // 32 octets of an Ed25519 or X25519 secret key, and a tag of 16.
    assert!(key.secret().is_encrypted());
    assert_eq!(key.secret().wire().len(), 48);
    assert_eq!([&[packet_type], key.public().wire().as_slice()].concat(), hex(associated_data));
}

// ---------------------------------------------------------------------------------------------------------------------
// A.6 and A.7: signed messages

const SIGNED_SALT: &str =
    "76 49 5f 50 21 88 90 f7 f5 e2 ee 3c 18 22 51 4f 70 50 0f 55 1d 86 e5 c9 21 e4 04 e3 4a 53 fb ac";

/// "The Signature packet here".
const SIGNED: [(&str, &str); 19] = [
    ("packet type", "c2"),
    ("body length", "98"),
    ("version", "06"),
    ("type", "01"),
    ("public-key algorithm", "1b"),
    ("hash algorithm", "0a"),
    ("hashed area length", "00 00 00 29"),
    ("length", "05"),
    ("type", "82"),
    ("value", "63 98 a3 63"),
    ("length", "22"),
    ("type", "21"),
    ("key version", "06"),
    ("value", PRIMARY),
    ("unhashed area length", "00 00 00 00"),
    ("left 16 bits of the hash", "69 36"),
    ("salt length", "20"),
    ("salt", SIGNED_SALT),
    (
        "signature",
        "27 d0 6f b8 0a a8 fc 5b cb 16 e1 96 31 b2 80 74 0f 9e a6 ae d5 e0 73 ad 00 f9 41 5a 65 3c 40 e7
         7a 6a e7 7e 69 2b a7 1d 06 9a 10 9f a2 4c 58 cf d8 e3 16 d0 a0 6b 34 ad 9a cb 8e 5c 5f 52 15 01",
    ),
];

#[test]
fn a_6_cleartext_signed_message() {
    let octets = file("a6-cleartext.asc");
    assert_fields(&octets, &SIGNED);
    let [Packet::Signature(signature)] = packets(&octets)[..] else { panic!("one signature") };
    assert_eq!(signature.signature_type(), SignatureType::TEXT);
    assert_eq!(signature.public_key_algorithm(), PublicKeyAlgorithm::ED25519);
    assert_eq!(signature.hash_algorithm(), HashAlgorithm::SHA2_512);
    assert_eq!(signature.created().unwrap().to_string(), "2022-12-13T16:08:03Z");
    let message = b"What we need from the grocery store:\r\n\r\n- tofu\r\n- vegetables\r\n- noodles\r\n";
    let stream = [salt(&signature), message.to_vec(), trailer(&signature)].concat();
    let due = "76 49 5f 50 21 88 90 f7 f5 e2 ee 3c 18 22 51 4f 70 50 0f 55 1d 86 e5 c9 21 e4 04 e3 4a 53 fb ac
               57 68 61 74 20 77 65 20 6e 65 65 64 20 66 72 6f 6d 20 74 68 65 20 67 72 6f 63 65 72 79 20 73 74
               6f 72 65 3a 0d 0a 0d 0a 2d 20 74 6f 66 75 0d 0a 2d 20 76 65 67 65 74 61 62 6c 65 73 0d 0a 2d 20
               6e 6f 6f 64 6c 65 73 0d 0a 06 01 1b 0a 00 00 00 29 05 82 63 98 a3 63 22 21 06 cb 18 6c 4f 06 09
               a6 97 e4 d5 2d fa 6c 72 2b 0c 1f 1e 27 c1 8a 56 70 8f 65 25 ec 27 ba d9 ac c9 06 ff 00 00 00 31";
    assert_eq!(stream, hex(due));
    let digest = hex("69365bf44a97af1f0844f1f6ab83fdf6b36f26692efaa621a8aac91c4e29ea07
         e894cabc6e2f20eedfce6c03b89141a2cc7cbe245e6e7a5654addbec5000b89b");
    assert_eq!(Sha512::digest(&stream).as_slice(), digest);
}

/// "The same message and signature as in Appendix A.6": what is before the signature has no dump in the RFC.
#[test]
fn a_7_inline_signed_message() {
    let octets = file("a7-inline.asc");
    let message = b"What we need from the grocery store:\n\n- tofu\n- vegetables\n- noodles\n";
    let message: String = message.iter().map(|octet| format!("{octet:02x}")).collect();
    let mut due = vec![
        ("packet type", "c4"),
        ("body length", "46"),
        ("version", "06"),
        ("type", "01"),
        ("hash algorithm", "0a"),
        ("public-key algorithm", "1b"),
        ("salt length", "20"),
        ("salt", SIGNED_SALT),
        ("fingerprint", PRIMARY),
        ("nested", "01"),
        ("packet type", "cb"),
        ("body length", "4a"),
        ("format", "75"),
        ("file name length", "00"),
        ("file name", ""),
        ("date", "00 00 00 00"),
        ("literal data", &message),
    ];
    due.extend(SIGNED);
    assert_fields(&octets, &due);
    let [Packet::OnePassSignature(one_pass), Packet::LiteralData(literal), Packet::Signature(signature)] =
        packets(&octets)[..]
    else {
        panic!("not an inline-signed message")
    };
    assert_eq!((one_pass.version(), one_pass.signature_type()), (6, SignatureType::TEXT));
    let OnePassIssuer::Fingerprint { salt, fingerprint } = one_pass.issuer() else { panic!("version 6") };
    assert_eq!(salt.as_slice(), signature.salt().unwrap().as_slice());
    assert_eq!(fingerprint.as_slice(), hex(PRIMARY));
    assert_eq!((literal.format(), literal.date()), (LiteralFormat::UTF8_TEXT, Timestamp(0)));
}

// ---------------------------------------------------------------------------------------------------------------------
// A.8 to A.11: encrypted with AEAD

/// A section on AEAD encryption, as far as its dumps are alike.
struct Aead {
    /// The first packet.
    session_key: &'static str,
    /// The second.
    data: &'static str,
    /// The octets of the second: the AEAD algorithm, the salt and the encrypted data.
    octets: [&'static str; 3],
    /// What the RFC calls encrypted data: that of the chunk, its tag, and the final tag.
    decrypted: &'static str,
    /// The content of the padding packet.
    padding: &'static str,
    /// Both packets.
    message: &'static str,
}

impl Aead {
    fn check(&self) {
        let [aead, salt, data] = self.octets;
        let octets = file(self.data);
        assert_fields(
            &octets,
            &[
                ("packet type", "d2"),
                ("body length", "69"),
                ("version", "02"),
                ("symmetric algorithm", "07"),
                ("AEAD algorithm", aead),
                ("chunk size", "06"),
                ("salt", salt),
                ("encrypted data", data),
            ],
        );
        let [Packet::IntegrityProtectedData(packet)] = packets(&octets)[..] else { panic!("one packet") };
        let parameters = packet.parameters().unwrap();
        assert_eq!((packet.version(), parameters.cipher), (2, SymmetricKeyAlgorithm::AES_128));
        // "2^12 octets"
        assert_eq!(1 << (parameters.chunk_size + 6), 1 << 12);
        assert_eq!(packet.salt().unwrap().as_slice(), hex(salt));

        assert_fields(
            &file(self.decrypted),
            &[
                ("packet type", "cb"),
                ("body length", "13"),
                ("format", "62"),
                ("file name length", "00"),
                ("file name", ""),
                ("date", "00 00 00 00"),
                // "Hello, world!"
                ("literal data", "48 65 6c 6c 6f 2c 20 77 6f 72 6c 64 21"),
                ("packet type", "d5"),
                ("body length", "0e"),
                ("content", self.padding),
            ],
        );
        assert_eq!(file(self.message), [file(self.session_key), octets].concat());
    }
}

/// A version 6 Symmetric-Key Encrypted Session Key packet of A.9 to A.11; what is alike is written here.
fn assert_is_session_key(name: &str, varying: [&str; 7]) {
    let [body_length, parameters_length, aead, salt, nonce, session_key, tag] = varying;
    let octets = file(name);
    assert_fields(
        &octets,
        &[
            ("packet type", "c3"),
            ("body length", body_length),
            ("version", "06"),
            ("parameters length", parameters_length),
            ("symmetric algorithm", "07"),
            ("AEAD algorithm", aead),
            ("S2K specifier length", "0b"),
            ("S2K type", "03"),
            ("S2K hash algorithm", "08"),
            ("S2K salt", salt),
            ("S2K count", "ff"),
            ("initialization vector", nonce),
            ("encrypted session key", session_key),
            ("authentication tag", tag),
        ],
    );
    let [Packet::SymmetricKeyEncryptedSessionKey(packet)] = packets(&octets)[..] else { panic!("one packet") };
    assert_eq!((packet.version(), packet.cipher()), (6, SymmetricKeyAlgorithm::AES_128));
    let S2kParameters::IteratedSalted { hash, salt: found, count } = packet.s2k().parameters() else {
        panic!("iterated+salted")
    };
    assert_eq!((hash, found.as_slice()), (HashAlgorithm::SHA2_256, &hex(salt)[..]));
    // "65011712 octets"
    assert_eq!(s2k::decode_count(count), 65_011_712);
    assert_eq!(packet.iv().as_slice(), hex(nonce));
    assert_eq!(packet.session_key().as_slice(), hex(session_key));
    assert_eq!(packet.tag().as_slice(), hex(tag));
}

#[test]
fn a_8_x25519_and_ocb() {
    let ephemeral = "87 cf 18 d5 f1 b5 3f 81 7c ce 5a 00 4c f3 93 cc 89 58 bd dc 06 5f 25 f8 4a f5 09 b1 7d d3 67 64";
    let session_key = "de a3 55 43 79 56 61 79 01 e0 69 57 fb ca 8a 6a 47 a5 b5 15 3e 8d 3a b7";
    let octets = file("a8-1-x25519-pkesk.gpg");
    assert_fields(
        &octets,
        &[
            ("packet type", "c1"),
            ("body length", "5d"),
            ("version", "06"),
            ("key version and fingerprint length", "21"),
            ("key version", "06"),
            ("fingerprint", SUBKEY),
            ("algorithm", "19"),
            ("ephemeral public key", ephemeral),
            ("encrypted session key length", "18"),
            ("encrypted session key", session_key),
        ],
    );
    let [Packet::PublicKeyEncryptedSessionKey(packet)] = packets(&octets)[..] else { panic!("one packet") };
    assert_eq!((packet.version(), packet.algorithm()), (6, PublicKeyAlgorithm::X25519));
    let Recipient::Fingerprint(recipient) = packet.recipient() else { panic!("named by its fingerprint") };
    assert_eq!((recipient.version, recipient.fingerprint.as_slice()), (6, &hex(SUBKEY)[..]));
    let [FieldValue::Octets(first), FieldValue::SessionKey(second)] =
        packet.material().fields().map(|field| field.value).collect::<Vec<_>>()[..]
    else {
        panic!("not the fields of X25519")
    };
    assert_eq!((first.as_slice(), second.octets.as_slice()), (&hex(ephemeral)[..], &hex(session_key)[..]));
    // Version 6 does not tell the cipher.
    assert_eq!(second.cipher, None);
    let encrypted = "1b a9 eb d2 c0 ec 95 bf 56 9d 25 c9 99 ee 4a 3d e1 70 58 f4 0d fa 8b 4c 68 2b e3 fb bb d7 b2 7e
                     b0 f5 9b b5 00 5f 80 c7 c6 f4 03 88 c3 0a d4 06 ab 05 13 dc d6 f9 fd 73 76 56 28 6e 11 77 d0 0f
                     88 8a db 31 c4";
    Aead {
        session_key: "a8-1-x25519-pkesk.gpg",
        data: "a8-3-ocb-seipd.gpg",
        octets: [
            "02",
            "61 64 16 53 5b e0 b0 71 6d 60 e0 52 a5 6c 4c 40 7f 9e b3 6b 0e fa fe 9a d0 a0 df 9b 03 3c 69 a2",
            encrypted,
        ],
        decrypted: "a8-4-decrypted.gpg",
        padding: "c5 a2 93 07 29 91 62 81 47 d7 2c 8f 86 b7",
        message: "a8-5-x25519-ocb.asc",
    }
    .check();
}

#[test]
fn a_9_eax() {
    assert_is_session_key(
        "a9-1-eax-skesk.gpg",
        [
            "40",
            "1e",
            "01",
            "a5 ae 57 9d 1f c5 d8 2b",
            "69 22 4f 91 99 93 b3 50 6f a3 b5 9a 6a 73 cf f8",
            "c5 ef c5 f4 1c 57 fb 54 e1 c2 26 81 5d 78 28 f5",
            "f9 2c 45 4e b6 5e be 00 ab 59 86 c6 8e 6e 7c 55",
        ],
    );
    let encrypted = "4a 3d 22 6e d6 af cb 9c a9 ac 12 2c 14 70 e1 1c 63 d4 c0 ab 24 1c 6a 93 8a d4 8b f9 9a 5a 99 b9
                     0b ba 83 25 de 61 04 75 40 25 8a b7 95 9a 95 ad 05 1d da 96 eb 15 43 1d fe f5 f5 e2 25 5c a7 82
                     61 54 6e 33 9a";
    Aead {
        session_key: "a9-1-eax-skesk.gpg",
        data: "a9-3-eax-seipd.gpg",
        octets: [
            "01",
            "9f f9 0e 3b 32 19 64 f3 a4 29 13 c8 dc c6 61 93 25 01 52 27 ef b7 ea ea a4 9f 04 c2 e6 74 17 5d",
            encrypted,
        ],
        decrypted: "a9-4-decrypted.gpg",
        padding: "ae 5b f0 cd 67 05 50 03 55 81 6c b0 c8 ff",
        message: "a9-5-eax.asc",
    }
    .check();
}

#[test]
fn a_10_ocb() {
    assert_is_session_key(
        "a10-1-ocb-skesk.gpg",
        [
            "3f",
            "1d",
            "02",
            "56 a2 98 d2 f5 e3 64 53",
            "cf cc 5c 11 66 4e db 9d b4 25 90 d7 dc 46 b0",
            "72 41 b6 12 c3 81 2c ff fb ea 00 f2 34 7b 25 64",
            "11 23 f8 87 ae 60 d4 fd 61 4e 08 37 d8 19 d3 6c",
        ],
    );
    let encrypted = "ff 9f d3 85 62 75 80 35 bc 49 75 4c e1 bf 3f ff a7 da d0 a3 b8 10 4f 51 33 cf 42 a4 10 0a 83 ee
                     f4 ca 1b 48 01 a8 84 6b f4 2b cd a7 c8 ce 9d 65 e2 12 f3 01 cb cd 98 fd ca de 69 4a 87 7a d4 24
                     73 23 f6 e8 57";
    Aead {
        session_key: "a10-1-ocb-skesk.gpg",
        data: "a10-3-ocb-seipd.gpg",
        octets: [
            "02",
            "20 a6 61 f7 31 fc 9a 30 32 b5 62 33 26 02 7e 3a 5d 8d b5 74 8e be ff 0b 0c 59 10 d0 9e cd d6 41",
            encrypted,
        ],
        decrypted: "a10-4-decrypted.gpg",
        padding: "ae 6a a1 64 9b 56 aa 83 5b 26 13 90 2b d2",
        message: "a10-5-ocb.asc",
    }
    .check();
}

#[test]
fn a_11_gcm() {
    assert_is_session_key(
        "a11-1-gcm-skesk.gpg",
        [
            "3c",
            "1a",
            "03",
            "e9 d3 97 85 b2 07 00 08",
            "b4 2e 7c 48 3e f4 88 44 57 cb 37 26",
            "b9 b3 db 9f f7 76 e5 f4 d9 a4 09 52 e2 44 72 98",
            "85 1a bf ff 75 26 df 2d d5 54 41 75 79 a7 79 9f",
        ],
    );
    let encrypted = "fc 6f c6 d6 5b bf d2 4d cd 07 90 96 6e 6d 1e 85 a3 00 53 78 4c b1 d8 b6 a0 69 9e f1 21 55 a7 b2
                     ad 62 58 53 1b 57 65 1f d7 77 79 12 fa 95 e3 5d 9b 40 21 6f 69 a4 c2 48 db 28 ff 43 31 f1 63 29
                     07 39 9e 6f f9";
    Aead {
        session_key: "a11-1-gcm-skesk.gpg",
        data: "a11-3-gcm-seipd.gpg",
        octets: [
            "03",
            "fc b9 44 90 bc b9 8b bd c9 d1 06 c6 09 02 66 94 0f 72 e8 9e dc 21 b5 59 6b 15 76 b1 01 ed 0f 9f",
            encrypted,
        ],
        decrypted: "a11-4-decrypted.gpg",
        padding: "1c e2 26 9a 9e dd ef 81 03 21 72 b7 ed 7c",
        message: "a11-5-gcm.asc",
    }
    .check();
}

// ---------------------------------------------------------------------------------------------------------------------
// A.12: Argon2

/// Of these there is no dump, but "the same" cipher "in both the v4 SKESK packet and v1 SEIPD packet", "t = 1, p = 4, and
/// m = 21", and the session key in an armor header, "01FE…" and so on, of as many octets as the cipher's key.
fn assert_is_argon2(name: &str, cipher: SymmetricKeyAlgorithm, comment: &str, key_size: usize) {
    let octets = common::testdata_file(&format!("rfc9580/{name}"));
    let block = armor::blocks(&octets).next().unwrap();
    let header = block.headers().next().unwrap();
    assert_eq!((header.key.as_slice(), header.value.as_slice()), (&b"Comment"[..], comment.as_bytes()));
    let octets = block.decode().unwrap().octets.to_vec();
    let [Packet::SymmetricKeyEncryptedSessionKey(session_key), Packet::IntegrityProtectedData(data)] =
        packets(&octets)[..]
    else {
        panic!("not the packets that A.12 tells of")
    };
    assert_eq!((session_key.version(), session_key.cipher()), (4, cipher));
    let S2kParameters::Argon2 { salt, passes, parallelism, memory_exponent } = session_key.s2k().parameters() else {
        panic!("Argon2")
    };
    assert_eq!((passes, parallelism, memory_exponent, salt.len()), (1, 4, 21, 16));
    // The cipher's number and the session key, encrypted with CFB.
    assert_eq!(session_key.session_key().len(), 1 + key_size);
    assert_eq!((data.version(), data.parameters().is_none()), (1, true));
    // A block of random data, its last two octets again, the literal data packet, and that with the hash.
    assert_eq!(data.data().len(), 16 + 2 + (2 + 6 + 13) + 22);
}

#[test]
fn a_12_1_argon2_with_aes_128() {
    let comment = "Encrypted using AES with 128-bit key";
    assert_is_argon2("a12-1-argon2-aes128.asc", SymmetricKeyAlgorithm::AES_128, comment, 16);
}

#[test]
fn a_12_2_argon2_with_aes_192() {
    let comment = "Encrypted using AES with 192-bit key";
    assert_is_argon2("a12-2-argon2-aes192.asc", SymmetricKeyAlgorithm::AES_192, comment, 24);
}

#[test]
fn a_12_3_argon2_with_aes_256() {
    let comment = "Encrypted using AES with 256-bit key";
    assert_is_argon2("a12-3-argon2-aes256.asc", SymmetricKeyAlgorithm::AES_256, comment, 32);
}

// ---------------------------------------------------------------------------------------------------------------------

/// The octets of a sample: what its last armored block holds, which of a cleartext message is the signature, or all of it.
fn file(name: &str) -> Vec<u8> {
    let octets = common::testdata_file(&format!("rfc9580/{name}"));
    if !container::is_armored(&octets) {
        return octets;
    }
    armor::blocks(&octets).last().unwrap().decode().unwrap().octets.to_vec()
}

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<_> = text.chars().filter(|digit| !digit.is_whitespace()).collect();
    assert!(digits.len().is_multiple_of(2), "{text}");
    let digit = |digit: char| digit.to_digit(16).unwrap() as u8;
    digits.chunks(2).map(|pair| digit(pair[0]) << 4 | digit(pair[1])).collect()
}

fn packets(octets: &[u8]) -> Vec<Packet<'_>> {
    framing::packets(octets).map(|raw| raw.unwrap().interpret().unwrap()).collect()
}

type Row = (&'static str, Vec<u8>);

/// The name and the octets of every field that has a place, which together are all octets.
fn fields(octets: &[u8]) -> Vec<Row> {
    let mut rows = Vec::new();
    for raw in framing::packets(octets) {
        let _ = inspect::packet(&raw.unwrap(), &mut |event: Event<'_>| -> ControlFlow<()> {
            match event {
                Event::Field(field) => {
                    rows.extend(
                        field.span.map(|span| (field.name, octets[span.start as usize..span.end as usize].to_vec())),
                    );
                }
                Event::Error(error) => panic!("{error}"),
                _ => {}
            }
            ControlFlow::Continue(())
        });
    }
    assert_eq!(rows.iter().flat_map(|(_, octets)| octets).copied().collect::<Vec<_>>(), octets);
    rows
}

fn assert_fields(octets: &[u8], due: &[(&str, &str)]) {
    assert_rows(&fields(octets), due);
}

fn assert_rows(found: &[Row], due: &[(&str, &str)]) {
    for (found, (name, octets)) in found.iter().zip(due) {
        assert_eq!((found.0, &found.1), (*name, &hex(octets)));
    }
    assert_eq!(found.len(), due.len());
}

/// Without the 64 octets of the Ed25519 signatures, which the RFC prints in armor alone.
fn without_signatures(mut rows: Vec<Row>) -> Vec<Row> {
    rows.retain(|(name, octets)| {
        assert!(*name != "signature" || octets.len() == 64);
        *name != "signature"
    });
    rows
}

/// From the version to the hashed area (RFC 9580 section 5.2.4).
fn hashed_fields(signature: &Signature<'_>) -> Vec<u8> {
    let end = signature.hashed_area().unwrap().octets().end() - signature.wire().start();
    signature.wire().as_slice()[..end as usize].to_vec()
}

/// What is hashed of a version 6 signature last.
fn trailer(signature: &Signature<'_>) -> Vec<u8> {
    let hashed = hashed_fields(signature);
    let length = u32::try_from(hashed.len()).unwrap().to_be_bytes();
    [&hashed[..], &[6, 0xff], &length].concat()
}

fn salt(signature: &Signature<'_>) -> Vec<u8> {
    signature.salt().unwrap().as_slice().to_vec()
}

/// What is hashed of a version 6 key.
fn hashed_key(key: PublicKey<'_>) -> Vec<u8> {
    let octets = key.wire().as_slice();
    [&[0x9b], &u32::try_from(octets.len()).unwrap().to_be_bytes()[..], octets].concat()
}
