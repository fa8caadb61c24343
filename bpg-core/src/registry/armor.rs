//! The words of ASCII armor: RFC 9580 section 6.2 and what older specifications and GnuPG add to it.

use super::{Document, Reference};

/// A word that ASCII armor uses: the label of a header line, or the key of a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ArmorWord {
    /// The word. A label stands without `BEGIN PGP`, a key without its colon.
    pub word: &'static str,
    /// What it is used for.
    pub purpose: &'static str,
    /// Where it is assigned.
    pub reference: Reference,
}

impl ArmorWord {
    /// The labels that follow `BEGIN PGP` and `END PGP`. `X` and `Y` stand for decimal numbers.
    pub const HEADER_LINES: &'static [Self] = &[
        row("MESSAGE", "signed, encrypted, or compressed files", Document::Rfc9580, "6.2.1"),
        row("PUBLIC KEY BLOCK", "public keys", Document::Rfc9580, "6.2.1"),
        row("PRIVATE KEY BLOCK", "private keys", Document::Rfc9580, "6.2.1"),
        row("SIGNATURE", "detached, OpenPGP/MIME, and cleartext signatures", Document::Rfc9580, "6.2.1"),
        row("SIGNED MESSAGE", "the text of a cleartext signed message", Document::Rfc9580, "7.1"),
        row("MESSAGE, PART X/Y", "part X of a message in Y parts", Document::Rfc4880, "6.2"),
        row("MESSAGE, PART X", "part X of a message in an unknown number of parts", Document::Rfc4880, "6.2"),
        row("SECRET KEY BLOCK", "private keys of PGP 2", Document::GnuPgSource, ""),
        row("ARMORED FILE", "any file, armored by GnuPG", Document::GnuPgSource, ""),
    ];

    /// The keys of armor headers.
    pub const HEADER_KEYS: &'static [Self] = &[
        row("Version", "implementation information", Document::Rfc9580, "6.2.2.1"),
        row("Comment", "arbitrary text", Document::Rfc9580, "6.2.2.2"),
        row("Hash", "hash algorithms used in some v4 cleartext signed messages", Document::Rfc9580, "6.2.2.3"),
        row("Charset", "character set", Document::Rfc9580, "6.2.2.4"),
        row("MessageID", "the same for all parts of a multi-part message", Document::Rfc4880, "6.2"),
    ];
}

const fn row(word: &'static str, purpose: &'static str, document: Document, section: &'static str) -> ArmorWord {
    ArmorWord { word, purpose, reference: Reference { document, section } }
}
