//! The commands. Each ends with an exit code: 0 done, 1 with one sentence, 78 for bad settings.

mod admin;
mod document;

use std::io::IsTerminal as _;
use std::net::TcpListener;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use secrecy::ExposeSecret as _;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

use crate::config::{self, Config, LogConfig};
use crate::db::migrate::Fitness;
use crate::gateway::Gateway;
use crate::kernel::{Clock, Error};
use crate::mail::Transport;
use crate::traces::{self, Traces};
use crate::{db, server};

/// The exit code for settings that can't be used (`EX_CONFIG` of sysexits.h).
const BAD_SETTINGS: u8 = 78;

/// Central, the merchant backoffice.
#[derive(Parser)]
#[command(version, about, propagate_version = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// The product alone, configured by the environment.
    Serve,
    /// Brings the database's roles and schema up.
    Migrate,
    /// Reads the settings and tries each peer.
    CheckConfig,
    /// The product with everything it needs on this machine: Postgres, identity provider, gateway,
    /// mailbox, seeded data.
    #[cfg(feature = "demo")]
    Demo(crate::demo::DemoOptions),
    /// Merchants.
    #[command(subcommand)]
    Merchant(admin::MerchantCommand),
    /// Sources of income, with their credentials at the gateway.
    #[command(subcommand)]
    Originator(admin::OriginatorCommand),
    /// Users, bound to the identity provider.
    #[command(subcommand)]
    User(admin::UserCommand),
    /// Accounting documents.
    #[command(subcommand)]
    Document(document::DocumentCommand),
    /// The audit log.
    #[command(subcommand)]
    Audit(admin::AuditCommand),
}

/// Reads the command line and does what it says.
#[must_use]
pub fn run() -> ExitCode {
    match Cli::parse().command {
        Command::Serve => with_settings(|config| in_runtime(serve(config))),
        Command::Migrate => migrate(),
        Command::CheckConfig => with_settings(|config| in_runtime(check(config))),
        #[cfg(feature = "demo")]
        Command::Demo(options) => in_runtime(crate::demo::run(options)),
        Command::Merchant(command) => admin::merchant(command),
        Command::Originator(command) => admin::originator(command),
        Command::User(command) => admin::user(command),
        Command::Document(command) => document::document(command),
        Command::Audit(command) => admin::audit(command),
    }
}

fn with_settings(work: impl FnOnce(Config) -> ExitCode) -> ExitCode {
    match Config::from_env() {
        Ok(config) => {
            log(&config.log);
            work(config)
        }
        Err(error) => bad_settings(&error),
    }
}

fn bad_settings(error: &config::ConfigError) -> ExitCode {
    complain(&error.to_string());
    ExitCode::from(BAD_SETTINGS)
}

fn in_runtime(work: impl Future<Output = ExitCode>) -> ExitCode {
    actix_web::rt::System::new().block_on(work)
}

/// To standard error: what went wrong, for the person at the terminal.
#[expect(clippy::print_stderr, reason = "this is the terminal's side of the program")]
fn complain(words: &str) {
    eprintln!("{words}");
}

/// An error with its cause, in one line.
fn told(error: &Error) -> String {
    error.cause().map_or_else(|| error.to_string(), |cause| format!("{error}: {cause}"))
}

/// Log lines to standard error; JSON, one event a line, or text for people.
pub fn log(config: &LogConfig) {
    let filter = EnvFilter::try_new(&config.filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let outcome = if config.is_json {
        builder.json().flatten_event(true).with_current_span(true).with_span_list(false).try_init()
    } else {
        builder.with_ansi(std::io::stderr().is_terminal()).with_target(false).try_init()
    };
    if outcome.is_err() {
        complain("the log was set up before");
    }
    // Values of a panic may hold personal data: the log gets its place only.
    std::panic::set_hook(Box::new(|panic| {
        crate::metrics::panicked();
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "a panic");
    }));
}

