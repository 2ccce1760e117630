//! `GET /settings/sessions` and its two buttons.

use actix_session::Session;
use actix_web::web::{Data, Path};
use askama::Template;
use chrono::{DateTime, Utc};
use diesel::PgConnection;

use super::commands;
use crate::auth::SignedIn;
use crate::auth::session::{self, OpenSession};
use crate::db::Tenants;
use crate::kernel::{Error, SessionId, Texts, dates};
use crate::web::{App, Client, Flash, Fresh, Html, Shell, html, see_other, set_flash};

const AT: &str = "/settings/sessions";

#[derive(Template)]
#[template(path = "sessions/list.html")]
struct ListPage {
    shell: Shell,
    t: &'static Texts,
    /// This session first, then the last used.
    sessions: Vec<OpenSession>,
}

/// `GET /settings/sessions`
pub async fn list(user: SignedIn, shell: Shell, app: Data<App>) -> Html {
    let (user_id, current) = (user.0.user_id, user.0.session_id);
    let read = move |conn: &mut PgConnection| session::open_of(conn, user_id);
    let mut sessions = app.db.run(Tenants::none(), read).await?;
    sessions.sort_by_key(|session| session.id != current);
    html(&ListPage { t: shell.t, shell, sessions })
}

impl ListPage {
    fn is_current(&self, session: &OpenSession) -> bool {
        session.id == self.shell.principal.session_id
    }

    fn device(&self, session: &OpenSession) -> String {
        if session.device.is_empty() {
            self.t.msg_sessions_unknown_device()
        } else {
            session.device.clone()
        }
    }

    fn moment(&self, at: &DateTime<Utc>) -> String {
        dates::moment(*at, self.shell.now, self.shell.zone, self.shell.lang)
    }

    fn machine(&self, at: &DateTime<Utc>) -> String {
        dates::machine(*at, self.shell.zone)
    }
}

/// `POST /settings/sessions/{id}/end`: one that is not there (any more), or somebody else's, is told
/// as one that has ended already.
pub async fn end_one(
    user: SignedIn,
    _: Fresh,
    app: Data<App>,
    client: Client,
    session: Session,
    path: Path<String>,
) -> Html {
    let by = client.user(&user.0);
    let id: Option<SessionId> = path.parse().ok();
    let end = move |conn: &mut PgConnection| match id {
        Some(id) => commands::end_one(conn, &user.0, &by, id),
        None => Ok(false),
    };
    let is_ended = app.db.run(Tenants::none(), end).await?;
    tell(&session, usize::from(is_ended))
}

/// `POST /settings/sessions/end-others`
pub async fn end_others(
    user: SignedIn,
    _: Fresh,
    app: Data<App>,
    client: Client,
    session: Session,
) -> Html {
    let by = client.user(&user.0);
    let end = move |conn: &mut PgConnection| commands::end_others(conn, &user.0, &by);
    let ended = app.db.run(Tenants::none(), end).await?;
    tell(&session, ended)
}

fn tell(session: &Session, ended: usize) -> Html {
    let count = i64::try_from(ended).map_err(Error::internal)?;
    set_flash(session, &Flash::SessionsEnded { count })?;
    Ok(see_other(AT))
}
