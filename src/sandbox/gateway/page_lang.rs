//! The six languages of the payment page: Central's four, and two that only the page speaks.

use std::fmt;
use std::sync::LazyLock;

use chrono::{DateTime, Locale, Utc};

use super::parts::ZONE;
use crate::kernel::{Lang, Money, Texts, dates};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageLang {
    Central(Lang),
    German,
    /// Traditional, as written in Hong Kong and Taiwan.
    Chinese,
}

const GERMAN: &str = include_str!("words/de.ftl");
const CHINESE: &str = include_str!("words/zh-Hant.ftl");

impl PageLang {
    pub const ALL: [Self; 6] = [
        Self::Central(Lang::It),
        Self::Central(Lang::En),
        Self::Central(Lang::Es),
        Self::Central(Lang::Fr),
        Self::German,
        Self::Chinese,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Central(lang) => lang.code(),
            Self::German => "de",
            Self::Chinese => "zh-Hant",
        }
    }

    /// The language's own name for itself.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Central(lang) => lang.name(),
            Self::German => "Deutsch",
            Self::Chinese => "繁體中文",
        }
    }

    /// Reads `de-CH`, `zh_hant`, `it`.
    pub fn parse(code: &str) -> Option<Self> {
        let primary = code.split(['-', '_']).next().unwrap_or(code);
        Self::ALL.into_iter().find(|lang| {
            let ours = lang.code().split('-').next().unwrap_or_default();
            ours.eq_ignore_ascii_case(primary)
        })
    }

    /// The first of a browser's languages that the page has, else English.
    pub fn negotiate(accept_language: &str) -> Self {
        let ranges = accept_language.split(',').take(32).map(str::trim);
        ranges
            .filter(|range| !range.ends_with(";q=0"))
            .find_map(|range| Self::parse(range.split(';').next().unwrap_or(range)))
            .unwrap_or(Self::Central(Lang::En))
    }

    /// The page's words. Only those of `sandbox_gateway.ftl` are there in every language.
    pub fn texts(self) -> &'static Texts {
        static MORE: LazyLock<[Option<Texts>; 2]> = LazyLock::new(|| {
            [("de", GERMAN), ("zh-Hant", CHINESE)]
                .map(|(code, words)| Texts::new(code, words.as_bytes()).ok())
        });
        let [german, chinese] = &*MORE;
        let found = match self {
            Self::Central(lang) => Some(lang.texts()),
            Self::German => german.as_ref(),
            Self::Chinese => chinese.as_ref(),
        };
        found.unwrap_or_else(|| Lang::En.texts())
    }

    /// An amount as the language writes it; German does as Italian, Chinese as English.
    pub fn amount(self, money: Money) -> String {
        money.with_symbol(match self {
            Self::Central(lang) => lang,
            Self::German => Lang::It,
            Self::Chinese => Lang::En,
        })
    }

    /// `lunedì 7 dicembre 2026`.
    pub fn weekday(self, at: DateTime<Utc>) -> String {
        let local = at.with_timezone(&ZONE);
        match self {
            Self::Central(lang) => dates::weekday(at, ZONE, lang),
            Self::German => local.format_localized("%A, %-d. %B %Y", Locale::de_DE).to_string(),
            Self::Chinese => local.format_localized("%Y年%-m月%-d日 %A", Locale::zh_TW).to_string(),
        }
    }

    /// `19 nov 2026, 09:05`.
    pub fn full(self, at: DateTime<Utc>) -> String {
        let local = at.with_timezone(&ZONE);
        match self {
            Self::Central(lang) => dates::full(at, ZONE, lang),
            Self::German => local.format_localized("%-d. %b %Y, %H:%M", Locale::de_DE).to_string(),
            Self::Chinese => local.format("%Y年%-m月%-d日 %H:%M").to_string(),
        }
    }
}

impl fmt::Display for PageLang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::kernel::Currency;

    /// Name → variables, sorted.
    fn wordings(ftl: &str) -> BTreeMap<String, Vec<String>> {
        let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut name = String::new();
        for line in ftl.lines().filter(|line| !line.starts_with('#')) {
            if let Some((new, _)) = line.split_once(" = ").filter(|_| line.starts_with("sandbox")) {
                new.clone_into(&mut name);
                assert!(all.insert(name.clone(), Vec::new()).is_none(), "{name} stands twice");
            }
            let parts = line.split("{ $").skip(1);
            let variables = parts.filter_map(|part| part.split([' ', '}']).next());
            let known = all.entry(name.clone()).or_default();
            known.extend(variables.map(str::to_owned));
            known.sort();
            known.dedup();
        }
        all.remove("");
        all
    }

    #[test]
    fn six_languages_say_the_same() {
        let english = wordings(include_str!("../../../locales/en/sandbox_gateway.ftl"));
        assert!(english.len() > 80, "{}", english.len());
        assert_eq!(wordings(GERMAN), english);
        assert_eq!(wordings(CHINESE), english);
        let title = |lang: PageLang| lang.texts().msg_sandbox_gateway_paid_title();
        assert_eq!(title(PageLang::German), "Zahlung eingegangen");
        assert_eq!(title(PageLang::Chinese), "已收到付款");
        assert_eq!(PageLang::Chinese.texts().msg_sandbox_gateway_title("5", "A"), "向 A 支付 5");
    }

    #[test]
    fn the_browsers_first_language_that_the_page_has_is_taken() {
        for (header, expected) in [
            ("de-CH,de;q=0.9,en;q=0.8", PageLang::German),
            ("zh-TW", PageLang::Chinese),
            ("pl, zh_hant;q=0.4", PageLang::Chinese),
            ("it-IT", PageLang::Central(Lang::It)),
            ("de;q=0, fr", PageLang::Central(Lang::Fr)),
            ("", PageLang::Central(Lang::En)),
        ] {
            assert_eq!(PageLang::negotiate(header), expected, "{header}");
        }
        for lang in PageLang::ALL {
            assert_eq!(PageLang::parse(&lang.to_string()), Some(lang));
        }
    }

    #[test]
    fn days_and_amounts_are_written_as_readers_write_them() {
        let at: DateTime<Utc> = "2026-12-07T09:05:00Z".parse().unwrap();
        assert_eq!(PageLang::German.weekday(at), "Montag, 7. Dezember 2026");
        assert_eq!(PageLang::Chinese.full(at), "2026年12月7日 10:05");
        assert!(PageLang::Chinese.weekday(at).starts_with("2026年12月7日"));
        let money = Money::new(123_450, Currency::EUR);
        assert_eq!(PageLang::German.amount(money), "1.234,50\u{a0}€");
        assert_eq!(PageLang::Chinese.amount(money), "€1,234.50");
    }
}
