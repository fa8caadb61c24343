//! Encrypted packets with integrity protection (RFC 9580 section 5.13).

use super::data;
use crate::error::Error;
use crate::framing::Body;
use crate::octets::Octets;
use crate::parse::{self, Parsed};
use crate::registry::{AeadAlgorithm, SymmetricKeyAlgorithm};

/// Encrypted packets with integrity protection: version 1 by a digest among the encrypted packets (RFC 9580
/// section 5.13.1), version 2 by authenticated encryption (section 5.13.2).
#[derive(Clone, Copy, Debug)]
#[doc(alias = "SEIPD")]
pub struct IntegrityProtectedData<'a> {
    body: Body<'a>,
    version: u8,
    parameters: Option<AeadParameters>,
    /// How many octets precede the data.
    header_length: u16,
}

/// Where the salt is in version 2, behind the version and the parameters.
const SALT: usize = 4;
/// How many octets it has.
const SALT_LENGTH: usize = 32;

/// The parameters of authenticated encryption in chunks (RFC 9580 section 5.13.2, LibrePGP section 5.16).
#[derive(Clone, Copy, Debug)]
pub struct AeadParameters {
    /// The cipher.
    pub cipher: SymmetricKeyAlgorithm,
    /// The AEAD algorithm.
    pub aead: AeadAlgorithm,
    /// The chunk size octet c; the size is 2<sup>c + 6</sup> octets.
    pub chunk_size: u8,
}

impl AeadParameters {
    pub(crate) fn parse_prefix(input: Octets<'_>) -> Parsed<'_, Self> {
        let (rest, cipher) = parse::named("symmetric algorithm", parse::u8)(input)?;
        let (rest, aead) = parse::named("AEAD algorithm", parse::u8)(rest)?;
        let (rest, chunk_size) = parse::named("chunk size", parse::u8)(rest)?;
        Ok((rest, Self { cipher: SymmetricKeyAlgorithm(cipher), aead: AeadAlgorithm(aead), chunk_size }))
    }
}

impl<'a> IntegrityProtectedData<'a> {
    pub(crate) fn parse(body: Body<'a>) -> Result<Option<Self>, Error> {
        if !parse::has_version(body.first_piece(), 1..=2) {
            return Ok(None);
        }
        let read = |input| {
            let (rest, version) = parse::named("version", parse::u8)(input)?;
            if version == 1 {
                return Ok((rest, (version, None)));
            }
            let (rest, parameters) = AeadParameters::parse_prefix(rest)?;
            let (rest, _) = parse::named("salt", parse::take(SALT_LENGTH))(rest)?;
            Ok((rest, (version, Some(parameters))))
        };
        let ((version, parameters), header_length) = data::header(body, "integrity protected data", read)?;
        Ok(Some(Self { body, version, parameters, header_length }))
    }

    /// The whole body as received.
    #[must_use]
    pub const fn body(&self) -> Body<'a> {
        self.body
    }

    /// The version: 1 or 2.
    #[must_use]
    pub const fn version(&self) -> u8 {
        self.version
    }

    /// The parameters of version 2.
    #[must_use]
    pub const fn parameters(&self) -> Option<AeadParameters> {
        self.parameters
    }

    /// The salt of version 2, 32 octets.
    #[must_use]
    pub fn salt(&self) -> Option<Octets<'a>> {
        self.parameters.map(|_| self.body.first_piece().part(SALT, SALT_LENGTH))
    }

    /// The encrypted data. In version 2, its last octets are the final authentication tag.
    #[must_use]
    pub fn data(&self) -> Body<'a> {
        self.body.behind(usize::from(self.header_length))
    }
}
