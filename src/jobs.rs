//! Work in the background: a loop that can't die.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt as _;
use tokio_util::sync::CancellationToken;

use crate::kernel::Error;

/// Runs `batch` until told to stop: again at once while there is something to do, else after
/// `idle`. A batch is bounded, may be repeated, and says how much it did. A failure, a panic too, is
/// logged and never ends the loop.
pub async fn repeat(
    name: &'static str,
    idle: Duration,
    stop: CancellationToken,
    batch: impl AsyncFn() -> Result<usize, Error>,
) {
    while !stop.is_cancelled() {
        match AssertUnwindSafe(batch()).catch_unwind().await {
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
            () = tokio::time::sleep(idle) => {}
        }
    }
}
