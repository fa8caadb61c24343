//! The text form: a heading for each packet, and one field a line.
//!
//! Everything is appended to a buffer by hand: formatting machinery in the inner loop costs four times the time.

use std::io::{self, Write};

use bpg_core::agent_key::{self, AgentKey};
use bpg_core::framing::Length;
use bpg_core::inspect::{Armor, Container, Detail, Event, Field, Flags, Frame, Group, Remainder, VALUE, Value};
use bpg_core::material::{CurveOid, KdfParameters, Mpi};
use bpg_core::octets::{Octets, Span};
use bpg_core::registry::{AeadAlgorithm, DottedOid, SymmetricKeyAlgorithm};
use bpg_core::s2k;
use bpg_core::time::Timestamp;

use super::buffer::Buffer;
use super::escape;
use super::renderer::{Lines, Renderer};
use super::select::Chosen;
use super::style::Style;
use super::wire::{KEPT, Wire};
use crate::date;

/// How many octets stand on a line at most.
const ON_A_LINE: usize = 32;

/// Renders events as text.
pub(crate) struct Text<W> {
    pub(super) out: Buffer<W>,
    pub(super) style: Style,
    is_verbose: bool,
    pub(super) shows_secrets: bool,
    /// Whether the places and the numbers of packets are told, which depend on what is in front of them.
    has_places: bool,
    /// Whether the octets of each field follow it.
    has_octets: bool,
    /// Whether anything was printed yet, so that an empty line has to separate what follows.
    has_started: bool,
    /// Whether what is told of is a key of gpg-agent in the extended format, in which secrets are text.
    has_text_secrets: bool,
    /// What is open, the packet or armor first.
    open: Vec<Heading>,
    /// How far lines in that are indented.
    indentation: usize,
    /// The heading of what was opened last, if it waits for what comes next.
    pending: Option<Pending>,
}

/// The heading of something that is open.
#[derive(Clone, Copy)]
struct Heading {
    /// How much further the lines in it are indented.
    width: usize,
    /// Of what the payload of the packet around it holds, how much was printed in front of that.
    printed: Option<u64>,
}

/// A heading that waits for what comes next.
enum Pending {
    /// The name of the group, which has this span, is printed. A single value goes behind it, anything else on lines of its own.
    Group(Span),
    /// It is printed if something is to be said of the armor: the heading, the label, and where the block starts and ends.
    Armor(&'static str, Vec<u8>, u64, Option<u64>),
}

impl Heading {
    /// It has a line of its own, and is that of a packet, or of what is around packets.
    const PACKET: Self = Self { width: 8, printed: None };
    /// It has a line of its own, in a packet.
    const GROUP: Self = Self { width: 4, printed: None };
    /// The value of the group stands behind it, or it waits for what comes next.
    const INLINE: Self = Self { width: 0, printed: None };

    /// It has none: what the payload of the packet around it holds, in front of which so much was printed.
    const fn inside(printed: u64) -> Self {
        Self { width: 0, printed: Some(printed) }
    }
}

/// What a set of flags is printed as.
enum Flag {
    Named(&'static str),
    Unknown { octet: u64, mask: u8 },
}

impl Text<Vec<u8>> {
    /// What was printed since this was asked for.
    pub(crate) fn take(&mut self) -> Vec<u8> {
        self.out.take()
    }
}

impl<W: Write> Text<W> {
    pub(crate) fn new(to: W, is_verbose: bool, shows_secrets: bool) -> Self {
        Self {
            out: Buffer::new(to, shows_secrets),
            style: Style::NONE,
            is_verbose,
            shows_secrets,
            has_places: true,
            has_octets: false,
            has_started: false,
            has_text_secrets: false,
            open: Vec::new(),
            indentation: 0,
            pending: None,
        }
    }

    /// The same without anything that depends on what is in front of a packet.
    pub(crate) fn without_places(self) -> Self {
        Self { has_places: false, ..self }
    }

    /// The same in this style.
    pub(crate) fn in_style(self, style: Style) -> Self {
        Self { style, ..self }
    }

    /// With the octets of each field behind it, if they are given.
    pub(crate) fn with_octets(mut self, has_octets: bool) -> Self {
        self.has_octets = has_octets;
        self
    }

