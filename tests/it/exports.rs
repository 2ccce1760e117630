//! Lists that leave as files: what is in them, and the record that proves it.

use calamine::{Data, Reader as _, Xlsx};
use central::db::Tenants;
use central::exports;
use chrono::{DateTime, Utc};
use openidconnect::reqwest::{self, StatusCode};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{Rng as _, SeedableRng as _};
use sha2::{Digest as _, Sha256};

use crate::support::*;
use crate::views::save_columns;

const PAGE: &str = "/processing/email-payments/exports";

/// A file that has arrived.
pub struct Download {
    name: String,
    content_type: String,
    bytes: Vec<u8>,
}

impl Download {
    fn sha256(&self) -> String {
        data_encoding::HEXLOWER.encode(&Sha256::digest(&self.bytes))
    }

    /// The rows of a CSV file, its head first.
    pub fn csv(&self) -> Vec<Vec<String>> {
        let text = std::str::from_utf8(&self.bytes).expect("UTF-8");
        let separator = if text.starts_with('\u{feff}') { ';' } else { ',' };
        parsed(text.trim_start_matches('\u{feff}'), separator)
    }

    pub fn is_workbook(&self) -> bool {
        self.content_type.contains("spreadsheet") && self.sheet().len() > 1
    }

    fn workbook(&self) -> Xlsx<std::io::Cursor<Vec<u8>>> {
        Xlsx::new(std::io::Cursor::new(self.bytes.clone())).expect("a workbook")
    }

    /// The cells of a workbook's first sheet, its head first.
    fn sheet(&self) -> Vec<Vec<Data>> {
        let mut workbook = self.workbook();
        let range = workbook.worksheet_range_at(0).expect("a sheet").expect("that can be read");
        range.rows().map(<[Data]>::to_vec).collect()
    }
}

/// RFC 4180, as a reader sees it.
fn parsed(text: &str, separator: char) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell, mut is_quoted) =
        (Vec::new(), Vec::new(), String::new(), false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if is_quoted && chars.peek() == Some(&'"') => cell.extend(chars.next()),
            '"' => is_quoted = !is_quoted,
            '\r' if !is_quoted => {}
            '\n' if !is_quoted => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            c if c == separator && !is_quoted => row.push(std::mem::take(&mut cell)),
            c => cell.push(c),
        }
    }
    assert!(row.is_empty() && cell.is_empty(), "the last line has an end");
    rows
}

async fn begin(browser: &Browser, path: &str) -> reqwest::Response {
    let cookie = format!("__Host-sid={}", browser.cookie("__Host-sid").unwrap());
    let request = reqwest::Client::new().get(browser.url(path)).header("Cookie", cookie);
    request.header("Accept-Language", "en").send().await.unwrap()
}

pub async fn download(browser: &Browser, path: &str) -> Download {
    let response = begin(browser, path).await;
    assert_eq!(response.status(), StatusCode::OK, "{path}");
    let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
    let disposition = header("content-disposition");
    let name = disposition.strip_prefix("attachment; filename=\"").unwrap();
    Download {
        name: name.trim_end_matches('"').to_owned(),
        content_type: header("content-type"),
        bytes: response.bytes().await.unwrap().to_vec(),
    }
}

/// What is left of a file; whether it came to its end.
async fn rest(mut response: reqwest::Response) -> (Vec<u8>, bool) {
    let mut bytes = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(piece)) => bytes.extend_from_slice(&piece),
            Ok(None) => return (bytes, true),
            Err(_) => return (bytes, false),
        }
    }
}

impl TestApp {
    /// Generated payments of the first merchant, made by its owner.
    fn fill(&self, past: u64, open: u64) {
        let admin = self.admin_db();
        let user = self.text("SELECT id FROM users WHERE subject = 'anna'").parse().unwrap();
        let owner = (self.world.first, self.world.first_originator, user);
        central::demo::seed::fill(&admin, &self.config.keys, owner, (past, open), &self.clock)
            .expect("the payments fit");
    }

    /// One field of the newest record.
    fn record(&self, field: &str) -> String {
        self.text(&format!("SELECT {field} FROM exports ORDER BY started_at DESC, id DESC LIMIT 1"))
    }
}

