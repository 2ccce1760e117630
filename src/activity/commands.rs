//! Who reads the audit is itself in the audit.

use diesel::prelude::*;

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
    let entry = Entry {
        merchant_id: Some(scope.merchant_id()),
        action: "activity.view",
        object_id: None,
        is_done: true,
        before: None,
        after: None,
    };
    audit::record(conn, by, entry)
}
