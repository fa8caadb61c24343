//! The octets that are known of a stream.

use std::io::{self, Read};
use std::vec;
use std::vec::Vec;

use memchr::memrchr2;

use super::{HISTORY, LOOK_AHEAD};
use crate::armor::{LineStart, Place};
use crate::octets::{Octets, u64_from};
use crate::secret::Wiped;

/// How many octets are held.
const BUFFER: usize = 256 * 1024;
/// How many there is room for at first: as many as a key has. Memory costs more than reading a short file does.
const FIRST: usize = 16 * 1024;

/// How many octets are looked at for line endings at once: as many as compilers make vectors of.
const BLOCK: usize = 32;

/// How far the last line ending of packets is mostly.
const NEAR: usize = 1024;

/// Octets of a stream: some that were taken, and those that were read ahead.
pub(super) struct Window<R> {
    input: R,
    octets: Wiped<Vec<u8>>,
    /// The position of the first of them.
    start: u64,
    /// How many of them are taken.
    taken: usize,
    /// How many of them are there.
    filled: usize,
    has_ended: bool,
    /// The lines are counted up to here, which is not behind what is taken.
    counted: usize,
    line: LineStart,
}

impl<R: Read> Window<R> {
    pub(super) fn new(input: R) -> Self {
        let octets = Wiped::from(vec![0; FIRST]);
        let line = LineStart { number: 1, position: 0 };
        Self { input, octets, start: 0, taken: 0, filled: 0, has_ended: false, counted: 0, line }
    }

    /// Counts from `place`, before anything is read.
    pub(super) const fn start_at(&mut self, place: Place) {
        self.start = place.position;
        // A column is counted from where its line starts.
        let position = place.position.saturating_add(1).saturating_sub(place.column);
        self.line = LineStart { number: place.line, position };
    }

