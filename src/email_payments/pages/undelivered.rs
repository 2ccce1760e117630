//! `/processing/email-payments/undelivered`: requests whose mail has not arrived, each to be corrected
//! and sent again on the spot.

use std::collections::HashMap;

use actix_web::web::Data;
use askama::Template;
use chrono::{DateTime, Utc};
use diesel::PgConnection;
use serde::Deserialize;

use super::super::answers::Why;
use super::super::commands::{self, Writer};
use super::super::display::{self, Standing};
use super::super::model::{Delivery, EmailPayment, Hindrance};
use super::super::queries;
use super::super::queries::undelivered::{self as reads, COUNT_MAX, PAGE_ROWS};
use super::writer;
use crate::auth::{MerchantScope, MerchantUser};
use crate::kernel::{
    Cursor, Direction, EmailAddress, EmailPaymentId, Error, Right, Texts, dates, money_grouped,
};
use crate::web::list::{Slice, asked_place};
use crate::web::ui::Badge;
use crate::web::{App, Client, Faults, Form, Html, Kept, Query, Shell, html, invalid, see_other};

const HERE: &str = "/processing/email-payments/undelivered";

/// What a row's form sends.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CorrectionForm {
    #[serde(default)]
    payment: String,
    #[serde(default)]
    customer_email: String,
}

/// Where the reader stands: the place in the list, and what was sent again from here.
struct Place {
    direction: Direction,
    sent: Vec<EmailPaymentId>,
}

impl Place {
    fn read(query: &Query) -> Result<Self, Error> {
        let direction = asked_place(query, |_| true)
            .map_err(|_| Error::Malformed("no place in this list"))?
            .unwrap_or(Direction::Newest);
        let sent = query.all("sent").filter_map(|id| id.parse().ok()).take(PAGE_ROWS);
        Ok(Self { direction, sent: sent.collect() })
    }

    /// The same place, where one more has been dealt with.
    fn with_sent(mut self, id: EmailPaymentId) -> Self {
        self.sent.retain(|sent| *sent != id);
        self.sent.insert(0, id);
        self.sent.truncate(PAGE_ROWS);
        self
    }

    fn url(&self) -> String {
        let mut pairs: Vec<(&str, String)> = match self.direction {
            Direction::Newest => Vec::new(),
            Direction::After(cursor) => vec![("after", cursor.encode())],
            Direction::Before(cursor) => vec![("before", cursor.encode())],
            Direction::Oldest => vec![("after", "oldest".to_owned())],
        };
        pairs.extend(self.sent.iter().map(|id| ("sent", id.to_string())));
        let query = serde_urlencoded::to_string(pairs).unwrap_or_default();
        if query.is_empty() { HERE.to_owned() } else { format!("{HERE}?{query}") }
    }
}

#[derive(Template)]
#[template(path = "email_payments/undelivered.html")]
struct UndeliveredPage {
    shell: Shell,
    t: &'static Texts,
    place: Place,
    slice: Slice<EmailPayment>,
    /// Exact up to [`COUNT_MAX`]; one more stands for "more than that".
    count: i64,
    next_tries: HashMap<EmailPaymentId, DateTime<Utc>>,
    /// What became of those that were sent again from here.
    sent: Vec<EmailPayment>,
    may_write: bool,
    /// The row whose form was sent, as it was typed, and what is wrong with it.
    typed: Option<(EmailPaymentId, String)>,
    faults: Faults,
}

/// `GET /processing/email-payments/undelivered`
pub async fn undelivered(
    user: MerchantUser,
    shell: Shell,
    app: Data<App>,
    query: Query,
    Kept(kept): Kept<CorrectionForm>,
) -> Html {
    let scope = user.scope(Right::ViewEmailPayments)?;
    let may_write = user.may(Right::WriteEmailPayments);
    let mut page = read(&app, scope, shell, Place::read(&query)?, may_write).await?;
    page.typed = kept.and_then(|form| Some((form.payment.parse().ok()?, form.customer_email)));
    html(&page)
}

/// `POST /processing/email-payments/undelivered`: sends one of them again, perhaps to a corrected
/// address, and comes back here.
pub async fn correct(
    user: MerchantUser,
    shell: Shell,
    app: Data<App>,
    client: Client,
    query: Query,
    Form(form): Form<CorrectionForm>,
) -> Html {
    let scope = user.scope(Right::WriteEmailPayments)?;
    let place = Place::read(&query)?;
    let id: EmailPaymentId = form.payment.parse().map_err(|_| Error::Malformed("payment"))?;
    let writer = writer(&user, &client, &app);
    let Err(words) = send_again(&app, scope, writer, id, &form, &shell).await? else {
        return Ok(see_other(place.with_sent(id).url()));
    };
    let payment = app.db.run(scope.tenants(), move |conn| queries::get(conn, scope, id)).await?;
    if !reads::is_undelivered(&payment) {
        // Somebody was faster: what became of it is told instead.
        return Ok(see_other(place.with_sent(id).url()));
    }
    let mut page = read(&app, scope, shell, place, true).await?;
    if page.slice.rows.iter().all(|row| row.id != id) {
        page.slice.rows.insert(0, payment);
    }
    page.faults.add("customer_email", words);
    page.typed = Some((id, form.customer_email));
    invalid(&page)
}

