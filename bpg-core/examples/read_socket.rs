//! Reads packets from a socket, as they come, in memory that does not grow.
//!
//! ```text
//! cargo run -p bpg-core --example read_socket -- localhost:11371
//! ```

use std::error::Error;
use std::io::{self, Read, Write};
use std::net::TcpStream;

use bpg_core::reader::{PacketReader, StreamedPacket};

fn main() -> Result<(), Box<dyn Error>> {
    let address = std::env::args().nth(1).ok_or("which address?")?;
    run(TcpStream::connect(address)?, io::stdout())
}

/// The input may give as many octets at once as it likes.
pub(crate) fn run(input: impl Read, mut out: impl Write) -> Result<(), Box<dyn Error>> {
    let mut packets = PacketReader::new(input);
    while let Some(packet) = packets.next_packet()? {
        match packet {
            // Keys, signatures and user IDs are held one at a time.
            StreamedPacket::Whole(raw) => writeln!(out, "{}, {} octets", raw.packet_type(), raw.body().len())?,
            // What data packets hold may be of any size. It is read as far as it is wanted.
            StreamedPacket::Data(mut data) => {
                let packet_type = data.header().packet_type;
                let size = io::copy(&mut data, &mut io::sink())?;
                writeln!(out, "{packet_type}, {size} octets of data")?;
            }
        }
    }
    Ok(())
}
