//! `bpg debug`: looking into OpenPGP data.

use std::cell::OnceCell;
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::PathBuf;

use bpg_core::armor::{self, Block, Symbols};
use bpg_core::error::Error;
use bpg_core::framing::Packets;
use bpg_core::inspect::{self, Event, Visitor};
use bpg_core::octets::Octets;

use crate::args::Parse;
use crate::error::{Status, diagnose};
use crate::input::{self, Places};
use crate::output::text::Text;

/// `bpg debug parse`
pub(crate) fn parse(args: &Parse) -> Status {
    let stdin = [PathBuf::from("-")];
    let files = if args.files.is_empty() { &stdin[..] } else { &args.files };
    let mut text = Text::new(io::stdout().lock(), args.verbose || args.show_secrets, args.show_secrets);
    let mut status = Status::Good;
    for path in files {
        let name = input::name(path);
        if files.len() > 1 {
            text.file_heading(name);
        }
        let data = input::read(path);
        let octets = data.as_ref().map_or(&[][..], |data| data);
        let mut report = Report {
            name,
            text: &mut text,
            data: octets,
            places: Places::in_binary(),
            block: None,
            status: Status::Good,
        };
        let printed = match &data {
            Ok(_) => report.file(),
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
    places: Places<'a>,
    /// The armor whose octets positions count, if it is not those of the file.
    block: Option<(Block<'a>, OnceCell<Symbols<'a>>)>,
    data: &'a [u8],
    status: Status,
}

impl<'a, W: Write> Report<'a, W> {
    fn unusable(&mut self, reason: impl std::fmt::Display) -> io::Result<()> {
        diagnose(self.name, reason);
        self.status = self.status.max(Status::Unusable);
        Ok(())
    }

    fn file(&mut self) -> io::Result<()> {
        let data = self.data;
        match data.first() {
            None => self.unusable("no OpenPGP data: the file is empty"),
            Some(_) if armor::is_armored(data) => self.armored(data),
            Some(first) if first & 0x80 == 0 => self.unusable("no OpenPGP data: neither packets nor ASCII armor"),
            Some(_) => self.packets(Octets::from(data)),
        }
    }

    fn packets(&mut self, octets: Octets<'_>) -> io::Result<()> {
        let mut packets = Packets::new(octets);
        while let Some(packet) = packets.next() {
            written(match packet {
                Ok(packet) => inspect::packet(&packet, self),
                Err(error) => inspect::remainder(packets.remaining(), error, self),
            })?;
        }
        Ok(())
    }

    fn armored(&mut self, text: &'a [u8]) -> io::Result<()> {
        self.places = Places::in_text(text);
        let mut blocks = armor::blocks(text);
        let mut before = blocks.remaining();
        while let Some(block) = blocks.next() {
            self.skipped(before, block.wire().start());
            before = blocks.remaining();
            self.block(block)?;
        }
        self.skipped(before, before.end());
        Ok(())
    }

    /// Says what text was passed over, unless it was blank.
    fn skipped(&self, text: Octets<'_>, end: u64) {
        let count = end.saturating_sub(text.start());
        let skipped = usize::try_from(count).ok().and_then(|count| text.split_at(count));
        if skipped.is_some_and(|(skipped, _)| !skipped.as_slice().trim_ascii().is_empty()) {
            self.note(text.start(), format_args!("skipped {count} octets that are not armor"));
        }
    }

    fn block(&mut self, block: Block<'a>) -> io::Result<()> {
        let (decoded, error) = block.decode_prefix();
        written(inspect::armor(block, decoded.checksum, error, self))?;
        let start = block.wire().start();
        if !block.has_empty_line() {
            self.note(start, "the armor has no empty line in front of its data");
        }
        if block.tail_label().is_some_and(|label| label.as_slice() != block.label().as_slice()) {
            self.note(start, "the armor's END line is not that of its BEGIN line");
        }
        if error.is_none() && !decoded.has_padding {
            self.note(start, "the armor's padding is not what its data asks for");
        }
        if decoded.checksum.is_some_and(|checksum| !checksum.is_right()) {
            self.note(start, "the armor's CRC-24 is wrong");
        }
        self.block = Some((block, OnceCell::new()));
        self.packets(Octets::from(decoded.octets.as_slice()))?;
        self.block = None;
        Ok(())
    }

    /// Says something that is no error.
    fn note(&self, position: u64, message: impl std::fmt::Display) {
        diagnose(self.name, format_args!("{}: {message}", self.place(position)));
    }

    fn place(&self, position: u64) -> String {
        match &self.block {
            Some((block, symbols)) => {
                self.places.place_in_armor(symbols.get_or_init(|| Symbols::new(*block)), position)
            }
            None => self.places.place(position),
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
            self.malformed(&error);
        }
        match self.text.event(&event) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => ControlFlow::Break(error),
        }
    }
}

/// How a walk ended, as a result of writing.
fn written(flow: ControlFlow<io::Error>) -> io::Result<()> {
    match flow {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(error) => Err(error),
    }
}
