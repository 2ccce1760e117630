//! The list: order, search, filters, pages.

use insta::assert_snapshot;

use crate::support::*;

const ORDERS: &str = "tbody td:nth-of-type(4)";

fn rows(numbers: impl Iterator<Item = i32>) -> Vec<String> {
    numbers.map(|number| format!("ROW-{number:04}")).collect()
}

impl Browser {
    /// The order IDs that the list shows for a query string.
    async fn finds(&mut self, query: &str) -> Vec<String> {
        self.get(&format!("{LIST}?{query}")).await.texts(ORDERS)
    }
}

#[actix_web::test]
async fn pages_go_newer_and_older_and_to_both_ends() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    app.many_drafts(62);

    let newest = anna.get(LIST).await;
    assert_eq!(newest.texts(ORDERS), rows((38..=62).rev()));
    assert_eq!(newest.texts(".pager a"), ["Older", "Oldest"]);
    assert_eq!(newest.text(".list-foot p > span"), "62 requests");

    let middle = anna.get(&newest.attribute(".pager a[rel=next]", "href")).await;
    assert_eq!(middle.texts(ORDERS), rows((13..=37).rev()));
    assert_eq!(middle.texts(".pager a"), ["Newest", "Newer", "Older", "Oldest"]);

    let last = anna.get(&middle.attribute(".pager a[rel=next]", "href")).await;
    assert_eq!(last.texts(ORDERS), rows((1..=12).rev()));
    assert_eq!(last.texts(".pager a"), ["Newest", "Newer"]);
    let back = anna.get(&last.attribute(".pager a[rel=prev]", "href")).await;
    assert_eq!(back.texts(ORDERS), middle.texts(ORDERS));
    let top = anna.get(&back.attribute(".pager a[rel=prev]", "href")).await;
    assert_eq!(top.texts(ORDERS), newest.texts(ORDERS));
    assert_eq!(top.texts(".pager a"), ["Older", "Oldest"]);

    let oldest = anna.get(&newest.attribute(".pager li:last-child a", "href")).await;
    assert_eq!(oldest.texts(ORDERS), rows((1..=25).rev()));
    assert_eq!(oldest.texts(".pager a"), ["Newest", "Newer"]);

    let hundred = anna.get(&newest.attribute(".sizes a:last-of-type", "href")).await;
    assert_eq!(hundred.texts(ORDERS), rows((1..=62).rev()));
    assert!(hundred.texts(".pager a").is_empty());
}

#[actix_web::test]
async fn a_page_keeps_its_place_while_new_rows_come_in() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    app.many_drafts(30);
    let newest = anna.get(LIST).await;
    anna.creates_email_payment(&[], "draft").await;
    let older = anna.get(&newest.attribute(".pager a[rel=next]", "href")).await;
    assert_eq!(older.texts(ORDERS), rows((1..=5).rev()));
}

#[actix_web::test]
async fn the_search_finds_any_part_from_three_characters_and_beginnings_below() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    for (order_id, name, email) in [
        ("A-100%", "Maria Conti", "maria@example.it"),
        ("B-1000", "José Pérez", "jose@example.es"),
        ("C-A-10", "", "carlo@contini.example"),
    ] {
        let fields = [("order_id", order_id), ("customer_name", name), ("customer_email", email)];
        anna.creates_email_payment(&fields, "draft").await;
    }
    for (query, found) in [
        ("q=CONTI", vec!["C-A-10", "A-100%"]),
        ("q=jos%C3%A9", vec!["B-1000"]),
        ("q=JOSE%20perez", vec!["B-1000"]),
        ("q=example.es", vec!["B-1000"]),
        ("q=A-10", vec!["C-A-10", "A-100%"]),
        ("q=100%25", vec!["A-100%"]),
        ("q=A-", vec!["A-100%"]),
        ("q=_", vec![]),
        ("q=%20B%20", vec!["B-1000"]),
        ("q=nobody", vec![]),
    ] {
        assert_eq!(anna.finds(query).await, found, "{query}");
    }
    let short = anna.get(&format!("{LIST}?q=A-")).await;
    assert!(short.text("#list").contains("only the beginning of order IDs is searched"));
}

