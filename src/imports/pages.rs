//! The pages of an import: upload, check, confirm, wait, watch, result; the list of all.

mod list;
mod review;
mod show;
mod upload;

pub use list::list;
pub use review::{ask_confirm, confirm, update};
pub use show::show;
pub use upload::{create, new};

use actix_session::Session;
use actix_web::web::{Data, Path};
use chrono::{DateTime, Utc};
use diesel::PgConnection;

use super::commands;
use super::model::Import;
use crate::auth::audit::By;
use crate::auth::{MerchantScope, MerchantUser};
use crate::kernel::{Error, ImportId, Right, dates};
use crate::web::{App, Client, Flash, Html, Shell, see_other, set_flash};

/// Where payments are listed, and where a file is uploaded.
const PAYMENTS: &str = "/processing/email-payments";
const UPLOAD: &str = "/processing/email-payments/import";
const LIST: &str = "/processing/email-payments/imports";

/// An id that is none answers like one that is unknown.
pub fn id(path: &Path<String>) -> Result<ImportId, Error> {
    path.parse().map_err(|_| Error::NotFound)
}

/// What an import is called: its file, else that it was pasted.
fn name(import: &Import, shell: &Shell) -> String {
    file_name(&import.file_name, shell)
}

fn file_name(name: &str, shell: &Shell) -> String {
    if name.is_empty() { shell.t.msg_imports_pasted() } else { name.to_owned() }
}

fn moment(at: &DateTime<Utc>, shell: &Shell) -> String {
    dates::moment(*at, shell.now, shell.zone, shell.lang)
}

type Act = fn(&mut PgConnection, MerchantScope, &By, ImportId, DateTime<Utc>) -> Result<(), Error>;

/// `POST …/imports/{id}/undo`: takes the confirmation back.
pub async fn undo(
    user: MerchantUser,
    app: Data<App>,
    client: Client,
    session: Session,
    path: Path<String>,
) -> Html {
    let answer = act(&user, &app, &client, &path, commands::undo).await?;
    set_flash(&session, &Flash::ImportUndone)?;
    Ok(answer)
}

/// `POST …/imports/{id}/start`: ends the undo window early.
pub async fn start(user: MerchantUser, app: Data<App>, client: Client, path: Path<String>) -> Html {
    act(&user, &app, &client, &path, commands::start).await
}

/// `POST …/imports/{id}/stop`: what is not made yet is not made.
pub async fn stop(user: MerchantUser, app: Data<App>, client: Client, path: Path<String>) -> Html {
    act(&user, &app, &client, &path, commands::stop).await
}

async fn act(
    user: &MerchantUser,
    app: &Data<App>,
    client: &Client,
    path: &Path<String>,
    act: Act,
) -> Html {
    let scope = user.scope(Right::WriteEmailPayments)?;
    let (id, by, now) = (id(path)?, client.user(user.principal()), app.clock.now());
    app.db.run(scope.tenants(), move |conn| act(conn, scope, &by, id, now)).await?;
    Ok(see_other(format!("{LIST}/{id}")))
}
