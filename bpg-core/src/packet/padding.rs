//! Padding: random octets that hide the size of what they accompany (RFC 9580 section 5.14).

use crate::error::Error;
use crate::octets::Octets;

/// Padding, to be ignored.
///
/// A Padding packet contains random data and can be used to defend against traffic analysis.
#[derive(Clone, Copy, Debug)]
pub struct Padding<'a> {
    octets: Octets<'a>,
}

impl<'a> Padding<'a> {
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
