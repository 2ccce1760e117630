//! Create, edit, copy, replace: one form.

use actix_session::Session;
use actix_web::HttpResponse;
use actix_web::web::Data;
use askama::Template;
use chrono::{DateTime, Utc};
use diesel::PgConnection;

use super::super::commands::{self, Created, FormKey};
use super::super::display;
use super::super::form::{
    Action, Context, CreateForm, Draft, MESSAGE_MAX, hindered, last_possible_day,
};
use super::super::mails::LetterFacts;
use super::super::model::{EmailPayment, Event, Hindrance};
use super::super::plan::{AHEAD_MAX, REMINDERS_MAX, ReminderRule, Sending};
use super::super::preflight::{self, Question, Warning};
use super::super::queries::{self, MerchantView, Originator, preflight as preflight_reads};
use super::ask::clockwork;
use super::detail::letter;
use super::{Editor, LIST, ready_page, writer};
use crate::auth::{MerchantScope, MerchantUser};
use crate::features::{self, Feature, OffNotice};
use crate::kernel::{Currency, EmailPaymentId, Error, Lang, Money, Right, Texts, dates};
use crate::web::{
    App, Client, Faults, Flash, Form, Html, Kept, Query, Shell, html, invalid, see_other, set_flash,
};

/// What the form is for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Purpose {
    New,
    /// A draft or a scheduled request.
    Edit(EmailPaymentId),
    /// Another payment in the place of this one.
    Replace {
        id: EmailPaymentId,
        order_id: String,
    },
}

#[derive(Template)]
#[template(path = "email_payments/form.html")]
struct FormPage {
    shell: Shell,
    t: &'static Texts,
    form: CreateForm,
    faults: Faults,
    merchant: MerchantView,
    originators: Vec<Originator>,
    purpose: Purpose,
    host: String,
    /// What should be looked at before it is sent.
    checks: Vec<Warning>,
    /// It was to be sent, and had not been looked at.
    is_held: bool,
    /// The merchant has no email payments: nothing new is made.
    off: Option<OffNotice>,
}

