//! What a file holds, one thing after another, to be compared with what another one holds.

use std::io;

use bpg_core::inspect::{Event, Field, Value};
use sha2::{Digest, Sha256};

use super::renderer::{FileEnd, Lines, Renderer};
use super::select::Chosen;
use super::text::Text;
use super::wire::Wire;

/// Collects what a file holds: its packets, and what is around them without being armor.
pub(crate) struct Units {
    text: Text<Vec<u8>>,
    digest: Sha256,
    /// What is open where a packet, or what is around packets, is told of.
    inside: Option<usize>,
    kind: Kind,
    units: Vec<Unit>,
}

/// A packet with all that it holds, or something around packets.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Unit {
    pub(crate) kind: Kind,
    /// The text form, without places.
    pub(crate) text: String,
    /// Of the octets, which the text does not show all.
    digest: [u8; 32],
}

/// What something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    Packet(u8),
    Container,
    Remainder,
}

impl Units {
    pub(crate) fn new(is_verbose: bool) -> Self {
        let text = Text::new(Vec::new(), is_verbose, false).without_places();
        let (digest, kind) = (Sha256::new(), Kind::Remainder);
        Self { text, digest, inside: None, kind, units: Vec::new() }
    }

    /// What was collected.
    pub(crate) fn into_units(self) -> Vec<Unit> {
        self.units
    }

    /// What is open ended, or was not read to its end.
    fn end(&mut self) {
        if self.inside.take().is_some() {
            // The library's own text, and what it escaped, is UTF-8.
            let text = String::from_utf8_lossy(&self.text.take()).trim_start_matches('\n').to_owned();
            self.units.push(Unit { kind: self.kind, text, digest: self.digest.finalize_reset().into() });
        }
    }
}

impl Renderer for Units {
    fn event(&mut self, event: &Event<'_>, chosen: Chosen<'_>, _wire: &mut Wire, _lines: Lines<'_>) -> io::Result<()> {
        let octets = match event {
            Event::Packet(frame) => Some((Kind::Packet(frame.packet_type.0), frame.octets)),
            Event::Container(container) => Some((Kind::Container, container.octets)),
            Event::Remainder(remainder) => Some((Kind::Remainder, remainder.octets)),
            _ => None,
        };
        if let Some((kind, octets)) = octets {
            if self.inside.is_none() {
                (self.inside, self.kind) = (Some(chosen.open), kind);
            }
            self.digest.update(octets.as_slice());
        }
        let Some(inside) = self.inside else { return Ok(()) };
        if let Event::Field(Field { value: Value::Hex(octets) | Value::Text(octets), .. }) = event {
            // Where a packet was read from a stream, these are no part of what the event of its start has.
            self.digest.update(octets.as_slice());
        }
        self.text.told(event, chosen.number, &mut Wire::default())?;
        if chosen.open < inside {
            self.end();
        }
        Ok(())
    }

    fn takes_payloads(&self) -> bool {
        true
    }

    fn payload(&mut self, octets: &[u8]) {
        self.digest.update(octets);
    }

    fn end_of_file(&mut self, _end: &FileEnd) {
        self.end();
    }

    fn printed(&self) -> u64 {
        self.text.printed()
    }
}