    /// Prints an event, in the packet of this number. The error is one of writing.
    #[inline(always)]
    pub(super) fn told(&mut self, event: &Event<'_>, number: &[u64], wire: &mut Wire) -> io::Result<()> {
        self.print(event, number);
        if let Event::Field(field) = event
            && self.has_octets
        {
            self.octets(field, wire);
        }
        self.out.end_event()
    }

    /// A value as it is printed, of a registry with its number.
    pub(crate) fn shown(&mut self, value: &Value<'_>) -> String {
        self.is_verbose = matches!(value, Value::Id { .. });
        self.value(value);
        let shown = String::from_utf8_lossy(&self.out.octets).into_owned();
        self.out.octets.clear();
        shown
    }

    #[inline(always)]
    fn print(&mut self, event: &Event<'_>, number: &[u64]) {
        match event {
            Event::Packet(packet) => self.packet(packet, number),
            Event::Armor(armor) => self.armor("## armor : ", armor),
            Event::ArmorEnd(armor) => self.armor("## end of armor : ", armor),
            Event::Container(container) => self.container(container),
            Event::Unknown | Event::Payload => {}
            Event::Decompressed(_) => {
                let printed = self.printed();
                self.push_heading(Heading::inside(printed));
            }
            Event::Remainder(remainder) => self.remainder(remainder),
            Event::Open(group) => {
                self.print_pending();
                self.indent();
                self.group_name(group);
                self.push_heading(Heading::INLINE);
                self.pending = Some(Pending::Group(group.span));
            }
            Event::Field(field) if field.detail == Detail::Brief || self.is_verbose => self.field(field),
            Event::Field(_) => {}
            Event::Error(error) => {
                self.print_pending();
                if self.open.is_empty() {
                    // Of no packet.
                    self.separate();
                }
                self.indent();
                self.mark(self.style.error);
                self.push("error: ");
                if self.has_places {
                    self.push(&error.to_string());
                } else {
                    self.push(&error.reason().to_string());
                }
                self.mark(self.style.plain);
                self.push("\n");
            }
            Event::Close => self.close(),
        }
    }

    fn close(&mut self) {
        if let Some(Pending::Group(_)) = self.pending.take() {
            self.push(": none\n");
        }
        let Some(closed) = self.open.pop() else { return };
        self.indentation -= closed.width;
        // What is told of the packet around those that it holds is not of the last of them.
        if closed.printed.is_some_and(|printed| self.printed() > printed) {
            self.push("\n");
        }
    }

    fn push_heading(&mut self, heading: Heading) {
        self.open.push(heading);
        self.indentation += heading.width;
    }

    fn packet(&mut self, frame: &Frame<'_>, number: &[u64]) {
        self.heading();
        self.packet_title(frame, Some(number).filter(|_| self.is_verbose && self.has_places));
        self.mark(self.style.plain);
        self.place_of(frame.octets.start(), frame.end);
    }

    /// What a packet is, as its heading says it, with its number.
    pub(super) fn packet_title(&mut self, frame: &Frame<'_>, number: Option<&[u64]>) {
        let packet_type = frame.packet_type;
        self.has_text_secrets = false;
        self.push("## ");
        escape::hex(&mut self.out.octets, &[packet_type.0]);
        self.push(if frame.length.is_legacy() { " : Old format " } else { " : New format " });
        match packet_type.name() {
            Some(name) => {
                self.push(name);
                self.push(" packet (");
            }
            None => self.push("packet of unknown type ("),
        }
        let length = match frame.length {
            Length::Indeterminate => "indeterminate length",
            Length::Partial { .. } => "partial lengths",
            _ => "",
        };
        if let Some(count) = frame.body_length {
            self.count(count, "byte");
            self.push(if length.is_empty() { "" } else { ", " });
        }
        self.push(length);
        self.push(")");
        if let Some(number) = number {
            self.push(", packet ");
            self.out.packet_number(number);
        }
    }

    /// Armor is only a wrapping, so that it has a heading only if there is something to be said of it.
    fn armor(&mut self, heading: &'static str, armor: &Armor<'_>) {
        self.print_pending();
        self.push_heading(Heading::INLINE);
        self.pending = Some(Pending::Armor(heading, armor.label.as_slice().to_vec(), armor.start, armor.end));
        if self.is_verbose {
            self.print_pending();
        }
    }

