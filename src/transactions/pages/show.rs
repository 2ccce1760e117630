//! `GET /processing/transactions/{id}`: what it was, what its code means, what belongs to the same money.

use actix_web::web::{Data, Path};
use askama::Template;
use chrono::{DateTime, Utc};
use diesel::PgConnection;

use crate::auth::MerchantUser;
use crate::kernel::{Error, Right, Texts, TransactionId, UserId, dates};
use crate::transactions::display;
use crate::transactions::model::{Refunds, Transaction, number};
use crate::transactions::operations::{self, Act, Allowance, OperationRequest};
use crate::transactions::queries::{self, Beside, CHAIN_MAX};
use crate::transactions::result_codes::{self, ResultCode};
use crate::web::ui::{Badge, Icon};
use crate::web::{App, Html, Shell, html};

#[derive(Template)]
#[template(path = "transactions/show.html")]
struct ShowPage {
    shell: Shell,
    t: &'static Texts,
    transaction: Transaction,
    /// Everything of the same money, oldest first.
    chain: Vec<Transaction>,
    /// Whose rows alone the reader sees as pages of their own; `None`: everybody's.
    only_of: Option<UserId>,
    /// How much of it went back.
    given_back: Option<Refunds>,
    beside: Beside,
    /// What was asked to be done to it, the latest first.
    asked: Vec<operations::Row>,
    /// What may be done to it.
    allowance: Allowance,
}

/// One entry of the history.
struct Entry {
    icon: Icon,
    tone: &'static str,
    title: String,
    words: String,
    /// Where more of it is; empty where that is here.
    href: String,
    at: DateTime<Utc>,
}

pub async fn show(user: MerchantUser, shell: Shell, app: Data<App>, path: Path<String>) -> Html {
    let scope = user.scope(Right::ViewTransactions)?;
    let id: TransactionId = path.parse().map_err(|_| Error::NotFound)?;
    let read = move |conn: &mut PgConnection| {
        let transaction = queries::get(conn, scope, id)?;
        let chain = queries::chain(conn, scope, &transaction)?;
        let followers = queries::followers(conn, scope, &transaction)?;
        let beside = queries::beside(conn, scope, &transaction)?;
        let asked = operations::of_transaction(conn, scope, id)?;
        Ok((transaction, chain, followers, beside, asked))
    };
    let (transaction, chain, followers, beside, asked) = app.db.run(scope.tenants(), read).await?;
    let wishes: Vec<OperationRequest> = asked.iter().map(|one| one.request.clone()).collect();
    let allowance = Allowance::of(&transaction, &followers, &wishes, shell.now);
    let given_back = Refunds::of(&transaction, &followers);
    let may_approve = user.may(Right::ApproveOperations);
    let asked = operations::rows(&asked, user.user_id(), may_approve, &shell);
    html(&ShowPage {
        t: shell.t,
        shell,
        transaction,
        chain,
        only_of: scope.only_created_by(),
        given_back,
        beside,
        asked,
        allowance,
    })
}

