//! Reminders: by hand, and planned ones when they are due.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, Integer, Timestamptz, Uuid as SqlUuid};
use diesel::{QueryableByName, sql_query};
use serde_json::json;

use super::send::{note_mail, too_many_mails};
use super::{Acted, Author, Stop, Writer, acted};
use crate::auth::audit::{Actor, By};
use crate::auth::{MerchantScope, SystemScope};
use crate::db::schema::email_payment_reminders;
use crate::db::{Db, Tenants};
use crate::email_payments::history::{
    Happening, audit_act, audit_event, audit_payment, happening, queue_mail, record,
};
use crate::email_payments::model::{EmailPayment, Hindrance};
use crate::email_payments::plan::{
    Due, REMINDERS_MAX, Reminder, ReminderKind, ReminderReason, ReminderRule, ReminderState,
    when_hindered,
};
use crate::email_payments::queries::{self, EventKind};
use crate::kernel::{EmailPaymentId, Error, MerchantId, ReminderId};
use crate::mail::MailKind;

/// Reminds the customer of an open payment, now.
pub fn remind(
    conn: &mut PgConnection,
    scope: MerchantScope,
    writer: &Writer,
    id: EmailPaymentId,
) -> Acted<EmailPayment> {
    let current = queries::lock(conn, scope, id)?;
    let outcome = send_reminder(conn, scope, Author::Person(writer), &current);
    let outcome = outcome.and_then(|()| {
        let due_at = Some(writer.now);
        let sent = Some(writer.now);
        insert(conn, scope, id, (ReminderKind::ByHand, None, due_at), writer.now, sent)?;
        Ok(current)
    });
    acted(outcome)
}

/// One more mail with the link, within the limits of all of them.
fn send_reminder(
    conn: &mut PgConnection,
    scope: MerchantScope,
    author: Author<'_>,
    current: &EmailPayment,
) -> Result<(), Stop> {
    let now = author.now();
    if let Some(hindrance) = current.remind_hindrance(now) {
        return Err(Stop::Hindered(hindrance));
    }
    if are_reminders_stopped(conn, scope.merchant_id(), current.id)? {
        return Err(Stop::Hindered(Hindrance::RemindersStopped));
    }
    if let Some(hindrance) = too_many_mails(conn, scope, &current.customer_email, now)? {
        return Err(Stop::Hindered(hindrance));
    }
    note_mail(conn, scope.merchant_id(), current.id, now)?;
    queue_mail(conn, current, MailKind::Reminder, now)?;
    let line = happening(author, scope.merchant_id(), current.id, EventKind::Reminded);
    record(conn, &line, None, None)?;
    audit_act(conn, author, scope.merchant_id(), current.id, "email_payment.remind", None)?;
    Ok(())
}

/// The reminders of a payment, in the order of their time.
pub fn reminders_of(
    conn: &mut PgConnection,
    scope: MerchantScope,
    id: EmailPaymentId,
) -> Result<Vec<Reminder>, Error> {
    Ok(of_payment(scope.merchant_id(), id)
        .order((
            email_payment_reminders::due_at.asc().nulls_last(),
            email_payment_reminders::created_at,
            email_payment_reminders::id,
        ))
        .limit(50)
        .select(Reminder::as_select())
        .load(conn)?)
}

#[diesel::dsl::auto_type(no_type_alias)]
fn of_payment(merchant_id: MerchantId, id: EmailPaymentId) -> _ {
    email_payment_reminders::table
        .filter(email_payment_reminders::merchant_id.eq(merchant_id))
        .filter(email_payment_reminders::email_payment_id.eq(id))
}

#[diesel::dsl::auto_type(no_type_alias)]
fn planned_of(merchant_id: MerchantId, id: EmailPaymentId) -> _ {
    let planned: ReminderState = ReminderState::Planned;
    email_payment_reminders::table
        .filter(email_payment_reminders::merchant_id.eq(merchant_id))
        .filter(email_payment_reminders::email_payment_id.eq(id))
        .filter(email_payment_reminders::state.eq(planned))
}

/// Takes out what a draft planned, to plan anew. Jobs, which only make payments, may not.
pub fn forget_plans(
    conn: &mut PgConnection,
    scope: MerchantScope,
    id: EmailPaymentId,
) -> Result<(), Error> {
    diesel::delete(planned_of(scope.merchant_id(), id)).execute(conn)?;
    Ok(())
}

