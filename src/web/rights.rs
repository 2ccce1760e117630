//! What rights and roles are called, and who can give a right that is missing.

use crate::auth::{MerchantRole, StaffRole};
use crate::kernel::{Right, Texts};

/// The right, as the permission matrix and a refusal name it.
#[must_use]
pub fn right(t: &Texts, right: Right) -> String {
    match right {
        Right::ViewEmailPayments => t.msg_right_view_email_payments(),
        Right::WriteEmailPayments => t.msg_right_write_email_payments(),
        Right::ViewTransactions => t.msg_right_view_transactions(),
        Right::Operate => t.msg_right_operate(),
        Right::ApproveOperations => t.msg_right_approve_operations(),
        Right::OverruleRefunds => t.msg_right_overrule_refunds(),
        Right::SettleDifferences => t.msg_right_settle_differences(),
        Right::ViewDocuments => t.msg_right_view_documents(),
        Right::PublishDocuments => t.msg_right_publish_documents(),
        Right::ViewPageSettings => t.msg_right_view_page_settings(),
        Right::WritePageSettings => t.msg_right_write_page_settings(),
        Right::Export => t.msg_right_export(),
        Right::UseApi => t.msg_right_use_api(),
        Right::ManageTeam => t.msg_right_manage_team(),
        Right::ViewActivity => t.msg_right_view_activity(),
        Right::ManageMerchants => t.msg_right_manage_merchants(),
        Right::UseTickets => t.msg_right_use_tickets(),
    }
}

/// A sentence: who can give the right.
#[must_use]
pub fn giver(t: &Texts, right: Right) -> String {
    let is_merchants = MerchantRole::ALL.iter().any(|role| role.may(right));
    if is_merchants { t.msg_right_from_owner() } else { t.msg_right_from_administrator() }
}

#[must_use]
pub fn merchant_role(t: &Texts, role: MerchantRole) -> String {
    match role {
        MerchantRole::Owner => t.msg_role_owner(),
        MerchantRole::Manager => t.msg_role_manager(),
        MerchantRole::Accountant => t.msg_role_accountant(),
        MerchantRole::CustomerCare => t.msg_role_customer_care(),
        MerchantRole::Clerk => t.msg_role_clerk(),
        MerchantRole::Developer => t.msg_role_developer(),
        MerchantRole::ReadOnly => t.msg_role_read_only(),
    }
}

#[must_use]
pub fn staff_role(t: &Texts, role: StaffRole) -> String {
    match role {
        StaffRole::SuccessManager => t.msg_role_success_manager(),
        StaffRole::Support => t.msg_role_support(),
        StaffRole::Accounting => t.msg_role_accounting(),
        StaffRole::Administrator => t.msg_role_administrator(),
    }
}
