//! Two books of the same money, ours and the gateway's, after whatever happens to payments in whatever
//! order: tries, refunds and captures here and elsewhere, callbacks as often as they come.

use std::collections::BTreeSet;

use central::gateway::{Credentials, Gateway, Window};
use central::kernel::{Currency, Money};
use chrono::Duration;
use openidconnect::reqwest::StatusCode;

use crate::operations::{does, gateway_of, promises, refunds};
use crate::support::*;

/// What happens in one run.
const STEPS: usize = 40;
const AMOUNT: i64 = 4_500;

/// Numbers without an order, the same for the same seed (xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(end).unwrap()).unwrap()
    }

    fn one_of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        all.get(self.below(all.len())).unwrap()
    }
}

struct World {
    app: TestApp,
    anna: Browser,
    gateway: Gateway,
    by: Credentials,
    requests: Vec<Request>,
}

impl World {
    async fn start(is_promised: bool) -> Self {
        let app = TestApp::start().await;
        if is_promised {
            promises(&app);
        }
        let mut anna = app.sign_in(ANNA).await;
        let mut requests = Vec::new();
        for _ in 0..3 {
            requests.push(app.request(&mut anna, &[]).await);
        }
        let (gateway, by) = gateway_of(&app);
        Self { app, anna, gateway, by, requests }
    }

    /// The gateway's number of a payment's accepted transaction of this kind.
    fn number(&self, request: &Request, operation: &str) -> Option<String> {
        let found = self.app.texts(&format!(
            "SELECT gateway_transaction_id FROM transactions WHERE email_payment_id = '{}' AND operation = '{operation}'
                 AND status = 'authorised' LIMIT 1",
            request.id
        ));
        found.into_iter().next()
    }

    async fn step(&mut self, dice: &mut Dice) {
        let euro = |minor: usize| Money::new(i64::try_from(minor).unwrap(), Currency::EUR);
        let part = 1 + dice.below(5_000);
        let request = dice.one_of(&self.requests);
        let taken = self.number(request, "sale").or_else(|| self.number(request, "capture"));
        let promised = self.number(request, "authorize");
        let status = self.app.field(&request.url, "status");
        match dice.below(8) {
            0 | 1 if status == "open" => {
                let mut customer = self.app.browser();
                let away = customer.get(&request.link).await;
                // What the gateway was asked for meanwhile may have told that it is paid.
                let Some(page) = away.location() else {
                    assert!(away.text("main").contains("pagato"), "{}", away.text("main"));
                    return;
                };
                let page = customer.get(&page).await;
                let card = dice.one_of(&[GOOD_CARD, GOOD_CARD, NO_FUNDS]);
                customer.pays(&page, card).await;
            }
            2 | 3 if status == "paid" => {
                let amount = euro(part).number(central::kernel::Lang::En);
                let url = request.at("refund");
                let page = self.anna.open(&url).await;
                if page.has("[name='amount']") {
                    let answer =
                        refunds(&mut self.anna, request, &[("amount", amount.as_str())]).await;
                    let is_good = [StatusCode::OK, StatusCode::UNPROCESSABLE_ENTITY];
                    assert!(is_good.contains(&answer.status), "{}", answer.text("main"));
                }
            }
            // Somebody does it without us.
            4 => {
                if let Some(number) = taken {
                    self.gateway.refund(&self.by, &number, euro(part)).await.unwrap();
                }
            }
            5 => {
                if let Some(number) = promised {
                    let all = Money::new(AMOUNT, Currency::EUR);
                    match dice.below(3) {
                        0 => self.gateway.cancel(&self.by, &number, all).await.unwrap(),
                        _ => self.gateway.capture(&self.by, &number, all).await.unwrap(),
                    };
                }
            }
            6 if status == "authorised" => {
                let page = self.anna.open(&request.at("refund")).await;
                if page.has("a[href$='/operations/capture']") {
                    does(&mut self.anna, &page, "capture").await;
                }
            }
            7 => {
                for _ in 0..2 {
                    let answer = self.app.good_callback(request).post(&self.app).await;
                    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
                }
            }
            _ => self.app.clock.advance(Duration::minutes(11)),
        }
    }

    /// Every transaction of the gateway's: number, operation, status, amount.
    async fn theirs(&self) -> BTreeSet<String> {
        let now = self.app.clock.now();
        let window = Window::new(now - Duration::days(20), now + Duration::days(1)).unwrap();
        let export = self.gateway.export(&self.by, window).await.unwrap();
        assert_eq!(export.unreadable, Vec::<String>::new());
        let line = |one: &central::gateway::Transaction| {
            format!("{} {} {} {}", one.id, one.operation, one.status.as_str(), one.amount.minor)
        };
        export.transactions.iter().map(line).collect()
    }

    fn ours(&self) -> BTreeSet<String> {
        let lines = "SELECT concat_ws(' ', gateway_transaction_id, operation, status, amount_minor) FROM transactions";
        self.app.texts(lines).into_iter().collect()
    }
}

async fn balance(seed: u64, is_promised: bool) {
    let mut world = World::start(is_promised).await;
    let mut dice = Dice(seed);
    for _ in 0..STEPS {
        world.step(&mut dice).await;
    }
    let theirs = world.theirs().await;
    let app = &world.app;
    // A list that was being read when the clock was put forward rests from then on, and so does one whose
    // reading failed: time has to pass.
    app.until("both books have the same lines", async || {
        app.clock.advance(Duration::minutes(1));
        world.ours() == theirs
    })
    .await;
    app.clock.advance(Duration::minutes(61));
    app.until("nothing disagrees", async || {
        app.clock.advance(Duration::minutes(1));
        app.count("transaction_differences WHERE state = 'open'") == 0
    })
    .await;

    let of = |operations: &str| {
        format!(
            "(SELECT coalesce(sum(amount_minor), 0) FROM transactions t WHERE t.email_payment_id = p.id
                 AND t.status = 'authorised' AND t.operation IN ({operations}))"
        )
    };
    let (taken, back) = (of("'sale', 'capture'"), of("'refund'"));
    for wrong in [
        format!("{back} > {taken}"),
        format!("{taken} NOT IN (0, p.amount_minor)"),
        format!("(p.status = 'paid') <> ({taken} = p.amount_minor)"),
        format!("p.refunded_minor <> {back}"),
        "p.refunded_minor > p.amount_minor".to_owned(),
    ] {
        assert_eq!(
            app.count(&format!("email_payments p WHERE {wrong}")),
            0,
            "seed {seed}: {wrong}"
        );
    }
    // Each payment was paid once at most, and what was paid has one receipt.
    app.mails_settle().await;
    let twice = "(SELECT FROM email_payment_events WHERE kind = 'paid' GROUP BY email_payment_id HAVING count(*) > 1) AS twice";
    assert_eq!(app.count(twice), 0, "seed {seed}");
    assert_eq!(
        app.count("mails WHERE kind = 'receipt'"),
        app.count("email_payments WHERE status = 'paid'"),
        "seed {seed}"
    );
    assert!(theirs.len() > 3, "seed {seed}: too little happened");
}

#[actix_web::test]
async fn both_books_are_equal_after_anything_that_happens_to_sales() {
    for seed in [0x2545_F491_4F6C_DD1D, 12_345] {
        balance(seed, false).await;
    }
}

#[actix_web::test]
async fn both_books_are_equal_after_anything_that_happens_to_promised_money() {
    for seed in [0x9E37_79B9_7F4A_7C15, 78] {
        balance(seed, true).await;
    }
}
