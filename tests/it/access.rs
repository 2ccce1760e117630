//! Who may do what: every address times every kind of person. A route without a line here fails.

use central::auth::api::Scope;
use central::kernel::Right;
use central::web::Audience::{
    self, Api, Both, Merchant, MerchantUser, Peer, Public, SignedIn, Staff, StaffApi,
};
use openidconnect::reqwest::{Method, StatusCode};

use crate::support::*;

const VIEW: Audience = Merchant(Right::ViewEmailPayments);
const WRITE: Audience = Merchant(Right::WriteEmailPayments);
const OPERATE: Audience = Merchant(Right::Operate);
const APPROVE: Audience = Merchant(Right::ApproveOperations);
const MOVED: Audience = Merchant(Right::ViewTransactions);
const EXPORT: Audience = Merchant(Right::Export);
const PORTFOLIO: Audience = Staff(Right::ManageMerchants);
const TOKENS: Audience = Merchant(Right::UseApi);
const OWNERS: Audience = Merchant(Right::ManageTeam);
const PLATFORM: Audience = Staff(Right::ManageTeam);
const DOCUMENTS: Audience = Merchant(Right::ViewDocuments);
const ACCOUNTS: Audience = Staff(Right::ViewDocuments);
const PUBLISH: Audience = Staff(Right::PublishDocuments);
const ASK: Audience = Merchant(Right::UseTickets);
const ANSWER: Audience = Staff(Right::UseTickets);

