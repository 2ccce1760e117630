//! Commands for operators: the first merchants, originators and users, and the audit.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;
use diesel::PgConnection;
use secrecy::ExposeSecret as _;

use super::{bad_settings, complain, say, told};
use crate::auth::audit::{self, Actor, By, Entry};
use crate::auth::{MerchantRole, StaffRole};
use crate::config::{self, ConfigError};
use crate::db::{self, Db, Tenants};
use crate::kernel::text;
use crate::kernel::{
    Clock, Currency, EmailAddress, Error, Lang, MerchantId, OriginatorId, Right, UserId,
};
use crate::merchants::{self, NewMerchant, NewOriginator};
use crate::sign_in::{self, NewUser};

#[derive(Subcommand)]
pub enum MerchantCommand {
    /// Adds a merchant and prints its id.
    Add {
        #[arg(long)]
        name: String,
        /// The name on the contract; the same as `--name` where it is not given.
        #[arg(long)]
        legal_name: Option<String>,
        #[arg(long, default_value = "")]
        address: String,
        /// ISO 3166, two letters.
        #[arg(long)]
        country: String,
        /// ISO 4217, three letters.
        #[arg(long)]
        currency: String,
        /// it, en, es or fr.
        #[arg(long)]
        language: String,
        /// An IANA name, such as Europe/Rome.
        #[arg(long)]
        time_zone: String,
        /// Where customers' answers go.
        #[arg(long, default_value = "")]
        email: String,
        /// What order IDs begin with; made of the name where it is not given.
        #[arg(long)]
        order_prefix: Option<String>,
    },
}

#[derive(Subcommand)]
pub enum OriginatorCommand {
    /// Adds a source of income and its credentials at the gateway.
    Add {
        #[arg(long)]
        merchant: String,
        #[arg(long)]
        name: String,
        /// The originator's number at the gateway.
        #[arg(long)]
        number: String,
        /// A file that holds the API key and nothing else.
        #[arg(long)]
        api_key_file: PathBuf,
        /// ISO 4217 codes with commas between them; the merchant's own where none is given.
        #[arg(long)]
        currencies: Option<String>,
    },
}

#[derive(Subcommand)]
pub enum UserCommand {
    /// Binds (the configured issuer, `--subject`) to a role.
    Add {
        #[arg(long)]
        subject: String,
        #[arg(long)]
        email: String,
        #[arg(long)]
        name: String,
        /// A merchant's: owner, manager, accountant, `customer_care`, clerk, developer, `read_only`.
        /// The platform's: `success_manager`, support, accounting, administrator.
        #[arg(long)]
        role: String,
        /// For roles of a merchant; for success managers, accounting and administrators: a merchant
        /// to look after.
        #[arg(long)]
        merchant: Option<String>,
    },
    /// Lets a user in no more: ends their sessions, and no token of theirs works.
    Disable {
        #[arg(long)]
        subject: String,
    },
    /// Lets a user in again.
    Enable {
        #[arg(long)]
        subject: String,
    },
}

#[derive(Clone, Copy, Subcommand)]
pub enum AuditCommand {
    /// Compares every seal of the audit log with its rows.
    Verify,
}

/// Why a command could not be done.
pub enum Failure {
    Settings(ConfigError),
    Input(String),
    Failed(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::Settings(error)
    }
}

pub fn finish(outcome: Result<String, Failure>) -> ExitCode {
    match outcome {
        Ok(words) => say(&words),
        Err(Failure::Settings(error)) => bad_settings(&error),
        Err(Failure::Input(words)) => {
            complain(&words);
            ExitCode::FAILURE
        }
        Err(Failure::Failed(error)) => {
            complain(&told(&error));
            ExitCode::FAILURE
        }
    }
}

pub fn merchant(command: MerchantCommand) -> ExitCode {
    finish(add_merchant(command))
}