#[actix_web::test]
async fn filters_narrow_the_list_and_stand_as_chips_that_take_them_out() {
    let app = TestApp::start().await;
    let (mut anna, mut customer) = (app.sign_in(ANNA).await, app.browser());
    app.stop_the_year();
    app.many_drafts(2);
    anna.creates_email_payment(
        &[("order_id", "YEN"), ("amount", "4500"), ("currency", "JPY")],
        "draft",
    )
    .await;
    let paid = app.request(&mut anna, &[("order_id", "PAID")]).await;
    let page = customer.opens(&paid.link).await;
    customer.pays(&page, GOOD_CARD).await;
    app.becomes(&paid, "paid").await;
    app.request(&mut anna, &[("order_id", "OPEN"), ("amount", "1.830,00")]).await;

    for (query, found) in [
        ("", vec!["OPEN", "PAID", "YEN", "ROW-0002", "ROW-0001"]),
        ("group=current", vec!["OPEN", "YEN", "ROW-0002", "ROW-0001"]),
        ("group=past", vec!["PAID"]),
        ("status=open&status=paid", vec!["OPEN", "PAID"]),
        ("status=failed", vec![]),
        ("delivery=sent", vec!["OPEN", "PAID"]),
        ("currency=JPY", vec!["YEN"]),
        ("currency=EUR&amount_min=45,00", vec!["OPEN", "PAID"]),
        ("currency=EUR&amount_min=45.01", vec!["OPEN"]),
        ("currency=JPY&amount_max=4.500", vec!["YEN"]),
        ("amount_max=2", vec!["ROW-0002", "ROW-0001"]),
        ("created_from=2026-11-25", vec!["OPEN", "PAID", "YEN"]),
        ("created_to=2026-11-24", vec!["ROW-0002", "ROW-0001"]),
        ("created_from=2026-11-01&created_to=2026-11-01", vec!["ROW-0002", "ROW-0001"]),
        ("status=draft&q=row", vec!["ROW-0002", "ROW-0001"]),
    ] {
        assert_eq!(anna.finds(query).await, found, "{query}");
    }

    let query = "q=row&status=draft&currency=EUR&created_from=2026-11-01&amount_min=1";
    let page = anna.get(&format!("{LIST}?{query}")).await;
    let chips = page.texts(".chips a");
    assert_eq!(
        chips,
        [
            "Search: row Remove",
            "Status: Draft Remove",
            "Created: From 1 November 2026 Remove",
            "Amount: At least 1 Remove",
            "Currency: EUR Remove",
            "Reset"
        ]
    );
    let without = anna.get(&page.attribute(".chips li:nth-child(2) a", "href")).await;
    assert!(!without.texts(".chips a").join(" ").contains("Status"));
    assert!(without.texts(".chips a").join(" ").contains("Search: row"));
}

#[actix_web::test]
async fn a_filter_that_cant_be_read_is_told_and_narrows_nothing() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    app.many_drafts(1);
    for (query, fault) in [
        ("status=nonsense", "“nonsense” is not one of the choices"),
        ("delivery=pigeon", "“pigeon” is not one of the choices"),
        ("group=other", "“other” is not one of the choices"),
        ("currency=ZZZ", "“ZZZ” is not one of the choices"),
        ("size=7", "“7” is not one of the choices"),
        ("after=nowhere", "“nowhere” is not one of the choices"),
        ("created_from=01/11/2026", "“01/11/2026” is not a day: choose one in the calendar"),
        ("amount_min=lots", "Write the amount in digits, such as 1,830.00"),
        ("amount_max=1.234", "This can mean two amounts: write it with decimals, such as 1,234.00"),
        ("status=%3Cscript%3E", "“<script>” is not one of the choices"),
    ] {
        let page = anna.get(&format!("{LIST}?{query}")).await;
        assert_eq!(page.texts(".errors li"), [fault], "{query}");
        assert_eq!(page.texts(ORDERS), ["ROW-0001"], "{query}");
    }
}

