//! The pages of documents. Those behind the two doors take a [`super::door::Door`] and know no other
//! difference.

mod file;
mod list;
mod merchants;
mod month;
mod publish;
mod reads;
mod show;
mod state;
mod views;

pub use file::{data, pdf, send};
pub use list::list;
pub use merchants::list as merchants;
pub use month::zip;
pub use publish::{BODY_BYTES_MAX, create, new};
pub use reads::{mark, mark_all};
pub use show::show;
pub use state::{ask as ask_state, set as set_state};
