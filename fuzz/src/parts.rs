//! Law 2 for the parts of a file: a stream and a slice hold the same ones.

use std::io::{self, Read};

use bpg_core::armor::{Block, Lines, LocatedError, Place, Symbols};
use bpg_core::cleartext::Cleartext;
use bpg_core::container::reader::{
    ArmorPart, CleartextPart, KeyboxPart, PartReader, Skipped, StreamedBlob, StreamedPart,
};
use bpg_core::container::{Encoded, Part, Parts, parts};
use bpg_core::error::{ArmorRule, Error, ErrorKind};
use bpg_core::framing::{Event, Framer};
use bpg_core::keybox;
use bpg_core::octets::Octets;

use super::position;
use super::reader::Stream;
use super::stream::{Cut, cuts};

/// How many octets of a block are located.
const LOCATED_OCTETS: u64 = 64;

/// What finding parts in a stream of `input` promises.
pub fn laws(input: &[u8]) {
    for cut in cuts(input).filter(|cut| !matches!(cut, Cut::Every(2..=7))).chain([Cut::Every(usize::MAX)]) {
        same(input, cut);
    }
}

/// The parts of a stream of `input`, cut in this way, are those of `input`.
pub fn same(input: &[u8], cut: Cut) {
    let file = File { input, lines: Lines::new(input), cut };
    let mut expected = parts(input);
    let mut reader = PartReader::new(Stream::of(input, cut));
    while let Some(part) = reader.next_part().expect("reading does not fail") {
        let due = expected.next().unwrap_or_else(|| panic!("nothing is left, but {part:?}"));
        match (part, due) {
            (StreamedPart::Packets(mut packets), Part::Packets(due)) => {
                assert_eq!(packets.start(), due.start());
                let framed = frame(&mut packets, due);
                let goes_on = framed.is_some_and(|end| reader.go_on_at(end).expect("reading does not fail"));
                if goes_on {
                    assert_eq!(framed, Some(due.end()));
                } else {
                    assert_eq!(due.end(), position(input.len()));
                }
            }
            (StreamedPart::Armor(armor), Part::Armor(due)) => file.armor(armor, due),
            (StreamedPart::Armor(armor), Part::Encoded(due)) => {
                if !file.quoted_printable(armor, due) {
                    return;
                }
            }
            (StreamedPart::Cleartext(message), Part::Cleartext(due)) => file.cleartext(message, &due),
            (StreamedPart::Keybox(keybox), Part::Keybox(due)) => blobs(keybox, due),
            (StreamedPart::Held(held), due) => {
                let start = match due {
                    Part::Encoded(encoded) => encoded.wire().start(),
                    Part::AgentKey(key) => key.wire().start(),
                    due => panic!("{due:?} need not be held"),
                };
                assert_eq!(held.start(), file.place(start));
                assert_eq!(held.octets().as_slice(), &input[super::size(start)..]);
                assert!(!held.is_cut());
                let due: Vec<_> = [due].into_iter().chain(expected.by_ref()).collect();
                assert_eq!(shown(held.parts()), format!("{due:?}"));
            }
            (StreamedPart::Skipped(skipped), Part::Skipped(due)) => {
                assert_eq!(skipped.span, due.span());
                assert_eq!(skipped.start, file.place(due.start()));
                assert_eq!(skipped, Skipped::of(due, skipped.start));
                let is_of_text = |octet: &u8| !octet.is_ascii_control() || octet.is_ascii_whitespace();
                assert_eq!(skipped.is_text, due.as_slice().iter().all(is_of_text));
                assert_eq!(skipped.is_blank, due.as_slice().trim_ascii().is_empty());
            }
            (part, due) => panic!("{part:?} is {due:?} in the slice"),
        }
    }
    assert!(expected.next().is_none(), "the stream ends early");
    assert!(reader.next_part().expect("reading does not fail").is_none());
}

fn shown(parts: Parts<'_>) -> String {
    format!("{:?}", parts.collect::<Vec<_>>())
}

/// Frames packets, and says where that failed behind at least one. The octets of `due` are read.
fn frame(packets: &mut impl Read, due: Octets<'_>) -> Option<u64> {
    let mut framer = Framer::new(due.start());
    let (mut piece, mut end, mut left) = ([0; 512], due.start(), due.as_slice());
    loop {
        let count = packets.read(&mut piece).expect("reading does not fail");
        let mut octets = &piece[..count];
        let common = left.len().min(count);
        assert_eq!(left[..common], octets[..common]);
        left = &left[common..];
        if count == 0 {
            assert!(left.is_empty());
            return None;
        }
        loop {
            match framer.push(&mut octets) {
                Ok(Some(Event::End { position })) => end = position,
                Ok(Some(_)) => {}
                Ok(None) => break,
                Err(_) => return Some(end).filter(|end| *end > due.start()),
            }
        }
    }
}

