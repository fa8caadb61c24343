//! Writing: what was read as it was read, and new packets octet by octet.
//!
//! Whatever was parsed knows its octets, so that [`Encode`] writes those and nothing is lost by reading and writing. New
//! packets are put together by [`PacketBuf`](crate::framing::PacketBuf).

#[cfg(feature = "alloc")]
use alloc::vec::Vec;

#[cfg(feature = "alloc")]
use zeroize::Zeroizing;

use crate::octets::{Octets, u64_from};
#[cfg(feature = "alloc")]
use crate::registry::PacketType;
#[cfg(feature = "generate")]
use crate::registry::SubpacketType;

/// A value that can be written: what was parsed gives exactly the octets that it was parsed from.
///
/// A packet gives all its octets, with its header. A packet's contents, such as a
/// [`Signature`](crate::packet::Signature), give the body, in one piece even if it came in chunks; fields give themselves
/// with the lengths that belong to them.
///
/// ```
/// use bpg_core::encode::Encode;
/// use bpg_core::framing::packets;
/// use bpg_core::packet::Packet;
///
/// // A User ID packet whose length is not in the shortest form, and stays so.
/// let wire = [0xcd, 0xff, 0x00, 0x00, 0x00, 0x01, b'a'];
/// let packet = packets(&wire).next().unwrap()?;
/// assert_eq!(*packet.to_octets(), wire);
/// let Packet::UserId(user_id) = packet.interpret()? else { panic!("it is one") };
/// assert_eq!(*user_id.to_octets(), *b"a");
/// # Ok::<(), bpg_core::error::Error>(())
/// ```
pub trait Encode {
    /// Passes the octets to `sink`, in order and in as many pieces as they lie in. Nothing is allocated.
    fn encode(&self, sink: &mut dyn FnMut(&[u8]));

    /// The number of octets.
    fn encoded_len(&self) -> u64 {
        let mut length: u64 = 0;
        self.encode(&mut |piece| length = length.saturating_add(u64_from(piece.len())));
        length
    }

    /// A copy of the octets, in memory that is wiped when it is dropped, since they may be secret.
    #[cfg(feature = "alloc")]
    fn to_octets(&self) -> Zeroizing<Vec<u8>> {
        // Large enough never to grow: growing would leave copies behind that are not wiped.
        let mut octets = Zeroizing::new(Vec::with_capacity(usize::try_from(self.encoded_len()).unwrap_or(0)));
        self.encode(&mut |piece| octets.extend_from_slice(piece));
        octets
    }
}

impl Encode for Octets<'_> {
    fn encode(&self, sink: &mut dyn FnMut(&[u8])) {
        sink(self.as_slice());
    }
}

/// Implements [`Encode`] for types that have what they were read from, each by the method named.
macro_rules! encode_as_received {
    ($($Type:ty: $octets:ident,)*) => {$(
        impl $crate::encode::Encode for $Type {
            fn encode(&self, sink: &mut dyn FnMut(&[u8])) {
                $crate::encode::Encode::encode(&self.$octets(), sink);
            }
        }
    )*};
}

pub(crate) use encode_as_received;

/// Appends a packet in the OpenPGP format, its length in the shortest form (RFC 9580 section 4.2.1).
#[cfg(feature = "alloc")]
pub(crate) fn packet(out: &mut Vec<u8>, packet_type: PacketType, body: &[u8]) {
    out.push(0xc0 | packet_type.0);
    length(out, body.len());
    out.extend_from_slice(body);
}

/// Appends a packet in the legacy format, its length in the shortest form (RFC 9580 section 4.2.2). The type is at most 15.
#[cfg(feature = "alloc")]
pub(crate) fn legacy_packet(out: &mut Vec<u8>, packet_type: PacketType, body: &[u8]) {
    let tag = 0x80 | (packet_type.0 & 0x0f) << 2;
    match (u8::try_from(body.len()), u16::try_from(body.len())) {
        (Ok(length), _) => out.extend_from_slice(&[tag, length]),
        (_, Ok(length)) => {
            out.push(tag | 1);
            out.extend_from_slice(&length.to_be_bytes());
        }
        _ => {
            out.push(tag | 2);
            count_u32(out, body.len());
        }
    }
    out.extend_from_slice(body);
}

