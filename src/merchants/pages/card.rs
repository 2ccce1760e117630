//! `/merchants/card`: what merchants read of who looks after them.

use actix_session::Session;
use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;
use diesel::PgConnection;
use serde::Deserialize;

use crate::auth::Staff;
use crate::db::Tenants;
use crate::kernel::{Lang, Texts, text};
use crate::merchants::{PORTFOLIO_URL, commands, queries};
use crate::web::{
    App, Client, Faults, Flash, Form, Html, Shell, Ui, html, invalid, see_other, set_flash,
};

const HOURS_CHARS_MAX: usize = 100;

#[derive(Template)]
#[template(path = "merchants/card.html")]
struct CardPage {
    shell: Shell,
    t: &'static Texts,
    form: CardForm,
    faults: Faults,
}

impl CardPage {
    fn languages(&self) -> Vec<(Lang, bool)> {
        Lang::ALL.into_iter().map(|lang| (lang, self.form.speaks(lang))).collect()
    }
}

/// What is typed: a box for each language, and the hours.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "a check box for each language")]
pub struct CardForm {
    #[serde(default)]
    en: bool,
    #[serde(default)]
    it: bool,
    #[serde(default)]
    es: bool,
    #[serde(default)]
    fr: bool,
    #[serde(default)]
    hours: String,
}

impl CardForm {
    fn of(spoken: &[Lang], hours: String) -> Self {
        let speaks = |lang| spoken.contains(&lang);
        Self {
            en: speaks(Lang::En),
            it: speaks(Lang::It),
            es: speaks(Lang::Es),
            fr: speaks(Lang::Fr),
            hours,
        }
    }

    const fn speaks(&self, lang: Lang) -> bool {
        match lang {
            Lang::En => self.en,
            Lang::It => self.it,
            Lang::Es => self.es,
            Lang::Fr => self.fr,
        }
    }
}

/// `GET /merchants/card`
pub async fn card(user: Staff, shell: Shell, app: Data<App>) -> Html {
    let user_id = user.user_id();
    let read = move |conn: &mut PgConnection| queries::card(conn, user_id);
    let (spoken, hours) = app.db.run(Tenants::none(), read).await?;
    html(&CardPage {
        t: shell.t,
        shell,
        form: CardForm::of(&spoken, hours),
        faults: Faults::default(),
    })
}

/// `POST /merchants/card`
pub async fn set_card(
    user: Staff,
    req: HttpRequest,
    app: Data<App>,
    client: Client,
    session: Session,
    Form(form): Form<CardForm>,
) -> Html {
    let t = Ui::of(&req).lang.texts();
    let mut faults = Faults::default();
    let hours = text::optional_line(&form.hours, HOURS_CHARS_MAX)
        .map_err(|_| t.msg_card_fault_hours(HOURS_CHARS_MAX));
    let Some(hours) = faults.keep("hours", hours) else {
        let shell = Shell::of(&req)?;
        return invalid(&CardPage { t: shell.t, shell, form, faults });
    };
    let spoken: Vec<Lang> = Lang::ALL.into_iter().filter(|lang| form.speaks(*lang)).collect();
    let (by, user_id) = (client.user(user.principal()), user.user_id());
    let write =
        move |conn: &mut PgConnection| commands::set_card(conn, &by, user_id, &spoken, &hours);
    app.db.run(Tenants::none(), write).await?;
    set_flash(&session, &Flash::CardSaved)?;
    Ok(see_other(PORTFOLIO_URL))
}
