//! Reading packets does not allocate: not a packet, not a subpacket, not a field, not a fingerprint.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]

mod common;

use std::fs;
use std::ops::ControlFlow;

use allocation_counter::measure;
use bpg_core::framing;
use bpg_core::inspect::{self, Event};

use common::Input;
use common::laws::interpret::Found;

/// How many fields, groups and errors the packets of `input` have.
fn count_events(input: &[u8]) -> [u64; 3] {
    let (mut fields, mut groups, mut errors) = (0, 0, 0);
    for raw in framing::packets(input).flatten() {
        let _ = inspect::packet(&raw, &mut |event: Event<'_>| -> ControlFlow<()> {
            match event {
                Event::Field(_) => fields += 1,
                Event::Open(_) => groups += 1,
                Event::Error(_) => errors += 1,
                _ => {}
            }
            ControlFlow::Continue(())
        });
    }
    [fields, groups, errors]
}

/// The keyrings of the corpus, decoded.
fn keyrings() -> Vec<Input> {
    let files = common::testdata().into_iter().filter(|file| file.name.starts_with("testdata/keyrings/"));
    // A keybox is not made of packets.
    let files = files.filter(|file| !file.name.ends_with(".kbx"));
    let inputs: Vec<_> = files.flat_map(|file| file.inputs()).collect();
    assert!(inputs.len() >= 10, "{} keyrings", inputs.len());
    inputs
}

#[test]
fn the_counter_counts() {
    let info = measure(|| drop(std::hint::black_box(vec![0_u8; 100])));
    assert_eq!((info.count_total, info.bytes_total, info.count_current), (1, 100, 0));
    assert_eq!(measure(|| {}).count_total, 0);
    // Also what the library allocates: a body in partial lengths is joined.
    let wire = [
        0xcd, // user ID
        0xe1, // partial length: 2
        b'a', b'l', // two octets
        0x03, // length: 3
        b'i', b'c', b'e', // three octets
    ];
    assert!(measure(|| assert!(count_events(&wire) == [3, 0, 0])).count_total > 0);
}

#[test]
fn keyrings_are_read_without_an_allocation() {
    let mut total = Found::default();
    for input in keyrings() {
        let mut found = Found::default();
        let info = measure(|| found.read(input.octets.as_slice().into()));
        assert_eq!(info.count_total, 0, "{}: {found:?}", input.name);
        assert_eq!((found.errors, found.unframed, found.opaque), (0, 0, 0), "{}", input.name);
        assert!(found.packets > 0 && found.fields > 0 && found.fingerprints > 0, "{}: {found:?}", input.name);
        total.read(input.octets.as_slice().into());
    }
    assert!(total.subpackets > 500 && total.embedded > 0 && total.images > 0, "{total:?}");
}

#[test]
fn keyrings_are_inspected_without_an_allocation() {
    for input in keyrings() {
        let mut counts = [0; 3];
        let info = measure(|| counts = count_events(&input.octets));
        assert_eq!(info.count_total, 0, "{}", input.name);
        let [fields, groups, errors] = counts;
        assert!(fields > 10 && groups > 0 && errors == 0, "{}: {counts:?}", input.name);
    }
}

/// No type of packet needs memory, nor do malformed ones, nor errors.
#[test]
fn every_packet_in_one_piece_is_read_without_an_allocation() {
    let (mut found, mut inputs) = (Found::default(), 0);
    for Input { name, octets } in common::inputs() {
        let is_contiguous = framing::packets(&octets).flatten().all(|raw| raw.body().contiguous().is_some());
        if !is_contiguous {
            continue;
        }
        inputs += 1;
        let info = measure(|| found.read(octets.as_slice().into()));
        assert_eq!(info.count_total, 0, "{name}");
        let mut counts = [0; 3];
        let info = measure(|| counts = count_events(&octets));
        assert_eq!(info.count_total, 0, "{name}: {counts:?}");
    }
    assert!(inputs > 500 && found.errors + found.unframed > 50, "{inputs} inputs, {found:?}");
}

/// A payload in chunks is not joined.
#[test]
fn data_packets_in_partial_lengths_are_read_without_an_allocation() {
    let mut packets = 0;
    for name in ["messages/partial-literal.gpg", "messages/partial-encrypted.gpg", "peers/rpgp.compressed-partial.gpg"]
    {
        let octets = common::testdata_file(name);
        for raw in framing::packets(&octets).map(Result::unwrap).filter(|raw| raw.body().contiguous().is_none()) {
            let info = measure(|| assert!(raw.interpret().is_ok() && raw.body().chunks().count() > 1, "{name}"));
            assert_eq!(info.count_total, 0, "{name}");
            let info = measure(|| {
                let _ = inspect::packet(&raw, &mut |_: Event<'_>| ControlFlow::<()>::Continue(()));
            });
            assert_eq!(info.count_total, 0, "{name}");
            packets += 1;
        }
    }
    assert!(packets >= 3);
}

/// Armor is decoded without an allocation where that is asked for.
#[test]
fn armor_is_decoded_without_an_allocation() {
    let text = common::testdata_file("keyrings/export.asc");
    let mut octets = 0;
    let info = measure(|| {
        for block in bpg_core::armor::blocks(&text) {
            block.decode_each(|piece| octets += piece.len()).unwrap();
        }
    });
    assert_eq!(info.count_total, 0);
    assert!(octets > 1000);
}

/// The keyring of Debian's package `debian-keyring`, version 2022.12.24.
const DEBIAN_KEYRING: &str = "/usr/share/keyrings/debian-keyring.gpg";

#[test]
#[ignore = "needs debian-keyring"]
fn the_keyring_of_debian_is_read_without_an_allocation() {
    let octets = fs::read(DEBIAN_KEYRING).unwrap();
    let mut found = Found::default();
    let info = measure(|| found.read(octets.as_slice().into()));
    assert_eq!(info.count_total, 0, "{found:?}");
    assert_eq!((found.packets, found.opaque, found.errors + found.unframed), (55_139, 0, 0), "{found:?}");

    let mut counts = [0; 3];
    let info = measure(|| counts = count_events(&octets));
    assert_eq!(info.count_total, 0, "{counts:?}");
    assert_eq!(counts.last(), Some(&0), "{counts:?}");
}
