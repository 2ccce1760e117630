//! An error becomes a status and a page. The only place that knows both.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use askama::Template;

use super::refusal::{Way, ticket_address};
use super::shell::Ui;
use super::{rights, ui};
use crate::auth::StaffRole;
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
    way: Option<&'a Way>,
    request_id: &'a str,
}

impl<'a> ProblemPage<'a> {
    pub fn new(
        ui: Ui,
        status: StatusCode,
        error: Option<&'a Error>,
        way: Option<&'a Way>,
        request_id: &'a str,
    ) -> Self {
        Self { t: ui.lang.texts(), ui, status, error, way, request_id }
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
        if let Some(Way::Join { email, .. }) = self.way {
            return t.msg_problem_nobody_words(email);
        }
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

    /// Who can give the right that is missing: by name, where the reader works with them.
    fn givers(&self) -> Vec<String> {
        let t = self.t;
        match (self.way, self.error) {
            (Some(Way::Ask { merchant, helpers, .. }), _) if !helpers.owners.is_empty() => {
                let mut givers = vec![t.msg_right_owners(merchant, helpers.owners.join(", "))];
                if !helpers.managers.is_empty() {
                    givers.push(t.msg_right_managers(helpers.managers.join(", ")));
                }
                givers
            }
            (Some(Way::Platform { right, .. }), _)
                if !StaffRole::ALL.iter().any(|role| role.may(*right)) =>
            {
                vec![t.msg_right_merchants_alone()]
            }
            (Some(Way::Platform { administrators, .. }), _) if !administrators.is_empty() => {
                vec![t.msg_right_administrators(administrators.join(", "))]
            }
            (Some(Way::Join { .. }), _) => Vec::new(),
            (_, Some(Error::Forbidden(Some(right)))) => vec![rights::giver(t, *right)],
            _ => Vec::new(),
        }
    }

    /// A ticket that asks for the right, ready to send. The merchant's owners see it too.
    fn ask(&self) -> Option<String> {
        let Some(Way::Ask { merchant, right, helpers, may_open_ticket: true }) = self.way else {
            return None;
        };
        let (t, right) = (self.t, rights::right(self.t, *right));
        let text = t.msg_right_ask_text(&right, merchant, helpers.owners.join(", "));
        Some(ticket_address("access", &t.msg_right_ask_subject(right), &text))
    }

    /// Where support reads mail, for who has no other way in.
    fn support(&self) -> Option<&str> {
        match self.way {
            Some(Way::Join { support_email, .. }) => support_email.as_deref(),
            Some(Way::Ask { .. } | Way::Platform { .. }) | None => None,
        }
    }

    /// What support would ask for.
    fn is_quoted(&self) -> bool {
        self.status.is_server_error()
            || (self.status.as_u16() == 403 && self.way.is_none() && self.givers().is_empty())
    }
}
