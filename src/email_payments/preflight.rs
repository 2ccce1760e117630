//! What a request should be looked at for before it is sent: a mistyped domain, the same request
//! twice, an amount far from the usual, a link that hardly lives. Warnings, never refusals. Pure.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Datelike as _, NaiveDate, Utc, Weekday};

use super::form::CreateForm;
use super::queries::MerchantView;
use crate::crypto;
use crate::kernel::{Currency, EmailAddress, EmailPaymentId, Lang, Money, Texts, money_grouped};

/// Domains where people in our languages have their mail. Whoever writes one of them is understood;
/// whoever writes nearly one of them is asked.
const COMMON: &[&str] = &[
    "gmail.com",
    "googlemail.com",
    "hotmail.com",
    "hotmail.it",
    "hotmail.es",
    "hotmail.fr",
    "hotmail.de",
    "hotmail.co.uk",
    "outlook.com",
    "outlook.it",
    "outlook.es",
    "outlook.fr",
    "outlook.de",
    "live.com",
    "live.it",
    "live.fr",
    "live.co.uk",
    "msn.com",
    "yahoo.com",
    "yahoo.it",
    "yahoo.es",
    "yahoo.fr",
    "yahoo.de",
    "yahoo.co.uk",
    "ymail.com",
    "icloud.com",
    "me.com",
    "mac.com",
    "libero.it",
    "virgilio.it",
    "alice.it",
    "tin.it",
    "tim.it",
    "tiscali.it",
    "fastwebnet.it",
    "aruba.it",
    "pec.it",
    "legalmail.it",
    "email.it",
    "orange.fr",
    "wanadoo.fr",
    "free.fr",
    "sfr.fr",
    "neuf.fr",
    "bbox.fr",
    "laposte.net",
    "telefonica.net",
    "movistar.es",
    "terra.es",
    "gmx.com",
    "gmx.net",
    "gmx.de",
    "gmx.fr",
    "web.de",
    "t-online.de",
    "proton.me",
    "protonmail.com",
    "aol.com",
    "btinternet.com",
    "comcast.net",
];
/// Domains that exist and are one letter away from a common one.
const REAL: [&str; 4] = ["mail.com", "email.com", "cloud.com", "rmail.com"];
/// Endings that do not exist, and the ones that were meant.
const ENDINGS: [(&str, &str); 19] = [
    ("con", "com"),
    ("cmo", "com"),
    ("ocm", "com"),
    ("comm", "com"),
    ("coom", "com"),
    ("vom", "com"),
    ("xom", "com"),
    ("cpm", "com"),
    ("cim", "com"),
    ("clm", "com"),
    ("nte", "net"),
    ("ner", "net"),
    ("ney", "net"),
    ("ogr", "org"),
    ("orgg", "org"),
    ("itt", "it"),
    ("ti", "it"),
    ("iy", "it"),
    ("frr", "fr"),
];
/// Names this short are a letter away from too much: `aol`, `gmx`, `free`.
const NAME_MIN: usize = 5;
/// From this length on two letters may be wrong.
const NAME_LONG: usize = 8;

/// Fewer amounts tell nothing about what is usual.
const AMOUNTS_MIN: usize = 20;
/// So many times the median, up or down, is far; and so many times what only one in twenty passes, for
/// merchants whose amounts lie far apart anyway.
const FAR_FROM_MEDIAN: i64 = 5;
const FAR_FROM_EDGE: i64 = 2;

/// What is asked about, as far as it can be read.
pub struct Question {
    /// As typed.
    pub address: String,
    pub amount: Option<Money>,
    pub last_day: Option<NaiveDate>,
    /// In the merchant's zone.
    pub today: NaiveDate,
}

impl Question {
    pub fn of(form: &CreateForm, merchant: &MerchantView, now: DateTime<Utc>) -> Self {
        let currency = Currency::parse(&form.currency);
        Self {
            address: form.customer_email.trim().to_owned(),
            amount: currency.and_then(|currency| Money::parse(&form.amount, currency).ok()),
            last_day: form.expires_on.trim().parse().ok(),
            today: now.with_timezone(&merchant.zone()).date_naive(),
        }
    }
}

/// What the database knows about it; see `queries/preflight.rs`.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Domains to which the merchant writes again and again.
    pub own_domains: Vec<String>,
    /// Recent amounts of the currency in question, in minor units.
    pub amounts: Vec<i64>,
    /// The latest request for the same amount to the same address within a day.
    pub twin: Option<Twin>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Twin {
    pub id: EmailPaymentId,
    pub order_id: String,
    pub created_at: DateTime<Utc>,
}

