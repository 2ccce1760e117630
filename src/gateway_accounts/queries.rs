//! Reads. Every function takes a scope; row-level security stands behind it.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::model::{AccountOf, Answered, Told};
use crate::auth::MerchantScope;
use crate::db::schema::{gateway_accounts, originators};
use crate::kernel::{Error, OriginatorId};

/// Originators that a page shows at most.
const SHOWN_MAX: i64 = 200;

type Row = (
    OriginatorId,
    String,
    Vec<Option<String>>,
    Option<(
        Option<serde_json::Value>,
        Option<DateTime<Utc>>,
        Option<DateTime<Utc>>,
        Option<DateTime<Utc>>,
    )>,
);

/// The active originators, each with what the gateway says of it.
pub fn accounts(conn: &mut PgConnection, scope: MerchantScope) -> Result<Vec<AccountOf>, Error> {
    let active = rows(scope).filter(originators::is_active).limit(SHOWN_MAX);
    active.load::<Row>(conn)?.into_iter().map(read).collect()
}

/// One of them, active or not.
///
/// # Errors
/// [`Error::NotFound`]: the merchant has no such originator.
pub fn account(
    conn: &mut PgConnection,
    scope: MerchantScope,
    id: OriginatorId,
) -> Result<AccountOf, Error> {
    read(rows(scope).filter(originators::id.eq(id)).first::<Row>(conn)?)
}

#[diesel::dsl::auto_type(no_type_alias)]
fn rows(scope: MerchantScope) -> _ {
    let merchant_id: crate::kernel::MerchantId = scope.merchant_id();
    originators::table
        .left_join(
            gateway_accounts::table.on(gateway_accounts::merchant_id
                .eq(originators::merchant_id)
                .and(gateway_accounts::originator_id.eq(originators::id))),
        )
        .filter(originators::merchant_id.eq(merchant_id))
        .order((originators::name, originators::id))
        .select((
            originators::id,
            originators::name,
            originators::currencies,
            (
                gateway_accounts::told,
                gateway_accounts::told_at,
                gateway_accounts::changed_at,
                gateway_accounts::failed_at,
            )
                .nullable(),
        ))
}

fn read((originator_id, originator, currencies, kept): Row) -> Result<AccountOf, Error> {
    let (told, at, since, failed_at) = kept.unwrap_or_default();
    let told = match (told, at, since) {
        (Some(told), Some(at), Some(since)) => {
            let told: Told = serde_json::from_value(told).map_err(Error::internal)?;
            Some((told, Answered { at, since }))
        }
        _ => None,
    };
    let currencies = currencies.into_iter().flatten().collect();
    Ok(AccountOf { originator_id, originator, currencies, told, failed_at })
}
