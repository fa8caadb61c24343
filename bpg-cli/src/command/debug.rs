//! `bpg debug`: looking into OpenPGP data.

use std::cell::OnceCell;
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::PathBuf;

use bpg_core::agent_key::AgentKey;
use bpg_core::armor::{Block, Symbols};
use bpg_core::cleartext::Cleartext;
use bpg_core::container::{self, Encoded, Part, Parts};
use bpg_core::error::{ArmorRule, Error};
use bpg_core::framing::Packets;
use bpg_core::inspect::{self, Event, Visitor};
use bpg_core::keybox::{self, Contents};
use bpg_core::octets::{Octets, Span};
use bpg_core::registry::KeyboxBlobType;

use crate::args::Parse;
use crate::error::{Status, diagnose, note};
use crate::input::{self, Places, Source};
use crate::output::text::Text;
use crate::sandbox;

/// `bpg debug parse`
pub(crate) fn parse(args: &Parse) -> Status {
    let stdin = [PathBuf::from("-")];
    let files = if args.files.is_empty() { &stdin[..] } else { &args.files };
    let mut text = Text::new(io::stdout().lock(), args.verbose || args.show_secrets, args.show_secrets);
    let mut status = Status::Good;
    input::allow_many();
    let sources: Vec<_> = files.iter().map(|path| input::open(path)).collect();
    let sandbox = sandbox::enter();
    if args.verbose {
        sandbox.notes().for_each(note);
    }
    for (path, source) in files.iter().zip(sources) {
        let name = input::name(path);
        if files.len() > 1 {
            text.file_heading(name);
        }
        let data = source.and_then(Source::read);
        let octets = data.as_ref().map_or(&[][..], |data| data);
        let places = Places::in_text(octets);
        let mut report = Report::new(name, &places, args.strict, &mut text);
        let printed = match &data {
            Ok(_) => report.file(octets),
            Err(error) => report.unusable(error),
        };
        status = status.max(report.status);
        match printed.and_then(|()| text.flush()) {
            Ok(()) => {}
            // Whoever was reading has seen enough.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return status,
            Err(error) => {
                diagnose(b"standard output", error);
                return Status::Unusable;
            }
        }
    }
    status
}

/// Passes on what is in one file to the output, and what is wrong with it to standard error. The errors of its methods are
/// of writing the output.
struct Report<'a, W> {
    name: &'a [u8],
    text: &'a mut Text<W>,
    places: &'a Places<'a>,
    /// Whether armor that is not as it should be is malformed.
    is_strict: bool,
    /// What positions are about now.
    within: Within<'a>,
    /// Whether anything was found, of a kind that is not to be mixed.
    found: Found,
    status: Status,
}

/// What positions count the octets of.
enum Within<'a> {
    /// The file, or the text that was made of it.
    Text,
    /// The file, in a part that is no text.
    Packets,
    /// What a block of armor holds.
    Armor(Block<'a>, Box<OnceCell<Symbols<'a>>>),
}

/// What a file was found to hold.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    Nothing,
    Packets,
    Armor,
}

impl<'a, W: Write> Report<'a, W> {
    fn new(name: &'a [u8], places: &'a Places<'a>, is_strict: bool, text: &'a mut Text<W>) -> Self {
        let (within, found, status) = (Within::Text, Found::Nothing, Status::Good);
        Self { name, text, places, is_strict, within, found, status }
    }

    fn unusable(&mut self, reason: impl std::fmt::Display) -> io::Result<()> {
        diagnose(self.name, reason);
        self.status = self.status.max(Status::Unusable);
        Ok(())
    }

    fn file(&mut self, data: &'a [u8]) -> io::Result<()> {
        if data.is_empty() {
            return self.unusable("no OpenPGP data: the file is empty");
        }
        self.parts(Parts::unframed(data))?;
        if self.found == Found::Nothing {
            return self.unusable("no OpenPGP data: neither packets nor ASCII armor");
        }
        Ok(())
    }

