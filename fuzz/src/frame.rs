//! Law 1 and what a frame says of itself.

use bpg_core::encode::Encode;
use bpg_core::framing::{Body, Length, PacketBuf, PacketFormat, Packets, RawPacket};
use bpg_core::octets::Octets;

use super::{Tiles, assert_encodes, assert_error, assert_in_place, position, size};

/// About how many chunks of a body are located; every look-up walks over them again.
const LOCATED_CHUNKS: usize = 16;

/// Where the input starts when it is framed a second time.
const ELSEWHERE: u64 = 1 << 40;

/// What framing promises of any input.
pub fn laws(input: &[u8]) {
    packets(Octets::from(input));
    for packet in Packets::new(Octets::from(input)).flatten() {
        owned(&packet);
    }
}

/// A packet in memory of its own is the same, and framing its body anew gives the same body.
fn owned(packet: &RawPacket<'_>) {
    let copy = PacketBuf::from(*packet);
    let (copied, here) = (copy.packet(), |part: Octets<'_>| part.span().start - packet.wire().start());
    assert_eq!(copied.wire().as_slice(), packet.wire().as_slice());
    assert_eq!(copied.header().end(), here(packet.header()) + position(packet.header().len()));
    assert_eq!((copied.length(), copied.packet_type()), (packet.length(), packet.packet_type()));

    let (packet_type, body) = (packet.packet_type(), packet.body().to_cow());
    assert_eq!(*packet.body().to_octets(), *body);
    let exponent = packet.header().as_slice()[0] % 31;
    for format in [PacketFormat::OpenPgp, PacketFormat::Legacy, PacketFormat::Partial { exponent }] {
        let Some(made) = PacketBuf::new(packet_type, &body, format) else {
            assert!(format == PacketFormat::Legacy && packet_type.0 > 15);
            continue;
        };
        let (framed, rest) = RawPacket::parse_prefix(Octets::from(made.to_octets().as_slice()))
            .map(|(framed, rest)| ((framed.packet_type(), framed.body().to_cow().into_owned()), rest.len()))
            .expect("what is made is well-formed");
        assert_eq!((framed, rest), ((packet_type, body.to_vec()), 0));
        assert!(made.packet().length().is_minimal());
        assert_eq!(made.packet().length().is_legacy(), format == PacketFormat::Legacy);
    }
}

/// What framing promises of `input`, wherever it starts.
pub fn packets(input: Octets<'_>) {
    let mut tiles = Tiles::of(input);
    let mut packets = Packets::new(input);
    let mut elsewhere = Packets::new(Octets::new(input.as_slice(), input.start() + ELSEWHERE));
    let mut failed = false;
    while let Some(framed) = packets.next() {
        assert!(!failed, "{framed:?} follows an error");
        let moved = elsewhere.next().expect("the same octets hold the same packets, wherever they are");
        match (framed, moved) {
            (Ok(packet), Ok(moved)) => {
                tiles.lay(packet.wire());
                assert_encodes(&packet, packet.wire().as_slice());
                assert_eq!(moved.wire().start(), packet.wire().start() + ELSEWHERE);
                assert_eq!(moved.body().span().end, packet.body().span().end + ELSEWHERE);
                header(&packet);
                body(input, packet.body());
                delimited(&packet);
            }
            (Err(error), Err(moved)) => {
                failed = true;
                assert_error(packets.remaining().span(), &error);
                assert_eq!((moved.kind(), moved.span().start), (error.kind(), error.span().start + ELSEWHERE));
            }
            (framed, moved) => panic!("{framed:?} here, but {moved:?} elsewhere"),
        }
    }
    assert_eq!(failed, !packets.remaining().is_empty());
    assert!(packets.next().is_none(), "the iterator is fused");
    tiles.lay(packets.remaining());
    tiles.assert_full();
}

fn header(packet: &RawPacket<'_>) {
    let mut tiles = Tiles::of(packet.wire());
    tiles.lay(packet.header());
    assert_eq!(packet.body().span().start, packet.header().end());
    assert_eq!(packet.body().span().end, packet.wire().end());

    let tag = packet.header().as_slice()[0];
    assert_eq!(packet.length().is_legacy(), tag & 0x40 == 0);
    assert_eq!(packet.packet_type().0, if tag & 0x40 == 0 { tag >> 2 & 0x0f } else { tag & 0x3f });
    let (octets, length) = match packet.length() {
        Length::Legacy1(length) | Length::One(length) => (2, Some(u64::from(length))),
        Length::Legacy2(length) | Length::Two(length) => (3, Some(u64::from(length))),
        Length::Legacy4(length) => (5, Some(u64::from(length))),
        Length::Five(length) => (6, Some(u64::from(length))),
        Length::Indeterminate => (1, None),
        Length::Partial { .. } => (2, None),
    };
    assert_eq!(packet.header().len(), octets);
    assert_eq!(packet.body().len(), length.unwrap_or(packet.body().len()));
    let minimal = match packet.length() {
        Length::Legacy2(length) => length >= 1 << 8,
        Length::Legacy4(length) => length >= 1 << 16,
        Length::Five(length) => length >= 8384,
        _ => true,
    };
    assert_eq!(packet.length().is_minimal(), minimal);
}

/// Chunks, the joined body and positions in it agree.
fn body(input: Octets<'_>, body: Body<'_>) {
    let joined = body.to_cow();
    assert_eq!(body.len(), position(joined.len()));
    assert_eq!(body.is_empty(), joined.is_empty());
    if let Some(octets) = body.contiguous() {
        assert_eq!((octets.span(), octets.as_slice()), (body.span(), joined.as_ref()));
    }

    let chunks: Vec<_> = body.chunks().collect();
    let last = chunks.last().expect("every body has a chunk");
    assert_eq!(body.contiguous().is_some(), chunks.len() == 1);
    assert_eq!(last.end(), body.span().end);
    let step = chunks.len() / LOCATED_CHUNKS + 1;
    let (mut offset, mut end) = (0, body.span().start);
    for (index, chunk) in chunks.iter().enumerate() {
        assert_in_place(input, *chunk);
        // A partial length is one octet, the last length up to five.
        let header = chunk.start() - end;
        assert!(if index == 0 { header == 0 } else { matches!(header, 1 | 2 | 5) }, "{chunk:?} lies behind {end}");
        assert!(index + 1 == chunks.len() || chunk.len().is_power_of_two());
        assert_eq!(&joined[size(offset)..][..chunk.len()], chunk.as_slice());
        if index % step == 0 || index + 1 == chunks.len() {
            assert_eq!(body.locate(offset), chunk.start());
            let last = position(chunk.len()).checked_sub(1);
            assert!(last.is_none_or(|last| body.locate(offset + last) == chunk.end() - 1));
        }
        offset += position(chunk.len());
        end = chunk.end();
    }
    assert_eq!(offset, body.len());
    assert_eq!(body.locate(offset), body.span().end);
    assert_eq!(body.locate(u64::MAX), body.span().end);
}

/// A packet's own octets are what its header delimits, no more and no fewer.
fn delimited(packet: &RawPacket<'_>) {
    let (again, rest) = RawPacket::parse_prefix(packet.wire()).expect("a packet frames without its surroundings");
    assert!(rest.is_empty());
    assert_eq!(rest.start(), packet.wire().end());
    assert_eq!((again.packet_type(), again.length()), (packet.packet_type(), packet.length()));
    if packet.length() != Length::Indeterminate {
        let short = packet.wire().split_at(packet.wire().len() - 1).expect("a packet has an octet").0;
        let error = RawPacket::parse_prefix(short).expect_err("a packet that misses its last octet is truncated");
        assert_error(short.span(), &error);
    }
}
