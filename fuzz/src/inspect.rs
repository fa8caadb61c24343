//! Law 4 of inspection: what a visitor is told of a packet is all of the packet, in order, and each part where it is.

use std::ops::ControlFlow;

use bpg_core::error::Error;
use bpg_core::framing::{Packets, RawPacket, packets};
use bpg_core::inspect::{self, Event, Value};
use bpg_core::octets::{Octets, Span};
use bpg_core::packet::Packet;
use bpg_core::registry::PacketType;

use super::{assert_error, position, size, slice};

/// One packet type for each way to read a body.
const PACKET_TYPES: [PacketType; 6] = [
    PacketType::SIGNATURE,
    PacketType::SECRET_KEY,
    PacketType::PUBLIC_KEY,
    PacketType::USER_ID,
    PacketType::USER_ATTRIBUTE,
    PacketType::LITERAL_DATA,
];

/// What inspection promises: of the packets in `input`, and of `input` as the body of a packet of any type, in one piece
/// and in chunks.
pub fn laws(input: &[u8]) {
    let mut frames = packets(input);
    while let Some(frame) = frames.next() {
        match frame {
            Ok(packet) => {
                walk(Octets::from(input), &packet);
            }
            Err(error) => remainder(frames.remaining(), error),
        }
    }
    for packet_type in PACKET_TYPES {
        let (whole, chunked) = (in_one_piece(packet_type, input), in_chunks(packet_type, input));
        in_either_form(&whole, &chunked, packet_type != PacketType::LITERAL_DATA);
    }
}

/// What is told of a body does not depend on how its length is encoded, but for the places, which follow the octets.
fn in_either_form(whole: &[u8], chunked: &[u8], is_interpreted: bool) {
    let (whole, chunked) = (Octets::new(whole, 1 << 40), Octets::new(chunked, 1 << 40));
    let (whole_packet, chunked_packet) = (only(whole), only(chunked));
    let (whole_told, chunked_told) = (walk(whole, &whole_packet), walk(chunked, &chunked_packet));
    if !is_interpreted || chunked_packet.body().is_empty() {
        return;
    }
    let (start, body) = (whole_packet.body().span().start, chunked_packet.body());
    let places: Vec<u64> = body.chunks().flat_map(|chunk| chunk.start()..chunk.end()).collect();
    // A span ends behind its last octet, and an empty one lies behind the octet in front of it: chunk headers may follow.
    let behind = |offset: u64| offset.checked_sub(1).map_or(places[0], |last| places[size(last)] + 1);
    let locate = |span: Span| {
        let (first, end) = (span.start - start, span.end - start);
        Span { start: if first == end { behind(end) } else { places[size(first)] }, end: behind(end) }
    };
    assert_eq!(whole_told.len(), chunked_told.len());
    // The first two are the fields of the header.
    for (whole, chunked) in whole_told.iter().zip(&chunked_told).skip(2) {
        assert_eq!((&whole.text, &whole.octets), (&chunked.text, &chunked.octets));
        assert_eq!(whole.span.map(locate), chunked.span, "{}", whole.text);
    }
}

fn only(wire: Octets<'_>) -> RawPacket<'_> {
    let mut packets = Packets::new(wire);
    let packet = packets.next().expect("there are octets").expect("the header is right");
    assert!(packets.remaining().is_empty());
    packet
}

fn in_one_piece(packet_type: PacketType, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).expect("inputs are short");
    [&[0xc0 | packet_type.0, 0xff], &length.to_be_bytes()[..], body].concat()
}

/// The body in chunks whose sizes its own octets choose.
fn in_chunks(packet_type: PacketType, body: &[u8]) -> Vec<u8> {
    let mut wire = vec![0xc0 | packet_type.0];
    let mut rest = body;
    let mut sizes = body.iter().rev().map(|octet| octet % 9);
    while let Some(exponent) = sizes.next()
        && let Some((chunk, behind)) = rest.split_at_checked(1 << exponent)
    {
        wire.push(224 | exponent);
        wire.extend_from_slice(chunk);
        rest = behind;
    }
    if wire.len() == 1 {
        // Without a chunk in front of the last, it would be in one piece.
        return in_one_piece(packet_type, body);
    }
    wire.push(0xff);
    wire.extend(u32::try_from(rest.len()).expect("inputs are short").to_be_bytes());
    wire.extend_from_slice(rest);
    wire
}

/// What was told: the name of a field, or a group's with its number, or what an error says.
struct Told {
    text: String,
    span: Option<Span>,
    octets: Vec<u8>,
}

