//! Names every field of every packet once, as events.
//!
//! [`packet`] walks over a packet and tells a [`Visitor`] what is there, in the order of the octets. Text, JSON and
//! annotated hexadecimal are renderers of these events; none of them has to know a packet type.
//!
//! The fields that have a span claim every octet of the packet exactly once, so what a renderer is told is all there is.
//! Fields without a span are derived: fingerprints and key IDs.
//!
//! ```
//! use core::ops::ControlFlow;
//! use bpg_core::inspect::{self, Event};
//!
//! let (raw, _) = bpg_core::framing::RawPacket::parse_prefix(b"\xcd\x05alice".as_slice().into())?;
//! let mut names = Vec::new();
//! let _ = inspect::packet(&raw, &mut |event: Event<'_>| -> ControlFlow<()> {
//!     if let Event::Field(field) = event {
//!         names.push((field.name, field.span.map(|span| span.to_string()).unwrap_or_default()));
//!     }
//!     ControlFlow::Continue(())
//! });
//! assert_eq!(names, [
//!     ("packet type", "0..1".to_string()),
//!     ("body length", "1..2".to_string()),
//!     ("content", "2..7".to_string()),
//! ]);
//! # Ok::<(), bpg_core::error::Error>(())
//! ```

mod agent_key;
mod armor;
mod cleartext;
mod key;
mod keybox;
mod message;
mod signature;
mod subpacket;
mod user_attribute;
mod value;

use core::ops::ControlFlow;

pub use agent_key::agent_key;
pub use armor::armor;
pub use cleartext::cleartext;
pub use keybox::keybox_blob;
pub use value::{Flags, Ids, Value};

use crate::error::Error;
use crate::framing::{Body, Length, RawPacket};
use crate::material::{FieldValue, Material};
use crate::octets::{Octets, Span, u64_from};
use crate::packet::Packet;
use crate::registry::PacketType;
use crate::secret::Secret;

/// Gets told what a packet holds.
pub trait Visitor {
    /// What the visitor ends the walk with, should it want to.
    type Break;

    /// Takes the next event, and says whether to go on.
    fn event(&mut self, event: Event<'_>) -> ControlFlow<Self::Break>;
}

impl<B, F: FnMut(Event<'_>) -> ControlFlow<B>> Visitor for F {
    type Break = B;

    fn event(&mut self, event: Event<'_>) -> ControlFlow<B> {
        self(event)
    }
}

/// What a [`Visitor`] is told.
#[derive(Clone, Copy, Debug)]
pub enum Event<'a> {
    /// A packet starts. Its fields and groups follow, and an [`Event::Close`].
    Packet(RawPacket<'a>),
    /// A block of ASCII armor starts. Its fields follow, and an [`Event::Close`].
    Armor(crate::armor::Block<'a>),
    /// Something that is around packets without being one starts, such as a blob of a keybox. Its fields and groups follow,
    /// and an [`Event::Close`]; the packets that it holds are told behind that.
    Container(Container<'a>),
    /// Octets that are not a packet, or not a whole one, up to the end of the input. An [`Event::Error`] and an
    /// [`Event::Close`] follow.
    Remainder(Octets<'a>),
    /// A group of fields starts. Its fields and groups follow, and an [`Event::Close`].
    Open(Group),
    /// A field.
    Field(Field<'a>),
    /// What follows could not be read as it should have been, for this reason.
    Error(Error),
    /// The innermost packet, armor, container, remainder or group ends.
    Close,
}

/// What is around packets without being one.
#[derive(Clone, Copy, Debug)]
pub struct Container<'a> {
    /// The name of the format, such as `keybox`.
    pub format: &'static str,
    /// What it is in that format, such as `OpenPGP blob`.
    pub name: &'static str,
    /// All of its octets.
    pub octets: Octets<'a>,
}

/// A group of fields, such as a subpacket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Group {
    /// The name, in the specification's words.
    pub name: &'static str,
    /// The number that the name stands for, if the group has one.
    pub number: Option<Number>,
    /// Whether the subpacket has its critical bit set.
    pub is_critical: bool,
    /// The octets of the group.
    pub span: Span,
}

/// The number of a group, which is to be shown where the name alone does not tell it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number {
    /// The number.
    pub number: u64,
    /// Whether the name stands for this number alone, and not for a range or for all that is unknown.
    pub is_assigned: bool,
}

/// A field.
#[derive(Clone, Copy, Debug)]
pub struct Field<'a> {
    /// The name, in the specification's words. [`VALUE`] is what a group with a single field has to say.
    pub name: &'static str,
    /// What the field holds.
    pub value: Value<'a>,
    /// The octets of the field, `None` if it is derived from others.
    ///
    /// This is the field's place in the input even where its body had to be joined across partial lengths; the positions of
    /// the octets in `value` then count from the start of the joined body.
    pub span: Option<Span>,
    /// Whether the field belongs in a short overview.
    pub detail: Detail,
}

/// The name of the field that says what its group is about.
pub const VALUE: &str = "value";

/// How much a reader wants to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// An overview.
    Brief,
    /// Every field.
    Full,
}

