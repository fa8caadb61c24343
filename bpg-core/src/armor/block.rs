//! Finding armored blocks in a text, and their parts.

use core::iter::FusedIterator;

use memchr::{memchr2, memmem};

use crate::encode::encode_as_received;
use crate::octets::Octets;

/// The start of an armor header line.
pub(crate) const BEGIN: &[u8] = b"-----BEGIN PGP ";
/// The start of an armor tail line.
pub(crate) const END: &[u8] = b"-----END PGP ";
/// What ends an armor header line and a tail line, and starts both.
pub(crate) const DASHES: &[u8] = b"-----";
/// U+FEFF in UTF-8, which some editors put in front of a text.
pub(crate) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
/// The label of the cleartext signature framework, whose text is not base64.
const SIGNED_MESSAGE: &[u8] = b"SIGNED MESSAGE";

/// The armored blocks of `input`, one after another.
///
/// ```
/// let text = b"My key:\n-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nzQFh\n-----END PGP PUBLIC KEY BLOCK-----\n";
/// let block = bpg_core::armor::blocks(text).next().unwrap();
/// assert_eq!(block.label().as_slice(), b"PUBLIC KEY BLOCK");
/// assert_eq!(*block.decode()?.octets, [0xcd, 0x01, b'a']);
/// # Ok::<(), bpg_core::error::Error>(())
/// ```
#[must_use]
pub fn blocks(input: &[u8]) -> Blocks<'_> {
    Blocks::new(Octets::from(input))
}

/// Iterates over armored blocks: see [`blocks`].
#[derive(Clone, Debug)]
pub struct Blocks<'a> {
    rest: Octets<'a>,
}

impl<'a> Blocks<'a> {
    /// The blocks of `text`, with positions counted from where `text` says it starts.
    #[must_use]
    pub const fn new(text: Octets<'a>) -> Self {
        Self { rest: text }
    }

    /// The block that `text` starts with, whose lines have the margin `prefix`.
    #[cfg(feature = "std")]
    pub(crate) fn with_margin(text: Octets<'a>, prefix: Octets<'a>) -> Option<Block<'a>> {
        let (line, after) = split_line(text);
        let label = label(line, BEGIN)?;
        Some(Block::at(HeaderLine { margin: Margin { prefix }, start: text, label, after }).0)
    }

    /// The text behind the last block that was found.
    #[must_use]
    pub const fn remaining(&self) -> Octets<'a> {
        self.rest
    }
}

impl<'a> Iterator for Blocks<'a> {
    type Item = Block<'a>;

    fn next(&mut self) -> Option<Block<'a>> {
        let (block, after) = Block::at(find_header_line(self.rest)?);
        self.rest = after;
        Some(block)
    }
}

impl FusedIterator for Blocks<'_> {}

/// An armored block: the lines from `-----BEGIN PGP …` to `-----END PGP …`.
#[derive(Clone, Copy, Debug)]
pub struct Block<'a> {
    wire: Octets<'a>,
    margin: Margin<'a>,
    label: Octets<'a>,
    headers: Octets<'a>,
    body: Octets<'a>,
    has_empty_line: bool,
    tail_label: Option<Octets<'a>>,
}

impl<'a> Block<'a> {
    /// A block of which nothing is known but its place.
    #[cfg(feature = "std")]
    pub(crate) fn empty(wire: Octets<'a>) -> Self {
        let nothing = Octets::new(&[], wire.start());
        let (label, headers, body) = (nothing, nothing, Octets::new(&[], wire.end()));
        Self { wire, margin: Margin { prefix: nothing }, label, headers, body, has_empty_line: false, tail_label: None }
    }

