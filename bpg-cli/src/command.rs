//! The commands.

pub(crate) mod debug;
mod key;

use crate::args::{Args, Command, Debug, Key};
use crate::error::{Failure, Status};

pub(crate) fn run(args: Args) -> Status {
    match args.command {
        Command::Debug(Debug::Parse(args)) => debug::parse(&args),
        Command::Debug(Debug::Schema) => debug::schema(),
        Command::Key(Key::Gen(args)) => status(key::generate::generate(&args)),
        Command::Key(Key::Public(args)) => status(key::public::public(&args)),
        Command::Key(Key::Protect(args)) => status(key::protect::protect(&args)),
        Command::Key(Key::Show(args)) => status(key::show::show(&args)),
    }
}

fn status(result: Result<Status, Failure>) -> Status {
    result.unwrap_or_else(|failure| failure.report())
}
