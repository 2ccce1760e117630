//! Pay link, return, result, callback.

use std::future::{Ready, ready};
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest, dev};
use askama::Template;
use diesel::PgConnection;

use super::visitor;
use crate::auth::SystemScope;
use crate::email_payments::{
    self, Asked, AttemptRow, EndReason, PayView, Status, accept_terms, by_pay_link, logo_bytes,
    note_visit, parts, pay_token, pay_view, prepare_session, result_code_words,
};
use crate::kernel::{EmailPaymentId, Error, Lang, Texts, dates};
use crate::web::ui::Icon;
use crate::web::{App, Client, FormBody, Html, Query, Ui, png, public_html, see_other};

/// How long the customer's return waits for the gateway's answer.
const RETURN_WAIT: Duration = Duration::from_secs(3);
/// How long a customer waits for the gateway to prepare its page.
const PREPARE_WAIT: Duration = Duration::from_secs(8);

/// Which page it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Unknown,
    Paid,
    AlreadyPaid,
    Expired,
    Cancelled,
    /// Another request has taken its place.
    Replaced,
    Failed,
    Declined,
    Open,
    Checking,
    /// The money is promised, and the merchant takes it later.
    Authorised,
    Unavailable,
}

#[derive(Template)]
#[template(path = "payment_page/result.html")]
struct ResultPage {
    ui_of: Ui,
    t: &'static Texts,
    kind: Kind,
    view: Option<PayView>,
    token: String,
    path: String,
    /// The link of the request that took this one's place, for the same reader only.
    new_link: Option<String>,
    /// The terms were to be accepted, and were not.
    is_unaccepted: bool,
}

/// A customer's request: whose link it is, and how they want to see pages.
pub struct Visit {
    pub req: HttpRequest,
    pub app: Data<App>,
    pub client: Client,
    query: Query,
    pub token: String,
}

impl FromRequest for Visit {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(req: &HttpRequest, _: &mut dev::Payload) -> Self::Future {
        ready(Self::of(req))
    }
}

impl Visit {
    fn of(req: &HttpRequest) -> Result<Self, Error> {
        let app = req.app_data::<Data<App>>().ok_or_else(|| Error::internal("no App"))?;
        Ok(Self {
            app: app.clone(),
            client: Client::of(req),
            query: Query::of(req)?,
            token: req.match_info().query("token").to_owned(),
            req: req.clone(),
        })
    }

    /// The payment behind the link; `None` for unknown and malformed ones, which count against the
    /// caller.
    pub async fn find(&self) -> Result<Option<(SystemScope, EmailPaymentId)>, Error> {
        let is_sign = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if self.token.len() == 32 && self.token.bytes().all(is_sign) {
            match by_pay_link(&self.app.pay_db, &self.token).await {
                Ok(found) => return Ok(Some(found)),
                Err(Error::NotFound) => {}
                Err(error) => return Err(error),
            }
        }
        self.app.limits.unknown_pay_link.take(&self.client.neighbours())?;
        Ok(None)
    }

    async fn read(&self, scope: SystemScope, id: EmailPaymentId) -> Result<PayView, Error> {
        let read = move |conn: &mut PgConnection| pay_view(conn, scope, id);
        self.app.pay_db.run(scope.tenants(), read).await
    }

    /// Notes the visit, by a person or a program. A note that fails keeps nobody from paying.
    async fn note(&self, scope: SystemScope, id: EmailPaymentId) {
        let why = visitor::reason(self.req.method(), self.req.headers());
        let now = self.app.clock.now();
        let note = move |conn: &mut PgConnection| note_visit(conn, scope, id, why, now);
        if let Err(error) = self.app.pay_db.run(scope.tenants(), note).await {
            tracing::error!(payment.id = %id, error = ?error, "a visit of a pay link was not noted");
        }
    }

