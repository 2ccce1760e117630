//! The switch between merchants, the portfolio, one merchant of it, and whom a merchant may ask.

mod card;
mod choose;
mod contacts;
mod hand_over;
mod portfolio;
mod show;

pub use card::{card, set_card};
pub use choose::{choose, set_chosen};
pub use contacts::contacts;
pub use hand_over::{ask_hand_over, hand_over, take_over};
pub use portfolio::list;
pub use show::show;

use super::queries::{Attention, Confirms, EXPIRES_WITHIN_DAYS};
use crate::kernel::{MerchantId, Right, Texts};
use crate::web::Shell;
use crate::web::ui::{Badge, Icon, counted as shown};

/// One thing that needs somebody; a link where the reader may go there.
pub struct Needed {
    pub badge: Badge,
    pub url: Option<String>,
}

/// What needs somebody at a merchant: nothing of what there is none.
#[must_use]
pub fn needed(attention: &Attention, id: MerchantId, shell: &Shell) -> Vec<Needed> {
    let Attention { tickets, requests, blocked, unreached, expiring, .. } = *attention;
    let t = shell.t;
    let documents = shell.may(Right::ViewDocuments).then(|| {
        format!("/merchants/{id}/documents?state=blocked_payment&state=blocked_review&state=blocked_missing_information")
    });
    let ticket_list = format!("/portfolio/{id}/tickets?state=open&state=waiting_support");
    let permissions = format!("/merchants/{id}/permissions");
    let soon = t.msg_needed_expiring(expiring, shown(expiring), EXPIRES_WITHIN_DAYS);
    [
        (
            tickets,
            t.msg_needed_tickets(tickets, shown(tickets)),
            "lifebuoy",
            "wait",
            Some(ticket_list),
        ),
        (
            requests,
            t.msg_needed_requests(requests, shown(requests)),
            "bell",
            "wait",
            Some(permissions),
        ),
        (
            blocked,
            t.msg_needed_documents(blocked, shown(blocked)),
            "file-invoice",
            "neg",
            documents,
        ),
        (unreached, t.msg_needed_unreached(unreached, shown(unreached)), "mail-x", "neg", None),
        (expiring, soon, "clock", "warn", None),
    ]
    .into_iter()
    .filter(|(count, ..)| *count > 0)
    .map(|(_, words, icon, tone, url)| Needed {
        badge: Badge { icon: Icon(icon), words, tone },
        url,
    })
    .collect()
}

/// How the switches of a merchant's originators stand, taken together.
fn confirms_badge(confirms: Confirms, t: &Texts) -> Badge {
    let (icon, words, tone) = match confirms {
        Confirms::All => ("circle-check", t.msg_confirm_on(), "pos"),
        Confirms::Some => ("circle-check", t.msg_confirm_partly(), "warn"),
        Confirms::None => ("ban", t.msg_confirm_off(), "neu"),
    };
    Badge { icon: Icon(icon), words, tone }
}
