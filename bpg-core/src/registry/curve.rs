//! Elliptic curves, named by object identifier: RFC 9580 section 9.2 and what LibrePGP and GnuPG add to it.

use core::fmt;

use super::{Document, Reference};

/// An elliptic curve, RFC 9580 section 9.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Curve {
    /// The object identifier as it is on the wire: the body of its DER encoding, without tag and length.
    pub oid: &'static [u8],
    /// The name, in the specification's words.
    pub name: &'static str,
    /// The size of the field in bits.
    pub bits: u16,
    /// Where the curve is assigned.
    pub reference: Reference,
}

macro_rules! curves {
    ($(
        $(#[$meta:meta])*
        $CONST:ident = [$($octet:literal)+], $name:literal, $bits:literal, $document:ident $section:literal;
    )*) => {
        impl Curve {
            $(
                $(#[$meta])*
                pub const $CONST: Self = Self {
                    oid: &[$($octet),+],
                    name: $name,
                    bits: $bits,
                    reference: Reference { document: Document::$document, section: $section },
                };
            )*

            /// Every curve.
            pub const ALL: &'static [Self] = &[$(Self::$CONST),*];

            /// The curve with this object identifier, `None` if no specification names it.
            #[must_use]
            pub const fn from_oid(oid: &[u8]) -> Option<&'static Self> {
                match oid {
                    $([$($octet),+] => Some(&Self::$CONST),)*
                    _ => None,
                }
            }
        }
    };
}

curves! {
    /// 1.2.840.10045.3.1.7
    NIST_P256 = [0x2A 0x86 0x48 0xCE 0x3D 0x03 0x01 0x07], "NIST P-256", 256, Rfc9580 "9.2";
    /// 1.3.132.0.34
    NIST_P384 = [0x2B 0x81 0x04 0x00 0x22], "NIST P-384", 384, Rfc9580 "9.2";
    /// 1.3.132.0.35
    NIST_P521 = [0x2B 0x81 0x04 0x00 0x23], "NIST P-521", 521, Rfc9580 "9.2";
    /// 1.3.36.3.3.2.8.1.1.7
    BRAINPOOL_P256R1 = [0x2B 0x24 0x03 0x03 0x02 0x08 0x01 0x01 0x07], "brainpoolP256r1", 256, Rfc9580 "9.2";
    /// 1.3.36.3.3.2.8.1.1.11
    BRAINPOOL_P384R1 = [0x2B 0x24 0x03 0x03 0x02 0x08 0x01 0x01 0x0B], "brainpoolP384r1", 384, Rfc9580 "9.2";
    /// 1.3.36.3.3.2.8.1.1.13
    BRAINPOOL_P512R1 = [0x2B 0x24 0x03 0x03 0x02 0x08 0x01 0x01 0x0D], "brainpoolP512r1", 512, Rfc9580 "9.2";
    /// 1.3.6.1.4.1.11591.15.1
    ED25519_LEGACY = [0x2B 0x06 0x01 0x04 0x01 0xDA 0x47 0x0F 0x01], "Ed25519Legacy", 255, Rfc9580 "9.2";
    /// 1.3.6.1.4.1.3029.1.5.1
    CURVE25519_LEGACY = [0x2B 0x06 0x01 0x04 0x01 0x97 0x55 0x01 0x05 0x01], "Curve25519Legacy", 255, Rfc9580 "9.2";
    /// 1.3.101.112, of LibrePGP's version 5 keys
    ED25519 = [0x2B 0x65 0x70], "Ed25519", 255, LibrePgp "9.2";
    /// 1.3.101.110, of LibrePGP's version 5 keys
    CURVE25519 = [0x2B 0x65 0x6E], "Curve25519", 255, LibrePgp "9.2";
    /// 1.3.101.113
    ED448 = [0x2B 0x65 0x71], "Ed448", 448, LibrePgp "9.2";
    /// 1.3.101.111
    X448 = [0x2B 0x65 0x6F], "X448", 448, LibrePgp "9.2";
    /// 1.3.132.0.10
    SECP256K1 = [0x2B 0x81 0x04 0x00 0x0A], "secp256k1", 256, GnuPgSource "";
}

/// Prints the body of a DER object identifier with dots, `1.2.840.10045.3.1.7`.
///
/// What is no object identifier, or has an arc of more than 64 bits, is printed as hexadecimal octets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DottedOid<'a>(pub &'a [u8]);

impl fmt::Display for DottedOid<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() || Arcs(self.0).any(|arc| arc.is_none()) {
            return self.0.iter().try_for_each(|octet| write!(f, "{octet:02x}"));
        }
        for (index, arc) in Arcs(self.0).flatten().enumerate() {
            if index > 0 {
                write!(f, ".{arc}")?;
                continue;
            }
            // X.690 section 8.19.4: the first number is 40 × the first arc, which is at most 2, + the second arc.
            let first = (arc / 40).min(2);
            write!(f, "{first}.{}", arc.saturating_sub(first.saturating_mul(40)))?;
        }
        Ok(())
    }
}

/// The numbers of an object identifier; ends after the first that is malformed, which is `None`.
struct Arcs<'a>(&'a [u8]);

impl Iterator for Arcs<'_> {
    type Item = Option<u64>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let arc = base128(self.0);
        self.0 = arc.map_or(&[], |(_, rest)| rest);
        Some(arc.map(|(arc, _)| arc))
    }
}

/// The number that `octets` start with, 7 bits an octet, and the rest.
fn base128(mut octets: &[u8]) -> Option<(u64, &[u8])> {
    // X.690 section 8.19.2: the first octet of a number is not 0x80, which would be a leading zero.
    if octets.first() == Some(&0x80) {
        return None;
    }
    let mut number = 0_u64;
    while let Some((&octet, rest)) = octets.split_first() {
        number = number.checked_mul(128)?.checked_add(u64::from(octet & 0x7F))?;
        octets = rest;
        if octet & 0x80 == 0 {
            return Some((number, octets));
        }
    }
    None
}
