//! Parts of files that are streams.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]

mod common;

use std::io::{self, Read};

use allocation_counter::measure;
use bpg_core::armor::{Footer, Place, encode};
use bpg_core::container::reader::{ArmorPart, Limits, PartReader, StreamedBlob, StreamedPart};
use bpg_core::container::{Encoding, Part, parts};
use common::about;
use common::laws::container::Mangling;
use common::laws::parts::{laws, same};
use common::laws::stream::Cut;
use proptest::prelude::*;

#[test]
fn every_file_has_the_same_parts_as_a_stream() {
    for file in common::testdata().iter().chain(&common::vectors()).chain(&common::regressions()) {
        about(&file.name, || laws(&file.octets));
    }
}

/// What the files hold is of every kind, so that the law is one about all of them.
#[test]
fn the_files_hold_every_kind_of_part() {
    let mut kinds = [0; 6];
    for file in common::testdata() {
        let mut reader = PartReader::new(file.octets.as_slice());
        while let Some(part) = reader.next_part().unwrap() {
            kinds[match part {
                StreamedPart::Packets(_) => 0,
                StreamedPart::Armor(_) => 1,
                StreamedPart::Cleartext(_) => 2,
                StreamedPart::Keybox(_) => 3,
                StreamedPart::Held(_) => 4,
                StreamedPart::Skipped(_) => 5,
                part => panic!("{part:?} is new"),
            }] += 1;
        }
    }
    let [packets, armor, cleartext, keybox, held, skipped] = kinds;
    assert!(packets > 200 && armor > 100 && skipped > 10, "{kinds:?}");
    assert!(cleartext > 1 && keybox > 0 && held > 3, "{kinds:?}");
}

/// A file of pieces that are near to armor, and of cuts in it.
fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..9),
        any::<([u8; 5], [u8; 7])>().prop_map(|(seed, octets)| Mangling::new(seed).apply(&octets)),
        any::<([u8; 5], [u8; 32])>().prop_map(|(seed, octets)| Mangling::new(seed).apply(&octets)),
        prop::sample::select(&PIECES[..]).prop_map(<[u8]>::to_vec),
        prop::sample::select(&PIECES[..]).prop_map(<[u8]>::to_vec),
    ];
    (prop::collection::vec(piece, 0..12), any::<prop::sample::Index>(), any::<bool>()).prop_map(
        |(pieces, at, is_cut)| {
            let mut octets = pieces.concat();
            if is_cut {
                octets.truncate(at.index(octets.len().saturating_add(1)));
            }
            octets
        },
    )
}

/// What parts are made of.
const PIECES: [&[u8]; 40] = [
    b"\xca\x03PGP",
    b"\xcd\x05Alice",
    b"\xcd\x24",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"-----BEGIN PGP MESSAGE-----\n",
    b"-----BEGIN PGP MESSAGE-----\n\n",
    b"-----BEGIN PGP MESSAGE-----\r",
    b"-----BEGIN PGP SIGNATURE-----\n",
    b"-----BEGIN PGP SIGNED MESSAGE-----\n",
    b"-----BEGIN PGP SIGNED MESSAGE-----\r\n",
    b"-----BEGIN PGP SIGNED MESSAGE-----\r",
    b"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n",
    b"-----BEGIN PGP SIGNED MESSAGE-----\nNotDashEscaped: x\n\n",
    b"-----END PGP MESSAGE-----\n",
    b"-----END PGP MESSAGE-----",
    b"-----END PGP SIGNATURE-----\r\n",
    b"-----BEGIN PGP ",
    b"-----",
    b"-",
    b"- ",
    b"\n",
    b"\r",
    b"\r\n",
    b" ",
    b" \t",
    b"> ",
    b"\n> ",
    b"|",
    b"Comment: a\n",
    b"Comment=\n",
    b"zQFi",
    b"zQFi\n",
    b"zQF",
    b"z\n",
    b"=\n",
    b"==\n",
    b"=3D",
    b"=njUN\n",
    b"abcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcd",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn any_pieces_are_the_same_parts_as_a_stream(octets in pieces()) {
        about(&octets.escape_ascii().to_string(), || laws(&octets));
    }
}

/// What is decided by no more than so many octets.
const LOOK_AHEAD: usize = 64 * 1024;

/// How many octets are held.
const WINDOW: usize = 256 * 1024;

