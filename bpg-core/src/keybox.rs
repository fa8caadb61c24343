//! The keybox: the file `pubring.kbx` in which GnuPG keeps certificates, OpenPGP's and X.509's.
//!
//! A keybox is a run of blobs. The first one says that the file is a keybox; each of the others holds a transferable public
//! key or an X.509 certificate, with a table of contents in front of it and a checksum behind it. The file
//! `kbx/keybox-blob.c` of GnuPG documents the format. All numbers are big-endian; offsets count from the start of the blob.
//!
//! Framing, [`blobs`], looks at a blob's length and type only, so that a malformed blob never costs its neighbours.
//! [`Blob::interpret`] reads the rest.

mod table;

use core::iter::FusedIterator;

use md5::Md5;
use sha1::Sha1;
use sha2::Digest;

pub use table::{KeyInfo, Keys, SignatureInfo, Signatures, UserIdInfo, UserIds};

use crate::encode::encode_as_received;
use crate::error::{Error, ErrorKind};
use crate::octets::{Octets, Span};
use crate::parse::{self, Parsed, all, array, counted_u16, counted_u32, named, take, u8, u32};
use crate::registry::KeyboxBlobType;
use crate::time::Timestamp;
use table::Table;

/// What the header blob has behind its flags.
const MAGIC: &[u8] = b"KBXf";
/// The length field and the type of a blob.
const LENGTH_AND_TYPE: usize = 5;
/// The octets of a checksum.
const CHECKSUM: usize = 20;
/// The octets of an MD5 checksum, behind four that are zero.
const MD5_CHECKSUM: usize = 16;

encode_as_received! {
    Blob<'_>: wire,
}

/// Whether `input` starts as a keybox does: with a header blob.
#[must_use]
pub fn is_keybox(input: &[u8]) -> bool {
    matches!(input, [_, _, _, _, 1, _, _, _, rest @ ..] if rest.starts_with(MAGIC))
}

/// Whether more octets behind `input` can make a keybox of it.
#[cfg(feature = "std")]
pub(crate) fn may_be_keybox(input: &[u8]) -> bool {
    let magic = input.get(8..).unwrap_or_default();
    input.get(4).is_none_or(|blob_type| *blob_type == KeyboxBlobType::HEADER.0) && MAGIC.starts_with(magic)
}

/// The blobs of `input`, one after another, with positions counted from where `input` says it starts.
///
/// ```
/// use bpg_core::keybox::{self, Contents};
///
/// # let file = include_bytes!("../../testdata/keyrings/pubring.kbx").as_slice();
/// assert!(keybox::is_keybox(file));
/// for blob in keybox::blobs(file.into()) {
///     if let Contents::Key(key) = blob?.interpret()? {
///         for packet in bpg_core::framing::Packets::new(key.key_block()) {
///             println!("{:?}", packet?.packet_type());
///         }
///     }
/// }
/// # Ok::<(), bpg_core::error::Error>(())
/// ```
#[must_use]
pub const fn blobs(input: Octets<'_>) -> Blobs<'_> {
    Blobs { input, failed: false }
}

/// Iterates over blobs: see [`blobs`].
#[derive(Clone, Debug)]
pub struct Blobs<'a> {
    input: Octets<'a>,
    failed: bool,
}

impl<'a> Blobs<'a> {
    /// The octets that are not framed yet, or could not be.
    #[must_use]
    pub const fn remaining(&self) -> Octets<'a> {
        self.input
    }
}

impl<'a> Iterator for Blobs<'a> {
    type Item = Result<Blob<'a>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.input.is_empty() || self.failed {
            return None;
        }
        Some(match Blob::parse_prefix(self.input) {
            Ok((blob, rest)) => {
                self.input = rest;
                Ok(blob)
            }
            Err(error) => {
                self.failed = true;
                Err(error)
            }
        })
    }
}

impl FusedIterator for Blobs<'_> {}

/// A blob as framed: its type and all of its octets.
#[derive(Clone, Copy, Debug)]
pub struct Blob<'a> {
    wire: Octets<'a>,
    blob_type: KeyboxBlobType,
    contents: Octets<'a>,
}

impl<'a> Blob<'a> {
    /// Frames the first blob of `input` and returns what follows it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Truncated`] or [`ErrorKind::BlobTooShort`], at the place of the blob's length or of what it counts.
    pub fn parse_prefix(input: Octets<'a>) -> Result<(Self, Octets<'a>), Error> {
        Self::frame(input).map_err(|error| error.within("keybox blob"))
    }

