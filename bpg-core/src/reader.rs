//! Packets out of a [`Read`], one after another, in memory that does not grow with the input.
//!
//! A [`PacketReader`] frames what it reads as [`framing::packets`](crate::framing::packets) frames what is in memory: same
//! packets, same positions, same errors. Packets that are small by nature, such as keys, signatures and user IDs, are held in
//! memory one at a time and interpreted there. The payload of a data packet may be of any size, so it is for the caller to
//! read, as far as it is wanted.
//!
//! ```
//! use bpg_core::packet::Packet;
//! use bpg_core::reader::{PacketReader, StreamedPacket};
//! use bpg_core::registry::PacketType;
//! use std::io::{self, Read};
//!
//! # // A marker, and literal data in two chunks.
//! # let socket = &b"\xca\x03PGP\xcb\xe3b\x00\0\0\0\0Hi\x03 Bo"[..];
//! // Anything to read from, such as a socket.
//! let mut packets = PacketReader::new(socket);
//! let mut message = Vec::new();
//! while let Some(packet) = packets.next_packet()? {
//!     match packet {
//!         StreamedPacket::Whole(raw) => match raw.interpret()? {
//!             Packet::UserId(user_id) => println!("{:?}", user_id.text()),
//!             _ => println!("{:?} at octet {}", raw.packet_type(), raw.wire().start()),
//!         },
//!         StreamedPacket::Data(mut data) if data.header().packet_type == PacketType::LITERAL_DATA => {
//!             // In front of the payload: a format, a file name behind its length, a date of four octets (RFC 9580
//!             // section 5.9).
//!             let [mut format, mut name_length] = [[0]; 2];
//!             data.read_exact(&mut format)?;
//!             data.read_exact(&mut name_length)?;
//!             let name_and_date = u64::from(name_length[0]) + 4;
//!             io::copy(&mut data.by_ref().take(name_and_date), &mut io::sink())?;
//!             io::copy(&mut data, &mut message)?;
//!         }
//!         // What is not read is passed over.
//!         StreamedPacket::Data(_) => {}
//!     }
//! }
//! assert_eq!(message, b"Hi Bo");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use core::fmt;
use core::ops::Range;
use std::io::{self, Read};
use std::vec;
use std::vec::Vec;

use crate::error::{Error, ErrorKind};
use crate::framing::{Event, Frame, Framer, Header, HeaderOctets, RawPacket};
use crate::octets::{Octets, u64_from};
use crate::packet::Packet;
use crate::secret::Wiped;

/// How many octets are read at once, but for the first time.
const BUFFER: usize = 64 * 1024;

/// The memory that is made first, for what is read and for the packet that is held: most packets fit, and many an input.
const FIRST: usize = 4 * 1024;

/// Reads packets: see the [module](self).
///
/// What it reads ahead and what it holds of packets may be secret, so it is wiped when it is dropped, and when it has to move
/// to larger memory.
pub struct PacketReader<R> {
    source: Source<R>,
    held: Held,
    state: State,
    /// How many octets of the body were read of the data packet that the reader is in, or was in last.
    body_read: u64,
    /// Whether the input ended inside of that.
    is_cut_short: bool,
}

/// How much of the input is held in memory at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most octets that a packet which is held in memory has, with its header and all chunk headers; 16 MiB by default.
    ///
    /// A packet of indeterminate or partial length goes on for as long as whoever sends it wants it to. Without a limit,
    /// endless octets that claim to be a user ID would fill all memory. A length alone does not: memory is made for octets
    /// that are there, and only they count.
    pub packet: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { packet: 16 * 1024 * 1024 }
    }
}

/// A packet that was read.
pub enum StreamedPacket<'r, R> {
    /// A packet in memory. Positions count from the start of all that was read.
    Whole(RawPacket<'r>),
    /// A data packet: compressed, encrypted or literal data.
    Data(DataPacket<'r, R>),
}

/// A data packet, which reads as its body, without chunk headers: the fields in front of the payload, then the payload.
///
/// What the caller leaves of it, [`PacketReader::next_packet`] passes over. If the input ends inside of the packet, reading
/// fails with [`io::ErrorKind::UnexpectedEof`] and a [`ReadError`] inside.
pub struct DataPacket<'r, R> {
    reader: &'r mut PacketReader<R>,
    header: Header,
}

