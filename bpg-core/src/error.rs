//! What can be wrong with the input, and where.

use core::fmt;

use crate::octets::Span;

/// Malformed input: what is wrong, at which octets, inside which field.
///
/// The value is `Copy` and borrows nothing. Of the input it holds lengths, and at most the one octet that is wrong; that one
/// is printed only if it cannot be of a secret. `Display` gives one line:
///
/// ```text
/// at octet 12: signature: hashed area: Issuer Key ID: need 8 octets, have 7
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Error {
    kind: ErrorKind,
    span: Span,
    /// Innermost first.
    context: [&'static str; CONTEXTS],
}

/// How many enclosing names an error keeps; the innermost ones, which tell most.
const CONTEXTS: usize = 3;

/// What encloses the body of a packet, as an error names it.
pub(crate) const BODY: &str = "body";

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A field is longer than what is left of the region that holds it. The error's span starts where the field does.
    Truncated {
        /// The octets that the field needs.
        need: u64,
        /// The octets that are left.
        have: u64,
    },
    /// Octets are left over behind the last field of a region. The error's span is theirs.
    Trailing {
        /// How many are left over.
        count: u64,
    },
    /// An octet that should start a packet has bit 7 clear (RFC 9580 section 4.2).
    NotAPacket {
        /// The octet.
        octet: u8,
    },
    /// What follows the header of a packet makes no sense there. Only whoever recovers from damage is told so.
    Implausible,
    /// The packet's body is divided by partial lengths, so it has to be joined before it can be interpreted.
    PartialBody,
    /// A subpacket's length is 0, which leaves no room for its type (RFC 9580 section 5.2.3.7).
    EmptySubpacket,
    /// A length octet holds a value reserved for extensions (RFC 9580 section 9.2).
    ReservedLength {
        /// The value.
        length: u8,
    },
    /// Signatures are embedded in signatures beyond the depth that is interpreted.
    NestingTooDeep {
        /// The greatest depth that is interpreted.
        limit: u8,
    },
    /// Compressed data that does not decompress (RFC 9580 section 5.6).
    NotCompressed,
    /// The end of compressed data is missing (RFC 9580 section 5.6).
    CompressedDataCutShort,
    /// Input that goes beyond what its reader allows, and is not read on.
    OverLimit {
        /// What there is too much of, in the plural.
        of: &'static str,
        /// How many there may be.
        limit: u64,
    },
    /// A character that does not belong in base64 (RFC 9580 section 6).
    NotBase64 {
        /// The character.
        octet: u8,
    },
    /// Base64 ends with a single character, which encodes no whole octet (RFC 9580 section 6).
    IncompleteBase64,
    /// Characters between the end of the base64, which its padding or checksum marks, and the tail line.
    BehindBase64,
    /// An armor header line without its tail line.
    ArmorWithoutTail,
    /// An armor header of a cleartext that is not a list of hash algorithms (RFC 9580 section 7.1).
    NotAHashHeader,
    /// No empty line separates the armor headers from the cleartext (RFC 9580 section 7.1).
    NoEmptyLine,
    /// A cleartext that no signature follows (RFC 9580 section 7.1).
    CleartextWithoutSignature,
    /// The length of a keybox blob leaves no room for the blob's type.
    BlobTooShort {
        /// The length.
        length: u32,
    },
    /// The first blob of a keybox does not say that it is one.
    NotAKeybox,
    /// What a keybox blob refers to is not where it may be. The error's span is that of the offset and the length.
    Misplaced {
        /// The position where it starts, counted from the start of the blob.
        offset: u32,
        /// Its length.
        length: u32,
    },
    /// A key of gpg-agent is not the S-expression that it should be.
    NotAnExpression,
    /// Armor that RFC 9580 section 6 does not allow, read strictly.
    NotStrictArmor {
        /// What it does not keep to.
        rule: ArmorRule,
    },
    /// Something that is no packet, from behind the last packet to the end of the input.
    BehindPackets {
        /// How many octets.
        count: u64,
        /// What they are.
        filler: Filler,
    },
}

