//! Writes: the job that asks the gateway, the same for one who can't wait, and what it answers.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Integer, Timestamptz, Uuid as SqlUuid};
use diesel::{QueryableByName, sql_query};

use super::model::Told;
use crate::auth::{MerchantScope, SystemScope};
use crate::crypto::Keyring;
use crate::db::schema::gateway_accounts;
use crate::db::{Db, Tenants};
use crate::gateway::{Gateway, credentials};
use crate::kernel::{Clock, Error, MerchantId, OriginatorId};

/// How often the gateway is asked.
const EVERY: Duration = Duration::hours(1);

/// When it is asked again where it gave no answer; longer than an answer may take.
const AGAIN: Duration = Duration::minutes(15);

/// Whom one question takes.
#[derive(Clone)]
pub struct Asker {
    pub db: Db,
    pub keys: Keyring,
    pub gateway: Gateway,
    pub clock: Clock,
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = SqlUuid)]
    merchant_id: MerchantId,
    #[diesel(sql_type = SqlUuid)]
    originator_id: OriginatorId,
}

/// Job: asks for the account that has been due longest. How many that was.
///
/// # Errors
/// Those of the database; a gateway that does not answer is noted with the account.
pub async fn ask_due(asker: &Asker) -> Result<usize, Error> {
    let now = asker.clock.now();
    let beginners = |conn: &mut PgConnection| {
        let ask = sql_query("SELECT * FROM originators_without_account($1)");
        Ok(ask.bind::<Integer, _>(100).load::<Found>(conn)?)
    };
    for found in asker.db.run(Tenants::none(), beginners).await? {
        let scope = SystemScope::found(found.merchant_id);
        let begin = move |conn: &mut PgConnection| begin(conn, &found, now);
        asker.db.run(scope.tenants(), begin).await?;
    }
    let claim = move |conn: &mut PgConnection| {
        Ok(sql_query("SELECT * FROM gateway_accounts_claim($1, $2, 1)")
            .bind::<Timestamptz, _>(now)
            .bind::<Timestamptz, _>(now + AGAIN)
            .get_result::<Found>(conn)
            .optional()?)
    };
    let Some(due) = asker.db.run(Tenants::none(), claim).await? else { return Ok(0) };
    ask(asker, SystemScope::found(due.merchant_id).into(), due.originator_id).await?;
    Ok(1)
}

/// Asks for one account, and keeps the answer. Whether there was one.
///
/// # Errors
/// [`Error::NotFound`]: the merchant has no such originator. Else those of the database.
pub async fn ask(asker: &Asker, scope: MerchantScope, id: OriginatorId) -> Result<bool, Error> {
    let keys = asker.keys.clone();
    let open = move |conn: &mut PgConnection| {
        // Credentials that can't be opened are this originator's failure, not the job's.
        match credentials(conn, &keys, scope.merchant_id(), id) {
            Err(Error::NotFound) => Err(Error::NotFound),
            other => Ok(other),
        }
    };
    let answer = match asker.db.run(scope.tenants(), open).await? {
        Ok(by) => asker.gateway.account(&by).await,
        Err(error) => Err(error),
    };
    let now = asker.clock.now();
    match answer {
        Ok(account) => {
            let told = Told::from(&account);
            let work = move |conn: &mut PgConnection| keep(conn, scope, id, &told, now);
            asker.db.run(scope.tenants(), work).await?;
            Ok(true)
        }
        Err(error) => {
            tracing::warn!(originator.id = %id, error = ?error, "an account could not be asked for");
            let work = move |conn: &mut PgConnection| fail(conn, scope, id, now);
            asker.db.run(scope.tenants(), work).await?;
            Ok(false)
        }
    }
}

fn begin(conn: &mut PgConnection, of: &Found, now: DateTime<Utc>) -> Result<(), Error> {
    diesel::insert_into(gateway_accounts::table)
        .values((
            gateway_accounts::merchant_id.eq(of.merchant_id),
            gateway_accounts::originator_id.eq(of.originator_id),
            gateway_accounts::next_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .execute(conn)?;
    Ok(())
}

fn keep(
    conn: &mut PgConnection,
    scope: MerchantScope,
    id: OriginatorId,
    told: &Told,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let of = Found { merchant_id: scope.merchant_id(), originator_id: id };
    begin(conn, &of, now)?;
    let row = gateway_accounts::table.find((of.merchant_id, id));
    let before: (Option<serde_json::Value>, Option<DateTime<Utc>>) = row
        .select((gateway_accounts::told, gateway_accounts::changed_at))
        .for_update()
        .first(conn)?;
    let told = serde_json::to_value(told).map_err(Error::internal)?;
    let since = match before {
        (Some(before), Some(since)) if before == told => since,
        _ => now,
    };
    diesel::update(row)
        .set((
            gateway_accounts::told.eq(told),
            gateway_accounts::told_at.eq(now),
            gateway_accounts::changed_at.eq(since),
            gateway_accounts::failed_at.eq(None::<DateTime<Utc>>),
            gateway_accounts::next_at.eq(now + EVERY),
        ))
        .execute(conn)?;
    Ok(())
}

fn fail(
    conn: &mut PgConnection,
    scope: MerchantScope,
    id: OriginatorId,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let of = Found { merchant_id: scope.merchant_id(), originator_id: id };
    begin(conn, &of, now)?;
    diesel::update(gateway_accounts::table.find((of.merchant_id, id)))
        .set((gateway_accounts::failed_at.eq(now), gateway_accounts::next_at.eq(now + AGAIN)))
        .execute(conn)?;
    Ok(())
}
