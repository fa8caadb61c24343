//! Algorithm registries: RFC 9580 section 9 and what LibrePGP, RFC 9980 and older specifications add to it.

registry! {
    /// A public-key algorithm ID, RFC 9580 section 9.1.
    pub struct PublicKeyAlgorithm(u8);
    _ = 0, "reserved", Rfc9580 "9.1";
    /// RSA, for encryption and signatures.
    RSA = 1, "RSA (encrypt or sign)", Rfc9580 "9.1";
    /// RSA, for encryption only. Deprecated.
    RSA_ENCRYPT_ONLY = 2, "RSA (encrypt only)", Rfc9580 "9.1";
    /// RSA, for signatures only. Deprecated.
    RSA_SIGN_ONLY = 3, "RSA (sign only)", Rfc9580 "9.1";
    /// LibrePGP's composite of ML-KEM (Kyber) and an elliptic curve, for encryption.
    KYBER = 8, "Kyber", LibrePgp "14.1";
    /// Elgamal, for encryption only.
    ELGAMAL_ENCRYPT_ONLY = 16, "Elgamal (encrypt only)", Rfc9580 "9.1";
    /// The Digital Signature Algorithm.
    DSA = 17, "DSA", Rfc9580 "9.1";
    /// Elliptic curve Diffie-Hellman, for encryption.
    ECDH = 18, "ECDH", Rfc9580 "9.1";
    /// The Elliptic Curve Digital Signature Algorithm.
    ECDSA = 19, "ECDSA", Rfc9580 "9.1";
    /// Elgamal, for encryption and signatures. RFC 4880 withdrew it.
    ELGAMAL_ENCRYPT_OR_SIGN = 20, "Elgamal (encrypt or sign)", Rfc2440 "9.1",
        "reserved, as its signatures are \"no longer permitted\"" Rfc9580 "12.8";
    _ = 21, "reserved for Diffie-Hellman (X9.42)", Rfc9580 "9.1",
        "does not have the necessary parameters, parameter order, or semantics defined" Rfc9580 "12.8";
    /// EdDSA with a curve OID. LibrePGP calls it EdDSA.
    EDDSA_LEGACY = 22, "EdDSALegacy", Rfc9580 "9.1";
    _ = 23, "reserved (AEDH)", Rfc9580 "9.1",
        "does not have the necessary parameters, parameter order, or semantics defined" Rfc9580 "12.8";
    _ = 24, "reserved (AEDSA)", Rfc9580 "9.1",
        "does not have the necessary parameters, parameter order, or semantics defined" Rfc9580 "12.8";
    /// X25519, for encryption.
    X25519 = 25, "X25519", Rfc9580 "9.1";
    /// X448, for encryption.
    X448 = 26, "X448", Rfc9580 "9.1";
    /// Ed25519, for signatures.
    ED25519 = 27, "Ed25519", Rfc9580 "9.1";
    /// Ed448, for signatures.
    ED448 = 28, "Ed448", Rfc9580 "9.1";
    _ = 29, "experimental (FIPS.203.ipd)", LibrePgp "9.1";
    /// ML-DSA-65 and Ed25519 together, for signatures.
    ML_DSA_65_ED25519 = 30, "ML-DSA-65+Ed25519", Rfc9980 "5.2";
    /// ML-DSA-87 and Ed448 together, for signatures.
    ML_DSA_87_ED448 = 31, "ML-DSA-87+Ed448", Rfc9980 "5.2";
    /// SLH-DSA-SHAKE-128s, for signatures.
    SLH_DSA_SHAKE_128S = 32, "SLH-DSA-SHAKE-128s", Rfc9980 "6.1";
    /// SLH-DSA-SHAKE-128f, for signatures.
    SLH_DSA_SHAKE_128F = 33, "SLH-DSA-SHAKE-128f", Rfc9980 "6.1";
    /// SLH-DSA-SHAKE-256s, for signatures.
    SLH_DSA_SHAKE_256S = 34, "SLH-DSA-SHAKE-256s", Rfc9980 "6.1";
    /// ML-KEM-768 and X25519 together, for encryption.
    ML_KEM_768_X25519 = 35, "ML-KEM-768+X25519", Rfc9980 "4.2";
    /// ML-KEM-1024 and X448 together, for encryption.
    ML_KEM_1024_X448 = 36, "ML-KEM-1024+X448", Rfc9980 "4.2";
    _ = 100..=110, "private or experimental", Rfc9580 "9.1";
    _ = 255, "experimental", Rfc1991 "6.2.2";
}

