//! The packets of an input, as bpg-core frames them and as gpg lists them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;
use std::{fmt, io};

use bpg_core::error::ErrorKind;
use bpg_core::framing::{Event, Framer, Length, RawPacket};
use bpg_core::octets::Octets;

/// For how long gpg may read one mutant.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a header says, in the words of gpg: `off=123 ctb=99 tag=6 hlen=3 plen=525`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Line {
    /// The position of the header.
    pub(crate) offset: u64,
    /// The first octet of the header.
    pub(crate) ctb: u8,
    /// The packet type ID.
    pub(crate) packet_type: u8,
    /// The number of octets of the header, of partial lengths the first alone.
    pub(crate) header_length: u64,
    /// The number of octets of the body, 0 if the header does not tell.
    pub(crate) body_length: u32,
    /// Whether the body comes in partial lengths.
    pub(crate) is_partial: bool,
    /// Whether the body ends with the input.
    pub(crate) is_indeterminate: bool,
    /// Whether the header is in the OpenPGP format.
    pub(crate) is_new: bool,
}

impl Line {
    fn new(offset: u64, header: &[u8], packet_type: u8, length: Length) -> Self {
        let body_length = match length {
            Length::Legacy1(length) | Length::One(length) => length.into(),
            Length::Legacy2(length) | Length::Two(length) => length.into(),
            Length::Legacy4(length) | Length::Five(length) => length,
            Length::Indeterminate | Length::Partial { .. } => 0,
        };
        Self {
            offset,
            ctb: header[0],
            packet_type,
            header_length: header.len() as u64,
            body_length,
            is_partial: matches!(length, Length::Partial { .. }),
            is_indeterminate: length == Length::Indeterminate,
            is_new: !length.is_legacy(),
        }
    }

    /// The position of the body.
    pub(crate) fn body(&self) -> u64 {
        self.offset + self.header_length
    }

    /// The position behind the body, if the header tells.
    pub(crate) fn end(&self) -> u64 {
        self.body() + u64::from(self.body_length)
    }

    /// Reads a line of gpg, without the `# ` in front of it.
    fn read(line: &str) -> Option<Self> {
        let mut words = line.split(' ');
        let mut value = |name: &str| words.next()?.strip_prefix(name)?.strip_prefix('=');
        let mut line = Self {
            offset: value("off")?.parse().ok()?,
            ctb: u8::from_str_radix(value("ctb")?, 16).ok()?,
            packet_type: value("tag")?.parse().ok()?,
            header_length: value("hlen")?.parse().ok()?,
            body_length: value("plen")?.parse().ok()?,
            is_partial: false,
            is_indeterminate: false,
            is_new: false,
        };
        for word in words {
            match word {
                "partial" => line.is_partial = true,
                "indeterminate" => line.is_indeterminate = true,
                "new-ctb" => line.is_new = true,
                _ => return None,
            }
        }
        Some(line)
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { offset, ctb, packet_type, header_length, body_length, .. } = self;
        write!(f, "off={offset} ctb={ctb:02x} tag={packet_type} hlen={header_length} plen={body_length}")?;
        let remarks =
            [(self.is_partial, " partial"), (self.is_indeterminate, " indeterminate"), (self.is_new, " new-ctb")];
        remarks.into_iter().filter(|(applies, _)| *applies).try_for_each(|(_, remark)| f.write_str(remark))
    }
}

/// What bpg-core makes of the octets from some position on.
#[derive(Clone, Copy)]
pub(crate) enum Ours<'a> {
    /// A packet, and what its header says.
    Packet(Line, RawPacket<'a>),
    /// The header of a packet that goes on behind the end of the input.
    Cut(Line),
    /// A header that goes on behind the end of the input.
    CutHeader,
    /// An octet that starts no packet.
    NotAPacket,
    /// The end of the input.
    End,
}

