//! Processing > Email Payments.

use openidconnect::reqwest::StatusCode;

use crate::support::*;

const LIST: &str = "/processing/email-payments";

#[actix_web::test]
async fn a_payment_is_created_mailed_paid_and_seen_as_paid() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let form = anna.get("/processing/email-payments/new").await;
    let sent = anna
        .submit(
            &form,
            LIST,
            &[("customer_email", "customer@example.it"), ("amount", "1.830,00")],
            "action=send",
        )
        .await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text("main"));
    let detail = sent.location().unwrap();
    let mails = app.mailbox.wait_for("customer@example.it", 1).await;
    assert_eq!(mails.len(), 1);
    assert!(mails[0].subject.contains("1.830,00"), "{}", mails[0].subject);
    let page = anna.get(&detail).await;
    assert!(page.text("main").contains("Awaiting payment"), "{}", page.text("main"));
}
