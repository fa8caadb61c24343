//! How fast things are: `cargo bench -p bpg-core`.
//!
//! A keyring of the Debian package debian-keyring, or any other file of packets, is read with
//! `BPG_BENCH_FILE=/usr/share/keyrings/debian-keyring.gpg cargo bench -p bpg-core`; without that, one made of the keys in
//! testdata/ is. `cargo bench -p bpg-core keyring` runs a part of them.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::unwrap_used,
    missing_docs,
    reason = "a benchmark that panics has failed"
)]

use std::hint::black_box;
use std::ops::ControlFlow;
use std::sync::LazyLock;
use std::{env, fs, io};

use bpg_core::armor;
use bpg_core::container::reader::{PartReader, StreamedPart};
use bpg_core::framing::{PacketBuf, PacketFormat, packets};
use bpg_core::inspect::{self, Event};
use bpg_core::packet::Packet;
use bpg_core::reader::{PacketReader, StreamedPacket};
use bpg_core::registry::PacketType;
use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};

#[path = "../examples/one_job.rs"]
#[allow(dead_code, reason = "an example is a program of its own, with jobs that are measured otherwise here")]
mod one_job;

/// How large the made inputs are, in octets.
const SIZE: usize = 8 << 20;

fn main() {
    divan::main();
}

/// The octets of files in testdata/, packets all of them.
fn testdata(names: &[&str]) -> Vec<u8> {
    let file =
        |name: &&str| fs::read(format!("{}/../testdata/{name}", env!("CARGO_MANIFEST_DIR"))).expect("it is there");
    names.iter().flat_map(file).collect()
}

/// `octets` again and again, up to about the size of the made inputs.
fn repeated(octets: &[u8]) -> Vec<u8> {
    octets.repeat(SIZE.div_ceil(octets.len()))
}

static KEYRING: LazyLock<Vec<u8>> = LazyLock::new(|| match env::var_os("BPG_BENCH_FILE") {
    Some(path) => fs::read(path).expect("the file can be read"),
    None => repeated(&testdata(&["keyrings/public.gpg"])),
});

/// A certificate with many signatures on its user ID, as attackers of key servers make them.
static FLOODED: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let keyring = testdata(&["keyrings/public.gpg"]);
    let all: Vec<_> = packets(&keyring).map(|packet| packet.expect("it is well-formed")).collect();
    let signature = all.iter().find(|packet| packet.packet_type() == PacketType::SIGNATURE).expect("there is one");
    let start = all.iter().take_while(|packet| packet.packet_type() != PacketType::SIGNATURE);
    let mut flooded: Vec<u8> = start.flat_map(|packet| packet.wire().as_slice()).copied().collect();
    flooded.extend(signature.wire().as_slice().repeat(10_000));
    flooded
});

/// Literal data in chunks of 8 KiB.
static MESSAGE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let body = [&b"b\0\0\0\0\0"[..], &vec![b'x'; SIZE]].concat();
    let format = PacketFormat::Partial { exponent: 13 };
    PacketBuf::new(PacketType::LITERAL_DATA, &body, format).expect("it fits").packet().wire().as_slice().to_vec()
});

static ARMORED: LazyLock<String> =
    LazyLock::new(|| armor::encode("PUBLIC KEY BLOCK", &[], &KEYRING, armor::Footer::Crc24).to_string());

/// What is read, in octets and packets.
fn counted<'a, 'b>(bencher: Bencher<'a, 'b>, input: &[u8]) -> Bencher<'a, 'b> {
    bencher.counter(BytesCount::new(input.len())).counter(ItemsCount::new(packets(input).count()))
}

/// Interprets all packets, and each with `tell`.
fn interpret(input: &[u8], tell: impl FnMut(&Packet<'_>)) -> usize {
    one_job::interpret(input, tell).expect("it is framed")
}

fn inspected(input: &[u8]) {
    for raw in packets(black_box(input)) {
        let _ = inspect::packet(&raw.expect("it is framed"), &mut |event: Event<'_>| -> ControlFlow<()> {
            black_box(&event);
            ControlFlow::Continue(())
        });
    }
}

