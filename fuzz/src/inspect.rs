//! Law 4 of inspection: what a visitor is told of a packet is all of the packet, in order, and each part where it is.

use std::ops::ControlFlow;

use bpg_core::error::Error;
use bpg_core::framing::{Packets, RawPacket};
use bpg_core::inspect::{self, Event, Field, Value};
use bpg_core::octets::{Octets, Span};
use bpg_core::packet::Packet;
use bpg_core::registry::PacketType;

use super::{assert_error, position, size, slice};

/// One packet type for each way to read a body.
const PACKET_TYPES: [PacketType; 14] = [
    PacketType::PUBLIC_KEY_ENCRYPTED_SESSION_KEY,
    PacketType::SIGNATURE,
    PacketType::SYMMETRIC_KEY_ENCRYPTED_SESSION_KEY,
    PacketType::ONE_PASS_SIGNATURE,
    PacketType::SECRET_KEY,
    PacketType::PUBLIC_KEY,
    PacketType::USER_ID,
    PacketType::USER_ATTRIBUTE,
    PacketType::LITERAL_DATA,
    PacketType::COMPRESSED_DATA,
    PacketType::TRUST,
    PacketType::MODIFICATION_DETECTION_CODE,
    PacketType::SYMMETRICALLY_ENCRYPTED_AND_INTEGRITY_PROTECTED_DATA,
    PacketType::OCB_ENCRYPTED_DATA,
];

/// The deepest that groups nest: the packet, and an area and a subpacket for each of the signatures in it.
const DEPTH: usize = 32;

/// What inspection promises: of the packets in `input`, and of `input` as the body of a packet of any type, in one piece
/// and in chunks whose sizes its own octets choose.
pub fn laws(input: &[u8]) {
    packets(Octets::from(input));
    for packet_type in PACKET_TYPES {
        let chunked = in_chunks(packet_type, input, input.iter().rev().map(|octet| octet % 9));
        same_in_chunks(&in_one_piece(packet_type, input), &chunked);
    }
}

/// What inspection promises of the packets in `input`.
pub fn packets(input: Octets<'_>) {
    let mut packets = Packets::new(input);
    while let Some(framed) = packets.next() {
        match framed {
            Ok(raw) => packet(input, &raw),
            Err(error) => remainder(packets.remaining(), error),
        }
    }
}

/// What is told of a body does not depend on how its length is encoded, but for the places, which follow the octets.
///
/// `whole` and `chunked` are a packet each, with the same body.
pub fn same_in_chunks(whole: &[u8], chunked: &[u8]) {
    let (whole, chunked) = (Octets::new(whole, 1 << 40), Octets::new(chunked, 1 << 40));
    let (whole_packet, chunked_packet) = (only(whole), only(chunked));
    packet(whole, &whole_packet);
    packet(chunked, &chunked_packet);
    let body = chunked_packet.body();
    assert_eq!(body.to_cow(), whole_packet.body().to_cow());
    let (whole_told, chunked_told) = (told(&whole_packet), told(&chunked_packet));
    assert_eq!(whole_told.len(), chunked_told.len());
    let start = whole_packet.body().span().start;
    let places: Vec<u64> = body.chunks().flat_map(|chunk| chunk.start()..chunk.end()).collect();
    // A span ends behind its last octet, and an empty one lies behind the octet in front of it: chunk headers may follow.
    let behind = |offset: u64| match offset.checked_sub(1) {
        Some(last) => places[size(last)] + 1,
        None => body.span().start,
    };
    let locate = |span: Span| {
        let (first, end) = (span.start - start, span.end - start);
        Span { start: if first == end { behind(end) } else { places[size(first)] }, end: behind(end) }
    };
    // What is told of a payload in chunks is its whole region, the headers of chunks included.
    let is_joined = chunked_packet.interpret().is_err();
    // The first three are the packet and the fields of the header.
    for ((whole, span), (chunked, chunked_span)) in whole_told.iter().zip(&chunked_told).skip(3) {
        assert_eq!(whole, chunked);
        assert!(!is_joined || span.map(locate) == *chunked_span, "{whole}: {span:?} is told at {chunked_span:?}");
    }
}

