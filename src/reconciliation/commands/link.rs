//! Which email payment a transaction belongs to, and by which channel it came.

use std::collections::HashMap;

use diesel::prelude::*;
use secrecy::ExposeSecret as _;

use super::cursor::Key;
use crate::crypto;
use crate::db::schema::transactions;
use crate::email_payments::importing::{
    SessionOf, held_creators, known_attempts, payments_by_order, sessions_of, wallet_total,
};
use crate::gateway::Transaction;
use crate::kernel::{EmailPaymentId, Error, GatewaySessionId, Money};
use crate::settlement::{Channel, Details, NewTransaction, Operation};
use crate::wallets::{self, Wallet};

/// A chunk of the gateway's list, made ready to be noted.
pub struct Linked<'a> {
    pub rows: Vec<NewTransaction<'a>>,
    /// Sessions of ours with a try that we have not heard of.
    pub sessions_to_ask: Vec<GatewaySessionId>,
    /// The numbers of transactions of an operation or amount that no statement knows.
    pub unknown: Vec<String>,
}

/// What a chunk is linked by.
struct Ground {
    sessions: HashMap<Vec<u8>, SessionOf>,
    orders: HashMap<String, (EmailPaymentId, Money)>,
    /// By number, of those that are known: the payment, if it is one's, and the channel.
    known: HashMap<String, (Option<EmailPaymentId>, Channel)>,
    /// Read where a wallet's total is told.
    catalogue: Vec<Wallet>,
}

/// Asked for, not done: what comes of it is a transaction of its own.
const ONLY_ASKED: &str = "refund_request";

/// The requests of a window: what they ask about, by their number.
pub type Asked = HashMap<String, String>;

pub fn asked(window: &[Transaction]) -> Asked {
    window
        .iter()
        .filter(|told| told.operation == ONLY_ASKED)
        .filter_map(|told| Some((told.id.clone(), told.parent_id.clone()?)))
        .collect()
}

pub fn link<'a>(
    conn: &mut PgConnection,
    key: &Key,
    chunk: &'a [Transaction],
    asked: &'a Asked,
) -> Result<Linked<'a>, Error> {
    let hashes: Vec<Option<Vec<u8>>> = chunk.iter().map(hash).collect();
    // What follows a mere request follows what was asked about: the request itself is noted nowhere. Where
    // the request is of a window before, a longer round that reads both tells so.
    let parent = |told: &'a Transaction| {
        told.parent_id.as_deref().map(|id| asked.get(id).map_or(id, String::as_str))
    };
    let mut ground = ground(conn, key, chunk, &hashes, parent)?;
    let mut linked = Linked {
        rows: Vec::with_capacity(chunk.len()),
        sessions_to_ask: Vec::new(),
        unknown: Vec::new(),
    };
    let mut tries = Vec::new();
    for (told, hash) in chunk.iter().zip(&hashes) {
        if told.operation == ONLY_ASKED {
            continue;
        }
        let known = Operation::parse(&told.operation).filter(|_| told.amount.minor >= 0);
        let Some(operation) = known else {
            tracing::warn!(
                gateway_transaction.id = told.id,
                operation = told.operation,
                "a transaction of a kind that no statement knows"
            );
            linked.unknown.push(told.id.clone());
            continue;
        };
        let session = hash.as_ref().and_then(|hash| ground.sessions.get(hash)).copied();
        let (payment, channel) = ground.place(told, parent(told), operation, session);
        // Those that follow in this chunk find their parent here.
        ground.known.insert(told.id.clone(), (payment, channel));
        let with_parent = (told, parent(told));
        linked.rows.push(row(key, with_parent, operation, (payment, channel), &ground.catalogue));
        if let Some(session) = session.filter(|_| told.parent_id.is_none()) {
            tries.push((told, session));
        }
    }
    linked.sessions_to_ask = unheard_of(conn, key, &tries)?;
    let ids: Vec<EmailPaymentId> =
        linked.rows.iter().filter_map(|row| row.email_payment_id).collect();
    let creators = held_creators(conn, key.scope, &ids)?;
    for row in &mut linked.rows {
        row.details.asked_by = row.email_payment_id.and_then(|id| creators.get(&id).copied());
    }
    Ok(linked)
}

fn hash(told: &Transaction) -> Option<Vec<u8>> {
    told.merchant_token.as_ref().map(|token| crypto::hash(token.expose_secret()))
}

