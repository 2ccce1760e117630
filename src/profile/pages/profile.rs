//! `/settings/profile`: name, language, appearance, time zone and address.

use actix_session::Session;
use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;
use chrono_tz::Tz;
use diesel::PgConnection;
use serde::Deserialize;

use crate::auth::SignedIn;
use crate::db::Tenants;
use crate::home;
use crate::kernel::text::TextError;
use crate::kernel::{EmailAddress, Error, Lang, Texts, dates, text};
use crate::mail;
use crate::profile::commands::{self, Asked, Asking};
use crate::profile::model::{A_DAY_MAX, EmailChange, Side};
use crate::profile::{AT, queries};
use crate::web::ui::{Badge, Icon};
use crate::web::{
    App, Client, Faults, Flash, Form, Fresh, Html, Kept, Shell, Theme, Ui, html, invalid,
    see_other, set_flash, text_fault,
};

const NAME_CHARS_MAX: usize = 100;

#[derive(Template)]
#[template(path = "profile/show.html")]
struct ProfilePage {
    shell: Shell,
    t: &'static Texts,
    form: ProfileForm,
    email: EmailForm,
    faults: Faults,
    /// The change of address that is under way.
    change: Option<EmailChange>,
}

/// What is typed about oneself; an empty time zone is the merchant's.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProfileForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    lang: String,
    #[serde(default)]
    theme: String,
    #[serde(default)]
    time_zone: String,
}

/// The address that is to take the place.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EmailForm {
    #[serde(default)]
    email: String,
}

impl ProfilePage {
    async fn read(shell: Shell, app: &App) -> Result<Self, Error> {
        let (user_id, now) = (shell.principal.user_id, shell.now);
        let read = move |conn: &mut PgConnection| {
            Ok((queries::time_zone(conn, user_id)?, queries::open_change(conn, user_id, now)?))
        };
        let (time_zone, change) = app.db.run(Tenants::none(), read).await?;
        let form = ProfileForm {
            name: shell.principal.name.clone(),
            lang: shell.lang.code().to_owned(),
            theme: shell.ui.theme.as_str().to_owned(),
            time_zone: time_zone.unwrap_or_default(),
        };
        let (email, faults) = (EmailForm::default(), Faults::default());
        Ok(Self { t: shell.t, shell, form, email, faults, change })
    }

    fn themes(&self) -> [(Theme, String); 3] {
        home::themes(self.t)
    }

    fn lang(&self) -> Lang {
        Lang::parse(&self.form.lang).unwrap_or(self.shell.lang)
    }

    fn theme(&self) -> Theme {
        Theme::parse(&self.form.theme).unwrap_or(self.shell.ui.theme)
    }

    fn zones(&self) -> impl Iterator<Item = (&'static str, bool)> {
        chrono_tz::TZ_VARIANTS.iter().map(|zone| (zone.name(), zone.name() == self.form.time_zone))
    }

    /// The zone of who chooses none.
    fn usual_zone(&self) -> &'static str {
        self.shell.trading_zone.name()
    }

    /// Whether one of the addresses has confirmed.
    fn badge(&self, change: &EmailChange, side: Side) -> Badge {
        if change.is_confirmed(side) {
            let words = self.t.msg_profile_confirmed();
            return Badge { icon: Icon("circle-check"), words, tone: "pos" };
        }
        Badge { icon: Icon("hourglass"), words: self.t.msg_profile_unconfirmed(), tone: "wait" }
    }

    fn until(&self, change: &EmailChange) -> String {
        dates::moment(change.expires_at, self.shell.now, self.shell.zone, self.shell.lang)
    }

    fn machine(&self, change: &EmailChange) -> String {
        dates::machine(change.expires_at, self.shell.zone)
    }
}

/// `GET /settings/profile`
pub async fn show(_: SignedIn, shell: Shell, app: Data<App>, Kept(kept): Kept<EmailForm>) -> Html {
    let page = ProfilePage::read(shell, &app).await?;
    html(&ProfilePage { email: kept.unwrap_or_default(), ..page })
}

