//! Registries of the signature packet: RFC 9580 section 5.2 and what LibrePGP adds to it.
//!
//! A flag is numbered 8 × its octet's index + its bit, bit 0 being the least significant of the octet: the RFC's
//! `0x01...` is flag 0, its `0x80...` flag 7, its `0x0004...` flag 10.

registry! {
    /// A signature type ID, RFC 9580 section 5.2.1.
    pub struct SignatureType(u8);
    /// Of a binary document.
    BINARY = 0x00, "Binary Signature", Rfc9580 "5.2.1.1";
    /// Of a canonical text document.
    TEXT = 0x01, "Text Signature", Rfc9580 "5.2.1.2";
    /// Of its own subpackets only.
    STANDALONE = 0x02, "Standalone Signature", Rfc9580 "5.2.1.3";
    /// Of a user ID and key, without saying how well they were checked.
    GENERIC_CERTIFICATION = 0x10, "Generic Certification Signature", Rfc9580 "5.2.1.4";
    /// Of a user ID and key, without any check.
    PERSONA_CERTIFICATION = 0x11, "Persona Certification Signature", Rfc9580 "5.2.1.5";
    /// Of a user ID and key, after some casual verification.
    CASUAL_CERTIFICATION = 0x12, "Casual Certification Signature", Rfc9580 "5.2.1.6";
    /// Of a user ID and key, after substantial verification.
    POSITIVE_CERTIFICATION = 0x13, "Positive Certification Signature", Rfc9580 "5.2.1.7";
    /// LibrePGP's list, by the key holder, of the certifications by others that may be distributed.
    ATTESTED_KEY = 0x16, "Attested Key Signature", LibrePgp "5.2.1";
    /// By the primary key, that it owns the subkey.
    SUBKEY_BINDING = 0x18, "Subkey Binding Signature", Rfc9580 "5.2.1.8";
    /// By a signing subkey, that the primary key owns it.
    PRIMARY_KEY_BINDING = 0x19, "Primary Key Binding Signature", Rfc9580 "5.2.1.9";
    /// Directly on a key.
    DIRECT_KEY = 0x1F, "Direct Key Signature", Rfc9580 "5.2.1.10";
    /// Revokes a primary key.
    KEY_REVOCATION = 0x20, "Key Revocation Signature", Rfc9580 "5.2.1.11";
    /// Revokes a subkey.
    SUBKEY_REVOCATION = 0x28, "Subkey Revocation Signature", Rfc9580 "5.2.1.12";
    /// Revokes a certification or a direct key signature.
    CERTIFICATION_REVOCATION = 0x30, "Certification Revocation Signature", Rfc9580 "5.2.1.13";
    /// Only meaningful for the timestamp in it.
    TIMESTAMP = 0x40, "Timestamp Signature", Rfc9580 "5.2.1.14";
    /// Of another signature.
    THIRD_PARTY_CONFIRMATION = 0x50, "Third-Party Confirmation Signature", Rfc9580 "5.2.1.15";
    _ = 0xFF, "reserved", Rfc9580 "5.2.1.16", "must be neither created nor validated" Rfc9580 "5.2.1.16";
}

