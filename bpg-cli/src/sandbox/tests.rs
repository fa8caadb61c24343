//! Each test runs itself again in a process of its own, as nothing ends a sandbox but the end of its process.

use std::collections::HashMap;
use std::error::Error;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, Write};
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::os::fd::AsFd;
use std::os::unix::net::{UnixDatagram, UnixStream};
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::time::{Instant, SystemTime};
use std::{env, process, thread};

use ::landlock::{ABI, Access, AccessFs, CompatLevel, Compatible, Ruleset, RulesetAttr};
use rustix::process::{DumpableBehavior, Pid, Resource, Rlimit};
use tempfile::TempDir;

use super::system::{landlock, seccomp};
use super::{Part, Report, State, enter, enter_but_for};

/// Tells the process that it is the one to be confined.
const CONFINED: &str = "BPG_TEST_CONFINED";

/// The status of a process that came to the end of its test.
const DONE: i32 = 42;

#[test]
fn nothing_new_can_be_reached() {
    let output = confined("nothing_new_can_be_reached", || {
        let attempts = Attempts::new();
        attempts.all_succeed();
        let has_landlock = has_landlock();
        let Report(parts) = enter();
        let [landlock, seccomp] = &parts[..] else { panic!("{parts:?}") };
        assert_eq!((landlock.name, seccomp.name, &seccomp.state), ("Landlock", "seccomp", &State::Enforced));
        assert_eq!(!matches!(landlock.state, State::Absent(_)), has_landlock, "{parts:?}");
        attempts.all_fail(|_| true);
    });
    assert_eq!(output.status.code(), Some(DONE), "{output:?}");
}

/// A kernel may be without Landlock.
#[test]
fn nothing_new_can_be_reached_with_seccomp_alone() {
    let output = confined("nothing_new_can_be_reached_with_seccomp_alone", || {
        let attempts = Attempts::new();
        attempts.all_succeed();
        assert_eq!(seccomp::apply(None).unwrap(), State::Enforced);
        attempts.all_fail(|_| true);
    });
    assert_eq!(output.status.code(), Some(DONE), "{output:?}");
}

/// A kernel may be without seccomp.
#[test]
fn no_file_can_be_opened_with_landlock_alone() {
    let output = confined("no_file_can_be_opened_with_landlock_alone", || {
        let attempts = Attempts::new();
        attempts.all_succeed();
        let state = landlock(None).unwrap();
        assert_eq!(!matches!(state, State::Absent(_)), has_landlock(), "{state:?}");
        attempts.all_fail(|kind| has_landlock() && matches!(kind, Kind::File | Kind::Program));
    });
    assert_eq!(output.status.code(), Some(DONE), "{output:?}");
}

#[test]
fn files_can_be_made_in_one_folder() {
    let output = confined("files_can_be_made_in_one_folder", || {
        let attempts = Attempts::new();
        attempts.all_succeed();
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::write(path("there already"), "secret").unwrap();
        enter_but_for(folder.path());
        attempts.all_fail(|kind| has_landlock() || matches!(kind, Kind::Program));
        for name in ["first", "second"] {
            let mut file = OpenOptions::new().write(true).create_new(true).open(path("temporary")).unwrap();
            file.write_all(b"octets").unwrap();
            file.sync_all().unwrap();
            fs::rename(path("temporary"), path(name)).unwrap();
        }
        fs::remove_file(path("first")).unwrap();
        assert!(File::open(path("second")).is_err(), "a file of the folder is read");
        assert!(OpenOptions::new().append(true).open(path("there already")).is_err(), "a file is changed");
        assert!(fs::create_dir(path("inner")).is_err(), "a folder is made");
    });
    assert_eq!(output.status.code(), Some(DONE), "{output:?}");
}

