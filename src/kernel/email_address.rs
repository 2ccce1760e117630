//! An address that a mail can be sent to.

use std::fmt;

use super::text;

/// An e-mail address as people have them: `local@domain.tld`, at most 100 characters (the gateway's
/// limit), no quoted local parts, no address literals. Kept as typed, but for the domain in lower case.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct EmailAddress(String);

impl EmailAddress {
    pub const LENGTH_MAX: usize = 100;

    /// Reads what a person typed; `None` if a mail could not be sent there.
    #[must_use]
    pub fn parse(typed: &str) -> Option<Self> {
        let typed = typed.trim();
        let (local, domain) = typed.rsplit_once('@')?;
        let local_ok = !local.is_empty()
            && local.len() <= 64
            && !local.starts_with('.')
            && !local.ends_with('.')
            && !local.contains("..")
            && local.chars().all(is_local);
        let labels = || domain.split('.');
        let domain_ok = labels().count() >= 2
            && labels().all(is_label)
            && labels().next_back().is_some_and(|top| top.chars().any(char::is_alphabetic));
        if !local_ok || !domain_ok || typed.chars().count() > Self::LENGTH_MAX {
            return None;
        }
        Some(Self(format!("{local}@{}", domain.to_lowercase())))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_local(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+/=?^_`{|}~.-".contains(c)
}

fn is_label(label: &str) -> bool {
    !label.is_empty()
        && label.len() <= 63
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.chars().all(|c| c == '-' || c.is_alphanumeric())
        && !text::has_controls(label)
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Addresses are personal data: a log that prints one by accident shows only the domain.
impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "…@{}", self.0.rsplit('@').next().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_people_have_are_read() {
        for typed in ["a.ricci@example.it", " O'Neil+pay@sub.example.co.uk ", "x@münchen.example"]
        {
            assert!(EmailAddress::parse(typed).is_some(), "{typed}");
        }
        assert_eq!(EmailAddress::parse("A@EXAMPLE.it").map(|a| a.0), Some("A@example.it".into()));
    }

    #[test]
    fn what_no_mail_reaches_is_refused() {
        for typed in [
            "",
            "plain",
            "@example.it",
            "a@",
            "a@b",
            "a@@b.it",
            "a b@example.it",
            "a@ex ample.it",
            "a@example..it",
            ".a@example.it",
            "a.@example.it",
            "a..b@example.it",
            "a@-example.it",
            "a@example.it\r\nBcc: b@example.it",
            "a@example.it,b@example.it",
            "a@1.2",
            "a@exam\u{202e}ple.it",
            "a\u{0}@example.it",
            "<a@example.it>",
        ] {
            assert!(EmailAddress::parse(typed).is_none(), "{typed:?}");
        }
    }

    #[test]
    fn a_log_shows_no_name() {
        let address = EmailAddress::parse("anna.rossi@example.it").unwrap();
        assert_eq!(format!("{address:?}"), "…@example.it");
    }
}