    fn container(&mut self, container: &Container<'_>) {
        self.heading();
        self.container_title(container);
        self.mark(self.style.plain);
        let start = container.octets.start();
        self.place_of(start, container.length.map(|length| start.saturating_add(length)));
    }

    /// What a container is, as its heading says it.
    pub(super) fn container_title(&mut self, container: &Container<'_>) {
        self.has_text_secrets = container.format == agent_key::FORMAT
            && AgentKey::recognise(container.octets).is_some_and(|key| key.format() == agent_key::Format::Extended);
        self.push("## ");
        self.push(container.format);
        self.push(" : ");
        self.push(container.name);
        if let Some(length) = container.length {
            self.push(" (");
            self.count(length, "byte");
            self.push(")");
        }
    }

    fn remainder(&mut self, remainder: &Remainder<'_>) {
        self.heading();
        self.push("## -- : not a whole packet (");
        self.count(remainder.span.len(), "byte");
        self.push(")");
        self.mark(self.style.plain);
        self.end_line(Some(remainder.span));
        if self.is_verbose && !remainder.octets.is_empty() {
            self.indent();
            self.name("not interpreted");
            self.push(": ");
            if remainder.is_secret && !self.shows_secrets {
                self.data(remainder.span.len());
            } else {
                self.first(remainder.octets, remainder.span.len());
            }
            self.push("\n");
        }
    }

    /// Starts the line of a heading, behind an empty line.
    fn heading(&mut self) {
        self.separate();
        self.indent();
        self.mark(self.style.heading);
        self.push_heading(Heading::PACKET);
    }

    fn field(&mut self, field: &Field<'_>) {
        match &self.pending {
            Some(Pending::Group(_)) if field.name == VALUE && !self.is_verbose => self.pending = None,
            _ => {
                self.print_pending();
                self.indent();
                self.name(field.name);
            }
        }
        self.push(": ");
        let empty = self.printed();
        self.value(&field.value);
        if self.printed() == empty {
            self.out.octets.pop();
        }
        self.end_line(field.span);
    }

    /// Prints the octets of a field on lines of their own, as many as are given.
    fn octets(&mut self, field: &Field<'_>, wire: &mut Wire) {
        let Some(span) = field.span else { return };
        let octets = wire.field(span);
        let (shown, more) = match field.value {
            Value::Payload { .. } if span.len() > KEPT as u64 => (octets.len().min(KEPT), span.len() - KEPT as u64),
            _ => (octets.len(), 0),
        };
        let is_hidden = matches!(field.value, Value::Secret(_)) && !self.shows_secrets;
        for line in octets[..shown].chunks(ON_A_LINE) {
            self.indent();
            self.push("    ");
            if is_hidden {
                let end = self.out.octets.len() + 2 * line.len();
                self.out.octets.resize(end, b'.');
            } else {
                self.hex(line);
            }
            self.push("\n");
            self.out.write_if_large();
        }
        if more > 0 && shown > 0 {
            self.indent();
            self.push("    and ");
            self.number(more);
            self.push(if more == 1 { " more octet\n" } else { " more octets\n" });
        }
        wire.forget(wire.level(), span.end);
    }

    /// Prints the heading of what was opened last on a line of its own, if it still waits for that.
    fn print_pending(&mut self) {
        if let Some(pending) = self.pending.take() {
            self.print_heading(pending);
        }
    }

    fn print_heading(&mut self, pending: Pending) {
        // What waited had no width.
        self.open.pop();
        match pending {
            Pending::Group(span) => {
                self.push(":");
                self.end_line(Some(span));
                self.push_heading(Heading::GROUP);
            }
            Pending::Armor(heading, label, start, end) => {
                self.heading();
                self.push(heading);
                escape::text(&mut self.out.octets, &label);
                self.mark(self.style.plain);
                self.place_of(start, end);
            }
        }
    }

    /// The name of a field or a group.
    #[inline(always)]
    pub(super) fn name(&mut self, name: &str) {
        self.mark(self.style.name);
        self.push(name);
        self.mark(self.style.plain);
    }

    pub(super) fn group_name(&mut self, group: &Group) {
        self.name(group.name);
        let number = group.number.filter(|number| self.is_verbose || !number.is_assigned);
        match (number, group.is_critical) {
            (Some(number), critical) => {
                self.push(" (");
                self.number(number.number);
                self.push(if critical { ", critical)" } else { ")" });
            }
            (None, true) => self.push(" (critical)"),
            (None, false) => {}
        }
    }

