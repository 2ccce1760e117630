//! The doors by which a document comes into a merchant's area, and what each of them refuses.

use std::process::{Command, Output};
use std::sync::atomic::Ordering;

use central::auth::api::Scope;
use central::db::Tenants;
use central::kernel::{Currency, Error, Money};
use central::store::Store;
use chrono::Timelike as _;
use data_encoding::HEXLOWER;
use diesel::PgConnection;
use openidconnect::reqwest::{Method, StatusCode};
use serde_json::json;

use crate::api_provider::{Issuer, but, claims};
use crate::support::*;

const GOOD: [(&str, &str); 7] = [
    ("kind", "invoice"),
    ("number", "FT-2026-10418"),
    ("period_from", "2026-10-01"),
    ("period_until", "2026-10-31"),
    ("issued_on", "2026-11-02"),
    ("currency", "EUR"),
    ("total", "312.44"),
];

fn with<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields: Vec<(&str, &str)> = GOOD.to_vec();
    fields.retain(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
    fields.extend(changes);
    fields
}

/// The form of the platform's accountant, sent with a file.
async fn publish(
    irene: &mut Browser,
    app: &TestApp,
    changes: &[(&str, &str)],
    file: &[u8],
) -> Page {
    let base = format!("/merchants/{}/documents", app.world.first);
    let page = irene.get(&format!("{base}/new")).await;
    irene.submit_file(&page, &base, &with(changes), ("x.pdf", file)).await
}

/// Nothing of a document is there, not even its bytes.
fn nothing_is_stored(app: &TestApp) {
    for table in ["documents", "document_states", "objects", "object_pieces"] {
        assert_eq!(app.count(table), 0, "{table}");
    }
    assert_eq!(app.count("audit_log WHERE action = 'document.publish'"), 0);
}

#[actix_web::test]
async fn an_accountant_publishes_and_the_merchant_has_it_at_once() {
    let app = TestApp::start().await;
    let mut irene = app.sign_in(IRENE).await;
    let answer = publish(&mut irene, &app, &[], &pdf("one")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text("main"));
    let page = irene.get(&answer.location().unwrap()).await;
    assert!(page.text(".flash").contains("FT-2026-10418 is published."));
    let mut anna = app.sign_in(ANNA).await;
    let list = anna.get("/accounting/documents").await;
    assert_eq!(list.texts("tr.unread .two"), ["FT-2026-10418"]);
    assert_eq!(
        app.text("SELECT state || ' ' || total_minor || ' ' || source FROM documents"),
        "waiting_accountant_payment 31244 page"
    );
    let by = "audit_log WHERE action = 'document.publish'
        AND user_id = (SELECT id FROM users WHERE subject = 'irene')";
    assert_eq!(app.count(by), 1);

    // The form once more is the same document; the number with other bytes is none.
    let again = publish(&mut irene, &app, &[], &pdf("one")).await;
    assert_eq!(again.location(), answer.location());
    let page = irene.get(&again.location().unwrap()).await;
    assert!(page.text(".flash").contains("was published already"), "{}", page.text(".flash"));
    // The same file with another entry is not what was published.
    for change in [("total", "312.45"), ("period_from", "2026-10-02"), ("kind", "credit_note")] {
        let other = publish(&mut irene, &app, &[change], &pdf("one")).await;
        assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY, "{change:?}");
        assert_eq!(other.text("#number-e"), "Error: Another document has this number");
    }
    let other = publish(&mut irene, &app, &[], &pdf("two")).await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(other.text("#number-e"), "Error: Another document has this number");
    assert_eq!(other.attribute("#number", "value"), "FT-2026-10418", "what was typed is kept");
    // Another provider counts by itself, and so does another merchant.
    let other = publish(&mut irene, &app, &[("provider", "Acquirer One")], &pdf("two")).await;
    assert_eq!(other.status, StatusCode::SEE_OTHER);
    app.document(app.world.second, "FT-2026-10418", |_| ()).await;
    assert_eq!((app.count("documents"), app.count("objects")), (3, 3));
}

