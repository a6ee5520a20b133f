//! What the child gives up before it looks at anything.
//!
//! Each measure is independent: a kernel that lacks one still grants the others, and the child says which it has.

use std::collections::BTreeMap;
use std::path::PathBuf;

use landlock::{
    ABI, Access, AccessFs, CompatLevel, Compatible, PathBeneath, PathFd, Ruleset, RulesetAttr,
    RulesetCreatedAttr, RulesetStatus,
};
use rustix::process::{Resource, Rlimit, setrlimit};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
};
use serde::{Deserialize, Serialize};

use crate::limits::Limits;

/// Files the child may hold open: packs, indexes, and its pipes.
const OPEN_FILES: u64 = 1_024;

/// Which measures are in force.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is an independent fact about the kernel")]
pub struct SandboxReport {
    /// Memory, processor time and open files are bounded; no file may grow.
    pub limits: bool,
    /// System calls beyond reading files, memory and threads fail (seccomp).
    pub system_calls: bool,
    /// Only the repository's own folders can be read (Landlock).
    pub files: bool,
    /// The kernel knows Landlock, but not all of it.
    pub files_partly: bool,
}

/// Gives up everything but reading below `folders`, using memory and running threads; for good, and for the whole
/// process. `mapped_bytes` is what will be mapped from files, which counts as address space but not as memory.
pub fn confine(limits: &Limits, folders: &[PathBuf], mapped_bytes: u64) -> SandboxReport {
    let bounded = limit_resources(limits) & limit_memory(limits, mapped_bytes);
    let (files, files_partly) = confine_files(folders);
    // Last: raising walls takes system calls of its own.
    let system_calls = confine_system_calls();
    SandboxReport { limits: bounded, system_calls, files, files_partly }
}

/// Bounds processor time, open files, and what may be written.
fn limit_resources(limits: &Limits) -> bool {
    let fixed = |value: u64| Rlimit { current: Some(value), maximum: Some(value) };
    let cpu =
        Rlimit { current: Some(limits.cpu_seconds), maximum: Some(limits.cpu_seconds.saturating_add(5)) };
    [
        setrlimit(Resource::Cpu, cpu),
        setrlimit(Resource::Nofile, fixed(OPEN_FILES)),
        setrlimit(Resource::Core, fixed(0)),
        setrlimit(Resource::Fsize, fixed(0)),
    ]
    .iter()
    .all(Result::is_ok)
}

/// Bounds the address space: packs are mapped as a whole, which is no use of memory, so their size comes on top.
fn limit_memory(limits: &Limits, packed_bytes: u64) -> bool {
    let bytes = limits.memory_bytes.saturating_add(packed_bytes);
    setrlimit(Resource::As, Rlimit { current: Some(bytes), maximum: Some(bytes) }).is_ok()
}

/// Leaves reading below `folders` as the only access to files.
///
/// Returns whether all of it, and whether at least some of it, is in force.
fn confine_files(folders: &[PathBuf]) -> (bool, bool) {
    let restrict = || -> Result<RulesetStatus, landlock::RulesetError> {
        let abi = ABI::V5;
        let mut rules = Ruleset::default()
            .set_compatibility(CompatLevel::BestEffort)
            .handle_access(AccessFs::from_all(abi))?
            .create()?;
        for folder in folders {
            if let Ok(folder) = PathFd::new(folder) {
                rules = rules.add_rule(PathBeneath::new(folder, AccessFs::ReadFile | AccessFs::ReadDir))?;
            }
        }
        Ok(rules.restrict_self()?.ruleset)
    };
    match restrict() {
        Ok(RulesetStatus::FullyEnforced) => (true, true),
        Ok(RulesetStatus::PartiallyEnforced) => (false, true),
        Ok(RulesetStatus::NotEnforced) | Err(_) => (false, false),
    }
}