/// Appends a packet in partial lengths of 2^`exponent` octets, at most 2^30 (RFC 9580 section 4.2.1.4).
#[cfg(feature = "alloc")]
pub(crate) fn packet_in_chunks(out: &mut Vec<u8>, packet_type: PacketType, body: &[u8], exponent: u8) {
    out.push(0xc0 | packet_type.0);
    let chunks = body.chunks_exact(1_usize.wrapping_shl(exponent.into()));
    let last = chunks.remainder();
    for chunk in chunks {
        out.push(0xe0 | exponent);
        out.extend_from_slice(chunk);
    }
    length(out, last.len());
    out.extend_from_slice(last);
}

/// Appends a signature subpacket (RFC 9580 section 5.2.3.7).
#[cfg(feature = "generate")]
pub(crate) fn subpacket(out: &mut Vec<u8>, subpacket_type: SubpacketType, is_critical: bool, body: &[u8]) {
    length(out, body.len().saturating_add(1));
    out.push(if is_critical { subpacket_type.0 | 0x80 } else { subpacket_type.0 });
    out.extend_from_slice(body);
}

/// Appends a length of one, two or five octets. Packets and subpackets share this form; the two-octet lengths from 8384
/// on that only subpackets have are not used.
#[cfg(feature = "alloc")]
fn length(out: &mut Vec<u8>, length: usize) {
    match (u8::try_from(length), u16::try_from(length)) {
        (Ok(short @ ..=191), _) => out.push(short),
        (_, Ok(length @ ..=8383)) => {
            let [high, low] = length.wrapping_sub(192).to_be_bytes();
            out.extend_from_slice(&[high.wrapping_add(192), low]);
        }
        _ => {
            out.push(255);
            count_u32(out, length);
        }
    }
}

/// Appends a four-octet count. What is written here is far shorter than that reaches.
#[cfg(feature = "alloc")]
pub(crate) fn count_u32(out: &mut Vec<u8>, count: usize) {
    out.extend_from_slice(&u32::try_from(count).unwrap_or(u32::MAX).to_be_bytes());
}

/// Appends a two-octet count. What is written here is far shorter than that reaches.
#[cfg(feature = "generate")]
pub(crate) fn count_u16(out: &mut Vec<u8>, count: usize) {
    out.extend_from_slice(&u16::try_from(count).unwrap_or(u16::MAX).to_be_bytes());
}

/// Appends a multiprecision integer, given its octets, big-endian, with or without leading zeros (RFC 9580 section 3.2).
#[cfg(feature = "generate")]
pub(crate) fn mpi(out: &mut Vec<u8>, octets: &[u8]) {
    let zeros = octets.iter().take_while(|octet| **octet == 0).count();
    let octets = octets.get(zeros..).unwrap_or_default();
    let leading = octets.first().map_or(0, |first| first.leading_zeros());
    let bits = octets.len().saturating_mul(8).saturating_sub(usize::try_from(leading).unwrap_or(0));
    count_u16(out, bits);
    out.extend_from_slice(octets);
}

#[cfg(all(test, feature = "generate"))]
mod tests {
    use super::*;
    use crate::framing;
    use std::vec;

    #[test]
    fn lengths_are_those_that_framing_reads() {
        for length in [0, 1, 191, 192, 193, 8383, 8384, 70_000] {
            let body = vec![0xab; length];
            let mut wire = Vec::new();
            packet(&mut wire, PacketType::USER_ID, &body);
            let packets: Vec<_> = framing::packets(&wire).map(Result::unwrap).collect();
            assert_eq!(packets.len(), 1);
            assert_eq!(packets[0].body().to_cow(), body);
            assert!(packets[0].length().is_minimal());
        }
    }

    /// The examples of RFC 9580 section 3.2.
    #[test]
    fn integers_are_canonical() {
        for (octets, wire) in [
            (&[][..], &[0x00, 0x00][..]),
            (&[0x00, 0x01], &[0x00, 0x01, 0x01]),
            (&[0x01, 0xff], &[0x00, 0x09, 0x01, 0xff]),
        ] {
            let mut out = Vec::new();
            mpi(&mut out, octets);
            assert_eq!(out, wire);
        }
    }
}
