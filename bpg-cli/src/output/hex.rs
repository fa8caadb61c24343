//! The annotated hexadecimal form: the octets of packets in their order, each with the field that it belongs to.

use std::io::{self, Write};

use bpg_core::framing::{self, Length};
use bpg_core::inspect::{Armor, Container, Event, Field, Frame, Group, Remainder, Value};
use bpg_core::octets::{Octets, Span};
use zeroize::Zeroizing;

use super::escape;
use super::renderer::{Lines, Renderer};
use super::select::Chosen;
use super::style::Style;
use super::text::Text;
use super::wire::Wire;

/// How many octets stand on a line at most.
const ON_A_LINE: usize = 16;
/// How many characters an offset has at least.
const OFFSET: usize = 8;
/// How many characters the line and the column of a text take at least.
const PLACE: usize = 10;

/// What an octet is printed as, with the space behind it.
const DIGITS: [[u8; 3]; 256] = {
    let digits = b"0123456789abcdef";
    let mut all = [[b' '; 3]; 256];
    let mut octet = 0;
    while octet < 256 {
        all[octet][0] = digits[octet >> 4];
        all[octet][1] = digits[octet & 0xf];
        octet += 1;
    }
    all
};
/// What a secret octet is printed as.
const HIDDEN: [u8; 3] = *b".. ";

/// Renders events and the octets behind them.
pub(crate) struct Hex<W> {
    text: Text<W>,
    /// What is open, the packet or armor first.
    open: Vec<Open>,
    /// What no field claims of a packet: the headers of its chunks, or what ought not to be.
    unclaimed: &'static str,
    /// Whether that may hold a secret.
    is_secret: bool,
    /// Whether there are lines already of the payload, or of the octets that are no packet, which come next.
    has_begun: bool,
    /// Octets that are no packet and are too few for a line, once there is a heading for them.
    rest: Option<Zeroizing<Vec<u8>>>,
    /// The octets of this field are those of packets that follow.
    told_later: Option<Span>,
}

/// Something that a later event closes.
enum Open {
    Heading,
    /// A group whose heading waits for what is in it.
    Pending(Group),
    Group,
}

impl<W: Write> Hex<W> {
    pub(crate) fn new(to: W, shows_secrets: bool) -> Self {
        Self {
            text: Text::new(to, true, shows_secrets).without_places(),
            open: Vec::new(),
            unclaimed: NOT_INTERPRETED,
            is_secret: false,
            has_begun: false,
            rest: None,
            told_later: None,
        }
    }

    /// The same in this style.
    pub(crate) fn in_style(self, style: Style) -> Self {
        Self { text: self.text.in_style(style), ..self }
    }

    fn packet(&mut self, frame: &Frame<'_>, number: &[u64], wire: &mut Wire, lines: Lines<'_>) {
        self.unclaimed(wire, wire.level(), frame.octets.start(), lines);
        self.is_secret = frame.packet_type.is_secret();
        self.told_later = None;
        let is_in_parts = matches!(frame.length, Length::Partial { .. });
        self.unclaimed = if is_in_parts { "partial length" } else { NOT_INTERPRETED };
        self.has_begun = false;
        self.heading(|text| text.packet_title(frame, Some(number)));
        self.open.push(Open::Heading);
    }

    fn armor(&mut self, heading: &'static str, armor: &Armor<'_>) {
        self.heading(|text| {
            text.push(heading);
            escape::text(&mut text.out.octets, armor.label.as_slice());
        });
        self.open.push(Open::Heading);
    }

    fn container(&mut self, container: &Container<'_>) {
        // What is not told of the key of an agent may be of the secret.
        (self.is_secret, self.unclaimed) = (true, NOT_INTERPRETED);
        self.heading(|text| text.container_title(container));
        self.open.push(Open::Heading);
    }

    fn remainder(&mut self, remainder: &Remainder<'_>, wire: &mut Wire, lines: Lines<'_>) {
        match self.rest.take() {
            Some(rest) => self.unframed_rows(&rest, remainder.span.end - rest.len() as u64, lines),
            None => {
                self.remainder_heading();
                self.is_secret = remainder.is_secret;
                self.unframed_rows(remainder.octets.as_slice(), remainder.span.start, lines);
            }
        }
        self.has_begun = false;
        wire.forget(wire.level(), remainder.span.end);
        self.open.push(Open::Heading);
        self.without_octets(lines);
        self.text.name(NOT_INTERPRETED);
        self.text.push(": ");
        self.text.data(remainder.span.len());
        self.text.push("\n");
    }

    /// How many octets there are is not known yet.
    fn remainder_heading(&mut self) {
        self.heading(|text| text.push("## -- : not a whole packet"));
    }

    /// The heading that `title` pushes, behind an empty line.
    fn heading(&mut self, title: impl FnOnce(&mut Text<W>)) {
        self.text.separate();
        self.text.mark(self.text.style.heading);
        title(&mut self.text);
        self.text.mark(self.text.style.plain);
        self.text.push("\n");
    }

