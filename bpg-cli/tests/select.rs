//! What `--only`, `--packet`, `--count` and `--summary` print of all files is what the JSON records tell.

use std::collections::BTreeMap;

use serde_json::Value;

mod common;

use common::{parse, records_of};

/// The records that are left where packets were asked for: they hold their place, and what is in them is with them.
fn chosen(all: &[Value], is_wanted: impl Fn(&Value) -> bool) -> Vec<Value> {
    let mut wanted: Vec<String> = Vec::new();
    let mut chosen = Vec::new();
    for record in all {
        if record["record"] == "packet" && is_wanted(record) {
            wanted.push(record["path"].as_str().unwrap().to_owned());
        }
        let is_frame = ["start", "file", "summary", "done"].iter().any(|frame| record["record"] == *frame);
        let path = record["path"].as_str().unwrap_or_default();
        let is_inside = wanted.iter().any(|wanted| path == wanted || path.starts_with(&format!("{wanted}.")));
        if is_frame || is_inside {
            chosen.push(record.clone());
        }
    }
    chosen
}

#[test]
fn types_and_numbers_choose_among_the_records() {
    common::check_testdata(common::MODERATE_SIZE, 540, |_, input| {
        let whole = parse(&["--json"], input);
        let all = records_of(&whole.output);
        let packets = || all.iter().filter(|record| record["record"] == "packet");
        // The first, the last and a type that is not there.
        let mut types: Vec<u64> = packets().map(packet_type).collect();
        types.sort_unstable();
        types.dedup();
        let has_some = !types.is_empty();
        for wanted in types.iter().copied().take(1).chain(types.last().copied()).chain([62]) {
            let only = wanted.to_string();
            let printed = parse(&["--json", "--only", &only], input);
            assert_eq!((printed.status, &printed.errors), (whole.status, &whole.errors));
            assert_eq!(records_of(&printed.output), chosen(&all, |packet| packet_type(packet) == wanted), "{only}");
            let count = parse(&["--count", "--only", &only], input);
            let due = packets().filter(|packet| packet_type(packet) == wanted).count();
            assert_eq!((count.output, count.status, &count.errors), (format!("{due}\n"), whole.status, &whole.errors));
        }
        for wanted in packets().take(1).chain(packets().next_back()) {
            let number = wanted["packet"].as_str().unwrap();
            let printed = parse(&["--json", "--packet", number], input);
            assert_eq!((printed.status, &printed.errors), (whole.status, &whole.errors));
            assert_eq!(records_of(&printed.output), chosen(&all, |packet| packet["packet"] == number), "{number}");
            // What -v prints of it is a part of what -v prints.
            let verbose = parse(&["--verbose"], input).output;
            let part = parse(&["--verbose", "--packet", number], input).output;
            let whole: Vec<&str> = verbose.lines().map(str::trim_start).collect();
            let part: Vec<&str> = part.lines().map(str::trim_start).collect();
            assert!(part[0].contains(&format!("), packet {number}  [")), "{}", part[0]);
            assert!(whole.windows(part.len()).any(|lines| lines == part), "{part:#?}");
        }
        let count = parse(&["--count"], input);
        assert_eq!(count.output, format!("{}\n", all[all.len() - 2]["packets"]));
        usize::from(has_some)
    });
}

fn packet_type(packet: &Value) -> u64 {
    packet["packet_type"]["id"].as_u64().unwrap()
}

#[test]
fn a_packet_that_is_not_there_is_told_of() {
    common::check_testdata(common::MODERATE_SIZE, 550, |_, input| {
        let whole = parse(&["--json"], input);
        let printed = parse(&["--json", "--packet", "1000000"], input);
        let all = records_of(&printed.output);
        let summary = &all[all.len() - 2];
        if whole.status == 2 || summary["octets"].is_null() {
            return 0;
        }
        let count = records_of(&whole.output).iter().filter(|record| is_outermost(record)).count();
        let message = format!("no packet 1000000: the file has {count}");
        assert!(printed.errors.ends_with(&format!("bpg: input: {message}\n")), "{}", printed.errors);
        assert_eq!((printed.status, summary["message"].as_str()), (2, Some(&*message)));
        assert_eq!((&summary["status"], &all[all.len() - 1]["exit_status"]), (&"unusable".into(), &2.into()));
        1
    });
}

