//! Exit status and diagnostics.

use std::fmt::Display;
use std::io::Write;
use std::process::ExitCode;

/// How it went. The order is that of severity, so that the worst of several is their maximum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Status {
    /// Everything was read and is well-formed.
    #[default]
    Good,
    /// Something is malformed or cut short.
    Malformed,
    /// Wrong usage, a file that cannot be read, or one without OpenPGP data.
    Unusable,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(match status {
            Status::Good => 0,
            Status::Malformed => 1,
            Status::Unusable => 2,
        })
    }
}

/// Prints a diagnostic as `bpg: SUBJECT: MESSAGE`. The subject is mostly a file's name, so its control characters are
/// escaped.
pub(crate) fn diagnose(subject: &[u8], message: impl Display) {
    let mut line = b"bpg: ".to_vec();
    crate::output::escape::text(&mut line, subject);
    // Nothing can be done if standard error is closed.
    let _ = writeln!(line, ": {message}").and_then(|()| std::io::stderr().lock().write_all(&line));
}
