//! The fields of user attributes.

use core::ops::ControlFlow;

use super::{Detail, Group, Number, VALUE, Visitor, Walker};
use crate::error::ErrorKind;
use crate::inspect::value::Value;
use crate::octets::{Octets, Span};
use crate::packet::UserAttribute;
use crate::packet::user_attribute::{AttributeSubpacket, Image};
use crate::registry::UserAttributeType;

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

    /// What is there of a user attribute that is cut short.
    pub(super) fn user_attribute_in_front(&mut self, attribute: UserAttribute<'_>) -> ControlFlow<V::Break> {
        let mut subpackets = attribute.subpackets();
        while let Some(subpacket) = subpackets.next() {
            match subpacket {
                Ok(subpacket) => self.attribute_subpacket(subpacket)?,
                // The error is that of the packet.
                Err(error) if matches!(error.kind(), ErrorKind::Truncated { .. }) => {
                    self.attribute_subpacket_in_front(subpackets.remaining())?;
                }
                Err(error) => self.error(error, attribute.octets())?,
            }
        }
        ControlFlow::Continue(())
    }

    fn attribute_subpacket_in_front(&mut self, octets: Octets<'_>) -> ControlFlow<V::Break> {
        let group = |type_octet, span| group(UserAttributeType(type_octet), span);
        self.cut_subpacket(octets, group, |walker, type_octet, body, _| {
            let attribute_type = UserAttributeType(type_octet);
            walker.field("type", 1, Value::id(attribute_type), Detail::Full)?;
            if attribute_type != UserAttributeType::IMAGE {
                return ControlFlow::Continue(());
            }
            walker.in_front(body, |walker, padded| match Image::parse_prefix(padded) {
                Ok((_, image)) => walker.image_header(image),
                Err(_) => ControlFlow::Continue(()),
            })
        })
    }

    fn attribute_subpacket(&mut self, subpacket: AttributeSubpacket<'_>) -> ControlFlow<V::Break> {
        let attribute_type = subpacket.attribute_type();
        let (wire, body) = (subpacket.wire(), subpacket.body());
        self.open(group(attribute_type, wire.span()))?;
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
        self.image_header(image)?;
        if let Some((width, height)) = image.pixels() {
            self.derived("size", Value::Pixels(width, height))?;
        }
        self.data("image", image.data(), Detail::Brief)
    }

    fn image_header(&mut self, image: Image<'_>) -> ControlFlow<V::Break> {
        let header = image.header();
        self.field("header length", 2, Value::Number(header.len_u64()), Detail::Full)?;
        self.field("header version", 1, Value::id(image.version()), Detail::Full)?;
        if let Some(encoding) = image.encoding() {
            self.field("encoding", 1, Value::id(encoding), Detail::Brief)?;
        }
        let rest = header.starting_at(self.position);
        if !rest.is_empty() {
            self.hex("reserved", rest, Detail::Full)?;
        }
        ControlFlow::Continue(())
    }
}

fn group(attribute_type: UserAttributeType, span: Span) -> Group {
    Group {
        name: attribute_type.name().unwrap_or("unknown attribute subpacket"),
        number: Some(Number { number: attribute_type.0.into(), is_assigned: attribute_type.is_assigned() }),
        is_critical: false,
        span,
    }
}