    /// The language that was asked for, else the payment's, else the browser's.
    pub fn lang(&self, view: Option<&PayView>) -> Lang {
        let asked = self.query.one("lang").and_then(Lang::parse);
        asked.or(view.map(|view| view.payment.language)).unwrap_or_else(|| Ui::of(&self.req).lang)
    }

    /// What one link's limits are counted by.
    pub fn hash(&self) -> Vec<u8> {
        crate::crypto::hash(&self.token)
    }

    /// The page of a link that leads nowhere.
    pub fn unknown(&self) -> Html {
        self.page(Kind::Unknown, None)
    }

    /// Where the request is paid that took the place of this one. Only the same address is told: the
    /// new link is its reader's alone.
    fn new_link(&self, view: &PayView) -> Result<Option<String>, Error> {
        let Some(new) = &view.replacement else { return Ok(None) };
        let is_theirs = new.customer_email == view.payment.customer_email;
        if !is_theirs || new.status != Status::Open || new.expires_at <= self.app.clock.now() {
            return Ok(None);
        }
        pay_token(&self.app.keys, new).map(|token| Some(format!("/pay/{token}")))
    }

    fn page(&self, kind: Kind, view: Option<PayView>) -> Html {
        let status = match kind {
            Kind::Unknown => StatusCode::NOT_FOUND,
            Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Kind::Expired | Kind::Cancelled | Kind::Replaced | Kind::Failed => StatusCode::GONE,
            Kind::Paid
            | Kind::AlreadyPaid
            | Kind::Declined
            | Kind::Open
            | Kind::Checking
            | Kind::Authorised => StatusCode::OK,
        };
        let page = self.result_page(kind, view)?;
        public_html(&self.app, status, &page)
    }

    /// The page again, whose terms have to be accepted first.
    fn unaccepted(&self, view: PayView) -> Html {
        let page = ResultPage { is_unaccepted: true, ..self.result_page(Kind::Open, Some(view))? };
        public_html(&self.app, StatusCode::UNPROCESSABLE_ENTITY, &page)
    }

    fn result_page(&self, kind: Kind, view: Option<PayView>) -> Result<ResultPage, Error> {
        let browser = Ui::of(&self.req);
        let lang = self.lang(view.as_ref());
        let path = self.req.path().to_owned();
        let new_link = match &view {
            Some(view) if kind == Kind::Replaced => self.new_link(view)?,
            _ => None,
        };
        Ok(ResultPage {
            ui_of: Ui { lang, ..browser },
            t: lang.texts(),
            kind,
            view,
            token: self.token.clone(),
            path,
            new_link,
            is_unaccepted: false,
        })
    }
}

/// `GET /pay/{token}`: while the payment is open, straight on to the gateway's payment page, unless terms
/// have to be accepted first; nothing is changed by it but the note of the visit, which scanners leave as
/// well as people.
pub async fn open(visit: Visit) -> Html {
    visit.app.limits.pay_page.take(&visit.client.neighbours())?;
    let Some((scope, id)) = visit.find().await? else {
        return visit.page(Kind::Unknown, None);
    };
    visit.note(scope, id).await;
    let view = visit.read(scope, id).await?;
    let now = visit.app.clock.now();
    if !is_payable(&view, now) {
        let kind = ended(&view, now);
        return visit.page(kind, Some(view));
    }
    if view.page.must_accept_terms {
        return visit.page(Kind::Open, Some(view));
    }
    match email_payments::current_page(&parts(&visit.app), scope, id).await? {
        Some(url) => Ok(see_other(url)),
        None => visit.page(Kind::Open, Some(view)),
    }
}