/// Walks over a packet: its header, then its body as its type and version ask for.
///
/// What cannot be interpreted is told as far as it goes, with the error and the octets that are left.
///
/// # Errors
///
/// None: malformed input is an [`Event::Error`]. `ControlFlow::Break` is the visitor's.
pub fn packet<V: Visitor>(raw: &RawPacket<'_>, visitor: &mut V) -> ControlFlow<V::Break> {
    visitor.event(Event::Packet(*raw))?;
    header(raw, visitor)?;
    let body = raw.body();
    match body.contiguous() {
        Some(octets) => {
            let mut walker = Walker::new(visitor, octets.start());
            walker.body(raw.packet_type(), octets)?;
        }
        None => partial_body(raw, visitor)?,
    }
    visitor.event(Event::Close)
}

/// Tells of what framing left over, [`Packets::remaining`](crate::framing::Packets::remaining), and why.
///
/// # Errors
///
/// None. `ControlFlow::Break` is the visitor's.
pub fn remainder<V: Visitor>(octets: Octets<'_>, error: Error, visitor: &mut V) -> ControlFlow<V::Break> {
    visitor.event(Event::Remainder(octets))?;
    visitor.event(Event::Error(error))?;
    visitor.event(Event::Close)
}

/// The packet's type octet and its length octets; in the case of partial lengths those of the first chunk.
fn header<V: Visitor>(raw: &RawPacket<'_>, visitor: &mut V) -> ControlFlow<V::Break> {
    let mut walker = Walker::new(visitor, raw.header().start());
    walker.field("packet type", 1, Value::id(raw.packet_type()), Detail::Full)?;
    let length = match raw.length() {
        // The header has no length octet.
        Length::Indeterminate => return ControlFlow::Continue(()),
        Length::Legacy1(length) | Length::One(length) => u64::from(length),
        Length::Legacy2(length) | Length::Two(length) => u64::from(length),
        Length::Legacy4(length) | Length::Five(length) | Length::Partial { first: length } => u64::from(length),
    };
    let name = if matches!(raw.length(), Length::Partial { .. }) { "first partial length" } else { "body length" };
    let width = raw.header().len().saturating_sub(1);
    walker.field(name, width, Value::Number(length), Detail::Full)
}

/// A body in partial lengths: data as it is, anything else joined, with the places of the fields moved to where their
/// octets are in the input.
#[cfg(feature = "alloc")]
fn partial_body<V: Visitor>(raw: &RawPacket<'_>, visitor: &mut V) -> ControlFlow<V::Break> {
    let body = raw.body();
    if let Ok(packet) = raw.interpret() {
        return visit_data_packet(packet, body, visitor);
    }
    let joined = zeroize::Zeroizing::new(body.to_cow().into_owned());
    let mut relocated = relocate::Relocated::new(body, visitor);
    let mut walker = Walker::new(&mut relocated, 0);
    walker.body(raw.packet_type(), Octets::from(joined.as_slice()))
}

