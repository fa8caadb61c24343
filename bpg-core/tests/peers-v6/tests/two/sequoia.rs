//! The crate `sequoia-openpgp`.

use std::io::{Read, Write};

use sequoia_openpgp::Cert;
use sequoia_openpgp::KeyHandle;
use sequoia_openpgp::cert::Preferences;
use sequoia_openpgp::crypto::{KeyPair, Password, SessionKey};
use sequoia_openpgp::packet::{PKESK, SKESK};
use sequoia_openpgp::parse::Parse;
use sequoia_openpgp::parse::stream::{
    DecryptionHelper, DecryptorBuilder, DetachedVerifierBuilder, MessageLayer, MessageStructure, VerificationHelper,
};
use sequoia_openpgp::policy::StandardPolicy;
use sequoia_openpgp::serialize::SerializeInto;
use sequoia_openpgp::serialize::stream::{Encryptor, LiteralWriter, Message, Signer};
use sequoia_openpgp::types::{KeyFlags, RevocationStatus, SymmetricAlgorithm};

use super::{CREATED, EXPIRES_AFTER, Key, MESSAGE, USER_IDS};

const POLICY: &StandardPolicy<'_> = &StandardPolicy::new();

fn secret(key: &Key) -> Cert {
    Cert::from_bytes(&key.secret).unwrap()
}

fn public(key: &Key) -> Cert {
    Cert::from_bytes(&key.public).unwrap()
}

pub fn check(key: &Key) {
    for cert in [secret(key), public(key)] {
        assert_eq!(cert.fingerprint().to_hex().to_lowercase(), key.fingerprint);
        assert_eq!((cert.bad_signatures().count(), cert.unknowns().count()), (0, 0));
        let valid = cert.with_policy(POLICY, None).unwrap();
        valid.alive().unwrap();
        let expiry = valid.primary_key().key_expiration_time().unwrap();
        let seconds = expiry.duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
        assert_eq!(seconds, u64::from(CREATED + EXPIRES_AFTER));
        let user_ids: Vec<_> = valid.userids().map(|user_id| user_id.userid().value().to_vec()).collect();
        assert_eq!(user_ids.len(), 2);
        assert!(USER_IDS.iter().all(|due| user_ids.contains(&due.as_bytes().to_vec())));
        assert_eq!(valid.primary_userid().unwrap().userid().value(), USER_IDS[0].as_bytes());
        let mut flags: Vec<_> = valid.keys().map(|key| key.key_flags().unwrap()).collect();
        let mut due = vec![
            KeyFlags::empty().set_certification().set_signing(),
            KeyFlags::empty().set_transport_encryption().set_storage_encryption(),
            KeyFlags::empty().set_signing(),
            KeyFlags::empty().set_authentication(),
        ];
        flags.sort_by_key(|flags| format!("{flags:?}"));
        due.sort_by_key(|flags| format!("{flags:?}"));
        assert_eq!(flags, due);
        let features = valid.features().unwrap();
        assert!(features.supports_seipdv1() && features.supports_seipdv2() == key.is_v6);
    }
}

/// The keys with their secrets opened, those for encryption or those for signatures; an error if one does not open.
fn key_pairs(key: &Key, passphrase: &str, is_for: impl Fn(&KeyFlags) -> bool) -> sequoia_openpgp::Result<Vec<KeyPair>> {
    let cert = secret(key);
    let mut pairs = Vec::new();
    for key in cert.keys().with_policy(POLICY, None).supported().secret() {
        if !is_for(&key.key_flags().unwrap()) {
            continue;
        }
        let key = key.key().clone();
        let key = if key.secret().is_encrypted() { key.decrypt_secret(&Password::from(passphrase))? } else { key };
        pairs.push(key.into_keypair()?);
    }
    Ok(pairs)
}

pub fn opens(key: &Key, passphrase: &str) -> bool {
    match key_pairs(key, passphrase, |_| true) {
        Ok(pairs) => {
            assert_eq!(pairs.len(), 4);
            true
        }
        Err(_) => false,
    }
}

