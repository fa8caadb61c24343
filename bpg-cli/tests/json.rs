//! `bpg debug parse --json`, over all files: what the schema says of it is true.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read, Write};

use jsonschema::Validator;
use serde_json::Value;

#[path = "json/agreement.rs"]
mod agreement;
#[path = "laws/command.rs"]
#[allow(dead_code, reason = "the laws are those of another test")]
mod command;
mod common;

use command::Pieces;

/// Larger files take the validator minutes.
const LARGEST: u64 = 1 << 20;

/// The records that have a place of their own in what is around them.
const PLACED: [&str; 6] = ["packet", "armor", "container", "remainder", "skipped", "end"];

fn schema() -> Value {
    let output = common::bpg(&["debug", "schema"]).output().unwrap();
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).unwrap()
}

/// What was printed, once it is known to be what the schema says.
struct Printed {
    records: Vec<Value>,
    status: u8,
    errors: String,
}

fn print(input: impl Read, options: &[&str], schema: &Validator) -> Printed {
    let common::Printed { status, output, errors } = common::parse(&[&["--json"], options].concat(), input);
    let is_harmful = |character: char| (character.is_control() && character != '\n') || character == '\u{202e}';
    assert!(!output.contains(is_harmful), "what is not seen is printed: {output:?}");
    assert!(output.ends_with('\n'));
    let records = output.lines().map(|line| record(line, schema)).collect();
    Printed { records, status, errors }
}

fn record(line: &str, schema: &Validator) -> Value {
    let record: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
    if !schema.is_valid(&record) {
        let errors: Vec<String> = schema.iter_errors(&record).map(|error| error.to_string()).collect();
        panic!("{errors:#?}");
    }
    record
}

fn is(record: &Value, kind: &str) -> bool {
    record["record"] == kind
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or_else(|| panic!("{value} is no number"))
}

/// The records start, go on and end as they should, and tell of every octet of the file once.
fn laws(input: &[u8], printed: &Printed) {
    let Printed { records, status, errors } = printed;
    let [start, file, contents @ .., summary, done] = &records[..] else {
        panic!("there are {} records", records.len())
    };
    assert!(is(start, "start") && is(file, "file") && is(summary, "summary") && is(done, "done"));
    assert_eq!(done["exit_status"], *status);
    assert_eq!(summary["status"], ["ok", "malformed", "unusable"][usize::from(*status)]);
    let statuses = ["unknown", "malformed", "truncated", "unfinished"];
    for name in statuses {
        let count = contents.iter().filter(|record| record["status"] == name).count();
        assert_eq!(summary[name], count, "{name}");
    }
    let packets = contents.iter().filter(|record| is(record, "packet")).count();
    assert_eq!(summary["packets"], packets);
    let is_wrong = statuses[1..].iter().any(|name| number(&summary[name]) > 0);
    assert_eq!(is_wrong, number(&summary["errors"]) > 0);
    assert!(*status != 0 || !is_wrong);
    assert_eq!(errors.is_empty(), *status == 0 && !contents.iter().any(|record| is(record, "note")), "{errors}");
    // An error that the records have is on standard error, too.
    for record in contents.iter().filter(|record| record.get("error").is_some()) {
        assert!(errors.contains(record["error"]["message"].as_str().unwrap()), "{record}");
    }
    paths(contents);
    if summary["unfinished"] == 0 {
        assert_eq!(summary["octets"], input.len());
        tiles(input, contents, !errors.is_empty());
    }
}

/// Paths count what is in something from 1, and name only what was told; what is pending ends.
fn paths(contents: &[Value]) {
    let mut children: BTreeMap<String, u64> = BTreeMap::new();
    let mut pending: Vec<&str> = Vec::new();
    for record in contents.iter().filter(|record| PLACED.iter().any(|kind| is(record, kind))) {
        let path = record["path"].as_str().unwrap();
        if is(record, "end") {
            assert_eq!(pending.pop(), Some(path), "something else ends than what was open");
        } else {
            let (parent, index) = path.rsplit_once('.').unwrap_or(("", path));
            assert!(parent.is_empty() || children.contains_key(parent), "{path} is in nothing");
            let count = children.entry(parent.to_string()).or_default();
            *count += 1;
            assert_eq!(index, count.to_string(), "{path}");
            children.insert(path.to_string(), 0);
            assert!(pending.last().is_none_or(|open| path.starts_with(&format!("{open}."))), "{path} in {pending:?}");
        }
        if record["status"] == "pending" {
            pending.push(path);
        }
    }
    assert!(pending.is_empty(), "{pending:?}");
}

