//! Writes: the job that reads the gateway's lists, what it finds to disagree, and what people say to it.

mod compare;
mod cursor;
mod import;
mod link;
mod settle;

pub use import::import_due;
pub use settle::{reopen, settle};
