//! `GET /processing/email-payments/imports`: every import, newest first.

use actix_web::web::Data;
use askama::Template;
use diesel::PgConnection;

use super::super::display;
use super::super::queries::{self, ListRow};
use super::{LIST, PAYMENTS, UPLOAD, file_name, moment};
use crate::auth::MerchantUser;
use crate::kernel::{Cursor, Right, Texts, dates, money_grouped};
use crate::web::list::{Pages, Slice, direction_of};
use crate::web::ui::Badge;
use crate::web::{App, Html, Query, Shell, html};

#[derive(Template)]
#[template(path = "imports/list.html")]
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
        file_name(&row.file_name, &self.shell)
    }

    fn badge(&self, row: &ListRow) -> Badge {
        display::badge(row.state, self.t)
    }

    fn rows(&self, row: &ListRow) -> String {
        money_grouped(row.rows.unsigned_abs().into(), self.shell.lang)
    }

    fn made(&self, row: &ListRow) -> String {
        money_grouped(row.made.unsigned_abs(), self.shell.lang)
    }

    fn moment(&self, row: &ListRow) -> String {
        moment(&row.created_at, &self.shell)
    }

    fn machine(&self, row: &ListRow) -> String {
        dates::machine(row.created_at, self.shell.zone)
    }

    fn pages(&self) -> Pages {
        self.slice.pages(LIST, |row| Cursor { at: row.created_at, id: row.id.as_uuid() })
    }
}
