//! The permission matrix: who may do what. The one table behind the guards of routes, the buttons
//! of pages, the scopes of queries, and the page on which an owner reads it.

use crate::db::columns::text_column;
use crate::kernel::Right;

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

/// How far a right reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    None,
    /// Only what the user made.
    Own,
    /// All of the merchants that the user works for (merchants' users) or looks after (staff).
    All,
}

/// One line of the matrix.
struct Line {
    right: Right,
    merchant: [Reach; 7],
    staff: [Reach; 4],
}

const NO: Reach = Reach::None;
const OWN: Reach = Reach::Own;
const YES: Reach = Reach::All;

/// Columns as in [`MerchantRole`] and [`StaffRole`]: owner, manager, accountant, customer care,
/// clerk, developer, read only; success manager, support, accounting, administrator.
#[rustfmt::skip]
const MATRIX: [Line; Right::ALL.len()] = [
    Line { right: Right::ViewEmailPayments,  merchant: [YES, YES, YES, YES, OWN, YES, YES], staff: [NO,  NO, NO, NO ] },
    Line { right: Right::WriteEmailPayments, merchant: [YES, YES, NO,  YES, OWN, NO,  NO ], staff: [NO,  NO, NO, NO ] },
    Line { right: Right::ViewTransactions,   merchant: [YES, YES, YES, YES, OWN, YES, YES], staff: [NO,  NO, NO, NO ] },
    Line { right: Right::Operate,            merchant: [YES, YES, NO,  YES, NO,  NO,  NO ], staff: [NO,  NO, NO, NO ] },
    Line { right: Right::ApproveOperations,  merchant: [YES, YES, NO,  NO,  NO,  NO,  NO ], staff: [NO,  NO, NO, NO ] },
    Line { right: Right::OverruleRefunds,    merchant: [YES, NO,  NO,  NO,  NO,  NO,  NO ], staff: [NO,  NO, NO, NO ] },
    Line { right: Right::SettleDifferences,  merchant: [YES, YES, YES, NO,  NO,  NO,  NO ], staff: [NO,  NO, NO, NO ] },
    Line { right: Right::ViewDocuments,      merchant: [YES, YES, YES, NO,  NO,  NO,  NO ], staff: [YES, NO, YES, YES] },
    Line { right: Right::PublishDocuments,   merchant: [NO,  NO,  NO,  NO,  NO,  NO,  NO ], staff: [NO,  NO, YES, NO ] },
    Line { right: Right::ViewPageSettings,   merchant: [YES, YES, YES, YES, NO,  YES, YES], staff: [NO,  NO, NO, NO ] },
    Line { right: Right::WritePageSettings,  merchant: [YES, YES, NO,  NO,  NO,  YES, NO ], staff: [NO,  NO, NO, NO ] },
    Line { right: Right::Export,             merchant: [YES, YES, YES, NO,  OWN, YES, NO ], staff: [NO,  NO, NO, NO ] },
    Line { right: Right::UseApi,             merchant: [YES, NO,  NO,  NO,  NO,  YES, NO ], staff: [NO,  NO, NO, NO ] },
    Line { right: Right::ManageTeam,         merchant: [YES, NO,  NO,  NO,  NO,  NO,  NO ], staff: [YES, NO, NO, YES] },
    Line { right: Right::ViewActivity,       merchant: [YES, NO,  NO,  NO,  NO,  NO,  NO ], staff: [YES, NO, NO, YES] },
    Line { right: Right::ManageMerchants,    merchant: [NO,  NO,  NO,  NO,  NO,  NO,  NO ], staff: [YES, NO, NO, YES] },
    Line { right: Right::UseTickets,         merchant: [YES, YES, OWN, OWN, OWN, OWN, OWN], staff: [NO,  YES, NO, NO ] },
];

impl MerchantRole {
    #[must_use]
    pub fn reach(self, right: Right) -> Reach {
        let column = Self::ALL.iter().position(|role| *role == self);
        look_up(right, column, |line| &line.merchant)
    }

    #[must_use]
    pub fn may(self, right: Right) -> bool {
        self.reach(right) != Reach::None
    }

    /// Whether every right of `other` is one of this role's too, as far as it reaches: nobody gives
    /// away what they don't have.
    #[must_use]
    pub fn covers(self, other: Self) -> bool {
        Right::ALL.into_iter().all(|right| match other.reach(right) {
            Reach::None => true,
            Reach::Own => self.reach(right) != Reach::None,
            Reach::All => self.reach(right) == Reach::All,
        })
    }
}

impl StaffRole {
    #[must_use]
    pub fn reach(self, right: Right) -> Reach {
        let column = Self::ALL.iter().position(|role| *role == self);
        look_up(right, column, |line| &line.staff)
    }

    #[must_use]
    pub fn may(self, right: Right) -> bool {
        self.reach(right) != Reach::None
    }
}

/// A right that has no line is nobody's.
fn look_up<const N: usize>(
    right: Right,
    column: Option<usize>,
    half: impl Fn(&'static Line) -> &'static [Reach; N],
) -> Reach {
    let line = MATRIX.iter().find(|line| line.right == right);
    let cell = line.zip(column).and_then(|(line, column)| half(line).get(column));
    cell.copied().unwrap_or(Reach::None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sec_11_each_right_has_one_line() {
        let lines: Vec<Right> = MATRIX.iter().map(|line| line.right).collect();
        assert_eq!(lines, Right::ALL);
    }

    #[test]
    fn the_columns_are_the_roles_in_their_order() {
        assert_eq!(MerchantRole::Clerk.reach(Right::WriteEmailPayments), Reach::Own);
        assert_eq!(MerchantRole::Developer.reach(Right::UseApi), Reach::All);
        assert_eq!(MerchantRole::ReadOnly.reach(Right::ViewEmailPayments), Reach::All);
        assert_eq!(StaffRole::Administrator.reach(Right::ManageTeam), Reach::All);
        assert_eq!(StaffRole::Support.reach(Right::ManageTeam), Reach::None);
    }

    #[test]
    fn sec_18_nobody_takes_along_what_they_do_not_see() {
        for role in MerchantRole::ALL {
            let takes = role.reach(Right::Export);
            for list in [Right::ViewEmailPayments, Right::ViewTransactions] {
                assert!(takes == Reach::None || takes == role.reach(list), "{role:?} {list:?}");
            }
        }
    }

    #[test]
    fn only_who_has_every_right_of_a_role_covers_it() {
        assert!(MerchantRole::ALL.iter().all(|role| MerchantRole::Owner.covers(*role)));
        assert!(!MerchantRole::Manager.covers(MerchantRole::Owner));
        assert!(MerchantRole::Manager.covers(MerchantRole::Clerk));
        assert!(!MerchantRole::Clerk.covers(MerchantRole::CustomerCare));
    }
}
