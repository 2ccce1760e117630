//! What the API says when it can't do what was asked: `application/problem+json` (RFC 9457), in the
//! reader's language. Like a problem page it names nothing of the machinery.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;
use utoipa::ToSchema;

use crate::auth::api::{Refusal, Scope};
use crate::kernel::{Error, Texts};
use crate::web::{Faults, rights};

/// Why a request of the API could not be done.
#[derive(Debug)]
pub enum Problem {
    /// Who asks is not let in.
    Refused(Refusal),
    Unreadable(Unreadable),
    /// Fields of the body, or parameters, that are wrong: all of them at once.
    Fields(Vec<FieldFault>),
    /// The state does not allow it; in the words of the page.
    State(String),
    /// The key was used for another request.
    KeyReused,
    /// A request with the same key is being worked on.
    Running,
    Failed(Error),
}

/// What can't be read.
#[derive(Debug)]
pub enum Unreadable {
    NotJson {
        line: usize,
        column: usize,
    },
    TooDeep,
    KeyMissing,
    KeyMalformed,
    /// A parameter that may be given once.
    Repeated(&'static str),
}

/// What is wrong with one field, by its name on the wire.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = FieldError)]
pub struct FieldFault {
    /// The field of the body, or the parameter.
    #[schema(examples("amount_minor"))]
    pub field: String,
    /// What to do about it, in the language of `Accept-Language`.
    #[schema(examples("The amount must be more than zero"))]
    pub message: String,
}

/// The kinds of problem; each has an anchor on the page about the API, which `type` names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Malformed,
    TokenMissing,
    InvalidToken,
    InsufficientScope,
    Forbidden,
    SeveralMerchants,
    NotFound,
    MethodNotAllowed,
    Conflict,
    RequestRunning,
    TooLarge,
    UnsupportedMediaType,
    InvalidFields,
    KeyReused,
    TooManyRequests,
    Internal,
    Unavailable,
}

/// What goes over the wire.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemJson {
    /// What kind of problem it is: an address on the page about the API.
    #[serde(rename = "type")]
    #[schema(format = "uri")]
    pub kind: String,
    /// The kind in words.
    pub title: String,
    /// The status of the answer, once more.
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// What is wrong with this request, in the language of `Accept-Language`.
    pub detail: String,
    /// The number to quote to support.
    pub request_id: String,
    /// The fields that are wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub errors: Vec<FieldFault>,
}

impl Kind {
    pub const ALL: [Self; 17] = [
        Self::Malformed,
        Self::TokenMissing,
        Self::InvalidToken,
        Self::InsufficientScope,
        Self::Forbidden,
        Self::SeveralMerchants,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::Conflict,
        Self::RequestRunning,
        Self::TooLarge,
        Self::UnsupportedMediaType,
        Self::InvalidFields,
        Self::KeyReused,
        Self::TooManyRequests,
        Self::Internal,
        Self::Unavailable,
    ];

    #[must_use]
    pub const fn status(self) -> StatusCode {
        match self {
            Self::Malformed => StatusCode::BAD_REQUEST,
            Self::TokenMissing | Self::InvalidToken => StatusCode::UNAUTHORIZED,
            Self::InsufficientScope | Self::Forbidden | Self::SeveralMerchants => {
                StatusCode::FORBIDDEN
            }
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Conflict | Self::RequestRunning => StatusCode::CONFLICT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::InvalidFields | Self::KeyReused => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooManyRequests => StatusCode::TOO_MANY_REQUESTS,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// The end of `type`, and the anchor on the page.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::TokenMissing => "token-missing",
            Self::InvalidToken => "invalid-token",
            Self::InsufficientScope => "insufficient-scope",
            Self::Forbidden => "forbidden",
            Self::SeveralMerchants => "several-merchants",
            Self::NotFound => "not-found",
            Self::MethodNotAllowed => "method-not-allowed",
            Self::Conflict => "conflict",
            Self::RequestRunning => "request-running",
            Self::TooLarge => "too-large",
            Self::UnsupportedMediaType => "unsupported-media-type",
            Self::InvalidFields => "invalid-fields",
            Self::KeyReused => "key-reused",
            Self::TooManyRequests => "too-many-requests",
            Self::Internal => "internal",
            Self::Unavailable => "unavailable",
        }
    }

    #[must_use]
    pub fn title(self, t: &Texts) -> String {
        match self {
            Self::Malformed => t.msg_api_malformed_title(),
            Self::TokenMissing => t.msg_api_token_missing_title(),
            Self::InvalidToken => t.msg_api_invalid_token_title(),
            Self::InsufficientScope => t.msg_api_insufficient_scope_title(),
            Self::Forbidden => t.msg_api_forbidden_title(),
            Self::SeveralMerchants => t.msg_api_several_merchants_title(),
            Self::NotFound => t.msg_api_not_found_title(),
            Self::MethodNotAllowed => t.msg_api_method_not_allowed_title(),
            Self::Conflict => t.msg_api_conflict_title(),
            Self::RequestRunning => t.msg_api_request_running_title(),
            Self::TooLarge => t.msg_api_too_large_title(),
            Self::UnsupportedMediaType => t.msg_api_unsupported_media_type_title(),
            Self::InvalidFields => t.msg_api_invalid_fields_title(),
            Self::KeyReused => t.msg_api_key_reused_title(),
            Self::TooManyRequests => t.msg_api_too_many_requests_title(),
            Self::Internal => t.msg_api_internal_title(),
            Self::Unavailable => t.msg_api_unavailable_title(),
        }
    }

