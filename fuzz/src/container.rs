//! Law 5 for what happens to armor on its way: it is quoted, indented, encoded, cut out of files and put into others.

use bpg_core::armor::{Footer, encode};
use bpg_core::container::{Encoded, Part, Parts, is_armored, parts};
use bpg_core::framing::Packets;
use bpg_core::octets::Octets;

use super::{assert_in_place, position, size};

/// What finding the parts of `input` promises, and what mangling armor that holds `input` may come to.
pub fn laws(input: &[u8]) {
    let whole = Octets::from(input);
    tiles(whole, parts(input));
    framed_by_the_caller(whole);
    if let Some((seed, octets)) = input.split_first_chunk() {
        mangled(&Mangling::new(*seed), octets);
    }
}

/// Parts follow one another and leave out nothing but the prefixes of blocks.
fn tiles(whole: Octets<'_>, parts: Parts<'_>) {
    let mut end = whole.start();
    for part in parts {
        let octets = match part {
            Part::Packets(octets) | Part::Skipped(octets) | Part::Keybox(octets) => octets,
            Part::Cleartext(message) => message.signed_part(),
            Part::AgentKey(key) => key.wire(),
            Part::Armor(block) => {
                assert_eq!(block.prefix().start(), end);
                end = block.prefix().end();
                block.wire()
            }
            Part::Encoded(encoded) => {
                decoded(encoded);
                encoded.wire()
            }
            part => panic!("{part:?} is new"),
        };
        assert!(!octets.is_empty());
        assert_eq!(octets.start(), end);
        assert_in_place(whole, octets);
        end = octets.end();
    }
    assert_eq!(end, whole.end());
}

/// A caller that frames packets itself finds the same parts.
fn framed_by_the_caller(whole: Octets<'_>) {
    let mut expected = parts(whole.as_slice()).map(|part| format!("{part:?}"));
    let mut unframed = Parts::unframed(whole.as_slice());
    while let Some(mut part) = unframed.next() {
        if let Part::Packets(octets) = &mut part {
            let mut packets = Packets::new(*octets);
            let has_failed = packets.by_ref().any(|packet| packet.is_err());
            let rest = packets.remaining();
            if has_failed && rest.start() > octets.start() && unframed.go_on_at(rest) {
                *octets = octets.split_at(octets.len() - rest.len()).expect("it is framed").0;
            }
        }
        assert_eq!(Some(format!("{part:?}")), expected.next());
    }
    assert_eq!(expected.next(), None);
}

/// Decoded octets have places in what they were decoded from, in its order.
fn decoded(encoded: Encoded<'_>) {
    let transcoded = encoded.decode();
    let text = transcoded.text();
    assert!(text.len() <= encoded.wire().len() * 3 / 2 + 1);
    let step = text.len() / 64 + 1;
    let mut before = encoded.wire().start();
    for offset in (0..text.len()).step_by(step) {
        let place = transcoded.position(position(offset));
        assert!(before <= place && place < encoded.wire().end());
        let octet = encoded.wire().as_slice()[size(place - encoded.wire().start())];
        // What is encoded stands for something else.
        assert!(octet == text[offset] || octet == b'=' || !text[offset].is_ascii() || octet == 0);
        before = place;
    }
    for offset in [position(text.len()), u64::MAX] {
        assert_eq!(transcoded.position(offset), encoded.wire().end());
    }
    tiles(Octets::from(text), transcoded.parts());
}

/// What happens to armor.
#[derive(Clone, Debug)]
pub struct Mangling {
    /// How many characters of base64 a line has.
    pub width: usize,
    /// What ends lines.
    pub ending: &'static str,
    /// What starts lines.
    pub prefix: &'static str,
    /// Whether editors removed white space where nothing follows it.
    pub trims_prefix: bool,
    /// What stands at the end of lines.
    pub blank: &'static str,
    /// Whether there is a checksum.
    pub has_checksum: bool,
    /// Whether there is padding.
    pub has_padding: bool,
    /// Whether there is a blank line in front of the data.
    pub has_blank_line: bool,
    /// A header, if it is not empty.
    pub header: &'static str,
    /// What stands in front.
    pub before: &'static str,
    /// What stands behind.
    pub after: &'static str,
    /// Whether a packet stands in front, if the text allows that.
    pub has_packet_before: bool,
    /// Whether a packet stands behind, if the text allows that.
    pub has_packet_after: bool,
    /// Whether it is encoded as quoted-printable.
    pub is_quoted_printable: bool,
    /// What turns its units into UTF-16, if it is.
    pub utf16: Option<fn(u16) -> [u8; 2]>,
    /// Whether it has a byte order mark.
    pub has_mark: bool,
}