/// A marker packet.
const PACKET: &[u8] = &[
    0xca, // Marker
    0x03, // length: 3
    b'P', b'G', b'P',
];

/// Ways to cut what is large.
const CUTS: [Cut; 3] = [Cut::Every(usize::MAX), Cut::Every(4096), Cut::Random(1)];

fn same_in_all_cuts(octets: &[u8]) {
    CUTS.into_iter().for_each(|cut| same(octets, cut));
}

fn armor(length: usize) -> String {
    let octets: Vec<u8> = (0..=250).cycle().take(length).collect();
    encode("MESSAGE", &[], &octets, Footer::Crc24).to_string()
}

fn armor_of<'r, R: Read>(reader: &'r mut PartReader<R>) -> ArmorPart<'r, R> {
    match reader.next_part().unwrap() {
        Some(StreamedPart::Armor(armor)) => armor,
        part => panic!("{part:?} is no armor"),
    }
}

fn read_all(part: &mut impl Read) -> Vec<u8> {
    let mut octets = Vec::new();
    part.read_to_end(&mut octets).unwrap();
    octets
}

/// Gives what it has, and then nothing for now, once; then the rest.
struct Slow<'a> {
    now: &'a [u8],
    later: &'a [u8],
    has_blocked: bool,
}

impl<'a> Slow<'a> {
    fn new(octets: &'a [u8], now: usize) -> Self {
        let (now, later) = octets.split_at(now);
        Self { now, later, has_blocked: false }
    }
}

impl Read for Slow<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if !self.now.is_empty() {
            return self.now.read(out);
        }
        if !self.has_blocked {
            self.has_blocked = true;
            return Err(io::ErrorKind::WouldBlock.into());
        }
        self.later.read(out)
    }
}

fn is_blocked<T>(result: &io::Result<T>) -> bool {
    result.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::WouldBlock)
}

#[test]
fn what_has_come_can_be_read() {
    let text = armor(1000);
    let lines: usize = text.split_inclusive('\n').take(4).map(str::len).sum();
    let mut reader = PartReader::new(Slow::new(text.as_bytes(), lines));
    let mut armor = armor_of(&mut reader);
    let (places, mut out) = (armor.places(), [0; 4096]);
    let count = armor.read(&mut out).unwrap();
    assert_eq!(count, 2 * 48, "two lines of data have come");
    assert_eq!(places.place(48).map(|place| (place.line, place.column)), Some((4, 1)));
    assert_eq!(places.place(96), None);
    assert!(is_blocked(&armor.read(&mut out)));
    assert!(armor.end().is_none() && armor.error().is_none() && armor.strict_error().is_none());
    assert_eq!(count + read_all(&mut armor).len(), 1000);
    assert!(armor.error().is_none() && armor.end().unwrap().checksum.unwrap().is_right());
}

#[test]
fn packets_that_have_come_can_be_read() {
    let octets = [PACKET, PACKET].concat();
    let mut reader = PartReader::new(Slow::new(&octets, PACKET.len()));
    let Some(StreamedPart::Packets(mut packets)) = reader.next_part().unwrap() else { panic!("these are packets") };
    let mut out = [0; 64];
    assert_eq!(packets.read(&mut out).unwrap(), PACKET.len());
    assert!(is_blocked(&packets.read(&mut out)));
    assert_eq!(read_all(&mut packets), PACKET);
}

