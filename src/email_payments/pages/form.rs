//! Create and edit.

use actix_session::Session;
use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use askama::Template;
use chrono::{DateTime, Utc};
use diesel::PgConnection;

use super::super::commands::{self, Created, FormKey};
use super::super::form::{
    Action, Context, CreateForm, Draft, MESSAGE_MAX, hindered, last_possible_day,
};
use super::super::mails::LetterFacts;
use super::super::preflight::{self, Question, Warning};
use super::super::queries::{self, MerchantView, Originator, preflight as preflight_reads};
use super::detail::letter;
use super::{LIST, id, writer};
use crate::auth::{MerchantScope, MerchantUser};
use crate::kernel::{Currency, EmailPaymentId, Error, Lang, Money, Right, Texts, dates};
use crate::web::{
    App, Client, Faults, Flash, Form, Html, Kept, Query, Shell, html, invalid, see_other, set_flash,
};

#[derive(Template)]
#[template(path = "email_payments/form.html")]
struct FormPage {
    shell: Shell,
    t: &'static Texts,
    form: CreateForm,
    faults: Faults,
    merchant: MerchantView,
    originators: Vec<Originator>,
    /// The draft that is edited; `None`: a new payment.
    editing: Option<EmailPaymentId>,
    host: String,
    /// What should be looked at before it is sent.
    checks: Vec<Warning>,
    /// It was to be sent, and had not been looked at.
    is_held: bool,
}

/// `GET /processing/email-payments/new`
pub async fn new(
    user: MerchantUser,
    shell: Shell,
    app: Data<App>,
    query: Query,
    Kept(kept): Kept<CreateForm>,
) -> Html {
    let scope = user.scope(Right::WriteEmailPayments)?;
    let (merchant, originators) = context(&app, scope).await?;
    let now = shell.now;
    let context = Context { merchant: &merchant, originators: &originators, now, lang: shell.lang };
    let is_fresh = kept.is_none();
    let mut form = kept.unwrap_or_else(|| CreateForm::fresh(&context));
    if is_fresh && let Some(email) = query.one("email") {
        email.clone_into(&mut form.customer_email);
    }
    html(&FormPage {
        t: shell.t,
        shell,
        form,
        faults: Faults::default(),
        merchant,
        originators,
        editing: None,
        host: app.public_host.clone(),
        checks: Vec::new(),
        is_held: false,
    })
}

/// `POST /processing/email-payments`
pub async fn create(
    user: MerchantUser,
    shell: Shell,
    app: Data<App>,
    client: Client,
    session: Session,
    Form(mut form): Form<CreateForm>,
) -> Html {
    let scope = user.scope(Right::WriteEmailPayments)?;
    let action = form.press()?;
    let form_key = FormKey { session_id: user.principal().session_id, key: form.form_key()? };
    let (merchant, originators) = context(&app, scope).await?;
    let page = Page { shell, app: &app, scope, merchant, originators, editing: None };
    if action == Action::Preview {
        // A question, not a submission: what can't be read yet is left out.
        return page.again(form, Faults::default()).await;
    }
    let draft = match page.validate(&form) {
        Ok(draft) => draft,
        Err(faults) => return page.again(form, faults).await,
    };
    if action == Action::Send
        && let Some(checks) = page.unseen(&form, Some(form_key)).await?
    {
        return page.held(form, checks);
    }
    let (writer, keys, is_sent) =
        (writer(&user, &client, &app), app.keys.clone(), action == Action::Send);
    let email = draft.customer_email.to_string();
    let work = move |conn: &mut PgConnection| {
        commands::create(conn, &keys, scope, &writer, &draft, Some(form_key), is_sent)
    };
    match app.db.run(scope.tenants(), work).await? {
        Created::Done { id, order_id, .. } => done(&session, id, order_id, email, is_sent),
        Created::Hindered(hindrance) => {
            let faults = hindered(hindrance, page.shell.t);
            page.again(form, faults).await
        }
    }
}

/// `POST /processing/email-payments/preview`: the letter, exactly as it would be sent, in a page of
/// its own. What can't be read yet is left out; the form itself tells about it when it is sent.
pub async fn preview(
    user: MerchantUser,
    shell: Shell,
    app: Data<App>,
    Form(form): Form<CreateForm>,
) -> Html {
    let scope = user.scope(Right::WriteEmailPayments)?;
    let (merchant, originators) = context(&app, scope).await?;
    let page = FormPage {
        t: shell.t,
        shell,
        form,
        faults: Faults::default(),
        merchant,
        originators,
        editing: None,
        host: app.public_host.clone(),
        checks: Vec::new(),
        is_held: false,
    };
    letter(&page.preview())
}

