//! The result of the last act, told on the next page, in the reader's language.

use actix_session::Session;
use serde::{Deserialize, Serialize};

use super::rights;
use super::ui::Icon;
use crate::auth::{MerchantRole, session};
use crate::kernel::{Error, Texts};

/// What was done.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Flash {
    PaymentSent { order_id: String, email: String },
    DraftSaved { order_id: String },
    PaymentCancelled { order_id: String },
    PaymentResent { order_id: String, email: String },
    PaymentScheduled { order_id: String, when: String },
    PaymentUnscheduled { order_id: String },
    PaymentLinkMade { order_id: String },
    PaymentReminded { order_id: String, email: String },
    PaymentExtended { order_id: String, until: String },
    PaymentReplaced { old: String, order_id: String },
    ReminderPlanned { order_id: String, when: String },
    ReminderRemoved { order_id: String },
    MerchantChosen { name: String },
    ConfirmationsSwitched { originator: String },
    ConfirmationTextsSaved { originator: String },
    PageSettingsSaved { originator: String },
    PageSettingsTakenBack { originator: String },
    PageSetUp { originator: String },
    FeatureSwitched { feature: String },
    FeatureTakenBack { feature: String },
    SessionsEnded { count: i64 },
    TeamInvited { email: String },
    TeamInvitationWithdrawn { email: String },
    TeamRoleChanged { name: String, role: String },
    TeamRemoved { name: String },
    TeamSessionsEnded { name: String },
    TeamJoined { merchant: String },
    AccessTokenRevoked { name: String },
    ImportUndone,
    DocumentPublished { number: String },
    DocumentThere { number: String },
    DocumentMoved { number: String },
    ConditionsAdded { from: String },
    RhythmSet,
    ProviderSaved { name: String },
    OperationWaits { amount: String },
    OperationEnded { state: String },
    OperationHindered { why: String },
    RefundLimitsSet,
    WalletsReplaced { added: usize, changed: usize, withdrawn: usize },
    DifferenceSettled,
    GatewayAsked { is_answered: bool },
    DifferenceReopened,
    DocumentRead { number: String },
    DocumentUnread { number: String },
    DocumentsRead,
    PermissionGranted { name: String },
    PermissionWithdrawn { name: String },
    PermissionRefused { name: String },
    PermissionAsked,
    TestNoticeSent { email: String },
    TicketOpened { number: i64 },
    TicketAnswered { number: i64 },
    TicketSolved { number: i64 },
    TicketNoted { number: i64 },
    TicketAssigned { number: i64 },
    TicketPassedOn { number: i64, has: String },
    TicketFollowed { number: i64 },
    AnswerSaved { title: String },
    AnswerRemoved { title: String },
    NoticeSentAgain,
    NotificationsChosen,
    NoticesRead,
    CardSaved,
    ProfileSaved,
    EmailChangeAsked { email: String },
    EmailChangeCancelled,
    HandedOver { count: usize, name: String },
    TakenOver { merchant: String },
    ColumnsSaved,
    ColumnsReset,
    ViewSaved { name: String },
    ViewDeleted { name: String },
    ViewRestored { name: String },
}

