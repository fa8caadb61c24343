//! String-to-key specifiers: how a passphrase becomes a key (RFC 9580 section 3.7).
//!
//! Their shape only: nothing here derives a key.

use crate::encode::encode_as_received;
use crate::octets::Octets;
use crate::parse::{self, Parsed};
use crate::registry::{GnuS2kMode, HashAlgorithm, S2kType};

/// A string-to-key specifier.
#[derive(Clone, Copy, Debug)]
pub struct S2k<'a> {
    wire: Octets<'a>,
}

/// The parameters of a string-to-key specifier.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum S2kParameters<'a> {
    /// Simple S2K (RFC 9580 section 3.7.1.1).
    Simple {
        /// The hash algorithm.
        hash: HashAlgorithm,
    },
    /// Salted S2K (RFC 9580 section 3.7.1.2).
    Salted {
        /// The hash algorithm.
        hash: HashAlgorithm,
        /// Eight octets of salt.
        salt: Octets<'a>,
    },
    /// Iterated and Salted S2K (RFC 9580 section 3.7.1.3).
    IteratedSalted {
        /// The hash algorithm.
        hash: HashAlgorithm,
        /// Eight octets of salt.
        salt: Octets<'a>,
        /// The count as encoded; [`decode_count`] gives the number of octets hashed.
        count: u8,
    },
    /// Argon2 (RFC 9580 section 3.7.1.4).
    Argon2 {
        /// Sixteen octets of salt.
        salt: Octets<'a>,
        /// The number of passes.
        passes: u8,
        /// The degree of parallelism.
        parallelism: u8,
        /// The binary logarithm of the memory size in kibioctets.
        memory_exponent: u8,
    },
    /// GnuPG's extension (GnuPG `doc/DETAILS`): there is no secret key here, it may be on a card.
    Gnu {
        /// The hash algorithm, which has no meaning here.
        hash: HashAlgorithm,
        /// What takes the place of the secret.
        mode: GnuS2kMode,
        /// The card's serial number, empty unless the mode is divert-to-card.
        serial: Octets<'a>,
    },
    /// A type whose parameters nobody specifies; the octets are all that is left of the region.
    Unknown(Octets<'a>),
}

/// "(16 + (c & 15)) << ((c >> 4) + 6)": the number of octets that Iterated and Salted S2K hashes (RFC 9580
/// section 3.7.1.3), from 1024 to 65,011,712.
#[must_use]
pub const fn decode_count(count: u8) -> u32 {
    let mantissa = u32::from_be_bytes([0, 0, 0, (count & 15) | 16]);
    mantissa.wrapping_shl(u32::from_be_bytes([0, 0, 0, count >> 4]).wrapping_add(6))
}

impl<'a> S2k<'a> {
    pub(crate) fn parse_prefix(input: Octets<'a>) -> Parsed<'a, Self> {
        let (rest, _) = S2kParameters::parse_prefix(input)?;
        Ok((rest, Self { wire: input.before(rest) }))
    }

    /// A specifier behind its one-octet length. Where zeros stand for octets that are not there, so may the length be one.
    pub(crate) fn parse_counted(input: Octets<'a>, is_lenient: bool) -> Parsed<'a, Self> {
        parse::counted_region(parse::counted_u8(input)?, is_lenient, Self::parse_prefix)
    }

    /// All octets of the specifier as received.
    #[must_use]
    pub const fn wire(self) -> Octets<'a> {
        self.wire
    }

    /// The type.
    #[must_use]
    pub fn s2k_type(self) -> S2kType {
        // It was read, so it is there.
        S2kType(self.wire.as_slice().first().copied().unwrap_or_default())
    }

    /// The parameters.
    #[must_use]
    pub fn parameters(self) -> S2kParameters<'a> {
        // What was read once is read again in the same way.
        S2kParameters::parse_prefix(self.wire)
            .map_or_else(|_| S2kParameters::Unknown(self.wire.behind(1)), |(_, parameters)| parameters)
    }

    /// Whether a specification says what the parameters are, and so where they end.
    #[must_use]
    pub fn is_known(self) -> bool {
        !matches!(self.parameters(), S2kParameters::Unknown(_))
    }

    /// Whether the algorithms are ones that a specification assigns.
    pub(crate) fn is_plausible(self) -> bool {
        match self.parameters() {
            S2kParameters::Simple { hash }
            | S2kParameters::Salted { hash, .. }
            | S2kParameters::IteratedSalted { hash, .. } => hash.is_assigned(),
            S2kParameters::Argon2 { .. } => true,
            S2kParameters::Gnu { .. } | S2kParameters::Unknown(_) => false,
        }
    }

    /// Whether this says, in GnuPG's way, that the secret is kept elsewhere.
    #[must_use]
    pub fn is_stub(self) -> bool {
        matches!(self.parameters(), S2kParameters::Gnu { .. })
    }
}

