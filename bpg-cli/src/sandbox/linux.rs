//! Landlock, which denies access to files and ports, and under it seccomp, which denies all system calls but a few.

use std::error::Error;
use std::path::Path;

use landlock::{
    ABI, Access, AccessFs, AccessNet, LandlockStatus, PathBeneath, PathFd, Ruleset, RulesetAttr, RulesetCreatedAttr,
    RulesetStatus, Scope,
};

use super::{Part, State};

/// The newest that the crate knows. An older kernel enforces what it has of it.
const LANDLOCK: ABI = ABI::V9;

pub(super) fn enter(folder: Option<&Path>) -> Vec<Part> {
    // In this order: the filter denies the calls of Landlock, too.
    let landlock = landlock(folder).into();
    vec![Part { name: "Landlock", state: landlock }, Part { name: "seccomp", state: seccomp::apply(folder).into() }]
}

/// Denies all that Landlock can deny, but for making and removing files in `folder`: no other path is an exception.
pub(super) fn landlock(folder: Option<&Path>) -> Result<State, Box<dyn Error>> {
    let mut ruleset = Ruleset::default()
        .handle_access(AccessFs::from_all(LANDLOCK))?
        .handle_access(AccessNet::from_all(LANDLOCK))?
        .scope(Scope::from_all(LANDLOCK))?
        .create()?;
    if let Some(folder) = folder {
        // A file that gets another name is removed from the one and made under the other.
        let access = AccessFs::MakeReg | AccessFs::WriteFile | AccessFs::RemoveFile;
        ruleset = ruleset.add_rule(PathBeneath::new(PathFd::new(folder)?, access))?;
    }
    let status = ruleset.restrict_self()?;
    Ok(match (status.ruleset, status.landlock) {
        (RulesetStatus::FullyEnforced, _) => State::Enforced,
        (RulesetStatus::PartiallyEnforced, _) => State::Partial,
        (RulesetStatus::NotEnforced, LandlockStatus::NotEnabled) => State::Absent("it is turned off".to_owned()),
        (RulesetStatus::NotEnforced, _) => State::Absent("the kernel does not offer it".to_owned()),
    })
}

#[cfg(any(target_arch = "aarch64", target_arch = "riscv64", target_arch = "x86_64"))]
pub(super) mod seccomp {
    use std::collections::BTreeMap;
    use std::path::Path;

    use libc::c_long;
    use seccompiler::SeccompCmpArgLen::{Dword, Qword};
    use seccompiler::SeccompCmpOp::{Eq, MaskedEq};
    use seccompiler::{
        BackendError, BpfProgram, Error, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition,
        SeccompFilter, SeccompRule,
    };

    use super::State;

    /// What may be called with any arguments: it reaches nothing but memory and descriptors that are open.
    const ALLOWED: [c_long; 24] = [
        // Descriptors. Of the calls that tell about a file only the one that cannot take a name.
        libc::SYS_read,
        libc::SYS_readv,
        libc::SYS_pread64,
        libc::SYS_write,
        libc::SYS_writev,
        libc::SYS_lseek,
        libc::SYS_fstat,
        libc::SYS_close,
        // Memory.
        libc::SYS_brk,
        libc::SYS_mremap,
        libc::SYS_munmap,
        libc::SYS_madvise,
        // The standard library: locks, maps with a random seed, clocks.
        libc::SYS_futex,
        libc::SYS_getrandom,
        libc::SYS_clock_gettime,
        // Signals, among them those that tell of a stack overflow and of a panic.
        libc::SYS_rt_sigaction,
        libc::SYS_rt_sigprocmask,
        libc::SYS_rt_sigreturn,
        libc::SYS_sigaltstack,
        libc::SYS_restart_syscall,
        libc::SYS_getpid,
        libc::SYS_gettid,
        // The end.
        libc::SYS_exit,
        libc::SYS_exit_group,
    ];

