//! Reads. Every function takes a scope, which may be one user's own; row-level security stands behind.

pub mod told;

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::model::{Choice, NoticeKind, RequestAnswer, Standing};
use crate::auth::{MerchantRole, MerchantScope};
use crate::db::schema::{
    memberships, merchants, notification_choices, notification_permissions, notification_requests,
    users,
};
use crate::kernel::{Error, NotificationPermissionId, NotificationRequestId, UserId};

/// Lines of the ledger, people and mails that a page shows at most.
const SHOWN_MAX: i64 = 200;

/// Who is told about a kind, and how: `$1` merchant, `$2` kind, `$3` the roles that see it, `$4` now, `$5` the
/// roles that see all of it, `$6` who made what it is about. Everybody still works for the merchant in a
/// role that sees it; what needs a permission has one that stands.
#[must_use]
pub fn readers(kind: NoticeKind) -> String {
    let usual = kind.usual();
    let who = if kind.needs_permission() {
        "b.role = ANY ($3) AND EXISTS (
             SELECT FROM notification_permissions p
             WHERE p.merchant_id = b.merchant_id AND p.user_id = b.user_id AND p.kind = $2
               AND p.withdrawn_at IS NULL AND (p.valid_until IS NULL OR p.valid_until > $4))"
    } else if kind == NoticeKind::TicketAnswered {
        // Who they are, the ticket says.
        "b.role = ANY ($3)"
    } else {
        "(b.user_id = $6 AND b.role = ANY ($3) OR c.is_all AND b.role = ANY ($5))"
    };
    format!(
        "SELECT b.user_id, u.email, coalesce(u.language, m.language) AS language,
             coalesce(u.time_zone, m.time_zone) AS time_zone,
             coalesce(c.in_app, {in_app}) AS in_app,
             coalesce(c.at_once, {at_once}) AND c.at_once_stopped_at IS NULL AS at_once,
             coalesce(c.digest, {digest}) AND c.digest_stopped_at IS NULL AS digest
         FROM memberships b
         JOIN users u ON u.id = b.user_id AND u.is_active
         JOIN merchants m ON m.id = b.merchant_id
         LEFT JOIN notification_choices c
             ON c.merchant_id = b.merchant_id AND c.user_id = b.user_id AND c.kind = $2
         WHERE b.merchant_id = $1 AND {who}",
        in_app = usual.in_app,
        at_once = usual.at_once,
        digest = usual.digest,
    )
}

