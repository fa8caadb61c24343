//! What enters the digest that is signed: of the signature itself, and of the things it signs (RFC 9580 section 5.2.4,
//! RFC 4880 section 5.2.4, LibrePGP section 5.2.4).

use super::Signature;
use crate::fingerprint::Prefix;
use crate::octets::{Octets, u64_from};

/// The octets of a signature packet that its digest is over, and the trailer behind them: see
/// [`Signature::hashed_wire`].
///
/// A digest is over these, in order:
///
/// 1. [`salt`](Self::salt): in version 6 only;
/// 2. what is signed: documents, or keys and user IDs in the form of [`SignedOctets`];
/// 3. [`fields`](Self::fields): the hashed fields of the signature packet, as received;
/// 4. [`metadata`](Self::metadata): only of a version 5 signature of a document;
/// 5. [`trailer`](Self::trailer): from version 4 on.
///
/// [`write_around`](Self::write_around) gives all of them, [`write_to`](Self::write_to) those behind what is signed. Nothing
/// is encoded again: a hashed area enters as it is, in whatever form its lengths and flags are.
#[derive(Clone, Copy, Debug)]
pub struct HashedWire<'a> {
    salt: Octets<'a>,
    fields: Octets<'a>,
    metadata: Option<Octets<'a>>,
    trailer: Trailer,
}

/// "Note that for a detached signatures this means to hash 6 0x00 octets."
const DETACHED: [u8; 6] = [0; 6];

impl<'a> Signature<'a> {
    /// What of this signature enters its digest. Everything else of it, the unhashed area above all, can be changed by
    /// anyone.
    ///
    /// ```
    /// use bpg_core::packet::Packet;
    /// use bpg_core::packet::signature::SignedOctets;
    /// use bpg_core::{armor, framing};
    /// use sha2::{Digest, Sha256};
    ///
    /// # let text = include_bytes!("../../../../testdata/keys/ed25519.pub.asc");
    /// // A primary key, its user ID and the self-signature that binds them.
    /// let decoded = armor::blocks(text).next().expect("there is a block").decode()?;
    /// let mut packets = framing::packets(&decoded.octets);
    /// let mut next = || packets.next().expect("there are three")?.interpret();
    /// let (Packet::PublicKey(key), Packet::UserId(user_id), Packet::Signature(signature)) = (next()?, next()?, next()?)
    /// else {
    ///     panic!("not in this order");
    /// };
    ///
    /// let version = signature.version();
    /// let signed = [
    ///     SignedOctets::key(version, key.wire()).expect("a short key"),
    ///     SignedOctets::user_id(version, user_id.octets()).expect("a short user ID"),
    /// ];
    /// let mut hash = Sha256::new(); // signature.hash_algorithm() says so
    /// signature.hashed_wire().write_around(&signed, &mut |octets| hash.update(octets));
    /// let digest = hash.finalize();
    /// assert_eq!(&digest[..2], signature.digest_prefix().as_slice());
    /// # Ok::<(), bpg_core::error::Error>(())
    /// ```
    #[must_use]
    pub fn hashed_wire(&self) -> HashedWire<'a> {
        let nothing = Octets::new(&[], self.wire.start());
        let fields = match self.hashed_area() {
            // "A version 3 signature hashes five octets of the packet body, starting from the signature type field."
            // Version and length precede it.
            None => self.wire.part(2, 5),
            // "A version 4 or version 6 signature hashes the packet body starting from its first field, the version
            // number, through the end of the hashed subpacket data and a final extra trailer."
            Some(hashed) => self.wire.before(self.wire.starting_at(hashed.octets().end())),
        };
        let is_document = matches!(self.signature_type.0, 0x00 | 0x01);
        HashedWire {
            salt: self.salt().unwrap_or(nothing),
            fields,
            metadata: (self.version == 5 && is_document).then_some(Octets::new(&DETACHED, 0)),
            trailer: Trailer::new(self.version, fields.len()),
        }
    }
}

impl<'a> HashedWire<'a> {
    /// The metadata of a document that is signed by the cleartext signature framework: "a 't' followed by 5 0x00 octets".
    /// See [`with_metadata`](Self::with_metadata).
    pub const CLEARTEXT_METADATA: &'static [u8] = b"t\0\0\0\0\0";

    /// The same, for a document that stands in a literal data packet or in the cleartext signature framework.
    ///
    /// `metadata` is that part of the literal data packet's body which precedes its data: "the one-octet content format",
    /// "the file name as a string (one octet length, followed by the file name)" and "a four-octet number that indicates a
    /// date". Without it the document counts as detached, for which it is six octets of 0.
    ///
    /// It only matters to version 5 signatures of documents (LibrePGP section 5.2.4); to others it changes nothing.
    #[must_use]
    pub fn with_metadata(self, metadata: &'a [u8]) -> Self {
        Self { metadata: self.metadata.and(Some(Octets::from(metadata))), ..self }
    }

