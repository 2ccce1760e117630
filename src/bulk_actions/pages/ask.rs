//! The question before something is done to many payments: how many, how much, which ones are skipped
//! and why.

use std::borrow::Borrow;
use std::collections::BTreeMap;

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use askama::Template;
use diesel::PgConnection;
use serde::Deserialize;

use super::super::commands::{self, Begun, NewBulkAction};
use super::super::display;
use super::super::model::{BulkAct, ROWS_MAX, SkipReason};
use super::LIST;
use crate::auth::{MerchantScope, MerchantUser};
use crate::email_payments::acting::{self, EmailPayment, LIST as PAYMENTS, Pace, Question};
use crate::kernel::{BulkActionId, Currency, Error, Money, Right, Texts, dates, money_grouped};
use crate::web::list::Reader;
use crate::web::{
    App, Client, Faults, Form, Html, Kept, Query, Shell, html, html_with, invalid, see_other,
};

/// Skipped rows that the page shows; the report has all of them.
const SKIPPED_SHOWN: usize = 100;

/// What was asked for, and what is found.
struct Look {
    question: Question,
    words: Vec<String>,
    /// At most one more than [`ROWS_MAX`], which is too many.
    payments: Vec<EmailPayment>,
    pace: Pace,
}

/// Rows as the list's question; where it can't be read, the list tells.
async fn look(
    app: &Data<App>,
    scope: MerchantScope,
    shell: &Shell,
    asked: &Query,
) -> Result<Option<Look>, Error> {
    let reader = Reader::of(shell);
    let (question, faults) = Question::read(asked, &reader);
    if !faults.is_empty() {
        return Ok(None);
    }
    let now = shell.now;
    let read = move |conn: &mut PgConnection| {
        let names = acting::names(conn, scope)?;
        Ok(Look {
            words: question.words(&names, &reader),
            payments: acting::in_order(conn, scope, &question, ROWS_MAX + 1)?,
            pace: acting::bulk_pace(conn, scope, now)?,
            question,
        })
    };
    app.db.run(scope.tenants(), read).await.map(Some)
}

#[derive(Template)]
#[template(path = "bulk_actions/ask.html")]
struct AskPage {
    shell: Shell,
    t: &'static Texts,
    act: BulkAct,
    /// Of what will be begun.
    id: BulkActionId,
    look: Look,
    skipped: Vec<(EmailPayment, SkipReason)>,
    done: Vec<EmailPayment>,
    reason: String,
    faults: Faults,
    /// The rows have changed since the page was made.
    is_changed: bool,
}

impl AskPage {
    fn new(shell: Shell, act: BulkAct, mut look: Look) -> Self {
        let (mut skipped, mut done) = (Vec::new(), Vec::new());
        if look.payments.len() <= ROWS_MAX {
            for payment in std::mem::take(&mut look.payments) {
                match act.skips(&payment, shell.now) {
                    Some(reason) => skipped.push((payment, reason)),
                    None => done.push(payment),
                }
            }
        }
        Self {
            t: shell.t,
            shell,
            act,
            id: BulkActionId::new(),
            look,
            skipped,
            done,
            reason: String::new(),
            faults: Faults::default(),
            is_changed: false,
        }
    }

    fn is_cancelling(&self) -> bool {
        self.act == BulkAct::Cancel
    }

    fn is_too_many(&self) -> bool {
        self.look.payments.len() > ROWS_MAX
    }

    fn title(&self) -> String {
        let count = self.done.len();
        let shown = self.number(count);
        match self.act {
            _ if self.is_too_many() => self.t.msg_bulk_too_many_title(self.number(ROWS_MAX)),
            BulkAct::Remind if count == 0 => self.t.msg_bulk_none_remind(),
            BulkAct::Cancel if count == 0 => self.t.msg_bulk_none_cancel(),
            BulkAct::Remind => self.t.msg_bulk_ask_remind(count, shown),
            BulkAct::Cancel => self.t.msg_bulk_ask_cancel(count, shown),
        }
    }

    fn number(&self, count: impl Borrow<usize>) -> String {
        money_grouped(*count.borrow() as u64, self.shell.lang)
    }

    /// The sums of what it is done to, one for each currency, with how many they are.
    fn totals(&self) -> Vec<(String, usize, String)> {
        let mut sums: BTreeMap<&str, (i64, usize)> = BTreeMap::new();
        for payment in &self.done {
            let (sum, count) = sums.entry(&payment.currency).or_default();
            *sum = sum.saturating_add(payment.amount_minor);
            *count += 1;
        }
        let words = |(code, (minor, count)): (&str, (i64, usize))| {
            let sum = Currency::parse(code).map_or_else(String::new, |currency| {
                Money::new(minor, currency).number(self.shell.lang)
            });
            (code.to_owned(), count, sum)
        };
        sums.into_iter().map(words).collect()
    }