#[actix_web::test]
async fn sec_18_a_file_holds_the_filtered_rows_and_the_columns_of_the_list() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    for (order_id, name, amount, currency) in [
        ("A-1", "=HYPERLINK(\"http://x\";\"y\")", "1.830,05", "EUR"),
        ("A-2", "José, \"Pepe\"", "4500", "JPY"),
        ("B-1", "Maria", "7", "EUR"),
    ] {
        let fields = [
            ("order_id", order_id),
            ("customer_name", name),
            ("amount", amount),
            ("currency", currency),
        ];
        anna.creates_email_payment(&fields, "draft").await;
    }
    app.change(
        "UPDATE email_payments SET created_at = '2026-10-25T01:30:00Z' WHERE order_id = 'A-1'",
    );
    app.change(
        "UPDATE email_payments SET created_at = '2026-10-25T00:30:00Z' WHERE order_id = 'A-2'",
    );
    app.change("UPDATE email_payments SET expires_at = '2026-12-01T22:59:59Z'");

    let csv = download(&anna, &format!("{LIST}.csv?order_id=A-&order_id_op=starts")).await;
    assert_eq!(csv.content_type, "text/csv; charset=utf-8");
    assert!(csv.name.starts_with("email-payments-20"), "{}", csv.name);
    assert!(csv.name.contains("-Europe-Rome-order_id-A-order_id_op-starts-"), "{}", csv.name);
    assert_eq!(
        String::from_utf8(csv.bytes.clone()).unwrap(),
        "Customer,Email address,Amount,Currency,Status,Reason,Order ID,Created,Expires\r\n\
         \"'=HYPERLINK(\"\"http://x\"\";\"\"y\"\")\",customer@example.it,1830.05,EUR,Draft,,A-1,2026-10-25T02:30:00+01:00,2026-12-01T23:59:59+01:00\r\n\
         \"José, \"\"Pepe\"\"\",customer@example.it,4500,JPY,Draft,,A-2,2026-10-25T02:30:00+02:00,2026-12-01T23:59:59+01:00\r\n"
    );
    assert_eq!(
        app.record("state || ' ' || rows || ' ' || bytes || ' ' || encode(sha256, 'hex')"),
        format!("done 2 {} {}", csv.bytes.len(), csv.sha256())
    );
    assert_eq!(
        app.record("filter || ' ' || filter_words::text || ' ' || time_zone || ' ' || file_name"),
        format!(
            "order_id=A-&order_id_op=starts {{\"Order ID: Begins with A-\"}} Europe/Rome {}",
            csv.name
        )
    );
    assert_eq!(app.record("heads[4] || ' ' || cardinality(heads)"), "Currency 9");

    let xlsx = download(&anna, &format!("{LIST}.xlsx?order_id=A-&order_id_op=starts")).await;
    assert_eq!(xlsx.sha256(), app.record("encode(sha256, 'hex')"));
    let sheet = xlsx.sheet();
    assert_eq!(sheet.len(), 3);
    assert_eq!(sheet[1][0], Data::String("=HYPERLINK(\"http://x\";\"y\")".to_owned()));
    assert_eq!(sheet[1][2], Data::Float(1830.05));
    assert_eq!(sheet[2][2].to_string(), "4500");
    assert_eq!(sheet[1][8], Data::String("+01:00".to_owned()));
    assert_eq!(sheet[2][8], Data::String("+02:00".to_owned()), "the hour that comes twice");
    let mut workbook = xlsx.workbook();
    assert!(workbook.worksheet_formula("Email payments").unwrap().is_empty());
    assert_eq!(workbook.sheet_names(), ["Email payments", "About this file"]);
    let about = workbook.worksheet_range("About this file").unwrap();
    let facts: Vec<String> = about.rows().map(|row| format!("{}: {}", row[0], row[1])).collect();
    let as_of =
        app.record("to_char(as_of AT TIME ZONE 'Europe/Rome', 'YYYY-MM-DD\"T\"HH24:MI:SS')");
    for fact in [
        "Merchant: Ceramiche Bellini".to_owned(),
        "Filter: Order ID: Begins with A-".to_owned(),
        "Time zone: Europe/Rome".to_owned(),
        "Rows: 2".to_owned(),
        "Made by: Anna Rossi".to_owned(),
        format!("Record: {}", app.record("id")),
    ] {
        assert!(facts.contains(&fact), "{fact} {facts:?}");
    }
    assert!(facts.iter().any(|fact| fact.starts_with(&format!("As of: {as_of}"))), "{facts:?}");

    let audit = "SELECT string_agg((after->>'format') || ' ' || (after->>'rows') || ' ' || (after->>'filter'), ', ' ORDER BY id)
        FROM audit_log WHERE action = 'email_payment.export' AND is_done";
    assert_eq!(
        app.text(audit),
        "csv 2 order_id=A-&order_id_op=starts, xlsx 2 order_id=A-&order_id_op=starts"
    );
}

