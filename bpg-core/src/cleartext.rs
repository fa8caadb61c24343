//! The cleartext signature framework: signed text that stays readable (RFC 9580 section 7).
//!
//! A message is found wherever its header line starts a line; text around it is passed over. Reading is lenient: what
//! RFC 9580 forbids is told by [`Cleartext::errors`], with its place, and it is for the caller to decline such a message.
//! Lines end with LF or CR LF; a CR elsewhere does not end a line, other than in [`armor`], as programs that verify such
//! texts have it.

#[cfg(feature = "alloc")]
mod encode;

use core::iter::FusedIterator;

use memchr::memchr;

#[cfg(feature = "alloc")]
pub use encode::encode;

use crate::armor::{self, Block, Header};
use crate::encode::encode_as_received;
use crate::error::{Error, ErrorKind};
use crate::octets::Octets;
use crate::registry::HashAlgorithm;

/// The cleartext header.
pub(crate) const HEADER_LINE: &[u8] = b"-----BEGIN PGP SIGNED MESSAGE-----";
/// The armor header line of the signatures.
pub(crate) const SIGNATURE_LINE: &[u8] = b"-----BEGIN PGP SIGNATURE-----";
/// What a line is prefixed with that starts with a dash.
pub(crate) const ESCAPE: &[u8] = b"- ";
/// The armor header of GnuPG that says that the text is not dash-escaped.
const NOT_DASH_ESCAPED: &[u8] = b"NotDashEscaped";
/// U+FEFF in UTF-8, which some editors put in front of a text.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The cleartext signed messages of `input`, one after another.
///
/// ```
/// let text = b"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n- -- \nHello!  \n\
///     -----BEGIN PGP SIGNATURE-----\n\nwgA=\n-----END PGP SIGNATURE-----\n";
/// let message = bpg_core::cleartext::messages(text).next().unwrap();
/// let mut hashed = Vec::new();
/// message.for_each_hashed(|octets| hashed.extend_from_slice(octets));
/// assert_eq!(hashed, b"--\r\nHello!");
/// assert_eq!(message.signatures().count(), 1);
/// ```
#[must_use]
pub fn messages(input: &[u8]) -> Messages<'_> {
    Messages::new(Octets::from(input))
}

/// The text from the first cleartext header of `text` on.
pub(crate) fn find(text: Octets<'_>) -> Option<Octets<'_>> {
    header_line(text)
}

/// Gives `sink` what a signature over `text` in the cleartext signature framework is calculated on, in pieces: the lines
/// without blanks at their ends and with canonical endings, without that of the last line.
pub fn hashed(text: &[u8], sink: impl FnMut(&[u8])) {
    for_each_hashed(Lines::of(text), sink);
}

/// Iterates over cleartext signed messages: see [`messages`].
#[derive(Clone, Debug)]
pub struct Messages<'a> {
    rest: Octets<'a>,
    /// The armor in the input, in front of which there is none that belongs to a message to come.
    blocks: armor::Blocks<'a>,
}

impl<'a> Messages<'a> {
    /// The messages of `text`, with positions counted from where `text` says it starts.
    #[must_use]
    pub const fn new(text: Octets<'a>) -> Self {
        Self { rest: text, blocks: armor::Blocks::new(text) }
    }

    /// The text behind the last message that was found.
    #[must_use]
    pub const fn remaining(&self) -> Octets<'a> {
        self.rest
    }
}

impl<'a> Iterator for Messages<'a> {
    type Item = Cleartext<'a>;

    fn next(&mut self) -> Option<Cleartext<'a>> {
        let start = header_line(self.rest)?;
        let (_, _, after_header) = split_line(start);
        let (headers, has_empty_line, behind_headers) = header_lines(after_header);
        let behind_text = find_end(behind_headers);
        let mut message = Cleartext {
            wire: start.before(behind_text),
            headers,
            text: behind_headers.before(behind_text),
            has_empty_line,
            signatures: behind_text.before(behind_text),
        };
        self.rest = behind_text;
        if is_line(behind_text, SIGNATURE_LINE) {
            self.skip_blocks(behind_text.start());
        }
        while let Some(rest) = self.signature() {
            message.signatures = behind_text.before(rest);
            message.wire = start.before(rest);
            self.rest = rest;
        }
        Some(message)
    }
}

