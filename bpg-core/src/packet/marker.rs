//! Marker: packets that are to be ignored (RFC 9580 section 5.8).

use crate::error::Error;
use crate::octets::Octets;

/// A marker, to be ignored.
///
/// "The body of the Marker packet consists of: the three octets 0x50, 0x47, 0x50 (which spell `PGP` in UTF-8). Such a
/// packet MUST be ignored when received." Other octets are kept and are no error.
#[derive(Clone, Copy, Debug)]
pub struct Marker<'a> {
    octets: Octets<'a>,
}

impl<'a> Marker<'a> {
    #[expect(clippy::unnecessary_wraps, reason = "every row of the packet table has this form")]
    pub(crate) const fn parse(octets: Octets<'a>) -> Result<Option<Self>, Error> {
        Ok(Some(Self { octets }))
    }

    /// The body as received.
    #[must_use]
    pub const fn octets(self) -> Octets<'a> {
        self.octets
    }
}
