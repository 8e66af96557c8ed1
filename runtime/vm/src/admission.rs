//! Trying foreign code before it is let into the pool: the compiler runs in a child process
//! whose memory and CPU time are limited.
//!
//! The static check decides what the chain takes; it is meant to bound compilation, and
//! admission is the second wall, for what the check's authors did not think of. What the
//! child says can keep code out of a pool, but never makes a receipt.

mod trials;

use crate::check::{Checked, check};
use crate::engine::compile_only;
use crate::error::{Rejection, VmError};
use crate::limits::Limit;
use rustix::process::{Resource, Rlimit, setrlimit};
use std::io::{Read as _, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;
pub use trials::Trials;

/// Exit codes of the child: compiled, refused by the check, failed.
const COMPILED: u8 = 0;
const REFUSED: u8 = 3;
const FAILED: u8 = 4;

/// What the child may use.
#[derive(Clone, Copy, Debug)]
pub struct ChildLimits {
    /// Seconds of CPU time.
    pub cpu_seconds: u64,
    /// Bytes of memory, counted as address space.
    pub memory: u64,
}

impl Default for ChildLimits {
    fn default() -> Self {
        Self {
            cpu_seconds: 5,
            memory: 1024 * 1024 * 1024,
        }
    }
}

/// The child's whole life: limits itself, reads a module from its standard input, checks
/// and compiles it, and answers by its exit code. The binary's hidden subcommand calls it
/// and exits with what it returns.
pub fn compile_child(limits: ChildLimits) -> u8 {
    match try_compile(limits) {
        Ok(()) => COMPILED,
        Err(VmError::Rejected(rejection)) => {
            let _ = writeln!(std::io::stderr(), "{rejection}");
            REFUSED
        }
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "{error}");
            FAILED
        }
    }
}

fn try_compile(limits: ChildLimits) -> Result<(), VmError> {
    let both = |most: u64| Rlimit {
        current: Some(most),
        maximum: Some(most),
    };
    setrlimit(Resource::Core, both(0)).map_err(VmError::fault)?;
    setrlimit(Resource::Cpu, both(limits.cpu_seconds)).map_err(VmError::fault)?;
    setrlimit(Resource::As, both(limits.memory)).map_err(VmError::fault)?;
    let mut code = Vec::new();
    let most = Limit::CodeBytes.allowed().saturating_add(1);
    std::io::stdin()
        .lock()
        .take(most)
        .read_to_end(&mut code)
        .map_err(VmError::fault)?;
    compile_only(&check(&code)?)?;
    Ok(())
}

/// Why code is kept out of the pool.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NotAdmitted {
    /// The chain would not take it.
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// The child did not compile it within its limits. The check should have refused it:
    /// please report the module.
    #[error(
        "the compiler gave up on the module within {seconds} s and {mebibytes} MiB ({status}); make it smaller, and report it: the static check should have said so"
    )]
    TooHard {
        /// Seconds that it had.
        seconds: u64,
        /// MiB of memory that it had.
        mebibytes: u64,
        /// How the child ended.
        status: String,
    },
    /// The child could not be run: the node's own trouble.
    #[error(
        "the compile child could not be run: {0}; look at the node's limits on processes and memory"
    )]
    Child(String),
    /// As much code waits for a child as may: the node's own trouble.
    #[error("{0} modules wait for the compile child already; send it again in a moment")]
    Busy(usize),
}

impl NotAdmitted {
    /// The stable number: the broken limit's, or 6097 to 6099.
    pub const fn code(&self) -> u16 {
        match self {
            Self::Rejected(rejection) => rejection.code(),
            Self::Child(_) => 6097,
            Self::Busy(_) => 6098,
            Self::TooHard { .. } => 6099,
        }
    }

    /// The stable name.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Rejected(rejection) => rejection.name(),
            Self::Child(_) => "CompilerUnavailable",
            Self::Busy(_) => "CompilerBusy",
            Self::TooHard { .. } => "TooHard",
        }
    }

    /// What to do about it.
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::Rejected(rejection) => rejection.remedy(),
            Self::Child(_) => {
                "send it to another node; this one's operator finds the cause in its log"
            }
            Self::Busy(_) => "send it again in a moment",
            Self::TooHard { .. } => "make the contract smaller, and report the module",
        }
    }

    /// Whether the same code may be admitted later.
    pub const fn retryable(&self) -> bool {
        matches!(self, Self::Child(_) | Self::Busy(_))
    }
}

/// Tries modules in child processes.
#[derive(Clone, Debug)]
pub struct Admission {
    program: PathBuf,
    arguments: Vec<String>,
    limits: ChildLimits,
}

/// How long the parent waits between looks at its child.
const LOOK: Duration = Duration::from_millis(5);

impl Admission {
    /// `program` with `arguments` must call [`compile_child`] with the same limits.
    pub fn new(program: PathBuf, arguments: Vec<String>, limits: ChildLimits) -> Self {
        Self {
            program,
            arguments,
            limits,
        }
    }

    /// Checks a module here, then has a child compile it.
    ///
    /// # Errors
    /// [`NotAdmitted`]; only [`NotAdmitted::Rejected`] is the same on every node.
    pub fn admit<'a>(&self, code: &'a [u8]) -> Result<Checked<'a>, NotAdmitted> {
        let checked = check(code)?;
        let failed = |error: std::io::Error| NotAdmitted::Child(error.to_string());
        let mut child = Command::new(&self.program)
            .args(&self.arguments)
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(failed)?;
        if let Some(mut input) = child.stdin.take() {
            // A child that died reads no more; its exit code says why.
            let _ = input.write_all(code);
        }
        let status = self.wait(&mut child).map_err(failed)?;
        match status.and_then(|status| status.code()) {
            Some(code) if code == i32::from(COMPILED) => Ok(checked),
            _ => Err(self.too_hard(status)),
        }
    }

    /// Waits for twice the CPU time that the child has, then ends it.
    fn wait(&self, child: &mut Child) -> std::io::Result<Option<ExitStatus>> {
        let allowed = Duration::from_secs(self.limits.cpu_seconds.saturating_mul(2));
        let looks = allowed
            .as_millis()
            .checked_div(LOOK.as_millis())
            .unwrap_or(0);
        for _ in 0..looks {
            if let Some(status) = child.try_wait()? {
                return Ok(Some(status));
            }
            std::thread::sleep(LOOK);
        }
        child.kill()?;
        child.wait()?;
        Ok(None)
    }

    fn too_hard(&self, status: Option<ExitStatus>) -> NotAdmitted {
        NotAdmitted::TooHard {
            seconds: self.limits.cpu_seconds,
            mebibytes: self.limits.memory / (1024 * 1024),
            status: status.map_or_else(
                || "ended by the node".to_owned(),
                |status| status.to_string(),
            ),
        }
    }
}
