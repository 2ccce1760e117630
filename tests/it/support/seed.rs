//! Two merchants and their people: enough to tell one from the other.

use central::auth::audit::{Actor, By};
use central::auth::{MerchantRole, MerchantScope, StaffRole, SystemScope};
use central::config::Config;
use central::db::{Db, Tenants};
use central::documents::publishing::{Kind, NewDocument, Pdf, Published, Source, Writer, publish};
use central::gateway::AttemptStatus;
use central::kernel::{
    Clock, Currency, InvitationId, Lang, MerchantId, Money, OriginatorId, UserId,
};
use central::merchants::{self, NewMerchant, NewOriginator};
use central::sandbox::gateway::Account;
use central::sandbox::idp::Person;
use central::settlement::{self, Channel, Details, NewTransaction, Operation};
use central::sign_in::{self, NewUser};
use central::store::Store;
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;

use super::{TestApp, cluster};

/// Owner of the first merchant.
pub const ANNA: &str = "anna";
/// Clerk of the first merchant: sees her own payments only.
pub const CARLA: &str = "carla";
/// Accountant of the first merchant: sees all, changes nothing.
pub const ALDO: &str = "aldo";
/// Owner of the second merchant, read-only at the first.
pub const BRUNO: &str = "bruno";
/// Success manager of the first merchant only.
pub const SOFIA: &str = "sofia";
/// Support agent.
pub const TOM: &str = "tom";
/// Administrator, for the first merchant only.
pub const ADA: &str = "ada";
/// Accountant of the platform, for the first merchant only.
pub const IRENE: &str = "irene";
/// Known to the provider, unknown to the product.
pub const NOBODY: &str = "nobody";

/// The ids of what was seeded.
#[derive(Clone, Copy, Debug)]
pub struct World {
    pub first: MerchantId,
    pub second: MerchantId,
    pub first_originator: OriginatorId,
}

const PEOPLE: [(&str, &str); 9] = [
    (ANNA, "Anna Rossi"),
    (CARLA, "Carla Verdi"),
    (ALDO, "Aldo Neri"),
    (BRUNO, "Bruno Blanc"),
    (SOFIA, "Sofia Keller"),
    (TOM, "Tom Baker"),
    (ADA, "Ada Berg"),
    (IRENE, "Irene Vidal"),
    (NOBODY, "Nobody Nowhere"),
];

const API_KEYS: [&str; 3] =
    ["key-of-the-first-shop", "key-of-the-second-shop", "key-of-the-second-salon"];

pub fn people() -> Vec<Person> {
    let person = |(subject, name): &(&str, &str)| Person {
        subject: (*subject).to_owned(),
        name: (*name).to_owned(),
        email: format!("{subject}@example.com"),
        hint: String::new(),
        locale: Lang::En,
    };
    PEOPLE.iter().map(person).collect()
}

pub fn accounts() -> Vec<Account> {
    let account = |number: &str, api_key: &str, name: &str, codes: &[&str]| Account {
        number: number.to_owned(),
        api_key: api_key.to_owned(),
        name: name.to_owned(),
        currencies: codes.iter().filter_map(|code| Currency::parse(code)).collect(),
        attempts_max: 3,
        authorizes: false,
    };
    vec![
        account("100001", API_KEYS[0], "Ceramiche Bellini", &["EUR", "JPY", "KWD"]),
        account("100002", API_KEYS[1], "Atelier Fournier", &["EUR"]),
        account("100003", API_KEYS[2], "Atelier Fournier", &["EUR"]),
    ]
}

