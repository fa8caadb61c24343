//! `bpg debug extract` and `bpg debug split`

use std::path::PathBuf;

use clap::{ValueEnum, ValueHint};

use super::limit::LimitParser;
use super::{NewFile, help};
use crate::command::debug::limits::{Limit, Name};
use crate::output::numbers::PacketNumber;

/// Write the octets of one packet
///
/// They are written as they are, header and all; armor is decoded, and a packet inside of a compressed one is decompressed. A
/// packet that is malformed or cut short is written as far as it is there. What is wrong with it, and with what is in front
/// of it, is said on standard error.
#[derive(Debug, clap::Args)]
#[command(after_help = STATUS, after_long_help = help::with_examples(STATUS, help::EXTRACT))]
pub(crate) struct Extract {
    /// The number of the packet: 3 is the third one of the file, and 3.1 is the first one in that
    #[arg(value_hint = ValueHint::Other)]
    pub(crate) number: PacketNumber,

    /// The file to read; `-` or none stands for standard input
    pub(crate) file: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) output: NewFile,

    /// Change a limit: depth, packet, decompressed or packets; see `bpg debug parse --help`
    #[arg(long, value_name = "NAME=NUMBER", value_hint = ValueHint::Other)]
    #[arg(hide_possible_values = true, value_parser = LimitParser(&[Name::Depth, Name::Packet, Name::Decompressed, Name::Packets]))]
    pub(crate) limit: Vec<Limit>,
}

/// Kept beside the flags because it is a part of what the help promises.
const STATUS: &str = "\
Exit status:
  0  the packet was written; checksums are not looked at
  1  the packet is malformed, cut short or beyond a limit; it was written as far
     as it is there
  2  there is no such packet, wrong usage, a file that cannot be read or
     written, or one without OpenPGP data";

/// Write each packet to a file of its own, or each certificate
///
/// The files are named by number and by what they hold: 000001-public-key.pgp, or the fingerprint for a certificate. In the
/// order of their names they are the packets of the file again, armor decoded. What is in front of the first certificate is
/// in 000000-no-certificate.pgp, and octets that are no packet are in files of their own. Compressed packets are not opened.
///
/// Signed text, and what a keybox has around its packets, are left out, and that is said on standard error, as is text that is
/// passed over.
///
/// Each file appears when all of it has been written. If one cannot be written, those in front of it are left.
#[derive(Debug, clap::Args)]
#[command(after_help = SPLIT_STATUS, after_long_help = help::with_examples(SPLIT_STATUS, help::SPLIT))]
pub(crate) struct Split {
    /// The file to read; `-` or none stands for standard input
    pub(crate) file: Option<PathBuf>,

    /// The folder for the files, which is made if it is not there, with those that it is in, unless FILE is empty
    #[arg(short, long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) directory: PathBuf,

    /// What each file is to hold
    #[arg(long, value_enum, default_value_t = SplitBy::Packet)]
    pub(crate) by: SplitBy,

    /// Replace files that exist
    #[arg(short, long)]
    pub(crate) force: bool,

    /// Change a limit: packet or packets; see `bpg debug parse --help`
    #[arg(long, value_name = "NAME=NUMBER", value_hint = ValueHint::Other)]
    #[arg(hide_possible_values = true, value_parser = LimitParser(&[Name::Packet, Name::Packets]))]
    pub(crate) limit: Vec<Limit>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SplitBy {
    /// A packet
    Packet,
    /// A public or secret primary key, and what follows it up to the next one
    Certificate,
}

/// Kept beside the flags because it is a part of what the help promises.
const SPLIT_STATUS: &str = "\
Exit status:
  0  everything was read and written and is well-formed; checksums are not
     looked at
  1  something is malformed, cut short or beyond a limit; it was written as far
     as it is there
  2  wrong usage, a file that cannot be read or written, or one without OpenPGP
     data";
