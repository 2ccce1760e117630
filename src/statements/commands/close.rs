//! A period is over: what moved in it is summed up, once. One transaction for each merchant's period,
//! so that a process may die at any point and several may work side by side.

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Integer, Text, Timestamptz, Uuid as SqlUuid};
use diesel::{QueryableByName, sql_query};

use crate::auth::SystemScope;
use crate::db::schema::{holdbacks, statement_periods, statements};
use crate::db::{Db, Tenants};
use crate::kernel::{Error, MerchantId, StatementId};
use crate::metrics::{self, Alarm};
use crate::settlement::{Operation, Period};
use crate::statements::model::{Conditions, Content, Movement, Released, sum_up};
use crate::statements::queries::{self, Subject};

/// Merchants of one batch.
const MERCHANTS: i32 = 50;

/// What no statement has summed up yet: the words of the index `transactions_to_sum`.
const TO_SUM: &str = "statement_id IS NULL AND status = 'authorised' AND NOT is_test
    AND operation IN ('capture', 'sale', 'rebill', 'refund', 'collection', 'chargeback', 'reversal', 'representment')";

#[derive(QueryableByName)]
struct Due {
    #[diesel(sql_type = SqlUuid)]
    merchant_id: MerchantId,
}

/// Job: gives merchants without a period their first one. How many there were.
pub async fn begin_due(db: &Db, now: DateTime<Utc>) -> Result<usize, Error> {
    let find = |conn: &mut PgConnection| -> Result<Vec<Due>, Error> {
        let ask = sql_query("SELECT * FROM merchants_without_period($1)");
        Ok(ask.bind::<Integer, _>(MERCHANTS).load(conn)?)
    };
    each(db, db.run(Tenants::none(), find).await?, move |conn, scope| begin(conn, scope, now)).await
}

/// Job: sums up the periods that are over. How many there were.
pub async fn close_due(db: &Db, now: DateTime<Utc>) -> Result<usize, Error> {
    let find = move |conn: &mut PgConnection| -> Result<Vec<Due>, Error> {
        Ok(sql_query("SELECT * FROM statement_periods_due($1, $2)")
            .bind::<Timestamptz, _>(now)
            .bind::<Integer, _>(MERCHANTS)
            .load(conn)?)
    };
    each(db, db.run(Tenants::none(), find).await?, move |conn, scope| close(conn, scope, now)).await
}

/// Does the same for each merchant, in a transaction of its own. One that fails keeps no other waiting.
async fn each(
    db: &Db,
    due: Vec<Due>,
    work: impl Fn(&mut PgConnection, SystemScope) -> Result<bool, Error> + Copy + Send + 'static,
) -> Result<usize, Error> {
    let mut done = 0;
    for Due { merchant_id } in due {
        let scope = SystemScope::found(merchant_id);
        match db.run(scope.tenants(), move |conn| work(conn, scope)).await {
            Ok(is_done) => done += usize::from(is_done),
            Err(error) => {
                tracing::error!(merchant.id = %merchant_id, error = ?error, "a merchant's period could not be worked on");
            }
        }
    }
    Ok(done)
}

/// The first period: the week or month of the first transaction that is to be summed up, or of today.
fn begin(conn: &mut PgConnection, scope: SystemScope, now: DateTime<Utc>) -> Result<bool, Error> {
    #[derive(QueryableByName)]
    struct First {
        #[diesel(sql_type = diesel::sql_types::Nullable<Timestamptz>)]
        at: Option<DateTime<Utc>>,
    }
    let subject = queries::subject(conn, scope)?;
    let first: First = sql_query(format!(
        "SELECT min(occurred_at) AS at FROM transactions WHERE merchant_id = $1 AND {TO_SUM}"
    ))
    .bind::<SqlUuid, _>(scope.merchant_id())
    .get_result(conn)?;
    let day = first.at.unwrap_or(now).min(now).with_timezone(&subject.zone).date_naive();
    open(conn, scope, Period::around(day, subject.rhythm), &subject)
}

fn open(
    conn: &mut PgConnection,
    scope: SystemScope,
    period: Period,
    subject: &Subject,
) -> Result<bool, Error> {
    let made = diesel::insert_into(statement_periods::table)
        .values((
            statement_periods::merchant_id.eq(scope.merchant_id()),
            statement_periods::period_from.eq(period.from),
            statement_periods::period_until.eq(period.until),
            statement_periods::ends_at.eq(period.ends_at(subject.zone)),
        ))
        .on_conflict_do_nothing()
        .execute(conn)?;
    Ok(made > 0)
}

