//! What an accounting document is, and how its state moves. Pure.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;

use crate::db::columns::text_column;
use crate::db::schema::documents;
use crate::kernel::{Currency, DocumentId, MerchantId, Money, UserId};

text_column! {
    /// What it is.
    Kind {
        /// With the account statement and the fees of its period.
        Invoice = "invoice",
        CreditNote = "credit_note",
        PayoutStatement = "payout_statement",
        HoldbackStatement = "holdback_statement",
    }
}

text_column! {
    /// How far its money is. Whether somebody has read it is another matter.
    State {
        /// The platform pays it by the due day.
        WaitingAccountantPayment = "waiting_accountant_payment",
        /// The total is negative: the merchant pays.
        WaitingCustomerPayment = "waiting_customer_payment",
        /// Paid out; the commission is not taken yet.
        WaitingAccounting = "waiting_accounting",
        BlockedPayment = "blocked_payment",
        BlockedReview = "blocked_review",
        /// The merchant has to tell something first; the reason says what.
        BlockedMissingInformation = "blocked_missing_information",
        Paid = "paid",
        /// Replaced by another document.
        Cancelled = "cancelled",
        /// A statement: nobody waits for anything.
        Informative = "informative",
    }
}

text_column! {
    /// The door that a document came through.
    Source {
        /// Made by the product at the end of a period.
        PeriodEnd = "period_end",
        Page = "page",
        Command = "command",
        Api = "api",
    }
}

/// Who has to act next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    Platform,
    Merchant,
    Nobody,
}

impl Kind {
    /// Statements tell what happened; nothing is paid by them.
    #[must_use]
    pub const fn is_statement(self) -> bool {
        matches!(self, Self::PayoutStatement | Self::HoldbackStatement)
    }

    /// The state that a new one is in.
    #[must_use]
    pub const fn first_state(self, total_minor: i64) -> State {
        if self.is_statement() { State::Informative } else { State::waiting(total_minor) }
    }
}

impl State {
    /// Those whose total is still owed: they make the balance. What waits for accounting is paid out.
    pub const OWED: [Self; 5] = [
        Self::WaitingAccountantPayment,
        Self::WaitingCustomerPayment,
        Self::BlockedPayment,
        Self::BlockedReview,
        Self::BlockedMissingInformation,
    ];

    /// Who pays, by the sign of the total.
    const fn waiting(total_minor: i64) -> Self {
        if total_minor < 0 { Self::WaitingCustomerPayment } else { Self::WaitingAccountantPayment }
    }

    #[must_use]
    pub const fn actor(self) -> Actor {
        match self {
            Self::WaitingAccountantPayment | Self::BlockedPayment | Self::BlockedReview => {
                Actor::Platform
            }
            Self::WaitingCustomerPayment | Self::BlockedMissingInformation => Actor::Merchant,
            Self::WaitingAccounting | Self::Paid | Self::Cancelled | Self::Informative => {
                Actor::Nobody
            }
        }
    }

    /// The states that a document of this total may come into from here. A trigger in the database
    /// lists the same moves.
    #[must_use]
    pub fn next(self, total_minor: i64) -> Vec<Self> {
        let blocked = [Self::BlockedPayment, Self::BlockedReview, Self::BlockedMissingInformation];
        match self {
            Self::WaitingAccountantPayment => {
                [&[Self::Paid, Self::WaitingAccounting], &blocked[..], &[Self::Cancelled]].concat()
            }
            Self::WaitingCustomerPayment => {
                [&[Self::Paid], &blocked[..], &[Self::Cancelled]].concat()
            }
            Self::WaitingAccounting => vec![Self::Paid, Self::Cancelled],
            Self::BlockedPayment | Self::BlockedReview | Self::BlockedMissingInformation => {
                let others = blocked.into_iter().filter(|state| *state != self);
                std::iter::once(Self::waiting(total_minor))
                    .chain(others)
                    .chain([Self::Cancelled])
                    .collect()
            }
            Self::Informative => vec![Self::Cancelled],
            Self::Paid | Self::Cancelled => Vec::new(),
        }
    }
}

/// A document as it stands.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = documents)]
pub struct Document {
    pub merchant_id: MerchantId,
    pub id: DocumentId,
    pub kind: Kind,
    pub provider: String,
    pub number: String,
    pub period_from: NaiveDate,
    pub period_until: NaiveDate,
    pub issued_on: NaiveDate,
    pub due_on: Option<NaiveDate>,
    #[diesel(column_name = currency)]
    pub currency_code: String,
    pub total_minor: i64,
    pub state: State,
    pub state_at: DateTime<Utc>,
    pub corrects: Option<DocumentId>,
    pub sha256: Vec<u8>,
    pub size_bytes: i64,
    pub source: Source,
    pub created_by: Option<UserId>,
    pub created_at: DateTime<Utc>,
}

impl Document {
    /// What the merchant is to receive; negative where it is to pay.
    #[must_use]
    pub fn total(&self) -> Money {
        Money::new(self.total_minor, Currency::parse(&self.currency_code).unwrap_or(Currency::EUR))
    }

    #[must_use]
    pub fn sha256_hex(&self) -> String {
        data_encoding::HEXLOWER.encode(&self.sha256)
    }
}

/// A document to be published. Everything but its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDocument {
    pub kind: Kind,
    /// The financial provider whose money it tells about, at most 60 characters; empty: none in
    /// particular. A number is used once for each provider.
    pub provider: String,
    /// 1 to 60 characters.
    pub number: String,
    /// Whole days in the merchant's zone, both inclusive.
    pub period_from: NaiveDate,
    pub period_until: NaiveDate,
    pub issued_on: NaiveDate,
    pub due_on: Option<NaiveDate>,
    /// What the merchant is to receive; negative where it is to pay.
    pub total: Money,
    /// The document that this one corrects: it is cancelled where it is not paid yet.
    pub corrects: Option<DocumentId>,
    pub source: Source,
}

/// Why a document can't be published. Each is told at the field that it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    EmptyFile,
    /// More than [`crate::store::OBJECT_BYTES_MAX`].
    TooLarge,
    NotAPdf,
    /// Another document of this provider has the number.
    NumberTaken,
    PeriodReversed,
    DueBeforeIssued,
    /// More than [`NewDocument::TOTAL_MINOR_MAX`].
    TotalTooLarge,
    /// What it corrects is no document of this merchant.
    CorrectsUnknown,
    /// What it corrects is cancelled already.
    CorrectsCancelled,
}

impl NewDocument {
    /// A million million minor units less one, on either side.
    pub const TOTAL_MINOR_MAX: i64 = 999_999_999_999;

    /// What is wrong with it as far as it shows without looking at other documents.
    #[must_use]
    pub fn refusal(&self) -> Option<Refusal> {
        if self.period_until < self.period_from {
            Some(Refusal::PeriodReversed)
        } else if self.due_on.is_some_and(|due_on| due_on < self.issued_on) {
            Some(Refusal::DueBeforeIssued)
        } else if self.total.minor.unsigned_abs() > Self::TOTAL_MINOR_MAX.unsigned_abs() {
            Some(Refusal::TotalTooLarge)
        } else {
            None
        }
    }
}
