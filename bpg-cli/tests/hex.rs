//! `bpg debug parse --hex` and `-vv`, over all files: every octet is there once, and is told of as the text form tells.

use bpg_core::container::{self, Part};
use bpg_core::octets::Octets;

#[path = "laws/command.rs"]
#[allow(dead_code, reason = "the laws are those of another test")]
mod command;
mod common;

use command::Pieces;

/// A line of the output.
#[derive(Debug, PartialEq, Eq)]
enum Line<'l> {
    Heading(&'l str),
    /// The position, the place in the text of armor, the octets as far as they are shown, and what stands behind them.
    Octets(u64, Option<(u64, u64)>, Vec<Option<u8>>, &'l str),
    Label(&'l str),
}

fn line(line: &str) -> Option<Line<'_>> {
    if line.is_empty() {
        return None;
    }
    if line.starts_with("## ") {
        return Some(Line::Heading(line));
    }
    if line.starts_with(' ') {
        return Some(Line::Label(line.trim_start()));
    }
    let (offset, rest) = line.split_once("  ").expect("an offset");
    assert!(
        offset.len() >= 8 && !offset.contains(|c: char| !c.is_ascii_digit() && !('a'..='f').contains(&c)),
        "{line}"
    );
    let mut rest = rest;
    let mut place = None;
    let token = rest.split(' ').next().expect("a token");
    if let Some((line, column)) = token.split_once(':') {
        place = Some((line.parse().expect("a line"), column.parse().expect("a column")));
        rest = &rest[(token.len() + 1).max(10)..];
    }
    let (octets, label) = rest.split_at_checked(49).unwrap_or((rest, ""));
    let octets: Vec<_> = octets.split_whitespace().map(octet).collect();
    assert!((1..=16).contains(&octets.len()), "{line}");
    assert!(!label.is_empty() || !line.ends_with(' '), "{line}");
    Some(Line::Octets(u64::from_str_radix(offset, 16).expect("hexadecimal"), place, octets, label.trim_start()))
}

fn print(input: &[u8], options: &[&str]) -> (String, u8) {
    let printed = common::parse(&[&["--limit", "output=none"], options].concat(), input);
    (printed.output, printed.status)
}

/// What is shown of octets, each with its position.
fn octets(output: &str) -> Vec<(u64, Option<u8>)> {
    let mut all = Vec::new();
    for line in output.lines().filter_map(line) {
        if let Line::Octets(position, _, octets, _) = line {
            all.extend((position..).zip(octets));
        }
    }
    all
}

/// The octets of packets and containers in a file, with their positions.
fn due(parts: container::Parts<'_>, due: &mut Vec<(u64, Option<u8>)>) {
    for part in parts {
        let decoded;
        let octets = match part {
            Part::Packets(octets) | Part::Keybox(octets) => octets,
            Part::AgentKey(key) => key.wire(),
            Part::Armor(block) => {
                decoded = block.decode_prefix().0.octets;
                Octets::from(&decoded[..])
            }
            Part::Encoded(encoded) => {
                self::due(encoded.decode().parts(), due);
                continue;
            }
            _ => continue,
        };
        due.extend((octets.start()..).zip(octets.as_slice().iter().copied().map(Some)));
    }
}

/// Every octet is there once. It gives how many there are.
fn law(name: &str, input: &[u8], options: &[&str]) -> usize {
    let (output, status) = print(input, &[&["--hex", "--show-secrets"], options].concat());
    if status == 2 {
        return 0;
    }
    let mut shown = octets(&output);
    if output.contains("## keybox : ") {
        // The packets of a key block are told behind their blob.
        shown.sort_unstable();
    }
    let mut due = Vec::new();
    self::due(container::parts(input), &mut due);
    if container::parts(input).all(|part| matches!(part, Part::Skipped(_))) {
        // Only --recover found a packet in it, so that all of it is told.
        due.extend((0..).zip(input.iter().copied().map(Some)));
    }
    let difference = shown.iter().zip(&due).position(|(shown, due)| shown != due);
    if let Some(index) = difference {
        panic!("{name}: {:?} is due, but {:?} is shown\n{output}", due[index], shown[index]);
    }
    assert_eq!(shown.len(), due.len(), "{name}\n{output}");
    shown.len()
}

#[test]
fn every_octet_is_there_once() {
    common::check_all(common::ANY_SIZE, [550, 1050], |path, input| {
        let name = path.display().to_string();
        let [whole, recovered] = [&[][..], &["--recover"]].map(|options| law(&name, input, options));
        usize::from(whole > 0 && recovered > 0)
    });
}

/// The same of files that are damaged, one bit at a time.
#[test]
fn every_octet_of_damaged_files_is_there_once() {
    /// How many bits of a file are flipped: each costs three runs.
    const MOST: usize = 15;
    let files = common::files_of_kind(&common::testdata(), "gpg");
    common::check_files(&files, 15_000, |path, input| {
        let mut input = input.to_vec();
        let mut count = 0;
        // An odd number, so that different bits of octets are flipped.
        for bit in (0..8 * input.len()).step_by((8 * input.len() / MOST) | 1) {
            input[bit / 8] ^= 1 << (bit % 8);
            for options in [&[][..], &["--recover"], &["--limit", "packet=64"]] {
                let name = format!("{} with bit {bit} flipped and {options:?}", path.display());
                count += usize::from(law(&name, &input, options) > 0);
            }
            input[bit / 8] ^= 1 << (bit % 8);
        }
        count
    });
}

/// Something that is told: its name and value, or its error, and where its octets are.
#[derive(Debug, PartialEq, Eq)]
struct Told<'l> {
    label: &'l str,
    span: Option<(u64, u64)>,
    /// The octets as far as they are shown.
    octets: Vec<Option<u8>>,
}

