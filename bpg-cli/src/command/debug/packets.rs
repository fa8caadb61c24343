//! Packets that are read one after another, and what is in them.

use std::io::{self, Read};
use std::ops::ControlFlow;

use bpg_core::container::{self, Leftover, Part};
use bpg_core::error::{Error, ErrorKind};
use bpg_core::framing::{self, Framer, Length, RawPacket};
use bpg_core::inspect::{self, Event, Frame, Remainder, Visitor};
use bpg_core::octets::{Octets, Span};
use bpg_core::packet::Packet;
use bpg_core::reader::{DataPacket, Limits, PacketReader, ReadError, StreamedPacket};
use bpg_core::recover;
use bpg_core::registry::{CompressionAlgorithm, PacketType};
use zeroize::Zeroizing;

use super::contents::{Contents, End};
use super::report::{DECOMPRESSED, LEVELS, PACKET, PACKETS, Place, Report, Space, Stop, told};
use super::tap::{Level, Passing, Tap};
use crate::output::renderer::Renderer;

/// How many octets that are not a packet are kept to be shown.
const SHOWN: usize = 1024;
/// How many octets the fields of a data packet may have in front of its payload.
const LONGEST_FIELDS: usize = 512;
/// How many octets are looked through at once for a packet that makes sense.
pub(super) const WINDOW: usize = 256 * 1024;
/// How many octets at the end of those are looked through again together with what follows: more than there are in a user ID
/// that makes sense, which is not taken for one as long as a part of it is missing.
const OVERLAP: usize = 4 * 1024;

/// What the octets of a packet that is too large are called.
const NOT_READ: &str = "not read";

/// Where framing ended.
pub(super) struct Unframed {
    pub(super) position: u64,
    /// Octets that were read behind that.
    octets: Zeroizing<Vec<u8>>,
    error: Error,
    /// Whether they are the start of a packet, and the input ends behind them.
    pub(super) is_cut_short: bool,
    /// Whether packets were framed in front of that.
    follows_packets: bool,
}

impl Unframed {
    /// Framing ends at the start of the input, of which these octets were read.
    pub(super) fn at_start(octets: Zeroizing<Vec<u8>>, error: Error) -> Self {
        Self { octets, ..Self::at(0, error, false, 0) }
    }

    /// Framing ends at `position`, where it started at `start`, and nothing was read behind that.
    fn at(position: u64, error: Error, is_cut_short: bool, start: u64) -> Self {
        Self { position, octets: Zeroizing::default(), error, is_cut_short, follows_packets: position > start }
    }

    /// A data packet that makes no sense, where framing started at `start`: what it would swallow could not be looked at
    /// again.
    fn of<R>(packet: &DataPacket<'_, R>, start: u64) -> Self {
        let header = packet.header().octets;
        let octets = Zeroizing::new([header.as_octets().as_slice(), packet.unread().as_slice()].concat());
        let (position, error) = (header.span().start, Error::new(ErrorKind::Implausible, header.span()));
        Self { position, octets, error, is_cut_short: false, follows_packets: position > start }
    }

    /// The same with `count` of the octets, if there are so many.
    pub(super) fn up_to(mut self, count: usize) -> Self {
        if !self.is_cut_short {
            self.octets.truncate(count);
        }
        self
    }
}

/// Octets that were read and are to be read again, in front of the input.
struct Resumed<'r> {
    octets: Zeroizing<Vec<u8>>,
    start: usize,
    input: &'r mut dyn Read,
    /// Whether the input is known to go on no more.
    has_ended: bool,
}

