use std::time::Instant;

use lettre::message::{MultiPart, header::ContentType};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use openidconnect::reqwest::{self, Response, redirect::Policy};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

use super::*;

struct Sandbox {
    mailbox: Mailbox,
    smtp: std::net::SocketAddr,
    web: String,
    stop: CancellationToken,
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl Sandbox {
    async fn start(folder: Option<PathBuf>) -> Self {
        let (smtp, web) =
            (TcpListener::bind("127.0.0.1:0").unwrap(), TcpListener::bind("127.0.0.1:0").unwrap());
        let (smtp_at, web_at) = (smtp.local_addr().unwrap(), web.local_addr().unwrap());
        let stop = CancellationToken::new();
        let options = Options { folder, clock: Clock::system() };
        let mailbox = Mailbox::start(smtp, web, options, stop.clone()).await.unwrap();
        Self { mailbox, smtp: smtp_at, web: format!("http://{web_at}"), stop }
    }

    async fn get(&self, path: &str) -> Response {
        let http = reqwest::Client::builder().redirect(Policy::none()).build().unwrap();
        http.get(format!("{}{path}", self.web)).send().await.unwrap()
    }

    async fn page(&self, path: &str) -> String {
        let response = self.get(path).await;
        assert_eq!(response.status(), 200, "{path}");
        response.text().await.unwrap()
    }

    fn lettre(&self) -> AsyncSmtpTransport<Tokio1Executor> {
        AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous("127.0.0.1")
            .port(self.smtp.port())
            .build()
    }
}

/// A client that writes commands by hand.
struct Talk(BufReader<TcpStream>);

impl Talk {
    async fn with(sandbox: &Sandbox) -> Self {
        let stream = TcpStream::connect(sandbox.smtp).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let mut talk = Self(BufReader::new(stream));
        assert!(talk.answer().await.starts_with("220 "));
        talk
    }

    /// The last line of an answer; empty at the end of the connection.
    async fn answer(&mut self) -> String {
        loop {
            let mut line = String::new();
            self.0.read_line(&mut line).await.unwrap();
            if line.as_bytes().get(3) != Some(&b'-') {
                return line.trim_end().to_owned();
            }
        }
    }

    async fn say(&mut self, text: &str) -> String {
        self.send(text).await;
        self.answer().await
    }

    async fn send(&mut self, text: &str) {
        self.0.get_mut().write_all(format!("{text}\r\n").as_bytes()).await.unwrap();
    }

    async fn begin(&mut self, to: &str) {
        assert!(self.say("EHLO test").await.starts_with("250 "));
        assert!(self.say("MAIL FROM:<shop@example.it> SIZE=99").await.starts_with("250 "));
        assert!(self.say(&format!("RCPT TO:<{to}>")).await.starts_with("250 "));
        assert!(self.say("DATA").await.starts_with("354 "));
    }
}

#[tokio::test]
async fn a_mail_by_hand_is_taken_with_its_dots() {
    let sandbox = Sandbox::start(None).await;
    let mut talk = Talk::with(&sandbox).await;
    talk.begin("anna@example.it").await;
    let mail = "Subject: =?utf-8?q?Pagamento_di_12=2C50_=E2=82=AC?=\r\nX-Long: one\r\n two\r\n\r\n\
                ..\r\n..hidden\r\na.b\n.\r\nnot the end\r\n.";
    assert!(talk.say(mail).await.starts_with("250 "));
    assert!(talk.say("QUIT").await.starts_with("221 "));
    assert_eq!(talk.answer().await, "");

    let mails = sandbox.mailbox.wait_for("Anna@example.it", 1).await;
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].subject, "Pagamento di 12,50 €");
    assert_eq!(mails[0].from, "shop@example.it");
    assert_eq!(mails[0].header("x-long").as_deref(), Some("one two"));
    assert_eq!(mails[0].header("subject").as_deref(), Some("Pagamento di 12,50 €"));
    assert!(mails[0].raw.ends_with(b"\r\n\r\n.\r\n.hidden\r\na.b\n.\r\nnot the end\r\n"));
    assert_eq!(mails[0].html, None);
}

