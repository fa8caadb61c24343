//! Transferable keys (RFC 9580 sections 10.1 and 10.2).

use core::iter::FusedIterator;

use super::OutOfPlace;
use super::walk::{Kind, Walk};
use crate::error::Error;
use crate::fingerprint::{Fingerprint, KeyId};
use crate::framing::RawPacket;
use crate::octets::Octets;
use crate::packet::signature::{Area, SignedOctets, SubpacketValue};
use crate::packet::{Packet, PublicKey, Signature};
use crate::registry::{SignatureType, SubpacketType};

/// A transferable key: a primary key with its user IDs, user attributes and subkeys, and the signatures over all of them.
#[derive(Clone, Copy, Debug)]
pub struct TransferableKey<'a> {
    wire: Octets<'a>,
    primary: RawPacket<'a>,
    is_secret: bool,
    /// The number of octets of ignored packets at the end.
    ignored: usize,
}

impl<'a> TransferableKey<'a> {
    /// Steps over the key that starts at `start`, of which `walk` is in front of the primary key.
    pub(super) fn read(start: Octets<'a>, walk: &mut Walk<'a>) -> Option<Self> {
        let primary = walk.packet()?;
        let mut is_secret = false;
        loop {
            is_secret |= walk.packet().is_some_and(|raw| raw.packet_type().is_secret());
            walk.advance();
            match walk.kind() {
                Some(Kind::Subkey | Kind::UserId | Kind::UserAttribute | Kind::Signature) => {}
                Some(Kind::Padding | Kind::Ignored | Kind::Foreign(_)) => {}
                // Another key, or a message.
                _ => break,
            }
        }
        Some(Self { wire: start.before(walk.rest()), primary, is_secret, ignored: walk.ignored() })
    }

    /// The octets of all packets of the key.
    #[must_use]
    pub const fn wire(&self) -> Octets<'a> {
        self.wire
    }

    /// The packet of the primary key.
    #[must_use]
    pub const fn primary(&self) -> RawPacket<'a> {
        self.primary
    }

    /// The public part of the primary key, `None` if it is malformed, of an unknown version, or a secret key of which nobody
    /// knows where the public part ends.
    #[must_use]
    pub fn public(&self) -> Option<PublicKey<'a>> {
        public_part(&self.primary)
    }

    /// Whether this is a transferable secret key: "If a single Secret Key or Secret Subkey packet is included in a packet
    /// sequence, it is a Transferable Secret Key."
    #[must_use]
    pub const fn is_secret(&self) -> bool {
        self.is_secret
    }

    /// What the key is made of, in order: the primary key first, then user IDs, user attributes and subkeys. The components
    /// hold all packets of the key.
    #[must_use]
    pub fn components(&self) -> Components<'a> {
        Components {
            walk: Walk::new(self.wire),
            owner: Owner::of(self.public()),
            ignored: self.ignored,
            has_subkey: false,
        }
    }

    /// The user IDs.
    pub fn user_ids(&self) -> impl Iterator<Item = Component<'a>> + use<'a> {
        self.of(ComponentKind::UserId)
    }

    /// The user attributes.
    pub fn user_attributes(&self) -> impl Iterator<Item = Component<'a>> + use<'a> {
        self.of(ComponentKind::UserAttribute)
    }

    /// The subkeys, public and secret ones.
    pub fn subkeys(&self) -> impl Iterator<Item = Component<'a>> + use<'a> {
        self.of(ComponentKind::Subkey)
    }

    fn of(&self, kind: ComponentKind) -> impl Iterator<Item = Component<'a>> + use<'a> {
        self.components().filter(move |component| component.kind == kind)
    }
}

/// The public part of a key or subkey, if `raw` is one that is well-formed.
fn public_part<'a>(raw: &RawPacket<'a>) -> Option<PublicKey<'a>> {
    match raw.interpret() {
        Ok(Packet::PublicKey(key) | Packet::PublicSubkey(key)) => Some(key),
        Ok(Packet::SecretKey(key) | Packet::SecretSubkey(key)) => Some(key.public()),
        _ => None,
    }
}

/// Iterates over the components of a key: see [`TransferableKey::components`].
#[derive(Clone, Debug)]
pub struct Components<'a> {
    walk: Walk<'a>,
    owner: Owner<'a>,
    ignored: usize,
    has_subkey: bool,
}

impl<'a> Iterator for Components<'a> {
    type Item = Component<'a>;

