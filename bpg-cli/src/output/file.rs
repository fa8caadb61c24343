//! Writing keys: to standard output, or to files that are there whole or not at all.

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io::{self, IsTerminal, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt};
use std::path::Path;

use rustix::fs::{OFlags, fcntl_getfl};
use tempfile::NamedTempFile;

use crate::error::{Failure, STDOUT, Status, note, written};
use crate::input;

/// Who may read a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Its owner only.
    Owner,
    /// Whoever the user's umask allows.
    Umask,
}

/// A place where something is to be written.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Target<'p> {
    Stdout,
    File { path: &'p Path, access: Access, replace: bool },
}

impl<'p> Target<'p> {
    /// A file, or standard output for `-`, or if there is no path.
    pub(crate) fn new(path: Option<&'p Path>, access: Access, replace: bool) -> Self {
        match path {
            Some(path) if path.as_os_str() != OsStr::new("-") => Self::File { path, access, replace },
            _ => Self::Stdout,
        }
    }

    /// The folder in which a file is to be.
    pub(crate) fn folder(self) -> Option<&'p Path> {
        match self {
            Self::Stdout => None,
            Self::File { path, .. } => Some(folder(path)),
        }
    }

    /// Fails if something could not be written there. What takes long is done after this.
    pub(crate) fn check(self, is_binary: bool) -> Result<(), Failure> {
        match self {
            Self::Stdout => check_no_terminal(is_binary),
            Self::File { path, access, replace } => {
                let failure = |reason: &dyn std::fmt::Display| Err(Failure::about(input::name(path), reason));
                match fs::symlink_metadata(path) {
                    Ok(metadata) if replace && metadata.is_file() => {}
                    Ok(_) if replace => return failure(&"not a regular file, so --force does not replace it"),
                    Ok(_) => return failure(&"exists already, and is not overwritten without --force"),
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                    Err(error) => return failure(&error),
                }
                // Tells whether there can be a file, and leaves none behind.
                temporary(path, access).map(drop)
            }
        }
    }

    /// Says so if this is standard output, and closed, so that what cannot be had again is not lost without a word.
    ///
    /// The standard library puts the null device, open for reading and writing, in the place of a closed descriptor. It is
    /// no error, since programs that start another one for nothing but its exit status put the same there.
    pub(crate) fn tell_of_loss(self) {
        if matches!(self, Self::Stdout) && is_null_for_both(io::stdout()) {
            note("standard output is closed or the null device: what is written there is lost");
        }
    }
}

