//! What a file holds, part by part.

use std::io::Read;

use bpg_core::agent_key::AgentKey;
use bpg_core::armor::{self, Lines};
use bpg_core::container::reader::{
    ArmorPart, CleartextPart, HeldPart, KeyboxPart, Limits, PartReader, Skipped, StreamedBlob, StreamedPart,
};
use bpg_core::container::{Encoded, Encoding, Part};
use bpg_core::error::{ArmorRule, Error, ErrorKind};
use bpg_core::inspect::{self, Armor, Event, SignedText, Visitor};
use bpg_core::keybox::{Blob, Contents};
use bpg_core::octets::Octets;
use bpg_core::registry::KeyboxBlobType;
use zeroize::Zeroizing;

use super::packets::{Unframed, WINDOW, error_in_front_of_packet, fill};
use super::report::{ENCODED, Found, PACKET, Place, Report, Space, Stop, locate, told};
use crate::input::{PassedOver, WRONG_CHECKSUM, no_data, over_long};
use crate::output::renderer::Renderer;

impl<R: Renderer + ?Sized> Report<'_, '_, R> {
    /// Tells of all that is in a file.
    pub(super) fn file<I: Read>(&mut self, mut input: I) -> Result<(), Stop> {
        let limit = self.spent.limits().packet;
        let mut first = Zeroizing::new(Vec::new());
        if self.options.recovers {
            first.reserve_exact(WINDOW);
            let mut is_end = fill(&mut input, &mut first, 1)?;
            // What starts with a packet is told as it comes.
            if first.first().is_some_and(|octet| octet & 0x80 == 0) {
                is_end = fill(&mut input, &mut first, WINDOW)?;
            }
            if let Some(error) = error_in_front_of_packet(&first, is_end) {
                self.not_mixed(Found::Packets, Place::octet(0));
                return self.unframed(Unframed::at_start(first, error), &mut input);
            }
        }
        let input = first.as_slice().chain(input);
        self.parts(&mut PartReader::with_limits(input, Limits { held: limit, blob: limit }))?;
        if !self.has_found() {
            self.unusable(no_data(self.spent.is_unread()));
        } else if self.is_empty_armor() {
            self.unusable("no OpenPGP data: the armor is empty");
        }
        Ok(())
    }

    fn parts<I: Read>(&mut self, reader: &mut PartReader<I>) -> Result<(), Stop> {
        // What is passed over is worth telling only if there is something else.
        let mut skipped: Option<Skipped> = None;
        while let Some(part) = reader.next_part().map_err(Stop::Input)? {
            if let Some(text) = skipped.take() {
                self.skipped(&text)?;
            }
            let unframed = match part {
                StreamedPart::Packets(mut part) => {
                    let start = part.start();
                    self.not_mixed(Found::Packets, Place::octet(start));
                    self.framed(&mut part, start)?
                }
                StreamedPart::Skipped(text) => {
                    skipped = Some(text);
                    None
                }
                part => {
                    self.part(part)?;
                    None
                }
            };
            if let Some(unframed) = unframed {
                self.behind_packets(unframed, reader)?;
            }
        }
        if let Some(text) = skipped.filter(|text| self.has_found() || text.over_long.is_some()) {
            self.skipped(&text)?;
        }
        Ok(())
    }

    /// Goes on where framing failed: with armor that starts there, or with the octets that are no packets.
    fn behind_packets<I: Read>(&mut self, unframed: Unframed, reader: &mut PartReader<I>) -> Result<(), Stop> {
        if !unframed.is_cut_short && reader.go_on_at(unframed.position).map_err(Stop::Input)? {
            return Ok(());
        }
        let mut rest = reader.rest();
        // What was read already, and is not given again.
        let again = usize::try_from(rest.start().saturating_sub(unframed.position)).unwrap_or(usize::MAX);
        self.unframed(unframed.up_to(again), &mut rest)
    }

    fn part<I: Read>(&mut self, part: StreamedPart<'_, I>) -> Result<(), Stop> {
        match part {
            StreamedPart::Armor(part) => self.armor(part),
            StreamedPart::Cleartext(part) => self.cleartext(part),
            StreamedPart::Keybox(part) => self.keybox(part),
            StreamedPart::Held(part) => self.held(&part),
            _ => Ok(()),
        }
    }