/// Fills a test's database.
pub fn world(database: &str, config: &Config) -> World {
    let db = Db::new(&cluster().url("app", database), 1, true);
    let world = World {
        first: MerchantId::new(),
        second: MerchantId::new(),
        first_originator: OriginatorId::new(),
    };
    let now = Clock::system().now();
    let both = Tenants::several(&[world.first, world.second]);
    db.run_blocking(&both, |conn| {
        let merchant = |id, name, prefix, zone, language| NewMerchant {
            id,
            name,
            legal_name: name,
            address: "Street 1, Town",
            country: "IT",
            currency: "EUR",
            language,
            time_zone: zone,
            email: "orders@shop.example",
            order_prefix: prefix,
            created_at: now,
        };
        merchants::add_merchant(
            conn,
            &merchant(world.first, "Ceramiche Bellini", "CB", "Europe/Rome", Lang::It),
        )?;
        merchants::add_merchant(
            conn,
            &merchant(world.second, "Atelier Fournier", "AF", "Europe/Paris", Lang::Fr),
        )?;
        let codes = |codes: &[&str]| {
            codes.iter().filter_map(|code| Currency::parse(code)).collect::<Vec<_>>()
        };
        for (merchant_id, id, name, number, api_key, currencies) in [
            (
                world.first,
                world.first_originator,
                "Shop",
                "100001",
                API_KEYS[0],
                codes(&["EUR", "JPY", "KWD"]),
            ),
            (world.second, OriginatorId::new(), "Boutique", "100002", API_KEYS[1], codes(&["EUR"])),
            (world.second, OriginatorId::new(), "Salon", "100003", API_KEYS[2], codes(&["EUR"])),
        ] {
            let new = NewOriginator {
                merchant_id,
                id,
                name,
                number,
                api_key,
                currencies: &currencies,
                attempts_max: 3,
                confirms_success: merchant_id == world.first,
                is_page_set_up: true,
                created_at: now,
            };
            merchants::add_originator(conn, &config.keys, &new)?;
        }
        for (subject, name) in PEOPLE.iter().filter(|(subject, _)| *subject != NOBODY) {
            let staff_role = match *subject {
                SOFIA => Some(StaffRole::SuccessManager),
                TOM => Some(StaffRole::Support),
                ADA => Some(StaffRole::Administrator),
                IRENE => Some(StaffRole::Accounting),
                _ => None,
            };
            let email = format!("{subject}@example.com");
            let new = NewUser {
                id: UserId::new(),
                issuer: &config.oidc.issuer,
                subject,
                name,
                email: &email,
                staff_role,
                created_at: now,
            };
            let id = sign_in::add_user(conn, &new)?;
            match *subject {
                ANNA => merchants::join(conn, world.first, id, MerchantRole::Owner, now)?,
                CARLA => merchants::join(conn, world.first, id, MerchantRole::Clerk, now)?,
                ALDO => merchants::join(conn, world.first, id, MerchantRole::Accountant, now)?,
                BRUNO => {
                    merchants::join(conn, world.second, id, MerchantRole::Owner, now)?;
                    merchants::join(conn, world.first, id, MerchantRole::ReadOnly, now)?;
                }
                SOFIA | ADA | IRENE => merchants::assign(conn, world.first, id, now)?,
                _ => {}
            }
        }
        Ok(())
    })
    .expect("the seed fits");
    world
}

impl TestApp {
    /// The first originator's page is set up, with a logo and terms to accept.
    pub fn page_with_logo(&self) {
        let (merchant, originator) = (self.world.first, self.world.first_originator);
        // Three grey pixels.
        let png = r"'\x89504e470d0a1a0a0000000d49484452000000030000000108000000003e8b4b680000000c49444154789c6390f7ab0400017600e7b68f53560000000049454e44ae426082'::bytea";
        for statement in [
            format!("INSERT INTO objects (merchant_id, sha256, size_bytes) VALUES ('{merchant}', sha256({png}), 69)"),
            format!("INSERT INTO object_pieces VALUES ('{merchant}', sha256({png}), 0, {png})"),
            format!("INSERT INTO page_logos SELECT '{merchant}', gen_random_uuid(), sha256({png}), 69, id, now() FROM users WHERE subject = '{ANNA}'"),
            format!(
                "INSERT INTO page_settings SELECT '{merchant}', '{originator}', 1, 'Bellini', '', '#1f4e79', id, 'https://bellini.example/terms', true, 'help@bellini.example', 3, 30, NULL, uploaded_by, now()
                 FROM page_logos"
            ),
        ] {
            self.change(&statement);
        }
    }

