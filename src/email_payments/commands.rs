//! Writes: one transaction each, mail and audit row included. The only place, with `outcome.rs`,
//! that changes a status.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Text, Timestamptz, Uuid as SqlUuid};
use diesel::{QueryableByName, sql_query};
use serde_json::{Value, json};
use uuid::Uuid;

use super::form::Draft;
use super::model::{
    Delivery, EmailPayment, EndReason, Event, ResendHindrance, Status, VALIDITY_DEFAULT,
};
use super::queries::{self, EventKind, FoundSession};
use crate::auth::audit::{self, Actor, By, Entry};
use crate::auth::{MerchantScope, SystemScope};
use crate::crypto::{self, Keyring};
use crate::db::schema::{
    email_payment_events, email_payments, gateway_sessions, idempotency_keys, mails, merchants,
};
use crate::db::{Db, Tenants, taken};
use crate::kernel::{
    EmailAddress, EmailPaymentId, Error, EventId, MailId, MerchantId, SessionId, UserId,
};
use crate::mail::{self, MailKind, MailState, NewMail};

/// Mails to one address in a day: by one merchant, and by all of them.
const MAILS_TO_ADDRESS_BY_MERCHANT: i64 = 10;
const MAILS_TO_ADDRESS: i64 = 30;
/// Mails of one merchant in an hour.
const MAILS_OF_MERCHANT: i64 = 500;

/// Who writes, and when.
pub struct Writer {
    pub by: By,
    pub user_id: UserId,
    pub session_id: SessionId,
    pub now: DateTime<Utc>,
}

/// Why a good form could not be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hindrance {
    /// Another payment of the merchant has this order ID.
    OrderIdTaken,
    /// This address got as many mails today as it may.
    TooManyToAddress,
    /// The merchant sent as many mails in this hour as it may.
    TooManyOfMerchant,
    /// It may not be sent again (now).
    Resend(ResendHindrance),
}

/// What a create led to.
pub enum Created {
    /// The payment, new or made by the same form before.
    Done {
        id: EmailPaymentId,
        order_id: String,
    },
    Hindered(Hindrance),
}

#[derive(Insertable)]
#[diesel(table_name = email_payments)]
struct NewEmailPayment<'a> {
    merchant_id: MerchantId,
    id: EmailPaymentId,
    originator_id: crate::kernel::OriginatorId,
    created_by: UserId,
    order_id: &'a str,
    amount_minor: i64,
    currency: &'a str,
    customer_email: &'a str,
    customer_name: &'a str,
    description: &'a str,
    message: &'a str,
    language: crate::kernel::Lang,
    status: Status,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
}

/// Makes a payment, and sends it where `is_sent`. The same form a second time finds the first
/// one's payment.
pub fn create(
    conn: &mut PgConnection,
    keys: &Keyring,
    scope: MerchantScope,
    writer: &Writer,
    draft: &Draft,
    form_key: Uuid,
    is_sent: bool,
) -> Result<Created, Error> {
    let outcome = conn.transaction(|conn| {
        let id = EmailPaymentId::new();
        if let Some(earlier) = claim_form(conn, writer.session_id, form_key, id)? {
            let payment = queries::get(conn, scope, earlier)?;
            return Ok(Created::Done { id: earlier, order_id: payment.order_id });
        }
        let order_id = insert_payment(conn, scope, writer, draft, id)?;
        let happening = Happening::by_user(scope.merchant_id(), id, EventKind::Created, writer);
        record(conn, &happening, None, Some(Status::Draft))?;
        let facts = json!({
            "order_id": order_id,
            "amount_minor": draft.amount.minor,
            "currency": draft.amount.currency.code(),
        });
        audit_payment(
            conn,
            &writer.by,
            scope.merchant_id(),
            id,
            "email_payment.create",
            None,
            Some(facts),
        )?;
        if is_sent {
            submit(conn, keys, scope, writer, id)?;
        }
        Ok(Created::Done { id, order_id })
    });
    match outcome {
        Err(Stop::Hindered(hindrance)) => Ok(Created::Hindered(hindrance)),
        Err(Stop::Failed(error)) => Err(error),
        Ok(created) => Ok(created),
    }
}

