//! When the gateway is asked again, and what ends when nobody asks any more.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;

use super::attempts::Refusal;
use super::decline;
use crate::auth::SystemScope;
use crate::db::schema::gateway_sessions;
use crate::email_payments::commands::close;
use crate::email_payments::lookups::{self, GatewaySession};
use crate::email_payments::model::{EmailPayment, Event, Status};
use crate::email_payments::queries;
use crate::gateway::AttemptStatus;
use crate::kernel::Error;

/// The pauses of the reconciler after its first check, which `prepare` plans; then hourly.
const CHECKS: [Duration; 3] = [Duration::minutes(5), Duration::minutes(15), Duration::minutes(60)];
/// Money may still come this long after a page has ended.
const CHECK_AFTER_END: Duration = Duration::hours(24);

/// What the gateway's answer means for asking again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// Nothing follows any more.
    End,
    /// A try on this page has no outcome yet.
    Undecided,
    /// Something may follow, or nothing was heard.
    Nothing,
}

/// When to ask again: after 2, 5, 15 and 60 minutes, then hourly until a day after the end. A try that
/// still hangs when nobody asks any more has ended.
pub fn plan_next_check(
    conn: &mut PgConnection,
    scope: SystemScope,
    session: &GatewaySession,
    said: Said,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let payment = queries::lock(conn, scope.into(), session.email_payment_id)?;
    let place = usize::try_from(session.checks).unwrap_or(usize::MAX);
    let pause = CHECKS.get(place).copied().unwrap_or(Duration::hours(1));
    let next = now + pause;
    let is_over = said == Said::End || next > session.expires_at + CHECK_AFTER_END;
    let ours = gateway_sessions::table
        .filter(gateway_sessions::merchant_id.eq(session.merchant_id))
        .filter(gateway_sessions::id.eq(session.id));
    diesel::update(ours)
        .set((
            gateway_sessions::next_check_at.eq((!is_over).then_some(next)),
            gateway_sessions::checks.eq(gateway_sessions::checks + 1),
        ))
        .execute(conn)?;
    if !is_over || payment.status != Status::Processing {
        return Ok(());
    }
    // Where nothing was heard, the try may be on another page of the payment, which is still asked about.
    let is_last = said == Said::Undecided
        || lookups::live_sessions(conn, scope.into(), payment.id)?.is_empty();
    if is_last { end_hanging(conn, scope, payment, now) } else { Ok(()) }
}

/// Ends a try that the gateway never decided, as nobody could end it by hand: with its payment, whose link
/// lives on where that was extended meanwhile. Money that comes all the same is taken.
fn end_hanging(
    conn: &mut PgConnection,
    scope: SystemScope,
    payment: EmailPayment,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let last = queries::attempts(conn, scope.into(), payment.id)?.into_iter().next();
    let Some(hanging) = last.filter(|last| last.status == AttemptStatus::Pending) else {
        return Ok(());
    };
    let originator = queries::originator(conn, scope.merchant_id(), payment.originator_id)?;
    let attempts_left = payment.attempts < originator.attempts_max;
    let in_time = now < payment.expires_at;
    let event = Event::Declined { attempts_left, in_time };
    if in_time {
        decline(conn, scope, payment, event, &Refusal::hung(&hanging), &originator, now)?;
        return Ok(());
    }
    match payment.status.after(event) {
        Some(next) => close(conn, scope, &payment, next, now),
        None => Ok(()),
    }
}