/// `POST /pay/{token}`: on to the gateway's page, which is made where it is gone or never was. The terms
/// come first, where they have to be accepted.
pub async fn prepare(visit: Visit, FormBody(fields): FormBody) -> Html {
    visit.app.limits.pay_post.take(&visit.hash())?;
    let Some((scope, id)) = visit.find().await? else {
        return visit.page(Kind::Unknown, None);
    };
    let view = visit.read(scope, id).await?;
    let has_accepted = fields.iter().any(|(name, _)| name == "terms");
    let is_payable = is_payable(&view, visit.app.clock.now());
    if is_payable && view.page.must_accept_terms && !has_accepted {
        return visit.unaccepted(view);
    }
    if is_payable && view.page.must_accept_terms {
        let (terms, now) = ((view.version, view.page.terms_url.clone()), visit.app.clock.now());
        let note =
            move |conn: &mut PgConnection| accept_terms(conn, scope, id, (terms.0, &terms.1), now);
        visit.app.pay_db.run(scope.tenants(), note).await?;
    }
    let parts = parts(&visit.app);
    let preparing = tokio::time::timeout(PREPARE_WAIT, prepare_session(&parts, scope, id));
    let late = |_| Err(Error::unavailable("the gateway", "it took longer than a customer waits"));
    match preparing.await.unwrap_or_else(late) {
        Ok(url) => Ok(see_other(url)),
        Err(Error::Conflict) => Ok(see_other(format!("/pay/{}/result", visit.token))),
        Err(error) => {
            tracing::error!(error = ?error, "a payment page could not be prepared for a customer");
            visit.page(Kind::Unavailable, Some(view))
        }
    }
}

/// `GET`, `POST /pay/{token}/return`: the gateway sends the browser back. What it carries decides
/// nothing: the gateway is asked, for three seconds at most, then the result page reads our state.
pub async fn come_back(visit: Visit) -> Html {
    visit.app.limits.pay_page.take(&visit.client.neighbours())?;
    let Some((scope, id)) = visit.find().await? else {
        return visit.page(Kind::Unknown, None);
    };
    let parts = parts(&visit.app);
    let asking = email_payments::ask_about(&parts, scope, id);
    let is_known = match tokio::time::timeout(RETURN_WAIT, asking).await {
        Ok(Ok(asked)) => asked == Asked::Applied,
        Ok(Err(error)) => {
            tracing::error!(payment.id = %id, error = ?error, "the answer could not be applied");
            false
        }
        Err(_) => false,
    };
    if !is_known {
        tracing::warn!(payment.id = %id, "the gateway has not answered: the customer waits");
        return Ok(see_other(format!("/pay/{}/result?checking=1", visit.token)));
    }
    Ok(see_other(format!("/pay/{}/result", visit.token)))
}

/// `GET /pay/{token}/result`: what became of it, by our own state. Never back to the gateway.
pub async fn result(visit: Visit) -> Html {
    visit.app.limits.pay_page.take(&visit.client.neighbours())?;
    let Some((scope, id)) = visit.find().await? else {
        return visit.page(Kind::Unknown, None);
    };
    let view = visit.read(scope, id).await?;
    let now = visit.app.clock.now();
    let kind = match view.payment.status {
        Status::Paid => Kind::Paid,
        Status::Processing => Kind::Checking,
        Status::Authorised => Kind::Authorised,
        // Somebody came back and the gateway did not answer: only it knows, whatever was before.
        Status::Open if visit.query.one("checking").is_some() => Kind::Checking,
        Status::Open if view.payment.expires_at <= now => Kind::Expired,
        Status::Open if view.payment.last_result_code.is_some() => Kind::Declined,
        Status::Open => Kind::Open,
        Status::Draft
        | Status::Scheduled
        | Status::Expired
        | Status::Cancelled
        | Status::Failed => ended(&view, now),
    };
    visit.page(kind, Some(view))
}

