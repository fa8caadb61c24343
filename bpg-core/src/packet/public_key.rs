//! Public keys and subkeys (RFC 9580 section 5.5).

use core::ops::RangeInclusive;

use crate::error::Error;
use crate::fingerprint::{Fingerprint, KeyId};
use crate::material::{FieldValue, Material};
use crate::octets::Octets;
use crate::parse::{self, Fault, Parsed, Unsaid};
use crate::registry::PublicKeyAlgorithm;
use crate::registry::layout::FieldLayout;
use crate::time::Timestamp;

/// The public part of a key: the body of a Public-Key or Public-Subkey packet, or what a Secret-Key packet starts with.
///
/// Versions 2 and 3 (RFC 9580 section 5.5.2.1), 4 (section 5.5.2.2), 5 (LibrePGP section 5.5.2) and 6 (section 5.5.2.3).
#[derive(Clone, Copy, Debug)]
pub struct PublicKey<'a> {
    wire: Octets<'a>,
    created: Timestamp,
    /// How many octets the material has.
    material_length: usize,
    validity_days: Option<u16>,
    version: u8,
    algorithm: PublicKeyAlgorithm,
    /// Whether the material has fields of a curve that nobody knows.
    is_of_unknown_curve: bool,
}

/// The name in errors.
pub(crate) const NAME: &str = "public key";

/// The versions whose fields are known.
pub(crate) const VERSIONS: RangeInclusive<u8> = 2..=6;

impl<'a> PublicKey<'a> {
    #[inline]
    pub(crate) fn parse(body: Octets<'a>) -> Result<Option<Self>, Error> {
        if !parse::has_version(body, VERSIONS) {
            return Ok(None);
        }
        match Self::read::<Unsaid>(body) {
            Ok(key) => Ok(key),
            Err(_) => Self::error_of(body).map_or(Ok(None), Err),
        }
    }

    /// Reads what is malformed, to say what is wrong. A key, which it cannot give then, would keep all others in memory.
    #[cold]
    fn error_of(body: Octets<'a>) -> Option<Error> {
        Self::read::<Error>(body).err()
    }

    #[inline]
    fn read<F: Fault>(body: Octets<'a>) -> Result<Option<Self>, F> {
        // The body ends with the material, so that it is delimited whatever the version.
        let read = |input| {
            Self::parse_with(input, |layout, rest| {
                let end = Octets::new(&[], rest.end());
                Ok((end, Material::parse(layout, rest).map_err(parse::fail)?))
            })
        };
        parse::packet(NAME, body, read)
    }

    /// The public key that `input` starts with, and what is left. The version has to be a known one.
    ///
    /// The material of an unknown algorithm takes all that is left, except in versions 5 and 6, which delimit it.
    #[inline]
    pub(crate) fn parse_prefix(input: Octets<'a>) -> Parsed<'a, Self> {
        Self::parse_with(input, Material::parse_prefix)
    }

    /// Reads a key whose material, unless its version delimits it, is read by `material`.
    #[inline]
    fn parse_with<F: Fault>(
        input: Octets<'a>,
        material: impl FnOnce(Option<&'static [FieldLayout]>, Octets<'a>) -> Parsed<'a, Material<'a>, F>,
    ) -> Parsed<'a, Self, F> {
        let (rest, (key, region)) = Self::parse_head(input)?;
        let layout = key.layout();
        let (rest, material) = match region {
            Some(region) => (rest, Material::parse(layout, region).map_err(parse::fail)?),
            None => material(layout, rest)?,
        };
        let is_of_unknown_curve = layout.is_some() && !material.is_known();
        let material_length = material.wire().len();
        Ok((rest, Self { wire: input.before(rest), material_length, is_of_unknown_curve, ..key }))
    }

    /// A key whose material is not checked: it may end before its last field does. Fails only if the fields in front of
    /// the material are cut short.
    pub(crate) fn parse_lenient(input: Octets<'a>) -> Result<Self, Error> {
        let (rest, (key, region)) = Self::parse_head(input)?;
        Ok(Self { material_length: region.unwrap_or(rest).len(), ..key })
    }