    pub(super) fn value(&mut self, value: &Value<'_>) {
        match *value {
            Value::Number(number) => self.number(number),
            Value::Name(name) => self.push(name),
            Value::Id { name: Some(name), is_assigned: true, .. } if !self.is_verbose => self.push(name),
            Value::Id { .. } => self.id(value, self.is_verbose),
            Value::Ids(ids) => self.list(ids.values(), |text, id| text.id(&id, text.is_verbose)),
            Value::Ciphersuites(octets) => {
                self.list(octets.as_slice().chunks(2), |text, pair| text.ciphersuite(pair));
            }
            Value::Flags(flags) => self.flags(flags),
            Value::Boolean(0) => self.push("no"),
            Value::Boolean(1) => self.push("yes"),
            Value::Boolean(other) => {
                self.push("unspecified (");
                self.number(other.into());
                self.push(")");
            }
            Value::Text(octets) => self.text(octets.as_slice()),
            Value::Hex(octets) => self.hex(octets.as_slice()),
            Value::Data(body) => self.data(body.len()),
            Value::Payload { length, first } => {
                self.data(length);
                if self.is_verbose && !first.is_empty() {
                    self.push(" ");
                    self.first(first, length);
                }
            }
            Value::Time(time) => self.out.octets.extend_from_slice(&time.to_rfc3339()),
            Value::Seconds(seconds, start) => {
                self.seconds(seconds);
                self.until(start, seconds.into());
            }
            Value::Days(0, _) => self.push("0 (no end)"),
            Value::Days(days, start) => {
                self.count(days.into(), "day");
                self.until(start, u64::from(days) * 86_400);
            }
            Value::MemoryExponent(exponent) => self.memory(exponent.into()),
            Value::ChunkSize(size) => {
                self.power_of_two(u32::from(size) + 6);
                self.push(" octets (");
                self.number(size.into());
                self.push(")");
            }
            Value::Pixels(width, height) => {
                self.number(width.into());
                self.push(" × ");
                self.number(height.into());
                self.push(" pixels");
            }
            Value::HashedOctets(count) => {
                self.count(s2k::decode_count(count).into(), "octet");
                self.push(" (0x");
                escape::hex(&mut self.out.octets, &[count]);
                self.push(")");
            }
            Value::Mpi(mpi) => self.mpi(mpi),
            Value::Curve(curve) => self.curve(curve),
            Value::Kdf(parameters) => self.kdf(parameters),
            Value::KeyId(key_id) => escape::hex(&mut self.out.octets, &key_id.0),
            Value::Fingerprint(fingerprint) => escape::hex(&mut self.out.octets, fingerprint.as_slice()),
            Value::Checksum { stored, due, width } => self.checksum(stored, due, width.into()),
            Value::Secret(secret) if self.shows_secrets => self.secret(secret.expose().as_slice()),
            Value::Secret(secret) => {
                self.mark(self.style.hidden);
                self.data(secret.len() as u64);
                self.mark(self.style.plain);
            }
            _ => self.push("?"),
        }
    }

    /// A secret that is to be shown. Which of the two it is depends on the format of the file alone, as octets that happen to
    /// be text could be taken for hexadecimal, and white space may be of the secret.
    fn secret(&mut self, octets: &[u8]) {
        if self.has_text_secrets { self.text(octets) } else { self.hex(octets) }
    }

    /// An amount of memory of 2^`exponent` KiB.
    fn memory(&mut self, exponent: u32) {
        const UNITS: [&str; 5] = ["KiB", "MiB", "GiB", "TiB", "PiB"];
        let unit = (exponent / 10).min(4);
        self.power_of_two(exponent - unit * 10);
        self.push(" ");
        self.push(UNITS[unit as usize]);
    }

    /// 2^`exponent`, in digits if they are not too many.
    fn power_of_two(&mut self, exponent: u32) {
        match 1_u64.checked_shl(exponent) {
            Some(power) => self.number(power),
            None => {
                self.push("2^");
                self.number(exponent.into());
            }
        }
    }