/// Every address of the product, once more, by hand.
const ROUTES: &[(&str, &str, Audience)] = &[
    ("GET", "/", SignedIn),
    ("GET", "/display", Public),
    ("POST", "/display", Public),
    ("POST", "/csp-report", Public),
    ("GET", "/sign-in", Public),
    ("POST", "/sign-in", Public),
    ("GET", "/sign-in/again", Public),
    ("GET", "/sign-in/callback", Public),
    ("POST", "/sign-in/back-channel-logout", Peer),
    ("GET", "/signed-out", Public),
    ("GET", "/processing/email-payments/import", WRITE),
    ("POST", "/processing/email-payments/import", WRITE),
    ("GET", "/processing/email-payments/import/template.csv", WRITE),
    ("GET", "/processing/email-payments/bulk-actions", WRITE),
    ("POST", "/processing/email-payments/bulk-actions", WRITE),
    ("GET", "/processing/email-payments/bulk-actions/new", WRITE),
    ("GET", "/processing/email-payments/bulk-actions/{id}", WRITE),
    ("POST", "/processing/email-payments/bulk-actions/{id}/stop", WRITE),
    ("GET", "/processing/email-payments/bulk-actions/{id}/report.csv", WRITE),
    ("GET", "/processing/email-payments/imports", WRITE),
    ("GET", "/processing/email-payments/imports/{id}", WRITE),
    ("POST", "/processing/email-payments/imports/{id}", WRITE),
    ("GET", "/processing/email-payments/imports/{id}/left-out.csv", WRITE),
    ("GET", "/processing/email-payments/imports/{id}/confirmation", WRITE),
    ("POST", "/processing/email-payments/imports/{id}/confirmation", WRITE),
    ("POST", "/processing/email-payments/imports/{id}/undo", WRITE),
    ("POST", "/processing/email-payments/imports/{id}/start", WRITE),
    ("POST", "/processing/email-payments/imports/{id}/stop", WRITE),
    ("GET", "/processing/email-payments", VIEW),
    ("POST", "/processing/email-payments", WRITE),
    ("GET", "/processing/email-payments/new", WRITE),
    ("POST", "/processing/email-payments/preview", WRITE),
    ("GET", "/processing/email-payments/undelivered", VIEW),
    ("POST", "/processing/email-payments/undelivered", WRITE),
    ("GET", "/processing/email-payments/columns", VIEW),
    ("POST", "/processing/email-payments/columns", VIEW),
    ("GET", "/processing/email-payments/views", VIEW),
    ("POST", "/processing/email-payments/views", VIEW),
    ("GET", "/processing/email-payments/views/new", VIEW),
    ("POST", "/processing/email-payments/views/{id}", VIEW),
    ("GET", "/processing/email-payments/exports", EXPORT),
    ("GET", "/processing/email-payments.csv", EXPORT),
    ("GET", "/processing/email-payments.xlsx", EXPORT),
    ("POST", "/processing/email-payments/exports/{id}/stop", EXPORT),
    ("GET", "/processing/email-payments/{id}", VIEW),
    ("GET", "/processing/email-payments/{id}/edit", WRITE),
    ("POST", "/processing/email-payments/{id}/edit", WRITE),
    ("GET", "/processing/email-payments/{id}/resend", WRITE),
    ("POST", "/processing/email-payments/{id}/resend", WRITE),
    ("GET", "/processing/email-payments/{id}/mail", VIEW),
    ("GET", "/processing/email-payments/{id}/qr.svg", VIEW),
    ("POST", "/processing/email-payments/{id}/sending", WRITE),
    ("POST", "/processing/email-payments/{id}/unscheduling", WRITE),
    ("GET", "/processing/email-payments/{id}/reminders", WRITE),
    ("POST", "/processing/email-payments/{id}/reminders", WRITE),
    ("POST", "/processing/email-payments/{id}/reminders/now", WRITE),
    ("POST", "/processing/email-payments/{id}/reminders/{reminder}/removal", WRITE),
    ("GET", "/processing/email-payments/{id}/extension", WRITE),
    ("POST", "/processing/email-payments/{id}/extension", WRITE),
    ("GET", "/processing/email-payments/{id}/replacement", WRITE),
    ("POST", "/processing/email-payments/{id}/replacement", WRITE),
    ("GET", "/processing/email-payments/{id}/cancellation", WRITE),
    ("POST", "/processing/email-payments/{id}/cancellation", WRITE),
    ("GET", "/merchants/choose", MerchantUser),
    ("POST", "/merchants/choose", MerchantUser),
    ("GET", "/support/contacts", MerchantUser),
    ("GET", "/merchants", PORTFOLIO),
    ("GET", "/merchants/card", PORTFOLIO),
    ("POST", "/merchants/card", PORTFOLIO),
    ("GET", "/merchants/wallets", PORTFOLIO),
    ("POST", "/merchants/wallets", PORTFOLIO),
    ("GET", "/merchants/wallets/{version}/file", PORTFOLIO),
    ("POST", "/merchants/wallets/{version}/restore", PORTFOLIO),
    ("GET", "/merchants/hand-over", PORTFOLIO),
    ("POST", "/merchants/hand-over", PORTFOLIO),
    ("POST", "/merchants/take-over", PORTFOLIO),
    ("GET", "/merchants/{id}", PORTFOLIO),
    ("GET", "/merchants/{id}/features", PORTFOLIO),
    ("POST", "/merchants/{id}/features", PORTFOLIO),
    ("POST", "/merchants/{id}/features/{switch}/undo", PORTFOLIO),
    ("GET", "/merchants/{id}/features/confirmations", PORTFOLIO),
    ("POST", "/merchants/{id}/features/confirmations", PORTFOLIO),
    ("GET", "/settings/payment-methods", Merchant(Right::ViewPageSettings)),
    ("GET", "/settings/confirmations", Merchant(Right::ViewPageSettings)),
    ("GET", "/settings/confirmations/{originator}", Merchant(Right::ViewPageSettings)),
    ("POST", "/settings/confirmations/{originator}", Merchant(Right::WritePageSettings)),
    ("GET", "/settings/payment-page", Merchant(Right::ViewPageSettings)),
    ("GET", "/settings/payment-page/{originator}", Merchant(Right::ViewPageSettings)),
    ("POST", "/settings/payment-page/{originator}", Merchant(Right::WritePageSettings)),
    ("POST", "/settings/payment-page/{originator}/taking-back", Merchant(Right::WritePageSettings)),
    (
        "POST",
        "/settings/payment-page/{originator}/gateway-account",
        Merchant(Right::WritePageSettings),
    ),
    ("GET", "/settings/payment-page/{originator}/first", Merchant(Right::WritePageSettings)),
    ("POST", "/settings/payment-page/{originator}/first", Merchant(Right::WritePageSettings)),
    ("GET", "/settings/payment-page/{originator}/logo", Merchant(Right::WritePageSettings)),
    ("POST", "/settings/payment-page/{originator}/logo", Merchant(Right::WritePageSettings)),
    ("GET", "/settings/payment-page/{originator}/logo.png", Merchant(Right::ViewPageSettings)),
    ("GET", "/settings/sessions", SignedIn),
    ("POST", "/settings/sessions/{id}/end", SignedIn),
    ("POST", "/settings/sessions/end-others", SignedIn),
    ("GET", "/settings/activity", Merchant(Right::ViewActivity)),
    ("GET", "/settings/activity.csv", Merchant(Right::ViewActivity)),
    ("GET", "/settings/activity.xlsx", Merchant(Right::ViewActivity)),
    ("GET", "/settings/activity/exports", Merchant(Right::ViewActivity)),
    ("POST", "/settings/activity/exports/{id}/stop", Merchant(Right::ViewActivity)),
    ("GET", "/merchants/{id}/activity", Staff(Right::ViewActivity)),
    ("GET", "/merchants/{id}/activity.csv", Staff(Right::ViewActivity)),
    ("GET", "/merchants/{id}/activity.xlsx", Staff(Right::ViewActivity)),
    ("GET", "/settings/team", OWNERS),
    ("GET", "/settings/team/invitations/new", OWNERS),
    ("POST", "/settings/team/invitations", OWNERS),
    ("POST", "/settings/team/invitations/{invitation}/resend", OWNERS),
    ("POST", "/settings/team/invitations/{invitation}/withdrawal", OWNERS),
    ("GET", "/settings/team/members/{user}", OWNERS),
    ("POST", "/settings/team/members/{user}/role", OWNERS),
    ("POST", "/settings/team/members/{user}/sign-out", OWNERS),
    ("GET", "/settings/team/members/{user}/removal", OWNERS),
    ("POST", "/settings/team/members/{user}/removal", OWNERS),
    ("GET", "/notifications", MerchantUser),
    ("POST", "/notifications", MerchantUser),
    ("GET", "/notifications/inbox", MerchantUser),
    ("POST", "/notifications/inbox/read", MerchantUser),
    ("POST", "/notifications/inbox/{notice}", MerchantUser),
    ("POST", "/notifications/deliveries/{notice}/again", MerchantUser),
    ("GET", "/unsubscribe/{token}", Public),
    ("POST", "/unsubscribe/{token}", Public),
    ("POST", "/unsubscribe/{token}/undo", Public),
    ("POST", "/merchants/{id}/permissions/deliveries/{notice}/again", PORTFOLIO),
    ("POST", "/notifications/requests", MerchantUser),
    ("POST", "/notifications/test", MerchantUser),
    ("GET", "/notifications/deliveries", MerchantUser),
    ("GET", "/merchants/{id}/permissions", PORTFOLIO),
    ("POST", "/merchants/{id}/permissions", PORTFOLIO),
    ("GET", "/merchants/{id}/permissions/deliveries", PORTFOLIO),
    ("GET", "/merchants/{id}/permissions/{permission}/withdrawal", PORTFOLIO),
    ("POST", "/merchants/{id}/permissions/{permission}/withdrawal", PORTFOLIO),
    ("GET", "/merchants/{id}/permissions/requests/{request}/refusal", PORTFOLIO),
    ("POST", "/merchants/{id}/permissions/requests/{request}/refusal", PORTFOLIO),
    ("GET", "/merchants/{id}/team", PLATFORM),
    ("GET", "/merchants/{id}/team/invitations/new", PLATFORM),
    ("POST", "/merchants/{id}/team/invitations", PLATFORM),
    ("POST", "/merchants/{id}/team/invitations/{invitation}/resend", PLATFORM),
    ("POST", "/merchants/{id}/team/invitations/{invitation}/withdrawal", PLATFORM),
    ("GET", "/merchants/{id}/team/members/{user}", PLATFORM),
    ("POST", "/merchants/{id}/team/members/{user}/role", PLATFORM),
    ("POST", "/merchants/{id}/team/members/{user}/sign-out", PLATFORM),
    ("GET", "/merchants/{id}/team/members/{user}/removal", PLATFORM),
    ("POST", "/merchants/{id}/team/members/{user}/removal", PLATFORM),
    ("GET", "/processing/transactions/reconciliation", MOVED),
    (
        "POST",
        "/processing/transactions/reconciliation/{difference}/settlement",
        Merchant(Right::SettleDifferences),
    ),
    (
        "POST",
        "/processing/transactions/reconciliation/{difference}/reopening",
        Merchant(Right::SettleDifferences),
    ),
    ("GET", "/processing/transactions", MOVED),
    ("GET", "/processing/transactions/columns", MOVED),
    ("POST", "/processing/transactions/columns", MOVED),
    ("GET", "/processing/transactions/views", MOVED),
    ("POST", "/processing/transactions/views", MOVED),
    ("GET", "/processing/transactions/views/new", MOVED),
    ("POST", "/processing/transactions/views/{id}", MOVED),
    ("GET", "/processing/transactions/exports", EXPORT),
    ("GET", "/processing/transactions.csv", EXPORT),
    ("GET", "/processing/transactions.xlsx", EXPORT),
    ("POST", "/processing/transactions/exports/{id}/stop", EXPORT),
    ("GET", "/processing/transactions/operations", OPERATE),
    ("POST", "/processing/transactions/operations/{operation}/approval", APPROVE),
    ("POST", "/processing/transactions/operations/{operation}/rejection", APPROVE),
    ("POST", "/processing/transactions/operations/{operation}/withdrawal", OPERATE),
    ("GET", "/processing/transactions/{id}", MOVED),
    ("GET", "/processing/transactions/{id}/operations/{act}", OPERATE),
    ("POST", "/processing/transactions/{id}/operations/{act}", OPERATE),
    ("GET", "/processing/email-payments/{id}/refund", OPERATE),
    ("GET", "/settings/refunds", APPROVE),
    ("POST", "/settings/refunds", Merchant(Right::OverruleRefunds)),
    ("GET", "/accounting/documents", DOCUMENTS),
    ("POST", "/accounting/documents/read", DOCUMENTS),
    ("GET", "/accounting/documents/columns", DOCUMENTS),
    ("POST", "/accounting/documents/columns", DOCUMENTS),
    ("GET", "/accounting/documents/views", DOCUMENTS),
    ("POST", "/accounting/documents/views", DOCUMENTS),
    ("GET", "/accounting/documents/views/new", DOCUMENTS),
    ("POST", "/accounting/documents/views/{id}", DOCUMENTS),
    ("GET", "/accounting/documents/exports", DOCUMENTS),
    ("GET", "/accounting/documents.csv", DOCUMENTS),
    ("GET", "/accounting/documents.xlsx", DOCUMENTS),
    ("POST", "/accounting/documents/exports/{id}/stop", DOCUMENTS),
    ("GET", "/accounting/documents.zip", DOCUMENTS),
    ("GET", "/accounting/documents/{document}", DOCUMENTS),
    ("GET", "/accounting/documents/{document}/file", DOCUMENTS),
    ("GET", "/accounting/documents/{document}/data.csv", DOCUMENTS),
    ("POST", "/accounting/documents/{document}/read", DOCUMENTS),
    ("GET", "/accounting/merchants", ACCOUNTS),
    ("GET", "/accounting/providers", PUBLISH),
    ("POST", "/accounting/providers", PUBLISH),
    ("GET", "/merchants/{id}/documents", ACCOUNTS),
    ("POST", "/merchants/{id}/documents", PUBLISH),
    ("GET", "/merchants/{id}/documents/new", PUBLISH),
    ("GET", "/merchants/{id}/documents.zip", ACCOUNTS),
    ("GET", "/merchants/{id}/documents/{document}", ACCOUNTS),
    ("GET", "/merchants/{id}/documents/{document}/file", ACCOUNTS),
    ("GET", "/merchants/{id}/documents/{document}/data.csv", ACCOUNTS),
    ("GET", "/merchants/{id}/documents/{document}/state", PUBLISH),
    ("POST", "/merchants/{id}/documents/{document}/state", PUBLISH),
    ("GET", "/support/tickets", Both(Right::UseTickets)),
    ("POST", "/support/tickets", ASK),
    ("GET", "/support/tickets/new", ASK),
    ("GET", "/support/tickets/{number}", ASK),
    ("POST", "/support/tickets/{number}/messages", ASK),
    ("POST", "/support/tickets/{number}/watchers", ASK),
    ("GET", "/support/tickets/{number}/files/{file}", ASK),
    ("GET", "/portfolio/{merchant}/tickets", PORTFOLIO),
    ("GET", "/portfolio/{merchant}/tickets/{number}", PORTFOLIO),
    ("POST", "/portfolio/{merchant}/tickets/{number}/messages", PORTFOLIO),
    ("GET", "/portfolio/{merchant}/tickets/{number}/files/{file}", PORTFOLIO),
    ("GET", "/merchants/{id}/tickets/{number}", ANSWER),
    ("POST", "/merchants/{id}/tickets/{number}/messages", ANSWER),
    ("POST", "/merchants/{id}/tickets/{number}/notes", ANSWER),
    ("POST", "/merchants/{id}/tickets/{number}/assignee", ANSWER),
    ("GET", "/merchants/{id}/tickets/{number}/files/{file}", ANSWER),
    ("GET", "/support/answers", ANSWER),
    ("POST", "/support/answers", ANSWER),
    ("GET", "/support/answers/{answer}", ANSWER),
    ("POST", "/support/answers/{answer}", ANSWER),
    ("POST", "/support/answers/{answer}/removal", ANSWER),
    ("GET", "/settings/permissions", MerchantUser),
    ("GET", "/settings/profile", SignedIn),
    ("POST", "/settings/profile", SignedIn),
    ("POST", "/settings/profile/email", SignedIn),
    ("POST", "/settings/profile/email/cancellation", SignedIn),
    ("GET", "/email-changes/{token}", Public),
    ("POST", "/email-changes/{token}", Public),
    ("POST", "/email-changes/{token}/cancellation", Public),
    ("GET", "/invitations/{token}", Public),
    ("POST", "/invitations/{token}", Public),
    ("GET", "/pay/{token}", Public),
    ("POST", "/pay/{token}", Public),
    ("GET", "/pay/{token}/return", Public),
    ("POST", "/pay/{token}/return", Public),
    ("GET", "/pay/{token}/result", Public),
    ("GET", "/pay/{token}/logo", Public),
    ("GET", "/pay/{token}/reminders", Public),
    ("POST", "/pay/{token}/reminders", Public),
    ("POST", "/gateway/connect2pay/callback", Peer),
    ("GET", "/settings/access-tokens", TOKENS),
    ("POST", "/settings/access-tokens", TOKENS),
    ("GET", "/settings/access-tokens/new", TOKENS),
    ("GET", "/settings/access-tokens/{id}/revocation", TOKENS),
    ("POST", "/settings/access-tokens/{id}/revocation", TOKENS),
    ("GET", "/api", Public),
    ("GET", "/api/v1/openapi.json", Public),
    ("GET", "/api/v1/email-payments", Api(Scope::ReadEmailPayments)),
    ("POST", "/api/v1/email-payments", Api(Scope::WriteEmailPayments)),
    ("GET", "/api/v1/email-payments/{id}", Api(Scope::ReadEmailPayments)),
    ("POST", "/api/v1/email-payments/{id}/cancel", Api(Scope::WriteEmailPayments)),
    ("POST", "/api/v1/email-payments/{id}/resend", Api(Scope::WriteEmailPayments)),
    ("GET", "/api/v1/documents", Api(Scope::ReadDocuments)),
    ("GET", "/merchants/{id}/conditions", ACCOUNTS),
    ("POST", "/merchants/{id}/conditions", PUBLISH),
    ("POST", "/merchants/{id}/conditions/rhythm", PUBLISH),
    ("POST", "/api/v1/documents", StaffApi(Scope::PublishDocuments)),
    ("GET", "/api/v1/documents/{id}", Api(Scope::ReadDocuments)),
    ("GET", "/api/v1/documents/{id}/file", Api(Scope::ReadDocuments)),
    ("GET", "/static/{name:.*}", Public),
];