    /// The salt: "When creating or verifying a version 6 signature, the salt is fed into the hash context before any other
    /// data." Empty in other versions.
    #[must_use]
    pub const fn salt(&self) -> Octets<'a> {
        self.salt
    }

    /// The hashed fields, in one piece as they are in the signature packet: its type and creation time in versions 2 and 3,
    /// else all from its version to the end of the hashed area.
    #[must_use]
    pub const fn fields(&self) -> Octets<'a> {
        self.fields
    }

    /// The document's metadata, empty except in version 5 signatures of documents: see
    /// [`with_metadata`](Self::with_metadata).
    #[must_use]
    pub const fn metadata(&self) -> &'a [u8] {
        match self.metadata {
            Some(octets) => octets.as_slice(),
            None => &[],
        }
    }

    /// The octets that end the digest's input: the version, 0xff and the number of octets of [`fields`](Self::fields), in
    /// eight octets in version 5 and in four in others. Empty in versions 2 and 3.
    #[must_use]
    pub const fn trailer(&self) -> &[u8] {
        self.trailer.as_slice()
    }

    /// Gives `out` what follows the signed things: fields, metadata, trailer. The [`salt`](Self::salt) is not among them,
    /// as it precedes everything.
    pub fn write_to(&self, out: &mut impl FnMut(&[u8])) {
        write_all([self.fields.as_slice(), self.metadata(), self.trailer()], out);
    }

    /// Gives `out` all that the digest is over, given what is signed: the salt, `signed`, and what
    /// [`write_to`](Self::write_to) gives.
    pub fn write_around(&self, signed: &[SignedOctets<'_>], out: &mut impl FnMut(&[u8])) {
        write_all([self.salt.as_slice()], out);
        signed.iter().for_each(|signed| signed.write_to(out));
        self.write_to(out);
    }
}

/// Gives `out` each of `pieces` that has an octet.
fn write_all<const N: usize>(pieces: [&[u8]; N], out: &mut impl FnMut(&[u8])) {
    pieces.into_iter().filter(|piece| !piece.is_empty()).for_each(out);
}

/// The end of a digest's input, from version 4 on.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Trailer {
    /// Versions 2 and 3 have none.
    None,
    /// Version, 0xff, and a count of four octets.
    Four([u8; 6]),
    /// Version, 0xff, and a count of eight octets.
    Eight([u8; 10]),
}

impl Trailer {
    /// The trailer behind so many octets of hashed fields.
    pub(crate) fn new(version: u8, fields: usize) -> Self {
        let [a, b, c, d, e, f, g, h] = u64_from(fields).to_be_bytes();
        match version {
            ..=3 => Self::None,
            // "A eight-octet big-endian number that is the length of the hashed data from the Signature packet stopping
            // right before the 0x05, 0XFF octets." The metadata are not from the signature packet.
            5 => Self::Eight([version, 0xff, a, b, c, d, e, f, g, h]),
            // "A 4-octet big-endian unsigned integer of the length modulo 2^32."
            _ => Self::Four([version, 0xff, e, f, g, h]),
        }
    }

    /// The octets.
    pub(crate) const fn as_slice(&self) -> &[u8] {
        match self {
            Self::None => &[],
            Self::Four(octets) => octets,
            Self::Eight(octets) => octets,
        }
    }
}

/// What one signed thing contributes to the digest: its octets, behind a prefix that tells what it is and how long.
///
/// Which things are signed follows from the signature's type, and so does their order: the primary key first, then the user
/// ID, user attribute or subkey. `signature_version` is the version of the signature, not that of a key.
///
/// A document contributes its octets and nothing else, so there is no form of it here: give it to the hash directly. That of
/// a text signature (type 0x01) has to be made canonical before, which is the caller's task: "converting line endings to
/// \<CR>\<LF> and encoding it in UTF-8". A standalone signature (type 0x02) signs nothing, as if it were an empty document.
#[derive(Clone, Copy, Debug)]
pub struct SignedOctets<'a> {
    prefix: Prefix,
    pieces: [Octets<'a>; 3],
}

impl<'a> SignedOctets<'a> {
    fn new(prefix: Prefix, octets: Octets<'a>) -> Self {
        let nothing = Octets::new(&[], octets.end());
        Self { prefix, pieces: [octets, nothing, nothing] }
    }

