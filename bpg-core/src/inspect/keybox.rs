//! The fields of a keybox blob.

use core::ops::ControlFlow;

use super::{Container, Detail, Event, Field, Group, VALUE, Visitor, Walker};
use crate::error::Error;
use crate::framing::Body;
use crate::inspect::value::Value;
use crate::keybox::{Blob, Contents, Header, KeyBlob, KeyInfo, SignatureInfo, UserIdInfo};
use crate::octets::{Octets, Span, u64_from};
use crate::registry::{KeyboxBlobFlag, KeyboxBlobType, KeyboxHeaderFlag, KeyboxKeyFlag};
use crate::time::Timestamp;

/// Walks over a blob of a keybox. Its key block is one field; the packets in it are told by [`packet`](super::packet), if
/// the caller goes on to walk over them.
///
/// # Errors
///
/// None: malformed input is an [`Event::Error`]. `ControlFlow::Break` is the visitor's.
pub fn keybox_blob<V: Visitor>(blob: &Blob<'_>, visitor: &mut V) -> ControlFlow<V::Break> {
    let name = blob.blob_type().name().unwrap_or("blob of an unknown type");
    visitor.event(Event::Container(Container {
        format: "keybox",
        name,
        octets: blob.wire(),
        length: Some(blob.wire().len_u64()),
    }))?;
    let mut walker = Walker::new(visitor, blob.wire().start());
    walker.field("blob length", 4, Value::Number(blob.wire().len_u64()), Detail::Full)?;
    let is_known = blob.blob_type().is_assigned();
    let detail = if is_known { Detail::Full } else { Detail::Brief };
    walker.field("blob type", 1, Value::id(blob.blob_type()), detail)?;
    match blob.interpret() {
        Ok(Contents::Header(header)) => walker.keybox_header(header)?,
        Ok(Contents::Key(key)) => walker.key_blob(blob, key)?,
        Ok(Contents::Opaque) => {
            walker.visitor.event(Event::Unknown)?;
            walker.data("content", blob.contents(), Detail::Brief)?;
        }
        Err(error) => walker.error(error, blob.wire())?,
    }
    walker.close()
}

