//! Generated keys of both versions, read and used by two other implementations in Rust: `pgp` and `sequoia-openpgp`.
//!
//! ```text
//! cargo test --manifest-path bpg-core/tests/peers-v6/Cargo.toml
//! ```

#[path = "two/rpgp.rs"]
mod rpgp;
#[path = "two/sequoia.rs"]
mod sequoia;

use std::sync::LazyLock;

use bpg_core::generate::{Algorithm, KeyBuilder, KeyVersion, change_passphrase};
use bpg_core::registry::ReasonForRevocation;
use bpg_core::time::Timestamp;
use chacha20::ChaCha20Rng;
use rand_core::SeedableRng;

const CREATED: u32 = 1_700_000_000;
/// Twenty years.
const EXPIRES_AFTER: u32 = 20 * 365 * 86_400;
const USER_IDS: [&str; 2] = ["Alice Example <alice@example.com>", "Älice Wörk <alice@example.org>"];
const PASSPHRASE: &str = "correct horse bättery";
const MESSAGE: &[u8] = b"Attack at dawn.\nOr later.\n";

/// A key with subkeys for everything, two user IDs and an expiry.
struct Key {
    name: String,
    is_v6: bool,
    passphrase: Option<&'static str>,
    secret: Vec<u8>,
    public: Vec<u8>,
    fingerprint: String,
    /// The public key with its revocation.
    revoked: Vec<u8>,
}

fn rng(seed: u8) -> ChaCha20Rng {
    ChaCha20Rng::from_seed([seed; 32])
}

fn key(algorithm: Algorithm, version: KeyVersion, passphrase: Option<&'static str>) -> Key {
    let mut builder =
        KeyBuilder::new(algorithm, Timestamp(CREATED)).version(version).expires_after(Some(EXPIRES_AFTER));
    builder = USER_IDS.iter().fold(builder, |builder, user_id| builder.user_id(user_id));
    builder = builder.signing_subkey().authentication_subkey();
    if let Some(passphrase) = passphrase {
        builder = builder.passphrase(passphrase.as_bytes());
    }
    let key = builder.generate(&mut rng(1), &|_| {}).unwrap();
    let revocation = key.revocation(ReasonForRevocation::KEY_COMPROMISED, "stölen", &mut rng(2)).unwrap();
    let first = bpg_core::framing::packets(key.public()).next().unwrap().unwrap().wire().len();
    let (primary, rest) = key.public().split_at(first);
    Key {
        name: format!("{algorithm:?}, {version:?}, {passphrase:?}"),
        is_v6: version == KeyVersion::V6,
        passphrase,
        secret: key.secret().to_vec(),
        public: key.public().to_vec(),
        fingerprint: key.fingerprint().to_string(),
        revoked: [primary, &revocation, rest].concat(),
    }
}

static KEYS: LazyLock<Vec<Key>> = LazyLock::new(|| {
    let mut keys = Vec::new();
    let algorithms = [Algorithm::Rsa(2048), Algorithm::Curve25519, Algorithm::P256, Algorithm::P384, Algorithm::P521];
    for algorithm in algorithms {
        for version in [KeyVersion::V4, KeyVersion::V6] {
            for passphrase in [None, Some(PASSPHRASE)] {
                keys.push(key(algorithm, version, passphrase));
            }
        }
    }
    keys
});

fn for_each_key(check: impl Fn(&Key)) {
    for key in KEYS.iter() {
        eprintln!("{}", key.name);
        check(key);
    }
}

#[test]
fn pgp_reads_every_key_and_finds_its_signatures_good() {
    for_each_key(rpgp::check);
}

#[test]
fn sequoia_reads_every_key_and_finds_its_signatures_good() {
    for_each_key(sequoia::check);
}

