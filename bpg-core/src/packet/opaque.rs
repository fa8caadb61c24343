//! Packets whose body is not interpreted.

use crate::framing::Body;
use crate::registry::PacketType;

/// A packet of a type or version that is not interpreted: its type and its body, as framed.
#[derive(Clone, Copy, Debug)]
pub struct Opaque<'a> {
    packet_type: PacketType,
    body: Body<'a>,
}

impl<'a> Opaque<'a> {
    pub(crate) const fn new(packet_type: PacketType, body: Body<'a>) -> Self {
        Self { packet_type, body }
    }

    /// The packet type.
    #[must_use]
    pub const fn packet_type(self) -> PacketType {
        self.packet_type
    }

    /// The body.
    #[must_use]
    pub const fn body(self) -> Body<'a> {
        self.body
    }
}
