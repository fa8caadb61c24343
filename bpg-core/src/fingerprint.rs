//! Fingerprints and key IDs, computed over the octets as received (RFC 9580 section 5.5.4).

use core::fmt;

use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256};

use crate::material::{FieldValue, Material};
use crate::octets::Octets;
use crate::parse::{self, Fault, Parsed};

/// The fingerprint of a key: 16 octets (versions 2 and 3), 20 (version 4) or 32 (versions 5 and 6).
///
/// `Display` gives lower-case hexadecimal without spaces.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(Digested);

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Digested {
    Md5([u8; 16]),
    Sha1([u8; 20]),
    Sha256([u8; 32]),
}

impl Fingerprint {
    /// The fingerprint of a version 3 key is formed by hashing the body (but not the 2-octet length) of the MPIs that
    /// form the key material with MD5. `None` if the material is not made of MPIs.
    pub(crate) fn v3(material: Material<'_>) -> Option<Self> {
        let mut hash = Md5::new();
        for field in material.fields() {
            match field.value {
                FieldValue::Mpi(mpi) => hash.update(mpi.octets().as_slice()),
                _ => return None,
            }
        }
        Some(Self(Digested::Md5(hash.finalize().into())))
    }

    /// "A version 4 fingerprint is the 160-bit SHA-1 hash of the octet 0x99, followed by the 2-octet packet length,
    /// followed by the entire Public Key packet starting with the version field." `None` if the length needs more than
    /// two octets.
    pub(crate) fn v4(body: Octets<'_>) -> Option<Self> {
        let mut hash = Sha1::new();
        hash.update(Prefix::of_key(4, body.as_slice())?.as_slice());
        hash.update(body.as_slice());
        Some(Self(Digested::Sha1(hash.finalize().into())))
    }

    /// "A version 6 fingerprint is the 256-bit SHA2-256 hash of the octet 0x9B, followed by the 4-octet packet length,
    /// followed by the entire Public Key packet starting with the version field." Version 5 has the octet 0x9A
    /// (LibrePGP section 12.2).
    pub(crate) fn v5_v6(version: u8, body: Octets<'_>) -> Option<Self> {
        let mut hash = Sha256::new();
        hash.update(Prefix::of_key(version, body.as_slice())?.as_slice());
        hash.update(body.as_slice());
        Some(Self(Digested::Sha256(hash.finalize().into())))
    }

    /// The octets.
    #[must_use]
    pub const fn as_slice(&self) -> &[u8] {
        match &self.0 {
            Digested::Md5(octets) => octets,
            Digested::Sha1(octets) => octets,
            Digested::Sha256(octets) => octets,
        }
    }

    /// The last eight octets: the key ID of a version 4 key.
    pub(crate) fn low_key_id(&self) -> Option<KeyId> {
        self.as_slice().last_chunk().copied().map(KeyId)
    }

    /// The first eight octets: the key ID of a version 5 or 6 key.
    pub(crate) fn high_key_id(&self) -> Option<KeyId> {
        self.as_slice().first_chunk().copied().map(KeyId)
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_slice().iter().try_for_each(|octet| write!(f, "{octet:02x}"))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({self})")
    }
}

/// A key ID: eight octets (RFC 9580 section 3.3). All zero stands for an undisclosed recipient.
///
/// `Display` gives lower-case hexadecimal.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub [u8; 8]);

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", u64::from_be_bytes(self.0))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({self})")
    }
}

/// A fingerprint behind the version of its key (RFC 9580 sections 5.1.2, 5.2.3.35 and 5.2.3.36).
#[derive(Clone, Copy, Debug)]
pub struct VersionedFingerprint<'a> {
    /// The version of the key.
    pub version: u8,
    /// The fingerprint: "the length N of the fingerprint for a version 4 key is 20 octets; for a version 6 key, N is 32."
    pub fingerprint: Octets<'a>,
}

impl<'a> VersionedFingerprint<'a> {
    pub(crate) fn parse_prefix<F: Fault>(input: Octets<'a>) -> Parsed<'a, Self, F> {
        let (rest, version) = parse::named("key version", parse::u8)(input)?;
        // Only the length of the versions that are known can be wrong.
        let size = match version {
            4 => 20,
            5 | 6 => 32,
            _ => rest.len(),
        };
        let (rest, fingerprint) = parse::named("fingerprint", parse::take(size))(rest)?;
        Ok((rest, Self { version, fingerprint }))
    }
}

/// What precedes something in a digest: an octet that tells what it is, and the count of its octets.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Prefix {
    /// Nothing.
    None,
    /// A count of two octets.
    Short([u8; 3]),
    /// A count of four octets.
    Long([u8; 5]),
}

impl Prefix {
    /// The prefix of a public key, given its packet's body, in fingerprints of keys and digests of signatures of `version`
    /// (RFC 9580 sections 5.5.4 and 5.2.4, LibrePGP sections 12.2 and 5.2.4). `None` if the count does not fit.
    pub(crate) fn of_key(version: u8, body: &[u8]) -> Option<Self> {
        match version {
            ..=4 => {
                let [high, low] = u16::try_from(body.len()).ok()?.to_be_bytes();
                Some(Self::Short([0x99, high, low]))
            }
            5 => Self::long(0x9a, body.len()),
            _ => Self::long(0x9b, body.len()),
        }
    }

    /// The octet `tag` and `count` in four octets, `None` if it does not fit.
    pub(crate) fn long(tag: u8, count: usize) -> Option<Self> {
        let [first, second, third, fourth] = u32::try_from(count).ok()?.to_be_bytes();
        Some(Self::Long([tag, first, second, third, fourth]))
    }

    /// The octets.
    pub(crate) const fn as_slice(&self) -> &[u8] {
        match self {
            Self::None => &[],
            Self::Short(octets) => octets,
            Self::Long(octets) => octets,
        }
    }
}
