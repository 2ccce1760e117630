//! The files of a list whose columns implement [`Exported`]: the rows of its question, in the columns
//! of the reader's table, and the page of the files that left.

use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use chrono_tz::Tz;
use diesel::PgConnection;

use super::model::ExportList;
use super::pages::{self, NewFile};
use super::send::{Order, send};
use crate::auth::{MerchantScope, MerchantUser};
use crate::kernel::{Error, Right, Texts, UserId};
use crate::views::{self, Listed};
use crate::web::files::{FileFormat, Head, Rows, Source};
use crate::web::list::{Question, Reader};
use crate::web::{App, Client, Html, Query, Shell, see_other};

/// Up to so many rows a file says from its beginning how many it will have: counting more before the
/// first one is read costs more than it tells.
const TOTAL_MAX: i64 = 100_000;

/// The columns of a list whose rows leave as files.
pub trait Exported: Listed<Names: Send> {
    const FILES: ExportList;

    /// The heads of this column's cells in a file, in its order.
    fn file_heads(self, t: &Texts) -> Vec<Head>;

    /// How many rows there are, counted up to one more than `most`.
    fn count_rows(conn: &mut PgConnection, file: &ListFile<Self>, most: i64) -> Result<i64, Error>;

    /// Hands on every row in the question's order, as many cells each as the columns have heads.
    fn each_row(
        conn: &mut PgConnection,
        file: &ListFile<Self>,
        rows: Rows<'_>,
    ) -> Result<(), Error>;
}

/// What a file is made of.
pub struct ListFile<C: Exported> {
    pub scope: MerchantScope,
    pub user_id: UserId,
    pub zone: Tz,
    pub question: Question<C>,
    pub columns: Vec<C>,
    pub names: C::Names,
    pub t: &'static Texts,
}

impl<C: Exported> Source for ListFile<C> {
    fn heads(&self) -> Vec<Head> {
        self.columns.iter().flat_map(|column| column.file_heads(self.t)).collect()
    }

    fn total(&self, conn: &mut PgConnection) -> Result<Option<i64>, Error> {
        let count = C::count_rows(conn, self, TOTAL_MAX)?;
        Ok((count <= TOTAL_MAX).then_some(count))
    }

    fn read(&self, conn: &mut PgConnection, rows: Rows<'_>) -> Result<(), Error> {
        C::each_row(conn, self, rows)
    }
}

/// `GET …csv`
pub async fn csv<C: Exported>(
    user: MerchantUser,
    req: HttpRequest,
    app: Data<App>,
    client: Client,
    query: Query,
) -> Html {
    export::<C>(&user, FileFormat::Csv, &req, &app, &client, &query).await
}

/// `GET …xlsx`
pub async fn xlsx<C: Exported>(
    user: MerchantUser,
    req: HttpRequest,
    app: Data<App>,
    client: Client,
    query: Query,
) -> Html {
    export::<C>(&user, FileFormat::Xlsx, &req, &app, &client, &query).await
}

/// `GET …/exports`: what left so far, and what a new file would hold.
pub async fn exports<C: Exported>(
    user: MerchantUser,
    shell: Shell,
    app: Data<App>,
    query: Query,
) -> Html {
    let scope = scope::<C>(&user)?;
    // The list's form: rows were picked, and then all of the filter.
    if let Some(all) = query.one("all") {
        let all = all.trim_start_matches('?');
        return Ok(see_other(format!("{}?{all}", C::FILES.paths().exports)));
    }
    let reader = Reader::of(&shell);
    let (question, faults) = Question::<C>::read(&query, &reader);
    let filter = question.filter_query();
    if !faults.is_empty() {
        return Ok(see_other(format!("{}?{filter}", C::LIST.path)));
    }
    let names = app.db.run(scope.tenants(), move |conn| C::names(conn, scope)).await?;
    let new = NewFile { filter, filter_words: question.words(&names, &reader) };
    pages::page(shell, &app, C::FILES, scope, &query, new).await
}

/// `POST …/exports/{id}/stop`
pub async fn stop<C: Exported>(user: MerchantUser, app: Data<App>, path: Path<String>) -> Html {
    pages::stop(&user, &app, &path, C::FILES).await
}

/// Who takes the list along may do that, and see the list: a test of the matrix holds the two together,
/// so that "only one's own" means the same rows.
fn scope<C: Exported>(user: &MerchantUser) -> Result<MerchantScope, Error> {
    user.scope(C::LIST.see)?;
    user.scope(Right::Export)
}

async fn export<C: Exported>(
    user: &MerchantUser,
    format: FileFormat,
    req: &HttpRequest,
    app: &Data<App>,
    client: &Client,
    query: &Query,
) -> Html {
    let scope = scope::<C>(user)?;
    let shell = Shell::of(req)?;
    let reader = Reader::of(&shell);
    let (question, faults) = Question::<C>::read(query, &reader);
    if !faults.is_empty() {
        // The page says what is wrong: a file with other rows than were asked for would not.
        return Ok(see_other(format!("{}?{}", C::LIST.path, req.query_string())));
    }
    let user_id = user.user_id();
    let read = move |conn: &mut PgConnection| {
        let layout = views::layout::<C>(conn, user_id, C::LIST.key)?;
        Ok((C::names(conn, scope)?, layout.columns))
    };
    let (names, columns) = app.db.run(scope.tenants(), read).await?;
    let merchant = shell.current().ok_or(Error::Forbidden(Some(Right::Export)))?;
    let order = Order {
        list: C::FILES,
        format,
        scope,
        by: client.user(user.principal()),
        merchant_name: merchant.merchant_name.clone(),
        filter: question.filter_query(),
        filter_words: question.words(&names, &reader),
        source: ListFile { scope, user_id, zone: shell.zone, question, columns, names, t: shell.t },
    };
    send(req, app, &shell, query, order).await
}
