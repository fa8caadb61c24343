//! S-expressions as libgcrypt writes them, canonical and advanced.

use crate::error::{Error, ErrorKind};
use crate::octets::Octets;

/// What an S-expression is made of.
#[derive(Clone, Copy, Debug)]
pub(super) enum Token<'a> {
    /// An opening parenthesis.
    Open,
    /// A closing parenthesis.
    Close,
    /// What a list holds: the octets of the canonical form, the text between the quotation marks of a string, or else the
    /// text as it is.
    Atom(Octets<'a>),
}

/// The first token of `input`, and what follows it.
pub(super) fn token(input: Octets<'_>) -> Result<(Token<'_>, Octets<'_>), Error> {
    let blank = input.len().saturating_sub(input.as_slice().trim_ascii_start().len());
    let start = input.split_at(blank).map_or(input, |(_, start)| start);
    let Some(&first) = start.as_slice().first() else {
        return Err(Error::new(ErrorKind::Truncated { need: 1, have: 0 }, start.span()));
    };
    let found = match first {
        b'(' => start.split_at(1).map(|(_, rest)| (Token::Open, rest)),
        b')' => start.split_at(1).map(|(_, rest)| (Token::Close, rest)),
        b'#' | b'|' => enclosed(start, first).map(|(atom, rest)| (Token::Atom(atom), rest)),
        b'"' => string(start).map(|(atom, rest)| (Token::Atom(atom), rest)),
        b'0'..=b'9' => counted(start).or_else(|| word(start)).map(|(atom, rest)| (Token::Atom(atom), rest)),
        _ => word(start).map(|(atom, rest)| (Token::Atom(atom), rest)),
    };
    let here = start.split_at(1).map_or(start, |(here, _)| here);
    found.ok_or_else(|| Error::new(ErrorKind::NotAnExpression, here.span()))
}

/// What is left of the list that `input` is in, and what follows its closing parenthesis.
pub(super) fn list_end(input: Octets<'_>) -> Result<(Octets<'_>, Octets<'_>), Error> {
    let (mut rest, mut depth) = (input, 0_u64);
    loop {
        let (found, behind) = token(rest)?;
        match found {
            Token::Open => depth = depth.saturating_add(1),
            Token::Close if depth == 0 => return Ok((input.before(rest), behind)),
            Token::Close => depth = depth.saturating_sub(1),
            Token::Atom(_) => {}
        }
        rest = behind;
    }
}

/// Octets behind their number in decimal digits and a colon.
fn counted(input: Octets<'_>) -> Option<(Octets<'_>, Octets<'_>)> {
    let digits = input.as_slice().iter().take_while(|octet| octet.is_ascii_digit()).count();
    let (digits, rest) = input.split_at(digits)?;
    let (colon, rest) = rest.split_at(1)?;
    let count = core::str::from_utf8(digits.as_slice()).ok()?.parse().ok()?;
    if colon.as_slice() == b":" { rest.split_at(count) } else { None }
}

/// Text between two of `mark`, which belong to it.
fn enclosed(input: Octets<'_>, mark: u8) -> Option<(Octets<'_>, Octets<'_>)> {
    let length = input.as_slice().iter().skip(1).position(|octet| *octet == mark)?;
    input.split_at(length.saturating_add(2))
}

/// Text between quotation marks, in which a backslash takes the meaning of what follows it.
fn string(input: Octets<'_>) -> Option<(Octets<'_>, Octets<'_>)> {
    let (_, inside) = input.split_at(1)?;
    let mut is_escaped = false;
    let length = inside.as_slice().iter().position(|octet| {
        let is_end = *octet == b'"' && !is_escaped;
        is_escaped = *octet == b'\\' && !is_escaped;
        is_end
    })?;
    let (text, rest) = inside.split_at(length)?;
    rest.split_at(1).map(|(_, rest)| (text, rest))
}

/// Octets up to white space or a parenthesis.
fn word(input: Octets<'_>) -> Option<(Octets<'_>, Octets<'_>)> {
    let ends = |octet: &u8| octet.is_ascii_whitespace() || b"()\"#|".contains(octet);
    let length = input.as_slice().iter().position(ends).unwrap_or(input.len());
    input.split_at(length).filter(|(word, _)| !word.is_empty() && word.as_slice().iter().all(u8::is_ascii_graphic))
}
