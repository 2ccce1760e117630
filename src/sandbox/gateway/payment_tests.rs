use super::*;

pub fn now() -> DateTime<Utc> {
    "2026-11-25T10:00:00Z".parse().unwrap()
}

pub fn mean() -> Mean {
    Mean { method: Method::CreditCard, info: Object::new(), email: None, network: None }
}

pub fn payment() -> Payment {
    Payment {
        account: "100001".to_owned(),
        merchant_name: "Shop".to_owned(),
        attempts_max: 2,
        customer_token: tokens::customer(),
        merchant_token: tokens::merchant(),
        short_id: tokens::base36(10),
        version: Version::NESTED,
        expires_at: now() + Duration::days(1),
        amount_minor: 1_000,
        currency: Currency::EUR,
        method: None,
        operation: Operation::Sale,
        secure3d: false,
        redirect_url: None,
        callback_url: Some("http://127.0.0.1/".to_owned()),
        custom_data: None,
        shopper: Object::new(),
        order: Object::new(),
        shipping: Object::new(),
        stage: Stage::Open,
        attempt_key: tokens::attempt_key(),
        draft: None,
        attempts: Vec::new(),
        delivery: None,
        is_earlier: false,
    }
}

#[test]
fn a_payment_is_declined_until_no_try_is_left() {
    let (mut payment, mut number) = (payment(), 0);
    assert_eq!(payment.status(now()), "Not processed");
    payment.attempt(mean(), Outcome::Declined("051"), &mut number, now());
    assert_eq!((payment.status(now()), payment.attempts_left()), ("Pending", 1));
    payment.attempt(mean(), Outcome::Declined("005"), &mut number, now());
    assert_eq!((payment.status(now()), payment.stage), ("Not authorized", Stage::Failed));
    let dates: Vec<i64> = payment.attempts.iter().map(|attempt| attempt.date).collect();
    assert!(dates[0] < dates[1]);
}

#[test]
fn a_challenge_is_part_of_the_same_try() {
    let (mut payment, mut number) = (payment(), 0);
    payment.attempt(mean(), Outcome::Challenge, &mut number, now());
    assert_eq!((payment.stage, payment.attempts_left()), (Stage::Challenge, 2));
    assert_eq!(payment.delivery, None);
    payment.answer_challenge(true, &mut number, now());
    assert_eq!(payment.status(now()), "Authorized");
    assert_eq!(payment.last_initial().unwrap().mean.info["is3DSecure"], true);
}

#[test]
fn a_pending_attempt_is_paid_after_a_minute_even_past_the_deadline() {
    let (mut payment, mut number) = (payment(), 0);
    payment.attempt(mean(), Outcome::Pending, &mut number, now());
    assert!(!payment.is_ripe(now() + Duration::seconds(59)));
    assert!(payment.is_ripe(now() + Duration::seconds(60)));
    assert_eq!(payment.status(now() + Duration::days(2)), "Pending");
    payment.decide(true, now() + Duration::days(2));
    assert_eq!(payment.status(now() + Duration::days(2)), "Authorized");
    assert_eq!(payment.attempts.len(), 1);
}

#[test]
fn a_link_expires() {
    let payment = payment();
    assert_eq!(payment.status(now() + Duration::hours(23)), "Not processed");
    assert_eq!(payment.status(now() + Duration::days(1)), "Expired");
}

#[test]
fn a_callback_is_tried_again_for_three_days_and_then_given_up() {
    let (mut payment, mut number) = (payment(), 0);
    payment.attempt(mean(), Outcome::Paid, &mut number, now());
    let (mut at, mut tries) = (now(), 0);
    while let Some(delivery) = payment.delivery {
        at = delivery.due_at;
        assert!(payment.lease_delivery(&RETRY_MINUTES, at));
        assert!(!payment.lease_delivery(&RETRY_MINUTES, at));
        tries += 1;
    }
    assert_eq!(tries, 9);
    assert_eq!(at - now(), Duration::minutes(1 + 5 + 15 + 60 + 360) + Duration::days(3));
}
