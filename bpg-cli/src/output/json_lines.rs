//! The JSON form: one record a line, as `schema/bpg-debug-parse.schema.json` describes it.
//!
//! A record is appended to a buffer as its events come, and never held as a tree, so that memory does not grow with what is
//! told. What is known only at the end of a record stands at its end.

mod value;

use std::fmt::Display;
use std::io::{self, Write};

use bpg_core::error::{Error, ErrorKind};
use bpg_core::framing::Length;
use bpg_core::inspect::{Armor, Container, Event, Frame, Group, Remainder};

use super::buffer::Buffer;
use super::escape;
use super::renderer::{FileEnd, Lines, Renderer};
use super::select::Chosen;
use super::wire::Wire;
use crate::error::Status;

/// The version of the schema: a minor one adds, a major one changes.
pub(crate) const SCHEMA_VERSION: &str = "1.0";

/// How many of the octets are shown that a field holds and the text form does not show at all.
const SHOWN: usize = 1024;

/// Renders events as records.
pub(crate) struct JsonLines<W> {
    out: Buffer<W>,
    shows_secrets: bool,
    /// Whether text stands for something that is hidden.
    is_redacted: bool,
    /// The path of the last record, which starts with those of all levels.
    path: Vec<u8>,
    /// What is around what is told next, the file first.
    levels: Vec<Level>,
    line: Option<Line>,
    /// Whether only chosen packets are printed.
    is_selective: bool,
    /// What is to follow the line.
    behind: Vec<u8>,
    /// The position in the file up to which records told of it.
    told: u64,
    totals: Totals,
    files: u64,
}

/// What holds records.
struct Level {
    inside: Inside,
    /// How long its path is.
    path: usize,
    /// How many records it has.
    records: u64,
}

enum Inside {
    File,
    /// It ends at this position; the packets in it were announced with it.
    Container(u64),
    /// It has another record at its end.
    Armor(Line),
    /// Likewise.
    Packet(Line),
    /// What the payload of the packet around it decompresses to.
    Decompressed,
}

/// A record whose end was not printed yet.
#[derive(Clone, Copy)]
struct Line {
    kind: Kind,
    start: u64,
    /// `None` while it is not known.
    end: Option<u64>,
    /// Where the last field ended.
    reached: u64,
    /// How many groups are open.
    depth: usize,
    /// Whether the list of fields that is open has none yet.
    is_empty: bool,
    is_unknown: bool,
    /// The first error.
    error: Option<Error>,
    is_shown: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Packet,
    Armor,
    /// Whether its end is known, so that what it holds can be told from what follows it.
    Container {
        is_delimited: bool,
    },
    Remainder,
    /// The second record of something.
    End,
}

/// What is known of a record at its end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Good,
    Unknown,
    Malformed,
    Truncated,
    /// It was not read to its end, for reasons that are not the input's.
    Unfinished,
    /// Another record tells.
    Pending,
}

/// How many records of each outcome a file has.
#[derive(Default)]
struct Totals {
    packets: u64,
    unknown: u64,
    malformed: u64,
    truncated: u64,
    unfinished: u64,
    errors: u64,
}

impl Outcome {
    const fn name(self) -> &'static str {
        match self {
            Self::Good => "ok",
            Self::Unknown => "unknown",
            Self::Malformed => "malformed",
            Self::Truncated => "truncated",
            Self::Unfinished => "unfinished",
            Self::Pending => "pending",
        }
    }

    fn of(error: &Error, kind: Option<Kind>) -> Self {
        // What is no packet was not interpreted: whatever is missing there is the rest of the input.
        let is_framing = !matches!(kind, Some(Kind::Packet | Kind::End | Kind::Container { .. }));
        match error.kind() {
            ErrorKind::OverLimit { .. } => Self::Unfinished,
            ErrorKind::ArmorWithoutTail | ErrorKind::CompressedDataCutShort => Self::Truncated,
            ErrorKind::Truncated { .. } if is_framing || error.is_cut_short() => Self::Truncated,
            _ => Self::Malformed,
        }
    }
}

impl Line {
    const fn new(kind: Kind, start: u64, end: Option<u64>) -> Self {
        Self {
            kind,
            start,
            end,
            reached: start,
            depth: 0,
            is_empty: true,
            is_unknown: false,
            error: None,
            is_shown: true,
        }
    }

