extern crate std;

use std::collections::HashSet;
use std::format;
use std::string::ToString;
use std::vec::Vec;

use super::*;

/// Rows ascend and do not overlap, and every row is complete.
fn check(registry: &Registry) {
    let entries: Vec<_> = registry.entries().collect();
    assert!(!entries.is_empty(), "{registry:?}");
    for entry in &entries {
        assert!(entry.first <= entry.last, "{entry:?}");
        assert!(registry.holds(entry.last), "{entry:?}");
        assert!(!entry.name.trim().is_empty(), "{entry:?}");
        // Names are printed as they are, in JSON, too.
        assert!(entry.name.chars().all(|character| matches!(character, ' '..='~') && !"\"\\".contains(character)));
        assert_eq!(registry.entry(entry.first), Some(*entry));
        assert_eq!(registry.entry(entry.last), Some(*entry));
        let is_named_reserved = entry.name.starts_with("reserved") || entry.name.starts_with("Placeholder");
        assert_eq!(entry.status == Status::Reserved, is_named_reserved, "{entry:?}");
        assert!(entry.status != Status::Assigned || entry.first == entry.last, "{entry:?}");
        let sectioned = !matches!(entry.reference.document, Document::GnuPg | Document::GnuPgSource);
        assert_eq!(sectioned, !entry.reference.section.is_empty(), "{entry:?}");
    }
    for pair in entries.windows(2) {
        assert!(pair[0].last < pair[1].first, "{pair:?}");
    }
    let mut names = HashSet::new();
    for entry in &entries {
        let repeats = ["reserved", "private or experimental"].contains(&entry.name);
        assert!(repeats || names.insert(entry.name), "two rows named {entry:?}");
    }
}

#[test]
fn rows_ascend_and_are_complete() {
    Registry::ALL.iter().for_each(check);
}

#[test]
fn every_registry_is_listed() {
    let declared: usize = [
        include_str!("algorithm.rs"),
        include_str!("attribute.rs"),
        include_str!("data.rs"),
        include_str!("keybox.rs"),
        include_str!("packet.rs"),
        include_str!("s2k.rs"),
        include_str!("signature.rs"),
        include_str!("trust.rs"),
    ]
    .iter()
    .map(|source| source.lines().filter(|line| *line == "registry! {").count())
    .sum();
    assert_eq!(Registry::ALL.len(), declared);
    let words: HashSet<_> = Registry::ALL.iter().map(|registry| registry.word).collect();
    assert_eq!(words.len(), declared);
    for registry in Registry::ALL {
        assert!(registry.word.chars().all(|character| character.is_ascii_alphanumeric() || character == '-'));
        assert_eq!(Registry::find(registry.word).unwrap().title, registry.title);
    }
    assert!(Registry::find("hash").unwrap().holds(255) && !Registry::find("hash").unwrap().holds(256));
    assert!(Registry::find("packet").unwrap().holds(63) && !Registry::find("packet").unwrap().holds(64));
    let flags = ["key-flag", "feature", "key-server-preference", "notation-flag"];
    let flags: HashSet<_> =
        flags.into_iter().chain(["keybox-header-flag", "keybox-blob-flag", "keybox-key-flag"]).collect();
    for registry in Registry::ALL {
        assert_eq!(registry.is_flags, flags.contains(registry.word), "{}", registry.word);
        // Octets of flags are whole ones.
        assert!(!registry.is_flags || registry.last % 8 == 7, "{}", registry.word);
        let sectioned = !matches!(registry.reference.document, Document::GnuPg | Document::GnuPgSource);
        assert_eq!(sectioned, !registry.reference.section.is_empty(), "{}", registry.word);
    }
    assert!(Registry::find("Hash").is_none());
}

/// The rows that the tables of RFC 9580 call reserved: sections 3.7.1, 5, 5.2.1, 5.2.3.7, 5.2.3.29, 5.2.3.32, 5.12,
/// 5.12.1 and 9.
const RESERVED: &[(&str, &[u32])] = &[
    ("packet", &[0, 19, 20]),
    ("algorithm", &[0, 20, 21, 23, 24]),
    ("symmetric", &[5, 6, 253, 254, 255]),
    ("hash", &[0, 4, 5, 6, 7, 13]),
    ("aead", &[0]),
    ("s2k", &[2]),
    ("signature", &[0xFF]),
    ("subpacket", &[0, 1, 8, 13, 14, 15, 17, 18, 19, 34, 37, 38]),
    ("key-flag", &[10, 11]),
    ("feature", &[1, 2]),
    ("user-attribute", &[0]),
    ("image-encoding", &[0]),
];

