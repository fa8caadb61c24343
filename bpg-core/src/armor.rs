//! ASCII armor: OpenPGP data as lines of text (RFC 9580 section 6).
//!
//! Armor is found wherever it starts a line; text around it is passed over. Reading is lenient where nothing can be
//! misread by that: any line ending, any line length, white space at the end of lines, padding or checksum missing, the
//! empty line behind the headers missing. A checksum is checked and reported, and never decides anything: "an
//! implementation MUST NOT reject an OpenPGP object when the CRC24 footer is present, missing, malformed, or disagrees
//! with the computed CRC24 sum".

#[cfg(feature = "alloc")]
mod encode;

#[cfg(feature = "alloc")]
pub use encode::{Footer, encode};

#[cfg(feature = "alloc")]
use alloc::vec::Vec;
use core::iter::FusedIterator;

use base64::alphabet;
use base64::engine::{DecodePaddingMode, Engine, GeneralPurpose, GeneralPurposeConfig};
use crc::{CRC_24_OPENPGP, Crc, Table};
#[cfg(feature = "alloc")]
use memchr::memchr2_iter;
use memchr::{memchr2, memmem};
use zeroize::Zeroize;
#[cfg(feature = "alloc")]
use zeroize::Zeroizing;

use crate::error::{Error, ErrorKind};
use crate::framing;
use crate::octets::{Octets, u64_from};

/// The start of an armor header line.
const BEGIN: &[u8] = b"-----BEGIN PGP ";
/// The start of an armor tail line.
const END: &[u8] = b"-----END PGP ";
/// What ends an armor header line and a tail line, and starts both.
const DASHES: &[u8] = b"-----";
/// U+FEFF in UTF-8, which some editors put in front of a text.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
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
    Blocks { rest: Octets::from(input) }
}

/// Whether `input` is to be read as text that holds armor, and not as packets.
///
/// Packets start with an octet that has bit 7 set, which ASCII has not. A text may start with such an octet too, when it is
/// not ASCII or has a byte order mark; it is told from packets by being UTF-8, without a NUL, all the way to its first armor, and by not being packets all the
/// way to its end.
#[must_use]
pub fn is_armored(input: &[u8]) -> bool {
    if input.first().is_none_or(|first| first & 0x80 == 0) {
        return find_header_line(Octets::from(input)).is_some();
    }
    let text = Octets::from(input.utf8_chunks().next().map_or("", |chunk| chunk.valid()).as_bytes());
    find_header_line(text).is_some_and(|(start, ..)| !text.before(start).as_slice().contains(&0))
        && framing::packets(input).any(|packet| packet.is_err())
}

/// Iterates over armored blocks: see [`blocks`].
#[derive(Clone, Debug)]
pub struct Blocks<'a> {
    rest: Octets<'a>,
}

impl<'a> Blocks<'a> {
    /// The text behind the last block that was found.
    #[must_use]
    pub const fn remaining(&self) -> Octets<'a> {
        self.rest
    }
}

impl<'a> Iterator for Blocks<'a> {
    type Item = Block<'a>;

    fn next(&mut self) -> Option<Block<'a>> {
        let (start, label, after_header) = find_header_line(self.rest)?;
        let (headers, has_empty_line, mut rest) = header_lines(after_header);
        let body_start = rest;
        let (body, tail) = loop {
            if rest.is_empty() {
                break (body_start, None);
            }
            let (line, after) = split_line(rest);
            if line.as_slice().starts_with(DASHES) {
                let tail_label = self::label(line, END);
                break (body_start.before(rest), tail_label.map(|label| (label, after)));
            }
            rest = after;
        };
        // A line that starts another block is left for it.
        let after = tail.map_or(rest, |(_, after)| after);
        self.rest = after;
        let tail_label = tail.map(|(label, _)| label);
        Some(Block { wire: start.before(after), label, headers, body, has_empty_line, tail_label })
    }
}

impl FusedIterator for Blocks<'_> {}

