//! The catalogue of Alipay+'s wallets: who replaces it, what they are told, who sees it.

use central::kernel::{Currency, Money};
use chrono::Duration;
use openidconnect::reqwest::StatusCode;

use crate::support::*;

const WALLETS: &str = "/merchants/wallets";
const MINE: &str = "/settings/payment-methods";
const HEAD: &str = "wallet,name,country,currency,smallest,largest,way\n";

async fn replace(browser: &mut Browser, content: &str) -> Page {
    let page = browser.get(WALLETS).await;
    browser.submit_file(&page, WALLETS, &[], ("wallets.csv", content.as_bytes())).await
}

fn names(page: &Page) -> Vec<String> {
    page.texts("table[role=table] tbody th")
}

#[actix_web::test]
async fn a_new_catalogue_is_at_once_what_merchants_see_and_an_old_one_can_be_put_back() {
    let app = TestApp::start().await;
    let (mut sofia, mut anna) = (app.sign_in(SOFIA).await, app.sign_in(ANNA).await);
    let page = anna.get(MINE).await;
    let before = page.texts("#wallets tbody th");
    for name in ["Alipay", "AlipayHK", "DANA", "GCash", "Kakao Pay", "TrueMoney"] {
        assert!(before.iter().any(|known| known == name), "{name}: {before:?}");
    }
    let file = sofia.get(&format!("{WALLETS}/0/file")).await;
    assert_eq!(file.header("content-type").as_deref(), Some("text/csv; charset=utf-8"));

    // As somebody changes it in a spreadsheet: one wallet gone, one with bounds, one new.
    let lines = file.body.lines().filter(|line| !line.starts_with("dana,"));
    let changed = lines
        .map(|line| line.replace("gcash,GCash,PH,PHP,,,", "gcash,GCash,PH,PHP,1,50000,"))
        .chain(["bluecode,Bluecode,AT,EUR,,,qr".to_owned()])
        .collect::<Vec<_>>()
        .join("\r\n");
    let done = replace(&mut sofia, &changed).await;
    assert_eq!(done.location().as_deref(), Some(WALLETS), "{}", done.main());
    let page = sofia.get(WALLETS).await;
    assert_eq!(page.text(".flash"), "The catalogue counts now: 1 added, 1 changed, 1 withdrawn");
    let page = anna.get(MINE).await;
    let row = page.text("#wallets");
    assert!(row.contains("BluecodeAustriaEURThey scan a code"), "{row}");
    assert!(row.contains("PHP 1.00 to 50,000.00") && !row.contains("DANA"), "{row}");

    // The same again changes nothing.
    replace(&mut sofia, &changed).await;
    assert_eq!(app.count("wallet_catalogues"), 1);
    let page = sofia.get(WALLETS).await;
    assert_eq!(page.texts("form[action$=restore]").len(), 1);
    sofia.submit(&page, &format!("{WALLETS}/0/restore"), &[], "").await;
    assert_eq!(anna.get(MINE).await.texts("#wallets tbody th"), before);
    let page = sofia.get(WALLETS).await;
    let version = app.text("SELECT min(id)::text FROM wallet_catalogues");
    sofia.submit(&page, &format!("{WALLETS}/{version}/restore"), &[], "").await;
    assert!(anna.get(MINE).await.text("#wallets").contains("Bluecode"));
    assert!(sofia.get(WALLETS).await.text("main").contains(&format!("version {version} put back")));
    assert_eq!(app.count("audit_log WHERE action = 'wallets.replace'"), 3);
}

#[actix_web::test]
async fn a_faulty_file_changes_nothing_and_is_told_line_by_line() {
    let app = TestApp::start().await;
    let mut sofia = app.sign_in(SOFIA).await;
    let before = names(&sofia.get(WALLETS).await);
    let latin = format!("{HEAD}caf\u{e9},X,CN,CNY,,,qr\n");
    let latin: Vec<u8> = latin.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    for (content, words) in [
        (format!("{HEAD}a,X,ZZ,CNY,,,qr\nb,Y,CN,CNY,,,nfc\n").into_bytes(), "Line 2: “ZZ”"),
        (format!("{HEAD}a,X,ZZ,CNY,,,qr\nb,Y,CN,CNY,,,nfc\n").into_bytes(), "Line 3: “nfc”"),
        (b"name,country\nX,CN\n".to_vec(), "wallet, currency, smallest, largest, way"),
        (latin, "UTF-8"),
        (vec![b'a'; 65 * 1024], "64 KiB"),
        (Vec::new(), "wallet"),
    ] {
        let page = sofia.get(WALLETS).await;
        let file = ("wallets.csv", content.as_slice());
        let answer = sofia.submit_file(&page, WALLETS, &[], file).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{words}");
        assert!(answer.text("main").contains(words), "{words}: {}", answer.text("main"));
        assert!(answer.has(".errors a[href='#file']"), "{words}");
    }
    assert_eq!((app.count("wallet_catalogues"), names(&sofia.get(WALLETS).await)), (0, before));
    for path in ["/7/file", "/x/file"] {
        assert_eq!(sofia.get(&format!("{WALLETS}{path}")).await.status, StatusCode::NOT_FOUND);
    }
}

#[actix_web::test]
async fn who_has_no_alipay_plus_reads_what_it_would_bring() {
    let app = TestApp::start().await;
    app.change(&format!(
        "INSERT INTO feature_switches SELECT '{}', gen_random_uuid(), 'alipay_plus', false, now() - interval '1 minute', 'x', NULL, id, now()
         FROM users WHERE subject = 'sofia'",
        app.world.first
    ));
    let page = app.sign_in(ANNA).await.get(MINE).await;
    assert!(!page.has("#wallets table"));
    let words = page.text("#wallets");
    assert!(words.contains("15 wallets in 11 countries"), "{words}");
}

#[actix_web::test]
async fn what_each_wallet_brought_in_the_last_days_stands_beside_it() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    assert!(anna.get(MINE).await.text("#collected").contains("No customer has paid"));
    let now = app.clock.now();
    for (number, network, euros, days, is_test) in [
        ("1", "GCash", 10, 1, false),
        ("2", "GCash", 20, 29, false),
        ("3", "Kakao Pay", 25, 2, false),
        ("4", "", 5, 2, false),
        ("5", "GCash", 700, 31, false),
        ("6", "GCash", 700, 1, true),
        ("7", "A Wallet Of Tomorrow", 1, 1, false),
    ] {
        app.transaction(app.world.first, number, |new| {
            new.method = "Alipay";
            new.details.network = network;
            new.amount = Money::new(euros * 100, Currency::EUR);
            new.occurred_at = now - Duration::days(days);
            new.is_test = is_test;
        });
    }
    app.transaction(app.world.first, "8", |new| new.details.network = "visa");
    app.transaction(app.world.second, "9", |new| {
        new.method = "Alipay";
        new.details.network = "GCash";
    });
    let rows = anna.get(MINE).await.texts("#collected tbody tr");
    assert_eq!(
        rows,
        [
            "GCash230.00 EUR",
            "Kakao Pay125.00 EUR",
            "Wallet not named15.00 EUR",
            "awalletoftomorrow11.00 EUR"
        ]
    );
}
