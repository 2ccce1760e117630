//! Writes: a change, and a change taken back. Both under the lock of the merchant's row.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde_json::{Value, json};

use super::model::Feature;
use super::queries;
use crate::auth::MerchantScope;
use crate::auth::audit::{self, Entry, Writer};
use crate::db::schema::{feature_switches, merchants};
use crate::kernel::{Error, FeatureSwitchId, MerchantId, UserId};

/// What is wanted of a feature.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub feature: Feature,
    pub is_on: bool,
    pub from: DateTime<Utc>,
    pub reason: String,
}

/// Why it is not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hindrance {
    /// It stands so already.
    Unchanged,
    /// No payment method would be left.
    NoMethodLeft,
}

/// A change that can't be, as diesel gives a transaction up.
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

#[derive(Insertable)]
#[diesel(table_name = feature_switches)]
struct NewRow<'a> {
    merchant_id: MerchantId,
    id: FeatureSwitchId,
    feature: Feature,
    is_on: bool,
    takes_effect_at: DateTime<Utc>,
    reason: Option<&'a str>,
    takes_back: Option<FeatureSwitchId>,
    switched_by: UserId,
    switched_at: DateTime<Utc>,
}

impl NewRow<'_> {
    /// One that counts at once.
    const fn of(
        scope: MerchantScope,
        writer: &Writer,
        id: FeatureSwitchId,
        feature: Feature,
        is_on: bool,
    ) -> Self {
        Self {
            merchant_id: scope.merchant_id(),
            id,
            feature,
            is_on,
            takes_effect_at: writer.now,
            reason: None,
            takes_back: None,
            switched_by: writer.user_id,
            switched_at: writer.now,
        }
    }
}

/// Switches a feature, now or from a day on.
pub fn turn(
    conn: &mut PgConnection,
    scope: MerchantScope,
    writer: &Writer,
    wanted: &Wanted,
) -> Result<Result<(), Hindrance>, Error> {
    whole(conn, |conn| {
        lock(conn, scope)?;
        let stands = queries::features(conn, scope.merchant_id(), wanted.from)?;
        if stands.is_on(wanted.feature) == wanted.is_on {
            return Err(Stop::Hindered(Hindrance::Unchanged));
        }
        let id = FeatureSwitchId::new();
        diesel::insert_into(feature_switches::table)
            .values(NewRow {
                reason: Some(&wanted.reason),
                takes_effect_at: wanted.from,
                ..NewRow::of(scope, writer, id, wanted.feature, wanted.is_on)
            })
            .execute(conn)?;
        check_methods(conn, scope, writer.now)?;
        let feature = wanted.feature.as_str();
        let before = json!({ "feature": feature, "is_on": !wanted.is_on });
        let after = json!({
            "feature": feature, "is_on": wanted.is_on, "takes_effect_at": wanted.from, "reason": wanted.reason,
        });
        record(conn, scope, writer, "merchant.feature", id, before, after)
    })
}

/// Takes a change back, as if it had never been made. Returns its feature. A second time it does nothing.
///
/// # Errors
/// [`Error::NotFound`]: the merchant has no such change.
pub fn take_back(
    conn: &mut PgConnection,
    scope: MerchantScope,
    writer: &Writer,
    id: FeatureSwitchId,
) -> Result<Result<Feature, Hindrance>, Error> {
    whole(conn, |conn| {
        lock(conn, scope)?;
        let change = queries::change(conn, scope, id)?;
        if change.reason.is_none() {
            return Err(Error::NotFound.into());
        }
        if change.is_taken_back {
            return Ok(change.feature);
        }
        let taken = FeatureSwitchId::new();
        diesel::insert_into(feature_switches::table)
            .values(NewRow {
                takes_back: Some(id),
                ..NewRow::of(scope, writer, taken, change.feature, !change.is_on)
            })
            .execute(conn)?;
        check_methods(conn, scope, writer.now)?;
        let feature = change.feature.as_str();
        let before = json!({ "feature": feature, "is_on": change.is_on, "takes_effect_at": change.takes_effect_at });
        let after = json!({ "feature": feature, "is_taken_back": true });
        record(conn, scope, writer, "merchant.feature_taken_back", taken, before, after)?;
        Ok(change.feature)
    })
}

/// All of it or nothing.
fn whole<T>(
    conn: &mut PgConnection,
    work: impl FnOnce(&mut PgConnection) -> Result<T, Stop>,
) -> Result<Result<T, Hindrance>, Error> {
    match conn.transaction(work) {
        Ok(done) => Ok(Ok(done)),
        Err(Stop::Hindered(hindrance)) => Ok(Err(hindrance)),
        Err(Stop::Failed(error)) => Err(error),
    }
}

fn lock(conn: &mut PgConnection, scope: MerchantScope) -> Result<(), Error> {
    merchants::table
        .find(scope.merchant_id())
        .select(merchants::id)
        .for_no_key_update()
        .first::<MerchantId>(conn)?;
    Ok(())
}

/// A payment method is on now, and at each instant to come at which something changes.
fn check_methods(
    conn: &mut PgConnection,
    scope: MerchantScope,
    now: DateTime<Utc>,
) -> Result<(), Stop> {
    let mut instants: Vec<DateTime<Utc>> = feature_switches::table
        .filter(feature_switches::merchant_id.eq(scope.merchant_id()))
        .filter(feature_switches::takes_effect_at.gt(now))
        .select(feature_switches::takes_effect_at)
        .distinct()
        .load(conn)?;
    instants.push(now);
    for at in instants {
        if !queries::features(conn, scope.merchant_id(), at)?.has_method() {
            return Err(Stop::Hindered(Hindrance::NoMethodLeft));
        }
    }
    Ok(())
}

fn record(
    conn: &mut PgConnection,
    scope: MerchantScope,
    writer: &Writer,
    action: &'static str,
    id: FeatureSwitchId,
    before: Value,
    after: Value,
) -> Result<(), Stop> {
    let entry = Entry {
        merchant_id: Some(scope.merchant_id()),
        action,
        object_id: Some(id.as_uuid()),
        is_done: true,
        before: Some(before),
        after: Some(after),
    };
    Ok(audit::record(conn, &writer.by, entry)?)
}
