//! Writing cleartext signed messages.

use alloc::vec::Vec;

use super::{ESCAPE, HEADER_LINE, Lines};
use crate::armor::{self, Footer};
use crate::registry::HashAlgorithm;

/// A cleartext signed message of `text` and `signatures`, which are Signature packets over the octets that
/// [`hashed`](super::hashed) gives.
///
/// `hashes` are named in a `Hash` header, which old programs want for signatures of version 4 and which others ignore
/// (RFC 9580 section 6.2.2.3); without any, there is no such header. Lines end with LF, blanks at their ends are left out,
/// and one line ending at the end of the text is not part of what is signed.
///
/// ```
/// use bpg_core::armor::Footer;
/// use bpg_core::cleartext;
/// use bpg_core::registry::HashAlgorithm;
///
/// let message = cleartext::encode(b"From me:\n-- \n", &[HashAlgorithm::SHA2_512], &[0xc2, 0x00], Footer::None);
/// assert!(message.starts_with(b"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n- From me:\n- --\n-----BEGIN PGP SIG"));
/// ```
#[must_use]
pub fn encode(text: &[u8], hashes: &[HashAlgorithm], signatures: &[u8], footer: Footer) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len().saturating_add(signatures.len().saturating_mul(2)));
    out.extend_from_slice(HEADER_LINE);
    out.push(b'\n');
    for name in hashes.iter().filter_map(|hash| hash.text_name()) {
        out.extend_from_slice(b"Hash: ");
        out.extend_from_slice(name.as_bytes());
        out.push(b'\n');
    }
    out.push(b'\n');
    for line in Lines::of(text) {
        let line = line.text.as_slice();
        // "An implementation … SHOULD dash-escape lines commencing in "From" followed by a space, and MUST dash-escape any
        // line commencing in a dash" (RFC 9580 section 7.2).
        if line.starts_with(b"-") || line.starts_with(b"From ") {
            out.extend_from_slice(ESCAPE);
        }
        out.extend_from_slice(line);
        out.push(b'\n');
    }
    out.extend_from_slice(armor::encode("SIGNATURE", &[], signatures, footer).as_bytes());
    out
}