    fn outcome(&self) -> Outcome {
        match self.error {
            Some(error) => Outcome::of(&error, Some(self.kind)),
            None if self.is_unknown => Outcome::Unknown,
            None => Outcome::Good,
        }
    }
}

impl<W: Write> JsonLines<W> {
    /// If it `is_selective`, only what is chosen is printed of the contents.
    pub(crate) fn new(to: W, shows_secrets: bool, is_selective: bool, is_redacted: bool) -> Self {
        let mut json = Self {
            out: Buffer::new(to, shows_secrets),
            shows_secrets,
            is_redacted,
            path: Vec::new(),
            levels: Vec::new(),
            line: None,
            is_selective,
            behind: Vec::new(),
            told: 0,
            totals: Totals::default(),
            files: 0,
        };
        json.push("{\"record\":\"start\",\"schema\":\"");
        json.push(SCHEMA_VERSION);
        json.push("\",\"tool\":\"bpg\",\"version\":\"");
        json.push(env!("CARGO_PKG_VERSION"));
        json.push(if is_redacted { "\",\"redacted\":true}\n" } else { "\"}\n" });
        json
    }

    fn print(&mut self, event: &Event<'_>, Chosen { number, is_shown, .. }: Chosen<'_>) {
        match event {
            Event::Packet(frame) => self.packet(frame, number, is_shown),
            Event::Armor(armor) => self.armor(armor, is_shown),
            Event::ArmorEnd(armor) => self.armor_end(armor),
            Event::Container(container) => self.container(container, is_shown),
            Event::Remainder(remainder) => self.remainder(remainder, is_shown),
            Event::Unknown => self.line.iter_mut().for_each(|line| line.is_unknown = true),
            Event::Payload => self.end_line(Outcome::Pending),
            Event::Decompressed(_) => self.enter(Inside::Decompressed),
            Event::Open(group) => self.open(group),
            Event::Field(field) => {
                self.resume();
                self.item();
                self.field(field);
                if let (Some(line), Some(span)) = (&mut self.line, field.span) {
                    line.reached = line.reached.max(span.end);
                }
            }
            Event::Error(error) => self.error(error, is_shown),
            Event::Close => self.close(),
        }
    }

    fn packet(&mut self, frame: &Frame<'_>, number: &[u64], is_shown: bool) {
        self.totals.packets += 1;
        let line = Line::new(Kind::Packet, frame.octets.start(), frame.end);
        self.begin("packet", Line { is_shown, ..line });
        self.push(",\"packet\":\"");
        self.out.packet_number(number);
        self.push("\",\"packet_type\":");
        self.id(frame.packet_type.0.into(), frame.packet_type.name());
        self.push(if frame.length.is_legacy() { ",\"format\":\"old\"" } else { ",\"format\":\"new\"" });
        self.push(match frame.length {
            Length::Indeterminate => ",\"length_type\":\"indeterminate\"",
            Length::Partial { .. } => ",\"length_type\":\"partial\"",
            _ => ",\"length_type\":\"fixed\"",
        });
        self.optional_member("body_length", frame.body_length);
        self.fields();
    }

    fn armor(&mut self, armor: &Armor<'_>, is_shown: bool) {
        self.begin("armor", Line { is_shown, ..Line::new(Kind::Armor, armor.start, armor.end) });
        self.text_member("label", armor.label.as_slice());
        self.fields();
    }

    fn armor_end(&mut self, armor: &Armor<'_>) {
        while self.levels.last().is_some_and(|level| !matches!(level.inside, Inside::File | Inside::Armor(_))) {
            self.leave();
        }
        self.resume_level();
        if let Some(line) = &mut self.line {
            line.end = armor.end;
        }
    }

    fn container(&mut self, container: &Container<'_>, is_shown: bool) {
        let is_delimited = container.length.is_some();
        let end = container.length.map(|length| container.octets.start().saturating_add(length));
        let line = Line::new(Kind::Container { is_delimited }, container.octets.start(), end);
        self.begin("container", Line { is_shown, ..line });
        self.text_member("format", container.format.as_bytes());
        self.text_member("name", container.name.as_bytes());
        self.optional_member("length", container.length);
        self.fields();
    }