fn only(wire: Octets<'_>) -> RawPacket<'_> {
    let mut packets = Packets::new(wire);
    let packet = packets.next().expect("there are octets").expect("the header is right");
    assert!(packets.remaining().is_empty());
    packet
}

/// A packet in the OpenPGP format.
pub fn in_one_piece(packet_type: PacketType, body: &[u8]) -> Vec<u8> {
    in_chunks(packet_type, body, [])
}

/// A packet whose body is in partial lengths: each of `exponents` makes a chunk as long as the body lasts, and what is left
/// is the last one.
pub fn in_chunks(packet_type: PacketType, body: &[u8], exponents: impl IntoIterator<Item = u8>) -> Vec<u8> {
    let (mut wire, mut rest) = (vec![0xc0 | packet_type.0], body);
    for exponent in exponents {
        if let Some((chunk, behind)) = rest.split_at_checked(1 << exponent) {
            wire.push(224 | exponent);
            wire.extend_from_slice(chunk);
            rest = behind;
        }
    }
    [wire, length(rest.len()), rest.to_vec()].concat()
}

/// A length of one, two or five octets.
pub fn length(length: usize) -> Vec<u8> {
    match u32::try_from(length).expect("inputs are short").to_be_bytes() {
        [0, 0, 0, low @ 0..192] => vec![low],
        [0, 0, ..] if length < 8384 => {
            let [.., high, low] = (length - 192).to_be_bytes();
            vec![high + 192, low]
        }
        octets => [&[0xff][..], &octets].concat(),
    }
}

/// Every event that tells of a packet: its text, which says all but the places, and its place.
pub fn told(packet: &RawPacket<'_>) -> Vec<(String, Option<Span>)> {
    let mut told = Vec::new();
    let _ = inspect::packet(packet, &mut |event: Event<'_>| -> ControlFlow<()> {
        told.push(match event {
            Event::Packet(frame) => (format!("{:?}", frame.packet_type), None),
            Event::Open(group) => {
                (format!("{} {:?} {}", group.name, group.number, group.is_critical), Some(group.span))
            }
            Event::Field(field) => {
                // Of octets, `Debug` shows where they are instead of what they are.
                let shown = format!("{:?}", field.value);
                let value = if shown.contains(" octets") { format!("{:02x?}", octets(field.value)) } else { shown };
                (format!("{} {value} {:?}", field.name, field.detail), field.span)
            }
            Event::Error(error) => (error.reason().to_string(), Some(error.span())),
            other => (format!("{other:?}"), None),
        });
        ControlFlow::Continue(())
    });
    told
}

/// Walks over a packet of `input` and checks every event.
fn packet(input: Octets<'_>, packet: &RawPacket<'_>) {
    let mut walk = Walk {
        input,
        wire: packet.wire(),
        is_contiguous: packet.body().contiguous().is_some(),
        is_secret: packet.packet_type().is_secret(),
        is_critical: false,
        position: packet.wire().start(),
        regions: Vec::new(),
        error: None,
        events: 0,
    };
    let flow = inspect::packet(packet, &mut |event: Event<'_>| -> ControlFlow<()> {
        walk.event(event);
        ControlFlow::Continue(())
    });
    assert!(flow.is_continue() && walk.regions.is_empty() && walk.events >= 2);
    if walk.is_contiguous {
        assert_eq!(walk.position, packet.wire().end(), "not all of the packet was told");
        let interpreted = packet.interpret();
        if packet.packet_type() == PacketType::SIGNATURE {
            // Those that are well-formed are read by a way of their own.
            let body = packet.body().contiguous().expect("it is in one piece");
            let parsed = Packet::parse(packet.packet_type(), body);
            assert_eq!(format!("{interpreted:?}"), format!("{parsed:?}"));
        }
        match interpreted {
            Err(error) => assert_eq!(walk.error, Some(error)),
            // These have no part that could be malformed by itself.
            Ok(Packet::Signature(_) | Packet::UserAttribute(_)) => {}
            Ok(_) => assert_eq!(walk.error, None),
        }
    }
    stop(packet, packet.wire().len() % walk.events);
}

