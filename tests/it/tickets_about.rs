//! What tickets are about: documents and notifications, asked about from their own places.

use openidconnect::reqwest::StatusCode;

use crate::support::*;

const INBOX: &str = "/notifications/inbox";

/// Opens a ticket from the link that a page offers; the answer.
async fn ask(browser: &mut Browser, link: &str) -> Page {
    let page = browser.get(link).await;
    let fields = [("subject", "What is this?"), ("text", "I don’t understand it.")];
    browser.submit_parts(&page, TICKETS, &fields, &[]).await
}

#[actix_web::test]
async fn a_ticket_about_a_document_shows_its_facts_and_a_link_to_who_may_go_there() {
    let app = TestApp::start().await;
    let id = app.document(app.world.first, "FT-2026-7", |_| ()).await;
    let (mut anna, mut tom) = (app.sign_in(ANNA).await, app.sign_in(TOM).await);
    let url = format!("/accounting/documents/{id}");
    let link = anna.get(&url).await.attribute("a[href^='/support/tickets/new']", "href");
    let page = anna.get(&link).await;
    assert_eq!(page.text("#about-t"), "About Invoice FT-2026-7");
    assert_eq!(page.attribute("#category [selected]", "value"), "accounting");
    let opened = ask(&mut anna, &link).await;
    assert_eq!(opened.location().as_deref(), Some("/support/tickets/1"), "{}", opened.text("main"));
    let page = anna.get("/support/tickets/1").await;
    assert_eq!(page.attribute("section[aria-labelledby=sheet-t] a", "href"), url);

    let page = tom.get(&format!("/merchants/{}/tickets/1", app.world.first)).await;
    let facts = page.text("section[aria-labelledby=sheet-t]");
    for fact in ["Invoice", "FT-2026-7", "October 2026", "312.44", "Waiting for payment"] {
        assert!(facts.contains(fact), "{fact} in {facts}");
    }
    assert!(!page.has("section[aria-labelledby=sheet-t] a"), "documents are none of support's");
    let mut sofia = app.sign_in(SOFIA).await;
    let page = sofia.get(&format!("/portfolio/{}/tickets/1", app.world.first)).await;
    let at = page.attribute("section[aria-labelledby=sheet-t] a", "href");
    assert_eq!(sofia.get(&at).await.status, StatusCode::OK, "{at}");
}

#[actix_web::test]
async fn a_ticket_about_a_notification_tells_what_when_to_whom_and_how_its_mail_fared() {
    let app = TestApp::start().await;
    app.permission(ANNA, SOFIA);
    app.document(app.world.first, "FT-2026-8", |_| ()).await;
    app.mailbox.wait_for("anna@example.com", 1).await;
    app.mails_settle().await;
    let (mut anna, mut tom) = (app.sign_in(ANNA).await, app.sign_in(TOM).await);
    let link = anna.get(INBOX).await.attribute(".inbox a[href^='/support/tickets/new']", "href");
    let page = anna.get(&link).await;
    assert!(page.text("#about-t").contains("FT-2026-8"), "{}", page.text("#about-t"));
    let opened = ask(&mut anna, &link).await;
    assert_eq!(opened.location().as_deref(), Some("/support/tickets/1"), "{}", opened.text("main"));
    let page = tom.get(&format!("/merchants/{}/tickets/1", app.world.first)).await;
    let facts = page.text("section[aria-labelledby=sheet-t]");
    for fact in ["FT-2026-8", "Anna Rossi", "anna@example.com", "Sent"] {
        assert!(facts.contains(fact), "{fact} in {facts}");
    }
}

#[actix_web::test]
async fn sec_11_only_what_the_opener_sees_can_be_asked_about() {
    let app = TestApp::start().await;
    app.permission(ANNA, SOFIA);
    let document = app.document(app.world.first, "FT-2026-9", |_| ()).await;
    let notice = app.text("SELECT id FROM notices LIMIT 1");
    let mut anna = app.sign_in(ANNA).await;
    let payment = anna.creates_email_payment(&[], "send").await;
    let payment = payment.rsplit('/').next().unwrap().to_owned();
    let (mut bruno, mut carla) = (app.sign_in(BRUNO).await, app.sign_in(CARLA).await);
    bruno.works_for(&app.world.second).await;
    for (field, id) in [("payment", &payment), ("document", &document), ("notice", &notice)] {
        let page = bruno.get(&format!("{TICKETS}/new?{field}={id}")).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{field}");
        // The same in a form that was made by hand.
        let page = bruno.get(&format!("{TICKETS}/new")).await;
        let fields =
            [("category", "technical"), ("subject", "x"), ("text", "x"), (field, id.as_str())];
        let answer = bruno.submit_parts(&page, TICKETS, &fields, &[]).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{field}");
        // A colleague's notification is as unknown as another merchant's.
        let page = carla.get(&format!("{TICKETS}/new?{field}={id}")).await;
        assert!(!page.status.is_success(), "{field}");
    }
    let two = format!("{TICKETS}/new?payment={payment}&document={document}");
    assert_eq!(anna.get(&two).await.status, StatusCode::NOT_FOUND);
    assert_eq!(app.count("tickets"), 0);
}

#[actix_web::test]
async fn sec_11_who_does_not_see_documents_reads_none_of_their_facts_in_a_ticket() {
    let app = TestApp::start().await;
    let id = app.document(app.world.first, "FT-2026-10", |_| ()).await;
    let (mut anna, mut carla) = (app.sign_in(ANNA).await, app.sign_in(CARLA).await);
    ask(&mut anna, &format!("{TICKETS}/new?document={id}")).await;
    app.change(
        "INSERT INTO ticket_watchers (merchant_id, ticket_id, user_id, at)
         SELECT t.merchant_id, t.id, u.id, now() FROM tickets t, users u WHERE u.subject = 'carla'",
    );
    let page = carla.get("/support/tickets/1").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.body.contains("FT-2026-10") && !page.has("section[aria-labelledby=sheet-t]"));
}
