//! Armor in quoted-printable, as mail has it (RFC 2045 section 6.7).
//!
//! An equals sign is `=3D` there, and at the end of a line it says that the line goes on. Armor has equals signs only at
//! the end of its base64, which tells the two apart.

use memchr::{memchr, memmem};

use super::encoding::{Encoding, Step};
use super::up_to;
use crate::armor::{BEGIN, Block, END, split_line};
use crate::octets::Octets;

/// Whether a block is encoded. Nothing that is well-formed as it is counts as such.
pub(super) fn detect(block: Block<'_>) -> bool {
    divides_header(block) || detect_in_data(block)
}

/// Whether a header goes on in a line that looks like data, in front of the blank line.
fn divides_header(block: Block<'_>) -> bool {
    let is_open = |line: Octets<'_>| line.as_slice().ends_with(b"=");
    if block.has_empty_line() || !block.headers().last().is_some_and(|header| is_open(header.wire)) {
        return false;
    }
    let mut rest = block.body();
    loop {
        let (line, after) = split_line(rest);
        rest = after;
        if !is_open(line) {
            break;
        }
    }
    let (line, _) = split_line(rest);
    let is_blank = text(block, line).next().is_none();
    !rest.is_empty() && (is_blank || line.as_slice().contains(&b':'))
}

/// What the first equals sign is, tells.
fn detect_in_data(block: Block<'_>) -> bool {
    let body = block.body();
    let Some((_, sign)) = memchr(b'=', body.as_slice()).and_then(|at| body.split_at(at)) else { return false };
    let (line, rest) = split_line(sign);
    match line.as_slice() {
        // Padding ends the data. The end of a line does not, if there is more, and if what then comes is a whole number of
        // groups: padded data that other data follows stays an error.
        [b'='] => text(block, rest).next().is_some_and(|octet| octet != b'=') && has_whole_groups(block),
        // An encoded sign: of padding, or of a checksum. What is not is a checksum that starts with 3D, which has two more
        // characters.
        [b'=', b'3', b'D' | b'd', more @ ..] => more.len() != 2,
        // White space at the end of a line, such as a quoted empty line has.
        [b'=', b'2', b'0'] | [b'=', b'0', b'9'] => has_whole_groups(block),
        _ => false,
    }
}

/// Whether what is in the block, once it is decoded, is a whole number of base64 groups.
fn has_whole_groups(block: Block<'_>) -> bool {
    let mut rest = block.body().as_slice();
    // The last sign may be that of a checksum.
    let (mut characters, mut signs) = (0_usize, 0_usize);
    while !rest.is_empty() {
        let step = Encoding::QuotedPrintable.step(rest);
        for octet in step.given().iter().filter(|octet| is_text(block, **octet)) {
            match octet {
                b'=' => signs = signs.saturating_add(1),
                _ if signs > 0 => return is_padded(characters, signs),
                _ => characters = characters.saturating_add(1),
            }
        }
        rest = rest.get(step.taken..).unwrap_or_default();
    }
    is_padded(characters, signs)
}

/// Whether as many signs follow as so many characters need. A single character of a group needs more than there can be.
const fn is_padded(characters: usize, signs: usize) -> bool {
    match characters % 4 {
        0 => true,
        2 => signs >= 2,
        3 => signs >= 1,
        _ => false,
    }
}

/// The octets of `octets` without white space and margin.
fn text<'a>(block: Block<'a>, octets: Octets<'a>) -> impl Iterator<Item = u8> {
    octets.as_slice().iter().copied().filter(move |octet| is_text(block, *octet))
}

fn is_text(block: Block<'_>, octet: u8) -> bool {
    !octet.is_ascii_whitespace() && (block.prefix().is_empty() || !b">|".contains(&octet))
}

/// The lines of an encoded block that `rest` starts with, from its header line to its tail line, and what follows.
///
/// They are not those of the block as it was found where a line that goes on has lost its margin by that.
pub(super) fn region<'a>(rest: Octets<'a>, block: Block<'a>) -> (Octets<'a>, Octets<'a>) {
    let start = block.prefix().len().saturating_add(BEGIN.len());
    let from = rest.split_at(start).map_or(rest, |(_, from)| from);
    let next = memmem::find(from.as_slice(), BEGIN).and_then(|at| from.split_at(at)).map_or(from, |(before, _)| before);
    let tail = memmem::find(next.as_slice(), END).and_then(|at| from.split_at(at));
    let region = match tail {
        Some((_, tail)) => rest.before(split_line(tail).1),
        None => up_to(rest, block.wire().end()),
    };
    (region, super::behind(rest, region))
}

/// Decodes an octet, or a line ending that is none.
pub(super) fn step(rest: &[u8]) -> Step {
    match rest {
        [b'=', high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
            Step::octet(3, nibble(*high) << 4 | nibble(*low))
        }
        [b'=', more @ ..] => match soft_break(more) {
            Some(width) => Step::nothing(width.saturating_add(1)),
            None => Step::octet(1, b'='),
        },
        [octet, ..] => Step::octet(1, *octet),
        [] => Step::nothing(1),
    }
}

/// How many octets of a line ending, with white space that was added in front of it, `octets` starts with.
fn soft_break(octets: &[u8]) -> Option<usize> {
    let blank = octets.iter().take_while(|octet| matches!(octet, b' ' | b'\t')).count();
    let ending = match octets.get(blank..)? {
        [b'\r', b'\n', ..] => 2,
        [b'\r' | b'\n', ..] => 1,
        _ => return None,
    };
    Some(blank.saturating_add(ending))
}

/// The value of a hexadecimal digit.
const fn nibble(digit: u8) -> u8 {
    let letter = digit & 0x0f;
    if digit.is_ascii_digit() { letter } else { letter.saturating_add(9) }
}
