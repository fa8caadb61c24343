//! Law 2 of what reads the stream by itself.

use std::io::{self, Read};
use std::ops::ControlFlow;

use bpg_core::error::{Error, ErrorKind};
use bpg_core::framing::{Packets, RawPacket, packets};
use bpg_core::inspect::{self, Event, Field, Value};
use bpg_core::octets::Octets;
use bpg_core::reader::{DataPacket, Limits, PacketReader, ReadError, StreamedPacket};

use super::inspect::octets as inspected_octets;
use super::position;
use super::stream::{Cut, cuts};

/// How much of a data packet is read by what wants only some of it.
const SOME: usize = 5;

/// A limit that packets of the corpora exceed.
const LOW_LIMIT: usize = 100;

/// The types of data packets.
const DATA: [u8; 5] = [8, 9, 11, 18, 20];

/// What reading packets from a stream of `input` promises.
pub fn laws(input: &[u8]) {
    // A framer sees no difference between pieces of a few octets and one; those would only take time.
    for cut in cuts(input).filter(|cut| !matches!(cut, Cut::Every(2..=7))) {
        for wanted in [Wanted::All, Wanted::Some, Wanted::Nothing] {
            read(input, cut, wanted);
        }
        limited(input, cut);
        inspected(input, cut);
    }
}

/// What is told of packets that are read is what is told of them in memory, as far as it is known then.
fn inspected(input: &[u8], cut: Cut) {
    let mut slice = packets(input);
    let mut reader = PacketReader::new(Stream::of(input, cut));
    loop {
        let told = match reader.next_packet() {
            Ok(Some(StreamedPacket::Whole(_))) => {
                slice.next();
                continue;
            }
            Ok(Some(StreamedPacket::Data(mut packet))) => data_packet(&mut packet),
            _ => break,
        };
        match slice.next() {
            Some(Ok(raw)) => {
                let mut expected = Vec::new();
                let _ = inspect::packet(&raw, &mut |event: Event<'_>| -> ControlFlow<()> {
                    expected.push(tell(&event));
                    ControlFlow::Continue(())
                });
                // A body whose fields are in several chunks is told joined in memory.
                let is_joined = raw.interpret().is_err();
                assert!(is_joined || told == expected, "{told:#?}\n{expected:#?}");
            }
            Some(Err(error)) => {
                let errors = told.iter().filter(|event| **event == tell(&Event::Error(error))).count();
                assert_eq!(errors, 1, "{error} in {told:#?}");
                break;
            }
            None => panic!("the slice has a packet, too"),
        }
    }
    if let Some(Err(error)) = slice.clone().next() {
        let held = reader.cut_short();
        let rest = if held.is_empty() { reader.unread() } else { held };
        let is_data = slice.remaining().as_slice().first().is_some_and(|first| DATA.contains(&packet_type(*first)));
        let is_cut = matches!(error.kind(), ErrorKind::Truncated { .. });
        if !is_data || !is_cut {
            assert_eq!(rest.start(), slice.remaining().start());
            assert!(slice.remaining().as_slice().starts_with(rest.as_slice()));
            assert!(!is_cut || rest.as_slice() == slice.remaining().as_slice());
        }
    }
}

fn packet_type(octet: u8) -> u8 {
    if octet & 0x40 == 0 { octet >> 2 & 0x0f } else { octet & 0x3f }
}

/// What is told of a data packet and its payload.
fn data_packet(packet: &mut DataPacket<'_, Stream<'_>>) -> Vec<String> {
    let mut told = Vec::new();
    let mut visitor = |event: Event<'_>| -> ControlFlow<()> {
        // Of a slice, the payload is there.
        if !matches!(event, Event::Payload) {
            told.push(tell(&event));
        }
        ControlFlow::Continue(())
    };
    let flow = inspect::data_packet(packet, &mut visitor).expect("the stream has no errors of its own");
    if let ControlFlow::Continue(Some(payload)) = flow {
        let flow = payload.finish(packet, &mut visitor).expect("the stream has no errors of its own");
        assert!(flow.is_continue());
    }
    told
}

