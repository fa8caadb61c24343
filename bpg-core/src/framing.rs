//! Packet headers and the octets they delimit (RFC 9580 section 4.2).
//!
//! Framing never looks inside a body. It turns octets into [`RawPacket`]s, each of which knows its exact wire octets, so
//! that concatenating what was framed gives the input back.
//!
//! [`packets`] frames what is in memory. A [`Framer`] frames what comes in pieces, in no memory of its own.

#[cfg(feature = "alloc")]
mod buffer;
mod framer;

use core::iter::FusedIterator;
use core::num::NonZeroUsize;

#[cfg(feature = "alloc")]
pub use buffer::{PacketBuf, PacketFormat};
pub use framer::{Event, Framer, Header, HeaderOctets};

#[cfg(feature = "alloc")]
use alloc::{borrow::Cow, vec::Vec};

use crate::encode::{Encode, encode_as_received};
use crate::error::{BODY, Error, ErrorKind};
use crate::octets::{Octets, Span, in_memory, u64_from};
use crate::parse::{self, Fault, Parsed, Unsaid};
use crate::registry::PacketType;

/// The packets of `input`, one after another.
///
/// The iterator ends after its first error; [`Packets::remaining`] then gives the octets that were not framed, which
/// start with the packet that failed.
///
/// ```
/// // A User ID packet of one octet, and the first octets of another.
/// let mut packets = bpg_core::framing::packets(&[0xcd, 0x01, b'a', 0xcd, 0x05, b'b']);
/// assert_eq!(packets.next().unwrap().unwrap().wire().as_slice(), [0xcd, 0x01, b'a']);
/// let error = packets.next().unwrap().unwrap_err();
/// assert_eq!(error.to_string(), "at octet 5: User ID: body: need 5 octets, have 1");
/// assert!(packets.next().is_none());
/// assert_eq!(packets.remaining().as_slice(), [0xcd, 0x05, b'b']);
/// ```
#[must_use]
pub fn packets(input: &[u8]) -> Packets<'_> {
    Packets::new(Octets::from(input))
}

/// Iterates over packets: see [`packets`].
#[derive(Clone, Debug)]
pub struct Packets<'a> {
    input: Octets<'a>,
    failed: bool,
}

impl<'a> Packets<'a> {
    /// The packets of `input`, with positions counted from where `input` says it starts.
    #[must_use]
    pub const fn new(input: Octets<'a>) -> Self {
        Self { input, failed: false }
    }

    /// The octets that are not framed yet, or could not be.
    #[must_use]
    pub const fn remaining(&self) -> Octets<'a> {
        self.input
    }
}

impl Packets<'_> {
    /// Frames what does not frame, to say what is wrong, and ends.
    #[cold]
    fn fail(&mut self) -> Option<Error> {
        self.failed = true;
        RawPacket::parse_prefix(self.input).err()
    }
}

impl<'a> Iterator for Packets<'a> {
    type Item = Result<RawPacket<'a>, Error>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        if self.input.is_empty() || self.failed {
            return None;
        }
        let octets = self.input.as_slice();
        let Some(frame) = Frame::of_whole(octets).or_else(|| Frame::of_other(octets)) else {
            return self.fail().map(Err);
        };
        let (wire, rest) = self.input.split_at(frame.len())?;
        fetch_ahead(rest, frame.len());
        self.input = rest;
        Some(Ok(frame.packet(wire)))
    }
}

impl FusedIterator for Packets<'_> {}

/// How many octets are looked at ahead of packets at once.
const AHEAD: usize = 8 * 1024;
const BLOCK: u64 = u64_from(AHEAD);
/// How far apart these are: a line of a cache.
const STEP: usize = 64;

/// Looks at the octets of the next block where a packet, which has `length` octets, ends in another block than it starts in, so
/// that they are in the cache when they are read.
///
/// Each packet tells where the next one is, so that a walk over more packets than the cache holds waits for memory at each of
/// them. What is looked at in order, and much of it at once, processors fetch together.
#[inline]
fn fetch_ahead(rest: Octets<'_>, length: usize) {
    let position = rest.start();
    if position / BLOCK != position.wrapping_sub(u64_from(length)) / BLOCK {
        fetch_block(rest);
    }
}