#[actix_web::test]
async fn sec_17_what_is_wrong_is_told_at_its_field_and_nothing_is_half_stored() {
    let app = TestApp::start().await;
    let mut irene = app.sign_in(IRENE).await;
    let good = pdf("one");
    for (changes, field) in [
        (&[("number", "")][..], "number"),
        (&[("number", "a\u{202e}b")], "number"),
        (&[("period_until", "2026-09-30")], "period_until"),
        (&[("period_from", "")], "period_from"),
        (&[("due_on", "2026-11-01")], "due_on"),
        (&[("currency", "XXX")], "currency"),
        (&[("currency", "euro")], "currency"),
        (&[("total", "1.234")], "total"),
        (&[("total", "many")], "total"),
        (&[("corrects", "FT-0")], "corrects"),
        (&[("kind", "letter")], "kind"),
    ] {
        let page = publish(&mut irene, &app, changes, &good).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{changes:?}");
        assert!(page.has(&format!("#{field}-e")), "{changes:?}: {}", page.text(".errors"));
        assert_eq!(page.texts(".errors li").len(), 2, "{changes:?}: it and the file once more");
    }
    let large = [b"%PDF-1.4\n".as_slice(), &vec![b'x'; 25 * 1024 * 1024], b"\n%%EOF"].concat();
    for (file, words) in [
        (&b"<html>%PDF-1.4 %%EOF</html>"[..], "Error: The file is no PDF"),
        (b"%PDF-1.4 without an end", "Error: The file is no PDF"),
        (b"PK\x03\x04%PDF-1.4%%EOF", "Error: The file is no PDF"),
        (b"", "Error: The file is empty"),
        (&large, "Error: The file is larger than 25 MiB"),
    ] {
        let page = publish(&mut irene, &app, &[], file).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{words}");
        assert_eq!(page.text("#file-e"), words);
    }
    nothing_is_stored(&app);
}

#[actix_web::test]
async fn a_document_of_the_largest_size_comes_back_whole() {
    let app = TestApp::start().await;
    let mut irene = app.sign_in(IRENE).await;
    let most = 25 * 1024 * 1024 - 9 - 6;
    let large = [b"%PDF-1.4\n".as_slice(), &vec![b'x'; most], b"\n%%EOF"].concat();
    let answer = publish(&mut irene, &app, &[], &large).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text("main"));
    let file = irene.get(&format!("{}/file", answer.location().unwrap())).await;
    assert_eq!(file.header("content-length").as_deref(), Some("26214400"));
    assert!(file.body.as_bytes() == large);
    assert_eq!(app.count("object_pieces"), 100);
}

#[actix_web::test]
async fn a_correction_points_to_what_it_corrects_and_takes_its_place() {
    let app = TestApp::start().await;
    let old = app.document(app.world.first, "FT-1", |_| ()).await;
    let mut irene = app.sign_in(IRENE).await;
    let changes = [("number", "FT-1-BIS"), ("corrects", "FT-1"), ("total", "-18,30")];
    let answer = publish(&mut irene, &app, &changes, &pdf("bis")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text("main"));
    assert_eq!(
        app.texts("SELECT state FROM documents ORDER BY number"),
        ["cancelled", "waiting_customer_payment"]
    );
    let mut anna = app.sign_in(ANNA).await;
    let page = anna.get(&format!("/accounting/documents/{old}")).await;
    assert_eq!(page.text("#chain-t + dl"), "Corrected byFT-1-BIS");
    assert!(page.text(".next").contains("Another document has taken its place."));
    let list = anna.get("/accounting/documents").await;
    assert_eq!(list.text(".totals dt"), "To be paid, EUR");
    assert_eq!(list.text(".totals .big"), "18.30");
    // What is replaced can't be replaced once more.
    let changes = [("number", "FT-1-TER"), ("corrects", "FT-1")];
    let page = publish(&mut irene, &app, &changes, &pdf("ter")).await;
    assert_eq!(page.text("#corrects-e"), "Error: That document is replaced already");

    // A paid one stays paid: its money went.
    let paid = app.document(app.world.first, "FT-2", |_| ()).await;
    app.change(&format!("UPDATE documents SET state = 'paid' WHERE id = '{paid}'"));
    let changes = [("number", "FT-2-BIS"), ("corrects", "FT-2")];
    publish(&mut irene, &app, &changes, &pdf("2bis")).await;
    assert_eq!(app.text("SELECT state FROM documents WHERE number = 'FT-2'"), "paid");
}

