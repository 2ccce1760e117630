//! The person behind a request, read afresh with each request, and what each role may do.

use serde::{Deserialize, Serialize};

use crate::db::columns::text_column;
use crate::kernel::{MerchantId, SessionId, UserId};

text_column! {
    /// What a user may do for one merchant.
    MerchantRole {
        Owner = "owner",
        Manager = "manager",
        Accountant = "accountant",
        CustomerCare = "customer_care",
        Clerk = "clerk",
        Developer = "developer",
        ReadOnly = "read_only",
    }
}

text_column! {
    /// What a person of the platform does.
    StaffRole {
        SuccessManager = "success_manager",
        Support = "support",
        Accounting = "accounting",
        Administrator = "administrator",
    }
}

/// Something that may or may not be done with a merchant's things.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    ViewEmailPayments,
    /// Create, send again, cancel.
    WriteEmailPayments,
}

/// How far a right reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    None,
    /// Only what the user made.
    Own,
    All,
}

impl MerchantRole {
    /// The table of who may do what.
    #[must_use]
    pub const fn reach(self, right: Right) -> Reach {
        match (self, right) {
            (Self::Clerk, Right::ViewEmailPayments | Right::WriteEmailPayments) => Reach::Own,
            (Self::Owner | Self::Manager | Self::CustomerCare, _)
            | (Self::Accountant | Self::Developer | Self::ReadOnly, Right::ViewEmailPayments) => {
                Reach::All
            }
            (Self::Accountant | Self::Developer | Self::ReadOnly, Right::WriteEmailPayments) => {
                Reach::None
            }
        }
    }
}

/// One of the merchants that a user works for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    pub merchant_id: MerchantId,
    pub merchant_name: String,
    pub role: MerchantRole,
    /// The merchant's time zone: what its users' pages show.
    pub time_zone: chrono_tz::Tz,
}

/// Who is signed in.
#[derive(Clone, Debug)]
pub struct Principal {
    pub session_id: SessionId,
    pub user_id: UserId,
    pub name: String,
    pub email: String,
    pub staff: Option<StaffRole>,
    pub merchants: Vec<Membership>,
    /// The merchants that a success manager looks after.
    pub managed: Vec<MerchantId>,
    pub csrf_secret: [u8; 32],
    /// The merchant that the user works for now.
    pub chosen: Option<MerchantId>,
}

impl Principal {
    /// The merchant that the user works for now: the chosen one, while it is still theirs, else the
    /// first by name.
    #[must_use]
    pub fn current(&self) -> Option<&Membership> {
        self.merchants
            .iter()
            .find(|membership| Some(membership.merchant_id) == self.chosen)
            .or_else(|| self.merchants.first())
    }

    #[must_use]
    pub fn is_success_manager(&self) -> bool {
        self.staff == Some(StaffRole::SuccessManager)
    }

    #[must_use]
    pub fn sees_email_payments(&self) -> bool {
        self.current().is_some_and(|membership| {
            membership.role.reach(Right::ViewEmailPayments) != Reach::None
        })
    }

    /// The role's word for logs and the audit.
    #[must_use]
    pub fn role(&self) -> Option<&'static str> {
        match self.staff {
            Some(staff) => Some(staff.as_str()),
            None => self.current().map(|membership| membership.role.as_str()),
        }
    }
}

/// What [`super::session`] reads from Postgres and hands to the request, as JSON.
#[derive(Serialize, Deserialize)]
pub(super) struct PrincipalJson {
    pub session_id: SessionId,
    pub user_id: UserId,
    pub name: String,
    pub email: String,
    pub staff_role: Option<String>,
    pub csrf_secret: Vec<u8>,
    pub merchants: Vec<MembershipJson>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct MembershipJson {
    pub id: MerchantId,
    #[serde(default)]
    pub name: String,
    pub role: Option<String>,
    pub zone: Option<String>,
}

impl PrincipalJson {
    /// `None` where the database knows a role that this program doesn't: access is refused.
    pub fn into_principal(self, chosen: Option<MerchantId>) -> Option<Principal> {
        let staff = match &self.staff_role {
            Some(role) => Some(StaffRole::parse(role)?),
            None => None,
        };
        let is_manager = staff == Some(StaffRole::SuccessManager);
        let managed =
            self.merchants.iter().filter(|_| is_manager).map(|merchant| merchant.id).collect();
        let merchants = self.merchants.iter().filter(|_| staff.is_none()).filter_map(membership);
        Some(Principal {
            session_id: self.session_id,
            user_id: self.user_id,
            merchants: merchants.collect(),
            managed,
            staff,
            csrf_secret: self.csrf_secret.try_into().ok()?,
            name: self.name,
            email: self.email,
            chosen,
        })
    }
}

fn membership(json: &MembershipJson) -> Option<Membership> {
    Some(Membership {
        merchant_id: json.id,
        merchant_name: json.name.clone(),
        role: MerchantRole::parse(json.role.as_deref()?)?,
        time_zone: json
            .zone
            .as_deref()
            .and_then(|zone| zone.parse().ok())
            .unwrap_or(chrono_tz::UTC),
    })
}
