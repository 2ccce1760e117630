//! Statuses, deliveries and events in words.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::filter::Group;
use super::model::{Delivery, EmailPayment, EndReason, Hindrance, SENDS_MAX, Status};
use super::plan::{
    REMINDERS_MAX, Reminder, ReminderKind, ReminderReason, ReminderRule, ReminderState,
    SendHindrance, comes_twice,
};
use super::queries::{AttemptRow, EventKind, EventRow, ListRow, MailRow};
use crate::gateway::{AttemptStatus, method_name};
use crate::kernel::{Currency, Lang, Money, Texts, dates};
use crate::mail::{MailKind, MailState};
use crate::web::Shell;
use crate::web::ui::{Badge, Icon};

/// What a badge is made of: the three axes of a payment, read together.
#[derive(Clone, Copy)]
pub struct Standing<'a> {
    pub status: Status,
    pub end_reason: Option<EndReason>,
    pub delivery: Option<Delivery>,
    pub last_result_code: Option<&'a str>,
    pub payment_method: Option<&'a str>,
    pub is_late: bool,
    pub expires_at: DateTime<Utc>,
    pub paid_at: Option<DateTime<Utc>>,
    pub first_opened_at: Option<DateTime<Utc>>,
    pub send_at: Option<DateTime<Utc>>,
}

impl<'a> From<&'a ListRow> for Standing<'a> {
    fn from(row: &'a ListRow) -> Self {
        Self {
            status: row.status,
            end_reason: row.end_reason,
            delivery: row.delivery,
            last_result_code: row.last_result_code.as_deref(),
            payment_method: row.payment_method.as_deref(),
            is_late: row.is_late,
            expires_at: row.expires_at,
            paid_at: row.paid_at,
            first_opened_at: row.first_opened_at,
            send_at: row.send_at,
        }
    }
}

impl<'a> From<&'a EmailPayment> for Standing<'a> {
    fn from(row: &'a EmailPayment) -> Self {
        Self {
            status: row.status,
            end_reason: row.end_reason,
            delivery: row.delivery,
            last_result_code: row.last_result_code.as_deref(),
            payment_method: row.payment_method.as_deref(),
            is_late: row.is_late,
            expires_at: row.expires_at,
            paid_at: row.paid_at,
            first_opened_at: row.first_opened_at,
            send_at: row.send_at,
        }
    }
}

impl Standing<'_> {
    /// One badge per row: what the merchant has to know first.
    #[must_use]
    pub fn badge(&self, shell: &Shell) -> Badge {
        let t = shell.t;
        let (icon, words, tone) = match self.status {
            Status::Draft => ("pencil", t.msg_status_draft(), "neu"),
            Status::Scheduled => ("clock", t.msg_status_scheduled(), "wait"),
            Status::Open => return self.open_badge(shell),
            Status::Processing => ("refresh", t.msg_status_processing(), "wait"),
            Status::Authorised => ("shield-check", t.msg_status_authorised(), "wait"),
            Status::Paid => ("circle-check", t.msg_status_paid(), "pos"),
            Status::Expired => ("hourglass", t.msg_status_expired(), "neu"),
            Status::Cancelled => ("ban", t.msg_status_cancelled(), "neu"),
            Status::Failed => ("circle-x", t.msg_status_failed(), "neg"),
        };
        Badge { icon: Icon(icon), words, tone }
    }

    fn open_badge(&self, shell: &Shell) -> Badge {
        let t = shell.t;
        // By the reader's calendar: ten hours from the evening on are tomorrow.
        let last_day = self.expires_at.with_timezone(&shell.zone).date_naive();
        let days = (last_day - shell.today()).num_days();
        let (icon, words, tone) = match self.delivery {
            Some(Delivery::Bounced | Delivery::Failed | Delivery::Suppressed) => {
                ("mail-x", t.msg_status_not_delivered(), "neg")
            }
            _ if self.last_result_code.is_some() => {
                let is_card = self.payment_method.is_none_or(|method| method == "CreditCard");
                let words = if is_card { t.msg_status_declined() } else { t.msg_status_refused() };
                ("circle-x", words, "neg")
            }
            _ if days < 1 => ("alert-triangle", t.msg_status_expires_today(), "warn"),
            _ if days == 1 => ("alert-triangle", t.msg_status_expires_tomorrow(), "warn"),
            _ => ("clock", t.msg_status_open(), "wait"),
        };
        Badge { icon: Icon(icon), words, tone }
    }

    /// The second line below the badge: the detail, in lower case.
    #[must_use]
    pub fn detail(&self, shell: &Shell) -> String {
        let t = shell.t;
        let within = |at| dates::moment_within(at, shell.now, shell.zone, shell.lang);
        match self.status {
            Status::Open | Status::Processing | Status::Authorised => {
                if let (Status::Open, Some(code)) = (self.status, self.last_result_code) {
                    return result_code(code, t);
                }
                match (self.delivery, self.first_opened_at) {
                    (_, Some(at)) => t.msg_detail_opened(within(at)),
                    (Some(delivery), None) => delivery_words(delivery, t),
                    (None, None) => String::new(),
                }
            }
            Status::Paid if self.is_late => t.msg_detail_paid_late(),
            Status::Paid => {
                let moment = |at| dates::moment(at, shell.now, shell.zone, shell.lang);
                self.paid_at.map(moment).unwrap_or_default()
            }
            Status::Expired | Status::Cancelled | Status::Failed => {
                self.end_reason.map(|reason| end_reason(reason, t)).unwrap_or_default()
            }
            Status::Scheduled => {
                self.send_at.map(|at| t.msg_show_leaves(within(at))).unwrap_or_default()
            }
            Status::Draft => String::new(),
        }
    }
}

