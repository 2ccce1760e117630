//! The form for each act, what a second person decides, and the list of what waits for one.

use std::time::Duration;

use actix_session::Session;
use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use askama::Template;
use chrono::{DateTime, Utc};
use diesel::PgConnection;
use tokio::time::timeout;
use tracing::Instrument as _;

use super::commands::{self, Noted, Writer};
use super::display::{self, Row};
use super::form::{OperationForm, hindered};
use super::model::{Act, Allowance, Hindrance, capture_before, limit_left};
use super::queries::{self, Ground};
use super::sending;
use crate::auth::{MerchantScope, MerchantUser, SystemScope};
use crate::email_payments;
use crate::kernel::{
    EmailPaymentId, Error, Lang, OperationRequestId, Right, Texts, TransactionId, dates,
};
use crate::settlement::Operation;
use crate::transactions::LIST;
use crate::transactions::model::{Transaction, number};
use crate::web::{
    App, Client, Faults, Flash, Form, Html, Kept, Shell, html, invalid, see_other, set_flash,
};

pub use super::limits::{save as save_limits, show as limits};

/// How long a page waits for the gateway.
const SEND_WAIT: Duration = Duration::from_secs(7);

#[derive(Template)]
#[template(path = "transactions/operation.html")]
struct AskPage {
    shell: Shell,
    t: &'static Texts,
    act: Act,
    transaction: Transaction,
    allowance: Allowance,
    form: OperationForm,
    faults: Faults,
    /// From which amount on a second person is needed now, in minor units.
    limit_left: Option<i64>,
}

impl AskPage {
    fn address(&self) -> String {
        format!("{LIST}/{}", self.transaction.id)
    }

    fn title(&self) -> String {
        display::act(self.act, self.t)
    }

    fn intro(&self) -> String {
        match self.act {
            Act::Refund => self.t.msg_op_refund_words(),
            Act::Capture => self.t.msg_op_capture_words(self.until()),
            Act::Cancel => self.t.msg_op_cancel_words(),
        }
    }

    fn until(&self) -> String {
        dates::full(capture_before(&self.transaction), self.shell.zone, self.shell.lang)
    }

    /// Why nothing can be done; `None`: it can.
    fn why_not(&self) -> Option<String> {
        let may_overrule = self.shell.may(Right::OverruleRefunds);
        let hindrance = match self.allowance.most(self.act) {
            Err(why) => Some(why),
            Ok(_) if self.is_disputed() && !may_overrule => Some(Hindrance::Disputed),
            Ok(_) => None,
        };
        hindrance.map(|why| display::hindrance(why, &self.transaction, self.shell.lang))
    }

    fn is_disputed(&self) -> bool {
        self.act == Act::Refund && self.allowance.is_disputed
    }

    fn has_amount(&self) -> bool {
        match self.act {
            Act::Refund => true,
            Act::Capture => self.transaction.email_payment_id.is_none(),
            Act::Cancel => false,
        }
    }

    fn money(&self, minor: i64) -> String {
        let currency = &self.transaction.currency;
        format!("{}\u{a0}{currency}", number(minor, currency, self.shell.lang))
    }

    fn most(&self) -> String {
        self.allowance.most(self.act).map(|minor| self.money(minor)).unwrap_or_default()
    }

    /// Whom it may have to wait for.
    fn second(&self) -> Option<String> {
        match self.limit_left {
            _ if self.act != Act::Refund => None,
            Some(above) => Some(self.t.msg_op_second_above(self.money(above))),
            None if !self.shell.may(Right::ApproveOperations) => {
                Some(self.t.msg_op_second_always())
            }
            None => None,
        }
    }

    fn tells_customer(&self) -> bool {
        self.act == Act::Refund && !self.transaction.customer_email.is_empty()
    }
}

/// Who writes, by this request.
pub fn writer(user: &MerchantUser, client: &Client, app: &App) -> Writer {
    Writer {
        by: client.user(user.principal()),
        user_id: user.user_id(),
        may_approve: user.may(Right::ApproveOperations),
        may_overrule: user.may(Right::OverruleRefunds),
        now: app.clock.now(),
    }
}

/// The transaction and the act of an address.
fn place(path: &(String, String)) -> Result<(TransactionId, Act), Error> {
    let id = path.0.parse().map_err(|_| Error::NotFound)?;
    Ok((id, Act::parse(&path.1).ok_or(Error::NotFound)?))
}

