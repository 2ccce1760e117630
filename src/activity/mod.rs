//! Settings > Activity: who did what, when and from where, for one merchant. Refusals included.

mod actions;
mod commands;
mod display;
mod export;
mod filter;
mod pages;
mod queries;

use crate::kernel::Right;
use crate::web::{Audience, Routes};

const OWN: Audience = Audience::Merchant(Right::ViewActivity);
const STAFF: Audience = Audience::Staff(Right::ViewActivity);

/// The addresses of this slice.
pub fn routes(r: &mut Routes) {
    r.get("/settings/activity", OWN, pages::own);
    r.get("/settings/activity.csv", OWN, export::own_csv);
    r.get("/settings/activity.xlsx", OWN, export::own_xlsx);
    r.get("/settings/activity/exports", OWN, export::records);
    r.post("/settings/activity/exports/{id}/stop", OWN, export::stop);
    r.get("/merchants/{id}/activity", STAFF, pages::of_merchant);
    r.get("/merchants/{id}/activity.csv", STAFF, export::csv_of_merchant);
    r.get("/merchants/{id}/activity.xlsx", STAFF, export::xlsx_of_merchant);
}

/// Whether an action of the audit has words; for the test that reads the sources.
#[must_use]
pub fn has_words(action: &str) -> bool {
    actions::find(action).is_some()
}
