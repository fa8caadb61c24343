//! Reads all packets of a file with bpg-core, rPGP and Sequoia, in alternating rounds, and prints the median of the time,
//! how many times that of bpg-core it is, and what is allocated for a packet:
//!
//! ```sh
//! cargo run --release --manifest-path bpg-core/benches/peers/Cargo.toml -- /usr/share/keyrings/debian-keyring.gpg 11
//! ```
//!
//! The file holds packets, not armor. RUST_BACKTRACE has to be unset: it makes the errors of Sequoia expensive.

use std::hint::black_box;
use std::io::BufReader;
use std::time::{Duration, Instant};
use std::{env, fs};

use bpg_core::framing;
use bpg_core::packet::Packet;
use bpg_core::reader::{PacketReader, StreamedPacket};
use sequoia_openpgp::parse::{PacketParser, PacketParserResult, Parse};

/// Reads all packets, and returns how many there are.
type Read = fn(&[u8]) -> usize;

const CONTENDERS: [(&str, Read); 6] = [
    ("bpg-core, framed", framed),
    ("bpg-core, every packet typed", typed),
    ("bpg-core, every subpacket decoded", decoded),
    ("bpg-core, from a stream, typed", streamed),
    ("pgp (rPGP)", rpgp),
    ("sequoia-openpgp", sequoia),
];

/// The one that the others are compared with: it does what the libraries of others do at least.
const REFERENCE: usize = 2;

fn main() {
    let mut arguments = env::args().skip(1);
    let path = arguments.next().unwrap_or_else(|| "/usr/share/keyrings/debian-keyring.gpg".into());
    let rounds: usize = arguments.next().map_or(11, |rounds| rounds.parse().expect("the second argument is a number"));
    let data = fs::read(&path).expect("the file can be read");
    let mut times = CONTENDERS.map(|_| Vec::with_capacity(rounds));
    let mut counts = [0; CONTENDERS.len()];
    for _ in 0..rounds {
        for (index, (_, read)) in CONTENDERS.iter().enumerate() {
            let start = Instant::now();
            counts[index] = read(black_box(&data));
            times[index].push(start.elapsed());
        }
    }
    let medians = times.map(|mut times| {
        times.sort();
        times[times.len() / 2]
    });
    println!("{path}: {} octets, medians of {rounds} rounds", data.len());
    println!("{:36} {:>8} {:>9} {:>8} {:>12} {:>13}", "", "packets", "ms", "times", "allocations", "octets");
    for (index, (name, read)) in CONTENDERS.iter().enumerate() {
        let info = allocation_counter::measure(|| {
            black_box(read(&data));
        });
        let per_packet = |count: u64| count as f64 / counts[index].max(1) as f64;
        println!(
            "{name:36} {:8} {:9.2} {:7.1}x {:>12.2} {:>13.1}",
            counts[index],
            milliseconds(medians[index]),
            milliseconds(medians[index]) / milliseconds(medians[REFERENCE]),
            per_packet(info.count_total),
            per_packet(info.bytes_total),
        );
    }
    println!("allocations and allocated octets are those for a packet");
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn framed(data: &[u8]) -> usize {
    framing::packets(data).filter(|packet| black_box(packet).is_ok()).count()
}

fn typed(data: &[u8]) -> usize {
    let typed = framing::packets(data).map_while(Result::ok).map(|raw| black_box(raw.interpret()));
    typed.filter(Result::is_ok).count()
}

fn decoded(data: &[u8]) -> usize {
    let mut count = 0;
    for raw in framing::packets(data).map_while(Result::ok) {
        let packet = black_box(raw.interpret());
        count += usize::from(packet.is_ok());
        if let Ok(Packet::Signature(signature)) = packet {
            let areas = [signature.hashed_area(), signature.unhashed_area()];
            for subpacket in areas.into_iter().flatten().flat_map(|area| area.subpackets()).flatten() {
                let _ = black_box(subpacket.value());
            }
        }
    }
    count
}

fn streamed(data: &[u8]) -> usize {
    let mut reader = PacketReader::new(data);
    let mut count = 0;
    while let Ok(Some(packet)) = reader.next_packet() {
        count += 1;
        if let StreamedPacket::Whole(raw) = packet {
            let _ = black_box(raw.interpret());
        }
    }
    count
}

fn rpgp(data: &[u8]) -> usize {
    pgp::packet::PacketParser::new(BufReader::new(data)).map(black_box).count()
}

fn sequoia(data: &[u8]) -> usize {
    let mut count = 0;
    let mut next = PacketParser::from_bytes(data).expect("there are packets");
    while let PacketParserResult::Some(parser) = next {
        count += 1;
        let (packet, rest) = parser.next().expect("the packet is framed");
        black_box(packet);
        next = rest;
    }
    count
}
