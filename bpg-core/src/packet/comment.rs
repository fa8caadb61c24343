//! GnuPG's comments (type 61, of the private range).

use crate::error::Error;
use crate::octets::Octets;

/// A comment, as early versions of GnuPG wrote them into keyrings. The type is in the private range, so that another
/// program may have put something else there.
#[derive(Clone, Copy, Debug)]
pub struct Comment<'a> {
    octets: Octets<'a>,
}

impl<'a> Comment<'a> {
    #[expect(clippy::unnecessary_wraps, reason = "every row of the packet table has this form")]
    pub(crate) const fn parse(octets: Octets<'a>) -> Result<Option<Self>, Error> {
        Ok(Some(Self { octets }))
    }

    /// The comment as received.
    #[must_use]
    pub const fn octets(self) -> Octets<'a> {
        self.octets
    }
}
