//! Settings > Activity: what an owner reads, and what leaves as a file.

use std::collections::BTreeSet;

use central::auth::audit;
use central::db::{Db, Tenants};
use central::kernel::MerchantId;
use diesel::prelude::*;
use openidconnect::reqwest::{self, StatusCode};

use crate::support::*;

const AT: &str = "/settings/activity";
const CSV: &str = "/settings/activity.csv";

/// The sentences of a page, without their details.
fn sentences(page: &Page) -> Vec<String> {
    page.texts("tbody th")
        .iter()
        .map(|text| text.split(" Details").next().unwrap().to_owned())
        .collect()
}

fn people(page: &Page) -> Vec<String> {
    page.texts("tbody td.o3 > a")
}

/// The rows of a file, without its head.
fn lines(csv: &Page) -> Vec<&str> {
    assert_eq!(csv.status, StatusCode::OK, "{}", csv.body);
    csv.body.trim_end().split("\r\n").skip(1).collect()
}

impl TestApp {
    /// Rows of a merchant that are a second apart, oldest first: `10.0.0.1` and so on as origins.
    fn many_acts(&self, merchant: MerchantId, count: i32) {
        self.change(&format!(
            "INSERT INTO audit_log (at, actor, user_id, user_role, merchant_id, action, is_done, origin, after)
             SELECT timestamptz '2026-01-15 10:00Z' + n * interval '1 second', 'user', u.id, 'owner', '{merchant}',
                 'merchant.order_confirmations', n % 1000 <> 7, '10.0.0.' || n, '{{\"is_on\": true}}'
             FROM generate_series(1, {count}) n JOIN users u ON u.subject = '{ANNA}'"
        ));
    }

    /// Starts a file and takes its first piece: what follows waits until it is read.
    async fn begins_file(&self, browser: &Browser) -> reqwest::Response {
        let cookie = format!("__Host-sid={}", browser.cookie("__Host-sid").unwrap());
        let request = reqwest::Client::new().get(browser.url(CSV)).header("Cookie", cookie);
        let mut response = request.send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        assert!(response.chunk().await.unwrap().is_some());
        response
    }
}

#[actix_web::test]
async fn sec_23_an_owner_reads_who_did_what_when_and_from_where() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let draft = anna.creates_email_payment(&[("order_id", "INV-1")], "draft").await;
    let edit = anna.get(&format!("{draft}/edit")).await;
    anna.submit(&edit, &format!("{draft}/edit"), &[("amount", "99,00")], "action=draft").await;
    let mut carla = app.sign_in(CARLA).await;
    carla.creates_email_payment(&[("order_id", "INV-2")], "draft").await;

    let page = anna.get(AT).await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(
        sentences(&page),
        [
            "Email payment created INV-2",
            "Signed in",
            "Draft changed INV-1",
            "Email payment created INV-1",
            "Signed in"
        ]
    );
    assert_eq!(
        people(&page),
        ["Carla Verdi", "Carla Verdi", "Anna Rossi", "Anna Rossi", "Anna Rossi"]
    );
    assert_eq!(page.texts("tbody td.o3 .two"), ["Clerk", "Owner", "Owner"]);
    assert_eq!(page.attribute("tbody tr:nth-of-type(3) th a", "href"), draft);
    let details = page.texts("tbody details");
    assert!(details[2].contains("Amount45.00 EUR → 99.00 EUR"), "{}", details[2]);
    assert!(details[2].contains("From127.0.0.1"), "{}", details[2]);
    assert_eq!(page.texts("tbody .code")[2].len(), 26, "the request's id");
    assert_eq!(page.texts("tbody .status"), ["Done"; 5]);
    assert!(page.text(".page-head").contains("Europe/Rome"));
}

