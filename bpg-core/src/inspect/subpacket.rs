//! The fields of signature subpackets.

use core::ops::ControlFlow;

use super::{CUT_SHORT, Detail, Group, Number, VALUE, Visitor, Walker};
use crate::fingerprint::VersionedFingerprint;
use crate::inspect::value::Value;
use crate::octets::{Octets, Span, u64_from};
use crate::packet::signature::subpacket::{EmbeddedSignature, NotationData};
use crate::packet::signature::{MAX_EMBEDDING, Subpacket, SubpacketValue, VERSIONS};
use crate::packet::subpacket_header::{SUBPACKET, SubpacketHeader};
use crate::parse::{self, Unsaid};
use crate::registry::{
    AeadAlgorithm, CompressionAlgorithm, Feature, HashAlgorithm, KeyFlag, KeyServerPreference, NotationFlag,
    SubpacketType, SymmetricKeyAlgorithm,
};
use crate::time::Timestamp;

impl<V: Visitor> Walker<'_, V> {
    /// A subpacket of a signature that was `created` then.
    pub(super) fn subpacket(&mut self, subpacket: Subpacket<'_>, created: Option<Timestamp>) -> ControlFlow<V::Break> {
        let subpacket_type = subpacket.subpacket_type();
        let (wire, body) = (subpacket.wire(), subpacket.body());
        self.open(group(subpacket_type, subpacket.is_critical(), wire.span()))?;
        // The length counts the type octet, which is the one in front of the body.
        self.length("length", body.start().saturating_sub(1), body.len_u64().saturating_add(1))?;
        self.field("type", 1, Value::id(subpacket_type), Detail::Full)?;
        match &subpacket.well_formed_value() {
            Ok(value) => self.subpacket_value(value, body, created)?,
            Err(_) => subpacket.value().map_or_else(|error| self.error(error, body), |_| ControlFlow::Continue(()))?,
        }
        self.close()
    }

    /// What is there of a subpacket that is cut short, in a signature that is embedded `depth` times and was `created` then.
    pub(super) fn subpacket_in_front(
        &mut self,
        octets: Octets<'_>,
        depth: u8,
        created: Option<Timestamp>,
    ) -> ControlFlow<V::Break> {
        let group = |type_octet: u8, span| group(SubpacketType(type_octet & 0x7f), type_octet & 0x80 != 0, span);
        self.cut_subpacket(octets, group, |walker, type_octet, body, length| {
            let subpacket_type = SubpacketType(type_octet & 0x7f);
            walker.field("type", 1, Value::id(subpacket_type), Detail::Full)?;
            walker.subpacket_value_in_front(subpacket_type, body, length, depth, created)
        })
    }

    /// What is there of a subpacket of any kind that is cut short: its length, and what `tell` tells of its type octet and of
    /// what is there of its value, with the number of octets that the value should have.
    pub(super) fn cut_subpacket(
        &mut self,
        octets: Octets<'_>,
        group: impl FnOnce(u8, Span) -> Group,
        tell: impl FnOnce(&mut Self, u8, Octets<'_>, usize) -> ControlFlow<V::Break>,
    ) -> ControlFlow<V::Break> {
        let Ok((behind, length)) = SubpacketHeader::length::<Unsaid>(octets) else { return ControlFlow::Continue(()) };
        let type_octet = behind.as_slice().first().copied();
        let nameless = Group { name: SUBPACKET, number: None, is_critical: false, span: octets.span() };
        self.open(type_octet.map_or(nameless, |type_octet| group(type_octet, octets.span())))?;
        self.length("length", behind.start(), u64_from(length))?;
        if let Some(type_octet) = type_octet {
            tell(self, type_octet, behind.behind(1), length.saturating_sub(1))?;
        }
        self.derived(VALUE, Value::Name(CUT_SHORT))?;
        self.untold(octets)?;
        self.close()
    }

    /// What is there of the value of a subpacket, which should have `length` octets.
    fn subpacket_value_in_front(
        &mut self,
        subpacket_type: SubpacketType,
        body: Octets<'_>,
        length: usize,
        depth: u8,
        created: Option<Timestamp>,
    ) -> ControlFlow<V::Break> {
        if subpacket_type == SubpacketType::EMBEDDED_SIGNATURE && self.visitor.opens_embedded_signatures() {
            return match depth.checked_add(1).filter(|depth| *depth <= MAX_EMBEDDING) {
                Some(depth) if parse::has_version(body, VERSIONS) => self.broken_signature(body, depth),
                _ => ControlFlow::Continue(()),
            };
        }
        self.in_front(body, |walker, padded| {
            let whole = padded.split_at(length).map(|(whole, _)| whole);
            match whole.map(|whole| (SubpacketValue::parse::<Unsaid>(subpacket_type, whole, depth, true), whole)) {
                Some((Ok(value), whole)) => walker.subpacket_value(&value, whole, created),
                _ => ControlFlow::Continue(()),
            }
        })
    }

    /// It is not copied, as what was just written in parts is not to be.
    fn subpacket_value(
        &mut self,
        value: &SubpacketValue<'_>,
        body: Octets<'_>,
        created: Option<Timestamp>,
    ) -> ControlFlow<V::Break> {
        use SubpacketValue as S;
        match *value {
            S::SignatureCreationTime(time) => self.value(body, Value::Time(time)),
            S::SignatureExpirationTime(seconds) => self.value(body, Value::Seconds(seconds, created)),
            // It counts from the creation time of the key (RFC 9580 section 5.2.3.13), which is in another packet.
            S::KeyExpirationTime(seconds) => self.value(body, Value::Seconds(seconds, None)),
            S::ExportableCertification(boolean) | S::Revocable(boolean) | S::PrimaryUserId(boolean) => {
                self.value(body, Value::Boolean(boolean))
            }
            S::TrustSignature(trust) => {
                self.field("level", 1, Value::Number(trust.level.into()), Detail::Brief)?;
                self.field("amount", 1, Value::Number(trust.amount.into()), Detail::Brief)
            }
            S::RegularExpression(octets) => self.regular_expression(octets),
            S::PreferredSymmetricCiphers(octets) => self.value(body, Value::ids::<SymmetricKeyAlgorithm>(octets)),
            S::PreferredHashAlgorithms(octets) => self.value(body, Value::ids::<HashAlgorithm>(octets)),
            S::PreferredCompressionAlgorithms(octets) => self.value(body, Value::ids::<CompressionAlgorithm>(octets)),
            S::PreferredEncryptionModes(octets) => self.value(body, Value::ids::<AeadAlgorithm>(octets)),
            S::PreferredAeadCiphersuites(octets) => self.value(body, Value::Ciphersuites(octets)),
            S::KeyServerPreferences(octets) => self.value(body, Value::flags::<KeyServerPreference>(octets)),
            S::KeyFlags(octets) => self.value(body, Value::flags::<KeyFlag>(octets)),
            S::Features(octets) => self.value(body, Value::flags::<Feature>(octets)),
            S::PreferredKeyServer(octets) | S::PolicyUri(octets) | S::SignersUserId(octets) | S::TrustAlias(octets) => {
                self.text(VALUE, octets)
            }
            S::IssuerKeyId(key_id) => self.value(body, Value::KeyId(key_id)),
            S::IssuerFingerprint(fingerprint) | S::IntendedRecipientFingerprint(fingerprint) => {
                self.versioned_fingerprint(fingerprint)
            }
            S::RevocationKey(key) => {
                let class = body.split_at(1).map_or(body, |(class, _)| class);
                self.field("class", 1, Value::named_flags(class, revocation_class), Detail::Brief)?;
                self.field("algorithm", 1, Value::id(key.algorithm), Detail::Brief)?;
                self.hex("fingerprint", key.fingerprint, Detail::Brief)
            }
            S::NotationData(notation) => self.notation_data(notation),
            S::ReasonForRevocation(reason) => {
                self.field("code", 1, Value::id(reason.code), Detail::Brief)?;
                self.text("reason", reason.text)
            }
            S::SignatureTarget(target) => {
                self.field("public-key algorithm", 1, Value::id(target.public_key_algorithm), Detail::Brief)?;
                self.field("hash algorithm", 1, Value::id(target.hash_algorithm), Detail::Brief)?;
                self.hex("hash", target.digest, Detail::Brief)
            }
            S::EmbeddedSignature(embedded) => self.embedded_signature(embedded),
            S::KeyBlock(block) => {
                self.field("reserved", 1, Value::Number(block.reserved.into()), Detail::Full)?;
                self.data(VALUE, block.key, Detail::Brief)
            }
            S::LiteralDataMetaHash(hash) => {
                self.field("reserved", 1, Value::Number(hash.reserved.into()), Detail::Full)?;
                self.hex(VALUE, hash.digest, Detail::Brief)
            }
            S::AttestedCertifications(octets) | S::Unknown(octets) => self.hex(VALUE, octets, Detail::Brief),
        }
    }

    /// The one value of a subpacket, in all of its body.
    fn value(&mut self, body: Octets<'_>, value: Value<'_>) -> ControlFlow<V::Break> {
        self.field(VALUE, body.len(), value, Detail::Brief)
    }

    /// "Null-terminated regular expression" (RFC 9580 section 5.2.3.22).
    fn regular_expression(&mut self, octets: Octets<'_>) -> ControlFlow<V::Break> {
        let ending = octets.as_slice().strip_suffix(&[0]).and_then(|text| octets.split_at(text.len()));
        match ending {
            Some((text, terminator)) => {
                self.text(VALUE, text)?;
                self.hex("terminator", terminator, Detail::Full)
            }
            None => self.text(VALUE, octets),
        }
    }

    fn versioned_fingerprint(&mut self, fingerprint: VersionedFingerprint<'_>) -> ControlFlow<V::Break> {
        self.field("key version", 1, Value::Number(fingerprint.version.into()), Detail::Full)?;
        self.hex(VALUE, fingerprint.fingerprint, Detail::Brief)
    }

    fn notation_data(&mut self, notation: NotationData<'_>) -> ControlFlow<V::Break> {
        let (flags, name, value) = (notation.flags(), notation.name(), notation.value());
        self.field("flags", flags.len(), Value::flags::<NotationFlag>(flags), Detail::Brief)?;
        self.field("name length", 2, Value::Number(name.len_u64()), Detail::Full)?;
        self.field("value length", 2, Value::Number(value.len_u64()), Detail::Full)?;
        self.text("name", name)?;
        if notation.is_human_readable() { self.text(VALUE, value) } else { self.hex(VALUE, value, Detail::Brief) }
    }

    fn embedded_signature(&mut self, embedded: EmbeddedSignature<'_>) -> ControlFlow<V::Break> {
        if !self.visitor.opens_embedded_signatures() {
            return self.data(VALUE, embedded.body(), Detail::Brief);
        }
        match embedded.open() {
            Ok(Some(signature)) => self.signature(&signature),
            Ok(None) => self.data(VALUE, embedded.body(), Detail::Brief),
            Err(error) => {
                if embedded.is_open() {
                    self.broken_signature(embedded.body(), embedded.depth())?;
                }
                self.error(error, embedded.body())
            }
        }
    }
}

#[inline(always)]
fn group(subpacket_type: SubpacketType, is_critical: bool, span: Span) -> Group {
    Group {
        name: subpacket_type.name().unwrap_or("unknown subpacket"),
        number: Some(Number { number: subpacket_type.0.into(), is_assigned: subpacket_type.is_assigned() }),
        is_critical,
        span,
    }
}

/// RFC 9580 section 5.2.3.23: "The class octet must have bit 0x80 set. If bit 0x40 is set, it means the revocation
/// information is sensitive."
fn revocation_class(flag: u16) -> Option<&'static str> {
    match flag {
        7 => Some("revocation key"),
        6 => Some("sensitive"),
        _ => None,
    }
}