    fn unframed_rows(&mut self, octets: &[u8], position: u64, lines: Lines<'_>) {
        let name = (!self.has_begun).then_some(NOT_INTERPRETED);
        self.named_rows(name, octets, position, self.hides_unclaimed(), lines);
        self.has_begun |= !octets.is_empty();
    }

    fn field(&mut self, field: &Field<'_>, wire: &mut Wire, lines: Lines<'_>) {
        self.print_pending(lines);
        let is_here = field.span != self.told_later;
        let Some(span) = field.span.filter(|_| is_here) else {
            self.told_later = if is_here { self.told_later } else { None };
            self.blank(lines);
            self.name_and_value(field);
            return wire.forget(wire.level(), field.span.map_or(0, |span| span.end));
        };
        let level = wire.level();
        if !self.has_begun {
            self.unclaimed(wire, level, span.start, lines);
        }
        if matches!(field.value, Value::Payload { .. }) {
            let count = wire.up_to(level, span.end).len();
            self.piece(field.name, wire, level, count, lines);
            self.has_begun = false;
            self.blank(lines);
            return self.name_and_value(field);
        }
        let is_hidden = matches!(field.value, Value::Secret(_)) && !self.text.shows_secrets;
        let mut rows = wire.field(span).chunks(ON_A_LINE);
        self.row(rows.next().unwrap_or_default(), span.start, is_hidden, true, lines);
        self.name_and_value(field);
        let mut position = span.start;
        for row in rows {
            position += ON_A_LINE as u64;
            self.row(row, position, is_hidden, false, lines);
            self.text.push("\n");
            self.text.out.write_if_large();
        }
        wire.forget(level, span.end);
    }

    /// Indents the name of a field by the groups around it, and ends the line behind its value.
    fn name_and_value(&mut self, field: &Field<'_>) {
        self.indent();
        self.text.name(field.name);
        self.text.push(": ");
        let empty = self.printed();
        self.text.value(&field.value);
        if self.printed() == empty {
            self.text.out.octets.pop();
        }
        self.text.push("\n");
    }

    /// The next `count` octets of a payload, of a packet without a secret or of one that is not read on.
    fn piece(&mut self, name: &'static str, wire: &mut Wire, level: usize, count: usize, lines: Lines<'_>) {
        let Some(position) = wire.position(level).filter(|_| count > 0) else { return };
        let end = position + count as u64;
        let name = (!self.has_begun).then_some(name);
        self.named_rows(name, wire.up_to(level, end), position, self.hides_unclaimed(), lines);
        self.has_begun = true;
        wire.forget(level, end);
    }

    /// Prints what no field claims in front of `position`.
    fn unclaimed(&mut self, wire: &mut Wire, level: usize, position: u64, lines: Lines<'_>) {
        let Some(start) = wire.position(level).filter(|start| *start < position) else { return };
        let name = (!self.has_begun).then_some(self.unclaimed);
        self.named_rows(name, wire.up_to(level, position), start, self.hides_unclaimed(), lines);
        wire.forget(level, position);
    }

    const fn hides_unclaimed(&self) -> bool {
        self.is_secret && !self.text.shows_secrets
    }

    /// Prints octets on as many lines as they take, with a name on the first one.
    fn named_rows(
        &mut self,
        mut name: Option<&'static str>,
        octets: &[u8],
        mut position: u64,
        is_hidden: bool,
        lines: Lines<'_>,
    ) {
        for row in octets.chunks(ON_A_LINE) {
            self.row(row, position, is_hidden, name.is_some(), lines);
            if let Some(name) = name.take() {
                self.indent();
                self.text.name(name);
            }
            self.text.push("\n");
            self.text.out.write_if_large();
            position += row.len() as u64;
        }
    }

    /// Starts a line: where its octets are, and what they are. If something is to stand behind them, it stands in the same
    /// column on all lines.
    fn row(&mut self, octets: &[u8], position: u64, is_hidden: bool, is_filled: bool, lines: Lines<'_>) {
        if octets.is_empty() {
            return self.blank(lines);
        }
        self.offset(position);
        if let Some(lines) = lines {
            self.place(lines(position));
        }
        let mut row = [b' '; 3 * ON_A_LINE + 1];
        for (to, octet) in row.chunks_exact_mut(3).zip(octets) {
            to.copy_from_slice(if is_hidden { &HIDDEN } else { &DIGITS[usize::from(*octet)] });
        }
        let end = if is_filled { row.len() } else { 3 * octets.len() - 1 };
        self.text.out.octets.extend_from_slice(&row[..end]);
    }

    /// Starts a line that has no octets.
    fn without_octets(&mut self, lines: Lines<'_>) {
        self.blank(lines);
        self.indent();
    }

    fn blank(&mut self, lines: Lines<'_>) {
        let place = if lines.is_some() { PLACE } else { 0 };
        self.spaces(OFFSET + 2 + place + 3 * ON_A_LINE + 1);
    }

