//! The fuzzers' laws, over the corpus and over every input that a fuzzer once broke one with.
//!
//! What the laws are is in `fuzz/src`, and nowhere else. To keep a finding, put it in `fuzz/regressions/TARGET/`.
#![cfg(feature = "alloc")]
#![allow(clippy::unwrap_used, reason = "a file that cannot be read fails the test")]

#[allow(
    unreachable_pub,
    clippy::arithmetic_side_effects,
    reason = "it is a crate of its own, where an overflow panics"
)]
#[cfg(test)]
#[path = "../../fuzz/src/lib.rs"]
mod laws;

use std::fs;
use std::path::{Path, PathBuf};

/// A fuzz target: its name, and what it asserts of an input.
type Target = (&'static str, fn(&[u8]));

const TARGETS: [Target; 4] = [
    ("armor", laws::armor::laws),
    ("frame", laws::frame::laws),
    ("inspect", laws::inspect::laws),
    ("interpret", laws::interpret::laws),
];

#[test]
fn the_corpus_breaks_no_law() {
    let files = files(&root().join("testdata"));
    assert!(files.len() > 400, "the corpus is not where it was");
    for file in files {
        replay(&file, &TARGETS);
    }
}

#[test]
fn what_broke_a_law_once_breaks_it_no_more() {
    let folder = root().join("fuzz/regressions");
    for file in files(&folder) {
        let target = file.strip_prefix(&folder).unwrap().iter().next().unwrap();
        if target != "README.md" {
            let laws = TARGETS.iter().find(|(name, _)| *name == target);
            replay(&file, &[*laws.unwrap_or_else(|| panic!("no target is called {target:?}"))]);
        }
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn replay(file: &Path, targets: &[Target]) {
    let input = fs::read(file).unwrap();
    for (name, laws) in targets {
        // A law that is broken panics; the output of the test then ends with the file and the target.
        println!("{name}: {}", file.display());
        laws(&input);
    }
}

/// All files below `folder`, in order.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    files
}