/// Something to look at before sending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Warning {
    /// The address is probably mistyped; the one that was probably meant.
    Address {
        suggestion: String,
    },
    Twin(Twin),
    /// So many times the usual amount.
    High {
        amount: Money,
        times: i64,
        usual: Money,
        of: usize,
    },
    /// So many times smaller than the usual amount.
    Low {
        amount: Money,
        times: i64,
        usual: Money,
        of: usize,
    },
    /// The link ends today, tomorrow, or before the weekend is over.
    Today,
    Tomorrow,
    Weekend,
}

impl Warning {
    pub fn words(&self, t: &Texts, lang: Lang) -> String {
        let number = |times: i64| money_grouped(times.unsigned_abs(), lang);
        match self {
            Self::Address { suggestion } => t.msg_check_address(suggestion),
            Self::Twin(_) => t.msg_check_twin(),
            Self::High { times, usual, of, .. } => {
                t.msg_check_high(number(*times), *of, usual.with_code(lang))
            }
            Self::Low { times, usual, of, .. } => {
                t.msg_check_low(number(*times), *of, usual.with_code(lang))
            }
            Self::Today => t.msg_check_today(),
            Self::Tomorrow => t.msg_check_tomorrow(),
            Self::Weekend => t.msg_check_weekend(),
        }
    }

    pub fn suggestion(&self) -> Option<&str> {
        if let Self::Address { suggestion } = self { Some(suggestion) } else { None }
    }

    pub fn twin(&self) -> Option<&Twin> {
        if let Self::Twin(twin) = self { Some(twin) } else { None }
    }

    /// What it is about: a warning that has been seen does not hold a request up again.
    fn mark(&self) -> String {
        let about = match self {
            Self::Address { suggestion } => format!("address {suggestion}"),
            Self::Twin(twin) => format!("twin {}", twin.id),
            Self::High { amount, .. } => {
                format!("high {} {}", amount.minor, amount.currency.code())
            }
            Self::Low { amount, .. } => format!("low {} {}", amount.minor, amount.currency.code()),
            Self::Today => "today".to_owned(),
            Self::Tomorrow => "tomorrow".to_owned(),
            Self::Weekend => "weekend".to_owned(),
        };
        let hash = crypto::hash(&about);
        URL_SAFE_NO_PAD.encode(hash.get(..6).unwrap_or_default())
    }
}

/// The marks of what is shown, for the form to carry.
pub fn marks(warnings: &[Warning]) -> String {
    warnings.iter().map(Warning::mark).collect::<Vec<_>>().join(".")
}

/// Whether a form carries the marks of all these warnings.
pub fn are_seen(warnings: &[Warning], seen: &str) -> bool {
    warnings.iter().all(|warning| seen.split('.').any(|mark| mark == warning.mark()))
}

/// Everything that should be looked at, in the order of the form.
pub fn check(question: &Question, facts: &Facts) -> Vec<Warning> {
    let mut all = Vec::new();
    all.extend(
        suggestion(&question.address, &facts.own_domains)
            .map(|suggestion| Warning::Address { suggestion }),
    );
    all.extend(facts.twin.clone().map(Warning::Twin));
    all.extend(question.amount.and_then(|amount| far(amount, &facts.amounts)));
    all.extend(question.last_day.and_then(|last_day| short(question.today, last_day)));
    all
}

/// Whether an amount is far from the usual one, the median of recent requests; and by how much.
fn far(amount: Money, recent: &[i64]) -> Option<Warning> {
    let mut sorted = recent.to_vec();
    sorted.sort_unstable();
    let of = sorted.len();
    if of < AMOUNTS_MIN {
        return None;
    }
    let at = |percent: usize| sorted.get((of * percent / 100).min(of - 1)).copied();
    let (low, median, high) = (at(5)?, at(50)?.max(1), at(95)?);
    let usual = Money::new(median, amount.currency);
    let minor = amount.minor.max(1);
    if minor >= median.saturating_mul(FAR_FROM_MEDIAN)
        && minor >= high.saturating_mul(FAR_FROM_EDGE)
    {
        return Some(Warning::High { amount, times: minor / median, usual, of });
    }
    if minor.saturating_mul(FAR_FROM_MEDIAN) <= median && minor.saturating_mul(FAR_FROM_EDGE) <= low
    {
        return Some(Warning::Low { amount, times: median / minor, usual, of });
    }
    None
}

fn short(today: NaiveDate, last_day: NaiveDate) -> Option<Warning> {
    match (last_day - today).num_days() {
        0 => Some(Warning::Today),
        1 => Some(Warning::Tomorrow),
        2 if last_day.weekday() == Weekday::Sun => Some(Warning::Weekend),
        _ => None,
    }
}

