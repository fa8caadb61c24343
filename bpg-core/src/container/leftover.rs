//! What is behind the last packet of a file.

use super::is_control;
use crate::error::{Error, ErrorKind, Filler};
use crate::octets::{Span, u64_from};

/// Octets behind the last packet, of which only so much is remembered as tells what they are.
#[derive(Clone, Debug)]
pub struct Leftover {
    span: Span,
    is_nul: bool,
    is_white_space: bool,
    is_text: bool,
    /// The first octets of a character whose others are still to come.
    character: [u8; 4],
    /// How many of them there are.
    count: usize,
}

impl Leftover {
    /// Octets that start at `position`.
    #[must_use]
    pub const fn at(position: u64) -> Self {
        let span = Span { start: position, end: position };
        Self { span, is_nul: true, is_white_space: true, is_text: true, character: [0; 4], count: 0 }
    }

    /// Takes the next octets.
    pub fn push(&mut self, octets: &[u8]) {
        self.span.end = self.span.end.saturating_add(u64_from(octets.len()));
        self.is_nul = self.is_nul && octets.iter().all(|octet| *octet == 0);
        self.is_white_space = self.is_white_space && octets.iter().all(u8::is_ascii_whitespace);
        if self.is_text {
            self.is_text = !octets.iter().any(|octet| is_control(*octet)) && self.goes_on_as_text(octets);
        }
    }

    /// The octets that were taken, as positions in the input.
    #[must_use]
    pub const fn span(&self) -> Span {
        self.span
    }

    /// Says in better words, where there are any, why framing ended with `error` in front of the octets: see
    /// [`explain`](super::explain).
    #[must_use]
    pub fn explain(self, error: Error) -> Error {
        let filler = match error.kind() {
            ErrorKind::NotAPacket { .. } if self.is_nul => Filler::Nul,
            ErrorKind::NotAPacket { .. } if self.is_white_space => Filler::WhiteSpace,
            ErrorKind::NotAPacket { .. } if self.is_text && self.count == 0 => Filler::Text,
            _ => return error,
        };
        Error::new(ErrorKind::BehindPackets { count: self.span.len(), filler }, self.span)
    }

    /// Whether UTF-8 goes on with `octets`, of which the last may be the start of a character.
    fn goes_on_as_text(&mut self, octets: &[u8]) -> bool {
        let mut rest = octets;
        while self.count > 0 {
            let Some((next, behind)) = rest.split_first() else { return true };
            if let Some(free) = self.character.get_mut(self.count) {
                *free = *next;
            }
            self.count = self.count.saturating_add(1);
            rest = behind;
            let character = self.character.get(..self.count).unwrap_or_default();
            match core::str::from_utf8(character) {
                Ok(_) => self.count = 0,
                Err(error) if error.error_len().is_none() => {}
                Err(_) => return false,
            }
        }
        match core::str::from_utf8(rest) {
            Ok(_) => true,
            Err(error) => {
                let start = rest.get(error.valid_up_to()..).unwrap_or_default();
                self.character.iter_mut().zip(start).for_each(|(to, from)| *to = *from);
                self.count = start.len();
                error.error_len().is_none()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn explain(octets: &[u8], size: usize) -> Error {
        let mut leftover = Leftover::at(7);
        octets.chunks(size).for_each(|piece| leftover.push(piece));
        let octet = octets[0];
        leftover.explain(Error::new(ErrorKind::NotAPacket { octet }, Span { start: 7, end: 8 }))
    }

    #[test]
    fn the_same_in_pieces_of_any_size() {
        for (octets, filler) in [
            (&b"\0\0\0"[..], Some(Filler::Nul)),
            (b"\r\n \t", Some(Filler::WhiteSpace)),
            ("Grüße, 世界 🎉".as_bytes(), Some(Filler::Text)),
            (b"\0 ", None),
            (b"a\x1b[0m", None),
            (b"a\xff", None),
            (b"cut \xf0\x9f\x8e", None),
            (b"wrong \xf0\x9fa", None),
        ] {
            for size in 1..=octets.len() {
                let kind = explain(octets, size).kind();
                let told = match kind {
                    ErrorKind::BehindPackets { count, filler } if count == u64_from(octets.len()) => Some(filler),
                    ErrorKind::NotAPacket { .. } => None,
                    other => panic!("{other:?}"),
                };
                assert_eq!(told, filler, "{octets:02x?} in pieces of {size}");
            }
        }
    }
}