fn is_outermost(record: &Value) -> bool {
    record["record"] == "packet" && !record["packet"].as_str().unwrap().contains('.')
}

/// A section of an overview: the sum, and how often each value is there.
#[derive(Default)]
struct Section<'o> {
    sum: u64,
    rows: Vec<(u64, &'o str)>,
}

/// The sections of an overview, by their titles.
fn sections(overview: &str) -> BTreeMap<&str, Section<'_>> {
    let mut sections: BTreeMap<&str, Section<'_>> = BTreeMap::new();
    let mut title = "";
    for line in overview.lines() {
        match line.strip_prefix("        ") {
            Some(row) => {
                let rows = &mut sections.get_mut(title).unwrap().rows;
                if let Some((count, value)) = row.trim_start().split_once("  ") {
                    rows.extend(count.parse().ok().map(|count| (count, value)));
                }
            }
            None => {
                let (name, sum) = line.split_once(": ").unwrap();
                title = name;
                sections.insert(name, Section { sum: sum.parse().unwrap(), rows: Vec::new() });
            }
        }
    }
    sections
}

/// The fields of a packet, in both of its records.
fn fields<'r>(all: &'r [Value], packet: &'r Value) -> impl Iterator<Item = &'r Value> {
    let of_packet = all.iter().filter(move |record| record["path"] == packet["path"] && !record["fields"].is_null());
    of_packet.flat_map(|record| record["fields"].as_array().unwrap())
}

#[test]
fn overviews_count_what_the_records_tell() {
    common::check_testdata(common::MODERATE_SIZE, 2_500, |_, input| {
        let whole = parse(&["--json"], input);
        let printed = parse(&["--summary"], input);
        assert_eq!((printed.status, &printed.errors), (whole.status, &whole.errors));
        let all = records_of(&whole.output);
        let packets: Vec<&Value> = all.iter().filter(|record| record["record"] == "packet").collect();
        let sections = sections(&printed.output);
        let sum = |title: &str| sections.get(title).map_or(0, |section| section.sum);
        assert_eq!(sum("errors"), all[all.len() - 2]["errors"].as_u64().unwrap());
        let of_types =
            |types: &[u64]| packets.iter().filter(|packet| types.contains(&packet_type(packet))).count() as u64;
        for (title, types) in [
            ("keys", &[5, 6][..]),
            ("secret keys", &[5, 7]),
            ("recipients", &[1]),
            ("passphrases", &[3]),
            ("encrypted data", &[9, 18, 20]),
            ("signatures", &[2]),
        ] {
            assert_eq!(sum(title), of_types(types), "{title}");
        }
        assert_eq!(sum("packets"), packets.len() as u64);
        let mut kinds: BTreeMap<String, u64> = BTreeMap::new();
        let mut algorithms: BTreeMap<&str, BTreeMap<String, u64>> = BTreeMap::new();
        for packet in &packets {
            let field = |name: &str| fields(&all, packet).find(|field| field["name"] == name);
            let name = packet["packet_type"]["name"].as_str().unwrap_or("unknown type");
            let version =
                field("version").map_or_else(String::new, |version| format!(", version {}", version["value"]));
            *kinds.entry(format!("{name} ({}){version}", packet_type(packet))).or_default() += 1;
            for (title, types, name) in [
                ("hash algorithms", Some(&[2][..]), "hash algorithm"),
                ("symmetric algorithms", None, "symmetric algorithm"),
                ("AEAD algorithms", None, "AEAD algorithm"),
                ("compression algorithms", Some(&[8]), "algorithm"),
                ("public-key algorithms", Some(&[2]), "public-key algorithm"),
                ("public-key algorithms", Some(&[1, 5, 6, 7, 14]), "algorithm"),
            ] {
                let is_counted = types.is_none_or(|types| types.contains(&packet_type(packet)));
                // What may be secret has no number.
                if let Some(id) = field(name).filter(|field| is_counted && field["type"] == "id") {
                    let name = id["value"]["name"].as_str().unwrap_or("unknown");
                    *algorithms
                        .entry(title)
                        .or_default()
                        .entry(format!("{name} ({})", id["value"]["id"]))
                        .or_default() += 1;
                }
            }
        }
        assert_eq!(
            sections["packets"]
                .rows
                .iter()
                .map(|(count, kind)| ((*kind).to_owned(), *count))
                .collect::<BTreeMap<_, _>>(),
            kinds
        );
        for (title, section) in sections.iter().filter(|(title, _)| !["keys", "errors"].contains(title)) {
            assert_eq!(section.rows.iter().map(|(count, _)| count).sum::<u64>(), section.sum, "{title}");
        }
        for title in sections.keys().filter(|title| title.ends_with(" algorithms")) {
            let mut counted: BTreeMap<String, u64> = BTreeMap::new();
            for (count, value) in &sections[title].rows {
                // Behind the number stand sizes, and what the algorithm is of.
                *counted.entry(value.split(", ").next().unwrap().to_owned()).or_default() += count;
            }
            assert_eq!(Some(&counted), algorithms.get(title), "{title}");
            assert_eq!(sum(title), counted.values().sum::<u64>(), "{title}");
        }
        assert!(algorithms.keys().all(|title| sections.contains_key(title)));
        packets.len()
    });
}