    fn next(&mut self) -> Option<Component<'a>> {
        let walk = &mut self.walk;
        let start = walk.rest();
        // In front of the primary key there may be a marker.
        walk.skip_while(|kind| !kind.is_head());
        let (head, kind) = (walk.packet()?, ComponentKind::of(walk.kind()?)?);
        walk.advance();
        walk.skip_while(|kind| !kind.is_head());
        let out_of_place = match kind {
            ComponentKind::UserId | ComponentKind::UserAttribute if self.has_subkey => Some(OutOfPlace::BehindSubkey),
            _ => None,
        };
        self.has_subkey |= kind == ComponentKind::Subkey;
        let wire = start.before(walk.rest());
        let ignored = if walk.rest().is_empty() { self.ignored } else { 0 };
        Some(Component { wire, head, kind, owner: self.owner, ignored, out_of_place })
    }
}

impl FusedIterator for Components<'_> {}

/// What a component of a key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ComponentKind {
    /// The primary key, with the signatures directly on it.
    PrimaryKey,
    /// A user ID.
    UserId,
    /// A user attribute.
    UserAttribute,
    /// A subkey.
    Subkey,
}

impl ComponentKind {
    fn of(kind: Kind) -> Option<Self> {
        match kind {
            Kind::PrimaryKey => Some(Self::PrimaryKey),
            Kind::UserId => Some(Self::UserId),
            Kind::UserAttribute => Some(Self::UserAttribute),
            Kind::Subkey => Some(Self::Subkey),
            _ => None,
        }
    }

    /// Whether signatures of a type are over such a component.
    const fn is_signed_by(self, signature_type: SignatureType) -> bool {
        match self {
            Self::PrimaryKey => matches!(
                signature_type,
                // The last of these revokes "an earlier User ID certification signature (Type IDs 0x10 through 0x13) or
                // Direct Key signature (Type ID 0x1F)".
                SignatureType::DIRECT_KEY | SignatureType::KEY_REVOCATION | SignatureType::CERTIFICATION_REVOCATION
            ),
            Self::UserId | Self::UserAttribute => matches!(
                signature_type,
                SignatureType::GENERIC_CERTIFICATION
                    | SignatureType::PERSONA_CERTIFICATION
                    | SignatureType::CASUAL_CERTIFICATION
                    | SignatureType::POSITIVE_CERTIFICATION
                    | SignatureType::ATTESTED_KEY
                    | SignatureType::CERTIFICATION_REVOCATION
            ),
            Self::Subkey => {
                matches!(signature_type, SignatureType::SUBKEY_BINDING | SignatureType::SUBKEY_REVOCATION)
            }
        }
    }
}

/// A primary key, user ID, user attribute or subkey, with the signatures that follow it.
#[derive(Clone, Copy, Debug)]
pub struct Component<'a> {
    wire: Octets<'a>,
    head: RawPacket<'a>,
    kind: ComponentKind,
    owner: Owner<'a>,
    ignored: usize,
    out_of_place: Option<OutOfPlace>,
}

