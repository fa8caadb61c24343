//! What fields hold, in as few kinds as renderers need to tell apart.

use crate::fingerprint::{Fingerprint, KeyId};
use crate::framing::Body;
use crate::material::{CurveOid, FieldValue, KdfParameters, Mpi};
use crate::octets::Octets;
use crate::registry::{
    AeadAlgorithm, CompressionAlgorithm, Feature, GnuPgTrustSubject, GnuS2kMode, HashAlgorithm, ImageEncoding,
    ImageVersion, KeyFlag, KeyServerPreference, KeyboxBlobFlag, KeyboxBlobType, KeyboxHeaderFlag, KeyboxKeyFlag,
    KeyboxSignatureStatus, LiteralFormat, NotationFlag, PacketType, PublicKeyAlgorithm, ReasonForRevocation, S2kType,
    S2kUsage, SignatureType, SubpacketType, SymmetricKeyAlgorithm, UserAttributeType,
};
use crate::secret::Secret;
use crate::time::Timestamp;

/// What a field holds.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Value<'a> {
    /// A number.
    Number(u64),
    /// A word for something that has no number.
    Name(&'static str),
    /// A number of a registry, with its name there.
    Id {
        /// The number.
        number: u64,
        /// The registered name, `None` for an unknown number.
        name: Option<&'static str>,
        /// Whether the name stands for this number alone.
        is_assigned: bool,
        /// Whether the specification writes the number in hexadecimal.
        is_hexadecimal: bool,
    },
    /// A list of numbers of a registry.
    Ids(Ids<'a>),
    /// A list of pairs of a cipher and an AEAD algorithm.
    Ciphersuites(Octets<'a>),
    /// A set of flags.
    Flags(Flags<'a>),
    /// A boolean: 0 is false, 1 is true, others are unspecified.
    Boolean(u8),
    /// Text, which should be UTF-8 but need not be.
    Text(Octets<'a>),
    /// Octets to be shown in hexadecimal.
    Hex(Octets<'a>),
    /// Octets that are not shown unless they are asked for.
    Data(Body<'a>),
    /// Octets that were read from a stream, and are not in memory.
    Payload {
        /// How many there are.
        length: u64,
        /// The first of them where they are worth showing, as those of literal data are.
        first: Octets<'a>,
    },
    /// A point in time.
    Time(Timestamp),
    /// A span of time in seconds, and when it starts if the packet tells; 0 stands for no end. Start and span together may be
    /// later than any [`Timestamp`].
    Seconds(u32, Option<Timestamp>),
    /// A span of time in days, and when it starts if the packet tells; 0 stands for no end.
    Days(u16, Option<Timestamp>),
    /// An amount of memory in kibioctets, as a power of two.
    MemoryExponent(u8),
    /// A number of octets that are hashed, as encoded in an S2K specifier.
    HashedOctets(u8),
    /// A chunk size octet c, which stands for 2<sup>c + 6</sup> octets.
    ChunkSize(u8),
    /// The width and the height of an image in pixels.
    Pixels(u16, u16),
    /// An integer.
    Mpi(Mpi<'a>),
    /// A curve.
    Curve(CurveOid<'a>),
    /// Parameters of the ECDH key derivation.
    Kdf(KdfParameters<'a>),
    /// A key ID.
    KeyId(KeyId),
    /// A fingerprint.
    Fingerprint(Fingerprint),
    /// A checksum.
    Checksum {
        /// The checksum as stored; `None` if it is malformed.
        stored: Option<u32>,
        /// The checksum that is due; `None` if that cannot be told.
        due: Option<u32>,
        /// How many octets the checksum has.
        width: u8,
    },
    /// Secret octets, not to be shown unless that is asked for.
    Secret(Secret<'a>),
}

/// A list of one-octet numbers of a registry.
#[derive(Clone, Copy, Debug)]
pub struct Ids<'a> {
    octets: Octets<'a>,
    value: fn(u8) -> Value<'static>,
}

impl<'a> Ids<'a> {
    /// The numbers as received.
    #[must_use]
    pub const fn octets(self) -> Octets<'a> {
        self.octets
    }

    /// The numbers, each a [`Value::Id`].
    pub fn values(self) -> impl Iterator<Item = Value<'static>> {
        self.octets.as_slice().iter().map(move |&number| (self.value)(number))
    }
}

/// A set of flags. Flags are numbered 8 × octet + bit, where bit 0 is the least significant one.
#[derive(Clone, Copy, Debug)]
pub struct Flags<'a> {
    octets: Octets<'a>,
    name: fn(u16) -> Option<&'static str>,
}

impl<'a> Flags<'a> {
    /// The flags as received.
    #[must_use]
    pub const fn octets(self) -> Octets<'a> {
        self.octets
    }

    /// The flags that are set, with their names.
    pub fn set(self) -> impl Iterator<Item = (u64, Option<&'static str>)> {
        let octets = (0_u64..).step_by(8).zip(self.octets.as_slice());
        octets.flat_map(move |(first, octet)| {
            (0..8).filter(move |bit| octet >> bit & 1 == 1).map(move |bit: u64| {
                let number = first.saturating_add(bit);
                (number, u16::try_from(number).ok().and_then(self.name))
            })
        })
    }
}

impl<'a> Value<'a> {
    /// A number of a registry.
    pub(super) fn id<T: Registered>(number: T) -> Self {
        let (number, name, is_assigned) = number.entry();
        Self::Id { number, name, is_assigned, is_hexadecimal: T::IS_HEXADECIMAL }
    }

    /// A list of numbers of the registry `T`.
    pub(super) fn ids<T: Registered + From<u8>>(octets: Octets<'a>) -> Self {
        Self::Ids(Ids { octets, value: |number| Value::id(T::from(number)) })
    }

    /// A set of flags of the registry `T`.
    pub(super) fn flags<T: RegisteredFlag>(octets: Octets<'a>) -> Self {
        Self::named_flags(octets, T::flag_name)
    }

    /// A set of flags that no registry lists.
    pub(super) fn named_flags(octets: Octets<'a>, name: fn(u16) -> Option<&'static str>) -> Self {
        Self::Flags(Flags { octets, name })
    }
}

impl<'a> From<FieldValue<'a>> for Value<'a> {
    fn from(value: FieldValue<'a>) -> Self {
        match value {
            FieldValue::Mpi(mpi) => Self::Mpi(mpi),
            FieldValue::Octets(octets) => Self::Data(Body::from(octets)),
            FieldValue::Curve(curve) => Self::Curve(curve),
            FieldValue::Kdf(parameters) => Self::Kdf(parameters),
            FieldValue::Cipher(cipher) => Self::id(cipher),
            FieldValue::SessionKey(key) => Self::Data(Body::from(key.octets)),
        }
    }
}

/// A number of a registry.
pub(super) trait Registered {
    /// Whether the specification writes these numbers in hexadecimal.
    const IS_HEXADECIMAL: bool = false;

    /// The number, its name, and whether the name is its alone.
    fn entry(self) -> (u64, Option<&'static str>, bool);
}

/// A flag of a registry.
pub(super) trait RegisteredFlag {
    fn flag_name(number: u16) -> Option<&'static str>;
}

macro_rules! registered {
    ($($Name:ident)*) => {$(
        impl Registered for $Name {
            fn entry(self) -> (u64, Option<&'static str>, bool) {
                (u64::from(self.0), self.name(), self.is_assigned())
            }
        }
    )*};
}

registered! {
    AeadAlgorithm CompressionAlgorithm GnuPgTrustSubject GnuS2kMode HashAlgorithm ImageEncoding ImageVersion
    LiteralFormat PacketType KeyboxBlobType KeyboxSignatureStatus
    PublicKeyAlgorithm ReasonForRevocation S2kType S2kUsage SubpacketType SymmetricKeyAlgorithm UserAttributeType
}

impl Registered for SignatureType {
    const IS_HEXADECIMAL: bool = true;

    fn entry(self) -> (u64, Option<&'static str>, bool) {
        (u64::from(self.0), self.name(), self.is_assigned())
    }
}

macro_rules! registered_flags {
    ($($Name:ident)*) => {$(
        impl RegisteredFlag for $Name {
            fn flag_name(number: u16) -> Option<&'static str> {
                Self(number).name()
            }
        }
    )*};
}

registered_flags! {
    Feature KeyFlag KeyServerPreference KeyboxBlobFlag KeyboxHeaderFlag KeyboxKeyFlag NotationFlag
}
