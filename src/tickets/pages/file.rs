//! `GET …/files/{file}`: a file, to be taken along and never to be shown by a browser.

use actix_web::HttpResponse;
use actix_web::http::{Method, header};
use actix_web::web::{Bytes, Data};
use diesel::PgConnection;

use crate::db::Outlet;
use crate::kernel::{Error, TicketFileId};
use crate::tickets::commands;
use crate::tickets::door::Door;
use crate::tickets::queries;
use crate::web::{App, Html, files};

pub async fn file(door: Door, app: Data<App>) -> Html {
    let id = door.request().match_info().query("file");
    let id: TicketFileId = id.parse().map_err(|_| Error::NotFound)?;
    let (sight, merchant_id, number) = (door.sight, door.merchant_id, door.number);
    let find = move |conn: &mut PgConnection| {
        let ticket = queries::get(conn, sight, merchant_id, number)?;
        let file = queries::file(conn, &ticket, id)?;
        Ok((ticket, file))
    };
    let (ticket, file) = app.db.run(door.tenants(), find).await?;
    let mut answer = HttpResponse::Ok();
    answer
        .content_type("application/octet-stream")
        .insert_header((header::CONTENT_DISPOSITION, files::attachment(&file.name)))
        .insert_header((header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"))
        .no_chunking(file.size_bytes.unsigned_abs());
    if door.request().method() == Method::HEAD {
        return Ok(answer.finish());
    }
    let writer = door.writer()?;
    let place = app.limits.files_at_once.take(&writer.user_id)?;
    let (store, by) = (app.store.clone(), writer.by);
    let read = move |conn: &mut PgConnection, outlet: &Outlet<Bytes>| {
        store.read(conn, merchant_id, &file.sha256, &mut |piece| outlet.send(piece.into()))
    };
    let settle = move |conn: &mut PgConnection, failure: Option<&Error>| {
        drop(place);
        commands::note_download(conn, &by, &ticket, failure)
    };
    let pieces = app.export_db.stream(door.tenants(), read, settle).await?;
    Ok(answer.streaming(files::watched(door.request(), pieces)))
}
