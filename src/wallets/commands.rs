//! Writes: another version of the catalogue.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use serde_json::json;

use super::model::Wallet;
use super::queries;
use crate::auth::audit::{self, By, Entry};
use crate::db::schema::wallet_catalogues;
use crate::kernel::{Error, UserId};

/// What another version changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    pub added: usize,
    pub changed: usize,
    pub withdrawn: usize,
}

impl Difference {
    fn between(before: &[Wallet], after: &[Wallet]) -> Self {
        let before_of = |wallet: &Wallet| before.iter().find(|known| known.code == wallet.code);
        let is_gone = |wallet: &&Wallet| after.iter().all(|kept| kept.code != wallet.code);
        Self {
            added: after.iter().filter(|wallet| before_of(wallet).is_none()).count(),
            changed: after
                .iter()
                .filter(|wallet| before_of(wallet).is_some_and(|known| known != *wallet))
                .count(),
            withdrawn: before.iter().filter(is_gone).count(),
        }
    }

    const fn is_nothing(self) -> bool {
        self.added == 0 && self.changed == 0 && self.withdrawn == 0
    }
}

/// Where a version comes from.
#[derive(Clone, Copy, Debug)]
pub enum Source {
    Upload,
    /// An older version; 0 is the one that the program brings along.
    Version(i64),
}

/// Writes a version, with an audit row; nothing where it changes nothing. It counts from the next request
/// on, in every process.
pub fn write(
    conn: &mut PgConnection,
    (by, user_id): (&By, UserId),
    content: &str,
    source: Source,
    now: DateTime<Utc>,
) -> Result<Difference, Error> {
    // One writer at a time: each sees what the one before it made.
    sql_query("SELECT pg_advisory_xact_lock(hashtext('wallet_catalogues'))").execute(conn)?;
    let (before, after) = (queries::wallets(conn)?, queries::read(content)?);
    let difference = Difference::between(&before, &after);
    if difference.is_nothing() {
        return Ok(difference);
    }
    let restores = match source {
        Source::Version(id) if id > 0 => Some(id),
        Source::Version(_) | Source::Upload => None,
    };
    let count = i32::try_from(after.len()).map_err(Error::internal)?;
    diesel::insert_into(wallet_catalogues::table)
        .values((
            wallet_catalogues::content.eq(content),
            wallet_catalogues::wallets.eq(count),
            wallet_catalogues::created_by.eq(user_id),
            wallet_catalogues::created_at.eq(now),
            wallet_catalogues::restores.eq(restores),
        ))
        .execute(conn)?;
    let codes = |wallets: &[Wallet]| {
        wallets.iter().map(|wallet| wallet.code.clone()).collect::<Vec<_>>().join(" ")
    };
    let entry = Entry {
        merchant_id: None,
        action: "wallets.replace",
        object_id: None,
        is_done: true,
        before: Some(json!({ "wallets": codes(&before) })),
        after: Some(json!({ "wallets": codes(&after) })),
    };
    audit::record(conn, by, entry)?;
    Ok(difference)
}