/// Wherever reading fails, the next call goes on.
#[test]
fn nothing_is_lost_where_reading_fails() {
    let is_text = |file: &common::File| file.name.contains("/armor/") || file.name.contains("cleartext");
    let files = common::testdata().into_iter().filter(|file| file.octets.len() < 800 && is_text(file));
    // Files, and parts of each kind in them.
    let mut counts = [0; 4];
    for file in files {
        counts[0] += 1;
        let read = |now: usize| {
            let mut reader = PartReader::new(Slow::new(&file.octets, now));
            let mut told = Vec::new();
            let mut out = [0; 4096];
            loop {
                let part = match reader.next_part() {
                    Ok(Some(part)) => part,
                    Ok(None) => return told,
                    failed => {
                        assert!(is_blocked(&failed));
                        continue;
                    }
                };
                match part {
                    StreamedPart::Armor(mut armor) => {
                        let mut octets = Vec::new();
                        while armor.end().is_none() || octets.is_empty() && armor.error().is_none() {
                            match armor.read(&mut out) {
                                Ok(0) => break,
                                Ok(count) => octets.extend_from_slice(&out[..count]),
                                failed => assert!(is_blocked(&failed)),
                            }
                        }
                        while let Ok(count @ 1..) = armor.read(&mut out) {
                            octets.extend_from_slice(&out[..count]);
                        }
                        told.push(format!("{octets:?} {:?} {:?} {:?}", armor.start(), armor.end(), armor.error()));
                    }
                    StreamedPart::Cleartext(mut message) => {
                        let mut text = Vec::new();
                        let mut sink = |octets: &[u8]| text.extend_from_slice(octets);
                        let end = message.finish_into(&mut sink).or_else(|_| message.finish_into(&mut sink)).unwrap();
                        let span = end.text.start as usize..end.text.end as usize;
                        // A line ending in front of a signature is not of the text.
                        assert_eq!(text.get(..span.len()), file.octets.get(span), "not the text");
                        told.push(format!("{end:?}"));
                    }
                    part => told.push(format!("{part:?}")),
                }
            }
        };
        let expected = read(file.octets.len());
        for part in parts(&file.octets) {
            counts[match part {
                Part::Armor(_) => 1,
                Part::Cleartext(_) => 2,
                _ => 3,
            }] += 1;
        }
        (0..file.octets.len()).for_each(|now| about(&file.name, || assert_eq!(read(now), expected)));
    }
    assert!(counts.iter().zip([70, 60, 9, 20]).all(|(count, least)| *count >= least), "{counts:?}");
}

/// Octets without end, of which `length` are given.
fn endless(pattern: &'static [u8], length: u64) -> impl Read {
    struct Endless(&'static [u8], usize);
    impl Read for Endless {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            for slot in out.iter_mut() {
                *slot = self.0[self.1];
                self.1 = (self.1 + 1) % self.0.len();
            }
            Ok(out.len())
        }
    }
    Endless(pattern, 0).take(length)
}

/// Passes over all parts, reads what can be read, and says how many octets that were.
fn pass_over(input: impl Read) -> u64 {
    let mut reader = PartReader::new(input);
    let mut count = 0;
    while let Some(part) = reader.next_part().unwrap() {
        count += match part {
            StreamedPart::Armor(mut armor) => io::copy(&mut armor, &mut io::sink()).unwrap(),
            StreamedPart::Packets(mut packets) => io::copy(&mut packets, &mut io::sink()).unwrap(),
            _ => 0,
        };
    }
    count
}

#[test]
fn armor_of_any_length_is_read_in_little_memory() {
    const LINE: &[u8] = b"zQFizQFizQFizQFizQFizQFizQFizQFizQFizQFizQFizQFizQFizQFizQFizQFi\n";
    const LENGTH: u64 = 40_000_000 / 65 * 65;
    let begin = &b"-----BEGIN PGP MESSAGE-----\n\n"[..];
    let mut count = 0;
    let info = measure(|| count = pass_over(begin.chain(endless(LINE, LENGTH))));
    assert_eq!(count, LENGTH / 65 * 48);
    assert!(info.bytes_max < 1 << 20, "{} octets of memory", info.bytes_max);
}

/// Whoever sends what has no end gets no memory for it.
#[test]
fn nothing_without_end_takes_memory() {
    const LENGTH: u64 = 2_000_000;
    let begins: [&[u8]; 8] = [
        b"",
        b"\n",
        b"-----BEGIN PGP MESSAGE-----\n",
        b"-----BEGIN PGP MESSAGE-----\n\n",
        b"> -----BEGIN PGP MESSAGE-----\n>\n",
        b"-----BEGIN PGP SIGNED MESSAGE-----\n",
        b"-----BEGIN PGP SIGNED MESSAGE-----\n\n",
        b"\xca\x03PGP",
    ];
    let patterns: [&[u8]; 14] = [
        b"a",
        b" ",
        b"\n",
        b"\r",
        b"> ",
        b"\n> ",
        b"a: b\n",
        b"=",
        b"a ",
        b"ab\na\n",
        b"-----BEGIN PGP ",
        b"-",
        b"- \n",
        b"\xff",
    ];
    for begin in begins {
        for pattern in patterns {
            let name = format!("{} {}", begin.escape_ascii(), pattern.escape_ascii());
            let info =
                about(&name, || measure(|| assert!(pass_over(begin.chain(endless(pattern, LENGTH))) <= LENGTH + 5)));
            assert!(info.bytes_max < 2 << 20, "{name}: {} octets of memory", info.bytes_max);
        }
    }
}

