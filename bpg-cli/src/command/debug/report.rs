//! What is told of one file: its contents on standard output, and what is wrong with it on standard error, too.

use std::cell::RefCell;
use std::fmt::{self, Display, Write as _};
use std::io;
use std::ops::ControlFlow;

use bpg_core::armor::{self, LocatedError};
use bpg_core::error::{ArmorRule, Error, ErrorKind};
use bpg_core::inspect::{Container, Detail, Event, Field, Value, Visitor};
use bpg_core::octets::{Octets, Span};
use bpg_core::registry::CompressionAlgorithm;

use super::limits::Spent;
use crate::error::Status;
use crate::input::{ARMOR_HEADERS, FEWER_HEADERS};
use crate::output::renderer::{Lines, Renderer};
use crate::output::screen::Screen;

/// What is done with the files.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Options {
    /// Armor that is not as it should be is malformed.
    pub(crate) is_strict: bool,
    /// Compressed packets and embedded signatures are not opened.
    pub(crate) stays_outside: bool,
    /// Behind octets that are no packet, the next packet is looked for.
    pub(crate) recovers: bool,
    /// Packets are written, so that what is left out around them is to be said.
    pub(crate) writes_packets: bool,
}

/// Why a file is not read to its end.
#[derive(Debug)]
pub(super) enum Stop {
    /// The output cannot be written.
    Output(io::Error),
    /// The file cannot be read on.
    Input(io::Error),
    /// A limit is reached, and that was told.
    Limit,
    /// What was looked for is found.
    Done,
}

/// Passes on what is in one file.
pub(super) struct Report<'a, 's, R: ?Sized> {
    name: &'a [u8],
    pub(super) screen: &'a RefCell<Screen<'s, R>>,
    pub(super) options: Options,
    pub(super) spent: &'a Spent<'a>,
    /// What is opened around what is told now, the outermost first.
    spaces: Vec<Space<'a>>,
    /// Where the places of what is read are in the file, if that is not the file.
    origin: Option<Locate<'a>>,
    place_of_error: Option<Place>,
    /// The position of what was told last, in the innermost space.
    told_last: u64,
    /// Whether there are octets that ought to be in packets and were not read.
    has_unread: bool,
    /// Whether anything was found, of a kind that is not to be mixed.
    found: Found,
    status: Status,
    /// Why the file cannot be used.
    reason: Option<String>,
    /// How much had been printed before this file.
    printed_before: u64,
    /// How much may have been printed, that included, as far as is known.
    printable: u64,
    /// Whether fields are printed that an overview does without: most of what there is to be told.
    has_details: bool,
    /// Whether a packet is told all of which was read.
    pub(super) is_in_whole_packet: bool,
    /// Whether there is signed text, whatever its signature holds.
    pub(super) has_signed_text: bool,
}

/// What positions count the octets of, if that is not the file.
pub(super) enum Space<'a> {
    /// What armor holds; it says on which line and in which column of the text an octet of that is.
    Armor(Box<dyn Fn(u64) -> Option<(u64, u64)> + 'a>),
    /// What a packet at this position decompresses to.
    Compressed(CompressionAlgorithm, u64),
}

/// Where something is in a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// The position in the file.
    pub(super) position: u64,
    /// The line, counted from 1, and the octet on it, counted from 1.
    pub(super) line_and_column: Option<(u64, u64)>,
}

impl Place {
    /// In a file that is no text.
    pub(super) const fn octet(position: u64) -> Self {
        Self { position, line_and_column: None }
    }
}

impl Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at octet {}", self.position)?;
        write_line(f, self.line_and_column)
    }
}

fn write_line(f: &mut impl fmt::Write, line_and_column: Option<(u64, u64)>) -> fmt::Result {
    match line_and_column {
        Some((line, column)) => write!(f, " (line {line}, column {column})"),
        None => Ok(()),
    }
}

/// Finds the place in the file of an octet of what was made of it.
pub(super) type Locate<'a> = &'a dyn Fn(armor::Place) -> armor::Place;

/// The place in the file, found by `origin` if there is one.
pub(super) fn locate(origin: Option<Locate<'_>>, place: armor::Place) -> Place {
    let armor::Place { position, line, column } = origin.map_or(place, |origin| origin(place));
    Place { position, line_and_column: Some((line, column)) }
}

/// What a file was found to hold.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    Nothing,
    Packets,
    Armor,
}

