//! The laws of the design, over every file of both corpora and over what becomes of them when they are damaged.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]

mod common;

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;
use std::fs;
use std::ops::ControlFlow;

use bpg_core::container;
use bpg_core::framing::{self, Packets, RawPacket};
use bpg_core::inspect::{self, Detail, Event, Field, Value, Visitor};
use bpg_core::octets::Octets;
use bpg_core::packet::Packet;

use common::laws::interpret::Found;
use common::{File, Input, about, laws};

/// The largest input of which every prefix is checked. Time grows with the square of the size: without optimisation this
/// limit and the next ones make for half a minute on two cores.
const EVERY_PREFIX: usize = 640;
/// The largest input of which every bit is flipped: that costs eight times as much.
const EVERY_BIT: usize = 160;
/// The largest input of which some bits are flipped, one in [`BIT_STEP`].
const SOME_BITS: usize = 2048;
/// A prime, so that neighbouring octets have different bits flipped.
const BIT_STEP: usize = 97;

#[test]
fn every_input_obeys_the_laws() {
    for Input { name, octets } in common::inputs() {
        about(&name, || {
            laws::check(&octets);
            laws::frame::laws(&octets);
        });
    }
}

#[test]
fn positions_count_from_where_the_input_says_it_starts() {
    for Input { name, octets } in common::inputs() {
        about(&name, || laws::check_octets(Octets::new(&octets, 0x0123_4567_89ab_cdef)));
    }
}

/// Collects what belongs in an overview, with its place.
struct Overview {
    /// Whether all other fields are told, too.
    wants_all: bool,
    told: Vec<String>,
    /// How many other fields were told.
    others: usize,
}

impl Visitor for Overview {
    type Break = ();

    fn event(&mut self, event: Event<'_>) -> ControlFlow<()> {
        match event {
            Event::Field(Field { detail: Detail::Full, .. }) => self.others += 1,
            _ => self.told.push(format!("{event:?}")),
        }
        ControlFlow::Continue(())
    }

    fn wants(&self, detail: Detail, _: &Value<'_>) -> bool {
        self.wants_all || detail == Detail::Brief
    }
}

/// Of whole packets, and of what is there of a last one that is cut short.
#[test]
fn fields_that_nobody_wants_make_no_difference_to_the_others() {
    let tell = |octets: &[u8], wants_all: bool| {
        let mut overview = Overview { wants_all, told: Vec::new(), others: 0 };
        let mut packets = framing::packets(octets);
        while let Some(raw) = packets.next() {
            let _ = match raw {
                Ok(raw) => inspect::packet(&raw, &mut overview),
                Err(error) => inspect::remainder(packets.remaining(), error, &mut overview),
            };
        }
        overview
    };
    let mut saved = 0;
    common::check_inputs(&common::inputs(), 50_000, |Input { octets, .. }| {
        let cuts = [octets.len(), octets.len().saturating_sub(1), octets.len() / 2, octets.len().min(40)];
        cuts.map(|cut| {
            let [all, overview] = [true, false].map(|wants_all| tell(&octets[..cut], wants_all));
            assert_eq!(overview.told, all.told, "cut at {cut}");
            saved += all.others - overview.others;
            all.told.len()
        })
        .iter()
        .sum()
    });
    assert!(saved > 20_000, "{saved}");
}

/// Places are meaningless there, but nothing may overflow.
#[test]
fn positions_at_the_end_of_the_number_range_do_not_overflow() {
    common::check_inputs(&common::inputs(), 50_000, |Input { octets, .. }| {
        let mut told = 0;
        for raw in Packets::new(Octets::new(octets, u64::MAX - 20)).flatten() {
            let _ = inspect::packet(&raw, &mut |_: Event<'_>| -> ControlFlow<()> {
                told += 1;
                ControlFlow::Continue(())
            });
        }
        told
    });
}

#[test]
fn a_packet_is_the_same_alone_as_among_others() {
    common::check_inputs(&common::inputs(), 2400, |Input { octets, .. }| {
        let packets = framing::packets(octets).flatten().map(|raw| {
            let alone: Vec<_> = Packets::new(raw.wire()).flatten().collect();
            assert_eq!(alone.len(), 1);
            let told = events(&raw);
            assert!(!told.is_empty());
            assert_eq!(events(&alone[0]), told);
            assert_eq!(laws::inspect::told(&alone[0]), laws::inspect::told(&raw));
        });
        packets.count()
    });
}

