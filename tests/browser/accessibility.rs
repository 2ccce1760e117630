//! Every page, in both colour schemes and three widths: axe-core finds nothing, nothing is cut off.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::driver::Driver;
use super::journey::sign_in;
use super::support::{ANNA, BRUNO, Browser, IMPORTS, IRENE, NOBODY, SOFIA, TICKETS, TOM, TestApp};
use super::{skip, start};

const AXE: &str = "axe-core@4.14.1";
const LIST: &str = "/processing/email-payments";
const TEAM: &str = "/settings/team";
const WIDTHS: [u32; 3] = [1440, 390, 320];

/// Colours that are still changing from one scheme to the other say nothing: waits for them. Then the
/// rules of WCAG 2.0 to 2.2, levels A and AA, and good habits.
const CHECK: &str = r"
    const done = arguments[0];
    Promise.allSettled(document.getAnimations().map(a => a.finished)).then(() => axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'] }))
        .then(r => done(r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.target.join(' ') + ' ' + (n.any[0]?.message ?? '')).join('; '))),
              e => done([String(e)]));
";

const OVERFLOW: &str = "return Math.max(document.documentElement.scrollWidth - innerWidth, 0)";

#[actix_web::test]
async fn every_page_is_accessible() {
    let axe = match axe() {
        Ok(axe) => axe,
        Err(reason) => return skip(&reason),
    };
    let Some((app, browser)) = start(true).await else { return };
    let states = States::make(&app).await;
    let mut found = Vec::new();
    for (name, path) in states.public() {
        browser.open(&app.browser().url(&path)).await;
        check(&browser, &axe, name, &mut found).await;
    }
    app.page_with_logo();
    browser.open(&app.browser().url(&states.open.link)).await;
    check(&browser, &axe, "pay terms", &mut found).await;
    sign_in(&app, &browser, ANNA).await;
    let settings = format!("/settings/payment-page/{}", app.world.first_originator);
    let settings = [
        ("payment pages", "/settings/payment-page".to_owned()),
        ("payment page", settings.clone()),
        ("first payment page", format!("{settings}/first")),
        ("logo", format!("{settings}/logo")),
    ];
    for (name, path) in states.backoffice().into_iter().chain(settings) {
        browser.open(&app.browser().url(&path)).await;
        check(&browser, &axe, name, &mut found).await;
    }
    browser.open(&app.browser().url("/processing/email-payments/new")).await;
    browser.fill("#customer_email", "no address").await;
    browser.fill("#amount", "lots").await;
    browser.click("#send").await;
    browser.find(".errors").await;
    check(&browser, &axe, "form with errors", &mut found).await;
    browser.open(&app.browser().url(&format!("{TEAM}/invitations/new"))).await;
    browser.click("form.form-one button[type=submit]").await;
    browser.find(".errors").await;
    check(&browser, &axe, "invitation with errors", &mut found).await;
    for (person, name, path) in [
        (BRUNO, "choose merchant", "/merchants/choose"),
        (SOFIA, "merchants", "/merchants"),
        (NOBODY, "not known", ""),
    ] {
        another_person(&app, &browser, person).await;
        if !path.is_empty() {
            browser.open(&app.browser().url(path)).await;
        }
        check(&browser, &axe, name, &mut found).await;
        if person == SOFIA {
            browser.click("main table a, main li a").await;
            check(&browser, &axe, "merchant", &mut found).await;
        }
    }
    assert!(found.is_empty(), "{} findings:\n{}", found.len(), found.join("\n"));
}