/// A data packet with its payload in chunks.
fn visit_data_packet<V: Visitor>(packet: Packet<'_>, body: Body<'_>, visitor: &mut V) -> ControlFlow<V::Break> {
    Walker::new(visitor, body.span().start).data_packet(packet, body)
}

/// Without memory to join it in, a body in partial lengths cannot be interpreted.
#[cfg(not(feature = "alloc"))]
fn partial_body<V: Visitor>(raw: &RawPacket<'_>, visitor: &mut V) -> ControlFlow<V::Break> {
    match raw.interpret() {
        Ok(packet) => return visit_data_packet(packet, raw.body(), visitor),
        Err(error) => visitor.event(Event::Error(error))?,
    }
    let region = raw.body().region();
    if raw.packet_type().is_secret() {
        // There is no saying which of the octets are secret.
        let (value, span) = (Value::Secret(Secret::new(region)), Some(region.span()));
        return visitor.event(Event::Field(Field { name: "content", value, span, detail: Detail::Brief }));
    }
    opaque_body(raw.body(), visitor)
}

#[cfg(not(feature = "alloc"))]
fn opaque_body<V: Visitor>(body: Body<'_>, visitor: &mut V) -> ControlFlow<V::Break> {
    let span = Some(body.span());
    visitor.event(Event::Field(Field { name: "content", value: Value::Data(body), span, detail: Detail::Brief }))
}

/// Emits fields one after another, each where the one before it ended.
struct Walker<'v, V> {
    visitor: &'v mut V,
    position: u64,
    /// Whether the packet holds a secret. Where it is damaged, the secret may be where something public should be.
    secrecy: Secrecy,
}

impl<'v, V: Visitor> Walker<'v, V> {
    const fn new(visitor: &'v mut V, position: u64) -> Self {
        Self { visitor, position, secrecy: Secrecy::Public }
    }

    /// A field of the next `width` octets.
    fn field(&mut self, name: &'static str, width: usize, value: Value<'_>, detail: Detail) -> ControlFlow<V::Break> {
        let start = self.position;
        self.position = start.saturating_add(u64_from(width));
        let span = Some(Span { start, end: self.position });
        self.visitor.event(Event::Field(Field { name, value, span, detail }))
    }

    /// A field of all of `octets`, shown in hexadecimal.
    fn hex(&mut self, name: &'static str, octets: Octets<'_>, detail: Detail) -> ControlFlow<V::Break> {
        self.field(name, octets.len(), Value::Hex(octets), detail)
    }

    /// A field of all of `octets`, which are text.
    fn text(&mut self, name: &'static str, octets: Octets<'_>) -> ControlFlow<V::Break> {
        self.field(name, octets.len(), Value::Text(octets), Detail::Brief)
    }

    /// A field of all of `octets`, which are too many or too dull to be shown.
    fn data(&mut self, name: &'static str, octets: Octets<'_>, detail: Detail) -> ControlFlow<V::Break> {
        self.field(name, octets.len(), Value::Data(Body::from(octets)), detail)
    }

    /// A length field; it takes the octets up to `end`, where what it counts starts.
    fn length(&mut self, name: &'static str, end: u64, length: u64) -> ControlFlow<V::Break> {
        let width = usize::try_from(end.saturating_sub(self.position)).unwrap_or(0);
        self.field(name, width, Value::Number(length), Detail::Full)
    }

    /// A field that is derived from others.
    fn derived(&mut self, name: &'static str, value: Value<'_>) -> ControlFlow<V::Break> {
        self.visitor.event(Event::Field(Field { name, value, span: None, detail: Detail::Brief }))
    }

