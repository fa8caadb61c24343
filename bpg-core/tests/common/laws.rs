//! The laws, each a function that panics where an input breaks it.

use std::fmt::{self, Write as _};
use std::ops::ControlFlow;

use bpg_core::armor::{self, Block, Lines, Symbols};
use bpg_core::error::{Error, ErrorKind};
use bpg_core::framing::{Packets, RawPacket};
use bpg_core::inspect::{self, Event, Field, Group, Value, Visitor};
use bpg_core::octets::{Octets, Span};

use super::walk;

/// Checks all laws on `input`.
pub(crate) fn check(input: &[u8]) {
    check_at(input, 0);
}

/// Checks all laws on `input`, with positions counted from `base`.
pub(crate) fn check_at(input: &[u8], base: u64) {
    let input = Octets::new(input, base);
    let (mut packets, mut position, mut failure) = (Packets::new(input), base, None);
    for framed in packets.by_ref() {
        assert!(failure.is_none(), "something follows {failure:?}");
        match framed {
            Ok(raw) => {
                assert_eq!(raw.wire().start(), position, "a packet starts where the one before it ends");
                position = raw.wire().end();
                framing(input, &raw);
                places(input, &raw);
                walk::raw_packet(&raw, input.span());
            }
            Err(error) => {
                check_error(&error, input.span());
                failure = Some(error);
            }
        }
    }
    let remaining = packets.remaining();
    assert_eq!(remaining.span(), Span { start: position, end: input.end() }, "what was framed and what was not");
    assert_eq!(remaining.as_slice(), slice(input, remaining.span()));
    assert_eq!(remaining.is_empty(), failure.is_none(), "{failure:?}");
    if let Some(error) = failure {
        let mut events = Vec::new();
        let _ = inspect::remainder(remaining, error, &mut |event: Event<'_>| -> ControlFlow<()> {
            events.push(format!("{event:?}"));
            ControlFlow::Continue(())
        });
        assert_eq!(events, [format!("Remainder({remaining:?})"), format!("Error({error:?})"), "Close".to_string()]);
    }
}

/// The octets of `input` at `span`, which has to lie inside it.
fn slice(input: Octets<'_>, span: Span) -> &[u8] {
    let from = |position: u64| usize::try_from(position.checked_sub(input.start()).unwrap()).unwrap();
    &input.as_slice()[from(span.start)..from(span.end)]
}

/// Law 1, of one packet: its parts are its wire octets.
fn framing(input: Octets<'_>, raw: &RawPacket<'_>) {
    let (wire, header, body) = (raw.wire(), raw.header(), raw.body());
    assert_eq!(wire.as_slice(), slice(input, wire.span()));
    assert_eq!(header.as_slice(), slice(input, header.span()));
    assert_eq!(header.start(), wire.start());
    assert_eq!(header.end(), body.span().start);
    assert_eq!(body.span().end, wire.end());
    assert_eq!(raw.length().is_legacy(), wire.as_slice()[0] & 0x40 == 0);

    let (mut offset, mut end) = (0, body.span().start);
    let joined = body.to_cow();
    for (index, chunk) in body.chunks().enumerate() {
        let gap = chunk.start() - end;
        assert!(if index == 0 { gap == 0 } else { matches!(gap, 1 | 2 | 5) }, "a chunk header of {gap} octets");
        assert_eq!(chunk.as_slice(), slice(input, chunk.span()));
        assert_eq!(body.locate(offset), chunk.start());
        let first = usize::try_from(offset).unwrap();
        assert_eq!(chunk.as_slice(), &joined[first..first + chunk.len()]);
        offset += chunk.len() as u64;
        end = chunk.end();
    }
    assert_eq!(end, body.span().end);
    assert_eq!((body.len(), body.is_empty()), (offset, offset == 0));
    assert_eq!(joined.len() as u64, offset);
    assert_eq!(body.locate(offset), body.span().end);
    if let Some(contiguous) = body.contiguous() {
        assert_eq!(contiguous.span(), body.span());
    }
}

