//! What tests of the ground do: take a form's token, look and change under a role, turn time back,
//! read the source tree.

use std::path::{Path, PathBuf};

use central::db::{Db, Tenants};
use central::kernel::Error;
use diesel::prelude::*;

use super::{Browser, TestApp};

/// A form token of this session, from any of its pages.
pub async fn form_token(browser: &mut Browser) -> String {
    let page = browser.open("/").await;
    let token = page.attribute("input[name=_csrf]", "value");
    assert!(!token.is_empty(), "no form on {}: {}", page.url, page.body);
    token
}

/// Counts what a query finds, under a pool's role and for these tenants.
pub fn count_as(db: &Db, tenants: &Tenants, from: &str) -> Result<i64, Error> {
    #[derive(QueryableByName)]
    struct Count {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        count: i64,
    }
    let query = format!("SELECT count(*) AS count FROM {from}");
    db.run_blocking(tenants, |conn| Ok(diesel::sql_query(query).get_result::<Count>(conn)?.count))
}

/// Runs a statement under a pool's role and for these tenants; how many rows it changed.
pub fn change_as(db: &Db, tenants: &Tenants, statement: &str) -> Result<usize, Error> {
    db.run_blocking(tenants, |conn| Ok(diesel::sql_query(statement).execute(conn)?))
}

impl TestApp {
    /// Changes rows as the superuser: what no user could do, such as letting time pass.
    pub fn change(&self, statement: &str) -> usize {
        self.look(|conn| diesel::sql_query(statement).execute(conn)).expect("a good statement")
    }

    /// The texts that a query gives in its only column, in order.
    pub fn texts(&self, query: &str) -> Vec<String> {
        #[derive(QueryableByName)]
        struct Value {
            #[diesel(sql_type = diesel::sql_types::Text)]
            value: String,
        }
        let query = format!("SELECT value::text AS value FROM ({query}) AS q (value) ORDER BY 1");
        let rows = self.look(|conn| diesel::sql_query(query).load::<Value>(conn));
        rows.expect("texts").into_iter().map(|row| row.value).collect()
    }

    /// Moves what the audit has not sealed yet three hours back, and the end of the last seal to its
    /// last row: a seal made now covers it.
    pub fn age_audit(&self) {
        self.look(|conn| {
            conn.transaction(|conn| {
                diesel::sql_query("LOCK TABLE audit_log, audit_seals").execute(conn)?;
                diesel::sql_query(
                    "UPDATE audit_seals SET until_at = (
                         SELECT max(at) + interval '1 second' FROM audit_log WHERE at < until_at)
                     WHERE id = (SELECT max(id) FROM audit_seals)",
                )
                .execute(conn)?;
                diesel::sql_query(
                    "UPDATE audit_log SET at = at - CASE
                         WHEN EXISTS (SELECT FROM audit_seals) THEN interval '1 hour'
                         ELSE interval '3 hours' END
                     WHERE at >= coalesce((SELECT max(until_at) FROM audit_seals), '-infinity')",
                )
                .execute(conn)
            })
        })
        .expect("the rows move");
    }
}

/// The source tree's files below a folder whose names end so, as paths from the root.
pub fn files_below(folder: &str, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let root = root();
    let mut folders = vec![root.join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|known| known == extension) {
                found.push(path.strip_prefix(&root).expect("below the root").to_owned());
            }
        }
    }
    found.sort();
    found
}

/// A file of the source tree.
pub fn source(path: impl AsRef<Path>) -> String {
    std::fs::read_to_string(root().join(path)).expect("a text file")
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every match of a pattern's first group.
pub fn found(pattern: &str, text: &str) -> Vec<String> {
    let pattern = regex::Regex::new(pattern).expect("a pattern");
    pattern.captures_iter(text).map(|found| found[1].to_owned()).collect()
}
