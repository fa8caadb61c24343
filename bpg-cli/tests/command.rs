//! The laws of the whole command, over all files.

use std::fs;
use std::path::{Path, PathBuf};

#[path = "laws/command.rs"]
mod command;

/// All files in a folder and in those inside of it, but for what is expected of others.
fn files(folder: &Path, files: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            self::files(&path, files);
        } else if !path.extension().is_some_and(|end| ["dump", "jsonl", "stderr"].iter().any(|one| end == *one)) {
            files.push(path);
        }
    }
}

fn laws(file: &[u8]) {
    command::OPTIONS.into_iter().for_each(|options| command::laws(file, options));
}

#[test]
fn every_file_of_testdata() {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../testdata"));
    let mut all = Vec::new();
    files(folder, &mut all);
    all.retain(|path| fs::metadata(path).unwrap().len() < 64 * 1024);
    assert!(all.len() > 500, "only {} files are there", all.len());
    for path in all {
        println!("{}", path.display());
        laws(&fs::read(path).unwrap());
    }
}

/// What the fuzzer found once.
#[test]
fn regressions() {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../fuzz/regressions"));
    let mut all = Vec::new();
    files(folder, &mut all);
    assert!(!all.is_empty());
    for path in all {
        println!("{}", path.display());
        laws(&fs::read(path).unwrap());
    }
}