    /// Reads what precedes the material, and the region of the material in the versions that delimit it.
    #[inline]
    fn parse_head<F: Fault>(input: Octets<'a>) -> Parsed<'a, (Self, Option<Octets<'a>>), F> {
        let (rest, version) = parse::named("version", parse::u8)(input)?;
        let (rest, created) = parse::named("creation time", parse::u32)(rest)?;
        let (rest, validity_days) = if version <= 3 {
            let (rest, days) = parse::named("validity period", parse::u16)(rest)?;
            (rest, Some(days))
        } else {
            (rest, None)
        };
        let (rest, algorithm) = parse::named("algorithm", parse::u8)(rest)?;
        // A 4-octet scalar octet count for the following public key material (RFC 9580 section 5.5.2.3).
        let (rest, region) = if version >= 5 {
            let (rest, region) = parse::named("key material", parse::counted_u32)(rest)?;
            (rest, Some(region))
        } else {
            (rest, None)
        };
        let key = Self {
            wire: input,
            version,
            created: Timestamp(created),
            validity_days,
            algorithm: PublicKeyAlgorithm(algorithm),
            material_length: 0,
            is_of_unknown_curve: false,
        };
        Ok((rest, (key, region)))
    }

    /// All octets of the public part as received, starting with the version.
    #[must_use]
    pub const fn wire(self) -> Octets<'a> {
        self.wire
    }

    /// The version: 2, 3, 4, 5 or 6.
    #[must_use]
    pub const fn version(self) -> u8 {
        self.version
    }

    /// When the key was made.
    #[must_use]
    pub const fn created(self) -> Timestamp {
        self.created
    }

    /// For how many days after its creation a key of version 2 or 3 is valid, 0 for ever. `None` in later versions, which
    /// keep it in signatures.
    #[must_use]
    pub const fn validity_days(self) -> Option<u16> {
        self.validity_days
    }

    /// The algorithm.
    #[must_use]
    pub const fn algorithm(self) -> PublicKeyAlgorithm {
        self.algorithm
    }

    /// The algorithm-specific fields.
    #[must_use]
    pub fn material(self) -> Material<'a> {
        // Behind the version, the times and the algorithm, and from version 5 on the count.
        let start = match self.version {
            ..=3 => 8,
            4 => 6,
            _ => 10,
        };
        let wire = self.wire.part(start, self.material_length);
        match self.layout() {
            Some(layout) if self.is_of_unknown_curve => Material::of_unknown_curve(layout, wire),
            layout => Material::unchecked(layout, wire),
        }
    }

    #[inline]
    fn layout(&self) -> Option<&'static [FieldLayout]> {
        self.algorithm.layout().map(|layout| layout.public)
    }

    /// The fingerprint, over the octets as received (RFC 9580 section 5.5.4).
    ///
    /// `None` only where the specification gives none: a version 4 key of more than 65,535 octets, or a version 2 or 3 key
    /// that is not of RSA.
    #[must_use]
    pub fn fingerprint(self) -> Option<Fingerprint> {
        match self.version {
            ..=3 if self.is_rsa() => Fingerprint::v3(self.material()),
            ..=3 => None,
            4 => Fingerprint::v4(self.wire),
            version => Fingerprint::v5_v6(version, self.wire),
        }
    }

    /// The key ID (RFC 9580 section 5.5.4).
    ///
    /// `None` only where [`fingerprint`](Self::fingerprint) gives none, or if the modulus of a version 2 or 3 key is shorter
    /// than 64 bits. To have both without hashing twice, derive this from the fingerprint:
    /// [`key_id_of`](Self::key_id_of).
    #[must_use]
    pub fn key_id(self) -> Option<KeyId> {
        match self.version {
            ..=3 => self.low_modulus(),
            _ => self.key_id_of(&self.fingerprint()?),
        }
    }

    /// The key ID, given the fingerprint of this key.
    #[must_use]
    pub fn key_id_of(self, fingerprint: &Fingerprint) -> Option<KeyId> {
        match self.version {
            ..=3 => self.low_modulus(),
            4 => fingerprint.low_key_id(),
            _ => fingerprint.high_key_id(),
        }
    }

    fn is_rsa(self) -> bool {
        let algorithms =
            [PublicKeyAlgorithm::RSA, PublicKeyAlgorithm::RSA_ENCRYPT_ONLY, PublicKeyAlgorithm::RSA_SIGN_ONLY];
        algorithms.contains(&self.algorithm)
    }

    /// The 8-octet Key ID of a version 3 key consists of the low 64 bits of the public modulus of an RSA key.
    fn low_modulus(self) -> Option<KeyId> {
        if !self.is_rsa() {
            return None;
        }
        match self.material().fields().next()?.value {
            FieldValue::Mpi(modulus) => modulus.octets().as_slice().last_chunk().copied().map(KeyId),
            _ => None,
        }
    }
}
