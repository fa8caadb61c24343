//! Standard output and standard error together, both collected, so that floods are written in large pieces.

use std::fmt::Display;
use std::io::{self, Write};

use bpg_core::inspect::Event;
use bpg_core::octets::Span;
use bpg_core::time::Timestamp;

use super::numbers::Numbers;
use super::progress::Progress;
use super::redaction::Redaction;
use super::renderer::{FileEnd, Lines, Renderer};
use super::select::{Missing, Select, Selection};
use super::validity::Validity;
use super::wire::Wire;
use crate::error::{self, Status};

/// How many octets of diagnostics are collected before they are written.
const FLUSH_AT: usize = 16 * 1024;

/// What is printed of files, and the diagnostics beside it.
///
/// A form of output that takes most events is best known by its type, so that what the walk tells is printed without anything
/// in between; the others are one type, `dyn Renderer`.
pub(crate) struct Screen<'s, R: ?Sized> {
    renderer: &'s mut R,
    numbers: Numbers,
    select: Select,
    validity: Validity,
    /// What is hidden, if anything is.
    redaction: Option<Redaction>,
    wire: Wire,
    /// What went wrong in writing where nobody could be told.
    failure: Option<io::Error>,
    errors: &'s mut dyn Write,
    notes: Vec<u8>,
    /// How many octets of diagnostics were written.
    noted: u64,
    /// How far reading got, if that is told. It stands where the diagnostics go.
    progress: Option<Progress>,
}

impl<'s, R: Renderer + ?Sized> Screen<'s, R> {
    pub(crate) fn new(renderer: &'s mut R, selection: Selection, errors: &'s mut dyn Write) -> Self {
        Self {
            renderer,
            numbers: Numbers::new(),
            select: Select::new(selection),
            validity: Validity::default(),
            redaction: None,
            wire: Wire::default(),
            failure: None,
            errors,
            notes: Vec::new(),
            noted: 0,
            progress: None,
        }
    }

    /// The same, with what tells whose keys these are hidden or not.
    pub(crate) fn redacted(self, is_redacted: bool) -> Self {
        Self { redaction: is_redacted.then(Redaction::default), ..self }
    }

    /// The same with somebody who tells how far reading got, or without.
    pub(crate) fn with_progress(self, progress: Option<Progress>) -> Self {
        Self { progress, ..self }
    }

    /// A file starts, which may be one of several.
    pub(crate) fn file(&mut self, name: &[u8], is_one_of_several: bool) {
        (self.numbers, self.wire) = (Numbers::new(), Wire::default());
        self.select.restart();
        self.validity = Validity::default();
        self.redaction.iter_mut().for_each(Redaction::file);
        self.renderer.file(name, is_one_of_several);
    }

    /// The reading of a file starts that has so many octets, or 0 if nobody knows.
    pub(crate) fn reading(&mut self, name: &[u8], size: u64) {
        if let Some(progress) = &mut self.progress {
            progress.file(name, size);
        }
    }

    /// So many octets of the file were read.
    pub(crate) fn read(&mut self, octets: u64) {
        if let Some(progress) = &mut self.progress {
            progress.read(octets, self.errors);
        }
    }

    /// The file ends.
    pub(crate) fn end_of_file(&mut self, end: &FileEnd) {
        self.erase_progress();
        self.renderer.end_of_file(end);
    }

    /// All files were read.
    pub(crate) fn done(&mut self, status: Status) {
        self.renderer.done(status);
    }

    /// Prints an event, with the lines of a text if what is told of was made of one. The error is one of writing to standard
    /// output.
    #[inline(always)]
    pub(crate) fn event(&mut self, event: &Event<'_>, lines: Lines<'_>) -> io::Result<()> {
        // Taking writes to memory even if there is none.
        if self.failure.is_some() {
            return self.failure.take().map_or(Ok(()), Err);
        }
        self.numbers.event(event);
        let chosen = self.select.event(event, &self.numbers);
        let completed = self.validity.event(event);
        let event = completed.as_ref().unwrap_or(event);
        match &mut self.redaction {
            Some(redaction) => self.renderer.event(&redaction.event(*event), chosen, &mut self.wire, lines),
            None => self.renderer.event(event, chosen, &mut self.wire, lines),
        }
    }

    /// Whether fields are printed that an overview does without. What is hidden has the same name whether they are or not.
    pub(crate) fn has_details(&self) -> bool {
        self.redaction.is_some() || self.renderer.has_details()
    }

    /// Takes a time that is not printed, which may be when a key was created.
    pub(crate) fn created_at(&mut self, created: Timestamp) {
        self.validity.created_at(created);
    }

