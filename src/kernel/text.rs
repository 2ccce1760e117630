//! Text that people type: what is let in, and what is kept out of logs.

use std::ops::Range;

/// Why a text was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextError {
    /// Nothing but blanks, where something is needed.
    Empty,
    /// More characters than fit; the limit.
    TooLong(usize),
    /// A control or direction-changing character (SEC-15, SEC-19).
    Controls,
    /// A full card number: it must not be kept here (PCI DSS 3.3).
    CardNumber,
}

/// A part of an address, such as a password, as it was before it was written into it; as it stands there
/// where it can't be read.
#[must_use]
pub fn percent_decoded(text: &str) -> String {
    // Only in forms is a plus sign a blank.
    serde_urlencoded::from_str::<Vec<(String, String)>>(&format!("x={}", text.replace('+', "%2B")))
        .ok()
        .and_then(|pairs| pairs.into_iter().next())
        .map_or_else(|| text.to_owned(), |(_, value)| value)
}

/// One line, trimmed, of 1 to `length_max` characters.
///
/// # Errors
/// [`TextError`], the first that applies.
pub fn line(typed: &str, length_max: usize) -> Result<String, TextError> {
    match optional_line(typed, length_max)? {
        text if text.is_empty() => Err(TextError::Empty),
        text => Ok(text),
    }
}

/// One line, trimmed, of at most `length_max` characters; may be empty.
///
/// # Errors
/// [`TextError`], the first that applies.
pub fn optional_line(typed: &str, length_max: usize) -> Result<String, TextError> {
    check(typed.trim().to_owned(), length_max, has_controls)
}

/// Several lines with `\n` between them, trimmed, of at most `length_max` characters; may be empty.
///
/// # Errors
/// [`TextError`], the first that applies.
pub fn lines(typed: &str, length_max: usize) -> Result<String, TextError> {
    let unix = typed.replace("\r\n", "\n");
    check(unix.trim().to_owned(), length_max, |text| {
        text.chars().any(|c| c != '\n' && is_control(c))
    })
}

fn check(
    text: String,
    length_max: usize,
    has_controls: impl Fn(&str) -> bool,
) -> Result<String, TextError> {
    if text.chars().count() > length_max {
        return Err(TextError::TooLong(length_max));
    }
    if has_controls(&text) {
        return Err(TextError::Controls);
    }
    if holds_card_number(&text) {
        return Err(TextError::CardNumber);
    }
    Ok(text)
}

/// Whether a text holds a control or a direction-changing character, line breaks included.
#[must_use]
pub fn has_controls(text: &str) -> bool {
    text.chars().any(is_control)
}

/// A text of somebody else's without what could change how it reads: blanks folded, controls and
/// direction-changing characters taken out.
#[must_use]
pub fn without_controls(text: &str) -> String {
    let line: Vec<&str> = text.split_whitespace().collect();
    line.join(" ").chars().filter(|c| !is_control(*c)).collect()
}

