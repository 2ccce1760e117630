//! What happens to invitations until somebody accepts one.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use diesel::sql_types::Text;
use serde_json::{Value, json};

use super::super::model::{
    A_DAY_MAX, Authority, Hindrance, InvitationEnd, OPEN_MAX, TO_ADDRESS_A_DAY_MAX, VALIDITY,
};
use super::{Writer, authority};
use crate::auth::audit::{self, Entry};
use crate::auth::{MerchantRole, MerchantScope};
use crate::crypto::{self, Keyring};
use crate::db::schema::{invitations, memberships, users};
use crate::kernel::{EmailAddress, Error, InvitationId, Lang, MerchantId, UserId};
use crate::mail::{self, About, MailKind, NewMail};

diesel::define_sql_function! {
    /// As the index of open invitations compares addresses.
    fn lower(text: Text) -> Text;
}

/// Who is to be invited as what.
pub struct NewInvitation {
    pub email: EmailAddress,
    pub role: MerchantRole,
    /// The mail's.
    pub language: Lang,
    /// A member has this address already, and another account is meant all the same.
    pub is_other_account: bool,
}

/// Invites somebody; an open invitation to the same address gives way. The mail leaves with the
/// transaction.
pub fn invite(
    conn: &mut PgConnection,
    keys: &Keyring,
    scope: MerchantScope,
    writer: &Writer,
    new: &NewInvitation,
) -> Result<Result<(), Hindrance>, Error> {
    let authority = authority(conn, scope, writer)?;
    if !new.is_other_account
        && let Some(name) = member_with(conn, scope, &new.email)?
    {
        return Ok(Err(Hindrance::AddressInTeam(name)));
    }
    issue(conn, keys, scope, writer, authority, new)
}

/// Sends an open invitation again: a new token in a new mail, the old one is dead. The address.
///
/// # Errors
/// [`Error::NotFound`]: not an invitation of this merchant. [`Error::Conflict`]: it has ended.
pub fn resend(
    conn: &mut PgConnection,
    keys: &Keyring,
    scope: MerchantScope,
    writer: &Writer,
    id: InvitationId,
) -> Result<Result<String, Hindrance>, Error> {
    let authority = authority(conn, scope, writer)?;
    let old = invitations::table.find((scope.merchant_id(), id));
    let (email, role, language, ended_at): (String, _, _, Option<DateTime<Utc>>) = old
        .select((
            invitations::email,
            invitations::role,
            invitations::language,
            invitations::ended_at,
        ))
        .first(conn)?;
    if ended_at.is_some() {
        return Err(Error::Conflict);
    }
    let address = EmailAddress::parse(&email).ok_or_else(|| Error::internal("a bad address"))?;
    let new = NewInvitation { email: address, role, language, is_other_account: true };
    Ok(issue(conn, keys, scope, writer, authority, &new)?.map(|()| email))
}

/// Withdraws an open invitation: its link is dead. The address.
///
/// # Errors
/// [`Error::NotFound`]: not an invitation of this merchant. [`Error::Conflict`]: it has ended.
pub fn withdraw(
    conn: &mut PgConnection,
    scope: MerchantScope,
    writer: &Writer,
    id: InvitationId,
) -> Result<String, Error> {
    authority(conn, scope, writer)?;
    let (email, role, ended_at): (String, MerchantRole, Option<DateTime<Utc>>) = invitations::table
        .find((scope.merchant_id(), id))
        .select((invitations::email, invitations::role, invitations::ended_at))
        .first(conn)?;
    if ended_at.is_some() {
        return Err(Error::Conflict);
    }
    diesel::update(invitations::table.find((scope.merchant_id(), id)))
        .set(ending(InvitationEnd::Withdrawn, writer.now))
        .execute(conn)?;
    let before = json!({ "role": role.as_str() });
    note(conn, scope, writer, "team.invitation.withdraw", id, Some(before), None)?;
    Ok(email)
}

/// Withdraws what somebody sent who must not invite any more: an invitation gives no right that its
/// sender lacks.
pub fn end_those_of(
    conn: &mut PgConnection,
    scope: MerchantScope,
    user_id: UserId,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let theirs = invitations::table
        .filter(invitations::merchant_id.eq(scope.merchant_id()))
        .filter(invitations::invited_by.eq(user_id))
        .filter(invitations::ended_at.is_null());
    diesel::update(theirs).set(ending(InvitationEnd::Withdrawn, now)).execute(conn)?;
    Ok(())
}

/// The mail has left, or never will: its token is not kept any longer.
pub fn end_mail(
    conn: &mut PgConnection,
    merchant_id: MerchantId,
    id: InvitationId,
) -> Result<(), Error> {
    diesel::update(invitations::table.find((merchant_id, id)))
        .set(invitations::token_encrypted.eq(None::<Vec<u8>>))
        .execute(conn)?;
    Ok(())
}

/// The columns of an invitation that ends.
#[derive(AsChangeset)]
#[diesel(table_name = invitations, treat_none_as_null = true)]
pub struct Ending {
    ended_at: DateTime<Utc>,
    end_reason: InvitationEnd,
    token_encrypted: Option<Vec<u8>>,
}

