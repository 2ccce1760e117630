//! `GET /settings/activity.csv`, `GET /merchants/{id}/activity.csv`: every row that the filter finds,
//! in one snapshot, while more are being written.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use actix_web::HttpRequest;
use actix_web::web::{Bytes, Data, Path};
use diesel::PgConnection;

use super::commands;
use super::display::Reader;
use super::filter::{Filter, cursor};
use super::pages::{OWN, merchant, of};
use super::queries::{self, Row};
use crate::auth::audit::By;
use crate::auth::{MerchantScope, MerchantUser, Staff};
use crate::db::Outlet;
use crate::kernel::{Error, Right, UserId};
use crate::web::{App, Client, Csv, Html, Query, Shell, download_csv, see_other};

/// `GET /settings/activity.csv`
pub async fn own(
    user: MerchantUser,
    req: HttpRequest,
    app: Data<App>,
    client: Client,
    query: Query,
) -> Html {
    let scope = user.scope(Right::ViewActivity)?;
    let by = client.user(user.principal());
    let asked = Asked { scope, by, user_id: user.user_id(), page: OWN.to_owned() };
    export(asked, &req, &app, &query).await
}

/// `GET /merchants/{id}/activity.csv`
pub async fn of_merchant(
    user: Staff,
    req: HttpRequest,
    app: Data<App>,
    client: Client,
    path: Path<String>,
    query: Query,
) -> Html {
    let id = merchant(&path)?;
    let scope = user.scope(Right::ViewActivity)?.merchant(id)?;
    let by = client.user(user.principal());
    let asked = Asked { scope, by, user_id: user.user_id(), page: of(id) };
    export(asked, &req, &app, &query).await
}

struct Asked {
    scope: MerchantScope,
    by: By,
    user_id: UserId,
    page: String,
}

async fn export(asked: Asked, req: &HttpRequest, app: &Data<App>, query: &Query) -> Html {
    let Asked { scope, by, user_id, page } = asked;
    let shell = Shell::of(req)?;
    let (filter, faults) = Filter::read(query, shell.zone, shell.t);
    if !faults.is_empty() {
        // The page says what is wrong: a file with other rows than were asked for would not.
        return Ok(see_other(format!("{page}?{}", req.query_string())));
    }
    let place = app.limits.exports_at_once.take(&user_id)?;
    app.limits.exports.take(&user_id)?;
    let reader = Reader { t: shell.t, lang: shell.lang, zone: shell.zone };
    let rows = Arc::new(AtomicUsize::new(0));
    let (asked, counted) = (filter.clone(), rows.clone());
    let read = move |conn: &mut PgConnection, outlet: &Outlet<Bytes>| {
        write(conn, scope, &asked, reader, outlet, &counted)
    };
    let settle = move |conn: &mut PgConnection, failure: Option<&Error>| {
        let rows = rows.load(Ordering::Relaxed);
        let noted = commands::note_export(conn, scope, &by, &filter, rows, failure);
        drop(place);
        noted
    };
    let pieces = app.export_db.stream(scope.tenants(), read, settle).await?;
    let day = shell.now.with_timezone(&shell.zone).date_naive();
    Ok(download_csv(req, &format!("activity-{day}"), pieces))
}

/// The file, a chunk of rows at a time.
fn write(
    conn: &mut PgConnection,
    scope: MerchantScope,
    filter: &Filter,
    reader: Reader,
    outlet: &Outlet<Bytes>,
    rows: &AtomicUsize,
) -> Result<(), Error> {
    let mut csv = Csv::default();
    head(&mut csv, reader);
    let mut after = None;
    loop {
        let chunk = queries::chunk(conn, scope, filter, after)?;
        let Some(last) = chunk.last() else { break };
        after = Some(cursor(last.at, last.id));
        for row in &chunk {
            line(&mut csv, reader, row);
            rows.fetch_add(1, Ordering::Relaxed);
            if csv.is_piece() {
                outlet.send(csv.take())?;
            }
        }
    }
    outlet.send(csv.take())
}

fn head(csv: &mut Csv, reader: Reader) {
    let t = reader.t;
    for name in [
        t.msg_activity_col_time(),
        t.msg_activity_col_person(),
        t.msg_activity_role(),
        t.msg_activity_col_what(),
        t.msg_activity_action(),
        t.msg_activity_object(),
        t.msg_activity_col_outcome(),
        t.msg_activity_reason(),
        t.msg_activity_changes(),
        t.msg_activity_col_origin(),
        t.msg_activity_request(),
    ] {
        csv.plain(name);
    }
    csv.end_row();
}

fn line(csv: &mut Csv, reader: Reader, row: &Row) {
    csv.plain(reader.machine(row))
        .text(&reader.who(row))
        .text(&reader.role(row))
        .text(&reader.what(row))
        .text(&row.action)
        .plain(row.object_id.map(|id| id.to_string()).unwrap_or_default())
        .text(&reader.outcome(row))
        .text(&reader.reason(row))
        .text(&reader.line(row))
        .text(row.origin.as_deref().unwrap_or_default())
        .text(row.request_id.as_deref().unwrap_or_default())
        .end_row();
}
