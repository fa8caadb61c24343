//! Writing ASCII armor.

use alloc::string::String;

use base64::engine::Engine;

use super::decode::{BASE64, CRC_24};
use crate::secret::{Wiped, wipe};

/// What stands between the base64 and the tail line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Footer {
    /// Nothing, as it has to be for version 6 keys and signatures: "when forming ASCII Armor, the CRC24 footer SHOULD NOT
    /// be generated, unless interoperability with implementations that require the CRC24 footer to be present is a concern"
    /// (RFC 9580 section 6.1).
    None,
    /// The CRC-24 of the data, for the old programs that want one.
    Crc24,
}

/// How many octets a line holds: 64 characters, of the 76 that RFC 9580 section 6 allows.
pub(super) const OCTETS_PER_LINE: usize = 48;
pub(super) const CHARACTERS_PER_LINE: usize = 64;

/// `data` in armor that is labelled `label`, such as `PUBLIC KEY BLOCK`, in memory that is wiped when it is dropped.
///
/// Label and headers are text without line breaks; control characters in them become spaces, as they would end the line.
///
/// ```
/// use bpg_core::armor::{self, Footer};
///
/// let text = armor::encode("PUBLIC KEY BLOCK", &[("Comment", "mine")], &[0xcd, 0x01, b'a'], Footer::None);
/// assert_eq!(
///     *text,
///     "-----BEGIN PGP PUBLIC KEY BLOCK-----\nComment: mine\n\nzQFh\n-----END PGP PUBLIC KEY BLOCK-----\n"
/// );
/// ```
#[must_use]
pub fn encode(label: &str, headers: &[(&str, &str)], data: &[u8], footer: Footer) -> Wiped<String> {
    // Large enough never to grow: growing would leave copies behind that are not wiped.
    let mut out = Wiped::from(String::with_capacity(size(label, headers, data)));
    push_head(&mut out, label, headers);
    push_lines(&mut out, data);
    push_tail(&mut out, label, (footer == Footer::Crc24).then(|| CRC_24.checksum(data)));
    out
}

/// Appends the header line, the armor headers, and the empty line.
pub(super) fn push_head(out: &mut String, label: &str, headers: &[(&str, &str)]) {
    push_line(out, &["-----BEGIN PGP ", label, "-----"]);
    for (key, value) in headers {
        push_line(out, &[key, ": ", value]);
    }
    out.push('\n');
}

/// How many lines are encoded at once.
const LINES: usize = 64;

/// Lines without and with their line endings.
struct Lines {
    characters: [u8; LINES * CHARACTERS_PER_LINE],
    text: [[u8; CHARACTERS_PER_LINE + 1]; LINES],
}

/// They may have held a secret key.
impl Drop for Lines {
    fn drop(&mut self) {
        wipe(&mut self.characters);
        wipe(self.text.as_flattened_mut());
    }
}

/// Appends lines of base64. Only the last of them may be short, so what follows starts a line of its own.
pub(super) fn push_lines(out: &mut String, data: &[u8]) {
    // The same memory for all of them: it is wiped once.
    let mut lines =
        Lines { characters: [0; LINES * CHARACTERS_PER_LINE], text: [[b'\n'; CHARACTERS_PER_LINE + 1]; LINES] };
    for octets in data.chunks(LINES * OCTETS_PER_LINE) {
        let (whole, short) = base64(octets, &mut lines.characters).as_chunks();
        for (line, characters) in lines.text.iter_mut().zip(whole) {
            let [line @ .., _] = line;
            *line = *characters;
        }
        out.push_str(text(lines.text.get(..whole.len()).unwrap_or_default().as_flattened()));
        if !short.is_empty() {
            out.push_str(text(short));
            out.push('\n');
        }
    }
}

/// Appends the checksum, if there is to be one, and the tail line.
pub(super) fn push_tail(out: &mut String, label: &str, checksum: Option<u32>) {
    if let Some(checksum) = checksum {
        // "The checksum with its leading equal sign MUST appear on the next line after the base64-encoded data."
        let [_, checksum @ ..] = checksum.to_be_bytes();
        out.push('=');
        out.push_str(text(base64(&checksum, &mut [0; 4])));
        out.push('\n');
    }
    push_line(out, &["-----END PGP ", label, "-----"]);
}

/// At least the length of the armor.
fn size(label: &str, headers: &[(&str, &str)], data: &[u8]) -> usize {
    const FRAME: usize = "-----BEGIN PGP -----\n\n=AAAA\n-----END PGP -----\n".len();
    let headers = headers.iter().map(|(key, value)| key.len().saturating_add(value.len()).saturating_add(": \n".len()));
    let lines = data.len().div_ceil(OCTETS_PER_LINE);
    lines
        .saturating_mul(CHARACTERS_PER_LINE.saturating_add(1))
        .saturating_add(label.len().saturating_mul(2))
        .saturating_add(headers.fold(FRAME, usize::saturating_add))
}

fn push_line(out: &mut String, parts: &[&str]) {
    for part in parts {
        // A replacement is never longer than what it replaces, so that the size holds.
        out.extend(part.chars().map(|character| if character.is_control() { ' ' } else { character }));
    }
    out.push('\n');
}

/// The base64 of octets, for which there is room in `characters`.
fn base64<'c>(octets: &[u8], characters: &'c mut [u8]) -> &'c [u8] {
    let count = BASE64.encode_slice(octets, characters).unwrap_or(0);
    characters.get(..count).unwrap_or_default()
}

/// Base64 as text.
fn text(characters: &[u8]) -> &str {
    core::str::from_utf8(characters).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::armor::blocks;
    use std::vec::Vec;

    const HEADERS: [(&str, &str); 2] = [("Comment", "one: two"), ("Hash", "")];

    /// Law 5: decoding what was encoded gives the same octets.
    #[test]
    fn decoding_gives_the_same_octets() {
        let mut octets = Vec::new();
        for length in 0..200_u8 {
            for footer in [Footer::None, Footer::Crc24] {
                let text = encode("PRIVATE KEY BLOCK", &HEADERS, &octets, footer);
                assert!(text.len() <= size("PRIVATE KEY BLOCK", &HEADERS, &octets));
                assert!(text.lines().all(|line| line.len() <= CHARACTERS_PER_LINE));
                let mut blocks = blocks(text.as_bytes());
                let block = blocks.next().unwrap();
                assert_eq!(block.label().as_slice(), b"PRIVATE KEY BLOCK");
                assert_eq!(block.headers().count(), 2);
                assert!(block.has_empty_line() && block.has_tail() && blocks.remaining().is_empty());
                let decoded = block.decode().unwrap();
                assert_eq!(*decoded.octets, octets);
                assert!(decoded.has_padding);
                assert_eq!(
                    decoded.checksum.map(|checksum| checksum.is_right()),
                    (footer == Footer::Crc24).then_some(true)
                );
            }
            octets.push(length.wrapping_mul(151));
        }
    }

    #[test]
    fn a_header_stays_on_its_line() {
        let text = encode("MESSAGE", &[("Comment", "a\n\n-----END PGP MESSAGE-----\u{85}")], b"abc", Footer::None);
        let block = blocks(text.as_bytes()).next().unwrap();
        assert_eq!(*block.decode().unwrap().octets, b"abc");
        assert_eq!(text.lines().count(), 5);
    }
}
