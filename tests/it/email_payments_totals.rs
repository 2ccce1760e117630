//! Totals of the list: the summary per day and the rows themselves say the same, whatever was
//! written and however it is asked.

use std::time::Duration;

use central::db::views::email_payments_list as list;
use central::db::{Db, Tenants};
use central::email_payments::jobs;
use central::email_payments::{Narrowed, Status, SummaryFilter, Totals, TotalsCell, totals};
use central::kernel::UserId;
use chrono::{DateTime, Days, NaiveTime, Utc};
use diesel::dsl::sql;
use diesel::expression::BoxableExpression;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::support::*;

type Condition = Box<dyn BoxableExpression<list::table, Pg, SqlType = Bool>>;

/// Long enough on any machine.
const LONG: Duration = Duration::from_secs(20);

/// Two years of payments of the first merchant, in three currencies.
async fn filled() -> TestApp {
    let app = TestApp::start().await;
    let admin = Db::new(&cluster().superuser_url(&app.database), 1, true);
    let anna: UserId = app.text("SELECT id FROM users WHERE subject = 'anna'").parse().unwrap();
    let owner = (app.world.first, app.world.first_originator, anna);
    central::demo::seed::fill(&admin, &app.config.keys, owner, (700, 60), &app.clock).unwrap();
    app
}

fn rows_of(app: &TestApp, filter: &SummaryFilter) -> Condition {
    let mut rows: Condition = Box::new(
        list::merchant_id.eq(app.world.first).and(list::status.eq_any(filter.statuses.clone())),
    );
    rows = if filter.is_none_of_currencies {
        Box::new(rows.and(list::currency.ne_all(filter.currencies.clone())))
    } else {
        Box::new(rows.and(list::currency.eq_any(filter.currencies.clone())))
    };
    if let Some(from) = filter.created_from {
        rows = Box::new(rows.and(list::created_at.ge(from)));
    }
    if let Some(until) = filter.created_until {
        rows = Box::new(rows.and(list::created_at.lt(until)));
    }
    rows
}

/// The totals of some rows of the first merchant, from the rows or from the summary.
fn sums(app: &TestApp, filter: &SummaryFilter, from_summary: bool) -> Vec<TotalsCell> {
    let narrowed = Narrowed {
        rows: rows_of(app, filter),
        has_texts: false,
        summary: from_summary.then(|| filter.clone()),
    };
    match wait_for(app, narrowed, LONG) {
        Totals::Counted(cells) => cells,
        Totals::NotCounted => panic!("{LONG:?} were not enough"),
    }
}

fn wait_for(app: &TestApp, narrowed: Narrowed, wait: Duration) -> Totals {
    let scope = app.first_scope();
    let read = |conn: &mut PgConnection| totals(conn, scope, narrowed, wait);
    app.db().run_blocking(&scope.tenants(), read).unwrap()
}

/// Something that is written, and what it meets: one in so many.
#[derive(Clone, Copy, Debug)]
enum Write {
    Cancel(u8),
    Expire(u8),
    Refund(u8),
    Correct(u8),
    Draft,
    TakeOut(u8),
    AddUp,
}

fn write(app: &TestApp, write: Write) {
    let one_in = |n: u8| format!("abs(hashtext(id::text)) % {} = 0", u32::from(n) + 1);
    let statement = match write {
        Write::Cancel(n) => format!(
            "UPDATE email_payments SET status = 'cancelled', end_reason = 'by_merchant', ended_at = now()
             WHERE status IN ('open', 'expired', 'failed') AND {}",
            one_in(n)
        ),
        Write::Expire(n) => format!(
            "UPDATE email_payments SET status = 'expired', end_reason = 'date_reached', ended_at = now()
             WHERE status = 'open' AND {}",
            one_in(n)
        ),
        Write::Refund(n) => format!(
            "UPDATE email_payments SET refunded_minor = amount_minor / 2 WHERE status = 'paid' AND {}",
            one_in(n)
        ),
        Write::Correct(n) => format!(
            "UPDATE email_payments SET amount_minor = amount_minor + 7, currency = 'SEK'
             WHERE status = 'draft' AND {}",
            one_in(n)
        ),
        Write::Draft => {
            format!(
                "INSERT INTO email_payments (merchant_id, id, originator_id, created_by, order_id, amount_minor,
                     currency, customer_email, customer_name, description, message, language, status, created_at, expires_at)
                 SELECT merchant_id, gen_random_uuid(), originator_id, created_by, 'OF-' || substr(gen_random_uuid()::text, 1, 13) || n, 100 * n, currency,
                     customer_email, '', '', '', 'en', 'draft', created_at + n * interval '9 hours', expires_at
                 FROM (SELECT * FROM email_payments WHERE merchant_id = '{}' ORDER BY id LIMIT 1) p, generate_series(1, 9) n",
                app.world.first
            )
        }
        Write::TakeOut(n) => {
            let one_in = one_in(n);
            format!("DELETE FROM email_payments WHERE order_id LIKE 'OF-%' AND status = 'draft' AND {one_in}")
        }
        Write::AddUp => {
            app.jobs_db().run_blocking(&Tenants::none(), jobs::add_up).unwrap();
            return;
        }
    };
    app.change(&statement);
}

fn a_write() -> impl Strategy<Value = Write> {
    prop_oneof![
        (5_u8..40).prop_map(Write::Cancel),
        (5_u8..40).prop_map(Write::Expire),
        (3_u8..40).prop_map(Write::Refund),
        (0_u8..3).prop_map(Write::Correct),
        Just(Write::Draft),
        (2_u8..9).prop_map(Write::TakeOut),
        Just(Write::AddUp),
    ]
}