/// Notes what a draft plans.
pub fn plan_reminders(
    conn: &mut PgConnection,
    scope: MerchantScope,
    id: EmailPaymentId,
    rules: &[ReminderRule],
    now: DateTime<Utc>,
) -> Result<(), Error> {
    for ReminderRule { kind, days } in rules {
        insert(conn, scope, id, (*kind, Some(*days), None), now, None)?;
    }
    Ok(())
}

fn insert(
    conn: &mut PgConnection,
    scope: MerchantScope,
    id: EmailPaymentId,
    (kind, days, due_at): (ReminderKind, Option<i32>, Option<DateTime<Utc>>),
    now: DateTime<Utc>,
    sent_at: Option<DateTime<Utc>>,
) -> Result<(), Error> {
    let state = if sent_at.is_some() { ReminderState::Sent } else { ReminderState::Planned };
    diesel::insert_into(email_payment_reminders::table)
        .values((
            email_payment_reminders::merchant_id.eq(scope.merchant_id()),
            email_payment_reminders::id.eq(ReminderId::new()),
            email_payment_reminders::email_payment_id.eq(id),
            email_payment_reminders::kind.eq(kind),
            email_payment_reminders::days.eq(days),
            email_payment_reminders::due_at.eq(due_at),
            email_payment_reminders::state.eq(state),
            email_payment_reminders::created_at.eq(now),
            email_payment_reminders::settled_at.eq(sent_at),
        ))
        .execute(conn)?;
    Ok(())
}

/// Gives the planned reminders their instants: the request leaves now, or its end has moved. Those
/// that would come too late, or have come too late already, are skipped.
pub fn set_instants(
    conn: &mut PgConnection,
    scope: MerchantScope,
    id: EmailPaymentId,
    (sent_at, expires_at): (Option<DateTime<Utc>>, DateTime<Utc>),
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let planned: Vec<Reminder> =
        planned_of(scope.merchant_id(), id).select(Reminder::as_select()).load(conn)?;
    if planned.is_empty() {
        return Ok(());
    }
    let zone = queries::merchant(conn, scope.merchant_id())?.zone();
    for reminder in planned {
        let due_at = match (reminder.rule(), reminder.due_at) {
            (Some(rule), Some(_)) if rule.kind == ReminderKind::BeforeEnd => {
                rule.due_at(now, expires_at, zone)
            }
            // What hangs on the sending, or on nothing, stays when only the end moves.
            (_, Some(due_at)) => due_at,
            (Some(rule), None) => rule.due_at(sent_at.unwrap_or(now), expires_at, zone),
            (None, None) => continue,
        };
        if due_at <= now || due_at >= expires_at {
            settle(conn, scope.merchant_id(), reminder.id, Err(ReminderReason::OutOfTime), now)?;
        }
        diesel::update(one(scope.merchant_id(), reminder.id))
            .set(email_payment_reminders::due_at.eq(due_at))
            .execute(conn)?;
    }
    Ok(())
}

#[diesel::dsl::auto_type(no_type_alias)]
fn one(merchant_id: MerchantId, id: ReminderId) -> _ {
    email_payment_reminders::table
        .filter(email_payment_reminders::merchant_id.eq(merchant_id))
        .filter(email_payment_reminders::id.eq(id))
}

