//! What every test stands on: [`TestApp`] with its own database and peers, [`Browser`] that behaves
//! like one, [`Page`] to look at.

mod act;
mod browser;
mod bucket;
mod explained;
mod lists;
mod program;
pub mod seed;
mod steps;

use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use central::auth::{MerchantScope, SystemScope};
use central::config::Config;
use central::db::Db;
use central::demo::cluster::Cluster;
use central::kernel::Clock;
use central::sandbox::gateway::{self, Gateway};
use central::sandbox::idp::{self, Idp};
use central::sandbox::mailbox::{self, Mailbox};
use central::server::{self, Running};
use diesel::prelude::*;
use tokio_util::sync::CancellationToken;

pub use act::*;
pub use browser::{Browser, Page, settled};
pub use bucket::S3;
pub use explained::{Explained, Statement};
pub use lists::{Lists, sale, with};
pub use program::Program;
pub use seed::*;
pub use steps::*;

/// One Postgres for the whole test binary; it ends with the process.
static CLUSTER: OnceLock<Cluster> = OnceLock::new();
/// Makes each test's database name its own.
static NEXT: AtomicU32 = AtomicU32::new(1);

const TEMPLATE: &str = "template_central";

fn folder() -> PathBuf {
    std::env::temp_dir().join(format!("central-it-{}", std::process::id()))
}

/// The cluster, with a migrated database to copy from.
pub fn cluster() -> &'static Cluster {
    CLUSTER.get_or_init(|| {
        let folder = folder();
        std::fs::create_dir_all(&folder).expect("the temporary folder can be written");
        let path = central::config::search_path();
        let cluster = Cluster::start_fresh(&folder.join("postgres"), path.as_deref())
            .expect("Postgres starts");
        let admin = Db::new(&cluster.superuser_url("postgres"), 1, true);
        central::demo::seed::create_database(&admin, TEMPLATE).expect("the template can be made");
        central::db::migrate::up(&cluster.superuser_url(TEMPLATE), &[])
            .expect("the migrations run");
        cluster
    })
}

/// A fresh database, copied from the migrated template.
pub fn database() -> String {
    let cluster = cluster();
    let name = format!("t{}", NEXT.fetch_add(1, Ordering::Relaxed));
    let admin = Db::new(&cluster.superuser_url("postgres"), 1, true);
    let statement = format!("CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY file_copy");
    // Two copies at once get in each other's way: Postgres says so, and the next try succeeds.
    for _ in 0..200 {
        let made = admin.with_connection(|conn| Ok(diesel::sql_query(&statement).execute(conn)?));
        if made.is_ok() {
            return name;
        }
        std::thread::sleep(std::time::Duration::from_millis(25));
    }
    panic!("the database {name} can't be made");
}

