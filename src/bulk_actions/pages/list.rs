//! `GET …/bulk-actions`: every bulk action, newest first.

use actix_web::web::Data;
use askama::Template;
use diesel::PgConnection;

use super::super::display;
use super::super::queries::{self, ListRow};
use super::{LIST, moment};
use crate::auth::MerchantUser;
use crate::email_payments::acting::LIST as PAYMENTS;
use crate::kernel::{Cursor, Right, Texts, dates, money_grouped};
use crate::web::list::{Pages, Slice, direction_of};
use crate::web::ui::Badge;
use crate::web::{App, Html, Query, Shell, html};

#[derive(Template)]
#[template(path = "bulk_actions/list.html")]
struct ListPage {
    shell: Shell,
    t: &'static Texts,
    slice: Slice<ListRow>,
}

pub async fn list(user: MerchantUser, shell: Shell, app: Data<App>, query: Query) -> Html {
    let scope = user.scope(Right::WriteEmailPayments)?;
    let direction = direction_of(&query);
    let read = move |conn: &mut PgConnection| queries::list(conn, scope, &direction);
    let slice = app.db.run(scope.tenants(), read).await?;
    html(&ListPage { t: shell.t, shell, slice })
}

impl ListPage {
    fn name(&self, row: &ListRow) -> String {
        display::act(row.act, self.t)
    }

    fn badge(&self, row: &ListRow) -> Badge {
        display::badge(row.state, self.t)
    }

    /// `12 of 15`
    fn done(&self, row: &ListRow) -> String {
        let done = money_grouped(row.done.unsigned_abs(), self.shell.lang);
        let rows = money_grouped(row.rows.unsigned_abs().into(), self.shell.lang);
        self.t.msg_bulk_done_of(done, rows)
    }

    fn moment(&self, row: &ListRow) -> String {
        moment(row.created_at, &self.shell)
    }

    fn machine(&self, row: &ListRow) -> String {
        dates::machine(row.created_at, self.shell.zone)
    }

    fn pages(&self) -> Pages {
        self.slice.pages(LIST, |row| Cursor { at: row.created_at, id: row.id.as_uuid() })
    }
}
