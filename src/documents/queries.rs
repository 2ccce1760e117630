//! Reads. Each takes a scope; row-level security stands behind it.

mod counts;

use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Bool, Date, Nullable, Text, Uuid as SqlUuid};

use super::columns::{Column, Names};
use super::filter::{self, Condition, Question, Viewer, condition, order};
use super::model::{Document, State};
use crate::auth::{ManagedScope, MerchantScope};
use crate::db::schema::{document_reads, document_states, documents, merchants, users};
use crate::db::{self, leap};
use crate::kernel::{Currency, Direction, DocumentId, Error, Key, MerchantId, Money, UserId};
use crate::web::list::Slice;
use crate::web::ui::COUNTED_MAX;
pub use counts::Counts;
use counts::Kept;

/// What one row of the list shows.
#[derive(Clone, Debug)]
pub struct ListRow {
    pub document: Document,
    pub is_read: bool,
}

/// Above this many matches the count of the list is not exact.
pub const COUNT_MAX: i64 = 1_000;

/// One page of the list.
pub fn list(
    conn: &mut PgConnection,
    scope: MerchantScope,
    viewer: Viewer,
    question: &Question,
) -> Result<Slice<ListRow>, Error> {
    let direction = question.direction.clone().unwrap_or(Direction::Newest);
    let rows_max = question.size.rows();
    let used = currencies_for(conn, scope, question)?;
    let keyset = order::keyset(question.sort, &direction);
    let mut query = documents::table
        .filter(condition(scope, viewer, question, &used))
        .select((Document::as_select(), filter::is_read_row_by_row(viewer.user_id)))
        .order(keyset.order())
        .limit(i64::try_from(rows_max + 1).map_err(Error::internal)?)
        .into_boxed();
    if let Some(beyond) = keyset.beyond(&direction) {
        query = query.filter::<Condition>(beyond);
    }
    let rows: Vec<(Document, bool)> = query.load(conn)?;
    let rows = rows.into_iter().map(|(document, is_read)| ListRow { document, is_read }).collect();
    Ok(Slice::cut(rows, rows_max, &direction))
}

/// Hands on every row, in the list's order, however many they are.
pub fn each(
    conn: &mut PgConnection,
    scope: MerchantScope,
    viewer: Viewer,
    question: &Question,
    mut take: impl FnMut(ListRow) -> Result<(), Error>,
) -> Result<(), Error> {
    let used = currencies_for(conn, scope, question)?;
    let query = documents::table
        .filter(condition(scope, viewer, question, &used))
        .select((Document::as_select(), filter::is_read(viewer.user_id)))
        .order(order::keyset(question.sort, &Direction::<Key>::Newest).order());
    db::cursor::each(conn, query, |(document, is_read): (Document, bool)| {
        take(ListRow { document, is_read })
    })
}

/// How many rows fit, counted up to one more than `most`.
pub fn count(
    conn: &mut PgConnection,
    scope: MerchantScope,
    viewer: Viewer,
    question: &Question,
    most: i64,
) -> Result<i64, Error> {
    if let Some(kept) = Kept::of(question) {
        return Ok(kept.count(&Counts::read(conn, scope, viewer.user_id)?).min(most + 1));
    }
    let used = currencies_for(conn, scope, question)?;
    let matching = documents::table
        .filter(condition(scope, viewer, question, &used))
        .select(documents::id)
        .limit(most + 1);
    Ok(db::count::rows(matching, conn)?)
}

/// The currencies that a question has to know: only amounts ask for them.
fn currencies_for(
    conn: &mut PgConnection,
    scope: MerchantScope,
    question: &Question,
) -> Result<Vec<Currency>, Error> {
    if question.search.is_some() || question.about(Column::Total).is_some() {
        currencies_used(conn, scope)
    } else {
        Ok(Vec::new())
    }
}

