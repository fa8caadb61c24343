//! `bpg generate`

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Subcommand, ValueHint};
use clap_complete::Shell;

use super::deferred::Deferred;
use super::help;

#[derive(Debug, Subcommand)]
pub(crate) enum Generate {
    Man(Deferred<Man>),
    Completions(Deferred<Completions>),
}

/// Write the manual pages
///
/// One for bpg and one for each of its commands. Files of the same names are replaced.
#[derive(Debug, clap::Args)]
#[command(after_help = STATUS, after_long_help = help::with_examples(STATUS, help::MAN))]
pub(crate) struct Man {
    /// The folder to write them to, which is made if it is not there, with those that it is in
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) folder: PathBuf,
}

/// Write the completions for a shell to standard output
#[derive(Debug, clap::Args)]
#[command(after_help = STATUS, after_long_help = help::with_examples(STATUS, help::COMPLETIONS))]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_parser = shells())]
    pub(crate) shell: Shell,
}

fn shells() -> impl TypedValueParser<Value = Shell> {
    PossibleValuesParser::new(["bash", "zsh", "fish"]).try_map(|shell| shell.parse::<Shell>())
}

/// Kept beside the flags because it is a part of what the help promises.
const STATUS: &str = "\
Exit status:
  0  all was written
  2  wrong usage, or a file that cannot be written";