#[actix_web::test]
async fn documents_transactions_and_notifications_are_accessible() {
    let axe = match axe() {
        Ok(axe) => axe,
        Err(reason) => return skip(&reason),
    };
    let Some((app, browser)) = start(true).await else { return };
    let (merchant, mut found) = (app.world.first, Vec::new());
    let id = app.document(merchant, "FT-1", |_| ()).await;
    app.document(merchant, "FT-2", |new| new.corrects = id.parse().ok()).await;
    let (mine, theirs) = ("/accounting/documents", format!("/merchants/{merchant}"));
    let moved = "/processing/transactions";
    let sale = app.transaction(merchant, "1", |new| new.is_test = true);
    app.transaction(merchant, "2", |new| new.reference_transaction_id = Some("1"));
    sign_in(&app, &browser, ANNA).await;
    for (person, pages) in [
        (
            ANNA,
            vec![
                ("overview", "/".to_owned()),
                ("documents", mine.to_owned()),
                ("documents with filters open", format!("{mine}?filters=open&issued_from=x")),
                ("documents without matches", format!("{mine}?number=nothing")),
                ("document beside the list", format!("{mine}?open={id}")),
                ("document", format!("{mine}/{id}")),
                ("transactions", moved.to_owned()),
                ("transactions with filters open", format!("{moved}?filters=open&date_from=x")),
                ("transactions without matches", format!("{moved}?q=nothing+at+all")),
                ("transaction", format!("{moved}/{sale}")),
                ("notifications", "/notifications".to_owned()),
                ("payment methods", "/settings/payment-methods".to_owned()),
                ("deliveries", "/notifications/deliveries".to_owned()),
            ],
        ),
        (
            IRENE,
            vec![
                ("overview of accounting", "/".to_owned()),
                ("documents of a merchant", format!("{theirs}/documents")),
                ("publish", format!("{theirs}/documents/new")),
                ("state of a document", format!("{theirs}/documents/{id}/state")),
                ("conditions", format!("{theirs}/conditions")),
                ("providers", "/accounting/providers?change=PayXpert".to_owned()),
                ("refusal", format!("{theirs}/permissions")),
            ],
        ),
        (
            SOFIA,
            vec![
                ("grants", format!("{theirs}/permissions")),
                ("features", format!("{theirs}/features")),
                ("deliveries of a merchant", format!("{theirs}/permissions/deliveries")),
            ],
        ),
    ] {
        if person != ANNA {
            another_person(&app, &browser, person).await;
        }
        for (name, path) in pages {
            browser.open(&app.browser().url(&path)).await;
            check(&browser, &axe, name, &mut found).await;
        }
    }
    assert!(found.is_empty(), "{} findings:\n{}", found.len(), found.join("\n"));
}

#[actix_web::test]
async fn tickets_are_accessible() {
    let axe = match axe() {
        Ok(axe) => axe,
        Err(reason) => return skip(&reason),
    };
    let Some((app, browser)) = start(true).await else { return };
    let (merchant, mut found) = (app.world.first, Vec::new());
    let payment = app.sign_in(ANNA).await.creates_email_payment(&[], "send").await;
    let payment = payment.rsplit('/').next().expect("an id");
    let ticket = ticket(&app, payment).await;
    // Somebody to hand over to, and a merchant that looks for somebody.
    app.change(
        "INSERT INTO users (id, issuer, subject, name, email, staff_role, created_at)
         SELECT gen_random_uuid(), issuer, 'lukas', 'Lukas Brandt', 'lukas@example.com', 'success_manager', now()
         FROM users WHERE subject = 'sofia'",
    );
    app.sign_in(BRUNO).await.opens_ticket(&[("category", "success_manager")], &[]).await;
    sign_in(&app, &browser, ANNA).await;
    browser.open(&app.browser().url(&format!("{TICKETS}/new"))).await;
    browser.click("form.narrow button[type=submit]").await;
    browser.find(".errors").await;
    check(&browser, &axe, "ticket with errors", &mut found).await;
    for (person, pages) in [
        (
            ANNA,
            vec![
                ("tickets", TICKETS.to_owned()),
                ("tickets with filters open", format!("{TICKETS}?filters=open&state=open")),
                ("tickets without matches", format!("{TICKETS}?q=nothing+at+all")),
                ("ticket", ticket),
                ("ticket about a payment", format!("{TICKETS}/new?payment={payment}")),
                ("contacts", "/support/contacts".to_owned()),
            ],
        ),
        (
            TOM,
            vec![
                ("overview of support", "/".to_owned()),
                ("ticket queue", TICKETS.to_owned()),
                ("ticket queue with filters open", format!("{TICKETS}?filters=open")),
                ("ticket at support", format!("/merchants/{merchant}/tickets/1")),
                ("canned answers", "/support/answers".to_owned()),
            ],
        ),
        (
            SOFIA,
            vec![
                ("overview of a success manager", "/".to_owned()),
                ("portfolio", "/merchants".to_owned()),
                ("merchant with tickets", format!("/merchants/{merchant}")),
                ("card", "/merchants/card".to_owned()),
                ("hand over", format!("/merchants/hand-over?merchant={merchant}")),
                ("tickets of a merchant", format!("/portfolio/{merchant}/tickets")),
                ("ticket of a merchant", format!("/portfolio/{merchant}/tickets/1")),
            ],
        ),
    ] {
        if person != ANNA {
            another_person(&app, &browser, person).await;
        }
        for (name, path) in pages {
            browser.open(&app.browser().url(&path)).await;
            check(&browser, &axe, name, &mut found).await;
        }
    }
    assert!(found.is_empty(), "{} findings:\n{}", found.len(), found.join("\n"));
}

