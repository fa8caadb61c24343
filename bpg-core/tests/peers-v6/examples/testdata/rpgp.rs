//! The crate `pgp`.

use anyhow::Result;
use pgp::composed::{
    EncryptionCaps, KeyType, MessageBuilder, SecretKeyParamsBuilder, SignedSecretKey, SubkeyParamsBuilder,
};
use pgp::crypto::aead::{AeadAlgorithm, ChunkSize};
use pgp::crypto::hash::HashAlgorithm;
use pgp::crypto::sym::SymmetricKeyAlgorithm;
use pgp::ser::Serialize;
use pgp::types::{CompressionAlgorithm, KeyVersion, Password, StringToKey};
use rand::{RngCore, SeedableRng, rngs::StdRng, thread_rng};

use super::{Corpus, MESSAGE, PASSPHRASE};

const AES_128: SymmetricKeyAlgorithm = SymmetricKeyAlgorithm::AES128;
const AES_256: SymmetricKeyAlgorithm = SymmetricKeyAlgorithm::AES256;
const HASH: HashAlgorithm = HashAlgorithm::Sha512;

pub fn write(corpus: &Corpus) -> Result<()> {
    let v4 = key(KeyVersion::V4, KeyType::Ed25519, KeyType::X25519)?;
    let v4_448 = key(KeyVersion::V4, KeyType::Ed448, KeyType::X448)?;
    let v6 = key(KeyVersion::V6, KeyType::Ed448, KeyType::X448)?;
    write_key(corpus, "rpgp-v4", v4.clone())?;
    write_key(corpus, "rpgp-v6-448", v6.clone())?;
    encrypted(corpus, &v4, &v4_448, &v6)?;
    symmetric(corpus)?;
    signed(corpus, &v4, &v6)?;
    partial(corpus)
}

fn key(version: KeyVersion, primary: KeyType, subkey: KeyType) -> Result<SignedSecretKey> {
    let mut encryption = SubkeyParamsBuilder::default();
    encryption.version(version).key_type(subkey).can_encrypt(EncryptionCaps::All);
    let mut builder = SecretKeyParamsBuilder::default();
    builder.version(version).key_type(primary).can_certify(true).can_sign(true).feature_seipd_v2(true);
    builder.primary_user_id("Rpgp Example <rpgp@example.com>".into()).subkeys(vec![encryption.build()?]);
    Ok(builder.build()?.generate(thread_rng())?)
}

fn write_key(corpus: &Corpus, name: &str, mut key: SignedSecretKey) -> Result<()> {
    corpus.write(&format!("peers/{name}.sec.gpg"), key.to_bytes()?)?;
    corpus.write(&format!("peers/{name}.pub.gpg"), key.to_public_key().to_bytes()?)?;
    let password = Password::from(PASSPHRASE);
    key.primary_key.set_password(thread_rng(), &password)?;
    for subkey in &mut key.secret_subkeys {
        subkey.key.set_password(thread_rng(), &password)?;
    }
    corpus.write(&format!("peers/{name}.sec-protected.gpg"), key.to_bytes()?)
}

fn message() -> MessageBuilder<'static> {
    MessageBuilder::from_bytes("", MESSAGE)
}

fn encrypted(corpus: &Corpus, v4: &SignedSecretKey, v4_448: &SignedSecretKey, v6: &SignedSecretKey) -> Result<()> {
    let [v4, v4_448, v6] = [v4, v4_448, v6].map(|key| key.to_public_key().public_subkeys.remove(0));
    // Version 3 of the session key, version 1 of the data.
    let mut builder = message().seipd_v1(thread_rng(), AES_256);
    builder.encrypt_to_key(thread_rng(), &v4)?.encrypt_to_key(thread_rng(), &v4_448)?;
    corpus.write("peers/rpgp.encrypted-v3.gpg", builder.to_vec(thread_rng())?)?;
    // Versions 6 and 2, to a key of version 4.
    let mut builder = message().seipd_v2(thread_rng(), AES_128, AeadAlgorithm::Eax, ChunkSize::C64B);
    builder.encrypt_to_key(thread_rng(), &v4)?;
    corpus.write("peers/rpgp.encrypted-eax.gpg", builder.to_vec(thread_rng())?)?;
    // To a key of version 6.
    let mut builder = message().seipd_v2(thread_rng(), AES_256, AeadAlgorithm::Gcm, ChunkSize::C4KiB);
    builder.encrypt_to_key(thread_rng(), &v6)?;
    corpus.write("peers/rpgp.encrypted-gcm.gpg", builder.to_vec(thread_rng())?)?;
    // To both, who are not named.
    let mut builder = message().seipd_v2(thread_rng(), AES_256, AeadAlgorithm::Ocb, ChunkSize::C4MiB);
    builder.encrypt_to_key_anonymous(thread_rng(), &v4)?.encrypt_to_key_anonymous(thread_rng(), &v6)?;
    corpus.write("peers/rpgp.encrypted-ocb-hidden.gpg", builder.to_vec(thread_rng())?)
}

fn symmetric(corpus: &Corpus) -> Result<()> {
    let iterated = StringToKey::new_iterated(thread_rng(), HashAlgorithm::Sha256, 0x60);
    let argon2 = StringToKey::new_argon2(thread_rng(), 1, 4, 10);
    for (name, s2k, aead) in [("argon2", argon2, AeadAlgorithm::Ocb), ("iterated", iterated, AeadAlgorithm::Gcm)] {
        let mut builder = message().seipd_v2(thread_rng(), AES_256, aead, ChunkSize::C4KiB);
        builder.encrypt_with_password(thread_rng(), s2k, &Password::from(PASSPHRASE))?;
        corpus.write(&format!("peers/rpgp.symmetric-{name}.gpg"), builder.to_vec(thread_rng())?)?;
    }
    Ok(())
}

fn signed(corpus: &Corpus, v4: &SignedSecretKey, v6: &SignedSecretKey) -> Result<()> {
    let mut builder = message();
    builder.sign(&v6.primary_key, Password::empty(), HASH);
    corpus.write("peers/rpgp.signed-v6.gpg", builder.to_vec(thread_rng())?)?;
    let mut builder = message();
    builder.sign(&v4.primary_key, Password::empty(), HASH).sign(&v6.primary_key, Password::empty(), HASH);
    corpus.write("peers/rpgp.signed-v4-v6.gpg", builder.to_vec(thread_rng())?)
}

/// Data that does not compress, and whose length is not known beforehand.
fn partial(corpus: &Corpus) -> Result<()> {
    let mut data = vec![0; 1500];
    StdRng::seed_from_u64(1).fill_bytes(&mut data);
    let mut builder = MessageBuilder::from_reader("", data.as_slice());
    builder.compression(CompressionAlgorithm::ZLIB).partial_chunk_size(512)?;
    corpus.write("peers/rpgp.compressed-partial.gpg", builder.to_vec(thread_rng())?)?;
    let mut builder = MessageBuilder::from_reader("", data.as_slice());
    builder.partial_chunk_size(512)?;
    let mut builder = builder.seipd_v2(thread_rng(), AES_256, AeadAlgorithm::Ocb, ChunkSize::C64B);
    let iterated = StringToKey::new_iterated(thread_rng(), HashAlgorithm::Sha256, 0x60);
    builder.encrypt_with_password(thread_rng(), iterated, &Password::from(PASSPHRASE))?;
    corpus.write("peers/rpgp.symmetric-partial.gpg", builder.to_vec(thread_rng())?)
}
