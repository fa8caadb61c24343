//! The commands.

mod armor;
pub(crate) mod debug;
pub(crate) mod explain;
mod generate;
mod key;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::args::{Args, Command, Debug, Generate, Key, NewFile};
use crate::error::{Failure, STDOUT, Status, written};
use crate::input::{self, Source};
use crate::output::file::{Access, Output, Target};
use crate::sandbox;

pub(crate) fn run(args: Args) -> Status {
    match args.command {
        Command::Debug(Debug::Parse(args)) => status(debug::parse(&args)),
        Command::Debug(Debug::Diff(args)) => status(debug::diff::diff(&args)),
        Command::Debug(Debug::Schema) => status(debug::schema()),
        Command::Debug(Debug::Explain(args)) => status(explain::explain(&args)),
        Command::Debug(Debug::Armor(args)) => status(armor::armor(&args)),
        Command::Debug(Debug::Dearmor(args)) => status(armor::dearmor(&args)),
        Command::Debug(Debug::Extract(args)) => status(debug::extract::extract(&args)),
        Command::Debug(Debug::Split(args)) => status(debug::split::split(&args)),
        Command::Generate(Generate::Man(args)) => status(generate::man(&args)),
        Command::Generate(Generate::Completions(args)) => status(generate::completions(&args)),
        Command::Key(Key::Gen(args)) => status(key::generate::generate(&args)),
        Command::Key(Key::Public(args)) => status(key::public::public(&args)),
        Command::Key(Key::Protect(args)) => status(key::protect::protect(&args)),
        Command::Key(Key::Show(args)) => status(key::show::show(&args)),
    }
}

fn status(result: Result<Status, Failure>) -> Status {
    result.unwrap_or_else(|failure| failure.report())
}

/// Where a command writes packets. What they hold may be secret.
fn target(output: &NewFile) -> Target<'_> {
    Target::new(output.output.as_deref(), Access::Owner, output.force)
}

/// Opens the one file of a command, or standard input, and where its packets are to be written, and confines the process
/// to these.
fn open<'a>(file: Option<&'a PathBuf>, target: Target<'a>) -> Result<(&'a [u8], Source, Output<'a>), Failure> {
    let path = file.map_or(Path::new("-"), PathBuf::as_path);
    let source = input::open_one(path)?;
    let output = Output::open(target)?;
    // There is no flag that asks what the system lacks.
    match target.folder() {
        Some(folder) => drop(sandbox::enter_but_for(folder)),
        None => drop(sandbox::enter()),
    }
    Ok((input::name(path), source, output))
}

/// Prints all that a command has to say that came to `status`.
fn print(octets: &[u8], status: Status) -> Result<Status, Failure> {
    let mut stdout = io::stdout().lock();
    written(STDOUT, stdout.write_all(octets).and_then(|()| stdout.flush()), status)
}