registry! {
    /// A signature subpacket type ID, RFC 9580 section 5.2.3.7, without the critical bit.
    pub struct SubpacketType(u8);
    _ = 0..=1, "reserved", Rfc9580 "5.2.3.7";
    /// When the signature was made.
    SIGNATURE_CREATION_TIME = 2, "Signature Creation Time", Rfc9580 "5.2.3.11";
    /// How long the signature is valid.
    SIGNATURE_EXPIRATION_TIME = 3, "Signature Expiration Time", Rfc9580 "5.2.3.18";
    /// Whether the certification is meant for others than its issuer.
    EXPORTABLE_CERTIFICATION = 4, "Exportable Certification", Rfc9580 "5.2.3.19";
    /// How far the certified key may certify others.
    TRUST_SIGNATURE = 5, "Trust Signature", Rfc9580 "5.2.3.21";
    /// Which user IDs a trust signature extends to.
    REGULAR_EXPRESSION = 6, "Regular Expression", Rfc9580 "5.2.3.22";
    /// Whether the signature can be revoked.
    REVOCABLE = 7, "Revocable", Rfc9580 "5.2.3.20";
    _ = 8, "reserved", Rfc9580 "5.2.3.7";
    /// How long the key is valid.
    KEY_EXPIRATION_TIME = 9, "Key Expiration Time", Rfc9580 "5.2.3.13";
    _ = 10, "Placeholder for backward compatibility", Rfc9580 "5.2.3.7";
    /// Symmetric-key algorithms for version 1 of the integrity protected data.
    PREFERRED_SYMMETRIC_CIPHERS = 11, "Preferred Symmetric Ciphers for v1 SEIPD", Rfc9580 "5.2.3.14";
    /// A key that may revoke this one. Deprecated.
    REVOCATION_KEY = 12, "Revocation Key", Rfc9580 "5.2.3.23";
    _ = 13..=15, "reserved", Rfc9580 "5.2.3.7";
    /// The key ID of the issuer.
    ISSUER_KEY_ID = 16, "Issuer Key ID", Rfc9580 "5.2.3.12";
    _ = 17..=19, "reserved", Rfc9580 "5.2.3.7";
    /// A name and a value.
    NOTATION_DATA = 20, "Notation Data", Rfc9580 "5.2.3.24";
    /// Hash algorithms the key holder prefers to receive.
    PREFERRED_HASH_ALGORITHMS = 21, "Preferred Hash Algorithms", Rfc9580 "5.2.3.16";
    /// Compression algorithms the key holder prefers to receive.
    PREFERRED_COMPRESSION_ALGORITHMS = 22, "Preferred Compression Algorithms", Rfc9580 "5.2.3.17";
    /// Flags for key servers.
    KEY_SERVER_PREFERENCES = 23, "Key Server Preferences", Rfc9580 "5.2.3.25";
    /// The URI of a key server.
    PREFERRED_KEY_SERVER = 24, "Preferred Key Server", Rfc9580 "5.2.3.26";
    /// Whether the user ID is the main one of its key.
    PRIMARY_USER_ID = 25, "Primary User ID", Rfc9580 "5.2.3.27";
    /// The URI of the policy that the signature was made under.
    POLICY_URI = 26, "Policy URI", Rfc9580 "5.2.3.28";
    /// What the key may be used for.
    KEY_FLAGS = 27, "Key Flags", Rfc9580 "5.2.3.29";
    /// Which user ID of the signer is responsible for the signature.
    SIGNERS_USER_ID = 28, "Signer's User ID", Rfc9580 "5.2.3.30";
    /// Why the key or certification is revoked.
    REASON_FOR_REVOCATION = 29, "Reason for Revocation", Rfc9580 "5.2.3.31";
    /// What the key holder's implementation supports.
    FEATURES = 30, "Features", Rfc9580 "5.2.3.32";
    /// The signature that this signature is about.
    SIGNATURE_TARGET = 31, "Signature Target", Rfc9580 "5.2.3.33";
    /// A complete signature, mostly that of a subkey over its primary key.
    EMBEDDED_SIGNATURE = 32, "Embedded Signature", Rfc9580 "5.2.3.34";
    /// The version and fingerprint of the issuer's key.
    ISSUER_FINGERPRINT = 33, "Issuer Fingerprint", Rfc9580 "5.2.3.35";
    /// LibrePGP's encryption modes for the OCB encrypted data. RFC 9580 only reserves the number.
    PREFERRED_ENCRYPTION_MODES = 34, "Preferred Encryption Modes", LibrePgp "5.2.3.8", "reserved" Rfc9580 "5.2.3.7";
    /// The version and fingerprint of a key that the signed message is encrypted to.
    INTENDED_RECIPIENT_FINGERPRINT = 35, "Intended Recipient Fingerprint", Rfc9580 "5.2.3.36";
    /// LibrePGP's digests of attested certifications. RFC 9580 only reserves the number.
    ATTESTED_CERTIFICATIONS = 37, "Attested Certifications", LibrePgp "5.2.3.31", "reserved" Rfc9580 "5.2.3.7";
    /// LibrePGP's copy of the signer's key. RFC 9580 only reserves the number.
    KEY_BLOCK = 38, "Key Block", LibrePgp "5.2.3.32", "reserved" Rfc9580 "5.2.3.7";
    /// Pairs of symmetric-key and AEAD algorithm for version 2 of the integrity protected data.
    PREFERRED_AEAD_CIPHERSUITES = 39, "Preferred AEAD Ciphersuites", Rfc9580 "5.2.3.15";
    /// LibrePGP's digest of the literal data packet's header.
    LITERAL_DATA_META_HASH = 40, "Literal Data Meta Hash", LibrePgp "5.2.3.33";
    /// LibrePGP's alias for the mail address in the user ID.
    TRUST_ALIAS = 41, "Trust Alias", LibrePgp "5.2.3.16";
    _ = 100..=110, "private or experimental", Rfc9580 "5.2.3.7";
}

