//! What a ticket is about, as support and those see it who may: a payment, a document, a transaction, or
//! what somebody was told.

use diesel::PgConnection;

use crate::auth::{MerchantScope, MerchantUser, Staff, SystemScope};
use crate::documents;
use crate::documents::telling::Document;
use crate::email_payments::telling::{self, EmailPayment, Standing};
use crate::kernel::{Error, Lang, Right, Texts, dates};
use crate::notifications;
use crate::notifications::telling::{Delivery, Notice};
use crate::tickets::door::{self, Door};
use crate::tickets::filter::Sight;
use crate::tickets::model::{Category, Subject};
use crate::tickets::queries;
use crate::transactions;
use crate::transactions::telling::Transaction;
use crate::web::Shell;
use crate::web::ui::Badge;

/// What somebody may be shown of what tickets are about; `None`: nothing of the kind.
pub struct Eyes {
    payments: Option<MerchantScope>,
    documents: Option<MerchantScope>,
    transactions: Option<MerchantScope>,
    notices: MerchantScope,
}

impl Eyes {
    /// Of somebody of the merchant.
    pub fn of(user: &MerchantUser, notices: MerchantScope) -> Self {
        Self {
            payments: user.scope(Right::ViewEmailPayments).ok(),
            documents: user.scope(Right::ViewDocuments).ok(),
            transactions: user.scope(Right::ViewTransactions).ok(),
            notices,
        }
    }

    /// Of who stands at a ticket's door.
    pub fn at(door: &Door) -> Result<Self, Error> {
        Ok(match door.sight {
            Sight::Merchant(asker) => Self::of(&MerchantUser::of(door.request())?, asker.scope),
            // The ticket's row says whose it is; what it is about is shown to who answers.
            Sight::Support(_) => {
                let scope: MerchantScope = SystemScope::found(door.merchant_id).into();
                let some = Some(scope);
                Self { payments: some, documents: some, transactions: some, notices: scope }
            }
            // Payments and transactions of a merchant are not for who looks after it.
            Sight::Manager(scope) => {
                let user = Staff::of(door.request())?;
                let documents = user.scope(Right::ViewDocuments)?.merchant(door.merchant_id).ok();
                Self { payments: None, documents, transactions: None, notices: scope }
            }
        })
    }
}

/// What a ticket is about, as it stands now.
pub enum Matter {
    Payment(EmailPayment),
    Document(Document),
    Transaction(Transaction),
    Told(Told),
}

/// What somebody was told, and how.
pub struct Told {
    notice: Notice,
    to: String,
    mail: Option<Delivery>,
}

/// A matter in words, for a page.
pub struct Sheet {
    pub title: String,
    pub facts: Vec<Fact>,
}

pub struct Fact {
    pub label: String,
    pub words: String,
    /// Where more of it is, for who may go there; empty for others.
    pub href: String,
    pub badge: Option<Badge>,
}

impl Fact {
    const fn new(label: String, words: String) -> Self {
        Self { label, words, href: String::new(), badge: None }
    }

    const fn badge(label: String, badge: Badge) -> Self {
        Self { label, words: String::new(), href: String::new(), badge: Some(badge) }
    }

    fn at(self, href: String) -> Self {
        Self { href, ..self }
    }
}

impl Matter {
    /// `None`: it is not there for these eyes.
    pub fn read(
        conn: &mut PgConnection,
        eyes: &Eyes,
        subject: Subject,
    ) -> Result<Option<Self>, Error> {
        match subject {
            Subject::EmailPayment(id) => {
                let Some(scope) = eyes.payments else { return Ok(None) };
                Ok(found(telling::get(conn, scope, id))?.map(Self::Payment))
            }
            Subject::Document(id) => {
                let Some(scope) = eyes.documents else { return Ok(None) };
                Ok(found(documents::telling::get(conn, scope, id))?.map(Self::Document))
            }
            Subject::Transaction(id) => {
                let Some(scope) = eyes.transactions else { return Ok(None) };
                Ok(found(transactions::telling::get(conn, scope, id))?.map(Self::Transaction))
            }
            Subject::Notice(id) => {
                let scope = eyes.notices;
                let Some(notice) = found(notifications::telling::notice(conn, scope, id))? else {
                    return Ok(None);
                };
                // It names what it is about.
                let about = match (notice.email_payment_id, notice.document_id) {
                    (Some(id), _) => Some(Subject::EmailPayment(id)),
                    (None, Some(id)) => Some(Subject::Document(id)),
                    (None, None) => None,
                };
                if let Some(about) = about
                    && Self::read(conn, eyes, about)?.is_none()
                {
                    return Ok(None);
                }
                let to = queries::user_name(conn, notice.user_id)?;
                let mail = notifications::telling::delivery(conn, scope, id)?;
                Ok(Some(Self::Told(Told { notice, to, mail })))
            }
        }
    }

    /// The field that a question about it most probably belongs to.
    pub const fn category(&self) -> Option<Category> {
        match self {
            Self::Payment(_) => Some(Category::EmailPayments),
            Self::Document(_) => Some(Category::Accounting),
            Self::Transaction(_) => Some(Category::Transactions),
            Self::Told(Told { notice, .. }) if notice.email_payment_id.is_some() => {
                Some(Category::EmailPayments)
            }
            Self::Told(Told { notice, .. }) if notice.document_id.is_some() => {
                Some(Category::Accounting)
            }
            Self::Told(_) => None,
        }
    }

