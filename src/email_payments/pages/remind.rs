//! Reminders of a payment: now, at a set time, none.

use actix_web::web::Path;
use askama::Template;
use diesel::PgConnection;
use serde::Deserialize;

use super::super::commands;
use super::super::display;
use super::super::model::{EmailPayment, Hindrance};
use super::super::plan::{Reminder, ReminderState};
use super::super::queries;
use super::ask::clockwork;
use super::{Editor, LIST};
use crate::kernel::{Error, ReminderId, Texts};
use crate::web::{Faults, Flash, Form, Html, Kept, Shell, html, invalid};

#[derive(Template)]
#[template(path = "email_payments/reminders.html")]
struct RemindersPage {
    shell: Shell,
    t: &'static Texts,
    payment: EmailPayment,
    reminders: Vec<Reminder>,
    are_stopped: bool,
    form: ReminderForm,
    faults: Faults,
}

/// What is typed when planning a reminder.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReminderForm {
    #[serde(default)]
    remind_on: String,
    #[serde(default)]
    remind_time: String,
}

/// Reminders that are still to come, as the pages list them.
pub struct Planned {
    pub id: ReminderId,
    pub when: String,
    pub words: String,
}

impl Planned {
    pub fn of(reminders: &[Reminder], shell: &Shell) -> Vec<Self> {
        let planned = reminders.iter().filter(|one| one.state == ReminderState::Planned);
        planned
            .map(|reminder| Self {
                id: reminder.id,
                when: reminder
                    .due_at
                    .map(|at| display::planned(at, shell.trading_zone, shell.lang))
                    .unwrap_or_default(),
                words: display::reminder_words(reminder, shell.t),
            })
            .collect()
    }
}

impl RemindersPage {
    fn address(&self) -> String {
        format!("{LIST}/{}", self.payment.id)
    }

    async fn read(editor: &Editor, shell: Shell) -> Result<Self, Error> {
        let (scope, id) = (editor.scope, editor.id);
        let read = move |conn: &mut PgConnection| {
            let payment = queries::get(conn, scope, id)?;
            let reminders = commands::reminders_of(conn, scope, id)?;
            let are_stopped = commands::are_reminders_stopped(conn, scope.merchant_id(), id)?;
            Ok((payment, reminders, are_stopped))
        };
        let (payment, reminders, are_stopped) = editor.app.db.run(scope.tenants(), read).await?;
        let (form, faults) = (ReminderForm::default(), Faults::default());
        Ok(Self { t: shell.t, shell, payment, reminders, are_stopped, form, faults })
    }

    fn planned(&self) -> Vec<Planned> {
        Planned::of(&self.reminders, &self.shell)
    }

    /// Those that are over: when, and what became of them.
    fn past(&self) -> impl Iterator<Item = (String, String)> {
        let over = self.reminders.iter().filter(|one| one.state != ReminderState::Planned);
        over.map(|reminder| {
            let at = reminder.settled_at.or(reminder.due_at);
            let when = at.map(|at| display::planned(at, self.shell.trading_zone, self.shell.lang));
            (when.unwrap_or_default(), display::reminder_words(reminder, self.t))
        })
    }

    /// Why the customer can't be reminded now; `None`: they can.
    fn why_not(&self) -> Option<String> {
        let stopped = self.are_stopped.then_some(Hindrance::RemindersStopped);
        let hindrance = self.payment.remind_hindrance(self.shell.now).or(stopped)?;
        Some(self.words_of(hindrance))
    }

    fn words_of(&self, hindrance: Hindrance) -> String {
        let Shell { now, zone, lang, .. } = self.shell;
        display::hindrance(hindrance, now, zone, lang)
    }

    /// Whether more can be planned; a request that has not left plans in its form.
    fn may_plan(&self) -> bool {
        self.payment.not_open(self.shell.now).is_none() && !self.are_stopped
    }

    fn zone_name(&self) -> &'static str {
        self.shell.trading_zone.name()
    }
}

/// `GET /processing/email-payments/{id}/reminders`
pub async fn reminders(editor: Editor, shell: Shell, Kept(kept): Kept<ReminderForm>) -> Html {
    let page = RemindersPage::read(&editor, shell).await?;
    html(&RemindersPage { form: kept.unwrap_or_default(), ..page })
}

/// `POST /processing/email-payments/{id}/reminders`: plans one.
pub async fn plan(editor: Editor, shell: Shell, Form(form): Form<ReminderForm>) -> Html {
    let words = match clockwork(&shell).instant(&form.remind_on, &form.remind_time) {
        Err(words) => words,
        Ok(due_at) => {
            let planned = editor
                .act(move |conn, scope, writer, id| {
                    commands::add_reminder(conn, scope, writer, id, due_at)
                })
                .await?;
            match planned {
                Ok(payment) => {
                    let when = display::planned(due_at, shell.trading_zone, shell.lang);
                    let flash = Flash::ReminderPlanned { order_id: payment.order_id, when };
                    return editor.done(&flash);
                }
                Err(Hindrance::Expiry) => shell.t.msg_reminders_before_end(),
                Err(hindrance) => {
                    let Shell { now, zone, lang, .. } = shell;
                    display::hindrance(hindrance, now, zone, lang)
                }
            }
        }
    };
    let mut page = RemindersPage::read(&editor, shell).await?;
    page.faults.add("remind_on", words);
    invalid(&RemindersPage { form, ..page })
}

/// `POST /processing/email-payments/{id}/reminders/now`
pub async fn remind(editor: Editor) -> Html {
    match editor.act(commands::remind).await? {
        Ok(payment) => editor.done(&Flash::PaymentReminded {
            order_id: payment.order_id,
            email: payment.customer_email,
        }),
        Err(hindrance) => {
            let mut page = RemindersPage::read(&editor, editor.shell()?).await?;
            let words = page.words_of(hindrance);
            page.faults.add("now", words);
            invalid(&page)
        }
    }
}

/// `POST /processing/email-payments/{id}/reminders/{reminder}/removal`
pub async fn remove_reminder(editor: Editor, path: Path<(String, String)>) -> Html {
    let reminder: ReminderId = path.into_inner().1.parse().map_err(|_| Error::NotFound)?;
    let payment = editor
        .act(move |conn, scope, writer, id| {
            commands::remove_reminder(conn, scope, writer, id, reminder)
        })
        .await?;
    editor.done(&Flash::ReminderRemoved { order_id: payment.order_id })
}
