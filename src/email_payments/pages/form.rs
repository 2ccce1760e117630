//! Create, edit, copy, replace: one form.

use std::collections::HashMap;

use actix_session::Session;
use actix_web::HttpResponse;
use actix_web::web::Data;
use diesel::PgConnection;

use super::super::commands::{self, Created, FormKey};
use super::super::display;
use super::super::form::{Action, Context, CreateForm, Draft, hindered};
use super::super::model::{EmailPayment, Event, Hindrance};
use super::super::page_settings::PageSettings;
use super::super::plan::Sending;
use super::super::preflight::{self, Question, Warning};
use super::super::queries::page_settings::page_settings_of;
use super::super::queries::{self, MerchantView, Originator, preflight as preflight_reads};
use super::detail::letter;
use super::form_page::{FormPage, Purpose};
use super::{Editor, LIST, ready_page, writer};
use crate::auth::{MerchantScope, MerchantUser};
use crate::features::{self, Feature, OffNotice};
use crate::kernel::{EmailPaymentId, Error, OriginatorId, Right};
use crate::web::{
    App, Client, Faults, Flash, Form, Html, Kept, Query, Shell, html, invalid, keep_form,
    see_other, set_flash,
};

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
    // Who has just set the page up has not signed in again.
    let is_again = shell.is_again && query.one(SET_UP).is_none();
    let page = Page::read(Shell { is_again, ..shell }, &app, scope, Purpose::New).await?;
    if kept.is_none()
        && let Some(originator) = page.first_to_set_up(&user)
    {
        return Ok(see_other(set_up(originator.id, &query.0)));
    }
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
    if action == Action::Send && page.is_to_be_set_up(&user, draft.originator_id) {
        let kept = keep_form(&app, user.user_id(), &form).await?;
        return Ok(see_other(set_up(draft.originator_id, &[kept])));
    }
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
    let (keys, is_sent, seen) = (app.keys.clone(), action == Action::Send, form.state.clone());
    let updated = editor
        .act(move |conn, scope, writer, id| {
            commands::update(conn, &keys, scope, writer, id, (&draft, &seen), is_sent)
        })
        .await?;
    match updated {
        Ok(()) => done.tell(&page, session, *scope, *id, order_id).await,
        Err(Hindrance::Changed) => {
            // The writer is told: what is typed may follow what now stands.
            form.state = page.stored(*scope, *id).await?.1.state;
            page.hindered(form, Hindrance::Changed).await
        }
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
    pages: HashMap<OriginatorId, (i32, PageSettings)>,
    purpose: Purpose,
    off: Option<OffNotice>,
}

/// The parameter that tells that the page was set up on the way to this form.
const SET_UP: &str = "set-up";

/// Where a payment page is set up before its first request; it leads back here with these parameters.
fn set_up(id: OriginatorId, then: &[(String, String)]) -> String {
    let mut then = then.to_vec();
    then.push((SET_UP.to_owned(), "1".to_owned()));
    let then = serde_urlencoded::to_string(&then).unwrap_or_default();
    let then = serde_urlencoded::to_string([("then", then)]).unwrap_or_default();
    format!("/settings/payment-page/{id}/first?{then}")
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
            let originators = queries::originators_of(conn, id)?;
            let keys = originators.iter().map(|originator| (id, originator.id)).collect();
            let pages = page_settings_of(conn, &keys)?;
            Ok((merchant, originators, pages, whom_to_ask))
        };
        let (merchant, originators, pages, whom_to_ask) = app.db.run(scope.tenants(), read).await?;
        // What is there can still be changed; the guard of the command tells why it is not sent.
        let makes_new = !matches!(purpose, Purpose::Edit(_));
        let off = whom_to_ask
            .filter(|_| makes_new)
            .map(|helpers| OffNotice::of(Feature::EmailPayments, &helpers, &shell));
        Ok(Self { shell, app, scope, merchant, originators, pages, purpose, off })
    }

    /// The originator whose page is to be set up before anything is typed: none of them has one.
    fn first_to_set_up(&self, user: &MerchantUser) -> Option<&Originator> {
        let nobodys = self.originators.iter().all(|originator| !originator.is_page_set_up);
        let may = user.may(Right::WritePageSettings);
        self.originators.first().filter(|_| nobodys && may && self.off.is_none())
    }

    /// Whether the chosen originator's page is to be set up before its first request leaves.
    fn is_to_be_set_up(&self, user: &MerchantUser, id: OriginatorId) -> bool {
        let chosen = self.originators.iter().find(|originator| originator.id == id);
        user.may(Right::WritePageSettings)
            && self.off.is_none()
            && chosen.is_some_and(|originator| !originator.is_page_set_up)
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
            pages: self.pages,
            purpose: self.purpose,
            checks,
            is_held: false,
            off: self.off,
        }
    }
}
