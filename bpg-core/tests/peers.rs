//! What other OpenPGP programs say about the same octets.
//!
//! Two things are compared: over the keyrings of Debian and Arch Linux, every packet header with `gpg --list-packets` and
//! every key with `gpg --show-keys`; over testdata/, the packets at the top level with what each of gpg, sq, rnp and
//! pgpdump lists.
//!
//! The tests are ignored because they need these programs, and they fail where one is missing. The tables of disagreements
//! are those of the versions in Debian 12: gpg 2.2.40, sq 0.27.0, rnp 0.16.3, pgpdump 0.34.
//!
//! ```text
//! apt install gpg sq rnp pgpdump debian-keyring debian-archive-keyring archlinux-keyring
//! cargo test -p bpg-core --test peers -- --ignored
//! ```
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::arithmetic_side_effects,
    reason = "a test stops at the first thing that is not as it should be"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Write as _};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use bpg_core::armor;
use bpg_core::error::Error;
use bpg_core::framing::{self, Length, RawPacket};
use bpg_core::packet::signature::{Area, SubpacketValue};
use bpg_core::packet::{Packet, PublicKey, Signature};

// ---------------------------------------------------------------------------------------------------------------------
// Keyrings

const KEYRINGS: &str = "/usr/share/keyrings";

/// The keyrings of the packages debian-keyring (2022.12.24) and archlinux-keyring; those of debian-archive-keyring are
/// found by their names.
const NAMED_KEYRINGS: &[&str] =
    &["debian-keyring.gpg", "debian-maintainers.gpg", "debian-nonupload.gpg", "debian-role-keys.gpg", "archlinux.gpg"];

/// How many packets /usr/share/keyrings/debian-keyring.gpg has in Debian 12.
const DEBIAN_KEYRING_PACKETS: usize = 55_139;

/// Subpackets that are wrong inside, as the keyring, the error and what is wrong with them.
const WRONG_SUBPACKETS: &[(&str, &str, &str)] = &[];

#[test]
#[ignore = "needs gpg and the Debian keyrings"]
fn keyrings_are_interpreted_whole() {
    let mut wrong = Vec::new();
    for path in keyrings() {
        let name = file_name(&path);
        let input = read(&path);
        let mut count: usize = 0;
        for packet in framing::packets(&input) {
            let packet = packet.unwrap_or_else(|error| panic!("{name}: {error}"));
            count += 1;
            match packet.interpret() {
                Ok(Packet::Opaque(opaque)) => panic!("{name}: opaque: {opaque:?}"),
                Ok(Packet::Signature(signature)) => {
                    subpacket_errors(&signature, &mut |error| wrong.push((name.clone(), error.to_string())));
                }
                Ok(Packet::UserAttribute(attribute)) => {
                    for subpacket in attribute.subpackets() {
                        if let Err(error) = subpacket.and_then(|subpacket| subpacket.image()) {
                            wrong.push((name.clone(), error.to_string()));
                        }
                    }
                }
                Ok(_) => {}
                Err(error) => panic!("{name}: {error}"),
            }
        }
        assert!(count > 0, "{name} holds no packet");
        if name == "debian-keyring.gpg" {
            assert_eq!(count, DEBIAN_KEYRING_PACKETS, "is this the keyring of another Debian?");
        }
    }
    let wrong: Vec<_> = wrong.iter().map(|(name, error)| (name.as_str(), error.as_str())).collect();
    let known: Vec<_> = WRONG_SUBPACKETS.iter().map(|&(name, error, _)| (name, error)).collect();
    assert_eq!(wrong, known);
}

/// Every header that gpg lists, at its place, with its length.
#[test]
#[ignore = "needs gpg and the Debian keyrings"]
fn keyrings_are_framed_as_by_gpg() {
    let home = Home::new();
    for path in keyrings() {
        let ours: Vec<_> = frames(&read(&path)).iter().map(gpg_line).collect();
        let theirs = gpg_listing(&home.run(GPG, &path));
        assert_eq!(ours.len(), theirs.len(), "{}", path.display());
        for (ours, theirs) in ours.iter().zip(&theirs) {
            assert_eq!(ours, theirs, "{}", path.display());
        }
    }
}

/// What `gpg --show-keys` says of a key: fields 1, 4, 5 and 6 of its `pub` or `sub` line, field 10 of its `fpr` line.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    record: &'static str,
    algorithm: u8,
    key_id: String,
    created: u32,
    fingerprint: String,
}