    /// What makes files, gives them their names and removes them.
    const WITH_FILES: &[c_long] = &[
        libc::SYS_fsync,
        libc::SYS_linkat,
        libc::SYS_renameat2,
        #[cfg(not(target_arch = "riscv64"))]
        libc::SYS_renameat,
        libc::SYS_unlinkat,
        // By the names that they have on older processors.
        #[cfg(target_arch = "x86_64")]
        libc::SYS_rename,
        #[cfg(target_arch = "x86_64")]
        libc::SYS_link,
        #[cfg(target_arch = "x86_64")]
        libc::SYS_unlink,
    ];

    /// Denies all system calls but those of memory and of descriptors that are open, in all threads. A call that is denied
    /// gives an error and does not end the process, so that one that was forgotten here does the least harm.
    ///
    /// If files are to be made in a folder, so are the calls that this takes. None of them opens a file that is there; the
    /// folder is for Landlock to tell from others.
    pub(in super::super) fn apply(folder: Option<&Path>) -> Result<State, Error> {
        seccompiler::apply_filter_all_threads(&filter(folder.is_some())?)?;
        Ok(State::Enforced)
    }

    fn filter(makes_files: bool) -> Result<BpfProgram, BackendError> {
        let mut rules: BTreeMap<_, _> = ALLOWED.into_iter().map(|call| (call, Vec::new())).collect();
        let process = u64::from(std::process::id());
        let thread = number(rustix::thread::gettid().as_raw_nonzero().get());
        let not_executable = condition(2, Qword, MaskedEq(number(libc::PROT_EXEC)), 0)?;
        rules.extend([
            (libc::SYS_mmap, vec![not_executable.clone()]),
            (libc::SYS_mprotect, vec![not_executable]),
            // A process aborts by a signal to itself: with glibc by the first call, with musl by the second.
            (libc::SYS_tgkill, vec![condition(0, Dword, Eq, process)?]),
            (libc::SYS_tkill, vec![condition(0, Dword, Eq, thread)?]),
            (
                libc::SYS_fcntl,
                vec![
                    condition(1, Dword, Eq, number(libc::F_DUPFD_CLOEXEC))?,
                    condition(1, Dword, Eq, number(libc::F_GETFD))?,
                    condition(1, Dword, Eq, number(libc::F_GETFL))?,
                ],
            ),
        ]);
        if makes_files {
            let is_new = number(libc::O_CREAT | libc::O_EXCL);
            rules.insert(libc::SYS_openat, vec![condition(2, Dword, MaskedEq(is_new), is_new)?]);
            #[cfg(target_arch = "x86_64")]
            rules.insert(libc::SYS_open, vec![condition(1, Dword, MaskedEq(is_new), is_new)?]);
            rules.extend(WITH_FILES.iter().map(|call| (*call, Vec::new())));
        }
        let denied = SeccompAction::Errno(libc::EPERM.cast_unsigned());
        SeccompFilter::new(rules, denied, SeccompAction::Allow, std::env::consts::ARCH.try_into()?)?.try_into()
    }

    /// A rule of one condition: an argument, counted from 0, compares with `value`.
    fn condition(
        argument: u8,
        length: SeccompCmpArgLen,
        operator: SeccompCmpOp,
        value: u64,
    ) -> Result<SeccompRule, BackendError> {
        SeccompRule::new(vec![SeccompCondition::new(argument, length, operator, value)?])
    }

    /// A constant of the C library as it stands in an argument.
    fn number(constant: libc::c_int) -> u64 {
        constant.cast_unsigned().into()
    }
}

#[cfg(not(any(target_arch = "aarch64", target_arch = "riscv64", target_arch = "x86_64")))]
pub(super) mod seccomp {
    use std::path::Path;

    use super::State;

    /// The crate that makes filters knows three kinds of processors.
    pub(in super::super) fn apply(_folder: Option<&Path>) -> Result<State, &'static str> {
        Err("there is no filter for this processor")
    }
}
