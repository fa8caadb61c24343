//! Every flag and argument, once.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

/// Show what is in OpenPGP keys and messages.
#[derive(Debug, Parser)]
#[command(name = "bpg", version, arg_required_else_help = true, max_term_width = 100)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Look into OpenPGP data
    #[command(subcommand, arg_required_else_help = true)]
    Debug(Debug),
}

#[derive(Debug, Subcommand)]
pub(crate) enum Debug {
    Parse(Parse),
}

/// Print every packet of keys, keyrings, signatures and messages
///
/// Reads binary data and ASCII armor, and prints each packet with its fields. What is wrong is printed where it is found,
/// and on standard error with its position; the other packets are printed all the same. Positions count octets from 0; in
/// armor, they count the octets that it holds.
#[derive(Debug, clap::Args)]
#[command(after_help = EXIT_STATUS)]
pub(crate) struct Parse {
    /// Files to read; `-` or none stands for standard input
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// Print every field with its place
    #[arg(short, long)]
    pub(crate) verbose: bool,

    /// Print secret key material instead of its length; implies --verbose
    #[arg(long)]
    pub(crate) show_secrets: bool,
}

/// Kept beside the flags because it is a part of what the help promises.
const EXIT_STATUS: &str = "\
Exit status:
  0  everything was read and is well-formed; checksums are told, not judged
  1  something is malformed or cut short; the rest was printed
  2  wrong usage, a file that cannot be read, or one without OpenPGP data
With several files, the greatest counts.";
