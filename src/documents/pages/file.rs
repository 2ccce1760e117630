//! `GET /accounting/documents/{id}/file`: the bytes as they were published. `…/data.csv`: its rows and
//! totals, where the product made it; else what the product knows about it, as one row.

use actix_web::http::{Method, header};
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use diesel::PgConnection;

use crate::auth::MerchantScope;
use crate::db::Outlet;
use crate::documents::columns::Column;
use crate::documents::commands::{self, Writer};
use crate::documents::door::Door;
use crate::documents::model::Document;
use crate::documents::queries::{self, ListRow};
use crate::exports::Exported as _;
use crate::kernel::{DocumentId, Error, UserId};
use crate::statements;
use crate::web::files::{self, Cell, FileFormat, Locale, Separator, Sink, Table};
use crate::web::list::Column as _;
use crate::web::{App, Client, Html, Shell};

/// `FT-2026-10418.pdf`, with the provider before it where there is one.
pub fn file_name(document: &Document, extension: &str) -> String {
    let Document { provider, number, .. } = document;
    if provider.is_empty() {
        format!("{number}.{extension}")
    } else {
        format!("{provider} {number}.{extension}")
    }
}

/// The PDF, for a person.
pub async fn pdf(door: Door, app: Data<App>, client: Client) -> Html {
    let (scope, id) = (door.scope, door.document()?);
    let writer = door.writer(&client, &app);
    let reader = (!door.is_staffs()).then_some(door.principal.user_id);
    let user_id = door.principal.user_id;
    send(door.request(), &app, scope, writer, id, user_id, reader).await
}

/// Answers with a document's bytes. Each time somebody takes it along is in the audit, with how it
/// ended; for `reader` it counts as read. So many at a time of `user_id`, who may read slowly.
pub async fn send(
    req: &HttpRequest,
    app: &App,
    scope: MerchantScope,
    writer: Writer,
    id: DocumentId,
    user_id: UserId,
    reader: Option<UserId>,
) -> Html {
    let document = app.db.run(scope.tenants(), move |conn| queries::get(conn, scope, id)).await?;
    let mut answer = HttpResponse::Ok();
    answer
        .content_type("application/pdf")
        .insert_header((
            header::CONTENT_DISPOSITION,
            files::attachment(&file_name(&document, "pdf")),
        ))
        .insert_header((header::ETAG, format!("\"{}\"", document.sha256_hex())))
        // Shown by whatever program: nothing in it runs, nothing of ours is reached.
        .insert_header((header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'"))
        .no_chunking(document.size_bytes.unsigned_abs());
    if req.method() == Method::HEAD {
        return Ok(answer.finish());
    }
    let place = app.limits.files_at_once.take(&user_id)?;
    let (store, sha256) = (app.store.clone(), document.sha256.clone());
    let read = move |conn: &mut PgConnection, outlet: &Outlet<Bytes>| {
        store.read(conn, scope.merchant_id(), &sha256, &mut |piece| outlet.send(piece.into()))
    };
    let settle = move |conn: &mut PgConnection, failure: Option<&Error>| {
        if let (None, Some(user_id)) = (failure, reader) {
            commands::mark_read(conn, scope, user_id, id, writer.now)?;
        }
        drop(place);
        commands::note_download(conn, &writer, &document, failure)
    };
    let pieces = app.export_db.stream(scope.tenants(), read, settle).await?;
    Ok(answer.streaming(files::watched(req, pieces)))
}

/// The rows and totals of a document that the product made; of others the facts as one row, in the
/// columns of the list's file.
pub async fn data(door: Door, shell: Shell, app: Data<App>, client: Client) -> Html {
    let (scope, id) = (door.scope, door.document()?);
    let (writer, is_head) = (door.writer(&client, &app), door.is_head());
    let work = move |conn: &mut PgConnection| {
        let document = queries::get(conn, scope, id)?;
        if !is_head {
            commands::note_download(conn, &writer, &document, None)?;
        }
        Ok((document, statements::of_document(conn, scope, id)?))
    };
    let (document, statement) = app.db.run(scope.tenants(), work).await?;
    let name = file_name(&document, "csv");
    let bytes = match statement {
        Some(statement) => {
            let data = statements::Data(&statement);
            file(&shell, &statements::Data::heads(shell.lang), &data.rows())?
        }
        None => facts(&shell, document)?,
    };
    Ok(HttpResponse::Ok()
        .content_type(FileFormat::Csv.content_type())
        .insert_header((header::CONTENT_DISPOSITION, files::attachment(&name)))
        .body(bytes))
}

/// What the product knows about a document that it did not make, as one row.
fn facts(shell: &Shell, document: Document) -> Result<Vec<u8>, Error> {
    let columns = Column::ALL.iter().filter(|column| {
        // Each is in the file once; whether it was read is nobody's data.
        !matches!(column, Column::Number | Column::Currency | Column::Unread)
    });
    let columns: Vec<Column> = columns.copied().collect();
    let heads: Vec<files::Head> =
        columns.iter().flat_map(|column| column.file_heads(shell.t)).collect();
    let row = ListRow { document, is_read: true };
    let mut cells = Vec::new();
    for column in &columns {
        column.file_cells(&row, shell.t, &mut cells);
    }
    file(shell, &heads, &[cells])
}

/// A small file, whole.
fn file(shell: &Shell, heads: &[files::Head], rows: &[Vec<Cell<'_>>]) -> Result<Vec<u8>, Error> {
    let locale =
        Locale { lang: shell.lang, zone: shell.zone, separator: Separator::of(shell.lang) };
    let mut bytes = Vec::new();
    let sink = Sink::new(|piece, _| {
        bytes.extend_from_slice(&piece);
        Ok(())
    });
    let mut table = Table::start(sink, FileFormat::Csv, locale, "", heads)?;
    for row in rows {
        table.row(row)?;
    }
    table.finish("", &[])?.finish()?;
    Ok(bytes)
}
