//! Writes: turns of the switches, and an originator's own words.

use diesel::prelude::*;
use serde_json::{Value, json};

use super::queries::{self, Originator};
use crate::auth::MerchantScope;
use crate::auth::audit::{self, Entry, Writer};
use crate::db::schema::{confirmation_switches, confirmation_texts, originators};
use crate::email_payments::confirming::{Confirmation, Switches, Wording, wording};
use crate::kernel::{ConfirmationSwitchId, Error, Lang, OriginatorId};

fn record(
    conn: &mut PgConnection,
    scope: MerchantScope,
    writer: &Writer,
    action: &'static str,
    id: OriginatorId,
    before: Value,
    after: Value,
) -> Result<(), Error> {
    let entry = Entry {
        merchant_id: Some(scope.merchant_id()),
        action,
        object_id: Some(id.as_uuid()),
        is_done: true,
        before: Some(before),
        after: Some(after),
    };
    audit::record(conn, &writer.by, entry)
}

/// What became of what was wanted. In the good case, with the originator's name.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    Done(String),
    /// It stood so before.
    Unchanged(String),
    /// Somebody has changed it since the form was read.
    Meanwhile,
}

/// Turns the switches of an originator to what is wanted. `seen` is how they stood when the form was read.
///
/// # Errors
/// [`Error::NotFound`]: the merchant has no such originator.
pub fn turn(
    conn: &mut PgConnection,
    scope: MerchantScope,
    writer: &Writer,
    id: OriginatorId,
    seen: Switches,
    wanted: Switches,
    reason: &str,
) -> Result<Outcome, Error> {
    let row = originators::table
        .filter(originators::merchant_id.eq(scope.merchant_id()))
        .filter(originators::id.eq(id));
    let originator: Originator =
        row.select(Originator::as_select()).for_no_key_update().first(conn)?;
    let stood = originator.confirms();
    if stood == wanted {
        return Ok(Outcome::Unchanged(originator.name));
    }
    if stood != seen {
        return Ok(Outcome::Meanwhile);
    }
    diesel::update(row)
        .set((
            originators::confirms_success.eq(wanted.success),
            originators::confirms_failure.eq(wanted.failure),
        ))
        .execute(conn)?;
    for confirmation in Confirmation::ALL.iter().copied() {
        let (was_on, is_on) = (stood.of(confirmation), wanted.of(confirmation));
        if was_on == is_on {
            continue;
        }
        diesel::insert_into(confirmation_switches::table)
            .values((
                confirmation_switches::merchant_id.eq(scope.merchant_id()),
                confirmation_switches::id.eq(ConfirmationSwitchId::new()),
                confirmation_switches::originator_id.eq(id),
                confirmation_switches::confirmation.eq(confirmation),
                confirmation_switches::is_on.eq(is_on),
                confirmation_switches::reason.eq(reason),
                confirmation_switches::switched_by.eq(writer.user_id),
                confirmation_switches::switched_at.eq(writer.now),
            ))
            .execute(conn)?;
        let after = json!({
            "originator": originator.name, "confirmation": confirmation.as_str(), "is_on": is_on, "reason": reason,
        });
        let before = json!({ "originator": originator.name, "confirmation": confirmation.as_str(), "is_on": was_on });
        record(conn, scope, writer, "merchant.order_confirmations", id, before, after)?;
    }
    Ok(Outcome::Done(originator.name))
}

/// Keeps an originator's own words in a language. `seen` is the version that the form was filled from.
///
/// # Errors
/// [`Error::NotFound`]: the merchant has no such originator.
pub fn write(
    conn: &mut PgConnection,
    scope: MerchantScope,
    writer: &Writer,
    id: OriginatorId,
    language: Lang,
    seen: i64,
    words: &Wording,
) -> Result<Outcome, Error> {
    let name: String = originators::table
        .filter(originators::merchant_id.eq(scope.merchant_id()))
        .filter(originators::id.eq(id))
        .select(originators::name)
        .for_no_key_update()
        .first(conn)?;
    let before = wording(conn, scope.merchant_id(), id, language)?;
    if before == *words {
        return Ok(Outcome::Unchanged(name));
    }
    if queries::version(conn, scope, id, language)? != seen {
        return Ok(Outcome::Meanwhile);
    }
    let values = (
        confirmation_texts::sender_name.eq(&words.sender_name),
        confirmation_texts::success_text.eq(&words.success_text),
        confirmation_texts::failure_text.eq(&words.failure_text),
        confirmation_texts::changed_by.eq(writer.user_id),
        confirmation_texts::changed_at.eq(writer.now),
    );
    let key = (
        confirmation_texts::merchant_id.eq(scope.merchant_id()),
        confirmation_texts::originator_id.eq(id),
        confirmation_texts::language.eq(language),
    );
    diesel::insert_into(confirmation_texts::table)
        .values((key, values))
        .on_conflict((
            confirmation_texts::merchant_id,
            confirmation_texts::originator_id,
            confirmation_texts::language,
        ))
        .do_update()
        .set(values)
        .execute(conn)?;
    let facts = |words: &Wording| {
        json!({
            "originator": name, "language": language.code(), "sender_name": words.sender_name,
            "success_text": words.success_text, "failure_text": words.failure_text,
        })
    };
    record(conn, scope, writer, "originator.confirmation_texts", id, facts(&before), facts(words))?;
    Ok(Outcome::Done(name))
}
