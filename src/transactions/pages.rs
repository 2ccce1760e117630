//! The pages of transactions.

mod export;
mod list;
mod show;
mod views;

pub use export::{csv, exports, xlsx};
pub use list::list;
pub use show::show;
