//! Framing compared with gpg's, on files of packets that gpg made and that are then damaged at random.
//!
//! ```text
//! cargo run --release --manifest-path fuzz/Cargo.toml --example differential -- --seconds 60 --seed 1
//! ```
//!
//! For every mutant, each header that bpg-core frames is compared with what `gpg --list-packets` says of it: place,
//! first octet, packet type, length of the header and of the body, kind of length. Disagreements are counted by the
//! causes in `causes.rs`. One that has no cause there is printed, made as small as it gets, and the exit status is 1.

mod causes;
mod listing;
mod mutate;

use std::cmp::Ordering;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::Mutex;
use std::sync::atomic::{self, AtomicU64};
use std::thread;
use std::time::{Duration, Instant};

use causes::{CAUSES, Parting, Then};
use listing::{Gpg, Ours, Theirs};
use mutate::{Random, mutant};

const USAGE: &str = "\
usage: differential [--seconds N] [--seed N] [--jobs N] [--mutant N] [--fresh] [FILE...]

  --seconds N  for how long to go on, 60 by default
  --seed N     which mutants to make, 1 by default
  --jobs N     how many gpg to run at once, 2 by default
  --mutant N   compare this mutant alone, and say what both make of it
  --fresh      also start from what gpg makes now (fuzz/gpg-seeds.sh), which is different every time
  FILE         start from these files, and not from those of testdata/";

/// How many kinds of unexplained disagreements are shown.
const MAX_FINDINGS: usize = 10;

/// The folders of testdata/ in which most files are made by gpg.
const FOLDERS: [&str; 7] = ["certificates", "gnupg", "keyrings", "keys", "messages", "secret", "signatures"];

fn main() -> ExitCode {
    let options = match Options::read(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(error) => {
            eprintln!("differential: {error}\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match run(&options) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("differential: {error}");
            ExitCode::from(2)
        }
    }
}

struct Options {
    seconds: u64,
    seed: u64,
    jobs: u64,
    mutant: Option<u64>,
    fresh: bool,
    files: Vec<PathBuf>,
}

impl Options {
    fn read(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut options = Self { seconds: 60, seed: 1, jobs: 2, mutant: None, fresh: false, files: Vec::new() };
        while let Some(argument) = arguments.next() {
            let mut number = || {
                let number = arguments.next().and_then(|number| number.parse().ok());
                number.ok_or_else(|| format!("{argument} needs a number"))
            };
            match argument.as_str() {
                "--seconds" => options.seconds = number()?,
                "--seed" => options.seed = number()?,
                "--jobs" => options.jobs = number()?.max(1),
                "--mutant" => options.mutant = Some(number()?),
                "--fresh" => options.fresh = true,
                flag if flag.starts_with('-') => return Err(format!("there is no option {flag}")),
                file => options.files.push(file.into()),
            }
        }
        Ok(options)
    }
}

/// Whether all disagreements are explained.
fn run(options: &Options) -> Result<bool, String> {
    let home = Home::new()?;
    let seeds = seeds(options, &home)?;
    if let Some(number) = options.mutant {
        return one(&seeds, options.seed, number, &home);
    }
    let start = Instant::now();
    let (next, tally) = (AtomicU64::new(0), Mutex::new(Tally::default()));
    let work = |job: u64| -> Result<(), String> {
        let gpg = Gpg::new(home.0.as_path(), &format!("mutant-{job}"));
        while start.elapsed() < Duration::from_secs(options.seconds) {
            let number = next.fetch_add(1, atomic::Ordering::Relaxed);
            let input = mutant(&seeds, &mut Random::of(options.seed, number));
            let outcome = outcome(&gpg, &input)?;
            let mut tally = tally.lock().map_err(|_| "another job has panicked")?;
            tally.count(&outcome);
            if let Some(Unexplained { kind, .. }) = outcome.unexplained
                && tally.findings.iter().all(|finding| finding.kind != kind)
            {
                tally.findings.push(Finding { number, kind, input });
            }
        }
        Ok(())
    };
    thread::scope(|scope| {
        let jobs: Vec<_> = (0..options.jobs).map(|job| scope.spawn(move || work(job))).collect();
        jobs.into_iter().try_for_each(|job| job.join().map_err(|_| "a job has panicked".to_owned())?)
    })?;
    let tally = tally.into_inner().map_err(|_| "a job has panicked")?;
    tally.print(seeds.len(), options.seed, start.elapsed());
    let gpg = Gpg::new(home.0.as_path(), "finding");
    for Finding { number, kind, input } in tally.findings.iter().take(MAX_FINDINGS) {
        println!("\nUNEXPLAINED: mutant {number} of seed {}, as small as it gets:", options.seed);
        describe(&gpg, &smallest(&gpg, input, *kind)?)?;
    }
    Ok(tally.findings.is_empty())
}

/// Says what there is to say of one mutant.
fn one(seeds: &[Vec<u8>], seed: u64, number: u64, home: &Home) -> Result<bool, String> {
    let input = mutant(seeds, &mut Random::of(seed, number));
    let gpg = Gpg::new(home.0.as_path(), "mutant");
    describe(&gpg, &input)?;
    Ok(outcome(&gpg, &input)?.unexplained.is_none())
}

fn describe(gpg: &Gpg, input: &[u8]) -> Result<(), String> {
    println!("  {}", input.iter().map(|octet| format!("{octet:02x}")).collect::<String>());
    for theirs in gpg.list(input).map_err(|error| format!("gpg: {error}"))?.into_iter().flatten() {
        println!("  gpg: {} {}", theirs.line, theirs.body);
    }
    let outcome = outcome(gpg, input)?;
    outcome.causes.iter().for_each(|&index| println!("  {}", CAUSES[index].name));
    if let Some(unexplained) = outcome.unexplained {
        println!("  {}", unexplained.text);
    }
    Ok(())
}

/// What came of one mutant.
#[derive(Default)]
struct Outcome {
    agreed: usize,
    /// Indices in [`CAUSES`].
    causes: Vec<usize>,
    is_too_slow: bool,
    unexplained: Option<Unexplained>,
}

/// Of disagreements of one kind, the first is enough.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Kind {
    /// The type of the last packet that is the same.
    last: Option<u8>,
    /// Where gpg finds its next packet, beside the place where bpg-core looks for one.
    next: Option<Ordering>,
}

