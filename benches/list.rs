//! The first page of the list over 100,000 payments of one merchant: the product against a program
//! that does only the unavoidable, with the same libraries.
//!
//! `cargo bench --bench list`. Client, servers and Postgres share the machine: compare the two
//! programs, not the figures with those of another machine.
#![expect(
    clippy::expect_used,
    clippy::float_arithmetic,
    clippy::print_stdout,
    reason = "a program for a terminal"
)]

#[path = "../tests/it/support/mod.rs"]
#[expect(dead_code, unused_imports, reason = "tests/it uses the rest")]
mod support;

use std::io::{BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

use central::db::Db;
use central::kernel::UserId;
use support::{ANNA, TestApp, cluster};

const PAYMENTS: u64 = 99_640;
const OPEN: u64 = 360;
const REQUESTS: usize = 2_400;
const WARM_UP: usize = 200;
const PAGE: &str = "/processing/email-payments";

fn main() {
    actix_web::rt::System::new().block_on(measure());
}

async fn measure() {
    let app = TestApp::start().await;
    let filling = Instant::now();
    fill(&app);
    println!("{} payments made in {:.1} s", PAYMENTS + OPEN, filling.elapsed().as_secs_f64());
    let anna = app.sign_in(ANNA).await;
    let cookie = format!("__Host-sid={}", anna.cookie("__Host-sid").expect("a session"));
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let minimal = listener.local_addr().expect("bound").to_string();
    bare::start(listener, &cluster().superuser_url(&app.database), app.world.first.as_uuid());
    let product = app.base.trim_start_matches("http://").to_owned();
    // The clients have threads of their own: this one goes on with the servers' tasks.
    tokio::task::spawn_blocking(move || compare(&minimal, &product, &cookie))
        .await
        .expect("a comparison");
}

fn compare(minimal: &str, product: &str, cookie: &str) {
    println!(
        "{:<10}{:>6}{:>13}{:>10}{:>10}{:>10}{:>12}",
        "program", "gzip", "connections", "bytes", "p50 ms", "p99 ms", "requests/s"
    );
    for connections in [1, 16] {
        for gzip in [false, true] {
            let run = |name: &str, address: &str, cookie: &str| {
                let request = request(address, cookie, gzip);
                load(address, &request, connections, WARM_UP);
                let run = load(address, &request, connections, REQUESTS);
                println!(
                    "{name:<10}{:>6}{connections:>13}{:>10}{:>10.2}{:>10.2}{:>12.0}",
                    if gzip { "on" } else { "off" },
                    run.bytes,
                    run.percentile(50),
                    run.percentile(99),
                    run.rate,
                );
                run
            };
            let bare = run("minimal", minimal, "");
            let ours = run("product", product, cookie);
            let ratio = |percent| ours.percentile(percent) / bare.percentile(percent);
            println!("{:<10}{:>49.2}{:>10.2}", "ratio", ratio(50), ratio(99));
        }
    }
}

fn fill(app: &TestApp) {
    let admin = Db::new(&cluster().superuser_url(&app.database), 1, true);
    let user = app.text("SELECT id FROM users WHERE subject = 'anna'");
    let user: UserId = user.parse().expect("an id");
    let owner = (app.world.first, app.world.first_originator, user);
    central::demo::seed::fill(&admin, &app.config.keys, owner, (PAYMENTS, OPEN), &app.clock)
        .expect("the payments fit");
}

fn request(address: &str, cookie: &str, gzip: bool) -> String {
    let encoding = if gzip { "gzip" } else { "identity" };
    format!(
        "GET {PAGE} HTTP/1.1\r\nHost: {address}\r\nAccept-Language: en\r\n\
         Accept-Encoding: {encoding}\r\nCookie: {cookie}\r\n\r\n"
    )
}

/// What a run showed.
struct Run {
    times: Vec<Duration>,
    bytes: usize,
    rate: f64,
}

impl Run {
    /// Of the times, in milliseconds.
    fn percentile(&self, percent: usize) -> f64 {
        let place = (self.times.len() * percent / 100).min(self.times.len() - 1);
        self.times.get(place).map_or(0.0, |time| time.as_secs_f64() * 1_000.0)
    }
}

/// `count` requests over connections that are kept; each waits for its answer.
fn load(address: &str, request: &str, connections: usize, count: usize) -> Run {
    let each = count.div_ceil(connections);
    let started = Instant::now();
    let runs: Vec<(Vec<Duration>, usize)> = std::thread::scope(|scope| {
        let clients: Vec<_> =
            (0..connections).map(|_| scope.spawn(|| client(address, request, each))).collect();
        clients.into_iter().map(|client| client.join().expect("a client")).collect()
    });
    let seconds = started.elapsed().as_secs_f64();
    let bytes = runs.first().map_or(0, |(_, bytes)| *bytes);
    let mut times: Vec<Duration> = runs.into_iter().flat_map(|(times, _)| times).collect();
    times.sort_unstable();
    let rate = f64::from(u32::try_from(times.len()).expect("not that many")) / seconds;
    Run { times, bytes, rate }
}

/// The times of its requests, and the bytes of the last answer's body.
fn client(address: &str, request: &str, count: usize) -> (Vec<Duration>, usize) {
    let mut stream = TcpStream::connect(address).expect("the server is there");
    stream.set_nodelay(true).expect("a socket");
    let mut answers = BufReader::new(stream.try_clone().expect("a socket"));
    let mut body = Vec::new();
    let times = (0..count).map(|_| {
        let started = Instant::now();
        stream.write_all(request.as_bytes()).expect("the server listens");
        let length = head(&mut answers);
        body.resize(length, 0);
        answers.read_exact(&mut body).expect("a whole body");
        started.elapsed()
    });
    (times.collect(), body.len())
}

/// Reads up to the body; its length.
fn head(answers: &mut impl std::io::BufRead) -> usize {
    let (mut length, mut line) = (0, String::new());
    answers.read_line(&mut line).expect("a status");
    assert!(line.contains(" 200 "), "{line}");
    loop {
        line.clear();
        answers.read_line(&mut line).expect("a header");
        let (name, value) = line.split_once(':').unwrap_or_default();
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().expect("a length");
        }
        if line.trim().is_empty() {
            return length;
        }
    }
}

