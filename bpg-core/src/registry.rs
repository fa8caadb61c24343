//! Every number that an OpenPGP specification assigns, with its name and the section that assigns it.
//!
//! A number from the wire is kept in a newtype over the integer it was read as, so an unassigned number is a value like
//! any other: it compares, copies and prints, it merely has no [`Entry`]. Rows are data. To add a number, add a row.
//!
//! Where several specifications assign a number, the row names RFC 9580. Where RFC 9580 merely reserves a number that
//! another one gives a meaning, the row names the other one and has a [`Note`] of the reservation; a name of the form
//! "reserved (formerly …)" says that the meaning is withdrawn.

use core::fmt;

/// A specification that assigns numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Document {
    /// RFC 1991, *PGP Message Exchange Formats* (1996).
    Rfc1991,
    /// RFC 2440, *OpenPGP Message Format* (1998).
    Rfc2440,
    /// RFC 4880, *OpenPGP Message Format* (2007).
    Rfc4880,
    /// RFC 5581, *The Camellia Cipher in OpenPGP* (2009).
    Rfc5581,
    /// RFC 6637, *Elliptic Curve Cryptography (ECC) in OpenPGP* (2012).
    Rfc6637,
    /// RFC 9580, *OpenPGP* (2024).
    Rfc9580,
    /// RFC 9980, *Post-Quantum Cryptography in OpenPGP*.
    Rfc9980,
    /// draft-koch-librepgp, *LibrePGP Message Format*.
    LibrePgp,
    /// draft-ietf-openpgp-rfc4880bis, the expired revision of RFC 4880.
    Rfc4880Bis,
    /// The file `doc/DETAILS` of GnuPG, which documents its private extensions.
    GnuPg,
    /// The source code of GnuPG, for what no document of it mentions.
    GnuPgSource,
}

impl fmt::Display for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Rfc1991 => "RFC 1991",
            Self::Rfc2440 => "RFC 2440",
            Self::Rfc4880 => "RFC 4880",
            Self::Rfc5581 => "RFC 5581",
            Self::Rfc6637 => "RFC 6637",
            Self::Rfc9580 => "RFC 9580",
            Self::Rfc9980 => "RFC 9980",
            Self::LibrePgp => "LibrePGP",
            Self::Rfc4880Bis => "draft-ietf-openpgp-rfc4880bis",
            Self::GnuPg => "GnuPG doc/DETAILS",
            Self::GnuPgSource => "GnuPG source code",
        })
    }
}

/// Where a number is assigned: a document and a section of it. `Display` gives `RFC 9580 section 9.1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Reference {
    /// The document.
    pub document: Document,
    /// The section's number, empty where the document has none.
    pub section: &'static str,
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.section.is_empty() {
            write!(f, "{}", self.document)
        } else {
            write!(f, "{} section {}", self.document, self.section)
        }
    }
}

/// One row of a registry: a number, or a range of them, with its name and where it is assigned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Entry<N> {
    /// The first number of the row.
    pub first: N,
    /// The last number of the row, equal to `first` unless the row is a range.
    pub last: N,
    /// The name, in the specification's words.
    pub name: &'static str,
    /// Whether the number has a meaning of its own.
    pub status: Status,
    /// Where the number is assigned.
    pub reference: Reference,
    /// What another section says of the number, such as why it is reserved.
    pub note: Option<Note>,
}

/// What a section says of a number that is assigned elsewhere. `Display` gives the text, and the section in parentheses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Note {
    /// What it says, in a few words.
    pub text: &'static str,
    /// Where it says so.
    pub reference: Reference,
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.text, self.reference)
    }
}

impl<N: Copy + Into<u32>> Entry<N> {
    /// The same row, with its numbers in the widest form.
    fn widened(&self) -> Entry<u32> {
        let Self { first, last, name, status, reference, note } = *self;
        Entry { first: first.into(), last: last.into(), name, status, reference, note }
    }
}

/// Whether a row gives its numbers a meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Status {
    /// The number has a meaning of its own.
    Assigned,
    /// The number is set aside, and has no meaning.
    Reserved,
    /// The numbers are for whoever wants to use them among friends.
    Private,
}

impl Status {
    /// The status of a row that has a constant, or has none but this name.
    const fn of(name: &str, has_constant: bool) -> Self {
        match name.as_bytes() {
            _ if has_constant => Self::Assigned,
            [b'p', b'r', b'i', b'v', b'a', b't', b'e', ..] => Self::Private,
            [b'e', b'x', b'p', b'e', b'r', b'i', b'm', b'e', b'n', b't', ..] => Self::Private,
            _ => Self::Reserved,
        }
    }
}