/// `GET /pay/{token}/logo`: the logo of who asks; the page alone leads there.
pub async fn logo(visit: Visit) -> Html {
    visit.app.limits.pay_logo.take(&visit.client.neighbours())?;
    let (scope, id) = visit.find().await?.ok_or(Error::NotFound)?;
    let store = visit.app.store.clone();
    let read = move |conn: &mut PgConnection| {
        let logo = pay_view(conn, scope, id)?.page.logo.ok_or(Error::NotFound)?;
        logo_bytes(conn, &store, scope.merchant_id(), logo)
    };
    // A store that is slow must not hold what paying needs.
    Ok(png(visit.app.db.run(scope.tenants(), read).await?))
}

fn is_payable(view: &PayView, now: chrono::DateTime<chrono::Utc>) -> bool {
    view.payment.status == Status::Open && view.payment.expires_at > now
}

/// The page of a payment that can't be paid (any more).
fn ended(view: &PayView, now: chrono::DateTime<chrono::Utc>) -> Kind {
    match view.payment.status {
        Status::Paid => Kind::AlreadyPaid,
        Status::Processing => Kind::Checking,
        Status::Authorised => Kind::Authorised,
        Status::Cancelled if view.replacement.is_some() => Kind::Replaced,
        Status::Cancelled => Kind::Cancelled,
        Status::Failed => Kind::Failed,
        Status::Expired => Kind::Expired,
        Status::Open if view.payment.expires_at <= now => Kind::Expired,
        Status::Open => Kind::Open,
        Status::Draft | Status::Scheduled => Kind::Unknown,
    }
}

impl ResultPage {
    fn merchant(&self) -> &str {
        self.view.as_ref().map_or("", |view| &view.merchant.name)
    }

    fn icon(&self) -> Icon {
        Icon(match self.kind {
            Kind::Unknown => "search",
            Kind::Paid | Kind::AlreadyPaid => "circle-check",
            Kind::Expired | Kind::Checking => "hourglass",
            Kind::Cancelled => "ban",
            Kind::Replaced => "refresh",
            Kind::Failed | Kind::Declined => "circle-x",
            Kind::Open => "clock",
            Kind::Authorised => "shield-check",
            Kind::Unavailable => "cloud-off",
        })
    }

