//! `/settings/payment-page/{originator}`: the settings, beside them page and letter as customers get
//! them, below them who changed what.

use actix_session::Session;
use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use askama::Template;
use diesel::PgConnection;

use super::{Facts, LIST, id_of};
use crate::auth::{MerchantScope, MerchantUser};
use crate::email_payments::page_setting::{
    ATTEMPTS, DAYS_OFFERED, FIELDS, LetterFacts, PageSettings, SavedPage, saved_pages,
};
use crate::gateway_accounts::{self, AccountView};
use crate::kernel::{Colour, Error, Lang, OriginatorId, Right, Texts};
use crate::page_settings::commands::{self, Saved};
use crate::page_settings::display::{self, Line};
use crate::page_settings::form::{SettingsForm, TakeBackForm, TypedTexts, too_light};
use crate::web::{
    App, Client, Faults, Flash, Form, Html, Kept, Query, Shell, Ui, html, invalid, see_other,
    set_flash,
};

#[derive(Template)]
#[template(path = "page_settings/edit.html")]
struct EditPage {
    shell: Shell,
    t: &'static Texts,
    facts: Facts,
    saved: Vec<SavedPage>,
    form: SettingsForm,
    faults: Faults,
    fields: String,
    /// What the gateway says of the originator.
    gateway: AccountView,
}

impl EditPage {
    /// # Errors
    /// [`Error::NotFound`]: the merchant has no such originator.
    async fn new(
        scope: MerchantScope,
        id: OriginatorId,
        shell: Shell,
        app: &App,
        language: Option<Lang>,
        typed: Option<SettingsForm>,
        faults: Faults,
    ) -> Result<Self, Error> {
        let read = move |conn: &mut PgConnection| {
            let facts = Facts::read(conn, scope, id)?;
            let saved = saved_pages(conn, scope.merchant_id(), id)?;
            Ok((facts, saved, gateway_accounts::account(conn, scope, id)?))
        };
        let (facts, saved, account) = app.db.run(scope.tenants(), read).await?;
        let language = language.unwrap_or(facts.merchant.language);
        let form =
            typed.unwrap_or_else(|| SettingsForm::of(&facts.settings, facts.version, language));
        let fields = FIELDS.map(|name| format!("{{{name}}}")).join(" ");
        let gateway = AccountView::new(&account, facts.settings.attempts_max, &shell);
        Ok(Self { t: shell.t, shell, facts, saved, form, faults, fields, gateway })
    }

    fn may_write(&self) -> bool {
        self.shell.may(Right::WritePageSettings)
    }

    fn base(&self) -> String {
        format!("{LIST}/{}", self.facts.originator.id)
    }

    /// Where the gateway is asked now; empty for who may not.
    fn ask_gateway(&self) -> String {
        let base = self.base();
        if self.may_write() { format!("{base}/gateway-account") } else { String::new() }
    }

    fn texts(&self) -> [TypedTexts<'_>; 4] {
        self.form.texts()
    }

    /// Whether words of a language are there to be seen, or to be mended.
    fn is_open(&self, texts: &TypedTexts<'_>) -> bool {
        let is_wrong = |field| self.faults.of(field).is_some();
        let is_written = !texts.mail.is_empty() || !texts.page.is_empty();
        is_written || is_wrong(texts.mail_field) || is_wrong(texts.page_field)
    }

    fn attempts(&self) -> impl Iterator<Item = (i32, bool)> {
        ATTEMPTS.map(|number| (number, number.to_string() == self.form.attempts_max))
    }

    fn days(&self) -> impl Iterator<Item = (String, String, bool)> {
        DAYS_OFFERED.into_iter().map(|days| {
            let word = days.to_string();
            let is_chosen = word == self.form.valid_days;
            (word, self.t.msg_paypage_days(days), is_chosen)
        })
    }

    fn validity(&self) -> String {
        self.t.msg_paypage_days(self.facts.settings.valid_days)
    }

    fn lang(&self) -> Lang {
        Lang::parse(&self.form.language).unwrap_or(self.facts.merchant.language)
    }

