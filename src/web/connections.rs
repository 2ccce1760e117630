//! Connections that only hold a place (SEC-16): slow heads, slow bodies, slow readers. actix guards a
//! connection's first head and nothing after it, so that each connection has a deadline here, and a
//! sweeper closes those that are past it.

use std::any::Any;
use std::net::{Shutdown, TcpStream};
use std::os::fd::AsFd as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use actix_web::HttpRequest;
use actix_web::dev::Extensions;
use socket2::SockRef;
use tokio_util::sync::CancellationToken;

/// Without a request, a connection may wait so long: for its first, and between two.
const IDLE: Duration = Duration::from_secs(10);
/// From a request's head to its answer, beyond the deadline of body and handler.
const WORKING: Duration = Duration::from_secs(15);
/// From the answer to its last byte, a few hundred kilobytes at most; of a file that is made while it
/// is sent, from one piece to the next.
const ANSWERING: Duration = Duration::from_secs(30);
/// What the kernel may keep of an answer that nobody reads.
const SEND_BUFFER: usize = 256 * 1024;

static START: LazyLock<Instant> = LazyLock::new(Instant::now);
static OPEN: Mutex<Vec<Weak<Connection>>> = Mutex::new(Vec::new());

/// One connection: a second handle on its socket, and when it has to be over.
struct Connection {
    socket: TcpStream,
    /// Milliseconds since [`START`].
    deadline: AtomicU64,
}

#[derive(Clone)]
struct Handle(Arc<Connection>);

impl Connection {
    fn allow(&self, time: Duration) {
        self.deadline.store(millis(START.elapsed() + time), Ordering::Relaxed);
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// For `HttpServer::on_connect`: small whole answers go out at once, and the connection is watched.
pub fn watch(stream: &dyn Any, data: &mut Extensions) {
    let Some(stream) = stream.downcast_ref::<actix_web::rt::net::TcpStream>() else { return };
    let socket = SockRef::from(stream);
    // Each of these makes a connection better and none has to succeed.
    let _ = stream.set_nodelay(true);
    let _ = socket.set_send_buffer_size(SEND_BUFFER);
    #[cfg(target_os = "linux")]
    let _ = socket.set_tcp_user_timeout(Some(ANSWERING));
    let Ok(descriptor) = stream.as_fd().try_clone_to_owned() else { return };
    let connection =
        Arc::new(Connection { socket: TcpStream::from(descriptor), deadline: AtomicU64::new(0) });
    connection.allow(IDLE);
    OPEN.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::downgrade(&connection));
    data.insert(Handle(connection));
}

/// How many connections are open.
#[must_use]
pub fn open() -> usize {
    let open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
    open.iter().filter(|connection| connection.strong_count() > 0).count()
}

/// A request has begun on its connection; it ends by itself after `deadline`.
pub fn working(req: &HttpRequest, deadline: Duration) -> impl FnOnce() + use<> {
    let handle = req.conn_data::<Handle>().cloned();
    if let Some(Handle(connection)) = &handle {
        connection.allow(deadline + WORKING);
    }
    // To be called with the answer: the reader's turn.
    move || {
        if let Some(Handle(connection)) = handle {
            connection.allow(ANSWERING);
        }
    }
}

/// For a body that is made while it is sent: to be called with each piece that the reader takes.
pub fn sending(req: &HttpRequest) -> impl Fn() + use<> {
    let handle = req.conn_data::<Handle>().cloned();
    move || {
        if let Some(Handle(connection)) = &handle {
            connection.allow(ANSWERING);
        }
    }
}

/// Closes connections past their deadline, once a second, until told to stop.
pub async fn sweep(stop: CancellationToken) {
    while !stop.is_cancelled() {
        let now = millis(START.elapsed());
        OPEN.lock().unwrap_or_else(PoisonError::into_inner).retain(|connection| {
            let Some(connection) = connection.upgrade() else { return false };
            let is_over = connection.deadline.load(Ordering::Relaxed) < now;
            if is_over {
                let _ = connection.socket.shutdown(Shutdown::Both);
            }
            !is_over
        });
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(Duration::from_secs(1)) => {}
        }
    }
}