    fn offset(&mut self, position: u64) {
        let octets = position.to_be_bytes();
        let leading = octets.iter().take_while(|octet| **octet == 0).count().min(octets.len() - OFFSET / 2);
        escape::hex(&mut self.text.out.octets, &octets[leading..]);
        self.spaces(2);
    }

    fn place(&mut self, place: Option<(u64, u64)>) {
        let end = self.printed() + PLACE as u64;
        if let Some((line, column)) = place {
            self.text.out.number(line);
            self.text.push(":");
            self.text.out.number(column);
        }
        let missing = end.saturating_sub(self.printed()).max(1);
        self.spaces(missing as usize);
    }

    /// Four spaces for every group around what is printed.
    fn indent(&mut self) {
        let groups = self.open.iter().filter(|open| matches!(open, Open::Group)).count();
        self.spaces(4 * groups);
    }

    fn spaces(&mut self, count: usize) {
        let octets = &mut self.text.out.octets;
        octets.resize(octets.len() + count, b' ');
    }

    /// Prints the heading of the group that was opened last, if it still waits for that.
    fn print_pending(&mut self, lines: Lines<'_>) {
        if let Some(Open::Pending(group)) = self.open.last() {
            let group = *group;
            self.without_octets(lines);
            self.text.group_name(&group);
            self.text.push(":\n");
            self.open.pop();
            self.open.push(Open::Group);
        }
    }
}

impl<W: Write> Renderer for Hex<W> {
    fn file(&mut self, name: &[u8], is_one_of_several: bool) {
        // The one before may not have been read to its end.
        self.open.clear();
        (self.is_secret, self.has_begun, self.rest, self.told_later) = (false, false, None, None);
        self.unclaimed = NOT_INTERPRETED;
        self.text.file(name, is_one_of_several);
    }

    fn event(&mut self, event: &Event<'_>, chosen: Chosen<'_>, wire: &mut Wire, lines: Lines<'_>) -> io::Result<()> {
        if !chosen.is_shown {
            return Ok(());
        }
        match event {
            Event::Packet(packet) => self.packet(packet, chosen.number, wire, lines),
            Event::Armor(armor) => self.armor("## armor : ", armor),
            Event::ArmorEnd(armor) => self.armor("## end of armor : ", armor),
            Event::Container(container) => self.container(container),
            Event::Unknown | Event::Payload => {}
            Event::Decompressed(_) => self.open.push(Open::Heading),
            Event::Remainder(remainder) => self.remainder(remainder, wire, lines),
            Event::Open(group) => {
                self.print_pending(lines);
                self.open.push(Open::Pending(*group));
            }
            Event::Field(field) => self.field(field, wire, lines),
            Event::Error(error) => {
                self.print_pending(lines);
                if self.open.is_empty() {
                    // Of no packet.
                    self.text.separate();
                }
                self.without_octets(lines);
                self.text.mark(self.text.style.error);
                self.text.push("error: ");
                self.text.push(&error.to_string());
                self.text.mark(self.text.style.plain);
                self.text.push("\n");
            }
            Event::Close => {
                if let Some(Open::Pending(group)) = self.open.pop() {
                    self.without_octets(lines);
                    self.text.group_name(&group);
                    self.text.push(": none\n");
                }
            }
        }
        self.text.out.end_event()
    }

    fn wants_octets(&self) -> bool {
        true
    }

    /// Prints what is in front of `position`, but for what will be on a line with octets that are not read yet.
    fn passed(
        &mut self,
        wire: &mut Wire,
        level: usize,
        position: u64,
        payload: Option<&'static str>,
        lines: Lines<'_>,
    ) -> io::Result<()> {
        match payload {
            Some(name) => {
                let count = wire.up_to(level, position).len();
                self.piece(name, wire, level, count - count % ON_A_LINE, lines);
            }
            None => {
                self.unclaimed(wire, level, position, lines);
                self.has_begun = false;
            }
        }
        self.text.out.end_event()
    }

    fn unframed(&mut self, position: u64, octets: &[u8], lines: Lines<'_>) -> io::Result<()> {
        if octets.is_empty() {
            return Ok(());
        }
        if self.rest.is_none() {
            self.is_secret = framing::starts_secret(Octets::new(octets, position));
            self.remainder_heading();
        }
        let before = self.rest.take().unwrap_or_default();
        let start = position - before.len() as u64;
        // They come in pieces of any size, which is not to be seen.
        let all = Zeroizing::new([&before[..], octets].concat());
        let (rows, rest) = all.split_at(all.len() - all.len() % ON_A_LINE);
        self.unframed_rows(rows, start, lines);
        self.rest = Some(Zeroizing::new(rest.to_vec()));
        self.text.out.end_event()
    }

    fn told_later(&mut self, span: Span) {
        self.told_later = Some(span);
    }

    fn flush(&mut self) -> io::Result<()> {
        self.text.flush()
    }

    fn printed(&self) -> u64 {
        self.text.printed()
    }
}

/// What octets are called that nothing can be said about.
const NOT_INTERPRETED: &str = "not interpreted";
