//! The tables of a blob: a count, the size of an entry, and the entries.

use core::iter::FusedIterator;

use super::at;
use crate::error::{Error, ErrorKind};
use crate::octets::Octets;
use crate::parse::{Parsed, named, rest, take, u8, u16, u32};
use crate::registry::{KeyboxKeyFlag, KeyboxSignatureStatus};
use crate::time::Timestamp;

/// A user ID: offset, length, flags, validity, reserved.
pub(super) const USER_ID_SIZE: u16 = 4 + 4 + 2 + 1 + 1;
/// A signature: its status.
pub(super) const SIGNATURE_SIZE: u16 = 4;

/// A key: fingerprint, flags, reserved, and an offset or a keygrip.
pub(super) const fn key_size(version: u8) -> u16 {
    if version == 1 { 20 + 4 + 2 + 2 } else { 32 + 2 + 2 + 20 }
}

/// Entries of one size.
#[derive(Clone, Copy, Debug)]
pub(super) struct Table<'a> {
    entries: Octets<'a>,
    size: u16,
}

impl<'a> Table<'a> {
    /// A table whose entries have at least `least` octets.
    pub(super) fn parse(least: u16) -> impl Fn(Octets<'a>) -> Parsed<'a, Self> {
        move |input| {
            let (input, count) = named("count", u16)(input)?;
            let (behind, size) = named("size", u16)(input)?;
            if size < least && count > 0 {
                let kind = ErrorKind::Truncated { need: least.into(), have: size.into() };
                return Err(Error::new(kind, input.before(behind).span()).within("size").into());
            }
            let (behind, entries) = take(usize::from(count).saturating_mul(size.into()))(behind)?;
            Ok((behind, Self { entries, size }))
        }
    }

    pub(super) const fn size(self) -> u16 {
        self.size
    }

    /// Takes the first entry off the table.
    fn take_first(&mut self) -> Option<Octets<'a>> {
        if self.entries.is_empty() {
            return None;
        }
        let (entry, rest) = self.entries.split_at(self.size.into())?;
        self.entries = rest;
        Some(entry)
    }

    fn len(self) -> usize {
        self.entries.len().checked_div(self.size.into()).unwrap_or(0)
    }
}

/// Iterates over the keys of a blob.
#[derive(Clone, Debug)]
pub struct Keys<'a> {
    table: Table<'a>,
    version: u8,
}

impl<'a> Keys<'a> {
    pub(super) const fn new(table: Table<'a>, version: u8) -> Self {
        Self { table, version }
    }
}

impl<'a> Iterator for Keys<'a> {
    type Item = KeyInfo<'a>;

    fn next(&mut self) -> Option<KeyInfo<'a>> {
        let entry = self.table.take_first()?;
        // The size of the entries was checked when the table was parsed.
        KeyInfo::parse(entry, self.version).ok().map(|(_, key)| key)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.table.len(), Some(self.table.len()))
    }
}

impl ExactSizeIterator for Keys<'_> {}
impl FusedIterator for Keys<'_> {}

/// What a blob says of a key.
#[derive(Clone, Copy, Debug)]
pub struct KeyInfo<'a> {
    /// All octets of the entry.
    pub wire: Octets<'a>,
    /// The fingerprint: 20 octets, of which the first four are zero in the case of a version 3 key, or 32 octets.
    pub fingerprint: Octets<'a>,
    /// The octets that fill up a fingerprint of 20 octets to 32, in blobs of version 2.
    pub padding: Octets<'a>,
    /// Where the key ID is, counted from the start of the blob, in blobs of version 1; 0 if there is none.
    pub key_id_offset: Option<u32>,
    /// The flags, two octets: [`KeyboxKeyFlag`].
    pub flags: Octets<'a>,
    /// Two octets without a meaning.
    pub reserved: Octets<'a>,
    /// GnuPG's identifier of the key material, 20 octets, in blobs of version 2.
    pub keygrip: Option<Octets<'a>>,
    /// What is left of the entry.
    pub filler: Octets<'a>,
}

