//! What every page needs: routes, forms, headers, problem pages, the frame around the content.

mod again;
pub mod api;
mod app;
mod assets;
pub mod checked_files;
mod client;
pub mod connections;
mod csrf;
mod denial;
pub mod files;
mod flash;
mod forms;
mod frame;
mod limits;
pub mod list;
mod page;
mod poll;
mod problem;
mod refusal;
pub mod return_to;
pub mod rights;
mod routes;
mod shell;
pub mod ui;
mod upload;

pub use again::{FRESH_SECONDS, Fresh, Kept, keep_form};
pub use app::{App, Policies};
pub use assets::{asset, serve as serve_asset};
pub use client::Client;
pub use csrf::{EXEMPT as CSRF_EXEMPT, TOKEN_FIELD, check as check_csrf};
pub use flash::{Flash, set as set_flash};
pub use forms::{
    Faults, Form, FormBody, Query, collect as collect_body, field_fault, long_reason, reason,
    text_fault,
};
pub use frame::frame;
pub use limits::{AtOnce, Limit, Limits, Place};
pub use page::{Html, html, html_with, invalid, png, public_html, see_other};
pub use poll::Poll;
pub use refusal::ticket_address;
pub use routes::{Audience, Route, Routes};
pub use shell::{PublicShell, Shell, Theme, Ui};
pub use upload::{Upload, UploadedFile};
