//! What a customer meets on our side: the pay link, the way back from the gateway, and the
//! gateway's callback. No page here has a field for a card: those are the gateway's.

mod callback;
mod pages;
mod reminders;
mod visitor;

use crate::web::{Audience, Routes};

/// The addresses of this slice. They need no session.
pub fn routes(r: &mut Routes) {
    r.get("/pay/{token}", Audience::Public, pages::open);
    r.post("/pay/{token}", Audience::Public, pages::prepare);
    r.get("/pay/{token}/logo", Audience::Public, pages::logo);
    r.get("/pay/{token}/return", Audience::Public, pages::come_back);
    r.post("/pay/{token}/return", Audience::Public, pages::come_back);
    r.get("/pay/{token}/result", Audience::Public, pages::result);
    r.get("/pay/{token}/reminders", Audience::Public, reminders::ask);
    r.post("/pay/{token}/reminders", Audience::Public, reminders::stop);
    r.post("/gateway/connect2pay/callback", Audience::Peer, callback::callback);
}
