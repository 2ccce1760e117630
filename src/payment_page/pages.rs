//! Pay link, return, result, callback.

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use diesel::PgConnection;

use crate::auth::SystemScope;
use crate::email_payments::{
    self, Asked, AttemptRow, PayView, Status, by_pay_link, mark_opened, parts, pay_view,
    prepare_session, result_code_words,
};
use crate::kernel::{EmailPaymentId, Error, Lang, Texts, dates};
use crate::web::ui::Icon;
use crate::web::{App, Client, Html, Query, Ui, public_html, see_other};

/// How long the customer's return waits for the gateway's answer.
const RETURN_WAIT: Duration = Duration::from_secs(3);

/// Which page it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Unknown,
    Paid,
    AlreadyPaid,
    Expired,
    Cancelled,
    Failed,
    Declined,
    Open,
    Checking,
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
}

/// `GET /pay/{token}`: while the payment is open, straight on to the gateway's payment page; nothing
/// is changed by it but the note that the link was opened.
pub async fn open(
    req: HttpRequest,
    app: Data<App>,
    client: Client,
    token: Path<String>,
    query: Query,
) -> Html {
    app.limits.pay_page.take(&client.ip)?;
    let Some((scope, id)) = find(&app, &client, &token).await? else {
        return page(&req, &app, &query, Kind::Unknown, None, "");
    };
    let view = read(&app, scope, id).await?;
    let now = app.clock.now();
    let is_payable = view.payment.status == Status::Open && view.payment.expires_at > now;
    if !is_payable {
        let kind = ended(&view, now);
        return page(&req, &app, &query, kind, Some(view), &token);
    }
    if req.method() == actix_web::http::Method::GET && !is_prefetch(&req) {
        app.pay_db.run(scope.tenants(), move |conn| mark_opened(conn, scope, id, now)).await?;
    }
    match email_payments::current_page(&parts(&app), scope, id).await? {
        Some(url) => Ok(see_other(url)),
        None => page(&req, &app, &query, Kind::Open, Some(view), &token),
    }
}

/// `POST /pay/{token}`: the gateway's page is gone or was never made; makes a new one and goes there.
pub async fn prepare(
    req: HttpRequest,
    app: Data<App>,
    client: Client,
    token: Path<String>,
    query: Query,
) -> Html {
    app.limits.pay_post.take(&crate::crypto::hash(&token))?;
    let Some((scope, id)) = find(&app, &client, &token).await? else {
        return page(&req, &app, &query, Kind::Unknown, None, "");
    };
    match prepare_session(&parts(&app), scope, id).await {
        Ok(url) => Ok(see_other(url)),
        Err(Error::Conflict) => Ok(see_other(format!("/pay/{token}/result"))),
        Err(error) => {
            tracing::error!(error = ?error, "a payment page could not be prepared for a customer");
            let view = read(&app, scope, id).await?;
            page(&req, &app, &query, Kind::Unavailable, Some(view), &token)
        }
    }
}

/// `GET`, `POST /pay/{token}/return`: the gateway sends the browser back. What it carries decides
/// nothing: the gateway is asked, for three seconds at most, then the result page reads our state.
pub async fn come_back(
    req: HttpRequest,
    app: Data<App>,
    client: Client,
    token: Path<String>,
    query: Query,
) -> Html {
    app.limits.pay_page.take(&client.ip)?;
    let Some((scope, id)) = find(&app, &client, &token).await? else {
        return page(&req, &app, &query, Kind::Unknown, None, "");
    };
    let parts = parts(&app);
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
        return Ok(see_other(format!("/pay/{token}/result?checking=1")));
    }
    Ok(see_other(format!("/pay/{token}/result")))
}

/// `GET /pay/{token}/result`: what became of it, by our own state. Never back to the gateway.
pub async fn result(
    req: HttpRequest,
    app: Data<App>,
    client: Client,
    token: Path<String>,
    query: Query,
) -> Html {
    app.limits.pay_page.take(&client.ip)?;
    let Some((scope, id)) = find(&app, &client, &token).await? else {
        return page(&req, &app, &query, Kind::Unknown, None, "");
    };
    let view = read(&app, scope, id).await?;
    let now = app.clock.now();
    let kind = match view.payment.status {
        Status::Paid => Kind::Paid,
        Status::Processing | Status::Authorised => Kind::Checking,
        // Somebody came back and the gateway did not answer: only it knows, whatever was before.
        Status::Open if query.one("checking").is_some() => Kind::Checking,
        Status::Open if view.payment.expires_at <= now => Kind::Expired,
        Status::Open if view.payment.last_result_code.is_some() => Kind::Declined,
        Status::Open => Kind::Open,
        Status::Draft
        | Status::Scheduled
        | Status::Expired
        | Status::Cancelled
        | Status::Failed => ended(&view, now),
    };
    page(&req, &app, &query, kind, Some(view), &token)
}

/// `POST /gateway/connect2pay/callback?key=…`: a hint that something changed. Both proofs are
/// checked, then the gateway is asked; only what it says then is applied.
pub async fn callback(app: Data<App>, client: Client, query: Query, payload: Payload) -> Html {
    let Ok(body) = crate::web::collect_body(payload.into_inner(), 64 * 1024).await else {
        return Ok(acknowledge(StatusCode::PAYLOAD_TOO_LARGE, "KO", "the body can't be read"));
    };
    let parts = parts(&app);
    let key = query.one("key").unwrap_or_default();
    match email_payments::verify_callback(&parts, key, &body).await {
        Ok((scope, id)) => match email_payments::ask_and_apply(&parts, scope, id).await {
            Ok(Asked::Applied) => Ok(acknowledge(StatusCode::OK, "OK", "status recorded")),
            Ok(Asked::Unknown) => Ok(acknowledge(
                StatusCode::SERVICE_UNAVAILABLE,
                "KO",
                "the status call failed: send again",
            )),
            Err(error) => {
                tracing::error!(error = ?error, "a callback could not be applied");
                Ok(acknowledge(StatusCode::SERVICE_UNAVAILABLE, "KO", "not recorded: send again"))
            }
        },
        Err(Error::NotFound) => {
            app.limits.unverified_callback.take(&client.ip)?;
            tracing::warn!("a callback was not ours or not proven: nothing changed");
            Ok(acknowledge(StatusCode::NOT_FOUND, "KO", "unknown"))
        }
        Err(error) => {
            tracing::error!(error = ?error, "a callback could not be checked");
            Ok(acknowledge(StatusCode::SERVICE_UNAVAILABLE, "KO", "not recorded: send again"))
        }
    }
}

