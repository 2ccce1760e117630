//! What a user wants to be told, chosen on the page or ended by a link in a mail.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde_json::{Value, json};

use super::ledger::record;
use crate::auth::audit::{self, Actor, By, Entry, Writer};
use crate::auth::{MerchantScope, SystemScope};
use crate::db::schema::{memberships, notification_choices};
use crate::kernel::{Error, UserId};
use crate::notifications::model::{Choice, NoticeKind, Stop};

/// Keeps what the writer has chosen, kind by kind. What a link had ended is chosen anew with it.
pub fn choose(
    conn: &mut PgConnection,
    scope: MerchantScope,
    writer: &Writer,
    choices: &[(NoticeKind, Choice)],
) -> Result<(), Error> {
    for (kind, choice) in choices {
        let values = (
            notification_choices::in_app.eq(choice.in_app),
            notification_choices::at_once.eq(choice.at_once),
            notification_choices::digest.eq(choice.digest),
            notification_choices::is_all.eq(choice.is_all),
            notification_choices::at_once_stopped_at.eq(None::<DateTime<Utc>>),
            notification_choices::digest_stopped_at.eq(None::<DateTime<Utc>>),
            notification_choices::changed_at.eq(writer.now),
        );
        let key = (
            notification_choices::merchant_id.eq(scope.merchant_id()),
            notification_choices::user_id.eq(writer.user_id),
            notification_choices::kind.eq(*kind),
        );
        diesel::insert_into(notification_choices::table)
            .values((key, values))
            .on_conflict((
                notification_choices::merchant_id,
                notification_choices::user_id,
                notification_choices::kind,
            ))
            .do_update()
            .set(values)
            .execute(conn)?;
    }
    let words = |(kind, choice): &(NoticeKind, Choice)| {
        let ways =
            [(choice.in_app, "in_app"), (choice.at_once, "at_once"), (choice.digest, "digest")];
        let ways: Vec<&str> =
            ways.iter().filter(|(is_on, _)| *is_on).map(|(_, way)| *way).collect();
        (kind.as_str().to_owned(), Value::from(ways.join(", ")))
    };
    let after = Value::Object(choices.iter().map(words).collect());
    record(conn, scope, writer, "notification.choose", writer.user_id, after)
}

/// Ends mails by a link in one of them: the link is the proof. `false`: the user works there no more.
pub fn stop(
    conn: &mut PgConnection,
    scope: SystemScope,
    user_id: UserId,
    what: Stop,
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    if !is_member(conn, scope, user_id)? {
        return Ok(false);
    }
    let changed = match what {
        Stop::Digest => diesel::update(of_user(scope, user_id))
            .filter(notification_choices::digest.eq(true))
            .filter(notification_choices::digest_stopped_at.is_null())
            .set(notification_choices::digest_stopped_at.eq(now))
            .execute(conn)?,
        Stop::AtOnce(kind) => {
            let ended = diesel::update(of_user(scope, user_id))
                .filter(notification_choices::kind.eq(kind))
                .filter(notification_choices::at_once_stopped_at.is_null())
                .set(notification_choices::at_once_stopped_at.eq(now))
                .execute(conn)?;
            let usual = kind.usual();
            let first = diesel::insert_into(notification_choices::table)
                .values((
                    notification_choices::merchant_id.eq(scope.merchant_id()),
                    notification_choices::user_id.eq(user_id),
                    notification_choices::kind.eq(kind),
                    notification_choices::in_app.eq(usual.in_app),
                    notification_choices::at_once.eq(usual.at_once),
                    notification_choices::digest.eq(usual.digest),
                    notification_choices::is_all.eq(usual.is_all),
                    notification_choices::at_once_stopped_at.eq(now),
                    notification_choices::changed_at.eq(now),
                ))
                .on_conflict_do_nothing()
                .execute(conn)?;
            ended + first
        }
    };
    if changed > 0 {
        note(conn, scope, user_id, what, "notification.stop")?;
    }
    Ok(true)
}

/// Takes that back, by the same link.
pub fn resume(
    conn: &mut PgConnection,
    scope: SystemScope,
    user_id: UserId,
    what: Stop,
) -> Result<(), Error> {
    let changed = match what {
        Stop::Digest => diesel::update(of_user(scope, user_id))
            .filter(notification_choices::digest_stopped_at.is_not_null())
            .set(notification_choices::digest_stopped_at.eq(None::<DateTime<Utc>>))
            .execute(conn)?,
        Stop::AtOnce(kind) => diesel::update(of_user(scope, user_id))
            .filter(notification_choices::kind.eq(kind))
            .filter(notification_choices::at_once_stopped_at.is_not_null())
            .set(notification_choices::at_once_stopped_at.eq(None::<DateTime<Utc>>))
            .execute(conn)?,
    };
    if changed > 0 {
        note(conn, scope, user_id, what, "notification.resume")?;
    }
    Ok(())
}

#[diesel::dsl::auto_type(no_type_alias)]
fn of_user(scope: SystemScope, user_id: UserId) -> _ {
    let merchant_id: crate::kernel::MerchantId = scope.merchant_id();
    notification_choices::table
        .filter(notification_choices::merchant_id.eq(merchant_id))
        .filter(notification_choices::user_id.eq(user_id))
}

fn is_member(conn: &mut PgConnection, scope: SystemScope, user_id: UserId) -> Result<bool, Error> {
    let membership = memberships::table
        .filter(memberships::merchant_id.eq(scope.merchant_id()))
        .filter(memberships::user_id.eq(user_id));
    Ok(diesel::select(diesel::dsl::exists(membership)).get_result(conn)?)
}

/// Nobody is signed in: it was whoever holds the mail.
fn note(
    conn: &mut PgConnection,
    scope: SystemScope,
    user_id: UserId,
    what: Stop,
    action: &'static str,
) -> Result<(), Error> {
    let entry = Entry {
        merchant_id: Some(scope.merchant_id()),
        action,
        object_id: Some(user_id.as_uuid()),
        is_done: true,
        before: None,
        after: Some(json!({ "notice": what.as_str() })),
    };
    audit::record(conn, &By::other(Actor::System), entry)
}
