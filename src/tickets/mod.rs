//! Support > Tickets: a merchant's questions to the platform, tied to what they are about; and the queue
//! of those who answer them.

mod columns;
mod commands;
mod display;
mod door;
mod filter;
mod form;
mod lookups;
mod mails;
mod model;
mod pages;
mod queries;

use crate::kernel::Right;
use crate::web::{Audience, Routes};

pub use mails::TicketLetters;

/// Where merchants find their tickets, and support its queue.
const LIST: &str = "/support/tickets";

const MERCHANTS: Audience = Audience::Merchant(Right::UseTickets);
const SUPPORT: Audience = Audience::Staff(Right::UseTickets);
const MANAGERS: Audience = Audience::Staff(Right::ManageMerchants);

/// The addresses of this slice. One ticket is behind three doors: a merchant's people find it by its
/// number, support and who looks after the merchant by its merchant and its number (`door.rs`).
#[rustfmt::skip]
pub fn routes(r: &mut Routes) {
    r.get("/support/tickets", Audience::Both(Right::UseTickets), pages::list);
    r.upload("/support/tickets", MERCHANTS, pages::BODY_BYTES_MAX, pages::create);
    r.get("/support/tickets/new", MERCHANTS, pages::new);
    r.get("/support/tickets/{number}", MERCHANTS, pages::show);
    r.upload("/support/tickets/{number}/messages", MERCHANTS, pages::BODY_BYTES_MAX, pages::answer);
    r.post("/support/tickets/{number}/watchers", MERCHANTS, pages::watch);
    r.get("/support/tickets/{number}/files/{file}", MERCHANTS, pages::file);
    r.get("/merchants/{id}/tickets/{number}", SUPPORT, pages::show);
    r.upload("/merchants/{id}/tickets/{number}/messages", SUPPORT, pages::BODY_BYTES_MAX, pages::answer);
    r.post("/merchants/{id}/tickets/{number}/notes", SUPPORT, pages::note);
    r.post("/merchants/{id}/tickets/{number}/assignee", SUPPORT, pages::assign);
    r.get("/merchants/{id}/tickets/{number}/files/{file}", SUPPORT, pages::file);
    r.get("/portfolio/{merchant}/tickets", MANAGERS, pages::list_of_merchant);
    r.get("/portfolio/{merchant}/tickets/{number}", MANAGERS, pages::show);
    r.upload("/portfolio/{merchant}/tickets/{number}/messages", MANAGERS, pages::BODY_BYTES_MAX, pages::answer);
    r.get("/portfolio/{merchant}/tickets/{number}/files/{file}", MANAGERS, pages::file);
    r.get("/support/answers", SUPPORT, pages::answers);
    r.post("/support/answers", SUPPORT, pages::add_answer);
    r.get("/support/answers/{answer}", SUPPORT, pages::edit_answer);
    r.post("/support/answers/{answer}", SUPPORT, pages::change_answer);
    r.post("/support/answers/{answer}/removal", SUPPORT, pages::remove_answer);
}

/// What the start page tells of tickets.
pub mod overview {
    pub use super::display::{category, due as due_badge};
    pub use super::door::asker;
    pub use super::filter::Asker;
    pub use super::model::Ticket;
    pub use super::queries::{ListRow, Queue, queue, waiting};
}

/// The jobs of this slice, each run by [`crate::jobs::repeat`].
pub mod jobs {
    pub use super::commands::close_solved;
}