/// A visitor that has enough after `enough` events is told no more.
pub fn stop(packet: &RawPacket<'_>, enough: usize) {
    let mut seen = 0;
    let flow = inspect::packet(packet, &mut |_: Event<'_>| {
        let flow = if seen == enough { ControlFlow::Break(seen) } else { ControlFlow::Continue(()) };
        seen += 1;
        flow
    });
    assert_eq!((flow, seen), (ControlFlow::Break(enough), enough + 1));
}

/// What framing left is told of in order up to the last octet: as far as it goes if it starts with a packet that is cut
/// short, and as one otherwise.
fn remainder(octets: Octets<'_>, error: Error) {
    let mut position = octets.start();
    let (mut depth, mut errors, mut events) = (0, 0, 0);
    let _ = inspect::remainder(octets, error, &mut |event: Event<'_>| -> ControlFlow<()> {
        events += 1;
        match event {
            Event::Packet(frame) => {
                assert_eq!((frame.octets.span(), frame.end, events), (octets.span(), Some(octets.end()), 1));
                let length = frame.body_length.expect("the header tells");
                assert!(length + 6 > frame.octets.len_u64(), "it is there");
                depth += 1;
            }
            Event::Remainder(told) => {
                assert_eq!((told.span, told.octets.span(), events), (octets.span(), octets.span(), 1));
                position = octets.end();
                depth += 1;
            }
            Event::Open(group) => {
                assert!(group.span.start >= position && octets.span().contains(group.span), "{group:?}");
                depth += 1;
            }
            Event::Field(field) => {
                if let Some(span) = field.span {
                    assert_eq!(span.start, position, "{field:?} does not follow what precedes it");
                    position = span.end;
                }
            }
            Event::Error(told) => errors += u32::from(told == error),
            Event::Close => depth -= 1,
            Event::Unknown => {}
            other => panic!("there is no {other:?} in what is left"),
        }
        ControlFlow::Continue(())
    });
    assert_eq!((depth, errors, position), (0, 1, octets.end()), "{error}");
}

struct Walk<'a> {
    input: Octets<'a>,
    wire: Octets<'a>,
    is_contiguous: bool,
    is_secret: bool,
    /// Whether the next type octet has the critical bit.
    is_critical: bool,
    /// Where the last field ended.
    position: u64,
    /// The places of what is open: the packet and the groups in it.
    regions: Vec<Span>,
    /// The last one.
    error: Option<Error>,
    events: usize,
}

impl Walk<'_> {
    fn event(&mut self, event: Event<'_>) {
        self.events += 1;
        match event {
            Event::Packet(frame) => {
                assert_eq!((frame.octets.span(), frame.end, self.events), (self.wire.span(), Some(self.wire.end()), 1));
                self.regions.push(frame.octets.span());
            }
            Event::Open(group) => {
                assert!(self.region().contains(group.span), "{group:?} is not inside {}", self.region());
                self.starts(group.span);
                self.regions.push(group.span);
                assert!(self.regions.len() <= DEPTH, "{group:?} is too deep");
                self.is_critical = group.is_critical;
            }
            Event::Field(field) => self.field(&field),
            Event::Error(error) => {
                assert_error(self.region(), &error);
                self.error = Some(error);
            }
            Event::Close => {
                let region = self.regions.pop().expect("what is closed was opened");
                assert!(self.position <= region.end);
                if self.is_contiguous {
                    assert_eq!(self.position, region.end, "not all of {region} was told");
                }
            }
            Event::Unknown => {}
            other => panic!("in a packet, there is no {other:?}"),
        }
    }

    fn region(&self) -> Span {
        *self.regions.last().expect("something is open")
    }

    /// What has a place starts where the last field ended, or behind the chunk headers that follow it.
    fn starts(&self, span: Span) {
        assert!(span.start >= self.position && span.end >= span.start, "{span} overlaps what precedes it");
        assert!(!self.is_contiguous || span.start == self.position, "{span} leaves out what precedes it");
    }

    fn field(&mut self, field: &Field<'_>) {
        let Field { name, value, .. } = *field;
        let Some(span) = field.span else {
            let is_derived =
                matches!(value, Value::KeyId(_) | Value::Fingerprint(_) | Value::Name(_) | Value::Pixels(..));
            return assert!(is_derived, "{field:?} has no place");
        };
        assert!(self.region().contains(span), "{name}: {span} is not inside {}", self.region());
        self.starts(span);
        self.position = span.end;
        let here = slice(self.input, span);
        if self.is_contiguous {
            // A type octet has the critical bit besides.
            let bit = if name == "type" && std::mem::take(&mut self.is_critical) { 0x80 } else { 0 };
            assert!(holds(field, here, bit), "{name}: {value:?} is not what {span} holds");
        }
        if self.is_secret && matches!(name, "not interpreted" | "content") {
            assert!(matches!(value, Value::Secret(_)), "{name}: {value:?} may be secret");
        }
    }
}

