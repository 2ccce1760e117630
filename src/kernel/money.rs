//! Money: whole minor units and a currency. Never a float, never a sum across currencies.

use std::fmt;
use std::str::FromStr;

use super::Lang;

/// An ISO 4217 currency that has an exponent (so no metals, no test codes).
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Currency(iso_currency::Currency);

impl Currency {
    pub const EUR: Self = Self(iso_currency::Currency::EUR);
    pub const JPY: Self = Self(iso_currency::Currency::JPY);
    pub const KWD: Self = Self(iso_currency::Currency::KWD);

    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        let currency = iso_currency::Currency::from_code(code)?;
        currency.exponent().is_some().then_some(Self(currency))
    }

    /// `EUR`.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.0.code()
    }

    /// Digits after the decimal sign: EUR 2, JPY 0, KWD 3.
    #[must_use]
    pub fn exponent(self) -> usize {
        self.0.exponent().map_or(0, usize::from)
    }

    /// The sign that the currency's own people write, where it can't be taken for another's.
    fn symbol(self) -> Option<&'static str> {
        [("EUR", "€"), ("GBP", "£")]
            .into_iter()
            .find(|(code, _)| *code == self.code())
            .map(|(_, symbol)| symbol)
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Currency {
    type Err = MoneyError;

    fn from_str(code: &str) -> Result<Self, MoneyError> {
        Self::parse(code).ok_or(MoneyError::NotAnAmount)
    }
}

/// An amount of money, in minor units of its currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Money {
    pub minor: i64,
    pub currency: Currency,
}

/// Why a typed amount was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MoneyError {
    /// No number.
    NotAnAmount,
    /// A separator that could group thousands or begin decimals: `1.234` or `1,234` in euros.
    Ambiguous,
    /// More decimals than the currency has.
    TooManyDecimals,
    /// More than the gateway takes: 999,999,999 minor units.
    TooLarge,
    /// Zero or less, where a price is needed.
    NotPositive,
}

impl Money {
    /// The gateway's ceiling for one payment, in minor units.
    pub const MINOR_MAX: i64 = 999_999_999;

    #[must_use]
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Reads what a person typed: `1830`, `12,5`, `1.830,00`, `1,830.00`, `1 830,00`, `1'830.00`.
    /// A text that could mean two amounts is refused instead of guessed.
    ///
    /// # Errors
    /// [`MoneyError`], the first that applies.
    pub fn parse(typed: &str, currency: Currency) -> Result<Self, MoneyError> {
        Self::parse_up_to(typed, currency, Self::MINOR_MAX)
    }

    /// The same for what may be negative, or nothing: at most `minor_max` on either side.
    ///
    /// # Errors
    /// [`MoneyError`], but for [`MoneyError::NotPositive`].
    pub fn parse_signed(
        typed: &str,
        currency: Currency,
        minor_max: i64,
    ) -> Result<Self, MoneyError> {
        let typed = typed.trim();
        let (sign, digits) = match typed.strip_prefix(['-', '\u{2212}']) {
            Some(digits) => (-1, digits),
            None => (1, typed),
        };
        match Self::parse_up_to(digits, currency, minor_max) {
            Ok(money) => Ok(Self::new(sign * money.minor, currency)),
            Err(MoneyError::NotPositive) => Ok(Self::new(0, currency)),
            Err(error) => Err(error),
        }
    }

