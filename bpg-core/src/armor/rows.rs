//! Lines of base64 that are all alike, which are read many at a time: armor is mostly made of these.

use memchr::memchr2;

use super::decode::BLOCK;

/// How long a line is at most for lines to be read many at a time. Armor has 76 characters or fewer.
const LONGEST: usize = 1024;

/// Lines that are as long as the first, and end like it.
pub(super) struct Rows {
    /// How many characters each has.
    pub(super) width: usize,
    /// What ends each.
    pub(super) ending: &'static [u8],
}

impl Rows {
    /// Those that `text` starts with, if its first line is short enough to be one of many.
    pub(super) fn at_start_of(text: &[u8]) -> Option<Self> {
        let width = memchr2(b'\n', b'\r', text.get(..LONGEST).unwrap_or(text)).filter(|width| *width > 0)?;
        let ending = match text.get(width..)? {
            [b'\r', b'\n', ..] => b"\r\n".as_slice(),
            [b'\r', ..] => b"\r",
            _ => b"\n",
        };
        Some(Self { width, ending })
    }

    /// How many octets lie between the starts of lines.
    pub(super) const fn stride(&self) -> usize {
        self.ending.len().saturating_add(self.width)
    }

    /// How many lines are decoded at once: whole groups of four characters, whatever the width.
    pub(super) fn in_block(&self) -> usize {
        BLOCK.checked_div(self.width).unwrap_or(0) & !3
    }

    /// Copies the characters of the lines that `text` is made of, for which there is room in `symbols`. Whether all of them
    /// are as long as the first.
    pub(super) fn copy(&self, text: &[u8], symbols: &mut [u8]) -> bool {
        let rows = symbols.chunks_exact_mut(self.width).zip(text.chunks_exact(self.stride()));
        rows.fold(true, |is_regular, (row, line)| {
            let Some((symbols, ending)) = line.split_at_checked(self.width) else { return false };
            row.copy_from_slice(symbols);
            is_regular & (ending == self.ending)
        })
    }
}