/// An armored block: the lines from `-----BEGIN PGP …` to `-----END PGP …`.
#[derive(Clone, Copy, Debug)]
pub struct Block<'a> {
    wire: Octets<'a>,
    label: Octets<'a>,
    headers: Octets<'a>,
    body: Octets<'a>,
    has_empty_line: bool,
    tail_label: Option<Octets<'a>>,
}

impl<'a> Block<'a> {
    /// All octets of the block, from the first dash of its header line to the end of its tail line.
    #[must_use]
    pub const fn wire(self) -> Octets<'a> {
        self.wire
    }

    /// What the header line names, such as `PUBLIC KEY BLOCK`.
    #[must_use]
    pub const fn label(self) -> Octets<'a> {
        self.label
    }

    /// The armor headers in order.
    #[must_use]
    pub const fn headers(self) -> Headers<'a> {
        Headers { rest: self.headers }
    }

    /// The lines of base64, with the checksum if there is one.
    #[must_use]
    pub const fn body(self) -> Octets<'a> {
        self.body
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

    /// Decodes the block into memory that is wiped when it is dropped.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotBase64`], [`ErrorKind::IncompleteBase64`], [`ErrorKind::BehindBase64`], or
    /// [`ErrorKind::ArmorWithoutTail`], all at their place in the text.
    #[cfg(feature = "alloc")]
    pub fn decode(self) -> Result<Decoded, Error> {
        let (decoded, error) = self.decode_prefix();
        match error {
            Some(error) => Err(error),
            None => Ok(decoded),
        }
    }

    /// Decodes as much as can be decoded, and says what stopped it.
    #[cfg(feature = "alloc")]
    #[must_use]
    pub fn decode_prefix(self) -> (Decoded, Option<Error>) {
        // Large enough never to grow: growing would leave copies behind that are not wiped.
        let mut octets = Zeroizing::new(Vec::with_capacity(self.body.len().div_ceil(4).saturating_mul(3)));
        let (end, error) = match self.decode_each(|chunk| octets.extend_from_slice(chunk)) {
            Ok(end) => (end, None),
            Err(error) => (End::default(), Some(error)),
        };
        (Decoded { octets, checksum: end.checksum, has_padding: end.has_padding }, error)
    }

    /// Decodes the block without allocating: `sink` gets the octets in pieces.
    ///
    /// # Errors
    ///
    /// As [`decode`](Self::decode); the sink then has all the octets in front of the error.
    pub fn decode_each(self, mut sink: impl FnMut(&[u8])) -> Result<End, Error> {
        let mut decoder = Decoder::new(self);
        let end = decoder.run(&mut sink)?;
        if self.has_tail() {
            Ok(end)
        } else {
            let end = Octets::new(&[], self.wire.end());
            Err(Error::new(ErrorKind::ArmorWithoutTail, end.span()))
        }
    }
}

/// Finds the lines of positions in a text.
///
/// It is made once for a text, in a pass over it, and answers each question by looking at a few kibioctets, however large
/// the text is: files with an error a line are made on purpose.
#[cfg(feature = "alloc")]
#[derive(Clone, Debug)]
pub struct Lines<'a> {
    text: &'a [u8],
    /// For every stretch of the text, the number of its first line, counted from 0, and where that line starts.
    lines: Vec<(u64, usize)>,
}

/// How many octets lie between two entries of a table of places.
#[cfg(feature = "alloc")]
const STRETCH: usize = 4096;

#[cfg(feature = "alloc")]
impl<'a> Lines<'a> {
    /// For the lines of `text`, which end with LF, CR LF or CR.
    #[must_use]
    pub fn new(text: &'a [u8]) -> Self {
        let mut line = (0, 0);
        let mut lines = Vec::with_capacity(text.len().div_ceil(STRETCH));
        for start in (0..text.len()).step_by(STRETCH) {
            lines.push(line);
            line = Self::advance(text, line, start, start.saturating_add(STRETCH).min(text.len()));
        }
        Self { text, lines }
    }

