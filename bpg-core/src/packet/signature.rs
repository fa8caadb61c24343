//! Signatures (RFC 9580 section 5.2).

mod area;
mod hashed;
pub mod subpacket;

pub use area::{Area, Subpackets};
#[cfg(feature = "generate")]
pub(crate) use hashed::Trailer;
pub use hashed::{HashedWire, SignedOctets};
pub use subpacket::{Subpacket, SubpacketValue};

use core::ops::RangeInclusive;

use nom::Parser;

use crate::error::{Error, ErrorKind};
use crate::fingerprint::{KeyId, VersionedFingerprint};
use crate::material::Material;
use crate::octets::{Octets, in_memory};
use crate::parse::{self, Fault, Parsed, Unsaid};
use crate::registry::{HashAlgorithm, PublicKeyAlgorithm, SignatureType};
use crate::time::Timestamp;

/// How deep signatures that are embedded in signatures are interpreted.
///
/// An honest one is embedded once: a primary key binding in a subkey binding. A hostile one can nest some twenty thousand
/// in a megabyte, which overflows the stack of a reader that recurses.
pub const MAX_EMBEDDING: u8 = 8;

/// A signature: versions 2 and 3 (RFC 9580 section 5.2.2), 4 and 6 (section 5.2.3), 5 (LibrePGP section 5.2.3).
///
/// Both subpacket areas are delimited, but not looked into: a malformed subpacket costs only itself.
#[derive(Clone, Copy, Debug)]
pub struct Signature<'a> {
    wire: Octets<'a>,
    version: u8,
    /// In how many signatures it is embedded.
    depth: u8,
    signature_type: SignatureType,
    public_key_algorithm: PublicKeyAlgorithm,
    hash_algorithm: HashAlgorithm,
    /// How many octets the salt has, which is there in version 6.
    salt: u8,
    /// How many octets the areas have, which are there from version 4 on. Where the parts are is all that is kept of them: a
    /// value of this size is moved more than once, and for each packet.
    hashed: u32,
    unhashed: u32,
}

/// Where the creation time is in versions 2 and 3, behind the version, a length and the type.
const CREATED: usize = 3;
/// Where the issuer's key ID is in versions 2 and 3.
const ISSUER: usize = 7;
/// Where the first two octets of the digest are in versions 2 and 3, behind the algorithms.
const DIGEST_PREFIX: usize = 17;
/// Where the count of the hashed area is from version 4 on, behind the version, the type and the algorithms.
const AREAS: usize = 4;

/// The name in errors.
pub(crate) const NAME: &str = "signature";

/// The versions whose fields are known.
pub(crate) const VERSIONS: RangeInclusive<u8> = 2..=6;

impl<'a> Signature<'a> {
    #[inline]
    pub(crate) fn parse(body: Octets<'a>) -> Result<Option<Self>, Error> {
        Self::parse_embedded(body, 0)
    }

    /// Reads a signature that is embedded in `depth` others.
    #[inline]
    pub(crate) fn parse_embedded(body: Octets<'a>, depth: u8) -> Result<Option<Self>, Error> {
        if !parse::has_version(body, VERSIONS) {
            return Ok(None);
        }
        match Self::read::<Unsaid>(body, depth) {
            Ok(signature) => Ok(signature),
            Err(_) => Self::error_of(body, depth).map_or(Ok(None), Err),
        }
    }

    /// Reads a signature of versions 4 to 6, if it is well-formed. What is not is for [`parse`](Self::parse).
    #[inline]
    pub(crate) fn parse_well_formed(body: Octets<'a>) -> Option<Self> {
        let [version @ 4..=6, ..] = *body.as_slice() else { return None };
        let (_, rest) = body.split_at(1)?;
        let (rest, signature) = Self::parse_head_v4::<Unsaid>(body, version, rest, 0).ok()?;
        let (rest, ()) = Material::skip::<Unsaid>(signature.layout(), rest).ok()?;
        rest.is_empty().then_some(signature)
    }

    /// Reads what is malformed, to say what is wrong. A signature, which it cannot give then, would keep all others in memory.
    #[cold]
    fn error_of(body: Octets<'a>, depth: u8) -> Option<Error> {
        Self::read::<Error>(body, depth).err()
    }

    #[inline]
    fn read<F: Fault>(body: Octets<'a>, depth: u8) -> Result<Option<Self>, F> {
        let read = |input| {
            let (rest, signature) = Self::parse_head(input, depth)?;
            let (rest, ()) = Material::skip(signature.layout(), rest)?;
            Ok((rest, signature))
        };
        parse::packet(NAME, body, read)
    }

    /// A signature whose material is not checked: it may end before its last field does. Fails only if the fields in front
    /// of the material are cut short.
    pub(crate) fn parse_lenient(body: Octets<'a>, depth: u8) -> Result<Self, Error> {
        Ok(Self::parse_head(body, depth)?.1)
    }

