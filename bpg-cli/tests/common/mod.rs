//! What tests share.
#![allow(dead_code, reason = "each test uses a part of this")]

use std::fs;
use std::path::{Path, PathBuf};

use bpg_core::container::{self, Part};

/// The folder of other projects' files, if it is there.
pub(crate) fn vectors() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/vectors");
    let folder = std::env::var_os("BPG_VECTORS").map_or_else(beside, PathBuf::from);
    let is_required = std::env::var_os("BPG_REQUIRE_VECTORS").is_some();
    assert!(folder.is_dir() || !is_required, "the vectors are required, but {} is no folder", folder.display());
    folder.is_dir().then_some(folder)
}

/// The repository's own files.
pub(crate) fn testdata() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata")
}

/// Every file below `folder`, sorted.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { all.extend(files(&path)) } else { all.push(path) }
    }
    all.sort();
    all
}

/// The repository's own files, and those of other projects if they are there.
pub(crate) fn all_files() -> Vec<PathBuf> {
    let mut all = files(&testdata());
    assert!(all.len() > 400, "testdata/ is not there");
    all.extend(vectors().iter().flat_map(|folder| files(folder)));
    all
}

/// What armor and packets hold, as far as that can be decoded, if there is nothing else in a file.
pub(crate) fn packets(input: &[u8]) -> Option<Vec<u8>> {
    let mut packets = Vec::new();
    for part in container::parts(input) {
        match part {
            Part::Packets(octets) => packets.extend_from_slice(octets.as_slice()),
            Part::Armor(block) => packets.extend_from_slice(&block.decode_prefix().0.octets),
            Part::Skipped(_) => {}
            _ => return None,
        }
    }
    Some(packets)
}
