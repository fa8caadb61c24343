//! Running the command, and measuring what it takes.

use std::io::{self, Read, Seek, Write};
use std::process::{Child, Stdio};
use std::thread;
use std::time::Duration;

use crate::common::{bpg, peak_memory};

/// A keyring of 27 MiB, which Debian has in the package debian-keyring.
pub(crate) const KEYRING: &str = "/usr/share/keyrings/debian-keyring.gpg";

/// What came of a run.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) status: i32,
    pub(crate) output: String,
    pub(crate) errors: String,
    /// The peak of the resident memory in octets.
    pub(crate) peak: u64,
}

/// Runs `bpg debug parse ARGS` with these octets as standard input.
pub(crate) fn parse(args: &[&str], input: &[u8]) -> Run {
    parse_fed(args, |pipe| pipe.write_all(input))
}

/// The same with whatever `feed` writes as standard input.
pub(crate) fn parse_fed(args: &[&str], feed: impl FnOnce(&mut dyn Write) -> io::Result<()> + Send) -> Run {
    let [mut output, mut errors] = [(); 2].map(|()| tempfile::tempfile().unwrap());
    let mut child = bpg(&["debug", "parse"])
        .args(args)
        .stdin(Stdio::piped())
        .stdout(output.try_clone().unwrap())
        .stderr(errors.try_clone().unwrap())
        .spawn()
        .unwrap();
    let mut pipe = child.stdin.take().unwrap();
    // The peak is that of the program itself; what `wait4` tells has the memory of the process in it that started it.
    let process = child.id();
    let (peak, code) = thread::scope(|scope| {
        let fed = scope.spawn(|| {
            // The command need not read what it is given.
            let _ = feed(&mut pipe);
            // What is in the pipe is not read yet, and what is read last is to be measured, too.
            while rustix::io::ioctl_fionread(&pipe).is_ok_and(|count| count > 0) && peak_memory(process).is_some() {
                thread::sleep(Duration::from_millis(1));
            }
            let last = peak_memory(process);
            drop(pipe);
            last
        });
        let sampled = sample(&mut child);
        (sampled.max(fed.join().unwrap().unwrap_or(0)), child.wait().unwrap().code())
    });
    let [output, errors] = [&mut output, &mut errors].map(|file| {
        let mut text = String::new();
        file.rewind().unwrap();
        file.read_to_string(&mut text).expect("UTF-8");
        text
    });
    Run { status: code.expect("no signal"), output, errors, peak }
}

/// The highest peak that is seen until the child ends.
fn sample(child: &mut Child) -> u64 {
    let mut highest = 0;
    while child.try_wait().unwrap().is_none() {
        highest = highest.max(peak_memory(child.id()).unwrap_or(0));
        thread::sleep(Duration::from_millis(1));
    }
    highest
}

impl Run {
    /// It took less than 12 MiB.
    pub(crate) fn assert_small(&self) {
        self.assert_within(12);
    }

    /// It took less than so many MiB.
    pub(crate) fn assert_within(&self, mebibytes: u64) {
        println!("peak: {} KiB", self.peak / 1024);
        assert!(self.peak > 0, "nothing was measured");
        assert!(self.peak < mebibytes << 20, "{} octets", self.peak);
    }

    pub(crate) fn headings(&self) -> Vec<&str> {
        self.output.lines().filter(|line| line.trim_start().starts_with("## ")).collect()
    }
}
