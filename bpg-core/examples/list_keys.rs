//! Lists the keys of a binary keyring, with their user IDs.
//!
//! ```text
//! cargo run -p bpg-core --example list_keys -- testdata/keys/ed25519.pub.gpg
//! ```

use std::error::Error;
use std::io::{self, Write};

use bpg_core::framing;
use bpg_core::packet::Packet;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args_os().nth(1).ok_or("which file?")?;
    run(&std::fs::read(path)?, io::stdout())
}

/// Tells of public keys and user IDs, and passes over everything else.
pub(crate) fn run(data: &[u8], mut out: impl Write) -> Result<(), Box<dyn Error>> {
    for raw in framing::packets(data) {
        match raw?.interpret() {
            Ok(Packet::PublicKey(key)) => {
                // Versions 2 and 3 have fingerprints only where their key is RSA.
                let fingerprint = key.fingerprint().map_or("no fingerprint".into(), |print| print.to_string());
                writeln!(out, "{} {fingerprint}", key.algorithm())?;
            }
            // Names come from whoever made the key; as a string in quotes they cannot reach the terminal.
            Ok(Packet::UserId(user_id)) => {
                writeln!(out, "    {:?}", String::from_utf8_lossy(user_id.octets().as_slice()))?;
            }
            Ok(_) => {}
            // One bad packet does not cost the keyring.
            Err(error) => writeln!(out, "    {error}")?,
        }
    }
    Ok(())
}
