//! What the gateway is told of the merchants' past, when one of them gives some of it back.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Text, Timestamptz};

use crate::kernel::Currency;
use crate::sandbox::gateway::{Earlier, EarlierSale};

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    order_id: String,
    #[diesel(sql_type = Text)]
    customer_name: String,
    #[diesel(sql_type = Text)]
    customer_email: String,
    #[diesel(sql_type = BigInt)]
    amount_minor: i64,
    #[diesel(sql_type = BigInt)]
    refunded_minor: i64,
    #[diesel(sql_type = Text)]
    currency: String,
    #[diesel(sql_type = Text)]
    card_number_masked: String,
    #[diesel(sql_type = Text)]
    network: String,
    #[diesel(sql_type = Timestamptz)]
    occurred_at: DateTime<Utc>,
}

/// Reads them in the database at `url`, as somebody who sees all merchants.
#[must_use]
pub fn earlier(url: String) -> Earlier {
    Arc::new(move |account, transaction_id| {
        let found = find(&url, account, transaction_id);
        found.unwrap_or_else(|error| {
            tracing::error!(%error, "the sandbox gateway could not look an earlier sale up");
            None
        })
    })
}

fn find(
    url: &str,
    account: &str,
    transaction_id: &str,
) -> Result<Option<EarlierSale>, Box<dyn std::error::Error>> {
    let mut conn = PgConnection::establish(url)?;
    let row: Option<Row> = sql_query(
        "SELECT t.order_id, t.customer_name, t.customer_email, t.amount_minor, t.currency, t.card_number_masked, t.network,
             t.occurred_at,
             (SELECT coalesce(sum(r.amount_minor), 0)::bigint FROM transactions r
              WHERE r.merchant_id = t.merchant_id AND r.reference_transaction_id = t.gateway_transaction_id
                AND r.operation = 'refund' AND r.status = 'authorised') AS refunded_minor
         FROM originators o JOIN transactions t ON t.merchant_id = o.merchant_id AND t.originator_id = o.id
         WHERE o.number = $1 AND t.gateway_transaction_id = $2 AND t.operation = 'sale' AND t.status = 'authorised'",
    )
    .bind::<Text, _>(account)
    .bind::<Text, _>(transaction_id)
    .get_result(&mut conn)
    .optional()?;
    Ok(row.and_then(|row| {
        Some(EarlierSale {
            currency: Currency::parse(&row.currency)?,
            order_id: row.order_id,
            customer_name: row.customer_name,
            customer_email: row.customer_email,
            amount_minor: row.amount_minor,
            refunded_minor: row.refunded_minor,
            card_number_masked: row.card_number_masked,
            network: row.network,
            made_at: row.occurred_at,
        })
    }))
}