pub fn sign(key: &Key) -> Vec<u8> {
    let mut pairs = key_pairs(key, key.passphrase.unwrap_or_default(), KeyFlags::for_signing).unwrap();
    let mut out = Vec::new();
    let mut signer = Signer::new(Message::new(&mut out), pairs.pop().unwrap()).unwrap().detached().build().unwrap();
    signer.write_all(MESSAGE).unwrap();
    signer.finalize().unwrap();
    out
}

struct Helper<'k> {
    key: &'k Key,
}

impl VerificationHelper for Helper<'_> {
    fn get_certs(&mut self, _: &[KeyHandle]) -> sequoia_openpgp::Result<Vec<Cert>> {
        Ok(vec![public(self.key)])
    }

    fn check(&mut self, structure: MessageStructure<'_>) -> sequoia_openpgp::Result<()> {
        for layer in structure {
            if let MessageLayer::SignatureGroup { results } = layer {
                anyhow::ensure!(results.len() == 1, "one signature");
                for result in results {
                    result.map_err(|error| anyhow::anyhow!("{error}"))?;
                }
            }
        }
        Ok(())
    }
}

pub fn verify(key: &Key, signature: &[u8], message: &[u8]) -> sequoia_openpgp::Result<()> {
    DetachedVerifierBuilder::from_bytes(signature)?.with_policy(POLICY, None, Helper { key })?.verify_bytes(message)
}

pub fn encrypt(key: &Key) -> Vec<u8> {
    let cert = public(key);
    let recipients =
        cert.keys().with_policy(POLICY, None).supported().alive().revoked(false).for_transport_encryption();
    let mut out = Vec::new();
    let message = Encryptor::for_recipients(Message::new(&mut out), recipients).build().unwrap();
    let mut message = LiteralWriter::new(message).build().unwrap();
    message.write_all(MESSAGE).unwrap();
    message.finalize().unwrap();
    out
}

impl DecryptionHelper for Helper<'_> {
    fn decrypt(
        &mut self,
        pkesks: &[PKESK],
        _: &[SKESK],
        algorithm: Option<SymmetricAlgorithm>,
        decrypt: &mut dyn FnMut(Option<SymmetricAlgorithm>, &SessionKey) -> bool,
    ) -> sequoia_openpgp::Result<Option<Cert>> {
        let is_for = KeyFlags::for_transport_encryption;
        let mut pairs = key_pairs(self.key, self.key.passphrase.unwrap_or_default(), is_for)?;
        anyhow::ensure!(pkesks.len() == 1 && pairs.len() == 1, "one recipient");
        let opened = pkesks[0].decrypt(&mut pairs[0], algorithm);
        anyhow::ensure!(opened.is_some_and(|(algorithm, key)| decrypt(algorithm, &key)), "the session key is wrong");
        Ok(None)
    }
}

pub fn decrypt(key: &Key, encrypted: &[u8]) -> sequoia_openpgp::Result<Vec<u8>> {
    let mut decryptor = DecryptorBuilder::from_bytes(encrypted)?.with_policy(POLICY, None, Helper { key })?;
    let mut out = Vec::new();
    decryptor.read_to_end(&mut out)?;
    Ok(out)
}

pub fn is_revoked(octets: &[u8]) -> bool {
    let cert = Cert::from_bytes(octets).unwrap();
    assert_eq!(cert.bad_signatures().count(), 0);
    matches!(cert.revocation_status(POLICY, None), RevocationStatus::Revoked(_))
}

pub fn protect(key: &Key, passphrase: &str) -> Vec<u8> {
    let cert = secret(key);
    let password = Password::from(passphrase);
    let primary = cert.primary_key().key().clone().parts_into_secret().unwrap().encrypt_secret(&password).unwrap();
    let mut packets = vec![sequoia_openpgp::Packet::from(primary)];
    for subkey in cert.keys().subkeys().secret() {
        packets.push(subkey.key().clone().encrypt_secret(&password).unwrap().into());
    }
    let (cert, _) = cert.insert_packets(packets).unwrap();
    cert.as_tsk().to_vec().unwrap()
}
