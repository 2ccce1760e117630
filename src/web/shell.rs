//! The frame around every page: language, theme, who is signed in, the menu.

use std::future::{Ready, ready};

use actix_session::SessionExt as _;
use actix_web::cookie::Cookie;
use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use super::app::App;
use super::flash::Flash;
use super::ui::counted;
use super::{again, poll};
use crate::auth::{Membership, Principal, csrf, session};
use crate::kernel::{Error, Lang, Right, Texts};

/// The cookie that remembers how somebody wants to see pages. A year; validated words only.
pub const UI_COOKIE: &str = "__Host-ui";

/// How a reader wants to see pages, signed in or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ui {
    pub lang: Lang,
    pub theme: Theme,
}

/// Light, dark, or what the system says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::System, Self::Light, Self::Dark].into_iter().find(|theme| theme.as_str() == text)
    }
}

impl Ui {
    /// The cookie's word; without one the browser's language and the system's theme.
    #[must_use]
    pub fn of(req: &HttpRequest) -> Self {
        let cookie = req.cookie(UI_COOKIE);
        let chosen = cookie.as_ref().and_then(|cookie| {
            let (lang, theme) = cookie.value().split_once('.')?;
            Some((Lang::parse(lang)?, Theme::parse(theme)?))
        });
        let (lang, theme) = chosen.unwrap_or_else(|| {
            let accepted = req.headers().get(header::ACCEPT_LANGUAGE);
            let accepted = accepted.and_then(|value| value.to_str().ok()).unwrap_or_default();
            (Lang::negotiate(accepted), Theme::System)
        });
        Self { lang, theme }
    }

    #[must_use]
    pub fn cookie(self) -> Cookie<'static> {
        Cookie::build(UI_COOKIE, format!("{}.{}", self.lang.code(), self.theme.as_str()))
            .path("/")
            .secure(true)
            .http_only(true)
            .same_site(actix_web::cookie::SameSite::Lax)
            .max_age(actix_web::cookie::time::Duration::days(365))
            .finish()
    }

    /// For `<html data-bs-theme>`; `None` follows the system.
    #[must_use]
    pub const fn theme_attribute(self) -> Option<&'static str> {
        match self.theme {
            Theme::System => None,
            Theme::Light | Theme::Dark => Some(self.theme.as_str()),
        }
    }
}

/// The frame of pages that need no account.
pub struct PublicShell {
    pub ui: Ui,
    pub t: &'static Texts,
    /// Where to come back to after changing the language.
    pub path: String,
}

impl FromRequest for PublicShell {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let ui = Ui::of(req);
        ready(Ok(Self { ui, t: ui.lang.texts(), path: path(req) }))
    }
}

/// The frame of the backoffice.
pub struct Shell {
    pub ui: Ui,
    pub lang: Lang,
    pub t: &'static Texts,
    pub principal: Principal,
    /// For forms: masked anew for each page.
    pub csrf_token: String,
    pub flash: Option<Flash>,
    /// A form of this page could not be taken: the user has signed in again meanwhile.
    pub is_again: bool,
    pub now: DateTime<Utc>,
    /// The reader's time zone, theirs or the merchant's: what times on pages mean.
    pub zone: Tz,
    /// The merchant's time zone: when days end there, and what is planned at a time of day.
    pub trading_zone: Tz,
    pub path: String,
}

impl Shell {
    /// The day that it is for the reader.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        self.now.with_timezone(&self.zone).date_naive()
    }

    /// The frame of the page that answers a request; takes the message that waits for it.
    pub fn of(req: &HttpRequest) -> Result<Self, Error> {
        let principal = session::principal(req)?.ok_or(Error::SignInRequired)?;
        let app = req.app_data::<Data<App>>().ok_or_else(|| Error::internal("no App"))?;
        let ui = Ui::of(req);
        let trading_zone = principal.current().map_or(chrono_tz::UTC, |current| current.time_zone);
        Ok(Self {
            ui,
            lang: ui.lang,
            t: ui.lang.texts(),
            csrf_token: csrf::mask(&principal.csrf_secret)?,
            // A page that looks by itself must not take what is meant for a person.
            flash: if poll::is_poll(req.headers()) {
                None
            } else {
                session::take_flash(&req.get_session())
            },
            is_again: again::is_again(req),
            now: app.clock.now(),
            zone: principal.time_zone.unwrap_or(trading_zone),
            trading_zone,
            path: path(req),
            principal,
        })
    }

    #[must_use]
    pub fn current(&self) -> Option<&Membership> {
        self.principal.current()
    }

    /// Notices that the reader has not read; a hundred stands for that many or more.
    #[must_use]
    pub fn unread(&self) -> i64 {
        self.current().map_or(0, |current| current.unread)
    }

    /// The same, as the menu shows it.
    #[must_use]
    pub fn unread_words(&self) -> String {
        counted(self.unread())
    }

    #[must_use]
    pub fn has_several_merchants(&self) -> bool {
        self.principal.merchants.len() > 1
    }

    /// Whether the menu and the buttons offer what needs `right`.
    #[must_use]
    pub fn may(&self, right: Right) -> bool {
        self.principal.may(right)
    }

    /// Up to two letters for the round sign beside the merchant's name.
    #[must_use]
    pub fn initials(&self) -> String {
        let name =
            self.current().map_or(self.principal.name.as_str(), |current| &current.merchant_name);
        name.split_whitespace()
            .filter_map(|word| word.chars().next())
            .take(2)
            .flat_map(char::to_uppercase)
            .collect()
    }

    /// Whether it is the start page, however it was asked for.
    #[must_use]
    pub fn is_home(&self) -> bool {
        self.path == "/" || self.path.starts_with("/?")
    }

    /// Whether the page belongs to the menu entry at `path`.
    #[must_use]
    pub fn is_in(&self, path: &str) -> bool {
        self.path.starts_with(path)
    }
}

impl FromRequest for Shell {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(req))
    }
}

fn path(req: &HttpRequest) -> String {
    req.uri().path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string)
}
