//! `GET …/bulk-actions/{id}`: how far it is, and what became of each row.

use std::borrow::Borrow;

use actix_web::web::{Data, Path};
use askama::Template;
use diesel::PgConnection;

use super::super::display;
use super::super::model::{BulkAct, BulkAction, BulkState, RowOutcome};
use super::super::queries::{self, Counts, ReportRow};
use super::{LIST, id, moment};
use crate::auth::MerchantUser;
use crate::email_payments::acting::{LIST as PAYMENTS, Pace, bulk_pace};
use crate::kernel::{Currency, Money, Right, Texts, dates, money_grouped};
use crate::web::ui::Badge;
use crate::web::{App, Html, Shell, html};

/// Rows that the page shows of each outcome; the report has all of them.
const SHOWN: i64 = 100;

#[derive(Template)]
#[template(path = "bulk_actions/show.html")]
struct ShowPage {
    shell: Shell,
    t: &'static Texts,
    action: BulkAction,
    counts: Counts,
    skipped: Vec<ReportRow>,
    done: Vec<ReportRow>,
    pace: Pace,
}

pub async fn show(user: MerchantUser, shell: Shell, app: Data<App>, path: Path<String>) -> Html {
    let scope = user.scope(Right::WriteEmailPayments)?;
    let (id, now) = (id(&path)?, shell.now);
    let read = move |conn: &mut PgConnection| {
        let action = queries::get(conn, scope, id)?;
        let counts = queries::counts(conn, scope, id)?;
        let rows =
            |conn: &mut PgConnection, state| queries::report(conn, scope, id, Some(state), SHOWN);
        let is_over = action.ended_at.is_some();
        let skipped = if is_over { rows(conn, RowOutcome::Skipped)? } else { Vec::new() };
        let done = if is_over { rows(conn, RowOutcome::Done)? } else { Vec::new() };
        Ok((action, counts, skipped, done, bulk_pace(conn, scope, now)?))
    };
    let (action, counts, skipped, done, pace) = app.db.run(scope.tenants(), read).await?;
    html(&ShowPage { t: shell.t, shell, action, counts, skipped, done, pace })
}

impl ShowPage {
    fn title(&self) -> String {
        let (t, done) = (self.t, self.done_count());
        let shown = self.number(done);
        match self.action.act {
            _ if self.is_running() => {
                t.msg_bulk_running_title(shown, self.number(self.whole_count()))
            }
            BulkAct::Remind => t.msg_bulk_done_remind(done, shown),
            BulkAct::Cancel => t.msg_bulk_done_cancel(done, shown),
        }
    }

    fn name(&self) -> String {
        display::act(self.action.act, self.t)
    }

    fn badge(&self) -> Badge {
        display::badge(self.action.state, self.t)
    }

    fn is_running(&self) -> bool {
        self.action.state == BulkState::Running
    }

    fn is_stopped(&self) -> bool {
        self.action.state == BulkState::Stopped
    }

    /// The page looks again by itself while something moves. While it waits for the next hour nothing
    /// does: a page left open must not keep a session alive.
    fn refreshes(&self) -> bool {
        self.is_running() && self.resumes_at().is_none()
    }

    fn done_count(&self) -> i64 {
        self.counts.of(RowOutcome::Done)
    }

    fn skipped_count(&self) -> i64 {
        self.counts.of(RowOutcome::Skipped)
    }

    /// What it is, or was to be, done to.
    fn whole_count(&self) -> i64 {
        self.done_count() + self.counts.of(RowOutcome::Queued)
    }

    fn number(&self, count: impl Borrow<i64>) -> String {
        money_grouped(count.borrow().unsigned_abs(), self.shell.lang)
    }

    /// Where the pace has no room: from when on it goes on.
    fn resumes_at(&self) -> Option<String> {
        let at = self.action.next_at.filter(|at| *at > self.shell.now)?;
        Some(dates::time(at, self.shell.zone))
    }

    /// Where more reminders are left than may leave at once: about when the last one does.
    fn last_at(&self) -> Option<String> {
        let queued = self.counts.of(RowOutcome::Queued);
        let at = self.pace.last_at(queued);
        let is_paced = self.action.act == BulkAct::Remind && queued > 0;
        let is_later = is_paced && at > self.shell.now;
        is_later.then(|| dates::full(at, self.shell.zone, self.shell.lang))
    }

    fn filter_words(&self) -> String {
        let words = self.action.filter_words.iter().flatten().map(String::as_str);
        words.collect::<Vec<_>>().join(" · ")
    }

    fn reasons(&self) -> Vec<(String, i64)> {
        let reasons = self.counts.reasons().into_iter();
        reasons.map(|(reason, count)| (display::reason(reason, self.t), count)).collect()
    }

    fn reason(&self, row: &ReportRow) -> String {
        row.reason.map(|reason| display::reason(reason, self.t)).unwrap_or_default()
    }

    fn amount(&self, row: &ReportRow) -> String {
        Currency::parse(&row.currency).map_or_else(String::new, |currency| {
            Money::new(row.amount_minor, currency).number(self.shell.lang)
        })
    }

    fn created(&self) -> String {
        moment(self.action.created_at, &self.shell)
    }

    fn ended(&self) -> String {
        self.action.ended_at.map_or_else(String::new, |at| moment(at, &self.shell))
    }

    fn has_more(&self) -> bool {
        self.skipped_count() > SHOWN || self.done_count() > SHOWN
    }
}
