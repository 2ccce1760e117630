//! Where a sign-in begins: the request is checked, a person is chosen, a code goes back.

use actix_web::cookie::{Cookie, SameSite};
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use url::Url;

use super::state::{Grant, Session};
use super::{COOKIE, CallbackFault, Client, Fault, Idp, pages, random_text};
use crate::kernel::Lang;
use crate::sandbox::site::{self, Fields};

/// What the client asks for, checked.
struct Asked {
    state: String,
    nonce: String,
    code_challenge: String,
    scope: String,
    prompt: Prompt,
    max_age_seconds: Option<i64>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Prompt {
    /// Answer at once, without a page.
    None,
    Page,
}

/// Why a request is not answered with a code.
enum Refusal {
    /// It is not known whose request it is, so the browser stays here.
    Here(&'static str),
    /// The client is told, by a word of OAuth or OIDC.
    ToClient { error: &'static str, state: Option<String> },
}

impl Asked {
    fn read(fields: &Fields, client: &Client) -> Result<Self, Refusal> {
        if fields.one("client_id") != Some(&client.id) {
            return Err(Refusal::Here("client_id is not known"));
        }
        if fields.one("redirect_uri") != Some(&client.redirect_uri) {
            return Err(Refusal::Here("redirect_uri is not registered"));
        }
        let state = fields.one("state").map(str::to_owned);
        Self::read_known(fields).map_err(|error| Refusal::ToClient { error, state })
    }

    /// The rest, once the client is known: its faults go back to it.
    fn read_known(fields: &Fields) -> Result<Self, &'static str> {
        if fields.one("response_type") != Some("code") {
            return Err("unsupported_response_type");
        }
        let scope = fields.one("scope").unwrap_or_default();
        if !scope.split(' ').any(|word| word == "openid") {
            return Err("invalid_scope");
        }
        if fields.one("code_challenge_method") != Some("S256") {
            return Err("invalid_request");
        }
        let required = |name| fields.one(name).map(str::to_owned).ok_or("invalid_request");
        let code_challenge = required("code_challenge")?;
        if code_challenge.len() != 43 {
            return Err("invalid_request");
        }
        let prompt = match fields.one("prompt") {
            Some("none") => Prompt::None,
            Some("login" | "select_account") | None => Prompt::Page,
            Some(_) => return Err("invalid_request"),
        };
        let max_age = fields.one("max_age").map(str::parse).transpose();
        Ok(Self {
            state: required("state")?,
            nonce: required("nonce")?,
            code_challenge,
            scope: scope.to_owned(),
            prompt,
            max_age_seconds: max_age.map_err(|_| "invalid_request")?,
        })
    }

    /// Whether a session is young enough for this request.
    fn accepts(&self, session: &Session, now: i64) -> bool {
        self.max_age_seconds.is_none_or(|max_age| now - session.authenticated_at <= max_age)
    }
}

impl Refusal {
    fn answer(self, idp: &Idp, lang: Lang) -> HttpResponse {
        match self {
            Self::Here(reason) => pages::refused(lang, reason),
            Self::ToClient { error, state } => {
                let mut parameters = vec![("error", error.to_owned())];
                parameters.extend(state.map(|state| ("state", state)));
                site::see_other(idp.back_to_client(&parameters).as_str())
            }
        }
    }
}

/// `GET /authorize`
pub(super) async fn show(req: HttpRequest, idp: Data<Idp>) -> HttpResponse {
    let fields = Fields::read(req.query_string().as_bytes());
    let lang = lang(&req, &fields);
    let asked = match Asked::read(&fields, &idp.0.client) {
        Ok(asked) => asked,
        Err(refusal) => return refusal.answer(&idp, lang),
    };
    let session = idp.session(&req);
    if asked.prompt == Prompt::Page {
        return pages::accounts(&idp, lang, &fields, session.as_ref());
    }
    match session.filter(|session| asked.accepts(session, idp.now())) {
        Some(session) => idp.send_code(asked, session),
        None => Refusal::ToClient { error: "login_required", state: Some(asked.state) }
            .answer(&idp, lang),
    }
}

/// `POST /authorize`: the same fields again, and who it is to be.
pub(super) async fn choose(req: HttpRequest, body: Bytes, idp: Data<Idp>) -> HttpResponse {
    let fields = Fields::read(&body);
    let lang = lang(&req, &fields);
    if site::is_foreign(&req) {
        return Refusal::Here("the form comes from another site").answer(&idp, lang);
    }
    let asked = match Asked::read(&fields, &idp.0.client) {
        Ok(asked) => asked,
        Err(refusal) => return refusal.answer(&idp, lang),
    };
    let subject = fields.one("subject").unwrap_or_default();
    if idp.state().person(subject).is_none() {
        return Refusal::Here("subject is not known").answer(&idp, lang);
    }
    let (session, cookie) = idp.open_session(&req, subject);
    let mut response = idp.send_code(asked, session);
    if let Err(error) = response.add_cookie(&cookie) {
        tracing::error!(error = ?error, "sandbox session cookie not set");
    }
    response
}

/// The client's wish first (`ui_locales`), then the browser's.
fn lang(req: &HttpRequest, fields: &Fields) -> Lang {
    let wished = fields.one("ui_locales").unwrap_or_default();
    wished.split(' ').find_map(Lang::parse).unwrap_or_else(|| site::lang(req))
}

impl Idp {
    /// Signs somebody in with this browser, in place of whoever was.
    fn open_session(&self, req: &HttpRequest, subject: &str) -> (Session, Cookie<'static>) {
        let session = Session {
            cookie: random_text(),
            subject: subject.to_owned(),
            sid: random_text(),
            authenticated_at: self.now(),
        };
        let mut state = self.state();
        if let Some(old) = req.cookie(COOKIE) {
            state.sessions.retain(|session| session.cookie != old.value());
        }
        state.sessions.push(session.clone());
        let cookie = Cookie::build(COOKIE, session.cookie.clone())
            .path("/")
            .http_only(true)
            .same_site(SameSite::Lax)
            .finish();
        (session, cookie)
    }

    fn send_code(&self, asked: Asked, session: Session) -> HttpResponse {
        let code = self.state().grant(Grant {
            session,
            nonce: asked.nonce,
            code_challenge: asked.code_challenge,
            scope: asked.scope,
            granted_at: self.now(),
        });
        site::see_other(self.back_to_client(&[("code", code), ("state", asked.state)]).as_str())
    }

    /// The client's address with these parameters and `iss` (RFC 9207).
    fn back_to_client(&self, parameters: &[(&str, String)]) -> Url {
        let mut parameters = parameters.to_vec();
        parameters.push(("iss", self.0.issuer.clone()));
        if let Some(Fault::Callback(fault)) = self.fault() {
            spoil(&mut parameters, fault);
        }
        let mut url = self.0.redirect_uri.clone();
        url.query_pairs_mut().extend_pairs(parameters);
        url
    }
}

fn spoil(parameters: &mut Vec<(&str, String)>, fault: CallbackFault) {
    let (name, value) = match fault {
        CallbackFault::WrongIssuer => ("iss", Some("https://other.example")),
        CallbackFault::MissingIssuer => ("iss", None),
        CallbackFault::WrongState => ("state", Some("of-another-sign-in")),
        CallbackFault::MissingState => ("state", None),
        CallbackFault::Denied => {
            parameters.retain(|(name, _)| *name != "code");
            ("error", Some("access_denied"))
        }
        CallbackFault::CodeWithError => ("error", Some("server_error")),
    };
    parameters.retain(|(known, _)| *known != name);
    parameters.extend(value.map(|value| (name, value.to_owned())));
}
