//! Armor in UTF-16, as some editors and shells of Windows write it.

use memchr::memmem;

use super::encoding::{Encoding, Step};
use super::{Start, is_control, starts_packet};
use crate::armor::BEGIN;

/// U+FEFF, the low octet first.
const BYTE_ORDER_MARK_LE: &[u8] = b"\xff\xfe";
/// U+FEFF, the high octet first.
const BYTE_ORDER_MARK_BE: &[u8] = b"\xfe\xff";
/// How many octets the start of an armor header line has.
const WIDTH: usize = BEGIN.len() * 2;

/// Which UTF-16 a file is, if it is, and holds what may be armor.
///
/// Both byte order marks are also the start of a packet, of a private type. They are what they look like in front of text that
/// comes to armor, or may do so further on; otherwise it is no text if it is packets to its end.
pub(super) fn detect(start: Start<'_>) -> Option<Encoding> {
    let octets = start.octets.as_slice();
    let marked = marked(octets);
    if starts_packet(start.octets) && marked.is_none() {
        return None;
    }
    // Armor in ASCII is found soon, and there is no need to look for another.
    if marked.is_none() && memmem::find(octets, BEGIN).is_some() {
        return None;
    }
    let found = [Encoding::Utf16Le, Encoding::Utf16Be].into_iter().find_map(|encoding| {
        let at = find_armor(octets, encoding)?;
        Some((encoding, octets.get(..at).unwrap_or_default()))
    });
    match found {
        Some((encoding, before)) => {
            let is_packets = || marked.is_some() && !is_text(before, encoding, false) && start.is_packets();
            (!is_packets()).then_some(encoding)
        }
        None => marked.filter(|encoding| start.is_cut && is_text(octets, *encoding, true)),
    }
}

/// Which UTF-16 a file is by its byte order mark.
pub(super) fn marked(octets: &[u8]) -> Option<Encoding> {
    if octets.starts_with(BYTE_ORDER_MARK_LE) {
        Some(Encoding::Utf16Le)
    } else if octets.starts_with(BYTE_ORDER_MARK_BE) {
        Some(Encoding::Utf16Be)
    } else {
        None
    }
}

/// Where the start of an armor header line is among the units of `octets`.
fn find_armor(octets: &[u8], encoding: Encoding) -> Option<usize> {
    let unit = if encoding == Encoding::Utf16Le { u16::to_le_bytes } else { u16::to_be_bytes };
    let mut begin = [0; WIDTH];
    for (pair, octet) in begin.chunks_exact_mut(2).zip(BEGIN) {
        pair.copy_from_slice(&unit(u16::from(*octet)));
    }
    // The octets of the other order look the same, but for where units start.
    memmem::find_iter(octets, &begin).find(|at| at % 2 == 0)
}

/// Whether octets are characters, of which none is a control character that texts do not have. If they are cut, the last
/// character may be in part there.
fn is_text(octets: &[u8], encoding: Encoding, is_cut: bool) -> bool {
    let unit = if encoding == Encoding::Utf16Le { u16::from_le_bytes } else { u16::from_be_bytes };
    let units = octets.as_chunks::<2>().0.iter().map(|octets| unit(*octets));
    let is_of_text = |character: &char| !u8::try_from(*character).is_ok_and(is_control);
    let mut characters = char::decode_utf16(units);
    let other = characters.find(|character| !character.as_ref().is_ok_and(is_of_text));
    match other {
        Some(Err(_)) => is_cut && characters.next().is_none(),
        Some(Ok(_)) => false,
        None => true,
    }
}

/// Decodes a character.
pub(super) fn step(rest: &[u8], unit: fn([u8; 2]) -> u16) -> Step {
    let units = rest.as_chunks::<2>().0.iter().map(|octets| unit(*octets));
    match char::decode_utf16(units).next() {
        Some(Ok(character)) => Step::character(character.len_utf16().saturating_mul(2), character),
        Some(Err(_)) => Step::character(2, char::REPLACEMENT_CHARACTER),
        None => Step::character(1, char::REPLACEMENT_CHARACTER),
    }
}
