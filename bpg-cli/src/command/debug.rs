//! `bpg debug`: looking into OpenPGP data.

mod contents;
pub(crate) mod diff;
pub(crate) mod extract;
mod file;
pub(crate) mod limits;
mod packets;
mod report;
pub(crate) mod split;
mod tap;

use std::cell::RefCell;
use std::io::{self, IsTerminal, Read, Write};
use std::path::PathBuf;

use self::limits::{Limits, Spent};
pub(crate) use self::report::Options;
use self::report::{Report, Stop};
use crate::args::Parse;
use crate::command::print;
use crate::error::{Failure, STDOUT, Status, note, written};
use crate::input;
use crate::output::count::Count;
use crate::output::hex::Hex;
use crate::output::json_lines::JsonLines;
use crate::output::progress::Progress;
use crate::output::renderer::{FileEnd, Renderer};
use crate::output::screen::Screen;
use crate::output::select::Selection;
use crate::output::style::{self, Style};
use crate::output::summary::Summary;
use crate::output::text::Text;
use crate::sandbox;

/// `bpg debug parse`
pub(crate) fn parse(args: &Parse) -> Result<Status, Failure> {
    check_open(args)?;
    let stdin = [PathBuf::from("-")];
    let paths = if args.files.is_empty() { &stdin[..] } else { &args.files };
    input::allow_many();
    let sources: Vec<_> = paths.iter().map(|path| input::open(path)).collect();
    let terminals = Terminals::find(&sources);
    let sandbox = sandbox::enter();
    if args.verbose > 0 {
        sandbox.notes().for_each(note);
    }
    let files = paths.iter().map(|path| input::name(path)).zip(sources);
    let (status, result) = parse_files(args, &terminals, files, io::stdout().lock(), io::stderr().lock());
    written(STDOUT, result, status)
}

/// Fails if a packet is asked for that is inside of one which is not opened.
fn check_open(args: &Parse) -> Result<(), Failure> {
    let flag = match args {
        Parse { hex: true, .. } => "--hex",
        Parse { no_recurse: true, .. } => "--no-recurse",
        _ => return Ok(()),
    };
    match args.packet.iter().find(|number| number.counts().len() > 1) {
        Some(number) => Err(Failure::new(format_args!("{flag} opens no packets, so that there is no packet {number}"))),
        None => Ok(()),
    }
}

/// What there is to be seen by somebody. By default, nobody is there.
#[derive(Debug, Default)]
pub(crate) struct Terminals {
    /// Whether standard output is a terminal.
    shows_output: bool,
    /// The size of each file, 0 if nobody knows, where it is to be told how far reading got: on standard error if that is a
    /// terminal, and the output does not tell already.
    sizes: Option<Vec<u64>>,
}

impl Terminals {
    /// To be called outside of the sandbox, where this cannot be found out.
    fn find(sources: &[io::Result<input::Source>]) -> Self {
        let shows_output = io::stdout().is_terminal();
        let has_room = io::stderr().is_terminal() && !shows_output && !style::is_dumb(|name| std::env::var_os(name));
        let size = |source: &io::Result<input::Source>| source.as_ref().map_or(0, input::Source::size);
        Self { shows_output, sizes: has_room.then(|| sources.iter().map(size).collect()) }
    }
}

/// Prints what is in files, each with its name. The error is one of writing to `output`.
pub(crate) fn parse_files<'n, R: Read>(
    args: &Parse,
    terminals: &Terminals,
    files: impl ExactSizeIterator<Item = (&'n [u8], io::Result<R>)>,
    output: impl Write,
    mut errors: impl Write,
) -> (Status, io::Result<()>) {
    let selection = Selection { types: args.only.clone(), numbers: args.packet.clone() };
    let style = Style::new(args.color, terminals.shows_output);
    match renderer(args, selection.is_all(), style, output) {
        Form::Text(mut text) => render_files(args, terminals, files, Screen::new(&mut *text, selection, &mut errors)),
        Form::Other(mut form) => render_files(args, terminals, files, Screen::new(&mut *form, selection, &mut errors)),
    }
}

