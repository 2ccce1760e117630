//! Writes about merchants.

mod hand_over;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde_json::json;

use crate::auth::MerchantRole;
use crate::auth::audit::{self, By, Entry};
use crate::crypto::Keyring;
use crate::db::schema::{memberships, merchants, originators, success_manager_assignments, users};
use crate::kernel::{Currency, Error, Lang, MerchantId, OriginatorId, UserId};

pub use hand_over::{hand_over, take_over};

/// A merchant to be added.
#[derive(Insertable)]
#[diesel(table_name = merchants)]
pub struct NewMerchant<'a> {
    pub id: MerchantId,
    pub name: &'a str,
    pub legal_name: &'a str,
    pub address: &'a str,
    pub country: &'a str,
    pub currency: &'a str,
    pub language: Lang,
    pub time_zone: &'a str,
    pub email: &'a str,
    pub order_prefix: &'a str,
    pub created_at: DateTime<Utc>,
}

/// Adds a merchant. The transaction's tenants must contain it.
pub fn add_merchant(conn: &mut PgConnection, new: &NewMerchant<'_>) -> Result<(), Error> {
    diesel::insert_into(merchants::table).values(new).execute(conn)?;
    Ok(())
}

/// An originator to be added, its password at the gateway in the clear.
pub struct NewOriginator<'a> {
    pub merchant_id: MerchantId,
    pub id: OriginatorId,
    pub name: &'a str,
    pub number: &'a str,
    pub api_key: &'a str,
    pub currencies: &'a [Currency],
    pub attempts_max: i32,
    /// Whether customers get a confirmation after paying.
    pub confirms_success: bool,
    /// Whether its payment page is good as it is; else its people are led through it first.
    pub is_page_set_up: bool,
    pub created_at: DateTime<Utc>,
}

/// Adds an originator; the password is kept encrypted.
pub fn add_originator(
    conn: &mut PgConnection,
    keys: &Keyring,
    new: &NewOriginator<'_>,
) -> Result<(), Error> {
    let currencies: Vec<&str> = new.currencies.iter().map(|currency| currency.code()).collect();
    diesel::insert_into(originators::table)
        .values((
            originators::merchant_id.eq(new.merchant_id),
            originators::id.eq(new.id),
            originators::name.eq(new.name),
            originators::number.eq(new.number),
            originators::api_key_encrypted.eq(keys.seal(new.id.as_uuid(), new.api_key)?),
            originators::currencies.eq(currencies),
            originators::attempts_max.eq(new.attempts_max),
            originators::confirms_success.eq(new.confirms_success),
            originators::is_page_set_up.eq(new.is_page_set_up),
            originators::created_at.eq(new.created_at),
        ))
        .execute(conn)?;
    Ok(())
}

/// Gives a user a role at a merchant; replaces the one before.
pub fn join(
    conn: &mut PgConnection,
    merchant_id: MerchantId,
    user_id: UserId,
    role: MerchantRole,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    diesel::insert_into(memberships::table)
        .values((
            memberships::merchant_id.eq(merchant_id),
            memberships::user_id.eq(user_id),
            memberships::role.eq(role),
            memberships::created_at.eq(now),
        ))
        .on_conflict((memberships::merchant_id, memberships::user_id))
        .do_update()
        .set(memberships::role.eq(role))
        .execute(conn)?;
    Ok(())
}

/// Puts a merchant into a success manager's portfolio.
pub fn assign(
    conn: &mut PgConnection,
    merchant_id: MerchantId,
    user_id: UserId,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    diesel::insert_into(success_manager_assignments::table)
        .values((
            success_manager_assignments::merchant_id.eq(merchant_id),
            success_manager_assignments::user_id.eq(user_id),
            success_manager_assignments::created_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .execute(conn)?;
    Ok(())
}

/// What merchants read of who looks after them: the languages, and when they can be reached.
pub fn set_card(
    conn: &mut PgConnection,
    by: &By,
    user_id: UserId,
    spoken: &[Lang],
    hours: &str,
) -> Result<(), Error> {
    let spoken: Vec<&str> = spoken.iter().map(|lang| lang.code()).collect();
    let (was_spoken, was_hours): (Vec<Option<String>>, String) = users::table
        .find(user_id)
        .select((users::spoken, users::hours))
        .for_no_key_update()
        .first(conn)?;
    diesel::update(users::table.find(user_id))
        .set((users::spoken.eq(&spoken), users::hours.eq(hours)))
        .execute(conn)?;
    let was_spoken: Vec<String> = was_spoken.into_iter().flatten().collect();
    let entry = Entry {
        merchant_id: None,
        action: "user.card",
        object_id: Some(user_id.as_uuid()),
        is_done: true,
        before: Some(json!({ "languages": was_spoken.join(", "), "hours": was_hours })),
        after: Some(json!({ "languages": spoken.join(", "), "hours": hours })),
    };
    audit::record(conn, by, entry)
}
