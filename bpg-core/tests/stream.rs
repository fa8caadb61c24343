//! Input that comes in pieces: the same packets as of a slice, in memory that does not grow with it.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]

mod common;

use core::ops::ControlFlow;
use std::collections::HashSet;
use std::io::{self, Read};

use allocation_counter::measure;
use bpg_core::encode::Encode;
use bpg_core::framing::{self, Event, Framer, PacketBuf, PacketFormat};
use bpg_core::inspect;
use bpg_core::octets::Octets;
use bpg_core::reader::{Limits, PacketReader, ReadError, StreamedPacket};
use bpg_core::registry::PacketType;

use common::laws::stream;
use common::{Input, about};

/// The largest input of which every prefix is checked.
const EVERY_PREFIX: usize = 200;

/// What a reader may use, however long the input is.
const MEMORY: u64 = 256 * 1024;

/// A User ID and literal data in chunks of which one is empty.
const WIRE: [u8; 16] = [
    0xcd, // OpenPGP format, type 13
    0xff, 0x00, 0x00, 0x00, 0x01, // length: 1, in five octets
    b'a', // content
    0xcb, // OpenPGP format, type 11
    0xe2, // partial length: 4
    b'b', 0x00, 0x00, 0x00, // format, length of the file name, two octets of the date
    0xe0, // partial length: 1
    0x00, // an octet of the date, whose last one is missing
    0x00, // length: 0
];

#[test]
fn streams_and_slices_agree() {
    for Input { name, octets } in common::inputs() {
        about(&name, || stream::laws(&octets));
    }
}

/// Whoever wants a payload gets all of it, and what is told of it is the same.
#[test]
fn payloads_are_given_as_they_are_read() {
    let mut payloads = 0;
    for Input { name, octets } in common::inputs() {
        let mut given: Vec<(u64, Vec<u8>)> = Vec::new();
        let with_sink = payload_events(&octets, true, |start, octets| match given.last_mut() {
            Some((last, given)) if *last == start => given.extend_from_slice(octets),
            _ => given.push((start, octets.to_vec())),
        });
        assert_eq!(with_sink, payload_events(&octets, false, |_, _| {}), "{name}");
        for (start, given) in given {
            let mut packets = framing::packets(&octets).filter_map(Result::ok);
            // One that is cut short is none of these.
            let Some(raw) = packets.find(|raw| (raw.wire().start()..raw.wire().end()).contains(&start)) else {
                continue;
            };
            assert!(raw.body().to_cow().ends_with(&given), "{name}: {start}");
            payloads += 1;
        }
    }
    assert!(payloads > 100, "{payloads} payloads");
}

/// What is told of the data packets of `input`, whose payloads are given to `sink` with their positions, if it `is_given`.
fn payload_events(input: &[u8], is_given: bool, mut sink: impl FnMut(u64, &[u8])) -> Vec<String> {
    let mut told = Vec::new();
    let mut reader = PacketReader::new(input);
    while let Ok(Some(packet)) = reader.next_packet() {
        let StreamedPacket::Data(mut packet) = packet else { continue };
        let mut visitor = |event: inspect::Event<'_>| {
            told.push(format!("{event:?}"));
            ControlFlow::<()>::Continue(())
        };
        let flow = inspect::data_packet(&mut packet, &mut visitor).unwrap();
        let ControlFlow::Continue(Some(payload)) = flow else { continue };
        let start = packet.position();
        let finished = match is_given {
            true => payload.finish_in_pieces(&mut packet, &mut visitor, |_, octets, _| {
                sink(start, octets);
                ControlFlow::Continue(())
            }),
            false => payload.finish(&mut packet, &mut visitor),
        };
        assert!(finished.unwrap().is_continue());
    }
    told
}

#[test]
fn streams_and_slices_agree_on_every_prefix_of_a_small_input() {
    let mut seen = HashSet::new();
    for Input { name, octets } in common::inputs() {
        if octets.len() <= EVERY_PREFIX && seen.insert(octets.clone()) {
            about(&name, || (0..octets.len()).for_each(|length| stream::laws(&octets[..length])));
        }
    }
    assert!(seen.len() > 100, "{} small inputs", seen.len());
}

#[test]
fn positions_at_the_end_of_the_number_range_do_not_overflow() {
    for Input { octets, .. } in common::inputs() {
        let mut framer = Framer::new(u64::MAX - 20);
        let mut rest = octets.as_slice();
        while let Ok(Some(_)) = framer.push(&mut rest) {}
        let _ = framer.finish();
    }
}

