//! Armor as RFC 9580 section 6 has it, and no other.

use super::block::{Block, Header};
#[cfg(feature = "alloc")]
use super::decode::Decoded;
use super::decode::End;
use crate::error::{ArmorRule, Error, ErrorKind};
use crate::octets::{Octets, Span};
use crate::registry::{ArmorWord, Document};

/// "The base64 encoding used is described in Section 4 of [RFC4648], and it is wrapped into lines of no more than 76
/// characters each."
pub(super) const MAX_CHARACTERS: usize = 76;

impl Block<'_> {
    /// Whether the block is as RFC 9580 section 6 has it.
    ///
    /// White space at the end of lines, inside the base64 and on the blank line is allowed there, as is any text around the
    /// block. Whatever stands for a checksum is too: "An implementation MUST NOT reject an OpenPGP object when the CRC24
    /// footer is present, missing, malformed, or disagrees with the computed CRC24 sum".
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotStrictArmor`] with the first [`ArmorRule`] that is not kept to, and the errors of
    /// [`decode_each`](Self::decode_each), all at their place in the text.
    pub fn check_strict(self) -> Result<(), Error> {
        self.check_head()?;
        self.check_lines()?;
        let end = self.decode_each(|_| ())?;
        self.check_end(end, self.body().end(), self.tail_label())
    }

    /// Whether what is in front of the base64 is as it has to be.
    pub(crate) fn check_head(self) -> Result<(), Error> {
        keep(ArmorRule::StartsLine, self.prefix().span(), self.prefix().is_empty())?;
        keep(ArmorRule::RegisteredLabel, self.label().span(), is_registered(self.label()))?;
        for header in self.headers() {
            keep(ArmorRule::KeyValuePair, header.wire.span(), self.is_pair(header))?;
        }
        keep(ArmorRule::BlankLine, first(self.body()), self.has_empty_line())
    }

    /// Whether the base64 ended as it has to, and what follows its end at `position`.
    pub(crate) fn check_end(self, end: End, position: u64, tail: Option<Octets<'_>>) -> Result<(), Error> {
        let behind = Octets::new(&[], position).span();
        keep(ArmorRule::Padding, behind, end.has_padding)?;
        keep(ArmorRule::CanonicalBase64, behind, end.is_canonical)?;
        match tail {
            Some(tail) => keep(ArmorRule::MatchingTail, tail.span(), tail.as_slice() == self.label().as_slice()),
            None => Ok(()),
        }
    }

    /// Decodes the block if it is as RFC 9580 section 6 has it.
    ///
    /// # Errors
    ///
    /// As [`check_strict`](Self::check_strict).
    #[cfg(feature = "alloc")]
    pub fn decode_strict(self) -> Result<Decoded, Error> {
        self.check_strict()?;
        self.decode()
    }

    /// Whether key and value of a header are separated as they have to be. The space counts even where it ends the line.
    fn is_pair(self, header: Header<'_>) -> bool {
        let from_key = usize::try_from(header.key.end().saturating_sub(self.wire().start())).ok();
        let rest = from_key.and_then(|from_key| self.wire().split_at(from_key));
        !header.key.is_empty() && rest.is_some_and(|(_, rest)| rest.as_slice().starts_with(b": "))
    }

    /// The lines up to the end of the base64. What follows that may be a checksum, or is an error in itself.
    fn check_lines(self) -> Result<(), Error> {
        let mut rest = self.body();
        while !rest.is_empty() {
            let (line, after) = self.margin().split_line(rest);
            let octets = line.map_or(&[][..], Octets::as_slice);
            let end = octets.iter().position(|octet| *octet == b'=').unwrap_or(octets.len());
            let (characters, tail) = octets.split_at_checked(end).unwrap_or_default();
            check_line(line.unwrap_or(rest).span(), count(characters).saturating_add(padding_of(tail)))?;
            if !tail.is_empty() {
                return Ok(());
            }
            rest = after;
        }
        Ok(())
    }
}

/// Whether a line is not too long that has so many characters of base64 and of its padding.
pub(super) fn check_line(line: Span, characters: usize) -> Result<(), Error> {
    keep(ArmorRule::LineLength, line, characters <= MAX_CHARACTERS)
}

/// How many characters of padding there are in what starts with an equals sign, if there is nothing else.
pub(super) fn padding_of(tail: &[u8]) -> usize {
    if tail.iter().all(|octet| *octet == b'=') { tail.len() } else { 0 }
}

/// How many characters are not white space.
pub(super) fn count(characters: &[u8]) -> usize {
    characters.iter().filter(|octet| !octet.is_ascii_whitespace()).count()
}

fn keep(rule: ArmorRule, span: Span, is_kept: bool) -> Result<(), Error> {
    if is_kept { Ok(()) } else { Err(Error::new(ErrorKind::NotStrictArmor { rule }, span)) }
}

/// The place where something is missing.
const fn first(octets: Octets<'_>) -> Span {
    let start = octets.start();
    Span { start, end: start }
}

/// Whether a label is one of RFC 9580 section 6.2.1. That of a cleartext signed message is none of armor.
fn is_registered(label: Octets<'_>) -> bool {
    let words = ArmorWord::HEADER_LINES.iter().filter(|word| word.reference.document == Document::Rfc9580);
    words.into_iter().any(|word| word.word.as_bytes() == label.as_slice())
}
