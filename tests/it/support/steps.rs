//! What people do again and again, in one line each.

use central::crypto;
use central::kernel::MerchantId;
use diesel::prelude::*;
use openidconnect::reqwest::{Method, StatusCode};
use uuid::Uuid;

use super::{Browser, Page, TestApp};

pub const LIST: &str = "/processing/email-payments";
pub const NEW: &str = "/processing/email-payments/new";
pub const IMPORT: &str = "/processing/email-payments/import";
pub const IMPORTS: &str = "/processing/email-payments/imports";
pub const BULK: &str = "/processing/email-payments/bulk-actions";
/// Where tickets are.
pub const TICKETS: &str = "/support/tickets";
pub const TEAM: &str = "/settings/team";

/// Who is asked for money.
pub const CUSTOMER: &str = "customer@example.it";

/// Test cards of the gateway: what they do stands in its sandbox.
pub const GOOD_CARD: &str = "4111 1111 1111 1111";
pub const NO_FUNDS: &str = "4000 0000 0000 0051";
pub const CHALLENGE: &str = "4000 0000 0004 0065";
pub const PENDING: &str = "4000 0000 0000 0077";

/// A payment that a merchant has asked for: where they see it, where the customer pays.
pub struct Request {
    pub id: String,
    /// The detail page.
    pub url: String,
    /// `/pay/…`
    pub link: String,
}

impl Request {
    pub fn at(&self, page: &str) -> String {
        format!("{}/{page}", self.url)
    }

    pub fn token(&self) -> &str {
        self.link.trim_start_matches("/pay/")
    }
}

/// A callback as the gateway would post it.
pub struct Callback {
    pub path: String,
    pub body: String,
}

impl Browser {
    /// Chooses one of one's merchants.
    pub async fn works_for(&mut self, merchant: &MerchantId) {
        let page = self.get("/merchants/choose").await;
        let done =
            self.submit(&page, "/merchants/choose", &[], &format!("merchant={merchant}")).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text("main"));
    }

    /// Fills in the form of a new request, for 45.00 from [`CUSTOMER`] unless `fields` say otherwise.
    pub async fn fills_in(&mut self, fields: &[(&str, &str)], button: &str) -> Page {
        let form = self.get(NEW).await;
        self.fills_in_again(&form, fields, button).await
    }

    /// The same with a form that is open already.
    pub async fn fills_in_again(
        &mut self,
        form: &Page,
        fields: &[(&str, &str)],
        button: &str,
    ) -> Page {
        let all = [&[("customer_email", CUSTOMER), ("amount", "45.00")], fields].concat();
        self.submit(form, LIST, &all, &format!("action={button}")).await
    }

    /// A new request that is sent (or kept as a draft), whatever there may be to check: the address of
    /// its page.
    pub async fn creates_email_payment(&mut self, fields: &[(&str, &str)], button: &str) -> String {
        let mut answer = self.fills_in(fields, button).await;
        if answer.has("#checks") && !answer.has("#errors") {
            answer = self.submit(&answer, LIST, &[], &format!("action={button}")).await;
        }
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text("main"));
        answer.location().expect("the new payment's page")
    }

    /// Uploads a file of rows: the answer.
    pub async fn uploads(&mut self, name: &str, content: &[u8]) -> Page {
        let page = self.get(IMPORT).await;
        self.submit_file(&page, IMPORT, &[], (name, content)).await
    }

    /// Uploads a file that can be read: the id of its import.
    pub async fn imports(&mut self, content: &[u8]) -> String {
        let answer = self.uploads("rows.csv", content).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text("main"));
        let url = answer.location().expect("the import's page");
        url.rsplit('/').next().expect("an id").to_owned()
    }

    /// Opens a ticket with these fields and files: its address.
    pub async fn opens_ticket(
        &mut self,
        fields: &[(&str, &str)],
        files: &[(&str, &[u8])],
    ) -> String {
        let page = self.get(&format!("{TICKETS}/new")).await;
        let mut all =
            vec![("category", "technical"), ("subject", "It fails"), ("text", "It does not work.")];
        all.retain(|(name, _)| fields.iter().all(|(given, _)| given != name));
        all.extend(fields);
        let answer = self.submit_parts(&page, TICKETS, &all, files).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text("main"));
        answer.location().expect("the ticket's page")
    }

    /// Says something in a ticket, by the form of its page.
    pub async fn says(&mut self, url: &str, text: &str, act: &str) -> Page {
        let page = self.get(url).await;
        let action = format!("{url}/messages");
        self.submit_parts(&page, &action, &[("text", text), ("act", act)], &[]).await
    }

    /// Cancels a new draft in bulk: the id of that action.
    pub async fn cancels_in_bulk(&mut self) -> String {
        let draft = self.creates_email_payment(&[], "draft").await;
        let id = draft.rsplit('/').next().expect("an id");
        let page = self.get(&format!("{BULK}/new?act=cancel&id={id}")).await;
        let answer = self.submit(&page, BULK, &[], "").await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text("main"));
        let url = answer.location().expect("the action's page");
        url.rsplit('/').next().expect("an id").to_owned()
    }

    /// Opens a payment's question and answers it: `cancellation`, `resend`.
    pub async fn answers(&mut self, url: &str, question: &str, fields: &[(&str, &str)]) -> Page {
        let path = format!("{url}/{question}");
        let page = self.get(&path).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        self.submit(&page, &path, fields, "").await
    }

    /// Follows a pay link to the gateway's page.
    pub async fn opens(&mut self, link: &str) -> Page {
        let away = self.get(link).await;
        assert_eq!(away.status, StatusCode::SEE_OTHER, "{}", away.text("main"));
        self.get(&away.location().expect("the gateway's page")).await
    }

    /// Pays by card on the gateway's page: the page that follows.
    pub async fn pays(&mut self, page: &Page, card: &str) -> Page {
        let fields = [("pan", card), ("exp", "12/40"), ("cvc", "123"), ("name", "MARIA CONTI")];
        let answer = self.submit(page, &page.attribute("form", "action"), &fields, "").await;
        self.follow(answer).await
    }

    /// Chooses the wallet on the gateway's page.
    pub async fn chooses_alipay(&mut self, page: &Page) -> Page {
        let action = page.attribute("form", "action");
        let answer = self.submit(page, &action, &[("way", "alipay")], "").await;
        self.follow(answer).await
    }

    /// Presses a button on a page of the bank or the wallet.
    pub async fn presses(&mut self, page: &Page, outcome: &str) -> Page {
        let action = page.attribute("form[action^='?']", "action");
        let answer = self.submit(page, &action, &[], &format!("outcome={outcome}")).await;
        self.follow(answer).await
    }

    /// Goes back to the shop, as a browser does from another site: the result page.
    pub async fn goes_back(&mut self, page: &Page) -> Page {
        let action = page.attribute("form[action*='/return']", "action");
        let body = serde_urlencoded::to_string(page.form(&action)).expect("fields");
        let headers = [
            ("Content-Type", "application/x-www-form-urlencoded"),
            ("Sec-Fetch-Site", "cross-site"),
            ("Origin", "null"),
        ];
        let answer = self.request(Method::POST, &action, &headers, &body).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text("main"));
        self.follow(answer).await
    }
}

