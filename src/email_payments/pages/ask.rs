//! Questions that are asked before something is done: cancel, send again, extend.

use actix_session::Session;
use actix_web::web::{Data, Path};
use askama::Template;
use diesel::PgConnection;
use serde::Deserialize;

use super::super::commands;
use super::super::display::{self, Standing};
use super::super::form::{hindered, last_possible_day, reason};
use super::super::model::{EmailPayment, Hindrance, Status};
use super::super::queries;
use super::super::when::{Clockwork, Validity};
use super::{LIST, id, ready_page, writer};
use crate::auth::{MerchantScope, MerchantUser};
use crate::kernel::{EmailAddress, EmailPaymentId, Error, Right, Texts};
use crate::web::ui::Badge;
use crate::web::{
    App, Client, Faults, Flash, Form, Html, Kept, Shell, html, invalid, see_other, set_flash,
};

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
    let payment = app.db.run(scope.tenants(), work).await?.map_err(|_| Error::Conflict)?;
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
    hindrance: Option<Hindrance>,
}

/// What is typed when sending again. An expired request is valid again for as long as is chosen.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResendForm {
    #[serde(default)]
    customer_email: String,
    #[serde(default)]
    validity: String,
    #[serde(default)]
    expires_on: String,
}

impl ResendPage {
    fn new(shell: Shell, payment: EmailPayment, form: ResendForm, faults: Faults) -> Self {
        let hindrance = payment.resend_hindrance(shell.now);
        Self { t: shell.t, hindrance, shell, payment, form, faults }
    }

    fn is_renewal(&self) -> bool {
        self.payment.status == Status::Expired
    }

    fn choice(&self) -> Choice<'_> {
        Choice::new(&self.shell, &self.form.validity, &self.form.expires_on)
    }

    /// Why it can't be sent now; `None`: it can.
    fn why_not(&self) -> Option<String> {
        let Shell { now, zone, lang, .. } = self.shell;
        Some(display::hindrance(self.hindrance?, now, zone, lang))
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
    let form = kept.unwrap_or_else(|| ResendForm {
        customer_email: payment.customer_email.clone(),
        ..ResendForm::default()
    });
    html(&ResendPage::new(shell, payment, form, Faults::default()))
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
    let mut faults = Faults::default();
    let address = EmailAddress::parse(&form.customer_email);
    let address =
        faults.keep("customer_email", address.ok_or_else(|| shell.t.msg_form_email_unreadable()));
    let writer = writer(&user, &client, &app);
    // The length counts from the instant that is written down.
    let clockwork = Clockwork { now: writer.now, ..clockwork(&shell) };
    let until = clockwork.validity(&form.validity, &form.expires_on);
    let until = faults.keep("expires_on", until);
    let (Some(address), Some(until)) = (address, until) else {
        let payment = one(&app, scope, id).await?;
        return invalid(&ResendPage::new(shell, payment, form, faults));
    };
    let keys = app.keys.clone();
    let work = move |conn: &mut PgConnection| {
        commands::resend(conn, &keys, scope, &writer, id, &address, until)
    };
    match app.db.run(scope.tenants(), work).await? {
        Ok(payment) => {
            let flash =
                Flash::PaymentResent { order_id: payment.order_id, email: payment.customer_email };
            set_flash(&session, &flash)?;
            Ok(see_other(format!("{LIST}/{id}")))
        }
        Err(hindrance) => {
            let faults = hindered(hindrance, shell.t);
            let payment = one(&app, scope, id).await?;
            invalid(&ResendPage::new(shell, payment, form, faults))
        }
    }
}

#[derive(Template)]
#[template(path = "email_payments/extend.html")]
struct ExtendPage {
    shell: Shell,
    t: &'static Texts,
    payment: EmailPayment,
    form: ExtendForm,
    faults: Faults,
}

/// What is typed when extending.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExtendForm {
    #[serde(default)]
    validity: String,
    #[serde(default)]
    expires_on: String,
}

