//! The protection of secret keys by a passphrase (RFC 9580 sections 3.7 and 5.5.3).

use alloc::vec::Vec;

use aes::cipher::KeyIvInit;
use aes::{Aes128, Aes192, Aes256};
use argon2::{Algorithm, Argon2, Params, Version};
use hkdf::Hkdf;
use ocb3::Ocb3;
use ocb3::aead::{AeadInOut, KeyInit};
use rand_core::CryptoRng;
use sha1::{Digest, Sha1};
use sha2::Sha256;
use sha2::digest::typenum::U15;
use zeroize::{Zeroize, Zeroizing};

use super::private_key::SECRET_CAPACITY;
use super::{Error, hasher};
use crate::material::{self, Material};
use crate::octets::Octets;
use crate::packet::{Protection, SecretKey};
use crate::parse::Unsaid;
use crate::registry::{AeadAlgorithm, HashAlgorithm, PacketType, S2kType, S2kUsage, SymmetricKeyAlgorithm};
use crate::s2k::{S2kParameters, decode_count};

/// How many octets Iterated and Salted S2K hashes, encoded: 65,011,712, the most there is.
const ITERATED_COUNT: u8 = 0xff;
/// RFC 9106 section 4, the second recommended option: three passes over 64 MiB in four lanes.
const ARGON2_PASSES: u8 = 3;
const ARGON2_PARALLELISM: u8 = 4;
const ARGON2_MEMORY_EXPONENT: u8 = 16;
/// More memory than this is refused: a key could ask for 2 TiB.
const ARGON2_MAX_MEMORY_EXPONENT: u8 = 22;
/// The octets of a SHA-1 digest.
const SHA1_SIZE: usize = 20;

/// Writes the body of a secret-key packet behind its public part: the S2K usage octet and all that follows.
///
/// Without a passphrase the secret is in the clear. With one, version 4 takes AES-256 in CFB mode with a SHA-1 checksum and
/// Iterated and Salted S2K, which is what every program reads; version 6 takes AES-256 in OCB mode and Argon2.
pub(super) fn protect(
    version: u8,
    packet_type: PacketType,
    public: &[u8],
    secret: &[u8],
    passphrase: Option<&[u8]>,
    rng: &mut dyn CryptoRng,
) -> Result<Zeroizing<Vec<u8>>, Error> {
    let mut body = Zeroizing::new(Vec::with_capacity(SECRET_CAPACITY));
    body.extend_from_slice(public);
    match passphrase {
        None => {
            body.push(S2kUsage::UNPROTECTED.0);
            body.extend_from_slice(secret);
            if version < 6 {
                body.extend_from_slice(&material::checksum(secret).to_be_bytes());
            }
        }
        Some(passphrase) if version < 6 => {
            let mut salt = [0; 8];
            rng.fill_bytes(&mut salt);
            let mut iv = [0; 16];
            rng.fill_bytes(&mut iv);
            body.extend_from_slice(&[S2kUsage::CFB.0, SymmetricKeyAlgorithm::AES_256.0]);
            body.extend_from_slice(&[S2kType::ITERATED_AND_SALTED.0, HashAlgorithm::SHA2_256.0]);
            body.extend_from_slice(&salt);
            body.push(ITERATED_COUNT);
            body.extend_from_slice(&iv);

            let count = decode_count(ITERATED_COUNT);
            let key = hash_passphrase(HashAlgorithm::SHA2_256, &salt, passphrase, count, 32)?;
            let start = body.len();
            body.extend_from_slice(secret);
            body.extend_from_slice(&Sha1::digest(secret));
            let plaintext = body.get_mut(start..).unwrap_or_default();
            cfb_encrypt(&key, &iv, plaintext)?;
        }
        Some(passphrase) => {
            let mut salt = [0; 16];
            rng.fill_bytes(&mut salt);
            let mut nonce = [0; 15];
            rng.fill_bytes(&mut nonce);
            let algorithms = [SymmetricKeyAlgorithm::AES_256.0, AeadAlgorithm::OCB.0];
            // Two algorithms, the count of the specifier, the specifier, the nonce.
            body.extend_from_slice(&[S2kUsage::AEAD.0, 2 + 1 + 20 + 15]);
            body.extend_from_slice(&algorithms);
            body.extend_from_slice(&[20, S2kType::ARGON2.0]);
            body.extend_from_slice(&salt);
            body.extend_from_slice(&[ARGON2_PASSES, ARGON2_PARALLELISM, ARGON2_MEMORY_EXPONENT]);
            body.extend_from_slice(&nonce);

            let parameters = [ARGON2_PASSES, ARGON2_PARALLELISM, ARGON2_MEMORY_EXPONENT];
            let key = argon2(passphrase, &salt, parameters, 32)?;
            let key = aead_key(&key, packet_type, version, algorithms)?;
            let start = body.len();
            body.extend_from_slice(secret);
            let associated = associated_data(packet_type, public);
            let plaintext = body.get_mut(start..).unwrap_or_default();
            let tag = ocb::<Aes256>(&key)?
                .encrypt_inout_detached(&nonce.into(), &associated, plaintext.into())
                .map_err(|_| Error::Protection)?;
            body.extend_from_slice(&tag);
        }
    }
    Ok(body)
}