impl TestApp {
    /// A request that is sent and whose mail has arrived.
    pub async fn request(&self, merchant: &mut Browser, fields: &[(&str, &str)]) -> Request {
        let to = fields.iter().find(|(name, _)| *name == "customer_email");
        let to = to.map_or(CUSTOMER, |(_, address)| *address);
        self.mails_settle().await;
        let before = self.mailbox.wait_for(to, 0).await.len();
        let url = merchant.creates_email_payment(fields, "send").await;
        let link = self.link_in_mail(to, before + 1).await;
        self.mails_settle().await;
        let id = url.rsplit('/').next().expect("an id").to_owned();
        Request { id, url, link }
    }

    /// The pay link in the newest mail to an address, once it has got `count` mails.
    pub async fn link_in_mail(&self, to: &str, count: usize) -> String {
        let mails = self.mailbox.wait_for(to, count).await;
        assert_eq!(mails.len(), count, "mails to {to}");
        link_in(
            mails.first().and_then(|mail| mail.text.as_deref()).expect("a mail with a text part"),
        )
    }

    /// Waits until no mail is on its way; one that waits for its next try is not.
    pub async fn mails_settle(&self) {
        self.until("mails are on their way", async || {
            self.count("mails WHERE state = 'sending' OR state = 'ready' AND attempts = 0 AND run_at <= created_at") == 0
        })
        .await;
    }

    /// Waits until a payment's mail has been tried and put off.
    pub async fn mail_is_deferred(&self, url: &str) {
        self.until("a mail is put off", async || self.field(url, "delivery") == "deferred").await;
    }

    /// One column of a payment, by its page's address.
    pub fn field(&self, url: &str, column: &str) -> String {
        let id: Uuid = url.rsplit('/').next().unwrap_or_default().parse().expect("an id");
        self.text(&format!(
            "SELECT coalesce(({column})::text, '') FROM email_payments WHERE id = '{id}'"
        ))
    }

    /// Waits until a payment has a status.
    pub async fn becomes(&self, request: &Request, status: &str) {
        self.until(status, async || self.field(&request.url, "status") == status).await;
    }

