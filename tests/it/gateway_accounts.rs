//! What the gateway says of an originator's account: kept in step by itself, shown beside the settings.

use crate::support::*;

const METHODS: &str = "/settings/payment-methods";

const TOLD: &str = "gateway_accounts a JOIN originators o ON o.id = a.originator_id
    WHERE o.number = '100001' AND a.told IS NOT NULL";

fn page_of(app: &TestApp) -> String {
    format!("/settings/payment-page/{}", app.world.first_originator)
}

/// A world whose gateway has been asked.
async fn asked() -> (TestApp, Browser) {
    let app = TestApp::start().await;
    app.until("the gateway is asked", async || app.count(TOLD) == 1).await;
    let anna = app.sign_in(ANNA).await;
    (app, anna)
}

async fn asks_now(app: &TestApp, browser: &mut Browser) -> Page {
    let page = browser.get(&page_of(app)).await;
    let answer = browser.submit(&page, &format!("{}/gateway-account", page_of(app)), &[], "").await;
    browser.follow(answer).await
}

#[actix_web::test]
async fn what_the_gateway_says_stands_beside_the_settings_and_is_asked_again() {
    let (app, mut anna) = asked().await;
    let page = anna.get(&page_of(&app)).await;
    let section = page.text("#gateway");
    assert!(section.contains("Card") && section.contains("EUR, JPY, KWD"), "{section}");
    assert!(
        section.contains("Ceramiche Bellini") && section.contains("taken at once"),
        "{section}"
    );
    // The account allows three tries; more are set here.
    app.change("UPDATE originators SET attempts_max = 5 WHERE number = '100001'");
    let section = anna.get(&page_of(&app)).await.text("#gateway");
    assert!(section.contains("may try 3 times"), "{section}");

    // An answer that says the same leaves "since" as it is; one that differs moves it.
    let since = "SELECT changed_at FROM gateway_accounts a JOIN originators o ON o.id = a.originator_id WHERE o.number = '100001'";
    let before = app.text(since);
    let page = asks_now(&app, &mut anna).await;
    assert!(page.text(".flash").contains("has answered"), "{}", page.text("main"));
    assert_eq!(app.text(since), before);
    app.change("UPDATE gateway_accounts SET told = told || '{\"name\": \"Old name\"}'");
    let section = anna.get(&page_of(&app)).await.text("#gateway");
    assert!(section.contains("Old name"), "{section}");
    let section = asks_now(&app, &mut anna).await.text("#gateway");
    assert!(!section.contains("Old name"), "{section}");
    assert_ne!(app.text(since), before);

    // An hour later it is asked by itself.
    app.change("UPDATE gateway_accounts SET told = told || '{\"name\": \"Old name\"}', next_at = '2020-01-01'");
    let renewed = format!("{TOLD} AND a.told ->> 'name' = 'Ceramiche Bellini'");
    app.until("it is asked again", async || app.count(&renewed) == 1).await;
}

#[actix_web::test]
async fn a_gateway_that_refuses_is_told_and_what_it_said_stays() {
    let (app, mut anna) = asked().await;
    app.change("UPDATE originators SET number = '999999' WHERE number = '100001'");
    let page = asks_now(&app, &mut anna).await;
    assert!(page.text(".flash").contains("did not answer"), "{}", page.text("main"));
    let section = page.text("#gateway");
    assert!(section.contains("No answer") && section.contains("EUR, JPY, KWD"), "{section}");
}

#[actix_web::test]
async fn what_the_gateway_does_not_take_is_said_where_methods_are_looked_up() {
    let (app, mut anna) = asked().await;
    let page = anna.get(METHODS).await;
    let section = page.text("#gateway");
    assert!(section.contains("Card: EUR, JPY, KWD") && section.contains("Alipay+"), "{section}");
    let words = "the gateway offers it for none of your originators";
    assert!(!page.text("main").contains(words), "{}", page.text("main"));
    app.change(
        "UPDATE gateway_accounts SET told = jsonb_set(told, '{methods}',
             '[{\"method\": \"CreditCard\", \"currencies\": [\"EUR\"], \"default_operation\": \"authorize\"}]')",
    );
    let page = anna.get(METHODS).await;
    assert!(page.text("main").contains(words), "{}", page.text("main"));
    let section = anna.get(&page_of(&app)).await.text("#gateway");
    assert!(section.contains("No method at the gateway takes JPY"), "{section}");
    assert!(section.contains("captured later"), "{section}");
}
