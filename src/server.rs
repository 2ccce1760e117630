//! The composition root: settings in, a running server out.

mod jobs;
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

use crate::auth::provider::Provider;
use crate::auth::session::PostgresSessions;
use crate::config::Config;
use crate::db::migrate::{self, Fitness};
use crate::db::{Db, Tenants};
use crate::gateway::Gateway;
use crate::kernel::{Clock, Error};
use crate::mail;
use crate::metrics::{self, Now};
use crate::store::Store;
use crate::web::{
    App, Audience, Limits, Policies, Routes, check_csrf, connections, frame, serve_asset,
};
use crate::{
    access_tokens, activity, api, bulk_actions, confirmations, documents, email_payments, features,
    gateway_accounts, home, imports, merchants, notifications, page_settings, payment_page,
    profile, reconciliation, sessions, sign_in, statements, team, tickets, transactions, wallets,
};

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
    )
    .named("jobs");
    let tasks = jobs::start(config, &app, &jobs_db, &stop)?;
    let server = public_server(config, &app, listener, workers)?;
    let internal = internal_server(&app, &jobs_db, internal_listener, is_stopping.clone())?;
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
    let db = |name, connections| {
        Db::new(config.database.url.expose_secret(), connections, config.database.is_prepared)
            .named(name)
    };
    let redirect_url = format!("{public_origin}/sign-in/callback");
    Ok(App {
        db: db("web", WEB_CONNECTIONS),
        pay_db: db("pay", PAY_CONNECTIONS),
        export_db: db("export", EXPORT_CONNECTIONS),
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
    jobs_db: &Db,
    listener: TcpListener,
    is_stopping: Arc<AtomicBool>,
) -> Result<actix_web::dev::Server, Error> {
    let inner = Data::new(Inner {
        app: app.clone(),
        jobs_db: jobs_db.clone(),
        is_stopping,
        started: Instant::now(),
    });
    let server = HttpServer::new(move || {
        let ready = async |inner: Data<Inner>| {
            if inner.is_ready().await {
                HttpResponse::Ok().body("ready\n")
            } else {
                HttpResponse::ServiceUnavailable().body("not ready\n")
            }
        };
        let figures = async |inner: Data<Inner>| {
            let text = metrics::text(&inner.now().await);
            HttpResponse::Ok().content_type(metrics::CONTENT_TYPE).body(text)
        };
        actix_web::App::new()
            .app_data(inner.clone())
            .route("/healthz", web::get().to(|| async { HttpResponse::Ok().body("alive\n") }))
            .route("/readyz", web::get().to(ready))
            .route("/metrics", web::get().to(figures))
    })
    .workers(1)
    .disable_signals()
    .listen(listener)
    .map_err(Error::internal)?;
    Ok(server.run())
}

/// What the inner address tells of.
struct Inner {
    app: Data<App>,
    jobs_db: Db,
    is_stopping: Arc<AtomicBool>,
    started: Instant,
}

impl Inner {
    /// Whether requests can be served: the database answers, takes writes, and has every migration.
    async fn is_ready(&self) -> bool {
        !self.is_stopping.load(Ordering::Relaxed)
            && matches!(self.app.db.run(Tenants::none(), migrate::fitness).await, Ok(Fitness::Fit))
    }

    async fn now(&self) -> Now {
        let App { db, pay_db, export_db, limits, gateway, clock, .. } = &**self.app;
        // Before the questions below take connections themselves.
        let pools = [db, pay_db, export_db, &self.jobs_db].map(Db::now).into();
        let now = clock.now();
        let waiting = self.jobs_db.run(Tenants::none(), move |conn| mail::waiting(conn, now));
        let (is_ready, mails) = tokio::join!(self.is_ready(), waiting);
        Now {
            uptime: self.started.elapsed(),
            is_ready,
            connections_open: connections::open(),
            exports_running: limits.exports_at_once.places_taken(),
            originators_held_back: gateway.held_back(),
            pools,
            mails: mails.ok(),
        }
    }
}
