//! Every flag and argument, once.

mod convert;
mod deferred;
mod diff;
mod explain;
mod extract;
mod generate;
mod help;
mod limit;
mod select;

use std::ffi::OsString;
use std::path::PathBuf;

use bpg_core::registry::PacketType;
use bpg_core::time::Timestamp;
use clap::{Parser, Subcommand, ValueEnum, ValueHint};

use crate::command::debug::limits::{Limit, Name};
use crate::date::{self, Expiration};
use crate::output::numbers::PacketNumber;
use crate::output::style::Colour;
use crate::user_id;

pub(crate) use self::convert::{Armor, Dearmor};
use self::deferred::Deferred;
pub(crate) use self::deferred::defer;
pub(crate) use self::diff::Diff;
pub(crate) use self::explain::Explain;
pub(crate) use self::extract::{Extract, Split, SplitBy};
pub(crate) use self::generate::{Completions, Generate, Man};
pub(crate) use self::help::{EXAMPLES, EXIT_STATUS};
use self::limit::LimitParser;

/// Make OpenPGP keys, and show what is in keys and messages.
#[derive(Debug, Parser)]
#[command(name = "bpg", version, arg_required_else_help = true, max_term_width = 100)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

impl Args {
    /// What `arguments`, the program's name first, say if they are a command without a flag that is called more than any other:
    /// `bpg debug parse FILE…`. The definition of all flags says the same, and takes as long as reading a key.
    pub(crate) fn of_plain_parse(arguments: impl IntoIterator<Item = OsString>) -> Option<Self> {
        let mut arguments = arguments.into_iter().skip(1);
        let is_plain = |file: &OsString| file == "-" || !(file.is_empty() || file.as_encoded_bytes().starts_with(b"-"));
        if arguments.next()? != "debug" || arguments.next()? != "parse" {
            return None;
        }
        let files = arguments.map(|file| is_plain(&file).then(|| file.into())).collect::<Option<_>>()?;
        Some(Self { command: Command::Debug(Debug::Parse(Parse { files, ..Parse::default() }.into())) })
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Look into OpenPGP data
    #[command(subcommand, arg_required_else_help = true)]
    Debug(Debug),
    /// Make keys and look after them
    #[command(subcommand, arg_required_else_help = true)]
    Key(Key),
    /// Write manual pages and completions
    #[command(subcommand, arg_required_else_help = true)]
    Generate(Generate),
}

#[derive(Debug, Subcommand)]
pub(crate) enum Debug {
    Parse(Deferred<Parse>),
    Diff(Deferred<Diff>),
    /// Print the JSON Schema of what `bpg debug parse --json` prints
    ///
    /// The schema has a version, and so has the output: within a major version, members, records and words are only added.
    #[command(after_long_help = help::with_examples("", help::SCHEMA))]
    Schema,
    Explain(Deferred<Explain>),
    Armor(Deferred<Armor>),
    Dearmor(Deferred<Dearmor>),
    Extract(Deferred<Extract>),
    Split(Deferred<Split>),
}

/// Print every packet of keys, keyrings, signatures and messages
///
/// Reads binary data and ASCII armor, cleartext signed messages, GnuPG's keyboxes and the keys of its agent, and prints each
/// packet with its fields. What is wrong is printed where it is found, and on standard error with its position; the other
/// packets are printed all the same.
///
/// Positions count octets from 0, those of the file. Inside of armor they count the octets that it holds, and inside of
/// compressed packets, which are opened, those that they decompress to. Of what is armored, of armor itself and of the text
/// around it, standard error also has the line and the column in the file, from 1, the column in octets; of UTF-16, those that
/// it has in UTF-8.
///
/// Armor is found in text, behind packets and in front of them; indented, quoted as in mail, in UTF-16 and in
/// quoted-printable. What had to be undone or passed over is said on standard error.
#[derive(Debug, Default, clap::Args)]
#[command(after_help = PARSE_EXIT_STATUS, after_long_help = help::with_examples(PARSE_EXIT_STATUS, help::PARSE))]
pub(crate) struct Parse {
    /// Files to read; `-` or none stands for standard input
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// Print every field with its place; twice, the octets of each field, too
    #[arg(help_heading = "What is printed")]
    #[arg(short, long, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,