/// Who is told by key ID in one packet and by fingerprint in another is one.
#[test]
fn overviews_know_keys_by_their_fingerprints() {
    let signature_v3 = [
        &[0xc2, 19][..],   // Signature, 19 octets
        &[3, 5, 0x00],     // version 3, binary document
        &[0, 0, 0, 0],     // creation time
        &[8, 9, 10, 11],   // the first half of the key ID
        &[12, 13, 14, 15], // and the second
        &[99, 8, 0, 0],    // an unknown algorithm, SHA2-256, the start of the digest
    ]
    .concat();
    let signature_v4 = |version: u8, fingerprint: &[u8]| {
        let subpacket_length = u8::try_from(fingerprint.len() + 2).unwrap();
        [
            &[0xc2, subpacket_length + 11][..],
            &[4, 0x00, 99, 8], // version 4, binary document, the same algorithms
            &[0, subpacket_length + 1, subpacket_length], // hashed area, with one subpacket
            &[33, version],    // Issuer Fingerprint
            fingerprint,
            &[0, 0, 0, 0], // no unhashed area, the start of the digest
        ]
        .concat()
    };
    let of_version_4: Vec<u8> = (1..=3).map(|_| 0xaa).chain([0; 9]).chain(8..16).collect();
    let of_version_6: Vec<u8> = (8..16).chain([0xbb; 24]).collect();
    for (version, fingerprint) in [(4, &of_version_4), (6, &of_version_6)] {
        let told = signature_v4(version, fingerprint);
        let shown: String = fingerprint.iter().map(|octet| format!("{octet:02x}")).collect();
        for input in [[&signature_v3[..], &told].concat(), [&told[..], &signature_v3].concat()] {
            let overview = parse(&["--summary"], &input[..]).output;
            assert!(
                overview.contains(&format!("signatures: 2\n        2  {shown}, Binary Signature (0x00)")),
                "{overview}"
            );
        }
    }
    // Of two keys with the same key ID, nobody knows which of them it is.
    let input = [&signature_v3[..], &signature_v4(4, &of_version_4), &signature_v4(6, &of_version_6)].concat();
    let overview = parse(&["--summary"], &input[..]).output;
    assert!(overview.contains("signatures: 3\n        1  08090a0b0c0d0e0f, "), "{overview}");
}