fn add_merchant(command: MerchantCommand) -> Result<String, Failure> {
    let MerchantCommand::Add {
        name,
        legal_name,
        address,
        country,
        currency,
        language,
        time_zone,
        email,
        order_prefix,
    } = command;
    let wrong = |what: &str| Failure::Input(what.to_owned());
    let currency = Currency::parse(&currency)
        .ok_or_else(|| wrong("--currency has to be an ISO 4217 code such as EUR"))?;
    let language =
        Lang::parse(&language).ok_or_else(|| wrong("--language has to be it, en, es or fr"))?;
    time_zone
        .parse::<chrono_tz::Tz>()
        .map_err(|_| wrong("--time-zone has to be an IANA name such as Europe/Rome"))?;
    for (option, words, length_max) in [("--name", &name, 100), ("--address", &address, 300)] {
        text::optional_line(words, length_max).map_err(|_| {
            wrong(&format!("{option} has to be one line of at most {length_max} characters"))
        })?;
    }
    let is_country = country.len() == 2 && country.bytes().all(|byte| byte.is_ascii_uppercase());
    if !is_country {
        return Err(wrong("--country has to be two capital letters such as IT"));
    }
    let email = if email.is_empty() {
        format!("noreply@{}.invalid", country.to_lowercase())
    } else {
        email
    };
    EmailAddress::parse(&email).ok_or_else(|| wrong("--email is no e-mail address"))?;
    let id = MerchantId::new();
    let prefix = order_prefix.unwrap_or_else(|| initials(&name));
    run(&Tenants::one(id), |conn| {
        let now = Clock::system().now();
        let new = NewMerchant {
            id,
            name: &name,
            legal_name: legal_name.as_deref().unwrap_or(&name),
            address: &address,
            country: &country,
            currency: currency.code(),
            language,
            time_zone: &time_zone,
            email: &email,
            order_prefix: &prefix,
            created_at: now,
        };
        merchants::add_merchant(conn, &new)?;
        note(conn, "merchant.add", Some(id), id.as_uuid())
    })?;
    Ok(id.to_string())
}

/// `Ceramiche Bellini` → `CB`.
fn initials(name: &str) -> String {
    let letters: String = name
        .split_whitespace()
        .filter_map(|word| word.chars().find(char::is_ascii_alphanumeric))
        .map(|c| c.to_ascii_uppercase())
        .take(4)
        .collect();
    if letters.is_empty() { "M".to_owned() } else { letters }
}

pub fn originator(command: OriginatorCommand) -> ExitCode {
    finish(add_originator(command))
}

fn add_originator(command: OriginatorCommand) -> Result<String, Failure> {
    let OriginatorCommand::Add { merchant, name, number, api_key_file, currencies } = command;
    let merchant_id = parse_merchant(&merchant)?;
    let keys = config::keys_from_env()?;
    let api_key = std::fs::read_to_string(&api_key_file).map_err(|error| {
        Failure::Input(format!("{} can't be read: {error}", api_key_file.display()))
    })?;
    let api_key = api_key.trim();
    if api_key.is_empty() {
        return Err(Failure::Input(format!("{} is empty", api_key_file.display())));
    }
    let id = OriginatorId::new();
    run(&Tenants::one(merchant_id), |conn| {
        let currencies = match &currencies {
            Some(codes) => codes
                .split(',')
                .map(|code| Currency::parse(code.trim()))
                .collect::<Option<Vec<_>>>(),
            None => merchants::currency_of(conn, merchant_id)?.map(|currency| vec![currency]),
        };
        let currencies = currencies
            .ok_or_else(|| Error::internal("--currencies names something that is no currency"))?;
        let new = NewOriginator {
            merchant_id,
            id,
            name: &name,
            number: &number,
            api_key,
            currencies: &currencies,
            attempts_max: 3,
            confirms_success: false,
            is_page_set_up: false,
            created_at: Clock::system().now(),
        };
        merchants::add_originator(conn, &keys, &new)?;
        note(conn, "originator.add", Some(merchant_id), id.as_uuid())
    })?;
    Ok(id.to_string())
}

pub fn user(command: UserCommand) -> ExitCode {
    finish(match command {
        UserCommand::Add { subject, email, name, role, merchant } => {
            add_user(&subject, &email, &name, &role, merchant.as_deref())
        }
        UserCommand::Disable { subject } => switch_user(&subject, false),
        UserCommand::Enable { subject } => switch_user(&subject, true),
    })
}

