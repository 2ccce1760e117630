//! Documents for programs: a merchant's read them, the platform's publish them. The same rules and the
//! same words as the pages.

mod wire;

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use diesel::PgConnection;
use utoipa::{Modify, OpenApi, openapi};

use super::columns::{Column, UNREAD};
use super::commands::{Pdf, Published, Writer};
use super::filter::{Question, Viewer};
use super::form::{PublishForm, Unit};
use super::model::{Document, Kind, Refusal, Source, State};
use super::{form, pages, queries};
use crate::auth::api::answers::Answer;
use crate::auth::api::{ApiClient, Scope, StaffClient};
use crate::kernel::{DocumentId, Error, MerchantId, Texts};
use crate::web::api::parameters::{self, ListWords};
use crate::web::api::{ApiAnswer, Done, FieldFault, FilePost, Problem, ProblemJson, json, once};
use crate::web::list::Reader;
use crate::web::{App, Client, Faults, Query, Ui};
use wire::{DocumentJson, NewDocumentParts, PageJson};

/// Where the API keeps documents.
const BASE: &str = "/api/v1/documents";

/// The part of the published description that tells about documents.
#[derive(OpenApi)]
#[openapi(
    paths(list, create, show, file),
    modifiers(&ListParameters),
    tags((name = "Documents", description = "Invoices, credit notes and statements of a merchant."))
)]
pub struct Description;

/// Adds the list's parameters to its operation.
struct ListParameters;

impl Modify for ListParameters {
    fn modify(&self, openapi: &mut openapi::OpenApi) {
        let words = ListWords {
            search: "Any part of the number, or an amount whatever its sign.",
            rows: "Documents on a page.",
            values: |column| match column {
                Column::Kind => Kind::ALL.iter().map(|kind| kind.as_str()).collect(),
                Column::State => State::ALL.iter().map(|state| state.as_str()).collect(),
                Column::Unread => UNREAD.iter().map(|(word, _)| *word).collect(),
                Column::Number
                | Column::Period
                | Column::Total
                | Column::Currency
                | Column::Issued
                | Column::Due
                | Column::Provider => Vec::new(),
            },
        };
        parameters::describe::<Column>(openapi, BASE, &words);
    }
}

fn id(path: &Path<String>) -> Result<DocumentId, Error> {
    path.parse().map_err(|_| Error::NotFound)
}

/// List documents
///
/// One page of the merchant's documents that agree with all parameters, newest first. `next` and
/// `previous` are addresses: follow them until they are null. Every parameter is the one of the page
/// Accounting > Documents, whose address can be taken over; unread is what the token's user has not
/// read there.
#[utoipa::path(
    get,
    path = "/api/v1/documents",
    tag = "Documents",
    operation_id = "listDocuments",
    responses(
        (status = 200, description = "One page.", body = PageJson, content_type = "application/json"),
        (status = 400, description = "A parameter stands there twice.", body = ProblemJson, content_type = "application/problem+json"),
        (status = 422, description = "A parameter is unknown or can't be read.", body = ProblemJson, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["documents:read"]))
)]
pub async fn list(client: ApiClient, app: Data<App>, req: HttpRequest, query: Query) -> ApiAnswer {
    let scope = client.scope(Scope::ReadDocuments)?;
    let lang = Ui::of(&req).lang;
    let t = lang.texts();
    parameters::check::<Column>(&query, t)?;
    let reader = Reader { t, lang, zone: client.zone(), now: app.clock.now() };
    let (question, faults) = Question::read(&query, &reader);
    if !faults.is_empty() {
        return Err(Problem::of_faults(&faults, |name| name));
    }
    let viewer = Viewer { user_id: client.user_id(), zone: client.zone() };
    let asked = question.clone();
    let read = move |conn: &mut PgConnection| queries::list(conn, scope, viewer, &asked);
    let slice = app.db.run(scope.tenants(), read).await?;
    json(StatusCode::OK, &PageJson::of(slice, &question, &app.url(BASE)))
}

