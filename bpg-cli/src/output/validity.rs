//! When keys expire: a signature says how long after the creation of the key, which is told in a packet in front of it.

use bpg_core::inspect::{Event, Field, Value};
use bpg_core::registry::{PacketType, SignatureType, SubpacketType};
use bpg_core::time::Timestamp;

/// How deep the fields of a subpacket are: in a packet, an area, and the subpacket. Those of an embedded signature, which
/// is about another key, are deeper.
const IN_SUBPACKET: usize = 3;

/// Remembers when the last keys were created, and completes the validity of those that signatures tell of.
#[derive(Debug, Default)]
pub(crate) struct Validity {
    primary: Option<Timestamp>,
    subkey: Option<Timestamp>,
    /// What is told of, if it is a packet.
    packet: Option<PacketType>,
    /// How many groups are open, the packet included.
    depth: usize,
    /// The type of the signature that is told of.
    signature: Option<SignatureType>,
    /// The subpacket that is told of.
    subpacket: Option<u64>,
}

impl Validity {
    /// Takes the next event. If it is a field that more is known of, that is given back.
    #[inline]
    pub(crate) fn event<'e>(&mut self, event: &Event<'e>) -> Option<Field<'e>> {
        match event {
            // Most fields are none of these.
            Event::Field(Field { value: Value::Time(_) | Value::Id { .. } | Value::Seconds(..), .. }) => {
                self.told(event)
            }
            Event::Field(_) => None,
            _ => self.told(event),
        }
    }

    fn told<'e>(&mut self, event: &Event<'e>) -> Option<Field<'e>> {
        match event {
            Event::Packet(frame) => self.start(Some(frame.packet_type)),
            Event::Armor(_) | Event::ArmorEnd(_) | Event::Container(_) | Event::Remainder(_) => self.start(None),
            Event::Open(group) => {
                self.depth += 1;
                self.subpacket = group.number.map(|number| number.number);
            }
            // What a packet decompresses to is closed behind the packets in it, of which none is open then.
            Event::Close => self.depth = self.depth.saturating_sub(1),
            Event::Field(field) => return self.field(field),
            _ => {}
        }
        None
    }

    fn start(&mut self, packet: Option<PacketType>) {
        (self.packet, self.depth, self.signature) = (packet, 1, None);
        match packet {
            Some(PacketType::PUBLIC_KEY | PacketType::SECRET_KEY) => (self.primary, self.subkey) = (None, None),
            Some(PacketType::PUBLIC_SUBKEY | PacketType::SECRET_SUBKEY) => self.subkey = None,
            _ => {}
        }
    }

    fn field<'e>(&mut self, field: &Field<'e>) -> Option<Field<'e>> {
        match (field.value, self.packet?) {
            (Value::Time(created), PacketType::PUBLIC_KEY | PacketType::SECRET_KEY) if self.depth == 1 => {
                self.primary = Some(created);
            }
            (Value::Time(created), PacketType::PUBLIC_SUBKEY | PacketType::SECRET_SUBKEY) if self.depth == 1 => {
                self.subkey = Some(created);
            }
            (Value::Id { number, .. }, PacketType::SIGNATURE) if self.depth == 1 && field.name == "type" => {
                self.signature = u8::try_from(number).ok().map(SignatureType);
            }
            (Value::Seconds(seconds, None), PacketType::SIGNATURE)
                if self.depth == IN_SUBPACKET && self.is_of_key() =>
            {
                return Some(Field { value: Value::Seconds(seconds, self.created()), ..*field });
            }
            _ => {}
        }
        None
    }

    /// Whether a Key Expiration Time subpacket is told of.
    fn is_of_key(&self) -> bool {
        self.subpacket == Some(SubpacketType::KEY_EXPIRATION_TIME.0.into())
    }

    /// When the key was created that the signature is about.
    fn created(&self) -> Option<Timestamp> {
        match self.signature? {
            SignatureType::SUBKEY_BINDING => self.subkey,
            SignatureType::DIRECT_KEY
            | SignatureType::GENERIC_CERTIFICATION
            | SignatureType::PERSONA_CERTIFICATION
            | SignatureType::CASUAL_CERTIFICATION
            | SignatureType::POSITIVE_CERTIFICATION => self.primary,
            _ => None,
        }
    }
}
