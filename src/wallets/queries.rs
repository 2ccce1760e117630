//! Reads. The catalogue is the platform's: every role may read it.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::file;
use super::model::Wallet;
use crate::db::schema::{users, wallet_catalogues};
use crate::kernel::{Error, Lang};

/// The catalogue that counts until somebody uploads another one.
pub(super) const FIRST: &str = include_str!("first.csv");
/// Versions that the page shows.
const VERSIONS_SHOWN: i64 = 20;

/// A version of the catalogue.
#[derive(Clone, Debug, Queryable)]
pub struct Version {
    pub id: i64,
    pub wallets: i32,
    pub user_name: String,
    pub created_at: DateTime<Utc>,
    pub restores: Option<i64>,
}

/// The wallets that count now, in the order of the file.
///
/// # Errors
/// [`Error::Internal`]: a stored version can't be read, which uploads refuse.
pub fn wallets(conn: &mut PgConnection) -> Result<Vec<Wallet>, Error> {
    read(&content(conn)?)
}

/// The file that counts now.
pub(super) fn content(conn: &mut PgConnection) -> Result<String, Error> {
    let newest: Option<String> = wallet_catalogues::table
        .order(wallet_catalogues::id.desc())
        .select(wallet_catalogues::content)
        .first(conn)
        .optional()?;
    Ok(newest.unwrap_or_else(|| FIRST.to_owned()))
}

/// The file of a version; 0 is the one that the program brings along.
///
/// # Errors
/// [`Error::NotFound`]: there is no such version.
pub(super) fn content_of(conn: &mut PgConnection, version: i64) -> Result<String, Error> {
    if version == 0 {
        return Ok(FIRST.to_owned());
    }
    Ok(wallet_catalogues::table.find(version).select(wallet_catalogues::content).first(conn)?)
}

pub(super) fn read(content: &str) -> Result<Vec<Wallet>, Error> {
    file::read(content, Lang::En.texts())
        .map_err(|faults| Error::internal(format!("a catalogue of wallets: {}", faults.join("; "))))
}

/// The newest versions, newest first.
pub(super) fn versions(conn: &mut PgConnection) -> Result<Vec<Version>, Error> {
    Ok(wallet_catalogues::table
        .inner_join(users::table)
        .order(wallet_catalogues::id.desc())
        .limit(VERSIONS_SHOWN)
        .select((
            wallet_catalogues::id,
            wallet_catalogues::wallets,
            users::name,
            wallet_catalogues::created_at,
            wallet_catalogues::restores,
        ))
        .load(conn)?)
}
