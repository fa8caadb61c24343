//! The fields of keys.

use core::ops::ControlFlow;

use super::{Damage, Detail, Event, Secrecy, Visitor, Walker};
use crate::inspect::value::Value;
use crate::material::Material;
use crate::octets::Octets;
use crate::packet::{Protection, PublicKey, SecretKey, SecretMaterial, public_key};
use crate::parse;
use crate::registry::{GnuS2kMode, PublicKeyAlgorithm, S2kUsage};
use crate::s2k::{S2k, S2kParameters};
use crate::secret::Secret;
use crate::time::Timestamp;

impl<V: Visitor> Walker<'_, V> {
    pub(super) fn public_key(&mut self, key: PublicKey<'_>) -> ControlFlow<V::Break> {
        self.key_head(key)?;
        self.material(key.material())?;
        let fingerprint = key.fingerprint();
        let key_id = fingerprint.and_then(|fingerprint| key.key_id_of(&fingerprint));
        if let Some(key_id) = key_id {
            self.derived("keyid", Value::KeyId(key_id))?;
        }
        if let Some(fingerprint) = fingerprint {
            self.derived("fingerprint", Value::Fingerprint(fingerprint))?;
        }
        ControlFlow::Continue(())
    }

    fn key_head(&mut self, key: PublicKey<'_>) -> ControlFlow<V::Break> {
        self.field("version", 1, Value::Number(key.version().into()), Detail::Brief)?;
        self.field("creation time", 4, Value::Time(key.created()), Detail::Full)?;
        if let Some(days) = key.validity_days() {
            self.field("validity period", 2, Value::Days(days, Some(key.created())), Detail::Full)?;
        }
        self.field("algorithm", 1, Value::id(key.algorithm()), Detail::Brief)?;
        if key.version() >= 5 {
            let material = key.material().wire();
            self.length("key material length", material.start(), material.len_u64())?;
        }
        ControlFlow::Continue(())
    }

    /// What can be told of a public key that is not well-formed: what precedes the error. Without a whole public part there
    /// is no fingerprint.
    pub(super) fn broken_public_key(&mut self, body: Octets<'_>) -> ControlFlow<V::Break> {
        match PublicKey::parse_lenient(body) {
            Ok(key) => {
                self.key_head(key)?;
                self.material(key.material())
            }
            Err(_) => self.key_in_front(body),
        }
    }

    /// What is there of a public key that ends in front of its material, or whose material would be longer than it is.
    fn key_in_front(&mut self, body: Octets<'_>) -> ControlFlow<V::Break> {
        let [version, behind @ ..] = body.as_slice() else { return ControlFlow::Continue(()) };
        self.version(*version)?;
        let Some((created, behind)) = behind.split_first_chunk() else { return ControlFlow::Continue(()) };
        let created = Timestamp(u32::from_be_bytes(*created));
        self.field("creation time", 4, Value::Time(created), Detail::Full)?;
        match behind {
            [high, low, rest @ ..] if *version <= 3 => {
                let days = u16::from_be_bytes([*high, *low]);
                self.field("validity period", 2, Value::Days(days, Some(created)), Detail::Full)?;
                self.key_algorithm(rest)
            }
            _ if *version <= 3 => ControlFlow::Continue(()),
            [algorithm, rest @ ..] => {
                self.key_algorithm(behind)?;
                match rest.first_chunk() {
                    Some(length) if *version >= 5 => {
                        let length = Value::Number(u32::from_be_bytes(*length).into());
                        self.field("key material length", 4, length, Detail::Full)?;
                        let layout = PublicKeyAlgorithm(*algorithm).layout().map(|layout| layout.public);
                        self.material(Material::unchecked(layout, body.starting_at(self.position)))
                    }
                    _ => ControlFlow::Continue(()),
                }
            }
            [] => ControlFlow::Continue(()),
        }
    }

    fn key_algorithm(&mut self, octets: &[u8]) -> ControlFlow<V::Break> {
        match octets {
            [algorithm, ..] => self.field("algorithm", 1, Value::id(PublicKeyAlgorithm(*algorithm)), Detail::Brief),
            [] => ControlFlow::Continue(()),
        }
    }

    /// What can be told of a secret key that is not well-formed.
    pub(super) fn broken_secret_key(&mut self, body: Octets<'_>, damage: Damage) -> ControlFlow<V::Break> {
        match SecretKey::parse_lenient(body) {
            Ok((public, behind)) => {
                self.public_key(public)?;
                match behind {
                    Some((protection, secret)) => {
                        self.protection(public.version(), protection)?;
                        self.secret_material(public.version(), secret, body)
                    }
                    // Whatever is there is where it should be.
                    None if damage == Damage::CutShort => self.protection_in_front(public, body),
                    None => ControlFlow::Continue(()),
                }
            }
            Err(_) => self.broken_public_key(body),
        }
    }

    /// What is there of how the secret of a key is protected, which is cut short.
    fn protection_in_front(&mut self, public: PublicKey<'_>, body: Octets<'_>) -> ControlFlow<V::Break> {
        self.in_front(body.starting_at(public.wire().end()), |walker, padded| {
            match Protection::parse_lenient(public.version(), padded) {
                Ok(protection) => walker.protection(public.version(), protection),
                Err(_) => ControlFlow::Continue(()),
            }
        })
    }

    /// A secret key of which nobody knows where the secret starts.
    pub(super) fn opaque_secret_key(&mut self, body: Octets<'_>) -> ControlFlow<V::Break> {
        self.visitor.event(Event::Unknown)?;
        let key = PublicKey::parse_lenient(body).ok().filter(|_| parse::has_version(body, public_key::VERSIONS));
        let rest = match key {
            Some(key) => {
                self.key_head(key)?;
                key.material().wire()
            }
            None => body,
        };
        self.field("content", rest.len(), Value::Secret(Secret::new(rest)), Detail::Brief)
    }

    pub(super) fn secret_key(&mut self, key: SecretKey<'_>) -> ControlFlow<V::Break> {
        let version = key.public().version();
        self.public_key(key.public())?;
        self.protection(version, key.protection())?;
        self.secret_material(version, key.secret(), key.wire())
    }

    fn secret_material(&mut self, version: u8, secret: SecretMaterial<'_>, body: Octets<'_>) -> ControlFlow<V::Break> {
        if version == 5 && secret.wire().span().start > self.position {
            self.stored_length("secret key material length", 4, body)?;
        }
        for field in secret.fields() {
            let name = if secret.is_encrypted() && version > 3 { "encrypted secret key material" } else { field.name };
            self.field(name, field.wire.len(), Value::Secret(field.value), Detail::Full)?;
        }
        if let Some(checksum) = secret.checksum() {
            let value =
                Value::Checksum { stored: Some(checksum.stored.into()), due: checksum.due.map(u32::from), width: 2 };
            self.field("checksum", checksum.octets.len(), value, Detail::Full)?;
        }
        ControlFlow::Continue(())
    }

    fn protection(&mut self, version: u8, protection: Protection<'_>) -> ControlFlow<V::Break> {
        let usage = protection.usage();
        let is_protected = usage != S2kUsage::UNPROTECTED;
        let detail = if is_protected { Detail::Brief } else { Detail::Full };
        let value = match usage.legacy_cipher() {
            Some(cipher) => Value::id(cipher),
            None => Value::id(usage),
        };
        self.field("S2K usage", 1, value, detail)?;
        if version == 5 || version == 6 && is_protected {
            let counted = self.stored_length("S2K parameters length", 1, protection.wire())?;
            if is_protected && counted == 0 {
                return ControlFlow::Continue(());
            }
        }
        if let (Some(cipher), None) = (protection.cipher(), usage.legacy_cipher()) {
            self.field("symmetric algorithm", 1, Value::id(cipher), Detail::Brief)?;
        }
        if let Some(aead) = protection.aead() {
            self.field("AEAD algorithm", 1, Value::id(aead), Detail::Brief)?;
        }
        if let Some(s2k) = protection.s2k() {
            let is_counted = Protection::has_s2k_length(version, usage);
            if is_counted && self.stored_length("S2K specifier length", 1, protection.wire())? == 0 {
                return ControlFlow::Continue(());
            }
            self.s2k(s2k, self.are_parameters_plausible(protection))?;
        }
        // Unless a specifier that is cut short or damaged does not fill its length.
        if !protection.iv().is_empty() && self.position == protection.iv().start() {
            let is_plausible = self.are_parameters_plausible(protection);
            self.parameter("initialization vector", protection.iv(), is_plausible)?;
        }
        ControlFlow::Continue(())
    }

    /// Not if the key is malformed or the parameters make no sense, as without an S2K specifier: then the usage octet may be
    /// damaged, and these octets may be of an unprotected secret.
    fn are_parameters_plausible(&self, protection: Protection<'_>) -> bool {
        self.secrecy != Secrecy::Damaged
            && protection.cipher().is_some_and(|cipher| cipher.is_assigned())
            && protection.s2k().is_some_and(S2k::is_plausible)
    }

    /// A random parameter, in hexadecimal unless it may be something else.
    fn parameter(&mut self, name: &'static str, octets: Octets<'_>, is_plausible: bool) -> ControlFlow<V::Break> {
        let value = if is_plausible { Value::Hex(octets) } else { Value::Secret(Secret::new(octets)) };
        self.field(name, octets.len(), value, Detail::Full)
    }

    /// A specifier. Octets of it that may be of a secret, unless it `is_plausible`, are not shown.
    pub(super) fn s2k(&mut self, s2k: S2k<'_>, is_plausible: bool) -> ControlFlow<V::Break> {
        self.field("S2K type", 1, Value::id(s2k.s2k_type()), Detail::Brief)?;
        match s2k.parameters() {
            S2kParameters::Simple { hash } => self.field("S2K hash algorithm", 1, Value::id(hash), Detail::Full),
            S2kParameters::Salted { hash, salt } => {
                self.field("S2K hash algorithm", 1, Value::id(hash), Detail::Full)?;
                self.parameter("S2K salt", salt, is_plausible)
            }
            S2kParameters::IteratedSalted { hash, salt, count } => {
                self.field("S2K hash algorithm", 1, Value::id(hash), Detail::Full)?;
                self.parameter("S2K salt", salt, is_plausible)?;
                self.field("S2K count", 1, Value::HashedOctets(count), Detail::Full)
            }
            S2kParameters::Argon2 { salt, passes, parallelism, memory_exponent } => {
                self.parameter("S2K salt", salt, is_plausible)?;
                self.field("Argon2 passes", 1, Value::Number(passes.into()), Detail::Full)?;
                self.field("Argon2 parallelism", 1, Value::Number(parallelism.into()), Detail::Full)?;
                self.field("Argon2 memory", 1, Value::MemoryExponent(memory_exponent), Detail::Full)
            }
            S2kParameters::Gnu { hash, mode, serial } => {
                self.field("S2K hash algorithm", 1, Value::id(hash), Detail::Full)?;
                // The marker stands behind the type and the hash algorithm.
                let marker = s2k.wire().split_at(2).and_then(|(_, rest)| rest.split_at(3));
                let marker = marker.map_or(s2k.wire(), |(marker, _)| marker);
                self.field("GNU marker", 3, Value::Text(marker), Detail::Full)?;
                self.field("GNU mode", 1, Value::id(mode), Detail::Brief)?;
                if mode == GnuS2kMode::GNU_DIVERT_TO_CARD {
                    self.length("card serial number length", serial.start(), serial.len_u64())?;
                    self.hex("card serial number", serial, Detail::Brief)?;
                }
                ControlFlow::Continue(())
            }
            S2kParameters::Unknown(octets) if self.secrecy == Secrecy::Public => {
                self.data("S2K parameters", octets, Detail::Full)
            }
            // In version 4 these go on to the end, so the secret is among them.
            S2kParameters::Unknown(octets) => {
                self.field("S2K parameters", octets.len(), Value::Secret(Secret::new(octets)), Detail::Full)
            }
        }
    }
}