/// `POST /settings/profile`: language and appearance are this browser's, too.
pub async fn save(
    user: SignedIn,
    req: HttpRequest,
    app: Data<App>,
    client: Client,
    session: Session,
    Form(form): Form<ProfileForm>,
) -> Html {
    let t = Ui::of(&req).lang.texts();
    let (Some(lang), Some(theme)) = (Lang::parse(&form.lang), Theme::parse(&form.theme)) else {
        return Err(Error::Malformed("no such language or appearance"));
    };
    let mut faults = Faults::default();
    let name = text::line(&form.name, NAME_CHARS_MAX).map_err(|error| match error {
        TextError::Empty => t.msg_profile_fault_name(),
        TextError::TooLong(_) | TextError::Controls | TextError::CardNumber => {
            text_fault(&error, t)
        }
    });
    let name = faults.keep("name", name);
    let zone = match form.time_zone.as_str() {
        "" => Ok(None),
        typed => known_zone(&app, typed).await?.map(Some).ok_or_else(|| t.msg_profile_fault_zone()),
    };
    let zone = faults.keep("time_zone", zone);
    let (Some(name), Some(zone)) = (name, zone) else {
        let page = ProfilePage::read(Shell::of(&req)?, &app).await?;
        return invalid(&ProfilePage { form, faults, ..page });
    };
    let (by, user_id) = (client.user(&user.0), user.0.user_id);
    let write = move |conn: &mut PgConnection| {
        home::remember_language(conn, user_id, lang)?;
        commands::save(conn, &by, user_id, &name, zone.map(Tz::name))
    };
    app.db.run(Tenants::none(), write).await?;
    set_flash(&session, &Flash::ProfileSaved)?;
    let mut response = see_other(AT);
    response.add_cookie(&Ui { lang, theme }.cookie()).map_err(Error::internal)?;
    Ok(response)
}

/// A zone of the list, if the database counts by it too: it works out when digests leave, and an unknown one
/// would undo what they tell of.
async fn known_zone(app: &App, typed: &str) -> Result<Option<Tz>, Error> {
    let Ok(zone) = typed.parse::<Tz>() else { return Ok(None) };
    let ask = move |conn: &mut PgConnection| queries::is_known_zone(conn, zone.name());
    Ok(app.db.run(Tenants::none(), ask).await?.then_some(zone))
}

/// `POST /settings/profile/email`: writes to both addresses.
pub async fn ask_change(
    user: SignedIn,
    _: Fresh,
    req: HttpRequest,
    app: Data<App>,
    client: Client,
    session: Session,
    Form(form): Form<EmailForm>,
) -> Html {
    let lang = Ui::of(&req).lang;
    let t = lang.texts();
    let mut faults = Faults::default();
    let typed = EmailAddress::parse(&form.email).ok_or_else(|| t.msg_team_email_wrong());
    if let Some(new) = faults.keep("email", typed) {
        let (by, user_id) = (client.user(&user.0), user.0.user_id);
        let (keys, now, address) = (app.keys.clone(), app.clock.now(), new.clone());
        let write = move |conn: &mut PgConnection| {
            let asking = Asking { by: &by, keys: &keys, user_id, language: lang, now };
            commands::ask_change(conn, &asking, &address)
        };
        match app.db.run(mail::nobodys(), write).await? {
            Asked::Sent => {
                let email = new.as_str().to_owned();
                set_flash(&session, &Flash::EmailChangeAsked { email })?;
                return Ok(see_other(AT));
            }
            Asked::Same => faults.add("email", t.msg_profile_fault_same()),
            Asked::TooOften => faults.add("email", t.msg_profile_fault_often(A_DAY_MAX)),
        }
    }
    let page = ProfilePage::read(Shell::of(&req)?, &app).await?;
    invalid(&ProfilePage { email: form, faults, ..page })
}

/// `POST /settings/profile/email/cancellation`: none under way (any more) is as good as ended.
pub async fn cancel(user: SignedIn, app: Data<App>, client: Client, session: Session) -> Html {
    let (by, user_id, now) = (client.user(&user.0), user.0.user_id, app.clock.now());
    let write = move |conn: &mut PgConnection| commands::cancel(conn, &by, user_id, now);
    if app.db.run(Tenants::none(), write).await? {
        set_flash(&session, &Flash::EmailChangeCancelled)?;
    }
    Ok(see_other(AT))
}
