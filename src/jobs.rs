//! Work in the background: a loop that can't die, and long work that is done row by row.

use std::fmt;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::Duration;

use diesel::PgConnection;
use futures_util::FutureExt as _;
use tokio_util::sync::CancellationToken;

use crate::db::{Db, Tenants};
use crate::kernel::Error;
use crate::metrics;
use crate::traces::{KeyValue, Work};

/// After failures a job waits longer and longer, from the first to the second, or as long as it does
/// where there is nothing to do.
const PAUSE_MIN: Duration = Duration::from_secs(1);
const PAUSE_MAX: Duration = Duration::from_secs(30);

/// Runs `batch` until told to stop: again at once while there is something to do, else after
/// `idle`. A batch is bounded, may be repeated, and says how much it did. A failure, a panic too, is
/// logged and never ends the loop.
pub async fn repeat(
    name: &'static str,
    idle: Duration,
    stop: CancellationToken,
    batch: impl AsyncFn() -> Result<usize, Error>,
) {
    metrics::job_begins(name);
    let mut failing: Option<Duration> = None;
    while !stop.is_cancelled() {
        let work = Work::begin();
        let outcome = work.around(AssertUnwindSafe(batch()).catch_unwind()).await;
        let (ending, is_good) = match &outcome {
            Ok(Ok(0)) => ("idle", true),
            Ok(Ok(_)) => ("done", true),
            Ok(Err(_)) => ("failed", false),
            Err(_) => ("panicked", false),
        };
        metrics::job_ran(name, ending, is_good, work.took());
        if ending != "idle" {
            work.ended(!is_good, || {
                (format!("job {name}"), vec![KeyValue::new("outcome", ending)])
            });
        }
        // What fails now fails in a second: the log does not need to hear it each time.
        let longer = |pause: Duration| (pause * 2).min(PAUSE_MAX.max(idle));
        failing = (!is_good).then(|| failing.map_or(PAUSE_MIN, longer));
        match outcome {
            Ok(Ok(0)) => {}
            Ok(Ok(done)) => {
                tracing::debug!(job = name, done, "{name}: did {done}");
                continue;
            }
            Ok(Err(error)) => tracing::error!(job = name, error = ?error, "{name} failed"),
            Err(_) => tracing::error!(job = name, "{name} panicked"),
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(failing.unwrap_or(idle)) => {}
        }
    }
}

/// Does what is due, one after the other; how many were done. One that fails is logged as `what` and keeps
/// no other from its turn, and where all fail nothing was done, so that [`repeat`] rests.
pub async fn each<T: fmt::Debug>(
    what: &'static str,
    due: &[T],
    work: impl AsyncFn(&T) -> Result<(), Error>,
) -> usize {
    let mut done = 0;
    for one in due {
        match work(one).await {
            Ok(()) => done += 1,
            Err(error) => tracing::error!(due = ?one, error = ?error, "{what}"),
        }
    }
    done
}

/// The row that is being settled, told from inside its transaction.
#[derive(Clone, Default)]
pub struct Held(Arc<AtomicI32>);

impl Held {
    /// Notes the number of a row, above zero.
    pub fn note(&self, number: i32) {
        self.0.store(number, Ordering::Relaxed);
    }

    fn number(&self) -> Option<i32> {
        Some(self.0.load(Ordering::Relaxed)).filter(|number| *number > 0)
    }
}

/// Does the next rows of a long work, at most `rows_max`, each in a transaction of its own; how many
/// were settled. `next` settles the first row beyond a number that nobody else holds and tells its own
/// number; `None`: there is none for now. As soon as it holds a row it notes the number: one that then
/// fails by our fault is logged and handed to `give_up`, so that it keeps no other from its turn.
///
/// # Errors
/// Those of `next` that are not our fault, and all of `give_up`.
pub async fn row_by_row(
    db: &Db,
    tenants: &Tenants,
    rows_max: usize,
    next: impl Fn(&mut PgConnection, i32, &Held) -> Result<Option<i32>, Error> + Clone + Send + 'static,
    give_up: impl Fn(&mut PgConnection, i32) -> Result<(), Error> + Clone + Send + 'static,
) -> Result<usize, Error> {
    let (mut settled, mut after) = (0, 0);
    while settled < rows_max {
        let (next, give_up, held) = (next.clone(), give_up.clone(), Held::default());
        let holds = held.clone();
        match db.run(tenants.clone(), move |conn| next(conn, after, &holds)).await {
            Ok(Some(number)) => after = number,
            Ok(None) => break,
            Err(Error::Internal(cause)) => {
                let Some(number) = held.number() else { return Err(Error::Internal(cause)) };
                tracing::error!(error = ?cause, "row {number} failed");
                db.run(tenants.clone(), move |conn| give_up(conn, number)).await?;
                after = number;
            }
            Err(error) => return Err(error),
        }
        settled += 1;
    }
    Ok(settled)
}
