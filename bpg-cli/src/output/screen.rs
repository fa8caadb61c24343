//! Standard output and standard error together, both collected, so that floods are written in large pieces.

use std::fmt::Display;
use std::io::{self, Write};

use bpg_core::inspect::Event;

use super::text::Text;
use crate::error;

/// How many octets of diagnostics are collected before they are written.
const FLUSH_AT: usize = 16 * 1024;

/// What is printed of files, and the diagnostics beside it.
pub(crate) struct Screen<W, E> {
    text: Text<W>,
    errors: E,
    notes: Vec<u8>,
    /// How many octets of diagnostics were written.
    noted: u64,
}

impl<W: Write, E: Write> Screen<W, E> {
    pub(crate) const fn new(text: Text<W>, errors: E) -> Self {
        Self { text, errors, notes: Vec::new(), noted: 0 }
    }

    /// The heading of one of several files.
    pub(crate) fn file_heading(&mut self, name: &[u8]) {
        self.text.file_heading(name);
    }

    /// Prints an event. The error is one of writing to standard output.
    pub(crate) fn event(&mut self, event: &Event<'_>) -> io::Result<()> {
        self.text.event(event)
    }

    /// Prints a diagnostic.
    pub(crate) fn note(&mut self, subject: &[u8], message: impl Display) {
        error::diagnostic(&mut self.notes, subject, message);
        if self.notes.len() >= FLUSH_AT {
            self.write_notes();
        }
    }

    /// Writes what was collected. What goes wrong with standard output is told with the next event, or now to whoever wants
    /// to know.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.write_notes();
        self.text.flush()
    }

    /// How many octets were printed so far, diagnostics included.
    pub(crate) fn printed(&self) -> u64 {
        self.text.printed() + self.noted + self.notes.len() as u64
    }

    fn write_notes(&mut self) {
        // Nothing can be done if standard error is closed.
        let _ = self.errors.write_all(&self.notes);
        self.noted += self.notes.len() as u64;
        self.notes.clear();
    }
}
