//! The octets behind what is told, handed to the screen if it wants them; if not, none of this costs anything.

use std::cell::RefCell;
use std::io::{self, Read};
use std::ops::ControlFlow;

use bpg_core::octets::Octets;
use bpg_core::reader::DataPacket;

use super::report::{Report, Stop, flow};
use crate::output::renderer::Renderer;
use crate::output::screen::Screen;

/// A space of the screen that octets are given to, `None` if it does not want them.
pub(super) type Level = Option<usize>;

/// An input of packets, of which the screen gets what was read.
pub(super) struct Tap<'t, 's, R: ?Sized> {
    pub(super) input: &'t mut dyn Read,
    pub(super) screen: &'t RefCell<Screen<'s, R>>,
    pub(super) level: usize,
}

impl<R: Renderer + ?Sized> Read for Tap<'_, '_, R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(out)?;
        self.screen.borrow_mut().take(self.level, &out[..count]);
        Ok(count)
    }
}

/// A payload that somebody else reads, of which the screen is told how far that got.
pub(super) struct Passing<'p, 'r, 's, I, R: ?Sized> {
    pub(super) packet: &'p mut DataPacket<'r, I>,
    pub(super) screen: &'p RefCell<Screen<'s, R>>,
    pub(super) level: Level,
    pub(super) name: &'static str,
}

impl<I: Read, R: Renderer + ?Sized> Read for Passing<'_, '_, '_, I, R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.packet.read(out);
        if let Some(level) = self.level {
            self.screen.borrow_mut().passed_early(level, self.packet.position(), self.name);
        }
        read
    }
}

impl<R: Renderer + ?Sized> Report<'_, '_, R> {
    /// Goes inside of what counts positions on from `start`.
    pub(super) fn in_octets<T>(
        &mut self,
        start: u64,
        tell: impl FnOnce(&mut Self, Level) -> Result<T, Stop>,
    ) -> Result<T, Stop> {
        if !self.screen.borrow().wants_octets() {
            return tell(self, None);
        }
        let level = self.screen.borrow_mut().enter(start);
        let told = tell(self, Some(level));
        self.screen.borrow_mut().leave();
        told
    }

    /// The same for octets that are in memory, and told to their end.
    pub(super) fn in_memory(
        &mut self,
        octets: Octets<'_>,
        tell: impl FnOnce(&mut Self) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        self.in_octets(octets.start(), |report, level| {
            if let Some(level) = level {
                report.screen.borrow_mut().take(level, octets.as_slice());
            }
            tell(report)?;
            report.passed(level, octets.end(), None)
        })
    }

    /// What is in front of `position` was told, or is of a payload that is being read.
    pub(super) fn passed(&mut self, level: Level, position: u64, payload: Option<&'static str>) -> Result<(), Stop> {
        let Some(level) = level else { return Ok(()) };
        self.with_lines(|screen, lines| screen.passed(level, position, payload, lines))?;
        if self.screen.borrow().is_done() { Err(Stop::Done) } else { Ok(()) }
    }

    /// The same, as visitors say it.
    pub(super) fn passing(&mut self, level: Level, position: u64, payload: &'static str) -> ControlFlow<Stop> {
        flow(self.passed(level, position, Some(payload)))
    }

    /// Octets at `position` are no packet.
    pub(super) fn no_packet(&mut self, level: Level, position: u64, octets: &[u8]) -> Result<(), Stop> {
        if level.is_none() {
            return Ok(());
        }
        self.with_lines(|screen, lines| screen.unframed(position, octets, lines))
    }
}
