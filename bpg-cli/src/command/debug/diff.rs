//! `bpg debug diff`: what is different in two files, packet by packet.

use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::Hash;
use std::io::{self, Read};
use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::limits::Limits;
use super::report::Options;
use super::tell;
use crate::args::Diff;
use crate::error::{Failure, Status, note};
use crate::input;
use crate::output::renderer::Renderer;
use crate::output::screen::Screen;
use crate::output::select::Selection;
use crate::output::units::{Unit, Units};
use crate::output::{escape, file};
use crate::sandbox;

/// What is said of packets that look the same.
const OTHER_OCTETS: &str = "        (octets that are not shown)";

/// `bpg debug diff`
pub(crate) fn diff(args: &Diff) -> Result<Status, Failure> {
    let paths = [&args.old, &args.new];
    if paths.iter().all(|path| input::is_stdin(path)) {
        return Err(Failure::about(input::name(&args.old), "it can be one of the two files, not both"));
    }
    let sources = paths.map(|path| input::open(path));
    let sandbox = sandbox::enter();
    if args.verbose {
        sandbox.notes().for_each(note);
    }
    let names = paths.map(|path| input::name(path));
    let mut files = names.into_iter().zip(sources).map(|file| read(file, args));
    let (Some(Some(old)), Some(Some(new))) = (files.next(), files.next()) else { return Ok(Status::Unusable) };
    let is_all_read = old.is_all_read && new.is_all_read;
    let mut differences = Differences { old: &old.units, new: &new.units, out: Vec::new() };
    if !differences.find() {
        // What was not read may be different.
        return Ok(if is_all_read { Status::Good } else { Status::Unusable });
    }
    let mut out = Vec::new();
    for (sign, name) in ["--- ", "+++ "].into_iter().zip(names) {
        out.extend_from_slice(sign.as_bytes());
        escape::text(&mut out, name);
        out.push(b'\n');
    }
    out.append(&mut differences.out);
    // As with `diff`, 1 says that there are differences.
    file::print(&out, if is_all_read { Status::Malformed } else { Status::Unusable })
}

/// What is compared of a file.
struct Contents {
    units: Vec<Unit>,
    /// Whether there is nothing else in it.
    is_all_read: bool,
}

/// What a file holds, if it can be read to its end.
fn read<R: Read>(file: (&[u8], io::Result<R>), args: &Diff) -> Option<Contents> {
    let (mut units, mut errors) = (Units::new(args.verbose), io::stderr().lock());
    let screen = RefCell::new(Screen::<dyn Renderer>::new(&mut units, Selection::default(), &mut errors));
    let (end, _) = tell(file, &screen, Options::default(), &Limits::with(&args.limit));
    // Only what is wrong is written.
    let _ = screen.borrow_mut().flush();
    let is_usable = end.octets.is_some() && end.status != Status::Unusable;
    drop(screen);
    is_usable.then(|| Contents { units: units.into_units(), is_all_read: !end.has_unread })
}

/// Finds what is different, and writes it.
struct Differences<'u> {
    old: &'u [Unit],
    new: &'u [Unit],
    out: Vec<u8>,
}

impl Differences<'_> {
    /// Writes the differences, and tells whether there are any.
    fn find(&mut self) -> bool {
        let changes = changes(self.old, self.new);
        if changes.iter().all(|change| matches!(change, DiffOp::Equal { .. })) {
            return false;
        }
        for change in changes {
            match change {
                DiffOp::Equal { len, .. } => self.same(len),
                _ => self.replaced(change.old_range(), change.new_range()),
            }
        }
        true
    }

    fn same(&mut self, count: usize) {
        let plural = if count == 1 { "" } else { "s" };
        self.line(b"  ", &format!("({count} packet{plural} the same)"));
    }

    /// Some stand where others stood: those of the same type are the same ones, changed.
    fn replaced(&mut self, old: Range<usize>, new: Range<usize>) {
        let (all_old, all_new) = (self.old, self.new);
        let (old, new) = (&all_old[old], &all_new[new]);
        let kinds = [old, new].map(|units| units.iter().map(|unit| unit.kind).collect::<Vec<_>>());
        for change in capture_diff_slices(Algorithm::Myers, &kinds[0], &kinds[1]) {
            let (old, new) = (&old[change.old_range()], &new[change.new_range()]);
            if let DiffOp::Equal { .. } = change {
                old.iter().zip(new).for_each(|(old, new)| self.changed(old, new));
            } else {
                old.iter().for_each(|unit| self.whole(b"-", unit));
                new.iter().for_each(|unit| self.whole(b"+", unit));
            }
        }
    }

    fn whole(&mut self, sign: &[u8], unit: &Unit) {
        unit.text.lines().for_each(|line| self.line(sign, line));
    }

    fn changed(&mut self, old: &Unit, new: &Unit) {
        if old == new {
            return self.same(1);
        }
        let lines = [old, new].map(|unit| unit.text.lines().collect::<Vec<_>>());
        for change in changes(&lines[0], &lines[1]) {
            let (old, new) = (&lines[0][change.old_range()], &lines[1][change.new_range()]);
            if let DiffOp::Equal { .. } = change {
                old.iter().for_each(|line| self.line(b" ", line));
            } else {
                old.iter().for_each(|line| self.line(b"-", line));
                new.iter().for_each(|line| self.line(b"+", line));
            }
        }
        if old.text == new.text {
            self.line(b"-", OTHER_OCTETS);
            self.line(b"+", OTHER_OCTETS);
        }
    }

    fn line(&mut self, sign: &[u8], line: &str) {
        self.out.extend_from_slice(sign);
        self.out.extend_from_slice(line.as_bytes());
        self.out.push(b'\n');
    }
}

/// How to make one sequence of the other, with items that compare fast.
fn changes<T: Eq + Hash>(old: &[T], new: &[T]) -> Vec<DiffOp> {
    let mut numbers = HashMap::new();
    let [old, new] = [old, new].map(|items| {
        let number = |item| {
            let next = numbers.len();
            *numbers.entry(item).or_insert(next)
        };
        items.iter().map(number).collect::<Vec<usize>>()
    });
    capture_diff_slices(Algorithm::Myers, &old, &new)
}
