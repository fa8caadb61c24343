//! Generated keys: what is in them, that their signatures and numbers are right, and how their protection changes.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]

mod common;
#[path = "generate/verify.rs"]
mod verify;

use std::collections::HashSet;
use std::ops::ControlFlow;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use bpg_core::fingerprint::Fingerprint;
use bpg_core::framing;
use bpg_core::generate::{
    Algorithm, Error, GeneratedKey, KeyBuilder, KeyVersion, Step, change_passphrase, public_half,
};
use bpg_core::inspect::{self, Event};
use bpg_core::material::{Field, FieldValue};
use bpg_core::packet::signature::Area;
use bpg_core::packet::{Packet, PublicKey, SecretKey, Signature};
use bpg_core::registry::{
    AeadAlgorithm, PacketType, PublicKeyAlgorithm, ReasonForRevocation, S2kUsage, SignatureType, SymmetricKeyAlgorithm,
};
use bpg_core::s2k::S2kParameters;
use bpg_core::time::Timestamp;
use chacha20::ChaCha20Rng;
use num_bigint_dig::BigUint;
use num_bigint_dig::prime::probably_prime;
use rand_core::SeedableRng;

use common::{File, about, testdata, testdata_file};
use verify::{Target, padded, values};

const CREATED: Timestamp = Timestamp(1_700_000_000);
const EXPIRES_AFTER: u32 = 2 * 365 * 86_400;
const USER_IDS: [&str; 2] = ["Alice Example <alice@example.com>", "Älice <älice@example.org>"];
const PASSPHRASE: &[u8] = b"correct horse \xc3\xa4 battery";
/// That of the protected keys of testdata/.
const TESTDATA_PASSPHRASE: &[u8] = b"bpg";
/// RSA keys of 1024 bits take the same way as larger ones, only faster.
const ALGORITHMS: [Algorithm; 5] =
    [Algorithm::Rsa(1024), Algorithm::Curve25519, Algorithm::P256, Algorithm::P384, Algorithm::P521];
const VERSIONS: [KeyVersion; 2] = [KeyVersion::V4, KeyVersion::V6];

fn rng(seed: u8) -> ChaCha20Rng {
    ChaCha20Rng::from_seed([seed; 32])
}

fn generate(builder: &KeyBuilder, seed: u8) -> GeneratedKey {
    builder.generate(&mut rng(seed), &|_| {}).unwrap()
}

/// A key, and what it was asked to be.
struct Sample {
    name: String,
    wish: Wish,
    secret: Vec<u8>,
    public: Vec<u8>,
    revocation: Vec<u8>,
    fingerprint: Fingerprint,
}

#[derive(Clone, Copy, Debug)]
struct Wish {
    algorithm: Algorithm,
    version: KeyVersion,
    has_passphrase: bool,
    signs: bool,
    authenticates: bool,
    /// An expiry, and all of [`USER_IDS`] where else there is one of them.
    is_long: bool,
}

impl Wish {
    fn builder(self) -> KeyBuilder {
        let mut builder = KeyBuilder::new(self.algorithm, CREATED).version(self.version);
        for user_id in self.user_ids() {
            builder = builder.user_id(user_id);
        }
        if self.is_long {
            builder = builder.expires_after(Some(EXPIRES_AFTER));
        }
        if self.signs {
            builder = builder.signing_subkey();
        }
        if self.authenticates {
            builder = builder.authentication_subkey();
        }
        if self.has_passphrase { builder.passphrase(PASSPHRASE) } else { builder }
    }

    fn user_ids(self) -> &'static [&'static str] {
        if self.is_long { &USER_IDS } else { &USER_IDS[..1] }
    }

    fn is_v6(self) -> bool {
        self.version == KeyVersion::V6
    }
}

/// Every algorithm in both versions, with every choice of subkeys; those with all and with one, which is the encryption
/// subkey, also with a passphrase.
static SAMPLES: LazyLock<Vec<Sample>> = LazyLock::new(|| {
    let mut samples = Vec::new();
    for algorithm in ALGORITHMS {
        for version in VERSIONS {
            let choices = [(false, false), (true, true), (true, false), (false, true)];
            let open = choices.map(|(signs, authenticates)| (signs, authenticates, false));
            let protected = [(false, false, true), (true, true, true)];
            for (signs, authenticates, has_passphrase) in open.into_iter().chain(protected) {
                let is_long = signs;
                let wish = Wish { algorithm, version, has_passphrase, signs, authenticates, is_long };
                samples.push(sample(wish));
            }
        }
    }
    samples
});

/// The samples that differ in nothing but the passphrase.
fn pairs() -> impl Iterator<Item = [&'static Sample; 2]> {
    SAMPLES.chunks(6).flat_map(|samples| [[&samples[0], &samples[4]], [&samples[1], &samples[5]]])
}

fn sample(wish: Wish) -> Sample {
    let key = generate(&wish.builder(), 1);
    let revocation = key.revocation(ReasonForRevocation::KEY_COMPROMISED, "stolen", &mut rng(2)).unwrap();
    Sample {
        name: format!("{wish:?}"),
        wish,
        secret: key.secret().to_vec(),
        public: key.public().to_vec(),
        revocation,
        fingerprint: key.fingerprint(),
    }
}

fn for_each_sample(check: impl Fn(&Sample)) {
    assert_eq!(SAMPLES.len(), 60);
    for sample in SAMPLES.iter() {
        about(&sample.name, || check(sample));
    }
}

/// The secret keys among packets.
fn secret_keys(octets: &[u8]) -> Vec<SecretKey<'_>> {
    let keys = verify::packets(octets).into_iter().filter_map(|packet| match packet {
        Packet::SecretKey(key) | Packet::SecretSubkey(key) => Some(key),
        _ => None,
    });
    keys.collect()
}

/// The secret fields of each key, as they are on the wire.
fn secrets(octets: &[u8]) -> Vec<Vec<u8>> {
    secret_keys(octets).into_iter().map(|key| key.secret().wire().expose().as_slice().to_vec()).collect()
}

// ---------------------------------------------------------------------------------------------------------------------
// Packets

