//! The mails as pages. Whatever a mail's HTML holds, no script in it runs; its links work.

use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use chrono_tz::{Europe::Rome, Tz};

use super::store::Stored;
use super::{Mail, Mailbox, REFUSALS, REFUSING_DOMAIN};
use crate::kernel::{Lang, Texts, dates};
use crate::sandbox::site::{self, Fields};

const ROWS_MAX: usize = 100;

/// Where the merchants of the demo are, or near it.
const ZONE: Tz = Rome;

/// The frame's sandbox again, for those who open the part alone.
const MAIL_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'self'; \
     sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation";

const SHOW_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; \
     frame-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

pub(super) fn routes(mailbox: &Mailbox, config: &mut ServiceConfig) {
    config
        .app_data(Data::new(mailbox.clone()))
        .configure(site::assets)
        .route("/", web::get().to(list))
        .route("/clear", web::post().to(clear))
        .route("/{id:[0-9]+}", web::get().to(show))
        .route("/{id:[0-9]+}/html", web::get().to(html_part))
        .route("/{id:[0-9]+}/text", web::get().to(text_part))
        .route("/{id:[0-9]+}/raw", web::get().to(raw));
}

#[derive(Template)]
#[template(path = "sandbox/mailbox/list.html")]
struct ListPage {
    lang: Lang,
    t: &'static Texts,
    total: usize,
    rows: Vec<Row>,
    newer: Option<&'static str>,
    older: Option<String>,
}

impl ListPage {
    /// `unknown@refuses.example, …`: what to write to in order to see a refusal.
    fn refusals(&self) -> String {
        let names = REFUSALS.iter().map(|(name, _)| format!("{name}@{REFUSING_DOMAIN}"));
        self.t.msg_sandbox_mailbox_refusals(names.collect::<Vec<_>>().join(", "))
    }
}

struct Row {
    id: u64,
    to: String,
    subject: String,
    time: String,
    machine_time: String,
}

/// `GET /`, and `GET /?before=<id>` for older ones.
async fn list(req: HttpRequest, mailbox: Data<Mailbox>) -> HttpResponse {
    let lang = site::lang(&req);
    let fields = Fields::read(req.query_string().as_bytes());
    let before = fields.one("before").and_then(|id| id.parse().ok());
    let mails = mailbox.0.store.page(before.unwrap_or(u64::MAX), ROWS_MAX);
    let last = mails.get(ROWS_MAX - 1).map(|mail| mail.id);
    let older = last.filter(|id| !mailbox.0.store.page(*id, 1).is_empty());
    let now = mailbox.0.clock.now();
    let row = |mail: &Stored| Row {
        id: mail.id,
        to: mail.to.join(", "),
        subject: mail.subject.clone(),
        time: dates::moment(mail.received_at, now, ZONE, lang),
        machine_time: dates::machine(mail.received_at, ZONE),
    };
    let page = ListPage {
        lang,
        t: lang.texts(),
        total: mailbox.count(),
        rows: mails.iter().map(|mail| row(mail)).collect(),
        newer: before.map(|_| "/"),
        older: older.map(|id| format!("/?before={id}")),
    };
    site::html(StatusCode::OK, &page)
}

#[derive(Template)]
#[template(path = "sandbox/mailbox/show.html")]
struct ShowPage {
    lang: Lang,
    t: &'static Texts,
    facts: Vec<(String, String)>,
    headers: Vec<(String, String)>,
    mail: Mail,
}

impl ShowPage {
    fn new(lang: Lang, mail: Mail) -> Self {
        let t = lang.texts();
        let facts = [
            (t.msg_sandbox_mailbox_from(), mail.header("From")),
            (t.msg_sandbox_mailbox_to(), mail.header("To")),
            (t.msg_sandbox_mailbox_delivered_to(), Some(mail.to.join(", "))),
            (t.msg_sandbox_mailbox_reply_to(), mail.header("Reply-To")),
            (t.msg_sandbox_mailbox_date(), Some(dates::full(mail.received_at, ZONE, lang))),
        ];
        let facts = facts.into_iter().filter_map(|(label, value)| Some((label, value?))).collect();
        Self { lang, t, facts, headers: mail.headers(), mail }
    }