    /// A colour on which white can't be read, and the words about it.
    fn too_light(&self) -> Option<(Colour, String)> {
        let colour = self.form.too_light()?;
        Some((colour.dark_enough(), too_light(colour, self.shell.lang)))
    }

    /// The settings as they would count with what is typed.
    fn typed(&self) -> PageSettings {
        self.form.typed(&self.facts.settings)
    }

    /// The request's letter with what is typed.
    fn letter(&self) -> LetterFacts {
        let currency = self.facts.originator.currency();
        let merchant = self.facts.merchant.clone();
        LetterFacts::example(merchant, self.lang(), currency, self.shell.now).on_page(&self.typed())
    }

    /// What the page says besides, about the same example.
    fn page_lines(&self, letter: &LetterFacts) -> Vec<String> {
        let text = letter.filled(self.typed().page_text(letter.lang));
        text.lines().map(str::to_owned).collect()
    }

    fn history(&self) -> Vec<Line> {
        let usual = PageSettings::usual(&self.facts.merchant);
        display::history(&self.saved, &usual, &self.shell, self.facts.merchant.zone())
    }
}

/// `GET /settings/payment-page/{originator}?language=…`
pub async fn show(
    user: MerchantUser,
    shell: Shell,
    app: Data<App>,
    path: Path<String>,
    query: Query,
    Kept(kept): Kept<SettingsForm>,
) -> Html {
    let scope = user.scope(Right::ViewPageSettings)?;
    let language = query.one("language").and_then(Lang::parse);
    let id = id_of(&path)?;
    html(&EditPage::new(scope, id, shell, &app, language, kept, Faults::default()).await?)
}

/// `POST /settings/payment-page/{originator}`: keeps the settings, or shows how they would look.
pub async fn save(
    user: MerchantUser,
    req: HttpRequest,
    app: Data<App>,
    client: Client,
    session: Session,
    path: Path<String>,
    Form(mut form): Form<SettingsForm>,
) -> Html {
    let scope = user.scope(Right::WritePageSettings)?;
    let id = id_of(&path)?;
    if form.is_preview() {
        let (shell, faults) = (Shell::of(&req)?, Faults::default());
        return html(&EditPage::new(scope, id, shell, &app, None, Some(form), faults).await?);
    }
    let lang = Ui::of(&req).lang;
    let mut is_outdated = false;
    let faults = match form.validate(lang) {
        Ok(wanted) => {
            let (writer, seen) = (client.writer(user.principal(), &app), form.version()?);
            let work = move |conn: &mut PgConnection| {
                commands::save(conn, scope, &writer, id, seen, wanted)
            };
            match app.db.run(scope.tenants(), work).await? {
                Saved::Done(originator) => {
                    set_flash(&session, &Flash::PageSettingsSaved { originator })?;
                    return Ok(see_other(format!("{LIST}/{id}?language={}", form.language)));
                }
                Saved::Meanwhile => {
                    is_outdated = true;
                    let mut faults = Faults::default();
                    faults.add("history", lang.texts().msg_paypage_fault_meanwhile());
                    faults
                }
            }
        }
        Err(faults) => faults,
    };
    let shell = Shell::of(&req)?;
    let mut page = EditPage::new(scope, id, shell, &app, None, Some(form), faults).await?;
    if is_outdated {
        // The writer has been told: what is typed may follow what now stands.
        page.form.version = page.facts.version.to_string();
    }
    invalid(&page)
}

/// `POST /settings/payment-page/{originator}/taking-back`: an earlier state counts again.
pub async fn take_back(
    user: MerchantUser,
    app: Data<App>,
    client: Client,
    session: Session,
    path: Path<String>,
    Form(form): Form<TakeBackForm>,
) -> Html {
    let scope = user.scope(Right::WritePageSettings)?;
    let (id, version) = (id_of(&path)?, form.version());
    let writer = client.writer(user.principal(), &app);
    let work =
        move |conn: &mut PgConnection| commands::take_back(conn, scope, &writer, id, version);
    let originator = app.db.run(scope.tenants(), work).await?;
    set_flash(&session, &Flash::PageSettingsTakenBack { originator })?;
    Ok(see_other(format!("{LIST}/{id}")))
}