#[actix_web::test]
async fn sec_23_refusals_are_read_too() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let mut carla = app.sign_in(CARLA).await;
    assert_eq!(carla.get(AT).await.status, StatusCode::FORBIDDEN);
    assert_eq!(carla.get(CSV).await.status, StatusCode::FORBIDDEN);
    let refused = anna.get(&format!("{AT}?outcome=refused")).await;
    assert_eq!(sentences(&refused), ["Tried something not allowed"; 2]);
    assert_eq!(people(&refused), ["Carla Verdi"; 2]);
    assert_eq!(refused.texts("tbody td.o4"), ["RefusedThe role lacks the right"; 2]);
    assert!(refused.text("tbody details").contains("Asked forGET /settings/activity"));
    let done = anna.get(&format!("{AT}?outcome=done")).await;
    assert!(!sentences(&done).iter().any(|text| text.starts_with("Tried")));
}

#[actix_web::test]
async fn sec_11_nothing_of_another_merchant_is_in_the_page_or_the_file() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let mut bruno = app.sign_in(BRUNO).await;
    let boutique = app.text("SELECT id FROM originators WHERE name = 'Boutique'");
    let fields = [("order_id", "OF-SECOND"), ("originator", boutique.as_str())];
    bruno.creates_email_payment(&fields, "draft").await;
    app.many_acts(app.world.second, 60);
    anna.creates_email_payment(&[("order_id", "OF-FIRST")], "draft").await;

    // Bruno reads for the first merchant: his signing in is Anna's to see, his work elsewhere not.
    let page = anna.get(AT).await;
    assert_eq!(sentences(&page), ["Email payment created OF-FIRST", "Signed in", "Signed in"]);
    assert!(!page.body.contains("OF-SECOND") && !page.has(".pager a"));
    let file = anna.get(CSV).await;
    // The reading of the page came between.
    assert_eq!(lines(&file).len(), 4, "{}", file.body);
    assert!(!file.body.contains("10.0.0.") && !file.body.contains("OF-SECOND"));

    let theirs = bruno.get(AT).await;
    assert!(!theirs.body.contains("OF-FIRST"));
    assert_eq!(sentences(&theirs).len(), 50);

    // The function itself, whatever it is asked for.
    let rows = |merchant| {
        format!(
            "activity_page('{merchant}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, false, 1000)"
        )
    };
    let (first, second) = (app.world.first, app.world.second);
    for tenants in [Tenants::none(), Tenants::one(first)] {
        assert_eq!(count_as(&app.db(), &tenants, &rows(second)).unwrap(), 0);
    }
    assert!(count_as(&app.db(), &Tenants::one(second), &rows(second)).unwrap() > 60);
    assert!(count_as(&app.jobs_db(), &Tenants::one(second), &rows(second)).is_err());
}

#[actix_web::test]
async fn sec_11_acts_of_no_merchant_are_seen_of_ones_own_people_since_they_joined() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    app.sign_in(ALDO).await;
    app.sign_in(SOFIA).await;
    app.browser().sign_in(NOBODY).await;
    let signed_in = format!("{AT}?kind=sign_in");
    assert_eq!(people(&anna.get(&signed_in).await), ["Aldo Neri", "Anna Rossi"]);
    app.change(
        "UPDATE memberships SET created_at = now() + interval '1 minute'
         WHERE user_id = (SELECT id FROM users WHERE subject = 'aldo')",
    );
    assert_eq!(people(&anna.get(&signed_in).await), ["Anna Rossi"]);
}