/// Law 6.
#[test]
fn generated_keys_parse_without_a_finding_and_encode_to_themselves() {
    for_each_sample(|sample| {
        for octets in [&sample.secret, &sample.public, &sample.revocation] {
            common::laws::check(octets);
            common::laws::frame::laws(octets);
            let (mut joined, mut encoded) = (Vec::new(), Vec::new());
            for raw in framing::packets(octets) {
                let raw = raw.unwrap();
                assert!(raw.length().is_minimal() && !raw.length().is_legacy(), "{:?}", raw.length());
                joined.extend_from_slice(raw.wire().as_slice());
                encode(&mut encoded, raw.packet_type(), &body(&raw.interpret().unwrap()));
                let _ = inspect::packet(&raw, &mut |event: Event<'_>| -> ControlFlow<()> {
                    assert!(!matches!(event, Event::Error(_)), "{event:?}");
                    ControlFlow::Continue(())
                });
            }
            assert_eq!(&joined, octets);
            assert_eq!(&encoded, octets);
        }
    });
}

/// RFC 9580 section 4.2.1.
fn encode(out: &mut Vec<u8>, packet_type: PacketType, body: &[u8]) {
    out.push(0xc0 | packet_type.0);
    match body.len() {
        length @ ..192 => out.push(length as u8),
        length @ 192..8384 => out.extend_from_slice(&[((length - 192) >> 8) as u8 + 192, (length - 192) as u8]),
        length => {
            out.push(255);
            out.extend_from_slice(&(length as u32).to_be_bytes());
        }
    }
    out.extend_from_slice(body);
}

/// The body of a packet, put together from the values of its fields.
fn body(packet: &Packet<'_>) -> Vec<u8> {
    match packet {
        Packet::PublicKey(key) | Packet::PublicSubkey(key) => public_body(*key),
        Packet::SecretKey(key) | Packet::SecretSubkey(key) => {
            let mut out = public_body(key.public());
            let (protection, secret) = (key.protection(), key.secret());
            out.extend_from_slice(protection.wire().as_slice());
            if secret.is_encrypted() {
                out.extend_from_slice(secret.wire().expose().as_slice());
                return out;
            }
            let mut plain = Vec::new();
            for field in secret.fields() {
                let (wire, value) = (field.wire.expose().as_slice(), field.value.expose().as_slice());
                if wire.len() == value.len() { plain.extend_from_slice(value) } else { mpi(&mut plain, value) }
            }
            out.extend_from_slice(&plain);
            if key.public().version() == 4 {
                // "The algebraic sum, mod 65536, of the plaintext of all the algorithm-specific octets."
                let sum: u32 = plain.iter().map(|octet| u32::from(*octet)).sum();
                out.extend_from_slice(&((sum % 65_536) as u16).to_be_bytes());
            }
            out
        }
        Packet::UserId(user_id) => user_id.text().unwrap().as_bytes().to_vec(),
        Packet::Signature(signature) => signature_body(signature),
        packet => panic!("{packet:?} has no place in a key"),
    }
}

fn public_body(key: PublicKey<'_>) -> Vec<u8> {
    let mut out = vec![key.version()];
    out.extend_from_slice(&key.created().0.to_be_bytes());
    out.push(key.algorithm().0);
    let mut material = Vec::new();
    key.material().fields().for_each(|field| public_field(&mut material, &field));
    if key.version() == 6 {
        out.extend_from_slice(&(material.len() as u32).to_be_bytes());
    }
    out.extend_from_slice(&material);
    out
}

fn signature_body(signature: &Signature<'_>) -> Vec<u8> {
    let version = signature.version();
    let numbers = (signature.public_key_algorithm().0, signature.hash_algorithm().0);
    let mut out = vec![version, signature.signature_type().0, numbers.0, numbers.1];
    for area in [signature.hashed_area().unwrap(), signature.unhashed_area().unwrap()] {
        let mut subpackets = Vec::new();
        for (is_critical, subpacket_type, body) in subpackets_of(area) {
            match body.len() + 1 {
                length @ ..192 => subpackets.push(length as u8),
                length => subpackets.extend_from_slice(&[((length - 192) >> 8) as u8 + 192, (length - 192) as u8]),
            }
            subpackets.push(subpacket_type | if is_critical { 0x80 } else { 0 });
            subpackets.extend_from_slice(&body);
        }
        if version == 6 {
            out.extend_from_slice(&(subpackets.len() as u32).to_be_bytes());
        } else {
            out.extend_from_slice(&(subpackets.len() as u16).to_be_bytes());
        }
        out.extend_from_slice(&subpackets);
    }
    out.extend_from_slice(signature.digest_prefix().as_slice());
    if let Some(salt) = signature.salt() {
        out.push(salt.len() as u8);
        out.extend_from_slice(salt.as_slice());
    }
    signature.material().fields().for_each(|field| public_field(&mut out, &field));
    out
}

fn public_field(out: &mut Vec<u8>, field: &Field<'_>) {
    match field.value {
        FieldValue::Mpi(integer) => {
            assert!(integer.is_canonical(), "{field:?}");
            mpi(out, integer.octets().as_slice());
        }
        FieldValue::Octets(octets) => out.extend_from_slice(octets.as_slice()),
        FieldValue::Curve(curve) => {
            out.push(curve.octets().len() as u8);
            out.extend_from_slice(curve.octets().as_slice());
        }
        FieldValue::Kdf(kdf) => {
            out.push(kdf.octets().len() as u8);
            out.extend_from_slice(kdf.octets().as_slice());
        }
        _ => panic!("{field:?}"),
    }
}

/// RFC 9580 section 3.2.
fn mpi(out: &mut Vec<u8>, octets: &[u8]) {
    assert_ne!(octets.first(), Some(&0), "an integer has no leading zeros");
    let bits = octets.len() * 8 - octets.first().map_or(0, |first| first.leading_zeros() as usize);
    out.extend_from_slice(&(bits as u16).to_be_bytes());
    out.extend_from_slice(octets);
}

/// Of each subpacket whether it is critical, its type and what it says.
fn subpackets_of(area: Area<'_>) -> Vec<(bool, u8, Vec<u8>)> {
    let subpackets = area.subpackets().map(Result::unwrap).inspect(|subpacket| {
        subpacket.value().unwrap();
    });
    subpackets
        .map(|subpacket| (subpacket.is_critical(), subpacket.subpacket_type().0, subpacket.body().as_slice().to_vec()))
        .collect()
}

