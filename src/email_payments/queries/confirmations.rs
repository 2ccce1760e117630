//! Whether an originator's customers are told, and in which words.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;

use super::MerchantView;
use crate::db::schema::{confirmation_texts, merchants, originators};
use crate::email_payments::confirmations::{Switches, Wording};
use crate::kernel::{Error, Lang, MerchantId, OriginatorId};

/// The merchant, and the switches of one of its originators, in one question.
pub fn merchant_with_switches(
    conn: &mut PgConnection,
    merchant_id: MerchantId,
    originator_id: OriginatorId,
) -> Result<(MerchantView, Switches), Error> {
    let (merchant, success, failure) = originators::table
        .inner_join(merchants::table)
        .filter(originators::merchant_id.eq(merchant_id))
        .filter(originators::id.eq(originator_id))
        .select((
            MerchantView::as_select(),
            originators::confirms_success,
            originators::confirms_failure,
        ))
        .first(conn)?;
    Ok((merchant, Switches { success, failure }))
}

/// The same for several originators: one question.
pub fn merchants_with_switches(
    conn: &mut PgConnection,
    keys: &BTreeSet<(MerchantId, OriginatorId)>,
) -> Result<HashMap<OriginatorId, (MerchantView, Switches)>, Error> {
    let rows: Vec<(OriginatorId, MerchantView, bool, bool)> = originators::table
        .inner_join(merchants::table)
        .filter(originators::merchant_id.eq_any(keys.iter().map(|(merchant_id, _)| *merchant_id)))
        .filter(originators::id.eq_any(keys.iter().map(|(_, id)| *id)))
        .select((
            originators::id,
            MerchantView::as_select(),
            originators::confirms_success,
            originators::confirms_failure,
        ))
        .load(conn)?;
    let view = |(id, merchant, success, failure)| (id, (merchant, Switches { success, failure }));
    Ok(rows.into_iter().map(view).collect())
}

/// What several originators have written, by language: one question.
pub fn wordings(
    conn: &mut PgConnection,
    keys: &BTreeSet<(MerchantId, OriginatorId)>,
) -> Result<HashMap<(OriginatorId, Lang), Wording>, Error> {
    let of_merchants = keys.iter().map(|(merchant_id, _)| *merchant_id);
    let rows: Vec<(OriginatorId, Lang, String, String, String)> = confirmation_texts::table
        .filter(confirmation_texts::merchant_id.eq_any(of_merchants))
        .filter(confirmation_texts::originator_id.eq_any(keys.iter().map(|(_, id)| *id)))
        .select((
            confirmation_texts::originator_id,
            confirmation_texts::language,
            confirmation_texts::sender_name,
            confirmation_texts::success_text,
            confirmation_texts::failure_text,
        ))
        .load(conn)?;
    let wording = |(id, language, sender_name, success_text, failure_text)| {
        ((id, language), Wording { sender_name, success_text, failure_text })
    };
    Ok(rows.into_iter().map(wording).collect())
}

/// The originator's own words; none but the product's where nobody has written any.
pub fn wording(
    conn: &mut PgConnection,
    merchant_id: MerchantId,
    originator_id: OriginatorId,
    language: Lang,
) -> Result<Wording, Error> {
    let written: Option<(String, String, String)> = confirmation_texts::table
        .find((merchant_id, originator_id, language))
        .select((
            confirmation_texts::sender_name,
            confirmation_texts::success_text,
            confirmation_texts::failure_text,
        ))
        .first(conn)
        .optional()?;
    let wording = written.map(|(sender_name, success_text, failure_text)| Wording {
        sender_name,
        success_text,
        failure_text,
    });
    Ok(wording.unwrap_or_default())
}
