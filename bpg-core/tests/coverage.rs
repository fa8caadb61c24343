//! The coverage page, `bpg-core/src/coverage.md`: each number that a specification assigns, and the file of testdata/ that
//! proves that it is read and shown.
//!
//! `BPG_UPDATE_COVERAGE=1 cargo test -p bpg-core --features generate --test coverage` rewrites the page. Read the
//! difference before you commit it.
#![allow(
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
use std::path::Path;

use bpg_core::framing;
use bpg_core::generate::{Algorithm, KeyBuilder, KeyVersion};
use bpg_core::inspect::{self, Event, Value};
use bpg_core::packet::Packet;
use bpg_core::registry::*;
use bpg_core::time::Timestamp;
use chacha20::ChaCha20Rng;
use rand_core::SeedableRng;

/// A row of a registry.
struct Row {
    first: u64,
    last: u64,
    name: &'static str,
    reference: String,
    is_assigned: bool,
}

/// A registry's title and its rows.
type Registry = (&'static str, Vec<Row>);

macro_rules! registries {
    ($($title:literal $Name:ident;)*) => {
        vec![$((
            $title,
            $Name::ENTRIES.iter().map(|entry| Row {
                first: entry.first.into(),
                last: entry.last.into(),
                name: entry.name,
                reference: entry.reference.to_string(),
                is_assigned: entry.first == entry.last && $Name(entry.first).is_assigned(),
            }).collect(),
        )),*]
    };
}

fn registries() -> Vec<Registry> {
    registries! {
        "Packet types" PacketType;
        "Public-key algorithms" PublicKeyAlgorithm;
        "Symmetric-key algorithms" SymmetricKeyAlgorithm;
        "AEAD algorithms" AeadAlgorithm;
        "Hash algorithms" HashAlgorithm;
        "Compression algorithms" CompressionAlgorithm;
        "String-to-key types" S2kType;
        "S2K usage octets" S2kUsage;
        "GNU S2K extensions" GnuS2kMode;
        "Signature types" SignatureType;
        "Signature subpacket types" SubpacketType;
        "Key flags" KeyFlag;
        "Features" Feature;
        "Notation flags" NotationFlag;
        "Key server preferences" KeyServerPreference;
        "Reasons for revocation" ReasonForRevocation;
        "User attribute types" UserAttributeType;
        "Image header versions" ImageVersion;
        "Image encodings" ImageEncoding;
        "Literal data formats" LiteralFormat;
    }
}

/// The packet types that have versions, and the versions that are specified.
const VERSIONS: [(PacketType, &[u64]); 10] = [
    (PacketType::PUBLIC_KEY_ENCRYPTED_SESSION_KEY, &[2, 3, 6]),
    (PacketType::SIGNATURE, &[2, 3, 4, 5, 6]),
    (PacketType::SYMMETRIC_KEY_ENCRYPTED_SESSION_KEY, &[4, 5, 6]),
    (PacketType::ONE_PASS_SIGNATURE, &[3, 6]),
    (PacketType::SECRET_KEY, &[2, 3, 4, 5, 6]),
    (PacketType::PUBLIC_KEY, &[2, 3, 4, 5, 6]),
    (PacketType::SECRET_SUBKEY, &[4, 5, 6]),
    (PacketType::PUBLIC_SUBKEY, &[4, 5, 6]),
    (PacketType::SYMMETRICALLY_ENCRYPTED_AND_INTEGRITY_PROTECTED_DATA, &[1, 2]),
    (PacketType::OCB_ENCRYPTED_DATA, &[1]),
];

/// What is shown of packets, each with the file that shows it first.
#[derive(Default)]
struct Found {
    /// Numbers with their names.
    named: BTreeMap<(u64, &'static str), String>,
    curves: BTreeMap<&'static str, String>,
    versions: BTreeMap<(PacketType, u64), String>,
}

impl Found {
    /// Adds the well-formed packets of `octets`.
    fn read(&mut self, file: &str, octets: &[u8]) {
        for raw in framing::packets(octets).flatten() {
            let body = raw.body().to_cow();
            if matches!(Packet::parse(raw.packet_type(), body.as_ref().into()), Err(_) | Ok(Packet::Opaque(_))) {
                continue;
            }
            let _ = inspect::packet(&raw, &mut |event: Event<'_>| -> ControlFlow<()> {
                match event {
                    Event::Open(group) => {
                        if let Some(number) = group.number {
                            self.add(number.number, Some(group.name), file);
                        }
                    }
                    Event::Field(field) => {
                        if let ("version", Value::Number(version)) = (field.name, field.value) {
                            self.versions.entry((raw.packet_type(), version)).or_insert_with(|| file.to_string());
                        }
                        self.value(field.value, file);
                    }
                    _ => {}
                }
                ControlFlow::Continue(())
            });
        }
    }

    fn value(&mut self, value: Value<'_>, file: &str) {
        match value {
            Value::Id { number, name, .. } => self.add(number, name, file),
            Value::Ids(ids) => ids.values().for_each(|value| self.value(value, file)),
            Value::Flags(flags) => flags.set().for_each(|(number, name)| self.add(number, name, file)),
            Value::Ciphersuites(octets) => {
                for pair in octets.as_slice().chunks_exact(2) {
                    self.add(pair[0].into(), SymmetricKeyAlgorithm(pair[0]).name(), file);
                    self.add(pair[1].into(), AeadAlgorithm(pair[1]).name(), file);
                }
            }
            Value::Kdf(parameters) => {
                if let Some((hash, cipher)) = parameters.algorithms() {
                    self.add(hash.0.into(), hash.name(), file);
                    self.add(cipher.0.into(), cipher.name(), file);
                }
            }
            Value::Curve(curve) => {
                if let Some(curve) = curve.curve() {
                    self.curves.entry(curve.name).or_insert_with(|| file.to_string());
                }
            }
            _ => {}
        }
    }

    fn add(&mut self, number: u64, name: Option<&'static str>, file: &str) {
        if let Some(name) = name {
            self.named.entry((number, name)).or_insert_with(|| file.to_string());
        }
    }
}

/// What is in testdata/. Files for one thing come before those that hold everything.
fn in_testdata() -> Found {
    let mut files = common::testdata();
    files.sort_by_key(|file| (file.name.contains("-all") || file.name.contains("malformed"), file.octets.len()));
    let mut found = Found::default();
    for file in files {
        let name = file.name.strip_prefix("testdata/").unwrap();
        file.inputs().iter().for_each(|input| found.read(name, &input.octets));
    }
    found
}

/// What is in the keys that the library makes.
fn in_generated_keys() -> Found {
    let mut found = Found::default();
    let algorithms = [Algorithm::Rsa(2048), Algorithm::Curve25519, Algorithm::P256, Algorithm::P384, Algorithm::P521];
    for algorithm in algorithms {
        for version in [KeyVersion::V4, KeyVersion::V6] {
            for passphrase in [None, Some(&b"secret"[..])] {
                let builder = KeyBuilder::new(algorithm, Timestamp(1_700_000_000)).version(version).user_id("Alice");
                let builder = builder.signing_subkey().authentication_subkey();
                let builder = match passphrase {
                    Some(passphrase) => builder.passphrase(passphrase),
                    None => builder,
                };
                let key = builder.generate(&mut ChaCha20Rng::from_seed([7; 32]), &|_| {}).unwrap();
                found.read("", key.secret());
                found.read("", key.public());
            }
        }
    }
    found
}

/// Whether the expected dump of a file shows the name.
fn is_shown(file: &str, name: &str) -> bool {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata").join(format!("{file}.verbose.dump"));
    fs::read_to_string(path).is_ok_and(|dump| dump.contains(name))
}

/// The cells of a row behind its name and reference.
fn cells(file: Option<&String>, name: &str, is_made: bool) -> String {
    let written = if is_made { "made" } else { "as read" };
    match file {
        Some(file) => {
            let shown = if is_shown(file, name) { "yes" } else { "no" };
            format!("yes | {shown} | {written} | `{file}`")
        }
        None => format!("not proven | not proven | {written} | "),
    }
}

fn page() -> String {
    let (read, made) = (in_testdata(), in_generated_keys());
    let mut page = String::from(HEAD);
    writeln!(
        page,
        "\n# Versions of packets\n\n| packet | version | read | shown | written | proof |\n|---|---|---|---|---|---|"
    )
    .unwrap();
    for (packet_type, versions) in VERSIONS {
        for &version in versions {
            let key = (packet_type, version);
            let cells =
                cells(read.versions.get(&key), &format!("version: {version}"), made.versions.contains_key(&key));
            writeln!(page, "| {packet_type} | {version} | {cells} |").unwrap();
        }
    }
    for (title, rows) in registries() {
        writeln!(page, "\n# {title}\n\n| number | name | assigned by | read | shown | written | proof |\n|---|---|---|---|---|---|---|").unwrap();
        for row in rows {
            let number =
                if row.first == row.last { row.first.to_string() } else { format!("{}–{}", row.first, row.last) };
            let key = (row.first, row.name);
            let cells = match row.is_assigned {
                true => cells(read.named.get(&key), row.name, made.named.contains_key(&key)),
                false => "as a number | yes | as read | ".to_string(),
            };
            writeln!(page, "| {number} | {} | {} | {cells} |", row.name, row.reference).unwrap();
        }
    }
    writeln!(page, "\n# Curves\n\n| name | assigned by | read | shown | written | proof |\n|---|---|---|---|---|---|")
        .unwrap();
    for curve in Curve::ALL {
        let cells = cells(read.curves.get(curve.name), curve.name, made.curves.contains_key(curve.name));
        writeln!(page, "| {} | {} | {cells} |", curve.name, curve.reference).unwrap();
    }
    page
}

const HEAD: &str = "\
What is covered: each number that RFC 9580, LibrePGP, the post-quantum extension or an older specification assigns.

* **read**: a well-formed packet of the corpus holds it, and `inspect` names it;
* **shown**: the expected output of `bpg debug parse --verbose` beside that file names it, too;
* **written**: everything is written as it was read ([`Encode`](crate::encode::Encode)); what is *made* is also written
  anew, with the feature `generate`;
* **proof**: the smallest file of `testdata/` that holds it.

Reserved, private and unassigned numbers are values like any other; they are read, shown and written as numbers.
This page is made and checked by a test.
";

/// No two registries give the same name to the same number, or the proof of one would pass for that of another.
#[test]
fn rows_are_told_apart_by_number_and_name() {
    let mut seen = HashSet::new();
    for (title, rows) in registries() {
        for row in rows.iter().filter(|row| row.is_assigned) {
            assert!(seen.insert((row.first, row.name)), "{title}: {} {}", row.first, row.name);
        }
    }
}

#[test]
fn the_coverage_page_is_true() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/coverage.md");
    let page = page();
    if std::env::var_os("BPG_UPDATE_COVERAGE").is_some() {
        fs::write(&path, &page).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap();
    for (line, (expected, found)) in (1..).zip(expected.lines().zip(page.lines())) {
        assert_eq!(expected, found, "line {line} of the page is not what was found");
    }
    assert_eq!(expected, page);
    assert!(!page.contains("| no |"), "something is read, but not shown");
}
