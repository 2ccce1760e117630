//! Revisions of the protocol: which form a request has and which members an answer has.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A protocol revision. `002.73` is 273.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Version(u32);

impl Version {
    /// What the account call assumes when nothing is said.
    pub const DEFAULT: Self = Self(250);
    /// From here on, an answer lists every transaction, not only initial ones.
    pub const ALL_TRANSACTIONS: Self = Self(251);
    /// From here on, `paymentType` is called `paymentMethod`.
    pub const PAYMENT_METHOD: Self = Self(260);
    /// From here on, an attempt carries the order's id and description.
    pub const ORDER_IN_ATTEMPT: Self = Self(261);
    /// From here on, shopper, order and shipping are objects.
    pub const NESTED: Self = Self(270);
    /// From here on, clients take words that their lists don't have; and accounts have themes.
    pub const OPEN_LISTS: Self = Self(273);

    pub fn parse(text: &str) -> Option<Self> {
        let (major, minor) = text.split_once('.').unwrap_or((text, "00"));
        let well_formed = major.len() == 3
            && minor.len() == 2
            && [major, minor].iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
        let number = |part: &str| part.parse::<u32>().ok();
        well_formed.then_some(Self(number(major)? * 100 + number(minor)?))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:03}.{:02}", self.0 / 100, self.0 % 100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn revisions_are_read_written_and_ordered() {
        let version = Version::parse("002.73").unwrap();
        assert_eq!(version.to_string(), "002.73");
        assert!(version > Version::NESTED);
        assert!(Version::parse("002").unwrap() < Version::ALL_TRANSACTIONS);
        for text in ["", "2", "2.70", "002.7", "abc.de", "002.+1"] {
            assert_eq!(Version::parse(text), None, "{text}");
        }
    }
}
