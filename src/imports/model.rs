//! What an import is. Pure.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;

use crate::db::columns::text_column;
use crate::db::schema::imports;
use crate::kernel::{ImportId, Lang, OriginatorId, UserId};

text_column! {
    /// How far an import is.
    ImportState {
        /// Uploaded and checked; nobody has confirmed it.
        Checked = "checked",
        /// Confirmed; nothing is made before its undo window ends.
        Waiting = "waiting",
        Running = "running",
        Done = "done",
        /// By somebody, or because who confirmed it may not send any more.
        Stopped = "stopped",
        Undone = "undone",
        /// Nobody confirmed it in time.
        Discarded = "discarded",
    }
}

text_column! {
    /// What became of one row.
    RowState {
        Checked = "checked",
        Queued = "queued",
        Made = "made",
        LeftOut = "left_out",
    }
}

text_column! {
    /// Why a row was left out.
    Reason {
        /// The form would refuse it.
        Faulty = "faulty",
        OrderIdTwice = "order_id_twice",
        OrderIdTaken = "order_id_taken",
        /// The address and amount of another row, or of a payment of the last day.
        Repeated = "repeated",
        TooManyToAddress = "too_many_to_address",
        /// The merchant has no email payments any more.
        SwitchedOff = "switched_off",
        /// Our fault.
        Failed = "failed",
        /// The import was stopped before its turn came.
        Stopped = "stopped",
    }
}

/// How long a confirmed import can be taken back: nothing is made before.
pub const UNDO_WINDOW: Duration = Duration::minutes(5);
/// The same file within this time is warned about; payments of this time make a row a repeat.
pub const REPEAT_WINDOW: Duration = Duration::days(1);
/// How long what was typed is kept: without a confirmation, and after the end (SEC-24).
pub const KEPT_UNCONFIRMED: Duration = Duration::days(1);
pub const KEPT_ENDED: Duration = Duration::days(30);
/// Days of validity that the page offers instead of the originators' own, and those that are kept beside
/// these.
pub const VALID_DAYS: [i32; 6] = [3, 7, 14, 30, 60, 89];

/// One import.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = imports)]
pub struct Import {
    pub id: ImportId,
    pub created_at: DateTime<Utc>,
    pub file_name: String,
    pub file_hash: Vec<u8>,
    pub unknown_columns: Vec<Option<String>>,
    #[diesel(embed)]
    pub settings: Settings,
    pub state: ImportState,
    pub confirmed_by: Option<UserId>,
    pub confirmed_at: Option<DateTime<Utc>>,
    pub starts_at: Option<DateTime<Utc>>,
    pub next_at: Option<DateTime<Utc>>,
    pub ended_at: Option<DateTime<Utc>>,
    pub forgotten_at: Option<DateTime<Utc>>,
}

/// What counts where a row says nothing, and which rows are left out.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, AsChangeset)]
#[diesel(table_name = imports)]
pub struct Settings {
    pub originator_id: Option<OriginatorId>,
    pub currency: String,
    pub language: Lang,
    pub valid_days: i32,
    /// Each row is valid for as long as its originator's payment page says: `valid_days` do not count.
    pub usual_validity: bool,
    /// Rows with the address and amount of another one are made too.
    pub with_repeats: bool,
}
