//! Writes: one transaction each, audit row included.

mod work;

use chrono::{DateTime, Utc};
use data_encoding::HEXLOWER;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, Integer, Nullable, Text, Uuid as SqlUuid};
use serde_json::{Value, json};

use super::model::{BulkAct, BulkState, RowOutcome, SkipReason};
use super::queries;
use crate::auth::MerchantScope;
use crate::auth::audit::{self, By, Entry};
use crate::crypto;
use crate::db::schema::{bulk_action_rows, bulk_actions};
use crate::email_payments::acting::EmailPayment;
use crate::kernel::{BulkActionId, EmailPaymentId, Error, MerchantId, UserId};

pub use work::work_due;

/// What somebody has confirmed.
pub struct NewBulkAction {
    /// Made with the page: the same form sent twice does it once.
    pub id: BulkActionId,
    pub act: BulkAct,
    /// The rows as the list's query string, and in words.
    pub filter: String,
    pub filter_words: Vec<String>,
    pub reason: String,
    /// What the page showed that it is done to, see [`seen`].
    pub seen: String,
}

/// What stands for payments as a page has shown them: which ones, and how much.
pub fn seen<'a>(payments: impl Iterator<Item = &'a EmailPayment>) -> String {
    let rows = payments
        .map(|payment| format!("{} {} {}", payment.id, payment.amount_minor, payment.currency));
    HEXLOWER.encode(&crypto::hash(rows.collect::<Vec<_>>().join("\n")))
}

/// What a confirmation led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begun {
    Done,
    /// What would be done is not what the page said: it has to be looked at again.
    Changed,
}

/// Settles which rows it is done to, and those that are skipped at once. A second time it does nothing.
pub fn begin(
    conn: &mut PgConnection,
    scope: MerchantScope,
    by: &By,
    user_id: UserId,
    new: &NewBulkAction,
    payments: &[EmailPayment],
    now: DateTime<Utc>,
) -> Result<Begun, Error> {
    if queries::is_there(conn, scope, new.id)? {
        return queries::get(conn, scope, new.id).map(|_| Begun::Done);
    }
    let reasons: Vec<Option<SkipReason>> =
        payments.iter().map(|payment| new.act.skips(payment, now)).collect();
    let count = reasons.iter().filter(|reason| reason.is_none()).count();
    let seen = seen(payments.iter().zip(&reasons).filter(|(_, why)| why.is_none()).map(|(p, _)| p));
    if seen != new.seen || count == 0 {
        return Ok(Begun::Changed);
    }
    let rows = i32::try_from(payments.len()).map_err(Error::internal)?;
    let begun = diesel::insert_into(bulk_actions::table)
        .values((
            bulk_actions::merchant_id.eq(scope.merchant_id()),
            bulk_actions::id.eq(new.id),
            bulk_actions::act.eq(new.act),
            bulk_actions::created_by.eq(user_id),
            bulk_actions::created_at.eq(now),
            bulk_actions::filter.eq(&new.filter),
            bulk_actions::filter_words.eq(&new.filter_words),
            bulk_actions::reason.eq(&new.reason),
            bulk_actions::rows.eq(rows),
            bulk_actions::state.eq(BulkState::Running),
            bulk_actions::next_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .execute(conn)?;
    if begun == 0 {
        // Pressed twice at the same moment.
        return queries::get(conn, scope, new.id).map(|_| Begun::Done);
    }
    let ids: Vec<EmailPaymentId> = payments.iter().map(|payment| payment.id).collect();
    let reasons: Vec<Option<&str>> =
        reasons.into_iter().map(|reason| reason.map(SkipReason::as_str)).collect();
    sql_query(
        "INSERT INTO bulk_action_rows (merchant_id, bulk_action_id, number, email_payment_id, state, reason)
         SELECT $1, $2, d.number, d.id, CASE WHEN d.reason IS NULL THEN 'queued' ELSE 'skipped' END, d.reason
         FROM unnest($3, $4, $5) AS d (number, id, reason)",
    )
    .bind::<SqlUuid, _>(scope.merchant_id())
    .bind::<SqlUuid, _>(new.id)
    .bind::<Array<Integer>, _>((1..=rows).collect::<Vec<i32>>())
    .bind::<Array<SqlUuid>, _>(ids)
    .bind::<Array<Nullable<Text>>, _>(reasons)
    .execute(conn)?;
    let facts = json!({ "act": new.act.as_str(), "rows": count, "filter": new.filter });
    note(conn, by, scope.merchant_id(), new.id, "bulk_action.begin", Some(facts))?;
    Ok(Begun::Done)
}

/// What is not done yet is not done. A row whose turn it is at this moment still is.
pub fn stop(
    conn: &mut PgConnection,
    scope: MerchantScope,
    by: &By,
    id: BulkActionId,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    // Where it has ended, it was faster, or somebody else was.
    if queries::lock(conn, scope, id)?.state == BulkState::Running {
        end_early(conn, by, scope.merchant_id(), id, now)?;
    }
    Ok(())
}

/// Skips the rows that are not done yet.
fn end_early(
    conn: &mut PgConnection,
    by: &By,
    merchant_id: MerchantId,
    id: BulkActionId,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    end(conn, merchant_id, id, BulkState::Stopped, now)?;
    let queued = bulk_action_rows::table
        .filter(bulk_action_rows::merchant_id.eq(merchant_id))
        .filter(bulk_action_rows::bulk_action_id.eq(id))
        .filter(bulk_action_rows::state.eq(RowOutcome::Queued));
    let left = diesel::update(queued)
        .set((
            bulk_action_rows::state.eq(RowOutcome::Skipped),
            bulk_action_rows::reason.eq(SkipReason::Stopped),
        ))
        .execute(conn)?;
    note(conn, by, merchant_id, id, "bulk_action.stop", Some(json!({ "rows": left })))
}

fn end(
    conn: &mut PgConnection,
    merchant_id: MerchantId,
    id: BulkActionId,
    state: BulkState,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    diesel::update(row(merchant_id, id))
        .set((
            bulk_actions::state.eq(state),
            bulk_actions::next_at.eq(None::<DateTime<Utc>>),
            bulk_actions::ended_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

#[diesel::dsl::auto_type(no_type_alias)]
fn row(merchant_id: MerchantId, id: BulkActionId) -> _ {
    bulk_actions::table
        .filter(bulk_actions::merchant_id.eq(merchant_id))
        .filter(bulk_actions::id.eq(id))
}

fn note(
    conn: &mut PgConnection,
    by: &By,
    merchant_id: MerchantId,
    id: BulkActionId,
    action: &'static str,
    after: Option<Value>,
) -> Result<(), Error> {
    let entry = Entry {
        merchant_id: Some(merchant_id),
        action,
        object_id: Some(id.as_uuid()),
        is_done: true,
        before: None,
        after,
    };
    audit::record(conn, by, entry)
}