#[actix_web::test]
async fn filters_narrow_are_shown_and_taken_out_one_by_one() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let mut carla = app.sign_in(CARLA).await;
    carla.creates_email_payment(&[("order_id", "INV-2")], "draft").await;
    anna.creates_email_payment(&[("order_id", "INV-1")], "draft").await;
    app.many_acts(app.world.first, 3);
    let carla_id = app.text("SELECT id FROM users WHERE subject = 'carla'");

    let payments = anna.get(&format!("{AT}?kind=email_payments")).await;
    assert_eq!(
        sentences(&payments),
        ["Email payment created INV-1", "Email payment created INV-2"]
    );
    let hers = anna.get(&format!("{AT}?kind=email_payments&person={carla_id}")).await;
    assert_eq!(sentences(&hers), ["Email payment created INV-2"]);
    let chips = hers.texts(".chips a");
    assert_eq!(chips, ["Email payments Remove", "Carla Verdi Remove", "Reset"]);
    let without = hers.attribute(".chips li:nth-of-type(2) a", "href");
    assert_eq!(without, format!("{AT}?kind=email_payments"));

    // The fifteenth of January begins at 23:00 UTC of the fourteenth, in Rome.
    let january = anna.get(&format!("{AT}?from=2026-01-15&to=2026-01-15")).await;
    assert_eq!(sentences(&january), ["Order confirmations switched"; 3]);
    assert_eq!(
        january.texts(".chips a")[..2],
        ["From 15 January 2026 Remove", "To 15 January 2026 Remove"]
    );
    app.change("UPDATE audit_log SET at = '2026-01-14 23:00Z' WHERE origin = '10.0.0.1'");
    app.change("UPDATE audit_log SET at = '2026-01-15 23:00Z' WHERE origin = '10.0.0.2'");
    let january = anna.get(&format!("{AT}?from=2026-01-15&to=2026-01-15")).await;
    assert_eq!(january.texts("tbody td.col-origin"), ["10.0.0.3", "10.0.0.1"]);
    let today = anna.get(&january.attribute(".views a:nth-of-type(2)", "href")).await;
    assert_eq!(today.text(".views [aria-current]"), "Today");
    assert!(sentences(&today).len() >= 4 && !today.body.contains("10.0.0."));

    let empty = anna.get(&format!("{AT}?from=2025-01-01&to=2025-01-01")).await;
    assert_eq!(
        (empty.status, empty.text(".empty h2")),
        (StatusCode::OK, "Nothing fits".to_owned())
    );
    assert!(!empty.has("tbody"));
}

#[actix_web::test]
async fn a_filter_that_cant_be_read_is_told_at_its_field_and_makes_no_file() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    for (query, words) in [
        ("from=yesterday", "“yesterday” is not a day: choose one in the calendar"),
        ("from=2026-02-02&to=2026-02-01", "The last day comes before the first"),
        ("kind=everything", "“everything” is not one of the choices"),
        ("person=anna", "“anna” is not one of the choices"),
        ("outcome=%3Cb%3E", "“<b>” is not one of the choices"),
        ("after=nonsense", "“nonsense” is not one of the choices"),
    ] {
        let page = anna.get(&format!("{AT}?{query}")).await;
        assert_eq!(page.status, StatusCode::OK, "{query}");
        assert_eq!(page.texts(".errors li"), [words], "{query}");
        assert!(!page.body.contains("<b>”"));
        let file = anna.get(&format!("{CSV}?{query}")).await;
        assert_eq!(file.location(), Some(format!("{AT}?{query}")));
    }
    assert_eq!(app.count("audit_log WHERE action = 'activity.export'"), 0);
}

#[actix_web::test]
async fn pages_go_older_and_newer_and_keep_their_place() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    app.many_acts(app.world.first, 110);
    // Rows of one instant: their numbers decide.
    app.change("UPDATE audit_log SET at = '2026-01-15 10:01Z' WHERE origin BETWEEN '10.0.0.60' AND '10.0.0.69'");
    let query = format!("{AT}?to=2026-01-31");
    let origins = |page: &Page| page.texts("tbody td.col-origin");
    let newest = anna.get(&query).await;
    assert_eq!((origins(&newest).len(), origins(&newest)[0].as_str()), (50, "10.0.0.110"));
    assert_eq!(newest.texts(".pager a"), ["Older"]);
    let middle = anna.get(&newest.attribute(".pager a[rel=next]", "href")).await;
    assert_eq!(middle.texts(".pager a"), ["Newest", "Newer", "Older"]);
    app.change(&format!(
        "INSERT INTO audit_log (at, actor, merchant_id, action, is_done) VALUES ('2026-01-20', 'system', '{}', 'merchant.add', true)",
        app.world.first
    ));
    let last = anna.get(&middle.attribute(".pager a[rel=next]", "href")).await;
    assert_eq!(last.texts(".pager a"), ["Newest", "Newer"]);
    let all: BTreeSet<String> = [&newest, &middle, &last].into_iter().flat_map(origins).collect();
    assert_eq!(all.len(), 110, "each row once");
    assert_eq!(origins(&last).len(), 10);
    let back = anna.get(&last.attribute(".pager a[rel=prev]", "href")).await;
    assert_eq!(origins(&back), origins(&middle));
}

