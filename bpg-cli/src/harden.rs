//! Keeping what the process knows inside it.

use rustix::process::{Resource, Rlimit, setrlimit};

use crate::error::Failure;

/// Makes sure that memory, which may hold secrets, is not written to a core dump, and on Linux that other processes of the
/// same user cannot read it. To be called before anything is read.
pub(crate) fn process() -> Result<(), Failure> {
    // Lowering a limit is always allowed, so an error here is nothing to pass over.
    setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) })
        .map_err(|error| Failure::new(format_args!("core dumps cannot be turned off: {error}")))?;
    #[cfg(target_os = "linux")]
    rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable)
        .map_err(|error| Failure::new(format_args!("the process cannot be hidden from others: {error}")))?;
    Ok(())
}
