//! Armor that is decoded as it comes.

use core::fmt;
use std::io::{self, Read};
use std::vec::Vec;

use memchr::{memchr, memchr2};
use zeroize::Zeroizing;

use super::window::Window;
use super::{LOOK_AHEAD, PartReader, State, copy};
use crate::armor::{Block, Checksum, DASHES, Decoder, END, End, LocatedError, Margin, Piece, Place, Places, label};
use crate::error::ArmorRule;
use crate::octets::{Octets, Span};

/// A block of armor. It reads as what the block holds, as far as that can be decoded; what was wrong with it is known then.
///
/// Octets can be read as soon as a line of base64 is there.
pub struct ArmorPart<'r, R> {
    reader: &'r mut PartReader<R>,
}

/// The end of a block of armor.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct BlockEnd<'a> {
    /// All octets of the block, from the first dash of its header line to the end of its tail line.
    pub span: Span,
    /// What the tail line names, which should be the same as the header line's label.
    pub tail_label: Option<Octets<'a>>,
    /// The checksum, if there is one and no [`error`](ArmorPart::error).
    pub checksum: Option<Checksum>,
    /// The place of the equals sign in front of the checksum, or of those in front of it if they are encoded.
    pub checksum_place: Option<Place>,
    /// Whether the base64 has the padding that its length asks for.
    pub has_padding: bool,
    /// Whether the bits behind the last octet are zero.
    pub is_canonical: bool,
    /// Whether equals signs were encoded, as quoted-printable does it (RFC 2045 section 6.7).
    pub is_quoted_printable: bool,
}

/// How far a block was read.
#[derive(Debug)]
pub(super) struct Body {
    margin: usize,
    /// Whether the reader is inside of a line.
    in_line: bool,
    end: Option<Ends>,
}

/// Where a block ends.
#[derive(Debug)]
struct Ends {
    /// Where its last line of base64 does.
    body: Place,
    block: Place,
    tail: Option<(Zeroizing<Vec<u8>>, u64)>,
}

impl Ends {
    /// What the tail line names.
    fn tail_label(&self) -> Option<Octets<'_>> {
        self.tail.as_ref().map(|(label, start)| Octets::new(label, *start))
    }

    /// The place of an octet of the tail line, which has the margin in front of its label, and nothing else.
    fn place(&self, position: u64) -> Place {
        let offset = position.saturating_sub(self.body.position);
        Place { position, column: self.body.column.saturating_add(offset), ..self.body }
    }
}

impl Body {
    pub(super) const fn new(margin: usize) -> Self {
        Self { margin, in_line: false, end: None }
    }
}

/// Why there is no other line.
enum Stop {
    /// It has to be read first.
    NotRead,
    /// The block ends in front of it, or with it if that is a tail line with this label.
    End(Option<(Zeroizing<Vec<u8>>, u64)>),
}

/// The block whose margin and headers are `octets`.
pub(super) fn head(octets: &[u8], margin: usize, start: Place) -> Block<'_> {
    let octets = Octets::new(octets, start.position);
    Block::head(octets, margin).unwrap_or(Block::empty(octets))
}

