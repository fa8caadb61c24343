//! `bpg debug`: looking into OpenPGP data.

use std::convert::Infallible;
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use bpg_core::armor::{self, Block};
use bpg_core::error::Error;
use bpg_core::framing::Packets;
use bpg_core::inspect::{self, Event, Visitor};
use bpg_core::octets::Octets;

use crate::args::Parse;
use crate::error::{Status, diagnose};
use crate::input::{self, Source};
use crate::output::text::Text;

/// `bpg debug parse`
pub(crate) fn parse(args: &Parse) -> Status {
    let stdin = [PathBuf::from("-")];
    let files = if args.files.is_empty() { &stdin[..] } else { &args.files };
    let mut text = Text::new(args.verbose || args.show_secrets, args.show_secrets);
    let mut stdout = io::stdout().lock();
    let mut status = Status::Good;
    for path in files {
        let name = input::name(path);
        if files.len() > 1 {
            text.file_heading(name);
        }
        let mut report = Report { name, text: &mut text, source: Source::Binary, status: Status::Good };
        let written = report.file(path, &mut stdout).and_then(|()| report.text.flush(&mut stdout));
        status = status.max(report.status);
        match written {
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

/// Passes on what is in one file to the output, and what is wrong with it to standard error.
struct Report<'a> {
    name: &'a [u8],
    text: &'a mut Text,
    source: Source<'a>,
    status: Status,
}

impl<'a> Report<'a> {
    /// Prints one file. The error is one of writing.
    fn file(&mut self, path: &Path, stdout: &mut impl Write) -> io::Result<()> {
        match input::read(path) {
            Err(error) => self.unusable(error),
            Ok(data) if data.is_empty() => self.unusable("no OpenPGP data: the file is empty"),
            Ok(data) => {
                // The report outlives the data, but its source is only looked at while this file is printed.
                let mut report =
                    Report { name: self.name, text: &mut *self.text, source: Source::Binary, status: self.status };
                report.data(&data, stdout)?;
                self.status = report.status;
            }
        }
        Ok(())
    }

    fn unusable(&mut self, reason: impl std::fmt::Display) {
        diagnose(self.name, reason);
        self.status = self.status.max(Status::Unusable);
    }

    fn data(&mut self, data: &'a [u8], stdout: &mut impl Write) -> io::Result<()> {
        if armor::is_armored(data) {
            self.armored(data, stdout)
        } else if data.first().is_some_and(|first| first & 0x80 == 0) {
            self.unusable("no OpenPGP data: neither packets nor ASCII armor");
            Ok(())
        } else {
            self.packets(Octets::from(data), stdout)
        }
    }

    fn packets(&mut self, octets: Octets<'_>, stdout: &mut impl Write) -> io::Result<()> {
        let mut packets = Packets::new(octets);
        while let Some(packet) = packets.next() {
            let ControlFlow::Continue(()) = match packet {
                Ok(packet) => inspect::packet(&packet, self),
                Err(error) => inspect::remainder(packets.remaining(), error, self),
            };
            self.text.flush_if_large(stdout)?;
        }
        Ok(())
    }

    fn armored(&mut self, text: &'a [u8], stdout: &mut impl Write) -> io::Result<()> {
        let mut blocks = armor::blocks(text);
        let mut before = blocks.remaining();
        while let Some(block) = blocks.next() {
            self.source = Source::Text(text);
            self.skipped(before, block.wire().start());
            before = blocks.remaining();
            self.block(block, text, stdout)?;
        }
        self.source = Source::Text(text);
        self.skipped(before, before.end());
        Ok(())
    }

    /// Says what text was passed over, unless it was blank.
    fn skipped(&self, text: Octets<'_>, end: u64) {
        let count = end.saturating_sub(text.start());
        let skipped = usize::try_from(count).ok().and_then(|count| text.split_at(count));
        if skipped.is_some_and(|(skipped, _)| !skipped.as_slice().trim_ascii().is_empty()) {
            let place = self.source.place(text.start());
            diagnose(self.name, format_args!("{place}: skipped {count} octets that are not armor"));
        }
    }

    fn block(&mut self, block: Block<'a>, text: &'a [u8], stdout: &mut impl Write) -> io::Result<()> {
        let (decoded, error) = block.decode_prefix();
        let ControlFlow::Continue(()) = inspect::armor(block, decoded.checksum, error, self);
        let place = self.source.place(block.wire().start());
        if !block.has_empty_line() {
            diagnose(self.name, format_args!("{place}: the armor has no empty line in front of its data"));
        }
        if error.is_none() && !decoded.has_padding {
            diagnose(self.name, format_args!("{place}: the armor's padding is not what its data asks for"));
        }
        match decoded.checksum {
            Some(checksum) if !checksum.is_right() => {
                diagnose(self.name, format_args!("{place}: the armor's CRC-24 is wrong"));
            }
            _ => {}
        }
        self.source = Source::Armor(block, text);
        self.packets(Octets::from(decoded.octets.as_slice()), stdout)?;
        self.source = Source::Text(text);
        Ok(())
    }
}

impl Visitor for Report<'_> {
    type Break = Infallible;

    fn event(&mut self, event: Event<'_>) -> ControlFlow<Infallible> {
        if let Event::Error(error) = event {
            self.malformed(&error);
        }
        self.text.event(&event);
        ControlFlow::Continue(())
    }
}

impl Report<'_> {
    fn malformed(&mut self, error: &Error) {
        let place = self.source.place(error.span().start);
        diagnose(self.name, format_args!("{place}: {}", error.reason()));
        self.status = self.status.max(Status::Malformed);
    }
}