impl<'a, 's, R: Renderer + ?Sized> Report<'a, 's, R> {
    pub(super) fn new(
        name: &'a [u8],
        screen: &'a RefCell<Screen<'s, R>>,
        options: Options,
        spent: &'a Spent<'a>,
    ) -> Self {
        let (printed_before, has_details) = (screen.borrow().printed(), screen.borrow().has_details());
        let (spaces, found, status) = (Vec::new(), Found::Nothing, Status::Good);
        let (origin, place_of_error) = (None, None);
        let reason = None;
        Self {
            name,
            screen,
            options,
            spent,
            spaces,
            origin,
            place_of_error,
            told_last: 0,
            has_unread: false,
            found,
            status,
            reason,
            printed_before,
            printable: 0,
            has_details,
            is_in_whole_packet: false,
            has_signed_text: false,
        }
    }

    pub(super) const fn status(&self) -> Status {
        self.status
    }

    /// Whether there are octets that ought to be in packets and were not read.
    pub(super) const fn has_unread(&self) -> bool {
        self.has_unread
    }

    /// Octets that ought to be in packets are not read.
    pub(super) const fn leaves_unread(&mut self) {
        self.has_unread = true;
    }

    /// Whether there is nothing but armor with nothing in it.
    pub(super) fn is_empty_armor(&self) -> bool {
        self.found == Found::Armor
            && !self.has_signed_text
            && self.status == Status::Good
            && self.spent.is_without_packets()
    }

    pub(super) fn has_found(&self) -> bool {
        self.found != Found::Nothing
    }

    /// How many compressed packets are around what is told now.
    pub(super) fn depth(&self) -> u64 {
        self.spaces.iter().filter(|space| matches!(space, Space::Compressed(..))).count() as u64
    }

    /// The file cannot be used, or not to its end.
    pub(super) fn unusable(&mut self, reason: impl Display) {
        let reason = reason.to_string();
        self.screen.borrow_mut().note(self.name, &reason);
        self.status = self.status.max(Status::Unusable);
        self.reason.get_or_insert(reason);
    }

    /// Why the file cannot be used, or not to its end.
    pub(super) fn reason(&mut self) -> Option<String> {
        self.reason.take()
    }

    /// Goes inside of what has positions of its own.
    pub(super) fn within<T>(&mut self, space: Space<'a>, tell: impl FnOnce(&mut Self) -> T) -> T {
        self.spaces.push(space);
        let outer = std::mem::take(&mut self.told_last);
        let told = tell(self);
        self.told_last = outer;
        self.spaces.pop();
        told
    }

    /// Says something that is no error, of a place in the file.
    pub(super) fn note(&self, place: Place, message: impl Display) {
        let mut screen = self.screen.borrow_mut();
        screen.remark(place.position, place.line_and_column, &message);
        screen.note(self.name, format_args!("{place}: {message}"));
    }

    /// Says that something is not as it should be.
    pub(super) fn irregular(&mut self, place: Place, rule: ArmorRule) {
        self.note(place, rule);
        if self.options.is_strict {
            self.is_malformed();
        }
    }

    /// Something is malformed, and that was told.
    pub(super) fn is_malformed(&mut self) {
        self.status = self.status.max(Status::Malformed);
    }

    /// Says that there is something else in the file than what was found first.
    pub(super) fn not_mixed(&mut self, kind: Found, place: Place) {
        if self.found != Found::Nothing && self.found != kind {
            self.irregular(place, ArmorRule::NotMixed);
        }
        self.found = kind;
    }

    /// Goes inside of a text that was made of another one, where `locate` finds the places of the octets.
    pub(super) fn inside<T>(
        &mut self,
        locate: &dyn Fn(armor::Place) -> armor::Place,
        tell: impl FnOnce(&mut Report<'_, 's, R>) -> T,
    ) -> T {
        let outer = self.origin;
        let composed = |place: armor::Place| outer.map_or(locate(place), |outer| outer(locate(place)));
        let mut inner = Report {
            name: self.name,
            screen: self.screen,
            options: self.options,
            spent: self.spent,
            spaces: Vec::new(),
            origin: Some(&composed),
            place_of_error: None,
            told_last: 0,
            has_unread: self.has_unread,
            found: self.found,
            status: self.status,
            reason: None,
            printed_before: self.printed_before,
            printable: self.printable,
            has_details: self.has_details,
            is_in_whole_packet: false,
            has_signed_text: self.has_signed_text,
        };
        let told = tell(&mut inner);
        (self.found, self.status, self.has_signed_text) = (inner.found, inner.status, inner.has_signed_text);
        self.has_unread = inner.has_unread;
        told
    }

