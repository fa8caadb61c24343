//! Session keys that are encrypted with a passphrase, or derived from it (RFC 9580 section 5.3).

use core::ops::RangeInclusive;

use crate::error::Error;
use crate::octets::Octets;
use crate::parse::{self, Parsed};
use crate::registry::{AeadAlgorithm, SymmetricKeyAlgorithm};
use crate::s2k::S2k;

/// A session key, encrypted with a key that is derived from a passphrase, or that key itself.
///
/// Versions 4 (RFC 9580 section 5.3.1), 5 (LibrePGP section 5.3) and 6 (RFC 9580 section 5.3.2).
#[derive(Clone, Copy, Debug)]
pub struct SymmetricKeyEncryptedSessionKey<'a> {
    wire: Octets<'a>,
    version: u8,
    cipher: SymmetricKeyAlgorithm,
    aead: Option<AeadAlgorithm>,
    s2k: S2k<'a>,
    /// How many octets precede the encrypted session key.
    head_length: usize,
    iv_length: u8,
    tag_length: u8,
}

/// The name in errors.
const NAME: &str = "symmetric-key encrypted session key";

/// The versions whose fields are known.
const VERSIONS: RangeInclusive<u8> = 4..=6;

impl<'a> SymmetricKeyEncryptedSessionKey<'a> {
    pub(crate) fn parse(body: Octets<'a>) -> Result<Option<Self>, Error> {
        if !parse::has_version(body, VERSIONS) {
            return Ok(None);
        }
        parse::packet(NAME, body, |input| Self::parse_prefix(input, false))
    }

    /// Of octets that may be cut short and have zeros behind: what is counted need not be filled.
    pub(crate) fn parse_lenient(body: Octets<'a>) -> Result<Self, Error> {
        Ok(Self::parse_prefix(body, true)?.1)
    }

    fn parse_prefix(input: Octets<'a>, is_lenient: bool) -> Parsed<'a, Self> {
        let (rest, version) = parse::named("version", parse::u8)(input)?;
        let (rest, packet) = if version == 6 {
            // "A 1-octet scalar octet count for the 5 fields following this octet."
            let counted = parse::named("parameters", parse::counted_u8)(rest)?;
            parse::counted_region(counted, is_lenient, |region| Self::parameters(version, region, is_lenient))?
        } else {
            Self::parameters(version, rest, is_lenient)?
        };
        let head_length = input.before(rest).len();
        let tag_size = packet.aead.and_then(AeadAlgorithm::tag_size).unwrap_or(0);
        let key_size = rest.len().saturating_sub(tag_size);
        let (rest, _) = parse::named("encrypted session key", parse::take(key_size))(rest)?;
        let (rest, _) = parse::named("authentication tag", parse::take(tag_size))(rest)?;
        let tag_length = u8::try_from(tag_size).unwrap_or(u8::MAX);
        Ok((rest, Self { wire: input, head_length, tag_length, ..packet }))
    }

    /// The fields from the cipher to the initialization vector.
    fn parameters(version: u8, input: Octets<'a>, is_lenient: bool) -> Parsed<'a, Self> {
        let (rest, cipher) = parse::named("symmetric algorithm", parse::u8)(input)?;
        let (rest, aead) = if version == 4 {
            (rest, None)
        } else {
            let (rest, aead) = parse::named("AEAD algorithm", parse::u8)(rest)?;
            (rest, Some(AeadAlgorithm(aead)))
        };
        let (rest, s2k) = parse::named("S2K specifier", |input| Self::specifier(version, input, is_lenient))(rest)?;
        // Of an unknown algorithm, it is all that is counted in version 6; in version 5 it cannot be told from what follows.
        let unknown_size = if version == 6 { rest.len() } else { 0 };
        let iv_size = aead.map_or(0, |aead| aead.nonce_size().unwrap_or(unknown_size));
        let (rest, _) = parse::named("initialization vector", parse::take(iv_size))(rest)?;
        // It is counted by an octet, or that of a known algorithm.
        let iv_length = u8::try_from(iv_size).unwrap_or(u8::MAX);
        let cipher = SymmetricKeyAlgorithm(cipher);
        Ok((rest, Self { wire: input, version, cipher, aead, s2k, head_length: 0, iv_length, tag_length: 0 }))
    }

    /// Version 6 has "a 1-octet scalar octet count of the following field" in front of the specifier.
    fn specifier(version: u8, input: Octets<'a>, is_lenient: bool) -> Parsed<'a, S2k<'a>> {
        if version == 6 { S2k::parse_counted(input, is_lenient) } else { S2k::parse_prefix(input) }
    }

    /// All octets of the body as received.
    #[must_use]
    pub const fn wire(&self) -> Octets<'a> {
        self.wire
    }

    /// The version: 4, 5 or 6.
    #[must_use]
    pub const fn version(&self) -> u8 {
        self.version
    }

    /// The cipher: that of the message if there is no encrypted session key, else that which encrypts the session key.
    #[must_use]
    pub const fn cipher(&self) -> SymmetricKeyAlgorithm {
        self.cipher
    }

    /// The AEAD algorithm, `None` in version 4.
    #[must_use]
    pub const fn aead(&self) -> Option<AeadAlgorithm> {
        self.aead
    }

    /// How the passphrase becomes a key.
    #[must_use]
    pub const fn s2k(&self) -> S2k<'a> {
        self.s2k
    }

    /// The starting initialization vector, empty in version 4.
    #[must_use]
    pub fn iv(&self) -> Octets<'a> {
        // It stands behind the specifier, whatever is counted around them.
        self.wire.starting_at(self.s2k.wire().end()).part(0, usize::from(self.iv_length))
    }

    /// The encrypted session key. Empty in version 4 if the key derived from the passphrase is the session key.
    #[must_use]
    pub fn session_key(&self) -> Octets<'a> {
        self.wire.behind(self.head_length).before(self.tag())
    }

    /// The authentication tag, empty in version 4; that of an unknown AEAD algorithm is part of the session key.
    #[must_use]
    pub fn tag(&self) -> Octets<'a> {
        self.wire.behind(self.wire.len().saturating_sub(usize::from(self.tag_length)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec;

    #[test]
    fn the_vector_is_behind_the_specifier_whatever_is_counted() {
        let mut body = vec![
            0x06, // version
            0xbe, // count of the parameters, which is wrong
            0x07, // symmetric algorithm: AES-128
            0x02, // AEAD algorithm: OCB, whose nonce has 15 octets
            0x0b, // count of the specifier
            0x03, 0x08, // iterated and salted, SHA2-256
            1, 2, 3, 4, 5, 6, 7, 8,    // salt
            0x60, // count
        ];
        let start = body.len();
        body.extend((0..15).chain([0xee; 40]));
        body.resize(240, 0);
        for count in [0xbe, 0] {
            body[1] = count;
            let packet = SymmetricKeyEncryptedSessionKey::parse_lenient(Octets::from(body.as_slice())).unwrap();
            assert_eq!(packet.iv().span(), Octets::from(body.as_slice()).part(start, 15).span(), "{count}");
        }
    }

    #[test]
    fn a_specifier_may_take_all() {
        // Version 4, AES-256, an S2K type that nobody knows, and what may be its parameters.
        let mut body = vec![0x04, 0x09, 0x02];
        body.resize(70_000, 0x41);
        let packet = SymmetricKeyEncryptedSessionKey::parse(Octets::from(body.as_slice())).unwrap().unwrap();
        assert_eq!((packet.session_key().start(), packet.session_key().len()), (70_000, 0));
        assert_eq!((packet.iv().start(), packet.iv().len()), (70_000, 0));
    }
}
