//! What can be told of a block of ASCII armor.

use core::ops::ControlFlow;

use super::{Detail, Event, Field, Value, Visitor};
use crate::armor::{Block, Checksum, Header};
use crate::error::Error;

/// Walks over a block of ASCII armor: its headers, its checksum, and what is wrong with it, as
/// [`Block::decode_prefix`] tells. What it holds is not looked at.
///
/// # Errors
///
/// None. `ControlFlow::Break` is the visitor's.
pub fn armor<V: Visitor>(
    block: Block<'_>,
    checksum: Option<Checksum>,
    error: Option<Error>,
    visitor: &mut V,
) -> ControlFlow<V::Break> {
    visitor.event(Event::Armor(block))?;
    for Header { wire, .. } in block.headers() {
        let (value, span) = (Value::Text(wire), Some(wire.span()));
        visitor.event(Event::Field(Field { name: "armor header", value, span, detail: Detail::Full }))?;
    }
    if let Some(Checksum { stored, due }) = checksum {
        let value = Value::Checksum { stored, due: Some(due), width: 3 };
        visitor.event(Event::Field(Field { name: "CRC-24", value, span: None, detail: Detail::Full }))?;
    }
    if let Some(error) = error {
        visitor.event(Event::Error(error))?;
    }
    visitor.event(Event::Close)
}
