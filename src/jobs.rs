//! Work in the background: a loop that can't die.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt as _;
use tokio_util::sync::CancellationToken;

use crate::kernel::Error;

/// After failures a job waits longer and longer, up to this.
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
    let mut pause = idle;
    while !stop.is_cancelled() {
        let outcome = AssertUnwindSafe(batch()).catch_unwind().await;
        // What fails now fails in a second: the log does not need to hear it each time.
        pause = if matches!(outcome, Ok(Ok(_))) {
            idle
        } else {
            (pause * 2).clamp(idle, PAUSE_MAX.max(idle))
        };
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
            () = tokio::time::sleep(pause) => {}
        }
    }
}
