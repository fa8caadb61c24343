//! Packets that own their octets.

use alloc::vec::Vec;
use core::fmt;

use zeroize::Zeroizing;

use super::{Length, RawPacket};
use crate::encode::{self, Encode};
use crate::octets::Octets;
use crate::registry::PacketType;

/// A packet in memory of its own, which is wiped when it is dropped.
///
/// What it holds is octets; [`packet`](Self::packet) gives the same view of them as framing does, so that they are
/// interpreted when they are asked for.
///
/// ```
/// use bpg_core::framing::{PacketBuf, PacketFormat};
/// use bpg_core::packet::Packet;
/// use bpg_core::registry::PacketType;
///
/// let packet = PacketBuf::new(PacketType::USER_ID, b"Alice", PacketFormat::OpenPgp).unwrap();
/// assert_eq!(packet.packet().wire().as_slice(), b"\xcd\x05Alice");
/// let Packet::UserId(user_id) = packet.packet().interpret()? else { panic!("it is one") };
/// assert_eq!(user_id.text(), Some("Alice"));
/// # Ok::<(), bpg_core::error::Error>(())
/// ```
pub struct PacketBuf {
    wire: Zeroizing<Vec<u8>>,
    packet_type: PacketType,
    length: Length,
}

/// How the length of a new packet is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PacketFormat {
    /// In the OpenPGP format, in the shortest form (RFC 9580 section 4.2.1).
    OpenPgp,
    /// In the legacy format, in the shortest form (RFC 9580 section 4.2.2). Only types to 15 have it.
    Legacy,
    /// In the OpenPGP format in partial lengths: chunks of two to the power of `exponent` octets as long as the body lasts,
    /// and the rest behind a length of its own. The specification wants an exponent of 9 at least and a data packet
    /// (RFC 9580 section 4.2.1.4).
    Partial {
        /// From 0 to 30.
        exponent: u8,
    },
}

impl PacketBuf {
    /// A packet of this body. `None` if the format cannot express the type, the exponent or the length of the body, which
    /// is at most 2<sup>32</sup> - 1 octets.
    #[must_use]
    pub fn new(packet_type: PacketType, body: &[u8], format: PacketFormat) -> Option<Self> {
        u32::try_from(body.len()).ok()?;
        // Each chunk has a header of one octet; what is in front of the body or of the last chunk has at most six.
        let chunks = match format {
            PacketFormat::Partial { exponent } => body.len().checked_shr(exponent.into())?,
            PacketFormat::OpenPgp | PacketFormat::Legacy => 0,
        };
        let capacity = body.len().checked_add(chunks)?.checked_add(6)?;
        let mut wire = Zeroizing::new(Vec::with_capacity(capacity));
        match format {
            PacketFormat::OpenPgp if packet_type.0 <= 63 => encode::packet(&mut wire, packet_type, body),
            PacketFormat::Legacy if packet_type.0 <= 15 => encode::legacy_packet(&mut wire, packet_type, body),
            PacketFormat::Partial { exponent: exponent @ 0..=30 } if packet_type.0 <= 63 => {
                encode::packet_in_chunks(&mut wire, packet_type, body, exponent);
            }
            _ => return None,
        }
        let (packet, _) = RawPacket::parse_prefix(Octets::from(wire.as_slice())).ok()?;
        let length = packet.length();
        Some(Self { wire, packet_type, length })
    }

    /// The packet. Positions count from its first octet.
    #[must_use]
    pub fn packet(&self) -> RawPacket<'_> {
        let wire = Octets::from(self.wire.as_slice());
        RawPacket::new(wire, self.packet_type, self.length)
    }
}

impl From<RawPacket<'_>> for PacketBuf {
    /// A copy of a packet that was framed, in the same format.
    fn from(packet: RawPacket<'_>) -> Self {
        Self { wire: packet.to_octets(), packet_type: packet.packet_type(), length: packet.length() }
    }
}

impl Encode for PacketBuf {
    fn encode(&self, sink: &mut dyn FnMut(&[u8])) {
        sink(&self.wire);
    }
}

/// Shows the type and the length, never the contents: they may be secret.
impl fmt::Debug for PacketBuf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PacketBuf").field("packet_type", &self.packet_type).field("octets", &self.wire.len()).finish()
    }
}