    fn parts(&mut self, mut parts: Parts<'a>) -> io::Result<()> {
        let mut skipped = None;
        while let Some(part) = parts.next() {
            // What is passed over is worth telling only if there is something else.
            if let Some(text) = skipped.take() {
                self.skipped(text);
            }
            match part {
                Part::Packets(octets) => self.binary(octets, &mut parts)?,
                Part::Armor(block) => self.block(block)?,
                Part::Cleartext(message) => self.cleartext(&message)?,
                Part::Keybox(octets) => self.keybox(octets)?,
                Part::AgentKey(key) => self.agent_key(&key)?,
                Part::Encoded(encoded) => self.encoded(encoded)?,
                Part::Skipped(octets) => skipped = Some(octets),
                _ => {}
            }
        }
        if let Some(text) = skipped.filter(|_| self.found != Found::Nothing) {
            self.skipped(text);
        }
        Ok(())
    }

    /// Packets that are not in armor, up to the next part.
    fn binary(&mut self, octets: Octets<'a>, parts: &mut Parts<'a>) -> io::Result<()> {
        self.within = Within::Packets;
        self.not_mixed(Found::Packets, octets.span());
        self.packets(octets, |rest| parts.go_on_at(rest))?;
        self.within = Within::Text;
        Ok(())
    }

    /// Packets, to the end of `octets` or to where something else is known to start.
    fn packets<'o>(&mut self, octets: Octets<'o>, mut is_end: impl FnMut(Octets<'o>) -> bool) -> io::Result<()> {
        let mut packets = Packets::new(octets);
        while let Some(packet) = packets.next() {
            let rest = packets.remaining();
            let is_first = rest.start() == octets.start();
            written(match packet {
                Ok(packet) => inspect::packet(&packet, self),
                Err(_) if !is_first && is_end(rest) => return Ok(()),
                Err(error) if is_first => inspect::remainder(rest, error, self),
                Err(error) => inspect::remainder(rest, container::explain(rest, error), self),
            })?;
        }
        Ok(())
    }

    /// Signed text; its signatures follow as armor.
    fn cleartext(&mut self, message: &Cleartext<'_>) -> io::Result<()> {
        self.not_mixed(Found::Armor, message.signed_part().span());
        written(inspect::cleartext(message, self))?;
        // Of the first one only: there may be as many as there are lines.
        if let Some(line) = message.lines().find(|line| line.is_unescaped_dash) {
            self.irregular(ArmorRule::DashEscaped, line.wire.span());
        }
        Ok(())
    }

    /// A keybox: each blob, and the packets of a blob that holds an OpenPGP key.
    fn keybox(&mut self, octets: Octets<'a>) -> io::Result<()> {
        self.within = Within::Packets;
        self.found = Found::Packets;
        let mut blobs = keybox::blobs(octets);
        while let Some(blob) = blobs.next() {
            let blob = match blob {
                Ok(blob) => blob,
                Err(error) => return written(inspect::remainder(blobs.remaining(), error, self)),
            };
            written(inspect::keybox_blob(&blob, self))?;
            if let (KeyboxBlobType::OPENPGP, Ok(Contents::Key(key))) = (blob.blob_type(), blob.interpret()) {
                self.packets(key.key_block(), |_| false)?;
            }
        }
        Ok(())
    }

    fn agent_key(&mut self, key: &AgentKey<'_>) -> io::Result<()> {
        self.within = Within::Packets;
        self.found = Found::Packets;
        written(inspect::agent_key(key, self))
    }

    /// Text in an encoding that has to be undone.
    fn encoded(&mut self, encoded: Encoded<'_>) -> io::Result<()> {
        self.irregular(encoded.encoding().rule(), encoded.wire().span());
        let transcoded = encoded.decode();
        let places = Places::in_decoded(&transcoded, self.places);
        let mut inner = Report::new(self.name, &places, self.is_strict, self.text);
        inner.found = self.found;
        let printed = inner.parts(transcoded.parts());
        (self.found, self.status) = (inner.found, self.status.max(inner.status));
        printed
    }