/// The name of a status in the filter.
pub fn status_words(status: Status, t: &Texts) -> String {
    match status {
        Status::Draft => t.msg_status_draft(),
        Status::Scheduled => t.msg_status_scheduled(),
        Status::Open => t.msg_status_open(),
        Status::Processing => t.msg_status_processing(),
        Status::Authorised => t.msg_status_authorised(),
        Status::Paid => t.msg_status_paid(),
        Status::Expired => t.msg_status_expired(),
        Status::Cancelled => t.msg_status_cancelled(),
        Status::Failed => t.msg_status_failed(),
    }
}

pub fn group_words(group: Group, t: &Texts) -> String {
    match group {
        Group::Current => t.msg_group_current(),
        Group::Past => t.msg_group_past(),
    }
}

pub fn delivery_words(delivery: Delivery, t: &Texts) -> String {
    match delivery {
        Delivery::Queued => t.msg_delivery_queued(),
        Delivery::Sent => t.msg_delivery_sent(),
        Delivery::Deferred => t.msg_delivery_deferred(),
        Delivery::Bounced => t.msg_delivery_bounced(),
        Delivery::Suppressed => t.msg_delivery_suppressed(),
        Delivery::Failed => t.msg_delivery_failed(),
        Delivery::NotSent => t.msg_delivery_not_sent(),
    }
}

pub fn end_reason(reason: EndReason, t: &Texts) -> String {
    match reason {
        EndReason::DateReached => t.msg_reason_date_reached(),
        EndReason::ByMerchant => t.msg_reason_by_merchant(),
        EndReason::ByStaff => t.msg_reason_by_staff(),
        EndReason::Replaced => t.msg_reason_replaced(),
        EndReason::Voided => t.msg_reason_voided(),
        EndReason::AttemptsExhausted => t.msg_reason_attempts_exhausted(),
        EndReason::BlockedByRisk => t.msg_reason_blocked_by_risk(),
    }
}

