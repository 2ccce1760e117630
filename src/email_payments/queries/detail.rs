//! What a payment's page tells besides the payment: its timeline, tries, mails and visits.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::super::visits::{VISITS_MAX, VisitRow};
use crate::auth::MerchantScope;
use crate::db::columns::text_column;
use crate::db::schema::{
    email_payment_events, mails, operation_requests, pay_link_visits, payment_attempts,
    transactions, users,
};
use crate::gateway::AttemptStatus;
use crate::kernel::{EmailPaymentId, Error, Lang, OperationRequestId};
use crate::mail::{MailKind, MailState};
use crate::settlement::Operation;

text_column! {
    /// What the timeline tells.
    EventKind {
        Created = "created",
        Edited = "edited",
        Submitted = "submitted",
        MailSent = "mail_sent",
        MailDeferred = "mail_deferred",
        MailFailed = "mail_failed",
        MailDropped = "mail_dropped",
        GatewayUnavailable = "gateway_unavailable",
        Opened = "opened",
        AttemptStarted = "attempt_started",
        Declined = "declined",
        Pending = "pending",
        Paid = "paid",
        Expired = "expired",
        Cancelled = "cancelled",
        Failed = "failed",
        Resent = "resent",
        AddressCorrected = "address_corrected",
        Renewed = "renewed",
        ReceiptSent = "receipt_sent",
        UnexpectedMoney = "unexpected_money",
        Scheduled = "scheduled",
        Unscheduled = "unscheduled",
        SendHindered = "send_hindered",
        LinkMade = "link_made",
        Reminded = "reminded",
        ReminderPlanned = "reminder_planned",
        ReminderRemoved = "reminder_removed",
        ReminderSkipped = "reminder_skipped",
        RemindersStopped = "reminders_stopped",
        Extended = "extended",
        Replaced = "replaced",
        Authorised = "authorised",
        Voided = "voided",
        RefundAsked = "refund_asked",
        Refunded = "refunded",
        RefundDeclined = "refund_declined",
        TermsAccepted = "terms_accepted",
    }
}

/// One line of the timeline.
#[derive(Clone, Debug, Queryable)]
pub struct EventRow {
    pub kind: EventKind,
    pub details: serde_json::Value,
    pub at: DateTime<Utc>,
    pub user_name: Option<String>,
}

/// The timeline, newest first; the latest hundred.
pub fn events(
    conn: &mut PgConnection,
    scope: MerchantScope,
    id: EmailPaymentId,
) -> Result<Vec<EventRow>, Error> {
    Ok(email_payment_events::table
        .left_join(users::table)
        .filter(email_payment_events::merchant_id.eq(scope.merchant_id()))
        .filter(email_payment_events::email_payment_id.eq(id))
        .order((email_payment_events::at.desc(), email_payment_events::id.desc()))
        .limit(100)
        .select((
            email_payment_events::kind,
            email_payment_events::details,
            email_payment_events::at,
            users::name.nullable(),
        ))
        .load(conn)?)
}

/// One try of the customer, as the detail page and the result page show it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = payment_attempts)]
pub struct AttemptRow {
    pub gateway_transaction_id: String,
    pub status: AttemptStatus,
    pub operation: String,
    pub result_code: String,
    pub payment_method: String,
    pub card_brand: Option<String>,
    pub card_number_masked: Option<String>,
    pub attempted_at: DateTime<Utc>,
}

impl AttemptRow {
    #[must_use]
    pub fn is_success(&self) -> bool {
        self.status == AttemptStatus::Authorised
    }

    /// Whether the money is only promised by it, and captured later.
    #[must_use]
    pub fn is_promise(&self) -> bool {
        self.operation == Operation::Authorize.as_str()
    }

    /// The last four digits of the card, where it was one.
    #[must_use]
    pub fn last_four(&self) -> Option<String> {
        let number = self.card_number_masked.as_deref()?;
        let from = number.len().checked_sub(4)?;
        number.get(from..).map(str::to_owned)
    }
}

/// Every try, newest first.
pub fn attempts(
    conn: &mut PgConnection,
    scope: MerchantScope,
    id: EmailPaymentId,
) -> Result<Vec<AttemptRow>, Error> {
    Ok(payment_attempts::table
        .filter(payment_attempts::merchant_id.eq(scope.merchant_id()))
        .filter(payment_attempts::email_payment_id.eq(id))
        .order((payment_attempts::attempted_at.desc(), payment_attempts::recorded_at.desc()))
        .limit(50)
        .select(AttemptRow::as_select())
        .load(conn)?)
}

/// Mails of each sort that a payment's page shows.
const MAILS_SHOWN: i64 = 50;

/// One mail of a payment.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = mails)]
pub struct MailRow {
    pub kind: MailKind,
    pub recipient: String,
    pub language: Lang,
    pub state: MailState,
    pub attempts: i32,
    pub run_at: DateTime<Utc>,
    pub answer: Option<String>,
    pub created_at: DateTime<Utc>,
    pub sent_at: Option<DateTime<Utc>>,
}

impl MailRow {
    /// When it left; until then, when it was queued.
    #[must_use]
    pub fn shown_at(&self) -> &DateTime<Utc> {
        self.sent_at.as_ref().unwrap_or(&self.created_at)
    }
}

/// Every mail to the customer, newest first: about the payment, and about what was given back of it.
pub fn mails_of(
    conn: &mut PgConnection,
    scope: MerchantScope,
    id: EmailPaymentId,
) -> Result<Vec<MailRow>, Error> {
    let newest = || {
        mails::table
            .filter(mails::merchant_id.eq(scope.merchant_id()))
            .order((mails::created_at.desc(), mails::id.desc()))
            .limit(MAILS_SHOWN)
            .select(MailRow::as_select())
    };
    let mut all: Vec<MailRow> = newest().filter(mails::email_payment_id.eq(id)).load(conn)?;
    let given_back = operation_requests::table
        .inner_join(
            transactions::table.on(transactions::merchant_id
                .eq(operation_requests::merchant_id)
                .and(transactions::id.eq(operation_requests::transaction_id))),
        )
        .filter(transactions::merchant_id.eq(scope.merchant_id()))
        .filter(transactions::email_payment_id.eq(id))
        .select(operation_requests::id)
        .limit(MAILS_SHOWN)
        .load::<OperationRequestId>(conn)?;
    if !given_back.is_empty() {
        all.extend(newest().filter(mails::operation_request_id.eq_any(given_back)).load(conn)?);
        all.sort_by_key(|mail| std::cmp::Reverse(mail.created_at));
    }
    Ok(all)
}

/// The visits of a payment's link that are kept, newest first.
pub fn visits_of(
    conn: &mut PgConnection,
    scope: MerchantScope,
    id: EmailPaymentId,
) -> Result<Vec<VisitRow>, Error> {
    Ok(pay_link_visits::table
        .filter(pay_link_visits::merchant_id.eq(scope.merchant_id()))
        .filter(pay_link_visits::email_payment_id.eq(id))
        .order((pay_link_visits::at.desc(), pay_link_visits::id.desc()))
        .limit(i64::from(VISITS_MAX))
        .select(VisitRow::as_select())
        .load(conn)?)
}
