//! Ending a request without money: by the merchant, or by the clock.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Integer, Timestamptz, Uuid as SqlUuid};
use diesel::{QueryableByName, sql_query};
use serde_json::json;

use super::remind::skip_reminders;
use super::send::retire_sessions;
use super::{Acted, Writer};
use crate::auth::audit::{Actor, By};
use crate::auth::{MerchantScope, SystemScope};
use crate::db::schema::{email_payments, mails};
use crate::db::{Db, Tenants};
use crate::email_payments::history::{
    Happening, audit_event, audit_payment, queue_cancelled, record, row,
};
use crate::email_payments::model::{EmailPayment, EndReason, Event, Hindrance, Status};
use crate::email_payments::plan::ReminderReason;
use crate::email_payments::queries::{self, EventKind};
use crate::jobs;
use crate::kernel::{EmailPaymentId, Error, MerchantId};
use crate::mail::{MailKind, MailState};

/// Cancels a payment that nobody is paying right now. Its link stops at once; a customer who was
/// written to is told at `told_at`.
pub fn cancel(
    conn: &mut PgConnection,
    scope: MerchantScope,
    writer: &Writer,
    id: EmailPaymentId,
    reason: &str,
    told_at: DateTime<Utc>,
) -> Acted<EmailPayment> {
    let current = queries::lock(conn, scope, id)?;
    let Some(next) = current.status.after(Event::Cancelled) else {
        return Ok(Err(Hindrance::Status(current.status)));
    };
    diesel::update(row(scope.merchant_id(), id))
        .set((
            email_payments::status.eq(next),
            email_payments::end_reason.eq(EndReason::ByMerchant),
            email_payments::ended_at.eq(writer.now),
        ))
        .execute(conn)?;
    retire_sessions(conn, scope.merchant_id(), id)?;
    skip_reminders(conn, scope.merchant_id(), id, ReminderReason::Cancelled, writer.now)?;
    if current.status == Status::Open && was_written_to(conn, &current)? {
        queue_cancelled(conn, &current, told_at, writer.now)?;
    }
    let mut happening = Happening::by_user(scope.merchant_id(), id, EventKind::Cancelled, writer);
    if !reason.is_empty() {
        happening.details = json!({ "reason": reason });
    }
    record(conn, &happening, Some(current.status), Some(next))?;
    audit_payment(
        conn,
        writer,
        scope.merchant_id(),
        id,
        "email_payment.cancel",
        Some(json!({ "status": current.status.as_str() })),
        Some(json!({ "status": next.as_str() })),
    )?;
    Ok(Ok(current))
}

/// Whether the customer has got, or is getting at this moment, a mail with the link, whatever became of later ones.
pub fn was_written_to(conn: &mut PgConnection, payment: &EmailPayment) -> Result<bool, Error> {
    let sent = mails::table
        .filter(mails::merchant_id.eq(payment.merchant_id))
        .filter(mails::email_payment_id.eq(payment.id))
        .filter(mails::recipient.eq(&payment.customer_email))
        .filter(mails::kind.eq_any(MailKind::WITH_LINK))
        .filter(mails::state.eq_any([MailState::Sent, MailState::Sending]));
    Ok(diesel::select(diesel::dsl::exists(sent)).get_result(conn)?)
}

#[derive(Debug, QueryableByName)]
pub struct Due {
    #[diesel(sql_type = SqlUuid)]
    pub merchant_id: MerchantId,
    #[diesel(sql_type = SqlUuid)]
    pub email_payment_id: EmailPaymentId,
}

/// Job: payments whose time is over. Where an attempt runs, the answer decides instead.
pub async fn expire_due(db: &Db, now: DateTime<Utc>) -> Result<usize, Error> {
    let claim = move |conn: &mut PgConnection| -> Result<Vec<Due>, Error> {
        Ok(sql_query("SELECT * FROM email_payments_due($1, $2)")
            .bind::<Timestamptz, _>(now)
            .bind::<Integer, _>(100)
            .load(conn)?)
    };
    let due = db.run(Tenants::none(), claim).await?;
    let end = async |&Due { merchant_id, email_payment_id }: &Due| {
        let scope = SystemScope::found(merchant_id);
        db.run(scope.tenants(), move |conn| expire(conn, scope, email_payment_id, now)).await
    };
    Ok(jobs::each("a payment could not expire", &due, end).await)
}

/// Ends one payment whose time is over; nothing where it may not end (any more).
pub fn expire(
    conn: &mut PgConnection,
    scope: SystemScope,
    id: EmailPaymentId,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let current = queries::lock(conn, scope.into(), id)?;
    let is_over = current.expires_at <= now;
    match current.status.after(Event::DeadlinePassed).filter(|_| is_over) {
        Some(next) => close(conn, scope, &current, next, now),
        None => Ok(()),
    }
}

/// Ends a payment, whose row the caller holds, because its time is over.
pub fn close(
    conn: &mut PgConnection,
    scope: SystemScope,
    payment: &EmailPayment,
    next: Status,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let id = payment.id;
    diesel::update(row(scope.merchant_id(), id))
        .set((
            email_payments::status.eq(next),
            email_payments::end_reason.eq(EndReason::DateReached),
            email_payments::ended_at.eq(now),
        ))
        .execute(conn)?;
    skip_reminders(conn, scope.merchant_id(), id, ReminderReason::Expired, now)?;
    let happening = Happening::by(scope.merchant_id(), id, EventKind::Expired, Actor::Clock, now);
    record(conn, &happening, Some(payment.status), Some(next))?;
    audit_event(
        conn,
        &By::other(Actor::Clock),
        scope.merchant_id(),
        id,
        "email_payment.expire",
        None,
        None,
    )
}