#[test]
fn a_key_says_what_was_asked_for_and_no_more() {
    for_each_sample(|sample| {
        let (wish, version) = (sample.wish, if sample.wish.is_v6() { 6 } else { 4 });
        let mut subkey_flags = vec![0x0c];
        subkey_flags.extend(wish.signs.then_some(0x02));
        subkey_flags.extend(wish.authenticates.then_some(0x20));

        let primary_claims = {
            let mut claims = vec![(true, 27, vec![0x03])];
            claims.extend(wish.is_long.then(|| (true, 9, EXPIRES_AFTER.to_be_bytes().to_vec())));
            claims.extend([(false, 11, vec![9, 8, 7]), (false, 21, vec![10, 9, 8]), (false, 22, vec![2, 1])]);
            claims.push((false, 30, vec![if wish.is_v6() { 0x09 } else { 0x01 }]));
            claims.extend(wish.is_v6().then(|| (false, 39, vec![9, 2, 7, 2])));
            claims
        };
        let mut due = Vec::new();
        if wish.is_v6() {
            due.push((SignatureType::DIRECT_KEY, primary_claims.clone()));
        }
        for index in 0..wish.user_ids().len() {
            let mut claims = if wish.is_v6() { Vec::new() } else { primary_claims.clone() };
            claims.extend((index == 0).then(|| (false, 25, vec![1])));
            due.push((SignatureType::POSITIVE_CERTIFICATION, claims));
        }
        for flags in &subkey_flags {
            due.push((SignatureType::SUBKEY_BINDING, vec![(true, 27, vec![*flags])]));
        }

        for octets in [&sample.secret, &sample.public] {
            let packets = verify::packets(octets);
            let keys: Vec<_> = packets.iter().filter_map(verify::public).collect();
            assert_eq!(keys.len(), 1 + subkey_flags.len());
            assert!(keys.iter().all(|key| key.version() == version && key.created() == CREATED));
            assert_eq!(keys[0].fingerprint(), Some(sample.fingerprint));
            let distinct: HashSet<_> = keys.iter().map(|key| key.fingerprint()).collect();
            assert_eq!(distinct.len(), keys.len());

            let user_ids: Vec<_> = packets
                .iter()
                .filter_map(|packet| match packet {
                    Packet::UserId(user_id) => Some(user_id.text().unwrap()),
                    _ => None,
                })
                .collect();
            assert_eq!(user_ids, wish.user_ids());

            let said: Vec<_> = packets
                .iter()
                .filter_map(|packet| match packet {
                    Packet::Signature(signature) => Some((signature.signature_type(), claims(signature, version))),
                    _ => None,
                })
                .collect();
            assert_eq!(said, due);
        }
    });
}

/// The hashed subpackets but for the time and issuer, which every signature has, and for a back-signature.
fn claims(signature: &Signature<'_>, version: u8) -> Vec<(bool, u8, Vec<u8>)> {
    assert_eq!((signature.version(), signature.created()), (version, Some(CREATED)));
    let mut claims = subpackets_of(signature.hashed_area().unwrap());
    assert_eq!(claims[0], (true, 2, CREATED.0.to_be_bytes().to_vec()));
    assert_eq!((claims[1].0, claims[1].1), (false, 33));
    let back = verify::embedded(signature);
    let may_sign = signature.signature_type() == SignatureType::SUBKEY_BINDING
        && claims.iter().any(|claim| claim.1 == 27 && claim.2[0] & 0x0c == 0);
    assert_eq!(back.is_some(), may_sign);
    if let Some(back) = back {
        assert!(self::claims(&back, version).is_empty());
    }
    claims.retain(|claim| claim.1 != 32);
    claims.split_off(2)
}

#[test]
fn algorithms_are_those_of_the_version() {
    use PublicKeyAlgorithm as Key;
    for_each_sample(|sample| {
        let (signs, encrypts, size) = match (sample.wish.algorithm, sample.wish.version) {
            (Algorithm::Rsa(_), _) => (Key::RSA, Key::RSA, None),
            (Algorithm::Curve25519, KeyVersion::V4) => (Key::EDDSA_LEGACY, Key::ECDH, None),
            (Algorithm::Curve25519, KeyVersion::V6) => (Key::ED25519, Key::X25519, None),
            // Section 11.5.1: KDF hash and cipher of each curve.
            (Algorithm::P256, _) => (Key::ECDSA, Key::ECDH, Some([1, 8, 7])),
            (Algorithm::P384, _) => (Key::ECDSA, Key::ECDH, Some([1, 9, 8])),
            (Algorithm::P521, _) => (Key::ECDSA, Key::ECDH, Some([1, 10, 9])),
            other => panic!("{other:?}"),
        };
        let packets = verify::packets(&sample.public);
        let keys: Vec<_> = packets.iter().filter_map(verify::public).collect();
        for (index, key) in keys.iter().enumerate() {
            assert_eq!(key.algorithm(), if index == 1 { encrypts } else { signs });
        }
        if let Some(kdf) = size {
            assert_eq!(values(keys[1].material())[2], kdf);
        }
    });
}

#[test]
fn the_public_half_is_the_public_key() {
    for_each_sample(|sample| {
        assert_eq!(public_half(&sample.secret).unwrap(), sample.public);
        assert_eq!(public_half(&sample.public).unwrap(), sample.public);
    });
}

#[test]
fn a_fixed_source_of_randomness_gives_the_same_key_every_time() {
    for algorithm in ALGORITHMS {
        for version in VERSIONS {
            let passphrases = if algorithm == Algorithm::P256 { &[None, Some(PASSPHRASE)][..] } else { &[None] };
            for passphrase in passphrases {
                let mut builder = KeyBuilder::new(algorithm, CREATED).version(version).user_id(USER_IDS[0]);
                builder = builder.signing_subkey().authentication_subkey();
                if let Some(passphrase) = passphrase {
                    builder = builder.passphrase(passphrase);
                }
                let make = |seed| {
                    let (mut rng, key) = (rng(seed), generate(&builder, seed));
                    let revocation = key.revocation(ReasonForRevocation::NO_REASON, "", &mut rng).unwrap();
                    (key.secret().to_vec(), key.public().to_vec(), key.fingerprint(), revocation)
                };
                let (one, other) = (make(3), make(4));
                assert_eq!(make(3), one);
                assert_ne!(one.2, other.2);
                let all: Vec<_> = [&one, &other].iter().flat_map(|key| secrets(&key.0)).collect();
                assert_eq!(all.iter().collect::<HashSet<_>>().len(), 8, "no two keys have the same secret");
            }
        }
    }
}