/// The spans of what is in the file itself are the file, and each says what it is.
fn tiles(input: &[u8], contents: &[Value], is_explained: bool) {
    let mut position = 0;
    for record in contents.iter().filter(|record| PLACED.iter().any(|kind| is(record, kind))) {
        let is_of_file = !record["path"].as_str().unwrap().contains('.');
        assert!(!is_of_file || record["space"] == "file", "{record}");
        if !is_of_file || record["status"] == "pending" {
            continue;
        }
        let (start, end) = (number(&record["span"][0]), number(&record["span"][1]));
        assert_eq!(start, position, "{record}");
        assert!(end > start, "{record}");
        position = end;
        let octets = &input[start as usize..end as usize];
        match record["record"].as_str().unwrap() {
            "packet" => assert!(octets[0] & 0x80 != 0, "{record}"),
            // A packet is the only thing else that ends.
            "end" if octets[0] & 0x80 == 0 => {
                let text: Vec<u8> = octets.iter().copied().filter(|octet| *octet != 0).collect();
                assert!(text.starts_with(b"-----BEGIN") || text.starts_with(b"=2D"), "{record}");
                let is_ended = text.trim_ascii_end().ends_with(b"-");
                assert!(
                    is_ended || record["status"] != "ok" || contents.iter().any(|other| is(other, "note")),
                    "{record}"
                );
            }
            // Whatever is passed over is said to be, unless it is blank.
            "skipped" => assert!(is_explained || octets.trim_ascii().is_empty(), "{record}"),
            _ => {}
        }
    }
    assert_eq!(position, input.len() as u64, "the file is not told of to its end");
}

#[test]
fn the_schema_is_one_and_has_the_version_of_the_output() {
    let schema = schema();
    jsonschema::draft202012::meta::validate(&schema).unwrap();
    let printed = print(io::empty(), &[], &jsonschema::validator_for(&schema).unwrap());
    assert_eq!(schema["$defs"]["record-start"]["properties"]["schema"]["const"], printed.records[0]["schema"]);
    let description = schema["description"].as_str().unwrap();
    assert!(description.contains(printed.records[0]["schema"].as_str().unwrap()));
}

#[test]
fn goldens_are_what_the_schema_says() {
    let schema = jsonschema::validator_for(&schema()).unwrap();
    let goldens = common::files_of_kind(&common::testdata(), "jsonl");
    common::check_files(&goldens, 120, |_, golden| {
        let golden = std::str::from_utf8(golden).unwrap();
        golden.lines().map(|line| record(line, &schema)).collect::<Vec<_>>().len()
    });
}

/// Whatever is told of in the schema is described.
#[test]
fn the_schema_describes_everything() {
    /// Gives how many schemas are described.
    fn walk(schema: &Value, place: &str) -> usize {
        // Nothing is said of `false`, which nothing is valid for.
        let Some(members) = schema.as_object() else { return 0 };
        let is_named = members.contains_key("$ref") || members.get("type").is_some_and(|kind| kind == "null");
        assert!(is_named || members.contains_key("description"), "{place} has no description");
        let inner = ["properties", "$defs"].into_iter().filter_map(|name| members.get(name)?.as_object()).flatten();
        let inner: usize = inner.map(|(name, inner)| walk(inner, &format!("{place}/{name}"))).sum();
        let items = members.get("items").filter(|items| items.get("oneOf").is_none());
        1 + inner + items.map_or(0, |items| walk(items, &format!("{place}/items")))
    }
    let count = walk(&schema(), "");
    assert!(count >= 280, "only {count} schemas are described");
}

#[test]
fn every_file_of_testdata() {
    let schema = jsonschema::validator_for(&schema()).unwrap();
    common::check_testdata(LARGEST, 21_000, |_, input| {
        let mut records = 0;
        for options in [&[][..], &["--recover"], &["--no-recurse", "--strict"], &["--redact"]] {
            let printed = print(input, options, &schema);
            laws(input, &printed);
            agreement::check(input, options, &printed.records);
            records += printed.records.len();
        }
        records
    });
}

