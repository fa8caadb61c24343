//! The crate `sequoia-openpgp`: the post-quantum algorithms, and messages of version 6.

use std::io::Write;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::Result;
use sequoia_openpgp::crypto::{KeyPair, Password};
use sequoia_openpgp::packet::key::{Key4, Key6, PrimaryRole, SecretParts, SubordinateRole};
use sequoia_openpgp::packet::signature::SignatureBuilder;
use sequoia_openpgp::packet::{Key, UserID};
use sequoia_openpgp::policy::StandardPolicy;
use sequoia_openpgp::serialize::SerializeInto;
use sequoia_openpgp::serialize::stream::{Encryptor, LiteralWriter, Message, Signer, padding::Padder};
use sequoia_openpgp::types::{Features, KeyFlags, SignatureType};
use sequoia_openpgp::{Cert, Packet};

use super::{Corpus, MESSAGE, PASSPHRASE};

const POLICY: &StandardPolicy<'_> = &StandardPolicy::new();

type Primary = Key<SecretParts, PrimaryRole>;
type Subkey = Key<SecretParts, SubordinateRole>;

pub fn write(corpus: &Corpus) -> Result<()> {
    // RFC 9580: version 6 with Ed25519 and X25519.
    let (cert, signer) = cert(Key6::generate_ed25519()?.into(), Key6::generate_x25519()?.into())?;
    write_cert(corpus, "peers/sequoia-v6", &cert)?;
    corpus.write("peers/sequoia.detached-v6.sig", detached(signer.clone())?)?;
    corpus.write("peers/sequoia.signed-v6.gpg", signed(signer.clone())?)?;
    corpus.write("peers/sequoia.encrypted-v6.gpg", encrypted(&cert, Some(signer))?)?;
    corpus.write("peers/sequoia.symmetric-v6.gpg", symmetric()?)?;

    // The post-quantum algorithms that sign, which are of version 6 only.
    for (name, primary, subkey) in [
        ("ml-dsa-65", Key6::generate_mldsa65_ed25519()?, Key6::generate_mlkem768_x25519()?),
        ("ml-dsa-87", Key6::generate_mldsa87_ed448()?, Key6::generate_mlkem1024_x448()?),
    ] {
        let (cert, signer) = self::cert(primary.into(), subkey.into())?;
        write_cert(corpus, &format!("pqc/{name}"), &cert)?;
        corpus.write(&format!("pqc/{name}.detached.sig"), detached(signer)?)?;
        corpus.write(&format!("pqc/{name}.encrypted.gpg"), encrypted(&cert, None)?)?;
    }
    for (name, primary) in [
        ("slh-dsa-shake-128s", Key6::generate_slhdsa128s()?),
        ("slh-dsa-shake-128f", Key6::generate_slhdsa128f()?),
        ("slh-dsa-shake-256s", Key6::generate_slhdsa256s()?),
    ] {
        let (cert, signer) = self::cert(primary.into(), Key6::generate_mlkem768_x25519()?.into())?;
        write_cert(corpus, &format!("pqc/{name}"), &cert)?;
        corpus.write(&format!("pqc/{name}.detached.sig"), detached(signer)?)?;
    }
    // That which may be of version 4; a session key of version 3.
    let (cert, _) = self::cert(Key4::generate_ed25519()?.into(), Key4::generate_mlkem768_x25519()?.into())?;
    write_cert(corpus, "pqc/v4-ml-kem-768", &cert)?;
    corpus.write("pqc/v4-ml-kem-768.encrypted.gpg", encrypted(&cert, None)?)
}

/// 2024-01-01
fn created() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_704_067_200)
}

/// A certificate of a primary key, in version 6 with a direct-key signature, a user ID and a subkey that encrypts.
fn cert(mut primary: Primary, mut subkey: Subkey) -> Result<(Cert, KeyPair)> {
    primary.set_creation_time(created())?;
    subkey.set_creation_time(created())?;
    let features = if primary.version() == 6 { Features::sequoia() } else { Features::empty().set_seipdv1() };
    let mut signer = primary.clone().into_keypair()?;
    let mut cert = Cert::try_from(Packet::from(primary.clone()))?;
    let about = |kind| -> Result<SignatureBuilder> {
        let builder = SignatureBuilder::new(kind).set_signature_creation_time(created())?;
        let flags = KeyFlags::empty().set_certification().set_signing();
        builder.set_key_flags(flags)?.set_features(features.clone())
    };
    if primary.version() == 6 {
        let direct = about(SignatureType::DirectKey)?.sign_direct_key(&mut signer, None)?;
        cert = cert.insert_packets(direct)?.0;
    }
    let user_id = UserID::from("Sequoia Example <sequoia@example.com>");
    let binding = user_id.bind(&mut signer, &cert, about(SignatureType::PositiveCertification)?)?;
    cert = cert.insert_packets([Packet::from(user_id), binding.into()])?.0;
    let flags = KeyFlags::empty().set_transport_encryption().set_storage_encryption();
    let builder = SignatureBuilder::new(SignatureType::SubkeyBinding).set_signature_creation_time(created())?;
    let binding = subkey.bind(&mut signer, &cert, builder.set_key_flags(flags)?)?;
    cert = cert.insert_packets([Packet::from(subkey), binding.into()])?.0;
    Ok((cert, signer))
}

fn write_cert(corpus: &Corpus, name: &str, cert: &Cert) -> Result<()> {
    corpus.write(&format!("{name}.sec.gpg"), cert.as_tsk().to_vec()?)?;
    corpus.write(&format!("{name}.pub.gpg"), cert.to_vec()?)
}

fn detached(signer: KeyPair) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    let mut signer = Signer::new(Message::new(&mut out), signer)?.detached().creation_time(created()).build()?;
    signer.write_all(MESSAGE)?;
    signer.finalize()?;
    Ok(out)
}

fn literal(message: Message<'_>) -> Result<()> {
    let mut message = LiteralWriter::new(message).build()?;
    message.write_all(MESSAGE)?;
    message.finalize()
}

fn signed(signer: KeyPair) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    literal(Signer::new(Message::new(&mut out), signer)?.creation_time(created()).build()?)?;
    Ok(out)
}

/// Encrypted, with padding, and signed inside if there is a `signer`.
fn encrypted(cert: &Cert, signer: Option<KeyPair>) -> Result<Vec<u8>> {
    let keys = cert.keys().with_policy(POLICY, None).supported().for_transport_encryption();
    let mut out = Vec::new();
    let message = Padder::new(Encryptor::for_recipients(Message::new(&mut out), keys).build()?).build()?;
    match signer {
        Some(signer) => literal(Signer::new(message, signer)?.build()?)?,
        None => literal(message)?,
    }
    Ok(out)
}

fn symmetric() -> Result<Vec<u8>> {
    let mut out = Vec::new();
    let password = Some(Password::from(PASSPHRASE));
    let encryptor = Encryptor::with_passwords(Message::new(&mut out), password);
    literal(encryptor.aead_algo(Default::default()).build()?)?;
    Ok(out)
}