/// `GET /processing/email-payments/new`; with `copy=<id>` filled with what that one asks for.
pub async fn new(
    user: MerchantUser,
    shell: Shell,
    app: Data<App>,
    query: Query,
    Kept(kept): Kept<CreateForm>,
) -> Html {
    let scope = user.scope(Right::WriteEmailPayments)?;
    let original = match query.one("copy") {
        Some(id) if kept.is_none() => {
            let id = id.parse().map_err(|_| Error::NotFound)?;
            Some(app.db.run(scope.tenants(), move |conn| queries::get(conn, scope, id)).await?)
        }
        _ => None,
    };
    let page = Page::read(shell, &app, scope, Purpose::New).await?;
    let mut form = match (kept, original) {
        (Some(kept), _) => kept,
        (None, Some(original)) => CreateForm::copy(&original, &page.context())?,
        (None, None) => CreateForm::fresh(&page.context()),
    };
    if let Some(email) = query.one("email")
        && form.customer_email.is_empty()
    {
        email.clone_into(&mut form.customer_email);
    }
    html(&page.fill(form, Faults::default(), Vec::new()))
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
    let page = Page::read(shell, &app, scope, Purpose::New).await?;
    let draft = match page.draft(&form, action) {
        Ok(draft) => draft,
        Err(faults) => return page.again(form, faults).await,
    };
    if action == Action::Send
        && let Some(checks) = page.unseen(&form, Some(form_key)).await?
    {
        return page.held(form, checks);
    }
    let done = Done::of(&draft, action);
    let (writer, keys, is_sent) =
        (writer(&user, &client, &app), app.keys.clone(), action == Action::Send);
    let work = move |conn: &mut PgConnection| {
        commands::create(conn, &keys, scope, &writer, &draft, Some(form_key), is_sent)
    };
    match app.db.run(scope.tenants(), work).await? {
        Created::Done { id, order_id } => done.tell(&page, &session, scope, id, order_id).await,
        Created::Hindered(hindrance) => page.hindered(form, hindrance).await,
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
    let page = Page::read(shell, &app, scope, Purpose::New).await?;
    letter(&page.fill(form, Faults::default(), Vec::new()).preview())
}

/// `GET /processing/email-payments/{id}/edit`
pub async fn edit(editor: Editor, shell: Shell, Kept(kept): Kept<CreateForm>) -> Html {
    let Editor { app, scope, id, .. } = &editor;
    let page = Page::read(shell, app, *scope, Purpose::Edit(*id)).await?;
    let (payment, form) = page.stored(*scope, *id).await?;
    if !payment.status.is_editable() {
        return Ok(see_other(format!("{LIST}/{id}")));
    }
    html(&page.fill(kept.unwrap_or(form), Faults::default(), Vec::new()))
}

/// The form of a draft that could not be sent as it stands.
pub async fn edit_again(editor: &Editor, hindrance: Hindrance) -> Html {
    let Editor { app, scope, id, .. } = editor;
    let page = Page::read(editor.shell()?, app, *scope, Purpose::Edit(*id)).await?;
    let (_, form) = page.stored(*scope, *id).await?;
    page.hindered(form, hindrance).await
}

/// `POST /processing/email-payments/{id}/edit`
pub async fn update(editor: Editor, shell: Shell, Form(mut form): Form<CreateForm>) -> Html {
    let Editor { app, scope, id, session, .. } = &editor;
    let action = form.press()?;
    editor.payment().await?;
    let page = Page::read(shell, app, *scope, Purpose::Edit(*id)).await?;
    let draft = match page.draft(&form, action) {
        Ok(draft) => draft,
        Err(faults) => return page.again(form, faults).await,
    };
    if action == Action::Send
        && let Some(checks) = page.unseen(&form, None).await?
    {
        return page.held(form, checks);
    }
    let (done, order_id) = (Done::of(&draft, action), draft.order_id.clone());
    let (keys, is_sent) = (app.keys.clone(), action == Action::Send);
    let updated = editor
        .act(move |conn, scope, writer, id| {
            commands::update(conn, &keys, scope, writer, id, &draft, is_sent)
        })
        .await?;
    match updated {
        Ok(()) => done.tell(&page, session, *scope, *id, order_id).await,
        Err(hindrance) => page.hindered(form, hindrance).await,
    }
}

/// `GET /processing/email-payments/{id}/replacement`: the form of another payment in its place.
pub async fn ask_replace(editor: Editor, shell: Shell, Kept(kept): Kept<CreateForm>) -> Html {
    let old = editor.payment().await?;
    if old.status.after(Event::Replaced).is_none() {
        return Err(Error::Conflict);
    }
    let purpose = Purpose::Replace { id: old.id, order_id: old.order_id.clone() };
    let page = Page::read(shell, &editor.app, editor.scope, purpose).await?;
    let form = kept.map_or_else(|| CreateForm::copy(&old, &page.context()), Ok)?;
    html(&page.fill(form, Faults::default(), Vec::new()))
}

/// `POST /processing/email-payments/{id}/replacement`
pub async fn replace(editor: Editor, shell: Shell, Form(mut form): Form<CreateForm>) -> Html {
    let Editor { app, scope, user, session, .. } = &editor;
    let old = editor.payment().await?;
    let action = form.press()?;
    let form_key = FormKey { session_id: user.principal().session_id, key: form.form_key()? };
    let purpose = Purpose::Replace { id: old.id, order_id: old.order_id };
    let page = Page::read(shell, app, *scope, purpose).await?;
    if action == Action::Draft {
        return Err(Error::Malformed("no button of this form"));
    }
    let draft = match page.draft(&form, action) {
        Ok(draft) => draft,
        Err(faults) => return page.again(form, faults).await,
    };
    if action == Action::Send
        && let Some(checks) = page.unseen(&form, Some(form_key)).await?
    {
        return page.held(form, checks);
    }
    let done = Done::of(&draft, action);
    let keys = app.keys.clone();
    let replaced = editor
        .act(move |conn, scope, writer, id| {
            commands::replace(conn, &keys, scope, writer, id, &draft, form_key)
        })
        .await?;
    match replaced {
        Created::Done { id, order_id } => done.tell(&page, session, *scope, id, order_id).await,
        // It was paid, or is being paid, since the form was opened.
        Created::Hindered(Hindrance::Status(_)) => Err(Error::Conflict),
        Created::Hindered(hindrance) => page.hindered(form, hindrance).await,
    }
}

/// What a good form did, to be told on the next page.
struct Done {
    /// `None`: kept as a draft.
    sending: Option<Sending>,
    email: String,
}

impl Done {
    fn of(draft: &Draft, action: Action) -> Self {
        let sending = (action == Action::Send).then_some(draft.sending);
        Self { sending, email: draft.customer_email.to_string() }
    }

    async fn tell(
        self,
        page: &Page<'_>,
        session: &Session,
        scope: MerchantScope,
        id: EmailPaymentId,
        order_id: String,
    ) -> Html {
        let flash = match (&page.purpose, self.sending) {
            (Purpose::Replace { order_id: old, .. }, _) => {
                Flash::PaymentReplaced { old: old.clone(), order_id }
            }
            (_, None) => Flash::DraftSaved { order_id },
            (_, Some(Sending::Now)) => Flash::PaymentSent { order_id, email: self.email },
            (_, Some(Sending::LinkOnly)) => Flash::PaymentLinkMade { order_id },
            (_, Some(Sending::At(at))) => {
                let when = display::planned(at, page.merchant.zone(), page.shell.lang);
                Flash::PaymentScheduled { order_id, when }
            }
        };
        if self.sending == Some(Sending::LinkOnly) {
            ready_page(page.app, scope, id).await;
        }
        set_flash(session, &flash)?;
        Ok(see_other(format!("{LIST}/{id}")))
    }
}

/// The form's page, before it is known what stands in the form.
struct Page<'a> {
    shell: Shell,
    app: &'a Data<App>,
    scope: MerchantScope,
    merchant: MerchantView,
    originators: Vec<Originator>,
    purpose: Purpose,
    off: Option<OffNotice>,
}

