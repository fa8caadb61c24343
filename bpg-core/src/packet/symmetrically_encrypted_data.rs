//! Encrypted packets without integrity protection (RFC 9580 section 5.7).

use crate::error::Error;
use crate::framing::Body;

/// Encrypted packets without integrity protection: nothing but the encrypted data.
#[derive(Clone, Copy, Debug)]
pub struct SymmetricallyEncryptedData<'a> {
    body: Body<'a>,
}

impl<'a> SymmetricallyEncryptedData<'a> {
    #[expect(clippy::unnecessary_wraps, reason = "every row of the packet table has this form")]
    pub(crate) const fn parse(body: Body<'a>) -> Result<Option<Self>, Error> {
        Ok(Some(Self { body }))
    }

    /// The whole body as received, which is the encrypted data.
    #[must_use]
    pub const fn body(&self) -> Body<'a> {
        self.body
    }
}
