//! What may be allowed to somebody: the words of the permission matrix, without who has which.

/// Something that may or may not be done. Who has it stands in `auth::matrix`; what it is
/// called on pages, in `web::rights`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    ViewEmailPayments,
    /// Create, send again, cancel.
    WriteEmailPayments,
    /// What moved at the gateway, through every channel.
    ViewTransactions,
    /// Ask for money to be given back, captured or set free.
    Operate,
    /// Allow what a colleague asked for, where a second person is needed.
    ApproveOperations,
    /// Refund in spite of a chargeback; say from which amount a second person is needed.
    OverruleRefunds,
    /// Say what became of a difference between email payments and transactions.
    SettleDifferences,
    /// Invoices, credit notes and statements, with their files.
    ViewDocuments,
    /// Publish documents, and move their state.
    PublishDocuments,
    /// How an originator's payment page and the mails to its customers look and speak.
    ViewPageSettings,
    /// Change that.
    WritePageSettings,
    /// Take the rows of a list along as a file.
    Export,
    /// Tokens for programs that call the API in the user's stead.
    UseApi,
    /// Invite, change roles, take access away, end sessions.
    ManageTeam,
    /// Read the audit log.
    ViewActivity,
    /// See the merchants that one looks after, and their switches.
    ManageMerchants,
    /// Merchants' users: ask support, and see what others asked. Support: answer.
    UseTickets,
}

impl Right {
    /// In the order of the matrix.
    pub const ALL: [Self; 17] = [
        Self::ViewEmailPayments,
        Self::WriteEmailPayments,
        Self::ViewTransactions,
        Self::Operate,
        Self::ApproveOperations,
        Self::OverruleRefunds,
        Self::SettleDifferences,
        Self::ViewDocuments,
        Self::PublishDocuments,
        Self::ViewPageSettings,
        Self::WritePageSettings,
        Self::Export,
        Self::UseApi,
        Self::ManageTeam,
        Self::ViewActivity,
        Self::ManageMerchants,
        Self::UseTickets,
    ];

    /// The word for logs and the audit.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ViewEmailPayments => "email_payments.view",
            Self::WriteEmailPayments => "email_payments.write",
            Self::ViewTransactions => "transactions.view",
            Self::Operate => "operations.ask",
            Self::ApproveOperations => "operations.approve",
            Self::OverruleRefunds => "refunds.overrule",
            Self::SettleDifferences => "transactions.settle_differences",
            Self::ViewDocuments => "documents.view",
            Self::PublishDocuments => "documents.publish",
            Self::ViewPageSettings => "page_settings.view",
            Self::WritePageSettings => "page_settings.write",
            Self::Export => "export",
            Self::UseApi => "api.use",
            Self::ManageTeam => "team.manage",
            Self::ViewActivity => "activity.view",
            Self::ManageMerchants => "merchants.manage",
            Self::UseTickets => "tickets.use",
        }
    }
}