/// What armor and signed text have to be like (RFC 9580 sections 6 and 7). `Display` says how the armor differs from that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ArmorRule {
    /// "The header lines MUST start at the beginning of a line" (section 6.2.1).
    StartsLine,
    /// The label is one of section 6.2.1.
    RegisteredLabel,
    /// "A colon (: 0x3A) and a single space (0x20) separate the key and value" (section 6.2.2).
    KeyValuePair,
    /// "A blank (zero length or containing only whitespace) line" precedes the data (section 6.2).
    BlankLine,
    /// The base64 is "wrapped into lines of no more than 76 characters each" (section 6).
    LineLength,
    /// The padding is what RFC 4648 section 4 asks for.
    Padding,
    /// The bits behind the last octet are zero, as RFC 4648 section 4 has them.
    CanonicalBase64,
    /// "The Armor Tail, which depends on the Armor Header Line" (section 6.2).
    MatchingTail,
    /// The text is in an encoding that extends ASCII, and not in UTF-16.
    NotUtf16,
    /// The text is not encoded as quoted-printable (RFC 2045 section 6.7).
    NotQuotedPrintable,
    /// Packets and armor are not in one file.
    NotMixed,
    /// A line of signed text that starts with a dash is dash-escaped (section 7.2).
    DashEscaped,
}

impl fmt::Display for ArmorRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::StartsLine => "the armor is indented or quoted",
            Self::RegisteredLabel => "the armor's BEGIN line has a label that is not registered",
            Self::KeyValuePair => "the armor header is not a key, a colon, a space and a value",
            Self::BlankLine => "the armor has no empty line in front of its data",
            Self::LineLength => "the line has more than 76 characters of base64",
            Self::Padding => "the armor's padding is not what its data asks for",
            Self::CanonicalBase64 => "the armor's last character has bits that belong to no octet",
            Self::MatchingTail => "the armor's END line is not that of its BEGIN line",
            Self::NotUtf16 => "the armor is in UTF-16",
            Self::NotQuotedPrintable => "the armor is encoded as quoted-printable",
            Self::NotMixed => "packets and armor are in one file",
            Self::DashEscaped => "a line that starts with a dash is not dash-escaped",
        })
    }
}

/// What can be behind the last packet of a file without being one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Filler {
    /// Octets of value 0, as they fill up blocks of a device or a sparse file.
    Nul,
    /// White space, such as a line ending that was added.
    WhiteSpace,
    /// Other text in UTF-8, without control characters.
    Text,
}

impl Error {
    /// What is wrong, at these octets. Errors of the library have been made; this is for those of what is built on it, such
    /// as the decompression of packets.
    #[cold]
    #[must_use]
    pub const fn new(kind: ErrorKind, span: Span) -> Self {
        Self { kind, span, context: [""; CONTEXTS] }
    }

    /// The same error, inside `name`.
    #[cold]
    pub(crate) fn within(mut self, name: &'static str) -> Self {
        if let Some(free) = self.context.iter_mut().find(|context| context.is_empty()) {
            *free = name;
        }
        self
    }

    /// The same error at another place, for octets that were copied or decoded before they were read.
    #[must_use]
    pub fn at(mut self, span: Span) -> Self {
        self.span = span;
        self
    }

    /// What is wrong.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The octets concerned, as positions in the input.
    #[must_use]
    pub const fn span(&self) -> Span {
        self.span
    }

    /// Whether the input ends inside of the body of a packet, as the packet's length has it. Something inside of the body
    /// that is longer than there is room for is another thing.
    #[must_use]
    pub fn is_cut_short(&self) -> bool {
        matches!(self.kind, ErrorKind::Truncated { .. }) && self.context().any(|name| name == BODY)
    }

    /// The names of what encloses the place, outermost first, at most three.
    pub fn context(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.context.iter().rev().copied().filter(|name| !name.is_empty())
    }

    /// The line that `Display` gives, without the leading `at octet N: `.
    #[must_use]
    pub const fn reason(&self) -> Reason<'_> {
        Reason(self)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at octet {}: {}", self.span.start, self.reason())
    }
}

impl core::error::Error for Error {}

/// Displays an [`Error`] without its position: see [`Error::reason`].
#[derive(Clone, Copy, Debug)]
pub struct Reason<'e>(&'e Error);

impl fmt::Display for Reason<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for name in self.0.context() {
            write!(f, "{name}: ")?;
        }
        write!(f, "{}", self.0.kind)
    }
}

