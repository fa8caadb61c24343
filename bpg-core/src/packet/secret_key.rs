//! Secret keys and subkeys (RFC 9580 section 5.5.3).

use core::iter::FusedIterator;

use crate::error::Error;
use crate::material::{self, FieldValue, Fields, Material};
use crate::octets::Octets;
use crate::packet::public_key::{self, PublicKey};
use crate::parse::{self, Parsed};
use crate::registry::layout::FieldLayout;
use crate::registry::{AeadAlgorithm, S2kUsage, SymmetricKeyAlgorithm};
use crate::s2k::S2k;
use crate::secret::Secret;

/// A secret key: the public part, how the secret part is protected, and the secret part.
#[derive(Clone, Copy, Debug)]
pub struct SecretKey<'a> {
    wire: Octets<'a>,
    public: PublicKey<'a>,
}

/// The name in errors.
const NAME: &str = "secret key";

impl<'a> SecretKey<'a> {
    pub(crate) fn parse(body: Octets<'a>) -> Result<Option<Self>, Error> {
        if !parse::has_version(body, public_key::VERSIONS) || Self::is_undelimited(body) {
            return Ok(None);
        }
        parse::packet(NAME, body, Self::parse_prefix)
    }

    /// Whether nobody knows where the public part ends and the secret part starts: up to version 4, the fields of the
    /// algorithm alone tell.
    fn is_undelimited(body: Octets<'a>) -> bool {
        PublicKey::parse_lenient(body).is_ok_and(|key| key.version() <= 4 && key.algorithm().layout().is_none())
    }

    fn parse_prefix(input: Octets<'a>) -> Parsed<'a, Self> {
        let (rest, public) = PublicKey::parse_prefix(input)?;
        let (rest, protection) = Protection::parse_prefix(public.version(), rest)?;
        let (rest, _) = SecretMaterial::parse_prefix(public, &protection, rest)?;
        Ok((rest, Self { wire: input.before(rest), public }))
    }

    /// What is behind the public part, read once more: it would be most of a value that is moved about for each packet.
    fn behind_public(self) -> (Protection<'a>, SecretMaterial<'a>) {
        let behind = self.wire.behind(self.public.wire().len());
        // It was read in this way before, so it can be.
        let (rest, protection) = Protection::parse_prefix(self.public.version(), behind)
            .unwrap_or_else(|_| (behind, Protection::unknown(behind)));
        let secret = SecretMaterial::parse_prefix(self.public, &protection, rest)
            .map_or_else(|_| SecretMaterial::parse_lenient(self.public, &protection, rest), |(_, secret)| secret);
        (protection, secret)
    }

    /// What can be told of a key that is not well-formed: each part if those in front of it are well-formed. The secret
    /// part may end before its last field does.
    pub(crate) fn parse_lenient(
        body: Octets<'a>,
    ) -> Result<(PublicKey<'a>, Option<(Protection<'a>, SecretMaterial<'a>)>), Error> {
        let (rest, public) = PublicKey::parse_prefix(body)?;
        let protection = Protection::parse_prefix(public.version(), rest);
        let behind =
            protection.map(|(rest, protection)| (protection, SecretMaterial::parse_lenient(public, &protection, rest)));
        Ok((public, behind.ok()))
    }

    /// All octets of the body as received.
    #[must_use]
    pub const fn wire(self) -> Octets<'a> {
        self.wire
    }

    /// The public part.
    #[must_use]
    pub const fn public(self) -> PublicKey<'a> {
        self.public
    }

    /// How the secret part is protected.
    #[must_use]
    pub fn protection(self) -> Protection<'a> {
        self.behind_public().0
    }

    /// The secret part.
    #[must_use]
    pub fn secret(self) -> SecretMaterial<'a> {
        self.behind_public().1
    }
}