fn add_user(
    subject: &str,
    email: &str,
    name: &str,
    role: &str,
    merchant: Option<&str>,
) -> Result<String, Failure> {
    let issuer = config::issuer_from_env()?;
    EmailAddress::parse(email)
        .ok_or_else(|| Failure::Input("--email is no e-mail address".to_owned()))?;
    let merchant_id = merchant.map(parse_merchant).transpose()?;
    let (staff_role, merchant_role) = (StaffRole::parse(role), MerchantRole::parse(role));
    match (staff_role, merchant_role, merchant_id) {
        (None, None, _) => {
            return Err(Failure::Input(format!(
                "--role {role} does not exist: see `central user add --help`"
            )));
        }
        (None, Some(_), None) => {
            return Err(Failure::Input(format!("--role {role} is a merchant's: give --merchant")));
        }
        (Some(staff), _, Some(_)) if !staff.may(Right::ViewDocuments) => {
            return Err(Failure::Input(format!(
                "--role {role} looks after no merchant: leave out --merchant"
            )));
        }
        _ => {}
    }
    let tenants = merchant_id.map_or_else(Tenants::none, Tenants::one);
    let id = run(&tenants, |conn| {
        let now = Clock::system().now();
        let new = NewUser {
            id: UserId::new(),
            issuer: &issuer,
            subject,
            name,
            email,
            staff_role,
            created_at: now,
        };
        let id = sign_in::add_user(conn, &new)?;
        let has = sign_in::staff_role_of(conn, id)?;
        if has != staff_role {
            return Ok(Err(has));
        }
        match (merchant_role, merchant_id) {
            (Some(role), Some(merchant_id)) => merchants::join(conn, merchant_id, id, role, now)?,
            (None, Some(merchant_id)) => merchants::assign(conn, merchant_id, id, now)?,
            (_, None) => {}
        }
        note(conn, "user.add", merchant_id, id.as_uuid())?;
        Ok(Ok(id))
    })?;
    let id = id.map_err(|has| {
        let has = has.map_or("a merchant's user", StaffRole::as_str);
        Failure::Input(format!("--subject {subject} is known, as {has}: nobody is both, and a role of the platform is not changed. Bind the person by another subject"))
    })?;
    Ok(id.to_string())
}

/// Lets a user in, or no more.
fn switch_user(subject: &str, is_active: bool) -> Result<String, Failure> {
    let issuer = config::issuer_from_env()?;
    let action = if is_active { "user.enable" } else { "user.disable" };
    let found = run(&Tenants::none(), |conn| {
        let found = sign_in::switch_user(conn, &issuer, subject, is_active)?;
        if let Some(id) = found {
            note(conn, action, None, id.as_uuid())?;
        }
        Ok(found)
    })?;
    let id = found.ok_or_else(|| Failure::Input(format!("--subject {subject} is nobody here")))?;
    Ok(id.to_string())
}

pub fn audit(command: AuditCommand) -> ExitCode {
    let AuditCommand::Verify = command;
    match verify() {
        Ok(verdict) if verdict.broken.is_empty() => say(&format!(
            "the audit log is whole: {} rows under {} seals, {} not sealed yet",
            verdict.rows, verdict.seals, verdict.unsealed
        )),
        Ok(verdict) => {
            complain(&format!("the audit log was changed: {}", verdict.broken.join("; ")));
            ExitCode::FAILURE
        }
        Err(failure) => finish(Err(failure)),
    }
}

/// Under the owner's role: the product itself may not read the log.
fn verify() -> Result<audit::Verdict, Failure> {
    let database = config::database_from_env()?;
    let mut conn = db::migrate::owner(database.migrations_url.expose_secret())?;
    Ok(audit::verify(&mut conn)?)
}

pub fn parse_merchant(text: &str) -> Result<MerchantId, Failure> {
    text.parse().map_err(|_| Failure::Input(format!("{text:?} is no merchant's id")))
}

pub fn run<T>(
    tenants: &Tenants,
    work: impl FnOnce(&mut PgConnection) -> Result<T, Error>,
) -> Result<T, Failure> {
    let database = config::database_from_env()?;
    let db = Db::new(database.url.expose_secret(), 1, database.is_prepared);
    Ok(db.run_blocking(tenants, work)?)
}

fn note(
    conn: &mut PgConnection,
    action: &'static str,
    merchant_id: Option<MerchantId>,
    object_id: uuid::Uuid,
) -> Result<(), Error> {
    let entry = Entry {
        merchant_id,
        action,
        object_id: Some(object_id),
        is_done: true,
        before: None,
        after: None,
    };
    audit::record(conn, &By::other(Actor::Operator), entry)
}
