//! `/settings/confirmations/{originator}`: who writes to customers and in which words, by language, with
//! both letters beside them as they would be sent.

use actix_session::Session;
use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use askama::Template;
use diesel::PgConnection;

use crate::auth::{MerchantScope, MerchantUser};
use crate::confirmations::commands::{self, Outcome};
use crate::confirmations::display;
use crate::confirmations::form::TextsForm;
use crate::confirmations::queries::{self, Originator, Written};
use crate::email_payments::confirming::{
    Confirmation, FIELDS, LetterFacts, MerchantView, PageSettings, Wording, merchant,
    page_settings_of_one, wording,
};
use crate::kernel::{Error, Lang, OriginatorId, Right, Texts, dates};
use crate::web::{
    App, Client, Faults, Flash, Form, Html, Kept, Query, Shell, Ui, html, invalid, see_other,
    set_flash,
};

/// What the page needs of the database.
struct Read {
    merchant: MerchantView,
    originator: Originator,
    written: Vec<Written>,
    words: Wording,
    /// Which words they are; 0: the usual ones.
    version: i64,
    page: Option<PageSettings>,
}

/// One letter, as it would be sent.
struct Preview {
    name: String,
    /// Whether such letters are sent at all.
    is_on: bool,
    is_failure: bool,
    subject: String,
    intro: String,
    facts: LetterFacts,
}

#[derive(Template)]
#[template(path = "confirmations/texts.html")]
struct TextsPage {
    shell: Shell,
    t: &'static Texts,
    merchant: MerchantView,
    originator: Originator,
    written: Vec<Written>,
    lang: Lang,
    form: TextsForm,
    /// Which words stand now.
    version: i64,
    faults: Faults,
    fields: String,
    page: PageSettings,
}

impl TextsPage {
    /// # Errors
    /// [`Error::NotFound`]: the merchant has no such originator.
    async fn new(
        scope: MerchantScope,
        id: OriginatorId,
        shell: Shell,
        app: &App,
        lang: Option<Lang>,
        typed: Option<TextsForm>,
        faults: Faults,
    ) -> Result<Self, Error> {
        let read = move |conn: &mut PgConnection| {
            let merchant = merchant(conn, scope.merchant_id())?;
            let originator = queries::originator(conn, scope, id)?;
            let lang = lang.unwrap_or(merchant.language);
            let words = wording(conn, scope.merchant_id(), id, lang)?;
            let page = page_settings_of_one(conn, scope.merchant_id(), id)?.map(|(_, page)| page);
            let version = queries::version(conn, scope, id, lang)?;
            let written = queries::written(conn, scope)?;
            Ok(Read { merchant, originator, written, words, version, page })
        };
        let Read { merchant, originator, written, words, version, page } =
            app.db.run(scope.tenants(), read).await?;
        let lang = lang.unwrap_or(merchant.language);
        let form = typed.unwrap_or_else(|| TextsForm::of(lang, words, version));
        Ok(Self {
            t: shell.t,
            page: page.unwrap_or_else(|| PageSettings::usual(&merchant)),
            shell,
            merchant,
            originator,
            written,
            lang,
            form,
            version,
            faults,
            fields: fields(),
        })
    }

    fn may_write(&self) -> bool {
        self.shell.may(Right::WritePageSettings)
    }