impl<'a> KeyInfo<'a> {
    fn parse(wire: Octets<'a>, version: u8) -> Parsed<'a, Self> {
        let (input, whole) = take(if version == 1 { 20 } else { 32 })(wire)?;
        let (input, key_id_offset) = match version {
            1 => u32(input).map(|(input, offset)| (input, Some(offset)))?,
            _ => (input, None),
        };
        let (input, flags) = take(2)(input)?;
        let (input, reserved) = take(2)(input)?;
        let (input, keygrip) = match version {
            1 => (input, None),
            _ => take(20)(input).map(|(input, keygrip)| (input, Some(keygrip)))?,
        };
        let (input, filler) = rest(input)?;
        let is_long = flags.as_slice().last().is_some_and(|low| low & LONG_FINGERPRINT != 0);
        let (padding, fingerprint) = take(if is_long { whole.len() } else { 20 })(whole)?;
        Ok((input, Self { wire, fingerprint, padding, key_id_offset, flags, reserved, keygrip, filler }))
    }
}

/// [`KeyboxKeyFlag::LONG_FINGERPRINT`] in the second octet of the flags.
const LONG_FINGERPRINT: u8 = 1 << (KeyboxKeyFlag::LONG_FINGERPRINT.0 - 8);

/// Iterates over the user IDs of a blob.
#[derive(Clone, Debug)]
pub struct UserIds<'a> {
    table: Table<'a>,
    blob: Octets<'a>,
}

impl<'a> UserIds<'a> {
    pub(super) const fn new(table: Table<'a>, blob: Octets<'a>) -> Self {
        Self { table, blob }
    }
}

impl<'a> Iterator for UserIds<'a> {
    type Item = UserIdInfo<'a>;

    fn next(&mut self) -> Option<UserIdInfo<'a>> {
        let entry = self.table.take_first()?;
        UserIdInfo::parse(entry, self.blob).ok().map(|(_, user_id)| user_id)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.table.len(), Some(self.table.len()))
    }
}

impl ExactSizeIterator for UserIds<'_> {}
impl FusedIterator for UserIds<'_> {}

/// What a blob says of a user ID.
#[derive(Clone, Copy, Debug)]
pub struct UserIdInfo<'a> {
    /// All octets of the entry.
    pub wire: Octets<'a>,
    /// Where the user ID is, counted from the start of the blob.
    pub offset: u32,
    /// The length of the user ID.
    pub length: u32,
    /// The user ID, `None` if it is not inside of the blob.
    pub text: Option<Octets<'a>>,
    /// Two octets of flags, none of which has a meaning.
    pub flags: Octets<'a>,
    /// The validity, which GnuPG does not keep here.
    pub validity: u8,
    /// What is left of the entry.
    pub filler: Octets<'a>,
}

impl<'a> UserIdInfo<'a> {
    fn parse(wire: Octets<'a>, blob: Octets<'a>) -> Parsed<'a, Self> {
        let (input, offset) = u32(wire)?;
        let (input, length) = u32(input)?;
        let (input, flags) = take(2)(input)?;
        let (input, validity) = u8(input)?;
        let (input, filler) = rest(input)?;
        let text = at(blob, offset, length);
        Ok((input, Self { wire, offset, length, text, flags, validity, filler }))
    }

    /// The error of a user ID that is not inside of the blob.
    pub(crate) fn error(&self) -> Option<Error> {
        if self.text.is_some() {
            return None;
        }
        let (place, _) = self.wire.split_at(8)?;
        let kind = ErrorKind::Misplaced { offset: self.offset, length: self.length };
        Some(Error::new(kind, place.span()).within("user ID"))
    }
}

/// Iterates over what a blob says of signatures.
#[derive(Clone, Debug)]
pub struct Signatures<'a> {
    table: Table<'a>,
}

impl<'a> Signatures<'a> {
    pub(super) const fn new(table: Table<'a>) -> Self {
        Self { table }
    }
}

impl<'a> Iterator for Signatures<'a> {
    type Item = SignatureInfo<'a>;

    fn next(&mut self) -> Option<SignatureInfo<'a>> {
        let wire = self.table.take_first()?;
        let (filler, status) = u32::<Error>(wire).ok()?;
        Some(SignatureInfo { wire, status: KeyboxSignatureStatus(status), filler })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.table.len(), Some(self.table.len()))
    }
}

impl ExactSizeIterator for Signatures<'_> {}
impl FusedIterator for Signatures<'_> {}

/// What a blob says of a signature.
#[derive(Clone, Copy, Debug)]
pub struct SignatureInfo<'a> {
    /// All octets of the entry.
    pub wire: Octets<'a>,
    /// The status, or when the signature expires.
    pub status: KeyboxSignatureStatus,
    /// What is left of the entry.
    pub filler: Octets<'a>,
}

impl SignatureInfo<'_> {
    /// When the signature expires, `None` if the status is one of those that have a name.
    #[must_use]
    pub const fn expires(self) -> Option<Timestamp> {
        if self.status.name().is_none() { Some(Timestamp(self.status.0)) } else { None }
    }
}
