//! Types of packets, as words on the command line.

use std::ffi::OsStr;
use std::sync::LazyLock;

use bpg_core::registry::{PacketType, Registry, Status};
use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::{Arg, Command, Error};

use crate::suggest;

/// Reads the name or the number of a packet type.
pub(super) const fn packet_types() -> impl TypedValueParser<Value = PacketType> {
    PacketTypes
}

#[derive(Clone)]
struct PacketTypes;

impl TypedValueParser for PacketTypes {
    type Value = PacketType;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<PacketType, Error> {
        StringValueParser::new().try_map(|word| parse(&word)).parse_ref(command, arg, value)
    }

    // What completes the names on a command line.
    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(names().iter().map(|(name, _)| PossibleValue::new(&**name))))
    }
}

fn parse(word: &str) -> Result<PacketType, String> {
    // As headings write it, it is the same name.
    let plain = word.to_lowercase().replace([' ', '_'], "-");
    if let Some((_, packet_type)) = names().iter().find(|(name, _)| *name == plain) {
        return Ok(*packet_type);
    }
    match number(word) {
        Some(number @ 0..=63) => Ok(PacketType(number as u8)),
        Some(_) => Err("there are the packet types 0 to 63".into()),
        None => Err(format!("no packet type has this name{}", hint(&plain))),
    }
}

/// What may have been meant: all names that end in the word, or else one that is like it.
fn hint(word: &str) -> String {
    let names = || names().iter().map(|(name, _)| &**name);
    let is_end = |name: &&str| name.strip_suffix(word).is_some_and(|start| start.ends_with('-'));
    let ends: Vec<_> = names().filter(is_end).collect();
    match ends.split_last() {
        Some((last, [])) => format!("; a similar one is {last}"),
        Some((last, others)) => format!("; similar ones are {} and {last}", others.join(", ")),
        None => suggest::similar(word, names().map(|name| (name, name)))
            .map_or_else(String::new, |name| format!("; a similar one is {name}")),
    }
}

/// A number in decimal or, as headings have it, in hexadecimal behind `0x`.
fn number(word: &str) -> Option<u64> {
    let (digits, radix) = word.strip_prefix("0x").map_or((word, 10), |digits| (digits, 16));
    digits.chars().all(|digit| digit.is_digit(radix)).then(|| u64::from_str_radix(digits, radix).ok()).flatten()
}

/// What packet types are called: `user-id`. What stands in parentheses behind a name is no part of it.
fn names() -> &'static [(String, PacketType)] {
    static NAMES: LazyLock<Vec<(String, PacketType)>> = LazyLock::new(|| {
        let rows = Registry::find("packet").into_iter().flat_map(Registry::entries);
        let assigned = rows.filter(|row| row.status == Status::Assigned);
        let names = assigned.filter_map(|row| {
            let name = row.name.split(" (").next()?.to_lowercase().replace(' ', "-");
            Some((name, PacketType(u8::try_from(row.first).ok()?)))
        });
        names.collect()
    });
    &NAMES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers() {
        for (word, packet_type) in [
            ("signature", PacketType::SIGNATURE),
            ("user-id", PacketType::USER_ID),
            ("User ID", PacketType::USER_ID),
            ("Public-Key", PacketType::PUBLIC_KEY),
            ("public-subkey", PacketType::PUBLIC_SUBKEY),
            ("comment", PacketType::GNUPG_COMMENT),
            ("public-key-encrypted-session-key", PacketType::PUBLIC_KEY_ENCRYPTED_SESSION_KEY),
            ("13", PacketType::USER_ID),
            ("0x0d", PacketType::USER_ID),
            ("63", PacketType(63)),
        ] {
            assert_eq!(parse(word), Ok(packet_type), "{word}");
        }
        for word in ["", "64", "-1", "+1", "0x", "reserved", "user", "user id s"] {
            assert!(parse(word).is_err(), "{word}");
        }
        for (word, hint) in [
            ("singature", "; a similar one is signature"),
            ("attribute", "; a similar one is user-attribute"),
            ("subkey", "; similar ones are secret-subkey and public-subkey"),
            ("Attribute", "; a similar one is user-attribute"),
            ("literal data packet", "; a similar one is literal-data"),
            (
                "session key",
                "; similar ones are public-key-encrypted-session-key and symmetric-key-encrypted-session-key",
            ),
            ("", "this name"),
        ] {
            let error = parse(word).unwrap_err();
            assert!(error.ends_with(hint), "{word}: {error}");
        }
    }

    #[test]
    fn every_name_stands_for_one_type() {
        let names = names();
        assert!(names.len() > 15);
        for (name, packet_type) in names {
            assert_eq!(parse(name), Ok(*packet_type));
            assert!(name.bytes().all(|octet| octet.is_ascii_lowercase() || octet == b'-'), "{name}");
        }
    }
}
