//! Walks over everything that an interpreted packet offers, without allocating.

use std::hint::black_box;
use std::ops::AddAssign;

use bpg_core::error::Error;
use bpg_core::framing::RawPacket;
use bpg_core::material::{FieldValue, Material};
use bpg_core::octets::{Octets, Span};
use bpg_core::packet::signature::{Area, SubpacketValue};
use bpg_core::packet::{Packet, PublicKey, SecretKey, Signature, UserAttribute};
use bpg_core::s2k::S2kParameters;

use super::laws::check_error;

/// What was found on the way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Found {
    /// Packets, the ones that are not interpreted among them.
    pub(crate) packets: usize,
    /// Packets that are not interpreted.
    pub(crate) opaque: usize,
    /// Algorithm-specific fields.
    pub(crate) fields: usize,
    /// Subpackets, also those of embedded signatures.
    pub(crate) subpackets: usize,
    /// Embedded signatures that are interpreted.
    pub(crate) embedded: usize,
    /// Fingerprints.
    pub(crate) fingerprints: usize,
    /// Images.
    pub(crate) images: usize,
    /// Errors of packets and of what is in them.
    pub(crate) errors: usize,
}

impl AddAssign for Found {
    fn add_assign(&mut self, other: Self) {
        self.packets += other.packets;
        self.opaque += other.opaque;
        self.fields += other.fields;
        self.subpackets += other.subpackets;
        self.embedded += other.embedded;
        self.fingerprints += other.fingerprints;
        self.images += other.images;
        self.errors += other.errors;
    }
}

/// Walks over a packet of an input at `input`, joined first if it is not in one piece.
pub(crate) fn raw_packet(raw: &RawPacket<'_>, input: Span) -> Found {
    let mut walk = Walk { found: Found { packets: 1, ..Found::default() }, input };
    match raw.interpret() {
        Ok(packet) => walk.packet(&packet),
        Err(error) => walk.error(&error),
    }
    if raw.body().contiguous().is_none() {
        let joined = raw.body().to_cow();
        let mut walk = Walk { found: Found::default(), input: Octets::from(&*joined).span() };
        match Packet::parse(raw.packet_type(), Octets::from(&*joined)) {
            Ok(packet) => walk.packet(&packet),
            Err(error) => walk.error(&error),
        }
    }
    walk.found
}

struct Walk {
    found: Found,
    input: Span,
}

impl Walk {
    fn error(&mut self, error: &Error) {
        check_error(error, self.input);
        self.found.errors += 1;
    }

    fn packet(&mut self, packet: &Packet<'_>) {
        match packet {
            Packet::Signature(signature) => self.signature(signature),
            Packet::SecretKey(key) | Packet::SecretSubkey(key) => self.secret_key(key),
            Packet::PublicKey(key) | Packet::PublicSubkey(key) => self.public_key(key),
            Packet::Marker(marker) => self.octets(marker.octets()),
            Packet::Trust(trust) => self.octets(trust.octets()),
            Packet::UserId(user_id) => {
                self.octets(user_id.octets());
                assert!(user_id.text().is_none_or(|text| text.as_bytes() == user_id.octets().as_slice()));
            }
            Packet::UserAttribute(attribute) => self.user_attribute(attribute),
            Packet::Padding(padding) => self.octets(padding.octets()),
            Packet::Opaque(opaque) => {
                black_box((opaque.packet_type(), opaque.body().len()));
                self.found.opaque += 1;
            }
            // One that this walk does not know is counted like one that the parser does not.
            _ => self.found.opaque += 1,
        }
    }

    /// Octets have to lie inside the input.
    fn octets(&self, octets: Octets<'_>) {
        assert!(self.input.contains(octets.span()), "{octets:?} inside {}", self.input);
        black_box(octets.as_slice());
    }

