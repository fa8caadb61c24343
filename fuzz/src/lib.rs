//! The laws of bpg's parser as functions that panic if their input breaks one.
//!
//! The fuzz targets call them, and so does the test `bpg-core/tests/regressions.rs`, which includes this file.

pub mod armor;
pub mod frame;
pub mod inspect;
pub mod interpret;

use bpg_core::error::Error;
use bpg_core::octets::{Octets, Span};

/// Law 4: `part` lies inside `whole`, and slicing `whole` there gives its octets.
fn assert_in_place(whole: Octets<'_>, part: Octets<'_>) {
    assert_eq!(slice(whole, part.span()), part.as_slice(), "{part:?} in {whole:?}");
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
    let (span, line) = (error.span(), error.to_string());
    assert!(span.start <= span.end && region.contains(span), "{line}: the span {span} is not inside {region}");
    assert_eq!(line, format!("at octet {}: {}", span.start, error.reason()));
    assert!(line.chars().all(|character| !character.is_control()) && !line.ends_with('.'), "{line:?}");
    assert!(error.context().count() <= 3, "{line}");
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