/// `GET /processing/email-payments/{id}/edit`
pub async fn edit(
    user: MerchantUser,
    shell: Shell,
    app: Data<App>,
    path: Path<String>,
    Kept(kept): Kept<CreateForm>,
) -> Html {
    let scope = user.scope(Right::WriteEmailPayments)?;
    let id = id(&path)?;
    let payment = app.db.run(scope.tenants(), move |conn| queries::get(conn, scope, id)).await?;
    if !payment.status.is_editable() {
        return Ok(see_other(format!("{LIST}/{id}")));
    }
    let (merchant, originators) = context(&app, scope).await?;
    let form = {
        let context = Context {
            merchant: &merchant,
            originators: &originators,
            now: shell.now,
            lang: shell.lang,
        };
        kept.map_or_else(|| CreateForm::of(&payment, &context), Ok)?
    };
    html(&FormPage {
        t: shell.t,
        shell,
        form,
        faults: Faults::default(),
        merchant,
        originators,
        editing: Some(id),
        host: app.public_host.clone(),
        checks: Vec::new(),
        is_held: false,
    })
}

/// `POST /processing/email-payments/{id}/edit`
pub async fn update(
    user: MerchantUser,
    shell: Shell,
    app: Data<App>,
    client: Client,
    session: Session,
    path: Path<String>,
    Form(mut form): Form<CreateForm>,
) -> Html {
    let scope = user.scope(Right::WriteEmailPayments)?;
    let (id, action) = (id(&path)?, form.press()?);
    app.db.run(scope.tenants(), move |conn| queries::get(conn, scope, id)).await?;
    let (merchant, originators) = context(&app, scope).await?;
    let page = Page { shell, app: &app, scope, merchant, originators, editing: Some(id) };
    if action == Action::Preview {
        // A question, not a submission: what can't be read yet is left out.
        return page.again(form, Faults::default()).await;
    }
    let draft = match page.validate(&form) {
        Ok(draft) => draft,
        Err(faults) => return page.again(form, faults).await,
    };
    if action == Action::Send
        && let Some(checks) = page.unseen(&form, None).await?
    {
        return page.held(form, checks);
    }
    let (writer, keys, is_sent) =
        (writer(&user, &client, &app), app.keys.clone(), action == Action::Send);
    let (order_id, email) = (draft.order_id.clone(), draft.customer_email.to_string());
    let work = move |conn: &mut PgConnection| {
        commands::update(conn, &keys, scope, &writer, id, &draft, is_sent)
    };
    match app.db.run(scope.tenants(), work).await? {
        None => done(&session, id, order_id, email, is_sent),
        Some(hindrance) => {
            let faults = hindered(hindrance, page.shell.t);
            page.again(form, faults).await
        }
    }
}

fn done(
    session: &Session,
    id: EmailPaymentId,
    order_id: String,
    email: String,
    is_sent: bool,
) -> Html {
    let flash = if is_sent {
        Flash::PaymentSent { order_id, email }
    } else {
        Flash::DraftSaved { order_id }
    };
    set_flash(session, &flash)?;
    Ok(see_other(format!("{LIST}/{id}")))
}

async fn context(
    app: &Data<App>,
    scope: MerchantScope,
) -> Result<(MerchantView, Vec<Originator>), Error> {
    let read = move |conn: &mut PgConnection| {
        let merchant = queries::merchant(conn, scope.merchant_id())?;
        Ok((merchant, queries::originators_of(conn, scope.merchant_id())?))
    };
    app.db.run(scope.tenants(), read).await
}

/// A form that was sent, before it is known whether it comes back.
struct Page<'a> {
    shell: Shell,
    app: &'a Data<App>,
    scope: MerchantScope,
    merchant: MerchantView,
    originators: Vec<Originator>,
    editing: Option<EmailPaymentId>,
}

