//! Files of lists that leave: made and sent in one go, each with a record that proves what was in it.

mod commands;
mod model;
mod pages;
mod queries;
mod send;

use crate::kernel::Right;
use crate::web::{Audience, Routes};

pub use model::ExportList;
pub use pages::{NewFile, page};
pub use send::{Order, send};

/// The addresses of this slice; the lists have those of their files and records.
pub fn routes(r: &mut Routes) {
    r.post(
        "/processing/email-payments/exports/{id}/stop",
        Audience::Merchant(Right::Export),
        pages::stop_of_email_payments,
    );
    r.post(
        "/settings/activity/exports/{id}/stop",
        Audience::Merchant(Right::ViewActivity),
        pages::stop_of_activity,
    );
    r.post(
        "/accounting/documents/exports/{id}/stop",
        Audience::Merchant(Right::ViewDocuments),
        pages::stop_of_documents,
    );
    r.post(
        "/processing/transactions/exports/{id}/stop",
        Audience::Merchant(Right::Export),
        pages::stop_of_transactions,
    );
}

/// The jobs of this slice, each run by [`crate::jobs::repeat`].
pub mod jobs {
    pub use super::commands::close_lost;
}