/// A marker packet.
const PACKET: &[u8] = &[
    0xca, // Marker
    0x03, // length: 3
    b'P', b'G', b'P',
];

impl Mangling {
    /// One of all that there are.
    #[must_use]
    pub fn new(seed: [u8; 5]) -> Self {
        let [width, looks, drops, around, encodings] = seed;
        let bit = |octet: u8, bit: u8| octet >> bit & 1 == 1;
        let of = |choices: [&'static str; 4], octet: u8, shift: u8| choices[usize::from(octet >> shift & 3)];
        Self {
            width: usize::from(width % 80) + 1,
            ending: of(["\n", "\r\n", "\r", "\n"], looks, 0),
            prefix: if bit(looks, 2) {
                of(["> ", ">", "> > ", "| "], looks, 3)
            } else {
                of(["", "", "  ", "\t"], looks, 3)
            },
            trims_prefix: bit(looks, 5),
            blank: of(["", "", " ", " \t"], looks, 6),
            has_checksum: bit(drops, 0),
            has_padding: bit(drops, 1),
            has_blank_line: bit(drops, 2) || bit(drops, 3),
            header: of(
                ["", "", "Comment: a=b", "Version: an old one, with a line that is too long for quoted-printable; ="],
                drops,
                4,
            ),
            before: of(["", "", "Hi,\n\nmy key=\n", "Grüße! =3D\n"], around, 0),
            after: of(["", "", "Bye =\n", "> you wrote:\n"], around, 2),
            has_packet_before: bit(around, 4),
            has_packet_after: bit(around, 5),
            is_quoted_printable: bit(encodings, 0),
            utf16: match encodings >> 1 & 3 {
                2 => Some(u16::to_le_bytes),
                3 => Some(u16::to_be_bytes),
                _ => None,
            },
            has_mark: bit(encodings, 3),
        }
    }

    /// Armor that holds `octets`, and what became of it.
    #[must_use]
    pub fn apply(&self, octets: &[u8]) -> Vec<u8> {
        let armor = encode("MESSAGE", &[], octets, if self.has_checksum { Footer::Crc24 } else { Footer::None });
        let (begin, rest) = armor.split_once("\n\n").expect("armor has a blank line");
        let (body, end) = rest.split_at(rest.find("-----").expect("armor has a tail line"));
        let (data, checksum) = body.split_at(if self.has_checksum { body.len() - "=AAAA\n".len() } else { body.len() });
        let mut data = data.replace('\n', "");
        if !self.has_padding {
            data.truncate(data.trim_end_matches('=').len());
        }
        let mut lines = vec![begin];
        lines.extend(Some(self.header).filter(|header| !header.is_empty()));
        lines.extend(self.has_blank_line.then_some(""));
        let wrapped = data.as_bytes().chunks(self.width).map(|line| str::from_utf8(line).expect("base64 is ASCII"));
        lines.extend(wrapped);
        lines.extend(checksum.lines());
        lines.push(end.trim_end());
        let lines = lines.into_iter().map(|line| {
            let line = format!("{}{line}{}", self.prefix, self.blank);
            if self.trims_prefix && line.trim() == self.prefix.trim() { line.trim_end().to_owned() } else { line }
        });
        let text = [self.before, &lines.map(|line| line + "\n").collect::<String>(), self.after].concat();
        let text = if self.is_quoted_printable { quoted_printable(&text) } else { text };
        self.to_octets(&text.replace('\n', self.ending))
    }

    fn to_octets(&self, text: &str) -> Vec<u8> {
        let mark = if self.has_mark { "\u{feff}" } else { "" };
        if let Some(unit) = self.utf16 {
            return [mark, text].concat().encode_utf16().flat_map(unit).collect();
        }
        let before = if self.is_behind_packet() { PACKET } else { mark.as_bytes() };
        [before, text.as_bytes(), if self.is_before_packet() { PACKET } else { b"" }].concat()
    }

    /// Behind a packet, armor has to follow, and not other text.
    fn is_behind_packet(&self) -> bool {
        self.has_packet_before && self.before.is_empty() && self.prefix.is_empty() && self.utf16.is_none()
    }

    /// Between armor and packets, there may be no other text.
    fn is_before_packet(&self) -> bool {
        self.has_packet_after && self.after.is_empty() && self.utf16.is_none()
    }

    /// Whether nothing that was done keeps the octets from being read.
    fn is_readable(&self) -> bool {
        // The header line is not one where white space behind it is encoded; nor can it be told whether a line goes on
        // where padding is missing, or the blank line behind a header.
        let is_plain = self.blank.is_empty() && self.has_padding && (self.has_blank_line || self.header.is_empty());
        // Lines that go on have no prefix there, and what is left of a blank line is no indentation. Each of the two octets of
        // padding that a line may end with is encoded as three.
        let is_short = self.prefix.len() + self.width + 4 < LIMIT && self.header.len() < LIMIT / 2;
        let is_prefixed = is_short && !self.prefix.trim().is_empty();
        !self.is_quoted_printable || is_plain && (self.prefix.is_empty() || is_prefixed)
    }
}

/// How long lines of quoted-printable may be.
const LIMIT: usize = 76;

/// RFC 2045 section 6.7, for text whose lines end with LF.
fn quoted_printable(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines() {
        let mut width = 0;
        for (index, octet) in line.bytes().enumerate() {
            let is_last = index + 1 == line.len();
            let symbol = match octet {
                b' ' | b'\t' if is_last => format!("={octet:02X}"),
                b'=' | 0x80.. => format!("={octet:02X}"),
                _ => char::from(octet).to_string(),
            };
            if width + symbol.len() + usize::from(!is_last) > LIMIT {
                out.push_str("=\n");
                width = 0;
            }
            width += symbol.len();
            out.push_str(&symbol);
        }
        out.push('\n');
    }
    out
}

/// The same octets, an error, or nothing: never other octets.
pub fn mangled(mangling: &Mangling, octets: &[u8]) {
    let text = mangling.apply(octets);
    tiles(Octets::from(text.as_slice()), parts(&text));
    let mut read = Read::default();
    read.parts(parts(&text));
    let packets = usize::from(mangling.is_behind_packet()) + usize::from(mangling.is_before_packet());
    if mangling.is_readable() {
        assert_eq!(read.errors, 0, "{mangling:?}: {}", text.escape_ascii());
        assert_eq!(read.blocks, [octets], "{mangling:?}: {}", text.escape_ascii());
        assert_eq!(read.packets, packets, "{mangling:?}: {}", text.escape_ascii());
        assert_eq!(is_armored(&text), packets == 0);
    }
    let is_right = read.blocks.iter().all(|block| block == octets) && read.blocks.len() <= 1;
    assert!(is_right || read.errors > 0, "{mangling:?}: {}", text.escape_ascii());
}

/// What was read.
#[derive(Default)]
struct Read {
    /// What the blocks held.
    blocks: Vec<Vec<u8>>,
    errors: usize,
    /// How many times there were packets beside them.
    packets: usize,
}

impl Read {
    fn parts(&mut self, parts: Parts<'_>) {
        for part in parts {
            match part {
                Part::Armor(block) => match block.decode() {
                    Ok(decoded) => self.blocks.push(decoded.octets.to_vec()),
                    Err(_) => self.errors += 1,
                },
                Part::Encoded(encoded) => self.parts(encoded.decode().parts()),
                Part::Packets(packets) if packets.as_slice() == PACKET => self.packets += 1,
                Part::Packets(_) => self.errors += 1,
                _ => {}
            }
        }
    }
}