impl<'a> Page<'a> {
    async fn read(
        shell: Shell,
        app: &'a Data<App>,
        scope: MerchantScope,
        purpose: Purpose,
    ) -> Result<Self, Error> {
        let (id, now) = (scope.merchant_id(), shell.now);
        let read = move |conn: &mut PgConnection| {
            let merchant = queries::merchant(conn, id)?;
            let whom_to_ask = features::whom_to_ask(conn, id, Feature::EmailPayments, now)?;
            Ok((merchant, queries::originators_of(conn, id)?, whom_to_ask))
        };
        let (merchant, originators, whom_to_ask) = app.db.run(scope.tenants(), read).await?;
        // What is there can still be changed; the guard of the command tells why it is not sent.
        let makes_new = !matches!(purpose, Purpose::Edit(_));
        let off = whom_to_ask
            .filter(|_| makes_new)
            .map(|helpers| OffNotice::of(Feature::EmailPayments, &helpers, &shell));
        Ok(Self { shell, app, scope, merchant, originators, purpose, off })
    }

    fn context(&self) -> Context<'_> {
        Context {
            merchant: &self.merchant,
            originators: &self.originators,
            now: self.shell.now,
            lang: self.shell.lang,
        }
    }

    /// A payment as the form shows it.
    async fn stored(
        &self,
        scope: MerchantScope,
        id: EmailPaymentId,
    ) -> Result<(EmailPayment, CreateForm), Error> {
        let read = move |conn: &mut PgConnection| {
            Ok((queries::get(conn, scope, id)?, commands::reminders_of(conn, scope, id)?))
        };
        let (payment, reminders) = self.app.db.run(scope.tenants(), read).await?;
        let form = CreateForm::of(&payment, &reminders, &self.context())?;
        Ok((payment, form))
    }

    /// What was meant. A preview is a question, not a submission: it comes back without faults, and
    /// what can't be read yet is left out.
    fn draft(&self, form: &CreateForm, action: Action) -> Result<Draft, Faults> {
        if action == Action::Preview {
            Err(Faults::default())
        } else {
            form.validate(&self.context())
        }
    }

    /// What should be looked at, as far as the form can be read; nothing where the form has made its
    /// payment already.
    async fn checks(&self, form: &CreateForm, key: Option<FormKey>) -> Result<Vec<Warning>, Error> {
        let (scope, now) = (self.scope, self.shell.now);
        let itself = match &self.purpose {
            Purpose::New => None,
            Purpose::Edit(id) | Purpose::Replace { id, .. } => Some(*id),
        };
        let question = Question::of(form, &self.merchant, now);
        let look = move |conn: &mut PgConnection| {
            let facts = preflight_reads::facts(conn, scope, &question, itself, now)?;
            let warnings = preflight::check(&question, &facts);
            // Asked last: the form's own payment, made meanwhile, is no twin.
            match key {
                Some(key) if !warnings.is_empty() && preflight_reads::is_done(conn, key)? => {
                    Ok(Vec::new())
                }
                _ => Ok(warnings),
            }
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

    /// The same form again, with why it could not be done.
    async fn hindered(self, form: CreateForm, hindrance: Hindrance) -> Html {
        let faults = hindered(hindrance, self.shell.t);
        self.again(form, faults).await
    }

    /// The same form again: 422 with faults, 200 with the preview that was asked for.
    async fn again(self, form: CreateForm, faults: Faults) -> Result<HttpResponse, Error> {
        let is_good = faults.is_empty();
        let checks = self.checks(&form, None).await?;
        let page = self.fill(form, faults, checks);
        if is_good { html(&page) } else { invalid(&page) }
    }

    /// The same form again, good as it is: what had not been shown is shown, once.
    fn held(self, form: CreateForm, checks: Vec<Warning>) -> Result<HttpResponse, Error> {
        invalid(&FormPage { is_held: true, ..self.fill(form, Faults::default(), checks) })
    }

    fn fill(self, form: CreateForm, faults: Faults, checks: Vec<Warning>) -> FormPage {
        FormPage {
            t: self.shell.t,
            host: self.app.public_host.clone(),
            shell: self.shell,
            form,
            faults,
            merchant: self.merchant,
            originators: self.originators,
            purpose: self.purpose,
            checks,
            is_held: false,
            off: self.off,
        }
    }
}

impl FormPage {
    fn action(&self) -> String {
        match &self.purpose {
            Purpose::New => LIST.to_owned(),
            Purpose::Edit(id) => format!("{LIST}/{id}/edit"),
            Purpose::Replace { id, .. } => format!("{LIST}/{id}/replacement"),
        }
    }

    fn leave(&self) -> String {
        match &self.purpose {
            Purpose::New => LIST.to_owned(),
            Purpose::Edit(id) | Purpose::Replace { id, .. } => format!("{LIST}/{id}"),
        }
    }

    fn title(&self) -> String {
        match &self.purpose {
            Purpose::New => self.t.msg_form_title(),
            Purpose::Edit(_) => self.t.msg_form_edit_title(&self.form.order_id),
            Purpose::Replace { order_id, .. } => self.t.msg_form_replace_title(order_id),
        }
    }

    fn intro(&self) -> String {
        match &self.purpose {
            Purpose::New | Purpose::Edit(_) => self.t.msg_form_intro(),
            Purpose::Replace { order_id, .. } => self.t.msg_form_replace_intro(order_id),
        }
    }

    /// The last part of the way here.
    fn crumb(&self) -> String {
        match &self.purpose {
            Purpose::New => self.t.msg_list_new(),
            Purpose::Edit(_) => self.form.order_id.clone(),
            Purpose::Replace { .. } => self.t.msg_act_replace(),
        }
    }

    fn may_be_draft(&self) -> bool {
        !matches!(self.purpose, Purpose::Replace { .. })
    }

    fn sends_later(&self) -> bool {
        self.form.sending == "later"
    }

    fn makes_link_only(&self) -> bool {
        self.form.sending == "link"
    }

    /// When it would leave, as far as that can be read.
    fn starts_at(&self) -> DateTime<Utc> {
        let typed = clockwork(&self.shell).instant(&self.form.send_on, &self.form.send_time);
        typed.ok().filter(|_| self.sends_later()).unwrap_or(self.shell.now)
    }

    /// Word, words, and whether it is ticked.
    fn reminders(&self) -> impl Iterator<Item = (String, String, bool)> {
        let words = |rule: ReminderRule| display::rule_words(rule, self.t);
        let ticks = self.form.reminder_ticks().into_iter();
        ticks.map(move |(rule, is_on)| (rule.word(), words(rule), is_on))
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

    fn schedule_words(&self) -> String {
        match self.amount() {
            Some(amount) => self.t.msg_form_schedule_amount(amount.with_symbol(self.shell.lang)),
            None => self.t.msg_form_schedule(),
        }
    }

    fn link_words(&self) -> String {
        match self.amount() {
            Some(amount) => self.t.msg_form_link_amount(amount.with_symbol(self.shell.lang)),
            None => self.t.msg_form_link(),
        }
    }

    fn last_day(&self) -> String {
        last_possible_day(self.starts_at(), self.merchant.zone()).to_string()
    }

    fn last_send_day(&self) -> String {
        (self.shell.now + AHEAD_MAX).with_timezone(&self.merchant.zone()).date_naive().to_string()
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
            is_reminder: false,
            sender: self.merchant.name.clone(),
            own_text: String::new(),
            declined_for: String::new(),
            is_payable: true,
        }
    }
}
