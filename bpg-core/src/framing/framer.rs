//! Framing of input that comes in pieces.

use core::fmt;

use super::{Length, openpgp_length, packet_header, within_body};
use crate::error::{Error, ErrorKind};
use crate::octets::{Octets, Span};
use crate::parse::Parsed;
use crate::registry::PacketType;

/// The most octets that a header has: the type and a length of five octets.
const LONGEST_HEADER: usize = 6;

/// Frames input that comes in pieces of any size, and keeps none of it but the octets of a header that is not complete.
///
/// It reads nothing by itself: whoever has octets gives them to [`push`](Self::push) and is told what they are. The octets
/// of the events, one after another, are the input, and the packets, their places and what is wrong with them are those that
/// [`packets`](super::packets) finds in all of the input, however it is cut.
///
/// ```
/// use bpg_core::framing::{Event, Framer};
///
/// // A User ID packet of five octets, as two pieces that came over a network.
/// let mut framer = Framer::new(0);
/// let mut user_id = Vec::new();
/// for mut piece in [&b"\xcd"[..], b"\x05Alice"] {
///     while let Some(event) = framer.push(&mut piece)? {
///         match event {
///             Event::Header(header) => println!("{} at octet {}", header.packet_type, header.octets.span().start),
///             Event::Body(octets) => user_id.extend_from_slice(octets.as_slice()),
///             Event::End { position } => println!("ends at octet {position}"),
///             Event::ChunkHeader { .. } => {}
///         }
///     }
/// }
/// framer.finish()?;
/// assert_eq!(user_id, b"Alice");
/// # Ok::<(), bpg_core::error::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Framer {
    /// The octets of a header as far as they came. Between headers there are none.
    header: HeaderOctets,
    /// Of the packet whose header was read last.
    packet_type: PacketType,
    state: State,
}

/// What comes next.
#[derive(Clone, Copy, Debug)]
enum State {
    /// The header of a packet.
    Packet,
    /// The header of another chunk.
    Chunk,
    /// `left` octets of those that `length` delimits, the next of which is at `position`.
    Octets { length: Length, left: u32, position: u64 },
    /// Octets to the end of the input, the next of which is at `position`.
    Rest { position: u64 },
}

/// What some octets of the input are: see [`Framer::push`].
#[derive(Clone, Copy, Debug)]
pub enum Event<'p> {
    /// A packet starts.
    Header(Header),
    /// Octets of its body, at least one. How many come at once depends on how the input is cut.
    Body(Octets<'p>),
    /// The body goes on in another chunk (RFC 9580 section 4.2.1.4).
    ChunkHeader {
        /// The length of the chunk.
        length: Length,
        /// Its octets.
        octets: HeaderOctets,
    },
    /// The packet is complete.
    End {
        /// The position behind its last octet.
        position: u64,
    },
}

/// The header of a packet whose body is still to come.
#[derive(Clone, Copy, Debug)]
pub struct Header {
    /// The packet type ID.
    pub packet_type: PacketType,
    /// The body's length as the header encodes it.
    pub length: Length,
    /// The type octet and the length octets that follow it. The packet starts where they do.
    pub octets: HeaderOctets,
}

/// The octets of a header, by value, since they may have come in several pieces.
#[derive(Clone, Copy)]
pub struct HeaderOctets {
    octets: [u8; LONGEST_HEADER],
    count: usize,
    start: u64,
}

impl HeaderOctets {
    const fn none(start: u64) -> Self {
        Self { octets: [0; LONGEST_HEADER], count: 0, start }
    }

    /// The octets, with their place.
    #[must_use]
    pub fn as_octets(&self) -> Octets<'_> {
        Octets::new(self.octets.get(..self.count).unwrap_or_default(), self.start)
    }

    /// The place of the octets in the input.
    #[must_use]
    pub fn span(&self) -> Span {
        self.as_octets().span()
    }

    /// Moves `count` octets here from the start of `piece`, or as many as there are.
    fn take(&mut self, piece: &mut &[u8], count: u64) {
        let wanted = usize::try_from(count).unwrap_or(usize::MAX).min(piece.len());
        let Some((octets, rest)) = piece.split_at_checked(wanted) else { return };
        let end = self.count.saturating_add(wanted);
        if let Some(free) = self.octets.get_mut(self.count..end) {
            free.copy_from_slice(octets);
            self.count = end;
            *piece = rest;
        }
    }
}

/// Shows the place and the length, as [`Octets`] does.
impl fmt::Debug for HeaderOctets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_octets().fmt(f)
    }
}

impl Framer {
    /// A framer of input whose first octet is at position `start`.
    #[must_use]
    pub const fn new(start: u64) -> Self {
        Self { header: HeaderOctets::none(start), packet_type: PacketType(0), state: State::Packet }
    }

