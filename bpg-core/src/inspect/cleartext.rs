//! The fields of a cleartext signed message.

use core::ops::ControlFlow;

use super::{Container, Detail, Event, Field, Visitor, Walker};
use crate::cleartext::Cleartext;
use crate::inspect::value::Value;
use crate::octets::{Octets, Span, u64_from};

/// The text of a cleartext signed message, as far as it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignedText {
    /// The place of the text, dash-escaped, with the ending of its last line.
    pub span: Span,
    /// How many lines it has.
    pub lines: u64,
    /// How many octets enter the digest.
    pub signed_octets: u64,
}

impl From<&Cleartext<'_>> for SignedText {
    fn from(message: &Cleartext<'_>) -> Self {
        let mut signed_octets: u64 = 0;
        message.for_each_hashed(|octets| signed_octets = signed_octets.saturating_add(u64_from(octets.len())));
        Self { span: message.text().span(), lines: u64_from(message.lines().count()), signed_octets }
    }
}

/// Walks over what is in front of the signatures of a cleartext signed message, [`Cleartext::signed_part`]: its armor
/// headers, its text, and what is wrong with it. The armor of its signatures is for the caller to go on with.
///
/// # Errors
///
/// None: malformed input is an [`Event::Error`]. `ControlFlow::Break` is the visitor's.
pub fn cleartext<V: Visitor>(message: &Cleartext<'_>, visitor: &mut V) -> ControlFlow<V::Break> {
    let octets = message.signed_part();
    start(message, octets, Some(octets.len_u64()), visitor)?;
    cleartext_text(SignedText::from(message), visitor)?;
    message.errors().try_for_each(|error| visitor.event(Event::Error(error)))?;
    visitor.event(Event::Close)
}

/// Tells of the start of a message whose text is read from a stream: `head` has none. The text, the errors and an
/// [`Event::Close`] are to follow.
///
/// # Errors
///
/// None. `ControlFlow::Break` is the visitor's.
pub fn cleartext_head<V: Visitor>(head: &Cleartext<'_>, visitor: &mut V) -> ControlFlow<V::Break> {
    start(head, head.signed_part(), None, visitor)
}

/// Tells of the text of a message.
///
/// # Errors
///
/// None. `ControlFlow::Break` is the visitor's.
pub fn cleartext_text<V: Visitor>(text: SignedText, visitor: &mut V) -> ControlFlow<V::Break> {
    let mut walker = Walker::new(visitor, text.span.end);
    if !text.span.is_empty() {
        let value = Value::Payload { length: text.span.len(), first: Octets::new(&[], text.span.start) };
        let (name, span, detail) = ("text", Some(text.span), Detail::Brief);
        walker.visitor.event(Event::Field(Field { name, value, span, detail }))?;
    }
    walker.derived("lines", Value::Number(text.lines))?;
    walker.derived("octets that are signed", Value::Number(text.signed_octets))
}

fn start<V: Visitor>(
    message: &Cleartext<'_>,
    octets: Octets<'_>,
    length: Option<u64>,
    visitor: &mut V,
) -> ControlFlow<V::Break> {
    visitor.event(Event::Container(Container { format: "cleartext", name: "signed message", octets, length }))?;
    let mut walker = Walker::new(visitor, octets.start());
    let mut previous = ("header line", first_line(octets), Detail::Full);
    // A field ends where the next one starts, so that line endings belong to what precedes them.
    for header in message.headers() {
        walker.line(previous, header.wire.start())?;
        previous = ("armor header", header.wire, Detail::Brief);
    }
    walker.line(previous, message.text().start())
}

impl<V: Visitor> Walker<'_, V> {
    /// A line of text and all that follows it up to `end`.
    fn line(&mut self, (name, line, detail): (&'static str, Octets<'_>, Detail), end: u64) -> ControlFlow<V::Break> {
        let width = usize::try_from(end.saturating_sub(self.position)).unwrap_or(0);
        self.field(name, width, Value::Text(line), detail)
    }
}

/// The cleartext header without its line ending.
fn first_line(octets: Octets<'_>) -> Octets<'_> {
    let end = octets.as_slice().iter().position(|octet| matches!(octet, b'\n' | b'\r'));
    end.and_then(|end| octets.split_at(end)).map_or(octets, |(line, _)| line)
}
