//! What interpreted packets say of themselves: every accessor, and where its octets are.

use bpg_core::error::{Error, ErrorKind};
use bpg_core::framing::{Body, Packets, RawPacket};
use bpg_core::material::{Field, FieldValue, Material, Mpi};
use bpg_core::octets::{Octets, Span};
use bpg_core::packet::signature::{Area, MAX_EMBEDDING, Subpacket, SubpacketValue};
use bpg_core::packet::user_attribute::AttributeSubpacket;
use bpg_core::packet::{
    OnePassIssuer, OnePassSignature, Packet, Protection, PublicKey, PublicKeyEncryptedSessionKey, Recipient, SecretKey,
    SecretMaterial, Signature, SymmetricKeyEncryptedSessionKey, UserAttribute,
};
use bpg_core::registry::{PacketType, S2kUsage};
use bpg_core::s2k::{S2k, S2kParameters};

use super::{Line, Tiles, assert_encodes, assert_error, assert_in_place, position};

/// What interpreting promises: of the packets in `input`, and of `input` as the body of a packet of any type.
pub fn laws(input: &[u8]) {
    packets(Octets::from(input));
    for number in 0..64 {
        Found::default().body(PacketType(number), Octets::new(input, 1000));
    }
}

/// What interpreting promises of the packets in `input`.
pub fn packets(input: Octets<'_>) {
    Found::default().read(input);
}

/// How much of each was found: a walk that finds nothing does not prove a thing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Found {
    /// Packets, the ones that are not interpreted among them.
    pub packets: usize,
    /// Packets that are not interpreted.
    pub opaque: usize,
    /// Algorithm-specific fields.
    pub fields: usize,
    /// Subpackets, also those of embedded signatures.
    pub subpackets: usize,
    /// Embedded signatures that are interpreted.
    pub embedded: usize,
    /// Fingerprints.
    pub fingerprints: usize,
    /// Images.
    pub images: usize,
    /// Errors of packets and of what is in them.
    pub errors: usize,
    /// Errors of framing.
    pub unframed: usize,
}

impl Found {
    /// [`packets`], and adds what is found. Packets in one piece are read without an allocation.
    pub fn read(&mut self, input: Octets<'_>) {
        for framed in Packets::new(input) {
            match framed {
                Ok(raw) => self.raw_packet(&raw),
                Err(_) => self.unframed += 1,
            }
        }
    }

    fn raw_packet(&mut self, raw: &RawPacket<'_>) {
        self.packets += 1;
        let Some(octets) = raw.body().contiguous() else {
            match raw.interpret() {
                Ok(Packet::Opaque(opaque)) => {
                    assert_eq!((opaque.packet_type(), opaque.body().span()), (raw.packet_type(), raw.body().span()));
                }
                Ok(packet) => {
                    let (body, payload) = payload(packet).expect("only a payload may be in chunks");
                    assert_eq!((body.span(), payload.span().end), (raw.body().span(), body.span().end));
                    assert!(body.to_cow().ends_with(&payload.to_cow()));
                    let chunks = payload.chunks().fold(0, |sum, chunk| sum + chunk.len());
                    assert_eq!(position(chunks), payload.len());
                }
                Err(error) => {
                    self.error(raw.body().span(), &error);
                    assert_eq!(error.kind(), ErrorKind::PartialBody);
                }
            }
            return self.body(raw.packet_type(), Octets::from(raw.body().to_cow().as_ref()));
        };
        match raw.interpret() {
            Ok(interpreted) => self.packet(interpreted, raw.packet_type(), octets),
            Err(error) => self.error(octets.span(), &error),
        }
    }

    fn body(&mut self, packet_type: PacketType, body: Octets<'_>) {
        match Packet::parse(packet_type, body) {
            Ok(interpreted) => self.packet(interpreted, packet_type, body),
            Err(error) => self.error(body.span(), &error),
        }
    }

