//! Reads. Every function takes a scope, which may be one user's own; row-level security stands behind.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Date, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel::{QueryableByName, sql_query};

use super::model::{NoticeKind, RequestAnswer, Standing};
use crate::auth::{MerchantRole, MerchantScope, SystemScope};
use crate::db::schema::{
    documents, mails, memberships, merchants, notices, notification_permissions,
    notification_requests, users,
};
use crate::kernel::{
    DocumentId, Error, NoticeId, NotificationPermissionId, NotificationRequestId, UserId,
};
use crate::mail::MailState;

/// Lines of the ledger, people and mails that a page shows at most.
const SHOWN_MAX: i64 = 200;

/// Who may be told: `$1` merchant, `$2` kind, `$3` the roles that see it, `$4` now. The permission stands,
/// and its holder still works for the merchant in a role that sees it.
pub const HOLDERS: &str = "
    SELECT DISTINCT p.user_id, u.email, coalesce(u.language, m.language) AS language
    FROM notification_permissions p
    JOIN memberships b ON b.merchant_id = p.merchant_id AND b.user_id = p.user_id AND b.role = ANY ($3)
    JOIN users u ON u.id = p.user_id AND u.is_active
    JOIN merchants m ON m.id = p.merchant_id
    WHERE p.merchant_id = $1 AND p.kind = $2 AND p.withdrawn_at IS NULL
      AND (p.valid_until IS NULL OR p.valid_until > $4)";

/// The merchant as pages and letters name it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = merchants)]
pub struct Merchant {
    pub name: String,
    pub legal_name: String,
    pub address: String,
    pub email: String,
    time_zone: String,
}

impl Merchant {
    #[must_use]
    pub fn zone(&self) -> chrono_tz::Tz {
        self.time_zone.parse().unwrap_or(chrono_tz::UTC)
    }
}

pub fn merchant(conn: &mut PgConnection, scope: MerchantScope) -> Result<Merchant, Error> {
    Ok(merchants::table.find(scope.merchant_id()).select(Merchant::as_select()).first(conn)?)
}

/// Somebody who works for the merchant.
#[derive(Clone, Debug, Queryable)]
pub struct Person {
    pub user_id: UserId,
    pub name: String,
    pub email: String,
    pub role: MerchantRole,
}

pub fn people(conn: &mut PgConnection, scope: MerchantScope) -> Result<Vec<Person>, Error> {
    Ok(memberships::table
        .inner_join(users::table)
        .filter(memberships::merchant_id.eq(scope.merchant_id()))
        .order((users::name, users::id))
        .limit(SHOWN_MAX)
        .select((users::id, users::name, users::email, memberships::role))
        .load(conn)?)
}

/// A line of the ledger.
#[derive(Clone, Debug, Queryable)]
pub struct Permission {
    pub id: NotificationPermissionId,
    pub user_id: UserId,
    pub user_name: String,
    pub kind: NoticeKind,
    pub reason: String,
    pub granted_by: String,
    pub granted_at: DateTime<Utc>,
    pub valid_until: Option<DateTime<Utc>>,
    pub withdrawn_at: Option<DateTime<Utc>>,
    pub withdrawn_by: Option<String>,
    pub withdrawn_for: Option<String>,
}

impl Permission {
    #[must_use]
    pub fn standing(&self, now: DateTime<Utc>) -> Standing {
        Standing::of(self.valid_until, self.withdrawn_at, now)
    }
}

diesel::alias!(users as granters: Granters, users as withdrawers: Withdrawers);

/// The newest first.
pub fn permissions(
    conn: &mut PgConnection,
    scope: MerchantScope,
) -> Result<Vec<Permission>, Error> {
    use notification_permissions as p;
    let mut query = p::table
        .inner_join(users::table.on(users::id.eq(p::user_id)))
        .inner_join(granters.on(granters.field(users::id).eq(p::granted_by)))
        .left_join(withdrawers.on(withdrawers.field(users::id).nullable().eq(p::withdrawn_by)))
        .filter(p::merchant_id.eq(scope.merchant_id()))
        .order((p::granted_at.desc(), p::id.desc()))
        .limit(SHOWN_MAX)
        .select((
            p::id,
            p::user_id,
            users::name,
            p::kind,
            p::reason,
            granters.field(users::name),
            p::granted_at,
            p::valid_until,
            p::withdrawn_at,
            withdrawers.field(users::name).nullable(),
            p::withdrawn_for,
        ))
        .into_boxed();
    if let Some(user_id) = scope.only_created_by() {
        query = query.filter(p::user_id.eq(user_id));
    }
    Ok(query.load(conn)?)
}