/// `assigned`, `reserved`, or `private or experimental`.
impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Assigned => "assigned",
            Self::Reserved => "reserved",
            Self::Private => "private or experimental",
        })
    }
}

/// A registry as data, for whoever wants to go over all of them: see [`Registry::ALL`].
///
/// ```
/// use bpg_core::registry::Registry;
///
/// let subpackets = Registry::find("subpacket").expect("there is one of this name");
/// let entry = subpackets.entry(33).expect("assigned");
/// assert_eq!(entry.name, "Issuer Fingerprint");
/// assert_eq!(entry.reference.to_string(), "RFC 9580 section 5.2.3.35");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Registry {
    /// A word for it, in lower case and without spaces, which no other registry has.
    pub word: &'static str,
    /// What a number of it is, in a few words, in the singular.
    pub title: &'static str,
    /// The largest number that there can be. Octets of flags there can be as many as somebody likes, of which the first
    /// 8192 are numbered.
    pub last: u32,
    /// Whether the numbers are those of flags: 8 × the index of the octet + the bit, bit 0 being the least significant one.
    pub is_flags: bool,
    /// Where numbers are assigned, also those that have no row.
    pub reference: Reference,
    /// What the rest of the octet is that the number stands in, empty if nothing else is in it.
    pub beyond: &'static str,
    row: fn(usize) -> Option<Entry<u32>>,
}

impl Registry {
    /// The registry with this word.
    #[must_use]
    pub fn find(word: &str) -> Option<&'static Self> {
        Self::ALL.iter().find(|registry| registry.word == word)
    }

    /// Every row, by number.
    pub fn entries(&self) -> impl Iterator<Item = Entry<u32>> {
        (0..).map_while(self.row)
    }

    /// The row that has this number, `None` if no specification assigns it.
    #[must_use]
    pub fn entry(&self, number: u32) -> Option<Entry<u32>> {
        self.entries().find(|entry| (entry.first..=entry.last).contains(&number))
    }

    /// Whether there can be such a number, be it assigned or not.
    #[must_use]
    pub const fn holds(&self, number: u32) -> bool {
        number <= self.last
    }
}

/// Lists all registries, each with its word and its title, the largest number, where numbers are assigned, and what else
/// is in the same octet.
macro_rules! registries {
    ($($Name:ident = $word:literal, $title:literal, $kind:ident to $last:literal, $document:ident $section:literal
        $(, $beyond:literal)?;)*) => {
        impl Registry {
            /// Every registry of numbers. Curves and the words of armor have tables of their own: [`Curve::ALL`],
            /// [`ArmorWord::HEADER_LINES`] and [`ArmorWord::HEADER_KEYS`].
            pub const ALL: &'static [Self] = &[$(Self {
                word: $word,
                title: $title,
                last: $last,
                is_flags: registries!(@is_flags $kind),
                reference: Reference { document: Document::$document, section: $section },
                beyond: concat!($($beyond)?),
                row: |index| $Name::ENTRIES.get(index).map(Entry::widened),
            }),*];
        }

        // The largest number is one that the wire can hold.
        $(const _: $Name = $Name($last);)*
    };
    (@is_flags numbers) => { false };
    (@is_flags flags) => { true };
}

