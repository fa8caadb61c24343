//! The data of a message (RFC 9580 section 5.9).

use super::data;
use crate::error::Error;
use crate::framing::Body;
use crate::octets::Octets;
use crate::parse::{self, Parsed};
use crate::registry::LiteralFormat;
use crate::time::Timestamp;

/// Literal data: what a message is about, with what is said of the file it comes from. No signature covers the latter.
#[derive(Clone, Copy, Debug)]
pub struct LiteralData<'a> {
    body: Body<'a>,
    header: Header<'a>,
    data: Body<'a>,
}

#[derive(Clone, Copy, Debug)]
struct Header<'a> {
    format: LiteralFormat,
    file_name: Octets<'a>,
    date: Timestamp,
}

impl<'a> Header<'a> {
    fn parse_prefix(input: Octets<'a>) -> Parsed<'a, Self> {
        let (rest, format) = parse::named("format", parse::u8)(input)?;
        let (rest, file_name) = parse::named("file name", parse::counted_u8)(rest)?;
        let (rest, date) = parse::named("date", parse::u32)(rest)?;
        Ok((rest, Self { format: LiteralFormat(format), file_name, date: Timestamp(date) }))
    }
}

impl<'a> LiteralData<'a> {
    pub(crate) fn parse(body: Body<'a>) -> Result<Option<Self>, Error> {
        let (header, data) = data::header(body, "literal data", Header::parse_prefix)?;
        Ok(Some(Self { body, header, data }))
    }

    /// The whole body as received.
    #[must_use]
    pub const fn body(&self) -> Body<'a> {
        self.body
    }

    /// How the data is formatted.
    #[must_use]
    pub const fn format(&self) -> LiteralFormat {
        self.header.format
    }

    /// The name of the file, which may be empty. It should be UTF-8, but need not be.
    #[must_use]
    pub const fn file_name(&self) -> Octets<'a> {
        self.header.file_name
    }

    /// "A 4-octet number that indicates a date associated with the literal data." Zero stands for none.
    #[must_use]
    pub const fn date(&self) -> Timestamp {
        self.header.date
    }

    /// The literal data.
    #[must_use]
    pub const fn data(&self) -> Body<'a> {
        self.data
    }
}
