//! Private keys: what each algorithm writes on the wire, and how it signs.
//!
//! All private-key mathematics is that of the crates used here; this module only encodes its results.

use alloc::boxed::Box;
use alloc::vec::Vec;

use p256::ecdsa::signature::Signer as _;
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use super::Error;
use crate::encode;
use crate::registry::{Curve, HashAlgorithm, PublicKeyAlgorithm, SymmetricKeyAlgorithm};

/// More than the secret fields of the largest key that is made take, so that the buffer never grows: growing would leave a
/// copy of the secret behind.
pub(super) const SECRET_CAPACITY: usize = 16 * 1024;

/// A private key as it goes into a packet.
pub(super) struct PrivateKey {
    pub(super) algorithm: PublicKeyAlgorithm,
    /// The public fields, as the algorithm's layout has them.
    pub(super) public: Vec<u8>,
    /// The secret fields, as the algorithm's layout has them, in the clear.
    pub(super) secret: Zeroizing<Vec<u8>>,
    /// `None` for a key that only encrypts.
    pub(super) signer: Option<Box<dyn Signer + Send>>,
}

/// Makes signatures: the only way from a private key to one.
pub(super) trait Signer {
    /// The hash algorithm whose digests this key signs.
    fn hash_algorithm(&self) -> HashAlgorithm;

    /// Signs a digest: gives the algorithm-specific fields of the signature.
    fn sign(&self, digest: &[u8], rng: &mut dyn CryptoRng) -> Result<Vec<u8>, Error>;
}

/// What a key is for, where an algorithm has a variant for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    Sign,
    Encrypt,
}

fn secret_buffer() -> Zeroizing<Vec<u8>> {
    Zeroizing::new(Vec::with_capacity(SECRET_CAPACITY))
}

/// The curve's identifier behind its length.
fn curve_oid(curve: &Curve) -> Vec<u8> {
    let mut out = Vec::new();
    // Identifiers are at most ten octets long.
    out.push(u8::try_from(curve.oid.len()).unwrap_or(u8::MAX));
    out.extend_from_slice(curve.oid);
    out
}

/// The parameters of the ECDH key derivation: their length, a reserved 1, and two algorithms (RFC 9580 section 5.5.5.6).
fn kdf_parameters(hash: HashAlgorithm, cipher: SymmetricKeyAlgorithm) -> [u8; 4] {
    [3, 1, hash.0, cipher.0]
}

/// 32 random octets.
fn random_32(rng: &mut impl CryptoRng) -> Zeroizing<[u8; 32]> {
    let mut octets = Zeroizing::new([0; 32]);
    rng.fill_bytes(&mut *octets);
    octets
}

/// A native point behind the octet 0x40 (RFC 9580 section 11.2.2).
fn prefixed(point: &[u8; 32]) -> Vec<u8> {
    let mut out = Vec::with_capacity(33);
    out.push(0x40);
    out.extend_from_slice(point);
    out
}

/// Ed25519Legacy (RFC 9580 section 5.5.5.5), in the form of version 4 keys that GnuPG reads.
pub(super) fn ed25519_legacy(rng: &mut impl CryptoRng) -> PrivateKey {
    let key = ed25519_dalek::SigningKey::from_bytes(&random_32(rng));
    let mut public = curve_oid(&Curve::ED25519_LEGACY);
    encode::mpi(&mut public, &prefixed(key.verifying_key().as_bytes()));
    let mut secret = secret_buffer();
    encode::mpi(&mut secret, key.as_bytes());
    let signer: Box<dyn Signer + Send> = Box::new(Ed25519 { key, is_legacy: true });
    PrivateKey { algorithm: PublicKeyAlgorithm::EDDSA_LEGACY, public, secret, signer: Some(signer) }
}

/// Ed25519 (RFC 9580 section 5.5.5.9).
pub(super) fn ed25519(rng: &mut impl CryptoRng) -> PrivateKey {
    let key = ed25519_dalek::SigningKey::from_bytes(&random_32(rng));
    let public = key.verifying_key().as_bytes().to_vec();
    let mut secret = secret_buffer();
    secret.extend_from_slice(key.as_bytes());
    let signer: Box<dyn Signer + Send> = Box::new(Ed25519 { key, is_legacy: false });
    PrivateKey { algorithm: PublicKeyAlgorithm::ED25519, public, secret, signer: Some(signer) }
}

struct Ed25519 {
    key: ed25519_dalek::SigningKey,
    /// Whether the signature is written as two integers.
    is_legacy: bool,
}

impl Signer for Ed25519 {
    fn hash_algorithm(&self) -> HashAlgorithm {
        HashAlgorithm::SHA2_512
    }

