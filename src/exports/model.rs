//! What an export is.

use chrono::{DateTime, Utc};

use crate::db::columns::text_column;
use crate::kernel::Right;

text_column! {
    /// Which list the rows are of.
    ExportList {
        EmailPayments = "email_payments",
        Activity = "activity",
        Documents = "documents",
        Transactions = "transactions",
    }
}

text_column! {
    /// What became of the file.
    ExportState {
        Running = "running",
        Done = "done",
        /// The reader went away, the database failed, the process ended: the file is not whole.
        Broken = "broken",
        /// Somebody stopped it: the file is not whole.
        Stopped = "stopped",
    }
}

impl ExportList {
    /// What its records take to be seen; the reach says whose.
    #[must_use]
    pub const fn right(self) -> Right {
        match self {
            Self::EmailPayments | Self::Transactions => Right::Export,
            Self::Activity => Right::ViewActivity,
            Self::Documents => Right::ViewDocuments,
        }
    }

    /// The list's own address.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::EmailPayments => "/processing/email-payments",
            Self::Activity => "/settings/activity",
            Self::Documents => "/accounting/documents",
            Self::Transactions => "/processing/transactions",
        }
    }

    /// How its files' names begin.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::EmailPayments => "email-payments",
            Self::Activity => "activity",
            Self::Documents => "documents",
            Self::Transactions => "transactions",
        }
    }

    /// The word of the audit.
    #[must_use]
    pub const fn action(self) -> &'static str {
        match self {
            Self::EmailPayments => "email_payment.export",
            Self::Activity => "activity.export",
            Self::Documents => "document.export",
            Self::Transactions => "transaction.export",
        }
    }
}

/// How far a file has come, and at its end what it is.
#[derive(Clone, Debug, Default)]
pub struct Progress {
    pub as_of: Option<DateTime<Utc>>,
    pub rows: i64,
    pub rows_total: Option<i64>,
    pub bytes: i64,
    /// Of the whole file, once it is.
    pub sha256: Option<[u8; 32]>,
    pub is_stopped: bool,
}