/// A wish for a permission.
#[derive(Clone, Debug, Queryable)]
pub struct Request {
    pub id: NotificationRequestId,
    pub user_id: UserId,
    pub user_name: String,
    pub kind: NoticeKind,
    pub words: String,
    pub asked_at: DateTime<Utc>,
    /// Nothing yet: it waits.
    pub answer: Option<RequestAnswer>,
    pub answered_at: Option<DateTime<Utc>>,
    pub answered_by: Option<String>,
    pub reason: Option<String>,
}

/// The newest first.
pub fn requests(conn: &mut PgConnection, scope: MerchantScope) -> Result<Vec<Request>, Error> {
    use notification_requests as r;
    let mut query = r::table
        .inner_join(users::table.on(users::id.eq(r::user_id)))
        .left_join(granters.on(granters.field(users::id).nullable().eq(r::answered_by)))
        .filter(r::merchant_id.eq(scope.merchant_id()))
        .order((r::asked_at.desc(), r::id.desc()))
        .limit(SHOWN_MAX)
        .select((
            r::id,
            r::user_id,
            users::name,
            r::kind,
            r::words,
            r::asked_at,
            r::answer,
            r::answered_at,
            granters.field(users::name).nullable(),
            r::reason,
        ))
        .into_boxed();
    if let Some(user_id) = scope.only_created_by() {
        query = query.filter(r::user_id.eq(user_id));
    }
    Ok(query.load(conn)?)
}

/// A notice's mail, and what became of it.
#[derive(Clone, Debug, Queryable)]
pub struct Delivery {
    pub user_name: String,
    pub recipient: String,
    pub kind: NoticeKind,
    /// `None`: a test.
    pub document: Option<(DocumentId, String)>,
    pub created_at: DateTime<Utc>,
    pub state: MailState,
    pub attempts: i32,
    /// When it is tried next, while it waits.
    pub run_at: DateTime<Utc>,
    /// The mail server's words, or ours.
    pub answer: Option<String>,
}

/// The newest first.
pub fn deliveries(conn: &mut PgConnection, scope: MerchantScope) -> Result<Vec<Delivery>, Error> {
    let mail = mails::merchant_id
        .eq(notices::merchant_id)
        .and(mails::notice_id.eq(notices::id.nullable()));
    let document = documents::merchant_id
        .eq(notices::merchant_id)
        .and(documents::id.nullable().eq(notices::document_id));
    let mut query = notices::table
        .inner_join(users::table.on(users::id.eq(notices::user_id)))
        .inner_join(mails::table.on(mail))
        .left_join(documents::table.on(document))
        .filter(notices::merchant_id.eq(scope.merchant_id()))
        .order((notices::created_at.desc(), notices::id.desc()))
        .limit(SHOWN_MAX)
        .select((
            users::name,
            mails::recipient,
            notices::kind,
            (documents::id, documents::number).nullable(),
            notices::created_at,
            mails::state,
            mails::attempts,
            mails::run_at,
            mails::answer,
        ))
        .into_boxed();
    if let Some(user_id) = scope.only_created_by() {
        query = query.filter(notices::user_id.eq(user_id));
    }
    Ok(query.load(conn)?)
}

/// What a notice's letter says.
#[derive(Clone, Debug, QueryableByName)]
pub struct Notice {
    /// Whether its reader may still be told.
    #[diesel(sql_type = Bool)]
    pub is_permitted: bool,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub document_id: Option<DocumentId>,
    #[diesel(sql_type = Nullable<Text>)]
    pub document_kind: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub number: Option<String>,
    #[diesel(sql_type = Nullable<Date>)]
    pub period_from: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Date>)]
    pub period_until: Option<NaiveDate>,
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
}

/// The notice, with the permission asked once more.
pub fn notice(
    conn: &mut PgConnection,
    scope: SystemScope,
    id: NoticeId,
    now: DateTime<Utc>,
) -> Result<Notice, Error> {
    let kind: NoticeKind =
        notices::table.find((scope.merchant_id(), id)).select(notices::kind).first(conn)?;
    Ok(sql_query(format!(
        "SELECT EXISTS ({HOLDERS} AND p.user_id = n.user_id) AS is_permitted, n.document_id,
             d.kind AS document_kind, d.number, d.period_from, d.period_until, n.created_at
         FROM notices n
         LEFT JOIN documents d ON d.merchant_id = n.merchant_id AND d.id = n.document_id
         WHERE n.merchant_id = $1 AND n.id = $5"
    ))
    .bind::<SqlUuid, _>(scope.merchant_id())
    .bind::<Text, _>(kind)
    .bind::<Array<Text>, _>(kind.roles())
    .bind::<Timestamptz, _>(now)
    .bind::<SqlUuid, _>(id)
    .get_result(conn)?)
}