#[test]
fn the_passphrase_opens_every_secret_and_no_other_does() {
    for_each_key(|key| {
        let passphrase = key.passphrase.unwrap_or_default();
        assert!(rpgp::opens(key, passphrase) && sequoia::opens(key, passphrase));
        assert_eq!(rpgp::opens(key, "wrong"), key.passphrase.is_none());
        assert_eq!(sequoia::opens(key, "wrong"), key.passphrase.is_none());
    });
}

/// Signed by the signing subkey, or the primary key.
#[test]
fn what_is_signed_with_the_secret_key_verifies_with_the_public_one() {
    for_each_key(|key| {
        for signature in [rpgp::sign(key, true), rpgp::sign(key, false), sequoia::sign(key)] {
            rpgp::verify(key, &signature, MESSAGE).unwrap();
            sequoia::verify(key, &signature, MESSAGE).unwrap();
            assert!(rpgp::verify(key, &signature, b"another").is_err());
            assert!(sequoia::verify(key, &signature, b"another").is_err());
        }
    });
}

#[test]
fn what_is_encrypted_to_the_public_key_decrypts_with_the_secret_one() {
    for_each_key(|key| {
        for encrypted in [rpgp::encrypt(key), sequoia::encrypt(key)] {
            assert_eq!(rpgp::decrypt(key, &encrypted), MESSAGE);
            assert_eq!(sequoia::decrypt(key, &encrypted).unwrap(), MESSAGE);
        }
    });
}

#[test]
fn the_revocation_revokes_the_key() {
    for_each_key(|key| {
        assert!(rpgp::has_good_revocation(&key.revoked));
        assert!(sequoia::is_revoked(&key.revoked) && !sequoia::is_revoked(&key.public));
    });
}

/// What others protect in the way of version 6 can be opened, and is the same secret.
#[test]
fn what_others_protect_is_opened() {
    for_each_key(|key| {
        if key.passphrase.is_some() {
            return;
        }
        for protected in [rpgp::protect(key, PASSPHRASE), sequoia::protect(key, PASSPHRASE)] {
            assert_ne!(protected, key.secret);
            let opened = change_passphrase(&protected, Some(PASSPHRASE.as_bytes()), None, &mut rng(3)).unwrap();
            assert_eq!(secrets(&opened), secrets(&key.secret), "{}", key.name);
        }
    });
}

/// The secret fields of each key, as they are on the wire, sorted: sequoia puts subkeys into an order of its own.
fn secrets(octets: &[u8]) -> Vec<Vec<u8>> {
    use bpg_core::packet::Packet;
    let secrets = bpg_core::framing::packets(octets).filter_map(|raw| match raw.unwrap().interpret().unwrap() {
        Packet::SecretKey(key) | Packet::SecretSubkey(key) => {
            assert!(!key.secret().is_encrypted());
            Some(key.secret().wire().expose().as_slice().to_vec())
        }
        _ => None,
    });
    let mut secrets: Vec<_> = secrets.collect();
    secrets.sort();
    secrets
}

/// In version 6 the direct-key signature says everything.
#[test]
fn a_version_6_key_without_user_id_is_accepted() {
    let builder = KeyBuilder::new(Algorithm::Curve25519, Timestamp(CREATED)).version(KeyVersion::V6);
    let key = builder.generate(&mut rng(4), &|_| {}).unwrap();
    let key = Key {
        name: "without user ID".to_owned(),
        is_v6: true,
        passphrase: None,
        secret: key.secret().to_vec(),
        public: key.public().to_vec(),
        fingerprint: key.fingerprint().to_string(),
        revoked: Vec::new(),
    };
    let signature = sequoia::sign(&key);
    sequoia::verify(&key, &signature, MESSAGE).unwrap();
    rpgp::verify(&key, &signature, MESSAGE).unwrap();
    assert_eq!(sequoia::decrypt(&key, &rpgp::encrypt(&key)).unwrap(), MESSAGE);
    assert_eq!(rpgp::decrypt(&key, &sequoia::encrypt(&key)), MESSAGE);
}