    fn frame(input: Octets<'a>) -> Result<(Self, Octets<'a>), Error> {
        let (behind, length) = named("length", u32)(input)?;
        let count = usize::try_from(length).unwrap_or(usize::MAX);
        if count < LENGTH_AND_TYPE {
            return Err(Error::new(ErrorKind::BlobTooShort { length }, input.before(behind).span()));
        }
        let (rest, wire) = take(count)(input)?;
        let (contents, blob_type) = take(4)(wire).and_then(|(behind, _)| u8(behind))?;
        Ok((Self { wire, blob_type: KeyboxBlobType(blob_type), contents }, rest))
    }

    /// All octets of the blob, its length included.
    #[must_use]
    pub const fn wire(self) -> Octets<'a> {
        self.wire
    }

    /// The type.
    #[must_use]
    pub const fn blob_type(self) -> KeyboxBlobType {
        self.blob_type
    }

    /// The octets behind the type.
    #[must_use]
    pub const fn contents(self) -> Octets<'a> {
        self.contents
    }

    /// Reads the blob as its type and version ask for. Unknown ones, and blobs that were deleted, are
    /// [`Contents::Opaque`].
    ///
    /// # Errors
    ///
    /// What is malformed, at its place.
    pub fn interpret(self) -> Result<Contents<'a>, Error> {
        let contents = match (self.blob_type, self.contents.as_slice().first()) {
            (KeyboxBlobType::HEADER, Some(1) | None) => Header::parse(self.contents).map(Contents::Header),
            (KeyboxBlobType::OPENPGP | KeyboxBlobType::X509, Some(1 | 2) | None) => {
                KeyBlob::parse(self).map(Contents::Key)
            }
            _ => Ok(Contents::Opaque),
        };
        contents.map_err(|error| error.within(self.blob_type.name().unwrap_or("keybox blob")))
    }
}

/// What a blob holds.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
#[allow(clippy::large_enum_variant, reason = "the large one is the usual one, and none is kept")]
pub enum Contents<'a> {
    /// That this is a keybox.
    Header(Header<'a>),
    /// An OpenPGP or X.509 certificate.
    Key(KeyBlob<'a>),
    /// Nothing that is known: [`Blob::contents`].
    Opaque,
}

/// The contents of the header blob.
#[derive(Clone, Copy, Debug)]
pub struct Header<'a> {
    version: u8,
    flags: Octets<'a>,
    magic: Octets<'a>,
    reserved: Octets<'a>,
    created: Timestamp,
    maintained: Timestamp,
    rest: Octets<'a>,
}

impl<'a> Header<'a> {
    fn parse(contents: Octets<'a>) -> Result<Self, Error> {
        let header: Result<_, Error> = all(contents, |input| {
            let (input, version) = named("version", u8)(input)?;
            let (input, flags) = named("flags", take(2))(input)?;
            let (input, magic) = named("magic", take(MAGIC.len()))(input)?;
            let (input, reserved) = named("reserved", take(4))(input)?;
            let (input, created) = named("creation time", u32)(input)?;
            let (input, maintained) = named("last maintenance", u32)(input)?;
            let (input, rest) = parse::rest(input)?;
            let (created, maintained) = (Timestamp(created), Timestamp(maintained));
            Ok((input, Self { version, flags, magic, reserved, created, maintained, rest }))
        });
        let header = header?;
        if header.magic.as_slice() == MAGIC {
            Ok(header)
        } else {
            Err(Error::new(ErrorKind::NotAKeybox, header.magic.span()).within("magic"))
        }
    }

    /// The version, which is 1.
    #[must_use]
    pub const fn version(self) -> u8 {
        self.version
    }

    /// The flags, two octets: [`KeyboxHeaderFlag`](crate::registry::KeyboxHeaderFlag).
    #[must_use]
    pub const fn flags(self) -> Octets<'a> {
        self.flags
    }

    /// The octets `KBXf`.
    #[must_use]
    pub const fn magic(self) -> Octets<'a> {
        self.magic
    }

    /// The four octets in front of the creation time, which have no meaning.
    #[must_use]
    pub const fn reserved(self) -> Octets<'a> {
        self.reserved
    }

    /// When the file was created.
    #[must_use]
    pub const fn created(self) -> Timestamp {
        self.created
    }

    /// When outdated blobs were last removed.
    #[must_use]
    pub const fn maintained(self) -> Timestamp {
        self.maintained
    }

    /// What follows, which has no meaning.
    #[must_use]
    pub const fn rest(self) -> Octets<'a> {
        self.rest
    }
}

/// The contents of an OpenPGP or X.509 blob of version 1 or 2.
#[derive(Clone, Copy, Debug)]
pub struct KeyBlob<'a> {
    wire: Octets<'a>,
    version: u8,
    flags: Octets<'a>,
    /// The offset and the length of the key block.
    place: Place,
    keys: Table<'a>,
    serial_number: Octets<'a>,
    user_ids: Table<'a>,
    signatures: Table<'a>,
    owner_trust: u8,
    validity: u8,
    reserved: Octets<'a>,
    recheck_after: Timestamp,
    latest: Timestamp,
    created: Timestamp,
    reserved_space: Octets<'a>,
    other_data: Octets<'a>,
    key_block: Octets<'a>,
    unhashed: Octets<'a>,
    checksum: Octets<'a>,
}