/// The keys come from the same place of the source, so what is protected can be compared with what is not.
#[test]
fn a_passphrase_does_not_change_the_key() {
    for [open, protected] in pairs() {
        assert!(!open.wish.has_passphrase && protected.wish.has_passphrase);
        assert_eq!(open.fingerprint, protected.fingerprint);
    }
}

/// Two primes for each RSA key, each of which was a candidate before; nothing for other keys.
#[test]
fn progress_is_told_of_the_search_for_primes() {
    for (algorithm, primes_due) in [(Algorithm::Rsa(1024), 6), (Algorithm::P256, 0)] {
        let (candidates, primes) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let builder = KeyBuilder::new(algorithm, CREATED).user_id(USER_IDS[0]).signing_subkey();
        let progress = |step| {
            let counter = if step == Step::Prime { &primes } else { &candidates };
            counter.fetch_add(1, Ordering::Relaxed);
        };
        builder.generate(&mut rng(5), &progress).unwrap();
        let (candidates, primes) = (candidates.into_inner(), primes.into_inner());
        assert_eq!(primes, primes_due);
        assert!(candidates >= primes && (candidates > 0) == (primes > 0), "{candidates} candidates");
    }
}

#[test]
fn debug_shows_neither_secrets_nor_the_passphrase() {
    let builder = KeyBuilder::new(Algorithm::P256, CREATED).user_id(USER_IDS[0]).passphrase(b"hunter2");
    let shown = format!("{builder:?} {:?}", generate(&builder, 6));
    assert!(!shown.contains("hunter2") && !shown.contains(&format!("{:?}", b"hunter2")), "{shown}");
    assert!(shown.len() < 400, "{shown}");
}

// ---------------------------------------------------------------------------------------------------------------------
// Signatures

#[test]
fn every_signature_is_good() {
    for_each_sample(|sample| {
        let mut due = Vec::new();
        due.extend(sample.wish.is_v6().then_some(SignatureType::DIRECT_KEY));
        due.extend(sample.wish.user_ids().iter().map(|_| SignatureType::POSITIVE_CERTIFICATION));
        due.push(SignatureType::SUBKEY_BINDING);
        for _ in 0..usize::from(sample.wish.signs) + usize::from(sample.wish.authenticates) {
            due.extend([SignatureType::SUBKEY_BINDING, SignatureType::PRIMARY_KEY_BINDING]);
        }
        assert_eq!(verify::all(&sample.public), due);
        assert_eq!(verify::all(&sample.secret), due);
    });
}

#[test]
fn the_revocation_is_good_and_gives_its_reason() {
    for_each_sample(|sample| {
        let packets = verify::packets(&sample.revocation);
        let [Packet::Signature(signature)] = packets.as_slice() else { panic!("{packets:?}") };
        assert_eq!(signature.signature_type(), SignatureType::KEY_REVOCATION);
        let public = verify::packets(&sample.public);
        let primary = verify::public(&public[0]).unwrap();
        assert!(verify::is_good(signature, Target::Key(primary), primary));
        let version = if sample.wish.is_v6() { 6 } else { 4 };
        assert_eq!(claims(signature, version), [(false, 29, b"\x02stolen".to_vec())]);
    });
}

/// What verifies above does so because it is right, and not because anything would.
#[test]
fn no_signature_is_good_of_anything_else() {
    for_each_sample(|sample| {
        let packets = verify::packets(&sample.public);
        let keys: Vec<_> = packets.iter().filter_map(verify::public).collect();
        let (primary, subkey) = (keys[0], keys[1]);
        let targets = [
            Target::Key(primary),
            Target::UserId(primary, USER_IDS[0].as_bytes()),
            Target::UserId(primary, b"Mallory"),
            Target::Subkey(primary, subkey),
            Target::Subkey(subkey, primary),
        ];
        let mut good = Vec::new();
        for packet in &packets {
            let Packet::Signature(signature) = packet else { continue };
            let of = |target: &Target<'_>| verify::is_good(signature, *target, primary);
            good.push(targets.iter().map(of).collect::<Vec<_>>());
        }
        // The key, if it has such a signature, its first user ID, the others, its first subkey, and the others.
        let mut due = Vec::new();
        due.extend(sample.wish.is_v6().then_some([true, false, false, false, false]));
        due.push([false, true, false, false, false]);
        due.extend(sample.wish.user_ids()[1..].iter().map(|_| [false; 5]));
        due.push([false, false, false, true, false]);
        due.extend((0..usize::from(sample.wish.signs) + usize::from(sample.wish.authenticates)).map(|_| [false; 5]));
        assert_eq!(good, due);
    });
}

/// A version 4 signature has two octets for the length of what is hashed.
#[test]
fn a_revocation_whose_text_is_too_long_is_refused_or_right() {
    for version in VERSIONS {
        let builder = KeyBuilder::new(Algorithm::Curve25519, CREATED).version(version).user_id(USER_IDS[0]);
        let key = generate(&builder, 7);
        let text = "x".repeat(70_000);
        let revocation = key.revocation(ReasonForRevocation::NO_REASON, &text, &mut rng(8));
        assert_eq!(revocation.is_ok(), version == KeyVersion::V6, "{version:?}");
        let Ok(revocation) = revocation else { continue };
        let raw = framing::packets(&revocation).next().unwrap().unwrap();
        let Ok(Packet::Signature(signature)) = raw.interpret() else { panic!("{version:?}: {:?}", raw.interpret()) };
        let public = verify::packets(key.public());
        let primary = verify::public(&public[0]).unwrap();
        assert!(verify::is_good(&signature, Target::Key(primary), primary));
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// Secrets

fn integer(octets: &[u8]) -> BigUint {
    BigUint::from_bytes_be(octets)
}

/// The secret fields without the lengths in front of them.
fn secret_values<'a>(key: &SecretKey<'a>) -> Vec<&'a [u8]> {
    assert!(!key.secret().is_encrypted());
    key.secret().fields().map(|field| field.value.expose().as_slice()).collect()
}

