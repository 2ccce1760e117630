//! The whole product over a real Postgres and the sandbox servers: one database per test, everything
//! on free ports, all tests at the same time.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test's helpers fail as the test itself does"
)]

mod support;

mod access;
mod architecture;
mod audit;
mod csrf;
mod email_payments;
mod headers;
mod hostile;
mod mail;
mod merchants;
mod payment_page;
mod schema;
mod sign_in;
mod tenancy;
mod texts;
