//! How long a payment page may be used, in the ten characters that the gateway gives it.

use std::fmt;

use chrono::{DateTime, Duration, Utc};

/// A length of time that the wire can say: days and hours; below a day hours and minutes; below an
/// hour minutes and seconds. Rounded down, so that no page outlives its payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validity {
    seconds: i64,
}

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

impl Validity {
    /// From now until a payment's end; at least a second.
    #[must_use]
    pub fn until(expires_at: DateTime<Utc>, now: DateTime<Utc>) -> Self {
        let seconds = (expires_at - now).num_seconds().max(1);
        let unit = match seconds {
            DAY.. => HOUR,
            HOUR.. => 60,
            _ => 1,
        };
        Self { seconds: seconds - seconds % unit }
    }

    #[must_use]
    pub fn duration(self) -> Duration {
        Duration::seconds(self.seconds)
    }
}

impl fmt::Display for Validity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (days, hours) = (self.seconds / DAY, self.seconds % DAY / HOUR);
        let (minutes, seconds) = (self.seconds % HOUR / 60, self.seconds % 60);
        match (days, hours, minutes, seconds) {
            (1.., 0, ..) => write!(f, "P{days}D"),
            (1.., ..) => write!(f, "P{days}DT{hours}H"),
            (_, 1.., 0, _) => write!(f, "PT{hours}H"),
            (_, 1.., ..) => write!(f, "PT{hours}H{minutes}M"),
            (.., 1.., 0) => write!(f, "PT{minutes}M"),
            (.., 1.., _) => write!(f, "PT{minutes}M{seconds}S"),
            _ => write!(f, "PT{seconds}S"),
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
            (3_600, "PT1H"),
            (86_399, "PT23H59M"),
            (86_400, "P1D"),
            (30 * DAY + 8 * HOUR + 59, "P30DT8H"),
            (90 * DAY + 23 * HOUR + 3_599, "P90DT23H"),
        ] {
            let validity = Validity::until(now + Duration::seconds(seconds), now);
            assert_eq!(validity.to_string(), expected);
            assert!(expected.len() <= 10 && validity.duration().num_seconds() <= seconds.max(1));
        }
    }
}