impl<R> ArmorPart<'_, R> {
    /// What the block starts with: its prefix, its label and its armor headers. It has no body here.
    #[must_use]
    pub fn head(&self) -> Block<'_> {
        head(&self.reader.head, self.body().map_or(0, |body| body.margin), self.reader.head_start)
    }

    /// The place of the first dash of the header line.
    #[must_use]
    pub fn start(&self) -> Place {
        self.place_in_head(self.head().wire().start())
    }

    /// What finds the places of the octets that are read, also while they are.
    #[must_use]
    pub fn places(&self) -> Places {
        self.reader.decoder.places().clone()
    }

    /// How the block ends, once all of it was read.
    #[must_use]
    pub fn end(&self) -> Option<BlockEnd<'_>> {
        let ends = self.ends()?;
        let End { checksum, has_padding, is_canonical } = self.reader.decoder.end();
        Some(BlockEnd {
            span: Span { start: self.head().wire().start(), end: ends.block.position },
            tail_label: ends.tail_label(),
            checksum,
            checksum_place: checksum.and(self.reader.decoder.checksum_place()),
            has_padding,
            is_canonical,
            is_quoted_printable: self.reader.decoder.encoded_sign().is_some(),
        })
    }

    /// What stopped the decoding, once all of the block was read: the error of
    /// [`Block::decode`](crate::armor::Block::decode).
    #[must_use]
    pub fn error(&self) -> Option<LocatedError> {
        self.ends().and_then(|_| self.reader.decoder.error())
    }

    /// The first thing that is not as RFC 9580 section 6 has it, once all of the block was read: the error of
    /// [`Block::check_strict`](crate::armor::Block::check_strict).
    #[must_use]
    pub fn strict_error(&self) -> Option<LocatedError> {
        let (head, decoder) = (self.head(), &self.reader.decoder);
        let ends = self.ends()?;
        if let Err(error) = head.check_head() {
            return Some(LocatedError { error, place: self.place_in_head(error.span().start) });
        }
        if let Some(located) = decoder.long_line().or(decoder.error()) {
            return Some(located);
        }
        let error = head.check_end(decoder.end(), ends.body.position, ends.tail_label()).err()?;
        Some(LocatedError { error, place: ends.place(error.span().start) })
    }

    /// What had to be made good to read what is in front of the base64, and where.
    pub fn irregular_head(&self) -> impl Iterator<Item = (ArmorRule, Place)> {
        let head = self.head();
        let prefix = (!head.prefix().is_empty()).then_some((ArmorRule::StartsLine, head.prefix().start()));
        let blank_line = (!head.has_empty_line()).then_some((ArmorRule::BlankLine, head.body().start()));
        let places = [prefix, blank_line].into_iter().flatten();
        places.map(|(rule, position)| (rule, self.place_in_head(position)))
    }

    /// What had to be made good to read the base64 and what is behind it, and where, once all of the block was read.
    pub fn irregular_end(&self) -> impl Iterator<Item = (ArmorRule, Place)> {
        let decoder = &self.reader.decoder;
        let ends = self.ends();
        let sign = decoder.encoded_sign().map(|place| (ArmorRule::NotQuotedPrintable, place));
        let lacks_padding = decoder.error().is_none() && !decoder.end().has_padding;
        let padding = ends.filter(|_| lacks_padding).map(|ends| (ArmorRule::Padding, ends.body));
        let tail = ends.and_then(|ends| Some((ends, ends.tail_label()?)));
        let other = tail.filter(|(_, tail)| tail.as_slice() != self.head().label().as_slice());
        let tail = other.map(|(ends, tail)| (ArmorRule::MatchingTail, ends.place(tail.start())));
        [ends.and(sign), padding, tail].into_iter().flatten()
    }

    fn body(&self) -> Option<&Body> {
        match &self.reader.state {
            State::Armor(body) => Some(body),
            _ => None,
        }
    }

    /// How the block ends, if all octets were read.
    fn ends(&self) -> Option<&Ends> {
        self.body()?.end.as_ref()
    }

    /// The place of an octet of the margin, the header line and the armor headers.
    fn place_in_head(&self, position: u64) -> Place {
        place_in(&self.reader.head, self.reader.head_start, position)
    }
}

/// The place of a position in `text`, whose first octet is at `start`.
pub(super) fn place_in(text: &[u8], start: Place, position: u64) -> Place {
    let (line, column) = crate::armor::Lines::new(text).line_and_column(position.saturating_sub(start.position));
    let before = if line == 1 { start.column.saturating_sub(1) } else { 0 };
    let line = start.line.saturating_add(line).saturating_sub(1);
    Place { position, line, column: column.saturating_add(before) }
}

impl<'r, R: Read> ArmorPart<'r, R> {
    pub(super) const fn new(reader: &'r mut PartReader<R>) -> Self {
        Self { reader }
    }
}

impl<R: Read> Read for ArmorPart<'_, R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if out.is_empty() {
            return Ok(0);
        }
        self.reader.armor_octets()?;
        let count = copy(self.reader.decoder.unread(), out);
        self.reader.decoder.take(count);
        Ok(count)
    }
}

