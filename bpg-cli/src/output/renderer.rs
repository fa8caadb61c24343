//! The forms of output.

use std::fmt::Display;
use std::io::{self, Write};

use bpg_core::inspect::Event;

use super::json_lines::JsonLines;
use super::text::Text;
use crate::error::Status;

/// Renders what is told of files in one of the forms.
pub(crate) enum Renderer<W> {
    Text(Text<W>),
    JsonLines(Box<JsonLines<W>>),
}

/// How a file was read.
#[derive(Debug)]
pub(crate) struct Summary {
    pub(crate) status: Status,
    /// How many octets it has, if it was read to its end.
    pub(crate) octets: Option<u64>,
    /// Why it cannot be used, if it cannot.
    pub(crate) reason: Option<String>,
}

impl<W: Write> Renderer<W> {
    /// A file starts, which may be one of several.
    pub(crate) fn file(&mut self, name: &[u8], is_one_of_several: bool) {
        match self {
            Self::Text(text) if is_one_of_several => text.file_heading(name),
            Self::Text(_) => {}
            Self::JsonLines(json) => json.file(name),
        }
    }

    /// Prints an event, in the packet of this number. The error is one of writing.
    pub(crate) fn event(&mut self, event: &Event<'_>, number: &[u64]) -> io::Result<()> {
        match self {
            Self::Text(text) => text.event(event),
            Self::JsonLines(json) => json.event(event, number),
        }
    }

    /// Something that is no error is to be said of an octet of the file; its line and column, if the file is a text.
    pub(crate) fn note(&mut self, position: u64, line_and_column: Option<(u64, u64)>, message: impl Display) {
        if let Self::JsonLines(json) = self {
            json.note(position, line_and_column, message);
        }
    }

    /// The file ends.
    pub(crate) fn end_of_file(&mut self, summary: &Summary) {
        if let Self::JsonLines(json) = self {
            json.end_of_file(summary);
        }
    }

    /// All files were read.
    pub(crate) fn done(&mut self, status: Status) {
        if let Self::JsonLines(json) = self {
            json.done(status);
        }
    }

    /// Writes what was collected.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Text(text) => text.flush(),
            Self::JsonLines(json) => json.flush(),
        }
    }

    /// How much was printed so far.
    pub(crate) const fn printed(&self) -> u64 {
        match self {
            Self::Text(text) => text.printed(),
            Self::JsonLines(json) => json.printed(),
        }
    }
}