/// An offset and a length, and where the two numbers are.
#[derive(Clone, Copy, Debug)]
struct Place {
    offset: u32,
    length: u32,
    span: Span,
}

fn place(input: Octets<'_>) -> Parsed<'_, Place> {
    let (behind, offset) = named("offset", u32)(input)?;
    let (behind, length) = named("length", u32)(behind)?;
    Ok((behind, Place { offset, length, span: input.before(behind).span() }))
}

impl Place {
    /// The octets in front of the place, those at it, and those behind it, of `region`, the end of `wire`.
    fn split<'a>(self, wire: Octets<'a>, region: Octets<'a>) -> Result<[Octets<'a>; 3], Error> {
        let before = u64::from(self.offset).checked_sub(region.start().saturating_sub(wire.start()));
        let before = before.and_then(|before| usize::try_from(before).ok());
        let length = usize::try_from(self.length).unwrap_or(usize::MAX);
        let parts = before.and_then(|before| region.split_at(before)).and_then(|(before, rest)| {
            let (here, behind) = rest.split_at(length)?;
            Some([before, here, behind])
        });
        let kind = ErrorKind::Misplaced { offset: self.offset, length: self.length };
        parts.ok_or_else(|| Error::new(kind, self.span))
    }
}

impl<'a> KeyBlob<'a> {
    fn parse(blob: Blob<'a>) -> Result<Self, Error> {
        let wire = blob.wire;
        all(blob.contents, |input| {
            let (input, version) = named("version", u8)(input)?;
            let (input, flags) = named("flags", take(2))(input)?;
            let (input, place) = named("key block", place)(input)?;
            let (input, keys) = named("keys", Table::parse(table::key_size(version)))(input)?;
            let (input, serial_number) = named("serial number", counted_u16)(input)?;
            let (input, user_ids) = named("user IDs", Table::parse(table::USER_ID_SIZE))(input)?;
            let (input, signatures) = named("signatures", Table::parse(table::SIGNATURE_SIZE))(input)?;
            let (input, [owner_trust, validity]) = named("owner trust", array)(input)?;
            let (input, reserved) = named("reserved", take(2))(input)?;
            let (input, recheck_after) = named("recheck after", u32)(input)?;
            let (input, latest) = named("latest timestamp", u32)(input)?;
            let (input, created) = named("creation time", u32)(input)?;
            let (input, reserved_space) = named("reserved space", counted_u32)(input)?;
            let [other_data, key_block, behind] =
                place.split(wire, input).map_err(|error| error.within("key block"))?;
            let (input, unhashed) = named("checksum", unhashed)(behind)?;
            let (input, checksum) = take(CHECKSUM)(input)?;
            let [recheck_after, latest, created] = [recheck_after, latest, created].map(Timestamp);
            Ok((
                input,
                Self {
                    wire,
                    version,
                    flags,
                    place,
                    keys,
                    serial_number,
                    user_ids,
                    signatures,
                    owner_trust,
                    validity,
                    reserved,
                    recheck_after,
                    latest,
                    created,
                    reserved_space,
                    other_data,
                    key_block,
                    unhashed,
                    checksum,
                },
            ))
        })
    }

    /// The version: 1, or 2 with room for fingerprints of 32 octets and with keygrips.
    #[must_use]
    pub const fn version(self) -> u8 {
        self.version
    }

