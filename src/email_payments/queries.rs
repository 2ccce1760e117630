//! Reads. Every function takes a scope; row-level security stands behind it.

pub mod confirmations;
pub mod overview;
pub mod page_settings;
pub mod preflight;
pub mod undelivered;

use std::collections::HashMap;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Bool, Text, Timestamptz, Untyped, Uuid as SqlUuid};

use super::columns::{Column, Names};
use super::confirmations::Switches;
use super::filter::{self, Condition, Group, Question, condition, order, visible};
use super::model::{Delivery, EmailPayment, EndReason, Status};
use super::texts;
use super::visits::{VISITS_MAX, VisitRow};
use crate::auth::MerchantScope;
use crate::crypto;
use crate::db;
use crate::db::columns::text_column;
use crate::db::schema::{
    email_payment_events, email_payments, imports, mails, memberships, merchants,
    operation_requests, originators, pay_link_visits, payment_attempts, transactions, users,
};
use crate::db::views::email_payments_list;
use crate::gateway::AttemptStatus;
use crate::kernel::{
    Currency, Cursor, Direction, EmailPaymentId, Error, EventId, Key, Lang, MerchantId,
    OperationRequestId, OriginatorId, UserId,
};
use crate::mail::{MailKind, MailState};
use crate::web::list::{Slice, Sort};

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
    let sort = question.sort;
    let is_backwards = matches!(direction, Direction::Before(_) | Direction::Oldest);
    let is_falling = sort.is_descending != is_backwards;
    let column = order::column(sort);
    let mut query = email_payments_list::table
        .filter(condition(scope, question, &used))
        .select(ListRow::as_select())
        .limit(i64::try_from(rows_max).map_err(Error::internal)?)
        .into_boxed();
    if let Direction::After(cursor) | Direction::Before(cursor) = direction {
        query = query.filter(beyond(column, is_falling, cursor));
    }
    if let Some((texts, index)) = filter::texts(question)
        && !texts::is_common(conn, scope, texts)?
    {
        return texts::through_index(conn, |conn| {
            Ok(query.filter(index).order(sorted(sort, is_falling)).load(conn)?)
        });
    }
    Ok(query.order(sorted(sort, is_falling)).load(conn)?)
}

/// Hands on every row, in the list's order, however many they are.
pub fn each(
    conn: &mut PgConnection,
    scope: MerchantScope,
    question: &Question,
    take: impl FnMut(ListRow) -> Result<(), Error>,
) -> Result<(), Error> {
    let used = currencies_for(conn, scope, question)?;
    let query = email_payments_list::table
        .filter(condition(scope, question, &used))
        .select(ListRow::as_select())
        .order(sorted(question.sort, question.sort.is_descending));
    db::cursor::each(conn, query, take)
}

/// Made of the list's own words: a column's name and a direction.
fn sorted(sort: Sort<Column>, is_falling: bool) -> SqlLiteral<Untyped> {
    let (column, way) = (order::column(sort), if is_falling { "DESC" } else { "ASC" });
    sql(&format!("{column} {way}, email_payments_list.id {way}"))
}

