//! The laws of bpg's parser as functions that panic if their input breaks one.
//!
//! The fuzz targets call them, and so do the tests in `bpg-core/tests`, which include this file. There are two sizes: what
//! an input's packets promise, [`check`], and the `laws` of each target, which may ask for more, such as the input as the
//! body of every type of packet.

pub mod armor;
pub mod cleartext;
pub mod container;
pub mod frame;
pub mod inspect;
pub mod interpret;
pub mod keybox;
#[cfg(feature = "std")]
pub mod parts;
#[cfg(feature = "std")]
pub mod reader;
pub mod sequence;
pub mod stream;

use std::fmt;

use bpg_core::encode::Encode;
use bpg_core::error::Error;
use bpg_core::octets::{Octets, Span};

/// What framing, interpreting, inspecting and the grammar promise of the packets in `input`.
pub fn check(input: &[u8]) {
    check_octets(Octets::from(input));
}

/// [`check`], with positions counted from where `input` says it starts.
pub fn check_octets(input: Octets<'_>) {
    frame::packets(input);
    interpret::packets(input);
    inspect::packets(input);
    sequence::packets(input);
}

/// Law 4: `part` lies inside `whole`, and slicing `whole` there gives its octets.
fn assert_in_place(whole: Octets<'_>, part: Octets<'_>) {
    assert_eq!(slice(whole, part.span()), part.as_slice(), "{part:?} in {whole:?}");
}

/// Law 1: `value` is written as `expected`, the octets that it was read from.
fn assert_encodes(value: &impl Encode, expected: &[u8]) {
    let mut rest = expected;
    value.encode(&mut |piece| {
        rest = rest.strip_prefix(piece).expect("what is written is what was read");
    });
    assert!(rest.is_empty(), "{} octets are not written", rest.len());
    assert_eq!(value.encoded_len(), position(expected.len()));
}

/// The octets of `whole` at `span`, which has to lie inside it.
fn slice(whole: Octets<'_>, span: Span) -> &[u8] {
    assert!(span.start <= span.end, "the span {span} ends before it starts");
    assert!(whole.span().contains(span), "the span {span} is not inside {whole:?}");
    let (start, end) = (span.start - whole.start(), span.end - whole.start());
    &whole.as_slice()[size(start)..size(end)]
}

/// The error is about octets of `region`, and says so in one line.
fn assert_error(region: Span, error: &Error) {
    let (span, line) = (error.span(), Line::of(error));
    assert!(span.start <= span.end && region.contains(span), "{error}: the span {span} is not inside {region}");
    assert_eq!(line.text(), Line::of(format_args!("at octet {}: {}", span.start, error.reason())).text());
    assert!(!line.text().ends_with('.'), "{error}");
    assert!(error.context().count() <= 3 && error.context().all(|name| !name.is_empty()), "{error}");
    Line::of(format_args!("{error:?} {:?}", error.kind()));
}

/// One line of text, in no memory of its own: packets have to be readable without.
struct Line {
    text: [u8; 512],
    length: usize,
}

impl Line {
    fn of(shown: impl fmt::Display) -> Self {
        let mut line = Self { text: [0; 512], length: 0 };
        fmt::write(&mut line, format_args!("{shown}")).expect("it is one line, and not a long one");
        line
    }

    fn text(&self) -> &str {
        std::str::from_utf8(&self.text[..self.length]).expect("only text was written")
    }
}

impl fmt::Write for Line {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.length + text.len();
        if end > self.text.len() || text.chars().any(char::is_control) {
            return Err(fmt::Error);
        }
        self.text[self.length..end].copy_from_slice(text.as_bytes());
        self.length = end;
        Ok(())
    }
}

/// Asserts that parts follow one another without a gap until they fill `whole`.
struct Tiles<'a> {
    whole: Octets<'a>,
    position: u64,
}

impl<'a> Tiles<'a> {
    fn of(whole: Octets<'a>) -> Self {
        Self { whole, position: whole.start() }
    }

    /// The next part.
    fn lay(&mut self, part: Octets<'_>) {
        assert_in_place(self.whole, part);
        assert_eq!(part.start(), self.position, "{part:?} does not follow what precedes it in {:?}", self.whole);
        self.position = part.end();
    }

    /// The next `count` octets, such as a length, are of no interest.
    fn skip(&mut self, count: u64) {
        self.position += count;
    }

    fn assert_full(self) {
        assert_eq!(self.position, self.whole.end(), "what was read does not fill {:?}", self.whole);
    }
}

/// A position as an index.
fn size(position: u64) -> usize {
    usize::try_from(position).expect("positions of what is in memory fit")
}

/// A length as a position.
fn position(length: usize) -> u64 {
    u64::try_from(length).expect("lengths of what is in memory fit")
}
