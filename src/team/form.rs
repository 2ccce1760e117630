//! The form of an invitation: what was typed → what was meant.

use serde::Deserialize;

use super::commands::NewInvitation;
use super::model::{Authority, Hindrance};
use crate::auth::MerchantRole;
use crate::kernel::{EmailAddress, Lang, Texts};
use crate::web::Faults;

/// What was typed, each field as text, so that all of it comes back.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InviteForm {
    #[serde(default)]
    pub email: String,
    #[serde(default)]
    pub role: String,
    #[serde(default)]
    pub language: String,
    /// `true`: a member has this address, and another account is meant.
    #[serde(default)]
    pub is_other_account: String,
}

impl InviteForm {
    pub fn validate(&self, t: &Texts, authority: Authority) -> Result<NewInvitation, Faults> {
        let mut faults = Faults::default();
        let email = EmailAddress::parse(&self.email).ok_or_else(|| {
            if self.email.trim().is_empty() {
                t.msg_team_email_missing()
            } else {
                t.msg_team_email_wrong()
            }
        });
        let email = faults.keep("email", email);
        let role = faults.keep("role", read_role(t, authority, &self.role));
        let language = Lang::parse(&self.language).ok_or_else(|| t.msg_team_language_missing());
        let language = faults.keep("language", language);
        match (email, role, language) {
            (Some(email), Some(role), Some(language)) => Ok(NewInvitation {
                email,
                role,
                language,
                is_other_account: self.is_other_account == "true",
            }),
            _ => Err(faults),
        }
    }
}

/// A role that was chosen, if it may be given.
pub fn read_role(t: &Texts, authority: Authority, role: &str) -> Result<MerchantRole, String> {
    let role = MerchantRole::parse(role).ok_or_else(|| t.msg_team_role_missing())?;
    if authority.covers(role) { Ok(role) } else { Err(words(t, &Hindrance::BeyondYours)) }
}

/// Why a change is not made: a sentence.
pub fn words(t: &Texts, hindrance: &Hindrance) -> String {
    match hindrance {
        Hindrance::BeyondYours => t.msg_team_beyond_yours(),
        Hindrance::LastOwner => t.msg_team_last_owner(),
        Hindrance::AddressInTeam(name) => t.msg_team_address_in_team(name),
        Hindrance::TooManyOpen => t.msg_team_too_many_open(super::model::OPEN_MAX),
        Hindrance::TooManyToday => t.msg_team_too_many_today(super::model::A_DAY_MAX),
        Hindrance::TooManyToAddress => {
            t.msg_team_too_many_to_address(super::model::TO_ADDRESS_A_DAY_MAX)
        }
    }
}
