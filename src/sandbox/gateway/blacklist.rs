//! What a merchant never wants to see again: cards, addresses, networks.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::cards::{self, Outcome};
use super::payment::{Mean, Payment};
use super::wire;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Card,
    /// Kept, and asked by nobody here: Todito cards and bank accounts don't pay at the sandbox.
    Other,
    Email,
    Ip,
}

impl Kind {
    /// `valueType` of the protocol.
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text.to_ascii_lowercase().as_str() {
            "creditcardnumber" => Self::Card,
            "toditocardnumber" | "accountnumber" => Self::Other,
            "shopperemail" => Self::Email,
            "customerip" => Self::Ip,
            _ => return None,
        })
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Card => "card",
            Self::Other => "other",
            Self::Email => "email",
            Self::Ip => "ip",
        }
    }
}

/// Account, kind, value. A card is kept and compared as it is shown: six digits and four.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Blacklist(BTreeSet<(String, String, String)>);

impl Blacklist {
    pub fn add(&mut self, account: &str, kind: Kind, value: &str) {
        self.0.insert(key(account, kind, value));
    }

    /// The result code of an attempt that is on the list.
    fn refuses(
        &self,
        account: &str,
        mean: &Mean,
        email: Option<&str>,
        ip: &str,
    ) -> Option<&'static str> {
        let has = |kind, value: &str| self.0.contains(&key(account, kind, value));
        let card = mean.info.get("cardNumber").and_then(Value::as_str);
        if card.is_some_and(|card| has(Kind::Card, card)) {
            Some("500")
        } else if email.is_some_and(|email| has(Kind::Email, email)) {
            Some("501")
        } else if has(Kind::Ip, ip) {
            Some("502")
        } else {
            None
        }
    }
}

impl Payment {
    /// What becomes of an attempt that the list refuses.
    pub fn refused_by(&self, list: &Blacklist, mean: &Mean) -> Option<Outcome> {
        let email = mean.email.as_deref().or_else(|| self.shopper_text("email"));
        let ip = self.shopper_text("ipAddress").unwrap_or(wire::LOOPBACK);
        list.refuses(&self.account, mean, email, ip).map(Outcome::Declined)
    }
}

fn key(account: &str, kind: Kind, value: &str) -> (String, String, String) {
    let value = match kind {
        Kind::Card => cards::number(value).map_or_else(|| value.to_owned(), |n| cards::masked(&n)),
        Kind::Other => "kept".to_owned(),
        Kind::Email | Kind::Ip => value.trim().to_lowercase(),
    };
    (account.to_owned(), kind.name().to_owned(), value)
}

#[cfg(test)]
mod tests {
    use super::super::payment::tests::mean;
    use super::*;

    #[test]
    fn what_is_on_the_list_does_not_pay_and_no_card_number_is_kept() {
        let mut list = Blacklist::default();
        list.add("100001", Kind::Card, "4111 1111 1111 1111");
        list.add("100001", Kind::Email, "Bad@Example.it");
        list.add("100001", Kind::Ip, "203.0.113.7");
        let mut card = mean();
        assert_eq!(list.refuses("100001", &card, Some("good@example.it"), "127.0.0.1"), None);
        assert_eq!(list.refuses("100001", &card, Some("bad@example.it"), "127.0.0.1"), Some("501"));
        assert_eq!(list.refuses("100001", &card, None, "203.0.113.7"), Some("502"));
        card.info.insert("cardNumber".to_owned(), "411111XXXXXX1111".into());
        assert_eq!(list.refuses("100001", &card, None, "127.0.0.1"), Some("500"));
        assert_eq!(list.refuses("100002", &card, None, "127.0.0.1"), None, "another account");
        let kept = serde_json::to_string(&list).unwrap();
        assert!(!kept.contains("4111111111111111"), "{kept}");
    }
}
