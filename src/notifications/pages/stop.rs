//! `/unsubscribe/{token}`: ends such mails without signing in, by a page or by the reader's mail program
//! alone (RFC 8058). The link is the proof.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use askama::Template;
use diesel::PgConnection;

use crate::auth::SystemScope;
use crate::crypto;
use crate::kernel::{Error, Texts, UserId};
use crate::notifications::commands;
use crate::notifications::display;
use crate::notifications::mails::read_link;
use crate::notifications::model::Stop;
use crate::notifications::queries;
use crate::web::{App, Client, Html, Ui, public_html};

/// What is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Asked,
    Ended,
    TakenBack,
}

#[derive(Template)]
#[template(path = "notifications/stop.html")]
struct StopPage {
    ui_of: Ui,
    t: &'static Texts,
    merchant: String,
    what: String,
    step: Step,
    token: String,
}

/// A link of ours, as it is asked for.
pub struct Link {
    scope: SystemScope,
    user_id: UserId,
    what: Stop,
    token: String,
}

/// # Errors
/// [`Error::NotFound`]: none of ours.
fn link(app: &App, token: &str) -> Result<Link, Error> {
    let (scope, user_id, what) = read_link(&app.keys, token).ok_or(Error::NotFound)?;
    Ok(Link { scope, user_id, what, token: token.to_owned() })
}

/// `GET /unsubscribe/{token}`: asks. Mail scanners open links, so that nothing ends by it.
pub async fn ask(req: HttpRequest, app: Data<App>, client: Client, path: Path<String>) -> Html {
    app.limits.pay_page.take(&client.neighbours())?;
    answer(&req, &app, link(&app, &path)?, Step::Asked).await
}

/// `POST /unsubscribe/{token}`: ends them. What the body says decides nothing.
pub async fn stop(req: HttpRequest, app: Data<App>, path: Path<String>) -> Html {
    // One mail service may post for many of its readers: it is the link that is limited.
    app.limits.pay_post.take(&crypto::hash(path.as_str()))?;
    answer(&req, &app, link(&app, &path)?, Step::Ended).await
}

/// `POST /unsubscribe/{token}/undo`: takes that back.
pub async fn resume(req: HttpRequest, app: Data<App>, path: Path<String>) -> Html {
    app.limits.pay_post.take(&crypto::hash(path.as_str()))?;
    answer(&req, &app, link(&app, &path)?, Step::TakenBack).await
}

async fn answer(req: &HttpRequest, app: &Data<App>, link: Link, step: Step) -> Html {
    let Link { scope, user_id, what, token } = link;
    let now = app.clock.now();
    let work = move |conn: &mut PgConnection| {
        match step {
            Step::Asked => {}
            Step::Ended => {
                commands::stop(conn, scope, user_id, what, now)?;
            }
            Step::TakenBack => commands::resume(conn, scope, user_id, what)?,
        }
        queries::merchant(conn, scope.into())
    };
    let merchant = app.pay_db.run(scope.tenants(), work).await?;
    let ui_of = Ui::of(req);
    let t = ui_of.lang.texts();
    let what = match what {
        Stop::Digest => t.msg_notice_digest(),
        Stop::AtOnce(kind) => display::kind(kind, t),
    };
    let page = StopPage { ui_of, t, merchant: merchant.name, what, step, token };
    public_html(app, StatusCode::OK, &page)
}
