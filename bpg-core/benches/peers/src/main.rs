//! Does the same work with bpg-core, rPGP and Sequoia, in alternating rounds, and prints the median of the time, how many
//! times that of bpg-core it is, and what is allocated for a packet:
//!
//! ```sh
//! cargo run --release --manifest-path bpg-core/benches/peers/Cargo.toml -- /usr/share/keyrings/debian-keyring.gpg 11
//! ```
//!
//! The file holds packets, not armor. RUST_BACKTRACE has to be unset: it makes the errors of Sequoia expensive.

use std::cell::RefCell;
use std::hint::black_box;
use std::io::{self, BufReader, Read, Write};
use std::time::{Duration, Instant};
use std::{env, fs};

use bpg_core::armor::{self, Footer};
use bpg_core::framing;
use bpg_core::packet::Packet;
use bpg_core::packet::signature::Area;
use bpg_core::reader::{PacketReader, StreamedPacket};
use pgp::armor::{BlockType, Dearmor};
use sequoia_openpgp::armor::{Kind, Reader, ReaderMode, Writer};
use sequoia_openpgp::parse::{PacketParser, PacketParserResult, Parse};

/// Does some work over octets, and returns how many packets or octets came of it.
type Work = fn(&[u8]) -> usize;

/// Something that each library does in its way.
struct Task {
    name: &'static str,
    /// The first one is what the others are compared with.
    contenders: &'static [(&'static str, Work)],
    is_about_packets: bool,
}

const TASKS: [Task; 7] = [
    Task {
        name: "packets, read one after another; of bpg-core, subpackets are left alone",
        contenders: &[
            ("bpg-core", typed),
            ("bpg-core, framed only", framed),
            ("bpg-core, from a stream", streamed),
            ("pgp (rPGP)", rpgp),
            ("sequoia-openpgp", sequoia),
        ],
        is_about_packets: true,
    },
    Task {
        name: "packets, read one after another, with the value of every subpacket",
        contenders: &[("bpg-core", decoded), ("pgp (rPGP)", rpgp), ("sequoia-openpgp", sequoia)],
        is_about_packets: true,
    },
    Task {
        name: "packets, all kept in memory",
        contenders: &[("bpg-core", kept), ("pgp (rPGP)", kept_by_rpgp)],
        is_about_packets: true,
    },
    Task {
        name: "armor, decoded",
        contenders: &[
            ("bpg-core", dearmored),
            ("bpg-core, from a stream", dearmored_from_a_stream),
            ("pgp (rPGP)", dearmored_by_rpgp),
            ("sequoia-openpgp", dearmored_by_sequoia),
        ],
        is_about_packets: false,
    },
    Task {
        name: "armor, encoded",
        contenders: &[
            ("bpg-core", armored),
            ("bpg-core, to a stream", armored_to_a_stream),
            ("pgp (rPGP)", armored_by_rpgp),
            ("sequoia-openpgp", armored_by_sequoia),
        ],
        is_about_packets: false,
    },
    Task {
        name: "armor, encoded to memory that was used before",
        contenders: &[
            ("bpg-core", |data| reused(|to| _ = armor_with_core(data, to))),
            ("pgp (rPGP)", |data| reused(|to| _ = armor_with_rpgp(data, to))),
            ("sequoia-openpgp", |data| reused(|to| _ = armor_with_sequoia(data, to))),
        ],
        is_about_packets: false,
    },
    Task {
        name: "armor, encoded to a stream of which nothing is kept",
        contenders: &[
            ("bpg-core", |data| armor_with_core(data, Count(0)).0),
            ("pgp (rPGP)", |data| armor_with_rpgp(data, Count(0)).0),
            ("sequoia-openpgp", |data| armor_with_sequoia(data, Count(0)).0),
        ],
        is_about_packets: false,
    },
];

fn main() {
    let mut arguments = env::args().skip(1);
    let path = arguments.next().unwrap_or_else(|| "/usr/share/keyrings/debian-keyring.gpg".into());
    let rounds: usize = arguments.next().map_or(11, |rounds| rounds.parse().expect("the second argument is a number"));
    let data = fs::read(&path).expect("the file can be read");
    let text = armor::encode(LABEL, &[], &data, Footer::Crc24).to_string().into_bytes();
    println!("{path}: {} octets, medians of {rounds} rounds", data.len());
    for task in TASKS {
        let data = if task.name == "armor, decoded" { &text } else { &data };
        task.compare(data, rounds);
    }
}

impl Task {
    fn compare(&self, data: &[u8], rounds: usize) {
        let mut times = vec![Vec::with_capacity(rounds); self.contenders.len()];
        let mut counts = vec![0; self.contenders.len()];
        for _ in 0..rounds {
            for (index, (_, work)) in self.contenders.iter().enumerate() {
                let start = Instant::now();
                counts[index] = work(black_box(data));
                times[index].push(start.elapsed());
            }
        }
        let medians: Vec<_> = times.into_iter().map(median).collect();
        let (count, unit) = if self.is_about_packets { ("packets", "packet") } else { ("octets", "1000 octets") };
        println!("\n{}", self.name);
        println!(
            "{:26} {count:>10} {:>9} {:>7} {:>12} {:>12} for a {unit}",
            "", "ms", "times", "allocations", "octets"
        );
        for (index, (name, work)) in self.contenders.iter().enumerate() {
            let info = allocation_counter::measure(|| {
                black_box(work(data));
            });
            let units = counts[index] as f64 / if self.is_about_packets { 1.0 } else { 1000.0 };
            println!(
                "{name:26} {:10} {:9.2} {:6.1}x {:>12.2} {:>12.1}",
                counts[index],
                medians[index] * 1000.0,
                medians[index] / medians[0],
                info.count_total as f64 / units,
                info.bytes_total as f64 / units,
            );
        }
    }
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort();
    times[times.len() / 2].as_secs_f64()
}