fn blobs(mut keybox: KeyboxPart<'_, Stream<'_>>, due: Octets<'_>) {
    let mut expected = keybox::blobs(due);
    loop {
        let remaining = expected.remaining();
        match (keybox.next_blob().expect("reading does not fail"), expected.next()) {
            (Some(StreamedBlob::Blob(blob)), Some(Ok(due))) => {
                assert_eq!((blob.wire().span(), blob.wire().as_slice()), (due.wire().span(), due.wire().as_slice()));
                assert_eq!(format!("{:?}", blob.interpret()), format!("{:?}", due.interpret()));
            }
            (Some(StreamedBlob::Malformed { error, remaining: left }), Some(Err(due))) => {
                assert_eq!((error, left.span(), left.as_slice()), (due, remaining.span(), remaining.as_slice()));
            }
            (None, None) => return,
            (blob, due) => panic!("{blob:?}, but {due:?}"),
        }
    }
}

/// The file in memory.
struct File<'a> {
    input: &'a [u8],
    lines: Lines<'a>,
    cut: Cut,
}

impl File<'_> {
    fn place(&self, position: u64) -> Place {
        let (line, column) = self.lines.line_and_column(position);
        Place { position, line, column }
    }

    fn located(&self, error: Error) -> LocatedError {
        LocatedError { error, place: self.place(error.span().start) }
    }

    fn armor(&self, mut armor: ArmorPart<'_, Stream<'_>>, due: Block<'_>) {
        assert_eq!(armor.start(), self.place(due.wire().start()));
        head(armor.head(), due);
        let prefix = Some((ArmorRule::StartsLine, due.prefix().start())).filter(|_| !due.prefix().is_empty());
        let blank_line = Some((ArmorRule::BlankLine, due.body().start())).filter(|_| !due.has_empty_line());
        assert_eq!(armor.irregular_head().collect::<Vec<_>>(), self.irregularities([prefix, blank_line]));
        assert_eq!(armor.irregular_end().count(), 0, "nothing was read");
        let places = armor.places();
        let octets = self.read(&mut armor).expect("reading does not fail");
        let (decoded, error) = due.decode_prefix();
        assert_eq!(octets, *decoded.octets);
        assert_eq!(armor.error(), error.map(|error| self.located(error)));
        assert_eq!(armor.strict_error(), due.check_strict().err().map(|error| self.located(error)));
        let end = armor.end().expect("all was read");
        assert_eq!(end.span, due.wire().span());
        let tail = |label: Octets<'_>| (label.span(), label.as_slice().to_vec());
        assert_eq!(end.tail_label.map(tail), due.tail_label().map(tail));
        assert_eq!((end.checksum, end.has_padding), (decoded.checksum, decoded.has_padding));
        assert!(due.decode_each(|_| ()).is_ok_and(|due| due.is_canonical) == end.is_canonical);
        assert!(!end.is_quoted_printable);
        assert_eq!(end.checksum_place.is_some(), end.checksum.is_some());
        if let Some(place) = end.checksum_place {
            assert_eq!(place, self.place(place.position));
            let checksum = &self.input[super::size(place.position)..];
            let is_tail_line =
                checksum[1..].iter().take_while(|octet| !b"\n\r".contains(octet)).all(|octet| *octet != b'=');
            assert!(
                checksum[0] == b'=' && (is_tail_line || end.checksum.is_some_and(|checksum| checksum.stored.is_none()))
            );
        }
        let padding = Some((ArmorRule::Padding, due.body().end())).filter(|_| error.is_none() && !decoded.has_padding);
        let tail = due.tail_label().filter(|tail| tail.as_slice() != due.label().as_slice());
        let tail = tail.map(|tail| (ArmorRule::MatchingTail, tail.start()));
        assert_eq!(armor.irregular_end().collect::<Vec<_>>(), self.irregularities([padding, tail]));
        let symbols = Symbols::new(due);
        for offset in offsets(position(octets.len())) {
            assert_eq!(places.place(offset), Some(self.place(symbols.position(offset))), "octet {offset}");
        }
    }

    fn irregularities(&self, found: [Option<(ArmorRule, u64)>; 2]) -> Vec<(ArmorRule, Place)> {
        found.into_iter().flatten().map(|(rule, position)| (rule, self.place(position))).collect()
    }

    /// Armor whose first encoded equals sign is not in the first line of its data. `false` if it is not told what it is, since
    /// something else than such signs is encoded.
    fn quoted_printable(&self, mut armor: ArmorPart<'_, Stream<'_>>, due: Encoded<'_>) -> bool {
        let places = armor.places();
        let octets = self.read(&mut armor).expect("reading does not fail");
        let end = armor.end().expect("all was read");
        let text = due.decode();
        let inner: Vec<_> = text.parts().collect();
        let wire = due.wire().as_slice();
        let is_sign = |at: &usize| matches!(wire.get(at + 1..), Some([b'3', b'D' | b'd', ..]));
        let has_others = wire.iter().enumerate().any(|(at, octet)| *octet == b'=' && !is_sign(&at));
        let [Part::Armor(block)] = inner[..] else { return false };
        if has_others || !end.is_quoted_printable || end.span.end != due.wire().end() {
            return false;
        }
        let (decoded, error) = block.decode_prefix();
        assert_eq!(octets, *decoded.octets);
        let body = super::size(text.position(block.body().start()) - due.wire().start());
        let sign = wire.iter().skip(body).position(|octet| *octet == b'=').expect("it is encoded") + body;
        let sign = (ArmorRule::NotQuotedPrintable, self.place(due.wire().start() + position(sign)));
        assert!(armor.irregular_end().any(|irregularity| irregularity == sign));
        assert_eq!((end.checksum, end.has_padding), (decoded.checksum, decoded.has_padding));
        assert_eq!(armor.error().map(|error| error.error.kind()), error.map(|error| error.kind()));
        let symbols = Symbols::new(block);
        for offset in offsets(position(octets.len())) {
            let due = self.place(text.position(symbols.position(offset)));
            assert_eq!(places.place(offset), Some(due), "octet {offset}");
        }
        true
    }

    fn cleartext(&self, mut message: CleartextPart<'_, Stream<'_>>, due: &Cleartext<'_>) {
        assert_eq!(message.start(), self.place(due.wire().start()));
        let end = message.finish().expect("reading does not fail");
        assert_eq!(message.finish().expect("reading does not fail"), end);
        let head = message.head();
        assert_eq!(head.wire().start(), due.wire().start());
        assert_eq!(
            head.wire().as_slice(),
            &self.input[super::size(due.wire().start())..super::size(due.text().start())]
        );
        assert_eq!(head.has_empty_line(), due.has_empty_line());
        assert!(head.headers().map(|header| header.wire.span()).eq(due.headers().map(|header| header.wire.span())));
        assert_eq!((end.text, end.end), (due.text().span(), self.place(due.text().end())));
        assert_eq!(end.lines, position(due.lines().count()));
        let mut signed = 0;
        due.for_each_hashed(|octets| signed += position(octets.len()));
        assert_eq!(end.signed_octets, signed);
        let dash = due.lines().find(|line| line.is_unescaped_dash);
        assert_eq!(end.unescaped_dash, dash.map(|line| (line.wire.span(), self.place(line.wire.start()))));
        let errors: Vec<_> = due.errors().map(|error| self.located(error)).collect();
        assert_eq!(message.errors(&end).collect::<Vec<_>>(), errors);
        assert_eq!(
            end.has_signature,
            errors.iter().all(|located| located.error.kind() != ErrorKind::CleartextWithoutSignature)
        );
    }

    /// Reads into memory of the sizes of the pieces.
    fn read(&self, part: &mut impl Read) -> io::Result<Vec<u8>> {
        let (mut octets, mut out) = (Vec::new(), [0; 4096]);
        for size in self.cut {
            assert_eq!(part.read(&mut [])?, 0);
            match part.read(&mut out[..size.clamp(1, 4096)])? {
                0 => break,
                count => octets.extend_from_slice(&out[..count]),
            }
        }
        assert_eq!(part.read(&mut out)?, 0, "the end stays the end");
        Ok(octets)
    }
}

/// Some of the octets, and the end.
fn offsets(length: u64) -> impl Iterator<Item = u64> {
    let step = usize::try_from(length / LOCATED_OCTETS + 1).expect("it fits");
    (0..length).step_by(step).chain([length.saturating_sub(1), length, u64::MAX])
}

fn head(head: Block<'_>, due: Block<'_>) {
    let place = |octets: Octets<'_>| (octets.span(), octets.as_slice().to_vec());
    assert_eq!(place(head.prefix()), place(due.prefix()));
    assert_eq!(place(head.label()), place(due.label()));
    assert_eq!(head.wire().start(), due.wire().start());
    assert_eq!((head.has_empty_line(), head.has_tail()), (due.has_empty_line(), false));
    assert!(head.headers().map(|header| place(header.wire)).eq(due.headers().map(|header| place(header.wire))));
    assert_eq!(head.body().start(), due.body().start());
}