    /// Print JSON Lines for programs, always with every field; see `bpg debug schema`
    ///
    /// Records are written as soon as what they tell of was read. The last one has the exit status: without it, the output
    /// was cut.
    #[arg(long, help_heading = "What is printed")]
    pub(crate) json: bool,

    /// Print the octets of packets in hexadecimal, each line with the field that it belongs to
    ///
    /// In front of each line stands the offset of its first octet, in hexadecimal; in armor, where the line and the column
    /// of the text follow, offsets count the octets that it holds. Secret octets are printed as two dots. Compressed packets
    /// and embedded signatures are shown as they are in the file, and not opened; `bpg debug parse -vv` shows what is in
    /// them.
    #[arg(long, help_heading = "What is printed", conflicts_with_all = ["json", "verbose", "count", "summary", "redact"])]
    pub(crate) hex: bool,

    /// Print secret key material instead of its length; implies --verbose
    #[arg(help_heading = "What is printed")]
    #[arg(long)]
    pub(crate) show_secrets: bool,

    /// Print how many packets there are instead of the packets, of those that --only and --packet ask for
    #[arg(help_heading = "What is printed")]
    #[arg(long, conflicts_with_all = ["json", "verbose", "show_secrets", "summary"])]
    pub(crate) count: bool,

    /// Print an overview instead of the packets: what is in the file, who can read it, and who signed it
    ///
    /// It is text for people, and there is none in JSON. Signatures are not checked: whoever can write the file can
    /// make it say anything. A key that is told by its key ID in one place and by its fingerprint in another is listed
    /// by its fingerprint. At most 10 keys are listed, 20 signers with each kind of signature, and 1,000 values of
    /// anything else; those beyond are counted together.
    #[arg(help_heading = "What is printed")]
    #[arg(long, conflicts_with_all = ["json", "verbose", "show_secrets"])]
    pub(crate) summary: bool,

    /// Hide whose keys and messages these are, as for a bug report
    ///
    /// User IDs, key IDs and fingerprints become `user ID 1`, `key 1` and so on, the same ones always the same, and
    /// `key ?` if there are too many to number. Of other text, integers and octets there is only how long they are, as
    /// `[hidden: 2048 bits]`. Numbers, algorithms, flags, lengths, places and times stay as they are, and so do the
    /// names of the files: whoever knows a key may still know it by its times.
    #[arg(help_heading = "What is printed")]
    #[arg(long, conflicts_with = "show_secrets")]
    pub(crate) redact: bool,

    /// When to mark headings, names and errors by colour and weight; never in JSON
    #[arg(help_heading = "What is printed")]
    #[arg(long, value_name = "WHEN", value_enum, default_value_t)]
    pub(crate) color: Colour,

    /// Print only packets of these types, such as signature, user-id, public-subkey or 13, with what they hold
    ///
    /// Types are the names that `bpg debug explain packet` lists, in lower case and with hyphens, or numbers. All of the file
    /// is checked nevertheless: what is wrong is said on standard error, and the exit status is that of the whole file.
    #[arg(help_heading = "Which packets are printed")]
    #[arg(long, value_name = "TYPE", value_delimiter = ',')]
    #[arg(hide_possible_values = true, value_parser = select::packet_types())]
    pub(crate) only: Vec<PacketType>,

    /// Print only the packets of these numbers, such as 17 or 3.1, with what they hold
    ///
    /// 17 is the seventeenth packet of the file, whatever armor it is in, and 3.1 is the first in the third, which is
    /// compressed; with --no-recurse and --hex, which open none, there is no such packet. --verbose and --json tell the
    /// numbers. With --only, a packet must match both.
    #[arg(help_heading = "Which packets are printed")]
    #[arg(long, value_name = "NUMBER", value_hint = ValueHint::Other, value_delimiter = ',')]
    pub(crate) packet: Vec<PacketNumber>,

    /// Call armor malformed that RFC 9580 section 6 does not allow, instead of making the best of it
    ///
    /// A file is malformed, too, that has packets beside its armor, or other octets that are no text.
    #[arg(help_heading = "What is read")]
    #[arg(long)]
    pub(crate) strict: bool,

