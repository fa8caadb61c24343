//! What is kept of a packet until it ends.

use std::io;

use bpg_core::inspect::{Field, VALUE, Value};
use bpg_core::octets::Octets;
use bpg_core::registry::PacketType;

use super::tally::Tally;
use crate::output::text::Text;

/// What was opened and not closed yet.
pub(super) enum Open {
    Packet(Facts),
    Group(&'static str),
    Other,
}

/// The fields of a packet that an overview is made of.
pub(super) struct Facts {
    pub(super) packet_type: PacketType,
    facts: Vec<Fact>,
}

struct Fact {
    name: &'static str,
    /// As the text form shows it.
    value: String,
    /// The number, if it is that of a registry.
    number: u64,
}

/// The fields that are kept, and what is written in front of their values. Those of subpackets have the names of the
/// subpackets.
const KEPT: &[(&str, &str)] = &[
    ("AEAD algorithm", ""),
    ("Argon2 memory", "memory: "),
    ("Argon2 passes", "passes: "),
    ("GNU mode", ""),
    ("Issuer Fingerprint", ""),
    ("Issuer Key ID", ""),
    ("S2K count", "hashes "),
    ("S2K hash algorithm", ""),
    ("S2K type", ""),
    ("S2K usage", ""),
    ("Signature Creation Time", ""),
    ("algorithm", ""),
    ("chunk size", "chunks of "),
    ("content", ""),
    ("creation time", ""),
    ("curve", ""),
    ("fingerprint", ""),
    ("hash algorithm", ""),
    ("issuer keyid", ""),
    ("keyid", ""),
    ("modulus n", ""),
    ("prime p", ""),
    ("public-key algorithm", ""),
    ("recipient", ""),
    ("symmetric algorithm", ""),
    ("type", ""),
    ("version", "version "),
];

/// How a key is derived from a passphrase, and what that costs.
pub(super) const S2K: [&str; 6] =
    ["S2K type", "GNU mode", "S2K hash algorithm", "S2K count", "Argon2 memory", "Argon2 passes"];

/// More octets than are shown of a text.
const LONGEST: usize = 256;

impl Facts {
    pub(super) const fn new(packet_type: PacketType) -> Self {
        Self { packet_type, facts: Vec::new() }
    }

    /// Keeps a field that is in these groups, the outermost first, unless there was one of its name.
    pub(super) fn field(&mut self, groups: &[&'static str], field: &Field<'_>, values: &mut Text<io::Sink>) {
        let name = match groups {
            [] => field.name,
            // A subpacket in an area. What is deeper is of another signature.
            [_, subpacket] if field.name == VALUE => subpacket,
            _ => return,
        };
        if KEPT.iter().any(|(kept, _)| *kept == name) && self.fact(name).is_none() {
            let number = if let Value::Id { number, .. } = field.value { number } else { 0 };
            let value = match field.value {
                Value::Text(octets) => values.shown(&Value::Text(start(octets))),
                Value::Hex(octets) => values.shown(&Value::Hex(start(octets))),
                Value::Data(_) | Value::Payload { .. } | Value::Secret(_) => return,
                value => values.shown(&value),
            };
            self.facts.push(Fact { name, value, number });
        }
    }

    /// The type and the version.
    pub(super) fn kind(&self) -> String {
        let name = self.packet_type.name().unwrap_or("unknown type");
        joined([format!("{name} ({})", self.packet_type.0), self.list(&["version"])])
    }

    /// The value of the first of these fields that is there.
    pub(super) fn first(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| self.fact(name)).map(|fact| fact.value.as_str())
    }

    /// The values of these fields, as far as they are there.
    pub(super) fn list(&self, names: &[&str]) -> String {
        joined(names.iter().filter_map(|name| {
            let fact = self.fact(name)?;
            let prefix = KEPT.iter().find(|(kept, _)| kept == name).map_or("", |(_, prefix)| *prefix);
            Some(format!("{prefix}{}", fact.value))
        }))
    }

    /// What the field of this name is counted as.
    pub(super) fn count(&self, name: &str, to: &mut Tally, behind: &str) {
        if let Some(fact) = self.fact(name) {
            to.add(fact.number, format!("{}{behind}", fact.value));
        }
    }

    fn fact(&self, name: &str) -> Option<&Fact> {
        self.facts.iter().find(|fact| fact.name == name)
    }
}

/// Words with commas between them.
pub(super) fn joined(words: impl IntoIterator<Item = String>) -> String {
    let words: Vec<String> = words.into_iter().filter(|word| !word.is_empty()).collect();
    words.join(", ")
}

/// As much of a text as may be shown, and so much more that one sees that it is not all.
fn start(octets: Octets<'_>) -> Octets<'_> {
    octets.split_at(LONGEST).map_or(octets, |(start, _)| start)
}
