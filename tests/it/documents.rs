//! Accounting > Documents as merchants and the platform's people see them.

use central::auth::api::Scope;
use central::documents::publishing::Kind;
use central::kernel::{Currency, Money};
use openidconnect::reqwest::{Method, StatusCode};

use crate::support::*;

const DOCUMENTS: &str = "/accounting/documents";

/// A year of documents of the first merchant: invoices, a credit note, statements.
async fn year(app: &TestApp) {
    let first = app.world.first;
    for month in 1..=9 {
        app.document(first, &format!("FT-2026-{month}"), |new| {
            new.period_from = format!("2026-0{month}-01").parse().unwrap();
            new.period_until = format!("2026-0{month}-28").parse().unwrap();
            new.issued_on = format!("2026-0{month}-28").parse().unwrap();
            new.due_on = None;
            new.total = Money::new(10_000 * month, Currency::EUR);
        })
        .await;
    }
    app.document(first, "NC-1", |new| {
        new.kind = Kind::CreditNote;
        new.total = Money::new(-1_830, Currency::EUR);
    })
    .await;
    app.document(first, "AC-1", |new| {
        new.kind = Kind::PayoutStatement;
        "Acquirer One".clone_into(&mut new.provider);
        new.total = Money::new(591_402, Currency::JPY);
    })
    .await;
}

#[actix_web::test]
async fn a_merchant_finds_its_documents_by_month_with_what_is_owed() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    assert_eq!(anna.get(DOCUMENTS).await.text(".empty h2"), "No documents yet");
    year(&app).await;
    let page = anna.get(DOCUMENTS).await;
    assert_eq!(page.texts("tr.month th").len(), 10, "each month once");
    assert_eq!(page.text("tr.month th"), "November 2026");
    assert_eq!(page.text(".list-foot .muted"), "11 documents");
    // 100 + 200 + … + 900, less the credit note; what tells nothing but what happened is not owed.
    assert_eq!(page.texts(".totals .big"), ["4,481.70"]);
    assert_eq!(page.text(".totals .sub"), "from 10 open documents");
    let owed = anna.get(&page.attribute(".totals .sub a", "href")).await;
    assert_eq!(owed.text(".list-foot .muted"), "10 documents");
    assert_eq!(page.texts("tr.unread").len(), 11);

    for (query, count) in [
        ("type=credit_note", 1),
        ("type=credit_note&type_op=not", 10),
        ("state=informative", 1),
        ("currency=JPY", 1),
        ("amount_op=is&amount_min=18.30", 1),
        ("amount_op=at_least&amount_min=900", 2),
        ("number=ft-2026", 9),
        ("number_op=is&number=NC-1", 1),
        ("provider=acquirer", 1),
        ("issued_from=2026-03-01&issued_to=2026-04-30", 2),
        ("due_to=2026-11-16", 2),
        ("period_from=2026-01-28&period_to=2026-02-01", 2),
        ("unread=yes", 11),
        ("q=FT-2026-3", 1),
        ("q=300.00", 1),
    ] {
        let page = anna.get(&format!("{DOCUMENTS}?{query}")).await;
        let words = if count == 1 { "1 document".to_owned() } else { format!("{count} documents") };
        assert_eq!(page.text(".list-foot .muted"), words, "{query}");
    }
    let page = anna.get(&format!("{DOCUMENTS}?state=paid")).await;
    assert_eq!(page.text(".empty h2"), "Nothing fits");
    let page = anna.get(&format!("{DOCUMENTS}?sort=amount&size=25")).await;
    assert!(page.text("tbody tr th").contains("NC-1") && !page.has("tr.month"));
}

#[actix_web::test]
async fn pages_of_the_list_follow_each_other_in_every_order() {
    let app = TestApp::start().await;
    for number in 0..60 {
        app.document(app.world.first, &format!("FT-{number:02}"), |new| {
            new.total = Money::new(number % 7, Currency::EUR);
        })
        .await;
    }
    let mut anna = app.sign_in(ANNA).await;
    for sort in ["issued", "-issued", "number", "-number", "amount", "-amount"] {
        let mut seen = Vec::new();
        let mut next = format!("{DOCUMENTS}?sort={sort}");
        loop {
            let page = anna.get(&next).await;
            seen.extend(page.texts("tbody tr:not(.month) .two"));
            if !page.has("a[rel=next]") {
                break;
            }
            next = page.attribute("a[rel=next]", "href");
        }
        let count = seen.len();
        seen.sort();
        seen.dedup();
        assert_eq!((count, seen.len()), (60, 60), "{sort}");
    }
}

