//! Trust: what a keyring's owner thinks of keys, in a form of the implementation's own (RFC 9580 section 5.10).

use crate::octets::Octets;
use crate::parse::{self, Parsed};
use crate::registry::GnuPgTrustSubject;
use crate::time::Timestamp;

octets_packet! {
    /// Trust data of a keyring. RFC 9580 specifies nothing of what it holds.
    pub struct Trust;
    /// The body as received.
    octets
}

/// What GnuPG keeps in its keyrings and in backups: a form that is marked by the octets `gpg`.
#[derive(Clone, Copy, Debug)]
pub struct GnuPgTrust<'a> {
    /// The value of the trust, which GnuPG no longer uses.
    pub value: u8,
    /// What is known of the signature in front: bit 0 that it was checked, bit 1 that it is good.
    pub signature_cache: u8,
    /// The octets `gpg`.
    pub marker: Octets<'a>,
    /// What the packet is about.
    pub subject: GnuPgTrustSubject,
    /// Where a key or user ID came from, if the packet is about one.
    pub origin: Option<GnuPgOrigin<'a>>,
}

/// Where GnuPG got a key or a user ID from.
#[derive(Clone, Copy, Debug)]
pub struct GnuPgOrigin<'a> {
    /// The kind of origin, a number of GnuPG's own.
    pub origin: u8,
    /// When the key was last updated from there.
    pub updated: Timestamp,
    /// The address, which may be empty.
    pub url: Octets<'a>,
}

impl<'a> Trust<'a> {
    /// The contents, if they have the form that GnuPG marks as its own.
    #[must_use]
    pub fn gnupg(self) -> Option<GnuPgTrust<'a>> {
        parse::all(self.octets, GnuPgTrust::parse_prefix).ok().filter(|trust| trust.marker.as_slice() == b"gpg")
    }
}

impl<'a> GnuPgTrust<'a> {
    fn parse_prefix(input: Octets<'a>) -> Parsed<'a, Self> {
        let (rest, [value, signature_cache]) = parse::array(input)?;
        let (rest, marker) = parse::take(3)(rest)?;
        let (rest, subject) = parse::u8(rest)?;
        let subject = GnuPgTrustSubject(subject);
        let (rest, origin) = match subject {
            GnuPgTrustSubject::KEY | GnuPgTrustSubject::USER_ID => {
                let (rest, origin) = parse::u8(rest)?;
                let (rest, updated) = parse::u32(rest)?;
                let (rest, url) = parse::counted_u8(rest)?;
                (rest, Some(GnuPgOrigin { origin, updated: Timestamp(updated), url }))
            }
            _ => (rest, None),
        };
        Ok((rest, Self { value, signature_cache, marker, subject, origin }))
    }
}
