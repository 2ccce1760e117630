//! Every kind of mail as a program with a browser in it shows it, in four languages: nothing cut off on a
//! phone, nothing pale in the dark, and the text that others read aloud leads to the same places. Pictures
//! are in `tests/output/mails`. Programs that take half of a mail's styles away are not tried.

use std::path::Path;

use central::mail::MailKind;
use central::sandbox::mailbox::Mail;
use chrono::Duration;
use scraper::{Html, Selector};

use super::look::{Look, axe};
use openidconnect::reqwest::StatusCode;

use super::support::{
    ANNA, Browser, GOOD_CARD, IRENE, NO_FUNDS, SOFIA, TEAM, TICKETS, TOM, TestApp, form_token,
};
use super::{skip, start};

const LANGUAGES: [&str; 4] = ["it", "en", "es", "fr"];

#[actix_web::test]
async fn every_mail_can_be_read() {
    let axe = match axe() {
        Ok(axe) => axe,
        Err(reason) => return skip(reason),
    };
    let Some((app, browser)) = start(true).await else { return };
    app.change("UPDATE users SET staff_role = 'success_manager' WHERE subject = 'irene'");
    app.change("DELETE FROM success_manager_assignments a USING users u WHERE u.id = a.user_id AND u.subject = 'irene'");
    for language in LANGUAGES {
        let mut anna = app.sign_in(ANNA).await;
        app.change(&format!("UPDATE users SET language = '{language}'"));
        app.change(&format!("UPDATE merchants SET language = '{language}'"));
        to_users(&app, &mut anna, language).await;
        to_customers(&app, &mut anna, language).await;
    }
    app.later(Duration::days(1)).await;
    app.until("the digest is sent", async || app.count(DIGESTS) == 1).await;
    app.mails_settle().await;
    let mut known: Vec<_> = MailKind::ALL.iter().map(|kind| kind.as_str()).collect();
    known.sort_unstable();
    assert_eq!(app.texts("SELECT DISTINCT kind FROM mails WHERE state = 'sent' ORDER BY 1"), known);

    let mut look = Look::new(&browser, axe);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("mails");
    std::fs::create_dir_all(&folder).expect("a folder");
    for (number, mail) in app.mailbox.mails().iter().enumerate() {
        let html = mail.html.as_deref().expect("every mail has an HTML part");
        let language = mail.header("Content-Language").expect("every mail says its language");
        let name = format!("{number:03}-{language}");
        look.found.extend(only_in_html(mail, html).map(|link| format!("{}: {link}", mail.subject)));
        let file = folder.join(format!("{name}.html"));
        std::fs::write(&file, html).expect("a file");
        browser.open(&format!("file://{}", file.display())).await;
        look.at_mail(&format!("{name} {}", mail.subject)).await;
        for (width, is_dark, way) in [(640, false, "wide"), (320, true, "phone-dark")] {
            browser.look(width, is_dark).await;
            browser.shot_of_all(&format!("mails/{name}-{way}")).await;
        }
    }
    look.found_nothing();
}

const DIGESTS: &str = "notices n JOIN mails m ON m.notice_id = n.id WHERE n.kind = 'digest'";

/// The links of the HTML part that the text part lacks.
fn only_in_html(mail: &Mail, html: &str) -> impl Iterator<Item = String> {
    let text = mail.text.clone().expect("every mail has a text part");
    let links = Selector::parse("a[href]").expect("a selector");
    let html = Html::parse_document(html);
    let all: Vec<_> = html.select(&links).filter_map(|link| link.attr("href")).collect();
    all.into_iter()
        .filter(|link| !text.contains(link))
        .map(str::to_owned)
        .collect::<Vec<_>>()
        .into_iter()
}

