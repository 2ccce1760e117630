//! The start page of the platform's people: a success manager's portfolio, support's queue, accounting's
//! documents, each in short.

use askama::Template;
use chrono::{DateTime, Utc};
use diesel::PgConnection;

use crate::auth::{Staff, StaffRole};
use crate::documents::overview::{self as documents, Held};
use crate::kernel::{Error, Right, Texts, dates};
use crate::merchants::overview::{self as merchants, Managed, Needed};
use crate::tickets::overview::{self as tickets, ListRow, Ticket};
use crate::web::ui::{Badge, counted};
use crate::web::{App, Html, Shell, html};

/// Merchants of a short form.
const SHORT: usize = 5;

#[derive(Template)]
#[template(path = "home/platform.html")]
struct PlatformPage {
    shell: Shell,
    t: &'static Texts,
    /// Each where the role has it.
    portfolio: Option<Portfolio>,
    queue: Option<Queue>,
    documents: Option<Documents>,
}

struct Portfolio {
    merchants: usize,
    needing: usize,
    seeking: usize,
    urgent: Vec<(Managed, Vec<Needed>)>,
}

/// Support's queue, its counts as they are shown.
struct Queue {
    late: String,
    nobodys: String,
    mine: String,
    owed: String,
    /// What is due first.
    next: Vec<ListRow>,
}

struct Documents {
    merchants: usize,
    held: usize,
    /// Those with the most blocked documents.
    most: Vec<Held>,
}

impl PlatformPage {
    fn blocked(&self, held: &Held) -> String {
        self.t.msg_needed_documents(held.blocked, counted(held.blocked))
    }

    fn due(&self, ticket: &Ticket) -> Option<Badge> {
        tickets::due_badge(ticket, self.shell.now, self.t)
    }

    fn category(&self, ticket: &Ticket) -> String {
        tickets::category(ticket.category, self.t)
    }

    fn moment(&self, at: &DateTime<Utc>) -> String {
        dates::moment(*at, self.shell.now, self.shell.zone, self.shell.lang)
    }

    fn machine(&self, at: &DateTime<Utc>) -> String {
        dates::machine(*at, self.shell.zone)
    }
}

pub async fn show(user: &Staff, shell: Shell, app: &App) -> Html {
    let portfolio = if shell.may(Right::ManageMerchants) {
        Some(portfolio(user, &shell, app).await?)
    } else {
        None
    };
    // Who has a portfolio reads there which documents are blocked.
    let documents = if portfolio.is_none() && shell.may(Right::ViewDocuments) {
        Some(documents(user, app).await?)
    } else {
        None
    };
    let queue =
        if shell.may(Right::UseTickets) { Some(queue(user, &shell, app).await?) } else { None };
    html(&PlatformPage { t: shell.t, shell, portfolio, queue, documents })
}

async fn portfolio(user: &Staff, shell: &Shell, app: &App) -> Result<Portfolio, Error> {
    let scope = user.scope(Right::ManageMerchants)?;
    let may_take = user.principal().staff == Some(StaffRole::SuccessManager);
    let (tenants, now) = (scope.tenants(), shell.now);
    let read = move |conn: &mut PgConnection| merchants::portfolio(conn, &scope, may_take, now);
    let found = app.db.run(tenants, read).await?;
    let with = |(merchant, attention): (Managed, _)| {
        let needed = merchants::needed(&attention, merchant.id, shell);
        (merchant, needed)
    };
    Ok(Portfolio {
        merchants: found.merchants,
        needing: found.needing,
        seeking: found.seeking,
        urgent: found.urgent.into_iter().map(with).collect(),
    })
}

async fn queue(user: &Staff, shell: &Shell, app: &App) -> Result<Queue, Error> {
    let (scope, user_id, now) = (user.support()?, user.user_id(), shell.now);
    let read = move |conn: &mut PgConnection| tickets::queue(conn, scope, user_id, now);
    let found = app.db.run(scope.tenants(), read).await?;
    Ok(Queue {
        late: counted(found.late),
        nobodys: counted(found.nobodys),
        mine: counted(found.mine),
        owed: counted(found.owed),
        next: found.next,
    })
}

async fn documents(user: &Staff, app: &App) -> Result<Documents, Error> {
    let scope = user.scope(Right::ViewDocuments)?;
    let (tenants, merchants) = (scope.tenants(), scope.merchant_ids().len());
    let read = move |conn: &mut PgConnection| documents::held(conn, &scope);
    let mut most = app.db.run(tenants, read).await?;
    let held = most.len();
    most.truncate(SHORT);
    Ok(Documents { merchants, held, most })
}