/// How secret key material is protected: the fields from the S2K usage octet to the initialization vector.
#[derive(Clone, Copy, Debug)]
pub struct Protection<'a> {
    wire: Octets<'a>,
    usage: S2kUsage,
    cipher: Option<SymmetricKeyAlgorithm>,
    aead: Option<AeadAlgorithm>,
    s2k: Option<S2k<'a>>,
    iv: Octets<'a>,
}

impl<'a> Protection<'a> {
    /// One of no octets, in front of `behind`, of which only that there is one is known.
    const fn unknown(behind: Octets<'a>) -> Self {
        let nothing = Octets::new(&[], behind.start());
        Self { wire: nothing, usage: S2kUsage::AEAD, cipher: None, aead: None, s2k: None, iv: nothing }
    }

    pub(crate) fn parse_prefix(version: u8, input: Octets<'a>) -> Parsed<'a, Self> {
        Self::parse_counted(version, input, false)
    }

    /// Of octets that may be cut short and have zeros behind: what is counted need not be filled.
    pub(crate) fn parse_lenient(version: u8, input: Octets<'a>) -> Result<Self, Error> {
        let (_, protection) = Self::parse_counted(version, input, true)?;
        Ok(protection)
    }

    fn parse_counted(version: u8, input: Octets<'a>, is_lenient: bool) -> Parsed<'a, Self> {
        let (rest, usage) = parse::named("S2K usage", parse::u8)(input)?;
        let usage = S2kUsage(usage);
        // Version 5 always has the count of what follows (LibrePGP section 5.5.3), version 6 "where the secret key
        // material is encrypted (that is, where the previous octet is not zero)".
        let counted = version == 5 || version == 6 && usage != S2kUsage::UNPROTECTED;
        let (rest, mut protection) = if counted {
            let counted = parse::named("S2K parameters", parse::counted_u8)(rest)?;
            let read = |region| Self::parse_parameters(version, usage, region, is_lenient);
            parse::counted_region(counted, is_lenient, read)?
        } else {
            Self::parse_parameters(version, usage, rest, is_lenient)?
        };
        protection.wire = input.before(rest);
        Ok((rest, protection))
    }

    /// "Conditionally included S2K parameter fields": cipher, AEAD algorithm, specifier, initialization vector.
    fn parse_parameters(version: u8, usage: S2kUsage, input: Octets<'a>, is_lenient: bool) -> Parsed<'a, Self> {
        let legacy_cipher = usage.legacy_cipher();
        let has_s2k = usage != S2kUsage::UNPROTECTED && legacy_cipher.is_none();
        let (rest, cipher) = if has_s2k {
            let (rest, cipher) = parse::named("symmetric algorithm", parse::u8)(input)?;
            (rest, Some(SymmetricKeyAlgorithm(cipher)))
        } else {
            (input, legacy_cipher)
        };
        let (rest, aead) = if usage == S2kUsage::AEAD {
            let (rest, aead) = parse::named("AEAD algorithm", parse::u8)(rest)?;
            (rest, Some(AeadAlgorithm(aead)))
        } else {
            (rest, None)
        };
        let (rest, s2k) = if has_s2k {
            let (rest, s2k) = Self::parse_s2k(Self::has_s2k_length(version, usage), rest, is_lenient)?;
            (rest, Some(s2k))
        } else {
            (rest, None)
        };
        // A stub has no vector. Where the specifier's parameters are unknown, so is where they end.
        let without_iv = s2k.is_some_and(|s2k| s2k.is_stub() || !s2k.is_known());
        let size = match (aead, cipher) {
            _ if without_iv || usage == S2kUsage::UNPROTECTED => Some(0),
            // LibrePGP section 5.5.3 pads the nonce to the cipher's block size, RFC 9580 does not.
            (Some(_), Some(cipher)) if version == 5 && cipher.block_size() == Some(rest.len()) => Some(rest.len()),
            (Some(aead), _) => aead.nonce_size(),
            (None, Some(cipher)) => cipher.block_size(),
            (None, None) => Some(0),
        };
        // Of an unknown algorithm, it is all that is counted in versions 5 and 6; in the others it cannot be told from what
        // follows.
        let unknown_size = if version >= 5 { rest.len() } else { 0 };
        let iv_size = size.unwrap_or(unknown_size);
        let (rest, iv) = parse::named("initialization vector", parse::take(iv_size))(rest)?;
        Ok((rest, Self { wire: input, usage, cipher, aead, s2k, iv }))
    }

    /// "Only for a version 6 packet, and if the S2K usage octet was 253 or 254, a 1-octet count of the size of the one
    /// field following this octet."
    fn parse_s2k(is_counted: bool, input: Octets<'a>, is_lenient: bool) -> Parsed<'a, S2k<'a>> {
        let read = |input| {
            if is_counted { S2k::parse_counted(input, is_lenient) } else { S2k::parse_prefix(input) }
        };
        parse::named("S2K specifier", read)(input)
    }

    /// Whether the length of the S2K specifier precedes it.
    pub(crate) fn has_s2k_length(version: u8, usage: S2kUsage) -> bool {
        version == 6 && usage != S2kUsage::MALLEABLE_CFB
    }

    /// All octets of these fields as received.
    #[must_use]
    pub const fn wire(self) -> Octets<'a> {
        self.wire
    }

    /// The S2K usage octet.
    #[must_use]
    pub const fn usage(self) -> S2kUsage {
        self.usage
    }

    /// The cipher, `None` if there is no protection.
    #[must_use]
    pub const fn cipher(self) -> Option<SymmetricKeyAlgorithm> {
        self.cipher
    }

    /// The AEAD algorithm, if that is how the secret is protected.
    #[must_use]
    pub const fn aead(self) -> Option<AeadAlgorithm> {
        self.aead
    }

    /// How the passphrase becomes a key. `None` if there is no protection, or in the legacy form that names only a
    /// cipher and hashes the passphrase with MD5.
    #[must_use]
    pub const fn s2k(self) -> Option<S2k<'a>> {
        self.s2k
    }

    /// The initialization vector or nonce; empty if there is none, or if the algorithm that tells its size is unknown.
    #[must_use]
    pub const fn iv(self) -> Octets<'a> {
        self.iv
    }
}

