//! A customer ends the reminders of one payment: by our page, or by their mail program alone.

use actix_web::http::StatusCode;
use askama::Template;
use diesel::PgConnection;

use super::pages::Visit;
use crate::email_payments::{are_reminders_stopped, pay_view, stop_reminders};
use crate::kernel::{Lang, Texts};
use crate::web::{Html, Ui, public_html};

#[derive(Template)]
#[template(path = "payment_page/reminders.html")]
struct RemindersPage {
    ui_of: Ui,
    t: &'static Texts,
    merchant: String,
    /// Where a link to support leads.
    support: String,
    are_stopped: bool,
    token: String,
}

/// `GET /pay/{token}/reminders`: asks. Mail scanners open links, so that nothing ends by it.
pub async fn ask(visit: Visit) -> Html {
    answer(visit, false).await
}

/// `POST /pay/{token}/reminders`: ends them. The mail program of the reader posts here without a page
/// (RFC 8058): the link itself is the proof, and what the body says decides nothing.
pub async fn stop(visit: Visit) -> Html {
    answer(visit, true).await
}

async fn answer(visit: Visit, is_stopped_now: bool) -> Html {
    if is_stopped_now {
        // One mail service may post for many of its readers: it is the link that is limited.
        visit.app.limits.pay_post.take(&visit.hash())?;
    } else {
        visit.app.limits.pay_page.take(&visit.client.neighbours())?;
    }
    let Some((scope, id)) = visit.find().await? else {
        return visit.unknown();
    };
    let now = visit.app.clock.now();
    let work = move |conn: &mut PgConnection| {
        if is_stopped_now {
            stop_reminders(conn, scope, id, now)?;
        }
        let view = pay_view(conn, scope, id)?;
        Ok((view, are_reminders_stopped(conn, scope.merchant_id(), id)?))
    };
    let (view, are_stopped) = visit.app.pay_db.run(scope.tenants(), work).await?;
    let (lang, app) = (visit.lang(Some(&view)), visit.app.clone());
    let page = RemindersPage {
        ui_of: Ui { lang, ..Ui::of(&visit.req) },
        t: lang.texts(),
        merchant: view.merchant.name,
        support: view.page.support_href(),
        are_stopped,
        token: visit.token,
    };
    public_html(&app, StatusCode::OK, &page)
}
