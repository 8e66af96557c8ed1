//! Secrets are in this process's memory; they stay there.

use rustix::process::{Resource, Rlimit, setrlimit};

/// Sees that no crash writes the memory to a file, whoever gathers crashes: the limit stops
/// the kernel's own core files, and what cannot be dumped is given to no collector and to no
/// debugger of another process.
///
/// Where the system refuses, the program goes on: its secrets are no worse off than those of
/// any other.
pub fn keep() {
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    let _ = setrlimit(Resource::Core, none);
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}
