//! What a stream holds, in memory that does not grow with it.
//!
//! A [`PartReader`] finds in a stream the parts that [`parts`](super::parts) finds in what is in memory, at the same
//! positions, and decodes armor while it comes. Nothing waits for more input than it needs: octets of armor can be read as
//! soon as a line of it is there, packets as soon as their first octets tell that they are packets.
//!
//! ```
//! use bpg_core::container::reader::{PartReader, StreamedPart};
//! use std::io::Read;
//!
//! # let file = &b"Hi\n-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nzQFi\n-----END PGP PUBLIC KEY BLOCK-----\nBye"[..];
//! // Anything to read from, such as a pipe.
//! let mut parts = PartReader::new(file);
//! let mut octets = Vec::new();
//! while let Some(part) = parts.next_part()? {
//!     match part {
//!         StreamedPart::Armor(mut armor) => {
//!             armor.read_to_end(&mut octets)?;
//!             // What was wrong is known behind the last octet.
//!             assert_eq!(armor.error(), None);
//!             let place = armor.places().place(0).expect("the octet was read");
//!             assert_eq!((place.line, place.column), (4, 1));
//!         }
//!         StreamedPart::Packets(mut packets) => drop(packets.read_to_end(&mut octets)?),
//!         StreamedPart::Skipped(skipped) => println!("{} octets at {}", skipped.span.len(), skipped.start.position),
//!         // What is not read is passed over.
//!         _ => {}
//!     }
//! }
//! assert_eq!(octets, [0xcd, 0x01, b'b']);
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! # What is decided by fewer octets than the file has
//!
//! In memory, all of a file can decide what a part of it is. Here, what decides are at most 64 KiB from the place in question
//! on, so that only what is larger may be taken for something else:
//!
//! * Whether a file is UTF-16, a key of gpg-agent, or a text in spite of a first octet that packets start with, its first
//!   64 KiB tell. What follows them is taken to be what they are: packets that go on, or text that comes to armor. UTF-16
//!   without a byte order mark is told by armor, which has to start in them.
//! * Armor headers, with the header line in front of them and the line behind them, have at most 64 KiB; with longer ones the
//!   block is text, and so is a cleartext signed message, which [`Skipped::over_long`] tells. A longer END line is none.
//! * Behind armor, what starts as a packet could is packets, damaged perhaps, unless 64 KiB tell otherwise. They are waited
//!   for there, and where a file starts with such an octet and no control character follows.
//! * In a line of base64 of more than 64 KiB, characters behind the end of the base64, and what follows an equals sign, are
//!   told of as far as they are in one piece of that length.
//!
//! Two more things are told from less:
//!
//! * A margin of more than 1 KiB is none; the block is text.
//! * That armor is quoted-printable is told by the first line of its data, as all of the block decides if that line has an
//!   equals sign: then it is [`Held`](StreamedPart::Held). Further on it is told by the first equals sign, if that is encoded
//!   as `=3D`. The block then is read as armor, with its equals signs decoded, and says so:
//!   [`BlockEnd::is_quoted_printable`].

mod armor;
mod cleartext;
mod held;
mod keybox;
mod search;
mod window;

use core::fmt;
use std::io::{self, Read};
use std::vec::Vec;

use memchr::memmem;
use zeroize::Zeroizing;

pub use armor::{ArmorPart, BlockEnd};
pub use cleartext::{CleartextEnd, CleartextPart};
pub use held::HeldPart;
pub use keybox::{KeyboxPart, StreamedBlob};

use super::{
    Encoding, Parts, Start, gap_text, has_armor_in_text, is_armored_text, is_control, is_text, packets_of,
    starts_armor, starts_packet, utf16,
};
use crate::agent_key::AgentKey;
use crate::armor::{BEGIN, Blocks, Decoder, Place};
use crate::framing::RawPacket;
use crate::octets::{Octets, Span, u64_from};
use crate::secret::Wiped;
use search::{Search, search};
use window::Window;

