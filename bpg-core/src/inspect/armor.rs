//! What can be told of a block of ASCII armor.

use core::ops::ControlFlow;

use super::{Detail, Event, Field, Value, Visitor};
use crate::armor::{Block, Checksum, Header};
use crate::error::Error;
use crate::octets::Octets;

/// A block of ASCII armor. What is told of it comes in two parts, one in front of what it holds, and one behind.
#[derive(Clone, Copy, Debug)]
pub struct Armor<'a> {
    /// What the header line names, such as `PUBLIC KEY BLOCK`.
    pub label: Octets<'a>,
    /// The position of the first dash of the header line in the text.
    pub start: u64,
    /// The position behind the tail line; `None` in front of what is read from a stream.
    pub end: Option<u64>,
}

impl<'a> From<Block<'a>> for Armor<'a> {
    fn from(block: Block<'a>) -> Self {
        Self { label: block.label(), start: block.wire().start(), end: Some(block.wire().end()) }
    }
}

/// Tells of the start of a block: its headers.
///
/// # Errors
///
/// None. `ControlFlow::Break` is the visitor's.
pub fn armor<'h, V: Visitor>(
    armor: Armor<'_>,
    headers: impl Iterator<Item = Header<'h>>,
    visitor: &mut V,
) -> ControlFlow<V::Break> {
    visitor.event(Event::Armor(armor))?;
    for Header { wire, .. } in headers {
        let (value, span) = (Value::Text(wire), Some(wire.span()));
        visitor.event(Event::Field(Field { name: "armor header", value, span, detail: Detail::Full }))?;
    }
    visitor.event(Event::Close)
}

/// Tells of the end of a block: its checksum, and what is wrong with the block.
///
/// # Errors
///
/// None. `ControlFlow::Break` is the visitor's.
pub fn armor_end<V: Visitor>(
    armor: Armor<'_>,
    checksum: Option<Checksum>,
    error: Option<Error>,
    visitor: &mut V,
) -> ControlFlow<V::Break> {
    visitor.event(Event::ArmorEnd(armor))?;
    if let Some(Checksum { stored, due }) = checksum {
        let value = Value::Checksum { stored, due: Some(due), width: 3 };
        visitor.event(Event::Field(Field { name: "CRC-24", value, span: None, detail: Detail::Full }))?;
    }
    if let Some(error) = error {
        visitor.event(Event::Error(error))?;
    }
    visitor.event(Event::Close)
}
