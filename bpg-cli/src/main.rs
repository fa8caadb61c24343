//! `bpg` makes OpenPGP keys, and shows what is in keys and messages.
#![forbid(unsafe_code)]

mod args;
mod command;
mod date;
mod error;
mod harden;
mod input;
mod output;
mod passphrase;
mod user_id;

use std::alloc::System;
use std::process::ExitCode;

use clap::Parser;
use zeroizing_alloc::ZeroAlloc;

use crate::args::Args;
use crate::error::Status;

/// Wipes memory when it is freed, whoever used it.
#[global_allocator]
static ALLOCATOR: ZeroAlloc<System> = ZeroAlloc(System);

fn main() -> ExitCode {
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
