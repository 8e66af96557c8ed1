//! A socket that is read only while its peer takes what is sent.
//!
//! A client that sends requests and never reads would have its answers pile up here. So
//! nothing is read while a write is stuck, and a write that is stuck for too long ends the
//! connection: what waits for a client is bounded by what the system holds for its socket.

use std::io::{self, ErrorKind};
use std::pin::Pin;
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};

pub(super) struct Stream<S> {
    socket: S,
    patience: Duration,
    /// Runs while a write is stuck.
    stuck: Option<Pin<Box<Sleep>>>,
    /// Who wants to read meanwhile.
    reader: Option<Waker>,
    /// A write was stuck for too long.
    over: bool,
}

impl<S> Stream<S> {
    pub fn new(socket: S, patience: Duration) -> Self {
        Self {
            socket,
            patience,
            stuck: None,
            reader: None,
            over: false,
        }
    }

    /// Keeps account of a write's result.
    fn written<T>(
        &mut self,
        cx: &mut Context<'_>,
        result: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if result.is_ready() {
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
        if self.stuck.is_some() {
            self.reader = Some(cx.waker().clone());
            return Poll::Pending;
        }
        Pin::new(&mut self.socket).poll_read(cx, buf)
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