    fn material(&mut self, material: Material<'_>) {
        self.octets(material.wire());
        let mut position = material.wire().start();
        for field in material.fields() {
            assert_eq!(field.wire.start(), position, "{field:?} starts where the one before it ends");
            position = field.wire.end();
            assert!(!field.name.is_empty());
            self.found.fields += 1;
            match field.value {
                FieldValue::Mpi(mpi) => {
                    black_box((mpi.bits(), mpi.is_canonical()));
                    self.octets(mpi.octets());
                }
                FieldValue::Octets(octets) => self.octets(octets),
                FieldValue::Curve(curve) => {
                    assert_eq!(material.curve().unwrap().octets().span(), curve.octets().span());
                    black_box(curve.curve());
                    self.octets(curve.octets());
                }
                FieldValue::Kdf(kdf) => {
                    black_box(kdf.algorithms());
                    self.octets(kdf.octets());
                }
                _ => {}
            }
        }
        assert_eq!(position, material.wire().end(), "the fields claim all material");
        black_box((material.is_known(), material.curve().map(|curve| curve.curve())));
    }

    fn public_key(&mut self, key: &PublicKey<'_>) {
        self.octets(key.wire());
        self.material(key.material());
        black_box((key.version(), key.created(), key.algorithm()));
        assert_eq!(key.validity_days().is_some(), key.version() <= 3);
        let fingerprint = key.fingerprint();
        assert_eq!(key.key_id(), fingerprint.and_then(|fingerprint| key.key_id_of(&fingerprint)));
        if let Some(fingerprint) = fingerprint {
            self.found.fingerprints += 1;
            let length = match key.version() {
                ..=3 => 16,
                4 => 20,
                _ => 32,
            };
            assert_eq!(fingerprint.as_slice().len(), length);
        }
    }

    fn secret_key(&mut self, key: &SecretKey<'_>) {
        self.octets(key.wire());
        self.public_key(&key.public());
        let protection = key.protection();
        assert_eq!(protection.wire().start(), key.public().wire().end());
        self.octets(protection.wire());
        self.octets(protection.iv());
        black_box((protection.usage(), protection.cipher(), protection.aead()));
        if let Some(s2k) = protection.s2k() {
            self.octets(s2k.wire());
            black_box((s2k.s2k_type(), s2k.is_stub()));
            match s2k.parameters() {
                S2kParameters::Salted { salt, .. }
                | S2kParameters::IteratedSalted { salt, .. }
                | S2kParameters::Argon2 { salt, .. } => self.octets(salt),
                S2kParameters::Gnu { serial, .. } => self.octets(serial),
                S2kParameters::Unknown(octets) => self.octets(octets),
                _ => {}
            }
        }
        let secret = key.secret();
        self.octets(secret.wire().expose());
        let mut position = secret.wire().span().start;
        for field in secret.fields() {
            assert_eq!(field.wire.span().start, position, "{field:?} starts where the one before it ends");
            position = field.wire.span().end;
            assert!(field.wire.expose().as_slice().ends_with(field.value.expose().as_slice()));
            assert!(field.value.len() <= field.wire.len() && !field.name.is_empty());
            self.found.fields += 1;
        }
        assert_eq!(position, secret.wire().span().end, "the fields claim all secret material");
        if let Some(checksum) = secret.checksum() {
            self.octets(checksum.octets);
            assert_eq!(checksum.octets.as_slice(), checksum.stored.to_be_bytes());
            assert_eq!(checksum.due.is_none(), secret.is_encrypted());
        }
    }

    fn signature(&mut self, signature: &Signature<'_>) {
        self.octets(signature.wire());
        self.material(signature.material());
        black_box((signature.version(), signature.signature_type(), signature.digest_prefix()));
        black_box((signature.public_key_algorithm(), signature.hash_algorithm()));
        black_box((signature.created(), signature.issuer_key_id()));
        assert_eq!(signature.salt().is_some(), signature.version() == 6);
        if let Some(salt) = signature.salt() {
            self.octets(salt);
        }
        for area in [signature.hashed_area(), signature.unhashed_area()] {
            assert_eq!(area.is_some(), signature.version() > 3);
            if let Some(area) = area {
                self.area(area);
            }
        }
    }

