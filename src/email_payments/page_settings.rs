//! How an originator's payment page and letters look, and what they hold customers to.

use std::ops::RangeInclusive;

use super::queries::MerchantView;
use crate::kernel::{Colour, Lang, PageLogoId};

/// Characters of the addresses of terms and support.
pub const ADDRESS_MAX: usize = 500;
/// Characters of what letters say besides.
pub const MAIL_TEXT_MAX: usize = 500;
/// Characters of what the page says besides.
pub const PAGE_TEXT_MAX: usize = 300;
/// Tries to pay one request.
pub const ATTEMPTS: RangeInclusive<i32> = 1..=20;
/// For how many days links are valid by themselves: what forms offer.
pub const DAYS_OFFERED: [i32; 7] = [1, 3, 7, 14, 30, 60, 90];
/// What stands where nobody has chosen.
pub const ATTEMPTS_USUAL: i32 = 3;
pub const DAYS_USUAL: i32 = 30;

/// One state of the settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageSettings {
    /// What customers read as the merchant's name.
    pub displayed_name: String,
    /// Who letters say that they come from. Empty: the displayed name.
    pub sender_name: String,
    /// What the name stands on, in white; never the button's.
    pub colour: Option<Colour>,
    pub logo: Option<PageLogoId>,
    /// Empty: there are none.
    pub terms_url: String,
    /// Whether a customer has to say that the terms are accepted before the payment goes on.
    pub must_accept_terms: bool,
    /// Where customers ask: an e-mail address, or a page.
    pub support: String,
    pub attempts_max: i32,
    pub valid_days: i32,
    /// In the order of [`Lang::ALL`]; a language without words is not there.
    pub texts: Vec<(Lang, PageTexts)>,
}

/// What is said in one language, besides what always is. Either may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageTexts {
    pub mail: String,
    pub page: String,
}

impl PageSettings {
    /// What customers meet where nobody has set anything up.
    #[must_use]
    pub fn usual(merchant: &MerchantView) -> Self {
        Self {
            displayed_name: merchant.name.clone(),
            sender_name: String::new(),
            colour: None,
            logo: None,
            terms_url: String::new(),
            must_accept_terms: false,
            support: merchant.email.clone(),
            attempts_max: ATTEMPTS_USUAL,
            valid_days: DAYS_USUAL,
            texts: Vec::new(),
        }
    }

    #[must_use]
    pub fn sender(&self) -> &str {
        if self.sender_name.is_empty() { &self.displayed_name } else { &self.sender_name }
    }

    #[must_use]
    pub fn mail_text(&self, lang: Lang) -> &str {
        self.texts_in(lang).map_or("", |texts| &texts.mail)
    }

    #[must_use]
    pub fn page_text(&self, lang: Lang) -> &str {
        self.texts_in(lang).map_or("", |texts| &texts.page)
    }

    fn texts_in(&self, lang: Lang) -> Option<&PageTexts> {
        self.texts.iter().find(|(known, _)| *known == lang).map(|(_, texts)| texts)
    }

    /// The page where customers ask, if it is one; else it is an e-mail address.
    #[must_use]
    pub fn support_url(&self) -> Option<&str> {
        self.support.starts_with("https://").then_some(self.support.as_str())
    }

    /// What a link to support leads to.
    #[must_use]
    pub fn support_href(&self) -> String {
        self.support_url().map_or_else(|| format!("mailto:{}", self.support), str::to_owned)
    }

    /// The terms' address, where a customer has to accept them.
    #[must_use]
    pub fn terms_to_accept(&self) -> Option<&str> {
        self.must_accept_terms.then_some(self.terms_url.as_str())
    }
}
