use proptest::prelude::*;

use super::super::cards::Outcome;
use super::super::payment::Mean;
use super::super::payment::tests::{mean, now, payment};
use super::*;

fn wish(act: Act, transaction_id: &str, amount_minor: i64) -> Wish {
    Wish {
        act,
        transaction_id: transaction_id.to_owned(),
        amount_minor: Some(amount_minor),
        order_id: None,
    }
}

/// A payment of 10.00 that was paid.
fn paid(operation: Operation, method: Method) -> (Payment, String, u64) {
    let (mut payment, mut number) = (payment(), 0);
    payment.operation = operation;
    payment.attempt(Mean { method, ..mean() }, Outcome::Paid, &mut number, now());
    let id = payment.attempts[0].transaction_id.clone();
    (payment, id, number)
}

#[test]
fn refunds_never_exceed_the_sale_and_declined_ones_are_written_down() {
    let (mut payment, sale, mut number) = paid(Operation::Sale, Method::CreditCard);
    let mut refund =
        |id: &str, minor| payment.operate(&wish(Act::Refund, id, minor), &mut number, now());
    assert_eq!(refund("9", 1), Err("312"));
    assert_eq!(refund(&sale, 0), Err("013"));
    let first = refund(&sale, 600).unwrap();
    assert_eq!((first.code, first.operation), ("000", Operation::Refund));
    let declined = refund(&sale, 401).unwrap();
    assert_eq!(declined.code, "064");
    assert_ne!(declined.transaction_id, first.transaction_id);
    assert_eq!(refund(&first.transaction_id, 1).unwrap().code, "012");
    assert_eq!(refund(&sale, 400).unwrap().code, "000");
    assert_eq!(payment.attempts[0].refunded_minor, 1_000);
    assert_eq!(payment.attempts.len(), 5);
    assert_eq!(payment.last_initial().unwrap().transaction_id, sale);
    assert_eq!(payment.status(now()), "Authorized");
}

#[test]
fn an_authorisation_is_captured_once_or_cancelled_and_its_capture_refunded() {
    let (mut payment, id, mut number) = paid(Operation::Authorize, Method::CreditCard);
    let mut act = |act, id: &str, minor| payment.operate(&wish(act, id, minor), &mut number, now());
    assert_eq!(act(Act::Refund, &id, 100).unwrap().code, "012");
    assert_eq!(act(Act::Capture, &id, 1_001).unwrap().code, "064");
    let capture = act(Act::Capture, &id, 700).unwrap();
    assert_eq!(capture.code, "000");
    assert_eq!(act(Act::Capture, &id, 300).unwrap().code, "012");
    assert_eq!(act(Act::Cancel, &id, 300).unwrap().code, "012");
    assert_eq!(act(Act::Refund, &capture.transaction_id, 701).unwrap().code, "064");
    assert_eq!(act(Act::Refund, &capture.transaction_id, 700).unwrap().code, "000");

    let (mut payment, id, mut number) = paid(Operation::Authorize, Method::CreditCard);
    let mut act = |act, minor| payment.operate(&wish(act, &id, minor), &mut number, now());
    assert_eq!(act(Act::Cancel, 1_000).unwrap().code, "000");
    assert_eq!(act(Act::Cancel, 1_000).unwrap().code, "012");
    assert_eq!(act(Act::Capture, 1).unwrap().code, "012");
}

#[test]
fn a_rebill_has_its_own_order_and_a_wallet_has_none() {
    let (mut payment, sale, mut number) = paid(Operation::Sale, Method::CreditCard);
    let order_id = Some("CB-2".to_owned());
    let wish = Wish { order_id, ..wish(Act::Rebill, &sale, 5_000) };
    assert_eq!(payment.operate(&wish, &mut number, now()).unwrap().code, "000");
    assert_eq!(payment.attempts[1].order_id.as_deref(), Some("CB-2"));

    let (mut payment, sale, mut number) = paid(Operation::Sale, Method::Alipay);
    let wish = Wish { transaction_id: sale, ..wish };
    assert_eq!(payment.operate(&wish, &mut number, now()).unwrap().code, "012");
}

