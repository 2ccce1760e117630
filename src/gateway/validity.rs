//! How long a payment page may be used, in the ten characters that the gateway gives it.

use std::fmt;

use chrono::{DateTime, Duration, Utc};

/// A length of time that the wire can say: whole minutes, below an hour with seconds. Rounded down,
/// so that no page outlives its payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validity {
    seconds: i64,
}

const HOUR: i64 = 3_600;

impl Validity {
    /// From now until a payment's end; at least a second.
    #[must_use]
    pub fn until(expires_at: DateTime<Utc>, now: DateTime<Utc>) -> Self {
        let seconds = (expires_at - now).num_seconds().max(1);
        let unit = if seconds < HOUR { 1 } else { 60 };
        Self { seconds: seconds - seconds % unit }
    }

    #[must_use]
    pub fn duration(self) -> Duration {
        Duration::seconds(self.seconds)
    }
}

impl fmt::Display for Validity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.seconds / 60, self.seconds % 60) {
            (minutes, 0) => write!(f, "PT{minutes}M"),
            (0, seconds) => write!(f, "PT{seconds}S"),
            (minutes, seconds) => write!(f, "PT{minutes}M{seconds}S"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn validities_fit_into_ten_characters_and_never_grow() {
        let now = DateTime::from_timestamp(1_764_000_000, 0).unwrap();
        for (seconds, expected) in [
            (-5, "PT1S"),
            (59, "PT59S"),
            (3_599, "PT59M59S"),
            (3_600, "PT60M"),
            (30 * 24 * HOUR + 59, "PT43200M"),
            (91 * 24 * HOUR - 1, "PT131039M"),
        ] {
            let validity = Validity::until(now + Duration::seconds(seconds), now);
            assert_eq!(validity.to_string(), expected);
            assert!(expected.len() <= 10 && validity.duration().num_seconds() <= seconds.max(1));
        }
    }
}
