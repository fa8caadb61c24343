//! Which fingerprint goes with a key ID, so that a key that is told in both ways is one.

use std::collections::HashMap;

/// How many are kept, so that memory is bounded. Keys beyond are listed as they are told.
const MOST: usize = 1000;
/// The hexadecimal digits of a key ID.
const KEY_ID: usize = 16;

/// The fingerprints that a file tells, by their key IDs.
#[derive(Debug, Default)]
pub(super) struct Fingerprints {
    /// Nothing if several keys have the key ID, which anybody can bring about.
    of: HashMap<String, Option<String>>,
}

impl Fingerprints {
    /// A key was told by its fingerprint alone.
    pub(super) fn told(&mut self, fingerprint: Option<&str>) {
        let Some(fingerprint) = fingerprint else { return };
        if let Some(key_id) = key_id(fingerprint) {
            self.both(key_id, fingerprint);
        }
    }

    /// A key was told by its key ID and its fingerprint.
    pub(super) fn both(&mut self, key_id: &str, fingerprint: &str) {
        if let Some(known) = self.of.get_mut(key_id) {
            known.take_if(|known| known != fingerprint);
        } else if self.of.len() < MOST {
            self.of.insert(key_id.into(), Some(fingerprint.into()));
        }
    }

    /// The fingerprint for a key ID, if it was told; or else what is given.
    pub(super) fn of<'n>(&'n self, name: &'n str) -> &'n str {
        self.of.get(name).and_then(Option::as_deref).unwrap_or(name)
    }
}

/// The key ID that is in a fingerprint: "the low-order 64 bits of the fingerprint" of version 4 (RFC 9580 section
/// 5.5.4.2), "the high-order 64 bits of the fingerprint" of version 6 (section 5.5.4.3) and of version 5 (LibrePGP
/// section 12.2). That of version 3 is no part of the fingerprint.
fn key_id(fingerprint: &str) -> Option<&str> {
    let is_hexadecimal = fingerprint.bytes().all(|octet| octet.is_ascii_hexdigit());
    match fingerprint.len() {
        40 if is_hexadecimal => fingerprint.get(40 - KEY_ID..),
        64 if is_hexadecimal => fingerprint.get(..KEY_ID),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_the_key_id_is_in_a_fingerprint() {
        let version_4 = "9e23637acbc2663247973d67137d54afea7356f1";
        let version_6 = "cb186c4f0609a697e4d52dfa6c722b0c1f1e27c18a56708f6525ec27bad9acc9";
        let mut fingerprints = Fingerprints::default();
        for fingerprint in [version_4, version_6, "key 1", "0123456789abcdef"] {
            fingerprints.told(Some(fingerprint));
        }
        fingerprints.told(None);
        fingerprints.both("0011223344556677", "00112233445566778899aabbccddeeff");
        assert_eq!(fingerprints.of.len(), 3);
        assert_eq!(fingerprints.of("137d54afea7356f1"), version_4);
        assert_eq!(fingerprints.of("cb186c4f0609a697"), version_6);
        assert_eq!(fingerprints.of("0011223344556677"), "00112233445566778899aabbccddeeff");
        assert_eq!(fingerprints.of("key 1"), "key 1");
    }

    #[test]
    fn a_key_id_of_two_keys_stands_for_neither() {
        let mut fingerprints = Fingerprints::default();
        for start in ["00", "11", "00"] {
            fingerprints.told(Some(&format!("{}137d54afea7356f1", start.repeat(12))));
        }
        assert_eq!(fingerprints.of("137d54afea7356f1"), "137d54afea7356f1");
    }

    #[test]
    fn there_is_an_end_to_them() {
        let mut fingerprints = Fingerprints::default();
        for number in 0..2 * MOST {
            fingerprints.told(Some(&format!("{number:040x}")));
        }
        assert_eq!(fingerprints.of.len(), MOST);
    }
}
