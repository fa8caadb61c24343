//! The forms of output.

use std::fmt::Display;
use std::io;

use bpg_core::inspect::Event;
use bpg_core::octets::Span;

use super::select::Chosen;
use super::wire::Wire;
use crate::error::Status;

/// Finds the line and the column of an octet in the text that it was decoded from, if there is such a text.
pub(crate) type Lines<'l> = Option<&'l dyn Fn(u64) -> Option<(u64, u64)>>;

/// How a file was read.
#[derive(Debug)]
pub(crate) struct FileEnd {
    pub(crate) status: Status,
    /// How many octets it has, if it was read to its end.
    pub(crate) octets: Option<u64>,
    /// Whether there are octets that ought to be in packets and were not read.
    pub(crate) has_unread: bool,
    /// Why it cannot be used, if it cannot.
    pub(crate) reason: Option<String>,
}

impl FileEnd {
    /// Whether the file could not be read to its end, so that nothing can be said of it as a whole.
    pub(crate) fn is_unread(&self) -> bool {
        self.status == Status::Unusable && self.octets.is_none()
    }
}

/// One of the forms of output, which renders what is told of files. What a form has nothing to do for, it leaves out.
pub(crate) trait Renderer {
    /// A file starts, which may be one of several.
    fn file(&mut self, _name: &[u8], _is_one_of_several: bool) {}

    /// Takes the next event. The error is one of writing.
    fn event(&mut self, event: &Event<'_>, chosen: Chosen<'_>, wire: &mut Wire, lines: Lines<'_>) -> io::Result<()>;

    /// Whether it takes fields that an overview does without.
    fn has_details(&self) -> bool {
        true
    }

    /// Whether octets are to be given.
    fn wants_octets(&self) -> bool {
        false
    }

    /// Whether payloads are to be given a piece at a time, or the octets of packets are.
    fn takes_payloads(&self) -> bool {
        self.wants_octets()
    }

    /// Takes octets of a payload, or of a text that is signed, in front of the event that tells of it.
    fn payload(&mut self, _octets: &[u8]) {}

    /// Whether packets are opened only on the way to one that was asked for.
    fn opens_few(&self) -> bool {
        false
    }

    /// Whether nothing else is to be told of.
    fn is_done(&self) -> bool {
        false
    }

    /// What is in front of `position` at a level was told, or is of the payload of this name.
    fn passed(
        &mut self,
        wire: &mut Wire,
        level: usize,
        position: u64,
        _payload: Option<&'static str>,
        _lines: Lines<'_>,
    ) -> io::Result<()> {
        wire.forget(level, position);
        Ok(())
    }

    /// Octets that are no packet, of which an event will tell once all of them were read.
    fn unframed(&mut self, _position: u64, _octets: &[u8], _lines: Lines<'_>) -> io::Result<()> {
        Ok(())
    }

    /// The octets of the field with this span will be told of on their own.
    fn told_later(&mut self, _span: Span) {}

    /// Something that is no error is to be said of an octet of the file; its line and column, if the file is a text.
    fn note(&mut self, _position: u64, _line_and_column: Option<(u64, u64)>, _message: &dyn Display) {}

    /// The file ends.
    fn end_of_file(&mut self, _end: &FileEnd) {}

    /// Writes what all of the file was needed for.
    fn finish(&mut self) -> io::Result<()> {
        Ok(())
    }

    /// All files were read.
    fn done(&mut self, _status: Status) {}

    /// Writes what was collected.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }

    /// How much was printed so far, but for octets of the file, which are as many as they are.
    fn printed(&self) -> u64 {
        0
    }
}
