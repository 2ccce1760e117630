//! Countries: their two letters (ISO 3166-1 alpha-2), and what they are called. The names in
//! `countries.csv` are those of the Unicode CLDR, Hong Kong and Macao in short.

use std::sync::LazyLock;

use super::Lang;

static ROWS: LazyLock<Vec<Row>> =
    LazyLock::new(|| include_str!("countries.csv").lines().filter_map(Row::read).collect());

#[derive(Debug)]
struct Row {
    code: &'static str,
    en: &'static str,
    it: &'static str,
    es: &'static str,
    fr: &'static str,
}

impl Row {
    fn read(line: &'static str) -> Option<Self> {
        let mut cells = line.split(';');
        let mut next = || cells.next();
        Some(Self { code: next()?, en: next()?, it: next()?, es: next()?, fr: next()? })
    }
}

/// A country that ISO 3166-1 lists.
#[derive(Clone, Copy, Debug)]
pub struct Country(&'static Row);

impl Country {
    /// Two letters, of any case.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        ROWS.iter().find(|row| row.code.eq_ignore_ascii_case(code)).map(Self)
    }

    /// Two capitals.
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.0.code
    }

    /// What it is called.
    #[must_use]
    pub const fn name(self, lang: Lang) -> &'static str {
        match lang {
            Lang::En => self.0.en,
            Lang::It => self.0.it,
            Lang::Es => self.0.es,
            Lang::Fr => self.0.fr,
        }
    }
}

impl PartialEq for Country {
    fn eq(&self, other: &Self) -> bool {
        self.code() == other.code()
    }
}

impl Eq for Country {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_country_has_its_letters_once_and_a_name_in_each_language() {
        assert_eq!(ROWS.len(), 249);
        assert!(ROWS.windows(2).all(|two| two[0].code < two[1].code));
        for row in &*ROWS {
            let country = Country::parse(row.code).unwrap();
            assert!(Lang::ALL.iter().all(|lang| country.name(*lang).len() > 1), "{row:?}");
            assert!(row.code.len() == 2 && row.code.bytes().all(|b| b.is_ascii_uppercase()));
        }
        assert_eq!(Country::parse("de").unwrap().name(Lang::It), "Germania");
        assert_eq!(Country::parse("ZZ"), None);
        assert_eq!(Country::parse(""), None);
    }
}
