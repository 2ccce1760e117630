//! Forms and query strings. What can't be read at all is a problem page; what can be read and is
//! wrong comes back in the same form, at its field.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;

use actix_web::dev::{Payload, ServiceRequest};
use actix_web::http::header;
use actix_web::web::{Bytes, BytesMut};
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};
use futures_util::StreamExt as _;
use serde::de::DeserializeOwned;

use super::csrf::TOKEN_FIELD;
use crate::kernel::text::{self, TextError};
use crate::kernel::{Error, Texts};

pub const FORM_BYTES_MAX: usize = 64 * 1024;
const QUERY_BYTES_MAX: usize = 8 * 1024;

/// Why a text was refused, in words.
#[must_use]
pub fn text_fault(error: &TextError, t: &Texts) -> String {
    match error {
        TextError::TooLong(most) => t.msg_fault_too_long(*most),
        TextError::Empty | TextError::Controls => t.msg_fault_characters(),
        TextError::CardNumber => t.msg_form_card_number(),
    }
}

/// The same in the words of a form's field; `missing` where nothing stands in it.
#[must_use]
pub fn field_fault(error: TextError, missing: fn(&Texts) -> String, t: &Texts) -> String {
    match error {
        TextError::Empty => missing(t),
        TextError::TooLong(most) => t.msg_form_too_long(most),
        TextError::Controls => t.msg_form_controls(),
        TextError::CardNumber => t.msg_form_card_number(),
    }
}

/// Characters of a reason in one line, and of one in several.
const REASON_MAX: usize = 300;
const LONG_REASON_MAX: usize = 500;

/// A reason that both sides will read; it has to be given.
pub fn reason(typed: &str, t: &Texts) -> Result<String, String> {
    text::line(typed, REASON_MAX).map_err(|error| match error {
        TextError::Empty => t.msg_fault_reason(),
        TextError::TooLong(_) | TextError::Controls | TextError::CardNumber => {
            text_fault(&error, t)
        }
    })
}

/// The same in several lines.
pub fn long_reason(typed: &str, t: &Texts) -> Result<String, String> {
    match text::lines(typed, LONG_REASON_MAX) {
        Ok(reason) if reason.is_empty() => Err(t.msg_fault_reason()),
        read => read.map_err(|error| text_fault(&error, t)),
    }
}

/// A urlencoded body, as `T`, whose fields are exactly those that may be given.
pub struct Form<T>(pub T);

/// A urlencoded body, read by hand: name and value in order.
pub struct FormBody(pub Vec<(String, String)>);

/// The query string as `name=value` pairs, in order, blanks left out.
#[derive(Clone, Debug, Default)]
pub struct Query(pub Vec<(String, String)>);

impl Query {
    /// # Errors
    /// [`Error::Malformed`]: longer than 8 KiB, or not urlencoded UTF-8.
    pub fn of(req: &HttpRequest) -> Result<Self, Error> {
        let query = req.query_string();
        if query.len() > QUERY_BYTES_MAX {
            return Err(Error::Malformed("the query string is longer than 8 KiB"));
        }
        Self::parse(query)
    }

    /// A query string that came from elsewhere: out of a field, or out of the database.
    ///
    /// # Errors
    /// [`Error::Malformed`]: not urlencoded UTF-8.
    pub fn parse(encoded: &str) -> Result<Self, Error> {
        let mut pairs = pairs(encoded.as_bytes())?;
        pairs.retain(|(_, value)| !value.trim().is_empty());
        Ok(Self(pairs))
    }

    /// The value of a parameter that may be given once; the last one counts.
    #[must_use]
    pub fn one(&self, name: &str) -> Option<&str> {
        self.0.iter().rev().find(|(given, _)| given == name).map(|(_, value)| value.as_str())
    }

    /// The values of a parameter that may be repeated.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(given, _)| given == name).map(|(_, value)| value.as_str())
    }
}

/// What is wrong with a form: words per field, in the order in which the fields stand.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    order: Vec<&'static str>,
    words: BTreeMap<&'static str, String>,
}

impl Faults {
    pub fn add(&mut self, field: &'static str, words: String) {
        if self.words.insert(field, words).is_none() {
            self.order.push(field);
        }
    }

    #[must_use]
    pub fn of(&self, field: &str) -> Option<&str> {
        self.words.get(field).map(String::as_str)
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    #[must_use]
    pub fn count(&self) -> usize {
        self.order.len()
    }

    /// Field and words, for the summary above the form.
    pub fn each(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.order.iter().map(|field| (*field, self.words.get(field).map_or("", String::as_str)))
    }

    /// Keeps a good value, notes the fault of a bad one.
    pub fn keep<T>(&mut self, field: &'static str, value: Result<T, String>) -> Option<T> {
        value.map_err(|words| self.add(field, words)).ok()
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Form<T> {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let fields = FormBody::from_request(req, payload);
        Box::pin(async move {
            let FormBody(fields) = fields.await?;
            typed(fields).map(Self)
        })
    }
}

/// Fields as `T`, which names exactly those that may be given.
pub(super) fn typed<T: DeserializeOwned>(mut fields: Vec<(String, String)>) -> Result<T, Error> {
    fields.retain(|(name, _)| name != TOKEN_FIELD);
    let plain = serde_urlencoded::to_string(&fields).map_err(|_| Error::Malformed("form"))?;
    serde_urlencoded::from_str(&plain)
        .map_err(|_| Error::Malformed("a field is missing, given twice, or not one of this form"))
}

impl FromRequest for FormBody {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_form = essence(req) == "application/x-www-form-urlencoded";
        let payload = payload.take();
        Box::pin(async move {
            if !is_form {
                return Err(Error::UnsupportedMedia);
            }
            let body = collect(payload, FORM_BYTES_MAX).await?;
            let mut fields = pairs(&body)?;
            fields.retain(|(name, _)| name != TOKEN_FIELD);
            Ok(Self(fields))
        })
    }
}

impl FromRequest for Query {
    type Error = Error;
    type Future = std::future::Ready<Result<Self, Error>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(Self::of(req))
    }
}

/// The type of a body, without its parameters.
pub(super) fn essence(req: &HttpRequest) -> String {
    let value = req.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    value.and_then(|value| value.split(';').next()).unwrap_or_default().trim().to_ascii_lowercase()
}

pub(super) fn pairs(encoded: &[u8]) -> Result<Vec<(String, String)>, Error> {
    let text = std::str::from_utf8(encoded).map_err(|_| Error::Malformed("not UTF-8"))?;
    serde_urlencoded::from_str(text).map_err(|_| Error::Malformed("not urlencoded"))
}

/// One field of a urlencoded body.
#[must_use]
pub fn field(body: &[u8], name: &str) -> Option<String> {
    pairs(body).ok()?.into_iter().find(|(given, _)| given == name).map(|(_, value)| value)
}

/// The whole body of a request, out of it.
pub async fn body(req: &mut ServiceRequest, bytes_max: usize) -> Result<Bytes, Error> {
    collect(req.take_payload(), bytes_max).await
}

/// Reads a body up to `bytes_max` bytes.
pub async fn collect(mut payload: Payload, bytes_max: usize) -> Result<Bytes, Error> {
    let mut body = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| Error::Malformed("the body broke off"))?;
        if body.len() + chunk.len() > bytes_max {
            return Err(Error::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}