#[inline(never)]
fn fetch_block(rest: Octets<'_>) {
    let left = AHEAD.wrapping_sub(usize::try_from(rest.start() % BLOCK).unwrap_or_default());
    let Some(ahead) = rest.as_slice().get(left..).and_then(|rest| rest.first_chunk::<AHEAD>()) else { return };
    let (lines, _) = ahead.as_chunks::<STEP>();
    // Each depends on the one before, as compilers put octets together for vector instructions otherwise.
    let seen = lines.iter().fold(0, |seen: u8, [octet, ..]| seen.rotate_left(1) ^ octet);
    // Nothing needs the octets, but without anybody who might they would not be looked at.
    core::hint::black_box(seen);
}

/// A packet as framed: its type, how its length is encoded, and all of its octets.
#[derive(Clone, Copy, Debug)]
pub struct RawPacket<'a> {
    wire: Octets<'a>,
    /// The number that the length octets encode, 0 if they encode none.
    count: u32,
    packet_type: PacketType,
    length_type: LengthType,
}

/// How the length is encoded. Apart from the number that it encodes, because a [`Length`] that is taken apart and put together
/// for each packet costs more than reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LengthType {
    Legacy1,
    Legacy2,
    Legacy4,
    Indeterminate,
    One,
    Two,
    Five,
    Partial,
}

impl LengthType {
    #[inline]
    const fn number(self) -> u8 {
        match self {
            Self::Legacy1 => 0,
            Self::Legacy2 => 1,
            Self::Legacy4 => 2,
            Self::Indeterminate => 3,
            Self::One => 4,
            Self::Two => 5,
            Self::Five => 6,
            Self::Partial => 7,
        }
    }

    #[inline]
    const fn of(number: u8) -> Self {
        match number {
            0 => Self::Legacy1,
            1 => Self::Legacy2,
            2 => Self::Legacy4,
            3 => Self::Indeterminate,
            4 => Self::One,
            5 => Self::Two,
            6 => Self::Five,
            _ => Self::Partial,
        }
    }

    /// How many octets the header has: the type octet and the length octets (RFC 9580 sections 4.2.1 and 4.2.2).
    #[inline]
    const fn header_length(self) -> usize {
        match self {
            Self::Indeterminate => 1,
            Self::Legacy1 | Self::One | Self::Partial => 2,
            Self::Legacy2 | Self::Two => 3,
            Self::Legacy4 => 5,
            Self::Five => 6,
        }
    }
}

/// Where a packet ends, and what its header tells.
///
/// It is two numbers, as these are handed over in registers. What is not, is written to memory and read again at once, in other
/// pieces, for which processors wait: that took longer than all of framing.
#[derive(Clone, Copy)]
pub(crate) struct Frame {
    /// How many octets the packet has.
    length: NonZeroUsize,
    /// The packet type, the length type and the number that the length octets encode.
    header: u64,
}

impl Frame {
    /// That of the packet that `input` starts with, if its header tells where it ends and all of it is there.
    #[inline(never)]
    pub(crate) fn of_whole(input: &[u8]) -> Option<Self> {
        let input = Octets::from(input);
        let (behind, (packet_type, length)) = packet_header::<Unsaid>(input).ok()?;
        let body = length.of_body()?;
        let frame = input.before(behind).len().checked_add(usize::try_from(body).ok()?)?;
        if frame > input.len() { None } else { Self::new(frame, packet_type, length.length_type(), body) }
    }

    /// That of the packet that `input` starts with, whatever its header tells.
    #[cold]
    fn of_other(input: &[u8]) -> Option<Self> {
        let (packet, _) = RawPacket::parse_prefix(Octets::from(input)).ok()?;
        Self::new(packet.wire.len(), packet.packet_type, packet.length_type, packet.count)
    }

    #[inline]
    fn new(length: usize, packet_type: PacketType, length_type: LengthType, count: u32) -> Option<Self> {
        let [a, b, c, d] = count.to_be_bytes();
        let header = u64::from_be_bytes([0, 0, packet_type.0, length_type.number(), a, b, c, d]);
        NonZeroUsize::new(length).map(|length| Self { length, header })
    }

    /// How many octets the packet has.
    #[inline]
    pub(crate) const fn len(self) -> usize {
        self.length.get()
    }

