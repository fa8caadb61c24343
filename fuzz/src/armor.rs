//! Law 5, and what blocks of armor say of themselves.

use std::ops::ControlFlow;

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{GeneralPurpose, GeneralPurposeConfig};
use bpg_core::armor::{Block, Checksum, Lines, Symbols, blocks};
use bpg_core::container::is_armored;
use bpg_core::error::{Error, ErrorKind};
use bpg_core::inspect::{self, Event, Value};
use bpg_core::octets::Octets;

use super::{Tiles, assert_error, assert_in_place, position, size, slice};

/// How many octets are located at the start of a block, at its end, and all over it.
const LOCATED_OCTETS: u64 = 16;

/// What reading armor promises: of `input` as text, and of `input` as what is put in armor.
pub fn laws(input: &[u8]) {
    text(input);
    round_trip(input);
    super::container::laws(input);
}

/// What finding and reading armor in `text` promises, and what the packets in it do.
pub fn text(text: &[u8]) {
    let whole = Octets::from(text);
    let mut tiles = Tiles::of(whole);
    let mut found = blocks(text);
    for block in found.by_ref() {
        tiles.skip(block.wire().start().checked_sub(tiles.position).expect("blocks do not overlap"));
        tiles.lay(block.wire());
        structure(block);
        decoding(whole, block);
    }
    tiles.lay(found.remaining());
    tiles.assert_full();
    for place in [0, text.len() / 3, text.len() / 2, text.len().saturating_sub(1)] {
        lines(text, position(place));
    }
}

fn structure(block: Block<'_>) {
    assert!(block.wire().as_slice().starts_with(b"-----BEGIN PGP "));
    assert_eq!(block.prefix().end(), block.wire().start());
    assert!(block.prefix().as_slice().iter().all(|octet| b" \t>|".contains(octet)));
    assert_in_place(block.wire(), block.label());
    assert_in_place(block.wire(), block.body());
    let mut end = block.label().end();
    for header in block.headers() {
        assert!(header.wire.start() > end && header.wire.end() <= block.body().start());
        assert_in_place(block.wire(), header.wire);
        assert_in_place(header.wire, header.key);
        assert_in_place(header.wire, header.value);
        assert!(header.key.end() <= header.value.start());
        end = header.wire.end();
    }
    assert_eq!(block.has_tail(), block.body().end() != block.wire().end());
}

/// Decoding gives the right octets, or those in front of an error with a place.
fn decoding(text: Octets<'_>, block: Block<'_>) {
    let mut octets = Vec::new();
    let end = block.decode_each(|piece| octets.extend_from_slice(piece));
    let (decoded, error) = block.decode_prefix();
    assert_eq!(*decoded.octets, octets);
    assert_eq!(error, end.err());
    assert_eq!(block.decode().err(), error);
    if let Ok(end) = end {
        assert_eq!((end.checksum, end.has_padding), (decoded.checksum, decoded.has_padding));
    }

    let due = Due::of(block);
    assert!(due.octets.starts_with(&octets), "the octets are not those of the base64");
    match error {
        Some(error) => misread(text, block, &due, error),
        None => {
            assert_eq!((due.octets.len(), due.bad), (octets.len(), None));
            assert!(block.has_tail());
            let symbols = position(due.places.len());
            assert_eq!(decoded.has_padding, symbols + due.padding(block) == symbols.next_multiple_of(4));
        }
    }
    if let Some(checksum) = decoded.checksum {
        assert_eq!(checksum.due, crc24::hash_raw(&octets));
        assert_eq!(checksum.is_right(), checksum.stored == Some(checksum.due));
    }

    let length = position(octets.len());
    let is_located = |offset: &u64| {
        let step = length / LOCATED_OCTETS + 1;
        *offset < LOCATED_OCTETS || length - offset <= LOCATED_OCTETS || offset.is_multiple_of(step)
    };
    let symbols = Symbols::new(block);
    for offset in (0..length).filter(is_located) {
        let octet = octets[size(offset)];
        let place = symbols.position(offset);
        assert_eq!(place, due.places[size(offset / 3 * 4 + offset % 3)]);
        let bits = sextet(text.as_slice()[size(place)]).expect("the character at the place is base64");
        match offset % 3 {
            0 => assert_eq!(bits, octet >> 2),
            1 => assert_eq!(bits & 0x0f, octet >> 4),
            _ => assert_eq!(bits & 0x03, octet >> 6),
        }
        lines(text.as_slice(), place);
    }
    for offset in [length, u64::MAX] {
        let place = symbols.position(offset);
        assert!(block.body().start() <= place && place <= block.body().end());
    }
    events(block, decoded.checksum, error);
    super::check(&octets);
}