impl Resumed<'_> {
    /// Puts octets in front of those that are still to be read.
    fn again(&mut self, octets: Zeroizing<Vec<u8>>) {
        let (read, left) = self.octets.split_at(self.start);
        if read.ends_with(&octets) {
            // Mostly they come from here, and there may be damage every few octets.
            self.start -= octets.len();
        } else {
            // Mostly nothing is left, and what is put in front may be a large packet.
            self.octets = if left.is_empty() { octets } else { Zeroizing::new([&octets[..], left].concat()) };
            self.start = 0;
        }
    }

    /// The next [`WINDOW`] octets, or all there are, which stay to be read.
    fn window(&mut self) -> Result<&[u8], Stop> {
        if self.octets.len() - self.start < WINDOW && !self.has_ended {
            if self.octets.capacity() - self.start < WINDOW {
                // With room for another window, so that octets are not moved for each packet that is found.
                let mut octets = Zeroizing::new(Vec::with_capacity(2 * WINDOW));
                octets.extend_from_slice(&self.octets[self.start..]);
                (self.octets, self.start) = (octets, 0);
            }
            self.has_ended = fill(self.input, &mut self.octets, self.start + WINDOW)?;
        }
        let left = &self.octets[self.start..];
        Ok(left.get(..WINDOW).unwrap_or(left))
    }

    /// Where framing that starts at `position` has to end, if everything that is left is in memory. To find out by reading
    /// would take all of that, and there may be such places every few octets.
    fn stop(&self, position: u64, limit: usize) -> Option<Unframed> {
        let left = self.octets.get(self.start..).filter(|left| self.has_ended && left.len() <= limit)?;
        let mut left = Octets::new(left, position);
        let mut previous = FIRST_PREVIOUS;
        while !left.is_empty() {
            let mut behind = left.as_slice();
            let header = match Framer::new(left.start()).push(&mut behind) {
                Ok(Some(framing::Event::Header(header))) => header,
                Ok(_) => return None,
                Err(error) => return Some(Unframed::at(left.start(), error, false, position)),
            };
            let packet_type = header.packet_type;
            let is_open = matches!(header.length, Length::Partial { .. } | Length::Indeterminate);
            let is_likely = match Packet::is_data(packet_type) {
                true => is_likely(packet_type, behind, previous),
                // "An implementation MAY use Partial Body Lengths for data packets" only (RFC 9580 section 4.2.1.4).
                false => !is_open,
            };
            if !is_likely {
                let error = Error::new(ErrorKind::Implausible, header.octets.span());
                return Some(Unframed::at(left.start(), error, false, position));
            }
            left = match RawPacket::parse_prefix(left) {
                Ok((_, rest)) => rest,
                // What there is of it is told.
                Err(_) if Packet::is_data(packet_type) => return None,
                Err(error) => return Some(Unframed::at(left.start(), error, true, position)),
            };
            previous = packet_type;
        }
        None
    }
}

impl Read for Resumed<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        match self.octets.get(self.start..) {
            Some(octets) if !octets.is_empty() => {
                let count = octets.len().min(out.len());
                out[..count].copy_from_slice(&octets[..count]);
                self.start += count;
                Ok(count)
            }
            _ => self.input.read(out),
        }
    }
}

/// Reads as much as there is, up to `out`'s length, and tells whether that was the end.
pub(super) fn fill(input: &mut dyn Read, out: &mut Vec<u8>, most: usize) -> Result<bool, Stop> {
    let wanted = most.saturating_sub(out.len()) as u64;
    let read = input.take(wanted).read_to_end(out).map_err(Stop::Input)?;
    Ok((read as u64) < wanted)
}

/// What is wrong with the start of an input that goes on behind `octets`, or ends there, if they are nothing that a file starts
/// with, but there is a packet further on that makes sense.
pub(super) fn error_in_front_of_packet(octets: &[u8], is_end: bool) -> Option<Error> {
    let octets = Octets::from(octets);
    let error =
        RawPacket::parse_prefix(octets).err().filter(|error| matches!(error.kind(), ErrorKind::NotAPacket { .. }))?;
    let is_nothing = container::parts(octets.as_slice()).all(|part| matches!(part, Part::Skipped(_)));
    recover::find(octets, is_end).filter(|_| is_nothing).map(|_| error)
}

/// What is taken to precede the first packet: nothing is known of it, so that any packet may follow.
const FIRST_PREVIOUS: PacketType = PacketType::SYMMETRIC_KEY_ENCRYPTED_SESSION_KEY;

/// Whether a data packet, which follows one of type `previous`, looks like one, so far as that can be told from what is behind
/// its header.
fn is_likely(packet_type: PacketType, behind: &[u8], previous: PacketType) -> bool {
    let session_keys = [PacketType::PUBLIC_KEY_ENCRYPTED_SESSION_KEY, PacketType::SYMMETRIC_KEY_ENCRYPTED_SESSION_KEY];
    let follows_key = session_keys.contains(&previous) || previous == PacketType::MARKER;
    let is_encrypted = packet_type == PacketType::SYMMETRICALLY_ENCRYPTED_DATA && follows_key;
    // One that ends early may be anything.
    let start = behind.get(..LONGEST_FIELDS).map(Octets::from);
    is_encrypted || start.is_none_or(|start| recover::makes_sense(packet_type, start))
}