/// Whether the secret is that of the public key.
fn check_secret(key: &SecretKey<'_>) {
    let (public, secret) = (values(key.public().material()), secret_values(key));
    match key.public().algorithm() {
        PublicKeyAlgorithm::RSA => drop(check_rsa(key)),
        PublicKeyAlgorithm::EDDSA_LEGACY => assert_eq!(ed25519(&padded(secret[0], 32)), public[1][1..]),
        PublicKeyAlgorithm::ED25519 => assert_eq!(ed25519(secret[0]), public[0]),
        PublicKeyAlgorithm::X25519 => assert_eq!(x25519(secret[0]), public[0]),
        PublicKeyAlgorithm::ECDH if public[1].len() == 33 => {
            let mut scalar = padded(secret[0], 32);
            scalar.reverse();
            assert_eq!(x25519(&scalar), public[1][1..]);
            // RFC 7748 section 5.
            assert!(scalar[0] & 7 == 0 && scalar[31] & 0xc0 == 0x40, "a clamped scalar");
        }
        PublicKeyAlgorithm::ECDSA | PublicKeyAlgorithm::ECDH => {
            let point = match public[1].len() {
                65 => nist::p256(&padded(secret[0], 32)),
                97 => nist::p384(&padded(secret[0], 48)),
                133 => nist::p521(&padded(secret[0], 66)),
                length => panic!("a point of {length} octets"),
            };
            assert_eq!(point, public[1]);
        }
        other => panic!("{other:?}"),
    }
}

fn ed25519(seed: &[u8]) -> Vec<u8> {
    ed25519_dalek::SigningKey::from_bytes(seed.try_into().unwrap()).verifying_key().as_bytes().to_vec()
}

fn x25519(scalar: &[u8]) -> Vec<u8> {
    let scalar: [u8; 32] = scalar.try_into().unwrap();
    x25519_dalek::PublicKey::from(&x25519_dalek::StaticSecret::from(scalar)).as_bytes().to_vec()
}

mod nist {
    macro_rules! points {
        ($($krate:ident)*) => {$(
            /// The point of a scalar, uncompressed.
            pub(crate) fn $krate(scalar: &[u8]) -> Vec<u8> {
                use $krate::elliptic_curve::sec1::ToSec1Point;
                $krate::SecretKey::from_slice(scalar).unwrap().public_key().to_sec1_point(false).as_bytes().to_vec()
            }
        )*};
    }
    points! { p256 p384 p521 }
}

/// Checks the numbers of an RSA key and gives its primes.
fn check_rsa(key: &SecretKey<'_>) -> [BigUint; 2] {
    let public = values(key.public().material());
    let [n, e] = [integer(public[0]), integer(public[1])];
    let secret = secret_values(key);
    let [d, p, q, u] = [0, 1, 2, 3].map(|index| integer(secret[index]));
    let one = BigUint::from(1_u8);
    assert_eq!(e, BigUint::from(65_537_u32));
    assert_eq!(&p * &q, n);
    // Of p − 1 and of q − 1 is as much as of their least common multiple.
    assert_eq!(&e * &d % (&p - &one), one);
    assert_eq!(&e * &d % (&q - &one), one);
    assert_eq!(&u * &p % &q, one);
    assert!(p < q && u < q && d < n);
    // FIPS 186-5, appendix A.1.1: d > 2^(bits / 2), |p − q| > 2^(bits / 2 − 100).
    let bits = n.bits();
    assert!(d > one.clone() << (bits / 2));
    assert!(&q - &p > one << (bits / 2 - 100));
    assert_eq!((p.bits(), q.bits(), bits % 128), (bits / 2, bits / 2, 0));
    for prime in [&p, &q] {
        assert!(probably_prime(prime, 20), "{prime} is composite");
    }
    [p, q]
}

#[test]
fn secrets_are_those_of_the_public_keys() {
    for_each_sample(|sample| {
        if !sample.wish.has_passphrase {
            secret_keys(&sample.secret).iter().for_each(check_secret);
        }
    });
}

#[test]
fn rsa_keys_have_the_size_asked_for() {
    for bits in [1024, 1152, 2048, 2176, 3072, 4096] {
        let key = generate(&KeyBuilder::new(Algorithm::Rsa(bits), CREATED).user_id(USER_IDS[0]), 9);
        for key in secret_keys(key.secret()) {
            assert_eq!(integer(values(key.public().material())[0]).bits(), bits as usize);
            check_rsa(&key);
        }
    }
}

#[test]
fn two_hundred_rsa_keys_share_no_prime() {
    let mut primes = HashSet::new();
    let mut keys = 0;
    for index in 0..100_u8 {
        let bits = if index % 5 == 0 { 2048 } else { 1024 };
        let mut seed = [0xa5; 32];
        seed[0] = index;
        let builder = KeyBuilder::new(Algorithm::Rsa(bits), CREATED).user_id(USER_IDS[0]);
        let key = builder.generate(&mut ChaCha20Rng::from_seed(seed), &|_| {}).unwrap();
        for key in secret_keys(key.secret()) {
            assert_eq!(integer(values(key.public().material())[0]).bits(), bits as usize);
            primes.extend(check_rsa(&key).map(|prime| prime.to_bytes_be()));
            keys += 1;
        }
    }
    assert_eq!((keys, primes.len()), (200, 400));
}

// ---------------------------------------------------------------------------------------------------------------------
// Protection

#[test]
fn a_passphrase_protects_every_secret_in_the_way_of_the_version() {
    for_each_sample(|sample| {
        let mut salts = HashSet::new();
        for key in secret_keys(&sample.secret) {
            let protection = key.protection();
            if !sample.wish.has_passphrase {
                assert_eq!(protection.usage(), S2kUsage::UNPROTECTED);
                let checksum = key.secret().checksum();
                assert_eq!(checksum.is_some(), !sample.wish.is_v6());
                assert!(checksum.is_none_or(|checksum| Some(checksum.stored) == checksum.due));
                continue;
            }
            assert_eq!(protection.cipher(), Some(SymmetricKeyAlgorithm::AES_256));
            let salt = match (protection.s2k().unwrap().parameters(), sample.wish.version) {
                (S2kParameters::IteratedSalted { hash, salt, count }, KeyVersion::V4) => {
                    assert_eq!((protection.usage(), protection.iv().len()), (S2kUsage::CFB, 16));
                    assert_eq!((hash.0, count), (8, 0xff));
                    salt
                }
                (S2kParameters::Argon2 { salt, passes, parallelism, memory_exponent }, KeyVersion::V6) => {
                    assert_eq!((protection.usage(), protection.iv().len()), (S2kUsage::AEAD, 15));
                    assert_eq!(protection.aead(), Some(AeadAlgorithm::OCB));
                    assert_eq!((passes, parallelism, memory_exponent), (3, 4, 16));
                    salt
                }
                other => panic!("{other:?}"),
            };
            assert!(salts.insert((salt.as_slice(), protection.iv().as_slice())), "each key has a salt of its own");
        }
    });
}