#[test]
fn what_rfc_9580_reserves_is_told() {
    for (word, numbers) in RESERVED {
        for &number in *numbers {
            let entry = Registry::find(word).unwrap().entry(number).unwrap();
            match entry.note {
                // Another document gives the number a meaning.
                Some(note) if entry.status == Status::Assigned => {
                    assert!(note.text.starts_with("reserved"), "{word} {number}: {note}");
                    assert_eq!(note.reference.document, Document::Rfc9580, "{word} {number}: {note}");
                    assert_ne!(entry.reference.document, Document::Rfc9580, "{word} {number}");
                }
                _ => assert_eq!(entry.status, Status::Reserved, "{word} {number}"),
            }
        }
    }
    let note = |number| Registry::find("algorithm").unwrap().entry(number).unwrap().note.unwrap().to_string();
    for number in [21, 23, 24] {
        let reason = "does not have the necessary parameters, parameter order, or semantics defined";
        assert_eq!(note(number), format!("{reason} (RFC 9580 section 12.8)"));
    }
    let noted = || Registry::ALL.iter().flat_map(Registry::entries).filter_map(|entry| entry.note);
    assert!(noted().count() > 10);
    assert!(noted().all(|note| !note.text.is_empty() && !note.reference.section.is_empty()));
}

/// What RFC 9580 leaves to private and experimental use is nobody's, unless somebody is known to use it (section 12.10).
#[test]
fn private_ranges() {
    let ranges = [("packet", 60..=63)].into_iter();
    let words = ["algorithm", "symmetric", "hash", "aead", "compression", "s2k", "subpacket", "user-attribute"];
    let ranges = ranges.chain(words.into_iter().chain(["image-encoding", "reason"]).map(|word| (word, 100..=110)));
    for (word, range) in ranges {
        for number in range {
            let entry = Registry::find(word).unwrap().entry(number).unwrap();
            let is_used = entry.note.is_some_and(|note| note.text == "for private or experimental use");
            assert!(entry.status == Status::Private || is_used, "{word} {number}");
        }
    }
}

#[test]
fn statuses() {
    let status = |word, number| Registry::find(word).unwrap().entry(number).map(|entry| entry.status);
    assert_eq!(status("subpacket", 33), Some(Status::Assigned));
    assert_eq!(status("subpacket", 10), Some(Status::Reserved));
    assert_eq!(status("subpacket", 105), Some(Status::Private));
    assert_eq!(status("algorithm", 29), Some(Status::Private));
    assert_eq!(status("hash", 6), Some(Status::Reserved));
    assert_eq!(status("s2k", 101), Some(Status::Assigned));
    assert_eq!(status("reason", 100), Some(Status::Private));
    assert_eq!(status("hash", 77), None);
}

/// Asserts `number, name, "document and section"` of each row.
macro_rules! rows {
    ($Name:ident: $($number:literal, $name:literal, $reference:literal;)*) => {
        $(
            assert_eq!($Name($number).name(), Some($name));
            assert_eq!($Name($number).reference().unwrap().to_string(), $reference);
        )*
    };
}

#[test]
fn keyboxes() {
    rows! { KeyboxBlobType:
        0, "empty blob", "GnuPG source code";
        2, "OpenPGP blob", "GnuPG source code";
    }
    assert_eq!(KeyboxSignatureStatus(0x1000_0000).name(), Some("valid, expired in 1978"));
    assert_eq!((KeyboxSignatureStatus(3).name(), KeyboxBlobType(4).name()), (None, None));
    // Bit 1 of a number of two octets.
    assert_eq!(KeyboxBlobFlag(9).name(), Some("ephemeral"));
}

#[test]
fn packet_types() {
    rows! { PacketType:
        0, "reserved", "RFC 9580 section 5";
        1, "Public-Key Encrypted Session Key", "RFC 9580 section 5.1";
        5, "Secret-Key", "RFC 9580 section 5.5.1.3";
        14, "Public-Subkey", "RFC 9580 section 5.5.1.2";
        19, "Modification Detection Code", "RFC 4880 section 5.14";
        20, "OCB Encrypted Data", "LibrePGP section 5.16";
        21, "Padding", "RFC 9580 section 5.14";
        63, "private or experimental", "RFC 9580 section 5";
    }
    assert_eq!(PacketType(16).name(), None);
    assert_eq!(PacketType(40).name(), None);
    assert!(PacketType(0).is_critical() && PacketType::PADDING.is_critical() && PacketType(39).is_critical());
    assert!(!PacketType(40).is_critical() && !PacketType(63).is_critical());
}

