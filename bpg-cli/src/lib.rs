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
mod user_id;

use std::process::ExitCode;

use clap::Parser;

use crate::args::Args;
use crate::error::Status;

/// Runs the command with the arguments of the process, and returns its exit status.
#[must_use]
pub fn run() -> ExitCode {
    match Args::try_parse() {
        Ok(args) => harden::process().map_or_else(|failure| failure.report(), |()| command::run(args)).into(),
        Err(error) => {
            // Help and version are no errors, and nothing can be done if nobody reads them.
            let status = if error.use_stderr() { Status::Unusable } else { Status::Good };
            let _ = error.print();
            status.into()
        }
    }
}
