//! Key generation, and the protection of secret keys by a passphrase.
//!
//! [`KeyBuilder`] makes a whole transferable secret key: primary key, user IDs with their self-signatures, subkeys with
//! their bindings. Randomness comes from the caller, who should pass the operating system's; with a fixed source the result
//! is the same every time. Secrets are in buffers that are wiped.
//!
//! ```
//! use bpg_core::generate::{Algorithm, KeyBuilder};
//! use bpg_core::time::Timestamp;
//! use rand_core::{SeedableRng, UnwrapErr};
//!
//! # let mut rng = chacha20::ChaCha20Rng::from_seed([7; 32]); // not random: for this example only
//! let key = KeyBuilder::new(Algorithm::Curve25519, Timestamp(1_800_000_000))
//!     .user_id("Alice Example <alice@example.com>")
//!     .expires_after(Some(2 * 365 * 86_400))
//!     .generate(&mut rng, &|_| {})?;
//! assert_eq!(bpg_core::framing::packets(key.secret()).count(), 5);
//! # Ok::<(), bpg_core::generate::Error>(())
//! ```

mod prime;
mod private_key;
mod protection;
mod rsa;
mod signing;
mod stack;

use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use chacha20::ChaCha20Rng;
use rand_core::{CryptoRng, SeedableRng};
use sha1::Sha1;
use sha2::digest::DynDigest;
use sha2::{Sha224, Sha256, Sha384, Sha512};
use zeroize::Zeroizing;

use self::private_key::{PrivateKey, Purpose};
use self::signing::{Issuer, Subpackets, Target};
use crate::encode;
use crate::fingerprint::Fingerprint;
use crate::framing;
use crate::octets::Octets;
use crate::packet::{Packet, PublicKey};
use crate::registry::{
    AeadAlgorithm, CompressionAlgorithm, HashAlgorithm, PacketType, ReasonForRevocation, SignatureType, SubpacketType,
    SymmetricKeyAlgorithm,
};
use crate::time::Timestamp;

/// What kind of keys to make. A primary key that certifies and signs has a subkey of the same kind that encrypts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Algorithm {
    /// RSA, with a modulus of so many bits: 1024 to 16384, a multiple of 128.
    Rsa(u32),
    /// Ed25519 and X25519, in version 4 in the older form that GnuPG reads.
    Curve25519,
    /// ECDSA and ECDH over NIST P-256.
    P256,
    /// ECDSA and ECDH over NIST P-384.
    P384,
    /// ECDSA and ECDH over NIST P-521.
    P521,
}

/// The version of the packets to make.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KeyVersion {
    /// Version 4, which every OpenPGP program reads.
    #[default]
    V4,
    /// Version 6 (RFC 9580).
    V6,
}

impl KeyVersion {
    const fn octet(self) -> u8 {
        match self {
            Self::V4 => 4,
            Self::V6 => 6,
        }
    }
}

/// What happens while a key is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A number is tested for being prime.
    Candidate,
    /// A prime is found. An RSA key takes two.
    Prime,
}

/// Why a key cannot be made, or its protection not be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The size of an RSA key is out of range, or not a multiple of 128.
    RsaSize(u32),
    /// A version 4 key has no user ID, so nothing could carry its preferences.
    NoUserId,
    /// The expiration is 0 or does not fit into 32 bits.
    Expiration,
    /// The algorithm's crate could not make a key.
    KeyGeneration,
    /// The algorithm's crate could not make a signature.
    Signing,
    /// The secret could not be encrypted.
    Protection,
    /// The secret is protected, and there is no passphrase.
    PassphraseNeeded,
    /// The passphrase is not that of the key.
    WrongPassphrase,
    /// The secret is protected in a way that is not supported: by a cipher other than AES, by an AEAD algorithm other than
    /// OCB, or in a key of a version other than 4 and 6.
    UnsupportedProtection,
    /// The secret is not in the packet: it is kept elsewhere, as on a card.
    SecretElsewhere,
    /// The input is malformed.
    Malformed(crate::error::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::RsaSize(bits) => {
                return write!(f, "RSA keys have 1024 to 16384 bits in steps of 128, not {bits}");
            }
            Self::NoUserId => "a version 4 key needs a user ID",
            Self::Expiration => "the expiration is not 1 to 4294967295 seconds away",
            Self::KeyGeneration => "the key cannot be made",
            Self::Signing => "the signature cannot be made",
            Self::Protection => "the secret cannot be encrypted",
            Self::PassphraseNeeded => "the secret is protected by a passphrase",
            Self::WrongPassphrase => "the passphrase is wrong",
            Self::UnsupportedProtection => {
                "the secret is protected in a way that is not supported, as by a cipher other than AES"
            }
            Self::SecretElsewhere => "the secret is kept elsewhere, as on a card",
            Self::Malformed(error) => return error.fmt(f),
        })
    }
}

