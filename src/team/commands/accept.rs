//! Somebody accepts an invitation: the only way in for who is unknown (SEC-6).

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde_json::json;

use super::super::model::{InvitationEnd, is_same_address};
use super::invitations::ending;
use super::lock;
use crate::auth::audit::{self, By, Entry};
use crate::auth::{MerchantRole, SystemScope};
use crate::db::schema::{invitations, memberships, users};
use crate::kernel::{Error, InvitationId, UserId, text};
use crate::merchants;
use crate::sign_in::{self, NewUser};

/// Who wants to join, as the identity provider names them.
#[derive(Clone, Debug)]
pub struct Applicant {
    pub issuer: String,
    pub subject: String,
    pub name: Option<String>,
    /// Only where the provider has verified it.
    pub email: Option<String>,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accepted {
    Joined(UserId),
    /// Used, withdrawn, replaced or expired.
    Gone,
    /// The provider's address is not the invited one, or not verified.
    OtherAddress,
    AlreadyMember,
    /// An account that is switched off, or one of the platform's people.
    NotThisAccount,
}

impl Accepted {
    const fn reason(self) -> Option<&'static str> {
        match self {
            Self::Joined(_) => None,
            Self::Gone => Some("not open"),
            Self::OtherAddress => Some("another address"),
            Self::AlreadyMember => Some("in the team already"),
            Self::NotThisAccount => Some("an account of staff, or switched off"),
        }
    }
}

/// Binds the identity to the team, once: a user who is unknown begins to exist, the invitation ends.
/// Refusals leave everything as it is, but for a row in the audit.
pub fn accept(
    conn: &mut PgConnection,
    scope: SystemScope,
    id: InvitationId,
    by: &By,
    applicant: &Applicant,
    now: DateTime<Utc>,
) -> Result<Accepted, Error> {
    lock(conn, scope.merchant_id())?;
    let user: Option<(UserId, bool, Option<String>)> = users::table
        .filter(users::issuer.eq(&applicant.issuer))
        .filter(users::subject.eq(&applicant.subject))
        .select((users::id, users::is_active, users::staff_role))
        .first(conn)
        .optional()?;
    let known = user.as_ref().map(|(user_id, ..)| *user_id);
    let (accepted, role) = match (user, hindrance(conn, scope, id, known, applicant, now)?) {
        (_, Some(hindrance)) => (hindrance, None),
        (Some((_, is_active, staff_role)), None) if !is_active || staff_role.is_some() => {
            (Accepted::NotThisAccount, None)
        }
        (_, None) => match take(conn, scope, id, now)? {
            None => (Accepted::Gone, None),
            Some((role, email)) => {
                let user_id = join(conn, scope, applicant, role, &email, now)?;
                (Accepted::Joined(user_id), Some(role))
            }
        },
    };
    let user_id = if let Accepted::Joined(user_id) = accepted { Some(user_id) } else { known };
    let entry = Entry {
        merchant_id: Some(scope.merchant_id()),
        action: "team.join",
        object_id: Some(id.as_uuid()),
        is_done: accepted.reason().is_none(),
        before: None,
        after: Some(match accepted.reason() {
            Some(reason) => json!({ "reason": reason }),
            None => json!({ "role": role.map(MerchantRole::as_str) }),
        }),
    };
    let by = By { user_id, user_role: role.map(MerchantRole::as_str), ..by.clone() };
    audit::record(conn, &by, entry)?;
    Ok(accepted)
}

/// What stands against it, before anything is written.
fn hindrance(
    conn: &mut PgConnection,
    scope: SystemScope,
    id: InvitationId,
    known: Option<UserId>,
    applicant: &Applicant,
    now: DateTime<Utc>,
) -> Result<Option<Accepted>, Error> {
    let invited: Option<String> = invitations::table
        .find((scope.merchant_id(), id))
        .filter(invitations::ended_at.is_null())
        .filter(invitations::expires_at.gt(now))
        .select(invitations::email)
        .first(conn)
        .optional()?;
    let Some(invited) = invited else { return Ok(Some(Accepted::Gone)) };
    let is_invited = applicant.email.as_deref().is_some_and(|own| is_same_address(own, &invited));
    if !is_invited {
        return Ok(Some(Accepted::OtherAddress));
    }
    let Some(user_id) = known else { return Ok(None) };
    let membership = memberships::table.find((scope.merchant_id(), user_id));
    let is_member: bool = diesel::select(diesel::dsl::exists(membership)).get_result(conn)?;
    Ok(is_member.then_some(Accepted::AlreadyMember))
}

/// Takes the invitation, once: it is marked used in the statement that reads it.
fn take(
    conn: &mut PgConnection,
    scope: SystemScope,
    id: InvitationId,
    now: DateTime<Utc>,
) -> Result<Option<(MerchantRole, String)>, Error> {
    let open = invitations::table
        .filter(invitations::merchant_id.eq(scope.merchant_id()))
        .filter(invitations::id.eq(id))
        .filter(invitations::ended_at.is_null())
        .filter(invitations::expires_at.gt(now));
    Ok(diesel::update(open)
        .set(ending(InvitationEnd::Accepted, now))
        .returning((invitations::role, invitations::email))
        .get_result(conn)
        .optional()?)
}

fn join(
    conn: &mut PgConnection,
    scope: SystemScope,
    applicant: &Applicant,
    role: MerchantRole,
    email: &str,
    now: DateTime<Utc>,
) -> Result<UserId, Error> {
    // The name is the provider's word, and at many providers the person's own.
    let short = applicant.name.as_deref().map(|name| name.chars().take(100).collect::<String>());
    let name = short.and_then(|name| text::line(&name, 100).ok()).filter(|name| !name.is_empty());
    let name = name.unwrap_or_else(|| email.to_owned());
    let new = NewUser {
        id: UserId::new(),
        issuer: &applicant.issuer,
        subject: &applicant.subject,
        name: &name,
        email,
        staff_role: None,
        created_at: now,
    };
    let user_id = sign_in::add_user(conn, &new)?;
    merchants::join(conn, scope.merchant_id(), user_id, role, now)?;
    Ok(user_id)
}
