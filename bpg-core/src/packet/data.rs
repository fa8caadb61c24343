//! What the packets have in common whose bodies may be in partial lengths: a header in front of a payload.

use crate::error::{Error, ErrorKind};
use crate::framing::Body;
use crate::octets::Octets;
use crate::parse::Parsed;

/// Reads the header of a data packet, which has to be in the first chunk, and returns how many octets it has. None has over a
/// few hundred.
///
/// "The first partial length MUST be at least 512 octets long" (RFC 9580 section 4.2.1.4), so that an honest header is never
/// divided. One that is, is an [`ErrorKind::PartialBody`], as in any other packet.
pub(super) fn header<'a, T>(
    body: Body<'a>,
    name: &'static str,
    read: impl FnOnce(Octets<'a>) -> Parsed<'a, T>,
) -> Result<(T, u16), Error> {
    let first = body.first_piece();
    match read(first) {
        Ok((rest, header)) => Ok((header, u16::try_from(first.before(rest).len()).unwrap_or(u16::MAX))),
        Err(_) if body.contiguous().is_none() => Err(Error::new(ErrorKind::PartialBody, body.span()).within("body")),
        Err(failure) => Err(Error::from(failure).within(name)),
    }
}