/// An event but for what only one of a slice and a stream knows.
fn tell(event: &Event<'_>) -> String {
    match event {
        Event::Packet(frame) => format!("{:?} {:?} {}", frame.packet_type, frame.length, frame.octets.start()),
        Event::Field(Field { name, span, value: Value::Data(body), .. }) => {
            format!("{name} {span:?} [{}]", body.len())
        }
        Event::Field(Field { name, span, value: Value::Payload { length, .. }, .. }) => {
            format!("{name} {span:?} [{length}]")
        }
        Event::Field(field) => format!("{} {:?} {:?}", field.name, field.span, inspected_octets(field.value)),
        event => format!("{event:?}"),
    }
}

/// What is read of a data packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    All,
    Some,
    Nothing,
}

/// A stream that gives its octets in pieces and is often interrupted.
pub struct Stream<'a> {
    rest: &'a [u8],
    cut: Cut,
    is_interrupted: bool,
    has_ended: bool,
}

impl<'a> Stream<'a> {
    /// A stream of `rest`.
    pub fn of(rest: &'a [u8], cut: Cut) -> Self {
        Self { rest, cut, is_interrupted: false, has_ended: false }
    }
}

impl Read for Stream<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.is_interrupted = !self.is_interrupted;
        if self.is_interrupted {
            return Err(io::ErrorKind::Interrupted.into());
        }
        assert!(!self.has_ended, "nobody reads on behind the end, where a terminal would wait");
        // No octets at all would be the end.
        let size = self.cut.next().map_or(1, |size| size.max(1)).min(out.len()).min(self.rest.len());
        let (piece, rest) = self.rest.split_at(size);
        out[..size].copy_from_slice(piece);
        (self.rest, self.has_ended) = (rest, size == 0);
        Ok(size)
    }
}

fn read(input: &[u8], cut: Cut, wanted: Wanted) {
    let mut slice = packets(input);
    let mut reader = PacketReader::new(Stream::of(input, cut));
    loop {
        match reader.next_packet() {
            Ok(Some(StreamedPacket::Whole(raw))) => {
                let expected = slice.next().expect("the slice has a packet, too").expect("it is well-formed");
                assert!(!is_data(&expected));
                same(&raw, &expected);
            }
            Ok(Some(StreamedPacket::Data(data))) => payload(data, &slice.clone(), slice.next(), wanted, cut),
            Ok(None) => return assert!(slice.next().is_none() && slice.remaining().is_empty()),
            Err(ReadError::Malformed(error)) => {
                // A data packet has taken the error from the slice, which is in front of that packet still.
                let expected = Packets::new(slice.remaining()).next().expect("octets are left");
                assert_eq!(error, expected.expect_err("they are no packet"));
                return assert!(matches!(reader.next_packet(), Ok(None)), "nothing follows an error");
            }
            Err(error) => panic!("{error}"),
        }
    }
}

fn same(raw: &RawPacket<'_>, expected: &RawPacket<'_>) {
    let parts = |raw: &RawPacket<'_>| (raw.wire().span(), raw.header().span(), raw.body().span());
    assert_eq!((raw.packet_type(), raw.length()), (expected.packet_type(), expected.length()));
    assert_eq!(parts(raw), parts(expected));
    assert_eq!(raw.wire().as_slice(), expected.wire().as_slice());
    assert!(raw.body().chunks().map(Octets::span).eq(expected.body().chunks().map(Octets::span)));
    assert_eq!(format!("{:?}", raw.interpret()), format!("{:?}", expected.interpret()));
}

fn is_data(raw: &RawPacket<'_>) -> bool {
    DATA.contains(&raw.packet_type().0)
}

