//! `bpg debug extract`: the octets of one packet.

use std::cell::RefCell;
use std::io::{self, Read, Write};

use super::limits::Limits;
use super::report::Options;
use super::tell;
use crate::args::Extract;
use crate::command::{open, target};
use crate::error::{Failure, Status};
use crate::output::extract;
use crate::output::file::Stop;
use crate::output::renderer::Renderer;
use crate::output::screen::Screen;
use crate::output::select::Selection;

/// `bpg debug extract`
pub(crate) fn extract(args: &Extract) -> Result<Status, Failure> {
    let target = target(&args.output);
    target.check(true)?;
    target.tell_of_loss();
    let (name, source, mut output) = open(args.file.as_ref(), target)?;
    let result = extract_from(args, name, source, &mut output, io::stderr().lock());
    output.end(result)
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
    let screen = RefCell::new(Screen::<dyn Renderer>::new(&mut extract, selection, &mut errors));
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