/// Sends it; or why not, in words for its field.
async fn send_again(
    app: &Data<App>,
    scope: MerchantScope,
    writer: Writer,
    id: EmailPaymentId,
    form: &CorrectionForm,
    shell: &Shell,
) -> Result<Result<(), String>, Error> {
    let (t, keys) = (shell.t, app.keys.clone());
    let Some(address) = EmailAddress::parse(&form.customer_email) else {
        return Ok(Err(t.msg_form_email_unreadable()));
    };
    let work = move |conn: &mut PgConnection| {
        commands::resend(conn, &keys, scope, &writer, id, &address, None)
    };
    Ok(match app.db.run(scope.tenants(), work).await? {
        Ok(_) => Ok(()),
        Err(Hindrance::OnItsWay) => Err(t.msg_undelivered_still_tried()),
        Err(hindrance) => Err(why_not(hindrance, shell)),
    })
}

fn why_not(why: Hindrance, shell: &Shell) -> String {
    display::hindrance(why, shell.now, shell.zone, shell.lang)
}

async fn read(
    app: &Data<App>,
    scope: MerchantScope,
    shell: Shell,
    place: Place,
    may_write: bool,
) -> Result<UndeliveredPage, Error> {
    let (direction, ids) = (place.direction, place.sent.clone());
    let look = move |conn: &mut PgConnection| {
        let slice = reads::page(conn, scope, direction)?;
        let shown: Vec<EmailPaymentId> = slice.rows.iter().map(|row| row.id).collect();
        let next_tries = reads::next_tries(conn, scope, &shown)?;
        Ok((slice, reads::count(conn, scope)?, next_tries, reads::some(conn, scope, &ids)?))
    };
    let (slice, count, next_tries, sent) = app.db.run(scope.tenants(), look).await?;
    Ok(UndeliveredPage {
        t: shell.t,
        shell,
        place,
        slice,
        count,
        next_tries,
        sent,
        may_write,
        typed: None,
        faults: Faults::default(),
    })
}

impl UndeliveredPage {
    fn count(&self) -> String {
        let count = self.count;
        let grouped = |count: i64| money_grouped(count.unsigned_abs(), self.shell.lang);
        if count > COUNT_MAX {
            self.t.msg_undelivered_count_more(grouped(COUNT_MAX))
        } else {
            self.t.msg_undelivered_count(count, grouped(count))
        }
    }

    fn action(&self) -> String {
        self.place.url()
    }

    fn amount(&self, row: &EmailPayment) -> String {
        row.amount().map(|money| money.with_code(self.shell.lang)).unwrap_or_default()
    }

    fn badge(&self, row: &EmailPayment) -> Badge {
        Standing::from(row).badge(&self.shell)
    }

    fn detail(&self, row: &EmailPayment) -> String {
        Standing::from(row).detail(&self.shell)
    }

    fn delivery(&self, row: &EmailPayment) -> String {
        row.delivery.map(|delivery| display::delivery_words(delivery, self.t)).unwrap_or_default()
    }

    /// What the answer means, and what to do.
    fn meaning(&self, row: &EmailPayment) -> String {
        let delivery = row.delivery.unwrap_or(Delivery::Failed);
        Why::of(delivery, row.delivery_answer.as_deref()).words(self.t)
    }

    fn next_try(&self, row: &EmailPayment) -> Option<&DateTime<Utc>> {
        self.next_tries.get(&row.id)
    }

    fn moment_within(&self, at: &DateTime<Utc>) -> String {
        dates::moment_within(*at, self.shell.now, self.shell.zone, self.shell.lang)
    }

    fn machine(&self, at: &DateTime<Utc>) -> String {
        dates::machine(*at, self.shell.zone)
    }

    fn is_typed(&self, row: &EmailPayment) -> bool {
        self.typed.as_ref().is_some_and(|(id, _)| *id == row.id)
    }

    fn is_wrong(&self, row: &EmailPayment) -> bool {
        !self.faults.is_empty() && self.is_typed(row)
    }

    fn field_id(&self, row: &EmailPayment) -> String {
        if self.is_wrong(row) { "customer_email".to_owned() } else { format!("email-{}", row.id) }
    }

    fn value<'a>(&'a self, row: &'a EmailPayment) -> &'a str {
        let typed = self.typed.as_ref().filter(|(id, _)| *id == row.id);
        typed.map_or(&row.customer_email, |(_, typed)| typed)
    }

    /// Why it can't be sent again now, where nothing typed would be lost by saying so at once.
    fn hindrance(&self, row: &EmailPayment) -> Option<String> {
        let why = row.resend_hindrance(self.shell.now).filter(|_| !self.is_typed(row))?;
        Some(why_not(why, &self.shell))
    }

    fn newer_url(&self) -> Option<String> {
        turn(self.slice.rows.first().filter(|_| self.slice.has_newer), Direction::Before)
    }

    fn older_url(&self) -> Option<String> {
        turn(self.slice.rows.last().filter(|_| self.slice.has_older), Direction::After)
    }
}

/// The page beyond a row.
fn turn(row: Option<&EmailPayment>, to: fn(Cursor) -> Direction) -> Option<String> {
    let row = row?;
    let direction = to(Cursor { at: row.last_sent_at?, id: row.id.as_uuid() });
    Some(Place { direction, sent: Vec::new() }.url())
}
