//! Who looks when a target does not come back.

use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

#[derive(Default)]
struct Running {
    since: Option<Instant>,
    words: String,
    input: Arc<[u8]>,
    over: bool,
}

/// A thread that ends the process if one execution takes too long, with its input written.
pub(crate) struct Watch(Arc<Mutex<Running>>);

impl Watch {
    /// Begins to look; inputs are written to `file`.
    pub(crate) fn begin(longest: Duration, file: PathBuf) -> Self {
        let running = Arc::new(Mutex::new(Running::default()));
        let shared = running.clone();
        std::thread::spawn(move || {
            loop {
                std::thread::sleep(Duration::from_millis(500));
                let running = shared.lock().unwrap_or_else(PoisonError::into_inner);
                if running.over {
                    return;
                }
                if running.since.is_some_and(|since| since.elapsed() > longest) {
                    let written = fs::write(&file, &running.input).is_ok();
                    let place = if written {
                        file.display().to_string()
                    } else {
                        "nowhere".into()
                    };
                    eprintln!("{} hangs; its input is in {place}", running.words);
                    std::process::exit(101);
                }
            }
        });
        Self(running)
    }

    /// An execution begins.
    pub(crate) fn start(&self, words: String, input: &[u8]) {
        let mut running = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        running.words = words;
        running.input = input.into();
        running.since = Some(Instant::now());
    }

    /// It came back.
    pub(crate) fn stop(&self) {
        let mut running = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        running.since = None;
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).over = true;
    }
}