    /// Whether payloads are to be given a piece at a time.
    pub(crate) fn takes_payloads(&self) -> bool {
        self.renderer.takes_payloads()
    }

    /// Takes octets of a payload, or of a text that is signed, in front of the event that tells of it.
    pub(crate) fn payload(&mut self, octets: &[u8]) {
        self.renderer.payload(octets);
    }

    /// What was asked for and is not in the file.
    pub(crate) fn missing(&self) -> impl Iterator<Item = Missing<'_>> {
        self.select.missing()
    }

    /// Whether the octets of packets are to be given, as [`Wire`] holds them.
    pub(crate) fn wants_octets(&self) -> bool {
        self.renderer.wants_octets()
    }

    /// Whether what is in the innermost packet is to be told of.
    pub(crate) fn opens(&self) -> bool {
        !self.renderer.opens_few() || self.select.may_be_inside(self.numbers.innermost())
    }

    /// Whether nothing else is to be told of.
    pub(crate) fn is_done(&self) -> bool {
        self.renderer.is_done()
    }

    /// Writes what all of the file was needed for.
    pub(crate) fn finish(&mut self) -> io::Result<()> {
        self.renderer.finish()
    }

    /// Goes inside of what has positions of its own, which count on from `position`, and returns its level.
    pub(crate) fn enter(&mut self, position: u64) -> usize {
        self.wire.enter(position)
    }

    /// Comes out of that again.
    pub(crate) fn leave(&mut self) {
        self.wire.leave();
    }

    /// Takes octets that were read at a level.
    pub(crate) fn take(&mut self, level: usize, octets: &[u8]) {
        self.wire.read(level, octets);
    }

    /// What is in front of `position` at a level was told, or is of the payload of this name, which is being read.
    pub(crate) fn passed(
        &mut self,
        level: usize,
        position: u64,
        payload: Option<&'static str>,
        lines: Lines<'_>,
    ) -> io::Result<()> {
        if !self.select.was_shown() {
            self.wire.forget(level, position);
            return Ok(());
        }
        self.renderer.passed(&mut self.wire, level, position, payload, lines)
    }

    /// The same for a payload that somebody reads who cannot tell of an error.
    pub(crate) fn passed_early(&mut self, level: usize, position: u64, payload: &'static str) {
        let passed = self.passed(level, position, Some(payload), None);
        self.keep(passed);
    }

    /// Takes octets at `position` that are no packet, of which an event will tell once all of them were read.
    pub(crate) fn unframed(&mut self, position: u64, octets: &[u8], lines: Lines<'_>) -> io::Result<()> {
        if self.select.is_shown() { self.renderer.unframed(position, octets, lines) } else { Ok(()) }
    }

    /// The octets of the field with this span will be told of on their own.
    pub(crate) fn told_later(&mut self, span: Span) {
        self.renderer.told_later(span);
    }

    /// Prints something that is no error, of an octet of a file, with what is told of the file, where that has room for it.
    pub(crate) fn remark(&mut self, position: u64, line_and_column: Option<(u64, u64)>, message: impl Display) {
        if self.select.is_shown() {
            self.renderer.note(position, line_and_column, &message);
        }
    }

    /// Prints a diagnostic.
    pub(crate) fn note(&mut self, subject: &[u8], message: impl Display) {
        error::diagnostic(&mut self.notes, subject, message);
        if self.notes.len() >= FLUSH_AT {
            self.write_notes();
        }
    }

    /// Writes what was collected. The error is one of writing to standard output, now or before.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.write_notes();
        let flushed = self.renderer.flush();
        self.failure.take().map_or(flushed, Err)
    }

    /// The same for somebody who cannot tell of an error: that is left for the next one.
    pub(crate) fn flush_early(&mut self) {
        let flushed = self.flush();
        self.keep(flushed);
    }

    fn keep(&mut self, result: io::Result<()>) {
        self.failure = self.failure.take().or(result.err());
    }

    /// How many octets were printed so far, diagnostics included.
    pub(crate) fn printed(&self) -> u64 {
        self.renderer.printed() + self.noted + self.notes.len() as u64
    }

    fn erase_progress(&mut self) {
        if let Some(progress) = &mut self.progress {
            progress.erase(self.errors);
        }
    }

    fn write_notes(&mut self) {
        if !self.notes.is_empty() {
            self.erase_progress();
        }
        // Nothing can be done if standard error is closed.
        let _ = self.errors.write_all(&self.notes);
        self.noted += self.notes.len() as u64;
        self.notes.clear();
    }
}