impl<R: Read> PartReader<R> {
    /// Decodes more of the block that the reader is in, if all that was decoded is read. It is 0 at the end of the block.
    pub(super) fn armor_octets(&mut self) -> io::Result<usize> {
        let Self { window, decoder, state: State::Armor(body), head, head_start, .. } = self else { return Ok(0) };
        let prefix = head.get(..body.margin).unwrap_or_default();
        let margin = Margin::new(Octets::new(prefix, head_start.position));
        while decoder.unread().is_empty() && body.end.is_none() {
            if !body.in_line && rows(window, decoder) {
                break;
            }
            match decoder.lines(|feed| line(window, &mut body.in_line, margin, feed)) {
                Some(Stop::NotRead) if !decoder.has_group() => {
                    window.more()?;
                }
                Some(Stop::End(tail)) => body.end = Some(ends(window, decoder, tail)),
                Some(Stop::NotRead) | None => decoder.flush(),
            }
        }
        Ok(decoder.unread().len())
    }
}

/// Takes the tail line, if there is one, and says how the block ends.
fn ends<R>(window: &mut Window<R>, decoder: &mut Decoder, tail: Option<(Zeroizing<Vec<u8>>, u64)>) -> Ends {
    let body = window.place();
    if tail.is_some() {
        let unread = window.unread();
        let end = memchr2(b'\n', b'\r', unread).unwrap_or(unread.len());
        let width = match unread.get(end..) {
            Some([b'\r', b'\n', ..]) => 2,
            _ => 1,
        };
        window.take(end.saturating_add(width));
    }
    let block = window.place();
    decoder.finish(body, block, tail.is_some());
    Ends { body, block, tail }
}

/// Decodes lines of base64 that are alike, and says whether there were any.
fn rows<R>(window: &mut Window<R>, decoder: &mut Decoder) -> bool {
    let line = window.line();
    let taken = decoder.rows(window.unread(), line);
    if let Some((octets, lines)) = taken {
        window.take_lines(octets, lines);
    }
    taken.is_some()
}

/// Takes the next line of base64, or as much of it as is looked ahead.
fn line<R>(
    window: &mut Window<R>,
    in_line: &mut bool,
    margin: Margin<'_>,
    feed: &mut dyn FnMut(Piece<'_>),
) -> Option<Stop> {
    let line = window.line();
    let (position, has_ended) = (window.position(), window.has_ended());
    let unread = window.unread();
    let look = unread.get(..LOOK_AHEAD).unwrap_or(unread);
    let (length, ending) = match memchr2(b'\n', b'\r', look) {
        Some(end) => match unread.get(end..) {
            Some([b'\r', b'\n', ..]) => (end, 2_usize),
            Some([b'\r']) if !has_ended => return Some(Stop::NotRead),
            _ => (end, 1),
        },
        None if look.len() >= LOOK_AHEAD || has_ended => (look.len(), 0),
        None => return Some(Stop::NotRead),
    };
    if unread.is_empty() && !*in_line {
        return Some(Stop::End(None));
    }
    let is_last = ending > 0 || look.len() < LOOK_AHEAD;
    let whole = look.get(..length).unwrap_or_default();
    let text = Octets::new(if is_last { whole.trim_ascii_end() } else { whole }, position);
    let mut octets = text;
    if !*in_line {
        if !margin.is_empty() {
            match margin.strip(text) {
                Some(text) => octets = text,
                None => return Some(Stop::End(None)),
            }
        }
        if octets.as_slice().starts_with(DASHES) {
            let label = if is_last { label(octets, END) } else { None };
            return Some(Stop::End(label.map(|label| (Zeroizing::new(label.as_slice().to_vec()), label.start()))));
        }
    }
    let mut taken = length.saturating_add(ending);
    if !is_last {
        // What follows an equals sign is looked at as a whole.
        let sign = memchr(b'=', octets.as_slice()).filter(|sign| *sign > 0);
        if let Some((data, _)) = sign.and_then(|sign| octets.split_at(sign)) {
            octets = data;
            taken = usize::try_from(data.end().saturating_sub(position)).unwrap_or(taken);
        }
    }
    feed(Piece { octets, line, is_first: !*in_line, is_last });
    *in_line = !is_last;
    window.take_lines(taken, u64::from(ending > 0));
    None
}

/// Shows no octet of the input.
impl<R> fmt::Debug for ArmorPart<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ArmorPart").field("head", &self.head()).field("end", &self.end()).finish_non_exhaustive()
    }
}