    /// Reads what precedes the material.
    #[inline]
    fn parse_head<F: Fault>(input: Octets<'a>, depth: u8) -> Parsed<'a, Self, F> {
        let (rest, version) = parse::named("version", parse::u8)(input)?;
        if version <= 3 {
            Self::parse_head_v3(input, version, rest)
        } else {
            Self::parse_head_v4(input, version, rest, depth)
        }
    }

    fn parse_head_v3<F: Fault>(wire: Octets<'a>, version: u8, input: Octets<'a>) -> Parsed<'a, Self, F> {
        // "A 1-octet length of the following hashed material; it MUST be 5: a 1-octet Signature Type ID, a 4-octet
        // creation time."
        let hashed = |input| {
            let (rest, region) = parse::counted_u8(input)?;
            let fields = |region| {
                let (rest, (signature_type, _)) = (parse::u8, parse::u32::<F>).parse(region)?;
                Ok((rest, SignatureType(signature_type)))
            };
            Ok((rest, parse::all(region, fields).map_err(parse::fail)?))
        };
        let (rest, signature_type) = parse::named("hashed material", hashed)(input)?;
        let (rest, _) = parse::named("key ID", parse::take(8))(rest)?;
        let (rest, public_key_algorithm) = parse::named("public-key algorithm", parse::u8)(rest)?;
        let (rest, hash_algorithm) = parse::named("hash algorithm", parse::u8)(rest)?;
        let (rest, _) = digest_prefix(rest)?;
        let signature = Self {
            wire,
            version,
            depth: 0,
            signature_type,
            public_key_algorithm: PublicKeyAlgorithm(public_key_algorithm),
            hash_algorithm: HashAlgorithm(hash_algorithm),
            salt: 0,
            hashed: 0,
            unhashed: 0,
        };
        Ok((rest, signature))
    }