    /// The packet of these octets.
    #[inline]
    pub(crate) const fn packet(self, wire: Octets<'_>) -> RawPacket<'_> {
        let [_, _, _, length_type, a, b, c, d] = self.header.to_be_bytes();
        let (count, length_type) = (u32::from_be_bytes([a, b, c, d]), LengthType::of(length_type));
        RawPacket { wire, count, packet_type: self.packet_type(), length_type }
    }

    #[inline]
    pub(crate) const fn packet_type(self) -> PacketType {
        let [_, _, packet_type, ..] = self.header.to_be_bytes();
        PacketType(packet_type)
    }
}

impl<'a> RawPacket<'a> {
    /// Frames the first packet of `input` and returns it with the rest.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotAPacket`] if the first octet has bit 7 clear, [`ErrorKind::Truncated`] if the header or the body
    /// goes on behind the end of `input`.
    #[inline]
    pub fn parse_prefix(input: Octets<'a>) -> Result<(Self, Octets<'a>), Error> {
        let (after_header, (packet_type, length)) = packet_header::<Error>(input)?;
        let (rest, _) =
            body_region(after_header, length).map_err(|failure| within_body(parse::fault(failure), packet_type))?;
        Ok((Self::new(input.before(rest), packet_type, length), rest))
    }

    /// A packet of which is known how it is framed.
    #[inline]
    pub(crate) const fn new(wire: Octets<'a>, packet_type: PacketType, length: Length) -> Self {
        let count = match length.octets() {
            Some(count) => count,
            None => 0,
        };
        Self { wire, count, packet_type, length_type: length.length_type() }
    }

    /// What is there of a packet that goes on behind the end of `input`, and the length that its body should have. `None` if
    /// its header is not whole, and for partial lengths, which do not tell how much is missing.
    pub(crate) fn cut_short(input: Octets<'a>) -> Option<(Self, u64)> {
        let (region, (packet_type, length)) = packet_header::<Unsaid>(input).ok()?;
        let due = u64::from(length.of_body()?);
        (due > region.len_u64()).then_some((Self::new(input, packet_type, length), due))
    }

    /// The packet type ID.
    #[inline]
    #[must_use]
    pub const fn packet_type(&self) -> PacketType {
        self.packet_type
    }

    /// The packet's length as its header encodes it.
    #[inline]
    #[must_use]
    pub const fn length(&self) -> Length {
        let [.., high, low] = self.count.to_be_bytes();
        match self.length_type {
            LengthType::Legacy1 => Length::Legacy1(low),
            LengthType::Legacy2 => Length::Legacy2(u16::from_be_bytes([high, low])),
            LengthType::Legacy4 => Length::Legacy4(self.count),
            LengthType::Indeterminate => Length::Indeterminate,
            LengthType::One => Length::One(low),
            LengthType::Two => Length::Two(u16::from_be_bytes([high, low])),
            LengthType::Five => Length::Five(self.count),
            LengthType::Partial => Length::Partial { first: self.count },
        }
    }

    /// All octets of the packet: its header and its body with all chunk headers.
    #[inline]
    #[must_use]
    pub const fn wire(&self) -> Octets<'a> {
        self.wire
    }

    /// The type octet and the length octets that follow it, in the case of partial lengths those of the first chunk.
    #[inline]
    #[must_use]
    pub fn header(&self) -> Octets<'a> {
        self.wire.part(0, self.length_type.header_length())
    }

    /// The body.
    #[inline]
    #[must_use]
    pub fn body(&self) -> Body<'a> {
        Body { region: self.region(), first_chunk: self.is_partial().then_some(self.count) }
    }

    /// The octets behind the header, with the chunk headers between them.
    #[inline]
    fn region(&self) -> Octets<'a> {
        self.wire.behind(self.length_type.header_length())
    }

    /// Whether partial lengths divide the body.
    #[inline]
    const fn is_partial(&self) -> bool {
        matches!(self.length_type, LengthType::Partial)
    }

    /// The body, if it is in one piece: that of [`Body::contiguous`] in fewer steps.
    #[inline]
    pub(crate) fn contiguous(&self) -> Option<Octets<'a>> {
        if self.is_partial() { None } else { Some(self.region()) }
    }
}

