//! The post-quantum algorithms, as draft-ietf-openpgp-pqc-17 specifies them.
//!
//! Over two corpora: `testdata/pqc/`, which another implementation wrote, and the draft's own test vectors. The draft tells
//! of each vector the packets and the fingerprints, and includes the vector itself from a file, which is read where it is.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]

mod common;

use bpg_core::framing;
use bpg_core::material::{Field, FieldValue};
use bpg_core::packet::{Packet, PublicKey, PublicKeyEncryptedSessionKey, Recipient, Signature};
use bpg_core::registry::{PublicKeyAlgorithm as Algorithm, SignatureType, SymmetricKeyAlgorithm};

use common::{File, Input};

/// What the draft prints of an algorithm: the sizes of its fields in octets, in the order of the fields.
struct Sizes {
    algorithm: Algorithm,
    public: &'static [usize],
    secret: &'static [usize],
    /// Of a signature, or of the ciphertext in front of the wrapped session key.
    output: &'static [usize],
}

/// RFC 9580 sections 5.5.5.9 and 5.2.3.4, for the primary keys that are not post-quantum; then the draft's tables "EdDSA
/// parameters and artifact lengths", "ML-DSA parameters and artifact lengths", "SLH-DSA code points and the corresponding
/// artifact lengths", and those of ECDH and ML-KEM. EdDSA is in front of ML-DSA, ECDH in front of ML-KEM.
const SIZES: &[Sizes] = &[
    Sizes { algorithm: Algorithm::ED25519, public: &[32], secret: &[32], output: &[64] },
    Sizes { algorithm: Algorithm(30), public: &[32, 1952], secret: &[32, 32], output: &[64, 3309] },
    Sizes { algorithm: Algorithm(31), public: &[57, 2592], secret: &[57, 32], output: &[114, 4627] },
    Sizes { algorithm: Algorithm(32), public: &[32], secret: &[64], output: &[7856] },
    Sizes { algorithm: Algorithm(33), public: &[32], secret: &[64], output: &[17_088] },
    Sizes { algorithm: Algorithm(34), public: &[64], secret: &[128], output: &[29_792] },
    Sizes { algorithm: Algorithm(35), public: &[32, 1184], secret: &[32, 64], output: &[32, 1088] },
    Sizes { algorithm: Algorithm(36), public: &[56, 1568], secret: &[56, 64], output: &[56, 1568] },
];

fn sizes_of(algorithm: Algorithm) -> &'static Sizes {
    SIZES.iter().find(|sizes| sizes.algorithm == algorithm).unwrap_or_else(|| panic!("{algorithm}"))
}

/// "That includes a 64 bit integrity check": a session key of AES-256, wrapped.
const WRAPPED: usize = 32 + 8;

// ---------------------------------------------------------------------------------------------------------------------
// The draft's vectors

/// A section of the draft's appendix on test vectors.
struct Sample {
    /// What the names of its files start with.
    name: &'static str,
    version: u8,
    algorithms: [u8; 2],
    /// Of the primary key and of the subkey.
    fingerprints: [&'static str; 2],
    /// What follows in the names of its messages, with the versions of the session key and of the data.
    messages: &'static [(&'static str, u8, u8)],
    has_detached_signature: bool,
}

