//! What can be told of a block of ASCII armor.

use core::ops::ControlFlow;

use super::{Detail, Event, Field, Value, Visitor};
use crate::armor::{Block, Checksum, Header};

/// Walks over a block of ASCII armor: its headers and its checksum. What it holds is not looked at.
///
/// # Errors
///
/// None. `ControlFlow::Break` is the visitor's.
pub fn armor<V: Visitor>(block: Block<'_>, checksum: Option<Checksum>, visitor: &mut V) -> ControlFlow<V::Break> {
    visitor.event(Event::Armor(block))?;
    for Header { wire, .. } in block.headers() {
        let (value, span) = (Value::Text(wire), Some(wire.span()));
        visitor.event(Event::Field(Field { name: "armor header", value, span, detail: Detail::Full }))?;
    }
    if let Some(Checksum { stored, due }) = checksum {
        let value = Value::Checksum { stored, due: Some(due), width: 3 };
        visitor.event(Event::Field(Field { name: "CRC-24", value, span: None, detail: Detail::Full }))?;
    }
    visitor.event(Event::Close)
}
