//! What was typed → what was meant.

use serde::Deserialize;

use crate::email_payments::confirming::{Switches, TEXT_MAX, Wording, own_words, sender};
use crate::kernel::text;
use crate::kernel::{Error, Lang, OriginatorId, Texts};
use crate::web::{Faults, reason};

/// The switches of one originator as they are to stand. A box that is not ticked is not sent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SwitchForm {
    #[serde(default)]
    pub originator: String,
    pub success: Option<String>,
    pub failure: Option<String>,
    /// How they stood when the form was read.
    #[serde(default)]
    pub seen: String,
    #[serde(default)]
    pub reason: String,
}

/// How switches stand, in one word.
#[must_use]
pub const fn stand(switches: Switches) -> &'static str {
    match (switches.success, switches.failure) {
        (true, true) => "both",
        (true, false) => "success",
        (false, true) => "failure",
        (false, false) => "none",
    }
}

impl SwitchForm {
    /// The switches as they stand.
    #[must_use]
    pub fn of(stands: Switches) -> Self {
        let tick = |is_on: bool| is_on.then(String::new);
        Self {
            success: tick(stands.success),
            failure: tick(stands.failure),
            seen: stand(stands).to_owned(),
            ..Self::default()
        }
    }

    /// # Errors
    /// [`Error::Malformed`]: no page of ours sends that.
    pub fn originator(&self) -> Result<OriginatorId, Error> {
        self.originator.parse().map_err(|_| Error::Malformed("originator is no id"))
    }

    #[must_use]
    pub const fn wanted(&self) -> Switches {
        Switches { success: self.success.is_some(), failure: self.failure.is_some() }
    }

    /// # Errors
    /// [`Error::Malformed`]: no page of ours sends that.
    pub fn seen(&self) -> Result<Switches, Error> {
        let (success, failure) = match self.seen.as_str() {
            "both" => (true, true),
            "success" => (true, false),
            "failure" => (false, true),
            "none" => (false, false),
            _ => return Err(Error::Malformed("switches stand in no such way")),
        };
        Ok(Switches { success, failure })
    }

    pub fn reason(&self, t: &Texts) -> Result<String, Faults> {
        let mut faults = Faults::default();
        faults.keep("reason", reason(&self.reason, t)).ok_or(faults)
    }
}

/// An originator's words as they are typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TextsForm {
    #[serde(default)]
    pub language: String,
    #[serde(default)]
    pub sender_name: String,
    #[serde(default)]
    pub success_text: String,
    #[serde(default)]
    pub failure_text: String,
    /// Which words the form was filled from.
    #[serde(default)]
    pub version: String,
    /// `preview`: shown, not kept.
    #[serde(default)]
    pub action: String,
}

impl TextsForm {
    #[must_use]
    pub fn of(language: Lang, words: Wording, version: i64) -> Self {
        Self {
            language: language.code().to_owned(),
            sender_name: words.sender_name,
            success_text: words.success_text,
            failure_text: words.failure_text,
            version: version.to_string(),
            action: String::new(),
        }
    }

    /// # Errors
    /// [`Error::Malformed`]: no page of ours sends that.
    pub fn language(&self) -> Result<Lang, Error> {
        Lang::parse(&self.language).ok_or(Error::Malformed("no such language"))
    }

    /// # Errors
    /// [`Error::Malformed`]: no page of ours sends that.
    pub fn version(&self) -> Result<i64, Error> {
        self.version.parse().map_err(|_| Error::Malformed("version is no number"))
    }

    /// The words as a preview shows them, good or not yet.
    #[must_use]
    pub fn typed(&self) -> Wording {
        let line = |typed: &str| text::without_controls(typed);
        let lines =
            |typed: &str| typed.lines().map(text::without_controls).collect::<Vec<_>>().join("\n");
        Wording {
            sender_name: line(&self.sender_name),
            success_text: lines(&self.success_text),
            failure_text: lines(&self.failure_text),
        }
    }

    pub fn validate(&self, t: &Texts) -> Result<Wording, Faults> {
        let mut faults = Faults::default();
        let sender_name = faults.keep("sender_name", sender(&self.sender_name, t));
        let success_text = faults.keep("success_text", own_words(&self.success_text, TEXT_MAX, t));
        let failure_text = faults.keep("failure_text", own_words(&self.failure_text, TEXT_MAX, t));
        match (sender_name, success_text, failure_text) {
            (Some(sender_name), Some(success_text), Some(failure_text)) => {
                Ok(Wording { sender_name, success_text, failure_text })
            }
            _ => Err(faults),
        }
    }
}
