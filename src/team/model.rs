//! The rules of a team: pure.

use chrono::Duration;

use crate::auth::{MerchantRole, Principal};
use crate::db::columns::text_column;
use crate::kernel::EmailAddress;

/// How long an invitation can be accepted.
pub const VALIDITY: Duration = Duration::hours(72);
/// Invitations of one merchant that may be open at a time.
pub const OPEN_MAX: i64 = 20;
/// Invitations that one merchant may send in 24 hours.
pub const A_DAY_MAX: i64 = 30;
/// Invitations to one address within a day, those that replace another included.
pub const TO_ADDRESS_A_DAY_MAX: i64 = 3;

text_column! {
    /// How an invitation ended.
    InvitationEnd {
        Accepted = "accepted",
        Withdrawn = "withdrawn",
        /// By a newer one to the same address.
        Replaced = "replaced",
    }
}

/// How much somebody may give: nobody gives a right that they lack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Authority {
    /// The platform's: any role of a merchant.
    Platform,
    /// A member's: what their own role covers.
    Role(MerchantRole),
}

impl Authority {
    #[must_use]
    pub fn of(principal: &Principal) -> Option<Self> {
        match (principal.staff, principal.current()) {
            (Some(_), _) => Some(Self::Platform),
            (None, Some(current)) => Some(Self::Role(current.role)),
            (None, None) => None,
        }
    }

    #[must_use]
    pub fn covers(self, role: MerchantRole) -> bool {
        match self {
            Self::Platform => true,
            Self::Role(own) => own.covers(role),
        }
    }
}

/// Why a change of the team is not made; each has a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hindrance {
    /// The role, before or after, may do more than who asks.
    BeyondYours,
    /// Somebody has to stay who can manage the team.
    LastOwner,
    /// A member shows this address: their name. An address does not identify an account, so that it
    /// may be meant all the same.
    AddressInTeam(String),
    TooManyOpen,
    TooManyToday,
    /// To this address, within a day.
    TooManyToAddress,
}

/// Whether the provider's address is the invited one. Apart from case: no provider of note tells
/// addresses apart by it, and people type theirs as it comes.
#[must_use]
pub fn is_same_address(one: &str, other: &str) -> bool {
    match (EmailAddress::parse(one), EmailAddress::parse(other)) {
        (Some(one), Some(other)) => one.as_str().to_lowercase() == other.as_str().to_lowercase(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sec_11_nobody_gives_a_role_that_may_do_more_than_their_own() {
        let owner = Authority::Role(MerchantRole::Owner);
        let manager = Authority::Role(MerchantRole::Manager);
        assert!(MerchantRole::ALL.iter().all(|role| Authority::Platform.covers(*role)));
        assert!(MerchantRole::ALL.iter().all(|role| owner.covers(*role)));
        assert!(manager.covers(MerchantRole::Clerk) && manager.covers(MerchantRole::Manager));
        assert!(!manager.covers(MerchantRole::Owner) && !manager.covers(MerchantRole::Developer));
    }

    #[test]
    fn sec_06_an_address_is_compared_whole_and_without_case() {
        assert!(is_same_address("Nina@Example.com", "nina@example.COM"));
        for other in ["nina@example.org", "ni.na@example.com", "nina+x@example.com", "nina", ""] {
            assert!(!is_same_address("nina@example.com", other), "{other}");
        }
        assert!(!is_same_address("", ""), "no address is nobody's");
    }
}