    /// `About payment A-1`, and what support sees of it.
    pub fn heading(&self, t: &Texts) -> (String, String) {
        match self {
            Self::Payment(payment) => {
                (t.msg_ticket_about_payment(payment.order_id.as_str()), t.msg_ticket_about_shown())
            }
            Self::Document(document) => {
                let kind = documents::telling::kind(document.kind, t);
                let words = t.msg_ticket_about_document(kind, document.number.as_str());
                (words, t.msg_ticket_about_document_shown())
            }
            Self::Transaction(transaction) => {
                let number = transaction.gateway_transaction_id.as_str();
                (t.msg_ticket_about_transaction(number), t.msg_ticket_about_transaction_shown())
            }
            Self::Told(told) => {
                let what = notifications::telling::told_of(&told.notice, t);
                (t.msg_ticket_about_notice(what), t.msg_ticket_about_notice_shown())
            }
        }
    }

    /// Its facts, for who stands at the door.
    pub fn sheet(&self, shell: &Shell, door: &Door) -> Sheet {
        let (title, facts) = match self {
            Self::Payment(payment) => {
                (shell.t.msg_ticket_payment(), payment_facts(payment, shell, door))
            }
            Self::Document(document) => {
                (shell.t.msg_doc_col_kind(), document_facts(document, shell, door))
            }
            Self::Transaction(transaction) => {
                (shell.t.msg_ticket_transaction(), transaction_facts(transaction, shell, door))
            }
            Self::Told(told) => (shell.t.msg_ticket_notice(), told.facts(shell)),
        };
        Sheet { title, facts }
    }
}

fn found<T>(read: Result<T, Error>) -> Result<Option<T>, Error> {
    match read {
        Ok(one) => Ok(Some(one)),
        Err(Error::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

fn payment_facts(payment: &EmailPayment, shell: &Shell, door: &Door) -> Vec<Fact> {
    let (t, lang) = (shell.t, shell.lang);
    let href = match door.sight {
        Sight::Merchant(_) => format!("/processing/email-payments/{}", payment.id),
        Sight::Support(_) | Sight::Manager(_) => String::new(),
    };
    let amount = payment.amount().map_or_else(|_| String::new(), |money| money.with_code(lang));
    vec![
        Fact::new(t.msg_col_order(), payment.order_id.clone()).at(href),
        Fact::new(t.msg_col_amount(), amount),
        Fact::badge(t.msg_col_status(), Standing::from(payment).badge(shell)),
        Fact::new(t.msg_col_customer(), payment.customer().to_owned()),
        Fact::new(t.msg_col_created(), dates::full(payment.created_at, shell.zone, lang)),
    ]
}

fn document_facts(document: &Document, shell: &Shell, door: &Door) -> Vec<Fact> {
    let (t, lang): (&Texts, Lang) = (shell.t, shell.lang);
    let href = match door.sight {
        Sight::Merchant(_) => format!("{}/{}", documents::LIST, document.id),
        Sight::Manager(scope) => {
            format!("{}/documents/{}", door::merchant_page(scope.merchant_id()), document.id)
        }
        // Documents are none of support's pages.
        Sight::Support(_) => String::new(),
    };
    let period = documents::telling::period(document.period_from, document.period_until, lang);
    vec![
        Fact::new(t.msg_doc_col_kind(), documents::telling::kind(document.kind, t)),
        Fact::new(t.msg_doc_col_number(), document.number.clone()).at(href),
        Fact::new(t.msg_doc_col_period(), period),
        Fact::new(t.msg_doc_col_total(), document.total().with_code(lang)),
        Fact::badge(t.msg_doc_col_state(), documents::telling::badge(document.state, t)),
    ]
}

fn transaction_facts(transaction: &Transaction, shell: &Shell, door: &Door) -> Vec<Fact> {
    let (t, lang) = (shell.t, shell.lang);
    let href = match door.sight {
        Sight::Merchant(_) => format!("{}/{}", transactions::LIST, transaction.id),
        Sight::Support(_) | Sight::Manager(_) => String::new(),
    };
    let status = transactions::telling::badge(transaction.status, t);
    let code = transactions::telling::explained(&transaction.result_code, t);
    let method = transactions::telling::means(transaction, t);
    vec![
        Fact::new(t.msg_tx_col_number(), transaction.gateway_transaction_id.clone()).at(href),
        Fact::new(t.msg_tx_col_operation(), transactions::telling::operation(transaction, t)),
        Fact::new(t.msg_col_amount(), transaction.amount_words(lang)),
        Fact::badge(t.msg_col_status(), status),
        Fact::new(t.msg_tx_col_result(), code),
        Fact::new(t.msg_col_method(), method),
        Fact::new(t.msg_col_order(), transaction.order_id.clone()),
        Fact::new(t.msg_col_customer(), transaction.customer().to_owned()),
        Fact::new(t.msg_tx_col_date(), dates::full(transaction.occurred_at, shell.zone, lang)),
    ]
}

impl Told {
    fn facts(&self, shell: &Shell) -> Vec<Fact> {
        let (t, lang) = (shell.t, shell.lang);
        let full = |at| dates::full(at, shell.zone, lang);
        let what = notifications::telling::told_of(&self.notice, t);
        let mut facts = vec![
            Fact::new(t.msg_ticket_notice(), what),
            Fact::new(t.msg_ticket_notice_at(), full(self.notice.created_at)),
            Fact::new(t.msg_ticket_notice_to(), self.to.clone()),
        ];
        let Some(mail) = &self.mail else {
            facts.push(Fact::new(t.msg_ticket_notice_mail(), t.msg_ticket_notice_no_mail()));
            return facts;
        };
        let badge = notifications::telling::fared(mail, full(mail.run_at), t);
        facts.push(Fact::new(t.msg_ticket_notice_address(), mail.recipient.clone()));
        facts.push(Fact::badge(t.msg_ticket_notice_mail(), badge));
        if let Some(answer) = &mail.answer {
            facts.push(Fact::new(t.msg_ticket_notice_answer(), answer.clone()));
        }
        facts
    }
}
