//! `bpg debug armor` and `bpg debug dearmor`, in memory that does not grow with the file.

mod dearmor;

use std::io::{self, Read, Write};

use bpg_core::armor::{Footer, Writer};
use bpg_core::error::{Error, ErrorKind};
use bpg_core::framing::{Event, Framer};
use bpg_core::keybox::is_keybox;
use bpg_core::registry::PacketType;
use zeroize::Zeroizing;

use super::{open, target};
use crate::args::{Armor, Dearmor};
use crate::error::{Failure, Status, diagnose};
use crate::input::no_data;
use crate::output::file::Stop;

/// How much is read at once.
const CHUNK: usize = 64 * 1024;

/// `bpg debug armor`
pub(super) fn armor(args: &Armor) -> Result<Status, Failure> {
    let target = target(&args.output);
    target.check(false)?;
    let (name, input, mut output) = open(args.file.as_ref(), target)?;
    let footer = if args.checksum { Footer::Crc24 } else { Footer::None };
    let result = encode(name, input, &mut output, args.label.as_deref(), footer);
    output.end(result)
}

/// `bpg debug dearmor`
pub(super) fn dearmor(args: &Dearmor) -> Result<Status, Failure> {
    let target = target(&args.output);
    target.check(true)?;
    let (name, input, mut output) = open(args.file.as_ref(), target)?;
    let result = dearmor::decode(name, input, &mut output, args.strict);
    output.end(result)
}

fn unreadable(name: &[u8]) -> impl Fn(io::Error) -> Stop {
    move |error| Stop::Failure(Failure::about(name, error))
}

fn encode(
    name: &[u8],
    mut input: impl Read,
    output: impl Write,
    label: Option<&str>,
    footer: Footer,
) -> Result<Status, Stop> {
    let mut buffer = Zeroizing::new(vec![0; CHUNK]);
    let mut count = fill(&mut input, &mut buffer).map_err(unreadable(name))?;
    let mut check = Check { name, framer: None, status: Status::Good };
    let label = match label {
        Some(label) => label,
        None => {
            check.framer = Some(Framer::new(0));
            label_of(&buffer[..count]).map_err(|reason| Stop::Failure(Failure::about(name, reason)))?
        }
    };
    let mut armor = Writer::new(output, label, &[], footer).map_err(Stop::Output)?;
    while count > 0 {
        check.push(&buffer[..count]);
        armor.write_all(&buffer[..count]).map_err(Stop::Output)?;
        count = fill(&mut input, &mut buffer).map_err(unreadable(name))?;
    }
    armor.finish().map_err(Stop::Output)?;
    Ok(check.finish())
}

/// Reads until the buffer is full or the input ends.
fn fill(input: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match input.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// The label that RFC 9580 section 6.2.1 has for data that starts like this.
fn label_of(mut octets: &[u8]) -> Result<&'static str, String> {
    if octets.is_empty() {
        return Err(no_data(true).into());
    }
    if bpg_core::container::is_armored(octets) {
        return Err("it is in ASCII armor already".into());
    }
    if is_keybox(octets) {
        return Err("a keybox cannot be armored, only packets".into());
    }
    let header = match Framer::new(0).push(&mut octets) {
        Ok(Some(Event::Header(header))) => header,
        Ok(_) => return Err("the header of the first packet is cut short".into()),
        Err(error) if matches!(error.kind(), ErrorKind::NotAPacket { .. }) => return Err(no_data(false).into()),
        Err(error) => return Err(error.to_string()),
    };
    Ok(match header.packet_type {
        PacketType::PUBLIC_KEY | PacketType::PUBLIC_SUBKEY => "PUBLIC KEY BLOCK",
        PacketType::SECRET_KEY | PacketType::SECRET_SUBKEY => "PRIVATE KEY BLOCK",
        PacketType::SIGNATURE => "SIGNATURE",
        _ => "MESSAGE",
    })
}

/// Looks whether packets are framed as they should be.
struct Check<'n> {
    name: &'n [u8],
    /// Nothing, if that is not to be known, or was told.
    framer: Option<Framer>,
    status: Status,
}

impl Check<'_> {
    fn push(&mut self, mut octets: &[u8]) {
        while let Some(framer) = &mut self.framer {
            match framer.push(&mut octets) {
                Ok(Some(_)) => {}
                Ok(None) => return,
                Err(error) => self.malformed(&error),
            }
        }
    }

    fn finish(mut self) -> Status {
        while let Some(framer) = &mut self.framer {
            match framer.finish() {
                Ok(Some(_)) => {}
                Ok(None) => break,
                Err(error) => self.malformed(&error),
            }
        }
        self.status
    }

    fn malformed(&mut self, error: &Error) {
        diagnose(self.name, error);
        self.status = Status::Malformed;
        self.framer = None;
    }
}
