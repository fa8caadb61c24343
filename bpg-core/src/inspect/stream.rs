//! Data packets that are read from a stream: their fields first, and their payload when it was read.

use core::ops::ControlFlow;
use std::io::{self, Read};
use std::vec::Vec;

use zeroize::Zeroizing;

use super::relocate::Relocated;
use super::{Detail, Event, Field, Frame, Visitor, Walker, header, message};
use crate::error::{Error, ErrorKind};
use crate::framing::{Body, Header};
use crate::inspect::value::Value;
use crate::octets::{Octets, Span, u64_from};
use crate::packet::Packet;
use crate::reader::{DataPacket, ReadError};
use crate::registry::CompressionAlgorithm;

/// How many octets of literal data are kept to be shown.
const SHOWN: usize = 64;
/// How many octets of a payload are read at once.
const PIECE: usize = 4096;

/// Walks over a data packet from a [`PacketReader`](crate::reader::PacketReader), up to its payload. The payload, which
/// `packet` then reads, is for the caller; [`Payload::finish`] tells of it, and of the end of the packet.
///
/// `None` stands for a packet that ends before its payload starts; it was told of to its end.
///
/// # Errors
///
/// Those of the input. Malformed input is an [`Event::Error`]. `ControlFlow::Break` is the visitor's.
pub fn data_packet<R: Read, V: Visitor>(
    packet: &mut DataPacket<'_, R>,
    visitor: &mut V,
) -> io::Result<ControlFlow<V::Break, Option<Payload>>> {
    let start = Start::read(packet)?;
    Ok(start.tell(packet, visitor))
}

/// The payload of a data packet, in front of which the fields were told.
#[derive(Debug)]
pub struct Payload {
    name: &'static str,
    compression: Option<CompressionAlgorithm>,
    is_shown: bool,
    /// The position of its first octet.
    start: u64,
    /// How many octets of the body precede it.
    before: u64,
}

impl Payload {
    /// The name of the field that the payload is.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// How the payload is compressed, if it is.
    #[must_use]
    pub const fn compression(&self) -> Option<CompressionAlgorithm> {
        self.compression
    }

    /// Reads what is left of the packet, and tells of the payload and of the end of the packet.
    ///
    /// # Errors
    ///
    /// As [`data_packet`].
    pub fn finish<R: Read, V: Visitor>(
        self,
        packet: &mut DataPacket<'_, R>,
        visitor: &mut V,
    ) -> io::Result<ControlFlow<V::Break>> {
        let mut first = Zeroizing::new(Vec::with_capacity(self.shown()));
        let shown = u64_from(self.shown());
        let read = packet.by_ref().take(shown).read_to_end(&mut first).and_then(|_| packet.pass_over());
        self.tell(packet, &first, read, visitor)
    }

    /// [`finish`](Self::finish), with `passed` called behind each piece of the payload that was read, with the visitor, the
    /// octets of the piece and the position behind it, and at last with none and the position behind the packet.
    ///
    /// # Errors
    ///
    /// As [`data_packet`].
    pub fn finish_in_pieces<R: Read, V: Visitor>(
        self,
        packet: &mut DataPacket<'_, R>,
        visitor: &mut V,
        mut passed: impl FnMut(&mut V, &[u8], u64) -> ControlFlow<V::Break>,
    ) -> io::Result<ControlFlow<V::Break>> {
        let mut first = Zeroizing::new(Vec::with_capacity(self.shown()));
        let mut octets = Zeroizing::new([0; PIECE]);
        let read = loop {
            let (count, end) = match packet.read(octets.as_mut_slice()) {
                Ok(0) => (0, Some(Ok(()))),
                Ok(count) => (count, None),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => (0, Some(Err(error))),
            };
            let piece = octets.get(..count).unwrap_or_default();
            let room = self.shown().saturating_sub(first.len());
            first.extend_from_slice(piece.get(..room).unwrap_or(piece));
            if let ControlFlow::Break(stop) = passed(visitor, piece, packet.position()) {
                return Ok(ControlFlow::Break(stop));
            }
            if let Some(end) = end {
                break end;
            }
        };
        self.tell(packet, &first, read, visitor)
    }

    /// How many octets are kept to be shown.
    const fn shown(&self) -> usize {
        if self.is_shown { SHOWN } else { 0 }
    }

    fn of<R>(parsed: &Packet<'_>, packet: &DataPacket<'_, R>) -> Self {
        let (name, _) = message::payload(parsed, Body::from(Octets::from(&[][..])));
        let compression = match parsed {
            Packet::CompressedData(parsed) => Some(parsed.algorithm()),
            _ => None,
        };
        let is_shown = matches!(parsed, Packet::LiteralData(_));
        Self { name, compression, is_shown, start: packet.position(), before: packet.body_read() }
    }