/// The events of `wire`, an octet at a time, as text.
fn events(wire: &[u8]) -> Vec<String> {
    let mut framer = Framer::new(100);
    let mut events = Vec::new();
    let mut show = |event: Event<'_>| {
        events.push(match event {
            Event::Header(header) => {
                format!("{} {:?} {}", header.packet_type.0, header.length, header.octets.span())
            }
            Event::Body(octets) => format!("{:02x?} {}", octets.as_slice(), octets.span()),
            Event::ChunkHeader { length, octets } => format!("{length:?} {}", octets.span()),
            Event::End { position } => format!("end {position}"),
        });
    };
    for mut piece in wire.chunks(1) {
        while let Some(event) = framer.push(&mut piece).unwrap() {
            show(event);
        }
    }
    framer.finish().unwrap().into_iter().for_each(&mut show);
    events
}

#[test]
fn a_framer_tells_what_octets_are() {
    let expected = [
        "13 Five(1) 100..106",
        "[61] 106..107",
        "end 107",
        "11 Partial { first: 4 } 107..109",
        "[62] 109..110",
        "[00] 110..111",
        "[00] 111..112",
        "[00] 112..113",
        "Partial { first: 1 } 113..114",
        "[00] 114..115",
        "One(0) 115..116",
        "end 116",
    ];
    assert_eq!(events(&WIRE), expected);
    // Legacy format, type 13, indeterminate length.
    assert_eq!(events(&[0xb7, b'a']), ["13 Indeterminate 100..101", "[61] 101..102", "end 102"]);
    assert_eq!(events(&[0xb7]), ["13 Indeterminate 100..101", "end 101"]);
    assert!(events(&[]).is_empty());
}

#[test]
fn a_framer_is_small() {
    assert!(size_of::<Framer>() <= 64, "{}", size_of::<Framer>());
}

/// Fails before each of its octets.
struct Failing<'a> {
    rest: &'a [u8],
    fails: bool,
}

impl Read for Failing<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.fails = !self.fails;
        if self.fails { Err(io::ErrorKind::WouldBlock.into()) } else { self.rest.by_ref().take(1).read(out) }
    }
}

#[test]
fn reading_goes_on_after_an_error_of_the_input() {
    let mut reader = PacketReader::new(Failing { rest: &WIRE, fails: false });
    let (mut failures, mut found) = (0, Vec::new());
    loop {
        match reader.next_packet() {
            Ok(None) => break,
            Ok(Some(StreamedPacket::Whole(raw))) => found.push(raw.wire().as_slice().to_vec()),
            Ok(Some(StreamedPacket::Data(mut data))) => {
                let mut body = Vec::new();
                loop {
                    // Keeps what it read before it failed.
                    match data.read_to_end(&mut body) {
                        Ok(_) => break,
                        Err(error) => assert_eq!(error.kind(), io::ErrorKind::WouldBlock),
                    }
                    failures += 1;
                }
                found.push(body);
            }
            Err(ReadError::Io(error)) => {
                assert_eq!(error.kind(), io::ErrorKind::WouldBlock);
                failures += 1;
            }
            Err(error) => panic!("{error}"),
        }
    }
    // One for each octet, and one in front of the end.
    assert_eq!(failures, WIRE.len() + 1);
    assert_eq!(found, [&WIRE[..7], &[b'b', 0, 0, 0, 0]]);
}

/// The results of reading `input` with a limit, as text.
fn read(input: &[u8], packet: usize) -> Vec<String> {
    let mut reader = PacketReader::with_limits(input, Limits { packet });
    let mut results = Vec::new();
    loop {
        results.push(match reader.next_packet() {
            Ok(None) => return results,
            Ok(Some(StreamedPacket::Whole(raw))) => format!("{} {}", raw.packet_type().0, raw.wire().span()),
            Ok(Some(StreamedPacket::Data(data))) => format!("data {}", data.header().octets.span()),
            Err(error) => error.to_string(),
        });
    }
}

#[test]
fn the_limit_is_the_size_of_a_packet_with_its_headers() {
    const LARGE: &str = "at octet 5: User ID: more than 8 octets, which is the limit";
    let marker = [0xca, 0x03, b'P', b'G', b'P'];
    for (exponent, format) in [(0, PacketFormat::OpenPgp), (2, PacketFormat::Partial { exponent: 2 })] {
        // A header of two octets, and if there are chunks of four octets another one for the last chunk.
        let headers = if exponent == 0 { 2 } else { 3 };
        let user_id = |length: usize| {
            let packet = PacketBuf::new(PacketType::USER_ID, &vec![b'a'; length - headers], format).unwrap();
            assert_eq!(packet.to_octets().len(), length);
            [&marker[..], &packet.to_octets(), &marker].concat()
        };
        assert_eq!(read(&user_id(8), 8), ["10 0..5", "13 5..13", "10 13..18"]);
        assert_eq!(read(&user_id(9), 8), ["10 0..5", LARGE, "10 14..19"]);
        // What is too large may be cut short as well.
        let cut = &user_id(10)[..14];
        let error = framing::packets(cut).last().unwrap().unwrap_err().to_string();
        assert_eq!(read(cut, 8), ["10 0..5", LARGE, &error]);
    }
    // Data packets are of any size, and packets that are not known are not data.
    assert_eq!(read(&[0xcb, 0x01, 0x00, 0xfe, 0x00], 2), ["data 0..2", "62 3..5"]);
    assert_eq!(read(&[0xca, 0x00, b'x'], 8), ["10 0..2", "at octet 2: no packet starts here (bit 7 is clear)"]);
}

