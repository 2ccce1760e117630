//! What was told: notices, their mails, inboxes and digests.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{
    Array, BigInt, Bool, Date, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel::{QueryableByName, sql_query};

use super::{SHOWN_MAX, readers};
use crate::auth::{MerchantScope, Reach, SystemScope};
use crate::kernel::{DocumentId, EmailPaymentId, Error, NoticeId, UserId};
use crate::mail::MailState;
use crate::notifications::model::{NoticeKind, Told};

/// A notice's mail, and what became of it.
#[derive(Clone, Debug, QueryableByName)]
pub struct Delivery {
    #[diesel(sql_type = SqlUuid)]
    pub notice_id: NoticeId,
    #[diesel(sql_type = Text)]
    pub user_name: String,
    #[diesel(sql_type = Text)]
    pub recipient: String,
    #[diesel(sql_type = Text)]
    pub kind: Told,
    /// Of a document or a payment; neither: a test, or a digest.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub document_id: Option<DocumentId>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub email_payment_id: Option<EmailPaymentId>,
    /// The number of the document, or the order ID.
    #[diesel(sql_type = Nullable<Text>)]
    pub number: Option<String>,
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = Text)]
    pub state: MailState,
    #[diesel(sql_type = Integer)]
    pub attempts: i32,
    /// When it is tried next, while it waits.
    #[diesel(sql_type = Timestamptz)]
    pub run_at: DateTime<Utc>,
    /// The mail server's words, or ours.
    #[diesel(sql_type = Nullable<Text>)]
    pub answer: Option<String>,
    /// No other mail of the notice has been queued since.
    #[diesel(sql_type = Bool)]
    pub is_latest: bool,
}

impl Delivery {
    /// Given up, and nobody has sent it again.
    #[must_use]
    pub fn is_work(&self) -> bool {
        self.state == MailState::Failed && self.is_latest
    }
}

/// What deliveries are made of, of `$1` merchant and, where it is one's own, `$2` user.
const DELIVERY: &str = "
    SELECT n.id AS notice_id, u.name AS user_name, l.recipient, n.kind, n.document_id, n.email_payment_id,
        coalesce(d.number, p.order_id) AS number, l.created_at, l.state, l.attempts, l.run_at, l.answer,
        NOT EXISTS (SELECT FROM mails o WHERE o.merchant_id = l.merchant_id AND o.notice_id = l.notice_id
            AND o.created_at > l.created_at) AS is_latest
    FROM notices n
    JOIN users u ON u.id = n.user_id
    JOIN mails l ON l.merchant_id = n.merchant_id AND l.notice_id = n.id
    LEFT JOIN documents d ON d.merchant_id = n.merchant_id AND d.id = n.document_id
    LEFT JOIN email_payments p ON p.merchant_id = n.merchant_id AND p.id = n.email_payment_id
    WHERE n.merchant_id = $1 AND ($2 IS NULL OR n.user_id = $2)";

/// The newest first.
pub fn deliveries(conn: &mut PgConnection, scope: MerchantScope) -> Result<Vec<Delivery>, Error> {
    Ok(sql_query(format!(
        "{DELIVERY} ORDER BY n.created_at DESC, n.id DESC, l.created_at DESC LIMIT $3"
    ))
    .bind::<SqlUuid, _>(scope.merchant_id())
    .bind::<Nullable<SqlUuid>, _>(scope.only_created_by())
    .bind::<BigInt, _>(SHOWN_MAX)
    .load(conn)?)
}

/// The last mail of a notice; `None`: there was none.
pub fn delivery(
    conn: &mut PgConnection,
    scope: MerchantScope,
    id: NoticeId,
) -> Result<Option<Delivery>, Error> {
    Ok(sql_query(format!("{DELIVERY} AND n.id = $3 ORDER BY l.created_at DESC LIMIT 1"))
        .bind::<SqlUuid, _>(scope.merchant_id())
        .bind::<Nullable<SqlUuid>, _>(scope.only_created_by())
        .bind::<SqlUuid, _>(id)
        .get_result(conn)
        .optional()?)
}

/// What a notice's letter says.
#[derive(Clone, Debug, QueryableByName)]
pub struct Notice {
    #[diesel(sql_type = Text)]
    pub kind: Told,
    #[diesel(sql_type = SqlUuid)]
    pub user_id: UserId,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub document_id: Option<DocumentId>,
    #[diesel(sql_type = Nullable<Text>)]
    pub document_kind: Option<String>,
    #[diesel(sql_type = Nullable<Date>)]
    pub period_from: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Date>)]
    pub period_until: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub email_payment_id: Option<EmailPaymentId>,
    /// Who made the payment.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub created_by: Option<UserId>,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub ticket_number: Option<i64>,
    /// The number of the document or the ticket, or the order ID; `None`: a test, or a digest.
    #[diesel(sql_type = Nullable<Text>)]
    pub number: Option<String>,
    /// Until when the payment can be made.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub expires_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
    /// The reader's own, else the merchant's.
    #[diesel(sql_type = Text)]
    time_zone: String,
}

