//! `GET /processing/email-payments/imports`: every import, newest first.

use actix_web::web::Data;
use askama::Template;
use diesel::PgConnection;

use super::super::display;
use super::super::queries::{self, ListRow, Slice};
use super::{LIST, PAYMENTS, UPLOAD, file_name, moment};
use crate::auth::MerchantUser;
use crate::kernel::{Cursor, Direction, Right, Texts, dates, money_grouped};
use crate::web::ui::Badge;
use crate::web::{App, Html, Query, Shell, html};

#[derive(Template)]
#[template(path = "imports/list.html")]
struct ListPage {
    shell: Shell,
    t: &'static Texts,
    slice: Slice,
}

pub async fn list(user: MerchantUser, shell: Shell, app: Data<App>, query: Query) -> Html {
    let scope = user.scope(Right::WriteEmailPayments)?;
    let place = |name: &str| query.one(name).and_then(Cursor::decode);
    let direction = match (place("after"), place("before")) {
        (Some(cursor), _) => Direction::After(cursor),
        (None, Some(cursor)) => Direction::Before(cursor),
        (None, None) => Direction::Newest,
    };
    let read = move |conn: &mut PgConnection| queries::list(conn, scope, direction);
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

    fn newer_url(&self) -> Option<String> {
        let first = self.slice.rows.first().filter(|_| self.slice.has_newer)?;
        Some(format!("{LIST}?before={}", cursor(first)))
    }

    fn older_url(&self) -> Option<String> {
        let last = self.slice.rows.last().filter(|_| self.slice.has_older)?;
        Some(format!("{LIST}?after={}", cursor(last)))
    }

    fn newest_url(&self) -> Option<&'static str> {
        self.slice.has_newer.then_some(LIST)
    }
}

fn cursor(row: &ListRow) -> String {
    Cursor { at: row.created_at, id: row.id.as_uuid() }.encode()
}