/// Gives seven octets at a time.
struct Slow<'a>(&'a [u8]);

impl Read for Slow<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.0.by_ref().take(7).read(out)
    }
}

/// What is told of a stream in which packets of more than 60 octets are too large, with those and with payloads passed over
/// at once or in pieces.
fn told(octets: &[u8], in_pieces: bool) -> Vec<String> {
    let mut reader = PacketReader::with_limits(Slow(octets), Limits { packet: 60 });
    let mut told = Vec::new();
    loop {
        match reader.next_packet() {
            Ok(None) => return told,
            Ok(Some(StreamedPacket::Whole(raw))) => told.push(raw.wire().span().to_string()),
            Ok(Some(StreamedPacket::Data(mut packet))) => {
                let mut events = |event: inspect::Event<'_>| -> ControlFlow<()> {
                    told.push(format!("{event:?}"));
                    ControlFlow::Continue(())
                };
                let mut position = 0;
                let passed = |_: &mut _, _: &[u8], end| {
                    assert!(end >= position, "{end} follows {position}");
                    position = end;
                    ControlFlow::Continue(())
                };
                match inspect::data_packet(&mut packet, &mut events).unwrap() {
                    ControlFlow::Continue(Some(payload)) if in_pieces => {
                        assert_eq!(
                            payload.finish_in_pieces(&mut packet, &mut events, passed).unwrap(),
                            ControlFlow::Continue(())
                        );
                        assert_eq!(position, packet.position());
                    }
                    ControlFlow::Continue(Some(payload)) => {
                        assert_eq!(payload.finish(&mut packet, &mut events).unwrap(), ControlFlow::Continue(()));
                    }
                    ended => assert!(matches!(ended, ControlFlow::Continue(None))),
                }
                if packet.is_cut_short() {
                    return told;
                }
            }
            Err(ReadError::TooLarge { header, limit }) => {
                told.push(format!("{} {limit}", header.octets.span()));
                if in_pieces && let Err(error) = pass_over(&mut reader, header.octets.span().end) {
                    told.push(error.to_string());
                    return told;
                }
            }
            Err(error) => {
                told.push(error.to_string());
                return told;
            }
        }
    }
}

/// Passes over a packet that is too large, of which the reader is at `position`.
fn pass_over(reader: &mut PacketReader<impl Read>, mut position: u64) -> Result<(), ReadError> {
    loop {
        let is_more = reader.pass_over_too_large();
        assert!(reader.position() >= position);
        position = reader.position();
        if !is_more? {
            return Ok(());
        }
    }
}

#[test]
fn passing_over_in_pieces_makes_no_difference() {
    let mut too_large = 0;
    for Input { name, octets } in common::inputs() {
        about(&name, || assert_eq!(told(&octets, true), told(&octets, false)));
        too_large += told(&octets, true).iter().filter(|told| told.ends_with(" 60")).count();
    }
    assert!(too_large > 1000, "only {too_large} packets");
    // A user ID of 256 octets and one of five, of which the input ends inside.
    let octets = [&b"\xcd\xc0\x40"[..], &[b'a'; 256], b"\xcd\x05abcd"].concat();
    for length in 0..octets.len() {
        assert_eq!(told(&octets[..length], true), told(&octets[..length], false), "{length}");
    }
}

#[test]
fn a_reader_shows_no_octets() {
    let wire = [0xc5, 0x04, b's', b'e', b'c', b'r'];
    let mut reader = PacketReader::new(&wire[..]);
    let shown = format!("{:?}", reader.next_packet().unwrap());
    assert!(shown.contains("[6 octets at 0]") && !shown.contains("115, 101"), "{shown}");
    let shown = format!("{reader:?} {:?}", PacketReader::new(&[0xcb, 0x01, b's'][..]).next_packet().unwrap());
    assert!(shown.contains("DataPacket") && !shown.contains("115"), "{shown}");
}

/// Octets over and over, without memory for all of them.
struct Repeated<'a> {
    times: u64,
    octets: &'a [u8],
    rest: &'a [u8],
}

fn repeated(octets: &[u8], times: u64) -> Repeated<'_> {
    Repeated { times, octets, rest: &[] }
}

