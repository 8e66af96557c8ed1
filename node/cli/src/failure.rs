//! How a command says no: one sentence, and what to do about it.

use crate::output::{Output, Style};
use std::fmt::Display;
use std::process::ExitCode;

/// Why a command failed.
#[derive(Debug)]
pub struct Failure {
    /// What was wrong, and where.
    pub message: String,
    /// What to do; empty where the message says it.
    pub remedy: String,
    /// The process's exit code: 1, or 2 where the command was typed wrong.
    pub code: u8,
}

impl Failure {
    /// Something did not work.
    pub fn new(message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            remedy: remedy.into(),
            code: 1,
        }
    }

    /// What was typed makes no sense.
    pub fn usage(message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            code: 2,
            ..Self::new(message, remedy)
        }
    }

    /// A file could not be read or written.
    pub fn file(path: &std::path::Path, error: &std::io::Error) -> Self {
        use std::io::ErrorKind;
        let remedy = match error.kind() {
            ErrorKind::NotFound => "check the path",
            ErrorKind::PermissionDenied => "check who may read and write it",
            ErrorKind::StorageFull => "make room on the disk",
            _ => "",
        };
        let error = match error.kind() {
            ErrorKind::NotFound => "does not exist".to_string(),
            ErrorKind::PermissionDenied => "is not accessible".to_string(),
            _ => error.to_string(),
        };
        Self::new(format!("{} {error}", path.display()), remedy)
    }

    /// With what was being done when it failed.
    pub fn during(mut self, what: impl Display) -> Self {
        self.message = format!("{what}: {}", self.message);
        self
    }

    /// Whether the reader of our output went away, which needs no words.
    fn is_silent(&self) -> bool {
        self.message.is_empty()
    }

    /// Nobody reads the output any more (`marque trace … | head`).
    pub(crate) fn silent() -> Self {
        Self::new("", "")
    }

    /// Prints the sentence to stderr.
    pub fn report(&self, output: &Output) -> ExitCode {
        if !self.is_silent() {
            let error = output.on_stderr(Style::Bad, "error:");
            let end = if self.message.ends_with(['.', '?', '!']) || self.remedy.is_empty() {
                ""
            } else {
                ";"
            };
            let space = if self.remedy.is_empty() { "" } else { " " };
            output.note(format_args!(
                "{error} {}{end}{space}{}",
                self.message, self.remedy
            ));
        }
        ExitCode::from(self.code)
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)?;
        if !self.remedy.is_empty() {
            write!(f, "; {}", self.remedy)?;
        }
        Ok(())
    }
}

impl std::error::Error for Failure {}