    fn subject(&self) -> String {
        match self.mail.subject.as_str() {
            "" => self.t.msg_sandbox_mailbox_no_subject(),
            subject => subject.to_owned(),
        }
    }
}

/// `GET /{id}`
async fn show(req: HttpRequest, id: Path<u64>, mailbox: Data<Mailbox>) -> HttpResponse {
    let lang = site::lang(&req);
    match find(&mailbox, *id) {
        Some(mail) => {
            let page = ShowPage::new(lang, mail);
            site::with_policy(site::html(StatusCode::OK, &page), SHOW_POLICY)
        }
        None => missing(lang),
    }
}

/// `GET /{id}/html`
async fn html_part(req: HttpRequest, id: Path<u64>, mailbox: Data<Mailbox>) -> HttpResponse {
    match find(&mailbox, *id).and_then(|mail| mail.shown_html()) {
        Some(html) => {
            let response = HttpResponse::Ok()
                .content_type("text/html; charset=utf-8")
                .body(opening_in_this_tab(&html));
            site::with_policy(response, MAIL_POLICY)
        }
        None => missing(site::lang(&req)),
    }
}

/// `GET /{id}/text`
async fn text_part(req: HttpRequest, id: Path<u64>, mailbox: Data<Mailbox>) -> HttpResponse {
    match find(&mailbox, *id).and_then(|mail| mail.text) {
        Some(text) => HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(text),
        None => missing(site::lang(&req)),
    }
}

/// `GET /{id}/raw`
async fn raw(req: HttpRequest, id: Path<u64>, mailbox: Data<Mailbox>) -> HttpResponse {
    match find(&mailbox, *id) {
        Some(mail) => HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(mail.raw),
        None => missing(site::lang(&req)),
    }
}

/// `POST /clear`
async fn clear(req: HttpRequest, mailbox: Data<Mailbox>) -> HttpResponse {
    if site::is_foreign(&req) {
        return HttpResponse::Forbidden().finish();
    }
    mailbox.clear();
    site::see_other("/")
}

fn find(mailbox: &Mailbox, id: u64) -> Option<Mail> {
    mailbox.0.store.get(id).map(|stored| Mail::read(&stored))
}

#[derive(Template)]
#[template(path = "sandbox/mailbox/missing.html")]
struct MissingPage {
    lang: Lang,
    t: &'static Texts,
}

fn missing(lang: Lang) -> HttpResponse {
    site::html(StatusCode::NOT_FOUND, &MissingPage { lang, t: lang.texts() })
}

/// Makes the links of a mail leave the frame. `<base>` goes to the start of the head, else behind
/// the doctype: before it, the browser would fall back to the layout of old.
fn opening_in_this_tab(html: &str) -> String {
    let lower = html.to_ascii_lowercase();
    let place = ["<head", "<html", "<!doctype"]
        .into_iter()
        .find_map(|tag| end_of_tag(&lower, tag))
        .unwrap_or(0);
    let (before, after) = html.split_at_checked(place).unwrap_or(("", html));
    format!("{before}<base target=\"_top\">{after}")
}

fn end_of_tag(lower: &str, tag: &str) -> Option<usize> {
    let is_tag = |start: &usize| {
        lower
            .get(start + tag.len()..)
            .is_some_and(|rest| rest.starts_with(|c: char| c == '>' || c.is_ascii_whitespace()))
    };
    let start = lower.match_indices(tag).map(|(start, _)| start).find(is_tag)?;
    Some(start + lower.get(start..)?.find('>')? + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_leave_the_frame_and_the_doctype_stays_first() {
        const BASE: &str = "<base target=\"_top\">";
        for (before, after) in [
            ("<!DOCTYPE html><html><HEAD lang=it>", "<title>x</title></head>"),
            ("<!doctype html><html lang=\"it\">", "<header>x</header>"),
            ("<!doctype html>", "<p>x</p>"),
            ("", "<p>è</p>"),
        ] {
            assert_eq!(
                opening_in_this_tab(&format!("{before}{after}")),
                format!("{before}{BASE}{after}")
            );
        }
    }
}
