//! Reads. Every function takes a scope; row-level security stands behind it.

pub mod confirmations;
mod detail;
mod file;
mod list;
pub mod overview;
pub mod page_settings;
pub mod preflight;
pub mod undelivered;

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;

use super::confirmations::Switches;
use super::model::EmailPayment;
use crate::auth::MerchantScope;
use crate::db::keyset::Condition;
use crate::db::schema::{email_payments, merchants, originators};
use crate::kernel::{Currency, EmailPaymentId, Error, Lang, MerchantId, OriginatorId};

pub use detail::{AttemptRow, EventKind, EventRow, MailRow, attempts, events, mails_of, visits_of};
pub use file::{FileRow, each};
pub use list::{
    COUNT_MAX, ListRow, count, count_groups, count_soon, currencies_for, has_any, in_order, list,
    mark, names,
};

/// One payment.
///
/// # Errors
/// [`Error::NotFound`]: there is none, or not for this scope.
pub fn get(
    conn: &mut PgConnection,
    scope: MerchantScope,
    id: EmailPaymentId,
) -> Result<EmailPayment, Error> {
    Ok(one(scope, id).first(conn)?)
}

/// One payment, locked until the transaction ends: read it so before changing its status.
pub fn lock(
    conn: &mut PgConnection,
    scope: MerchantScope,
    id: EmailPaymentId,
) -> Result<EmailPayment, Error> {
    let row = email_payments::table
        .filter(email_payments::merchant_id.eq(scope.merchant_id()))
        .filter(email_payments::id.eq(id))
        .select(EmailPayment::as_select())
        .for_update()
        .first(conn)?;
    match scope.only_created_by() {
        Some(user_id) if row.created_by != user_id => Err(Error::NotFound),
        _ => Ok(row),
    }
}

#[diesel::dsl::auto_type(no_type_alias)]
fn one(scope: MerchantScope, id: EmailPaymentId) -> _ {
    let own: Own = own(scope);
    let selection: diesel::dsl::AsSelect<EmailPayment, Pg> = EmailPayment::as_select();
    email_payments::table.filter(own).filter(email_payments::id.eq(id)).select(selection)
}

type Own = Condition<email_payments::table>;

/// What a scope lets through, of the table itself.
fn own(scope: MerchantScope) -> Own {
    let merchant: Own = Box::new(email_payments::merchant_id.eq(scope.merchant_id()));
    match scope.only_created_by() {
        Some(user_id) => Box::new(merchant.and(email_payments::created_by.eq(user_id))),
        None => merchant,
    }
}

/// The order ID of a payment, where this scope may see it.
pub fn order_id_of(
    conn: &mut PgConnection,
    scope: MerchantScope,
    id: EmailPaymentId,
) -> Result<Option<(EmailPaymentId, String)>, Error> {
    Ok(one(scope, id)
        .select((email_payments::id, email_payments::order_id))
        .first(conn)
        .optional()?)
}

/// The payment whose place this one took, where this scope may see it.
pub fn replaced_one(
    conn: &mut PgConnection,
    scope: MerchantScope,
    id: EmailPaymentId,
) -> Result<Option<(EmailPaymentId, String)>, Error> {
    Ok(email_payments::table
        .filter(own(scope))
        .filter(email_payments::replaced_by.eq(id))
        .select((email_payments::id, email_payments::order_id))
        .first(conn)
        .optional()?)
}

/// A source of income, as forms offer it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = originators)]
pub struct Originator {
    pub id: OriginatorId,
    pub name: String,
    currencies: Vec<Option<String>>,
    pub attempts_max: i32,
    /// For how many days a link is valid where nothing else is chosen.
    pub valid_days: i32,
    /// Whether somebody has looked after its payment page.
    pub is_page_set_up: bool,
    confirms_success: bool,
    confirms_failure: bool,
}

impl Originator {
    /// Whether its customers are told how a payment went.
    #[must_use]
    pub const fn confirms(&self) -> Switches {
        Switches { success: self.confirms_success, failure: self.confirms_failure }
    }

    /// The currencies that may be asked for; the first is proposed.
    pub fn currencies(&self) -> impl Iterator<Item = Currency> {
        self.currencies.iter().flatten().filter_map(|code| Currency::parse(code))
    }
}

/// The merchant's originators that are active, by name.
pub fn originators_of(
    conn: &mut PgConnection,
    merchant_id: MerchantId,
) -> Result<Vec<Originator>, Error> {
    Ok(originators::table
        .filter(originators::merchant_id.eq(merchant_id))
        .filter(originators::is_active)
        .order((originators::name, originators::id))
        .select(Originator::as_select())
        .load(conn)?)
}

/// One originator, active or not.
pub fn originator(
    conn: &mut PgConnection,
    merchant_id: MerchantId,
    id: OriginatorId,
) -> Result<Originator, Error> {
    Ok(originators::table
        .filter(originators::merchant_id.eq(merchant_id))
        .filter(originators::id.eq(id))
        .select(Originator::as_select())
        .first(conn)?)
}

/// What mails, pages and forms say about a merchant.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = merchants)]
pub struct MerchantView {
    pub id: MerchantId,
    pub name: String,
    pub legal_name: String,
    pub address: String,
    pub email: String,
    pub language: Lang,
    time_zone: String,
    pub order_prefix: String,
    pub next_order_number: i64,
}

impl MerchantView {
    #[must_use]
    pub fn zone(&self) -> chrono_tz::Tz {
        self.time_zone.parse().unwrap_or(chrono_tz::UTC)
    }

    /// The order ID that the system fills in: `CB-2026-1205`.
    #[must_use]
    pub fn order_id(&self, number: i64, now: DateTime<Utc>) -> String {
        let year = chrono::Datelike::year(&now.with_timezone(&self.zone()));
        format!("{}-{year}-{number:04}", self.order_prefix)
    }
}

pub fn merchant(conn: &mut PgConnection, merchant_id: MerchantId) -> Result<MerchantView, Error> {
    Ok(merchants::table.find(merchant_id).select(MerchantView::as_select()).first(conn)?)
}
