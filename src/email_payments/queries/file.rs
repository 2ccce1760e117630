//! The list's files: every row, and of each only what the file shows. What is not shown stays in the
//! database: reading and sending it took as long as everything else.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::super::columns::Column;
use super::super::filter::{Question, condition, order};
use super::super::model::{Delivery, EndReason, Status};
use super::list::currencies_for;
use crate::auth::MerchantScope;
use crate::db::cursor::{self, shown};
use crate::db::views::email_payments_list;
use crate::kernel::{Direction, EmailPaymentId, Error, Key, Lang, OriginatorId, UserId};

/// What one row of a file shows. `None`: it is not known, or no column of this file shows it.
#[derive(Clone, Debug, Queryable)]
pub struct FileRow {
    pub id: Option<EmailPaymentId>,
    pub originator_id: Option<OriginatorId>,
    pub created_by: Option<UserId>,
    pub order_id: Option<String>,
    pub amount_minor: Option<i64>,
    pub refunded_minor: Option<i64>,
    pub currency: Option<String>,
    pub customer_email: Option<String>,
    pub customer_name: Option<String>,
    pub description: Option<String>,
    pub language: Option<Lang>,
    pub status: Option<Status>,
    pub end_reason: Option<EndReason>,
    pub delivery: Option<Delivery>,
    pub payment_method: Option<String>,
    pub attempts: Option<i32>,
    pub sends: Option<i32>,
    pub first_opened_at: Option<DateTime<Utc>>,
    pub created_at: Option<DateTime<Utc>>,
    pub expires_at: Option<DateTime<Utc>>,
    pub paid_at: Option<DateTime<Utc>>,
}

/// Hands on every row, in the list's order, however many they are, with what these columns show.
pub fn each(
    conn: &mut PgConnection,
    scope: MerchantScope,
    question: &Question,
    columns: &[Column],
    take: impl FnMut(FileRow) -> Result<(), Error>,
) -> Result<(), Error> {
    use Column::{
        Amount, Attempts, Created, CreatedBy, Currency, Customer, Delivery, Description, Email,
        Expires, Group, Language, Method, Opened, Order, Originator, Paid, Picked, Refunded, Sends,
        Status,
    };
    use email_payments_list as rows;

    let used = currencies_for(conn, scope, question)?;
    let is = |those: &[Column]| columns.iter().any(|column| those.contains(column));
    let query = rows::table
        .filter(condition(scope, question, &used))
        .select((
            shown(is(&[Picked]), rows::id),
            shown(is(&[Originator]), rows::originator_id),
            shown(is(&[CreatedBy]), rows::created_by),
            shown(is(&[Order]), rows::order_id),
            shown(is(&[Amount]), rows::amount_minor),
            shown(is(&[Refunded]), rows::refunded_minor),
            shown(is(&[Amount, Refunded, Currency]), rows::currency),
            shown(is(&[Customer, Email]), rows::customer_email),
            shown(is(&[Customer]), rows::customer_name),
            shown(is(&[Description]), rows::description),
            shown(is(&[Language]), rows::language),
            shown(is(&[Group, Status]), rows::status),
            shown(is(&[Status]), rows::end_reason),
            shown(is(&[Delivery]), rows::delivery),
            shown(is(&[Method]), rows::payment_method),
            shown(is(&[Attempts]), rows::attempts),
            shown(is(&[Sends]), rows::sends),
            shown(is(&[Opened]), rows::first_opened_at),
            shown(is(&[Created]), rows::created_at),
            shown(is(&[Expires]), rows::expires_at),
            shown(is(&[Paid]), rows::paid_at),
        ))
        .order(order::keyset(question.sort, &Direction::<Key>::Newest).order());
    cursor::each(conn, query, take)
}