impl<R: Renderer + ?Sized> Report<'_, '_, R> {
    /// Tells of the packets of `input`, whose first octet is at `start`, and of all that is none of them.
    pub(super) fn packets(&mut self, input: &mut dyn Read, start: u64) -> Result<(), Stop> {
        match self.framed(input, start)? {
            Some(unframed) => self.unframed(unframed, input),
            None => Ok(()),
        }
    }

    /// Tells of what framing left, which goes on with `input`.
    pub(super) fn unframed(&mut self, unframed: Unframed, input: &mut dyn Read) -> Result<(), Stop> {
        self.in_octets(unframed.position, |report, level| report.unframed_at(unframed, input, level))
    }

    fn unframed_at(&mut self, unframed: Unframed, input: &mut dyn Read, level: Level) -> Result<(), Stop> {
        let mut input = Resumed { octets: Zeroizing::default(), start: 0, input, has_ended: false };
        let mut next = Some(unframed);
        while let Some(unframed) = next.take() {
            let Unframed { position, octets, error, follows_packets, is_cut_short } = unframed;
            input.again(octets);
            input.has_ended |= is_cut_short;
            if !self.options.recovers {
                return self.remainder(&mut input, position, error, follows_packets, level);
            }
            if let Some(position) = self.recover(&mut input, position, error, level)? {
                next = self.framed_again(&mut input, position)?;
            }
        }
        Ok(())
    }

    /// Tells of packets behind octets that are none.
    fn framed_again(&mut self, input: &mut Resumed<'_>, start: u64) -> Result<Option<Unframed>, Stop> {
        let Some(unframed) = input.stop(start, self.spent.limits().packet) else {
            return self.framed(input, start);
        };
        self.framed(&mut input.take(unframed.position - start), start).map(|early| early.or(Some(unframed)))
    }

    /// Tells of packets as long as there are any.
    pub(super) fn framed(&mut self, input: &mut dyn Read, start: u64) -> Result<Option<Unframed>, Stop> {
        let screen = self.screen;
        self.in_octets(start, |report, level| match level {
            Some(level) => report.framed_at(&mut Tap { input, screen, level }, start, Some(level)),
            None => report.framed_at(input, start, None),
        })
    }

    fn framed_at(&mut self, input: &mut dyn Read, start: u64, level: Level) -> Result<Option<Unframed>, Stop> {
        let limits = Limits { packet: self.spent.limits().packet };
        let mut reader = PacketReader::with_limits(input, limits).at(start);
        let mut previous = FIRST_PREVIOUS;
        loop {
            match reader.next_packet() {
                Ok(None) => return Ok(None),
                Ok(Some(StreamedPacket::Whole(ref raw))) => {
                    previous = raw.packet_type();
                    self.count(raw.wire().span())?;
                    self.is_in_whole_packet = true;
                    told(inspect::packet(raw, self))?;
                    self.is_in_whole_packet = false;
                    self.passed(level, raw.wire().end(), None)?;
                }
                Ok(Some(StreamedPacket::Data(mut packet))) => {
                    let packet_type = packet.header().packet_type;
                    if self.options.recovers {
                        // However the input comes, it is judged by the same octets.
                        packet.look_ahead(LONGEST_FIELDS).map_err(Stop::Input)?;
                        if !is_likely(packet_type, packet.unread().as_slice(), previous) {
                            return Ok(Some(Unframed::of(&packet, start)));
                        }
                    }
                    previous = packet_type;
                    self.count(packet.header().octets.span())?;
                    let is_whole = self.data_packet(&mut packet, level)?;
                    self.passed(level, packet.position(), None)?;
                    if !is_whole {
                        return Ok(None);
                    }
                }
                Err(ReadError::TooLarge { header, limit }) => {
                    let octets = header.octets.as_octets();
                    self.count(octets.span())?;
                    let (packet_type, length) = (header.packet_type, header.length);
                    let body_length = length.of_body().map(u64::from);
                    let frame = Frame { packet_type, length, octets, body_length, end: None };
                    let error = Error::new(ErrorKind::OverLimit { of: PACKET, limit: limit as u64 }, octets.span());
                    for event in [Event::Packet(frame), Event::Error(error)] {
                        told(self.event(event))?;
                    }
                    let passed = self.pass_over(&mut reader, level)?;
                    told(self.event(Event::Close))?;
                    self.passed(level, reader.position(), None)?;
                    if let Err(error) = passed {
                        return self.stopped(&reader, error, start, level);
                    }
                }
                Err(ReadError::Malformed(error)) => return self.stopped(&reader, error, start, level),
                Err(ReadError::Io(error)) => return Err(Stop::Input(error)),
                Err(error) => return Err(Stop::Input(error.into())),
            }
        }
    }