/// Why a packet cannot be had.
#[derive(Debug)]
#[non_exhaustive]
pub enum ReadError {
    /// Reading failed. Whoever can mend that may go on; nothing is lost.
    Io(io::Error),
    /// The input is malformed. Nothing follows.
    Malformed(Error),
    /// A packet is larger than [`Limits::packet`]. The next call goes on behind it.
    TooLarge {
        /// The header of the packet.
        header: Header,
        /// The limit, in octets.
        limit: usize,
    },
}

/// Where the reader is.
#[derive(Clone, Copy, Debug)]
enum State {
    /// Between packets.
    Between,
    /// In a packet that is put together.
    Holding(Header),
    /// In a packet whose octets are not held: a data packet, or one that is too large.
    Passing,
    /// In a packet that was put together when the input ended.
    CutShort(Header),
    /// In the header of a packet when the input ended, or where no packet starts.
    CutHeader,
    /// Behind everything, or behind what is malformed.
    Done,
}

/// What was found to give out, before anything is borrowed.
enum Found {
    Held(Header),
    Data(Header),
}

impl<R: Read> PacketReader<R> {
    /// Packets from `input`, whose first octet is at position 0, with the default [`Limits`].
    ///
    /// It reads in pieces of up to 64 KiB, so a buffer around `input` is of no use.
    #[must_use]
    pub fn new(input: R) -> Self {
        Self::with_limits(input, Limits::default())
    }

    /// [`new`](Self::new), with limits of the caller's.
    #[must_use]
    pub fn with_limits(input: R, limits: Limits) -> Self {
        let held = Held { octets: Wiped::default(), limit: limits.packet };
        Self { source: Source::new(input), held, state: State::Between, body_read: 0, is_cut_short: false }
    }

    /// Counts positions from `position` on, which is that of the first octet of the input. To be called before anything is
    /// read.
    #[must_use]
    pub fn at(mut self, position: u64) -> Self {
        self.source.framer = Framer::new(position);
        self.source.position = position;
        self
    }

