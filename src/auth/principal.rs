//! The person behind a request, read afresh with each request.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::matrix::{MerchantRole, Reach, StaffRole};
use super::session::hex_secret;
use crate::kernel::{MerchantId, Right, SessionId, UserId};

/// One of the merchants that a user works for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    pub merchant_id: MerchantId,
    pub merchant_name: String,
    pub role: MerchantRole,
    /// The merchant's time zone: what pages show to those of its users who have chosen none.
    pub time_zone: chrono_tz::Tz,
    /// Notices that the user has not read, up to a hundred.
    pub unread: i64,
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
    /// The merchants that one of the platform's people looks after, whatever their role.
    pub managed: Vec<MerchantId>,
    pub csrf_secret: [u8; 32],
    /// When the provider last saw the user prove who they are, if it says so.
    pub authenticated_at: Option<DateTime<Utc>>,
    /// The time zone that the user has chosen to read by.
    pub time_zone: Option<chrono_tz::Tz>,
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

    /// How far a right of this user reaches, among the merchant that they work for now or those
    /// that they look after.
    #[must_use]
    pub fn reach(&self, right: Right) -> Reach {
        match (self.staff, self.current()) {
            (Some(staff), _) => staff.reach(right),
            (None, Some(membership)) => membership.role.reach(right),
            (None, None) => Reach::None,
        }
    }

    #[must_use]
    pub fn may(&self, right: Right) -> bool {
        self.reach(right) != Reach::None
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
#[derive(Deserialize)]
pub(super) struct PrincipalJson {
    pub session_id: SessionId,
    pub user_id: UserId,
    pub name: String,
    pub email: String,
    pub staff_role: Option<String>,
    #[serde(deserialize_with = "hex_secret")]
    pub csrf_secret: [u8; 32],
    pub authenticated_at: Option<DateTime<Utc>>,
    pub time_zone: Option<String>,
    pub merchants: Vec<MembershipJson>,
}

#[derive(Deserialize)]
pub(super) struct MembershipJson {
    pub id: MerchantId,
    #[serde(default)]
    pub name: String,
    pub role: Option<String>,
    pub zone: Option<String>,
    #[serde(default)]
    pub unread: i64,
}

impl PrincipalJson {
    /// `None` where the database knows a role that this program doesn't: access is refused.
    pub fn into_principal(self, chosen: Option<MerchantId>) -> Option<Principal> {
        let staff = match &self.staff_role {
            Some(role) => Some(StaffRole::parse(role)?),
            None => None,
        };
        let managed =
            self.merchants.iter().filter(|_| staff.is_some()).map(|merchant| merchant.id).collect();
        let merchants = self.merchants.iter().filter(|_| staff.is_none()).filter_map(membership);
        Some(Principal {
            session_id: self.session_id,
            user_id: self.user_id,
            merchants: merchants.collect(),
            managed,
            staff,
            csrf_secret: self.csrf_secret,
            authenticated_at: self.authenticated_at,
            time_zone: self.time_zone.as_deref().and_then(|zone| zone.parse().ok()),
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
        unread: json.unread,
    })
}