/// Control characters (Unicode Cc), line and paragraph separators, and the characters that change
/// the direction of the text around them (UAX 9), which can make one thing look like another.
const fn is_control(c: char) -> bool {
    matches!(c, '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}')
        || matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        || matches!(c, '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

/// Whether a text holds what looks like a full card number: groups of digits, with blanks or hyphens
/// between them, that are together as many as a brand has, begin as it does and have a good check digit
/// (ISO/IEC 7812-1). Other digits may stand beside it: a date of expiry, a code.
#[must_use]
pub fn holds_card_number(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    runs(&chars).any(|run| !card_numbers(run).is_empty())
}

/// A text in which what looks like a full card number keeps its first six and last four digits only
/// (PCI DSS 3.4).
#[must_use]
pub fn mask_card_numbers(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut masked = String::with_capacity(text.len());
    for run in runs(&chars) {
        let numbers = card_numbers(run);
        let mut place = 0;
        for c in run {
            let hides = |number: &Range<usize>| (number.start + 6..number.end - 4).contains(&place);
            let is_hidden = c.is_ascii_digit() && numbers.iter().any(hides);
            place += usize::from(c.is_ascii_digit());
            masked.push(if is_hidden { '*' } else { *c });
        }
    }
    masked
}

/// A text in pieces: digits with what may stand between those of a number, and what is neither.
fn runs(text: &[char]) -> impl Iterator<Item = &[char]> {
    let is_of_number = |c: &char| c.is_ascii_digit() || matches!(c, ' ' | '-' | '\u{a0}');
    text.chunk_by(move |one, next| is_of_number(one) == is_of_number(next))
}

/// Where card numbers stand among the digits of a run, each from the beginning of a group of digits to
/// the end of one.
fn card_numbers(run: &[char]) -> Vec<Range<usize>> {
    let (mut digits, mut groups): (Vec<u8>, Vec<usize>) = (Vec::new(), Vec::new());
    let mut is_new = true;
    for c in run {
        match c.to_digit(10).and_then(|digit| u8::try_from(digit).ok()) {
            Some(digit) => {
                if is_new {
                    groups.push(digits.len());
                }
                digits.push(digit);
                is_new = false;
            }
            None => is_new = true,
        }
    }
    let ends: Vec<usize> = groups.iter().skip(1).copied().chain([digits.len()]).collect();
    let mut numbers: Vec<Range<usize>> = Vec::new();
    for start in groups {
        if numbers.last().is_some_and(|last| start < last.end) {
            continue;
        }
        let is_number = |end: &&usize| digits.get(start..**end).is_some_and(is_card_number);
        numbers.extend(ends.iter().find(is_number).map(|end| start..*end));
    }
    numbers
}

fn is_card_number(digits: &[u8]) -> bool {
    let is_of_brand = match digits {
        // American Express; Diners; JCB.
        [3, 4 | 7, ..] => digits.len() == 15,
        [3, 0 | 6 | 8, ..] => (14..=19).contains(&digits.len()),
        [3, 5, ..] => (16..=19).contains(&digits.len()),
        // Visa.
        [4, ..] => matches!(digits.len(), 13 | 16 | 19),
        // Mastercard; Maestro, Discover and UnionPay.
        [5, 1..=5, ..] | [2, 2..=7, ..] => digits.len() == 16,
        [5, 0 | 6..=9, ..] | [6, 0 | 2..=5 | 7, ..] => (13..=19).contains(&digits.len()),
        _ => false,
    };
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let value = u32::from(*digit) * if place % 2 == 1 { 2 } else { 1 };
            if value > 9 { value - 9 } else { value }
        })
        .sum();
    is_of_brand && sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sec_19_a_card_number_keeps_its_first_six_and_last_four_digits() {
        for (typed, kept) in [
            ("4111 1111 1111 1111 was refused", "4111 11** **** 1111 was refused"),
            ("card:4111111111111111.", "card:411111******1111."),
            ("4111 1111 1111 1111 12/27 123", "4111 11** **** 1111 12/27 123"),
            ("12 378282246310005 03/29", "12 378282*****0005 03/29"),
            ("order 4111111111111112", "order 4111111111111112"),
            ("call 0039 02 1234567", "call 0039 02 1234567"),
        ] {
            assert_eq!(mask_card_numbers(typed), kept);
            assert!(!holds_card_number(&mask_card_numbers(typed)));
        }
    }

    #[test]
    fn a_line_is_trimmed_bounded_and_free_of_controls() {
        assert_eq!(line("  Vaso “Onda” 🏺 ", 20), Ok("Vaso “Onda” 🏺".to_owned()));
        assert_eq!(line(" \t ", 20), Err(TextError::Empty));
        assert_eq!(line(&"x".repeat(10_000), 100), Err(TextError::TooLong(100)));
        for hostile in ["a\r\nBcc: x", "a\0b", "a\u{202e}b", "a\u{2066}b", "a\u{85}b"] {
            assert_eq!(line(hostile, 100), Err(TextError::Controls), "{hostile:?}");
        }
        for harmless in ["<script>alert(1)</script>", "{{7*7}}", "'; DROP TABLE x; --", "%s%n"] {
            assert_eq!(line(harmless, 100), Ok(harmless.to_owned()));
        }
    }

    #[test]
    fn lines_keep_their_breaks() {
        assert_eq!(lines("Ciao,\r\nAnna\r\n", 100), Ok("Ciao,\nAnna".to_owned()));
        assert_eq!(lines("a\rb", 100), Err(TextError::Controls));
    }

    #[test]
    fn sec_19_words_of_others_lose_their_controls_and_keep_the_rest() {
        assert_eq!(
            without_controls(" 550 5.1.1\r\n no\u{202e} such\u{0}\tuser\u{1b}[31m "),
            "550 5.1.1 no such user[31m"
        );
    }

    #[test]
    fn sec_19_card_numbers_are_seen() {
        for text in [
            "4111111111111111",
            "card 4111 1111 1111 1111 please",
            "4111 1111 1111 1111 12/27",
            "4111 1111 1111 1111 123",
            "12 4111-1111-1111-1111",
            "378282246310005 03/29",
            "5500-0000-0000-0004",
            "378282246310005",
        ] {
            assert!(holds_card_number(text), "{text}");
        }
        for text in [
            "4111111111111112",
            "12345678901234567890",
            "IBAN IT60X0542811101000000123456",
            "order 1234567890123",
        ] {
            assert!(!holds_card_number(text), "{text}");
        }
    }
}
