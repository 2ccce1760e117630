//! Making and changing drafts, order IDs, forms that are sent twice.

use chrono::{DateTime, Utc};
use data_encoding::HEXLOWER;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Uuid as SqlUuid};
use diesel::{QueryableByName, sql_query};
use serde_json::json;
use uuid::Uuid;

use super::remind::{forget_plans, plan_reminders, reminders_of};
use super::schedule::{back_to_draft, schedule};
use super::send::submit;
use super::{Acted, Author, Stop, Writer, acted};
use crate::auth::MerchantScope;
use crate::crypto::{self, Keyring};
use crate::db::schema::{email_payments, idempotency_keys, merchants};
use crate::db::taken;
use crate::email_payments::form::Draft;
use crate::email_payments::history::{Happening, audit_payment, record, row};
use crate::email_payments::model::{EmailPayment, Hindrance, Status};
use crate::email_payments::plan::{Reminder, ReminderRule, ReminderState, SendHindrance, Sending};
use crate::email_payments::queries::{self, EventKind};
use crate::features::{Feature, features};
use crate::kernel::{EmailPaymentId, Error, MerchantId, SessionId, UserId};

/// What a create led to.
pub enum Created {
    /// The payment, new or made by the same form before.
    Done {
        id: EmailPaymentId,
        order_id: String,
    },
    Hindered(Hindrance),
}

/// What one form, opened in one session, is known by.
#[derive(Clone, Copy, Debug)]
pub struct FormKey {
    pub session_id: SessionId,
    pub key: Uuid,
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
    send_at: Option<DateTime<Utc>>,
    is_link_only: bool,
}

/// Makes a payment, and lets it go the way that its form says where `is_sent`. The same form a
/// second time finds the first one's payment; requests of the API have no form, but keys of their
/// own.
pub fn create(
    conn: &mut PgConnection,
    keys: &Keyring,
    scope: MerchantScope,
    writer: &Writer,
    draft: &Draft,
    form: Option<FormKey>,
    is_sent: bool,
) -> Result<Created, Error> {
    Created::of(conn.transaction(|conn| make(conn, keys, scope, writer, draft, form, is_sent)))
}

/// What a form made.
pub struct Made {
    pub id: EmailPaymentId,
    pub order_id: String,
    /// Whether it is made now, and not by the same form before.
    pub is_first: bool,
}

impl Created {
    pub(super) fn of(outcome: Result<Made, Stop>) -> Result<Self, Error> {
        Ok(match acted(outcome)? {
            Ok(Made { id, order_id, .. }) => Self::Done { id, order_id },
            Err(hindrance) => Self::Hindered(hindrance),
        })
    }
}

/// The same as [`create`] inside a transaction that is given up where it is hindered.
pub fn make(
    conn: &mut PgConnection,
    keys: &Keyring,
    scope: MerchantScope,
    writer: &Writer,
    draft: &Draft,
    form: Option<FormKey>,
    is_sent: bool,
) -> Result<Made, Stop> {
    let id = EmailPaymentId::new();
    if let Some(earlier) = form.map_or(Ok(None), |form| claim_form(conn, form, id))? {
        let payment = queries::get(conn, scope, earlier)?;
        return Ok(Made { id: earlier, order_id: payment.order_id, is_first: false });
    }
    if !features(conn, scope.merchant_id(), writer.now)?.is_on(Feature::EmailPayments) {
        return Err(Stop::Hindered(Hindrance::SwitchedOff));
    }
    let order_id = insert_payment(conn, scope, writer, draft, id)?;
    let happening = Happening::by_user(scope.merchant_id(), id, EventKind::Created, writer);
    record(conn, &happening, None, Some(Status::Draft))?;
    let facts = json!({
        "order_id": order_id,
        "amount_minor": draft.amount.minor,
        "currency": draft.amount.currency.code(),
    });
    let action = "email_payment.create";
    audit_payment(conn, writer, scope.merchant_id(), id, action, None, Some(facts))?;
    plan_reminders(conn, scope, id, draft.reminders(is_sent), writer.now)?;
    if is_sent {
        let_go(conn, keys, scope, writer, id, draft.sending)?;
    }
    Ok(Made { id, order_id, is_first: true })
}