#[actix_web::test]
async fn sec_23_reading_is_itself_noted_once_per_session_and_quarter_of_an_hour() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let views = "audit_log WHERE action = 'activity.view'";
    for _ in 0..3 {
        anna.get(AT).await;
    }
    assert_eq!(app.count(views), 1);
    app.sign_in(ANNA).await.get(AT).await;
    assert_eq!(app.count(views), 2, "another session");
    app.change(
        "UPDATE audit_log SET at = at - interval '16 minutes' WHERE action = 'activity.view'",
    );
    anna.get(AT).await;
    assert_eq!(app.count(views), 3);

    let mut sofia = app.sign_in(SOFIA).await;
    sofia.get(&format!("/merchants/{}/activity", app.world.first)).await;
    let page = anna.get(&format!("{AT}?kind=access")).await;
    assert_eq!(sentences(&page)[0], "Activity read");
    assert_eq!(page.text("tbody td.o3"), "Sofia KellerSuccess manager");
}

#[actix_web::test]
async fn sec_11_staff_read_the_activity_of_those_they_look_after() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    anna.creates_email_payment(&[("order_id", "INV-1")], "draft").await;
    let mut sofia = app.sign_in(SOFIA).await;
    let at = format!("/merchants/{}", app.world.first);
    let page = sofia.get(&at).await;
    let link = page.attribute(".actions a", "href");
    assert_eq!(link, format!("{at}/activity"));
    let page = sofia.get(&link).await;
    assert_eq!(sentences(&page), ["Email payment created", "Signed in"]);
    assert!(!page.has("tbody th > a"), "no page of a payment for staff");
    assert!(page.text(".crumbs").contains("Ceramiche Bellini"));
    assert_eq!(lines(&sofia.get(&page.attribute(".actions a", "href")).await).len(), 3);
    for suffix in ["activity", "activity.csv"] {
        let foreign = sofia.get(&format!("/merchants/{}/{suffix}", app.world.second)).await;
        assert_eq!(foreign.status, StatusCode::NOT_FOUND);
    }
    assert_eq!(
        app.count(&format!("audit_log WHERE merchant_id = '{}'", app.world.second)),
        0,
        "nothing was read there"
    );
}

#[actix_web::test]
async fn sec_18_a_file_holds_exactly_the_filtered_rows_and_no_formula() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    app.many_acts(app.world.first, 3);
    app.change("UPDATE users SET name = '=HYPERLINK(\"http://x\",\"y\")' WHERE subject = 'anna'");
    app.change("UPDATE audit_log SET after = '{\"reason\": \"+39, \\\"now\\\"\"}' WHERE origin = '10.0.0.2'");
    let file = anna.get(&format!("{CSV}?to=2026-01-31")).await;
    assert_eq!(file.header("content-type").as_deref(), Some("text/csv; charset=utf-8"));
    let name = file.header("content-disposition").unwrap();
    assert!(name.starts_with("attachment; filename=\"activity-20") && name.ends_with(".csv\""));
    let rows = lines(&file);
    assert_eq!(rows.len(), 3);
    let start = "2026-01-15T11:00:03+01:00,\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\",Owner,Order confirmations switched,merchant.order_confirmations,,Done,,Switched on: yes,10.0.0.3,";
    assert_eq!(rows[0], start);
    assert!(rows[1].contains(",\"'+39, \"\"now\"\"\","), "{}", rows[1]);
    let audit =
        app.text("SELECT after FROM audit_log WHERE action = 'activity.export' AND is_done");
    assert!(
        audit.starts_with(r#"{"rows": 3, "filter": "to=2026-01-31", "format": "csv", "sha256": "#),
        "{audit}"
    );
}

