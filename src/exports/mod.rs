//! Files of lists that leave: made and sent in one go, each with a record that proves what was in it.

mod commands;
mod listed;
mod model;
mod pages;
mod queries;
mod send;

use crate::web::{Audience, Routes};

pub use listed::{Exported, ListFile};
pub use model::ExportList;
pub use pages::{NewFile, page, stop};
pub use send::{Order, send};

/// The addresses of a list's files.
pub fn routes<C: Exported>(r: &mut Routes) {
    let (files, paths) = (Audience::Merchant(C::FILES.right()), C::FILES.paths());
    r.get(paths.csv, files, listed::csv::<C>);
    r.get(paths.xlsx, files, listed::xlsx::<C>);
    r.get(paths.exports, files, listed::exports::<C>);
    r.post(paths.stop, files, listed::stop::<C>);
}

/// The jobs of this slice, each run by [`crate::jobs::repeat`].
pub mod jobs {
    pub use super::commands::close_lost;
}