    /// Tells of the payload that starts with these octets, once it was read to its end, or as far as that was possible.
    fn tell<R, V: Visitor>(
        &self,
        packet: &DataPacket<'_, R>,
        first: &[u8],
        read: io::Result<()>,
        visitor: &mut V,
    ) -> io::Result<ControlFlow<V::Break>> {
        let error = read.map_or_else(|error| malformed(error).map(Some), |()| Ok(None))?;
        let first = Octets::new(first, self.start);
        let value = Value::Payload { length: packet.body_read().saturating_sub(self.before), first };
        let span = Some(Span { start: self.start, end: packet.position() });
        let payload = Event::Field(Field { name: self.name, value, span, detail: Detail::Brief });
        let events = [Some(payload), error.map(Event::Error), Some(Event::Close)];
        Ok(events.into_iter().flatten().try_for_each(|event| visitor.event(event)))
    }
}

/// What a body starts with: as much as its fields need.
struct Start {
    octets: Vec<u8>,
    /// Of each piece, where it starts in these octets and in the input.
    pieces: Vec<(u64, u64)>,
    /// Why they are too few.
    error: Option<Error>,
}

impl Start {
    fn read<R: Read>(packet: &mut DataPacket<'_, R>) -> io::Result<Self> {
        let packet_type = packet.header().packet_type;
        let mut start = Self { octets: Vec::new(), pieces: Vec::new(), error: None };
        // A version decides what there is to read, and none of it may be taken from a payload.
        let mut missing = usize::from(packet_type.has_version());
        loop {
            if missing > 0 && !start.extend(packet, missing)? {
                return Ok(start);
            }
            match Packet::parse(packet_type, Octets::from(start.octets.as_slice())) {
                Err(error) if missing_octets(&error) > 0 => missing = missing_octets(&error),
                _ => return Ok(start),
            }
        }
    }

    /// Reads `count` octets more, or is `false` if the packet has no more.
    fn extend<R: Read>(&mut self, packet: &mut DataPacket<'_, R>, count: usize) -> io::Result<bool> {
        let end = self.octets.len().saturating_add(count);
        while self.octets.len() < end {
            let mut piece = [0; 64];
            let wanted = end.saturating_sub(self.octets.len()).min(piece.len());
            let read = match packet.read(piece.get_mut(..wanted).unwrap_or_default()) {
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => {
                    self.error = Some(malformed(error)?);
                    0
                }
            };
            if read == 0 {
                return Ok(false);
            }
            self.pieces.push((u64_from(self.octets.len()), packet.position().saturating_sub(u64_from(read))));
            self.octets.extend_from_slice(piece.get(..read).unwrap_or_default());
        }
        Ok(true)
    }

    fn tell<R, V: Visitor>(
        self,
        packet: &DataPacket<'_, R>,
        visitor: &mut V,
    ) -> ControlFlow<V::Break, Option<Payload>> {
        let Header { packet_type, length, octets } = *packet.header();
        let octets = octets.as_octets();
        let body_length = length.of_body().map(u64::from);
        let end = body_length.map(|length| octets.end().saturating_add(length)).filter(|_| self.error.is_none());
        visitor.event(Event::Packet(Frame { packet_type, length, octets, body_length, end }))?;
        header(packet_type, length, octets, visitor)?;
        let body = Octets::from(self.octets.as_slice());
        let pieces = if self.pieces.is_empty() { Vec::from([(0, octets.end())]) } else { self.pieces };
        let mut relocated = Relocated::of(pieces.clone(), visitor);
        let mut walker = Walker::new(&mut relocated, 0);
        match (Packet::parse(packet_type, body), self.error) {
            (Ok(parsed), None) => {
                walker.fields(&parsed, Body::from(body))?;
                visitor.event(Event::Payload)?;
                return ControlFlow::Continue(Some(Payload::of(&parsed, packet)));
            }
            (Err(_), None) => walker.body(packet_type, body)?,
            (_, Some(error)) => {
                walker.fields_in_front(packet_type, body)?;
                let told = walker.position;
                // Its place is one in the input, not in what was joined.
                visitor.event(Event::Error(error))?;
                Walker::new(&mut Relocated::of(pieces, visitor), told).untold(body)?;
            }
        }
        visitor.event(Event::Close)?;
        ControlFlow::Continue(None)
    }
}

/// How many octets are missing at least, if that is what is wrong.
fn missing_octets(error: &Error) -> usize {
    match error.kind() {
        ErrorKind::Truncated { need, have } => usize::try_from(need.saturating_sub(have)).unwrap_or(usize::MAX),
        _ => 0,
    }
}

/// Why the packet cannot be read on, if the input is malformed, and not out of reach.
fn malformed(error: io::Error) -> io::Result<Error> {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<ReadError>()) {
        Some(ReadError::Malformed(malformed)) => Ok(*malformed),
        _ => Err(error),
    }
}
