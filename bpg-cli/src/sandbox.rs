//! Giving up what reading hostile octets does not need, before the first of them is read.
//!
//! Whoever finds a way to take over the process by what a file holds finds nothing there to go on with: no files but
//! the open ones, no network, no other program.

use std::fmt::Display;
use std::path::Path;

#[cfg(target_os = "linux")]
#[path = "sandbox/linux.rs"]
mod system;
#[cfg(target_os = "openbsd")]
#[path = "sandbox/openbsd.rs"]
mod system;
#[cfg(not(any(target_os = "linux", target_os = "openbsd")))]
#[path = "sandbox/other.rs"]
mod system;
#[cfg(all(test, target_os = "linux"))]
mod tests;

/// Confines the process, for the rest of its life, to memory and the descriptors that are open. What was not opened
/// before can be opened no more. A system that cannot do so, or not all of it, is no error; the report tells.
pub(crate) fn enter() -> Report {
    Report(system::enter(None))
}

/// The same, but that files can be made, written, renamed and removed in `folder`: what is read says how many there are to
/// be. No file that is there already can be opened. Where Landlock is not offered, files can be made, renamed and removed
/// elsewhere, too; nothing else can be reached there either.
pub(crate) fn enter_but_for(folder: &Path) -> Report {
    Report(system::enter(Some(folder)))
}

/// What of the sandbox is in force.
#[derive(Debug)]
pub(crate) struct Report(Vec<Part>);

/// One of the ways in which a system confines a process.
#[derive(Debug)]
struct Part {
    /// As its makers write it.
    name: &'static str,
    state: State,
}

/// Whether a part is in force.
#[derive(Debug, PartialEq, Eq)]
enum State {
    /// With everything that it could be asked for.
    #[cfg_attr(not(any(target_os = "linux", target_os = "openbsd")), expect(dead_code, reason = "no part to be so"))]
    Enforced,
    /// With what an older system knows of it.
    #[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "Landlock alone comes in parts"))]
    Partial,
    /// Not at all, for a reason.
    Absent(String),
}

impl Report {
    /// What is to be said of it: one line for each part that is missing.
    pub(crate) fn notes(&self) -> impl Iterator<Item = String> {
        let is_any_absent = self.0.iter().any(|part| matches!(part.state, State::Absent(_)));
        self.0.iter().filter_map(move |part| match &part.state {
            State::Absent(reason) => Some(format!("{} cannot be used: {reason}", part.name)),
            // What an older one lacks is denied by the others, if they are there.
            State::Partial if is_any_absent => Some(format!("{} is used as far as this system has it", part.name)),
            State::Partial | State::Enforced => None,
        })
    }
}

impl<E: Display> From<Result<State, E>> for State {
    fn from(result: Result<Self, E>) -> Self {
        result.unwrap_or_else(|error| Self::Absent(error.to_string()))
    }
}