/// What `--help` says of limits is so.
#[test]
fn overviews_end_where_the_help_says() {
    // Public keys of version 4 of an unknown algorithm, made at different times.
    let key = |number: u32| [&[0xc6, 6, 4][..], &number.to_be_bytes(), &[99]].concat();
    let overview = parse(&["--summary"], &(0..15).flat_map(key).collect::<Vec<u8>>()[..]).output;
    assert!(overview.contains("keys: 15\n") && overview.contains("        and 5 more\n"), "{overview}");
    // Signatures of version 3, by keys whose IDs end in a number.
    let signature = |number: u32| {
        let key_id = number.to_be_bytes();
        [&[0xc2, 19, 3, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0][..], &key_id, &[99, 8, 0, 0]].concat()
    };
    for (count, others) in [(21, 1), (1020, 1000), (5000, 4980)] {
        let overview = parse(&["--summary"], &(0..count).flat_map(signature).collect::<Vec<u8>>()[..]).output;
        let sections = sections(&overview);
        let signatures = &sections["signatures"];
        assert_eq!((signatures.sum, signatures.rows.len()), (count.into(), 21), "{overview}");
        assert_eq!(signatures.rows[20], (others, "others"), "{overview}");
    }
    let help = common::stdout(&common::bpg(&["debug", "parse", "--help"]).output().unwrap());
    let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
    for limit in ["At most 10 keys are listed", "20 signers with each kind", "1,000 values of anything else"] {
        assert!(help.contains(limit), "{limit}");
    }
}

/// Whatever is in a file, there is an end to what is kept of it.
#[test]
fn overviews_stay_small() {
    // New format, PKESK of version 3 to a key ID of four octets of zeros and four of a number, of an unknown algorithm.
    let recipient = |number: u32| [&[0xc1, 10, 3, 0, 0, 0, 0][..], &number.to_be_bytes(), &[99]].concat();
    let input: Vec<u8> = (1..=3000).flat_map(recipient).collect();
    let overview = parse(&["--summary"], &input[..]).output;
    assert!(overview.contains("recipients: 3000\n"), "{overview}");
    assert!(overview.contains("        2000  others\n"), "{overview}");
    assert!(overview.lines().count() < 1020);
    // User IDs that are long, and would like to reach the terminal.
    let user_id = "\u{1b}[2J\u{202e}\n".repeat(20_000);
    let key = [&[0xc6, 10, 4, 0, 0, 0, 0, 22, 0, 0, 0, 0][..], &[0xcd, 0xff]].concat();
    let input = [&key[..], &u32::try_from(user_id.len()).unwrap().to_be_bytes(), user_id.as_bytes()].concat();
    let overview = parse(&["--summary"], &input[..]).output;
    assert!(overview.contains(r"\u{1b}[2J\u{202e}\n"), "{overview}");
    assert!(overview.len() < 1000 && !overview.contains(['\u{1b}', '\u{202e}']), "{overview}");
}

/// What is not opened is not said to hold nothing.
#[test]
fn packets_in_what_is_not_opened_are_refused() {
    let message = common::testdata().join("messages/compressed-zip.gpg");
    for flag in ["--hex", "--no-recurse"] {
        let run =
            |number: &str| common::bpg(&["debug", "parse", flag, "--packet", number]).arg(&message).output().unwrap();
        assert_eq!(run("1").status.code(), Some(0));
        let refused = run("1,1.2");
        let message = format!("bpg: {flag} opens no packets, so that there is no packet 1.2\n");
        assert_eq!((refused.status.code(), common::stderr(&refused)), (Some(2), message));
        assert_eq!(common::stdout(&refused), "");
    }
}
