//! Reading files that may hold secrets.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::AsFd;
use std::path::Path;

use bpg_core::armor::{self, Block};
use zeroize::Zeroizing;

/// How much is read at once.
const CHUNK: usize = 64 * 1024;

/// A file's name as it is shown, once it is escaped.
pub(crate) fn name(path: &Path) -> &[u8] {
    if is_stdin(path) { b"standard input" } else { path.as_os_str().as_encoded_bytes() }
}

/// Reads all of `path`, or of standard input if that is `-`.
pub(crate) fn read(path: &Path) -> io::Result<Zeroizing<Vec<u8>>> {
    if is_stdin(path) {
        // Not through the standard library's buffer, which is never wiped.
        read_all(File::from(io::stdin().as_fd().try_clone_to_owned()?), 0)
    } else {
        let file = File::open(path)?;
        // Only a hint: the file may grow, and some kinds of file have no size.
        let size = file.metadata()?.len();
        read_all(file, usize::try_from(size).unwrap_or(0))
    }
}

pub(crate) fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// What the positions of packets count, for those who have to find the place.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Source<'a> {
    /// Octets of the file.
    Binary,
    /// Octets of the file, which is a text and has lines.
    Text(&'a [u8]),
    /// Octets that a block of armor in a text holds.
    Armor(Block<'a>, &'a [u8]),
}

impl Source<'_> {
    /// `at octet N`, with the line and column if the file has lines.
    pub(crate) fn place(self, position: u64) -> String {
        let (text, in_text, of) = match self {
            Source::Binary => return format!("at octet {position}"),
            Source::Text(text) => (text, position, ""),
            Source::Armor(block, text) => (text, block.locate(position), " of the armored data"),
        };
        let (line, column) = armor::line_and_column(text, in_text);
        format!("at octet {position}{of} (line {line}, column {column})")
    }
}

/// Reads to the end. When the buffer has to grow, the old one is wiped, as it may hold secrets.
fn read_all(mut source: impl Read, size: usize) -> io::Result<Zeroizing<Vec<u8>>> {
    // One more octet than expected, so that the end is found without growing.
    let mut buffer = Zeroizing::new(vec![0; size.saturating_add(1).max(CHUNK)]);
    let mut filled = 0;
    loop {
        if filled == buffer.len() {
            let mut larger = Zeroizing::new(vec![0; buffer.len() * 2]);
            larger[..filled].copy_from_slice(&buffer);
            buffer = larger;
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
