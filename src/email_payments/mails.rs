//! The letters that customers get about a payment, and what their fate means for it.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use askama::Template;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, Nullable, Text, Uuid as SqlUuid};
use serde_json::json;

use super::confirmations::Confirmation;
use super::history::{Happening, record_all, tell};
use super::letter::{
    CancelledHtml, CancelledText, DeclinedHtml, DeclinedText, LetterFacts, ReceiptHtml,
    ReceiptText, RequestHtml, RequestText,
};
use super::logos::Logos;
use super::lookups::{self, LetterView};
use super::model::{Delivery, Status};
use super::prepare::{Parts, pay_token, prepare_session};
use super::queries::{self, EventKind};
use crate::auth::SystemScope;
use crate::auth::audit::Actor;
use crate::db::{Tenants, by_keys};
use crate::kernel::{EmailPaymentId, Error, MailId};
use crate::mail::{Claimed, Draft, Ended, Letter, MailKind, NoLetter, Outcome};
use crate::notifications::PaymentEvent;

/// Makes a letter of the facts.
pub fn compose(kind: MailKind, to: &str, facts: &LetterFacts) -> Result<Letter, Error> {
    let words = |template: &dyn Words| template.words();
    let (html, text, subject) = match kind {
        MailKind::Request | MailKind::Reminder => {
            (words(&RequestHtml(facts))?, words(&RequestText(facts))?, facts.request_subject())
        }
        MailKind::Receipt => (
            words(&ReceiptHtml(facts))?,
            words(&ReceiptText(facts))?,
            facts.confirmation_subject(Confirmation::Success),
        ),
        MailKind::Declined => (
            words(&DeclinedHtml(facts))?,
            words(&DeclinedText(facts))?,
            facts.confirmation_subject(Confirmation::Failure),
        ),
        MailKind::Cancelled => (
            words(&CancelledHtml(facts))?,
            words(&CancelledText(facts))?,
            facts.cancelled_subject(),
        ),
        MailKind::Invitation
        | MailKind::Notice
        | MailKind::Ticket
        | MailKind::Address
        | MailKind::AddressChanged
        | MailKind::HandOver
        | MailKind::Refunded => {
            return Err(Error::internal("this mail is of no payment"));
        }
    };
    Ok(Letter {
        to: to.to_owned(),
        from_name: facts.sender_line(),
        reply_to: facts.merchant.email.clone(),
        subject,
        language: facts.lang,
        html,
        text,
        unsubscribe: facts.stop_link(),
        logo: None,
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

/// What the mail confirms, if it is a confirmation.
const fn confirms(kind: MailKind) -> Option<Confirmation> {
    match kind {
        MailKind::Receipt => Some(Confirmation::Success),
        MailKind::Declined => Some(Confirmation::Failure),
        MailKind::Request
        | MailKind::Reminder
        | MailKind::Cancelled
        | MailKind::Invitation
        | MailKind::Notice
        | MailKind::Ticket
        | MailKind::Address
        | MailKind::AddressChanged
        | MailKind::HandOver
        | MailKind::Refunded => None,
    }
}

/// Why a mail is not wanted any more, though it was when it was queued; `None`: it is.
fn unwanted(kind: MailKind, view: &LetterView) -> Option<&'static str> {
    if kind == MailKind::Reminder && view.are_reminders_stopped {
        return Some("the customer wants no reminders");
    }
    if confirms(kind).is_some_and(|confirmation| !view.confirms.of(confirmation)) {
        return Some("confirmations have been switched off meanwhile");
    }
    let is_told_otherwise = match view.payment.status {
        Status::Open | Status::Failed | Status::Expired => false,
        Status::Draft
        | Status::Scheduled
        | Status::Processing
        | Status::Authorised
        | Status::Paid
        | Status::Cancelled => true,
    };
    let is_outdated = kind == MailKind::Declined && is_told_otherwise;
    is_outdated.then_some("the customer has tried again, or need not pay any more")
}

/// The outbox asks here for the words of mails and tells what became of them.
#[derive(Clone)]
pub struct EmailPaymentLetters {
    pub parts: Parts,
    pub logos: Logos,
    pub public_host: String,
}

impl EmailPaymentLetters {
    /// The letters about several payments, without those whose payment page has to be prepared first. None
    /// where the database is out of reach: then each is asked for alone, and says so.
    pub async fn letters(&self, mails: Vec<(Claimed, EmailPaymentId)>) -> HashMap<MailId, Draft> {
        self.known(mails).await.unwrap_or_else(|error| {
            tracing::warn!(?error, "the letters of a batch could not be read");
            HashMap::new()
        })
    }

    /// Makes the letter about a payment; prepares the payment at the gateway where it has to: no mail leaves
    /// with a dead link.
    ///
    /// # Errors
    /// [`NoLetter`]: nobody needs it any more, or the gateway is out of reach.
    pub async fn letter(&self, mail: &Claimed, id: EmailPaymentId) -> Draft {
        let known = async || {
            let drafts = self.known(vec![(mail.clone(), id)]).await;
            drafts.map(|drafts| drafts.into_values().next()).map_err(NoLetter::Later)
        };
        if let Some(draft) = known().await? {
            return draft;
        }
        let prepared = prepare_session(&self.parts, SystemScope::found(mail.merchant_id), id).await;
        let ended = Err(NoLetter::Drop("it can't be paid any more"));
        match prepared {
            Ok(_) | Err(Error::Conflict) => known().await?.unwrap_or(ended),
            Err(error) => Err(NoLetter::Later(error)),
        }
    }

    async fn known(
        &self,
        mails: Vec<(Claimed, EmailPaymentId)>,
    ) -> Result<HashMap<MailId, Draft>, Error> {
        if mails.is_empty() {
            return Ok(HashMap::new());
        }
        let (letters, now) = (self.clone(), self.parts.clock.now());
        let tenants = Tenants::of(mails.iter().map(|(mail, _)| mail.merchant_id));
        let read = move |conn: &mut PgConnection| {
            let key = |(mail, id): &(Claimed, EmailPaymentId)| (mail.merchant_id, *id);
            let payments: Vec<_> = mails.iter().map(key).collect();
            let is_reminder = |(mail, _): &&(Claimed, _)| mail.kind == MailKind::Reminder;
            let reminded: Vec<_> = mails.iter().filter(is_reminder).map(key).collect();
            by_keys(conn)?;
            let views: HashMap<EmailPaymentId, LetterView> =
                lookups::letter_views(conn, &payments, &reminded, now)?
                    .into_iter()
                    .map(|view| (view.payment.id, view))
                    .collect();
            let drafts = mails.iter().filter_map(|(mail, id)| {
                let draft = match views.get(id) {
                    Some(view) => letters.draft(conn, mail, view)?,
                    None => Err(NoLetter::Later(Error::NotFound)),
                };
                Some((mail.id, draft))
            });
            Ok(drafts.collect())
        };
        self.parts.db.run(tenants, read).await
    }

    /// `None`: the payment page has to be prepared first.
    fn draft(&self, conn: &mut PgConnection, mail: &Claimed, view: &LetterView) -> Option<Draft> {
        if let Some(why) = unwanted(mail.kind, view) {
            return Some(Err(NoLetter::Drop(why)));
        }
        if mail.kind.has_link() {
            if view.payment.status == Status::Processing {
                // Where that try fails, the letter is wanted again.
                let trying = Error::unavailable("the payment", "its customer is trying to pay");
                return Some(Err(NoLetter::Later(trying)));
            }
            if !view.has_page {
                return None;
            }
            if mail.recipient != view.payment.customer_email {
                // The link is the new reader's alone.
                return Some(Err(NoLetter::Drop("the address has been corrected since")));
            }
        }
        let logo = view.page.logo.and_then(|id| self.logos.get(conn, view.merchant.id, id));
        Some(self.write(mail, view, logo).map_err(NoLetter::Later))
    }

    fn write(
        &self,
        mail: &Claimed,
        view: &LetterView,
        logo: Option<Arc<[u8]>>,
    ) -> Result<Letter, Error> {
        let LetterView { payment, merchant, paid_by, .. } = view;
        let link = if mail.kind.has_link() {
            let token = pay_token(&self.parts.keys, payment)?;
            Some(format!("{}/pay/{token}", self.parts.public_origin))
        } else {
            None
        };
        let facts = LetterFacts::of(
            payment,
            merchant.clone(),
            paid_by.as_slice(),
            link,
            &self.public_host,
        )?;
        let facts = LetterFacts {
            is_reminder: mail.kind == MailKind::Reminder,
            has_logo: logo.is_some(),
            ..facts.on_page(&view.page)
        };
        let facts = match confirms(mail.kind) {
            Some(confirmation) => facts.in_words(&view.wording, confirmation),
            None => facts,
        };
        Ok(Letter { logo, ..compose(mail.kind, &mail.recipient, &facts)? })
    }

    /// Notes what became of mails in their payments and histories; of those that did not arrive also what
    /// the server said.
    pub fn settled(
        conn: &mut PgConnection,
        ended: &[(&Ended, EmailPaymentId)],
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        if ended.is_empty() {
            return Ok(());
        }
        let happenings: Vec<Happening> = ended
            .iter()
            .map(|(Ended { mail, outcome, .. }, id)| {
                let (kind, _) = meaning(mail.kind, outcome);
                Happening::by(mail.merchant_id, *id, kind, Actor::System, now).with(
                    json!({ "to": mail.recipient, "mail": mail.kind.as_str(), "try": mail.attempts }),
                )
            })
            .collect();
        record_all(conn, &happenings)?;
        note_deliveries(conn, ended)?;
        tell_undelivered(conn, ended, now)
    }
}

/// Tells the merchant's users of requests and reminders that will not arrive.
fn tell_undelivered(
    conn: &mut PgConnection,
    ended: &[(&Ended, EmailPaymentId)],
    now: DateTime<Utc>,
) -> Result<(), Error> {
    for (Ended { mail, outcome, .. }, id) in ended {
        if mail.kind.has_link() && matches!(outcome, Outcome::Failed { .. }) {
            let scope = SystemScope::found(mail.merchant_id);
            let payment = queries::get(conn, scope.into(), *id)?;
            tell(conn, scope, PaymentEvent::Undelivered, &payment, now)?;
        }
    }
    Ok(())
}

/// What the fate of a mail means for its payment.
fn meaning(kind: MailKind, outcome: &Outcome) -> (EventKind, Option<Delivery>) {
    match outcome {
        Outcome::Sent if kind == MailKind::Receipt => (EventKind::ReceiptSent, None),
        Outcome::Sent => (EventKind::MailSent, Some(Delivery::Sent)),
        Outcome::Deferred => (EventKind::MailDeferred, Some(Delivery::Deferred)),
        Outcome::Failed { is_refused: true } => (EventKind::MailFailed, Some(Delivery::Bounced)),
        Outcome::Failed { is_refused: false } => (EventKind::MailFailed, Some(Delivery::Failed)),
        // The mail before it did arrive.
        Outcome::Dropped if kind == MailKind::Reminder => {
            (EventKind::MailDropped, Some(Delivery::Sent))
        }
        Outcome::Dropped => (EventKind::MailDropped, Some(Delivery::NotSent)),
    }
}

/// How payments were delivered, by the mails that carry their link; what became of a mail to an address
/// that was corrected since tells nothing. Of two mails of a payment the later one counts.
fn note_deliveries(
    conn: &mut PgConnection,
    ended: &[(&Ended, EmailPaymentId)],
) -> Result<(), Error> {
    // In the order of the payments, so that two senders who note the same ones wait, and don't block each
    // other.
    let latest: BTreeMap<(EmailPaymentId, &str), &Ended> = ended
        .iter()
        .filter(|(one, _)| one.mail.kind.has_link())
        .map(|(one, id)| ((*id, one.mail.recipient.as_str()), *one))
        .collect();
    if latest.is_empty() {
        return Ok(());
    }
    let all = || latest.iter();
    let said = |one: &Ended| {
        (one.outcome != Outcome::Sent).then(|| one.answer().unwrap_or_default().to_owned())
    };
    sql_query(
        "UPDATE email_payments p SET delivery = e.delivery, delivery_answer = e.answer
         FROM unnest($1, $2, $3, $4, $5) AS e (merchant_id, id, recipient, delivery, answer)
         WHERE p.merchant_id = e.merchant_id AND p.id = e.id AND p.customer_email = e.recipient",
    )
    .bind::<Array<SqlUuid>, _>(all().map(|(_, one)| one.mail.merchant_id).collect::<Vec<_>>())
    .bind::<Array<SqlUuid>, _>(all().map(|((id, _), _)| *id).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(all().map(|((_, recipient), _)| *recipient).collect::<Vec<_>>())
    .bind::<Array<Nullable<Text>>, _>(
        all().map(|(_, one)| meaning(one.mail.kind, &one.outcome).1).collect::<Vec<_>>(),
    )
    .bind::<Array<Nullable<Text>>, _>(all().map(|(_, one)| said(one)).collect::<Vec<_>>())
    .execute(conn)?;
    Ok(())
}
