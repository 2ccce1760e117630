//! The letter that tells a customer that money comes back.

use askama::Template;
use diesel::PgConnection;

use super::model::OperationState;
use super::queries::{self, Told};
use crate::auth::SystemScope;
use crate::db::Db;
use crate::kernel::{Error, Lang, OperationRequestId, Texts};
use crate::mail::{Claimed, Draft, Letter, NoLetter};
use crate::transactions::display;

/// What the letter says: the same facts in HTML and in text.
struct LetterFacts {
    t: &'static Texts,
    lang: Lang,
    merchant: Sender,
    amount: String,
    order_id: String,
    customer_name: String,
    means: String,
}

struct Sender {
    name: String,
    legal_name: String,
    address: String,
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
}

impl RefundLetters {
    /// Makes the letter about a refund.
    ///
    /// # Errors
    /// [`NoLetter`]: it was not made, or the database is out of reach.
    pub async fn letter(&self, mail: &Claimed, id: OperationRequestId) -> Draft {
        let scope = SystemScope::found(mail.merchant_id);
        let read = move |conn: &mut PgConnection| queries::told(conn, scope.into(), id);
        match self.db.run(scope.tenants(), read).await {
            Ok(Some(told)) if told.state == OperationState::Done => {
                write(mail, told).map_err(NoLetter::Later)
            }
            Ok(_) => Err(NoLetter::Drop("the refund was not made")),
            Err(error) => Err(NoLetter::Later(error)),
        }
    }
}

fn write(mail: &Claimed, told: Told) -> Result<Letter, Error> {
    let t = mail.language.texts();
    let facts = LetterFacts {
        t,
        lang: mail.language,
        amount: told.amount.with_symbol(mail.language),
        order_id: told.order_id,
        customer_name: told.customer_name,
        means: display::means(&told.means, t),
        merchant: Sender {
            name: told.merchant_name,
            legal_name: told.legal_name,
            address: told.address,
        },
    };
    Ok(Letter {
        to: mail.recipient.clone(),
        from_name: facts.merchant.name.clone(),
        reply_to: told.email,
        subject: facts.title(),
        language: facts.lang,
        html: RefundedHtml(&facts).render().map_err(Error::internal)?,
        text: RefundedText(&facts).render().map_err(Error::internal)?,
        unsubscribe: None,
        logo: None,
    })
}