    fn parse_up_to(typed: &str, currency: Currency, minor_max: i64) -> Result<Self, MoneyError> {
        let compact: String = typed
            .chars()
            .filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\'' | '’'))
            .collect();
        if compact.is_empty()
            || !compact.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ','))
        {
            return Err(MoneyError::NotAnAmount);
        }
        let exponent = currency.exponent();
        let (whole, fraction) = split(&compact, exponent)?;
        let (fraction, surplus) = fraction.split_at(fraction.len().min(exponent));
        if surplus.chars().any(|c| c != '0') {
            return Err(MoneyError::TooManyDecimals);
        }
        let digits = format!("{whole}{fraction:0<exponent$}");
        match digits.parse() {
            Ok(0) => Err(MoneyError::NotPositive),
            Ok(minor) if (1..=minor_max).contains(&minor) => Ok(Self { minor, currency }),
            Ok(_) | Err(_) => Err(MoneyError::TooLarge),
        }
    }

    /// For a form field: what [`Money::parse`] reads back as the same amount, in every currency.
    #[must_use]
    pub fn for_field(self, lang: Lang) -> String {
        let plain = self.plain();
        let (_, decimal) = separators(lang);
        match plain.split_once('.') {
            None => plain,
            // Three decimals alone read as thousands to some; a fourth digit settles it.
            Some((whole, fraction)) if fraction.len() == 3 && whole.len() < 4 && whole != "0" => {
                format!("{whole}{decimal}{fraction}0")
            }
            Some((whole, fraction)) => format!("{whole}{decimal}{fraction}"),
        }
    }

    /// For merchants: number and code, `1.830,00 EUR`, with a no-break space.
    #[must_use]
    pub fn with_code(self, lang: Lang) -> String {
        format!("{}\u{a0}{}", self.number(lang), self.currency)
    }

    /// For customers: the sign as the language writes it, `1.830,00 €`, `€1,830.00`; else the code.
    #[must_use]
    pub fn with_symbol(self, lang: Lang) -> String {
        match (self.currency.symbol(), lang) {
            (None, _) => self.with_code(lang),
            (Some(symbol), Lang::En) if self.minor < 0 => {
                format!("\u{2212}{symbol}{}", Self::new(-self.minor, self.currency).number(lang))
            }
            (Some(symbol), Lang::En) => format!("{symbol}{}", self.number(lang)),
            (Some(symbol), Lang::It | Lang::Es | Lang::Fr) => {
                format!("{}\u{a0}{symbol}", self.number(lang))
            }
        }
    }

    /// The number alone, thousands grouped, minus as U+2212.
    #[must_use]
    pub fn number(self, lang: Lang) -> String {
        let (group, decimal) = separators(lang);
        let plain = self.plain();
        let (sign, plain) =
            plain.strip_prefix('-').map_or(("", plain.as_str()), |rest| ("\u{2212}", rest));
        let (whole, fraction) = plain.split_once('.').unwrap_or((plain, ""));
        let mut text = String::from(sign);
        for (place, digit) in whole.chars().enumerate() {
            if place > 0 && (whole.len() - place).is_multiple_of(3) {
                text.push(group);
            }
            text.push(digit);
        }
        if !fraction.is_empty() {
            text.push(decimal);
            text.push_str(fraction);
        }
        text
    }

    /// The number for machines and form fields that must read alike everywhere: `1830.00`.
    #[must_use]
    pub fn plain(self) -> String {
        let exponent = self.currency.exponent();
        let sign = if self.minor < 0 { "-" } else { "" };
        let digits = format!("{:0>width$}", self.minor.unsigned_abs(), width = exponent + 1);
        let (whole, fraction) = digits.split_at(digits.len() - exponent);
        if fraction.is_empty() {
            format!("{sign}{whole}")
        } else {
            format!("{sign}{whole}.{fraction}")
        }
    }
}

/// Thousands separator and decimal sign of a language.
#[must_use]
pub const fn separators(lang: Lang) -> (char, char) {
    match lang {
        Lang::En => (',', '.'),
        Lang::It | Lang::Es => ('.', ','),
        Lang::Fr => ('\u{202f}', ','),
    }
}

/// A whole number with thousands grouped: `1.284`.
#[must_use]
pub fn grouped(number: u64, lang: Lang) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + 4);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(separators(lang).0);
        }
        text.push(digit);
    }
    text
}

/// Whole part and decimals of digits with dots and commas; `exponent` decides between readings.
fn split(compact: &str, exponent: usize) -> Result<(String, String), MoneyError> {
    let is_separator = |c: char| matches!(c, '.' | ',');
    let Some(last) = compact.rfind(is_separator) else {
        return Ok((compact.to_owned(), String::new()));
    };
    let (head, tail) = compact.split_at(last);
    let (sign, tail) = tail.split_at(1);
    if !head.contains(is_separator) {
        return one_separator(head, tail, exponent);
    }
    let others: Vec<&str> = head.split(is_separator).collect();
    let same = head.contains(sign);
    let mixed = head.contains('.') && head.contains(',');
    let (groups, fraction) = match (same, mixed) {
        // `1.234.567`: all group thousands.
        (true, false) => ([others, vec![tail]].concat(), ""),
        // `1.234,50`: the last one begins the decimals.
        (false, false) => (others, tail),
        // `1.234,567.8`: nobody writes this.
        (_, true) => return Err(MoneyError::NotAnAmount),
    };
    let grouped = matches!(groups.as_slice(), [first, rest @ ..]
        if (1..=3).contains(&first.len()) && rest.iter().all(|group| group.len() == 3));
    let decimals = same || !fraction.is_empty();
    if grouped && decimals {
        Ok((groups.concat(), fraction.to_owned()))
    } else {
        Err(MoneyError::NotAnAmount)
    }
}

