//! Reads. Each takes a scope; row-level security stands behind it.

use std::time::Duration;

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Text, Uuid as SqlUuid};

use super::columns::{Column, Names};
use super::filter::{self, Condition, Question, condition, order, visible};
use super::model::Transaction;
use crate::auth::MerchantScope;
use crate::db::schema::{originators, statements, transactions, users};
use crate::db::views::transactions_list;
use crate::db::{self, leap};
use crate::gateway::AttemptStatus;
use crate::kernel::{
    Currency, Direction, DocumentId, Error, Key, Money, OriginatorId, StatementId, TransactionId,
    UserId,
};
use crate::settlement::{Channel, Operation};
use crate::web::files::Cell;
use crate::web::list::Slice;

/// What one row of the list shows.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = transactions_list)]
pub struct ListRow {
    pub id: TransactionId,
    pub originator_id: OriginatorId,
    pub provider: String,
    pub channel: Channel,
    pub operation: Operation,
    pub status: AttemptStatus,
    pub amount_minor: i64,
    pub currency: String,
    pub method: String,
    pub network: String,
    pub result_code: String,
    pub gateway_transaction_id: String,
    pub reference_id: String,
    pub is_test: bool,
    pub occurred_at: DateTime<Utc>,
    pub order_id: String,
    pub customer_name: String,
    pub customer_email: String,
    pub card_number_masked: String,
    pub ip_address: String,
    pub country: String,
}

impl ListRow {
    /// The amount in a file.
    #[must_use]
    pub fn money(&self) -> Cell<'static> {
        Currency::parse(&self.currency).map_or(Cell::Number(self.amount_minor), |currency| {
            Cell::Money(Money::new(self.amount_minor, currency))
        })
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
    let used = currencies_for(conn, scope, question)?;
    let keyset = order::keyset(question.sort, &direction);
    let mut query = transactions_list::table
        .filter(condition(scope, question, &used))
        .select(ListRow::as_select())
        .order(keyset.order())
        .limit(i64::try_from(rows_max + 1).map_err(Error::internal)?)
        .into_boxed();
    if let Some(beyond) = keyset.beyond(&direction) {
        query = query.filter::<Condition>(beyond);
    }
    let rows = if let Some((texts, index)) = filter::texts(question)
        && !is_common(conn, scope, texts)?
    {
        db::through_index(conn, |conn| Ok(query.filter(index).load(conn)?))?
    } else {
        query.load(conn)?
    };
    Ok(Slice::cut(rows, rows_max, &direction))
}

/// Hands on every row, in the list's order, however many they are.
pub fn each(
    conn: &mut PgConnection,
    scope: MerchantScope,
    question: &Question,
    take: impl FnMut(ListRow) -> Result<(), Error>,
) -> Result<(), Error> {
    let used = currencies_for(conn, scope, question)?;
    let query = transactions_list::table
        .filter(condition(scope, question, &used))
        .select(ListRow::as_select())
        .order(order::keyset(question.sort, &Direction::<Key>::Newest).order());
    db::cursor::each(conn, query, take)
}

/// So many of the newest rows are looked at.
const SAMPLE: i64 = 500;

/// So many of them make a text common, as in the list of email payments.
const COMMON_FROM: i64 = 4;

/// Whether the rows with these texts are so many that the list is best walked along. `texts` are the
/// conditions on texts alone, in words that no index serves.
fn is_common(
    conn: &mut PgConnection,
    scope: MerchantScope,
    texts: Condition,
) -> Result<bool, Error> {
    let newest =
        || transactions_list::table.filter(transactions_list::merchant_id.eq(scope.merchant_id()));
    let since: Option<DateTime<Utc>> = newest()
        .order((transactions_list::occurred_at.desc(), transactions_list::id.desc()))
        .select(transactions_list::occurred_at)
        .offset(SAMPLE)
        .first(conn)
        .optional()?;
    let Some(since) = since else { return Ok(true) };
    let found = newest()
        .filter(transactions_list::occurred_at.gt(since))
        .filter(texts)
        .select(transactions_list::id)
        .limit(COMMON_FROM);
    Ok(db::count::rows(found, conn)? >= COMMON_FROM)
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
            db::through_index(conn, |conn| Ok(db::count::rows(matching.filter(index), conn)?))
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
) -> transactions_list::BoxedQuery<'static, Pg, SqlUuid> {
    let rows = transactions_list::table
        .filter(condition(scope, question, used))
        .select(transactions_list::id)
        .limit(most + 1)
        .into_boxed();
    if question.is_narrowed() {
        return rows;
    }
    // Along an index: where a merchant has many of all rows, the table is else read from its beginning.
    rows.order((transactions_list::occurred_at.desc(), transactions_list::id.desc()))
}