    /// What finds a place in the file of what is read now.
    pub(super) const fn origin(&self) -> Option<Locate<'a>> {
        self.origin
    }

    /// The place in the file of what is read now.
    pub(super) fn locate(&self, place: armor::Place) -> Place {
        locate(self.origin, place)
    }

    /// The next error is at this place, and not where the octets say that are told of.
    pub(super) const fn error_at(&mut self, place: Place) {
        self.place_of_error = Some(place);
    }

    /// The error with its place in the file, where it is told next.
    pub(super) fn at_its_place(&mut self, LocatedError { error, place }: LocatedError) -> Error {
        let place = self.locate(place);
        self.error_at(place);
        let end = place.position.saturating_add(error.span().len());
        error.at(Span { start: place.position, end })
    }

    /// Says that a limit is reached, and ends the file.
    #[cold]
    pub(super) fn over_limit(&mut self, of: &'static str, limit: u64, span: Span) -> Result<(), Stop> {
        let error = Error::new(ErrorKind::OverLimit { of, limit }, span);
        self.malformed(&error, &self.place(span.start));
        self.screen.borrow_mut().event(&Event::Error(error), None).map_err(Stop::Output)?;
        Err(Stop::Limit)
    }

    /// Tells where an octet is: in what is told now, and that in what is around it.
    fn place(&self, position: u64) -> String {
        let mut place = format!("at octet {position}");
        let mut position = position;
        for space in self.spaces.iter().rev() {
            // Writing to a string does not fail.
            let _ = match space {
                Space::Compressed(algorithm, packet) => {
                    let name = algorithm.name().unwrap_or("compressed");
                    position = *packet;
                    write!(place, " of the {name} data of the packet at octet {packet}")
                }
                Space::Armor(line) => {
                    place.push_str(" of the armored data");
                    write_line(&mut place, line(position))
                }
            };
        }
        place
    }

    /// The event with the places of signed text as they are in the file, if it was read from a text that was made of it.
    fn in_file<'e>(&self, event: Event<'e>) -> Event<'e> {
        let Some(origin) = self.origin.filter(|_| self.spaces.is_empty()) else { return event };
        let position = |position| origin(armor::Place { position, line: 1, column: 1 }).position;
        match event {
            Event::Container(container) => {
                let octets = Octets::new(container.octets.as_slice(), position(container.octets.start()));
                Event::Container(Container { octets, ..container })
            }
            Event::Field(field) => {
                let span = field.span.map(|span| Span { start: position(span.start), end: position(span.end) });
                Event::Field(Field { span, ..field })
            }
            _ => event,
        }
    }

    fn malformed(&mut self, error: &Error, place: &impl Display) {
        let mut screen = self.screen.borrow_mut();
        match error.kind() {
            ErrorKind::OverLimit { of, .. } => {
                screen.note(self.name, format_args!("{place}: {} ({})", error.reason(), hint(of)));
            }
            _ => screen.note(self.name, format_args!("{place}: {}", error.reason())),
        }
        drop(screen);
        self.has_unread |= leaves_unread(error.kind());
        self.is_malformed();
    }

    fn error(&mut self, mut error: Error) -> Result<(), Stop> {
        match self.spent.stopped_at().filter(|_| self.depth() > 0 && !self.is_in_whole_packet) {
            // What is missing was not read, which is said once, of what it is missing in.
            Some(limit) if matches!(error.kind(), ErrorKind::Truncated { .. }) => {
                error = Error::new(ErrorKind::OverLimit { of: DECOMPRESSED, limit }, error.span());
            }
            _ => match self.place_of_error.take() {
                Some(place) => self.malformed(&error, &place),
                None => self.malformed(&error, &self.place(error.span().start)),
            },
        }
        self.print(&Event::Error(error))
    }

    #[inline(always)]
    fn print(&mut self, event: &Event<'_>) -> Result<(), Stop> {
        if let Some(position) = position(event) {
            self.told_last = position;
        }
        let mut screen = self.screen.borrow_mut();
        screen.event(event, lines(&self.spaces)).map_err(Stop::Output)?;
        let printed = screen.printed();
        drop(screen);
        self.printed(printed)
    }

    /// Prints something that may say where octets are in the text of armor.
    pub(super) fn with_lines(
        &mut self,
        print: impl FnOnce(&mut Screen<'_, R>, Lines<'_>) -> io::Result<()>,
    ) -> Result<(), Stop> {
        let mut screen = self.screen.borrow_mut();
        print(&mut screen, lines(&self.spaces)).map_err(Stop::Output)?;
        let printed = screen.printed();
        drop(screen);
        self.printed(printed)
    }

    /// So much was printed, of all files.
    #[inline(always)]
    fn printed(&mut self, printed: u64) -> Result<(), Stop> {
        if printed <= self.printable { Ok(()) } else { self.printed_more(printed) }
    }

    /// More was printed than was known to be allowed. That grows with what is read.
    fn printed_more(&mut self, printed: u64) -> Result<(), Stop> {
        let limit = self.spent.printable();
        self.printable = self.printed_before.saturating_add(limit);
        if printed <= self.printable {
            return Ok(());
        }
        self.over_limit(OUTPUT, limit, Span { start: self.told_last, end: self.told_last })
    }
}

