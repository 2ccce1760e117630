//! The whole product over a real Postgres and the sandbox servers: one database per test, everything
//! on free ports, all tests at the same time.

mod support;

mod access;
mod architecture;
mod audit;
mod csrf;
mod email_payments;
mod headers;
mod hostile;
mod limits;
mod mail;
mod merchants;
mod payment_page;
mod schema;
mod sign_in;
mod tenancy;
mod texts;
