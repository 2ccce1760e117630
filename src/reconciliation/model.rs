//! What is read when, and in which windows; what a difference is. Pure.

use chrono::{DateTime, Duration, Utc};

use crate::db::columns::text_column;
use crate::gateway::{WINDOW_MAX, Window};
use crate::kernel::Error;

text_column! {
    /// What the gateway lists: each is read on its own, so that one that fails keeps no other waiting.
    GatewayList {
        Transactions = "transactions",
        Chargebacks = "chargebacks",
    }
}

text_column! {
    /// How far back a round reads again: transactions may be told hours or days late.
    Round {
        TwoHours = "two_hours",
        TwoDays = "two_days",
        ThirtyDays = "thirty_days",
    }
}

impl GatewayList {
    /// Banks take weeks to charge back: nobody waits for the minute.
    const fn pause(self) -> Duration {
        match self {
            Self::Transactions => Duration::zero(),
            Self::Chargebacks => Duration::hours(1),
        }
    }
}

impl Round {
    const fn span(self) -> Duration {
        match self {
            Self::TwoHours => Duration::hours(2),
            Self::TwoDays => Duration::hours(48),
            Self::ThirtyDays => Duration::days(30),
        }
    }

    /// How long after its end the same round begins anew.
    const fn every(self) -> Duration {
        match self {
            Self::TwoHours => Duration::minutes(10),
            Self::TwoDays => Duration::hours(1),
            Self::ThirtyDays => Duration::hours(24),
        }
    }
}

text_column! {
    /// Why a window could not be read.
    Failure {
        /// No answer, none that can be read, or the credentials are refused.
        Unavailable = "unavailable",
        /// One second has more transactions than an answer can hold.
        TooLarge = "too_large",
        /// Our fault.
        Internal = "internal",
    }
}

impl Failure {
    pub const fn of(error: &Error) -> Self {
        match error {
            Error::Unavailable(..) | Error::NotFound => Self::Unavailable,
            Error::TooLarge => Self::TooLarge,
            Error::SignInRequired
            | Error::FreshSignInRequired
            | Error::Forbidden(_)
            | Error::Conflict
            | Error::Malformed(_)
            | Error::UnsupportedMedia
            | Error::TooManyRequests { .. }
            | Error::ForeignForm
            | Error::Internal(_) => Self::Internal,
        }
    }
}

text_column! {
    /// How an email payment and the transactions disagree.
    DifferenceKind {
        /// It is paid, and no transaction took its money.
        Missing = "missing",
        /// It is paid, and its transactions took another amount.
        Amount = "amount",
        /// More than one attempt succeeded.
        Twice = "twice",
        /// Money was taken, and it is not paid.
        Unexpected = "unexpected",
        /// What went back is not what its transactions gave back.
        Refunds = "refunds",
        /// The gateway sent what can't be read.
        Unreadable = "unreadable",
    }
}

text_column! {
    /// What became of a difference.
    DifferenceState {
        Open = "open",
        /// Somebody has looked at it.
        Settled = "settled",
        /// The two agree again by themselves.
        Gone = "gone",
    }
}

/// Nothing older than this is read: the gateway keeps receipts as long.
pub const LOOK_BACK: Duration = Duration::days(396);

/// The first window; those of quiet originators grow soon.
pub const FIRST_WINDOW: Duration = Duration::days(1);

/// An answer with fewer transactions than this lets the next window be twice as long: half of what an
/// answer can hold stays free.
const ROOMY: usize = 10_000;

/// The pause after a failure, which doubles with each further one.
const PAUSE: Duration = Duration::minutes(1);
const PAUSE_MAX: Duration = Duration::hours(1);

/// Where the reading of one list stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    pub list: GatewayList,
    pub starts_at: DateTime<Utc>,
    /// What lies before it was read at least once.
    pub read_until: DateTime<Utc>,
    /// The round that runs: where it goes on, and where it ends.
    pub running: Option<(Round, DateTime<Utc>, DateTime<Utc>)>,
    /// When each round is due, in the order of [`Round::ALL`].
    pub due: [DateTime<Utc>; 3],
    pub window: Duration,
    pub failures: i32,
}

/// What is to be read next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    pub round: Round,
    pub from: DateTime<Utc>,
    pub to: DateTime<Utc>,
    /// Where the round ends.
    pub until: DateTime<Utc>,
}

