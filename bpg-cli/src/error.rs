//! Exit status and diagnostics.

use std::fmt::Display;
use std::io::{self, Write};
use std::process::ExitCode;

/// How it went. The order is that of severity, so that the worst of several is their maximum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Status {
    /// Everything that was found is well-formed.
    #[default]
    Good = 0,
    /// Something is malformed, cut short or beyond a limit.
    Malformed = 1,
    /// Wrong usage, a wrong passphrase, a file that cannot be read or written, or one without OpenPGP data.
    Unusable = 2,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(status as u8)
    }
}

/// Prints a diagnostic as `bpg: SUBJECT: MESSAGE`. The subject is mostly a file's name, so its control characters are
/// escaped.
pub(crate) fn diagnose(subject: &[u8], message: impl Display) {
    let mut line = Vec::new();
    diagnostic(&mut line, subject, message);
    // Nothing can be done if standard error is closed.
    let _ = io::stderr().lock().write_all(&line);
}

/// Appends the line that [`diagnose`] prints.
pub(crate) fn diagnostic(out: &mut Vec<u8>, subject: &[u8], message: impl Display) {
    out.extend_from_slice(b"bpg: ");
    crate::output::escape::text(out, subject);
    // Memory takes everything.
    let _ = writeln!(out, ": {message}");
}

/// Prints `bpg: MESSAGE`.
pub(crate) fn note(message: impl Display) {
    // As above.
    let _ = io::stderr().lock().write_all(format!("bpg: {message}\n").as_bytes());
}

/// What standard output is called in messages.
pub(crate) const STDOUT: &[u8] = b"standard output";

/// The status of a command that came to `status`, once what it had to say was written to `to`, or was not.
pub(crate) fn written(to: &[u8], result: io::Result<()>, status: Status) -> Result<Status, Failure> {
    match result {
        // Whoever was reading has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(status),
        result => result.map(|()| status).map_err(|error| Failure::about(to, error)),
    }
}

/// What ends a command. It holds nothing secret.
#[derive(Debug)]
pub(crate) struct Failure {
    /// What it is about, mostly a file; empty for the command as a whole.
    subject: Vec<u8>,
    message: String,
    status: Status,
}

impl Failure {
    /// Something about the command as a whole.
    pub(crate) fn new(message: impl Display) -> Self {
        Self { subject: Vec::new(), message: message.to_string(), status: Status::Unusable }
    }

    /// Something about `subject`, mostly a file that cannot be used.
    pub(crate) fn about(subject: &[u8], message: impl Display) -> Self {
        Self { subject: subject.to_vec(), ..Self::new(message) }
    }

    /// Malformed input in `subject`.
    pub(crate) fn malformed(subject: &[u8], message: impl Display) -> Self {
        Self { status: Status::Malformed, ..Self::about(subject, message) }
    }

    /// Prints it.
    pub(crate) fn report(&self) -> Status {
        if self.subject.is_empty() {
            note(&self.message);
        } else {
            diagnose(&self.subject, &self.message);
        }
        self.status
    }
}