impl<'a> Component<'a> {
    /// The octets of all packets of the component.
    #[must_use]
    pub const fn wire(&self) -> Octets<'a> {
        self.wire
    }

    /// What the component is.
    #[must_use]
    pub const fn kind(&self) -> ComponentKind {
        self.kind
    }

    /// The packet that the signatures are over.
    #[must_use]
    pub const fn head(&self) -> RawPacket<'a> {
        self.head
    }

    /// The packet that the signatures are over, interpreted.
    ///
    /// # Errors
    ///
    /// Those of [`RawPacket::interpret`].
    pub fn packet(&self) -> Result<Packet<'a>, Error> {
        self.head.interpret()
    }

    /// Why the component should not be where it is: [`OutOfPlace::BehindSubkey`].
    #[must_use]
    pub const fn out_of_place(&self) -> Option<OutOfPlace> {
        self.out_of_place
    }

    /// All packets of the component in order, each with its role.
    #[must_use]
    pub fn members(&self) -> Members<'a> {
        Members { walk: Walk::new(self.wire), component: *self }
    }

    /// All signatures that are well-formed and in place.
    pub fn signatures(&self) -> impl Iterator<Item = KeySignature<'a>> + use<'a> {
        self.members().filter_map(|member| match member.role {
            Role::Signature(signature) => Some(signature),
            _ => None,
        })
    }

    /// The [signatures](Self::signatures) that name the primary key as their issuer, without revocations: self-certifications
    /// of a user ID, bindings of a subkey, direct-key signatures.
    pub fn self_signatures(&self) -> impl Iterator<Item = KeySignature<'a>> + use<'a> {
        self.signatures().filter(|signature| !signature.is_revocation() && signature.issuer == Issuer::PrimaryKey)
    }

    /// The [signatures](Self::signatures) that name another key as their issuer, without revocations: certifications by
    /// third parties.
    pub fn certifications(&self) -> impl Iterator<Item = KeySignature<'a>> + use<'a> {
        self.signatures().filter(|signature| !signature.is_revocation() && signature.issuer == Issuer::AnotherKey)
    }

    /// The [signatures](Self::signatures) that revoke, whoever issued them.
    pub fn revocations(&self) -> impl Iterator<Item = KeySignature<'a>> + use<'a> {
        self.signatures().filter(KeySignature::is_revocation)
    }

    /// What signatures of `signature_version` over this component are over, in order: the primary key, then user ID, user
    /// attribute or subkey. The second of the primary key itself is empty.
    ///
    /// That goes for bindings of a subkey too, for its revocations, and for the signature by the subkey that is embedded in
    /// its binding (type 0x19). RFC 4880 section 5.2.4 says of revocations of subkeys that they "hash only the key being
    /// revoked", but RFC 9580 section 5.2.4 tells what is done: "A Subkey Revocation signature (Type ID 0x28) first hashes
    /// the primary key and then the subkey being revoked."
    ///
    /// `None` if one of them is malformed, of an unknown version, or too long for such a signature.
    #[must_use]
    pub fn signed_octets(&self, signature_version: u8) -> Option<[SignedOctets<'a>; 2]> {
        let second = match self.kind {
            ComponentKind::PrimaryKey => SignedOctets::nothing(self.wire),
            ComponentKind::Subkey => SignedOctets::key(signature_version, public_part(&self.head)?.wire())?,
            ComponentKind::UserId => SignedOctets::user_id(signature_version, self.head.body().contiguous()?)?,
            ComponentKind::UserAttribute => {
                SignedOctets::user_attribute(signature_version, self.head.body().contiguous()?)?
            }
        };
        Some([SignedOctets::key(signature_version, self.owner.public?.wire())?, second])
    }

    /// The role of a packet of this component, behind whose start `rest` octets of it are left.
    fn role(&self, raw: &RawPacket<'a>, rest: usize) -> Role<'a> {
        match Kind::of(raw.packet_type()) {
            Kind::Signature => self.role_of_signature(raw),
            kind if kind.is_head() => Role::Head,
            Kind::Padding if rest > self.ignored => Role::OutOfPlace(OutOfPlace::Padding),
            Kind::Padding | Kind::Ignored => Role::Ignored,
            Kind::Foreign(reason) => Role::OutOfPlace(reason),
            // A key is delimited before it ever gets here, so no packet of a message is in it.
            _ => Role::OutOfPlace(OutOfPlace::PacketType),
        }
    }

    fn role_of_signature(&self, raw: &RawPacket<'a>) -> Role<'a> {
        match raw.interpret() {
            Ok(Packet::Signature(signature)) if self.kind.is_signed_by(signature.signature_type()) => {
                Role::Signature(KeySignature { raw: *raw, issuer: self.owner.issuer_of(&signature), signature })
            }
            Ok(Packet::Signature(_)) => Role::OutOfPlace(OutOfPlace::SignatureType),
            Ok(_) => Role::UnknownVersion,
            Err(error) => Role::Malformed(error),
        }
    }
}

/// Iterates over the packets of a component: see [`Component::members`].
#[derive(Clone, Debug)]
pub struct Members<'a> {
    walk: Walk<'a>,
    component: Component<'a>,
}

impl<'a> Iterator for Members<'a> {
    type Item = Member<'a>;

    fn next(&mut self) -> Option<Member<'a>> {
        let raw = self.walk.packet()?;
        let role = self.component.role(&raw, self.walk.rest().len());
        self.walk.advance();
        Some(Member { raw, role })
    }
}

impl FusedIterator for Members<'_> {}

/// A packet of a component.
#[derive(Clone, Copy, Debug)]
pub struct Member<'a> {
    raw: RawPacket<'a>,
    role: Role<'a>,
}

impl<'a> Member<'a> {
    /// The packet.
    #[must_use]
    pub const fn raw(&self) -> RawPacket<'a> {
        self.raw
    }

    /// What it is in the component.
    #[must_use]
    pub const fn role(&self) -> Role<'a> {
        self.role
    }
}

/// What a packet is in a component.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Role<'a> {
    /// The key, user ID or user attribute itself, well-formed or not: [`Component::packet`] tells.
    Head,
    /// A signature over it.
    Signature(KeySignature<'a>),
    /// A signature of an unknown version: "a signature with an unknown version SHOULD be discarded" (RFC 9580 section
    /// 10.3.2.2).
    UnknownVersion,
    /// A malformed signature, and what is wrong with it.
    Malformed(Error),
    /// A marker, a trust packet, padding at the end of the key, or a packet of an unknown type that is not critical.
    Ignored,
    /// A packet that should not be there.
    OutOfPlace(OutOfPlace),
}

