//! The page with the button, and the pages that say how it went.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use askama::Template;

use crate::auth::session;
use crate::kernel::{Lang, Texts};
use crate::web::ui::Icon;
use crate::web::{App, Html, PublicShell, Query, Ui, html, html_with, return_to, see_other};

#[derive(Template)]
#[template(path = "sign_in/show.html")]
struct SignInPage {
    ui_of: Ui,
    t: &'static Texts,
    return_to: String,
    path: String,
    /// A session has run out: it says so.
    is_again: bool,
}

/// `GET /sign-in`: the page with the button. Who is signed in already goes on.
pub async fn show(req: HttpRequest, shell: PublicShell, app: Data<App>, query: Query) -> Html {
    let return_to = return_to::safe(query.one("return_to").unwrap_or("/"), &app.routes);
    if session::principal(&req)?.is_some() {
        return Ok(see_other(return_to));
    }
    let is_again = session::lapsed(&req).is_some();
    html(&SignInPage { ui_of: shell.ui, t: shell.t, return_to, path: shell.path, is_again })
}

/// `GET /signed-out`
pub async fn signed_out(shell: PublicShell) -> Html {
    message(StatusCode::OK, &shell, Message::SignedOut)
}

/// A page that says how it went.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Message {
    Failed,
    Unavailable,
    NoAccess,
    /// Staff without a second factor.
    TooWeak,
    /// Somebody else came back than was signed in before.
    Another,
    SignedOut,
}

#[derive(Template)]
#[template(path = "sign_in/message.html")]
struct MessagePage {
    ui_of: Ui,
    t: &'static Texts,
    message: Message,
}

impl MessagePage {
    fn icon(&self) -> Icon {
        Icon(match self.message {
            Message::Failed => "circle-x",
            Message::Unavailable => "cloud-off",
            Message::NoAccess | Message::TooWeak | Message::Another => "lock",
            Message::SignedOut => "logout",
        })
    }

    fn title(&self) -> String {
        match self.message {
            Message::Failed => self.t.msg_sign_in_failed_title(),
            Message::Unavailable => self.t.msg_sign_in_unavailable_title(),
            Message::NoAccess => self.t.msg_no_access_title(),
            Message::TooWeak => self.t.msg_sign_in_too_weak_title(),
            Message::Another => self.t.msg_sign_in_another_title(),
            Message::SignedOut => self.t.msg_signed_out_title(),
        }
    }

    fn words(&self) -> String {
        match self.message {
            Message::Failed => self.t.msg_sign_in_failed_words(),
            Message::Unavailable => self.t.msg_sign_in_unavailable_words(),
            Message::NoAccess => self.t.msg_no_access_words(),
            Message::TooWeak => self.t.msg_sign_in_too_weak_words(),
            Message::Another => self.t.msg_sign_in_another_words(),
            Message::SignedOut => self.t.msg_signed_out_words(),
        }
    }
}

pub(super) fn message(status: StatusCode, shell: &PublicShell, message: Message) -> Html {
    html_with(status, &MessagePage { ui_of: shell.ui, t: shell.t, message })
}
