//! One payment: what happened, what can be done.

use actix_session::Session;
use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::{Data, Path};
use askama::Template;
use chrono::{DateTime, Utc};
use diesel::PgConnection;
use serde::Deserialize;

use super::super::commands;
use super::super::display::{self, Standing, TimelineEntry};
use super::super::form::{hindered, reason};
use super::super::mails::{LetterFacts, RequestHtml};
use super::super::model::{EmailPayment, ResendHindrance, Status};
use super::super::prepare::{pay_token, shown_link};
use super::super::queries::{self, AttemptRow, MailRow, MerchantView, Originator};
use super::super::visits;
use super::{LIST, id, writer};
use crate::auth::{MerchantScope, MerchantUser};
use crate::kernel::{EmailAddress, EmailPaymentId, Error, Right, Texts, dates};
use crate::mail::MailState;
use crate::web::ui::Badge;
use crate::web::{
    App, Client, Faults, Flash, Form, Html, Kept, Shell, html, invalid, see_other, set_flash,
};

#[derive(Template)]
#[template(path = "email_payments/show.html")]
struct ShowPage {
    shell: Shell,
    t: &'static Texts,
    payment: EmailPayment,
    timeline: Vec<TimelineEntry>,
    mails: Vec<MailRow>,
    attempts: Vec<AttemptRow>,
    originator: Originator,
    has_several_originators: bool,
    merchant: MerchantView,
    may_write: bool,
    link: Option<String>,
}

/// `GET /processing/email-payments/{id}`
pub async fn show(user: MerchantUser, shell: Shell, app: Data<App>, path: Path<String>) -> Html {
    let scope = user.scope(Right::ViewEmailPayments)?;
    let id = id(&path)?;
    let read = move |conn: &mut PgConnection| {
        let payment = queries::get(conn, scope, id)?;
        let originators = queries::originators_of(conn, scope.merchant_id())?;
        Ok((
            queries::events(conn, scope, id)?,
            queries::visits_of(conn, scope, id)?,
            queries::mails_of(conn, scope, id)?,
            queries::attempts(conn, scope, id)?,
            queries::originator(conn, scope.merchant_id(), payment.originator_id)?,
            queries::merchant(conn, scope.merchant_id())?,
            originators.len() > 1,
            payment,
        ))
    };
    let (events, visits, mails, attempts, originator, merchant, has_several_originators, payment) =
        app.db.run(scope.tenants(), read).await?;
    let timeline = visits::timeline(&events, &visits, shell.t);
    let link = shown_link(&app.keys, &app.public_origin, &payment)?;
    html(&ShowPage {
        t: shell.t,
        may_write: user.may(Right::WriteEmailPayments),
        shell,
        payment,
        timeline,
        mails,
        attempts,
        originator,
        has_several_originators,
        merchant,
        link,
    })
}

impl ShowPage {
    fn badge(&self) -> Badge {
        Standing::from(&self.payment).badge(self.t, self.shell.now)
    }

    fn number(&self) -> String {
        self.payment.amount().map_or_else(
            |_| self.payment.amount_minor.to_string(),
            |money| money.number(self.shell.lang),
        )
    }

    /// Who is asked: the name, else the address.
    fn customer(&self) -> &str {
        if self.payment.customer_name.is_empty() {
            &self.payment.customer_email
        } else {
            &self.payment.customer_name
        }
    }

    fn moment(&self, at: &DateTime<Utc>) -> String {
        dates::moment(*at, self.shell.now, self.shell.zone, self.shell.lang)
    }

    fn full(&self, at: &DateTime<Utc>) -> String {
        dates::full(*at, self.shell.zone, self.shell.lang)
    }

    fn machine(&self, at: &DateTime<Utc>) -> String {
        dates::machine(*at, self.shell.zone)
    }

    /// The line below the amount: when it ends, or how it ended.
    fn ending(&self) -> String {
        let zone = self.shell.zone;
        let day = |at| dates::weekday(at, zone, self.shell.lang);
        match self.payment.status {
            Status::Draft | Status::Scheduled => self.t.msg_show_not_sent(),
            Status::Open | Status::Processing | Status::Authorised => {
                self.t.msg_show_expires(day(self.payment.expires_at))
            }
            Status::Paid => {
                self.t.msg_show_paid_on(day(self.payment.paid_at.unwrap_or(self.shell.now)))
            }
            Status::Expired | Status::Cancelled | Status::Failed => self
                .payment
                .end_reason
                .map(|reason| display::end_reason(reason, self.t))
                .unwrap_or_default(),
        }
    }