/// An error is where it says, and of the kind it says.
fn misread(text: Octets<'_>, block: Block<'_>, due: &Due, error: Error) {
    assert_error(block.wire().span(), &error);
    let place = error.span().start;
    let character = text.as_slice().get(size(place)).copied();
    lines(text.as_slice(), place);
    match error.kind() {
        ErrorKind::NotBase64 { octet } => {
            assert_eq!((Some(place), Some(octet), 1), (due.bad, character, error.span().len()));
        }
        ErrorKind::IncompleteBase64 => {
            assert_eq!((due.places.len() % 4, due.places.last(), due.bad), (1, Some(&place), None));
        }
        ErrorKind::BehindBase64 => assert!(due.bad.is_none() && due.end.is_some_and(|end| place > end)),
        ErrorKind::ArmorWithoutTail => {
            assert!(!block.has_tail());
            assert_eq!(place, block.wire().end());
        }
        kind => panic!("armor is not what {kind:?} is about"),
    }
}

/// The base64 of a block, decoded a bit at a time.
struct Due {
    octets: Vec<u8>,
    /// The position of every character of base64 in front of the first that is none.
    places: Vec<u64>,
    /// The position of the first equals sign.
    end: Option<u64>,
    /// The position of the first character in front of that which is neither base64 nor white space.
    bad: Option<u64>,
}

impl Due {
    fn of(block: Block<'_>) -> Self {
        let mut due = Self { octets: Vec::new(), places: Vec::new(), end: None, bad: None };
        let (mut bits, mut width) = (0_u16, 0);
        for (character, place) in without_margin(block) {
            match sextet(character) {
                _ if character == b'=' => {
                    due.end = Some(place);
                    break;
                }
                _ if character.is_ascii_whitespace() => continue,
                None => {
                    due.bad = Some(place);
                    break;
                }
                Some(sextet) => {
                    due.places.push(place);
                    bits = bits << 6 | u16::from(sextet);
                    width += 6;
                }
            }
            if width >= 8 {
                width -= 8;
                let [_, octet] = (bits >> width).to_be_bytes();
                due.octets.push(octet);
                bits &= (1 << width) - 1;
            }
        }
        due
    }

    /// How many equals signs pad well-formed base64: all but the one in front of the checksum.
    fn padding(&self, block: Block<'_>) -> u64 {
        let is_behind = |place: u64| self.end.is_some_and(|end| place >= end);
        let behind: Vec<_> =
            without_margin(block).into_iter().filter(|(_, place)| is_behind(*place)).map(|(octet, _)| octet).collect();
        let signs = behind.split(|octet| b"\r\n".contains(octet)).map(<[u8]>::trim_ascii).map(|line| {
            let signs = line.iter().take_while(|octet| **octet == b'=').count();
            if signs == line.len() { signs } else { signs - 1 }
        });
        position(signs.sum())
    }
}

/// The octets of a block's body and their places, without what its lines start with as its header line does.
fn without_margin(block: Block<'_>) -> Vec<(u8, u64)> {
    let margin = block.prefix().as_slice().trim_ascii_end();
    let (mut octets, mut place) = (Vec::new(), block.body().start());
    for line in block.body().as_slice().split_inclusive(|octet| b"\r\n".contains(octet)) {
        let skipped = if line.starts_with(margin) { margin.len() } else { 0 };
        octets.extend(line.iter().copied().zip(place..).skip(skipped));
        place += position(line.len());
    }
    octets
}

