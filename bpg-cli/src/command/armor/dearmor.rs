//! What armor holds, block by block.

use std::fmt::Display;
use std::io::{Read, Write};

use bpg_core::armor::Place;
use bpg_core::container::reader::{ArmorPart, HeldPart, PartReader, Skipped, StreamedPart};
use bpg_core::container::{Encoding, Part, Transcoded};
use bpg_core::error::{ArmorRule, Error};
use bpg_core::framing::Framer;
use zeroize::Zeroizing;

use super::{CHUNK, unreadable};
use crate::error::{Failure, Status, diagnose};
use crate::input::{FEWER_HEADERS, PassedOver, WRONG_CHECKSUM, no_data, over_long};
use crate::output::file::Stop;

/// Writes what the armor in `input` holds, and packets beside it.
pub(super) fn decode(name: &[u8], mut input: impl Read, output: impl Write, is_strict: bool) -> Result<Status, Stop> {
    let mut first = [0];
    let is_empty = super::fill(&mut input, &mut first).map_err(unreadable(name))? == 0;
    let input = first.as_slice().take(u64::from(!is_empty)).chain(input);
    let buffer = Zeroizing::new(vec![0; CHUNK]);
    let mut decoder = Dearmor { name, output, is_strict, buffer, found: None, status: Status::Good };
    decoder.parts(&mut PartReader::new(input), None)?;
    if decoder.found.is_none() {
        return Err(Stop::Failure(Failure::about(name, no_data(is_empty))));
    }
    Ok(decoder.status)
}

struct Dearmor<'n, W> {
    name: &'n [u8],
    output: W,
    is_strict: bool,
    buffer: Zeroizing<Vec<u8>>,
    found: Option<Found>,
    status: Status,
}

/// What a file was found to hold, which is not to be mixed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    Packets,
    Armor,
}

/// What ends packets other than the end of the last one.
struct Unframed {
    /// Behind what was copied.
    position: u64,
    error: Error,
    /// Whether there is nothing else.
    is_end: bool,
}

/// Finds the position in the file of what is in a text that was made of it.
type Origin<'o> = Option<&'o dyn Fn(u64) -> u64>;

