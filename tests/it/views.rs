//! Columns that people choose, and views that they keep.

use std::time::Duration;

use central::db::in_time;
use central::kernel::Error;
use diesel::{RunQueryDsl as _, sql_query};
use futures_util::future::join_all;
use openidconnect::reqwest::StatusCode;

use crate::support::*;

const COLUMNS: &str = "/processing/email-payments/columns";
const VIEWS: &str = "/processing/email-payments/views";

/// Heads of the list, as somebody sees them.
async fn heads(browser: &mut Browser) -> Vec<String> {
    browser.get(LIST).await.texts("thead th")
}

pub async fn save_columns(browser: &mut Browser, columns: &[&str], act: &str) -> Page {
    let token = form_token(browser).await;
    let mut fields = vec![("_csrf", token.as_str()), ("act", act)];
    fields.extend(columns.iter().map(|column| ("order", *column)));
    fields.extend(columns.iter().map(|column| ("column", *column)));
    browser.post(&format!("{COLUMNS}?status=open&size=100"), &fields).await
}

async fn save_view(browser: &mut Browser, name: &str, query: &str, is_shared: bool) -> Page {
    let token = form_token(browser).await;
    let mut fields = vec![("_csrf", token.as_str()), ("name", name), ("query", query)];
    if is_shared {
        fields.push(("is_shared", "true"));
    }
    browser.post(VIEWS, &fields).await
}

async fn press(browser: &mut Browser, id: &str, fields: &[(&str, &str)]) -> Page {
    let token = form_token(browser).await;
    let mut all = vec![("_csrf", token.as_str())];
    all.extend(fields);
    browser.post(&format!("{VIEWS}/{id}"), &all).await
}

fn view_id(app: &TestApp, name: &str) -> String {
    app.text(&format!("SELECT id::text FROM saved_views WHERE name = '{name}'"))
}

#[actix_web::test]
async fn chosen_columns_stand_in_their_order_for_their_user_alone() {
    let app = TestApp::start().await;
    app.many_drafts(2);
    let (mut anna, mut aldo) = (app.sign_in(ANNA).await, app.sign_in(ALDO).await);
    let first = heads(&mut anna).await;
    let page =
        save_columns(&mut anna, &["description", "amount", "nonsense", "group"], "save").await;
    assert_eq!(page.location().as_deref(), Some("/processing/email-payments?status=open&size=100"));
    assert_eq!(heads(&mut anna).await, ["Customer", "Description", "Amount"]);
    assert!(anna.get(LIST).await.has("table.chosen"));
    assert_eq!(heads(&mut aldo).await, first);
    // What an older layout names and nobody knows any more is passed over.
    app.change("UPDATE list_layouts SET column_keys = '{gone,amount,customer,amount}'");
    assert_eq!(heads(&mut anna).await, ["Customer", "Amount"]);
    // Saved twice is saved once.
    for _ in 0..2 {
        save_columns(&mut anna, &["customer", "paid"], "save").await;
    }
    assert_eq!(app.count("list_layouts"), 1);
    save_columns(&mut anna, &["customer", "paid"], "reset").await;
    assert_eq!(heads(&mut anna).await, first);
    assert!(!anna.get(LIST).await.has("table.chosen"));
}

#[actix_web::test]
async fn a_column_is_moved_without_losing_what_was_ticked() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let chosen = ["customer", "amount", "paid", "status"];
    for (act, expected) in [
        ("up-paid", ["customer", "paid", "amount", "status"]),
        ("down-amount", ["customer", "paid", "amount", "status"]),
        ("up-amount", chosen),
        ("down-customer", chosen),
        ("up-customer", chosen),
        ("up-nonsense", chosen),
    ] {
        let page = save_columns(&mut anna, &chosen, act).await;
        assert_eq!(page.status, StatusCode::OK);
        let form = page.form(&format!("{COLUMNS}?status=open&size=100"));
        let order: Vec<&str> = form
            .iter()
            .filter(|(name, _)| name == "order")
            .map(|(_, value)| value.as_str())
            .collect();
        assert_eq!(order[..4], expected, "{act}");
        assert!(page.has("#c-paid[checked]") && !page.has("#c-order_id[checked]"), "{act}");
    }
    assert_eq!(app.count("list_layouts"), 0, "moving keeps nothing yet");
}