/// The way that a form says: now, later, or by hand.
fn let_go(
    conn: &mut PgConnection,
    keys: &Keyring,
    scope: MerchantScope,
    writer: &Writer,
    id: EmailPaymentId,
    sending: Sending,
) -> Result<(), Stop> {
    let author = Author::Person(writer);
    match sending {
        Sending::Now => submit(conn, keys, scope, author, id, true).map(|_| ()),
        Sending::LinkOnly => submit(conn, keys, scope, author, id, false).map(|_| ()),
        Sending::At(send_at) => {
            let current = queries::lock(conn, scope, id)?;
            schedule(conn, scope, writer, &current, send_at)
        }
    }
}

/// What stands for a draft as a page has shown it: all that its form can change.
#[must_use]
pub fn state_of(payment: &EmailPayment, reminders: &[Reminder]) -> String {
    let planned = reminders.iter().filter(|one| one.state == ReminderState::Planned);
    let mut rules: Vec<_> = planned.filter_map(Reminder::rule).map(ReminderRule::word).collect();
    rules.sort_unstable();
    let state = json!([
        payment.originator_id,
        payment.order_id,
        payment.amount_minor,
        payment.currency,
        payment.customer_email,
        payment.customer_name,
        payment.description,
        payment.message,
        payment.language.code(),
        payment.expires_at,
        payment.send_at,
        payment.is_link_only,
        rules,
    ]);
    HEXLOWER.encode(&crypto::hash(state.to_string()))
}

/// Changes a draft or a scheduled request that still is as its form was filled from it, `seen`, and lets it go
/// where `is_sent`; else it is a draft afterwards.
pub fn update(
    conn: &mut PgConnection,
    keys: &Keyring,
    scope: MerchantScope,
    writer: &Writer,
    id: EmailPaymentId,
    (draft, seen): (&Draft, &str),
    is_sent: bool,
) -> Acted<()> {
    acted(conn.transaction(|conn| {
        let current = queries::lock(conn, scope, id)?;
        if !current.status.is_editable() {
            return Err(Stop::Failed(Error::Conflict));
        }
        if state_of(&current, &reminders_of(conn, scope, id)?) != seen {
            return Err(Stop::Hindered(Hindrance::Changed));
        }
        rewrite(conn, scope, &current, draft)?;
        forget_plans(conn, scope, id)?;
        plan_reminders(conn, scope, id, draft.reminders(is_sent), writer.now)?;
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
        let action = "email_payment.edit";
        let (before, after) = (Some(before), Some(after));
        audit_payment(conn, writer, scope.merchant_id(), id, action, before, after)?;
        if is_sent {
            let_go(conn, keys, scope, writer, id, draft.sending)
        } else {
            if current.status == Status::Scheduled {
                back_to_draft(conn, scope, writer, &current)?;
            }
            diesel::update(row(scope.merchant_id(), id))
                .set(email_payments::send_at.eq(draft.send_at()))
                .execute(conn)?;
            Ok(())
        }
    }))
}

fn rewrite(
    conn: &mut PgConnection,
    scope: MerchantScope,
    current: &EmailPayment,
    draft: &Draft,
) -> Result<(), Stop> {
    let changed = diesel::update(row(scope.merchant_id(), current.id))
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
            email_payments::send_hindrance.eq(None::<SendHindrance>),
            email_payments::is_link_only.eq(draft.sending == Sending::LinkOnly),
        ))
        .execute(conn);
    match changed {
        Err(error) if taken(&error).is_some() => Err(Stop::Hindered(Hindrance::OrderIdTaken)),
        Err(error) => Err(error.into()),
        Ok(_) => Ok(()),
    }
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
    // Behind numbers that were typed by hand the counter goes on in longer and longer steps.
    for step in (0..20).map(|power| 1_i64 << power) {
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
            send_at: draft.send_at(),
            is_link_only: draft.sending == Sending::LinkOnly,
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
        let number = take_order_number(conn, scope.merchant_id(), step)?;
        order_id = merchant.order_id(number, writer.now);
    }
    Err(Stop::Failed(Error::Conflict))
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// The next number of the counter, `step` further on.
fn take_order_number(
    conn: &mut PgConnection,
    merchant_id: MerchantId,
    step: i64,
) -> Result<i64, Error> {
    let taken: Number = sql_query(
        "UPDATE merchants SET next_order_number = next_order_number + $2 WHERE id = $1
         RETURNING next_order_number - 1 AS number",
    )
    .bind::<SqlUuid, _>(merchant_id)
    .bind::<BigInt, _>(step)
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
    FormKey { session_id, key }: FormKey,
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
