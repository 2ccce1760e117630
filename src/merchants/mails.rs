//! The letter to who gets merchants from a colleague.

use askama::Template;
use diesel::PgConnection;

use super::PORTFOLIO_URL;
use super::queries::{self, HandedOver};
use crate::auth::SystemScope;
use crate::db::Db;
use crate::kernel::{Error, HandOverId, Lang, Texts};
use crate::mail::{Claimed, Letter, NoLetter};

/// Who stands at the head of the letter: the product.
struct Sender {
    name: String,
}

/// What the letter says: the same facts in HTML and in text.
struct LetterFacts {
    t: &'static Texts,
    lang: Lang,
    merchant: Sender,
    handed: HandedOver,
    link: String,
    /// The host that the reader is told to look for.
    host: String,
}

impl LetterFacts {
    fn title(&self) -> String {
        let HandedOver { by, merchant, together, .. } = &self.handed;
        match together {
            1 => self.t.msg_hand_over_mail_subject_one(by, merchant),
            _ => self.t.msg_hand_over_mail_subject(by),
        }
    }

    fn intro(&self) -> String {
        let HandedOver { by, merchant, together, .. } = &self.handed;
        match together {
            1 => self.t.msg_hand_over_mail_one(by, merchant),
            count => self.t.msg_hand_over_mail_several(by, *count, merchant),
        }
    }
}

#[derive(Template)]
#[template(path = "mail/merchants_hand_over.html")]
struct HandOverHtml<'a>(&'a LetterFacts);

#[derive(Template)]
#[template(path = "mail/merchants_hand_over.txt", escape = "none")]
struct HandOverText<'a>(&'a LetterFacts);

/// The outbox asks here for the words of a hand-over.
pub struct HandOverLetters {
    pub db: Db,
    pub public_origin: String,
    pub public_host: String,
    /// Where an answer by mail would go: it is not read.
    pub reply_to: String,
}

impl HandOverLetters {
    /// Makes the letter of a hand-over.
    ///
    /// # Errors
    /// [`NoLetter`]: the reader can't sign in any more, or the database is out of reach.
    pub async fn letter(&self, mail: &Claimed, id: HandOverId) -> Result<Letter, NoLetter> {
        let scope = SystemScope::found(mail.merchant_id);
        let read = move |conn: &mut PgConnection| queries::handed_over(conn, scope, id);
        match self.db.run(scope.tenants(), read).await {
            Ok(Some(handed)) => self.write(mail, handed).map_err(NoLetter::Later),
            Ok(None) => Err(NoLetter::Drop("the reader can't sign in any more")),
            Err(error) => Err(NoLetter::Later(error)),
        }
    }

    fn write(&self, mail: &Claimed, handed: HandedOver) -> Result<Letter, Error> {
        let t = mail.language.texts();
        let place = match handed.together {
            1 => format!("{PORTFOLIO_URL}/{}", mail.merchant_id),
            _ => PORTFOLIO_URL.to_owned(),
        };
        let facts = LetterFacts {
            t,
            lang: mail.language,
            merchant: Sender { name: t.msg_product() },
            handed,
            link: format!("{}{place}", self.public_origin),
            host: self.public_host.clone(),
        };
        Ok(Letter {
            to: mail.recipient.clone(),
            from_name: t.msg_product(),
            reply_to: self.reply_to.clone(),
            subject: facts.title(),
            language: mail.language,
            html: HandOverHtml(&facts).render().map_err(Error::internal)?,
            text: HandOverText(&facts).render().map_err(Error::internal)?,
            unsubscribe: None,
            logo: None,
        })
    }
}