#[actix_web::test]
async fn a_view_is_a_tab_with_its_count_and_knows_when_it_is_shown() {
    let app = TestApp::start().await;
    app.many_drafts(3);
    let mut anna = app.sign_in(ANNA).await;
    let list = anna.get(&format!("{LIST}?status=draft&size=100")).await;
    assert_eq!(list.texts(".views a[aria-current]"), Vec::<String>::new());
    let save = list.attribute(".views .new-view", "href");
    assert_eq!(save, format!("{VIEWS}/new?status=draft&size=100"));
    let form = anna.get(&save).await;
    assert!(form.text(".chips").contains("Draft"), "{}", form.text("main"));
    let saved = anna.submit(&form, VIEWS, &[("name", "Drafts")], "").await;
    assert_eq!(saved.location().as_deref(), Some("/processing/email-payments?status=draft"));
    let list = anna.get(&saved.location().unwrap()).await;
    assert_eq!(list.text(".views a[aria-current]"), "Drafts 3");
    // The same form again makes no second one; nor does another question under the name.
    anna.submit(&form, VIEWS, &[("name", "Drafts")], "").await;
    let taken = save_view(&mut anna, "drafts", "status=paid", false).await;
    assert_eq!(taken.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(taken.has("#name-e"));
    assert_eq!(app.count("saved_views"), 1);
    // Everything is no view, and what can't be read is none.
    for query in ["", "size=100", "status=nonsense"] {
        let page = save_view(&mut anna, "Other", query, false).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{query}");
    }
    let all = anna.get(LIST).await;
    assert_eq!(all.text(".views a[aria-current]"), "All 3");
}

#[actix_web::test]
async fn sec_11_ones_own_views_are_unseen_and_shared_ones_are_the_merchants() {
    let app = TestApp::start().await;
    app.many_drafts(1);
    let (mut anna, mut aldo) = (app.sign_in(ANNA).await, app.sign_in(ALDO).await);
    let mut bruno = app.sign_in(BRUNO).await;
    save_view(&mut anna, "Secret", "status=paid", false).await;
    save_view(&mut anna, "For all", "status=draft", true).await;
    assert_eq!(app.count("audit_log WHERE action = 'saved_view.create' AND is_done"), 1);
    let tabs = aldo.get(LIST).await.text(".views");
    assert!(tabs.contains("For all") && !tabs.contains("Secret"), "{tabs}");
    let own = bruno.get(VIEWS).await.text("main");
    assert!(!own.contains("For all") && !own.contains("Secret"), "{own}");
    let (secret, shared) = (view_id(&app, "Secret"), view_id(&app, "For all"));
    let rename = [("act", "save"), ("name", "Mine")];
    assert_eq!(press(&mut aldo, &secret, &rename).await.status, StatusCode::NOT_FOUND);
    assert_eq!(press(&mut aldo, &shared, &rename).await.status, StatusCode::FORBIDDEN);
    assert_eq!(press(&mut bruno, &shared, &rename).await.status, StatusCode::NOT_FOUND);
    // Who may not write does not share; nor does a clerk, whose list is her own.
    let mut carla = app.sign_in(CARLA).await;
    for browser in [&mut aldo, &mut carla] {
        let page = save_view(browser, "Pushed", "status=paid", true).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);
        assert_eq!(
            save_view(browser, "Kept", "status=paid", false).await.status,
            StatusCode::SEE_OTHER
        );
    }
    assert_eq!(app.count("saved_views WHERE name = 'Kept'"), 2);
}