#[actix_web::test]
async fn unread_marks_are_each_users_own() {
    let app = TestApp::start().await;
    let id = app.document(app.world.first, "FT-1", |_| ()).await;
    app.document(app.world.first, "FT-2", |_| ()).await;
    let (mut anna, mut aldo) = (app.sign_in(ANNA).await, app.sign_in(ALDO).await);
    let at = format!("{DOCUMENTS}/{id}");

    // To ask for the head is not to read; nor is it to look on behalf of the platform.
    anna.request(Method::HEAD, &at, &[], "").await;
    let staff = format!("/merchants/{}/documents/{id}", app.world.first);
    assert_eq!(app.sign_in(SOFIA).await.get(&staff).await.status, StatusCode::OK);
    assert_eq!(app.count("document_reads"), 0);

    anna.get(&at).await;
    assert_eq!(anna.get(DOCUMENTS).await.texts("tr.unread .two"), ["FT-2"]);
    assert_eq!(aldo.get(DOCUMENTS).await.texts("tr.unread").len(), 2);
    let page = aldo.get(&format!("{DOCUMENTS}?open={id}")).await;
    assert!(page.has("#preview .paper") && page.has("tr.is-open"), "{}", page.body);
    assert_eq!(aldo.get(DOCUMENTS).await.texts("tr.unread .two"), ["FT-2"]);
    let page = anna.get(&at).await;
    assert!(page.text("main").contains("Aldo Neri"), "both see who has read it");
    assert_eq!(anna.get(DOCUMENTS).await.texts(".views .n"), ["2", "1", "2", "0"]);

    let answer = anna.submit(&page, &format!("{at}/read"), &[], "is_read=false").await;
    assert_eq!(answer.location().as_deref(), Some(DOCUMENTS));
    let page = anna.get(DOCUMENTS).await;
    assert_eq!(page.texts("tr.unread").len(), 2);
    assert_eq!(page.texts(".views .n"), ["2", "2", "2", "0"]);
    anna.submit(&page, &format!("{DOCUMENTS}/read"), &[], "").await;
    let page = anna.get(DOCUMENTS).await;
    assert!(!page.has("tr.unread"));
    assert!(page.text(".flash").contains("All documents are marked as read"));
    assert_eq!(page.texts(".views .n"), ["2", "0", "2", "0"]);
    assert_eq!(
        anna.get(&format!("{DOCUMENTS}?unread=yes")).await.text(".empty h2"),
        "Nothing fits"
    );
}

#[actix_web::test]
async fn what_is_kept_of_counts_is_what_a_recount_finds() {
    let app = TestApp::start().await;
    for n in 0..6 {
        app.document(app.world.first, &format!("FT-{n}"), |_| ()).await;
    }
    app.document(app.world.second, "B-1", |_| ()).await;
    let (mut anna, mut aldo) = (app.sign_in(ANNA).await, app.sign_in(ALDO).await);
    let page = aldo.get(DOCUMENTS).await;
    aldo.submit(&page, &format!("{DOCUMENTS}/read"), &[], "").await;
    // A second time marks nothing more.
    aldo.submit(&page, &format!("{DOCUMENTS}/read"), &[], "").await;
    anna.get(&page.attribute("tbody a.main-link", "href")).await;
    app.document(app.world.first, "FT-late", |_| ()).await;

    for (kept, counted) in [
        (
            "SELECT merchant_id, kind, documents FROM document_counts",
            "SELECT merchant_id, kind, count(*) FROM documents GROUP BY 1, 2",
        ),
        (
            "SELECT merchant_id, user_id, documents FROM document_read_counts",
            "SELECT merchant_id, user_id, count(*) FROM document_reads GROUP BY 1, 2",
        ),
    ] {
        assert!(app.count(&format!("({kept}) k")) > 1, "{kept}");
        for (one, other) in [(kept, counted), (counted, kept)] {
            assert_eq!(app.count(&format!("({one} EXCEPT ALL {other}) d")), 0, "{one}");
        }
    }
    // Marks that go are taken off.
    app.change(&format!(
        "DELETE FROM document_reads WHERE user_id = (SELECT id FROM users WHERE subject = '{ALDO}')"
    ));
    assert_eq!(app.count("document_read_counts WHERE documents = 0"), 1);
}

