//! Finding packets again behind octets that are none.
//!
//! OpenPGP has no mark that a packet starts with: where a length is wrong, nothing tells where the next packet is. What can
//! be said is where one may be that makes sense. That is a guess, so nothing in this library does it unless it is asked to.

use crate::error::ErrorKind;
use crate::framing::{Length, RawPacket};
use crate::octets::Octets;
use crate::packet::{IntegrityProtectedData, LiteralData, Packet, Signature, UserId};
use crate::registry::{CompressionAlgorithm, PacketType};

/// The longest user ID that is taken for one. GnuPG refuses longer ones, too.
const LONGEST_USER_ID: usize = 2048;
/// How many subpackets of a user attribute are looked at: there may be as many candidates as octets.
const MOST_ATTRIBUTES: usize = 16;
/// The shortest encrypted data: a block of the smallest cipher, two octets of it again, and a packet.
const SHORTEST_ENCRYPTED: u64 = 12;

/// The octets of `octets` from the first plausible packet on, `None` if there is none.
///
/// A packet is plausible if it is of a registered type and a known version, is well-formed as far as it is there, holds what
/// such packets hold, and if what follows could be a packet or is the end. `is_end` says that the input ends with `octets`;
/// otherwise the packet may go on behind them.
///
/// ```
/// use bpg_core::octets::Octets;
///
/// // Two octets that are no packet, and a User ID packet.
/// let octets = Octets::from(&b"\xff\x01\xcd\x05Alice"[..]);
/// assert_eq!(bpg_core::recover::find(octets, true).map(Octets::start), Some(2));
/// ```
#[must_use]
pub fn find(octets: Octets<'_>, is_end: bool) -> Option<Octets<'_>> {
    let mut rest = octets;
    loop {
        let next = rest.as_slice().iter().position(|octet| octet & 0x80 != 0)?;
        (_, rest) = rest.split_at(next)?;
        if is_plausible(rest, is_end) {
            return Some(rest);
        }
        (_, rest) = rest.split_at(1)?;
    }
}

/// Whether `body`, as far as it is there, is what the body of a packet of this type starts with. Of types whose bodies could
/// be anything, as that of symmetrically encrypted data, there is no saying so.
#[must_use]
pub fn makes_sense(packet_type: PacketType, body: Octets<'_>) -> bool {
    Packet::parse(packet_type, body).is_ok_and(|packet| is_sound(&packet))
}

fn is_plausible(octets: Octets<'_>, is_end: bool) -> bool {
    if let Some((packet_type, chunk)) = first_chunk(octets) {
        // The other chunks are not looked at: each may be of a single octet, and there may be as many candidates.
        return Packet::is_data(packet_type) && makes_sense(packet_type, chunk);
    }
    match RawPacket::parse_prefix(octets) {
        Ok((raw, rest)) => is_sensible_length(&raw) && is_sound_packet(&raw) && could_follow(rest),
        Err(_) if is_end => false,
        Err(error) if matches!(error.kind(), ErrorKind::Truncated { .. }) => {
            RawPacket::cut_short(octets).is_some_and(|(raw, _)| could_go_on(&raw))
        }
        Err(_) => false,
    }
}

/// The type of a packet in partial lengths, and what is there of its first chunk. "The first partial length MUST be at least
/// 512 octets long" (RFC 9580 section 4.2.1.4).
fn first_chunk(octets: Octets<'_>) -> Option<(PacketType, Octets<'_>)> {
    let [tag @ 0xc0..=0xff, length @ 0xe0..=0xfe, ..] = octets.as_slice() else { return None };
    let (_, behind) = octets.split_at(2)?;
    let size = 1_usize.checked_shl(u32::from(length & 0x1f))?;
    let chunk = behind.split_at(size).map_or(behind, |(chunk, _)| chunk);
    let chunk = if size >= 512 { chunk } else { behind.split_at(0)?.0 };
    Some((PacketType(tag & 0x3f), chunk))
}

/// "An implementation MAY use Partial Body Lengths for data packets" only (RFC 9580 section 4.2.1.4), and an indeterminate
/// length is for them, too.
fn is_sensible_length(raw: &RawPacket<'_>) -> bool {
    let is_open = matches!(raw.length(), Length::Partial { .. } | Length::Indeterminate);
    !is_open || Packet::is_data(raw.packet_type())
}

fn is_sound_packet(raw: &RawPacket<'_>) -> bool {
    raw.interpret().is_ok_and(|packet| is_sound(&packet))
}

/// Whether a well-formed packet holds what it should.
fn is_sound(packet: &Packet<'_>) -> bool {
    match packet {
        Packet::UserId(user_id) => is_name(*user_id),
        Packet::Signature(signature) => is_signature(signature),
        Packet::PublicKey(key) | Packet::PublicSubkey(key) => key.algorithm().name().is_some(),
        Packet::SecretKey(key) | Packet::SecretSubkey(key) => key.public().algorithm().name().is_some(),
        Packet::UserAttribute(attribute) => {
            let mut subpackets = attribute.subpackets().take(MOST_ATTRIBUTES).peekable();
            subpackets.peek().is_some() && subpackets.all(|subpacket| subpacket.is_ok())
        }
        Packet::PublicKeyEncryptedSessionKey(packet) => packet.algorithm().name().is_some(),
        Packet::SymmetricKeyEncryptedSessionKey(packet) => packet.cipher().name().is_some(),
        Packet::OnePassSignature(packet) => packet.hash_algorithm().name().is_some(),
        Packet::LiteralData(packet) => is_literal(packet),
        Packet::CompressedData(packet) => {
            matches!(
                packet.algorithm(),
                CompressionAlgorithm::ZIP | CompressionAlgorithm::ZLIB | CompressionAlgorithm::BZIP2
            )
        }
        Packet::IntegrityProtectedData(packet) => is_encrypted(packet),
        Packet::Trust(trust) => trust.gnupg().is_some(),
        Packet::Marker(marker) => marker.octets().as_slice() == b"PGP",
        // Nothing in these tells them from random octets.
        _ => false,
    }
}

fn is_name(user_id: UserId<'_>) -> bool {
    let octets = user_id.octets();
    // There may be as many candidates as octets, so of long ones not even the encoding is looked at.
    let text = match octets.len() {
        1..=LONGEST_USER_ID => core::str::from_utf8(octets.as_slice()).unwrap_or_default(),
        _ => return false,
    };
    !text.is_empty() && !text.chars().any(char::is_control)
}

fn is_signature(signature: &Signature<'_>) -> bool {
    signature.public_key_algorithm().name().is_some() && signature.hash_algorithm().name().is_some()
}

fn is_literal(packet: &LiteralData<'_>) -> bool {
    packet.format().name().is_some()
}

fn is_encrypted(packet: &IntegrityProtectedData<'_>) -> bool {
    packet.data().span().len() >= SHORTEST_ENCRYPTED
}

/// Whether the packets of a file could go on with `rest`.
fn could_follow(rest: Octets<'_>) -> bool {
    match rest.as_slice().first() {
        None => true,
        Some(first) if first & 0xc0 == 0xc0 => is_usual(PacketType(first & 0x3f)),
        Some(first) => first & 0x80 != 0 && is_usual(PacketType(first >> 2 & 0x0f)),
    }
}

/// Whether a packet type is registered, and neither reserved nor for experiments.
fn is_usual(packet_type: PacketType) -> bool {
    packet_type != PacketType(0) && packet_type.0 < 60 && packet_type.name().is_some()
}

/// Whether a packet that goes on behind what is there looks right so far.
fn could_go_on(raw: &RawPacket<'_>) -> bool {
    let packet_type = raw.packet_type();
    let body = raw.body().first_piece();
    if packet_type == PacketType::USER_ID || !is_usual(packet_type) || body.is_empty() {
        return false;
    }
    match Packet::parse(packet_type, body) {
        Ok(packet) => is_sound(&packet),
        // The version is known, or else there would be nothing to be missing.
        Err(error) => packet_type.has_version() && matches!(error.kind(), ErrorKind::Truncated { .. }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(octets: &[u8], is_end: bool) -> Option<u64> {
        find(Octets::from(octets), is_end).map(Octets::start)
    }

    #[test]
    fn a_packet_needs_something_like_a_packet_behind_it() {
        // A User ID packet behind an octet of something else, and a marker packet behind it.
        assert_eq!(found(b"\x00\xcd\x02Al\xca\x03PGP", true), Some(1));
        // The same with text behind it: only the end of the text could be the packet that is meant.
        assert_eq!(found(b"\x00\xcd\x02Al text", true), None);
    }

    #[test]
    fn what_is_cut_short_is_taken_only_where_more_may_come() {
        // A signature of version 4 of which two octets are there.
        assert_eq!(found(b"\x00\xc2\x20\x04\x10", true), None);
        assert_eq!(found(b"\x00\xc2\x20\x04\x10", false), Some(1));
        // Version 9 is not known.
        assert_eq!(found(b"\x00\xc2\x20\x09\x10", false), None);
    }

    #[test]
    fn implausible_packets() {
        for octets in [
            &b"\xcd\x00"[..],       // an empty user ID
            b"\xcd\x02\x1b[",       // a control character
            b"\xcd\x02\xff\xff",    // not UTF-8
            b"\xcd\xe1Al\x00",      // a user ID in partial lengths
            b"\xc0\x00",            // the reserved type
            b"\xfd\x00",            // a type for experiments
            b"\xca\x03PGQ",         // a marker that says something else
            b"\xcc\x02ab",          // a trust packet that is not GnuPG's
            b"\xcb\x06?\0\0\0\0\0", // literal data of an unknown format
            b"\xc8\x02\x09a",       // an unknown compression algorithm
            b"\xd5\x01a",           // padding could be anything
        ] {
            assert_eq!(found(octets, true), None, "{octets:02x?}");
        }
    }
}
