//! What tests share.

use std::path::{Path, PathBuf};

/// The folder of other projects' files, if it is there.
pub(crate) fn vectors() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/vectors");
    let folder = std::env::var_os("BPG_VECTORS").map_or_else(beside, PathBuf::from);
    let is_required = std::env::var_os("BPG_REQUIRE_VECTORS").is_some();
    assert!(folder.is_dir() || !is_required, "the vectors are required, but {} is no folder", folder.display());
    folder.is_dir().then_some(folder)
}
