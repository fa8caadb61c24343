//! Signed text that is passed over.

use core::fmt;
use std::io::{self, Read};

use memchr::memchr;

use super::armor::place_in;
use super::window::Window;
use super::{LOOK_AHEAD, PartReader, State};
use crate::armor::{LocatedError, Place};
use crate::cleartext::{Cleartext, ESCAPE, HEADER_LINE, SIGNATURE_LINE, is_blank, is_line};
use crate::error::{Error, ErrorKind};
use crate::octets::{Octets, Span, u64_from};

/// Signed text, without its signatures: they follow, as blocks of armor.
pub struct CleartextPart<'r, R> {
    reader: &'r mut PartReader<R>,
}

/// What is known of signed text behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CleartextEnd {
    /// The text as it is, with the ending of its last line.
    pub text: Span,
    /// The place behind it.
    pub end: Place,
    /// How many lines the text has.
    pub lines: u64,
    /// How many octets enter the digest.
    pub signed_octets: u64,
    /// The first line that starts with a dash that should be escaped and is not, without its ending, and its place: of this, an
    /// implementation "SHOULD provide a warning" (RFC 9580 section 7.2).
    pub unescaped_dash: Option<(Span, Place)>,
    /// Whether a signature follows.
    pub has_signature: bool,
}

/// How far a text was read.
#[derive(Debug)]
pub(super) struct Text {
    is_escaped: bool,
    end: CleartextEnd,
    line: Option<Line>,
    is_complete: bool,
}

/// The line that the reader is inside of.
#[derive(Clone, Copy, Debug)]
struct Line {
    start: Place,
    is_unescaped_dash: bool,
    /// How many octets of the line enter the digest as far as it was read, and how many blanks follow.
    signed: u64,
    blank: u64,
    /// Whether the last octet that was read is CR, which belongs to the ending if LF follows.
    ends_with_return: bool,
}

impl Text {
    pub(super) fn new(message: &Cleartext<'_>, start: u64) -> Self {
        let end = CleartextEnd {
            text: Span { start, end: start },
            end: Place { position: start, line: 1, column: 1 },
            lines: 0,
            signed_octets: 0,
            unescaped_dash: None,
            has_signature: false,
        };
        Self { is_escaped: message.is_dash_escaped(), end, line: None, is_complete: false }
    }

    /// Reads to the end of the text.
    pub(super) fn pass_over<R: Read>(&mut self, window: &mut Window<R>, sink: &mut dyn FnMut(&[u8])) -> io::Result<()> {
        while !self.is_complete {
            if !self.piece(window, sink) {
                window.more()?;
            }
        }
        Ok(())
    }

    /// Takes a line or a piece of one, or is `false` if it is not there.
    fn piece<R>(&mut self, window: &mut Window<R>, sink: &mut dyn FnMut(&[u8])) -> bool {
        let unread = window.unread();
        let look = unread.get(..LOOK_AHEAD).unwrap_or(unread);
        let feed = memchr(b'\n', look);
        let has_ended = window.has_ended() && look.len() == unread.len();
        if feed.is_none() && !has_ended && unread.len() <= LOOK_AHEAD {
            return false;
        }
        let is_last = feed.is_some() || has_ended;
        let octets = Octets::new(look, window.position());
        if self.line.is_none() {
            let is = |line| is_last && is_line(octets, line);
            let has_signature = is(SIGNATURE_LINE);
            if octets.is_empty() || has_signature || is(HEADER_LINE) {
                self.finish(window.place(), has_signature);
                return true;
            }
        }
        let text = feed.and_then(|feed| look.get(..feed)).unwrap_or(look);
        let taken = text.len().saturating_add(usize::from(feed.is_some()));
        sink(look.get(..taken).unwrap_or_default());
        let starts_dash = self.is_escaped && look.first() == Some(&b'-') && !look.starts_with(ESCAPE);
        let is_escape = self.is_escaped && self.line.is_none() && look.starts_with(ESCAPE);
        let has_no_dash = self.end.unescaped_dash.is_none();
        let signed = if is_escape { text.get(ESCAPE.len()..).unwrap_or_default() } else { text };
        let blank = signed.iter().rev().take_while(|octet| is_blank(octet)).count();
        let (count, blank) = (u64_from(signed.len().saturating_sub(blank)), u64_from(blank));
        let ends_with_return =
            text.last() == Some(&b'\r') || text.is_empty() && self.line.is_some_and(|line| line.ends_with_return);
        let mut line = match self.line.take() {
            Some(line) => line,
            None => Line {
                // Only one of them is of interest.
                start: if starts_dash && has_no_dash { window.place() } else { self.end.end },
                is_unescaped_dash: starts_dash,
                signed: 0,
                blank: 0,
                ends_with_return: false,
            },
        };
        if count > 0 {
            line.signed = line.signed.saturating_add(line.blank).saturating_add(count);
            line.blank = 0;
        }
        line.blank = line.blank.saturating_add(blank);
        line.ends_with_return = ends_with_return;
        window.take(taken);
        if is_last {
            let end = window.position().saturating_sub(u64::from(feed.is_some()));
            self.end_line(line, end, feed.is_some());
        } else {
            self.line = Some(line);
        }
        true
    }

