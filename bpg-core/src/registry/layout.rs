//! What each public-key algorithm puts on the wire: its fields, in order, as data.

use core::fmt;

use super::PublicKeyAlgorithm;

/// The fields of one public-key algorithm, wherever they occur.
#[derive(Debug, PartialEq, Eq)]
pub struct Layout {
    /// The public key material.
    pub public: &'static [FieldLayout],
    /// The secret key material, once it is decrypted.
    pub secret: &'static [FieldLayout],
    /// The signature; empty if the algorithm does not sign.
    pub signature: &'static [FieldLayout],
    /// The encrypted session key in its packet's versions 2 and 3; empty if the algorithm does not encrypt.
    pub session_key_v3: &'static [FieldLayout],
    /// The encrypted session key in its packet's version 6; empty if the algorithm does not encrypt, or not there.
    pub session_key_v6: &'static [FieldLayout],
}

/// One field of a [`Layout`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldLayout {
    /// The name, in the specification's words.
    pub name: &'static str,
    /// How it is encoded.
    pub shape: Shape,
}

/// How a field is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A multiprecision integer (RFC 9580 section 3.2), or LibrePGP's simple octet string, which has the same form.
    Mpi,
    /// A fixed number of octets.
    Octets(u16),
    /// A one-octet length and the octets of a curve's object identifier (RFC 9580 section 9.2).
    CurveOid,
    /// A one-octet length and the parameters of the ECDH key derivation (RFC 9580 section 5.5.5.6).
    KdfParameters,
    /// A four-octet length and as many octets (LibrePGP section 5.6.7).
    Counted,
    /// One octet, the ID of a symmetric-key algorithm.
    Cipher,
    /// A one-octet length and an encrypted session key.
    SessionKey,
    /// A one-octet length, the ID of a symmetric-key algorithm, and an encrypted session key.
    CipherAndSessionKey,
}

/// In a few words: `MPI`, `32 octets`.
impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Mpi => "MPI",
            Self::Octets(count) => return write!(f, "{count} octets"),
            Self::CurveOid => "one-octet length, OID",
            Self::KdfParameters => "one-octet length, parameters",
            Self::Counted => "four-octet length, octets",
            Self::Cipher => "one octet",
            Self::SessionKey => "one-octet length, octets",
            Self::CipherAndSessionKey => "one-octet length, symmetric algorithm, octets",
        })
    }
}

const fn mpi(name: &'static str) -> FieldLayout {
    FieldLayout { name, shape: Shape::Mpi }
}

const fn octets(name: &'static str, count: u16) -> FieldLayout {
    FieldLayout { name, shape: Shape::Octets(count) }
}

const fn counted(name: &'static str) -> FieldLayout {
    FieldLayout { name, shape: Shape::Counted }
}

const fn field(name: &'static str, shape: Shape) -> FieldLayout {
    FieldLayout { name, shape }
}

/// The name of the field that every algorithm of this century has.
const ENCRYPTED: &str = "encrypted session key";
const SESSION_KEY: FieldLayout = field(ENCRYPTED, Shape::SessionKey);
const CIPHER_AND_SESSION_KEY: FieldLayout = field(ENCRYPTED, Shape::CipherAndSessionKey);
const CURVE: FieldLayout = FieldLayout { name: "curve", shape: Shape::CurveOid };
const KDF_PARAMETERS: FieldLayout = FieldLayout { name: "KDF parameters", shape: Shape::KdfParameters };

/// RFC 9580 section 5.5.5.1.
const RSA: Layout = Layout {
    public: &[mpi("modulus n"), mpi("exponent e")],
    secret: &[mpi("exponent d"), mpi("prime p"), mpi("prime q"), mpi("inverse u")],
    signature: &[mpi("m^d mod n")],
    session_key_v3: &[mpi("m^e mod n")],
    session_key_v6: &[mpi("m^e mod n")],
};

