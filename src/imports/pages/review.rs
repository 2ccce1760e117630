//! An import that nobody has confirmed: what would be made, what would be left out and why.

use std::borrow::Borrow;

use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use askama::Template;
use diesel::PgConnection;
use serde::Deserialize;

use super::super::check::{Checked, Report};
use super::super::columns::Column;
use super::super::commands::{self, Confirmed};
use super::super::display;
use super::super::model::{Import, ImportState, Reason, Settings, UNDO_WINDOW, VALID_DAYS};
use super::super::queries::{self, Ground};
use super::{LIST, PAYMENTS, UPLOAD, id, name};
use crate::auth::{MerchantScope, MerchantUser};
use crate::email_payments::making::{DAYS_USUAL, Draft, Originator, Pace, bulk_pace};
use crate::kernel::{
    Currency, Error, ImportId, Lang, OriginatorId, Right, Texts, dates, money_grouped,
};
use crate::web::{App, Client, Form, Html, Shell, html, html_with, see_other};

/// Faulty rows that the page shows; the file has all of them.
const FAULTY_SHOWN: usize = 200;
/// Rows without a fault that it shows.
const GOOD_SHOWN: usize = 20;

/// What is read for the page, and for the question before sending.
struct Look {
    import: Import,
    report: Report,
    originators: Vec<Originator>,
    pace: Pace,
    /// An import of the same file: which, when, whose.
    same_file: Option<(Import, String)>,
}

async fn look(
    app: &Data<App>,
    scope: MerchantScope,
    id: ImportId,
    shell: &Shell,
) -> Result<Look, Error> {
    let (now, lang) = (shell.now, shell.lang);
    let read = move |conn: &mut PgConnection| {
        let import = queries::get(conn, scope, id)?;
        let ground = Ground::read(conn, scope)?;
        let report = if import.state == ImportState::Checked {
            queries::report(conn, scope, &import, &ground.context(now, lang))?
        } else {
            Report::default()
        };
        Ok(Look {
            report,
            pace: bulk_pace(conn, scope, now)?,
            same_file: queries::same_file(conn, scope, &import)?,
            originators: ground.originators,
            import,
        })
    };
    app.db.run(scope.tenants(), read).await
}

#[derive(Template)]
#[template(path = "imports/review.html")]
pub struct ReviewPage {
    shell: Shell,
    t: &'static Texts,
    look: Look,
}

/// The page of an import that nobody has confirmed.
pub async fn page(app: &Data<App>, scope: MerchantScope, id: ImportId, shell: Shell) -> Html {
    let look = look(app, scope, id, &shell).await?;
    html(&ReviewPage { t: shell.t, shell, look })
}

/// What both pages say.
trait Figures {
    fn look(&self) -> &Look;
    fn shell(&self) -> &Shell;

    fn count(&self) -> usize {
        self.look().report.good().count()
    }

    fn left_out_count(&self) -> usize {
        self.look().report.left_out().count()
    }

    fn number(&self, count: impl Borrow<usize>) -> String {
        money_grouped(*count.borrow() as u64, self.shell().lang)
    }

    fn totals(&self) -> Vec<(String, String, usize)> {
        let lang = self.shell().lang;
        let totals = self.look().report.totals().into_iter();
        totals
            .map(|(sum, count)| (sum.number(lang), sum.currency.code().to_owned(), count))
            .collect()
    }

    /// Reasons for leaving out, with how many rows each has.
    fn reasons(&self) -> Vec<(String, usize)> {
        let report = &self.look().report;
        let all = Reason::ALL.iter().map(|reason| (*reason, report.count_of(*reason)));
        let there = all.filter(|(_, count)| *count > 0);
        there.map(|(reason, count)| (display::reason(reason, self.shell().t), count)).collect()
    }

    /// Where more is sent than the pace has room for: about when the last one leaves.
    fn last_at(&self) -> Option<String> {
        let shell = self.shell();
        let count = i64::try_from(self.count()).unwrap_or(i64::MAX);
        let at = self.look().pace.last_at(count);
        (at > shell.now).then(|| dates::full(at, shell.zone, shell.lang))
    }

    /// The warning about the same file.
    fn same_file(&self) -> Option<(String, ImportId)> {
        let (import, user) = self.look().same_file.as_ref()?;
        let shell = self.shell();
        let at = dates::moment_within(import.created_at, shell.now, shell.zone, shell.lang);
        let words = shell.t.msg_imports_same_file(at, user);
        Some((words, import.id))
    }

    fn name(&self) -> String {
        name(&self.look().import, self.shell())
    }
}

impl Figures for ReviewPage {
    fn look(&self) -> &Look {
        &self.look
    }

    fn shell(&self) -> &Shell {
        &self.shell
    }
}

impl ReviewPage {
    fn unknown(&self) -> String {
        let names = self.look.import.unknown_columns.iter().flatten().map(String::as_str);
        names.collect::<Vec<_>>().join(", ")
    }

    fn repeats(&self) -> usize {
        self.look.report.rows.iter().filter(|row| row.is_repeated).count()
    }

    /// The rows with a fault that are shown, with their reasons.
    fn faulty(&self) -> impl Iterator<Item = (&Checked, Vec<String>)> {
        self.look.report.left_out().take(FAULTY_SHOWN).map(|(row, reason)| {
            let t = self.t;
            let words = if row.faults.is_empty() {
                vec![display::reason(reason, t)]
            } else {
                row.faults
                    .iter()
                    .map(|(column, words)| t.msg_imports_fault(column.words(t), words))
                    .collect()
            };
            (row, words)
        })
    }

    fn has_more_faulty(&self) -> bool {
        self.left_out_count() > FAULTY_SHOWN
    }

