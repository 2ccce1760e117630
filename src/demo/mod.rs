//! `central demo`: the product and everything it talks to, on this machine alone.
//!
//! The demo only fills in settings: what it starts is the same server that `central serve` starts,
//! and the peers speak the real protocols.

pub mod cluster;
mod keep;
pub mod seed;
mod table;

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use clap::Args;
use tokio_util::sync::CancellationToken;

use crate::config::{Config, LogConfig, search_path};
use crate::db::{self, Db};
use crate::kernel::{Clock, Error};
use crate::sandbox::{gateway, idp, mailbox};
use crate::server;
use cluster::Cluster;
use keep::Keep;

/// How the demo is started.
#[derive(Args, Clone, Debug)]
pub struct DemoOptions {
    /// The product's port; its peers take the six that follow.
    #[arg(long, default_value_t = 8080)]
    pub port: u16,
    /// Where database, mails and keys are kept.
    #[arg(long, default_value = ".demo")]
    pub data_dir: PathBuf,
    /// Begins anew: throws away what an earlier demo left in the data directory.
    #[arg(long)]
    pub fresh: bool,
    /// Adds so many generated email payments over 2,000 merchants, the biggest with 5 % of them.
    #[arg(long, value_name = "N")]
    pub payments: Option<u64>,
    /// An empty product: no merchants, no users.
    #[arg(long)]
    pub no_seed: bool,
}

/// Runs until Ctrl-C. Exit code 0 then; 1 with one sentence where something is missing.
pub async fn run(options: DemoOptions) -> ExitCode {
    crate::cli::log(&LogConfig { filter: "warn,central=warn".to_owned(), is_json: false });
    match up(&options).await {
        Ok(demo) => {
            table::print(&demo);
            crate::cli::stop_signal().await;
            demo.down().await;
            ExitCode::SUCCESS
        }
        Err(words) => {
            table::complain(&words);
            ExitCode::FAILURE
        }
    }
}

/// Everything that runs.
pub struct Demo {
    pub options: DemoOptions,
    pub keep: Keep,
    pub database_url: String,
    pub note: Option<String>,
    pub seconds: f64,
    running: server::Running,
    stop: CancellationToken,
    cluster: Cluster,
}

impl Demo {
    async fn down(mut self) {
        self.running.stop().await;
        self.stop.cancel();
        self.cluster.stop();
    }

    /// `http://127.0.0.1:port`, counted from the product's port.
    #[must_use]
    pub fn address(&self, offset: u16) -> String {
        format!("http://127.0.0.1:{}", self.options.port + offset)
    }
}

async fn up(options: &DemoOptions) -> Result<Demo, String> {
    let started = Instant::now();
    let listeners = bind(options.port)?;
    let folder = folder(&options.data_dir)?;
    let path = search_path();
    let cluster = if options.fresh {
        clear(&folder)?;
        Cluster::start_fresh(&folder.join("postgres"), path.as_deref())
    } else {
        Cluster::start(&folder.join("postgres"), path.as_deref())
    };
    let cluster = cluster.map_err(|error| error.to_string())?;
    let keep = Keep::open(&folder)?;
    let clock = Clock::system();
    let database_url = cluster.url("app", "central");
    make_database(&cluster)?;
    db::migrate::up(&cluster.superuser_url("central"), &[]).map_err(|error| told(&error))?;
    if !options.no_seed {
        seed::run(&cluster, &keep, &issuer(options.port), &clock).map_err(|error| told(&error))?;
    }
    if let Some(count) = options.payments.filter(|count| *count > 0) {
        seed::add_generated(&cluster, &keep, count, &clock, &table::tell)
            .map_err(|error| told(&error))?;
    }
    let stop = CancellationToken::new();
    let [product, idp_listener, page_listener, api_listener, web_listener, smtp_listener, internal] =
        listeners;
    start_idp(options.port, &folder, &keep, &clock, idp_listener, &stop).await?;
    let gateway = gateway::Options {
        accounts: seed::accounts(&keep),
        base_url: format!("http://127.0.0.1:{}", options.port + 2),
        data_file: Some(folder.join("gateway.json")),
        clock: clock.clone(),
        earlier: Some(seed::earlier(cluster.superuser_url("central"))),
    };
    start_gateway(gateway, page_listener, api_listener, &stop).await?;
    let mailbox = mailbox::Options { folder: Some(folder.join("mails")), clock: clock.clone() };
    mailbox::Mailbox::start(smtp_listener, web_listener, mailbox, stop.clone())
        .await
        .map_err(|error| format!("The mailbox could not be started: {error}"))?;
    let config = config(options.port, &cluster, &keep)?;
    let running =
        server::start(&config, clock, product, internal, 2).await.map_err(|error| told(&error))?;
    Ok(Demo {
        options: options.clone(),
        note: cluster.note().map(str::to_owned),
        keep,
        database_url,
        seconds: started.elapsed().as_secs_f64(),
        running,
        stop,
        cluster,
    })
}