impl<'l> Told<'l> {
    const fn new(label: &'l str, span: Option<(u64, u64)>) -> Self {
        Self { label, span, octets: Vec::new() }
    }

    /// Whether the octets of what the text form tells like this are told elsewhere, or are text and no packet.
    fn has_no_octets(&self) -> bool {
        let elsewhere = ["## ", "key block: ", "armor header: ", "header line: ", "text: "];
        let is_empty = self.span.is_none_or(|(start, end)| start == end);
        is_empty || self.label.ends_with(':') || elsewhere.iter().any(|start| self.label.starts_with(start))
    }
}

/// What the text form tells, and the octets behind it that `-vv` prints.
fn told_in_text(output: &str) -> Vec<Told<'_>> {
    let mut all: Vec<Told<'_>> = Vec::new();
    for line in output.lines().map(str::trim_start).filter(|line| !line.is_empty()) {
        if let Some(octets) = octets_of_text(line)
            && let Some(last) = all.last_mut()
        {
            last.octets.extend(octets);
            continue;
        }
        let place = line.rsplit_once("  [").and_then(|(label, span)| {
            let (start, end) = span.strip_suffix(']')?.split_once("..")?;
            Some((label, start.parse().ok()?, end.parse().ok()))
        });
        all.push(match place {
            Some((label, start, end)) => Told::new(label, end.map(|end| (start, end))),
            None => Told::new(line, None),
        });
    }
    all
}

/// The octets on a line of nothing else.
fn octets_of_text(line: &str) -> Option<Vec<Option<u8>>> {
    if line.starts_with("and ") && line.contains(" more octet") {
        return Some(Vec::new());
    }
    let is_octets = line.len() <= 64 && line.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f' | b'.'));
    is_octets
        .then(|| line.as_bytes().chunks(2).map(|digits| octet(std::str::from_utf8(digits).expect("ASCII"))).collect())
}

fn octet(digits: &str) -> Option<u8> {
    if digits == ".." { None } else { Some(u8::from_str_radix(digits, 16).expect("two digits")) }
}

/// What the hexadecimal form tells, without the headers of chunks.
fn told_in_hex(output: &str) -> Vec<Told<'_>> {
    let mut all: Vec<Told<'_>> = Vec::new();
    // A name without a value, which stands behind the octets if there is one.
    let mut name: Option<Told<'_>> = None;
    let mut is_in_name = false;
    for line in output.lines().filter_map(line) {
        match line {
            Line::Heading(label) => all.push(Told::new(label, None)),
            Line::Label(label) => {
                let is_value =
                    |name: &Told<'_>| label.strip_prefix(name.label).is_some_and(|rest| rest.starts_with(": "));
                let told = name.take().filter(is_value);
                all.push(Told { label, ..told.unwrap_or(Told::new(label, None)) });
            }
            Line::Octets(position, _, octets, label) => {
                let end = position + octets.len() as u64;
                if label.is_empty() {
                    let last = if is_in_name { name.as_mut() } else { all.last_mut() }.expect("a label in front of it");
                    last.span.as_mut().expect("octets in front of it").1 = end;
                    last.octets.extend(octets);
                    continue;
                }
                let told = Told { label, span: Some((position, end)), octets };
                is_in_name = !label.contains(':');
                if is_in_name { name = Some(told) } else { all.push(told) }
            }
        }
    }
    all
}