/// Walks over a packet of `input` and checks every event.
fn walk(input: Octets<'_>, packet: &RawPacket<'_>) -> Vec<Told> {
    let mut walk = Walk {
        input,
        wire: packet.wire(),
        is_contiguous: packet.body().contiguous().is_some(),
        is_secret: packet.packet_type().is_secret(),
        is_critical: false,
        position: packet.wire().start(),
        regions: Vec::new(),
        errors: Vec::new(),
        told: Vec::new(),
        events: 0,
    };
    let flow = inspect::packet(packet, &mut |event: Event<'_>| -> ControlFlow<()> {
        walk.event(event);
        ControlFlow::Continue(())
    });
    assert!(flow.is_continue() && walk.regions.is_empty() && walk.events >= 2);
    if walk.is_contiguous {
        assert_eq!(walk.position, packet.wire().end(), "not all of the packet was told");
        match packet.interpret() {
            Err(error) => assert_eq!(walk.errors.last(), Some(&error)),
            // These have no part that could be malformed by itself.
            Ok(Packet::Signature(_) | Packet::UserAttribute(_)) => {}
            Ok(_) => assert_eq!(walk.errors, []),
        }
    }
    stops(packet, walk.events);
    walk.told
}

/// A visitor that has enough is told no more.
fn stops(packet: &RawPacket<'_>, events: usize) {
    let enough = packet.wire().len() % events;
    let mut seen = 0;
    let flow = inspect::packet(packet, &mut |_: Event<'_>| {
        let flow = if seen == enough { ControlFlow::Break(seen) } else { ControlFlow::Continue(()) };
        seen += 1;
        flow
    });
    assert_eq!((flow, seen), (ControlFlow::Break(enough), enough + 1));
}

fn remainder(octets: Octets<'_>, error: Error) {
    let mut events = String::new();
    let _ = inspect::remainder(octets, error, &mut |event: Event<'_>| -> ControlFlow<()> {
        events.push(match event {
            Event::Remainder(told) if told.span() == octets.span() => 'r',
            Event::Error(told) if told == error => 'e',
            Event::Close => 'c',
            _ => '?',
        });
        ControlFlow::Continue(())
    });
    assert_eq!(events, "rec");
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
    errors: Vec<Error>,
    told: Vec<Told>,
    events: usize,
}

impl Walk<'_> {
    fn event(&mut self, event: Event<'_>) {
        self.events += 1;
        match event {
            Event::Packet(packet) => {
                assert_eq!((packet.wire().span(), self.events), (self.wire.span(), 1));
                self.regions.push(packet.wire().span());
            }
            Event::Open(group) => {
                assert!(self.region().contains(group.span), "{group:?} is not inside {}", self.region());
                self.starts(group.span);
                self.regions.push(group.span);
                self.is_critical = group.is_critical;
                let text = format!("{} {:?} {}", group.name, group.number, group.is_critical);
                self.told.push(Told { text, span: Some(group.span), octets: Vec::new() });
            }
            Event::Field(field) => {
                let mut octets = octets(field.value);
                if let ("type", [octet]) = (field.name, octets.as_mut_slice())
                    && std::mem::take(&mut self.is_critical)
                {
                    *octet |= 0x80;
                }
                if let Some(span) = field.span {
                    self.field(field.name, span, field.value, &octets);
                }
                self.told.push(Told { text: field.name.to_string(), span: field.span, octets });
            }
            Event::Error(error) => {
                assert_error(self.region(), &error);
                self.errors.push(error);
                let text = error.reason().to_string();
                self.told.push(Told { text, span: Some(error.span()), octets: Vec::new() });
            }
            Event::Close => {
                let region = self.regions.pop().expect("what is closed was opened");
                assert!(self.position <= region.end);
                if self.is_contiguous {
                    assert_eq!(self.position, region.end, "not all of {region} was told");
                }
            }
            Event::Armor(_) | Event::Remainder(_) => panic!("in a packet, there is no {event:?}"),
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

    fn field(&mut self, name: &str, span: Span, value: Value<'_>, octets: &[u8]) {
        assert!(self.region().contains(span), "{name}: {span} is not inside {}", self.region());
        self.starts(span);
        self.position = span.end;
        let here = slice(self.input, span);
        if self.is_contiguous && self.told.len() >= 2 {
            assert!(here.ends_with(octets), "{name}: {value:?} is not what {span} holds");
        }
        if self.is_secret && matches!(name, "not interpreted" | "content") {
            assert!(matches!(value, Value::Secret(_)), "{name}: {value:?} may be secret");
        }
    }
}

/// The octets that the field of a value ends with, as far as the value tells them.
fn octets(value: Value<'_>) -> Vec<u8> {
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
        Value::Id { number, .. } => number.to_be_bytes()[7..].to_vec(),
        Value::Boolean(octet) | Value::MemoryExponent(octet) | Value::HashedOctets(octet) => vec![octet],
        Value::Time(time) => time.0.to_be_bytes().to_vec(),
        Value::Seconds(seconds) => seconds.to_be_bytes().to_vec(),
        Value::Days(days) => days.to_be_bytes().to_vec(),
        Value::Mpi(mpi) => mpi.octets().as_slice().to_vec(),
        Value::Curve(curve) => curve.octets().as_slice().to_vec(),
        Value::Kdf(parameters) => parameters.octets().as_slice().to_vec(),
        Value::KeyId(key_id) => key_id.0.to_vec(),
        Value::Fingerprint(fingerprint) => fingerprint.as_slice().to_vec(),
        Value::Checksum { stored: Some(stored), width: 2, .. } => stored.to_be_bytes()[2..].to_vec(),
        Value::Secret(secret) => secret.expose().as_slice().to_vec(),
        _ => Vec::new(),
    }
}
