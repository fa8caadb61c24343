//! The crate `pgp`.

use pgp::composed::{Deserializable, DetachedSignature, Message, MessageBuilder, SignedPublicKey, SignedSecretKey};
use pgp::crypto::aead::{AeadAlgorithm, ChunkSize};
use pgp::crypto::hash::HashAlgorithm;
use pgp::crypto::sym::SymmetricKeyAlgorithm;
use pgp::packet::{PacketTrait, SignatureType};
use pgp::ser::Serialize;
use pgp::types::{KeyDetails, Password};
use rand::thread_rng;

use super::{Key, MESSAGE, USER_IDS};

fn secret(key: &Key) -> SignedSecretKey {
    SignedSecretKey::from_bytes(key.secret.as_slice()).unwrap()
}

fn public(key: &Key) -> SignedPublicKey {
    SignedPublicKey::from_bytes(key.public.as_slice()).unwrap()
}

pub fn check(key: &Key) {
    let (secret, public) = (secret(key), public(key));
    secret.verify_bindings().unwrap();
    public.verify_bindings().unwrap();
    assert_eq!(secret.to_public_key(), public);
    assert_eq!(public.fingerprint().to_string(), key.fingerprint);
    assert_eq!((secret.secret_subkeys.len(), public.public_subkeys.len()), (3, 3));
    let users: Vec<_> = public.details.users.iter().map(|user| user.id.as_str().unwrap()).collect();
    assert_eq!(users, USER_IDS);
    assert_eq!(public.details.direct_signatures.len(), usize::from(key.is_v6));
    // Written again they are the same octets.
    assert_eq!(secret.to_bytes().unwrap(), key.secret);
    assert_eq!(public.to_bytes().unwrap(), key.public);
}

pub fn opens(key: &Key, passphrase: &str) -> bool {
    let (secret, password) = (secret(key), Password::from(passphrase));
    let primary = secret.primary_key.unlock(&password, |_, _| Ok(()));
    let mut results = vec![matches!(primary, Ok(Ok(())))];
    for subkey in &secret.secret_subkeys {
        results.push(matches!(subkey.key.unlock(&password, |_, _| Ok(())), Ok(Ok(()))));
    }
    assert!(results.iter().all(|result| *result == results[0]), "{results:?}");
    results[0]
}

fn password(key: &Key) -> Password {
    Password::from(key.passphrase.unwrap_or_default())
}

pub fn sign(key: &Key, by_subkey: bool) -> Vec<u8> {
    let (secret, hash) = (secret(key), HashAlgorithm::Sha512);
    let signature = if by_subkey {
        let subkey = &secret.secret_subkeys[1].key;
        DetachedSignature::sign_binary_data(thread_rng(), subkey, &password(key), hash, MESSAGE)
    } else {
        DetachedSignature::sign_binary_data(thread_rng(), &secret.primary_key, &password(key), hash, MESSAGE)
    };
    signature.unwrap().to_bytes().unwrap()
}

/// By the key that the signature names.
pub fn verify(key: &Key, signature: &[u8], message: &[u8]) -> pgp::errors::Result<()> {
    let public = public(key);
    let signature = DetachedSignature::from_bytes(signature)?;
    let issuers = signature.signature.issuer_fingerprint();
    if issuers.contains(&&public.fingerprint()) {
        return signature.verify(&public, message);
    }
    let subkey = public.public_subkeys.iter().find(|subkey| issuers.contains(&&subkey.key.fingerprint()));
    signature.verify(&subkey.expect("a key that the signature names").key, message)
}

pub fn encrypt(key: &Key) -> Vec<u8> {
    let public = public(key);
    let recipient = &public.public_subkeys[0];
    let (message, cipher) = (MessageBuilder::from_bytes("", MESSAGE.to_vec()), SymmetricKeyAlgorithm::AES256);
    if key.is_v6 {
        let mut message = message.seipd_v2(thread_rng(), cipher, AeadAlgorithm::Ocb, ChunkSize::default());
        message.encrypt_to_key(thread_rng(), recipient).unwrap();
        message.to_vec(thread_rng()).unwrap()
    } else {
        let mut message = message.seipd_v1(thread_rng(), cipher);
        message.encrypt_to_key(thread_rng(), recipient).unwrap();
        message.to_vec(thread_rng()).unwrap()
    }
}

pub fn decrypt(key: &Key, encrypted: &[u8]) -> Vec<u8> {
    let message = Message::from_bytes(encrypted).unwrap();
    let mut message = message.decrypt(&password(key), &secret(key)).unwrap();
    if message.is_compressed() {
        message = message.decompress().unwrap();
    }
    message.as_data_vec().unwrap()
}

pub fn has_good_revocation(revoked: &[u8]) -> bool {
    let public = SignedPublicKey::from_bytes(revoked).unwrap();
    public.verify_bindings().unwrap();
    let [revocation] = public.details.revocation_signatures.as_slice() else { return false };
    revocation.typ() == Some(SignatureType::KeyRevocation) && revocation.verify_key(&public.primary_key).is_ok()
}

pub fn protect(key: &Key, passphrase: &str) -> Vec<u8> {
    let (mut secret, password) = (secret(key), Password::from(passphrase));
    secret.primary_key.set_password(thread_rng(), &password).unwrap();
    for subkey in &mut secret.secret_subkeys {
        subkey.key.set_password(thread_rng(), &password).unwrap();
    }
    let _ = secret.primary_key.packet_header();
    secret.to_bytes().unwrap()
}
