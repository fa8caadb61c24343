//! Decoding base64 whose lines come one after another, out of a text that is not kept.

use core::ops::Range;
use std::vec::Vec;

use base64::engine::Engine;
use crc::Table;
use memchr::memchr;

use super::block::{Margin, is_quote};
use super::decode::{BASE64, BLOCK, CRC_24, Checksum, End, checksum_of, is_base64, split_tail};
use super::rows::Rows;
use super::runs::{LocatedError, Place, Places, Runs};
use super::strict::{MAX_CHARACTERS, check_line, count, padding_of};
use crate::error::{Error, ErrorKind};
use crate::octets::{Octets, Span, u64_from};
use crate::secret::Wiped;

/// The start of the line that octets are of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LineStart {
    /// The number of the line, counted from 1.
    pub(crate) number: u64,
    /// The position of its first octet.
    pub(crate) position: u64,
}

impl LineStart {
    /// The place of an octet of the line.
    pub(crate) const fn place(self, position: u64) -> Place {
        let column = position.saturating_sub(self.position).saturating_add(1);
        Place { position, line: self.number, column }
    }
}

/// A line of base64 without its margin and white space at its end, or a piece of a long one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Piece<'a> {
    /// The octets. Those from an equals sign on are in one piece.
    pub(crate) octets: Octets<'a>,
    /// The line.
    pub(crate) line: LineStart,
    /// Whether the line starts with it.
    pub(crate) is_first: bool,
    /// Whether the line ends with it.
    pub(crate) is_last: bool,
}

/// How many lines that are alike are decoded at once at least. Where fewer are, room for many would cost more than it saves.
const FEWEST: usize = 4;

/// Decodes the lines of a block.
///
/// Octets are to be read before more is decoded, so that the memory is limited by how much is given at once.
pub(crate) struct Decoder {
    symbols: Wiped<Vec<u8>>,
    octets: Wiped<Vec<u8>>,
    /// What is decoded and not read.
    unread: Range<usize>,
    body: Body,
}

/// What is known of the body of a block.
#[derive(Clone)]
struct Body {
    crc: crc::Digest<'static, u32, Table<16>>,
    /// How many characters of base64 there were.
    count: u64,
    /// The last of them, and where it is.
    last: (u8, Place),
    padding: u64,
    /// The checksum as given, and where it starts.
    stored: Option<(Option<u32>, Place)>,
    line: OpenLine,
    /// Whether there was an equals sign.
    has_sign: bool,
    /// The first equals sign, if that is encoded.
    encoded_sign: Option<Place>,
    has_margin: bool,
    long_line: Option<LocatedError>,
    error: Option<LocatedError>,
    end: End,
    places: Places,
}

/// The line that is being read.
#[derive(Clone, Copy, Default)]
struct OpenLine {
    /// From its first octet to its last that is not white space.
    start: u64,
    end: u64,
    /// How many characters of base64 and of padding it has.
    characters: usize,
    /// Whether it follows an equals sign.
    is_behind_sign: bool,
    has_sign: bool,
}

impl Decoder {
    /// It takes memory as it needs it.
    pub(crate) fn new() -> Self {
        Self { symbols: Wiped::default(), octets: Wiped::default(), unread: 0..0, body: Body::new(false) }
    }

    /// Starts with another block.
    pub(crate) fn start(&mut self, margin: Margin<'_>) {
        self.symbols.clear();
        self.unread = 0..0;
        self.body = Body::new(!margin.is_empty());
    }

    pub(crate) const fn places(&self) -> &Places {
        &self.body.places
    }

    pub(crate) const fn end(&self) -> End {
        self.body.end
    }

    pub(crate) const fn error(&self) -> Option<LocatedError> {
        self.body.error
    }

    /// The first line that is longer than it may be.
    pub(crate) const fn long_line(&self) -> Option<LocatedError> {
        self.body.long_line
    }

    /// The first equals sign, if equals signs were encoded.
    pub(crate) const fn encoded_sign(&self) -> Option<Place> {
        self.body.encoded_sign
    }

    /// Where the checksum starts, if there is one.
    pub(crate) fn checksum_place(&self) -> Option<Place> {
        self.body.stored.map(|(_, place)| place)
    }