/// Law 4, of one packet: fields and groups are where they say they are, and claim every octet.
pub(crate) fn places(input: Octets<'_>, raw: &RawPacket<'_>) {
    let mut places = Places {
        input,
        is_contiguous: raw.body().contiguous().is_some(),
        open: [raw.wire().span(); DEPTH],
        depth: 0,
        position: raw.wire().start(),
    };
    assert!(inspect::packet(raw, &mut places).is_continue());
    assert_eq!(places.depth, 0, "everything that is opened is closed");
    if places.is_contiguous {
        assert_eq!(places.position, raw.wire().end(), "the fields claim every octet");
    }
}

/// The deepest that groups nest: the packet, and an area and a subpacket for each of the signatures in it.
const DEPTH: usize = 32;

/// Checks the events of a packet.
struct Places<'i> {
    input: Octets<'i>,
    is_contiguous: bool,
    /// The spans of the packet and the groups that are open.
    open: [Span; DEPTH],
    depth: usize,
    /// Where the last field ended.
    position: u64,
}

impl Places<'_> {
    fn innermost(&self) -> Span {
        self.open[self.depth.checked_sub(1).expect("inside the packet")]
    }

    fn opened(&mut self, span: Span) {
        self.open[self.depth] = span;
        self.depth += 1;
    }

    fn group(&mut self, group: Group) {
        let (Group { name, span, .. }, outer) = (group, self.innermost());
        assert!(span.start <= span.end && outer.contains(span), "{name} at {span} inside {outer}");
        if self.is_contiguous {
            assert_eq!(span.start, self.position, "{name} starts where what is before it ends");
        }
        self.opened(span);
    }

    fn field(&mut self, field: &Field<'_>) {
        let Some(span) = field.span else {
            assert!(matches!(field.value, Value::KeyId(_) | Value::Fingerprint(_)), "{field:?} is derived");
            return;
        };
        let outer = self.innermost();
        assert!(span.start <= span.end && outer.contains(span), "{field:?} inside {outer}");
        if self.is_contiguous {
            assert_eq!(span.start, self.position, "{field:?} starts where the one before it ends");
        } else {
            assert!(span.start >= self.position, "{field:?} is not in front of the one before it");
        }
        self.position = span.end;
        // A field that lies across chunks has their headers between its octets.
        if self.is_contiguous {
            assert!(holds(field, slice(self.input, span)), "{field:?} says what its octets do");
        }
    }
}

impl Visitor for Places<'_> {
    type Break = ();

    fn event(&mut self, event: Event<'_>) -> ControlFlow<()> {
        match event {
            Event::Packet(raw) => {
                assert_eq!(self.depth, 0, "a packet is not inside another");
                self.opened(raw.wire().span());
            }
            Event::Armor(_) | Event::Remainder(_) => panic!("{event:?} inside a packet"),
            Event::Open(group) => self.group(group),
            Event::Field(field) => self.field(&field),
            Event::Error(error) => {
                check_error(&error, self.input.span());
                let outer = self.open[0];
                assert!(outer.contains(error.span()), "{error}: {} inside {outer}", error.span());
            }
            Event::Close => {
                if self.is_contiguous {
                    assert_eq!(self.position, self.innermost().end, "the fields claim all of their group");
                }
                self.depth -= 1;
            }
        }
        ControlFlow::Continue(())
    }
}

