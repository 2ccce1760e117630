//! The wire: what goes in and what comes out. Amounts in whole minor units, days as ISO 8601 writes
//! them, instants in UTC, enums as the words of the database.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::schema;

use crate::documents::filter::{Question, order};
use crate::documents::model::{Document, Kind, State};
use crate::documents::queries::ListRow;
use crate::kernel::DocumentId;
use crate::web::api::parameters::words_schema;
use crate::web::list::Slice;

fn kinds() -> schema::Object {
    words_schema(Kind::ALL.iter().map(|kind| kind.as_str())).build()
}

fn states() -> schema::Object {
    words_schema(State::ALL.iter().map(|state| state.as_str())).build()
}

/// An accounting document.
#[derive(Debug, Serialize, ToSchema)]
#[schema(
    as = Document,
    example = json!({
        "id": "019ac1f0-5c1e-7d53-9d0c-7f2f6b6f1a55", "type": "invoice", "provider": "",
        "number": "FT-2026-10418", "period_from": "2026-10-01", "period_until": "2026-10-31",
        "issued_on": "2026-11-02", "due_on": "2026-11-16", "currency": "EUR",
        "total_minor": 31_244, "state": "waiting_accountant_payment",
        "state_at": "2026-11-02T08:00:00Z", "corrects": null,
        "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "size_bytes": 48_213, "created_at": "2026-11-02T08:00:00Z"
    })
)]
pub struct DocumentJson {
    #[schema(value_type = String, format = Uuid)]
    id: DocumentId,
    #[serde(rename = "type")]
    #[schema(schema_with = kinds)]
    kind: &'static str,
    /// The financial provider whose money it tells about; empty: none in particular.
    provider: String,
    number: String,
    period_from: NaiveDate,
    /// The last day of the period.
    period_until: NaiveDate,
    issued_on: NaiveDate,
    due_on: Option<NaiveDate>,
    /// An ISO 4217 code.
    currency: String,
    /// What the merchant is to receive, in minor units; negative where it is to pay.
    total_minor: i64,
    /// How far its money is.
    #[schema(schema_with = states)]
    state: &'static str,
    state_at: DateTime<Utc>,
    /// The document that this one corrects.
    #[schema(value_type = Option<String>, format = Uuid)]
    corrects: Option<DocumentId>,
    /// Of the PDF's bytes, in hexadecimal.
    sha256: String,
    size_bytes: i64,
    created_at: DateTime<Utc>,
}

impl From<Document> for DocumentJson {
    fn from(document: Document) -> Self {
        Self {
            id: document.id,
            kind: document.kind.as_str(),
            sha256: document.sha256_hex(),
            provider: document.provider,
            number: document.number,
            period_from: document.period_from,
            period_until: document.period_until,
            issued_on: document.issued_on,
            due_on: document.due_on,
            currency: document.currency_code,
            total_minor: document.total_minor,
            state: document.state.as_str(),
            state_at: document.state_at,
            corrects: document.corrects,
            size_bytes: document.size_bytes,
            created_at: document.created_at,
        }
    }
}

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DocumentPage)]
pub struct PageJson {
    data: Vec<DocumentJson>,
    /// The page of older documents; null on the last one.
    #[schema(format = "uri")]
    next: Option<String>,
    /// The page of newer documents; null on the first one.
    #[schema(format = "uri")]
    previous: Option<String>,
}

impl PageJson {
    /// `base` is the list's address.
    pub fn of(slice: Slice<ListRow>, question: &Question, base: &str) -> Self {
        let pages = question.pages(base, &slice, |row| order::place(question.sort, &row.document));
        let data = slice.rows.into_iter().map(|row| DocumentJson::from(row.document)).collect();
        Self { data, next: pages.next, previous: pages.previous }
    }
}

/// A document to be published, as parts of a form.
#[derive(ToSchema)]
#[schema(as = NewDocument)]
#[expect(dead_code, reason = "it describes parts that are read by their names")]
pub struct NewDocumentParts {
    /// One of the merchants that the person looks after.
    #[schema(format = Uuid)]
    merchant_id: String,
    #[schema(rename = "type", schema_with = kinds)]
    kind: String,
    /// The financial provider whose money it tells about.
    #[schema(max_length = 60)]
    provider: Option<String>,
    /// Not used before for this merchant and provider.
    #[schema(max_length = 60)]
    number: String,
    #[schema(format = Date)]
    period_from: String,
    /// The last day of the period.
    #[schema(format = Date)]
    period_until: String,
    /// Today where it is not given.
    #[schema(format = Date)]
    issued_on: Option<String>,
    #[schema(format = Date)]
    due_on: Option<String>,
    /// An ISO 4217 code.
    #[schema(pattern = "^[A-Z]{3}$")]
    currency: String,
    /// What the merchant is to receive, in minor units; negative where it is to pay.
    total_minor: i64,
    /// The number of the document of the same provider that this one corrects.
    corrects: Option<String>,
    /// A PDF of at most 25 MiB.
    #[schema(format = Binary)]
    file: String,
}

impl NewDocumentParts {
    /// Its parts but the file.
    pub const FIELDS: [&str; 11] = [
        "merchant_id",
        "type",
        "provider",
        "number",
        "period_from",
        "period_until",
        "issued_on",
        "due_on",
        "currency",
        "total_minor",
        "corrects",
    ];
}
