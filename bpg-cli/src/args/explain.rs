//! `bpg debug explain`

use clap::ValueHint;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use super::help;
use crate::command::explain::Kind;

/// Say what a number means
///
/// Tells the name of a number, where it is assigned and whether it has a meaning, and of algorithms what they put on the
/// wire. Without NUMBER it lists all of a kind, without KIND the kinds. A number that no specification assigns is no error.
///
/// The number of a flag is 8 times that of its octet, from 0, and its bit. Octets of flags are in hexadecimal as RFC 9580
/// writes them, 0x0c or 0x0004, and tell of each flag that is set.
#[derive(Debug, clap::Args)]
#[command(after_help = STATUS, after_long_help = help::with_examples(STATUS, help::EXPLAIN))]
pub(crate) struct Explain {
    /// What the number is of, such as packet, algorithm, hash or subpacket
    #[arg(hide_possible_values = true, value_parser = kinds())]
    pub(crate) kind: Option<Kind>,

    /// A number, in decimal or as 0x21, or a name or a part of it; octets of flags; of a curve the object identifier
    #[arg(value_hint = ValueHint::Other)]
    pub(crate) number: Vec<String>,
}

fn kinds() -> impl TypedValueParser<Value = Kind> {
    let words = Kind::all().map(|kind| PossibleValue::new(kind.word()).help(kind.title()));
    PossibleValuesParser::new(words).try_map(|word| Kind::find(&word).ok_or("no such kind"))
}

/// Kept beside the flags because it is a part of what the help promises.
const STATUS: &str = "\
Exit status:
  0  all was explained, or is not assigned
  2  wrong usage, a name that is not known, or a number that is too large";
