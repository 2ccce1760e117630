//! `GET /accounting/documents.csv`, `.xlsx`: the rows of the list's question and the columns of its
//! table. `GET /accounting/documents/exports`: what left so far.

use actix_web::HttpRequest;
use actix_web::web::Data;
use diesel::PgConnection;

use super::list::reader;
use crate::auth::{MerchantScope, MerchantUser};
use crate::documents::LIST;
use crate::documents::columns::Column;
use crate::documents::filter::{Question, Viewer};
use crate::documents::queries;
use crate::exports::{self, ExportList, NewFile, Order};
use crate::kernel::{Error, Right, Texts};
use crate::views::{self, Listed};
use crate::web::files::{FileFormat, Head, Rows, Source};
use crate::web::{App, Client, Html, Query, Shell, see_other};

/// `GET /accounting/documents.csv`
pub async fn csv(
    user: MerchantUser,
    req: HttpRequest,
    app: Data<App>,
    client: Client,
    query: Query,
) -> Html {
    export(&user, FileFormat::Csv, &req, &app, &client, &query).await
}

/// `GET /accounting/documents.xlsx`
pub async fn xlsx(
    user: MerchantUser,
    req: HttpRequest,
    app: Data<App>,
    client: Client,
    query: Query,
) -> Html {
    export(&user, FileFormat::Xlsx, &req, &app, &client, &query).await
}

/// `GET /accounting/documents/exports`
pub async fn exports(user: MerchantUser, shell: Shell, app: Data<App>, query: Query) -> Html {
    let scope = scope(&user)?;
    let reader = reader(&shell);
    let (question, faults) = Question::read(&query, &reader);
    let filter = question.filter_query();
    if !faults.is_empty() {
        return Ok(see_other(format!("{LIST}?{filter}")));
    }
    let names = app.db.run(scope.tenants(), move |conn| queries::names(conn, scope)).await?;
    let new = NewFile { filter, filter_words: question.words(&names, &reader) };
    exports::page(shell, &app, ExportList::Documents, scope, &query, new).await
}

/// Who takes the list along may do that, and see the list.
fn scope(user: &MerchantUser) -> Result<MerchantScope, Error> {
    user.scope(Right::ViewDocuments)?;
    user.scope(Right::Export)
}

async fn export(
    user: &MerchantUser,
    format: FileFormat,
    req: &HttpRequest,
    app: &Data<App>,
    client: &Client,
    query: &Query,
) -> Html {
    let scope = scope(user)?;
    let shell = Shell::of(req)?;
    let reader = reader(&shell);
    let (question, faults) = Question::read(query, &reader);
    if !faults.is_empty() {
        // The page says what is wrong: a file with other rows than were asked for would not.
        return Ok(see_other(format!("{LIST}?{}", req.query_string())));
    }
    let user_id = user.user_id();
    let read = move |conn: &mut PgConnection| {
        let layout = views::layout::<Column>(conn, user_id, <Column as Listed>::LIST.key)?;
        Ok((queries::names(conn, scope)?, layout.columns))
    };
    let (names, columns) = app.db.run(scope.tenants(), read).await?;
    let merchant = shell.current().ok_or(Error::Forbidden(Some(Right::Export)))?;
    let order = Order {
        list: ExportList::Documents,
        format,
        scope,
        by: client.user(user.principal()),
        merchant_name: merchant.merchant_name.clone(),
        filter: question.filter_query(),
        filter_words: question.words(&names, &reader),
        source: Documents {
            scope,
            viewer: Viewer { user_id, zone: shell.zone },
            question,
            columns,
            t: shell.t,
        },
    };
    exports::send(req, app, &shell, query, order).await
}

/// The rows of a question, in the columns of the table.
struct Documents {
    scope: MerchantScope,
    viewer: Viewer,
    question: Question,
    columns: Vec<Column>,
    t: &'static Texts,
}

impl Source for Documents {
    fn heads(&self) -> Vec<Head> {
        self.columns.iter().flat_map(|column| column.file_heads(self.t)).collect()
    }

    fn total(&self, conn: &mut PgConnection) -> Result<Option<i64>, Error> {
        let most = queries::COUNT_MAX * 100;
        let count = queries::count(conn, self.scope, self.viewer, &self.question, most)?;
        Ok((count <= most).then_some(count))
    }

    fn read(&self, conn: &mut PgConnection, rows: Rows<'_>) -> Result<(), Error> {
        queries::each(conn, self.scope, self.viewer, &self.question, |row| {
            let mut cells = Vec::with_capacity(self.columns.len() + 3);
            for column in &self.columns {
                column.file_cells(&row, self.t, &mut cells);
            }
            rows(&cells)
        })
    }
}