/// The events of a packet, as `Debug` shows them: with the places of octets, but not the octets.
fn events(raw: &RawPacket<'_>) -> Vec<String> {
    let mut events = Vec::new();
    let _ = inspect::packet(raw, &mut |event: Event<'_>| -> ControlFlow<()> {
        events.push(format!("{event:?}"));
        ControlFlow::Continue(())
    });
    events
}

#[test]
fn a_visitor_can_stop_at_any_event() {
    common::check_inputs(&small_inputs(EVERY_BIT), 2500, |Input { octets, .. }| {
        let stops = framing::packets(octets).flatten().map(|raw| {
            let events = events(&raw).len();
            (0..events).for_each(|enough| laws::inspect::stop(&raw, enough));
            events
        });
        stops.sum()
    });
}

#[test]
fn armored_files_obey_the_laws() {
    for file in common::testdata().into_iter().chain(common::vectors()) {
        about(&file.name, || laws::armor::text(&file.octets));
    }
}

/// The inputs of at most `limit` octets, each once, of which there must be many.
fn small_inputs(limit: usize) -> Vec<Input> {
    let mut seen = HashSet::new();
    let small = |input: &Input| input.octets.len() <= limit && seen.insert(input.octets.clone());
    let inputs: Vec<_> = common::inputs().into_iter().filter(small).collect();
    assert!(inputs.len() >= 150, "only {} inputs have at most {limit} octets", inputs.len());
    inputs
}

#[test]
fn every_prefix_of_a_small_input_obeys_the_laws() {
    for Input { name, octets } in small_inputs(EVERY_PREFIX) {
        about(&name, || (0..octets.len()).for_each(|length| laws::check(&octets[..length])));
    }
}

/// Flips one bit in `step` of `octets` at a time.
fn flip_bits(octets: &[u8], step: usize, check: impl Fn(&[u8])) {
    let mut flipped = octets.to_vec();
    for bit in (0..octets.len() * 8).step_by(step) {
        flipped[bit / 8] ^= 1 << (bit % 8);
        check(&flipped);
        flipped[bit / 8] ^= 1 << (bit % 8);
    }
}

#[test]
fn every_flipped_bit_of_a_small_input_obeys_the_laws() {
    for Input { name, octets } in small_inputs(SOME_BITS) {
        let step = if octets.len() <= EVERY_BIT { 1 } else { BIT_STEP };
        about(&name, || flip_bits(&octets, step, laws::check));
    }
}

/// Armored files of each kind, of a few hundred octets.
const ARMORED: [&str; 12] = [
    "byte-order-mark.asc",
    "cr.asc",
    "crlf.asc",
    "headers.asc",
    "last-group-1-no-padding.asc",
    "last-group-2.asc",
    "mail-headers.asc",
    "narrow.asc",
    "no-blank-line.asc",
    "no-end.asc",
    "trailing-whitespace.asc",
    "two-blocks-text-between.asc",
];

#[test]
fn every_prefix_of_armored_text_obeys_the_laws() {
    for name in ARMORED {
        let text = common::testdata_file(&format!("armor/{name}"));
        about(name, || (0..text.len()).for_each(|length| laws::armor::text(&text[..length])));
    }
}

/// One in seven, because these files all hold the same packets.
#[test]
fn flipped_bits_of_armored_text_obey_the_laws() {
    for name in ARMORED {
        let text = common::testdata_file(&format!("armor/{name}"));
        about(name, || flip_bits(&text, 7, laws::armor::text));
    }
}

/// The most telling part of a secret, in the forms that `Debug` has for octets.
fn forms_of(secret: &[u8]) -> Vec<String> {
    let mut forms = Vec::new();
    // Runs of one octet are no secret, and they do occur by chance.
    for part in secret.chunks_exact(6).filter(|part| part.iter().collect::<HashSet<_>>().len() > 3) {
        let mut hexadecimal = String::new();
        part.iter().for_each(|octet| write!(hexadecimal, "{octet:02x}").unwrap());
        forms.push(hexadecimal.to_uppercase());
        forms.push(hexadecimal);
        forms.push(format!("{part:?}").trim_matches(['[', ']']).to_string());
        forms.push(format!("{part:x?}").trim_matches(['[', ']']).to_string());
        forms.push(format!("{part:X?}").trim_matches(['[', ']']).to_string());
    }
    forms
}

