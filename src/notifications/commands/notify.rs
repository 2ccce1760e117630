//! What has happened goes to those who may be told, in the transaction in which it happens.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use serde_json::json;

use super::Writer;
use crate::auth::MerchantScope;
use crate::db::schema::notices;
use crate::kernel::{Error, UserId};
use crate::notifications::model::{Event, Hindrance, NoticeKind};
use crate::notifications::queries::HOLDERS;

/// Between two tests of one user.
const TEST_PAUSE: Duration = Duration::minutes(1);

/// Queues one mail for each user who may be told, to their primary e-mail address, in their language.
/// One statement, however many they are; the same event once more queues nothing. Whether the
/// permission still stands is asked again when the mail leaves.
pub fn notify(
    conn: &mut PgConnection,
    scope: MerchantScope,
    event: &Event,
    now: DateTime<Utc>,
) -> Result<usize, Error> {
    let (kind, document_id) = match event {
        Event::DocumentCreated { id } => (NoticeKind::DocumentCreated, id),
    };
    queue(conn, scope, kind, Some(document_id.as_uuid()), None, now)
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
        .filter(notices::document_id.is_null())
        .filter(notices::created_at.gt(writer.now - TEST_PAUSE))
        .count()
        .get_result(conn)?;
    if just_tested > 0 {
        return Ok(Err(Hindrance::JustTested));
    }
    if queue(conn, scope, kind, None, Some(writer.user_id), writer.now)? == 0 {
        return Ok(Err(Hindrance::HasNone));
    }
    let after = json!({ "notice": kind.as_str() });
    writer.record(conn, scope, "notification.test", writer.user_id, after)?;
    Ok(Ok(()))
}

/// Notices and mails for all holders, or for one of them. Returns how many.
fn queue(
    conn: &mut PgConnection,
    scope: MerchantScope,
    kind: NoticeKind,
    document_id: Option<uuid::Uuid>,
    only: Option<UserId>,
    now: DateTime<Utc>,
) -> Result<usize, Error> {
    Ok(sql_query(format!(
        "WITH holder AS ({HOLDERS} AND ($5 IS NULL OR p.user_id = $5)),
         notice AS (
             INSERT INTO notices (merchant_id, id, user_id, kind, document_id, created_at)
             SELECT $1, gen_random_uuid(), user_id, $2, $6, $4 FROM holder
             ON CONFLICT ON CONSTRAINT notices_once DO NOTHING
             RETURNING id, user_id)
         INSERT INTO mails (merchant_id, id, notice_id, kind, recipient, language, state, run_at, created_at)
         SELECT $1, gen_random_uuid(), notice.id, 'notice', holder.email, holder.language, 'ready', $4, $4
         FROM notice JOIN holder USING (user_id)"
    ))
    .bind::<SqlUuid, _>(scope.merchant_id())
    .bind::<Text, _>(kind)
    .bind::<Array<Text>, _>(kind.roles())
    .bind::<Timestamptz, _>(now)
    .bind::<Nullable<SqlUuid>, _>(only)
    .bind::<Nullable<SqlUuid>, _>(document_id)
    .execute(conn)?)
}