    fn error(&mut self, region: Span, error: &Error) {
        self.errors += 1;
        assert_error(region, error);
    }

    /// `packet` was read from all of `body`.
    fn packet(&mut self, packet: Packet<'_>, packet_type: PacketType, body: Octets<'_>) {
        let octets = match packet {
            Packet::Signature(packet) => {
                self.signature(&packet, 0);
                packet.wire()
            }
            Packet::PublicKey(packet) | Packet::PublicSubkey(packet) => {
                self.public_key(packet);
                packet.wire()
            }
            Packet::SecretKey(packet) | Packet::SecretSubkey(packet) => {
                self.secret_key(packet);
                packet.wire()
            }
            Packet::UserAttribute(packet) => {
                self.user_attribute(packet);
                packet.octets()
            }
            Packet::UserId(packet) => {
                assert!(packet.text().is_none_or(|text| text.as_bytes() == body.as_slice()));
                packet.octets()
            }
            Packet::Comment(packet) => packet.octets(),
            Packet::Marker(packet) => packet.octets(),
            Packet::Trust(packet) => packet.octets(),
            Packet::Padding(packet) => packet.octets(),
            Packet::PublicKeyEncryptedSessionKey(packet) => {
                self.public_key_encrypted_session_key(packet);
                packet.wire()
            }
            Packet::SymmetricKeyEncryptedSessionKey(packet) => {
                symmetric_key_encrypted_session_key(packet);
                packet.wire()
            }
            Packet::OnePassSignature(packet) => {
                one_pass_signature(packet);
                packet.wire()
            }
            Packet::ModificationDetectionCode(packet) => packet.octets(),
            Packet::Opaque(packet) => {
                self.opaque += 1;
                assert_eq!(packet.packet_type(), packet_type);
                packet.body().contiguous().expect("the body was in one piece")
            }
            packet => match payload(packet) {
                Some((whole, payload)) => {
                    data_packet(packet, body, payload.contiguous().expect("the body was in one piece"));
                    whole.contiguous().expect("the body was in one piece")
                }
                // One that these laws do not know is like one that the parser does not.
                None => return self.opaque += 1,
            },
        };
        assert_encodes(&packet, body.as_slice());
        let mut tiles = Tiles::of(body);
        tiles.lay(octets);
        tiles.assert_full();
    }

    fn public_key_encrypted_session_key(&mut self, packet: PublicKeyEncryptedSessionKey<'_>) {
        let version = packet.version();
        assert_eq!(packet.wire().as_slice()[0], version);
        let mut tiles = Tiles::of(packet.wire());
        tiles.skip(1);
        match packet.recipient() {
            Recipient::KeyId(key_id) => {
                assert!(matches!(version, 2 | 3) && packet.wire().as_slice()[1..9] == key_id.0);
                tiles.skip(8);
            }
            Recipient::Fingerprint(recipient) => {
                assert_eq!((version, packet.wire().as_slice()[2]), (6, recipient.version));
                tiles.skip(2);
                tiles.lay(recipient.fingerprint);
            }
            Recipient::Anonymous => {
                assert_eq!(packet.wire().as_slice()[..2], [6, 0]);
                tiles.skip(1);
            }
        }
        tiles.skip(1);
        tiles.lay(packet.material().wire());
        tiles.assert_full();
        self.material(packet.material());
    }