/// The address that was probably meant; `None` where nothing looks mistyped, or nobody could tell.
/// A guess: a domain of one's own may be a letter away from a common one.
pub fn suggestion(typed: &str, own: &[String]) -> Option<String> {
    let (local, domain) = typed.rsplit_once('@')?;
    let meant = domain_meant(&domain.to_lowercase(), own)?;
    let address = EmailAddress::parse(&format!("{local}@{meant}"))?;
    Some(address.as_str().to_owned())
}

fn domain_meant(typed: &str, own: &[String]) -> Option<String> {
    let known: Vec<&str> = COMMON.iter().copied().chain(own.iter().map(String::as_str)).collect();
    let tidy = tidied(typed);
    if known.contains(&tidy.as_str()) || REAL.contains(&tidy.as_str()) {
        return (tidy != typed).then_some(tidy);
    }
    let Some((name, ending)) = tidy.rsplit_once('.') else {
        // No dot at all: `gmail`, `gmailcom`.
        let without_dots = |domain: &&&str| domain.replace('.', "") == tidy;
        let by_name = |domain: &&&str| first_label(domain) == tidy;
        let found = known.iter().find(without_dots).or_else(|| known.iter().find(by_name));
        return found.map(|domain| (*domain).to_owned());
    };
    let fixed = ENDINGS.iter().find(|(wrong, _)| *wrong == ending);
    let candidate = fixed.map_or_else(|| tidy.clone(), |(_, meant)| format!("{name}.{meant}"));
    if known.contains(&candidate.as_str()) {
        return Some(candidate);
    }
    let near = known.iter().find(|domain| is_near(&candidate, domain, &known));
    match near {
        Some(domain) => Some((*domain).to_owned()),
        None => fixed.map(|_| candidate),
    }
}

/// Without what slips in between letters: blanks, commas for dots, two dots.
fn tidied(domain: &str) -> String {
    let dotted = domain.replace([',', ';'], ".");
    let labels: Vec<&str> =
        dotted.split('.').map(str::trim).filter(|label| !label.is_empty()).collect();
    labels.join(".")
}

fn first_label(domain: &str) -> &str {
    domain.split('.').next().unwrap_or_default()
}

/// Whether a domain is a slip of the finger away from a known one.
fn is_near(typed: &str, domain: &str, known: &[&str]) -> bool {
    let (name, length) = (first_label(domain), first_label(domain).chars().count());
    if length < NAME_MIN {
        return false;
    }
    if first_label(typed) == name {
        // Another country's domain of the same name may be as real: `hotmail.ie`.
        let is_only_one = known.iter().filter(|other| first_label(other) == name).count() == 1;
        return is_only_one && distance(typed, domain) == 1;
    }
    distance(typed, domain) <= if length >= NAME_LONG { 2 } else { 1 }
}

