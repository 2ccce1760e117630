//! A file of a million payments: the product against `COPY … TO STDOUT` through psql, over the same
//! rows in the same order; and how much memory it takes.
//!
//! `cargo bench --bench export` (`-- 200000` for fewer), on Linux: memory comes from `/proc`, psql
//! from the path. Client, server and Postgres share the machine: compare the programs, not the figures
//! with those of another machine.
#![expect(
    clippy::expect_used,
    clippy::float_arithmetic,
    clippy::print_stdout,
    reason = "a program for a terminal"
)]

#[path = "../tests/it/support/mod.rs"]
#[expect(dead_code, unused_imports, reason = "tests/it uses the rest")]
mod support;

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use central::db::Db;
use central::kernel::UserId;
use support::{ANNA, TestApp, cluster};

const ROWS: u64 = 1_000_000;
const ROUNDS: usize = 3;
const LIST: &str = "/processing/email-payments";
/// What memory may grow by, in MiB.
const GOALS: [(&str, f64); 2] = [("csv", 32.0), ("xlsx", 64.0)];

/// What psql writes of the same rows: the columns of the file as they stand in the table.
const COPY: &str = "COPY (SELECT customer_name, customer_email, amount_minor, currency, status,
     end_reason, order_id, created_at, expires_at FROM email_payments WHERE merchant_id = 'MERCHANT'
     ORDER BY created_at DESC, id DESC) TO STDOUT (FORMAT csv)";

fn main() {
    actix_web::rt::System::new().block_on(measure());
}

async fn measure() {
    let rows = std::env::args().find_map(|word| word.parse().ok()).unwrap_or(ROWS);
    let app = TestApp::start().await;
    let filling = Instant::now();
    fill(&app, rows);
    println!("{rows} payments made in {:.1} s", filling.elapsed().as_secs_f64());
    let anna = app.sign_in(ANNA).await;
    let cookie = format!("__Host-sid={}", anna.cookie("__Host-sid").expect("a session"));
    let [listen, internal] = [free_address(), free_address()];
    let server = Server::start(&app, &listen, &internal);
    until_there(&listen).await;
    let copy = COPY.replace("MERCHANT", &app.world.first.to_string());
    let database = cluster().superuser_url(&app.database);
    let compared = tokio::task::spawn_blocking(move || {
        compare(&server, &listen, &cookie, &database, &copy, rows);
    });
    compared.await.expect("a comparison");
}

fn compare(server: &Server, address: &str, cookie: &str, database: &str, copy: &str, rows: u64) {
    let per_second =
        |time: Duration| u32::try_from(rows).map_or(0.0, f64::from) / time.as_secs_f64();
    println!(
        "{:<8}{:>9}{:>12}{:>8}{:>12}{:>8}",
        "file", "MB", "rows/s", "ratio", "MiB more", "goal"
    );
    // The first round warms the cache.
    psql(database, copy);
    for (format, goal) in GOALS {
        let mut best: Option<(f64, f64)> = None;
        for _ in 0..ROUNDS {
            let (copied, bytes) = psql(database, copy);
            let copied = per_second(copied);
            println!("{:<8}{:>9.1}{copied:>12.0}", "COPY", megabytes(bytes));
            let before = server.mebibytes("VmRSS");
            server.forget_peak();
            let (time, bytes) = get(address, cookie, format);
            let (rate, more) = (per_second(time), server.mebibytes("VmHWM") - before);
            let ratio = rate / copied;
            println!(
                "{format:<8}{:>9.1}{rate:>12.0}{ratio:>8.2}{more:>12.1}{goal:>8.0}",
                megabytes(bytes)
            );
            let (ratios, mores) = best.unwrap_or((0.0, 0.0));
            best = Some((ratio.max(ratios), more.max(mores)));
        }
        if let Some((ratio, more)) = best {
            println!("{format:<8}{ratio:>29.2}{more:>12.1}{goal:>8.0}  best ratio, most memory");
        }
    }
    println!("goals: CSV at least 0.50 of COPY; memory as in the last column");
}

