//! The cardholder's side: one address per payment. GET shows where the payment stands and changes
//! nothing; POST takes the form of the page that is shown.

use actix_web::http::header::{ACCEPT_LANGUAGE, LOCATION};
use actix_web::{HttpRequest, HttpResponse};

use super::cards::Outcome;
use super::form::{self, Fault, Typed, Wish};
use super::page_lang::PageLang;
use super::payment::{Mean, Payment, Stage};
use super::{Shared, api, callbacks, views, wallets};

/// The language: the address says it, else the browser.
fn lang(request: &HttpRequest) -> PageLang {
    let chosen = api::query(request).into_iter().find(|(name, _)| name == "lang");
    chosen.and_then(|(_, code)| PageLang::parse(&code)).unwrap_or_else(|| {
        let header = request.headers().get(ACCEPT_LANGUAGE);
        PageLang::negotiate(header.and_then(|value| value.to_str().ok()).unwrap_or_default())
    })
}

fn find(shared: &Shared, customer_token: &str) -> Option<Payment> {
    shared.store.read(shared.clock.now(), |state| {
        state.by_customer_token(customer_token).map(|(payment, _)| payment.clone())
    })
}

pub fn show(shared: &Shared, request: &HttpRequest, customer_token: &str) -> HttpResponse {
    let lang = lang(request);
    match find(shared, customer_token) {
        Some(payment) => views::payment(&payment, lang, shared.clock.now()),
        None => views::unknown(lang),
    }
}

/// What a form led to.
enum Step {
    /// Look where the payment stands now.
    Go(String),
    /// The form again, with its faults.
    Again(Box<Payment>, Vec<Fault>),
    Unknown,
}

pub async fn submit(
    shared: &Shared,
    request: &HttpRequest,
    customer_token: &str,
    body: &[u8],
) -> HttpResponse {
    let (lang, typed) = (lang(request), Typed::read(body));
    match step(shared, customer_token, &typed) {
        Step::Go(merchant_token) => {
            callbacks::deliver(shared, &merchant_token).await;
            let target = format!("/payment/{customer_token}?lang={lang}");
            HttpResponse::SeeOther()
                .insert_header((LOCATION, target))
                .insert_header(("Cache-Control", "no-store"))
                .finish()
        }
        Step::Again(payment, faults) => {
            let typed = typed.without_secrets();
            views::form(&payment, &typed, &faults, lang)
        }
        Step::Unknown => views::unknown(lang),
    }
}

/// A form whose attempt key is not the payment's has been sent before, or its page is out of date:
/// it changes nothing.
fn step(shared: &Shared, customer_token: &str, typed: &Typed) -> Step {
    let now = shared.clock.now();
    shared.store.change(now, |state| {
        let blacklist = state.blacklist.clone();
        let Some((payment, number)) = state.by_customer_token(customer_token) else {
            return Step::Unknown;
        };
        let go = Step::Go(payment.merchant_token.clone());
        if typed.attempt != payment.attempt_key || payment.is_expired(now) {
            return go;
        }
        match (payment.stage, typed.outcome.as_str()) {
            (Stage::Open, _) => {
                match form::validate(typed, payment.method, payment.secure3d, now) {
                    Ok(Wish::Card(mean, outcome)) => {
                        let outcome = payment.refused_by(&blacklist, &mean).unwrap_or(outcome);
                        if outcome == Outcome::Paid && payment.is_suspicious() {
                            payment.ask_bank(mean);
                        } else {
                            payment.attempt(mean, outcome, number, now);
                        }
                    }
                    Ok(Wish::Wallet) => payment.turn_to(Stage::Wallet),
                    Err(faults) => return Step::Again(Box::new(payment.clone()), faults),
                }
            }
            (Stage::Challenge, "confirm") => payment.answer_challenge(true, number, now),
            (Stage::Challenge, "refuse") => payment.answer_challenge(false, number, now),
            (Stage::Wallet, "paid") => {
                payment.attempt(wallet(payment, typed), Outcome::Paid, number, now);
            }
            (Stage::Wallet, "refused") => {
                payment.attempt(wallet(payment, typed), Outcome::Declined("005"), number, now);
            }
            (Stage::Wallet, "pending") => {
                payment.attempt(wallet(payment, typed), Outcome::Pending, number, now);
            }
            (Stage::Wallet, "back") => payment.turn_to(Stage::Open),
            (Stage::Pending, "paid") => payment.decide(true, now),
            (Stage::Pending, "refused") => payment.decide(false, now),
            (
                Stage::Challenge | Stage::Wallet | Stage::Pending | Stage::Paid | Stage::Failed,
                _,
            ) => {}
        }
        go
    })
}

fn wallet(payment: &Payment, typed: &Typed) -> Mean {
    wallets::mean(&typed.wallet, payment.money())
}