/// A ticket with a file that support has noted and answered, with an answer that it gives often.
async fn ticket(app: &TestApp, payment: &str) -> String {
    let (mut anna, mut tom) = (app.sign_in(ANNA).await, app.sign_in(TOM).await);
    let about = [("payment", payment), ("subject", "The customer sees an empty page")];
    let ticket = anna.opens_ticket(&about, &[("what it said.txt", b"nothing at all")]).await;
    let page = tom.get("/support/answers").await;
    let canned =
        [("language", "it"), ("title", "Quale browser?"), ("text", "{name}, quale browser?")];
    assert_eq!(tom.submit(&page, "/support/answers", &canned, "").await.status, 303);
    let at_support = format!("/merchants/{}/tickets/1", app.world.first);
    let page = tom.get(&at_support).await;
    tom.submit(&page, &format!("{at_support}/notes"), &[("note", "Seen before.")], "").await;
    assert_eq!(tom.says(&at_support, "Which browser is it?", "answer").await.status, 303);
    ticket
}

/// Looks at the page that is open, in all six ways.
async fn check(browser: &Driver, axe: &str, name: &str, found: &mut Vec<String>) {
    browser.run(axe).await;
    for is_dark in [false, true] {
        for width in WIDTHS {
            browser.look(width, is_dark).await;
            let scheme = if is_dark { "dark" } else { "light" };
            let violations = browser.run_async(CHECK).await;
            for violation in violations.as_array().into_iter().flatten() {
                found.push(format!("{name}, {scheme}, {width} px: {violation}"));
            }
            let cut = browser.run(OVERFLOW).await;
            if cut.as_f64() != Some(0.0) {
                found.push(format!("{name}, {scheme}, {width} px: {cut} px too wide"));
            }
        }
    }
    browser.shot(&format!("axe-{}", name.replace(' ', "-"))).await;
    browser.look(1440, false).await;
    // A form with faults is a page with a status of 4xx, which Chromium tells as an error.
    let complaints = browser.complaints().await;
    let ours = complaints.iter().filter(|words| !words.contains("Failed to load resource"));
    found.extend(ours.map(|words| format!("{name}: {words}")));
}

async fn another_person(app: &TestApp, browser: &Driver, person: &str) {
    browser.open(&app.base).await;
    if browser.has(".side-foot form button").await {
        browser.click(".side-foot form button").await;
        browser.until_url("/signed-out").await;
    }
    browser.open(&app.browser().url("/sign-in")).await;
    browser.click("main button[type=submit]").await;
    browser.click(&format!("button[value={person}]")).await;
    browser.until_url(&app.base).await;
    browser.find("#main h1").await;
}

/// A payment in each state, with its addresses.
struct States {
    open: Made,
    draft: Made,
    paid: Made,
    expired: Made,
    cancelled: Made,
    /// A colleague's page, and the link of an open invitation.
    member: String,
    invitation: String,
    /// Of an access token: the page that asks before it is revoked.
    revocation: String,
    /// Files with a good and a faulty row: checked, in its undo window, done.
    imports: [String; 3],
    /// A bulk action that is over.
    bulk_action: String,
}

/// A payment: its page, and the customer's.
#[derive(Default)]
struct Made {
    page: String,
    link: String,
}

impl Made {
    fn id(&self) -> &str {
        self.page.rsplit('/').next().unwrap_or_default()
    }
}

impl States {
    async fn make(app: &TestApp) -> Self {
        let mut anna = app.sign_in(ANNA).await;
        let expired = make(app, &mut anna, "expired@example.it", "send").await;
        app.clock.advance(chrono::Duration::days(60));
        let open = make(app, &mut anna, "open@example.it", "send").await;
        let draft = make(app, &mut anna, "draft@example.it", "draft").await;
        not_delivered(app, &mut anna).await;
        let cancelled = make(app, &mut anna, "cancelled@example.it", "send").await;
        let ask = anna.get(&format!("{}/cancellation", cancelled.page)).await;
        let action = ask.attribute("form.ask", "action");
        anna.submit(&ask, &action, &[("reason", "ordered twice")], "").await;
        let paid = make(app, &mut anna, "paid@example.it", "send").await;
        pay(app, &paid).await;
        let token = app.access_token(ANNA, &central::auth::api::Scope::ALL);
        let revocation = format!("/settings/access-tokens/{}/revocation", token.id);
        let imports = imports(app, &mut anna).await;
        let bulk_action = bulk_action(app, &mut anna, &cancelled).await;
        app.shared_view("To be paid", "status=open");
        let (member, invitation) = team(app).await;
        Self {
            open,
            draft,
            paid,
            expired,
            cancelled,
            member,
            invitation,
            revocation,
            imports,
            bulk_action,
        }
    }