impl Key {
    fn new(record: &'static str, key: PublicKey<'_>) -> Self {
        Self {
            record,
            algorithm: key.algorithm().0,
            key_id: key.key_id().map_or_else(String::new, |key_id| key_id.to_string().to_uppercase()),
            created: key.created().0,
            fingerprint: key.fingerprint().map_or_else(String::new, |print| print.to_string().to_uppercase()),
        }
    }
}

#[test]
#[ignore = "needs gpg and the Debian keyrings"]
fn keys_of_keyrings_are_those_of_gpg() {
    let home = Home::new();
    for path in keyrings() {
        let input = read(&path);
        let ours: Vec<_> = framing::packets(&input)
            .filter_map(|packet| match packet.and_then(|packet| packet.interpret()) {
                Ok(Packet::PublicKey(key)) => Some(Key::new("pub", key)),
                Ok(Packet::PublicSubkey(key)) => Some(Key::new("sub", key)),
                Ok(_) => None,
                Err(error) => panic!("{}: {error}", path.display()),
            })
            .collect();
        let theirs = shown_keys(&home.run(GPG_SHOW_KEYS, &path));
        assert_eq!(ours.len(), theirs.len(), "{}", path.display());
        for (ours, theirs) in ours.iter().zip(&theirs) {
            assert_eq!(ours, theirs, "{}", path.display());
        }
    }
}

const GPG_SHOW_KEYS: Program = Program { name: "gpg", package: "gpg", args: &["--with-colons", "--show-keys"], ..GPG };

/// The keys of `gpg --with-colons --show-keys`, in its order.
fn shown_keys(output: &str) -> Vec<Key> {
    let mut keys: Vec<Key> = Vec::new();
    for line in output.lines() {
        let fields: Vec<_> = line.split(':').collect();
        let field = |number: usize| fields.get(number - 1).copied().unwrap_or_default();
        let number = |text: &str| text.parse().unwrap_or_else(|_| panic!("not a number in {line}"));
        match field(1) {
            record @ ("pub" | "sub") => keys.push(Key {
                record: if record == "pub" { "pub" } else { "sub" },
                algorithm: u8::try_from(number(field(4))).expect("algorithm"),
                key_id: field(5).to_owned(),
                created: number(field(6)),
                fingerprint: String::new(),
            }),
            "fpr" => field(10).clone_into(&mut keys.last_mut().expect("a key in front of fpr").fingerprint),
            _ => {}
        }
    }
    keys
}

/// Calls `report` with what is wrong with the subpackets of `signature` and of those embedded in it.
fn subpacket_errors(signature: &Signature<'_>, report: &mut impl FnMut(Error)) {
    let areas = [signature.hashed_area(), signature.unhashed_area()];
    for subpacket in areas.into_iter().flatten().flat_map(Area::subpackets) {
        match subpacket.and_then(|subpacket| subpacket.value()) {
            Ok(SubpacketValue::EmbeddedSignature(embedded)) => match embedded.open() {
                Ok(Some(embedded)) => subpacket_errors(&embedded, report),
                Ok(None) => {}
                Err(error) => report(error),
            },
            Ok(_) => {}
            Err(error) => report(error),
        }
    }
}

fn keyrings() -> Vec<PathBuf> {
    let mut paths: Vec<_> = NAMED_KEYRINGS.iter().map(|name| Path::new(KEYRINGS).join(name)).collect();
    let mut archive: Vec<_> = fs::read_dir(KEYRINGS)
        .unwrap_or_else(|error| panic!("{KEYRINGS}: {error}"))
        .map(|entry| entry.expect(KEYRINGS).path())
        .filter(|path| file_name(path).starts_with("debian-archive-") && file_name(path).ends_with(".gpg"))
        .collect();
    assert!(!archive.is_empty(), "{KEYRINGS}/debian-archive-*.gpg is missing: install debian-archive-keyring");
    archive.sort();
    paths.append(&mut archive);
    for path in &paths {
        let package = if path.ends_with("archlinux.gpg") { "archlinux-keyring" } else { "debian-keyring" };
        assert!(path.exists(), "{} is missing: install {package}", path.display());
    }
    paths
}

// ---------------------------------------------------------------------------------------------------------------------
// testdata/

/// Where a program's listing of a file of testdata/ parts from ours, and how. Up to there the two are equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Parting {
    /// The program lists this many packets and no more, we do.
    Ends(usize),
    /// We list this many packets and no more, the program does.
    GoesOn(usize),
    /// Behind this many packets, both list different ones.
    Differs(usize),
}
use Parting::{Differs, Ends, GoesOn};