/// A form of parts for the API.
fn parts(fields: &[(&str, &str)], file: &str) -> String {
    let parts: Vec<String> = fields
        .iter()
        .map(|(name, value)| {
            format!("--fence\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        })
        .collect();
    let file = format!(
        "--fence\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x.pdf\"\r\n\
         Content-Type: application/pdf\r\n\r\n{file}\r\n--fence--\r\n"
    );
    parts.concat() + &file
}

async fn send(program: &Program, key: Option<&str>, fields: &[(&str, &str)], file: &str) -> Page {
    let mut headers = vec![("Content-Type", "multipart/form-data; boundary=fence")];
    headers.extend(key.map(|key| ("Idempotency-Key", key)));
    program.request(Method::POST, "/api/v1/documents", &headers, &parts(fields, file)).await
}

#[actix_web::test]
async fn the_platforms_program_publishes_by_the_same_rules() {
    let app = TestApp::start().await;
    let issuer = Issuer::of(&app).await;
    let irene = but(&claims(&app, IRENE), "scope", json!("documents:write"));
    let program = app.program(&issuer.sign(&issuer.header(), &irene));
    let merchant = app.world.first.to_string();
    let file = String::from_utf8(pdf("api")).unwrap();
    let fields = [
        ("merchant_id", merchant.as_str()),
        ("type", "payout_statement"),
        ("number", "AC-1"),
        ("period_from", "2026-10-01"),
        ("period_until", "2026-10-31"),
        ("issued_on", "2026-11-02"),
        ("currency", "JPY"),
        ("total_minor", "-1830"),
    ];
    let page = send(&program, Some("1"), &fields, &file).await;
    assert_eq!(page.status, StatusCode::CREATED, "{}", page.body);
    let first = page.json();
    assert_eq!(first["state"], "informative");
    assert_eq!(first["total_minor"], -1830);
    let replayed = send(&program, Some("1"), &fields, &file).await;
    assert_eq!(replayed.header("idempotent-replayed").as_deref(), Some("true"));
    assert_eq!(replayed.json(), first);
    let other = file.replace("api", "ipa");
    let page = send(&program, Some("1"), &fields, &other).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "the key of another request");
    // Without a key the number and the bytes are one.
    let page = send(&program, None, &fields, &file).await;
    assert_eq!((page.status, page.json()["id"].clone()), (StatusCode::OK, first["id"].clone()));
    let page = send(&program, None, &fields, &other).await;
    assert_eq!(page.json()["errors"][0]["field"], "number");
    let named = "audit_log WHERE action = 'document.publish' AND after -> 'program' ->> 'api_client' = 'shop'";
    assert_eq!((app.count("documents"), app.count(named)), (1, 1));

    for (name, value, field) in [
        ("type", "letter", "type"),
        ("total_minor", "18.30", "total_minor"),
        ("total_minor", "9999999999999", "total_minor"),
        ("period_until", "2026-09-30", "period_until"),
        ("currency", "XXX", "currency"),
        ("merchant_id", "first", "merchant_id"),
        ("colour", "blue", "colour"),
    ] {
        let mut fields = fields.to_vec();
        fields.retain(|(known, _)| *known != name);
        fields.push((name, value));
        let page = send(&program, None, &fields, &file).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}={value}");
        assert_eq!(page.json()["errors"][0]["field"], field, "{}", page.body);
    }
    let page = send(&program, None, &fields, "no pdf").await;
    assert_eq!(page.json()["errors"][0]["field"], "file");

    // The merchant's own program reads it, and gets the bytes.
    let reader = app.annas_program();
    let page = reader.get("/api/v1/documents?type=payout_statement").await;
    assert_eq!(page.json()["data"][0], first, "{}", page.body);
    let at = format!("/api/v1/documents/{}", first["id"].as_str().unwrap());
    assert_eq!(reader.get(&at).await.json(), first);
    assert_eq!(reader.get(&format!("{at}/file")).await.body, file);
    assert_eq!(
        reader.get("/api/v1/documents?kind=x").await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
}

#[actix_web::test]
async fn a_document_without_a_day_is_issued_today_where_its_merchant_is() {
    let app = TestApp::start().await;
    let (now, first) = (app.clock.now(), app.world.first.to_string());
    // Of these two it is one's turn: another day than in UTC, where the platform's people read.
    let zone = if now.hour() < 10 { "Pacific/Pago_Pago" } else { "Pacific/Kiritimati" };
    app.change(&format!("UPDATE merchants SET time_zone = '{zone}' WHERE id = '{first}'"));
    let today = now.with_timezone(&zone.parse::<chrono_tz::Tz>().unwrap()).date_naive();
    assert_ne!(today, now.date_naive());
    let issued = |number: &str| {
        app.text(&format!("SELECT issued_on::text FROM documents WHERE number = '{number}'"))
    };
    let mut irene = app.sign_in(IRENE).await;
    let form = irene.get(&format!("/merchants/{first}/documents/new")).await;
    assert_eq!(form.attribute("#issued_on", "value"), today.to_string());
    let nothing = [("number", "BY-PAGE"), ("issued_on", "")];
    let answer = publish(&mut irene, &app, &nothing, &pdf("one")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text("main"));
    assert_eq!(issued("BY-PAGE"), today.to_string());

    let issuer = Issuer::of(&app).await;
    let claims = but(&claims(&app, IRENE), "scope", json!("documents:write"));
    let program = app.program(&issuer.sign(&issuer.header(), &claims));
    let fields = [
        ("merchant_id", first.as_str()),
        ("type", "invoice"),
        ("number", "BY-API"),
        ("period_from", "2026-10-01"),
        ("period_until", "2026-10-31"),
        ("currency", "EUR"),
        ("total_minor", "1"),
    ];
    let file = String::from_utf8(pdf("two")).unwrap();
    let page = send(&program, None, &fields, &file).await;
    assert_eq!(page.status, StatusCode::CREATED, "{}", page.body);
    assert_eq!(issued("BY-API"), today.to_string());
}

#[actix_web::test]
async fn sec_09_only_the_platforms_accountants_publish_by_a_program() {
    let app = TestApp::start().await;
    let issuer = Issuer::of(&app).await;
    let second = app.world.second.to_string();
    let fields = [("merchant_id", second.as_str())];
    // A merchant's own token, whatever its scopes say.
    let page = send(&app.annas_program(), None, &fields, "x").await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    for (person, scope, status) in [
        (ANNA, "documents:write", StatusCode::FORBIDDEN),
        (SOFIA, "documents:write", StatusCode::FORBIDDEN),
        (ADA, "documents:write", StatusCode::FORBIDDEN),
        (NOBODY, "documents:write", StatusCode::FORBIDDEN),
        (IRENE, "documents:read email_payments:write", StatusCode::FORBIDDEN),
        // Good, and not for this merchant.
        (IRENE, "documents:write", StatusCode::NOT_FOUND),
    ] {
        let token = but(&claims(&app, person), "scope", json!(scope));
        let program = app.program(&issuer.sign(&issuer.header(), &token));
        let page = send(&program, None, &fields, "x").await;
        assert_eq!(page.status, status, "{person} {scope}: {}", page.body);
    }
    // Nor does a person of the platform read a merchant's documents by a program.
    let token = but(&claims(&app, IRENE), "scope", json!("documents:read"));
    let program = app.program(&issuer.sign(&issuer.header(), &token));
    assert_eq!(program.get("/api/v1/documents").await.status, StatusCode::FORBIDDEN);
    let page = app.program("central_x").get("/api/v1/documents").await;
    assert_eq!(page.status, StatusCode::UNAUTHORIZED);
    assert!(!Scope::of(central::auth::MerchantRole::Owner).any(|it| it == Scope::PublishDocuments));
    nothing_is_stored(&app);
}

/// `central document publish` with these options, in the environment of the app.
fn command(app: &TestApp, more: &[(&str, &str)], options: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_central"));
    command.args(["document", "publish"]).env_clear().envs(app.settings());
    command.envs(more.iter().copied());
    for (name, value) in options {
        command.arg(format!("{name}={value}"));
    }
    command.output().unwrap()
}

#[actix_web::test]
async fn the_command_publishes_by_the_same_rules() {
    let app = TestApp::start().await;
    let folder = std::env::temp_dir().join(format!("central-{}", uuid::Uuid::new_v4()));
    std::fs::create_dir(&folder).unwrap();
    let file = folder.join("f.pdf");
    std::fs::write(&file, pdf("command")).unwrap();
    let (merchant, path) = (app.world.first.to_string(), file.display().to_string());
    let good = [
        ("--merchant", merchant.as_str()),
        ("--type", "invoice"),
        ("--number", "X-1"),
        ("--period", "2026-10-01/2026-10-31"),
        ("--currency", "EUR"),
        ("--total-minor", "31244"),
        ("--file", path.as_str()),
    ];
    let first = command(&app, &[], &good);
    assert!(first.status.success(), "{first:?}");
    let id = String::from_utf8(first.stdout).unwrap();
    assert_eq!(app.text("SELECT id FROM documents"), id.trim());
    assert_eq!(String::from_utf8(command(&app, &[], &good).stdout).unwrap(), id, "once");
    assert_eq!(app.count("audit_log WHERE action = 'document.publish' AND actor = 'operator'"), 1);

    std::fs::write(&file, "no pdf").unwrap();
    let stranger = central::kernel::MerchantId::new().to_string();
    for (name, value, said) in [
        ("--file", path.as_str(), "--file: The file is no PDF"),
        ("--period", "2026-10-31/2026-10-01", "--period: The period ends before it begins"),
        ("--currency", "XXX", "--currency: Enter a currency"),
        ("--total-minor", "1.5", "--total-minor: Enter a whole number"),
        ("--type", "letter", "--type: Choose"),
        ("--merchant", "first", "is no merchant's id"),
        ("--file", "/nowhere.pdf", "can't be read"),
    ] {
        let mut options = good.to_vec();
        options.retain(|(known, _)| *known != name);
        options.push((name, value));
        let output = command(&app, &[], &options);
        let words = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), words.contains(said)), (Some(1), true), "{words}");
    }
    std::fs::write(&file, pdf("other")).unwrap();
    let output = command(&app, &[], &good);
    let words = String::from_utf8(output.stderr).unwrap();
    assert!(words.contains("--number: Another document has this number"), "{words}");
    let mut options = good.to_vec();
    options.retain(|(known, _)| *known != "--merchant");
    options.push(("--merchant", stranger.as_str()));
    assert_eq!(command(&app, &[], &options).status.code(), Some(1), "no such merchant");
    assert_eq!((app.count("documents"), app.count("objects")), (1, 1));
    std::fs::remove_dir_all(folder).unwrap();
}

