//! The composition root: settings in, a running server out.

mod writers;

use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use actix_session::SessionMiddleware;
use actix_session::config::{BrowserSession, CookieContentSecurity};
use actix_web::cookie::{Key, SameSite};
use actix_web::dev::ServerHandle;
use actix_web::middleware::from_fn;
use actix_web::web::{self, Data};
use actix_web::{HttpResponse, HttpServer};
use secrecy::ExposeSecret as _;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::auth::api::answers;
use crate::auth::audit;
use crate::auth::provider::Provider;
use crate::auth::session::PostgresSessions;
use crate::config::Config;
use crate::db::{self, Db, Tenants};
use crate::email_payments::{self, Parts};
use crate::gateway::Gateway;
use crate::kernel::{Clock, Error};
use crate::mail::{self, Outbox, Transport};
use crate::store::Store;
use crate::web::{
    App, Audience, Limits, Policies, Routes, check_csrf, connections, frame, note_use, serve_asset,
};
use crate::{
    access_tokens, activity, api, bulk_actions, confirmations, documents, exports, features,
    gateway_accounts, home, imports, jobs, merchants, notifications, page_settings, payment_page,
    profile, reconciliation, sessions, settlement, sign_in, statements, team, tickets,
    transactions, wallets,
};

use writers::Writers;

/// Connections for the backoffice, for customers and the gateway, and for jobs.
const WEB_CONNECTIONS: u32 = 10;
const PAY_CONNECTIONS: u32 = 2;
/// Files of many rows that are made at the same time, each on a connection of its own.
const EXPORT_CONNECTIONS: u32 = 3;
const JOB_CONNECTIONS: u32 = 6;
/// How long requests may take to end after a stop.
const SHUTDOWN_SECONDS: u64 = 20;

/// A server that runs.
pub struct Running {
    handle: ServerHandle,
    internal: ServerHandle,
    tasks: Vec<actix_web::rt::task::JoinHandle<()>>,
    server: actix_web::rt::task::JoinHandle<()>,
    stop: CancellationToken,
    is_stopping: Arc<AtomicBool>,
}

impl Running {
    /// Stops: not ready at once, no new connection, requests end, the mail workers finish the mail that
    /// they send and give the rest of their batch back (SEC-26).
    pub async fn stop(self) {
        self.is_stopping.store(true, Ordering::Relaxed);
        self.stop.cancel();
        self.handle.stop(true).await;
        for task in self.tasks {
            if tokio::time::timeout(Duration::from_secs(3), task).await.is_err() {
                tracing::warn!("a job did not end in time: its leases will run out");
            }
        }
        self.internal.stop(false).await;
        self.server.abort();
    }
}

/// Every address of the product, with who may call it.
#[must_use]
pub fn routes() -> Routes {
    let mut r = Routes::default();
    activity::routes(&mut r);
    exports::routes(&mut r);
    home::routes(&mut r);
    sessions::routes(&mut r);
    sign_in::routes(&mut r);
    imports::routes(&mut r);
    bulk_actions::routes(&mut r);
    email_payments::routes(&mut r);
    confirmations::routes(&mut r);
    page_settings::routes(&mut r);
    gateway_accounts::routes(&mut r);
    features::routes(&mut r);
    wallets::routes(&mut r);
    documents::routes(&mut r);
    reconciliation::routes(&mut r);
    transactions::routes(&mut r);
    notifications::routes(&mut r);
    tickets::routes(&mut r);
    merchants::routes(&mut r);
    statements::routes(&mut r);
    team::routes(&mut r);
    payment_page::routes(&mut r);
    profile::routes(&mut r);
    access_tokens::routes(&mut r);
    api::routes(&mut r);
    r.get("/static/{name:.*}", Audience::Public, serve_asset);
    r
}