impl Read for Repeated<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.rest.is_empty() && self.times > 0 {
            (self.rest, self.times) = (self.octets, self.times - 1);
        }
        self.rest.read(out)
    }
}

/// A chunk of 512 octets.
fn chunk() -> Vec<u8> {
    let mut chunk = vec![0xe9];
    chunk.resize(513, 0);
    chunk
}

#[test]
fn memory_does_not_grow_with_a_payload() {
    const CHUNKS: u64 = 16 * 1024;
    let chunk = chunk();
    let input = || (&[0xcb][..]).chain(repeated(&chunk, CHUNKS)).chain(&[0x00, 0xca, 0x03, b'P', b'G', b'P'][..]);
    for reads in [true, false] {
        let (mut copied, mut last) = (0, None);
        let info = measure(|| {
            let mut reader = PacketReader::new(input());
            while let Some(packet) = reader.next_packet().unwrap() {
                match packet {
                    StreamedPacket::Whole(raw) => last = Some(raw.wire().span().start),
                    StreamedPacket::Data(mut data) if reads => copied = io::copy(&mut data, &mut io::sink()).unwrap(),
                    StreamedPacket::Data(_) => {}
                }
            }
        });
        assert_eq!(copied, if reads { CHUNKS * 512 } else { 0 });
        assert_eq!(last, Some(1 + CHUNKS * 513 + 1));
        assert!(info.bytes_max < MEMORY, "{info:?}");
        assert_eq!(info.bytes_current, 0);
    }
}

#[test]
fn memory_does_not_grow_with_the_number_of_packets() {
    const PACKETS: u64 = 100_000;
    let (mut found, mut octets) = (0, 0);
    let info = measure(|| {
        let mut reader = PacketReader::new(repeated(b"\xcd\x05Alice", PACKETS));
        while let Some(packet) = reader.next_packet().unwrap() {
            let StreamedPacket::Whole(raw) = packet else { panic!("{packet:?}") };
            assert_eq!(raw.wire().start(), octets);
            (found, octets) = (found + 1, raw.wire().end());
        }
    });
    assert_eq!((found, octets), (PACKETS, PACKETS * 7));
    assert!(info.bytes_max < MEMORY, "{info:?}");
    // One for the pieces and one for the packets.
    assert_eq!(info.count_total, 2);
}

#[test]
fn a_length_makes_no_memory() {
    // A User ID of 16 MiB less a header, of which three octets are there.
    let wire = [0xcd, 0xff, 0x00, 0xff, 0xff, 0xfa, b'a', b'b', b'c'];
    let info = measure(|| {
        let Err(error) = PacketReader::new(&wire[..]).next_packet() else { panic!("it is cut short") };
        assert_eq!(error.to_string(), "at octet 6: User ID: body: need 16777210 octets, have 3");
    });
    assert!(info.bytes_max < MEMORY, "{info:?}");
}

#[test]
fn endless_packets_end_at_the_limit() {
    const LIMIT: usize = 1024 * 1024;
    let chunk = chunk();
    // A User ID of indeterminate length, and one in partial lengths.
    for start in [0xb7, 0xcd] {
        let mut errors = Vec::new();
        let info = measure(|| {
            let input = [start];
            let input = (&input[..]).chain(repeated(&chunk, 16 * 1024)).chain(&[0x00][..]);
            let mut reader = PacketReader::with_limits(input, Limits { packet: LIMIT });
            loop {
                match reader.next_packet() {
                    Ok(None) => break,
                    Ok(Some(packet)) => panic!("{packet:?}"),
                    Err(error) => errors.push(error),
                }
            }
        });
        let [ReadError::TooLarge { header, limit: LIMIT }] = errors[..] else { panic!("{errors:?}") };
        assert_eq!((header.packet_type, header.octets.span().start), (PacketType::USER_ID, 0));
        // The packet, half of it while it moves to larger memory, and the rest.
        assert!(info.bytes_max < u64::try_from(LIMIT).unwrap() * 3 / 2 + MEMORY, "{info:?}");
    }
}

#[test]
fn a_large_packet_is_held_as_it_came() {
    let body: Vec<u8> = (0..=250).cycle().take(1_000_000).collect();
    let packet = PacketBuf::new(PacketType::USER_ID, &body, PacketFormat::Partial { exponent: 9 }).unwrap();
    let wire = packet.to_octets();
    let mut reader = PacketReader::new(wire.as_slice());
    let Some(StreamedPacket::Whole(raw)) = reader.next_packet().unwrap() else { panic!("it is not data") };
    assert_eq!(raw.wire().as_slice(), wire.as_slice());
    assert_eq!(raw.body().to_cow(), body);
    assert!(raw.body().chunks().map(Octets::len).take(1953).all(|length| length == 512));
}
