//! What happened to a payment: a line of the timeline, a row of the audit, a mail. Written in the
//! transaction of what they tell about.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde_json::{Value, json};

use super::commands::{Author, Writer};
use super::model::{EmailPayment, Status};
use super::queries::EventKind;
use crate::auth::SystemScope;
use crate::auth::audit::{self, Actor, By, Entry};
use crate::db::schema::{email_payment_events, email_payments, mails};
use crate::kernel::{EmailPaymentId, Error, EventId, MerchantId, UserId};
use crate::mail::{self, About, MailKind, MailState, NewMail};
use crate::notifications::{Event, PaymentEvent, notify};

/// Something for the timeline.
pub struct Happening {
    merchant_id: MerchantId,
    email_payment_id: EmailPaymentId,
    kind: EventKind,
    actor: Actor,
    user_id: Option<UserId>,
    pub details: Value,
    at: DateTime<Utc>,
}

impl Happening {
    pub fn by(
        merchant_id: MerchantId,
        email_payment_id: EmailPaymentId,
        kind: EventKind,
        actor: Actor,
        at: DateTime<Utc>,
    ) -> Self {
        Self { merchant_id, email_payment_id, kind, actor, user_id: None, details: json!({}), at }
    }

    pub fn by_user(
        merchant_id: MerchantId,
        id: EmailPaymentId,
        kind: EventKind,
        writer: &Writer,
    ) -> Self {
        Self::of_user(merchant_id, id, kind, writer.user_id, writer.now)
    }

    pub fn of_user(
        merchant_id: MerchantId,
        id: EmailPaymentId,
        kind: EventKind,
        user_id: UserId,
        at: DateTime<Utc>,
    ) -> Self {
        Self { user_id: Some(user_id), ..Self::by(merchant_id, id, kind, Actor::User, at) }
    }

    #[must_use]
    pub fn with(mut self, details: Value) -> Self {
        self.details = details;
        self
    }
}

/// A row of the timeline.
#[derive(Insertable)]
#[diesel(table_name = email_payment_events)]
struct NewEvent<'a> {
    merchant_id: MerchantId,
    id: EventId,
    email_payment_id: EmailPaymentId,
    kind: EventKind,
    from_status: Option<&'static str>,
    to_status: Option<&'static str>,
    actor: Actor,
    user_id: Option<UserId>,
    details: &'a Value,
    at: DateTime<Utc>,
}

impl<'a> NewEvent<'a> {
    fn of(happening: &'a Happening, from: Option<Status>, to: Option<Status>) -> Self {
        Self {
            merchant_id: happening.merchant_id,
            id: EventId::new(),
            email_payment_id: happening.email_payment_id,
            kind: happening.kind,
            from_status: from.map(Status::as_str),
            to_status: to.map(Status::as_str),
            actor: happening.actor,
            user_id: happening.user_id,
            details: &happening.details,
            at: happening.at,
        }
    }
}

/// Writes a line of the timeline.
pub fn record(
    conn: &mut PgConnection,
    happening: &Happening,
    from: Option<Status>,
    to: Option<Status>,
) -> Result<(), Error> {
    diesel::insert_into(email_payment_events::table)
        .values(NewEvent::of(happening, from, to))
        .execute(conn)?;
    Ok(())
}

/// Writes lines of several timelines, none of which is about a status.
pub fn record_all(conn: &mut PgConnection, happenings: &[Happening]) -> Result<(), Error> {
    let rows: Vec<NewEvent<'_>> =
        happenings.iter().map(|happening| NewEvent::of(happening, None, None)).collect();
    diesel::insert_into(email_payment_events::table).values(rows).execute(conn)?;
    Ok(())
}

/// A line of the timeline in the name of `author`.
pub fn happening(
    author: Author<'_>,
    merchant_id: MerchantId,
    id: EmailPaymentId,
    kind: EventKind,
) -> Happening {
    match author {
        Author::Person(writer) => Happening::by_user(merchant_id, id, kind, writer),
        Author::Clock(now) => Happening::by(merchant_id, id, kind, Actor::Clock, now),
    }
}