/// Starts the server on two bound listeners, inside the runtime that it will live in. Peers that are away don't keep it from starting.
#[expect(
    clippy::unused_async,
    reason = "a caller has to be inside the runtime, which only `async` says"
)]
pub async fn start(
    config: &Config,
    clock: Clock,
    listener: TcpListener,
    internal_listener: TcpListener,
    workers: usize,
) -> Result<Running, Error> {
    let stop = CancellationToken::new();
    let is_stopping = Arc::new(AtomicBool::new(false));
    let app = Data::new(app(config, clock)?);
    let jobs_db = Db::new(
        config.database.jobs_url.expose_secret(),
        JOB_CONNECTIONS,
        config.database.is_prepared,
    );
    let tasks = start_jobs(config, &app, &jobs_db, &stop)?;
    let server = public_server(config, &app, listener, workers)?;
    let internal = internal_server(&app, internal_listener, is_stopping.clone())?;
    let (handle, internal_handle) = (server.handle(), internal.handle());
    actix_web::rt::spawn(internal);
    let server = actix_web::rt::spawn(async move {
        if let Err(error) = server.await {
            tracing::error!(%error, "the server ended");
        }
    });
    Ok(Running { handle, internal: internal_handle, tasks, server, stop, is_stopping })
}

/// The handles that handlers share.
pub fn app(config: &Config, clock: Clock) -> Result<App, Error> {
    let public_origin = config.public_origin();
    let gateway =
        Gateway::new(config.connect2pay_url.clone(), config.payments_url.clone(), clock.clone())?;
    let issuer_origin =
        Url::parse(&config.oidc.issuer).map_err(Error::internal)?.origin().ascii_serialization();
    let db = |connections| {
        Db::new(config.database.url.expose_secret(), connections, config.database.is_prepared)
    };
    let redirect_url = format!("{public_origin}/sign-in/callback");
    Ok(App {
        db: db(WEB_CONNECTIONS),
        pay_db: db(PAY_CONNECTIONS),
        export_db: db(EXPORT_CONNECTIONS),
        store: Store::new(&config.documents)?,
        support_hours: config.support_hours.clone(),
        support_email: config.support_email.clone(),
        keys: config.keys.clone(),
        provider: Provider::new(
            config.oidc.clone(),
            config.api.clone(),
            redirect_url,
            clock.clone(),
        )?,
        policies: Policies::new(&issuer_origin, &gateway.origin())?,
        gateway,
        limits: Limits::default(),
        routes: routes().listing().to_vec(),
        public_host: host(&config.public_url),
        public_origin,
        staff_factors: config.oidc.staff_acr.clone(),
        trusted_proxies: config.trusted_proxies.clone(),
        clock,
    })
}

/// The host as people read it in the address bar, its port where it is not the usual one.
fn host(url: &Url) -> String {
    let name = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| name.to_owned(), |port| format!("{name}:{port}"))
}

fn public_server(
    config: &Config,
    app: &Data<App>,
    listener: TcpListener,
    workers: usize,
) -> Result<actix_web::dev::Server, Error> {
    let sessions = PostgresSessions::new(app.db.clone(), config.keys.clone());
    let cookie_key = Key::from(&config.keys.cookie_key()?);
    let app = app.clone();
    let server = HttpServer::new(move || {
        let session = SessionMiddleware::builder(sessions.clone(), cookie_key.clone())
            .cookie_name("__Host-sid".to_owned())
            .cookie_secure(true)
            .cookie_http_only(true)
            .cookie_same_site(SameSite::Lax)
            .cookie_content_security(CookieContentSecurity::Private)
            .session_lifecycle(BrowserSession::default())
            .build();
        actix_web::App::new()
            .app_data(app.clone())
            .wrap(from_fn(check_csrf))
            .wrap(session)
            .wrap(from_fn(note_use))
            .wrap(from_fn(frame))
            .configure(|config| routes().register(config))
            .default_service(web::to(|| async { Err::<HttpResponse, Error>(Error::NotFound) }))
    })
    .workers(workers)
    .client_request_timeout(Duration::from_secs(5))
    .on_connect(connections::watch)
    .shutdown_timeout(SHUTDOWN_SECONDS)
    .disable_signals()
    .listen(listener)
    .map_err(Error::internal)?;
    Ok(server.run())
}