/// How many octets decide what is at a place.
const LOOK_AHEAD: usize = 64 * 1024;

/// How far [`PartReader::go_on_at`] can go back: as far as it says, and the octets of a header.
const HISTORY: usize = 64 * 1024 + 16;

/// How many octets stand in front of the header line on its line at most.
const LONGEST_MARGIN: usize = 1024;

/// How many octets in front of a line have to be known.
const BEFORE_LINE: usize = 4;

/// Reads the parts of a file: see the [module](self).
///
/// What it holds may be secret, so it is wiped when it is dropped.
pub struct PartReader<R> {
    window: Window<R>,
    decoder: Decoder,
    limits: Limits,
    state: State,
    /// The text that is being searched.
    text: Option<Text>,
    /// What was found behind the part that was given last.
    pending: Option<Found>,
    /// Whether nothing is known of the file.
    is_start: bool,
    /// Whether packets are looked for behind armor. They are given up when what looked like packets was none.
    reads_packets: bool,
    /// Whether armor may be quoted-printable.
    may_be_encoded: bool,
    /// The start of a block or a message.
    head: Zeroizing<Vec<u8>>,
    head_start: Place,
    held: Wiped<Vec<u8>>,
}

/// How much of the input is held in memory at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most octets of what cannot be read but as a whole; 16 MiB by default. See [`StreamedPart::Held`].
    pub held: usize,
    /// The most octets of a blob of a keybox; 16 MiB by default.
    pub blob: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { held: 16 * 1024 * 1024, blob: 16 * 1024 * 1024 }
    }
}