    fn area(&mut self, area: Area<'_>) {
        self.octets(area.octets());
        assert!(area.name().ends_with("hashed area"));
        let (mut subpackets, mut position, mut failed) = (area.subpackets(), area.octets().start(), false);
        for subpacket in subpackets.by_ref() {
            assert!(!failed, "a subpacket behind an error");
            let subpacket = match subpacket {
                Ok(subpacket) => subpacket,
                Err(error) => {
                    self.error(&error);
                    failed = true;
                    continue;
                }
            };
            assert_eq!(subpacket.wire().start(), position);
            position = subpacket.wire().end();
            assert_eq!(subpacket.body().end(), position);
            self.found.subpackets += 1;
            black_box((subpacket.subpacket_type(), subpacket.is_critical(), subpacket.depth()));
            match subpacket.value() {
                Ok(value) => self.subpacket_value(&value),
                Err(error) => self.error(&error),
            }
        }
        assert_eq!(subpackets.remaining().start(), position);
        assert_eq!(subpackets.remaining().end(), area.octets().end());
        assert_eq!(subpackets.remaining().is_empty(), !failed);
    }

    fn subpacket_value(&mut self, value: &SubpacketValue<'_>) {
        use SubpacketValue as S;
        match value {
            S::RegularExpression(octets)
            | S::PreferredSymmetricCiphers(octets)
            | S::PreferredHashAlgorithms(octets)
            | S::PreferredCompressionAlgorithms(octets)
            | S::PreferredEncryptionModes(octets)
            | S::PreferredAeadCiphersuites(octets)
            | S::KeyServerPreferences(octets)
            | S::KeyFlags(octets)
            | S::Features(octets)
            | S::PreferredKeyServer(octets)
            | S::PolicyUri(octets)
            | S::SignersUserId(octets)
            | S::TrustAlias(octets)
            | S::AttestedCertifications(octets)
            | S::Unknown(octets) => self.octets(*octets),
            S::RevocationKey(key) => self.octets(key.fingerprint),
            S::NotationData(notation) => {
                black_box(notation.is_human_readable());
                for octets in [notation.flags, notation.name, notation.value] {
                    self.octets(octets);
                }
            }
            S::ReasonForRevocation(reason) => self.octets(reason.text),
            S::SignatureTarget(target) => self.octets(target.digest),
            S::IssuerFingerprint(fingerprint) | S::IntendedRecipientFingerprint(fingerprint) => {
                self.octets(fingerprint.fingerprint);
            }
            S::KeyBlock(block) => self.octets(block.key),
            S::LiteralDataMetaHash(hash) => self.octets(hash.digest),
            S::EmbeddedSignature(embedded) => {
                self.octets(embedded.body());
                match embedded.open() {
                    Ok(Some(signature)) => {
                        self.found.embedded += 1;
                        self.signature(&signature);
                    }
                    Ok(None) => {}
                    Err(error) => self.error(&error),
                }
            }
            _ => {}
        }
    }

    fn user_attribute(&mut self, attribute: &UserAttribute<'_>) {
        self.octets(attribute.octets());
        let mut subpackets = attribute.subpackets();
        for subpacket in subpackets.by_ref() {
            let subpacket = match subpacket {
                Ok(subpacket) => subpacket,
                Err(error) => {
                    self.error(&error);
                    continue;
                }
            };
            self.octets(subpacket.wire());
            self.octets(subpacket.body());
            self.found.subpackets += 1;
            black_box(subpacket.attribute_type());
            match subpacket.image() {
                Ok(Some(image)) => {
                    self.found.images += 1;
                    self.octets(image.header());
                    self.octets(image.data());
                    black_box((image.version(), image.encoding()));
                }
                Ok(None) => {}
                Err(error) => self.error(&error),
            }
        }
        black_box(subpackets.remaining().len());
    }
}