    /// What to do, as far as the kind alone says it.
    #[must_use]
    pub fn words(self, t: &Texts) -> String {
        match self {
            Self::Malformed => t.msg_api_malformed_words(),
            Self::TokenMissing => t.msg_api_token_missing_words(),
            Self::InvalidToken => t.msg_api_invalid_token_words(),
            Self::InsufficientScope => t.msg_api_insufficient_scope_words(),
            Self::Forbidden => t.msg_api_forbidden_words(),
            Self::SeveralMerchants => t.msg_api_several_merchants_words(),
            Self::NotFound => t.msg_api_not_found_words(),
            Self::MethodNotAllowed => t.msg_api_method_not_allowed_words(),
            Self::Conflict => t.msg_api_conflict_words(),
            Self::RequestRunning => t.msg_api_request_running_words(),
            Self::TooLarge => t.msg_api_too_large_words(),
            Self::UnsupportedMediaType => t.msg_api_unsupported_media_type_words(),
            Self::InvalidFields => t.msg_api_invalid_fields_words(),
            Self::KeyReused => t.msg_api_key_reused_words(),
            Self::TooManyRequests => t.msg_api_too_many_requests_words(),
            Self::Internal => t.msg_api_internal_words(),
            Self::Unavailable => t.msg_api_unavailable_words(),
        }
    }

    fn of_error(error: &Error) -> Self {
        match error {
            Error::SignInRequired | Error::FreshSignInRequired => Self::TokenMissing,
            Error::Forbidden(_) | Error::ForeignForm => Self::Forbidden,
            Error::NotFound => Self::NotFound,
            Error::Conflict => Self::Conflict,
            Error::Malformed(_) => Self::Malformed,
            Error::UnsupportedMedia => Self::UnsupportedMediaType,
            Error::TooLarge => Self::TooLarge,
            Error::TooManyRequests { .. } => Self::TooManyRequests,
            Error::Unavailable(..) => Self::Unavailable,
            Error::Internal(_) => Self::Internal,
        }
    }

    /// For what actix answered by itself; a status without a kind of its own is malformed, or ours.
    fn of_status(status: StatusCode) -> Self {
        let known = Self::ALL.into_iter().find(|kind| kind.status() == status);
        known.unwrap_or(if status.is_server_error() { Self::Internal } else { Self::Malformed })
    }
}

impl Problem {
    /// The faults of a form, by the names of the wire.
    pub fn of_faults(faults: &Faults, wire_name: impl Fn(&'static str) -> &'static str) -> Self {
        let fault = |(field, words): (&'static str, &str)| FieldFault {
            field: wire_name(field).to_owned(),
            message: words.to_owned(),
        };
        Self::Fields(faults.each().map(fault).collect())
    }

    fn kind(&self) -> Kind {
        match self {
            Self::Refused(Refusal::NoToken) => Kind::TokenMissing,
            Self::Refused(Refusal::BadToken(_)) => Kind::InvalidToken,
            Self::Refused(Refusal::SeveralMerchants) => Kind::SeveralMerchants,
            Self::Refused(Refusal::LacksScope(_)) => Kind::InsufficientScope,
            Self::Refused(Refusal::Failed(error)) | Self::Failed(error) => Kind::of_error(error),
            Self::Unreadable(_) => Kind::Malformed,
            Self::Fields(_) => Kind::InvalidFields,
            Self::State(_) => Kind::Conflict,
            Self::KeyReused => Kind::KeyReused,
            Self::Running => Kind::RequestRunning,
        }
    }

    /// The error of the product behind it, where there is one.
    #[must_use]
    pub const fn error(&self) -> Option<&Error> {
        match self {
            Self::Refused(Refusal::Failed(error)) | Self::Failed(error) => Some(error),
            Self::Refused(_)
            | Self::Unreadable(_)
            | Self::Fields(_)
            | Self::State(_)
            | Self::KeyReused
            | Self::Running => None,
        }
    }

    fn detail(&self, t: &Texts) -> String {
        match self {
            Self::Refused(Refusal::LacksScope(scope)) => t.msg_api_needs_scope(scope.as_str()),
            Self::Refused(Refusal::Failed(Error::Forbidden(Some(right))))
            | Self::Failed(Error::Forbidden(Some(right))) => {
                t.msg_api_needs_right(rights::right(t, *right))
            }
            Self::Unreadable(Unreadable::NotJson { line, column }) => {
                t.msg_api_not_json(line, column)
            }
            Self::Unreadable(Unreadable::TooDeep) => t.msg_api_too_deep(),
            Self::Unreadable(Unreadable::KeyMissing) => t.msg_api_key_missing(),
            Self::Unreadable(Unreadable::KeyMalformed) => t.msg_api_key_malformed(),
            Self::Unreadable(Unreadable::Repeated(name)) => t.msg_api_parameter_repeated(*name),
            Self::State(words) => words.clone(),
            Self::Refused(_)
            | Self::Fields(_)
            | Self::KeyReused
            | Self::Running
            | Self::Failed(_) => self.kind().words(t),
        }
    }

    /// What the log may say.
    fn log(&self) {
        match self {
            Self::Refused(Refusal::BadToken(reason)) => {
                tracing::warn!(reason, "a token was refused");
            }
            Self::Refused(Refusal::LacksScope(scope)) => {
                tracing::warn!(scope = scope.as_str(), "a token lacks a scope");
            }
            Self::Refused(Refusal::SeveralMerchants) => {
                tracing::warn!("a token says a user of several merchants");
            }
            Self::Refused(Refusal::NoToken | Refusal::Failed(_))
            | Self::Unreadable(_)
            | Self::Fields(_)
            | Self::State(_)
            | Self::KeyReused
            | Self::Running
            | Self::Failed(_) => {}
        }
    }

    fn errors(&self) -> Vec<FieldFault> {
        if let Self::Fields(faults) = self { faults.clone() } else { Vec::new() }
    }

    /// The scope that is missing, for `WWW-Authenticate`.
    const fn missing_scope(&self) -> Option<Scope> {
        if let Self::Refused(Refusal::LacksScope(scope)) = self { Some(*scope) } else { None }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.kind().word())
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.kind().status()
    }

