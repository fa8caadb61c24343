//! Signature subpackets (RFC 9580 sections 5.2.3.7 to 5.2.3.36, LibrePGP section 5.2.3).

use crate::error::Error;
use crate::fingerprint::{KeyId, VersionedFingerprint};
use crate::octets::Octets;
use crate::packet::signature::area::area_name;
use crate::packet::signature::{MAX_EMBEDDING, NAME, Signature, open_embedded};
use crate::packet::subpacket_header::{SUBPACKET, SubpacketHeader};
use crate::parse::{self, Fault, Parsed, Unsaid};
use crate::registry::{HashAlgorithm, PublicKeyAlgorithm, ReasonForRevocation, SubpacketType};
use crate::time::Timestamp;

/// A signature subpacket, delimited: its type is known, its value is read when it is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Subpacket<'a> {
    header: SubpacketHeader<'a>,
    is_hashed: bool,
    depth: u8,
}

impl<'a> Subpacket<'a> {
    #[inline]
    pub(super) const fn new(header: SubpacketHeader<'a>, is_hashed: bool, depth: u8) -> Self {
        Self { header, is_hashed, depth }
    }

    /// All octets of the subpacket, its length and type included.
    #[must_use]
    pub const fn wire(self) -> Octets<'a> {
        self.header.wire
    }

    /// The type, without the critical bit.
    #[inline]
    #[must_use]
    pub const fn subpacket_type(self) -> SubpacketType {
        SubpacketType(self.header.type_octet & 0x7f)
    }

    /// "Bit 7 of the encoded Subpacket Type ID is the critical bit. If set, it denotes that the subpacket is one that is
    /// critical for the evaluator of the signature to recognize."
    #[inline]
    #[must_use]
    pub const fn is_critical(self) -> bool {
        self.header.type_octet & 0x80 != 0
    }

    /// The octets behind the type.
    #[inline]
    #[must_use]
    pub fn body(self) -> Octets<'a> {
        self.header.body()
    }

    /// In how many signatures that of this subpacket is embedded.
    #[must_use]
    pub const fn depth(self) -> u8 {
        self.depth
    }

    /// Interprets the body. An unknown type gives [`SubpacketValue::Unknown`].
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Truncated`](crate::error::ErrorKind::Truncated) or [`ErrorKind::Trailing`](crate::error::ErrorKind::Trailing) if the body is not of the length that its type or its own counts
    /// ask for.
    #[inline]
    pub fn value(self) -> Result<SubpacketValue<'a>, Error> {
        match self.well_formed_value() {
            Ok(value) => Ok(value),
            Err(_) => {
                let (subpacket_type, body) = (self.subpacket_type(), self.body());
                value_again(subpacket_type, body.as_slice(), body.start(), self.is_hashed)
            }
        }
    }

    /// [`value`](Self::value), for somebody who asks that for what is wrong.
    #[inline]
    pub(crate) fn well_formed_value(self) -> Result<SubpacketValue<'a>, Unsaid> {
        SubpacketValue::parse(self.subpacket_type(), self.body(), self.depth, false)
    }
}

/// Reads what is malformed, to say what is wrong. It takes apart what it needs of a subpacket, so that none has to be put into
/// memory for a call that is not made.
#[cold]
fn value_again(
    subpacket_type: SubpacketType,
    body: &[u8],
    start: u64,
    is_hashed: bool,
) -> Result<SubpacketValue<'_>, Error> {
    // The depth is that of a value which is never malformed here.
    SubpacketValue::parse(subpacket_type, Octets::new(body, start), 0, false).map_err(|error: Error| {
        let name = subpacket_type.name().unwrap_or(SUBPACKET);
        error.within(name).within(area_name(is_hashed)).within(NAME)
    })
}

/// Declares [`SubpacketValue`] and its dispatch: a row names the subpacket type, the variant with what it holds, and the
/// function that reads a body.
macro_rules! subpackets {
    ($($(#[$meta:meta])* $TYPE:ident => $Variant:ident($Value:ty) by $read:expr;)*) => {
        /// What a signature subpacket says.
        ///
        /// Lists of algorithms and flags stay octets, and so do booleans: 0 is false, 1 is true, others are unspecified.
        /// Texts are octets because nothing makes sure that they are UTF-8.
        #[derive(Clone, Copy, Debug)]
        #[non_exhaustive]
        pub enum SubpacketValue<'a> {
            $($(#[$meta])* $Variant($Value),)*
            /// A signature within this one, RFC 9580 section 5.2.3.34.
            EmbeddedSignature(EmbeddedSignature<'a>),
            /// A subpacket whose type is unassigned, reserved or private.
            Unknown(Octets<'a>),
        }

        impl<'a> SubpacketValue<'a> {
            #[inline]
            pub(crate) fn parse<F: Fault>(
                subpacket_type: SubpacketType,
                body: Octets<'a>,
                depth: u8,
                is_lenient: bool,
            ) -> Result<Self, F> {
                match subpacket_type {
                    $(SubpacketType::$TYPE => match parse::region(body, is_lenient, $read) {
                        Ok(value) => Ok(Self::$Variant(value)),
                        Err(fault) => Err(fault),
                    },)*
                    SubpacketType::EMBEDDED_SIGNATURE => {
                        Ok(Self::EmbeddedSignature(EmbeddedSignature { body, depth }))
                    }
                    _ => Ok(Self::Unknown(body)),
                }
            }
        }
    };
}

subpackets! {
    /// When the signature was made, RFC 9580 section 5.2.3.11.
    SIGNATURE_CREATION_TIME => SignatureCreationTime(Timestamp) by timestamp;
    /// Seconds from the signature's creation to its expiration, 0 for never, RFC 9580 section 5.2.3.18.
    SIGNATURE_EXPIRATION_TIME => SignatureExpirationTime(u32) by parse::u32;
    /// Whether others than the issuer are to see the certification, RFC 9580 section 5.2.3.19.
    EXPORTABLE_CERTIFICATION => ExportableCertification(u8) by parse::u8;
    /// How far the signed key is trusted to certify others, RFC 9580 section 5.2.3.21.
    TRUST_SIGNATURE => TrustSignature(TrustSignature) by trust_signature;
    /// Which user IDs a trust signature is about, RFC 9580 section 5.2.3.22. The octets include the 0 that ends them.
    REGULAR_EXPRESSION => RegularExpression(Octets<'a>) by parse::rest;
    /// Whether the signature can be revoked, RFC 9580 section 5.2.3.20.
    REVOCABLE => Revocable(u8) by parse::u8;
    /// Seconds from the key's creation to its expiration, 0 for never, RFC 9580 section 5.2.3.13.
    KEY_EXPIRATION_TIME => KeyExpirationTime(u32) by parse::u32;
    /// Symmetric algorithm IDs, most preferred first, RFC 9580 section 5.2.3.14.
    PREFERRED_SYMMETRIC_CIPHERS => PreferredSymmetricCiphers(Octets<'a>) by parse::rest;
    /// A key that may revoke this one, RFC 9580 section 5.2.3.23.
    REVOCATION_KEY => RevocationKey(RevocationKey<'a>) by revocation_key;
    /// The key ID of the issuer, RFC 9580 section 5.2.3.12.
    ISSUER_KEY_ID => IssuerKeyId(KeyId) by key_id;
    /// A name and a value of the issuer's choice, RFC 9580 section 5.2.3.24.
    NOTATION_DATA => NotationData(NotationData<'a>) by notation_data;
    /// Hash algorithm IDs, most preferred first, RFC 9580 section 5.2.3.16.
    PREFERRED_HASH_ALGORITHMS => PreferredHashAlgorithms(Octets<'a>) by parse::rest;
    /// Compression algorithm IDs, most preferred first, RFC 9580 section 5.2.3.17.
    PREFERRED_COMPRESSION_ALGORITHMS => PreferredCompressionAlgorithms(Octets<'a>) by parse::rest;
    /// Flags: see [`KeyServerPreference`](crate::registry::KeyServerPreference), RFC 9580 section 5.2.3.25.
    KEY_SERVER_PREFERENCES => KeyServerPreferences(Octets<'a>) by parse::rest;
    /// The URI of a key server, RFC 9580 section 5.2.3.26.
    PREFERRED_KEY_SERVER => PreferredKeyServer(Octets<'a>) by parse::rest;
    /// Whether the certified user ID is the main one, RFC 9580 section 5.2.3.27.
    PRIMARY_USER_ID => PrimaryUserId(u8) by parse::u8;
    /// The URI of the policy under which the signature was made, RFC 9580 section 5.2.3.28.
    POLICY_URI => PolicyUri(Octets<'a>) by parse::rest;
    /// Flags: see [`KeyFlag`](crate::registry::KeyFlag), RFC 9580 section 5.2.3.29.
    KEY_FLAGS => KeyFlags(Octets<'a>) by parse::rest;
    /// Which of the issuer's user IDs made the signature, RFC 9580 section 5.2.3.30.
    SIGNERS_USER_ID => SignersUserId(Octets<'a>) by parse::rest;
    /// Why a key or certification is revoked, RFC 9580 section 5.2.3.31.
    REASON_FOR_REVOCATION => ReasonForRevocation(Reason<'a>) by reason;
    /// Flags: see [`Feature`](crate::registry::Feature), RFC 9580 section 5.2.3.32.
    FEATURES => Features(Octets<'a>) by parse::rest;
    /// The signature that this one is about, RFC 9580 section 5.2.3.33.
    SIGNATURE_TARGET => SignatureTarget(SignatureTarget<'a>) by signature_target;
    /// The fingerprint of the issuer, RFC 9580 section 5.2.3.35.
    ISSUER_FINGERPRINT => IssuerFingerprint(VersionedFingerprint<'a>) by VersionedFingerprint::parse_prefix;
    /// Encryption mode IDs, most preferred first, LibrePGP section 5.2.3.8.
    PREFERRED_ENCRYPTION_MODES => PreferredEncryptionModes(Octets<'a>) by parse::rest;
    /// The fingerprint of a recipient of the encrypted message, RFC 9580 section 5.2.3.36.
    INTENDED_RECIPIENT_FINGERPRINT => IntendedRecipientFingerprint(VersionedFingerprint<'a>) by VersionedFingerprint::parse_prefix;
    /// Digests of the certifications that the keyholder attests to, LibrePGP section 5.2.3.31.
    ATTESTED_CERTIFICATIONS => AttestedCertifications(Octets<'a>) by parse::rest;
    /// The key that made the signature, LibrePGP section 5.2.3.32.
    KEY_BLOCK => KeyBlock(KeyBlock<'a>) by key_block;
    /// Pairs of symmetric algorithm ID and AEAD algorithm ID, most preferred first, RFC 9580 section 5.2.3.15.
    PREFERRED_AEAD_CIPHERSUITES => PreferredAeadCiphersuites(Octets<'a>) by pairs;
    /// A digest of the literal data's metadata, LibrePGP section 5.2.3.33.
    LITERAL_DATA_META_HASH => LiteralDataMetaHash(LiteralDataMetaHash<'a>) by literal_data_meta_hash;
    /// A mail address that stands for the one in the user ID, LibrePGP section 5.2.3.16.
    TRUST_ALIAS => TrustAlias(Octets<'a>) by parse::rest;
}

/// A signature within a signature, opened when it is asked for.
#[derive(Clone, Copy, Debug)]
pub struct EmbeddedSignature<'a> {
    body: Octets<'a>,
    depth: u8,
}

impl<'a> EmbeddedSignature<'a> {
    /// "A complete Signature packet body."
    #[must_use]
    pub const fn body(self) -> Octets<'a> {
        self.body
    }

    /// Interprets the body, `None` if it is of an unknown version.
    ///
    /// # Errors
    ///
    /// Those of any signature, and [`ErrorKind::NestingTooDeep`](crate::error::ErrorKind::NestingTooDeep) beyond
    /// [`MAX_EMBEDDING`].
    pub fn open(self) -> Result<Option<Signature<'a>>, Error> {
        let name = SubpacketType::EMBEDDED_SIGNATURE.name().unwrap_or(SUBPACKET);
        open_embedded(self.body, self.depth).map_err(|error| error.within(name))
    }

    /// In how many signatures this one is embedded.
    pub(crate) const fn depth(self) -> u8 {
        self.depth.saturating_add(1)
    }

    /// Whether the depth is one that is interpreted.
    pub(crate) const fn is_open(self) -> bool {
        self.depth() <= MAX_EMBEDDING
    }
}

/// How far the signed key is trusted to certify others (RFC 9580 section 5.2.3.21).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrustSignature {
    /// "Level 0 has the same meaning as an ordinary validity signature. Level 1 means that the signed key is asserted to be
    /// a valid trusted introducer", and so on.
    pub level: u8,
    /// "Values less than 120 indicate partial trust and values of 120 or greater indicate complete trust."
    pub amount: u8,
}

fn trust_signature<F: Fault>(input: Octets<'_>) -> Parsed<'_, TrustSignature, F> {
    let (rest, [level, amount]) = parse::array(input)?;
    Ok((rest, TrustSignature { level, amount }))
}

/// A key that may revoke this one (RFC 9580 section 5.2.3.23).
#[derive(Clone, Copy, Debug)]
pub struct RevocationKey<'a> {
    /// Bit 0x80 is always set; bit 0x40 says that the relationship is sensitive.
    pub class: u8,
    /// The algorithm of the revoking key.
    pub algorithm: PublicKeyAlgorithm,
    /// The fingerprint of the revoking key, 20 octets for a version 4 key.
    pub fingerprint: Octets<'a>,
}

fn revocation_key<F: Fault>(input: Octets<'_>) -> Parsed<'_, RevocationKey<'_>, F> {
    let (rest, class) = parse::named("class", parse::u8)(input)?;
    let (rest, algorithm) = parse::named("algorithm", parse::u8)(rest)?;
    // "20 octets of version 4 fingerprint"; LibrePGP section 5.2.3.17 has 32 for version 5.
    let size = if rest.len() <= 20 { 20 } else { 32 };
    let (rest, fingerprint) = parse::named("fingerprint", parse::take(size))(rest)?;
    Ok((rest, RevocationKey { class, algorithm: PublicKeyAlgorithm(algorithm), fingerprint }))
}

/// A name and a value of the issuer's choice (RFC 9580 section 5.2.3.24).
#[derive(Clone, Copy, Debug)]
pub struct NotationData<'a> {
    /// From the flags on. Of the parts, only the lengths are kept, because three regions would more than double the size of
    /// every value of a subpacket.
    octets: Octets<'a>,
    name_length: u16,
    value_length: u16,
}

/// How many octets the flags of a notation have.
const NOTATION_FLAGS: usize = 4;
/// Where its name is, behind the flags and both lengths.
const NOTATION_NAME: usize = 8;

impl<'a> NotationData<'a> {
    /// Four octets of flags: see [`NotationFlag`](crate::registry::NotationFlag).
    #[must_use]
    pub fn flags(&self) -> Octets<'a> {
        self.octets.part(0, NOTATION_FLAGS)
    }

    /// The name, such as `preferred-email@example.org`.
    #[must_use]
    pub fn name(&self) -> Octets<'a> {
        self.octets.part(NOTATION_NAME, usize::from(self.name_length))
    }

    /// The value, UTF-8 text if the flag human-readable is set.
    #[must_use]
    pub fn value(&self) -> Octets<'a> {
        let start = NOTATION_NAME.saturating_add(usize::from(self.name_length));
        self.octets.part(start, usize::from(self.value_length))
    }

    /// Whether the value is text: the first octet has the value 0x80.
    #[must_use]
    pub fn is_human_readable(&self) -> bool {
        self.flags().as_slice().first().is_some_and(|octet| octet & 0x80 != 0)
    }
}

/// "4 octets of flags, 2 octets of name length (M), 2 octets of value length (N), M octets of name data, N octets of value
/// data."
fn notation_data<F: Fault>(input: Octets<'_>) -> Parsed<'_, NotationData<'_>, F> {
    let (rest, _) = parse::named("flags", parse::take(NOTATION_FLAGS))(input)?;
    let (rest, name_length) = parse::named("name length", parse::u16)(rest)?;
    let (rest, value_length) = parse::named("value length", parse::u16)(rest)?;
    let (rest, _) = parse::named("name", parse::take(usize::from(name_length)))(rest)?;
    let (rest, _) = parse::named("value", parse::take(usize::from(value_length)))(rest)?;
    Ok((rest, NotationData { octets: input, name_length, value_length }))
}

/// Why a key or certification is revoked (RFC 9580 section 5.2.3.31).
#[derive(Clone, Copy, Debug)]
pub struct Reason<'a> {
    /// The reason.
    pub code: ReasonForRevocation,
    /// The reason in the issuer's words, in UTF-8.
    pub text: Octets<'a>,
}

fn reason<F: Fault>(input: Octets<'_>) -> Parsed<'_, Reason<'_>, F> {
    let (rest, code) = parse::named("code", parse::u8)(input)?;
    let (rest, text) = parse::rest(rest)?;
    Ok((rest, Reason { code: ReasonForRevocation(code), text }))
}

/// The signature that this one is about (RFC 9580 section 5.2.3.33).
#[derive(Clone, Copy, Debug)]
pub struct SignatureTarget<'a> {
    /// The target's public-key algorithm.
    pub public_key_algorithm: PublicKeyAlgorithm,
    /// The target's hash algorithm.
    pub hash_algorithm: HashAlgorithm,
    /// The target's digest.
    pub digest: Octets<'a>,
}

fn signature_target<F: Fault>(input: Octets<'_>) -> Parsed<'_, SignatureTarget<'_>, F> {
    let (rest, public_key_algorithm) = parse::named("public-key algorithm", parse::u8)(input)?;
    let (rest, hash_algorithm) = parse::named("hash algorithm", parse::u8)(rest)?;
    let (rest, digest) = parse::rest(rest)?;
    let target = SignatureTarget {
        public_key_algorithm: PublicKeyAlgorithm(public_key_algorithm),
        hash_algorithm: HashAlgorithm(hash_algorithm),
        digest,
    };
    Ok((rest, target))
}

/// The key that made the signature (LibrePGP section 5.2.3.32): "1 octet with value 0, N octets of key data".
#[derive(Clone, Copy, Debug)]
pub struct KeyBlock<'a> {
    /// The reserved first octet; the key is to be ignored if it is not 0.
    pub reserved: u8,
    /// A transferable public key, as packets.
    pub key: Octets<'a>,
}

fn key_block<F: Fault>(input: Octets<'_>) -> Parsed<'_, KeyBlock<'_>, F> {
    let (rest, reserved) = parse::named("reserved octet", parse::u8)(input)?;
    let (rest, key) = parse::rest(rest)?;
    Ok((rest, KeyBlock { reserved, key }))
}

/// A digest of the literal data's metadata (LibrePGP section 5.2.3.33): "1 octet with value 0, 32 octets hash value".
#[derive(Clone, Copy, Debug)]
pub struct LiteralDataMetaHash<'a> {
    /// The reserved first octet.
    pub reserved: u8,
    /// The SHA2-256 digest.
    pub digest: Octets<'a>,
}

fn literal_data_meta_hash<F: Fault>(input: Octets<'_>) -> Parsed<'_, LiteralDataMetaHash<'_>, F> {
    let (rest, reserved) = parse::named("reserved octet", parse::u8)(input)?;
    let (rest, digest) = parse::named("digest", parse::take(32))(rest)?;
    Ok((rest, LiteralDataMetaHash { reserved, digest }))
}

/// Octets in pairs; one that has no partner is left over.
fn pairs<F: Fault>(input: Octets<'_>) -> Parsed<'_, Octets<'_>, F> {
    parse::take(input.len().saturating_sub(input.len() % 2))(input)
}

fn timestamp<F: Fault>(input: Octets<'_>) -> Parsed<'_, Timestamp, F> {
    let (rest, seconds) = parse::u32(input)?;
    Ok((rest, Timestamp(seconds)))
}

fn key_id<F: Fault>(input: Octets<'_>) -> Parsed<'_, KeyId, F> {
    let (rest, octets) = parse::array(input)?;
    Ok((rest, KeyId(octets)))
}