impl<V: Visitor> Walker<'_, V> {
    fn keybox_header(&mut self, header: Header<'_>) -> ControlFlow<V::Break> {
        self.field("version", 1, Value::Number(header.version().into()), Detail::Brief)?;
        self.field("flags", 2, Value::flags::<KeyboxHeaderFlag>(header.flags()), Detail::Brief)?;
        self.field("magic", header.magic().len(), Value::Text(header.magic()), Detail::Full)?;
        self.hex("reserved", header.reserved(), Detail::Full)?;
        self.time("creation time", header.created(), Detail::Brief)?;
        self.time("last maintenance", header.maintained(), Detail::Brief)?;
        self.optional("reserved", header.rest())
    }

    fn key_blob(&mut self, framed: &Blob<'_>, blob: KeyBlob<'_>) -> ControlFlow<V::Break> {
        let is_x509 = framed.blob_type() == KeyboxBlobType::X509;
        let block = if is_x509 { "certificate" } else { "key block" };
        self.field("version", 1, Value::Number(blob.version().into()), Detail::Full)?;
        self.blob_flags(blob.flags())?;
        self.field("offset", 4, Value::Number(blob.key_block_offset().into()), Detail::Full)?;
        self.field("length", 4, Value::Number(blob.key_block().len_u64()), Detail::Full)?;
        self.table("number of keys", blob.keys().len(), blob.key_size())?;
        blob.keys().try_for_each(|key| self.keybox_key(&key))?;
        self.field("serial number length", 2, Value::Number(blob.serial_number().len_u64()), Detail::Full)?;
        if !blob.serial_number().is_empty() {
            self.hex("serial number", blob.serial_number(), Detail::Brief)?;
        }
        self.table("number of user IDs", blob.user_ids().len(), blob.user_id_size())?;
        let mut room = framed.wire().len();
        for (index, user_id) in blob.user_ids().enumerate() {
            self.keybox_user_id(user_id_name(is_x509, index), &user_id, &mut room)?;
        }
        self.table("number of signatures", blob.signatures().len(), blob.signature_size())?;
        blob.signatures().try_for_each(|signature| self.keybox_signature(signature))?;
        self.field("owner trust", 1, Value::Number(blob.owner_trust().into()), Detail::Full)?;
        self.field("validity", 1, Value::Number(blob.validity().into()), Detail::Full)?;
        self.hex("reserved", blob.reserved(), Detail::Full)?;
        self.time("recheck after", blob.recheck_after(), Detail::Full)?;
        self.time("latest timestamp", blob.latest(), Detail::Full)?;
        self.time("blob creation time", blob.created(), Detail::Full)?;
        self.field("reserved space length", 4, Value::Number(blob.reserved_space().len_u64()), Detail::Full)?;
        self.optional("reserved space", blob.reserved_space())?;
        self.optional("other data", blob.other_data())?;
        self.data(block, blob.key_block(), Detail::Brief)?;
        self.optional("not covered by the checksum", blob.unhashed())?;
        self.keybox_checksum(blob)
    }

    /// Flags that are set are unusual.
    fn blob_flags(&mut self, flags: Octets<'_>) -> ControlFlow<V::Break> {
        let detail = if flags.as_slice() == [0, 0] { Detail::Full } else { Detail::Brief };
        self.field("flags", flags.len(), Value::flags::<KeyboxBlobFlag>(flags), detail)
    }

    /// The count of a table and the size of its entries.
    fn table(&mut self, name: &'static str, count: usize, size: u16) -> ControlFlow<V::Break> {
        self.field(name, 2, Value::Number(u64_from(count)), Detail::Full)?;
        self.field("size of each", 2, Value::Number(size.into()), Detail::Full)
    }

    fn keybox_key(&mut self, key: &KeyInfo<'_>) -> ControlFlow<V::Break> {
        self.open(group("key", key.wire.span()))?;
        self.hex(VALUE, key.fingerprint, Detail::Brief)?;
        if !key.padding.is_empty() {
            self.hex("padding", key.padding, Detail::Full)?;
        }
        if let Some(offset) = key.key_id_offset {
            self.field("key ID offset", 4, Value::Number(offset.into()), Detail::Full)?;
        }
        self.field("flags", 2, Value::flags::<KeyboxKeyFlag>(key.flags), Detail::Full)?;
        self.hex("reserved", key.reserved, Detail::Full)?;
        if let Some(keygrip) = key.keygrip {
            self.hex("keygrip", keygrip, Detail::Full)?;
        }
        self.optional("filler", key.filler)?;
        self.close()
    }

    /// A user ID, whose text is told if there is `room` for it: user IDs that lie on each other, as no keybox of GnuPG has
    /// them, could tell all of the blob 65,535 times.
    fn keybox_user_id(
        &mut self,
        name: &'static str,
        user_id: &UserIdInfo<'_>,
        room: &mut usize,
    ) -> ControlFlow<V::Break> {
        self.open(group(name, user_id.wire.span()))?;
        self.field("offset", 4, Value::Number(user_id.offset.into()), Detail::Full)?;
        self.field("length", 4, Value::Number(user_id.length.into()), Detail::Full)?;
        self.hex("flags", user_id.flags, Detail::Full)?;
        self.field("validity", 1, Value::Number(user_id.validity.into()), Detail::Full)?;
        self.optional("reserved", user_id.filler)?;
        if let Some(text) = user_id.text {
            let left = room.checked_sub(text.len());
            *room = left.unwrap_or(*room);
            self.derived(VALUE, if left.is_some() { Value::Text(text) } else { Value::Data(Body::from(text)) })?;
        }
        if let Some(error) = user_id.error() {
            self.told_error(error)?;
        }
        self.close()
    }

    fn keybox_signature(&mut self, signature: SignatureInfo<'_>) -> ControlFlow<V::Break> {
        match signature.expires() {
            Some(time) => self.field("signature expiration time", 4, Value::Time(time), Detail::Full)?,
            None => self.field("signature status", 4, Value::id(signature.status), Detail::Full)?,
        }
        self.optional("filler", signature.filler)
    }

    fn keybox_checksum(&mut self, blob: KeyBlob<'_>) -> ControlFlow<V::Break> {
        let checksum = blob.checksum();
        let name = if checksum.is_md5 { "MD5 checksum" } else { "SHA-1 checksum" };
        let is_right = checksum.is_right();
        let detail = if is_right { Detail::Full } else { Detail::Brief };
        self.hex(name, checksum.stored, detail)?;
        let value = Value::Boolean(is_right.into());
        self.visitor.event(Event::Field(Field { name: "checksum is right", value, span: None, detail }))
    }

    /// A point in time, where 0 stands for none.
    fn time(&mut self, name: &'static str, time: Timestamp, detail: Detail) -> ControlFlow<V::Break> {
        let value = if time.0 == 0 { Value::Number(0) } else { Value::Time(time) };
        self.field(name, 4, value, detail)
    }

    /// Octets without a meaning, of which there may be none.
    fn optional(&mut self, name: &'static str, octets: Octets<'_>) -> ControlFlow<V::Break> {
        if octets.is_empty() { ControlFlow::Continue(()) } else { self.data(name, octets, Detail::Full) }
    }

    /// An error of octets that were told.
    fn told_error(&mut self, error: Error) -> ControlFlow<V::Break> {
        self.visitor.event(Event::Error(error))
    }
}

const fn group(name: &'static str, span: Span) -> Group {
    Group { name, number: None, is_critical: false, span }
}

/// The first two user IDs of an X.509 blob have places of their own.
const fn user_id_name(is_x509: bool, index: usize) -> &'static str {
    match (is_x509, index) {
        (false, _) => "user ID",
        (true, 0) => "issuer",
        (true, 1) => "subject",
        (true, _) => "alternative name of the subject",
    }
}