fn render_files<'n, I: Read, R: Renderer + ?Sized>(
    args: &Parse,
    terminals: &Terminals,
    files: impl ExactSizeIterator<Item = (&'n [u8], io::Result<I>)>,
    screen: Screen<'_, R>,
) -> (Status, io::Result<()>) {
    let progress = terminals.sizes.is_some().then(Progress::new);
    let screen = RefCell::new(screen.with_progress(progress).redacted(args.redact));
    // What hexadecimal shows are the octets of the file.
    let stays_outside = args.no_recurse || args.hex;
    let options = Options { is_strict: args.strict, stays_outside, recovers: args.recover, ..Options::default() };
    let limits = Limits::with(&args.limit);
    let are_several = files.len() > 1;
    let mut status = Status::Good;
    for (index, file) in files.enumerate() {
        let size = terminals.sizes.as_ref().and_then(|sizes| sizes.get(index));
        screen.borrow_mut().file(file.0, are_several);
        screen.borrow_mut().reading(file.0, size.copied().unwrap_or(0));
        let (end, result) = tell(file, &screen, options, &limits);
        status = status.max(end.status);
        screen.borrow_mut().end_of_file(&end);
        let flushed = screen.borrow_mut().flush();
        if let Err(error) = result.and(flushed) {
            return (status, Err(error));
        }
    }
    let mut screen = screen.borrow_mut();
    screen.done(status);
    (status, screen.flush())
}

/// A form of output.
enum Form<'o, W> {
    /// The one that is asked for most.
    Text(Box<Text<W>>),
    Other(Box<dyn Renderer + 'o>),
}

/// The form of output that is asked for.
fn renderer<'o, W: Write + 'o>(args: &Parse, is_all: bool, style: Style, output: W) -> Form<'o, W> {
    Form::Other(if args.json {
        Box::new(JsonLines::new(output, args.show_secrets, !is_all, args.redact))
    } else if args.hex {
        Box::new(Hex::new(output, args.show_secrets).in_style(style))
    } else if args.count {
        Box::new(Count::new(output))
    } else if args.summary {
        Box::new(Summary::new(output))
    } else {
        let text = Text::new(output, args.verbose > 0 || args.show_secrets, args.show_secrets).in_style(style);
        return Form::Text(Box::new(text.with_octets(args.verbose > 1 && !args.redact)));
    })
}

/// Tells the screen what is in a file, given with its name. The error is one of writing.
pub(crate) fn tell<I: Read, R: Renderer + ?Sized>(
    (name, source): (&[u8], io::Result<I>),
    screen: &RefCell<Screen<'_, R>>,
    options: Options,
    limits: &Limits,
) -> (FileEnd, io::Result<()>) {
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
    if octets.is_some() && report.status() != Status::Unusable {
        // What was asked for can be missing only where everything was read.
        let missing: Vec<String> = screen.borrow().missing().map(|missing| missing.to_string()).collect();
        missing.iter().for_each(|missing| report.unusable(missing));
    }
    let (status, has_unread) = (report.status(), report.has_unread());
    (FileEnd { status, octets, has_unread, reason: report.reason() }, result)
}

/// Prints the schema of what `--json` prints.
pub(crate) fn schema() -> Result<Status, Failure> {
    print(SCHEMA.as_bytes(), Status::Good)
}

/// What `--json` prints, as JSON Schema.
const SCHEMA: &str = include_str!("../../schema/bpg-debug-parse.schema.json");

/// A file, before each read of which everything is printed that was read before: the next octets may take their time.
struct Input<'a, 's, I, R: ?Sized> {
    source: I,
    screen: &'a RefCell<Screen<'s, R>>,
    spent: &'a Spent<'a>,
}

impl<I: Read, R: Renderer + ?Sized> Read for Input<'_, '_, I, R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.screen.borrow_mut().flush_early();
        let count = self.source.read(out)?;
        self.spent.read(count as u64);
        self.screen.borrow_mut().read(self.spent.octets());
        Ok(count)
    }
}
