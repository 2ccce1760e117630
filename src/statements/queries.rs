//! Reads. Each takes a scope.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use diesel::prelude::*;

use super::model::{Conditions, Party, Provider, Statement};
use crate::auth::{MerchantScope, SystemScope};
use crate::db::schema::{conditions, merchants, providers, statements, users};
use crate::kernel::{Currency, DocumentId, Error, Lang, StatementId};
use crate::settlement::{Period, Rhythm};

/// What the end of a period needs to know of a merchant.
pub struct Subject {
    pub zone: Tz,
    pub rhythm: Rhythm,
    pub party: Party,
}

pub fn subject(conn: &mut PgConnection, scope: SystemScope) -> Result<Subject, Error> {
    let (zone, rhythm, legal_name, address): (String, Rhythm, String, String) = merchants::table
        .find(scope.merchant_id())
        .select((
            merchants::time_zone,
            merchants::statement_rhythm,
            merchants::legal_name,
            merchants::address,
        ))
        .first(conn)?;
    let party = Party { legal_name, address, tax_number: String::new() };
    Ok(Subject { zone: zone.parse().map_err(Error::internal)?, rhythm, party })
}

/// Who issues the invoices about a provider's money.
pub fn issuer(conn: &mut PgConnection, provider: &str) -> Result<Party, Error> {
    Ok(providers::table.find(provider).select(Party::as_select()).first(conn)?)
}

/// All conditions of one provider and currency, whenever they hold.
pub fn conditions_of(
    conn: &mut PgConnection,
    scope: MerchantScope,
    provider: &str,
    currency: &str,
) -> Result<Vec<Conditions>, Error> {
    Ok(conditions::table
        .filter(conditions::merchant_id.eq(scope.merchant_id()))
        .filter(conditions::provider.eq(provider))
        .filter(conditions::currency.eq(currency))
        .select(Conditions::as_select())
        .load(conn)?)
}

/// Conditions, why they hold, and who entered them when.
pub type Noted = (Conditions, String, Option<String>, DateTime<Utc>);

/// A merchant's conditions and their history: by provider and currency, the newest first.
pub fn history(conn: &mut PgConnection, scope: MerchantScope) -> Result<Vec<Noted>, Error> {
    Ok(conditions::table
        .left_join(users::table)
        .filter(conditions::merchant_id.eq(scope.merchant_id()))
        .order((conditions::provider, conditions::currency, conditions::valid_from.desc()))
        .limit(200)
        .select((
            Conditions::as_select(),
            conditions::reason,
            users::name.nullable(),
            conditions::created_at,
        ))
        .load(conn)?)
}

/// How the providers that there are stand on invoices, by name.
pub fn all_providers(conn: &mut PgConnection) -> Result<Vec<Provider>, Error> {
    Ok(providers::table.order(providers::name).select(Provider::as_select()).load(conn)?)
}

/// The providers that there are, by name.
pub fn provider_names(conn: &mut PgConnection) -> Result<Vec<String>, Error> {
    Ok(providers::table.order(providers::name).select(providers::name).load(conn)?)
}

/// A merchant as staff reads of it: name and own currency.
pub fn merchant(
    conn: &mut PgConnection,
    scope: MerchantScope,
) -> Result<(String, String, Rhythm), Error> {
    Ok(merchants::table
        .find(scope.merchant_id())
        .select((merchants::name, merchants::currency, merchants::statement_rhythm))
        .first(conn)?)
}

type Row = (String, String, String, NaiveDate, NaiveDate, NaiveDate, NaiveDate, serde_json::Value);

const ROW: (
    statements::number,
    statements::provider,
    statements::currency,
    statements::period_from,
    statements::period_until,
    statements::issued_on,
    statements::due_on,
    statements::content,
) = (
    statements::number,
    statements::provider,
    statements::currency,
    statements::period_from,
    statements::period_until,
    statements::issued_on,
    statements::due_on,
    statements::content,
);

fn statement(row: Row) -> Result<Statement, Error> {
    let (number, provider, code, from, until, issued_on, due_on, content) = row;
    let currency = Currency::parse(&code).ok_or_else(|| Error::internal("no currency"))?;
    let content = serde_json::from_value(content).map_err(Error::internal)?;
    let period = Period { from, until };
    Ok(Statement { number, provider, currency, period, issued_on, due_on, content })
}

/// A statement whose document is to be made, and the merchant's language.
pub fn to_publish(
    conn: &mut PgConnection,
    scope: SystemScope,
    id: StatementId,
) -> Result<(Statement, Lang), Error> {
    let row = statements::table.find((scope.merchant_id(), id)).select(ROW).first::<Row>(conn)?;
    let lang =
        merchants::table.find(scope.merchant_id()).select(merchants::language).first(conn)?;
    Ok((statement(row)?, lang))
}

/// The statement that a document tells; `None`: it is none that was made at the end of a period.
pub fn of_document(
    conn: &mut PgConnection,
    scope: MerchantScope,
    id: DocumentId,
) -> Result<Option<Statement>, Error> {
    let row = statements::table
        .filter(statements::merchant_id.eq(scope.merchant_id()))
        .filter(statements::document_id.eq(id))
        .select(ROW)
        .first::<Row>(conn)
        .optional()?;
    row.map(statement).transpose()
}
