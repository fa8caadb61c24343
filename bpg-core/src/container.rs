//! What a file holds: packets, armor, signed text, text around it, armor that went through an encoding of texts, and the
//! files that GnuPG keeps its keys in.
//!
//! [`parts`] is the one place that tells them apart. A file of packets is one part; armor may stand anywhere in a text,
//! packets may follow armor and armor packets, and text may be in UTF-16 or quoted-printable. What had to be undone to read
//! a part can be seen from it, so that it can be told: [`Part::Encoded`], [`Block::prefix`].
//!
//! What is not in memory, `reader` reads, with the feature `std`.
//!
//! ```
//! use bpg_core::container::{Part, parts};
//!
//! let file = b"\xcd\x01a-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nzQFi\n-----END PGP PUBLIC KEY BLOCK-----\nBye";
//! let mut parts = parts(file);
//! assert!(matches!(parts.next(), Some(Part::Packets(octets)) if octets.len() == 3));
//! assert!(matches!(parts.next(), Some(Part::Armor(block)) if *block.decode()?.octets == [0xcd, 0x01, b'b']));
//! assert!(matches!(parts.next(), Some(Part::Skipped(octets)) if octets.as_slice() == b"Bye"));
//! assert!(parts.next().is_none());
//! # Ok::<(), bpg_core::error::Error>(())
//! ```

mod encoding;
mod leftover;
mod quoted_printable;
#[cfg(feature = "std")]
pub mod reader;
mod utf16;

use core::iter::FusedIterator;

use memchr::memmem;

#[cfg(feature = "alloc")]
pub use encoding::Transcoded;
pub use encoding::{Encoded, Encoding};
pub use leftover::Leftover;

use crate::agent_key::AgentKey;
use crate::armor::{BEGIN, BYTE_ORDER_MARK, Block, Blocks};
use crate::cleartext::{self, Cleartext};
use crate::error::{Error, ErrorKind};
use crate::framing::{Packets, RawPacket};
use crate::keybox;
use crate::octets::Octets;

/// The parts of `input`, one after another. They follow in order and do not overlap; what lies between them is the
/// [`prefix`](Block::prefix) of a block.
///
/// Finding them takes time in proportion to the length of `input`, whatever is in it, and no memory.
#[must_use]
pub fn parts(input: &[u8]) -> Parts<'_> {
    Parts { frames: true, ..Parts::unframed(input) }
}

/// Whether there is armor in `input`, be it encoded, and nothing else but text.
#[must_use]
pub fn is_armored(input: &[u8]) -> bool {
    let is_armor = |part: &Part<'_>| matches!(part, Part::Armor(_) | Part::Encoded(_));
    parts(input).any(|part| is_armor(&part)) && !parts(input).any(|part| matches!(part, Part::Packets(_)))
}

/// Says in better words, where there are any, why framing ended with `error` in front of `remaining`. It has to have framed
/// something before that.
///
/// Octets that follow the last packet are malformed input, but mostly nothing was damaged: a file was filled up or cut out
/// of something larger. [`Leftover`] says the same of octets that come in pieces.
#[must_use]
pub fn explain(remaining: Octets<'_>, error: Error) -> Error {
    let mut leftover = Leftover::at(remaining.start());
    leftover.push(remaining.as_slice());
    leftover.explain(error)
}

