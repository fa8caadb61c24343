//! The forms of output.

use std::fmt::Display;
use std::io::{self, Write};

use bpg_core::inspect::Event;
use bpg_core::octets::Span;

use super::count::Count;
use super::extract::Extract;
use super::hex::Hex;
use super::json_lines::JsonLines;
use super::select::Chosen;
use super::split::Split;
use super::summary::Overview;
use super::text::Text;
use super::units::Units;
use super::wire::Wire;
use crate::error::Status;

/// Renders what is told of files in one of the forms.
pub(crate) enum Renderer<W> {
    Text(Text<W>),
    JsonLines(Box<JsonLines<W>>),
    Count(Count<W>),
    Overview(Box<Overview<W>>),
    Units(Box<Units<W>>),
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
            Self::Text(text) => text.file(name, is_one_of_several),
            Self::Hex(hex) => hex.file(name, is_one_of_several),
            Self::Extract(_) | Self::Split(_) | Self::Units(_) => {}
            Self::JsonLines(json) => json.file(name),
            Self::Count(count) => count.file(name, is_one_of_several),
            Self::Overview(overview) => overview.file(name, is_one_of_several),
        }
    }

    /// Prints an event, if it is chosen. The error is one of writing.
    pub(crate) fn event(
        &mut self,
        event: &Event<'_>,
        chosen: Chosen<'_>,
        wire: &mut Wire,
        lines: Lines<'_>,
    ) -> io::Result<()> {
        match self {
            Self::Text(text) if chosen.is_shown => text.event(event, chosen.number, wire),
            Self::Hex(hex) if chosen.is_shown => hex.event(event, chosen.number, wire, lines),
            Self::Overview(overview) if chosen.is_shown => overview.event(event),
            Self::Text(_) | Self::Hex(_) | Self::Overview(_) => Ok(()),
            Self::JsonLines(json) => json.event(event, chosen),
            Self::Count(count) => count.event(chosen),
            Self::Units(units) => units.event(event, chosen),
            Self::Extract(extract) => {
                extract.event(event, chosen, wire);
                Ok(())
            }
            Self::Split(split) => split.event(event, wire),
        }
    }

    /// Whether it takes fields that an overview does without.
    pub(crate) const fn has_details(&self) -> bool {
        match self {
            Self::Text(text) => text.has_details(),
            Self::Count(_) | Self::Extract(_) | Self::Split(_) => false,
            Self::JsonLines(_) | Self::Overview(_) | Self::Units(_) | Self::Hex(_) => true,
        }
    }

    /// Whether payloads are to be given a piece at a time, or the octets of packets are.
    pub(crate) const fn takes_payloads(&self) -> bool {
        matches!(self, Self::Units(_)) || self.wants_octets()
    }

    /// Takes octets of a payload, or of a text that is signed, in front of the event that tells of it.
    pub(crate) fn payload(&mut self, octets: &[u8]) {
        if let Self::Units(units) = self {
            units.payload(octets);
        }
    }

    /// Whether packets are opened only on the way to one that was asked for.
    pub(crate) const fn opens_few(&self) -> bool {
        matches!(self, Self::Extract(_))
    }

    /// Whether nothing else is to be told of.
    pub(crate) fn is_done(&self) -> bool {
        match self {
            Self::Extract(extract) => extract.is_done(),
            _ => false,
        }
    }

    /// Whether octets are to be given.
    pub(crate) const fn wants_octets(&self) -> bool {
        match self {
            Self::Text(text) => text.has_octets(),
            Self::Hex(_) | Self::Extract(_) | Self::Split(_) => true,
            Self::JsonLines(_) | Self::Count(_) | Self::Overview(_) | Self::Units(_) => false,
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
            _ => wire.forget(level, position),
        }
        Ok(())
    }

    /// Octets that are no packet, of which an event will tell once all of them were read.
    pub(crate) fn unframed(&mut self, position: u64, octets: &[u8], lines: Lines<'_>) -> io::Result<()> {
        match self {
            Self::Hex(hex) => hex.unframed(position, octets, lines),
            Self::Split(split) => split.unframed(octets),
            _ => Ok(()),
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
        match self {
            Self::Text(_) | Self::Hex(_) | Self::Extract(_) | Self::Split(_) => {}
            Self::JsonLines(json) => json.end_of_file(summary),
            Self::Count(count) => count.end_of_file(summary),
            Self::Overview(overview) => overview.end_of_file(summary),
            Self::Units(units) => units.end(),
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
            Self::Count(count) => count.flush(),
            Self::Overview(overview) => overview.flush(),
            Self::Units(_) => Ok(()),
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
            Self::Count(count) => count.printed(),
            Self::Overview(overview) => overview.printed(),
            Self::Units(units) => units.printed(),
        }
    }
}