    /// Reads more octets, as many as come at once. It is `false` at the end of the input.
    pub(super) fn more(&mut self) -> io::Result<bool> {
        self.make_room();
        while !self.has_ended {
            match self.input.read(self.octets.get_mut(self.filled..).unwrap_or_default()) {
                Ok(0) => self.has_ended = true,
                Ok(count) => {
                    self.filled = self.filled.saturating_add(count).min(self.octets.len());
                    return Ok(true);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(false)
    }

    /// Takes all octets to the end of the input.
    pub(super) fn take_all(&mut self) -> io::Result<()> {
        self.taken = self.filled;
        while self.more()? {
            self.taken = self.filled;
        }
        Ok(())
    }
}

impl<R> Window<R> {
    /// Makes more room, or forgets octets that nobody comes back to, if there is no room for more.
    fn make_room(&mut self) {
        if self.filled < self.octets.len() {
            return;
        }
        if self.octets.len() < BUFFER {
            self.octets.resize(self.octets.len().saturating_mul(4).min(BUFFER), 0);
            return;
        }
        let keep = self.taken.saturating_sub(HISTORY);
        self.count_to(keep);
        self.octets.copy_within(keep..self.filled, 0);
        self.start = self.start.saturating_add(u64_from(keep));
        for index in [&mut self.taken, &mut self.filled, &mut self.counted] {
            *index = index.saturating_sub(keep);
        }
    }

    pub(super) fn unread(&self) -> &[u8] {
        self.octets.get(self.taken..self.filled).unwrap_or_default()
    }

    /// The unread octets, as far as anything is decided by them, and whether there are more.
    pub(super) fn look_ahead(&self) -> (Octets<'_>, bool) {
        let unread = self.unread();
        let look = unread.get(..LOOK_AHEAD).unwrap_or(unread);
        (Octets::new(look, self.position()), unread.len() > look.len() || !self.has_ended)
    }

    /// Whether no more octets than those of the look-ahead decide, and it is known whether there are more.
    pub(super) fn is_far(&self) -> bool {
        self.has_ended || self.unread().len() > LOOK_AHEAD
    }

    /// The unread octets, and those in front of them from `position` on, but no more than `count`.
    pub(super) fn with_history(&self, position: u64, count: usize) -> Octets<'_> {
        let back = usize::try_from(self.position().saturating_sub(position)).unwrap_or(usize::MAX).min(count);
        let from = self.taken.saturating_sub(back);
        Octets::new(self.octets.get(from..self.filled).unwrap_or_default(), self.position_of(from))
    }

    pub(super) const fn has_ended(&self) -> bool {
        self.has_ended
    }

    /// The position of the first unread octet.
    pub(super) fn position(&self) -> u64 {
        self.position_of(self.taken)
    }

    fn position_of(&self, index: usize) -> u64 {
        self.start.saturating_add(u64_from(index))
    }

    /// Takes octets that are unread.
    pub(super) fn take(&mut self, count: usize) {
        self.taken = self.taken.saturating_add(count).min(self.filled);
    }

    /// Goes back to `position`, or is `false` if that is forgotten.
    pub(super) fn go_back(&mut self, position: u64) -> bool {
        let index = position.checked_sub(self.start).and_then(|index| usize::try_from(index).ok());
        let index = index.filter(|index| (self.counted..=self.taken).contains(index));
        if let Some(index) = index {
            self.taken = index;
        }
        index.is_some()
    }

    /// The line that the first unread octet is of.
    pub(super) fn line(&mut self) -> LineStart {
        self.count_to(self.taken);
        self.line
    }

    /// The place of the first unread octet.
    pub(super) fn place(&mut self) -> Place {
        let position = self.position();
        self.line().place(position)
    }

    /// Takes octets of the line that [`line`](Self::line) told of and of those that follow it: so many lines with their
    /// endings, or a piece of the first without an ending.
    pub(super) fn take_lines(&mut self, count: usize, lines: u64) {
        self.take(count);
        self.counted = self.taken;
        if lines > 0 {
            self.line = LineStart { number: self.line.number.saturating_add(lines), position: self.position() };
        }
    }

    /// Counts lines.
    fn count_to(&mut self, index: usize) {
        let octets = self.octets.get(self.counted..self.filled).unwrap_or_default();
        let (passed, behind) = octets.split_at_checked(index.saturating_sub(self.counted)).unwrap_or((octets, &[]));
        let (count, last) = line_endings(passed, behind.first().copied());
        if let Some(last) = last {
            let position = self.position_of(self.counted).saturating_add(u64_from(last)).saturating_add(1);
            self.line = LineStart { number: self.line.number.saturating_add(count), position };
        }
        self.counted = self.counted.max(index);
    }
}

/// How many lines end in `octets`, which `next` follows, and where the last of them does. The CR of a CR LF does not end the
/// line.
///
/// Packets have such octets everywhere, so that these are counted without stopping at each, and for a block of octets at once.
fn line_endings(octets: &[u8], next: Option<u8>) -> (u64, Option<usize>) {
    let is_divided = octets.last() == Some(&b'\r') && next == Some(b'\n');
    let octets = if is_divided { octets.split_last().map_or(octets, |(_, whole)| whole) } else { octets };
    let Some((last, front)) = octets.split_last() else { return (0, None) };
    let (blocks, rest) = front.as_chunks::<BLOCK>();
    let (next_blocks, next_rest) = octets.get(1..).unwrap_or_default().as_chunks::<BLOCK>();
    let in_rest = rest.iter().zip(next_rest).map(|(octet, next)| u64::from(ends_line(*octet, *next)));
    let mut count = in_rest.sum::<u64>().saturating_add(u64::from(ends_line(*last, 0)));
    // So many that none of the sums overflows.
    for (blocks, next_blocks) in blocks.chunks(255).zip(next_blocks.chunks(255)) {
        let mut sums = [0_u8; BLOCK];
        for (block, next_block) in blocks.iter().zip(next_blocks) {
            for ((sum, octet), next) in sums.iter_mut().zip(block).zip(next_block) {
                *sum = sum.wrapping_add(ends_line(*octet, *next));
            }
        }
        count = count.saturating_add(sums.iter().map(|sum| u64::from(*sum)).sum());
    }
    (count, last_line_ending(octets))
}

/// The last CR or LF. In packets it is near, so that it is not worth finding out what the processor can do to look for it further
/// away: on virtual machines, that takes longer than reading a key.
pub(super) fn last_line_ending(octets: &[u8]) -> Option<usize> {
    let (far, near) = octets.split_at_checked(octets.len().saturating_sub(NEAR)).unwrap_or((&[], octets));
    match near.iter().rposition(|octet| matches!(octet, b'\n' | b'\r')) {
        Some(last) => Some(far.len().saturating_add(last)),
        None if far.is_empty() => None,
        None => memrchr2(b'\n', b'\r', far),
    }
}

/// 1 if a line ends with `octet`, which `next` follows.
fn ends_line(octet: u8, next: u8) -> u8 {
    u8::from(octet == b'\n') | (u8::from(octet == b'\r') & u8::from(next != b'\n'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_as_they_are_split() {
        // All texts of eight of these, in one block and where two meet; more of them than a sum holds, and a last one that is far.
        let mut texts = vec![Vec::new()];
        for _ in 0..8 {
            let longer = |text: &Vec<u8>| [b'\n', b'\r', b'a'].map(|octet| [text.as_slice(), &[octet]].concat());
            texts = texts.iter().flat_map(longer).collect();
        }
        for text in &texts {
            check_line_endings(text, 0);
            check_line_endings(&[&[b'a'; BLOCK - 4], text.as_slice()].concat(), BLOCK - 4);
        }
        let all: Vec<_> = texts.concat().repeat(2);
        let far = [&b"\n\r"[..], &[b'a'; 2 * NEAR]].concat();
        for text in [all, far, b"\n".repeat(600 * BLOCK), b"\r\n".repeat(600 * BLOCK), b"\r".repeat(600 * BLOCK + 1)] {
            check_line_endings(&text, text.len() - 3);
        }
    }

    /// Checks it for what is in front of each octet of `text` from `first` on.
    fn check_line_endings(text: &[u8], first: usize) {
        for cut in first..=text.len() {
            let (octets, behind) = text.split_at(cut);
            let is_end = |end: &usize| match text.get(*end..) {
                Some([b'\r', b'\n', ..]) => false,
                Some([octet, ..]) => matches!(octet, b'\n' | b'\r'),
                _ => false,
            };
            let ends: Vec<_> = (0..cut).filter(is_end).collect();
            let told = line_endings(octets, behind.first().copied());
            assert_eq!(told, (u64_from(ends.len()), ends.last().copied()), "of {} octets", octets.len());
        }
    }
}