/// Why something that was asked for is not done.
pub fn hindrance(hindrance: Hindrance, now: DateTime<Utc>, zone: Tz, lang: Lang) -> String {
    let t = lang.texts();
    match hindrance {
        Hindrance::OrderIdTaken => t.msg_form_order_id_taken(),
        Hindrance::TooManyToAddress => t.msg_form_too_many_to_address(),
        Hindrance::TooManyOfMerchant => t.msg_form_too_many_of_merchant(),
        Hindrance::NoOriginator => t.msg_hindrance_originator(),
        Hindrance::SwitchedOff => t.msg_hindrance_switched_off(),
        Hindrance::Status(status) => status_hindrance(status, t),
        Hindrance::TooManySends => t.msg_resend_too_many(SENDS_MAX),
        Hindrance::TooSoon(at) => t.msg_resend_too_soon(dates::moment_within(at, now, zone, lang)),
        Hindrance::OnItsWay => t.msg_hindrance_on_its_way(),
        Hindrance::NeverSent => t.msg_hindrance_never_sent(),
        Hindrance::NotDelivered => t.msg_hindrance_not_delivered(),
        Hindrance::RemindersStopped => t.msg_hindrance_reminders_stopped(),
        Hindrance::Expiry => t.msg_hindrance_expiry(),
        Hindrance::NotLater => t.msg_hindrance_not_later(),
        Hindrance::TooManyReminders => t.msg_hindrance_too_many_reminders(REMINDERS_MAX),
        Hindrance::Changed => t.msg_hindrance_changed(),
    }
}

fn status_hindrance(status: Status, t: &Texts) -> String {
    match status {
        Status::Draft | Status::Scheduled => t.msg_hindrance_not_sent(),
        Status::Open => t.msg_hindrance_open(),
        Status::Processing | Status::Authorised => t.msg_hindrance_processing(),
        Status::Paid => t.msg_hindrance_paid(),
        Status::Expired => t.msg_hindrance_expired(),
        Status::Cancelled => t.msg_hindrance_cancelled(),
        Status::Failed => t.msg_hindrance_failed(),
    }
}

/// Why a scheduled request has not left.
pub fn send_hindrance(hindrance: SendHindrance, t: &Texts) -> String {
    match hindrance {
        SendHindrance::Expiry => t.msg_hindrance_expiry(),
        SendHindrance::Originator => t.msg_hindrance_originator(),
        SendHindrance::SwitchedOff => t.msg_hindrance_switched_off(),
        SendHindrance::TooManyToAddress => t.msg_form_too_many_to_address(),
        SendHindrance::TooManyOfMerchant => t.msg_held_up_of_merchant(),
    }
}

/// `3 days before the end`.
pub fn rule_words(rule: ReminderRule, t: &Texts) -> String {
    match rule.kind {
        ReminderKind::BeforeEnd => t.msg_reminder_before_end(rule.days),
        ReminderKind::AfterSending | ReminderKind::At | ReminderKind::ByHand => {
            t.msg_reminder_after_sending(rule.days)
        }
    }
}

/// What a reminder hangs on, and what became of it.
pub fn reminder_words(reminder: &Reminder, t: &Texts) -> String {
    let what = match (reminder.rule(), reminder.kind) {
        (Some(rule), _) => rule_words(rule, t),
        (None, ReminderKind::ByHand) => t.msg_reminder_by_hand(),
        (None, _) => String::new(),
    };
    let state = match (reminder.state, reminder.reason) {
        (ReminderState::Planned, _) => String::new(),
        (ReminderState::Sent, _) => t.msg_reminder_sent(),
        (ReminderState::Skipped | ReminderState::Stopped, reason) => {
            reason.map(|reason| reminder_reason(reason, t)).unwrap_or_default()
        }
    };
    joined(&what, &state)
}

fn reminder_reason(reason: ReminderReason, t: &Texts) -> String {
    match reason {
        ReminderReason::Paid => t.msg_reminder_skipped_paid(),
        ReminderReason::Cancelled => t.msg_reminder_skipped_cancelled(),
        ReminderReason::Replaced => t.msg_reminder_skipped_replaced(),
        ReminderReason::Expired => t.msg_reminder_skipped_expired(),
        ReminderReason::Failed => t.msg_reminder_skipped_failed(),
        ReminderReason::OutOfTime => t.msg_reminder_skipped_out_of_time(),
        ReminderReason::NotDelivered => t.msg_reminder_skipped_not_delivered(),
        ReminderReason::TooManySends => t.msg_reminder_skipped_too_many(),
        ReminderReason::ByMerchant => t.msg_reminder_skipped_by_merchant(),
        ReminderReason::ByCustomer => t.msg_reminder_skipped_by_customer(),
    }
}