/// Kept apart: it ends the session of who calls it.
const SIGN_OUT: (&str, &str, Audience) = ("POST", "/sign-out", SignedIn);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Persona {
    Nobody,
    Owner,
    Clerk,
    Accountant,
    /// Read-only at the first merchant, and owner of the second.
    ReadOnly,
    SuccessManager,
    Support,
    Administrator,
    /// Of the platform.
    PlatformAccountant,
}

impl Persona {
    const ALL: [(Self, &'static str); 9] = [
        (Self::Nobody, ""),
        (Self::Owner, ANNA),
        (Self::Clerk, CARLA),
        (Self::Accountant, ALDO),
        (Self::ReadOnly, BRUNO),
        (Self::SuccessManager, SOFIA),
        (Self::Support, TOM),
        (Self::Administrator, ADA),
        (Self::PlatformAccountant, IRENE),
    ];

    const fn may(self, audience: Audience) -> bool {
        match audience {
            Public | Peer => true,
            SignedIn => !matches!(self, Self::Nobody),
            MerchantUser => self.is_merchants(),
            Merchant(right) => self.is_merchants() && self.has(right),
            Staff(right) => !self.is_merchants() && self.has(right),
            Both(right) => self.has(right),
            // A program is let in by its token; a person's cookie is none.
            Api(_) | StaffApi(_) => false,
        }
    }

    const fn is_merchants(self) -> bool {
        matches!(self, Self::Owner | Self::Clerk | Self::Accountant | Self::ReadOnly)
    }

    /// The permission matrix, once more, by hand.
    const fn has(self, right: Right) -> bool {
        match right {
            Right::ViewEmailPayments | Right::ViewTransactions => self.is_merchants(),
            Right::WriteEmailPayments => matches!(self, Self::Owner | Self::Clerk),
            Right::Export => matches!(self, Self::Owner | Self::Clerk | Self::Accountant),
            Right::ViewDocuments => matches!(
                self,
                Self::Owner
                    | Self::Accountant
                    | Self::SuccessManager
                    | Self::Administrator
                    | Self::PlatformAccountant
            ),
            Right::SettleDifferences => matches!(self, Self::Owner | Self::Accountant),
            Right::PublishDocuments => matches!(self, Self::PlatformAccountant),
            Right::UseApi
            | Right::Operate
            | Right::WritePageSettings
            | Right::ApproveOperations
            | Right::OverruleRefunds => matches!(self, Self::Owner),
            Right::ManageTeam | Right::ViewActivity => {
                matches!(self, Self::Owner | Self::SuccessManager | Self::Administrator)
            }
            Right::ViewPageSettings => {
                matches!(self, Self::Owner | Self::Accountant | Self::ReadOnly)
            }
            Right::ManageMerchants => matches!(self, Self::SuccessManager | Self::Administrator),
            Right::UseTickets => self.is_merchants() || matches!(self, Self::Support),
        }
    }
}

/// Real ids, each of which its reader may see.
#[derive(Clone)]
struct Ids {
    payment: String,
    /// One that this payment plans.
    reminder: String,
    token: String,
    merchant: String,
    /// Somebody of the first merchant's team, who is no persona.
    user: String,
    invitation: String,
    access_token: String,
    import: String,
    bulk_action: String,
    /// Shared with everybody at the first merchant by its owner.
    view: String,
    /// Of the clerk, and of the owner.
    export: String,
    activity_export: String,
    document: String,
    documents_export: String,
    documents_view: String,
    /// One that the clerk asked for, and exports of the clerk's.
    transaction: String,
    transactions_export: String,
    transactions_view: String,
    /// A refund that the clerk asked for and that waits.
    operation: String,
    permission: String,
    request: String,
    /// The number of a ticket that all of the first merchant's people follow.
    ticket: String,
    ticket_file: String,
    canned_answer: String,
    originator: String,
    /// A change of what the first merchant has.
    switch: String,
    /// An open one about the payment.
    difference: String,
}

impl Ids {
    /// One payment of the first merchant, made by its clerk: the owner and the accountant see it too.
    async fn make(app: &TestApp, clerk: &mut Browser) -> Self {
        let detail = clerk.creates_email_payment(&[("before_end_3", "on")], "send").await;
        let link = clerk.get(&detail).await.attribute("#link", "value");
        app.page_with_logo();
        let ticket = clerk.opens_ticket(&[], &[("log.txt", b"what it said")]).await;
        app.change("INSERT INTO ticket_watchers SELECT t.merchant_id, t.id, m.user_id, now() FROM tickets t JOIN memberships m USING (merchant_id)");
        app.change(&format!("INSERT INTO feature_switches SELECT '{}', gen_random_uuid(), 'card', true, now(), 'x', NULL, id, now() FROM users WHERE subject = 'sofia'", app.world.first));
        app.change("INSERT INTO canned_answers SELECT gen_random_uuid(), 'it', 'Hello', 'Ciao {name}', id, now() FROM users WHERE subject = 'tom'");
        Self {
            payment: detail.rsplit('/').next().unwrap().to_owned(),
            reminder: app.text("SELECT id FROM email_payment_reminders"),
            token: link.rsplit('/').next().unwrap().to_owned(),
            merchant: app.world.first.to_string(),
            user: app.member("spare", app.world.first, "accountant"),
            invitation: app.invitation("spare@example.com", app.world.first),
            access_token: app.access_token(ANNA, &Scope::ALL).id,
            import: clerk.imports(b"email,amount\na@example.it,5").await,
            bulk_action: {
                let id = clerk.cancels_in_bulk().await;
                app.until("the bulk action has ended", async || {
                    app.count("bulk_actions WHERE state = 'done'") == 1
                })
                .await;
                id
            },
            view: app.shared_view("Waiting", "group=current"),
            export: app.export_record("email_payments", CARLA),
            activity_export: app.export_record("activity", ANNA),
            document: app.document(app.world.first, "FT-1", |_| ()).await,
            documents_export: app.export_record("documents", ANNA),
            documents_view: app.shared_view_of("documents", "Open", "unread=yes"),
            transaction: {
                let carla = app.text("SELECT id FROM users WHERE subject = 'carla'");
                app.transaction(app.world.first, "T-1", |new| {
                    new.details.asked_by = carla.parse().ok();
                })
            },
            operation: app.refund_request("T-1", CARLA),
            transactions_export: app.export_record("transactions", CARLA),
            transactions_view: app.shared_view_of("transactions", "Declined", "status=declined"),
            permission: app.permission(ANNA, SOFIA),
            request: app.permission_request(ALDO),
            ticket: ticket.rsplit('/').next().unwrap().to_owned(),
            ticket_file: app.text("SELECT id FROM ticket_files"),
            canned_answer: app.text("SELECT id FROM canned_answers"),
            originator: app.world.first_originator.to_string(),
            switch: app.text("SELECT id FROM feature_switches"),
            difference: app.difference(detail.rsplit('/').next().unwrap()),
        }
    }

