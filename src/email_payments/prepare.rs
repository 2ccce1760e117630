//! Before a mail leaves, the payment is prepared at the gateway: no mail leaves with a dead link.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::commands::retire_sessions;
use super::model::{EmailPayment, Status};
use super::{lookups, queries};
use crate::auth::SystemScope;
use crate::crypto::{self, Keyring};
use crate::db::Db;
use crate::db::schema::gateway_sessions;
use crate::features::features;
use crate::gateway::{self, Credentials, Gateway, Method, Preparation, Prepared, Validity};
use crate::kernel::{Clock, EmailAddress, EmailPaymentId, Error, GatewaySessionId};

/// What preparing and asking need, in requests and in jobs alike.
#[derive(Clone)]
pub struct Parts {
    pub db: Db,
    pub keys: Keyring,
    pub gateway: Gateway,
    pub clock: Clock,
    /// `https://host[:port]` of the product.
    pub public_origin: Arc<str>,
}

/// What the reconciler's first question waits for after a preparation.
pub const FIRST_CHECK: chrono::Duration = chrono::Duration::minutes(2);

/// How often a payment that changes meanwhile is prepared anew.
const TRIES: usize = 3;

/// The purpose of the signature in `ctrlCustomData`.
pub const CUSTOM_DATA: &str = "connect2pay custom data";

/// The customer's address at the gateway. Prepares the payment where that has not been done, or
/// where the gateway's page has ended before the payment.
///
/// # Errors
/// [`Error::Conflict`]: the payment is not payable (any more). [`Error::Unavailable`]: the gateway.
pub async fn prepare_session(
    parts: &Parts,
    scope: SystemScope,
    id: EmailPaymentId,
) -> Result<String, Error> {
    for _ in 0..TRIES {
        if let Some(url) = try_prepare(parts, scope, id).await? {
            return Ok(url);
        }
    }
    Err(Error::unavailable("gateway", "the payment changes each time that its page is prepared"))
}

/// `None`: while the gateway was asked, the payment got another reader or end.
async fn try_prepare(
    parts: &Parts,
    scope: SystemScope,
    id: EmailPaymentId,
) -> Result<Option<String>, Error> {
    let keys = parts.keys.clone();
    let now = parts.clock.now();
    let read = move |conn: &mut PgConnection| read(conn, &keys, scope, id, now);
    let work = match parts.db.run(scope.tenants(), read).await? {
        Found::Prepared(url_token) => return Ok(Some(parts.gateway.page_url(&url_token))),
        Found::Missing(work) => *work,
    };
    let session_id = GatewaySessionId::new();
    let callback_key = crypto::token::<16>()?;
    let validity = Validity::until(work.payment.expires_at, now);
    let prepared = ask(parts, &work, session_id, &callback_key, validity).await?;
    let url = parts.gateway.page_url(&prepared.customer_token);
    let keys = parts.keys.clone();
    let expires_at = now + validity.duration();
    let write = move |conn: &mut PgConnection| {
        let current = queries::lock(conn, scope.into(), id)?;
        let is_payable = current.status == Status::Open;
        let is_same = current.customer_email == work.payment.customer_email
            && current.expires_at == work.payment.expires_at;
        if is_same {
            retire_sessions(conn, scope.merchant_id(), id)?;
        }
        diesel::insert_into(gateway_sessions::table)
            .values((
                gateway_sessions::merchant_id.eq(scope.merchant_id()),
                gateway_sessions::id.eq(session_id),
                gateway_sessions::email_payment_id.eq(id),
                gateway_sessions::merchant_token_hash.eq(crypto::hash(&prepared.merchant_token)),
                gateway_sessions::merchant_token_encrypted
                    .eq(keys.seal(session_id.as_uuid(), &prepared.merchant_token)?),
                gateway_sessions::customer_token_encrypted
                    .eq(keys.seal(session_id.as_uuid(), &prepared.customer_token)?),
                gateway_sessions::callback_key_hash.eq(crypto::hash(&callback_key)),
                gateway_sessions::prepared_at.eq(now),
                gateway_sessions::expires_at.eq(expires_at),
                // One that nobody is sent to is still asked about.
                gateway_sessions::is_current.eq(is_payable && is_same),
                gateway_sessions::next_check_at.eq(now + FIRST_CHECK),
            ))
            .execute(conn)?;
        Ok((is_payable, is_same))
    };
    match parts.db.run(scope.tenants(), write).await? {
        (false, _) => Err(Error::Conflict),
        (true, is_same) => Ok(is_same.then_some(url)),
    }
}