/// Read a document
#[utoipa::path(
    get,
    path = "/api/v1/documents/{id}",
    tag = "Documents",
    operation_id = "getDocument",
    params(("id" = String, Path, format = Uuid, description = "The document's id.")),
    responses(
        (status = 200, description = "The document.", body = DocumentJson, content_type = "application/json"),
        (status = 404, description = "There is none with this id, or not for this token.", body = ProblemJson, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["documents:read"]))
)]
pub async fn show(client: ApiClient, app: Data<App>, path: Path<String>) -> ApiAnswer {
    let (scope, id) = (client.scope(Scope::ReadDocuments)?, id(&path)?);
    let read = move |conn: &mut PgConnection| queries::get(conn, scope, id);
    json(StatusCode::OK, &DocumentJson::from(app.db.run(scope.tenants(), read).await?))
}

/// Download a document
///
/// The PDF as it was published. `ETag` is the SHA-256 of its bytes, which never change.
#[utoipa::path(
    get,
    path = "/api/v1/documents/{id}/file",
    tag = "Documents",
    operation_id = "getDocumentFile",
    params(("id" = String, Path, format = Uuid, description = "The document's id.")),
    responses(
        (status = 200, description = "The PDF.", body = String, content_type = "application/pdf",
            headers(("ETag" = String, description = "The SHA-256 of the bytes, in hexadecimal."))),
        (status = 404, description = "There is none with this id, or not for this token.", body = ProblemJson, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["documents:read"]))
)]
pub async fn file(
    client: ApiClient,
    app: Data<App>,
    req: HttpRequest,
    from: Client,
    path: Path<String>,
) -> ApiAnswer {
    let (scope, id) = (client.scope(Scope::ReadDocuments)?, id(&path)?);
    let writer = Writer {
        by: from.program(&client),
        user_id: Some(client.user_id()),
        program: Some(client.credential().facts()),
        now: app.clock.now(),
    };
    let (user_id, reader) = (client.user_id(), None);
    Ok(pages::send(&req, &app, scope, writer, id, user_id, reader).await?)
}

/// Publish a document
///
/// For the platform's own programs: puts a PDF into the area of a merchant that the token's person
/// looks after. The same number with the same bytes again is the same document, and nothing is done;
/// with other bytes it is refused. What was published never changes: a correction is a new document.
#[utoipa::path(
    post,
    path = "/api/v1/documents",
    tag = "Documents",
    operation_id = "publishDocument",
    params(
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 printable ASCII characters; may be left out: number and bytes are key enough."),
    ),
    request_body(content = NewDocumentParts, content_type = "multipart/form-data"),
    responses(
        (status = 200, description = "It was there already.", body = DocumentJson, content_type = "application/json"),
        (status = 201, description = "The document is published.", body = DocumentJson, content_type = "application/json",
            headers(
                ("Location" = String, description = "The document's address."),
                ("Idempotent-Replayed" = String, description = "`true` where this answer was given before."),
            )),
        (status = 400, description = "A body of parts that can't be read.", body = ProblemJson, content_type = "application/problem+json"),
        (status = 404, description = "The person looks after no such merchant.", body = ProblemJson, content_type = "application/problem+json"),
        (status = 409, description = "A request with the same key is being worked on.", body = ProblemJson, content_type = "application/problem+json"),
        (status = 413, description = "The body is larger than 26 MiB.", body = ProblemJson, content_type = "application/problem+json"),
        (status = 415, description = "The body is not multipart/form-data.", body = ProblemJson, content_type = "application/problem+json"),
        (status = 422, description = "Fields are wrong, or the key was used for another request.", body = ProblemJson, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["documents:write"]))
)]
pub async fn create(
    client: StaffClient,
    app: Data<App>,
    req: HttpRequest,
    from: Client,
    sent: FilePost<{ pages::BODY_BYTES_MAX }>,
) -> ApiAnswer {
    let managed = client.scope(Scope::PublishDocuments)?;
    let t = Ui::of(&req).lang.texts();
    let FilePost { upload, post } = sent;
    check_parts(upload.fields().map(|(name, _)| name), t)?;
    let merchant: Result<MerchantId, _> = upload.text("merchant_id").parse();
    let merchant = merchant.map_err(|_| fault("merchant_id", t.msg_doc_fault_merchant()))?;
    let scope = managed.merchant(merchant)?;
    let now = app.clock.now();
    let zone = app.db.run(scope.tenants(), move |conn| queries::merchant_zone(conn, scope)).await?;
    let today = now.with_timezone(&zone).date_naive();
    let typed = typed(|name| upload.text(name).to_owned());
    let meant = typed.validate(Source::Api, today, t).map_err(|faults| wired(&faults))?;
    if let Some(refusal) = meant.refusal() {
        return Err(refused(refusal, t));
    }
    let bytes = upload.into_file().map(|file| file.bytes.to_vec()).unwrap_or_default();
    let pdf = Pdf::read(bytes).map_err(|refusal| refused(refusal, t))?;
    let kept = app.store.keep(merchant, pdf.into_bytes()).await?;
    let writer = Writer {
        by: from.platforms_program(&client),
        user_id: Some(client.user_id()),
        program: Some(client.credential().facts()),
        now,
    };
    let base = app.url(BASE);
    let work = move |conn: &mut PgConnection| {
        Ok(match meant.publish(conn, scope, &writer, &kept)? {
            Published::New(document) => answer(StatusCode::CREATED, document, &base)?,
            Published::Same(document) => answer(StatusCode::OK, document, &base)?,
            Published::Refused(refusal) => Err(refused(refusal, t)),
        })
    };
    once(&app, scope, post, now, work).await
}

