//! `bpg debug explain`: what numbers mean, as the registries of the library have them.

mod fields;
mod flags;

use std::fmt::Write;

use bpg_core::registry::{ArmorWord, Curve, DottedOid, Entry, Registry, Status as Assignment};

use super::print;
use crate::args::Explain;
use crate::error::{Failure, Status};
use crate::suggest;

/// What can be explained.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    Numbers(&'static Registry),
    Curves,
    ArmorLabels,
    ArmorHeaders,
}

impl Kind {
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        Registry::ALL.iter().map(Self::Numbers).chain([Self::Curves, Self::ArmorLabels, Self::ArmorHeaders])
    }

    pub(crate) fn find(word: &str) -> Option<Self> {
        Self::all().find(|kind| kind.word() == word)
    }

    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Numbers(registry) => registry.word,
            Self::Curves => "curve",
            Self::ArmorLabels => "armor-label",
            Self::ArmorHeaders => "armor-header",
        }
    }

    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::Numbers(registry) => registry.title,
            Self::Curves => "elliptic curve",
            Self::ArmorLabels => "label of a header line of armor",
            Self::ArmorHeaders => "key of an armor header",
        }
    }

    fn items(self) -> Vec<Item> {
        match self {
            Self::Numbers(registry) => registry.entries().map(|entry| Item::Number(registry, entry)).collect(),
            Self::Curves => Curve::ALL.iter().map(Item::Curve).collect(),
            Self::ArmorLabels => ArmorWord::HEADER_LINES.iter().map(Item::Word).collect(),
            Self::ArmorHeaders => ArmorWord::HEADER_KEYS.iter().map(Item::Word).collect(),
        }
    }
}

