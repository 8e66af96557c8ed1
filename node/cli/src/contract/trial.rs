//! What a node does with code before it lets it into its pool.

use super::check::CHILD;
use marque_chain::{CodeRefused, CodeTrial};
use marque_vm::admission::{Admission, ChildLimits, NotAdmitted, Trials};
use std::sync::Arc;

/// The static check, then the compiler in a child process: this program, started again.
pub fn trial() -> std::io::Result<CodeTrial> {
    let program = std::env::current_exe()?;
    let admission = Admission::new(program, vec![CHILD.into()], ChildLimits::default());
    let trials = Trials::new(admission);
    Ok(Arc::new(move |code: &[u8]| {
        trials.admit(code).map_err(refused)
    }))
}

pub(super) fn refused(why: NotAdmitted) -> CodeRefused {
    if let NotAdmitted::Child(cause) = &why {
        tracing::error!(cause, "the compile child could not be run");
    }
    let expected = match &why {
        NotAdmitted::Rejected(rejection) if rejection.allowed() > 0 => {
            Some(format!("at most {}", rejection.allowed()))
        }
        _ => None,
    };
    CodeRefused {
        code: why.code(),
        name: why.name(),
        message: why.to_string(),
        expected,
        remedy: why.remedy(),
        retryable: why.retryable(),
    }
}
