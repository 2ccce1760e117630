//! `/merchants/{id}/features/confirmations`: what a success manager switches on or off for a merchant.

use actix_session::Session;
use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use askama::Template;
use diesel::PgConnection;

use crate::auth::{MerchantScope, Staff};
use crate::confirmations::commands::{self, Outcome};
use crate::confirmations::display;
use crate::confirmations::form::{SwitchForm, stand};
use crate::confirmations::queries::{self, Originator, Turn};
use crate::email_payments::confirming::{Confirmation, MerchantView, Switches, merchant};
use crate::kernel::{Error, OriginatorId, Texts};
use crate::web::ui::Entry;
use crate::web::{
    App, Client, Faults, Flash, Form, Html, Kept, Query, Shell, Ui, html, invalid, see_other,
    set_flash,
};

#[derive(Template)]
#[template(path = "confirmations/switches.html")]
struct SwitchesPage {
    shell: Shell,
    t: &'static Texts,
    merchant: MerchantView,
    originators: Vec<Originator>,
    turns: Vec<Turn>,
    /// The one whose switches are shown; `None`: the merchant has none.
    chosen: Option<Originator>,
    /// As they stand, or as they were typed.
    wanted: Switches,
    /// How they stood when the form was read.
    seen: String,
    reason: String,
    faults: Faults,
}

impl SwitchesPage {
    /// # Errors
    /// [`Error::NotFound`]: the merchant has no such originator.
    async fn new(
        scope: MerchantScope,
        shell: Shell,
        app: &App,
        originator: &str,
        typed: Option<SwitchForm>,
        faults: Faults,
    ) -> Result<Self, Error> {
        let id: Option<OriginatorId> = match originator {
            "" => None,
            id => Some(id.parse().map_err(|_| Error::NotFound)?),
        };
        let read = move |conn: &mut PgConnection| {
            let merchant = merchant(conn, scope.merchant_id())?;
            let originators = queries::originators(conn, scope)?;
            let chosen = match id {
                None => originators.first().cloned(),
                Some(id) => Some(queries::originator(conn, scope, id)?),
            };
            Ok((merchant, originators, chosen, queries::turns(conn, scope)?))
        };
        let (merchant, originators, chosen, turns) = app.db.run(scope.tenants(), read).await?;
        let stands = chosen.as_ref().map(Originator::confirms).unwrap_or_default();
        let typed = typed.unwrap_or_else(|| SwitchForm::of(stands));
        Ok(Self {
            t: shell.t,
            shell,
            merchant,
            originators,
            turns,
            chosen,
            wanted: typed.wanted(),
            seen: typed.seen,
            reason: typed.reason,
            faults,
        })
    }

    fn base(&self) -> String {
        format!("/merchants/{}/features/confirmations", self.merchant.id)
    }

    fn is_shown(&self, originator: &Originator) -> bool {
        self.chosen.as_ref().is_some_and(|chosen| chosen.id == originator.id)
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates call by reference")]
    fn is_wanted(&self, confirmation: &Confirmation) -> bool {
        self.wanted.of(*confirmation)
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates call by reference")]
    fn name(&self, confirmation: &Confirmation) -> String {
        display::confirmation(*confirmation, self.t)
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates call by reference")]
    fn explain(&self, confirmation: &Confirmation) -> String {
        display::explain(*confirmation, self.t)
    }

    fn ledger(&self) -> Vec<Entry> {
        display::ledger(&self.turns, &self.shell, self.merchant.zone())
    }
}

/// `GET /merchants/{id}/features/confirmations?originator=…`
pub async fn show(
    user: Staff,
    shell: Shell,
    app: Data<App>,
    path: Path<String>,
    query: Query,
    Kept(kept): Kept<SwitchForm>,
) -> Html {
    let scope = user.managed(&path)?;
    let asked = query.one("originator").map(str::to_owned);
    let originator = asked.or_else(|| kept.as_ref().map(|kept| kept.originator.clone()));
    let originator = originator.unwrap_or_default();
    html(&SwitchesPage::new(scope, shell, &app, &originator, kept, Faults::default()).await?)
}

/// `POST /merchants/{id}/features/confirmations`
pub async fn turn(
    user: Staff,
    req: HttpRequest,
    app: Data<App>,
    client: Client,
    session: Session,
    path: Path<String>,
    Form(form): Form<SwitchForm>,
) -> Html {
    let scope = user.managed(&path)?;
    let (id, t) = (form.originator()?, Ui::of(&req).lang.texts());
    let mut is_outdated = false;
    let faults = match form.reason(t) {
        Ok(reason) => {
            let writer = client.writer(user.principal(), &app);
            let (seen, wanted) = (form.seen()?, form.wanted());
            let work = move |conn: &mut PgConnection| {
                commands::turn(conn, scope, &writer, id, seen, wanted, &reason)
            };
            let words = match app.db.run(scope.tenants(), work).await? {
                Outcome::Done(originator) => {
                    set_flash(&session, &Flash::ConfirmationsSwitched { originator })?;
                    let at = format!(
                        "/merchants/{}/features/confirmations?originator={id}",
                        scope.merchant_id()
                    );
                    return Ok(see_other(at));
                }
                Outcome::Unchanged(_) => t.msg_confirm_fault_unchanged(),
                Outcome::Meanwhile => {
                    is_outdated = true;
                    t.msg_confirm_fault_meanwhile()
                }
            };
            let mut faults = Faults::default();
            faults.add("success", words);
            faults
        }
        Err(faults) => faults,
    };
    let (originator, shell) = (form.originator.clone(), Shell::of(&req)?);
    let mut page = SwitchesPage::new(scope, shell, &app, &originator, Some(form), faults).await?;
    if let Some(chosen) = page.chosen.as_ref().filter(|_| is_outdated) {
        // The writer has been told: what is ticked may follow what now stands.
        stand(chosen.confirms()).clone_into(&mut page.seen);
    }
    invalid(&page)
}