    fn armor<I: Read>(&mut self, mut part: ArmorPart<'_, I>) -> Result<(), Stop> {
        let head = part.head();
        let start = self.locate(part.start());
        self.not_mixed(Found::Armor, start);
        let frame = Armor { label: head.label(), start: start.position, end: None };
        told(inspect::armor(frame, head.headers(), self))?;
        let label = head.label().as_slice().to_vec();
        self.made_good(part.irregular_head());
        let places = part.places();
        let origin = self.origin();
        let line = move |offset| places.place(offset).and_then(|place| locate(origin, place).line_and_column);
        self.within(Space::Armor(Box::new(line)), |report| report.packets(&mut part, 0))?;
        self.armor_end(&part, start, &label)
    }

    /// Tells of the end of armor, and of what had to be made good to read it.
    fn armor_end<I>(&mut self, part: &ArmorPart<'_, I>, start: Place, label: &[u8]) -> Result<(), Stop> {
        let Some(end) = part.end() else { return Ok(()) };
        let irregularity = if self.options.is_strict { part.strict_error() } else { None };
        let located = irregularity.or(part.error());
        let error = located.map(|located| self.at_its_place(located));
        let span = end.span;
        let behind = self.locate(armor::Place { position: span.end, line: 1, column: 1 }).position;
        let frame = Armor { label: Octets::new(label, span.start), start: start.position, end: Some(behind) };
        told(inspect::armor_end(frame, end.checksum, error, self))?;
        self.made_good(part.irregular_end());
        if let (Some(checksum), Some(place)) = (end.checksum, end.checksum_place)
            && !checksum.is_right()
        {
            self.note(self.locate(place), WRONG_CHECKSUM);
        }
        Ok(())
    }

    /// Says what armor had to be made good. Read strictly, the first thing of that is an error, and told as such, but for an
    /// encoding: what it encodes is read strictly in turn.
    fn made_good(&mut self, irregularities: impl Iterator<Item = (ArmorRule, armor::Place)>) {
        for (rule, place) in irregularities {
            if rule == ArmorRule::NotQuotedPrintable || !self.options.is_strict {
                self.irregular(self.locate(place), rule);
            }
        }
    }

    /// Signed text; its signatures follow as armor.
    fn cleartext<I: Read>(&mut self, mut part: CleartextPart<'_, I>) -> Result<(), Stop> {
        let start = self.locate(part.start());
        self.not_mixed(Found::Armor, start);
        self.has_signed_text = true;
        if self.options.writes_packets {
            self.note(start, "signed text, which is no packet, is left out");
        }
        told(inspect::cleartext_head(&part.head(), self))?;
        let screen = self.screen;
        let end = part.finish_into(&mut |octets| screen.borrow_mut().payload(octets)).map_err(Stop::Input)?;
        let text = SignedText { span: end.text, lines: end.lines, signed_octets: end.signed_octets };
        told(inspect::cleartext_text(text, self))?;
        for error in part.errors(&end) {
            let error = self.at_its_place(error);
            told(self.event(Event::Error(error)))?;
        }
        told(self.event(Event::Close))?;
        // Of the first one only: there may be as many as there are lines.
        if let Some((_, place)) = end.unescaped_dash {
            self.irregular(self.locate(place), ArmorRule::DashEscaped);
        }
        Ok(())
    }