    /// Says what text was passed over, unless it was blank.
    fn skipped(&self, text: Octets<'_>) {
        let is_mark = self.places.is_decoded() && text.as_slice() == "\u{feff}".as_bytes();
        if !is_mark && !text.as_slice().trim_ascii().is_empty() {
            let count = self.places.count(text.span());
            self.note(text.start(), format_args!("skipped {count} octets that are not armor"));
        }
    }

    fn block(&mut self, block: Block<'a>) -> io::Result<()> {
        self.not_mixed(Found::Armor, block.wire().span());
        let (decoded, error) = block.decode_prefix();
        let irregularity = if self.is_strict { block.check_strict().err() } else { None };
        written(inspect::armor(block, decoded.checksum, irregularity.or(error), self))?;
        if !self.is_strict {
            self.repairs(block, error.is_none() && !decoded.has_padding);
        }
        if decoded.checksum.is_some_and(|checksum| !checksum.is_right()) {
            self.note(block.wire().start(), "the armor's CRC-24 is wrong");
        }
        self.within = Within::Armor(block, Box::default());
        self.packets(Octets::from(decoded.octets.as_slice()), |_| false)?;
        self.within = Within::Text;
        Ok(())
    }

    /// Says what had to be made good to read a block.
    fn repairs(&mut self, block: Block<'_>, lacks_padding: bool) {
        let start = block.wire().start();
        let has_other_tail = block.tail_label().is_some_and(|label| label.as_slice() != block.label().as_slice());
        for (rule, is_broken) in [
            (ArmorRule::StartsLine, !block.prefix().is_empty()),
            (ArmorRule::BlankLine, !block.has_empty_line()),
            (ArmorRule::MatchingTail, has_other_tail),
            (ArmorRule::Padding, lacks_padding),
        ] {
            if is_broken {
                self.note(start, rule);
            }
        }
    }

    /// Says that something is not as it should be.
    fn irregular(&mut self, rule: ArmorRule, span: Span) {
        self.note(span.start, rule);
        if self.is_strict {
            self.status = self.status.max(Status::Malformed);
        }
    }

    /// Says that there is something else in the file than what was found first.
    fn not_mixed(&mut self, kind: Found, span: Span) {
        if self.found != Found::Nothing && self.found != kind {
            self.irregular(ArmorRule::NotMixed, span);
        }
        self.found = kind;
    }

    /// Says something that is no error.
    fn note(&self, position: u64, message: impl std::fmt::Display) {
        diagnose(self.name, format_args!("{}: {message}", self.place(position)));
    }

    fn place(&self, position: u64) -> String {
        match &self.within {
            Within::Text => self.places.place(position),
            Within::Packets => Places::octet(position),
            Within::Armor(block, symbols) => {
                self.places.place_in_armor(symbols.get_or_init(|| Symbols::new(*block)), position)
            }
        }
    }

    /// Passes on an error, with its place in the file where it is one in the text that was made of it.
    #[cold]
    fn error(&mut self, error: Error) -> ControlFlow<io::Error> {
        self.malformed(&error);
        let is_of_text = matches!(self.within, Within::Text);
        let error = if is_of_text { error.at(self.places.span(error.span())) } else { error };
        self.print(&Event::Error(error))
    }

    fn print(&mut self, event: &Event<'_>) -> ControlFlow<io::Error> {
        match self.text.event(event) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => ControlFlow::Break(error),
        }
    }

    fn malformed(&mut self, error: &Error) {
        self.note(error.span().start, error.reason());
        self.status = self.status.max(Status::Malformed);
    }
}

impl<W: Write> Visitor for Report<'_, W> {
    type Break = io::Error;

    fn event(&mut self, event: Event<'_>) -> ControlFlow<io::Error> {
        if let Event::Error(error) = event {
            return self.error(error);
        }
        self.print(&event)
    }
}

/// How a walk ended, as a result of writing.
fn written(flow: ControlFlow<io::Error>) -> io::Result<()> {
    match flow {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(error) => Err(error),
    }
}