/// Secret key material: fields in the clear with their checksum, or ciphertext.
#[derive(Clone, Copy, Debug)]
pub struct SecretMaterial<'a> {
    material: Material<'a>,
    encrypted: bool,
    checksum: Option<Octets<'a>>,
}

impl<'a> SecretMaterial<'a> {
    fn parse_prefix(public: PublicKey<'a>, protection: &Protection<'a>, input: Octets<'a>) -> Parsed<'a, Self> {
        let (version, encrypted) = (public.version(), protection.usage != S2kUsage::UNPROTECTED);
        let layout = Self::layout(public, protection);
        // Version 6 has none; the others keep it encrypted with the fields, except version 3.
        let has_checksum = if encrypted { layout.is_some() } else { version <= 5 };

        // "Only for a version 5 packet, a four-octet scalar octet count for the following secret key material."
        let (rest, region) = if version == 5 {
            let (rest, region) = parse::named("secret key material", parse::counted_u32)(input)?;
            (rest, Some(region))
        } else {
            (input, None)
        };
        let read = |input| Material::parse_prefix(layout, input);
        let (rest, material) = match region {
            Some(region) => (rest, Material::parse(layout, region).map_err(parse::fail)?),
            None => read(rest)?,
        };
        let (rest, checksum) = if has_checksum {
            let (rest, checksum) = parse::named("checksum", parse::take(2))(rest)?;
            (rest, Some(checksum))
        } else {
            (rest, None)
        };
        Ok((rest, Self { material, encrypted, checksum }))
    }

    /// The material, not checked; without its checksum, which follows the last field.
    fn parse_lenient(public: PublicKey<'a>, protection: &Protection<'a>, input: Octets<'a>) -> Self {
        let region = match public.version() {
            5 => parse::u32::<Error>(input).map_or(input, |(rest, _)| rest),
            _ => input,
        };
        let encrypted = protection.usage != S2kUsage::UNPROTECTED;
        Self { material: Material::unchecked(Self::layout(public, protection), region), encrypted, checksum: None }
    }

    /// The layout of the material, `None` if its fields cannot be told apart.
    fn layout(public: PublicKey<'a>, protection: &Protection<'a>) -> Option<&'static [FieldLayout]> {
        let usage = protection.usage;
        // With version 3 keys, the MPI bit count prefix is not encrypted: the fields can be told apart all the same, and
        // "the checksum is stored in the clear". This is so in the forms of protection that such keys have had.
        let is_of_v3 = usage.legacy_cipher().is_some() || usage == S2kUsage::MALLEABLE_CFB;
        let is_known = protection.s2k.is_none_or(|s2k| s2k.is_known() && !s2k.is_stub());
        let is_told_apart = usage == S2kUsage::UNPROTECTED || public.version() <= 3 && is_of_v3 && is_known;
        public.algorithm().layout().map(|layout| layout.secret).filter(|_| is_told_apart)
    }

