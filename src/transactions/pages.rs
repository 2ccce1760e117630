//! The pages of transactions.

mod list;
mod show;
mod views;

pub use list::list;
pub use show::show;