    fn remainder(&mut self, remainder: &Remainder<'_>, is_shown: bool) {
        let span = remainder.span;
        self.begin("remainder", Line { is_shown, ..Line::new(Kind::Remainder, span.start, Some(span.end)) });
        self.number_member("length", span.len());
        self.push(",\"hex\":\"");
        let is_hidden = remainder.is_secret && !self.shows_secrets;
        let octets = if is_hidden { &[] } else { remainder.octets.as_slice() };
        self.hex(&octets[..octets.len().min(SHOWN)]);
        self.push("\"");
        self.fields();
    }

    fn open(&mut self, group: &Group) {
        self.resume();
        self.item();
        self.push("{");
        self.name_and_type(group.name, "group");
        self.optional_member("number", group.number.map(|number| number.number));
        self.push(if group.is_critical { ",\"critical\":true" } else { ",\"critical\":false" });
        self.span_member(group.span.start, Some(group.span.end));
        self.fields();
        if let Some(line) = &mut self.line {
            line.depth += 1;
            line.reached = line.reached.max(group.span.end);
        }
    }

    fn close(&mut self) {
        self.resume();
        match &mut self.line {
            Some(line) if line.depth > 0 => {
                line.depth -= 1;
                line.is_empty = false;
                self.push("]}");
            }
            Some(line) => {
                let outcome = if line.kind == Kind::Armor { Outcome::Pending } else { line.outcome() };
                self.end_line(outcome);
            }
            None => self.leave(),
        }
    }

    /// An error is an item among the fields of what is wrong, or a record of its own.
    fn error(&mut self, error: &Error, is_shown: bool) {
        self.totals.errors += 1;
        if !matches!(self.levels.last(), Some(Level { inside: Inside::Armor(_), .. })) {
            self.resume();
        }
        if let Some(line) = &mut self.line {
            line.error.get_or_insert(*error);
            self.item();
            self.push("{");
            self.name_and_type("error", "error");
            self.push(",\"value\":");
            self.error_value(error);
            self.span_member(error.span().start, Some(error.span().end));
            self.push("}");
            return;
        }
        self.leave_containers(error.span().start);
        self.show(is_shown);
        self.push("{\"record\":\"error\"");
        self.parent_member();
        let outcome = Outcome::of(error, None);
        self.space_and_status(outcome);
        self.totals.count(outcome);
        self.push(",\"error\":");
        self.error_value(error);
        self.push("}\n");
        self.show(true);
    }

    fn error_value(&mut self, error: &Error) {
        self.push("{\"kind\":\"");
        self.push(error.kind().name());
        self.push("\",\"position\":");
        self.out.number(error.span().start);
        self.text_member("message", error.reason().to_string().as_bytes());
        self.push(",\"context\":[");
        for (index, name) in error.context().enumerate() {
            self.push(if index > 0 { ",\"" } else { "\"" });
            escape::json(&mut self.out.octets, name.as_bytes());
            self.push("\"");
        }
        self.push("]}");
    }

    /// Starts a record with a path of its own.
    fn begin(&mut self, record: &str, line: Line) {
        self.leave_containers(line.start);
        if self.levels.len() == 1 {
            self.skip_to(line.start);
        }
        self.number_record();
        self.show(line.is_shown);
        self.head(record);
        self.line = Some(line);
    }

    fn number_record(&mut self) {
        let Some(level) = self.levels.last_mut() else { return };
        level.records += 1;
        self.path.truncate(level.path);
        if level.path > 0 {
            self.path.push(b'.');
        }
        // Memory takes everything.
        let _ = write!(self.path, "{}", level.records);
    }

    fn head(&mut self, record: &str) {
        self.push("{\"record\":\"");
        self.push(record);
        self.push("\",\"path\":\"");
        self.out.octets.extend_from_slice(&self.path);
        self.push("\"");
    }

    /// The octets of the file up to a position were passed over, if there are any of which nothing was told.
    fn skip_to(&mut self, position: u64) {
        if position > self.told {
            self.number_record();
            self.show(!self.is_selective);
            self.head("skipped");
            self.span_member(self.told, Some(position));
            self.push(",\"space\":\"file\",\"status\":\"ok\"}\n");
            self.show(true);
            self.told = position;
        }
    }