impl<'a> Ours<'a> {
    /// What bpg-core makes of `input`, from `position` on.
    pub(crate) fn at(input: &'a [u8], position: u64) -> Self {
        let rest = Octets::new(&input[position as usize..], position);
        if rest.is_empty() {
            return Self::End;
        }
        match RawPacket::parse_prefix(rest) {
            Ok((raw, _)) => {
                let header = raw.header().as_slice();
                Self::Packet(Line::new(position, header, raw.packet_type().0, raw.length()), raw)
            }
            Err(error) if matches!(error.kind(), ErrorKind::NotAPacket { .. }) => Self::NotAPacket,
            Err(_) => match Framer::new(position).push(&mut rest.as_slice()) {
                Ok(Some(Event::Header(header))) => {
                    let octets = header.octets.as_octets();
                    Self::Cut(Line::new(position, octets.as_slice(), header.packet_type.0, header.length))
                }
                _ => Self::CutHeader,
            },
        }
    }

    /// What the header says, if all of it is there.
    pub(crate) fn line(&self) -> Option<&Line> {
        match self {
            Self::Packet(line, _) | Self::Cut(line) => Some(line),
            Self::CutHeader | Self::NotAPacket | Self::End => None,
        }
    }
}

impl fmt::Display for Ours<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Packet(line, _) => line.fmt(f),
            Self::Cut(line) => write!(f, "{line}, which is cut short"),
            Self::CutHeader => f.write_str("a header that is cut short"),
            Self::NotAPacket => f.write_str("no packet"),
            Self::End => f.write_str("the end"),
        }
    }
}

/// A packet that gpg lists.
pub(crate) struct Theirs {
    /// What it says of its header.
    pub(crate) line: Line,
    /// The first line that it says of the body, if it says anything.
    pub(crate) body: String,
}

/// gpg, with a folder for its home and for the mutant that it reads.
pub(crate) struct Gpg {
    home: PathBuf,
    mutant: PathBuf,
}

impl Gpg {
    /// gpg in the empty home `home`, that reads from a file of this `name` in it.
    pub(crate) fn new(home: &Path, name: &str) -> Self {
        Self { home: home.to_path_buf(), mutant: home.join(name) }
    }

    /// The packets that gpg lists in `input`, `None` if it is still at it after some seconds.
    ///
    /// # Errors
    ///
    /// gpg cannot be run.
    pub(crate) fn list(&self, input: &[u8]) -> io::Result<Option<Vec<Theirs>>> {
        fs::write(&self.mutant, input)?;
        let mut gpg = Command::new("gpg")
            // It reads no configuration, takes nothing for armor, starts no agent and decrypts nothing.
            .args(["--batch", "--no-tty", "--no-options", "--no-default-keyring", "--no-autostart", "--no-armor"])
            .args(["--list-only", "--list-packets"])
            .arg(&self.mutant)
            .env("HOME", &self.home)
            .env("GNUPGHOME", &self.home)
            .env("LC_ALL", "C")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let mut output = gpg.stdout.take().expect("it is a pipe");
        let (sender, receiver) = mpsc::channel();
        let reader = thread::spawn(move || {
            let mut text = Vec::new();
            let result = io::copy(&mut output, &mut text).map(|_| text);
            // Nobody receives it if it comes too late.
            let _ = sender.send(result);
        });
        let text = receiver.recv_timeout(PATIENCE);
        if text.is_err() {
            gpg.kill()?;
        }
        gpg.wait()?;
        reader.join().expect("reading does not panic");
        text.ok().transpose().map(|text| text.map(|text| listed(&String::from_utf8_lossy(&text))))
    }
}

fn listed(text: &str) -> Vec<Theirs> {
    let mut packets: Vec<Theirs> = Vec::new();
    for line in text.lines() {
        if let Some(line) = line.strip_prefix("# off=").and_then(|_| Line::read(line.get(2..)?)) {
            packets.push(Theirs { line, body: String::new() });
        } else if let Some(packet) = packets.last_mut().filter(|packet| packet.body.is_empty()) {
            line.clone_into(&mut packet.body);
        }
    }
    packets
}