    /// Somebody more who works for a merchant: their id.
    pub fn member(&self, subject: &str, merchant: MerchantId, role: &str) -> String {
        let id = UserId::new();
        let issuer = &self.config.oidc.issuer;
        self.change(&format!(
            "INSERT INTO users (id, issuer, subject, name, email, created_at)
             VALUES ('{id}', '{issuer}', '{subject}', '{subject}', '{subject}@example.com', now())"
        ));
        self.change(&format!(
            "INSERT INTO memberships VALUES ('{merchant}', '{id}', '{role}', now())"
        ));
        id.to_string()
    }

    /// So many tickets of both merchants, over a year, most of them closed.
    pub fn tickets_in_bulk(&self, count: u32) {
        let (first, second) = (self.world.first, self.world.second);
        self.change(&format!(
            "INSERT INTO tickets (merchant_id, id, number, category, priority, subject, phone, visibility, state,
                 state_at, author_id, created_at, answered_at, first_answer_due_at, solution_due_at, solution_left_seconds)
             SELECT CASE WHEN n % 3 = 0 THEN '{second}'::uuid ELSE '{first}'::uuid END, gen_random_uuid(), n,
                 (ARRAY['technical', 'email_payments', 'transactions', 'risk', 'accounting', 'access', 'commercial'])[1 + n % 7],
                 (ARRAY['low', 'normal', 'high'])[1 + n % 3], 'Ticket number ' || n, '', 'company', s.state,
                 now() - n * interval '25 minutes', (SELECT id FROM users WHERE subject = 'anna'),
                 now() - n * interval '25 minutes', now() - n * interval '25 minutes', now() - n * interval '20 minutes',
                 CASE WHEN s.state IN ('open', 'waiting_support') THEN now() - n * interval '15 minutes' END,
                 CASE WHEN s.state NOT IN ('open', 'waiting_support') THEN 3600 END
             FROM generate_series(1, {count}) n
             CROSS JOIN LATERAL (SELECT CASE WHEN n % 100 = 1 THEN 'open' WHEN n % 100 = 2 THEN 'waiting_support'
                 WHEN n % 100 = 3 THEN 'waiting_merchant' WHEN n % 100 = 4 THEN 'solved' ELSE 'closed' END AS state) s"
        ));
        self.change("ANALYZE tickets");
    }

    /// Tickets of every merchant as years leave them: most closed, one in twenty of the first merchant,
    /// one in forty-nine about a chargeback, one in a hundred urgent. Ids follow time, as the product's do.
    pub fn queue_in_bulk(&self, count: i64) {
        let World { first, .. } = self.world;
        self.change(&format!(
            "INSERT INTO tickets (merchant_id, id, number, category, priority, subject, phone, visibility, state,
                 state_at, author_id, assignee_id, created_at, answered_at, first_answer_due_at, first_answered_at,
                 solution_due_at, solution_left_seconds)
             SELECT CASE WHEN n % 20 = 0 THEN '{first}'::uuid ELSE m.ids[1 + n % cardinality(m.ids)] END,
                 (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' || substr(md5(n::text), 1, 3)
                     || '8' || substr(md5(n::text), 4, 15))::uuid,
                 CASE WHEN n % 20 = 0 THEN n ELSE 1 + n / cardinality(m.ids) END,
                 (ARRAY['technical', 'email_payments', 'transactions', 'risk', 'accounting', 'access', 'commercial'])[1 + n % 7],
                 CASE WHEN n % 97 = 3 THEN 'urgent' ELSE (ARRAY['low', 'normal', 'high'])[1 + n % 3] END,
                 CASE WHEN n % 49 = 7 THEN 'Chargeback of ticket ' || n ELSE 'Ticket number ' || n END, '+39 055 1',
                 'company', s.state, at, a.id,
                 CASE WHEN s.state = 'open' OR n % 4 = 0 THEN NULL WHEN n % 4 = 1 THEN t.id ELSE a.id END, at, at,
                 at + interval '1 day', CASE WHEN s.state <> 'open' THEN at END,
                 CASE WHEN s.state IN ('open', 'waiting_support') THEN at + interval '5 days' END,
                 CASE WHEN s.state NOT IN ('open', 'waiting_support') THEN 3600 END
             FROM generate_series(1, {count}) n
             CROSS JOIN (SELECT array_agg(id ORDER BY id) AS ids FROM merchants WHERE id <> '{first}') m
             CROSS JOIN (SELECT id FROM users WHERE subject = '{ANNA}') a
             CROSS JOIN (SELECT id FROM users WHERE subject = '{TOM}') t
             CROSS JOIN LATERAL (SELECT timestamptz '{}' - n * interval '{} seconds' AS at) x
             CROSS JOIN LATERAL (SELECT CASE WHEN n % 100 = 1 THEN 'open' WHEN n % 100 = 2 THEN 'waiting_support'
                 WHEN n % 100 = 3 THEN 'waiting_merchant' WHEN n % 100 = 4 THEN 'solved' ELSE 'closed' END AS state) s",
            self.clock.now(),
            // Two years of them, however many they are.
            63_072_000 / count
        ));
        self.change("VACUUM ANALYZE tickets");
    }

    /// Email payments of the first merchant's owner: one in forty waits for money, one in three did not
    /// arrive.
    pub fn payments_in_bulk(&self, count: u32) {
        let World { first, first_originator, .. } = self.world;
        self.change(&format!(
            "INSERT INTO email_payments (merchant_id, id, originator_id, created_by, order_id, amount_minor,
                 currency, customer_email, customer_name, description, message, language, status, end_reason, delivery, pay_token_hash, created_at, expires_at, ended_at)
             SELECT '{first}', gen_random_uuid(), '{first_originator}', u.id, 'P-' || n, 100, 'EUR', 'c@example.it', '', '', '', 'en',
                 CASE WHEN n % 40 = 0 THEN 'open' ELSE 'expired' END, CASE WHEN n % 40 <> 0 THEN 'date_reached' END,
                 CASE WHEN n % 3 = 0 THEN 'bounced' ELSE 'sent' END, sha256(convert_to(n::text, 'UTF8')), at, at + interval '30 days',
                 CASE WHEN n % 40 <> 0 THEN at + interval '30 days' END
             FROM generate_series(1, {count}) n JOIN users u ON u.subject = '{ANNA}',
                 LATERAL (SELECT timestamptz '{}' - n * interval '1 minute' AS at) x",
            self.clock.now() - chrono::Duration::days(20)
        ));
    }

    /// Documents of the first merchant: one in four is owed, one in four hundred blocked.
    pub fn documents_in_bulk(&self, count: u32) {
        let first = self.world.first;
        self.change(&format!(
            "INSERT INTO documents (merchant_id, id, kind, provider, number, period_from, period_until,
                 issued_on, due_on, currency, total_minor, state, state_at, sha256, size_bytes, source, created_at)
             SELECT '{first}', gen_random_uuid(), 'invoice', '', 'FT-' || n, day, day + 6, day + 7, day + 21, 'EUR', n,
                 CASE WHEN n % 400 = 0 THEN 'blocked_review' WHEN n % 4 = 0 THEN 'waiting_accountant_payment' ELSE 'paid' END,
                 now(), sha256('x'), 1, 'period_end', now()
             FROM generate_series(1, {count}) n, LATERAL (SELECT '2024-01-01'::date + n % 1000 AS day) d"
        ));
    }

    /// An open invitation as a read-only user, whose mail has left long ago: its id.
    pub fn invitation(&self, email: &str, merchant: MerchantId) -> String {
        let id = InvitationId::new();
        self.change(&format!(
            "INSERT INTO invitations (merchant_id, id, email, role, language, token_hash, invited_by, created_at, expires_at)
             SELECT '{merchant}', '{id}', '{email}', 'read_only', 'en', sha256('{id}'), id,
                 now() - interval '1 day', now() + interval '1 day'
             FROM users WHERE subject = '{ANNA}'"
        ));
        id.to_string()
    }

    /// A view that the owner of the first merchant shares with everybody there; its id.
    pub fn shared_view(&self, name: &str, query: &str) -> String {
        self.shared_view_of("email_payments", name, query)
    }

    /// The same of any list.
    pub fn shared_view_of(&self, list: &str, name: &str, query: &str) -> String {
        let id = central::kernel::SavedViewId::new().to_string();
        self.change(&format!(
            "INSERT INTO saved_views (merchant_id, id, list, user_id, is_shared, name, query, position, created_at)
             SELECT '{}', '{id}', '{list}', id, true, '{name}', '{query}', 0, now()
             FROM users WHERE subject = '{ANNA}'",
            self.world.first
        ));
        id
    }

    /// A permission of the first merchant to be told about new documents: its id.
    pub fn permission(&self, of: &str, by: &str) -> String {
        let id = central::kernel::NotificationPermissionId::new().to_string();
        self.change(&format!(
            "INSERT INTO notification_permissions (merchant_id, id, user_id, kind, reason, granted_by, granted_at)
             SELECT '{}', '{id}', u.id, 'document_created', 'Keeps the books', g.id, now() - interval '1 day'
             FROM users u, users g WHERE u.subject = '{of}' AND g.subject = '{by}'",
            self.world.first
        ));
        id
    }

    /// A user of the first merchant waits for such a permission: the request's id.
    pub fn permission_request(&self, of: &str) -> String {
        let id = central::kernel::NotificationRequestId::new().to_string();
        self.change(&format!(
            "INSERT INTO notification_requests (merchant_id, id, user_id, kind, words, asked_at)
             SELECT '{}', '{id}', id, 'document_created', '', now() FROM users WHERE subject = '{of}'",
            self.world.first
        ));
        id
    }

    /// The record of a file that runs, somewhere: its id.
    pub fn export_record(&self, list: &str, subject: &str) -> String {
        let merchant = self.world.first;
        self.change(&format!(
            "INSERT INTO exports (merchant_id, id, user_id, list, format, file_name, heads, language, time_zone,
                 filter, filter_words, state, started_at, progress_at)
             SELECT '{merchant}', gen_random_uuid(), id, '{list}', 'csv', 'x.csv', '{{Order ID}}', 'en', 'UTC',
                 '', '{{}}', 'running', now(), now()
             FROM users WHERE subject = '{subject}'"
        ));
        self.text(&format!("SELECT id FROM exports WHERE list = '{list}' AND state = 'running'"))
    }

    /// A document of October 2026, as the end of a period makes it: its id. `change` says what is
    /// different.
    pub async fn document(
        &self,
        merchant: MerchantId,
        number: &str,
        change: impl FnOnce(&mut NewDocument),
    ) -> String {
        let day = |text: &str| text.parse().expect("a day");
        let mut new = NewDocument {
            kind: Kind::Invoice,
            provider: String::new(),
            number: number.to_owned(),
            period_from: day("2026-10-01"),
            period_until: day("2026-10-31"),
            issued_on: day("2026-11-02"),
            due_on: Some(day("2026-11-16")),
            total: Money::new(31_244, Currency::EUR),
            corrects: None,
            source: Source::PeriodEnd,
        };
        change(&mut new);
        let pdf = Pdf::read(pdf(number)).expect("a PDF");
        let store = Store::new(&self.config.documents).expect("a store");
        let kept = store.keep(merchant, pdf.into_bytes()).await.expect("it is kept");
        let now = self.clock.now();
        let writer = Writer { by: By::other(Actor::Clock), user_id: None, program: None, now };
        let scope = SystemScope::found(merchant);
        let published = self.jobs_db().run_blocking(&scope.tenants(), |conn| {
            publish(conn, scope.into(), &writer, &new, &kept)
        });
        match published.expect("it is published") {
            Published::New(document) => document.id.to_string(),
            other @ (Published::Same(_) | Published::Refused(_)) => panic!("{other:?}"),
        }
    }

    /// A request of the first merchant's owner that has ended like this, an hour ago, without a transaction.
    pub fn payment_row(&self, order: &str, status: &str, minor: i64, refunded: i64) {
        let World { first, first_originator, .. } = self.world;
        let at = self.clock.now() - chrono::Duration::hours(1);
        self.change(&format!(
            "INSERT INTO email_payments (merchant_id, id, originator_id, created_by, order_id, amount_minor, refunded_minor,
                 currency, customer_email, customer_name, description, message, language, status, end_reason, pay_token_hash,
                 created_at, expires_at, paid_at, ended_at)
             SELECT '{first}', gen_random_uuid(), '{first_originator}', id, '{order}', {minor}, {refunded}, 'EUR', 'c@example.it', '', '',
                 '', 'en', '{status}', CASE WHEN '{status}' <> 'paid' THEN 'by_merchant' END, sha256(convert_to('{order}', 'UTF8')),
                 timestamptz '{at}' - interval '1 day', timestamptz '{at}' + interval '1 day',
                 CASE WHEN '{status}' = 'paid' THEN timestamptz '{at}' END, '{at}'
             FROM users WHERE subject = '{ANNA}'"
        ));
    }

    /// An open difference about a payment of the first merchant: its id.
    pub fn difference(&self, payment: &str) -> String {
        let id = central::kernel::DifferenceId::new().to_string();
        self.change(&format!(
            "INSERT INTO transaction_differences (merchant_id, id, kind, email_payment_id, expected_minor, found_minor, currency, state, found_at)
             VALUES ('{}', '{id}', 'missing', '{payment}', 4500, 0, 'EUR', 'open', now())",
            self.world.first
        ));
        id
    }

    /// One transaction of a merchant, noted as the product does: an accepted sale of 10.00 EUR in its shop
    /// unless `change` says otherwise. Its id.
    pub fn transaction<'a>(
        &self,
        merchant: MerchantId,
        number: &'a str,
        change: impl FnOnce(&mut NewTransaction<'a>),
    ) -> String {
        let originator = self.text(&format!(
            "SELECT id FROM originators WHERE merchant_id = '{merchant}' ORDER BY number LIMIT 1"
        ));
        let now = self.clock.now();
        let mut new = NewTransaction {
            originator_id: originator.parse().expect("an id"),
            channel: Channel::Ecommerce,
            operation: Operation::Sale,
            status: AttemptStatus::Authorised,
            amount: Money::new(1_000, Currency::EUR),
            method: "CreditCard",
            result_code: "000",
            gateway_transaction_id: number,
            reference_transaction_id: None,
            email_payment_id: None,
            is_test: false,
            occurred_at: now,
            details: Details::default(),
        };
        change(&mut new);
        let scope: MerchantScope = SystemScope::found(merchant).into();
        self.db()
            .run_blocking(&scope.tenants(), |conn| settlement::record(conn, scope, &new, now))
            .expect("a transaction");
        self.text(&format!(
            "SELECT id FROM transactions WHERE merchant_id = '{merchant}' AND gateway_transaction_id = '{number}'"
        ))
    }

    /// A refund of 5.00 that somebody asked for and that waits for a second person: its id.
    pub fn refund_request(&self, transaction: &str, subject: &str) -> String {
        self.change(&format!(
            "INSERT INTO operation_requests (merchant_id, id, transaction_id, operation, amount_minor, currency, reason, is_disputed,
                 state, asked_by, asked_at)
             SELECT t.merchant_id, gen_random_uuid(), t.id, 'refund', 500, t.currency, '', false, 'waiting', u.id, now()
             FROM transactions t, users u WHERE t.gateway_transaction_id = '{transaction}' AND u.subject = '{subject}'"
        ));
        self.text("SELECT id FROM operation_requests")
    }

    /// So many more merchants, each with an originator, conditions and so many transactions of now.
    pub fn many_merchants(&self, merchants: i64, transactions: i64) {
        let now = self.clock.now().to_rfc3339();
        let statement = format!(
            "CREATE TEMP TABLE made AS SELECT gen_random_uuid() AS id, n FROM generate_series(1, {merchants}) n;
             INSERT INTO merchants (id, name, legal_name, address, country, currency, language, time_zone, email, order_prefix, created_at)
             SELECT id, 'Merchant ' || n, 'Merchant ' || n || ' S.r.l.', 'Via dei Vasai 12, 50022 Greve in Chianti (FI), Italia', 'IT', 'EUR',
                 (ARRAY['it', 'en', 'es', 'fr'])[1 + n % 4], 'Europe/Rome', 'orders@shop.example', 'M' || n, '{now}' FROM made;
             INSERT INTO originators (merchant_id, id, name, number, api_key_encrypted, currencies, created_at)
             SELECT id, id, 'Shop', (500000 + n)::text, '\\x00', '{{EUR}}', '{now}' FROM made;
             INSERT INTO conditions (merchant_id, id, provider, currency, valid_from, percent_bp, per_sale_minor, per_refund_minor,
                 per_chargeback_minor, tax_bp, holdback_bp, holdback_days, due_days, reason, created_at)
             SELECT id, id, 'PayXpert', 'EUR', '2020-01-01', 140, 20, 50, 2500, 2000, 500, 180, 10, 'As agreed', '{now}' FROM made;
             INSERT INTO transactions (merchant_id, id, originator_id, provider, channel, operation, status, amount_minor, currency,
                 method, result_code, gateway_transaction_id, is_test, occurred_at, recorded_at)
             SELECT id, gen_random_uuid(), id, 'PayXpert', 'ecommerce', (ARRAY['sale', 'refund', 'capture', 'sale', 'chargeback'])[1 + k % 5],
                 'authorised', 100 + k * 37, 'EUR', 'CreditCard', '000', 'b-' || k, false, '{now}', '{now}'
             FROM made, generate_series(1, {transactions}) k;
             ANALYZE"
        );
        let db = Db::new(&cluster().superuser_url(&self.database), 1, true);
        db.with_connection(|conn| Ok(conn.batch_execute(&statement)?)).expect("merchants");
    }

    /// Drafts that are a minute apart, oldest first: `ROW-0001` for 1.00 EUR and so on. More than
    /// one page of them, faster than through the form.
    pub fn many_drafts(&self, count: i32) {
        let World { first, first_originator, .. } = self.world;
        let query = format!(
            "INSERT INTO email_payments (merchant_id, id, originator_id, created_by, order_id, amount_minor, \
                 currency, customer_email, customer_name, description, message, language, status, created_at, expires_at) \
             SELECT '{first}', gen_random_uuid(), '{first_originator}', u.id, 'ROW-' || lpad(n::text, 4, '0'), n * 100, \
                 'EUR', 'row' || n || '@example.it', '', '', '', 'en', 'draft', \
                 timestamptz '2026-11-01 10:00Z' + n * interval '1 minute', timestamptz '2026-12-01 22:59:59Z' \
             FROM generate_series(1, {count}) n JOIN users u ON u.subject = '{ANNA}'"
        );
        self.look(|conn| diesel::sql_query(query).execute(conn)).expect("the rows fit");
    }

    /// So many mails that are due, each about a payment of its own and to `row1@example.it` and so on. They
    /// need no page at the gateway.
    pub fn mails_wait(&self, count: i32) {
        self.many_drafts(count);
        self.change(
            "INSERT INTO mails (merchant_id, id, email_payment_id, kind, recipient, language, state, run_at, created_at) \
             SELECT merchant_id, gen_random_uuid(), id, 'receipt', customer_email, language, 'ready', created_at, created_at \
             FROM email_payments WHERE order_id LIKE 'ROW-%'",
        );
    }
}

/// The smallest PDF with something of its own in it.
pub fn pdf(words: &str) -> Vec<u8> {
    format!("%PDF-1.4\n%{words}\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")
        .into_bytes()
}
