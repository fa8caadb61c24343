//! LibrePGP's encrypted packets with authentication (LibrePGP section 5.16).

use super::data;
use super::integrity_protected_data::AeadParameters;
use crate::error::Error;
use crate::framing::Body;
use crate::parse;

/// LibrePGP's encrypted packets with authentication, version 1.
#[derive(Clone, Copy, Debug)]
pub struct OcbEncryptedData<'a> {
    body: Body<'a>,
    parameters: AeadParameters<'a>,
    data: Body<'a>,
}

impl<'a> OcbEncryptedData<'a> {
    pub(crate) fn parse(body: Body<'a>) -> Result<Option<Self>, Error> {
        if !parse::has_version(body.first_piece(), 1..=1) {
            return Ok(None);
        }
        let read = |input| {
            let (rest, _) = parse::named("version", parse::u8)(input)?;
            AeadParameters::parse_prefix(rest, "initialization vector", |aead| aead.nonce_size().unwrap_or(0))
        };
        let (parameters, data) = data::header(body, "OCB encrypted data", read)?;
        Ok(Some(Self { body, parameters, data }))
    }

    /// The whole body as received.
    #[must_use]
    pub const fn body(&self) -> Body<'a> {
        self.body
    }

    /// The version: 1.
    #[must_use]
    pub const fn version(&self) -> u8 {
        1
    }

    /// The cipher, the encryption mode, the chunk size and the starting initialization vector.
    #[must_use]
    pub const fn parameters(&self) -> AeadParameters<'a> {
        self.parameters
    }

    /// The encrypted data. Its last octets are the final authentication tag.
    #[must_use]
    pub const fn data(&self) -> Body<'a> {
        self.data
    }
}
