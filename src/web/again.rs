//! Signing in again in the middle of something: because the session is over, or because an act asks
//! for a fresh proof of who it is. The page is come back to, and what was typed is not lost.

use std::future::{Ready, ready};
use std::pin::Pin;

use actix_web::dev::{Payload, ServiceRequest};
use actix_web::http::header::{self, HeaderMap};
use actix_web::web::{Bytes, Data};
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use chrono::TimeDelta;
use diesel::PgConnection;
use serde::Serialize;
use serde::de::DeserializeOwned;
use url::Url;

use super::app::App;
use super::forms::{self, FORM_BYTES_MAX, Query};
use super::page::see_other;
use super::upload::{self, Upload};
use crate::auth::{kept_forms, session};
use crate::db::Tenants;
use crate::kernel::{Error, KeptFormId, UserId};

/// The parameter that leads a form to what was typed into it.
const KEPT: &str = "kept";
/// How old the proof of who it is may be for acts that give rights or secrets away (SEC-6).
pub const FRESH_SECONDS: i64 = 300;

/// The address that begins a trip to the provider for somebody who was signed in.
#[must_use]
pub fn address(return_to: &str, is_fresh: bool) -> String {
    let mut pairs = vec![("return_to", return_to)];
    if is_fresh {
        pairs.push(("fresh", "1"));
    }
    format!("/sign-in/again?{}", serde_urlencoded::to_string(pairs).unwrap_or_default())
}

/// Proof that the user has shown who they are within the last five minutes. Without it the browser
/// goes through the provider, and the form comes back as it was typed.
pub struct Fresh;

impl FromRequest for Fresh {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(
            is_fresh(req).and_then(|is_fresh| {
                if is_fresh { Ok(Self) } else { Err(Error::FreshSignInRequired) }
            }),
        )
    }
}

fn is_fresh(req: &HttpRequest) -> Result<bool, Error> {
    let principal = session::principal(req)?.ok_or(Error::SignInRequired)?;
    let app = req.app_data::<Data<App>>().ok_or_else(|| Error::internal("no App"))?;
    let limit = app.clock.now() - TimeDelta::seconds(FRESH_SECONDS);
    Ok(principal.authenticated_at.is_some_and(|at| at > limit))
}

/// Whether the page is come back to because a form of it could not be taken.
#[must_use]
pub fn is_again(req: &HttpRequest) -> bool {
    Query::of(req).is_ok_and(|query| query.one(KEPT).is_some())
}

/// What the user had typed into this form before they had to sign in again. `None` on every other
/// visit, and where it was another form.
pub struct Kept<T>(pub Option<T>);

impl<T: DeserializeOwned + 'static> FromRequest for Kept<T> {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let asked = Query::of(req).map(|query| query.one(KEPT).and_then(|id| id.parse().ok()));
        let known = session::principal(req);
        let app = req.app_data::<Data<App>>().cloned();
        Box::pin(async move {
            let (Some(id), Some(principal), Some(app)) = (asked?, known?, app) else {
                return Ok(Self(None));
            };
            let (keys, user_id): (_, UserId) = (app.keys.clone(), principal.user_id);
            let find = move |conn: &mut PgConnection| kept_forms::find(conn, &keys, user_id, id);
            let body = app.db.run(Tenants::none(), find).await?;
            let fields = body.map(|body| forms::pairs(body.as_bytes())).transpose()?;
            Ok(Self(fields.and_then(|fields| forms::typed(fields).ok())))
        })
    }
}

/// Keeps a form that has to wait for another page; the parameter that leads its own page to it.
///
/// # Errors
/// [`Error::Unavailable`]: the database is out of reach.
pub async fn keep_form(
    app: &Data<App>,
    user_id: UserId,
    form: &impl Serialize,
) -> Result<(String, String), Error> {
    let (keys, body) =
        (app.keys.clone(), serde_urlencoded::to_string(form).map_err(Error::internal)?);
    let keep = move |conn: &mut PgConnection| kept_forms::keep(conn, &keys, user_id, &body);
    let id = app.db.run(Tenants::none(), keep).await?;
    Ok((KEPT.to_owned(), id.to_string()))
}

/// Where a form that is being sent stands; read before the handler runs, which takes the request.
pub(super) struct Place {
    app: Data<App>,
    /// The page of the form, by the browser's word for it; else the form's own address.
    page: Url,
    /// A page's form, not a script's question.
    is_page: bool,
    /// Of a form with files: the headers by which its body is read. What was typed is kept; files, which
    /// browsers don't let a page choose, are chosen once more.
    parts: Option<HeaderMap>,
}

impl Place {
    pub fn of(req: &ServiceRequest) -> Result<Self, Error> {
        let app = req.app_data::<Data<App>>().ok_or_else(|| Error::internal("no App"))?.clone();
        let header = |name| req.headers().get(name).and_then(|value| value.to_str().ok());
        let own = Url::parse(&app.url(req.path())).map_err(Error::internal)?;
        let page = header(header::REFERER.as_str()).and_then(|page| Url::parse(page).ok());
        let page = page.filter(|page| page.origin() == own.origin()).unwrap_or(own);
        let essence = forms::essence(req.request());
        let has_parts = essence == upload::ESSENCE;
        let is_page = header("sec-fetch-mode").is_none_or(|mode| mode == "navigate")
            && (has_parts || essence == "application/x-www-form-urlencoded");
        let parts = has_parts.then(|| req.headers().clone());
        Ok(Self { app, page, is_page, parts })
    }

    /// Whether somebody looks at the form, who can come back to it.
    pub const fn is_page(&self) -> bool {
        self.is_page
    }

    /// Keeps the form that could not be taken and sends the browser to sign in again; it comes back
    /// to the page that the form stands on.
    pub async fn keep_form(
        &self,
        user_id: UserId,
        body: &Bytes,
        is_fresh: bool,
    ) -> Result<HttpResponse, Error> {
        let keys = self.app.keys.clone();
        let text = match &self.parts {
            Some(headers) => Upload::typed(headers, body.clone()).await?,
            None => {
                std::str::from_utf8(body).map_err(|_| Error::Malformed("not UTF-8"))?.to_owned()
            }
        };
        if text.len() > FORM_BYTES_MAX {
            return Err(Error::SignInRequired);
        }
        let keep = move |conn: &mut PgConnection| kept_forms::keep(conn, &keys, user_id, &text);
        let id = self.app.db.run(Tenants::none(), keep).await?;
        Ok(see_other(address(&self.page_with(id), is_fresh)))
    }

    /// The page, led to what was typed; in place of what it may have been led to before.
    fn page_with(&self, id: KeptFormId) -> String {
        let query = self.page.query().unwrap_or_default();
        let mut pairs = forms::pairs(query.as_bytes()).unwrap_or_default();
        pairs.retain(|(name, _)| name != KEPT);
        pairs.push((KEPT.to_owned(), id.to_string()));
        format!("{}?{}", self.page.path(), serde_urlencoded::to_string(pairs).unwrap_or_default())
    }
}