/// The secret fields of `key` in the clear.
pub(super) fn unprotect(
    packet_type: PacketType,
    key: &SecretKey<'_>,
    passphrase: Option<&[u8]>,
) -> Result<Zeroizing<Vec<u8>>, Error> {
    let protection = key.protection();
    let stored = key.secret().wire().expose().as_slice();
    if protection.usage() == S2kUsage::UNPROTECTED {
        return Ok(Zeroizing::new(stored.to_vec()));
    }
    if protection.s2k().is_some_and(|s2k| s2k.is_stub()) {
        return Err(Error::SecretElsewhere);
    }
    let passphrase = passphrase.ok_or(Error::PassphraseNeeded)?;
    let cipher = protection.cipher().ok_or(Error::UnsupportedProtection)?;
    let key_size = match cipher {
        SymmetricKeyAlgorithm::AES_128 | SymmetricKeyAlgorithm::AES_192 | SymmetricKeyAlgorithm::AES_256 => {
            cipher.key_size().ok_or(Error::UnsupportedProtection)?
        }
        _ => return Err(Error::UnsupportedProtection),
    };
    // Version 3 encrypts each integer for itself.
    if key.public().version() < 4 {
        return Err(Error::UnsupportedProtection);
    }
    let key_encryption_key = derive(protection, passphrase, key_size)?;
    let mut plaintext = Zeroizing::new(stored.to_vec());
    match protection.usage() {
        S2kUsage::AEAD if protection.aead() == Some(AeadAlgorithm::OCB) => {
            let algorithms = [cipher.0, AeadAlgorithm::OCB.0];
            let version = key.public().version();
            let key_encryption_key = aead_key(&key_encryption_key, packet_type, version, algorithms)?;
            let nonce: &[u8; 15] = protection.iv().as_slice().try_into().map_err(|_| Error::UnsupportedProtection)?;
            let associated = associated_data(packet_type, key.public().wire().as_slice());
            let size = ocb_decrypt(cipher, &key_encryption_key, nonce, &associated, &mut plaintext)?;
            plaintext.truncate(size);
            Ok(plaintext)
        }
        S2kUsage::AEAD => Err(Error::UnsupportedProtection),
        usage => {
            cfb_decrypt(&key_encryption_key, protection.iv().as_slice(), &mut plaintext)?;
            check_plaintext(usage, &mut plaintext)?;
            // A sum of 16 bits is right by chance for one wrong passphrase in 65536.
            let layout = key.public().algorithm().layout().map(|layout| layout.secret);
            match Material::parse::<Unsaid>(layout, Octets::from(plaintext.as_slice())) {
                Ok(_) => Ok(plaintext),
                Err(_) => Err(Error::WrongPassphrase),
            }
        }
    }
}

