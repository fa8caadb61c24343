//! Files that end too early, at any octet.

use bpg_core::framing::{self, Length, RawPacket};
use bpg_core::registry::PacketType;

// Without a process of its own for each of so many.
use crate::common::{self, Printed, parse, testdata_file};
use crate::run::KEYRING;

const DATA: [PacketType; 4] = [
    PacketType::SYMMETRICALLY_ENCRYPTED_DATA,
    PacketType::LITERAL_DATA,
    PacketType::SYMMETRICALLY_ENCRYPTED_AND_INTEGRITY_PROTECTED_DATA,
    PacketType::OCB_ENCRYPTED_DATA,
];

/// A file, what is printed of it, and where its packets start.
struct Whole<'f> {
    file: &'f [u8],
    output: String,
    /// The start of each packet, and the end of the last one.
    boundaries: Vec<usize>,
    /// Where the body of each packet starts.
    bodies: Vec<usize>,
    /// Where the heading of each packet starts in the output, and the end of the output behind an empty line.
    headings: Vec<usize>,
}

impl<'f> Whole<'f> {
    fn of(file: &'f [u8]) -> Self {
        let (mut boundaries, mut bodies) = (vec![0], Vec::new());
        for raw in framing::packets(file).map(Result::unwrap) {
            boundaries.push(usize::try_from(raw.wire().end()).unwrap());
            bodies.push(usize::try_from(raw.header().end()).unwrap());
        }
        let output = parse(&["--verbose"], file).output + "\n";
        let mut headings = Vec::new();
        let mut start = 0;
        for line in output.split_inclusive('\n') {
            headings.extend(line.starts_with("## ").then_some(start));
            start += line.len();
        }
        headings.push(start);
        assert_eq!(headings.len(), boundaries.len());
        Self { file, output, boundaries, bodies, headings }
    }

    /// What is printed of the packet of this index.
    fn of_packet(&self, index: usize) -> &str {
        &self.output[self.headings[index]..self.headings[index + 1]]
    }

    /// Everything in front of the cut is shown, and what is missing is said.
    fn assert_cut(&self, cut: usize) {
        let run = parse(&["--verbose"], &self.file[..cut]);
        match self.boundaries.binary_search(&cut) {
            Ok(0) => {
                assert_eq!((run.status, &*run.output), (2, ""));
                assert_eq!(run.errors, "bpg: input: no OpenPGP data: the file is empty\n");
            }
            Ok(index) => {
                assert_eq!((run.status, &*run.errors), (0, ""), "cut at {cut}");
                assert_eq!(run.output + "\n", self.output[..self.headings[index]], "cut at {cut}");
            }
            Err(index) => self.assert_cut_packet(index - 1, cut, &run),
        }
    }

    fn assert_cut_packet(&self, index: usize, cut: usize, run: &Printed) {
        assert_eq!(run.status, 1, "cut at {cut}");
        let rest = run.output.strip_prefix(&self.output[..self.headings[index]]);
        let rest = rest.unwrap_or_else(|| panic!("cut at {cut}:\n{}", run.output));
        assert_eq!(rest.lines().filter(|line| line.starts_with("## ")).count(), 1, "cut at {cut}:\n{rest}");
        if cut < self.bodies[index] {
            let length = cut - self.boundaries[index];
            assert!(rest.starts_with(&format!("## -- : not a whole packet ({length} byte")), "cut at {cut}:\n{rest}");
        } else {
            assert_fields(self.of_packet(index), rest, cut);
        }
        if let Some(error) = framing::packets(&self.file[..cut]).find_map(Result::err) {
            assert!(rest.contains(&format!("error: {error}\n")), "cut at {cut}: {error}\n{rest}");
            assert!(run.errors.contains(&format!("bpg: input: {error}\n")), "cut at {cut}:\n{}", run.errors);
        } else {
            // A packet without a length is cut, so that what is in it tells.
            assert!(run.errors.contains("ends early") || run.errors.contains("need 1 octet"), "{}", run.errors);
        }
        assert!(run.errors.lines().all(|line| line.starts_with("bpg: input: at octet ")), "{}", run.errors);
    }
}

/// Each line of a packet about octets in front of the cut is there, in their order. It gives how many were looked for.
fn assert_fields(whole: &str, cut_short: &str, cut: usize) -> usize {
    // In a packet that is compressed, positions have another start.
    let whole = || whole.lines().skip(1).take_while(|line| !line.trim_start().starts_with("## "));
    let mut lines = cut_short.lines();
    let mut count = 0;
    for line in whole() {
        let Some((_, end)) = span(line) else { continue };
        if end <= cut {
            // As long as GnuPG's marker is not there, its S2K type is one that nobody knows.
            if line.contains("S2K hash algorithm") && cut_short.contains("S2K parameters: ") {
                continue;
            }
            let is_there = lines.any(|other| other == line || is_value_withheld(line, other));
            assert!(is_there, "cut at {cut}: `{line}` is missing or misplaced:\n{cut_short}");
            count += 1;
        }
    }
    count
}

/// Of secret keys that are cut, the value of the last field may be withheld, as where the secret starts is not known.
fn is_value_withheld(line: &str, other: &str) -> bool {
    let name = |line: &str| line.split_once(": ").map(|(name, _)| name.to_owned());
    span(line) == span(other) && name(line) == name(other) && other.contains(": [")
}

