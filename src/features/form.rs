//! What was typed → what was meant.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::Deserialize;

use super::commands::Wanted;
use super::model::Feature;
use crate::kernel::{Error, Texts, dates};
use crate::web::{Faults, reason};

/// How far ahead a change may be decided.
const AHEAD_MAX: Duration = Duration::days(366);

/// A change as it is typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeForm {
    #[serde(default)]
    pub feature: String,
    /// `on` or `off`; nothing is chosen beforehand.
    #[serde(default)]
    pub state: String,
    /// A day; empty: now.
    #[serde(default)]
    pub from: String,
    #[serde(default)]
    pub reason: String,
}

impl ChangeForm {
    /// # Errors
    /// [`Error::Malformed`]: no such feature or state: no page of ours sends that.
    pub fn validate(
        &self,
        t: &Texts,
        zone: Tz,
        now: DateTime<Utc>,
    ) -> Result<Result<Wanted, Faults>, Error> {
        let feature = Feature::parse(&self.feature).ok_or(Error::Malformed("no such feature"))?;
        let mut faults = Faults::default();
        let is_on = match self.state.as_str() {
            "on" => Some(true),
            "off" => Some(false),
            "" => faults.keep("state", Err(t.msg_feature_fault_state())),
            _ => return Err(Error::Malformed("no such state")),
        };
        let from = faults
            .keep("from", from(&self.from, zone, now).ok_or_else(|| t.msg_feature_fault_from()));
        let reason = faults.keep("reason", reason(&self.reason, t));
        Ok(match (is_on, from, reason) {
            (Some(is_on), Some(from), Some(reason)) => Ok(Wanted { feature, is_on, from, reason }),
            _ => Err(faults),
        })
    }
}

/// The first instant of the day that was typed; today is now.
fn from(typed: &str, zone: Tz, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    if typed.trim().is_empty() {
        return Some(now);
    }
    let day: NaiveDate = typed.trim().parse().ok()?;
    let today = now.with_timezone(&zone).date_naive();
    let from = dates::start_of(day, zone).max(now);
    (day >= today && from - now <= AHEAD_MAX).then_some(from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_with_its_first_instant_where_the_merchant_is() {
        let now: DateTime<Utc> = "2026-11-28T22:30:00Z".parse().unwrap();
        let zone = chrono_tz::Europe::Rome;
        assert_eq!(from("", zone, now), Some(now));
        assert_eq!(from("2026-11-28", zone, now), Some(now));
        let next = "2026-11-28T23:00:00Z".parse().unwrap();
        assert_eq!(from("2026-11-29", zone, now), Some(next));
        for wrong in ["2026-11-27", "2028-01-01", "tomorrow"] {
            assert_eq!(from(wrong, zone, now), None, "{wrong}");
        }
    }
}
