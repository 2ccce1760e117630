//! Accounting > Documents: invoices, credit notes and statements of a merchant. They are published by
//! one command, whichever door they come through, and never change; a correction is a new one.

mod api;
mod columns;
mod commands;
mod display;
mod door;
mod files;
mod filter;
mod form;
mod model;
mod pages;
mod queries;

use crate::auth::api::Scope;
use crate::exports::{self, ExportList};
use crate::kernel::Right;
use crate::views;
use crate::web::{Audience, Routes};

pub use api::Description as ApiDescription;

/// Where a merchant's users find their documents.
pub const LIST: &str = ExportList::Documents.paths().list;

const VIEW: Audience = Audience::Merchant(Right::ViewDocuments);
const PLATFORM: Audience = Audience::Staff(Right::ViewDocuments);
const PUBLISH: Audience = Audience::Staff(Right::PublishDocuments);

/// The addresses of this slice. Both doors lead to the same handlers (`door.rs`).
#[rustfmt::skip]
pub fn routes(r: &mut Routes) {
    r.get("/accounting/documents", VIEW, pages::list);
    r.post("/accounting/documents/read", VIEW, pages::mark_all);
    views::routes::<columns::Column>(r);
    exports::routes::<columns::Column>(r);
    r.get("/accounting/documents.zip", VIEW, pages::zip);
    r.get("/accounting/documents/{document}", VIEW, pages::show);
    r.get("/accounting/documents/{document}/file", VIEW, pages::pdf);
    r.get("/accounting/documents/{document}/data.csv", VIEW, pages::data);
    r.post("/accounting/documents/{document}/read", VIEW, pages::mark);
    r.get("/accounting/merchants", PLATFORM, pages::merchants);
    r.get("/merchants/{id}/documents", PLATFORM, pages::list);
    r.upload("/merchants/{id}/documents", PUBLISH, pages::BODY_BYTES_MAX, pages::create);
    r.get("/merchants/{id}/documents/new", PUBLISH, pages::new);
    r.get("/merchants/{id}/documents.zip", PLATFORM, pages::zip);
    r.get("/merchants/{id}/documents/{document}", PLATFORM, pages::show);
    r.get("/merchants/{id}/documents/{document}/file", PLATFORM, pages::pdf);
    r.get("/merchants/{id}/documents/{document}/data.csv", PLATFORM, pages::data);
    r.get("/merchants/{id}/documents/{document}/state", PUBLISH, pages::ask_state);
    r.post("/merchants/{id}/documents/{document}/state", PUBLISH, pages::set_state);
    r.get("/api/v1/documents", Audience::Api(Scope::ReadDocuments), api::list);
    r.post("/api/v1/documents", Audience::StaffApi(Scope::PublishDocuments), api::create);
    r.get("/api/v1/documents/{id}", Audience::Api(Scope::ReadDocuments), api::show);
    r.get("/api/v1/documents/{id}/file", Audience::Api(Scope::ReadDocuments), api::file);
}

/// The documents that the product makes at the end of a period.
pub mod jobs {
    pub use super::commands::{Maker, publish_due};
}

/// What the start page tells of documents.
pub mod overview {
    pub use super::display::{Owed, owed};
    pub use super::queries::{Held, Overview, held, overview};
}

/// What tells about one document elsewhere needs of it.
pub mod telling {
    pub use super::display::{badge, kind, period};
    pub use super::model::Document;
    pub use super::queries::get;
}

/// What publishes documents otherwise than by the page, by the same rules, needs of it.
pub mod publishing {
    pub use super::commands::{Pdf, Published, Writer, move_state, publish};
    pub use super::form::{Meant, PublishForm, Unit};
    pub use super::model::{Document, Kind, NewDocument, Refusal, Source, State};
    pub use super::queries::merchant_zone;

    /// Why a document was not published: the field that it is about, and words.
    pub use super::form::refusal as refusal_words;
}