#[test]
fn a_passphrase_can_be_removed_and_the_secret_is_the_original() {
    for [open, protected] in pairs() {
        about(&protected.name, || {
            let removed = change_passphrase(&protected.secret, Some(PASSPHRASE), None, &mut rng(10)).unwrap();
            assert_eq!(secrets(&removed), secrets(&open.secret));
            secret_keys(&removed).iter().for_each(check_secret);
            assert_eq!(public_half(&removed).unwrap(), protected.public);
            common::laws::check(&removed);
        });
    }
}

#[test]
fn a_passphrase_can_be_set_changed_and_removed() {
    // Deriving keys takes its time, and the NIST curves differ in nothing that matters here.
    for open in
        SAMPLES.iter().step_by(6).filter(|sample| !matches!(sample.wish.algorithm, Algorithm::P256 | Algorithm::P384))
    {
        let mut rng = rng(11);
        about(&open.name, || {
            let set = change_passphrase(&open.secret, None, Some(b"one"), &mut rng).unwrap();
            assert!(secret_keys(&set).iter().all(|key| key.secret().is_encrypted()));
            let wrong = change_passphrase(&set, Some(b"two"), None, &mut rng);
            assert_eq!(wrong.err(), Some(Error::WrongPassphrase));
            let none = change_passphrase(&set, None, Some(b"two"), &mut rng);
            assert_eq!(none.err(), Some(Error::PassphraseNeeded));
            let changed = change_passphrase(&set, Some(b"one"), Some(b"two"), &mut rng).unwrap();
            let former = change_passphrase(&changed, Some(b"one"), None, &mut rng);
            assert_eq!(former.err(), Some(Error::WrongPassphrase));
            assert_eq!(public_half(&changed).unwrap(), open.public);
            let removed = change_passphrase(&changed, Some(b"two"), None, &mut rng).unwrap();
            assert_eq!(*removed, open.secret);
        });
    }
}

/// A passphrase of no octets is one, and so is one of many.
#[test]
fn passphrases_of_any_length_work() {
    for version in VERSIONS {
        let builder = KeyBuilder::new(Algorithm::Curve25519, CREATED).version(version).user_id(USER_IDS[0]);
        let open = generate(&builder, 12);
        for passphrase in [vec![], vec![0], vec![b'x'; 5000]] {
            let set = change_passphrase(open.secret(), None, Some(&passphrase), &mut rng(13)).unwrap();
            let removed = change_passphrase(&set, Some(&passphrase), None, &mut rng(14)).unwrap();
            assert_eq!(*removed, open.secret());
        }
    }
}