    /// The line and the column of a position in the text, both counted from 1, the column in octets.
    #[must_use]
    pub fn line_and_column(&self, position: u64) -> (u64, u64) {
        let position = usize::try_from(position).unwrap_or(usize::MAX).min(self.text.len());
        let stretch = (position / STRETCH).min(self.lines.len().saturating_sub(1));
        let line = self.lines.get(stretch).copied().unwrap_or((0, 0));
        let (number, start) = Self::advance(self.text, line, stretch.saturating_mul(STRETCH), position);
        (number.saturating_add(1), u64_from(position.saturating_sub(start)).saturating_add(1))
    }

    /// The line at `to`, given that at `from`.
    fn advance(text: &[u8], line: (u64, usize), from: usize, to: usize) -> (u64, usize) {
        let ends = memchr2_iter(b'\n', b'\r', text.get(from..to).unwrap_or_default());
        let ends = ends.map(|offset| from.saturating_add(offset)).filter(|end| ends_line(text, *end));
        ends.fold(line, |(number, _), end| (number.saturating_add(1), end.saturating_add(1)))
    }
}

/// Finds the places of decoded octets in the text of their block.
///
/// It is made once for a block, in a pass over it, and answers each question by looking at a few kibioctets.
#[cfg(feature = "alloc")]
#[derive(Clone, Debug)]
pub struct Symbols<'a> {
    body: Octets<'a>,
    /// For every stretch of the body, the number of base64 characters in front of it.
    counts: Vec<u64>,
}

#[cfg(feature = "alloc")]
impl<'a> Symbols<'a> {
    /// For the octets that `block` holds.
    #[must_use]
    pub fn new(block: Block<'a>) -> Self {
        let mut count: u64 = 0;
        let counts = block.body.as_slice().chunks(STRETCH).map(|stretch| {
            let before = count;
            count = count.saturating_add(u64_from(stretch.iter().filter(|octet| is_symbol(**octet)).count()));
            before
        });
        Self { counts: counts.collect(), body: block.body }
    }

    /// The position in the text of the character that holds the first bits of the octet at `offset` of the decoded data, or
    /// the end of the base64 behind its last.
    #[must_use]
    pub fn position(&self, offset: u64) -> u64 {
        // Every four characters hold three octets.
        let symbol = (offset / 3).saturating_mul(4).saturating_add(offset % 3);
        let stretch = self.counts.partition_point(|count| *count <= symbol).saturating_sub(1);
        let before = self.counts.get(stretch).copied().unwrap_or(0);
        let skipped = stretch.saturating_mul(STRETCH);
        let rest = self.body.split_at(skipped).map_or(self.body, |(_, rest)| rest);
        position_of_symbol(rest, symbol.saturating_sub(before))
    }
}

/// Whether the line ending at `end` is a whole one: the CR of a CR LF is not.
#[cfg(feature = "alloc")]
fn ends_line(text: &[u8], end: usize) -> bool {
    !matches!(text.get(end..), Some([b'\r', b'\n', ..]))
}

/// The position of the base64 character number `index` of `body`, of its padding, or of its end.
fn position_of_symbol(body: Octets<'_>, index: u64) -> u64 {
    let mut left = index;
    for (position, octet) in (body.start()..).zip(body.as_slice()) {
        match octet {
            b'=' => return position,
            octet if !is_symbol(*octet) => {}
            _ if left == 0 => return position,
            _ => left = left.saturating_sub(1),
        }
    }
    body.end()
}

/// Whether an octet of an armored block's body counts as a character of its base64, even a wrong one.
const fn is_symbol(octet: u8) -> bool {
    !octet.is_ascii_whitespace() && octet != b'='
}

/// What armor held.
#[cfg(feature = "alloc")]
#[derive(Clone, Debug)]
pub struct Decoded {
    /// The octets, wiped when they are dropped.
    pub octets: Zeroizing<Vec<u8>>,
    /// The checksum, if there is one.
    pub checksum: Option<Checksum>,
    /// Whether the base64 has the padding that its length asks for.
    pub has_padding: bool,
}