    /// The flags, two octets: [`KeyboxBlobFlag`](crate::registry::KeyboxBlobFlag).
    #[must_use]
    pub const fn flags(self) -> Octets<'a> {
        self.flags
    }

    /// Where the key block starts, counted from the start of the blob.
    #[must_use]
    pub const fn key_block_offset(self) -> u32 {
        self.place.offset
    }

    /// The packets of the transferable public key, or the X.509 certificate in DER, with its place.
    #[must_use]
    pub const fn key_block(self) -> Octets<'a> {
        self.key_block
    }

    /// The keys that the blob lists, in the order of the key block.
    #[must_use]
    pub fn keys(self) -> Keys<'a> {
        Keys::new(self.keys, self.version)
    }

    /// How many octets the blob has for each key.
    #[must_use]
    pub fn key_size(self) -> u16 {
        self.keys.size()
    }

    /// The serial number of an X.509 certificate, empty in OpenPGP blobs.
    #[must_use]
    pub const fn serial_number(self) -> Octets<'a> {
        self.serial_number
    }

    /// The user IDs that the blob lists. Those of X.509 are the issuer, the subject, and alternative names of the subject.
    #[must_use]
    pub const fn user_ids(self) -> UserIds<'a> {
        UserIds::new(self.user_ids, self.wire)
    }

    /// How many octets the blob has for each user ID.
    #[must_use]
    pub fn user_id_size(self) -> u16 {
        self.user_ids.size()
    }

    /// What the blob says of each signature.
    #[must_use]
    pub const fn signatures(self) -> Signatures<'a> {
        Signatures::new(self.signatures)
    }

    /// How many octets the blob has for each signature.
    #[must_use]
    pub fn signature_size(self) -> u16 {
        self.signatures.size()
    }

    /// The trust that the owner of the file has in the key's holder, which GnuPG does not keep here.
    #[must_use]
    pub const fn owner_trust(self) -> u8 {
        self.owner_trust
    }

    /// The validity of all user IDs together, which GnuPG keeps here for X.509 only.
    #[must_use]
    pub const fn validity(self) -> u8 {
        self.validity
    }

    /// The two octets behind the validity, which have no meaning.
    #[must_use]
    pub const fn reserved(self) -> Octets<'a> {
        self.reserved
    }

    /// When the signatures are to be checked again, 0 if that is not known.
    #[must_use]
    pub const fn recheck_after(self) -> Timestamp {
        self.recheck_after
    }

    /// The latest point in time in the key block, 0 if that is not known.
    #[must_use]
    pub const fn latest(self) -> Timestamp {
        self.latest
    }

    /// When the blob was created.
    #[must_use]
    pub const fn created(self) -> Timestamp {
        self.created
    }

    /// Space for things to come, which has a length of its own.
    #[must_use]
    pub const fn reserved_space(self) -> Octets<'a> {
        self.reserved_space
    }

    /// What is in front of the key block: key IDs of version 3 keys, and the names of X.509 as text.
    #[must_use]
    pub const fn other_data(self) -> Octets<'a> {
        self.other_data
    }

    /// What is between the key block and the checksum, and not covered by the checksum.
    #[must_use]
    pub const fn unhashed(self) -> Octets<'a> {
        self.unhashed
    }

    /// The checksum, as stored and as it should be. It is computed here.
    #[must_use]
    pub fn checksum(self) -> Checksum<'a> {
        let stored = self.checksum;
        let is_md5 = stored.as_slice().starts_with(&[0; CHECKSUM - MD5_CHECKSUM]);
        let hashed = self.wire.len().saturating_sub(self.unhashed.len()).saturating_sub(CHECKSUM);
        let (hashed, _) = self.wire.split_at(hashed).unwrap_or((self.wire, self.wire));
        let due: [u8; CHECKSUM] = Sha1::digest(hashed.as_slice()).into();
        let sha1 = Checksum { stored, due, is_md5: false };
        if sha1.is_right() || !is_md5 { sha1 } else { Checksum { stored, due: self.md5(), is_md5: true } }
    }

    /// What blobs of before GnuPG 2.1 end with: four octets that are zero, and the MD5 of all that is in front of the MD5.
    fn md5(self) -> [u8; CHECKSUM] {
        let hashed = self.wire.len().saturating_sub(MD5_CHECKSUM);
        let (hashed, _) = self.wire.split_at(hashed).unwrap_or((self.wire, self.wire));
        let digest: [u8; MD5_CHECKSUM] = Md5::digest(hashed.as_slice()).into();
        let mut due = [0; CHECKSUM];
        for (slot, octet) in due.iter_mut().rev().zip(digest.iter().rev()) {
            *slot = *octet;
        }
        due
    }
}

/// What is in front of the checksum, which ends the blob.
fn unhashed(input: Octets<'_>) -> Parsed<'_, Octets<'_>> {
    match input.len().checked_sub(CHECKSUM) {
        Some(count) => take(count)(input),
        None => take(CHECKSUM)(input),
    }
}

/// The checksum of a [`KeyBlob`].
#[derive(Clone, Copy, Debug)]
pub struct Checksum<'a> {
    /// The checksum as stored: 20 octets.
    pub stored: Octets<'a>,
    /// The checksum of the blob.
    pub due: [u8; CHECKSUM],
    /// Whether it is the MD5 of old keyboxes, behind four octets that are zero, and not SHA-1.
    pub is_md5: bool,
}

impl Checksum<'_> {
    /// Whether the checksum as stored is that of the blob.
    ///
    /// GnuPG itself does not correct the checksum when it changes a blob's flags.
    #[must_use]
    pub fn is_right(self) -> bool {
        self.stored.as_slice() == self.due
    }
}

/// The octets of `wire` at an offset, if they are there.
fn at<'a>(wire: Octets<'a>, offset: u32, length: u32) -> Option<Octets<'a>> {
    let (_, rest) = wire.split_at(usize::try_from(offset).ok()?)?;
    rest.split_at(usize::try_from(length).ok()?).map(|(here, _)| here)
}