#[test]
fn an_asynchronous_refund_waits_for_one_confirmation() {
    let (mut payment, sale, mut number) = paid(Operation::Sale, Method::Alipay);
    let request = payment.operate(&wish(Act::Refund, &sale, 577), &mut number, now()).unwrap();
    assert_eq!((request.code, request.operation), ("000", Operation::RefundRequest));
    let more = payment.operate(&wish(Act::Refund, &sale, 424), &mut number, now()).unwrap();
    assert_eq!(more.code, "064", "what is requested is taken");
    let confirm =
        Wish { amount_minor: None, ..wish(Act::ConfirmRefund, &request.transaction_id, 0) };
    let refund = payment.operate(&confirm, &mut number, now()).unwrap();
    assert_eq!((refund.code, refund.operation), ("000", Operation::Refund));
    assert_eq!(payment.operate(&confirm, &mut number, now()).unwrap().code, "012");
    assert_eq!(payment.attempts[0].refunded_minor, 577);
}

/// What the rules come to, said anew: of what was taken nothing is given back twice.
fn holds(payment: &Payment) -> Result<(), TestCaseError> {
    let done = |operation: Operation, parent: &str| -> Vec<i64> {
        payment
            .attempts
            .iter()
            .filter(|attempt| attempt.operation == operation && attempt.result_code == SUCCESS)
            .filter(|attempt| attempt.ref_transaction_id.as_deref() == Some(parent))
            .map(|attempt| attempt.amount_minor)
            .collect()
    };
    for attempt in &payment.attempts {
        let id = attempt.transaction_id.as_str();
        let given: i64 = done(Operation::Refund, id).iter().sum();
        let requested: i64 = done(Operation::RefundRequest, id).iter().sum();
        let is_request = attempt.operation == Operation::RefundRequest;
        let booked = if is_request { 0 } else { given + requested };
        prop_assert_eq!(attempt.refunded_minor, booked);
        prop_assert!(given + requested <= attempt.amount_minor, "{}", id);
        let charged_back = done(Operation::Chargeback, id);
        prop_assert!(charged_back.len() <= 1, "a bank takes back once");
        prop_assert!(charged_back.iter().sum::<i64>() <= attempt.amount_minor);
        let captured = done(Operation::Capture, id);
        let ends = captured.len() + done(Operation::Cancel, id).len();
        prop_assert!(ends <= 1, "captured or cancelled, once");
        prop_assert!(captured.iter().sum::<i64>() <= attempt.amount_minor);
        prop_assert!(attempt.result_code == SUCCESS || booked + given == 0);
    }
    let dates: Vec<i64> = payment.attempts.iter().map(|attempt| attempt.date).collect();
    prop_assert!(dates.is_sorted_by(|a, b| a < b), "each later than the one before");
    let mut ids: Vec<&str> =
        payment.attempts.iter().map(|attempt| attempt.transaction_id.as_str()).collect();
    ids.sort_unstable();
    prop_assert!(ids.is_sorted_by(|a, b| a < b), "each number once");
    Ok(())
}

fn act() -> impl Strategy<Value = Act> {
    prop::sample::select(vec![
        Act::Refund,
        Act::Refund,
        Act::ConfirmRefund,
        Act::Capture,
        Act::Cancel,
        Act::Rebill,
        Act::Credit,
        Act::Chargeback,
    ])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn whatever_is_asked_in_whatever_order_the_sums_hold(
        operation in prop::sample::select(vec![Operation::Sale, Operation::Authorize]),
        method in prop::sample::select(Method::ALL.to_vec()),
        tries in prop::collection::vec(prop::bool::ANY, 1..3),
        steps in prop::collection::vec((act(), any::<prop::sample::Index>(), -5_i64..1_100), 0..40),
    ) {
        let (mut payment, mut number) = (payment(), 0);
        payment.operation = operation;
        for paid in tries {
            let outcome = if paid { Outcome::Paid } else { Outcome::Declined("051") };
            if payment.status(now()) != "Authorized" {
                payment.attempt(Mean { method, ..mean() }, outcome, &mut number, now());
            }
        }
        let status = payment.status(now());
        for (act, which, amount) in steps {
            let id = which.get(&payment.attempts).transaction_id.clone();
            let before = payment.attempts.len();
            let answer = payment.operate(&wish(act, &id, amount), &mut number, now());
            prop_assert_eq!(payment.attempts.len() - before, usize::from(answer.is_ok()));
            holds(&payment)?;
            prop_assert_eq!(payment.status(now()), status);
        }
    }
}
