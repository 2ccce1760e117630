//! Something real behind each address that names it.

use central::auth::api::Scope;

use crate::support::*;

/// Real ids, each of which its reader may see.
#[derive(Clone)]
pub struct Ids {
    pub payment: String,
    /// One that this payment plans.
    pub reminder: String,
    pub token: String,
    pub merchant: String,
    /// Somebody of the first merchant's team, who is no persona.
    pub user: String,
    pub invitation: String,
    pub access_token: String,
    pub import: String,
    pub bulk_action: String,
    /// Shared with everybody at the first merchant by its owner.
    pub view: String,
    /// Of the clerk, and of the owner.
    pub export: String,
    pub activity_export: String,
    pub document: String,
    pub documents_export: String,
    pub documents_view: String,
    /// One that the clerk asked for, and exports of the clerk's.
    pub transaction: String,
    pub transactions_export: String,
    pub transactions_view: String,
    /// A refund that the clerk asked for and that waits.
    pub operation: String,
    pub permission: String,
    pub request: String,
    /// The number of a ticket that all of the first merchant's people follow.
    pub ticket: String,
    pub ticket_file: String,
    pub canned_answer: String,
    pub originator: String,
    /// A change of what the first merchant has.
    pub switch: String,
    /// An open one about the payment.
    pub difference: String,
}

impl Ids {
    /// One payment of the first merchant, made by its clerk: the owner and the accountant see it too.
    pub async fn make(app: &TestApp, clerk: &mut Browser) -> Self {
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

    /// Well formed, and nothing has them.
    pub fn of_nothing() -> Self {
        let unknown = || uuid::Uuid::new_v4().to_string();
        Self {
            payment: unknown(),
            reminder: unknown(),
            token: unknown(),
            merchant: unknown(),
            user: unknown(),
            invitation: unknown(),
            access_token: unknown(),
            import: unknown(),
            bulk_action: unknown(),
            view: unknown(),
            export: unknown(),
            activity_export: unknown(),
            document: unknown(),
            documents_export: unknown(),
            documents_view: unknown(),
            transaction: unknown(),
            transactions_export: unknown(),
            transactions_view: unknown(),
            operation: unknown(),
            permission: unknown(),
            request: unknown(),
            ticket: "999".to_owned(),
            ticket_file: unknown(),
            canned_answer: unknown(),
            originator: unknown(),
            switch: unknown(),
            difference: unknown(),
        }
    }

    /// Undoes what a persona who may has done to the team.
    pub fn restore(&self, app: &TestApp) {
        let Self { merchant, user, invitation, .. } = self;
        app.change(&format!(
            "INSERT INTO memberships VALUES ('{merchant}', '{user}', 'accountant', now()) ON CONFLICT DO NOTHING"
        ));
        app.change("DELETE FROM mails WHERE invitation_id IS NOT NULL");
        app.change(&format!("DELETE FROM invitations WHERE id <> '{invitation}'"));
        app.change("UPDATE invitations SET ended_at = NULL, end_reason = NULL");
    }

    pub fn fill(&self, path: &str) -> String {
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
