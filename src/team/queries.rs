//! Reads. Every function takes a scope; row-level security stands behind it.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;

use crate::auth::{MerchantRole, MerchantScope};
use crate::db::schema::{invitations, mails, memberships, merchants, users};
use crate::kernel::{Error, InvitationId, Lang, MerchantId, UserId};
use crate::mail::MailState;

/// People and invitations that the page shows at most.
const SHOWN_MAX: i64 = 500;
/// How long an invitation that nobody accepted stays on the page, to be sent again.
const SHOWN_EXPIRED: Duration = Duration::days(30);

/// The merchant as its team's pages and letters name it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = merchants)]
pub struct Merchant {
    pub name: String,
    pub legal_name: String,
    pub address: String,
    pub email: String,
    pub language: Lang,
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

/// Somebody of the team.
#[derive(Clone, Debug, Queryable)]
pub struct Member {
    pub user_id: UserId,
    pub name: String,
    /// For display; it identifies nobody.
    pub email: String,
    pub is_active: bool,
    pub last_signed_in_at: Option<DateTime<Utc>>,
    pub role: MerchantRole,
    pub since: DateTime<Utc>,
}

#[diesel::dsl::auto_type(no_type_alias)]
fn of_team(merchant_id: MerchantId) -> _ {
    memberships::table.inner_join(users::table).filter(memberships::merchant_id.eq(merchant_id))
}

const MEMBER: (
    users::id,
    users::name,
    users::email,
    users::is_active,
    users::last_signed_in_at,
    memberships::role,
    memberships::created_at,
) = (
    users::id,
    users::name,
    users::email,
    users::is_active,
    users::last_signed_in_at,
    memberships::role,
    memberships::created_at,
);

/// The team, by name.
pub fn members(conn: &mut PgConnection, scope: MerchantScope) -> Result<Vec<Member>, Error> {
    Ok(of_team(scope.merchant_id())
        .order((users::name, users::id))
        .limit(SHOWN_MAX)
        .select(MEMBER)
        .load(conn)?)
}

/// One of the team.
pub fn member(
    conn: &mut PgConnection,
    scope: MerchantScope,
    user_id: UserId,
) -> Result<Member, Error> {
    Ok(of_team(scope.merchant_id()).filter(users::id.eq(user_id)).select(MEMBER).first(conn)?)
}

/// An invitation that is open, or that nobody accepted in time; and what became of its mail.
#[derive(Clone, Debug, Queryable)]
pub struct Invitation {
    pub id: InvitationId,
    pub email: String,
    pub role: MerchantRole,
    pub invited_by: String,
    pub expires_at: DateTime<Utc>,
    pub mail: MailState,
    pub attempts: i32,
    /// The mail server's words, or ours.
    pub answer: Option<String>,
}

/// The newest first.
pub fn invitations(
    conn: &mut PgConnection,
    scope: MerchantScope,
    now: DateTime<Utc>,
) -> Result<Vec<Invitation>, Error> {
    let mail = mails::merchant_id
        .eq(invitations::merchant_id)
        .and(mails::invitation_id.eq(invitations::id.nullable()));
    Ok(invitations::table
        .inner_join(users::table)
        .inner_join(mails::table.on(mail))
        .filter(invitations::merchant_id.eq(scope.merchant_id()))
        .filter(invitations::ended_at.is_null())
        .filter(invitations::expires_at.gt(now - SHOWN_EXPIRED))
        .order((invitations::created_at.desc(), invitations::id.desc()))
        .limit(SHOWN_MAX)
        .select((
            invitations::id,
            invitations::email,
            invitations::role,
            users::name,
            invitations::expires_at,
            mails::state,
            mails::attempts,
            mails::answer,
        ))
        .load(conn)?)
}