/// The currencies that the merchant has documents in, by code.
pub fn currencies_used(
    conn: &mut PgConnection,
    scope: MerchantScope,
) -> Result<Vec<Currency>, Error> {
    let codes = leap::values(conn, scope.merchant_id(), "documents", "currency")?;
    Ok(codes.iter().filter_map(|code| Currency::parse(code)).collect())
}

pub fn names(conn: &mut PgConnection, scope: MerchantScope) -> Result<Names, Error> {
    Ok(Names { currencies: currencies_used(conn, scope)? })
}

/// Whether the merchant has any document at all.
pub fn has_any(conn: &mut PgConnection, scope: MerchantScope) -> Result<bool, Error> {
    let newest: Option<DocumentId> = documents::table
        .filter(documents::merchant_id.eq(scope.merchant_id()))
        .order((documents::issued_on.desc(), documents::id.desc()))
        .select(documents::id)
        .first(conn)
        .optional()?;
    Ok(newest.is_some())
}

/// What is owed in one currency: to the merchant, or by it where it is negative.
#[derive(Clone, Debug)]
pub struct Balance {
    pub sum: Money,
    pub documents: i64,
}

/// The sums of what is owed, by currency. The documents that make them are those whose state is one of
/// [`State::OWED`].
pub fn balances(conn: &mut PgConnection, scope: MerchantScope) -> QueryResult<Vec<Balance>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Text)]
        currency: String,
        #[diesel(sql_type = BigInt)]
        sum_minor: i64,
        #[diesel(sql_type = BigInt)]
        documents: i64,
    }
    // The condition of the index `documents_owed`, to the letter.
    let rows: Vec<Row> = sql_query(
        "SELECT currency, sum(total_minor)::bigint AS sum_minor, count(*) AS documents
         FROM documents
         WHERE merchant_id = $1 AND state NOT IN ('waiting_accounting', 'paid', 'cancelled', 'informative')
         GROUP BY currency ORDER BY currency",
    )
    .bind::<SqlUuid, _>(scope.merchant_id())
    .load(conn)?;
    let balance = |row: Row| {
        let sum = Money::new(row.sum_minor, Currency::parse(&row.currency)?);
        Some(Balance { sum, documents: row.documents })
    };
    Ok(rows.into_iter().filter_map(balance).collect())
}

/// What the start page tells of a merchant's documents; counts end at [`COUNTED_MAX`].
#[derive(Clone, Debug)]
pub struct Overview {
    /// Those that the user has not read.
    pub unread: i64,
    pub blocked: i64,
    pub balances: Vec<Balance>,
}

/// The condition of the index `documents_blocked`, to the letter.
const BLOCKED: &str =
    "documents.state IN ('blocked_payment', 'blocked_review', 'blocked_missing_information')";

/// `None` where `wait` was too short.
pub fn overview(
    conn: &mut PgConnection,
    scope: MerchantScope,
    user_id: UserId,
    wait: Duration,
) -> Result<Option<Overview>, Error> {
    db::within(conn, wait, |conn| {
        let blocked = documents::table
            .filter(documents::merchant_id.eq(scope.merchant_id()))
            .filter(sql::<Bool>(BLOCKED))
            .select(documents::id)
            .limit(COUNTED_MAX);
        Ok(Overview {
            unread: Counts::read(conn, scope, user_id)?.unread().min(COUNTED_MAX),
            blocked: db::count::rows(blocked, conn)?,
            balances: balances(conn, scope)?,
        })
    })
}

/// A merchant whose documents need somebody of the platform; counts end at [`COUNTED_MAX`].
#[derive(Clone, Debug, QueryableByName)]
pub struct Held {
    #[diesel(sql_type = SqlUuid)]
    pub id: MerchantId,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = BigInt)]
    pub blocked: i64,
}

