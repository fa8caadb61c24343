//! The keys of gpg-agent: the files of `private-keys-v1.d`, which hold one secret key each and no packet.
//!
//! Such a file is recognised and described; its secrets are not interpreted. The file `agent/keyformat.txt` of GnuPG
//! documents the two formats: a bare S-expression in its canonical form, and lines of `Name: value`, where the value of
//! `Key` is the S-expression in a form made for readers.

mod expression;

use core::iter::FusedIterator;

use memchr::memchr2;

use crate::encode::encode_as_received;
use crate::error::{Error, ErrorKind};
use crate::octets::{Octets, Span};
use crate::secret::Secret;
use expression::{Token, list_end, token};

/// What [`inspect`](crate::inspect) and errors call this format.
pub const FORMAT: &str = "gpg-agent key";

/// The name of the line that holds the S-expression.
const KEY: &[u8] = b"Key";

/// The names whose values are no secret.
const PUBLIC_NAMES: [&[u8]; 9] = [
    b"Backup-info",
    b"Confirm",
    b"Created",
    b"Description",
    b"Label",
    b"OpenSSH-cert",
    b"Prompt",
    b"Token",
    b"Use-for-ssh",
];

/// What a key file of gpg-agent says of its secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// The secret is there, without a passphrase.
    Private,
    /// The secret is encrypted.
    Protected,
    /// The secret is on a token.
    Shadowed,
}

impl Kind {
    /// The name in words.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Private => "private key",
            Self::Protected => "protected private key",
            Self::Shadowed => "shadowed private key",
        }
    }

    fn of(word: &[u8]) -> Option<Self> {
        match word {
            b"private-key" => Some(Self::Private),
            b"protected-private-key" => Some(Self::Protected),
            b"shadowed-private-key" => Some(Self::Shadowed),
            _ => None,
        }
    }
}

/// How a key file of gpg-agent is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// A bare S-expression.
    Canonical,
    /// Lines of `Name: value`.
    Extended,
}

/// A key file of gpg-agent.
///
/// ```
/// use bpg_core::agent_key::{AgentKey, Kind};
///
/// let file = b"Created: 20240101T000000\nKey: (private-key (ecc (curve Ed25519) (q #40#) (d #00#)))\n";
/// let key = AgentKey::recognise(file.as_slice().into()).unwrap();
/// assert_eq!((key.kind(), key.algorithm().unwrap().as_slice()), (Kind::Private, b"ecc".as_slice()));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct AgentKey<'a> {
    wire: Octets<'a>,
    format: Format,
    kind: Kind,
}

encode_as_received! {
    AgentKey<'_>: wire,
}

impl<'a> AgentKey<'a> {
    /// Recognises a file by the first word of its S-expression. `None` if `input` is something else.
    #[must_use]
    pub fn recognise(input: Octets<'a>) -> Option<Self> {
        let is_bare = input.as_slice().first() == Some(&b'(');
        let format = if is_bare { Format::Canonical } else { Format::Extended };
        // Names have letters first; a file that starts with anything else is not looked at any further.
        if !is_bare && !input.as_slice().first().is_some_and(u8::is_ascii_alphabetic) {
            return None;
        }
        let mut parts = Parts::new(input, format);
        while let Some(Ok(part)) = parts.next() {
            match part.value {
                PartValue::Text(word) if part.name == KIND => {
                    return Kind::of(word.as_slice()).map(|kind| Self { wire: input, format, kind });
                }
                _ if matches!(part.name, LINE | BLANK_LINE) => {}
                _ => return None,
            }
        }
        None
    }

    /// All octets of the file.
    #[must_use]
    pub const fn wire(self) -> Octets<'a> {
        self.wire
    }

    /// How the file is written.
    #[must_use]
    pub const fn format(self) -> Format {
        self.format
    }

    /// What the file says of its secret.
    #[must_use]
    pub const fn kind(self) -> Kind {
        self.kind
    }

    /// The name of the algorithm in libgcrypt, such as `rsa` or `ecc`.
    #[must_use]
    pub fn algorithm(self) -> Option<Octets<'a>> {
        self.text(ALGORITHM)
    }

    /// How a protected key is encrypted, such as `openpgp-s2k3-ocb-aes`.
    #[must_use]
    pub fn protection_mode(self) -> Option<Octets<'a>> {
        self.text(PROTECTION_MODE)
    }

    /// The lines of `Name: value` whose values are no secret, continuation lines included.
    pub fn lines(self) -> impl Iterator<Item = Octets<'a>> {
        self.parts().flatten().filter_map(|part| match part.value {
            PartValue::Text(line) if part.name == LINE => Some(line),
            _ => None,
        })
    }

    /// What the file is made of, in order.
    #[must_use]
    pub const fn parts(self) -> Parts<'a> {
        Parts::new(self.wire, self.format)
    }

    fn text(self, name: &str) -> Option<Octets<'a>> {
        self.parts().flatten().find_map(|part| match part.value {
            PartValue::Text(text) if part.name == name => Some(text),
            _ => None,
        })
    }
}