/// A signature over a component of a key.
#[derive(Clone, Copy, Debug)]
pub struct KeySignature<'a> {
    raw: RawPacket<'a>,
    signature: Signature<'a>,
    issuer: Issuer,
}

impl<'a> KeySignature<'a> {
    /// The packet.
    #[must_use]
    pub const fn raw(&self) -> RawPacket<'a> {
        self.raw
    }

    /// The signature.
    #[must_use]
    pub const fn signature(&self) -> &Signature<'a> {
        &self.signature
    }

    /// Who says to have issued it.
    #[must_use]
    pub const fn issuer(&self) -> Issuer {
        self.issuer
    }

    /// Whether it revokes what it is over, or other signatures over it.
    #[must_use]
    pub const fn is_revocation(&self) -> bool {
        matches!(
            self.signature.signature_type(),
            SignatureType::KEY_REVOCATION | SignatureType::SUBKEY_REVOCATION | SignatureType::CERTIFICATION_REVOCATION
        )
    }
}

/// Who issued a signature over a component of a key, as the signature tells: nothing is verified.
///
/// Issuer fingerprints of the hashed and the unhashed area tell first, then issuer key IDs. If there are several, the primary
/// key may be any of them: a signature may name "an issuer subpacket for each key".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Issuer {
    /// The primary key of the same key: the signature is a self-signature.
    PrimaryKey,
    /// Another key, which may be a designated revoker.
    AnotherKey,
    /// The signature does not name its issuer, or the primary key cannot be identified.
    Unknown,
}

impl Issuer {
    /// What this and `other` say together.
    const fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::PrimaryKey, _) | (_, Self::PrimaryKey) => Self::PrimaryKey,
            (Self::AnotherKey, _) | (_, Self::AnotherKey) => Self::AnotherKey,
            (Self::Unknown, Self::Unknown) => Self::Unknown,
        }
    }

    const fn named(is_primary: bool) -> Self {
        if is_primary { Self::PrimaryKey } else { Self::AnotherKey }
    }
}

/// The primary key, as far as the components of a key have to know it.
#[derive(Clone, Copy, Debug)]
struct Owner<'a> {
    public: Option<PublicKey<'a>>,
    fingerprint: Option<Fingerprint>,
    key_id: Option<KeyId>,
}

impl<'a> Owner<'a> {
    fn of(public: Option<PublicKey<'a>>) -> Self {
        let fingerprint = public.and_then(PublicKey::fingerprint);
        let key_id = public.zip(fingerprint).and_then(|(key, fingerprint)| key.key_id_of(&fingerprint));
        Self { public, fingerprint, key_id }
    }

    fn issuer_of(&self, signature: &Signature<'_>) -> Issuer {
        let (mut by_fingerprint, mut by_key_id) = (Issuer::Unknown, Issuer::Unknown);
        match (signature.hashed_area(), signature.unhashed_area()) {
            (Some(hashed), Some(unhashed)) => {
                for value in issuers(hashed).chain(issuers(unhashed)) {
                    match value {
                        SubpacketValue::IssuerFingerprint(named) => {
                            by_fingerprint = by_fingerprint.or(self.named(named.version, named.fingerprint));
                        }
                        SubpacketValue::IssuerKeyId(key_id) => by_key_id = by_key_id.or(self.named_by_id(key_id)),
                        _ => {}
                    }
                }
            }
            _ => by_key_id = signature.issuer_key_id().map_or(Issuer::Unknown, |key_id| self.named_by_id(key_id)),
        }
        if by_fingerprint == Issuer::Unknown { by_key_id } else { by_fingerprint }
    }

    fn named(&self, version: u8, fingerprint: Octets<'_>) -> Issuer {
        match self.public.zip(self.fingerprint) {
            Some((key, own)) => Issuer::named(version == key.version() && fingerprint.as_slice() == own.as_slice()),
            None => Issuer::Unknown,
        }
    }

    fn named_by_id(&self, key_id: KeyId) -> Issuer {
        // A key ID of all zeros stands for nobody.
        match self.key_id {
            Some(own) if key_id != KeyId([0; 8]) => Issuer::named(key_id == own),
            _ => Issuer::Unknown,
        }
    }
}

/// The values of the subpackets in `area` that name an issuer.
fn issuers(area: Area<'_>) -> impl Iterator<Item = SubpacketValue<'_>> {
    let named = area.subpackets().flatten().filter(|subpacket| {
        matches!(subpacket.subpacket_type(), SubpacketType::ISSUER_FINGERPRINT | SubpacketType::ISSUER_KEY_ID)
    });
    named.filter_map(|subpacket| subpacket.value().ok())
}
