//! `/settings/payment-page/{originator}/first`: what a first request needs, and on to the request.

use actix_session::Session;
use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use askama::Template;
use diesel::PgConnection;

use super::{Facts, LIST, id_of};
use crate::auth::{MerchantScope, MerchantUser};
use crate::kernel::{Error, OriginatorId, Right, Texts};
use crate::page_settings::commands;
use crate::page_settings::form::FirstForm;
use crate::web::{
    App, Client, Faults, Flash, Form, Html, Kept, Query, Shell, Ui, html, invalid, see_other,
    set_flash,
};

/// Where the request is made.
const REQUEST: &str = "/processing/email-payments/new";

#[derive(Template)]
#[template(path = "page_settings/first.html")]
struct FirstPage {
    shell: Shell,
    t: &'static Texts,
    facts: Facts,
    form: FirstForm,
    faults: Faults,
}

impl FirstPage {
    async fn new(
        scope: MerchantScope,
        id: OriginatorId,
        shell: Shell,
        app: &App,
        form: impl FnOnce(&Facts) -> FirstForm,
        faults: Faults,
    ) -> Result<Self, Error> {
        let read = move |conn: &mut PgConnection| Facts::read(conn, scope, id);
        let facts = app.db.run(scope.tenants(), read).await?;
        Ok(Self { t: shell.t, shell, form: form(&facts), facts, faults })
    }

    fn base(&self) -> String {
        format!("{LIST}/{}", self.facts.originator.id)
    }
}

/// `GET /settings/payment-page/{originator}/first?then=…`
pub async fn ask(
    user: MerchantUser,
    shell: Shell,
    app: Data<App>,
    path: Path<String>,
    query: Query,
    Kept(kept): Kept<FirstForm>,
) -> Html {
    let scope = user.scope(Right::WritePageSettings)?;
    let then = query.one("then").unwrap_or_default().to_owned();
    let form = move |facts: &Facts| {
        kept.unwrap_or_else(|| FirstForm {
            displayed_name: facts.settings.displayed_name.clone(),
            support: facts.settings.support.clone(),
            version: facts.version.to_string(),
            then,
        })
    };
    html(&FirstPage::new(scope, id_of(&path)?, shell, &app, form, Faults::default()).await?)
}

/// `POST /settings/payment-page/{originator}/first`
pub async fn save(
    user: MerchantUser,
    req: HttpRequest,
    app: Data<App>,
    client: Client,
    session: Session,
    path: Path<String>,
    Form(form): Form<FirstForm>,
) -> Html {
    let scope = user.scope(Right::WritePageSettings)?;
    let id = id_of(&path)?;
    let wanted = match form.validate(Ui::of(&req).lang.texts()) {
        Ok(wanted) => wanted,
        Err(faults) => {
            let shell = Shell::of(&req)?;
            return invalid(&FirstPage::new(scope, id, shell, &app, |_| form, faults).await?);
        }
    };
    // Parameters alone: the way on never leaves the form of requests.
    let Query(then) = Query::parse(&form.then)?;
    let then = serde_urlencoded::to_string(&then).map_err(Error::internal)?;
    let writer = client.writer(user.principal(), &app);
    let seen = form.version();
    let work =
        move |conn: &mut PgConnection| commands::begin(conn, scope, &writer, id, seen, wanted);
    let originator = app.db.run(scope.tenants(), work).await?;
    set_flash(&session, &Flash::PageSetUp { originator })?;
    Ok(see_other(format!("{REQUEST}?{then}")))
}
