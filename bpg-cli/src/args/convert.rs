//! `bpg debug armor` and `bpg debug dearmor`

use std::path::PathBuf;

use bpg_core::registry::ArmorWord;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use super::{NewFile, help};

/// Put packets into ASCII armor
///
/// What is written does not depend on what the packets hold, but that they are packets is checked on the way: what is wrong
/// is said on standard error, and all of the file is in the armor nevertheless.
///
/// A file that is written with --output is for its owner alone, whatever it holds, as a secret key may come last.
#[derive(Debug, clap::Args)]
#[command(after_help = STATUS, after_long_help = help::with_examples(STATUS, help::ARMOR))]
pub(crate) struct Armor {
    /// The file to read; `-` or none stands for standard input
    pub(crate) file: Option<PathBuf>,

    /// What the header line calls it [default: what the first packet asks for]
    ///
    /// With a label, the file need not be packets.
    #[arg(long, ignore_case = true, value_parser = labels())]
    pub(crate) label: Option<String>,

    /// Write a CRC-24, for old programs that want one
    #[arg(long)]
    pub(crate) checksum: bool,

    #[command(flatten)]
    pub(crate) output: NewFile,
}

/// Write what ASCII armor holds
///
/// Reads what `bpg debug parse` reads armor from. What several blocks hold is written one behind another, and packets that
/// are not armored as they are. Text around the armor is left out, and that is said on standard error, as what had to be made
/// good is. A file that is written with --output is for its owner alone, whatever it holds.
#[derive(Debug, clap::Args)]
#[command(after_help = STATUS, after_long_help = help::with_examples(STATUS, help::DEARMOR))]
pub(crate) struct Dearmor {
    /// The file to read; `-` or none stands for standard input
    pub(crate) file: Option<PathBuf>,

    /// Call armor malformed that RFC 9580 section 6 does not allow, instead of making the best of it
    ///
    /// A file is malformed, too, that has packets beside its armor, or other octets that are no text.
    #[arg(long)]
    pub(crate) strict: bool,

    #[command(flatten)]
    pub(crate) output: NewFile,
}

/// The labels of armor that is base64 and whole.
fn labels() -> impl TypedValueParser<Value = String> {
    let is_armor = |word: &&ArmorWord| !word.word.contains("PART") && word.word != "SIGNED MESSAGE";
    let words = ArmorWord::HEADER_LINES.iter().filter(is_armor);
    let values = words.map(|word| PossibleValue::new(word.word).help(word.purpose));
    PossibleValuesParser::new(values).map(|label| label.to_uppercase())
}

/// Kept beside the flags because it is a part of what the help promises.
const STATUS: &str = "\
Exit status:
  0  everything that was found is well-formed; checksums, and what was passed
     over, are told, not judged
  1  something is malformed or cut short; the rest was written, but for what
     follows malformed packets that are not armored
  2  wrong usage, a file that cannot be read or written, or one without OpenPGP
     data";
