//! How the list looks for a text. Postgres can walk the list and compare each row, or take all
//! matches from the index of texts and sort them. The one is right for texts that stand in many
//! rows, the other for those in few; each takes seconds in the other's place, and under row-level
//! security Postgres has no statistics to tell them apart. So we look at a few rows ourselves.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::filter::Condition;
use crate::auth::MerchantScope;
use crate::db;
use crate::db::views::email_payments_list;
use crate::kernel::Error;

pub use crate::db::through_index;

/// So many of the newest rows are looked at.
const SAMPLE: i64 = 500;

/// So many of them make a text common. At four in five hundred a page of 25 takes a walk along some
/// 3,000 rows; below, the index gives at most as many of half a million.
const COMMON_FROM: i64 = 4;

/// Whether the rows with these texts are so many that the list is best walked along. `texts` are the
/// conditions on texts alone, in words that no index serves.
pub fn is_common(
    conn: &mut PgConnection,
    scope: MerchantScope,
    texts: Condition,
) -> Result<bool, Error> {
    let newest = || {
        email_payments_list::table.filter(email_payments_list::merchant_id.eq(scope.merchant_id()))
    };
    let since: Option<DateTime<Utc>> = newest()
        .order((email_payments_list::created_at.desc(), email_payments_list::id.desc()))
        .select(email_payments_list::created_at)
        .offset(SAMPLE)
        .first(conn)
        .optional()?;
    let Some(since) = since else { return Ok(true) };
    let found = newest()
        .filter(email_payments_list::created_at.gt(since))
        .filter(texts)
        .select(email_payments_list::id)
        .limit(COMMON_FROM);
    Ok(db::count::rows(found, conn)? >= COMMON_FROM)
}