#[test]
fn what_parsing_needs_goes_on() {
    let output = confined("what_parsing_needs_goes_on", || {
        let mut file = File::open(env::current_exe().unwrap()).unwrap();
        enter();

        let mut magic = [0; 4];
        file.read_exact(&mut magic).unwrap();
        assert_eq!(magic, *b"\x7fELF");
        assert_eq!(file.seek(io::SeekFrom::Start(1)).unwrap(), 1);
        let mut rest = Vec::new();
        file.read_to_end(&mut rest).unwrap();
        assert!(rest.starts_with(b"ELF"));
        drop(file);

        // Enough to be given back to the system when it is freed, and to be moved when it grows.
        let mut large = vec![1_u8; 100 << 20];
        large.resize(200 << 20, 2);
        assert_eq!((large[0], large[(200 << 20) - 1]), (1, 2));
        drop(large);
        let small: Vec<_> = (0..100_000_u32).map(|number| number.to_string()).collect();
        let map: HashMap<_, _> = small.iter().map(|text| (text, text.len())).collect();
        assert_eq!(map.len(), 100_000);

        assert!(SystemTime::now() > SystemTime::UNIX_EPOCH);
        assert!(Instant::now().elapsed().as_secs() < 60);
        let mut copy = File::from(io::stdout().as_fd().try_clone_to_owned().unwrap());
        copy.write_all(b"written to a copy\n").unwrap();
        // Not through the macros, whose output the test harness takes.
        io::stdout().write_all(b"written to standard output\n").unwrap();
        io::stderr().write_all(b"written to standard error\n").unwrap();
    });
    let is_in = |text: &str, stream: &[u8]| String::from_utf8_lossy(stream).contains(text);
    assert_eq!(output.status.code(), Some(DONE), "{output:?}");
    assert!(is_in("written to a copy\n", &output.stdout), "{output:?}");
    assert!(is_in("written to standard output\n", &output.stdout), "{output:?}");
    assert!(is_in("written to standard error\n", &output.stderr), "{output:?}");
}

/// A panic that ends a process is told from its end by an error.
#[test]
fn an_abort_is_one() {
    let output = confined("an_abort_is_one", || {
        enter();
        process::abort();
    });
    assert_eq!(output.status.signal(), Some(rustix::process::Signal::ABORT.as_raw()), "{output:?}");
}

#[test]
fn a_missing_part_is_told() {
    let report = |landlock, seccomp| {
        let parts = [("Landlock", landlock), ("seccomp", seccomp)];
        let parts = parts.map(|(name, state)| Part { name, state });
        Report(parts.into()).notes().collect::<Vec<_>>()
    };
    let absent = || State::Absent("it is turned off".to_owned());
    assert_eq!(report(State::Enforced, State::Enforced), [""; 0]);
    assert_eq!(report(State::Partial, State::Enforced), [""; 0]);
    assert_eq!(report(absent(), State::Enforced), ["Landlock cannot be used: it is turned off"]);
    assert_eq!(
        report(State::Partial, absent()),
        ["Landlock is used as far as this system has it", "seccomp cannot be used: it is turned off"]
    );
    assert_eq!(report(absent(), absent()).len(), 2);
}

/// Runs the test named `name` again, which then comes here to run `body`.
fn confined(name: &str, body: fn()) -> Output {
    if env::var_os(CONFINED).is_some() {
        body();
        process::exit(DONE);
    }
    // What is made in it cannot be removed by who is confined.
    let folder = tempfile::tempdir().unwrap();
    Command::new(env::current_exe().unwrap())
        .args(["--exact", "--nocapture", &format!("{}::{name}", module_path!().split_once("::").unwrap().1)])
        .env(CONFINED, "1")
        .env("TMPDIR", folder.path())
        .output()
        .unwrap()
}

/// Whether the kernel says that it has Landlock.
fn has_landlock() -> bool {
    let ruleset = Ruleset::default().set_compatibility(CompatLevel::HardRequirement);
    ruleset.handle_access(AccessFs::from_all(ABI::V1)).is_ok_and(|ruleset| ruleset.create().is_ok())
}

type Try = Result<(), Box<dyn Error>>;