    fn public_key(&mut self, key: PublicKey<'_>) {
        let version = key.version();
        assert_eq!(key.wire().as_slice()[0], version);
        assert_eq!(key.wire().as_slice()[1..5], key.created().0.to_be_bytes());
        assert_eq!(Line::of(key.created()).text().len(), 20);
        assert_eq!(key.validity_days().is_some(), version <= 3);
        assert_eq!(key.algorithm().0, key.wire().as_slice()[if version <= 3 { 7 } else { 5 }]);
        let mut tiles = Tiles::of(key.wire());
        tiles.skip(match version {
            2 | 3 => 8,
            4 => 6,
            _ => 10,
        });
        tiles.lay(key.material().wire());
        tiles.assert_full();
        self.material(key.material());

        let fingerprint = key.fingerprint();
        match (version, fingerprint) {
            (2 | 3, Some(fingerprint)) => assert_eq!(fingerprint.as_slice().len(), 16),
            // Only RSA, algorithms 1 to 3, has one in these versions.
            (2 | 3, None) => assert!(!matches!(key.algorithm().0, 1..=3)),
            (4, Some(fingerprint)) => assert_eq!(fingerprint.as_slice().len(), 20),
            (4, None) => assert!(key.wire().len() > 0xffff),
            (5 | 6, Some(fingerprint)) => assert_eq!(fingerprint.as_slice().len(), 32),
            _ => panic!("a version {version} key has the fingerprint {fingerprint:?}"),
        }
        assert_eq!(key.key_id(), fingerprint.and_then(|fingerprint| key.key_id_of(&fingerprint)));
        if let Some(fingerprint) = fingerprint {
            self.fingerprints += 1;
            assert_eq!(Line::of(fingerprint).text().len(), 2 * fingerprint.as_slice().len());
            assert!(version <= 3 || key.key_id().is_some());
        }
        assert!(key.key_id().is_none_or(|key_id| Line::of(key_id).text().len() == 16));
    }

    fn secret_key(&mut self, key: SecretKey<'_>) {
        let version = key.public().version();
        self.public_key(key.public());
        protection(key.protection());
        self.secret_material(key.secret());

        let mut tiles = Tiles::of(key.wire());
        tiles.lay(key.public().wire());
        tiles.lay(key.protection().wire());
        tiles.skip(if version == 5 { 4 } else { 0 });
        tiles.lay(key.secret().wire().expose());
        if let Some(checksum) = key.secret().checksum() {
            tiles.lay(checksum.octets);
        }
        tiles.assert_full();
        let is_protected = key.protection().usage() != S2kUsage::UNPROTECTED;
        assert_eq!(key.secret().is_encrypted(), is_protected);
    }

    fn secret_material(&mut self, secret: SecretMaterial<'_>) {
        let mut tiles = Tiles::of(secret.wire().expose());
        for field in secret.fields() {
            self.fields += 1;
            tiles.lay(field.wire.expose());
            assert_in_place(field.wire.expose(), field.value.expose());
            assert_eq!(field.value.span().end, field.wire.span().end);
            assert!(field.value.len() <= field.wire.len() && !field.name.is_empty());
        }
        tiles.assert_full();
        if let Some(checksum) = secret.checksum() {
            assert_eq!(checksum.octets.as_slice(), checksum.stored.to_be_bytes());
            let sum: u64 = secret.wire().expose().as_slice().iter().map(|&octet| u64::from(octet)).sum();
            assert_eq!(checksum.due.is_none(), secret.is_encrypted());
            assert!(checksum.due.is_none_or(|due| u64::from(due) == sum % (1 << 16)));
        }
    }

    fn material(&mut self, material: Material<'_>) {
        let mut tiles = Tiles::of(material.wire());
        for Field { name, wire, value } in material.fields() {
            self.fields += 1;
            assert!(!name.is_empty());
            assert_encodes(&Field { name, wire, value }, wire.as_slice());
            tiles.lay(wire);
            let octets = match value {
                FieldValue::Mpi(integer) => {
                    mpi(integer);
                    assert_encodes(&integer, wire.as_slice());
                    integer.octets()
                }
                FieldValue::Octets(octets) => octets,
                FieldValue::Curve(curve) => {
                    assert!(curve.curve().is_none_or(|known| known.oid == curve.octets().as_slice()));
                    assert_eq!(material.curve().map(|first| first.octets().span()), Some(curve.octets().span()));
                    curve.octets()
                }
                FieldValue::SessionKey(key) => key.octets,
                FieldValue::Kdf(parameters) => {
                    assert!(parameters.algorithms().is_none() || parameters.octets().len() == 3);
                    parameters.octets()
                }
                _ => continue,
            };
            assert_in_place(wire, octets);
            assert_eq!(octets.end(), wire.end());
        }
        tiles.assert_full();
        assert!(material.curve().is_none_or(|curve| curve.octets().start() == material.wire().start() + 1));
        assert!(material.is_known() || material.fields().count() > 0 || material.wire().is_empty());
    }

