//! What users are told about, and the ledger's words.

use chrono::{DateTime, Utc};

use crate::auth::MerchantRole;
use crate::db::columns::text_column;
use crate::kernel::{DocumentId, Right};

text_column! {
    /// What a user may be told about.
    NoticeKind {
        /// A document has come into the merchant's area.
        DocumentCreated = "document_created",
    }
}

text_column! {
    /// What became of a wish for a permission.
    RequestAnswer {
        Granted = "granted",
        Refused = "refused",
    }
}

impl NoticeKind {
    /// What a user has to be allowed to see, to be told about it.
    #[must_use]
    pub const fn right(self) -> Right {
        match self {
            Self::DocumentCreated => Right::ViewDocuments,
        }
    }

    /// The roles that see it.
    #[must_use]
    pub fn roles(self) -> Vec<&'static str> {
        let roles = MerchantRole::ALL.iter().filter(|role| role.may(self.right()));
        roles.map(|role| role.as_str()).collect()
    }
}

/// Something that has happened.
#[derive(Clone, Copy, Debug)]
pub enum Event {
    DocumentCreated { id: DocumentId },
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