fn fill(app: &TestApp, rows: u64) {
    let admin = Db::new(&cluster().superuser_url(&app.database), 1, true);
    let user = app.text("SELECT id FROM users WHERE subject = 'anna'");
    let user: UserId = user.parse().expect("an id");
    let owner = (app.world.first, app.world.first_originator, user);
    central::demo::seed::fill(&admin, &app.config.keys, owner, (rows, 0), &app.clock)
        .expect("the payments fit");
    let vacuum = |conn: &mut diesel::PgConnection| {
        use diesel::connection::SimpleConnection as _;
        Ok(conn.batch_execute("VACUUM (ANALYZE) email_payments")?)
    };
    admin.with_connection(vacuum).expect("the table is tidy");
}

/// How long psql takes for a statement, and how many bytes come.
fn psql(database: &str, statement: &str) -> (Duration, usize) {
    let started = Instant::now();
    let mut child = Command::new("psql")
        .args(["--quiet", "--no-psqlrc", "--dbname", database, "--command", statement])
        .stdout(Stdio::piped())
        .spawn()
        .expect("psql can be run");
    let bytes = drain(child.stdout.take().expect("its output"));
    assert!(child.wait().expect("psql ends").success(), "psql succeeds");
    (started.elapsed(), bytes)
}

/// How long a file takes to its last byte, and how many come.
fn get(address: &str, cookie: &str, format: &str) -> (Duration, usize) {
    let mut stream = TcpStream::connect(address).expect("the server is there");
    let request = format!(
        "GET {LIST}.{format} HTTP/1.1\r\nHost: {address}\r\nAccept-Language: en\r\n\
         Connection: close\r\nCookie: {cookie}\r\n\r\n"
    );
    let started = Instant::now();
    stream.write_all(request.as_bytes()).expect("the server listens");
    let mut status = [0; 12];
    stream.read_exact(&mut status).expect("an answer");
    assert_eq!(&status, b"HTTP/1.1 200", "the file is given");
    let bytes = drain(stream);
    (started.elapsed(), bytes)
}

/// Reads to the end; how many bytes came.
fn drain(mut from: impl std::io::Read) -> usize {
    let mut buffer = vec![0; 256 * 1024];
    let mut bytes = 0;
    loop {
        match from.read(&mut buffer).expect("a whole file") {
            0 => return bytes,
            more => bytes += more,
        }
    }
}

fn megabytes(bytes: usize) -> f64 {
    f64::from(u32::try_from(bytes / 1_000).unwrap_or(u32::MAX)) / 1_000.0
}

fn free_address() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("bound").to_string()
}

async fn until_there(address: &str) {
    let since = Instant::now();
    while TcpStream::connect(address).is_err() {
        assert!(since.elapsed() < Duration::from_secs(20), "the server does not start");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// The server's process; ends with this value.
struct Server(Child);

impl Server {
    fn start(app: &TestApp, listen: &str, internal: &str) -> Self {
        let child = Command::new(env!("CARGO_BIN_EXE_central"))
            .arg("serve")
            .env_clear()
            .envs(app.settings())
            .env("LISTEN", listen)
            .env("INTERNAL_LISTEN", internal)
            .env("LOG", "error")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("central can be run");
        Self(child)
    }

    /// The peak counts from now on.
    fn forget_peak(&self) {
        std::fs::write(format!("/proc/{}/clear_refs", self.0.id()), "5").expect("Linux");
    }

    fn mebibytes(&self, name: &str) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.0.id()))
            .expect("the server runs, on Linux");
        let line = status.lines().find(|line| line.starts_with(name)).expect("a figure");
        let kibibytes = line.split_whitespace().nth(1).and_then(|word| word.parse().ok());
        kibibytes.map_or(0.0, |kibibytes: f64| kibibytes / 1024.0)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
