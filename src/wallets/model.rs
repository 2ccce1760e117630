//! What the catalogue holds.

use std::borrow::Borrow;

use crate::kernel::{Country, Currency, Lang, Money, Texts};

/// A wallet whose customers can pay by Alipay+.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wallet {
    /// `alipay_cn`: what it is known by from one version of the catalogue to the next.
    pub code: String,
    pub name: String,
    /// Where its customers are.
    pub country: Country,
    /// What they pay in; the merchant gets the currency that it asked for.
    pub currency: Currency,
    /// Bounds of one payment, in `currency`; none where the catalogue says nothing.
    pub smallest: Option<Money>,
    pub largest: Option<Money>,
    pub ways: Ways,
}

/// How a customer comes from the payment page to their wallet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ways {
    /// A code to scan.
    Qr,
    /// The wallet opens on the same device.
    Redirect,
    Both,
}

impl Ways {
    /// The words of the file, in any order.
    #[must_use]
    pub fn parse(typed: &str) -> Option<Self> {
        let words: Vec<String> = typed.split_whitespace().map(str::to_lowercase).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match words.as_slice() {
            ["qr"] => Some(Self::Qr),
            ["redirect"] => Some(Self::Redirect),
            ["qr", "redirect"] | ["redirect", "qr"] => Some(Self::Both),
            _ => None,
        }
    }
}

impl Wallet {
    #[must_use]
    pub fn country_name(&self, lang: impl Borrow<Lang>) -> &'static str {
        self.country.name(*lang.borrow())
    }

    /// The bounds in words; empty where there are none.
    #[must_use]
    pub fn bounds(&self, lang: impl Borrow<Lang>) -> String {
        let lang = *lang.borrow();
        let t = lang.texts();
        match (&self.smallest, &self.largest) {
            (Some(low), Some(high)) => t.msg_wallet_between(low.number(lang), high.number(lang)),
            (Some(low), None) => t.msg_wallet_from(low.number(lang)),
            (None, Some(high)) => t.msg_wallet_up_to(high.number(lang)),
            (None, None) => String::new(),
        }
    }

    /// How its customers get there, in words.
    #[must_use]
    pub fn way(&self, t: &Texts) -> String {
        match self.ways {
            Ways::Qr => t.msg_wallet_way_qr(),
            Ways::Redirect => t.msg_wallet_way_redirect(),
            Ways::Both => t.msg_wallet_way_both(),
        }
    }
}
