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
    format: LiteralFormat,
    date: Timestamp,
    /// How many octets precede the data: the format, the file name with its count, and the date.
    header_length: u16,
}

/// The octets in front of the data that are not of the file name: the format, the count, and the date.
const FIXED: u16 = 6;
/// Where the file name is, behind the format and the count.
const FILE_NAME: usize = 2;

impl<'a> LiteralData<'a> {
    pub(crate) fn parse(body: Body<'a>) -> Result<Option<Self>, Error> {
        let ((format, date), header_length) = data::header(body, "literal data", Self::header)?;
        Ok(Some(Self { body, format, date, header_length }))
    }

    fn header(input: Octets<'a>) -> Parsed<'a, (LiteralFormat, Timestamp)> {
        let (rest, format) = parse::named("format", parse::u8)(input)?;
        let (rest, _) = parse::named("file name", parse::counted_u8)(rest)?;
        let (rest, date) = parse::named("date", parse::u32)(rest)?;
        Ok((rest, (LiteralFormat(format), Timestamp(date))))
    }

    /// The whole body as received.
    #[must_use]
    pub const fn body(&self) -> Body<'a> {
        self.body
    }

    /// How the data is formatted.
    #[must_use]
    pub const fn format(&self) -> LiteralFormat {
        self.format
    }

    /// The name of the file, which may be empty. It should be UTF-8, but need not be.
    #[must_use]
    pub fn file_name(&self) -> Octets<'a> {
        self.body.first_piece().part(FILE_NAME, usize::from(self.header_length.saturating_sub(FIXED)))
    }

    /// "A 4-octet number that indicates a date associated with the literal data." Zero stands for none.
    #[must_use]
    pub const fn date(&self) -> Timestamp {
        self.date
    }

    /// The literal data.
    #[must_use]
    pub fn data(&self) -> Body<'a> {
        self.body.behind(usize::from(self.header_length))
    }
}