    /// `signature` is embedded in `depth` others.
    fn signature(&mut self, signature: &Signature<'_>, depth: u8) {
        let version = signature.version();
        let head = [0].into_iter().chain(if version >= 4 { [1, 2, 3] } else { [2, 15, 16] });
        assert!(head.map(|index| signature.wire().as_slice()[index]).eq([
            version,
            signature.signature_type().0,
            signature.public_key_algorithm().0,
            signature.hash_algorithm().0,
        ]));
        self.material(signature.material());
        let mut tiles = Tiles::of(signature.wire());
        match (signature.hashed_area(), signature.unhashed_area()) {
            (Some(hashed), Some(unhashed)) => {
                assert!(version >= 4);
                let length = if version == 6 { 4 } else { 2 };
                // The version, the type and the algorithms.
                tiles.skip(4);
                for subpackets in [hashed, unhashed] {
                    tiles.skip(length);
                    tiles.lay(subpackets.octets());
                    self.area(subpackets, depth);
                }
            }
            (None, None) => {
                assert!(version <= 3);
                assert!(signature.created().is_some() && signature.issuer_key_id().is_some());
                // All from the version to the hash algorithm.
                tiles.skip(17);
            }
            areas => panic!("a signature has one area: {areas:?}"),
        }
        assert_in_place(signature.wire(), signature.digest_prefix());
        tiles.skip(2);
        assert_eq!(signature.salt().is_some(), version == 6);
        if let Some(salt) = signature.salt() {
            tiles.skip(1);
            tiles.lay(salt);
        }
        tiles.lay(signature.material().wire());
        tiles.assert_full();

        assert!(signature.created().is_none_or(|created| Line::of(created).text().len() == 20));
        if let Some(issuer) = signature.issuer_key_id() {
            assert!(signature.wire().as_slice().windows(8).any(|octets| octets == issuer.0));
        }
    }

    fn area(&mut self, area: Area<'_>, depth: u8) {
        assert!(area.name().ends_with("hashed area"));
        let mut tiles = Tiles::of(area.octets());
        let (mut subpackets, mut failed) = (area.subpackets(), false);
        for delimited in subpackets.by_ref() {
            assert!(!failed, "{delimited:?} follows an error");
            match delimited {
                Ok(delimited) => {
                    tiles.lay(delimited.wire());
                    assert_encodes(&delimited, delimited.wire().as_slice());
                    self.subpacket(delimited, depth);
                }
                Err(error) => {
                    failed = true;
                    self.error(area.octets().span(), &error);
                }
            }
        }
        assert_eq!(failed, !subpackets.remaining().is_empty());
        tiles.lay(subpackets.remaining());
        tiles.assert_full();
    }

    fn subpacket(&mut self, subpacket: Subpacket<'_>, depth: u8) {
        self.subpackets += 1;
        let body = subpacket.body();
        assert_in_place(subpacket.wire(), body);
        assert_eq!(body.end(), subpacket.wire().end());
        assert_eq!(subpacket.depth(), depth);
        let type_octet = subpacket.subpacket_type().0 | if subpacket.is_critical() { 0x80 } else { 0 };
        assert_in_place(subpacket.wire(), Octets::new(&[type_octet], body.start() - 1));
        match subpacket.value() {
            Ok(value) => self.subpacket_value(value, body, depth),
            Err(error) => self.error(body.span(), &error),
        }
    }

