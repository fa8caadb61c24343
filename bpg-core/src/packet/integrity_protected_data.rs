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
    aead: Option<AeadParameters<'a>>,
    data: Body<'a>,
}

/// The parameters of authenticated encryption in chunks.
#[derive(Clone, Copy, Debug)]
pub struct AeadParameters<'a> {
    /// The cipher.
    pub cipher: SymmetricKeyAlgorithm,
    /// The AEAD algorithm.
    pub aead: AeadAlgorithm,
    /// The chunk size octet c; the size is 2<sup>c + 6</sup> octets.
    pub chunk_size: u8,
    /// The salt, 32 octets, of version 2 of [`IntegrityProtectedData`]; the starting initialization vector of
    /// [`OcbEncryptedData`](super::OcbEncryptedData), empty if the AEAD algorithm is unknown.
    pub salt: Octets<'a>,
}

impl<'a> AeadParameters<'a> {
    /// Reads the parameters. `salt_size` tells how many octets follow them.
    pub(crate) fn parse_prefix(
        input: Octets<'a>,
        salt: &'static str,
        salt_size: impl FnOnce(AeadAlgorithm) -> usize,
    ) -> Parsed<'a, Self> {
        let (rest, cipher) = parse::named("symmetric algorithm", parse::u8)(input)?;
        let (rest, aead) = parse::named("AEAD algorithm", parse::u8)(rest)?;
        let aead = AeadAlgorithm(aead);
        let (rest, chunk_size) = parse::named("chunk size", parse::u8)(rest)?;
        let (rest, salt) = parse::named(salt, parse::take(salt_size(aead)))(rest)?;
        Ok((rest, Self { cipher: SymmetricKeyAlgorithm(cipher), aead, chunk_size, salt }))
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
            let (rest, aead) = AeadParameters::parse_prefix(rest, "salt", |_| 32)?;
            Ok((rest, (version, Some(aead))))
        };
        let ((version, aead), data) = data::header(body, "integrity protected data", read)?;
        Ok(Some(Self { body, version, aead, data }))
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
    pub const fn aead(&self) -> Option<AeadParameters<'a>> {
        self.aead
    }

    /// The encrypted data. In version 2, its last octets are the final authentication tag.
    #[must_use]
    pub const fn data(&self) -> Body<'a> {
        self.data
    }
}
