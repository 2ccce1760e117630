//! The settings in words: which state differs in what from the one before.

use super::queries::Originator;
use crate::email_payments::page_setting::{PageSettings, SavedPage};
use crate::kernel::{Lang, Texts, dates};
use crate::web::Shell;
use crate::web::ui::{Badge, Icon};

/// One line of the history.
pub struct Line {
    pub version: i32,
    pub title: String,
    /// What it changed.
    pub changes: Vec<String>,
    pub is_standing: bool,
    pub moment: String,
    pub machine: String,
}

/// The states, the newest first, each beside the one before it; `usual` stood before the first.
pub fn history(
    saved: &[SavedPage],
    usual: &PageSettings,
    shell: &Shell,
    zone: chrono_tz::Tz,
) -> Vec<Line> {
    let before = saved.iter().skip(1).map(|one| &one.settings).map(Some);
    let before = before.chain([saved.last().filter(|last| last.version == 1).map(|_| usual)]);
    let lines = saved.iter().zip(before).enumerate().map(|(place, (one, before))| Line {
        version: one.version,
        title: match one.taken_back_from {
            Some(_) => shell.t.msg_paypage_taken_back_by(&one.by),
            None => shell.t.msg_paypage_changed_by(&one.by),
        },
        changes: before.map(|before| changes(before, &one.settings, shell.t)).unwrap_or_default(),
        is_standing: place == 0,
        moment: dates::moment(one.at, shell.now, zone, shell.lang),
        machine: dates::machine(one.at, zone),
    });
    lines.collect()
}

/// Name, and what was there before and after.
fn changes(before: &PageSettings, after: &PageSettings, t: &Texts) -> Vec<String> {
    let fields = fields(before, t).into_iter().zip(fields(after, t));
    let mut changes: Vec<String> = fields
        .filter(|((_, before), (_, after))| before != after)
        .map(|((label, before), (_, after))| {
            let word = |value: String| if value.is_empty() { t.msg_paypage_none() } else { value };
            t.msg_paypage_change(label, word(before), word(after))
        })
        .collect();
    if before.logo != after.logo {
        changes.push(match after.logo {
            Some(_) => t.msg_paypage_change_logo_new(),
            None => t.msg_paypage_change_logo_none(),
        });
    }
    changes
}

fn fields(settings: &PageSettings, t: &Texts) -> Vec<(String, String)> {
    let colour = settings.colour.map(|colour| colour.to_string()).unwrap_or_default();
    let must_accept =
        if settings.must_accept_terms { t.msg_activity_yes() } else { t.msg_activity_no() };
    let mut fields = vec![
        (t.msg_paypage_displayed_name(), settings.displayed_name.clone()),
        (t.msg_confirm_sender(), settings.sender_name.clone()),
        (t.msg_paypage_colour(), colour),
        (t.msg_paypage_support(), settings.support.clone()),
        (t.msg_paypage_terms(), settings.terms_url.clone()),
        (t.msg_paypage_must_accept(), must_accept),
        (t.msg_paypage_attempts(), settings.attempts_max.to_string()),
        (t.msg_paypage_validity(), t.msg_paypage_days(settings.valid_days)),
    ];
    for lang in Lang::ALL {
        fields.push((t.msg_paypage_mail_text_in(lang.name()), quoted(settings.mail_text(lang))));
        fields.push((t.msg_paypage_page_text_in(lang.name()), quoted(settings.page_text(lang))));
    }
    fields
}

/// A text as one line.
fn quoted(text: &str) -> String {
    text.lines().collect::<Vec<_>>().join(" ")
}

/// Whether somebody has looked after an originator's page.
pub fn state(originator: &Originator, t: &Texts) -> Badge {
    if originator.is_page_set_up {
        Badge { icon: Icon("circle-check"), words: t.msg_paypage_is_set_up(), tone: "pos" }
    } else {
        Badge { icon: Icon("alert-triangle"), words: t.msg_paypage_is_not_set_up(), tone: "warn" }
    }
}