/// RFC 9580 section 5.5.5.3; the signature, which only algorithm 20 has, RFC 2440 section 5.2.2.
const ELGAMAL: Layout = Layout {
    public: &[mpi("prime p"), mpi("group generator g"), mpi("public key value y")],
    secret: &[mpi("exponent x")],
    signature: &[mpi("a"), mpi("b")],
    session_key_v3: &[mpi("g^k mod p"), mpi("m * y^k mod p")],
    session_key_v6: &[mpi("g^k mod p"), mpi("m * y^k mod p")],
};

/// RFC 9580 section 5.5.5.2.
const DSA: Layout = Layout {
    public: &[mpi("prime p"), mpi("group order q"), mpi("group generator g"), mpi("public key value y")],
    secret: &[mpi("exponent x")],
    signature: &[mpi("r"), mpi("s")],
    session_key_v3: &[],
    session_key_v6: &[],
};

/// RFC 9580 section 5.5.5.6.
const ECDH: Layout = Layout {
    public: &[CURVE, mpi("point"), KDF_PARAMETERS],
    secret: &[mpi("scalar")],
    signature: &[],
    session_key_v3: &[mpi("ephemeral public key"), SESSION_KEY],
    session_key_v6: &[mpi("ephemeral public key"), SESSION_KEY],
};

/// RFC 9580 section 5.5.5.4.
const ECDSA: Layout = Layout {
    public: &[CURVE, mpi("point")],
    secret: &[mpi("scalar")],
    signature: &[mpi("r"), mpi("s")],
    session_key_v3: &[],
    session_key_v6: &[],
};

/// RFC 9580 section 5.5.5.5.
const EDDSA_LEGACY: Layout = Layout {
    public: &[CURVE, mpi("point Q")],
    secret: &[mpi("secret key")],
    signature: &[mpi("R"), mpi("S")],
    session_key_v3: &[],
    session_key_v6: &[],
};

/// RFC 9580 section 5.5.5.7.
const X25519: Layout = Layout {
    public: &[octets("public key", 32)],
    secret: &[octets("secret key", 32)],
    signature: &[],
    session_key_v3: &[octets("ephemeral public key", 32), CIPHER_AND_SESSION_KEY],
    session_key_v6: &[octets("ephemeral public key", 32), SESSION_KEY],
};

/// RFC 9580 section 5.5.5.8.
const X448: Layout = Layout {
    public: &[octets("public key", 56)],
    secret: &[octets("secret key", 56)],
    signature: &[],
    session_key_v3: &[octets("ephemeral public key", 56), CIPHER_AND_SESSION_KEY],
    session_key_v6: &[octets("ephemeral public key", 56), SESSION_KEY],
};

/// RFC 9580 section 5.5.5.9.
const ED25519: Layout = Layout {
    public: &[octets("public key", 32)],
    secret: &[octets("secret key", 32)],
    signature: &[octets("signature", 64)],
    session_key_v3: &[],
    session_key_v6: &[],
};

/// RFC 9580 section 5.5.5.10.
const ED448: Layout = Layout {
    public: &[octets("public key", 57)],
    secret: &[octets("secret key", 57)],
    signature: &[octets("signature", 114)],
    session_key_v3: &[],
    session_key_v6: &[],
};

/// LibrePGP section 5.6.7. Which of ML-KEM-768 and ML-KEM-1024 it is follows from the octet counts.
const KYBER: Layout = Layout {
    public: &[CURVE, mpi("point"), counted("ML-KEM public key")],
    secret: &[mpi("scalar"), counted("ML-KEM secret key")],
    signature: &[],
    session_key_v3: &[
        mpi("ephemeral public key"),
        counted("ML-KEM ciphertext"),
        field("symmetric algorithm", Shape::Cipher),
        SESSION_KEY,
    ],
    session_key_v6: &[],
};

/// RFC 9980 section 5.3.
const ML_DSA_65_ED25519: Layout = Layout {
    public: &[octets("Ed25519 public key", 32), octets("ML-DSA-65 public key", 1952)],
    secret: &[octets("Ed25519 secret key", 32), octets("ML-DSA-65 seed", 32)],
    signature: &[octets("Ed25519 signature", 64), octets("ML-DSA-65 signature", 3309)],
    session_key_v3: &[],
    session_key_v6: &[],
};

