//! A change of address: who has to say yes, and how it ends. Pure.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;

use crate::db::columns::text_column;
use crate::db::schema::email_changes;
use crate::kernel::{EmailChangeId, UserId};

/// How long both addresses have to confirm.
pub const VALIDITY: Duration = Duration::hours(24);

/// Changes that somebody may ask for within a day: each one writes to an address that may be a stranger's.
pub const A_DAY_MAX: i64 = 5;

text_column! {
    /// How a change ended.
    EmailChangeEnd {
        /// Both addresses have confirmed.
        Done = "done",
        Cancelled = "cancelled",
        /// By a newer one.
        Replaced = "replaced",
        /// Both addresses have confirmed, and somebody else has the new one.
        Taken = "taken",
    }
}

/// One of the two addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Old,
    New,
}

impl Side {
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Old => Self::New,
            Self::New => Self::Old,
        }
    }

    /// The word for the audit.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Old => "old",
            Self::New => "new",
        }
    }
}

/// A change that is under way.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = email_changes)]
pub struct EmailChange {
    pub id: EmailChangeId,
    pub user_id: UserId,
    pub old_email: String,
    pub new_email: String,
    pub expires_at: DateTime<Utc>,
    pub old_confirmed_at: Option<DateTime<Utc>>,
    pub new_confirmed_at: Option<DateTime<Utc>>,
}

impl EmailChange {
    /// Whether an address has confirmed: its link is used up.
    #[must_use]
    pub const fn is_confirmed(&self, side: Side) -> bool {
        match side {
            Side::Old => self.old_confirmed_at.is_some(),
            Side::New => self.new_confirmed_at.is_some(),
        }
    }
}
