//! Subpacket areas: runs of subpackets, read one at a time.

use core::iter::FusedIterator;

use super::NAME;
use super::subpacket::{Subpacket, SubpacketValue};
use crate::error::Error;
use crate::octets::Octets;
use crate::packet::subpacket_header::{SUBPACKET, SubpacketHeader};
use crate::parse::Unsaid;
use crate::registry::SubpacketType;
use crate::time::Timestamp;

/// The name of the area that the signature covers.
pub(crate) const HASHED: &str = "hashed area";
/// The name of the area that the signature does not cover.
pub(crate) const UNHASHED: &str = "unhashed area";

/// The name of the area that the signature covers, or of the other.
pub(super) const fn area_name(is_hashed: bool) -> &'static str {
    if is_hashed { HASHED } else { UNHASHED }
}

/// A subpacket area of a signature (RFC 9580 section 5.2.3.7).
#[derive(Clone, Copy, Debug)]
pub struct Area<'a> {
    octets: Octets<'a>,
    is_hashed: bool,
    /// In how many signatures that of this area is embedded.
    depth: u8,
}

impl<'a> Area<'a> {
    pub(crate) const fn new(octets: Octets<'a>, is_hashed: bool, depth: u8) -> Self {
        Self { octets, is_hashed, depth }
    }

    /// In how many signatures that of this area is embedded.
    pub(crate) const fn depth(self) -> u8 {
        self.depth
    }

    /// All octets of the area as received, without the count in front of them.
    #[must_use]
    pub const fn octets(self) -> Octets<'a> {
        self.octets
    }

    /// `hashed area` or `unhashed area`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        area_name(self.is_hashed)
    }

    /// The subpackets in order. The iterator ends after its first error, which is about a subpacket's length: a subpacket
    /// that is malformed inside costs only itself.
    #[inline]
    #[must_use]
    pub const fn subpackets(self) -> Subpackets<'a> {
        Subpackets { rest: self.octets, is_hashed: self.is_hashed, depth: self.depth, failed: false }
    }

    /// What the first well-formed Signature Creation Time subpacket says (RFC 9580 section 5.2.3.11).
    pub(crate) fn created(self) -> Option<Timestamp> {
        let subpackets = self.subpackets().filter_map(Result::ok);
        let mut told = subpackets.filter(|one| one.subpacket_type() == SubpacketType::SIGNATURE_CREATION_TIME);
        told.find_map(|subpacket| match subpacket.well_formed_value() {
            Ok(SubpacketValue::SignatureCreationTime(created)) => Some(created),
            _ => None,
        })
    }

    /// The values of the well-formed subpackets.
    pub(super) fn values(self) -> impl Iterator<Item = SubpacketValue<'a>> {
        self.subpackets().filter_map(|subpacket| subpacket.ok()?.value().ok())
    }
}

/// Iterates over the subpackets of an [`Area`].
#[derive(Clone, Debug)]
pub struct Subpackets<'a> {
    rest: Octets<'a>,
    is_hashed: bool,
    depth: u8,
    failed: bool,
}

impl<'a> Subpackets<'a> {
    /// The octets that are not delimited yet, or could not be.
    #[must_use]
    pub const fn remaining(&self) -> Octets<'a> {
        self.rest
    }
}

/// Reads the header that is malformed, to say what is wrong. It takes what it needs of the iterator, so that none has to be put
/// into memory for a call that is not made.
#[cold]
fn failure(rest: &[u8], start: u64, is_hashed: bool) -> Option<Error> {
    let failure = SubpacketHeader::parse_prefix(Octets::new(rest, start)).err()?;
    Some(Error::from(failure).within(SUBPACKET).within(area_name(is_hashed)).within(NAME))
}

impl<'a> Iterator for Subpackets<'a> {
    type Item = Result<Subpacket<'a>, Error>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() || self.failed {
            return None;
        }
        match SubpacketHeader::parse_prefix::<Unsaid>(self.rest) {
            Ok((rest, header)) => {
                self.rest = rest;
                Some(Ok(Subpacket::new(header, self.is_hashed, self.depth)))
            }
            Err(_) => {
                self.failed = true;
                failure(self.rest.as_slice(), self.rest.start(), self.is_hashed).map(Err)
            }
        }
    }
}

impl FusedIterator for Subpackets<'_> {}