/// What is larger than what is looked ahead is read as what is not.
#[test]
fn large_files_have_the_same_parts_as_a_stream() {
    let (small, large) = (armor(100), armor(400_000));
    let joined = large.replacen("-----\n\n", "-----\r\r", 1).replace('\n', "\r");
    let one_line: String = large.lines().enumerate().fold(String::new(), |text, (number, line)| {
        let is_data = number > 2 && !line.starts_with(['=', '-']);
        if is_data { text + line } else { text + "\n" + line }
    });
    let packets = PACKET.repeat(60_000);
    let text = "Hello,\n\r\nhere is text. -----BEGIN PGP \n".repeat(8000);
    let signed = format!(
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n{text}- {}\n-{}  \r\n",
        "x ".repeat(200_000),
        " y".repeat(100_000)
    );
    let signature = small.replace("MESSAGE", "SIGNATURE");
    for pieces in [
        [text.as_bytes(), small.as_bytes(), large.as_bytes()],
        [joined.as_bytes(), b"\xc3\xbc", text.as_bytes()],
        [one_line.as_bytes(), b"\n", small.as_bytes()],
        [&packets, b"\n\n", small.as_bytes()],
        [small.as_bytes(), &packets, small.as_bytes()],
        [signed.as_bytes(), signature.as_bytes(), text.as_bytes()],
        [signed.as_bytes(), b"", b""],
        [b"\xef\xbb\xbf", text.as_bytes(), large.as_bytes()],
    ] {
        same_in_all_cuts(&pieces.concat());
    }
}

/// Lines that are alike are decoded many at a time, and others one by one, whatever is between them.
#[test]
fn regular_and_irregular_lines_have_the_same_places_as_a_stream() {
    let regular = armor(60_000);
    let data: String = regular.lines().skip(2).take_while(|line| line.len() == 64).collect();
    let mut irregular = 0;
    for width in [1, 3, 60, 61, 64, 76, 77, 200, 1023, 1024] {
        for ending in ["\n", "\r\n", "\r"] {
            let lines = data.as_bytes().chunks(width).map(|line| std::str::from_utf8(line).unwrap());
            let body: String = lines.flat_map(|line| [line, ending]).collect();
            let text = format!("-----BEGIN PGP MESSAGE-----{ending}{ending}{body}-----END PGP MESSAGE-----{ending}");
            same(text.as_bytes(), Cut::Every(usize::MAX));
            for (at, insert) in [(50, "!"), (20_000, "\n"), (20_001, " "), (30_000, "\r"), (40_000, "A"), (45_000, "=")]
            {
                let mut odd = text.clone();
                odd.insert_str(at, insert);
                same_in_all_cuts(odd.as_bytes());
                irregular += 1;
            }
        }
    }
    assert_eq!(irregular, 180);
}

/// A CR ends a line, but not if an LF follows it, also where many lines end before that.
#[test]
fn the_line_feed_of_a_line_ending_is_of_it_however_many_lines_end() {
    let text = armor(20_000).replace('\n', "\r");
    let ends: Vec<_> = text.match_indices('\r').map(|(end, _)| end + 1).collect();
    assert!(ends.len() > 400);
    for end in ends {
        let mut odd = text.clone();
        odd.insert(end, '\n');
        same(odd.as_bytes(), Cut::Every(usize::MAX));
    }
}

/// Nothing is found or lost by where what is held ends.
#[test]
fn parts_start_anywhere_in_what_is_held() {
    let text = [small_parts(), PACKET.to_vec(), small_parts()].concat();
    for end in [LOOK_AHEAD, WINDOW] {
        for distance in (0..text.len() + 40).step_by(3) {
            let filler = "0123456789abcde\n".repeat(WINDOW / 16 + 1);
            same(&[&filler.as_bytes()[..end - distance], b"\n", &text].concat(), Cut::Every(usize::MAX));
        }
    }
}

fn small_parts() -> Vec<u8> {
    let armor = armor(20);
    let quoted: String = armor.lines().map(|line| format!("> {line}\r\n")).collect();
    let signed = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nHi\n";
    [&armor, "\n", &quoted, signed, &armor.replace("MESSAGE", "SIGNATURE")].concat().into_bytes()
}