    /// The next packet, `None` behind the last one and behind malformed input.
    ///
    /// # Errors
    ///
    /// [`ReadError::Malformed`] with the error of framing, [`ReadError::TooLarge`], and [`ReadError::Io`] for any error of
    /// the input but [`io::ErrorKind::Interrupted`]. After the latter two the next call goes on.
    pub fn next_packet(&mut self) -> Result<Option<StreamedPacket<'_, R>>, ReadError> {
        if matches!(self.state, State::Between)
            && let Some(whole) = self.source.whole(self.held.limit)
        {
            let wire = Octets::new(self.source.octets(whole.range), whole.start);
            return Ok(Some(StreamedPacket::Whole(whole.frame.packet(wire))));
        }
        Ok(match self.find()? {
            Some(Found::Held(header)) => Some(StreamedPacket::Whole(self.held.packet(&header))),
            Some(Found::Data(header)) => Some(StreamedPacket::Data(DataPacket { reader: self, header })),
            None => None,
        })
    }

    fn find(&mut self) -> Result<Option<Found>, ReadError> {
        while !matches!(self.state, State::Done | State::CutShort(_) | State::CutHeader) {
            let step = self.source.step(usize::MAX);
            if matches!(step, Ok(None) | Err(ReadError::Malformed(_))) {
                self.state = match self.state {
                    State::Holding(header) => {
                        // The header of a chunk may be cut, too.
                        self.held.extend(self.source.framer.unfinished_header().as_slice());
                        State::CutShort(header)
                    }
                    State::Between => State::CutHeader,
                    _ => State::Done,
                };
            }
            let Some(step) = step? else { break };
            if let Some(found) = self.follow(step)? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    fn follow(&mut self, step: Step) -> Result<Option<Found>, ReadError> {
        match (self.state, step) {
            (_, Step::Header(header)) if Packet::is_data(header.packet_type) => {
                (self.state, self.body_read) = (State::Passing, 0);
                return Ok(Some(Found::Data(header)));
            }
            (_, Step::Header(header)) => {
                self.state = State::Holding(header);
                self.held.octets.clear();
                self.hold_header(&header, &header.octets)?;
            }
            (State::Holding(header), Step::Chunk(octets)) => self.hold_header(&header, &octets)?,
            (State::Holding(header), Step::Body(range)) => {
                let is_held = self.held.extend(self.source.octets(range));
                self.or_too_large(&header, is_held)?;
            }
            (State::Holding(header), Step::End) => {
                self.state = State::Between;
                return Ok(Some(Found::Held(header)));
            }
            (_, Step::End) => self.state = State::Between,
            (_, Step::Chunk(_) | Step::Body(_)) => {}
        }
        Ok(None)
    }

    /// Holds the octets of a header of `packet`, its own or that of a chunk.
    fn hold_header(&mut self, packet: &Header, octets: &HeaderOctets) -> Result<(), ReadError> {
        let is_held = self.held.extend(octets.as_octets().as_slice());
        self.or_too_large(packet, is_held)
    }

    fn or_too_large(&mut self, packet: &Header, is_held: bool) -> Result<(), ReadError> {
        if is_held {
            return Ok(());
        }
        self.state = State::Passing;
        Err(ReadError::TooLarge { header: *packet, limit: self.held.limit })
    }

    /// Reads octets of the body of the data packet that the reader is in, 0 at its end.
    fn read_body(&mut self, out: &mut [u8]) -> Result<usize, ReadError> {
        while matches!(self.state, State::Passing) && !out.is_empty() {
            match self.body_step(out.len())? {
                Some(Step::Body(range)) => {
                    let octets = self.source.octets(range);
                    if let Some(out) = out.get_mut(..octets.len()) {
                        out.copy_from_slice(octets);
                    }
                    self.body_read = self.body_read.saturating_add(u64_from(octets.len()));
                    return Ok(octets.len());
                }
                Some(Step::End) | None => self.state = State::Between,
                // A header does not come in front of the end.
                Some(Step::Chunk(_) | Step::Header(_)) => {}
            }
        }
        Ok(0)
    }

    /// Passes over what is left of the body of the data packet that the reader is in.
    fn pass_over(&mut self) -> Result<(), ReadError> {
        while self.pass_over_piece()? {}
        Ok(())
    }

    /// Passes over a piece of the body of the data packet that the reader is in, or is `false` at its end.
    fn pass_over_piece(&mut self) -> Result<bool, ReadError> {
        if matches!(self.state, State::Passing) {
            match self.body_step(usize::MAX)? {
                Some(Step::Body(range)) => self.body_read = self.body_read.saturating_add(u64_from(range.len())),
                Some(Step::End) | None => self.state = State::Between,
                Some(Step::Chunk(_) | Step::Header(_)) => {}
            }
        }
        Ok(matches!(self.state, State::Passing))
    }

    fn body_step(&mut self, most: usize) -> Result<Option<Step>, ReadError> {
        let step = self.source.step(most);
        self.is_cut_short = matches!(step, Err(ReadError::Malformed(_)));
        step
    }

    /// The position behind the octet that was framed last.
    #[must_use]
    pub const fn position(&self) -> u64 {
        self.source.position
    }

    /// Behind [`ReadError::TooLarge`], passes over a piece of that packet, which [`next_packet`](Self::next_packet) would do
    /// to its end: at most as much as is read from the input at once. It is `false` at the end of the packet.
    ///
    /// # Errors
    ///
    /// As [`next_packet`](Self::next_packet).
    pub fn pass_over_too_large(&mut self) -> Result<bool, ReadError> {
        let result = self.pass_over_piece();
        if matches!(result, Err(ReadError::Malformed(_))) {
            self.state = State::Done;
        }
        result
    }

    /// Behind [`ReadError::Malformed`], what is there of the packet that the input ends inside of, from its first octet on.
    /// Of a data packet, whose octets are not held, that is nothing; nor is it where no packet starts.
    #[must_use]
    pub fn cut_short(&self) -> Octets<'_> {
        match self.state {
            State::CutShort(header) => Octets::new(&self.held.octets, header.octets.span().start),
            State::CutHeader => self.source.framer.unfinished_header(),
            _ => Octets::new(&[], self.source.position),
        }
    }

    /// The octets that were read from the input and are not framed yet; behind [`ReadError::Malformed`], where framing
    /// failed. What follows them can be read from
    /// [`into_input`](Self::into_input).
    #[must_use]
    pub fn unread(&self) -> Octets<'_> {
        Octets::new(self.source.octets(self.source.unread.clone()), self.source.position)
    }

    /// The input, which goes on behind [`unread`](Self::unread).
    #[must_use]
    pub fn into_input(self) -> R {
        self.source.input
    }
}

/// Shows no octet of the input.
impl<R> fmt::Debug for PacketReader<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PacketReader").field("state", &self.state).finish_non_exhaustive()
    }
}