    /// Without a body: [`crate::web::frame()`] writes it, since only it knows the reader.
    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

/// Who reads a problem, and by which name it is known.
pub struct Reader<'a> {
    pub t: &'static Texts,
    /// `https://host` of the product.
    pub origin: &'a str,
    pub request_id: &'a str,
}

impl Reader<'_> {
    /// The answer to an error of the API, whoever raised it.
    #[must_use]
    pub fn answer(&self, error: &actix_web::Error) -> HttpResponse {
        if let Some(problem) = error.as_error::<Problem>() {
            problem.log();
            return self.problem(problem);
        }
        match error.as_error::<Error>() {
            Some(known) => {
                let kind = Kind::of_error(known);
                let mut response = self.write(kind, kind.status(), kind.words(self.t), Vec::new());
                headers(&mut response, kind, Some(known), None);
                response
            }
            None => self.status(error.as_response_error().status_code()),
        }
    }

    /// The answer to a status without a body.
    #[must_use]
    pub fn status(&self, status: StatusCode) -> HttpResponse {
        let kind = Kind::of_status(status);
        self.write(kind, status, kind.words(self.t), Vec::new())
    }

    fn problem(&self, problem: &Problem) -> HttpResponse {
        let kind = problem.kind();
        let mut response =
            self.write(kind, kind.status(), problem.detail(self.t), problem.errors());
        headers(&mut response, kind, problem.error(), problem.missing_scope());
        response
    }

    fn write(
        &self,
        kind: Kind,
        status: StatusCode,
        detail: String,
        errors: Vec<FieldFault>,
    ) -> HttpResponse {
        let json = ProblemJson {
            kind: format!("{}/api#{}", self.origin, kind.word()),
            title: kind.title(self.t),
            status: status.as_u16(),
            detail,
            request_id: self.request_id.to_owned(),
            errors,
        };
        let body = serde_json::to_string(&json).unwrap_or_default();
        HttpResponse::build(status)
            .content_type("application/problem+json; charset=utf-8")
            .body(body)
    }
}

/// What a program is told besides: how to prove itself (RFC 6750), when to come back.
fn headers(response: &mut HttpResponse, kind: Kind, error: Option<&Error>, scope: Option<Scope>) {
    let challenge = match (kind, scope) {
        (Kind::TokenMissing, _) => Some("Bearer".to_owned()),
        (Kind::InvalidToken, _) => Some("Bearer error=\"invalid_token\"".to_owned()),
        (Kind::InsufficientScope, Some(scope)) => {
            Some(format!("Bearer error=\"insufficient_scope\", scope=\"{}\"", scope.as_str()))
        }
        _ => None,
    };
    if let Some(value) = challenge.and_then(|text| HeaderValue::from_str(&text).ok()) {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, value);
    }
    let wait = match (kind, error) {
        (_, Some(Error::TooManyRequests { retry_after_seconds })) => Some(*retry_after_seconds),
        (Kind::Unavailable, _) => Some(10),
        (Kind::RequestRunning, _) => Some(1),
        _ => None,
    };
    if let Some(seconds) = wait {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
}
