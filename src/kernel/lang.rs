//! The four languages, and the words in each (Fluent files in `locales/`, typed at build time).

use std::fmt;
use std::sync::LazyLock;

use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use serde::{Deserialize, Serialize};

#[expect(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::pedantic,
    dead_code,
    reason = "generated"
)]
mod l10n {
    include!(concat!(env!("OUT_DIR"), "/l10n.rs"));
}

/// Every wording of one language, a typed function each. A wording that is missing in one language
/// has no function, so its use does not compile.
pub type Texts = l10n::L10nLanguage;

/// A language that Central speaks. BCP 47 codes.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, AsExpression, FromSqlRow,
)]
#[diesel(sql_type = diesel::sql_types::Text)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    En,
    It,
    Es,
    Fr,
}

impl Lang {
    pub const ALL: [Self; 4] = [Self::It, Self::En, Self::Es, Self::Fr];

    /// `it`, `en`, `es`, `fr`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::It => "it",
            Self::Es => "es",
            Self::Fr => "fr",
        }
    }

    /// The language's own name for itself.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::It => "Italiano",
            Self::Es => "Español",
            Self::Fr => "Français",
        }
    }

    /// Reads a code such as `it`; regions are ignored (`it-CH` is Italian).
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        let primary = code.split(['-', '_']).next().unwrap_or(code);
        Self::ALL.into_iter().find(|lang| lang.code().eq_ignore_ascii_case(primary))
    }

    /// The best of ours for an `Accept-Language` header (RFC 9110 12.5.4); English when none fits.
    #[must_use]
    pub fn negotiate(accept_language: &str) -> Self {
        let mut best: Option<(u32, Self)> = None;
        for range in accept_language.split(',').take(32) {
            let mut parts = range.split(';');
            let Some(lang) = parts.next().and_then(|tag| Self::parse(tag.trim())) else { continue };
            let quality = parts
                .find_map(|part| part.trim().strip_prefix("q="))
                .map_or(Some(1000), per_mille)
                .unwrap_or(0);
            if quality > 0 && best.is_none_or(|(known, _)| quality > known) {
                best = Some((quality, lang));
            }
        }
        best.map_or(Self::En, |(_, lang)| lang)
    }

    /// The words of this language.
    #[must_use]
    pub fn texts(self) -> &'static Texts {
        static ALL: LazyLock<[Texts; 4]> = LazyLock::new(|| {
            [
                l10n::L10n::En.load(),
                l10n::L10n::It.load(),
                l10n::L10n::Es.load(),
                l10n::L10n::Fr.load(),
            ]
        });
        let [en, it, es, fr] = &*ALL;
        match self {
            Self::En => en,
            Self::It => it,
            Self::Es => es,
            Self::Fr => fr,
        }
    }
}

/// A quality value of `Accept-Language` in thousandths: `0.8` is 800.
fn per_mille(quality: &str) -> Option<u32> {
    let (whole, fraction) = quality.split_once('.').unwrap_or((quality, ""));
    if fraction.len() > 3 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let value = whole.parse::<u32>().ok()?.checked_mul(1000)?
        + format!("{fraction:0<3}").parse::<u32>().ok()?;
    (value <= 1000).then_some(value)
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browsers_wish_is_read_as_it_is_written() {
        for (header, expected) in [
            ("it-IT,it;q=0.9,en;q=0.8", Lang::It),
            ("de-DE,de;q=0.9,fr;q=0.7,en;q=0.5", Lang::Fr),
            ("en;q=0.2, es", Lang::Es),
            ("it;q=0, en", Lang::En),
            ("it;q=wrong, es;q=0.1", Lang::Es),
            ("", Lang::En),
            ("zh", Lang::En),
        ] {
            assert_eq!(Lang::negotiate(header), expected, "{header}");
        }
    }
}