    /// The block that has this header line, and what follows it.
    fn at(header_line: HeaderLine<'a>) -> (Self, Octets<'a>) {
        let HeaderLine { margin, start, label, after } = header_line;
        let (headers, has_empty_line, mut rest) = header_lines(after, margin);
        let body_start = rest;
        let (body, tail) = loop {
            if margin.is_empty() {
                rest = next_dashes(rest);
            }
            let (line, after) = margin.split_line(rest);
            let Some(line) = line.filter(|_| !rest.is_empty()) else { break (body_start.before(rest), None) };
            if line.as_slice().starts_with(DASHES) {
                let tail_label = self::label(line, END);
                break (body_start.before(rest), tail_label.map(|label| (label, after)));
            }
            rest = after;
        };
        // A line that starts another block, or that is not of this one, is left for what comes next.
        let after = tail.map_or(rest, |(_, after)| after);
        let tail_label = tail.map(|(label, _)| label);
        (Self { wire: start.before(after), margin, label, headers, body, has_empty_line, tail_label }, after)
    }

    /// What `wire` has of a block, its margin in front: the header line and the armor headers. The body is empty.
    #[cfg(feature = "std")]
    pub(crate) fn head(wire: Octets<'a>, margin: usize) -> Option<Self> {
        let (prefix, start) = wire.split_at(margin)?;
        let margin = Margin { prefix };
        let (line, after) = split_line(start);
        let label = label(line, BEGIN)?;
        let (headers, has_empty_line, body) = header_lines(after, margin);
        Some(Self { wire: start, margin, label, headers, body, has_empty_line, tail_label: None })
    }

    /// All octets of the block, from the first dash of its header line to the end of its tail line.
    #[must_use]
    pub const fn wire(self) -> Octets<'a> {
        self.wire
    }

    /// What stands in front of the header line on its line, and of all the others: white space, and signs of quoting. It
    /// should be nothing.
    #[must_use]
    pub const fn prefix(self) -> Octets<'a> {
        self.margin.prefix
    }

    /// What the header line names, such as `PUBLIC KEY BLOCK`.
    #[must_use]
    pub const fn label(self) -> Octets<'a> {
        self.label
    }

    /// The armor headers in order.
    #[must_use]
    pub const fn headers(self) -> Headers<'a> {
        Headers { rest: self.headers, margin: self.margin }
    }

    /// The lines of base64, with the checksum if there is one.
    #[must_use]
    pub const fn body(self) -> Octets<'a> {
        self.body
    }

    pub(crate) const fn margin(self) -> Margin<'a> {
        self.margin
    }

    /// Whether an empty line separates the headers from the base64, as it should.
    #[must_use]
    pub const fn has_empty_line(self) -> bool {
        self.has_empty_line
    }

    /// Whether a tail line ends the block. Without one, the block goes on to the next header line or to the end of the
    /// input, and something may be missing.
    #[must_use]
    pub const fn has_tail(self) -> bool {
        self.tail_label.is_some()
    }

    /// What the tail line names, which should be the same as [`label`](Self::label): "the Armor Tail Line is composed in the
    /// same manner as the Armor Header Line, except the string BEGIN is replaced by the string END".
    #[must_use]
    pub const fn tail_label(self) -> Option<Octets<'a>> {
        self.tail_label
    }
}

encode_as_received! {
    Block<'_>: wire,
}

/// The armor headers of a [`Block`].
#[derive(Clone, Debug)]
pub struct Headers<'a> {
    rest: Octets<'a>,
    margin: Margin<'a>,
}

impl<'a> Iterator for Headers<'a> {
    type Item = Header<'a>;

    fn next(&mut self) -> Option<Header<'a>> {
        if self.rest.is_empty() {
            return None;
        }
        let (wire, rest) = self.margin.split_line(self.rest);
        let wire = wire?;
        self.rest = rest;
        Header::read(wire)
    }
}

impl FusedIterator for Headers<'_> {}

/// An armor header: a pair of strings that give the user or receiving implementation some information about how to
/// decode or use the message (RFC 9580 section 6.2.2).
#[derive(Clone, Copy, Debug)]
pub struct Header<'a> {
    /// The line, without its ending.
    pub wire: Octets<'a>,
    /// The part before the colon, such as `Comment`.
    pub key: Octets<'a>,
    /// The part behind the colon and the space.
    pub value: Octets<'a>,
}

