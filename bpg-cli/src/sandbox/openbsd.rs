//! unveil(2), which hides all files, and pledge(2), which denies all system calls but a few.

use std::path::Path;

use super::{Part, State};

pub(super) fn enter(folder: Option<&Path>) -> Vec<Part> {
    // In this order: the promise leaves unveil out. An empty path stands for no path at all, and ends unveiling.
    let shown = folder.map_or(Ok(()), |folder| unveil::unveil(folder, "wc"));
    let unveiled = shown.and_then(|()| unveil::unveil("", ""));
    let promises = if folder.is_some() { "stdio wpath cpath" } else { "stdio" };
    vec![
        Part { name: "unveil", state: unveiled.map(|()| State::Enforced).into() },
        Part { name: "pledge", state: pledge::pledge(promises, None).map(|()| State::Enforced).into() },
    ]
}