/// Whether the value of `field` is what `here`, the octets at its place, say.
fn holds(field: &Field<'_>, here: &[u8], bit: u8) -> bool {
    let number = here.iter().fold(0_u64, |number, octet| number << 8 | u64::from(*octet));
    let octets = octets(field.value);
    match field.value {
        // The lengths of packets and subpackets have encodings of their own, and the type octet of a packet is framing's.
        Value::Number(value) => value == number || field.name.contains("length"),
        Value::Id { number: value, .. } => number == value | u64::from(bit) || field.name == "packet type",
        Value::Flags(flags) => {
            here == octets && flags.set().all(|(flag, _)| here[size(flag / 8)] >> (flag % 8) & 1 == 1)
        }
        // The word for a time that is none.
        Value::Name(_) => number == 0,
        // What has a count of its own claims that, too.
        Value::Data(_) | Value::Secret(_) => here.ends_with(&octets),
        Value::Mpi(mpi) => here.strip_prefix(&mpi.bits().to_be_bytes()) == Some(&octets),
        Value::Curve(_) | Value::Kdf(_) => here.split_first().is_some_and(|(_, counted)| counted == octets),
        Value::Checksum { stored, width, .. } => {
            here.len() == usize::from(width) && stored.is_some_and(|stored| u64::from(stored) == number)
        }
        _ => here == octets,
    }
}

/// The octets of a value that is not just a number.
pub fn octets(value: Value<'_>) -> Vec<u8> {
    match value {
        Value::Ids(ids) => {
            assert_eq!(ids.values().count(), ids.octets().len());
            ids.octets().as_slice().to_vec()
        }
        Value::Flags(flags) => {
            let ones: u64 = flags.octets().as_slice().iter().map(|octet| u64::from(octet.count_ones())).sum();
            assert_eq!(position(flags.set().count()), ones);
            flags.octets().as_slice().to_vec()
        }
        Value::Ciphersuites(octets) | Value::Text(octets) | Value::Hex(octets) => octets.as_slice().to_vec(),
        Value::Data(body) => body.to_cow().into_owned(),
        Value::Boolean(octet) | Value::MemoryExponent(octet) | Value::HashedOctets(octet) | Value::ChunkSize(octet) => {
            vec![octet]
        }
        Value::Time(time) => time.0.to_be_bytes().to_vec(),
        Value::Seconds(seconds, _) => seconds.to_be_bytes().to_vec(),
        Value::Days(days, _) => days.to_be_bytes().to_vec(),
        Value::Mpi(mpi) => mpi.octets().as_slice().to_vec(),
        Value::Curve(curve) => curve.octets().as_slice().to_vec(),
        Value::Kdf(parameters) => parameters.octets().as_slice().to_vec(),
        Value::KeyId(key_id) => key_id.0.to_vec(),
        Value::Fingerprint(fingerprint) => fingerprint.as_slice().to_vec(),
        Value::Secret(secret) => secret.expose().as_slice().to_vec(),
        _ => Vec::new(),
    }
}