/// A body's length as its packet's header encodes it (RFC 9580 sections 4.2.1 and 4.2.2), in octets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Length {
    /// Legacy format, length type 0: one octet.
    Legacy1(u8),
    /// Legacy format, length type 1: two octets.
    Legacy2(u16),
    /// Legacy format, length type 2: four octets.
    Legacy4(u32),
    /// Legacy format, length type 3: the body goes on to the end of the input.
    Indeterminate,
    /// OpenPGP format, one octet: 0 to 191.
    One(u8),
    /// OpenPGP format, two octets: 192 to 8383.
    Two(u16),
    /// OpenPGP format, five octets.
    Five(u32),
    /// OpenPGP format, partial lengths: the body comes in chunks, each behind a header of its own.
    Partial {
        /// The length of the first chunk, a power of two from 1 to 2³⁰.
        first: u32,
    },
}

impl Length {
    /// Whether the packet's header is in the legacy format, which earlier specifications call the old one.
    #[must_use]
    pub const fn is_legacy(self) -> bool {
        matches!(self, Self::Legacy1(_) | Self::Legacy2(_) | Self::Legacy4(_) | Self::Indeterminate)
    }

    /// Whether this is the shortest encoding of its length; indeterminate and partial lengths are not encodings of one.
    #[must_use]
    pub const fn is_minimal(self) -> bool {
        match self {
            Self::Legacy2(length) => length > 0xff,
            Self::Legacy4(length) => length > 0xffff,
            Self::Five(length) => length > 8383,
            Self::Legacy1(_) | Self::One(_) | Self::Two(_) | Self::Indeterminate | Self::Partial { .. } => true,
        }
    }

    /// The length of the body in octets, `None` if the header does not tell: in the case of partial lengths, and of an
    /// indeterminate one.
    #[must_use]
    pub const fn of_body(self) -> Option<u32> {
        match self {
            Self::Partial { .. } => None,
            _ => self.octets(),
        }
    }

    const fn length_type(self) -> LengthType {
        match self {
            Self::Legacy1(_) => LengthType::Legacy1,
            Self::Legacy2(_) => LengthType::Legacy2,
            Self::Legacy4(_) => LengthType::Legacy4,
            Self::Indeterminate => LengthType::Indeterminate,
            Self::One(_) => LengthType::One,
            Self::Two(_) => LengthType::Two,
            Self::Five(_) => LengthType::Five,
            Self::Partial { .. } => LengthType::Partial,
        }
    }

    /// The number of octets that follow this length in one piece, `None` if only the end of the input limits them.
    const fn octets(self) -> Option<u32> {
        match self {
            Self::Legacy1(length) | Self::One(length) => Some(u32_from(length, 0)),
            Self::Legacy2(length) | Self::Two(length) => {
                let [high, low] = length.to_be_bytes();
                Some(u32_from(low, high))
            }
            Self::Legacy4(length) | Self::Five(length) | Self::Partial { first: length } => Some(length),
            Self::Indeterminate => None,
        }
    }
}

const fn u32_from(low: u8, high: u8) -> u32 {
    u32::from_be_bytes([0, 0, high, low])
}

