//! The fuzzers' laws, over the corpus and over every input that a fuzzer once broke one with.
//!
//! To keep a finding, put it in `fuzz/regressions/TARGET/`.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that panics has failed")]

mod common;

use std::fs;

use common::{File, about, laws};

/// A fuzz target: its name, and what it asserts of an input.
type Target = (&'static str, fn(&[u8]));

const TARGETS: [Target; 9] = [
    ("armor", laws::armor::laws),
    ("cleartext", laws::cleartext::laws),
    ("frame", laws::frame::laws),
    ("inspect", laws::inspect::laws),
    ("interpret", laws::interpret::laws),
    ("keybox", laws::keybox::laws),
    #[cfg(feature = "std")]
    ("parts", laws::parts::laws),
    // What is read from a stream is read in memory, too.
    #[cfg(not(feature = "std"))]
    ("parts", laws::container::laws),
    ("sequence", laws::sequence::laws),
    ("stream", laws::stream::laws),
];

/// The target of the whole command, which the tests of bpg-cli replay.
const COMMAND: &str = "command";

fn replay(file: &File, (target, laws): Target) {
    about(&format!("{} for {target}", file.name), || laws(&file.octets));
}

#[test]
fn the_corpus_breaks_no_law() {
    for file in common::testdata() {
        TARGETS.into_iter().for_each(|target| replay(&file, target));
    }
}

#[test]
fn what_broke_a_law_once_breaks_it_no_more() {
    let files = common::regressions();
    assert!(!files.is_empty(), "the inputs are not where they were");
    for file in files {
        let name = file.name.split('/').nth(1).unwrap();
        let is_target = name == COMMAND || TARGETS.iter().any(|(target, _)| *target == name);
        assert!(is_target, "no target is called {name}");
        // What one target stumbled on is worth a try with the others.
        TARGETS.into_iter().for_each(|target| replay(&file, target));
    }
}

#[test]
fn every_target_is_replayed() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../fuzz/fuzz_targets");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut targets: Vec<_> = files.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
    targets.sort();
    targets.retain(|target| target != COMMAND);
    assert_eq!(targets, TARGETS.map(|(target, _)| target));
}
