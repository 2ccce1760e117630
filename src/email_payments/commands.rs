//! Writes: one transaction each, mail and audit row included. The only place, with `outcome.rs`,
//! that changes a status.

mod create;
mod end;
mod expiring;
mod extend;
mod follow_up;
mod pace;
mod remind;
mod replace;
mod schedule;
mod send;
mod visit;

use chrono::{DateTime, Utc};

use super::model::Hindrance;
use crate::auth::audit::By;
use crate::kernel::{Error, UserId};

pub use create::{Created, FormKey, create, state_of, update};
pub use end::{Due, cancel, close, expire_due};
pub use expiring::tell_expiring;
pub use extend::extend;
pub use follow_up::{follow_up, lapse_due, note_refund_asked, note_refund_declined};
pub use pace::{Pace, bulk_pace, paced};
pub use remind::{
    add_reminder, are_reminders_stopped, remind, remind_due, reminders_of, remove_reminder,
    skip_reminders, stop_reminders, without_reminders,
};
pub use replace::replace;
pub use schedule::{send_due, send_now, unschedule};
pub use send::{resend, retire_sessions};
pub use visit::{accept_terms, note_visit};

/// Who writes, and when.
pub struct Writer {
    pub by: By,
    pub user_id: UserId,
    /// The program that acts in the user's stead, as the audit names it; `None` for a browser.
    pub program: Option<serde_json::Value>,
    pub now: DateTime<Utc>,
}

/// In whose name something is done: a person's, or the clock's, which does what a person has planned.
#[derive(Clone, Copy)]
pub enum Author<'a> {
    Person(&'a Writer),
    Clock(DateTime<Utc>),
}

impl Author<'_> {
    pub const fn now(self) -> DateTime<Utc> {
        match self {
            Self::Person(writer) => writer.now,
            Self::Clock(now) => now,
        }
    }
}

/// What an act led to: done, or why not. Only what nobody can mend is an error.
pub type Acted<T> = Result<Result<T, Hindrance>, Error>;

/// Why a piece of work is undone: something that its reader can mend, or an error.
enum Stop {
    Hindered(Hindrance),
    Failed(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<diesel::result::Error> for Stop {
    fn from(error: diesel::result::Error) -> Self {
        Self::Failed(error.into())
    }
}

/// What can be mended, apart from what can't.
fn acted<T>(outcome: Result<T, Stop>) -> Acted<T> {
    match outcome {
        Ok(done) => Ok(Ok(done)),
        Err(Stop::Hindered(hindrance)) => Ok(Err(hindrance)),
        Err(Stop::Failed(error)) => Err(error),
    }
}