/// The header and the payload of a data packet, which `expected` is in the slice.
fn payload(
    mut data: DataPacket<'_, Stream<'_>>,
    slice: &Packets<'_>,
    expected: Option<Result<RawPacket<'_>, Error>>,
    wanted: Wanted,
    cut: Cut,
) {
    let header = *data.header();
    assert_eq!(header.octets.span().start, slice.remaining().start());
    let mut body = Vec::new();
    let result = match wanted {
        Wanted::All => read_to_end(&mut data, &mut body, cut),
        Wanted::Some => data.by_ref().take(position(SOME)).read_to_end(&mut body).map(drop),
        Wanted::Nothing => Ok(()),
    };
    match expected.expect("the slice has a packet, too") {
        Ok(raw) => {
            result.expect("the packet is complete");
            assert!(is_data(&raw));
            assert_eq!((header.packet_type, header.length), (raw.packet_type(), raw.length()));
            assert_eq!(header.octets.as_octets().as_slice(), raw.header().as_slice());
            let whole = raw.body().to_cow();
            let expected = match wanted {
                Wanted::All => &whole[..],
                Wanted::Some => &whole[..whole.len().min(SOME)],
                Wanted::Nothing => &[],
            };
            assert_eq!(body, expected);
        }
        Err(error) => match result {
            Ok(()) => assert!(wanted != Wanted::All, "the payload ends well, but {error}"),
            Err(failure) => {
                assert_eq!(failure.kind(), io::ErrorKind::UnexpectedEof);
                let inner = failure.get_ref().and_then(|inner| inner.downcast_ref::<ReadError>());
                let Some(ReadError::Malformed(inner)) = inner else { panic!("{failure}") };
                assert_eq!(*inner, error);
                assert_eq!(failure.to_string(), error.to_string());
            }
        },
    }
}

/// Reads into memory of the sizes that `cut` has.
fn read_to_end(data: &mut impl Read, body: &mut Vec<u8>, cut: Cut) -> io::Result<()> {
    let mut out = [0; 4096];
    for size in cut {
        // To read into no memory is not the end.
        assert_eq!(data.read(&mut [])?, 0);
        match data.read(&mut out[..size.max(1)])? {
            0 => break,
            count => body.extend_from_slice(&out[..count]),
        }
    }
    assert_eq!(data.read(&mut out)?, 0, "the end stays the end");
    Ok(())
}

/// With a low limit, packets above it are told of, and the others are the same.
fn limited(input: &[u8], cut: Cut) {
    let mut slice = packets(input);
    let mut reader = PacketReader::with_limits(Stream::of(input, cut), Limits { packet: LOW_LIMIT });
    loop {
        match (reader.next_packet(), slice.next()) {
            (Ok(Some(StreamedPacket::Whole(raw))), Some(Ok(expected))) => {
                assert!(raw.wire().len() <= LOW_LIMIT);
                same(&raw, &expected);
            }
            (Ok(Some(StreamedPacket::Data(_))), Some(Ok(raw))) => assert!(is_data(&raw)),
            (Err(ReadError::TooLarge { header, limit }), Some(Ok(raw))) => {
                assert_eq!((header.packet_type, header.length, limit), (raw.packet_type(), raw.length(), LOW_LIMIT));
                assert_eq!(header.octets.span(), raw.header().span());
                assert!(raw.wire().len() > LOW_LIMIT && !is_data(&raw));
            }
            // The limit is told of, or the packet handed out, in front of the error.
            (Ok(Some(StreamedPacket::Data(_))) | Err(ReadError::TooLarge { .. }), Some(Err(error))) => {
                let Err(ReadError::Malformed(malformed)) = reader.next_packet() else {
                    panic!("{error} is not told of")
                };
                return assert_eq!(malformed, error);
            }
            (Err(ReadError::Malformed(malformed)), Some(Err(error))) => return assert_eq!(malformed, error),
            (Ok(None), None) => return,
            (read, sliced) => panic!("{read:?}, but {sliced:?}"),
        }
    }
}