impl ShowPage {
    /// What is known of a result code that asks for something: success does not.
    fn known(&self) -> Option<&'static ResultCode> {
        let code = self.transaction.result_code.as_str();
        result_codes::find(code).filter(|_| code != "000")
    }

    /// What to do next, in a sentence.
    fn again(&self, known: &ResultCode) -> String {
        display::again(known.again, self.t)
    }

    fn actor(&self, known: &ResultCode) -> String {
        display::actor(known.actor, self.t)
    }

    fn code(&self) -> String {
        display::explained(&self.transaction.result_code, self.t)
    }

    /// What the reader may do now: word of the address, and words.
    fn acts(&self) -> Vec<(&'static str, String)> {
        let may = self.shell.may(Right::Operate);
        let possible = Act::ALL.iter().filter(|act| may && self.allowance.most(**act).is_ok());
        possible.map(|act| (act.as_str(), operations::act_words(*act, self.t))).collect()
    }

    fn badge(&self, of: &Transaction) -> Badge {
        display::badge(of.status, self.t)
    }

    fn operation(&self, of: &Transaction) -> String {
        display::operation(of, self.t)
    }

    fn amount(&self, of: &Transaction) -> String {
        of.number(self.shell.lang)
    }

    fn is_this(&self, other: &Transaction) -> bool {
        other.id == self.transaction.id
    }

    /// Whether there is a page of another one that the reader may open.
    fn has_page(&self, other: &Transaction) -> bool {
        let is_readable = self.only_of.is_none() || other.asked_by == self.only_of;
        is_readable && !self.is_this(other)
    }

    fn has_others(&self) -> bool {
        self.chain.iter().any(|other| !self.is_this(other))
    }

    /// Whether more belongs to it than is shown.
    fn is_chain_cut(&self) -> bool {
        i64::try_from(self.chain.len()).unwrap_or(CHAIN_MAX) >= CHAIN_MAX
    }

    /// What it was: label and value, those that are told.
    fn facts(&self) -> Vec<(String, String)> {
        let (t, of) = (self.t, &self.transaction);
        let is_3d_secure = of
            .is_3d_secure
            .map(|is_so| if is_so { t.msg_tx_secure_yes() } else { t.msg_tx_secure_no() });
        let facts = [
            (t.msg_tx_col_number(), of.gateway_transaction_id.clone()),
            (t.msg_col_order(), of.order_id.clone()),
            (t.msg_tx_col_date(), dates::full(of.occurred_at, self.shell.zone, self.shell.lang)),
            (t.msg_tx_col_channel(), display::channel(of.channel, t)),
            (t.msg_col_originator(), self.beside.originator.clone()),
            (t.msg_doc_col_provider(), of.provider.clone()),
            (t.msg_col_method(), display::means(of, t)),
            (t.msg_tx_wallet_total(), of.wallet_total(self.shell.lang).unwrap_or_default()),
            (t.msg_tx_wallet_rate(), of.wallet_rate(self.shell.lang).unwrap_or_default()),
            (t.msg_tx_col_secure(), is_3d_secure.unwrap_or_default()),
            (t.msg_tx_col_descriptor(), of.descriptor.clone()),
            (t.msg_tx_asked_by(), self.beside.asked_by.clone().unwrap_or_default()),
        ];
        facts.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }

    /// Of the customer: label and value, those that are told.
    fn customer(&self) -> Vec<(String, String)> {
        let (t, of) = (self.t, &self.transaction);
        let facts = [
            (t.msg_show_name(), of.customer_name.clone()),
            (t.msg_form_email(), of.customer_email.clone()),
            (t.msg_tx_col_country(), of.country.clone()),
            (t.msg_tx_col_ip(), of.ip_address.clone()),
        ];
        facts.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }

    /// The list of what the same address paid; `None` where no address is told.
    fn same_customer(&self) -> Option<String> {
        let email = self.transaction.customer_email.as_str();
        let query = serde_urlencoded::to_string([("email_op", "is"), ("email", email)]);
        query.ok().filter(|_| !email.is_empty())
    }

    /// How much went back and how much is left: label and amount. Nothing where nothing was taken.
    fn refunds(&self) -> Vec<(String, String)> {
        let Some(refunds) = self.given_back else { return Vec::new() };
        let currency = &self.transaction.currency;
        let money = |minor| format!("{}\u{a0}{currency}", number(minor, currency, self.shell.lang));
        let mut facts = vec![(self.t.msg_tx_refunded(), money(refunds.done_minor))];
        if refunds.pending_minor > 0 {
            facts.push((self.t.msg_tx_refund_pending(), money(refunds.pending_minor)));
        }
        facts.push((self.t.msg_tx_refund_left(), money(refunds.left_minor)));
        facts
    }

    /// Whether to give it back would pay the customer twice.
    fn is_disputed(&self) -> bool {
        self.given_back.is_some_and(|refunds| refunds.is_disputed)
    }

    /// The email payment that it belongs to, for who may see it.
    fn payment_url(&self) -> Option<String> {
        let id = self.transaction.email_payment_id?;
        let may = self.shell.may(Right::ViewEmailPayments);
        may.then(|| format!("/processing/email-payments/{id}"))
    }

    /// What happened to it and to what it belongs to, newest first.
    fn history(&self) -> Vec<Entry> {
        let (t, of) = (self.t, &self.transaction);
        let mut entries: Vec<Entry> = self.chain.iter().map(|one| self.entry(one)).collect();
        entries.push(Entry {
            icon: Icon("file-plus"),
            tone: "",
            title: t.msg_tx_recorded(),
            words: of.gateway_transaction_id.clone(),
            href: String::new(),
            at: of.recorded_at,
        });
        if let Some(statement) = &self.beside.summed_up {
            let document = statement.document_id.filter(|_| self.shell.may(Right::ViewDocuments));
            let href = document.map(|id| format!("/accounting/documents/{id}"));
            entries.push(Entry {
                icon: Icon("file-invoice"),
                tone: "pos",
                title: t.msg_tx_summed_up(),
                words: statement.number.clone(),
                href: href.unwrap_or_default(),
                at: statement.at,
            });
        }
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.at));
        entries
    }

    fn entry(&self, one: &Transaction) -> Entry {
        let Badge { icon, words, tone } = self.badge(one);
        let href = if self.has_page(one) { Self::url(one) } else { String::new() };
        let operation = self.operation(one);
        Entry {
            icon,
            tone,
            title: format!("{operation}: {words}"),
            words: one.amount_words(self.shell.lang),
            href,
            at: one.occurred_at,
        }
    }

    fn url(one: &Transaction) -> String {
        format!("{}/{}", crate::transactions::LIST, one.id)
    }

    fn moment(&self, at: &DateTime<Utc>) -> String {
        dates::moment(*at, self.shell.now, self.shell.zone, self.shell.lang)
    }

    fn machine(&self, at: &DateTime<Utc>) -> String {
        dates::machine(*at, self.shell.zone)
    }
}
