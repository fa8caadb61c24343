//! The fields of user attributes.

use core::ops::ControlFlow;

use super::{Detail, Group, Number, VALUE, Visitor, Walker};
use crate::inspect::value::Value;
use crate::packet::UserAttribute;
use crate::packet::user_attribute::{AttributeSubpacket, Image};

impl<V: Visitor> Walker<'_, V> {
    pub(super) fn user_attribute(&mut self, attribute: UserAttribute<'_>) -> ControlFlow<V::Break> {
        for subpacket in attribute.subpackets() {
            match subpacket {
                Ok(subpacket) => self.attribute_subpacket(subpacket)?,
                Err(error) => self.error(error, attribute.octets())?,
            }
        }
        ControlFlow::Continue(())
    }

    fn attribute_subpacket(&mut self, subpacket: AttributeSubpacket<'_>) -> ControlFlow<V::Break> {
        let attribute_type = subpacket.attribute_type();
        let (wire, body) = (subpacket.wire(), subpacket.body());
        let number = Number { number: attribute_type.0.into(), is_assigned: attribute_type.is_assigned() };
        self.open(Group {
            name: attribute_type.name().unwrap_or("unknown attribute subpacket"),
            number: Some(number),
            is_critical: false,
            span: wire.span(),
        })?;
        self.length("length", body.start().saturating_sub(1), body.len_u64().saturating_add(1))?;
        self.field("type", 1, Value::id(attribute_type), Detail::Full)?;
        match subpacket.image() {
            Ok(Some(image)) => self.image(image)?,
            Ok(None) => self.data(VALUE, body, Detail::Brief)?,
            Err(error) => self.error(error, body)?,
        }
        self.close()
    }

    fn image(&mut self, image: Image<'_>) -> ControlFlow<V::Break> {
        let header = image.header();
        self.field("header length", 2, Value::Number(header.len_u64()), Detail::Full)?;
        self.field("header version", 1, Value::id(image.version()), Detail::Full)?;
        if let Some(encoding) = image.encoding() {
            self.field("encoding", 1, Value::id(encoding), Detail::Brief)?;
        }
        let told = self.position.saturating_sub(header.start());
        let rest = usize::try_from(told).ok().and_then(|told| header.split_at(told));
        if let Some((_, rest)) = rest.filter(|(_, rest)| !rest.is_empty()) {
            self.hex("reserved", rest, Detail::Full)?;
        }
        if let Some((width, height)) = image.pixels() {
            self.derived("size", Value::Pixels(width, height))?;
        }
        self.data("image", image.data(), Detail::Brief)
    }
}