#[actix_web::test]
async fn sec_18_fifty_thousand_rows_arrive_whole_and_as_of_one_moment() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    app.many_acts(app.world.first, 50_000);
    let mut file = app.begins_file(&anna).await;
    // Older than all others: the file would come to them last.
    app.change(&format!(
        "INSERT INTO audit_log (at, actor, merchant_id, action, is_done, origin)
         SELECT '2025-12-01', 'system', '{}', 'merchant.add', true, 'late' FROM generate_series(1, 1000)",
        app.world.first
    ));
    let mut rest = Vec::new();
    while let Some(piece) = file.chunk().await.unwrap() {
        rest.extend_from_slice(&piece);
    }
    let rest = String::from_utf8(rest).unwrap();
    assert!(rest.ends_with(",10.0.0.1,\r\n"), "the oldest row is the last");
    assert_eq!(rest.matches(",late,").count(), 0, "rows that came while it was sent");
    let sent = app
        .text("SELECT after->>'rows' FROM audit_log WHERE action = 'activity.export' AND is_done");
    assert_eq!(sent, "50001", "and the sign-in");
    let again = anna.get(CSV).await;
    assert_eq!(lines(&again).len(), 51_002);
}

#[actix_web::test]
async fn sec_18_a_file_that_fails_midway_is_seen_to_be_cut() {
    let app = TestApp::start().await;
    let anna = app.sign_in(ANNA).await;
    app.many_acts(app.world.first, 50_000);
    let mut file = app.begins_file(&anna).await;
    let waits = format!(
        "FROM pg_stat_activity WHERE datname = '{}' AND state = 'idle in transaction'
             AND state_change < clock_timestamp() - interval '0.3 seconds'",
        app.database
    );
    app.until("a transaction waits for the reader", async || {
        app.count(&format!("(SELECT {waits}) t")) == 1
    })
    .await;
    app.count(&format!("(SELECT pg_terminate_backend(pid) {waits}) t"));
    let broken = loop {
        match file.chunk().await {
            Ok(Some(_)) => {}
            Ok(None) => break false,
            Err(_) => break true,
        }
    };
    assert!(broken, "the file looks whole");
    app.until("the audit tells of it", async || {
        app.count(
            "audit_log WHERE action = 'activity.export' AND NOT is_done
                   AND (after->>'rows')::int < 50000 AND after->>'reason' LIKE 'database%'",
        ) == 1
    })
    .await;
}

#[actix_web::test]
async fn sec_16_one_file_at_a_time_and_thirty_an_hour() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    app.many_acts(app.world.first, 50_000);
    let held = app.begins_file(&anna).await;
    let second = anna.get(CSV).await;
    assert_eq!(second.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(second.header("retry-after").is_some());
    drop(held);
    app.until("the place is free again", async || {
        app.count("audit_log WHERE action = 'activity.export' AND NOT is_done AND after->>'reason' LIKE 'reader%'") == 1
    })
    .await;
    let small = format!("{CSV}?from=2026-01-15&to=2026-01-15&outcome=refused");
    for _ in 0..29 {
        assert_eq!(lines(&anna.get(&small).await).len(), 47);
    }
    assert_eq!(anna.get(&small).await.status, StatusCode::TOO_MANY_REQUESTS);
}

/// How many of Postgres's pages a call of the function looks at.
fn pages_read(db: &Db, tenants: &Tenants, arguments: &str) -> u64 {
    #[derive(QueryableByName)]
    struct Line {
        #[diesel(sql_type = diesel::sql_types::Text, column_name = "QUERY PLAN")]
        text: String,
    }
    let query = format!("EXPLAIN (ANALYZE, BUFFERS) SELECT * FROM activity_page({arguments})");
    let explain = |conn: &mut PgConnection| {
        // The first call also reads the catalogue.
        diesel::sql_query(&query).execute(conn)?;
        Ok(diesel::sql_query(&query).load::<Line>(conn)?)
    };
    let lines = db.run_blocking(tenants, explain).unwrap();
    let buffers = lines.iter().find(|line| line.text.contains("Buffers:")).expect("buffers");
    found(r"(?:hit|read)=(\d+)", &buffers.text).iter().map(|n| n.parse::<u64>().unwrap()).sum()
}

