//! The payment page's form: what was typed, what was meant, what is wrong.

use chrono::{DateTime, Datelike as _, Utc};
use serde::Deserialize;
use serde_json::Value;

use super::cards::{self, Outcome};
use super::payment::{Mean, Method, Object};
use crate::kernel::{EmailAddress, Texts, text};

/// What stands on a cardholder's statement.
pub const STATEMENT: &str = "SANDBOX";

/// The fields as they were sent. It has no `Debug`: a card number must not reach a log.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    /// Names the attempt; see [`super::tokens::attempt_key`].
    pub attempt: String,
    /// What the button of a bank's, a wallet's or a waiting page says.
    pub outcome: String,
    pub way: String,
    /// Which wallet of Alipay+, by its word.
    pub wallet: String,
    pan: String,
    pub exp: String,
    cvc: String,
    pub name: String,
    pub email: String,
}

impl Typed {
    pub fn read(body: &[u8]) -> Self {
        serde_urlencoded::from_bytes(body).unwrap_or_default()
    }

    /// What may be shown again: everything but card number and security code.
    pub fn without_secrets(self) -> Self {
        Self { pan: String::new(), cvc: String::new(), ..self }
    }
}

/// A field, by its name in the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    WayMissing,
    NumberMissing,
    NumberWrong,
    ExpiryMissing,
    ExpiryWrong,
    ExpiryPast,
    CodeMissing,
    CodeWrong,
    NameMissing,
    NameWrong,
    EmailWrong,
}

impl Fault {
    pub const fn field(self) -> &'static str {
        match self {
            Self::WayMissing => "way",
            Self::NumberMissing | Self::NumberWrong => "pan",
            Self::ExpiryMissing | Self::ExpiryWrong | Self::ExpiryPast => "exp",
            Self::CodeMissing | Self::CodeWrong => "cvc",
            Self::NameMissing | Self::NameWrong => "name",
            Self::EmailWrong => "email",
        }
    }

    pub fn words(self, t: &Texts) -> String {
        match self {
            Self::WayMissing => t.msg_sandbox_gateway_fault_way(),
            Self::NumberMissing => t.msg_sandbox_gateway_fault_number_missing(),
            Self::NumberWrong => t.msg_sandbox_gateway_fault_number(),
            Self::ExpiryMissing => t.msg_sandbox_gateway_fault_expiry_missing(),
            Self::ExpiryWrong => t.msg_sandbox_gateway_fault_expiry(),
            Self::ExpiryPast => t.msg_sandbox_gateway_fault_expiry_past(),
            Self::CodeMissing => t.msg_sandbox_gateway_fault_code_missing(),
            Self::CodeWrong => t.msg_sandbox_gateway_fault_code(),
            Self::NameMissing => t.msg_sandbox_gateway_fault_name_missing(),
            Self::NameWrong => t.msg_sandbox_gateway_fault_name(),
            Self::EmailWrong => t.msg_sandbox_gateway_fault_email(),
        }
    }
}

/// What the cardholder wants to do.
pub enum Wish {
    Card(Mean, Outcome),
    Wallet,
}

/// Reads the form. `only` is the method that the merchant has chosen, if it has.
pub fn validate(
    typed: &Typed,
    only: Option<Method>,
    is_secure: bool,
    now: DateTime<Utc>,
) -> Result<Wish, Vec<Fault>> {
    match (only, typed.way.as_str()) {
        (Some(Method::CreditCard), _) | (None, "card") => card(typed, is_secure, now),
        (Some(Method::Alipay), _) | (None, "alipay") => Ok(Wish::Wallet),
        (None, _) => Err(vec![Fault::WayMissing]),
    }
}

fn card(typed: &Typed, is_secure: bool, now: DateTime<Utc>) -> Result<Wish, Vec<Fault>> {
    let number = number(&typed.pan);
    let expiry = expiry(&typed.exp, now);
    let code = security_code(&typed.cvc);
    let name = holder_name(&typed.name);
    let email = email(&typed.email);
    match (number, expiry, code, name, email) {
        (Ok(number), Ok((year, month)), Ok(()), Ok(name), Ok(email)) => {
            let (year, month) = (year.to_string(), format!("{month:02}"));
            let info = card_info(&number, &year, &month, &name, is_secure);
            let mean = Mean { method: Method::CreditCard, info, email, network: None };
            Ok(Wish::Card(mean, cards::outcome(&number)))
        }
        (number, expiry, code, name, email) => {
            let faults = [number.err(), expiry.err(), code.err(), name.err(), email.err()];
            Err(faults.into_iter().flatten().collect())
        }
    }
}