    /// What the merchant has to know or do; only where somebody must act.
    fn next_step(&self) -> Option<(String, String)> {
        let t = self.t;
        let waits =
            self.mails.first().filter(|mail| mail.state == MailState::Ready && mail.attempts > 0);
        if let Some(mail) = waits {
            let why = mail.answer.clone().unwrap_or_default();
            return Some((
                t.msg_next_deferred_title(),
                t.msg_next_deferred_words(self.moment(&mail.run_at), why),
            ));
        }
        match (self.payment.status, self.payment.delivery, &self.payment.last_result_code) {
            (Status::Open, Some(super::super::model::Delivery::Bounced), _) => {
                Some((t.msg_next_bounced_title(), t.msg_next_bounced_words()))
            }
            (Status::Open, Some(super::super::model::Delivery::Failed), _) => {
                Some((t.msg_next_failed_title(), t.msg_next_failed_words()))
            }
            (Status::Open, _, Some(code)) => Some((
                t.msg_next_declined_title(display::result_code(code, t)),
                t.msg_next_declined_words(),
            )),
            (Status::Expired, ..) => Some((t.msg_next_expired_title(), t.msg_next_expired_words())),
            (Status::Failed, ..) => {
                Some((t.msg_next_exhausted_title(), t.msg_next_exhausted_words()))
            }
            _ => None,
        }
    }

    fn may_cancel(&self) -> bool {
        self.may_write && self.payment.status.is_cancellable()
    }

    fn may_edit(&self) -> bool {
        self.may_write && self.payment.status.is_editable()
    }

    /// Whether "send again" is offered; the page behind it says why it may have to wait.
    fn may_resend(&self) -> bool {
        self.may_write && matches!(self.payment.status, Status::Open | Status::Expired)
    }

    fn paid_with(&self) -> Option<String> {
        display::paid_with(&self.attempts, self.t)
    }

    fn mail_state(&self, mail: &MailRow) -> String {
        display::mail_words(mail, self.t)
    }

    fn mail_kind(&self, mail: &MailRow) -> String {
        display::mail_kind_words(mail.kind, self.t)
    }
}

/// `GET /processing/email-payments/{id}/mail`: the letter, exactly as the customer gets it.
pub async fn mail(user: MerchantUser, app: Data<App>, path: Path<String>) -> Html {
    let scope = user.scope(Right::ViewEmailPayments)?;
    let id = id(&path)?;
    let read = move |conn: &mut PgConnection| {
        Ok((queries::get(conn, scope, id)?, queries::merchant(conn, scope.merchant_id())?))
    };
    let (payment, merchant) = app.db.run(scope.tenants(), read).await?;
    let link = if payment.status == Status::Open {
        Some(app.url(&format!("/pay/{}", pay_token(&app.keys, &payment)?)))
    } else {
        None
    };
    let facts = LetterFacts::of(&payment, merchant, &[], link, &app.public_host)?;
    letter(&facts)
}

/// A letter as a page of its own: its styles stand in it, so that it gets a policy of its own, under
/// which nothing can run and no link leads anywhere.
pub fn letter(facts: &LetterFacts) -> Html {
    let body = RequestHtml(facts).render().map_err(Error::internal)?;
    Ok(HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox",
        ))
        .body(body))
}

#[derive(Template)]
#[template(path = "email_payments/cancel.html")]
struct CancelPage {
    shell: Shell,
    t: &'static Texts,
    payment: EmailPayment,
    form: CancelForm,
    faults: Faults,
}

/// What is typed when cancelling.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CancelForm {
    #[serde(default)]
    reason: String,
}

impl CancelPage {
    fn badge(&self) -> Badge {
        Standing::from(&self.payment).badge(self.t, self.shell.now)
    }

    fn amount(&self) -> String {
        self.payment.amount().map(|money| money.with_code(self.shell.lang)).unwrap_or_default()
    }

    fn customer(&self) -> &str {
        if self.payment.customer_name.is_empty() {
            &self.payment.customer_email
        } else {
            &self.payment.customer_name
        }
    }

    fn back(&self) -> String {
        format!("{LIST}/{}", self.payment.id)
    }
}

/// `GET /processing/email-payments/{id}/cancellation`: asks first.
pub async fn ask_cancel(
    user: MerchantUser,
    shell: Shell,
    app: Data<App>,
    path: Path<String>,
    Kept(kept): Kept<CancelForm>,
) -> Html {
    let scope = user.scope(Right::WriteEmailPayments)?;
    let payment = one(&app, scope, id(&path)?).await?;
    if !payment.status.is_cancellable() {
        return Err(Error::Conflict);
    }
    html(&CancelPage {
        t: shell.t,
        shell,
        payment,
        form: kept.unwrap_or_default(),
        faults: Faults::default(),
    })
}

