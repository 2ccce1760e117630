//! Operations, states, means of payment and result codes in words.

use super::means::NETWORKS;
use super::model::Transaction;
use super::result_codes::{self, Actor, Again};
use crate::gateway::{AttemptStatus, method_name};
use crate::kernel::Texts;
use crate::settlement::{Channel, Operation};
use crate::web::ui::{Badge, Icon};

pub fn operation(transaction: &Transaction, t: &Texts) -> String {
    operation_words(transaction.operation, t)
}

pub fn operation_words(operation: Operation, t: &Texts) -> String {
    match operation {
        Operation::Authorize => t.msg_tx_op_authorize(),
        Operation::Capture => t.msg_tx_op_capture(),
        Operation::Cancel => t.msg_tx_op_cancel(),
        Operation::Sale => t.msg_tx_op_sale(),
        Operation::Rebill => t.msg_tx_op_rebill(),
        Operation::Refund => t.msg_tx_op_refund(),
        Operation::Submission => t.msg_tx_op_submission(),
        Operation::Collection => t.msg_tx_op_collection(),
        Operation::Chargeback => t.msg_tx_op_chargeback(),
        Operation::Reversal => t.msg_tx_op_reversal(),
        Operation::Representment => t.msg_tx_op_representment(),
    }
}

pub fn status(status: AttemptStatus, t: &Texts) -> String {
    match status {
        AttemptStatus::Authorised => t.msg_tx_status_accepted(),
        AttemptStatus::Declined => t.msg_tx_status_declined(),
        AttemptStatus::Pending => t.msg_tx_status_pending(),
        AttemptStatus::Error => t.msg_tx_status_error(),
        AttemptStatus::Expired => t.msg_tx_status_expired(),
    }
}

pub fn badge(of: AttemptStatus, t: &Texts) -> Badge {
    let (icon, tone) = match of {
        AttemptStatus::Authorised => ("circle-check", "pos"),
        AttemptStatus::Declined => ("circle-x", "neg"),
        AttemptStatus::Pending => ("clock", "wait"),
        AttemptStatus::Error => ("alert-triangle", "warn"),
        AttemptStatus::Expired => ("hourglass", "neu"),
    };
    Badge { icon: Icon(icon), words: status(of, t), tone }
}

pub fn channel(channel: Channel, t: &Texts) -> String {
    match channel {
        Channel::Email => t.msg_tx_channel_email(),
        Channel::Ecommerce => t.msg_tx_channel_ecommerce(),
        Channel::InStore => t.msg_tx_channel_in_store(),
        Channel::VirtualTerminal => t.msg_tx_channel_virtual_terminal(),
    }
}

#[must_use]
pub fn network(word: &str) -> String {
    let known = NETWORKS.iter().find(|(known, _)| *known == word);
    known.map_or(word, |(_, name)| name).to_owned()
}

/// The brand or the wallet; the method where neither is told.
pub fn means_of(method_word: &str, network_word: &str, t: &Texts) -> String {
    if network_word.is_empty() { method_name(method_word, t) } else { network(network_word) }
}

/// `Visa 411111XXXXXX1111`
pub fn means(transaction: &Transaction, t: &Texts) -> String {
    let Transaction { method, network, card_number_masked, .. } = transaction;
    format!("{} {card_number_masked}", means_of(method, network, t)).trim_end().to_owned()
}

/// The same as a customer knows it: `Visa ending in 1111`.
pub fn means_to_customers(transaction: &Transaction, t: &Texts) -> String {
    let Transaction { method, network, card_number_masked, .. } = transaction;
    let brand = means_of(method, network, t);
    let digits: Vec<char> =
        card_number_masked.chars().rev().take_while(char::is_ascii_digit).take(4).collect();
    if digits.len() < 4 {
        return brand;
    }
    t.msg_card_ending(brand, digits.into_iter().rev().collect::<String>())
}

/// `051: Not enough money`; a code that is not listed says so.
pub fn explained(code: &str, t: &Texts) -> String {
    if code.is_empty() {
        return t.msg_tx_code_none();
    }
    let meaning = result_codes::find(code)
        .map_or_else(|| t.msg_tx_code_unknown(), |known| (known.meaning)(t));
    t.msg_tx_code_with_meaning(code, meaning)
}

/// Whether the payment may be tried again, as a sentence.
pub fn again(again: Again, t: &Texts) -> String {
    match again {
        Again::No => t.msg_tx_again_no(),
        Again::Later => t.msg_tx_again_later(),
        Again::Corrected => t.msg_tx_again_corrected(),
        Again::Otherwise => t.msg_tx_again_otherwise(),
    }
}

pub fn actor(actor: Actor, t: &Texts) -> String {
    match actor {
        Actor::Nobody => t.msg_doc_actor_nobody(),
        Actor::Customer => t.msg_tx_actor_customer(),
        Actor::Bank => t.msg_tx_actor_bank(),
        Actor::Merchant => t.msg_tx_actor_merchant(),
        Actor::Platform => t.msg_tx_actor_platform(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Lang;
    use crate::transactions::model::example;

    #[test]
    fn a_code_that_nobody_knows_is_told_as_unknown() {
        let t = Lang::En.texts();
        assert!(explained("051", t).starts_with("051: "));
        assert!(explained("973", t).contains("not in the list"), "{}", explained("973", t));
        assert_eq!(explained("", t), t.msg_tx_code_none());
    }

    #[test]
    fn customers_read_the_last_digits_of_their_card() {
        let t = Lang::En.texts();
        let mut sale = example("1", Operation::Sale, 100);
        assert_eq!(means_to_customers(&sale, t), "Visa");
        sale.card_number_masked = "411111XXXXXX1111".to_owned();
        assert_eq!(means_to_customers(&sale, t), "Visa ending in 1111");
    }

    #[test]
    fn means_of_payment_read_as_people_know_them() {
        let t = Lang::En.texts();
        assert_eq!(means_of("CreditCard", "mastercard", t), "Mastercard");
        assert_eq!(means_of("Alipay", "", t), "Alipay+");
        assert_eq!(means_of("Alipay", "gcash", t), "GCash");
        assert_eq!(means_of("Novelty", "", t), "Novelty");
    }
}