/// What was sent as the page's form would have it.
fn typed(text: impl Fn(&str) -> String) -> PublishForm {
    PublishForm {
        kind: text("type"),
        provider: text("provider"),
        number: text("number"),
        period_from: text("period_from"),
        period_until: text("period_until"),
        issued_on: text("issued_on"),
        due_on: text("due_on"),
        currency: text("currency"),
        total: text("total_minor"),
        unit: Unit::Minor,
        corrects: text("corrects"),
    }
}

/// A good answer about a document, to be kept with its key.
fn answer(status: StatusCode, document: Document, base: &str) -> Result<Done, Error> {
    let location = (status == StatusCode::CREATED).then(|| format!("{base}/{}", document.id));
    let body = serde_json::to_string(&DocumentJson::from(document)).map_err(Error::internal)?;
    Ok(Ok(Answer { status: status.as_u16(), location, body }))
}

/// Parts that this address does not know are refused.
fn check_parts<'a>(names: impl Iterator<Item = &'a str>, t: &Texts) -> Result<(), Problem> {
    let unknown = names.filter(|name| !NewDocumentParts::FIELDS.contains(name));
    let faults: Vec<FieldFault> = unknown
        .map(|name| FieldFault {
            field: name.chars().take(100).collect(),
            message: t.msg_api_field_unknown(),
        })
        .collect();
    if faults.is_empty() { Ok(()) } else { Err(Problem::Fields(faults)) }
}

/// The form's fields, by their names on the wire.
fn wire_name(field: &str) -> &str {
    match field {
        "kind" => "type",
        "total" => "total_minor",
        other => other,
    }
}

fn wired(faults: &Faults) -> Problem {
    Problem::Fields(
        faults
            .each()
            .map(|(field, words)| FieldFault {
                field: wire_name(field).to_owned(),
                message: words.to_owned(),
            })
            .collect(),
    )
}

fn refused(refusal: Refusal, t: &Texts) -> Problem {
    let (field, words) = form::refusal(refusal, t);
    fault(wire_name(field), words)
}

fn fault(field: &str, words: String) -> Problem {
    Problem::Fields(vec![FieldFault { field: field.to_owned(), message: words }])
}

#[cfg(test)]
mod tests {
    use utoipa::PartialSchema as _;

    use super::*;

    #[test]
    fn the_published_parts_are_the_ones_that_are_read() {
        let schema = serde_json::to_value(NewDocumentParts::schema()).unwrap();
        let mut names: Vec<&str> =
            schema["properties"].as_object().unwrap().keys().map(String::as_str).collect();
        names.retain(|name| *name != "file");
        let mut fields = NewDocumentParts::FIELDS.to_vec();
        names.sort_unstable();
        fields.sort_unstable();
        assert_eq!(names, fields);
    }

    #[test]
    fn the_published_parameters_are_the_ones_that_are_read() {
        let description = serde_json::to_value(Description::openapi()).unwrap();
        let published = description["paths"][BASE]["get"]["parameters"].as_array().unwrap();
        let names: Vec<&str> =
            published.iter().map(|parameter| parameter["name"].as_str().unwrap()).collect();
        let read: Vec<&str> =
            Question::parameters().iter().map(|parameter| parameter.name).collect();
        assert_eq!(names, read);
    }
}