fn settle(
    conn: &mut PgConnection,
    merchant_id: MerchantId,
    id: ReminderId,
    outcome: Result<(), ReminderReason>,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let state = match outcome {
        Ok(()) => ReminderState::Sent,
        Err(ReminderReason::ByMerchant | ReminderReason::ByCustomer) => ReminderState::Stopped,
        Err(_) => ReminderState::Skipped,
    };
    diesel::update(one(merchant_id, id))
        .set((
            email_payment_reminders::state.eq(state),
            email_payment_reminders::reason.eq(outcome.err()),
            email_payment_reminders::settled_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

/// Nobody needs the planned reminders of a payment any more: it has ended.
pub fn skip_reminders(
    conn: &mut PgConnection,
    merchant_id: MerchantId,
    id: EmailPaymentId,
    reason: ReminderReason,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    diesel::update(planned_of(merchant_id, id))
        .set((
            email_payment_reminders::state.eq(ReminderState::Skipped),
            email_payment_reminders::reason.eq(reason),
            email_payment_reminders::settled_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

/// Plans one more reminder, at an instant that somebody chose. The same instant twice is once.
pub fn add_reminder(
    conn: &mut PgConnection,
    scope: MerchantScope,
    writer: &Writer,
    id: EmailPaymentId,
    due_at: DateTime<Utc>,
) -> Acted<EmailPayment> {
    let current = queries::lock(conn, scope, id)?;
    if let Some(hindrance) = current.not_open(writer.now) {
        return Ok(Err(hindrance));
    }
    if due_at <= writer.now || due_at >= current.expires_at {
        return Ok(Err(Hindrance::Expiry));
    }
    if are_reminders_stopped(conn, scope.merchant_id(), id)? {
        return Ok(Err(Hindrance::RemindersStopped));
    }
    let planned: Vec<Option<DateTime<Utc>>> =
        planned_of(scope.merchant_id(), id).select(email_payment_reminders::due_at).load(conn)?;
    if planned.contains(&Some(due_at)) {
        return Ok(Ok(current));
    }
    if planned.len() >= REMINDERS_MAX {
        return Ok(Err(Hindrance::TooManyReminders));
    }
    insert(conn, scope, id, (ReminderKind::At, None, Some(due_at)), writer.now, None)?;
    let facts = json!({ "due_at": due_at });
    let happening = Happening::by_user(scope.merchant_id(), id, EventKind::ReminderPlanned, writer)
        .with(facts.clone());
    record(conn, &happening, None, None)?;
    let action = "email_payment.plan_reminder";
    audit_payment(conn, writer, scope.merchant_id(), id, action, None, Some(facts))?;
    Ok(Ok(current))
}

/// Takes a planned reminder away. One that is gone already stays so.
pub fn remove_reminder(
    conn: &mut PgConnection,
    scope: MerchantScope,
    writer: &Writer,
    id: EmailPaymentId,
    reminder_id: ReminderId,
) -> Result<EmailPayment, Error> {
    let current = queries::lock(conn, scope, id)?;
    let reminder: Reminder = of_payment(scope.merchant_id(), id)
        .filter(email_payment_reminders::id.eq(reminder_id))
        .select(Reminder::as_select())
        .first(conn)?;
    if reminder.state != ReminderState::Planned {
        return Ok(current);
    }
    settle(conn, scope.merchant_id(), reminder_id, Err(ReminderReason::ByMerchant), writer.now)?;
    let facts = json!({ "due_at": reminder.due_at });
    let happening = Happening::by_user(scope.merchant_id(), id, EventKind::ReminderRemoved, writer)
        .with(facts.clone());
    record(conn, &happening, None, None)?;
    let action = "email_payment.remove_reminder";
    audit_payment(conn, writer, scope.merchant_id(), id, action, Some(facts), None)?;
    Ok(current)
}

/// The customer wants no more reminders of this payment. Twice is once.
pub fn stop_reminders(
    conn: &mut PgConnection,
    scope: SystemScope,
    id: EmailPaymentId,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let merchant_id = scope.merchant_id();
    queries::lock(conn, scope.into(), id)?;
    if are_reminders_stopped(conn, merchant_id, id)? {
        return Ok(());
    }
    diesel::update(planned_of(merchant_id, id))
        .set((
            email_payment_reminders::state.eq(ReminderState::Stopped),
            email_payment_reminders::reason.eq(ReminderReason::ByCustomer),
            email_payment_reminders::settled_at.eq(now),
        ))
        .execute(conn)?;
    let happening =
        Happening::by(merchant_id, id, EventKind::RemindersStopped, Actor::Customer, now);
    record(conn, &happening, None, None)?;
    let by = By::other(Actor::Customer);
    audit_event(conn, &by, merchant_id, id, "email_payment.stop_reminders", None, None)
}

/// Whether the customer wants no reminders.
pub fn are_reminders_stopped(
    conn: &mut PgConnection,
    merchant_id: MerchantId,
    id: EmailPaymentId,
) -> Result<bool, Error> {
    Ok(!without_reminders(conn, &[(merchant_id, id)])?.is_empty())
}

/// The payments among these whose customers want no reminders: the reader of the latest mail before
/// somebody said so is the reader of today. A corrected address is another reader's; corrected back, it is
/// the same again.
pub fn without_reminders(
    conn: &mut PgConnection,
    payments: &[(MerchantId, EmailPaymentId)],
) -> Result<HashSet<EmailPaymentId>, Error> {
    #[derive(QueryableByName)]
    struct Found {
        #[diesel(sql_type = SqlUuid)]
        id: EmailPaymentId,
    }
    let (merchant_ids, ids): (Vec<MerchantId>, Vec<EmailPaymentId>) =
        payments.iter().copied().unzip();
    let found: Vec<Found> = sql_query(
        "SELECT p.id
         FROM unnest($1, $2) AS asked (merchant_id, id)
         JOIN email_payments p ON p.merchant_id = asked.merchant_id AND p.id = asked.id
         WHERE EXISTS (
            SELECT FROM email_payment_events e
            LEFT JOIN LATERAL (
                SELECT m.recipient FROM mails m
                WHERE m.merchant_id = e.merchant_id AND m.email_payment_id = e.email_payment_id
                  AND m.created_at <= e.at
                ORDER BY m.created_at DESC LIMIT 1
            ) reader ON true
            WHERE e.merchant_id = p.merchant_id AND e.email_payment_id = p.id AND e.kind = 'reminders_stopped'
              AND COALESCE(reader.recipient, p.customer_email) = p.customer_email
         )",
    )
    .bind::<Array<SqlUuid>, _>(merchant_ids)
    .bind::<Array<SqlUuid>, _>(ids)
    .load(conn)?;
    Ok(found.into_iter().map(|found| found.id).collect())
}

#[derive(QueryableByName)]
struct DueReminder {
    #[diesel(embed)]
    of: super::end::Due,
    #[diesel(sql_type = SqlUuid)]
    reminder_id: ReminderId,
}

/// Job: sends the reminders whose time has come. Returns how many were settled or put off.
pub async fn remind_due(db: &Db, now: DateTime<Utc>) -> Result<usize, Error> {
    let claim = move |conn: &mut PgConnection| -> Result<Vec<DueReminder>, Error> {
        Ok(sql_query("SELECT * FROM email_payment_reminders_due($1, $2)")
            .bind::<Timestamptz, _>(now)
            .bind::<Integer, _>(100)
            .load(conn)?)
    };
    let mut done = 0;
    for due in db.run(Tenants::none(), claim).await? {
        let (id, reminder_id) = (due.of.email_payment_id, due.reminder_id);
        let scope = SystemScope::found(due.of.merchant_id);
        let work = move |conn: &mut PgConnection| remind_one(conn, scope, id, reminder_id, now);
        // One that fails never keeps the others waiting.
        match db.run(scope.tenants(), work).await {
            Ok(()) => done += 1,
            Err(error) => {
                tracing::error!(payment.id = %id, error = ?error, "a reminder could not be sent");
            }
        }
    }
    Ok(done)
}

fn remind_one(
    conn: &mut PgConnection,
    scope: SystemScope,
    id: EmailPaymentId,
    reminder_id: ReminderId,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let merchant_id = scope.merchant_id();
    let current = queries::lock(conn, scope.into(), id)?;
    let reminder: Reminder =
        one(merchant_id, reminder_id).select(Reminder::as_select()).first(conn)?;
    let is_due = reminder.due_at.is_some_and(|due_at| due_at <= now);
    if reminder.state != ReminderState::Planned || !is_due {
        // Another process, or a person, was faster.
        return Ok(());
    }
    let reason = match send_reminder(conn, scope.into(), Author::Clock(now), &current) {
        Ok(()) => return settle(conn, merchant_id, reminder_id, Ok(()), now),
        Err(Stop::Failed(error)) => return Err(error),
        Err(Stop::Hindered(hindrance)) => match when_hindered(hindrance) {
            Due::Skip(reason) => reason,
            Due::PutOff(pause) if now + pause < current.expires_at => {
                diesel::update(one(merchant_id, reminder_id))
                    .set(email_payment_reminders::due_at.eq(now + pause))
                    .execute(conn)?;
                return Ok(());
            }
            Due::PutOff(_) => ReminderReason::OutOfTime,
        },
    };
    settle(conn, merchant_id, reminder_id, Err(reason), now)?;
    let happening = Happening::by(merchant_id, id, EventKind::ReminderSkipped, Actor::Clock, now)
        .with(json!({ "reason": reason.as_str() }));
    record(conn, &happening, None, None)
}