/// In a line that is longer than what is looked ahead, the first piece stands for it.
#[test]
fn what_is_wrong_in_a_long_line_is_told_of_its_start() {
    let file = |line: &str| format!("-----BEGIN PGP MESSAGE-----\n\nzQ==\n{line}\n-----END PGP MESSAGE-----\n");
    for line in ["=".repeat(LOOK_AHEAD + 9), "=".to_owned() + &"A".repeat(LOOK_AHEAD + 9), "A".repeat(LOOK_AHEAD)] {
        same_in_all_cuts(file(&line).as_bytes());
    }
    let text = file(&"A".repeat(LOOK_AHEAD + 9));
    for cut in CUTS {
        let mut reader = PartReader::new(common::laws::reader::Stream::of(text.as_bytes(), cut));
        let mut armor = armor_of(&mut reader);
        assert_eq!(read_all(&mut armor), [0xcd]);
        let (error, due) = (armor.error().unwrap().error, bpg_core::armor::blocks(text.as_bytes()).next().unwrap());
        let due = due.decode().unwrap_err();
        assert_eq!((error.kind(), error.span().start), (due.kind(), due.span().start));
        assert_eq!((error.span().len(), due.span().len()), (LOOK_AHEAD as u64, LOOK_AHEAD as u64 + 9));
    }
}

/// Headers and margins beyond the limits are text.
#[test]
fn what_is_longer_than_the_look_ahead_is_text() {
    let long =
        |count| format!("-----BEGIN PGP MESSAGE-----\n{}\nzQFi\n-----END PGP MESSAGE-----\n", "a: b\n".repeat(count));
    same_in_all_cuts(long(13_000).as_bytes());
    let margin = |count| armor(10).lines().map(|line| " ".repeat(count) + line + "\n").collect::<String>();
    same_in_all_cuts(margin(1024).as_bytes());
    for text in [long(14_000), margin(1025)] {
        for cut in CUTS {
            let stream = common::laws::reader::Stream::of(text.as_bytes(), cut);
            let mut reader = PartReader::new(stream);
            let Some(StreamedPart::Skipped(skipped)) = reader.next_part().unwrap() else { panic!("it is text") };
            assert_eq!(skipped.span.len(), text.len() as u64);
            assert!(reader.next_part().unwrap().is_none());
        }
    }
}

/// Text is told from text that would be armor, had it fewer headers.
#[test]
fn headers_that_are_too_long_are_told_of() {
    let (armor, headers) = (armor(10), "Hash: SHA256\n".repeat(6000));
    let long = |label: &str| format!("-----BEGIN PGP {label}-----\n{headers}\nzQFi\n");
    let one_line = format!("-----BEGIN PGP MESSAGE-----\nComment: {}\n\nzQFi\n", "x".repeat(LOOK_AHEAD));
    for (text, line) in [
        (long("MESSAGE"), Some(1)),
        (long("SIGNED MESSAGE"), Some(1)),
        (one_line, Some(1)),
        (["Hi\n\n", &long("MESSAGE"), &long("MESSAGE")].concat(), Some(3)),
        (long("lower case"), None),
        (headers.clone(), None),
    ] {
        for cut in CUTS {
            let text = [&text, armor.as_str()].concat();
            let mut reader = PartReader::new(common::laws::reader::Stream::of(text.as_bytes(), cut));
            let Some(StreamedPart::Skipped(skipped)) = reader.next_part().unwrap() else { panic!("it is text") };
            assert_eq!(skipped.over_long.map(|place| (place.line, place.column)), line.map(|line| (line, 1)));
            assert_eq!(skipped.span.len(), (text.len() - armor.len()) as u64);
            assert_eq!(read_all(&mut armor_of(&mut reader)).len(), 10);
        }
    }
    // What was there before is not said of another text.
    let text = [&long("MESSAGE"), &armor, "Bye"].concat();
    let mut reader = PartReader::new(text.as_bytes());
    let mut over_long = Vec::new();
    while let Some(part) = reader.next_part().unwrap() {
        if let StreamedPart::Skipped(skipped) = part {
            over_long.push(skipped.over_long.is_some());
        }
    }
    assert_eq!(over_long, [true, false]);
}

