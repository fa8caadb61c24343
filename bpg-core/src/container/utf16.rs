//! Armor in UTF-16, as some editors and shells of Windows write it.

use memchr::memmem;

use super::encoding::{Encoding, Step};
use super::{Start, starts_packet};
use crate::armor::BEGIN;

/// U+FEFF, the low octet first.
const BYTE_ORDER_MARK_LE: &[u8] = b"\xff\xfe";
/// U+FEFF, the high octet first.
const BYTE_ORDER_MARK_BE: &[u8] = b"\xfe\xff";
/// How many octets the start of an armor header line has.
const WIDTH: usize = BEGIN.len() * 2;

/// Which UTF-16 `input` is, if it is, and holds what may be armor.
///
/// Both byte order marks are also the start of a packet, of a private type; it is no text if it is packets to its end.
pub(super) fn detect(start: Start<'_>) -> Option<Encoding> {
    let input = start.octets;
    let octets = input.as_slice();
    let has_mark = has_mark(octets);
    if starts_packet(input) && !has_mark {
        return None;
    }
    // Armor in ASCII is found soon, and there is no need to look for another.
    if !has_mark && memmem::find(octets, BEGIN).is_some() {
        return None;
    }
    let is_packets = || has_mark && start.is_packets();
    let found = if has_armor(octets, u16::to_le_bytes) {
        Encoding::Utf16Le
    } else if has_armor(octets, u16::to_be_bytes) {
        Encoding::Utf16Be
    } else {
        return None;
    };
    (!is_packets()).then_some(found)
}

/// Whether a file starts with a byte order mark of UTF-16.
pub(super) fn has_mark(octets: &[u8]) -> bool {
    octets.starts_with(BYTE_ORDER_MARK_LE) || octets.starts_with(BYTE_ORDER_MARK_BE)
}

/// Whether the start of an armor header line is among the units of `octets`.
fn has_armor(octets: &[u8], unit: fn(u16) -> [u8; 2]) -> bool {
    let mut begin = [0; WIDTH];
    for (pair, octet) in begin.chunks_exact_mut(2).zip(BEGIN) {
        pair.copy_from_slice(&unit(u16::from(*octet)));
    }
    // The octets of the other order look the same, but for where units start.
    memmem::find_iter(octets, &begin).any(|at| at % 2 == 0)
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
