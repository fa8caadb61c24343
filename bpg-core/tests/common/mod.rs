//! What the tests share: the files that they run over, and the laws that hold of any input, which are the fuzzers'.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unreachable,
    clippy::unwrap_used,
    reason = "each test file uses a part of this, and a test that panics has failed"
)]

#[path = "../../../fuzz/src/lib.rs"]
pub(crate) mod laws;

use std::fs;
use std::path::{Path, PathBuf};

use bpg_core::container::{self, Part};
use bpg_core::keybox::{self, Contents};

/// A file of a corpus.
#[derive(Debug)]
pub(crate) struct File {
    /// The corpus and the path in it.
    pub(crate) name: String,
    /// What is in it.
    pub(crate) octets: Vec<u8>,
}

/// Octets to be read as packets: a binary file, or one block of an armored one.
#[derive(Debug)]
pub(crate) struct Input {
    /// The file's name, with the number of the block if it is armored.
    pub(crate) name: String,
    /// The octets, decoded.
    pub(crate) octets: Vec<u8>,
}

impl File {
    /// The octets to be read as packets: each armored block as far as it decodes, and what is beside it, or
    /// else the file as it is.
    pub(crate) fn inputs(&self) -> Vec<Input> {
        if container::parts(&self.octets).all(|part| matches!(part, Part::Packets(_) | Part::Skipped(_))) {
            return vec![Input { name: self.name.clone(), octets: self.octets.clone() }];
        }
        let mut octets = Vec::new();
        read(container::parts(&self.octets), &mut octets);
        let inputs = octets.into_iter().enumerate();
        inputs.map(|(index, octets)| Input { name: format!("{} block {index}", self.name), octets }).collect()
    }
}

/// Collects what `parts` hold, decoded as far as that goes.
fn read(parts: container::Parts<'_>, octets: &mut Vec<Vec<u8>>) {
    for part in parts {
        match part {
            Part::Packets(packets) => octets.push(packets.as_slice().to_vec()),
            Part::Armor(block) => octets.push(block.decode_prefix().0.octets.to_vec()),
            Part::Keybox(keybox) => {
                for blob in keybox::blobs(keybox).flatten() {
                    if let Ok(Contents::Key(key)) = blob.interpret() {
                        octets.push(key.key_block().as_slice().to_vec());
                    }
                }
            }
            Part::Encoded(encoded) => read(encoded.decode().parts(), octets),
            _ => {}
        }
    }
}

/// Calls `check` with each of these inputs, and names the one should it panic.
///
/// It gives how many things it checked, of which there must be `least`: nothing is well where little is looked at.
#[track_caller]
pub(crate) fn check_inputs(inputs: &[Input], least: usize, mut check: impl FnMut(&Input) -> usize) {
    let count: usize = inputs.iter().map(|input| about(&input.name, || check(input))).sum();
    println!("{count} things were checked in {} inputs", inputs.len());
    assert!(count >= least, "only {count} things were checked in {} inputs", inputs.len());
}

/// Runs `check`, and names what it was about should it panic.
pub(crate) fn about<T>(name: &str, check: impl FnOnce() -> T) -> T {
    struct Naming<'n>(&'n str);
    impl Drop for Naming<'_> {
        fn drop(&mut self) {
            if std::thread::panicking() {
                eprintln!("this was {}", self.0);
            }
        }
    }
    let _naming = Naming(name);
    check()
}

/// The root of the repository.
fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// A file of the repository's own corpus.
pub(crate) fn testdata_file(name: &str) -> Vec<u8> {
    fs::read(repository().join("testdata").join(name)).unwrap()
}

/// The repository's own corpus.
pub(crate) fn testdata() -> Vec<File> {
    let files = files(&repository().join("testdata"), "testdata");
    assert!(files.len() > 400, "testdata holds {} files", files.len());
    files
}

/// The inputs that a fuzzer once broke a law with, each in the folder of its target.
pub(crate) fn regressions() -> Vec<File> {
    let files = files(&repository().join("fuzz/regressions"), "regressions");
    assert!(files.len() >= 12, "fuzz/regressions holds {} files", files.len());
    files
}

/// Where other projects' files are, if they are there: `BPG_VECTORS`, or `../shared/vectors` beside the repository.
///
/// With `BPG_REQUIRE_VECTORS` in the environment their absence is a failure.
pub(crate) fn vectors_folder() -> Option<PathBuf> {
    let folder = std::env::var_os("BPG_VECTORS")
        .map_or_else(|| repository().parent().unwrap().join("shared/vectors"), PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    let is_required = std::env::var_os("BPG_REQUIRE_VECTORS").is_some();
    assert!(!is_required, "the vectors are required, but {} is no folder", folder.display());
    eprintln!("not tested: {} is no folder", folder.display());
    None
}

/// The other projects' files, none if they are not there.
pub(crate) fn vectors() -> Vec<File> {
    let Some(folder) = vectors_folder() else { return Vec::new() };
    let files = files(&folder, "vectors");
    assert!(files.len() > 1000, "{} holds {} files", folder.display(), files.len());
    files
}

/// The inputs of both corpora.
pub(crate) fn inputs() -> Vec<Input> {
    testdata().iter().chain(&vectors()).flat_map(File::inputs).collect()
}

/// Every file below `folder`, sorted, without what describes the folder itself and without what is expected of a file.
fn files(folder: &Path, name: &str) -> Vec<File> {
    const DESCRIPTIONS: [&str; 5] = ["md", "sh", "py", "csv", "jsonl"];
    const EXPECTATIONS: [&str; 3] = ["dump", "jsonl", "stderr"];
    let has_one_of =
        |path: &Path, extensions: &[&str]| extensions.iter().any(|one| path.extension().is_some_and(|it| it == *one));
    let mut files = Vec::new();
    let mut folders = vec![(folder.to_path_buf(), name.to_string())];
    while let Some((path, name)) = folders.pop() {
        for entry in fs::read_dir(&path).unwrap() {
            let entry = entry.unwrap().path();
            let name = format!("{name}/{}", entry.file_name().unwrap().display());
            let describes = path == folder && has_one_of(&entry, &DESCRIPTIONS) || has_one_of(&entry, &EXPECTATIONS);
            if entry.is_dir() {
                folders.push((entry, name));
            } else if !describes {
                files.push(File { octets: fs::read(&entry).unwrap(), name });
            }
        }
    }
    files.sort_by(|one, other| one.name.cmp(&other.name));
    files
}