impl FusedIterator for Messages<'_> {}

impl<'a> Messages<'a> {
    /// Passes over the armor in front of `position`, where a block starts: looking for one that is not there would mean
    /// to look at the whole input for each of many messages.
    fn skip_blocks(&mut self, position: u64) {
        let mut ahead = self.blocks.clone();
        while ahead.next().is_some_and(|block| block.wire().start() < position) {
            self.blocks = ahead.clone();
        }
    }

    /// What follows the next signature, if nothing but white space is in front of it.
    fn signature(&mut self) -> Option<Octets<'a>> {
        let blank = self.rest.len().saturating_sub(self.rest.as_slice().trim_ascii_start().len());
        let (_, start) = self.rest.split_at(blank)?;
        let starts_line = matches!(self.rest.before(start).as_slice().last(), None | Some(b'\n'));
        if !starts_line || !is_line(start, SIGNATURE_LINE) {
            return None;
        }
        let block = self.blocks.next()?;
        start.split_at(block.wire().len()).map(|(_, rest)| rest)
    }
}

/// A cleartext signed message: from `-----BEGIN PGP SIGNED MESSAGE-----` to the end of its last signature.
#[derive(Clone, Copy, Debug)]
pub struct Cleartext<'a> {
    wire: Octets<'a>,
    headers: Octets<'a>,
    text: Octets<'a>,
    has_empty_line: bool,
    /// The signatures, with nothing but white space between them.
    signatures: Octets<'a>,
}

impl<'a> Cleartext<'a> {
    /// What `wire` has of a message: the header line and the armor headers. The text is empty.
    #[cfg(feature = "std")]
    pub(crate) fn head(wire: Octets<'a>) -> Self {
        let (_, _, after_header) = split_line(wire);
        let (headers, has_empty_line, text) = header_lines(after_header);
        Self { wire, headers, text, has_empty_line, signatures: text }
    }

    /// All octets of the message, from the first dash of its header line to the end of the last tail line.
    #[must_use]
    pub const fn wire(&self) -> Octets<'a> {
        self.wire
    }

    /// What is in front of the signatures: the header line, the armor headers, the empty line and the text.
    #[must_use]
    pub fn signed_part(&self) -> Octets<'a> {
        let length = self.text.end().saturating_sub(self.wire.start());
        let parts = usize::try_from(length).ok().and_then(|length| self.wire.split_at(length));
        parts.map_or(self.wire, |(signed, _)| signed)
    }

    /// The armor headers in order.
    ///
    /// Here, "the only Armor Header permitted is a well-formed Hash Armor Header" (section 7.1): see
    /// [`errors`](Self::errors).
    #[must_use]
    pub const fn headers(&self) -> Headers<'a> {
        Headers { rest: self.headers }
    }

    /// Whether an empty line separates the headers from the text, as it has to be.
    #[must_use]
    pub const fn has_empty_line(&self) -> bool {
        self.has_empty_line
    }

    /// The text as it is, dash-escaped, with the ending of its last line.
    #[must_use]
    pub const fn text(&self) -> Octets<'a> {
        self.text
    }

    /// Whether the text is dash-escaped, as it has to be. GnuPG can be told to leave that out, and then says so in an
    /// armor header `NotDashEscaped`.
    #[must_use]
    pub fn is_dash_escaped(&self) -> bool {
        !self.headers().any(|header| header.key.as_slice() == NOT_DASH_ESCAPED)
    }

    /// The lines of the text.
    #[must_use]
    pub fn lines(&self) -> Lines<'a> {
        Lines { rest: self.text, form: if self.is_dash_escaped() { Form::Escaped } else { Form::AsIs } }
    }

    /// Gives `sink` the text as it enters the digest, in pieces: with CR LF between the lines, whatever their endings are,
    /// and without the ending of the last line (section 7.1).
    ///
    /// A text that is not dash-escaped enters the digest as it is, the ending of the last line included: that is what GnuPG
    /// does.
    pub fn for_each_hashed(&self, mut sink: impl FnMut(&[u8])) {
        if self.is_dash_escaped() {
            for_each_hashed(self.lines(), sink);
        } else {
            sink(self.text.as_slice());
        }
    }

    /// The armor of the signatures. One block may hold several signatures.
    pub fn signatures(&self) -> impl Iterator<Item = Block<'a>> {
        armor::Blocks::new(self.signatures)
    }

    /// Everything for which a verifier has to decline the message, in the order of the octets:
    /// [`ErrorKind::NotAHashHeader`], [`ErrorKind::NoEmptyLine`], and [`ErrorKind::CleartextWithoutSignature`]. What it
    /// should only warn of is [`Line::is_unescaped_dash`].
    pub fn errors(&self) -> impl Iterator<Item = Error> {
        let headers = self.headers().filter(|header| !is_hash_header(header));
        let headers = headers.map(|header| Error::new(ErrorKind::NotAHashHeader, header.wire.span()));
        let behind_headers = Octets::new(&[], self.headers.end());
        let empty_line = Error::new(ErrorKind::NoEmptyLine, behind_headers.span());
        let end = Octets::new(&[], self.wire.end());
        let signature = Error::new(ErrorKind::CleartextWithoutSignature, end.span());
        headers
            .chain((!self.has_empty_line).then_some(empty_line))
            .chain(self.signatures.is_empty().then_some(signature))
            .map(|error| error.within("cleartext"))
    }
}