impl core::error::Error for Error {}

impl From<crate::error::Error> for Error {
    fn from(error: crate::error::Error) -> Self {
        Self::Malformed(error)
    }
}

/// What a subkey is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Encrypt,
    Sign,
    Authenticate,
}

impl Role {
    /// RFC 9580 section 5.2.3.29.
    const fn key_flags(self) -> u8 {
        match self {
            Self::Encrypt => 0x04 | 0x08,
            Self::Sign => 0x02,
            Self::Authenticate => 0x20,
        }
    }

    const fn purpose(self) -> Purpose {
        match self {
            Self::Encrypt => Purpose::Encrypt,
            Self::Sign | Self::Authenticate => Purpose::Sign,
        }
    }
}

/// Describes a key to be made.
#[derive(Clone)]
pub struct KeyBuilder {
    algorithm: Algorithm,
    version: KeyVersion,
    created: Timestamp,
    expires_after: Option<u32>,
    user_ids: Vec<String>,
    roles: Vec<Role>,
    passphrase: Option<Zeroizing<Vec<u8>>>,
}

impl fmt::Debug for KeyBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyBuilder")
            .field("algorithm", &self.algorithm)
            .field("version", &self.version)
            .field("created", &self.created)
            .field("user_ids", &self.user_ids)
            .finish_non_exhaustive()
    }
}

impl KeyBuilder {
    /// A version 4 key with an encryption subkey, without passphrase, that never expires.
    #[must_use]
    pub fn new(algorithm: Algorithm, created: Timestamp) -> Self {
        Self {
            algorithm,
            version: KeyVersion::V4,
            created,
            expires_after: None,
            user_ids: Vec::new(),
            roles: Vec::from([Role::Encrypt]),
            passphrase: None,
        }
    }

    /// Makes packets of this version.
    #[must_use]
    pub fn version(mut self, version: KeyVersion) -> Self {
        self.version = version;
        self
    }

    /// Adds a user ID. The first one is the primary one.
    #[must_use]
    pub fn user_id(mut self, user_id: &str) -> Self {
        self.user_ids.push(user_id.to_owned());
        self
    }

    /// Lets the primary key expire so many seconds after its creation.
    #[must_use]
    pub fn expires_after(mut self, seconds: Option<u32>) -> Self {
        self.expires_after = seconds;
        self
    }

    /// Adds a subkey that signs.
    #[must_use]
    pub fn signing_subkey(mut self) -> Self {
        self.roles.push(Role::Sign);
        self
    }

    /// Adds a subkey that authenticates.
    #[must_use]
    pub fn authentication_subkey(mut self) -> Self {
        self.roles.push(Role::Authenticate);
        self
    }

    /// Protects all secrets by a passphrase.
    #[must_use]
    pub fn passphrase(mut self, passphrase: &[u8]) -> Self {
        self.passphrase = Some(Zeroizing::new(passphrase.to_vec()));
        self
    }

    /// Makes the key. `progress` is told of the search for primes, from several threads at once.
    ///
    /// # Errors
    ///
    /// [`Error::RsaSize`], [`Error::NoUserId`] and [`Error::Expiration`] for wishes that cannot be met.
    pub fn generate(&self, rng: &mut impl CryptoRng, progress: &(dyn Fn(Step) + Sync)) -> Result<GeneratedKey, Error> {
        stack::wiped(|| self.make(rng, progress))
    }

