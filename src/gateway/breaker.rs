//! Rest for a gateway that does not answer: after some failures in a row an originator's calls fail at
//! once, so that nobody waits twenty seconds for each, and it is not asked more than it can bear.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Duration, Utc};

use super::call::Host;

/// So many failures in a row, and calls are held back.
pub const FAILURES_MAX: u32 = 5;
/// How long. Then one call goes through; the others wait for its end, or as long again.
pub const REST: Duration = Duration::seconds(10);

/// One for each process. Kept by host and originator: an account that hangs at its acquirer stops
/// nobody else.
#[derive(Default)]
pub struct Breaker {
    failing: Mutex<HashMap<(Host, String), Failing>>,
}

struct Failing {
    in_a_row: u32,
    rests_until: DateTime<Utc>,
}

impl Breaker {
    /// Whether a call may be made now. After a rest the first that asks is told yes.
    pub fn may_ask(&self, host: Host, originator: &str, now: DateTime<Utc>) -> bool {
        let mut failing = self.lock();
        let Some(line) = failing.get_mut(&(host, originator.to_owned())) else { return true };
        if line.in_a_row < FAILURES_MAX {
            return true;
        }
        // A clock that was set back may not hold calls for longer than one rest.
        let is_over = now >= line.rests_until || line.rests_until - now > REST;
        if is_over {
            line.rests_until = now + REST;
        }
        is_over
    }

    /// The gateway has answered, whatever it said.
    pub fn answered(&self, host: Host, originator: &str) {
        self.lock().remove(&(host, originator.to_owned()));
    }

    /// It has not. `true`: from now on calls are held back.
    pub fn failed(&self, host: Host, originator: &str, now: DateTime<Utc>) -> bool {
        let mut failing = self.lock();
        let line = failing
            .entry((host, originator.to_owned()))
            .or_insert(Failing { in_a_row: 0, rests_until: now });
        line.in_a_row = line.in_a_row.saturating_add(1);
        line.rests_until = now + REST;
        line.in_a_row == FAILURES_MAX
    }

    /// How many originators have calls held back, at either host.
    pub fn held_back(&self) -> usize {
        let failing = self.lock();
        let open = failing.iter().filter(|(_, line)| line.in_a_row >= FAILURES_MAX);
        open.map(|((_, originator), _)| originator).collect::<HashSet<_>>().len()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<(Host, String), Failing>> {
        self.failing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_764_000_000, 0).unwrap()
    }

    fn broken() -> Breaker {
        let breaker = Breaker::default();
        for failure in 1..=FAILURES_MAX {
            assert!(breaker.may_ask(Host::Page, "100001", now()), "{failure}");
            assert_eq!(breaker.failed(Host::Page, "100001", now()), failure == FAILURES_MAX);
        }
        breaker
    }

    #[test]
    fn after_five_failures_in_a_row_nobody_asks_for_ten_seconds() {
        let breaker = broken();
        assert!(!breaker.may_ask(Host::Page, "100001", now()));
        assert!(!breaker.may_ask(Host::Page, "100001", now() + REST - Duration::milliseconds(1)));
        assert!(breaker.may_ask(Host::Page, "100002", now()), "another originator");
        assert!(breaker.may_ask(Host::Payments, "100001", now()), "another host");
        assert_eq!(breaker.held_back(), 1);
    }

    #[test]
    fn after_the_rest_one_goes_through_and_decides() {
        let breaker = broken();
        let later = now() + REST;
        assert!(breaker.may_ask(Host::Page, "100001", later));
        assert!(!breaker.may_ask(Host::Page, "100001", later), "only one");
        assert!(!breaker.failed(Host::Page, "100001", later), "that was told before");
        assert!(!breaker.may_ask(Host::Page, "100001", later + Duration::seconds(9)));
        assert!(breaker.may_ask(Host::Page, "100001", later + REST));
        breaker.answered(Host::Page, "100001");
        assert!(
            breaker.may_ask(Host::Page, "100001", later + REST)
                && breaker.may_ask(Host::Page, "100001", later + REST)
        );
    }

    #[test]
    fn a_probe_that_never_comes_back_is_followed_by_another() {
        let breaker = broken();
        assert!(breaker.may_ask(Host::Page, "100001", now() + REST));
        assert!(breaker.may_ask(Host::Page, "100001", now() + REST + REST));
    }

    #[test]
    fn an_answer_between_failures_begins_the_count_anew() {
        let breaker = Breaker::default();
        for _ in 0..3 {
            for _ in 1..FAILURES_MAX {
                breaker.failed(Host::Page, "100001", now());
            }
            breaker.answered(Host::Page, "100001");
        }
        assert!(breaker.may_ask(Host::Page, "100001", now()));
    }

    #[test]
    fn a_clock_that_is_set_back_holds_nothing() {
        let breaker = broken();
        assert!(breaker.may_ask(Host::Page, "100001", now() - Duration::days(1)));
    }
}