/// Removes the checksum at the end of decrypted fields, if it is right; if not, the passphrase is wrong.
fn check_plaintext(usage: S2kUsage, plaintext: &mut Zeroizing<Vec<u8>>) -> Result<(), Error> {
    let size = if usage == S2kUsage::CFB { SHA1_SIZE } else { 2 };
    let fields = plaintext.len().checked_sub(size).ok_or(Error::WrongPassphrase)?;
    let (secret, checksum) = plaintext.split_at_checked(fields).ok_or(Error::WrongPassphrase)?;
    let is_right = if usage == S2kUsage::CFB {
        Sha1::digest(secret).as_slice() == checksum
    } else {
        material::checksum(secret).to_be_bytes() == checksum
    };
    if !is_right {
        return Err(Error::WrongPassphrase);
    }
    plaintext.truncate(fields);
    Ok(())
}

/// The key that a passphrase stands for.
fn derive(protection: Protection<'_>, passphrase: &[u8], size: usize) -> Result<Zeroizing<Vec<u8>>, Error> {
    let Some(s2k) = protection.s2k() else { return Err(Error::UnsupportedProtection) };
    match s2k.parameters() {
        S2kParameters::Simple { hash } => hash_passphrase(hash, &[], passphrase, 0, size),
        S2kParameters::Salted { hash, salt } => hash_passphrase(hash, salt.as_slice(), passphrase, 0, size),
        S2kParameters::IteratedSalted { hash, salt, count } => {
            hash_passphrase(hash, salt.as_slice(), passphrase, decode_count(count), size)
        }
        S2kParameters::Argon2 { salt, passes, parallelism, memory_exponent } => {
            argon2(passphrase, salt.as_slice(), [passes, parallelism, memory_exponent], size)
        }
        S2kParameters::Gnu { .. } | S2kParameters::Unknown(_) => Err(Error::UnsupportedProtection),
    }
}

/// Simple, Salted, and Iterated and Salted S2K (RFC 9580 sections 3.7.1.1 to 3.7.1.3): hashes salt and passphrase, over and
/// over, until `count` octets are hashed, but at least once.
///
/// "If the hash size is less than the key size, multiple instances of the hash context are created … preloaded with 0, 1,
/// 2, … octets of zeros."
fn hash_passphrase(
    algorithm: HashAlgorithm,
    salt: &[u8],
    passphrase: &[u8],
    count: u32,
    size: usize,
) -> Result<Zeroizing<Vec<u8>>, Error> {
    let mut once = Zeroizing::new(Vec::with_capacity(salt.len().saturating_add(passphrase.len())));
    once.extend_from_slice(salt);
    once.extend_from_slice(passphrase);
    let count = usize::try_from(count).unwrap_or(usize::MAX).max(once.len());
    let mut key = Zeroizing::new(Vec::with_capacity(size.saturating_add(64)));
    let mut preload: usize = 0;
    while key.len() < size {
        let mut hash = hasher(algorithm).ok_or(Error::UnsupportedProtection)?;
        (0..preload).for_each(|_| hash.update(&[0]));
        let mut left = count;
        while left > 0 {
            let part = once.get(..left.min(once.len())).unwrap_or_default();
            if part.is_empty() {
                break;
            }
            hash.update(part);
            left = left.saturating_sub(part.len());
        }
        let mut digest = hash.finalize();
        key.extend_from_slice(&digest);
        digest.zeroize();
        preload = preload.saturating_add(1);
    }
    key.truncate(size);
    Ok(key)
}

/// Argon2id (RFC 9580 section 3.7.1.4). `parameters` are passes, parallelism and the binary logarithm of the memory in
/// kibioctets.
fn argon2(passphrase: &[u8], salt: &[u8], parameters: [u8; 3], size: usize) -> Result<Zeroizing<Vec<u8>>, Error> {
    let [passes, parallelism, memory_exponent] = parameters;
    if memory_exponent > ARGON2_MAX_MEMORY_EXPONENT {
        return Err(Error::UnsupportedProtection);
    }
    let memory = 1_u32.wrapping_shl(memory_exponent.into());
    let parameters =
        Params::new(memory, passes.into(), parallelism.into(), Some(size)).map_err(|_| Error::UnsupportedProtection)?;
    let mut key = Zeroizing::new(Vec::new());
    key.resize(size, 0);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters)
        .hash_password_into(passphrase, salt, &mut key)
        .map_err(|_| Error::Protection)?;
    Ok(key)
}

