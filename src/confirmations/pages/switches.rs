//! `/merchants/{id}/features/confirmations`: what a success manager switches on or off for a merchant.

use actix_session::Session;
use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use askama::Template;
use diesel::PgConnection;

use crate::auth::{MerchantScope, Staff};
use crate::confirmations::commands::{self, Writer};
use crate::confirmations::display;
use crate::confirmations::form::SwitchForm;
use crate::confirmations::queries::{self, Originator, Turn};
use crate::email_payments::confirming::{Confirmation, MerchantView, Switches, merchant};
use crate::kernel::{Error, MerchantId, Right, Texts};
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
        let read = move |conn: &mut PgConnection| {
            let merchant = merchant(conn, scope.merchant_id())?;
            Ok((merchant, queries::originators(conn, scope)?, queries::turns(conn, scope)?))
        };
        let (merchant, originators, turns) = app.db.run(scope.tenants(), read).await?;
        let chosen = if originator.is_empty() {
            originators.first()
        } else {
            let wanted = |one: &&Originator| one.id.to_string() == originator;
            Some(originators.iter().find(wanted).ok_or(Error::NotFound)?)
        };
        let chosen = chosen.cloned();
        let stands = chosen.as_ref().map(Originator::confirms).unwrap_or_default();
        let wanted = typed.as_ref().map_or(stands, SwitchForm::wanted);
        let reason = typed.map(|typed| typed.reason).unwrap_or_default();
        Ok(Self { t: shell.t, shell, merchant, originators, turns, chosen, wanted, reason, faults })
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

/// A merchant of the portfolio, by the address.
fn managed(user: &Staff, id: &str) -> Result<MerchantScope, Error> {
    let id: MerchantId = id.parse().map_err(|_| Error::NotFound)?;
    user.scope(Right::ManageMerchants)?.merchant(id)
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
    let scope = managed(&user, &path)?;
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
    let scope = managed(&user, &path)?;
    let (id, t) = (form.originator()?, Ui::of(&req).lang.texts());
    let faults = match form.reason(t) {
        Ok(reason) => {
            let writer = Writer {
                by: client.user(user.principal()),
                user_id: user.user_id(),
                now: app.clock.now(),
            };
            let wanted = form.wanted();
            let work = move |conn: &mut PgConnection| {
                commands::turn(conn, scope, &writer, id, wanted, &reason)
            };
            if let Some(originator) = app.db.run(scope.tenants(), work).await? {
                set_flash(&session, &Flash::ConfirmationsSwitched { originator })?;
                let at = format!(
                    "/merchants/{}/features/confirmations?originator={id}",
                    scope.merchant_id()
                );
                return Ok(see_other(at));
            }
            let mut faults = Faults::default();
            faults.add("success", t.msg_confirm_fault_unchanged());
            faults
        }
        Err(faults) => faults,
    };
    let (originator, shell) = (form.originator.clone(), Shell::of(&req)?);
    invalid(&SwitchesPage::new(scope, shell, &app, &originator, Some(form), faults).await?)
}