const LINE: &str = "line";
const BLANK_LINE: &str = "blank line";
const KIND: &str = "kind";
const ALGORITHM: &str = "algorithm";
const PROTECTION_MODE: &str = "protection mode";
const TOKEN_PROTOCOL: &str = "token protocol";

/// A part of a key file.
#[derive(Clone, Copy, Debug)]
pub struct Part<'a> {
    /// What it is: a name of the format, or a description.
    pub name: &'static str,
    /// Its octets, with the punctuation in front of them.
    pub span: Span,
    /// What is in it.
    pub value: PartValue<'a>,
}

/// What a part of a key file holds.
#[derive(Clone, Copy, Debug)]
pub enum PartValue<'a> {
    /// Text.
    Text(Octets<'a>),
    /// Octets that are public.
    Data(Octets<'a>),
    /// Octets that are secret, or may be.
    Secret(Secret<'a>),
}

/// No name of an algorithm, of a curve, of a protection mode or of a protocol, and no point in time is longer. The longest
/// has 25 octets.
const LONGEST_NAME: usize = 32;

impl<'a> PartValue<'a> {
    /// What should be a name; what cannot be one may be of the secret, in a file that is damaged.
    fn name(atom: Octets<'a>) -> Self {
        let is_name_octet = |octet: &u8| octet.is_ascii_alphanumeric() || b"-_. ".contains(octet);
        if atom.len() <= LONGEST_NAME && atom.as_slice().iter().all(is_name_octet) {
            Self::Text(atom)
        } else {
            Self::Secret(Secret::new(atom))
        }
    }
}

/// Iterates over the parts of a key file: see [`AgentKey::parts`].
///
/// The spans of the parts follow one another. An error ends the iteration; what follows the last part may be secret.
#[derive(Clone, Debug)]
pub struct Parts<'a> {
    /// What is not part of a part yet.
    untold: Octets<'a>,
    /// What is not read yet: a tail of that.
    rest: Octets<'a>,
    format: Format,
    state: State<'a>,
}

/// Where in a key file the next part is.
#[derive(Clone, Copy, Debug)]
enum State<'a> {
    /// Between lines of `Name: value`.
    Lines,
    /// In front of the S-expression.
    Kind,
    /// Behind the first word of the S-expression.
    Algorithm,
    /// Among the lists of the algorithm of this name.
    Parameters(Octets<'a>),
    /// Inside such a list, of which the rest is one part.
    Rest(Octets<'a>, &'static str),
    /// Behind the list of the algorithm.
    Attributes,
    /// Behind the S-expression of a bare one.
    Trailer,
    /// At the end.
    Done,
}

impl<'a> Parts<'a> {
    const fn new(input: Octets<'a>, format: Format) -> Self {
        let state = match format {
            Format::Canonical => State::Kind,
            Format::Extended => State::Lines,
        };
        Self { untold: input, rest: input, format, state }
    }

    /// The octets behind the last part, which may be secret.
    #[must_use]
    pub const fn remaining(&self) -> Octets<'a> {
        self.untold
    }

    /// A part that ends where reading is.
    fn part(&mut self, name: &'static str, value: PartValue<'a>) -> Part<'a> {
        let span = Span { start: self.untold.start(), end: self.rest.start() };
        self.untold = self.rest;
        Part { name, span, value }
    }

    fn next_part(&mut self) -> Result<Option<Part<'a>>, Error> {
        loop {
            return match self.state {
                State::Lines if self.rest.is_empty() => {
                    self.state = State::Done;
                    continue;
                }
                State::Lines => match self.line()? {
                    Some(part) => Ok(Some(part)),
                    None => continue,
                },
                State::Kind => {
                    self.open()?;
                    let word = self.atom()?;
                    self.state = State::Algorithm;
                    Ok(Some(self.part(KIND, PartValue::Text(word))))
                }
                State::Algorithm => {
                    self.open()?;
                    let algorithm = self.atom()?;
                    self.state = State::Parameters(algorithm);
                    Ok(Some(self.part(ALGORITHM, PartValue::name(algorithm))))
                }
                State::Parameters(algorithm) => match self.list()? {
                    Some(word) => self.parameter(algorithm, word).map(Some),
                    None => {
                        self.state = State::Attributes;
                        continue;
                    }
                },
                State::Rest(algorithm, name) => {
                    self.state = State::Parameters(algorithm);
                    let here = self.rest_of_list()?;
                    let value = match name {
                        TOKEN => PartValue::Data(here),
                        _ => PartValue::Secret(Secret::new(here)),
                    };
                    Ok(Some(self.part(name, value)))
                }
                State::Attributes => match self.list()? {
                    Some(word) => self.attribute(word).map(Some),
                    None => {
                        self.state = if self.format == Format::Extended { State::Lines } else { State::Trailer };
                        Ok(Some(self.part("end of the key", PartValue::Data(self.untold.before(self.rest)))))
                    }
                },
                State::Trailer => {
                    self.state = State::Done;
                    if self.rest.is_empty() {
                        return Ok(None);
                    }
                    let trailer = self.take_rest();
                    let is_blank = trailer.as_slice().iter().all(|octet| octet.is_ascii_whitespace() || *octet == 0);
                    let value =
                        if is_blank { PartValue::Data(trailer) } else { PartValue::Secret(Secret::new(trailer)) };
                    Ok(Some(self.part("behind the key", value)))
                }
                State::Done => Ok(None),
            };
        }
    }

    fn take_rest(&mut self) -> Octets<'a> {
        let all = self.rest;
        self.rest = Octets::new(&[], all.end());
        all
    }

    /// A line with its continuation lines, `None` if it holds the key.
    fn line(&mut self) -> Result<Option<Part<'a>>, Error> {
        let (name, value) = split_name(self.rest);
        if let Some(value) = value.filter(|_| name.as_slice().eq_ignore_ascii_case(KEY)) {
            self.rest = value;
            self.state = State::Kind;
            return Ok(None);
        }
        let start = self.rest;
        self.rest = behind_line(start);
        while value.is_some() && matches!(self.rest.as_slice().first(), Some(b' ' | b'\t')) {
            self.rest = behind_line(self.rest);
        }
        let line = start.before(self.rest);
        let text = line.split_at(line.as_slice().trim_ascii_end().len()).map_or(line, |(text, _)| text);
        let is_public = PUBLIC_NAMES.iter().any(|public| name.as_slice().eq_ignore_ascii_case(public));
        let is_comment = text.as_slice().first().is_some_and(u8::is_ascii_whitespace);
        if text.is_empty() {
            return Ok(Some(self.part(BLANK_LINE, PartValue::Data(line))));
        }
        let value = match value {
            Some(_) if is_public => PartValue::Text(text),
            None if !is_comment => return Err(Error::new(ErrorKind::NotAnExpression, text.span())),
            _ => PartValue::Secret(Secret::new(text)),
        };
        Ok(Some(self.part(LINE, value)))
    }

    /// A list of the algorithm's, of which `word` is the first atom.
    fn parameter(&mut self, algorithm: Octets<'a>, word: Octets<'a>) -> Result<Part<'a>, Error> {
        match word.as_slice() {
            b"protected" => {
                let mode = self.atom()?;
                self.state = State::Rest(algorithm, "encrypted secret key");
                Ok(self.part(PROTECTION_MODE, PartValue::name(mode)))
            }
            b"shadowed" => {
                let protocol = self.atom()?;
                self.state = State::Rest(algorithm, TOKEN);
                Ok(self.part(TOKEN_PROTOCOL, PartValue::name(protocol)))
            }
            word => {
                let here = self.rest_of_list()?;
                let (name, is_public) = parameter(algorithm.as_slice(), word);
                let value = if is_public { PartValue::Data(here) } else { PartValue::Secret(Secret::new(here)) };
                Ok(match (name, first_atom(here)) {
                    (CURVE | PROTECTED_AT, Some(atom)) => self.part(name, PartValue::name(atom)),
                    _ => self.part(name, value),
                })
            }
        }
    }

    /// A list behind that of the algorithm, of which `word` is the first atom.
    fn attribute(&mut self, word: Octets<'a>) -> Result<Part<'a>, Error> {
        let here = self.rest_of_list()?;
        let name = match word.as_slice() {
            b"comment" => "comment",
            b"created-at" => "created at",
            b"protected-at" => PROTECTED_AT,
            b"uri" => "URI",
            _ => return Ok(self.part("unknown list", PartValue::Secret(Secret::new(here)))),
        };
        let value = first_atom(here).map_or(PartValue::Data(here), PartValue::Text);
        Ok(self.part(name, value))
    }

    fn next_token(&mut self) -> Result<Token<'a>, Error> {
        let (found, rest) = token(self.rest)?;
        self.rest = rest;
        Ok(found)
    }

    fn open(&mut self) -> Result<(), Error> {
        let start = self.rest;
        match self.next_token()? {
            Token::Open => Ok(()),
            _ => Err(Error::new(ErrorKind::NotAnExpression, start.before(self.rest).span())),
        }
    }

    fn atom(&mut self) -> Result<Octets<'a>, Error> {
        let start = self.rest;
        match self.next_token()? {
            Token::Atom(atom) => Ok(atom),
            _ => Err(Error::new(ErrorKind::NotAnExpression, start.before(self.rest).span())),
        }
    }

    /// The first atom of the next list, `None` if there is none but the end of the list that it would be in.
    fn list(&mut self) -> Result<Option<Octets<'a>>, Error> {
        let start = self.rest;
        match self.next_token()? {
            Token::Open => self.atom().map(Some),
            Token::Close => Ok(None),
            Token::Atom(_) => Err(Error::new(ErrorKind::NotAnExpression, start.before(self.rest).span())),
        }
    }

    /// What is left of a list in which the reading is; it ends behind the list.
    fn rest_of_list(&mut self) -> Result<Octets<'a>, Error> {
        let (here, rest) = list_end(self.rest)?;
        self.rest = rest;
        Ok(here)
    }
}

