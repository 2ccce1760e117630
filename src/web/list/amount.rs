//! Amounts as people compare them: 10.50 or more, in whatever currency a row has.

use crate::kernel::{Currency, Money, MoneyError, Texts};

/// How an amount is compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AmountOperator {
    /// From the first to the second amount, both included; either may be left out.
    #[default]
    Between,
    Is,
    IsNot,
    Above,
    AtLeast,
    Below,
    AtMost,
}

impl AmountOperator {
    pub const ALL: [Self; 7] = [
        Self::Between,
        Self::Is,
        Self::IsNot,
        Self::Above,
        Self::AtLeast,
        Self::Below,
        Self::AtMost,
    ];

    /// The word in the URL.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Between => "between",
            Self::Is => "is",
            Self::IsNot => "is_not",
            Self::Above => "above",
            Self::AtLeast => "at_least",
            Self::Below => "below",
            Self::AtMost => "at_most",
        }
    }

    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|operator| operator.as_str() == word)
    }

    #[must_use]
    pub fn words(self, t: &Texts) -> String {
        match self {
            Self::Between => t.msg_amount_between(),
            Self::Is => t.msg_amount_is(),
            Self::IsNot => t.msg_amount_is_not(),
            Self::Above => t.msg_amount_above(),
            Self::AtLeast => t.msg_amount_at_least(),
            Self::Below => t.msg_amount_below(),
            Self::AtMost => t.msg_amount_at_most(),
        }
    }
}

/// An amount without a currency: `10.50` is 1050 hundredths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Number {
    units: i64,
    exponent: usize,
}

impl Number {
    /// Whether it is more than another one, which may have been read with other decimals.
    fn exceeds(self, other: Self) -> bool {
        let exponent = self.exponent.max(other.exponent);
        self.minor(exponent).0 > other.minor(exponent).0
    }

    /// In minor units of a currency with so many decimals: rounded down, and whether that is exact.
    fn minor(self, exponent: usize) -> (i64, bool) {
        let power = |places: usize| 10_i64.pow(u32::try_from(places.min(4)).unwrap_or(4));
        if exponent >= self.exponent {
            (self.units.saturating_mul(power(exponent - self.exponent)), true)
        } else {
            let divisor = power(self.exponent - exponent);
            (self.units.div_euclid(divisor), self.units.rem_euclid(divisor) == 0)
        }
    }
}

/// What was asked about amounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AmountRange {
    pub operator: AmountOperator,
    /// As typed, for the chip.
    pub typed: Vec<String>,
    low: Option<Number>,
    high: Option<Number>,
}

/// What minor units of one currency fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MinorRange {
    pub low: Option<i64>,
    pub high: Option<i64>,
    /// Everything but what lies between the two.
    pub is_outside: bool,
}

impl AmountRange {
    /// Reads what was typed; `currency` is the chosen one, whose decimals then are meant.
    ///
    /// # Errors
    /// Words for the first (`false`) or the second field (`true`).
    pub fn read(
        operator: AmountOperator,
        (min, max): (Option<&str>, Option<&str>),
        currency: Option<Currency>,
        t: &Texts,
    ) -> Result<Option<Self>, (bool, String)> {
        let read = |typed: Option<&str>, is_max: bool| {
            typed
                .map(|typed| number(typed, currency, t).map_err(|words| (is_max, words)))
                .transpose()
        };
        let (low, high) = (read(min, false)?, read(max, true)?);
        // One amount is enough for all but "between", in whichever field it stands.
        let is_span = operator == AmountOperator::Between;
        let (low, high) = if is_span { (low, high) } else { (low.or(high), None) };
        if low.zip(high).is_some_and(|(low, high)| low.exceeds(high)) {
            return Err((true, t.msg_amount_reversed()));
        }
        if low.is_none() && high.is_none() {
            return Ok(None);
        }
        let typed = if is_span {
            [min, max].into_iter().flatten().map(str::to_owned).collect()
        } else {
            min.or(max).into_iter().map(str::to_owned).collect()
        };
        Ok(Some(Self { operator, typed, low, high }))
    }

    /// Whether only the second of two amounts was given.
    #[must_use]
    pub fn is_up_to(&self) -> bool {
        self.operator == AmountOperator::Between && self.low.is_none()
    }

    #[must_use]
    pub fn has_both(&self) -> bool {
        self.low.is_some() && self.high.is_some()
    }

