//! `bpg` shows what is in OpenPGP keys and messages.
#![forbid(unsafe_code)]

mod args;
mod command;
mod error;
mod input;
mod output;

use std::process::ExitCode;

use clap::Parser;

use crate::args::Args;
use crate::error::Status;

fn main() -> ExitCode {
    match Args::try_parse() {
        Ok(args) => command::run(args).into(),
        Err(error) => {
            // Help and version are no errors, and nothing can be done if nobody reads them.
            let status = if error.use_stderr() { Status::Unusable } else { Status::Good };
            let _ = error.print();
            status.into()
        }
    }
}