/// The type octet and the length behind it (RFC 9580 section 4.2).
#[inline]
fn packet_header<F: Fault>(input: Octets<'_>) -> Parsed<'_, (PacketType, Length), F> {
    let (after_tag, tag) = parse::u8(input)?;
    if tag & 0x80 == 0 {
        return Err(parse::fail(F::new(ErrorKind::NotAPacket { octet: tag }, input.before(after_tag).span())));
    }
    // Bit 6 tells the formats apart (RFC 9580 section 4.2).
    let (packet_type, length) = if tag & 0x40 == 0 {
        (PacketType(tag >> 2 & 0x0f), legacy_length(after_tag, tag & 0x03))
    } else {
        (PacketType(tag & 0x3f), openpgp_length(after_tag))
    };
    match length {
        Ok((rest, length)) => Ok((rest, (packet_type, length))),
        Err(failure) => Err(parse::fail(within_packet(parse::fault(failure), packet_type))),
    }
}

/// Whether octets start with the header of a packet that holds secret key material (RFC 9580 section 5.5.3): then they are
/// not to be shown, even if that is all that can be said of them.
#[must_use]
pub fn starts_secret(octets: Octets<'_>) -> bool {
    packet_header::<Unsaid>(octets).is_ok_and(|(_, (packet_type, _))| packet_type.is_secret())
}

/// The fault inside a packet of this type.
#[inline]
fn within_packet<F: Fault>(fault: F, packet_type: PacketType) -> F {
    fault.within(packet_type.name().unwrap_or("packet"))
}

/// The fault inside the body of a packet of this type.
#[inline]
fn within_body(fault: Error, packet_type: PacketType) -> Error {
    within_packet(fault.within(BODY), packet_type)
}

/// The four length types of the legacy format (RFC 9580 section 4.2.2).
#[inline]
fn legacy_length<F: Fault>(input: Octets<'_>, length_type: u8) -> Parsed<'_, Length, F> {
    let length = |input| match length_type {
        0 => parse::u8(input).map(|(rest, length)| (rest, Length::Legacy1(length))),
        1 => parse::u16(input).map(|(rest, length)| (rest, Length::Legacy2(length))),
        2 => parse::u32(input).map(|(rest, length)| (rest, Length::Legacy4(length))),
        _ => Ok((input, Length::Indeterminate)),
    };
    parse::named("length", length)(input)
}

/// RFC 9580 section 4.2.1: one, two or five octets, or a partial length.
#[inline]
fn openpgp_length<F: Fault>(input: Octets<'_>) -> Parsed<'_, Length, F> {
    let length = |input| {
        let (input, first) = parse::u8(input)?;
        match first {
            ..=191 => Ok((input, Length::One(first))),
            192..=223 => {
                let (input, second) = parse::u8(input)?;
                Ok((input, Length::Two(two_octet_length(first, second))))
            }
            224..=254 => Ok((input, Length::Partial { first: 1_u32.wrapping_shl(u32::from(first & 0x1f)) })),
            255 => parse::u32(input).map(|(input, length)| (input, Length::Five(length))),
        }
    };
    parse::named("length", length)(input)
}

/// `((1st_octet - 192) << 8) + (2nd_octet) + 192`, shared by packets (RFC 9580 section 4.2.1.2) and subpackets
/// (section 5.2.3.7).
#[inline]
pub(crate) const fn two_octet_length(first: u8, second: u8) -> u16 {
    u16::from_be_bytes([first.wrapping_sub(192), second]).wrapping_add(192)
}

/// The octets that a length delimits. For partial lengths that is everything from the first chunk's data to the last's,
/// with the chunk headers between them.
#[inline]
fn body_region(input: Octets<'_>, length: Length) -> Parsed<'_, Octets<'_>> {
    match length {
        Length::Indeterminate => parse::rest(input),
        Length::Partial { .. } => {
            let mut chunk = length;
            let mut rest = input;
            loop {
                (rest, _) = parse::take(length_in_memory(chunk))(rest)?;
                if !matches!(chunk, Length::Partial { .. }) {
                    return Ok((rest, input.before(rest)));
                }
                (rest, chunk) = openpgp_length(rest)?;
            }
        }
        _ => parse::take(length_in_memory(length))(input),
    }
}

/// How many octets the chunk behind `length` has, `None` if it is the last one, or no chunk at all.
#[inline]
const fn chunk_size(length: Length) -> Option<u32> {
    match length {
        Length::Partial { first } => Some(first),
        _ => None,
    }
}

/// The octets in one piece behind `length`. A length that memory cannot hold is longer than what is there.
#[inline]
fn length_in_memory(length: Length) -> usize {
    length.octets().map_or(usize::MAX, in_memory)
}

/// A packet's body, borrowed from the input however its length is encoded.
///
/// A body in partial lengths is not in one piece, but it is not copied for that: its [`chunks`](Self::chunks) are walked
/// again whenever they are asked for.
#[derive(Clone, Copy, Debug)]
pub struct Body<'a> {
    /// The octets of the body, with the chunk headers between them.
    region: Octets<'a>,
    /// How many octets the first chunk has, `None` if the body is in one piece.
    first_chunk: Option<u32>,
}

impl<'a> Body<'a> {
    /// The body, if it is in one piece.
    #[inline]
    #[must_use]
    pub const fn contiguous(self) -> Option<Octets<'a>> {
        match self.first_chunk {
            Some(_) => None,
            None => Some(self.region),
        }
    }

    /// The pieces of the body in order. A body in one piece is its own only chunk.
    #[must_use]
    pub const fn chunks(self) -> Chunks<'a> {
        Chunks { rest: self.region, next: Next::of(self.first_chunk) }
    }

    /// The first chunk, or all of a body in one piece.
    #[inline]
    pub(crate) fn first_piece(self) -> Octets<'a> {
        match self.first_chunk.and_then(|count| self.region.split_at(in_memory(count))) {
            Some((chunk, _)) => chunk,
            None => self.region,
        }
    }

    /// The body without the `count` octets that it starts with, which have to be in its first chunk.
    #[inline]
    pub(crate) fn behind(self, count: usize) -> Self {
        let region = self.region.split_at(count).map_or(self.region, |(_, behind)| behind);
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        Self { region, first_chunk: self.first_chunk.map(|first| first.saturating_sub(count)) }
    }

    /// The number of octets in the body, without chunk headers.
    #[must_use]
    pub fn len(self) -> u64 {
        match self.contiguous() {
            Some(octets) => octets.len_u64(),
            None => self.chunks().fold(0, |sum, chunk| sum.saturating_add(chunk.len_u64())),
        }
    }

    /// Whether the body has no octets.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The place of the body in the input, chunk headers included.
    #[inline]
    #[must_use]
    pub fn span(self) -> Span {
        self.region.span()
    }

    /// The body in one piece: borrowed if it is so already, else joined in new memory.
    #[cfg(feature = "alloc")]
    #[must_use]
    pub fn to_cow(self) -> Cow<'a, [u8]> {
        match self.contiguous() {
            Some(octets) => Cow::Borrowed(octets.as_slice()),
            None => {
                // The region bounds the sum of its chunks.
                let mut joined = Vec::with_capacity(self.region.len());
                self.chunks().for_each(|chunk| joined.extend_from_slice(chunk.as_slice()));
                Cow::Owned(joined)
            }
        }
    }

    /// The position in the input of the octet at `offset` of the joined body, or the end of the body behind its last.
    #[must_use]
    pub fn locate(self, offset: u64) -> u64 {
        let mut left = offset;
        for chunk in self.chunks() {
            match left.checked_sub(chunk.len_u64()) {
                Some(behind) => left = behind,
                None => return chunk.start().saturating_add(left),
            }
        }
        self.region.end()
    }
}