    /// Nothing, for want of a second signed thing.
    pub(crate) const fn nothing(place: Octets<'a>) -> Self {
        let nothing = Octets::new(&[], place.start());
        Self { prefix: Prefix::None, pieces: [nothing; 3] }
    }

    /// A key or subkey, given the body of its public-key packet; of a secret key that is
    /// [`SecretKey::public`](crate::packet::SecretKey::public).
    ///
    /// "When a version 4 signature is made over a key, the hash data starts with the octet 0x99, followed by a 2-octet length
    /// of the key, followed by the body of the key packet." Versions 2 and 3 do the same. For version 6 it is the octet 0x9b
    /// and a 4-octet length, for version 5 the octet 0x9a and a 4-octet length (LibrePGP section 5.2.4).
    ///
    /// A key of version 5 is taken for one of a version 5 signature whatever signs it. That is not what the specification
    /// says of a version 4 signature, but GnuPG does so, and only it binds such subkeys to a version 4 primary key.
    ///
    /// `None` if the length does not fit: more than 65,535 octets up to version 4.
    #[must_use]
    pub fn key(signature_version: u8, public: Octets<'a>) -> Option<Self> {
        let version = if public.as_slice().first() == Some(&5) { 5 } else { signature_version };
        Some(Self::new(Prefix::of_key(version, public.as_slice())?, public))
    }

    /// A user ID, given its octets: "a version 4 or version 6 certification hashes the constant 0xB4 for User ID
    /// certifications", then a 4-octet length and the user ID. Versions 2 and 3 hash the user ID alone.
    ///
    /// `None` if the length does not fit into four octets.
    #[must_use]
    pub fn user_id(signature_version: u8, user_id: Octets<'a>) -> Option<Self> {
        Self::identity(signature_version, 0xb4, user_id)
    }

    /// A user attribute, given its packet's body: as a [user ID](Self::user_id), but with "the constant 0xD1 for User
    /// Attribute certifications".
    ///
    /// `None` if the length does not fit into four octets.
    #[must_use]
    pub fn user_attribute(signature_version: u8, user_attribute: Octets<'a>) -> Option<Self> {
        Self::identity(signature_version, 0xd1, user_attribute)
    }

    fn identity(signature_version: u8, tag: u8, octets: Octets<'a>) -> Option<Self> {
        // "A version 3 certification hashes the contents of the User ID or User Attribute packet without the packet
        // header."
        let prefix = if signature_version <= 3 { Prefix::None } else { Prefix::long(tag, octets.len())? };
        Some(Self::new(prefix, octets))
    }

    /// A signature that a third-party confirmation signature (type 0x50) is about: "the octet 0x88, followed by the 4-octet
    /// length of the signature, and then the body of the Signature packet. […] The unhashed subpacket data of the Signature
    /// packet being hashed is not included in the hash, and the unhashed subpacket data length value is set to zero."
    ///
    /// `None` if the length does not fit into four octets.
    #[must_use]
    pub fn signature(signature: &Signature<'a>) -> Option<Self> {
        let wire = signature.wire;
        let (Some(hashed), Some(unhashed)) = (signature.hashed_area(), signature.unhashed_area()) else {
            return Some(Self::new(Prefix::long(0x88, wire.len())?, wire));
        };
        let count: &[u8] = if signature.version == 6 { &[0; 4] } else { &[0; 2] };
        let head = wire.before(wire.starting_at(hashed.octets().end()));
        let tail = wire.starting_at(unhashed.octets().end());
        let length = head.len().checked_add(count.len())?.checked_add(tail.len())?;
        Some(Self { prefix: Prefix::long(0x88, length)?, pieces: [head, Octets::new(count, head.end()), tail] })
    }

    /// Gives `out` the octets, in order and in pieces of any size.
    pub fn write_to(&self, out: &mut impl FnMut(&[u8])) {
        let [first, second, third] = self.pieces.map(Octets::as_slice);
        write_all([self.prefix.as_slice(), first, second, third], out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;

    fn signature(body: &[u8]) -> Signature<'_> {
        Signature::parse(Octets::from(body)).unwrap().unwrap()
    }

    fn written(signature: &Signature<'_>, signed: &[SignedOctets<'_>]) -> Vec<u8> {
        let mut all = Vec::new();
        signature.hashed_wire().write_around(signed, &mut |octets| all.extend_from_slice(octets));
        all
    }

    const V3: [u8; 23] = [
        3, 5, // version, length of the hashed material
        0x10, 0x65, 0x53, 0xf1, 0x00, // type, creation time
        1, 2, 3, 4, 5, 6, 7, 8, // key ID
        1, 8, // RSA, SHA2-256
        0xab, 0xcd, // left 16 bits of the hash
        0, 9, 0x01, 0xff, // MPI
    ];

