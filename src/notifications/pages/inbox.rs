//! `/notifications/inbox`: what the reader has been told, the newest first.

use actix_session::Session;
use actix_web::web::{Data, Path};
use askama::Template;
use diesel::PgConnection;

use crate::auth::MerchantUser;
use crate::kernel::{Error, NoticeId, Right, Texts, dates};
use crate::notifications::commands;
use crate::notifications::display;
use crate::notifications::queries::told::{self, Item, Sight};
use crate::web::ui::Icon;
use crate::web::{App, Client, Flash, Html, Query, Shell, html, see_other, set_flash};

const INBOX: &str = "/notifications/inbox";
/// Notices on a page.
const SHOWN: usize = 50;

#[derive(Template)]
#[template(path = "notifications/inbox.html")]
struct InboxPage {
    shell: Shell,
    t: &'static Texts,
    items: Vec<Item>,
    /// Where older ones are; `None`: there are none.
    older: Option<NoticeId>,
    is_first: bool,
}

impl InboxPage {
    fn words(&self, item: &Item) -> String {
        display::item(item.kind, item.number.as_deref(), self.t)
    }

    /// Its icon and colour.
    fn sign(item: &Item) -> (Icon, &'static str) {
        display::sign(item.kind)
    }

    fn moment(&self, item: &Item) -> String {
        dates::moment(item.created_at, self.shell.now, self.shell.zone, self.shell.lang)
    }

    fn machine(&self, item: &Item) -> String {
        dates::machine(item.created_at, self.shell.zone)
    }
}

fn sight(user: &MerchantUser) -> Sight {
    Sight {
        documents: user.may(Right::ViewDocuments),
        payments: user.principal().reach(Right::ViewEmailPayments),
        tickets: user.may(Right::UseTickets),
    }
}

/// `GET /notifications/inbox?before=…`
pub async fn show(user: MerchantUser, shell: Shell, app: Data<App>, query: Query) -> Html {
    let (scope, me, sight) = (user.own()?, user.user_id(), sight(&user));
    let before: Option<NoticeId> = query.one("before").and_then(|id| id.parse().ok());
    let most = i64::try_from(SHOWN + 1).map_err(Error::internal)?;
    let read = move |conn: &mut PgConnection| told::inbox(conn, scope, me, sight, before, most);
    let mut items = app.db.run(scope.tenants(), read).await?;
    let has_more = items.len() > SHOWN;
    items.truncate(SHOWN);
    let older = items.last().filter(|_| has_more).map(|item| item.id);
    html(&InboxPage { t: shell.t, shell, items, older, is_first: before.is_none() })
}

/// `POST /notifications/inbox/{notice}`: it is read, and leads to what it is about.
pub async fn open(user: MerchantUser, app: Data<App>, client: Client, path: Path<String>) -> Html {
    let id: NoticeId = path.parse().map_err(|_| Error::NotFound)?;
    let (scope, writer) = (user.own()?, client.writer(user.principal(), &app));
    let work = move |conn: &mut PgConnection| {
        let notice = told::notice(conn, scope, id)?;
        commands::mark_read(conn, scope, &writer, id)?;
        Ok(notice)
    };
    let notice = app.db.run(scope.tenants(), work).await?;
    let about = notice.about().unwrap_or_else(|| "/notifications".to_owned());
    Ok(see_other(about))
}

/// `POST /notifications/inbox/read`: all of them are read.
pub async fn read_all(
    user: MerchantUser,
    app: Data<App>,
    client: Client,
    session: Session,
) -> Html {
    let (scope, writer) = (user.own()?, client.writer(user.principal(), &app));
    let work = move |conn: &mut PgConnection| commands::mark_all_read(conn, scope, &writer);
    if app.db.run(scope.tenants(), work).await? > 0 {
        set_flash(&session, &Flash::NoticesRead)?;
    }
    Ok(see_other(INBOX))
}
