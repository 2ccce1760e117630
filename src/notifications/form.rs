//! What was typed → what was meant.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::Deserialize;

use super::model::{Hindrance, NoticeKind, WORDS_MAX};
use crate::kernel::text;
use crate::kernel::{Error, Texts, UserId, dates};
use crate::web::{Faults, reason, text_fault};

/// A grant as it is typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GrantForm {
    #[serde(default)]
    pub user: String,
    #[serde(default)]
    pub kind: String,
    #[serde(default)]
    pub reason: String,
    /// A day; empty: without an end.
    #[serde(default)]
    pub until: String,
}

/// A grant as it is meant.
pub struct Grant {
    pub user_id: UserId,
    pub kind: NoticeKind,
    pub reason: String,
    pub valid_until: Option<DateTime<Utc>>,
}

impl GrantForm {
    /// # Errors
    /// [`Error::Malformed`]: no user, or no such kind: no page of ours sends that.
    pub fn target(&self) -> Result<(UserId, NoticeKind), Error> {
        let user = self.user.parse().map_err(|_| Error::Malformed("user is no id"))?;
        let kind = NoticeKind::parse(&self.kind)
            .filter(|kind| kind.needs_permission())
            .ok_or(Error::Malformed("no such kind"))?;
        Ok((user, kind))
    }

    pub fn validate(
        &self,
        t: &Texts,
        zone: Tz,
        now: DateTime<Utc>,
    ) -> Result<Result<Grant, Faults>, Error> {
        let (user_id, kind) = self.target()?;
        let mut faults = Faults::default();
        let reason = faults.keep("reason", reason(&self.reason, t));
        let until = match self.until.trim() {
            "" => Ok(None),
            typed => typed
                .parse::<NaiveDate>()
                .map(|day| dates::last_second_of(day, zone))
                .ok()
                .filter(|until| *until > now)
                .map(Some)
                .ok_or_else(|| t.msg_permission_fault_until()),
        };
        let until = faults.keep("until", until);
        Ok(match (reason, until) {
            (Some(reason), Some(valid_until)) => Ok(Grant { user_id, kind, reason, valid_until }),
            _ => Err(faults),
        })
    }
}

/// Words that may be left out.
pub fn words(typed: &str, t: &Texts) -> Result<String, String> {
    text::optional_line(typed, WORDS_MAX).map_err(|error| text_fault(&error, t))
}

/// Why nothing was done: a sentence.
pub fn hindrance(hindrance: Hindrance, t: &Texts) -> String {
    match hindrance {
        Hindrance::HasIt => t.msg_permission_fault_has_it(),
        Hindrance::RoleSeesNothing => t.msg_permission_fault_role(),
        Hindrance::Waits => t.msg_permission_fault_waits(),
        Hindrance::HasNone => t.msg_permission_fault_has_none(),
        Hindrance::JustTested => t.msg_permission_fault_just_tested(),
    }
}
