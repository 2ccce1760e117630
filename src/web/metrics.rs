//! Figures for the operators, in the text format of Prometheus.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};

use actix_web::http::StatusCode;

/// Answers by the first digit of their status: 1xx to 5xx.
static ANSWERS: [AtomicU64; 5] = [const { AtomicU64::new(0) }; 5];

/// Counts an answer.
pub fn count(status: StatusCode) {
    let class = usize::from(status.as_u16() / 100).saturating_sub(1);
    if let Some(answers) = ANSWERS.get(class) {
        answers.fetch_add(1, Ordering::Relaxed);
    }
}

/// The figures, after so many seconds of life.
#[must_use]
pub fn metrics(uptime_seconds: u64) -> String {
    let mut text = format!(
        "# TYPE central_uptime_seconds gauge\ncentral_uptime_seconds {uptime_seconds}\n\
         # TYPE central_http_responses_total counter\n"
    );
    for (class, answers) in ANSWERS.iter().enumerate() {
        let count = answers.load(Ordering::Relaxed);
        let _ = writeln!(text, "central_http_responses_total{{class=\"{}xx\"}} {count}", class + 1);
    }
    text
}