/// `POST /processing/email-payments/{id}/cancellation`
pub async fn cancel(
    user: MerchantUser,
    shell: Shell,
    app: Data<App>,
    client: Client,
    session: Session,
    path: Path<String>,
    Form(form): Form<CancelForm>,
) -> Html {
    let scope = user.scope(Right::WriteEmailPayments)?;
    let id = id(&path)?;
    let reason = match reason(&form.reason, shell.t) {
        Ok(reason) => reason,
        Err(words) => {
            let payment = one(&app, scope, id).await?;
            let mut faults = Faults::default();
            faults.add("reason", words);
            return invalid(&CancelPage { t: shell.t, shell, payment, form, faults });
        }
    };
    let writer = writer(&user, &client, &app);
    let work = move |conn: &mut PgConnection| commands::cancel(conn, scope, &writer, id, &reason);
    let payment = app.db.run(scope.tenants(), work).await?;
    set_flash(&session, &Flash::PaymentCancelled { order_id: payment.order_id })?;
    Ok(see_other(format!("{LIST}/{id}")))
}

#[derive(Template)]
#[template(path = "email_payments/resend.html")]
struct ResendPage {
    shell: Shell,
    t: &'static Texts,
    payment: EmailPayment,
    form: ResendForm,
    faults: Faults,
    hindrance: Option<ResendHindrance>,
}

/// What is typed when sending again.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResendForm {
    #[serde(default)]
    customer_email: String,
}

impl ResendPage {
    fn amount(&self) -> String {
        self.payment.amount().map(|money| money.with_code(self.shell.lang)).unwrap_or_default()
    }

    fn is_renewal(&self) -> bool {
        self.payment.status == Status::Expired
    }

    fn back(&self) -> String {
        format!("{LIST}/{}", self.payment.id)
    }

    /// Why it can't be sent now; `None`: it can.
    fn why_not(&self) -> Option<String> {
        let Shell { now, zone, lang, .. } = self.shell;
        Some(display::resend_hindrance(self.hindrance?, now, zone, lang))
    }
}

/// `GET /processing/email-payments/{id}/resend`: asks, and offers to correct the address.
pub async fn ask_resend(
    user: MerchantUser,
    shell: Shell,
    app: Data<App>,
    path: Path<String>,
    Kept(kept): Kept<ResendForm>,
) -> Html {
    let scope = user.scope(Right::WriteEmailPayments)?;
    let payment = one(&app, scope, id(&path)?).await?;
    let form =
        kept.unwrap_or_else(|| ResendForm { customer_email: payment.customer_email.clone() });
    html(&ResendPage {
        t: shell.t,
        hindrance: payment.resend_hindrance(shell.now),
        shell,
        payment,
        form,
        faults: Faults::default(),
    })
}

/// `POST /processing/email-payments/{id}/resend`
pub async fn resend(
    user: MerchantUser,
    shell: Shell,
    app: Data<App>,
    client: Client,
    session: Session,
    path: Path<String>,
    Form(form): Form<ResendForm>,
) -> Html {
    let scope = user.scope(Right::WriteEmailPayments)?;
    let id = id(&path)?;
    let Some(address) = EmailAddress::parse(&form.customer_email) else {
        let mut faults = Faults::default();
        faults.add("customer_email", shell.t.msg_form_email_unreadable());
        return resend_again(&app, scope, shell, id, form, faults).await;
    };
    let (writer, keys) = (writer(&user, &client, &app), app.keys.clone());
    let work =
        move |conn: &mut PgConnection| commands::resend(conn, &keys, scope, &writer, id, &address);
    match app.db.run(scope.tenants(), work).await? {
        Ok(payment) => {
            let flash =
                Flash::PaymentResent { order_id: payment.order_id, email: payment.customer_email };
            set_flash(&session, &flash)?;
            Ok(see_other(format!("{LIST}/{id}")))
        }
        Err(hindrance) => {
            let faults = hindered(hindrance, shell.t);
            resend_again(&app, scope, shell, id, form, faults).await
        }
    }
}

async fn resend_again(
    app: &Data<App>,
    scope: MerchantScope,
    shell: Shell,
    id: EmailPaymentId,
    form: ResendForm,
    faults: Faults,
) -> Html {
    let payment = one(app, scope, id).await?;
    let hindrance = payment.resend_hindrance(shell.now);
    invalid(&ResendPage { t: shell.t, shell, payment, form, faults, hindrance })
}

async fn one(
    app: &Data<App>,
    scope: MerchantScope,
    id: EmailPaymentId,
) -> Result<EmailPayment, Error> {
    app.db.run(scope.tenants(), move |conn| queries::get(conn, scope, id)).await
}