#[actix_web::test]
async fn csv_is_as_the_readers_spreadsheet_wants_it_or_as_asked() {
    let app = TestApp::start().await;
    let anna = app.sign_in(ANNA).await;
    let mark = "\u{feff}".as_bytes();
    for (query, separator, has_mark) in
        [("", b',', false), ("?separator=semicolon", b';', true), ("?separator=comma", b',', false)]
    {
        let csv = download(&anna, &format!("{LIST}.csv{query}")).await;
        assert_eq!(csv.bytes.starts_with(mark), has_mark, "{query}");
        assert!(csv.bytes.contains(&separator) && csv.csv()[0].len() == 9, "{query}");
        assert_eq!(csv.csv().len(), 1, "the head alone: nothing fits");
    }
    let cookie = format!("__Host-sid={}", anna.cookie("__Host-sid").unwrap());
    let request = reqwest::Client::new().get(anna.url(&format!("{LIST}.csv")));
    let italian = request.header("Cookie", cookie).header("Accept-Language", "it").send().await;
    let italian = italian.unwrap().bytes().await.unwrap();
    let italian = String::from_utf8(italian.to_vec()).unwrap();
    assert!(italian.trim_start_matches('\u{feff}').starts_with("Cliente;"), "{italian}");
    let empty = download(&anna, &format!("{LIST}.xlsx")).await;
    assert_eq!(empty.sheet().len(), 1);
}