fn ground<'a>(
    conn: &mut PgConnection,
    key: &Key,
    chunk: &'a [Transaction],
    hashes: &[Option<Vec<u8>>],
    parent: impl Fn(&'a Transaction) -> Option<&'a str>,
) -> Result<Ground, Error> {
    let mut tokens: Vec<Vec<u8>> = hashes.iter().flatten().cloned().collect();
    tokens.sort_unstable();
    tokens.dedup();
    let numbers: Vec<&str> =
        chunk.iter().flat_map(|told| [Some(told.id.as_str()), parent(told)]).flatten().collect();
    let orders: Vec<&str> = chunk
        .iter()
        .filter(|told| told.merchant_token.is_none() && told.parent_id.is_none())
        .filter_map(|told| told.order_id.as_deref())
        .collect();
    let known: Vec<(String, (Option<EmailPaymentId>, Channel))> = transactions::table
        .filter(transactions::merchant_id.eq(key.scope.merchant_id()))
        .filter(transactions::gateway_transaction_id.eq_any(numbers))
        .select((
            transactions::gateway_transaction_id,
            (transactions::email_payment_id, transactions::channel),
        ))
        .load(conn)?;
    Ok(Ground {
        sessions: sessions_of(conn, key.scope, &tokens)?,
        orders: payments_by_order(conn, key.scope, key.originator_id, &orders)?,
        known: known.into_iter().collect(),
        catalogue: if chunk.iter().any(|told| told.mean.total_fee.is_some()) {
            wallets::wallets(conn)?
        } else {
            Vec::new()
        },
    })
}

impl Ground {
    /// As it is known; else by our own token; else by what it follows; else, where the gateway names no token at all, by order
    /// ID and amount. A later payment with the same card is no part of the first one's.
    fn place(
        &self,
        told: &Transaction,
        parent: Option<&str>,
        operation: Operation,
        session: Option<SessionOf>,
    ) -> (Option<EmailPaymentId>, Channel) {
        if operation == Operation::Rebill {
            return (None, Channel::Ecommerce);
        }
        if let Some((Some(payment), channel)) = self.known.get(&told.id).copied() {
            return (Some(payment), channel);
        }
        if let Some(session) = session {
            return (Some(session.email_payment_id), Channel::Email);
        }
        if let Some(parent) = parent {
            return self.known.get(parent).copied().unwrap_or((None, Channel::Ecommerce));
        }
        let by_order = (told.merchant_token.is_none())
            .then(|| self.orders.get(told.order_id.as_deref()?))
            .flatten()
            .filter(|(_, amount)| *amount == told.amount);
        by_order.map_or((None, Channel::Ecommerce), |(id, _)| (Some(*id), Channel::Email))
    }
}

/// Sessions of those tries that payments have not heard of, each once.
fn unheard_of(
    conn: &mut PgConnection,
    key: &Key,
    tries: &[(&Transaction, SessionOf)],
) -> Result<Vec<GatewaySessionId>, Error> {
    let numbers: Vec<&str> = tries.iter().map(|(told, _)| told.id.as_str()).collect();
    let known = known_attempts(conn, key.scope, &numbers)?;
    let new = tries.iter().filter(|(told, _)| !known.contains(&(told.id.clone(), told.status)));
    let mut sessions: Vec<GatewaySessionId> = new.map(|(_, session)| session.session_id).collect();
    sessions.sort_unstable();
    sessions.dedup();
    Ok(sessions)
}

fn row<'a>(
    key: &Key,
    (told, parent): (&'a Transaction, Option<&'a str>),
    operation: Operation,
    (email_payment_id, channel): (Option<EmailPaymentId>, Channel),
    catalogue: &[Wallet],
) -> NewTransaction<'a> {
    let (mean, shopper) = (&told.mean, &told.shopper);
    let is_code = |code: &&str| code.bytes().all(|byte| byte.is_ascii_uppercase());
    let name = shopper.name.as_deref().or(mean.card_holder.as_deref());
    // Of cards the brand alone: the other word is the acquirer's.
    let is_card = told.method.eq_ignore_ascii_case("CreditCard");
    let network = mean.card_brand.as_deref().or(told.network.as_deref().filter(|_| !is_card));
    NewTransaction {
        originator_id: key.originator_id,
        channel,
        operation,
        status: told.status,
        amount: told.amount,
        method: &told.method,
        result_code: &told.result_code,
        gateway_transaction_id: &told.id,
        reference_transaction_id: parent,
        email_payment_id,
        is_test: told.is_test,
        occurred_at: told.occurred_at,
        details: Details {
            order_id: told.order_id.as_deref().unwrap_or_default(),
            customer_name: name.unwrap_or_default(),
            customer_email: shopper.email.as_deref().unwrap_or_default(),
            network: network.unwrap_or_default(),
            card_number_masked: mean.card_number_masked.as_deref().unwrap_or_default(),
            ip_address: shopper.ip_address.as_deref().unwrap_or_default(),
            country: shopper.country.as_deref().filter(is_code).unwrap_or_default(),
            descriptor: mean.statement_descriptor.as_deref().unwrap_or_default(),
            is_3d_secure: mean.is_3d_secure,
            asked_by: None,
            wallet_total: wallet_total(
                catalogue,
                told.network.as_deref(),
                mean.total_fee.as_deref(),
            ),
            exchange_rate: mean.exchange_rate.as_deref(),
        },
    }
}
