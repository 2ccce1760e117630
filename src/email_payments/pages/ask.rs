//! Questions that are asked before something is done: cancel, send again, extend.

use askama::Template;
use chrono::Duration;
use diesel::PgConnection;
use serde::Deserialize;

use super::super::commands;
use super::super::display::{self, Standing};
use super::super::form::{hindered, last_possible_day, reason};
use super::super::model::{EmailPayment, Hindrance, Status};
use super::super::queries;
use super::super::when::{Clockwork, Validity};
use super::{Editor, ready_page};
use crate::kernel::{EmailAddress, Error, Texts};
use crate::web::ui::Badge;
use crate::web::{Faults, Flash, Form, Html, Kept, Shell, html, invalid};

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
        Standing::from(&self.payment).badge(&self.shell)
    }
}

/// `GET /processing/email-payments/{id}/cancellation`: asks first.
pub async fn ask_cancel(editor: Editor, shell: Shell, Kept(kept): Kept<CancelForm>) -> Html {
    let payment = editor.payment().await?;
    if !payment.status.is_cancellable() {
        return Err(Error::Conflict);
    }
    let (form, faults) = (kept.unwrap_or_default(), Faults::default());
    html(&CancelPage { t: shell.t, shell, payment, form, faults })
}

/// `POST /processing/email-payments/{id}/cancellation`
pub async fn cancel(editor: Editor, shell: Shell, Form(form): Form<CancelForm>) -> Html {
    let reason = match reason(&form.reason, shell.t) {
        Ok(reason) => reason,
        Err(words) => {
            let payment = editor.payment().await?;
            let mut faults = Faults::default();
            faults.add("reason", words);
            return invalid(&CancelPage { t: shell.t, shell, payment, form, faults });
        }
    };
    let cancelled = editor
        .act(move |conn, scope, writer, id| {
            commands::cancel(conn, scope, writer, id, &reason, writer.now)
        })
        .await?;
    let payment = match cancelled {
        Ok(payment) => payment,
        // Pressed twice.
        Err(Hindrance::Status(Status::Cancelled)) => editor.payment().await?,
        Err(_) => return Err(Error::Conflict),
    };
    editor.done(&Flash::PaymentCancelled { order_id: payment.order_id })
}

#[derive(Template)]
#[template(path = "email_payments/resend.html")]
struct ResendPage {
    shell: Shell,
    t: &'static Texts,
    payment: EmailPayment,
    /// For how long its originator's links are valid by themselves.
    usual: Validity,
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
    /// The question about a payment; without a `form` one that is filled from it.
    async fn read(
        editor: &Editor,
        shell: Shell,
        form: Option<ResendForm>,
        faults: Faults,
    ) -> Result<Self, Error> {
        let (scope, id) = (editor.scope, editor.id);
        let read = move |conn: &mut PgConnection| {
            let payment = queries::get(conn, scope, id)?;
            let originator = queries::originator(conn, scope.merchant_id(), payment.originator_id)?;
            Ok((payment, Validity::For(Duration::days(originator.valid_days.into()))))
        };
        let (payment, usual) = editor.app.db.run(scope.tenants(), read).await?;
        let form = form.unwrap_or_else(|| ResendForm {
            customer_email: payment.customer_email.clone(),
            ..ResendForm::default()
        });
        let hindrance = payment.resend_hindrance(shell.now);
        Ok(Self { t: shell.t, hindrance, shell, payment, usual, form, faults })
    }

    fn is_renewal(&self) -> bool {
        self.payment.status == Status::Expired
    }

    fn choice(&self) -> Choice<'_> {
        Choice::new(&self.shell, self.usual, &self.form.validity, &self.form.expires_on)
    }

    /// Why it can't be sent now; `None`: it can.
    fn why_not(&self) -> Option<String> {
        let Shell { now, zone, lang, .. } = self.shell;
        Some(display::hindrance(self.hindrance?, now, zone, lang))
    }
}

/// `GET /processing/email-payments/{id}/resend`: asks, and offers to correct the address.
pub async fn ask_resend(editor: Editor, shell: Shell, Kept(kept): Kept<ResendForm>) -> Html {
    html(&ResendPage::read(&editor, shell, kept, Faults::default()).await?)
}