/// Those of the merchants that have blocked documents, the most first.
pub fn held(conn: &mut PgConnection, scope: &ManagedScope) -> Result<Vec<Held>, Error> {
    let ids: Vec<uuid::Uuid> = scope.merchant_ids().iter().map(|id| id.as_uuid()).collect();
    Ok(sql_query(format!(
        "SELECT m.id, m.name, b.blocked FROM merchants m, LATERAL (
             SELECT count(*) AS blocked FROM (
                 SELECT FROM documents WHERE documents.merchant_id = m.id AND {BLOCKED} LIMIT $2) x) b
         WHERE m.id = ANY ($1) AND b.blocked > 0 ORDER BY b.blocked DESC, m.name, m.id LIMIT $3",
    ))
    .bind::<Array<SqlUuid>, _>(ids)
    .bind::<BigInt, _>(COUNTED_MAX)
    .bind::<BigInt, _>(MERCHANTS_MAX)
    .load(conn)?)
}

/// One document.
///
/// # Errors
/// [`Error::NotFound`]: there is none, or not for this scope.
pub fn get(
    conn: &mut PgConnection,
    scope: MerchantScope,
    id: DocumentId,
) -> Result<Document, Error> {
    Ok(documents::table
        .find((scope.merchant_id(), id))
        .select(Document::as_select())
        .first(conn)?)
}

/// A document under its row's lock.
pub fn lock(
    conn: &mut PgConnection,
    scope: MerchantScope,
    id: DocumentId,
) -> Result<Option<Document>, Error> {
    Ok(documents::table
        .find((scope.merchant_id(), id))
        .select(Document::as_select())
        .for_update()
        .first(conn)
        .optional()?)
}

/// The document that has a number, if one has.
pub fn by_number(
    conn: &mut PgConnection,
    scope: MerchantScope,
    provider: &str,
    number: &str,
) -> Result<Option<Document>, Error> {
    Ok(documents::table
        .filter(documents::merchant_id.eq(scope.merchant_id()))
        .filter(documents::number.eq(number))
        .filter(documents::provider.eq(provider))
        .select(Document::as_select())
        .first(conn)
        .optional()?)
}

/// A state that a document came into.
#[derive(Clone, Debug, Queryable)]
pub struct StateRow {
    pub state: State,
    pub reason: String,
    /// Null: the product itself, or a program.
    pub user_name: Option<String>,
    pub at: DateTime<Utc>,
}

/// The states of a document, newest first.
pub fn states(
    conn: &mut PgConnection,
    scope: MerchantScope,
    id: DocumentId,
) -> Result<Vec<StateRow>, Error> {
    Ok(document_states::table
        .left_join(users::table)
        .filter(document_states::merchant_id.eq(scope.merchant_id()))
        .filter(document_states::document_id.eq(id))
        .order((document_states::at.desc(), document_states::id.desc()))
        .select((
            document_states::state,
            document_states::reason,
            users::name.nullable(),
            document_states::at,
        ))
        .load(conn)?)
}

/// Who has read a document, and when; the first of them first.
pub fn readers(
    conn: &mut PgConnection,
    scope: MerchantScope,
    id: DocumentId,
) -> Result<Vec<(String, DateTime<Utc>)>, Error> {
    Ok(document_reads::table
        .inner_join(users::table)
        .filter(document_reads::merchant_id.eq(scope.merchant_id()))
        .filter(document_reads::document_id.eq(id))
        // What the platform's people look at is not the merchant's reading.
        .filter(users::staff_role.is_null())
        .order((document_reads::read_at, users::id))
        .select((users::name, document_reads::read_at))
        .load(conn)?)
}

/// The documents that correct one, oldest first.
pub fn corrections(
    conn: &mut PgConnection,
    scope: MerchantScope,
    id: DocumentId,
) -> Result<Vec<Document>, Error> {
    Ok(documents::table
        .filter(documents::merchant_id.eq(scope.merchant_id()))
        .filter(documents::corrects.eq(id))
        .order((documents::created_at, documents::id))
        .select(Document::as_select())
        .load(conn)?)
}

