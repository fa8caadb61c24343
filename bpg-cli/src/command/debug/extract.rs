//! `bpg debug extract`: the octets of one packet.

use std::cell::RefCell;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use super::limits::Limits;
use super::report::Options;
use super::tell;
use crate::args::Extract;
use crate::error::{Failure, Status};
use crate::input;
use crate::output::extract;
use crate::output::file::{Access, Output, Target};
use crate::output::screen::Screen;
use crate::output::select::Selection;
use crate::sandbox;

/// `bpg debug extract`
pub(crate) fn extract(args: &Extract) -> Result<Status, Failure> {
    let path = args.file.as_ref().map_or(Path::new("-"), PathBuf::as_path);
    let name = input::name(path);
    // What a packet holds may be secret.
    let target = Target::new(args.output.as_deref(), Access::Owner, args.force);
    target.check(true)?;
    let source = input::open(path).map_err(|error| Failure::about(name, error))?;
    let mut output = Output::open(target)?;
    match target.folder() {
        Some(folder) => drop(sandbox::enter_but_for(folder)),
        None => drop(sandbox::enter()),
    }
    let result = extract_from(args, name, source, &mut output, io::stderr().lock());
    match result {
        Err(Stop::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Status::Good),
        Err(Stop::Output(error)) => Err(Failure::about(output.name(), error)),
        Err(Stop::Failure(failure)) => Err(failure),
        Ok(Status::Unusable) => Ok(Status::Unusable),
        Ok(status) => output.keep().map(|()| status),
    }
}

/// Why the packet cannot be had.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The output cannot be written.
    Output(io::Error),
    /// It is not in what was read, or that cannot be used.
    Failure(Failure),
}

/// Writes the octets of the packet in the file `name`.
pub(crate) fn extract_from(
    args: &Extract,
    name: &[u8],
    source: impl Read,
    output: impl Write,
    mut errors: impl Write,
) -> Result<Status, Stop> {
    let mut extract = extract::Extract::new(output);
    let selection = Selection { numbers: vec![args.number.clone()], ..Selection::default() };
    let screen = RefCell::new(Screen::new(&mut extract, selection, &mut errors));
    let limits = Limits::with(&args.limit);
    let (end, result) = tell((name, Ok(source)), &screen, Options::default(), &limits);
    let flushed = screen.borrow_mut().flush();
    result.and(flushed).map_err(Stop::Output)?;
    drop(screen);
    match end.status {
        // Why is told already.
        Status::Unusable => Ok(Status::Unusable),
        _ if !extract.has_found() => {
            Err(Stop::Failure(Failure::about(name, format!("no packet {} in what was read", args.number))))
        }
        _ if extract.is_malformed() => Ok(Status::Malformed),
        _ => Ok(Status::Good),
    }
}