async fn serve(config: Config) -> ExitCode {
    let bound = TcpListener::bind(config.listen)
        .and_then(|listener| Ok((listener, TcpListener::bind(config.internal_listen)?)));
    let (listener, internal) = match bound {
        Ok(bound) => bound,
        Err(error) => {
            complain(&format!(
                "LISTEN {} or INTERNAL_LISTEN {} can't be bound: {error}",
                config.listen, config.internal_listen
            ));
            return ExitCode::FAILURE;
        }
    };
    let traces = match config.traces.as_ref().map(Traces::begin).transpose() {
        Ok(traces) => traces,
        Err(error) => {
            complain(&told(&error));
            return ExitCode::FAILURE;
        }
    };
    let workers = std::thread::available_parallelism().map_or(2, usize::from);
    match server::start(&config, Clock::system(), listener, internal, workers).await {
        Ok(running) => {
            tracing::info!(address = %config.listen, "serving {}", config.public_url);
            stop_signal().await;
            tracing::info!("stopping");
            running.stop().await;
            if let Some(traces) = traces {
                traces.end().await;
            }
            ExitCode::SUCCESS
        }
        Err(error) => {
            complain(&told(&error));
            ExitCode::FAILURE
        }
    }
}

/// Waits for SIGTERM or Ctrl-C.
pub async fn stop_signal() {
    let (Ok(mut term), Ok(mut interrupt)) =
        (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        complain("signals can't be waited for: stop the process by force");
        return std::future::pending().await;
    };
    tokio::select! {
        _ = term.recv() => {}
        _ = interrupt.recv() => {}
    }
}

fn migrate() -> ExitCode {
    let database = match config::database_from_env() {
        Ok(database) => database,
        Err(error) => return bad_settings(&error),
    };
    let logins = [database.url.expose_secret(), database.jobs_url.expose_secret()];
    match db::migrate::up(database.migrations_url.expose_secret(), &logins) {
        Ok(done) if done.is_empty() => say("the schema is up to date"),
        Ok(done) => {
            say(&done.iter().map(|name| format!("migrated {name}")).collect::<Vec<_>>().join("\n"))
        }
        Err(error) => {
            complain(&told(&error));
            ExitCode::FAILURE
        }
    }
}

/// To standard output: the result of a command.
#[expect(clippy::print_stdout, reason = "this is the terminal's side of the program")]
fn say(words: &str) -> ExitCode {
    println!("{words}");
    ExitCode::SUCCESS
}

/// One line per peer: whether it answers.
async fn check(config: Config) -> ExitCode {
    let mut is_good = true;
    let mut report = |name: &str, outcome: Result<(), String>| match outcome {
        Ok(()) => {
            say(&format!("{name:<18} ok"));
        }
        Err(words) => {
            is_good = false;
            say(&format!("{name:<18} FAILED: {words}"));
        }
    };
    for (name, url) in
        [("database", &config.database.url), ("database (jobs)", &config.database.jobs_url)]
    {
        let db = db::Db::new(url.expose_secret(), 1, config.database.is_prepared);
        let fitness = db.run(db::Tenants::none(), db::migrate::fitness).await;
        report(
            name,
            match fitness {
                Ok(Fitness::Fit) => Ok(()),
                Ok(Fitness::Behind) => {
                    Err("migrations are missing: run `central migrate`".to_owned())
                }
                Ok(Fitness::ReadOnly) => Err("it takes no writes: a standby, or set to read \
                     only. Name the primary, or both with target_session_attrs=read-write"
                    .to_owned()),
                Err(error) => Err(told(&error)),
            },
        );
    }
    let provider = crate::auth::provider::Provider::new(
        config.oidc.clone(),
        config.api.clone(),
        "https://localhost/".to_owned(),
        Clock::system(),
    );
    let discovered = match provider {
        Ok(provider) => provider.check().await,
        Err(error) => Err(told(&error)),
    };
    report("identity provider", discovered);
    let relay = match Transport::new(&config.mail) {
        Ok(mut transport) => transport.check().await.map_err(|error| format!("{error:?}")),
        Err(error) => Err(told(&error)),
    };
    report("mail relay", relay);
    report("gateway", reach(&config).await);
    if let Some(collector) = &config.traces {
        report("traces", traces::check(collector).await);
    }
    if is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Whether the gateway answers at all: without an originator it refuses, which is an answer.
async fn reach(config: &Config) -> Result<(), String> {
    let (page, payments) = (config.connect2pay_url.clone(), config.payments_url.clone());
    let gateway = Gateway::new(page, payments, Clock::system()).map_err(|error| told(&error))?;
    let nobody =
        crate::gateway::Credentials { number: "0".to_owned(), api_key: String::new().into() };
    match gateway.account(&nobody).await {
        Ok(_) => Ok(()),
        Err(error) if told(&error).contains("refuses the originator") => Ok(()),
        Err(error) => Err(told(&error)),
    }
}
