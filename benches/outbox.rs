//! Messages per second from the table `mails` to a mail server on this machine: half of them
//! requests for money whose payment page is prepared, half receipts.
//!
//! `cargo bench --bench outbox`. The product, the mail server (which parses nothing) and Postgres
//! share the machine.
#![expect(
    clippy::expect_used,
    clippy::float_arithmetic,
    clippy::print_stdout,
    reason = "a program for a terminal"
)]

#[path = "../tests/it/support/mod.rs"]
#[expect(dead_code, unused_imports, reason = "tests/it uses the rest")]
mod support;

use std::time::{Duration, Instant};

use central::crypto::{self, Keyring};
use central::db::Db;
use central::db::schema::{email_payments, gateway_sessions, mails};
use central::kernel::UserId;
use diesel::prelude::*;
use lettre::address::Envelope;
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::extension::ClientId;
use support::{TestApp, cluster};
use uuid::Uuid;

/// Of both kinds together as many as the mailbox keeps.
const EACH: u64 = 2_500;
/// As many as the product has.
const WORKERS: u64 = 4;
/// Messages a second that four workers should reach.
const GOAL: f64 = 1_000.0;

fn main() {
    actix_web::rt::System::new().block_on(measure());
}

async fn measure() {
    let app = TestApp::start().await;
    fill(&app);
    queue(&app, &app.config.keys);
    // As autovacuum leaves tables in a while: without it Postgres walks them from end to end.
    app.change("ANALYZE");
    until_settled(&app).await;
    println!("{:<8}{:>10}{:>10}{:>14}", "round", "mails", "seconds", "messages/s");
    let mut best = 0.0_f64;
    for round in 1..=3 {
        app.mailbox.clear();
        queue(&app, &app.config.keys);
        let count = usize::try_from(EACH * 2).expect("not that many");
        // Idle workers look once a second: the time runs from the first mail.
        let (started, first) = wait_for_first(&app).await;
        while app.mailbox.count() < count {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        until_settled(&app).await;
        let seconds = started.elapsed().as_secs_f64();
        let sent = u32::try_from(count - first).expect("not that many");
        let rate = f64::from(sent) / seconds;
        best = best.max(rate);
        println!("{round:<8}{sent:>10}{seconds:>10.2}{rate:>14.0}");
    }
    println!("goal: {GOAL} messages/s");
    assert_eq!(app.count("mails WHERE state <> 'sent'"), 0, "every mail was sent");
    // As its pool does, and the product: before a kept connection is used, the relay is asked whether it
    // is still there (NOOP).
    let alone = lettre_alone(&app, true).await;
    println!(
        "lettre alone, over as many kept connections to the same server: {alone:.0} messages/s"
    );
    println!("ratio: {:.2}", best / alone);
    let unasked = lettre_alone(&app, false).await;
    println!("the same without NOOP: {unasked:.0} messages/s, ratio {:.2}", best / unasked);
    two_dispatchers(&app).await;
}

/// The same messages over as many kept connections, by lettre and nothing else: no table, no
/// letters to write.
async fn lettre_alone(app: &TestApp, asks_first: bool) -> f64 {
    let mails = app.mailbox.mails();
    let message = mails.first().expect("a mail").raw.clone();
    let envelope = Envelope::new(
        Some("payments@central.example".parse().expect("an address")),
        vec!["customer@example.com".parse().expect("an address")],
    )
    .expect("an envelope");
    let relay =
        app.settings().into_iter().find(|(name, _)| *name == "SMTP_URL").expect("a relay").1;
    let relay = relay.trim_start_matches("smtp://").to_owned();
    app.mailbox.clear();
    let each = EACH * 2 / WORKERS;
    let started = Instant::now();
    let workers = (0..WORKERS).map(|_| {
        let (message, envelope, relay) = (message.clone(), envelope.clone(), relay.clone());
        actix_web::rt::spawn(async move {
            let stream = tokio::net::TcpStream::connect(relay).await.expect("the mailbox");
            stream.set_nodelay(true).expect("a socket");
            let hello = ClientId::Domain("localhost".to_owned());
            let mut connection =
                AsyncSmtpConnection::connect_with_transport(Box::new(stream), &hello)
                    .await
                    .expect("a greeting");
            for _ in 0..each {
                assert!(!asks_first || connection.test_connected().await, "the relay is there");
                connection.send(&envelope, &message).await.expect("it is taken");
            }
        })
    });
    futures_util::future::join_all(workers).await;
    let count = u32::try_from(each * WORKERS).expect("not that many");
    f64::from(count) / started.elapsed().as_secs_f64()
}

/// A second server at the same queue: each mail leaves once.
async fn two_dispatchers(app: &TestApp) {
    let listen = || std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let other = central::server::start(&app.config, app.clock.clone(), listen(), listen(), 1);
    let other = other.await.expect("a second server");
    app.mailbox.clear();
    queue(app, &app.config.keys);
    until_settled(app).await;
    let mails = app.mailbox.mails();
    let ids: std::collections::BTreeSet<String> = mails
        .iter()
        .filter_map(|mail| {
            let raw = String::from_utf8_lossy(&mail.raw).into_owned();
            raw.lines().find(|line| line.starts_with("Message-ID:")).map(str::to_owned)
        })
        .collect();
    println!(
        "two dispatchers: {} queued, {} arrived, {} different",
        EACH * 2,
        mails.len(),
        ids.len()
    );
    assert_eq!(
        mails.len(),
        usize::try_from(EACH * 2).expect("not that many"),
        "none lost or doubled"
    );
    assert_eq!(ids.len(), mails.len(), "each is another");
    other.stop().await;
}

async fn until_settled(app: &TestApp) {
    app.until("every mail is settled", async || {
        app.count("mails WHERE state IN ('ready', 'sending')") == 0
    })
    .await;
}

/// When the first mails were there, and how many that were.
async fn wait_for_first(app: &TestApp) -> (Instant, usize) {
    loop {
        let count = app.mailbox.count();
        if count > 0 {
            return (Instant::now(), count);
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

fn fill(app: &TestApp) {
    let admin = Db::new(&cluster().superuser_url(&app.database), 1, true);
    let user = app.text("SELECT id FROM users WHERE subject = 'anna'");
    let user: UserId = user.parse().expect("an id");
    let owner = (app.world.first, app.world.first_originator, user);
    central::demo::seed::fill(&admin, &app.config.keys, owner, (EACH * 2, EACH), &app.clock)
        .expect("the payments fit");
}

/// One mail for each open payment and for as many that are paid.
fn queue(app: &TestApp, keys: &Keyring) {
    let (merchant, now) = (app.world.first.as_uuid(), app.clock.now());
    app.look(|conn| {
        let of = |conn: &mut PgConnection, status: &str| -> Vec<(Uuid, String)> {
            email_payments::table
                .filter(email_payments::merchant_id.eq(merchant))
                .filter(email_payments::status.eq(status))
                .limit(i64::try_from(EACH).expect("not that many"))
                .select((email_payments::id, email_payments::customer_email))
                .load(conn)
                .expect("payments")
        };
        let (open, paid) = (of(conn, "open"), of(conn, "paid"));
        assert_eq!(open.len(), paid.len(), "as many requests as receipts");
        conn.transaction(|conn| {
            prepare(conn, keys, merchant, &open, now);
            for (kind, payments) in [("request", open), ("receipt", paid)] {
                let rows: Vec<_> = payments
                    .into_iter()
                    .map(|(payment, email)| {
                        (
                            mails::merchant_id.eq(merchant),
                            mails::id.eq(Uuid::now_v7()),
                            mails::email_payment_id.eq(payment),
                            mails::kind.eq(kind),
                            mails::recipient.eq(email),
                            mails::language.eq("it"),
                            mails::state.eq("ready"),
                            mails::run_at.eq(now),
                            mails::created_at.eq(now),
                        )
                    })
                    .collect();
                for rows in rows.chunks(500) {
                    diesel::insert_into(mails::table).values(rows).execute(conn)?;
                }
            }
            QueryResult::Ok(())
        })
        .expect("mails");
    });
}

/// Payment pages at the gateway, as if they had been asked for; made once.
fn prepare(
    conn: &mut PgConnection,
    keys: &Keyring,
    merchant: Uuid,
    payments: &[(Uuid, String)],
    now: chrono::DateTime<chrono::Utc>,
) {
    for (payment, _) in payments {
        let id = Uuid::now_v7();
        let token = crypto::token::<24>().expect("random bytes");
        let sealed = || keys.seal(id, &token).expect("a key");
        diesel::insert_into(gateway_sessions::table)
            .values((
                gateway_sessions::merchant_id.eq(merchant),
                gateway_sessions::id.eq(id),
                gateway_sessions::email_payment_id.eq(payment),
                gateway_sessions::merchant_token_hash.eq(crypto::hash(&token)),
                gateway_sessions::merchant_token_encrypted.eq(sealed()),
                gateway_sessions::customer_token_encrypted.eq(sealed()),
                gateway_sessions::callback_key_hash.eq(crypto::hash(&token)),
                gateway_sessions::prepared_at.eq(now),
                gateway_sessions::expires_at.eq(now + chrono::Duration::days(30)),
                gateway_sessions::is_current.eq(true),
                gateway_sessions::next_check_at.eq(now + chrono::Duration::days(1)),
            ))
            .on_conflict_do_nothing()
            .execute(conn)
            .expect("a session");
    }
}