/// Health, readiness and figures, on an address that the outside does not reach.
fn internal_server(
    app: &Data<App>,
    listener: TcpListener,
    is_stopping: Arc<AtomicBool>,
) -> Result<actix_web::dev::Server, Error> {
    let app = app.clone();
    let started = Instant::now();
    let server = HttpServer::new(move || {
        let (ready_app, is_stopping) = (app.clone(), is_stopping.clone());
        let ready = move || {
            let (app, is_stopping) = (ready_app.clone(), is_stopping.clone());
            async move {
                let is_ready = !is_stopping.load(Ordering::Relaxed)
                    && app.db.run(Tenants::none(), db::migrate::is_current).await.unwrap_or(false);
                if is_ready {
                    HttpResponse::Ok().body("ready\n")
                } else {
                    HttpResponse::ServiceUnavailable().body("not ready\n")
                }
            }
        };
        let metrics = move || async move {
            let uptime = started.elapsed().as_secs();
            HttpResponse::Ok()
                .content_type("text/plain; version=0.0.4")
                .body(crate::web::metrics(uptime) + &crate::gateway::metrics())
        };
        actix_web::App::new()
            .route("/healthz", web::get().to(|| async { HttpResponse::Ok().body("alive\n") }))
            .route("/readyz", web::get().to(ready))
            .route("/metrics", web::get().to(metrics))
    })
    .workers(1)
    .disable_signals()
    .listen(listener)
    .map_err(Error::internal)?;
    Ok(server.run())
}

fn start_jobs(
    config: &Config,
    app: &Data<App>,
    db: &Db,
    stop: &CancellationToken,
) -> Result<Vec<actix_web::rt::task::JoinHandle<()>>, Error> {
    let parts = Parts {
        db: db.clone(),
        keys: app.keys.clone(),
        gateway: app.gateway.clone(),
        clock: app.clock.clone(),
        public_origin: app.public_origin.as_str().into(),
    };
    let letters = Arc::new(Writers::new(db, app, config, &parts));
    let mut tasks = vec![actix_web::rt::spawn(connections::sweep(stop.clone()))];
    for _ in 0..mail::WORKERS {
        let (transport, clock) = (Transport::new(&config.mail)?, app.clock.clone());
        let outbox = Outbox::new(db.clone(), clock, transport, letters.clone(), stop.clone());
        tasks.push(actix_web::rt::spawn(jobs::repeat(
            "mail",
            mail::IDLE,
            stop.clone(),
            async move || outbox.send_due().await,
        )));
    }
    tasks.push(actix_web::rt::spawn(jobs::repeat(
        "reconcile",
        Duration::from_secs(5),
        stop.clone(),
        {
            let parts = parts.clone();
            async move || email_payments::jobs::reconcile_due(&parts).await
        },
    )));
    tasks.push(actix_web::rt::spawn(jobs::repeat(
        "expire",
        Duration::from_secs(5),
        stop.clone(),
        {
            let (db, clock) = (db.clone(), app.clock.clone());
            async move || email_payments::jobs::expire_due(&db, clock.now()).await
        },
    )));
    tasks.extend(operation_jobs(&parts, stop));
    tasks.extend(start_plans(&parts, stop));
    tasks.extend(import_jobs(app, db, stop));
    tasks.push(bulk_job(db.clone(), app.clock.clone(), stop.clone()));
    tasks.push(close_tickets(db.clone(), app.clock.clone(), stop.clone()));
    tasks.extend(reading_jobs(&parts, stop));
    tasks.push(account_job(&parts, stop.clone()));
    tasks.extend(period_jobs(app, db, stop));
    tasks.push(close_lost_exports(db.clone(), app.clock.clone(), stop.clone()));
    tasks.push(actix_web::rt::spawn(jobs::repeat(
        "provider",
        Duration::from_secs(10),
        stop.clone(),
        {
            let provider = app.provider.clone();
            async move || Ok(provider.renew_due().await)
        },
    )));
    tasks.extend(start_notices(app, db, stop));
    tasks.extend(start_chores(app, db, stop));
    Ok(tasks)
}

/// What became of refunds and captures whose answer got lost, and authorisations that lapse.
fn operation_jobs(
    parts: &Parts,
    stop: &CancellationToken,
) -> [actix_web::rt::task::JoinHandle<()>; 2] {
    let (asking, lapsing) = (parts.clone(), parts.clone());
    [
        actix_web::rt::spawn(jobs::repeat(
            "operations",
            Duration::from_secs(5),
            stop.clone(),
            async move || transactions::jobs::resolve_due(&asking).await,
        )),
        actix_web::rt::spawn(jobs::repeat(
            "lapse",
            Duration::from_secs(10),
            stop.clone(),
            async move || email_payments::jobs::lapse_due(&lapsing.db, lapsing.clock.now()).await,
        )),
    ]
}