    /// Takes octets from the start of `piece` and tells what they are, or `None` if the next piece is needed to tell, when
    /// all of this one was taken. Call it until then: the end of a packet is told of without an octet.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotAPacket`] if the octet that should start a packet has bit 7 clear. That octet is not taken, so that
    /// the error repeats itself.
    pub fn push<'p>(&mut self, piece: &mut &'p [u8]) -> Result<Option<Event<'p>>, Error> {
        match self.state {
            State::Packet => self.packet(piece),
            State::Chunk => self.chunk(piece),
            State::Octets { length: Length::Partial { .. }, left: 0, position } => {
                self.expect(State::Chunk, position);
                self.chunk(piece)
            }
            State::Octets { left: 0, position, .. } => Ok(Some(self.end(position))),
            State::Octets { length, left, position } => {
                let most = usize::try_from(left).unwrap_or(usize::MAX);
                let octets = take(piece, most, position);
                // What was taken is no more than what is left.
                let left = left.saturating_sub(u32::try_from(octets.len()).unwrap_or(u32::MAX));
                self.state = State::Octets { length, left, position: octets.end() };
                Ok(body(octets))
            }
            State::Rest { position } => {
                let octets = take(piece, usize::MAX, position);
                self.state = State::Rest { position: octets.end() };
                Ok(body(octets))
            }
        }
    }

    /// Tells that no octets are left, once [`push`](Self::push) has nothing more to tell. That ends a packet of
    /// indeterminate length, of which the end is returned, and may be between packets, where there is nothing to tell.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Truncated`] if the input ends inside of a header or of a body whose length is known.
    pub fn finish(&mut self) -> Result<Option<Event<'static>>, Error> {
        match self.state {
            State::Packet if self.header.count == 0 => Ok(None),
            State::Packet => Ok(packet_header(self.header.as_octets()).map(|_| None)?),
            State::Chunk => {
                let failed = openpgp_length(self.header.as_octets()).map(|_| None);
                failed.map_err(|failure| within_body(failure.into(), self.packet_type))
            }
            State::Octets { length: Length::Partial { .. }, left: 0, position } => {
                self.expect(State::Chunk, position);
                self.finish()
            }
            State::Octets { left: 0, position, .. } | State::Rest { position } => Ok(Some(self.end(position))),
            State::Octets { length, left, position } => {
                let need = length.octets().map_or(u64::MAX, u64::from);
                let have = need.saturating_sub(left.into());
                let span = Span { start: position.saturating_sub(have), end: position };
                Err(within_body(Error::new(ErrorKind::Truncated { need, have }, span), self.packet_type))
            }
        }
    }

    /// Whether a packet starts with the next octet.
    #[cfg(feature = "std")]
    pub(crate) const fn is_between(&self) -> bool {
        matches!(self.state, State::Packet) && self.header.count == 0
    }

    /// The octets of a header that is not whole.
    #[cfg(feature = "std")]
    pub(crate) fn unfinished_header(&self) -> Octets<'_> {
        self.header.as_octets()
    }

    fn packet<'p>(&mut self, piece: &mut &'p [u8]) -> Result<Option<Event<'p>>, Error> {
        let Some((packet_type, length)) = self.read(piece, packet_header)? else { return Ok(None) };
        self.packet_type = packet_type;
        let octets = self.delimit(length);
        Ok(Some(Event::Header(Header { packet_type, length, octets })))
    }

    fn chunk<'p>(&mut self, piece: &mut &'p [u8]) -> Result<Option<Event<'p>>, Error> {
        let Some(length) = self.read(piece, openpgp_length)? else { return Ok(None) };
        let octets = self.delimit(length);
        Ok(Some(Event::ChunkHeader { length, octets }))
    }

    /// Reads a header with `parser`, `None` if the piece ends before it is complete.
    fn read<T>(&mut self, piece: &mut &[u8], parser: impl Fn(Octets<'_>) -> Parsed<'_, T>) -> Result<Option<T>, Error> {
        if self.header.count == 0 {
            // Nearly always the header is all there.
            let input = Octets::new(piece, self.header.start);
            if let Ok((rest, value)) = parser(input) {
                self.header.take(piece, input.before(rest).len_u64());
                return Ok(Some(value));
            }
        }
        self.gather(piece, parser)
    }

    /// [`read`](Self::read) for a header that is cut, or wrong.
    #[cold]
    fn gather<T>(
        &mut self,
        piece: &mut &[u8],
        parser: impl Fn(Octets<'_>) -> Parsed<'_, T>,
    ) -> Result<Option<T>, Error> {
        // A header is no longer than what an error says is missing of it, so no octet is taken that is not its own.
        let mut missing = 1;
        loop {
            let before = *piece;
            self.header.take(piece, missing);
            if piece.len() == before.len() {
                return Ok(None);
            }
            match parser(self.header.as_octets()).map_err(Error::from) {
                Ok((_, value)) => return Ok(Some(value)),
                Err(error) => match error.kind() {
                    ErrorKind::Truncated { need, have } => missing = need.saturating_sub(have),
                    _ => {
                        self.header.count = 0;
                        *piece = before;
                        return Err(error);
                    }
                },
            }
        }
    }

    /// Goes on behind a header, whose octets are returned, with what `length` delimits.
    fn delimit(&mut self, length: Length) -> HeaderOctets {
        let header = self.header;
        let position = header.span().end;
        self.header = HeaderOctets::none(position);
        self.state = match length.octets() {
            Some(left) => State::Octets { length, left, position },
            None => State::Rest { position },
        };
        header
    }

    /// Goes on with a header at `position`.
    const fn expect(&mut self, state: State, position: u64) {
        self.header = HeaderOctets::none(position);
        self.state = state;
    }

    const fn end(&mut self, position: u64) -> Event<'static> {
        self.expect(State::Packet, position);
        Event::End { position }
    }
}

/// Takes at most `most` octets from the start of `piece`, which is at `position`.
fn take<'p>(piece: &mut &'p [u8], most: usize, position: u64) -> Octets<'p> {
    let (octets, rest) = piece.split_at_checked(most).unwrap_or((piece, &[]));
    *piece = rest;
    Octets::new(octets, position)
}

/// No octets are nothing to tell of.
fn body(octets: Octets<'_>) -> Option<Event<'_>> {
    (!octets.is_empty()).then_some(Event::Body(octets))
}