    fn make(&self, rng: &mut impl CryptoRng, progress: &(dyn Fn(Step) + Sync)) -> Result<GeneratedKey, Error> {
        self.check()?;
        let mut keys = self.private_keys(rng, progress)?.into_iter();
        let primary = Key::new(self.version, self.created, keys.next().ok_or(Error::KeyGeneration)?)?;
        let mut out = Output { secret: Zeroizing::new(Vec::with_capacity(OUTPUT_CAPACITY)), public: Vec::new() };
        out.key(self, &primary, PacketType::SECRET_KEY, PacketType::PUBLIC_KEY, rng)?;
        if self.version == KeyVersion::V6 {
            let claims = self.primary_claims();
            let target = Target::Key(&primary.public);
            out.signature(&primary.sign(SignatureType::DIRECT_KEY, self.created, &claims, &target, rng)?);
        }
        for (index, user_id) in self.user_ids.iter().enumerate() {
            out.packet(PacketType::USER_ID, user_id.as_bytes());
            let mut claims = if self.version == KeyVersion::V4 { self.primary_claims() } else { Subpackets::default() };
            if index == 0 {
                claims.add(SubpacketType::PRIMARY_USER_ID, &[1]);
            }
            let target = Target::UserId(&primary.public, user_id);
            out.signature(&primary.sign(SignatureType::POSITIVE_CERTIFICATION, self.created, &claims, &target, rng)?);
        }
        for (role, key) in self.roles.iter().zip(keys) {
            let subkey = Key::new(self.version, self.created, key)?;
            out.key(self, &subkey, PacketType::SECRET_SUBKEY, PacketType::PUBLIC_SUBKEY, rng)?;
            let target = Target::Subkey(&primary.public, &subkey.public);
            let mut claims = Subpackets::default();
            claims.add_critical(SubpacketType::KEY_FLAGS, &[role.key_flags()]);
            // A signature that binds a signing-capable subkey MUST have an Embedded Signature subpacket (RFC 9580
            // section 5.2.1.8); some programs want it of any subkey that can sign.
            if *role != Role::Encrypt {
                let none = Subpackets::default();
                let back = subkey.sign(SignatureType::PRIMARY_KEY_BINDING, self.created, &none, &target, rng)?;
                claims.add(SubpacketType::EMBEDDED_SIGNATURE, &back);
            }
            out.signature(&primary.sign(SignatureType::SUBKEY_BINDING, self.created, &claims, &target, rng)?);
        }
        Ok(GeneratedKey { secret: out.secret, public: out.public, primary, created: self.created })
    }

    fn check(&self) -> Result<(), Error> {
        match self.algorithm {
            Algorithm::Rsa(bits) if !(1024..=16_384).contains(&bits) || bits % 128 != 0 => {
                return Err(Error::RsaSize(bits));
            }
            _ => {}
        }
        if self.version == KeyVersion::V4 && self.user_ids.is_empty() {
            return Err(Error::NoUserId);
        }
        if self.expires_after == Some(0) {
            return Err(Error::Expiration);
        }
        Ok(())
    }

    /// The primary key and the subkeys. RSA keys are searched for on a thread each.
    fn private_keys(
        &self,
        rng: &mut impl CryptoRng,
        progress: &(dyn Fn(Step) + Sync),
    ) -> Result<Vec<PrivateKey>, Error> {
        let purposes = core::iter::once(Purpose::Sign).chain(self.roles.iter().map(|role| role.purpose()));
        // Each key has a generator of its own, so that the result does not depend on how the threads run.
        // It is boxed, as a copy on a stack could make the key again.
        let seeded: Vec<_> = purposes.map(|purpose| (purpose, Box::new(ChaCha20Rng::from_rng(rng)))).collect();
        let make = |(purpose, mut rng): (Purpose, Box<ChaCha20Rng>)| {
            stack::wiped(|| self.private_key(purpose, &mut rng, progress))
        };
        std::thread::scope(|scope| {
            let threads: Vec<_> = seeded.into_iter().map(|seed| scope.spawn(move || make(seed))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap_or(Err(Error::KeyGeneration))).collect()
        })
    }