impl<'a> Body<'a> {
    /// All octets that the body takes in the input, chunk headers included.
    #[cfg(not(feature = "alloc"))]
    pub(crate) const fn region(self) -> Octets<'a> {
        self.region
    }
}

impl<'a> From<Octets<'a>> for Body<'a> {
    /// A body in one piece, of a packet that was not framed here.
    fn from(octets: Octets<'a>) -> Self {
        Self { region: octets, first_chunk: None }
    }
}

/// The pieces of a body: see [`Body::chunks`].
#[derive(Clone, Debug)]
pub struct Chunks<'a> {
    rest: Octets<'a>,
    next: Next,
}

/// What follows in a walk over chunks.
#[derive(Clone, Copy, Debug)]
enum Next {
    /// A chunk of so many octets, and another behind it.
    Chunk(u32),
    /// The last chunk, which takes the rest.
    Last,
    /// Nothing.
    Nothing,
}

impl Next {
    const fn of(chunk: Option<u32>) -> Self {
        match chunk {
            Some(count) => Self::Chunk(count),
            None => Self::Last,
        }
    }
}

impl<'a> Iterator for Chunks<'a> {
    type Item = Octets<'a>;

    fn next(&mut self) -> Option<Octets<'a>> {
        let count = match core::mem::replace(&mut self.next, Next::Nothing) {
            Next::Chunk(count) => count,
            Next::Last => return Some(self.rest),
            Next::Nothing => return None,
        };
        let (chunk, rest) = self.rest.split_at(in_memory(count))?;
        // The region was framed, so another chunk follows.
        if let Ok((rest, length)) = openpgp_length::<Unsaid>(rest) {
            self.next = Next::of(chunk_size(length));
            self.rest = rest;
        }
        Some(chunk)
    }
}

impl FusedIterator for Chunks<'_> {}

encode_as_received! {
    RawPacket<'_>: wire,
}