    #[inline]
    fn parse_head_v4<F: Fault>(wire: Octets<'a>, version: u8, input: Octets<'a>, depth: u8) -> Parsed<'a, Self, F> {
        let (rest, signature_type) = parse::named("type", parse::u8)(input)?;
        let (rest, public_key_algorithm) = parse::named("public-key algorithm", parse::u8)(rest)?;
        let (rest, hash_algorithm) = parse::named("hash algorithm", parse::u8)(rest)?;
        // "For a version 4 signature, this is a 2-octet field. For a version 6 signature, this is a 4-octet field."
        let area = |input| if version == 6 { parse::counted_u32(input) } else { parse::counted_u16(input) };
        let (rest, hashed) = parse::named(area::HASHED, area)(rest)?;
        let (rest, unhashed) = parse::named(area::UNHASHED, area)(rest)?;
        let (rest, _) = digest_prefix(rest)?;
        // Only for version 6 signatures, a variable-length field containing: a 1-octet salt size; the salt.
        let (rest, salt) = if version == 6 {
            let (rest, salt) = parse::named("salt", parse::counted_u8)(rest)?;
            (rest, u8::try_from(salt.len()).unwrap_or(u8::MAX))
        } else {
            (rest, 0)
        };
        // They were counted by as many octets at the most.
        let [hashed, unhashed] = [hashed, unhashed].map(|area| u32::try_from(area.len()).unwrap_or(u32::MAX));
        let signature = Self {
            wire,
            version,
            depth,
            signature_type: SignatureType(signature_type),
            public_key_algorithm: PublicKeyAlgorithm(public_key_algorithm),
            hash_algorithm: HashAlgorithm(hash_algorithm),
            salt,
            hashed,
            unhashed,
        };
        Ok((rest, signature))
    }

    /// The layout of the material. One without a field is that of an algorithm which does not sign, so the octets mean
    /// nothing that is specified.
    #[inline]
    fn layout(&self) -> Option<&'static [crate::registry::layout::FieldLayout]> {
        let layout = self.public_key_algorithm.layout()?.signature;
        if layout.is_empty() { None } else { Some(layout) }
    }

    /// All octets of the body as received.
    #[must_use]
    pub const fn wire(&self) -> Octets<'a> {
        self.wire
    }

    /// The version: 2, 3, 4, 5 or 6.
    #[must_use]
    pub const fn version(&self) -> u8 {
        self.version
    }

    /// The type, which says what is signed and what the signature means.
    #[must_use]
    pub const fn signature_type(&self) -> SignatureType {
        self.signature_type
    }

    /// The public-key algorithm.
    #[must_use]
    pub const fn public_key_algorithm(&self) -> PublicKeyAlgorithm {
        self.public_key_algorithm
    }

    /// The hash algorithm.
    #[must_use]
    pub const fn hash_algorithm(&self) -> HashAlgorithm {
        self.hash_algorithm
    }

    /// The subpackets that the signature covers, `None` in versions 2 and 3.
    #[must_use]
    #[inline]
    pub fn hashed_area(&self) -> Option<Area<'a>> {
        let start = AREAS.saturating_add(self.count_width());
        self.has_areas().then(|| Area::new(self.wire.part(start, in_memory(self.hashed)), true, self.depth))
    }

    /// The subpackets that the signature does not cover, `None` in versions 2 and 3.
    #[must_use]
    #[inline]
    pub fn unhashed_area(&self) -> Option<Area<'a>> {
        let start = AREAS.saturating_add(in_memory(self.hashed)).saturating_add(self.count_width().saturating_mul(2));
        self.has_areas().then(|| Area::new(self.wire.part(start, in_memory(self.unhashed)), false, self.depth))
    }

    #[inline]
    const fn has_areas(&self) -> bool {
        self.version > 3
    }

    /// The first two octets of the digest that is signed, "to provide a way to reject some invalid signatures without
    /// performing a signature verification".
    #[must_use]
    #[inline]
    pub fn digest_prefix(&self) -> Octets<'a> {
        self.wire.part(self.digest_prefix_start(), 2)
    }

    fn digest_prefix_start(&self) -> usize {
        if !self.has_areas() {
            return DIGEST_PREFIX;
        }
        let counts = self.count_width().saturating_mul(2);
        AREAS.saturating_add(counts).saturating_add(in_memory(self.hashed)).saturating_add(in_memory(self.unhashed))
    }

    /// How many octets the count of an area has.
    const fn count_width(&self) -> usize {
        if self.version == 6 { 4 } else { 2 }
    }

    /// The salt, in version 6 only.
    #[must_use]
    pub fn salt(&self) -> Option<Octets<'a>> {
        // Behind the count of one octet.
        let start = self.digest_prefix_start().saturating_add(3);
        (self.version == 6).then(|| self.wire.part(start, usize::from(self.salt)))
    }

    /// The algorithm-specific fields.
    #[must_use]
    pub fn material(&self) -> Material<'a> {
        let prefix_end = self.digest_prefix_start().saturating_add(2);
        let start = self.salt().map_or(prefix_end, |salt| prefix_end.saturating_add(salt.len()).saturating_add(1));
        Material::unchecked(self.layout(), self.wire.behind(start))
    }

    /// When the signature was made: the field of versions 2 and 3, else the first Signature Creation Time subpacket of the
    /// hashed area, if there is a well-formed one.
    #[must_use]
    pub fn created(&self) -> Option<Timestamp> {
        let Some(hashed) = self.hashed_area() else {
            let (created, _) = self.wire.behind(CREATED).split_array()?;
            return Some(Timestamp(u32::from_be_bytes(created)));
        };
        hashed.created()
    }

    /// The key ID that the signature names as its issuer's: the field of versions 2 and 3, else the first Issuer Key ID
    /// subpacket, of the hashed area if it is there. It is a hint, in the unhashed area not even a signed one.
    #[must_use]
    pub fn issuer_key_id(&self) -> Option<KeyId> {
        let (Some(hashed), Some(unhashed)) = (self.hashed_area(), self.unhashed_area()) else {
            return self.wire.behind(ISSUER).split_array().map(|(key_id, _)| KeyId(key_id));
        };
        hashed.values().chain(unhashed.values()).find_map(|value| match value {
            SubpacketValue::IssuerKeyId(key_id) => Some(key_id),
            _ => None,
        })
    }

    /// The fingerprint that the signature names as its issuer's: the first Issuer Fingerprint subpacket (RFC 9580 section
    /// 5.2.3.35), of the hashed area if it is there. It is a hint, as [`issuer_key_id`](Self::issuer_key_id) is.
    #[must_use]
    pub fn issuer_fingerprint(&self) -> Option<VersionedFingerprint<'a>> {
        let (hashed, unhashed) = (self.hashed_area()?, self.unhashed_area()?);
        hashed.values().chain(unhashed.values()).find_map(|value| match value {
            SubpacketValue::IssuerFingerprint(fingerprint) => Some(fingerprint),
            _ => None,
        })
    }
}

#[inline]
fn digest_prefix<F: Fault>(input: Octets<'_>) -> Parsed<'_, Octets<'_>, F> {
    parse::named("left 16 bits of the hash", parse::take(2))(input)
}

/// Opens the signature in an Embedded Signature subpacket that stands in a signature at `depth`.
pub(super) fn open_embedded(body: Octets<'_>, depth: u8) -> Result<Option<Signature<'_>>, Error> {
    match depth.checked_add(1).filter(|&depth| depth <= MAX_EMBEDDING) {
        Some(depth) => Signature::parse_embedded(body, depth),
        None => Err(Error::new(ErrorKind::NestingTooDeep { limit: MAX_EMBEDDING }, body.span())),
    }
}