/// Rows beyond a place, in one direction. A comparison of pairs: the index goes straight there.
fn beyond(column: &str, is_falling: bool, cursor: &Cursor<Key>) -> Condition {
    let sign = if is_falling { "<" } else { ">" };
    let pair = sql::<Bool>(&format!("({column}, email_payments_list.id) {sign} ("));
    let id = cursor.id;
    match cursor.at.clone() {
        Key::Instant(at) => {
            Box::new(pair.bind::<Timestamptz, _>(at).sql(", ").bind::<SqlUuid, _>(id).sql(")"))
        }
        Key::Number(number) => {
            Box::new(pair.bind::<BigInt, _>(number).sql(", ").bind::<SqlUuid, _>(id).sql(")"))
        }
        Key::Text(text) => {
            Box::new(pair.bind::<Text, _>(text).sql(", ").bind::<SqlUuid, _>(id).sql(")"))
        }
    }
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

/// The currencies that the merchant has payments in, by code: leaps through the summary's key from
/// one to the next.
pub fn currencies_used(
    conn: &mut PgConnection,
    scope: MerchantScope,
) -> Result<Vec<Currency>, Error> {
    #[derive(QueryableByName)]
    struct Used {
        #[diesel(sql_type = Text)]
        currency: String,
    }
    let used: Vec<Used> = sql_query(
        "WITH RECURSIVE used AS (
             (SELECT currency FROM email_payment_days WHERE merchant_id = $1 ORDER BY currency LIMIT 1)
             UNION ALL
             SELECT (SELECT d.currency FROM email_payment_days d
                     WHERE d.merchant_id = $1 AND d.currency > used.currency
                     ORDER BY d.currency LIMIT 1)
             FROM used WHERE used.currency IS NOT NULL)
         SELECT currency FROM used WHERE currency IS NOT NULL",
    )
    .bind::<SqlUuid, _>(scope.merchant_id())
    .load(conn)?;
    Ok(used.iter().filter_map(|used| Currency::parse(&used.currency)).collect())
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

type Own = Box<dyn BoxableExpression<email_payments::table, Pg, SqlType = Bool>>;

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

text_column! {
    /// What the timeline tells.
    EventKind {
        Created = "created",
        Edited = "edited",
        Submitted = "submitted",
        MailSent = "mail_sent",
        MailDeferred = "mail_deferred",
        MailFailed = "mail_failed",
        MailDropped = "mail_dropped",
        GatewayUnavailable = "gateway_unavailable",
        Opened = "opened",
        AttemptStarted = "attempt_started",
        Declined = "declined",
        Pending = "pending",
        Paid = "paid",
        Expired = "expired",
        Cancelled = "cancelled",
        Failed = "failed",
        Resent = "resent",
        AddressCorrected = "address_corrected",
        Renewed = "renewed",
        ReceiptSent = "receipt_sent",
        UnexpectedMoney = "unexpected_money",
        Scheduled = "scheduled",
        Unscheduled = "unscheduled",
        SendHindered = "send_hindered",
        LinkMade = "link_made",
        Reminded = "reminded",
        ReminderPlanned = "reminder_planned",
        ReminderRemoved = "reminder_removed",
        ReminderSkipped = "reminder_skipped",
        RemindersStopped = "reminders_stopped",
        Extended = "extended",
        Replaced = "replaced",
        Authorised = "authorised",
        Voided = "voided",
        RefundAsked = "refund_asked",
        Refunded = "refunded",
        RefundDeclined = "refund_declined",
    }
}

/// One line of the timeline.
#[derive(Clone, Debug, Queryable)]
pub struct EventRow {
    pub kind: EventKind,
    pub details: serde_json::Value,
    pub at: DateTime<Utc>,
    pub user_name: Option<String>,
}

/// The timeline, newest first; the latest hundred.
pub fn events(
    conn: &mut PgConnection,
    scope: MerchantScope,
    id: EmailPaymentId,
) -> Result<Vec<EventRow>, Error> {
    Ok(email_payment_events::table
        .left_join(users::table)
        .filter(email_payment_events::merchant_id.eq(scope.merchant_id()))
        .filter(email_payment_events::email_payment_id.eq(id))
        .order((email_payment_events::at.desc(), email_payment_events::id.desc()))
        .limit(100)
        .select((
            email_payment_events::kind,
            email_payment_events::details,
            email_payment_events::at,
            users::name.nullable(),
        ))
        .load(conn)?)
}

/// One try of the customer, as the detail page and the result page show it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = payment_attempts)]
pub struct AttemptRow {
    pub gateway_transaction_id: String,
    pub status: AttemptStatus,
    pub result_code: String,
    pub payment_method: String,
    pub card_brand: Option<String>,
    pub card_number_masked: Option<String>,
    pub attempted_at: DateTime<Utc>,
}

impl AttemptRow {
    #[must_use]
    pub fn is_success(&self) -> bool {
        self.status == AttemptStatus::Authorised
    }

    /// The last four digits of the card, where it was one.
    #[must_use]
    pub fn last_four(&self) -> Option<String> {
        let number = self.card_number_masked.as_deref()?;
        let from = number.len().checked_sub(4)?;
        number.get(from..).map(str::to_owned)
    }
}

/// Every try, newest first.
pub fn attempts(
    conn: &mut PgConnection,
    scope: MerchantScope,
    id: EmailPaymentId,
) -> Result<Vec<AttemptRow>, Error> {
    Ok(payment_attempts::table
        .filter(payment_attempts::merchant_id.eq(scope.merchant_id()))
        .filter(payment_attempts::email_payment_id.eq(id))
        .order((payment_attempts::attempted_at.desc(), payment_attempts::recorded_at.desc()))
        .limit(50)
        .select(AttemptRow::as_select())
        .load(conn)?)
}

/// Mails of each sort that a payment's page shows.
const MAILS_SHOWN: i64 = 50;

/// One mail of a payment.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = mails)]
pub struct MailRow {
    pub kind: MailKind,
    pub recipient: String,
    pub language: Lang,
    pub state: MailState,
    pub attempts: i32,
    pub run_at: DateTime<Utc>,
    pub answer: Option<String>,
    pub created_at: DateTime<Utc>,
    pub sent_at: Option<DateTime<Utc>>,
}

impl MailRow {
    /// When it left; until then, when it was queued.
    #[must_use]
    pub fn shown_at(&self) -> &DateTime<Utc> {
        self.sent_at.as_ref().unwrap_or(&self.created_at)
    }
}

/// Every mail to the customer, newest first: about the payment, and about what was given back of it.
pub fn mails_of(
    conn: &mut PgConnection,
    scope: MerchantScope,
    id: EmailPaymentId,
) -> Result<Vec<MailRow>, Error> {
    let newest = || {
        mails::table
            .filter(mails::merchant_id.eq(scope.merchant_id()))
            .order((mails::created_at.desc(), mails::id.desc()))
            .limit(MAILS_SHOWN)
            .select(MailRow::as_select())
    };
    let mut all: Vec<MailRow> = newest().filter(mails::email_payment_id.eq(id)).load(conn)?;
    let given_back = operation_requests::table
        .inner_join(
            transactions::table.on(transactions::merchant_id
                .eq(operation_requests::merchant_id)
                .and(transactions::id.eq(operation_requests::transaction_id))),
        )
        .filter(transactions::merchant_id.eq(scope.merchant_id()))
        .filter(transactions::email_payment_id.eq(id))
        .select(operation_requests::id)
        .limit(MAILS_SHOWN)
        .load::<OperationRequestId>(conn)?;
    if !given_back.is_empty() {
        all.extend(newest().filter(mails::operation_request_id.eq_any(given_back)).load(conn)?);
        all.sort_by_key(|mail| std::cmp::Reverse(mail.created_at));
    }
    Ok(all)
}

/// The visits of a payment's link that are kept, newest first.
pub fn visits_of(
    conn: &mut PgConnection,
    scope: MerchantScope,
    id: EmailPaymentId,
) -> Result<Vec<VisitRow>, Error> {
    Ok(pay_link_visits::table
        .filter(pay_link_visits::merchant_id.eq(scope.merchant_id()))
        .filter(pay_link_visits::email_payment_id.eq(id))
        .order((pay_link_visits::at.desc(), pay_link_visits::id.desc()))
        .limit(i64::from(VISITS_MAX))
        .select(VisitRow::as_select())
        .load(conn)?)
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