/// What stood at the end of armored data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct End {
    /// The checksum, if there is one.
    pub checksum: Option<Checksum>,
    /// Whether the base64 has the padding that its length asks for.
    pub has_padding: bool,
}

/// The CRC-24 of armored data (RFC 9580 section 6.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checksum {
    /// The checksum as given, 24 bits; `None` if it is not four characters of base64.
    pub stored: Option<u32>,
    /// The checksum of the data, 24 bits.
    pub due: u32,
}

impl Checksum {
    /// Whether the checksum as given is that of the data.
    #[must_use]
    pub fn is_right(self) -> bool {
        self.stored == Some(self.due)
    }
}

/// The armor headers of a [`Block`].
#[derive(Clone, Debug)]
pub struct Headers<'a> {
    rest: Octets<'a>,
}

impl<'a> Iterator for Headers<'a> {
    type Item = Header<'a>;

    fn next(&mut self) -> Option<Header<'a>> {
        if self.rest.is_empty() {
            return None;
        }
        let (wire, rest) = split_line(self.rest);
        self.rest = rest;
        let colon = wire.as_slice().iter().position(|&octet| octet == b':').unwrap_or(wire.len());
        let (key, value) = wire.split_at(colon)?;
        let value = value.split_at(1).map_or(value, |(_, value)| value);
        Some(Header { wire, key, value: trim_start(value) })
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

/// Finds the first armor header line: where it starts, its label, and what follows the line.
fn find_header_line(input: Octets<'_>) -> Option<(Octets<'_>, Octets<'_>, Octets<'_>)> {
    let mut searched = input;
    loop {
        let found = memmem::find(searched.as_slice(), BEGIN)?;
        let (_, start) = searched.split_at(found)?;
        (_, searched) = start.split_at(BEGIN.len())?;
        let before = input.before(start).as_slice();
        // First, as the line may be long and hold many of these.
        if !matches!(before.last(), None | Some(b'\n' | b'\r')) && before != BYTE_ORDER_MARK {
            continue;
        }
        let (line, after) = split_line(start);
        let label = label(line, BEGIN).filter(|label| is_label(label.as_slice()));
        if let Some(label) = label {
            return Some((start, label, after));
        }
    }
}

/// What stands between `prefix` and the dashes at the end of a header or tail line.
fn label<'a>(line: Octets<'a>, prefix: &[u8]) -> Option<Octets<'a>> {
    let label = line.as_slice().strip_prefix(prefix)?.strip_suffix(DASHES)?;
    let (_, rest) = line.split_at(prefix.len())?;
    rest.split_at(label.len()).map(|(label, _)| label)
}

/// Whether `label` can stand in a header line of base64. Labels that are not registered are not refused.
fn is_label(label: &[u8]) -> bool {
    let is_label_octet = |octet: &u8| octet.is_ascii_uppercase() || octet.is_ascii_digit() || b" ,/".contains(octet);
    !label.is_empty() && label != SIGNED_MESSAGE && label.iter().all(is_label_octet)
}

