//! Registries of the string-to-key specifier: RFC 9580 section 3.7 and GnuPG's extensions.

use super::SymmetricKeyAlgorithm;

registry! {
    /// A string-to-key (S2K) type ID, RFC 9580 section 3.7.1.
    pub struct S2kType(u8);
    /// The hash of the passphrase.
    SIMPLE = 0, "Simple", Rfc9580 "3.7.1.1";
    /// The hash of a salt and the passphrase.
    SALTED = 1, "Salted", Rfc9580 "3.7.1.2";
    _ = 2, "reserved", Rfc9580 "3.7.1";
    /// The hash of a salt and the passphrase, over and over.
    ITERATED_AND_SALTED = 3, "Iterated and Salted", Rfc9580 "3.7.1.3";
    /// Argon2id.
    ARGON2 = 4, "Argon2", Rfc9580 "3.7.1.4";
    _ = 100, "private or experimental", Rfc9580 "3.7.1";
    /// GnuPG's stub in place of a secret key, if the octets `GNU` follow the hash algorithm. In the private range.
    GNU_EXTENSION = 101, "GNU extension", GnuPg "", "for private or experimental use" Rfc9580 "3.7.1";
    _ = 102..=110, "private or experimental", Rfc9580 "3.7.1";
}

registry! {
    /// How a secret key is protected: the S2K usage octet, RFC 9580 section 3.7.2.1.
    ///
    /// A number without a name is a symmetric-key algorithm ID, see [`S2kUsage::legacy_cipher`].
    pub struct S2kUsage(u8);
    /// Not at all.
    UNPROTECTED = 0, "unprotected", Rfc9580 "3.7.2.1";
    /// By authenticated encryption, with a string-to-key specifier.
    AEAD = 253, "AEAD", Rfc9580 "3.7.2.1";
    /// By CFB and a SHA-1 digest, with a string-to-key specifier.
    CFB = 254, "CFB", Rfc9580 "3.7.2.1";
    /// By CFB and a two-octet checksum, with a string-to-key specifier.
    MALLEABLE_CFB = 255, "MalleableCFB", Rfc9580 "3.7.2.1";
}

impl S2kUsage {
    /// The cipher, if the octet is one: the RFC's LegacyCFB, with the MD5 digest of the passphrase as key.
    ///
    /// The RFC says so of known ciphers only; an unknown one is returned too, since the octet can mean nothing else.
    #[must_use]
    pub const fn legacy_cipher(self) -> Option<SymmetricKeyAlgorithm> {
        match self {
            Self::UNPROTECTED | Self::AEAD | Self::CFB | Self::MALLEABLE_CFB => None,
            Self(cipher) => Some(SymmetricKeyAlgorithm(cipher)),
        }
    }
}

registry! {
    /// A GNU S2K extension number, which follows `GNU` in a specifier of type [`S2kType::GNU_EXTENSION`].
    ///
    /// GnuPG itself adds 1000 to it: its "mode 1001" is number 1.
    pub struct GnuS2kMode(u8);
    /// The secret part is not stored.
    GNU_DUMMY = 1, "gnu-dummy", GnuPg "";
    /// The secret part is on a smartcard, whose serial number follows.
    GNU_DIVERT_TO_CARD = 2, "gnu-divert-to-card", GnuPg "";
    /// The secret part is in the protected form of GnuPG's agent.
    GNU_INTERNAL = 3, "gnu-internal (mode 1003)", GnuPgSource "";
}