/// An instant that is planned, in words: with the hour that comes twice told apart.
pub fn planned(at: DateTime<Utc>, zone: Tz, lang: Lang) -> String {
    let words = dates::full(at, zone, lang);
    if comes_twice(at, zone) { lang.texts().msg_when_first_of_two(words) } else { words }
}

/// What an acquirer's code means for the people who wait (Connect2Pay's table of result codes).
pub fn result_code(code: &str, t: &Texts) -> String {
    match code {
        "051" => t.msg_result_no_funds(),
        "004" | "014" => t.msg_result_bad_card(),
        "007" => t.msg_result_bad_code(),
        "033" | "054" => t.msg_result_card_expired(),
        "034" => t.msg_result_limit(),
        "041" | "043" | "062" => t.msg_result_card_blocked(),
        "055" | "075" | "065" => t.msg_result_not_confirmed(),
        "091" | "096" => t.msg_result_bank_unreachable(),
        "001" | "002" | "005" | "031" | "035" | "056" | "085" => t.msg_result_declined(),
        // Of the rest most are none of the bank's doing.
        _ => t.msg_result_not_carried_out(),
    }
}

impl EmailPayment {
    /// `1.830,00 EUR`
    #[must_use]
    pub fn amount_words(&self, shell: &Shell) -> String {
        self.amount().map(|money| money.with_code(shell.lang)).unwrap_or_default()
    }
}

/// One entry of the timeline.
pub struct TimelineEntry {
    pub icon: Icon,
    pub tone: &'static str,
    pub title: String,
    pub words: String,
    pub at: DateTime<Utc>,
}

/// What an event tells, in the reader's words.
struct Facts<'a> {
    event: &'a EventRow,
    shell: &'a Shell,
}

impl<'a> Facts<'a> {
    fn fact(&self, name: &str) -> &'a str {
        self.event.details.get(name).and_then(serde_json::Value::as_str).unwrap_or_default()
    }

    fn instant(&self, name: &str) -> String {
        let at = self.fact(name).parse().ok();
        at.map(|at| planned(at, self.shell.zone, self.shell.lang)).unwrap_or_default()
    }

    fn money(&self) -> String {
        let minor = self.event.details.get("amount_minor").and_then(serde_json::Value::as_i64);
        let money = minor.zip(Currency::parse(self.fact("currency")));
        let words = |(minor, currency)| Money::new(minor, currency).with_code(self.shell.lang);
        money.map(words).unwrap_or_default()
    }

    fn by(&self) -> String {
        let name = self.event.user_name.as_ref();
        name.map(|name| self.shell.t.msg_event_by(name)).unwrap_or_default()
    }

    fn card(&self) -> String {
        let [brand, last_four, method] =
            ["brand", "last_four", "method"].map(|name| self.fact(name));
        card_words(brand, last_four, method, self.shell.t)
    }
}

