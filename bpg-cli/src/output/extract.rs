//! The octets of one packet, as they are.

use std::io::{self, Write};

use bpg_core::inspect::Event;

use super::numbers::PacketNumber;
use super::wire::Wire;

/// Writes the octets of one packet, and nothing else.
pub(crate) struct Extract<W> {
    to: W,
    wanted: PacketNumber,
    state: State,
    is_malformed: bool,
    /// How many packets the file has, as far as it was read.
    packets: u64,
    /// How many of them are beside the one that is wanted, if that is in a packet which was found.
    siblings: Option<u64>,
}

/// How far it got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// The packet did not start yet.
    Before,
    /// It is being told, in the space of this level, and so much is open, itself included.
    Inside {
        level: usize,
        open: usize,
    },
    /// It was told, and its last octets follow.
    Told {
        level: usize,
    },
    Done,
}

impl<W: Write> Extract<W> {
    pub(crate) const fn new(to: W, wanted: PacketNumber) -> Self {
        Self { to, wanted, state: State::Before, is_malformed: false, packets: 0, siblings: None }
    }

    /// Whether the packet was there, to its end or as far as the file goes.
    pub(crate) const fn has_found(&self) -> bool {
        !matches!(self.state, State::Before)
    }

    /// Whether the packet was written, so that nothing else needs to be read.
    pub(crate) fn is_done(&self) -> bool {
        self.state == State::Done
    }

    /// Whether something is wrong with the packet.
    pub(crate) const fn is_malformed(&self) -> bool {
        self.is_malformed
    }

    /// Why the packet was not found.
    pub(crate) fn missing(&self) -> String {
        let count = self.siblings.unwrap_or(self.packets);
        let packets = if count == 1 { "packet" } else { "packets" };
        match self.wanted.parent().filter(|_| self.siblings.is_some()) {
            Some(parent) => format!("no packet {}: packet {parent} holds {count} {packets}", self.wanted),
            None => format!("no packet {}: the file has {count} {packets}", self.wanted),
        }
    }

    /// Whether the packet that is wanted may be in the one of this number.
    pub(crate) fn opens(&self, number: &[u64]) -> bool {
        self.state == State::Before && self.wanted.is_inside(number)
    }

    /// Takes an event, in the packet of this number.
    pub(crate) fn event(&mut self, event: &Event<'_>, number: &[u64], wire: &mut Wire) {
        match (self.state, event) {
            (State::Before, Event::Packet(frame)) => {
                self.count(number);
                if self.wanted.is(number) {
                    self.state = State::Inside { level: wire.level(), open: 1 };
                    wire.forget(wire.level(), frame.octets.start());
                }
            }
            (State::Inside { level, open: 1 }, Event::Close) => self.state = State::Told { level },
            (State::Inside { level, open }, Event::Close) => self.state = State::Inside { level, open: open - 1 },
            (State::Inside { .. }, Event::Error(_)) => self.is_malformed = true,
            (State::Inside { level, open }, event) if opens(event) => {
                self.state = State::Inside { level, open: open + 1 };
            }
            _ => {}
        }
    }

    /// What is in front of `position` at a level was read.
    pub(crate) fn passed(&mut self, wire: &mut Wire, level: usize, position: u64) -> io::Result<()> {
        let (State::Inside { level: wanted, .. } | State::Told { level: wanted }) = self.state else {
            wire.forget(level, position);
            return Ok(());
        };
        if wanted == level {
            self.to.write_all(wire.up_to(level, position))?;
            if matches!(self.state, State::Told { .. }) {
                self.state = State::Done;
            }
        }
        wire.forget(level, position);
        Ok(())
    }

    fn count(&mut self, number: &[u64]) {
        match number {
            [count] => self.packets = *count,
            [.., count] if self.wanted.is_beside(number) => self.siblings = Some(*count),
            _ => {}
        }
        if self.wanted.parent().is_some_and(|parent| parent.is(number)) {
            self.siblings = Some(0);
        }
    }
}

/// Whether an event is followed by one that closes it.
pub(crate) const fn opens(event: &Event<'_>) -> bool {
    matches!(
        event,
        Event::Packet(_)
            | Event::Decompressed(_)
            | Event::Armor(_)
            | Event::ArmorEnd(_)
            | Event::Container(_)
            | Event::Remainder(_)
            | Event::Open(_)
    )
}