impl Encode for Body<'_> {
    /// The octets of the body, without chunk headers.
    fn encode(&self, sink: &mut dyn FnMut(&[u8])) {
        self.chunks().for_each(|chunk| sink(chunk.as_slice()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::octets::u64_from;
    use std::string::ToString;
    use std::vec;
    use std::vec::Vec;

    fn only(input: &[u8]) -> RawPacket<'_> {
        let (packet, rest) = RawPacket::parse_prefix(Octets::from(input)).unwrap();
        assert!(rest.is_empty());
        assert_eq!(packet.wire().as_slice(), input);
        packet
    }

    fn error(input: &[u8]) -> std::string::String {
        RawPacket::parse_prefix(Octets::from(input)).unwrap_err().to_string()
    }

    #[test]
    fn every_length_encoding_of_the_legacy_format() {
        for (wire, length) in [
            (vec![0xb4, 0x02], Length::Legacy1(2)),                   // type 13, length type 0
            (vec![0xb5, 0x00, 0x02], Length::Legacy2(2)),             // type 13, length type 1
            (vec![0xb6, 0x00, 0x00, 0x00, 0x02], Length::Legacy4(2)), // type 13, length type 2
            (vec![0xb7], Length::Indeterminate),                      // type 13, length type 3
        ] {
            let input = [wire.as_slice(), b"ab"].concat();
            let packet = only(&input);
            assert_eq!((packet.packet_type(), packet.length()), (PacketType(13), length));
            assert!(packet.length().is_legacy());
            assert_eq!(packet.header().as_slice(), wire);
            assert_eq!(packet.body().contiguous().unwrap().as_slice(), b"ab");
        }
    }

    /// The examples of RFC 9580 section 4.2.3, with as many octets behind each as it says.
    #[test]
    fn every_length_encoding_of_the_openpgp_format() {
        for (octets, length, count) in [
            (&[0x64][..], Length::One(100), 100_usize),
            (&[0xc5, 0xfb], Length::Two(1723), 1723),
            (&[0xff, 0x00, 0x01, 0x86, 0xa0], Length::Five(100_000), 100_000),
        ] {
            let mut input = vec![0xcb];
            input.extend_from_slice(octets);
            input.resize(input.len() + count, 0);
            let packet = only(&input);
            assert_eq!((packet.packet_type(), packet.length()), (PacketType(11), length));
            assert_eq!(packet.body().len(), u64_from(count));
        }
    }

    /// 0xEF, first 32768 octets of data; 0xE1, next two octets of data; 0xE0, next one octet of data; 0xF0, next 65536
    /// octets of data; and 0xC5, 0xDD, last 1693 octets of data (RFC 9580 section 4.2.3).
    #[test]
    fn partial_lengths() {
        let mut input = vec![0xcb];
        for (header, count) in
            [(&[0xef][..], 32_768), (&[0xe1], 2), (&[0xe0], 1), (&[0xf0], 65_536), (&[0xc5, 0xdd], 1_693)]
        {
            input.extend_from_slice(header);
            input.resize(input.len() + count, *header.last().unwrap());
        }
        let packet = only(&input);
        assert_eq!(packet.length(), Length::Partial { first: 32_768 });
        let body = packet.body();
        assert!(body.contiguous().is_none());
        assert_eq!(body.len(), 100_000);
        let lengths: Vec<_> = body.chunks().map(Octets::len).collect();
        assert_eq!(lengths, [32_768, 2, 1, 65_536, 1_693]);
        assert_eq!(body.locate(0), 2);
        assert_eq!(body.locate(32_768), 2 + 32_768 + 1);
        assert_eq!(body.locate(32_770), 2 + 32_768 + 1 + 2 + 1);
        assert_eq!(body.locate(100_000), body.span().end);
        let joined = body.to_cow();
        assert_eq!((joined.len(), joined[32_767], joined[32_768]), (100_000, 0xef, 0xe1));
    }

    #[test]
    fn what_is_cut_short_says_where() {
        assert_eq!(error(&[]), "at octet 0: need 1 octet, have 0");
        assert_eq!(error(b"text"), "at octet 0: no packet starts here (bit 7 is clear)");
        assert_eq!(error(&[0xcd]), "at octet 1: User ID: length: need 1 octet, have 0");
        assert_eq!(error(&[0xcd, 0xff, 0x00]), "at octet 2: User ID: length: need 4 octets, have 1");
        assert_eq!(error(&[0xb5, 0x00]), "at octet 1: User ID: length: need 2 octets, have 1");
        assert_eq!(error(&[0xcd, 0x03, 0x61]), "at octet 2: User ID: body: need 3 octets, have 1");
        // A first chunk of two octets, and nothing behind it.
        assert_eq!(error(&[0xcb, 0xe1, 0x62, 0x00]), "at octet 4: Literal Data: body: length: need 1 octet, have 0");
        assert_eq!(error(&[0xcb, 0xe1, 0x62, 0x00, 0x01]), "at octet 5: Literal Data: body: need 1 octet, have 0");
    }
}
