//! What the pages are made of.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::page_lang::PageLang;
use super::payment::Payment;
use super::{seal, wire};
use crate::kernel::{Texts, dates};

/// The zone in which the sandbox writes times.
pub const ZONE: Tz = chrono_tz::Europe::Rome;

/// What every page has.
pub struct Frame {
    pub t: &'static Texts,
    pub lang: PageLang,
    pub title: String,
}

impl Frame {
    pub fn new(lang: PageLang, title: String) -> Self {
        Self { t: lang.texts(), lang, title }
    }

    pub const fn langs() -> [PageLang; 6] {
        PageLang::ALL
    }
}

/// The payment as pages show it.
pub struct Due {
    pub merchant: String,
    pub amount: String,
    pub order_id: String,
    pub description: String,
    pub expires: String,
    pub expires_machine: String,
    pub attempt_key: String,
}

impl Due {
    pub fn new(payment: &Payment, lang: PageLang) -> Self {
        let expires = lang.weekday(payment.expires_at);
        Self {
            merchant: payment.merchant_name.clone(),
            amount: lang.amount(payment.money()),
            order_id: payment.order_text("id").unwrap_or_default().to_owned(),
            description: payment.order_text("description").unwrap_or_default().to_owned(),
            expires: format!("{expires}, {}", dates::time(payment.expires_at, ZONE)),
            expires_machine: dates::machine(payment.expires_at, ZONE),
            attempt_key: payment.attempt_key.clone(),
        }
    }
}

/// The form that takes the browser back to the merchant.
pub struct Return {
    pub url: String,
    pub data: String,
    pub customer: String,
}

impl Return {
    pub fn new(payment: &Payment, now: DateTime<Utc>) -> Option<Self> {
        let status = wire::status(payment, payment.version, now);
        Some(Self {
            url: payment.redirect_url.clone()?,
            data: seal::seal(&status.to_string(), &payment.merchant_token)?,
            customer: payment.customer_token.clone(),
        })
    }
}

/// A page and the headers that a payment page needs. The browser may post to the merchant's origin.
pub fn html(status: StatusCode, page: &impl Template, redirect_url: Option<&str>) -> HttpResponse {
    let origin = redirect_url
        .and_then(|url| url::Url::parse(url).ok())
        .map(|url| url.origin().ascii_serialization())
        .unwrap_or_default();
    let policy = format!(
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
         form-action 'self' {origin}; base-uri 'none'; frame-ancestors 'none'"
    );
    match page.render() {
        Ok(body) => HttpResponse::build(status)
            .insert_header(("Content-Type", "text/html; charset=utf-8"))
            .insert_header(("Content-Security-Policy", policy))
            .insert_header(("X-Content-Type-Options", "nosniff"))
            .insert_header(("Referrer-Policy", "same-origin"))
            .insert_header(("Cache-Control", "no-store"))
            .body(body),
        Err(error) => {
            tracing::error!(%error, "sandbox gateway: a page could not be written");
            wire::code(StatusCode::INTERNAL_SERVER_ERROR, "500", "Internal operation error")
        }
    }
}
