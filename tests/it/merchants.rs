//! The success manager's portfolio.

use openidconnect::reqwest::StatusCode;

use crate::support::*;

#[actix_web::test]
async fn sec_11_a_success_manager_sees_the_merchants_of_the_portfolio_and_no_other() {
    let app = TestApp::start().await;
    let mut sofia = app.sign_in(SOFIA).await;
    let page = sofia.open("/").await;
    assert_eq!(page.url, app.base.clone() + "/merchants");
    assert_eq!(page.texts(".main-link"), ["Ceramiche Bellini"]);
    assert!(!page.body.contains("Atelier Fournier"));
    let first = sofia.get(&format!("/merchants/{}", app.world.first)).await;
    assert_eq!((first.status, first.text("h1")), (StatusCode::OK, "Ceramiche Bellini".to_owned()));
    let second = sofia.get(&format!("/merchants/{}", app.world.second)).await;
    assert_eq!(second.status, StatusCode::NOT_FOUND);
    assert!(!second.body.contains("Atelier"));
    assert_eq!(sofia.get(LIST).await.status, StatusCode::FORBIDDEN, "no payments of a merchant");
}

#[actix_web::test]
async fn a_success_manager_switches_the_confirmations_of_a_merchant_off_and_on() {
    let app = TestApp::start().await;
    let mut sofia = app.sign_in(SOFIA).await;
    let at = format!("/merchants/{}", app.world.first);
    let switch = format!("{at}/order-confirmations");
    let page = sofia.get(&at).await;
    assert_eq!(page.text(".switch .status"), "On");
    assert!(page.text("main").contains("Never changed"), "{}", page.text("main"));

    let done = sofia.submit(&page, &switch, &[], "is_on=false").await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    let page = sofia.follow(done).await;
    assert_eq!(
        page.text(".flash"),
        "Customers of Ceramiche Bellini no longer get a confirmation after paying."
    );
    assert_eq!(page.text(".switch .status"), "Off");
    assert!(page.text("main").contains("Sofia Keller"), "{}", page.text("main"));
    assert!(!sofia.get(&at).await.has(".flash"), "told once");

    let row = "SELECT concat_ws(' ', user_role, before->>'is_on', after->>'is_on', merchant_id = object_id)
               FROM audit_log WHERE action = 'merchant.order_confirmations'";
    assert_eq!(app.texts(row), ["success_manager true false t"]);

    let page = sofia.get(&at).await;
    let done = sofia.submit(&page, &switch, &[], "is_on=true").await;
    let page = sofia.follow(done).await;
    assert_eq!(page.text(".switch .status"), "On");
    assert_eq!(app.count("merchants WHERE order_confirmations"), 1);
}

#[actix_web::test]
async fn sec_11_a_switch_of_a_merchant_outside_the_portfolio_is_not_there() {
    let app = TestApp::start().await;
    let mut sofia = app.sign_in(SOFIA).await;
    let token = form_token(&mut sofia).await;
    let switch = |id| format!("/merchants/{id}/order-confirmations");
    let fields = [("_csrf", token.as_str()), ("is_on", "true")];
    let page = sofia.post(&switch(app.world.second.to_string()), &fields).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert_eq!(app.count("audit_log WHERE action = 'merchant.order_confirmations'"), 0);

    app.change("DELETE FROM success_manager_assignments");
    let page = sofia.post(&switch(app.world.first.to_string()), &fields).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND, "an assignment that ended counts at once");
    let list = sofia.get("/merchants").await;
    assert_eq!((list.status, list.texts(".main-link").len()), (StatusCode::OK, 0));

    let fields = [("_csrf", token.as_str()), ("is_on", "perhaps")];
    let page = sofia.post(&switch(app.world.first.to_string()), &fields).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
}