/// Files of testdata/ of which a program's listing is not ours, with the reason.
struct Disagreement {
    reason: &'static str,
    files: &'static [(&'static str, Parting)],
}

const GPG_DISAGREEMENTS: &[Disagreement] = &[];
const SQ_DISAGREEMENTS: &[Disagreement] = &[];
const RNP_DISAGREEMENTS: &[Disagreement] = &[];
const PGPDUMP_DISAGREEMENTS: &[Disagreement] = &[];

#[test]
#[ignore = "needs gpg"]
fn testdata_is_framed_as_by_gpg() {
    compare(GPG, gpg_line, gpg_listing, GPG_DISAGREEMENTS);
}

#[test]
#[ignore = "needs sq"]
fn testdata_is_framed_as_by_sq() {
    compare(SQ, sq_line, sq_listing, SQ_DISAGREEMENTS);
}

#[test]
#[ignore = "needs rnp"]
fn testdata_is_framed_as_by_rnp() {
    compare(RNP, rnp_line, rnp_listing, RNP_DISAGREEMENTS);
}

#[test]
#[ignore = "needs pgpdump"]
fn testdata_is_framed_as_by_pgpdump() {
    compare(PGPDUMP, pgpdump_line, pgpdump_listing, PGPDUMP_DISAGREEMENTS);
}

/// Requires for every file of testdata/ that `program` lists the packets that we frame, in the form of `line`, or that
/// `disagreements` says where it does not. A row that is not true any more is a failure, too.
fn compare(
    program: Program,
    line: fn(&Frame) -> String,
    listing: fn(&str) -> Vec<String>,
    disagreements: &[Disagreement],
) {
    let mut known = BTreeMap::new();
    for Disagreement { reason, files } in disagreements {
        for (file, parting) in *files {
            let twice = known.insert(*file, (*parting, *reason));
            assert!(twice.is_none(), "{file} is in the table twice");
        }
    }
    let home = Home::new();
    let mut report = String::new();
    for file in testdata() {
        let path = testdata_folder().join(&file);
        let frames = frames(&read(&path));
        let ours: Vec<_> = frames.iter().map(line).collect();
        let mut theirs = listing(&home.run(program, &path));
        // What they list behind a compressed packet that ends the input is inside of it.
        if frames.last().is_some_and(|frame| frame.packet_type == COMPRESSED_DATA) {
            theirs.truncate(ours.len());
        }
        let found = parting(&ours, &theirs);
        let expected = known.remove(file.as_str()).map(|(parting, _)| parting);
        if found != expected {
            let _ = writeln!(report, "(\"{file}\", {found:?}), expected {expected:?}");
            let agreed = ours.iter().zip(&theirs).take_while(|(ours, theirs)| ours == theirs).count();
            for (name, lines) in [("bpg", &ours), (program.name, &theirs)] {
                for line in lines.iter().skip(agreed).take(3) {
                    let _ = writeln!(report, "    {name}: {line}");
                }
            }
        }
    }
    for (file, row) in known {
        let _ = writeln!(report, "{file}: no such file, but in the table: {row:?}");
    }
    assert!(report.is_empty(), "{}:\n{report}", program.name);
}

const COMPRESSED_DATA: u8 = 8;