/// `12,5` and `1.234`: one separator, which groups or begins decimals.
fn one_separator(head: &str, tail: &str, exponent: usize) -> Result<(String, String), MoneyError> {
    let may_group = tail.len() == 3 && (1..=3).contains(&head.len()) && !head.starts_with('0');
    let surplus =
        tail.get(exponent..).is_some_and(|rest| !rest.is_empty() && rest.chars().all(|c| c == '0'));
    let may_be_decimal =
        !head.is_empty() && exponent > 0 && (surplus || (1..=exponent).contains(&tail.len()));
    match (may_group, may_be_decimal) {
        // Three digits after one separator read as thousands to some and as decimals to others.
        (true, _) if exponent > 0 => Err(MoneyError::Ambiguous),
        (true, _) => Ok((format!("{head}{tail}"), String::new())),
        (false, true) => Ok((head.to_owned(), tail.to_owned())),
        (false, false) if head.is_empty() || tail.is_empty() => Err(MoneyError::NotAnAmount),
        (false, false) => Err(MoneyError::TooManyDecimals),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn euro(typed: &str) -> Result<i64, MoneyError> {
        Money::parse(typed, Currency::EUR).map(|money| money.minor)
    }

    #[test]
    fn an_amount_may_be_negative_where_it_is_no_price() {
        let read = |typed| Money::parse_signed(typed, Currency::EUR, 999_999_999_999);
        for (typed, minor) in [
            ("-177,16", -17_716),
            ("\u{2212}1.830,00", -183_000),
            ("0", 0),
            ("12,345,678.90", 1_234_567_890),
        ] {
            assert_eq!(read(typed).map(|money| money.minor), Ok(minor), "{typed}");
        }
        assert_eq!(read("--1"), Err(MoneyError::NotAnAmount));
        assert_eq!(read("9999999999999"), Err(MoneyError::TooLarge));
    }

    #[test]
    fn amounts_are_read_in_every_form_that_means_one_thing() {
        for (typed, minor) in [
            ("1830", 183_000),
            ("1.830,00", 183_000),
            ("1,830.00", 183_000),
            ("1 830,00", 183_000),
            ("1'830.00", 183_000),
            ("12,5", 1_250),
            ("12.50", 1_250),
            ("0,05", 5),
            ("19.99", 1_999),
            ("1.234.567", 123_456_700),
            (" 7 ", 700),
        ] {
            assert_eq!(euro(typed), Ok(minor), "{typed}");
        }
    }

    #[test]
    fn amounts_that_could_mean_two_things_are_refused() {
        for (typed, error) in [
            ("1.234", MoneyError::Ambiguous),
            ("1,234", MoneyError::Ambiguous),
            ("12,345", MoneyError::Ambiguous),
            ("0,005", MoneyError::TooManyDecimals),
            ("12,3456", MoneyError::TooManyDecimals),
            ("1.23.456", MoneyError::NotAnAmount),
            ("1.234,56.7", MoneyError::NotAnAmount),
            ("", MoneyError::NotAnAmount),
            ("-5", MoneyError::NotAnAmount),
            ("5 EUR", MoneyError::NotAnAmount),
            ("1e3", MoneyError::NotAnAmount),
            (",50", MoneyError::NotAnAmount),
            ("5,", MoneyError::NotAnAmount),
            ("12,5001", MoneyError::TooManyDecimals),
            ("0", MoneyError::NotPositive),
            ("0,00", MoneyError::NotPositive),
            ("10000000", MoneyError::TooLarge),
            ("99999999999999999999", MoneyError::TooLarge),
            ("٣", MoneyError::NotAnAmount),
        ] {
            assert_eq!(euro(typed), Err(error), "{typed}");
        }
    }

    #[test]
    fn each_currency_has_its_own_decimals() {
        let parse = |typed, currency| Money::parse(typed, currency).map(|money| money.minor);
        assert_eq!(parse("1830", Currency::JPY), Ok(1_830));
        assert_eq!(parse("1.830", Currency::JPY), Ok(1_830));
        assert_eq!(parse("18,5", Currency::JPY), Err(MoneyError::TooManyDecimals));
        assert_eq!(parse("1,5", Currency::KWD), Ok(1_500));
        assert_eq!(parse("12.345", Currency::KWD), Err(MoneyError::Ambiguous));
        assert_eq!(parse("1.234,567", Currency::KWD), Ok(1_234_567));
        assert_eq!(parse("0.125", Currency::KWD), Ok(125));
    }

    #[test]
    fn amounts_are_written_as_each_language_writes_them() {
        let euro = Money::new(123_450, Currency::EUR);
        assert_eq!(euro.with_code(Lang::It), "1.234,50\u{a0}EUR");
        assert_eq!(euro.with_code(Lang::En), "1,234.50\u{a0}EUR");
        assert_eq!(euro.with_code(Lang::Fr), "1\u{202f}234,50\u{a0}EUR");
        assert_eq!(euro.with_symbol(Lang::Es), "1.234,50\u{a0}€");
        assert_eq!(euro.with_symbol(Lang::En), "€1,234.50");
        assert_eq!(Money::new(-5, Currency::EUR).with_symbol(Lang::En), "\u{2212}€0.05");
        assert_eq!(Money::new(-183_000, Currency::EUR).number(Lang::It), "\u{2212}1.830,00");
        assert_eq!(Money::new(1_830, Currency::JPY).with_code(Lang::It), "1.830\u{a0}JPY");
        assert_eq!(Money::new(7, Currency::KWD).plain(), "0.007");
        assert_eq!(grouped(1_284, Lang::It), "1.284");
    }

    #[test]
    fn what_is_written_is_read_back() {
        for currency in [Currency::EUR, Currency::JPY, Currency::KWD] {
            for lang in Lang::ALL {
                for minor in [1, 99, 100, 12_345, 1_234_567, 987_654_321] {
                    let money = Money::new(minor, currency);
                    assert_eq!(Money::parse(&money.for_field(lang), currency), Ok(money));
                }
            }
        }
    }
}