impl<'a> Header<'a> {
    /// Takes a line apart, without its ending. One without a colon is all key.
    pub(crate) fn read(wire: Octets<'a>) -> Option<Self> {
        let colon = wire.as_slice().iter().position(|octet| *octet == b':').unwrap_or(wire.len());
        let (key, value) = wire.split_at(colon)?;
        let value = value.split_at(1).map_or(value, |(_, value)| value);
        Some(Self { wire, key, value: trim_start(value) })
    }
}

/// What all lines of a block start with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Margin<'a> {
    prefix: Octets<'a>,
}

impl<'a> Margin<'a> {
    #[cfg(feature = "std")]
    pub(crate) const fn new(prefix: Octets<'a>) -> Self {
        Self { prefix }
    }

    /// What the lines start with.
    #[cfg(feature = "std")]
    pub(crate) const fn prefix(self) -> Octets<'a> {
        self.prefix
    }

    /// Whether the lines start with anything.
    pub(crate) const fn is_empty(self) -> bool {
        self.prefix.is_empty()
    }

    /// The first line of `input` without its margin and without white space at its end, and what follows its line ending.
    ///
    /// White space in the margin may be missing, as editors remove it where nothing follows. `None` if the line lacks more
    /// than that, and so is not of the block.
    #[inline(always)]
    pub(crate) fn split_line(self, input: Octets<'a>) -> (Option<Octets<'a>>, Octets<'a>) {
        let (line, rest) = split_line(input);
        (if self.is_empty() { Some(line) } else { self.strip(line) }, rest)
    }

    /// The line without this margin, which is not empty.
    #[inline(never)]
    pub(crate) fn strip(self, line: Octets<'a>) -> Option<Octets<'a>> {
        if line.is_empty() {
            return Some(line);
        }
        let quote = self.prefix.as_slice().trim_ascii_end();
        let text = line.split_at(quote.len()).filter(|(start, _)| start.as_slice() == quote);
        text.map(|(_, text)| trim_start(text))
    }

    /// Whether the first line of `text` that is not blank has this margin. Where the margin is not empty, what looks like
    /// a header line may be a text's own.
    pub(crate) fn goes_on_in(self, text: Octets<'a>) -> bool {
        let mut rest = text;
        while !self.is_empty() {
            let (line, after) = split_line(rest);
            if line.is_empty() && !rest.is_empty() {
                rest = after;
                continue;
            }
            let blank = line.len().saturating_sub(trim_start(line).len());
            let is_indentation = self.prefix.as_slice().trim_ascii_end().is_empty();
            let is_within = if is_indentation { blank > 0 } else { self.split_line(rest).0.is_some() };
            return is_within && !line.is_empty();
        }
        true
    }
}

/// Whether an octet can stand in front of each line of a block.
const fn is_margin(octet: u8) -> bool {
    octet == b' ' || octet == b'\t' || is_quote(octet)
}

/// Whether an octet is a sign of quoting. None of them is a character of base64.
pub(super) const fn is_quote(octet: u8) -> bool {
    octet == b'>' || octet == b'|'
}

/// An armor header line.
struct HeaderLine<'a> {
    margin: Margin<'a>,
    /// The line and all that follows.
    start: Octets<'a>,
    label: Octets<'a>,
    /// What follows the line.
    after: Octets<'a>,
}