    fn open(&mut self, group: Group) -> ControlFlow<V::Break> {
        self.visitor.event(Event::Open(group))
    }

    fn close(&mut self) -> ControlFlow<V::Break> {
        self.visitor.event(Event::Close)
    }

    /// An error, and the octets up to the end of `region` that nothing could be said about.
    fn error(&mut self, error: Error, region: Octets<'_>) -> ControlFlow<V::Break> {
        self.visitor.event(Event::Error(error))?;
        let told = self.position.saturating_sub(region.start());
        let rest = usize::try_from(told).ok().and_then(|told| region.split_at(told));
        match (rest, self.secrecy) {
            (Some((_, rest)), Secrecy::Public) if !rest.is_empty() => self.data("not interpreted", rest, Detail::Full),
            (Some((_, rest)), Secrecy::Secret | Secrecy::Damaged) if !rest.is_empty() => {
                self.field("not interpreted", rest.len(), Value::Secret(Secret::new(rest)), Detail::Full)
            }
            _ => ControlFlow::Continue(()),
        }
    }

    /// The body of a packet, in one piece.
    fn body(&mut self, packet_type: PacketType, body: Octets<'_>) -> ControlFlow<V::Break> {
        if packet_type.is_secret() {
            self.secrecy = Secrecy::Secret;
        }
        match Packet::parse(packet_type, body) {
            Ok(Packet::Signature(signature)) => self.signature(&signature),
            Ok(Packet::PublicKey(key) | Packet::PublicSubkey(key)) => self.public_key(key),
            Ok(Packet::SecretKey(key) | Packet::SecretSubkey(key)) => self.secret_key(key),
            Ok(Packet::UserId(user_id)) => self.text("content", user_id.octets()),
            Ok(Packet::UserAttribute(attribute)) => self.user_attribute(attribute),
            Ok(Packet::Comment(comment)) => self.text("content", comment.octets()),
            Ok(Packet::Marker(marker)) => self.text("content", marker.octets()),
            Ok(Packet::Trust(trust)) => self.trust(trust),
            Ok(Packet::Padding(padding)) => self.data("content", padding.octets(), Detail::Brief),
            Ok(Packet::PublicKeyEncryptedSessionKey(packet)) => self.public_key_encrypted_session_key(packet),
            Ok(Packet::SymmetricKeyEncryptedSessionKey(packet)) => self.symmetric_key_encrypted_session_key(packet),
            Ok(Packet::OnePassSignature(packet)) => self.one_pass_signature(packet),
            Ok(Packet::ModificationDetectionCode(packet)) => self.hex("SHA-1 hash", packet.octets(), Detail::Brief),
            Ok(Packet::Opaque(_)) if packet_type.is_secret() => self.opaque_secret_key(body),
            Ok(packet) => self.data_packet(packet, Body::from(body)),
            Err(error) => self.broken(packet_type, body, error),
        }
    }

    /// The fields in front of the error, the error, and what is left.
    fn broken(&mut self, packet_type: PacketType, body: Octets<'_>, error: Error) -> ControlFlow<V::Break> {
        match packet_type {
            PacketType::SIGNATURE => self.broken_signature(body, 0)?,
            PacketType::PUBLIC_KEY | PacketType::PUBLIC_SUBKEY => self.broken_public_key(body)?,
            PacketType::PUBLIC_KEY_ENCRYPTED_SESSION_KEY => self.broken_public_key_encrypted_session_key(body)?,
            PacketType::SECRET_KEY | PacketType::SECRET_SUBKEY => {
                self.secrecy = Secrecy::Damaged;
                self.broken_secret_key(body)?
            }
            _ if packet_type.has_version() => self.broken_version(body)?,
            _ => {}
        }
        self.error(error, body)
    }