fn framed(data: &[u8]) -> usize {
    framing::packets(data).filter(|packet| black_box(packet).is_ok()).count()
}

fn typed(data: &[u8]) -> usize {
    interpret(data, |_| ())
}

fn decoded(data: &[u8]) -> usize {
    interpret(data, |packet| {
        if let Packet::Signature(signature) = packet {
            if let Some(hashed) = signature.hashed_area() {
                values(hashed);
            }
            if let Some(unhashed) = signature.unhashed_area() {
                values(unhashed);
            }
        }
    })
}

fn values(area: Area<'_>) {
    for subpacket in area.subpackets().map_while(Result::ok) {
        let _ = black_box(&subpacket.value());
    }
}

fn interpret(data: &[u8], mut tell: impl FnMut(&Packet<'_>)) -> usize {
    let mut count = 0;
    for raw in framing::packets(data).map_while(Result::ok) {
        if let Ok(packet) = raw.interpret() {
            tell(black_box(&packet));
            count += 1;
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
            let _ = black_box(&raw.interpret());
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

fn kept(data: &[u8]) -> usize {
    let all: Vec<_> = framing::packets(data).map_while(Result::ok).map(|raw| (raw, raw.interpret())).collect();
    black_box(all).len()
}

fn kept_by_rpgp(data: &[u8]) -> usize {
    let all: Vec<_> = pgp::packet::PacketParser::new(BufReader::new(data)).collect();
    black_box(all).len()
}

const LABEL: &str = "PUBLIC KEY BLOCK";

fn dearmored(text: &[u8]) -> usize {
    let block = armor::blocks(text).next().expect("there is one");
    black_box(block.decode().expect("it is right")).octets.len()
}

fn dearmored_from_a_stream(text: &[u8]) -> usize {
    use bpg_core::container::reader::{PartReader, StreamedPart};

    let mut parts = PartReader::new(text);
    while let Some(part) = parts.next_part().expect("memory can be read") {
        if let StreamedPart::Armor(armor) = part {
            return read(armor);
        }
    }
    0
}

fn dearmored_by_rpgp(text: &[u8]) -> usize {
    read(Dearmor::new(text))
}

fn dearmored_by_sequoia(text: &[u8]) -> usize {
    read(Reader::from_bytes(text, ReaderMode::Tolerant(None)))
}

/// Reads everything into memory.
fn read(mut input: impl Read) -> usize {
    let mut octets = Vec::new();
    input.read_to_end(&mut octets).expect("it is right");
    black_box(octets).len()
}

fn armored(data: &[u8]) -> usize {
    black_box(armor::encode(LABEL, &[], data, Footer::Crc24)).len()
}

fn armored_to_a_stream(data: &[u8]) -> usize {
    black_box(armor_with_core(data, Vec::new())).len()
}

fn armored_by_rpgp(data: &[u8]) -> usize {
    black_box(armor_with_rpgp(data, Vec::new())).len()
}

fn armored_by_sequoia(data: &[u8]) -> usize {
    black_box(armor_with_sequoia(data, Vec::new())).len()
}

/// Writes to memory that stays from one call to the next, so that what is measured is not how the system finds new memory.
fn reused(write: impl FnOnce(&mut Vec<u8>)) -> usize {
    thread_local!(static MEMORY: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) });
    MEMORY.with_borrow_mut(|memory| {
        memory.clear();
        write(memory);
        black_box(&*memory).len()
    })
}

/// Counts the octets that are written, so that what is measured is not how memory is taken for them.
struct Count(usize);

impl Write for Count {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        self.0 += black_box(octets).len();
        Ok(octets.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn armor_with_core<W: Write>(data: &[u8], to: W) -> W {
    let mut writer = armor::Writer::new(to, LABEL, &[], Footer::Crc24).expect("it can be written");
    writer.write_all(data).expect("it can be written");
    writer.finish().expect("it can be written")
}

/// Octets as rPGP takes them.
struct Octets<'d>(&'d [u8]);

impl pgp::ser::Serialize for Octets<'_> {
    fn to_writer<W: io::Write>(&self, to: &mut W) -> pgp::errors::Result<()> {
        Ok(to.write_all(self.0)?)
    }

    fn write_len(&self) -> usize {
        self.0.len()
    }
}

fn armor_with_rpgp<W: Write>(data: &[u8], mut to: W) -> W {
    pgp::armor::write(&Octets(data), BlockType::PublicKey, &mut to, None, true).expect("it can be written");
    to
}

fn armor_with_sequoia<W: Write + Send + Sync>(data: &[u8], to: W) -> W {
    let mut writer = Writer::new(to, Kind::PublicKey).expect("it can be written");
    writer.write_all(data).expect("it can be written");
    writer.finalize().expect("it can be written")
}
