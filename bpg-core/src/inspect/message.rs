//! The fields of the packets that messages are made of.

use core::ops::ControlFlow;

use super::{Detail, Event, Visitor, Walker};
use crate::framing::Body;
use crate::inspect::value::Value;
use crate::material::EncryptedSessionKey;
use crate::octets::Octets;
use crate::packet::{
    AeadParameters, GnuPgTrust, IntegrityProtectedData, LiteralData, OcbEncryptedData, OnePassIssuer, OnePassSignature,
    Packet, PublicKeyEncryptedSessionKey, Recipient, SymmetricKeyEncryptedSessionKey, Trust,
};
use crate::registry::{GnuPgTrustSubject, PacketType, SymmetricKeyAlgorithm};

impl<V: Visitor> Walker<'_, V> {
    pub(super) fn public_key_encrypted_session_key(
        &mut self,
        packet: PublicKeyEncryptedSessionKey<'_>,
    ) -> ControlFlow<V::Break> {
        self.version(packet.version())?;
        match packet.recipient() {
            Recipient::KeyId(key_id) => self.field("keyid", 8, Value::KeyId(key_id), Detail::Brief)?,
            Recipient::Fingerprint(recipient) => {
                let size = recipient.fingerprint.len_u64().saturating_add(1);
                self.field("key version and fingerprint length", 1, Value::Number(size), Detail::Full)?;
                self.field("key version", 1, Value::Number(recipient.version.into()), Detail::Full)?;
                self.hex("fingerprint", recipient.fingerprint, Detail::Brief)?;
            }
            Recipient::Anonymous => {
                self.field("key version and fingerprint length", 1, Value::Number(0), Detail::Full)?;
            }
        }
        if packet.recipient().is_anonymous() {
            self.derived("recipient", Value::Name("anonymous"))?;
        }
        self.field("algorithm", 1, Value::id(packet.algorithm()), Detail::Brief)?;
        self.material(packet.material())
    }

    /// What can be told of a packet that is not well-formed: what precedes the error.
    pub(super) fn broken_public_key_encrypted_session_key(&mut self, body: Octets<'_>) -> ControlFlow<V::Break> {
        match PublicKeyEncryptedSessionKey::parse_lenient(body) {
            Ok(packet) => self.public_key_encrypted_session_key(packet),
            Err(_) => self.fields_in_front(PacketType::PUBLIC_KEY_ENCRYPTED_SESSION_KEY, body),
        }
    }

    /// The version of a packet that is not well-formed.
    pub(super) fn broken_version(&mut self, body: Octets<'_>) -> ControlFlow<V::Break> {
        body.as_slice().first().map_or(ControlFlow::Continue(()), |version| self.version(*version))
    }

    /// What is there in front of an encrypted session key that is not there as a whole.
    pub(super) fn session_key_in_front(
        &mut self,
        length: u8,
        cipher: Option<SymmetricKeyAlgorithm>,
    ) -> ControlFlow<V::Break> {
        self.field("encrypted session key length", 1, Value::Number(length.into()), Detail::Full)?;
        match cipher {
            Some(cipher) => self.field("symmetric algorithm", 1, Value::id(cipher), Detail::Brief),
            None => self.done(),
        }
    }

    pub(super) fn session_key(&mut self, key: EncryptedSessionKey<'_>) -> ControlFlow<V::Break> {
        let cipher_size = u64::from(key.cipher.is_some());
        let length = key.octets.len_u64().saturating_add(cipher_size);
        self.length("encrypted session key length", key.octets.start().saturating_sub(cipher_size), length)?;
        if let Some(cipher) = key.cipher {
            self.field("symmetric algorithm", 1, Value::id(cipher), Detail::Brief)?;
        }
        self.data("encrypted session key", key.octets, Detail::Full)
    }

    pub(super) fn symmetric_key_encrypted_session_key(
        &mut self,
        packet: SymmetricKeyEncryptedSessionKey<'_>,
    ) -> ControlFlow<V::Break> {
        self.version(packet.version())?;
        let is_counted = packet.version() == 6;
        if is_counted {
            // Where nothing is counted, what follows is not what is counted.
            if self.stored_length("parameters length", 1, packet.wire())? == 0 {
                return self.done();
            }
        }
        self.field("symmetric algorithm", 1, Value::id(packet.cipher()), Detail::Brief)?;
        if let Some(aead) = packet.aead() {
            self.field("AEAD algorithm", 1, Value::id(aead), Detail::Brief)?;
        }
        if is_counted && self.stored_length("S2K specifier length", 1, packet.wire())? == 0 {
            return self.done();
        }
        self.s2k(packet.s2k(), true)?;
        if self.position != packet.iv().start() {
            // A specifier that is damaged does not fill its length: neither the rest of it nor what follows is told.
            return self.done();
        }
        if packet.aead().is_some() {
            self.hex("initialization vector", packet.iv(), Detail::Full)?;
        }
        if packet.version() == 4 && packet.session_key().is_empty() {
            let is_known = packet.s2k().is_known();
            return self
                .derived("session key", Value::Name(if is_known { "derived from the passphrase" } else { "unknown" }));
        }
        if self.position != packet.session_key().start() {
            // Likewise what fills the length of the parameters.
            return self.done();
        }
        self.data("encrypted session key", packet.session_key(), Detail::Brief)?;
        if packet.aead().is_some() { self.hex("authentication tag", packet.tag(), Detail::Full) } else { self.done() }
    }

    pub(super) fn one_pass_signature(&mut self, packet: OnePassSignature<'_>) -> ControlFlow<V::Break> {
        self.version(packet.version())?;
        self.field("type", 1, Value::id(packet.signature_type()), Detail::Brief)?;
        self.field("hash algorithm", 1, Value::id(packet.hash_algorithm()), Detail::Brief)?;
        self.field("public-key algorithm", 1, Value::id(packet.public_key_algorithm()), Detail::Brief)?;
        match packet.issuer() {
            OnePassIssuer::KeyId(key_id) => self.field("keyid", 8, Value::KeyId(key_id), Detail::Brief)?,
            OnePassIssuer::Fingerprint { salt, fingerprint } => {
                self.length("salt length", salt.start(), salt.len_u64())?;
                self.hex("salt", salt, Detail::Full)?;
                self.hex("fingerprint", fingerprint, Detail::Brief)?;
            }
        }
        self.field("nested", 1, Value::Number(packet.nested_flag().into()), Detail::Brief)
    }

    /// A packet whose payload may be in chunks, or one that is not interpreted.
    pub(super) fn data_packet(&mut self, packet: Packet<'_>, body: Body<'_>) -> ControlFlow<V::Break> {
        self.fields(&packet, body)?;
        let (name, data) = payload(&packet, body);
        self.payload(name, data)
    }

    /// The fields in front of the payload of a data packet.
    pub(super) fn fields(&mut self, packet: &Packet<'_>, body: Body<'_>) -> ControlFlow<V::Break> {
        match packet {
            Packet::CompressedData(packet) => self.field("algorithm", 1, Value::id(packet.algorithm()), Detail::Brief),
            Packet::LiteralData(packet) => self.literal_data(packet),
            Packet::IntegrityProtectedData(packet) => self.integrity_protected_data(packet),
            Packet::OcbEncryptedData(packet) => self.ocb_encrypted_data(packet),
            Packet::Opaque(packet) => {
                self.visitor.event(Event::Unknown)?;
                match opaque_version(packet.packet_type(), body) {
                    Some(version) => self.version(version),
                    None => self.done(),
                }
            }
            _ => self.done(),
        }
    }

    fn literal_data(&mut self, packet: &LiteralData<'_>) -> ControlFlow<V::Break> {
        self.field("format", 1, Value::id(packet.format()), Detail::Brief)?;
        self.length("file name length", packet.file_name().start(), packet.file_name().len_u64())?;
        self.text("file name", packet.file_name())?;
        let date = match packet.date().0 {
            0 => Value::Name("none"),
            _ => Value::Time(packet.date()),
        };
        self.field("date", 4, date, Detail::Brief)
    }

    fn integrity_protected_data(&mut self, packet: &IntegrityProtectedData<'_>) -> ControlFlow<V::Break> {
        self.version(packet.version())?;
        if let (Some(parameters), Some(salt)) = (packet.parameters(), packet.salt()) {
            self.aead_parameters(parameters)?;
            self.hex("salt", salt, Detail::Full)?;
        }
        self.done()
    }

    fn ocb_encrypted_data(&mut self, packet: &OcbEncryptedData<'_>) -> ControlFlow<V::Break> {
        self.version(packet.version())?;
        self.aead_parameters(packet.parameters())?;
        self.hex("initialization vector", packet.iv(), Detail::Full)
    }

    fn aead_parameters(&mut self, parameters: AeadParameters) -> ControlFlow<V::Break> {
        self.field("symmetric algorithm", 1, Value::id(parameters.cipher), Detail::Brief)?;
        self.field("AEAD algorithm", 1, Value::id(parameters.aead), Detail::Brief)?;
        self.field("chunk size", 1, Value::ChunkSize(parameters.chunk_size), Detail::Brief)
    }

    pub(super) fn trust(&mut self, trust: Trust<'_>) -> ControlFlow<V::Break> {
        match trust.gnupg() {
            Some(contents) => self.gnupg_trust(contents),
            None => self.hex("content", trust.octets(), Detail::Brief),
        }
    }

    fn gnupg_trust(&mut self, trust: GnuPgTrust<'_>) -> ControlFlow<V::Break> {
        let [value, cache] = [trust.value, trust.signature_cache];
        self.field("trust value", 1, Value::Number(value.into()), Detail::Full)?;
        let about_signature = trust.subject == GnuPgTrustSubject::SIGNATURE;
        let detail = if about_signature { Detail::Brief } else { Detail::Full };
        self.field("signature cache", 1, Value::Number(cache.into()), detail)?;
        self.field("GnuPG marker", trust.marker.len(), Value::Text(trust.marker), Detail::Full)?;
        self.field("subject", 1, Value::id(trust.subject), Detail::Brief)?;
        let Some(origin) = trust.origin else { return self.done() };
        self.field("origin", 1, Value::Number(origin.origin.into()), Detail::Brief)?;
        let updated = if origin.updated.0 == 0 { Value::Name("none") } else { Value::Time(origin.updated) };
        self.field("updated", 4, updated, Detail::Brief)?;
        self.length("URL length", origin.url.start(), origin.url.len_u64())?;
        self.text("URL", origin.url)
    }

    pub(super) fn version(&mut self, version: u8) -> ControlFlow<V::Break> {
        self.field("version", 1, Value::Number(version.into()), Detail::Brief)
    }

    /// What is left of the body, with the chunk headers between.
    fn payload(&mut self, name: &'static str, data: Body<'_>) -> ControlFlow<V::Break> {
        let width = usize::try_from(data.span().end.saturating_sub(self.position)).unwrap_or(0);
        self.field(name, width, Value::Data(data), Detail::Brief)
    }

    fn done(&self) -> ControlFlow<V::Break> {
        ControlFlow::Continue(())
    }
}

/// The name and the octets of the payload of a data packet, or of the content of one that is not interpreted.
pub(super) fn payload<'a>(packet: &Packet<'a>, body: Body<'a>) -> (&'static str, Body<'a>) {
    match packet {
        Packet::CompressedData(packet) => ("compressed data", packet.data()),
        Packet::LiteralData(packet) => ("literal data", packet.data()),
        Packet::IntegrityProtectedData(packet) => ("encrypted data", packet.data()),
        Packet::OcbEncryptedData(packet) => ("encrypted data", packet.data()),
        Packet::SymmetricallyEncryptedData(packet) => ("encrypted data", packet.body()),
        Packet::Opaque(packet) if opaque_version(packet.packet_type(), body).is_some() => ("content", body.behind(1)),
        _ => ("content", body),
    }
}

/// The version of a packet that nobody knows: it is still worth telling.
fn opaque_version(packet_type: PacketType, body: Body<'_>) -> Option<u8> {
    body.first_piece().as_slice().first().copied().filter(|_| packet_type.has_version())
}
