//! From a permission to the document: a success manager grants, the platform's accountant publishes, the
//! merchant is told once, and after the withdrawal not any more.

use std::path::Path;

use super::driver::{Driver, Programs};
use super::journey::sign_in;
use super::start;
use super::support::{ANNA, IRENE, SOFIA, TestApp, pdf};

/// Publishes an invoice by the page's form.
async fn publish(app: &TestApp, irene: &Driver, number: &str) {
    let base = format!("{}/merchants/{}/documents", app.base, app.world.first);
    irene.open(&format!("{base}/new")).await;
    irene.fill("#number", number).await;
    irene.fill("#total", "312.44").await;
    irene.fill("#currency", "EUR").await;
    for (field, day) in
        [("period_from", "2026-10-01"), ("period_until", "2026-10-31"), ("issued_on", "2026-11-02")]
    {
        irene.run(&format!("document.getElementById('{field}').value = '{day}'")).await;
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/output");
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join(format!("{number}.pdf"));
    std::fs::write(&file, pdf(number)).expect("a file");
    let path = file.to_str().expect("a path");
    irene.find("#file").await.send_keys(path).await.expect("a chosen file");
    irene.click("form.narrow button[type=submit]").await;
    irene.until(".flash", number, false).await;
}

#[actix_web::test]
async fn a_permission_leads_to_one_mail_the_mail_to_the_document_and_a_withdrawal_to_none() {
    let Some((app, anna)) = start(true).await else { return };
    let programs = Programs::find().expect("the browser that has just started");
    let sofia = Driver::start(&programs, true).await;
    let irene = Driver::start(&programs, true).await;
    let email = app.text(&format!("SELECT email FROM users WHERE subject = '{ANNA}'"));
    let id = app.text(&format!("SELECT id FROM users WHERE subject = '{ANNA}'"));
    sign_in(&app, &anna, ANNA).await;
    sign_in(&app, &sofia, SOFIA).await;
    sign_in(&app, &irene, IRENE).await;

    let permissions = format!("{}/merchants/{}/permissions?user={id}", app.base, app.world.first);
    sofia.open(&permissions).await;
    sofia.fill("#reason", "Keeps the books").await;
    sofia.click("section .save-bar button.btn-primary").await;
    sofia.until(".flash", "Anna Rossi", false).await;

    publish(&app, &irene, "FT-2026-1").await;
    app.mailbox.wait_for(&email, 1).await;
    app.mails_settle().await;
    let mails = app.mailbox.wait_for(&email, 1).await;
    assert_eq!(mails.len(), 1, "told once");
    let text = mails.first().and_then(|mail| mail.text.clone()).expect("a text part");
    assert!(text.contains("FT-2026-1") && !text.contains("312"), "{text}");
    let link = text.split_whitespace().find(|word| word.contains("/accounting/documents/"));
    let link = link.expect("a link to the document").to_owned();

    let list = format!("{}/accounting/documents", app.base);
    anna.open(&list).await;
    assert!(anna.has("tr.unread").await, "unread until it is opened");
    anna.open(&link).await;
    anna.until("h1", "FT-2026-1", false).await;
    anna.open(&list).await;
    assert!(!anna.has("tr.unread").await, "read by opening it");

    sofia.open(&permissions).await;
    sofia.click("a[href$='/withdrawal']").await;
    sofia.fill("#reason", "Has another task").await;
    sofia.click("form.ask button.btn-danger").await;
    sofia.until(".flash", "Anna Rossi", false).await;
    publish(&app, &irene, "FT-2026-2").await;
    app.mails_settle().await;
    assert_eq!(app.mailbox.wait_for(&email, 1).await.len(), 1, "no mail about the next document");
    anna.open(&list).await;
    assert!(anna.has("tr.unread").await, "it is there all the same");
    for browser in [&anna, &sofia] {
        assert_eq!(browser.complaints().await, Vec::<String>::new());
    }
}