    /// Reasons for skipping, with how many rows each has.
    fn reasons(&self) -> Vec<(String, usize)> {
        let count = |reason| self.skipped.iter().filter(|(_, skipped)| *skipped == reason).count();
        let all = SkipReason::ALL.iter().map(|reason| (*reason, count(*reason)));
        let there = all.filter(|(_, count)| *count > 0);
        there.map(|(reason, count)| (display::reason(reason, self.t), count)).collect()
    }

    fn skipped_rows(&self) -> impl Iterator<Item = (&EmailPayment, String)> {
        let skipped = self.skipped.iter().take(SKIPPED_SHOWN);
        skipped.map(|(payment, reason)| (payment, display::reason(*reason, self.t)))
    }

    /// Where more reminders leave than the pace has room for: about when the last one does.
    fn last_at(&self) -> Option<String> {
        let count = i64::try_from(self.done.len()).unwrap_or(i64::MAX);
        let at = self.look.pace.last_at(count);
        let is_later = self.act == BulkAct::Remind && at > self.shell.now;
        is_later.then(|| dates::full(at, self.shell.zone, self.shell.lang))
    }

    /// The list, as it was asked; after picked rows the whole one.
    fn back_url(&self) -> String {
        self.look.question.url(PAYMENTS, &[("id", None)])
    }

    fn seen(&self) -> String {
        commands::seen(self.done.iter())
    }

    fn filter(&self) -> String {
        self.look.question.filter_query()
    }
}

/// The rows that a list's form sends: all of its filter, or those that are picked.
fn asked(query: &Query) -> Result<Query, Error> {
    match query.one("all") {
        Some(all) => Query::parse(all.trim_start_matches('?')),
        None => Ok(Query(query.0.iter().filter(|(name, _)| name == "id").cloned().collect())),
    }
}

/// `GET …/bulk-actions/new`
pub async fn ask(
    user: MerchantUser,
    shell: Shell,
    app: Data<App>,
    query: Query,
    Kept(kept): Kept<BeginForm>,
) -> Html {
    let scope = user.scope(Right::WriteEmailPayments)?;
    let Some(act) = query.one("act").and_then(BulkAct::parse) else {
        return Ok(see_other(PAYMENTS));
    };
    let rows = asked(&query)?;
    if rows.0.is_empty() && query.one("all").is_none() {
        return Ok(see_other(PAYMENTS));
    }
    let Some(look) = look(&app, scope, &shell, &rows).await? else {
        let rows = serde_urlencoded::to_string(&rows.0).map_err(Error::internal)?;
        return Ok(see_other(format!("{PAYMENTS}?{rows}")));
    };
    let page = AskPage::new(shell, act, look);
    html(&AskPage { reason: kept.map(|kept| kept.reason).unwrap_or_default(), ..page })
}

/// What is confirmed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BeginForm {
    /// Made with the page: pressed twice, it begins once.
    id: String,
    act: String,
    /// The rows as the list's query string.
    #[serde(default)]
    filter: String,
    /// What the page showed: nobody does it to others, or for other amounts, than they have seen.
    seen: String,
    #[serde(default)]
    reason: String,
}

/// `POST …/bulk-actions`
pub async fn begin(
    user: MerchantUser,
    app: Data<App>,
    client: Client,
    req: HttpRequest,
    Form(form): Form<BeginForm>,
) -> Html {
    let scope = user.scope(Right::WriteEmailPayments)?;
    let id: BulkActionId = form.id.parse().map_err(|_| Error::Malformed("id"))?;
    let act = BulkAct::parse(&form.act).ok_or(Error::Malformed("act"))?;
    let shell = Shell::of(&req)?;
    let rows = Query::parse(&form.filter)?;
    let look = look(&app, scope, &shell, &rows).await?.ok_or(Error::Malformed("filter"))?;
    let reason = match acting::reason(&form.reason, shell.t) {
        Ok(reason) => reason,
        Err(words) => {
            let mut page = AskPage::new(shell, act, look);
            page.faults.add("reason", words);
            return invalid(&AskPage { id, reason: form.reason, ..page });
        }
    };
    if look.payments.len() <= ROWS_MAX {
        let new = NewBulkAction {
            id,
            act,
            filter: look.question.filter_query(),
            filter_words: look.words.clone(),
            reason,
            seen: form.seen,
        };
        let (by, user_id, now) = (client.user(user.principal()), user.user_id(), app.clock.now());
        let payments = look.payments.clone();
        let work = move |conn: &mut PgConnection| {
            commands::begin(conn, scope, &by, user_id, &new, &payments, now)
        };
        if app.db.run(scope.tenants(), work).await? == Begun::Done {
            return Ok(see_other(format!("{LIST}/{id}")));
        }
    }
    let page = AskPage::new(shell, act, look);
    html_with(StatusCode::CONFLICT, &AskPage { id, reason: form.reason, is_changed: true, ..page })
}