registry! {
    /// A symmetric-key algorithm ID, RFC 9580 section 9.3.
    pub struct SymmetricKeyAlgorithm(u8);
    /// No encryption.
    PLAINTEXT = 0, "Plaintext", Rfc9580 "9.3";
    /// IDEA.
    IDEA = 1, "IDEA", Rfc9580 "9.3";
    /// DES-EDE with a 168-bit key derived from 192.
    TRIPLE_DES = 2, "TripleDES", Rfc9580 "9.3";
    /// CAST5 with a 128-bit key.
    CAST5 = 3, "CAST5", Rfc9580 "9.3";
    /// Blowfish with a 128-bit key.
    BLOWFISH = 4, "Blowfish", Rfc9580 "9.3";
    _ = 5, "reserved (formerly SAFER-SK128)", Rfc2440 "9.2";
    _ = 6, "reserved (formerly DES/SK)", Rfc2440 "9.2";
    /// AES with a 128-bit key.
    AES_128 = 7, "AES-128", Rfc9580 "9.3";
    /// AES with a 192-bit key.
    AES_192 = 8, "AES-192", Rfc9580 "9.3";
    /// AES with a 256-bit key.
    AES_256 = 9, "AES-256", Rfc9580 "9.3";
    /// Twofish with a 256-bit key.
    TWOFISH = 10, "Twofish", Rfc9580 "9.3";
    /// Camellia with a 128-bit key.
    CAMELLIA_128 = 11, "Camellia-128", Rfc9580 "9.3";
    /// Camellia with a 192-bit key.
    CAMELLIA_192 = 12, "Camellia-192", Rfc9580 "9.3";
    /// Camellia with a 256-bit key.
    CAMELLIA_256 = 13, "Camellia-256", Rfc9580 "9.3";
    _ = 100..=110, "private or experimental", Rfc9580 "9.3";
    _ = 253..=255, "reserved", Rfc9580 "9.3", "to avoid collision with secret key encryption" Rfc9580 "9.3";
}

impl SymmetricKeyAlgorithm {
    /// The octets of a block, and so of an initialization vector. `None` if the number is no block cipher or not known.
    #[must_use]
    pub const fn block_size(self) -> Option<usize> {
        match self {
            Self::IDEA | Self::TRIPLE_DES | Self::CAST5 | Self::BLOWFISH => Some(8),
            Self::AES_128 | Self::AES_192 | Self::AES_256 | Self::TWOFISH => Some(16),
            Self::CAMELLIA_128 | Self::CAMELLIA_192 | Self::CAMELLIA_256 => Some(16),
            _ => None,
        }
    }

    /// The octets of a key. `None` if the algorithm has no key or is not known.
    #[must_use]
    pub const fn key_size(self) -> Option<usize> {
        match self {
            Self::IDEA | Self::CAST5 | Self::BLOWFISH | Self::AES_128 | Self::CAMELLIA_128 => Some(16),
            Self::TRIPLE_DES | Self::AES_192 | Self::CAMELLIA_192 => Some(24),
            Self::AES_256 | Self::TWOFISH | Self::CAMELLIA_256 => Some(32),
            _ => None,
        }
    }
}

registry! {
    /// A compression algorithm ID, RFC 9580 section 9.4.
    pub struct CompressionAlgorithm(u8);
    /// No compression.
    UNCOMPRESSED = 0, "Uncompressed", Rfc9580 "9.4";
    /// Raw DEFLATE, RFC 1951.
    ZIP = 1, "ZIP", Rfc9580 "9.4";
    /// DEFLATE in the zlib format, RFC 1950.
    ZLIB = 2, "ZLIB", Rfc9580 "9.4";
    /// bzip2.
    BZIP2 = 3, "BZip2", Rfc9580 "9.4";
    _ = 100..=110, "private or experimental", Rfc9580 "9.4";
    _ = 255, "experimental", Rfc1991 "6.3";
}