/// A part of a file.
#[non_exhaustive]
pub enum StreamedPart<'r, R> {
    /// Packets, with all that follows, wherever in the file they start; see [`PartReader::go_on_at`].
    Packets(PacketsPart<'r, R>),
    /// A block of armor, which reads as what it holds.
    Armor(ArmorPart<'r, R>),
    /// Signed text, without its signatures: they follow, as blocks of armor.
    Cleartext(CleartextPart<'r, R>),
    /// A keybox of GnuPG, which is a whole file.
    Keybox(KeyboxPart<'r, R>),
    /// What has to be read as a whole, to the end of the file: a text in an encoding that has to be undone first, or a key of
    /// gpg-agent. A part of it that turns out not to be encoded is one for [`PartReader::not_quoted_printable`].
    Held(HeldPart<'r>),
    /// Octets that are none of these, such as the text around armor.
    Skipped(Skipped),
}

/// Octets that were passed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// Their place.
    pub span: Span,
    /// The place of the first of them.
    pub start: Place,
    /// Whether they are all white space.
    pub is_blank: bool,
    /// Whether there is no control character among them that texts do not have, such as NUL. Otherwise there may be packets.
    pub is_text: bool,
    /// The place of the first header line of armor or of signed text that was passed over because the armor headers behind it
    /// have more than 64 KiB.
    pub over_long: Option<Place>,
}

impl Skipped {
    /// The longest header line and armor headers that are read, in octets.
    pub const LONGEST_HEAD: u64 = u64_from(LOOK_AHEAD);

    /// Octets that are in memory, of which the first is at `start`, and which hold no armor.
    #[must_use]
    pub fn of(octets: Octets<'_>, start: Place) -> Self {
        let (is_blank, is_text) = looks(octets.as_slice());
        Self { span: octets.span(), start, is_blank, is_text, over_long: None }
    }
}

/// Whether octets are all white space, and whether there is no control character among them.
fn looks(octets: &[u8]) -> (bool, bool) {
    (octets.trim_ascii().is_empty(), !octets.iter().any(|octet| is_control(*octet)))
}

/// Packets that are not armored: it reads as all octets of the file from their start on.
pub struct PacketsPart<'r, R> {
    reader: &'r mut PartReader<R>,
    start: u64,
}

/// What a text is known to hold where the reader is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    Packets,
    /// The length of the margin, and how many octets the margin, the header line and the armor headers have.
    Armor {
        margin: usize,
        head: usize,
    },
    /// How many octets the header line and the armor headers have.
    Cleartext {
        head: usize,
    },
    Keybox,
    Held,
}

/// What the reader is in.
#[derive(Debug)]
enum State {
    Text,
    /// Packets that start at a position.
    Packets(u64),
    Armor(armor::Body),
    Cleartext(cleartext::Text),
    Keybox(keybox::Progress),
    /// What is held, and whether the file starts with it.
    Held(held::Held),
    /// What goes on to the end of the file.
    Rest,
}

/// Text in which nothing was found so far.
#[derive(Clone, Copy, Debug)]
struct Text {
    start: Place,
    is_blank: bool,
    is_text: bool,
    over_long: Option<Place>,
    /// Whether it is known to start with no packets.
    has_no_packets: bool,
}

impl<R: Read> PartReader<R> {
    /// The parts of `input`, whose first octet is at position 0, with the default [`Limits`].
    ///
    /// It reads in large pieces, so a buffer around `input` is of no use.
    #[must_use]
    pub fn new(input: R) -> Self {
        Self::with_limits(input, Limits::default())
    }

    /// [`new`](Self::new), with limits of the caller's.
    #[must_use]
    pub fn with_limits(input: R, limits: Limits) -> Self {
        Self {
            window: Window::new(input),
            decoder: Decoder::new(),
            limits,
            state: State::Text,
            text: None,
            pending: None,
            is_start: true,
            reads_packets: true,
            may_be_encoded: true,
            head: Zeroizing::default(),
            head_start: Place { position: 0, line: 1, column: 1 },
            held: Wiped::default(),
        }
    }

    /// The parts of a text, in which there are no packets, whose first octet is at `start`.
    #[must_use]
    pub fn of_text(input: R, start: Place) -> Self {
        let mut reader = Self::new(input);
        reader.window.start_at(start);
        (reader.is_start, reader.reads_packets) = (false, false);
        reader
    }

    /// The parts of a text that was in this encoding and is decoded, whose first octet is at `start`. Quoted-printable (RFC 2045
    /// section 6.7) may be in UTF-16, but nothing is in quoted-printable.
    #[must_use]
    pub fn of_decoded(input: R, encoding: Encoding, start: Place) -> Self {
        let reader = Self::of_text(input, start);
        if encoding.may_hold_quoted_printable() { reader } else { reader.not_quoted_printable() }
    }

    /// The same for a text that is not quoted-printable, or not any more. To be called before anything is read.
    ///
    /// That is what is known of a text that [was held](StreamedPart::Held): as all of it was looked at, it may be found to be
    /// as it should be, and looked at once more, its start would have it held again.
    #[must_use]
    pub fn not_quoted_printable(mut self) -> Self {
        self.may_be_encoded = false;
        self
    }

    /// The next part, `None` behind the last one. What was not read of the part before is passed over.
    ///
    /// # Errors
    ///
    /// Those of the input, but for [`io::ErrorKind::Interrupted`]. Nothing is lost; the next call goes on.
    pub fn next_part(&mut self) -> io::Result<Option<StreamedPart<'_, R>>> {
        if matches!(self.state, State::Held(held) if !held.is_complete()) {
            return self.hold().map(Some);
        }
        self.pass_over()?;
        let found = match self.pending.take() {
            Some(found) => Some(found),
            None => self.find()?,
        };
        if let Some(skipped) = self.skipped() {
            self.pending = found;
            return Ok(Some(StreamedPart::Skipped(skipped)));
        }
        match found {
            Some(found) => self.enter(found).map(Some),
            None => Ok(None),
        }
    }

    /// Goes on where framing the [`Packets`](StreamedPart::Packets) that were given last failed, at `position`, if armor
    /// starts there, perhaps behind blank lines. Otherwise what is there is of that part, and malformed.
    ///
    /// It is `false`, too, if more than 64 KiB were read from `position` on, or if nothing is in front of it.
    ///
    /// # Errors
    ///
    /// Those of the input, but for [`io::ErrorKind::Interrupted`]. The next call goes on.
    pub fn go_on_at(&mut self, position: u64) -> io::Result<bool> {
        let State::Packets(start) = self.state else { return Ok(false) };
        if position <= start || !self.window.go_back(position) {
            return Ok(false);
        }
        loop {
            let (look, _) = self.window.look_ahead();
            let text = gap_text(look);
            if starts_armor(look) {
                self.state = State::Text;
                return Ok(true);
            }
            if !BEGIN.starts_with(text.as_slice()) || self.window.is_far() {
                return Ok(false);
            }
            self.window.more()?;
        }
    }

    /// All octets that were not read of the [`Packets`](StreamedPart::Packets) that were given last, or, behind
    /// [`go_on_at`](Self::go_on_at), those from there on.
    pub fn rest(&mut self) -> PacketsPart<'_, R> {
        let start = self.window.position();
        PacketsPart { reader: self, start }
    }

    /// Passes over what is left of the part that was given last.
    fn pass_over(&mut self) -> io::Result<()> {
        match &mut self.state {
            State::Text => {}
            State::Packets(_) | State::Keybox(_) | State::Held(_) | State::Rest => {
                self.state = State::Rest;
                self.window.take_all()?;
            }
            State::Armor(_) => {
                while self.armor_octets()? > 0 {
                    self.decoder.take(usize::MAX);
                }
                self.state = State::Text;
            }
            State::Cleartext(text) => {
                text.pass_over(&mut self.window, &mut |_| {})?;
                self.state = State::Text;
            }
        }
        Ok(())
    }

    /// What starts where the reader then is, `None` if nothing follows but text.
    fn find(&mut self) -> io::Result<Option<Found>> {
        if self.is_start {
            let found = self.start()?;
            self.is_start = false;
            if found.is_some() {
                return Ok(found);
            }
        }
        if let Some(blank) = self.packets_here()? {
            self.skip(blank);
            return Ok(Some(Found::Packets));
        }
        let start = self.text().start.position;
        loop {
            let has_ended = self.window.has_ended();
            let view = self.window.with_history(start, BEFORE_LINE);
            match search(view, start, has_ended, self.may_be_encoded) {
                Search::At(position, found) => {
                    self.skip_to(position);
                    return Ok(Some(found));
                }
                Search::OverLong(position) => {
                    self.skip_over_long(position);
                    continue;
                }
                Search::Undecided(position) | Search::NotBefore(position) => self.skip_to(position),
            }
            if has_ended {
                self.skip(usize::MAX);
                return Ok(None);
            }
            self.window.more()?;
        }
    }

    /// What the file is, or starts with, if its first octets tell.
    fn start(&mut self) -> io::Result<Option<Found>> {
        loop {
            let (look, is_cut) = self.window.look_ahead();
            let start = Start { octets: look, is_cut };
            if self.window.is_far() || self.is_decided(start) {
                return Ok(whole(start));
            }
            self.window.more()?;
        }
    }

    /// Whether no more octets have to be known to tell what a file is.
    fn is_decided(&self, start: Start<'_>) -> bool {
        let octets = start.octets.as_slice();
        let Some(first) = octets.first() else { return false };
        if crate::keybox::is_keybox(octets) {
            return true;
        }
        if crate::keybox::may_be_keybox(octets) || utf16::marked(octets).is_some() {
            return false;
        }
        let found = || match search(start.octets, 0, false, self.may_be_encoded) {
            Search::At(position, found) => Some((position, found)),
            _ => None,
        };
        if starts_packet(start.octets) {
            // Behind armor, it is framing that decides.
            let has_control = octets.iter().any(|octet| is_control(*octet));
            return has_control && !has_armor_in_text(start)
                || (has_control || found().is_some()) && is_armored_text(start);
        }
        // Only what has a name and a colon in its first line may be the key of an agent, and armor in a margin may then be a
        // part of that line.
        let is_other = !first.is_ascii_alphabetic() && *first != b'(';
        found().is_some_and(|(_, found)| is_other || !matches!(found, Found::Armor { margin: 1.., .. } | Found::Held))
    }

    /// Packets behind armor: how much white space is in front of them, if there are any.
    fn packets_here(&mut self) -> io::Result<Option<usize>> {
        while self.reads_packets && !self.text().has_no_packets {
            let (octets, is_cut) = self.window.look_ahead();
            let Some(binary) = binary(Start { octets, is_cut }, self.window.is_far()) else {
                self.window.more()?;
                continue;
            };
            self.reads_packets = !matches!(binary, Binary::Damaged | Binary::Other);
            if matches!(binary, Binary::Packets | Binary::Damaged) {
                return Ok(Some(octets.len().saturating_sub(gap_text(octets).len())));
            }
            if let Some(text) = &mut self.text {
                text.has_no_packets = true;
            }
        }
        Ok(None)
    }

    /// Makes a part of what was found.
    fn enter(&mut self, found: Found) -> io::Result<StreamedPart<'_, R>> {
        match found {
            Found::Packets => {
                let start = self.window.position();
                self.state = State::Packets(start);
                Ok(StreamedPart::Packets(PacketsPart { reader: self, start }))
            }
            Found::Armor { margin, head } => {
                self.take_head(head);
                let block = armor::head(&self.head, margin, self.head_start);
                self.decoder.start(block.margin());
                self.state = State::Armor(armor::Body::new(margin));
                Ok(StreamedPart::Armor(ArmorPart::new(self)))
            }
            Found::Cleartext { head } => {
                self.take_head(head);
                let message = crate::cleartext::Cleartext::head(Octets::new(&self.head, self.head_start.position));
                self.state = State::Cleartext(cleartext::Text::new(&message, self.window.position()));
                Ok(StreamedPart::Cleartext(CleartextPart::new(self)))
            }
            Found::Keybox => {
                self.state = State::Keybox(keybox::Progress::default());
                Ok(StreamedPart::Keybox(KeyboxPart::new(self)))
            }
            Found::Held => {
                let start = self.window.place();
                self.state = State::Held(held::Held::new(start, start.position == 0, self.reads_packets));
                self.hold()
            }
        }
    }

    fn take_head(&mut self, length: usize) {
        self.head_start = self.window.place();
        self.head = Zeroizing::new(self.window.unread().get(..length).unwrap_or_default().to_vec());
        self.window.take(length);
    }

    /// The text that starts where the reader is, if it is in none.
    fn text(&mut self) -> Text {
        let window = &mut self.window;
        *self.text.get_or_insert_with(|| Text {
            start: window.place(),
            is_blank: true,
            is_text: true,
            over_long: None,
            has_no_packets: false,
        })
    }

    /// The text that was passed over.
    fn skipped(&mut self) -> Option<Skipped> {
        let Text { start, is_blank, is_text, over_long, .. } = self.text.take()?;
        let span = Span { start: start.position, end: self.window.position() };
        (!span.is_empty()).then_some(Skipped { span, start, is_blank, is_text, over_long })
    }

    fn skip_to(&mut self, position: u64) {
        self.skip(usize::try_from(position.saturating_sub(self.window.position())).unwrap_or(usize::MAX));
    }

    /// Passes over the start of a header line at `position`, which has too much behind it.
    fn skip_over_long(&mut self, position: u64) {
        self.skip_to(position);
        let place = self.window.place();
        if let Some(text) = &mut self.text {
            text.over_long.get_or_insert(place);
        }
        self.skip(BEGIN.len());
    }

    /// Passes over text.
    fn skip(&mut self, count: usize) {
        let unread = self.window.unread();
        let (is_blank, is_text) = looks(unread.get(..count).unwrap_or(unread));
        self.window.take(count);
        if let Some(text) = &mut self.text {
            text.is_blank &= is_blank;
            text.is_text &= is_text;
        }
    }
}

