//! Alipay without the hosted page: the merchant shows the code itself, or scans its customer's.
//!
//! The sandbox's own conventions: a code that we show (`pos`, `sdk`) leads to the payment's page, where
//! the outcome is chosen; without a choice it is paid after a minute. A code that the merchant has
//! scanned (`app`) pays at once, and is refused where it ends in 0005. There is no socket to wait at.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder as _};
use qrcode::{Color, QrCode};
use serde_json::{Map, Value, json};

use super::cards::Outcome;
use super::payment::{Method, Payment, Stage};
use super::version::Version;
use super::{Account, Shared, prepare, transactions_api, wallets, wire};

/// Pixels of one module of a code, and modules of the quiet zone around it.
const SCALE: usize = 4;
const QUIET: usize = 4;

/// How the customer pays.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Scans our code.
    Pos,
    /// Shows a code that the merchant has scanned.
    App,
    /// In an app of the merchant's.
    Sdk,
}

pub fn alipay_direct(
    shared: &Shared,
    account: &Account,
    customer_token: &str,
    body: &[u8],
) -> HttpResponse {
    match process(shared, account, customer_token, body) {
        Ok(answer) => wire::ok(&answer),
        Err(("404", message)) => wire::code(StatusCode::NOT_FOUND, "404", message),
        Err((code, message)) => wire::code(StatusCode::OK, code, message),
    }
}

fn process(
    shared: &Shared,
    account: &Account,
    customer_token: &str,
    body: &[u8],
) -> Result<Value, (&'static str, &'static str)> {
    let body = transactions_api::object(body).map_err(|code| (code, wire::message(code)))?;
    let text = |name: &str| {
        prepare::text(&body, name, 64).map_err(|_| ("501", "Incorrect transaction data"))
    };
    let mode = match text("mode")?.ok_or(("401", "Missing data: mode"))?.as_str() {
        "pos" => Mode::Pos,
        "app" => Mode::App,
        "sdk" => Mode::Sdk,
        _ => return Err(("501", "Incorrect transaction data: mode")),
    };
    let scanned = text("buyerIdentityCode")?;
    let outcome = match (mode, scanned) {
        (Mode::App, None) => return Err(("401", "Missing data: buyerIdentityCode")),
        (Mode::App, Some(code)) if code.ends_with("0005") => Outcome::Declined("005"),
        (Mode::App, Some(_)) => Outcome::Paid,
        (Mode::Pos | Mode::Sdk, _) => Outcome::Pending,
    };
    let asked = text("apiVersion")?.as_deref().and_then(Version::parse);
    let now = shared.clock.now();
    shared.store.change(now, |state| {
        let found = state.by_customer_token(customer_token);
        let (payment, number) = found
            .filter(|(payment, _)| payment.account == account.number)
            .ok_or(("404", "Payment not found"))?;
        if payment.method == Some(Method::CreditCard)
            || payment.stage != Stage::Open
            || payment.is_expired(now)
        {
            return Err(("501", "Incorrect transaction data: the payment can't be made so"));
        }
        payment.attempt(wallets::mean("", payment.money()), outcome, number, now);
        let url = format!("{}/payment/{customer_token}", shared.base_url);
        Ok(answer(payment, mode, asked.unwrap_or(payment.version), &url))
    })
}

fn answer(payment: &Payment, mode: Mode, version: Version, url: &str) -> Value {
    let Some(attempt) = payment.last_initial() else { return Value::Null };
    let mut members = Map::new();
    let mut set = |name: &str, value: Value| members.insert(name.to_owned(), value);
    set("apiVersion", version.to_string().into());
    set("code", "200".into());
    set("message", "Processed".into());
    set("transactionID", attempt.transaction_id.as_str().into());
    if let Some(rate) = attempt.mean.info.get("exchangeRate") {
        set("exchangeRate", rate.clone());
    }
    match mode {
        Mode::Pos => {
            set("qrCode", code(url).into());
            set("qrCodeUrl", url.into());
        }
        Mode::App => {
            set("transactionInfo", wire::transaction(payment, attempt, version));
        }
        Mode::Sdk => {
            set("rawRequest", json!({ "page": url }).to_string().into());
        }
    }
    members.into()
}

/// A PNG of the code, in base64; empty for a text that is too long for one.
pub fn code(text: &str) -> String {
    let Ok(code) = QrCode::new(text) else { return String::new() };
    let modules = code.width() + 2 * QUIET;
    let side = modules * SCALE;
    let colors = code.to_colors();
    let is_dark = |x: usize, y: usize| {
        let inside =
            |place: usize| (place / SCALE).checked_sub(QUIET).filter(|p| *p < code.width());
        let place = inside(y).zip(inside(x)).map(|(row, column)| row * code.width() + column);
        place.and_then(|place| colors.get(place)) == Some(&Color::Dark)
    };
    let pixels: Vec<u8> = (0..side * side)
        .map(|pixel| if is_dark(pixel % side, pixel / side) { 0 } else { u8::MAX })
        .collect();
    let mut png = Vec::new();
    let Ok(pixels_per_side) = u32::try_from(side) else { return String::new() };
    let written = PngEncoder::new(&mut png).write_image(
        &pixels,
        pixels_per_side,
        pixels_per_side,
        ExtendedColorType::L8,
    );
    if written.is_ok() { STANDARD.encode(png) } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_a_picture_with_a_quiet_zone() {
        let png = STANDARD.decode(code("https://example.it/payment/abc")).unwrap();
        let picture = image::load_from_memory(&png).unwrap().to_luma8();
        assert_eq!(picture.width() % 4, 0);
        assert_eq!(picture.get_pixel(0, 0).0, [255]);
        assert_eq!(picture.get_pixel(16, 16).0, [0], "the first corner begins after four modules");
        assert_eq!(code(&"x".repeat(5_000)), "");
    }
}
