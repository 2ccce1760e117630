//! The letter that tells of a message in a ticket.

use askama::Template;
use diesel::PgConnection;

use super::lookups::{self, Merchant, Told};
use super::queries::Side;
use crate::auth::SystemScope;
use crate::crypto::Keyring;
use crate::db::Db;
use crate::kernel::{Clock, Error, Lang, Texts, TicketMessageId};
use crate::mail::{Claimed, Letter, NoLetter};
use crate::notifications::{NoticeKind, Stop, stop_link};

/// Characters of the message that stand beside the subject in lists of mails: these show about so many.
const PREHEADER_CHARS: usize = 140;

/// What the letter says: the same facts in HTML and in text.
struct LetterFacts {
    t: &'static Texts,
    lang: Lang,
    merchant: Merchant,
    number: i64,
    subject: String,
    author: String,
    by_support: bool,
    by_manager: bool,
    text: String,
    link: String,
    /// The host that the reader is told to look for.
    host: String,
    /// Where a merchant's user ends mails about support's answers; empty: these can't be ended.
    stop: String,
}

impl LetterFacts {
    fn title(&self) -> String {
        self.t.msg_ticket_mail_subject(self.number, self.subject.as_str())
    }

    fn intro(&self) -> String {
        if self.by_manager {
            self.t.msg_ticket_mail_from_manager(self.author.as_str())
        } else if self.by_support {
            self.t.msg_ticket_mail_from_support(self.author.as_str())
        } else {
            self.t.msg_ticket_mail_from_merchant(self.author.as_str(), self.merchant.name.as_str())
        }
    }

    /// What a list of mails shows of it: who writes, and how the message begins.
    fn preheader(&self) -> String {
        let words = self.text.split_whitespace().collect::<Vec<_>>().join(" ");
        let beginning: String = words.chars().take(PREHEADER_CHARS).collect();
        let rest = if beginning.len() < words.len() { "…" } else { "" };
        format!("{} {beginning}{rest}", self.intro())
    }
}

#[derive(Template)]
#[template(path = "mail/ticket_message.html")]
struct MessageHtml<'a>(&'a LetterFacts);

#[derive(Template)]
#[template(path = "mail/ticket_message.txt", escape = "none")]
struct MessageText<'a>(&'a LetterFacts);

/// The outbox asks here for the words of a message.
pub struct TicketLetters {
    pub db: Db,
    pub keys: Keyring,
    pub clock: Clock,
    pub public_origin: String,
    pub public_host: String,
    /// Where an answer by mail would go: it is not read.
    pub reply_to: String,
}

impl TicketLetters {
    /// Makes the letter of a message.
    ///
    /// # Errors
    /// [`NoLetter`]: the reader has no part in the ticket any more, or the database is out of reach.
    pub async fn letter(&self, mail: &Claimed, id: TicketMessageId) -> Result<Letter, NoLetter> {
        let (scope, to) = (SystemScope::found(mail.merchant_id), mail.recipient.clone());
        let now = self.clock.now();
        let read = move |conn: &mut PgConnection| lookups::told(conn, scope, id, &to, now);
        match self.db.run(scope.tenants(), read).await {
            Ok(Some(told)) => self.write(mail, told).map_err(NoLetter::Later),
            Ok(None) => Err(NoLetter::Drop(
                "the reader has no part in the ticket any more, or does not want its mails",
            )),
            Err(error) => Err(NoLetter::Later(error)),
        }
    }

    fn write(&self, mail: &Claimed, told: Told) -> Result<Letter, Error> {
        let number = told.ticket.number;
        let merchant_id = told.ticket.merchant_id;
        let path = match told.side {
            Side::Merchant => format!("/support/tickets/{number}"),
            Side::Support => format!("/merchants/{merchant_id}/tickets/{number}"),
            Side::Manager => format!("/portfolio/{merchant_id}/tickets/{number}"),
            // It is not theirs yet: their portfolio tells of it.
            Side::Candidate => "/merchants".to_owned(),
        };
        let stop = if told.by_support && told.side == Side::Merchant {
            let what = Stop::AtOnce(NoticeKind::TicketAnswered);
            stop_link(&self.keys, &self.public_origin, merchant_id, told.reader, what)?
        } else {
            String::new()
        };
        let facts = LetterFacts {
            t: mail.language.texts(),
            lang: mail.language,
            number,
            subject: told.ticket.subject,
            author: told.author,
            by_support: told.by_support,
            by_manager: told.by_manager,
            text: told.text,
            link: format!("{}{path}", self.public_origin),
            host: self.public_host.clone(),
            merchant: told.merchant,
            stop,
        };
        Ok(Letter {
            to: mail.recipient.clone(),
            from_name: facts.t.msg_ticket_mail_sender(),
            reply_to: self.reply_to.clone(),
            subject: facts.title(),
            language: facts.lang,
            html: MessageHtml(&facts).render().map_err(Error::internal)?,
            text: MessageText(&facts).render().map_err(Error::internal)?,
            unsubscribe: Some(facts.stop.clone()).filter(|stop| !stop.is_empty()),
            logo: None,
        })
    }
}