/// What says where octets are in the text of armor, if that is what is told of.
fn lines<'l>(spaces: &'l [Space<'_>]) -> Lines<'l> {
    match spaces.last() {
        Some(Space::Armor(line)) => Some(&**line),
        _ => None,
    }
}

/// Where something starts that an event tells of.
const fn position(event: &Event<'_>) -> Option<u64> {
    match event {
        Event::Packet(frame) => Some(frame.octets.start()),
        Event::Field(Field { span: Some(span), .. }) => Some(span.start),
        Event::Open(group) => Some(group.span.start),
        Event::Container(container) => Some(container.octets.start()),
        Event::Remainder(remainder) => Some(remainder.span.start),
        Event::Armor(armor) | Event::ArmorEnd(armor) => Some(armor.start),
        _ => None,
    }
}

/// Whether what is wrong keeps octets behind it from being read.
const fn leaves_unread(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::OverLimit { .. }
            | ErrorKind::NotBase64 { .. }
            | ErrorKind::IncompleteBase64
            | ErrorKind::BehindBase64
    )
}

/// What there is too much of, as errors call it.
pub(super) const LEVELS: &str = "levels of compressed packets";
pub(super) const PACKET: &str = "octets in a packet";
pub(super) const ENCODED: &str = "octets of encoded text";
pub(super) const DECOMPRESSED: &str = "octets of decompressed data";
pub(super) const PACKETS: &str = "packets";
pub(super) const OUTPUT: &str = "octets of output";

/// What the user can do about a limit.
fn hint(of: &str) -> &'static str {
    match of {
        LEVELS => "see --limit depth",
        PACKET | ENCODED => "see --limit packet",
        DECOMPRESSED => "see --limit decompressed",
        PACKETS => "see --limit packets",
        ARMOR_HEADERS => FEWER_HEADERS,
        _ => "see --limit output",
    }
}

impl<R: Renderer + ?Sized> Visitor for Report<'_, '_, R> {
    type Break = Stop;

    fn opens_embedded_signatures(&self) -> bool {
        !self.options.stays_outside
    }

    /// There are as many fields that an overview does without as of those that are printed.
    fn wants(&self, detail: Detail, value: &Value<'_>) -> bool {
        self.prints(detail) || matches!(value, Value::Time(_))
    }

    #[inline(always)]
    fn event(&mut self, event: Event<'_>) -> ControlFlow<Stop> {
        if let Event::Field(Field { detail, value, .. }) = event
            && !self.prints(detail)
        {
            if let Value::Time(created) = value {
                self.screen.borrow_mut().created_at(created);
            }
            return ControlFlow::Continue(());
        }
        match event {
            Event::Error(_) => self.tell(&event),
            _ if self.origin.is_some() => self.tell(&event),
            // Most of what is told.
            _ => flow(self.print(&event)),
        }
    }
}

impl<R: Renderer + ?Sized> Report<'_, '_, R> {
    /// Whether fields with so much detail are printed.
    fn prints(&self, detail: Detail) -> bool {
        self.has_details || detail == Detail::Brief
    }

    /// Tells of an error, or of what is not as it is in the file.
    #[cold]
    fn tell(&mut self, event: &Event<'_>) -> ControlFlow<Stop> {
        flow(match event {
            Event::Error(error) => self.error(*error),
            _ => self.print(&self.in_file(*event)),
        })
    }
}

/// How a walk goes on.
pub(super) fn flow(printed: Result<(), Stop>) -> ControlFlow<Stop> {
    match printed {
        Ok(()) => ControlFlow::Continue(()),
        Err(stop) => ControlFlow::Break(stop),
    }
}

/// How a walk ended, as a result.
pub(super) fn told(flow: ControlFlow<Stop>) -> Result<(), Stop> {
    match flow {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(stop) => Err(stop),
    }
}
