//! The whole product over a real Postgres and the sandbox servers: one database per test, everything
//! on free ports, all tests at the same time.

#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a helper that can't go on ends its test with a panic, as the test itself would"
)]

mod support;

mod access;
mod access_tokens;
mod activity;
mod again;
mod api;
mod api_description;
mod api_provider;
mod architecture;
mod audit;
mod books;
mod bulk_actions;
mod confirmations;
mod conformance;
mod csrf;
mod dkim;
mod docs;
mod documents;
mod documents_plans;
mod documents_publish;
mod email_payments;
mod email_payments_create;
mod email_payments_detail;
mod email_payments_filters;
mod email_payments_life;
mod email_payments_list;
mod email_payments_plans;
mod email_payments_preflight;
mod email_payments_totals;
mod email_payments_undelivered;
mod exports;
mod features;
mod gateway;
mod gateway_accounts;
mod headers;
mod hostile;
mod imports;
mod late_money;
mod limits;
mod mail;
mod merchants;
mod metrics;
mod notices;
mod notifications;
mod oidc_provider;
mod operations;
mod operations_in_doubt;
mod outbox;
mod overview;
mod page_settings;
mod pay_link_visits;
mod payment_page;
mod poll;
mod portfolio;
mod process;
mod profile;
mod provider_keys;
mod reconciliation;
mod schema;
mod sessions;
mod sign_in;
mod statements;
mod team;
mod tenancy;
mod texts;
mod tickets;
mod tickets_about;
mod tickets_files;
mod tickets_plans;
mod traces;
mod transactions;
mod transactions_plans;
mod views;
mod wallets;