#[test]
fn a_changed_octet_of_a_protected_secret_is_noticed() {
    for version in VERSIONS {
        let builder = KeyBuilder::new(Algorithm::Curve25519, CREATED).version(version).user_id(USER_IDS[0]);
        let key = generate(&builder.passphrase(PASSPHRASE), 15);
        let place = secret_keys(key.secret())[0].secret().wire().span();
        for position in [place.start, place.end - 1] {
            let mut changed = key.secret().to_vec();
            changed[position as usize] ^= 1;
            let result = change_passphrase(&changed, Some(PASSPHRASE), None, &mut rng(16));
            assert_eq!(result.err(), Some(Error::WrongPassphrase), "{version:?}");
        }
        if version == KeyVersion::V6 {
            // "As additional data, … the Public Key packet fields": the creation time, behind a header of two octets.
            let mut changed = key.secret().to_vec();
            changed[3] ^= 1;
            let result = change_passphrase(&changed, Some(PASSPHRASE), None, &mut rng(16));
            assert_eq!(result.err(), Some(Error::WrongPassphrase));
        }
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// The keys of others

/// The first armored block of a file of testdata/, or the file as it is.
fn octets(name: &str) -> Vec<u8> {
    let file = File { name: name.to_owned(), octets: testdata_file(name) };
    file.inputs().into_iter().next().unwrap().octets
}

/// Every file of testdata/ with a protected secret key that is well formed: its unprotected twin where there is one, or
/// the error.
const PROTECTED: &[(&str, Result<Option<&str>, Error>)] = &[
    ("keys/brainpoolp512r1.sec-protected.gpg", Ok(Some("keys/brainpoolp512r1.sec.asc"))),
    ("keys/dsa2048.sec-protected.gpg", Ok(Some("keys/dsa2048.sec.asc"))),
    ("keys/ed25519.sec-protected.asc", Ok(Some("keys/ed25519.sec.asc"))),
    ("keys/ed25519.sec-protected.gpg", Ok(Some("keys/ed25519.sec.asc"))),
    ("keys/nistp256.sec-protected.gpg", Ok(Some("keys/nistp256.sec.asc"))),
    ("keys/rsa1024.sec-protected.gpg", Ok(Some("keys/rsa1024.sec.asc"))),
    ("keys/rsa2048.sec-protected.gpg", Ok(Some("keys/rsa2048.sec.asc"))),
    ("peers/pgpainless.sec-protected.asc", Ok(None)),
    // Twofish.
    ("peers/rnp.sec-protected.asc", Err(Error::UnsupportedProtection)),
    ("peers/rpgp-v4.sec-protected.gpg", Ok(Some("peers/rpgp-v4.sec.gpg"))),
    // Argon2.
    ("peers/rpgp-v6-448.sec-protected.gpg", Ok(Some("peers/rpgp-v6-448.sec.gpg"))),
    ("peers/sq.sec-protected.asc", Ok(Some("peers/sq.sec.asc"))),
    ("secret/gnu-dummy-protected.sec.gpg", Ok(None)),
    ("secret/gnu-internal.sec.gpg", Ok(None)),
    ("secret/gnu-unknown-mode.sec.gpg", Ok(None)),
    ("secret/s2k-iterated.sec.gpg", Ok(Some("keys/rsa1024.sec.asc"))),
    ("secret/s2k-private.sec.gpg", Err(Error::UnsupportedProtection)),
    ("secret/s2k-salted.sec.gpg", Ok(Some("keys/rsa1024.sec.asc"))),
    ("secret/s2k-simple.sec.gpg", Ok(Some("keys/rsa1024.sec.asc"))),
    ("secret/s2k-unknown.sec.gpg", Err(Error::UnsupportedProtection)),
    // The ciphertext is made up.
    ("secret/usage-253-argon2.sec.gpg", Err(Error::WrongPassphrase)),
    ("secret/usage-255-iterated.sec.gpg", Ok(Some("keys/rsa1024.sec.asc"))),
    // Triple DES.
    ("secret/usage-255-salted.sec.gpg", Err(Error::UnsupportedProtection)),
    ("secret/usage-255-simple.sec.gpg", Ok(Some("keys/rsa1024.sec.asc"))),
    // MD5.
    ("secret/usage-legacy-cipher.sec.gpg", Err(Error::UnsupportedProtection)),
    ("secret/v5-usage-253.sec.gpg", Err(Error::UnsupportedProtection)),
    ("secret/v5-usage-254.sec.gpg", Err(Error::UnsupportedProtection)),
    ("secret/v6-usage-254.sec.gpg", Ok(None)),
];

/// Its passphrase is another, and to open it takes 2 GiB: the tests of RFC 9580 do it.
const OPENED_ELSEWHERE: &str = "rfc9580/a5-v6.sec-protected.asc";

/// Whether a secret is protected, and not merely elsewhere.
fn is_protected(key: &SecretKey<'_>) -> bool {
    key.secret().is_encrypted() && !key.protection().s2k().is_some_and(|s2k| s2k.is_stub())
}

#[test]
fn passphrases_of_other_programs_can_be_removed() {
    for (name, due) in PROTECTED {
        about(name, || {
            let protected = octets(name);
            let result = change_passphrase(&protected, Some(TESTDATA_PASSPHRASE), None, &mut rng(20));
            let removed = match (result, due) {
                (Ok(removed), Ok(_)) => removed,
                (result, due) => return assert_eq!(result.map(drop), due.map(drop)),
            };
            let (before, after) = (secret_keys(&protected), secret_keys(&removed));
            assert!(before.len() == after.len() && after.iter().all(|key| !is_protected(key)));
            if let Some(twin) = due.unwrap() {
                let twin = octets(twin);
                let twin = secret_keys(&twin);
                for key in &after {
                    let fingerprint = key.public().fingerprint();
                    let twin = twin.iter().find(|twin| twin.public().fingerprint() == fingerprint).unwrap();
                    assert_eq!(
                        key.secret().wire().expose().as_slice(),
                        twin.secret().wire().expose().as_slice(),
                        "the fields of {fingerprint:?}"
                    );
                }
            }
            for (key, before) in after.iter().zip(&before).filter(|(_, before)| is_protected(before)) {
                let is_right = key.secret().checksum().map(|sum| Some(sum.stored) == sum.due);
                // Version 6 has no checksum.
                assert_eq!(is_right, (key.public().version() < 6).then_some(true), "{before:?}");
            }
            common::laws::check(&removed);
            if name.starts_with("keys/") {
                let wrong = change_passphrase(&protected, Some(b"bpG"), None, &mut rng(21));
                assert_eq!(wrong.err(), Some(Error::WrongPassphrase));
                let none = change_passphrase(&protected, None, None, &mut rng(21));
                assert_eq!(none.err(), Some(Error::PassphraseNeeded));
            }
        });
    }
}

/// So that no new file is forgotten above.
#[test]
fn every_protected_key_of_the_corpus_is_tried() {
    let mut found = Vec::new();
    for file in testdata().iter().filter(|file| !file.name.starts_with("testdata/malformed/")) {
        let is_protected = file.inputs().iter().any(|input| {
            framing::packets(&input.octets).flatten().any(|raw| match raw.interpret() {
                Ok(Packet::SecretKey(key) | Packet::SecretSubkey(key)) => key.secret().is_encrypted(),
                _ => false,
            })
        });
        found.extend(is_protected.then(|| file.name.trim_start_matches("testdata/").to_owned()));
    }
    found.retain(|name| !STUBS.contains(&name.as_str()) && name != OPENED_ELSEWHERE);
    let tried: Vec<_> = PROTECTED.iter().map(|(name, _)| *name).collect();
    assert_eq!(found, tried);
}

/// Files with keys that are kept elsewhere, where nothing is protected.
const STUBS: [&str; 3] =
    ["secret/gnu-divert-to-card.sec.gpg", "secret/gnu-dummy-primary.sec.gpg", "secret/gnu-dummy-subkey.sec.gpg"];

#[test]
fn secrets_that_are_kept_elsewhere_stay_there() {
    for name in STUBS {
        about(name, || {
            let before = octets(name);
            let after = change_passphrase(&before, None, Some(PASSPHRASE), &mut rng(22)).unwrap();
            assert_eq!(verify::packets(&before).len(), verify::packets(&after).len());
            let (before, after) = (secret_keys(&before), secret_keys(&after));
            let mut stubs = 0;
            for (before, after) in before.iter().zip(&after) {
                if before.protection().s2k().is_some() {
                    assert_eq!(before.wire().as_slice(), after.wire().as_slice());
                    stubs += 1;
                } else {
                    assert!(is_protected(after));
                }
            }
            assert!(stubs > 0);
        });
    }
}

/// The secret keys of testdata/ that have the same certificate beside them.
#[test]
fn public_halves_of_other_programs_keys_are_their_certificates() {
    let mut compared = 0;
    for file in testdata() {
        let Some(name) = file.name.strip_prefix("testdata/keys/") else { continue };
        let Some((key, _)) = name.split_once(".sec") else { continue };
        about(name, || {
            let half = public_half(&file.inputs()[0].octets).unwrap();
            let certificate = octets(&format!("keys/{key}.pub.gpg"));
            let contents = |octets: &[u8]| -> Vec<_> {
                let packets = framing::packets(octets).map(Result::unwrap);
                packets.map(|raw| (raw.packet_type(), raw.body().to_cow().into_owned())).collect()
            };
            assert_eq!(contents(&half), contents(&certificate));
        });
        compared += 1;
    }
    assert!(compared > 20, "{compared} were compared");
}

#[test]
fn packets_that_are_not_secret_stay_octet_for_octet() {
    for name in ["keys/rsa2048.pub.gpg", "certificates/photo.pub.gpg", "certificates/user-ids.pub.gpg"] {
        let certificate = octets(name);
        assert_eq!(public_half(&certificate).unwrap(), certificate);
        assert_eq!(*change_passphrase(&certificate, None, Some(b"x"), &mut rng(23)).unwrap(), certificate);
    }
}

/// Versions 3 and 5 write their protection in ways of their own: a key of theirs is left alone or stays readable.
#[test]
fn keys_of_other_versions_are_refused_or_kept_readable() {
    for (name, key) in [("version 3", octets("keys/v3-rsa1024.sec.gpg")), ("version 5", version_5_key())] {
        let before = secrets(&key);
        for new in [None, Some(PASSPHRASE)] {
            match change_passphrase(&key, None, new, &mut rng(24)) {
                Err(error) => assert_eq!(error, Error::UnsupportedProtection, "{name}"),
                Ok(changed) => {
                    let packets: Vec<_> = framing::packets(&changed).map(|raw| raw.unwrap().interpret()).collect();
                    assert!(packets.iter().all(Result::is_ok), "{name}: {packets:?}");
                    let again = change_passphrase(&changed, new, None, &mut rng(25)).unwrap();
                    assert_eq!(secrets(&again), before, "{name}");
                }
            }
        }
    }
}

/// LibrePGP section 5.5.2 and 5.5.3, with the Ed25519 key of testdata/.
fn version_5_key() -> Vec<u8> {
    let ed25519 = octets("keys/ed25519.sec.asc");
    let key = secret_keys(&ed25519)[0];
    let (material, secret) = (key.public().material().wire(), key.secret().wire().expose());
    let mut body = vec![5];
    body.extend_from_slice(&CREATED.0.to_be_bytes());
    body.push(key.public().algorithm().0);
    body.extend_from_slice(&(material.len() as u32).to_be_bytes());
    body.extend_from_slice(material.as_slice());
    body.extend_from_slice(&[0, 0]);
    body.extend_from_slice(&(secret.len() as u32).to_be_bytes());
    body.extend_from_slice(secret.as_slice());
    body.extend_from_slice(&key.secret().checksum().unwrap().stored.to_be_bytes());
    let mut out = Vec::new();
    encode(&mut out, PacketType::SECRET_KEY, &body);
    assert!(!secret_keys(&out)[0].secret().is_encrypted());
    out
}

/// A sum of 16 bits is right by chance for one wrong passphrase in 65536, but what it opens is not the fields of a key.
#[test]
fn a_wrong_passphrase_is_not_right_because_a_checksum_is() {
    let protected = octets("secret/usage-255-simple.sec.gpg");
    // The sum is right of the second of these, the first number to do so.
    for passphrase in [b"45843", b"45844", b"45845"] {
        let result = change_passphrase(&protected, Some(passphrase), None, &mut rng(26));
        assert_eq!(result.err(), Some(Error::WrongPassphrase));
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// Errors

#[test]
fn wishes_that_cannot_be_met_are_errors() {
    let make = |builder: KeyBuilder| builder.generate(&mut rng(30), &|_| {}).err();
    let rsa = |bits| KeyBuilder::new(Algorithm::Rsa(bits), CREATED).user_id(USER_IDS[0]);
    for bits in [0, 1, 512, 1023, 1025, 1088, 2047, 2049, 16_385, 16_512, u32::MAX] {
        assert_eq!(make(rsa(bits)), Some(Error::RsaSize(bits)));
    }
    let elliptic = |version| KeyBuilder::new(Algorithm::Curve25519, CREATED).version(version);
    assert_eq!(make(elliptic(KeyVersion::V4)), Some(Error::NoUserId));
    for version in VERSIONS {
        let builder = elliptic(version).user_id(USER_IDS[0]);
        assert_eq!(make(builder.clone().expires_after(Some(0))), Some(Error::Expiration));
        assert_eq!(make(builder.clone().expires_after(None)), None);
        assert_eq!(make(builder.expires_after(Some(1))), None);
    }
}

/// The direct-key signature says what a user ID's would.
#[test]
fn a_version_6_key_needs_no_user_id() {
    let builder = KeyBuilder::new(Algorithm::Curve25519, CREATED).version(KeyVersion::V6);
    let key = generate(&builder, 31);
    assert_eq!(verify::all(key.public()), [SignatureType::DIRECT_KEY, SignatureType::SUBKEY_BINDING]);
}

#[test]
fn malformed_packets_are_errors_with_a_place() {
    let key = octets("keys/ed25519.sec.asc");
    for (name, malformed) in [("cut short", &key[..key.len() - 1]), ("within the first key", &key[..20])] {
        for error in
            [public_half(malformed).err(), change_passphrase(malformed, None, Some(PASSPHRASE), &mut rng(32)).err()]
        {
            let Some(Error::Malformed(error)) = error else { panic!("{name}: {error:?}") };
            assert!(error.span().end <= malformed.len() as u64);
        }
    }
    let malformed = octets("malformed/secret-mpi-missing.gpg");
    assert!(matches!(public_half(&malformed), Err(Error::Malformed(_))));
}

/// There is no saying where the secret of an unknown version starts.
#[test]
fn secret_keys_of_unknown_versions_are_not_supported() {
    let mut key = Vec::new();
    encode(&mut key, PacketType::SECRET_KEY, &[9, 1, 2, 3, 4]);
    assert_eq!(public_half(&key), Err(Error::UnsupportedProtection));
    assert_eq!(change_passphrase(&key, None, None, &mut rng(33)).err(), Some(Error::UnsupportedProtection));
}

#[test]
fn errors_are_lower_case_lines_without_a_full_stop() {
    use Error::*;
    let malformed = public_half(&[0xc5]).unwrap_err();
    for error in [
        RsaSize(512),
        NoUserId,
        Expiration,
        KeyGeneration,
        Signing,
        Protection,
        PassphraseNeeded,
        WrongPassphrase,
        UnsupportedProtection,
        SecretElsewhere,
        malformed,
    ] {
        let text = error.to_string();
        assert!(
            !text.ends_with('.')
                && !text.contains('\n')
                && (text.starts_with("RSA ") || text.starts_with(char::is_lowercase)),
            "{text}"
        );
    }
}
