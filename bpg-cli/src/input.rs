//! Reading files that may hold secrets.

use std::cell::OnceCell;
use std::fmt::{self, Display};
use std::fs::File;
use std::io::{self, Read};
use std::os::fd::AsFd;
use std::os::unix::fs::FileExt;
use std::path::Path;

use bpg_core::armor::{self, Lines, LocatedError, Symbols};
use bpg_core::container::reader::Skipped;
use bpg_core::error::{Error, ErrorKind};
use bpg_core::octets::Span;
use bpg_core::secret::Wiped;
use rustix::io::Errno;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::error::Failure;

/// How much is read at once.
const CHUNK: usize = 64 * 1024;

/// A file's name as it is shown, once it is escaped.
pub(crate) fn name(path: &Path) -> &[u8] {
    if is_stdin(path) { b"standard input" } else { path.as_os_str().as_encoded_bytes() }
}

/// Why a file is of no use that was read to its end, as every command says it.
pub(crate) const fn no_data(is_empty: bool) -> &'static str {
    if is_empty { "no OpenPGP data: the file is empty" } else { "no OpenPGP data: neither packets nor ASCII armor" }
}

/// What octets are that were passed over, as every command says it.
pub(crate) struct PassedOver {
    /// How many octets.
    pub(crate) count: u64,
    /// Whether they are text, in which there are no packets.
    pub(crate) is_text: bool,
}

impl Display for PassedOver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "skipped {} octets that are not armor", self.count)?;
        if self.is_text {
            Ok(())
        } else {
            f.write_str(", and not only text: packets among them, if any, were not read")
        }
    }
}

/// What is said of a checksum that is not that of the data.
pub(crate) const WRONG_CHECKSUM: &str = "the armor's CRC-24 is wrong";

/// What there may be only so much of behind a header line.
pub(crate) const ARMOR_HEADERS: &str = "octets of armor headers";

/// What the user can do about that.
pub(crate) const FEWER_HEADERS: &str = "remove some to have the armor read";

/// What is wrong where armor has so many headers that it was passed over.
pub(crate) fn over_long(place: armor::Place) -> LocatedError {
    let kind = ErrorKind::OverLimit { of: ARMOR_HEADERS, limit: Skipped::LONGEST_HEAD };
    let span = Span { start: place.position, end: place.position };
    LocatedError { error: Error::new(kind, span), place }
}

/// Opens the one file of a command, as [`open`] does.
pub(crate) fn open_one(path: &Path) -> Result<Source, Failure> {
    open(path).map_err(|error| Failure::about(name(path), error))
}

/// Opens `path`, or standard input if that is `-`. Nothing is read yet.
pub(crate) fn open(path: &Path) -> io::Result<Source> {
    if is_stdin(path) {
        // Not through the standard library's buffer, which is never wiped.
        let file = File::from(io::stdin().as_fd().try_clone_to_owned()?);
        let size = file.metadata().map_or(0, |metadata| usize::try_from(metadata.len()).unwrap_or(0));
        Ok(Source { file, size })
    } else {
        let file = File::open(path)?;
        let metadata = file.metadata()?;
        if metadata.is_dir() {
            // What reading would say, before anything is done for it.
            return Err(Errno::ISDIR.into());
        }
        let size = usize::try_from(metadata.len()).unwrap_or(0);
        Ok(Source { file, size })
    }
}

/// Lets as many files be open at the same time as the system allows the process.
pub(crate) fn allow_many() {
    let limit = getrlimit(Resource::Nofile);
    // If it stays as it is, opening one file too many tells.
    let _ = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit });
}

/// A file that is open.
pub(crate) struct Source {
    file: File,
    /// Only a hint: the file may grow, and some kinds of file have no size.
    size: usize,
}

impl Source {
    /// How many octets it seems to have, 0 if nobody knows.
    pub(crate) const fn size(&self) -> u64 {
        self.size as u64
    }

