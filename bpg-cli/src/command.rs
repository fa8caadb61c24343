//! The commands.

mod debug;

use crate::args::{Args, Command, Debug};
use crate::error::Status;

pub(crate) fn run(args: Args) -> Status {
    match args.command {
        Command::Debug(Debug::Parse(args)) => debug::parse(&args),
    }
}
