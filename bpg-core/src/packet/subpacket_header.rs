//! The form that the subpackets of signatures and of user attributes share (RFC 9580 sections 5.2.3.7 and 5.12).

use crate::error::ErrorKind;
use crate::framing::two_octet_length;
use crate::octets::{Octets, in_memory};
use crate::parse::{self, Fault, Parsed};

/// The name in errors that are about a subpacket whose type is not known yet.
pub(crate) const SUBPACKET: &str = "subpacket";

/// A subpacket as delimited.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SubpacketHeader<'a> {
    pub(crate) wire: Octets<'a>,
    pub(crate) type_octet: u8,
    /// How many octets the length has, up to five.
    length_width: u8,
}

impl<'a> SubpacketHeader<'a> {
    /// "The header consists of: the encoded subpacket length (1, 2, or 5 octets), the encoded Subpacket Type ID (1 octet).
    /// … The subpacket length field covers the encoded Subpacket Type ID and the subpacket-specific data."
    #[inline]
    pub(crate) fn parse_prefix<F: Fault>(input: Octets<'a>) -> Parsed<'a, Self, F> {
        let (after_length, (length, length_width)) = Self::counted(input)?;
        let Some((wire, rest)) = input.split_at(usize::from(length_width).saturating_add(length)) else {
            return Err(parse::fail(F::truncated(length, after_length)));
        };
        let (_, type_octet) = parse::u8(after_length)?;
        Ok((rest, Self { wire, type_octet, length_width }))
    }

    /// The octets behind the type.
    #[inline]
    pub(crate) fn body(&self) -> Octets<'a> {
        self.wire.behind(usize::from(self.length_width).saturating_add(1))
    }

    /// How many octets follow the length; there is at least one, the type.
    #[inline]
    pub(crate) fn length<F: Fault>(input: Octets<'a>) -> Parsed<'a, usize, F> {
        let (rest, (length, _)) = Self::counted(input)?;
        Ok((rest, length))
    }

    /// The length, and how many octets it has itself.
    #[inline]
    fn counted<F: Fault>(input: Octets<'a>) -> Parsed<'a, (usize, u8), F> {
        let (rest, (length, width)) = parse::named("length", length)(input)?;
        if length == 0 {
            return Err(parse::fail(F::new(ErrorKind::EmptySubpacket, input.before(rest).span())));
        }
        Ok((rest, (length, width)))
    }
}

/// If the 1st octet < 192, then lengthOfLength = 1; if the 1st octet >= 192 and < 255, then lengthOfLength = 2; if the
/// 1st octet = 255, then lengthOfLength = 5. There are no partial lengths here.
#[inline]
fn length<F: Fault>(input: Octets<'_>) -> Parsed<'_, (usize, u8), F> {
    let (rest, first) = parse::u8(input)?;
    match first {
        ..=191 => Ok((rest, (usize::from(first), 1))),
        192..=254 => {
            let (rest, second) = parse::u8(rest)?;
            Ok((rest, (usize::from(two_octet_length(first, second)), 2)))
        }
        255 => {
            let (rest, length) = parse::u32(rest)?;
            Ok((rest, (in_memory(length), 5)))
        }
    }
}
