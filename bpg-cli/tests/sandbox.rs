//! What the command asks of the system: to open the files that are named, and nothing else once they are open.
#![cfg(target_os = "linux")]

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// A file that is well-formed, and as it is named.
const KEY: &str = "testdata/mission/rsa2048.bpg";
const MALFORMED: &str = "testdata/malformed/subpacket-bad-unhashed.gpg";
const MISSING: &str = "testdata/missing";

/// What the loader and the standard library open before `main`. Names of libraries are without their folders, which
/// depend on the system.
const AT_START: [&str; 4] = ["ld.so.cache", "libgcc_s.so.1", "libc.so.6", "/proc/self/maps"];

/// Before hostile octets can be there, the sandbox is. The system tells of a filter; of Landlock it does not.
#[test]
fn the_filter_is_there_before_input_is() {
    // The tests may run in a container that has a filter of its own.
    let inherited = filters(&fs::read_to_string("/proc/self/status").unwrap());
    let folder = tempfile::tempdir().unwrap();
    let split = ["debug", "split", "--directory", folder.path().to_str().unwrap()];
    let packets = folder.path().join("packets");
    let dearmor = ["debug", "dearmor", "--output", packets.to_str().unwrap()];
    let others = [&["debug", "diff", "-", KEY][..], &["key", "show", "-"], &["debug", "extract", "1"], &split];
    let others = others.into_iter().chain([&["debug", "armor"][..], &dearmor]);
    for args in [&["debug", "parse"][..]].into_iter().chain(others) {
        // Nothing is ever written to its standard input.
        let mut child = Command::new(env!("CARGO_BIN_EXE_bpg")).args(args).stdin(Stdio::piped()).spawn().unwrap();
        let status = format!("/proc/{}/status", child.id());
        let start = Instant::now();
        let is_confined = loop {
            let status = fs::read_to_string(&status).unwrap();
            if filters(&status) > inherited && status.contains("\nNoNewPrivs:\t1\n") {
                break true;
            }
            if start.elapsed() > Duration::from_secs(20) {
                break false;
            }
            std::thread::sleep(Duration::from_millis(1));
        };
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(is_confined, "{args:?}");
    }
}

/// How many filters a process has, by its status. Linux tells since 5.9.
fn filters(status: &str) -> u32 {
    let count = status.lines().find_map(|line| line.strip_prefix("Seccomp_filters:")).unwrap();
    count.trim().parse().unwrap()
}

#[test]
#[ignore = "needs strace"]
fn only_the_named_files_are_opened() {
    for files in [&[KEY][..], &[MALFORMED], &[MISSING], &[KEY, MALFORMED, MISSING, KEY]] {
        let trace = Trace::of(&[&["debug", "parse"], files].concat(), None);
        trace.assert_opens(files);
        trace.assert_confined_before_reading(files);
        trace.assert_does_nothing_else();
    }
    let trace = Trace::of(&["debug", "diff", KEY, MALFORMED], None);
    trace.assert_opens(&[KEY, MALFORMED]);
    trace.assert_confined_before_reading(&[KEY, MALFORMED]);
    trace.assert_does_nothing_else();
    let trace = Trace::of(&["key", "show", KEY], None);
    trace.assert_opens(&[KEY]);
    trace.assert_confined_before_reading(&[KEY]);
    trace.assert_does_nothing_else();
}

#[test]
#[ignore = "needs strace"]
fn nothing_is_opened_for_standard_input() {
    for args in [&["debug", "parse"][..], &["debug", "parse", "-"], &["key", "show", "-"]] {
        let trace = Trace::of(args, Some(KEY));
        trace.assert_opens(&[]);
        trace.assert_confined_before_reading(&[KEY]);
        trace.assert_does_nothing_else();
    }
}

