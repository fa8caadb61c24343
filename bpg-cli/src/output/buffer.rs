//! What is printed, collected so that it is written in large pieces.

use std::io::{self, Write};

use zeroize::Zeroize;

use super::escape;

/// How much is collected before it is written.
const FLUSH_AT: usize = 64 * 1024;
/// How much of a text or of octets is escaped before what was collected is written.
const STRETCH: usize = 4096;
/// As many spaces as most lines start with, and more.
const SPACES: [u8; 32] = [b' '; 32];

/// Collects output in front of a writer.
pub(crate) struct Buffer<W> {
    to: W,
    /// What was collected and not written yet.
    pub(crate) octets: Vec<u8>,
    /// How much was written before that.
    written: u64,
    /// What went wrong in writing.
    failure: Option<io::Error>,
    /// Whether there may be secrets in it.
    is_wiped: bool,
    /// What is collected from here on is dropped.
    muted_from: Option<usize>,
    /// The last number of up to eight digits, and its digits: positions are most of what is printed.
    last: (u64, u64),
}

impl Buffer<Vec<u8>> {
    /// What was printed since this was asked for.
    pub(crate) fn take(&mut self) -> Vec<u8> {
        self.write();
        std::mem::take(&mut self.to)
    }
}

impl<W: Write> Buffer<W> {
    pub(crate) fn new(to: W, is_wiped: bool) -> Self {
        // A stretch adds far less than this, so that a buffer for secrets does not grow and leave a copy of one behind. Others
        // are as large as what is printed.
        let capacity = if is_wiped { 2 * FLUSH_AT } else { 0 };
        Self {
            to,
            octets: Vec::with_capacity(capacity),
            written: 0,
            failure: None,
            is_wiped,
            muted_from: None,
            last: (0, 0),
        }
    }

    /// Writes what was collected.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.write();
        self.failure.take().map_or_else(|| self.to.flush(), Err)
    }

    /// Writes what was collected, if that is much: whatever is printed, little is held in memory.
    pub(crate) fn write_if_large(&mut self) {
        if self.octets.len() >= FLUSH_AT {
            self.write();
        }
    }

    /// To be called behind each event. The error is one of writing.
    pub(crate) fn end_event(&mut self) -> io::Result<()> {
        self.write_if_large();
        // Taking writes to memory even if there is none.
        if self.failure.is_some() { self.failure.take().map_or(Ok(()), Err) } else { Ok(()) }
    }

    /// Drops what is collected next.
    pub(crate) fn mute(&mut self) {
        self.muted_from.get_or_insert(self.octets.len());
    }

    /// Goes on with what is collected behind this.
    pub(crate) fn unmute(&mut self) {
        self.drop_muted();
        self.muted_from = None;
    }

    /// How much was printed so far.
    pub(crate) const fn printed(&self) -> u64 {
        self.written + self.octets.len() as u64
    }

    pub(crate) fn push(&mut self, text: &str) {
        self.octets.extend_from_slice(text.as_bytes());
    }

    pub(crate) fn spaces(&mut self, count: usize) {
        let end = self.octets.len() + count;
        if count <= SPACES.len() {
            // A copy of known length is a few instructions.
            self.octets.extend_from_slice(&SPACES);
            self.octets.truncate(end);
        } else {
            self.octets.resize(end, b' ');
        }
    }

    /// The heading of one of several files.
    pub(crate) fn file_heading(&mut self, name: &[u8]) {
        self.push("==> ");
        escape::text(&mut self.octets, name);
        self.push(" <==");
    }

    /// What a packet is called: `3.1`.
    pub(crate) fn packet_number(&mut self, number: &[u64]) {
        for (level, count) in number.iter().enumerate() {
            self.push(if level > 0 { "." } else { "" });
            self.number(*count);
        }
    }

    pub(crate) fn number(&mut self, number: u64) {
        if number < 10 {
            return self.octets.push(b'0' + number as u8);
        }
        let (high, low) = (number / EIGHT_DIGITS, number % EIGHT_DIGITS);
        if high > 0 {
            self.number(high);
        }
        // Where a field starts, another one ended.
        if low != self.last.0 {
            self.last = (low, eight_digits(low));
        }
        let digits = self.last.1;
        let leading = if high > 0 { 0 } else { digits.trailing_zeros() / 8 };
        let ascii = (digits | u64::from_ne_bytes([b'0'; 8])) >> (8 * leading);
        self.octets.extend_from_slice(&ascii.to_le_bytes());
        self.octets.truncate(self.octets.len() - leading as usize);
    }

    /// Appends as much as somebody wants, a stretch of `octets` at a time, none of which ends within a character.
    pub(crate) fn stretches(&mut self, mut octets: &[u8], mut append: impl FnMut(&mut Vec<u8>, &[u8])) {
        while octets.len() > STRETCH {
            // The later octets of a character are of the form 10xxxxxx.
            let is_within = |cut: &usize| octets.get(*cut).is_some_and(|octet| octet & 0xc0 == 0x80);
            let cut = (STRETCH - 3..=STRETCH).rev().find(|cut| !is_within(cut)).unwrap_or(STRETCH);
            let (stretch, rest) = octets.split_at(cut);
            append(&mut self.octets, stretch);
            self.write_if_large();
            octets = rest;
        }
        append(&mut self.octets, octets);
    }

    fn write(&mut self) {
        self.drop_muted();
        if self.failure.is_none() {
            self.failure = self.to.write_all(&self.octets).err();
        }
        self.written += self.octets.len() as u64;
        if self.is_wiped {
            self.octets.zeroize();
        }
        self.octets.clear();
        self.muted_from = self.muted_from.map(|_| 0);
    }

    fn drop_muted(&mut self) {
        let Some(start) = self.muted_from else { return };
        if self.is_wiped {
            self.octets.get_mut(start..).unwrap_or_default().zeroize();
        }
        self.octets.truncate(start);
    }
}

/// The least number of more than eight digits.
const EIGHT_DIGITS: u64 = 100_000_000;

/// The digits of a number of at most eight, each in an octet, the first one in the lowest. They are calculated side by side.
const fn eight_digits(number: u64) -> u64 {
    // Two numbers of four digits, four of two, and eight of one. A product with such a fraction of 2^n that is shifted by n
    // is the quotient for all numbers of so few digits.
    let halves = (number / 10_000) | ((number % 10_000) << 32);
    let hundreds = ((halves * 10_486) >> 20) & 0x7f_0000_007f;
    let pairs = hundreds | ((halves - hundreds * 100) << 16);
    let tens = ((pairs * 103) >> 10) & 0x000f_000f_000f_000f;
    tens | ((pairs - tens * 10) << 8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_printed_as_the_standard_library_does() {
        let powers = (0..20).map(|exponent| 10_u64.pow(exponent));
        let around = powers.flat_map(|power| [power - 1, power, power + 1, power.saturating_mul(7)]);
        let mixed = (0..2_000_000_u64).map(|index| index.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (index % 64));
        let mut buffer = Buffer::new(Vec::new(), false);
        for number in (0..=100_000).chain(around).chain(mixed).chain([u64::MAX]) {
            buffer.number(number);
            assert_eq!(String::from_utf8_lossy(&buffer.octets), number.to_string());
            buffer.octets.clear();
        }
    }
}