/// An instant of the last two years; often a midnight, where days meet.
fn an_instant(now: DateTime<Utc>) -> impl Strategy<Value = Option<DateTime<Utc>>> {
    let at =
        (0_u64..760, 0_i64..86_400, any::<bool>()).prop_map(move |(days, seconds, is_midnight)| {
            let day = now.checked_sub_days(Days::new(days)).unwrap();
            if is_midnight {
                day.with_time(NaiveTime::MIN).unwrap()
            } else {
                day - chrono::Duration::seconds(seconds)
            }
        });
    proptest::option::of(at)
}

fn a_filter(now: DateTime<Utc>) -> impl Strategy<Value = SummaryFilter> {
    let statuses = proptest::sample::subsequence(Status::ALL.to_vec(), 0..=Status::ALL.len());
    let currencies = proptest::sample::subsequence(vec!["CHF", "EUR", "GBP", "SEK"], 0..=4);
    (statuses, currencies, any::<bool>(), an_instant(now), an_instant(now)).prop_map(
        |(statuses, currencies, is_none_of_currencies, created_from, created_until)| {
            SummaryFilter {
                statuses,
                currencies: currencies.into_iter().map(str::to_owned).collect(),
                is_none_of_currencies,
                created_from,
                created_until,
            }
        },
    )
}

#[actix_web::test]
async fn the_summary_says_what_the_rows_say_after_whatever_was_written() {
    let app = filled().await;
    let mut anna = app.sign_in(ANNA).await;
    anna.creates_email_payment(&[("order_id", "BY-HAND")], "draft").await;
    let cases = (
        proptest::collection::vec(a_write(), 0..4),
        proptest::collection::vec(a_filter(app.clock.now()), 4),
    );
    let mut runner =
        TestRunner::new(Config { failure_persistence: None, ..Config::with_cases(40) });
    let outcome = runner.run(&cases, |(writes, filters)| {
        for one in writes {
            write(&app, one);
        }
        for filter in filters.iter().chain([&SummaryFilter::default()]) {
            prop_assert_eq!(sums(&app, filter, true), sums(&app, filter, false), "{:?}", filter);
        }
        Ok(())
    });
    outcome.unwrap();
    write(&app, Write::AddUp);
    assert_eq!(app.count("email_payment_days WHERE change <> 0 OR count <= 0"), 0);
}

#[actix_web::test]
async fn totals_tell_what_was_asked_for_what_came_and_what_is_still_due() {
    let app = filled().await;
    app.change("UPDATE email_payments SET refunded_minor = 1 WHERE status = 'paid'");
    let reference = app.texts(
        "SELECT concat_ws(' ', currency, count(*), sum(amount_minor),
             coalesce(sum(amount_minor) FILTER (WHERE status = 'paid'), 0), sum(refunded_minor),
             coalesce(sum(amount_minor) FILTER (WHERE status IN ('open', 'processing', 'authorised')), 0))
         FROM email_payments GROUP BY currency ORDER BY currency",
    );
    assert_eq!(reference.len(), 3, "{reference:?}");
    for from_summary in [false, true] {
        let told: Vec<String> = sums(&app, &SummaryFilter::default(), from_summary)
            .iter()
            .map(|c| {
                format!(
                    "{} {} {} {} {} {}",
                    c.currency,
                    c.count,
                    c.requested_minor,
                    c.collected_minor,
                    c.refunded_minor,
                    c.due_minor
                )
            })
            .collect();
        assert_eq!(told, reference);
    }
}

#[actix_web::test]
async fn totals_that_take_too_long_are_not_told_and_the_transaction_goes_on() {
    let app = filled().await;
    let scope = app.first_scope();
    let counted = app.db().run_blocking(&scope.tenants(), |conn| {
        let slow: Condition = Box::new(
            list::merchant_id.eq(app.world.first).and(sql::<Bool>("pg_sleep(0.05) IS NOT NULL")),
        );
        let narrowed = Narrowed { rows: slow, has_texts: false, summary: None };
        assert_eq!(totals(conn, scope, narrowed, Duration::from_millis(20))?, Totals::NotCounted);
        let left: String =
            sql::<diesel::sql_types::Text>("SHOW statement_timeout").get_result(conn)?;
        assert_eq!(left, "5s", "the limit is the role's again");
        Ok(list::table.count().get_result::<i64>(conn)?)
    });
    assert_eq!(counted.unwrap(), 760);
}

/// Each of the two holds its transaction open while the other writes about the same day.
#[actix_web::test]
async fn two_transactions_about_the_same_day_do_not_wait_for_each_other() {
    let app = filled().await;
    let tenants = Tenants::one(app.world.first);
    let refund = |conn: &mut PgConnection, place: usize| {
        let statement = format!(
            "UPDATE email_payments SET refunded_minor = 1 WHERE id = (
                 SELECT id FROM email_payments WHERE status = 'paid' ORDER BY created_at, id OFFSET {place} LIMIT 1)"
        );
        Ok(diesel::sql_query(statement).execute(conn)?)
    };
    let (one, other) = (app.db(), app.db());
    one.run_blocking(&tenants, |one| {
        refund(one, 0)?;
        other.run_blocking(&tenants, |other| {
            refund(other, 1)?;
            refund(other, 2)
        })?;
        refund(one, 3)
    })
    .unwrap();
    let refunded: i64 =
        sums(&app, &SummaryFilter::default(), true).iter().map(|c| c.refunded_minor).sum();
    assert_eq!(refunded, 4);
}
