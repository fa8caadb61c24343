//! Writing packets, octet by octet.
//!
//! Everything is appended to a buffer of the caller's, who decides whether it is wiped.

use alloc::vec::Vec;

use crate::registry::{PacketType, SubpacketType};

/// Appends a packet in the OpenPGP format, its length in the shortest form (RFC 9580 section 4.2.1).
pub(crate) fn packet(out: &mut Vec<u8>, packet_type: PacketType, body: &[u8]) {
    out.push(0xc0 | packet_type.0);
    length(out, body.len());
    out.extend_from_slice(body);
}

/// Appends a signature subpacket (RFC 9580 section 5.2.3.7).
pub(crate) fn subpacket(out: &mut Vec<u8>, subpacket_type: SubpacketType, is_critical: bool, body: &[u8]) {
    length(out, body.len().saturating_add(1));
    out.push(if is_critical { subpacket_type.0 | 0x80 } else { subpacket_type.0 });
    out.extend_from_slice(body);
}

/// Appends a length of one, two or five octets. Packets and subpackets share this form; the two-octet lengths from 8384
/// on that only subpackets have are not used.
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
pub(crate) fn count_u32(out: &mut Vec<u8>, count: usize) {
    out.extend_from_slice(&u32::try_from(count).unwrap_or(u32::MAX).to_be_bytes());
}

/// Appends a two-octet count. What is written here is far shorter than that reaches.
pub(crate) fn count_u16(out: &mut Vec<u8>, count: usize) {
    out.extend_from_slice(&u16::try_from(count).unwrap_or(u16::MAX).to_be_bytes());
}

/// Appends a multiprecision integer, given its octets, big-endian, with or without leading zeros (RFC 9580 section 3.2).
pub(crate) fn mpi(out: &mut Vec<u8>, octets: &[u8]) {
    let zeros = octets.iter().take_while(|octet| **octet == 0).count();
    let octets = octets.get(zeros..).unwrap_or_default();
    let leading = octets.first().map_or(0, |first| first.leading_zeros());
    let bits = octets.len().saturating_mul(8).saturating_sub(usize::try_from(leading).unwrap_or(0));
    count_u16(out, bits);
    out.extend_from_slice(octets);
}

#[cfg(test)]
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
