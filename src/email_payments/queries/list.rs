//! The list: its pages, rows, counts, and what its values are called.

use std::collections::HashMap;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::Uuid as SqlUuid;

use super::super::columns::{Column, Names};
use super::super::filter::{self, Condition, Group, Question, condition, order, visible};
use super::super::model::{Delivery, EmailPayment, EndReason, Status};
use super::super::texts;
use super::own;
use crate::auth::MerchantScope;
use crate::crypto;
use crate::db::schema::{
    email_payment_events, email_payments, imports, memberships, originators, users,
};
use crate::db::views::email_payments_list;
use crate::db::{self, leap};
use crate::kernel::{
    Currency, Direction, EmailPaymentId, Error, EventId, Key, Lang, OriginatorId, UserId,
};
use crate::web::list::Slice;

/// What one row of the list shows.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = email_payments_list)]
pub struct ListRow {
    pub id: EmailPaymentId,
    pub originator_id: OriginatorId,
    pub created_by: UserId,
    pub order_id: String,
    pub amount_minor: i64,
    pub refunded_minor: i64,
    pub currency: String,
    pub customer_email: String,
    pub customer_name: String,
    pub description: String,
    pub language: Lang,
    pub status: Status,
    pub end_reason: Option<EndReason>,
    pub is_late: bool,
    pub delivery: Option<Delivery>,
    pub last_result_code: Option<String>,
    pub payment_method: Option<String>,
    pub attempts: i32,
    pub sends: i32,
    pub first_opened_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub paid_at: Option<DateTime<Utc>>,
    pub send_at: Option<DateTime<Utc>>,
}

impl ListRow {
    /// Who is asked: the name, else the address.
    #[must_use]
    pub fn customer(&self) -> &str {
        if self.customer_name.is_empty() { &self.customer_email } else { &self.customer_name }
    }
}

/// Above this many matches the count is not exact.
pub const COUNT_MAX: i64 = 10_000;

/// One page of the list. One row more than fits is read: it tells whether there is another page.
pub fn list(
    conn: &mut PgConnection,
    scope: MerchantScope,
    question: &Question,
) -> Result<Slice<ListRow>, Error> {
    let direction = question.direction.clone().unwrap_or(Direction::Newest);
    let rows_max = question.size.rows();
    let rows = rows(conn, scope, question, &direction, rows_max + 1)?;
    Ok(Slice::cut(rows, rows_max, &direction))
}

/// The next rows in a direction, nearest first.
pub fn rows(
    conn: &mut PgConnection,
    scope: MerchantScope,
    question: &Question,
    direction: &Direction<Key>,
    rows_max: usize,
) -> Result<Vec<ListRow>, Error> {
    let used = currencies_for(conn, scope, question)?;
    let keyset = order::keyset(question.sort, direction);
    let mut query = email_payments_list::table
        .filter(condition(scope, question, &used))
        .select(ListRow::as_select())
        .limit(i64::try_from(rows_max).map_err(Error::internal)?)
        .into_boxed();
    if let Some(beyond) = keyset.beyond(direction) {
        query = query.filter::<Condition>(beyond);
    }
    if let Some((texts, index)) = filter::texts(question)
        && !texts::is_common(conn, scope, texts)?
    {
        return texts::through_index(conn, |conn| {
            Ok(query.filter(index).order(keyset.order()).load(conn)?)
        });
    }
    Ok(query.order(keyset.order()).load(conn)?)
}

/// The first payments of a question, whole, in the list's order.
pub fn in_order(
    conn: &mut PgConnection,
    scope: MerchantScope,
    question: &Question,
    rows_max: usize,
) -> Result<Vec<EmailPayment>, Error> {
    let rows = rows(conn, scope, question, &Direction::Newest, rows_max)?;
    let places: HashMap<EmailPaymentId, usize> =
        rows.iter().enumerate().map(|(place, row)| (row.id, place)).collect();
    let ids: Vec<EmailPaymentId> = rows.into_iter().map(|row| row.id).collect();
    let mut payments: Vec<EmailPayment> = email_payments::table
        .filter(own(scope))
        .filter(email_payments::id.eq_any(ids))
        .select(EmailPayment::as_select())
        .load(conn)?;
    payments.sort_by_key(|payment| places.get(&payment.id).copied());
    Ok(payments)
}

/// How many rows fit, counted up to one more than `most`.
pub fn count(
    conn: &mut PgConnection,
    scope: MerchantScope,
    question: &Question,
    most: i64,
) -> Result<i64, Error> {
    let used = currencies_for(conn, scope, question)?;
    let matching = matching(scope, question, &used, most);
    match filter::texts(question) {
        Some((_, index)) => {
            texts::through_index(conn, |conn| Ok(db::count::rows(matching.filter(index), conn)?))
        }
        None => Ok(db::count::rows(matching, conn)?),
    }
}

/// The same for at most `wait`; `None` where that was too short. Rows with a text are not counted: where
/// there are so many of them that their totals took too long, so would this.
pub fn count_soon(
    conn: &mut PgConnection,
    scope: MerchantScope,
    question: &Question,
    most: i64,
    wait: Duration,
) -> Result<Option<i64>, Error> {
    if filter::texts(question).is_some() {
        return Ok(None);
    }
    let used = currencies_for(conn, scope, question)?;
    let matching = matching(scope, question, &used, most);
    db::within(conn, wait, |conn| db::count::rows(matching, conn))
}

