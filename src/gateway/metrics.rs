//! Figures of the calls, for operators, in the text format of Prometheus.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::call::{Call, Ending};

struct Cell {
    count: AtomicU64,
    micros: AtomicU64,
}

/// By call, then by ending.
static CELLS: [[Cell; Ending::ALL.len()]; Call::ALL.len()] = [const {
    [const { Cell { count: AtomicU64::new(0), micros: AtomicU64::new(0) } }; Ending::ALL.len()]
}; Call::ALL.len()];

/// Counts one call.
pub fn count(call: Call, ending: Ending, duration: Duration) {
    if let Some(cell) = CELLS.get(call as usize).and_then(|row| row.get(ending as usize)) {
        let micros = u64::try_from(duration.as_micros()).unwrap_or(u64::MAX);
        cell.count.fetch_add(1, Ordering::Relaxed);
        cell.micros.fetch_add(micros, Ordering::Relaxed);
    }
}

/// Calls of the gateway by name and outcome, and how long they took together. What never happened is
/// left out.
#[must_use]
pub fn metrics() -> String {
    let mut counts = String::from("# TYPE central_gateway_calls_total counter\n");
    let mut times = String::from("# TYPE central_gateway_call_seconds_total counter\n");
    for (call, row) in Call::ALL.iter().zip(&CELLS) {
        for (ending, cell) in Ending::ALL.iter().zip(row) {
            let count = cell.count.load(Ordering::Relaxed);
            if count == 0 {
                continue;
            }
            let labels = format!("call=\"{}\",outcome=\"{}\"", call.name(), ending.name());
            let micros = cell.micros.load(Ordering::Relaxed);
            let (seconds, rest) = (micros / 1_000_000, micros % 1_000_000);
            let _ = writeln!(counts, "central_gateway_calls_total{{{labels}}} {count}");
            let _ = writeln!(
                times,
                "central_gateway_call_seconds_total{{{labels}}} {seconds}.{rest:06}"
            );
        }
    }
    counts + &times
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_call_is_counted_by_name_and_outcome() {
        count(Call::Rebill, Ending::HeldBack, Duration::from_millis(1_500));
        let text = metrics();
        let labels = "{call=\"rebill\",outcome=\"held_back\"}";
        assert!(text.contains(&format!("central_gateway_calls_total{labels} 1\n")), "{text}");
        assert!(
            text.contains(&format!("central_gateway_call_seconds_total{labels} 1.500000\n")),
            "{text}"
        );
        assert!(!text.contains("confirm_refund"), "{text}");
    }
}
