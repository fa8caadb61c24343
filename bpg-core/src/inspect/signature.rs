//! The fields of signatures.

use core::ops::ControlFlow;

use super::{Detail, Group, Visitor, Walker};
use crate::error::ErrorKind;
use crate::inspect::value::Value;
use crate::octets::Octets;
use crate::packet::Signature;
use crate::packet::signature::Area;
use crate::registry::{HashAlgorithm, PacketType, PublicKeyAlgorithm, SignatureType};
use crate::time::Timestamp;

impl<V: Visitor> Walker<'_, V> {
    pub(super) fn signature(&mut self, signature: &Signature<'_>) -> ControlFlow<V::Break> {
        self.field("version", 1, Value::Number(signature.version().into()), Detail::Brief)?;
        match (signature.hashed_area(), signature.unhashed_area()) {
            (Some(hashed), Some(unhashed)) => {
                self.field("type", 1, Value::id(signature.signature_type()), Detail::Brief)?;
                self.signature_algorithms(signature)?;
                let created = signature.created();
                self.length("hashed area length", hashed.octets().start(), hashed.octets().len_u64())?;
                self.area(hashed, created)?;
                self.length("unhashed area length", unhashed.octets().start(), unhashed.octets().len_u64())?;
                self.area(unhashed, created)?;
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

    /// What can be told of a signature that is not well-formed: everything in front of the error.
    pub(super) fn broken_signature(&mut self, body: Octets<'_>, depth: u8) -> ControlFlow<V::Break> {
        match (Signature::parse_lenient(body, depth), body.as_slice()) {
            (Ok(signature), _) => self.signature(&signature),
            (Err(_), [version @ 4..=u8::MAX, ..]) => self.signature_in_areas(*version, body, depth),
            (Err(_), _) => self.fields_in_front(PacketType::SIGNATURE, body),
        }
    }

    /// What is there of a signature that ends in front of its digest: the subpackets of an area that is cut short, too.
    fn signature_in_areas(&mut self, version: u8, body: Octets<'_>, depth: u8) -> ControlFlow<V::Break> {
        self.version(version)?;
        let ids = |name, number| match name {
            "type" => Value::id(SignatureType(number)),
            "hash algorithm" => Value::id(HashAlgorithm(number)),
            _ => Value::id(PublicKeyAlgorithm(number)),
        };
        let names = ["type", "public-key algorithm", "hash algorithm"];
        for (name, number) in names.into_iter().zip(body.as_slice().iter().skip(1)) {
            self.field(name, 1, ids(name, *number), Detail::Brief)?;
        }
        let width: usize = if version == 6 { 4 } else { 2 };
        let Some((_, mut rest)) = body.split_at(4) else { return ControlFlow::Continue(()) };
        let mut created = None;
        for (name, is_hashed) in [("hashed area length", true), ("unhashed area length", false)] {
            let Some((count, behind)) = rest.split_at(width) else { return ControlFlow::Continue(()) };
            let length = count.as_slice().iter().fold(0_u64, |length, octet| length << 8 | u64::from(*octet));
            self.field(name, width, Value::Number(length), Detail::Full)?;
            let whole = usize::try_from(length).ok().and_then(|length| behind.split_at(length));
            let (octets, is_cut) = (whole.map_or(behind, |(area, _)| area), whole.is_none());
            let area = Area::new(octets, is_hashed, depth);
            created = if is_hashed { area.created() } else { created };
            self.area_in_front(area, is_cut, created)?;
            let Some((_, behind)) = whole else { return ControlFlow::Continue(()) };
            rest = behind;
        }
        let Some((prefix, behind)) = rest.split_at(2) else { return ControlFlow::Continue(()) };
        self.hex("left 16 bits of the hash", prefix, Detail::Full)?;
        match behind.as_slice() {
            [length, ..] if version == 6 => self.field("salt length", 1, Value::Number((*length).into()), Detail::Full),
            _ => ControlFlow::Continue(()),
        }
    }

    fn signature_algorithms(&mut self, signature: &Signature<'_>) -> ControlFlow<V::Break> {
        self.field("public-key algorithm", 1, Value::id(signature.public_key_algorithm()), Detail::Brief)?;
        self.field("hash algorithm", 1, Value::id(signature.hash_algorithm()), Detail::Brief)
    }

    fn area(&mut self, area: Area<'_>, created: Option<Timestamp>) -> ControlFlow<V::Break> {
        self.area_in_front(area, false, created)?;
        debug_assert_eq!(self.position, area.octets().end());
        ControlFlow::Continue(())
    }

    /// The subpackets of an area, which may be cut short, of a signature that was `created` then.
    fn area_in_front(&mut self, area: Area<'_>, is_cut: bool, created: Option<Timestamp>) -> ControlFlow<V::Break> {
        let octets = area.octets();
        self.open(Group { name: area.name(), number: None, is_critical: false, span: octets.span() })?;
        let mut subpackets = area.subpackets();
        while let Some(subpacket) = subpackets.next() {
            match subpacket {
                Ok(subpacket) => self.subpacket(subpacket, created)?,
                // The error is that of the area.
                Err(error) if is_cut && matches!(error.kind(), ErrorKind::Truncated { .. }) => {
                    self.subpacket_in_front(subpackets.remaining(), area.depth(), created)?;
                    self.untold(octets)?;
                }
                Err(error) => self.error(error, octets)?,
            }
        }
        self.close()
    }
}