    /// The fields of public material.
    fn material(&mut self, material: Material<'_>) -> ControlFlow<V::Break> {
        for field in material.fields() {
            if let FieldValue::SessionKey(key) = field.value {
                self.session_key(key)?;
                continue;
            }
            let value = match (self.secrecy, field.value) {
                (Secrecy::Secret, FieldValue::Curve(curve))
                    if curve.curve().is_none() && curve.octets().len() > LONG_OID =>
                {
                    Value::Secret(Secret::new(curve.octets()))
                }
                (Secrecy::Secret, FieldValue::Kdf(kdf)) if kdf.algorithms().is_none() => {
                    Value::Secret(Secret::new(kdf.octets()))
                }
                // The field that is damaged may have swallowed the secret.
                (Secrecy::Damaged, value) if !is_registered_curve(value) => Value::Secret(Secret::new(field.wire)),
                (_, value) => Value::from(value),
            };
            let detail = if matches!(field.value, FieldValue::Curve(_)) { Detail::Brief } else { Detail::Full };
            self.field(field.name, field.wire.len(), value, detail)?;
        }
        ControlFlow::Continue(())
    }
}

fn is_registered_curve(value: FieldValue<'_>) -> bool {
    matches!(value, FieldValue::Curve(curve) if curve.curve().is_some())
}

/// No object identifier of a curve is longer, so that octets of a damaged secret key are not taken for one. The longest
/// that is registered has ten octets.
const LONG_OID: usize = 16;

/// Whether octets that are not what they should be may be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Secrecy {
    /// They may be shown.
    Public,
    /// They are in a packet that holds a secret.
    Secret,
    /// They are in a packet that holds a secret and is malformed, so that the secret may be anywhere in it.
    Damaged,
}

/// Moves the places of fields that were read from a joined body to where their octets are in the input.
#[cfg(feature = "alloc")]
mod relocate {
    use alloc::vec::Vec;
    use core::ops::ControlFlow;

    use super::{Event, Field, Group, Visitor};
    use crate::framing::Body;
    use crate::octets::Span;

    pub(super) struct Relocated<'v, V> {
        visitor: &'v mut V,
        /// Of each chunk, where it starts in the joined body and in the input.
        chunks: Vec<(u64, u64)>,
    }

    impl<'v, V: Visitor> Relocated<'v, V> {
        pub(super) fn new(body: Body<'_>, visitor: &'v mut V) -> Self {
            let mut joined: u64 = 0;
            let starts = body.chunks().map(|chunk| {
                let start = (joined, chunk.start());
                joined = joined.saturating_add(chunk.len_u64());
                start
            });
            Self { chunks: starts.collect(), visitor }
        }

        fn locate(&self, offset: u64) -> u64 {
            let behind = self.chunks.partition_point(|(joined, _)| *joined <= offset);
            let chunk = behind.checked_sub(1).and_then(|index| self.chunks.get(index));
            chunk.map_or(offset, |(joined, start)| start.saturating_add(offset.saturating_sub(*joined)))
        }

        fn span(&self, span: Span) -> Span {
            // The end is behind the last octet, not in front of the next one: a chunk header may lie between them.
            let end = match span.end.checked_sub(1) {
                Some(last) => self.locate(last).saturating_add(1),
                None => self.locate(0),
            };
            Span { start: if span.is_empty() { end } else { self.locate(span.start) }, end }
        }
    }

    impl<V: Visitor> Visitor for Relocated<'_, V> {
        type Break = V::Break;

        fn event(&mut self, event: Event<'_>) -> ControlFlow<V::Break> {
            let event = match event {
                Event::Open(group) => Event::Open(Group { span: self.span(group.span), ..group }),
                Event::Field(field) => Event::Field(Field { span: field.span.map(|span| self.span(span)), ..field }),
                Event::Error(error) => Event::Error(error.at(self.span(error.span()))),
                Event::Packet(_) | Event::Armor(_) | Event::Container(_) | Event::Remainder(_) | Event::Close => event,
            };
            self.visitor.event(event)
        }
    }
}