/// Armor whose equals signs show at its end that it is encoded is read as it comes.
#[test]
fn quoted_printable_is_decoded_as_it_comes() {
    for length in [100, 101, 200_000, 200_002] {
        let text = armor(length).replace('=', "=3D");
        let Some(Part::Encoded(encoded)) = parts(text.as_bytes()).next() else { panic!("it is encoded") };
        assert_eq!(encoded.encoding(), Encoding::QuotedPrintable);
        same_in_all_cuts(text.as_bytes());
        let mut reader = PartReader::new(text.as_bytes());
        let mut armor = armor_of(&mut reader);
        assert_eq!(read_all(&mut armor).len(), length);
        let end = armor.end().unwrap();
        assert!(end.is_quoted_printable && end.has_padding && end.checksum.unwrap().is_right());
    }
}

/// What ends where the look-ahead does is decided as what ends in front of it.
#[test]
fn a_file_may_end_where_the_look_ahead_does() {
    let small = armor(10);
    let signed = "-----BEGIN PGP SIGNED MESSAGE-----\n\nHi\n-----BEGIN PGP SIGNATURE-----";
    for length in LOOK_AHEAD - 2..LOOK_AHEAD + 3 {
        let fill = |octet: &str, text: &str| octet.repeat(length - text.len());
        for text in [
            [fill("a", "\u{fc}"), "\u{fc}".to_owned()].concat(),
            ["\u{fc}".to_owned(), fill("a", "\u{fc}")].concat(),
            ["\u{fc}".to_owned(), fill("\n", &(small.clone() + "\u{fc}")), small.clone()].concat(),
            ["\n> ", fill("a", small.trim_end()).as_str(), "\n", small.trim_end()].concat(),
            ["-----BEGIN PGP MESSAGE-----\n", &fill("a", "-----BEGIN PGP MESSAGE-----\n")].concat(),
            ["-----BEGIN PGP MESSAGE-----", &fill(" ", "-----BEGIN PGP MESSAGE-----")].concat(),
            ["-----BEGIN PGP MESSAGE-----\n\n", &fill("=", "")].concat(),
        ] {
            if text.len() <= LOOK_AHEAD {
                same_in_all_cuts(text.as_bytes());
            }
            parts_do_not_depend_on_cuts(text.as_bytes());
        }
        let tail = fill(" ", "-----BEGIN PGP SIGNATURE-----");
        parts_do_not_depend_on_cuts([signed, &tail].concat().as_bytes());
    }
}

fn parts_do_not_depend_on_cuts(octets: &[u8]) {
    let shown = CUTS.map(|cut| {
        let mut reader = PartReader::new(common::laws::reader::Stream::of(octets, cut));
        let mut shown = Vec::new();
        while let Some(part) = reader.next_part().unwrap() {
            shown.push(match part {
                StreamedPart::Cleartext(mut message) => format!("{:?}", message.finish().unwrap()),
                part => format!("{part:?}"),
            });
        }
        shown
    });
    assert!(shown.windows(2).all(|shown| shown[0] == shown[1]), "{shown:?}");
}

/// Behind armor, octets that are packets as far as they are looked at are packets, whatever follows.
#[test]
fn packets_behind_armor_are_told_by_their_start() {
    let armor = armor(10);
    let file = |packets: usize| [armor.as_bytes(), &PACKET.repeat(packets), b"\0\0\n", armor.as_bytes()].concat();
    same_in_all_cuts(&file(LOOK_AHEAD / PACKET.len() - armor.len()));
    let far = file(LOOK_AHEAD / PACKET.len() + 1);
    assert!(matches!(parts(&far).nth(1), Some(Part::Skipped(_))));
    let mut reader = PartReader::new(far.as_slice());
    assert_eq!(read_all(&mut armor_of(&mut reader)).len(), 10);
    let Some(StreamedPart::Packets(packets)) = reader.next_part().unwrap() else { panic!("these are packets") };
    assert_eq!(packets.start(), armor.len() as u64);
}