/// What is read from a stream, without the payload of data packets.
fn streamed(input: &[u8]) {
    let mut reader = PacketReader::new(black_box(input));
    while let Some(packet) = reader.next_packet().expect("it is well-formed") {
        if let StreamedPacket::Whole(raw) = packet {
            let _ = black_box(raw.interpret());
        }
    }
}

mod keyring {
    use super::*;

    #[divan::bench]
    fn framed(bencher: Bencher<'_, '_>) {
        counted(bencher, &KEYRING).bench(|| packets(black_box(&KEYRING)).count());
    }

    #[divan::bench]
    fn interpreted(bencher: Bencher<'_, '_>) {
        counted(bencher, &KEYRING).bench(|| interpret(&KEYRING, |_| ()));
    }

    #[divan::bench]
    fn with_subpackets(bencher: Bencher<'_, '_>) {
        counted(bencher, &KEYRING).bench(|| interpret(&KEYRING, one_job::subpackets));
    }

    #[divan::bench]
    fn with_fingerprints(bencher: Bencher<'_, '_>) {
        let fingerprint = |packet: &Packet<'_>| {
            if let Packet::PublicKey(key) | Packet::PublicSubkey(key) = packet {
                black_box(key.fingerprint());
            }
        };
        counted(bencher, &KEYRING).bench(|| interpret(&KEYRING, fingerprint));
    }

    #[divan::bench]
    fn inspected(bencher: Bencher<'_, '_>) {
        counted(bencher, &KEYRING).bench(|| super::inspected(&KEYRING));
    }

    #[divan::bench]
    fn streamed(bencher: Bencher<'_, '_>) {
        counted(bencher, &KEYRING).bench(|| super::streamed(&KEYRING));
    }
}

/// One user ID with 10,000 signatures.
mod flooded_certificate {
    use super::*;

    #[divan::bench]
    fn with_subpackets(bencher: Bencher<'_, '_>) {
        counted(bencher, &FLOODED).bench(|| interpret(&FLOODED, one_job::subpackets));
    }

    #[divan::bench]
    fn grouped(bencher: Bencher<'_, '_>) {
        let group = || bpg_core::sequence::items(black_box(&FLOODED)).count();
        counted(bencher, &FLOODED).bench(group);
    }
}

/// A message of which the payload is in chunks.
mod message {
    use super::*;

    #[divan::bench]
    fn framed(bencher: Bencher<'_, '_>) {
        counted(bencher, &MESSAGE).bench(|| packets(black_box(&MESSAGE)).count());
    }

    #[divan::bench]
    fn streamed_with_payload(bencher: Bencher<'_, '_>) {
        counted(bencher, &MESSAGE).bench(|| one_job::streamed(black_box(&MESSAGE[..])).expect("it is well-formed"));
    }
}

/// Octets are counted as they are armored.
mod armored {
    use super::*;

    #[divan::bench]
    fn encoded(bencher: Bencher<'_, '_>) {
        let octets = BytesCount::new(KEYRING.len());
        bencher.counter(octets).bench(|| armor::encode("MESSAGE", &[], black_box(&KEYRING), armor::Footer::Crc24));
    }

    #[divan::bench]
    fn decoded_in_memory(bencher: Bencher<'_, '_>) {
        let block = armor::blocks(ARMORED.as_bytes()).next().expect("there is one");
        let decode = || black_box(block).decode().expect("it is well-formed");
        bencher.counter(BytesCount::new(KEYRING.len())).bench(decode);
    }

    #[divan::bench]
    fn decoded_from_a_stream(bencher: Bencher<'_, '_>) {
        bencher.counter(BytesCount::new(KEYRING.len())).bench(|| {
            let mut parts = PartReader::new(black_box(ARMORED.as_bytes()));
            while let Some(part) = parts.next_part().expect("memory can be read") {
                if let StreamedPart::Armor(mut armor) = part {
                    io::copy(&mut armor, &mut io::sink()).expect("memory can be read");
                }
            }
        });
    }
}
