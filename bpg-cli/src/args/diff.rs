//! `bpg debug diff`

use std::path::PathBuf;

use clap::ValueHint;

use super::help;
use super::limit::LimitParser;
use crate::command::debug::limits::{Limit, Name};

/// Compare two files packet by packet
///
/// Prints what `bpg debug parse` prints of the packets that are in one of the files only, with `-` in front of the lines of
/// the first file and `+` in front of those of the second. Of a packet that has changed, what is the same is printed too,
/// with a space. The order of packets counts, but not at which octet they are, nor ASCII armor, so that a key is the same whether it
/// is armored or not. Packets that differ only in octets that are not printed, such as those of a signature, are not the same.
/// Of compressed packets, what they hold is compared, and how long they are.
///
/// What is malformed is said on standard error, and compared as far as it goes. Where octets were not read, such as those
/// behind a wrong character of armor, damage in compressed data or a limit, the files are not said to be the same, and the exit
/// status is 2.
///
/// To see what has changed in OpenPGP data that is kept in git, let git show the packets:
///
/// git config diff.openpgp.textconv 'f() { bpg debug parse "$1" || true; }; f'
///
/// echo '*.asc diff=openpgp' >> .gitattributes
///
/// git takes the exit status of a malformed file for a failure, hence `|| true`.
#[derive(Debug, clap::Args)]
#[command(after_help = STATUS, after_long_help = help::with_examples(STATUS, help::DIFF))]
pub(crate) struct Diff {
    /// The first file; `-` stands for standard input
    #[arg(value_name = "OLD")]
    pub(crate) old: PathBuf,

    /// The second file; `-` stands for standard input
    #[arg(value_name = "NEW")]
    pub(crate) new: PathBuf,

    /// Print every field
    #[arg(short, long)]
    pub(crate) verbose: bool,

    /// Change a limit: depth, packet, decompressed, packets or output
    ///
    /// As for `bpg debug parse`. The limit on output is one on what is held in memory of each file.
    #[arg(long, value_name = "NAME=NUMBER", value_hint = ValueHint::Other)]
    #[arg(hide_possible_values = true, value_parser = LimitParser(&Name::ALL))]
    pub(crate) limit: Vec<Limit>,
}

/// Kept beside the flags because it is a part of what the help promises.
const STATUS: &str = "\
Exit status:
  0  the files hold the same packets, in the same order
  1  they do not
  2  wrong usage, a file that cannot be read to its end, is beyond a limit, or
     has no OpenPGP data, whatever was found to be different";
