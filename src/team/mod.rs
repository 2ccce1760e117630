//! A merchant's team: who is in it and with which role, invitations, and the permission matrix to
//! read. Owners come through their settings, people of the platform through their portfolio.

mod commands;
mod door;
mod form;
mod lookups;
mod mails;
mod model;
mod pages;
mod queries;

use crate::kernel::Right;
use crate::web::{Audience, Routes};

pub use mails::InvitationLetters;

/// For the demo.
pub use commands::{NewInvitation, Writer, invite};

const OWNERS: Audience = Audience::Merchant(Right::ManageTeam);
const PLATFORM: Audience = Audience::Staff(Right::ManageTeam);

/// The addresses of this slice. Both doors lead to the same handlers (`door.rs`).
#[rustfmt::skip]
pub fn routes(r: &mut Routes) {
    r.get("/settings/team", OWNERS, pages::team::list);
    r.get("/settings/team/invitations/new", OWNERS, pages::invite::new);
    r.post("/settings/team/invitations", OWNERS, pages::invite::create);
    r.post("/settings/team/invitations/{invitation}/resend", OWNERS, pages::invite::resend);
    r.post("/settings/team/invitations/{invitation}/withdrawal", OWNERS, pages::invite::withdraw);
    r.get("/settings/team/members/{user}", OWNERS, pages::member::show);
    r.post("/settings/team/members/{user}/role", OWNERS, pages::member::set_role);
    r.post("/settings/team/members/{user}/sign-out", OWNERS, pages::member::end_sessions);
    r.get("/settings/team/members/{user}/removal", OWNERS, pages::member::ask_remove);
    r.post("/settings/team/members/{user}/removal", OWNERS, pages::member::remove);
    r.get("/merchants/{id}/team", PLATFORM, pages::team::list);
    r.get("/merchants/{id}/team/invitations/new", PLATFORM, pages::invite::new);
    r.post("/merchants/{id}/team/invitations", PLATFORM, pages::invite::create);
    r.post("/merchants/{id}/team/invitations/{invitation}/resend", PLATFORM, pages::invite::resend);
    r.post("/merchants/{id}/team/invitations/{invitation}/withdrawal", PLATFORM, pages::invite::withdraw);
    r.get("/merchants/{id}/team/members/{user}", PLATFORM, pages::member::show);
    r.post("/merchants/{id}/team/members/{user}/role", PLATFORM, pages::member::set_role);
    r.post("/merchants/{id}/team/members/{user}/sign-out", PLATFORM, pages::member::end_sessions);
    r.get("/merchants/{id}/team/members/{user}/removal", PLATFORM, pages::member::ask_remove);
    r.post("/merchants/{id}/team/members/{user}/removal", PLATFORM, pages::member::remove);
    r.get("/settings/permissions", Audience::MerchantUser, pages::permissions::show);
    r.get("/invitations/{token}", Audience::Public, pages::accept::show);
    r.post("/invitations/{token}", Audience::Public, pages::accept::accept);
}
