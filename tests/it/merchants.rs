//! The success manager's portfolio.

use openidconnect::reqwest::StatusCode;

use crate::support::*;

#[actix_web::test]
async fn sec_11_a_success_manager_sees_the_merchants_of_the_portfolio_and_no_other() {
    let app = TestApp::start().await;
    let mut sofia = app.sign_in(SOFIA).await;
    let page = sofia.open("/merchants").await;
    assert_eq!(page.texts(".main-link"), ["Ceramiche Bellini"]);
    assert!(!page.body.contains("Atelier Fournier"));
    let first = sofia.get(&format!("/merchants/{}", app.world.first)).await;
    assert_eq!((first.status, first.text("h1")), (StatusCode::OK, "Ceramiche Bellini".to_owned()));
    let second = sofia.get(&format!("/merchants/{}", app.world.second)).await;
    assert_eq!(second.status, StatusCode::NOT_FOUND);
    assert!(!second.body.contains("Atelier"));
    assert_eq!(sofia.get(LIST).await.status, StatusCode::FORBIDDEN, "no payments of a merchant");
}
