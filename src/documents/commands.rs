//! Writes: publishing, and moves of the state. One transaction each, audit row included.

mod period_end;
mod publish;
mod read;
mod state;

use chrono::{DateTime, Utc};

use crate::auth::audit::By;
use crate::kernel::UserId;

pub use period_end::{Maker, publish_due};
pub use publish::{Pdf, Published, publish};
pub use read::{mark_all_read, mark_read, mark_unread};
pub use state::{move_state, note_download};

/// Who writes, and when.
pub struct Writer {
    pub by: By,
    /// The person; `None` for the product itself and for commands.
    pub user_id: Option<UserId>,
    /// The program that acts in a user's stead, as the audit names it.
    pub program: Option<serde_json::Value>,
    pub now: DateTime<Utc>,
}