fn parting(ours: &[String], theirs: &[String]) -> Option<Parting> {
    let agreed = ours.iter().zip(theirs).take_while(|(ours, theirs)| ours == theirs).count();
    match (ours.len() == agreed, theirs.len() == agreed) {
        (true, true) => None,
        (false, true) => Some(Ends(agreed)),
        (true, false) => Some(GoesOn(agreed)),
        (false, false) => Some(Differs(agreed)),
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// What we frame

/// What a listing says of a packet, and a bit more.
struct Frame {
    /// Where the packet starts, in the octets that the armor holds if there is armor.
    offset: u64,
    header: Vec<u8>,
    packet_type: u8,
    length: Length,
    /// The lengths of the pieces of the body.
    chunks: Vec<u64>,
}

impl Frame {
    fn new(packet: &RawPacket<'_>, base: u64) -> Self {
        Self {
            offset: base + packet.wire().start(),
            header: packet.header().as_slice().to_vec(),
            packet_type: packet.packet_type().0,
            length: packet.length(),
            chunks: packet.body().chunks().map(|chunk| chunk.span().len()).collect(),
        }
    }

    fn format(&self) -> &'static str {
        if self.length.is_legacy() { "old" } else { "new" }
    }

    fn body_length(&self) -> u64 {
        self.chunks.iter().sum()
    }
}

/// The packets up to the first error, in all armor blocks if the input is armored.
fn frames(input: &[u8]) -> Vec<Frame> {
    let mut frames = Vec::new();
    if armor::is_armored(input) {
        let mut base = 0;
        for block in armor::blocks(input) {
            let (decoded, _) = block.decode_prefix();
            let packets = framing::packets(&decoded.octets).map_while(Result::ok);
            frames.extend(packets.map(|packet| Frame::new(&packet, base)));
            base += u64::try_from(decoded.octets.len()).expect("64 bits");
        }
    } else {
        frames.extend(framing::packets(input).map_while(Result::ok).map(|packet| Frame::new(&packet, 0)));
    }
    frames
}

/// The files of testdata/ by their paths in it, without the scripts and the README.
fn testdata() -> BTreeSet<String> {
    let root = testdata_folder();
    let mut files = BTreeSet::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if folder != root {
                let file = path.strip_prefix(&root).expect("a file in testdata/");
                files.insert(file.to_str().expect("UTF-8").to_owned());
            }
        }
    }
    assert!(files.len() > 400, "testdata/ is not complete: {} files", files.len());
    files
}

fn testdata_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata")
}

fn file_name(path: &Path) -> String {
    path.file_name().and_then(|name| name.to_str()).expect("a UTF-8 name").to_owned()
}

fn read(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

// ---------------------------------------------------------------------------------------------------------------------
// What the programs list

/// A program and how to make it list the packets of the file that follows its arguments.
#[derive(Clone, Copy)]
struct Program {
    name: &'static str,
    /// The Debian package.
    package: &'static str,
    args: &'static [&'static str],
    /// What to put in front of `args`.
    common: &'static [&'static str],
}

/// gpg that reads no configuration and starts no agent, so that it cannot ask for a passphrase and decrypts nothing.
const GPG: Program = Program {
    name: "gpg",
    package: "gpg",
    common: &["--batch", "--no-tty", "--no-options", "--no-autostart"],
    args: &["--list-only", "--list-packets"],
};
const SQ: Program = Program { name: "sq", package: "sq", common: &[], args: &["packet", "dump"] };
/// Not as JSON: then rnp says nothing at all about a file in which it finds an error.
const RNP: Program = Program { name: "rnp", package: "rnp", common: &[], args: &["--list-packets"] };
const PGPDUMP: Program = Program { name: "pgpdump", package: "pgpdump", common: &[], args: &[] };

/// An empty home for the programs, removed at the end.
struct Home(tempfile::TempDir);

impl Home {
    fn new() -> Self {
        // In /tmp, because gpg puts sockets there, whose paths must be short.
        Self(tempfile::Builder::new().prefix("bpg.").tempdir_in("/tmp").expect("a folder in /tmp"))
    }

    /// Standard output of `program` for the file at `path`, whatever its exit status: most of testdata/ makes no sense.
    fn run(&self, program: Program, path: &Path) -> String {
        let output = Command::new(program.name)
            .args(program.common)
            .args(program.args)
            .arg(path)
            .env("HOME", self.0.path())
            .env("GNUPGHOME", self.0.path())
            .env("LC_ALL", "C.UTF-8")
            .stdin(Stdio::null())
            .output();
        match output {
            Ok(output) => String::from_utf8_lossy(&output.stdout).into_owned(),
            Err(error) => {
                panic!("cannot run {}: {error}: install the Debian package {}", program.name, program.package)
            }
        }
    }
}

/// `off=0 ctb=99 tag=6 hlen=3 plen=814`
fn gpg_line(frame: &Frame) -> String {
    let (length, remark) = match frame.length {
        Length::Partial { .. } => (0, " partial"),
        Length::Indeterminate => (0, " indeterminate"),
        _ => (frame.body_length(), ""),
    };
    let tag = frame.header.first().copied().unwrap_or_default();
    let format = if frame.length.is_legacy() { "" } else { " new-ctb" };
    let Frame { offset, packet_type, header, .. } = frame;
    format!("off={offset} ctb={tag:02x} tag={packet_type} hlen={} plen={length}{remark}{format}", header.len())
}

fn gpg_listing(output: &str) -> Vec<String> {
    output.lines().filter_map(|line| line.strip_prefix("# ")).map(str::to_owned).collect()
}