    fn good(&self) -> impl Iterator<Item = (&Checked, &Draft)> {
        self.look.report.good().take(GOOD_SHOWN)
    }

    fn has_more_good(&self) -> bool {
        self.count() > GOOD_SHOWN
    }

    fn amount(&self, draft: &Draft) -> String {
        draft.amount.number(self.shell.lang)
    }

    fn until(&self, draft: &Draft) -> String {
        dates::day(draft.expires_at, self.shell.now, self.shell.trading_zone, self.shell.lang)
    }

    fn currencies(&self) -> Vec<(&'static str, bool)> {
        let mut codes: Vec<&str> = self
            .look
            .originators
            .iter()
            .flat_map(Originator::currencies)
            .map(Currency::code)
            .collect();
        codes.sort_unstable();
        codes.dedup();
        codes.into_iter().map(|code| (code, code == self.look.import.settings.currency)).collect()
    }

    fn days(&self) -> [(i32, bool); 6] {
        let settings = &self.look.import.settings;
        VALID_DAYS.map(|days| (days, !settings.usual_validity && days == settings.valid_days))
    }

    fn is_originator(&self, originator: &Originator) -> bool {
        self.look.import.settings.originator_id == Some(originator.id)
    }

    fn languages(&self) -> [(Lang, bool); 4] {
        Lang::ALL.map(|lang| (lang, lang == self.look.import.settings.language))
    }
}

/// What was chosen for rows that say nothing.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SettingsForm {
    #[serde(default)]
    originator: String,
    currency: String,
    language: String,
    /// Empty: as long as each row's originator says.
    valid_days: String,
    #[serde(default)]
    with_repeats: String,
}

impl SettingsForm {
    /// Choices of the page; anything else was not made with it.
    fn read(&self, originators: &[Originator]) -> Result<Settings, Error> {
        const WRONG: Error = Error::Malformed("not one of the choices");
        let wanted = self.originator.parse::<OriginatorId>().ok();
        let chosen = originators.iter().find(|one| Some(one.id) == wanted);
        let currency = Currency::parse(&self.currency).ok_or(WRONG)?;
        let usual_validity = self.valid_days.is_empty();
        let valid_days = if usual_validity {
            DAYS_USUAL
        } else {
            let days = self.valid_days.parse().ok().filter(|days| VALID_DAYS.contains(days));
            days.ok_or(WRONG)?
        };
        Ok(Settings {
            originator_id: chosen.or(originators.first()).map(|one| one.id),
            currency: currency.code().to_owned(),
            language: Lang::parse(&self.language).ok_or(WRONG)?,
            valid_days,
            usual_validity,
            with_repeats: self.with_repeats == "true",
        })
    }
}

/// `POST …/imports/{id}`: other choices; the rows are checked anew.
pub async fn update(
    user: MerchantUser,
    app: Data<App>,
    path: Path<String>,
    Form(form): Form<SettingsForm>,
) -> Html {
    let scope = user.scope(Right::WriteEmailPayments)?;
    let id = id(&path)?;
    let work = move |conn: &mut PgConnection| {
        let ground = Ground::read(conn, scope)?;
        commands::update(conn, scope, id, &form.read(&ground.originators)?)
    };
    app.db.run(scope.tenants(), work).await?;
    Ok(see_other(format!("{LIST}/{id}")))
}

#[derive(Template)]
#[template(path = "imports/confirm.html")]
struct ConfirmPage {
    shell: Shell,
    t: &'static Texts,
    look: Look,
    /// The rows have changed since the page was made.
    is_changed: bool,
}

impl Figures for ConfirmPage {
    fn look(&self) -> &Look {
        &self.look
    }

    fn shell(&self) -> &Shell {
        &self.shell
    }
}

impl ConfirmPage {
    fn seen(&self) -> String {
        commands::seen(&self.look.report)
    }
}

/// `GET …/imports/{id}/confirmation`: how many, how much, what is left out, and when the last leaves.
pub async fn ask_confirm(
    user: MerchantUser,
    shell: Shell,
    app: Data<App>,
    path: Path<String>,
) -> Html {
    let scope = user.scope(Right::WriteEmailPayments)?;
    let id = id(&path)?;
    let look = look(&app, scope, id, &shell).await?;
    if look.import.state != ImportState::Checked || look.report.good().next().is_none() {
        return Ok(see_other(format!("{LIST}/{id}")));
    }
    html(&ConfirmPage { t: shell.t, shell, look, is_changed: false })
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfirmForm {
    /// What the page showed: nobody sends other requests, or for other amounts, than they have seen.
    seen: String,
}

/// `POST …/imports/{id}/confirmation`
pub async fn confirm(
    user: MerchantUser,
    app: Data<App>,
    client: Client,
    path: Path<String>,
    req: HttpRequest,
    Form(form): Form<ConfirmForm>,
) -> Html {
    let scope = user.scope(Right::WriteEmailPayments)?;
    let id = id(&path)?;
    let (by, user_id, now) = (client.user(user.principal()), user.user_id(), app.clock.now());
    let work = move |conn: &mut PgConnection| {
        commands::confirm(conn, scope, &by, user_id, id, &form.seen, now)
    };
    match app.db.run(scope.tenants(), work).await? {
        Confirmed::Done => Ok(see_other(format!("{LIST}/{id}"))),
        Confirmed::Changed => {
            let shell = Shell::of(&req)?;
            let look = look(&app, scope, id, &shell).await?;
            let page = ConfirmPage { t: shell.t, shell, look, is_changed: true };
            html_with(actix_web::http::StatusCode::CONFLICT, &page)
        }
    }
}