    /// The digest algorithms are applied to the data, and the result is what EdDSA signs (RFC 9580 section 5.2.3.3).
    fn sign(&self, digest: &[u8], _: &mut dyn CryptoRng) -> Result<Vec<u8>, Error> {
        let signature = self.key.try_sign(digest).map_err(|_| Error::Signing)?;
        let mut out = Vec::new();
        if self.is_legacy {
            encode::mpi(&mut out, signature.r_bytes());
            encode::mpi(&mut out, signature.s_bytes());
        } else {
            out.extend_from_slice(&signature.to_bytes());
        }
        Ok(out)
    }
}

/// ECDH over Curve25519Legacy (RFC 9580 section 5.5.5.6), in the form of version 4 keys that GnuPG reads.
pub(super) fn curve25519_legacy(rng: &mut impl CryptoRng) -> PrivateKey {
    let mut scalar = random_32(rng);
    // RFC 7748 section 5. The integer that is stored has to be a clamped one, as GnuPG does not clamp it.
    if let [first, .., last] = scalar.as_mut_slice() {
        *first &= 0xf8;
        *last = *last & 0x7f | 0x40;
    }
    let key = x25519_dalek::StaticSecret::from(*scalar);
    let mut public = curve_oid(&Curve::CURVE25519_LEGACY);
    encode::mpi(&mut public, &prefixed(x25519_dalek::PublicKey::from(&key).as_bytes()));
    public.extend_from_slice(&kdf_parameters(HashAlgorithm::SHA2_256, SymmetricKeyAlgorithm::AES_128));
    // Stored in reverse: the native form is little-endian, an integer is big-endian (RFC 9580 section 5.5.5.6.1.1).
    scalar.reverse();
    let mut secret = secret_buffer();
    encode::mpi(&mut secret, scalar.as_slice());
    PrivateKey { algorithm: PublicKeyAlgorithm::ECDH, public, secret, signer: None }
}

/// X25519 (RFC 9580 section 5.5.5.7).
pub(super) fn x25519(rng: &mut impl CryptoRng) -> PrivateKey {
    let key = x25519_dalek::StaticSecret::from(*random_32(rng));
    let public = x25519_dalek::PublicKey::from(&key).as_bytes().to_vec();
    let mut secret = secret_buffer();
    secret.extend_from_slice(key.as_bytes());
    PrivateKey { algorithm: PublicKeyAlgorithm::X25519, public, secret, signer: None }
}

/// One NIST curve: ECDSA and ECDH (RFC 9580 sections 5.5.5.4 and 5.5.5.6), with the algorithms of its size (section 9.2,
/// and section 11.5.1 for the key derivation).
macro_rules! nist {
    ($($(#[$meta:meta])* $function:ident: $krate:ident, $CURVE:ident, $signing_hash:ident, $kdf_hash:ident, $cipher:ident;)*) => {$(
        $(#[$meta])*
        pub(super) fn $function(purpose: Purpose, rng: &mut impl CryptoRng) -> PrivateKey {
            use $krate::elliptic_curve::Generate;
            use $krate::elliptic_curve::sec1::ToSec1Point;

            let key = $krate::SecretKey::generate_from_rng(rng);
            let mut public = curve_oid(&Curve::$CURVE);
            encode::mpi(&mut public, key.public_key().to_sec1_point(false).as_bytes());
            let mut secret = secret_buffer();
            encode::mpi(&mut secret, Zeroizing::new(key.to_bytes()).as_slice());
            match purpose {
                Purpose::Sign => {
                    let signer: Box<dyn Signer + Send> = Box::new($krate::ecdsa::SigningKey::from(key));
                    PrivateKey { algorithm: PublicKeyAlgorithm::ECDSA, public, secret, signer: Some(signer) }
                }
                Purpose::Encrypt => {
                    let kdf = kdf_parameters(HashAlgorithm::$kdf_hash, SymmetricKeyAlgorithm::$cipher);
                    public.extend_from_slice(&kdf);
                    PrivateKey { algorithm: PublicKeyAlgorithm::ECDH, public, secret, signer: None }
                }
            }
        }

        impl Signer for $krate::ecdsa::SigningKey {
            fn hash_algorithm(&self) -> HashAlgorithm {
                HashAlgorithm::$signing_hash
            }

            fn sign(&self, digest: &[u8], rng: &mut dyn CryptoRng) -> Result<Vec<u8>, Error> {
                use $krate::ecdsa::signature::hazmat::RandomizedPrehashSigner;

                let signature: $krate::ecdsa::Signature =
                    self.sign_prehash_with_rng(rng, digest).map_err(|_| Error::Signing)?;
                let (r, s) = signature.split_bytes();
                let mut out = Vec::new();
                encode::mpi(&mut out, &r);
                encode::mpi(&mut out, &s);
                Ok(out)
            }
        }
    )*};
}

nist! {
    /// NIST P-256.
    p256: p256, NIST_P256, SHA2_256, SHA2_256, AES_128;
    /// NIST P-384.
    p384: p384, NIST_P384, SHA2_512, SHA2_384, AES_192;
    /// NIST P-521.
    p521: p521, NIST_P521, SHA2_512, SHA2_512, AES_256;
}