/// A row of a registry.
#[derive(Clone, Copy)]
enum Item {
    Number(&'static Registry, Entry<u32>),
    Curve(&'static Curve),
    Word(&'static ArmorWord),
}

impl Item {
    const fn name(&self) -> &'static str {
        match self {
            Self::Number(_, entry) => entry.name,
            Self::Curve(curve) => curve.name,
            Self::Word(word) => word.word,
        }
    }

    /// The columns of a list; the last one is the widest.
    fn columns(&self) -> Vec<String> {
        match self {
            Self::Number(registry, entry) => vec![
                range(entry, |number| number.to_string()),
                range(entry, |number| hexadecimal(registry, number)),
                entry.status.to_string(),
                entry.reference.to_string(),
                entry.name.into(),
            ],
            Self::Curve(curve) => {
                vec![DottedOid(curve.oid).to_string(), curve.reference.to_string(), curve.name.into()]
            }
            Self::Word(word) => vec![word.word.into(), word.reference.to_string(), word.purpose.into()],
        }
    }

    /// The name, and another one if there is one.
    fn names(&self) -> impl Iterator<Item = &'static str> {
        let other_name = match self {
            Self::Number(registry, entry) => fields::other_name(registry, entry.first),
            Self::Curve(_) | Self::Word(_) => None,
        };
        [Some(self.name()), other_name].into_iter().flatten()
    }
}

/// `bpg debug explain`
pub(super) fn explain(args: &Explain) -> Result<Status, Failure> {
    let mut out = String::new();
    let Some(kind) = args.kind else {
        table(&mut out, Kind::all().map(|kind| vec![kind.word().into(), kind.title().into()]).collect());
        return print(out.as_bytes(), Status::Good);
    };
    let items = kind.items();
    if args.number.is_empty() {
        list(&mut out, &items);
    }
    let mut status = Status::Good;
    for wanted in &args.number {
        match find_all(kind, &items, wanted) {
            Ok(all) => all.iter().for_each(|found| {
                if !out.is_empty() {
                    out.push('\n');
                }
                tell(&mut out, kind, found);
            }),
            Err(failure) => status = status.max(failure.report()),
        }
    }
    print(out.as_bytes(), status)
}

fn tell(out: &mut String, kind: Kind, found: &Found) {
    match found {
        Found::Item(item, number) => describe(out, kind, item, *number),
        Found::Several(items) => list(out, items),
        Found::Unassigned(number) => unassigned(out, kind, *number),
        Found::NoFlag(octets) => no_flag(out, kind, octets),
        Found::UnknownCurve(identifier) => unknown_curve(out, identifier),
    }
}

/// What was found for a word of the user's.
enum Found {
    /// A row, with the number of it that was asked for.
    Item(Item, Option<u32>),
    Several(Vec<Item>),
    /// No row has this number.
    Unassigned(u32),
    /// In these octets, no flag is set.
    NoFlag(Vec<u8>),
    /// No row has this object identifier.
    UnknownCurve(String),
}

/// What there is to say of a word: one thing, or one for each flag of octets in hexadecimal.
fn find_all(kind: Kind, items: &[Item], wanted: &str) -> Result<Vec<Found>, Failure> {
    match kind {
        Kind::Numbers(registry) if registry.is_flags && flags::are_octets(wanted) => flagged(registry, wanted),
        _ => find(kind, items, wanted).map(|found| vec![found]),
    }
}

fn flagged(registry: &'static Registry, wanted: &str) -> Result<Vec<Found>, Failure> {
    let Some(octets) = flags::octets(wanted) else {
        let reason = "octets of flags have two hexadecimal digits each, as in 0x0c or 0x0004";
        return Err(Failure::about(wanted.as_bytes(), reason));
    };
    let found: Result<Vec<_>, _> = flags::set(&octets).map(|flag| numbered(registry, flag, wanted)).collect();
    found.map(|found| if found.is_empty() { vec![Found::NoFlag(octets)] } else { found })
}

fn find(kind: Kind, items: &[Item], wanted: &str) -> Result<Found, Failure> {
    match kind {
        Kind::Numbers(registry) => {
            if let Some(number) = number(wanted).or_else(|| fields::character(registry, wanted).map(u64::from)) {
                return numbered(registry, number, wanted);
            }
        }
        Kind::Curves if wanted.contains('.') => {
            let found = Curve::ALL.iter().find(|curve| DottedOid(curve.oid).to_string() == wanted);
            let is_arc = |arc: &str| !arc.is_empty() && arc.bytes().all(|octet| octet.is_ascii_digit());
            let is_oid = wanted.contains('.') && wanted.split('.').all(is_arc);
            match found {
                Some(curve) => return Ok(Found::Item(Item::Curve(curve), None)),
                None if is_oid => return Ok(Found::UnknownCurve(wanted.into())),
                None => {}
            }
        }
        Kind::Curves | Kind::ArmorLabels | Kind::ArmorHeaders => {}
    }
    named(kind, items, wanted)
}

fn numbered(registry: &'static Registry, number: u64, wanted: &str) -> Result<Found, Failure> {
    let Some(number) = u32::try_from(number).ok().filter(|number| registry.holds(*number)) else {
        let hint = if registry.beyond.is_empty() { String::new() } else { format!("; {}", registry.beyond) };
        let (title, last) = (with_article(registry.title), registry.last);
        let reason = format_args!("too large: {title} is a number from 0 to {last}{hint}");
        return Err(Failure::about(wanted.as_bytes(), reason));
    };
    Ok(match registry.entry(number) {
        Some(entry) => Found::Item(Item::Number(registry, entry), Some(number)),
        None => Found::Unassigned(number),
    })
}

/// Looks for a name: all of it, or else a part of it.
fn named(kind: Kind, items: &[Item], wanted: &str) -> Result<Found, Failure> {
    let bare = bare(wanted);
    let all = |is_match: fn(&str, &str) -> bool| {
        let is_meant = |item: &&Item| item.names().any(|name| is_match(&self::bare(name), &bare));
        items.iter().filter(is_meant).copied().collect::<Vec<_>>()
    };
    let mut found = all(|name, wanted| name == wanted);
    if found.is_empty() && !bare.is_empty() {
        found = all(|name, wanted| name.contains(wanted));
    }
    match found.as_slice() {
        [] => Err(Failure::about(wanted.as_bytes(), unknown(kind, items, &bare))),
        [item] => Ok(Found::Item(*item, None)),
        _ => Ok(Found::Several(found)),
    }
}

fn unknown(kind: Kind, items: &[Item], wanted: &str) -> String {
    let names = || items.iter().flat_map(|item| item.names().map(|name| (name, item.name())));
    let words = || names().flat_map(|(name, shown)| name.split_whitespace().map(move |word| (bare(word), shown)));
    let similar = suggest::similar(wanted, names().map(|(name, shown)| (bare(name), shown)));
    match similar.or_else(|| suggest::similar(wanted, words())) {
        Some(name) => format!("no {} has this name; a similar one is {name}", kind.title()),
        None => format!("no {} has this name", kind.title()),
    }
}

/// A name without what people spell in different ways: its letters and digits, in lower case.
fn bare(name: &str) -> String {
    name.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// `a packet type`, `an AEAD algorithm`.
fn with_article(title: &str) -> String {
    let article = if title.starts_with(['A', 'a', 'e', 'o', 'u']) && !title.starts_with("user") { "an" } else { "a" };
    format!("{article} {title}")
}

/// A number in decimal, or in hexadecimal behind `0x`.
fn number(text: &str) -> Option<u64> {
    let (digits, radix) = match text.strip_prefix("0x").or(text.strip_prefix("0X")) {
        Some(digits) => (digits, 16),
        None => (text, 10),
    };
    let is_number = !digits.is_empty() && digits.chars().all(|digit| digit.is_digit(radix));
    // What is larger than any number fits nowhere.
    is_number.then(|| u64::from_str_radix(digits, radix).unwrap_or(u64::MAX))
}

/// A number in hexadecimal; of a flag the octets that have it set, or what stands for them if they are many.
fn hexadecimal(registry: &Registry, number: u32) -> String {
    if registry.is_flags {
        flags::mask(number).unwrap_or_else(|| flags::place(number))
    } else {
        format!("{number:#04x}")
    }
}

/// `33`, or `100-110`.
fn range(entry: &Entry<u32>, show: impl Fn(u32) -> String) -> String {
    if entry.first == entry.last { show(entry.first) } else { format!("{}-{}", show(entry.first), show(entry.last)) }
}

fn list(out: &mut String, items: &[Item]) {
    table(out, items.iter().map(Item::columns).collect());
}

/// Columns that are aligned, two spaces apart.
fn table(out: &mut String, rows: Vec<Vec<String>>) {
    let mut widths = Vec::new();
    for row in &rows {
        widths.resize(row.len().max(widths.len()), 0);
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.len().max(*width);
        }
    }
    for row in rows {
        let last = row.len().saturating_sub(1);
        for (index, (cell, width)) in row.iter().zip(&widths).enumerate() {
            // Writing to a string does not fail.
            let _ = if index < last { write!(out, "{cell:width$}  ") } else { writeln!(out, "{cell}") };
        }
    }
}

/// A heading and a line for each thing that is known.
fn describe(out: &mut String, kind: Kind, item: &Item, number: Option<u32>) {
    let _ = writeln!(out, "{}", item.name());
    field(out, "kind", kind.title());
    match item {
        Item::Number(registry, entry) => {
            match number.or((entry.first == entry.last).then_some(entry.first)) {
                Some(number) => field(out, "number", &with_hexadecimal(registry, number)),
                None => {
                    let [decimal, hexadecimal] =
                        [range(entry, |n| n.to_string()), range(entry, |n| hexadecimal(registry, n))];
                    field(out, "numbers", &format!("{decimal} ({hexadecimal})"));
                }
            }
            field(out, "status", &entry.status.to_string());
            field(out, "reference", &entry.reference.to_string());
            if let Some(note) = entry.note {
                field(out, "note", &note.to_string());
            }
            if entry.status == Assignment::Assigned {
                fields::fields(registry, entry.first, |name, value| field(out, name, value));
            }
        }
        Item::Curve(curve) => {
            field(out, "object identifier", &DottedOid(curve.oid).to_string());
            let octets: Vec<_> = curve.oid.iter().map(|octet| format!("{octet:02x}")).collect();
            field(out, "octets", &octets.join(" "));
            field(out, "field", &format!("{} bits", curve.bits));
            field(out, "reference", &curve.reference.to_string());
        }
        Item::Word(word) => {
            field(out, "purpose", word.purpose);
            field(out, "reference", &word.reference.to_string());
        }
    }
}

fn unassigned(out: &mut String, kind: Kind, number: u32) {
    out.push_str("unknown\n");
    field(out, "kind", kind.title());
    if let Kind::Numbers(registry) = kind {
        field(out, "number", &with_hexadecimal(registry, number));
        field(out, "status", "not assigned");
        field(out, "reference", &registry.reference.to_string());
        fields::unassigned(registry, number, |name, value| field(out, name, value));
    }
}

fn no_flag(out: &mut String, kind: Kind, octets: &[u8]) {
    out.push_str("no flag is set\n");
    field(out, "kind", kind.title());
    field(out, "octets", &flags::hexadecimal(octets));
}

fn unknown_curve(out: &mut String, identifier: &str) {
    out.push_str("unknown\n");
    field(out, "kind", Kind::Curves.title());
    field(out, "object identifier", identifier);
    field(out, "status", "not assigned");
    field(out, "reference", CURVES);
}

/// Where curves are assigned their object identifiers for OpenPGP.
const CURVES: &str = "RFC 9580 section 9.2";

fn with_hexadecimal(registry: &Registry, number: u32) -> String {
    format!("{number} ({})", hexadecimal(registry, number))
}

fn field(out: &mut String, name: &str, value: &str) {
    let _ = writeln!(out, "        {name}: {value}");
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every row is found by its number and by its name, unless several have that name.
    #[test]
    fn every_row_is_found() {
        for kind in Kind::all() {
            assert_eq!(Kind::find(kind.word()).unwrap().title(), kind.title());
            let items = kind.items();
            assert!(!items.is_empty());
            for item in &items {
                let name = item.name();
                match find(kind, &items, name) {
                    Ok(Found::Item(found, _)) => assert_eq!(found.name(), name),
                    Ok(Found::Several(found)) => assert!(found.iter().any(|item| item.name() == name), "{name}"),
                    _ => panic!("{name} is not found"),
                }
                let Item::Number(_, entry) = item else { continue };
                let Kind::Numbers(registry) = kind else { panic!("{name} has no number") };
                for text in [entry.first.to_string(), hexadecimal(registry, entry.last)] {
                    let all = find_all(kind, &items, &text).ok();
                    let Some([Found::Item(found, Some(number))]) = all.as_deref() else {
                        panic!("{text} is not found")
                    };
                    assert_eq!(found.name(), name);
                    assert!((entry.first..=entry.last).contains(number));
                }
            }
        }
    }

    /// A number without a row is explained if there can be such a number, and else is an error, of every kind.
    #[test]
    fn numbers_without_a_row() {
        for registry in Registry::ALL {
            let items = Kind::Numbers(registry).items();
            let last = registry.last;
            let mut count = 0;
            for number in (0..=last.min(0x1ff)).chain([last]) {
                match find(Kind::Numbers(registry), &items, &number.to_string()) {
                    Ok(Found::Item(Item::Number(_, entry), _)) => assert!((entry.first..=entry.last).contains(&number)),
                    Ok(Found::Unassigned(found)) => {
                        assert_eq!(found, number);
                        let mut out = String::new();
                        unassigned(&mut out, Kind::Numbers(registry), number);
                        assert!(out.contains("        status: not assigned\n        reference: "), "{out}");
                        count += 1;
                    }
                    _ => panic!("{number} of {} is not found", registry.word),
                }
            }
            assert!(count > 0, "all numbers of {} have rows", registry.word);
            let beyond = (u64::from(last) + 1).to_string();
            assert!(find(Kind::Numbers(registry), &items, &beyond).is_err(), "{beyond} of {}", registry.word);
        }
    }

    /// Of the octets of flags, each flag is found, with and without a row.
    #[test]
    fn flags_are_found_in_their_octets() {
        for registry in Registry::ALL.iter().filter(|registry| registry.is_flags) {
            let (kind, last) = (Kind::Numbers(registry), registry.last.min(31));
            let items = kind.items();
            for (one, other) in (0..=last).zip((0..=last).rev()) {
                let mut octets = [0; 4];
                for flag in [one, other] {
                    octets[flag as usize / 8] |= 1 << (flag % 8);
                }
                let octets = &octets[..=last as usize / 8];
                let Ok(found) = find_all(kind, &items, &flags::hexadecimal(octets)) else { panic!("{octets:?}") };
                let found: Vec<_> = found
                    .iter()
                    .map(|found| match found {
                        Found::Item(Item::Number(_, entry), Some(number)) if entry.first == *number => *number,
                        Found::Unassigned(number) if registry.entry(*number).is_none() => *number,
                        _ => panic!("{octets:?}"),
                    })
                    .collect();
                assert_eq!(found, [one.min(other), one.max(other)], "{octets:?}");
            }
        }
    }

    #[test]
    fn curves_are_found_by_their_object_identifiers() {
        let items = Kind::Curves.items();
        for curve in Curve::ALL {
            let Ok(Found::Item(found, None)) = find(Kind::Curves, &items, &DottedOid(curve.oid).to_string()) else {
                panic!("{} is not found", curve.name)
            };
            assert_eq!(found.name(), curve.name);
        }
    }

    #[test]
    fn numbers_in_two_notations() {
        for (text, value) in [
            ("0", Some(0)),
            ("33", Some(33)),
            ("0x21", Some(33)),
            ("0X2f", Some(47)),
            ("4294967296", Some(1 << 32)),
            ("99999999999999999999", Some(u64::MAX)),
            ("", None),
            ("0x", None),
            ("-1", None),
            ("+1", None),
            ("2f", None),
        ] {
            assert_eq!(number(text), value, "{text}");
        }
    }
}