    fn id(&mut self, id: &Value<'_>, with_number: bool) {
        let Value::Id { number, name, is_assigned, is_hexadecimal } = *id else { return };
        self.push(name.unwrap_or("unknown"));
        if with_number || !is_assigned {
            self.push(" (");
            match u8::try_from(number) {
                Ok(octet) if is_hexadecimal => {
                    self.push("0x");
                    escape::hex(&mut self.out.octets, &[octet]);
                }
                _ => self.number(number),
            }
            self.push(")");
        }
    }

    /// Items with commas between them, or `none`.
    fn list<T>(&mut self, items: impl Iterator<Item = T>, mut item: impl FnMut(&mut Self, T)) {
        let start = self.printed();
        for each in items {
            if self.printed() > start {
                self.push(", ");
            }
            item(self, each);
            self.out.write_if_large();
        }
        if self.printed() == start {
            self.push("none");
        }
    }

    fn ciphersuite(&mut self, pair: &[u8]) {
        let [cipher, rest @ ..] = pair else { return };
        let cipher = SymmetricKeyAlgorithm(*cipher);
        self.named(cipher.0, cipher.name());
        for &aead in rest {
            self.push(" with ");
            self.named(aead, AeadAlgorithm(aead).name());
        }
    }

    fn named(&mut self, number: u8, name: Option<&str>) {
        self.push(name.unwrap_or("unknown"));
        if self.is_verbose || name.is_none() {
            self.push(" (");
            self.number(number.into());
            self.push(")");
        }
    }

    fn flags(&mut self, flags: Flags<'_>) {
        let octets = flags.octets().as_slice();
        let mut set = flags.set().peekable();
        // Flags without a name are gathered by octet, written by their mask as in specifications.
        let items = std::iter::from_fn(|| match set.next()? {
            (_, Some(name)) => Some(Flag::Named(name)),
            (number, None) => {
                let (octet, mut mask) = (number / 8, 1_u8 << (number % 8));
                while let Some((next, _)) = set.next_if(|(next, name)| name.is_none() && next / 8 == octet) {
                    mask |= 1 << (next % 8);
                }
                Some(Flag::Unknown { octet, mask })
            }
        });
        self.list(items, |text, flag| match flag {
            Flag::Named(name) => text.push(name),
            Flag::Unknown { octet, mask } => {
                text.push("unknown (0x");
                escape::hex(&mut text.out.octets, &[mask]);
                text.push(" of octet ");
                text.number(octet + 1);
                text.push(")");
            }
        });
        if self.is_verbose {
            self.push(" (0x");
            self.hex(octets);
            self.push(")");
        }
    }

    fn text(&mut self, octets: &[u8]) {
        self.out.stretches(octets, escape::text);
    }

    fn hex(&mut self, octets: &[u8]) {
        self.out.stretches(octets, escape::hex);
    }

    /// `63072000 seconds (730 days)`, with what is left of a day if it is not whole.
    fn seconds(&mut self, seconds: u32) {
        if seconds == 0 {
            return self.push("0 (no end)");
        }
        self.count(seconds.into(), "second");
        let parts = [(seconds / 86_400, "day"), (seconds / 3600 % 24, "hour"), (seconds / 60 % 60, "minute")];
        if seconds >= 60 {
            self.push(" (");
            let rest = [(seconds % 60, "second")];
            let parts = parts.into_iter().chain(rest).filter(|(count, _)| *count > 0);
            self.list(parts, |text, (count, unit)| text.count(count.into(), unit));
            self.push(")");
        }
    }

    /// Where a span of time leads to, if it has an end and its start is known.
    fn until(&mut self, start: Option<Timestamp>, seconds: u64) {
        if let Some(end) = date::end_of(start, seconds) {
            self.push(", until ");
            self.push(&end);
        }
    }

    fn mpi(&mut self, mpi: Mpi<'_>) {
        self.count(mpi.bits().into(), "bit");
        if !mpi.is_canonical() {
            self.push(" declared, which is not its length");
        }
    }

    fn curve(&mut self, curve: CurveOid<'_>) {
        let oid = DottedOid(curve.octets().as_slice());
        match curve.curve() {
            Some(known) => {
                self.push(known.name);
                if self.is_verbose {
                    self.push(" (");
                    self.push(&oid.to_string());
                    self.push(")");
                }
            }
            None => {
                self.push("unknown (");
                self.push(&oid.to_string());
                self.push(")");
            }
        }
    }