/// Closes the open period, if it is over and nobody else is at it, and opens the next one.
fn close(conn: &mut PgConnection, scope: SystemScope, now: DateTime<Utc>) -> Result<bool, Error> {
    let merchant_id = scope.merchant_id();
    let open_one = statement_periods::table
        .filter(statement_periods::merchant_id.eq(merchant_id))
        .filter(statement_periods::closed_at.is_null())
        .filter(statement_periods::ends_at.le(now))
        .select((
            statement_periods::period_from,
            statement_periods::period_until,
            statement_periods::ends_at,
        ))
        .for_update()
        .skip_locked()
        .first::<(NaiveDate, NaiveDate, DateTime<Utc>)>(conn)
        .optional()?;
    let Some((from, until, ends_at)) = open_one else { return Ok(false) };
    let period = Period { from, until };
    let subject = queries::subject(conn, scope)?;
    let closing = Closing { scope, subject: &subject, period, ends_at, now };
    let mut summed = Vec::new();
    for Pair { provider, currency } in closing.pairs(conn)? {
        let all = queries::conditions_of(conn, scope.into(), &provider, &currency)?;
        if let Some(conditions) = Conditions::of_period(&all, period) {
            summed.push(closing.sum(conn, conditions)?);
        } else {
            // Its rows wait: the first period that has conditions sums them up.
            metrics::alarm(Alarm::NoConditions);
            tracing::error!(
                merchant.id = %merchant_id, provider, currency, %until,
                "money moved without conditions for it: no statement is made until there are",
            );
        }
    }
    // All merchants wait for an issuer's one row of numbers: it is taken last, and held for inserts alone;
    // of several issuers in the order of their names, as everybody does.
    for one in &summed {
        closing.insert(conn, one)?;
        closing.keep(conn, one)?;
    }
    diesel::update(statement_periods::table.find((merchant_id, from)))
        .set(statement_periods::closed_at.eq(now))
        .execute(conn)?;
    open(conn, scope, period.next(subject.rhythm), &subject)
}

/// A provider and a currency in which something moved, or is given back.
#[derive(QueryableByName)]
struct Pair {
    #[diesel(sql_type = Text)]
    provider: String,
    #[diesel(sql_type = Text)]
    currency: String,
}

/// What a provider and a currency came to, without a number yet.
struct Summed {
    id: StatementId,
    conditions: Conditions,
    content: Content,
}

/// A period that is being closed.
struct Closing<'a> {
    scope: SystemScope,
    subject: &'a Subject,
    period: Period,
    ends_at: DateTime<Utc>,
    now: DateTime<Utc>,
}