/// What a merchant is called.
pub fn merchant_name(conn: &mut PgConnection, scope: MerchantScope) -> Result<String, Error> {
    Ok(merchants::table.find(scope.merchant_id()).select(merchants::name).first(conn)?)
}

/// Which of some merchants has a document. The transaction's tenants must contain them.
pub fn owner(
    conn: &mut PgConnection,
    scopes: &[MerchantScope],
    id: DocumentId,
) -> Result<Option<MerchantId>, Error> {
    let merchants: Vec<MerchantId> = scopes.iter().map(|scope| scope.merchant_id()).collect();
    Ok(documents::table
        .filter(documents::merchant_id.eq_any(merchants))
        .filter(documents::id.eq(id))
        .select(documents::merchant_id)
        .first(conn)
        .optional()?)
}

/// The documents that were issued from one day to before another, oldest first.
pub fn issued_between(
    conn: &mut PgConnection,
    scope: MerchantScope,
    since: NaiveDate,
    until: NaiveDate,
) -> Result<Vec<Document>, Error> {
    Ok(documents::table
        .filter(documents::merchant_id.eq(scope.merchant_id()))
        .filter(documents::issued_on.ge(since))
        .filter(documents::issued_on.lt(until))
        .order((documents::issued_on, documents::id))
        .select(Document::as_select())
        .load(conn)?)
}

/// One of the merchants that somebody of the platform looks after, and how its documents stand.
#[derive(Clone, Debug, QueryableByName)]
pub struct MerchantRow {
    #[diesel(sql_type = SqlUuid)]
    pub id: MerchantId,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = BigInt)]
    pub owed: i64,
    #[diesel(sql_type = BigInt)]
    pub blocked: i64,
    #[diesel(sql_type = Nullable<Date>)]
    pub newest_on: Option<NaiveDate>,
}

/// Merchants on the page of those whom somebody looks after, at most.
pub const MERCHANTS_MAX: i64 = 200;

/// Those merchants by name, each with what is owed, what is blocked and the newest document's day.
pub fn merchants(conn: &mut PgConnection, scope: &ManagedScope) -> Result<Vec<MerchantRow>, Error> {
    let ids: Vec<uuid::Uuid> = scope.merchant_ids().iter().map(|id| id.as_uuid()).collect();
    Ok(sql_query(
        "SELECT m.id, m.name,
                (SELECT count(*) FROM documents d WHERE d.merchant_id = m.id
                 AND d.state NOT IN ('waiting_accounting', 'paid', 'cancelled', 'informative')) AS owed,
                (SELECT count(*) FROM documents d WHERE d.merchant_id = m.id
                 AND d.state NOT IN ('waiting_accounting', 'paid', 'cancelled', 'informative')
                 AND d.state LIKE 'blocked%') AS blocked,
                (SELECT max(d.issued_on) FROM documents d WHERE d.merchant_id = m.id) AS newest_on
         FROM merchants m WHERE m.id = ANY ($1) ORDER BY m.name, m.id LIMIT $2",
    )
    .bind::<Array<SqlUuid>, _>(ids)
    .bind::<BigInt, _>(MERCHANTS_MAX)
    .load(conn)?)
}

/// The merchant's time zone: days of documents are days there, whoever publishes from wherever.
pub fn merchant_zone(conn: &mut PgConnection, scope: MerchantScope) -> Result<Tz, Error> {
    let zone: String =
        merchants::table.find(scope.merchant_id()).select(merchants::time_zone).first(conn)?;
    zone.parse().map_err(|_| Error::internal("a merchant's time zone is none"))
}

/// The merchant's own currency.
pub fn merchant_currency(conn: &mut PgConnection, scope: MerchantScope) -> Result<String, Error> {
    Ok(merchants::table.find(scope.merchant_id()).select(merchants::currency).first(conn)?)
}