/// Seven listeners on loopback, or the sentence that says which port is taken.
fn bind(port: u16) -> Result<[TcpListener; 7], String> {
    let mut listeners = Vec::new();
    for offset in 0..7 {
        let port = port
            .checked_add(offset)
            .ok_or("The ports would be above 65535: choose a smaller --port.")?;
        let listener = TcpListener::bind(("127.0.0.1", port)).map_err(|error| {
            format!("Port {port} can't be used ({error}): stop what runs there, or choose another --port.")
        })?;
        listeners.push(listener);
    }
    listeners.try_into().map_err(|_| "seven listeners were asked for".to_owned())
}

fn folder(data_dir: &Path) -> Result<PathBuf, String> {
    let unusable = |error: std::io::Error| format!("{} can't be used: {error}", data_dir.display());
    std::fs::create_dir_all(data_dir).map_err(unusable)?;
    data_dir.canonicalize().map_err(unusable)
}

/// Takes away what an earlier demo left, and nothing that is not a demo's.
fn clear(folder: &Path) -> Result<(), String> {
    for name in ["mails", "gateway.json", "keep.json", "idp-key.pem"] {
        let path = folder.join(name);
        let gone = if path.is_dir() {
            std::fs::remove_dir_all(&path)
        } else {
            std::fs::remove_file(&path)
        };
        match gone {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(format!("{} can't be removed: {error}", path.display()));
            }
            _ => {}
        }
    }
    Ok(())
}

fn make_database(cluster: &Cluster) -> Result<(), String> {
    let db = Db::new(&cluster.superuser_url("postgres"), 1, true);
    seed::create_database(&db, "central").map_err(|error| told(&error))
}

fn issuer(port: u16) -> String {
    format!("http://127.0.0.1:{}", port + 1)
}

async fn start_idp(
    port: u16,
    folder: &Path,
    keep: &Keep,
    clock: &Clock,
    listener: TcpListener,
    stop: &CancellationToken,
) -> Result<(), String> {
    let client = idp::Client {
        id: keep.client_id.clone(),
        secret: keep.client_secret.clone(),
        redirect_uri: format!("http://127.0.0.1:{port}/sign-in/callback"),
        post_logout_redirect_uri: format!("http://127.0.0.1:{port}/signed-out"),
        backchannel_logout_uri: Some(format!(
            "http://127.0.0.1:{port}/sign-in/back-channel-logout"
        )),
    };
    let options = idp::Options {
        issuer: issuer(port),
        client,
        people: seed::people(),
        key_file: Some(folder.join("idp-key.pem")),
        clock: clock.clone(),
    };
    idp::Idp::start(listener, options, stop.clone())
        .await
        .map(|_| ())
        .map_err(|error| format!("The identity provider could not be started: {error}"))
}

async fn start_gateway(
    options: gateway::Options,
    pages: TcpListener,
    api: TcpListener,
    stop: &CancellationToken,
) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("The gateway could not be started: {error}");
    let gateway = gateway::Gateway::start(pages, options, stop.clone()).await.map_err(failed)?;
    gateway.start_payments_api(api, stop.clone()).map_err(failed)
}

/// The settings that `central serve` would read from the environment.
fn config(port: u16, cluster: &Cluster, keep: &Keep) -> Result<Config, String> {
    let settings = [
        ("LISTEN", format!("127.0.0.1:{port}")),
        ("INTERNAL_LISTEN", format!("127.0.0.1:{}", port + 6)),
        ("PUBLIC_URL", format!("http://127.0.0.1:{port}")),
        ("DATABASE_URL", cluster.url("app", "central")),
        ("JOBS_DATABASE_URL", cluster.url("app_jobs", "central")),
        ("MIGRATIONS_DATABASE_URL", cluster.url("app_owner", "central")),
        ("OIDC_ISSUER", issuer(port)),
        ("OIDC_STAFF_ACR", "mfa".to_owned()),
        ("OIDC_CLIENT_ID", keep.client_id.clone()),
        ("OIDC_CLIENT_SECRET", keep.client_secret.clone()),
        ("SMTP_URL", format!("smtp://127.0.0.1:{}", port + 5)),
        ("MAIL_FROM", "payments@central.example".to_owned()),
        ("SUPPORT_EMAIL", "support@central.example".to_owned()),
        ("CONNECT2PAY_URL", format!("http://127.0.0.1:{}", port + 2)),
        ("PAYXPERT_GATEWAY_URL", format!("http://127.0.0.1:{}", port + 3)),
        ("ENCRYPTION_KEYS", keep.encryption_key.clone()),
    ];
    let read = |name: &str| {
        settings.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone())
    };
    Config::read(read).map_err(|error| error.to_string())
}

fn told(error: &Error) -> String {
    error.cause().map_or_else(|| error.to_string(), |cause| format!("{error}: {cause}"))
}