    fn tone(&self) -> &'static str {
        match self.kind {
            Kind::Paid | Kind::AlreadyPaid | Kind::Authorised => "pos",
            Kind::Failed | Kind::Declined => "neg",
            Kind::Unknown
            | Kind::Expired
            | Kind::Cancelled
            | Kind::Replaced
            | Kind::Open
            | Kind::Checking
            | Kind::Unavailable => "neu",
        }
    }

    fn title(&self) -> String {
        let t = self.t;
        match self.kind {
            Kind::Unknown => t.msg_pay_unknown_title(),
            Kind::Paid => t.msg_pay_paid_title(),
            Kind::AlreadyPaid => t.msg_pay_already_title(),
            Kind::Expired => t.msg_pay_expired_title(),
            Kind::Cancelled => t.msg_pay_cancelled_title(),
            Kind::Replaced => t.msg_pay_replaced_title(),
            Kind::Failed => t.msg_pay_failed_title(),
            Kind::Declined => t.msg_pay_declined_title(),
            Kind::Open => t.msg_pay_open_title(),
            Kind::Checking => t.msg_pay_checking_title(),
            Kind::Authorised => t.msg_pay_authorised_title(),
            Kind::Unavailable => t.msg_pay_unavailable_title(),
        }
    }

    fn words(&self) -> String {
        let t = self.t;
        match self.kind {
            Kind::Expired | Kind::Cancelled | Kind::Replaced | Kind::Failed
                if self.was_charged() =>
            {
                t.msg_pay_charged_words(self.merchant())
            }
            Kind::Unknown => t.msg_pay_unknown_words(),
            Kind::Paid => t.msg_pay_paid_words(self.merchant()),
            Kind::AlreadyPaid => t.msg_pay_already_words(self.paid_on()),
            Kind::Expired => t.msg_pay_expired_words(self.merchant()),
            Kind::Cancelled => t.msg_pay_cancelled_words(self.merchant()),
            Kind::Replaced => self.replaced_words(),
            Kind::Failed => t.msg_pay_failed_words(self.merchant()),
            Kind::Declined => t.msg_pay_declined_words(self.reason()),
            Kind::Open => t.msg_pay_open_words(),
            Kind::Checking => t.msg_pay_checking_words(),
            Kind::Authorised => t.msg_pay_authorised_words(self.merchant()),
            Kind::Unavailable => t.msg_pay_unavailable_words(),
        }
    }

    /// What has become of the request that took this one's place.
    fn replaced_words(&self) -> String {
        let (t, merchant) = (self.t, self.merchant());
        let status = self.view.as_ref().and_then(|view| view.replacement.as_ref());
        match status.map(|payment| payment.status) {
            Some(Status::Draft | Status::Scheduled) => t.msg_pay_replaced_soon(merchant),
            Some(Status::Open) => t.msg_pay_replaced_open(merchant),
            Some(Status::Processing | Status::Authorised) => {
                t.msg_pay_replaced_processing(merchant)
            }
            Some(Status::Paid) => t.msg_pay_replaced_paid(merchant),
            Some(Status::Expired | Status::Cancelled | Status::Failed) | None => {
                t.msg_pay_replaced_over(merchant)
            }
        }
    }

    /// Whether money was taken though the payment had ended: "nothing has been charged" would be false. What
    /// was promised and then set free is none.
    fn was_charged(&self) -> bool {
        self.view.as_ref().is_some_and(|view| {
            let is_voided = view.payment.end_reason == Some(EndReason::Voided);
            let is_money = |one: &AttemptRow| one.is_success() && !(is_voided && one.is_promise());
            view.attempts.iter().any(is_money)
        })
    }

    /// What the originator says besides, to who may read about the payment at all.
    fn own_lines(&self) -> Vec<String> {
        let text = self.shows_facts().map(|view| view.page_words(self.ui_of.lang));
        text.unwrap_or_default().lines().map(str::to_owned).collect()
    }

    /// The address of the logo, where there is one.
    fn logo(&self) -> Option<String> {
        self.view.as_ref()?.page.logo?;
        Some(format!("/pay/{}/logo", self.token))
    }

    fn reason(&self) -> String {
        let code = self.view.as_ref().and_then(|view| view.payment.last_result_code.as_deref());
        result_code_words(code.unwrap_or_default(), self.t)
    }

    fn paid_on(&self) -> String {
        let Some((view, at)) =
            self.view.as_ref().and_then(|view| Some((view, view.payment.paid_at?)))
        else {
            return String::new();
        };
        dates::weekday(at, view.merchant.zone(), self.ui_of.lang)
    }

    /// Amount and order are shown to who just paid or still may; an ended link tells neither.
    fn shows_facts(&self) -> Option<&PayView> {
        let shown = matches!(
            self.kind,
            Kind::Paid
                | Kind::Declined
                | Kind::Open
                | Kind::Checking
                | Kind::Authorised
                | Kind::Unavailable
        );
        self.view.as_ref().filter(|_| shown)
    }

    fn amount(&self) -> String {
        let amount = self.view.as_ref().and_then(|view| view.payment.amount().ok());
        amount.map_or_else(String::new, |amount| amount.with_symbol(self.ui_of.lang))
    }

    fn last_four(&self) -> Option<String> {
        let view = self.view.as_ref().filter(|_| self.kind == Kind::Paid)?;
        view.attempts.iter().find(|attempt| attempt.is_success()).and_then(AttemptRow::last_four)
    }

    fn refreshes(&self) -> bool {
        self.kind == Kind::Checking
    }

    fn may_go_on(&self) -> bool {
        matches!(self.kind, Kind::Open | Kind::Declined | Kind::Unavailable)
    }

    fn button(&self) -> String {
        if self.kind == Kind::Open { self.t.msg_pay_go_on() } else { self.t.msg_pay_try_again() }
    }
}
