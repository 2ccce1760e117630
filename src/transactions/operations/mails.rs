//! The letter that tells a customer that money comes back.

use std::sync::Arc;

use askama::Template;
use diesel::PgConnection;

use super::model::OperationState;
use super::queries::{self, Told};
use crate::auth::SystemScope;
use crate::db::Db;
use crate::email_payments::Logos;
use crate::email_payments::writing::MerchantView;
use crate::kernel::{Colour, Error, Lang, OperationRequestId, Texts};
use crate::mail::{Claimed, Draft, Letter, NoLetter};
use crate::transactions::display;

/// What the letter says: the same facts in HTML and in text.
struct LetterFacts {
    t: &'static Texts,
    lang: Lang,
    merchant: MerchantView,
    amount: String,
    order_id: String,
    customer_name: String,
    means: String,
    /// What the name at the top stands on, in white.
    colour: Option<Colour>,
    /// Whether the logo comes along with the letter.
    has_logo: bool,
    /// The page where customers ask, where there is one.
    support_url: Option<String>,
}

impl LetterFacts {
    fn title(&self) -> String {
        self.t.msg_op_mail_subject(self.amount.as_str(), self.merchant.name.as_str())
    }

    fn greeting(&self) -> String {
        if self.customer_name.is_empty() {
            self.t.msg_mail_hello()
        } else {
            self.t.msg_mail_hello_name(self.customer_name.as_str())
        }
    }

    fn intro(&self) -> String {
        self.t.msg_op_mail_intro(self.merchant.name.as_str())
    }

    /// What a list of mails shows of it: the subject has told the amount.
    fn preheader(&self) -> String {
        let when = self.t.msg_op_mail_when();
        if self.order_id.is_empty() {
            return when;
        }
        let order = self.t.msg_mail_line(self.t.msg_mail_order_id(), self.order_id.as_str());
        format!("{order}. {when}")
    }
}

#[derive(Template)]
#[template(path = "mail/transactions_refunded.html")]
struct RefundedHtml<'a>(&'a LetterFacts);

#[derive(Template)]
#[template(path = "mail/transactions_refunded.txt", escape = "none")]
struct RefundedText<'a>(&'a LetterFacts);

/// The outbox asks here for the words of refunds.
pub struct RefundLetters {
    pub db: Db,
    pub logos: Logos,
}

impl RefundLetters {
    /// Makes the letter about a refund.
    ///
    /// # Errors
    /// [`NoLetter`]: it was not made, or the database is out of reach.
    pub async fn letter(&self, mail: &Claimed, id: OperationRequestId) -> Draft {
        let scope = SystemScope::found(mail.merchant_id);
        let logos = self.logos.clone();
        let read = move |conn: &mut PgConnection| {
            let Some(told) = queries::told(conn, scope.into(), id)? else { return Ok(None) };
            let logo = told.page.logo.and_then(|id| logos.get(conn, told.merchant.id, id));
            Ok(Some((told, logo)))
        };
        match self.db.run(scope.tenants(), read).await {
            Ok(Some((told, logo))) if told.state == OperationState::Done => {
                write(mail, told, logo).map_err(NoLetter::Later)
            }
            Ok(_) => Err(NoLetter::Drop("the refund was not made")),
            Err(error) => Err(NoLetter::Later(error)),
        }
    }
}

fn write(mail: &Claimed, told: Told, logo: Option<Arc<[u8]>>) -> Result<Letter, Error> {
    let t = mail.language.texts();
    let Told { mut merchant, page, .. } = told;
    let sender = page.sender().to_owned();
    let support_url = page.support_url().map(str::to_owned);
    if support_url.is_none() {
        merchant.email = page.support;
    }
    merchant.name = page.displayed_name;
    let facts = LetterFacts {
        t,
        lang: mail.language,
        amount: told.amount.with_symbol(mail.language),
        order_id: told.order_id,
        customer_name: told.customer_name,
        means: display::means_to_customers(&told.means, t),
        merchant,
        colour: page.colour,
        has_logo: logo.is_some(),
        support_url,
    };
    Ok(Letter {
        to: mail.recipient.clone(),
        from_name: t.msg_mail_from(sender),
        reply_to: facts.merchant.email.clone(),
        subject: facts.title(),
        language: facts.lang,
        html: RefundedHtml(&facts).render().map_err(Error::internal)?,
        text: RefundedText(&facts).render().map_err(Error::internal)?,
        unsubscribe: None,
        logo,
    })
}
