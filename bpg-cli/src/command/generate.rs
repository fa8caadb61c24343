//! `bpg generate`: what is made of the definition of the flags.

use std::fs;
use std::path::Path;

use clap::CommandFactory;
use clap_mangen::Man as Page;

use super::print;
use crate::args::{Args, Completions, Man};
use crate::error::{Failure, Status};
use crate::input;

/// `bpg generate man`
pub(super) fn man(args: &Man) -> Result<Status, Failure> {
    fs::create_dir_all(&args.folder).map_err(|error| Failure::about(input::name(&args.folder), error))?;
    let mut command = Args::command().disable_help_subcommand(true);
    // Gives each command its full name.
    command.build();
    pages(&command, &args.folder).map(|()| Status::Good)
}

/// The page of a command, and those of the commands below it.
fn pages(command: &clap::Command, folder: &Path) -> Result<(), Failure> {
    let page = Page::new(command.clone()).source(concat!("bpg ", env!("CARGO_PKG_VERSION"))).manual("bpg");
    let path = folder.join(page.get_filename());
    let mut roff = Vec::new();
    let written = page.render(&mut roff).and_then(|()| fs::write(&path, roff));
    written.map_err(|error| Failure::about(input::name(&path), error))?;
    command.get_subcommands().try_for_each(|command| pages(command, folder))
}

/// `bpg generate completions`
pub(super) fn completions(args: &Completions) -> Result<Status, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "bpg", &mut script);
    print(&script)
}
