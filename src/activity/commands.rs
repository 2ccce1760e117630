//! Who reads the audit is itself in the audit.

use diesel::prelude::*;
use serde_json::json;

use super::filter::Filter;
use super::queries;
use crate::auth::MerchantScope;
use crate::auth::audit::{self, By, Entry};
use crate::kernel::Error;

/// Notes that the page was read, once per session and a quarter of an hour: else every look would
/// push down what it looks at.
pub fn note_view(conn: &mut PgConnection, scope: MerchantScope, by: &By) -> Result<(), Error> {
    if queries::is_view_noted(conn, scope, by)? {
        return Ok(());
    }
    audit::record(conn, by, entry(scope, "activity.view", true, None))
}

/// Notes a file of the activity: what was asked for and how many rows left, all of them or not.
pub fn note_export(
    conn: &mut PgConnection,
    scope: MerchantScope,
    by: &By,
    filter: &Filter,
    rows: usize,
    failure: Option<&Error>,
) -> Result<(), Error> {
    let mut facts = json!({ "filter": filter.query(&[]), "rows": rows });
    if let (Some(error), Some(facts)) = (failure, facts.as_object_mut()) {
        facts.insert("reason".to_owned(), json!(error.to_string()));
    }
    audit::record(conn, by, entry(scope, "activity.export", failure.is_none(), Some(facts)))
}

fn entry(
    scope: MerchantScope,
    action: &'static str,
    is_done: bool,
    after: Option<serde_json::Value>,
) -> Entry {
    Entry {
        merchant_id: Some(scope.merchant_id()),
        action,
        object_id: None,
        is_done,
        before: None,
        after,
    }
}
