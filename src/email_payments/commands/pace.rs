//! How fast many payments may be made at once: within the limit of mails of a merchant, and with room
//! left for what its people send by hand (decision 13).

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;

use super::send::MAILS_OF_MERCHANT;
use crate::auth::MerchantScope;
use crate::db::schema::mails;
use crate::kernel::Error;
use crate::mail::MailKind;

/// Of a merchant's mails in an hour, those that are left to its people.
const LEFT_TO_PEOPLE: i64 = 100;
/// A merchant's mails in an hour, after which payments made in bulk wait.
const IN_BULK: i64 = MAILS_OF_MERCHANT - LEFT_TO_PEOPLE;

/// How many payments may be made in bulk now, and when the next ones may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    pub room: i64,
    /// Now, where there is room.
    pub next_at: DateTime<Utc>,
}

impl Pace {
    /// About when the last of `count` payments will be made, if nobody sends anything else.
    #[must_use]
    pub fn last_at(&self, count: i64) -> DateTime<Utc> {
        let later = (count - self.room).max(0);
        let hours = (later + IN_BULK - 1) / IN_BULK;
        // Without any room the first of those hours begins at `next_at`.
        let hours = if self.room == 0 { (hours - 1).max(0) } else { hours };
        self.next_at + Duration::hours(hours)
    }
}

/// When the `number`th of many letters, from 1 on, leaves that begin at `from`.
#[must_use]
pub fn paced(from: DateTime<Utc>, number: i32) -> DateTime<Utc> {
    from + Duration::hours((i64::from(number) - 1).max(0) / IN_BULK)
}

/// The merchant's pace, by the mails of the hour before `now`.
pub fn bulk_pace(
    conn: &mut PgConnection,
    scope: MerchantScope,
    now: DateTime<Utc>,
) -> Result<Pace, Error> {
    let hour_ago = now - Duration::hours(1);
    let in_hour = mails::table
        .filter(mails::merchant_id.eq(scope.merchant_id()))
        .filter(mails::kind.eq_any(MailKind::BY_MERCHANT))
        .filter(mails::created_at.gt(hour_ago));
    let count: i64 = in_hour.clone().count().get_result(conn)?;
    let room = (IN_BULK - count).max(0);
    if room > 0 {
        return Ok(Pace { room, next_at: now });
    }
    // With the mail that leaves the hour at that moment there is room for one.
    let last: DateTime<Utc> = in_hour
        .select(mails::created_at)
        .order(mails::created_at.desc())
        .offset(IN_BULK - 1)
        .first(conn)?;
    Ok(Pace { room, next_at: last + Duration::hours(1) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_payment_is_made_when_the_hours_before_it_have_passed() {
        let now: DateTime<Utc> = "2026-11-28T10:00:00Z".parse().unwrap();
        let at = |room, count| (Pace { room, next_at: now }).last_at(count) - now;
        assert_eq!(at(400, 1), Duration::zero());
        assert_eq!(at(400, 400), Duration::zero());
        assert_eq!(at(400, 401), Duration::hours(1));
        assert_eq!(at(400, 10_000), Duration::hours(24));
        assert_eq!(at(0, 1), Duration::zero());
        assert_eq!(at(0, 401), Duration::hours(1));
    }

    #[test]
    fn letters_about_what_is_done_already_leave_hour_by_hour() {
        let now: DateTime<Utc> = "2026-11-28T10:00:00Z".parse().unwrap();
        let after = |number| paced(now, number) - now;
        assert_eq!([1, 400].map(after), [Duration::zero(); 2]);
        assert_eq!([401, 800].map(after), [Duration::hours(1); 2]);
        assert_eq!(after(10_000), Duration::hours(24));
    }
}