/// The product, its peers, and two merchants with their people.
pub struct TestApp {
    pub base: String,
    pub internal: String,
    /// Where the mailbox shows its mails.
    pub mailbox_url: String,
    pub database: String,
    pub clock: Clock,
    pub idp: Idp,
    pub gateway: Gateway,
    pub mailbox: Mailbox,
    pub config: Config,
    pub world: World,
    settings: Vec<(&'static str, String)>,
    stop: CancellationToken,
    running: Option<Running>,
}

impl TestApp {
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// The same with more settings, by the names of their environment variables.
    pub async fn start_with(more: &[(&'static str, &str)]) -> Self {
        let clock = Clock::system();
        let database = database();
        let stop = CancellationToken::new();
        let listen = || TcpListener::bind("127.0.0.1:0").expect("a free port");
        let [product, internal, idp_at, pages_at, payments_at, smtp_at, web_at] =
            std::array::from_fn(|_| listen());
        let port = |listener: &TcpListener| listener.local_addr().expect("bound").port();
        let url = |listener: &TcpListener| format!("http://127.0.0.1:{}", port(listener));
        let (base, issuer, pages, smtp) =
            (url(&product), url(&idp_at), url(&pages_at), port(&smtp_at));
        let (internal_url, mailbox_url) = (url(&internal), url(&web_at));
        let gateway_at = [pages.as_str(), &url(&payments_at)];
        let mut settings = settings_of(&base, &issuer, gateway_at, smtp, &database);
        settings.retain(|(name, _)| more.iter().all(|(other, _)| other != name));
        settings.extend(more.iter().map(|(name, value)| (*name, (*value).to_owned())));
        let config = config(&settings);
        let world = seed::world(&database, &config);
        let idp = Idp::start(idp_at, idp_options(&base, &issuer, &clock), stop.clone())
            .await
            .expect("the provider starts");
        let options = gateway::Options {
            accounts: seed::accounts(),
            base_url: pages,
            data_file: None,
            clock: clock.clone(),
            earlier: Some(central::demo::seed::earlier(cluster().superuser_url(&database))),
        };
        let gateway =
            Gateway::start(pages_at, options, stop.clone()).await.expect("the gateway starts");
        gateway.start_payments_api(payments_at, stop.clone()).expect("its payments API starts");
        let options = mailbox::Options { folder: None, clock: clock.clone() };
        let mailbox = Mailbox::start(smtp_at, web_at, options, stop.clone())
            .await
            .expect("the mailbox starts");
        let running = server::start(&config, clock.clone(), product, internal, 1)
            .await
            .expect("the product starts");
        Self {
            base,
            internal: internal_url,
            mailbox_url,
            database,
            clock,
            idp,
            gateway,
            mailbox,
            config,
            settings,
            world,
            stop,
            running: Some(running),
        }
    }

    /// A browser that nobody has signed in with, in English.
    pub fn browser(&self) -> Browser {
        Browser::new(&self.base)
    }

    /// A browser in which `person` has signed in, through the identity provider, like a user would.
    pub async fn sign_in(&self, person: &str) -> Browser {
        let mut browser = self.browser();
        browser.sign_in(person).await;
        browser
    }

    /// Looks into the database as the superuser, whom no policy binds: to see what was written.
    pub fn look<T>(&self, question: impl FnOnce(&mut PgConnection) -> T) -> T {
        let mut conn = PgConnection::establish(&cluster().superuser_url(&self.database))
            .expect("Postgres answers");
        question(&mut conn)
    }

    /// One number that a query gives.
    pub fn count(&self, query: &str) -> i64 {
        #[derive(diesel::QueryableByName)]
        struct Count {
            #[diesel(sql_type = diesel::sql_types::BigInt)]
            count: i64,
        }
        let query = format!("SELECT count(*) AS count FROM {query}");
        self.look(|conn| diesel::sql_query(query).get_result::<Count>(conn))
            .expect("a number")
            .count
    }

    /// One text that a query gives.
    pub fn text(&self, query: &str) -> String {
        #[derive(diesel::QueryableByName)]
        struct Value {
            #[diesel(sql_type = diesel::sql_types::Text)]
            value: String,
        }
        let query = format!("SELECT ({query})::text AS value");
        self.look(|conn| diesel::sql_query(query).get_result::<Value>(conn)).expect("a text").value
    }

    /// What the product itself may do for the first merchant.
    pub fn first_scope(&self) -> MerchantScope {
        SystemScope::found(self.world.first).into()
    }

    /// The product's own pool, under the role that serves requests.
    pub fn db(&self) -> Db {
        Db::new(&cluster().url("app", &self.database), 1, true)
    }

    /// The same under the role of the jobs.
    pub fn jobs_db(&self) -> Db {
        Db::new(&cluster().url("app_jobs", &self.database), 2, true)
    }

    /// The same under the role that owns the tables.
    pub fn owner_db(&self) -> Db {
        Db::new(&cluster().url("app_owner", &self.database), 1, true)
    }

    /// The same as the superuser, for data in bulk.
    pub fn admin_db(&self) -> Db {
        Db::new(&cluster().superuser_url(&self.database), 1, true)
    }

    /// What another process needs to serve the same world.
    pub fn settings(&self) -> Vec<(&'static str, String)> {
        self.settings.clone()
    }

    /// Waits until `is_so`, at most a minute: a machine that does much else at the time is slow.
    pub async fn until(&self, what: &str, mut is_so: impl AsyncFnMut() -> bool) {
        for _ in 0..1_200 {
            if is_so().await {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("waited for a minute: {what}");
    }

    /// Stops the product, as SIGTERM would.
    pub async fn shut_down(&mut self) {
        if let Some(running) = self.running.take() {
            running.stop().await;
        }
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// The settings that `central serve` would read from the environment.
fn settings_of(
    base: &str,
    issuer: &str,
    [pages, payments]: [&str; 2],
    smtp: u16,
    database: &str,
) -> Vec<(&'static str, String)> {
    let cluster = cluster();
    vec![
        ("PUBLIC_URL", base.to_owned()),
        ("DATABASE_URL", cluster.url("app", database)),
        ("JOBS_DATABASE_URL", cluster.url("app_jobs", database)),
        ("OIDC_ISSUER", issuer.to_owned()),
        ("OIDC_CLIENT_ID", "central".to_owned()),
        ("OIDC_CLIENT_SECRET", CLIENT_SECRET.to_owned()),
        ("SMTP_URL", format!("smtp://127.0.0.1:{smtp}")),
        ("MAIL_FROM", "payments@central.example".to_owned()),
        ("CONNECT2PAY_URL", pages.to_owned()),
        ("PAYXPERT_GATEWAY_URL", payments.to_owned()),
        ("ENCRYPTION_KEYS", encryption_key()),
    ]
}

fn config(settings: &[(&'static str, String)]) -> Config {
    let read = |name: &str| {
        settings.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone())
    };
    Config::read(read).expect("the settings are good")
}

const CLIENT_SECRET: &str = "only-for-tests-only-for-tests-only";

/// Made at test time, once.
fn encryption_key() -> String {
    static KEY: OnceLock<String> = OnceLock::new();
    KEY.get_or_init(|| STANDARD.encode(central::crypto::random::<32>().expect("random bytes")))
        .clone()
}

fn idp_options(base: &str, issuer: &str, clock: &Clock) -> idp::Options {
    idp::Options {
        issuer: issuer.to_owned(),
        client: idp::Client {
            id: "central".to_owned(),
            secret: CLIENT_SECRET.to_owned(),
            redirect_uri: format!("{base}/sign-in/callback"),
            post_logout_redirect_uri: format!("{base}/signed-out"),
            backchannel_logout_uri: Some(format!("{base}/sign-in/back-channel-logout")),
        },
        people: seed::people(),
        key_file: Some(signing_key()),
        clock: clock.clone(),
    }
}

/// A copy of one signing key: making a key takes longer than most tests.
pub fn signing_key() -> PathBuf {
    static KEY: OnceLock<PathBuf> = OnceLock::new();
    let original = KEY.get_or_init(|| {
        let path = folder().join("idp-key.pem");
        std::fs::create_dir_all(folder()).expect("the temporary folder can be written");
        idp::make_key_file(&path).expect("a signing key");
        path
    });
    let copy = folder().join(format!("idp-key-{}.pem", NEXT.fetch_add(1, Ordering::Relaxed)));
    std::fs::copy(original, &copy).expect("the key can be copied");
    copy
}
