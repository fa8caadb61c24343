//! Texts in encodings that do not extend ASCII, and how they are undone.

#[cfg(feature = "alloc")]
use alloc::vec::Vec;

#[cfg(feature = "alloc")]
use zeroize::Zeroizing;

#[cfg(feature = "alloc")]
use super::Parts;
use super::{quoted_printable, utf16};
use crate::error::ArmorRule;
use crate::octets::Octets;
#[cfg(feature = "alloc")]
use crate::octets::u64_from;

/// An encoding of texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Encoding {
    /// UTF-16, the low octet of each unit first.
    Utf16Le,
    /// UTF-16, the high octet of each unit first.
    Utf16Be,
    /// Quoted-printable, as mail has it (RFC 2045 section 6.7).
    QuotedPrintable,
}

impl Encoding {
    /// What armor in this encoding does not keep to.
    #[must_use]
    pub const fn rule(self) -> ArmorRule {
        match self {
            Self::Utf16Le | Self::Utf16Be => ArmorRule::NotUtf16,
            Self::QuotedPrintable => ArmorRule::NotQuotedPrintable,
        }
    }

    /// Whether a text in this encoding may be in quoted-printable, once it is decoded. Nothing is in that twice.
    #[cfg(feature = "alloc")]
    pub(super) const fn may_hold_quoted_printable(self) -> bool {
        !matches!(self, Self::QuotedPrintable)
    }

    /// Takes the next step of decoding at the start of `rest`, which is not empty.
    #[inline]
    pub(super) fn step(self, rest: &[u8]) -> Step {
        match self {
            Self::Utf16Le => utf16::step(rest, u16::from_le_bytes),
            Self::Utf16Be => utf16::step(rest, u16::from_be_bytes),
            Self::QuotedPrintable => quoted_printable::step(rest),
        }
    }
}

/// What one step of decoding takes and gives.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    /// How many octets it takes: at least one.
    pub(super) taken: usize,
    given: [u8; 4],
    count: usize,
}

impl Step {
    /// Nothing comes of `taken` octets.
    pub(super) const fn nothing(taken: usize) -> Self {
        Self { taken, given: [0; 4], count: 0 }
    }

    /// An octet comes of `taken` octets.
    pub(super) const fn octet(taken: usize, octet: u8) -> Self {
        Self { taken, given: [octet, 0, 0, 0], count: 1 }
    }

    /// A character comes of `taken` octets.
    pub(super) fn character(taken: usize, character: char) -> Self {
        let mut given = [0; 4];
        let count = character.encode_utf8(&mut given).len();
        Self { taken, given, count }
    }

    /// The octets that come of it.
    pub(super) fn given(&self) -> &[u8] {
        self.given.get(..self.count).unwrap_or_default()
    }
}

/// Text in an encoding that has to be undone before the armor in it can be read.
#[derive(Clone, Copy, Debug)]
pub struct Encoded<'a> {
    encoding: Encoding,
    wire: Octets<'a>,
}

impl<'a> Encoded<'a> {
    pub(super) const fn new(encoding: Encoding, wire: Octets<'a>) -> Self {
        Self { encoding, wire }
    }

    /// The encoding.
    #[must_use]
    pub const fn encoding(self) -> Encoding {
        self.encoding
    }

    /// The octets as they are in the file.
    #[must_use]
    pub const fn wire(self) -> Octets<'a> {
        self.wire
    }

    /// Decodes the text into memory that is wiped when it is dropped.
    ///
    /// What is not of the encoding is no error: a wrong unit becomes U+FFFD, an equals sign that escapes nothing stays. The
    /// armor then has an error there, if it is inside.
    #[cfg(feature = "alloc")]
    #[must_use]
    pub fn decode(self) -> Transcoded<'a> {
        let octets = self.wire.as_slice();
        // Two octets of UTF-16 give at most three of UTF-8, an odd one as many. Growing would leave a copy behind.
        let capacity = octets.len().div_ceil(2).saturating_mul(3);
        let mut text = Zeroizing::new(Vec::with_capacity(capacity));
        let mut marks = Vec::new();
        let mut next_mark = (0, 0);
        let mut taken: usize = 0;
        while let Some(rest) = octets.get(taken..).filter(|rest| !rest.is_empty()) {
            if text.len() >= next_mark.0 || taken >= next_mark.1 {
                marks.push((text.len(), taken));
                next_mark = (text.len().saturating_add(STRETCH), taken.saturating_add(STRETCH));
            }
            let step = self.encoding.step(rest);
            text.extend_from_slice(step.given());
            taken = taken.saturating_add(step.taken);
        }
        Transcoded { encoded: self, text, marks }
    }
}

/// How many octets lie between two entries of a table of places, at most.
#[cfg(feature = "alloc")]
const STRETCH: usize = 4096;

/// Text that was decoded, and where its octets come from.
#[cfg(feature = "alloc")]
#[derive(Clone, Debug)]
pub struct Transcoded<'a> {
    encoded: Encoded<'a>,
    text: Zeroizing<Vec<u8>>,
    /// Offsets in the text and in what was decoded that belong together, in every stretch of both.
    marks: Vec<(usize, usize)>,
}

#[cfg(feature = "alloc")]
impl<'a> Transcoded<'a> {
    /// What was decoded.
    #[must_use]
    pub const fn encoded(&self) -> Encoded<'a> {
        self.encoded
    }

    /// The text, in UTF-8 if it was in UTF-16.
    #[must_use]
    pub fn text(&self) -> &[u8] {
        &self.text
    }

    /// The parts of the text, with positions in the text. Encodings inside each other are undone one at a time; there are
    /// never more than two.
    #[must_use]
    pub fn parts(&self) -> Parts<'_> {
        Parts::of_decoded(&self.text, self.encoded.encoding.may_hold_quoted_printable())
    }

    /// The position in the file of what gave the octet at `offset` of the text, or the end of what was decoded behind its
    /// last.
    #[must_use]
    pub fn position(&self, offset: u64) -> u64 {
        let wire = self.encoded.wire;
        let mark = self.marks.partition_point(|(given, _)| u64_from(*given) <= offset).saturating_sub(1);
        let (given, mut taken) = self.marks.get(mark).copied().unwrap_or((0, 0));
        let mut given = u64_from(given);
        while let Some(rest) = wire.as_slice().get(taken..).filter(|rest| !rest.is_empty()) {
            let step = self.encoded.encoding.step(rest);
            given = given.saturating_add(u64_from(step.given().len()));
            if given > offset {
                break;
            }
            taken = taken.saturating_add(step.taken);
        }
        wire.start().saturating_add(u64_from(taken))
    }
}