impl Closing<'_> {
    fn pairs(&self, conn: &mut PgConnection) -> Result<Vec<Pair>, Error> {
        Ok(sql_query(format!(
            "SELECT provider, currency FROM transactions WHERE merchant_id = $1 AND occurred_at < $2 AND {TO_SUM}
             UNION
             SELECT provider, currency FROM holdbacks
             WHERE merchant_id = $1 AND released_by IS NULL AND release_on <= $3
             ORDER BY 1, 2"
        ))
        .bind::<SqlUuid, _>(self.scope.merchant_id())
        .bind::<Timestamptz, _>(self.ends_at)
        .bind::<Date, _>(self.period.until)
        .load(conn)?)
    }

    /// Sums up one provider and currency.
    fn sum(&self, conn: &mut PgConnection, conditions: &Conditions) -> Result<Summed, Error> {
        let id = StatementId::new();
        let movements = self.take(conn, conditions, id)?;
        let released = self.release(conn, conditions, id)?;
        let figures = sum_up(movements, released, conditions, self.period)?;
        let content = Content {
            issuer: queries::issuer(conn, &conditions.provider)?,
            merchant: self.subject.party.clone(),
            figures,
        };
        Ok(Summed { id, conditions: conditions.clone(), content })
    }

    /// Every row that has not been summed up and happened before the period's end, those too that were
    /// told late; summed by what was done and where.
    fn take(
        &self,
        conn: &mut PgConnection,
        conditions: &Conditions,
        id: StatementId,
    ) -> Result<Vec<Movement>, Error> {
        #[derive(QueryableByName)]
        struct Line {
            #[diesel(sql_type = Text)]
            originator: String,
            #[diesel(sql_type = Text)]
            operation: Operation,
            #[diesel(sql_type = BigInt)]
            count: i64,
            #[diesel(sql_type = BigInt)]
            amount_minor: i64,
        }
        let lines: Vec<Line> = sql_query(format!(
            "WITH taken AS (
                 UPDATE transactions SET statement_id = $1
                 WHERE merchant_id = $2 AND provider = $3 AND currency = $4 AND occurred_at < $5 AND {TO_SUM}
                 RETURNING originator_id, operation, amount_minor
             )
             SELECT o.name AS originator, t.operation, count(*) AS count, sum(t.amount_minor)::bigint AS amount_minor
             FROM taken t JOIN originators o ON o.merchant_id = $2 AND o.id = t.originator_id
             GROUP BY o.id, o.name, t.operation"
        ))
        .bind::<SqlUuid, _>(id)
        .bind::<SqlUuid, _>(self.scope.merchant_id())
        .bind::<Text, _>(&conditions.provider)
        .bind::<Text, _>(&conditions.currency_code)
        .bind::<Timestamptz, _>(self.ends_at)
        .load(conn)?;
        let mut movements: Vec<Movement> = lines
            .into_iter()
            .map(|line| Movement {
                originator: line.originator,
                operation: line.operation,
                count: line.count,
                amount_minor: line.amount_minor,
            })
            .collect();
        movements.sort_by_cached_key(|movement| {
            let place = Operation::ORDER.iter().position(|one| *one == movement.operation);
            (place, movement.originator.clone())
        });
        Ok(movements)
    }

    /// Holdbacks whose day has come.
    fn release(
        &self,
        conn: &mut PgConnection,
        conditions: &Conditions,
        id: StatementId,
    ) -> Result<Vec<Released>, Error> {
        #[derive(QueryableByName)]
        struct Line {
            #[diesel(sql_type = Date)]
            period_from: NaiveDate,
            #[diesel(sql_type = Date)]
            period_until: NaiveDate,
            #[diesel(sql_type = BigInt)]
            amount_minor: i64,
        }
        let lines: Vec<Line> = sql_query(
            "WITH given AS (
                 UPDATE holdbacks SET released_by = $1
                 WHERE merchant_id = $2 AND provider = $3 AND currency = $4 AND released_by IS NULL AND release_on <= $5
                 RETURNING kept_by, amount_minor
             )
             SELECT s.period_from, s.period_until, g.amount_minor
             FROM given g JOIN statements s ON s.merchant_id = $2 AND s.id = g.kept_by ORDER BY s.period_from",
        )
        .bind::<SqlUuid, _>(id)
        .bind::<SqlUuid, _>(self.scope.merchant_id())
        .bind::<Text, _>(&conditions.provider)
        .bind::<Text, _>(&conditions.currency_code)
        .bind::<Date, _>(self.period.until)
        .load(conn)?;
        Ok(lines
            .into_iter()
            .map(|line| Released {
                period_from: line.period_from,
                period_until: line.period_until,
                amount_minor: line.amount_minor,
            })
            .collect())
    }

    /// Makes the statement.
    fn insert(&self, conn: &mut PgConnection, summed: &Summed) -> Result<(), Error> {
        let Summed { id, conditions, content } = summed;
        let issued_on = self.period.next_day();
        let figures = &content.figures;
        diesel::insert_into(statements::table)
            .values((
                statements::merchant_id.eq(self.scope.merchant_id()),
                statements::id.eq(id),
                statements::period_from.eq(self.period.from),
                statements::period_until.eq(self.period.until),
                statements::provider.eq(&conditions.provider),
                statements::currency.eq(&conditions.currency_code),
                statements::number.eq(next_number(conn, &conditions.provider, issued_on)?),
                statements::conditions_id.eq(conditions.id),
                statements::issued_on.eq(issued_on),
                statements::due_on.eq(conditions.due_on(self.period)),
                statements::statement_minor.eq(figures.statement_minor),
                statements::invoice_minor.eq(figures.invoice_minor),
                statements::receive_minor.eq(figures.receive_minor),
                statements::content.eq(serde_json::to_value(content).map_err(Error::internal)?),
                statements::created_at.eq(self.now),
            ))
            .execute(conn)?;
        Ok(())
    }

    /// Keeps what the statement holds back.
    fn keep(&self, conn: &mut PgConnection, summed: &Summed) -> Result<(), Error> {
        let Summed { id, conditions, content } = summed;
        let Some(kept) = content.figures.kept else { return Ok(()) };
        diesel::insert_into(holdbacks::table)
            .values((
                holdbacks::merchant_id.eq(self.scope.merchant_id()),
                holdbacks::kept_by.eq(id),
                holdbacks::provider.eq(&conditions.provider),
                holdbacks::currency.eq(&conditions.currency_code),
                holdbacks::amount_minor.eq(kept.amount_minor),
                holdbacks::release_on.eq(kept.release_on),
            ))
            .execute(conn)?;
        Ok(())
    }
}

/// The issuer's next number of a year, without gaps: it is given back where the transaction fails.
fn next_number(
    conn: &mut PgConnection,
    provider: &str,
    issued_on: NaiveDate,
) -> Result<String, Error> {
    #[derive(QueryableByName)]
    struct Number {
        #[diesel(sql_type = BigInt)]
        last: i64,
    }
    let year = issued_on.year();
    let number: Number = sql_query(
        "INSERT INTO invoice_numbers AS n (provider, year, last) VALUES ($1, $2, 1)
         ON CONFLICT (provider, year) DO UPDATE SET last = n.last + 1 RETURNING last",
    )
    .bind::<Text, _>(provider)
    .bind::<Integer, _>(year)
    .get_result(conn)?;
    Ok(format!("{year}-{:06}", number.last))
}
