//! States that no address alone leads to, in both colour schemes and three widths: axe-core finds nothing,
//! nothing is cut off. What an address leads to is in `every_page.rs`.

use super::driver::Driver;
use super::journey::sign_in;
use super::look::{Look, axe};
use super::support::{ANNA, BRUNO, Browser, IMPORTS, IRENE, NOBODY, SOFIA, TICKETS, TOM, TestApp};
use super::{skip, start};

const LIST: &str = "/processing/email-payments";
const TEAM: &str = "/settings/team";

#[actix_web::test]
async fn states_of_requests_are_accessible() {
    let axe = match axe() {
        Ok(axe) => axe,
        Err(reason) => return skip(reason),
    };
    let Some((app, browser)) = start(true).await else { return };
    let states = States::make(&app).await;
    let mut look = Look::new(&browser, axe);
    for (name, path) in states.public() {
        browser.open(&app.browser().url(&path)).await;
        look.at_state(name).await;
    }
    app.page_with_logo();
    browser.open(&app.browser().url(&states.open.link)).await;
    look.at_state("pay terms").await;
    sign_in(&app, &browser, ANNA).await;
    // First what wants a sign-in of the last five minutes: a slow machine takes longer for all pages.
    browser.open(&app.browser().url(&format!("{TEAM}/invitations/new"))).await;
    browser.click("form.form-one button[type=submit]").await;
    browser.find(".errors").await;
    look.at_state("invitation with errors").await;
    browser.open(&app.browser().url("/processing/email-payments/new")).await;
    browser.fill("#customer_email", "no address").await;
    browser.fill("#amount", "lots").await;
    browser.click("#send").await;
    browser.find(".errors").await;
    look.at_state("form with errors").await;
    for (name, path) in states.backoffice() {
        browser.open(&app.browser().url(&path)).await;
        look.at_state(name).await;
    }
    for (person, name, path) in
        [(BRUNO, "choose merchant", "/merchants/choose"), (NOBODY, "not known", "")]
    {
        another_person(&app, &browser, person).await;
        if !path.is_empty() {
            browser.open(&app.browser().url(path)).await;
        }
        look.at_state(name).await;
    }
    look.found_nothing();
}

#[actix_web::test]
async fn states_of_documents_and_transactions_are_accessible() {
    let axe = match axe() {
        Ok(axe) => axe,
        Err(reason) => return skip(reason),
    };
    let Some((app, browser)) = start(true).await else { return };
    let (merchant, mut look) = (app.world.first, Look::new(&browser, axe));
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
                ("documents with filters open", format!("{mine}?filters=open&issued_from=x")),
                ("documents without matches", format!("{mine}?number=nothing")),
                ("document beside the list", format!("{mine}?open={id}")),
                ("document that is corrected", format!("{mine}/{id}")),
                ("transactions with filters open", format!("{moved}?filters=open&date_from=x")),
                ("transactions without matches", format!("{moved}?q=nothing+at+all")),
                ("transaction with a chain", format!("{moved}/{sale}")),
            ],
        ),
        (
            IRENE,
            vec![
                ("providers", "/accounting/providers?change=PayXpert".to_owned()),
                ("refusal", format!("{theirs}/permissions")),
            ],
        ),
    ] {
        if person != ANNA {
            another_person(&app, &browser, person).await;
        }
        for (name, path) in pages {
            browser.open(&app.browser().url(&path)).await;
            look.at_state(name).await;
        }
    }
    look.found_nothing();
}

