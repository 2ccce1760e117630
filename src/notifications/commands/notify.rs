//! What has happened goes to those who may be told and want to be, in the transaction in which it happens.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use serde_json::json;

use super::ledger::record;
use crate::auth::MerchantScope;
use crate::auth::audit::Writer;
use crate::db::schema::{mails, notices, users};
use crate::kernel::{Error, Lang, NoticeId, UserId};
use crate::mail::{self, About, MailKind, MailState, NewMail};
use crate::notifications::model::{Event, Hindrance, NoticeKind};
use crate::notifications::queries::{self, readers};

/// Between two tests of one user.
const TEST_PAUSE: Duration = Duration::minutes(1);

/// When a digest leaves, in the reader's zone: at eight. `$4` is now.
const NEXT_MORNING: &str = "
    ((($4 AT TIME ZONE time_zone) - interval '8 hours')::date + 1 + time '08:00') AT TIME ZONE time_zone";

/// Who and what a notice is about.
#[derive(Clone, Default)]
struct Subject {
    document_id: Option<uuid::Uuid>,
    email_payment_id: Option<uuid::Uuid>,
    ticket_id: Option<uuid::Uuid>,
    created_by: Option<UserId>,
    /// Nobody else is told.
    to: Option<Vec<UserId>>,
    /// A test: by mail at once, whatever was chosen.
    is_test: bool,
}

/// Tells each user who may be told in the ways that they chose: in their inbox, by a mail to their primary
/// address at once, in their next digest. One statement, however many they are; the same document once
/// more tells nothing. Whether they may still be told is asked again when a mail leaves. Returns how many
/// mails were queued.
pub fn notify(
    conn: &mut PgConnection,
    scope: MerchantScope,
    event: &Event,
    now: DateTime<Utc>,
) -> Result<usize, Error> {
    let (kind, subject) = match event {
        Event::DocumentCreated { id } => (
            NoticeKind::DocumentCreated,
            Subject { document_id: Some(id.as_uuid()), ..Subject::default() },
        ),
        Event::Payment { kind, id, created_by } => (
            kind.notice(),
            Subject {
                email_payment_id: Some(id.as_uuid()),
                created_by: Some(*created_by),
                ..Subject::default()
            },
        ),
        Event::TicketAnswered { id, to } => (
            NoticeKind::TicketAnswered,
            Subject { ticket_id: Some(id.as_uuid()), to: Some(to.clone()), ..Subject::default() },
        ),
    };
    queue(conn, scope, kind, &subject, now)
}

/// Sends one to the user themselves, about nothing: whether mails arrive.
pub fn test(
    conn: &mut PgConnection,
    scope: MerchantScope,
    writer: &Writer,
    kind: NoticeKind,
) -> Result<Result<(), Hindrance>, Error> {
    let just_tested: i64 = notices::table
        .filter(notices::merchant_id.eq(scope.merchant_id()))
        .filter(notices::user_id.eq(writer.user_id))
        .filter(notices::kind.eq(kind.as_str()))
        .filter(notices::document_id.is_null())
        .filter(notices::email_payment_id.is_null())
        .filter(notices::ticket_id.is_null())
        .filter(notices::created_at.gt(writer.now - TEST_PAUSE))
        .count()
        .get_result(conn)?;
    if just_tested > 0 {
        return Ok(Err(Hindrance::JustTested));
    }
    let subject = Subject {
        created_by: Some(writer.user_id),
        to: Some(vec![writer.user_id]),
        is_test: true,
        ..Subject::default()
    };
    if queue(conn, scope, kind, &subject, writer.now)? == 0 {
        return Ok(Err(Hindrance::HasNone));
    }
    let after = json!({ "notice": kind.as_str() });
    record(conn, scope, writer, "notification.test", writer.user_id, after)?;
    Ok(Ok(()))
}

/// Sends a notice again whose mail was given up, to the address that its reader has now. `false`: nothing
/// was given up, or it has been sent again meanwhile.
pub fn send_again(
    conn: &mut PgConnection,
    scope: MerchantScope,
    writer: &Writer,
    id: NoticeId,
) -> Result<bool, Error> {
    let notice = queries::told::notice(conn, scope, id)?;
    let latest: Option<(MailState, Lang)> = mails::table
        .filter(mails::merchant_id.eq(scope.merchant_id()))
        .filter(mails::notice_id.eq(id))
        .order((mails::created_at.desc(), mails::id.desc()))
        .select((mails::state, mails::language))
        .for_update()
        .first(conn)
        .optional()?;
    let Some((MailState::Failed, language)) = latest else { return Ok(false) };
    let email: String = users::table.find(notice.user_id).select(users::email).first(conn)?;
    let letter = NewMail {
        merchant_id: scope.merchant_id(),
        about: About::Notice(id),
        kind: MailKind::Notice,
        recipient: &email,
        language,
        run_at: writer.now,
        created_at: writer.now,
    };
    mail::insert(conn, &letter)?;
    let after = json!({ "notice": notice.kind.as_str(), "number": notice.number });
    record(conn, scope, writer, "notification.send_again", notice.user_id, after)?;
    Ok(true)
}

/// Notices and mails; a ticket's mails are its own. Returns how many mails.
fn queue(
    conn: &mut PgConnection,
    scope: MerchantScope,
    kind: NoticeKind,
    subject: &Subject,
    now: DateTime<Utc>,
) -> Result<usize, Error> {
    Ok(sql_query(format!(
        "WITH reader AS (SELECT * FROM ({readers}) r WHERE $7 IS NULL OR r.user_id = ANY ($7)),
         notice AS (
             INSERT INTO notices (merchant_id, id, user_id, kind, document_id, email_payment_id, ticket_id, in_app, digest_at, created_at)
             SELECT $1, gen_random_uuid(), user_id, $2, $8, $9, $11, in_app AND NOT $10,
                 CASE WHEN digest AND NOT $10 THEN {NEXT_MORNING} END, $4
             FROM reader WHERE in_app OR at_once AND $11 IS NULL OR digest OR $10
             ON CONFLICT ON CONSTRAINT notices_once DO NOTHING
             RETURNING id, user_id)
         INSERT INTO mails (merchant_id, id, notice_id, kind, recipient, language, state, run_at, created_at)
         SELECT $1, gen_random_uuid(), notice.id, 'notice', reader.email, reader.language, 'ready', $4, $4
         FROM notice JOIN reader USING (user_id) WHERE reader.at_once AND $11 IS NULL OR $10",
        readers = readers(kind),
    ))
    .bind::<SqlUuid, _>(scope.merchant_id())
    .bind::<Text, _>(kind)
    .bind::<Array<Text>, _>(kind.roles())
    .bind::<Timestamptz, _>(now)
    .bind::<Array<Text>, _>(kind.roles_of_all())
    .bind::<Nullable<SqlUuid>, _>(subject.created_by)
    .bind::<Nullable<Array<SqlUuid>>, _>(subject.to.as_ref())
    .bind::<Nullable<SqlUuid>, _>(subject.document_id)
    .bind::<Nullable<SqlUuid>, _>(subject.email_payment_id)
    .bind::<Bool, _>(subject.is_test)
    .bind::<Nullable<SqlUuid>, _>(subject.ticket_id)
    .execute(conn)?)
}
