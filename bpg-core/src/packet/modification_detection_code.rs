//! The digest that ends version 1 of the integrity protected data (RFC 4880 section 5.14).

use crate::error::Error;
use crate::octets::Octets;
use crate::parse;

/// The SHA-1 digest of the data in front of it. It is met only among packets that were decrypted.
#[derive(Clone, Copy, Debug)]
#[doc(alias = "MDC")]
pub struct ModificationDetectionCode<'a> {
    octets: Octets<'a>,
}

impl<'a> ModificationDetectionCode<'a> {
    pub(crate) fn parse(body: Octets<'a>) -> Result<Option<Self>, Error> {
        let octets: Result<_, Error> =
            parse::packet("modification detection code", body, parse::named("SHA-1 hash", parse::take(20)));
        Ok(octets?.map(|octets| Self { octets }))
    }

    /// The digest: the body as received, 20 octets.
    #[must_use]
    pub const fn octets(self) -> Octets<'a> {
        self.octets
    }
}
