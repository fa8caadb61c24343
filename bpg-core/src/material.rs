//! Algorithm-specific fields: multiprecision integers, curve identifiers and fixed-length octet strings.
//!
//! Which fields an algorithm has is a row of [`registry::layout`](crate::registry::layout); this module reads them.

use core::iter::FusedIterator;

use crate::encode::{Encode, encode_as_received};
use crate::error::ErrorKind;
use crate::octets::Octets;
use crate::parse::{self, Fault, Parsed, Unsaid};
use crate::registry::layout::{FieldLayout, Shape};
use crate::registry::{Curve, HashAlgorithm, SymmetricKeyAlgorithm};

/// A multiprecision integer, exactly as received (RFC 9580 section 3.2).
#[derive(Clone, Copy, Debug)]
pub struct Mpi<'a> {
    bits: u16,
    octets: Octets<'a>,
}

impl<'a> Mpi<'a> {
    /// "An MPI consists of two pieces: a two-octet scalar that is the length of the MPI in bits followed by a string of
    /// octets that contain the actual integer."
    #[inline]
    pub(crate) fn parse_prefix<F: Fault>(input: Octets<'a>) -> Parsed<'a, Self, F> {
        let (input, bits) = parse::u16(input)?;
        let (input, octets) = parse::take(usize::from(bits.div_ceil(8)))(input)?;
        Ok((input, Self { bits, octets }))
    }

    /// The length in bits that the encoding declares.
    #[inline]
    #[must_use]
    pub const fn bits(self) -> u16 {
        self.bits
    }

    /// The integer's octets, big-endian, without the length.
    #[inline]
    #[must_use]
    pub const fn octets(self) -> Octets<'a> {
        self.octets
    }

    /// Whether the declared length is that of the integer: it "describes the length starting from its most significant
    /// non-zero bit". LibrePGP's simple octet strings need not be canonical.
    #[must_use]
    pub fn is_canonical(self) -> bool {
        // The number of bits in the first octet that are not its leading zeros, and in all the others.
        let significant =
            self.octets.as_slice().first().map_or(0, |first| u64::from(8_u32.saturating_sub(first.leading_zeros())));
        let others = self.octets.len_u64().saturating_sub(1).saturating_mul(8);
        significant != 0 && significant.saturating_add(others) == u64::from(self.bits)
            || self.bits == 0 && self.octets.is_empty()
    }
}

/// The algorithm-specific part of a key or signature: a run of fields, delimited when the packet was read.
#[derive(Clone, Copy, Debug)]
pub struct Material<'a> {
    wire: Octets<'a>,
    layout: &'static [FieldLayout],
    /// Whether octets that nobody specifies follow the fields of the layout.
    is_open_ended: bool,
}