impl<'a> Iterator for Parts<'a> {
    type Item = Result<Part<'a>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let part = self.next_part().map_err(|error| error.within(FORMAT));
        if part.is_err() {
            self.state = State::Done;
        }
        part.transpose()
    }
}

impl FusedIterator for Parts<'_> {}

const CURVE: &str = "curve";
const PROTECTED_AT: &str = "protected at";
const TOKEN: &str = "token";

/// The name of a parameter, and whether it is public. The same letter stands for different things in different algorithms.
fn parameter(algorithm: &[u8], word: &[u8]) -> (&'static str, bool) {
    let is_ecc = matches!(algorithm, b"ecc" | b"ecdsa" | b"ecdh" | b"eddsa");
    match (word, algorithm) {
        (b"curve", _) if is_ecc => (CURVE, true),
        (b"flags", _) if is_ecc => ("flags", true),
        (b"protected-at", _) => (PROTECTED_AT, true),
        (b"n", b"rsa") => ("n", true),
        (b"e", b"rsa") => ("e", true),
        (b"p", b"dsa" | b"elg") => ("p", true),
        (b"q", b"dsa") => ("q", true),
        (b"g", b"dsa" | b"elg") => ("g", true),
        (b"y", b"dsa" | b"elg") => ("y", true),
        (b"q", _) if is_ecc => ("q", true),
        (b"d", _) => ("d", false),
        (b"x", _) => ("x", false),
        (b"p", _) => ("p", false),
        (b"q", _) => ("q", false),
        (b"u", _) => ("u", false),
        _ => ("unknown parameter", false),
    }
}

