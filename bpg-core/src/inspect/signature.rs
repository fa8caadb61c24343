//! The fields of signatures.

use core::ops::ControlFlow;

use super::{Detail, Group, Visitor, Walker};
use crate::inspect::value::Value;
use crate::octets::{Octets, u64_from};
use crate::packet::Signature;
use crate::packet::signature::Area;

impl<V: Visitor> Walker<'_, V> {
    pub(super) fn signature(&mut self, signature: &Signature<'_>) -> ControlFlow<V::Break> {
        self.field("version", 1, Value::Number(signature.version().into()), Detail::Brief)?;
        match (signature.hashed_area(), signature.unhashed_area()) {
            (Some(hashed), Some(unhashed)) => {
                self.field("type", 1, Value::id(signature.signature_type()), Detail::Brief)?;
                self.signature_algorithms(signature)?;
                self.length("hashed area length", hashed.octets().start(), hashed.octets().len_u64())?;
                self.area(hashed)?;
                self.length("unhashed area length", unhashed.octets().start(), unhashed.octets().len_u64())?;
                self.area(unhashed)?;
            }
            _ => {
                // The length is checked to be that of the two fields that follow.
                self.field("hashed material length", 1, Value::Number(5), Detail::Full)?;
                self.field("type", 1, Value::id(signature.signature_type()), Detail::Brief)?;
                if let Some(created) = signature.created() {
                    self.field("creation time", 4, Value::Time(created), Detail::Brief)?;
                }
                if let Some(issuer) = signature.issuer_key_id() {
                    self.field("issuer keyid", 8, Value::KeyId(issuer), Detail::Brief)?;
                }
                self.signature_algorithms(signature)?;
            }
        }
        self.hex("left 16 bits of the hash", signature.digest_prefix(), Detail::Full)?;
        if let Some(salt) = signature.salt() {
            self.length("salt length", salt.start(), salt.len_u64())?;
            self.hex("salt", salt, Detail::Full)?;
        }
        self.material(signature.material())
    }

    /// What can be told of a signature that is not well-formed: everything in front of the error, if that is in the
    /// algorithm-specific fields.
    pub(super) fn broken_signature(&mut self, body: Octets<'_>, depth: u8) -> ControlFlow<V::Break> {
        match Signature::parse_lenient(body, depth) {
            Ok(signature) => self.signature(&signature),
            Err(_) => ControlFlow::Continue(()),
        }
    }

    fn signature_algorithms(&mut self, signature: &Signature<'_>) -> ControlFlow<V::Break> {
        self.field("public-key algorithm", 1, Value::id(signature.public_key_algorithm()), Detail::Brief)?;
        self.field("hash algorithm", 1, Value::id(signature.hash_algorithm()), Detail::Brief)
    }

    fn area(&mut self, area: Area<'_>) -> ControlFlow<V::Break> {
        let octets = area.octets();
        self.open(Group { name: area.name(), number: None, is_critical: false, span: octets.span() })?;
        for subpacket in area.subpackets() {
            match subpacket {
                Ok(subpacket) => self.subpacket(subpacket)?,
                Err(error) => self.error(error, octets)?,
            }
        }
        debug_assert_eq!(self.position, octets.start().saturating_add(u64_from(octets.len())));
        self.close()
    }
}
