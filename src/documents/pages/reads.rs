//! A user's own marks: read, unread, all read.

use actix_session::Session;
use actix_web::web::Data;
use diesel::PgConnection;
use serde::Deserialize;

use crate::auth::MerchantUser;
use crate::documents::LIST;
use crate::documents::commands;
use crate::documents::door::Door;
use crate::documents::queries;
use crate::kernel::{Error, Right};
use crate::web::{App, Flash, Form, Html, see_other, set_flash};

/// What the button sends.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MarkForm {
    is_read: bool,
}

/// `POST /accounting/documents/{id}/read`
pub async fn mark(
    door: Door,
    app: Data<App>,
    session: Session,
    Form(form): Form<MarkForm>,
) -> Html {
    let (scope, id, user_id) = (door.scope, door.document()?, door.principal.user_id);
    let now = app.clock.now();
    let work = move |conn: &mut PgConnection| {
        let document = queries::get(conn, scope, id)?;
        if form.is_read {
            commands::mark_read(conn, scope, user_id, id, now)?;
        } else {
            commands::mark_unread(conn, scope, user_id, id)?;
        }
        Ok::<_, Error>(document.number)
    };
    let number = app.db.run(scope.tenants(), work).await?;
    let flash = if form.is_read {
        Flash::DocumentRead { number }
    } else {
        Flash::DocumentUnread { number }
    };
    set_flash(&session, &flash)?;
    // Not back to its page: to open it is to read it.
    Ok(see_other(door.base))
}

/// `POST /accounting/documents/read`
pub async fn mark_all(user: MerchantUser, app: Data<App>, session: Session) -> Html {
    let scope = user.scope(Right::ViewDocuments)?;
    let (user_id, now) = (user.user_id(), app.clock.now());
    let work = move |conn: &mut PgConnection| commands::mark_all_read(conn, scope, user_id, now);
    app.db.run(scope.tenants(), work).await?;
    set_flash(&session, &Flash::DocumentsRead)?;
    Ok(see_other(LIST))
}