#[test]
fn every_file_of_other_projects() {
    let schema = jsonschema::validator_for(&schema()).unwrap();
    common::check_vectors(LARGEST, 15_000, |_, input| {
        let printed = print(input, &[], &schema);
        laws(input, &printed);
        agreement::check(input, &[], &printed.records);
        printed.records.len()
    });
}

/// However a file comes, and wherever it ends, the records are what the schema says.
#[test]
fn every_way_to_come_and_to_end() {
    let schema = jsonschema::validator_for(&schema()).unwrap();
    for name in [
        "messages/partial-literal.gpg",
        "messages/compressed-bzip2.gpg",
        "signatures/cleartext-empty.asc",
        "malformed/subpacket-bad-unhashed.gpg",
    ] {
        let input = common::testdata_file(name);
        let whole = print(&input[..], &[], &schema).records;
        for piece in [1, 7, 1000] {
            assert_eq!(print(Pieces { rest: &input, piece }, &[], &schema).records, whole, "{name} in {piece}");
        }
        for end in 0..input.len().min(400) {
            let printed = print(&input[..end], &[], &schema);
            laws(&input[..end], &printed);
        }
    }
}

/// What ends inside of a packet is truncated, and nothing else is.
#[test]
fn truncated_is_what_ends_too_early() {
    let schema = jsonschema::validator_for(&schema()).unwrap();
    for name in ["keys/rsa1024.pub.gpg", "keys/v6-unsigned.pub.gpg", "messages/partial-literal.gpg"] {
        let input = common::testdata_file(name);
        let Printed { records, .. } = print(&input[..], &[], &schema);
        let ends: Vec<u64> = records.iter().filter_map(|record| record["span"][1].as_u64()).collect();
        for end in 1..input.len() {
            let Printed { records, .. } = print(&input[..end], &[], &schema);
            let summary = &records[records.len() - 2];
            let truncated = u64::from(!ends.contains(&(end as u64)));
            assert_eq!(
                (&summary["truncated"], &summary["malformed"]),
                (&truncated.into(), &0.into()),
                "{name} at {end}"
            );
        }
    }
}

/// Where a limit is met, what was begun is ended all the same, and said to be unfinished.
#[test]
fn limits_end_whatever_is_open() {
    let schema = jsonschema::validator_for(&schema()).unwrap();
    for name in ["mission/rsa2048.bpg", "messages/compressed-zip.gpg"] {
        let input = common::testdata_file(name);
        let Printed { mut records, .. } = print(&input[..], &[], &schema);
        // What precedes and follows the contents is printed in any case.
        records.truncate(records.len() - 2);
        records.drain(..2);
        let whole: usize = records.iter().map(|record| record.to_string().len()).sum();
        assert!(whole > 1_400, "there are only {whole} octets");
        for limit in (0..whole).step_by(97) {
            let printed = print(&input[..], &["--limit", &format!("output={limit}")], &schema);
            laws(&input, &printed);
            assert_eq!(
                (printed.status, number(&printed.records[printed.records.len() - 2]["unfinished"]) > 0),
                (1, true)
            );
        }
    }
}

