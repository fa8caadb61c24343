//! Trust: what a keyring's owner thinks of what precedes it (RFC 9580 section 5.10).

use crate::error::Error;
use crate::octets::Octets;

/// Trust data of a keyring.
///
/// "The format of Trust packets is defined by a given implementation": the octets are kept as they are.
#[derive(Clone, Copy, Debug)]
pub struct Trust<'a> {
    octets: Octets<'a>,
}

impl<'a> Trust<'a> {
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