impl Notice {
    /// By which clock its reader reads.
    #[must_use]
    pub fn zone(&self) -> chrono_tz::Tz {
        self.time_zone.parse().unwrap_or(chrono_tz::UTC)
    }

    /// The page of what it is about; `None`: it is a test, or a digest.
    #[must_use]
    pub fn about(&self) -> Option<String> {
        page(self.document_id, self.email_payment_id, self.ticket_number)
    }
}

/// The page of the one thing that a notice is about.
fn page(
    document: Option<DocumentId>,
    payment: Option<EmailPaymentId>,
    ticket: Option<i64>,
) -> Option<String> {
    let document = document.map(|id| format!("/accounting/documents/{id}"));
    let payment = || payment.map(|id| format!("/processing/email-payments/{id}"));
    let ticket = || ticket.map(|number| format!("/support/tickets/{number}"));
    document.or_else(payment).or_else(ticket)
}

pub fn notice(
    conn: &mut PgConnection,
    scope: MerchantScope,
    id: NoticeId,
) -> Result<Notice, Error> {
    let found: Option<Notice> = sql_query(
        "SELECT n.kind, n.user_id, n.document_id, d.kind AS document_kind, d.period_from, d.period_until,
             n.email_payment_id, p.created_by, t.number AS ticket_number,
             coalesce(d.number, p.order_id, '#' || t.number) AS number, p.expires_at, n.created_at,
             coalesce(u.time_zone, m.time_zone) AS time_zone
         FROM notices n
         JOIN users u ON u.id = n.user_id
         JOIN merchants m ON m.id = n.merchant_id
         LEFT JOIN documents d ON d.merchant_id = n.merchant_id AND d.id = n.document_id
         LEFT JOIN email_payments p ON p.merchant_id = n.merchant_id AND p.id = n.email_payment_id
         LEFT JOIN tickets t ON t.merchant_id = n.merchant_id AND t.id = n.ticket_id
         WHERE n.merchant_id = $1 AND n.id = $2 AND ($3 IS NULL OR n.user_id = $3)",
    )
    .bind::<SqlUuid, _>(scope.merchant_id())
    .bind::<SqlUuid, _>(id)
    .bind::<Nullable<SqlUuid>, _>(scope.only_created_by())
    .get_result(conn)
    .optional()?;
    found.ok_or(Error::NotFound)
}

#[derive(QueryableByName)]
struct Answer {
    #[diesel(sql_type = Bool)]
    is_so: bool,
}

/// Whether the notice's reader may still be told by mail, and wants it. Who asked for a test does.
pub fn is_wanted(
    conn: &mut PgConnection,
    scope: SystemScope,
    kind: NoticeKind,
    notice: &Notice,
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    let answer: Answer = sql_query(format!(
        "SELECT EXISTS (SELECT FROM ({}) r WHERE r.user_id = $7 AND (r.at_once OR $8)) AS is_so",
        readers(kind)
    ))
    .bind::<SqlUuid, _>(scope.merchant_id())
    .bind::<Text, _>(kind)
    .bind::<Array<Text>, _>(kind.roles())
    .bind::<Timestamptz, _>(now)
    .bind::<Array<Text>, _>(kind.roles_of_all())
    .bind::<Nullable<SqlUuid>, _>(notice.created_by)
    .bind::<SqlUuid, _>(notice.user_id)
    .bind::<Bool, _>(notice.number.is_none())
    .get_result(conn)?;
    Ok(answer.is_so)
}

/// What a user has been told, as the inbox and a digest list it.
#[derive(Clone, Debug, QueryableByName)]
pub struct Item {
    #[diesel(sql_type = SqlUuid)]
    pub id: NoticeId,
    #[diesel(sql_type = Text)]
    pub kind: Told,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub document_id: Option<DocumentId>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub email_payment_id: Option<EmailPaymentId>,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub ticket_number: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    pub number: Option<String>,
    /// Until when the payment can be made.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub expires_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = Bool)]
    pub is_read: bool,
}

impl Item {
    /// The page of what it is about.
    #[must_use]
    pub fn about(&self) -> Option<String> {
        page(self.document_id, self.email_payment_id, self.ticket_number)
    }
}

/// What items are made of.
const ITEM: &str = "
    SELECT n.id, n.kind, n.document_id, n.email_payment_id, t.number AS ticket_number,
        coalesce(d.number, p.order_id, '#' || t.number) AS number, p.expires_at, n.created_at,
        n.read_at IS NOT NULL AS is_read
    FROM notices n
    LEFT JOIN documents d ON d.merchant_id = n.merchant_id AND d.id = n.document_id
    LEFT JOIN email_payments p ON p.merchant_id = n.merchant_id AND p.id = n.email_payment_id
    LEFT JOIN tickets t ON t.merchant_id = n.merchant_id AND t.id = n.ticket_id";

