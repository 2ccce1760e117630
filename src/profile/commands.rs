//! Writes. Each is one transaction, its mails and its audit row included.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde_json::{Value, json};

use super::lookups::{self, Found, Link};
use super::model::{A_DAY_MAX, EmailChange, EmailChangeEnd, Side, VALIDITY};
use super::queries;
use crate::auth::audit::{self, By, Entry};
use crate::crypto::{self, Keyring};
use crate::db::schema::{email_changes, mails, users};
use crate::kernel::{EmailAddress, EmailChangeId, Error, Lang, UserId};
use crate::mail::{self, About, MailKind, NOBODYS, NewMail};

/// How somebody is called, and by which clock they read. The provider's words are not asked again: a
/// sign-in changes neither name nor address.
pub fn save(
    conn: &mut PgConnection,
    by: &By,
    user_id: UserId,
    name: &str,
    time_zone: Option<&str>,
) -> Result<(), Error> {
    let was: (String, Option<String>) = users::table
        .find(user_id)
        .select((users::name, users::time_zone))
        .for_no_key_update()
        .first(conn)?;
    if (was.0.as_str(), was.1.as_deref()) == (name, time_zone) {
        return Ok(());
    }
    diesel::update(users::table.find(user_id))
        .set((users::name.eq(name), users::time_zone.eq(time_zone)))
        .execute(conn)?;
    let before = json!({ "name": was.0, "time_zone": was.1 });
    let after = json!({ "name": name, "time_zone": time_zone });
    note(conn, by, "user.profile", user_id, Some(before), Some(after))
}

/// Who asks for another address, and where its links will be sealed.
pub struct Asking<'a> {
    pub by: &'a By,
    pub keys: &'a Keyring,
    pub user_id: UserId,
    pub language: Lang,
    pub now: DateTime<Utc>,
}

/// What came of asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Both addresses are written to.
    Sent,
    /// It is the address already.
    Same,
    TooOften,
}

/// Asks both addresses whether the new one may take the old one's place; one that is under way gives
/// way. Whether somebody else has the new address is looked at when both have confirmed: nobody learns
/// here whose addresses there are.
pub fn ask_change(
    conn: &mut PgConnection,
    asking: &Asking<'_>,
    new: &EmailAddress,
) -> Result<Asked, Error> {
    let Asking { by, keys, user_id, language, now } = *asking;
    let old = lock(conn, user_id)?;
    if old.eq_ignore_ascii_case(new.as_str()) {
        return Ok(Asked::Same);
    }
    if queries::count_asked(conn, user_id, A_DAY_MAX, now)? >= A_DAY_MAX {
        return Ok(Asked::TooOften);
    }
    end_open(conn, user_id, EmailChangeEnd::Replaced, now)?;
    let id = EmailChangeId::new();
    let (old_token, new_token) = (crypto::token::<32>()?, crypto::token::<32>()?);
    diesel::insert_into(email_changes::table)
        .values((
            email_changes::id.eq(id),
            email_changes::user_id.eq(user_id),
            email_changes::old_email.eq(&old),
            email_changes::new_email.eq(new.as_str()),
            email_changes::old_token_hash.eq(crypto::hash(&old_token)),
            email_changes::old_token_encrypted.eq(keys.seal(id.as_uuid(), &old_token)?),
            email_changes::new_token_hash.eq(crypto::hash(&new_token)),
            email_changes::new_token_encrypted.eq(keys.seal(id.as_uuid(), &new_token)?),
            email_changes::created_at.eq(now),
            email_changes::expires_at.eq(now + VALIDITY),
        ))
        .execute(conn)?;
    for recipient in [old.as_str(), new.as_str()] {
        queue(conn, id, MailKind::Address, recipient, language, now)?;
    }
    // The addresses stand with the change; the audit, which never forgets, has none.
    note(conn, by, "user.email.ask", user_id, None, None)?;
    Ok(Asked::Sent)
}

/// Ends the change that is under way. Whether there was one.
pub fn cancel(
    conn: &mut PgConnection,
    by: &By,
    user_id: UserId,
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    lock(conn, user_id)?;
    let is_ended = end_open(conn, user_id, EmailChangeEnd::Cancelled, now)?;
    if is_ended {
        note(conn, by, "user.email.cancel", user_id, None, None)?;
    }
    Ok(is_ended)
}

/// One address confirms, once; with the second one the address changes, unless it is somebody else's.
/// What the link leads to from then on: as before where it could not be used.
pub fn confirm(
    conn: &mut PgConnection,
    by: &By,
    token: &str,
    now: DateTime<Utc>,
) -> Result<Link, Error> {
    let link = locked(conn, token, now)?;
    let Link::Open(Found { change, side, .. }) = link else { return Ok(link) };
    let row = email_changes::table.find(change.id);
    match side {
        Side::Old => diesel::update(row).set(email_changes::old_confirmed_at.eq(now)).execute(conn),
        Side::New => diesel::update(row).set(email_changes::new_confirmed_at.eq(now)).execute(conn),
    }?;
    let by = By { user_id: Some(change.user_id), ..by.clone() };
    let told = json!({ "side": side.as_str() });
    note(conn, &by, "user.email.confirm", change.user_id, None, Some(told))?;
    if !change.is_confirmed(side.other()) {
        return Ok(Link::Used);
    }
    let end_reason = take(conn, &by, &change, now)?;
    Ok(Link::Ended(end_reason))
}

