//! Prints the type, the place and the size of each packet of a binary file.
//!
//! ```text
//! cargo run -p bpg-core --example walk_packets -- testdata/keys/ed25519.pub.gpg
//! ```

use std::error::Error;
use std::io::{self, Write};

use bpg_core::framing;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args_os().nth(1).ok_or("which file?")?;
    run(&std::fs::read(path)?, io::stdout())
}

/// Nothing is copied or allocated: packets borrow from `data`.
pub(crate) fn run(data: &[u8], mut out: impl Write) -> Result<(), Box<dyn Error>> {
    for raw in framing::packets(data) {
        // An error says where it is; the packets in front of it have been given.
        let raw = raw?;
        let place = raw.wire().start();
        writeln!(out, "{place}: {}, {} octets", raw.packet_type(), raw.body().len())?;
    }
    Ok(())
}