/// A row of the audit in the name of `author`.
pub fn audit_act(
    conn: &mut PgConnection,
    author: Author<'_>,
    merchant_id: MerchantId,
    id: EmailPaymentId,
    action: &'static str,
    after: Option<Value>,
) -> Result<(), Error> {
    match author {
        Author::Person(writer) => audit_payment(conn, writer, merchant_id, id, action, None, after),
        Author::Clock(_) => {
            audit_event(conn, &By::other(Actor::Clock), merchant_id, id, action, None, after)
        }
    }
}

/// What a user did, perhaps through a program, which then is named with it.
pub fn audit_payment(
    conn: &mut PgConnection,
    writer: &Writer,
    merchant_id: MerchantId,
    id: EmailPaymentId,
    action: &'static str,
    before: Option<Value>,
    after: Option<Value>,
) -> Result<(), Error> {
    let after = match &writer.program {
        None => after,
        Some(program) => {
            let mut facts = match after {
                Some(Value::Object(facts)) => facts,
                _ => serde_json::Map::new(),
            };
            facts.insert("program".to_owned(), program.clone());
            Some(Value::Object(facts))
        }
    };
    audit_event(conn, &writer.by, merchant_id, id, action, before, after)
}

/// What a customer, the gateway or the clock did.
pub fn audit_event(
    conn: &mut PgConnection,
    by: &By,
    merchant_id: MerchantId,
    id: EmailPaymentId,
    action: &'static str,
    before: Option<Value>,
    after: Option<Value>,
) -> Result<(), Error> {
    let entry = Entry {
        merchant_id: Some(merchant_id),
        action,
        object_id: Some(id.as_uuid()),
        is_done: true,
        before,
        after,
    };
    audit::record(conn, by, entry)
}

/// Queues a mail to the customer of a payment.
pub fn queue_mail(
    conn: &mut PgConnection,
    payment: &EmailPayment,
    kind: MailKind,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    queue_mail_for(conn, payment, kind, now, now)
}

/// Queues what tells the customer that the payment was declined. The one that still waits waits anew.
pub fn queue_declined(
    conn: &mut PgConnection,
    payment: &EmailPayment,
    run_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let waiting = mails::table
        .filter(mails::merchant_id.eq(payment.merchant_id))
        .filter(mails::email_payment_id.eq(payment.id))
        .filter(mails::kind.eq(MailKind::Declined))
        .filter(mails::state.eq(MailState::Ready));
    let is_one = diesel::update(waiting).set(mails::run_at.eq(run_at)).execute(conn)? > 0;
    if is_one {
        return Ok(());
    }
    queue_mail_for(conn, payment, MailKind::Declined, run_at, now)
}

/// Queues what tells the customer that the payment was cancelled.
pub fn queue_cancelled(
    conn: &mut PgConnection,
    payment: &EmailPayment,
    run_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    queue_mail_for(conn, payment, MailKind::Cancelled, run_at, now)
}

fn queue_mail_for(
    conn: &mut PgConnection,
    payment: &EmailPayment,
    kind: MailKind,
    run_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    mail::insert(
        conn,
        &NewMail {
            merchant_id: payment.merchant_id,
            about: About::EmailPayment(payment.id),
            kind,
            recipient: &payment.customer_email,
            language: payment.language,
            run_at,
            created_at: now,
        },
    )
}

/// Tells the merchant's users who want to know.
pub fn tell(
    conn: &mut PgConnection,
    scope: SystemScope,
    kind: PaymentEvent,
    payment: &EmailPayment,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let event = Event::Payment { kind, id: payment.id, created_by: payment.created_by };
    notify(conn, scope.into(), &event, now)?;
    Ok(())
}

/// One payment, for `UPDATE`.
#[diesel::dsl::auto_type(no_type_alias)]
pub fn row(merchant_id: MerchantId, id: EmailPaymentId) -> _ {
    email_payments::table
        .filter(email_payments::merchant_id.eq(merchant_id))
        .filter(email_payments::id.eq(id))
}
