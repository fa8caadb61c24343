//! Places in a text, and of decoded octets in theirs.

#[cfg(feature = "alloc")]
use alloc::vec::Vec;

#[cfg(feature = "alloc")]
use memchr::{memchr, memchr2_iter};

use super::block::{Block, is_quote};
use crate::octets::Octets;
#[cfg(feature = "alloc")]
use crate::octets::u64_from;

/// Finds the lines of positions in a text.
///
/// It is made once for a text, in a pass over it, and answers each question by looking at a few kibioctets, however large
/// the text is: files with an error a line are made on purpose.
#[cfg(feature = "alloc")]
#[derive(Clone, Debug)]
pub struct Lines<'a> {
    text: &'a [u8],
    /// For every stretch of the text, the number of its first line, counted from 0, and where that line starts.
    lines: Vec<(u64, usize)>,
}

/// How many octets lie between two entries of a table of places.
#[cfg(feature = "alloc")]
const STRETCH: usize = 4096;

#[cfg(feature = "alloc")]
impl<'a> Lines<'a> {
    /// For the lines of `text`, which end with LF, CR LF or CR.
    #[must_use]
    pub fn new(text: &'a [u8]) -> Self {
        let mut line = (0, 0);
        let mut lines = Vec::with_capacity(text.len().div_ceil(STRETCH));
        for start in (0..text.len()).step_by(STRETCH) {
            lines.push(line);
            line = Self::advance(text, line, start, start.saturating_add(STRETCH).min(text.len()));
        }
        Self { text, lines }
    }

    /// The line and the column of a position in the text, both counted from 1, the column in octets.
    #[must_use]
    pub fn line_and_column(&self, position: u64) -> (u64, u64) {
        let position = usize::try_from(position).unwrap_or(usize::MAX).min(self.text.len());
        let stretch = (position / STRETCH).min(self.lines.len().saturating_sub(1));
        let line = self.lines.get(stretch).copied().unwrap_or((0, 0));
        let (number, start) = Self::advance(self.text, line, stretch.saturating_mul(STRETCH), position);
        (number.saturating_add(1), u64_from(position.saturating_sub(start)).saturating_add(1))
    }

    /// The line at `to`, given that at `from`.
    fn advance(text: &[u8], line: (u64, usize), from: usize, to: usize) -> (u64, usize) {
        let ends = memchr2_iter(b'\n', b'\r', text.get(from..to).unwrap_or_default());
        let ends = ends.map(|offset| from.saturating_add(offset)).filter(|end| ends_line(text, *end));
        ends.fold(line, |(number, _), end| (number.saturating_add(1), end.saturating_add(1)))
    }
}

/// Finds the places of decoded octets in the text of their block.
///
/// It is made once for a block, in a pass over it, and answers each question by looking at a few kibioctets.
#[cfg(feature = "alloc")]
#[derive(Clone, Debug)]
pub struct Symbols<'a> {
    block: Block<'a>,
    /// For every stretch of the body up to the first equals sign, the number of base64 characters in front of it.
    counts: Vec<u64>,
}

#[cfg(feature = "alloc")]
impl<'a> Symbols<'a> {
    /// For the octets that `block` holds.
    #[must_use]
    pub fn new(block: Block<'a>) -> Self {
        let mut count: u64 = 0;
        // What follows the end of the base64 holds none.
        let body = block.body().as_slice();
        let base64 = memchr(b'=', body).and_then(|end| body.get(..end)).unwrap_or(body);
        let counts = base64.chunks(STRETCH).map(|stretch| {
            let before = count;
            let symbols = stretch.iter().filter(|octet| is_symbol(block, **octet));
            count = count.saturating_add(u64_from(symbols.count()));
            before
        });
        Self { counts: counts.collect(), block }
    }

    /// The position in the text of the character that holds the first bits of the octet at `offset` of the decoded data, or
    /// the end of the base64 behind its last.
    #[must_use]
    pub fn position(&self, offset: u64) -> u64 {
        // Every four characters hold three octets.
        let symbol = (offset / 3).saturating_mul(4).saturating_add(offset % 3);
        let stretch = self.counts.partition_point(|count| *count <= symbol).saturating_sub(1);
        let before = self.counts.get(stretch).copied().unwrap_or(0);
        let body = self.block.body();
        let rest = body.split_at(stretch.saturating_mul(STRETCH)).map_or(body, |(_, rest)| rest);
        position_of_symbol_in(self.block, rest, symbol.saturating_sub(before))
    }
}

/// Whether the line ending at `end` is a whole one: the CR of a CR LF is not.
#[cfg(feature = "alloc")]
fn ends_line(text: &[u8], end: usize) -> bool {
    !matches!(text.get(end..), Some([b'\r', b'\n', ..]))
}

/// The position of the base64 character number `index` of `block`, of its padding, or of its end.
pub(super) fn position_of_symbol(block: Block<'_>, index: u64) -> u64 {
    position_of_symbol_in(block, block.body(), index)
}

/// The same, counted from the start of `part`, which lies inside the body of `block`.
fn position_of_symbol_in(block: Block<'_>, part: Octets<'_>, index: u64) -> u64 {
    let mut left = index;
    for (position, octet) in (part.start()..).zip(part.as_slice()) {
        match octet {
            b'=' => return position,
            octet if !is_symbol(block, *octet) => {}
            _ if left == 0 => return position,
            _ => left = left.saturating_sub(1),
        }
    }
    part.end()
}

/// Whether an octet of the body of `block` counts as a character of its base64, even a wrong one.
const fn is_symbol(block: Block<'_>, octet: u8) -> bool {
    !octet.is_ascii_whitespace() && octet != b'=' && (block.margin().is_empty() || !is_quote(octet))
}
