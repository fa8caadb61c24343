//! What has to be read as a whole.

use core::fmt;
use std::io::{self, Read};

use super::{PartReader, Parts, State, StreamedPart};
use crate::armor::Place;
use crate::octets::Octets;
use crate::reader::hold;

/// What has to be read as a whole, and is to be read as what is in memory is: [`parts`](Self::parts).
///
/// It goes on to the end of the file, so that there may be other parts in it.
pub struct HeldPart<'r> {
    octets: Octets<'r>,
    held: Held,
}

/// What is known of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Held {
    start: Place,
    is_start: bool,
    reads_packets: bool,
    is_cut: bool,
    is_complete: bool,
}

impl Held {
    pub(super) const fn new(start: Place, is_start: bool, reads_packets: bool) -> Self {
        Self { start, is_start, reads_packets, is_cut: false, is_complete: false }
    }

    /// Whether all that is to be held is.
    pub(super) const fn is_complete(&self) -> bool {
        self.is_complete
    }
}

impl<'r> HeldPart<'r> {
    /// The octets, with their place in the file.
    #[must_use]
    pub const fn octets(&self) -> Octets<'r> {
        self.octets
    }

    /// The place of the first of them.
    #[must_use]
    pub const fn start(&self) -> Place {
        self.held.start
    }

    /// Whether the file goes on, behind as many octets as [`Limits::held`](super::Limits::held) allows.
    #[must_use]
    pub const fn is_cut(&self) -> bool {
        self.held.is_cut
    }

    /// The parts of the octets, with their places in the file.
    #[must_use]
    pub const fn parts(&self) -> Parts<'r> {
        Parts::of_end(self.octets, self.held.is_start, self.held.reads_packets)
    }
}

impl fmt::Debug for HeldPart<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HeldPart").field("octets", &self.octets).field("is_cut", &self.held.is_cut).finish()
    }
}

impl<R: Read> PartReader<R> {
    /// Holds what is left of the file.
    pub(super) fn hold(&mut self) -> io::Result<StreamedPart<'_, R>> {
        let limit = self.limits.held;
        loop {
            let room = limit.saturating_sub(self.held.len());
            let unread = self.window.unread();
            let octets = unread.get(..room).unwrap_or(unread);
            let (count, is_cut) = (octets.len(), octets.len() < unread.len());
            hold(&mut self.held, octets, limit);
            self.window.take(count);
            if is_cut || !self.window.more()? {
                if let State::Held(held) = &mut self.state {
                    (held.is_cut, held.is_complete) = (is_cut, true);
                }
                break;
            }
        }
        let State::Held(held) = self.state else { return Err(io::ErrorKind::Other.into()) };
        let octets = Octets::new(&self.held, held.start.position);
        Ok(StreamedPart::Held(HeldPart { octets, held }))
    }
}
