//! Reads. The tenant of the transaction is the merchant that is asked about; row-level security stands
//! behind it.

use chrono::{DateTime, Utc};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Bool, Text, Timestamptz, Uuid as SqlUuid};

use super::model::{Feature, Features};
use crate::auth::MerchantScope;
use crate::auth::helpers::{Helpers, helpers};
use crate::db::schema::{feature_switches, merchants, users};
use crate::kernel::{Error, FeatureSwitchId, MerchantId};

/// Changes that a page shows at most.
const SHOWN_MAX: i64 = 200;

#[derive(QueryableByName)]
struct Stands {
    #[diesel(sql_type = Text)]
    feature: String,
    #[diesel(sql_type = Bool)]
    is_on: bool,
}

/// What is on for a merchant at an instant: of each feature, what was decided last among what counts by
/// then and was not taken back.
pub fn features(
    conn: &mut PgConnection,
    merchant_id: MerchantId,
    at: DateTime<Utc>,
) -> Result<Features, Error> {
    let rows: Vec<Stands> = sql_query(
        "SELECT DISTINCT ON (s.feature) s.feature, s.is_on FROM feature_switches s
         WHERE s.merchant_id = $1 AND s.takes_effect_at <= $2 AND s.takes_back IS NULL
           AND NOT EXISTS (SELECT FROM feature_switches b WHERE b.merchant_id = s.merchant_id AND b.takes_back = s.id)
         ORDER BY s.feature, s.switched_at DESC, s.id DESC",
    )
    .bind::<SqlUuid, _>(merchant_id)
    .bind::<Timestamptz, _>(at)
    .load(conn)?;
    let off = rows.iter().filter(|row| !row.is_on);
    Ok(Features { off: off.filter_map(|row| Feature::parse(&row.feature)).collect() })
}

/// Who can switch a feature on, where it is off for a merchant.
pub fn whom_to_ask(
    conn: &mut PgConnection,
    merchant_id: MerchantId,
    feature: Feature,
    at: DateTime<Utc>,
) -> Result<Option<Helpers>, Error> {
    let is_on = features(conn, merchant_id, at)?.is_on(feature);
    if is_on { Ok(None) } else { helpers(conn, merchant_id).map(Some) }
}

/// The merchant as these pages name it.
#[derive(Clone, Debug)]
pub struct MerchantView {
    pub id: MerchantId,
    pub name: String,
    pub zone: chrono_tz::Tz,
}

pub fn merchant(conn: &mut PgConnection, scope: MerchantScope) -> Result<MerchantView, Error> {
    let id = scope.merchant_id();
    let (name, zone): (String, String) =
        merchants::table.find(id).select((merchants::name, merchants::time_zone)).first(conn)?;
    let zone = zone.parse().map_err(|_| Error::internal("a merchant's time zone is none"))?;
    Ok(MerchantView { id, name, zone })
}

/// One change.
#[derive(Clone, Debug, Queryable)]
pub struct Change {
    pub id: FeatureSwitchId,
    pub feature: Feature,
    pub is_on: bool,
    pub takes_effect_at: DateTime<Utc>,
    /// `None`: it takes another one back.
    pub reason: Option<String>,
    pub by: String,
    pub at: DateTime<Utc>,
    pub is_taken_back: bool,
}

impl Change {
    /// It counts, now or once its day has come.
    #[must_use]
    pub const fn stands(&self) -> bool {
        self.reason.is_some() && !self.is_taken_back
    }
}

/// The newest first.
pub fn changes(conn: &mut PgConnection, scope: MerchantScope) -> Result<Vec<Change>, Error> {
    load(conn, scope, None)
}

/// One of them, however many came after it.
///
/// # Errors
/// [`Error::NotFound`]: the merchant has no such change.
pub fn change(
    conn: &mut PgConnection,
    scope: MerchantScope,
    id: FeatureSwitchId,
) -> Result<Change, Error> {
    load(conn, scope, Some(id))?.pop().ok_or(Error::NotFound)
}

fn load(
    conn: &mut PgConnection,
    scope: MerchantScope,
    only: Option<FeatureSwitchId>,
) -> Result<Vec<Change>, Error> {
    use feature_switches as s;
    let mut query = s::table
        .inner_join(users::table)
        .filter(s::merchant_id.eq(scope.merchant_id()))
        .order((s::switched_at.desc(), s::id.desc()))
        .limit(SHOWN_MAX)
        .select((
            s::id,
            s::feature,
            s::is_on,
            s::takes_effect_at,
            s::reason,
            users::name,
            s::switched_at,
            sql::<Bool>(
                "EXISTS (SELECT FROM feature_switches b
                 WHERE b.merchant_id = feature_switches.merchant_id AND b.takes_back = feature_switches.id)",
            ),
        ))
        .into_boxed();
    if let Some(id) = only {
        query = query.filter(s::id.eq(id));
    }
    Ok(query.load(conn)?)
}
