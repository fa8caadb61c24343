//! The packets of a file, each in a file of its own, or each certificate.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use bpg_core::fingerprint::Fingerprint;
use bpg_core::inspect::{Event, Frame, Value};
use bpg_core::registry::PacketType;
use tempfile::NamedTempFile;

use super::escape;
use super::file::{self, Access};
use super::renderer::{Lines, Renderer};
use super::select::Chosen;
use super::wire::Wire;

/// What a file is to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum By {
    Packet,
    /// A primary key, and all that follows it up to the next one.
    Certificate,
}

/// Writes octets to files in a folder. Each appears under its name only when all of it has been written.
pub(crate) struct Split {
    folder: PathBuf,
    by: By,
    replaces: bool,
    /// How many files there are, but for one in front of the first certificate.
    count: u64,
    current: Option<Current>,
    has_found: bool,
    /// The file that could not be written.
    failed: Option<PathBuf>,
}

/// A file that is being written.
struct Current {
    file: NamedTempFile,
    number: u64,
    holds: Holds,
}

/// What a file is named after. Nothing else of what was read gets into its name.
#[derive(Clone, Copy)]
enum Holds {
    Packet(PacketType),
    /// A certificate, with its fingerprint once that is known, and whether its first packet is being told.
    Certificate(Option<Fingerprint>, bool),
    /// Packets that no primary key precedes.
    NoCertificate,
    NoPacket,
}

impl Split {
    pub(crate) const fn new(folder: PathBuf, by: By, replaces: bool) -> Self {
        Self { folder, by, replaces, count: 0, current: None, has_found: false, failed: None }
    }

    /// Whether there was anything to be written.
    pub(crate) const fn has_found(&self) -> bool {
        self.has_found
    }

    /// The file that could not be written, or the folder if that was no matter of a file.
    pub(crate) fn failed(&self) -> &Path {
        self.failed.as_deref().unwrap_or(&self.folder)
    }

    /// Octets that are no packet.
    fn no_packet(&mut self, octets: &[u8]) -> io::Result<()> {
        if octets.is_empty() {
            return Ok(());
        }
        if !matches!(self.holds(), Some(Holds::NoPacket)) {
            self.begin(Holds::NoPacket)?;
        }
        self.current.as_mut().map_or(Ok(()), |current| current.file.write_all(octets))
    }

    fn packet(&mut self, frame: &Frame<'_>) -> io::Result<()> {
        let packet_type = frame.packet_type;
        let is_primary = matches!(packet_type, PacketType::PUBLIC_KEY | PacketType::SECRET_KEY);
        match (self.by, &mut self.current) {
            (By::Packet, _) => self.begin(Holds::Packet(packet_type)),
            (By::Certificate, _) if is_primary => self.begin(Holds::Certificate(None, true)),
            (By::Certificate, Some(current)) if !matches!(current.holds, Holds::NoPacket) => {
                if let Holds::Certificate(_, is_first) = &mut current.holds {
                    *is_first = false;
                }
                Ok(())
            }
            (By::Certificate, _) => self.begin(Holds::NoCertificate),
        }
    }

    fn holds(&self) -> Option<Holds> {
        self.current.as_ref().map(|current| current.holds)
    }

    fn begin(&mut self, holds: Holds) -> io::Result<()> {
        self.finish()?;
        // What precedes the first certificate has the number 0.
        self.count += u64::from(self.count > 0 || !matches!(holds, Holds::NoCertificate));
        self.has_found = true;
        let file = file::temporary_in(&self.folder, Access::Owner)?;
        self.current = Some(Current { file, number: self.count, holds });
        Ok(())
    }
}

impl Renderer for Split {
    fn event(&mut self, event: &Event<'_>, _chosen: Chosen<'_>, wire: &mut Wire, _lines: Lines<'_>) -> io::Result<()> {
        match event {
            Event::Packet(frame) => self.packet(frame),
            // What is around packets is left out.
            Event::Container(_) => self.finish(),
            Event::Remainder(remainder) => {
                // Unless they came before.
                if !matches!(self.holds(), Some(Holds::NoPacket)) {
                    self.no_packet(remainder.octets.as_slice())?;
                    wire.forget(wire.level(), remainder.span.end);
                }
                self.finish()
            }
            Event::Field(field) => {
                if let (Some(Holds::Certificate(fingerprint @ None, true)), Value::Fingerprint(of_key)) =
                    (self.current.as_mut().map(|current| &mut current.holds), field.value)
                {
                    *fingerprint = Some(of_key);
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn wants_octets(&self) -> bool {
        true
    }

    fn passed(
        &mut self,
        wire: &mut Wire,
        level: usize,
        position: u64,
        _payload: Option<&'static str>,
        _lines: Lines<'_>,
    ) -> io::Result<()> {
        if let Some(current) = &mut self.current {
            current.file.write_all(wire.up_to(level, position))?;
        }
        wire.forget(level, position);
        Ok(())
    }

    fn unframed(&mut self, _position: u64, octets: &[u8], _lines: Lines<'_>) -> io::Result<()> {
        self.no_packet(octets)
    }

    /// Gives the file that was written last its name.
    fn finish(&mut self) -> io::Result<()> {
        let Some(current) = self.current.take() else { return Ok(()) };
        let path = self.folder.join(current.name());
        file::keep(current.file, &path, self.replaces).inspect_err(|_| self.failed = Some(path))
    }
}

impl Current {
    /// The number, which has so many digits that a million files are in order by their names, and what is in the file.
    fn name(&self) -> String {
        let what = match self.holds {
            Holds::Packet(packet_type) => match packet_type.name() {
                Some(name) => kebab(name),
                None => format!("unknown-{}", packet_type.0),
            },
            Holds::Certificate(Some(fingerprint), _) => {
                let mut digits = Vec::new();
                escape::hex(&mut digits, fingerprint.as_slice());
                String::from_utf8_lossy(&digits).into_owned()
            }
            Holds::Certificate(None, _) => "certificate".to_owned(),
            Holds::NoCertificate => "no-certificate".to_owned(),
            Holds::NoPacket => "no-packet".to_owned(),
        };
        format!("{:06}-{what}.pgp", self.number)
    }
}

/// A name in lower-case letters and digits, with hyphens between the words.
fn kebab(name: &str) -> String {
    let words = name.split(|character: char| !character.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-").to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::kebab;

    #[test]
    fn names_of_packets() {
        for (name, kebab_name) in [("Public-Key", "public-key"), ("User ID", "user-id"), ("A (b/c)", "a-b-c")] {
            assert_eq!(kebab(name), kebab_name);
        }
    }
}
