//! Reads of a success manager's portfolio.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::auth::ManagedScope;
use crate::db::schema::{merchants, users};
use crate::kernel::{Currency, Error, Lang, MerchantId};

/// A merchant as its success manager sees it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = merchants)]
pub struct Managed {
    pub id: MerchantId,
    pub name: String,
    pub legal_name: String,
    pub address: String,
    pub country: String,
    pub currency: String,
    pub language: Lang,
    pub time_zone: String,
    pub email: String,
    pub order_confirmations: bool,
    pub order_confirmations_changed_at: Option<DateTime<Utc>>,
}

/// The portfolio, by name; the first two hundred.
pub fn list(conn: &mut PgConnection, scope: &ManagedScope) -> Result<Vec<Managed>, Error> {
    Ok(merchants::table
        .filter(merchants::id.eq_any(scope.merchant_ids()))
        .order((merchants::name, merchants::id))
        .limit(200)
        .select(Managed::as_select())
        .load(conn)?)
}

/// One merchant of the portfolio, and who last changed its switch.
pub fn get(
    conn: &mut PgConnection,
    scope: &ManagedScope,
    id: MerchantId,
) -> Result<(Managed, Option<String>), Error> {
    Ok(merchants::table
        .left_join(users::table)
        .filter(merchants::id.eq(id))
        .filter(merchants::id.eq_any(scope.merchant_ids()))
        .select((Managed::as_select(), users::name.nullable()))
        .first(conn)?)
}

/// A merchant's own currency.
pub fn currency_of(conn: &mut PgConnection, id: MerchantId) -> Result<Option<Currency>, Error> {
    let code: String = merchants::table.find(id).select(merchants::currency).first(conn)?;
    Ok(Currency::parse(&code))
}
