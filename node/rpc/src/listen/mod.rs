//! Listening: one port for HTTP and WebSocket, and what every connection has to keep to.
//!
//! A connection is counted before its first byte is read (`guests`), read only as fast as it
//! takes its answers (`stream`), and asked what it wants by `front`: host, origin, content
//! type, length and time, all before a byte is decoded. Only then does jsonrpsee see it.

mod front;
mod guests;
mod headers;
mod stream;

pub(crate) use front::{Front, Rules, text};
pub(crate) use guests::{Cap, Guests, Kind, Peer};
pub(crate) use stream::Owed;

use guests::Permit;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use jsonrpsee::server::{ServerHandle, StopHandle, stop_channel};
use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use stream::Stream;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// Header lines of a request at most, and bytes of all of them.
const HEADERS: usize = 64;
const HEADER_BYTES: usize = 16 << 10;
/// A pause where the system has no room for another connection.
const NO_ROOM: Duration = Duration::from_millis(50);
/// That is said once in so many of them: it may last.
const UNSAID: u32 = 200;

/// A port that is listened on, until it is stopped.
pub(crate) struct Listening {
    pub address: SocketAddr,
    pub handle: ServerHandle,
}

/// Listens, and lets `front` answer.
pub(crate) async fn listen(address: SocketAddr, front: Front) -> io::Result<Listening> {
    let listener = TcpListener::bind(address).await?;
    let address = listener.local_addr()?;
    let (stop, handle) = stop_channel();
    tokio::spawn(accept(listener, Arc::new(front), stop));
    Ok(Listening { address, handle })
}

async fn accept(listener: TcpListener, front: Arc<Front>, stop: StopHandle) {
    let mut connections = JoinSet::new();
    let stopped = stop.clone().shutdown();
    tokio::pin!(stopped);
    let mut refused = 0_u32;
    loop {
        let accepted = tokio::select! {
            () = &mut stopped => break,
            Some(_) = connections.join_next() => continue,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((socket, peer)) => {
                // Who has too many is not answered: an answer would cost what the cap saves.
                let Ok(permit) = front.guests.take(peer.ip(), Kind::Connection, 1) else {
                    continue;
                };
                connections.spawn(serve(socket, peer, front.clone(), permit, stop.clone()));
            }
            Err(error) => {
                if refused.is_multiple_of(UNSAID) {
                    tracing::warn!(%error, "a connection could not be accepted");
                }
                refused = refused.wrapping_add(1);
                tokio::time::sleep(NO_ROOM).await;
            }
        }
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

async fn serve(
    socket: TcpStream,
    peer: SocketAddr,
    front: Arc<Front>,
    permit: Permit,
    stop: StopHandle,
) {
    // Answers are written whole: waiting for more to send would only delay them.
    let _ = socket.set_nodelay(true);
    // An upgraded connection outlives this task: its permit goes with it.
    let permit = Arc::new(permit);
    let owed = Owed::default();
    let stream = Stream::new(socket, front.rules.write_patience, owed.clone());
    let service = service_fn(|mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(owed.clone());
        let (front, permit, stop) = (front.clone(), permit.clone(), stop.clone());
        async move { Ok::<_, Infallible>(front.answer(request, peer.ip(), permit, stop).await) }
    });
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(front.rules.header_patience)
        .max_headers(HEADERS)
        .max_buf_size(HEADER_BYTES)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    tokio::pin!(connection);
    let ended = tokio::select! {
        ended = &mut connection => ended,
        () = stop.clone().shutdown() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%peer, %error, "a connection ended");
    }
}
