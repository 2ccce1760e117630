use chrono::{DateTime, Duration, Utc};
use proptest::prelude::*;

use super::*;
use crate::settlement::Rhythm;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn june() -> Period {
    Period { from: day("2026-06-01"), until: day("2026-06-07") }
}

/// Those of the worked examples: 1.4 %, 0.20 a sale, 0.50 a refund, 25.00 a chargeback, 20 % tax, 5 %
/// held back for 180 days.
fn conditions() -> Conditions {
    Conditions {
        id: ConditionsId::new(),
        provider: "Provider".to_owned(),
        currency_code: "EUR".to_owned(),
        valid_from: day("2026-01-01"),
        percent_bp: 140,
        per_sale_minor: 20,
        per_refund_minor: 50,
        per_chargeback_minor: 2_500,
        tax_bp: 2_000,
        holdback_bp: 500,
        holdback_days: 180,
        due_days: 10,
    }
}

fn movement(operation: Operation, count: i64, amount_minor: i64) -> Movement {
    Movement { originator: "Shop".to_owned(), operation, count, amount_minor }
}

#[test]
fn the_worked_example_of_an_invoice_comes_out_to_the_cent() {
    let movements = vec![
        movement(Operation::Sale, 200, 1_000_000),
        movement(Operation::Refund, 9, 45_000),
        movement(Operation::Chargeback, 2, 12_000),
    ];
    let released = vec![Released {
        period_from: day("2025-12-01"),
        period_until: day("2025-12-07"),
        amount_minor: 30_000,
    }];
    let figures = sum_up(movements, released, &conditions(), june()).unwrap();
    let amounts: Vec<i64> = figures.fees.iter().map(|fee| fee.amount_minor).collect();
    assert_eq!(amounts, [14_000, 4_000, 450, 5_000]);
    assert_eq!(figures.kept.unwrap().amount_minor, 50_000);
    assert_eq!(figures.kept.unwrap().release_on, day("2026-12-04"));
    assert_eq!(figures.fees_minor(), 23_450);
    assert_eq!(figures.tax_minor, 4_690);
    assert_eq!(figures.statement_minor, 923_000);
    assert_eq!(figures.invoice_minor, 28_140);
    assert_eq!(figures.receive_minor, 894_860);
}

#[test]
fn the_worked_example_of_a_negative_invoice_comes_out_to_the_cent() {
    let movements =
        vec![movement(Operation::Sale, 2, 10_000), movement(Operation::Chargeback, 1, 24_000)];
    let figures = sum_up(movements, Vec::new(), &conditions(), june()).unwrap();
    let amounts: Vec<i64> = figures.fees.iter().map(|fee| fee.amount_minor).collect();
    assert_eq!(amounts, [140, 40, 2_500]);
    assert_eq!(figures.kept.unwrap().amount_minor, 500);
    assert_eq!(figures.statement_minor, -14_500);
    assert_eq!(figures.tax_minor, 536);
    assert_eq!(figures.invoice_minor, 3_216);
    assert_eq!(figures.receive_minor, -17_716);
}

#[test]
fn shares_are_rounded_to_the_minor_unit_halves_up() {
    for (minor, basis_points, expected) in [
        (0, 140, 0),
        (35, 140, 0),
        (36, 140, 1),
        (5_000, 1, 1),
        (4_999, 1, 0),
        (15_000, 1, 2),
        (10_000, 10_000, 10_000),
        (i64::MAX, 10_000, i64::MAX),
    ] {
        assert_eq!(share(minor, basis_points).unwrap(), expected, "{minor} × {basis_points}");
    }
    let two = [i64::MAX, 1];
    assert!(total(two.into_iter()).is_err(), "no sum wraps around");
}

#[test]
fn a_promise_moves_no_money_and_costs_nothing() {
    let movements =
        vec![movement(Operation::Authorize, 3, 30_000), movement(Operation::Cancel, 1, 10_000)];
    let figures = sum_up(movements, Vec::new(), &conditions(), june()).unwrap();
    assert_eq!((figures.statement_minor, figures.invoice_minor, figures.receive_minor), (0, 0, 0));
}

#[test]
fn a_period_is_summed_up_by_what_held_on_its_first_day() {
    let from = |text: &str| Conditions { valid_from: day(text), ..conditions() };
    let of = |all: &[Conditions]| Conditions::of_period(all, june()).map(|one| one.valid_from);
    assert_eq!(of(&[from("2026-01-01"), from("2026-06-01")]), Some(day("2026-06-01")));
    assert_eq!(of(&[from("2026-01-01"), from("2026-06-02")]), Some(day("2026-01-01")));
    assert_eq!(of(&[from("2026-06-05"), from("2026-06-03")]), Some(day("2026-06-03")), "a new one");
    assert_eq!(of(&[from("2026-06-08")]), None);
    assert_eq!(of(&[]), None);
}

/// A random transaction: when in a year, what, how much.
fn transaction() -> impl Strategy<Value = (i64, Operation, i64)> {
    (0..365 * 24 * 60_i64, prop::sample::select(Operation::ALL.to_vec()), 0..5_000_000_i64)
}

proptest! {
    #[test]
    fn what_is_received_is_statement_less_invoice_and_periods_add_up_to_the_rows(
        rows in prop::collection::vec(transaction(), 0..120),
        rhythm in prop::sample::select(Rhythm::ALL.to_vec()),
        zone in prop::sample::select(vec![chrono_tz::Europe::Rome, chrono_tz::Asia::Tokyo, chrono_tz::America::New_York]),
    ) {
        let begin: DateTime<Utc> = "2026-01-01T00:00:00Z".parse().unwrap();
        let rows: Vec<(DateTime<Utc>, Movement)> = rows
            .into_iter()
            .map(|(minute, operation, amount)| {
                (begin + Duration::minutes(minute), movement(operation, 1, amount))
            })
            .collect();
        let conditions = conditions();
        // As the job does it: whatever has happened by the end of a period and is not summed up yet.
        let mut left = rows.clone();
        let mut period = Period::around(day("2025-12-31"), rhythm);
        let (mut statements, mut kept, mut periods) = (0, 0, 0);
        while !left.is_empty() {
            let end = period.ends_at(zone);
            let (now, later): (Vec<_>, Vec<_>) = left.into_iter().partition(|(at, _)| *at < end);
            left = later;
            let movements: Vec<Movement> = now.into_iter().map(|(_, movement)| movement).collect();
            let figures = sum_up(movements, Vec::new(), &conditions, period).unwrap();
            prop_assert_eq!(figures.statement_minor - figures.invoice_minor, figures.receive_minor);
            prop_assert_eq!(figures.fees_minor() + figures.tax_minor, figures.invoice_minor);
            statements += figures.statement_minor;
            kept += figures.kept.map_or(0, |kept| kept.amount_minor);
            period = period.next(rhythm);
            periods += 1;
            prop_assert!(periods <= 60);
        }
        let of_rows: i64 = rows.iter().map(|(_, movement)| movement.signed_minor()).sum();
        prop_assert_eq!(statements + kept, of_rows);
    }
}
