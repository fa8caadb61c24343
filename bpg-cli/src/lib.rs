//! The command `bpg` as a function, so that tests and fuzzers can run what users run.
//!
//! This is no interface for other programs: that is `bpg-core`.
#![forbid(unsafe_code)]

mod args;
mod command;
mod date;
mod error;
mod harden;
mod input;
mod output;
mod passphrase;
mod sandbox;
mod suggest;
mod user_id;

use std::io::{self, Read, Write};
use std::mem;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches, Parser};

use crate::args::{Args, Command, Debug};
use crate::command::debug::Terminals;
use crate::error::Status;
use crate::output::style::Colour;

/// Runs the command with the arguments of the process, and returns its exit status.
#[must_use]
pub fn run() -> ExitCode {
    match parse_arguments() {
        Ok(args) => harden::process().map_or_else(|failure| failure.report(), |()| command::run(args)).into(),
        Err(mut error) => {
            suggest::complete(&mut error, &Args::command(), arguments());
            // Help and version are no errors, and nothing can be done if nobody reads them.
            let status = if error.use_stderr() { Status::Unusable } else { Status::Good };
            let _ = error.print();
            status.into()
        }
    }
}

fn arguments() -> impl Iterator<Item = String> {
    std::env::args_os().map(|argument| argument.to_string_lossy().into_owned())
}

/// Help and usage errors have colours as the output has.
fn parse_arguments() -> Result<Args, clap::Error> {
    if let Some(args) = Args::of_plain_parse(std::env::args_os()) {
        return Ok(args);
    }
    parse_with(args::defer(Args::command)).or_else(|error| match error.kind() {
        ErrorKind::DisplayVersion => Err(error),
        // What is said of others may name commands that were not called.
        _ => parse_with(Args::command()),
    })
}

fn parse_with(command: clap::Command) -> Result<Args, clap::Error> {
    let mut command = command.color(Colour::of(arguments()).into());
    let matches = command.try_get_matches_from_mut(std::env::args_os());
    let args = matches
        .and_then(|mut matches| Args::from_arg_matches_mut(&mut matches).map_err(|error| error.format(&mut command)));
    // It is in hundreds of pieces, of which none is secret. To give them back one by one takes longer than to read a key.
    mem::forget(command);
    args
}

/// Runs `bpg debug parse` with `arguments`, options all of them, on `input` as a file, and returns the exit status.
///
/// The process is neither hardened nor put into a sandbox: neither can be undone.
///
/// # Errors
///
/// Those of writing to `output`.
///
/// # Panics
///
/// If the arguments are not those of `bpg debug parse`.
pub fn debug_parse(arguments: &[&str], input: impl Read, output: impl Write, errors: impl Write) -> io::Result<u8> {
    let arguments = ["bpg", "debug", "parse"].iter().chain(arguments);
    let Ok(Args { command: Command::Debug(Debug::Parse(args)) }) = Args::try_parse_from(arguments) else {
        panic!("these are not the arguments of bpg debug parse");
    };
    let files = [(&b"input"[..], Ok(input))].into_iter();
    let (status, result) = command::debug::parse_files(&args, &Terminals::default(), files, output, errors);
    result.map(|()| status as u8)
}

/// Runs `bpg debug extract` with `arguments`, the number of a packet and options, on `input` as a file, and returns the exit
/// status.
///
/// The process is neither hardened nor put into a sandbox: neither can be undone. Nothing is said of errors.
///
/// # Errors
///
/// Those of writing to `output`.
///
/// # Panics
///
/// If the arguments are not those of `bpg debug extract`.
pub fn debug_extract(arguments: &[&str], input: impl Read, output: impl Write) -> io::Result<u8> {
    let arguments = ["bpg", "debug", "extract"].iter().chain(arguments);
    let Ok(Args { command: Command::Debug(Debug::Extract(args)) }) = Args::try_parse_from(arguments) else {
        panic!("these are not the arguments of bpg debug extract");
    };
    match command::debug::extract::extract_from(&args, b"input", input, output, io::sink()) {
        Ok(status) => Ok(status as u8),
        Err(output::file::Stop::Failure(_)) => Ok(Status::Unusable as u8),
        Err(output::file::Stop::Output(error)) => Err(error),
    }
}