/// Armor can look quoted-printable by its first 64 KiB, and not by all of it.
#[test]
fn what_was_held_is_not_held_again() {
    let lines = "A1C\r\n".repeat(20_000);
    let text = ["-----BEGIN PGP MESSAGE-----\r\nCcccc: 1\r\n\r\nzQ=\r\n", &lines, END_LINE].concat();
    let mut reader = PartReader::new(text.as_bytes());
    let Some(StreamedPart::Held(held)) = reader.next_part().unwrap() else { panic!("it is held") };
    assert!(held.parts().all(|part| matches!(part, Part::Armor(_))));
    let start = Place { position: 0, line: 1, column: 1 };
    let again = || PartReader::of_text(text.as_bytes(), start);
    assert!(matches!(again().next_part().unwrap(), Some(StreamedPart::Held(_))));
    assert!(matches!(again().not_quoted_printable().next_part().unwrap(), Some(StreamedPart::Armor(_))));
}

const END_LINE: &str = "-----END PGP MESSAGE-----\r\n";

/// A text that does not start in ASCII is text if it has no control character in its first 64 KiB.
#[test]
fn long_text_in_front_of_armor_is_text() {
    let armor = armor(10);
    for start in ["\u{feff}", "\u{fc}"] {
        let text = [start, &"Hello, this is text.\n".repeat(4000)].concat();
        same_in_all_cuts([&text, armor.as_str()].concat().as_bytes());
        // Without armor it is packets, and malformed, in memory.
        assert!(matches!(parts(text.as_bytes()).next(), Some(Part::Packets(_))));
        let mut reader = PartReader::new(text.as_bytes());
        assert!(matches!(reader.next_part().unwrap(), Some(StreamedPart::Skipped(_))));
    }
}

/// UTF-16 that starts behind what is looked ahead is not found.
#[test]
fn the_start_of_a_file_tells_its_encoding() {
    let utf16 = |before: usize| {
        let text = " ".repeat(before) + "\n" + &armor(10);
        text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>()
    };
    same_in_all_cuts(&utf16(LOOK_AHEAD / 2 - 100));
    let far = utf16(LOOK_AHEAD / 2);
    assert!(matches!(parts(&far).next(), Some(Part::Encoded(_))));
    let mut reader = PartReader::new(far.as_slice());
    assert!(matches!(reader.next_part().unwrap(), Some(StreamedPart::Skipped(_))));
    assert!(reader.next_part().unwrap().is_none());
}

/// A byte order mark tells of an encoding where text follows it, up to armor or as far as anything is known.
#[test]
fn a_byte_order_mark_in_front_of_text_is_one_however_large_the_file_is() {
    let (small, large) = (armor(10), armor(400_000));
    let before = "Gr\u{fc}\u{df}e, \u{4e16}\u{754c} \u{1f389}\r\n".repeat(5000);
    // A character of two units lies where the look-ahead ends.
    let [astride, in_front] = [2, 3].map(|distance| " ".repeat(LOOK_AHEAD / 2 - distance) + "\u{1f389}");
    for unit in [u16::to_le_bytes, u16::to_be_bytes] {
        let utf16 = |pieces: &[&str]| {
            let text = format!("\u{feff}{}", pieces.concat());
            text.encode_utf16().flat_map(unit).collect::<Vec<_>>()
        };
        for pieces in
            [&[&large, "Bye"][..], &[&small, &before], &[&before, &small], &[&astride, &small], &[&in_front, &small]]
        {
            let text = utf16(pieces);
            assert!(text.len() > LOOK_AHEAD && matches!(parts(&text).next(), Some(Part::Encoded(_))));
            same_in_all_cuts(&text);
        }
        // Text without armor is not told from packets of private types, and left to what is made of it in memory.
        let text = utf16(&[&before]);
        let mut reader = PartReader::new(text.as_slice());
        let Some(StreamedPart::Held(held)) = reader.next_part().unwrap() else { panic!("it is held") };
        assert!(matches!(held.parts().next(), Some(Part::Packets(octets)) if octets.len() == text.len()));
    }
}

/// Packets of private types start as a byte order mark does.
#[test]
fn what_starts_as_a_byte_order_mark_may_be_packets() {
    let armor: Vec<u8> = armor(10).encode_utf16().flat_map(u16::to_be_bytes).collect();
    let length = u32::try_from(LOOK_AHEAD + armor.len()).unwrap().to_be_bytes();
    let octets = [&[0xfe, 0xff][..], &length, &armor, &[0; LOOK_AHEAD], PACKET].concat();
    assert!(matches!(parts(&octets).next(), Some(Part::Packets(_))));
    same_in_all_cuts(&octets);
}