/// actix-web, Diesel, askama: the same rows, the same count, as many cells. No session, no tenants
/// in the database, no languages, no headers.
mod bare {
    use std::io::Write as _;
    use std::net::TcpListener;

    use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
    use askama::Template;
    use central::db::schema::email_payments;
    use chrono::{DateTime, Utc};
    use diesel::prelude::*;
    use diesel::r2d2::{ConnectionManager, Pool};
    use diesel::sql_types::{BigInt, Uuid as SqlUuid};
    use uuid::Uuid;

    type Connections = Pool<ConnectionManager<PgConnection>>;

    #[derive(Queryable, Selectable)]
    #[diesel(table_name = email_payments)]
    struct Row {
        id: Uuid,
        order_id: String,
        amount_minor: i64,
        currency: String,
        customer_email: String,
        customer_name: String,
        status: String,
        end_reason: Option<String>,
        is_late: bool,
        delivery: Option<String>,
        last_result_code: Option<String>,
        first_opened_at: Option<DateTime<Utc>>,
        created_at: DateTime<Utc>,
        expires_at: DateTime<Utc>,
        paid_at: Option<DateTime<Utc>>,
    }

    #[derive(QueryableByName)]
    struct Count {
        #[diesel(sql_type = BigInt)]
        count: i64,
    }

    #[derive(Template)]
    #[template(
        ext = "html",
        source = r#"<!doctype html><html lang="en"><head><title>List</title></head><body><h1>List</h1><table>
<tr><th>Customer</th><th>Amount</th><th>Status</th><th>Order</th><th>Created</th><th>Expires</th><td></td></tr>
{% for row in rows %}<tr><th><a href="/{{ row.id }}">{{ row.customer_name }}</a><span>{{ row.customer_email }}</span></th><td>{{ row.amount_minor / 100 }}.{{ row.amount_minor % 100 }} {{ row.currency }}</td><td><span>{{ row.status }}</span><span>{% if let Some(at) = row.paid_at %}{{ at.format("%H:%M") }}{% endif %}{% if let Some(at) = row.first_opened_at %}{{ at.format("%H:%M") }}{% endif %}{{ row.end_reason.as_deref().unwrap_or("") }}{{ row.delivery.as_deref().unwrap_or("") }}{{ row.last_result_code.as_deref().unwrap_or("") }}{{ row.is_late }}</span></td><td>{{ row.order_id }}</td><td>{{ row.created_at.format("%d %b %Y %H:%M") }}</td><td>{{ row.expires_at.format("%d %b %Y") }}</td><td><a href="/{{ row.id }}/resend">Send again</a></td></tr>
{% endfor %}</table><p>{{ count }} requests</p>{% if has_more %}<a href="?after">Older</a>{% endif %}</body></html>"#
    )]
    struct Page {
        rows: Vec<Row>,
        has_more: bool,
        count: i64,
    }

    pub fn start(listener: TcpListener, url: &str, merchant: Uuid) {
        let pool = Pool::builder()
            .max_size(12)
            .test_on_check_out(false)
            .build_unchecked(ConnectionManager::<PgConnection>::new(url));
        let server = HttpServer::new(move || {
            App::new()
                .app_data(web::Data::new((pool.clone(), merchant)))
                .default_service(web::to(page))
        })
        .workers(1)
        .on_connect(|stream, _| {
            if let Some(stream) = stream.downcast_ref::<actix_web::rt::net::TcpStream>() {
                stream.set_nodelay(true).expect("a socket");
            }
        })
        .disable_signals()
        .listen(listener)
        .expect("a listener");
        actix_web::rt::spawn(server.run());
    }

    async fn page(req: HttpRequest, data: web::Data<(Connections, Uuid)>) -> HttpResponse {
        let page = web::block(move || {
            let (pool, merchant) = data.as_ref();
            let mut conn = pool.get().expect("a connection");
            let mut rows: Vec<Row> = email_payments::table
                .filter(email_payments::merchant_id.eq(merchant))
                .order((email_payments::created_at.desc(), email_payments::id.desc()))
                .limit(26)
                .select(Row::as_select())
                .load(&mut conn)
                .expect("rows");
            let has_more = rows.len() > 25;
            rows.truncate(25);
            let count = diesel::sql_query(
                "SELECT count(*) AS count FROM (SELECT id FROM email_payments WHERE merchant_id = $1 LIMIT 10001) AS m",
            )
            .bind::<SqlUuid, _>(merchant)
            .get_result::<Count>(&mut conn)
            .expect("a count");
            Page { rows, has_more, count: count.count }
        });
        let html = page.await.expect("a page").render().expect("a page");
        let gzip = req.headers().get("accept-encoding").is_some_and(|value| value == "gzip");
        let mut response = HttpResponse::Ok();
        response.content_type("text/html; charset=utf-8");
        if !gzip {
            return response.body(html);
        }
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(4));
        encoder.write_all(html.as_bytes()).expect("memory");
        response.insert_header(("content-encoding", "gzip")).body(encoder.finish().expect("memory"))
    }
}