#[actix_web::test]
async fn sec_17_a_download_is_the_bytes_as_published_and_stands_in_the_audit() {
    let app = TestApp::start().await;
    let id = app.document(app.world.first, "FT/2026 é", |_| ()).await;
    let mut anna = app.sign_in(ANNA).await;
    let at = format!("{DOCUMENTS}/{id}");
    let head = anna.request(Method::HEAD, &format!("{at}/file"), &[], "").await;
    assert_eq!(
        (head.status, app.count("audit_log WHERE action = 'document.download'")),
        (StatusCode::OK, 0)
    );
    let file = anna.get(&format!("{at}/file")).await;
    assert_eq!(file.body.as_bytes(), pdf("FT/2026 é"));
    for (name, value) in [
        ("content-type", "application/pdf"),
        (
            "content-disposition",
            "attachment; filename=\"FT_2026__.pdf\"; filename*=UTF-8''FT%2F2026%20%C3%A9.pdf",
        ),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "sandbox; default-src 'none'"),
    ] {
        assert_eq!(file.header(name).as_deref(), Some(value));
    }
    assert!(file.header("cache-control").unwrap().contains("no-store"));
    let hash = app.text("SELECT encode(sha256, 'hex') FROM documents");
    assert_eq!(file.header("etag"), Some(format!("\"{hash}\"")));
    let data = anna.get(&format!("{at}/data.csv")).await;
    assert!(data.body.contains("Invoice,FT/2026 é"), "{}", data.body);
    assert!(data.body.contains("312.44,EUR"), "{}", data.body);
    for path in ["file", "data.csv"] {
        let head = anna.request(Method::HEAD, &format!("{at}/{path}"), &[], "").await;
        assert_eq!(head.status, StatusCode::OK, "and nothing of it is noted: {path}");
    }
    let zip = anna.get(&format!("{DOCUMENTS}.zip?month=2026-11")).await;
    assert_eq!(zip.header("content-type").as_deref(), Some("application/zip"));
    app.until("all are noted", async || {
        app.count("audit_log WHERE action = 'document.download' AND is_done") == 3
    })
    .await;
    for (month, status) in [
        ("2026-10", StatusCode::NOT_FOUND),
        ("", StatusCode::BAD_REQUEST),
        ("2026-13", StatusCode::BAD_REQUEST),
        ("..%2f", StatusCode::BAD_REQUEST),
    ] {
        let page = anna.get(&format!("{DOCUMENTS}.zip?month={month}")).await;
        assert_eq!(page.status, status, "{month}");
    }
    assert!(zip.body.starts_with("PK") && zip.body.contains("FT_2026 é.pdf"));
}

#[actix_web::test]
async fn sec_18_the_list_leaves_as_a_file_with_a_record() {
    let app = TestApp::start().await;
    year(&app).await;
    let mut aldo = app.sign_in(ALDO).await;
    let page = aldo.get(&format!("{DOCUMENTS}/exports?type=credit_note")).await;
    assert_eq!(page.text(".chip"), "Document: Credit note");
    let file = aldo.get(&format!("{DOCUMENTS}.csv?type=credit_note&separator=comma")).await;
    let lines: Vec<&str> = file.body.lines().collect();
    assert_eq!(
        lines,
        [
            "Document,Number,Period from,Period to,Total,Currency,State,Issued",
            "Credit note,NC-1,2026-10-01,2026-10-31,-18.30,EUR,Waiting for payment by the merchant,2026-11-02",
        ]
    );
    app.until("the record has ended", async || {
        app.count("exports WHERE list = 'documents' AND state = 'done' AND rows = 1") == 1
    })
    .await;
    assert_eq!(app.count("audit_log WHERE action = 'document.export' AND is_done"), 1);
    let page = aldo.get(&format!("{DOCUMENTS}/exports")).await;
    assert!(page.text("#exports").contains("Document: Credit note"));
}

