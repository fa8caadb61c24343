//! Does one job over a file, once, and prints how many packets, items or octets came of it.
//!
//! ```text
//! cargo run --release -p bpg-core --example one_job -- subpackets testdata/keyrings/public.gpg
//! ```
//!
//! It is for programs that count what a job costs: `bpg-cli/benches/instructions.py` and `bpg-cli/benches/growth.py`. The
//! job `nothing` costs what the start and reading the file do.

use std::error::Error;
use std::fs::{self, File};
use std::hint::black_box;
use std::io::{self, Read};
use std::path::Path;

use bpg_core::armor::{self, Footer};
use bpg_core::framing::packets;
use bpg_core::packet::Packet;
use bpg_core::packet::signature::Area;
use bpg_core::reader::{PacketReader, StreamedPacket};
use bpg_core::sequence;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1);
    let (job, path) = (arguments.next().ok_or("which job?")?, arguments.next().ok_or("which file?")?);
    println!("{}", run(job.to_str().unwrap_or_default(), path.as_ref())?);
    Ok(())
}

pub(crate) fn run(job: &str, path: &Path) -> Result<usize, Box<dyn Error>> {
    let data = || fs::read(path);
    Ok(match job {
        "nothing" => black_box(data()?).len(),
        "lazily" => interpret(&data()?, |_| ())?,
        "subpackets" => interpret(&data()?, subpackets)?,
        "kept" => kept(&data()?)?,
        "grouped" => sequence::items(&data()?).count(),
        "streamed" => streamed(File::open(path)?)?,
        "armor" => black_box(armor::encode("MESSAGE", &[], &data()?, Footer::Crc24)).len(),
        "dearmor" => dearmored(&data()?)?,
        _ => return Err("there is no such job".into()),
    })
}

/// Interprets all packets, and each with `tell`. What is framed, but malformed, counts.
pub(crate) fn interpret(input: &[u8], mut tell: impl FnMut(&Packet<'_>)) -> Result<usize, bpg_core::error::Error> {
    let mut count = 0_usize;
    for raw in packets(black_box(input)) {
        if let Ok(packet) = raw?.interpret() {
            tell(black_box(&packet));
        }
        count = count.saturating_add(1);
    }
    Ok(count)
}

/// The values of all subpackets.
pub(crate) fn subpackets(packet: &Packet<'_>) {
    if let Packet::Signature(signature) = packet {
        if let Some(hashed) = signature.hashed_area() {
            values(hashed);
        }
        if let Some(unhashed) = signature.unhashed_area() {
            values(unhashed);
        }
    }
}

fn values(area: Area<'_>) {
    for subpacket in area.subpackets() {
        let Ok(subpacket) = subpacket else { break };
        let _ = black_box(&subpacket.value());
    }
}

/// Keeps all packets, framed and interpreted, until the last one is there.
fn kept(input: &[u8]) -> Result<usize, bpg_core::error::Error> {
    let all = packets(input).map(|raw| raw.map(|raw| (raw, raw.interpret()))).collect::<Result<Vec<_>, _>>()?;
    Ok(black_box(all).len())
}

/// What is read from a stream, with the payload of data packets.
pub(crate) fn streamed(input: impl Read) -> Result<usize, Box<dyn Error>> {
    let mut reader = PacketReader::new(input);
    let mut count = 0_usize;
    while let Some(packet) = reader.next_packet()? {
        match packet {
            StreamedPacket::Whole(raw) => {
                let _ = black_box(raw.interpret());
            }
            StreamedPacket::Data(mut data) => {
                io::copy(&mut data, &mut io::sink())?;
            }
        }
        count = count.saturating_add(1);
    }
    Ok(count)
}

/// The octets in all the armor of a text.
fn dearmored(text: &[u8]) -> Result<usize, bpg_core::error::Error> {
    armor::blocks(text).map(|block| block.decode().map(|decoded| black_box(decoded).octets.len())).sum()
}
