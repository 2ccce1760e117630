//! What the check before sending asks the database: three questions, each bounded, whatever the
//! merchant's size.

use std::collections::HashMap;

use chrono::{DateTime, Duration, Utc};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Text};

use crate::auth::MerchantScope;
use crate::db::schema::idempotency_keys;
use crate::db::views::email_payments_list;
use crate::email_payments::commands::FormKey;
use crate::email_payments::filter::visible;
use crate::email_payments::model::{Delivery, Status};
use crate::email_payments::preflight::{Facts, Question, Twin};
use crate::kernel::{EmailAddress, EmailPaymentId, Error, UserId};

/// The latest requests that tell what is usual: read along the index of the list.
const RECENT: i64 = 500;
/// To such a domain the merchant has written often enough for it to be meant.
const OWN_FROM: usize = 3;

#[derive(Queryable)]
struct Recent {
    customer_email: String,
    amount_minor: i64,
    currency: String,
    status: Status,
    delivery: Option<Delivery>,
    created_by: UserId,
}

/// Everything that is known about a request. `editing`: the draft that it is made of, which is no
/// twin of itself.
pub fn facts(
    conn: &mut PgConnection,
    scope: MerchantScope,
    question: &Question,
    editing: Option<EmailPaymentId>,
    now: DateTime<Utc>,
) -> Result<Facts, Error> {
    let recent = recent(conn, scope)?;
    let mut domains: HashMap<&str, usize> = HashMap::new();
    for row in recent.iter().filter(|row| row.delivery != Some(Delivery::Bounced)) {
        if let Some((_, domain)) = row.customer_email.rsplit_once('@') {
            *domains.entry(domain).or_default() += 1;
        }
    }
    let mut own_domains: Vec<String> = domains
        .into_iter()
        .filter(|(_, count)| *count >= OWN_FROM)
        .map(|(domain, _)| domain.to_owned())
        .collect();
    own_domains.sort();
    let currency = question.amount.map(|amount| amount.currency.code());
    let amounts = recent
        .iter()
        .filter(|row| Some(row.currency.as_str()) == currency)
        .filter(|row| !matches!(row.status, Status::Draft | Status::Cancelled))
        .map(|row| row.amount_minor);
    Ok(Facts {
        amounts: amounts.collect(),
        own_domains,
        twin: twin(conn, scope, question, editing, now)?,
    })
}

/// Whether this form has made its payment already: sent a second time, it finds that one and is asked
/// nothing.
pub fn is_done(conn: &mut PgConnection, form: FormKey) -> Result<bool, Error> {
    let known = idempotency_keys::table.find((form.session_id, form.key));
    Ok(diesel::select(diesel::dsl::exists(known)).get_result(conn)?)
}

/// The merchant's latest requests; of them those that the user may see. Filtered afterwards: a user
/// with few requests among many would make the database look through all of them.
fn recent(conn: &mut PgConnection, scope: MerchantScope) -> Result<Vec<Recent>, Error> {
    let mut rows: Vec<Recent> = email_payments_list::table
        .filter(email_payments_list::merchant_id.eq(scope.merchant_id()))
        .order((email_payments_list::created_at.desc(), email_payments_list::id.desc()))
        .limit(RECENT)
        .select((
            email_payments_list::customer_email,
            email_payments_list::amount_minor,
            email_payments_list::currency,
            email_payments_list::status,
            email_payments_list::delivery,
            email_payments_list::created_by,
        ))
        .load(conn)?;
    rows.retain(|row| scope.only_created_by().is_none_or(|user_id| user_id == row.created_by));
    Ok(rows)
}

/// The latest request of a day for the same amount to the same address that may still be, or has
/// been, paid.
fn twin(
    conn: &mut PgConnection,
    scope: MerchantScope,
    question: &Question,
    editing: Option<EmailPaymentId>,
    now: DateTime<Utc>,
) -> Result<Option<Twin>, Error> {
    let address = EmailAddress::parse(&question.address);
    let (Some(amount), Some(address)) = (question.amount, address) else { return Ok(None) };
    // `+ 0`: a day of the merchant is few rows, an amount may be that of all of them.
    let same_amount = sql::<BigInt>("email_payments_list.amount_minor + 0").eq(amount.minor);
    let same_address = sql::<Bool>("lower(email_payments_list.customer_email) = lower(")
        .bind::<Text, _>(address.to_string())
        .sql(")");
    let mut same = email_payments_list::table
        .filter(visible(scope))
        .filter(email_payments_list::created_at.gt(now - Duration::days(1)))
        .filter(email_payments_list::currency.eq(amount.currency.code()))
        .filter(same_amount)
        .filter(email_payments_list::status.ne_all(Status::UNPAID))
        .filter(same_address)
        .order((email_payments_list::created_at.desc(), email_payments_list::id.desc()))
        .select((
            email_payments_list::id,
            email_payments_list::order_id,
            email_payments_list::created_at,
        ))
        .into_boxed();
    if let Some(editing) = editing {
        same = same.filter(email_payments_list::id.ne(editing));
    }
    let found: Option<(EmailPaymentId, String, DateTime<Utc>)> = same.first(conn).optional()?;
    Ok(found.map(|(id, order_id, created_at)| Twin { id, order_id, created_at }))
}
