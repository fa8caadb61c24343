//! Which numbers there can be, and where those without a row would be assigned.

use bpg_core::registry::{Document, Reference, Registry};

/// The numbers of a registry.
#[derive(Clone, Copy, Debug)]
pub(super) struct Space {
    word: &'static str,
    /// The last number there can be. Octets of flags there can be as many as somebody likes, of which these are enough.
    pub(super) last: u32,
    /// Where numbers are assigned.
    pub(super) reference: Reference,
    /// What larger numbers are that people meet in the same octet.
    pub(super) larger: &'static str,
}

impl Space {
    pub(super) fn of(registry: &Registry) -> Option<&'static Self> {
        SPACES.iter().find(|space| space.word == registry.word)
    }

    const fn new(word: &'static str, last: u32, document: Document, section: &'static str) -> Self {
        Self { word, last, reference: Reference { document, section }, larger: "" }
    }

    const fn larger(self, larger: &'static str) -> Self {
        Self { larger, ..self }
    }
}

const OCTET: u32 = 0xff;

/// One for each registry.
const SPACES: &[Space] = &[
    // "Bits 5 to 0 -- Packet Type ID" (RFC 9580 section 4.2).
    Space::new("packet", 0x3f, Document::Rfc9580, "5")
        .larger("in a header octet, it is in bits 5 to 0, or 5 to 2 in the old format"),
    Space::new("algorithm", OCTET, Document::Rfc9580, "9.1"),
    Space::new("symmetric", OCTET, Document::Rfc9580, "9.3"),
    Space::new("hash", OCTET, Document::Rfc9580, "9.5"),
    Space::new("aead", OCTET, Document::Rfc9580, "9.6"),
    Space::new("compression", OCTET, Document::Rfc9580, "9.4"),
    Space::new("s2k", OCTET, Document::Rfc9580, "3.7.1"),
    Space::new("s2k-usage", OCTET, Document::Rfc9580, "3.7.2.1"),
    Space::new("s2k-gnu", OCTET, Document::GnuPg, ""),
    Space::new("signature", OCTET, Document::Rfc9580, "5.2.1"),
    // "Bit 7 of the encoded Subpacket Type ID is the "critical" bit" (RFC 9580 section 5.2.3.7).
    Space::new("subpacket", 0x7f, Document::Rfc9580, "5.2.3.7").larger("bit 7 says that a subpacket is critical"),
    Space::new("key-flag", 0xffff, Document::Rfc9580, "5.2.3.29"),
    Space::new("feature", 0xffff, Document::Rfc9580, "5.2.3.32"),
    Space::new("key-server-preference", 0xffff, Document::Rfc9580, "5.2.3.25"),
    // "4 octets of flags" (RFC 9580 section 5.2.3.24).
    Space::new("notation-flag", 31, Document::Rfc9580, "5.2.3.24"),
    Space::new("reason", OCTET, Document::Rfc9580, "5.2.3.31"),
    Space::new("literal", OCTET, Document::Rfc9580, "5.9"),
    Space::new("user-attribute", OCTET, Document::Rfc9580, "5.12"),
    Space::new("image-version", OCTET, Document::Rfc9580, "5.12.1"),
    Space::new("image-encoding", OCTET, Document::Rfc9580, "5.12.1"),
    Space::new("trust", OCTET, Document::GnuPgSource, ""),
    Space::new("keybox-blob", OCTET, Document::GnuPgSource, ""),
    // Two octets of each kind of flags.
    Space::new("keybox-header-flag", 15, Document::GnuPgSource, ""),
    Space::new("keybox-blob-flag", 15, Document::GnuPgSource, ""),
    Space::new("keybox-key-flag", 15, Document::GnuPgSource, ""),
    Space::new("keybox-signature", u32::MAX, Document::GnuPgSource, ""),
];

#[cfg(test)]
mod tests {
    use super::*;

    /// Every registry is here, with room for all of its rows, and no more than its numbers have.
    #[test]
    fn every_registry_has_its_space() {
        assert_eq!(SPACES.len(), Registry::ALL.len());
        for registry in Registry::ALL {
            let space = Space::of(registry).unwrap_or_else(|| panic!("{} has no space", registry.word));
            assert!(registry.holds(space.last), "{}", registry.word);
            assert!(registry.entries().all(|entry| entry.last <= space.last), "{}", registry.word);
        }
    }
}