/// `POST /processing/email-payments/{id}/resend`
pub async fn resend(editor: Editor, shell: Shell, Form(form): Form<ResendForm>) -> Html {
    let mut faults = Faults::default();
    let address = EmailAddress::parse(&form.customer_email);
    let address =
        faults.keep("customer_email", address.ok_or_else(|| shell.t.msg_form_email_unreadable()));
    let until = Clockwork { now: editor.now, ..clockwork(&shell) }
        .validity(&form.validity, &form.expires_on);
    let until = faults.keep("expires_on", until);
    let (Some(address), Some(until)) = (address, until) else {
        return invalid(&ResendPage::read(&editor, shell, Some(form), faults).await?);
    };
    let keys = editor.app.keys.clone();
    // The question about an open request names no end.
    let until = (!form.validity.is_empty()).then_some(until);
    let sent = editor
        .act(move |conn, scope, writer, id| {
            commands::resend(conn, &keys, scope, writer, id, &address, until)
        })
        .await?;
    match sent {
        Ok(payment) => editor.done(&Flash::PaymentResent {
            order_id: payment.order_id,
            email: payment.customer_email,
        }),
        Err(hindrance) => {
            let mut faults = hindered(hindrance, shell.t);
            if hindrance == Hindrance::Status(Status::Expired) {
                faults.add("expires_on", shell.t.msg_renew_meanwhile());
            }
            invalid(&ResendPage::read(&editor, shell, Some(form), faults).await?)
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
        Choice::new(&self.shell, Validity::USUAL, &self.form.validity, &self.form.expires_on)
    }

    fn now_until(&self) -> String {
        display::planned(self.payment.expires_at, self.shell.trading_zone, self.shell.lang)
    }

    /// Why it can't have a new end; `None`: it can.
    fn why_not(&self) -> Option<String> {
        let Shell { now, zone, lang, .. } = self.shell;
        Some(display::hindrance(self.payment.not_open(now)?, now, zone, lang))
    }
}

/// `GET /processing/email-payments/{id}/extension`
pub async fn ask_extend(editor: Editor, shell: Shell, Kept(kept): Kept<ExtendForm>) -> Html {
    let payment = editor.payment().await?;
    let (form, faults) = (kept.unwrap_or_default(), Faults::default());
    html(&ExtendPage { t: shell.t, shell, payment, form, faults })
}

/// `POST /processing/email-payments/{id}/extension`
pub async fn extend(editor: Editor, shell: Shell, Form(form): Form<ExtendForm>) -> Html {
    let mut faults = Faults::default();
    let until = Clockwork { now: editor.now, ..clockwork(&shell) }
        .validity(&form.validity, &form.expires_on);
    if let Some(until) = faults.keep("expires_on", until) {
        let extended = editor
            .act(move |conn, scope, writer, id| commands::extend(conn, scope, writer, id, until))
            .await?;
        match extended {
            Ok(payment) => {
                ready_page(&editor.app, editor.scope, editor.id).await;
                let until = display::planned(payment.expires_at, shell.trading_zone, shell.lang);
                return editor.done(&Flash::PaymentExtended { order_id: payment.order_id, until });
            }
            Err(hindrance) => {
                let Shell { now, zone, lang, .. } = shell;
                faults.add("expires_on", display::hindrance(hindrance, now, zone, lang));
            }
        }
    }
    let payment = editor.payment().await?;
    invalid(&ExtendPage { t: shell.t, shell, payment, form, faults })
}

/// What the fields for a validity show.
pub struct Choice<'a> {
    usual: Validity,
    chosen: &'a str,
    /// The day that is typed.
    pub day: &'a str,
    pub first_day: String,
    pub last_day: String,
    t: &'static Texts,
}

impl<'a> Choice<'a> {
    fn new(shell: &Shell, usual: Validity, chosen: &'a str, day: &'a str) -> Self {
        let first_day = shell.now.with_timezone(&shell.trading_zone).date_naive().to_string();
        let last_day = last_possible_day(shell.now, shell.trading_zone).to_string();
        Self { usual, chosen, day, first_day, last_day, t: shell.t }
    }

    /// Word, words, and whether it is chosen.
    pub fn options(&self) -> impl Iterator<Item = (String, String, bool)> {
        let chosen =
            if self.chosen.is_empty() { self.usual.word() } else { self.chosen.to_owned() };
        Validity::OFFERED.into_iter().map(move |offered| {
            let word = offered.word();
            let is_chosen = word == chosen;
            (word, offered.words(self.t), is_chosen)
        })
    }
}

pub fn clockwork(shell: &Shell) -> Clockwork {
    Clockwork { now: shell.now, zone: shell.trading_zone, lang: shell.lang }
}
