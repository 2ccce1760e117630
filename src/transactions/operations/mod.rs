//! What a merchant's people do to a transaction later: give it back, capture it, set it free. Each wish is
//! a row before the gateway is asked, so that no answer that gets lost is guessed: it is looked for.

mod commands;
mod display;
mod form;
mod limits;
mod mails;
mod model;
pub mod pages;
mod queries;
mod sending;

pub use display::{Row, act as act_words, rows};
pub use mails::RefundLetters;
pub use model::{Act, Allowance, OperationRequest};
pub use queries::{of_transaction, waiting_count};
pub use sending::resolve_due;
