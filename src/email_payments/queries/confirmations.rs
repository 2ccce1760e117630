//! Whether an originator's customers are told, and in which words.

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