registry! {
    /// A bit of the key flags, RFC 9580 section 5.2.3.29: 8 × octet index + bit.
    pub struct KeyFlag(u16);
    /// The key may certify other keys.
    CERTIFY = 0, "certify", Rfc9580 "5.2.3.29";
    /// The key may sign data.
    SIGN = 1, "sign", Rfc9580 "5.2.3.29";
    /// The key may encrypt communications.
    ENCRYPT_COMMUNICATIONS = 2, "encrypt communications", Rfc9580 "5.2.3.29";
    /// The key may encrypt storage.
    ENCRYPT_STORAGE = 3, "encrypt storage", Rfc9580 "5.2.3.29";
    /// The private part may have been split by a secret-sharing mechanism.
    SPLIT_KEY = 4, "split key", Rfc9580 "5.2.3.29";
    /// The key may be used for authentication.
    AUTHENTICATE = 5, "authenticate", Rfc9580 "5.2.3.29";
    /// The private part may be in the possession of more than one person.
    GROUP_KEY = 7, "group key", Rfc9580 "5.2.3.29";
    /// LibrePGP's additional decryption subkey, kept out of the automatic selection of encryption keys.
    RESTRICTED_ENCRYPTION = 10, "restricted encryption (ADSK)", LibrePgp "5.2.3.23", "reserved" Rfc9580 "5.2.3.29";
    /// LibrePGP: the key may be used for timestamping.
    TIMESTAMPING = 11, "timestamping", LibrePgp "5.2.3.23", "reserved" Rfc9580 "5.2.3.29";
}

registry! {
    /// A bit of the features, RFC 9580 section 5.2.3.32: 8 × octet index + bit.
    pub struct Feature(u16);
    /// Version 1 of the integrity protected data. Older specifications call it modification detection.
    SEIPD_V1 = 0, "version 1 SEIPD", Rfc9580 "5.2.3.32";
    /// LibrePGP's OCB encrypted data packet. RFC 9580 only reserves the bit.
    OCB_ENCRYPTED_DATA = 1, "OCB encrypted data", LibrePgp "5.2.3.26", "reserved" Rfc9580 "5.2.3.32";
    /// LibrePGP's version 5 keys. RFC 9580 only reserves the bit.
    VERSION_5_KEYS = 2, "version 5 keys", LibrePgp "5.2.3.26", "reserved" Rfc9580 "5.2.3.32";
    /// Version 2 of the integrity protected data.
    SEIPD_V2 = 3, "version 2 SEIPD", Rfc9580 "5.2.3.32";
}

registry! {
    /// A bit of the key server preferences, RFC 9580 section 5.2.3.25: 8 × octet index + bit.
    pub struct KeyServerPreference(u16);
    /// Only the key holder or an administrator of the key server may modify the key.
    NO_MODIFY = 7, "no-modify", Rfc9580 "5.2.3.25";
}

registry! {
    /// A bit of a notation's four octets of flags, RFC 9580 section 5.2.3.24: 8 × octet index + bit.
    pub struct NotationFlag(u16);
    /// The value is UTF-8 text.
    HUMAN_READABLE = 7, "human-readable", Rfc9580 "5.2.3.24";
}

registry! {
    /// A revocation code, RFC 9580 section 5.2.3.31.
    pub struct ReasonForRevocation(u8);
    /// No reason is given.
    NO_REASON = 0, "No reason specified", Rfc9580 "5.2.3.31";
    /// Another key takes this one's place.
    KEY_SUPERSEDED = 1, "Key is superseded", Rfc9580 "5.2.3.31";
    /// Someone else may have the secret key.
    KEY_COMPROMISED = 2, "Key material has been compromised", Rfc9580 "5.2.3.31";
    /// The key is no longer used.
    KEY_RETIRED = 3, "Key is retired and no longer used", Rfc9580 "5.2.3.31";
    /// The user ID no longer holds.
    USER_ID_INVALID = 32, "User ID information is no longer valid", Rfc9580 "5.2.3.31";
    _ = 100..=110, "private use", Rfc9580 "5.2.3.31";
}
