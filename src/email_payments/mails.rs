//! The letters that customers get about a payment, and what their fate means for it.

use askama::Template;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use diesel::prelude::*;
use serde_json::json;

use super::commands::are_reminders_stopped;
use super::history::{Happening, record, row};
use super::lookups::{self, PayView};
use super::model::{Delivery, EmailPayment, Status};
use super::prepare::{Parts, has_page, pay_token, prepare_session};
use super::queries::{AttemptRow, EventKind, MerchantView};
use crate::auth::SystemScope;
use crate::auth::audit::Actor;
use crate::db::schema::email_payments;
use crate::kernel::{EmailPaymentId, Error, Lang, Money, Texts, dates};
use crate::mail::{Claimed, Letter, MailKind, NoLetter, Outcome};

/// What the letters about a payment say: the same facts in HTML and in text.
pub struct LetterFacts {
    pub t: &'static Texts,
    pub lang: Lang,
    pub merchant: MerchantView,
    pub customer_name: String,
    pub order_id: String,
    pub description: String,
    pub message: String,
    pub amount: Money,
    pub expires_at: DateTime<Utc>,
    /// `None` in a preview of a payment that has no link yet.
    pub link: Option<String>,
    /// The host that the customer is told to look for.
    pub host: String,
    /// The last digits of the card, on a receipt.
    pub last_four: Option<String>,
    pub paid_at: Option<DateTime<Utc>>,
    /// Whether it asks once more: the request's letter with other words, and a way to end such
    /// letters.
    pub is_reminder: bool,
}

#[derive(Template)]
#[template(path = "mail/email_payments_request.html")]
pub struct RequestHtml<'a>(pub &'a LetterFacts);

#[derive(Template)]
#[template(path = "mail/email_payments_request.txt", escape = "none")]
pub struct RequestText<'a>(pub &'a LetterFacts);

#[derive(Template)]
#[template(path = "mail/email_payments_receipt.html")]
pub struct ReceiptHtml<'a>(pub &'a LetterFacts);

#[derive(Template)]
#[template(path = "mail/email_payments_receipt.txt", escape = "none")]
pub struct ReceiptText<'a>(pub &'a LetterFacts);

#[derive(Template)]
#[template(path = "mail/email_payments_cancelled.html")]
pub struct CancelledHtml<'a>(pub &'a LetterFacts);

#[derive(Template)]
#[template(path = "mail/email_payments_cancelled.txt", escape = "none")]
pub struct CancelledText<'a>(pub &'a LetterFacts);

impl LetterFacts {
    /// The facts of a payment as it stands.
    pub fn of(
        payment: &EmailPayment,
        merchant: MerchantView,
        attempts: &[AttemptRow],
        link: Option<String>,
        host: &str,
    ) -> Result<Self, Error> {
        let paid_by = attempts
            .iter()
            .find(|attempt| attempt.status == crate::gateway::AttemptStatus::Authorised);
        Ok(Self {
            t: payment.language.texts(),
            lang: payment.language,
            customer_name: payment.customer_name.clone(),
            order_id: payment.order_id.clone(),
            description: payment.description.clone(),
            message: payment.message.clone(),
            amount: payment.amount()?,
            expires_at: payment.expires_at,
            link,
            host: host.to_owned(),
            last_four: paid_by.and_then(AttemptRow::last_four),
            paid_at: payment.paid_at,
            is_reminder: false,
            merchant,
        })
    }

    pub fn amount(&self) -> String {
        self.amount.with_symbol(self.lang)
    }

    /// `lunedì 7 dicembre 2026, 23:59 (Europe/Rome)`.
    pub fn until(&self) -> String {
        let day = dates::weekday(self.expires_at, self.zone(), self.lang);
        format!("{day}, {} ({})", dates::time(self.expires_at, self.zone()), self.zone().name())
    }

    pub fn paid_on(&self) -> String {
        self.paid_at.map_or_else(String::new, |at| {
            format!(
                "{}, {} ({})",
                dates::weekday(at, self.zone(), self.lang),
                dates::time(at, self.zone()),
                self.zone().name()
            )
        })
    }