impl Step {
    #[must_use]
    pub fn window(&self) -> Option<Window> {
        Window::new(self.from, self.to)
    }

    /// Whether the round ends with it.
    #[must_use]
    pub fn is_last(&self) -> bool {
        self.to >= self.until
    }

    fn length(&self) -> Duration {
        self.to - self.from
    }
}

impl Progress {
    /// Where nothing was read yet.
    #[must_use]
    pub fn beginning(list: GatewayList, created_at: DateTime<Utc>, now: DateTime<Utc>) -> Self {
        let starts_at = created_at.max(now - LOOK_BACK);
        let due = [now; 3];
        let window = FIRST_WINDOW;
        Self { list, starts_at, read_until: starts_at, running: None, due, window, failures: 0 }
    }

    /// The next window. Where several rounds are due, the one that reaches back farthest reads for all of
    /// them. `None`: none is due, or nothing lies in it.
    #[must_use]
    pub fn next(&self, now: DateTime<Utc>) -> Option<Step> {
        let (round, from, until) = self.running.or_else(|| self.begins(now))?;
        let to = until.min(from + self.window);
        // Windows are whole seconds.
        (from.timestamp() < to.timestamp()).then_some(Step { round, from, to, until })
    }

    fn begins(&self, now: DateTime<Utc>) -> Option<(Round, DateTime<Utc>, DateTime<Utc>)> {
        let rounds = Round::ALL.iter().copied().zip(self.due).rev();
        let round = rounds.filter(|(_, due)| *due <= now).map(|(round, _)| round).next()?;
        let from = self.read_until.min(now - round.span()).max(self.starts_at);
        Some((round, from, now))
    }

    /// After a window whose answer held so many transactions.
    #[must_use]
    pub fn read(mut self, step: &Step, found: usize, now: DateTime<Utc>) -> Self {
        self.failures = 0;
        self.read_until = self.read_until.max(step.to);
        // What was cut at the round's end tells nothing about what fits.
        if found < ROOMY && step.length() >= self.window {
            self.window = (self.window * 2).min(WINDOW_MAX);
        }
        if step.is_last() {
            self.running = None;
            self.rest(step.round, now);
        } else {
            self.running = Some((step.round, step.to, step.until));
        }
        self
    }

    /// Nothing was to be read: all that is due is due a little later, as none of it was done.
    #[must_use]
    pub fn idle(mut self, now: DateTime<Utc>) -> Self {
        self.running = None;
        let soon = now + Round::TwoHours.every().max(self.list.pause());
        self.due = self.due.map(|due| due.max(soon));
        self
    }

    /// A round reads for the shorter ones, too.
    fn rest(&mut self, done: Round, now: DateTime<Utc>) {
        for (round, due) in Round::ALL.iter().zip(&mut self.due) {
            if round.span() <= done.span() {
                *due = now + round.every().max(self.list.pause());
            }
        }
    }

    /// After a window that could not be read. An answer that was too long is no failure as long as the
    /// window can be halved; one that never came may have been too long, too.
    #[must_use]
    pub fn failed(mut self, step: &Step, failure: Failure) -> Self {
        let half = Duration::seconds((step.length().num_seconds() / 2).max(1));
        self.running = Some((step.round, step.from, step.until));
        match failure {
            Failure::TooLarge if step.length() > Duration::seconds(1) => self.window = half,
            Failure::Unavailable => {
                self.window = self.window.min(half.max(Duration::hours(1)));
                self.failures = self.failures.saturating_add(1);
            }
            Failure::TooLarge | Failure::Internal => {
                self.failures = self.failures.saturating_add(1);
            }
        }
        self
    }

