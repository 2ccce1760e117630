//! The pages of tickets. Those of one ticket take a [`super::door::Door`].

mod about;
mod act;
mod answers;
mod file;
mod list;
mod new;
mod show;

use actix_web::web;
use uuid::Uuid;

use super::commands::KeptFile;
use super::form;
use crate::kernel::{Error, MerchantId, Texts};
use crate::web::checked_files::CheckedFile;
use crate::web::{App, Faults, UploadedFile};

pub use act::{answer, assign, note, watch};
pub use answers::{
    add as add_answer, change as change_answer, edit as edit_answer, list as answers,
    remove as remove_answer,
};
pub use file::file;
pub use list::{list, list_of_merchant};
pub use new::{create, new};
pub use show::show;

/// The longest body that carries a message: its files, 25 MiB of them, and its words.
pub const BODY_BYTES_MAX: usize = 26 * 1024 * 1024;

/// A key for a form: sent twice, it counts once.
fn form_key() -> String {
    Uuid::new_v4().to_string()
}

/// Looks at the files of a message, away from the threads that serve; what is wrong with them comes
/// back as faults.
async fn check_files(
    uploaded: Vec<UploadedFile>,
    t: &'static Texts,
) -> Result<(Vec<CheckedFile>, Faults), Error> {
    let look = move || {
        let mut faults = Faults::default();
        let files = form::checked(&uploaded, t, &mut faults);
        (files, faults)
    };
    web::block(look).await.map_err(Error::internal)
}

/// Puts files into the store.
async fn keep(
    app: &App,
    merchant_id: MerchantId,
    files: Vec<CheckedFile>,
) -> Result<Vec<KeptFile>, Error> {
    let mut kept = Vec::with_capacity(files.len());
    for CheckedFile { name, bytes } in files {
        kept.push(KeptFile { name, kept: app.store.keep(merchant_id, bytes).await? });
    }
    Ok(kept)
}
