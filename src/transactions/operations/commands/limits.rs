//! From which amounts refunds need a second person.

use diesel::prelude::*;
use serde_json::json;

use super::super::queries;
use super::Writer;
use crate::auth::MerchantScope;
use crate::auth::audit::{self, Entry};
use crate::db::schema::{merchants, refund_limits};
use crate::kernel::{Currency, Error, MerchantId};

/// What somebody wants a currency's limit to be, in minor units. `None`: no limit.
#[derive(Clone, Debug)]
pub struct LimitWish {
    pub currency: Currency,
    /// As it stood when the form was read.
    pub seen: Option<i64>,
    pub wanted: Option<i64>,
}

/// Sets from which amounts refunds need a second person. The currencies whose limit somebody has changed since
/// the form was read: then nothing is written.
///
/// # Errors
/// [`Error::Unavailable`]: the database is out of reach.
pub fn set_limits(
    conn: &mut PgConnection,
    scope: MerchantScope,
    writer: &Writer,
    wishes: &[LimitWish],
) -> Result<Vec<Currency>, Error> {
    // A limit that is not there can't be locked.
    merchants::table
        .find(scope.merchant_id())
        .select(merchants::id)
        .for_no_key_update()
        .first::<MerchantId>(conn)?;
    let mut meanwhile = Vec::new();
    let mut changes = Vec::new();
    for wish in wishes.iter().filter(|wish| wish.wanted != wish.seen) {
        let stands = queries::limit(conn, scope, wish.currency.code())?;
        if stands == wish.wanted {
            continue;
        }
        if stands == wish.seen {
            changes.push(wish);
        } else {
            meanwhile.push(wish.currency);
        }
    }
    if meanwhile.is_empty() {
        for wish in changes {
            set_limit(conn, scope, writer, wish)?;
        }
    }
    Ok(meanwhile)
}

fn set_limit(
    conn: &mut PgConnection,
    scope: MerchantScope,
    writer: &Writer,
    wish: &LimitWish,
) -> Result<(), Error> {
    let currency = wish.currency.code();
    match wish.wanted {
        Some(above_minor) => diesel::insert_into(refund_limits::table)
            .values((
                refund_limits::merchant_id.eq(scope.merchant_id()),
                refund_limits::currency.eq(currency),
                refund_limits::above_minor.eq(above_minor),
                refund_limits::set_by.eq(writer.user_id),
                refund_limits::set_at.eq(writer.now),
            ))
            .on_conflict((refund_limits::merchant_id, refund_limits::currency))
            .do_update()
            .set((
                refund_limits::above_minor.eq(above_minor),
                refund_limits::set_by.eq(writer.user_id),
                refund_limits::set_at.eq(writer.now),
            ))
            .execute(conn)?,
        None => diesel::delete(refund_limits::table.find((scope.merchant_id(), currency)))
            .execute(conn)?,
    };
    let entry = Entry {
        merchant_id: Some(scope.merchant_id()),
        action: "refund.limit",
        object_id: Some(scope.merchant_id().as_uuid()),
        is_done: true,
        before: Some(json!({ "currency": currency, "above_minor": wish.seen })),
        after: Some(json!({ "currency": currency, "above_minor": wish.wanted })),
    };
    audit::record(conn, &writer.by, entry)
}