/// It is no error, but it is told to who wants to know.
#[test]
#[ignore = "needs strace"]
fn a_kernel_without_a_part_is_tolerated() {
    let landlock = "bpg: Landlock cannot be used: the kernel does not offer it\n";
    let seccomp = "bpg: seccomp cannot be used: ";
    for (call, note) in [("landlock_create_ruleset", landlock), ("seccomp", seccomp)] {
        for flags in [&[][..], &["-v"]] {
            let output = Command::new("strace")
                .args(["-qq", "-o", "/dev/null", &format!("--inject={call}:error=ENOSYS")])
                .args([env!("CARGO_BIN_EXE_bpg"), "debug", "parse", KEY])
                .args(flags)
                .current_dir(top())
                .output()
                .unwrap_or_else(|error| panic!("strace: {error}; Debian has it in the package of that name"));
            let stderr = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(0), "{call}: {stderr}");
            assert_eq!(stderr.contains(note), !flags.is_empty(), "{call}: {stderr}");
        }
    }
}

/// The tests above would miss what the trace does not have.
#[test]
#[ignore = "needs strace"]
fn a_trace_tells_of_other_commands() {
    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("key");
    let trace = Trace::of(&["key", "gen", "--no-passphrase", "--output", key.to_str().unwrap()], None);
    assert!(
        trace.opened().iter().any(|path| path.starts_with(folder.path().to_str().unwrap())),
        "{:?}",
        trace.opened()
    );
    assert!(trace.calls().any(|call| call.name.starts_with("rename") || call.name.starts_with("link")));
}

/// The system calls that the command made, from its first to its last.
struct Trace {
    text: String,
    status: ExitStatus,
}

/// One of them, as strace prints it.
struct Call<'t> {
    name: &'t str,
    /// What is in parentheses, and the result.
    rest: &'t str,
}

impl Trace {
    /// Traces `bpg ARGS`, with `input` as standard input.
    fn of(args: &[&str], input: Option<&str>) -> Self {
        static TRACES: AtomicUsize = AtomicUsize::new(0);
        let number = TRACES.fetch_add(1, Ordering::Relaxed);
        let log = std::env::temp_dir().join(format!("bpg-strace-{}-{number}", std::process::id()));
        let status = Command::new("strace")
            // File descriptors with their paths, and strings whole: a name that is cut would be no name.
            .args(["-f", "-qq", "-y", "-s", "4096", "-o"])
            .arg(&log)
            .arg(env!("CARGO_BIN_EXE_bpg"))
            .args(args)
            .current_dir(top())
            // Cargo sets it, and the loader would look for its libraries in many places.
            .env_remove("LD_LIBRARY_PATH")
            .stdin(input.map_or_else(Stdio::null, |path| File::open(top().join(path)).unwrap().into()))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .unwrap_or_else(|error| panic!("strace: {error}; Debian has it in the package of that name"));
        let text = String::from_utf8(fs::read(&log).unwrap_or_default()).unwrap();
        // A file in the system's temporary folder that could not be removed does no harm.
        let _ = fs::remove_file(&log);
        let trace = Self { text, status };
        assert!(trace.status.code().is_some_and(|code| code <= 2), "{}\n{}", trace.status, trace.text);
        assert_eq!(trace.calls().next().unwrap().name, "execve", "{}", trace.text);
        trace
    }