/// Why a piece of work is undone: something that its reader can mend, or an error.
enum Stop {
    Hindered(Hindrance),
    Failed(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<diesel::result::Error> for Stop {
    fn from(error: diesel::result::Error) -> Self {
        Self::Failed(error.into())
    }
}

/// Changes a draft, and sends it where `is_sent`.
pub fn update(
    conn: &mut PgConnection,
    keys: &Keyring,
    scope: MerchantScope,
    writer: &Writer,
    id: EmailPaymentId,
    draft: &Draft,
    is_sent: bool,
) -> Result<Option<Hindrance>, Error> {
    let outcome = conn.transaction(|conn| {
        let current = queries::lock(conn, scope, id)?;
        if !current.status.is_editable() {
            return Err(Stop::Failed(Error::Conflict));
        }
        rewrite(conn, scope, id, draft)?;
        let happening = Happening::by_user(scope.merchant_id(), id, EventKind::Edited, writer);
        record(conn, &happening, None, None)?;
        let before = json!({
            "order_id": current.order_id,
            "amount_minor": current.amount_minor,
            "currency": current.currency,
        });
        let after = json!({
            "order_id": draft.order_id,
            "amount_minor": draft.amount.minor,
            "currency": draft.amount.currency.code(),
        });
        audit_payment(
            conn,
            &writer.by,
            scope.merchant_id(),
            id,
            "email_payment.edit",
            Some(before),
            Some(after),
        )?;
        if is_sent { submit(conn, keys, scope, writer, id) } else { Ok(()) }
    });
    match outcome {
        Err(Stop::Hindered(hindrance)) => Ok(Some(hindrance)),
        Err(Stop::Failed(error)) => Err(error),
        Ok(()) => Ok(None),
    }
}

fn rewrite(
    conn: &mut PgConnection,
    scope: MerchantScope,
    id: EmailPaymentId,
    draft: &Draft,
) -> Result<(), Stop> {
    let changed = diesel::update(row(scope.merchant_id(), id))
        .set((
            email_payments::originator_id.eq(draft.originator_id),
            email_payments::order_id.eq(&draft.order_id),
            email_payments::amount_minor.eq(draft.amount.minor),
            email_payments::currency.eq(draft.amount.currency.code()),
            email_payments::customer_email.eq(draft.customer_email.as_str()),
            email_payments::customer_name.eq(&draft.customer_name),
            email_payments::description.eq(&draft.description),
            email_payments::message.eq(&draft.message),
            email_payments::language.eq(draft.language),
            email_payments::expires_at.eq(draft.expires_at),
        ))
        .execute(conn);
    match changed {
        Err(error) if taken(&error).is_some() => Err(Stop::Hindered(Hindrance::OrderIdTaken)),
        Err(error) => Err(error.into()),
        Ok(_) => Ok(()),
    }
}

/// Sends a draft: the link is made, the mail queued, in this transaction.
fn submit(
    conn: &mut PgConnection,
    keys: &Keyring,
    scope: MerchantScope,
    writer: &Writer,
    id: EmailPaymentId,
) -> Result<(), Stop> {
    let current = queries::lock(conn, scope, id)?;
    let next = current.status.after(Event::Submitted).ok_or(Error::Conflict)?;
    if let Some(hindrance) = too_many_mails(conn, scope, &current.customer_email, writer.now)? {
        return Err(Stop::Hindered(hindrance));
    }
    let token = crypto::token::<24>()?;
    diesel::update(row(scope.merchant_id(), id))
        .set((
            email_payments::status.eq(next),
            email_payments::pay_token_hash.eq(crypto::hash(&token)),
            email_payments::pay_token_encrypted.eq(keys.seal(id.as_uuid(), &token)?),
            email_payments::delivery.eq(Delivery::Queued),
            email_payments::sends.eq(email_payments::sends + 1),
            email_payments::last_sent_at.eq(writer.now),
        ))
        .execute(conn)?;
    queue_mail(conn, &current, MailKind::Request, writer.now)?;
    record(
        conn,
        &Happening::by_user(scope.merchant_id(), id, EventKind::Submitted, writer),
        Some(current.status),
        Some(next),
    )?;
    audit_payment(conn, &writer.by, scope.merchant_id(), id, "email_payment.send", None, None)?;
    Ok(())
}

/// Cancels a payment that nobody is paying right now. Its link stops at once; a customer who was
/// written to is told.
pub fn cancel(
    conn: &mut PgConnection,
    scope: MerchantScope,
    writer: &Writer,
    id: EmailPaymentId,
    reason: &str,
) -> Result<EmailPayment, Error> {
    let current = queries::lock(conn, scope, id)?;
    let next = current.status.after(Event::Cancelled).ok_or(Error::Conflict)?;
    diesel::update(row(scope.merchant_id(), id))
        .set((
            email_payments::status.eq(next),
            email_payments::end_reason.eq(EndReason::ByMerchant),
            email_payments::ended_at.eq(writer.now),
        ))
        .execute(conn)?;
    diesel::update(
        gateway_sessions::table
            .filter(gateway_sessions::merchant_id.eq(scope.merchant_id()))
            .filter(gateway_sessions::email_payment_id.eq(id)),
    )
    .set(gateway_sessions::is_current.eq(false))
    .execute(conn)?;
    if current.status == Status::Open && was_written_to(conn, &current)? {
        queue_mail(conn, &current, MailKind::Cancelled, writer.now)?;
    }
    let mut happening = Happening::by_user(scope.merchant_id(), id, EventKind::Cancelled, writer);
    if !reason.is_empty() {
        happening.details = json!({ "reason": reason });
    }
    record(conn, &happening, Some(current.status), Some(next))?;
    audit_payment(
        conn,
        &writer.by,
        scope.merchant_id(),
        id,
        "email_payment.cancel",
        Some(json!({ "status": current.status.as_str() })),
        Some(json!({ "status": next.as_str() })),
    )?;
    Ok(current)
}

/// Whether the customer has got a mail with the link, whatever became of later ones.
fn was_written_to(conn: &mut PgConnection, payment: &EmailPayment) -> Result<bool, Error> {
    let sent = mails::table
        .filter(mails::merchant_id.eq(payment.merchant_id))
        .filter(mails::email_payment_id.eq(payment.id))
        .filter(mails::recipient.eq(&payment.customer_email))
        .filter(mails::kind.eq(MailKind::Request))
        .filter(mails::state.eq(MailState::Sent));
    Ok(diesel::select(diesel::dsl::exists(sent)).get_result(conn)?)
}

/// Sends the mail again, perhaps to a corrected address: then the old link dies. An expired payment
/// gets thirty days.
pub fn resend(
    conn: &mut PgConnection,
    keys: &Keyring,
    scope: MerchantScope,
    writer: &Writer,
    id: EmailPaymentId,
    address: &EmailAddress,
) -> Result<Result<EmailPayment, Hindrance>, Error> {
    let mut current = queries::lock(conn, scope, id)?;
    if current.status == Status::Open && current.expires_at <= writer.now {
        // Its time is over and the job has not come by yet.
        expire(conn, SystemScope::found(scope.merchant_id()), id, writer.now)?;
        current = queries::lock(conn, scope, id)?;
    }
    if let Some(hindrance) = current.resend_hindrance(writer.now) {
        return Ok(Err(Hindrance::Resend(hindrance)));
    }
    if let Some(hindrance) = too_many_mails(conn, scope, address.as_str(), writer.now)? {
        return Ok(Err(hindrance));
    }
    let is_renewed = current.status == Status::Expired;
    let is_corrected = address.as_str() != current.customer_email;
    if is_renewed {
        renew(conn, scope, &current, writer)?;
    }
    if is_renewed || is_corrected {
        // The gateway's page was for the old time or the old reader: the mail job prepares anew.
        retire_sessions(conn, scope.merchant_id(), id)?;
    }
    if is_corrected {
        correct_address(conn, keys, scope, writer, id, address)?;
    }
    diesel::update(row(scope.merchant_id(), id))
        .set((
            email_payments::delivery.eq(Delivery::Queued),
            email_payments::sends.eq(email_payments::sends + 1),
            email_payments::last_sent_at.eq(writer.now),
        ))
        .execute(conn)?;
    let current = queries::get(conn, scope, id)?;
    queue_mail(conn, &current, MailKind::Request, writer.now)?;
    record(
        conn,
        &Happening::by_user(scope.merchant_id(), id, EventKind::Resent, writer),
        None,
        None,
    )?;
    audit_payment(
        conn,
        &writer.by,
        scope.merchant_id(),
        id,
        "email_payment.resend",
        None,
        Some(json!({ "is_address_corrected": is_corrected, "is_renewed": is_renewed })),
    )?;
    Ok(Ok(current))
}

fn renew(
    conn: &mut PgConnection,
    scope: MerchantScope,
    current: &EmailPayment,
    writer: &Writer,
) -> Result<(), Error> {
    let next = current.status.after(Event::Renewed).ok_or(Error::Conflict)?;
    diesel::update(row(scope.merchant_id(), current.id))
        .set((
            email_payments::status.eq(next),
            email_payments::end_reason.eq(None::<EndReason>),
            email_payments::ended_at.eq(None::<DateTime<Utc>>),
            email_payments::expires_at.eq(writer.now + VALIDITY_DEFAULT),
        ))
        .execute(conn)?;
    let happening = Happening::by_user(scope.merchant_id(), current.id, EventKind::Renewed, writer);
    record(conn, &happening, Some(current.status), Some(next))
}

fn correct_address(
    conn: &mut PgConnection,
    keys: &Keyring,
    scope: MerchantScope,
    writer: &Writer,
    id: EmailPaymentId,
    address: &EmailAddress,
) -> Result<(), Error> {
    let token = crypto::token::<24>()?;
    diesel::update(row(scope.merchant_id(), id))
        .set((
            email_payments::customer_email.eq(address.as_str()),
            email_payments::pay_token_hash.eq(crypto::hash(&token)),
            email_payments::pay_token_encrypted.eq(keys.seal(id.as_uuid(), &token)?),
        ))
        .execute(conn)?;
    record(
        conn,
        &Happening::by_user(scope.merchant_id(), id, EventKind::AddressCorrected, writer),
        None,
        None,
    )
}

/// Customers are no longer sent to the gateway's pages of a payment; they are still asked about.
pub fn retire_sessions(
    conn: &mut PgConnection,
    merchant_id: MerchantId,
    id: EmailPaymentId,
) -> Result<(), Error> {
    diesel::update(
        gateway_sessions::table
            .filter(gateway_sessions::merchant_id.eq(merchant_id))
            .filter(gateway_sessions::email_payment_id.eq(id))
            .filter(gateway_sessions::is_current),
    )
    .set(gateway_sessions::is_current.eq(false))
    .execute(conn)?;
    Ok(())
}

#[derive(QueryableByName)]
struct Due {
    #[diesel(sql_type = SqlUuid)]
    merchant_id: MerchantId,
    #[diesel(sql_type = SqlUuid)]
    email_payment_id: EmailPaymentId,
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
    let found = due.len();
    for Due { merchant_id, email_payment_id } in due {
        let scope = SystemScope::found(merchant_id);
        db.run(scope.tenants(), move |conn| expire(conn, scope, email_payment_id, now)).await?;
    }
    Ok(found)
}

fn expire(
    conn: &mut PgConnection,
    scope: SystemScope,
    id: EmailPaymentId,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let current = queries::lock(conn, scope.into(), id)?;
    let is_over = current.expires_at <= now;
    let Some(next) = current.status.after(Event::DeadlinePassed).filter(|_| is_over) else {
        return Ok(());
    };
    diesel::update(row(scope.merchant_id(), id))
        .set((
            email_payments::status.eq(next),
            email_payments::end_reason.eq(EndReason::DateReached),
            email_payments::ended_at.eq(now),
        ))
        .execute(conn)?;
    let happening = Happening::by(scope.merchant_id(), id, EventKind::Expired, Actor::Clock, now);
    record(conn, &happening, Some(current.status), Some(next))?;
    audit_payment(
        conn,
        &By::other(Actor::Clock),
        scope.merchant_id(),
        id,
        "email_payment.expire",
        None,
        None,
    )
}

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

    fn by_user(
        merchant_id: MerchantId,
        id: EmailPaymentId,
        kind: EventKind,
        writer: &Writer,
    ) -> Self {
        Self {
            user_id: Some(writer.user_id),
            ..Self::by(merchant_id, id, kind, Actor::User, writer.now)
        }
    }

    #[must_use]
    pub fn with(mut self, details: Value) -> Self {
        self.details = details;
        self
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
        .values((
            email_payment_events::merchant_id.eq(happening.merchant_id),
            email_payment_events::id.eq(EventId::new()),
            email_payment_events::email_payment_id.eq(happening.email_payment_id),
            email_payment_events::kind.eq(happening.kind),
            email_payment_events::from_status.eq(from.map(Status::as_str)),
            email_payment_events::to_status.eq(to.map(Status::as_str)),
            email_payment_events::actor.eq(happening.actor),
            email_payment_events::user_id.eq(happening.user_id),
            email_payment_events::details.eq(&happening.details),
            email_payment_events::at.eq(happening.at),
        ))
        .execute(conn)?;
    Ok(())
}

pub fn audit_payment(
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
    mail::insert(
        conn,
        &NewMail {
            merchant_id: payment.merchant_id,
            id: MailId::new(),
            email_payment_id: payment.id,
            kind,
            recipient: payment.customer_email.clone(),
            language: payment.language,
            state: MailState::Ready,
            run_at: now,
            created_at: now,
        },
    )
}

#[diesel::dsl::auto_type(no_type_alias)]
pub fn row(merchant_id: MerchantId, id: EmailPaymentId) -> _ {
    email_payments::table
        .filter(email_payments::merchant_id.eq(merchant_id))
        .filter(email_payments::id.eq(id))
}

/// Inserts, with the next free order ID where the proposed one was taken in the meantime.
fn insert_payment(
    conn: &mut PgConnection,
    scope: MerchantScope,
    writer: &Writer,
    draft: &Draft,
    id: EmailPaymentId,
) -> Result<String, Stop> {
    let mut order_id = draft.order_id.clone();
    for _ in 0..20 {
        let values = NewEmailPayment {
            merchant_id: scope.merchant_id(),
            id,
            originator_id: draft.originator_id,
            created_by: writer.user_id,
            order_id: &order_id,
            amount_minor: draft.amount.minor,
            currency: draft.amount.currency.code(),
            customer_email: draft.customer_email.as_str(),
            customer_name: &draft.customer_name,
            description: &draft.description,
            message: &draft.message,
            language: draft.language,
            status: Status::Draft,
            created_at: writer.now,
            expires_at: draft.expires_at,
        };
        let inserted = diesel::insert_into(email_payments::table)
            .values(&values)
            .on_conflict((email_payments::merchant_id, email_payments::order_id))
            .do_nothing()
            .execute(conn)?;
        if inserted > 0 {
            if draft.is_proposal {
                advance_order_number(conn, scope.merchant_id(), &order_id, writer.now)?;
            }
            return Ok(order_id);
        }
        if !draft.is_proposal {
            return Err(Stop::Hindered(Hindrance::OrderIdTaken));
        }
        let merchant = queries::merchant(conn, scope.merchant_id())?;
        let number = take_order_number(conn, scope.merchant_id())?;
        order_id = merchant.order_id(number, writer.now);
    }
    Err(Stop::Failed(Error::Conflict))
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

fn take_order_number(conn: &mut PgConnection, merchant_id: MerchantId) -> Result<i64, Error> {
    let taken: Number = sql_query(
        "UPDATE merchants SET next_order_number = next_order_number + 1 WHERE id = $1
         RETURNING next_order_number - 1 AS number",
    )
    .bind::<SqlUuid, _>(merchant_id)
    .get_result(conn)?;
    Ok(taken.number)
}

/// The counter goes past a proposal that was used.
fn advance_order_number(
    conn: &mut PgConnection,
    merchant_id: MerchantId,
    order_id: &str,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let merchant = queries::merchant(conn, merchant_id)?;
    if merchant.order_id(merchant.next_order_number, now) == order_id {
        diesel::update(merchants::table.find(merchant_id))
            .filter(merchants::next_order_number.eq(merchant.next_order_number))
            .set(merchants::next_order_number.eq(merchants::next_order_number + 1))
            .execute(conn)?;
    }
    Ok(())
}

/// The payment that the same form made before; `None`: this is the first time, and it is noted.
/// A second submit at the same moment waits here for the first one's end.
fn claim_form(
    conn: &mut PgConnection,
    session_id: SessionId,
    key: Uuid,
    id: EmailPaymentId,
) -> Result<Option<EmailPaymentId>, Error> {
    let inserted = diesel::insert_into(idempotency_keys::table)
        .values((
            idempotency_keys::session_id.eq(session_id),
            idempotency_keys::key.eq(key),
            idempotency_keys::result.eq(id.to_string()),
        ))
        .on_conflict_do_nothing()
        .execute(conn)?;
    if inserted > 0 {
        return Ok(None);
    }
    let known: String = idempotency_keys::table
        .find((session_id, key))
        .select(idempotency_keys::result)
        .first(conn)?;
    known.parse().map(Some).map_err(Error::internal)
}

#[derive(QueryableByName)]
struct MailCount {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

fn too_many_mails(
    conn: &mut PgConnection,
    scope: MerchantScope,
    address: &str,
    now: DateTime<Utc>,
) -> Result<Option<Hindrance>, Error> {
    let day_ago = now - Duration::days(1);
    let all: MailCount = sql_query("SELECT mails_to($1, $2) AS count")
        .bind::<Text, _>(address)
        .bind::<Timestamptz, _>(day_ago)
        .get_result(conn)?;
    let of_merchant = mails::table.filter(mails::merchant_id.eq(scope.merchant_id()));
    let ours: i64 = of_merchant
        .filter(mails::recipient.eq(address))
        .filter(mails::kind.eq(MailKind::Request))
        .filter(mails::created_at.gt(day_ago))
        .count()
        .get_result(conn)?;
    if ours >= MAILS_TO_ADDRESS_BY_MERCHANT || all.count >= MAILS_TO_ADDRESS {
        return Ok(Some(Hindrance::TooManyToAddress));
    }
    let in_hour: i64 = of_merchant
        .filter(mails::kind.eq(MailKind::Request))
        .filter(mails::created_at.gt(now - Duration::hours(1)))
        .count()
        .get_result(conn)?;
    Ok((in_hour >= MAILS_OF_MERCHANT).then_some(Hindrance::TooManyOfMerchant))
}

/// Notes that the customer opened the link, the first time. A fact, no change of status.
pub fn mark_opened(
    conn: &mut PgConnection,
    scope: SystemScope,
    id: EmailPaymentId,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let changed = diesel::update(
        row(scope.merchant_id(), id).filter(email_payments::first_opened_at.is_null()),
    )
    .set(email_payments::first_opened_at.eq(now))
    .execute(conn)?;
    if changed > 0 {
        record(
            conn,
            &Happening::by(scope.merchant_id(), id, EventKind::Opened, Actor::Customer, now),
            None,
            None,
        )?;
    }
    Ok(())
}

/// Job: the gateway sessions that are due to be asked about.
pub fn due_sessions(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
) -> Result<Vec<FoundSession>, Error> {
    Ok(sql_query("SELECT * FROM gateway_sessions_due($1, $2)")
        .bind::<Timestamptz, _>(now)
        .bind::<Integer, _>(50)
        .load(conn)?)
}