impl Flash {
    #[must_use]
    pub fn words(&self, t: &Texts) -> String {
        match self {
            Self::PaymentSent { order_id, email } => t.msg_flash_payment_sent(order_id, email),
            Self::DraftSaved { order_id } => t.msg_flash_draft_saved(order_id),
            Self::PaymentCancelled { order_id } => t.msg_flash_payment_cancelled(order_id),
            Self::PaymentResent { order_id, email } => t.msg_flash_payment_resent(order_id, email),
            Self::PaymentScheduled { order_id, when } => {
                t.msg_flash_payment_scheduled(order_id, when)
            }
            Self::PaymentUnscheduled { order_id } => t.msg_flash_payment_unscheduled(order_id),
            Self::PaymentLinkMade { order_id } => t.msg_flash_payment_link_made(order_id),
            Self::PaymentReminded { order_id, email } => {
                t.msg_flash_payment_reminded(order_id, email)
            }
            Self::PaymentExtended { order_id, until } => {
                t.msg_flash_payment_extended(order_id, until)
            }
            Self::PaymentReplaced { old, order_id } => t.msg_flash_payment_replaced(old, order_id),
            Self::ReminderPlanned { order_id, when } => {
                t.msg_flash_reminder_planned(order_id, when)
            }
            Self::ReminderRemoved { order_id } => t.msg_flash_reminder_removed(order_id),
            Self::MerchantChosen { name } => t.msg_flash_merchant_chosen(name),
            Self::ConfirmationsSwitched { originator } => {
                t.msg_flash_confirmations_switched(originator)
            }
            Self::PageSettingsSaved { originator } => t.msg_flash_page_settings_saved(originator),
            Self::PageSettingsTakenBack { originator } => {
                t.msg_flash_page_settings_taken_back(originator)
            }
            Self::PageSetUp { originator } => t.msg_flash_page_set_up(originator),
            Self::ConfirmationTextsSaved { originator } => {
                t.msg_flash_confirmation_texts_saved(originator)
            }
            Self::FeatureSwitched { feature } => t.msg_flash_feature_switched(feature),
            Self::GatewayAsked { is_answered } => Self::gateway(*is_answered, t),
            Self::DifferenceSettled => t.msg_flash_difference_settled(),
            Self::DifferenceReopened => t.msg_flash_difference_reopened(),
            Self::FeatureTakenBack { feature } => t.msg_flash_feature_taken_back(feature),
            Self::OperationWaits { amount } => t.msg_flash_operation_waits(amount),
            Self::OperationEnded { state } => Self::operation(state, t),
            Self::OperationHindered { why } => t.msg_flash_operation_hindered(why),
            Self::RefundLimitsSet => t.msg_flash_refund_limits_set(),
            Self::SessionsEnded { count } => t.msg_flash_sessions_ended(*count),
            Self::TeamInvited { email } => t.msg_flash_team_invited(email),
            Self::TeamInvitationWithdrawn { email } => t.msg_flash_team_withdrawn(email),
            Self::TeamRoleChanged { name, role } => {
                let role = MerchantRole::parse(role);
                let role = role.map_or_else(String::new, |role| rights::merchant_role(t, role));
                t.msg_flash_team_role(name, role)
            }
            Self::TeamRemoved { name } => t.msg_flash_team_removed(name),
            Self::TeamSessionsEnded { name } => t.msg_flash_team_sessions_ended(name),
            Self::TeamJoined { merchant } => t.msg_flash_team_joined(merchant),
            Self::AccessTokenRevoked { name } => t.msg_flash_access_token_revoked(name),
            Self::ImportUndone => t.msg_flash_import_undone(),
            Self::DocumentPublished { number } => t.msg_flash_document_published(number),
            Self::DocumentThere { number } => t.msg_flash_document_there(number),
            Self::ConditionsAdded { from } => t.msg_flash_conditions_added(from),
            Self::RhythmSet => t.msg_flash_rhythm_set(),
            Self::ProviderSaved { name } => t.msg_flash_provider_saved(name),
            Self::WalletsReplaced { added, changed, withdrawn } => {
                t.msg_flash_wallets_replaced(added, changed, withdrawn)
            }
            Self::DocumentMoved { number } => t.msg_flash_document_moved(number),
            Self::DocumentRead { number } => t.msg_flash_document_read(number),
            Self::DocumentUnread { number } => t.msg_flash_document_unread(number),
            Self::DocumentsRead => t.msg_flash_documents_read(),
            Self::PermissionGranted { name } => t.msg_flash_permission_granted(name),
            Self::PermissionWithdrawn { name } => t.msg_flash_permission_withdrawn(name),
            Self::PermissionRefused { name } => t.msg_flash_permission_refused(name),
            Self::PermissionAsked => t.msg_flash_permission_asked(),
            Self::TestNoticeSent { email } => t.msg_flash_test_notice_sent(email),
            Self::TicketOpened { number } => t.msg_flash_ticket_opened(*number),
            Self::TicketAnswered { number } => t.msg_flash_ticket_answered(*number),
            Self::TicketSolved { number } => t.msg_flash_ticket_solved(*number),
            Self::TicketNoted { number } => t.msg_flash_ticket_noted(*number),
            Self::TicketAssigned { number } => t.msg_flash_ticket_assigned(*number),
            Self::TicketPassedOn { number, has } => t.msg_flash_ticket_passed_on(*number, has),
            Self::TicketFollowed { number } => t.msg_flash_ticket_followed(*number),
            Self::AnswerSaved { title } => t.msg_flash_answer_saved(title),
            Self::AnswerRemoved { title } => t.msg_flash_answer_removed(title),
            Self::NoticeSentAgain => t.msg_flash_notice_sent_again(),
            Self::NotificationsChosen => t.msg_flash_notifications_chosen(),
            Self::NoticesRead => t.msg_flash_notices_read(),
            Self::CardSaved => t.msg_flash_card_saved(),
            Self::ProfileSaved => t.msg_flash_profile_saved(),
            Self::EmailChangeAsked { email } => t.msg_flash_email_change_asked(email.as_str()),
            Self::EmailChangeCancelled => t.msg_flash_email_change_cancelled(),
            Self::HandedOver { count, name } => t.msg_flash_handed_over(*count, name),
            Self::TakenOver { merchant } => t.msg_flash_taken_over(merchant),
            Self::ColumnsSaved => t.msg_flash_columns_saved(),
            Self::ColumnsReset => t.msg_flash_columns_reset(),
            Self::ViewSaved { name } => t.msg_flash_view_saved(name),
            Self::ViewDeleted { name } => t.msg_flash_view_deleted(name),
            Self::ViewRestored { name } => t.msg_flash_view_restored(name),
        }
    }

    fn operation(state: &str, t: &Texts) -> String {
        match state {
            "done" => t.msg_flash_operation_done(),
            "declined" | "not_done" => t.msg_flash_operation_declined(),
            "rejected" => t.msg_flash_operation_rejected(),
            "withdrawn" => t.msg_flash_operation_withdrawn(),
            _ => t.msg_flash_operation_open(),
        }
    }

    fn gateway(is_answered: bool, t: &Texts) -> String {
        if is_answered { t.msg_flash_gateway_asked() } else { t.msg_flash_gateway_silent() }
    }

    /// Whether it tells that what was asked for was not done.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        matches!(
            self,
            Self::OperationHindered { .. }
                | Self::GatewayAsked { is_answered: false }
                | Self::TicketPassedOn { .. }
        ) || matches!(self, Self::OperationEnded { state } if matches!(state.as_str(), "declined" | "not_done"))
    }

    #[must_use]
    pub fn icon(&self) -> Icon {
        Icon(if self.has_failed() { "alert-triangle" } else { "circle-check" })
    }
}

/// Leaves a message for the next page.
pub fn set(session: &Session, flash: &Flash) -> Result<(), Error> {
    session::set_flash(session, flash)
}
