//! Each kind of person, and what they may: the permission matrix, once more, by hand.

use central::kernel::Right;
use central::web::Audience::{
    self, Api, Both, Merchant, MerchantUser, Peer, Public, SignedIn, Staff, StaffApi,
};

use crate::support::*;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Persona {
    Nobody,
    Owner,
    Clerk,
    Accountant,
    /// Read-only at the first merchant, and owner of the second.
    ReadOnly,
    SuccessManager,
    Support,
    Administrator,
    /// Of the platform.
    PlatformAccountant,
}

impl Persona {
    pub const ALL: [(Self, &'static str); 9] = [
        (Self::Nobody, ""),
        (Self::Owner, ANNA),
        (Self::Clerk, CARLA),
        (Self::Accountant, ALDO),
        (Self::ReadOnly, BRUNO),
        (Self::SuccessManager, SOFIA),
        (Self::Support, TOM),
        (Self::Administrator, ADA),
        (Self::PlatformAccountant, IRENE),
    ];

    pub const fn may(self, audience: Audience) -> bool {
        match audience {
            Public | Peer => true,
            SignedIn => !matches!(self, Self::Nobody),
            MerchantUser => self.is_merchants(),
            Merchant(right) => self.is_merchants() && self.has(right),
            Staff(right) => !self.is_merchants() && self.has(right),
            Both(right) => self.has(right),
            // A program is let in by its token; a person's cookie is none.
            Api(_) | StaffApi(_) => false,
        }
    }

    const fn is_merchants(self) -> bool {
        matches!(self, Self::Owner | Self::Clerk | Self::Accountant | Self::ReadOnly)
    }

    /// The permission matrix, once more, by hand.
    const fn has(self, right: Right) -> bool {
        match right {
            Right::ViewEmailPayments | Right::ViewTransactions => self.is_merchants(),
            Right::WriteEmailPayments => matches!(self, Self::Owner | Self::Clerk),
            Right::Export => matches!(self, Self::Owner | Self::Clerk | Self::Accountant),
            Right::ViewDocuments => matches!(
                self,
                Self::Owner
                    | Self::Accountant
                    | Self::SuccessManager
                    | Self::Administrator
                    | Self::PlatformAccountant
            ),
            Right::SettleDifferences => matches!(self, Self::Owner | Self::Accountant),
            Right::PublishDocuments => matches!(self, Self::PlatformAccountant),
            Right::UseApi
            | Right::Operate
            | Right::WritePageSettings
            | Right::ApproveOperations
            | Right::OverruleRefunds => matches!(self, Self::Owner),
            Right::ManageTeam | Right::ViewActivity => {
                matches!(self, Self::Owner | Self::SuccessManager | Self::Administrator)
            }
            Right::ViewPageSettings => {
                matches!(self, Self::Owner | Self::Accountant | Self::ReadOnly)
            }
            Right::ManageMerchants => matches!(self, Self::SuccessManager | Self::Administrator),
            Right::UseTickets => self.is_merchants() || matches!(self, Self::Support),
        }
    }
}
