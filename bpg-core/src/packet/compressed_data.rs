//! Compressed packets (RFC 9580 section 5.6).

use super::data;
use crate::error::Error;
use crate::framing::Body;
use crate::parse;
use crate::registry::CompressionAlgorithm;

/// Compressed packets, not decompressed.
#[derive(Clone, Copy, Debug)]
pub struct CompressedData<'a> {
    body: Body<'a>,
    algorithm: CompressionAlgorithm,
}

impl<'a> CompressedData<'a> {
    pub(crate) fn parse(body: Body<'a>) -> Result<Option<Self>, Error> {
        let (algorithm, _) = data::header(body, "compressed data", parse::named("algorithm", parse::u8))?;
        Ok(Some(Self { body, algorithm: CompressionAlgorithm(algorithm) }))
    }

    /// The whole body as received.
    #[must_use]
    pub const fn body(&self) -> Body<'a> {
        self.body
    }

    /// The compression algorithm.
    #[must_use]
    pub const fn algorithm(&self) -> CompressionAlgorithm {
        self.algorithm
    }

    /// The compressed packets.
    #[must_use]
    pub fn data(&self) -> Body<'a> {
        self.body.behind(1)
    }
}