    fn end_line(&mut self, line: Line, end: u64, has_feed: bool) {
        let CleartextEnd { lines, signed_octets, unescaped_dash, .. } = &mut self.end;
        if self.is_escaped {
            let ending = if *lines > 0 { 2 } else { 0 };
            *signed_octets = signed_octets.saturating_add(ending).saturating_add(line.signed);
        }
        *lines = lines.saturating_add(1);
        if line.is_unescaped_dash {
            let end = end.saturating_sub(u64::from(has_feed && line.ends_with_return));
            unescaped_dash.get_or_insert((Span { start: line.start.position, end }, line.start));
        }
    }

    fn finish(&mut self, end: Place, has_signature: bool) {
        self.is_complete = true;
        self.end.text.end = end.position;
        if !self.is_escaped {
            self.end.signed_octets = self.end.text.len();
        }
        (self.end.end, self.end.has_signature) = (end, has_signature);
    }
}

impl<'r, R: Read> CleartextPart<'r, R> {
    pub(super) const fn new(reader: &'r mut PartReader<R>) -> Self {
        Self { reader }
    }

    /// Passes over the text, and tells what is known then. Asked again, it tells the same.
    ///
    /// # Errors
    ///
    /// Those of the input, but for [`io::ErrorKind::Interrupted`]. The next call goes on.
    pub fn finish(&mut self) -> io::Result<CleartextEnd> {
        self.finish_into(&mut |_| {})
    }

    /// The same, with the text as it stands in the input given to `sink` a piece at a time, once.
    ///
    /// # Errors
    ///
    /// As [`finish`](Self::finish).
    pub fn finish_into(&mut self, sink: &mut dyn FnMut(&[u8])) -> io::Result<CleartextEnd> {
        let State::Cleartext(text) = &mut self.reader.state else {
            return Err(io::ErrorKind::Other.into());
        };
        text.pass_over(&mut self.reader.window, sink)?;
        Ok(text.end)
    }
}

impl<R> CleartextPart<'_, R> {
    /// What the message starts with: its header line and its armor headers. It has no text and no signature here.
    #[must_use]
    pub fn head(&self) -> Cleartext<'_> {
        Cleartext::head(Octets::new(&self.reader.head, self.reader.head_start.position))
    }

    /// The place of the first dash of the header line.
    #[must_use]
    pub const fn start(&self) -> Place {
        self.reader.head_start
    }

    /// Everything for which a verifier has to decline a message that ends so, as
    /// [`Cleartext::errors`](crate::cleartext::Cleartext::errors) has it.
    pub fn errors(&self, end: &CleartextEnd) -> impl Iterator<Item = LocatedError> {
        let PartReader { head, head_start, .. } = &*self.reader;
        let octets = Octets::new(head, head_start.position);
        let is_of_head = |error: &Error| error.kind() != ErrorKind::CleartextWithoutSignature;
        let errors: std::vec::Vec<_> = Cleartext::head(octets).errors().filter(is_of_head).collect();
        let of_head = errors.into_iter().map(|error| {
            let place = place_in(head, *head_start, error.span().start);
            LocatedError { error, place }
        });
        let place = end.end;
        let behind = Span { start: place.position, end: place.position };
        let error = Error::new(ErrorKind::CleartextWithoutSignature, behind).within("cleartext");
        of_head.chain((!end.has_signature).then_some(LocatedError { error, place }))
    }
}

/// Shows no octet of the input.
impl<R> fmt::Debug for CleartextPart<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CleartextPart").field("start", &self.start()).finish_non_exhaustive()
    }
}