async fn ask_page(
    app: &App,
    scope: MerchantScope,
    shell: Shell,
    (id, act): (TransactionId, Act),
    form: Option<OperationForm>,
    faults: Faults,
) -> Result<AskPage, Error> {
    let read = move |conn: &mut PgConnection| {
        let ground = queries::ground(conn, scope, id)?;
        let limit = queries::limit(conn, scope, &ground.transaction.currency)?;
        Ok((ground, limit))
    };
    let (Ground { transaction, followers, asked }, limit) =
        app.db.run(scope.tenants(), read).await?;
    let allowance = Allowance::of(&transaction, &followers, &asked, shell.now);
    let form =
        form.unwrap_or_else(|| OperationForm::fresh(act, &allowance, &transaction, shell.lang));
    let limit_left = limit_left(limit, &asked);
    Ok(AskPage { t: shell.t, shell, act, transaction, allowance, form, faults, limit_left })
}

/// `GET /processing/transactions/{id}/operations/{act}`: asks first.
pub async fn ask(
    user: MerchantUser,
    shell: Shell,
    app: Data<App>,
    path: Path<(String, String)>,
    Kept(kept): Kept<OperationForm>,
) -> Html {
    let scope = user.scope(Right::Operate)?;
    html(&ask_page(&app, scope, shell, place(&path)?, kept, Faults::default()).await?)
}

/// `POST /processing/transactions/{id}/operations/{act}`
pub async fn create(
    user: MerchantUser,
    req: HttpRequest,
    app: Data<App>,
    client: Client,
    session: Session,
    path: Path<(String, String)>,
    Form(form): Form<OperationForm>,
) -> Html {
    let scope = user.scope(Right::Operate)?;
    let (id, act) = place(&path)?;
    let shell = Shell::of(&req)?;
    let page = ask_page(&app, scope, shell, (id, act), Some(form), Faults::default()).await?;
    let wish = match page.form.validate(act, &page.transaction, &page.allowance, page.shell.lang) {
        Ok(wish) => wish,
        Err(faults) => return invalid(&AskPage { faults, ..page }),
    };
    let (writer, request) = (writer(&user, &client, &app), wish.id);
    let amount = page.money(wish.amount.minor);
    let write = move |conn: &mut PgConnection| commands::ask(conn, scope, &writer, id, &wish);
    match app.db.run(scope.tenants(), write).await? {
        Ok(Noted::Waits) => set_flash(&session, &Flash::OperationWaits { amount })?,
        Ok(noted @ (Noted::ToSend | Noted::Again)) => {
            if noted == Noted::ToSend {
                send(&app, scope, request).await?;
            }
            return answer(&app, scope, (&session, page.shell.lang), request, None).await;
        }
        Err(why) => {
            let faults = hindered(why, &page.transaction, page.shell.lang);
            return invalid(&AskPage { faults, ..page });
        }
    }
    Ok(see_other(format!("{LIST}/{id}")))
}

/// The gateway may take longer than a page may. The call goes on by itself, so that its answer is noted
/// whenever it comes; the page tells how the wish stands by then.
async fn send(app: &App, scope: MerchantScope, id: OperationRequestId) -> Result<(), Error> {
    let system = SystemScope::found(scope.merchant_id());
    let parts = email_payments::parts(app);
    let sending = async move {
        let sent = sending::send(&parts, system, id).await;
        if let Err(error) = &sent {
            tracing::error!(operation_request.id = %id, ?error, "a wish was not sent");
        }
        sent
    };
    match timeout(SEND_WAIT, actix_web::rt::spawn(sending.in_current_span())).await {
        Ok(Ok(sent)) => sent,
        Ok(Err(panic)) => Err(Error::internal(panic)),
        Err(_) => Ok(()),
    }
}

/// Back to the transaction, which is told how the wish stands now, or why nothing was done.
async fn answer(
    app: &App,
    scope: MerchantScope,
    (session, lang): (&Session, Lang),
    id: OperationRequestId,
    hindrance: Option<Hindrance>,
) -> Html {
    let read = move |conn: &mut PgConnection| {
        let request = queries::get(conn, scope, id)?;
        let transaction = crate::transactions::queries::get(conn, scope, request.transaction_id)?;
        Ok((request, transaction))
    };
    let (request, transaction) = app.db.run(scope.tenants(), read).await?;
    let flash = match hindrance {
        Some(why) => Flash::OperationHindered { why: display::hindrance(why, &transaction, lang) },
        None => Flash::OperationEnded { state: request.state.as_str().to_owned() },
    };
    set_flash(session, &flash)?;
    Ok(see_other(format!("{LIST}/{}", transaction.id)))
}

