//! The letters that ask both addresses whether one may take the other's place, and tell the old one that it has.

use askama::Template;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use diesel::PgConnection;

use super::commands;
use super::lookups::{self, Found, Told};
use super::model::Side;
use crate::crypto::Keyring;
use crate::db::{Db, Tenants};
use crate::kernel::{Clock, EmailAddress, EmailChangeId, Error, Lang, Texts, dates};
use crate::mail::{Claimed, Letter, MailKind, NoLetter, Outcome};

/// Who stands at the head of the letter: the product, in nobody's name.
struct Sender {
    name: String,
}

/// What the letter asks or tells.
enum Step {
    /// Whether one address may take the other's place.
    Confirm { side: Side, link: String },
    /// That it has.
    Done { support_email: Option<String> },
}

/// What the letter says: the same facts in HTML and in text.
struct LetterFacts {
    t: &'static Texts,
    lang: Lang,
    merchant: Sender,
    name: String,
    old: String,
    new: String,
    /// Until when both have to confirm.
    until: String,
    step: Step,
    /// The host that the reader is told to look for.
    host: String,
}

impl LetterFacts {
    fn subject(&self) -> String {
        match self.step {
            Step::Confirm { .. } => self.t.msg_email_change_mail_subject(),
            Step::Done { .. } => self.t.msg_email_change_mail_done_subject(),
        }
    }

    fn intro(&self) -> String {
        let (t, name) = (self.t, self.name.as_str());
        match self.step {
            Step::Confirm { side: Side::Old, .. } => {
                t.msg_email_change_mail_old(name, self.new.as_str())
            }
            Step::Confirm { side: Side::New, .. } => {
                t.msg_email_change_mail_new(name, self.old.as_str())
            }
            Step::Done { .. } => t.msg_email_change_mail_done(name, self.new.as_str()),
        }
    }

    fn words(&self) -> String {
        match self.step {
            Step::Confirm { .. } => self.t.msg_email_change_mail_both(&self.until),
            Step::Done { .. } => self.t.msg_email_change_mail_done_words(),
        }
    }

    /// The address of the button.
    fn link(&self) -> Option<&str> {
        match &self.step {
            Step::Confirm { link, .. } => Some(link),
            Step::Done { .. } => None,
        }
    }

    fn not_yours(&self) -> String {
        let t = self.t;
        match &self.step {
            Step::Confirm { side: Side::Old, .. } => t.msg_email_change_mail_not_asked(),
            Step::Confirm { side: Side::New, .. } => t.msg_email_change_mail_not_yours(),
            Step::Done { support_email: Some(email) } => t.msg_email_change_mail_not_you(email),
            Step::Done { support_email: None } => t.msg_email_change_mail_not_you_ask(),
        }
    }
}

/// `lunedì 7 dicembre 2026, 08:12 (Europe/Rome)`.
fn until(at: DateTime<Utc>, zone: Tz, lang: Lang) -> String {
    format!("{}, {} ({})", dates::weekday(at, zone, lang), dates::time(at, zone), zone.name())
}

#[derive(Template)]
#[template(path = "mail/profile_email_change.html")]
struct ChangeHtml<'a>(&'a LetterFacts);

#[derive(Template)]
#[template(path = "mail/profile_email_change.txt", escape = "none")]
struct ChangeText<'a>(&'a LetterFacts);

/// The outbox asks here for the words and tells what became of them.
pub struct ChangeLetters {
    pub db: Db,
    pub keys: Keyring,
    pub clock: Clock,
    pub public_origin: String,
    pub public_host: String,
    /// Where an answer by mail would go: it is not read.
    pub reply_to: String,
    pub support_email: Option<EmailAddress>,
}

impl ChangeLetters {
    /// Makes the letter to one of the addresses.
    ///
    /// # Errors
    /// [`NoLetter`]: there is nothing to confirm any more, or the database is out of reach.
    pub async fn letter(&self, mail: &Claimed, id: EmailChangeId) -> Result<Letter, NoLetter> {
        let (kind, to, now) = (mail.kind, mail.recipient.clone(), self.clock.now());
        let read = move |conn: &mut PgConnection| {
            if kind == MailKind::AddressChanged {
                lookups::done(conn, id)
            } else {
                lookups::to_confirm(conn, id, &to, now)
            }
        };
        match self.db.run(Tenants::none(), read).await {
            Ok(Some(told)) => self.write(mail, told).map_err(NoLetter::Later),
            Ok(None) => Err(NoLetter::Drop("the change of address has ended")),
            Err(error) => Err(NoLetter::Later(error)),
        }
    }

    /// The mail's token is kept only as long as it may still be sent.
    pub fn settled(
        conn: &mut PgConnection,
        mail: &Claimed,
        id: EmailChangeId,
        outcome: &Outcome,
    ) -> Result<(), Error> {
        match outcome {
            Outcome::Deferred => Ok(()),
            Outcome::Sent | Outcome::Failed { .. } | Outcome::Dropped => {
                commands::end_mail(conn, id, &mail.recipient)
            }
        }
    }

    fn write(&self, mail: &Claimed, told: Told) -> Result<Letter, Error> {
        let (lang, t) = (mail.language, mail.language.texts());
        let Told { found: Found { change, side, name }, time_zone, sealed } = told;
        let step = if let Some(sealed) = sealed {
            let token = self.keys.open(change.id.as_uuid(), &sealed)?;
            Step::Confirm { side, link: format!("{}/email-changes/{token}", self.public_origin) }
        } else {
            let support_email = self.support_email.as_ref();
            Step::Done { support_email: support_email.map(|email| email.as_str().to_owned()) }
        };
        let zone = time_zone.and_then(|zone| zone.parse().ok()).unwrap_or(chrono_tz::UTC);
        let facts = LetterFacts {
            t,
            lang,
            merchant: Sender { name: t.msg_product() },
            name,
            old: change.old_email,
            new: change.new_email,
            until: until(change.expires_at, zone, lang),
            step,
            host: self.public_host.clone(),
        };
        Ok(Letter {
            to: mail.recipient.clone(),
            from_name: t.msg_product(),
            reply_to: self.reply_to.clone(),
            subject: facts.subject(),
            language: lang,
            html: ChangeHtml(&facts).render().map_err(Error::internal)?,
            text: ChangeText(&facts).render().map_err(Error::internal)?,
            unsubscribe: None,
            logo: None,
        })
    }
}
