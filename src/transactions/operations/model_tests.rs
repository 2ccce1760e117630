use std::slice::from_ref;

use super::*;
use crate::transactions::model::example;

const DAY: Duration = Duration::days(1);

fn asked(operation: Act, minor: i64, state: OperationState) -> OperationRequest {
    OperationRequest {
        merchant_id: MerchantId::new(),
        id: OperationRequestId::new(),
        transaction_id: TransactionId::new(),
        operation,
        amount_minor: minor,
        currency: "EUR".to_owned(),
        reason: String::new(),
        is_disputed: false,
        state,
        asked_by: UserId::new(),
        asked_at: DateTime::UNIX_EPOCH,
        decided_by: None,
        sent_at: None,
        result_code: String::new(),
        gateway_transaction_id: None,
        checks: 0,
    }
}

#[test]
fn what_is_asked_for_and_not_over_is_no_longer_to_refund() {
    let sale = example("1", Operation::Sale, 10_000);
    let followers = [example("2", Operation::Refund, 3_000)];
    let left = |asked: &[OperationRequest]| {
        Allowance::of(&sale, &followers, asked, DateTime::UNIX_EPOCH + DAY).refund
    };
    assert_eq!(left(&[]), Ok(7_000));
    for state in OperationState::ALL {
        let open = if state.is_open() { 2_000 } else { 7_000 };
        assert_eq!(left(&[asked(Act::Refund, 5_000, *state)]), Ok(open), "{state:?}");
    }
    let all = [
        asked(Act::Refund, 5_000, OperationState::Waiting),
        asked(Act::Refund, 2_000, OperationState::Unknown),
    ];
    assert_eq!(left(&all), Err(Hindrance::NothingLeft));
}

#[test]
fn refunds_that_went_without_a_second_person_use_a_limit_up_together() {
    for state in OperationState::ALL {
        let went = matches!(
            state,
            OperationState::Sending
                | OperationState::Unknown
                | OperationState::Requested
                | OperationState::Done
        );
        let all = [asked(Act::Refund, 300, *state), asked(Act::Capture, 900, *state)];
        let left = if went { 200 } else { 500 };
        assert_eq!(limit_left(Some(500), &all), Some(left), "{state:?}");
        assert_eq!(limit_left(None, &all), None);
    }
    let approved = OperationRequest {
        decided_by: Some(UserId::new()),
        ..asked(Act::Refund, 900, OperationState::Done)
    };
    assert_eq!(limit_left(Some(500), from_ref(&approved)), Some(500));
    assert_eq!(limit_left(Some(500), &[asked(Act::Refund, 900, OperationState::Done)]), Some(0));
}

#[test]
fn more_than_is_left_is_refused_with_what_is_left() {
    let sale = example("1", Operation::Sale, 10_000);
    let followers = [example("2", Operation::Refund, 8_000)];
    let allowance = Allowance::of(&sale, &followers, &[], DateTime::UNIX_EPOCH);
    assert_eq!(allowance.check(Act::Refund, &sale, 2_000, false), Ok(()));
    assert_eq!(
        allowance.check(Act::Refund, &sale, 2_001, true),
        Err(Hindrance::TooMuch { left_minor: 2_000 })
    );
    assert_eq!(allowance.check(Act::Capture, &sale, 2_000, true), Err(Hindrance::DoesNotFit));
}

#[test]
fn in_spite_of_a_chargeback_only_who_may_overrule_refunds() {
    let sale = example("1", Operation::Sale, 10_000);
    let followers = [example("2", Operation::Chargeback, 10_000)];
    let allowance = Allowance::of(&sale, &followers, &[], DateTime::UNIX_EPOCH);
    assert_eq!(allowance.check(Act::Refund, &sale, 100, false), Err(Hindrance::Disputed));
    assert_eq!(allowance.check(Act::Refund, &sale, 100, true), Ok(()));
}

#[test]
fn an_authorisation_is_captured_or_set_free_once_and_within_a_week() {
    let promise = example("1", Operation::Authorize, 12_000);
    let end = DateTime::UNIX_EPOCH + CAPTURE_WITHIN;
    let of = |followers: &[Transaction], wishes: &[OperationRequest], now| {
        Allowance::of(&promise, followers, wishes, now)
    };
    let fresh = of(from_ref(&promise), &[], end - Duration::seconds(1));
    assert_eq!((fresh.capture, fresh.cancel), (Ok(12_000), Ok(12_000)));
    assert_eq!(fresh.refund, Err(Hindrance::DoesNotFit));
    assert_eq!(fresh.check(Act::Capture, &promise, 8_000, false), Ok(()));
    assert_eq!(fresh.check(Act::Cancel, &promise, 8_000, false), Err(Hindrance::OnlyWhole));
    assert_eq!(
        fresh.check(Act::Capture, &promise, 12_001, false),
        Err(Hindrance::TooMuch { left_minor: 12_000 })
    );
    assert_eq!(of(from_ref(&promise), &[], end).capture, Err(Hindrance::Lapsed));
    let captured = [promise.clone(), example("2", Operation::Capture, 8_000)];
    assert_eq!(of(&captured, &[], end - DAY).cancel, Err(Hindrance::IsOver));
    let wish = [asked(Act::Cancel, 12_000, OperationState::Sending)];
    assert_eq!(of(from_ref(&promise), &wish, end - DAY).capture, Err(Hindrance::IsOver));
    let declined = [asked(Act::Cancel, 12_000, OperationState::Declined)];
    assert_eq!(of(from_ref(&promise), &declined, end - DAY).capture, Ok(12_000));
}

#[test]
fn an_email_payment_is_captured_in_full() {
    let promise = Transaction {
        email_payment_id: Some(crate::kernel::EmailPaymentId::new()),
        ..example("1", Operation::Authorize, 12_000)
    };
    let allowance = Allowance::of(&promise, &[], &[], DateTime::UNIX_EPOCH);
    assert_eq!(allowance.check(Act::Capture, &promise, 8_000, false), Err(Hindrance::OnlyWhole));
    assert_eq!(allowance.check(Act::Capture, &promise, 12_000, false), Ok(()));
}