#[tokio::test]
async fn commands_out_of_order_are_refused_and_pipelined_ones_answered() {
    let sandbox = Sandbox::start(None).await;
    let mut talk = Talk::with(&sandbox).await;
    for (command, code) in [
        ("RCPT TO:<a@b.it>", "503"),
        ("DATA", "503"),
        ("MAIL FROM:a@b.it", "501"),
        ("MAIL FROM:<a@b.it> SIZE=99999999", "552"),
        ("STARTTLS", "502"),
        ("NOOP", "250"),
        ("HELO test", "250"),
        ("MAIL FROM:<>", "250"),
        ("RCPT TO:<>", "501"),
        ("RSET", "250"),
        ("RCPT TO:<a@b.it>", "503"),
    ] {
        assert!(talk.say(command).await.starts_with(code), "{command}");
    }
    talk.send("MAIL FROM:<a@b.it>\r\nRCPT TO:<c@d.it>\r\nRCPT TO:<e@f.it>\r\nDATA").await;
    for code in ["250", "250", "250", "354"] {
        assert!(talk.answer().await.starts_with(code));
    }
    assert!(talk.say("\r\nhello\r\n.\r\nQUIT").await.starts_with("250"));
    assert!(talk.answer().await.starts_with("221"));
    assert_eq!(sandbox.mailbox.mails()[0].to, ["c@d.it", "e@f.it"]);
}

fn letter(to: &str) -> Message {
    let html = "<!doctype html><html><head><title>x</title></head><body><script>alert(1)</script>\
                <a href=\"http://127.0.0.1:9000/pay/1\">Paga 12,50 €</a></body></html>";
    Message::builder()
        .from("\"Ceramiche Bellini via Central\" <pay@example.com>".parse().unwrap())
        .reply_to("shop@example.it".parse().unwrap())
        .to(to.parse().unwrap())
        .subject("Ceramiche <Bellini>: pagamento di 12,50 €")
        .multipart(MultiPart::alternative_plain_html(
            "Paga qui: è facile".to_owned(),
            html.to_owned(),
        ))
        .unwrap()
}

#[tokio::test]
async fn a_mail_is_shown_as_its_reader_sees_it_and_none_of_its_scripts_can_run() {
    let sandbox = Sandbox::start(None).await;
    sandbox.lettre().send(letter("anna@example.it")).await.unwrap();
    assert_eq!(sandbox.mailbox.wait_for("anna@example.it", 1).await.len(), 1);

    let list = sandbox.page("/").await;
    assert!(list.contains("http-equiv=\"refresh\"") && list.contains("1 email<"), "{list}");
    assert!(!list.contains("<Bellini>") && list.contains("anna@example.it"));

    let page = sandbox.page("/1").await;
    assert!(page.contains("<iframe") && page.contains("src=\"/1/html\""), "{page}");
    assert!(page.contains("Reply to") && page.contains("shop@example.it"));
    assert!(page.contains("Paga qui: è facile") && page.contains("Content-Type: multipart"));
    assert!(!page.contains("<script"));

    let html = sandbox.get("/1/html").await;
    let policy = html.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.starts_with("default-src 'none'") && policy.contains("sandbox allow-popups"));
    assert!(!policy.contains("script"), "{policy}");
    assert_eq!(html.headers()["x-content-type-options"], "nosniff");
    assert!(html.text().await.unwrap().contains("<head><base target=\"_top\"><title>"));

    for path in ["/1/text", "/1/raw"] {
        let response = sandbox.get(path).await;
        assert_eq!(response.headers()["content-type"], "text/plain; charset=utf-8");
    }
    assert_eq!(sandbox.page("/1/text").await.trim_end(), "Paga qui: è facile");
    assert_eq!(sandbox.get("/2").await.status(), 404);
    assert_eq!(sandbox.get("/1/text").await.headers()["cache-control"], "no-store");
}

#[tokio::test]
async fn a_text_mail_has_no_html_part() {
    let sandbox = Sandbox::start(None).await;
    let letter = Message::builder()
        .from("a@example.it".parse().unwrap())
        .to("b@example.it".parse().unwrap())
        .header(ContentType::TEXT_PLAIN)
        .body("Ciao".to_owned())
        .unwrap();
    sandbox.lettre().send(letter).await.unwrap();
    let mail = &sandbox.mailbox.wait_for("b@example.it", 1).await[0];
    assert_eq!((mail.text.as_deref().map(str::trim_end), &mail.html), (Some("Ciao"), &None));
    assert!(!sandbox.page("/1").await.contains("<iframe"));
    assert_eq!(sandbox.get("/1/html").await.status(), 404);
}