/// Request, reminder, receipt, refund; request, cancellation; request, refusal.
async fn to_customers(app: &TestApp, anna: &mut Browser, language: &str) {
    let (email, mut customer) = (format!("{language}@example.it"), app.browser());
    let asks = async |anna: &mut Browser, number: u8| {
        let order = format!("{language}-{number}");
        let fields = [
            ("customer_email", email.as_str()),
            ("customer_name", "Maria Addolorata Conti-Quagliarella"),
            ("amount", "1.830,00"),
            ("order_id", &order),
            (
                "description",
                "Servizio da tavola «Primavera», 24 pezzi, con coperchi dipinti a mano",
            ),
            ("message", "Gentile Maria,\necco il conto. A presto,\nla bottega"),
            ("language", language),
        ];
        app.request(anna, &fields).await
    };
    let request = asks(anna, 1).await;
    app.later(Duration::minutes(11)).await;
    let page = anna.get(&request.url).await;
    anna.submit(&page, &request.at("reminders/now"), &[], "").await;
    app.mails_settle().await;
    let page = customer.opens(&request.link).await;
    let page = customer.pays(&page, GOOD_CARD).await;
    customer.goes_back(&page).await;
    app.becomes(&request, "paid").await;
    app.mails_settle().await;
    let form = anna.open(&request.at("refund")).await;
    let fields = [("amount", "20.00"), ("reason", "One plate was broken")];
    anna.submit(&form, &form.attribute("form.ask", "action"), &fields, "").await;

    let request = asks(anna, 2).await;
    anna.answers(&request.url, "cancellation", &[]).await;

    app.change("UPDATE originators SET confirms_failure = true, attempts_max = 1");
    let request = asks(anna, 3).await;
    let page = customer.opens(&request.link).await;
    customer.pays(&page, NO_FUNDS).await;
    app.mails_settle().await;
    app.change("UPDATE originators SET attempts_max = 3");
}

/// Invitation, notices, answer in a ticket, change of an address, merchants handed over.
async fn to_users(app: &TestApp, anna: &mut Browser, language: &str) {
    let email = format!("{language}@example.com");
    let form = anna.get(&format!("{TEAM}/invitations/new")).await;
    let fields = [("email", email.as_str()), ("role", "clerk"), ("language", language)];
    anna.submit(&form, &format!("{TEAM}/invitations"), &fields, "").await;

    let token = form_token(anna).await;
    let mut ways = vec![("_csrf", token.as_str()), ("reach", "all")];
    for kind in ["payment_paid", "payment_declined"] {
        ways.extend([("shown", kind), (kind, "at_once"), (kind, "digest")]);
    }
    assert_eq!(anna.post("/notifications", &ways).await.status, StatusCode::SEE_OTHER);

    anna.opens_ticket(&[("subject", language)], &[]).await;
    let mut tom = app.sign_in(TOM).await;
    let ticket = tom.get(TICKETS).await.attribute("tbody .main-link", "href");
    tom.says(&ticket, "Please try again.", "answer").await;

    let (old, new) = (app.text(ADDRESS), format!("anna.{language}@example.com"));
    let page = anna.get("/settings/profile").await;
    anna.submit(&page, "/settings/profile/email", &[("email", &new)], "").await;
    app.mails_settle().await;
    for address in [old, new] {
        let mails = app.mailbox.mails();
        let mut theirs = mails.iter().filter(|mail| mail.to.contains(&address));
        let link = theirs.find_map(|mail| link_to("/email-changes/", mail));
        let (link, mut stranger) = (link.expect("a link"), app.browser());
        let page = stranger.get(&link).await;
        stranger.submit(&page, &link, &[], "").await;
    }

    let (from, to) = if merchants_are(app, SOFIA) { (SOFIA, IRENE) } else { (IRENE, SOFIA) };
    let mut manager = app.sign_in(from).await;
    let page = manager.get(&format!("{HAND_OVER}?merchant={}", app.world.first)).await;
    let to = app.text(&format!("SELECT id FROM users WHERE subject = '{to}'"));
    let fields = [("to", to.as_str()), ("reason", "On leave until May")];
    let done = manager.submit(&page, HAND_OVER, &fields, "").await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text("main"));
}

const ADDRESS: &str = "SELECT email FROM users WHERE subject = 'anna'";
const HAND_OVER: &str = "/merchants/hand-over";

fn merchants_are(app: &TestApp, subject: &str) -> bool {
    app.count(&format!(
        "success_manager_assignments m JOIN users u ON u.id = m.user_id WHERE u.subject = '{subject}'"
    )) > 0
}

/// The path of the link in a mail that begins so.
fn link_to(start: &str, mail: &Mail) -> Option<String> {
    let text = mail.text.as_deref()?;
    let rest = text.split_once(start)?.1;
    Some(format!("{start}{}", rest.split_whitespace().next()?))
}