    /// Whether it is a file without an octet. Nothing is read of one that has some, or of a pipe.
    pub(crate) fn is_empty_file(&self) -> io::Result<bool> {
        let metadata = self.file.metadata()?;
        // The kernel's own files have no size, whatever they hold.
        Ok(metadata.is_file() && metadata.len() == 0 && self.file.read_at(&mut [0], 0)? == 0)
    }

    /// Reads all of it; `path` is what was opened.
    pub(crate) fn read_all(self, path: &Path) -> Result<Wiped<Vec<u8>>, Failure> {
        read_all(self.file, self.size).map_err(|error| Failure::about(name(path), error))
    }
}

impl Read for Source {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.file.read(out)
    }
}

pub(crate) fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Says where in a file something is.
pub(crate) struct Places<'a> {
    /// The text whose lines are counted, if there is one. They are found when somebody has to be told of a place.
    text: Option<(&'a [u8], OnceCell<Lines<'a>>)>,
}

impl<'a> Places<'a> {
    /// In a file that is no text.
    pub(crate) const fn in_binary() -> Self {
        Self { text: None }
    }

    /// In a text.
    pub(crate) const fn in_text(text: &'a [u8]) -> Self {
        Self { text: Some((text, OnceCell::new())) }
    }

    /// The place of an octet of the file: `at octet N`, with the line and column if the file has lines.
    pub(crate) fn place(&self, position: u64) -> String {
        self.place_in_text(position, position)
    }

    /// The place of an octet of the file that is at another position of the text, as that was decoded.
    pub(crate) fn place_in_text(&self, position: u64, in_text: u64) -> String {
        self.describe(position, "", in_text)
    }

    /// The place of an octet that a block of armor holds.
    pub(crate) fn place_in_armor(&self, symbols: &Symbols<'_>, position: u64) -> String {
        self.place_of_armored(position, symbols.position(position))
    }

    /// The place of an octet that armor holds, given where in the text its first bits are.
    pub(crate) fn place_of_armored(&self, position: u64, in_text: u64) -> String {
        self.describe(position, " of the armored data", in_text)
    }

    fn describe(&self, position: u64, of: &str, in_text: u64) -> String {
        let Some((text, lines)) = &self.text else { return format!("at octet {position}{of}") };
        let (line, column) = lines.get_or_init(|| Lines::new(text)).line_and_column(in_text);
        format!("at octet {position}{of} (line {line}, column {column})")
    }
}

/// Reads to the end. All memory that it takes for that is wiped, as it may hold secrets.
fn read_all(mut source: impl Read, size: usize) -> io::Result<Wiped<Vec<u8>>> {
    // One more octet than expected, so that the end is found without growing.
    let mut buffer = Wiped::from(vec![0; size.saturating_add(1).max(CHUNK)]);
    let mut filled = 0;
    loop {
        if filled == buffer.len() {
            buffer.resize(filled * 2, 0);
        }
        match source.read(&mut buffer[filled..]) {
            Ok(0) => {
                buffer.truncate(filled);
                return Ok(buffer);
            }
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives one octet at a time, and is interrupted before each.
    struct Slow(u8, bool);

    impl Read for Slow {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.1 = !self.1;
            if self.1 {
                return Err(io::ErrorKind::Interrupted.into());
            }
            self.0 = self.0.saturating_sub(1);
            buffer[0] = self.0;
            Ok(usize::from(self.0 > 0))
        }
    }

    #[test]
    fn reads_whatever_the_source_gives_at_once() {
        assert_eq!(*read_all(Slow(5, false), 0).unwrap(), [4, 3, 2, 1]);
    }

    #[test]
    fn grows_past_the_expected_size() {
        let source: Vec<u8> = (0..=255).cycle().take(3 * CHUNK + 7).collect();
        for size in [0, 1, source.len() - 1, source.len(), source.len() * 2] {
            assert_eq!(*read_all(source.as_slice(), size).unwrap(), source);
        }
    }
}
