//! LibrePGP's encrypted packets with authentication (LibrePGP section 5.16).

use super::data;
use super::integrity_protected_data::AeadParameters;
use crate::error::Error;
use crate::framing::Body;
use crate::octets::Octets;
use crate::parse;

/// LibrePGP's encrypted packets with authentication, version 1.
#[derive(Clone, Copy, Debug)]
pub struct OcbEncryptedData<'a> {
    body: Body<'a>,
    parameters: AeadParameters,
    /// How many octets precede the data: the version, the parameters, and the initialization vector.
    header_length: u16,
}

/// Where the initialization vector is, behind the version and the parameters.
const IV: u16 = 4;

impl<'a> OcbEncryptedData<'a> {
    pub(crate) fn parse(body: Body<'a>) -> Result<Option<Self>, Error> {
        if !parse::has_version(body.first_piece(), 1..=1) {
            return Ok(None);
        }
        let read = |input| {
            let (rest, _) = parse::named("version", parse::u8)(input)?;
            let (rest, parameters) = AeadParameters::parse_prefix(rest)?;
            let iv_size = parameters.aead.nonce_size().unwrap_or(0);
            let (rest, _) = parse::named("initialization vector", parse::take(iv_size))(rest)?;
            Ok((rest, parameters))
        };
        let (parameters, header_length) = data::header(body, "OCB encrypted data", read)?;
        Ok(Some(Self { body, parameters, header_length }))
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

    /// The cipher, the AEAD algorithm, which LibrePGP calls the encryption mode, and the chunk size.
    #[must_use]
    pub const fn parameters(&self) -> AeadParameters {
        self.parameters
    }

    /// The starting initialization vector, 15 octets for OCB. If the AEAD algorithm is unknown it is empty, and what it
    /// should hold is part of the data.
    #[must_use]
    pub fn iv(&self) -> Octets<'a> {
        let size = self.header_length.saturating_sub(IV);
        self.body.first_piece().part(usize::from(IV), usize::from(size))
    }

    /// The encrypted data. Its last octets are the final authentication tag.
    #[must_use]
    pub fn data(&self) -> Body<'a> {
        self.body.behind(usize::from(self.header_length))
    }
}
