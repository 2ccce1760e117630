//! Job: what has happened since the morning before, in one mail.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Timestamptz, Uuid as SqlUuid};
use diesel::{QueryableByName, sql_query};

use crate::auth::SystemScope;
use crate::db::schema::{merchants, notices, users};
use crate::db::{Db, Tenants};
use crate::kernel::{Error, Lang, MerchantId, NoticeId, UserId};
use crate::mail::{self, About, MailKind, NewMail};
use crate::notifications::model::Told;

#[derive(QueryableByName)]
struct Due {
    #[diesel(sql_type = SqlUuid)]
    merchant_id: MerchantId,
    #[diesel(sql_type = SqlUuid)]
    user_id: UserId,
}

/// Queues the digests that are due. Returns how many.
pub async fn send_digests(db: &Db, now: DateTime<Utc>) -> Result<usize, Error> {
    let find = move |conn: &mut PgConnection| -> Result<Vec<Due>, Error> {
        Ok(sql_query("SELECT * FROM digests_due($1)").bind::<Timestamptz, _>(now).load(conn)?)
    };
    let mut queued = 0;
    for Due { merchant_id, user_id } in db.run(Tenants::none(), find).await? {
        let scope = SystemScope::found(merchant_id);
        let work = move |conn: &mut PgConnection| queue(conn, scope, user_id, now);
        match db.run(scope.tenants(), work).await {
            Ok(is_one) => queued += usize::from(is_one),
            Err(error) => {
                tracing::error!(user.id = %user_id, error = ?error, "a digest could not be queued");
            }
        }
    }
    Ok(queued)
}

/// Puts what waits into one digest. `false`: another process was faster.
fn queue(
    conn: &mut PgConnection,
    scope: SystemScope,
    user_id: UserId,
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    let merchant_id = scope.merchant_id();
    let waiting: Vec<NoticeId> = notices::table
        .filter(notices::merchant_id.eq(merchant_id))
        .filter(notices::user_id.eq(user_id))
        .filter(notices::digest_at.le(now))
        .filter(notices::digest_id.is_null())
        .select(notices::id)
        .for_update()
        .skip_locked()
        .load(conn)?;
    if waiting.is_empty() {
        return Ok(false);
    }
    let digest = NoticeId::new();
    diesel::insert_into(notices::table)
        .values((
            notices::merchant_id.eq(merchant_id),
            notices::id.eq(digest),
            notices::user_id.eq(user_id),
            notices::kind.eq(Told::Digest),
            notices::created_at.eq(now),
        ))
        .execute(conn)?;
    diesel::update(notices::table)
        .filter(notices::merchant_id.eq(merchant_id))
        .filter(notices::id.eq_any(waiting))
        .set(notices::digest_id.eq(digest))
        .execute(conn)?;
    let (recipient, chosen): (String, Option<Lang>) =
        users::table.find(user_id).select((users::email, users::language)).first(conn)?;
    let usual: Lang = merchants::table.find(merchant_id).select(merchants::language).first(conn)?;
    let letter = NewMail {
        merchant_id,
        about: About::Notice(digest),
        kind: MailKind::Notice,
        recipient: &recipient,
        language: chosen.unwrap_or(usual),
        run_at: now,
        created_at: now,
    };
    mail::insert(conn, &letter)?;
    Ok(true)
}