/// The six bits that a character of base64 stands for.
fn sextet(character: u8) -> Option<u8> {
    match character {
        b'A'..=b'Z' => Some(character - b'A'),
        b'a'..=b'z' => Some(character - b'a' + 26),
        b'0'..=b'9' => Some(character - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}

/// Lines and columns are those that an editor shows, whatever ends the lines.
fn lines(text: &[u8], place: u64) {
    let (mut line, mut start) = (1, 0);
    for (index, octet) in text[..size(place)].iter().enumerate() {
        if *octet == b'\n' || *octet == b'\r' && text.get(index + 1) != Some(&b'\n') {
            (line, start) = (line + 1, position(index) + 1);
        }
    }
    assert_eq!(Lines::new(text).line_and_column(place), (line, place - start + 1));
}

fn events(block: Block<'_>, checksum: Option<Checksum>, error: Option<Error>) {
    let (mut opened, mut closed, mut fields, mut errors) = (0, 0, 0, 0);
    let mut visitor = |event: Event<'_>| -> ControlFlow<()> {
        match event {
            Event::Armor(armor) | Event::ArmorEnd(armor) => {
                assert_eq!((armor.start, armor.end), (block.wire().start(), Some(block.wire().end())));
                opened += 1;
            }
            Event::Close => closed += 1,
            Event::Field(field) => {
                fields += 1;
                let here = field.span.map(|span| slice(block.wire(), span));
                assert_eq!(here, if let Value::Text(text) = field.value { Some(text.as_slice()) } else { None });
            }
            Event::Error(told) => {
                errors += 1;
                assert_eq!(Some(told), error);
            }
            _ => panic!("in armor, there is no {event:?}"),
        }
        ControlFlow::Continue(())
    };
    let _ = inspect::armor(block.into(), block.headers(), &mut visitor);
    let _ = inspect::armor_end(block.into(), checksum, error, &mut visitor);
    assert_eq!((opened, closed, errors), (2, 2, usize::from(error.is_some())));
    assert_eq!(fields, block.headers().count() + usize::from(checksum.is_some()));
}

const WITHOUT_PADDING: GeneralPurpose =
    GeneralPurpose::new(&STANDARD, GeneralPurposeConfig::new().with_encode_padding(false));

/// decode(encode(octets)) is the identity, in whichever style the first two octets of the input ask for.
fn round_trip(input: &[u8]) {
    let Some((&[style, width], octets)) = input.split_first_chunk() else { return };
    let ending = [&b"\n"[..], b"\r\n", b"\r", b" \t\r\n"][usize::from(style & 0x03)];
    let [has_checksum, has_padding, has_headers, has_empty_line] = [0x04, 0x08, 0x10, 0x20].map(|bit| style & bit != 0);
    let has_text_around = style & 0x40 != 0;

    let mut lines: Vec<Vec<u8>> = Vec::new();
    if has_text_around {
        lines.extend([b"Here is my key:".to_vec(), Vec::new()]);
    }
    lines.push(b"-----BEGIN PGP MESSAGE-----".to_vec());
    if has_headers {
        lines.extend([b"Version: 1".to_vec(), b"Comment: a: b".to_vec()]);
    }
    if has_headers || has_empty_line {
        lines.push(Vec::new());
    }
    let is_multiple = octets.len() % 3 == 0;
    let engine = if has_padding { &base64::engine::general_purpose::STANDARD } else { &WITHOUT_PADDING };
    let symbols = engine.encode(octets);
    lines.extend(symbols.as_bytes().chunks(if width == 0 { usize::MAX } else { width.into() }).map(<[u8]>::to_vec));
    if has_checksum {
        let [_, checksum @ ..] = crc24::hash_raw(octets).to_be_bytes();
        lines.push(format!("={}", engine.encode(checksum)).into_bytes());
    }
    lines.push(b"-----END PGP MESSAGE-----".to_vec());
    if has_text_around {
        lines.push(b"Bye".to_vec());
    }
    let text = lines.iter().flat_map(|line| [line.as_slice(), ending].concat()).collect::<Vec<u8>>();

    assert!(is_armored(&text));
    let found: Vec<_> = blocks(&text).collect();
    let [block] = found[..] else { panic!("{} blocks were found, not one", found.len()) };
    let decoded = block.decode().expect("what was encoded can be decoded");
    assert_eq!(*decoded.octets, octets);
    assert_eq!(decoded.has_padding, has_padding || is_multiple);
    assert_eq!(decoded.checksum.is_some(), has_checksum);
    assert!(decoded.checksum.is_none_or(|checksum| checksum.is_right()));
    assert_eq!(block.label().as_slice(), b"MESSAGE");
    assert_eq!(block.headers().count(), if has_headers { 2 } else { 0 });
    assert_eq!(block.has_empty_line(), has_headers || has_empty_line);
    decoding(Octets::from(text.as_slice()), block);
}