/// The new address becomes the user's, now that both have confirmed; the old one is told.
fn take(
    conn: &mut PgConnection,
    by: &By,
    change: &EmailChange,
    now: DateTime<Utc>,
) -> Result<EmailChangeEnd, Error> {
    if queries::is_taken(conn, change.user_id, &change.new_email)? {
        end_open(conn, change.user_id, EmailChangeEnd::Taken, now)?;
        note(conn, by, "user.email.cancel", change.user_id, None, None)?;
        return Ok(EmailChangeEnd::Taken);
    }
    diesel::update(users::table.find(change.user_id))
        .set(users::email.eq(&change.new_email))
        .execute(conn)?;
    end_open(conn, change.user_id, EmailChangeEnd::Done, now)?;
    // The language in which it was asked for.
    let language = mails::table
        .filter(mails::email_change_id.eq(change.id))
        .select(mails::language)
        .first(conn)?;
    queue(conn, change.id, MailKind::AddressChanged, &change.old_email, language, now)?;
    note(conn, by, "user.email.change", change.user_id, None, None)?;
    Ok(EmailChangeEnd::Done)
}

/// The old address says no, by its link; what the link leads to from then on.
pub fn cancel_by_link(
    conn: &mut PgConnection,
    by: &By,
    token: &str,
    now: DateTime<Utc>,
) -> Result<Link, Error> {
    let link = locked(conn, token, now)?;
    let Link::Open(Found { change, side: Side::Old, .. }) = link else { return Ok(link) };
    let by = By { user_id: Some(change.user_id), ..by.clone() };
    cancel(conn, &by, change.user_id, now)?;
    Ok(Link::Ended(EmailChangeEnd::Cancelled))
}

/// The link, read while nobody else changes anything of its user.
fn locked(conn: &mut PgConnection, token: &str, now: DateTime<Utc>) -> Result<Link, Error> {
    let Some((_, user_id)) = lookups::behind(conn, token)? else { return Ok(Link::Unknown) };
    lock(conn, user_id)?;
    lookups::by_token(conn, token, now)
}

/// The user's address. Each write of this slice takes the user's row first, so that two never wait for
/// each other.
fn lock(conn: &mut PgConnection, user_id: UserId) -> Result<String, Error> {
    Ok(users::table.find(user_id).select(users::email).for_no_key_update().first(conn)?)
}

fn queue(
    conn: &mut PgConnection,
    id: EmailChangeId,
    kind: MailKind,
    recipient: &str,
    language: Lang,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let letter = NewMail {
        merchant_id: NOBODYS,
        about: About::EmailChange(id),
        kind,
        recipient,
        language,
        run_at: now,
        created_at: now,
    };
    mail::insert(conn, &letter)
}

/// A mail has left, or never will: its token is not kept any longer.
pub fn end_mail(conn: &mut PgConnection, id: EmailChangeId, recipient: &str) -> Result<(), Error> {
    let row = || email_changes::table.filter(email_changes::id.eq(id));
    diesel::update(row().filter(email_changes::old_email.eq(recipient)))
        .set(email_changes::old_token_encrypted.eq(None::<Vec<u8>>))
        .execute(conn)?;
    diesel::update(row().filter(email_changes::new_email.eq(recipient)))
        .set(email_changes::new_token_encrypted.eq(None::<Vec<u8>>))
        .execute(conn)?;
    Ok(())
}

/// The columns of a change that ends.
#[derive(AsChangeset)]
#[diesel(table_name = email_changes, treat_none_as_null = true)]
struct Ending {
    ended_at: DateTime<Utc>,
    end_reason: EmailChangeEnd,
    old_token_encrypted: Option<Vec<u8>>,
    new_token_encrypted: Option<Vec<u8>>,
}

fn end_open(
    conn: &mut PgConnection,
    user_id: UserId,
    end_reason: EmailChangeEnd,
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    let open = email_changes::table
        .filter(email_changes::user_id.eq(user_id))
        .filter(email_changes::ended_at.is_null());
    let ending =
        Ending { ended_at: now, end_reason, old_token_encrypted: None, new_token_encrypted: None };
    Ok(diesel::update(open).set(ending).execute(conn)? > 0)
}

fn note(
    conn: &mut PgConnection,
    by: &By,
    action: &'static str,
    user_id: UserId,
    before: Option<Value>,
    after: Option<Value>,
) -> Result<(), Error> {
    let object_id = Some(user_id.as_uuid());
    let entry = Entry { merchant_id: None, action, object_id, is_done: true, before, after };
    audit::record(conn, by, entry)
}