/// RFC 9980 section 5.3.
const ML_DSA_87_ED448: Layout = Layout {
    public: &[octets("Ed448 public key", 57), octets("ML-DSA-87 public key", 2592)],
    secret: &[octets("Ed448 secret key", 57), octets("ML-DSA-87 seed", 32)],
    signature: &[octets("Ed448 signature", 114), octets("ML-DSA-87 signature", 4627)],
    session_key_v3: &[],
    session_key_v6: &[],
};

/// RFC 9980 section 6.2.
const fn slh_dsa(
    public: &'static [FieldLayout],
    secret: &'static [FieldLayout],
    signature: &'static [FieldLayout],
) -> Layout {
    Layout { public, secret, signature, session_key_v3: &[], session_key_v6: &[] }
}

const SLH_DSA_SHAKE_128S: Layout =
    slh_dsa(&[octets("public key", 32)], &[octets("secret key", 64)], &[octets("signature", 7856)]);
const SLH_DSA_SHAKE_128F: Layout =
    slh_dsa(&[octets("public key", 32)], &[octets("secret key", 64)], &[octets("signature", 17_088)]);
const SLH_DSA_SHAKE_256S: Layout =
    slh_dsa(&[octets("public key", 64)], &[octets("secret key", 128)], &[octets("signature", 29_792)]);

/// RFC 9980 section 4.3.
const ML_KEM_768_X25519: Layout = Layout {
    public: &[octets("X25519 public key", 32), octets("ML-KEM-768 public key", 1184)],
    secret: &[octets("X25519 secret key", 32), octets("ML-KEM-768 seed", 64)],
    signature: &[],
    session_key_v3: &[octets("X25519 ciphertext", 32), octets("ML-KEM-768 ciphertext", 1088), CIPHER_AND_SESSION_KEY],
    session_key_v6: &[octets("X25519 ciphertext", 32), octets("ML-KEM-768 ciphertext", 1088), SESSION_KEY],
};

/// RFC 9980 section 4.3.
const ML_KEM_1024_X448: Layout = Layout {
    public: &[octets("X448 public key", 56), octets("ML-KEM-1024 public key", 1568)],
    secret: &[octets("X448 secret key", 56), octets("ML-KEM-1024 seed", 64)],
    signature: &[],
    session_key_v3: &[octets("X448 ciphertext", 56), octets("ML-KEM-1024 ciphertext", 1568), CIPHER_AND_SESSION_KEY],
    session_key_v6: &[octets("X448 ciphertext", 56), octets("ML-KEM-1024 ciphertext", 1568), SESSION_KEY],
};

impl PublicKeyAlgorithm {
    /// The algorithm's fields, `None` if no specification says what they are: reserved, private and unassigned IDs.
    #[inline]
    #[must_use]
    pub const fn layout(self) -> Option<&'static Layout> {
        Some(match self {
            Self::RSA | Self::RSA_ENCRYPT_ONLY | Self::RSA_SIGN_ONLY => &RSA,
            Self::KYBER => &KYBER,
            Self::ELGAMAL_ENCRYPT_ONLY | Self::ELGAMAL_ENCRYPT_OR_SIGN => &ELGAMAL,
            Self::DSA => &DSA,
            Self::ECDH => &ECDH,
            Self::ECDSA => &ECDSA,
            Self::EDDSA_LEGACY => &EDDSA_LEGACY,
            Self::X25519 => &X25519,
            Self::X448 => &X448,
            Self::ED25519 => &ED25519,
            Self::ED448 => &ED448,
            Self::ML_DSA_65_ED25519 => &ML_DSA_65_ED25519,
            Self::ML_DSA_87_ED448 => &ML_DSA_87_ED448,
            Self::SLH_DSA_SHAKE_128S => &SLH_DSA_SHAKE_128S,
            Self::SLH_DSA_SHAKE_128F => &SLH_DSA_SHAKE_128F,
            Self::SLH_DSA_SHAKE_256S => &SLH_DSA_SHAKE_256S,
            Self::ML_KEM_768_X25519 => &ML_KEM_768_X25519,
            Self::ML_KEM_1024_X448 => &ML_KEM_1024_X448,
            _ => return None,
        })
    }
}
