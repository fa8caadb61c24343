//! Landlock, which denies access to files and ports, and under it seccomp, which denies all system calls but a few.

use landlock::{
    ABI, Access, AccessFs, AccessNet, LandlockStatus, Ruleset, RulesetAttr, RulesetError, RulesetStatus, Scope,
};

use super::{Part, State};

/// The newest that the crate knows. An older kernel enforces what it has of it.
const LANDLOCK: ABI = ABI::V9;

pub(super) fn enter() -> Vec<Part> {
    // In this order: the filter denies the calls of Landlock, too.
    vec![Part { name: "Landlock", state: landlock().into() }, Part { name: "seccomp", state: seccomp::apply().into() }]
}

/// Denies all that Landlock can deny: no path is named that would be an exception.
pub(super) fn landlock() -> Result<State, RulesetError> {
    let status = Ruleset::default()
        .handle_access(AccessFs::from_all(LANDLOCK))?
        .handle_access(AccessNet::from_all(LANDLOCK))?
        .scope(Scope::from_all(LANDLOCK))?
        .create()?
        .restrict_self()?;
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

    /// Denies all system calls but those of memory and of descriptors that are open, in all threads. A call that is denied
    /// gives an error and does not end the process, so that one that was forgotten here does the least harm.
    pub(in super::super) fn apply() -> Result<State, Error> {
        seccompiler::apply_filter_all_threads(&filter()?)?;
        Ok(State::Enforced)
    }

    fn filter() -> Result<BpfProgram, BackendError> {
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
    use super::State;

    /// The crate that makes filters knows three kinds of processors.
    pub(in super::super) fn apply() -> Result<State, &'static str> {
        Err("there is no filter for this processor")
    }
}
