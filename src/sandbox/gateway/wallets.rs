//! The wallets behind Alipay+ that the sandbox plays, and what each takes for an amount.

use serde_json::Value;

use super::payment::{Mean, Method, Object};
use crate::kernel::{Currency, Money};

/// A wallet: the word of the form and of `paymentNetwork`, its name, the currency of its customers.
pub struct Wallet {
    pub word: &'static str,
    pub name: &'static str,
    currency: &'static str,
    /// Units of its currency for one yuan, in ten-thousandths: fixed ones of the sandbox's.
    per_yuan: i128,
}

const fn wallet(
    word: &'static str,
    name: &'static str,
    currency: &'static str,
    per_yuan: i128,
) -> Wallet {
    Wallet { word, name, currency, per_yuan }
}

/// The first is the one of a form that names none.
pub const ALL: [Wallet; 15] = [
    wallet("Alipay", "Alipay", "CNY", 10_000),
    wallet("AlipayHK", "AlipayHK", "HKD", 10_900),
    wallet("BigPay", "BigPay", "MYR", 6_200),
    wallet("Boost", "Boost", "MYR", 6_200),
    wallet("ChangiPay", "Changi Pay", "SGD", 1_850),
    wallet("DANA", "DANA", "IDR", 22_500_000),
    wallet("GCash", "GCash", "PHP", 80_000),
    wallet("HiPay", "HiPay", "MNT", 5_000_000),
    wallet("KakaoPay", "Kakao Pay", "KRW", 1_900_000),
    wallet("MPay", "MPay", "MOP", 11_200),
    wallet("NaverPay", "Naver Pay", "KRW", 1_900_000),
    wallet("Tinaba", "Tinaba", "EUR", 1_280),
    wallet("TossPay", "Toss Pay", "KRW", 1_900_000),
    wallet("TouchNGo", "Touch ’n Go", "MYR", 6_200),
    wallet("TrueMoney", "TrueMoney", "THB", 50_000),
];

/// The one that a form means; the first where it names none that we know.
fn find(word: &str) -> Option<&'static Wallet> {
    ALL.iter().find(|wallet| wallet.word == word).or_else(|| ALL.first())
}

/// As people know it; the scheme where no wallet is told.
pub fn name(word: Option<&str>) -> &'static str {
    ALL.iter().find(|wallet| Some(wallet.word) == word).map_or("Alipay+", |wallet| wallet.name)
}

/// What the wallet takes, in its own currency.
pub fn mean(word: &str, money: Money) -> Mean {
    let Some(wallet) = find(word) else {
        return Mean { method: Method::Alipay, info: Object::new(), email: None, network: None };
    };
    let (fee, rate) = wallet.takes(money);
    let rate = serde_json::from_str(&rate).unwrap_or(Value::Null);
    let info: Object = [("totalFee".to_owned(), fee.into()), ("exchangeRate".to_owned(), rate)]
        .into_iter()
        .collect();
    Mean { method: Method::Alipay, info, email: None, network: Some(wallet.word.to_owned()) }
}

impl Wallet {
    /// The amount in minor units of its currency, rounded down, and the rate as it is written.
    fn takes(&self, money: Money) -> (i64, String) {
        let rate = yuan(money.currency) * self.per_yuan / 10_000;
        let ours = Currency::parse(self.currency).map_or(2, Currency::exponent);
        let (up, down) = (power(ours), power(money.currency.exponent()));
        let fee = i128::from(money.minor) * rate * up / (10_000 * down);
        let decimals = format!("{}.{:04}", rate / 10_000, rate % 10_000);
        let rate = decimals.trim_end_matches('0').trim_end_matches('.').to_owned();
        (i64::try_from(fee).unwrap_or(i64::MAX), rate)
    }
}

/// Ten-thousandths of a yuan for one unit; one to one for currencies that the sandbox has no rate for.
fn yuan(currency: Currency) -> i128 {
    match currency.code() {
        "EUR" => 78_125,
        "GBP" => 92_500,
        "CHF" => 82_000,
        "USD" => 71_500,
        _ => 10_000,
    }
}

fn power(exponent: usize) -> i128 {
    (0..exponent).fold(1, |power, _| power * 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wallet_takes_its_own_currency() {
        let takes = |word, minor, currency| find(word).unwrap().takes(Money::new(minor, currency));
        let told = |(fee, rate): (i64, String)| format!("{fee} at {rate}");
        assert_eq!(told(takes("Alipay", 1_000, Currency::EUR)), "7812 at 7.8125");
        assert_eq!(told(takes("Tinaba", 1_000, Currency::EUR)), "1000 at 1");
        assert_eq!(told(takes("GCash", 1_000, Currency::EUR)), "62500 at 62.5");
        // A won has no hundredths.
        assert_eq!(told(takes("KakaoPay", 1_000, Currency::EUR)), "14843 at 1484.375");
        assert_eq!(told(takes("Alipay", 1_000, Currency::JPY)), "100000 at 1");
        assert_eq!(told(takes("none of ours", 1_000, Currency::EUR)), "7812 at 7.8125");
    }

    #[test]
    fn every_currency_of_a_wallet_is_one() {
        assert!(ALL.iter().all(|wallet| Currency::parse(wallet.currency).is_some()));
    }
}