registry! {
    /// A hash algorithm ID, RFC 9580 section 9.5.
    pub struct HashAlgorithm(u8);
    _ = 0, "reserved", Rfc9580 "9.5";
    /// MD5.
    MD5 = 1, "MD5", Rfc9580 "9.5";
    /// SHA-1.
    SHA1 = 2, "SHA-1", Rfc9580 "9.5";
    /// RIPEMD-160.
    RIPEMD160 = 3, "RIPEMD-160", Rfc9580 "9.5";
    _ = 4, "reserved (formerly double-width SHA)", Rfc2440 "9.4";
    _ = 5, "reserved (formerly MD2)", Rfc2440 "9.4";
    _ = 6, "reserved (formerly TIGER/192)", Rfc2440 "9.4";
    _ = 7, "reserved (formerly HAVAL)", Rfc2440 "9.4";
    /// SHA2-256.
    SHA2_256 = 8, "SHA2-256", Rfc9580 "9.5";
    /// SHA2-384.
    SHA2_384 = 9, "SHA2-384", Rfc9580 "9.5";
    /// SHA2-512.
    SHA2_512 = 10, "SHA2-512", Rfc9580 "9.5";
    /// SHA2-224.
    SHA2_224 = 11, "SHA2-224", Rfc9580 "9.5";
    /// SHA3-256.
    SHA3_256 = 12, "SHA3-256", Rfc9580 "9.5";
    _ = 13, "reserved", Rfc9580 "9.5";
    /// SHA3-512.
    SHA3_512 = 14, "SHA3-512", Rfc9580 "9.5";
    _ = 100..=110, "private or experimental", Rfc9580 "9.5";
    _ = 255, "experimental", Rfc1991 "6.2.1";
}

impl HashAlgorithm {
    /// The name in the `Hash` header of a cleartext signed message.
    ///
    /// Names that RFC 2440 gave to numbers since reserved are included.
    #[must_use]
    pub const fn text_name(self) -> Option<&'static str> {
        match self {
            Self::MD5 => Some("MD5"),
            Self::SHA1 => Some("SHA1"),
            Self::RIPEMD160 => Some("RIPEMD160"),
            // RFC 2440 section 9.4.
            Self(5) => Some("MD2"),
            Self(6) => Some("TIGER192"),
            Self(7) => Some("HAVAL-5-160"),
            Self::SHA2_256 => Some("SHA256"),
            Self::SHA2_384 => Some("SHA384"),
            Self::SHA2_512 => Some("SHA512"),
            Self::SHA2_224 => Some("SHA224"),
            Self::SHA3_256 => Some("SHA3-256"),
            Self::SHA3_512 => Some("SHA3-512"),
            _ => None,
        }
    }

    /// The octets of salt in a version 6 signature. `None` if such a signature cannot use the number.
    #[must_use]
    pub const fn salt_size(self) -> Option<usize> {
        match self {
            Self::SHA2_224 | Self::SHA2_256 | Self::SHA3_256 => Some(16),
            Self::SHA2_384 => Some(24),
            Self::SHA2_512 | Self::SHA3_512 => Some(32),
            _ => None,
        }
    }

    /// The octets of a digest. `None` if the number is reserved or not known.
    #[must_use]
    pub const fn digest_size(self) -> Option<usize> {
        match self {
            Self::MD5 => Some(16),
            Self::SHA1 | Self::RIPEMD160 => Some(20),
            Self::SHA2_224 => Some(28),
            Self::SHA2_256 | Self::SHA3_256 => Some(32),
            Self::SHA2_384 => Some(48),
            Self::SHA2_512 | Self::SHA3_512 => Some(64),
            _ => None,
        }
    }
}

registry! {
    /// An AEAD algorithm ID, RFC 9580 section 9.6. LibrePGP calls it an encryption mode.
    pub struct AeadAlgorithm(u8);
    _ = 0, "reserved", Rfc9580 "9.6";
    /// EAX.
    EAX = 1, "EAX", Rfc9580 "9.6";
    /// OCB, RFC 7253.
    OCB = 2, "OCB", Rfc9580 "9.6";
    /// GCM.
    GCM = 3, "GCM", Rfc9580 "9.6";
    _ = 100..=110, "private or experimental", Rfc9580 "9.6";
}

impl AeadAlgorithm {
    /// The octets of a nonce. `None` if the algorithm is not known.
    #[must_use]
    pub const fn nonce_size(self) -> Option<usize> {
        match self {
            Self::EAX => Some(16),
            Self::OCB => Some(15),
            Self::GCM => Some(12),
            _ => None,
        }
    }

    /// The octets of an authentication tag. `None` if the algorithm is not known.
    #[must_use]
    pub const fn tag_size(self) -> Option<usize> {
        match self {
            Self::EAX | Self::OCB | Self::GCM => Some(16),
            _ => None,
        }
    }
}
