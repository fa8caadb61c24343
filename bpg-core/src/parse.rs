//! Our primitives. The rest of the crate composes them; this file is the only one that knows how nom is plugged in.
//!
//! Every primitive reads from [`Octets`], which carry their position, and fails with "need N octets, have M" at that
//! position. Failures are always `nom::Err::Failure`: a region is complete before it is read, so there is nothing to
//! retry and nothing to wait for.

use core::ops::RangeInclusive;

use nom::error::ParseError;
use nom::{Err, IResult};

use crate::error::{Error, ErrorKind};
use crate::octets::{Octets, Span, in_memory, u64_from};

/// What a primitive returns: the octets behind what it read, and what it read.
pub(crate) type Parsed<'a, T, F = Error> = IResult<Octets<'a>, T, Failure<F>>;

/// What is made of input that contradicts its parser: an [`Error`], or [`Unsaid`].
///
/// An error is large, and most input has none. What is read for each packet is therefore read without a word of what is wrong,
/// which leaves little between the octets and their value; and a second time, by the same parser, if there is something to say.
pub(crate) trait Fault: Sized {
    /// `kind` is wrong at `span`.
    fn new(kind: ErrorKind, span: Span) -> Self;

    /// `need` octets are more than `input` has.
    fn truncated(need: usize, input: Octets<'_>) -> Self;

    /// The same fault, inside `name`.
    fn within(self, name: &'static str) -> Self;
}

impl Fault for Error {
    #[cold]
    fn new(kind: ErrorKind, span: Span) -> Self {
        Self::new(kind, span)
    }

    #[cold]
    fn truncated(need: usize, input: Octets<'_>) -> Self {
        Self::new(ErrorKind::Truncated { need: u64_from(need), have: input.len_u64() }, input.span())
    }

    #[cold]
    fn within(self, name: &'static str) -> Self {
        self.within(name)
    }
}

/// Something is wrong. What, will be said by whoever reads it again.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unsaid;

impl Fault for Unsaid {
    #[inline]
    fn new(_: ErrorKind, _: Span) -> Self {
        Self
    }

    #[inline]
    fn truncated(_: usize, _: Octets<'_>) -> Self {
        Self
    }

    #[inline]
    fn within(self, _: &'static str) -> Self {
        self
    }
}

/// A fault in the shape that nom wants, so that [`Error`] itself has no trait of nom's.
#[derive(Debug)]
pub(crate) struct Failure<F>(F);

impl<'a, F: Fault> ParseError<Octets<'a>> for Failure<F> {
    /// Reached only through nom combinators that invent errors of their own; none is used here.
    fn from_error_kind(input: Octets<'a>, _: nom::error::ErrorKind) -> Self {
        Self(F::truncated(1, input))
    }

    fn append(_: Octets<'a>, _: nom::error::ErrorKind, other: Self) -> Self {
        other
    }
}

impl From<Error> for Err<Failure<Error>> {
    #[inline]
    fn from(error: Error) -> Self {
        fail(error)
    }
}

impl From<Err<Failure<Self>>> for Error {
    #[cold]
    fn from(failure: Err<Failure<Self>>) -> Self {
        fault(failure)
    }
}

/// What a parser fails with.
#[inline]
pub(crate) const fn fail<F>(fault: F) -> Err<Failure<F>> {
    Err::Failure(Failure(fault))
}

/// What a parser failed with.
#[inline]
pub(crate) fn fault<F: Fault>(failure: Err<Failure<F>>) -> F {
    match failure {
        Err::Failure(Failure(fault)) | Err::Error(Failure(fault)) => fault,
        // Nothing here returns `Incomplete`; were it ever to come, it would mean this.
        Err::Incomplete(_) => F::truncated(1, Octets::new(&[], 0)),
    }
}

/// Whether `body` starts with one of `versions`. No octet at all is left to the reader of the version to complain about.
#[inline]
pub(crate) fn has_version(body: Octets<'_>, versions: RangeInclusive<u8>) -> bool {
    body.as_slice().first().is_none_or(|version| versions.contains(version))
}

/// Exactly `count` octets.
#[inline]
pub(crate) fn take<F: Fault>(count: usize) -> impl Fn(Octets<'_>) -> Parsed<'_, Octets<'_>, F> {
    move |input| match input.split_at(count) {
        Some((head, rest)) => Ok((rest, head)),
        None => Err(fail(F::truncated(count, input))),
    }
}

/// Exactly `N` octets, by value.
#[inline]
pub(crate) fn array<const N: usize, F: Fault>(input: Octets<'_>) -> Parsed<'_, [u8; N], F> {
    match input.split_array() {
        Some((octets, rest)) => Ok((rest, octets)),
        None => Err(fail(F::truncated(N, input))),
    }
}

/// One octet.
#[inline]
pub(crate) fn u8<F: Fault>(input: Octets<'_>) -> Parsed<'_, u8, F> {
    let (rest, [octet]) = array(input)?;
    Ok((rest, octet))
}

/// A big-endian two-octet number (RFC 9580 section 3.1).
#[inline]
pub(crate) fn u16<F: Fault>(input: Octets<'_>) -> Parsed<'_, u16, F> {
    let (rest, octets) = array(input)?;
    Ok((rest, u16::from_be_bytes(octets)))
}

/// A big-endian four-octet number (RFC 9580 section 3.1).
#[inline]
pub(crate) fn u32<F: Fault>(input: Octets<'_>) -> Parsed<'_, u32, F> {
    let (rest, octets) = array(input)?;
    Ok((rest, u32::from_be_bytes(octets)))
}

/// A run of octets behind its one-octet count.
#[inline]
pub(crate) fn counted_u8<F: Fault>(input: Octets<'_>) -> Parsed<'_, Octets<'_>, F> {
    let (input, count) = u8(input)?;
    take(usize::from(count))(input)
}

/// A run of octets behind its two-octet count.
#[inline]
pub(crate) fn counted_u16<F: Fault>(input: Octets<'_>) -> Parsed<'_, Octets<'_>, F> {
    let (input, count) = u16(input)?;
    take(usize::from(count))(input)
}

/// A run of octets behind its four-octet count.
#[inline]
pub(crate) fn counted_u32<F: Fault>(input: Octets<'_>) -> Parsed<'_, Octets<'_>, F> {
    let (input, count) = u32(input)?;
    take(in_memory(count))(input)
}

/// All that is left.
#[inline]
pub(crate) fn rest<F>(input: Octets<'_>) -> Parsed<'_, Octets<'_>, F> {
    let end = Octets::new(&[], input.end());
    Ok((end, input))
}

/// Reads a delimited region: octets that `parser` leaves over are an error at their own place.
#[inline]
pub(crate) fn all<'a, T, F: Fault>(
    region: Octets<'a>,
    parser: impl FnOnce(Octets<'a>) -> Parsed<'a, T, F>,
) -> Result<T, F> {
    match parser(region) {
        Ok((left, value)) if left.is_empty() => Ok(value),
        Ok((left, _)) => Err(trailing(left)),
        Err(failure) => Err(fault(failure)),
    }
}

/// Reads a delimited region: [`all`] of it, unless that `is_lenient`, as where zeros stand for octets that are not there.
#[inline]
pub(crate) fn region<'a, T, F: Fault>(
    region: Octets<'a>,
    is_lenient: bool,
    parser: impl FnOnce(Octets<'a>) -> Parsed<'a, T, F>,
) -> Result<T, F> {
    if is_lenient { parser(region).map(|(_, value)| value).map_err(fault) } else { all(region, parser) }
}

/// Reads a region behind its one-octet count, as [`region`] does. Where zeros stand for octets that are not there, the count
/// may be one of them, so that the region is read from what follows.
#[inline]
pub(crate) fn counted_region<'a, T>(
    (rest, counted): (Octets<'a>, Octets<'a>),
    is_lenient: bool,
    parser: impl FnOnce(Octets<'a>) -> Parsed<'a, T>,
) -> Parsed<'a, T> {
    let octets = if is_lenient && counted.is_empty() { rest } else { counted };
    Ok((rest, region(octets, is_lenient, parser)?))
}

/// Reads the body of a packet named `name` that has a known version: [`all`] of it.
#[inline]
pub(crate) fn packet<'a, T, F: Fault>(
    name: &'static str,
    body: Octets<'a>,
    parser: impl FnOnce(Octets<'a>) -> Parsed<'a, T, F>,
) -> Result<Option<T>, F> {
    all(body, parser).map(Some).map_err(|fault| fault.within(name))
}

#[inline]
fn trailing<F: Fault>(left: Octets<'_>) -> F {
    F::new(ErrorKind::Trailing { count: left.len_u64() }, left.span())
}

/// Runs `parser` and names the field that it reads in any error.
#[inline]
pub(crate) fn named<'a, T, F: Fault>(
    name: &'static str,
    parser: impl Fn(Octets<'a>) -> Parsed<'a, T, F>,
) -> impl Fn(Octets<'a>) -> Parsed<'a, T, F> {
    move |input| match parser(input) {
        Ok(parsed) => Ok(parsed),
        Err(failure) => Err(fail(fault(failure).within(name))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INPUT: Octets<'static> = Octets::new(&[0x01, 0x02, 0x03], 40);

    #[test]
    fn a_short_read_says_what_it_needs_and_where() {
        let (rest, first) = u8::<Error>(INPUT).unwrap();
        assert_eq!((first, rest.start()), (0x01, 41));
        let error = Error::from(named("count", u32)(rest).unwrap_err());
        assert_eq!(std::format!("{error}"), "at octet 41: count: need 4 octets, have 2");
    }

    #[test]
    fn left_over_octets_are_an_error_at_their_own_place() {
        let error: Error = all(INPUT, u16).unwrap_err();
        assert_eq!(std::format!("{error}"), "at octet 42: 1 octet left over");
        assert_eq!(all::<_, Error>(INPUT, rest).unwrap().len(), 3);
    }

    #[test]
    fn a_count_is_never_trusted() {
        let input = Octets::new(&[0xff, 0xff, 0xff, 0xff, 0x00], 0);
        let error = Error::from(counted_u32(input).unwrap_err());
        assert_eq!(error.kind(), ErrorKind::Truncated { need: 0xffff_ffff, have: 1 });
    }
}
