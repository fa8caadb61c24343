//! Packet types: RFC 9580 section 5, and what LibrePGP and older specifications add to it.

registry! {
    /// A packet type ID, RFC 9580 section 5. Older specifications call it a packet tag. It is 6 bits wide.
    pub struct PacketType(u8);
    _ = 0, "reserved", Rfc9580 "5", "must not be used" Rfc9580 "5";
    /// A session key encrypted to a public key.
    PUBLIC_KEY_ENCRYPTED_SESSION_KEY = 1, "Public-Key Encrypted Session Key", Rfc9580 "5.1";
    /// A signature.
    SIGNATURE = 2, "Signature", Rfc9580 "5.2";
    /// A session key encrypted, or derived, with a passphrase.
    SYMMETRIC_KEY_ENCRYPTED_SESSION_KEY = 3, "Symmetric-Key Encrypted Session Key", Rfc9580 "5.3";
    /// What a verifier has to know of a signature before it reads the signed data.
    ONE_PASS_SIGNATURE = 4, "One-Pass Signature", Rfc9580 "5.4";
    /// A primary key with its secret part.
    SECRET_KEY = 5, "Secret-Key", Rfc9580 "5.5.1.3";
    /// A primary key.
    PUBLIC_KEY = 6, "Public-Key", Rfc9580 "5.5.1.1";
    /// A subkey with its secret part.
    SECRET_SUBKEY = 7, "Secret-Subkey", Rfc9580 "5.5.1.4";
    /// Compressed packets.
    COMPRESSED_DATA = 8, "Compressed Data", Rfc9580 "5.6";
    /// Encrypted packets, without integrity protection.
    SYMMETRICALLY_ENCRYPTED_DATA = 9, "Symmetrically Encrypted Data", Rfc9580 "5.7";
    /// The three octets `PGP`, to be ignored.
    MARKER = 10, "Marker", Rfc9580 "5.8";
    /// The body of a message.
    LITERAL_DATA = 11, "Literal Data", Rfc9580 "5.9";
    /// Trust data of a keyring, private to the implementation that wrote it.
    TRUST = 12, "Trust", Rfc9580 "5.10";
    /// A user ID.
    USER_ID = 13, "User ID", Rfc9580 "5.11";
    /// A subkey. RFC 1991 reserved the number for comments, which no version of PGP wrote.
    PUBLIC_SUBKEY = 14, "Public-Subkey", Rfc9580 "5.5.1.2";
    /// A user ID made of something else than text, such as an image.
    USER_ATTRIBUTE = 17, "User Attribute", Rfc9580 "5.12";
    /// Encrypted packets with integrity protection.
    SYMMETRICALLY_ENCRYPTED_AND_INTEGRITY_PROTECTED_DATA = 18,
        "Symmetrically Encrypted and Integrity Protected Data", Rfc9580 "5.13";
    /// The SHA-1 digest that ends version 1 of the integrity protected data. RFC 9580 only reserves the number.
    MODIFICATION_DETECTION_CODE = 19, "Modification Detection Code", Rfc4880 "5.14",
        "reserved, as it is a part of the integrity protected data" Rfc9580 "5";
    /// LibrePGP's encrypted packets with authentication. RFC 9580 only reserves the number.
    OCB_ENCRYPTED_DATA = 20, "OCB Encrypted Data", LibrePgp "5.16", "reserved" Rfc9580 "5";
    /// Octets that hide the length of a message, to be ignored.
    PADDING = 21, "Padding", Rfc9580 "5.14";
    _ = 26, "reserved (CMS Encrypted Session Key)", LibrePgp "4.3";
    _ = 60, "private or experimental", Rfc9580 "5";
    /// A comment, which early versions of GnuPG wrote; the number is for private use.
    GNUPG_COMMENT = 61, "Comment (GnuPG, private)", GnuPgSource "", "for private or experimental use" Rfc9580 "5";
    _ = 62..=63, "private or experimental", Rfc9580 "5";
}

impl PacketType {
    /// Whether a reader that does not know this packet type has to reject the whole packet sequence.
    ///
    /// RFC 9580 section 4.3: "Packets with Type IDs from 0 to 39 are critical. Packets with Type IDs from 40 to 63 are
    /// non-critical."
    #[inline]
    #[must_use]
    pub const fn is_critical(self) -> bool {
        self.0 <= 39
    }

    /// Whether the body of a packet of this type starts with a version number.
    #[must_use]
    pub const fn has_version(self) -> bool {
        matches!(
            self,
            Self::PUBLIC_KEY_ENCRYPTED_SESSION_KEY
                | Self::SIGNATURE
                | Self::SYMMETRIC_KEY_ENCRYPTED_SESSION_KEY
                | Self::ONE_PASS_SIGNATURE
                | Self::SECRET_KEY
                | Self::PUBLIC_KEY
                | Self::SECRET_SUBKEY
                | Self::PUBLIC_SUBKEY
                | Self::SYMMETRICALLY_ENCRYPTED_AND_INTEGRITY_PROTECTED_DATA
                | Self::OCB_ENCRYPTED_DATA
        )
    }

    /// Whether packets of this type hold secret key material.
    #[inline]
    #[must_use]
    pub const fn is_secret(self) -> bool {
        matches!(self, Self::SECRET_KEY | Self::SECRET_SUBKEY)
    }
}
