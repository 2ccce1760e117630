//! Pages that show something that changes by itself ask again while somebody looks at them. Such a
//! request carries the header `poll`, whose value is the mark of what the page shows: it is answered
//! with nothing where that has not changed, is no use of the session, and is never sent to sign in.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::HeaderMap;
use actix_web::{FromRequest, HttpRequest, HttpResponse};

use crate::kernel::Error;

const HEADER: &str = "poll";

/// The mark of what a page that polls shows; `None`: a person asks.
pub struct Poll(Option<String>);

impl Poll {
    /// Whether the page shows this already.
    #[must_use]
    pub fn has_seen(&self, mark: &str) -> bool {
        self.0.as_deref() == Some(mark)
    }

    /// What such a page is told.
    #[must_use]
    pub fn unchanged() -> HttpResponse {
        HttpResponse::NoContent().finish()
    }
}

impl FromRequest for Poll {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let mark = req.headers().get(HEADER).and_then(|value| value.to_str().ok());
        ready(Ok(Self(mark.map(str::to_owned))))
    }
}

/// Whether a page asks, not a person.
pub(super) fn is_poll(headers: &HeaderMap) -> bool {
    headers.contains_key(HEADER)
}
