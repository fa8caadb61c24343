//! A keybox, of which one blob at a time is held.

use core::fmt;
use std::io::{self, Read};

use super::{PartReader, State};
use crate::error::{Error, ErrorKind};
use crate::keybox::Blob;
use crate::octets::{Octets, Span, u64_from};
use crate::reader::hold;

/// The octets of a blob's length.
const LENGTH: usize = 4;

/// A keybox of GnuPG, whose blobs are read one after another.
pub struct KeyboxPart<'r, R> {
    reader: &'r mut PartReader<R>,
}

/// What is next in a keybox.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum StreamedBlob<'b> {
    /// A blob.
    Blob(Blob<'b>),
    /// A blob of more octets than [`Limits::blob`](super::Limits::blob) allows.
    TooLarge(Span),
    /// What is no blob, as [`keybox::blobs`](crate::keybox::blobs) tells. Nothing follows.
    Malformed {
        /// What is wrong.
        error: Error,
        /// The octets that are left, or as many as may be held.
        remaining: Octets<'b>,
    },
}

/// How far a keybox was read.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Progress {
    /// The blob that is being read.
    blob: Option<Reading>,
    has_failed: bool,
}

/// A blob that is being read.
#[derive(Clone, Copy, Debug)]
struct Reading {
    start: u64,
    /// Where it ends, once its length is known.
    end: Option<u64>,
}

impl<'r, R: Read> KeyboxPart<'r, R> {
    pub(super) const fn new(reader: &'r mut PartReader<R>) -> Self {
        Self { reader }
    }

    /// The next blob, `None` behind the last one and behind what is none.
    ///
    /// # Errors
    ///
    /// Those of the input, but for [`io::ErrorKind::Interrupted`]. The next call goes on.
    pub fn next_blob(&mut self) -> io::Result<Option<StreamedBlob<'_>>> {
        let Some(reading) = self.read_blob()? else { return Ok(None) };
        let limit = self.reader.limits.blob.max(LENGTH);
        let octets = Octets::new(&self.reader.held, reading.start);
        let position = self.reader.window.position();
        let span = Span { start: reading.start, end: position };
        let is_whole = reading.end.is_some_and(|end| end == position);
        if is_whole && octets.len_u64() < span.len() {
            return Ok(Some(StreamedBlob::TooLarge(span)));
        }
        let error = match Blob::parse_prefix(octets) {
            Ok((blob, _)) => return Ok(Some(StreamedBlob::Blob(blob))),
            // What is there is more than what is held.
            Err(error) => match error.kind() {
                ErrorKind::Truncated { need, .. } if octets.len() >= limit => {
                    Error::new(ErrorKind::Truncated { need, have: span.len() }, span).within("keybox blob")
                }
                _ => error,
            },
        };
        if let State::Keybox(progress) = &mut self.reader.state {
            progress.has_failed = true;
        }
        Ok(Some(StreamedBlob::Malformed { error, remaining: octets }))
    }

    /// Reads the next blob, or what is left if that is none, and holds as much of it as is allowed.
    fn read_blob(&mut self) -> io::Result<Option<Reading>> {
        let PartReader { window, held, state: State::Keybox(progress), limits, .. } = &mut *self.reader else {
            return Ok(None);
        };
        if progress.has_failed {
            return Ok(None);
        }
        let limit = limits.blob.max(LENGTH);
        if progress.blob.is_none() {
            held.clear();
        }
        let reading = progress.blob.get_or_insert(Reading { start: window.position(), end: None });
        loop {
            let have = window.position().saturating_sub(reading.start);
            if reading.end.is_none()
                && let Some((length, _)) = held.split_first_chunk()
            {
                let length = u64::from(u32::from_be_bytes(*length));
                // What leaves no room for a type is no blob, and all that is left goes with it.
                let is_blob = length > u64_from(LENGTH);
                reading.end = Some(if is_blob { reading.start.saturating_add(length) } else { u64::MAX });
            }
            let end = reading.end.unwrap_or(reading.start.saturating_add(u64_from(LENGTH)));
            let left = usize::try_from(end.saturating_sub(window.position())).unwrap_or(usize::MAX);
            if left == 0 && reading.end.is_some() || window.unread().is_empty() && !window.more()? {
                let reading = *reading;
                progress.blob = None;
                return Ok((have > 0).then_some(reading));
            }
            let unread = window.unread();
            let octets = unread.get(..left).unwrap_or(unread);
            let room = limit.saturating_sub(held.len());
            hold(held, octets.get(..room).unwrap_or(octets), limit);
            let count = octets.len();
            window.take(count);
        }
    }
}

/// Shows no octet of the input.
impl<R> fmt::Debug for KeyboxPart<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyboxPart").finish_non_exhaustive()
    }
}