    /// Undoes what a persona who may has done to the team.
    fn restore(&self, app: &TestApp) {
        let Self { merchant, user, invitation, .. } = self;
        app.change(&format!(
            "INSERT INTO memberships VALUES ('{merchant}', '{user}', 'accountant', now()) ON CONFLICT DO NOTHING"
        ));
        app.change("DELETE FROM mails WHERE invitation_id IS NOT NULL");
        app.change(&format!("DELETE FROM invitations WHERE id <> '{invitation}'"));
        app.change("UPDATE invitations SET ended_at = NULL, end_reason = NULL");
    }

    fn fill(&self, path: &str) -> String {
        let id = match path {
            _ if path.starts_with("/merchants") => &self.merchant,
            _ if path.starts_with("/settings/activity/exports") => &self.activity_export,
            _ if path.starts_with("/accounting/documents/exports") => &self.documents_export,
            _ if path.starts_with("/accounting/documents/views") => &self.documents_view,
            _ if path.starts_with("/processing/transactions/exports") => &self.transactions_export,
            _ if path.starts_with("/processing/transactions/views") => &self.transactions_view,
            _ if path.starts_with("/processing/transactions") => &self.transaction,
            _ if path.contains("/exports/{id}") => &self.export,
            _ if path.starts_with("/settings/access-tokens") => &self.access_token,
            _ if path.starts_with(IMPORTS) => &self.import,
            _ if path.contains("/bulk-actions/") => &self.bulk_action,
            _ if path.contains("/views/") => &self.view,
            _ => &self.payment,
        };
        path.replace("{id}", id)
            .replace("{token}", &self.token)
            .replace("{user}", &self.user)
            .replace("{invitation}", &self.invitation)
            .replace("{reminder}", &self.reminder)
            .replace("{document}", &self.document)
            .replace("{permission}", &self.permission)
            .replace("{request}", &self.request)
            .replace("{operation}", &self.operation)
            .replace("{act}", "refund")
            .replace("{merchant}", &self.merchant)
            .replace("{number}", &self.ticket)
            .replace("{file}", &self.ticket_file)
            .replace("{answer}", &self.canned_answer)
            .replace("{originator}", &self.originator)
            .replace("{switch}", &self.switch)
            .replace("{difference}", &self.difference)
            .replace("{version}", "0")
            .replace("/static/{name:.*}", &central::web::asset("icon.svg"))
    }
}

async fn call(browser: &mut Browser, method: &str, path: &str, token: Option<&str>) -> Page {
    if method == "GET" {
        return browser.get(path).await;
    }
    let fields: Vec<(&str, &str)> = token.iter().map(|token| ("_csrf", *token)).collect();
    browser.post(path, &fields).await
}

fn goes_to_sign_in(page: &Page) -> bool {
    page.status == StatusCode::SEE_OTHER
        && page.location().is_some_and(|location| location.starts_with("/sign-in?return_to="))
}

#[actix_web::test]
async fn sec_11_every_address_lets_in_exactly_those_it_is_for() {
    let listed = central::server::routes();
    for route in listed.listing() {
        let line = (route.method.as_str(), route.path, route.audience);
        assert!(ROUTES.contains(&line) || line == SIGN_OUT, "{line:?} has no line in this test");
    }
    assert_eq!(listed.listing().len(), ROUTES.len() + 1);

    let app = TestApp::start().await;
    let mut browsers = Vec::new();
    for (persona, subject) in Persona::ALL {
        // First all sign-ins: the table tries one for each person, and ten a minute are let through.
        let signed_in = if subject.is_empty() { app.browser() } else { app.sign_in(subject).await };
        browsers.push((persona, signed_in));
    }
    let clerk = browsers.iter_mut().find(|(persona, _)| *persona == Persona::Clerk);
    let ids = Ids::make(&app, &mut clerk.unwrap().1).await;
    for (persona, mut browser) in browsers {
        let mut token = None;
        if persona != Persona::Nobody {
            token = Some(form_token(&mut browser).await);
        }
        if persona == Persona::ReadOnly {
            let fields =
                [("_csrf", token.as_deref().unwrap()), ("merchant", ids.merchant.as_str())];
            let page = browser.post("/merchants/choose", &fields).await;
            assert_eq!(page.status, StatusCode::SEE_OTHER);
        }
        ids.restore(&app);
        for (method, path, audience) in ROUTES.iter().copied().chain([SIGN_OUT]) {
            let page = call(&mut browser, method, &ids.fill(path), token.as_deref()).await;
            let what = format!("{persona:?} {method} {path}: {}", page.status);
            if matches!(audience, Api(_) | StaffApi(_)) {
                assert_eq!(page.status, StatusCode::UNAUTHORIZED, "{what}");
                assert_eq!(page.header("www-authenticate").as_deref(), Some("Bearer"), "{what}");
                assert_eq!(page.header("set-cookie"), None, "{what}");
            } else if persona.may(audience) {
                // A shared view is seen by all, and changed by its owner and those above.
                let is_others = persona != Persona::Owner && path.ends_with("/views/{id}");
                assert_eq!(page.status == StatusCode::FORBIDDEN, is_others, "{what}");
                assert!(path == "/sign-in/again" || !goes_to_sign_in(&page), "{what}");
                assert!(page.status.as_u16() < 500, "{what}");
                let is_found = audience == Peer
                    || (method, path) == ("POST", "/merchants/choose")
                    || path == "/invitations/{token}"
                    || path.starts_with("/email-changes/")
                    // A notice is its reader's alone; the links that end mails are signed.
                    || path.contains("{notice}")
                    // What one asked for is taken back by oneself alone.
                    || path.ends_with("{operation}/withdrawal")
                    || path.starts_with("/unsubscribe")
                    || page.status != StatusCode::NOT_FOUND;
                assert!(is_found, "{what}");
            } else if persona == Persona::Nobody {
                assert!(goes_to_sign_in(&page), "{what}");
            } else {
                assert_eq!(page.status, StatusCode::FORBIDDEN, "{what}");
            }
        }
        assert!(persona == Persona::Nobody || goes_to_sign_in(&browser.get("/").await));
    }
}

#[actix_web::test]
async fn sec_05_no_form_of_who_is_signed_in_is_taken_without_its_token() {
    let app = TestApp::start().await;
    let ids = Ids::make(&app, &mut app.sign_in(CARLA).await).await;
    let audits = app.count("audit_log WHERE action <> 'access.refuse'");
    for subject in [ANNA, SOFIA] {
        let mut browser = app.sign_in(subject).await;
        for (method, path, audience) in ROUTES.iter().copied().chain([SIGN_OUT]) {
            if method == "POST" && !matches!(audience, Public | Peer | Api(_) | StaffApi(_)) {
                let page = call(&mut browser, method, &ids.fill(path), None).await;
                assert_eq!(page.status, StatusCode::FORBIDDEN, "{subject} {path}");
            }
        }
        assert!(!goes_to_sign_in(&browser.get("/").await), "still signed in");
    }
    assert_eq!(
        app.count("audit_log WHERE action <> 'access.refuse'"),
        audits + 2,
        "two sign-ins and refusals, nothing else"
    );
}

#[actix_web::test]
async fn sec_11_what_belongs_to_another_merchant_answers_like_what_does_not_exist() {
    let app = TestApp::start().await;
    let ids = Ids::make(&app, &mut app.sign_in(CARLA).await).await;
    let unknown = Ids {
        payment: "01932f5e-0000-7000-8000-000000000000".to_owned(),
        merchant: "01932f5e-0000-7000-8000-000000000001".to_owned(),
        reminder: ids.reminder.clone(),
        token: ids.token.clone(),
        user: ids.user.clone(),
        invitation: ids.invitation.clone(),
        access_token: "01932f5e-0000-7000-8000-000000000002".to_owned(),
        bulk_action: "01932f5e-0000-7000-8000-000000000003".to_owned(),
        import: "01932f5e-0000-7000-8000-000000000003".to_owned(),
        view: "01932f5e-0000-7000-8000-000000000003".to_owned(),
        export: "01932f5e-0000-7000-8000-000000000003".to_owned(),
        activity_export: "01932f5e-0000-7000-8000-000000000003".to_owned(),
        document: "01932f5e-0000-7000-8000-000000000003".to_owned(),
        documents_export: "01932f5e-0000-7000-8000-000000000003".to_owned(),
        documents_view: "01932f5e-0000-7000-8000-000000000003".to_owned(),
        transaction: "01932f5e-0000-7000-8000-000000000003".to_owned(),
        transactions_export: "01932f5e-0000-7000-8000-000000000003".to_owned(),
        transactions_view: "01932f5e-0000-7000-8000-000000000003".to_owned(),
        operation: "01932f5e-0000-7000-8000-000000000003".to_owned(),
        permission: "01932f5e-0000-7000-8000-000000000003".to_owned(),
        request: "01932f5e-0000-7000-8000-000000000003".to_owned(),
        ticket: "999".to_owned(),
        ticket_file: "01932f5e-0000-7000-8000-000000000003".to_owned(),
        canned_answer: "01932f5e-0000-7000-8000-000000000003".to_owned(),
        originator: "01932f5e-0000-7000-8000-000000000003".to_owned(),
        switch: "01932f5e-0000-7000-8000-000000000003".to_owned(),
        difference: "01932f5e-0000-7000-8000-000000000003".to_owned(),
    };
    let foreign = Ids { merchant: app.world.second.to_string(), ..ids };
    let malformed = Ids {
        payment: "1'--".to_owned(),
        merchant: "%00".to_owned(),
        access_token: "?".to_owned(),
        bulk_action: "x".to_owned(),
        import: "?".to_owned(),
        view: "1'--".to_owned(),
        export: "x".to_owned(),
        activity_export: "x".to_owned(),
        document: "1'--".to_owned(),
        originator: "?".to_owned(),
        documents_export: "x".to_owned(),
        documents_view: "1'--".to_owned(),
        transaction: "1'--".to_owned(),
        transactions_export: "x".to_owned(),
        transactions_view: "1'--".to_owned(),
        operation: "?".to_owned(),
        ticket: "1'--".to_owned(),
        ticket_file: "x".to_owned(),
        canned_answer: "?".to_owned(),
        ..unknown.clone()
    };

    // Bruno works for the second merchant, Sofia looks after the first only.
    for (subject, persona, prefix) in [
        (BRUNO, Persona::Owner, "/processing/"),
        (BRUNO, Persona::Owner, "/settings/"),
        (BRUNO, Persona::Owner, "/accounting/"),
        (SOFIA, Persona::SuccessManager, "/merchants/"),
        (SOFIA, Persona::SuccessManager, "/portfolio/"),
        (IRENE, Persona::PlatformAccountant, "/merchants/"),
    ] {
        let mut browser = app.sign_in(subject).await;
        let token = form_token(&mut browser).await;
        for (method, path, audience) in ROUTES.iter().copied() {
            let has_id = ["{id}", "{document}", "{merchant}", "{originator}", "{operation}"]
                .iter()
                .any(|name| path.contains(name));
            if !has_id || !path.starts_with(prefix) || !persona.may(audience) {
                continue;
            }
            // A form with a file is read before it is known whose it is: see `page_settings.rs`.
            if method == "POST" && path.ends_with("/logo") {
                continue;
            }
            // A session that is not one's own is one that has ended: the answer is the same, too.
            if path.starts_with("/settings/sessions") {
                continue;
            }
            let mut answers = Vec::new();
            for ids in [&foreign, &unknown, &malformed] {
                let fields = [
                    ("_csrf", token.as_str()),
                    ("is_on", "true"),
                    ("customer_email", "a@example.it"),
                    ("action", "send"),
                    ("is_read", "true"),
                ];
                let page = if method == "GET" {
                    browser.get(&ids.fill(path)).await
                } else {
                    let chosen =
                        [fields[0], ("currency", "EUR"), ("language", "it"), ("valid_days", "30")];
                    let own = match path.rsplit('/').next() {
                        Some("{id}") if path.starts_with(IMPORTS) => &chosen[..],
                        Some("confirmation") => &[fields[0], ("count", "1")][..],
                        Some("{originator}") => &[fields[0], ("language", "it")][..],
                        Some("read") => &[fields[0], fields[4]][..],
                        Some(
                            "{id}" | "cancellation" | "revocation" | "reminders" | "extension"
                            | "permissions" | "withdrawal" | "refusal" | "conditions" | "features"
                            | "confirmations" | "taking-back" | "first" | "{act}",
                        ) => &fields[..1],
                        Some("rhythm") => &[fields[0], ("rhythm", "weekly")][..],
                        Some("resend") => &[fields[0], fields[2]][..],
                        _ => &[fields[0], fields[3]][..],
                    };
                    browser.post(&ids.fill(path), own).await
                };
                assert_eq!(page.status, StatusCode::NOT_FOUND, "{method} {path}");
                answers.push(page.body);
            }
            answers.dedup();
            assert_eq!(answers.len(), 1, "{method} {path}");
        }
    }
}

#[actix_web::test]
async fn sec_11_no_page_file_mail_or_answer_for_a_merchant_holds_a_note_of_support() {
    const NOTE: &str = "zirconium";
    let app = TestApp::start().await;
    let ids = Ids::make(&app, &mut app.sign_in(CARLA).await).await;
    let (mut anna, mut tom) = (app.sign_in(ANNA).await, app.sign_in(TOM).await);
    let at = format!("/merchants/{}/tickets/{}", ids.merchant, ids.ticket);
    let page = tom.get(&at).await;
    let noted = tom.submit(&page, &format!("{at}/notes"), &[("note", NOTE)], "").await;
    assert_eq!(noted.status, StatusCode::SEE_OTHER);
    assert!(tom.get(&at).await.body.contains(NOTE));
    assert_eq!(tom.says(&at, "An answer.", "answer").await.status, StatusCode::SEE_OTHER);
    app.mailbox.wait_for("carla@example.com", 1).await;
    let bearer = format!("Bearer {}", app.access_token(ANNA, &Scope::ALL).token);
    let mut seen = 0;
    for (method, path, audience) in ROUTES.iter().copied() {
        let is_theirs = !matches!(audience, Staff(_) | StaffApi(_) | Peer);
        if method != "GET" || !is_theirs || path == "/sign-in/again" {
            continue;
        }
        let headers = [("Authorization", bearer.as_str())];
        let headers = if matches!(audience, Api(_)) { &headers[..] } else { &[] };
        let page = anna.request(Method::GET, &ids.fill(path), headers, "").await;
        assert!(!page.body.contains(NOTE), "{path}");
        seen += usize::from(page.status.is_success());
    }
    assert!(seen > 50, "only {seen} pages were read");
    for mail in app.mailbox.mails() {
        assert!(!String::from_utf8_lossy(&mail.raw).contains(NOTE));
    }
}

#[actix_web::test]
async fn sec_11_a_clerk_sees_and_changes_only_what_she_made_herself() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let detail = anna.creates_email_payment(&[("order_id", "MADE-BY-ANNA")], "send").await;
    let mut carla = app.sign_in(CARLA).await;
    carla.creates_email_payment(&[("order_id", "MADE-BY-CARLA")], "draft").await;
    for query in ["", "?q=MADE", "?group=current"] {
        let list = carla.get(&format!("{LIST}{query}")).await;
        assert!(list.body.contains("MADE-BY-CARLA") && !list.body.contains("MADE-BY-ANNA"));
    }
    let token = form_token(&mut carla).await;
    for verb in ["", "/edit", "/resend", "/cancellation", "/mail"] {
        let page = carla.get(&format!("{detail}{verb}")).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{verb}");
    }
    let page = carla.post(&format!("{detail}/cancellation"), &[("_csrf", &token)]).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert_eq!(app.count("email_payments WHERE status = 'cancelled'"), 0);
    let head = carla.request(Method::HEAD, &detail, &[], "").await;
    assert_eq!(head.status, StatusCode::NOT_FOUND);
}