pub const fn ending(end_reason: InvitationEnd, ended_at: DateTime<Utc>) -> Ending {
    Ending { ended_at, end_reason, token_encrypted: None }
}

/// The member who shows this address, if there is one.
fn member_with(
    conn: &mut PgConnection,
    scope: MerchantScope,
    address: &EmailAddress,
) -> Result<Option<String>, Error> {
    Ok(memberships::table
        .inner_join(users::table)
        .filter(memberships::merchant_id.eq(scope.merchant_id()))
        .filter(lower(users::email).eq(address.as_str().to_lowercase()))
        .select(users::name)
        .first(conn)
        .optional()?)
}

/// Makes the invitation and its mail.
fn issue(
    conn: &mut PgConnection,
    keys: &Keyring,
    scope: MerchantScope,
    writer: &Writer,
    authority: Authority,
    new: &NewInvitation,
) -> Result<Result<(), Hindrance>, Error> {
    if !authority.covers(new.role) {
        return Ok(Err(Hindrance::BeyondYours));
    }
    if let Some(hindrance) = too_many(conn, scope, &new.email, writer.now)? {
        return Ok(Err(hindrance));
    }
    let before = replace(conn, scope, &new.email, writer.now)?;
    let (id, token) = (InvitationId::new(), crypto::token::<32>()?);
    diesel::insert_into(invitations::table)
        .values((
            invitations::merchant_id.eq(scope.merchant_id()),
            invitations::id.eq(id),
            invitations::email.eq(new.email.as_str()),
            invitations::role.eq(new.role),
            invitations::language.eq(new.language),
            invitations::token_hash.eq(crypto::hash(&token)),
            invitations::token_encrypted.eq(keys.seal(id.as_uuid(), &token)?),
            invitations::invited_by.eq(writer.user_id),
            invitations::created_at.eq(writer.now),
            invitations::expires_at.eq(writer.now + VALIDITY),
        ))
        .execute(conn)?;
    let letter = NewMail {
        merchant_id: scope.merchant_id(),
        about: About::Invitation(id),
        kind: MailKind::Invitation,
        recipient: new.email.as_str(),
        language: new.language,
        run_at: writer.now,
        created_at: writer.now,
    };
    mail::insert(conn, &letter)?;
    let after = json!({ "role": new.role.as_str(), "language": new.language.code() });
    note(conn, scope, writer, "team.invite", id, before, Some(after))?;
    Ok(Ok(()))
}

#[diesel::dsl::auto_type(no_type_alias)]
fn of_merchant(merchant_id: MerchantId) -> _ {
    invitations::table.filter(invitations::merchant_id.eq(merchant_id))
}

/// The limits that keep a team's form from writing to the world.
fn too_many(
    conn: &mut PgConnection,
    scope: MerchantScope,
    address: &EmailAddress,
    now: DateTime<Utc>,
) -> Result<Option<Hindrance>, Error> {
    let open: i64 = of_merchant(scope.merchant_id())
        .filter(invitations::ended_at.is_null())
        .filter(invitations::expires_at.gt(now))
        .filter(lower(invitations::email).ne(address.as_str().to_lowercase()))
        .count()
        .get_result(conn)?;
    if open >= OPEN_MAX {
        return Ok(Some(Hindrance::TooManyOpen));
    }
    let today: i64 = of_merchant(scope.merchant_id())
        .filter(invitations::created_at.gt(now - Duration::days(1)))
        .count()
        .get_result(conn)?;
    if today >= A_DAY_MAX {
        return Ok(Some(Hindrance::TooManyToday));
    }
    let to_address: i64 = of_merchant(scope.merchant_id())
        .filter(invitations::created_at.gt(now - Duration::days(1)))
        .filter(lower(invitations::email).eq(address.as_str().to_lowercase()))
        .count()
        .get_result(conn)?;
    Ok((to_address >= TO_ADDRESS_A_DAY_MAX).then_some(Hindrance::TooManyToAddress))
}

/// Ends the open invitation to an address, for the audit: which one, and its role.
fn replace(
    conn: &mut PgConnection,
    scope: MerchantScope,
    address: &EmailAddress,
    now: DateTime<Utc>,
) -> Result<Option<Value>, Error> {
    let same = of_merchant(scope.merchant_id())
        .filter(invitations::ended_at.is_null())
        .filter(lower(invitations::email).eq(address.as_str().to_lowercase()));
    let old: Option<(InvitationId, MerchantRole)> = diesel::update(same)
        .set(ending(InvitationEnd::Replaced, now))
        .returning((invitations::id, invitations::role))
        .get_result(conn)
        .optional()?;
    Ok(old.map(|(id, role)| json!({ "invitation": id, "role": role.as_str() })))
}

fn note(
    conn: &mut PgConnection,
    scope: MerchantScope,
    writer: &Writer,
    action: &'static str,
    id: InvitationId,
    before: Option<Value>,
    after: Option<Value>,
) -> Result<(), Error> {
    let entry = Entry {
        merchant_id: Some(scope.merchant_id()),
        action,
        object_id: Some(id.as_uuid()),
        is_done: true,
        before,
        after,
    };
    audit::record(conn, &writer.by, entry)
}