/// What is told by the clock: digests, and requests that end soon.
fn start_notices(
    app: &Data<App>,
    db: &Db,
    stop: &CancellationToken,
) -> [actix_web::rt::task::JoinHandle<()>; 2] {
    let idle = Duration::from_secs(5);
    let digest = {
        let (db, clock) = (db.clone(), app.clock.clone());
        async move || notifications::jobs::send_digests(&db, clock.now()).await
    };
    let expiring = {
        let (db, clock) = (db.clone(), app.clock.clone());
        async move || email_payments::jobs::tell_expiring(&db, clock.now()).await
    };
    [
        actix_web::rt::spawn(jobs::repeat("digests", idle, stop.clone(), digest)),
        actix_web::rt::spawn(jobs::repeat("tell what ends soon", idle, stop.clone(), expiring)),
    ]
}

/// What the database needs now and then, whatever the product does.
fn start_chores(
    app: &Data<App>,
    db: &Db,
    stop: &CancellationToken,
) -> Vec<actix_web::rt::task::JoinHandle<()>> {
    let mut tasks = Vec::new();
    tasks.push(actix_web::rt::spawn(jobs::repeat(
        "totals",
        Duration::from_secs(20),
        stop.clone(),
        {
            let db = db.clone();
            async move || db.run(Tenants::none(), email_payments::jobs::add_up).await
        },
    )));
    tasks.push(actix_web::rt::spawn(jobs::repeat(
        "collected per day",
        Duration::from_secs(20),
        stop.clone(),
        {
            let db = db.clone();
            async move || db.run(Tenants::none(), settlement::add_up).await
        },
    )));
    tasks.push(actix_web::rt::spawn(jobs::repeat(
        "audit seal",
        Duration::from_secs(60),
        stop.clone(),
        {
            let db = db.clone();
            async move || count(db.run(Tenants::none(), audit::seal).await?)
        },
    )));
    tasks.push(actix_web::rt::spawn(jobs::repeat(
        "audit partitions",
        Duration::from_secs(24 * 60 * 60),
        stop.clone(),
        {
            let db = db.clone();
            async move || count(db.run(Tenants::none(), audit::make_partitions).await?)
        },
    )));
    tasks.push(actix_web::rt::spawn(jobs::repeat(
        "sweep",
        Duration::from_secs(60 * 60),
        stop.clone(),
        {
            let db = db.clone();
            async move || db.run(Tenants::none(), sign_in::sweep).await
        },
    )));
    tasks.push(actix_web::rt::spawn(jobs::repeat(
        "sweep of the API's answers",
        Duration::from_secs(60 * 60),
        stop.clone(),
        {
            let (db, clock) = (db.clone(), app.clock.clone());
            async move || {
                let now = clock.now();
                db.run(Tenants::none(), move |conn| answers::sweep(conn, now)).await
            }
        },
    )));
    tasks
}

/// What does one thing to many payments.
fn bulk_job(db: Db, clock: Clock, stop: CancellationToken) -> actix_web::rt::task::JoinHandle<()> {
    let works = async move || bulk_actions::jobs::work_due(&db, &clock).await;
    actix_web::rt::spawn(jobs::repeat("bulk actions", Duration::from_secs(1), stop, works))
}

/// What makes the payments of imports, and what forgets their rows.
fn import_jobs(
    app: &Data<App>,
    db: &Db,
    stop: &CancellationToken,
) -> [actix_web::rt::task::JoinHandle<()>; 2] {
    let (keys, clock) = (app.keys.clone(), app.clock.clone());
    let makes = {
        let (db, clock) = (db.clone(), clock.clone());
        async move || imports::jobs::make_due(&db, &keys, &clock).await
    };
    let db = db.clone();
    let forgets = async move || imports::jobs::forget_due(&db, clock.now()).await;
    let (second, hour) = (Duration::from_secs(1), Duration::from_secs(60 * 60));
    [
        actix_web::rt::spawn(jobs::repeat("imports", second, stop.clone(), makes)),
        actix_web::rt::spawn(jobs::repeat("rows of imports", hour, stop.clone(), forgets)),
    ]
}