#[test]
fn public_key_algorithms() {
    rows! { PublicKeyAlgorithm:
        1, "RSA (encrypt or sign)", "RFC 9580 section 9.1";
        8, "Kyber", "LibrePGP section 14.1";
        20, "Elgamal (encrypt or sign)", "RFC 2440 section 9.1";
        22, "EdDSALegacy", "RFC 9580 section 9.1";
        30, "ML-DSA-65+Ed25519", "RFC 9980 section 5.2";
        34, "SLH-DSA-SHAKE-256s", "RFC 9980 section 6.1";
        36, "ML-KEM-1024+X448", "RFC 9980 section 4.2";
        110, "private or experimental", "RFC 9580 section 9.1";
        255, "experimental", "RFC 1991 section 6.2.2";
    }
    assert_eq!(PublicKeyAlgorithm(4).name(), None);
    assert_eq!(PublicKeyAlgorithm(37).reference(), None);
}

#[test]
fn symmetric_key_algorithms() {
    rows! { SymmetricKeyAlgorithm:
        0, "Plaintext", "RFC 9580 section 9.3";
        2, "TripleDES", "RFC 9580 section 9.3";
        5, "reserved (formerly SAFER-SK128)", "RFC 2440 section 9.2";
        9, "AES-256", "RFC 9580 section 9.3";
        13, "Camellia-256", "RFC 9580 section 9.3";
        254, "reserved", "RFC 9580 section 9.3";
    }
    let sizes = |algorithm: SymmetricKeyAlgorithm| (algorithm.block_size(), algorithm.key_size());
    assert_eq!(sizes(SymmetricKeyAlgorithm::TRIPLE_DES), (Some(8), Some(24)));
    assert_eq!(sizes(SymmetricKeyAlgorithm::AES_192), (Some(16), Some(24)));
    assert_eq!(sizes(SymmetricKeyAlgorithm::TWOFISH), (Some(16), Some(32)));
    assert_eq!(sizes(SymmetricKeyAlgorithm::PLAINTEXT), (None, None));
    for number in u8::MIN..=u8::MAX {
        let algorithm = SymmetricKeyAlgorithm(number);
        assert_eq!(algorithm.block_size().is_some(), algorithm.key_size().is_some(), "{algorithm}");
    }
}

#[test]
fn compression_algorithms() {
    rows! { CompressionAlgorithm:
        0, "Uncompressed", "RFC 9580 section 9.4";
        2, "ZLIB", "RFC 9580 section 9.4";
        3, "BZip2", "RFC 9580 section 9.4";
        255, "experimental", "RFC 1991 section 6.3";
    }
}

#[test]
fn hash_algorithms() {
    rows! { HashAlgorithm:
        1, "MD5", "RFC 9580 section 9.5";
        2, "SHA-1", "RFC 9580 section 9.5";
        5, "reserved (formerly MD2)", "RFC 2440 section 9.4";
        8, "SHA2-256", "RFC 9580 section 9.5";
        13, "reserved", "RFC 9580 section 9.5";
        14, "SHA3-512", "RFC 9580 section 9.5";
    }
    assert_eq!(HashAlgorithm::SHA2_224.text_name(), Some("SHA224"));
    assert_eq!(HashAlgorithm(7).text_name(), Some("HAVAL-5-160"));
    assert_eq!(HashAlgorithm(13).text_name(), None);
    assert_eq!(HashAlgorithm::SHA2_224.digest_size(), Some(28));
    assert_eq!(HashAlgorithm::SHA2_384.salt_size(), Some(24));
    assert_eq!(HashAlgorithm::SHA1.salt_size(), None);
    // RFC 9580 section 13.2 binds the salt to the digest: half of it, but not less than 16 octets.
    for number in u8::MIN..=u8::MAX {
        let hash = HashAlgorithm(number);
        if let Some(salt) = hash.salt_size() {
            assert_eq!(salt, (hash.digest_size().unwrap() / 2).max(16), "{hash}");
        }
    }
}