/// A part of a file: see [`parts`].
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Part<'a> {
    /// Packets, to be framed. What follows the last of them in here is malformed.
    Packets(Octets<'a>),
    /// A block of armor.
    Armor(Block<'a>),
    /// Signed text, without its signatures: they follow, as blocks of armor.
    Cleartext(Cleartext<'a>),
    /// A keybox of GnuPG, which is a whole file; see [`keybox::blobs`].
    Keybox(Octets<'a>),
    /// A key of gpg-agent, which is a whole file.
    AgentKey(AgentKey<'a>),
    /// Armor in an encoding that has to be undone first; see [`Encoded::decode`].
    Encoded(Encoded<'a>),
    /// Octets that are none of these, such as the text around armor. They may be blank.
    Skipped(Octets<'a>),
}

/// Iterates over the parts of a file: see [`parts`].
#[derive(Clone, Debug)]
pub struct Parts<'a> {
    rest: Octets<'a>,
    /// What was found behind the part that was given last.
    pending: Option<Part<'a>>,
    /// The next block, once it was looked for, and the text behind it.
    ahead: Option<(Option<Block<'a>>, Octets<'a>)>,
    reads: Reads,
    /// Whether packets that the file starts with are framed to see where they end.
    frames: bool,
    /// Whether that was left to the caller.
    is_unframed: bool,
}

/// What is still looked for.
#[derive(Clone, Copy, Debug)]
struct Reads {
    /// What tells from its start what all of the file is.
    whole: bool,
    /// Packets behind armor. They are given up when what looked like packets was none: it is not to be framed again and
    /// again.
    packets: bool,
    quoted_printable: bool,
}

impl<'a> Iterator for Parts<'a> {
    type Item = Part<'a>;

    fn next(&mut self) -> Option<Part<'a>> {
        if let Some(part) = self.pending.take() {
            return Some(part);
        }
        if self.rest.is_empty() {
            return None;
        }
        let is_start = core::mem::replace(&mut self.reads.whole, false);
        let part = if is_start { self.start() } else { None };
        part.or_else(|| Some(self.next_in_text()))
    }
}

impl FusedIterator for Parts<'_> {}

impl<'a> Parts<'a> {
    /// The parts of `input` for callers that frame packets anyway, and do not want them framed twice.
    ///
    /// If the file starts with packets, they are given with all that follows. Where framing them fails, the caller has to
    /// ask [`go_on_at`](Self::go_on_at) whether that is where armor starts.
    #[must_use]
    pub fn unframed(input: &'a [u8]) -> Self {
        let reads = Reads { whole: true, packets: true, quoted_printable: true };
        Self { rest: Octets::from(input), pending: None, ahead: None, reads, frames: false, is_unframed: false }
    }

    /// Goes on with `remaining`, which framing left of the part that was given last, if armor starts there. Otherwise it is
    /// of that part, and malformed.
    pub fn go_on_at(&mut self, remaining: Octets<'a>) -> bool {
        let goes_on = self.is_unframed && starts_armor(remaining);
        if goes_on {
            (self.rest, self.ahead, self.is_unframed) = (remaining, None, false);
        }
        goes_on
    }

    /// The parts of a text that was decoded, in which there are no packets.
    #[cfg(feature = "alloc")]
    fn of_decoded(text: &'a [u8], quoted_printable: bool) -> Self {
        let reads = Reads { whole: false, packets: false, quoted_printable };
        Self { reads, ..Self::unframed(text) }
    }

    /// The parts of the end of a file, of which all is known that is in front.
    #[cfg(feature = "std")]
    const fn of_end(octets: Octets<'a>, whole: bool, packets: bool) -> Self {
        let reads = Reads { whole, packets, quoted_printable: true };
        Self { rest: octets, pending: None, ahead: None, reads, frames: true, is_unframed: false }
    }

    /// The first part, if the first octets tell what it is: all of the file, or the packets in front of armor.
    fn start(&mut self) -> Option<Part<'a>> {
        if keybox::is_keybox(self.rest.as_slice()) {
            return Some(Part::Keybox(self.take_rest()));
        }
        if let Some(encoding) = utf16::detect(Start::all(self.rest)) {
            let encoded = Encoded::new(encoding, self.take_rest());
            return Some(Part::Encoded(encoded));
        }
        if let Some(key) = AgentKey::recognise(self.rest) {
            self.take_rest();
            return Some(Part::AgentKey(key));
        }
        if !starts_packet(self.rest) || is_armored_text(Start::all(self.rest)) {
            return None;
        }
        self.is_unframed = !self.frames;
        let leading = if self.frames { leading_packets(self.rest) } else { None };
        Some(Part::Packets(match leading {
            Some((packets, rest)) => {
                self.rest = rest;
                packets
            }
            None => self.take_rest(),
        }))
    }

    /// What comes next in a text, or where one may be.
    fn next_in_text(&mut self) -> Part<'a> {
        if let Some(part) = self.packets_here() {
            return part;
        }
        let (block, behind_block) = self.next_block();
        let gap = self.gap(block);
        if let Some((before, message)) = self.cleartext_in(gap) {
            return self.behind(before, Part::Cleartext(message));
        }
        let Some(block) = block else { return Part::Skipped(self.take_rest()) };
        if self.reads.quoted_printable && quoted_printable::detect(block) {
            let (encoded, rest) = quoted_printable::region(behind(self.rest, gap), block);
            self.rest = rest;
            return self.behind(gap, Part::Encoded(Encoded::new(Encoding::QuotedPrintable, encoded)));
        }
        self.rest = behind_block;
        self.behind(gap, Part::Armor(block))
    }

    /// What is in front of the next block, or all that is left.
    fn gap(&self, block: Option<Block<'a>>) -> Octets<'a> {
        block.map_or(self.rest, |block| up_to(self.rest, block.prefix().start()))
    }

    /// The first block of what is left, and the text behind it. It is looked for only once, however much signed text is in
    /// front of it.
    fn next_block(&mut self) -> (Option<Block<'a>>, Octets<'a>) {
        let is_ahead = |block: Option<Block<'a>>| block.is_none_or(|block| block.prefix().start() >= self.rest.start());
        if let Some(ahead) = self.ahead.filter(|(block, _)| is_ahead(*block)) {
            return ahead;
        }
        let mut blocks = Blocks::new(self.rest);
        let ahead = (blocks.next(), blocks.remaining());
        self.ahead = Some(ahead);
        ahead
    }

    /// The signed text that starts in a gap between blocks, and what is in front of it. What looks like a block in the text
    /// is of the text.
    fn cleartext_in(&mut self, gap: Octets<'a>) -> Option<(Octets<'a>, Cleartext<'a>)> {
        let start = cleartext::find(gap)?;
        let before = gap.before(start);
        let text = behind(self.rest, before);
        // The gap may end in the middle of what is a line there: armor has lines that end with CR alone.
        if !cleartext::is_line(text, cleartext::HEADER_LINE) {
            return None;
        }
        let message = cleartext::Messages::new(text).next()?;
        self.rest = behind(text, message.signed_part());
        Some((before, message))
    }

    /// The packets that start here, perhaps behind blank lines, if they go on to more armor or to the end of the file. At the
    /// end they may be damaged, if they are not text.
    ///
    /// Blocks are looked for only where they do not: a block behind a packet need not start a line, so that looking for the
    /// next one that does may mean to look at the whole file each time.
    fn packets_here(&mut self) -> Option<Part<'a>> {
        let text = gap_text(self.rest);
        if !self.reads.packets || !starts_packet(text) {
            return None;
        }
        // Packets go on to the next armor, whether that starts a line or not.
        let end = memmem::find(text.as_slice(), BEGIN).unwrap_or(text.len());
        if text.as_slice().get(..end).is_none_or(is_text) {
            return None;
        }
        let blank = self.rest.before(text);
        if let Some((packets, rest)) = leading_packets(text) {
            // Behind packets starts a line, so that there may be a block where there was none.
            (self.rest, self.ahead) = (rest, None);
            return Some(self.behind(blank, Part::Packets(packets)));
        }
        let (block, _) = self.next_block();
        let gap = self.gap(block);
        self.reads.packets = false;
        let is_damaged = block.is_none() && RawPacket::parse_prefix(text).is_ok();
        let is_binary = gap.as_slice().iter().any(|octet| is_control(*octet));
        (is_damaged && is_binary).then(|| {
            self.take_rest();
            self.behind(blank, Part::Packets(text))
        })
    }

    /// `part`, behind what was passed over if that is anything.
    fn behind(&mut self, skipped: Octets<'a>, part: Part<'a>) -> Part<'a> {
        if skipped.is_empty() {
            return part;
        }
        self.pending = Some(part);
        Part::Skipped(skipped)
    }

    fn take_rest(&mut self) -> Octets<'a> {
        let end = Octets::new(&[], self.rest.end());
        core::mem::replace(&mut self.rest, end)
    }
}

