//! Places of octets that are decoded from a stream, of which no text is kept.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::error::Error;

/// How many runs of lines are remembered. Armor whose lines are all alike has two.
const MAX_RUNS: usize = 4096;

/// A place in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The position, counted in octets from 0.
    pub position: u64,
    /// The line, counted from 1. Lines end with LF, CR LF or CR.
    pub line: u64,
    /// The column, counted in octets from 1.
    pub column: u64,
}

/// An error and the line and the column that it starts in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocatedError {
    /// The error, with its span in the file.
    pub error: Error,
    /// The place of its first octet.
    pub place: Place,
}

/// Finds the places of octets that are being decoded, while somebody else reads them: see
/// [`ArmorPart::places`](crate::container::reader::ArmorPart::places).
///
/// It is cheap to clone, and its clones know the same. Lines that are alike take no memory of their own, so that it knows all
/// octets of armor as programs write it. Of armor whose lines differ it remembers the last 4096 lines or words.
#[derive(Clone, Debug, Default)]
pub struct Places {
    runs: Arc<Mutex<Runs>>,
}

impl Places {
    /// The place of the character that holds the first bits of the octet at `offset` of the decoded data, or the end of the
    /// base64 behind its last.
    ///
    /// `None` if that is not read yet, or forgotten.
    #[must_use]
    pub fn place(&self, offset: u64) -> Option<Place> {
        // Every four characters hold three octets.
        let symbol = (offset / 3).saturating_mul(4).saturating_add(offset % 3);
        self.lock().place(symbol)
    }

    /// Nobody leaves the runs half changed.
    pub(super) fn lock(&self) -> MutexGuard<'_, Runs> {
        self.runs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The words of the base64 that was read, in runs of those that are alike.
#[derive(Debug, Default)]
pub(super) struct Runs {
    runs: VecDeque<Run>,
    /// How many characters there were.
    symbols: u64,
    end: Option<Place>,
}

/// Lines that have one word each, as long and in the same column.
#[derive(Debug)]
struct Run {
    /// The number of the first character.
    first: u64,
    /// The place of that character.
    place: Place,
    /// How many characters each line has.
    width: u64,
    /// How many octets lie between the first characters of lines.
    stride: u64,
    lines: u64,
}

impl Runs {
    /// Remembers a word of so many characters.
    pub(super) fn add(&mut self, place: Place, width: u64) {
        self.add_lines(place, width, 0, 1);
    }

    /// Remembers so many lines that have a word of so many characters each, and whose words start `stride` octets apart. The
    /// first word is at `place`.
    pub(super) fn add_lines(&mut self, place: Place, width: u64, stride: u64, lines: u64) {
        let run = Run { first: self.symbols, place, width, stride, lines };
        self.symbols = self.symbols.saturating_add(width.saturating_mul(lines));
        if self.runs.back_mut().is_some_and(|last| last.extend(&run)) {
            return;
        }
        if self.runs.len() >= MAX_RUNS {
            self.runs.pop_front();
        }
        self.runs.push_back(run);
    }

    /// Says where the base64 ends, if that is not known.
    pub(super) fn end_at(&mut self, place: Place) {
        self.end.get_or_insert(place);
    }

    fn place(&self, symbol: u64) -> Option<Place> {
        if symbol >= self.symbols {
            return self.end;
        }
        let behind = self.runs.partition_point(|run| run.first <= symbol);
        let run = self.runs.get(behind.checked_sub(1)?)?;
        let index = symbol.saturating_sub(run.first);
        let (lines, symbols) = (index.checked_div(run.width)?, index.checked_rem(run.width)?);
        Some(Place {
            position: run.place.position.saturating_add(lines.saturating_mul(run.stride)).saturating_add(symbols),
            line: run.place.line.saturating_add(lines),
            column: run.place.column.saturating_add(symbols),
        })
    }
}

impl Run {
    /// Takes lines that follow, if they are like the others.
    fn extend(&mut self, next: &Self) -> bool {
        let Self { place, width, .. } = *next;
        if self.lines == 1 && place.line == self.place.line {
            // More of a word that came in pieces.
            let is_next = next.lines == 1 && place.position == self.place.position.saturating_add(self.width);
            if is_next {
                self.width = self.width.saturating_add(width);
            }
            return is_next;
        }
        let is_alike = width == self.width
            && place.column == self.place.column
            && place.line == self.place.line.saturating_add(self.lines);
        let distance = place.position.saturating_sub(self.place.position);
        let stride = if self.lines == 1 { distance } else { self.stride };
        let has_stride = next.lines == 1 || next.stride == stride;
        let is_next = is_alike && has_stride && distance == stride.saturating_mul(self.lines);
        if is_next {
            self.stride = stride;
            self.lines = self.lines.saturating_add(next.lines);
        }
        is_next
    }
}