    pub fn zone(&self) -> Tz {
        self.merchant.zone()
    }

    pub fn greeting(&self) -> String {
        if self.customer_name.is_empty() {
            self.t.msg_mail_hello()
        } else {
            self.t.msg_mail_hello_name(&self.customer_name)
        }
    }

    /// The lines of the merchant's message.
    pub fn message_lines(&self) -> impl Iterator<Item = &str> {
        self.message.lines()
    }

    pub fn request_subject(&self) -> String {
        let (merchant, amount) = (&self.merchant.name, self.amount());
        if self.is_reminder {
            self.t.msg_mail_reminder_subject(merchant, amount, &self.order_id)
        } else {
            self.t.msg_mail_request_subject(merchant, amount, &self.order_id)
        }
    }

    pub fn request_label(&self) -> String {
        if self.is_reminder {
            self.t.msg_mail_reminder_label(&self.merchant.name)
        } else {
            self.t.msg_mail_request_label(&self.merchant.name)
        }
    }

    pub fn request_intro(&self) -> String {
        if self.is_reminder {
            self.t.msg_mail_reminder_intro(&self.merchant.name)
        } else {
            self.t.msg_mail_request_intro(&self.merchant.name)
        }
    }

    /// Where the customer stops the reminders of this payment.
    pub fn stop_link(&self) -> Option<String> {
        let link = self.link.as_ref().filter(|_| self.is_reminder)?;
        Some(format!("{link}/reminders"))
    }

    fn receipt_subject(&self) -> String {
        self.t.msg_mail_receipt_subject(&self.merchant.name, self.amount(), &self.order_id)
    }

    fn cancelled_subject(&self) -> String {
        self.t.msg_mail_cancelled_subject(&self.merchant.name, &self.order_id)
    }
}

/// Makes a letter of the facts.
pub fn compose(kind: MailKind, to: &str, facts: &LetterFacts) -> Result<Letter, Error> {
    let words = |template: &dyn Words| template.words();
    let (html, text, subject) = match kind {
        MailKind::Request | MailKind::Reminder => {
            (words(&RequestHtml(facts))?, words(&RequestText(facts))?, facts.request_subject())
        }
        MailKind::Receipt => {
            (words(&ReceiptHtml(facts))?, words(&ReceiptText(facts))?, facts.receipt_subject())
        }
        MailKind::Cancelled => (
            words(&CancelledHtml(facts))?,
            words(&CancelledText(facts))?,
            facts.cancelled_subject(),
        ),
        MailKind::Invitation | MailKind::Notice | MailKind::Ticket => {
            return Err(Error::internal("this mail is of no payment"));
        }
    };
    Ok(Letter {
        to: to.to_owned(),
        from_name: facts.t.msg_mail_from(&facts.merchant.name),
        reply_to: facts.merchant.email.clone(),
        subject,
        language: facts.lang,
        html,
        text,
        unsubscribe: facts.stop_link(),
    })
}

/// A template behind a pointer.
trait Words {
    fn words(&self) -> Result<String, Error>;
}

impl<T: Template> Words for T {
    fn words(&self) -> Result<String, Error> {
        self.render().map_err(Error::internal)
    }
}

/// What a letter is made of, or why there is none.
enum Read {
    Ready(Box<PayView>),
    WithoutPage,
    Unwanted,
}

/// The outbox asks here for the words of a mail and tells what became of it.
pub struct EmailPaymentLetters {
    pub parts: Parts,
    pub public_host: String,
}

