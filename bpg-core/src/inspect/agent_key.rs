//! The parts of a key of gpg-agent.

use core::ops::ControlFlow;

use super::{Container, Detail, Event, Field, Visitor, Walker};
use crate::agent_key::{AgentKey, FORMAT, PartValue};
use crate::framing::Body;
use crate::inspect::value::Value;
use crate::secret::Secret;

/// Walks over a key file of gpg-agent. Whatever may be of the secret is a [`Value::Secret`].
///
/// # Errors
///
/// None: malformed input is an [`Event::Error`]. `ControlFlow::Break` is the visitor's.
pub fn agent_key<V: Visitor>(key: &AgentKey<'_>, visitor: &mut V) -> ControlFlow<V::Break> {
    let octets = key.wire();
    let length = Some(octets.len_u64());
    let container = Container { format: FORMAT, name: key.kind().name(), octets, length };
    visitor.event(Event::Container(container))?;
    let mut walker = Walker::new(visitor, key.wire().start());
    let mut parts = key.parts();
    for part in parts.by_ref() {
        match part {
            Ok(part) => {
                let (value, detail) = match part.value {
                    PartValue::Text(text) => (Value::Text(text), Detail::Brief),
                    PartValue::Data(octets) => (Value::Data(Body::from(octets)), Detail::Full),
                    PartValue::Secret(secret) => (Value::Secret(secret), Detail::Full),
                };
                let field = Field { name: part.name, value, span: Some(part.span), detail };
                walker.visitor.event(Event::Field(field))?;
            }
            Err(error) => walker.visitor.event(Event::Error(error))?,
        }
    }
    let rest = parts.remaining();
    if !rest.is_empty() {
        let (value, span) = (Value::Secret(Secret::new(rest)), Some(rest.span()));
        walker.visitor.event(Event::Field(Field { name: "not interpreted", value, span, detail: Detail::Full }))?;
    }
    walker.close()
}