/// The header lines that `input` starts with, whether an empty line ends them, and what follows.
fn header_lines(input: Octets<'_>) -> (Octets<'_>, bool, Octets<'_>) {
    let mut rest = input;
    loop {
        let (line, after) = split_line(rest);
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
fn split_line(input: Octets<'_>) -> (Octets<'_>, Octets<'_>) {
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

/// How many base64 characters are decoded at once: as many as fit the first-level cache together with what they hold.
const BLOCK: usize = 16 * 1024;

/// RFC 9580 section 6: the alphabet of RFC 4648. Padding is looked at separately, and bits behind the last octet are not.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::RequireNone)
        .with_decode_allow_trailing_bits(true),
);

static CRC_24: Crc<u32, Table<16>> = Crc::<u32, Table<16>>::new(&CRC_24_OPENPGP);

/// Collects the characters of many lines into a block, and decodes and checks the block as a whole.
struct Decoder<'a> {
    block: Block<'a>,
    symbols: [u8; BLOCK],
    filled: usize,
    /// How many characters were decoded in earlier blocks.
    before: u64,
    octets: [u8; BLOCK / 4 * 3],
    crc: crc::Digest<'static, u32, Table<16>>,
}

impl<'a> Decoder<'a> {
    fn new(block: Block<'a>) -> Self {
        Self { block, symbols: [0; BLOCK], filled: 0, before: 0, octets: [0; BLOCK / 4 * 3], crc: CRC_24.digest() }
    }

    fn run(&mut self, sink: &mut impl FnMut(&[u8])) -> Result<End, Error> {
        let mut rest = self.block.body;
        let mut padding: u64 = 0;
        let mut stored = None;
        while !rest.is_empty() {
            let (line, after) = split_line(rest);
            rest = after;
            let data = line.as_slice().iter().position(|&octet| octet == b'=').unwrap_or(line.len());
            let Some((data, tail)) = line.split_at(data) else { break };
            if !data.is_empty() && (padding > 0 || stored.is_some()) {
                self.flush(sink)?;
                return Err(Error::new(ErrorKind::BehindBase64, data.span()));
            }
            self.collect(data.as_slice(), sink)?;
            if !tail.is_empty() {
                let (signs, checksum) = split_tail(tail);
                padding = padding.saturating_add(signs);
                if let Some(checksum) = checksum {
                    stored = Some(checksum_of(checksum.as_slice()));
                }
            }
        }
        self.flush(sink)?;
        let symbols = self.before;
        if symbols % 4 == 1 {
            let last = position_of_symbol(self.block.body, symbols.saturating_sub(1));
            return Err(Error::new(ErrorKind::IncompleteBase64, Octets::new(b"=", last).span()));
        }
        let has_padding = padding == (4_u64.saturating_sub(symbols % 4)) % 4;
        let due = self.crc.clone().finalize();
        Ok(End { checksum: stored.map(|stored| Checksum { stored, due }), has_padding })
    }

    /// Adds a line's characters, leaving out the white space among them.
    fn collect(&mut self, line: &[u8], sink: &mut impl FnMut(&[u8])) -> Result<(), Error> {
        for word in line.split(u8::is_ascii_whitespace) {
            let mut word = word;
            while !word.is_empty() {
                let free = self.symbols.get_mut(self.filled..).unwrap_or_default();
                let count = word.len().min(free.len());
                let (now, later) = word.split_at_checked(count).unwrap_or((word, &[]));
                free.iter_mut().zip(now).for_each(|(slot, symbol)| *slot = *symbol);
                self.filled = self.filled.saturating_add(count);
                word = later;
                if self.filled == BLOCK {
                    self.flush(sink)?;
                }
            }
        }
        Ok(())
    }

    /// Decodes what was collected.
    fn flush(&mut self, sink: &mut impl FnMut(&[u8])) -> Result<(), Error> {
        let symbols = self.symbols.get(..self.filled).unwrap_or_default();
        // The first character that is none, if there is one: what precedes it is decoded all the same.
        let bad = symbols.iter().position(|octet| !is_base64(*octet));
        let good = bad.unwrap_or(symbols.len());
        // A character on its own at the end holds no whole octet.
        let whole = if good % 4 == 1 { good.saturating_sub(1) } else { good };
        let good = symbols.get(..whole).unwrap_or_default();
        let count = BASE64.decode_slice(good, &mut self.octets).unwrap_or(0);
        let octets = self.octets.get(..count).unwrap_or_default();
        self.crc.update(octets);
        sink(octets);
        if let Some((bad, &octet)) = bad.and_then(|bad| Some((bad, symbols.get(bad)?))) {
            let place = position_of_symbol(self.block.body, self.before.saturating_add(u64_from(bad)));
            return Err(Error::new(ErrorKind::NotBase64 { octet }, Octets::new(&[octet], place).span()));
        }
        self.before = self.before.saturating_add(u64_from(self.filled));
        self.filled = 0;
        Ok(())
    }
}

/// The block may have held a secret key.
impl Drop for Decoder<'_> {
    fn drop(&mut self) {
        self.symbols.zeroize();
        self.octets.zeroize();
    }
}