impl EmailPaymentLetters {
    /// Makes the letter about a payment; prepares the payment at the gateway where it has to.
    ///
    /// # Errors
    /// [`NoLetter`]: nobody needs it any more, or the gateway is out of reach.
    pub async fn letter(&self, mail: &Claimed, id: EmailPaymentId) -> Result<Letter, NoLetter> {
        let scope = SystemScope::found(mail.merchant_id);
        let now = self.parts.clock.now();
        let (kind, needs_page) = (mail.kind, mail.kind.has_link());
        // One trip to the database where the page is prepared, as it mostly is.
        let read = move |conn: &mut PgConnection| {
            let view = lookups::pay_view(conn, scope, id)?;
            let is_unwanted =
                kind == MailKind::Reminder && are_reminders_stopped(conn, scope.merchant_id(), id)?;
            if is_unwanted {
                return Ok(Read::Unwanted);
            }
            let is_ready = !needs_page || has_page(conn, scope, &view.payment, now)?;
            Ok(if is_ready { Read::Ready(Box::new(view)) } else { Read::WithoutPage })
        };
        let view = match self.parts.db.run(scope.tenants(), read).await {
            Ok(Read::Ready(view)) => *view,
            Ok(Read::WithoutPage) => self.prepare(scope, id).await?,
            Ok(Read::Unwanted) => return Err(NoLetter::Drop("the customer wants no reminders")),
            Err(error) => return Err(NoLetter::Later(error)),
        };
        if needs_page && mail.recipient != view.payment.customer_email {
            // The link is the new reader's alone.
            return Err(NoLetter::Drop("the address has been corrected since"));
        }
        self.write(mail, view).map_err(NoLetter::Later)
    }

    /// Notes what became of a mail in the payment and its history; of one that did not arrive also
    /// what the server said.
    pub fn settled(
        conn: &mut PgConnection,
        mail: &Claimed,
        id: EmailPaymentId,
        outcome: &Outcome,
        answer: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        let (kind, delivery) = match outcome {
            Outcome::Sent if mail.kind == MailKind::Receipt => (EventKind::ReceiptSent, None),
            Outcome::Sent => (EventKind::MailSent, Some(Delivery::Sent)),
            Outcome::Deferred => (EventKind::MailDeferred, Some(Delivery::Deferred)),
            Outcome::Failed { is_refused: true } => {
                (EventKind::MailFailed, Some(Delivery::Bounced))
            }
            Outcome::Failed { is_refused: false } => {
                (EventKind::MailFailed, Some(Delivery::Failed))
            }
            // The mail before it did arrive.
            Outcome::Dropped if mail.kind == MailKind::Reminder => {
                (EventKind::MailDropped, Some(Delivery::Sent))
            }
            Outcome::Dropped => (EventKind::MailDropped, Some(Delivery::NotSent)),
        };
        let happening = Happening::by(mail.merchant_id, id, kind, Actor::System, now).with(
            json!({ "to": mail.recipient, "mail": mail.kind.as_str(), "try": mail.attempts }),
        );
        record(conn, &happening, None, None)?;
        if mail.kind.has_link() {
            let to_this_reader = email_payments::customer_email.eq(&mail.recipient);
            let said = (*outcome != Outcome::Sent).then(|| answer.unwrap_or_default());
            diesel::update(row(mail.merchant_id, id).filter(to_this_reader))
                .set((
                    email_payments::delivery.eq(delivery),
                    email_payments::delivery_answer.eq(said),
                ))
                .execute(conn)?;
        }
        Ok(())
    }

    /// Prepares the payment page first: no mail leaves with a dead link.
    async fn prepare(&self, scope: SystemScope, id: EmailPaymentId) -> Result<PayView, NoLetter> {
        match prepare_session(&self.parts, scope, id).await {
            Ok(_) => {}
            Err(Error::Conflict) => return Err(NoLetter::Drop("it can't be paid any more")),
            Err(error) => return Err(NoLetter::Later(error)),
        }
        let read = move |conn: &mut PgConnection| lookups::pay_view(conn, scope, id);
        self.parts.db.run(scope.tenants(), read).await.map_err(NoLetter::Later)
    }

    fn write(&self, mail: &Claimed, view: PayView) -> Result<Letter, Error> {
        let link = if mail.kind.has_link() && view.payment.status == Status::Open {
            Some(format!(
                "{}/pay/{}",
                self.parts.public_origin,
                pay_token(&self.parts.keys, &view.payment)?
            ))
        } else {
            None
        };
        let facts =
            LetterFacts::of(&view.payment, view.merchant, &view.attempts, link, &self.public_host)?;
        let facts = LetterFacts { is_reminder: mail.kind == MailKind::Reminder, ..facts };
        compose(mail.kind, &mail.recipient, &facts)
    }
}