/// What is reached for.
#[derive(Clone, Copy)]
enum Kind {
    /// A file's contents, or a folder.
    File,
    /// Another program.
    Program,
    /// Anything that has no path.
    Other,
}

/// Things that hostile code would do.
struct Attempts {
    folder: TempDir,
    /// Somebody who listens at `address`.
    _listener: TcpListener,
    address: SocketAddr,
    parent: Pid,
    limit: Rlimit,
}

impl Attempts {
    fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        Self {
            folder: tempfile::tempdir().unwrap(),
            address: listener.local_addr().unwrap(),
            _listener: listener,
            parent: rustix::process::getppid().unwrap(),
            limit: rustix::process::getrlimit(Resource::Core),
        }
    }

    /// Without this, it might not be the sandbox that makes them fail.
    fn all_succeed(&self) {
        for step in ["before", "after"] {
            fs::write(self.path("removed", step), "").unwrap();
            fs::write(self.path("renamed", step), "").unwrap();
        }
        for (name, _, result) in self.all("before") {
            result.unwrap_or_else(|error| panic!("{name}: {error}"));
        }
    }

    fn all_fail(&self, is_expected: impl Fn(Kind) -> bool) {
        for (name, kind, result) in self.all("after") {
            assert!(!is_expected(kind) || result.is_err(), "{name} is not denied");
        }
    }

    fn path(&self, name: &str, step: &str) -> PathBuf {
        self.folder.path().join(format!("{name} {step}"))
    }

    fn all(&self, step: &str) -> Vec<(&'static str, Kind, Try)> {
        let path = |name| self.path(name, step);
        let file = self.path("removed", "after");
        vec![
            ("opening a file", Kind::File, none(File::open("/etc/passwd"))),
            ("opening a file to write", Kind::File, none(OpenOptions::new().append(true).open(&file))),
            ("making a file", Kind::File, none(File::create_new(path("made")))),
            ("making a folder", Kind::File, none(fs::create_dir(path("folder")))),
            ("making a symbolic link", Kind::File, none(std::os::unix::fs::symlink(&file, path("symbolic")))),
            ("listing a folder", Kind::File, none(fs::read_dir(self.folder.path()))),
            ("removing a file", Kind::File, none(fs::remove_file(path("removed")))),
            ("renaming a file", Kind::Other, none(fs::rename(path("renamed"), path("new name")))),
            ("making a hard link", Kind::Other, none(fs::hard_link(&file, path("link")))),
            ("asking about a file", Kind::Other, none(fs::metadata(&file))),
            ("changing the folder", Kind::Other, none(env::set_current_dir("/"))),
            ("changing a mode", Kind::Other, none(fs::set_permissions(self.folder.path(), mode(0o700)))),
            ("listening", Kind::Other, none(TcpListener::bind("127.0.0.1:0"))),
            ("connecting", Kind::Other, none(TcpStream::connect(self.address))),
            ("a datagram socket", Kind::Other, none(UdpSocket::bind("127.0.0.1:0"))),
            ("a pair of sockets", Kind::Other, none(UnixStream::pair())),
            ("a local socket", Kind::Other, none(UnixDatagram::unbound())),
            ("another program", Kind::Program, none(Command::new("true").status())),
            ("another thread", Kind::Other, none(thread::Builder::new().spawn(|| ()).map(|thread| thread.join()))),
            ("a signal to another process", Kind::Other, none(rustix::process::test_kill_process(self.parent))),
            ("being dumpable", Kind::Other, none(rustix::process::set_dumpable_behavior(DumpableBehavior::Dumpable))),
            ("changing a limit", Kind::Other, none(rustix::process::setrlimit(Resource::Core, self.limit))),
        ]
    }
}

fn mode(mode: u32) -> fs::Permissions {
    std::os::unix::fs::PermissionsExt::from_mode(mode)
}

/// Only whether it went well.
fn none<T, E: Error + 'static>(result: Result<T, E>) -> Try {
    Ok(result.map(drop)?)
}