    fn calls(&self) -> impl Iterator<Item = Call<'_>> {
        self.text.lines().filter_map(|line| {
            // In front there is the number of the process.
            let (name, rest) =
                line.trim_start_matches(|character: char| character.is_ascii_digit()).trim_start().split_once('(')?;
            Some(Call { name, rest })
        })
    }

    /// What was opened, or was tried to be, in order.
    fn opened(&self) -> Vec<&str> {
        let opens = self.calls().filter(|call| call.name.starts_with("open") || call.name.starts_with("creat"));
        opens.map(|call| call.rest.split('"').nth(1).unwrap()).collect()
    }

    /// Each named file is opened, in their order, after what every program opens, and nothing else is.
    fn assert_opens(&self, files: &[&str]) {
        let opened = self.opened();
        let is_at_start = |path: &str| AT_START.contains(&path) || is_library(path);
        let named: Vec<_> = opened.iter().copied().skip_while(|path| is_at_start(path)).collect();
        assert_eq!(named, files);
        let reads_only = |call: &Call<'_>| !call.name.starts_with("open") || call.rest.contains("O_RDONLY|O_CLOEXEC");
        assert!(self.calls().all(|call| reads_only(&call)), "{}", self.text);
    }

    /// The sandbox comes after the last file was opened, and before the first one is read.
    fn assert_confined_before_reading(&self, files: &[&str]) {
        let last =
            |names: &[&str]| self.calls().collect::<Vec<_>>().iter().rposition(|call| names.contains(&call.name));
        let opened = last(&["open", "openat", "openat2"]).unwrap();
        let confined = last(&["seccomp"]).unwrap_or_else(|| panic!("there is no filter:\n{}", self.text));
        assert!(opened < confined, "{}", self.text);
        let landlock = last(&["landlock_restrict_self"]);
        assert!(landlock.is_none_or(|landlock| opened < landlock && landlock < confined), "{}", self.text);
        let is_ok = |position: usize| self.calls().nth(position).unwrap().rest.ends_with("= 0");
        assert!(is_ok(confined) && landlock.is_none_or(is_ok), "{}", self.text);

        let paths: Vec<_> = files.iter().filter_map(|file| top().join(file).canonicalize().ok()).collect();
        let is_named = |call: &Call<'_>| paths.iter().any(|path| call.rest.contains(&format!("<{}>", path.display())));
        let mut calls = self.calls();
        let read =
            calls.position(|call| (call.name.starts_with("read") || call.name.starts_with("pread")) && is_named(&call));
        assert_eq!(read.is_some(), !paths.is_empty(), "{}", self.text);
        assert!(read.is_none_or(|read| confined < read), "{}", self.text);
        assert!(!self.calls().any(|call| call.name == "mmap" && is_named(&call)), "{}", self.text);
    }

    /// No process, no thread, no socket, nothing made, changed or removed. And nothing that the sandbox had to deny.
    fn assert_does_nothing_else(&self) {
        const ALLOWED: [&str; 40] = [
            // Starting.
            "access",
            "arch_prctl",
            "execve",
            "newfstatat",
            "poll",
            "ppoll",
            "pread64",
            "prlimit64",
            "readlink",
            "rseq",
            "sched_getaffinity",
            "set_robust_list",
            "set_tid_address",
            "fstat",
            "statfs",
            "readlinkat",
            "faccessat",
            // The standard library and the allocator.
            "brk",
            "clock_gettime",
            "exit_group",
            "fcntl",
            "futex",
            "getpid",
            "getrandom",
            "gettid",
            "madvise",
            "mmap",
            "mprotect",
            "mremap",
            "munmap",
            "rt_sigaction",
            "rt_sigprocmask",
            "sigaltstack",
            // The command itself.
            "close",
            "ioctl",
            "openat",
            "prctl",
            "read",
            "statx",
            "write",
        ];
        const CONFINING: [&str; 4] =
            ["landlock_create_ruleset", "landlock_restrict_self", "landlock_add_rule", "seccomp"];
        let mut is_confined = false;
        for call in self.calls() {
            let name = &call.name;
            assert!(ALLOWED.contains(name) || CONFINING.contains(name), "{name} is called:\n{}", self.text);
            // Whether there is a terminal is asked first.
            let is_question = !is_confined && call.rest.contains("TCGETS");
            assert!(*name != "ioctl" || is_question, "{name} is called:\n{}", self.text);
            assert!(!is_confined || !call.rest.contains("EPERM"), "{name} is denied:\n{}", self.text);
            is_confined |= *name == "seccomp";
        }
        assert_eq!(self.calls().filter(|call| call.name == "execve").count(), 1, "{}", self.text);
    }
}

fn is_library(path: &str) -> bool {
    let is_of_the_system =
        ["/etc/", "/lib/", "/lib64/", "/usr/lib/", "/usr/lib64/"].iter().any(|root| path.starts_with(root));
    is_of_the_system && path.rsplit('/').next().is_some_and(|name| AT_START.contains(&name))
}

fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().canonicalize().unwrap()
}