impl ErrorKind {
    /// The kind's name in lower case with hyphens, for programs. It does not change.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Truncated { .. } => "truncated",
            Self::Trailing { .. } => "trailing",
            Self::NotAPacket { .. } => "not-a-packet",
            Self::Implausible => "implausible",
            Self::PartialBody => "partial-body",
            Self::EmptySubpacket => "empty-subpacket",
            Self::ReservedLength { .. } => "reserved-length",
            Self::NestingTooDeep { .. } => "nesting-too-deep",
            Self::NotCompressed => "not-compressed",
            Self::CompressedDataCutShort => "compressed-data-cut-short",
            Self::OverLimit { .. } => "over-limit",
            Self::NotBase64 { .. } => "not-base64",
            Self::IncompleteBase64 => "incomplete-base64",
            Self::BehindBase64 => "behind-base64",
            Self::ArmorWithoutTail => "armor-without-tail",
            Self::NotAHashHeader => "not-a-hash-header",
            Self::NoEmptyLine => "no-empty-line",
            Self::CleartextWithoutSignature => "cleartext-without-signature",
            Self::BlobTooShort { .. } => "blob-too-short",
            Self::NotAKeybox => "not-a-keybox",
            Self::Misplaced { .. } => "misplaced",
            Self::NotAnExpression => "not-an-expression",
            Self::NotStrictArmor { .. } => "not-strict-armor",
            Self::BehindPackets { .. } => "behind-packets",
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Truncated { need, have } => {
                write!(f, "need {need} {}, have {have}", octets(need))
            }
            Self::Trailing { count } => write!(f, "{count} {} left over", octets(count)),
            // The octet may be of a secret, if the packet in front has a wrong length.
            Self::NotAPacket { .. } => f.write_str("no packet starts here (bit 7 is clear)"),
            Self::Implausible => f.write_str("this looks like a packet, but makes no sense here"),
            Self::PartialBody => f.write_str("the body is divided by partial lengths"),
            Self::EmptySubpacket => f.write_str("a length of 0 leaves no room for the type"),
            Self::ReservedLength { length } => write!(f, "the length {length} is reserved"),
            Self::NestingTooDeep { limit } => {
                write!(f, "nested more than {limit} deep, not interpreted")
            }
            Self::NotCompressed => f.write_str("this does not decompress"),
            Self::CompressedDataCutShort => f.write_str("the compressed data ends early"),
            Self::OverLimit { of, limit } => write!(f, "more {of} than the limit of {limit}, not read on"),
            Self::NotBase64 { octet } => write!(f, "the octet 0x{octet:02x} is not base64"),
            Self::IncompleteBase64 => f.write_str("base64 ends with a single character, which encodes no octet"),
            Self::BehindBase64 => f.write_str("characters behind the end of the base64"),
            Self::ArmorWithoutTail => f.write_str("armor ends without its END line"),
            Self::NotAHashHeader => f.write_str("an armor header that is not a list of hash algorithms"),
            Self::NoEmptyLine => f.write_str("no empty line in front of the text"),
            Self::CleartextWithoutSignature => f.write_str("no signature follows the text"),
            Self::BlobTooShort { length } => write!(f, "a length of {length} leaves no room for the blob's type"),
            Self::NotAKeybox => f.write_str("no keybox starts here"),
            Self::Misplaced { offset, length } => {
                write!(f, "{length} {} at offset {offset} are not inside of their place", octets(length.into()))
            }
            Self::NotAnExpression => f.write_str("this is not the S-expression of a key"),
            Self::NotStrictArmor { rule } => write!(f, "{rule}"),
            Self::BehindPackets { count, filler: Filler::Nul } => {
                write!(f, "{count} NUL {} behind the last packet", octets(count))
            }
            Self::BehindPackets { count, filler: Filler::WhiteSpace } => {
                write!(f, "{count} {} of white space behind the last packet", octets(count))
            }
            Self::BehindPackets { count, filler: Filler::Text } => {
                write!(f, "{count} {} of text behind the last packet", octets(count))
            }
        }
    }
}

fn octets(count: u64) -> &'static str {
    if count == 1 { "octet" } else { "octets" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString;

    const SPAN: Span = Span { start: 12, end: 19 };

    #[test]
    fn one_line_with_place_and_names_outermost_first() {
        let error = Error::new(ErrorKind::Truncated { need: 8, have: 7 }, SPAN)
            .within("Issuer Key ID")
            .within("hashed area")
            .within("signature");
        assert_eq!(error.to_string(), "at octet 12: signature: hashed area: Issuer Key ID: need 8 octets, have 7");
        assert_eq!(error.within("one too many"), error, "the innermost three names are kept");
    }

    #[test]
    fn cut_short_is_the_body_and_nothing_in_it() {
        let error = Error::new(ErrorKind::Truncated { need: 8, have: 7 }, SPAN);
        assert!(error.within("length").within(BODY).within("Literal Data").is_cut_short());
        assert!(!error.within("subpacket").within("hashed area").within("signature").is_cut_short());
        assert!(!Error::new(ErrorKind::PartialBody, SPAN).within(BODY).is_cut_short());
    }

    #[test]
    fn fits_in_96_octets() {
        assert!(size_of::<Error>() <= 96, "{}", size_of::<Error>());
    }
}
