//! How far long work is.

use std::io::Write as _;
use std::time::{Duration, Instant};

/// Between two drawings.
const EVERY: Duration = Duration::from_millis(100);

/// One line on a terminal's stderr that is drawn over and, at the end, wiped.
#[derive(Debug)]
pub struct Progress {
    what: String,
    total: usize,
    done: usize,
    drawn: Option<Instant>,
    shown: bool,
}

impl Progress {
    pub(super) fn new(what: &str, total: usize, shown: bool) -> Self {
        Self {
            what: what.to_string(),
            total,
            done: 0,
            drawn: None,
            shown,
        }
    }

    /// One more is done.
    pub fn step(&mut self) {
        self.reach(self.done.saturating_add(1));
    }

    /// So many are done.
    pub fn reach(&mut self, done: usize) {
        self.done = done;
        let due = self.drawn.is_none_or(|at| at.elapsed() >= EVERY);
        if self.shown && due {
            self.drawn = Some(Instant::now());
            let mut stderr = std::io::stderr().lock();
            let _ = write!(
                stderr,
                "\r\u{1b}[K{} {} of {}",
                self.what, self.done, self.total
            );
            let _ = stderr.flush();
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.drawn.is_some() {
            let mut stderr = std::io::stderr().lock();
            let _ = write!(stderr, "\r\u{1b}[K");
            let _ = stderr.flush();
        }
    }
}