impl<W: Write> Dearmor<'_, W> {
    fn parts<R: Read>(&mut self, reader: &mut PartReader<R>, origin: Origin<'_>) -> Result<(), Stop> {
        // What is passed over is worth telling only if there is something else.
        let mut skipped: Option<Skipped> = None;
        while let Some(part) = reader.next_part().map_err(unreadable(self.name))? {
            if let Some(text) = skipped.take() {
                self.skipped(&text, origin);
            }
            let unframed = match part {
                StreamedPart::Armor(part) => self.armor(part, origin).map(|()| None)?,
                StreamedPart::Packets(mut part) => {
                    let start = part.start();
                    self.packets(&mut part, start)?
                }
                StreamedPart::Held(part) => self.held(&part).map(|()| None)?,
                StreamedPart::Skipped(text) => {
                    skipped = Some(text);
                    None
                }
                StreamedPart::Cleartext(part) => {
                    self.found(Found::Armor, place(part.start(), origin));
                    self.note(part.start(), origin, "signed text, which is no armor, is left out");
                    None
                }
                StreamedPart::Keybox(_) => return Err(self.unusable("a keybox is not armored")),
                _ => None,
            };
            if let Some(unframed) = unframed {
                // Armor may follow; other octets behind packets are malformed.
                if !reader.go_on_at(unframed.position).map_err(unreadable(self.name))? {
                    self.unframed(&unframed);
                    return Ok(());
                }
            }
        }
        if let Some(text) = skipped.filter(|text| self.found.is_some() || text.over_long.is_some()) {
            self.skipped(&text, origin);
        }
        Ok(())
    }

    fn armor<R: Read>(&mut self, mut part: ArmorPart<'_, R>, origin: Origin<'_>) -> Result<(), Stop> {
        self.found(Found::Armor, place(part.start(), origin));
        self.copy(&mut part)?;
        let irregularity = if self.is_strict { part.strict_error() } else { None };
        if let Some(located) = irregularity.or(part.error()) {
            self.malformed(&place(located.place, origin), &located.error.reason());
        }
        for (rule, at) in part.irregular_head().chain(part.irregular_end()) {
            if rule == ArmorRule::NotQuotedPrintable || !self.is_strict {
                self.irregular(&place(at, origin), rule);
            }
        }
        let Some(end) = part.end() else { return Ok(()) };
        if let (Some(checksum), Some(at)) = (end.checksum, end.checksum_place)
            && !checksum.is_right()
        {
            self.note(at, origin, WRONG_CHECKSUM);
        }
        Ok(())
    }

    /// Copies packets, of which the first is at `start`, up to the octet that no packet has, if there is one.
    fn packets(&mut self, input: &mut impl Read, start: u64) -> Result<Option<Unframed>, Stop> {
        self.found(Found::Packets, at(start));
        let mut framer = Framer::new(start);
        let mut position = start;
        loop {
            let count = self.read(input)?;
            let mut piece = &self.buffer[..count];
            let mut framed = 0;
            let result = loop {
                match if count > 0 { framer.push(&mut piece) } else { framer.finish() } {
                    Ok(Some(_)) => framed = count - piece.len(),
                    Ok(None) => break Ok(count - piece.len()),
                    Err(error) => break Err((framed, error)),
                }
            };
            let copied = *result.as_ref().unwrap_or_else(|(framed, _)| framed);
            self.output.write_all(&self.buffer[..copied]).map_err(Stop::Output)?;
            position += copied as u64;
            match result {
                Ok(_) if count > 0 => {}
                Ok(_) => return Ok(None),
                Err((_, error)) => return Ok(Some(Unframed { position, error, is_end: count == 0 })),
            }
        }
    }

    /// What has to be read as a whole: text in an encoding that has to be undone.
    fn held(&mut self, part: &HeldPart<'_>) -> Result<(), Stop> {
        for inner in part.parts() {
            match inner {
                Part::Encoded(encoded) => {
                    self.irregular(&at(encoded.wire().start()), encoded.encoding().rule());
                    self.transcoded(&encoded.decode(), encoded.encoding())?;
                }
                Part::Armor(block) => {
                    let (start, end) = (block.prefix().start(), block.wire().end());
                    self.plain(part, start, end)?;
                }
                Part::Cleartext(message) => {
                    let wire = message.wire();
                    self.plain(part, wire.start(), wire.end())?;
                }
                Part::Packets(octets) => {
                    if let Some(unframed) = self.packets(&mut octets.as_slice(), octets.start())? {
                        self.unframed(&unframed);
                    }
                }
                Part::Skipped(octets) => {
                    let start = Place { position: octets.start(), line: 1, column: 1 };
                    self.skipped(&Skipped::of(octets, start), Some(&|position| position));
                }
                Part::AgentKey(_) => return Err(self.unusable("a key of gpg-agent is not armored")),
                _ => {}
            }
        }
        if part.is_cut() {
            self.malformed(&at(part.octets().end()), &"the text is too long to be read as a whole");
        }
        Ok(())
    }

    /// A part of what is held that needs no decoding.
    fn plain(&mut self, part: &HeldPart<'_>, start: u64, end: u64) -> Result<(), Stop> {
        let octets = part.octets();
        let index = |position: u64| usize::try_from(position.saturating_sub(octets.start())).unwrap_or(usize::MAX);
        let text = octets.as_slice().get(index(start)..index(end)).unwrap_or_default();
        let place = Place { position: start, line: 1, column: 1 };
        self.parts(&mut PartReader::of_text(text, place).not_quoted_printable(), Some(&|position| position))
    }

    fn transcoded(&mut self, text: &Transcoded<'_>, encoding: Encoding) -> Result<(), Stop> {
        let place = Place { position: 0, line: 1, column: 1 };
        let mut reader = PartReader::of_decoded(text.text(), encoding, place);
        self.parts(&mut reader, Some(&|position| text.position(position)))
    }

    /// Copies what there is to its end.
    fn copy(&mut self, part: &mut impl Read) -> Result<(), Stop> {
        loop {
            let count = self.read(part)?;
            if count == 0 {
                return Ok(());
            }
            self.output.write_all(&self.buffer[..count]).map_err(Stop::Output)?;
        }
    }

    fn read(&mut self, part: &mut impl Read) -> Result<usize, Stop> {
        super::fill(part, &mut self.buffer).map_err(unreadable(self.name))
    }

    /// Says what text was passed over, unless it was blank.
    fn skipped(&mut self, text: &Skipped, origin: Origin<'_>) {
        if !text.is_blank {
            let find = |position| origin.map_or(position, |origin| origin(position));
            let count = find(text.span.end).saturating_sub(find(text.span.start));
            self.note(text.start, origin, PassedOver { count, is_text: text.is_text });
        }
        if !text.is_text && self.is_strict {
            self.status = Status::Malformed;
        }
        if let Some(located) = text.over_long.map(over_long) {
            let at = place(located.place, origin);
            self.found(Found::Armor, at.clone());
            self.malformed(&at, &format_args!("{} ({FEWER_HEADERS})", located.error.reason()));
        }
    }

    /// Says that there is something else in the file than what was found first.
    fn found(&mut self, found: Found, place: String) {
        if self.found.is_some_and(|before| before != found) {
            self.irregular(&place, ArmorRule::NotMixed);
        }
        self.found = Some(found);
    }

    fn irregular(&mut self, place: &str, rule: ArmorRule) {
        if self.is_strict {
            self.malformed(&place, &rule);
        } else {
            diagnose(self.name, format_args!("{place}: {rule}"));
        }
    }

    fn note(&self, start: Place, origin: Origin<'_>, message: impl Display) {
        diagnose(self.name, format_args!("{}: {message}", place(start, origin)));
    }

    fn malformed(&mut self, place: &dyn Display, reason: &dyn Display) {
        diagnose(self.name, format_args!("{place}: {reason}"));
        self.status = Status::Malformed;
    }

    /// Says where packets end, and what is left out.
    fn unframed(&mut self, unframed: &Unframed) {
        self.malformed(&at(unframed.error.span().start), &unframed.error.reason());
        if !unframed.is_end {
            let place = at(unframed.position);
            diagnose(self.name, format_args!("{place}: what is there is left out, and all that follows"));
        }
    }

    fn unusable(&self, reason: &str) -> Stop {
        Stop::Failure(Failure::about(self.name, reason))
    }
}

fn at(position: u64) -> String {
    format!("at octet {position}")
}

/// The place in the file; lines are told where they are those of the file.
fn place(place: Place, origin: Origin<'_>) -> String {
    match origin {
        Some(origin) => at(origin(place.position)),
        None => format!("at octet {} (line {}, column {})", place.position, place.line, place.column),
    }
}