encode_as_received! {
    Cleartext<'_>: wire,
}

/// A verifier has to decline "a Hash header that contains anything other than a comma-separated list of hash algorithms"
/// (RFC 9580 section 6.2.2.3).
fn is_hash_header(header: &Header<'_>) -> bool {
    let is_name = |name: &[u8]| {
        let name = name.trim_ascii();
        let names = (0..=u8::MAX).filter_map(|number| HashAlgorithm(number).text_name());
        names.map(str::as_bytes).any(|known| known.eq_ignore_ascii_case(name))
    };
    header.key.as_slice() == b"Hash" && header.value.as_slice().split(|octet| *octet == b',').all(is_name)
}

/// The armor headers of a [`Cleartext`].
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
        let (line, _, rest) = split_line(self.rest);
        self.rest = rest;
        Header::read(trim_end(line, u8::is_ascii_whitespace))
    }
}

impl FusedIterator for Headers<'_> {}

/// Iterates over the lines of a text: see [`Cleartext::lines`].
#[derive(Clone, Debug)]
pub struct Lines<'a> {
    rest: Octets<'a>,
    form: Form,
}

/// What becomes of the lines of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// They are dash-escaped, and blanks at their ends are left out.
    Escaped,
    /// Blanks at their ends are left out.
    Plain,
    /// Nothing.
    AsIs,
}

impl<'a> Lines<'a> {
    /// The lines of a text that is not dash-escaped.
    fn of(text: &'a [u8]) -> Self {
        Self { rest: Octets::from(text), form: Form::Plain }
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Line<'a>> {
        if self.rest.is_empty() {
            return None;
        }
        let (wire, ending, rest) = split_line(self.rest);
        self.rest = rest;
        // "When reversing dash-escaping, an implementation MUST strip the string - if it occurs at the beginning of a line"
        let is_escaped = self.form == Form::Escaped;
        let is_escape = is_escaped && wire.as_slice().starts_with(ESCAPE);
        let text = if is_escape { wire.split_at(ESCAPE.len()).map_or(wire, |(_, text)| text) } else { wire };
        let text = if self.form == Form::AsIs { text } else { trim_end(text, is_blank) };
        let is_unescaped_dash = is_escaped && !is_escape && wire.as_slice().first() == Some(&b'-');
        Some(Line { wire, ending, text, is_unescaped_dash })
    }
}

impl FusedIterator for Lines<'_> {}

