//! `/accounting/providers`: who stands as the issuer on invoices, and how.

use actix_session::Session;
use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;
use diesel::PgConnection;

use crate::auth::Staff;
use crate::db::Tenants;
use crate::kernel::Texts;
use crate::statements::form::ProviderForm;
use crate::statements::model::Provider;
use crate::statements::{commands, queries};
use crate::web::{
    App, Client, Faults, Flash, Form, Html, Kept, Query, Shell, Ui, html, invalid, see_other,
    set_flash,
};

const ADDRESS: &str = "/accounting/providers";

#[derive(Template)]
#[template(path = "statements/providers.html")]
struct ProvidersPage {
    shell: Shell,
    t: &'static Texts,
    providers: Vec<Provider>,
    form: ProviderForm,
    faults: Faults,
}

/// `GET`: all of them, and a form for a new one, or for the one that `?change=` names.
pub async fn show(
    _user: Staff,
    shell: Shell,
    app: Data<App>,
    Query(asked): Query,
    Kept(kept): Kept<ProviderForm>,
) -> Html {
    let providers = app.db.run(Tenants::none(), queries::all_providers).await?;
    let form = kept.unwrap_or_else(|| {
        let chosen = asked.iter().find(|(name, _)| name == "change").map(|(_, value)| value);
        let found = providers.iter().find(|provider| Some(&provider.name) == chosen);
        found.map(ProviderForm::of).unwrap_or_default()
    });
    let faults = Faults::default();
    html(&ProvidersPage { t: shell.t, shell, providers, form, faults })
}

/// `POST`: a new one, or a change of one.
pub async fn save(
    user: Staff,
    req: HttpRequest,
    app: Data<App>,
    client: Client,
    session: Session,
    Form(form): Form<ProviderForm>,
) -> Html {
    let t = Ui::of(&req).lang.texts();
    let faults = match form.validate(t) {
        Ok(provider) => {
            let (by, is_new) = (client.user(user.principal()), form.known.is_empty());
            let name = provider.name.clone();
            let write = move |conn: &mut PgConnection| {
                if is_new {
                    return commands::add_provider(conn, &by, &provider);
                }
                commands::change_provider(conn, &by, &provider).map(|()| true)
            };
            if app.db.run(Tenants::none(), write).await? {
                set_flash(&session, &Flash::ProviderSaved { name })?;
                return Ok(see_other(ADDRESS));
            }
            let mut faults = Faults::default();
            faults.add("name", t.msg_prov_fault_taken());
            faults
        }
        Err(faults) => faults,
    };
    let providers = app.db.run(Tenants::none(), queries::all_providers).await?;
    let shell = Shell::of(&req)?;
    invalid(&ProvidersPage { t: shell.t, shell, providers, form, faults })
}