#[tokio::test]
async fn the_server_refuses_drops_and_waits_as_told() {
    let sandbox = Sandbox::start(None).await;
    sandbox.mailbox.set_reply(Some(SmtpReply::Refuse { to: None, code: 451 }));
    let error = sandbox.lettre().send(letter("anna@example.it")).await.unwrap_err();
    assert!(error.is_transient(), "{error}");

    let only = Some("anna@example.it".to_owned());
    sandbox.mailbox.set_reply(Some(SmtpReply::Refuse { to: only, code: 550 }));
    let error = sandbox.lettre().send(letter("anna@example.it")).await.unwrap_err();
    assert!(error.is_permanent(), "{error}");
    sandbox.lettre().send(letter("bruno@example.it")).await.unwrap();
    assert_eq!(sandbox.mailbox.count(), 1);

    for (is_kept, count) in [(false, 1), (true, 2)] {
        sandbox.mailbox.set_reply(Some(SmtpReply::DropAfterData { is_kept }));
        let error = sandbox.lettre().send(letter("anna@example.it")).await.unwrap_err();
        assert!(!error.is_transient() && !error.is_permanent(), "{error}");
        assert_eq!(sandbox.mailbox.count(), count);
    }

    sandbox.mailbox.set_reply(Some(SmtpReply::Delay(Duration::from_millis(80))));
    let start = Instant::now();
    sandbox.lettre().send(letter("anna@example.it")).await.unwrap();
    assert!(start.elapsed() >= Duration::from_millis(80));
}

#[tokio::test]
async fn everybody_at_the_refusing_domain_is_refused_in_a_way_of_its_own() {
    let sandbox = Sandbox::start(None).await;
    for (name, answer) in REFUSALS.into_iter().chain([("anna", "550")]) {
        let to = format!("{name}@{REFUSING_DOMAIN}");
        let error = sandbox.lettre().send(letter(&to)).await.unwrap_err();
        assert_eq!(error.is_transient(), answer.starts_with('4'), "{error}");
        assert_eq!(error.is_permanent(), answer.starts_with('5'), "{error}");
        assert!(sandbox.page("/").await.contains(&to) || name == "anna");
    }
    assert_eq!(sandbox.mailbox.count(), 0);
}

#[tokio::test]
async fn mails_outlive_a_restart_until_they_are_cleared() {
    let folder = std::env::temp_dir().join(format!("mails-{:032x}", rand::random::<u128>()));
    let sandbox = Sandbox::start(Some(folder.clone())).await;
    for to in ["anna@example.it", "bruno@example.it"] {
        sandbox.lettre().send(letter(to)).await.unwrap();
    }
    let before = sandbox.mailbox.mails();
    drop(sandbox);

    let sandbox = Sandbox::start(Some(folder.clone())).await;
    let after = sandbox.mailbox.mails();
    assert_eq!(format!("{before:?}"), format!("{after:?}"));
    assert_eq!((after[0].id, after[0].to.as_slice()), (2, &["bruno@example.it".to_owned()][..]));
    sandbox.lettre().send(letter("carla@example.it")).await.unwrap();
    assert_eq!(sandbox.mailbox.mails()[0].id, 3);

    let http = reqwest::Client::builder().redirect(Policy::none()).build().unwrap();
    let clear = |site: &'static str| {
        let request = http.post(format!("{}/clear", sandbox.web)).header("sec-fetch-site", site);
        async { request.send().await.unwrap().status() }
    };
    assert_eq!(clear("same-site").await, 403);
    assert_eq!(sandbox.mailbox.count(), 3);
    assert_eq!(clear("same-origin").await, 303);
    assert_eq!(sandbox.mailbox.count(), 0);
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);
    assert!(sandbox.page("/").await.contains("No emails yet"));
    std::fs::remove_dir(folder).unwrap();
}

#[tokio::test]
async fn older_mails_are_on_pages_of_their_own() {
    let sandbox = Sandbox::start(None).await;
    let mut talk = Talk::with(&sandbox).await;
    for number in 1..=101 {
        talk.begin("anna@example.it").await;
        assert!(talk.say(&format!("Subject: number {number}.\r\n\r\n.")).await.starts_with("250"));
    }
    let newest = sandbox.page("/").await;
    assert!(newest.contains("number 101.") && !newest.contains("number 1."));
    assert!(newest.contains("href=\"/?before=2\""));
    let older = sandbox.page("/?before=2").await;
    assert!(
        older.contains("number 1.") && !older.contains("refresh") && !older.contains("before=")
    );
}