#[actix_web::test]
async fn documents_may_lie_in_a_folder() {
    let folder = std::env::temp_dir().join(format!("central-{}", uuid::Uuid::new_v4()));
    let url = format!("file://{}", folder.display());
    let app = TestApp::start_with(&[("DOCUMENTS_URL", &url)]).await;
    let id = app.document(app.world.first, "FT-1", |new| {
        new.total = Money::new(5, Currency::KWD);
    });
    let id = id.await;
    assert_eq!((app.count("documents"), app.count("objects")), (1, 0));
    let mut anna = app.sign_in(ANNA).await;
    let at = format!("/accounting/documents/{id}/file");
    assert_eq!(anna.get(&at).await.body.as_bytes(), pdf("FT-1"));
    // Bytes that are not those that were published are not given out as if they were.
    let hash = app.text("SELECT encode(sha256, 'hex') FROM documents");
    let file = folder.join(app.world.first.to_string()).join(hash);
    std::fs::remove_file(&file).unwrap();
    assert_eq!(anna.get(&at).await.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(app.count("audit_log WHERE action = 'document.download' AND NOT is_done"), 1);
    std::fs::remove_dir_all(folder).unwrap();
}

#[actix_web::test]
async fn documents_may_lie_in_a_bucket() {
    let s3 = S3::start();
    let app = TestApp::start_with(&s3.settings()).await;
    let id = app.document(app.world.first, "FT-1", |_| ()).await;
    assert_eq!((app.count("documents"), app.count("objects")), (1, 0));
    let hash = app.text("SELECT encode(sha256, 'hex') FROM documents");
    let path = format!("/bucket/central/documents/{}/{hash}", app.world.first);
    assert_eq!(s3.objects.lock().unwrap().keys().collect::<Vec<_>>(), [&path]);
    let mut anna = app.sign_in(ANNA).await;
    let at = format!("/accounting/documents/{id}/file");
    assert_eq!(anna.get(&at).await.body.as_bytes(), pdf("FT-1"));

    // The same bytes once more are the same object; those of a number that is taken do no harm.
    let store = Store::new(&app.config.documents).unwrap();
    let kept = store.keep(app.world.first, pdf("FT-1")).await.unwrap();
    assert_eq!((HEXLOWER.encode(kept.sha256()), s3.objects.lock().unwrap().len()), (hash, 1));

    // Bytes that are not those that were published are not given out as if they were.
    s3.objects.lock().unwrap().insert(path.clone(), pdf("FT-2").into());
    let (merchant, reader, sha256) = (app.world.first, store.clone(), *kept.sha256());
    let read = move |conn: &mut PgConnection| reader.read(conn, merchant, &sha256, &mut |_| Ok(()));
    let wrong = app.jobs_db().run(Tenants::one(merchant), read).await;
    assert!(matches!(wrong, Err(Error::Internal(..))), "{wrong:?}");
    s3.objects.lock().unwrap().remove(&path);
    assert_eq!(anna.get(&at).await.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(app.count("audit_log WHERE action = 'document.download' AND NOT is_done"), 1);

    s3.is_busy.store(true, Ordering::Relaxed);
    let busy = store.keep(app.world.first, pdf("FT-3")).await;
    assert!(matches!(busy, Err(Error::Unavailable(..))), "{:?}", busy.map(|_| "kept"));
}