/// `paymentMeanInfo` of a card: never more of it than may be kept.
pub fn card_info(number: &str, year: &str, month: &str, name: &str, is_secure: bool) -> Object {
    let info = [
        ("cardNumber", Value::from(cards::masked(number))),
        ("cardExpireYear", Value::from(year)),
        ("cardExpireMonth", Value::from(month)),
        ("cardHolderName", Value::from(name)),
        ("cardBrand", Value::from(cards::brand(number))),
        ("is3DSecure", Value::from(is_secure)),
        ("statementDescriptor", Value::from(STATEMENT)),
    ];
    info.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn number(typed: &str) -> Result<String, Fault> {
    if typed.trim().is_empty() {
        return Err(Fault::NumberMissing);
    }
    cards::number(typed.trim()).ok_or(Fault::NumberWrong)
}

/// Year and month of `09/28`, `9/2028`, `09 / 28`. A card is good to the end of its month.
fn expiry(typed: &str, now: DateTime<Utc>) -> Result<(i32, u32), Fault> {
    if typed.trim().is_empty() {
        return Err(Fault::ExpiryMissing);
    }
    let (month, year) = typed.split_once('/').ok_or(Fault::ExpiryWrong)?;
    let digits = |text: &str, lengths: &[usize]| -> Option<u32> {
        let text = text.trim();
        let plain = text.bytes().all(|byte| byte.is_ascii_digit());
        (plain && lengths.contains(&text.len())).then(|| text.parse().ok()).flatten()
    };
    let month = digits(month, &[1, 2]).filter(|month| (1..=12).contains(month));
    let year = digits(year, &[2, 4]).map(|year| if year < 100 { 2000 + year } else { year });
    let year = year.and_then(|year| i32::try_from(year).ok());
    let (Some(month), Some(year)) = (month, year) else { return Err(Fault::ExpiryWrong) };
    if year > now.year() + 50 {
        return Err(Fault::ExpiryWrong);
    }
    if (year, month) < (now.year(), now.month()) {
        Err(Fault::ExpiryPast)
    } else {
        Ok((year, month))
    }
}

fn security_code(typed: &str) -> Result<(), Fault> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Err(Fault::CodeMissing);
    }
    let good = matches!(typed.len(), 3 | 4) && typed.bytes().all(|byte| byte.is_ascii_digit());
    if good { Ok(()) } else { Err(Fault::CodeWrong) }
}

fn holder_name(typed: &str) -> Result<String, Fault> {
    match text::line(typed, 80) {
        Ok(name) => Ok(name),
        Err(text::TextError::Empty) => Err(Fault::NameMissing),
        Err(
            text::TextError::TooLong(_) | text::TextError::Controls | text::TextError::CardNumber,
        ) => Err(Fault::NameWrong),
    }
}

fn email(typed: &str) -> Result<Option<String>, Fault> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    EmailAddress::parse(typed)
        .map(|address| Some(address.as_str().to_owned()))
        .ok_or(Fault::EmailWrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        "2026-11-25T10:00:00Z".parse().unwrap()
    }

    #[test]
    fn expiries_are_read_as_people_write_them() {
        for (typed, expected) in [
            ("09/28", Ok((2028, 9))),
            ("9/2028", Ok((2028, 9))),
            (" 11 / 26 ", Ok((2026, 11))),
            ("10/26", Err(Fault::ExpiryPast)),
            ("12/2025", Err(Fault::ExpiryPast)),
            ("13/28", Err(Fault::ExpiryWrong)),
            ("0/28", Err(Fault::ExpiryWrong)),
            ("09/208", Err(Fault::ExpiryWrong)),
            ("0928", Err(Fault::ExpiryWrong)),
            ("09/9999", Err(Fault::ExpiryWrong)),
            ("", Err(Fault::ExpiryMissing)),
        ] {
            assert_eq!(expiry(typed, now()), expected, "{typed}");
        }
    }

    #[test]
    fn a_good_card_keeps_only_what_may_be_kept() {
        let typed = Typed::read(
            b"way=card&pan=4111+1111+1111+1111&exp=09%2F28&cvc=000&name=ANNA+ROSSI&email=",
        );
        let Ok(Wish::Card(mean, outcome)) = validate(&typed, None, false, now()) else { panic!() };
        assert_eq!(outcome, Outcome::Paid);
        assert_eq!(mean.info["cardNumber"], "411111XXXXXX1111");
        assert_eq!(mean.email, None);
        let kept = Value::from(mean.info).to_string();
        assert!(!kept.contains("4111111111111111") && !kept.contains("cvc"));
    }

    #[test]
    fn an_empty_form_names_each_field_and_what_is_shown_again_has_no_secrets() {
        let faults = validate(&Typed::read(b"way=card"), None, false, now()).err().unwrap();
        let fields: Vec<_> = faults.into_iter().map(Fault::field).collect();
        assert_eq!(fields, ["pan", "exp", "cvc", "name"]);
        let typed = Typed::read(b"pan=4111&cvc=123&name=Anna").without_secrets();
        assert_eq!((typed.pan.as_str(), typed.cvc.as_str(), typed.name.as_str()), ("", "", "Anna"));
        assert_eq!(validate(&typed, None, false, now()).err(), Some(vec![Fault::WayMissing]));
    }
}