/// Shows no octet of the input.
impl<R> fmt::Debug for StreamedPacket<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole(packet) => packet.fmt(f),
            Self::Data(packet) => packet.fmt(f),
        }
    }
}

impl<R> DataPacket<'_, R> {
    /// The header, with the type, the length as it is encoded and the place of the packet.
    #[must_use]
    pub const fn header(&self) -> &Header {
        &self.header
    }

    /// The position behind the octet that was read last.
    #[must_use]
    pub const fn position(&self) -> u64 {
        self.reader.source.position
    }

    /// The octets that were read ahead, from where the reader is. They may go on behind the packet, and hold the headers of
    /// chunks.
    #[must_use]
    pub fn unread(&self) -> Octets<'_> {
        let source = &self.reader.source;
        Octets::new(source.piece.get(source.unread.clone()).unwrap_or_default(), source.position)
    }

    /// Reads ahead until there are `count` octets that are [`unread`](Self::unread), at most 64 KiB, or the input ends.
    ///
    /// # Errors
    ///
    /// Those of the input.
    pub fn look_ahead(&mut self, count: usize) -> io::Result<()>
    where
        R: Read,
    {
        self.reader.source.look_ahead(count)
    }

    /// Whether reading failed because the input ends inside of the packet.
    #[must_use]
    pub const fn is_cut_short(&self) -> bool {
        self.reader.is_cut_short
    }

    /// How many octets of the body were read so far, without chunk headers.
    #[must_use]
    pub const fn body_read(&self) -> u64 {
        self.reader.body_read
    }
}

impl<R: Read> DataPacket<'_, R> {
    /// Reads what is left of the packet without giving it to anybody.
    ///
    /// # Errors
    ///
    /// As reading it.
    pub fn pass_over(&mut self) -> io::Result<()> {
        Ok(self.reader.pass_over()?)
    }
}

impl<R: Read> Read for DataPacket<'_, R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        Ok(self.reader.read_body(out)?)
    }
}

/// Shows no octet of the input.
impl<R> fmt::Debug for DataPacket<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DataPacket").field("header", &self.header).finish_non_exhaustive()
    }
}

/// The input, a piece at a time.
struct Source<R> {
    input: R,
    piece: Wiped<Vec<u8>>,
    /// The octets of the piece that are not framed yet.
    unread: Range<usize>,
    framer: Framer,
    /// The position behind what was framed last.
    position: u64,
    has_ended: bool,
}

/// A packet that is in the piece, before anything is borrowed.
struct Whole {
    range: Range<usize>,
    start: u64,
    frame: Frame,
}

/// An [`Event`] that borrows nothing: octets are given as their place in the piece.
enum Step {
    Header(Header),
    Chunk(HeaderOctets),
    Body(Range<usize>),
    End,
}

impl<R: Read> Source<R> {
    fn new(input: R) -> Self {
        let piece = Wiped::from(vec![0; FIRST]);
        Self { input, piece, unread: 0..0, framer: Framer::new(0), position: 0, has_ended: false }
    }

    /// The next packet, if it is not to be streamed and all of it is in the piece, in no more than `limit` octets. Most are,
    /// and need not be put together.
    fn whole(&mut self, limit: usize) -> Option<Whole> {
        if !self.framer.is_between() {
            return None;
        }
        let unread = self.piece.get(self.unread.clone())?;
        let frame = Frame::of_whole(unread)?;
        if Packet::is_data(frame.packet_type()) || frame.len() > limit {
            return None;
        }
        let (start, first) = (self.position, self.unread.start);
        self.unread.start = first.saturating_add(frame.len());
        self.position = start.saturating_add(u64_from(frame.len()));
        self.framer = Framer::new(self.position);
        Some(Whole { range: first..self.unread.start, start, frame })
    }

    /// What is next, with at most `most` octets of a body, or `None` at the end of the input.
    fn step(&mut self, most: usize) -> Result<Option<Step>, ReadError> {
        loop {
            let unread = self.piece.get(self.unread.clone()).unwrap_or_default();
            let given = unread.get(..most).unwrap_or(unread);
            let mut left = given;
            let event = self.framer.push(&mut left);
            let taken = given.len().saturating_sub(left.len());
            self.unread.start = self.unread.start.saturating_add(taken);
            self.position = self.position.saturating_add(u64_from(taken));
            if let Some(event) = event? {
                return Ok(Some(Step::of(event, self.unread.start)));
            }
            if self.unread.is_empty() && !self.fill()? {
                let event = self.framer.finish()?;
                return Ok(event.map(|event| Step::of(event, self.unread.start)));
            }
        }
    }