#[test]
fn aead_algorithms() {
    rows! { AeadAlgorithm:
        1, "EAX", "RFC 9580 section 9.6";
        2, "OCB", "RFC 9580 section 9.6";
        3, "GCM", "RFC 9580 section 9.6";
    }
    let nonces = [1, 2, 3, 4].map(|number| AeadAlgorithm(number).nonce_size());
    assert_eq!(nonces, [Some(16), Some(15), Some(12), None]);
    assert_eq!(AeadAlgorithm::GCM.tag_size(), Some(16));
    assert_eq!(AeadAlgorithm(0).tag_size(), None);
}

#[test]
fn string_to_key() {
    rows! { S2kType:
        0, "Simple", "RFC 9580 section 3.7.1.1";
        4, "Argon2", "RFC 9580 section 3.7.1.4";
        100, "private or experimental", "RFC 9580 section 3.7.1";
        101, "GNU extension", "GnuPG doc/DETAILS";
    }
    rows! { S2kUsage:
        0, "unprotected", "RFC 9580 section 3.7.2.1";
        253, "AEAD", "RFC 9580 section 3.7.2.1";
        255, "MalleableCFB", "RFC 9580 section 3.7.2.1";
    }
    rows! { GnuS2kMode:
        1, "gnu-dummy", "GnuPG doc/DETAILS";
        2, "gnu-divert-to-card", "GnuPG doc/DETAILS";
        3, "gnu-internal (mode 1003)", "GnuPG source code";
    }
    assert_eq!(S2kUsage(1).legacy_cipher(), Some(SymmetricKeyAlgorithm::IDEA));
    assert_eq!(S2kUsage(252).legacy_cipher(), Some(SymmetricKeyAlgorithm(252)));
    for number in u8::MIN..=u8::MAX {
        assert_eq!(S2kUsage(number).name().is_none(), S2kUsage(number).legacy_cipher().is_some(), "{number}");
    }
}

#[test]
fn signatures() {
    rows! { SignatureType:
        0x00, "Binary Signature", "RFC 9580 section 5.2.1.1";
        0x13, "Positive Certification Signature", "RFC 9580 section 5.2.1.7";
        0x16, "Attested Key Signature", "LibrePGP section 5.2.1";
        0x1F, "Direct Key Signature", "RFC 9580 section 5.2.1.10";
        0x50, "Third-Party Confirmation Signature", "RFC 9580 section 5.2.1.15";
    }
    rows! { SubpacketType:
        2, "Signature Creation Time", "RFC 9580 section 5.2.3.11";
        10, "Placeholder for backward compatibility", "RFC 9580 section 5.2.3.7";
        16, "Issuer Key ID", "RFC 9580 section 5.2.3.12";
        28, "Signer's User ID", "RFC 9580 section 5.2.3.30";
        34, "Preferred Encryption Modes", "LibrePGP section 5.2.3.8";
        39, "Preferred AEAD Ciphersuites", "RFC 9580 section 5.2.3.15";
        41, "Trust Alias", "LibrePGP section 5.2.3.16";
    }
    assert_eq!(SubpacketType(36).name(), None);
    rows! { ReasonForRevocation:
        0, "No reason specified", "RFC 9580 section 5.2.3.31";
        3, "Key is retired and no longer used", "RFC 9580 section 5.2.3.31";
        32, "User ID information is no longer valid", "RFC 9580 section 5.2.3.31";
    }
}

#[test]
fn flags() {
    rows! { KeyFlag:
        0, "certify", "RFC 9580 section 5.2.3.29";
        7, "group key", "RFC 9580 section 5.2.3.29";
        10, "restricted encryption (ADSK)", "LibrePGP section 5.2.3.23";
        11, "timestamping", "LibrePGP section 5.2.3.23";
    }
    rows! { Feature:
        0, "version 1 SEIPD", "RFC 9580 section 5.2.3.32";
        1, "OCB encrypted data", "LibrePGP section 5.2.3.26";
        3, "version 2 SEIPD", "RFC 9580 section 5.2.3.32";
    }
    rows! { KeyServerPreference: 7, "no-modify", "RFC 9580 section 5.2.3.25"; }
    rows! { NotationFlag: 7, "human-readable", "RFC 9580 section 5.2.3.24"; }
    assert_eq!(KeyFlag(6).name(), None);
}