/// The KEK is derived using HKDF to provide key separation. … The info parameter is comprised of the Packet Type ID
/// encoded in OpenPGP format, the packet version, and the cipher-algo and AEAD-mode used to encrypt the key material.
fn aead_key(
    input: &[u8],
    packet_type: PacketType,
    version: u8,
    algorithms: [u8; 2],
) -> Result<Zeroizing<Vec<u8>>, Error> {
    let [cipher, aead] = algorithms;
    let info = [0xc0 | packet_type.0, version, cipher, aead];
    let mut key = Zeroizing::new(Vec::new());
    key.resize(input.len(), 0);
    Hkdf::<Sha256>::new(None, input).expand(&info, &mut key).map_err(|_| Error::Protection)?;
    Ok(key)
}

/// As additional data, the Packet Type ID in OpenPGP format encoding, followed by the Public Key packet fields.
fn associated_data(packet_type: PacketType, public: &[u8]) -> Vec<u8> {
    let mut data = Vec::from([0xc0 | packet_type.0]);
    data.extend_from_slice(public);
    data
}

type Ocb<C> = Ocb3<C, U15>;

fn ocb<C>(key: &[u8]) -> Result<Ocb<C>, Error>
where
    Ocb<C>: KeyInit,
{
    Ocb::<C>::new_from_slice(key).map_err(|_| Error::Protection)
}

/// Decrypts in place, tag at the end, and gives the size of the plaintext.
fn ocb_decrypt(
    cipher: SymmetricKeyAlgorithm,
    key: &[u8],
    nonce: &[u8; 15],
    associated: &[u8],
    data: &mut [u8],
) -> Result<usize, Error> {
    let size = data.len().checked_sub(16).ok_or(Error::WrongPassphrase)?;
    let (text, tag) = data.split_at_mut_checked(size).ok_or(Error::WrongPassphrase)?;
    let tag: [u8; 16] = (&*tag).try_into().map_err(|_| Error::WrongPassphrase)?;
    let (nonce, tag) = ((*nonce).into(), tag.into());
    let opened = match cipher {
        SymmetricKeyAlgorithm::AES_128 => {
            ocb::<Aes128>(key)?.decrypt_inout_detached(&nonce, associated, text.into(), &tag)
        }
        SymmetricKeyAlgorithm::AES_192 => {
            ocb::<Aes192>(key)?.decrypt_inout_detached(&nonce, associated, text.into(), &tag)
        }
        _ => ocb::<Aes256>(key)?.decrypt_inout_detached(&nonce, associated, text.into(), &tag),
    };
    opened.map_err(|_| Error::WrongPassphrase)?;
    Ok(size)
}

/// Encrypts with AES-256 in CFB mode.
fn cfb_encrypt(key: &[u8], iv: &[u8], data: &mut [u8]) -> Result<(), Error> {
    cfb_mode::Encryptor::<Aes256>::new_from_slices(key, iv).map_err(|_| Error::Protection)?.encrypt(data);
    Ok(())
}

/// Decrypts with AES, the size of whose key tells which, in CFB mode.
fn cfb_decrypt(key: &[u8], iv: &[u8], data: &mut [u8]) -> Result<(), Error> {
    let wrong = |_| Error::UnsupportedProtection;
    match key.len() {
        16 => cfb_mode::Decryptor::<Aes128>::new_from_slices(key, iv).map_err(wrong)?.decrypt(data),
        24 => cfb_mode::Decryptor::<Aes192>::new_from_slices(key, iv).map_err(wrong)?.decrypt(data),
        _ => cfb_mode::Decryptor::<Aes256>::new_from_slices(key, iv).map_err(wrong)?.decrypt(data),
    }
    Ok(())
}