impl<'a> Material<'a> {
    /// Delimits the fields of `layout`, or everything if the layout is not known.
    #[inline]
    pub(crate) fn parse_prefix<F: Fault>(
        layout: Option<&'static [FieldLayout]>,
        input: Octets<'a>,
    ) -> Parsed<'a, Self, F> {
        let (rest, ()) = Self::skip(layout, input)?;
        Ok((rest, Self::unchecked(layout, input.before(rest))))
    }

    /// The octets behind the fields of `layout`, none if the layout is not known.
    #[inline]
    pub(crate) fn skip<F: Fault>(layout: Option<&'static [FieldLayout]>, input: Octets<'a>) -> Parsed<'a, (), F> {
        let Some(layout) = layout else { return Ok((input.behind(input.len()), ())) };
        let mut rest = input;
        for field in layout {
            rest = Field::parse_prefix(field, rest)?.0;
        }
        Ok((rest, ()))
    }

    /// Reads `region`, which has to hold nothing else.
    ///
    /// A curve that nobody knows may have fields that nobody knows: if they are not those of other curves, they are one
    /// field that holds everything behind the curve.
    #[inline]
    pub(crate) fn parse<F: Fault>(layout: Option<&'static [FieldLayout]>, region: Octets<'a>) -> Result<Self, F> {
        parse::all(region, |input| Self::parse_prefix(layout, input)).or_else(|fault| {
            match (Self::unchecked(layout, region).curve().map(CurveOid::curve), layout) {
                (Some(None), Some(layout)) => Ok(Self::of_unknown_curve(layout, region)),
                _ => Err(fault),
            }
        })
    }

    /// Takes the first field of `layout`, which is a curve, and all behind it as one.
    pub(crate) fn of_unknown_curve(layout: &'static [FieldLayout], wire: Octets<'a>) -> Self {
        Self { wire, layout: layout.get(..1).unwrap_or(layout), is_open_ended: true }
    }

    /// Takes `wire` as it is, so that what precedes an error in it can still be shown.
    pub(crate) const fn unchecked(layout: Option<&'static [FieldLayout]>, wire: Octets<'a>) -> Self {
        match layout {
            Some(layout) => Self { wire, layout, is_open_ended: false },
            None => Self::opaque(wire),
        }
    }

    /// The material of an unknown algorithm.
    const fn opaque(wire: Octets<'a>) -> Self {
        Self { wire, layout: &[], is_open_ended: true }
    }

    /// All octets of the material as received.
    #[inline]
    #[must_use]
    pub const fn wire(self) -> Octets<'a> {
        self.wire
    }

    /// Whether a specification says what all the fields are. If not, the last one holds whatever nobody knows the meaning
    /// of.
    #[must_use]
    pub const fn is_known(self) -> bool {
        !self.is_open_ended
    }

    /// The fields in order.
    #[must_use]
    pub fn fields(self) -> Fields<'a> {
        Fields { rest: self.wire, layout: self.layout.iter(), is_open_ended: self.is_open_ended, broken: None }
    }

    /// The first field's curve, if the algorithm has one.
    #[must_use]
    pub fn curve(self) -> Option<CurveOid<'a>> {
        match self.fields().next()?.value {
            FieldValue::Curve(curve) => Some(curve),
            _ => None,
        }
    }
}

impl Encode for Mpi<'_> {
    fn encode(&self, sink: &mut dyn FnMut(&[u8])) {
        sink(&self.bits.to_be_bytes());
        sink(self.octets.as_slice());
    }
}

impl Encode for Field<'_> {
    fn encode(&self, sink: &mut dyn FnMut(&[u8])) {
        self.wire.encode(sink);
    }
}

encode_as_received! {
    Material<'_>: wire,
}

/// Iterates over the fields of a [`Material`].
#[derive(Clone, Debug)]
pub struct Fields<'a> {
    rest: Octets<'a>,
    layout: core::slice::Iter<'static, FieldLayout>,
    is_open_ended: bool,
    /// That of the field that is not whole, behind which there are none.
    broken: Option<Shape>,
}

impl Fields<'_> {
    /// The length of the encrypted session key that is not there as a whole, and the cipher in front of it, if that is what
    /// comes next.
    pub(crate) fn session_key_in_front(&self) -> Option<(u8, Option<SymmetricKeyAlgorithm>)> {
        let has_cipher = match self.broken? {
            Shape::SessionKey => false,
            Shape::CipherAndSessionKey => true,
            _ => return None,
        };
        let (length, behind) = self.rest.as_slice().split_first()?;
        Some((
            *length,
            behind.first().filter(|_| has_cipher && *length > 0).map(|cipher| SymmetricKeyAlgorithm(*cipher)),
        ))
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Field<'a>;

    fn next(&mut self) -> Option<Field<'a>> {
        let (rest, field) = match self.layout.next() {
            _ if self.broken.is_some() => return None,
            Some(layout) => match Field::parse_prefix::<Unsaid>(layout, self.rest) {
                Ok(parsed) => parsed,
                Err(_) => {
                    self.broken = Some(layout.shape);
                    return None;
                }
            },
            None if !self.is_open_ended || self.rest.is_empty() => return None,
            None => {
                let field = Field { name: "material", wire: self.rest, value: FieldValue::Octets(self.rest) };
                (Octets::new(&[], self.rest.end()), field)
            }
        };
        self.rest = rest;
        Some(field)
    }
}

impl FusedIterator for Fields<'_> {}

/// One algorithm-specific field.
#[derive(Clone, Copy, Debug)]
pub struct Field<'a> {
    /// The name, in the specification's words.
    pub name: &'static str,
    /// All octets of the field, its length included.
    pub wire: Octets<'a>,
    /// What it holds.
    pub value: FieldValue<'a>,
}