    fn subpacket_value(&mut self, value: SubpacketValue<'_>, body: Octets<'_>, depth: u8) {
        use SubpacketValue as S;
        let octets = match value {
            S::SignatureCreationTime(time) => return assert_eq!(body.as_slice(), time.0.to_be_bytes()),
            S::SignatureExpirationTime(seconds) | S::KeyExpirationTime(seconds) => {
                return assert_eq!(body.as_slice(), seconds.to_be_bytes());
            }
            S::ExportableCertification(octet) | S::Revocable(octet) | S::PrimaryUserId(octet) => {
                return assert_eq!(body.as_slice(), [octet]);
            }
            S::TrustSignature(trust) => return assert_eq!(body.as_slice(), [trust.level, trust.amount]),
            S::IssuerKeyId(key_id) => return assert_eq!(body.as_slice(), key_id.0),
            S::EmbeddedSignature(embedded) => {
                match embedded.open() {
                    Ok(Some(opened)) => {
                        assert!(depth < MAX_EMBEDDING);
                        self.embedded += 1;
                        self.signature(&opened, depth + 1);
                    }
                    Ok(None) => {}
                    Err(error) => {
                        self.error(body.span(), &error);
                        assert_eq!(matches!(error.kind(), ErrorKind::NestingTooDeep { .. }), depth >= MAX_EMBEDDING);
                    }
                }
                embedded.body()
            }
            S::RevocationKey(key) => key.fingerprint,
            S::NotationData(notation) => {
                let mut tiles = Tiles::of(body);
                tiles.lay(notation.flags());
                tiles.skip(4);
                tiles.lay(notation.name());
                tiles.lay(notation.value());
                tiles.assert_full();
                assert_eq!(notation.is_human_readable(), notation.flags().as_slice()[0] & 0x80 != 0);
                notation.value()
            }
            S::ReasonForRevocation(reason) => reason.text,
            S::SignatureTarget(target) => target.digest,
            S::IssuerFingerprint(issuer) => issuer.fingerprint,
            S::IntendedRecipientFingerprint(recipient) => recipient.fingerprint,
            S::KeyBlock(block) => block.key,
            S::LiteralDataMetaHash(hash) => hash.digest,
            S::RegularExpression(octets)
            | S::PreferredSymmetricCiphers(octets)
            | S::PreferredHashAlgorithms(octets)
            | S::PreferredCompressionAlgorithms(octets)
            | S::KeyServerPreferences(octets)
            | S::PreferredKeyServer(octets)
            | S::PolicyUri(octets)
            | S::KeyFlags(octets)
            | S::SignersUserId(octets)
            | S::Features(octets)
            | S::PreferredEncryptionModes(octets)
            | S::AttestedCertifications(octets)
            | S::PreferredAeadCiphersuites(octets)
            | S::TrustAlias(octets)
            | S::Unknown(octets) => {
                assert_eq!(octets.start(), body.start());
                octets
            }
            _ => return,
        };
        assert_in_place(body, octets);
        assert_eq!(octets.end(), body.end());
    }

    fn user_attribute(&mut self, attribute: UserAttribute<'_>) {
        let mut tiles = Tiles::of(attribute.octets());
        let (mut subpackets, mut failed) = (attribute.subpackets(), false);
        for delimited in subpackets.by_ref() {
            assert!(!failed, "{delimited:?} follows an error");
            match delimited {
                Ok(delimited) => {
                    tiles.lay(delimited.wire());
                    self.attribute_subpacket(delimited);
                }
                Err(error) => {
                    failed = true;
                    self.error(attribute.octets().span(), &error);
                }
            }
        }
        assert_eq!(failed, !subpackets.remaining().is_empty());
        tiles.lay(subpackets.remaining());
        tiles.assert_full();
    }

