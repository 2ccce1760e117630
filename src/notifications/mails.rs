//! The letter of a notice: what there is and where, and no figure of it.

use askama::Template;
use diesel::PgConnection;

use super::display;
use super::queries::{self, Merchant, Notice};
use crate::auth::SystemScope;
use crate::db::Db;
use crate::kernel::{Clock, Error, Lang, NoticeId, Texts, dates};
use crate::mail::{Claimed, Letter, NoLetter};

/// What the letter says: the same facts in HTML and in text.
struct LetterFacts {
    t: &'static Texts,
    lang: Lang,
    merchant: Merchant,
    notice: Notice,
    public_origin: String,
}

impl LetterFacts {
    fn subject(&self) -> String {
        match self.number() {
            "" => self.t.msg_notice_mail_test_subject(&self.merchant.name),
            number => self.t.msg_notice_mail_subject(&self.merchant.name, self.document(), number),
        }
    }

    fn intro(&self) -> String {
        if self.number().is_empty() {
            self.t.msg_notice_mail_test_intro()
        } else {
            self.t.msg_notice_mail_intro(&self.merchant.name)
        }
    }

    fn document(&self) -> String {
        display::document(self.notice.document_kind.as_deref().unwrap_or_default(), self.t)
    }

    /// Empty: a test.
    fn number(&self) -> &str {
        self.notice.number.as_deref().unwrap_or_default()
    }

    /// `1 ottobre 2026 – 31 ottobre 2026`.
    fn period(&self) -> String {
        let days = [self.notice.period_from, self.notice.period_until].into_iter().flatten();
        let days: Vec<String> = days.map(|day| dates::plain_day(day, self.lang)).collect();
        days.join(" – ")
    }

    /// When it happened, in the merchant's zone, which is its users'.
    fn moment(&self) -> String {
        let (at, zone) = (self.notice.created_at, self.merchant.zone());
        let day = dates::weekday(at, zone, self.lang);
        format!("{day}, {} ({})", dates::time(at, zone), zone.name())
    }

    fn link(&self) -> String {
        match self.notice.document_id {
            Some(id) => format!("{}/accounting/documents/{id}", self.public_origin),
            None => self.settings(),
        }
    }

    fn button(&self) -> String {
        if self.number().is_empty() {
            self.t.msg_notice_mail_test_button()
        } else {
            self.t.msg_notice_mail_button()
        }
    }

    fn settings(&self) -> String {
        format!("{}/notifications", self.public_origin)
    }
}

#[derive(Template)]
#[template(path = "mail/notifications_notice.html")]
struct NoticeHtml<'a>(&'a LetterFacts);

#[derive(Template)]
#[template(path = "mail/notifications_notice.txt", escape = "none")]
struct NoticeText<'a>(&'a LetterFacts);

/// The outbox asks here for the words of a notice.
pub struct NoticeLetters {
    pub db: Db,
    pub clock: Clock,
    pub public_origin: String,
}

impl NoticeLetters {
    /// Makes the letter of a notice, if its reader may still be told.
    ///
    /// # Errors
    /// [`NoLetter`]: the permission has ended meanwhile, or the database is out of reach.
    pub async fn letter(&self, mail: &Claimed, id: NoticeId) -> Result<Letter, NoLetter> {
        let (scope, now) = (SystemScope::found(mail.merchant_id), self.clock.now());
        let read = move |conn: &mut PgConnection| {
            let notice = queries::notice(conn, scope, id, now)?;
            Ok((queries::merchant(conn, scope.into())?, notice))
        };
        let (merchant, notice) =
            self.db.run(scope.tenants(), read).await.map_err(NoLetter::Later)?;
        if !notice.is_permitted {
            return Err(NoLetter::Drop("the permission has ended meanwhile"));
        }
        let facts = LetterFacts {
            t: mail.language.texts(),
            lang: mail.language,
            merchant,
            notice,
            public_origin: self.public_origin.clone(),
        };
        write(&mail.recipient, &facts).map_err(NoLetter::Later)
    }
}

fn write(to: &str, facts: &LetterFacts) -> Result<Letter, Error> {
    Ok(Letter {
        to: to.to_owned(),
        from_name: facts.t.msg_product(),
        reply_to: facts.merchant.email.clone(),
        subject: facts.subject(),
        language: facts.lang,
        html: NoticeHtml(facts).render().map_err(Error::internal)?,
        text: NoticeText(facts).render().map_err(Error::internal)?,
        unsubscribe: None,
    })
}