    /// Tells of the octets of a packet that is too large, if they are wanted. What is wrong with it is the inner error.
    fn pass_over<I: Read>(&mut self, reader: &mut PacketReader<I>, level: Level) -> Result<Result<(), Error>, Stop> {
        while level.is_some() {
            let is_more = reader.pass_over_too_large();
            self.passed(level, reader.position(), Some(NOT_READ))?;
            match is_more {
                Ok(true) => {}
                Ok(false) => break,
                Err(ReadError::Malformed(error)) => return Ok(Err(error)),
                Err(error) => return Err(Stop::Input(error.into())),
            }
        }
        Ok(Ok(()))
    }

    /// What is there of a packet that is cut short was read and is told; the rest is left to others.
    fn stopped<I: Read>(
        &mut self,
        reader: &PacketReader<I>,
        error: Error,
        start: u64,
        level: Level,
    ) -> Result<Option<Unframed>, Stop> {
        let held = reader.cut_short();
        let is_cut_short = !held.is_empty();
        if is_cut_short && !self.options.recovers {
            told(inspect::remainder(held, error, self))?;
            return self.passed(level, held.end(), None).map(|()| None);
        }
        let octets = if is_cut_short { held } else { reader.unread() };
        let (position, octets) = (octets.start(), Zeroizing::new(octets.as_slice().to_vec()));
        Ok(Some(Unframed { position, octets, error, is_cut_short, follows_packets: position > start }))
    }

    /// A packet was read.
    fn count(&mut self, span: Span) -> Result<(), Stop> {
        match self.spent.packet() {
            Ok(()) => Ok(()),
            Err(limit) => self.over_limit(PACKETS, limit, span),
        }
    }

    /// Tells of a data packet and of what is in it. It is `false` if the input ends inside of the packet.
    fn data_packet<I: Read>(&mut self, packet: &mut DataPacket<'_, I>, level: Level) -> Result<bool, Stop> {
        let payload = match inspect::data_packet(packet, self).map_err(Stop::Input)? {
            ControlFlow::Continue(Some(payload)) => payload,
            ControlFlow::Continue(None) => return Ok(!packet.is_cut_short()),
            ControlFlow::Break(stop) => return Err(stop),
        };
        self.passed(level, packet.position(), None)?;
        let name = payload.name();
        if let Some(algorithm) = payload.compression().filter(|_| self.opens()) {
            self.contents(algorithm, packet, name, level)?;
        }
        let finished = if self.screen.borrow().takes_payloads() {
            payload.finish_in_pieces(packet, self, |report, octets, position| {
                report.screen.borrow_mut().payload(octets);
                report.passing(level, position, name)
            })
        } else {
            payload.finish(packet, self)
        };
        told(finished.map_err(Stop::Input)?)?;
        Ok(!packet.is_cut_short())
    }

    /// Whether compressed packets are to be opened, and the innermost packet is one to be.
    fn opens(&self) -> bool {
        !self.options.stays_outside && self.screen.borrow().opens()
    }

