//! The forms of output.

use std::fmt::Display;
use std::io::{self, Write};

use bpg_core::inspect::Event;
use bpg_core::octets::Span;

use super::extract::Extract;
use super::hex::Hex;
use super::json_lines::JsonLines;
use super::split::Split;
use super::text::Text;
use super::wire::Wire;
use crate::error::Status;

/// Renders what is told of files in one of the forms.
pub(crate) enum Renderer<W> {
    Text(Text<W>),
    JsonLines(Box<JsonLines<W>>),
    Hex(Hex<W>),
    Extract(Extract<W>),
    Split(Split),
}

/// Finds the line and the column of an octet in the text that it was decoded from, if there is such a text.
pub(crate) type Lines<'l> = Option<&'l dyn Fn(u64) -> Option<(u64, u64)>>;

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
            Self::Hex(hex) if is_one_of_several => hex.file_heading(name),
            Self::Text(_) | Self::Hex(_) | Self::Extract(_) | Self::Split(_) => {}
            Self::JsonLines(json) => json.file(name),
        }
    }

    /// Prints an event, in the packet of this number. The error is one of writing.
    pub(crate) fn event(
        &mut self,
        event: &Event<'_>,
        number: &[u64],
        wire: &mut Wire,
        lines: Lines<'_>,
    ) -> io::Result<()> {
        match self {
            Self::Text(text) => text.event(event, wire),
            Self::JsonLines(json) => json.event(event, number),
            Self::Hex(hex) => hex.event(event, wire, lines),
            Self::Extract(extract) => {
                extract.event(event, number, wire);
                Ok(())
            }
            Self::Split(split) => split.event(event, wire),
        }
    }

    /// Whether a packet in the packet of this number is to be told of.
    pub(crate) fn opens(&self, number: &[u64]) -> bool {
        match self {
            Self::Extract(extract) => extract.opens(number),
            Self::Text(_) | Self::JsonLines(_) | Self::Hex(_) | Self::Split(_) => true,
        }
    }

    /// Whether nothing else is to be told of.
    pub(crate) fn is_done(&self) -> bool {
        match self {
            Self::Extract(extract) => extract.is_done(),
            Self::Text(_) | Self::JsonLines(_) | Self::Hex(_) | Self::Split(_) => false,
        }
    }

    /// Whether octets are to be given.
    pub(crate) const fn wants_octets(&self) -> bool {
        match self {
            Self::Text(text) => text.has_octets(),
            Self::JsonLines(_) => false,
            Self::Hex(_) | Self::Extract(_) | Self::Split(_) => true,
        }
    }

    /// What is in front of `position` at a level was told, or is of the payload of this name.
    pub(crate) fn passed(
        &mut self,
        wire: &mut Wire,
        level: usize,
        position: u64,
        payload: Option<&'static str>,
        lines: Lines<'_>,
    ) -> io::Result<()> {
        match (self, payload) {
            (Self::Hex(hex), _) => return hex.passed(wire, level, position, payload, lines),
            (Self::Extract(extract), _) => return extract.passed(wire, level, position),
            (Self::Split(split), _) => return split.passed(wire, level, position),
            (Self::Text(_), Some(_)) => wire.keep_start(level, position),
            (Self::Text(_) | Self::JsonLines(_), _) => wire.forget(level, position),
        }
        Ok(())
    }

    /// Octets that are no packet, of which an event will tell once all of them were read.
    pub(crate) fn unframed(&mut self, position: u64, octets: &[u8], lines: Lines<'_>) -> io::Result<()> {
        match self {
            Self::Hex(hex) => hex.unframed(position, octets, lines),
            Self::Split(split) => split.unframed(octets),
            Self::Text(_) | Self::JsonLines(_) | Self::Extract(_) => Ok(()),
        }
    }

    /// The octets of the field with this span will be told of on their own.
    pub(crate) fn told_later(&mut self, span: Span) {
        if let Self::Hex(hex) = self {
            hex.told_later(span);
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

    /// Writes what all of the file was needed for.
    pub(crate) fn finish(&mut self) -> io::Result<()> {
        match self {
            Self::Split(split) => split.finish(),
            _ => Ok(()),
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
            Self::Hex(hex) => hex.flush(),
            Self::Extract(_) | Self::Split(_) => Ok(()),
            Self::JsonLines(json) => json.flush(),
        }
    }

    /// How much was printed so far.
    pub(crate) const fn printed(&self) -> u64 {
        match self {
            Self::Text(text) => text.printed(),
            Self::Hex(hex) => hex.printed(),
            // Octets of the file, which are as many as they are.
            Self::Extract(_) | Self::Split(_) => 0,
            Self::JsonLines(json) => json.printed(),
        }
    }
}
