//! Every word that the audit may hold in `action`, with what it is called and what it belongs to. A
//! test compares this list with the sources: what is written somewhere has its words here.

use crate::kernel::Texts;

/// What actions are filtered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    SignIn,
    EmailPayments,
    Transactions,
    Documents,
    Tickets,
    Team,
    Settings,
    /// Refusals, and who read this page.
    Access,
}

impl Group {
    pub const ALL: [Self; 8] = [
        Self::SignIn,
        Self::EmailPayments,
        Self::Transactions,
        Self::Documents,
        Self::Tickets,
        Self::Team,
        Self::Settings,
        Self::Access,
    ];

    /// The word in URLs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::EmailPayments => "email_payments",
            Self::Transactions => "transactions",
            Self::Documents => "documents",
            Self::Tickets => "tickets",
            Self::Team => "team",
            Self::Settings => "settings",
            Self::Access => "access",
        }
    }

    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|group| group.as_str() == word)
    }

    #[must_use]
    pub fn words(self, t: &Texts) -> String {
        match self {
            Self::SignIn => t.msg_activity_group_sign_in(),
            Self::EmailPayments => t.msg_menu_email_payments(),
            Self::Transactions => t.msg_tx_title(),
            Self::Documents => t.msg_menu_documents(),
            Self::Tickets => t.msg_activity_group_tickets(),
            Self::Team => t.msg_activity_group_team(),
            Self::Settings => t.msg_activity_group_settings(),
            Self::Access => t.msg_activity_group_access(),
        }
    }

    /// The actions of the group.
    #[must_use]
    pub fn actions(self) -> Vec<&'static str> {
        ACTIONS.iter().filter(|action| action.group == self).map(|action| action.word).collect()
    }
}

type Words = fn(&Texts) -> String;

/// One action.
pub struct Action {
    pub word: &'static str,
    group: Group,
    done: Words,
    refused: Words,
}

impl Action {
    /// What was done, or tried in vain, as a sentence.
    #[must_use]
    pub fn sentence(&self, is_done: bool, t: &Texts) -> String {
        if is_done { (self.done)(t) } else { (self.refused)(t) }
    }
}

/// What is never refused, or reads the same where it is.
const fn action(word: &'static str, group: Group, words: Words) -> Action {
    Action { word, group, done: words, refused: words }
}

const fn two(word: &'static str, group: Group, done: Words, refused: Words) -> Action {
    Action { word, group, done, refused }
}

