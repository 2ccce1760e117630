//! What an export is.

use chrono::{DateTime, Utc};

use crate::db::columns::text_column;
use crate::kernel::{Right, Texts};

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

    /// Where the list and its files are found.
    #[must_use]
    pub const fn paths(self) -> Paths {
        match self {
            Self::EmailPayments => Paths {
                list: "/processing/email-payments",
                csv: "/processing/email-payments.csv",
                xlsx: "/processing/email-payments.xlsx",
                exports: "/processing/email-payments/exports",
                stop: "/processing/email-payments/exports/{id}/stop",
            },
            Self::Activity => Paths {
                list: "/settings/activity",
                csv: "/settings/activity.csv",
                xlsx: "/settings/activity.xlsx",
                exports: "/settings/activity/exports",
                stop: "/settings/activity/exports/{id}/stop",
            },
            Self::Documents => Paths {
                list: "/accounting/documents",
                csv: "/accounting/documents.csv",
                xlsx: "/accounting/documents.xlsx",
                exports: "/accounting/documents/exports",
                stop: "/accounting/documents/exports/{id}/stop",
            },
            Self::Transactions => Paths {
                list: "/processing/transactions",
                csv: "/processing/transactions.csv",
                xlsx: "/processing/transactions.xlsx",
                exports: "/processing/transactions/exports",
                stop: "/processing/transactions/exports/{id}/stop",
            },
        }
    }

    /// What the list is called.
    #[must_use]
    pub fn title(self, t: &Texts) -> String {
        match self {
            Self::EmailPayments => t.msg_list_title(),
            Self::Activity => t.msg_activity_title(),
            Self::Documents => t.msg_doc_title(),
            Self::Transactions => t.msg_tx_title(),
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

/// The addresses of a list's files.
pub struct Paths {
    pub list: &'static str,
    pub csv: &'static str,
    pub xlsx: &'static str,
    /// The page of what left so far.
    pub exports: &'static str,
    pub stop: &'static str,
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