    /// Do not open compressed packets and embedded signatures
    #[arg(help_heading = "What is read")]
    #[arg(long)]
    pub(crate) no_recurse: bool,

    /// Where no packet starts, look for the next one that makes sense, and go on there
    ///
    /// What was passed over is reported. Octets that look like a packet may be found by chance.
    #[arg(help_heading = "What is read")]
    #[arg(long)]
    pub(crate) recover: bool,

    /// Change a limit: depth, packet, decompressed, packets or output
    ///
    /// NUMBER may end in K, M, G or T (1,024 of the one before; also in lower case), or be `none`, but for `depth`. The
    /// limits are: `depth`, how deep compressed packets are inside of each other [default: 16, at most 256]; `packet`,
    /// the octets of one packet, or of encoded text, in memory [3M]; `decompressed`, the octets that come out of
    /// compressed packets [1G, and 100 more for each octet of the file]; `packets`, how many there are [1000000, and one
    /// more for each octet of the file]; `output`, the octets that are printed [64M, and 1000 more for each octet of the
    /// file]. Octets of the file count once they are read.
    #[arg(help_heading = "What is read")]
    #[arg(long, value_name = "NAME=NUMBER", value_hint = ValueHint::Other)]
    #[arg(hide_possible_values = true, value_parser = LimitParser(&Name::ALL))]
    pub(crate) limit: Vec<Limit>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Key {
    Gen(Box<Deferred<Gen>>),
    Public(Deferred<Public>),
    Protect(Deferred<Protect>),
    Show(Deferred<Show>),
}

/// Make a key
///
/// Writes a secret key with its user IDs, their self-signatures and an encryption subkey, as other OpenPGP programs import
/// it, to standard output or to a file. Without an algorithm it makes an Ed25519 key, of the form that GnuPG reads too.
///
/// On a terminal it asks for a passphrase. If standard input is no terminal and no passphrase is given, the key is not
/// protected, which is said on standard error.
#[derive(Debug, clap::Args)]
#[command(after_help = GEN_EXIT_STATUS, after_long_help = help::with_examples(GEN_EXIT_STATUS, help::KEY_GEN))]
pub(crate) struct Gen {
    /// What kind of key to make [default: ed25519]
    #[arg(value_enum)]
    pub(crate) algorithm: Option<KeyAlgorithm>,

    /// The size of an RSA key: 2048 to 8192, with --allow-weak from 1024, in steps of 128 [default: 3072]
    pub(crate) bits: Option<u32>,

    /// Make a version 6 key (RFC 9580), which not every program reads yet
    #[arg(help_heading = "The key")]
    #[arg(long)]
    pub(crate) v6: bool,

    /// Who holds the key, as `Name <address>`; may be repeated, the first is the primary one; your login at this host if
    /// none is given
    #[arg(help_heading = "The key")]
    #[arg(short, long, value_name = "USER ID", value_hint = ValueHint::Other, value_parser = user_id::parse)]
    pub(crate) user_id: Vec<String>,

    /// Make a key without a user ID; only with --v6
    #[arg(help_heading = "The key")]
    #[arg(long, requires = "v6", conflicts_with = "user_id")]
    pub(crate) no_user_id: bool,

    /// When the key expires: so many years, months, weeks or days after its creation (2y, 18m, 6w, 90d), at the start of a
    /// day in UTC (2028-01-31), or never
    #[arg(help_heading = "The key")]
    #[arg(long, value_name = "WHEN", value_hint = ValueHint::Other)]
    #[arg(default_value = "3y", value_parser = date::parse_expiration)]
    pub(crate) expires: Expiration,

    /// When the key was made: a day (2024-01-31), a time (2024-01-31T12:00:00Z), or seconds since 1970 (@1706702400)
    /// [default: now]
    #[arg(help_heading = "The key")]
    #[arg(long, value_name = "TIME", value_hint = ValueHint::Other, value_parser = date::parse_time)]
    pub(crate) created: Option<Timestamp>,

    /// Add a subkey that signs
    #[arg(help_heading = "The key")]
    #[arg(long)]
    pub(crate) signing_subkey: bool,

