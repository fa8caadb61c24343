//! Computes what the certifications of a key are signatures of, for each that uses SHA2-256, and tells whether the digest
//! starts as the signature says. To verify the signature is then one call to a cryptographic library.
//!
//! ```text
//! cargo run -p bpg-core --example hash_signed -- testdata/keys/ed25519.pub.gpg
//! ```

use std::error::Error;
use std::io::{self, Write};

use bpg_core::framing;
use bpg_core::packet::Packet;
use bpg_core::packet::signature::SignedOctets;
use bpg_core::registry::HashAlgorithm;
use sha2::{Digest, Sha256};

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args_os().nth(1).ok_or("which file?")?;
    run(&std::fs::read(path)?, io::stdout())
}

/// Looks at signatures behind a user ID, behind a primary key.
pub(crate) fn run(data: &[u8], mut out: impl Write) -> Result<(), Box<dyn Error>> {
    let (mut primary, mut certified) = (None, None);
    for raw in framing::packets(data) {
        match raw?.interpret()? {
            Packet::PublicKey(key) => (primary, certified) = (Some(key), None),
            Packet::UserId(user_id) => certified = Some(user_id),
            Packet::Signature(signature) if signature.hash_algorithm() == HashAlgorithm::SHA2_256 => {
                let (Some(key), Some(user_id)) = (primary, certified) else { continue };
                let version = signature.version();
                let signed = [
                    SignedOctets::key(version, key.wire()).ok_or("the key is too long to be signed")?,
                    SignedOctets::user_id(version, user_id.octets()).ok_or("the user ID is too long to be signed")?,
                ];
                let mut hash = Sha256::new();
                signature.hashed_wire().write_around(&signed, &mut |octets| hash.update(octets));
                let is_right = hash.finalize().starts_with(signature.digest_prefix().as_slice());
                let verdict = if is_right { "starts as it should" } else { "starts otherwise" };
                writeln!(out, "{}: the digest {verdict}", signature.signature_type())?;
            }
            Packet::Signature(_) => {}
            // What follows signs something else.
            _ => certified = None,
        }
    }
    Ok(())
}