/// What a role lets its holder see of items: `$3` documents, `$4` payments, `$5` payments of everybody,
/// `$8` tickets.
const SEEN: &str = "
    (n.document_id IS NULL OR $3) AND (n.email_payment_id IS NULL OR $5 OR $4 AND p.created_by = n.user_id)
    AND (n.ticket_id IS NULL OR $8)";

/// How far a reader sees.
#[derive(Clone, Copy, Debug)]
pub struct Sight {
    pub documents: bool,
    pub payments: Reach,
    pub tickets: bool,
}

/// A page of a user's inbox, the newest first; beyond a notice where one is given.
pub fn inbox(
    conn: &mut PgConnection,
    scope: MerchantScope,
    user_id: UserId,
    sight: Sight,
    before: Option<NoticeId>,
    most: i64,
) -> Result<Vec<Item>, Error> {
    Ok(sql_query(format!(
        "{ITEM} WHERE n.merchant_id = $1 AND n.user_id = $2 AND n.in_app AND {SEEN}
           AND ($6 IS NULL OR (n.created_at, n.id) < (
               SELECT o.created_at, o.id FROM notices o WHERE o.merchant_id = $1 AND o.user_id = $2 AND o.id = $6))
         ORDER BY n.created_at DESC, n.id DESC LIMIT $7"
    ))
    .bind::<SqlUuid, _>(scope.merchant_id())
    .bind::<SqlUuid, _>(user_id)
    .bind::<Bool, _>(sight.documents)
    .bind::<Bool, _>(sight.payments != Reach::None)
    .bind::<Bool, _>(sight.payments == Reach::All)
    .bind::<Nullable<SqlUuid>, _>(before)
    .bind::<BigInt, _>(most)
    .bind::<Bool, _>(sight.tickets)
    .load(conn)?)
}

/// What a digest tells, the oldest first: what its reader may still be told in one, and wants to be.
pub fn digest(
    conn: &mut PgConnection,
    scope: SystemScope,
    id: NoticeId,
    now: DateTime<Utc>,
) -> Result<Vec<Item>, Error> {
    let (document, payment) = (NoticeKind::DocumentCreated, NoticeKind::PaymentPaid);
    let ticket = NoticeKind::TicketAnswered;
    Ok(sql_query(format!(
        "{ITEM}
         JOIN memberships b ON b.merchant_id = n.merchant_id AND b.user_id = n.user_id
         JOIN users u ON u.id = n.user_id AND u.is_active
         JOIN notification_choices c ON c.merchant_id = n.merchant_id AND c.user_id = n.user_id AND c.kind = n.kind
         WHERE n.merchant_id = $1 AND n.digest_id = $2 AND c.digest AND c.digest_stopped_at IS NULL AND (
             n.document_id IS NOT NULL AND b.role = ANY ($3) AND EXISTS (
                 SELECT FROM notification_permissions q
                 WHERE q.merchant_id = n.merchant_id AND q.user_id = n.user_id AND q.kind = n.kind
                   AND q.withdrawn_at IS NULL AND (q.valid_until IS NULL OR q.valid_until > $6))
             OR p.created_by = n.user_id AND b.role = ANY ($4)
             OR n.email_payment_id IS NOT NULL AND c.is_all AND b.role = ANY ($5)
             OR n.ticket_id IS NOT NULL AND b.role = ANY ($7))
         ORDER BY n.created_at, n.id"
    ))
    .bind::<SqlUuid, _>(scope.merchant_id())
    .bind::<SqlUuid, _>(id)
    .bind::<Array<Text>, _>(document.roles())
    .bind::<Array<Text>, _>(payment.roles())
    .bind::<Array<Text>, _>(payment.roles_of_all())
    .bind::<Timestamptz, _>(now)
    .bind::<Array<Text>, _>(ticket.roles())
    .load(conn)?)
}

/// Who of these wants to hear of support's answers by mail, at once.
pub fn want_answers(
    conn: &mut PgConnection,
    scope: MerchantScope,
    to: &[UserId],
    now: DateTime<Utc>,
) -> Result<Vec<UserId>, Error> {
    #[derive(QueryableByName)]
    struct Reader {
        #[diesel(sql_type = SqlUuid)]
        user_id: UserId,
    }
    let kind = NoticeKind::TicketAnswered;
    let found: Vec<Reader> = sql_query(format!(
        "SELECT r.user_id FROM ({}) r WHERE r.at_once AND r.user_id = ANY ($5)",
        readers(kind)
    ))
    .bind::<SqlUuid, _>(scope.merchant_id())
    .bind::<Text, _>(kind)
    .bind::<Array<Text>, _>(kind.roles())
    .bind::<Timestamptz, _>(now)
    .bind::<Array<SqlUuid>, _>(to)
    .load(conn)?;
    Ok(found.into_iter().map(|reader| reader.user_id).collect())
}
