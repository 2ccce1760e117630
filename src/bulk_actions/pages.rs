//! The pages of a bulk action: asked, watched, its result; the list of all.

mod ask;
mod list;
mod show;

pub use ask::{ask, begin};
pub use list::list;
pub use show::show;

use actix_web::web::{Data, Path};
use chrono::{DateTime, Utc};
use diesel::PgConnection;

use super::commands;
use crate::auth::MerchantUser;
use crate::kernel::{BulkActionId, Error, Right, dates};
use crate::web::{App, Client, Html, Shell, see_other};

const LIST: &str = "/processing/email-payments/bulk-actions";

/// An id that is none answers like one that is unknown.
pub fn id(path: &Path<String>) -> Result<BulkActionId, Error> {
    path.parse().map_err(|_| Error::NotFound)
}

fn moment(at: DateTime<Utc>, shell: &Shell) -> String {
    dates::moment(at, shell.now, shell.zone, shell.lang)
}

/// `POST …/bulk-actions/{id}/stop`: what is not done yet is not done.
pub async fn stop(user: MerchantUser, app: Data<App>, client: Client, path: Path<String>) -> Html {
    let scope = user.scope(Right::WriteEmailPayments)?;
    let (id, by, now) = (id(&path)?, client.user(user.principal()), app.clock.now());
    let work = move |conn: &mut PgConnection| commands::stop(conn, scope, &by, id, now);
    app.db.run(scope.tenants(), work).await?;
    Ok(see_other(format!("{LIST}/{id}")))
}
