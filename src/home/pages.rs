//! Start page, language and appearance, reports of the content security policy.

mod merchant;
mod platform;

use actix_web::http::StatusCode;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use diesel::PgConnection;
use serde::Deserialize;

use super::commands;
use crate::auth::{MerchantUser, SignedIn, Staff, session};
use crate::db::Tenants;
use crate::kernel::{Error, Lang, Texts};
use crate::web::{
    App, Client, Form, Html, PublicShell, Query, Shell, Theme, Ui, collect_body, html, return_to,
    see_other,
};

#[derive(Template)]
#[template(path = "home/nobody.html")]
struct NobodyPage {
    shell: Shell,
    t: &'static Texts,
    /// Where support reads mail, for who works for nobody.
    support_email: Option<String>,
}

/// `GET /`: what needs the reader first, then figures; of everybody what their role sees.
pub async fn home(user: SignedIn, req: HttpRequest, app: Data<App>, query: Query) -> Html {
    let shell = Shell::of(&req)?;
    match (user.0.staff, user.0.current()) {
        (Some(_), _) => platform::show(&Staff::of(&req)?, shell, &app).await,
        (None, Some(_)) => merchant::show(&MerchantUser::of(&req)?, shell, &app, &query).await,
        (None, None) => {
            let support_email = app.support_email.as_ref().map(|email| email.as_str().to_owned());
            html(&NobodyPage { t: shell.t, shell, support_email })
        }
    }
}

#[derive(Template)]
#[template(path = "home/display.html")]
struct DisplayPage {
    ui_of: Ui,
    t: &'static Texts,
    return_to: String,
}

impl DisplayPage {
    fn themes(&self) -> [(Theme, String); 3] {
        themes(self.t)
    }
}

/// The appearances that can be chosen, in words.
#[must_use]
pub fn themes(t: &Texts) -> [(Theme, String); 3] {
    [
        (Theme::System, t.msg_display_theme_system()),
        (Theme::Light, t.msg_display_theme_light()),
        (Theme::Dark, t.msg_display_theme_dark()),
    ]
}

/// `GET /display`
pub async fn display(shell: PublicShell, query: Query) -> Html {
    let return_to = return_to::local(query.one("return_to").unwrap_or("/"));
    html(&DisplayPage { ui_of: shell.ui, t: shell.t, return_to })
}

/// What the form sends.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DisplayForm {
    lang: String,
    theme: String,
    #[serde(default)]
    return_to: String,
}

/// `POST /display`: remembered for a year in this browser; the language of who is signed in, for mails.
pub async fn set_display(req: HttpRequest, app: Data<App>, Form(form): Form<DisplayForm>) -> Html {
    let (Some(lang), Some(theme)) = (Lang::parse(&form.lang), Theme::parse(&form.theme)) else {
        return Err(Error::Malformed("no such language or appearance"));
    };
    if let Some(principal) = session::principal(&req)? {
        let remember = move |conn: &mut PgConnection| {
            commands::remember_language(conn, principal.user_id, lang)
        };
        app.db.run(Tenants::none(), remember).await?;
    }
    let mut response = see_other(return_to::local(&form.return_to));
    response.add_cookie(&Ui { lang, theme }.cookie()).map_err(Error::internal)?;
    Ok(response)
}

/// `POST /csp-report`: a browser has kept something from a page that should not have been there.
/// Which rule, without the page's address: a pay link may stand in it.
pub async fn csp_report(app: Data<App>, client: Client, payload: Payload) -> Html {
    app.limits.csp_report.take(&client.neighbours())?;
    let body = collect_body(payload.into_inner(), 16 * 1024).await?;
    let report: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
    let field = |name: &str| {
        let value = report.get("csp-report").and_then(|report| report.get(name));
        value
            .and_then(serde_json::Value::as_str)
            .unwrap_or("?")
            .chars()
            .take(60)
            .filter(|c| !c.is_control())
            .collect::<String>()
    };
    tracing::warn!(
        directive = field("violated-directive"),
        disposition = field("disposition"),
        "a page broke its content security policy"
    );
    Ok(HttpResponse::build(StatusCode::NO_CONTENT).finish())
}
