//! `/processing/transactions/reconciliation`: how far the gateway's lists are read, and what disagrees.

use actix_session::Session;
use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use askama::Template;
use chrono::{DateTime, Utc};
use diesel::PgConnection;

use super::PAGE;
use super::commands;
use super::display;
use super::form::SettleForm;
use super::model::{DifferenceState, GatewayList};
use super::queries::{self, DifferenceRow, ImportRow};
use crate::auth::audit::Writer;
use crate::auth::{MerchantScope, MerchantUser};
use crate::kernel::{DifferenceId, Error, Right, Texts, dates};
use crate::web::ui::Badge;
use crate::web::{
    App, Client, Faults, Flash, Form, Html, Shell, html, invalid, see_other, set_flash,
};

#[derive(Template)]
#[template(path = "reconciliation/show.html")]
struct ReconciliationPage {
    shell: Shell,
    t: &'static Texts,
    imports: Vec<ImportRow>,
    open: Vec<DifferenceRow>,
    /// Whether there are older ones that are not shown.
    has_more_open: bool,
    settled: Vec<DifferenceRow>,
    may_settle: bool,
    faults: Faults,
    /// The difference whose note is wrong, with what was typed.
    wrong: Option<(DifferenceId, String)>,
}

impl DifferenceRow {
    /// The payment that it is about, and where that is found.
    fn payment(&self) -> Option<(&str, String)> {
        let id = self.email_payment_id?;
        Some((self.order_id.as_deref()?, format!("/processing/email-payments/{id}")))
    }

    fn act(&self, act: &str) -> String {
        format!("{PAGE}/{}/{act}", self.id)
    }
}

impl ReconciliationPage {
    async fn new(
        user: &MerchantUser,
        shell: Shell,
        app: &App,
        faults: Faults,
        wrong: Option<(DifferenceId, String)>,
    ) -> Result<Self, Error> {
        let scope = user.scope(Right::ViewTransactions)?;
        let read = move |conn: &mut PgConnection| {
            let open = queries::differences(conn, scope, DifferenceState::Open)?;
            let settled = queries::differences(conn, scope, DifferenceState::Settled)?;
            Ok((queries::imports(conn, scope)?, open, settled))
        };
        let (imports, mut open, mut settled) = app.db.run(scope.tenants(), read).await?;
        let has_more_open = open.len() > queries::SHOWN;
        open.truncate(queries::SHOWN);
        settled.truncate(queries::SHOWN);
        Ok(Self {
            t: shell.t,
            may_settle: user.may(Right::SettleDifferences),
            shell,
            imports,
            open,
            has_more_open,
            settled,
            faults,
            wrong,
        })
    }

    fn kind(&self, row: &DifferenceRow) -> String {
        display::kind(row.kind, self.t)
    }

    fn advice(&self, row: &DifferenceRow) -> String {
        display::advice(row.kind, self.t)
    }

    fn figures(&self, row: &DifferenceRow) -> String {
        display::figures(row, self.t, self.shell.lang)
    }

    fn shown(&self) -> usize {
        self.open.len()
    }

    fn typed(&self, row: &DifferenceRow) -> &str {
        self.wrong.as_ref().filter(|(id, _)| *id == row.id).map_or("", |(_, typed)| typed)
    }

    fn is_wrong(&self, row: &DifferenceRow) -> bool {
        self.wrong.as_ref().is_some_and(|(id, _)| *id == row.id)
    }

    /// Since when both sides agree: the oldest of the newest comparisons. `None`: something was never compared.
    fn as_of(&self) -> Option<DateTime<Utc>> {
        let lists = self.imports.iter().filter(|row| row.list == GatewayList::Transactions);
        let compared: Option<Vec<DateTime<Utc>>> = lists.map(|row| row.compared_at).collect();
        compared?.into_iter().min()
    }

    fn list(&self, row: &ImportRow) -> String {
        display::list(row.list, self.t)
    }

    fn state(&self, row: &ImportRow) -> Badge {
        display::state(row.failure.is_some(), row.round_until.is_some(), self.t)
    }

    fn failure(&self, row: &ImportRow) -> Option<String> {
        row.failure.map(|failure| display::failure(failure, self.t))
    }

    fn rows(&self, row: &ImportRow) -> String {
        self.t.msg_tx_count(row.rows, self.grouped(row.rows))
    }

    fn grouped(&self, count: i64) -> String {
        crate::kernel::money_grouped(count.unsigned_abs(), self.shell.lang)
    }

    fn moment(&self, at: &DateTime<Utc>) -> String {
        dates::moment(*at, self.shell.now, self.shell.zone, self.shell.lang)
    }

    fn moment_within(&self, at: &DateTime<Utc>) -> String {
        dates::moment_within(*at, self.shell.now, self.shell.zone, self.shell.lang)
    }

    fn machine(&self, at: &DateTime<Utc>) -> String {
        dates::machine(*at, self.shell.zone)
    }
}

/// `GET`
pub async fn show(user: MerchantUser, shell: Shell, app: Data<App>) -> Html {
    html(&ReconciliationPage::new(&user, shell, &app, Faults::default(), None).await?)
}

/// `POST …/{difference}/settlement`
pub async fn settle(
    user: MerchantUser,
    req: HttpRequest,
    app: Data<App>,
    client: Client,
    session: Session,
    path: Path<String>,
    Form(form): Form<SettleForm>,
) -> Html {
    let (scope, id, writer) = act(&user, &app, &client, &path)?;
    let shell = Shell::of(&req)?;
    let note = match form.validate(shell.t) {
        Ok(note) => note,
        Err(faults) => {
            let wrong = Some((id, form.note));
            return invalid(&ReconciliationPage::new(&user, shell, &app, faults, wrong).await?);
        }
    };
    let work = move |conn: &mut PgConnection| commands::settle(conn, scope, &writer, id, &note);
    match app.db.run(scope.tenants(), work).await {
        Ok(()) => {
            set_flash(&session, &Flash::DifferenceSettled)?;
            Ok(see_other(PAGE))
        }
        // It has gone, or a colleague was faster: there is no field any more that could keep the note.
        Err(Error::Conflict) => {
            let mut faults = Faults::default();
            faults.add("open-t", shell.t.msg_recon_fault_gone(form.note.trim()));
            invalid(&ReconciliationPage::new(&user, shell, &app, faults, None).await?)
        }
        Err(error) => Err(error),
    }
}

/// `POST …/{difference}/reopening`
pub async fn reopen(
    user: MerchantUser,
    app: Data<App>,
    client: Client,
    session: Session,
    path: Path<String>,
) -> Html {
    let (scope, id, writer) = act(&user, &app, &client, &path)?;
    let work = move |conn: &mut PgConnection| commands::reopen(conn, scope, &writer, id);
    app.db.run(scope.tenants(), work).await?;
    set_flash(&session, &Flash::DifferenceReopened)?;
    Ok(see_other(PAGE))
}

/// Who does what to which difference.
fn act(
    user: &MerchantUser,
    app: &App,
    client: &Client,
    id: &str,
) -> Result<(MerchantScope, DifferenceId, Writer), Error> {
    let scope = user.scope(Right::SettleDifferences)?;
    let id: DifferenceId = id.parse().map_err(|_| Error::NotFound)?;
    Ok((scope, id, client.writer(user.principal(), app)))
}
