//! What a verifier has to know of a signature before it reads the signed data (RFC 9580 section 5.4).

use core::ops::RangeInclusive;

use crate::error::Error;
use crate::fingerprint::KeyId;
use crate::octets::Octets;
use crate::parse::{self, Parsed};
use crate::registry::{HashAlgorithm, PublicKeyAlgorithm, SignatureType};

/// A one-pass signature: versions 3 and 6. Signatures of versions 4 and 5 (LibrePGP section 5.4) have version 3 of it.
#[derive(Clone, Copy, Debug)]
pub struct OnePassSignature<'a> {
    wire: Octets<'a>,
    version: u8,
    signature_type: SignatureType,
    hash_algorithm: HashAlgorithm,
    public_key_algorithm: PublicKeyAlgorithm,
    /// How many octets the salt has, in version 6 only.
    salt: Option<u8>,
    nested_flag: u8,
}

/// Where the issuer's key ID is in version 3, and the count of the salt in version 6.
const ISSUER: usize = 4;
/// How many octets the fingerprint of a version 6 key has.
const FINGERPRINT: usize = 32;

/// The signing key, and what is hashed in front of the data.
#[derive(Clone, Copy, Debug)]
pub enum OnePassIssuer<'a> {
    /// In version 3.
    KeyId(KeyId),
    /// In version 6.
    Fingerprint {
        /// The salt, which has to be that of the signature.
        salt: Octets<'a>,
        /// The fingerprint, 32 octets.
        fingerprint: Octets<'a>,
    },
}

/// The name in errors.
const NAME: &str = "one-pass signature";

/// The versions between which those lie whose fields are known.
const VERSIONS: RangeInclusive<u8> = 3..=6;

impl<'a> OnePassSignature<'a> {
    pub(crate) fn parse(body: Octets<'a>) -> Result<Option<Self>, Error> {
        if !parse::has_version(body, VERSIONS) || matches!(body.as_slice(), [4 | 5, ..]) {
            return Ok(None);
        }
        parse::packet(NAME, body, Self::parse_prefix)
    }

    /// One whose body may go on behind its last field.
    pub(crate) fn parse_lenient(body: Octets<'a>) -> Option<Self> {
        let (_, packet) = Self::parse_prefix(body).ok()?;
        parse::has_version(body, VERSIONS).then_some(packet)
    }

    fn parse_prefix(input: Octets<'a>) -> Parsed<'a, Self> {
        let (rest, version) = parse::named("version", parse::u8)(input)?;
        let (rest, signature_type) = parse::named("type", parse::u8)(rest)?;
        let (rest, hash_algorithm) = parse::named("hash algorithm", parse::u8)(rest)?;
        let (rest, public_key_algorithm) = parse::named("public-key algorithm", parse::u8)(rest)?;
        let (rest, salt) = if version == 6 {
            let (rest, salt) = parse::named("salt", parse::counted_u8)(rest)?;
            let (rest, _) = parse::named("fingerprint", parse::take(FINGERPRINT))(rest)?;
            (rest, Some(u8::try_from(salt.len()).unwrap_or(u8::MAX)))
        } else {
            let (rest, _) = parse::named("key ID", parse::take(8))(rest)?;
            (rest, None)
        };
        let (rest, nested_flag) = parse::named("nested flag", parse::u8)(rest)?;
        let packet = Self {
            wire: input.before(rest),
            version,
            signature_type: SignatureType(signature_type),
            hash_algorithm: HashAlgorithm(hash_algorithm),
            public_key_algorithm: PublicKeyAlgorithm(public_key_algorithm),
            salt,
            nested_flag,
        };
        Ok((rest, packet))
    }

    /// All octets of the body as received.
    #[must_use]
    pub const fn wire(&self) -> Octets<'a> {
        self.wire
    }

    /// The version: 3 or 6.
    #[must_use]
    pub const fn version(&self) -> u8 {
        self.version
    }

    /// The type of the signature.
    #[must_use]
    pub const fn signature_type(&self) -> SignatureType {
        self.signature_type
    }

    /// The hash algorithm.
    #[must_use]
    pub const fn hash_algorithm(&self) -> HashAlgorithm {
        self.hash_algorithm
    }

    /// The public-key algorithm.
    #[must_use]
    pub const fn public_key_algorithm(&self) -> PublicKeyAlgorithm {
        self.public_key_algorithm
    }

    /// The signing key.
    #[must_use]
    pub fn issuer(&self) -> OnePassIssuer<'a> {
        let behind = self.wire.behind(ISSUER);
        match self.salt {
            Some(size) => {
                let size = usize::from(size);
                let salt = behind.part(1, size);
                OnePassIssuer::Fingerprint { salt, fingerprint: behind.part(size.saturating_add(1), FINGERPRINT) }
            }
            None => OnePassIssuer::KeyId(KeyId(behind.split_array().map_or([0; 8], |(key_id, _)| key_id))),
        }
    }

    /// The flag as received: "A zero value indicates that the next packet is another One-Pass Signature packet that
    /// describes another signature to be applied to the same message data."
    #[must_use]
    pub const fn nested_flag(&self) -> u8 {
        self.nested_flag
    }
}
