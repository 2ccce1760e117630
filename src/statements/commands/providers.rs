//! Financial providers: who stands as the issuer on invoices from now on. What is made keeps the words
//! that it was made with.

use diesel::prelude::*;
use serde_json::{Value, json};

use crate::auth::audit::{self, By, Entry};
use crate::db::schema::providers;
use crate::kernel::Error;
use crate::statements::model::Provider;

/// Adds a provider, with an audit row. `false`: there is one of that name.
pub fn add_provider(conn: &mut PgConnection, by: &By, provider: &Provider) -> Result<bool, Error> {
    let made = diesel::insert_into(providers::table)
        .values(provider)
        .on_conflict_do_nothing()
        .execute(conn)?;
    if made == 1 {
        note(conn, by, "provider.add", None, provider)?;
    }
    Ok(made == 1)
}

/// Writes how a provider stands on invoices from now on, with an audit row where that changes anything.
///
/// # Errors
/// [`Error::NotFound`]: there is none of that name.
pub fn change_provider(conn: &mut PgConnection, by: &By, provider: &Provider) -> Result<(), Error> {
    let known = providers::table.find(&provider.name);
    let before: Provider = known.select(Provider::as_select()).for_no_key_update().first(conn)?;
    if before == *provider {
        return Ok(());
    }
    diesel::update(known)
        .set((
            providers::legal_name.eq(&provider.legal_name),
            providers::address.eq(&provider.address),
            providers::tax_number.eq(&provider.tax_number),
        ))
        .execute(conn)?;
    note(conn, by, "provider.change", Some(&before), provider)
}

fn note(
    conn: &mut PgConnection,
    by: &By,
    action: &'static str,
    before: Option<&Provider>,
    after: &Provider,
) -> Result<(), Error> {
    let entry = Entry {
        merchant_id: None,
        action,
        object_id: None,
        is_done: true,
        before: before.map(facts),
        after: Some(facts(after)),
    };
    audit::record(conn, by, entry)
}

fn facts(provider: &Provider) -> Value {
    json!({
        "provider": provider.name,
        "legal_name": provider.legal_name,
        "address": provider.address,
        "tax_number": provider.tax_number,
    })
}
