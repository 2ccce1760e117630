//! `GET /processing/email-payments/imports/{id}`: what there is to say depends on how far it is.

use std::borrow::Borrow;

use actix_web::web::{Data, Path};
use askama::Template;
use diesel::PgConnection;

use super::super::columns::Column;
use super::super::display;
use super::super::export::{LeftOut, left_out_rows};
use super::super::model::{Import, ImportState, KEPT_ENDED, Reason, RowState};
use super::super::queries::{self, Counts, MadeRow};
use super::{LIST, PAYMENTS, UPLOAD, id, moment, name, review};
use crate::auth::MerchantUser;
use crate::email_payments::making::{Pace, bulk_pace};
use crate::kernel::{Currency, Money, Right, Texts, dates, money_grouped};
use crate::web::ui::Badge;
use crate::web::{App, Html, Shell, html};

/// Payments made, and rows left out, that the page shows.
const MADE_SHOWN: i64 = 20;
const LEFT_OUT_SHOWN: i64 = 200;

#[derive(Template)]
#[template(path = "imports/show.html")]
struct ShowPage {
    shell: Shell,
    t: &'static Texts,
    import: Import,
    counts: Counts,
    made: Vec<MadeRow>,
    left_out: Vec<LeftOut>,
    pace: Pace,
}

pub async fn show(user: MerchantUser, shell: Shell, app: Data<App>, path: Path<String>) -> Html {
    let scope = user.scope(Right::WriteEmailPayments)?;
    let (id, now, lang) = (id(&path)?, shell.now, shell.lang);
    let read = move |conn: &mut PgConnection| {
        let import = queries::get(conn, scope, id)?;
        if import.state == ImportState::Checked {
            return Ok(None);
        }
        let counts = queries::counts(conn, scope, id)?;
        let is_over = import.ended_at.is_some();
        Ok(Some((
            if is_over { queries::made(conn, scope, id, MADE_SHOWN)? } else { Vec::new() },
            if is_over {
                left_out_rows(conn, scope, &import, now, lang, LEFT_OUT_SHOWN)?
            } else {
                Vec::new()
            },
            bulk_pace(conn, scope, now)?,
            counts,
            import,
        )))
    };
    match app.db.run(scope.tenants(), read).await? {
        None => review::page(&app, scope, id, shell).await,
        Some((made, left_out, pace, counts, import)) => {
            html(&ShowPage { t: shell.t, shell, import, counts, made, left_out, pace })
        }
    }
}

impl ShowPage {
    fn name(&self) -> String {
        name(&self.import, &self.shell)
    }

    fn badge(&self) -> Badge {
        display::badge(self.import.state, self.t)
    }

    fn is_waiting(&self) -> bool {
        self.import.state == ImportState::Waiting
    }

    fn is_running(&self) -> bool {
        self.import.state == ImportState::Running
    }

    fn is_undone(&self) -> bool {
        self.import.state == ImportState::Undone
    }

    fn is_discarded(&self) -> bool {
        self.import.state == ImportState::Discarded
    }

    /// The page looks again by itself while something moves. While the import waits for the next hour
    /// nothing does: a page left open must not keep a session alive.
    fn refreshes(&self) -> bool {
        self.is_waiting() || (self.is_running() && self.resumes_at().is_none())
    }

    fn made_count(&self) -> i64 {
        self.counts.of(RowState::Made)
    }

    fn queued_count(&self) -> i64 {
        self.counts.of(RowState::Queued)
    }

    fn left_out_count(&self) -> i64 {
        self.counts.of(RowState::LeftOut)
    }

    /// What was confirmed: made, still to be made, or left out on the way.
    fn whole_count(&self) -> i64 {
        self.made_count() + self.queued_count()
    }

    fn number(&self, count: impl Borrow<i64>) -> String {
        money_grouped(count.borrow().unsigned_abs(), self.shell.lang)
    }

    /// `10:35:20`: the end of the undo window.
    fn starts_at(&self) -> String {
        let at = self.import.starts_at.unwrap_or(self.shell.now);
        at.with_timezone(&self.shell.zone).format("%H:%M:%S").to_string()
    }

    fn starts_at_machine(&self) -> String {
        dates::machine(self.import.starts_at.unwrap_or(self.shell.now), self.shell.zone)
    }

    /// Where the pace has no room: from when on it goes on.
    fn resumes_at(&self) -> Option<String> {
        let at = self.import.next_at.filter(|at| self.is_running() && *at > self.shell.now)?;
        Some(dates::time(at, self.shell.zone))
    }

    /// Where more is left than may leave at once: about when the last one does.
    fn last_at(&self) -> Option<String> {
        let at = self.pace.last_at(self.queued_count());
        (self.queued_count() > 0 && at > self.shell.now)
            .then(|| dates::full(at, self.shell.zone, self.shell.lang))
    }

    /// Reasons for leaving out, with their counts.
    fn reasons(&self) -> Vec<(String, i64)> {
        let reasons = self.counts.reasons().into_iter();
        reasons.map(|(reason, count)| (display::reason(reason, self.t), count)).collect()
    }

    fn reason(&self, row: &LeftOut) -> String {
        row.words(self.shell.lang)
    }

    fn amount(&self, row: &MadeRow) -> String {
        Currency::parse(&row.currency).map_or_else(String::new, |currency| {
            Money::new(row.amount_minor, currency).number(self.shell.lang)
        })
    }

    fn created(&self) -> String {
        moment(&self.import.created_at, &self.shell)
    }

    fn ended(&self) -> String {
        self.import.ended_at.map_or_else(String::new, |at| moment(&at, &self.shell))
    }

    /// When what was typed will be deleted.
    fn kept_until(&self) -> Option<String> {
        let ended = self.import.ended_at.filter(|_| self.import.forgotten_at.is_none())?;
        Some(dates::day(ended + KEPT_ENDED, self.shell.now, self.shell.zone, self.shell.lang))
    }

    fn forgotten(&self) -> Option<String> {
        let at = self.import.forgotten_at?;
        Some(dates::day(at, self.shell.now, self.shell.zone, self.shell.lang))
    }

    /// Whether it ended although nobody pressed the button: who confirmed it lost the right.
    fn has_stopped_rows(&self) -> bool {
        self.counts.reasons().iter().any(|(reason, _)| *reason == Reason::Stopped)
    }
}