/// `type 6, old CTB, 141 bytes`
fn sq_line(frame: &Frame) -> String {
    let length = match frame.length {
        Length::Partial { first } => format!("partial length, {first} bytes in first chunk"),
        Length::Indeterminate => "indeterminate length".to_owned(),
        _ => format!("{} bytes", frame.body_length()),
    };
    format!("type {}, {} CTB, {length}", frame.packet_type, frame.format())
}

/// The packets at the left margin; those inside others are drawn as a tree.
fn sq_listing(output: &str) -> Vec<String> {
    let mut lines = output.lines();
    let mut packets = Vec::new();
    while let Some(line) = lines.next() {
        let Some((name, rest)) = line.split_once(", ") else { continue };
        if !(rest.starts_with("old CTB, ") || rest.starts_with("new CTB, ")) || line.starts_with(['│', '├', '└', ' '])
        {
            continue;
        }
        let name = match name {
            "Unknown or Unsupported Packet" => lines.next().and_then(|line| line.trim().strip_prefix("Tag: ")),
            name => Some(name),
        };
        let packet_type = name.map_or_else(String::new, sq_type);
        packets.push(format!("type {packet_type}, {rest}"));
    }
    packets
}

/// The number of a packet type that sq names.
fn sq_type(name: &str) -> String {
    if let Some((_, number)) = name.rsplit_once(" Packet ") {
        return number.to_owned();
    }
    let number = match name.strip_suffix(" Packet").unwrap_or(name) {
        "Public-Key Encrypted Session Key" => 1,
        "Signature" => 2,
        "Symmetric-Key Encrypted Session Key" => 3,
        "One-Pass Signature" => 4,
        "Secret-Key" => 5,
        "Public-Key" => 6,
        "Secret-Subkey" => 7,
        "Compressed Data" => 8,
        "Symmetrically Encrypted Data" => 9,
        "Marker" => 10,
        "Literal Data" => 11,
        "Trust" => 12,
        "User ID" => 13,
        "Public-Subkey" => 14,
        "User Attribute" => 17,
        "Sym. Encrypted and Integrity Protected Data" => 18,
        "Modification Detection Code" => 19,
        "AEAD Encrypted Data" => 20,
        name => return format!("called {name}"),
    };
    number.to_string()
}

/// `off 0: packet header 0x99032e (tag 6, len 814)`
fn rnp_line(frame: &Frame) -> String {
    let length = match frame.length {
        Length::Partial { .. } => "partial len".to_owned(),
        Length::Indeterminate => "indeterminate len".to_owned(),
        _ => format!("len {}", frame.body_length()),
    };
    let header = Hex(&frame.header);
    format!("off {}: packet header 0x{header} (tag {}, {length})", frame.offset, frame.packet_type)
}

/// The packets at the left margin; those inside others are indented.
fn rnp_listing(output: &str) -> Vec<String> {
    output.lines().filter_map(|line| line.strip_prefix(':')).map(str::to_owned).collect()
}

struct Hex<'a>(&'a [u8]);

impl fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|octet| write!(f, "{octet:02x}"))
    }
}

/// `Old: (tag 6)(814 bytes)`, with the lengths of all chunks if there are several.
fn pgpdump_line(frame: &Frame) -> String {
    let format = if frame.length.is_legacy() { "Old" } else { "New" };
    let length = match frame.length {
        _ if frame.packet_type == COMPRESSED_DATA => String::new(),
        Length::Indeterminate => "(until eof)".to_owned(),
        _ => frame.chunks.iter().fold(String::new(), |text, chunk| format!("{text}({chunk} bytes)")),
    };
    format!("{format}: (tag {}){length}", frame.packet_type)
}

fn pgpdump_listing(output: &str) -> Vec<String> {
    let mut packets: Vec<String> = Vec::new();
    for line in output.lines().filter(|line| line.starts_with("Old: ") || line.starts_with("New: ")) {
        let line = line.trim_end_matches(" partial start");
        let chunk = line.trim_end_matches(" partial continue").trim_end_matches(" partial end");
        match (chunk.strip_prefix("New: \t"), packets.last_mut(), line.split_once('(')) {
            (Some(chunk), Some(packet), _) => packet.push_str(chunk),
            (_, _, Some((name, rest))) => {
                let format = name.get(..5).unwrap_or_default();
                packets.push(format!("{format}({rest}"));
            }
            _ => packets.push(line.to_owned()),
        }
    }
    packets
}