#[actix_web::test]
async fn sec_11_a_file_and_its_record_stay_within_what_somebody_sees() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let mut carla = app.sign_in(CARLA).await;
    let mut bruno = app.sign_in(BRUNO).await;
    anna.creates_email_payment(&[("order_id", "BY-ANNA")], "draft").await;
    carla.creates_email_payment(&[("order_id", "BY-CARLA")], "draft").await;
    let boutique = app.text("SELECT id FROM originators WHERE name = 'Boutique'");
    let fields = [("order_id", "BY-BRUNO"), ("originator", boutique.as_str())];
    bruno.creates_email_payment(&fields, "draft").await;
    let csv = format!("{LIST}.csv");
    let orders = |file: &Download| -> Vec<String> {
        file.csv().iter().skip(1).map(|row| row[6].clone()).collect()
    };
    assert_eq!(orders(&download(&anna, &csv).await), ["BY-CARLA", "BY-ANNA"]);
    assert_eq!(orders(&download(&carla, &csv).await), ["BY-CARLA"]);
    assert_eq!(orders(&download(&bruno, &csv).await), ["BY-BRUNO"]);

    // Records: an owner's and an accountant's reach all of the merchant's, a clerk's her own.
    let people = |page: &Page| page.texts("tbody th > .two:not(.only-s)");
    assert_eq!(people(&anna.get(PAGE).await), ["Carla Verdi", "Anna Rossi"]);
    assert_eq!(people(&app.sign_in(ALDO).await.get(PAGE).await), ["Carla Verdi", "Anna Rossi"]);
    assert_eq!(people(&carla.get(PAGE).await), ["Carla Verdi"]);
    assert_eq!(people(&bruno.get(PAGE).await), ["Bruno Blanc"]);

    // Customer care and who only reads see the list and take nothing along.
    app.change(&format!(
        "UPDATE memberships SET role = 'customer_care' WHERE merchant_id = '{}'
         AND user_id = (SELECT id FROM users WHERE subject = 'carla')",
        app.world.first
    ));
    assert!(!carla.get(LIST).await.body.contains("/exports"));
    for path in [&csv, PAGE, &format!("{LIST}.xlsx")] {
        assert_eq!(carla.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[actix_web::test]
async fn the_page_of_exports_offers_files_of_the_filter_and_shows_records() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    app.many_drafts(3);
    let list = anna.get(&format!("{LIST}?q=ROW&size=50")).await;
    let link = list.attribute(".page-head .actions a", "href");
    assert_eq!(link, format!("{PAGE}?q=ROW"));
    let page = anna.get(&link).await;
    assert_eq!(page.text(".empty h3"), "No file yet");
    assert_eq!(page.texts(".export-new .chip"), ["Search: ROW"]);
    let files: Vec<String> = (1..=3)
        .map(|n| page.attribute(&format!(".export-new a.btn:nth-of-type({n})"), "href"))
        .collect();
    assert_eq!(
        files,
        [
            format!("{LIST}.xlsx?q=ROW"),
            format!("{LIST}.csv?separator=comma&q=ROW"),
            format!("{LIST}.csv?separator=semicolon&q=ROW")
        ]
    );
    let file = download(&anna, &files[2]).await;
    assert_eq!(file.csv().len(), 4);
    let page = anna.get(&link).await;
    assert_eq!(page.texts("tbody .status"), ["Whole"]);
    assert_eq!(page.text("tbody td.num"), "3 rows1 kB");
    assert_eq!(page.attribute("tbody .copy input", "value"), file.sha256());
    assert!(page.body.contains(&format!("{} *{}", file.sha256(), file.name)));
    assert_eq!(page.attribute("tbody td.o4 a", "href"), format!("{LIST}?q=ROW"));
    for speaker in ["it", "es", "fr"] {
        let page = anna.clone().speaking(speaker).get(&link).await;
        assert!(!page.body.contains("No file yet") && page.has("tbody .status"));
    }
    let wrong = anna.get(&format!("{LIST}.csv?status=nonsense")).await;
    assert_eq!(wrong.location(), Some(format!("{LIST}?status=nonsense")));
    assert_eq!(app.count("exports"), 1);
}

/// One parameter of a list, at random.
fn parameter(random: &mut StdRng) -> String {
    let pick = |random: &mut StdRng, of: &[&str]| (*of.choose(random).unwrap()).to_owned();
    match random.random_range(0..10) {
        0 => format!("status={}", pick(random, &["paid", "expired", "failed", "open", "draft"])),
        1 => "status=paid&status=cancelled".to_owned(),
        2 => format!("group={}", pick(random, &["current", "past"])),
        3 => format!("q={}", pick(random, &["a", "example", "mar", "CB", "CB-2025"])),
        4 => format!("amount_min={}", random.random_range(10..2000)),
        5 => format!("amount_max={}", random.random_range(10..2000)),
        6 => format!("created_from=2025-{:02}-01", random.random_range(1..13)),
        7 => format!("method={}", pick(random, &["CreditCard", "Alipay"])),
        8 => format!("customer={}", pick(random, &["o", "ro", "nobody at all"])),
        _ => "delivery=sent&delivery=bounced".to_owned(),
    }
}

/// Every instant as seconds since 1970, every number as one, texts as they are.
fn same(csv: &[Vec<String>], sheet: &[Vec<Data>], query: &str) {
    assert_eq!(csv.len(), sheet.len(), "{query}");
    for (line, row) in csv.iter().zip(sheet).skip(1) {
        let mut cells = row.iter();
        for value in line {
            let cell = cells.next().cloned().unwrap_or(Data::Empty);
            if let Data::DateTime(serial) = cell {
                let (year, month, day, hour, minute, second, _) = serial.to_ymd_hms_milli();
                let offset = cells.next().unwrap();
                let written =
                    format!("{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{offset}");
                assert_eq!(&written, value, "{query}");
            } else if let Data::Float(number) = cell {
                assert_eq!(Ok(number), value.parse(), "{query}");
            } else {
                assert_eq!(cell.to_string(), value.trim_start_matches('\''), "{query}");
            }
        }
    }
}

#[actix_web::test]
async fn a_column_says_the_same_whichever_others_are_shown() {
    const COLUMNS: [(&str, usize); 17] = [
        ("customer", 2),
        ("amount", 2),
        ("status", 2),
        ("order_id", 1),
        ("created", 1),
        ("delivery", 1),
        ("description", 1),
        ("expires", 1),
        ("paid", 1),
        ("opened", 1),
        ("method", 1),
        ("refunded", 2),
        ("language", 1),
        ("originator", 1),
        ("created_by", 1),
        ("attempts", 1),
        ("sends", 1),
    ];
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    app.fill(120, 40);
    app.change("UPDATE email_payments SET refunded_minor = 100, first_opened_at = created_at");
    let path = format!("{LIST}.csv?separator=comma");
    save_columns(&mut anna, &COLUMNS.map(|(column, _)| column), "save").await;
    let all = download(&anna, &path).await.csv();
    assert_eq!(all.len(), 161);
    let mut first = 0;
    for (column, cells) in COLUMNS {
        save_columns(&mut anna, &[column], "save").await;
        let alone = download(&anna, &path).await.csv();
        let among: Vec<&[String]> = all.iter().map(|row| &row[first..first + cells]).collect();
        // The customer always stays.
        let alone: Vec<&[String]> = alone.iter().map(|row| &row[row.len() - cells..]).collect();
        assert!(alone == among, "{column}: {:?} {:?}", &alone[..3], &among[..3]);
        let is_told = |row: &[String]| row.iter().all(|cell| !cell.is_empty());
        assert!(among.into_iter().skip(1).any(is_told), "{column}: some rows have it");
        first += cells;
    }
}

#[actix_web::test]
async fn files_and_pages_agree_whatever_is_asked() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    app.fill(160, 40);
    let mut random = StdRng::seed_from_u64(20_261_128);
    let mut found = 0;
    for _ in 0..14 {
        let mut parameters: Vec<String> =
            (0..random.random_range(0..3)).map(|_| parameter(&mut random)).collect();
        let sorts = ["created", "-created", "-amount", "amount", "order_id", "-expires", "paid"];
        parameters.push(format!("sort={}", sorts.choose(&mut random).unwrap()));
        let query = parameters.join("&");
        let csv = download(&anna, &format!("{LIST}.csv?{query}")).await.csv();
        let sheet = download(&anna, &format!("{LIST}.xlsx?{query}")).await.sheet();
        same(&csv, &sheet, &query);
        let mut shown = Vec::new();
        let mut next = Some(format!("{LIST}?size=100&{query}"));
        while let Some(url) = next {
            let page = anna.get(&url).await;
            assert_eq!(page.status, StatusCode::OK, "{query}");
            shown.extend(page.texts("td.col-order"));
            next = page
                .has(".pager a[rel=next]")
                .then(|| page.attribute(".pager a[rel=next]", "href"));
        }
        let orders: Vec<&String> = csv.iter().skip(1).map(|row| &row[6]).collect();
        assert_eq!(orders, shown.iter().collect::<Vec<_>>(), "{query}");
        found += orders.len();
    }
    assert!(found > 300, "{found} rows in all: the filters find something");
}