/// Whether the scope sees any transaction at all.
pub fn has_any(conn: &mut PgConnection, scope: MerchantScope) -> Result<bool, Error> {
    let newest: Option<TransactionId> = transactions_list::table
        .filter(visible(scope))
        .order((transactions_list::occurred_at.desc(), transactions_list::id.desc()))
        .select(transactions_list::id)
        .first(conn)
        .optional()?;
    Ok(newest.is_some())
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

/// The currencies that the merchant has transactions in, by code.
fn currencies_used(conn: &mut PgConnection, scope: MerchantScope) -> Result<Vec<Currency>, Error> {
    let codes = leap::values(conn, scope.merchant_id(), "transactions", "currency")?;
    Ok(codes.iter().filter_map(|code| Currency::parse(code)).collect())
}

/// What the originators are called, and what the merchant's transactions have in them.
pub fn names(conn: &mut PgConnection, scope: MerchantScope) -> Result<Names, Error> {
    let originators: Vec<(OriginatorId, String)> = originators::table
        .filter(originators::merchant_id.eq(scope.merchant_id()))
        .select((originators::id, originators::name))
        .load(conn)?;
    Ok(Names {
        originators: originators.into_iter().collect(),
        providers: originators::table
            .filter(originators::merchant_id.eq(scope.merchant_id()))
            .order(originators::provider)
            .select(originators::provider)
            .distinct()
            .load(conn)?,
        currencies: currencies_used(conn, scope)?,
        countries: leap::values(conn, scope.merchant_id(), "transactions", "country")?,
    })
}

/// One transaction.
///
/// # Errors
/// [`Error::NotFound`]: there is none, or not for this scope.
pub fn get(
    conn: &mut PgConnection,
    scope: MerchantScope,
    id: TransactionId,
) -> Result<Transaction, Error> {
    let mut query = transactions::table
        .find((scope.merchant_id(), id))
        .select(Transaction::as_select())
        .into_boxed();
    if let Some(user_id) = scope.only_created_by() {
        query = query.filter(transactions::asked_by.eq(user_id));
    }
    Ok(query.first(conn)?)
}

/// So many of a chain are shown.
pub const CHAIN_MAX: i64 = 100;

/// What belongs to the same money, oldest first, the transaction itself among it: those that it follows,
/// those that follow one of them, and the tries of the same email payment. At most [`CHAIN_MAX`]. Who may
/// read the one reads of all of it, whoever asked for them: what went back is part of what it is.
pub fn chain(
    conn: &mut PgConnection,
    scope: MerchantScope,
    of: &Transaction,
) -> Result<Vec<Transaction>, Error> {
    #[derive(QueryableByName)]
    struct Number {
        #[diesel(sql_type = Text)]
        number: String,
    }
    // Numbers of the gateway: a circle among them ends at the depth, not with the page.
    let numbers: Vec<Number> = sql_query(
        "WITH RECURSIVE up AS (
             SELECT $2 AS number, 0 AS depth
             UNION
             SELECT t.reference_transaction_id, up.depth + 1
             FROM up JOIN transactions t ON t.merchant_id = $1 AND t.gateway_transaction_id = up.number
             WHERE up.depth < 10 AND t.reference_transaction_id IS NOT NULL),
         down AS (
             SELECT number, 0 AS depth FROM (SELECT DISTINCT number FROM up) AS above
             UNION
             SELECT t.gateway_transaction_id, down.depth + 1
             FROM down JOIN transactions t ON t.merchant_id = $1 AND t.reference_transaction_id = down.number
             WHERE down.depth < 10)
         SELECT DISTINCT number FROM down LIMIT $3",
    )
    .bind::<SqlUuid, _>(scope.merchant_id())
    .bind::<Text, _>(&of.gateway_transaction_id)
    .bind::<BigInt, _>(CHAIN_MAX)
    .load(conn)?;
    let numbers: Vec<String> = numbers.into_iter().map(|one| one.number).collect();
    let mut query = transactions::table
        .filter(transactions::merchant_id.eq(scope.merchant_id()))
        .order((transactions::occurred_at, transactions::id))
        .select(Transaction::as_select())
        .limit(CHAIN_MAX)
        .into_boxed();
    query = match of.email_payment_id {
        Some(payment) => query.filter(
            transactions::gateway_transaction_id
                .eq_any(numbers)
                .or(transactions::email_payment_id.eq(payment).assume_not_null()),
        ),
        None => query.filter(transactions::gateway_transaction_id.eq_any(numbers)),
    };
    Ok(query.load(conn)?)
}

/// What was done to a transaction, all of it: by it is decided what else may be. Rebills are sales of
/// their own, as many as a subscription has months.
pub fn followers(
    conn: &mut PgConnection,
    scope: MerchantScope,
    of: &Transaction,
) -> Result<Vec<Transaction>, Error> {
    Ok(transactions::table
        .filter(transactions::merchant_id.eq(scope.merchant_id()))
        .filter(transactions::reference_transaction_id.eq(&of.gateway_transaction_id))
        .filter(transactions::operation.ne(Operation::Rebill))
        .select(Transaction::as_select())
        .load(conn)?)
}

/// The statement that summed a transaction up.
#[derive(Clone, Debug, Queryable)]
pub struct SummedUp {
    pub number: String,
    pub at: DateTime<Utc>,
    /// `None` until it is made.
    pub document_id: Option<DocumentId>,
}

/// What belongs to a transaction besides others.
pub struct Beside {
    pub originator: String,
    /// Who asked for the money.
    pub asked_by: Option<String>,
    pub summed_up: Option<SummedUp>,
}

pub fn beside(
    conn: &mut PgConnection,
    scope: MerchantScope,
    of: &Transaction,
) -> Result<Beside, Error> {
    let merchant_id = scope.merchant_id();
    Ok(Beside {
        originator: originators::table
            .find((merchant_id, of.originator_id))
            .select(originators::name)
            .first(conn)?,
        asked_by: match of.asked_by {
            Some(id) => Some(user_name(conn, id)?),
            None => None,
        },
        summed_up: match of.statement_id {
            Some(id) => summed_up(conn, scope, id)?,
            None => None,
        },
    })
}

fn user_name(conn: &mut PgConnection, id: UserId) -> QueryResult<String> {
    users::table.find(id).select(users::name).first(conn)
}

fn summed_up(
    conn: &mut PgConnection,
    scope: MerchantScope,
    id: StatementId,
) -> QueryResult<Option<SummedUp>> {
    statements::table
        .find((scope.merchant_id(), id))
        .select((statements::number, statements::created_at, statements::document_id))
        .first(conn)
        .optional()
}