const SAMPLES: &[Sample] = &[
    Sample {
        name: "v6-eddsa",
        version: 6,
        algorithms: [27, 35],
        fingerprints: [
            "c789e17d9dbdca7b3c833a3c063feb0353f80ad911fe27868fb0645df803e947",
            "dafe0eebb2675ecfcdc20a23fe89ca5d12e83f527dfa354b6dcf662131a48b9d",
        ],
        messages: &[("message", 6, 2)],
        has_detached_signature: false,
    },
    Sample {
        name: "v4-eddsa",
        version: 4,
        algorithms: [27, 35],
        fingerprints: ["342e5db2de345215cb2c944f7102ffed3b9cf12d", "e51dbfea51936988b5428fffa4f95f985ed61a51"],
        messages: &[("message-v1", 3, 1), ("message-v2", 6, 2)],
        has_detached_signature: false,
    },
    Sample {
        name: "v6-mldsa-65",
        version: 6,
        algorithms: [30, 35],
        fingerprints: [
            "a3e2e14b6a493ff930fb27321f125e9a6880338be9fb7da3ae065ea65793242f",
            "7dae8fbce23022607167af72a002e774e0ca379a2d7ae072384e1e8fde3265e4",
        ],
        messages: &[("message", 6, 2)],
        has_detached_signature: true,
    },
    Sample {
        name: "v6-mldsa-87",
        version: 6,
        algorithms: [31, 36],
        fingerprints: [
            "0d7a8be1410cd68eed4845ab487b4b4cfaecd8ebad1a1166a84230499200ee20",
            "65090e147a8116ab7f62ab4ec7aae59d9e6532feb2af230c73cdc869fbc60c8f",
        ],
        messages: &[("message", 6, 2)],
        has_detached_signature: true,
    },
    Sample {
        name: "v6-slhdsa-128s",
        version: 6,
        algorithms: [32, 35],
        fingerprints: [
            "eed4d13fc36c78e48276a93233339c4dd230fd5f6f5c5b82c63d5c0b5e361d92",
            "3e8745a4bb488779e0f32480fa23f8d0bfd8c2f49d7f74e957e1c2ffc2ef4bfc",
        ],
        messages: &[("message", 6, 2)],
        has_detached_signature: true,
    },
    Sample {
        name: "v6-slhdsa-128f",
        version: 6,
        algorithms: [33, 35],
        fingerprints: [
            "d54e0307021169f7b88beb2b76e3aad0e114be1a8f982d74dba9ca51d03537f4",
            "d8875664256c382dd7f3a5ce05021088922811f5d0b1a1f8c7769944a51b7002",
        ],
        messages: &[],
        has_detached_signature: true,
    },
    Sample {
        name: "v6-slhdsa-256s",
        version: 6,
        algorithms: [34, 36],
        fingerprints: [
            "72fff84863aeba67f0d1d7691173247dd427533b9d7ee76011c6f77f2ce9fa7a",
            "570a5bbab93169876a8240da35a1ada7ba8a640aabe3ab467c797214844df15f",
        ],
        messages: &[],
        has_detached_signature: true,
    },
];

#[test]
fn the_drafts_keys_and_certificates() {
    for_each_sample(|folder, sample| {
        for (suffix, is_secret) in [("pk", false), ("sk", true)] {
            let octets = folder.read(sample, suffix);
            let found = keys(&packets(&octets), is_secret);
            assert_eq!(found.len(), 2);
            for (index, key) in found.iter().enumerate() {
                assert_eq!((key.version(), key.algorithm().0), (sample.version, sample.algorithms[index]));
                assert_eq!(key.fingerprint().unwrap().to_string(), sample.fingerprints[index]);
            }
        }
    });
}

#[test]
fn the_drafts_messages() {
    for_each_sample(|folder, sample| {
        for &(suffix, session_key_version, data_version) in sample.messages {
            let octets = folder.read(sample, suffix);
            let [Packet::PublicKeyEncryptedSessionKey(session_key), Packet::IntegrityProtectedData(data)] =
                packets(&octets)[..]
            else {
                panic!("{} {suffix}: not a session key and data", sample.name)
            };
            assert_eq!((session_key.version(), data.version()), (session_key_version, data_version));
            assert_eq!(session_key.algorithm().0, sample.algorithms[1]);
            assert_is_to(&session_key, sample.version, sample.fingerprints[1]);
            assert_is_session_key(&session_key);
        }
    });
}

#[test]
fn the_drafts_detached_signatures() {
    for_each_sample(|folder, sample| {
        if sample.has_detached_signature {
            let octets = folder.read(sample, "signature");
            let [Packet::Signature(signature)] = packets(&octets)[..] else { panic!("one signature") };
            assert_eq!(signature.public_key_algorithm().0, sample.algorithms[0]);
            // The draft does not say of which type it is.
            assert_is_signature(&signature, signature.signature_type(), sample.version);
        }
    });
}