#[actix_web::test]
async fn sec_18_rows_that_come_meanwhile_are_not_in_the_file_and_each_other_is_once() {
    let app = TestApp::start().await;
    let anna = app.sign_in(ANNA).await;
    app.fill(30_000, 0);
    let mut response = begin(&anna, &format!("{LIST}.csv")).await;
    let mut bytes = response.chunk().await.unwrap().unwrap().to_vec();
    app.many_drafts(500);
    app.change("UPDATE email_payments SET created_at = '2020-01-01' WHERE order_id LIKE 'ROW-%'");
    app.change("DELETE FROM email_payment_events WHERE email_payment_id IN (SELECT id FROM email_payments WHERE status = 'expired' LIMIT 500)");
    bytes.extend(rest(response).await.0);
    let csv = Download { name: String::new(), content_type: String::new(), bytes };
    let rows = csv.csv();
    let mut orders: Vec<&String> = rows.iter().skip(1).map(|row| &row[6]).collect();
    assert_eq!(orders.len(), 30_000);
    orders.sort_unstable();
    orders.dedup();
    assert_eq!(orders.len(), 30_000, "each row once");
    assert!(!orders.iter().any(|order| order.starts_with("ROW-")), "none that came later");
    assert_eq!(app.record("rows || ' ' || rows_total"), "30000 30000");
    assert_eq!(app.record("encode(sha256, 'hex')"), csv.sha256());
}

