//! Test cards: the last four digits choose what happens. This is the sandbox's own convention.

/// What becomes of an attempt at paying.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Paid,
    /// Refused with this result code.
    Declined(&'static str),
    /// Refused with 065 first; then the bank asks its customer.
    Challenge,
    /// Nothing is known for a while.
    Pending,
}

/// One line of the page's list, in the page's order.
pub const TEST_CARDS: [(&str, Outcome); 7] = [
    ("4111111111111111", Outcome::Paid),
    ("4000000000000051", Outcome::Declined("051")),
    ("4000000000070005", Outcome::Declined("005")),
    ("4000000000070054", Outcome::Declined("054")),
    ("4000000000020091", Outcome::Declined("091")),
    ("4000000000040065", Outcome::Challenge),
    ("4000000000000077", Outcome::Pending),
];

/// The outcome for a card number; one that is not in the list pays.
pub fn outcome(number: &str) -> Outcome {
    match number.get(number.len().saturating_sub(4)..) {
        Some("0051") => Outcome::Declined("051"),
        Some("0005") => Outcome::Declined("005"),
        Some("0054") => Outcome::Declined("054"),
        Some("0091") => Outcome::Declined("091"),
        Some("0065") => Outcome::Challenge,
        Some("0077") => Outcome::Pending,
        _ => Outcome::Paid,
    }
}

/// The digits of a typed card number: 13 to 19, blanks and hyphens apart, with a good check digit.
pub fn number(typed: &str) -> Option<String> {
    let digits: String = typed.chars().filter(|c| !matches!(c, ' ' | '-' | '\u{a0}')).collect();
    let plausible = (13..=19).contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && passes_luhn(&digits);
    plausible.then_some(digits)
}

/// The check of ISO/IEC 7812-1, annex B.
fn passes_luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, byte)| {
            let value = u32::from(byte.saturating_sub(b'0')) * if place % 2 == 1 { 2 } else { 1 };
            if value > 9 { value - 9 } else { value }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// First six and last four digits, six crosses between them, as the protocol masks every number.
pub fn masked(number: &str) -> String {
    let first = number.get(..6).unwrap_or_default();
    let last = number.get(number.len().saturating_sub(4)..).unwrap_or_default();
    format!("{first}XXXXXX{last}")
}

/// The brand, spelled as the gateway spells it.
pub fn brand(number: &str) -> &'static str {
    let first_two: u32 = number.get(..2).and_then(|text| text.parse().ok()).unwrap_or(0);
    match first_two {
        40..=49 => "VISA",
        22..=27 | 51..=55 => "Mcrd",
        34 | 37 => "AMEX",
        50 | 56..=69 => "Maestro",
        _ => "Unknown",
    }
}

/// Groups of four for reading: `4111 1111 1111 1111`.
pub fn grouped(number: &str) -> String {
    number.chars().enumerate().fold(String::new(), |mut text, (place, digit)| {
        if place > 0 && place % 4 == 0 {
            text.push(' ');
        }
        text.push(digit);
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_test_card_is_a_card_number_and_does_what_the_list_says() {
        for (card, expected) in TEST_CARDS {
            assert_eq!(number(&grouped(card)).as_deref(), Some(card));
            assert_eq!(outcome(card), expected, "{card}");
        }
    }

    #[test]
    fn other_texts_are_not_card_numbers() {
        for typed in
            ["", "4111111111111112", "411111111111", "4111x11111111111", "٤١١١١١١١١١١١١١١١"]
        {
            assert_eq!(number(typed), None, "{typed}");
        }
    }

    #[test]
    fn numbers_are_masked_and_branded() {
        assert_eq!(masked("4111111111111111"), "411111XXXXXX1111");
        assert_eq!(brand("4111111111111111"), "VISA");
        assert_eq!(brand("5500000000000004"), "Mcrd");
        assert_eq!(brand("378282246310005"), "AMEX");
    }
}
