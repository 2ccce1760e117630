//! `GET /processing/transactions.csv`, `.xlsx`: the rows of the list's question and the columns of its
//! table. `GET /processing/transactions/exports`: what left so far.

use actix_web::HttpRequest;
use actix_web::web::Data;
use diesel::PgConnection;

use super::list::reader;
use crate::auth::{MerchantScope, MerchantUser};
use crate::exports::{self, ExportList, NewFile, Order};
use crate::kernel::{Error, Right, Texts};
use crate::transactions::LIST;
use crate::transactions::columns::{Column, Names};
use crate::transactions::filter::Question;
use crate::transactions::queries;
use crate::views::{self, Listed};
use crate::web::files::{FileFormat, Head, Rows, Source};
use crate::web::{App, Client, Html, Query, Shell, see_other};

/// `GET /processing/transactions.csv`
pub async fn csv(
    user: MerchantUser,
    req: HttpRequest,
    app: Data<App>,
    client: Client,
    query: Query,
) -> Html {
    export(&user, FileFormat::Csv, &req, &app, &client, &query).await
}

/// `GET /processing/transactions.xlsx`
pub async fn xlsx(
    user: MerchantUser,
    req: HttpRequest,
    app: Data<App>,
    client: Client,
    query: Query,
) -> Html {
    export(&user, FileFormat::Xlsx, &req, &app, &client, &query).await
}

/// `GET /processing/transactions/exports`
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
    exports::page(shell, &app, ExportList::Transactions, scope, &query, new).await
}

/// Who takes the list along may do that, and see the list: a test of the matrix holds the two together,
/// so that "only one's own" means the same rows.
fn scope(user: &MerchantUser) -> Result<MerchantScope, Error> {
    user.scope(Right::ViewTransactions)?;
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
        list: ExportList::Transactions,
        format,
        scope,
        by: client.user(user.principal()),
        merchant_name: merchant.merchant_name.clone(),
        filter: question.filter_query(),
        filter_words: question.words(&names, &reader),
        source: Transactions { scope, question, columns, names, t: shell.t },
    };
    exports::send(req, app, &shell, query, order).await
}

/// The rows of a question, in the columns of the table.
struct Transactions {
    scope: MerchantScope,
    question: Question,
    columns: Vec<Column>,
    names: Names,
    t: &'static Texts,
}

/// Up to so many rows a file says from its beginning how many it will have.
const TOTAL_MAX: i64 = 100_000;

impl Source for Transactions {
    fn heads(&self) -> Vec<Head> {
        self.columns.iter().flat_map(|column| column.file_heads(self.t)).collect()
    }

    fn total(&self, conn: &mut PgConnection) -> Result<Option<i64>, Error> {
        let count = queries::count(conn, self.scope, &self.question, TOTAL_MAX)?;
        Ok((count <= TOTAL_MAX).then_some(count))
    }

    fn read(&self, conn: &mut PgConnection, rows: Rows<'_>) -> Result<(), Error> {
        queries::each(conn, self.scope, &self.question, |row| {
            let mut cells = Vec::with_capacity(self.columns.len() + 2);
            for column in &self.columns {
                column.file_cells(&row, &self.names, self.t, &mut cells);
            }
            rows(&cells)
        })
    }
}