#[rustfmt::skip]
const ACTIONS: &[Action] = &[
    two("sign_in", Group::SignIn, Texts::msg_activity_sign_in, Texts::msg_activity_sign_in_refused),
    action("sign_out", Group::SignIn, Texts::msg_activity_sign_out),
    two("session.end", Group::SignIn, Texts::msg_activity_session_end, Texts::msg_activity_session_end_refused),
    action("email_payment.create", Group::EmailPayments, Texts::msg_activity_email_payment_create),
    action("email_payment.edit", Group::EmailPayments, Texts::msg_activity_email_payment_edit),
    action("email_payment.send", Group::EmailPayments, Texts::msg_activity_email_payment_send),
    action("email_payment.resend", Group::EmailPayments, Texts::msg_activity_email_payment_resend),
    action("email_payment.cancel", Group::EmailPayments, Texts::msg_activity_email_payment_cancel),
    action("email_payment.expire", Group::EmailPayments, Texts::msg_activity_email_payment_expire),
    action("email_payment.pay", Group::EmailPayments, Texts::msg_activity_email_payment_pay),
    action("email_payment.authorise", Group::EmailPayments, Texts::msg_activity_email_payment_authorise),
    action("email_payment.refund", Group::EmailPayments, Texts::msg_activity_email_payment_refund),
    action("email_payment.void", Group::EmailPayments, Texts::msg_activity_email_payment_void),
    action("operation.ask", Group::Transactions, Texts::msg_activity_operation_ask),
    action("operation.approve", Group::Transactions, Texts::msg_activity_operation_approve),
    action("operation.reject", Group::Transactions, Texts::msg_activity_operation_reject),
    action("operation.withdraw", Group::Transactions, Texts::msg_activity_operation_withdraw),
    action("operation.end", Group::Transactions, Texts::msg_activity_operation_end),
    action("refund.limit", Group::Transactions, Texts::msg_activity_refund_limit),
    action("email_payment.decline", Group::EmailPayments, Texts::msg_activity_email_payment_decline),
    action("email_payment.unexpected_money", Group::EmailPayments, Texts::msg_activity_email_payment_unexpected_money),
    action("import.create", Group::EmailPayments, Texts::msg_activity_import_create),
    action("import.confirm", Group::EmailPayments, Texts::msg_activity_import_confirm),
    action("import.start", Group::EmailPayments, Texts::msg_activity_import_start),
    action("import.undo", Group::EmailPayments, Texts::msg_activity_import_undo),
    action("import.stop", Group::EmailPayments, Texts::msg_activity_import_stop),
    action("import.forget", Group::EmailPayments, Texts::msg_activity_import_forget),
    action("bulk_action.begin", Group::EmailPayments, Texts::msg_activity_bulk_action_begin),
    action("bulk_action.stop", Group::EmailPayments, Texts::msg_activity_bulk_action_stop),
    action("email_payment.schedule", Group::EmailPayments, Texts::msg_activity_email_payment_schedule),
    action("email_payment.unschedule", Group::EmailPayments, Texts::msg_activity_email_payment_unschedule),
    action("email_payment.send_hindered", Group::EmailPayments, Texts::msg_activity_email_payment_send_hindered),
    action("email_payment.make_link", Group::EmailPayments, Texts::msg_activity_email_payment_make_link),
    action("email_payment.remind", Group::EmailPayments, Texts::msg_activity_email_payment_remind),
    action("email_payment.plan_reminder", Group::EmailPayments, Texts::msg_activity_email_payment_plan_reminder),
    action("email_payment.remove_reminder", Group::EmailPayments, Texts::msg_activity_email_payment_remove_reminder),
    action("email_payment.stop_reminders", Group::EmailPayments, Texts::msg_activity_email_payment_stop_reminders),
    action("email_payment.extend", Group::EmailPayments, Texts::msg_activity_email_payment_extend),
    action("email_payment.replace", Group::EmailPayments, Texts::msg_activity_email_payment_replace),
    two("email_payment.export", Group::EmailPayments, Texts::msg_activity_email_payment_export, Texts::msg_activity_email_payment_export_failed),
    action("document.publish", Group::Documents, Texts::msg_activity_document_publish),
    action("document.move", Group::Documents, Texts::msg_activity_document_move),
    action("conditions.add", Group::Documents, Texts::msg_activity_conditions_add),
    action("merchant.statement_rhythm", Group::Documents, Texts::msg_activity_merchant_statement_rhythm),
    action("wallets.replace", Group::Settings, Texts::msg_activity_wallets_replace),
    action("provider.add", Group::Documents, Texts::msg_activity_provider_add),
    action("provider.change", Group::Documents, Texts::msg_activity_provider_change),
    two("document.download", Group::Documents, Texts::msg_activity_document_download, Texts::msg_activity_document_download_failed),
    two("transaction.export", Group::Transactions, Texts::msg_activity_transaction_export, Texts::msg_activity_transaction_export_failed),
    action("transaction.difference_settle", Group::Transactions, Texts::msg_activity_difference_settle),
    action("transaction.difference_reopen", Group::Transactions, Texts::msg_activity_difference_reopen),
    two("document.export", Group::Documents, Texts::msg_activity_document_export, Texts::msg_activity_document_export_failed),
    action("ticket.open", Group::Tickets, Texts::msg_activity_ticket_open),
    action("ticket.answer", Group::Tickets, Texts::msg_activity_ticket_answer),
    action("ticket.move", Group::Tickets, Texts::msg_activity_ticket_move),
    action("ticket.assign", Group::Tickets, Texts::msg_activity_ticket_assign),
    action("ticket.note", Group::Tickets, Texts::msg_activity_ticket_note),
    action("ticket.watch", Group::Tickets, Texts::msg_activity_ticket_watch),
    two("ticket.download", Group::Tickets, Texts::msg_activity_ticket_download, Texts::msg_activity_ticket_download_failed),
    action("canned_answer.change", Group::Tickets, Texts::msg_activity_canned_answer_change),
    action("team.invite", Group::Team, Texts::msg_activity_team_invite),
    action("team.invitation.withdraw", Group::Team, Texts::msg_activity_team_withdraw),
    two("team.join", Group::Team, Texts::msg_activity_team_join, Texts::msg_activity_team_join_refused),
    action("team.role", Group::Team, Texts::msg_activity_team_role),
    action("team.remove", Group::Team, Texts::msg_activity_team_remove),
    action("sessions.end_by_other", Group::Team, Texts::msg_activity_sessions_end_by_other),
    action("user.add", Group::Team, Texts::msg_activity_user_add),
    action("user.disable", Group::Team, Texts::msg_activity_user_disable),
    action("user.enable", Group::Team, Texts::msg_activity_user_enable),
    action("access_token.create", Group::Settings, Texts::msg_activity_access_token_create),
    action("access_token.revoke", Group::Settings, Texts::msg_activity_access_token_revoke),
    action("saved_view.create", Group::Settings, Texts::msg_activity_saved_view_create),
    action("saved_view.change", Group::Settings, Texts::msg_activity_saved_view_change),
    action("saved_view.delete", Group::Settings, Texts::msg_activity_saved_view_delete),
    action("saved_view.restore", Group::Settings, Texts::msg_activity_saved_view_restore),
    action("notification.grant", Group::Settings, Texts::msg_activity_notification_grant),
    action("notification.withdraw", Group::Settings, Texts::msg_activity_notification_withdraw),
    action("notification.ask", Group::Settings, Texts::msg_activity_notification_ask),
    action("notification.refuse", Group::Settings, Texts::msg_activity_notification_refuse),
    action("notification.choose", Group::Settings, Texts::msg_activity_notification_choose),
    action("notification.stop", Group::Settings, Texts::msg_activity_notification_stop),
    action("notification.resume", Group::Settings, Texts::msg_activity_notification_resume),
    action("notification.send_again", Group::Settings, Texts::msg_activity_notification_send_again),
    action("notification.test", Group::Settings, Texts::msg_activity_notification_test),
    action("merchant.add", Group::Settings, Texts::msg_activity_merchant_add),
    action("originator.add", Group::Settings, Texts::msg_activity_originator_add),
    action("merchant.order_confirmations", Group::Settings, Texts::msg_activity_merchant_order_confirmations),
    action("merchant.feature", Group::Settings, Texts::msg_activity_merchant_feature),
    action("merchant.feature_taken_back", Group::Settings, Texts::msg_activity_merchant_feature_taken_back),
    action("merchant.hand_over", Group::Settings, Texts::msg_activity_merchant_hand_over),
    action("user.card", Group::Settings, Texts::msg_activity_user_card),
    action("user.profile", Group::Settings, Texts::msg_activity_user_profile),
    action("user.email.ask", Group::Settings, Texts::msg_activity_user_email_ask),
    action("user.email.confirm", Group::Settings, Texts::msg_activity_user_email_confirm),
    action("user.email.change", Group::Settings, Texts::msg_activity_user_email_change),
    action("user.email.cancel", Group::Settings, Texts::msg_activity_user_email_cancel),
    action("originator.page_settings", Group::Settings, Texts::msg_activity_originator_page_settings),
    action("originator.page_settings_taken_back", Group::Settings, Texts::msg_activity_originator_page_settings_taken_back),
    action("originator.confirmation_texts", Group::Settings, Texts::msg_activity_originator_confirmation_texts),
    action("access.refuse", Group::Access, Texts::msg_activity_access_refuse),
    action("activity.view", Group::Access, Texts::msg_activity_view),
    two("activity.export", Group::Access, Texts::msg_activity_export, Texts::msg_activity_export_failed),
];

/// The action behind a word; `None` for one that an older or newer program has written.
#[must_use]
pub fn find(word: &str) -> Option<&'static Action> {
    ACTIONS.iter().find(|action| action.word == word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Lang;

    #[test]
    fn every_action_stands_once_and_says_something_in_every_language() {
        for (place, action) in ACTIONS.iter().enumerate() {
            assert!(ACTIONS.iter().skip(place + 1).all(|other| other.word != action.word));
            for lang in Lang::ALL {
                for is_done in [true, false] {
                    assert!(!action.sentence(is_done, lang.texts()).is_empty(), "{}", action.word);
                }
            }
        }
    }

    #[test]
    fn every_group_has_actions_and_survives_the_url() {
        for group in Group::ALL {
            assert!(!group.actions().is_empty(), "{group:?}");
            assert_eq!(Group::parse(group.as_str()), Some(group));
        }
        assert_eq!(Group::parse("nonsense"), None);
    }
}
