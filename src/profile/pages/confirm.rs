//! `/email-changes/{token}`: what the link in a mail opens, without signing in. The link is the proof
//! that its holder reads the address. Mail scanners open links: opening one changes nothing.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use askama::Template;
use chrono::{DateTime, Utc};
use diesel::PgConnection;

use crate::auth::audit::{Actor, By};
use crate::db::Tenants;
use crate::kernel::{Error, Texts};
use crate::mail;
use crate::profile::commands;
use crate::profile::lookups::{self, Found, Link};
use crate::profile::model::{EmailChangeEnd, Side};
use crate::web::ui::Icon;
use crate::web::{App, Client, Html, Ui, html_with};

/// What is shown, and under which status.
struct Shown {
    icon: Icon,
    title: String,
    words: String,
    status: StatusCode,
}

#[derive(Template)]
#[template(path = "profile/confirm.html")]
struct ConfirmPage {
    ui_of: Ui,
    t: &'static Texts,
    token: String,
    link: Link,
    shown: Shown,
}

impl ConfirmPage {
    /// Whether the link's side may also say no.
    fn may_cancel(&self) -> bool {
        matches!(&self.link, Link::Open(found) if found.side == Side::Old)
    }
}

impl Shown {
    /// Each end says how to go on.
    fn of(link: &Link, t: &Texts) -> Self {
        let (icon, title, words, status) = match link {
            Link::Open(Found { change, name, .. }) => (
                Icon("mail"),
                t.msg_email_change_title(),
                t.msg_email_change_words(name, &change.old_email, &change.new_email),
                StatusCode::OK,
            ),
            Link::Used => (
                Icon("mail-check"),
                t.msg_email_change_half_title(),
                t.msg_email_change_half_words(),
                StatusCode::OK,
            ),
            Link::Ended(EmailChangeEnd::Done) => (
                Icon("circle-check"),
                t.msg_email_change_done_title(),
                t.msg_email_change_done_words(),
                StatusCode::OK,
            ),
            Link::Ended(EmailChangeEnd::Cancelled) => (
                Icon("ban"),
                t.msg_email_change_cancelled_title(),
                t.msg_email_change_cancelled_words(),
                StatusCode::OK,
            ),
            Link::Ended(EmailChangeEnd::Taken) => (
                Icon("ban"),
                t.msg_email_change_cancelled_title(),
                t.msg_email_change_taken_words(),
                StatusCode::CONFLICT,
            ),
            Link::Ended(EmailChangeEnd::Replaced) => (
                Icon("search"),
                t.msg_email_change_gone_title(),
                t.msg_email_change_replaced_words(),
                StatusCode::GONE,
            ),
            Link::Late => (
                Icon("hourglass"),
                t.msg_email_change_gone_title(),
                t.msg_email_change_late_words(),
                StatusCode::GONE,
            ),
            Link::Unknown => (
                Icon("search"),
                t.msg_email_change_unknown_title(),
                t.msg_email_change_unknown_words(),
                StatusCode::NOT_FOUND,
            ),
        };
        Self { icon, title, words, status }
    }
}

fn page(req: &HttpRequest, token: String, link: Link) -> Html {
    let ui_of = Ui::of(req);
    let t = ui_of.lang.texts();
    let shown = Shown::of(&link, t);
    html_with(shown.status, &ConfirmPage { ui_of, t, token, link, shown })
}

/// `GET /email-changes/{token}`: asks.
pub async fn show(req: HttpRequest, app: Data<App>, client: Client, path: Path<String>) -> Html {
    app.limits.invitation.take(&client.neighbours())?;
    let (token, now) = (path.into_inner(), app.clock.now());
    let asked = token.clone();
    let read = move |conn: &mut PgConnection| lookups::by_token(conn, &asked, now);
    let link = app.db.run(Tenants::none(), read).await?;
    page(&req, token, link)
}

/// `POST /email-changes/{token}`: the address confirms. What the body says decides nothing.
pub async fn confirm(req: HttpRequest, app: Data<App>, client: Client, path: Path<String>) -> Html {
    answer(req, &app, &client, path.into_inner(), commands::confirm).await
}

/// `POST /email-changes/{token}/cancellation`: the old address says no.
pub async fn cancel(req: HttpRequest, app: Data<App>, client: Client, path: Path<String>) -> Html {
    answer(req, &app, &client, path.into_inner(), commands::cancel_by_link).await
}

/// What the holder of a link wants done; what the link leads to from then on.
type Act = fn(&mut PgConnection, &By, &str, DateTime<Utc>) -> Result<Link, Error>;

async fn answer(req: HttpRequest, app: &App, client: &Client, token: String, act: Act) -> Html {
    app.limits.invitation.take(&client.neighbours())?;
    let (by, now) = (client.anonymous(Actor::User), app.clock.now());
    let held = token.clone();
    let write = move |conn: &mut PgConnection| act(conn, &by, &held, now);
    let link = app.db.run(mail::nobodys(), write).await?;
    page(&req, token, link)
}
