//! Writes what the ASCII armor in a text holds to standard output.
//!
//! ```text
//! cargo run -p bpg-core --example open_armor -- testdata/keys/ed25519.pub.asc
//! ```

use std::error::Error;
use std::io::{self, Write};

use bpg_core::armor;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args_os().nth(1).ok_or("which file?")?;
    run(&std::fs::read(path)?, io::stdout())
}

/// Text around the armor is passed over. What a file holds that need not be armored, `container::parts` tells.
pub(crate) fn run(text: &[u8], mut out: impl Write) -> Result<(), Box<dyn Error>> {
    for block in armor::blocks(text) {
        let decoded = block.decode()?;
        // RFC 9580 section 6.1 does not let a checksum decide anything.
        if decoded.checksum.is_some_and(|checksum| !checksum.is_right()) {
            eprintln!("the checksum is wrong");
        }
        out.write_all(&decoded.octets)?;
    }
    Ok(())
}
