//! The start page, language and appearance, and what browsers report.

mod chart;
mod commands;
mod pages;

use crate::web::{Audience, Routes};

pub use commands::remember_language;
pub use pages::themes;

/// The addresses of this slice.
pub fn routes(r: &mut Routes) {
    r.get("/", Audience::SignedIn, pages::home);
    r.get("/display", Audience::Public, pages::display);
    r.post("/display", Audience::Public, pages::set_display);
    r.post("/csp-report", Audience::Public, pages::csp_report);
}