impl<'a> S2kParameters<'a> {
    /// Reads a specifier from its type on.
    fn parse_prefix(input: Octets<'a>) -> Parsed<'a, Self> {
        let (after_type, s2k_type) = parse::named("type", parse::u8)(input)?;
        Ok(match S2kType(s2k_type) {
            S2kType::SIMPLE => {
                let (rest, hash) = hash_algorithm(after_type)?;
                (rest, Self::Simple { hash })
            }
            S2kType::SALTED => {
                let (rest, hash) = hash_algorithm(after_type)?;
                let (rest, salt) = parse::named("salt", parse::take(8))(rest)?;
                (rest, Self::Salted { hash, salt })
            }
            S2kType::ITERATED_AND_SALTED => {
                let (rest, hash) = hash_algorithm(after_type)?;
                let (rest, salt) = parse::named("salt", parse::take(8))(rest)?;
                let (rest, count) = parse::named("count", parse::u8)(rest)?;
                (rest, Self::IteratedSalted { hash, salt, count })
            }
            S2kType::ARGON2 => {
                let (rest, salt) = parse::named("salt", parse::take(16))(after_type)?;
                let (rest, [passes, parallelism, memory_exponent]) =
                    parse::named("Argon2 parameters", parse::array)(rest)?;
                (rest, Self::Argon2 { salt, passes, parallelism, memory_exponent })
            }
            S2kType::GNU_EXTENSION if is_gnu(after_type) => gnu(after_type)?,
            _ => {
                let (rest, octets) = parse::rest(after_type)?;
                (rest, Self::Unknown(octets))
            }
        })
    }
}

encode_as_received! {
    S2k<'_>: wire,
}

fn hash_algorithm(input: Octets<'_>) -> Parsed<'_, HashAlgorithm> {
    let (rest, hash) = parse::named("hash algorithm", parse::u8)(input)?;
    Ok((rest, HashAlgorithm(hash)))
}

/// Whether the marker of GnuPG's extension follows; others may use this private type too.
fn is_gnu(after_type: Octets<'_>) -> bool {
    matches!(after_type.as_slice(), [_, b'G', b'N', b'U', ..])
}

/// 1 octet hash algorithm, 3 octets `GNU`, 1 octet mode; for mode 1002 1 octet length of the serial number and the
/// serial number (GnuPG `doc/DETAILS`).
fn gnu(after_type: Octets<'_>) -> Parsed<'_, S2kParameters<'_>> {
    let (rest, hash) = hash_algorithm(after_type)?;
    let (rest, _) = parse::take(3)(rest)?;
    let (rest, mode) = parse::named("GNU mode", parse::u8)(rest)?;
    let mode = GnuS2kMode(mode);
    let (rest, serial) = if mode == GnuS2kMode::GNU_DIVERT_TO_CARD {
        parse::named("card serial number", parse::counted_u8)(rest)?
    } else {
        parse::take(0)(rest)?
    };
    Ok((rest, S2kParameters::Gnu { hash, mode, serial }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameters(octets: &[u8]) -> S2kParameters<'_> {
        parse::all(Octets::from(octets), S2k::parse_prefix).unwrap().parameters()
    }

    #[test]
    fn counts() {
        assert_eq!((decode_count(0), decode_count(0x60), decode_count(0xff)), (1024, 65_536, 65_011_712));
    }

    #[test]
    fn every_type() {
        assert!(matches!(parameters(&[0x00, 0x08]), S2kParameters::Simple { hash: HashAlgorithm::SHA2_256 }));
        assert!(matches!(parameters(b"\x01\x02saltsalt"), S2kParameters::Salted { salt, .. } if salt.len() == 8));
        assert!(matches!(parameters(b"\x03\x02saltsalt\x60"), S2kParameters::IteratedSalted { count: 0x60, .. }));
        assert!(matches!(
            parameters(b"\x04saltsaltsaltsalt\x01\x04\x15"),
            S2kParameters::Argon2 { passes: 1, parallelism: 4, memory_exponent: 21, .. }
        ));
        assert!(matches!(
            parameters(b"\x65\x02GNU\x01"),
            S2kParameters::Gnu { mode: GnuS2kMode::GNU_DUMMY, serial, .. } if serial.is_empty()
        ));
        assert!(matches!(
            parameters(b"\x65\x02GNU\x02\x02ab"),
            S2kParameters::Gnu { mode: GnuS2kMode::GNU_DIVERT_TO_CARD, serial, .. } if serial.as_slice() == b"ab"
        ));
        assert!(matches!(parameters(b"\x65\x02other"), S2kParameters::Unknown(octets) if octets.len() == 6));
        assert!(matches!(parameters(b"\x02"), S2kParameters::Unknown(octets) if octets.is_empty()));
    }

    #[test]
    fn what_is_cut_short_is_named() {
        let error = parse::all(Octets::from(&b"\x03\x02sal"[..]), S2k::parse_prefix).unwrap_err();
        assert_eq!(std::format!("{error}"), "at octet 2: salt: need 8 octets, have 3");
    }
}