/// Letters that are missing, too many, wrong, or in each other's place (optimal string alignment).
fn distance(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=other.len()).collect();
    for (row, letter) in one.iter().enumerate() {
        let mut next = vec![row + 1];
        for (column, theirs) in other.iter().enumerate() {
            let at = |line: &[usize], place: usize| line.get(place).copied().unwrap_or(usize::MAX);
            let changed = at(&last, column) + usize::from(letter != theirs);
            let mut best = changed.min(at(&last, column + 1) + 1).min(at(&next, column) + 1);
            let is_swapped = row > 0
                && column > 0
                && one.get(row - 1) == Some(theirs)
                && other.get(column - 1) == Some(letter);
            if is_swapped {
                best = best.min(at(&before, column - 1) + 1);
            }
            next.push(best);
        }
        before = std::mem::replace(&mut last, next);
    }
    last.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistyped_domains_are_seen() {
        for (typed, meant) in [
            ("gmial.com", "gmail.com"),
            ("gamil.com", "gmail.com"),
            ("gmal.com", "gmail.com"),
            ("gmaill.com", "gmail.com"),
            ("gnail.com", "gmail.com"),
            ("gmail.con", "gmail.com"),
            ("gmail.co", "gmail.com"),
            ("gmail.cm", "gmail.com"),
            ("gmial.con", "gmail.com"),
            ("gmail", "gmail.com"),
            ("gmailcom", "gmail.com"),
            ("gmail,com", "gmail.com"),
            ("gmail..com", "gmail.com"),
            ("gmail.com.", "gmail.com"),
            ("GMIAL.COM", "gmail.com"),
            ("hotmial.it", "hotmail.it"),
            ("hotmai.com", "hotmail.com"),
            ("hotmail", "hotmail.com"),
            ("outlok.it", "outlook.it"),
            ("yaho.it", "yahoo.it"),
            ("libero.ti", "libero.it"),
            ("virgigli.it", "virgilio.it"),
            ("orage.fr", "orange.fr"),
            ("icluod.com", "icloud.com"),
            ("bottega-rossi.con", "bottega-rossi.com"),
            ("belini.example", "bellini.example"),
        ] {
            let own = ["bellini.example".to_owned()];
            assert_eq!(
                suggestion(&format!("anna.r@{typed}"), &own),
                Some(format!("anna.r@{meant}")),
                "{typed}"
            );
        }
    }

    #[test]
    fn good_domains_are_left_alone() {
        for typed in [
            "gmail.com",
            "mail.com",
            "ymail.com",
            "email.com",
            "hotmail.ie",
            "outlook.at",
            "aon.com",
            "gmx.at",
            "me.it",
            "example.it",
            "studio-conti.it",
            "tin.it",
            "cloud.com",
            "münchen.example",
        ] {
            assert_eq!(suggestion(&format!("a@{typed}"), &[]), None, "{typed}");
        }
        for typed in ["", "anna", "@gmial.com", "a b@gmial.com", "anna@"] {
            assert_eq!(suggestion(typed, &[]), None, "{typed}");
        }
        assert_eq!(suggestion("a@gmial.com", &["gmial.com".to_owned()]), None, "used often");
    }

    #[test]
    fn a_swap_is_one_slip() {
        for (one, other, slips) in
            [("", "", 0), ("ab", "ba", 1), ("gmial", "gmail", 1), ("abc", "", 3), ("ca", "abc", 3)]
        {
            assert_eq!(distance(one, other), slips, "{one} {other}");
            assert_eq!(distance(other, one), slips, "{other} {one}");
        }
    }

    fn euro(minor: i64) -> Money {
        Money::new(minor, Currency::EUR)
    }

    #[test]
    fn an_amount_is_far_by_the_median_and_by_what_is_rare() {
        let narrow: Vec<i64> = (0..100).map(|place| 9_000 + place * 20).collect();
        assert_eq!(
            far(euro(120_000), &narrow),
            Some(Warning::High { amount: euro(120_000), times: 12, usual: euro(10_000), of: 100 })
        );
        assert_eq!(
            far(euro(500), &narrow),
            Some(Warning::Low { amount: euro(500), times: 20, usual: euro(10_000), of: 100 })
        );
        for usual in [2_500, 9_000, 10_000, 49_999] {
            assert_eq!(far(euro(usual), &narrow), None, "{usual}");
        }
        // From 1 to 100,000: far from the middle is nothing rare.
        let wide: Vec<i64> = (0..100).map(|place| 100 + place * place * 1_000).collect();
        assert_eq!(far(euro(9_000_000), &wide), None);
        assert!(matches!(far(euro(90_000_000), &wide), Some(Warning::High { .. })));
        // One that was mistyped before changes nothing.
        let mut spoilt = narrow.clone();
        spoilt.push(900_000_000);
        assert!(matches!(far(euro(120_000), &spoilt), Some(Warning::High { times: 12, .. })));
        assert_eq!(far(euro(120_000), &narrow[..19]), None, "too few to tell");
        assert_eq!(far(euro(i64::MAX), &[0; 20]).map(|_| ()), Some(()), "no overflow");
    }

    #[test]
    fn a_link_that_hardly_lives_is_told() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        // 27 November 2026 is a Friday.
        for (today, last, expected) in [
            ("2026-11-27", "2026-11-27", Some(Warning::Today)),
            ("2026-11-27", "2026-11-28", Some(Warning::Tomorrow)),
            ("2026-11-27", "2026-11-29", Some(Warning::Weekend)),
            ("2026-11-26", "2026-11-28", None),
            ("2026-11-27", "2026-11-30", None),
            ("2026-11-27", "2026-11-20", None),
        ] {
            assert_eq!(short(day(today), day(last)), expected, "{today} {last}");
        }
    }

    #[test]
    fn what_was_seen_holds_nothing_up_and_what_is_new_does() {
        let first = Warning::Address { suggestion: "a@gmail.com".to_owned() };
        let both = [first.clone(), Warning::Today];
        let seen = marks(&both);
        assert!(are_seen(&both, &seen) && are_seen(&[first], &seen) && are_seen(&[], ""));
        assert!(!are_seen(&both, "") && !are_seen(&[Warning::Tomorrow], &seen));
        let other = Warning::Address { suggestion: "b@gmail.com".to_owned() };
        assert!(!are_seen(&[other], &seen));
    }
}