/// The first atom of `list`.
fn first_atom(list: Octets<'_>) -> Option<Octets<'_>> {
    match token(list) {
        Ok((Token::Atom(atom), _)) => Some(atom),
        _ => None,
    }
}

/// The name that a line starts with, and what follows its colon. A line that has none has an empty name.
fn split_name(input: Octets<'_>) -> (Octets<'_>, Option<Octets<'_>>) {
    let octets = input.as_slice();
    let length = octets.iter().take_while(|octet| octet.is_ascii_alphanumeric() || **octet == b'-').count();
    match input.split_at(length).and_then(|(name, rest)| Some((name, rest.split_at(1)?))) {
        Some((name, (colon, value))) if colon.as_slice() == b":" && length > 0 => (name, Some(value)),
        _ => (Octets::new(&[], input.start()), None),
    }
}

/// What follows the first line of `input`.
fn behind_line(input: Octets<'_>) -> Octets<'_> {
    let octets = input.as_slice();
    let end = memchr2(b'\n', b'\r', octets).unwrap_or(octets.len());
    let ending = if octets.get(end..).is_some_and(|rest| rest.starts_with(b"\r\n")) { 2 } else { 1 };
    input.split_at(end.saturating_add(ending)).map_or(Octets::new(&[], input.end()), |(_, rest)| rest)
}