#[test]
fn user_attributes_and_literal_data() {
    rows! { UserAttributeType: 1, "Image Attribute", "RFC 9580 section 5.12.1"; }
    rows! { ImageVersion: 1, "version 1", "RFC 9580 section 5.12.1"; }
    rows! { ImageEncoding:
        0, "reserved", "RFC 9580 section 5.12.1";
        1, "JPEG", "RFC 9580 section 5.12.1";
        105, "private or experimental", "RFC 9580 section 5.12.1";
    }
    rows! { LiteralFormat:
        0x31, "local (RFC 1991)", "RFC 1991 section 6.1";
        0x62, "binary", "RFC 9580 section 5.9";
        0x6D, "MIME", "LibrePGP section 5.10";
        0x75, "UTF-8 text", "RFC 9580 section 5.9";
    }
}

#[test]
fn armor_words() {
    for words in [ArmorWord::HEADER_LINES, ArmorWord::HEADER_KEYS] {
        let mut seen = HashSet::new();
        for word in words {
            assert!(!word.word.is_empty() && !word.purpose.is_empty(), "{word:?}");
            assert!(seen.insert(word.word), "{word:?} twice");
        }
    }
    let line = |word| ArmorWord::HEADER_LINES.iter().find(|line| line.word == word).unwrap().reference.to_string();
    assert_eq!(line("PUBLIC KEY BLOCK"), "RFC 9580 section 6.2.1");
    assert_eq!(line("MESSAGE, PART X/Y"), "RFC 4880 section 6.2");
    assert_eq!(line("ARMORED FILE"), "GnuPG source code");
    let key = |word| ArmorWord::HEADER_KEYS.iter().find(|key| key.word == word).unwrap().reference.to_string();
    assert_eq!(key("Hash"), "RFC 9580 section 6.2.2.3");
    assert_eq!(key("MessageID"), "RFC 4880 section 6.2");
}

#[test]
fn unassigned_numbers_are_values() {
    assert_eq!(PacketType(33).to_string(), "unknown (33)");
    assert_eq!(format!("{:?}", PacketType(33)), "PacketType(33)");
    assert_eq!(format!("{:?}", PacketType::SIGNATURE), "PacketType(2: Signature)");
}

#[test]
fn curves() {
    let expected = [
        ("NIST P-256", 256, "1.2.840.10045.3.1.7"),
        ("NIST P-384", 384, "1.3.132.0.34"),
        ("NIST P-521", 521, "1.3.132.0.35"),
        ("brainpoolP256r1", 256, "1.3.36.3.3.2.8.1.1.7"),
        ("brainpoolP384r1", 384, "1.3.36.3.3.2.8.1.1.11"),
        ("brainpoolP512r1", 512, "1.3.36.3.3.2.8.1.1.13"),
        ("Ed25519Legacy", 255, "1.3.6.1.4.1.11591.15.1"),
        ("Curve25519Legacy", 255, "1.3.6.1.4.1.3029.1.5.1"),
        ("Ed25519", 255, "1.3.101.112"),
        ("Curve25519", 255, "1.3.101.110"),
        ("Ed448", 448, "1.3.101.113"),
        ("X448", 448, "1.3.101.111"),
        ("secp256k1", 256, "1.3.132.0.10"),
    ];
    assert_eq!(Curve::ALL.len(), expected.len());
    for (curve, (name, bits, dotted)) in Curve::ALL.iter().zip(expected) {
        assert_eq!((curve.name, curve.bits), (name, bits));
        assert_eq!(DottedOid(curve.oid).to_string(), dotted);
        assert_eq!(Curve::from_oid(curve.oid), Some(curve));
    }
    assert_eq!(Curve::from_oid(&[]), None);
    assert_eq!(Curve::from_oid(&[0x2B, 0x65]), None);
    assert_eq!(Curve::from_oid(&[0x2B, 0x65, 0x70, 0x00]), None);
}

#[test]
fn dotted_oids() {
    for (octets, text) in [
        (&[0x00][..], "0.0"),
        (&[0x27], "0.39"),
        (&[0x28], "1.0"),
        (&[0x4F], "1.39"),
        (&[0x50], "2.0"),
        // X.690 section 8.19.5: 2.999.3.
        (&[0x88, 0x37, 0x03], "2.999.3"),
        (&[0x2A, 0x81, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F], "1.2.18446744073709551615"),
        // Malformed: empty, cut off, a leading zero, too large.
        (&[], ""),
        (&[0x2A, 0x86], "2a86"),
        (&[0x2A, 0x80, 0x01], "2a8001"),
        (&[0x2A, 0x82, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00], "2a82808080808080808000"),
    ] {
        assert_eq!(DottedOid(octets).to_string(), text);
    }
    let long = DottedOid(&[0xFF; 255]).to_string();
    assert_eq!(long.len(), 510);
}