    /// Add a subkey that authenticates, as to SSH servers
    #[arg(help_heading = "The key")]
    #[arg(long)]
    pub(crate) authentication_subkey: bool,

    /// Make an RSA key of fewer than 2048 bits, but at least 1024, all the same
    #[arg(help_heading = "The key")]
    #[arg(long)]
    pub(crate) allow_weak: bool,

    #[command(flatten)]
    pub(crate) passphrase: NewPassphrase,

    #[command(flatten)]
    pub(crate) output: Output,

    /// Write the public key to this file too
    #[arg(help_heading = "Output")]
    #[arg(long, value_name = "FILE")]
    pub(crate) public_out: Option<PathBuf>,

    /// Write a revocation certificate to this file, to be kept in a safe place
    #[arg(help_heading = "Output")]
    #[arg(long, value_name = "FILE")]
    pub(crate) revocation_out: Option<PathBuf>,

    /// Describe the key on standard output, as JSON; with --output only
    #[arg(help_heading = "Output")]
    #[arg(long, requires = "output")]
    pub(crate) json: bool,

    /// Say nothing on standard error but errors
    #[arg(help_heading = "Output")]
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum KeyAlgorithm {
    /// RSA
    Rsa,
    /// Ed25519, with X25519 for encryption
    Ed25519,
    /// NIST P-256
    P256,
    /// NIST P-384
    P384,
    /// NIST P-521
    P521,
}

/// Where a new passphrase comes from. It is never an argument or an environment variable, which other processes can see.
#[derive(Debug, clap::Args)]
#[group(multiple = false)]
pub(crate) struct NewPassphrase {
    /// Read the passphrase from this file, without the line ending behind it
    #[arg(help_heading = "Passphrase")]
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,

    /// Read the passphrase from this file descriptor
    #[arg(help_heading = "Passphrase")]
    #[arg(long, value_name = "N", value_hint = ValueHint::Other)]
    pub(crate) passphrase_fd: Option<u32>,

    /// Do not protect the key, and do not ask
    #[arg(help_heading = "Passphrase")]
    #[arg(long)]
    pub(crate) no_passphrase: bool,
}

/// Where a key is written.
#[derive(Debug, clap::Args)]
pub(crate) struct Output {
    /// Write to this new file, whole or not at all, instead of to standard output
    #[arg(help_heading = "Output")]
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// Replace files that exist
    #[arg(help_heading = "Output")]
    #[arg(short, long)]
    pub(crate) force: bool,

    /// Write packets, not ASCII armor
    #[arg(help_heading = "Output")]
    #[arg(short, long)]
    pub(crate) binary: bool,
}

/// Where packets are written.
#[derive(Debug, clap::Args)]
pub(crate) struct NewFile {
    /// Write to this new file, whole or not at all, instead of to standard output
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// Replace the file if it exists
    #[arg(short, long, requires = "output")]
    pub(crate) force: bool,
}

/// Write the public half of a key
///
/// Everything but the secrets stays as it is, octet for octet; a packet that had some gets a header of the new format.
#[derive(Debug, clap::Args)]
#[command(after_help = PUBLIC_EXIT_STATUS, after_long_help = help::with_examples(PUBLIC_EXIT_STATUS, help::KEY_PUBLIC))]
pub(crate) struct Public {
    /// The file with the key; `-` stands for standard input
    pub(crate) file: PathBuf,

    #[command(flatten)]
    pub(crate) output: Output,
}

/// Set, change or remove the passphrase of a key
///
/// Asks for passphrases on a terminal, unless they are given. Only keys of versions 4 and 6 can be protected, and of the
/// ciphers that protect a key already only AES is known. A secret in the clear whose checksum is wrong is damaged, and
/// refused: a new checksum would hide that.
#[derive(Debug, clap::Args)]
#[command(after_help = PROTECT_EXIT_STATUS, after_long_help = help::with_examples(PROTECT_EXIT_STATUS, help::KEY_PROTECT))]
pub(crate) struct Protect {
    /// The file with the key; `-` stands for standard input
    pub(crate) file: PathBuf,

    /// Read the passphrase that the key has from this file, without the line ending behind it
    #[arg(help_heading = "Passphrase")]
    #[arg(long, value_name = "FILE", conflicts_with = "old_passphrase_fd")]
    pub(crate) old_passphrase_file: Option<PathBuf>,