    /// Ends the record.
    fn end_line(&mut self, outcome: Outcome) {
        let Some(line) = self.line.take() else { return };
        for _ in 0..line.depth {
            self.push("]}");
        }
        self.push("]");
        let is_pending = outcome == Outcome::Pending;
        let end = line.end.or((!is_pending).then_some(line.reached));
        self.span_member(line.start, end);
        self.space_and_status(outcome);
        if let Some(error) = line.error.filter(|_| !is_pending) {
            self.push(",\"error\":");
            self.error_value(&error);
        }
        self.push("}\n");
        self.show(true);
        self.out.octets.append(&mut self.behind);
        self.totals.count(outcome);
        match line.kind {
            Kind::Armor if is_pending => return self.enter(Inside::Armor(Line { end: None, ..line })),
            Kind::Packet if is_pending => return self.enter(Inside::Packet(Line { end: None, ..line })),
            _ => {}
        }
        if let (1, Some(end)) = (self.levels.len(), end) {
            self.told = self.told.max(end);
        }
        if let (Kind::Container { is_delimited: true }, Some(end)) = (line.kind, end) {
            self.enter(Inside::Container(end));
        }
    }

    /// Goes inside of the last record.
    fn enter(&mut self, inside: Inside) {
        if let (Inside::Decompressed, Some(level)) = (&inside, self.levels.last()) {
            self.path.truncate(level.path);
        }
        self.levels.push(Level { inside, path: self.path.len(), records: 0 });
    }

    /// Leaves containers that end in front of a position.
    fn leave_containers(&mut self, position: u64) {
        while let Some(Level { inside: Inside::Container(end), .. }) = self.levels.last()
            && *end <= position
        {
            self.levels.pop();
        }
    }

    /// Starts the second record of the packet that is around what is told, if there is no line yet.
    fn resume(&mut self) {
        if self.line.is_none() && matches!(self.levels.last(), Some(Level { inside: Inside::Packet(_), .. })) {
            self.resume_level();
        }
    }

    fn resume_level(&mut self) {
        let Some(Level { inside: Inside::Packet(line) | Inside::Armor(line), path, .. }) = self.levels.pop() else {
            return;
        };
        self.path.truncate(path);
        self.show(line.is_shown);
        self.head("end");
        self.fields();
        self.line = Some(Line { kind: Kind::End, depth: 0, is_empty: true, ..line });
    }

    /// Leaves the innermost level.
    fn leave(&mut self) {
        match self.levels.last().map(|level| &level.inside) {
            Some(Inside::Packet(_) | Inside::Armor(_)) => {
                self.resume_level();
                self.end_line(Outcome::Unfinished);
            }
            Some(Inside::Container(_) | Inside::Decompressed) => drop(self.levels.pop()),
            Some(Inside::File) | None => {}
        }
    }

    /// Ends whatever did not end when the file did.
    fn unwind(&mut self) {
        if self.line.is_some() {
            self.end_line(Outcome::Unfinished);
        }
        while self.levels.len() > 1 {
            self.leave();
        }
    }

    /// Whether what is appended next is printed. A record starts and ends with this.
    fn show(&mut self, is_shown: bool) {
        if is_shown {
            self.out.unmute();
        } else {
            self.out.mute();
        }
    }

    /// Starts the list of fields.
    fn fields(&mut self) {
        self.push(",\"fields\":[");
        if let Some(line) = &mut self.line {
            line.is_empty = true;
        }
    }

    /// Separates what is appended next from the item in front of it.
    fn item(&mut self) {
        if let Some(line) = &mut self.line
            && !std::mem::take(&mut line.is_empty)
        {
            self.push(",");
        }
    }

    fn space_and_status(&mut self, outcome: Outcome) {
        let space = self.levels.iter().rev().find_map(|level| match level.inside {
            Inside::Armor(_) => Some("armor"),
            Inside::Decompressed => Some("decompressed"),
            _ => None,
        });
        self.push(",\"space\":\"");
        self.push(space.unwrap_or("file"));
        self.push("\",\"status\":\"");
        self.push(outcome.name());
        self.push("\"");
    }

    /// The path of what is around what is told.
    fn parent_member(&mut self) {
        let length = self.levels.last().map_or(0, |level| level.path);
        self.push(",\"path\":\"");
        self.out.octets.extend_from_slice(&self.path[..length]);
        self.push("\"");
    }