/// A line of a [`Cleartext`].
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// The line as it is, without its ending.
    pub wire: Octets<'a>,
    /// The line's ending: LF, CR LF, or nothing at the end of the input.
    pub ending: Octets<'a>,
    /// The line as it was signed: without its escape and without blanks at its end, unless the text is not dash-escaped.
    pub text: Octets<'a>,
    /// Whether the line starts with a dash that should be escaped and is not: of this, an implementation "SHOULD
    /// provide a warning" (RFC 9580 section 7.2).
    pub is_unescaped_dash: bool,
}

/// "… any trailing whitespace -- spaces (0x20) and tabs (0x09) -- at the end of any line is removed before signing or
/// verifying a cleartext signed message" (RFC 9580 section 7.1). A CR among them belongs to the line's ending.
pub(crate) const fn is_blank(octet: &u8) -> bool {
    matches!(octet, b' ' | b'\t' | b'\r')
}

fn for_each_hashed(lines: Lines<'_>, mut sink: impl FnMut(&[u8])) {
    for (index, line) in lines.enumerate() {
        if index > 0 {
            sink(b"\r\n");
        }
        sink(line.text.as_slice());
    }
}

/// The first cleartext header of `input` that starts a line, and all that follows it.
fn header_line(input: Octets<'_>) -> Option<Octets<'_>> {
    let mut searched = input;
    loop {
        let found = memchr::memmem::find(searched.as_slice(), HEADER_LINE)?;
        let (_, start) = searched.split_at(found)?;
        (_, searched) = start.split_at(HEADER_LINE.len())?;
        if starts_line(input.before(start)) && is_line(start, HEADER_LINE) {
            return Some(start);
        }
    }
}

/// Whether a line starts behind `before`, which is all that is in front. A byte order mark is not of the line.
pub(crate) fn starts_line(before: Octets<'_>) -> bool {
    matches!(before.as_slice().last(), None | Some(b'\n')) || before.as_slice() == BYTE_ORDER_MARK
}

/// Whether the first line of `input` is `expected`, but for white space at its end.
pub(crate) fn is_line(input: Octets<'_>, expected: &[u8]) -> bool {
    input.as_slice().starts_with(expected) && {
        let (line, ..) = split_line(input);
        trim_end(line, u8::is_ascii_whitespace).len() == expected.len()
    }
}

/// The armor headers that `input` starts with, whether an empty line ends them, and what follows.
pub(crate) fn header_lines(input: Octets<'_>) -> (Octets<'_>, bool, Octets<'_>) {
    let mut rest = input;
    loop {
        let (line, _, after) = split_line(rest);
        if line.as_slice().trim_ascii_end().is_empty() && !rest.is_empty() {
            return (input.before(rest), true, after);
        }
        if !line.as_slice().contains(&b':') {
            return (input.before(rest), false, rest);
        }
        rest = after;
    }
}

/// What follows the text that `input` starts with: the signatures, another message, or nothing.
fn find_end(input: Octets<'_>) -> Octets<'_> {
    let mut rest = input;
    while !rest.is_empty() && !is_line(rest, SIGNATURE_LINE) && !is_line(rest, HEADER_LINE) {
        (_, _, rest) = split_line(rest);
    }
    rest
}

/// The first line of `input`, its ending, and what follows.
fn split_line(input: Octets<'_>) -> (Octets<'_>, Octets<'_>, Octets<'_>) {
    let octets = input.as_slice();
    let feed = memchr(b'\n', octets).unwrap_or(octets.len());
    let is_crlf = feed < octets.len() && octets.get(..feed).is_some_and(|line| line.ends_with(b"\r"));
    let end = if is_crlf { feed.saturating_sub(1) } else { feed };
    let ending = if is_crlf { 2 } else { 1 };
    let empty = Octets::new(&[], input.end());
    let (line, rest) = input.split_at(end).unwrap_or((input, empty));
    let (ending, rest) = rest.split_at(ending).unwrap_or((rest, empty));
    (line, ending, rest)
}

/// `line` without the octets at its end that `is_trimmed` holds for.
fn trim_end(line: Octets<'_>, is_trimmed: impl Fn(&u8) -> bool) -> Octets<'_> {
    let trimmed = line.as_slice().iter().rev().take_while(|octet| is_trimmed(octet)).count();
    line.split_at(line.len().saturating_sub(trimmed)).map_or(line, |(text, _)| text)
}
