//! Reading passphrases: from a file, a file descriptor, or a terminal; never from arguments or the environment.

mod prompt;

use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::args::NewPassphrase;
use crate::error::{Failure, note};
use crate::input;

pub(crate) use self::prompt::ask;

pub(crate) type Passphrase = Zeroizing<Vec<u8>>;

/// More than anyone remembers; a greater file is a mistake, or has no end.
const MAX_LENGTH: usize = 4096;

/// How often the terminal is asked before it is given up.
pub(crate) const ATTEMPTS: usize = 2;

/// Where a passphrase comes from if it is not typed.
pub(crate) fn given(file: Option<&Path>, descriptor: Option<u32>) -> Result<Option<Passphrase>, Failure> {
    match (file, descriptor) {
        (Some(path), _) => read(path, input::name(path)).map(Some),
        (None, Some(number)) => {
            // A descriptor that is only a number cannot be used as one without unsafe code; the system can open it again.
            let path = PathBuf::from(format!("/dev/fd/{number}"));
            let name = format!("file descriptor {number}");
            if !path.exists() {
                return Err(Failure::about(name.as_bytes(), "it is not open"));
            }
            read(&path, name.as_bytes()).map(Some)
        }
        (None, None) => Ok(None),
    }
}

/// What a new passphrase is to be.
#[derive(Debug)]
pub(crate) enum Wish {
    /// This one.
    Passphrase(Passphrase),
    /// None, as it was asked for.
    None,
    /// Nothing was said, and nobody can be asked.
    Unknown,
}

/// The new passphrase: as given, or else as typed if there is a terminal.
pub(crate) fn new(args: &NewPassphrase, terminal: Terminal) -> Result<Wish, Failure> {
    if args.no_passphrase {
        return Ok(Wish::None);
    }
    match given(args.passphrase_file.as_deref(), args.passphrase_fd)? {
        Some(passphrase) => Ok(Wish::Passphrase(passphrase)),
        None if terminal == Terminal::Absent => Ok(Wish::Unknown),
        None => ask_twice(),
    }
}

/// Whether there is someone to ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Terminal {
    Present,
    Absent,
}

impl Terminal {
    /// Standard input tells, or standard error where the input is the key.
    pub(crate) fn detect(file: Option<&Path>) -> Self {
        let is_terminal = match file {
            Some(path) if input::is_stdin(path) => io::stderr().is_terminal(),
            _ => io::stdin().is_terminal(),
        };
        if is_terminal { Self::Present } else { Self::Absent }
    }
}

fn ask_twice() -> Result<Wish, Failure> {
    for _ in 0..ATTEMPTS {
        let first = ask("New passphrase (empty for none): ")?;
        if first.len() > MAX_LENGTH {
            return Err(Failure::new(TOO_LONG));
        }
        let second = ask("The same passphrase again: ")?;
        if first != second {
            note("the passphrases differ");
        } else if first.is_empty() {
            return Ok(Wish::None);
        } else {
            return Ok(Wish::Passphrase(first));
        }
    }
    Err(Failure::new("no passphrase was typed twice"))
}

const TOO_LONG: &str = "a passphrase of more than 4096 octets";

fn read(path: &Path, name: &[u8]) -> Result<Passphrase, Failure> {
    let failure = |error: io::Error| Failure::about(name, error);
    if input::is_stdin(path) {
        return Err(Failure::new("a passphrase on standard input is read with --passphrase-fd 0"));
    }
    let mut file = File::open(path).map_err(failure)?;
    // Room for the line ending, and for one octet to tell that there are too many.
    let mut buffer = Zeroizing::new(vec![0; MAX_LENGTH + 3]);
    let mut filled = 0;
    while filled < buffer.len() {
        match file.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(failure(error)),
        }
    }
    buffer.truncate(filled);
    if buffer.ends_with(b"\n") {
        buffer.pop();
        if buffer.ends_with(b"\r") {
            buffer.pop();
        }
    }
    if buffer.is_empty() {
        Err(Failure::about(name, "the passphrase is empty; --no-passphrase asks for none"))
    } else if buffer.len() > MAX_LENGTH {
        Err(Failure::about(name, TOO_LONG))
    } else if buffer.contains(&b'\n') {
        // It could be typed nowhere.
        Err(Failure::about(name, "a passphrase of more than one line"))
    } else {
        Ok(buffer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn from_file(octets: &[u8]) -> Result<Passphrase, String> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(octets).unwrap();
        given(Some(file.path()), None).map(Option::unwrap).map_err(|failure| format!("{failure:?}"))
    }

    #[test]
    fn a_line_ending_is_no_part_of_it() {
        for octets in [&b"open sesame"[..], b"open sesame\n", b"open sesame\r\n"] {
            assert_eq!(**from_file(octets).unwrap(), *b"open sesame");
        }
        assert_eq!(**from_file(b" x \n").unwrap(), *b" x ");
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        for (octets, message) in [
            (b"".to_vec(), "empty"),
            (b"\n".to_vec(), "empty"),
            (b"a\nb\n".to_vec(), "more than one line"),
            (b"a\n\n".to_vec(), "more than one line"),
            (vec![b'a'; MAX_LENGTH + 1], "more than 4096 octets"),
            (vec![b'a'; MAX_LENGTH * 10], "more than 4096 octets"),
        ] {
            assert!(from_file(&octets).unwrap_err().contains(message));
        }
        assert!(from_file(&vec![b'a'; MAX_LENGTH]).is_ok());
    }
}