#[actix_web::test]
async fn a_page_costs_the_same_among_a_hundred_thousand_rows() {
    let app = TestApp::start().await;
    app.sign_in(ANNA).await;
    app.many_acts(app.world.second, 98_000);
    app.many_acts(app.world.first, 2_000);
    app.change("ANALYZE audit_log");
    let (db, first) = (app.db(), app.world.first);
    let tenants = Tenants::one(first);
    let newest = format!("'{first}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, false, 51");
    let deep =
        format!("'{first}', NULL, NULL, NULL, NULL, NULL, '2026-01-15 10:20Z', 0, false, 51");
    let newer =
        format!("'{first}', NULL, NULL, NULL, NULL, NULL, '2026-01-15 10:20Z', 0, true, 51");
    let refused = format!("'{first}', NULL, NULL, NULL, NULL, false, NULL, NULL, false, 51");
    let rare = format!(
        "'{first}', NULL, NULL, ARRAY['merchant.add', 'user.add'], NULL, NULL, NULL, NULL, false, 51"
    );
    for arguments in [&newest, &deep, &newer, &refused, &rare] {
        let pages = pages_read(&db, &tenants, arguments);
        assert!((10..400).contains(&pages), "{pages} pages for {arguments}");
    }
    app.change("DROP INDEX audit_log_wide");
    let pages = pages_read(&db, &tenants, &refused);
    assert!(pages > 1_000, "{pages} pages without the index");
}

#[actix_web::test]
async fn sec_23_partitions_to_come_are_read_like_the_others() {
    let app = TestApp::start().await;
    app.sign_in(ANNA).await;
    let last = app.text("SELECT max(inhrelid::regclass::text) FROM pg_inherits WHERE inhparent = 'audit_log'::regclass AND inhrelid <> 'audit_log_default'::regclass");
    app.change(&format!("DROP TABLE {last}"));
    let made = app.jobs_db().run_blocking(&Tenants::none(), audit::make_partitions).unwrap();
    assert_eq!(made, 1);
    let indexes = format!(
        "pg_index i WHERE i.indrelid = '{last}'::regclass AND NOT i.indisprimary
         AND obj_description(i.indexrelid, 'pg_class') LIKE 'The activity page:%'
         AND EXISTS (SELECT FROM pg_inherits h WHERE h.inhrelid = i.indexrelid)"
    );
    assert_eq!(app.count(&indexes), 2);
    let (year, month) = (&last[10..14], &last[15..17]);
    app.change(&format!(
        "INSERT INTO audit_log (at, actor, merchant_id, action, is_done)
         VALUES ('{year}-{month}-15', 'system', '{}', 'merchant.add', true)",
        app.world.first
    ));
    let rows = format!(
        "activity_page('{}', '{year}-{month}-01', NULL, NULL, NULL, NULL, NULL, NULL, false, 10)",
        app.world.first
    );
    assert_eq!(count_as(&app.db(), &Tenants::one(app.world.first), &rows).unwrap(), 1);
    assert!(count_as(&app.db(), &Tenants::one(app.world.first), &last).is_err(), "not directly");
}

#[test]
fn every_action_that_is_written_somewhere_has_words() {
    let mut actions = BTreeSet::new();
    for path in files_below("src", "rs") {
        let text = source(&path);
        if path.starts_with("src/activity/actions.rs") {
            continue;
        }
        let text = text.split("#[cfg(test)]").next().unwrap();
        let code: String =
            text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        if !code.contains("audit") {
            continue;
        }
        actions.extend(found(r#"action: "([a-z_.]+)""#, &code));
        actions.extend(found(r#""((?:[a-z]+_?)+(?:\.(?:[a-z]+_?)+)+)""#, &code));
    }
    assert!(actions.len() >= 18, "{actions:?}");
    let without: Vec<&String> =
        actions.iter().filter(|action| !central::activity::has_words(action)).collect();
    assert_eq!(without, Vec::<&String>::new(), "src/activity/actions.rs has no words for these");
}