/// Makes every system call fail that reading files, using memory and running threads does not need. Unlisted calls
/// answer "not implemented", which the C library takes as a cue to fall back rather than to give up.
fn confine_system_calls() -> bool {
    let apply = || -> Option<()> {
        let architecture = std::env::consts::ARCH.try_into().ok()?;
        let unlisted = SeccompAction::Errno(libc::ENOSYS.unsigned_abs());
        let filter = SeccompFilter::new(permitted()?, unlisted, SeccompAction::Allow, architecture).ok()?;
        let program: BpfProgram = filter.try_into().ok()?;
        seccompiler::apply_filter_all_threads(&program).ok()
    };
    apply().is_some()
}

/// The permitted calls; an empty list of rules permits any arguments.
fn permitted() -> Option<BTreeMap<i64, Vec<SeccompRule>>> {
    let mut calls: BTreeMap<i64, Vec<SeccompRule>> =
        UNCONDITIONAL.iter().map(|call| (*call, Vec::new())).collect();
    // Opening: only for reading, never creating.
    let writing =
        u64::from((libc::O_ACCMODE | libc::O_CREAT | libc::O_TRUNC | libc::O_APPEND).unsigned_abs());
    calls.insert(libc::SYS_openat, vec![masked(2, writing, 0)?]);
    #[cfg(target_arch = "x86_64")]
    calls.insert(libc::SYS_open, vec![masked(1, writing, 0)?]);
    // Threads, but neither processes nor namespaces. `clone3` hides its flags in memory, so it stays unlisted.
    let thread = u64::from(libc::CLONE_THREAD.unsigned_abs());
    calls.insert(libc::SYS_clone, vec![masked(0, thread, thread)?]);
    // Limits may be read, not changed: root could raise them again.
    calls.insert(libc::SYS_prlimit64, vec![masked(2, u64::MAX, 0)?]);
    // Signals only to itself, which is how the C library aborts. The kernel looks at the lower half of the number.
    let own = u64::from(std::process::id());
    calls.insert(libc::SYS_tgkill, vec![masked(0, 0xffff_ffff, own)?]);
    Some(calls)
}

fn masked(argument: u8, mask: u64, value: u64) -> Option<SeccompRule> {
    let condition =
        SeccompCondition::new(argument, SeccompCmpArgLen::Qword, SeccompCmpOp::MaskedEq(mask), value).ok()?;
    SeccompRule::new(vec![condition]).ok()
}

const UNCONDITIONAL: &[i64] = &[
    // Reading and writing what is open.
    libc::SYS_read,
    libc::SYS_readv,
    libc::SYS_pread64,
    libc::SYS_write,
    libc::SYS_writev,
    libc::SYS_close,
    libc::SYS_lseek,
    libc::SYS_fstat,
    libc::SYS_statx,
    libc::SYS_newfstatat,
    libc::SYS_faccessat,
    libc::SYS_readlinkat,
    libc::SYS_getdents64,
    libc::SYS_getcwd,
    libc::SYS_fcntl,
    libc::SYS_ppoll,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_stat,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_lstat,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_access,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_readlink,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_poll,
    // Memory.
    libc::SYS_mmap,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_mprotect,
    libc::SYS_madvise,
    libc::SYS_brk,
    // Threads, signals, time.
    libc::SYS_futex,
    libc::SYS_set_robust_list,
    libc::SYS_rseq,
    libc::SYS_sched_yield,
    libc::SYS_sched_getaffinity,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sigaltstack,
    libc::SYS_restart_syscall,
    libc::SYS_getpid,
    libc::SYS_gettid,
    libc::SYS_prctl,
    libc::SYS_exit,
    libc::SYS_exit_group,
    libc::SYS_clock_gettime,
    libc::SYS_clock_nanosleep,
    libc::SYS_nanosleep,
    libc::SYS_gettimeofday,
    libc::SYS_getrandom,
    libc::SYS_uname,
    libc::SYS_sysinfo,
];