const fn is_base64(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || octet == b'+' || octet == b'/'
}

/// Takes apart what starts with an equals sign at the end of base64: how much of it is padding, and the checksum.
///
/// "The checksum with its leading equal sign MAY appear on the first line after the base64 encoded data"; that line may
/// have been joined to the one before.
fn split_tail(tail: Octets<'_>) -> (u64, Option<Octets<'_>>) {
    let signs = tail.as_slice().iter().take_while(|&&octet| octet == b'=').count();
    if signs == tail.len() {
        return (u64_from(signs), None);
    }
    let padding = signs.saturating_sub(1);
    let checksum = tail.split_at(signs).map(|(_, checksum)| checksum);
    (u64_from(padding), checksum)
}

/// The 24 bits of a checksum, prefixed by an equal sign, … and terminated by a new line.
fn checksum_of(symbols: &[u8]) -> Option<u32> {
    let mut octets = [0; 3];
    let symbols: &[u8; 4] = symbols.try_into().ok()?;
    let count = BASE64.decode_slice(symbols, &mut octets).ok()?;
    let [high, middle, low] = octets;
    (count == 3).then(|| u32::from_be_bytes([0, high, middle, low]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::format;
    use std::string::{String, ToString};

    fn armor(body: &str) -> String {
        format!("-----BEGIN PGP MESSAGE-----\n\n{body}\n-----END PGP MESSAGE-----\n")
    }

    fn only(text: &str) -> Block<'_> {
        let mut blocks = blocks(text.as_bytes());
        let block = blocks.next().unwrap();
        assert!(blocks.next().is_none());
        block
    }

    #[test]
    fn headers_are_pairs() {
        let text = "-----BEGIN PGP PUBLIC KEY BLOCK-----\r\nVersion: 1 \r\nComment:two: three\r\n\r\nzQFh\r\n\
                    -----END PGP PUBLIC KEY BLOCK-----\r\n";
        let block = only(text);
        let headers: Vec<_> = block.headers().map(|header| (header.key.as_slice(), header.value.as_slice())).collect();
        assert_eq!(headers, [(&b"Version"[..], &b"1"[..]), (b"Comment", b"two: three")]);
        assert!(block.has_empty_line() && block.has_tail());
        assert_eq!(*block.decode().unwrap().octets, [0xcd, 0x01, b'a']);
    }

    #[test]
    fn text_around_and_between_is_passed_over() {
        let one = armor("zQFh");
        let text = format!("Dear Bob,\n{one}and\n  -----BEGIN PGP MESSAGE-----\n{one}Bye");
        let starts: Vec<_> = blocks(text.as_bytes()).map(|block| block.wire().start()).collect();
        assert_eq!(starts, [10, 10 + u64_from(one.len()) + 34]);
        let mut all = blocks(text.as_bytes());
        all.by_ref().for_each(drop);
        assert_eq!(all.remaining().as_slice(), b"Bye");
        assert!(is_armored(text.as_bytes()) && !is_armored(b"Dear Bob"));
        assert!(is_armored(format!("\u{feff}{one}").as_bytes()));
        assert!(!is_armored(&[&[0xcd, 0x00], one.as_bytes()].concat()), "a packet, then armor");
    }

    #[test]
    fn what_cannot_be_misread_is_accepted() {
        for body in ["zQFhzQFi", "zQFh\nzQFi", "zQFh \t\r\nzQ\r\rFi", "zQ FhzQ Fi", "\nzQFhzQFi\n\n"] {
            let text = armor(body);
            assert_eq!(*only(&text).decode().unwrap().octets, b"\xcd\x01a\xcd\x01b", "{body:?}");
        }
        let text = "-----BEGIN PGP MESSAGE-----\nzQFh\n-----END PGP MESSAGE-----";
        let block = only(text);
        assert!(!block.has_empty_line());
        assert_eq!(*block.decode().unwrap().octets, [0xcd, 0x01, b'a']);
    }

    #[test]
    fn padding_may_be_missing_but_not_a_character() {
        for (body, octets, has_padding) in [
            ("YWJj", &b"abc"[..], true),
            ("YWI=", b"ab", true),
            ("YWI", b"ab", false),
            ("YQ==", b"a", true),
            ("YQ\n==", b"a", true),
            ("YQ=", b"a", false),
            ("YQ", b"a", false),
            ("", b"", true),
        ] {
            let text = armor(body);
            let decoded = only(&text).decode().unwrap();
            assert_eq!((decoded.octets.as_slice(), decoded.has_padding), (octets, has_padding), "{body:?}");
        }
        let text = armor("YWJjY");
        let (decoded, error) = only(&text).decode_prefix();
        assert_eq!(*decoded.octets, b"abc");
        assert_eq!(
            error.unwrap().to_string(),
            "at octet 33: base64 ends with a single character, which encodes no octet"
        );
    }

    #[test]
    fn the_checksum_is_reported() {
        // CRC-24 of "abc", from the crc24 crate.
        let due = crc24::hash_raw(b"abc");
        let [_, high, middle, low] = due.to_be_bytes();
        let right = BASE64.encode([high, middle, low]);
        for (body, stored) in [
            (format!("YWJj\n={right}"), Some(Some(due))),
            (format!("YWJj={right}"), Some(Some(due))),
            ("YWJj\n=AAAA".to_string(), Some(Some(0))),
            ("YWJj\n=AAA".to_string(), Some(None)),
            ("YWJj".to_string(), None),
        ] {
            let text = armor(&body);
            let decoded = only(&text).decode().unwrap();
            assert_eq!(*decoded.octets, b"abc");
            assert_eq!(decoded.checksum, stored.map(|stored| Checksum { stored, due }), "{body:?}");
        }
        let text = armor(&format!("YWI=={right}"));
        assert!(only(&text).decode().unwrap().has_padding, "padding and checksum on one line");
    }

    #[test]
    fn errors_have_a_place_and_lose_nothing_before_it() {
        for (body, octets, message) in [
            ("YWJjYW\nJj!WJj", &b"abcabc"[..], "at octet 38: the octet 0x21 is not base64"),
            ("YWI=\nYWJj", b"ab", "at octet 34: characters behind the end of the base64"),
            ("YWJj\n=AAAA\nYWJj", b"abc", "at octet 40: characters behind the end of the base64"),
        ] {
            let text = armor(body);
            let (decoded, error) = only(&text).decode_prefix();
            assert_eq!(error.unwrap().to_string(), message);
            assert_eq!(*decoded.octets, octets);
        }
        let block = only("-----BEGIN PGP MESSAGE-----\n\nYWJj\n");
        let (decoded, error) = block.decode_prefix();
        assert_eq!(*decoded.octets, b"abc");
        assert_eq!(error.unwrap().to_string(), "at octet 34: armor ends without its END line");
    }

    #[test]
    fn a_block_larger_than_the_buffer() {
        let octets: Vec<u8> = (0..=255).cycle().take(3 * BLOCK + 1).collect();
        let encoded = BASE64.encode(&octets);
        let lines: Vec<_> = encoded.as_bytes().chunks(61).map(|line| std::str::from_utf8(line).unwrap()).collect();
        let text = armor(&lines.join("\n"));
        let block = only(&text);
        assert_eq!(*block.decode().unwrap().octets, octets);
        let (lines, symbols) = (Lines::new(text.as_bytes()), Symbols::new(block));
        for offset in [0, 1, 2, 3, 3071, 3072, 12_288, 3 * u64_from(BLOCK)] {
            let (line, column) = lines.line_and_column(symbols.position(offset));
            let symbol = (line - 3) * 61 + column - 1;
            assert_eq!(symbol, offset / 3 * 4 + offset % 3);
        }
    }

    #[test]
    fn the_checksum_agrees_with_the_crc24_crate() {
        let mut octets = Vec::new();
        for length in 0..200_u8 {
            assert_eq!(CRC_24.checksum(&octets), crc24::hash_raw(&octets));
            octets.push(length.wrapping_mul(151));
        }
    }
}
