//! The pages that people see here. No script on any of them.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use super::state::Session;
use super::{Idp, Person};
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
