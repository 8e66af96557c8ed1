//! How a command answers: tables for people, JSON for programs, progress on stderr.

mod progress;
mod style;
mod table;

pub use progress::Progress;
pub use style::Style;
pub use table::{Cell, Column, Table};

use crate::failure::Failure;
use serde::Serialize;
use std::fmt::Display;
use std::io::{ErrorKind, IsTerminal as _, Write as _};

/// Where answers go and in which form. Colours, widths and progress are for terminals
/// alone, so what is piped is the same everywhere.
#[derive(Clone, Debug)]
pub struct Output {
    /// Whether the answer is JSON.
    pub json: bool,
    /// Columns of the terminal; `None` where nothing has to fit.
    pub width: Option<usize>,
    colour: bool,
    colour_stderr: bool,
    terminal_stderr: bool,
}

impl Output {
    /// As the process's stdout and stderr are.
    pub fn new(json: bool) -> Self {
        let (stdout, stderr) = (std::io::stdout(), std::io::stderr());
        // https://no-color.org
        let colour = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        let terminal = stdout.is_terminal();
        let width = terminal
            .then(|| rustix::termios::tcgetwinsize(&stdout).ok())
            .flatten()
            .map(|size| usize::from(size.ws_col))
            .filter(|columns| *columns > 0);
        Self {
            json,
            width,
            colour: colour && terminal && !json,
            colour_stderr: colour && stderr.is_terminal(),
            terminal_stderr: stderr.is_terminal(),
        }
    }

    /// Without a terminal: what a pipe gets.
    #[cfg(test)]
    pub fn plain(json: bool) -> Self {
        Self {
            json,
            width: None,
            colour: false,
            colour_stderr: false,
            terminal_stderr: false,
        }
    }

    /// One line on stdout.
    pub fn line(&self, text: impl Display) -> Result<(), Failure> {
        written(writeln!(std::io::stdout().lock(), "{text}"))
    }

    /// A table on stdout.
    pub fn table(&self, table: &Table) -> Result<(), Failure> {
        let text = table.render(self.width, self.colour);
        written(write!(std::io::stdout().lock(), "{text}"))
    }

    /// One JSON value on stdout, in one piece.
    pub fn value(&self, value: &impl Serialize) -> Result<(), Failure> {
        let text = serde_json::to_string_pretty(value)
            .map_err(|error| Failure::new(format!("the answer is no JSON: {error}"), ""))?;
        self.line(text)
    }

    /// One JSON value a line, for streams.
    pub fn value_line(&self, value: &impl Serialize) -> Result<(), Failure> {
        let text = serde_json::to_string(value)
            .map_err(|error| Failure::new(format!("the answer is no JSON: {error}"), ""))?;
        self.line(text)
    }

    /// Text in a style, as stdout can show it.
    pub fn styled(&self, style: Style, text: &str) -> String {
        style.paint(text, self.colour)
    }

    /// Text in a style, as stderr can show it.
    pub fn on_stderr(&self, style: Style, text: &str) -> String {
        style.paint(text, self.colour_stderr)
    }

    /// A remark on stderr, beside the answer.
    pub fn note(&self, text: impl Display) {
        // A reader of stderr that went away changes nothing of what was done.
        let _ = writeln!(std::io::stderr().lock(), "{text}");
    }

    /// How far long work is, on stderr and on a terminal alone.
    pub fn progress(&self, what: &str, total: usize) -> Progress {
        Progress::new(what, total, self.terminal_stderr)
    }
}

fn written(result: std::io::Result<()>) -> Result<(), Failure> {
    result.map_err(|error| match error.kind() {
        ErrorKind::BrokenPipe => Failure::silent(),
        _ => Failure::new(format!("the answer could not be written: {error}"), ""),
    })
}
