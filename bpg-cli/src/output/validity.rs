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
    #[inline(always)]
    pub(crate) fn event<'e>(&mut self, event: &Event<'e>) -> Option<Event<'e>> {
        match event {
            Event::Field(field) => match field.value {
                Value::Time(created) => self.created_at(created),
                Value::Id { number, .. } => self.id(field.name, number),
                Value::Seconds(seconds, None) if self.is_validity() => {
                    return Some(Event::Field(Field { value: Value::Seconds(seconds, self.created()), ..*field }));
                }
                // Most fields are none of these.
                _ => {}
            },
            Event::Open(group) => {
                self.depth += 1;
                self.subpacket = group.number.map(|number| number.number);
            }
            // What a packet decompresses to is closed behind the packets in it, of which none is open then.
            Event::Close => self.depth = self.depth.saturating_sub(1),
            Event::Packet(frame) => self.start(Some(frame.packet_type)),
            Event::Armor(_) | Event::ArmorEnd(_) | Event::Container(_) | Event::Remainder(_) => self.start(None),
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

    /// A time is told, which may be when a key was created.
    pub(crate) fn created_at(&mut self, created: Timestamp) {
        match self.packet {
            Some(PacketType::PUBLIC_KEY | PacketType::SECRET_KEY) if self.depth == 1 => self.primary = Some(created),
            Some(PacketType::PUBLIC_SUBKEY | PacketType::SECRET_SUBKEY) if self.depth == 1 => {
                self.subkey = Some(created);
            }
            _ => {}
        }
    }

    /// A number of a registry is told, which may be the type of a signature.
    fn id(&mut self, name: &str, number: u64) {
        if self.depth == 1 && self.packet == Some(PacketType::SIGNATURE) && name == "type" {
            self.signature = u8::try_from(number).ok().map(SignatureType);
        }
    }

    /// Whether the Key Expiration Time subpacket of a signature is told of.
    fn is_validity(&self) -> bool {
        self.depth == IN_SUBPACKET
            && self.packet == Some(PacketType::SIGNATURE)
            && self.subpacket == Some(SubpacketType::KEY_EXPIRATION_TIME.0.into())
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
