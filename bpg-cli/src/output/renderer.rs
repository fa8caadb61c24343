//! The forms of output.

use std::fmt::Display;
use std::io::{self, Write};

use bpg_core::inspect::Event;

use super::count::Count;
use super::json_lines::JsonLines;
use super::select::Chosen;
use super::summary::Overview;
use super::text::Text;
use super::units::Units;
use crate::error::Status;

/// Renders what is told of files in one of the forms.
pub(crate) enum Renderer<W> {
    Text(Text<W>),
    JsonLines(Box<JsonLines<W>>),
    Count(Count<W>),
    Overview(Box<Overview<W>>),
    Units(Box<Units<W>>),
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

impl Summary {
    /// Whether the file could not be read to its end, so that nothing can be said of it as a whole.
    pub(crate) fn is_unread(&self) -> bool {
        self.status == Status::Unusable && self.octets.is_none()
    }
}

impl<W: Write> Renderer<W> {
    /// A file starts, which may be one of several.
    pub(crate) fn file(&mut self, name: &[u8], is_one_of_several: bool) {
        match self {
            Self::Text(text) if is_one_of_several => text.file_heading(name),
            Self::Text(_) | Self::Units(_) => {}
            Self::JsonLines(json) => json.file(name),
            Self::Count(count) => count.file(name, is_one_of_several),
            Self::Overview(overview) => overview.file(name, is_one_of_several),
        }
    }

    /// Prints an event, if it is chosen. The error is one of writing.
    pub(crate) fn event(&mut self, event: &Event<'_>, chosen: Chosen<'_>) -> io::Result<()> {
        match self {
            Self::Text(text) if chosen.is_shown => text.event(event, chosen.number),
            Self::Overview(overview) if chosen.is_shown => overview.event(event),
            Self::Text(_) | Self::Overview(_) => Ok(()),
            Self::JsonLines(json) => json.event(event, chosen),
            Self::Count(count) => count.event(chosen),
            Self::Units(units) => units.event(event, chosen),
        }
    }

    /// Whether payloads are wanted.
    pub(crate) const fn takes_payloads(&self) -> bool {
        matches!(self, Self::Units(_))
    }

    /// Takes octets of a payload, or of a text that is signed, in front of the event that tells of it.
    pub(crate) fn payload(&mut self, octets: &[u8]) {
        if let Self::Units(units) = self {
            units.payload(octets);
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
        match self {
            Self::Text(_) => {}
            Self::JsonLines(json) => json.end_of_file(summary),
            Self::Count(count) => count.end_of_file(summary),
            Self::Overview(overview) => overview.end_of_file(summary),
            Self::Units(units) => units.end(),
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
            Self::Count(count) => count.flush(),
            Self::Overview(overview) => overview.flush(),
            Self::Units(_) => Ok(()),
        }
    }

    /// How much was printed so far.
    pub(crate) const fn printed(&self) -> u64 {
        match self {
            Self::Text(text) => text.printed(),
            Self::JsonLines(json) => json.printed(),
            Self::Count(count) => count.printed(),
            Self::Overview(overview) => overview.printed(),
            Self::Units(units) => units.printed(),
        }
    }
}
