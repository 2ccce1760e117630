//! What is refused, and what is forgotten.

use super::*;

#[actix_web::test]
async fn sec_19_hostile_files_are_refused_with_their_reason() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let line = vec![b'x'; 5 * 1024 * 1024];
    let lines = format!("email,amount\n{}", "m@x.it,5\n".repeat(10_001));
    let cases: [(&[u8], &str); 6] = [
        (b"", "There are no rows below the head"),
        (&line, "The head row lacks: Email, Amount"),
        (
            b"email,amount\nm@x.it,5\0\n",
            "This is no text file: in your spreadsheet, save it as CSV",
        ),
        (b"PK\x03\x04\x14\0\x06\0", "This is no text file: in your spreadsheet, save it as CSV"),
        (b"colour,size\nred,5\n", "The head row lacks: Email, Amount"),
        (
            lines.as_bytes(),
            "There are 10,001 rows, and 10,000 at most are read at once: split the file",
        ),
    ];
    for (content, words) in cases {
        let answer = anna.uploads("../../evil.csv", content).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{words}");
        assert_eq!(answer.texts(".errors li"), [words]);
    }
    let larger = vec![b'x'; 5 * 1024 * 1024 + 1];
    let answer = anna.uploads("rows.csv", &larger).await;
    assert_eq!(answer.texts(".errors li"), ["The file is larger than 5 MB: split it"]);
    assert_eq!(app.count("imports"), 0);
    // A cell that looks like a formula is a text, and leaves as one.
    let id = anna.imports(b"email,amount,name\nx,5,=1+1\ny,6,\"a\n=2\"\n").await;
    let file = anna.get(&at(&id, "/left-out.csv")).await.body;
    assert!(file.contains("x,'=1+1,") || file.contains("'=1+1"), "{file}");
    assert!(!file.contains(",=1+1"), "{file}");
    // A cell of a megabyte is cut where it is shown.
    let cell = "y".repeat(1024 * 1024);
    let id = anna.imports(format!("email,amount\n{cell},5\n").as_bytes()).await;
    assert!(anna.get(&at(&id, "")).await.body.len() < 40_000);
}

#[actix_web::test]
async fn sec_05_a_form_with_a_file_needs_its_token_and_a_stranger_s_is_not_read() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let page = anna.get(IMPORT).await;
    let wrong = anna.submit_file(&page, IMPORT, &[("_csrf", "AAAA")], ("x.csv", &rows(1))).await;
    assert_eq!(wrong.status, StatusCode::FORBIDDEN);
    let mut nobody = app.browser();
    let answer = nobody.submit_file(&page, IMPORT, &[], ("x.csv", &rows(1))).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(answer.location().unwrap().starts_with("/sign-in"));
    // Other forms read no more than before.
    let large = vec![b'x'; 65 * 1024];
    let token = form_token(&mut anna).await;
    let body = format!("_csrf={token}&x={}", String::from_utf8(large).unwrap());
    let headers =
        [("Content-Type", "application/x-www-form-urlencoded"), ("Sec-Fetch-Site", "same-origin")];
    let post = openidconnect::reqwest::Method::POST;
    let answer = anna.request(post, LIST, &headers, &body).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[actix_web::test]
async fn sec_16_a_user_uploads_twenty_files_an_hour() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    for _ in 0..20 {
        assert_eq!(anna.uploads("x.csv", b"").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let answer = anna.uploads("x.csv", b"").await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(answer.header("retry-after").is_some());
}

#[actix_web::test]
async fn sec_24_what_was_typed_is_deleted_when_it_is_not_needed_any_more() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let unconfirmed = anna.imports(&rows(2)).await;
    let done = anna.imports(b"email,amount\na@b.it,5\nfaulty,6\n").await;
    confirm(&mut anna, &done).await;
    press(&mut anna, &done, "/start").await;
    app.until("it has ended", async || app.count("imports WHERE state = 'done'") == 1).await;
    let forget = async || jobs::forget_due(&app.jobs_db(), app.clock.now()).await.unwrap();
    assert_eq!(forget().await, 0);
    app.clock.advance(Duration::hours(25));
    assert_eq!(forget().await, 1);
    assert_eq!(app.count("imports WHERE state = 'discarded'"), 1);
    assert_eq!(app.count(&format!("import_rows WHERE import_id = '{unconfirmed}'")), 0);
    assert_eq!(app.count("import_rows WHERE typed IS NOT NULL"), 2);
    let page = anna.get(&at(&unconfirmed, "")).await;
    assert_eq!(page.text("h1"), "Nobody confirmed this import");
    app.clock.advance(Duration::days(30));
    assert_eq!(forget().await, 1);
    assert_eq!(app.count("import_rows WHERE typed IS NOT NULL"), 0);
    let page = anna.get(&at(&done, "")).await;
    assert!(page.text("main").contains("was deleted on"), "{}", page.text("main"));
    assert_eq!((page.text("h1"), page.texts("td.why").len()), ("1 request sent".to_owned(), 0));
    assert_eq!(forget().await, 0);
}