/// Whether the value of `field` is what `octets`, which are at its span, say.
fn holds(field: &Field<'_>, octets: &[u8]) -> bool {
    let number = octets.iter().fold(0_u64, |number, octet| number << 8 | u64::from(*octet));
    match field.value {
        // The lengths of packets and subpackets have encodings of their own, and some octets hold bits besides the ID.
        Value::Number(value) => value == number || field.name.contains("length"),
        Value::Id { number: value, .. } => value == number || matches!(field.name, "packet type" | "type"),
        Value::Boolean(value) | Value::MemoryExponent(value) | Value::HashedOctets(value) => octets == [value],
        Value::Time(value) => octets == value.0.to_be_bytes(),
        Value::Seconds(value) => octets == value.to_be_bytes(),
        Value::Days(value) => octets == value.to_be_bytes(),
        Value::Ids(value) => octets == value.octets().as_slice() && value.values().count() == octets.len(),
        Value::Flags(value) => {
            octets == value.octets().as_slice()
                && value.set().all(|(flag, _)| octets[usize::try_from(flag / 8).unwrap()] >> (flag % 8) & 1 == 1)
                && value.set().count() == octets.iter().map(|octet| octet.count_ones() as usize).sum::<usize>()
        }
        Value::Ciphersuites(value) | Value::Text(value) | Value::Hex(value) => octets == value.as_slice(),
        // What has a count of its own claims that, too.
        Value::Data(value) => value.contiguous().is_some_and(|value| octets.ends_with(value.as_slice())),
        Value::Secret(value) => octets.ends_with(value.expose().as_slice()),
        Value::Mpi(value) => {
            octets.strip_prefix(&value.bits().to_be_bytes()) == Some(value.octets().as_slice())
                && value.octets().len() == usize::from(value.bits()).div_ceil(8)
        }
        Value::Curve(value) => octets.split_first().is_some_and(|(_, oid)| oid == value.octets().as_slice()),
        Value::Kdf(value) => octets.split_first().is_some_and(|(_, kdf)| kdf == value.octets().as_slice()),
        Value::KeyId(value) => octets == value.0,
        Value::Fingerprint(value) => octets == value.as_slice(),
        Value::Checksum { stored, width, .. } => {
            octets.len() == usize::from(width) && stored.is_some_and(|stored| u64::from(stored) == number)
        }
        _ => false,
    }
}

/// Checks that an error is about a place in the input, and prints as one line.
pub(crate) fn check_error(error: &Error, input: Span) {
    let span = error.span();
    assert!(span.start <= span.end && input.contains(span), "{error}: {span} inside {input}");
    assert!(error.context().count() <= 3 && error.context().all(|name| !name.is_empty()));
    write!(OneLine, "{error}").expect("one line without control characters");
    write!(OneLine, "{error:?}").expect("one line without control characters");
    write!(OneLine, "{:?} {}", error.kind(), error.reason()).expect("one line without control characters");
}

/// Accepts one line of text, and keeps nothing of it.
struct OneLine;

impl fmt::Write for OneLine {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if text.chars().any(char::is_control) { Err(fmt::Error) } else { Ok(()) }
    }
}

/// Checks what can be said of any text: blocks are where they say they are and decode to octets that obey the laws, errors
/// are about places in the text.
pub(crate) fn check_armor(text: &[u8]) {
    let text = Octets::from(text);
    let (mut blocks, mut position) = (armor::blocks(text.as_slice()), 0);
    for block in blocks.by_ref() {
        assert!(block.wire().start() >= position, "blocks do not overlap");
        position = block.wire().end();
        assert_eq!(block.wire().as_slice(), slice(text, block.wire().span()));
        assert!(block.wire().as_slice().starts_with(b"-----BEGIN PGP "));
        for part in [block.label(), block.body()] {
            assert!(block.wire().span().contains(part.span()));
            assert_eq!(part.as_slice(), slice(text, part.span()));
        }
        let mut header_end = block.label().end();
        for header in block.headers() {
            assert!(header.wire.start() >= header_end && header.wire.end() <= block.body().start());
            assert!(header.wire.span().contains(header.key.span()) && header.wire.span().contains(header.value.span()));
            header_end = header.wire.end();
        }
        check_block(text, block);
    }
    assert_eq!(blocks.remaining().span(), Span { start: position, end: text.end() });
}

