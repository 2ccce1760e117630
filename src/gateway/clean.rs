//! Texts of the gateway, made fit to be kept: no control characters, never longer than a column.

pub fn cut(text: &str, length_max: usize) -> String {
    text.chars().filter(|c| !c.is_control()).take(length_max).collect()
}

/// The same; `None` for nothing, and for `NA`, which clients send where they know nothing.
pub fn filled(text: &str, length_max: usize) -> Option<String> {
    let text = cut(text.trim(), length_max);
    (!text.is_empty() && text != "NA").then_some(text)
}

/// First six and last four, whatever came: a number that arrives unmasked is masked here.
pub fn mask(number: &str) -> Option<String> {
    let length = number.chars().count();
    let known = number.chars().all(|c| c.is_ascii_digit() || matches!(c, 'X' | 'x' | '*'));
    (known && (10..=19).contains(&length)).then(|| {
        let hide = |(place, c)| if place < 6 || place + 4 >= length { c } else { 'X' };
        number.to_ascii_uppercase().chars().enumerate().map(hide).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sec_19_of_a_card_only_six_and_four_digits_are_kept() {
        assert_eq!(mask("411111XXXXXX1111").as_deref(), Some("411111XXXXXX1111"));
        assert_eq!(mask("4111111111111111").as_deref(), Some("411111XXXXXX1111"));
        assert_eq!(mask("<script>"), None);
    }

    #[test]
    fn nothing_has_many_forms() {
        assert_eq!(filled(" NA ", 10), None);
        assert_eq!(filled("\u{7}", 10), None);
        assert_eq!(filled("Anna Ricci", 4).as_deref(), Some("Anna"));
    }
}