/// What reads the gateway's lists: two windows at a time, so that one that takes minutes keeps no other
/// waiting.
fn reading_jobs(
    parts: &Parts,
    stop: &CancellationToken,
) -> [actix_web::rt::task::JoinHandle<()>; 2] {
    std::array::from_fn(|_| {
        let (parts, stop) = (parts.clone(), stop.clone());
        let reads = async move || reconciliation::jobs::import_due(&parts).await;
        actix_web::rt::spawn(jobs::repeat("transactions", Duration::from_secs(5), stop, reads))
    })
}

/// What keeps in step with the gateway's settings.
fn account_job(parts: &Parts, stop: CancellationToken) -> actix_web::rt::task::JoinHandle<()> {
    let asker = gateway_accounts::Asker {
        db: parts.db.clone(),
        keys: parts.keys.clone(),
        gateway: parts.gateway.clone(),
        clock: parts.clock.clone(),
    };
    let asks = async move || gateway_accounts::jobs::ask_due(&asker).await;
    actix_web::rt::spawn(jobs::repeat("gateway accounts", Duration::from_secs(10), stop, asks))
}

/// What happens at the end of merchants' periods: what moved is summed up, then told by documents.
fn period_jobs(
    app: &Data<App>,
    db: &Db,
    stop: &CancellationToken,
) -> [actix_web::rt::task::JoinHandle<()>; 3] {
    let begins = {
        let (db, clock) = (db.clone(), app.clock.clone());
        async move || statements::jobs::begin_due(&db, clock.now()).await
    };
    let closes = {
        let (db, clock) = (db.clone(), app.clock.clone());
        async move || statements::jobs::close_due(&db, clock.now()).await
    };
    let maker = documents::jobs::Maker {
        db: db.clone(),
        store: app.store.clone(),
        clock: app.clock.clone(),
    };
    let publishes = async move || documents::jobs::publish_due(&maker).await;
    let (idle, often) = (Duration::from_secs(10), Duration::from_secs(5));
    [
        actix_web::rt::spawn(jobs::repeat("first periods", idle, stop.clone(), begins)),
        actix_web::rt::spawn(jobs::repeat("periods that end", idle, stop.clone(), closes)),
        actix_web::rt::spawn(jobs::repeat("documents of periods", often, stop.clone(), publishes)),
    ]
}

/// What merchants have planned: requests that leave later, reminders.
fn start_plans(
    parts: &Parts,
    stop: &CancellationToken,
) -> [actix_web::rt::task::JoinHandle<()>; 2] {
    let idle = Duration::from_secs(5);
    let send = {
        let parts = parts.clone();
        async move || email_payments::jobs::send_due(&parts).await
    };
    let remind = {
        let (db, clock) = (parts.db.clone(), parts.clock.clone());
        async move || email_payments::jobs::remind_due(&db, clock.now()).await
    };
    [
        actix_web::rt::spawn(jobs::repeat("send what is scheduled", idle, stop.clone(), send)),
        actix_web::rt::spawn(jobs::repeat("remind", idle, stop.clone(), remind)),
    ]
}

/// What closes tickets that were solved long ago.
fn close_tickets(
    db: Db,
    clock: Clock,
    stop: CancellationToken,
) -> actix_web::rt::task::JoinHandle<()> {
    let close = async move || tickets::jobs::close_solved(&db, clock.now()).await;
    actix_web::rt::spawn(jobs::repeat("tickets", Duration::from_secs(60), stop, close))
}

fn close_lost_exports(
    db: Db,
    clock: Clock,
    stop: CancellationToken,
) -> actix_web::rt::task::JoinHandle<()> {
    let close = async move || exports::jobs::close_lost(&db, clock.now()).await;
    actix_web::rt::spawn(jobs::repeat("exports", Duration::from_secs(60), stop, close))
}

fn count(rows: i64) -> Result<usize, Error> {
    usize::try_from(rows).map_err(Error::internal)
}