/// Finds the first armor header line.
fn find_header_line(input: Octets<'_>) -> Option<HeaderLine<'_>> {
    let mut searched = input;
    loop {
        let found = memmem::find(searched.as_slice(), BEGIN)?;
        let (_, start) = searched.split_at(found)?;
        (_, searched) = start.split_at(BEGIN.len())?;
        // First, as the line may be long and hold many of these.
        let Some(margin) = margin_at_end(input.before(start)) else { continue };
        let (line, after) = split_line(start);
        let label = label(line, BEGIN).filter(|label| is_label(label.as_slice()));
        if let Some(label) = label.filter(|_| margin.goes_on_in(after)) {
            return Some(HeaderLine { margin, start, label, after });
        }
    }
}

/// The first line of `text` that starts with the dashes of a header or tail line, and what follows, or nothing. `text` starts
/// with a line.
fn next_dashes(text: Octets<'_>) -> Octets<'_> {
    let octets = text.as_slice();
    let mut found = memmem::find_iter(octets, DASHES);
    let starts_line = |start: &usize| match start.checked_sub(1) {
        Some(before) => matches!(octets.get(before), Some(b'\n' | b'\r')),
        None => true,
    };
    found.find(starts_line).map_or_else(|| text.behind(octets.len()), |start| text.behind(start))
}

/// The margin that `text` ends with, if nothing else stands between it and the start of the line. A byte order mark is not
/// of the line.
pub(crate) fn margin_at_end(text: Octets<'_>) -> Option<Margin<'_>> {
    let width = text.as_slice().iter().rev().take_while(|octet| is_margin(**octet)).count();
    let (before, prefix) = text.split_at(text.len().saturating_sub(width))?;
    let starts_line = matches!(before.as_slice().last(), None | Some(b'\n' | b'\r'));
    (starts_line || before.as_slice() == BYTE_ORDER_MARK).then_some(Margin { prefix })
}

/// What stands between `prefix` and the dashes at the end of a header or tail line.
pub(crate) fn label<'a>(line: Octets<'a>, prefix: &[u8]) -> Option<Octets<'a>> {
    let label = line.as_slice().strip_prefix(prefix)?.strip_suffix(DASHES)?;
    let (_, rest) = line.split_at(prefix.len())?;
    rest.split_at(label.len()).map(|(label, _)| label)
}

/// Whether `label` can stand in a header line of base64. Labels that are not registered are not refused.
pub(crate) fn is_label(label: &[u8]) -> bool {
    let is_label_octet = |octet: &u8| octet.is_ascii_uppercase() || octet.is_ascii_digit() || b" ,/".contains(octet);
    !label.is_empty() && label != SIGNED_MESSAGE && label.iter().all(is_label_octet)
}

/// The header lines that `input` starts with, whether an empty line ends them, and what follows.
pub(crate) fn header_lines<'a>(input: Octets<'a>, margin: Margin<'a>) -> (Octets<'a>, bool, Octets<'a>) {
    let mut rest = input;
    loop {
        let (line, after) = margin.split_line(rest);
        let Some(line) = line else { return (input.before(rest), false, rest) };
        if line.is_empty() && !rest.is_empty() {
            return (input.before(rest), true, after);
        }
        // Base64 has no colon, so a line without one is data: the empty line is missing.
        if !line.as_slice().contains(&b':') {
            return (input.before(rest), false, rest);
        }
        rest = after;
    }
}

/// The first line of `input` without white space at its end, and what follows its line ending, whichever of LF, CR LF and
/// CR that is.
#[inline(always)]
pub(crate) fn split_line(input: Octets<'_>) -> (Octets<'_>, Octets<'_>) {
    let octets = input.as_slice();
    let end = memchr2(b'\n', b'\r', octets).unwrap_or(octets.len());
    let ending = match octets.get(end..) {
        Some([b'\r', b'\n', ..]) => 2_usize,
        Some([_, ..]) => 1,
        _ => 0,
    };
    let empty = Octets::new(&[], input.end());
    let (line, rest) = input.split_at(end).unwrap_or((input, empty));
    let (_, rest) = rest.split_at(ending).unwrap_or((rest, empty));
    let text = line.as_slice().trim_ascii_end().len();
    (line.split_at(text).map_or(line, |(text, _)| text), rest)
}

fn trim_start(octets: Octets<'_>) -> Octets<'_> {
    let blank = octets.len().saturating_sub(octets.as_slice().trim_ascii_start().len());
    octets.split_at(blank).map_or(octets, |(_, text)| text)
}
