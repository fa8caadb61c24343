//! Law 2: a stream and a slice hold the same packets, for every way of cutting the stream into pieces.

use bpg_core::error::Error;
use bpg_core::framing::{Chunks, Event, Framer, Header, Packets, RawPacket};
use bpg_core::octets::Octets;

use super::{Tiles, assert_in_place};

/// The sizes of pieces that every input is cut into.
const SIZES: [usize; 5] = [1, 2, 3, 7, 4096];

/// Where the stream starts.
const START: u64 = 1 << 33;

/// What framing and reading a stream of `input` promise.
pub fn laws(input: &[u8]) {
    for cut in cuts(input) {
        framed(Octets::new(input, START), cut);
    }
    #[cfg(feature = "std")]
    super::reader::laws(input);
}

/// Ways to cut `input`: the fixed ones and one that depends on the input.
pub fn cuts(input: &[u8]) -> impl Iterator<Item = Cut> {
    // FNV-1a, so that the same input is always cut in the same way.
    let hash = |hash: u64, octet: &u8| (hash ^ u64::from(*octet)).wrapping_mul(0x0100_0000_01b3);
    let seed = input.iter().take(256).fold(0xcbf2_9ce4_8422_2325, hash);
    SIZES.into_iter().map(Cut::Every).chain([Cut::Random(seed | 1)])
}

/// The sizes of the pieces that an input is cut into, endlessly.
#[derive(Clone, Copy, Debug)]
pub enum Cut {
    /// All the same.
    Every(usize),
    /// From 0 to some hundred, drawn from a state that is not 0.
    Random(u64),
}

impl Iterator for Cut {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        match self {
            Self::Every(size) => Some(*size),
            Self::Random(state) => {
                // Xorshift: any numbers will do.
                *state ^= *state << 13;
                *state ^= *state >> 7;
                *state ^= *state << 17;
                // Mostly small ones, to hit headers, and sometimes none at all.
                let limit = [8, 8, 64, 700][(*state >> 40) as usize % 4];
                Some((*state >> 20) as usize % limit)
            }
        }
    }
}

/// What a framer promises of `input` in the pieces of `cut`.
pub fn framed(input: Octets<'_>, cut: Cut) {
    let mut stream = Stream::of(input);
    let mut framer = Framer::new(input.start());
    let mut rest = input.as_slice();
    for size in cut {
        let mut piece;
        (piece, rest) = rest.split_at(size.min(rest.len()));
        loop {
            let before = piece;
            match framer.push(&mut piece) {
                Ok(Some(event)) => stream.follow(event),
                Ok(None) => break,
                Err(error) => {
                    assert_eq!(piece, before, "what starts no packet is not taken");
                    assert_eq!(framer.push(&mut piece).map(|event| event.is_some()), Err(error));
                    return stream.fail(error);
                }
            }
        }
        assert!(piece.is_empty(), "{} octets are not taken", piece.len());
        if rest.is_empty() {
            break;
        }
    }
    match framer.finish() {
        Ok(event) => {
            event.into_iter().for_each(|event| stream.follow(event));
            stream.finish();
            assert!(matches!(framer.finish(), Ok(None)), "nothing ends twice");
        }
        Err(error) => {
            assert_eq!(framer.finish().map(|event| event.is_some()), Err(error));
            stream.fail(error);
        }
    }
}

/// The packets of a slice, with which the events of a stream are compared one by one.
struct Stream<'a> {
    whole: Octets<'a>,
    packets: Packets<'a>,
    /// Law 1: headers, chunk headers and pieces of bodies, one after another, are the input.
    tiles: Tiles<'a>,
    place: Place<'a>,
}

/// Where the stream is in the slice.
enum Place<'a> {
    Between,
    /// In a packet: what is left of the chunk that the stream is in, and the chunks behind it.
    In(RawPacket<'a>, Octets<'a>, Chunks<'a>),
    /// In a packet that the slice does not have: it is cut short.
    Broken(Error),
}

impl<'a> Stream<'a> {
    fn of(whole: Octets<'a>) -> Self {
        Self { whole, packets: Packets::new(whole), tiles: Tiles::of(whole), place: Place::Between }
    }

    fn follow(&mut self, event: Event<'_>) {
        match event {
            Event::Header(header) => self.header(&header),
            Event::Body(octets) => {
                assert!(!octets.is_empty());
                self.tiles.lay(octets);
                if let Place::In(_, left, _) = &mut self.place {
                    let (piece, behind) = left.split_at(octets.len()).expect("the piece lies in one chunk");
                    assert_eq!((piece.span(), piece.as_slice()), (octets.span(), octets.as_slice()));
                    *left = behind;
                }
            }
            Event::ChunkHeader { length, octets } => {
                assert!(!length.is_legacy());
                self.tiles.lay(octets.as_octets());
                if let Place::In(_, left, chunks) = &mut self.place {
                    assert!(left.is_empty(), "a chunk ends early");
                    *left = chunks.next().expect("there is another chunk");
                    assert_eq!(left.start(), octets.span().end);
                }
            }
            Event::End { position } => self.end(position),
        }
    }

    fn header(&mut self, header: &Header) {
        assert!(matches!(self.place, Place::Between), "{header:?} comes in front of an end");
        let octets = header.octets.as_octets();
        self.tiles.lay(octets);
        assert_eq!(format!("{:?}", header.octets), format!("{octets:?}"));
        self.place = match self.packets.next().expect("a packet starts where the slice has one") {
            Ok(raw) => {
                assert_eq!((header.packet_type, header.length), (raw.packet_type(), raw.length()));
                assert_eq!((octets.span(), octets.as_slice()), (raw.header().span(), raw.header().as_slice()));
                let mut chunks = raw.body().chunks();
                let first = chunks.next().expect("every body has a chunk");
                Place::In(raw, first, chunks)
            }
            Err(error) => {
                assert_eq!(self.packets.remaining().start(), octets.start());
                Place::Broken(error)
            }
        };
    }

    fn end(&mut self, position: u64) {
        let Place::In(raw, left, mut chunks) = std::mem::replace(&mut self.place, Place::Between) else {
            panic!("nothing ends at {position}");
        };
        assert!(left.is_empty() && chunks.next().is_none(), "{raw:?} ends early");
        assert_eq!(raw.wire().end(), position);
        assert_eq!(self.tiles.position, position);
    }

    /// The stream ended with `error`, and so does the slice.
    fn fail(mut self, error: Error) {
        let expected = match self.place {
            Place::Broken(expected) => expected,
            Place::Between => self.packets.next().expect("octets are left").expect_err("they are no packet"),
            Place::In(raw, ..) => panic!("{error} in {raw:?}"),
        };
        assert_eq!(error, expected);
        assert!(self.packets.next().is_none());
        assert_in_place(self.whole, self.packets.remaining());
        assert!(self.packets.remaining().start() <= self.tiles.position);
    }

    /// The stream ended well, and so does the slice.
    fn finish(mut self) {
        assert!(matches!(self.place, Place::Between), "the last packet does not end");
        assert!(self.packets.next().is_none() && self.packets.remaining().is_empty());
        self.tiles.assert_full();
    }
}