/// Declares one registry: a newtype over the wire integer, a constant a row, the table, and look-ups that compile to a jump.
///
/// ```text
/// registry! {
///     /// Documentation of the newtype.
///     pub struct HashAlgorithm(u8);
///     /// Documentation of the constant.
///     MD5 = 1, "MD5", Rfc9580 "9.5";
///     _ = 100..=110, "private or experimental", Rfc9580 "9.5";
/// }
/// ```
///
/// A row that has no constant (`_`) is a range or a reserved number: it has a name but nothing refers to it in code.
/// Behind the section that assigns the number there may be more that a section says of it:
///
/// ```text
///     _ = 0xFF, "reserved", Rfc9580 "5.2.1.16", "must be neither created nor validated" Rfc9580 "5.2.1.16";
/// ```
macro_rules! registry {
    (
        $(#[$meta:meta])*
        pub struct $Name:ident($repr:ty);
        $($rows:tt)*
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $Name(pub $repr);

        impl From<$repr> for $Name {
            #[inline]
            fn from(number: $repr) -> Self {
                Self(number)
            }
        }

        impl core::fmt::Debug for $Name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                match self.name() {
                    Some(name) => write!(f, "{}({}: {})", stringify!($Name), self.0, name),
                    None => write!(f, "{}({})", stringify!($Name), self.0),
                }
            }
        }

        /// The name, or `unknown (N)`.
        impl core::fmt::Display for $Name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                match self.name() {
                    Some(name) => f.write_str(name),
                    None => write!(f, "unknown ({})", self.0),
                }
            }
        }

        registry!(@consts $Name; $($rows)*);
        registry!(@lookup $Name($repr); []; $($rows)*);
    };

    (@consts $Name:ident;) => {};
    (@consts $Name:ident; _ = $first:literal $(..= $last:literal)?, $text:literal, $document:ident $section:literal $(, $note:literal $where:ident $there:literal)?; $($rest:tt)*) => {
        registry!(@consts $Name; $($rest)*);
    };
    (@consts $Name:ident; $(#[$meta:meta])* $CONST:ident = $number:literal, $text:literal, $document:ident $section:literal $(, $note:literal $where:ident $there:literal)?; $($rest:tt)*) => {
        impl $Name {
            $(#[$meta])*
            pub const $CONST: Self = Self($number);
        }
        registry!(@consts $Name; $($rest)*);
    };

    (@note []) => { None };
    (@note [$text:literal $document:ident $section:literal]) => {
        Some(crate::registry::Note {
            text: $text,
            reference: crate::registry::Reference {
                document: crate::registry::Document::$document,
                section: $section,
            },
        })
    };

    (@lookup $Name:ident($repr:ty); [$($row:tt)*]; $(#[$meta:meta])* $CONST:ident = $number:literal, $text:literal, $document:ident $section:literal $(, $note:literal $where:ident $there:literal)?; $($rest:tt)*) => {
        registry!(@lookup $Name($repr); [$($row)* ($number, $number, $text, $document, $section, true, [$($note $where $there)?])]; $($rest)*);
    };
    (@lookup $Name:ident($repr:ty); [$($row:tt)*]; _ = $number:literal, $text:literal, $document:ident $section:literal $(, $note:literal $where:ident $there:literal)?; $($rest:tt)*) => {
        registry!(@lookup $Name($repr); [$($row)* ($number, $number, $text, $document, $section, false, [$($note $where $there)?])]; $($rest)*);
    };
    (@lookup $Name:ident($repr:ty); [$($row:tt)*]; _ = $first:literal ..= $last:literal, $text:literal, $document:ident $section:literal $(, $note:literal $where:ident $there:literal)?; $($rest:tt)*) => {
        registry!(@lookup $Name($repr); [$($row)* ($first, $last, $text, $document, $section, false, [$($note $where $there)?])]; $($rest)*);
    };
    (@lookup $Name:ident($repr:ty); [$(($first:literal, $last:literal, $text:literal, $document:ident, $section:literal, $assigned:literal, $note:tt))*];) => {
        impl $Name {
            /// Every row of this registry, by number.
            pub const ENTRIES: &'static [crate::registry::Entry<$repr>] = &[
                $(crate::registry::Entry {
                    first: $first,
                    last: $last,
                    name: $text,
                    status: crate::registry::Status::of($text, $assigned),
                    reference: crate::registry::Reference {
                        document: crate::registry::Document::$document,
                        section: $section,
                    },
                    note: registry!(@note $note),
                },)*
            ];

            /// The number, `None` if it does not fit into the field that has such numbers.
            #[must_use]
            pub fn from_number(number: u32) -> Option<Self> {
                <$repr>::try_from(number).ok().map(Self)
            }

            /// The registered name, `None` for a number that no specification assigns.
            #[inline]
            #[must_use]
            pub const fn name(self) -> Option<&'static str> {
                match self.0 {
                    $($first..=$last => Some($text),)*
                    #[allow(unreachable_patterns, reason = "some registries assign every number")]
                    _ => None,
                }
            }

            /// Whether the number has a meaning of its own: not unknown, reserved, or in a private range.
            #[inline]
            #[must_use]
            pub const fn is_assigned(self) -> bool {
                match self.0 {
                    $($first..=$last => $assigned,)*
                    #[allow(unreachable_patterns, reason = "some registries assign every number")]
                    _ => false,
                }
            }

            /// Where the number is assigned, `None` for a number that no specification assigns.
            #[must_use]
            pub const fn reference(self) -> Option<crate::registry::Reference> {
                match self.0 {
                    $($first..=$last => Some(crate::registry::Reference {
                        document: crate::registry::Document::$document,
                        section: $section,
                    }),)*
                    #[allow(unreachable_patterns, reason = "some registries assign every number")]
                    _ => None,
                }
            }
        }
    };
}

mod algorithm;
mod armor;
mod attribute;
mod curve;
mod data;
mod keybox;
pub mod layout;
mod packet;
mod s2k;
mod signature;
#[cfg(test)]
mod tests;
mod trust;