impl ExtendPage {
    fn choice(&self) -> Choice<'_> {
        Choice::new(&self.shell, &self.form.validity, &self.form.expires_on)
    }

    fn now_until(&self) -> String {
        display::planned(self.payment.expires_at, self.shell.zone, self.shell.lang)
    }

    /// Why it can't have a new end; `None`: it can.
    fn why_not(&self) -> Option<String> {
        let Shell { now, zone, lang, .. } = self.shell;
        Some(display::hindrance(self.payment.not_open(now)?, now, zone, lang))
    }
}

/// `GET /processing/email-payments/{id}/extension`
pub async fn ask_extend(
    user: MerchantUser,
    shell: Shell,
    app: Data<App>,
    path: Path<String>,
    Kept(kept): Kept<ExtendForm>,
) -> Html {
    let scope = user.scope(Right::WriteEmailPayments)?;
    let payment = one(&app, scope, id(&path)?).await?;
    let (form, faults) = (kept.unwrap_or_default(), Faults::default());
    html(&ExtendPage { t: shell.t, shell, payment, form, faults })
}

/// `POST /processing/email-payments/{id}/extension`
pub async fn extend(
    user: MerchantUser,
    shell: Shell,
    app: Data<App>,
    client: Client,
    session: Session,
    path: Path<String>,
    Form(form): Form<ExtendForm>,
) -> Html {
    let scope = user.scope(Right::WriteEmailPayments)?;
    let id = id(&path)?;
    let mut faults = Faults::default();
    let until = clockwork(&shell).validity(&form.validity, &form.expires_on);
    if let Some(until) = faults.keep("expires_on", until) {
        let writer = writer(&user, &client, &app);
        let work = move |conn: &mut PgConnection| commands::extend(conn, scope, &writer, id, until);
        match app.db.run(scope.tenants(), work).await? {
            Ok(payment) => {
                ready_page(&app, scope, id).await;
                let until = display::planned(payment.expires_at, shell.zone, shell.lang);
                let flash = Flash::PaymentExtended { order_id: payment.order_id, until };
                set_flash(&session, &flash)?;
                return Ok(see_other(format!("{LIST}/{id}")));
            }
            Err(hindrance) => {
                let Shell { now, zone, lang, .. } = shell;
                faults.add("expires_on", display::hindrance(hindrance, now, zone, lang));
            }
        }
    }
    let payment = one(&app, scope, id).await?;
    invalid(&ExtendPage { t: shell.t, shell, payment, form, faults })
}

/// What the fields for a validity show.
pub struct Choice<'a> {
    chosen: &'a str,
    /// The day that is typed.
    pub day: &'a str,
    pub first_day: String,
    pub last_day: String,
    t: &'static Texts,
}

impl<'a> Choice<'a> {
    fn new(shell: &Shell, chosen: &'a str, day: &'a str) -> Self {
        let first_day = shell.now.with_timezone(&shell.zone).date_naive().to_string();
        let last_day = last_possible_day(shell.now, shell.zone).to_string();
        Self { chosen, day, first_day, last_day, t: shell.t }
    }

    /// Word, words, and whether it is chosen.
    pub fn options(&self) -> impl Iterator<Item = (String, String, bool)> {
        let chosen =
            if self.chosen.is_empty() { Validity::USUAL.word() } else { self.chosen.to_owned() };
        Validity::OFFERED.into_iter().map(move |offered| {
            let word = offered.word();
            let is_chosen = word == chosen;
            (word, offered.words(self.t), is_chosen)
        })
    }
}

pub fn clockwork(shell: &Shell) -> Clockwork {
    Clockwork { now: shell.now, zone: shell.zone, lang: shell.lang }
}

pub async fn one(
    app: &Data<App>,
    scope: MerchantScope,
    id: EmailPaymentId,
) -> Result<EmailPayment, Error> {
    app.db.run(scope.tenants(), move |conn| queries::get(conn, scope, id)).await
}