    /// The first instant at which anything is to do.
    #[must_use]
    pub fn next_at(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        let soonest = self.due.into_iter().min().unwrap_or(now);
        match (self.failures, self.running) {
            (0, Some(_)) => now,
            (0, None) => soonest,
            (failures, _) => {
                let doubled = PAUSE * 2_i32.pow(u32::try_from(failures - 1).unwrap_or(0).min(10));
                now + doubled.min(PAUSE_MAX)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn now() -> DateTime<Utc> {
        at("2026-11-28T12:00:00Z")
    }

    /// Reads windows until nothing is due: their beginnings and ends.
    fn all(mut progress: Progress, found: usize) -> (Progress, Vec<Step>) {
        let mut steps = Vec::new();
        while let Some(step) = progress.next(now()) {
            steps.push(step);
            progress = progress.read(&step, found, now());
            assert!(steps.len() < 1_000, "it ends");
        }
        (progress, steps)
    }

    #[test]
    fn windows_meet_from_the_first_instant_to_now_and_grow() {
        let created = at("2026-05-01T08:00:00Z");
        let (progress, steps) =
            all(Progress::beginning(GatewayList::Transactions, created, now()), 10);
        assert_eq!(steps.first().unwrap().from, created);
        assert_eq!(steps.last().unwrap().to, now());
        assert!(steps.windows(2).all(|two| two[0].to == two[1].from));
        assert!(steps.len() < 15, "{}", steps.len());
        assert_eq!(progress.read_until, now());
        assert_eq!(progress.next_at(now()), now() + Duration::minutes(10));
    }

    #[test]
    fn nothing_is_read_from_more_than_thirteen_months_ago() {
        let progress =
            Progress::beginning(GatewayList::Transactions, at("2020-01-01T00:00:00Z"), now());
        assert_eq!(progress.starts_at, now() - LOOK_BACK);
    }

    #[test]
    fn what_is_late_is_found_by_reading_two_hours_two_days_and_thirty_days_again() {
        let (progress, _) = all(
            Progress::beginning(GatewayList::Transactions, at("2026-01-01T00:00:00Z"), now()),
            10,
        );
        for (later, round, from) in [
            (Duration::minutes(10), Round::TwoHours, Duration::hours(2)),
            (Duration::hours(1), Round::TwoDays, Duration::hours(48)),
            (Duration::hours(24), Round::ThirtyDays, Duration::days(30)),
        ] {
            let step = progress.next(now() + later).unwrap();
            assert_eq!((step.round, step.from), (round, now() + later - from));
        }
        assert_eq!(progress.next(now() + Duration::minutes(1)), None);
    }

    #[test]
    fn a_process_that_was_away_for_days_goes_on_where_it_was() {
        let (progress, _) = all(
            Progress::beginning(GatewayList::Transactions, at("2026-01-01T00:00:00Z"), now()),
            10,
        );
        let mut away = progress;
        away.due =
            [now() + Duration::minutes(10), at("2027-01-01T00:00:00Z"), at("2027-01-01T00:00:00Z")];
        let step = away.next(now() + Duration::days(9)).unwrap();
        assert_eq!((step.round, step.from), (Round::TwoHours, now()));
    }

    #[test]
    fn windows_halve_down_to_a_second_before_a_long_answer_is_a_failure() {
        let mut progress =
            Progress::beginning(GatewayList::Transactions, now() - Duration::hours(1), now());
        let mut tries = 0;
        while progress.failures == 0 {
            let step = progress.next(now()).unwrap();
            assert_eq!(step.from, now() - Duration::hours(1), "no second is left out");
            progress = progress.failed(&step, Failure::TooLarge);
            tries += 1;
            assert!(tries < 20);
        }
        assert_eq!(progress.next(now()).unwrap().length(), Duration::seconds(1));
        assert_eq!(tries, 12);
    }

    #[test]
    fn failures_in_a_row_are_followed_by_longer_pauses() {
        let mut progress =
            Progress::beginning(GatewayList::Transactions, now() - Duration::days(9), now());
        let mut pauses = Vec::new();
        for _ in 0..8 {
            let step = progress.next(now()).unwrap();
            progress = progress.failed(&step, Failure::Unavailable);
            pauses.push((progress.next_at(now()) - now()).num_minutes());
        }
        assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 60, 60]);
        let step = progress.next(now()).unwrap();
        assert_eq!(step.length(), Duration::hours(1), "it may have been too much");
        assert_eq!(progress.read(&step, 0, now()).failures, 0);
    }

    #[test]
    fn an_originator_of_this_very_second_has_nothing_to_be_read() {
        let progress = Progress::beginning(GatewayList::Transactions, now(), now());
        assert_eq!(progress.next(now()), None);
        assert_eq!(progress.idle(now()).next_at(now()), now() + Duration::minutes(10));
    }
}