/// The place at the end of a line.
fn span(line: &str) -> Option<(usize, usize)> {
    let (start, end) = line.rsplit_once("  [")?.1.strip_suffix(']')?.split_once("..")?;
    Some((start.parse().ok()?, end.parse().ok()?))
}

fn assert_each_cut(name: &str) {
    let file = testdata_file(name);
    let whole = Whole::of(&file);
    (0..=file.len()).for_each(|cut| whole.assert_cut(cut));
}

/// Those that are well-formed, and of packets that have lengths and are not compressed. Partial lengths are for data packets
/// only (RFC 9580 section 4.2.1.4); another packet of that form is not told of where it is cut short.
#[test]
fn every_small_file() {
    common::check_testdata(999, 260, |_, file| {
        let is_delimited = |raw: RawPacket<'_>| {
            let has_lengths = match raw.length() {
                Length::Indeterminate => false,
                Length::Partial { .. } => DATA.contains(&raw.packet_type()),
                _ => true,
            };
            has_lengths && raw.packet_type() != PacketType::COMPRESSED_DATA
        };
        let is_framed = framing::packets(file).all(|raw| raw.is_ok_and(is_delimited));
        if !is_framed || parse(&[], file).status != 0 {
            return 0;
        }
        let whole = Whole::of(file);
        (0..=file.len()).for_each(|cut| whole.assert_cut(cut));
        1
    });
}

#[test]
fn certificates() {
    assert_each_cut("certificates/certification-notation-policy.pub.gpg");
}

#[test]
fn partial_lengths() {
    assert_each_cut("malformed/partial-first-short.gpg");
}

#[test]
fn compressed_data() {
    for name in ["compressed-none", "compressed-zip", "compressed-zlib", "compressed-bzip2"] {
        let file = testdata_file(&format!("messages/{name}.gpg"));
        let whole = Whole::of(&file);
        // Uncompressed data in a packet without a length ends where its contents do; the algorithm is its second octet.
        (0..=file.len()).filter(|cut| name != "compressed-none" || *cut != 2).for_each(|cut| whole.assert_cut(cut));
    }
}

#[test]
fn armor() {
    let text = testdata_file("armor/plain.asc");
    let whole = parse(&["--verbose"], &text[..]).output;
    let lines: Vec<&[u8]> = text.split_inclusive(|octet| *octet == b'\n').collect();
    let blank = lines.iter().position(|line| *line == b"\n").unwrap();
    let start: usize = lines[..=blank].iter().map(|line| line.len()).sum();
    let begin = lines[0].len() - 1;
    let end = text.trim_ascii_end().len();
    let mut count = 0;
    for cut in 0..=text.len() {
        let run = parse(&["--verbose"], &text[..cut]);
        if cut < begin {
            assert_eq!((run.status, &*run.output), (2, ""), "cut at {cut}");
            continue;
        }
        assert_eq!(run.status, u8::from(cut < end), "cut at {cut}:\n{}", run.errors);
        let says_so = [
            "armor ends without its END line",
            "base64 ends with a single character",
            "characters behind the end of the base64",
        ];
        assert_eq!(says_so.iter().any(|end| run.errors.contains(end)), cut < end, "cut at {cut}:\n{}", run.errors);
        // The data ends where the checksum does or the tail, whichever is first.
        let data = text.get(start..cut).unwrap_or_default();
        let data = data.split(|octet| b"=-".contains(octet)).next().unwrap();
        let characters = data.iter().filter(|octet| !octet.is_ascii_whitespace()).count();
        // Behind each heading, so that the lines of one packet are not taken for those of another.
        let packets = whole.split("\n## ").zip(run.output.split("\n## "));
        let is_told = |other: &str| !other.contains("end of armor") && !other.contains("not a whole packet");
        let packets = packets.filter(|(_, other)| is_told(other));
        count += packets.map(|(packet, other)| assert_fields(packet, other, characters / 4 * 3)).sum::<usize>();
    }
    assert!(count >= 33_000, "only {count} fields were looked for");
}

/// From the first octet of the keyring, the output would be gigabytes, so that most start at a packet in front of the cut.
#[test]
#[ignore = "needs debian-keyring"]
fn a_large_keyring_at_random_octets() {
    let keyring = std::fs::read(KEYRING).expect("Debian has it in the package debian-keyring");
    let mut boundaries = vec![0];
    boundaries.extend(framing::packets(&keyring).map(|raw| usize::try_from(raw.unwrap().wire().end()).unwrap()));
    // Knuth's generator of 64 bits, from a fixed seed.
    let mut state = 1_u64;
    for _ in 0..1000 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let cut = usize::try_from(state >> 33).unwrap() % keyring.len();
        let last = boundaries.partition_point(|boundary| *boundary <= cut);
        let first = boundaries[last.saturating_sub(16)];
        let part = &keyring[first..boundaries[last]];
        Whole::of(part).assert_cut(cut - first);
    }
    let cut = keyring.len() - 5;
    let run = parse(&[], &keyring[..cut]);
    let error = framing::packets(&keyring[..cut]).find_map(Result::err).unwrap();
    assert_eq!((run.status, run.errors), (1, format!("bpg: input: {error}\n")));
}