    fn base(&self) -> String {
        format!("/settings/confirmations/{}", self.originator.id)
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates call by reference")]
    fn is_written(&self, lang: &Lang) -> bool {
        self.written_in(*lang).is_some()
    }

    fn written_in(&self, lang: Lang) -> Option<&Written> {
        let of_it = |one: &&Written| one.originator_id == self.originator.id;
        self.written.iter().filter(of_it).find(|one| one.language == lang)
    }

    /// Who wrote the words last, and when.
    fn changed(&self) -> String {
        self.written_in(self.lang).map_or_else(
            || self.t.msg_merchant_never_changed(),
            |written| {
                let zone = self.merchant.zone();
                let moment =
                    dates::moment_within(written.at, self.shell.now, zone, self.shell.lang);
                self.t.msg_merchant_changed(&written.by, moment)
            },
        )
    }

    /// The letters as they would be sent with what is typed.
    fn letters(&self) -> Vec<Preview> {
        Confirmation::ALL.iter().map(|confirmation| self.letter(*confirmation)).collect()
    }

    fn letter(&self, confirmation: Confirmation) -> Preview {
        let currency = self.originator.currency();
        let facts =
            LetterFacts::example(self.merchant.clone(), self.lang, currency, self.shell.now)
                .on_page(&self.page)
                .in_words(&self.form.typed(), confirmation);
        Preview {
            name: display::confirmation(confirmation, self.t),
            is_on: self.originator.confirms().of(confirmation),
            is_failure: confirmation == Confirmation::Failure,
            subject: facts.confirmation_subject(confirmation),
            intro: facts.confirmation_intro(confirmation),
            facts,
        }
    }
}

/// What a text may name: `{customer} {merchant} …`.
fn fields() -> String {
    FIELDS.map(|name| format!("{{{name}}}")).join(" ")
}

fn id_of(path: &str) -> Result<OriginatorId, Error> {
    path.parse().map_err(|_| Error::NotFound)
}

/// `GET /settings/confirmations/{originator}?language=…`
pub async fn show(
    user: MerchantUser,
    shell: Shell,
    app: Data<App>,
    path: Path<String>,
    query: Query,
    Kept(kept): Kept<TextsForm>,
) -> Html {
    let scope = user.scope(Right::ViewPageSettings)?;
    let kept_in = kept.as_ref().and_then(|kept| kept.language().ok());
    let lang = kept_in.or_else(|| query.one("language").and_then(Lang::parse));
    let page =
        TextsPage::new(scope, id_of(&path)?, shell, &app, lang, kept, Faults::default()).await?;
    html(&page)
}

/// `POST /settings/confirmations/{originator}`: keeps the words, or shows the letters with them.
pub async fn write(
    user: MerchantUser,
    req: HttpRequest,
    app: Data<App>,
    client: Client,
    session: Session,
    path: Path<String>,
    Form(form): Form<TextsForm>,
) -> Html {
    let scope = user.scope(Right::WritePageSettings)?;
    let (id, lang) = (id_of(&path)?, form.language()?);
    if form.action == "preview" {
        let (shell, faults) = (Shell::of(&req)?, Faults::default());
        let page = TextsPage::new(scope, id, shell, &app, Some(lang), Some(form), faults).await?;
        return html(&page);
    }
    let (seen, t) = (form.version()?, Ui::of(&req).lang.texts());
    let words = match form.validate(t) {
        Ok(words) => words,
        Err(faults) => {
            let shell = Shell::of(&req)?;
            let page =
                TextsPage::new(scope, id, shell, &app, Some(lang), Some(form), faults).await?;
            return invalid(&page);
        }
    };
    let writer = client.writer(user.principal(), &app);
    let work = move |conn: &mut PgConnection| {
        commands::write(conn, scope, &writer, id, lang, seen, &words)
    };
    match app.db.run(scope.tenants(), work).await? {
        Outcome::Done(originator) | Outcome::Unchanged(originator) => {
            set_flash(&session, &Flash::ConfirmationTextsSaved { originator })?;
            Ok(see_other(format!("/settings/confirmations/{id}?language={}", lang.code())))
        }
        Outcome::Meanwhile => {
            let (shell, mut faults) = (Shell::of(&req)?, Faults::default());
            faults.add("texts", t.msg_confirm_fault_meanwhile());
            let mut page =
                TextsPage::new(scope, id, shell, &app, Some(lang), Some(form), faults).await?;
            // The writer has been told: what is typed may follow what now stands.
            page.form.version = page.version.to_string();
            invalid(&page)
        }
    }
}