    /// Read the passphrase that the key has from this file descriptor
    #[arg(help_heading = "Passphrase")]
    #[arg(long, value_name = "N", value_hint = ValueHint::Other)]
    pub(crate) old_passphrase_fd: Option<u32>,

    #[command(flatten)]
    pub(crate) passphrase: NewPassphrase,

    #[command(flatten)]
    pub(crate) output: Output,

    /// Replace the file itself, in the form that it has
    #[arg(help_heading = "Output")]
    #[arg(short, long, conflicts_with_all = ["output", "force", "binary"])]
    pub(crate) in_place: bool,
}

/// Show what is to be known of keys, in words
///
/// Tells each key's names, dates, capabilities and protection, as its newest self-signatures have them. Signatures are not
/// checked: whoever can write the file can make it say anything. Dates are told, not judged: whether a key has expired by now
/// is not said. A revocation certificate in the same file, in front of the key or behind it, in a block of armor of its own
/// or not, revokes the key.
///
/// Keys of a version that is not known, and up to version 4 secret ones of an algorithm that is not, are left out, which is
/// said on standard error.
#[derive(Debug, clap::Args)]
#[command(after_help = SHOW_EXIT_STATUS, after_long_help = help::with_examples(SHOW_EXIT_STATUS, help::KEY_SHOW))]
pub(crate) struct Show {
    /// The file with the keys; `-` stands for standard input
    pub(crate) file: PathBuf,

    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Kept beside the flags because it is a part of what the help promises.
const PARSE_EXIT_STATUS: &str = "\
Exit status:
  0  everything that was found is well-formed; checksums, and what was passed
     over, are told, not judged
  1  something is malformed, cut short or beyond a limit; the rest was printed
  2  wrong usage, a file that cannot be read, one without OpenPGP data, or one
     without a packet that --packet asks for
With several files, the greatest counts.";

/// Likewise. Of several files, those that were replaced before an error cannot be brought back.
const GEN_EXIT_STATUS: &str = "\
Exit status:
  0  the key was made
  2  wrong usage, no passphrase, or a file that cannot be read or written
Unless it is 0, no file was made or changed; with --force, some may have been
replaced.";

/// Likewise.
const PUBLIC_EXIT_STATUS: &str = "\
Exit status:
  0  the public half was written
  1  the input is malformed
  2  wrong usage, a file that cannot be read or written, or one without a key
Unless it is 0, no file was made or changed.";

/// Likewise.
const PROTECT_EXIT_STATUS: &str = "\
Exit status:
  0  the key was written
  1  the input is malformed, or the checksum of a secret in the clear is wrong
  2  wrong usage, a wrong passphrase or none, a file that cannot be read or
     written, or one without a secret key that can be protected
Unless it is 0, no file was made or changed.";

/// Likewise.
const SHOW_EXIT_STATUS: &str = "\
Exit status:
  0  everything was read and is well-formed; checksums, and keys that are not
     known, are told, not judged
  1  something is malformed; what could be read was printed
  2  wrong usage, a file that cannot be read, or one without a key that is
     known";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_arguments_are_what_the_flags_say() {
        for files in [&[][..], &["a"], &["-"], &["a", "-", "debug", "parse"], &["a b", "help"]] {
            let arguments = ["bpg", "debug", "parse"].iter().chain(files);
            let args = Args::of_plain_parse(arguments.clone().map(OsString::from)).unwrap();
            assert_eq!(format!("{args:?}"), format!("{:?}", Args::try_parse_from(arguments).unwrap()));
        }
    }

    #[test]
    fn what_is_not_plain_is_left_to_the_flags() {
        let lines = ["bpg", "bpg debug", "bpg parse", "bpg debug diff a", "bpg help debug parse"];
        let flags = ["bpg debug parse -v", "bpg debug parse a --json", "bpg debug parse a -- b", "bpg debug -h parse"];
        // Of the last one, the word behind the space is empty.
        for line in lines.iter().chain(&flags).chain(&["bpg debug parse "]) {
            assert!(Args::of_plain_parse(line.split(' ').map(OsString::from)).is_none(), "{line}");
        }
    }
}
