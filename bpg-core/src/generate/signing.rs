//! Signature packets: what they cover, and what they say (RFC 9580 sections 5.2.3 and 5.2.4).

use alloc::vec::Vec;

use rand_core::CryptoRng;
use sha2::digest::DynDigest;

use super::private_key::Signer;
use super::{Error, hasher};
use crate::encode;
use crate::fingerprint::{Fingerprint, KeyId};
use crate::octets::Octets;
use crate::packet::signature::{SignedOctets, Trailer};
use crate::registry::{PublicKeyAlgorithm, SignatureType, SubpacketType};
use crate::time::Timestamp;

/// A key that signs.
#[derive(Clone, Copy)]
pub(super) struct Issuer<'k> {
    pub(super) version: u8,
    pub(super) algorithm: PublicKeyAlgorithm,
    pub(super) signer: &'k dyn Signer,
    pub(super) fingerprint: Fingerprint,
    pub(super) key_id: KeyId,
}

/// What a signature covers. A key is given by the body of its public-key packet.
pub(super) enum Target<'t> {
    /// A key itself: a direct-key signature or a revocation.
    Key(&'t [u8]),
    /// A key and a user ID.
    UserId(&'t [u8], &'t str),
    /// A primary key and a subkey.
    Subkey(&'t [u8], &'t [u8]),
}

/// The subpackets of a signature.
#[derive(Default)]
pub(super) struct Subpackets(Vec<u8>);

impl Subpackets {
    pub(super) fn add(&mut self, subpacket_type: SubpacketType, body: &[u8]) {
        encode::subpacket(&mut self.0, subpacket_type, false, body);
    }

    pub(super) fn add_critical(&mut self, subpacket_type: SubpacketType, body: &[u8]) {
        encode::subpacket(&mut self.0, subpacket_type, true, body);
    }
}

/// Makes a signature and gives its packet's body. Creation time and issuer are added to `claims`.
pub(super) fn sign(
    issuer: Issuer<'_>,
    signature_type: SignatureType,
    created: Timestamp,
    claims: &Subpackets,
    target: &Target<'_>,
    rng: &mut dyn CryptoRng,
) -> Result<Vec<u8>, Error> {
    let hash_algorithm = issuer.signer.hash_algorithm();
    let mut hash = hasher(hash_algorithm).ok_or(Error::Signing)?;

    // A salt value that is unique for each signature, version 6 only.
    let mut salt = Vec::new();
    if issuer.version == 6 {
        salt.resize(hash_algorithm.salt_size().ok_or(Error::Signing)?, 0);
        rng.fill_bytes(&mut salt);
    }
    hash.update(&salt);
    target.hash_into(issuer.version, &mut *hash).ok_or(Error::Signing)?;

    let mut hashed = Subpackets::default();
    hashed.add_critical(SubpacketType::SIGNATURE_CREATION_TIME, &created.0.to_be_bytes());
    let mut fingerprint = Vec::from([issuer.version]);
    fingerprint.extend_from_slice(issuer.fingerprint.as_slice());
    hashed.add(SubpacketType::ISSUER_FINGERPRINT, &fingerprint);
    hashed.0.extend_from_slice(&claims.0);
    // Version 4 names the issuer in the older form too, for those who know no other.
    let mut unhashed = Subpackets::default();
    if issuer.version == 4 {
        unhashed.add(SubpacketType::ISSUER_KEY_ID, &issuer.key_id.0);
    }

    // The hashed subpacket count is a 2-octet field in version 4, a 4-octet one in version 6.
    if issuer.version == 4 && u16::try_from(hashed.0.len()).is_err() {
        return Err(Error::Signing);
    }
    let count = if issuer.version == 6 { encode::count_u32 } else { encode::count_u16 };
    let mut body = Vec::from([issuer.version, signature_type.0, issuer.algorithm.0, hash_algorithm.0]);
    count(&mut body, hashed.0.len());
    body.extend_from_slice(&hashed.0);
    hash.update(&body);
    hash.update(Trailer::new(issuer.version, body.len()).as_slice());
    let digest = hash.finalize();

    count(&mut body, unhashed.0.len());
    body.extend_from_slice(&unhashed.0);
    body.extend(digest.iter().take(2));
    if issuer.version == 6 {
        body.push(u8::try_from(salt.len()).map_err(|_| Error::Signing)?);
        body.extend_from_slice(&salt);
    }
    body.extend(issuer.signer.sign(&digest, rng)?);
    Ok(body)
}

impl Target<'_> {
    /// Feeds what is covered to `hash`. `None` if something is longer than its count can tell.
    fn hash_into(&self, version: u8, hash: &mut dyn DynDigest) -> Option<()> {
        let key = |body| SignedOctets::key(version, Octets::from(body));
        let (first, second) = match *self {
            Self::Key(body) => (key(body)?, None),
            Self::UserId(body, user_id) => {
                (key(body)?, Some(SignedOctets::user_id(version, Octets::from(user_id.as_bytes()))?))
            }
            Self::Subkey(primary, subkey) => (key(primary)?, Some(key(subkey)?)),
        };
        first.write_to(&mut |octets| hash.update(octets));
        if let Some(second) = second {
            second.write_to(&mut |octets| hash.update(octets));
        }
        Some(())
    }
}