pub use algorithm::{AeadAlgorithm, CompressionAlgorithm, HashAlgorithm, PublicKeyAlgorithm, SymmetricKeyAlgorithm};
pub use armor::ArmorWord;
pub use attribute::{ImageEncoding, ImageVersion, UserAttributeType};
pub use curve::{Curve, DottedOid};
pub use data::LiteralFormat;
pub use keybox::{KeyboxBlobFlag, KeyboxBlobType, KeyboxHeaderFlag, KeyboxKeyFlag, KeyboxSignatureStatus};
pub use packet::PacketType;
pub use s2k::{GnuS2kMode, S2kType, S2kUsage};
pub use signature::{
    Feature, KeyFlag, KeyServerPreference, NotationFlag, ReasonForRevocation, SignatureType, SubpacketType,
};
pub use trust::GnuPgTrustSubject;

registries! {
    // "Bits 5 to 0 -- Packet Type ID" (RFC 9580 section 4.2).
    PacketType = "packet", "packet type", numbers to 0x3f, Rfc9580 "5",
        "in a header octet, it is in bits 5 to 0, or 5 to 2 in the old format";
    PublicKeyAlgorithm = "algorithm", "public-key algorithm", numbers to 0xff, Rfc9580 "9.1";
    SymmetricKeyAlgorithm = "symmetric", "symmetric-key algorithm", numbers to 0xff, Rfc9580 "9.3";
    HashAlgorithm = "hash", "hash algorithm", numbers to 0xff, Rfc9580 "9.5";
    AeadAlgorithm = "aead", "AEAD algorithm", numbers to 0xff, Rfc9580 "9.6";
    CompressionAlgorithm = "compression", "compression algorithm", numbers to 0xff, Rfc9580 "9.4";
    S2kType = "s2k", "string-to-key type", numbers to 0xff, Rfc9580 "3.7.1";
    S2kUsage = "s2k-usage", "string-to-key usage", numbers to 0xff, Rfc9580 "3.7.2.1";
    GnuS2kMode = "s2k-gnu", "GNU string-to-key extension", numbers to 0xff, GnuPg "";
    SignatureType = "signature", "signature type", numbers to 0xff, Rfc9580 "5.2.1";
    // "Bit 7 of the encoded Subpacket Type ID is the "critical" bit" (RFC 9580 section 5.2.3.7).
    SubpacketType = "subpacket", "signature subpacket type", numbers to 0x7f, Rfc9580 "5.2.3.7",
        "bit 7 says that a subpacket is critical";
    KeyFlag = "key-flag", "bit of the key flags", flags to 0xffff, Rfc9580 "5.2.3.29";
    Feature = "feature", "bit of the features", flags to 0xffff, Rfc9580 "5.2.3.32";
    KeyServerPreference = "key-server-preference", "bit of the key server preferences", flags to 0xffff,
        Rfc9580 "5.2.3.25";
    // "4 octets of flags" (RFC 9580 section 5.2.3.24).
    NotationFlag = "notation-flag", "bit of a notation's flags", flags to 31, Rfc9580 "5.2.3.24";
    ReasonForRevocation = "reason", "reason for revocation", numbers to 0xff, Rfc9580 "5.2.3.31";
    LiteralFormat = "literal", "format of literal data", numbers to 0xff, Rfc9580 "5.9";
    UserAttributeType = "user-attribute", "user attribute subpacket type", numbers to 0xff, Rfc9580 "5.12";
    ImageVersion = "image-version", "version of an image attribute", numbers to 0xff, Rfc9580 "5.12.1";
    ImageEncoding = "image-encoding", "encoding of an image attribute", numbers to 0xff, Rfc9580 "5.12.1";
    GnuPgTrustSubject = "trust", "subject of a trust packet of GnuPG", numbers to 0xff, GnuPgSource "";
    KeyboxBlobType = "keybox-blob", "keybox blob type", numbers to 0xff, GnuPgSource "";
    // Two octets of each kind of flags.
    KeyboxHeaderFlag = "keybox-header-flag", "flag of a keybox's header blob", flags to 15, GnuPgSource "";
    KeyboxBlobFlag = "keybox-blob-flag", "flag of a keybox's OpenPGP or X.509 blob", flags to 15, GnuPgSource "";
    KeyboxKeyFlag = "keybox-key-flag", "flag of a key in a keybox", flags to 15, GnuPgSource "";
    KeyboxSignatureStatus = "keybox-signature", "status of a signature in a keybox", numbers to 0xffff_ffff,
        GnuPgSource "";
}