    fn kdf(&mut self, parameters: KdfParameters<'_>) {
        match parameters.algorithms() {
            Some((hash, cipher)) => {
                self.named(hash.0, hash.name());
                self.push(", ");
                self.named(cipher.0, cipher.name());
            }
            None => self.hex(parameters.octets().as_slice()),
        }
    }

    fn checksum(&mut self, stored: Option<u32>, due: Option<u32>, width: usize) {
        match stored {
            Some(stored) => self.checksum_octets(stored, width),
            None => self.push("malformed"),
        }
        match due {
            Some(due) if stored == Some(due) => self.push(" (right)"),
            Some(due) => {
                self.push(" (wrong: ");
                self.checksum_octets(due, width);
                self.push(" is due)");
            }
            None => {}
        }
    }

    fn checksum_octets(&mut self, checksum: u32, width: usize) {
        let octets = checksum.to_be_bytes();
        self.push("0x");
        escape::hex(&mut self.out.octets, &octets[octets.len().saturating_sub(width)..]);
    }

    /// The first of `length` octets.
    fn first(&mut self, first: Octets<'_>, length: u64) {
        self.hex(first.as_slice());
        if first.len_u64() < length {
            self.push("…");
        }
    }

    /// Octets that are not shown.
    pub(super) fn data(&mut self, count: u64) {
        self.push("[");
        self.count(count, "octet");
        self.push("]");
    }

    fn count(&mut self, count: u64, unit: &str) {
        self.number(count);
        self.push(" ");
        self.push(unit);
        if count != 1 {
            self.push("s");
        }
    }

    fn number(&mut self, number: u64) {
        self.out.number(number);
    }

    /// Ends a line, after the place of what is on it.
    fn end_line(&mut self, span: Option<Span>) {
        match span {
            Some(span) => self.place_of(span.start, Some(span.end)),
            None => self.push("\n"),
        }
    }

    /// Ends a line, after a place whose end may not be known yet.
    fn place_of(&mut self, start: u64, end: Option<u64>) {
        if self.is_verbose && self.has_places {
            self.place(start, end);
        }
        self.push("\n");
    }

    /// Most lines of most runs end without one.
    #[inline(never)]
    fn place(&mut self, start: u64, end: Option<u64>) {
        self.push("  [");
        self.number(start);
        self.push("..");
        if let Some(end) = end {
            self.number(end);
        }
        self.push("]");
    }

    fn indent(&mut self) {
        self.out.spaces(self.indentation);
    }

    /// An empty line between what has headings.
    pub(super) fn separate(&mut self) {
        if self.has_started {
            self.push("\n");
        }
        self.has_started = true;
    }

    /// A mark of the style, which mostly has none.
    pub(super) fn mark(&mut self, mark: &str) {
        if !mark.is_empty() {
            self.push(mark);
        }
    }

    pub(super) fn push(&mut self, text: &str) {
        self.out.push(text);
    }
}

impl<W: Write> Renderer for Text<W> {
    fn file(&mut self, name: &[u8], is_one_of_several: bool) {
        // The one before may not have been read to its end.
        self.open.clear();
        (self.indentation, self.pending) = (0, None);
        if !is_one_of_several {
            return;
        }
        self.separate();
        self.mark(self.style.heading);
        self.out.file_heading(name);
        self.mark(self.style.plain);
        self.push("\n");
    }

    #[inline(always)]
    fn event(&mut self, event: &Event<'_>, chosen: Chosen<'_>, wire: &mut Wire, _lines: Lines<'_>) -> io::Result<()> {
        if chosen.is_shown { self.told(event, chosen.number, wire) } else { Ok(()) }
    }

    fn has_details(&self) -> bool {
        self.is_verbose || self.has_octets
    }

    fn wants_octets(&self) -> bool {
        self.has_octets
    }

    fn passed(
        &mut self,
        wire: &mut Wire,
        level: usize,
        position: u64,
        payload: Option<&'static str>,
        _lines: Lines<'_>,
    ) -> io::Result<()> {
        match payload {
            Some(_) => wire.keep_start(level, position),
            None => wire.forget(level, position),
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn printed(&self) -> u64 {
        self.out.printed()
    }
}