#[actix_web::test]
async fn columns_and_views_are_kept_for_documents_as_for_any_list() {
    let app = TestApp::start().await;
    year(&app).await;
    let mut anna = app.sign_in(ANNA).await;
    let page = anna.get(DOCUMENTS).await;
    assert_eq!(page.texts(".views .n"), ["11", "11", "10", "1"]);
    assert_eq!(anna.get(&format!("{DOCUMENTS}/columns")).await.status, StatusCode::OK);
    assert_eq!(anna.get(&format!("{DOCUMENTS}?filters=open")).await.status, StatusCode::OK);
    let page = anna.get(&format!("{DOCUMENTS}?state=paid&amount_min=x")).await;
    assert!(page.has("[aria-invalid=true]"), "what can't be read is told");
}

#[actix_web::test]
async fn an_accountant_moves_the_state_and_the_merchant_reads_why() {
    let app = TestApp::start().await;
    let id = app.document(app.world.first, "FT-1", |_| ()).await;
    let mut irene = app.sign_in(IRENE).await;
    let base = format!("/merchants/{}/documents", app.world.first);
    let ask = format!("{base}/{id}/state");
    let page = irene.get(&ask).await;
    assert_eq!(page.texts("input[name=state]").len(), 6);
    let wrong = irene.submit(&page, &ask, &[("state", "informative")], "").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(wrong.texts(".errors li").len(), 2, "no such move, and no reason");
    let fields =
        [("state", "blocked_missing_information"), ("reason", "The IBAN is missing: see ticket 7")];
    let answer = irene.submit(&page, &ask, &fields, "").await;
    assert_eq!(answer.location(), Some(format!("{base}/{id}")));
    assert_eq!(app.count("audit_log WHERE action = 'document.move' AND after ->> 'state' = 'blocked_missing_information'"), 1);

    let mut anna = app.sign_in(ANNA).await;
    let page = anna.get(&format!("{DOCUMENTS}/{id}")).await;
    let step = page.text(".next");
    assert!(step.contains("The IBAN is missing: see ticket 7"), "{step}");
    assert!(step.contains("Who acts: The merchant"), "{step}");
    assert!(page.text(".timeline").contains("Irene Vidal"));

    let page = irene.get(&ask).await;
    let paid = irene.submit(&page, &ask, &[("state", "paid"), ("reason", "x")], "").await;
    assert_eq!(paid.status, StatusCode::UNPROCESSABLE_ENTITY, "a blocked one is unblocked first");
    for (state, reason) in [("waiting_accountant_payment", "It came"), ("paid", "Sent today")] {
        let page = irene.get(&ask).await;
        let answer = irene.submit(&page, &ask, &[("state", state), ("reason", reason)], "").await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{state}");
    }
    assert_eq!(irene.get(&ask).await.status, StatusCode::CONFLICT, "paid is the end");
    assert_eq!(app.count("document_states"), 4);
}

#[actix_web::test]
async fn the_platform_sees_the_documents_of_its_own_merchants_only() {
    let app = TestApp::start().await;
    app.document(app.world.first, "FT-1", |_| ()).await;
    let foreign = app.document(app.world.second, "AF-1", |_| ()).await;
    for subject in [SOFIA, IRENE, ADA] {
        let mut browser = app.sign_in(subject).await;
        let page = browser.get("/accounting/merchants").await;
        assert_eq!(page.texts("tbody .main-link"), ["Ceramiche Bellini"], "{subject}");
        let page = browser.get(&page.attribute("tbody .main-link", "href")).await;
        assert_eq!(page.texts("tbody .two"), ["FT-1"]);
        assert_eq!(page.has("a[href$='/documents/new']"), subject == IRENE);
        assert!(!page.has("tr.unread") && !page.has(".views"));
        for path in ["", "/file", "/data.csv"] {
            let at = format!("/merchants/{}/documents/{foreign}{path}", app.world.first);
            assert_eq!(browser.get(&at).await.status, StatusCode::NOT_FOUND, "{subject} {path}");
        }
    }
    assert_eq!(
        app.sign_in(IRENE).await.open("/accounting/merchants").await.text("h1"),
        "Merchants’ documents"
    );
}