/// Fails if `targets` has the same place twice.
pub(crate) fn check_distinct(targets: &[Target<'_>]) -> Result<(), Failure> {
    let mut paths = Vec::new();
    for target in targets {
        let path = match target {
            Target::Stdout => Path::new("-"),
            Target::File { path, .. } => path,
        };
        if paths.contains(&path) {
            let name = if path.as_os_str() == OsStr::new("-") { STDOUT } else { input::name(path) };
            return Err(Failure::about(name, "two things are to be written there"));
        }
        paths.push(path);
    }
    Ok(())
}

/// Writes what can be made again, so that nothing is lost where nobody reads it to its end.
pub(crate) fn write(target: Target<'_>, octets: &[u8]) -> Result<Status, Failure> {
    match target {
        Target::Stdout => print(octets, Status::Good),
        Target::File { .. } => write_all(&[(target, octets)]).map(|()| Status::Good),
    }
}

/// Writes everything everywhere, or fails, also where it is not read to its end. Files appear under their names only
/// when all has been written, so that an error leaves none of them behind.
pub(crate) fn write_all(outputs: &[(Target<'_>, &[u8])]) -> Result<(), Failure> {
    let mut written = Vec::new();
    for (target, octets) in outputs {
        if let Target::File { path, access, replace } = *target {
            let failure = |error| Failure::about(input::name(path), error);
            let mut file = temporary(path, access)?;
            let file_itself = file.as_file_mut();
            file_itself.write_all(octets).and_then(|()| file_itself.sync_all()).map_err(failure)?;
            written.push((file, path, replace));
        }
    }
    for (target, octets) in outputs {
        if matches!(target, Target::Stdout) {
            write_stdout(octets).map_err(|error| Failure::about(STDOUT, error))?;
        }
    }
    let mut made = Vec::new();
    for (file, path, replace) in written {
        if let Err(error) = keep(file, path, replace) {
            // What was there before cannot be brought back, so only new files are removed.
            for path in made {
                let _ = fs::remove_file(path);
            }
            return Err(Failure::about(input::name(path), error));
        }
        if !replace {
            made.push(path);
        }
    }
    Ok(())
}

/// A place where something is written piece by piece.
#[derive(Debug)]
pub(crate) enum Output<'p> {
    /// Past the standard library's buffer, which is never wiped.
    Stdout(File),
    /// Under another name, until all has been written.
    File { file: NamedTempFile, path: &'p Path, replace: bool },
}

/// Why not all is written that was to be.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The output cannot be written.
    Output(io::Error),
    /// What is to be written cannot be had.
    Failure(Failure),
}

impl<'p> Output<'p> {
    pub(crate) fn open(target: Target<'p>) -> Result<Self, Failure> {
        match target {
            Target::Stdout => {
                let stdout = io::stdout().as_fd().try_clone_to_owned();
                Ok(Self::Stdout(stdout.map_err(|error| Failure::about(STDOUT, error))?.into()))
            }
            Target::File { path, access, replace } => Ok(Self::File { file: temporary(path, access)?, path, replace }),
        }
    }

    /// Ends what was written. Whatever went wrong, a file is there whole or not at all.
    pub(crate) fn end(self, result: Result<Status, Stop>) -> Result<Status, Failure> {
        match result {
            Err(Stop::Output(error)) => written(self.name(), Err(error), Status::Good),
            Err(Stop::Failure(failure)) => Err(failure),
            Ok(Status::Unusable) => Ok(Status::Unusable),
            Ok(status) => self.keep().map(|()| status),
        }
    }

    /// What it is called in messages.
    fn name(&self) -> &[u8] {
        match self {
            Self::Stdout(_) => STDOUT,
            Self::File { path, .. } => input::name(path),
        }
    }

    /// Gives a file its name. Without this it is removed.
    fn keep(self) -> Result<(), Failure> {
        let Self::File { file, path, replace } = self else { return Ok(()) };
        let synced = file.as_file().sync_all();
        let kept = synced.and_then(|()| keep(file, path, replace));
        kept.map_err(|error| Failure::about(input::name(path), error))
    }
}

impl Write for Output<'_> {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        match self {
            Self::Stdout(stdout) => stdout.write(octets),
            Self::File { file, .. } => file.write(octets),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Gives a file its name.
pub(crate) fn keep(file: NamedTempFile, path: &Path, replace: bool) -> io::Result<()> {
    let kept = if replace { file.persist(path) } else { file.persist_noclobber(path) };
    kept.map(drop).map_err(|error| error.error)
}

/// Prints all that a command has to say that came to `status`, and that may be secret.
pub(crate) fn print(octets: &[u8], status: Status) -> Result<Status, Failure> {
    written(STDOUT, write_stdout(octets), status)
}

/// Writes to standard output, past the standard library's buffer, which is never wiped.
fn write_stdout(octets: &[u8]) -> io::Result<()> {
    File::from(io::stdout().as_fd().try_clone_to_owned()?).write_all(octets)
}

/// Fails if standard output is a terminal, and what is to be written is no text.
fn check_no_terminal(is_binary: bool) -> Result<(), Failure> {
    if is_binary && io::stdout().is_terminal() {
        return Err(Failure::about(STDOUT, "packets are not for a terminal; --output writes them to a file"));
    }
    Ok(())
}

/// Whether it is the null device, and open for reading and writing. What cannot be found out is taken for no.
fn is_null_for_both(descriptor: impl AsFd) -> bool {
    let is_for_both = fcntl_getfl(&descriptor).is_ok_and(|flags| flags & OFlags::RWMODE == OFlags::RDWR);
    is_for_both && is_null(&descriptor).unwrap_or(false)
}

fn is_null(descriptor: &impl AsFd) -> io::Result<bool> {
    let metadata = File::from(descriptor.as_fd().try_clone_to_owned()?).metadata()?;
    let is_device = metadata.file_type().is_char_device();
    Ok(is_device && fs::metadata("/dev/null").is_ok_and(|null| null.rdev() == metadata.rdev()))
}

/// The folder that `path` is in.
fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A new file beside `path`, created exclusively, that is removed unless it is kept.
fn temporary(path: &Path, access: Access) -> Result<NamedTempFile, Failure> {
    let failure = |reason: &dyn std::fmt::Display| Failure::about(input::name(path), reason);
    if path.parent().is_none() || path.file_name().is_none() {
        return Err(failure(&"not a name for a file"));
    }
    temporary_in(folder(path), access).map_err(|error| failure(&error))
}

/// A new file in a folder.
pub(crate) fn temporary_in(folder: &Path, access: Access) -> io::Result<NamedTempFile> {
    let mode = match access {
        Access::Owner => 0o600,
        Access::Umask => 0o666,
    };
    let create = |path: &Path| OpenOptions::new().write(true).create_new(true).mode(mode).open(path);
    tempfile::Builder::new().prefix(".bpg-").make_in(folder, create)
}
