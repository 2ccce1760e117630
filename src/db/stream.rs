//! Rows that are read while they are sent: one snapshot, constant memory on both sides, however many
//! they are. A thread of the blocking pool reads, the answer's body takes.

use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use diesel::connection::{AnsiTransactionManager, TransactionManager};
use diesel::pg::PgConnection;
use futures_util::Stream;
use tokio::sync::mpsc;

use super::{Db, Tenants};
use crate::kernel::Error;

/// Pieces that wait for the reader, at most; beyond, the thread waits.
const PIECES_WAITING: usize = 4;

/// How long one reading may take: a snapshot that is held for long keeps Postgres from tidying up.
const LONGEST: Duration = Duration::from_secs(15 * 60);

/// How long the transaction may stand still while a slow reader takes what waits. Longer than the
/// server lets a connection be without progress, which ends such a reader first.
const IDLE_SECONDS: u32 = 45;

/// Where the thread puts its pieces.
pub struct Outlet<T> {
    pieces: mpsc::Sender<Result<T, Error>>,
    until: Instant,
}

impl<T> Outlet<T> {
    /// Hands a piece on; waits while enough of them wait for the reader.
    ///
    /// # Errors
    /// [`Error::Unavailable`]: the reader has gone, or reading took longer than fifteen minutes.
    pub fn send(&self, piece: T) -> Result<(), Error> {
        if Instant::now() > self.until {
            return Err(Error::unavailable("reader", "it took more than fifteen minutes"));
        }
        self.pieces
            .blocking_send(Ok(piece))
            .map_err(|_| Error::unavailable("reader", "it went away before the end"))
    }
}

/// What the reader takes: pieces, and an error as the last one where reading failed.
pub struct Pieces<T> {
    first: Option<T>,
    rest: mpsc::Receiver<Result<T, Error>>,
}

impl<T: Unpin> Stream for Pieces<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some(first) = self.first.take() {
            return Poll::Ready(Some(Ok(first)));
        }
        self.rest.poll_recv(cx)
    }
}

impl Db {
    /// Runs `read` in one read-only transaction that sees one snapshot of the tenants' rows, and
    /// gives back what it sends while it goes on. When it is over, however that came, `settle` runs
    /// in a transaction of its own, for the audit; only then does the stream end.
    ///
    /// # Errors
    /// What happened before the first piece: no connection, a failed query. What happens later is
    /// the stream's last item.
    pub async fn stream<T, R, S>(
        &self,
        tenants: Tenants,
        read: R,
        settle: S,
    ) -> Result<Pieces<T>, Error>
    where
        T: Send + 'static,
        R: FnOnce(&mut PgConnection, &Outlet<T>) -> Result<(), Error> + Send + 'static,
        S: FnOnce(&mut PgConnection, Option<&Error>) -> Result<(), Error> + Send + 'static,
    {
        let (pieces, mut rest) = mpsc::channel(PIECES_WAITING);
        let (db, span) = (self.clone(), tracing::Span::current());
        // Not awaited: it lives as long as the stream, and longer where the reader goes away.
        actix_web::rt::task::spawn_blocking(move || {
            let _entered = span.enter();
            let outlet = Outlet { pieces, until: Instant::now() + LONGEST };
            let reading = || db.snapshot(&tenants, |conn| read(conn, &outlet));
            // A file that a panic cuts off must not look whole.
            let outcome = std::panic::catch_unwind(AssertUnwindSafe(reading))
                .unwrap_or_else(|_| Err(Error::internal("reading panicked")));
            let settled = db.run_blocking(&tenants, |conn| settle(conn, outcome.as_ref().err()));
            if let Err(error) = outcome.and(settled) {
                // Nobody may be there any more to hear it.
                let _ = outlet.pieces.blocking_send(Err(error));
            }
        });
        match rest.recv().await {
            Some(Ok(first)) => Ok(Pieces { first: Some(first), rest }),
            Some(Err(error)) => Err(error),
            None => Ok(Pieces { first: None, rest }),
        }
    }

    /// One read-only transaction in which every query sees the same rows.
    fn snapshot<T>(
        &self,
        tenants: &Tenants,
        work: impl FnOnce(&mut PgConnection) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let begin = format!(
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; {};
             SET LOCAL idle_in_transaction_session_timeout = '{IDLE_SECONDS}s'",
            super::settings(tenants)
        );
        self.unit(|conn| {
            AnsiTransactionManager::begin_transaction_sql(conn, &begin)?;
            let outcome = work(conn);
            let ended = AnsiTransactionManager::rollback_transaction(conn);
            if let Err(cause) = ended {
                tracing::warn!(error = %cause, "a snapshot's end failed: the connection is given up");
            }
            outcome
        })
    }
}
