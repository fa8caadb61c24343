//! What the tests share: the files that they run over, the command, and what it prints.
#![allow(dead_code, reason = "each test uses a part of this")]

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread;

use bpg_core::container::{self, Part};
use serde_json::Value;

/// For [`inputs`] without a limit.
pub(crate) const ANY_SIZE: u64 = u64::MAX;

/// For [`inputs`] where larger ones take long: they have nothing that smaller ones have not.
pub(crate) const MODERATE_SIZE: u64 = 256 * 1024;

/// The top folder of the repository.
pub(crate) fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a folder of a workspace").to_owned()
}

/// The folder of the repository's own files.
pub(crate) fn testdata() -> PathBuf {
    top().join("testdata")
}

/// What is in a file of [`testdata`].
pub(crate) fn testdata_file(name: &str) -> Vec<u8> {
    fs::read(testdata().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The folder of other projects' files, if it is there: `BPG_VECTORS`, or `../shared/vectors` beside the repository.
///
/// With `BPG_REQUIRE_VECTORS` in the environment their absence is a failure.
pub(crate) fn vectors() -> Option<PathBuf> {
    let beside = || top().join("../shared/vectors");
    let folder = std::env::var_os("BPG_VECTORS").map_or_else(beside, PathBuf::from);
    let is_required = std::env::var_os("BPG_REQUIRE_VECTORS").is_some();
    assert!(folder.is_dir() || !is_required, "the vectors are required, but {} is no folder", folder.display());
    folder.is_dir().then_some(folder)
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

/// Every file below `folder` whose name ends in this way, sorted.
pub(crate) fn files_of_kind(folder: &Path, extension: &str) -> Vec<PathBuf> {
    files(folder).into_iter().filter(|file| file.extension().is_some_and(|it| it == extension)).collect()
}

/// Whether a file is what the command is expected to print of another one.
pub(crate) fn is_golden(file: &Path) -> bool {
    file.extension().is_some_and(|extension| ["dump", "stderr", "jsonl"].iter().any(|kind| extension == *kind))
}

/// Every file below `folder` that is no golden and has at most `largest` octets, sorted.
pub(crate) fn inputs(folder: &Path, largest: u64) -> Vec<PathBuf> {
    let is_small = |file: &PathBuf| fs::metadata(file).expect("a file").len() <= largest;
    files(folder).into_iter().filter(|file| !is_golden(file) && is_small(file)).collect()
}

/// Calls `check` with each of these files and its octets.
///
/// It gives how many things it checked, of which there must be `least`: nothing is well where little is looked at.
#[track_caller]
pub(crate) fn check_files(files: &[PathBuf], least: usize, mut check: impl FnMut(&Path, &[u8]) -> usize) {
    let mut count = 0;
    for path in files {
        println!("{}", path.display());
        count += check(path, &fs::read(path).expect("readable"));
    }
    println!("{count} things were checked in {} files", files.len());
    assert!(count >= least, "only {count} things were checked in {} files", files.len());
}

/// The same with the [`inputs`] of [`testdata`] of at most `largest` octets.
#[track_caller]
pub(crate) fn check_testdata(largest: u64, least: usize, check: impl FnMut(&Path, &[u8]) -> usize) {
    check_files(&inputs(&testdata(), largest), least, check);
}

/// The same with those of [`vectors`], if they are there.
#[track_caller]
pub(crate) fn check_vectors(largest: u64, least: usize, check: impl FnMut(&Path, &[u8]) -> usize) {
    if let Some(folder) = vectors() {
        check_files(&inputs(&folder, largest), least, check);
    }
}

/// The same with both, each of which has a least number of its own.
#[track_caller]
pub(crate) fn check_all(largest: u64, least: [usize; 2], mut check: impl FnMut(&Path, &[u8]) -> usize) {
    check_testdata(largest, least[0], &mut check);
    check_vectors(largest, least[1], check);
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

/// The header of a packet in the new format whose length has five octets, which take any.
pub(crate) fn header(packet_type: u8, length: u32) -> Vec<u8> {
    [&[0xc0 | packet_type, 0xff][..], &length.to_be_bytes()].concat()
}

/// A packet with such a [`header`].
pub(crate) fn packet(packet_type: u8, body: &[u8]) -> Vec<u8> {
    [&header(packet_type, u32::try_from(body.len()).expect("less than 4 GiB")), body].concat()
}

/// What `bpg debug parse` prints.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Printed {
    /// The exit status.
    pub(crate) status: u8,
    /// What is on standard output.
    pub(crate) output: String,
    /// What is on standard error, where the file is called "input".
    pub(crate) errors: String,
}

/// Runs `bpg debug parse OPTIONS` over `input`, without a process of its own.
pub(crate) fn parse(options: &[&str], input: impl Read) -> Printed {
    let (mut output, mut errors) = (Vec::new(), Vec::new());
    let status = bpg_cli::debug_parse(options, input, &mut output, &mut errors).expect("memory takes everything");
    Printed { status, output: utf8(output), errors: utf8(errors) }
}

/// The records that `bpg debug parse --json OPTIONS` prints.
pub(crate) fn records(options: &[&str], input: &[u8]) -> Vec<Value> {
    records_of(&parse(&[&["--json"], options].concat(), input).output)
}

/// The records in what was printed with `--json`.
pub(crate) fn records_of(output: &str) -> Vec<Value> {
    output.lines().map(|line| serde_json::from_str(line).expect("a record is JSON")).collect()
}

/// The command `bpg ARGS`, still to be started.
pub(crate) fn bpg(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bpg"));
    command.args(args);
    command
}

/// Starts a command, with pipes to it and from it.
pub(crate) fn spawn(command: &mut Command) -> Child {
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().unwrap_or_else(|error| panic!("{}: {error}", command.get_program().display()))
}

/// Runs a command with these octets as standard input.
pub(crate) fn feed(command: &mut Command, stdin: &[u8]) -> Output {
    let mut child = spawn(command);
    let mut pipe = child.stdin.take().expect("a pipe");
    thread::scope(|scope| {
        // The command need not read what it is given.
        scope.spawn(move || pipe.write_all(stdin));
        child.wait_with_output().expect("the command ends")
    })
}

/// The standard output of a command.
pub(crate) fn stdout(output: &Output) -> String {
    utf8(output.stdout.clone())
}

/// The standard error of a command.
pub(crate) fn stderr(output: &Output) -> String {
    utf8(output.stderr.clone())
}

fn utf8(octets: Vec<u8>) -> String {
    String::from_utf8(octets).expect("what is printed is UTF-8")
}

/// The names of what is in a folder, sorted.
pub(crate) fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut names: Vec<_> =
        entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8")).collect();
    names.sort();
    names
}

/// The most memory in octets that a process had, as long as it has not ended and where the system tells.
pub(crate) fn peak_memory(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.parse::<u64>().ok().map(|count| count * 1024)
}