/// Where the output ends is the place of what was told last.
#[test]
fn the_limit_on_output_has_a_place() {
    // Packets of three octets: what is beyond the limit is told to be in one of them, later ones with larger limits.
    let input = b"\xcd\x01a".repeat(1000);
    let place_of = |options: &[&str], limit: u64, input: &[u8]| {
        let limit = format!("output={limit}");
        let printed = common::parse(&[options, &["--limit", &limit]].concat(), input);
        assert_eq!(printed.status, 1, "{}", printed.errors);
        let place =
            printed.errors.strip_prefix("bpg: input: at octet ").and_then(|errors| errors.split_once(": more "));
        place.unwrap_or_else(|| panic!("{}", printed.errors)).0.to_owned()
    };
    for options in [&[][..], &["--verbose"], &["--json"]] {
        let places: Vec<u64> =
            (1..6).map(|limit| place_of(options, limit * 5000, &input).parse().expect("a position")).collect();
        assert!(places.is_sorted_by(|place, next| place + 30 < *next) && places[0] > 30, "{places:?}");
    }
    // A user attribute of one subpacket, of a type that is not known. The name of a group is printed when it starts.
    assert_eq!(place_of(&[], 60, b"\xd1\x03\x02\x64\x00"), "2");
    // In compressed data, and behind it.
    let inner = common::packet(8, &[&[0][..], &input].concat());
    let place = place_of(&[], 5000, &inner);
    let (position, rest) = place.split_once(' ').expect("more than a position");
    assert!(position.parse::<u64>().expect("a position") > 30, "{place}");
    assert_eq!(rest, "of the Uncompressed data of the packet at octet 0");
    // JSON has the same place.
    let records = common::records(&["--limit", "output=5000"], &input);
    let errors: Vec<&Value> = records.iter().map(|record| &record["error"]).filter(|error| error.is_object()).collect();
    assert_eq!(errors.len(), 1);
    let position = number(&errors[0]["position"]);
    assert_eq!(position, place_of(&["--json"], 5000, &input).parse::<u64>().expect("a position"));
}

#[test]
fn secrets_are_shown_when_they_are_asked_for() {
    let schema = jsonschema::validator_for(&schema()).unwrap();
    let input = common::testdata_file("mission/rsa2048.bpg");
    let secrets = |options: &[&str]| -> Vec<(u64, Option<usize>)> {
        let Printed { records, .. } = print(&input[..], options, &schema);
        let fields = records.iter().flat_map(|record| record["fields"].as_array().cloned().unwrap_or_default());
        let secrets = fields.filter(|field| field["type"] == "secret").map(|field| field["value"].clone());
        secrets.map(|value| (number(&value["length"]), value["hex"].as_str().map(str::len))).collect()
    };
    assert_eq!(secrets(&[]), [(256, None), (128, None), (128, None), (128, None)]);
    let lengths = [(256, Some(512)), (128, Some(256)), (128, Some(256)), (128, Some(256))];
    assert_eq!(secrets(&["--show-secrets"]), lengths);
}

/// A packet is told of as soon as it was read, whatever follows, and little is held in memory.
#[test]
fn packets_are_told_of_while_the_input_comes() {
    let keyring = common::testdata_file("keys/rsa1024.pub.gpg");
    let mut child = common::spawn(&mut common::bpg(&["debug", "parse", "--json"]));
    let (mut input, mut output) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
    input.write_all(&keyring).unwrap();
    let mut line = String::new();
    while !line.contains("\"record\":\"packet\"") {
        line.clear();
        assert!(output.read_line(&mut line).unwrap() > 0, "the command has ended");
    }
    let reader = std::thread::spawn(move || io::copy(&mut output, &mut io::sink()).unwrap());
    for _ in 0..(16 << 20) / keyring.len() {
        input.write_all(&keyring).unwrap();
    }
    let peak = common::peak_memory(child.id());
    drop(input);
    assert!(child.wait().unwrap().success());
    assert!(reader.join().unwrap() > 32 << 20);
    assert!(peak.is_none_or(|peak| peak < 16 << 20), "{peak:?} octets");
}

/// The name of a file may be any octets, and the file need not be there.
#[test]
#[cfg(unix)]
fn names_are_text_and_octets() {
    use std::os::unix::ffi::OsStrExt;

    let schema = jsonschema::validator_for(&schema()).unwrap();
    let mut command = common::bpg(&["debug", "parse", "--json"]);
    command.arg(std::ffi::OsStr::from_bytes(b"\x1b\xff")).arg(common::testdata().join("mission/rsa2048.bpg"));
    let output = command.output().unwrap();
    let records: Vec<Value> = common::stdout(&output).lines().map(|line| record(line, &schema)).collect();
    assert_eq!((&records[1]["name"], &records[1]["name_hex"]), (&"\u{1b}\u{fffd}".into(), &"1bff".into()));
    assert_eq!((&records[2]["record"], &records[2]["status"]), (&"summary".into(), &"unusable".into()));
    assert!(records[2]["message"].as_str().unwrap().contains("No such file"));
    let done = records.last().unwrap();
    assert_eq!((&done["files"], &done["exit_status"]), (&2.into(), &2.into()));
    assert_eq!(output.status.code(), Some(2));
}
