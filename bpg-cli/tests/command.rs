//! The laws of the whole command, over all files.

use std::path::Path;

#[path = "laws/command.rs"]
mod command;
mod common;

/// Larger files take long, as each is read eleven times and more.
const LARGEST: u64 = 64 * 1024;

fn laws(_path: &Path, file: &[u8]) -> usize {
    command::OPTIONS.into_iter().for_each(|options| command::laws(file, options));
    1
}

#[test]
fn every_file_of_testdata() {
    common::check_testdata(LARGEST, 570, laws);
}

/// What the fuzzer found once.
#[test]
fn regressions() {
    let files = common::inputs(&common::top().join("fuzz/regressions"), common::ANY_SIZE);
    common::check_files(&files, 12, laws);
}