    fn public(&self) -> Vec<(&'static str, String)> {
        vec![
            ("sign-in", "/sign-in".to_owned()),
            ("signed out", "/signed-out".to_owned()),
            ("display", "/display".to_owned()),
            ("api", "/api".to_owned()),
            ("pay paid", format!("{}/result", self.paid.link)),
            ("pay unknown", format!("/pay/{}", "A".repeat(32))),
            ("pay expired", format!("{}/result", self.expired.link)),
            ("pay cancelled", format!("{}/result", self.cancelled.link)),
            ("pay open", format!("{}/result", self.open.link)),
            ("invitation", self.invitation.clone()),
            ("invitation unknown", "/invitations/unknown".to_owned()),
            ("sandbox pay page", self.open.link.clone()),
        ]
    }

    fn backoffice(&self) -> Vec<(&'static str, String)> {
        let [checked, waiting, done] = &self.imports;
        vec![
            ("list", LIST.to_owned()),
            ("list with filters open", format!("{LIST}?filters=open")),
            ("list with faults", format!("{LIST}?filters=open&created_from=x&amount_min=y")),
            ("list filtered", format!("{LIST}?q=example&status=open&status=paid")),
            ("list without matches", format!("{LIST}?q=nothing+at+all")),
            ("undelivered", format!("{LIST}/undelivered")),
            ("form", format!("{LIST}/new")),
            ("edit", format!("{}/edit", self.draft.page)),
            ("detail open", self.open.page.clone()),
            ("detail draft", self.draft.page.clone()),
            ("detail paid", self.paid.page.clone()),
            ("detail expired", self.expired.page.clone()),
            ("detail cancelled", self.cancelled.page.clone()),
            ("cancel", format!("{}/cancellation", self.open.page)),
            ("resend", format!("{}/resend", self.open.page)),
            ("renew", format!("{}/resend", self.expired.page)),
            ("reminders", format!("{}/reminders", self.open.page)),
            ("extension", format!("{}/extension", self.open.page)),
            ("replacement", format!("{}/replacement", self.open.page)),
            ("columns", format!("{LIST}/columns")),
            ("views", format!("{LIST}/views")),
            ("new view", format!("{LIST}/views/new?status=open")),
            ("exports", format!("{LIST}/exports?status=open")),
            ("import", format!("{LIST}/import")),
            ("imports", format!("{LIST}/imports")),
            ("import checked", checked.clone()),
            ("import confirmation", format!("{checked}/confirmation")),
            ("import waiting", waiting.clone()),
            ("import done", done.clone()),
            ("bulk action done", self.bulk_action.clone()),
            ("bulk actions", format!("{LIST}/bulk-actions")),
            (
                "bulk cancellation",
                format!("{LIST}/bulk-actions/new?act=cancel&id={}", self.draft.id()),
            ),
            ("team", TEAM.to_owned()),
            ("invite", format!("{TEAM}/invitations/new")),
            ("member", self.member.clone()),
            ("removal", format!("{}/removal", self.member)),
            ("permissions", "/settings/permissions".to_owned()),
            ("profile", "/settings/profile".to_owned()),
            ("access tokens", "/settings/access-tokens".to_owned()),
            ("new access token", "/settings/access-tokens/new".to_owned()),
            ("revoke an access token", self.revocation.clone()),
            ("not found", "/nothing".to_owned()),
        ]
    }
}

/// Files in three states.
async fn imports(app: &TestApp, anna: &mut Browser) -> [String; 3] {
    let mut made = Vec::new();
    for act in ["", "/confirmation", "/start"] {
        let rows = format!("email;amount\nmaria{}@example.it;12,50\nmaria;5\n", made.len());
        let import = format!("{IMPORTS}/{}", anna.imports(rows.as_bytes()).await);
        if !act.is_empty() {
            let ask = anna.get(&format!("{import}/confirmation")).await;
            let done = anna.submit(&ask, &format!("{import}/confirmation"), &[], "").await;
            assert_eq!(done.status, 303, "not confirmed: {}", done.main());
        }
        if act == "/start" {
            let page = anna.get(&import).await;
            anna.submit(&page, &format!("{import}/start"), &[], "").await;
        }
        made.push(import);
    }
    app.until("it is done", async || app.count("imports WHERE state = 'done'") == 1).await;
    made.try_into().expect("three of them")
}