    /// How often something happened to a payment.
    pub fn happened(&self, request: &Request, kind: &str) -> i64 {
        self.count(&format!(
            "email_payment_events WHERE email_payment_id = '{}' AND kind = '{kind}'",
            request.id
        ))
    }

    /// The clock shows 25 November 2026, 10:00 in Rome, so that a snapshot has the same days in it
    /// whenever it is made. Sign in first: sessions live by the database's clock.
    pub fn stop_the_year(&self) {
        let at = "2026-11-25T09:00:00Z".parse().expect("an instant");
        self.clock
            .advance(chrono::DateTime::<chrono::Utc>::signed_duration_since(at, self.clock.now()));
    }

    /// Moves the clock on. A mail that is being sent meanwhile would be taken for lost.
    pub async fn later(&self, by: chrono::Duration) {
        self.mails_settle().await;
        self.clock.advance(by);
    }

    /// Moves the clock to some seconds before (or, below zero, after) a payment's end. The gateway's
    /// page ends up to a minute earlier: it counts in whole minutes.
    pub async fn seconds_before_end(&self, request: &Request, seconds: i64) {
        self.mails_settle().await;
        let end = self.field(
            &request.url,
            "to_char(expires_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')",
        );
        let end: chrono::DateTime<chrono::Utc> = end.parse().expect("an instant");
        self.clock.advance(end - chrono::Duration::seconds(seconds) - self.clock.now());
    }

    /// A callback about a payment that has every proof. Of the key in its address the product knows
    /// a hash only, so that it gets a new one.
    pub fn good_callback(&self, request: &Request) -> Callback {
        #[derive(QueryableByName)]
        struct Session {
            #[diesel(sql_type = diesel::sql_types::Uuid)]
            id: Uuid,
            #[diesel(sql_type = diesel::sql_types::Binary)]
            merchant_token_encrypted: Vec<u8>,
        }
        let query = "UPDATE gateway_sessions SET callback_key_hash = $1 \
                     WHERE email_payment_id = $2 AND is_current RETURNING id, merchant_token_encrypted";
        let payment: Uuid = request.id.parse().expect("an id");
        let session: Session = self.look(|conn| {
            diesel::sql_query(query)
                .bind::<diesel::sql_types::Binary, _>(crypto::hash("the-key"))
                .bind::<diesel::sql_types::Uuid, _>(payment)
                .get_result(conn)
                .expect("the payment is prepared")
        });
        let keys = &self.config.keys;
        let token = keys.open(session.id, &session.merchant_token_encrypted).expect("a token");
        let signature =
            keys.sign("connect2pay custom data", &session.id.to_string()).expect("a signature");
        let body = serde_json::json!({
            "status": "Authorized",
            "merchantToken": token,
            "ctrlCustomData": format!("{}.{signature}", session.id),
        });
        Callback {
            path: "/gateway/connect2pay/callback?key=the-key".to_owned(),
            body: body.to_string(),
        }
    }

    /// The page at the gateway has ended before the payment, as after a change of its settings.
    pub fn forget_the_gateways_page(&self, request: &Request) {
        let id: Uuid = request.id.parse().expect("an id");
        let query = "UPDATE gateway_sessions SET is_current = false WHERE email_payment_id = $1";
        let changed = self.look(|conn| {
            diesel::sql_query(query).bind::<diesel::sql_types::Uuid, _>(id).execute(conn)
        });
        assert_eq!(changed, Ok(1));
    }

    /// A sender took this payment's mail and died: its lease has run out.
    pub fn a_sender_dies(&self, url: &str) {
        let id: Uuid = url.rsplit('/').next().unwrap_or_default().parse().expect("an id");
        let query = "UPDATE mails SET state = 'sending', claim_id = gen_random_uuid(), \
                     lease_until = '2000-01-01', attempts = 1 WHERE email_payment_id = $1";
        let changed = self.look(|conn| {
            diesel::sql_query(query).bind::<diesel::sql_types::Uuid, _>(id).execute(conn)
        });
        assert_eq!(changed, Ok(1));
    }
}

impl Callback {
    /// Posts it, as the gateway does: without cookies.
    pub async fn post(&self, app: &TestApp) -> Page {
        let headers = [("Content-Type", "application/json")];
        app.browser().request(Method::POST, &self.path, &headers, &self.body).await
    }
}

/// The path of the pay link in a text.
pub fn link_in(text: &str) -> String {
    let link = regex::Regex::new(r"/pay/[A-Za-z0-9_-]{32}").expect("a pattern");
    link.find(text).expect("a pay link").as_str().to_owned()
}