#[actix_web::test]
async fn a_view_is_renamed_moved_shared_deleted_and_put_back() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    for (name, query) in [("One", "status=paid"), ("Two", "status=open"), ("Three", "status=draft")]
    {
        save_view(&mut anna, name, query, false).await;
    }
    let names = || {
        app.text("SELECT string_agg(name, ' ' ORDER BY is_shared, position) FROM saved_views WHERE deleted_at IS NULL")
    };
    assert_eq!(names(), "One Two Three");
    let three = view_id(&app, "Three");
    // The same press twice moves it once.
    for _ in 0..2 {
        press(&mut anna, &three, &[("act", "up"), ("name", "Three"), ("place", "2")]).await;
        assert_eq!(names(), "One Three Two");
    }
    press(&mut anna, &three, &[("act", "save"), ("name", "Third"), ("is_shared", "true")]).await;
    assert_eq!(names(), "One Two Third");
    assert_eq!(app.count("audit_log WHERE action = 'saved_view.change'"), 1);
    for _ in 0..2 {
        press(&mut anna, &three, &[("act", "delete")]).await;
    }
    assert_eq!(names(), "One Two");
    let page = anna.get(VIEWS).await;
    let undo = page.form(&format!("{VIEWS}/{three}"));
    assert!(undo.contains(&("act".to_owned(), "restore".to_owned())));
    for _ in 0..2 {
        press(&mut anna, &three, &[("act", "restore")]).await;
    }
    assert_eq!(names(), "One Two Third");
    for action in ["saved_view.delete", "saved_view.restore"] {
        assert_eq!(app.count(&format!("audit_log WHERE action = '{action}'")), 1, "{action}");
    }
}

#[actix_web::test]
async fn a_view_whose_deletion_is_sent_five_times_at_once_can_still_be_put_back() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    save_view(&mut anna, "Once", "status=paid", false).await;
    let path = format!("{VIEWS}/{}", view_id(&app, "Once"));
    let token = form_token(&mut anna).await;
    let fields = [("_csrf", token.as_str()), ("act", "delete")];
    let sent = std::iter::repeat_n(&anna, 5).map(|tab| {
        let (mut tab, path, fields) = (tab.clone(), &path, &fields);
        async move { tab.post(path, fields).await }
    });
    for answer in join_all(sent).await {
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(app.count("saved_views WHERE deleted_at IS NOT NULL"), 1);
    anna.post(&path, &[("_csrf", token.as_str()), ("act", "restore")]).await;
    assert_eq!(app.count("saved_views WHERE deleted_at IS NULL"), 1);
}

#[actix_web::test]
async fn counts_that_take_too_long_are_told_apart_from_those_that_fail() {
    let app = TestApp::start().await;
    app.look(|conn| {
        let soon = Duration::from_millis(50);
        let slow = in_time(conn, soon, |conn| Ok(sql_query("SELECT pg_sleep(5)").execute(conn)?));
        assert!(matches!(slow, Ok(None)), "{slow:?}");
        let wrong = in_time(conn, soon, |conn| Ok(sql_query("SELECT 1 / 0").execute(conn)?));
        assert!(wrong.is_err(), "{wrong:?}");
        let refused = in_time::<()>(conn, soon, |_| Err(Error::Conflict));
        assert!(matches!(refused, Err(Error::Conflict)), "{refused:?}");
    });
}

#[actix_web::test]
async fn there_are_twenty_views_at_most() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    for number in 0..20 {
        let page = save_view(&mut anna, &format!("V{number}"), "status=paid", false).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER);
    }
    let page = save_view(&mut anna, "One more", "status=paid", false).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text("#name-e").contains("20"));
    let page = save_view(&mut anna, "One more", "status=paid", true).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "shared ones are counted apart");
}

#[actix_web::test]
async fn a_view_that_cant_be_read_any_more_says_so() {
    let app = TestApp::start().await;
    app.many_drafts(1);
    app.shared_view("Old", "status=draft&gone=1");
    app.shared_view("Odd", "status=nonsense");
    let mut anna = app.sign_in(ANNA).await;
    let list = anna.get(LIST).await;
    assert_eq!(list.texts(&format!(".views a[href='{VIEWS}']")), ["Old", "Odd", "Manage views"]);
    let page = anna.get(VIEWS).await;
    assert_eq!(page.texts(".unread").len(), 2);
}