#[test]
fn debug_shows_no_secret() {
    let mut secrets = 0;
    for Input { name, octets } in common::inputs() {
        for raw in framing::packets(&octets).flatten() {
            let Ok(packet @ (Packet::SecretKey(key) | Packet::SecretSubkey(key))) = raw.interpret() else { continue };
            let mut shown = format!("{raw:?} {packet:?} {key:?} {:?} {:?}", key.secret(), key.protection());
            write!(shown, "{:?} {:?}", key.secret().wire(), key.secret().wire().expose()).unwrap();
            for field in key.secret().fields() {
                write!(shown, "{field:?} {:?} {:?}", field.wire, field.value).unwrap();
            }
            let _ = inspect::packet(&raw, &mut |event: Event<'_>| -> ControlFlow<()> {
                write!(shown, "{event:?}").unwrap();
                ControlFlow::Continue(())
            });
            for form in forms_of(key.secret().wire().expose().as_slice()) {
                assert!(!shown.contains(&form), "{name}: {form} is in {shown}");
                secrets += 1;
            }
        }
    }
    assert!(secrets > 10_000, "{secrets} forms were looked for");
}

/// Octets that could not be interpreted are secret where a secret may be among them.
#[test]
fn nothing_behind_the_public_part_of_a_secret_key_is_shown_unless_asked_for() {
    use bpg_core::inspect::Value;
    let (mut hidden, mut shown) = (0, 0);
    for Input { name, octets } in small_inputs(SOME_BITS) {
        for raw in framing::packets(&octets).flatten().filter(|raw| matches!(raw.packet_type().0, 5 | 7)) {
            let Ok(Packet::SecretKey(key) | Packet::SecretSubkey(key)) = raw.interpret() else { continue };
            let secret = key.secret().wire().span();
            let mut wire = raw.wire().as_slice().to_vec();
            let last_but = |count: usize| wire.len() - count;
            // Cut the secret short: of all lengths, only that in the header is put right.
            let (keep, header) = (last_but(usize::try_from(secret.len() / 2).unwrap()), raw.header().len());
            let body_start = raw.body().span().start;
            wire.truncate(keep);
            let Ok(length) = u32::try_from(wire.len() - header) else { continue };
            let cut = [&[0xc0 | raw.packet_type().0, 0xff][..], &length.to_be_bytes(), &wire[header..]].concat();
            // The new header has six octets.
            let first_secret = secret.start - body_start + 6;
            let raw = framing::packets(&cut).next().unwrap().unwrap();
            let _ = inspect::packet(&raw, &mut |event: Event<'_>| -> ControlFlow<()> {
                if let Event::Field(field) = event
                    && field.span.is_some_and(|span| span.end > first_secret)
                {
                    let hides = matches!(field.value, Value::Secret(_) | Value::Checksum { .. });
                    assert!(hides || field.name.contains("length"), "{name}: {field:?}");
                    hidden += usize::from(matches!(field.value, Value::Secret(_)));
                } else if matches!(event, Event::Field(_)) {
                    shown += 1;
                }
                ControlFlow::Continue(())
            });
        }
    }
    assert!(hidden >= 100 && shown >= 1000, "{hidden} fields were hidden, {shown} in front of them shown");
}

/// How many packets of a file the listing has at most; one keyring has more.
const LISTED: usize = 400;

#[test]
fn packets_are_framed_as_three_other_parsers_do() {
    let Some(folder) = common::vectors_folder() else { return };
    let listing = fs::read_to_string(folder.join("PACKETS.jsonl")).unwrap();
    let files: BTreeMap<String, _> = common::vectors().into_iter().map(|file| (file.name.clone(), file)).collect();
    let (mut compared, mut differences) = (0, Vec::new());
    for line in listing.lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        if line["agree"] != "all3" {
            continue;
        }
        let path = line["path"].as_str().unwrap();
        // Rows are `[nesting depth, packet type, body length, note]`; what is deeper lies in compressed data.
        let rows = line["packets"].as_array().unwrap();
        let outer = rows.iter().filter(|row| row[0] == 0);
        let expected: Vec<_> = outer.map(|row| (row[1].as_u64().unwrap(), row[2].as_u64().unwrap())).collect();
        let file = &files[&format!("vectors/{path}")];
        // The others read only the first armored block of a file.
        let input = &file.inputs()[0];
        let packets = framing::packets(&input.octets).flatten();
        let mut got: Vec<_> = packets.map(|raw| (u64::from(raw.packet_type().0), raw.body().len())).collect();
        if rows.len() == LISTED {
            got.truncate(expected.len());
        }
        compared += 1;
        if got != expected {
            differences.push(format!("{path}: listed {expected:?}, framed {got:?}"));
        }
    }
    assert!(differences.is_empty(), "{} of {compared}:\n{}", differences.len(), differences.join("\n"));
    assert!(compared > 800, "{compared} files were compared");
}

