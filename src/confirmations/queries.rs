//! Reads. Every function takes a scope; row-level security stands behind it.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::auth::MerchantScope;
use crate::db::schema::{confirmation_switches, confirmation_texts, originators, users};
use crate::email_payments::confirming::{Confirmation, Switches};
use crate::kernel::{Currency, Error, Lang, OriginatorId};

/// Originators and turns of switches that a page shows at most.
const SHOWN_MAX: i64 = 200;

/// An originator and its switches.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = originators)]
pub struct Originator {
    pub id: OriginatorId,
    pub name: String,
    pub is_active: bool,
    currencies: Vec<Option<String>>,
    confirms_success: bool,
    confirms_failure: bool,
}

impl Originator {
    #[must_use]
    pub const fn confirms(&self) -> Switches {
        Switches { success: self.confirms_success, failure: self.confirms_failure }
    }

    /// What examples are told in.
    #[must_use]
    pub fn currency(&self) -> Currency {
        let mut known = self.currencies.iter().flatten().filter_map(|code| Currency::parse(code));
        known.next().unwrap_or(Currency::EUR)
    }
}

/// One of them.
///
/// # Errors
/// [`Error::NotFound`]: the merchant has no such originator.
pub fn originator(
    conn: &mut PgConnection,
    scope: MerchantScope,
    id: OriginatorId,
) -> Result<Originator, Error> {
    Ok(originators::table
        .find((scope.merchant_id(), id))
        .select(Originator::as_select())
        .first(conn)?)
}

/// All of them, those that are not active too: their customers may still pay.
pub fn originators(
    conn: &mut PgConnection,
    scope: MerchantScope,
) -> Result<Vec<Originator>, Error> {
    Ok(originators::table
        .filter(originators::merchant_id.eq(scope.merchant_id()))
        .order((originators::name, originators::id))
        .limit(SHOWN_MAX)
        .select(Originator::as_select())
        .load(conn)?)
}

/// One turn of a switch.
#[derive(Clone, Debug, Queryable)]
pub struct Turn {
    pub originator: String,
    pub confirmation: Confirmation,
    pub is_on: bool,
    pub reason: Option<String>,
    pub by: String,
    pub at: DateTime<Utc>,
}

/// The newest first.
pub fn turns(conn: &mut PgConnection, scope: MerchantScope) -> Result<Vec<Turn>, Error> {
    use confirmation_switches as s;
    let originator =
        originators::merchant_id.eq(s::merchant_id).and(originators::id.eq(s::originator_id));
    Ok(s::table
        .inner_join(originators::table.on(originator))
        .inner_join(users::table)
        .filter(s::merchant_id.eq(scope.merchant_id()))
        .order((s::switched_at.desc(), s::id.desc()))
        .limit(SHOWN_MAX)
        .select((
            originators::name,
            s::confirmation,
            s::is_on,
            s::reason,
            users::name,
            s::switched_at,
        ))
        .load(conn)?)
}

/// Which words of an originator a form was filled from, in microseconds since 1970; 0: it had none of its
/// own.
pub fn version(
    conn: &mut PgConnection,
    scope: MerchantScope,
    id: OriginatorId,
    language: Lang,
) -> Result<i64, Error> {
    let changed_at: Option<DateTime<Utc>> = confirmation_texts::table
        .find((scope.merchant_id(), id, language))
        .select(confirmation_texts::changed_at)
        .first(conn)
        .optional()?;
    Ok(changed_at.map_or(0, |at| at.timestamp_micros()))
}

/// Who wrote an originator's words last, by language.
#[derive(Clone, Debug, Queryable)]
pub struct Written {
    pub originator_id: OriginatorId,
    pub language: Lang,
    pub by: String,
    pub at: DateTime<Utc>,
}

pub fn written(conn: &mut PgConnection, scope: MerchantScope) -> Result<Vec<Written>, Error> {
    use confirmation_texts as w;
    Ok(w::table
        .inner_join(users::table)
        .filter(w::merchant_id.eq(scope.merchant_id()))
        .order((w::originator_id, w::language))
        .select((w::originator_id, w::language, users::name, w::changed_at))
        .load(conn)?)
}
