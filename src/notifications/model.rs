//! What users are told about, and the ledger's words.

use chrono::{DateTime, Utc};

use crate::auth::{MerchantRole, Reach};
use crate::db::columns::text_column;
use crate::kernel::{DocumentId, EmailPaymentId, Right, TicketId, UserId};

text_column! {
    /// What a user may be told about.
    NoticeKind {
        /// A document has come into the merchant's area.
        DocumentCreated = "document_created",
        /// A customer has paid.
        PaymentPaid = "payment_paid",
        /// A customer's payment was declined.
        PaymentDeclined = "payment_declined",
        /// A request did not arrive.
        PaymentUndelivered = "payment_undelivered",
        /// A request ends in a day and nobody has paid.
        PaymentExpiring = "payment_expiring",
        /// Support has answered in a ticket that one opened or follows. Its mail is the ticket's own.
        TicketAnswered = "ticket_answered",
    }
}

text_column! {
    /// What a notice tells: what may be chosen, and what is told about the notices themselves.
    Told {
        DocumentCreated = "document_created",
        PaymentPaid = "payment_paid",
        PaymentDeclined = "payment_declined",
        PaymentUndelivered = "payment_undelivered",
        PaymentExpiring = "payment_expiring",
        TicketAnswered = "ticket_answered",
        /// In the inbox alone.
        PermissionGranted = "permission_granted",
        PermissionWithdrawn = "permission_withdrawn",
        /// What has happened since the digest before; by mail alone.
        Digest = "digest",
    }
}

text_column! {
    /// What became of a wish for a permission.
    RequestAnswer {
        Granted = "granted",
        Refused = "refused",
    }
}

/// How a user wants to be told about a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is chosen without regard to the others")]
pub struct Choice {
    pub in_app: bool,
    pub at_once: bool,
    pub digest: bool,
    /// Of payments: those of everybody, where the role sees them.
    pub is_all: bool,
}

impl NoticeKind {
    /// What only a success manager's permission allows.
    #[must_use]
    pub const fn needs_permission(self) -> bool {
        matches!(self, Self::DocumentCreated)
    }

    /// The kinds of the ledger.
    pub fn permitted() -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(|kind| kind.needs_permission())
    }

    /// How who has chosen nothing is told: as before there was a choice, and in the inbox.
    #[must_use]
    pub const fn usual(self) -> Choice {
        let at_once = matches!(self, Self::DocumentCreated | Self::TicketAnswered);
        Choice { in_app: true, at_once, digest: false, is_all: false }
    }

    /// What a user has to be allowed to see, to be told about it.
    #[must_use]
    pub const fn right(self) -> Right {
        match self {
            Self::DocumentCreated => Right::ViewDocuments,
            Self::TicketAnswered => Right::UseTickets,
            Self::PaymentPaid
            | Self::PaymentDeclined
            | Self::PaymentUndelivered
            | Self::PaymentExpiring => Right::ViewEmailPayments,
        }
    }

    /// The roles that see all of it, not their own alone.
    #[must_use]
    pub fn roles_of_all(self) -> Vec<&'static str> {
        let sees_all = |role: &&MerchantRole| role.reach(self.right()) == Reach::All;
        MerchantRole::ALL.iter().filter(sees_all).map(|role| role.as_str()).collect()
    }

    /// The roles that see it.
    #[must_use]
    pub fn roles(self) -> Vec<&'static str> {
        let roles = MerchantRole::ALL.iter().filter(|role| role.may(self.right()));
        roles.map(|role| role.as_str()).collect()
    }
}

/// Something that has happened.
#[derive(Clone, Debug)]
pub enum Event {
    DocumentCreated {
        id: DocumentId,
    },
    Payment {
        kind: PaymentEvent,
        id: EmailPaymentId,
        created_by: UserId,
    },
    /// `to`: who opened the ticket or follows it. Who wants a mail at once gets the ticket's.
    TicketAnswered {
        id: TicketId,
        to: Vec<UserId>,
    },
}

/// What has become of a request for money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaymentEvent {
    Paid,
    Declined,
    Undelivered,
    Expiring,
}

impl PaymentEvent {
    #[must_use]
    pub const fn notice(self) -> NoticeKind {
        match self {
            Self::Paid => NoticeKind::PaymentPaid,
            Self::Declined => NoticeKind::PaymentDeclined,
            Self::Undelivered => NoticeKind::PaymentUndelivered,
            Self::Expiring => NoticeKind::PaymentExpiring,
        }
    }
}

/// What a link in a mail ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// Mails at once about a kind.
    AtOnce(NoticeKind),
    /// The digest.
    Digest,
}

impl Stop {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AtOnce(kind) => kind.as_str(),
            Self::Digest => "digest",
        }
    }

    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "digest" => Some(Self::Digest),
            kind => NoticeKind::parse(kind).map(Self::AtOnce),
        }
    }
}

/// How a permission stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Valid,
    /// Its last day has passed.
    Ended,
    Withdrawn,
}

impl Standing {
    #[must_use]
    pub fn of(
        valid_until: Option<DateTime<Utc>>,
        withdrawn_at: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) -> Self {
        if withdrawn_at.is_some() {
            Self::Withdrawn
        } else if valid_until.is_some_and(|until| until <= now) {
            Self::Ended
        } else {
            Self::Valid
        }
    }
}

/// Why something is not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hindrance {
    /// The permission is there.
    HasIt,
    /// The role may not see what the notice would be about.
    RoleSeesNothing,
    /// A request waits.
    Waits,
    /// No permission stands.
    HasNone,
    /// A test was sent a moment ago.
    JustTested,
}

/// Characters of a reason, or of the words of a request.
pub const WORDS_MAX: usize = 300;
