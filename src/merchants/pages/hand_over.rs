//! Merchants change hands: to a colleague, with a reason; or to who takes over one that has nobody.

use actix_session::Session;
use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;
use diesel::PgConnection;
use serde::Deserialize;

use crate::auth::{ManagedScope, Staff, StaffRole};
use crate::db::Tenants;
use crate::kernel::{Error, MerchantId, Right, Texts, UserId};
use crate::merchants::queries::{self, Managed};
use crate::merchants::{PORTFOLIO_URL, commands};
use crate::web::{
    App, Client, Faults, Flash, Form, Html, Query, Shell, Ui, html, invalid, reason, see_other,
    set_flash,
};

#[derive(Template)]
#[template(path = "merchants/hand_over.html")]
struct HandOverPage {
    shell: Shell,
    t: &'static Texts,
    merchants: Vec<Managed>,
    colleagues: Vec<(UserId, String)>,
    form: HandOverForm,
    faults: Faults,
}

/// What is typed; `merchants`: ids, parted by commas.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HandOverForm {
    #[serde(default)]
    merchants: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    reason: String,
}

impl HandOverPage {
    async fn read(
        scope: ManagedScope,
        user_id: UserId,
        shell: Shell,
        app: &App,
        form: HandOverForm,
        faults: Faults,
    ) -> Result<Self, Error> {
        let ids = ids(form.merchants.split(','))?;
        let tenants = scope.tenants();
        let read = move |conn: &mut PgConnection| {
            let all = queries::list(conn, &scope)?;
            let all = all.into_iter().map(|(one, _)| one);
            let merchants: Vec<_> = all.filter(|one| ids.contains(&one.id)).collect();
            // All of them, or somebody asks for what is not theirs.
            if merchants.len() != ids.len() {
                return Err(Error::NotFound);
            }
            Ok((merchants, queries::success_managers(conn, user_id)?))
        };
        let (merchants, colleagues) = app.db.run(tenants, read).await?;
        Ok(Self { t: shell.t, shell, merchants, colleagues, form, faults })
    }

    fn title(&self) -> String {
        match self.merchants.as_slice() {
            [one] => self.t.msg_hand_over_one(one.name.as_str()),
            several => self.t.msg_hand_over_several(several.len()),
        }
    }

    fn is_chosen(&self, id: &UserId) -> bool {
        self.form.to == id.to_string()
    }
}

/// Each merchant once.
fn ids<'a>(words: impl Iterator<Item = &'a str>) -> Result<Vec<MerchantId>, Error> {
    let mut all: Vec<MerchantId> = Vec::new();
    for word in words.filter(|word| !word.is_empty()) {
        let id = word.parse().map_err(|_| Error::NotFound)?;
        if !all.contains(&id) {
            all.push(id);
        }
    }
    if all.is_empty() { Err(Error::Malformed("no merchant is named")) } else { Ok(all) }
}

/// `GET /merchants/hand-over?merchant=…`: to whom, and why.
pub async fn ask_hand_over(user: Staff, shell: Shell, app: Data<App>, query: Query) -> Html {
    let scope = user.scope(Right::ManageMerchants)?;
    let merchants = query.all("merchant").collect::<Vec<_>>().join(",");
    if merchants.is_empty() {
        return Ok(see_other(PORTFOLIO_URL));
    }
    let form = HandOverForm { merchants, ..HandOverForm::default() };
    let page =
        HandOverPage::read(scope, user.user_id(), shell, &app, form, Faults::default()).await?;
    html(&page)
}

/// `POST /merchants/hand-over`
pub async fn hand_over(
    user: Staff,
    req: HttpRequest,
    app: Data<App>,
    client: Client,
    session: Session,
    Form(form): Form<HandOverForm>,
) -> Html {
    let (scope, t) = (user.scope(Right::ManageMerchants)?, Ui::of(&req).lang.texts());
    let mut faults = Faults::default();
    let to: Result<UserId, _> = form.to.parse().map_err(|_| t.msg_hand_over_fault_to());
    let to = faults.keep("to", to);
    let reason = faults.keep("reason", reason(&form.reason, t));
    let (Some(to), Some(reason)) = (to, reason) else {
        let shell = Shell::of(&req)?;
        let page = HandOverPage::read(scope, user.user_id(), shell, &app, form, faults).await?;
        return invalid(&page);
    };
    let ids = ids(form.merchants.split(','))?;
    let count = ids.len();
    let writer = client.writer(user.principal(), &app);
    let tenants = scope.tenants();
    let write = move |conn: &mut PgConnection| {
        commands::hand_over(conn, &scope, &writer, &ids, to, &reason)
    };
    let name = app.db.run(tenants, write).await?;
    set_flash(&session, &Flash::HandedOver { count, name })?;
    Ok(see_other(PORTFOLIO_URL))
}

/// Which merchant.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TakeOverForm {
    merchant: String,
}

/// `POST /merchants/take-over`: a success manager takes a merchant that has nobody and asks for one.
pub async fn take_over(
    user: Staff,
    app: Data<App>,
    client: Client,
    session: Session,
    Form(form): Form<TakeOverForm>,
) -> Html {
    let scope = user.scope(Right::ManageMerchants)?;
    if user.principal().staff != Some(StaffRole::SuccessManager) {
        return Err(Error::Forbidden(Some(Right::ManageMerchants)));
    }
    let id: MerchantId = form.merchant.parse().map_err(|_| Error::NotFound)?;
    let find = move |conn: &mut PgConnection| queries::seeking_one(conn, &scope, id);
    let found = app.db.run(Tenants::none(), find).await?;
    let writer = client.writer(user.principal(), &app);
    let write = move |conn: &mut PgConnection| commands::take_over(conn, found, &writer);
    let merchant = app.db.run(found.tenants(), write).await?;
    set_flash(&session, &Flash::TakenOver { merchant })?;
    Ok(see_other(format!("{PORTFOLIO_URL}/{id}")))
}