/// The laws find something in every place that they look at, so what breaks none is not merely overlooked.
#[test]
fn the_laws_find_what_is_there() {
    let mut found = Found::default();
    for Input { octets, .. } in common::testdata().iter().flat_map(File::inputs) {
        found.read(octets.as_slice().into());
    }
    let Found { packets, fields, subpackets, embedded, fingerprints, images, errors, .. } = found;
    let least = [(packets, 1000), (fields, 1000), (subpackets, 1000), (fingerprints, 100), (errors, 40)];
    assert!(least.iter().all(|(found, least)| found >= least) && embedded > 10 && images > 1, "{found:?}");
}

#[test]
fn every_armored_file_of_the_corpus_is_known_for_one() {
    let mut armored = 0;
    for file in common::testdata().iter().filter(|file| file.octets.starts_with(b"-----BEGIN PGP ")) {
        let is_armored = container::parts(&file.octets).any(|part| !matches!(part, container::Part::Skipped(_)));
        let first = file.octets.split(|octet| matches!(octet, b'\n' | b'\r')).next().unwrap().trim_ascii_end();
        let is_base64 = first.ends_with(b"-----") && !first.ends_with(b"SIGNED MESSAGE-----");
        // Behind a cleartext comes an armored signature.
        assert!(is_armored || !is_base64 || first.ends_with(b"------"), "{}", file.name);
        armored += usize::from(is_armored);
    }
    assert!(armored >= 130, "{armored} files are armored");
}

/// Whichever octet of a secret key is damaged, no field but those that are secret holds a run of the secret's octets.
/// Integers of a key that is still well-formed are left out: nothing tells that one of them is too long, and renderers show
/// their size only.
#[test]
fn a_damaged_secret_key_shows_no_secret() {
    /// Eight octets in a row are not there by chance.
    const RUN: usize = 8;
    let [mut keys, mut looked_at] = [0, 0];
    for name in ["keys/ed25519.sec.gpg", "keys/nistp256.sec.gpg", "keys/rsa1024.sec.gpg"] {
        let octets = common::testdata_file(name);
        for raw in framing::packets(&octets).map(Result::unwrap) {
            let Ok(Packet::SecretKey(key) | Packet::SecretSubkey(key)) = raw.interpret() else { continue };
            let secrets: Vec<&[u8]> = key.secret().fields().map(|field| field.value.expose().as_slice()).collect();
            assert!(secrets.iter().any(|secret| secret.len() >= RUN), "{name}");
            keys += 1;
            let wire = raw.wire().as_slice();
            for index in raw.header().len()..wire.len() {
                for damage in [0x01, 0x40, 0x80, 0xff] {
                    let mut damaged = wire.to_vec();
                    damaged[index] ^= damage;
                    for shown in shown_octets(&damaged) {
                        looked_at += usize::from(shown.len() >= RUN);
                        let leak = shown
                            .windows(RUN)
                            .find(|run| secrets.iter().any(|secret| secret.windows(RUN).any(|other| other == *run)));
                        assert_eq!(leak, None, "{name}: octet {index} damaged by {damage:#04x}");
                    }
                }
            }
        }
    }
    assert!(keys == 6 && looked_at > 5_000, "{keys} keys, {looked_at} fields with so many octets");
}

/// The octets that the fields of a packet show.
fn shown_octets(wire: &[u8]) -> Vec<Vec<u8>> {
    let mut shown = Vec::new();
    for raw in framing::packets(wire).map_while(Result::ok) {
        let is_well_formed = raw.interpret().is_ok();
        let _ = inspect::packet(&raw, &mut |event: Event<'_>| -> ControlFlow<()> {
            match event {
                Event::Field(Field { value: Value::Secret(_), .. }) => {}
                Event::Field(Field { value: Value::Mpi(_), .. }) if is_well_formed => {}
                Event::Field(field) => shown.push(laws::inspect::octets(field.value)),
                _ => {}
            }
            ControlFlow::Continue(())
        });
    }
    shown
}
