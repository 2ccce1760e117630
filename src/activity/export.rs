//! `GET /settings/activity.csv`, `.xlsx`, and the same of `/merchants/{id}/activity`: every row that the
//! filter finds, in one snapshot, while more are being written. `GET /settings/activity/exports`.

use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use diesel::PgConnection;

use super::display::Reader;
use super::filter::{Filter, cursor};
use super::pages::{OWN, merchant, of};
use super::queries::{self, Row};
use crate::auth::audit::By;
use crate::auth::{MerchantScope, MerchantUser, Staff};
use crate::exports::{self, ExportList, NewFile, Order};
use crate::kernel::{Error, Right};
use crate::web::files::{Cell, FileFormat, Head, Kind, Rows, Source};
use crate::web::{App, Client, Html, Query, Shell, see_other};

/// `GET /settings/activity.csv`
pub async fn own_csv(
    user: MerchantUser,
    req: HttpRequest,
    app: Data<App>,
    client: Client,
    query: Query,
) -> Html {
    export(own(&user, &client)?, FileFormat::Csv, &req, &app, &query).await
}

/// `GET /settings/activity.xlsx`
pub async fn own_xlsx(
    user: MerchantUser,
    req: HttpRequest,
    app: Data<App>,
    client: Client,
    query: Query,
) -> Html {
    export(own(&user, &client)?, FileFormat::Xlsx, &req, &app, &query).await
}

/// `GET /merchants/{id}/activity.csv`
pub async fn csv_of_merchant(
    user: Staff,
    req: HttpRequest,
    app: Data<App>,
    client: Client,
    path: Path<String>,
    query: Query,
) -> Html {
    export(of_merchant(&user, &client, &path)?, FileFormat::Csv, &req, &app, &query).await
}

/// `GET /merchants/{id}/activity.xlsx`
pub async fn xlsx_of_merchant(
    user: Staff,
    req: HttpRequest,
    app: Data<App>,
    client: Client,
    path: Path<String>,
    query: Query,
) -> Html {
    export(of_merchant(&user, &client, &path)?, FileFormat::Xlsx, &req, &app, &query).await
}

/// `GET /settings/activity/exports`
pub async fn records(user: MerchantUser, shell: Shell, app: Data<App>, query: Query) -> Html {
    let scope = user.scope(Right::ViewActivity)?;
    let (filter, faults) = Filter::read(&query, shell.zone, shell.t);
    if !faults.is_empty() {
        return Ok(see_other(format!("{OWN}?{}", filter.query(&[]))));
    }
    let filter_words = words(&app, scope, Reader::of(&shell), &filter).await?;
    let new = NewFile { filter: filter.query(&[]), filter_words };
    exports::page(shell, &app, ExportList::Activity, scope, &query, new).await
}

/// `POST /settings/activity/exports/{id}/stop`
pub async fn stop(user: MerchantUser, app: Data<App>, path: Path<String>) -> Html {
    exports::stop(&user, &app, &path, ExportList::Activity).await
}

/// Which of the two ways in.
struct Asked {
    scope: MerchantScope,
    by: By,
    page: String,
}

fn own(user: &MerchantUser, client: &Client) -> Result<Asked, Error> {
    let scope = user.scope(Right::ViewActivity)?;
    Ok(Asked { scope, by: client.user(user.principal()), page: OWN.to_owned() })
}

fn of_merchant(user: &Staff, client: &Client, path: &Path<String>) -> Result<Asked, Error> {
    let id = merchant(path)?;
    let scope = user.scope(Right::ViewActivity)?.merchant(id)?;
    Ok(Asked { scope, by: client.user(user.principal()), page: of(id) })
}

async fn export(
    asked: Asked,
    format: FileFormat,
    req: &HttpRequest,
    app: &Data<App>,
    query: &Query,
) -> Html {
    let Asked { scope, by, page } = asked;
    let shell = Shell::of(req)?;
    let (filter, faults) = Filter::read(query, shell.zone, shell.t);
    if !faults.is_empty() {
        // The page says what is wrong: a file with other rows than were asked for would not.
        return Ok(see_other(format!("{page}?{}", req.query_string())));
    }
    let reader = Reader::of(&shell);
    let filter_words = words(app, scope, reader, &filter).await?;
    let name = move |conn: &mut PgConnection| queries::merchant_name(conn, scope);
    let order = Order {
        list: ExportList::Activity,
        format,
        scope,
        by,
        merchant_name: app.db.run(scope.tenants(), name).await?,
        filter: filter.query(&[]),
        filter_words,
        source: Acts { scope, filter, reader },
    };
    exports::send(req, app, &shell, query, order).await
}

/// The filter in words, a chosen person by name.
async fn words(
    app: &Data<App>,
    scope: MerchantScope,
    reader: Reader,
    filter: &Filter,
) -> Result<Vec<String>, Error> {
    let people = app.db.run(scope.tenants(), move |conn| queries::people(conn, scope)).await?;
    let name = filter.person.map(|chosen| {
        let known = people.into_iter().find(|(id, _)| *id == chosen);
        known.map_or_else(|| chosen.to_string(), |(_, name)| name)
    });
    Ok(reader.filter_words(filter, name).into_iter().map(|(_, words)| words).collect())
}

/// The rows of a filter.
struct Acts {
    scope: MerchantScope,
    filter: Filter,
    reader: Reader,
}

impl Source for Acts {
    fn heads(&self) -> Vec<Head> {
        let t = self.reader.t;
        let text = |title, width| Head { title, kind: Kind::Text, width };
        vec![
            Head { title: t.msg_activity_col_time(), kind: Kind::Instant, width: 20 },
            text(t.msg_activity_col_person(), 24),
            text(t.msg_activity_role(), 16),
            text(t.msg_activity_col_what(), 32),
            text(t.msg_activity_action(), 28),
            text(t.msg_activity_object(), 38),
            text(t.msg_activity_col_outcome(), 12),
            text(t.msg_activity_reason(), 28),
            text(t.msg_activity_changes(), 60),
            text(t.msg_activity_col_origin(), 18),
            text(t.msg_activity_request(), 30),
        ]
    }

    /// Nothing counts the audit but reading it.
    fn total(&self, _: &mut PgConnection) -> Result<Option<i64>, Error> {
        Ok(None)
    }

    fn read(&self, conn: &mut PgConnection, rows: Rows<'_>) -> Result<(), Error> {
        let mut after = None;
        loop {
            let chunk = queries::chunk(conn, self.scope, &self.filter, after)?;
            let Some(last) = chunk.last() else { return Ok(()) };
            after = Some(cursor(last.at, last.id));
            for row in &chunk {
                rows(&cells(self.reader, row))?;
            }
        }
    }
}

fn cells(reader: Reader, row: &Row) -> [Cell<'_>; 11] {
    [
        Cell::Instant(row.at),
        Cell::text(reader.who(row)),
        Cell::text(reader.role(row)),
        Cell::text(reader.what(row)),
        Cell::text(&row.action),
        row.object_id.map_or(Cell::Empty, |id| Cell::word(id.to_string())),
        Cell::text(reader.outcome(row)),
        Cell::text(reader.reason(row)),
        Cell::text(reader.line(row)),
        Cell::text(row.origin.as_deref().unwrap_or_default()),
        Cell::text(row.request_id.as_deref().unwrap_or_default()),
    ]
}
