//! `bpg debug split`: packets or certificates, each in a file of its own.

use std::cell::RefCell;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::limits::Limits;
use super::report::Options;
use super::tell;
use crate::args::{Split, SplitBy};
use crate::error::{Failure, Status};
use crate::input;
use crate::output::renderer::Renderer;
use crate::output::screen::Screen;
use crate::output::select::Selection;
use crate::output::split::{self, By};
use crate::sandbox;

/// `bpg debug split`
pub(crate) fn split(args: &Split) -> Result<Status, Failure> {
    let path = args.file.as_ref().map_or(Path::new("-"), PathBuf::as_path);
    let name = input::name(path);
    let source = input::open(path).map_err(|error| Failure::about(name, error))?;
    // No folder is made for nothing. Of a pipe, that cannot be known before the sandbox is entered, for which the folder has
    // to be there.
    if source.is_empty_file().map_err(|error| Failure::about(name, error))? {
        return Err(Failure::about(name, input::no_data(true)));
    }
    // What the working folder is cannot be asked for in the sandbox.
    let folder =
        &std::path::absolute(&args.directory).map_err(|error| Failure::about(input::name(&args.directory), error))?;
    fs::create_dir_all(folder).map_err(|error| Failure::about(input::name(folder), error))?;
    // What the system lacks is not asked for, as with other commands that write.
    sandbox::enter_but_for(folder);
    let by = match args.by {
        SplitBy::Packet => By::Packet,
        SplitBy::Certificate => By::Certificate,
    };
    let (mut split, mut errors) = (split::Split::new(folder.clone(), by, args.force), io::stderr().lock());
    let screen = RefCell::new(Screen::<dyn Renderer>::new(&mut split, Selection::default(), &mut errors));
    // What is compressed stays as it is.
    let options = Options { stays_outside: true, writes_packets: true, ..Options::default() };
    let (end, result) = tell((name, Ok(source)), &screen, options, &Limits::with(&args.limit));
    let mut screen = screen.into_inner();
    // A file appears only when all of it was read.
    let finished = |screen: &mut Screen<'_, _>| match end.status {
        Status::Unusable => Ok(()),
        _ => screen.finish(),
    };
    let result = result.and_then(|()| finished(&mut screen)).and_then(|()| screen.flush());
    match result {
        Ok(()) if end.status == Status::Good && !split.has_found() => {
            Err(Failure::about(name, "there are no packets in it"))
        }
        Ok(()) => Ok(end.status),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            let reason = "exists already, and is not overwritten without --force";
            Err(Failure::about(input::name(split.failed()), reason))
        }
        Err(error) => Err(Failure::about(input::name(split.failed()), error)),
    }
}