/// The merchant as pages and letters name it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = merchants)]
pub struct Merchant {
    pub name: String,
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

/// Which permissions are read.
enum Which {
    One(NotificationPermissionId),
    /// All that stand then.
    Standing(DateTime<Utc>),
    /// The newest, at most [`SHOWN_MAX`].
    Newest,
}

/// For the ledger: the newest first, cut where there are many.
pub fn permissions(
    conn: &mut PgConnection,
    scope: MerchantScope,
) -> Result<Vec<Permission>, Error> {
    load_permissions(conn, scope, &Which::Newest)
}

/// All that stand now, at most one for each person and kind.
pub fn standing(
    conn: &mut PgConnection,
    scope: MerchantScope,
    now: DateTime<Utc>,
) -> Result<Vec<Permission>, Error> {
    load_permissions(conn, scope, &Which::Standing(now))
}

/// One of them, however many came after it.
///
/// # Errors
/// [`Error::NotFound`]: there is none for this scope.
pub fn permission(
    conn: &mut PgConnection,
    scope: MerchantScope,
    id: NotificationPermissionId,
) -> Result<Permission, Error> {
    load_permissions(conn, scope, &Which::One(id))?.pop().ok_or(Error::NotFound)
}

fn load_permissions(
    conn: &mut PgConnection,
    scope: MerchantScope,
    which: &Which,
) -> Result<Vec<Permission>, Error> {
    use notification_permissions as p;
    let mut query = p::table
        .inner_join(users::table.on(users::id.eq(p::user_id)))
        .inner_join(granters.on(granters.field(users::id).eq(p::granted_by)))
        .left_join(withdrawers.on(withdrawers.field(users::id).nullable().eq(p::withdrawn_by)))
        .filter(p::merchant_id.eq(scope.merchant_id()))
        .order((p::granted_at.desc(), p::id.desc()))
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
    query = match which {
        Which::One(id) => query.filter(p::id.eq(id)),
        Which::Standing(now) => query
            .filter(p::withdrawn_at.is_null())
            .filter(p::valid_until.is_null().or(p::valid_until.gt(now))),
        Which::Newest => query.limit(SHOWN_MAX),
    };
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

/// Which requests are read.
enum Wanted {
    One(NotificationRequestId),
    /// All that wait for an answer.
    Waiting,
    /// The newest, at most [`SHOWN_MAX`].
    Newest,
}

/// For the ledger: the newest first, cut where there are many.
pub fn requests(conn: &mut PgConnection, scope: MerchantScope) -> Result<Vec<Request>, Error> {
    load_requests(conn, scope, &Wanted::Newest)
}

/// All that wait for an answer, the newest first: at most one for each person and kind.
pub fn waiting(conn: &mut PgConnection, scope: MerchantScope) -> Result<Vec<Request>, Error> {
    load_requests(conn, scope, &Wanted::Waiting)
}

/// One of them, however many came after it.
///
/// # Errors
/// [`Error::NotFound`]: there is none for this scope.
pub fn request(
    conn: &mut PgConnection,
    scope: MerchantScope,
    id: NotificationRequestId,
) -> Result<Request, Error> {
    load_requests(conn, scope, &Wanted::One(id))?.pop().ok_or(Error::NotFound)
}

fn load_requests(
    conn: &mut PgConnection,
    scope: MerchantScope,
    wanted: &Wanted,
) -> Result<Vec<Request>, Error> {
    use notification_requests as r;
    let mut query = r::table
        .inner_join(users::table.on(users::id.eq(r::user_id)))
        .left_join(granters.on(granters.field(users::id).nullable().eq(r::answered_by)))
        .filter(r::merchant_id.eq(scope.merchant_id()))
        .order((r::asked_at.desc(), r::id.desc()))
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
    query = match wanted {
        Wanted::One(id) => query.filter(r::id.eq(id)),
        Wanted::Waiting => query.filter(r::answer.is_null()),
        Wanted::Newest => query.limit(SHOWN_MAX),
    };
    Ok(query.load(conn)?)
}

/// What a user has chosen of a kind.
#[derive(Clone, Debug, Queryable)]
#[expect(clippy::struct_excessive_bools, reason = "each is chosen without regard to the others")]
pub struct Chosen {
    pub kind: NoticeKind,
    in_app: bool,
    at_once: bool,
    digest: bool,
    is_all: bool,
    at_once_stopped_at: Option<DateTime<Utc>>,
    digest_stopped_at: Option<DateTime<Utc>>,
    pub changed_at: DateTime<Utc>,
}

impl Chosen {
    /// Whether a link in a mail has ended something that was chosen.
    #[must_use]
    pub const fn is_stopped(&self) -> bool {
        (self.at_once && self.at_once_stopped_at.is_some())
            || (self.digest && self.digest_stopped_at.is_some())
    }

    /// As it holds now: what was ended by a link in a mail does not.
    #[must_use]
    pub const fn holds(&self) -> Choice {
        Choice {
            in_app: self.in_app,
            at_once: self.at_once && self.at_once_stopped_at.is_none(),
            digest: self.digest && self.digest_stopped_at.is_none(),
            is_all: self.is_all,
        }
    }
}

pub fn choices(
    conn: &mut PgConnection,
    scope: MerchantScope,
    user_id: UserId,
) -> Result<Vec<Chosen>, Error> {
    use notification_choices as c;
    Ok(c::table
        .filter(c::merchant_id.eq(scope.merchant_id()))
        .filter(c::user_id.eq(user_id))
        .select((
            c::kind,
            c::in_app,
            c::at_once,
            c::digest,
            c::is_all,
            c::at_once_stopped_at,
            c::digest_stopped_at,
            c::changed_at,
        ))
        .load(conn)?)
}