#[actix_web::test]
async fn a_file_that_runs_is_seen_and_can_be_stopped() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    app.fill(60_000, 0);
    let mut response = begin(&anna, &format!("{LIST}.csv")).await;
    response.chunk().await.unwrap().unwrap();
    let page = anna.get(PAGE).await;
    assert_eq!(page.texts("tbody .status"), ["Running"]);
    let action = page.attribute("tbody form", "action");
    // Somebody else's file is not a clerk's to stop.
    let mut carla = app.sign_in(CARLA).await;
    let token = form_token(&mut carla).await;
    assert_eq!(carla.post(&action, &[("_csrf", &token)]).await.status, StatusCode::NOT_FOUND);
    let stopped = anna.submit(&page, &action, &[], "").await;
    assert_eq!(stopped.location().as_deref(), Some(PAGE));
    assert_eq!(anna.get(PAGE).await.texts("tbody .status"), ["Stopping"]);
    // The record is looked at about once a second, with a piece.
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    let (_, is_whole) = rest(response).await;
    assert!(!is_whole, "the file looks whole");
    app.until("the record tells", async || app.record("state") == "stopped").await;
    assert_eq!(
        app.record("sha256 IS NULL AND rows < 60000 AND rows > 0 AND rows_total = 60000"),
        "true"
    );
    assert_eq!(anna.get(PAGE).await.texts("tbody .status"), ["Stopped"]);
    // What has ended can't be stopped: the page tells how it ended.
    let token = form_token(&mut anna).await;
    assert_eq!(anna.post(&action, &[("_csrf", &token)]).await.location().as_deref(), Some(PAGE));
    assert_eq!(app.count("audit_log WHERE action = 'email_payment.export' AND NOT is_done"), 1);
}

#[actix_web::test]
async fn sec_18_a_file_whose_reader_goes_away_is_broken() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    app.fill(60_000, 0);
    let mut response = begin(&anna, &format!("{LIST}.xlsx")).await;
    response.chunk().await.unwrap().unwrap();
    drop(response);
    app.until("the record tells", async || app.record("state") == "broken").await;
    assert_eq!(anna.get(PAGE).await.texts("tbody .status"), ["Broken off"]);
}

#[actix_web::test]
async fn sec_26_a_file_whose_process_has_gone_is_closed_by_another() {
    let app = TestApp::start().await;
    let anna = app.sign_in(ANNA).await;
    app.many_drafts(1);
    download(&anna, &format!("{LIST}.csv")).await;
    let id = app.export_record("email_payments", ANNA);
    let lost: DateTime<Utc> = app.clock.now() + chrono::Duration::minutes(3);
    let jobs = app.jobs_db();
    assert_eq!(exports::jobs::close_lost(&jobs, app.clock.now()).await.unwrap(), 0, "still fresh");
    assert_eq!(exports::jobs::close_lost(&jobs, lost).await.unwrap(), 1);
    assert_eq!(app.text(&format!("SELECT state FROM exports WHERE id = '{id}'")), "broken");
    assert_eq!(app.count("exports WHERE state = 'done'"), 1);
    let told =
        "audit_log WHERE action = 'email_payment.export' AND NOT is_done AND actor = 'system'
                AND user_id IS NOT NULL AND after->>'reason' = 'process gone'";
    assert_eq!(app.count(told), 1);
}

#[actix_web::test]
async fn sec_18_the_record_of_what_has_ended_stands_as_it_is() {
    let app = TestApp::start().await;
    let anna = app.sign_in(ANNA).await;
    app.many_drafts(1);
    download(&anna, &format!("{LIST}.csv")).await;
    let tenants = Tenants::one(app.world.first);
    let try_to = |db: &central::db::Db, statement: &str| {
        db.run_blocking(&tenants, |conn| {
            Ok(diesel::RunQueryDsl::execute(diesel::sql_query(statement), conn)?)
        })
    };
    for statement in [
        "UPDATE exports SET rows = 7",
        "UPDATE exports SET state = 'running', finished_at = NULL, sha256 = NULL",
        "UPDATE exports SET file_name = 'other.csv'",
        "DELETE FROM exports",
    ] {
        assert!(try_to(&app.db(), statement).is_err(), "{statement}");
    }
    assert!(try_to(&app.jobs_db(), "SELECT filter FROM exports").is_err(), "no job reads filters");
    assert_eq!(app.record("rows"), "1");
}
