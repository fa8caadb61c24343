//! Writes the packets of a file back, the unknown ones among them, but for user attributes: whoever edits a key must not
//! lose what only others understand.
//!
//! ```text
//! cargo run -p bpg-core --example keep_unknown -- IN OUT
//! ```

use std::error::Error;
use std::io::Write;

use bpg_core::framing;
use bpg_core::packet::Packet;

fn main() -> Result<(), Box<dyn Error>> {
    let mut paths = std::env::args_os().skip(1);
    let (Some(from), Some(to)) = (paths.next(), paths.next()) else { return Err("which files?".into()) };
    let unknown = run(&std::fs::read(from)?, std::fs::File::create_new(to)?)?;
    println!("kept {unknown} packets that are unknown or malformed");
    Ok(())
}

/// Returns how many packets were kept without being understood.
pub(crate) fn run(data: &[u8], mut out: impl Write) -> Result<usize, Box<dyn Error>> {
    let mut unknown = 0_usize;
    for raw in framing::packets(data) {
        let raw = raw?;
        match raw.interpret() {
            Ok(Packet::UserAttribute(_)) => continue,
            // An unknown type or version is a value; what contradicts itself is an error, which costs this packet only.
            Ok(Packet::Opaque(_)) | Err(_) => unknown = unknown.saturating_add(1),
            Ok(_) => {}
        }
        // The octets as they were read: no length is written in another way.
        out.write_all(raw.wire().as_slice())?;
    }
    Ok(unknown)
}
