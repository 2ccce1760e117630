//! What a transaction's result code means, whether the same may be tried again, and who has to act.
//!
//! Source: PayXpert's table of transaction result codes, with the codes of its block lists and of its
//! own clients. The table goes on to 9xx; a code that does not stand here says so, and nothing is made
//! up about it.

use crate::kernel::Texts;

/// Whether the payment may be tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    /// It succeeded, or trying again can't help.
    No,
    /// As it was, after some time.
    Later,
    /// When what is wrong is put right.
    Corrected,
    /// With another card, or in another way.
    Otherwise,
}

/// Who has to act before that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    Nobody,
    Customer,
    /// The customer, with the bank that gave out the card.
    Bank,
    Merchant,
    /// The platform, or the provider behind it: ask support.
    Platform,
}

/// One code of the table.
#[derive(Clone, Copy)]
pub struct ResultCode {
    pub code: &'static str,
    /// A sentence without its full stop.
    pub meaning: fn(&Texts) -> String,
    pub again: Again,
    pub actor: Actor,
}

/// What is known about a code.
#[must_use]
pub fn find(code: &str) -> Option<&'static ResultCode> {
    CODES.iter().find(|known| known.code == code)
}

const fn code(
    code: &'static str,
    meaning: fn(&Texts) -> String,
    again: Again,
    actor: Actor,
) -> ResultCode {
    ResultCode { code, meaning, again, actor }
}

/// By code.
#[rustfmt::skip]
pub const CODES: [ResultCode; 52] = [
    code("000", Texts::msg_tx_code_done,             Again::No,        Actor::Nobody),
    code("001", Texts::msg_tx_code_issuer,           Again::Otherwise, Actor::Bank),
    code("002", Texts::msg_tx_code_issuer,           Again::Otherwise, Actor::Bank),
    code("003", Texts::msg_tx_code_merchant,         Again::Corrected, Actor::Platform),
    code("004", Texts::msg_tx_code_card,             Again::Otherwise, Actor::Customer),
    code("005", Texts::msg_tx_code_declined,         Again::Otherwise, Actor::Bank),
    code("006", Texts::msg_tx_code_technical,        Again::Later,     Actor::Platform),
    code("007", Texts::msg_tx_code_cvv,              Again::Corrected, Actor::Customer),
    code("012", Texts::msg_tx_code_invalid,          Again::Corrected, Actor::Merchant),
    code("013", Texts::msg_tx_code_amount,           Again::Corrected, Actor::Merchant),
    code("014", Texts::msg_tx_code_card,             Again::Otherwise, Actor::Customer),
    code("015", Texts::msg_tx_code_issuer_unknown,   Again::Otherwise, Actor::Customer),
    code("021", Texts::msg_tx_code_no_action,        Again::Later,     Actor::Nobody),
    code("030", Texts::msg_tx_code_technical,        Again::Later,     Actor::Platform),
    code("031", Texts::msg_tx_code_issuer_refused,   Again::Otherwise, Actor::Customer),
    code("032", Texts::msg_tx_code_payment_expired,  Again::No,        Actor::Merchant),
    code("033", Texts::msg_tx_code_card_expired,     Again::Otherwise, Actor::Customer),
    code("034", Texts::msg_tx_code_limits,           Again::Later,     Actor::Bank),
    code("035", Texts::msg_tx_code_not_permitted,    Again::Otherwise, Actor::Bank),
    code("041", Texts::msg_tx_code_lost,             Again::No,        Actor::Merchant),
    code("043", Texts::msg_tx_code_stolen,           Again::No,        Actor::Merchant),
    code("047", Texts::msg_tx_code_other_card,       Again::Later,     Actor::Merchant),
    code("051", Texts::msg_tx_code_no_funds,         Again::Later,     Actor::Customer),
    code("054", Texts::msg_tx_code_card_expired,     Again::Otherwise, Actor::Customer),
    code("055", Texts::msg_tx_code_pin,              Again::Corrected, Actor::Customer),
    code("056", Texts::msg_tx_code_card_unknown,     Again::Otherwise, Actor::Bank),
    code("057", Texts::msg_tx_code_other_card,       Again::Later,     Actor::Merchant),
    code("058", Texts::msg_tx_code_terminal_unknown, Again::Corrected, Actor::Platform),
    code("061", Texts::msg_tx_code_block_list,       Again::Otherwise, Actor::Merchant),
    code("062", Texts::msg_tx_code_restricted,       Again::Otherwise, Actor::Bank),
    code("064", Texts::msg_tx_code_too_much,         Again::Corrected, Actor::Merchant),
    code("065", Texts::msg_tx_code_soft_decline,     Again::Corrected, Actor::Customer),
    code("075", Texts::msg_tx_code_pin_too_often,    Again::Otherwise, Actor::Bank),
    code("076", Texts::msg_tx_code_technical,        Again::Later,     Actor::Platform),
    code("077", Texts::msg_tx_code_pin_needed,       Again::Corrected, Actor::Customer),
    code("080", Texts::msg_tx_code_not_available,    Again::Later,     Actor::Customer),
    code("081", Texts::msg_tx_code_technical,        Again::Later,     Actor::Platform),
    code("082", Texts::msg_tx_code_terminal_blocked, Again::Corrected, Actor::Platform),
    code("085", Texts::msg_tx_code_institute,        Again::Otherwise, Actor::Bank),
    code("089", Texts::msg_tx_code_technical,        Again::Later,     Actor::Platform),
    code("091", Texts::msg_tx_code_unreachable,      Again::Later,     Actor::Nobody),
    code("092", Texts::msg_tx_code_card_type,        Again::Otherwise, Actor::Customer),
    code("094", Texts::msg_tx_code_duplicate,        Again::No,        Actor::Merchant),
    code("096", Texts::msg_tx_code_acquirer,         Again::Later,     Actor::Platform),
    code("097", Texts::msg_tx_code_security,         Again::No,        Actor::Platform),
    code("312", Texts::msg_tx_code_not_found,        Again::No,        Actor::Merchant),
    code("500", Texts::msg_tx_code_blocked_card,     Again::Otherwise, Actor::Merchant),
    code("501", Texts::msg_tx_code_blocked_email,    Again::No,        Actor::Merchant),
    code("502", Texts::msg_tx_code_blocked_ip,       Again::No,        Actor::Merchant),
    code("585", Texts::msg_tx_code_too_often,        Again::Later,     Actor::Customer),
    code("650", Texts::msg_tx_code_not_enrolled,     Again::Otherwise, Actor::Bank),
    code("998", Texts::msg_tx_code_call_failed,      Again::No,        Actor::Platform),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Lang;

    #[test]
    fn every_code_stands_once_in_order_and_has_words_in_each_language() {
        let codes: Vec<&str> = CODES.iter().map(|one| one.code).collect();
        assert!(codes.is_sorted() && codes.windows(2).all(|two| two[0] != two[1]), "{codes:?}");
        for one in &CODES {
            assert!(one.code.len() == 3 && one.code.bytes().all(|byte| byte.is_ascii_digit()));
            let words: Vec<String> =
                Lang::ALL.iter().map(|lang| (one.meaning)(lang.texts())).collect();
            assert!(words.iter().all(|words| words.len() > 10), "{}: {words:?}", one.code);
        }
    }

    #[test]
    fn success_needs_nobody_and_nothing_is_known_of_a_code_that_is_not_listed() {
        let done = find("000").unwrap();
        assert_eq!((done.again, done.actor), (Again::No, Actor::Nobody));
        for unknown in ["", "999", "0", "-1", "200"] {
            assert!(find(unknown).is_none(), "{unknown}");
        }
    }
}
