//! `bpg debug`: looking into OpenPGP data.

mod contents;
mod file;
pub(crate) mod limits;
mod packets;
mod report;
mod tap;

use std::cell::RefCell;
use std::io::{self, Read, Write};
use std::path::PathBuf;

use self::limits::{Limits, Spent};
pub(crate) use self::report::Options;
use self::report::{Report, Stop};
use crate::args::Parse;
use crate::error::{Status, diagnose, note};
use crate::input;
use crate::output::hex::Hex;
use crate::output::json_lines::JsonLines;
use crate::output::renderer::{Renderer, Summary};
use crate::output::screen::Screen;
use crate::output::text::Text;
use crate::sandbox;

/// `bpg debug parse`
pub(crate) fn parse(args: &Parse) -> Status {
    let stdin = [PathBuf::from("-")];
    let paths = if args.files.is_empty() { &stdin[..] } else { &args.files };
    input::allow_many();
    let sources: Vec<_> = paths.iter().map(|path| input::open(path)).collect();
    let sandbox = sandbox::enter();
    if args.verbose > 0 {
        sandbox.notes().for_each(note);
    }
    let files = paths.iter().map(|path| input::name(path)).zip(sources);
    match parse_files(args, files, io::stdout().lock(), io::stderr().lock()) {
        (status, Ok(())) => status,
        // Whoever was reading has seen enough.
        (status, Err(error)) if error.kind() == io::ErrorKind::BrokenPipe => status,
        (_, Err(error)) => {
            diagnose(b"standard output", error);
            Status::Unusable
        }
    }
}

/// Prints what is in files, each with its name. The error is one of writing to `output`.
pub(crate) fn parse_files<'n, R: Read>(
    args: &Parse,
    files: impl ExactSizeIterator<Item = (&'n [u8], io::Result<R>)>,
    output: impl Write,
    errors: impl Write,
) -> (Status, io::Result<()>) {
    let renderer = if args.json {
        Renderer::JsonLines(Box::new(JsonLines::new(output, args.show_secrets)))
    } else if args.hex {
        Renderer::Hex(Hex::new(output, args.show_secrets))
    } else {
        let text = Text::new(output, args.verbose > 0 || args.show_secrets, args.show_secrets);
        Renderer::Text(text.with_octets(args.verbose > 1))
    };
    let screen = RefCell::new(Screen::new(renderer, errors));
    let options =
        Options { is_strict: args.strict, stays_outside: args.no_recurse || args.hex, recovers: args.recover };
    let limits = Limits::with(&args.limit);
    let are_several = files.len() > 1;
    let mut status = Status::Good;
    for (name, source) in files {
        screen.borrow_mut().file(name, are_several);
        let (summary, result) = tell(name, source, &screen, options, &limits);
        status = status.max(summary.status);
        screen.borrow_mut().end_of_file(&summary);
        let flushed = screen.borrow_mut().flush();
        if let Err(error) = result.and(flushed) {
            return (status, Err(error));
        }
    }
    let mut screen = screen.borrow_mut();
    screen.done(status);
    (status, screen.flush())
}

/// Tells the screen what is in a file. The error is one of writing.
pub(crate) fn tell<R: Read>(
    name: &[u8],
    source: io::Result<R>,
    screen: &RefCell<Screen<impl Write, impl Write>>,
    options: Options,
    limits: &Limits,
) -> (Summary, io::Result<()>) {
    let spent = Spent::new(limits);
    let mut report = Report::new(name, screen, options, &spent);
    let result = match source {
        Ok(source) => report.file(Input { source, screen, spent: &spent }),
        Err(error) => Err(Stop::Input(error)),
    };
    // Where reading stopped early, how much was read depends on how the input came.
    let octets = result.is_ok().then(|| spent.octets());
    let result = match result {
        Err(Stop::Input(error)) => {
            report.unusable(error);
            Ok(())
        }
        Err(Stop::Output(error)) => Err(error),
        Ok(()) | Err(Stop::Limit | Stop::Done) => Ok(()),
    };
    (Summary { status: report.status(), octets, reason: report.reason() }, result)
}

/// Prints the schema of what `--json` prints.
pub(crate) fn schema() -> Status {
    match io::stdout().lock().write_all(SCHEMA.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            diagnose(b"standard output", error);
            Status::Unusable
        }
        _ => Status::Good,
    }
}

/// What `--json` prints, as JSON Schema.
const SCHEMA: &str = include_str!("../../schema/bpg-debug-parse.schema.json");

/// A file, before each read of which everything is printed that was read before: the next octets may take their time.
struct Input<'a, R, W, E> {
    source: R,
    screen: &'a RefCell<Screen<W, E>>,
    spent: &'a Spent<'a>,
}

impl<R: Read, W: Write, E: Write> Read for Input<'_, R, W, E> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        // What goes wrong is told with the next event.
        let _ = self.screen.borrow_mut().flush();
        let count = self.source.read(out)?;
        self.spent.read(count as u64);
        Ok(count)
    }
}