    fn attribute_subpacket(&mut self, subpacket: AttributeSubpacket<'_>) {
        self.subpackets += 1;
        let body = subpacket.body();
        let type_octet = [subpacket.attribute_type().0];
        assert_in_place(subpacket.wire(), Octets::new(&type_octet, body.start() - 1));
        assert_in_place(subpacket.wire(), body);
        match subpacket.image() {
            Ok(Some(image)) => {
                self.images += 1;
                let mut tiles = Tiles::of(body);
                tiles.lay(image.header());
                tiles.lay(image.data());
                tiles.assert_full();
                assert_eq!(image.header().as_slice()[2], image.version().0);
                assert!(image.encoding().is_none_or(|encoding| encoding.0 == image.header().as_slice()[3]));
            }
            Ok(None) => {}
            Err(error) => self.error(body.span(), &error),
        }
    }
}

/// The whole body and the payload of a data packet.
fn payload(packet: Packet<'_>) -> Option<(Body<'_>, Body<'_>)> {
    match packet {
        Packet::CompressedData(packet) => Some((packet.body(), packet.data())),
        Packet::SymmetricallyEncryptedData(packet) => Some((packet.body(), packet.body())),
        Packet::LiteralData(packet) => Some((packet.body(), packet.data())),
        Packet::IntegrityProtectedData(packet) => Some((packet.body(), packet.data())),
        Packet::OcbEncryptedData(packet) => Some((packet.body(), packet.data())),
        _ => None,
    }
}

/// A data packet in one piece.
fn data_packet(packet: Packet<'_>, body: Octets<'_>, payload: Octets<'_>) {
    let mut tiles = Tiles::of(body);
    match packet {
        Packet::CompressedData(packet) => {
            assert_eq!(body.as_slice()[0], packet.algorithm().0);
            tiles.skip(1);
        }
        Packet::LiteralData(packet) => {
            assert_eq!(body.as_slice()[0], packet.format().0);
            tiles.skip(2);
            tiles.lay(packet.file_name());
            assert_in_place(body, Octets::new(&packet.date().0.to_be_bytes(), packet.file_name().end()));
            tiles.skip(4);
        }
        Packet::IntegrityProtectedData(packet) => {
            let is_aead = packet.version() == 2;
            assert_eq!((body.as_slice()[0], packet.parameters().is_some()), (packet.version(), is_aead));
            assert_eq!(packet.salt().map(Octets::len), is_aead.then_some(32));
            tiles.skip(if is_aead { 4 } else { 1 });
            if let Some(salt) = packet.salt() {
                tiles.lay(salt);
            }
        }
        Packet::OcbEncryptedData(packet) => {
            let parameters = packet.parameters();
            assert_eq!(body.as_slice()[..4], [1, parameters.cipher.0, parameters.aead.0, parameters.chunk_size]);
            assert_eq!(packet.iv().len(), parameters.aead.nonce_size().unwrap_or(0));
            tiles.skip(4);
            tiles.lay(packet.iv());
        }
        _ => {}
    }
    tiles.lay(payload);
    tiles.assert_full();
}

fn symmetric_key_encrypted_session_key(packet: SymmetricKeyEncryptedSessionKey<'_>) {
    let version = packet.version();
    let (wire, specifier, cipher) = (packet.wire().as_slice(), packet.s2k(), packet.cipher().0);
    // Each count of version 6 is of what follows it.
    let counts = [packet.iv().end() - packet.wire().start() - 2, position(specifier.wire().len())];
    let [of_parameters, of_specifier] = counts.map(|count| u8::try_from(count).unwrap_or(0));
    let mut tiles = Tiles::of(packet.wire());
    match (version, packet.aead()) {
        (4, None) => assert_eq!(wire[..2], [4, cipher]),
        (5, Some(aead)) => assert_eq!(wire[..3], [5, cipher, aead.0]),
        (6, Some(aead)) => assert_eq!(wire[..5], [6, of_parameters, cipher, aead.0, of_specifier]),
        other => panic!("version and AEAD algorithm are {other:?}"),
    }
    tiles.skip([2, 3, 5][usize::from(version - 4)]);
    tiles.lay(specifier.wire());
    tiles.lay(packet.iv());
    tiles.lay(packet.session_key());
    tiles.lay(packet.tag());
    tiles.assert_full();
    s2k(specifier);
}

