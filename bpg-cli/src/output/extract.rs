//! The octets of one packet, as they are.

use std::io::{self, Write};

use bpg_core::inspect::Event;

use super::renderer::{Lines, Renderer};
use super::select::Chosen;
use super::wire::Wire;

/// Writes the octets of one packet, the first that is asked for, and nothing else.
pub(crate) struct Extract<W> {
    to: W,
    state: State,
    is_malformed: bool,
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
    pub(crate) const fn new(to: W) -> Self {
        Self { to, state: State::Before, is_malformed: false }
    }

    /// Whether the packet was there, to its end or as far as the file goes.
    pub(crate) const fn has_found(&self) -> bool {
        !matches!(self.state, State::Before)
    }

    /// Whether something is wrong with the packet.
    pub(crate) const fn is_malformed(&self) -> bool {
        self.is_malformed
    }
}

impl<W: Write> Renderer for Extract<W> {
    fn event(&mut self, event: &Event<'_>, chosen: Chosen<'_>, wire: &mut Wire, _lines: Lines<'_>) -> io::Result<()> {
        match (self.state, event) {
            (State::Before, Event::Packet(frame)) if chosen.is_wanted => {
                self.state = State::Inside { level: wire.level(), open: chosen.open };
                wire.forget(wire.level(), frame.octets.start());
            }
            (State::Inside { level, open }, Event::Close) if chosen.open < open => self.state = State::Told { level },
            (State::Inside { .. }, Event::Error(_)) => self.is_malformed = true,
            _ => {}
        }
        Ok(())
    }

    fn has_details(&self) -> bool {
        false
    }

    fn wants_octets(&self) -> bool {
        true
    }

    fn opens_few(&self) -> bool {
        true
    }

    fn is_done(&self) -> bool {
        self.state == State::Done
    }

    fn passed(
        &mut self,
        wire: &mut Wire,
        level: usize,
        position: u64,
        _payload: Option<&'static str>,
        _lines: Lines<'_>,
    ) -> io::Result<()> {
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
}
