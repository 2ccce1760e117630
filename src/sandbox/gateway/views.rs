//! The pages as HTML: one for each stage of a payment.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;
use chrono::{DateTime, Utc};
use serde_json::Value;

use super::cards::{self, Outcome, TEST_CARDS};
use super::direct;
use super::form::{Fault, Typed};
use super::page_lang::PageLang;
use super::parts::{Due, Frame, Return, html};
use super::payment::{Attempt, Method, Payment, Stage};
use super::wallets::{self, Wallet};
use crate::kernel::Texts;

struct TestCard {
    number: String,
    does: String,
}

#[derive(Template)]
#[template(path = "sandbox/gateway/pay.html")]
struct PayPage<'a> {
    frame: Frame,
    due: Due,
    typed: &'a Typed,
    faults: Vec<(&'static str, String)>,
    /// Why the last try was refused, and how many are left.
    declined: Option<(String, u32)>,
    offers_card: bool,
    offers_wallet: bool,
    test_cards: Vec<TestCard>,
}

impl PayPage<'_> {
    fn fault(&self, field: &str) -> Option<&str> {
        self.faults.iter().find(|(name, _)| *name == field).map(|(_, words)| words.as_str())
    }

    fn has_choice(&self) -> bool {
        self.offers_card && self.offers_wallet
    }
}

/// A page of the bank, of the wallet, or of waiting: a question and the buttons that answer it.
#[derive(Template)]
#[template(path = "sandbox/gateway/ask.html")]
struct AskPage {
    frame: Frame,
    due: Due,
    text: String,
    sandbox_note: String,
    /// Value, words, class of each button.
    buttons: Vec<(&'static str, String, &'static str)>,
    is_waiting: bool,
    /// The wallets to choose from, and the code that they would scan: a PNG in base64.
    wallets: &'static [Wallet],
    qr_code: String,
    back: Option<Return>,
}

#[derive(Template)]
#[template(path = "sandbox/gateway/result.html")]
struct ResultPage {
    frame: Frame,
    icon: &'static str,
    text: String,
    notes: Vec<String>,
    facts: Vec<(String, String)>,
    merchant: String,
    back: Option<Return>,
}

/// The page that the payment's stage calls for.
pub fn payment(payment: &Payment, lang: PageLang, now: DateTime<Utc>) -> HttpResponse {
    match payment.stage {
        _ if payment.is_expired(now) => expired(payment, lang, now),
        Stage::Open => form(payment, &Typed::default(), &[], lang),
        Stage::Challenge => challenge(payment, lang),
        Stage::Wallet => wallet(payment, lang),
        Stage::Pending => pending(payment, lang, now),
        Stage::Paid => paid(payment, lang, now),
        Stage::Failed => failed(payment, lang, now),
    }
}

/// The form, empty or as it was sent.
pub fn form(payment: &Payment, typed: &Typed, faults: &[Fault], lang: PageLang) -> HttpResponse {
    let t = lang.texts();
    let due = Due::new(payment, lang);
    let declined = payment
        .last_initial()
        .filter(|_| faults.is_empty())
        .map(|attempt| (reason(attempt, t), payment.attempts_left()));
    let page = PayPage {
        frame: Frame::new(lang, t.msg_sandbox_gateway_title(&due.amount, &due.merchant)),
        due,
        typed,
        faults: faults.iter().map(|fault| (fault.field(), fault.words(t))).collect(),
        declined,
        offers_card: payment.method != Some(Method::Alipay),
        offers_wallet: payment.method != Some(Method::CreditCard),
        test_cards: TEST_CARDS
            .iter()
            .map(|(number, outcome)| TestCard {
                number: cards::grouped(number),
                does: does(*outcome, t),
            })
            .collect(),
    };
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    html(status, &page, payment.redirect_url.as_deref())
}

fn does(outcome: Outcome, t: &Texts) -> String {
    match outcome {
        Outcome::Paid => t.msg_sandbox_gateway_card_paid(),
        Outcome::Declined("051") => t.msg_sandbox_gateway_card_funds(),
        Outcome::Declined("054") => t.msg_sandbox_gateway_card_expired(),
        Outcome::Declined("091") => t.msg_sandbox_gateway_card_unreachable(),
        Outcome::Declined(_) => t.msg_sandbox_gateway_card_refused(),
        Outcome::Challenge => t.msg_sandbox_gateway_card_challenge(),
        Outcome::Pending => t.msg_sandbox_gateway_card_pending(),
    }
}

/// Why an attempt was refused, for the person who tried.
fn reason(attempt: &Attempt, t: &Texts) -> String {
    match (attempt.mean.method, attempt.result_code.as_str()) {
        (_, "051") => t.msg_sandbox_gateway_reason_funds(),
        (_, "054") => t.msg_sandbox_gateway_reason_expired(),
        (_, "091") => t.msg_sandbox_gateway_reason_unreachable(),
        (Method::Alipay, _) => t.msg_sandbox_gateway_reason_wallet(),
        (Method::CreditCard, _) => t.msg_sandbox_gateway_reason_refused(),
    }
}

fn challenge(payment: &Payment, lang: PageLang) -> HttpResponse {
    let (t, due) = (lang.texts(), Due::new(payment, lang));
    let page = AskPage {
        frame: Frame::new(lang, t.msg_sandbox_gateway_challenge_title()),
        text: t.msg_sandbox_gateway_challenge_text(&due.amount, &due.merchant),
        due,
        sandbox_note: t.msg_sandbox_gateway_challenge_note(),
        buttons: vec![
            ("confirm", t.msg_sandbox_gateway_challenge_confirm(), "btn-primary"),
            ("refuse", t.msg_sandbox_gateway_challenge_refuse(), ""),
        ],
        is_waiting: false,
        wallets: &[],
        qr_code: String::new(),
        back: None,
    };
    html(StatusCode::OK, &page, payment.redirect_url.as_deref())
}