    #[test]
    fn version_3_hashes_type_and_time() {
        let user_id = SignedOctets::user_id(3, Octets::from(&b"alice"[..])).unwrap();
        assert_eq!(written(&signature(&V3), &[user_id]), b"alice\x10\x65\x53\xf1\x00");
    }

    /// A signature of a document with an empty hashed area and one unhashed subpacket.
    fn body(version: u8, salt: &[u8]) -> Vec<u8> {
        let zeros: &[u8] = if version == 6 { &[0; 3] } else { &[0; 1] };
        [
            &[version, 0x00, 1, 8][..], // version, type, RSA, SHA2-256
            &[zeros, &[0]].concat(),    // count of the hashed area: 0
            &[zeros, &[3]].concat(),    // count of the unhashed area: 3
            &[2, 100, 7],               // length, private subpacket type, one octet
            &[0xab, 0xcd],              // left 16 bits of the hash
            salt,
            &[0, 9, 0x01, 0xff], // MPI
        ]
        .concat()
    }

    #[test]
    fn the_trailer_is_that_of_the_version() {
        assert_eq!(written_document(4, &[]), [4, 0, 1, 8, 0, 0, 4, 0xff, 0, 0, 0, 6]);
        assert_eq!(
            written_document(5, &[]),
            [
                5, 0, 1, 8, 0, 0, // hashed fields
                0, 0, 0, 0, 0, 0, // metadata of a detached document
                5, 0xff, 0, 0, 0, 0, 0, 0, 0, 6, // trailer
            ]
        );
        assert_eq!(
            written_document(6, &[2, 0x51, 0x52]),
            [
                0x51, 0x52, // salt
                6, 0, 1, 8, 0, 0, 0, 0, // hashed fields
                6, 0xff, 0, 0, 0, 8, // trailer
            ]
        );
    }

    fn written_document(version: u8, salt: &[u8]) -> Vec<u8> {
        written(&signature(&body(version, salt)), &[])
    }

    #[test]
    fn metadata_are_of_version_5_documents_only() {
        let metadata = b"b\x01a\0\0\0\x01";
        for (version, salt, is_taken) in [(4, &[][..], false), (5, &[], true), (6, &[1, 9], false)] {
            let body = body(version, salt);
            let hashed = signature(&body).hashed_wire().with_metadata(metadata);
            assert_eq!(hashed.metadata(), if is_taken { &metadata[..] } else { &[] });
        }
        let mut certification = body(5, &[]);
        certification[1] = 0x10;
        assert!(signature(&certification).hashed_wire().with_metadata(metadata).metadata().is_empty());
    }

    #[test]
    fn a_signed_signature_has_no_unhashed_area() {
        let mut all = Vec::new();
        let confirmed = body(4, &[]);
        SignedOctets::signature(&signature(&confirmed)).unwrap().write_to(&mut |octets| all.extend_from_slice(octets));
        let expected = [
            &[0x88, 0, 0, 0, 14][..],        // prefix
            &[4, 0, 1, 8, 0, 0],             // through the hashed area
            &[0, 0],                         // an empty unhashed area
            &[0xab, 0xcd, 0, 9, 0x01, 0xff], // left 16 bits of the hash, MPI
        ]
        .concat();
        assert_eq!(all, expected);

        let mut all = Vec::new();
        SignedOctets::signature(&signature(&V3)).unwrap().write_to(&mut |octets| all.extend_from_slice(octets));
        assert_eq!(all, [&[0x88, 0, 0, 0, 23][..], &V3].concat());
    }

    #[test]
    fn prefixes_follow_the_version_of_the_signature_unless_the_key_is_of_version_5() {
        let mut body = [4; 258];
        let prefix = |version: u8, body: &[u8]| {
            let mut all = Vec::new();
            SignedOctets::key(version, Octets::from(body)).unwrap().write_to(&mut |octets| all.push(octets.to_vec()));
            all.swap_remove(0)
        };
        assert_eq!(prefix(3, &body), [0x99, 1, 2]);
        assert_eq!(prefix(4, &body), [0x99, 1, 2]);
        assert_eq!(prefix(5, &body), [0x9a, 0, 0, 1, 2]);
        assert_eq!(prefix(6, &body), [0x9b, 0, 0, 1, 2]);
        body[0] = 5;
        assert_eq!(prefix(4, &body), [0x9a, 0, 0, 1, 2], "as GnuPG does");
        let long = std::vec![4; 65_536];
        assert!(SignedOctets::key(4, Octets::from(long.as_slice())).is_none());
        assert!(SignedOctets::key(6, Octets::from(long.as_slice())).is_some());
    }
}
