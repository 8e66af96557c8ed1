//! SIGTERM and SIGINT: the first ends the node cleanly, a second one at once.

use crate::failure::Failure;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::oneshot;

/// What ends when the process is asked to end.
pub struct Ending(oneshot::Receiver<&'static str>);

impl Ending {
    /// Listens from now on: a signal during a start is not lost.
    pub fn listen() -> Result<Self, Failure> {
        outlive_the_size_limit()?;
        let (mut terminate, mut interrupt) =
            (of(SignalKind::terminate())?, of(SignalKind::interrupt())?);
        let (first, ending) = oneshot::channel();
        tokio::spawn(async move {
            let name = either(&mut terminate, &mut interrupt).await;
            // Nobody waits for it only where the node ends by itself.
            let _ = first.send(name);
            let name = either(&mut terminate, &mut interrupt).await;
            tracing::warn!(
                signal = name,
                "ending at once: what was acknowledged is durable"
            );
            std::process::exit(1);
        });
        Ok(Self(ending))
    }

    /// Waits for the first signal, and names it.
    pub async fn asked(&mut self) -> &'static str {
        match (&mut self.0).await {
            Ok(name) => name,
            // The listener lives as long as the process.
            Err(_) => std::future::pending().await,
        }
    }
}

/// A file that reaches the process's limit (`ulimit -f`) raises a signal that ends the process
/// without a word; once it is listened for, the write fails with an error of its own instead.
pub fn outlive_the_size_limit() -> Result<(), Failure> {
    /// SIGXFSZ, on every system but some of MIPS.
    const SIZE: i32 = 25;
    // The listener stays when what it tells is dropped.
    of(SignalKind::from_raw(SIZE)).map(drop)
}

async fn either(terminate: &mut Signal, interrupt: &mut Signal) -> &'static str {
    tokio::select! {
        _ = terminate.recv() => "SIGTERM",
        _ = interrupt.recv() => "SIGINT",
    }
}

fn of(kind: SignalKind) -> Result<Signal, Failure> {
    signal(kind)
        .map_err(|error| Failure::new(format!("signals cannot be listened for: {error}"), ""))
}