fn wallet(payment: &Payment, lang: PageLang) -> HttpResponse {
    let (t, due) = (lang.texts(), Due::new(payment, lang));
    let mut buttons = vec![
        ("paid", t.msg_sandbox_gateway_wallet_paid(), "btn-primary"),
        ("refused", t.msg_sandbox_gateway_wallet_refused(), ""),
        ("pending", t.msg_sandbox_gateway_wallet_pending(), ""),
    ];
    if payment.method.is_none() {
        buttons.push(("back", t.msg_sandbox_gateway_wallet_back(), "btn-quiet"));
    }
    let page = AskPage {
        frame: Frame::new(lang, t.msg_sandbox_gateway_wallet_title()),
        text: t.msg_sandbox_gateway_wallet_text(&due.amount, &due.merchant),
        due,
        sandbox_note: t.msg_sandbox_gateway_wallet_note(),
        buttons,
        is_waiting: false,
        wallets: &wallets::ALL,
        qr_code: direct::code(&payment.customer_token),
        back: None,
    };
    html(StatusCode::OK, &page, payment.redirect_url.as_deref())
}

fn pending(payment: &Payment, lang: PageLang, now: DateTime<Utc>) -> HttpResponse {
    let t = lang.texts();
    let page = AskPage {
        frame: Frame::new(lang, t.msg_sandbox_gateway_pending_title()),
        due: Due::new(payment, lang),
        text: t.msg_sandbox_gateway_pending_text(),
        sandbox_note: t.msg_sandbox_gateway_pending_note(),
        buttons: vec![
            ("paid", t.msg_sandbox_gateway_pending_paid(), ""),
            ("refused", t.msg_sandbox_gateway_pending_refused(), ""),
        ],
        is_waiting: true,
        wallets: &[],
        qr_code: String::new(),
        back: Return::new(payment, now),
    };
    html(StatusCode::OK, &page, payment.redirect_url.as_deref())
}

fn paid(payment: &Payment, lang: PageLang, now: DateTime<Utc>) -> HttpResponse {
    let (t, due) = (lang.texts(), Due::new(payment, lang));
    let mut facts = vec![(t.msg_sandbox_gateway_order_id(), due.order_id)];
    if let Some(attempt) = payment.last_initial() {
        if let Some(at) = DateTime::from_timestamp_millis(attempt.date) {
            facts.push((t.msg_sandbox_gateway_date(), lang.full(at)));
        }
        facts.push((t.msg_sandbox_gateway_way(), way(attempt)));
    }
    let page = ResultPage {
        frame: Frame::new(lang, t.msg_sandbox_gateway_paid_title()),
        icon: "circle-check",
        text: t.msg_sandbox_gateway_paid_text(&due.amount, &due.merchant),
        notes: vec![t.msg_sandbox_gateway_paid_once()],
        facts,
        merchant: due.merchant,
        back: Return::new(payment, now),
    };
    html(StatusCode::OK, &page, payment.redirect_url.as_deref())
}

/// `VISA …1111`, `GCash`.
fn way(attempt: &Attempt) -> String {
    let text = |name: &str| attempt.mean.info.get(name).and_then(Value::as_str).unwrap_or_default();
    match attempt.mean.method {
        Method::Alipay => wallets::name(attempt.mean.network.as_deref()).to_owned(),
        Method::CreditCard => {
            let last_four = text("cardNumber").rsplit('X').next().unwrap_or_default();
            format!("{} …{last_four}", text("cardBrand"))
        }
    }
}

fn failed(payment: &Payment, lang: PageLang, now: DateTime<Utc>) -> HttpResponse {
    let (t, due) = (lang.texts(), Due::new(payment, lang));
    let why = payment.last_initial().map(|attempt| reason(attempt, t)).unwrap_or_default();
    let page = ResultPage {
        frame: Frame::new(lang, t.msg_sandbox_gateway_failed_title()),
        icon: "circle-x",
        text: why,
        notes: vec![
            t.msg_sandbox_gateway_not_charged(),
            t.msg_sandbox_gateway_failed_ask(&due.merchant),
        ],
        facts: vec![
            (t.msg_sandbox_gateway_amount(), due.amount),
            (t.msg_sandbox_gateway_order_id(), due.order_id),
        ],
        merchant: due.merchant,
        back: Return::new(payment, now),
    };
    html(StatusCode::OK, &page, payment.redirect_url.as_deref())
}

fn expired(payment: &Payment, lang: PageLang, now: DateTime<Utc>) -> HttpResponse {
    let t = lang.texts();
    let page = ResultPage {
        frame: Frame::new(lang, t.msg_sandbox_gateway_expired_title()),
        icon: "clock",
        text: t.msg_sandbox_gateway_expired_text(&payment.merchant_name),
        notes: vec![t.msg_sandbox_gateway_not_charged()],
        facts: Vec::new(),
        merchant: payment.merchant_name.clone(),
        back: Return::new(payment, now),
    };
    html(StatusCode::OK, &page, payment.redirect_url.as_deref())
}

/// For a token that names nothing.
pub fn unknown(lang: PageLang) -> HttpResponse {
    let t = lang.texts();
    let page = ResultPage {
        frame: Frame::new(lang, t.msg_sandbox_gateway_unknown_title()),
        icon: "alert-circle",
        text: t.msg_sandbox_gateway_unknown_text(),
        notes: Vec::new(),
        facts: Vec::new(),
        merchant: String::new(),
        back: None,
    };
    html(StatusCode::NOT_FOUND, &page, None)
}