/// The draft's vectors.
struct Folder(std::path::PathBuf);

impl Folder {
    fn read(&self, sample: &Sample, suffix: &str) -> Vec<u8> {
        let name = format!("{}-sample-{suffix}.asc", sample.name);
        let octets = std::fs::read(self.0.join(&name)).unwrap();
        only(File { name, octets })
    }
}

fn for_each_sample(check: impl Fn(&Folder, &Sample)) {
    let Some(vectors) = common::vectors_folder() else { return };
    let folder = Folder(vectors.join("pqc-draft"));
    for sample in SAMPLES {
        common::about(sample.name, || check(&folder, sample));
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// testdata/pqc/

/// The names of the keys in testdata/pqc/, with the algorithms of the primary key and of the subkey.
const NAMES: &[(&str, u8, [u8; 2])] = &[
    ("ml-dsa-65", 6, [30, 35]),
    ("ml-dsa-87", 6, [31, 36]),
    ("slh-dsa-shake-128s", 6, [32, 35]),
    ("slh-dsa-shake-128f", 6, [33, 35]),
    ("slh-dsa-shake-256s", 6, [34, 35]),
    ("v4-ml-kem-768", 4, [27, 35]),
];

#[test]
fn testdata_keys_and_certificates() {
    for &(name, version, algorithms) in NAMES {
        let read = |suffix: &str| common::testdata_file(&format!("pqc/{name}.{suffix}.gpg"));
        let [certificate, secret_key] = [read("pub"), read("sec")];
        let [public, secret] = [(&certificate, false), (&secret_key, true)].map(|(octets, is_secret)| {
            let found = keys(&packets(octets), is_secret);
            assert_eq!(found.iter().map(|key| key.algorithm().0).collect::<Vec<_>>(), algorithms, "{name}");
            assert!(found.iter().all(|key| key.version() == version), "{name}");
            found.iter().map(|key| key.fingerprint().unwrap()).collect::<Vec<_>>()
        });
        assert_eq!(public, secret, "{name}");
    }
}

#[test]
fn testdata_messages() {
    for (name, algorithm, version, data_version) in
        [("ml-dsa-65", 35, 6, 2), ("ml-dsa-87", 36, 6, 2), ("v4-ml-kem-768", 35, 3, 1)]
    {
        let octets = common::testdata_file(&format!("pqc/{name}.encrypted.gpg"));
        let [Packet::PublicKeyEncryptedSessionKey(session_key), Packet::IntegrityProtectedData(data)] =
            packets(&octets)[..]
        else {
            panic!("{name}: not a session key and data")
        };
        assert_eq!((session_key.version(), session_key.algorithm().0), (version, algorithm), "{name}");
        assert_eq!(data.version(), data_version, "{name}");
        let certificate = common::testdata_file(&format!("pqc/{name}.pub.gpg"));
        let subkey = keys(&packets(&certificate), false)[1];
        assert_is_to(&session_key, subkey.version(), &subkey.fingerprint().unwrap().to_string());
        assert_is_session_key(&session_key);
    }
}

#[test]
fn testdata_detached_signatures() {
    for &(name, version, [algorithm, _]) in NAMES.iter().filter(|(_, version, _)| *version == 6) {
        let octets = common::testdata_file(&format!("pqc/{name}.detached.sig"));
        let [Packet::Signature(signature)] = packets(&octets)[..] else { panic!("{name}: one signature") };
        assert_eq!(signature.public_key_algorithm().0, algorithm, "{name}");
        assert_is_signature(&signature, SignatureType::BINARY, version);
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// What is so in both

/// The keys among the packets of a certificate or, of a secret key, their public parts. The packets have to be those that
/// the draft lists for its version, with fields of the sizes that it prints.
fn keys<'a>(packets: &[Packet<'a>], is_secret: bool) -> Vec<PublicKey<'a>> {
    let mut keys = Vec::new();
    let mut kinds = String::new();
    for packet in packets {
        let kind = match packet {
            Packet::PublicKey(key) | Packet::PublicSubkey(key) if !is_secret => {
                keys.push(*key);
                if matches!(packet, Packet::PublicKey(_)) { 'K' } else { 'S' }
            }
            Packet::SecretKey(key) | Packet::SecretSubkey(key) if is_secret => {
                keys.push(key.public());
                let sizes: Vec<_> = key.secret().fields().map(|field| field.value.len()).collect();
                assert_eq!(sizes, sizes_of(key.public().algorithm()).secret);
                if matches!(packet, Packet::SecretKey(_)) { 'K' } else { 'S' }
            }
            Packet::UserId(_) => 'U',
            Packet::Signature(signature) => {
                let (kind, signature_type) = match kinds.chars().last() {
                    Some('K') => ('d', SignatureType::DIRECT_KEY),
                    Some('U') => ('c', SignatureType::POSITIVE_CERTIFICATION),
                    _ => ('b', SignatureType::SUBKEY_BINDING),
                };
                assert_is_signature(signature, signature_type, keys[0].version());
                assert_eq!(signature.public_key_algorithm(), keys[0].algorithm());
                kind
            }
            other => panic!("{other:?}"),
        };
        kinds.push(kind);
    }
    for key in &keys {
        assert_eq!(sizes(key.material().fields()), sizes_of(key.algorithm()).public);
    }
    assert_eq!(kinds, if keys[0].version() == 6 { "KdUcSb" } else { "KUcSb" });
    keys
}

fn assert_is_signature(signature: &Signature<'_>, signature_type: SignatureType, version: u8) {
    assert_eq!((signature.version(), signature.signature_type()), (version, signature_type));
    assert_eq!(sizes(signature.material().fields()), sizes_of(signature.public_key_algorithm()).output);
}

/// Encrypted to the key of `version` with this fingerprint, in hexadecimal.
fn assert_is_to(session_key: &PublicKeyEncryptedSessionKey<'_>, version: u8, fingerprint: &str) {
    match session_key.recipient() {
        Recipient::Fingerprint(recipient) => {
            let octets: String = recipient.fingerprint.as_slice().iter().map(|octet| format!("{octet:02x}")).collect();
            assert_eq!((session_key.version(), recipient.version, octets.as_str()), (6, version, fingerprint));
        }
        Recipient::KeyId(key_id) => {
            assert_eq!((session_key.version(), version), (3, 4));
            assert!(fingerprint.ends_with(&key_id.to_string()), "{key_id}");
        }
        Recipient::Anonymous => panic!("anonymous"),
    }
}

fn assert_is_session_key(session_key: &PublicKeyEncryptedSessionKey<'_>) {
    let fields: Vec<_> = session_key.material().fields().collect();
    let Some((Field { value: FieldValue::SessionKey(wrapped), .. }, ciphertexts)) = fields.split_last() else {
        panic!("no session key")
    };
    assert_eq!(sizes(ciphertexts.iter().copied()), sizes_of(session_key.algorithm()).output);
    assert_eq!(wrapped.octets.len(), WRAPPED);
    // "Only in the case of a v3 PKESK packet: a one-octet symmetric algorithm identifier."
    let cipher = (session_key.version() == 3).then_some(SymmetricKeyAlgorithm::AES_256);
    assert_eq!(wrapped.cipher, cipher);
}

/// The sizes of fields that have no length of their own.
fn sizes<'a>(fields: impl IntoIterator<Item = Field<'a>>) -> Vec<usize> {
    let size = |field: Field<'_>| match field.value {
        FieldValue::Octets(octets) => octets.len(),
        other => panic!("{}: {other:?}", field.name),
    };
    fields.into_iter().map(size).collect()
}

/// The octets of the one block of an armored file.
fn only(file: File) -> Vec<u8> {
    let [Input { octets, .. }] = <[Input; 1]>::try_from(file.inputs()).unwrap_or_else(|_| panic!("{}", file.name));
    octets
}

fn packets(octets: &[u8]) -> Vec<Packet<'_>> {
    framing::packets(octets).map(|raw| raw.unwrap().interpret().unwrap()).collect()
}