    fn private_key(
        &self,
        purpose: Purpose,
        rng: &mut ChaCha20Rng,
        progress: &(dyn Fn(Step) + Sync),
    ) -> Result<PrivateKey, Error> {
        Ok(match (self.algorithm, self.version, purpose) {
            (Algorithm::Rsa(bits), _, _) => rsa::generate(bits, rng, progress)?,
            (Algorithm::Curve25519, KeyVersion::V4, Purpose::Sign) => private_key::ed25519_legacy(rng),
            (Algorithm::Curve25519, KeyVersion::V4, Purpose::Encrypt) => private_key::curve25519_legacy(rng),
            (Algorithm::Curve25519, KeyVersion::V6, Purpose::Sign) => private_key::ed25519(rng),
            (Algorithm::Curve25519, KeyVersion::V6, Purpose::Encrypt) => private_key::x25519(rng),
            (Algorithm::P256, _, purpose) => private_key::p256(purpose, rng),
            (Algorithm::P384, _, purpose) => private_key::p384(purpose, rng),
            (Algorithm::P521, _, purpose) => private_key::p521(purpose, rng),
        })
    }

    /// What the primary key says of itself: what it may be used for, until when, and what its holder's software can read.
    fn primary_claims(&self) -> Subpackets {
        let mut claims = Subpackets::default();
        claims.add_critical(SubpacketType::KEY_FLAGS, &[0x01 | 0x02]);
        if let Some(seconds) = self.expires_after {
            claims.add_critical(SubpacketType::KEY_EXPIRATION_TIME, &seconds.to_be_bytes());
        }
        let ciphers =
            [SymmetricKeyAlgorithm::AES_256.0, SymmetricKeyAlgorithm::AES_192.0, SymmetricKeyAlgorithm::AES_128.0];
        claims.add(SubpacketType::PREFERRED_SYMMETRIC_CIPHERS, &ciphers);
        let hashes = [HashAlgorithm::SHA2_512.0, HashAlgorithm::SHA2_384.0, HashAlgorithm::SHA2_256.0];
        claims.add(SubpacketType::PREFERRED_HASH_ALGORITHMS, &hashes);
        let compression = [CompressionAlgorithm::ZLIB.0, CompressionAlgorithm::ZIP.0];
        claims.add(SubpacketType::PREFERRED_COMPRESSION_ALGORITHMS, &compression);
        match self.version {
            // Version 1 of the integrity protected data, which is all that GnuPG reads.
            KeyVersion::V4 => claims.add(SubpacketType::FEATURES, &[0x01]),
            KeyVersion::V6 => {
                claims.add(SubpacketType::FEATURES, &[0x01 | 0x08]);
                let (aes_256, aes_128) = (SymmetricKeyAlgorithm::AES_256.0, SymmetricKeyAlgorithm::AES_128.0);
                let ocb = AeadAlgorithm::OCB.0;
                claims.add(SubpacketType::PREFERRED_AEAD_CIPHERSUITES, &[aes_256, ocb, aes_128, ocb]);
            }
        }
        claims
    }
}

/// More than the packets of the largest key take, so that the buffer never grows and leaves a copy behind.
const OUTPUT_CAPACITY: usize = 256 * 1024;

/// The packets of a key, with the secrets and without.
struct Output {
    secret: Zeroizing<Vec<u8>>,
    public: Vec<u8>,
}

impl Output {
    /// Appends a packet that is not secret.
    fn packet(&mut self, packet_type: PacketType, body: &[u8]) {
        encode::packet(&mut self.secret, packet_type, body);
        encode::packet(&mut self.public, packet_type, body);
    }

    fn signature(&mut self, body: &[u8]) {
        self.packet(PacketType::SIGNATURE, body);
    }

