//! Lines of base64 that are all alike, which are read many at a time: armor is mostly made of these.

use memchr::memchr2;

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

    /// Copies the characters of the lines that `text` starts with, as far as there is room for them in `symbols`, and returns
    /// of how many lines, in front of the first that is not like the others: it has another length, or padding. They make
    /// up whole groups of four characters.
    pub(super) fn copy(&self, text: &[u8], symbols: &mut [u8]) -> usize {
        let rows = symbols.chunks_exact_mut(self.width).zip(text.chunks_exact(self.stride()));
        let copied = rows.take_while(|(_, line)| {
            let Some((symbols, ending)) = line.split_at_checked(self.width) else { return false };
            ending == self.ending && symbols.last() != Some(&b'=')
        });
        let count = copied.map(|(row, line)| row.copy_from_slice(line.get(..self.width).unwrap_or_default())).count();
        if self.width.is_multiple_of(4) { count } else { count & !3 }
    }
}