    /// The bounds, both included, in minor units of currencies with so many decimals. 10.50 or more
    /// is 11 yen or more; exactly 10.50 is no amount in yen.
    #[must_use]
    pub fn minor(&self, exponent: usize) -> MinorRange {
        let down = |number: Number| number.minor(exponent).0;
        let up = |number: Number| {
            let (minor, is_exact) = number.minor(exponent);
            if is_exact { minor } else { minor.saturating_add(1) }
        };
        let (low, high) = (self.low, self.high);
        let within = |low, high| MinorRange { low, high, is_outside: false };
        match self.operator {
            AmountOperator::Between => within(low.map(up), high.map(down)),
            AmountOperator::Is => within(low.map(up), low.map(down)),
            AmountOperator::IsNot => {
                MinorRange { low: low.map(up), high: low.map(down), is_outside: true }
            }
            AmountOperator::Above => within(low.map(|low| down(low).saturating_add(1)), None),
            AmountOperator::AtLeast => within(low.map(up), None),
            AmountOperator::Below => within(None, low.map(|low| up(low).saturating_sub(1))),
            AmountOperator::AtMost => within(None, low.map(down)),
        }
    }
}

fn number(typed: &str, currency: Option<Currency>, t: &Texts) -> Result<Number, String> {
    let currency = currency.unwrap_or(Currency::EUR);
    let exponent = currency.exponent();
    match Money::parse(typed, currency) {
        Ok(money) => Ok(Number { units: money.minor, exponent }),
        Err(MoneyError::NotPositive) => Ok(Number { units: 0, exponent }),
        // Among several currencies there may be one without decimals, in which as many units are less.
        Err(MoneyError::TooLarge) => Ok(Number {
            units: Money::parse(typed, Currency::JPY).map_or(Money::MINOR_MAX, |money| money.minor),
            exponent: 0,
        }),
        Err(MoneyError::Ambiguous) => Err(t.msg_amount_ambiguous()),
        Err(MoneyError::NotAnAmount | MoneyError::TooManyDecimals) => {
            Err(t.msg_filter_amount_unreadable())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::AmountOperator::{Above, AtLeast, AtMost, Below, Between, Is, IsNot};
    use super::*;
    use crate::kernel::Lang;

    fn read(operator: AmountOperator, min: &str, max: &str) -> AmountRange {
        let some = |text: &'static str| Some(text).filter(|text| !text.is_empty());
        let (min, max): (&'static str, &'static str) =
            (min.to_owned().leak(), max.to_owned().leak());
        AmountRange::read(operator, (some(min), some(max)), None, Lang::En.texts())
            .unwrap()
            .unwrap()
    }

    #[test]
    fn an_amount_means_the_same_in_every_currency() {
        let range = |operator, min, max, exponent| {
            let MinorRange { low, high, is_outside } = read(operator, min, max).minor(exponent);
            (low, high, is_outside)
        };
        assert_eq!(range(AtLeast, "10", "", 2), (Some(1_000), None, false));
        assert_eq!(range(AtLeast, "10", "", 0), (Some(10), None, false));
        assert_eq!(range(AtLeast, "10.50", "", 0), (Some(11), None, false));
        assert_eq!(range(AtMost, "10.50", "", 0), (None, Some(10), false));
        assert_eq!(range(Above, "10.50", "", 0), (Some(11), None, false));
        assert_eq!(range(Above, "10", "", 2), (Some(1_001), None, false));
        assert_eq!(range(Below, "", "10.50", 0), (None, Some(10), false));
        assert_eq!(range(Below, "10", "", 3), (None, Some(9_999), false));
        assert_eq!(range(Between, "1", "2.50", 3), (Some(1_000), Some(2_500), false));
        assert_eq!(range(Is, "10", "", 2), (Some(1_000), Some(1_000), false));
        // No amount in yen is 10.50: nothing lies between 11 and 10.
        assert_eq!(range(Is, "10.50", "", 0), (Some(11), Some(10), false));
        assert_eq!(range(IsNot, "10", "", 2), (Some(1_000), Some(1_000), true));
    }

    #[test]
    fn the_wrong_way_round_is_told() {
        let t = Lang::En.texts();
        let typed = (Some("20"), Some("10"));
        assert!(AmountRange::read(AmountOperator::Between, typed, None, t).is_err());
        assert!(AmountRange::read(AmountOperator::Is, typed, None, t).is_ok());
        // The second one is too much for a currency with decimals, and is read as one without.
        let typed = (Some("200,000.00"), Some("10,000,000"));
        assert!(AmountRange::read(AmountOperator::Between, typed, None, t).is_ok());
        let typed = (Some("10,000,000"), Some("200,000.00"));
        assert!(AmountRange::read(AmountOperator::Between, typed, None, t).is_err());
    }
}
