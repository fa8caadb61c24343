//! unveil(2), which hides all files, and pledge(2), which denies all system calls but a few.

use super::{Part, State};

pub(super) fn enter() -> Vec<Part> {
    // In this order: the promise leaves unveil out. An empty path stands for no path at all, and ends unveiling.
    vec![
        Part { name: "unveil", state: unveil::unveil("", "").map(|()| State::Enforced).into() },
        Part { name: "pledge", state: pledge::pledge("stdio", None).map(|()| State::Enforced).into() },
    ]
}