/// Checks what a block decodes to.
fn check_block(text: Octets<'_>, block: Block<'_>) {
    let (decoded, error) = block.decode_prefix();
    let mut pieces = Vec::new();
    match block.decode_each(|piece| pieces.extend_from_slice(piece)) {
        Ok(end) => {
            assert_eq!((error, decoded.checksum, decoded.has_padding), (None, end.checksum, end.has_padding));
        }
        Err(other) => assert_eq!(error, Some(other)),
    }
    assert_eq!(*decoded.octets, pieces);
    assert_eq!(block.decode().err(), error);
    let lacks_tail = error.is_some_and(|error| error.kind() == ErrorKind::ArmorWithoutTail);
    assert!(if block.has_tail() { !lacks_tail } else { error.is_some() }, "{error:?}");
    if let Some(error) = error {
        check_error(&error, text.span());
        let octet = text.as_slice().get(usize::try_from(error.span().start).unwrap()).copied();
        if let ErrorKind::NotBase64 { octet: bad } = error.kind() {
            assert_eq!((octet, error.span().len()), (Some(bad), 1), "{error}");
        }
        let (line, column) = Lines::new(text.as_slice()).line_and_column(error.span().start);
        assert!(line > 0 && column > 0);
    }
    let last = decoded.octets.len().saturating_sub(16);
    let symbols = Symbols::new(block);
    for (offset, octet) in decoded.octets.iter().enumerate().filter(|(offset, _)| *offset < 16 || *offset >= last) {
        let position = symbols.position(offset as u64);
        assert!(block.body().span().contains(Span { start: position, end: position + 1 }));
        let symbol = text.as_slice()[usize::try_from(position).unwrap()];
        let bits = SYMBOLS.iter().position(|other| *other == symbol).expect("a base64 character") as u8;
        let first_bits = match offset % 3 {
            0 => bits == octet >> 2,
            1 => bits & 0b1111 == octet >> 4,
            _ => bits & 0b11 == octet >> 6,
        };
        assert!(first_bits, "octet {offset} is {octet:#04x}, but {:?} is at {position}", char::from(symbol));
    }
    let events = &mut 0;
    let _ = inspect::armor(block, decoded.checksum, error, &mut |event: Event<'_>| -> ControlFlow<()> {
        if let Event::Field(Field { span: Some(span), value: Value::Text(value), .. }) = event {
            assert_eq!(slice(text, span), value.as_slice());
        }
        *events += 1;
        ControlFlow::Continue(())
    });
    let parts = block.headers().count() + usize::from(decoded.checksum.is_some()) + usize::from(error.is_some());
    assert_eq!(*events, 2 + parts);
    check(&decoded.octets);
}

/// The alphabet of base64 (RFC 4648 section 4).
const SYMBOLS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Collects the events of a packet, as text.
pub(crate) fn events(raw: &RawPacket<'_>) -> Vec<String> {
    let mut events = Vec::new();
    let _ = inspect::packet(raw, &mut |event: Event<'_>| -> ControlFlow<()> {
        let mut line = format!("{event:?}");
        if let Event::Field(Field { value, .. }) = event {
            // `Debug` shows where octets are, not what they are.
            write!(line, " {:02x?}", value_octets(&value)).unwrap();
        }
        events.push(line);
        ControlFlow::Continue(())
    });
    events
}

/// The octets that a value holds, if it holds octets.
pub(crate) fn value_octets(value: &Value<'_>) -> Vec<u8> {
    match value {
        Value::Ids(value) => value.octets().as_slice().to_vec(),
        Value::Flags(value) => value.octets().as_slice().to_vec(),
        Value::Ciphersuites(value) | Value::Text(value) | Value::Hex(value) => value.as_slice().to_vec(),
        Value::Data(value) => value.to_cow().into_owned(),
        Value::Secret(value) => value.expose().as_slice().to_vec(),
        Value::Mpi(value) => value.octets().as_slice().to_vec(),
        Value::Curve(value) => value.octets().as_slice().to_vec(),
        Value::Kdf(value) => value.octets().as_slice().to_vec(),
        _ => Vec::new(),
    }
}