fn one_pass_signature(packet: OnePassSignature<'_>) {
    let wire = packet.wire();
    let algorithms = [packet.hash_algorithm().0, packet.public_key_algorithm().0];
    assert_eq!(wire.as_slice()[..4], [packet.version(), packet.signature_type().0, algorithms[0], algorithms[1]]);
    assert_eq!(wire.as_slice().last(), Some(&packet.nested_flag()));
    let mut tiles = Tiles::of(wire);
    tiles.skip(4);
    match packet.issuer() {
        OnePassIssuer::KeyId(key_id) => {
            assert_eq!((packet.version(), &wire.as_slice()[4..12]), (3, &key_id.0[..]));
            tiles.skip(8);
        }
        OnePassIssuer::Fingerprint { salt, fingerprint } => {
            assert_eq!((packet.version(), fingerprint.len()), (6, 32));
            tiles.skip(1);
            tiles.lay(salt);
            tiles.lay(fingerprint);
        }
    }
    tiles.skip(1);
    tiles.assert_full();
}

fn protection(protection: Protection<'_>) {
    let usage = protection.usage();
    assert_eq!(protection.wire().as_slice()[0], usage.0);
    assert_eq!(protection.cipher().is_some(), usage != S2kUsage::UNPROTECTED);
    assert_eq!(protection.aead().is_some(), usage == S2kUsage::AEAD);
    let is_bare = usage == S2kUsage::UNPROTECTED || usage.legacy_cipher().is_some();
    assert_eq!(protection.s2k().is_none(), is_bare);
    assert_in_place(protection.wire(), protection.iv());
    assert_eq!(protection.iv().end(), protection.wire().end());
    if let Some(specifier) = protection.s2k() {
        assert_in_place(protection.wire(), specifier.wire());
        assert_eq!(specifier.wire().end(), protection.iv().start());
        s2k(specifier);
    }
}

fn s2k(s2k: S2k<'_>) {
    assert_eq!(s2k.wire().as_slice()[0], s2k.s2k_type().0);
    assert_eq!(s2k.is_known(), !matches!(s2k.parameters(), S2kParameters::Unknown(_)));
    assert_eq!(s2k.is_stub(), matches!(s2k.parameters(), S2kParameters::Gnu { .. }));
    let (octets, size) = match s2k.parameters() {
        S2kParameters::Simple { .. } => return assert_eq!(s2k.wire().len(), 2),
        S2kParameters::Salted { salt, .. } => (salt, 10),
        S2kParameters::IteratedSalted { salt, .. } => (salt, 11),
        S2kParameters::Argon2 { salt, .. } => (salt, 20),
        S2kParameters::Gnu { serial, .. } => (serial, s2k.wire().len()),
        S2kParameters::Unknown(octets) => (octets, 1 + octets.len()),
        _ => return,
    };
    assert_in_place(s2k.wire(), octets);
    assert_eq!(s2k.wire().len(), size);
}

fn mpi(mpi: Mpi<'_>) {
    let octets = mpi.octets().as_slice();
    assert_eq!(octets.len(), usize::from(mpi.bits()).div_ceil(8));
    let significant = octets.iter().position(|&octet| octet != 0).map_or(0, |zeros| {
        let width = 8 - octets[zeros].leading_zeros();
        position(octets.len() - zeros - 1) * 8 + u64::from(width)
    });
    assert_eq!(mpi.is_canonical(), significant == u64::from(mpi.bits()), "{mpi:?}");
}