    fn text_member(&mut self, name: &str, text: &[u8]) {
        self.member(name);
        self.string(text);
        if std::str::from_utf8(text).is_err() {
            self.push(",\"");
            self.push(name);
            self.push("_hex\":\"");
            self.hex(text);
            self.push("\"");
        }
    }

    fn number_member(&mut self, name: &str, number: u64) {
        self.member(name);
        self.out.number(number);
    }

    fn optional_member(&mut self, name: &str, number: Option<u64>) {
        self.member(name);
        self.optional(number);
    }

    fn span_member(&mut self, start: u64, end: Option<u64>) {
        self.push(",\"span\":[");
        self.out.number(start);
        self.push(",");
        self.optional(end);
        self.push("]");
    }

    fn member(&mut self, name: &str) {
        self.push(",\"");
        self.push(name);
        self.push("\":");
    }

    fn optional(&mut self, number: Option<u64>) {
        match number {
            Some(number) => self.out.number(number),
            None => self.push("null"),
        }
    }

    fn string(&mut self, text: &[u8]) {
        self.push("\"");
        self.out.stretches(text, escape::json);
        self.push("\"");
    }

    fn hex(&mut self, octets: &[u8]) {
        self.out.stretches(octets, escape::hex);
    }

    fn push(&mut self, text: &str) {
        self.out.push(text);
    }
}

impl<W: Write> Renderer for JsonLines<W> {
    fn file(&mut self, name: &[u8], _is_one_of_several: bool) {
        self.files += 1;
        (self.told, self.totals) = (0, Totals::default());
        self.path.clear();
        self.levels.clear();
        self.levels.push(Level { inside: Inside::File, path: 0, records: 0 });
        self.push("{\"record\":\"file\"");
        self.text_member("name", name);
        self.push("}\n");
    }

    fn event(&mut self, event: &Event<'_>, chosen: Chosen<'_>, _wire: &mut Wire, _lines: Lines<'_>) -> io::Result<()> {
        self.print(event, chosen);
        self.out.end_event()
    }

    fn note(&mut self, position: u64, line_and_column: Option<(u64, u64)>, message: &dyn Display) {
        // A line that was begun has to be ended first.
        let behind = self.line.is_some().then(|| std::mem::take(&mut self.out.octets));
        self.push("{\"record\":\"note\"");
        self.parent_member();
        self.number_member("position", position);
        if let Some((line, column)) = line_and_column {
            self.number_member("line", line);
            self.number_member("column", column);
        }
        self.text_member("message", message.to_string().as_bytes());
        self.push("}\n");
        if let Some(begun) = behind {
            let note = std::mem::replace(&mut self.out.octets, begun);
            self.behind.extend_from_slice(&note);
        }
    }

    fn end_of_file(&mut self, end: &FileEnd) {
        self.unwind();
        if let Some(end) = end.octets {
            self.skip_to(end);
        }
        self.push("{\"record\":\"summary\"");
        let Totals { packets, unknown, malformed, truncated, unfinished, errors } = self.totals;
        for (name, number) in [
            ("packets", packets),
            ("unknown", unknown),
            ("malformed", malformed),
            ("truncated", truncated),
            ("unfinished", unfinished),
            ("errors", errors),
        ] {
            self.number_member(name, number);
        }
        self.optional_member("octets", end.octets);
        self.push(",\"status\":\"");
        self.push(match end.status {
            Status::Good => "ok",
            Status::Malformed => "malformed",
            Status::Unusable => "unusable",
        });
        self.push("\"");
        if let Some(reason) = &end.reason {
            self.text_member("message", reason.as_bytes());
        }
        self.push("}\n");
    }

    fn done(&mut self, status: Status) {
        self.push("{\"record\":\"done\"");
        self.number_member("files", self.files);
        self.number_member("exit_status", status as u64);
        self.push("}\n");
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn printed(&self) -> u64 {
        self.out.printed()
    }
}

impl Totals {
    fn count(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Good | Outcome::Pending => {}
            Outcome::Unknown => self.unknown += 1,
            Outcome::Malformed => self.malformed += 1,
            Outcome::Truncated => self.truncated += 1,
            Outcome::Unfinished => self.unfinished += 1,
        }
    }
}