    fn key(
        &mut self,
        builder: &KeyBuilder,
        key: &Key,
        secret_type: PacketType,
        public_type: PacketType,
        rng: &mut impl CryptoRng,
    ) -> Result<(), Error> {
        let passphrase = builder.passphrase.as_ref().map(|passphrase| passphrase.as_slice());
        let version = builder.version.octet();
        let body = protection::protect(version, secret_type, &key.public, &key.private.secret, passphrase, rng)?;
        encode::packet(&mut self.secret, secret_type, &body);
        encode::packet(&mut self.public, public_type, &key.public);
        Ok(())
    }
}

/// A key with its public-key packet's body and its names.
struct Key {
    version: u8,
    private: PrivateKey,
    public: Vec<u8>,
    fingerprint: Fingerprint,
}

impl Key {
    fn new(version: KeyVersion, created: Timestamp, private: PrivateKey) -> Result<Self, Error> {
        let version = version.octet();
        let mut public = Vec::from([version]);
        public.extend_from_slice(&created.0.to_be_bytes());
        public.push(private.algorithm.0);
        if version == 6 {
            encode::count_u32(&mut public, private.public.len());
        }
        public.extend_from_slice(&private.public);
        // The parser has the last word on what was written.
        let fingerprint = match Packet::parse(PacketType::PUBLIC_KEY, Octets::from(public.as_slice()))? {
            Packet::PublicKey(key) => key.fingerprint(),
            _ => None,
        };
        let fingerprint = fingerprint.ok_or(Error::KeyGeneration)?;
        Ok(Self { version, private, public, fingerprint })
    }

    fn sign(
        &self,
        signature_type: SignatureType,
        created: Timestamp,
        claims: &Subpackets,
        target: &Target<'_>,
        rng: &mut impl CryptoRng,
    ) -> Result<Vec<u8>, Error> {
        let signer = self.private.signer.as_deref().ok_or(Error::Signing)?;
        let key_id = if self.version == 6 { self.fingerprint.high_key_id() } else { self.fingerprint.low_key_id() };
        let issuer = Issuer {
            version: self.version,
            algorithm: self.private.algorithm,
            signer,
            fingerprint: self.fingerprint,
            key_id: key_id.ok_or(Error::Signing)?,
        };
        signing::sign(issuer, signature_type, created, claims, target, rng)
    }
}

/// A key that was made. Its secrets are wiped when it is dropped.
pub struct GeneratedKey {
    secret: Zeroizing<Vec<u8>>,
    public: Vec<u8>,
    primary: Key,
    created: Timestamp,
}

impl fmt::Debug for GeneratedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GeneratedKey").field("fingerprint", &self.primary.fingerprint).finish_non_exhaustive()
    }
}

impl GeneratedKey {
    /// The transferable secret key, as packets.
    #[must_use]
    pub fn secret(&self) -> &[u8] {
        &self.secret
    }

    /// The transferable public key, as packets.
    #[must_use]
    pub fn public(&self) -> &[u8] {
        &self.public
    }

    /// The fingerprint of the primary key.
    #[must_use]
    pub const fn fingerprint(&self) -> Fingerprint {
        self.primary.fingerprint
    }

    /// A revocation certificate: a key revocation signature, as a packet, to be kept where only the keyholder finds it
    /// (RFC 9580 section 10.1.4).
    ///
    /// # Errors
    ///
    /// [`Error::Signing`] if the algorithm's crate fails.
    pub fn revocation(
        &self,
        reason: ReasonForRevocation,
        text: &str,
        rng: &mut impl CryptoRng,
    ) -> Result<Vec<u8>, Error> {
        let mut body = Vec::from([reason.0]);
        body.extend_from_slice(text.as_bytes());
        let mut claims = Subpackets::default();
        claims.add(SubpacketType::REASON_FOR_REVOCATION, &body);
        let target = Target::Key(&self.primary.public);
        let signature =
            stack::wiped(|| self.primary.sign(SignatureType::KEY_REVOCATION, self.created, &claims, &target, rng))?;
        let mut out = Vec::new();
        encode::packet(&mut out, PacketType::SIGNATURE, &signature);
        Ok(out)
    }
}