    /// Reads the next piece where everything is framed, `false` if there is none.
    fn fill(&mut self) -> io::Result<bool> {
        // A piece that was full is hardly the last one.
        if self.unread.end >= FIRST {
            self.enlarge();
        }
        self.look_ahead(1)?;
        Ok(!self.unread.is_empty())
    }

    /// Reads more behind what is not framed yet, until there is so much or the input ends.
    fn look_ahead(&mut self, count: usize) -> io::Result<()> {
        let count = count.min(BUFFER);
        if self.piece.len() < count {
            self.enlarge();
        }
        while self.unread.len() < count && !self.has_ended {
            let length = self.unread.len();
            self.piece.copy_within(self.unread.clone(), 0);
            self.unread = 0..length;
            match self.input.read(self.piece.get_mut(length..).unwrap_or_default()) {
                Ok(0) => self.has_ended = true,
                Ok(count) => self.unread.end = length.saturating_add(count).min(self.piece.len()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn enlarge(&mut self) {
        if self.piece.len() < BUFFER {
            self.piece.resize(BUFFER, 0);
        }
    }

    fn octets(&self, range: Range<usize>) -> &[u8] {
        self.piece.get(range).unwrap_or_default()
    }
}

impl Step {
    /// An event whose octets end at `end` of the piece.
    fn of(event: Event<'_>, end: usize) -> Self {
        match event {
            Event::Header(header) => Self::Header(header),
            Event::ChunkHeader { octets, .. } => Self::Chunk(octets),
            Event::Body(octets) => Self::Body(end.saturating_sub(octets.len())..end),
            Event::End { .. } => Self::End,
        }
    }
}

/// The packet that is held in memory, in memory that the next one takes over.
struct Held {
    octets: Wiped<Vec<u8>>,
    limit: usize,
}

impl Held {
    /// Holds `octets`, too, or is `false` if they are too many.
    fn extend(&mut self, octets: &[u8]) -> bool {
        let needed = self.octets.len().saturating_add(octets.len());
        if needed > self.limit {
            return false;
        }
        hold(&mut self.octets, octets, self.limit);
        true
    }

    /// The packet with this header, which is complete.
    fn packet(&self, header: &Header) -> RawPacket<'_> {
        let wire = Octets::new(&self.octets, header.octets.as_octets().start());
        RawPacket::new(wire, header.packet_type, header.length)
    }
}

/// Holds `octets`, too, in memory that grows up to `limit` as long as that is enough.
pub(crate) fn hold(held: &mut Wiped<Vec<u8>>, octets: &[u8], limit: usize) {
    let needed = held.len().saturating_add(octets.len());
    if needed > held.capacity() {
        let comfortable = held.capacity().saturating_mul(2).max(FIRST).min(limit);
        held.reserve_exact(comfortable.max(needed).saturating_sub(held.len()));
    }
    held.extend_from_slice(octets);
}

impl From<io::Error> for ReadError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<Error> for ReadError {
    fn from(error: Error) -> Self {
        Self::Malformed(error)
    }
}

impl From<ReadError> for io::Error {
    fn from(error: ReadError) -> Self {
        let kind = match &error {
            ReadError::Malformed(error) if matches!(error.kind(), ErrorKind::Truncated { .. }) => {
                io::ErrorKind::UnexpectedEof
            }
            ReadError::Malformed(_) | ReadError::TooLarge { .. } => io::ErrorKind::InvalidData,
            ReadError::Io(_) => io::ErrorKind::Other,
        };
        match error {
            ReadError::Io(error) => error,
            error => Self::new(kind, error),
        }
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => error.fmt(f),
            Self::Malformed(error) => error.fmt(f),
            Self::TooLarge { header, limit } => {
                let (position, name) = (header.octets.span().start, header.packet_type.name().unwrap_or("packet"));
                write!(f, "at octet {position}: {name}: more than {limit} octets, which is the limit")
            }
        }
    }
}

impl core::error::Error for ReadError {
    /// An error of the input has its own causes; it is shown as it is.
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Io(error) => error.source(),
            Self::Malformed(_) | Self::TooLarge { .. } => None,
        }
    }
}
