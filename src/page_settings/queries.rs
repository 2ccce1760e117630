//! Reads. Every function takes a scope; row-level security stands behind it.

use diesel::prelude::*;

use crate::auth::MerchantScope;
use crate::db::schema::originators;
use crate::email_payments::page_setting::{MerchantView, PageSettings, page_settings_of_one};
use crate::kernel::{Currency, Error, OriginatorId};

/// Originators that a page shows at most.
const SHOWN_MAX: i64 = 200;

/// An originator, and what counts for it where its page was never set up.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = originators)]
pub struct Originator {
    pub id: OriginatorId,
    pub name: String,
    pub is_active: bool,
    pub is_page_set_up: bool,
    currencies: Vec<Option<String>>,
    attempts_max: i32,
    valid_days: i32,
}

impl Originator {
    /// What examples are told in.
    #[must_use]
    pub fn currency(&self) -> Currency {
        let mut known = self.currencies.iter().flatten().filter_map(|code| Currency::parse(code));
        known.next().unwrap_or(Currency::EUR)
    }

    /// What customers meet while nobody has set its page up.
    #[must_use]
    pub fn usual(&self, merchant: &MerchantView) -> PageSettings {
        PageSettings {
            attempts_max: self.attempts_max,
            valid_days: self.valid_days,
            ..PageSettings::usual(merchant)
        }
    }
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

/// What counts for an originator now, with its version; 0 where nothing was ever saved.
pub fn standing(
    conn: &mut PgConnection,
    merchant: &MerchantView,
    originator: &Originator,
) -> Result<(i32, PageSettings), Error> {
    let saved = page_settings_of_one(conn, merchant.id, originator.id)?;
    Ok(saved.unwrap_or_else(|| (0, originator.usual(merchant))))
}
