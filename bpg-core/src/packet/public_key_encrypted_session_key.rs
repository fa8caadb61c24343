//! Session keys that are encrypted to a public key (RFC 9580 section 5.1).

use core::ops::RangeInclusive;

use crate::error::Error;
use crate::fingerprint::{KeyId, VersionedFingerprint};
use crate::material::Material;
use crate::octets::Octets;
use crate::parse::{self, Parsed};
use crate::registry::PublicKeyAlgorithm;
use crate::registry::layout::FieldLayout;

/// A session key, encrypted to a public key.
///
/// Versions 2 (RFC 1991 section 6.5) and 3 (RFC 9580 section 5.1.1), which have the same fields, and 6 (section 5.1.2).
#[derive(Clone, Copy, Debug)]
pub struct PublicKeyEncryptedSessionKey<'a> {
    wire: Octets<'a>,
    version: u8,
    recipient: Recipient<'a>,
    algorithm: PublicKeyAlgorithm,
    /// How many octets precede the material.
    head_length: u16,
}

/// The key that a session key is encrypted to.
#[derive(Clone, Copy, Debug)]
pub enum Recipient<'a> {
    /// Its key ID, in versions 2 and 3.
    KeyId(KeyId),
    /// Its version and fingerprint, in version 6.
    Fingerprint(VersionedFingerprint<'a>),
    /// Version 6 does not name it.
    Anonymous,
}

impl Recipient<'_> {
    /// Whether the recipient is hidden: the fingerprint is left out, or the key ID is all zeros (RFC 9580 section 5.1.8).
    #[must_use]
    pub fn is_anonymous(self) -> bool {
        match self {
            Self::KeyId(key_id) => key_id.0 == [0; 8],
            Self::Fingerprint(_) => false,
            Self::Anonymous => true,
        }
    }
}

/// The name in errors.
const NAME: &str = "public-key encrypted session key";

/// The versions between which those lie whose fields are known.
const VERSIONS: RangeInclusive<u8> = 2..=6;

impl<'a> PublicKeyEncryptedSessionKey<'a> {
    pub(crate) fn parse(body: Octets<'a>) -> Result<Option<Self>, Error> {
        if !parse::has_version(body, VERSIONS) || matches!(body.as_slice(), [4 | 5, ..]) {
            return Ok(None);
        }
        let read = |input| {
            let (rest, packet) = Self::parse_head(input)?;
            let (rest, ()) = Material::skip(packet.layout(), rest)?;
            Ok((rest, packet))
        };
        parse::packet(NAME, body, read)
    }

    /// A packet whose material is not checked: it may end before its last field does. Fails only if the fields in front
    /// of the material are cut short.
    pub(crate) fn parse_lenient(body: Octets<'a>) -> Result<Self, Error> {
        Ok(Self::parse_head(body)?.1)
    }

    /// Reads what precedes the material.
    fn parse_head(input: Octets<'a>) -> Parsed<'a, Self> {
        let (rest, version) = parse::named("version", parse::u8)(input)?;
        let (rest, recipient) = if version == 6 { Self::named_recipient(rest)? } else { Self::key_id(rest)? };
        let (rest, algorithm) = parse::named("algorithm", parse::u8)(rest)?;
        let algorithm = PublicKeyAlgorithm(algorithm);
        let head_length = u16::try_from(input.before(rest).len()).unwrap_or(u16::MAX);
        Ok((rest, Self { wire: input, version, recipient, algorithm, head_length }))
    }

    fn key_id(input: Octets<'a>) -> Parsed<'a, Recipient<'a>> {
        let (rest, key_id) = parse::named("key ID", parse::array)(input)?;
        Ok((rest, Recipient::KeyId(KeyId(key_id))))
    }

    /// "A 1-octet size of the following two fields. This size may be zero, if the key version number field and the
    /// fingerprint field are omitted for an "anonymous recipient"".
    fn named_recipient(input: Octets<'a>) -> Parsed<'a, Recipient<'a>> {
        let read = |input| {
            let (rest, region) = parse::counted_u8(input)?;
            if region.is_empty() {
                return Ok((rest, Recipient::Anonymous));
            }
            let fingerprint = parse::all(region, VersionedFingerprint::parse_prefix).map_err(parse::fail::<Error>)?;
            Ok((rest, Recipient::Fingerprint(fingerprint)))
        };
        parse::named("recipient", read)(input)
    }

    /// The layout of the material. One without a field is that of an algorithm which does not encrypt, so the octets mean
    /// nothing that is specified.
    fn layout(&self) -> Option<&'static [FieldLayout]> {
        let layout = self.algorithm.layout()?;
        let fields = if self.version == 6 { layout.session_key_v6 } else { layout.session_key_v3 };
        if fields.is_empty() { None } else { Some(fields) }
    }

    /// All octets of the body as received.
    #[must_use]
    pub const fn wire(&self) -> Octets<'a> {
        self.wire
    }

    /// The version: 2, 3 or 6.
    #[must_use]
    pub const fn version(&self) -> u8 {
        self.version
    }

    /// The key that the session key is encrypted to.
    #[must_use]
    pub const fn recipient(&self) -> Recipient<'a> {
        self.recipient
    }

    /// The public-key algorithm.
    #[must_use]
    pub const fn algorithm(&self) -> PublicKeyAlgorithm {
        self.algorithm
    }

    /// The algorithm-specific fields, which hold the encrypted session key.
    #[must_use]
    pub fn material(&self) -> Material<'a> {
        Material::unchecked(self.layout(), self.wire.behind(usize::from(self.head_length)))
    }
}