/// What is known of a file: all of it, or what it starts with.
#[derive(Clone, Copy, Debug)]
struct Start<'a> {
    octets: Octets<'a>,
    /// Whether more follows that is not known.
    is_cut: bool,
}

impl<'a> Start<'a> {
    const fn all(octets: Octets<'a>) -> Self {
        Self { octets, is_cut: false }
    }

    /// Whether nothing but packets is known.
    fn is_packets(self) -> bool {
        !Packets::new(self.octets).any(|packet| packet.is_err_and(|error| !self.explains(error)))
    }

    /// Whether an error is one because more is not known.
    const fn explains(self, error: Error) -> bool {
        self.is_cut && matches!(error.kind(), ErrorKind::Truncated { .. })
    }
}

/// Packets start with an octet that has bit 7 set (RFC 9580 section 4.2), which ASCII has not.
fn starts_packet(octets: Octets<'_>) -> bool {
    octets.as_slice().first().is_some_and(|first| first & 0x80 != 0)
}

/// Whether what starts as a packet could is a text that holds armor or signed text.
///
/// A text may start with such an octet too, when it is not ASCII or has a byte order mark; it is told from packets by having
/// no control character up to its first armor, and, without such a mark, by not being packets all the way to its end.
fn is_armored_text(start: Start<'_>) -> bool {
    has_armor_in_text(start) && (start.octets.as_slice().starts_with(BYTE_ORDER_MARK) || !start.is_packets())
}