#[actix_web::test]
async fn states_of_tickets_are_accessible() {
    let axe = match axe() {
        Ok(axe) => axe,
        Err(reason) => return skip(reason),
    };
    let Some((app, browser)) = start(true).await else { return };
    let (merchant, mut look) = (app.world.first, Look::new(&browser, axe));
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
    look.at_state("ticket with errors").await;
    for (person, pages) in [
        (
            ANNA,
            vec![
                ("tickets with filters open", format!("{TICKETS}?filters=open&state=open")),
                ("tickets without matches", format!("{TICKETS}?q=nothing+at+all")),
                ("ticket", ticket),
                ("ticket about a payment", format!("{TICKETS}/new?payment={payment}")),
            ],
        ),
        (
            TOM,
            vec![
                ("ticket queue with filters open", format!("{TICKETS}?filters=open")),
                ("ticket at support", format!("/merchants/{merchant}/tickets/1")),
            ],
        ),
        (
            SOFIA,
            vec![
                ("merchant with tickets", format!("/merchants/{merchant}")),
                ("hand over", format!("/merchants/hand-over?merchant={merchant}")),
                ("ticket of a merchant", format!("/portfolio/{merchant}/tickets/1")),
            ],
        ),
    ] {
        if person != ANNA {
            another_person(&app, &browser, person).await;
        }
        for (name, path) in pages {
            browser.open(&app.browser().url(&path)).await;
            look.at_state(name).await;
        }
    }
    look.found_nothing();
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

/// Signs out whoever is there, and in again as `person`.
pub async fn another_person(app: &TestApp, browser: &Driver, person: &str) {
    // The way out is behind the menu's button on a phone.
    browser.look(1440, false).await;
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
    /// The link of an open invitation.
    invitation: String,
    /// Files with a good and a faulty row: in its undo window, done.
    imports: [String; 2],
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
        let imports = imports(app, &mut anna).await;
        app.shared_view("To be paid", "status=open");
        let invitation = invitation(app).await;
        Self { open, draft, paid, expired, cancelled, invitation, imports }
    }

    fn public(&self) -> Vec<(&'static str, String)> {
        vec![
            ("pay paid", format!("{}/result", self.paid.link)),
            ("pay unknown", format!("/pay/{}", "A".repeat(32))),
            ("pay expired", format!("{}/result", self.expired.link)),
            ("pay cancelled", format!("{}/result", self.cancelled.link)),
            ("pay open", format!("{}/result", self.open.link)),
            ("invitation", self.invitation.clone()),
            ("sandbox pay page", self.open.link.clone()),
        ]
    }

    fn backoffice(&self) -> Vec<(&'static str, String)> {
        let [waiting, done] = &self.imports;
        let bulk = format!("{LIST}/bulk-actions/new?act=cancel&id={}", self.draft.id());
        vec![
            ("list with filters open", format!("{LIST}?filters=open")),
            ("list with faults", format!("{LIST}?filters=open&created_from=x&amount_min=y")),
            ("list filtered", format!("{LIST}?q=example&status=open&status=paid")),
            ("list without matches", format!("{LIST}?q=nothing+at+all")),
            ("undelivered", format!("{LIST}/undelivered")),
            ("edit", format!("{}/edit", self.draft.page)),
            ("detail draft", self.draft.page.clone()),
            ("detail paid", self.paid.page.clone()),
            ("detail expired", self.expired.page.clone()),
            ("detail cancelled", self.cancelled.page.clone()),
            ("renew", format!("{}/resend", self.expired.page)),
            ("new view", format!("{LIST}/views/new?status=open")),
            ("import waiting", waiting.clone()),
            ("import done", done.clone()),
            ("bulk cancellation", bulk),
            ("not found", "/nothing".to_owned()),
        ]
    }
}

/// A file whose requests can still be stopped, and one that is done.
async fn imports(app: &TestApp, anna: &mut Browser) -> [String; 2] {
    let mut made = Vec::new();
    for act in ["/confirmation", "/start"] {
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
    made.try_into().expect("two of them")
}

/// The link of an invitation, as it came by mail.
async fn invitation(app: &TestApp) -> String {
    let mut anna = app.sign_in(ANNA).await;
    let form = anna.get(&format!("{TEAM}/invitations/new")).await;
    let fields = [("email", "somebody@example.it"), ("role", "clerk")];
    let done = anna.submit(&form, &format!("{TEAM}/invitations"), &fields, "").await;
    assert_eq!(done.location().as_deref(), Some(TEAM), "not invited: {}", done.main());
    let mails = app.mailbox.wait_for("somebody@example.it", 1).await;
    let text = mails.first().and_then(|mail| mail.text.clone()).expect("a mail with a text");
    let link = regex::Regex::new("/invitations/[A-Za-z0-9_-]{43}").expect("a pattern");
    link.find(&text).expect("a link in the mail").as_str().to_owned()
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
