//! The exit status of `bpg debug parse` for other projects' files is what their manifest expects.
//!
//! The files are not part of the project; without them nothing is tested, unless `BPG_REQUIRE_VECTORS` is set.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Files that the manifest calls valid and we malformed, or the other way round, and why.
const DIFFERENCES: &[(&str, &[&str])] = &[];

fn folder() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/vectors");
    let folder = std::env::var_os("BPG_VECTORS").map_or_else(beside, PathBuf::from);
    let is_required = std::env::var_os("BPG_REQUIRE_VECTORS").is_some();
    assert!(folder.is_dir() || !is_required, "the vectors are required, but {} is no folder", folder.display());
    folder.is_dir().then_some(folder)
}

#[test]
fn exit_status_is_what_the_manifest_expects() {
    let Some(folder) = folder() else { return };
    let manifest = std::fs::read_to_string(folder.join("MANIFEST.csv")).unwrap();
    let mut known: BTreeMap<_, _> =
        DIFFERENCES.iter().flat_map(|(reason, files)| files.iter().map(move |file| (*file, *reason))).collect();
    let (mut report, mut compared) = (String::new(), 0);
    for line in manifest.lines().skip(1) {
        let path = line.split(',').next().unwrap();
        let expected = match () {
            () if line.contains(",valid,") => 0,
            () if line.contains(",malformed/partial,") => 1,
            // Not an OpenPGP file, or one of which the manifest does not say.
            () => continue,
        };
        let output = Command::new(env!("CARGO_BIN_EXE_bpg")).args(["debug", "parse"]).arg(folder.join(path)).output();
        let output = output.unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        compared += 1;
        let has_place = expected == 0 || stderr.contains(": at octet ");
        if (output.status.code() == Some(expected) && has_place) == known.remove(path).is_some() {
            let _ = writeln!(report, "{path}: expected {expected}, {}\n    {}", output.status, stderr.trim_end());
        }
    }
    assert!(report.is_empty(), "{report}");
    assert!(known.is_empty() && compared > 1000, "{compared} files, {known:?}");
}