#[actix_web::test]
async fn sec_11_a_document_of_another_merchant_is_not_found_by_any_way() {
    let app = TestApp::start().await;
    let id = app.document(app.world.first, "FT-1", |_| ()).await;
    let mut bruno = app.sign_in(BRUNO).await;
    assert!(!bruno.get(DOCUMENTS).await.body.contains("FT-1"));
    assert!(!bruno.get(&format!("{DOCUMENTS}?open={id}")).await.has("#preview"));
    let csv = bruno.get(&format!("{DOCUMENTS}.csv")).await;
    assert!(!csv.body.contains("FT-1"));
    let program = app.program(&app.access_token(BRUNO, &[Scope::ReadDocuments]).token);
    for path in ["", "/file"] {
        let page = program.get(&format!("/api/v1/documents/{id}{path}")).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(program.get("/api/v1/documents").await.json()["data"], serde_json::json!([]));
    assert_eq!(app.count("document_reads"), 0);
}

#[actix_web::test]
async fn what_is_published_never_changes() {
    let app = TestApp::start().await;
    app.document(app.world.first, "FT-1", |_| ()).await;
    let tenants = central::db::Tenants::one(app.world.first);
    for db in [app.db(), app.jobs_db(), app.owner_db()] {
        for statement in [
            "UPDATE documents SET total_minor = 1",
            "UPDATE documents SET number = 'x'",
            "UPDATE documents SET sha256 = sha256('x')",
            "DELETE FROM documents",
            "UPDATE objects SET size_bytes = 1",
            "DELETE FROM objects",
            "UPDATE object_pieces SET bytes = 'x'",
            "DELETE FROM object_pieces",
            "UPDATE documents SET state = 'informative', state_at = now()",
        ] {
            assert!(change_as(&db, &tenants, statement).is_err(), "{statement}");
        }
    }
    let moved = "UPDATE documents SET state = 'paid', state_at = now()";
    assert_eq!(change_as(&app.db(), &tenants, moved).unwrap(), 1);
    let back = "UPDATE documents SET state = 'waiting_accountant_payment', state_at = now()";
    assert!(change_as(&app.db(), &tenants, back).is_err(), "the database knows the moves");
}

#[actix_web::test]
async fn a_link_to_a_document_of_ones_other_merchant_leads_to_a_switch() {
    let app = TestApp::start().await;
    let second = app.world.second.to_string();
    let anna = app.text(&format!("SELECT id FROM users WHERE subject = '{ANNA}'"));
    let document = app.document(app.world.second, "FT-1", |_| ()).await;
    let at = format!("/accounting/documents/{document}");
    let mut browser = app.sign_in(ANNA).await;
    assert_eq!(browser.get(&at).await.status, StatusCode::NOT_FOUND, "she does not work there");
    app.change(&format!("INSERT INTO memberships VALUES ('{second}', '{anna}', 'clerk', now())"));
    browser.works_for(&app.world.first).await;
    assert_eq!(browser.get(&at).await.status, StatusCode::NOT_FOUND, "her role there sees none");
    app.change(&format!(
        "UPDATE memberships SET role = 'accountant' WHERE merchant_id = '{second}' AND user_id = '{anna}'"
    ));
    let page = browser.get(&at).await;
    assert_eq!(page.text("h1"), "This document belongs to Atelier Fournier");
    assert_eq!(app.count("document_reads"), 0, "it is not read by that");
    let answer = browser.submit(&page, "/merchants/choose", &[], "").await;
    assert_eq!(answer.location().as_deref(), Some(at.as_str()));
    let page = browser.follow(answer).await;
    assert!(page.text("main").contains("FT-1"));
}