    /// Whether the material is encrypted.
    #[must_use]
    pub const fn is_encrypted(self) -> bool {
        self.encrypted
    }

    /// All of the material as received, without the checksum.
    #[must_use]
    pub const fn wire(self) -> Secret<'a> {
        Secret::new(self.material.wire())
    }

    /// The fields. Encrypted material, and that of an unknown algorithm, is one field; in versions 2 and 3 the fields are
    /// told apart even then, as only their integers are encrypted.
    #[must_use]
    pub fn fields(self) -> SecretFields<'a> {
        SecretFields(self.material.fields())
    }

    /// The checksum behind the material, if it is in the clear.
    #[must_use]
    pub fn checksum(self) -> Option<Checksum<'a>> {
        let octets = self.checksum?;
        let (stored, _) = octets.split_array()?;
        // The sum is over the plaintext, so that of encrypted material cannot be told.
        let due = (!self.encrypted).then(|| material::checksum(self.material.wire().as_slice()));
        Some(Checksum { octets, stored: u16::from_be_bytes(stored), due })
    }
}

/// A checksum over secret key material: "the algebraic sum, mod 65536, of the plaintext of all the algorithm-specific
/// octets".
#[derive(Clone, Copy, Debug)]
pub struct Checksum<'a> {
    /// The checksum's octets.
    pub octets: Octets<'a>,
    /// The checksum as stored.
    pub stored: u16,
    /// The checksum that is due, `None` if the material is encrypted.
    pub due: Option<u16>,
}

/// Iterates over the fields of [`SecretMaterial`].
#[derive(Clone, Debug)]
pub struct SecretFields<'a>(Fields<'a>);

impl<'a> Iterator for SecretFields<'a> {
    type Item = SecretField<'a>;

    fn next(&mut self) -> Option<SecretField<'a>> {
        let field = self.0.next()?;
        let value = match field.value {
            FieldValue::Mpi(mpi) => mpi.octets(),
            FieldValue::Octets(octets) => octets,
            // No layout of secret material has one of these.
            FieldValue::Curve(_) | FieldValue::Kdf(_) | FieldValue::Cipher(_) | FieldValue::SessionKey(_) => field.wire,
        };
        Some(SecretField { name: field.name, wire: Secret::new(field.wire), value: Secret::new(value) })
    }
}

impl FusedIterator for SecretFields<'_> {}

/// One field of [`SecretMaterial`].
#[derive(Clone, Copy, Debug)]
pub struct SecretField<'a> {
    /// The name, in the specification's words.
    pub name: &'static str,
    /// All octets of the field, its length included.
    pub wire: Secret<'a>,
    /// The secret without the length that may precede it.
    pub value: Secret<'a>,
}