/// What a file is, or what it starts with, if its start tells.
fn whole(start: Start<'_>) -> Option<Found> {
    let octets = start.octets;
    if octets.is_empty() {
        return None;
    }
    if crate::keybox::is_keybox(octets.as_slice()) {
        return Some(Found::Keybox);
    }
    if utf16::detect(start).is_some() {
        return Some(Found::Held);
    }
    if AgentKey::recognise(octets).is_some() {
        return Some(Found::Held);
    }
    (starts_packet(octets) && !is_armored_text(start)).then_some(Found::Packets)
}

/// What follows armor.
enum Binary {
    /// Text, or armor.
    No,
    Packets,
    /// A packet and something else that is no text.
    Damaged,
    /// Neither.
    Other,
}

/// What follows armor, or `None` if more has to be known, which is not if that is all.
fn binary(start: Start<'_>, is_all: bool) -> Option<Binary> {
    let text = gap_text(start.octets);
    if text.is_empty() && !is_all {
        return None;
    }
    if !starts_packet(text) {
        return Some(Binary::No);
    }
    let begin = memmem::find(text.as_slice(), BEGIN);
    let before = text.as_slice().get(..begin.unwrap_or(text.len())).unwrap_or_default();
    let is_text = is_text(before) || begin.is_none() && start.is_cut && is_cut_text(before);
    if !is_all && (begin.is_none() || !is_text) {
        return None;
    }
    let packets = Start { octets: text, ..start };
    let is_damaged = || {
        let is_packet = RawPacket::parse_prefix(text).err().is_none_or(|error| start.explains(error));
        let has_control = start.octets.as_slice().iter().any(|octet| is_control(*octet));
        is_packet && has_control && Blocks::new(start.octets).next().is_none()
    };
    Some(if is_text {
        Binary::No
    } else if packets_of(packets).is_some() {
        Binary::Packets
    } else if is_damaged() {
        Binary::Damaged
    } else {
        Binary::Other
    })
}