/// A disagreement without a cause.
struct Unexplained {
    kind: Kind,
    text: String,
}

fn outcome(gpg: &Gpg, input: &[u8]) -> Result<Outcome, String> {
    let theirs = gpg.list(input).map_err(|error| format!("gpg: {error}"))?;
    Ok(match theirs {
        Some(theirs) => compare(input, &theirs),
        None => Outcome { is_too_slow: true, ..Outcome::default() },
    })
}

fn compare(input: &[u8], theirs: &[Theirs]) -> Outcome {
    let (mut theirs, mut last) = (theirs.iter().peekable(), None);
    let (mut outcome, mut position) = (Outcome::default(), 0);
    loop {
        let ours = Ours::at(input, position);
        match (ours, theirs.peek().copied()) {
            (Ours::End | Ours::CutHeader, None) => return outcome,
            (Ours::Packet(line, _) | Ours::Cut(line), Some(their)) if line == their.line => {
                outcome.agreed += 1;
                position = if let Ours::Packet(_, raw) = ours { raw.wire().end() } else { input.len() as u64 };
                last = Some((ours, their));
                theirs.next();
                continue;
            }
            _ => {}
        }
        let parting = Parting { input, last, position, ours, theirs: theirs.peek().copied() };
        let causes = CAUSES.iter().enumerate();
        let Some((index, then)) = causes.filter_map(|(index, cause)| Some((index, (cause.then)(&parting)?))).next()
        else {
            outcome.unexplained = Some(Unexplained::new(&parting));
            return outcome;
        };
        outcome.causes.push(index);
        match then {
            Then::Resume(at) => (position, last) = (at, None),
            Then::Stop => return outcome,
        }
    }
}

impl Unexplained {
    fn new(parting: &Parting<'_>) -> Self {
        let last = parting.last.map(|(_, theirs)| theirs.line.packet_type);
        let theirs = parting.theirs.map(|theirs| theirs.line);
        let next = theirs.map(|line| line.offset.cmp(&parting.position));
        let place = parting.position;
        let text = match theirs {
            Some(theirs) => format!("at {place} bpg has {}, gpg has {theirs}", parting.ours),
            None => format!("at {place} bpg has {}, gpg has the end", parting.ours),
        };
        Self { kind: Kind { last, next }, text }
    }
}