fn acknowledge(status: StatusCode, word: &str, message: &str) -> HttpResponse {
    let body = serde_json::json!({ "status": word, "message": message }).to_string();
    HttpResponse::build(status).content_type("application/json; charset=utf-8").body(body)
}

/// The payment behind a token; `None` for unknown and malformed ones, which count against the caller.
async fn find(
    app: &Data<App>,
    client: &Client,
    token: &str,
) -> Result<Option<(SystemScope, EmailPaymentId)>, Error> {
    let is_token = token.len() == 32
        && token.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    if is_token {
        match by_pay_link(&app.pay_db, token).await {
            Ok(found) => return Ok(Some(found)),
            Err(Error::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    app.limits.unknown_pay_link.take(&client.ip)?;
    Ok(None)
}

async fn read(app: &Data<App>, scope: SystemScope, id: EmailPaymentId) -> Result<PayView, Error> {
    app.pay_db.run(scope.tenants(), move |conn: &mut PgConnection| pay_view(conn, scope, id)).await
}

/// The page of a payment that can't be paid (any more).
fn ended(view: &PayView, now: chrono::DateTime<chrono::Utc>) -> Kind {
    match view.payment.status {
        Status::Paid => Kind::AlreadyPaid,
        Status::Processing | Status::Authorised => Kind::Checking,
        Status::Cancelled => Kind::Cancelled,
        Status::Failed => Kind::Failed,
        Status::Expired => Kind::Expired,
        Status::Open if view.payment.expires_at <= now => Kind::Expired,
        Status::Open => Kind::Open,
        Status::Draft | Status::Scheduled => Kind::Unknown,
    }
}

/// Whether a browser only looks ahead.
fn is_prefetch(req: &HttpRequest) -> bool {
    ["sec-purpose", "purpose", "x-moz"].iter().any(|name| req.headers().contains_key(*name))
}

fn page(
    req: &HttpRequest,
    app: &Data<App>,
    query: &Query,
    kind: Kind,
    view: Option<PayView>,
    token: &str,
) -> Html {
    let browser = Ui::of(req);
    let asked = query.one("lang").and_then(Lang::parse);
    let lang = asked.or(view.as_ref().map(|view| view.payment.language)).unwrap_or(browser.lang);
    let status = match kind {
        Kind::Unknown => StatusCode::NOT_FOUND,
        Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Kind::Expired | Kind::Cancelled | Kind::Failed => StatusCode::GONE,
        Kind::Paid | Kind::AlreadyPaid | Kind::Declined | Kind::Open | Kind::Checking => {
            StatusCode::OK
        }
    };
    let path = req.path().to_owned();
    let page = ResultPage {
        ui_of: Ui { lang, ..browser },
        t: lang.texts(),
        kind,
        view,
        token: token.to_owned(),
        path,
    };
    public_html(app, status, &page)
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
            Kind::Failed | Kind::Declined => "circle-x",
            Kind::Open => "clock",
            Kind::Unavailable => "cloud-off",
        })
    }

    fn tone(&self) -> &'static str {
        match self.kind {
            Kind::Paid | Kind::AlreadyPaid => "pos",
            Kind::Failed | Kind::Declined => "neg",
            Kind::Unknown
            | Kind::Expired
            | Kind::Cancelled
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
            Kind::Failed => t.msg_pay_failed_title(),
            Kind::Declined => t.msg_pay_declined_title(),
            Kind::Open => t.msg_pay_open_title(),
            Kind::Checking => t.msg_pay_checking_title(),
            Kind::Unavailable => t.msg_pay_unavailable_title(),
        }
    }

    fn words(&self) -> String {
        let t = self.t;
        match self.kind {
            Kind::Expired | Kind::Cancelled | Kind::Failed if self.was_charged() => {
                t.msg_pay_charged_words(self.merchant())
            }
            Kind::Unknown => t.msg_pay_unknown_words(),
            Kind::Paid => t.msg_pay_paid_words(self.merchant()),
            Kind::AlreadyPaid => t.msg_pay_already_words(self.paid_on()),
            Kind::Expired => t.msg_pay_expired_words(self.merchant()),
            Kind::Cancelled => t.msg_pay_cancelled_words(self.merchant()),
            Kind::Failed => t.msg_pay_failed_words(self.merchant()),
            Kind::Declined => t.msg_pay_declined_words(self.reason()),
            Kind::Open => t.msg_pay_open_words(),
            Kind::Checking => t.msg_pay_checking_words(),
            Kind::Unavailable => t.msg_pay_unavailable_words(),
        }
    }

    /// Whether money was taken though the payment had ended: "nothing has been charged" would be false.
    fn was_charged(&self) -> bool {
        self.view.as_ref().is_some_and(|view| view.attempts.iter().any(AttemptRow::is_success))
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
            Kind::Paid | Kind::Declined | Kind::Open | Kind::Checking | Kind::Unavailable
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
