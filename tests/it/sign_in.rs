//! Signing in and out.

use openidconnect::reqwest::StatusCode;

use crate::support::*;

#[actix_web::test]
async fn sec_06_a_user_signs_in_through_the_provider_and_comes_back_to_the_page() {
    let app = TestApp::start().await;
    let mut anna = app.browser();
    let away = anna.get("/processing/email-payments?q=CB").await;
    assert_eq!(away.status, StatusCode::SEE_OTHER);
    let sign_in = anna.follow(away).await;
    assert_eq!(sign_in.text("h1"), "Sign in");
    let provider = anna.submit(&sign_in, "/sign-in", &[], "").await;
    let accounts = anna.get(&provider.location().unwrap()).await;
    let back = anna.choose(&accounts, ANNA).await;
    let page = anna.follow(back).await;
    assert_eq!(page.url, app.base.clone() + "/processing/email-payments?q=CB");
    assert_eq!(page.text("h1"), "Email payments");
}