#[test]
fn what_is_held_has_a_limit() {
    let text: Vec<u8> = ["\u{feff}", &armor(1000)].concat().encode_utf16().flat_map(u16::to_be_bytes).collect();
    for (held, is_cut) in [(100, true), (text.len() - 1, true), (text.len(), false)] {
        let mut reader = PartReader::with_limits(text.as_slice(), Limits { held, ..Limits::default() });
        let Some(StreamedPart::Held(part)) = reader.next_part().unwrap() else { panic!("it is encoded") };
        assert_eq!((part.octets().len(), part.is_cut()), (held, is_cut));
        assert!(reader.next_part().unwrap().is_none());
    }
}

#[test]
fn blobs_have_a_limit() {
    let file = common::testdata_file("keyrings/pubring.kbx");
    let lengths = bpg_core::keybox::blobs(file.as_slice().into()).map(|blob| blob.unwrap().wire().len());
    let limit = lengths.max().unwrap() - 1;
    let (mut blobs, mut large, mut end) = (0, 0, 0);
    let mut reader = PartReader::with_limits(file.as_slice(), Limits { blob: limit, ..Limits::default() });
    let Some(StreamedPart::Keybox(mut keybox)) = reader.next_part().unwrap() else { panic!("it is a keybox") };
    while let Some(blob) = keybox.next_blob().unwrap() {
        let span = match blob {
            StreamedBlob::Blob(blob) => {
                blobs += 1;
                blob.wire().span()
            }
            StreamedBlob::TooLarge(span) => {
                large += 1;
                assert!(span.len() > limit as u64);
                span
            }
            blob => panic!("{blob:?}"),
        };
        assert_eq!(span.start, end);
        end = span.end;
    }
    assert!(blobs > 0 && large > 0, "{blobs} blobs, {large} large ones");
    // What is cut off is told of, however much of it is held.
    let cut = &file[..file.len() - 1];
    let error = bpg_core::keybox::blobs(cut.into()).last().unwrap().unwrap_err();
    let mut reader = PartReader::with_limits(cut, Limits { blob: 5, ..Limits::default() });
    let Some(StreamedPart::Keybox(mut keybox)) = reader.next_part().unwrap() else { panic!("it is a keybox") };
    let mut last = None;
    while let Some(blob) = keybox.next_blob().unwrap() {
        last = if let StreamedBlob::Malformed { error, .. } = blob { Some(error) } else { None };
    }
    assert_eq!(last, Some(error));
}

/// Packets that were given go on at armor only where it can be gone back to.
#[test]
fn it_goes_back_as_far_as_it_says() {
    let armor = armor(1_000_000);
    let octets = [PACKET, armor.as_bytes()].concat();
    for (read, goes_on) in [(0, true), (1, true), (LOOK_AHEAD, true), (WINDOW * 2, false)] {
        let mut reader = PartReader::new(octets.as_slice());
        let Some(StreamedPart::Packets(packets)) = reader.next_part().unwrap() else { panic!("these are packets") };
        io::copy(&mut packets.take((PACKET.len() + read) as u64), &mut io::sink()).unwrap();
        assert!(!reader.go_on_at(0).unwrap(), "nothing is in front");
        assert_eq!(reader.go_on_at(PACKET.len() as u64).unwrap(), goes_on);
        if goes_on {
            assert_eq!(read_all(&mut armor_of(&mut reader)).len(), 1_000_000);
        }
        assert!(reader.next_part().unwrap().is_none());
    }
}

/// Of armor whose lines are not alike, the last ones are remembered.
#[test]
fn places_that_are_far_behind_may_be_forgotten() {
    let lines: String = (0..20_000).map(|number| ["zQFi\n", "zQFizQFi\n", "zQFizQFizQFi\n"][number % 3]).collect();
    let text = format!("-----BEGIN PGP MESSAGE-----\n\n{lines}-----END PGP MESSAGE-----\n");
    let mut reader = PartReader::new(text.as_bytes());
    let mut armor = armor_of(&mut reader);
    let places = armor.places();
    let length = read_all(&mut armor).len() as u64;
    assert_eq!(places.place(0), None);
    let last = places.place(length - 1).unwrap();
    assert_eq!(last.line, 20_002);
    assert_eq!(text.as_bytes()[last.position as usize], b'F');
    assert!(places.place(length - 1000).is_some());
    assert_eq!(armor.error(), None);
}
