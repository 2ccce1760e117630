//! An error becomes a status and a page. The only place that knows both.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use askama::Template;

use super::shell::Ui;
use super::{rights, ui};
use crate::kernel::{Error, Texts};

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::SignInRequired | Self::FreshSignInRequired => StatusCode::UNAUTHORIZED,
            Self::Forbidden(_) | Self::ForeignForm => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Conflict => StatusCode::CONFLICT,
            Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::UnsupportedMedia => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooManyRequests { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable(..) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Without a body: [`super::frame()`] writes the page, since only it knows the reader.
    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

/// "We can't show this": what is safe, what to do, what to quote.
#[derive(Template)]
#[template(path = "web/problem.html")]
pub struct ProblemPage<'a> {
    ui: Ui,
    t: &'static Texts,
    status: StatusCode,
    /// `None` where actix itself refused.
    error: Option<&'a Error>,
    request_id: &'a str,
}

impl<'a> ProblemPage<'a> {
    pub fn new(ui: Ui, status: StatusCode, error: Option<&'a Error>, request_id: &'a str) -> Self {
        Self { t: ui.lang.texts(), ui, status, error, request_id }
    }

    fn icon(&self) -> ui::Icon {
        match self.status.as_u16() {
            403 => ui::Icon("lock"),
            404 => ui::Icon("search"),
            429 => ui::Icon("hourglass"),
            _ => ui::Icon("cloud-off"),
        }
    }

    fn title(&self) -> String {
        let t = self.t;
        match self.status.as_u16() {
            403 if matches!(self.error, Some(Error::ForeignForm)) => t.msg_problem_form_title(),
            403 => t.msg_problem_forbidden_title(),
            404 | 405 => t.msg_problem_not_found_title(),
            409 => t.msg_problem_conflict_title(),
            413 => t.msg_problem_too_large_title(),
            429 => t.msg_problem_too_many_title(),
            500 => t.msg_problem_internal_title(),
            503 => t.msg_problem_unavailable_title(),
            _ => t.msg_problem_malformed_title(),
        }
    }

    fn words(&self) -> String {
        let t = self.t;
        match (self.status.as_u16(), self.error) {
            (403, Some(Error::ForeignForm)) => t.msg_problem_form_words(),
            (403, Some(Error::Forbidden(Some(right)))) => {
                t.msg_problem_forbidden_right(rights::right(t, *right))
            }
            (403, _) => t.msg_problem_forbidden_words(),
            (404 | 405, _) => t.msg_problem_not_found_words(),
            (409, _) => t.msg_problem_conflict_words(),
            (413, _) => t.msg_problem_too_large_words(),
            (429, _) => t.msg_problem_too_many_words(),
            (500, _) => t.msg_problem_internal_words(),
            (503, _) => t.msg_problem_unavailable_words(),
            _ => t.msg_problem_malformed_words(),
        }
    }

    /// Who can give the right that is missing.
    fn giver(&self) -> Option<String> {
        match self.error {
            Some(Error::Forbidden(Some(right))) => Some(rights::giver(self.t, *right)),
            _ => None,
        }
    }
}
