//! New conditions of a merchant, and how often its transactions are summed up. What stands is never
//! changed, so that every statement can be worked out again from what held then.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde_json::json;

use crate::auth::MerchantScope;
use crate::auth::audit::{self, By, Entry};
use crate::db::schema::{conditions, merchants};
use crate::kernel::{ConditionsId, Currency, Error, UserId};
use crate::settlement::Rhythm;

/// Conditions as they were entered, from a day on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewConditions {
    pub provider: String,
    pub currency: Currency,
    pub valid_from: NaiveDate,
    pub percent_bp: i32,
    pub per_sale_minor: i64,
    pub per_refund_minor: i64,
    pub per_chargeback_minor: i64,
    pub tax_bp: i32,
    pub holdback_bp: i32,
    pub holdback_days: i32,
    pub due_days: i32,
    pub reason: String,
}

/// Enters conditions, with an audit row. `false`: there are some from that day on already.
pub fn add_conditions(
    conn: &mut PgConnection,
    scope: MerchantScope,
    by: &By,
    user_id: Option<UserId>,
    new: &NewConditions,
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    let id = ConditionsId::new();
    let made = diesel::insert_into(conditions::table)
        .values((
            conditions::merchant_id.eq(scope.merchant_id()),
            conditions::id.eq(id),
            conditions::provider.eq(&new.provider),
            conditions::currency.eq(new.currency.code()),
            conditions::valid_from.eq(new.valid_from),
            conditions::percent_bp.eq(new.percent_bp),
            conditions::per_sale_minor.eq(new.per_sale_minor),
            conditions::per_refund_minor.eq(new.per_refund_minor),
            conditions::per_chargeback_minor.eq(new.per_chargeback_minor),
            conditions::tax_bp.eq(new.tax_bp),
            conditions::holdback_bp.eq(new.holdback_bp),
            conditions::holdback_days.eq(new.holdback_days),
            conditions::due_days.eq(new.due_days),
            conditions::reason.eq(&new.reason),
            conditions::created_by.eq(user_id),
            conditions::created_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .execute(conn)?;
    if made == 0 {
        return Ok(false);
    }
    let facts = json!({
        "provider": new.provider,
        "currency": new.currency.code(),
        "valid_from": new.valid_from,
        "percent_bp": new.percent_bp,
        "per_sale_minor": new.per_sale_minor,
        "per_refund_minor": new.per_refund_minor,
        "per_chargeback_minor": new.per_chargeback_minor,
        "tax_bp": new.tax_bp,
        "holdback_bp": new.holdback_bp,
        "holdback_days": new.holdback_days,
        "due_days": new.due_days,
        "reason": new.reason,
    });
    let entry = Entry {
        merchant_id: Some(scope.merchant_id()),
        action: "conditions.add",
        object_id: Some(id.as_uuid()),
        is_done: true,
        before: None,
        after: Some(facts),
    };
    audit::record(conn, by, entry)?;
    Ok(true)
}

/// From the next period on, a merchant's transactions are summed up by this rhythm; with an audit row
/// where that changes anything.
pub fn set_rhythm(
    conn: &mut PgConnection,
    scope: MerchantScope,
    by: &By,
    rhythm: Rhythm,
) -> Result<(), Error> {
    let before: Rhythm = merchants::table
        .find(scope.merchant_id())
        .for_no_key_update()
        .select(merchants::statement_rhythm)
        .first(conn)?;
    if before == rhythm {
        return Ok(());
    }
    diesel::update(merchants::table.find(scope.merchant_id()))
        .set(merchants::statement_rhythm.eq(rhythm))
        .execute(conn)?;
    let entry = Entry {
        merchant_id: Some(scope.merchant_id()),
        action: "merchant.statement_rhythm",
        object_id: Some(scope.merchant_id().as_uuid()),
        is_done: true,
        before: Some(json!({ "rhythm": before.as_str() })),
        after: Some(json!({ "rhythm": rhythm.as_str() })),
    };
    audit::record(conn, by, entry)
}