/// What an algorithm-specific field holds.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum FieldValue<'a> {
    /// An integer.
    Mpi(Mpi<'a>),
    /// Octets, without the length that may precede them.
    Octets(Octets<'a>),
    /// A curve.
    Curve(CurveOid<'a>),
    /// The parameters of the ECDH key derivation.
    Kdf(KdfParameters<'a>),
    /// A cipher.
    Cipher(SymmetricKeyAlgorithm),
    /// An encrypted session key.
    SessionKey(EncryptedSessionKey<'a>),
}

/// An encrypted session key behind its one-octet length (RFC 9580 sections 5.1.5 to 5.1.7).
#[derive(Clone, Copy, Debug)]
pub struct EncryptedSessionKey<'a> {
    /// The cipher of the message, which some algorithms do not encrypt in version 3 of the packet.
    pub cipher: Option<SymmetricKeyAlgorithm>,
    /// The encrypted session key itself.
    pub octets: Octets<'a>,
}

impl<'a> EncryptedSessionKey<'a> {
    fn parse_prefix<F: Fault>(input: Octets<'a>, has_cipher: bool) -> Parsed<'a, FieldValue<'a>, F> {
        let (rest, region) = parse::counted_u8(input)?;
        let (octets, cipher) = if has_cipher {
            let (octets, cipher) = parse::named("symmetric algorithm", parse::u8)(region)?;
            (octets, Some(SymmetricKeyAlgorithm(cipher)))
        } else {
            (region, None)
        };
        Ok((rest, FieldValue::SessionKey(Self { cipher, octets })))
    }
}

impl<'a> Field<'a> {
    #[inline]
    fn parse_prefix<F: Fault>(layout: &FieldLayout, input: Octets<'a>) -> Parsed<'a, Self, F> {
        let read = |input| match layout.shape {
            Shape::Mpi => Mpi::parse_prefix(input).map(|(rest, mpi)| (rest, FieldValue::Mpi(mpi))),
            Shape::Octets(count) => {
                parse::take(usize::from(count))(input).map(|(rest, octets)| (rest, FieldValue::Octets(octets)))
            }
            Shape::CurveOid => CurveOid::parse_prefix(input).map(|(rest, curve)| (rest, FieldValue::Curve(curve))),
            Shape::KdfParameters => KdfParameters::parse_prefix(input).map(|(rest, kdf)| (rest, FieldValue::Kdf(kdf))),
            Shape::Counted => parse::counted_u32(input).map(|(rest, octets)| (rest, FieldValue::Octets(octets))),
            Shape::Cipher => {
                parse::u8(input).map(|(rest, cipher)| (rest, FieldValue::Cipher(SymmetricKeyAlgorithm(cipher))))
            }
            Shape::SessionKey => EncryptedSessionKey::parse_prefix(input, false),
            Shape::CipherAndSessionKey => EncryptedSessionKey::parse_prefix(input, true),
        };
        let (rest, value) = parse::named(layout.name, read)(input)?;
        Ok((rest, Self { name: layout.name, wire: input.before(rest), value }))
    }
}

/// A curve, named by its object identifier (RFC 9580 section 9.2).
#[derive(Clone, Copy, Debug)]
pub struct CurveOid<'a> {
    octets: Octets<'a>,
}

impl<'a> CurveOid<'a> {
    #[inline]
    fn parse_prefix<F: Fault>(input: Octets<'a>) -> Parsed<'a, Self, F> {
        let (rest, octets) = counted_extensible(input)?;
        Ok((rest, Self { octets }))
    }

    /// The identifier's octets in the Distinguished Encoding Rules, without tag and length.
    #[must_use]
    pub const fn octets(self) -> Octets<'a> {
        self.octets
    }

    /// The curve, if it is a registered one.
    #[must_use]
    pub fn curve(self) -> Option<&'static Curve> {
        Curve::from_oid(self.octets.as_slice())
    }
}

/// The parameters of the ECDH key derivation function (RFC 9580 section 5.5.5.6).
#[derive(Clone, Copy, Debug)]
pub struct KdfParameters<'a> {
    octets: Octets<'a>,
}

impl<'a> KdfParameters<'a> {
    #[inline]
    fn parse_prefix<F: Fault>(input: Octets<'a>) -> Parsed<'a, Self, F> {
        let (rest, octets) = counted_extensible(input)?;
        Ok((rest, Self { octets }))
    }

    /// The octets behind the length. The first is 1 in all that is specified; others are reserved for extensions.
    #[must_use]
    pub const fn octets(self) -> Octets<'a> {
        self.octets
    }

    /// The hash function of the KDF and the cipher that wraps the session key, if the parameters are of the specified
    /// form: the octet 1 and these two.
    #[must_use]
    pub fn algorithms(self) -> Option<(HashAlgorithm, SymmetricKeyAlgorithm)> {
        match *self.octets.as_slice() {
            [1, hash, cipher] => Some((HashAlgorithm(hash), SymmetricKeyAlgorithm(cipher))),
            _ => None,
        }
    }
}

/// "A one-octet size of the following field; values 0 and 0xFF are reserved for future extensions."
#[inline]
fn counted_extensible<F: Fault>(input: Octets<'_>) -> Parsed<'_, Octets<'_>, F> {
    let (rest, octets) = parse::counted_u8(input)?;
    match u8::try_from(octets.len()) {
        Ok(length @ (0 | 0xff)) => {
            let (_, place) = parse::take(1)(input)?;
            Err(parse::fail(F::new(ErrorKind::ReservedLength { length }, place.span())))
        }
        _ => Ok((rest, octets)),
    }
}

/// The sum of `octets` modulo 65536: the checksum of secret key material (RFC 9580 section 5.5.3).
#[must_use]
pub(crate) fn checksum(octets: &[u8]) -> u16 {
    octets.iter().fold(0, |sum: u16, &octet| sum.wrapping_add(u16::from(octet)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use crate::octets::u64_from;
    use crate::registry::PublicKeyAlgorithm;

    fn mpi(octets: &[u8]) -> Mpi<'_> {
        parse::all::<_, Error>(Octets::from(octets), Mpi::parse_prefix).unwrap()
    }

    /// The examples of RFC 9580 section 3.2.
    #[test]
    fn mpi_lengths() {
        for (octets, bits, canonical) in [
            (&[0x00, 0x00][..], 0, true),
            (&[0x00, 0x01, 0x01], 1, true),
            (&[0x00, 0x09, 0x01, 0xff], 9, true),
            (&[0x00, 0x02, 0x01], 2, false),
            (&[0x00, 0x10, 0x00, 0xff], 16, false),
            (&[0x00, 0x08, 0x00], 8, false),
        ] {
            let mpi = mpi(octets);
            assert_eq!((mpi.bits(), mpi.is_canonical()), (bits, canonical), "{octets:x?}");
            assert_eq!(u64_from(octets.len()), mpi.octets().len_u64() + 2);
        }
    }

    #[test]
    fn fields_claim_every_octet() {
        let layout = PublicKeyAlgorithm::ECDH.layout().map(|layout| layout.public);
        let octets = [
            0x05, // curve: length
            0x2b, 0x81, 0x04, 0x00, 0x22, // NIST P-384
            0x00, 0x03, // point: length in bits
            0x04, // point
            0x03, // KDF parameters: length
            0x01, // reserved
            0x09, // SHA2-384
            0x08, // AES-192
        ];
        let read = |input| Material::parse_prefix::<Error>(layout, input);
        let material = parse::all(Octets::new(&octets, 7), read).unwrap();
        let mut end = 7;
        for field in material.fields() {
            assert_eq!(field.wire.start(), end);
            end = field.wire.end();
        }
        assert_eq!(end, 7 + u64_from(octets.len()));
        assert_eq!(material.curve().unwrap().curve().unwrap().name, "NIST P-384");

        let error = parse::all(Octets::from(&octets[..9]), read).unwrap_err();
        assert_eq!(std::format!("{error}"), "at octet 9: KDF parameters: need 1 octet, have 0");
        let error = parse::all(Octets::from(&[0x00][..]), read).unwrap_err();
        assert_eq!(std::format!("{error}"), "at octet 0: curve: the length 0 is reserved");
    }

    #[test]
    fn unknown_material_is_one_field() {
        let material = Material::parse_prefix::<Error>(None, Octets::new(b"abc", 3)).unwrap().1;
        assert_eq!(material.fields().map(|field| field.wire.len()).sum::<usize>(), 3);
        assert_eq!(material.fields().count(), 1);
    }
}