/// Whether armor or signed text starts in front of the first control character, or may do so further on.
fn has_armor_in_text(start: Start<'_>) -> bool {
    let input = start.octets;
    let end = input.as_slice().iter().position(|octet| is_control(*octet)).unwrap_or(input.len());
    let armor = input.split_at(end).and_then(|(text, _)| {
        let block = Blocks::new(text).next().map(Block::wire);
        // Signed text may have lost its signature.
        block.or_else(|| cleartext::find(text))
    });
    armor.is_some() || start.is_cut && end == input.len()
}

/// The packets that `input` starts with and what follows them, if that is nothing or armor.
fn leading_packets(input: Octets<'_>) -> Option<(Octets<'_>, Octets<'_>)> {
    packets_of(Start::all(input))
}

/// The same of what a file has from a place on.
fn packets_of(start: Start<'_>) -> Option<(Octets<'_>, Octets<'_>)> {
    let input = start.octets;
    let mut packets = Packets::new(input);
    let has_failed = packets.by_ref().any(|packet| packet.is_err_and(|error| !start.explains(error)));
    let rest = packets.remaining();
    let is_armor = || rest.len() < input.len() && starts_armor(rest);
    (!has_failed || is_armor()).then(|| (input.before(rest), rest))
}

/// Whether armor follows at once, or behind blank lines.
fn starts_armor(input: Octets<'_>) -> bool {
    gap_text(input).as_slice().starts_with(BEGIN)
}

/// What follows the white space that `gap` starts with.
fn gap_text(gap: Octets<'_>) -> Octets<'_> {
    let blank = gap.len().saturating_sub(gap.as_slice().trim_ascii_start().len());
    gap.split_at(blank).map_or(gap, |(_, text)| text)
}

/// The octets of `octets` in front of `position`.
fn up_to(octets: Octets<'_>, position: u64) -> Octets<'_> {
    let count = usize::try_from(position.saturating_sub(octets.start())).unwrap_or(usize::MAX);
    octets.split_at(count).map_or(octets, |(before, _)| before)
}

/// The octets of `octets` behind `start`, which they start with.
fn behind<'a>(octets: Octets<'a>, start: Octets<'_>) -> Octets<'a> {
    octets.split_at(start.len()).map_or(octets, |(_, rest)| rest)
}

fn is_text(octets: &[u8]) -> bool {
    core::str::from_utf8(octets).is_ok()
}

/// Whether an octet is a control character that texts do not have.
const fn is_control(octet: u8) -> bool {
    octet.is_ascii_control() && !octet.is_ascii_whitespace()
}

#[cfg(all(test, feature = "alloc"))]
mod tests;