    /// A keybox: each blob, and the packets of a blob that holds an OpenPGP key.
    fn keybox<I: Read>(&mut self, mut part: KeyboxPart<'_, I>) -> Result<(), Stop> {
        self.not_mixed(Found::Packets, Place::octet(0));
        if self.options.writes_packets {
            self.note(Place::octet(0), "what a keybox has around packets is left out");
        }
        let limit = self.spent.limits().packet as u64;
        while let Some(blob) = part.next_blob().map_err(Stop::Input)? {
            match blob {
                StreamedBlob::Blob(blob) => self.blob(&blob)?,
                StreamedBlob::TooLarge(span) => {
                    let octets = Octets::new(&[], span.start);
                    self.not_packets(span, octets, Error::new(ErrorKind::OverLimit { of: PACKET, limit }, span))?;
                }
                StreamedBlob::Malformed { error, remaining } => {
                    if remaining.len_u64() >= limit {
                        self.leaves_unread();
                    }
                    self.not_packets(remaining.span(), remaining, error)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn blob(&mut self, blob: &Blob<'_>) -> Result<(), Stop> {
        let (KeyboxBlobType::OPENPGP, Ok(Contents::Key(key))) = (blob.blob_type(), blob.interpret()) else {
            return self.in_memory(blob.wire(), |report| told(inspect::keybox_blob(blob, report)));
        };
        let block = key.key_block();
        self.screen.borrow_mut().told_later(block.span());
        self.in_memory(blob.wire(), |report| told(inspect::keybox_blob(blob, report)))?;
        self.packets(&mut block.as_slice(), block.start())
    }

    /// What has to be read as a whole. There may be other parts in it.
    fn held(&mut self, part: &HeldPart<'_>) -> Result<(), Stop> {
        let lines = Lines::new(part.octets().as_slice());
        // The lines of what is held go on where those in front of it end.
        let place = |position: u64| {
            let start = part.start();
            let (line, column) = lines.line_and_column(position.saturating_sub(start.position));
            let column = if line == 1 { start.column + column - 1 } else { column };
            armor::Place { position, line: start.line + line - 1, column }
        };
        for inner in part.parts() {
            match inner {
                Part::Encoded(encoded) => self.encoded(encoded, &place)?,
                Part::AgentKey(key) => self.agent_key(&key)?,
                Part::Skipped(octets) => self.skipped(&Skipped::of(octets, place(octets.start())))?,
                Part::Packets(octets) => {
                    let start = octets.start();
                    self.not_mixed(Found::Packets, Place::octet(start));
                    self.packets(&mut octets.as_slice(), start)?;
                }
                Part::Armor(block) => {
                    let octets = part.octets().starting_at(block.prefix().start());
                    let length = block.wire().end() - octets.start();
                    let octets = octets.split_at(length as usize).map_or(octets, |(octets, _)| octets);
                    self.plain(octets, place(octets.start()))?;
                }
                Part::Cleartext(message) => {
                    self.plain(message.signed_part(), place(message.wire().start()))?;
                }
                _ => {}
            }
        }
        if part.is_cut() {
            let limit = self.spent.limits().packet as u64;
            let span = part.octets().span();
            let is_encoded = part.parts().any(|part| matches!(part, Part::Encoded(_)));
            let of = if is_encoded { ENCODED } else { PACKET };
            self.error_at(Place::octet(span.end));
            told(self.event(Event::Error(Error::new(ErrorKind::OverLimit { of, limit }, span))))?;
        }
        Ok(())
    }

    /// A part that needs not be held.
    fn plain(&mut self, octets: Octets<'_>, place: armor::Place) -> Result<(), Stop> {
        self.parts(&mut PartReader::of_text(octets.as_slice(), place).not_quoted_printable())
    }

    fn agent_key(&mut self, key: &AgentKey<'_>) -> Result<(), Stop> {
        self.not_mixed(Found::Packets, Place::octet(key.wire().start()));
        self.in_memory(key.wire(), |report| told(inspect::agent_key(key, report)))
    }

    /// Text in an encoding that has to be undone.
    fn encoded(&mut self, encoded: Encoded<'_>, place: &dyn Fn(u64) -> armor::Place) -> Result<(), Stop> {
        self.irregular(self.locate(place(encoded.wire().start())), encoded.encoding().rule());
        let transcoded = encoded.decode();
        // Quoted-printable makes lines of its own, so that those of the file are told.
        let has_lines_of_file = encoded.encoding() == Encoding::QuotedPrintable;
        let locate = |inner: armor::Place| {
            let outer = place(transcoded.position(inner.position));
            if has_lines_of_file { outer } else { armor::Place { position: outer.position, ..inner } }
        };
        self.inside(&locate, |report| {
            // A byte order mark is of the encoding.
            let (mark, text) = match transcoded.text().strip_prefix("\u{feff}".as_bytes()) {
                Some(text) => (3, text),
                None => (0, transcoded.text()),
            };
            let start = armor::Place { position: mark, line: 1, column: mark + 1 };
            report.parts(&mut PartReader::of_decoded(text, encoded.encoding(), start))
        })
    }

    /// Says what text was passed over, unless it was blank.
    fn skipped(&mut self, text: &Skipped) -> Result<(), Stop> {
        let start = self.locate(text.start);
        let end = self.locate(armor::Place { position: text.span.end, ..text.start });
        if !text.is_blank {
            let count = end.position.saturating_sub(start.position);
            self.note(start, PassedOver { count, is_text: text.is_text });
        }
        if !text.is_text && self.options.is_strict {
            self.is_malformed();
        }
        let Some(place) = text.over_long else { return Ok(()) };
        self.not_mixed(Found::Armor, self.locate(place));
        let error = self.at_its_place(over_long(place));
        told(self.event(Event::Error(error)))
    }
}
