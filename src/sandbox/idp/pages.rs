//! The pages that people see here. No script on any of them.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use super::state::Session;
use super::{API_SCOPES, Idp, Person};
use crate::kernel::{Lang, Texts};
use crate::sandbox::site::{self, Fields};

#[derive(Template)]
#[template(path = "sandbox/idp/accounts.html")]
struct AccountsPage<'a> {
    lang: Lang,
    t: &'static Texts,
    people: &'a [Person],
    /// Who is signed in with this browser already.
    current: Option<&'a str>,
    /// The request again, for the form to repeat.
    fields: Vec<&'a (String, String)>,
}

impl AccountsPage<'_> {
    fn is_current(&self, person: &Person) -> bool {
        self.current == Some(person.subject.as_str())
    }
}

/// Who do you want to be?
pub(super) fn accounts(
    idp: &Idp,
    lang: Lang,
    fields: &Fields,
    session: Option<&Session>,
) -> HttpResponse {
    let people = idp.state().people.clone();
    let page = AccountsPage {
        lang,
        t: lang.texts(),
        people: &people,
        current: session.map(|session| session.subject.as_str()),
        fields: fields.iter().filter(|(name, _)| name != "subject").collect(),
    };
    // Chromium applies `form-action` to the redirect after the post, too.
    let client = idp.0.redirect_uri.origin().ascii_serialization();
    let policy = format!(
        "default-src 'none'; style-src 'self'; img-src 'self' data:; \
         form-action 'self' {client}; base-uri 'none'; frame-ancestors 'none'"
    );
    site::with_policy(site::html(StatusCode::OK, &page), &policy)
}

#[derive(Template)]
#[template(path = "sandbox/idp/refused.html")]
struct RefusedPage {
    lang: Lang,
    t: &'static Texts,
    /// For developers, hence in English.
    reason: &'static str,
}

/// The request can't be answered, and nobody can be told but the reader.
pub(super) fn refused(lang: Lang, reason: &'static str) -> HttpResponse {
    site::html(StatusCode::BAD_REQUEST, &RefusedPage { lang, t: lang.texts(), reason })
}

#[derive(Template)]
#[template(path = "sandbox/idp/signed_out.html")]
struct SignedOutPage {
    lang: Lang,
    t: &'static Texts,
}

pub(super) fn signed_out(lang: Lang) -> HttpResponse {
    site::html(StatusCode::OK, &SignedOutPage { lang, t: lang.texts() })
}

/// What has been chosen for an access token, and the token.
#[derive(Default)]
pub(super) struct Chosen<'a> {
    pub(super) subject: &'a str,
    pub(super) scopes: Vec<&'a str>,
    pub(super) token: Option<String>,
}

#[derive(Template)]
#[template(path = "sandbox/idp/api_token.html")]
struct ApiTokenPage<'a> {
    lang: Lang,
    t: &'static Texts,
    people: &'a [Person],
    scopes: &'a [&'a str],
    chosen: &'a Chosen<'a>,
    /// Where the client's API is.
    api: String,
}

impl ApiTokenPage<'_> {
    /// The first person until one is chosen.
    fn is_chosen(&self, person: &Person) -> bool {
        let first = self.people.first().map(|person| person.subject.as_str());
        let chosen = Some(self.chosen.subject).filter(|subject| !subject.is_empty());
        chosen.or(first) == Some(person.subject.as_str())
    }

    /// All scopes until some are chosen.
    fn is_granted(&self, scope: &str) -> bool {
        self.chosen.token.is_none() || self.chosen.scopes.contains(&scope)
    }
}

/// Whose access token, for what? And the token.
pub(super) fn api_token(idp: &Idp, lang: Lang, chosen: &Chosen<'_>) -> HttpResponse {
    let people = idp.state().people.clone();
    let page = ApiTokenPage {
        lang,
        t: lang.texts(),
        people: &people,
        scopes: &API_SCOPES,
        chosen,
        api: format!("{}/api/v1", idp.0.redirect_uri.origin().ascii_serialization()),
    };
    site::html(StatusCode::OK, &page)
}