/// One request is cancelled, another one is skipped because it has been before.
async fn bulk_action(app: &TestApp, anna: &mut Browser, cancelled: &Made) -> String {
    let draft = make(app, anna, "bulk@example.it", "draft").await;
    let picked = format!("act=cancel&id={}&id={}", draft.id(), cancelled.id());
    let ask = anna.get(&format!("{LIST}/bulk-actions/new?{picked}")).await;
    let action = ask.attribute("#main form[method=post]", "action");
    let begun = anna.submit(&ask, &action, &[], "").await;
    let page = begun.location().unwrap_or_else(|| panic!("not begun: {}", begun.main()));
    app.until("it is over", async || app.count("bulk_actions WHERE ended_at IS NOT NULL") == 1)
        .await;
    page
}

/// A colleague, and somebody who is invited.
async fn team(app: &TestApp) -> (String, String) {
    let mut anna = app.sign_in(ANNA).await;
    let form = anna.get(&format!("{TEAM}/invitations/new")).await;
    let fields = [("email", "somebody@example.it"), ("role", "clerk")];
    let done = anna.submit(&form, &format!("{TEAM}/invitations"), &fields, "").await;
    assert_eq!(done.location().as_deref(), Some(TEAM), "not invited: {}", done.main());
    let mails = app.mailbox.wait_for("somebody@example.it", 1).await;
    let text = mails.first().and_then(|mail| mail.text.clone()).expect("a mail with a text");
    let link = regex::Regex::new("/invitations/[A-Za-z0-9_-]{43}").expect("a pattern");
    let link = link.find(&text).expect("a link in the mail").as_str().to_owned();
    (anna.get(TEAM).await.attribute("a.main-link", "href"), link)
}

async fn make(app: &TestApp, anna: &mut Browser, email: &str, action: &str) -> Made {
    let form = anna.get("/processing/email-payments/new").await;
    let fields = [
        ("customer_name", "Studio Marchetti & Associati"),
        ("customer_email", email),
        ("amount", "1,830.00"),
        ("description", "Dinner set, 24 pieces"),
        ("message", "Thank you!\nAnna"),
    ];
    let made = anna.submit(&form, LIST, &fields, &format!("action={action}")).await;
    let page = made.location().unwrap_or_else(|| panic!("not created: {}", made.main()));
    if action != "send" {
        return Made { page, link: String::new() };
    }
    let mails = app.mailbox.wait_for(email, 1).await;
    let text = mails.first().and_then(|mail| mail.text.clone()).expect("a mail with a text");
    let link = regex::Regex::new("/pay/[A-Za-z0-9_-]{32}").expect("a pattern");
    let link = link.find(&text).expect("a link in the mail").as_str().to_owned();
    Made { page, link }
}

/// A request whose mail is refused.
async fn not_delivered(app: &TestApp, anna: &mut Browser) {
    let form = anna.get(&format!("{LIST}/new")).await;
    let fields = [("customer_email", "unknown@refuses.example"), ("amount", "45.00")];
    let made = anna.submit(&form, LIST, &fields, "action=send").await;
    let page = made.location().unwrap_or_else(|| panic!("not created: {}", made.main()));
    app.until("the mail is refused", async || app.field(&page, "delivery") == "bounced").await;
}

/// As the customer does, without a look at it.
async fn pay(app: &TestApp, made: &Made) {
    let mut customer = app.browser();
    let page = customer.open(&made.link).await;
    let action = page.attribute("form[method=post]", "action");
    let fields =
        [("pan", "4111111111111111"), ("exp", "12/39"), ("cvc", "123"), ("name", "Mario Rossi")];
    let paid = customer.submit(&page, &action, &fields, "").await;
    customer.follow(paid).await;
    let result = customer.open(&format!("{}/return", made.link)).await;
    assert!(result.body.contains("1111"), "not paid: {}", result.main());
}

/// axe-core's text, from npm where it is not there yet.
fn axe() -> Result<String, String> {
    let folder = target().join("axe");
    let file = folder.join("node_modules/axe-core/axe.min.js");
    if !file.is_file() {
        let npm = Command::new("npm")
            .args(["install", "--no-audit", "--no-fund", "--loglevel=error", "--prefix"])
            .arg(&folder)
            .arg(AXE)
            .output()
            .map_err(|error| format!("no accessibility check without npm ({error})"))?;
        if !npm.status.success() {
            let words = String::from_utf8_lossy(&npm.stderr);
            return Err(format!("no accessibility check: npm can't get {AXE}: {}", words.trim()));
        }
    }
    std::fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))
}

/// The folder `target`, wherever cargo was told to put it.
fn target() -> PathBuf {
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR"));
    scratch.parent().unwrap_or(scratch).to_owned()
}