/// The input without what can be left out for the same kind of disagreement.
fn smallest(gpg: &Gpg, input: &[u8], kind: Kind) -> Result<Vec<u8>, String> {
    let mut input = input.to_vec();
    let mut count = input.len().next_power_of_two() / 2;
    while count > 0 {
        let mut place = 0;
        while place < input.len() {
            let mut shorter = input.clone();
            shorter.drain(place..(place + count).min(input.len()));
            if outcome(gpg, &shorter)?.unexplained.is_some_and(|unexplained| unexplained.kind == kind) {
                input = shorter;
            } else {
                place += count;
            }
        }
        count /= 2;
    }
    Ok(input)
}

/// What came of all mutants.
#[derive(Default)]
struct Tally {
    mutants: u64,
    /// Mutants of which all is the same.
    same: u64,
    packets: usize,
    /// By the index in [`CAUSES`].
    causes: [u64; CAUSES.len()],
    too_slow: u64,
    unexplained: u64,
    findings: Vec<Finding>,
}

/// The first mutant with an unexplained disagreement of its kind.
struct Finding {
    number: u64,
    kind: Kind,
    input: Vec<u8>,
}

impl Tally {
    fn count(&mut self, outcome: &Outcome) {
        self.mutants += 1;
        self.packets += outcome.agreed;
        self.unexplained += u64::from(outcome.unexplained.is_some());
        self.too_slow += u64::from(outcome.is_too_slow);
        let is_same = outcome.causes.is_empty() && outcome.unexplained.is_none() && !outcome.is_too_slow;
        self.same += u64::from(is_same);
        outcome.causes.iter().for_each(|&index| self.causes[index] += 1);
    }

    fn print(&self, seeds: usize, seed: u64, time: Duration) {
        let disagreements: u64 = self.causes.iter().sum();
        println!("{} mutants of {seeds} files by seed {seed} in {} s", self.mutants, time.as_secs());
        println!("{:>9} packets are the same, and all of {} mutants", self.packets, self.same);
        println!("{disagreements:>9} disagreements are explained:");
        for (cause, count) in CAUSES.iter().zip(self.causes).filter(|(_, count)| *count > 0) {
            println!("{count:>9} {}\n          {}", cause.name, cause.reason);
        }
        println!("{:>9} mutants took gpg too long", self.too_slow);
        println!("{:>9} disagreements of {} kinds are not explained", self.unexplained, self.findings.len());
    }
}

/// The files to start from.
fn seeds(options: &Options, home: &Home) -> Result<Vec<Vec<u8>>, String> {
    let mut paths = options.files.clone();
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    if paths.is_empty() {
        for folder in FOLDERS {
            files(&crate_folder.join("../testdata").join(folder), &mut paths)?;
        }
    }
    if options.fresh {
        let folder = home.0.join("fresh");
        let status = Command::new(crate_folder.join("gpg-seeds.sh")).arg(&folder).status();
        if !status.map_err(|error| format!("fuzz/gpg-seeds.sh: {error}"))?.success() {
            return Err("fuzz/gpg-seeds.sh has failed".to_owned());
        }
        files(&folder, &mut paths)?;
    }
    paths.sort();
    let read = |path: &PathBuf| fs::read(path).map_err(|error| format!("{}: {error}", path.display()));
    let mut seeds = paths.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    // Armor, keyboxes and keys of gpg-agent start with an octet that starts no packet.
    seeds.retain(|seed| seed.first().is_some_and(|first| first & 0x80 != 0));
    if seeds.is_empty() { Err("there are no packets to start from".to_owned()) } else { Ok(seeds) }
}

/// Adds the files in a folder with names that packets have, and those below it.
fn files(folder: &Path, paths: &mut Vec<PathBuf>) -> Result<(), String> {
    let error = |error| format!("{}: {error}", folder.display());
    for entry in fs::read_dir(folder).map_err(error)? {
        let path = entry.map_err(error)?.path();
        if path.is_dir() {
            files(&path, paths)?;
        } else if path.extension().is_some_and(|extension| extension == "gpg" || extension == "sig") {
            paths.push(path);
        }
    }
    Ok(())
}

/// An empty folder, removed at the end.
struct Home(PathBuf);

impl Home {
    fn new() -> Result<Self, String> {
        let path = std::env::temp_dir().join(format!("bpg-differential-{}", std::process::id()));
        fs::create_dir(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(Self(path))
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        // What is left in the folder for temporary files does no harm.
        let _ = fs::remove_dir_all(&self.0);
    }
}