/// The customer's address at the gateway, where a page is prepared; asks nobody.
pub async fn current_page(
    parts: &Parts,
    scope: SystemScope,
    id: EmailPaymentId,
) -> Result<Option<String>, Error> {
    let (keys, now) = (parts.keys.clone(), parts.clock.now());
    let read =
        move |conn: &mut PgConnection| match lookups::current_session(conn, scope.into(), id)? {
            Some(session) if session.expires_at > now => {
                keys.open(session.id.as_uuid(), &session.customer_token_encrypted).map(Some)
            }
            _ => Ok(None),
        };
    let token = parts.db.run(scope.tenants(), read).await?;
    Ok(token.map(|token| parts.gateway.page_url(&token)))
}

enum Found {
    Prepared(String),
    Missing(Box<Work>),
}

struct Work {
    payment: EmailPayment,
    credentials: Credentials,
    method: Option<Method>,
}

fn read(
    conn: &mut PgConnection,
    keys: &Keyring,
    scope: SystemScope,
    id: EmailPaymentId,
    now: DateTime<Utc>,
) -> Result<Found, Error> {
    let payment = queries::get(conn, scope.into(), id)?;
    if payment.status != Status::Open || payment.expires_at <= now {
        return Err(Error::Conflict);
    }
    if let Some(session) = lookups::current_session(conn, scope.into(), id)?
        && session.expires_at > now
    {
        return Ok(Found::Prepared(
            keys.open(session.id.as_uuid(), &session.customer_token_encrypted)?,
        ));
    }
    let credentials = gateway::credentials(conn, keys, scope.merchant_id(), payment.originator_id)?;
    let method = features(conn, scope.merchant_id(), now)?.only_method()?;
    Ok(Found::Missing(Box::new(Work { payment, credentials, method })))
}

async fn ask(
    parts: &Parts,
    work: &Work,
    session_id: GatewaySessionId,
    callback_key: &str,
    validity: Validity,
) -> Result<Prepared, Error> {
    let payment = &work.payment;
    let email = EmailAddress::parse(&payment.customer_email)
        .ok_or_else(|| Error::internal("the table holds an address that is none"))?;
    let token = pay_token(&parts.keys, payment)?;
    let custom_data =
        format!("{session_id}.{}", parts.keys.sign(CUSTOM_DATA, &session_id.to_string())?);
    let preparation = Preparation {
        amount: payment.amount()?,
        order_id: &payment.order_id,
        description: &payment.description,
        customer_email: &email,
        language: payment.language,
        method: work.method,
        validity,
        callback_url: format!(
            "{}/gateway/connect2pay/callback?key={callback_key}",
            parts.public_origin
        ),
        return_url: format!("{}/pay/{token}/return", parts.public_origin),
        custom_data,
    };
    parts.gateway.prepare(&work.credentials, &preparation).await
}

/// The secret of a payment's link.
pub fn pay_token(keys: &Keyring, payment: &EmailPayment) -> Result<String, Error> {
    let sealed = payment.pay_token_encrypted.as_ref().ok_or(Error::Conflict)?;
    keys.open(payment.id.as_uuid(), sealed)
}

/// The address to pay at, while it can be paid there: what the merchant may copy.
pub fn shown_link(
    keys: &Keyring,
    origin: &str,
    payment: &EmailPayment,
) -> Result<Option<String>, Error> {
    match payment.status {
        Status::Open | Status::Processing => {
            Ok(Some(format!("{origin}/pay/{}", pay_token(keys, payment)?)))
        }
        Status::Draft
        | Status::Scheduled
        | Status::Authorised
        | Status::Paid
        | Status::Expired
        | Status::Cancelled
        | Status::Failed => Ok(None),
    }
}