#[actix_web::test]
async fn the_list_as_people_see_it() {
    let app = TestApp::start().await;
    let (mut anna, mut customer) = (app.sign_in(ANNA).await, app.browser());
    let mut italian = app.browser().speaking("it");
    italian.sign_in(ANNA).await;
    app.stop_the_year();
    assert_snapshot!("list_empty", anna.get(LIST).await.main());

    app.many_drafts(1);
    let paid = app.request(&mut anna, &[("customer_name", "Maria Conti")]).await;
    let page = customer.opens(&paid.link).await;
    customer.pays(&page, GOOD_CARD).await;
    let declined = app.request(&mut anna, &[("amount", "1.830,00")]).await;
    let page = customer.opens(&declined.link).await;
    customer.pays(&page, NO_FUNDS).await;
    app.request(&mut anna, &[("amount", "4500"), ("currency", "JPY")]).await;
    let soon = [("expires_on", "2026-11-26"), ("customer_email", "soon@example.it")];
    app.request(&mut anna, &soon).await;

    // The messages of what was done are gone with the first page that shows them.
    anna.get(LIST).await;
    assert_snapshot!("list", anna.get(LIST).await.main());
    assert_snapshot!("list_it", italian.get(LIST).await.main());
    assert_snapshot!("list_no_result", anna.get(&format!("{LIST}?q=nobody")).await.main());
    let open = anna.get(&format!("{LIST}?filters=open&status=paid")).await;
    assert_snapshot!("list_with_filters_open", open.main());
}

#[actix_web::test]
async fn each_row_offers_the_one_act_that_helps_now() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let request = app.request(&mut anna, &[("order_id", "ONE")]).await;
    for (change, act) in [
        ("delivery = 'sent'", Some("/reminders")),
        ("delivery = 'deferred'", None),
        ("delivery = 'bounced'", Some("/resend")),
        ("delivery = 'not_sent'", Some("/resend")),
        ("status = 'expired', end_reason = 'date_reached', ended_at = now()", Some("/resend")),
        ("status = 'open', end_reason = NULL, ended_at = NULL", Some("/resend")),
        ("status = 'processing'", None),
        (
            "status = 'failed', end_reason = 'attempts_exhausted', ended_at = now()",
            Some("/replacement"),
        ),
    ] {
        app.change(&format!("UPDATE email_payments SET {change}"));
        let page = anna.get(LIST).await;
        let links = page.has(".act a").then(|| page.attribute(".act a", "href"));
        assert_eq!(links, act.map(|verb| format!("{}{verb}", request.url)), "{change}");
    }
}

#[actix_web::test]
async fn today_and_tomorrow_are_days_of_the_readers_calendar() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let url = anna.creates_email_payment(&[], "send").await;
    app.link_in_mail(CUSTOMER, 1).await;
    app.mails_settle().await;
    app.stop_the_year();
    // It is ten in Rome.
    for (ends, words) in [
        ("2026-11-25T22:59:00Z", "Expires today"),
        ("2026-11-25T23:00:00Z", "Expires tomorrow"),
        ("2026-11-26T08:00:00Z", "Expires tomorrow"),
        ("2026-11-26T22:59:00Z", "Expires tomorrow"),
        ("2026-11-26T23:00:00Z", "Awaiting payment"),
    ] {
        app.change(&format!("UPDATE email_payments SET expires_at = '{ends}'"));
        assert_eq!(anna.get(&url).await.text(".status"), words, "{ends}");
    }
}