    /// Whether there is enough to decode it.
    pub(crate) fn is_full(&self) -> bool {
        self.symbols.len() >= BLOCK
    }

    /// Whether there is anything to decode.
    pub(crate) fn has_group(&self) -> bool {
        self.symbols.len() >= 4
    }

    /// What is decoded and not read.
    pub(crate) fn unread(&self) -> &[u8] {
        self.octets.get(self.unread.clone()).unwrap_or_default()
    }

    /// Says that so many octets are read.
    pub(crate) fn take(&mut self, count: usize) {
        self.unread.start = self.unread.start.saturating_add(count).min(self.unread.end);
    }

    /// Takes lines, of which `next` gives one after another, until there is enough to decode it.
    pub(crate) fn lines<T>(&mut self, mut next: impl FnMut(&mut dyn FnMut(Piece<'_>)) -> Option<T>) -> Option<T> {
        let places = self.body.places.clone();
        let mut runs = places.lock();
        while !self.is_full() {
            let (body, symbols) = (&mut self.body, &mut self.symbols);
            let result = next(&mut |piece| body.piece(piece, symbols, &mut runs));
            if result.is_some() {
                return result;
            }
        }
        None
    }

    /// Decodes lines that `text` starts with, the first of which is `line`, if many are alike. How many octets and lines it
    /// took. Others are left to [`lines`](Self::lines), which takes whatever there is.
    pub(crate) fn rows(&mut self, text: &[u8], line: LineStart) -> Option<(usize, u64)> {
        if self.body.is_special() || !self.symbols.is_empty() {
            return None;
        }
        let rows = Rows::at_start_of(text)?;
        // A CR may be half of a CR LF.
        if rows.width > MAX_CHARACTERS || rows.ending == b"\r" {
            return None;
        }
        let lines = text.len().checked_div(rows.stride())?;
        self.symbols.resize(BLOCK.min(lines.saturating_mul(rows.width)), 0);
        let count = rows.copy(text, &mut self.symbols);
        self.symbols.truncate(count.saturating_mul(rows.width));
        let taken = count.saturating_mul(rows.stride());
        let is_decoded = count >= FEWEST && self.decode(self.symbols.len());
        let last = self.symbols.last().copied();
        self.symbols.clear();
        self.body.rows(count, &rows, line, last.filter(|_| is_decoded)?);
        Some((taken, u64_from(count)))
    }

    /// Decodes what there is in whole groups of characters.
    pub(crate) fn flush(&mut self) {
        let whole = self.symbols.len() & !3;
        self.decode(whole);
        let left = self.symbols.len().saturating_sub(whole);
        self.symbols.copy_within(whole.., 0);
        self.symbols.truncate(left);
    }

    /// Decodes what is left, and says how the block ends: where its base64 does, and all of it.
    pub(crate) fn finish(&mut self, body_end: Place, end: Place, has_tail: bool) {
        // A character on its own at the end holds no whole octet.
        let count = self.symbols.len();
        self.decode(if count % 4 == 1 { count.saturating_sub(1) } else { count });
        self.symbols.clear();
        self.body.places.lock().end_at(body_end);
        self.body.finish(end, has_tail);
    }

    /// Decodes so many characters, and says whether they are all of base64.
    fn decode(&mut self, count: usize) -> bool {
        let symbols = self.symbols.get(..count).unwrap_or_default();
        let needed = count.div_ceil(4).saturating_mul(3);
        if self.octets.len() < needed {
            self.octets.resize(needed, 0);
        }
        let Ok(count) = BASE64.decode_slice(symbols, &mut self.octets) else { return false };
        self.unread = 0..count;
        self.body.crc.update(self.octets.get(..count).unwrap_or_default());
        true
    }
}

impl Body {
    fn new(has_margin: bool) -> Self {
        Self {
            crc: CRC_24.digest(),
            count: 0,
            last: (b'A', Place { position: 0, line: 1, column: 1 }),
            padding: 0,
            stored: None,
            line: OpenLine::default(),
            has_sign: false,
            encoded_sign: None,
            has_margin,
            long_line: None,
            error: None,
            end: End::default(),
            places: Places::default(),
        }
    }

    /// Whether there was anything but lines of base64, so that lines are to be looked at one by one.
    fn is_special(&self) -> bool {
        self.has_margin || self.has_sign || self.error.is_some()
    }

    /// Takes `count` lines that are alike, of which `line` is the first and `last` the last character.
    fn rows(&mut self, count: usize, rows: &Rows, line: LineStart, last: u8) {
        let (count, width, stride) = (u64_from(count), u64_from(rows.width), u64_from(rows.stride()));
        self.places.lock().add_lines(line.place(line.position), width, stride, count);
        self.count = self.count.saturating_add(count.saturating_mul(width));
        let lines = count.saturating_sub(1);
        let position = line.position.saturating_add(lines.saturating_mul(stride));
        let last_line = LineStart { number: line.number.saturating_add(lines), position };
        self.last = (last, last_line.place(position.saturating_add(width).saturating_sub(1)));
    }

    #[inline]
    fn piece(&mut self, piece: Piece<'_>, symbols: &mut Wiped<Vec<u8>>, runs: &mut Runs) {
        let octets = piece.octets;
        if piece.is_first {
            let (start, is_behind_sign) = (octets.start(), self.has_sign);
            self.line = OpenLine { start, end: start, characters: 0, is_behind_sign, has_sign: false };
        }
        if !self.line.has_sign {
            let sign = memchr(b'=', octets.as_slice());
            let (data, tail) =
                sign.and_then(|sign| octets.split_at(sign)).map_or((octets, None), |(data, tail)| (data, Some(tail)));
            if !data.is_empty() {
                self.data(data, piece.line, symbols, runs);
            }
            if let Some(tail) = tail {
                self.tail(tail, piece.line, runs);
            }
        }
        if piece.is_last {
            self.end_line(piece.line);
        }
    }

    fn end_line(&mut self, at: LineStart) {
        let OpenLine { start, end, characters, is_behind_sign, .. } = self.line;
        if self.long_line.is_none() && !is_behind_sign {
            let error = check_line(Span { start, end }, characters).err();
            self.long_line = error.map(|error| LocatedError { error, place: at.place(start) });
        }
    }

    #[inline]
    fn data(&mut self, data: Octets<'_>, at: LineStart, symbols: &mut Wiped<Vec<u8>>, runs: &mut Runs) {
        let octets = data.as_slice();
        if octets.iter().fold(true, |is_good, octet| is_good & is_base64(*octet)) {
            let place = at.place(data.start());
            self.line.end = data.end();
            self.line.characters = self.line.characters.saturating_add(octets.len());
            if !self.has_sign {
                runs.add(place, data.len_u64());
            }
            self.refuse_behind_end(data, at);
            if self.error.is_none() {
                self.collect(data, at, symbols);
            }
        } else {
            self.odd_data(data, at, symbols, runs);
        }
    }

    /// Data among which there is white space, or what is not base64.
    #[cold]
    fn odd_data(&mut self, data: Octets<'_>, at: LineStart, symbols: &mut Wiped<Vec<u8>>, runs: &mut Runs) {
        let octets = data.as_slice();
        let trimmed = octets.trim_ascii_end().len();
        if trimmed > 0 {
            self.line.end = data.start().saturating_add(u64_from(trimmed));
        }
        self.line.characters = self.line.characters.saturating_add(count(octets));
        self.refuse_behind_end(data, at);
        let has_margin = self.has_margin;
        let is_between = |octet: &u8| octet.is_ascii_whitespace() || has_margin && is_quote(*octet);
        if !self.has_sign {
            for word in words(data, is_between) {
                runs.add(at.place(word.start()), word.len_u64());
            }
        }
        if self.error.is_some() {
            return;
        }
        let bad = octets.iter().position(|octet| !is_base64(*octet) && !octet.is_ascii_whitespace());
        let (good, bad) = bad.and_then(|bad| data.split_at(bad)).map_or((data, None), |(good, bad)| (good, Some(bad)));
        for word in words(good, u8::is_ascii_whitespace) {
            self.collect(word, at, symbols);
        }
        if let Some(([octet], rest)) = bad.and_then(Octets::split_array) {
            let start = rest.start().saturating_sub(1);
            let error = Error::new(ErrorKind::NotBase64 { octet }, Span { start, end: rest.start() });
            self.error = Some(LocatedError { error, place: at.place(start) });
        }
    }

    fn refuse_behind_end(&mut self, data: Octets<'_>, at: LineStart) {
        if self.error.is_none() && (self.padding > 0 || self.stored.is_some()) {
            let error = Error::new(ErrorKind::BehindBase64, data.span());
            self.error = Some(LocatedError { error, place: at.place(data.start()) });
        }
    }

    /// Adds characters.
    #[inline]
    fn collect(&mut self, word: Octets<'_>, at: LineStart, symbols: &mut Wiped<Vec<u8>>) {
        let Some(last) = word.as_slice().last() else { return };
        symbols.extend_from_slice(word.as_slice());
        self.count = self.count.saturating_add(word.len_u64());
        self.last = (*last, at.place(word.end().saturating_sub(1)));
    }

    /// What starts with an equals sign.
    fn tail(&mut self, tail: Octets<'_>, at: LineStart, runs: &mut Runs) {
        self.line.has_sign = true;
        self.line.end = tail.end();
        self.line.characters = self.line.characters.saturating_add(padding_of(tail.as_slice()));
        let place = at.place(tail.start());
        if !self.has_sign {
            self.has_sign = true;
            runs.end_at(place);
            self.encoded_sign = is_encoded_sign(tail.as_slice()).then_some(place);
        }
        if self.error.is_some() {
            return;
        }
        let mut decoded = [0; SHORT_TAIL];
        let is_encoded = self.encoded_sign.is_some();
        let tail =
            if is_encoded { Octets::new(decode_signs(tail.as_slice(), &mut decoded), tail.start()) } else { tail };
        let (signs, checksum) = split_tail(tail);
        self.padding = self.padding.saturating_add(signs);
        if let Some(checksum) = checksum {
            // The sign in front of it is of it. Encoded signs are as one.
            let sign = checksum.start().saturating_sub(1);
            let place = if is_encoded { place } else { at.place(sign) };
            self.stored = Some((checksum_of(checksum.as_slice()), place));
        }
    }

    fn finish(&mut self, end: Place, has_tail: bool) {
        if self.error.is_none() {
            let (kind, place, width) = if self.count % 4 == 1 {
                (ErrorKind::IncompleteBase64, self.last.1, 1)
            } else if !has_tail {
                (ErrorKind::ArmorWithoutTail, end, 0)
            } else {
                let due = self.crc.clone().finalize();
                let checksum = self.stored.map(|(stored, _)| Checksum { stored, due });
                self.end = End::of(self.count, self.last.0, self.padding, checksum);
                return;
            };
            let span = Span { start: place.position, end: place.position.saturating_add(width) };
            self.error = Some(LocatedError { error: Error::new(kind, span), place });
        }
    }
}

/// The words between octets that are none of a word.
fn words<'a>(data: Octets<'a>, is_between: impl Fn(&u8) -> bool) -> impl Iterator<Item = Octets<'a>> {
    let mut start = data.start();
    data.as_slice()
        .split(is_between)
        .map(move |word| {
            let octets = Octets::new(word, start);
            start = octets.end().saturating_add(1);
            octets
        })
        .filter(|word| !word.is_empty())
}

/// How long what starts with an equals sign is at most, if it is of any use.
const SHORT_TAIL: usize = 16;

/// Whether the first equals sign of a block is one of quoted-printable that stands for an equals sign. What is not is a
/// checksum that starts with 3D, which has two more characters.
pub(crate) fn is_encoded_sign(line: &[u8]) -> bool {
    matches!(line, [b'=', b'3', b'D' | b'd', more @ ..] if more.len() != 2)
}

/// Decodes the equals signs of quoted-printable, as far as there is room.
fn decode_signs<'d>(line: &[u8], decoded: &'d mut [u8; SHORT_TAIL]) -> &'d [u8] {
    let (mut rest, mut length) = (line, 0);
    for slot in decoded.iter_mut() {
        rest = match rest {
            [b'=', b'3', b'D' | b'd', rest @ ..] => {
                *slot = b'=';
                rest
            }
            [octet, rest @ ..] => {
                *slot = *octet;
                rest
            }
            [] => break,
        };
        length = usize::saturating_add(length, 1);
    }
    decoded.get(..length).unwrap_or_default()
}