/// The rows of a question, up to one more than `most`.
fn matching(
    scope: MerchantScope,
    question: &Question,
    used: &[Currency],
    most: i64,
) -> email_payments_list::BoxedQuery<'static, Pg, SqlUuid> {
    email_payments_list::table
        .filter(condition(scope, question, used))
        .select(email_payments_list::id)
        .limit(most + 1)
        .into_boxed()
}

/// How many payments there are, of both groups and of each, counted up to one more than `most`. `None`
/// for a reader of some payments only: the index of those does not know their status.
pub fn count_groups(
    conn: &mut PgConnection,
    scope: MerchantScope,
    most: i64,
) -> Result<Option<Vec<i64>>, Error> {
    if scope.only_created_by().is_some() {
        return Ok(None);
    }
    let counted = [None, Some(Group::Current), Some(Group::Past)].map(|group| {
        let mut rows = email_payments_list::table
            .filter(visible(scope))
            .select(email_payments_list::id)
            .limit(most + 1)
            .into_boxed();
        if let Some(group) = group {
            rows = rows.filter(email_payments_list::status.eq_any(group.statuses()));
        }
        rows
    });
    Ok(Some(db::count::rows_of_each(counted.into(), conn)?))
}

/// The currencies that a question has to know: only amounts ask for them.
pub fn currencies_for(
    conn: &mut PgConnection,
    scope: MerchantScope,
    question: &Question,
) -> Result<Vec<Currency>, Error> {
    match question.about(Column::Amount) {
        Some(_) => currencies_used(conn, scope),
        None => Ok(Vec::new()),
    }
}

/// The currencies that the merchant has payments in, by code.
pub fn currencies_used(
    conn: &mut PgConnection,
    scope: MerchantScope,
) -> Result<Vec<Currency>, Error> {
    // The summary's key, whose rows are fewer.
    let codes = leap::values(conn, scope.merchant_id(), "email_payment_days", "currency")?;
    Ok(codes.iter().filter_map(|code| Currency::parse(code)).collect())
}

/// Files whose names are read.
const IMPORTS_NAMED: i64 = 200;

/// What the originators of a merchant are called, the people whose payments are in sight, and the
/// newest files that payments were made from; its currencies.
pub fn names(conn: &mut PgConnection, scope: MerchantScope) -> Result<Names, Error> {
    let merchant_id = scope.merchant_id();
    let originators: Vec<(OriginatorId, String)> = originators::table
        .filter(originators::merchant_id.eq(merchant_id))
        .select((originators::id, originators::name))
        .load(conn)?;
    let mut people = memberships::table
        .inner_join(users::table)
        .filter(memberships::merchant_id.eq(merchant_id))
        .select((users::id, users::name))
        .into_boxed();
    if let Some(user_id) = scope.only_created_by() {
        people = people.filter(users::id.eq(user_id));
    }
    let people: Vec<(UserId, String)> = people.load(conn)?;
    let mut files = imports::table
        .filter(imports::merchant_id.eq(merchant_id))
        .filter(imports::confirmed_at.is_not_null())
        .order((imports::created_at.desc(), imports::id.desc()))
        .limit(IMPORTS_NAMED)
        .select((imports::id, imports::file_name, imports::created_at))
        .into_boxed();
    if let Some(user_id) = scope.only_created_by() {
        files = files.filter(imports::created_by.eq(user_id));
    }
    Ok(Names {
        imports: files.load(conn)?,
        originators: originators.into_iter().collect(),
        people: people.into_iter().collect(),
        currencies: currencies_used(conn, scope)?,
    })
}

/// Events that a mark is made of. More than one, because one that began earlier may be written later.
const MARKED: i64 = 20;

/// What stands for everything that the pages show of a merchant's payments: another one after each
/// event, and on each day, because words such as "today" change with it.
pub fn mark(
    conn: &mut PgConnection,
    scope: MerchantScope,
    today: NaiveDate,
) -> Result<String, Error> {
    let newest: Vec<EventId> = email_payment_events::table
        .filter(email_payment_events::merchant_id.eq(scope.merchant_id()))
        .order(email_payment_events::id.desc())
        .limit(MARKED)
        .select(email_payment_events::id)
        .load(conn)?;
    let ids: Vec<String> = newest.iter().map(ToString::to_string).collect();
    let hash = crypto::hash(format!("{today} {}", ids.join(" ")).as_bytes());
    Ok(data_encoding::HEXLOWER.encode(hash.get(..8).unwrap_or(&hash)))
}

/// Whether the merchant (or the user, where the scope is narrower) has any payment at all.
pub fn has_any(conn: &mut PgConnection, scope: MerchantScope) -> Result<bool, Error> {
    // The newest, not any: that is a step in an index, wherever the merchant's rows lie.
    let newest: Option<EmailPaymentId> = email_payments_list::table
        .filter(visible(scope))
        .order((email_payments_list::created_at.desc(), email_payments_list::id.desc()))
        .select(email_payments_list::id)
        .first(conn)
        .optional()?;
    Ok(newest.is_some())
}