    /// Tells of the packets that are compressed in a packet.
    fn contents<I: Read>(
        &mut self,
        algorithm: CompressionAlgorithm,
        packet: &mut DataPacket<'_, I>,
        name: &'static str,
        level: Level,
    ) -> Result<(), Stop> {
        let start = packet.position();
        let here = packet.header().octets.span();
        let (spent, screen) = (self.spent, self.screen);
        let mut input = Passing { packet, screen, level, name };
        let Some(mut contents) = Contents::new(algorithm, &mut input, spent) else { return Ok(()) };
        let limit = spent.limits().depth;
        if self.depth() >= limit {
            return told(self.event(Event::Error(Error::new(ErrorKind::OverLimit { of: LEVELS, limit }, here))));
        }
        told(self.event(Event::Decompressed(algorithm)))?;
        let space = Space::Compressed(algorithm, here.start);
        self.within(space, |report| report.packets(&mut contents, 0))?;
        told(self.event(Event::Close))?;
        let (end, left_over) = contents.finish(|octets| screen.borrow_mut().payload(octets));
        if !matches!(end, End::Good) {
            self.leaves_unread();
        }
        let position = packet.position();
        let (kind, end) = match end {
            End::Good if left_over == 0 => return Ok(()),
            // Where the packet has no length, what follows is not of it, such as the digest of what is encrypted.
            End::Good if packet.header().length == Length::Indeterminate => {
                self.note(Place::octet(here.start), format_args!("{left_over} octets behind the compressed data"));
                return Ok(());
            }
            End::Good => {
                let span = Span { start: position.saturating_sub(left_over), end: position };
                let error = Error::new(ErrorKind::Trailing { count: left_over }, span);
                return told(self.event(Event::Error(error)));
            }
            End::CutShort => (ErrorKind::CompressedDataCutShort, position),
            // How far it was read depends on how it came.
            End::Damaged => (ErrorKind::NotCompressed, start),
            End::OverLimit(limit) => (ErrorKind::OverLimit { of: DECOMPRESSED, limit }, start),
            // The packet is cut short, which will be told, or out of reach.
            End::Unreadable(error) => match error.get_ref().is_some_and(|inner| inner.is::<ReadError>()) {
                true => return Ok(()),
                false => return Err(Stop::Input(error)),
            },
        };
        told(self.event(Event::Error(Error::new(kind, Span { start, end }))))
    }

    /// Tells of octets to the end of the input that are no packet.
    fn remainder(
        &mut self,
        input: &mut Resumed<'_>,
        start: u64,
        error: Error,
        follows_packets: bool,
        level: Level,
    ) -> Result<(), Stop> {
        let mut first = Zeroizing::new(Vec::with_capacity(SHOWN));
        fill(input, &mut first, SHOWN)?;
        let mut leftover = Leftover::at(start);
        leftover.push(&first);
        self.no_packet(level, start, &first)?;
        let mut piece = Zeroizing::new(vec![0; WINDOW]);
        loop {
            match input.read(&mut piece) {
                Ok(0) => break,
                Ok(count) => {
                    self.screen.borrow_mut().payload(&piece[..count]);
                    self.no_packet(level, leftover.span().end, &piece[..count])?;
                    leftover.push(&piece[..count]);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(Stop::Input(error)),
            }
        }
        let span = leftover.span();
        if span.is_empty() {
            // Only the header of a packet was there, which was told, or there is nothing but the error.
            return told(self.event(Event::Error(error)));
        }
        let error = if follows_packets { leftover.explain(error) } else { error };
        self.not_packets(span, Octets::new(&first, start), error)
    }

    /// Tells of octets that are no packet, the first of which are given.
    pub(super) fn not_packets(&mut self, span: Span, octets: Octets<'_>, error: Error) -> Result<(), Stop> {
        let remainder = Event::Remainder(Remainder { span, ..octets.into() });
        for event in [remainder, Event::Error(error), Event::Close] {
            told(self.event(event))?;
        }
        Ok(())
    }

    /// Looks for the next packet that makes sense, and tells of what is in front of it. Returns its position, where `input`
    /// then goes on.
    fn recover(
        &mut self,
        input: &mut Resumed<'_>,
        start: u64,
        error: Error,
        level: Level,
    ) -> Result<Option<u64>, Stop> {
        let mut first = Zeroizing::new(Vec::with_capacity(SHOWN));
        let mut position = start;
        loop {
            let window = input.window()?;
            let is_end = window.len() < WINDOW;
            // What starts the octets is what is wrong.
            let octets = Octets::new(window, position);
            let skipped = usize::from(position == start);
            let searched = octets.split_at(skipped).map_or(octets, |(_, rest)| rest);
            let found = recover::find(searched, is_end);
            let kept = found.map_or(if is_end { 0 } else { OVERLAP }, Octets::len);
            if is_end && found.is_none() && position == start && matches!(error.kind(), ErrorKind::Truncated { .. }) {
                // Nothing is known that the packet which is cut short could have swallowed.
                self.in_memory(octets, |report| told(inspect::remainder(octets, error, report)))?;
                return Ok(None);
            }
            let passed = &window[..window.len().saturating_sub(kept)];
            let room = SHOWN - first.len();
            first.extend_from_slice(&passed[..passed.len().min(room)]);
            self.no_packet(level, position, passed)?;
            let (count, is_found) = (passed.len(), found.is_some());
            position += count as u64;
            input.start += count;
            if is_found || is_end {
                let span = Span { start, end: position };
                self.not_packets(span, Octets::new(&first, start), error)?;
                return Ok(is_found.then_some(position));
            }
        }
    }
}