/// `POST /processing/transactions/operations/{operation}/approval`
pub async fn approve(
    user: MerchantUser,
    shell: Shell,
    app: Data<App>,
    client: Client,
    session: Session,
    path: Path<String>,
) -> Html {
    let (scope, id) = (user.scope(Right::ApproveOperations)?, request(&path)?);
    let writer = writer(&user, &client, &app);
    let write = move |conn: &mut PgConnection| commands::approve(conn, scope, &writer, id);
    let decided = app.db.run(scope.tenants(), write).await?;
    if decided.is_ok() {
        send(&app, scope, id).await?;
    }
    answer(&app, scope, (&session, shell.lang), id, decided.err()).await
}

/// `POST /processing/transactions/operations/{operation}/rejection`
pub async fn reject(
    user: MerchantUser,
    shell: Shell,
    app: Data<App>,
    client: Client,
    session: Session,
    path: Path<String>,
) -> Html {
    let (scope, id) = (user.scope(Right::ApproveOperations)?, request(&path)?);
    let writer = writer(&user, &client, &app);
    let write = move |conn: &mut PgConnection| commands::reject(conn, scope, &writer, id);
    let decided = app.db.run(scope.tenants(), write).await?;
    answer(&app, scope, (&session, shell.lang), id, decided.err()).await
}

/// `POST /processing/transactions/operations/{operation}/withdrawal`
pub async fn withdraw(
    user: MerchantUser,
    shell: Shell,
    app: Data<App>,
    client: Client,
    session: Session,
    path: Path<String>,
) -> Html {
    let (scope, id) = (user.scope(Right::Operate)?, request(&path)?);
    let writer = writer(&user, &client, &app);
    let write = move |conn: &mut PgConnection| commands::withdraw(conn, scope, &writer, id);
    let decided = app.db.run(scope.tenants(), write).await?;
    answer(&app, scope, (&session, shell.lang), id, decided.err()).await
}

fn request(path: &Path<String>) -> Result<OperationRequestId, Error> {
    path.parse().map_err(|_| Error::NotFound)
}

#[derive(Template)]
#[template(path = "transactions/waiting.html")]
struct WaitingPage {
    shell: Shell,
    t: &'static Texts,
    rows: Vec<(Row, Transaction)>,
}

impl WaitingPage {
    fn moment(&self, at: &DateTime<Utc>) -> String {
        dates::moment(*at, self.shell.now, self.shell.zone, self.shell.lang)
    }

    fn machine(&self, at: &DateTime<Utc>) -> String {
        dates::machine(*at, self.shell.zone)
    }
}

/// `GET /processing/transactions/operations`: what waits for a second person.
pub async fn waiting(user: MerchantUser, shell: Shell, app: Data<App>) -> Html {
    let scope = user.scope(Right::Operate)?;
    let read = move |conn: &mut PgConnection| queries::waiting(conn, scope);
    let found = app.db.run(scope.tenants(), read).await?;
    let (reader, may) = (user.user_id(), user.may(Right::ApproveOperations));
    let row = |(named, transaction)| (Row::of(&named, reader, may, &shell), transaction);
    let rows = found.into_iter().map(row).collect();
    html(&WaitingPage { t: shell.t, shell, rows })
}

/// `GET /processing/email-payments/{id}/refund`: to the transaction that the payment's money is of.
pub async fn of_payment(
    user: MerchantUser,
    shell: Shell,
    app: Data<App>,
    session: Session,
    path: Path<String>,
) -> Html {
    let scope = user.scope(Right::Operate)?;
    let payment: EmailPaymentId = path.parse().map_err(|_| Error::NotFound)?;
    let read = move |conn: &mut PgConnection| queries::money_of(conn, scope, payment);
    Ok(see_other(match app.db.run(scope.tenants(), read).await? {
        // What was only promised is captured or set free: its page offers both.
        Some((id, Operation::Authorize)) => format!("{LIST}/{id}"),
        Some((id, _)) => format!("{LIST}/{id}/operations/refund"),
        None => {
            set_flash(&session, &Flash::OperationHindered { why: shell.t.msg_op_no_fit() })?;
            format!("/processing/email-payments/{payment}")
        }
    }))
}
