//! A socket that is read only while its peer takes what is sent.
//!
//! A client that sends requests and never reads would have its answers pile up here. So
//! nothing is read while a write is stuck, or while more than [`OWED`] bytes of answers wait to be
//! written; after every [`TURN`] bytes the calls that were read have their turn; and a write that
//! is stuck for too long ends the connection.

use std::io::{self, ErrorKind};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};

/// Bytes of answers that may wait for their client while more is read.
const OWED: u64 = 1 << 20;
/// Bytes that are read in one turn.
const TURN: usize = 16 << 10;

/// Bytes of a connection's answers that were made and not written yet. What is written beside
/// them, such as notifications, makes it seem less, by no more than their client has taken.
#[derive(Clone, Default, Debug)]
pub(crate) struct Owed(Arc<AtomicU64>);

impl Owed {
    /// An answer was made.
    pub fn add(&self, bytes: usize) {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        self.change(|owed| owed.saturating_add(bytes));
    }

    fn written(&self, bytes: usize) {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        self.change(|owed| owed.saturating_sub(bytes));
    }

    fn change(&self, to: impl Fn(u64) -> u64) {
        // It always has a new value.
        let _ = self
            .0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |owed| Some(to(owed)));
    }

    fn is_too_much(&self) -> bool {
        self.0.load(Ordering::Relaxed) > OWED
    }
}

pub(super) struct Stream<S> {
    socket: S,
    owed: Owed,
    /// Bytes read since others had their turn.
    turn: usize,
    patience: Duration,
    /// Runs while a write is stuck.
    stuck: Option<Pin<Box<Sleep>>>,
    /// Who wants to read meanwhile.
    reader: Option<Waker>,
    /// A write was stuck for too long.
    over: bool,
}

impl<S> Stream<S> {
    pub fn new(socket: S, patience: Duration, owed: Owed) -> Self {
        Self {
            socket,
            owed,
            turn: 0,
            patience,
            stuck: None,
            reader: None,
            over: false,
        }
    }

    /// Keeps account of a write's result.
    fn written(
        &mut self,
        cx: &mut Context<'_>,
        result: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        if let Poll::Ready(written) = &result {
            self.owed.written(*written.as_ref().unwrap_or(&0));
            self.stuck = None;
            if let Some(reader) = self.reader.take() {
                reader.wake();
            }
            return result;
        }
        let patience = self.patience;
        let until = || {
            let now = Instant::now();
            Box::pin(sleep_until(now.checked_add(patience).unwrap_or(now)))
        };
        let stuck = self.stuck.get_or_insert_with(until);
        ready!(stuck.as_mut().poll(cx));
        self.over = true;
        if let Some(reader) = self.reader.take() {
            reader.wake();
        }
        Poll::Ready(Err(over()))
    }
}

fn over() -> io::Error {
    io::Error::new(ErrorKind::TimedOut, "the client takes no answer")
}

impl<S: AsyncRead + Unpin> AsyncRead for Stream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.over {
            return Poll::Ready(Err(over()));
        }
        // Whoever writes wakes the reader.
        if self.stuck.is_some() || self.owed.is_too_much() {
            self.reader = Some(cx.waker().clone());
            return Poll::Pending;
        }
        if self.turn >= TURN {
            self.turn = 0;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let before = buf.filled().len();
        let read = Pin::new(&mut self.socket).poll_read(cx, buf);
        let more = buf.filled().len().saturating_sub(before);
        self.turn = self.turn.saturating_add(more);
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Stream<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.socket).poll_write(cx, buf);
        self.written(cx, result)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.socket).poll_write_vectored(cx, bufs);
        self.written(cx, result)
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests;
