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
#[cfg(feature = "std")]
mod stream;
mod subpacket;
mod user_attribute;
mod value;

use core::ops::ControlFlow;

pub use agent_key::agent_key;
pub use armor::{Armor, armor, armor_end};
pub use cleartext::{SignedText, cleartext, cleartext_head, cleartext_text};
pub use keybox::keybox_blob;
#[cfg(feature = "std")]
pub use stream::{Payload, data_packet};
pub use value::{Flags, Ids, Value};

use crate::error::Error;
use crate::framing::{self, Body, Length, RawPacket};
use crate::material::{FieldValue, Material};
use crate::octets::{Octets, Span, u64_from};
use crate::packet::{
    OnePassSignature, Packet, PublicKeyEncryptedSessionKey, Signature, SymmetricKeyEncryptedSessionKey,
};
use crate::registry::{CompressionAlgorithm, PacketType};
use crate::secret::Secret;

/// Gets told what a packet holds.
pub trait Visitor {
    /// What the visitor ends the walk with, should it want to.
    type Break;

    /// Takes the next event, and says whether to go on.
    fn event(&mut self, event: Event<'_>) -> ControlFlow<Self::Break>;

    /// Whether the fields of signatures that are embedded in others are to be told. If not, an embedded signature is one
    /// field.
    fn opens_embedded_signatures(&self) -> bool {
        true
    }

    /// Whether a field with such a value is to be told, of those that belong in an overview or of all the others. Fields for
    /// which it is `false` may be left out, which saves making them.
    fn wants(&self, _detail: Detail, _value: &Value<'_>) -> bool {
        true
    }
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
    Packet(Frame<'a>),
    /// The innermost packet or container is of a type or a version that nobody knows. Its content follows as it is.
    Unknown,
    /// The fields of the innermost packet were told, and its payload is to be read from a stream. It follows as a field, and
    /// an [`Event::Close`]; in front of that field, what is in the payload may be told.
    Payload,
    /// What follows, up to an [`Event::Close`], is what the payload of the innermost packet decompresses to, with positions
    /// of its own that count from its first octet. Whoever decompresses tells of this: the library does not.
    Decompressed(CompressionAlgorithm),
    /// A block of ASCII armor starts. Its headers follow as fields, and an [`Event::Close`]; then what it holds.
    Armor(Armor<'a>),
    /// A block of ASCII armor ended. What can be told of its end follows, and an [`Event::Close`].
    ArmorEnd(Armor<'a>),
    /// Something that is around packets without being one starts, such as a blob of a keybox. Its fields and groups follow,
    /// and an [`Event::Close`]; the packets that it holds are told behind that.
    Container(Container<'a>),
    /// Octets that are not a packet. An [`Event::Error`] and an [`Event::Close`] follow.
    Remainder(Remainder<'a>),
    /// A group of fields starts. Its fields and groups follow, and an [`Event::Close`].
    Open(Group),
    /// A field.
    Field(Field<'a>),
    /// What follows could not be read as it should have been, for this reason.
    Error(Error),
    /// The innermost packet, armor, container, remainder or group ends.
    Close,
}

/// The frame of a packet.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// The packet type ID.
    pub packet_type: PacketType,
    /// The body's length as the header encodes it.
    pub length: Length,
    /// All octets of the packet that are in memory: the whole packet, what is there of one that is cut short, or only the
    /// header of one whose payload is read from a stream.
    pub octets: Octets<'a>,
    /// How many octets the body has, without chunk headers, or should have where the packet is cut short. `None` while
    /// nobody knows: in a stream, the payload of a packet of partial or indeterminate length ends when it ends.
    pub body_length: Option<u64>,
    /// The position behind the last octet of the packet; `None` as above, and where the packet is cut short in a stream.
    pub end: Option<u64>,
}

impl<'a> From<&RawPacket<'a>> for Frame<'a> {
    fn from(raw: &RawPacket<'a>) -> Self {
        let (packet_type, length, octets) = (raw.packet_type(), raw.length(), raw.wire());
        Self { packet_type, length, octets, body_length: Some(raw.body().len()), end: Some(octets.end()) }
    }
}

/// Octets that are not a packet.
#[derive(Clone, Copy, Debug)]
pub struct Remainder<'a> {
    /// Their place.
    pub span: Span,
    /// The first of them: all that are in memory.
    pub octets: Octets<'a>,
    /// Whether they start with the header of a packet that holds secret key material (RFC 9580 section 5.5.3), so that they
    /// are not to be shown unless that is asked for.
    pub is_secret: bool,
}

impl<'a> From<Octets<'a>> for Remainder<'a> {
    fn from(octets: Octets<'a>) -> Self {
        Self { span: octets.span(), octets, is_secret: framing::starts_secret(octets) }
    }
}

/// What is around packets without being one.
#[derive(Clone, Copy, Debug)]
pub struct Container<'a> {
    /// The name of the format, such as `keybox`.
    pub format: &'static str,
    /// What it is in that format, such as `OpenPGP blob`.
    pub name: &'static str,
    /// All of its octets that are in memory.
    pub octets: Octets<'a>,
    /// How many octets it has; `None` for what is read from a stream.
    pub length: Option<u64>,
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
    visitor.event(Event::Packet(raw.into()))?;
    header(raw.packet_type(), raw.length(), raw.header(), visitor)?;
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
/// A packet that is cut short is told as far as it is there, fields and all. Anything else is a remainder.
///
/// # Errors
///
/// None. `ControlFlow::Break` is the visitor's.
pub fn remainder<V: Visitor>(octets: Octets<'_>, error: Error, visitor: &mut V) -> ControlFlow<V::Break> {
    if let Some((raw, length)) = RawPacket::cut_short(octets) {
        let frame = Frame { body_length: Some(length), ..Frame::from(&raw) };
        visitor.event(Event::Packet(frame))?;
        header(raw.packet_type(), raw.length(), raw.header(), visitor)?;
        let body = raw.body().first_piece();
        Walker::new(visitor, body.start()).cut_short(raw.packet_type(), body, length, error)?;
    } else {
        visitor.event(Event::Remainder(octets.into()))?;
        visitor.event(Event::Error(error))?;
    }
    visitor.event(Event::Close)
}

/// The packet's type octet and its length octets; in the case of partial lengths those of the first chunk.
fn header<V: Visitor>(
    packet_type: PacketType,
    length: Length,
    octets: Octets<'_>,
    visitor: &mut V,
) -> ControlFlow<V::Break> {
    let mut walker = Walker::new(visitor, octets.start());
    walker.field("packet type", 1, Value::id(packet_type), Detail::Full)?;
    let name = if matches!(length, Length::Partial { .. }) { "first partial length" } else { "body length" };
    let length = match length {
        // The header has no length octet.
        Length::Indeterminate => return ControlFlow::Continue(()),
        Length::Legacy1(length) | Length::One(length) => u64::from(length),
        Length::Legacy2(length) | Length::Two(length) => u64::from(length),
        Length::Legacy4(length) | Length::Five(length) | Length::Partial { first: length } => u64::from(length),
    };
    let width = octets.len().saturating_sub(1);
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
    ///
    /// It is made where the caller makes the value: a copy of what was just written in parts waits until all of that is in
    /// the cache, which took as long as printing it.
    #[inline(always)]
    fn field(&mut self, name: &'static str, width: usize, value: Value<'_>, detail: Detail) -> ControlFlow<V::Break> {
        let start = self.position;
        self.position = start.saturating_add(u64_from(width));
        if !self.visitor.wants(detail, &value) {
            return ControlFlow::Continue(());
        }
        let span = Some(Span { start, end: self.position });
        self.tell_field(Event::Field(Field { name, value, span, detail }))
    }

    /// Tells of a field, which is given as the event that it becomes. It is none other, so that what the visitor does with
    /// others is not here.
    #[inline(never)]
    fn tell_field(&mut self, event: Event<'_>) -> ControlFlow<V::Break> {
        match event {
            Event::Field(_) => self.visitor.event(event),
            _ => ControlFlow::Continue(()),
        }
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

    /// A length of `width` octets, as it stands in `wire`: where that is cut short, what is counted may not be there.
    /// It is given back, too.
    fn stored_length(&mut self, name: &'static str, width: usize, wire: Octets<'_>) -> ControlFlow<V::Break, u64> {
        let octets = wire.starting_at(self.position).as_slice().iter().take(width);
        let length = octets.fold(0_u64, |length, octet| length << 8 | u64::from(*octet));
        self.field(name, width, Value::Number(length), Detail::Full)?;
        ControlFlow::Continue(length)
    }

    /// A field that is derived from others.
    fn derived(&mut self, name: &'static str, value: Value<'_>) -> ControlFlow<V::Break> {
        self.tell_field(Event::Field(Field { name, value, span: None, detail: Detail::Brief }))
    }

    #[inline(always)]
    fn open(&mut self, group: Group) -> ControlFlow<V::Break> {
        self.tell_open(Event::Open(group))
    }

    /// Tells that a group starts, as [`tell_field`](Self::tell_field) does of a field.
    #[inline(never)]
    fn tell_open(&mut self, event: Event<'_>) -> ControlFlow<V::Break> {
        match event {
            Event::Open(_) => self.visitor.event(event),
            _ => ControlFlow::Continue(()),
        }
    }

    fn close(&mut self) -> ControlFlow<V::Break> {
        self.visitor.event(Event::Close)
    }

    /// An error, and the octets up to the end of `region` that nothing could be said about.
    fn error(&mut self, error: Error, region: Octets<'_>) -> ControlFlow<V::Break> {
        self.visitor.event(Event::Error(error))?;
        self.untold(region)
    }

    /// The octets up to the end of `region` that nothing was said about.
    fn untold(&mut self, region: Octets<'_>) -> ControlFlow<V::Break> {
        let rest = region.starting_at(self.position);
        match self.secrecy {
            _ if rest.is_empty() => ControlFlow::Continue(()),
            Secrecy::Public => self.hex("not interpreted", rest, Detail::Full),
            Secrecy::Secret | Secrecy::Damaged => {
                self.field("not interpreted", rest.len(), Value::Secret(Secret::new(rest)), Detail::Full)
            }
        }
    }

    /// The body of a packet, in one piece.
    fn body(&mut self, packet_type: PacketType, body: Octets<'_>) -> ControlFlow<V::Break> {
        match Packet::parse(packet_type, body) {
            Ok(packet) => self.packet(packet, packet_type, body),
            Err(error) => self.broken(packet_type, body, error, Damage::Malformed),
        }
    }

    /// What is there of a body that should have `length` octets and is cut short, which is the error.
    fn cut_short(
        &mut self,
        packet_type: PacketType,
        body: Octets<'_>,
        length: u64,
        error: Error,
    ) -> ControlFlow<V::Break> {
        match Packet::parse(packet_type, body) {
            // Its last fields are found from its end.
            Ok(Packet::SymmetricKeyEncryptedSessionKey(_)) => {
                let length = usize::try_from(length).unwrap_or(usize::MAX);
                self.in_front(body, |walker, padded| {
                    let whole = padded.split_at(length).map_or(padded, |(whole, _)| whole);
                    let packet = SymmetricKeyEncryptedSessionKey::parse_lenient(whole);
                    packet
                        .map_or(ControlFlow::Continue(()), |packet| walker.symmetric_key_encrypted_session_key(packet))
                })?;
                self.error(error, body)
            }
            Ok(Packet::UserAttribute(attribute)) => {
                self.user_attribute_in_front(attribute)?;
                self.error(error, body)
            }
            Ok(packet) => {
                self.packet(packet, packet_type, body)?;
                self.error(error, body)
            }
            Err(_) => self.broken(packet_type, body, error, Damage::CutShort),
        }
    }

    /// The fields of a packet.
    fn packet(&mut self, packet: Packet<'_>, packet_type: PacketType, body: Octets<'_>) -> ControlFlow<V::Break> {
        if packet_type.is_secret() {
            self.secrecy = Secrecy::Secret;
        }
        match packet {
            Packet::Signature(signature) => self.signature(&signature),
            Packet::PublicKey(key) | Packet::PublicSubkey(key) => self.public_key(key),
            Packet::SecretKey(key) | Packet::SecretSubkey(key) => self.secret_key(key),
            Packet::UserId(user_id) => self.text("content", user_id.octets()),
            Packet::UserAttribute(attribute) => self.user_attribute(attribute),
            Packet::Comment(comment) => self.text("content", comment.octets()),
            Packet::Marker(marker) => self.text("content", marker.octets()),
            Packet::Trust(trust) => self.trust(trust),
            Packet::Padding(padding) => self.data("content", padding.octets(), Detail::Brief),
            Packet::PublicKeyEncryptedSessionKey(packet) => self.public_key_encrypted_session_key(packet),
            Packet::SymmetricKeyEncryptedSessionKey(packet) => self.symmetric_key_encrypted_session_key(packet),
            Packet::OnePassSignature(packet) => self.one_pass_signature(packet),
            Packet::ModificationDetectionCode(packet) => self.hex("SHA-1 hash", packet.octets(), Detail::Brief),
            Packet::Opaque(_) if packet_type.is_secret() => self.opaque_secret_key(body),
            packet => self.data_packet(packet, Body::from(body)),
        }
    }

    /// The fields in front of the error, the error, and what is left.
    fn broken(
        &mut self,
        packet_type: PacketType,
        body: Octets<'_>,
        error: Error,
        damage: Damage,
    ) -> ControlFlow<V::Break> {
        match packet_type {
            PacketType::SIGNATURE => self.broken_signature(body, 0)?,
            PacketType::PUBLIC_KEY | PacketType::PUBLIC_SUBKEY => self.broken_public_key(body)?,
            PacketType::PUBLIC_KEY_ENCRYPTED_SESSION_KEY => self.broken_public_key_encrypted_session_key(body)?,
            PacketType::SECRET_KEY | PacketType::SECRET_SUBKEY => {
                self.secrecy = Secrecy::Damaged;
                self.broken_secret_key(body, damage)?
            }
            _ => self.fields_in_front(packet_type, body)?,
        }
        self.error(error, body)
    }

    /// The fields of a short packet that ends too early: those that it has when zeros follow it, as far as its own octets
    /// go.
    fn fields_in_front(&mut self, packet_type: PacketType, body: Octets<'_>) -> ControlFlow<V::Break> {
        let told = self.position;
        self.in_front(body, |walker, padded| {
            let parsed = match packet_type {
                // Those that have nothing behind their fields that could take the zeros, or that count some of them.
                PacketType::ONE_PASS_SIGNATURE => OnePassSignature::parse_lenient(padded).map(Packet::OnePassSignature),
                PacketType::SIGNATURE => Signature::parse_lenient(padded, 0).ok().map(Packet::Signature),
                PacketType::SYMMETRIC_KEY_ENCRYPTED_SESSION_KEY => {
                    let packet = SymmetricKeyEncryptedSessionKey::parse_lenient(padded).ok();
                    packet.map(Packet::SymmetricKeyEncryptedSessionKey)
                }
                PacketType::PUBLIC_KEY_ENCRYPTED_SESSION_KEY => {
                    let packet = PublicKeyEncryptedSessionKey::parse_lenient(padded).ok();
                    packet.map(Packet::PublicKeyEncryptedSessionKey)
                }
                _ => Packet::parse(packet_type, padded).ok(),
            };
            parsed.map_or(ControlFlow::Continue(()), |packet| walker.packet(packet, packet_type, padded))
        })?;
        if self.position == told && packet_type.has_version() {
            return self.broken_version(body);
        }
        ControlFlow::Continue(())
    }

    /// Passes on what `tell` tells of octets that end too early, as far as they go, when it is given them with zeros behind.
    fn in_front(
        &mut self,
        octets: Octets<'_>,
        tell: impl FnOnce(&mut Walker<'_, Clipped<'_, V::Break>>, Octets<'_>) -> ControlFlow<V::Break>,
    ) -> ControlFlow<V::Break> {
        if octets.is_empty() {
            return ControlFlow::Continue(());
        }
        let mut padded = [0; LONGEST_FIELDS];
        padded.iter_mut().zip(octets.as_slice()).for_each(|(to, from)| *to = *from);
        // A field that goes on to where what was copied ends may be longer.
        let copied = octets.start().saturating_add(u64_from(LONGEST_FIELDS.saturating_sub(1)));
        let mut clipped = Clipped::new(octets.end().min(copied), self.position, self.visitor);
        let mut walker = Walker { position: self.position, secrecy: self.secrecy, visitor: &mut clipped };
        tell(&mut walker, Octets::new(&padded, octets.start()))?;
        self.position = clipped.position;
        ControlFlow::Continue(())
    }

    /// The fields of public material.
    fn material(&mut self, material: Material<'_>) -> ControlFlow<V::Break> {
        let mut fields = material.fields();
        for field in &mut fields {
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
        match fields.session_key_in_front() {
            Some((length, cipher)) => self.session_key_in_front(length, cipher),
            None => ControlFlow::Continue(()),
        }
    }
}

/// What is said of a subpacket that is not there as a whole.
const CUT_SHORT: &str = "cut short";

/// What is wrong with a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Damage {
    /// Its octets do not make sense.
    Malformed,
    /// It ends too early; what is there may well make sense.
    CutShort,
}

fn is_registered_curve(value: FieldValue<'_>) -> bool {
    matches!(value, FieldValue::Curve(curve) if curve.curve().is_some())
}

/// No object identifier of a curve is longer, so that octets of a damaged secret key are not taken for one. The longest
/// that is registered has ten octets.
const LONG_OID: usize = 16;

/// More octets than the fields have that packets start with, payloads and public-key material aside: those of literal data
/// have most, up to 261.
const LONGEST_FIELDS: usize = 512;

/// Passes on what is told of octets in front of an end, and nothing from the first field on that goes on behind it.
///
/// The visitor is one of any type: structures that are cut short may hold others, and each has one of these around it.
struct Clipped<'v, B> {
    visitor: &'v mut dyn Visitor<Break = B>,
    end: u64,
    /// Where the last field ended that was passed on.
    position: u64,
    has_ended: bool,
    /// How many groups are open that nobody was told of.
    untold: usize,
}

impl<'v, B> Clipped<'v, B> {
    const fn new(end: u64, position: u64, visitor: &'v mut dyn Visitor<Break = B>) -> Self {
        Self { visitor, end, position, has_ended: false, untold: 0 }
    }

    fn field(&mut self, field: Field<'_>) -> ControlFlow<B> {
        let end = field.span.map_or(self.position, |span| span.end);
        self.has_ended |= end > self.end;
        if self.has_ended {
            return ControlFlow::Continue(());
        }
        self.position = end;
        self.visitor.event(Event::Field(field))
    }

    fn open(&mut self, mut group: Group) -> ControlFlow<B> {
        self.has_ended |= group.span.start >= self.end;
        if self.has_ended {
            self.untold = self.untold.saturating_add(1);
            return ControlFlow::Continue(());
        }
        group.span.end = group.span.end.min(self.end);
        self.visitor.event(Event::Open(group))
    }
}

impl<B> Visitor for Clipped<'_, B> {
    type Break = B;

    fn event(&mut self, event: Event<'_>) -> ControlFlow<B> {
        match event {
            Event::Field(field) => self.field(field),
            Event::Open(group) => self.open(group),
            Event::Close if self.untold > 0 => {
                self.untold = self.untold.saturating_sub(1);
                ControlFlow::Continue(())
            }
            Event::Close => self.visitor.event(event),
            // Of octets that are not there.
            _ => ControlFlow::Continue(()),
        }
    }

    fn opens_embedded_signatures(&self) -> bool {
        self.visitor.opens_embedded_signatures()
    }
}

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

    use super::{Detail, Event, Field, Group, Value, Visitor};
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
            Self::of(starts.collect(), visitor)
        }

        /// For octets joined of chunks that start at these positions: in what was joined, and in the input.
        pub(super) const fn of(chunks: Vec<(u64, u64)>, visitor: &'v mut V) -> Self {
            Self { chunks, visitor }
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
                _ => event,
            };
            self.visitor.event(event)
        }

        fn opens_embedded_signatures(&self) -> bool {
            self.visitor.opens_embedded_signatures()
        }

        fn wants(&self, detail: Detail, value: &Value<'_>) -> bool {
            self.visitor.wants(detail, value)
        }
    }
}