impl TimelineEntry {
    #[expect(clippy::too_many_lines, reason = "a table: what each kind of event is called")]
    pub fn of(event: &EventRow, shell: &Shell) -> Self {
        let t = shell.t;
        let facts = Facts { event, shell };
        let (fact, instant) = (|name| facts.fact(name), |name| facts.instant(name));
        let (by, card) = (facts.by(), facts.card());
        let mail = MailKind::parse(fact("mail"));
        let (icon, tone, title, words) = match event.kind {
            EventKind::Created => ("file-plus", "", t.msg_event_created(), by),
            EventKind::Edited => ("pencil", "", t.msg_event_edited(), by),
            EventKind::Submitted => ("send", "wait", t.msg_event_submitted(), by),
            EventKind::Resent => ("send", "wait", t.msg_event_resent(), by),
            EventKind::AddressCorrected => ("pencil", "", t.msg_event_address_corrected(), by),
            EventKind::Renewed => {
                ("clock", "", t.msg_event_renewed(), joined(&instant("expires_at"), &by))
            }
            EventKind::Scheduled => {
                ("clock", "wait", t.msg_event_scheduled(), joined(&instant("send_at"), &by))
            }
            EventKind::Unscheduled => ("pencil", "", t.msg_event_unscheduled(), by),
            EventKind::SendHindered => {
                let why = SendHindrance::parse(fact("reason")).map(|why| send_hindrance(why, t));
                ("alert-triangle", "warn", t.msg_event_send_hindered(), why.unwrap_or_default())
            }
            EventKind::LinkMade => ("copy", "", t.msg_event_link_made(), by),
            EventKind::Reminded => ("bell", "wait", t.msg_event_reminded(), by),
            EventKind::ReminderPlanned => {
                ("bell", "", t.msg_event_reminder_planned(), joined(&instant("due_at"), &by))
            }
            EventKind::ReminderRemoved => {
                ("bell", "", t.msg_event_reminder_removed(), joined(&instant("due_at"), &by))
            }
            EventKind::ReminderSkipped => {
                let why = ReminderReason::parse(fact("reason")).map(|why| reminder_reason(why, t));
                ("bell", "neu", t.msg_event_reminder_skipped(), why.unwrap_or_default())
            }
            EventKind::RemindersStopped => {
                ("ban", "warn", t.msg_event_reminders_stopped(), String::new())
            }
            EventKind::Extended => {
                ("hourglass", "", t.msg_event_extended(), joined(&instant("expires_at"), &by))
            }
            EventKind::Replaced => {
                let by_which = t.msg_event_replaced_words(fact("order_id"));
                ("arrows-exchange", "neu", t.msg_event_replaced(), joined(&by_which, &by))
            }
            EventKind::Cancelled => {
                ("ban", "neu", t.msg_event_cancelled(), joined(&by, fact("reason")))
            }
            EventKind::MailSent if mail.is_none_or(MailKind::has_link) => {
                let is_reminder = mail == Some(MailKind::Reminder);
                let title =
                    if is_reminder { t.msg_event_reminder_sent() } else { t.msg_event_mail_sent() };
                ("mail-check", "pos", title, t.msg_event_mail_sent_words(fact("to")))
            }
            EventKind::MailSent if mail == Some(MailKind::Declined) => {
                ("mail-check", "", t.msg_event_declined_told(), fact("to").to_owned())
            }
            EventKind::MailSent => {
                ("mail-check", "", t.msg_event_cancellation_sent(), fact("to").to_owned())
            }
            EventKind::ReceiptSent => {
                ("receipt", "pos", t.msg_event_receipt_sent(), fact("to").to_owned())
            }
            EventKind::MailDeferred => {
                ("clock", "warn", t.msg_event_mail_deferred(), t.msg_event_mail_deferred_words())
            }
            EventKind::MailFailed => {
                ("mail-x", "neg", t.msg_event_mail_failed(), fact("to").to_owned())
            }
            EventKind::MailDropped => {
                ("mail-x", "neu", t.msg_event_mail_dropped(), fact("to").to_owned())
            }
            EventKind::GatewayUnavailable => {
                ("cloud-off", "warn", t.msg_event_gateway_unavailable(), String::new())
            }
            EventKind::Opened => ("eye", "", t.msg_event_opened(), String::new()),
            EventKind::TermsAccepted => {
                ("checks", "", t.msg_event_terms_accepted(), fact("terms_url").to_owned())
            }
            EventKind::Expired => ("hourglass", "neu", t.msg_event_expired(), String::new()),
            EventKind::Failed => ("circle-x", "neg", t.msg_event_failed(), String::new()),
            EventKind::AttemptStarted => ("refresh", "wait", t.msg_event_attempt_started(), card),
            EventKind::Pending => ("hourglass", "wait", t.msg_event_pending(), card),
            EventKind::Declined => {
                let code = fact("result_code");
                let why = t.msg_event_declined_words(result_code(code, t), code);
                ("circle-x", "neg", t.msg_event_declined(), joined(&card, &why))
            }
            EventKind::Paid => ("circle-check", "pos", t.msg_event_paid(), card),
            EventKind::Authorised => {
                let until = t.msg_event_authorised_words(instant("capture_before"));
                ("shield-check", "wait", t.msg_event_authorised(), joined(&card, &until))
            }
            EventKind::Voided if event.details.get("gateway_transaction_id").is_some() => {
                ("ban", "neu", t.msg_event_voided(), String::new())
            }
            EventKind::Voided => ("hourglass", "neu", t.msg_event_lapsed(), String::new()),
            EventKind::RefundAsked => {
                ("receipt-refund", "wait", t.msg_event_refund_asked(), joined(&facts.money(), &by))
            }
            EventKind::Refunded => ("receipt-refund", "pos", t.msg_event_refunded(), facts.money()),
            EventKind::RefundDeclined => {
                let code = fact("result_code");
                ("circle-x", "neg", t.msg_event_refund_declined(), joined(&facts.money(), code))
            }
            EventKind::UnexpectedMoney => (
                "alert-triangle",
                "neg",
                t.msg_event_unexpected_money(),
                t.msg_event_unexpected_money_words(fact("gateway_transaction_id")),
            ),
        };
        Self { icon: Icon(icon), tone, title, words, at: event.at }
    }
}

