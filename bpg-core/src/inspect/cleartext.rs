//! The fields of a cleartext signed message.

use core::ops::ControlFlow;

use super::{Container, Detail, Event, Visitor, Walker};
use crate::cleartext::Cleartext;
use crate::error::ErrorKind;
use crate::inspect::value::Value;
use crate::octets::{Octets, u64_from};

/// Walks over what is in front of the signatures of a cleartext signed message, [`Cleartext::signed_part`]: its armor
/// headers, its text, and what is wrong with it. The armor of its signatures is for the caller to go on with.
///
/// # Errors
///
/// None: malformed input is an [`Event::Error`]. `ControlFlow::Break` is the visitor's.
pub fn cleartext<V: Visitor>(message: &Cleartext<'_>, visitor: &mut V) -> ControlFlow<V::Break> {
    let octets = message.signed_part();
    visitor.event(Event::Container(Container { format: "cleartext", name: "signed message", octets }))?;
    let text = message.text();
    let mut walker = Walker::new(visitor, octets.start());
    let mut previous = ("header line", first_line(octets), Detail::Full);
    // A field ends where the next one starts, so that line endings belong to what precedes them.
    for header in message.headers() {
        walker.line(previous, header.wire.start())?;
        previous = ("armor header", header.wire, Detail::Brief);
    }
    let mut errors = message.errors().peekable();
    walker.line(previous, text.start())?;
    while let Some(error) = errors.next_if(|error| error.kind() != ErrorKind::CleartextWithoutSignature) {
        walker.visitor.event(Event::Error(error))?;
    }
    if !text.is_empty() {
        walker.data("text", text, Detail::Brief)?;
    }
    let mut hashed: u64 = 0;
    message.for_each_hashed(|octets| hashed = hashed.saturating_add(u64_from(octets.len())));
    walker.derived("lines", Value::Number(u64_from(message.lines().count())))?;
    walker.derived("octets that are signed", Value::Number(hashed))?;
    errors.try_for_each(|error| walker.visitor.event(Event::Error(error)))?;
    walker.close()
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