/// Whether octets are text but for a character at their end that is not complete.
fn is_cut_text(octets: &[u8]) -> bool {
    core::str::from_utf8(octets).is_err_and(|error| error.error_len().is_none())
}

/// Shows no octet of the input.
impl<R> fmt::Debug for PartReader<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PartReader").field("position", &self.window.position()).finish_non_exhaustive()
    }
}

/// Shows no octet of the input.
impl<R> fmt::Debug for StreamedPart<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Packets(part) => part.fmt(f),
            Self::Armor(part) => part.fmt(f),
            Self::Cleartext(part) => part.fmt(f),
            Self::Keybox(part) => part.fmt(f),
            Self::Held(part) => part.fmt(f),
            Self::Skipped(part) => part.fmt(f),
        }
    }
}

impl<R> PacketsPart<'_, R> {
    /// The position of the first octet.
    #[must_use]
    pub const fn start(&self) -> u64 {
        self.start
    }
}

impl<R: Read> Read for PacketsPart<'_, R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let window = &mut self.reader.window;
        if window.unread().is_empty() && !out.is_empty() {
            window.more()?;
        }
        let count = copy(window.unread(), out);
        window.take(count);
        Ok(count)
    }
}

/// Shows no octet of the input.
impl<R> fmt::Debug for PacketsPart<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PacketsPart").field("start", &self.start).finish_non_exhaustive()
    }
}

/// Copies as many octets as there are and as there is room for.
fn copy(octets: &[u8], out: &mut [u8]) -> usize {
    let count = octets.len().min(out.len());
    if let (Some(out), Some(octets)) = (out.get_mut(..count), octets.get(..count)) {
        out.copy_from_slice(octets);
    }
    count
}