fn joined(one: &str, other: &str) -> String {
    [one, other].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" · ")
}

fn card_words(brand: &str, last_four: &str, method: &str, t: &Texts) -> String {
    match (brand, last_four) {
        (_, "") => method_name(method, t),
        (brand, digits) => t.msg_card_ending(title_case(brand), digits),
    }
}

fn title_case(brand: &str) -> String {
    match brand.to_ascii_uppercase().as_str() {
        "VISA" => "Visa".to_owned(),
        "MCRD" | "MASTERCARD" => "Mastercard".to_owned(),
        "AMEX" => "American Express".to_owned(),
        _ => brand.to_owned(),
    }
}

/// `Visa ending in 1111`, for the facts of a paid payment.
pub fn paid_with(attempts: &[AttemptRow], t: &Texts) -> Option<String> {
    let paid = attempts.iter().find(|attempt| attempt.status == AttemptStatus::Authorised)?;
    let brand = paid.card_brand.as_deref().unwrap_or_default();
    let digits = paid.last_four().unwrap_or_default();
    Some(card_words(brand, &digits, &paid.payment_method, t))
}

/// The state of one mail, in words.
pub fn mail_words(mail: &MailRow, t: &Texts) -> String {
    match mail.state {
        MailState::Ready if mail.attempts > 0 => t.msg_mail_state_deferred(),
        MailState::Ready => t.msg_mail_state_ready(),
        MailState::Sending => t.msg_mail_state_sending(),
        MailState::Sent => t.msg_mail_state_sent(),
        MailState::Failed => t.msg_mail_state_failed(),
        MailState::Dropped => t.msg_mail_state_dropped(),
    }
}

pub fn mail_kind_words(kind: MailKind, t: &Texts) -> String {
    match kind {
        MailKind::Request => t.msg_mail_kind_request(),
        MailKind::Reminder => t.msg_mail_kind_reminder(),
        MailKind::Receipt => t.msg_mail_kind_receipt(),
        MailKind::Declined => t.msg_mail_kind_declined(),
        MailKind::Cancelled => t.msg_mail_kind_cancelled(),
        MailKind::Invitation => t.msg_mail_kind_invitation(),
        MailKind::Notice => t.msg_deliveries_col_what(),
        MailKind::Ticket => t.msg_mail_kind_ticket(),
        MailKind::Address | MailKind::AddressChanged => t.msg_profile_email(),
        MailKind::HandOver => t.msg_hand_over_title(),
        MailKind::Refunded => t.msg_show_refunded(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bank_has_declined_only_what_the_table_of_codes_says_that_it_has() {
        let t = Lang::En.texts();
        assert_eq!(result_code("005", t), "declined by the bank");
        assert_eq!(result_code("051", t), "insufficient funds");
        for code in ["", "012", "080", "312", "500", "998", "973"] {
            assert_eq!(result_code(code, t), "the payment could not be carried out", "{code}");
        }
    }
}