/// The implementation of a hash algorithm, `None` if there is none here: signatures are made with two of these, passphrases
/// of older keys are hashed with any.
fn hasher(algorithm: HashAlgorithm) -> Option<Box<dyn DynDigest>> {
    Some(match algorithm {
        HashAlgorithm::SHA1 => Box::new(Sha1::default()),
        HashAlgorithm::SHA2_224 => Box::new(Sha224::default()),
        HashAlgorithm::SHA2_256 => Box::new(Sha256::default()),
        HashAlgorithm::SHA2_384 => Box::new(Sha384::default()),
        HashAlgorithm::SHA2_512 => Box::new(Sha512::default()),
        _ => return None,
    })
}

/// The public half of a transferable secret key, or of a keyring of them: secret keys become public ones, everything else
/// stays as it is, octet for octet.
///
/// # Errors
///
/// [`Error::Malformed`] if the packets cannot be framed, or a secret key not be interpreted.
pub fn public_half(packets: &[u8]) -> Result<Vec<u8>, Error> {
    let mut out = Vec::with_capacity(packets.len());
    for raw in framing::packets(packets) {
        let raw = raw?;
        match public_part(&raw)? {
            Some((packet_type, key)) => encode::packet(&mut out, packet_type, key.wire().as_slice()),
            None => out.extend_from_slice(raw.wire().as_slice()),
        }
    }
    Ok(out)
}

/// The public part of a secret-key packet with the type that it has alone.
fn public_part<'a>(raw: &framing::RawPacket<'a>) -> Result<Option<(PacketType, PublicKey<'a>)>, Error> {
    if !raw.packet_type().is_secret() {
        return Ok(None);
    }
    match raw.interpret()? {
        Packet::SecretKey(key) => Ok(Some((PacketType::PUBLIC_KEY, key.public()))),
        Packet::SecretSubkey(key) => Ok(Some((PacketType::PUBLIC_SUBKEY, key.public()))),
        // A version that nobody knows: there is no saying where the secret starts.
        _ => Err(Error::UnsupportedProtection),
    }
}

/// Sets, changes or removes the passphrase of a transferable secret key, or of a keyring of them. Secrets that are kept
/// elsewhere, as on a card, stay as they are.
///
/// # Errors
///
/// [`Error::PassphraseNeeded`], [`Error::WrongPassphrase`], [`Error::UnsupportedProtection`], or [`Error::Malformed`].
pub fn change_passphrase(
    packets: &[u8],
    old: Option<&[u8]>,
    new: Option<&[u8]>,
    rng: &mut impl CryptoRng,
) -> Result<Zeroizing<Vec<u8>>, Error> {
    stack::wiped(|| protect_again(packets, old, new, rng))
}

fn protect_again(
    packets: &[u8],
    old: Option<&[u8]>,
    new: Option<&[u8]>,
    rng: &mut impl CryptoRng,
) -> Result<Zeroizing<Vec<u8>>, Error> {
    // Protection adds less than this to each key.
    let count = framing::packets(packets).count();
    let mut out = Zeroizing::new(Vec::with_capacity(packets.len().saturating_add(count.saturating_mul(128))));
    for raw in framing::packets(packets) {
        let raw = raw?;
        let packet_type = raw.packet_type();
        let key = match raw.packet_type().is_secret().then(|| raw.interpret()).transpose()? {
            // Versions 3 and 5 write their protection in ways of their own.
            Some(Packet::SecretKey(key) | Packet::SecretSubkey(key)) if matches!(key.public().version(), 4 | 6) => key,
            Some(_) => return Err(Error::UnsupportedProtection),
            None => {
                out.extend_from_slice(raw.wire().as_slice());
                continue;
            }
        };
        match protection::unprotect(packet_type, &key, old) {
            Ok(secret) => {
                let (version, public) = (key.public().version(), key.public().wire().as_slice());
                let body = protection::protect(version, packet_type, public, &secret, new, rng)?;
                encode::packet(&mut out, packet_type, &body);
            }
            Err(Error::SecretElsewhere) => out.extend_from_slice(raw.wire().as_slice()),
            Err(error) => return Err(error),
        }
    }
    Ok(out)
}