#[test]
fn text_and_hexadecimal_tell_the_same() {
    common::check_all(common::ANY_SIZE, [550, 1050], |path, input| {
        let (hex, status) = print(input, &["--hex"]);
        let (text, status_of_text) = print(input, &["-vv", "--no-recurse"]);
        assert_eq!(status, status_of_text);
        let brief = print(input, &["-v", "--no-recurse"]).0;
        assert_eq!(without_octets(&text), without_octets(&brief), "{}", path.display());
        let (hex, text) = (told_in_hex(&hex), told_in_text(&text));
        let mut is_remainder = false;
        for (hex, text) in hex.iter().zip(&text) {
            // Octets that are no packet are told in a form of their own: how many there are is not known in front of them.
            let is_same = match hex.label.split_once(": ") {
                _ if hex.label.starts_with("## -- ") => text.label.starts_with(hex.label),
                Some((name @ "not interpreted", _)) if is_remainder => text.label.starts_with(name),
                _ => is_same(hex, text),
            };
            assert!(is_same, "{}: {hex:?} {text:?}", path.display());
            is_remainder = hex.label.starts_with("## -- ");
        }
        assert_eq!(hex.len(), text.len(), "{}", path.display());
        usize::from(!hex.is_empty())
    });
}

/// Whether both forms tell the same of a field. Of a payload, `-vv` has the first octets only.
fn is_same(hex: &Told<'_>, text: &Told<'_>) -> bool {
    let has_same_octets =
        text.octets == hex.octets || text.octets.len() == 1024 && hex.octets.starts_with(&text.octets);
    hex.label == text.label
        && match hex.span {
            Some(_) => hex.span == text.span && has_same_octets,
            None => text.has_no_octets(),
        }
}

/// What `-v` prints of what `-vv` prints.
fn without_octets(output: &str) -> Vec<&str> {
    output.lines().filter(|line| octets_of_text(line.trim_start()).is_none_or(|_| line.is_empty())).collect()
}

#[test]
fn secrets_are_hidden_and_nothing_else_is() {
    common::check_all(common::ANY_SIZE, [34_000, 150_000], |path, input| {
        let (hidden, _) = print(input, &["--hex"]);
        let (shown, _) = print(input, &["--hex", "--show-secrets"]);
        let (hidden_octets, shown_octets) = (octets(&hidden), octets(&shown));
        assert_eq!(hidden_octets.len(), shown_octets.len(), "{}", path.display());
        for ((at, hidden), shown) in hidden_octets.iter().zip(&shown_octets) {
            assert_eq!(*shown, (*at, hidden.or(shown.1)), "{}", path.display());
            assert!(shown.1.is_some(), "{}", path.display());
        }
        // What is hidden is what the text form hides.
        let with = print(input, &["--no-recurse", "--show-secrets"]).0;
        let without = print(input, &["--no-recurse", "--verbose"]).0;
        let (with, without) = (told_in_text(&with), told_in_text(&without));
        let secret = with.iter().zip(&without).filter(|(with, without)| with != without);
        let due: u64 = secret.map(|(with, _)| with.span.map_or(0, |(start, end)| end - start)).sum();
        let hidden = hidden_octets.iter().filter(|(_, octet)| octet.is_none()).count();
        assert_eq!(hidden as u64, due, "{}", path.display());
        hidden
    });
}

/// Whether the octets come in one piece or in many, they are the same.
#[test]
fn pieces_make_no_difference() {
    for name in ["messages/partial-literal.gpg", "malformed/garbage-text-after-key.gpg", "armor/narrow.asc"] {
        let octets = common::testdata_file(name);
        // With the limit, most packets are too large, and passed over.
        for options in [&["--hex"][..], &["-vv"], &["--hex", "--limit", "packet=10"]] {
            let whole = print(&octets, options).0;
            for piece in [1, 7, 100] {
                let output = common::parse(options, Pieces { rest: &octets, piece }).output;
                assert_eq!(output, whole, "{name} with {options:?} in pieces of {piece}");
            }
        }
    }
}

/// What cannot be interpreted because it is too large may be a secret.
#[test]
fn a_secret_key_that_is_too_large_is_hidden() {
    let octets = common::testdata_file("secret/unprotected.sec.gpg");
    let (hidden, status) = print(&octets, &["--hex", "--limit", "packet=80"]);
    assert_eq!(status, 1);
    // The first packet has two octets in front of 88.
    let hidden: Vec<_> = self::octets(&hidden).into_iter().take(91).collect();
    assert!(hidden[..90].iter().all(|(_, octet)| octet.is_none()) && hidden[90] == (90, Some(0xb4)), "{hidden:?}");
}