impl Page<'_> {
    fn validate(&self, form: &CreateForm) -> Result<Draft, Faults> {
        form.validate(&Context {
            merchant: &self.merchant,
            originators: &self.originators,
            now: self.shell.now,
            lang: self.shell.lang,
        })
    }

    /// What should be looked at, as far as the form can be read; nothing where the form has made its
    /// payment already.
    async fn checks(&self, form: &CreateForm, key: Option<FormKey>) -> Result<Vec<Warning>, Error> {
        let (scope, now, editing) = (self.scope, self.shell.now, self.editing);
        let question = Question::of(form, &self.merchant, now);
        let look = move |conn: &mut PgConnection| {
            if let Some(key) = key
                && preflight_reads::is_done(conn, key)?
            {
                return Ok(Vec::new());
            }
            let facts = preflight_reads::facts(conn, scope, &question, editing, now)?;
            Ok(preflight::check(&question, &facts))
        };
        self.app.db.run(scope.tenants(), look).await
    }

    /// The same, where the form does not say that all of it was shown.
    async fn unseen(
        &self,
        form: &CreateForm,
        key: Option<FormKey>,
    ) -> Result<Option<Vec<Warning>>, Error> {
        let checks = self.checks(form, key).await?;
        Ok((!preflight::are_seen(&checks, &form.seen)).then_some(checks))
    }

    /// The same form again: 422 with faults, 200 with the preview that was asked for.
    async fn again(self, form: CreateForm, faults: Faults) -> Result<HttpResponse, Error> {
        let is_good = faults.is_empty();
        let checks = self.checks(&form, None).await?;
        let page = self.with(form, faults, checks);
        if is_good { html(&page) } else { invalid(&page) }
    }

    /// The same form again, good as it is: what had not been shown is shown, once.
    fn held(self, form: CreateForm, checks: Vec<Warning>) -> Result<HttpResponse, Error> {
        invalid(&FormPage { is_held: true, ..self.with(form, Faults::default(), checks) })
    }

    fn with(self, form: CreateForm, faults: Faults, checks: Vec<Warning>) -> FormPage {
        FormPage {
            t: self.shell.t,
            host: self.app.public_host.clone(),
            shell: self.shell,
            form,
            faults,
            merchant: self.merchant,
            originators: self.originators,
            editing: self.editing,
            checks,
            is_held: false,
        }
    }
}

impl FormPage {
    fn action(&self) -> String {
        self.editing.map_or_else(|| LIST.to_owned(), |id| format!("{LIST}/{id}/edit"))
    }

    fn leave(&self) -> String {
        self.editing.map_or_else(|| LIST.to_owned(), |id| format!("{LIST}/{id}"))
    }

    fn title(&self) -> String {
        if self.editing.is_some() {
            self.t.msg_form_edit_title(&self.form.order_id)
        } else {
            self.t.msg_form_title()
        }
    }

    fn has_several_originators(&self) -> bool {
        self.originators.len() > 1
    }

    fn currencies(&self) -> Vec<Currency> {
        let mut all: Vec<Currency> =
            self.originators.iter().flat_map(Originator::currencies).collect();
        all.sort_by_key(|currency| currency.code());
        all.dedup();
        all
    }

    fn letter_lang(&self) -> Lang {
        Lang::parse(&self.form.language).unwrap_or(self.merchant.language)
    }

    /// What was typed, as money, where it can be read.
    fn amount(&self) -> Option<Money> {
        Money::parse(&self.form.amount, Currency::parse(&self.form.currency)?).ok()
    }

    /// `Send request for €1,830.00`, as far as the amount is known.
    fn send_words(&self) -> String {
        let is_questioned = !self.checks.is_empty();
        match self.amount() {
            Some(amount) if is_questioned => {
                self.t.msg_checks_send_amount_anyway(amount.with_symbol(self.shell.lang))
            }
            None if is_questioned => self.t.msg_checks_send_anyway(),
            Some(amount) => self.t.msg_form_send_amount(amount.with_symbol(self.shell.lang)),
            None => self.t.msg_form_send(),
        }
    }

    fn words_of(&self, check: &Warning) -> String {
        check.words(self.t, self.shell.lang)
    }

    /// What the form carries of what is shown.
    fn seen(&self) -> String {
        preflight::marks(&self.checks)
    }

    fn moment(&self, at: &DateTime<Utc>) -> String {
        dates::moment(*at, self.shell.now, self.shell.zone, self.shell.lang)
    }

    fn last_day(&self) -> String {
        last_possible_day(self.shell.now, self.merchant.zone()).to_string()
    }

    fn first_day(&self) -> String {
        self.shell.now.with_timezone(&self.merchant.zone()).date_naive().to_string()
    }

    /// The letter as it would be sent: for the preview beside the form.
    fn preview(&self) -> LetterFacts {
        let lang = self.letter_lang();
        let zone = self.merchant.zone();
        let expires_at = self
            .form
            .expires_on
            .parse()
            .map_or(self.shell.now, |day| dates::last_second_of(day, zone));
        let currency = Currency::parse(&self.form.currency).unwrap_or(Currency::EUR);
        LetterFacts {
            t: lang.texts(),
            lang,
            merchant: self.merchant.clone(),
            customer_name: self.form.customer_name.trim().to_owned(),
            order_id: self.form.order_id.trim().to_owned(),
            description: self.form.description.trim().to_owned(),
            message: self.form.message.trim().to_owned(),
            amount: self.amount().unwrap_or(Money::new(0, currency)),
            expires_at,
            link: None,
            host: self.host.clone(),
            last_four: None,
            paid_at: None,
        }
    }
}
