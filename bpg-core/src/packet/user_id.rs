//! User ID: who holds the key (RFC 9580 section 5.11).

use crate::error::Error;
use crate::octets::Octets;

/// A user ID.
///
/// A User ID packet consists of UTF-8 text that is intended to represent the name and email address of the
/// keyholder. By convention, it includes a mail name-addr, but there are no restrictions on its content. In particular
/// it may hold terminal escapes, and old ones are often not UTF-8.
#[derive(Clone, Copy, Debug)]
pub struct UserId<'a> {
    octets: Octets<'a>,
}

impl<'a> UserId<'a> {
    #[expect(clippy::unnecessary_wraps, reason = "every row of the packet table has this form")]
    pub(crate) const fn parse(octets: Octets<'a>) -> Result<Option<Self>, Error> {
        Ok(Some(Self { octets }))
    }

    /// The user ID as received.
    #[must_use]
    pub const fn octets(self) -> Octets<'a> {
        self.octets
    }

    /// The user ID as text, `None` if it is not UTF-8.
    #[must_use]
    pub fn text(self) -> Option<&'a str> {
        core::str::from_utf8(self.octets.as_slice()).ok()
    }
}
