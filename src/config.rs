//! The settings: read once at start, typed, every fault in one message. Nothing else reads the
//! environment.

#[cfg(test)]
mod tests;
mod vars;

use std::collections::HashMap;
use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

use ipnet::IpNet;
use lettre::message::dkim::{DkimSigningAlgorithm, DkimSigningKey, DkimSigningKeyError};
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use self::vars::{Vars, is_safe};
use crate::crypto::Keyring;
use crate::kernel::{BusinessHours, EmailAddress};

/// Everything `central serve` needs to know. Each setting `X` is read from the environment, or from
/// the file that `X_FILE` names.
#[derive(Clone, Debug)]
pub struct Config {
    pub listen: SocketAddr,
    pub internal_listen: SocketAddr,
    pub public_url: Url,
    pub database: DatabaseConfig,
    pub oidc: OidcConfig,
    pub api: ApiConfig,
    pub mail: MailConfig,
    /// The payment page and its API.
    pub connect2pay_url: Url,
    /// The payment-gateway API behind it.
    pub payments_url: Url,
    pub documents: DocumentsConfig,
    /// When support works: deadlines of tickets count these hours alone.
    pub support_hours: BusinessHours,
    /// Where merchants may write to support.
    pub support_email: Option<EmailAddress>,
    pub keys: Keyring,
    pub trusted_proxies: Vec<IpNet>,
    pub log: LogConfig,
    /// Where traces go; `None`: nowhere.
    pub traces: Option<TracesConfig>,
}

#[derive(Clone, Debug)]
pub struct DatabaseConfig {
    pub url: SecretString,
    pub jobs_url: SecretString,
    pub migrations_url: SecretString,
    pub is_prepared: bool,
}

#[derive(Clone, Debug)]
pub struct OidcConfig {
    /// Byte for byte what the provider calls itself.
    pub issuer: String,
    pub client_id: String,
    pub client_secret: SecretString,
    /// Signature algorithms that are accepted, by their JOSE names.
    pub allowed_algs: Vec<String>,
    /// `acr` or `amr` values that count as a second factor for staff; none: not asked for.
    pub staff_acr: Vec<String>,
    /// Whether a logout token may lack its type, as those of older providers do.
    pub is_logout_typ_lenient: bool,
}

/// What access tokens of the provider have to say at `/api`.
#[derive(Clone, Debug)]
pub struct ApiConfig {
    pub audience: String,
    pub profile: TokenProfile,
    /// Programs that may call, by the provider's ids of them: only Okta's tokens need the list.
    pub clients: Vec<String>,
}

/// The form of the provider's access tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenProfile {
    Rfc9068,
    Okta,
}

#[derive(Clone, Debug)]
pub struct MailConfig {
    pub smtp_url: SecretString,
    /// The address that mails come from.
    pub from: String,
    /// With it mails are signed; without it the relay may do so.
    pub dkim: Option<DkimSettings>,
}

/// How mails are signed (RFC 6376).
#[derive(Clone, Debug)]
pub struct DkimSettings {
    /// The public key is at `selector._domainkey.domain`.
    pub selector: String,
    /// RSA as PKCS#1 in PEM, or the 32 bytes of an Ed25519 key in base64 (RFC 8463).
    key: SecretString,
}

impl DkimSettings {
    /// The private key.
    ///
    /// # Errors
    /// Where the text is no key.
    pub fn key(&self) -> Result<DkimSigningKey, DkimSigningKeyError> {
        let text = self.key.expose_secret().trim();
        let is_pem = text.starts_with("-----BEGIN");
        let algorithm =
            if is_pem { DkimSigningAlgorithm::Rsa } else { DkimSigningAlgorithm::Ed25519 };
        DkimSigningKey::new(text, algorithm)
    }
}

/// Where the bytes of documents lie.
#[derive(Clone, Debug)]
pub enum DocumentsConfig {
    Postgres,
    /// A folder, by its absolute path.
    Folder(PathBuf),
    Bucket(BucketConfig),
}

/// A bucket of a service that speaks S3, by the names that its tools use for the settings.
#[derive(Clone, Debug)]
pub struct BucketConfig {
    pub name: String,
    /// What objects' names begin with; may be empty.
    pub prefix: String,
    pub region: String,
    /// The service; `None`: Amazon's in the region.
    pub endpoint: Option<Url>,
    pub access_key_id: String,
    pub secret_access_key: SecretString,
}

#[derive(Clone, Debug)]
pub struct LogConfig {
    pub filter: String,
    pub is_json: bool,
}

/// A collector of traces, by the names that OpenTelemetry gives the settings.
#[derive(Clone, Debug)]
pub struct TracesConfig {
    pub endpoint: Url,
    /// What the collector wants to be told with each request, such as a key.
    headers: Vec<(String, SecretString)>,
    /// What the product is called there.
    pub service: String,
}

impl TracesConfig {
    #[must_use]
    pub fn headers(&self) -> HashMap<String, String> {
        let shown = |(name, value): &(String, SecretString)| {
            (name.clone(), value.expose_secret().to_owned())
        };
        self.headers.iter().map(shown).collect()
    }
}

/// Every fault of the settings, each a sentence.
#[derive(Debug)]
pub struct ConfigError(Vec<String>);

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "The settings have {} fault(s):", self.0.len())?;
        self.0.iter().try_for_each(|fault| write!(f, "\n  - {fault}"))
    }
}

impl std::error::Error for ConfigError {}

impl Config {
    /// Reads the process's environment.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::read(variable)
    }

    /// Reads through `var`: the environment in `main`, a map in tests. Reports every fault at once.
    pub fn read(var: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let mut vars = Vars { var, faults: Vec::new() };
        let listen = vars.parse_or("LISTEN", "127.0.0.1:8080");
        let internal_listen = vars.parse_or("INTERNAL_LISTEN", "127.0.0.1:9090");
        let public_url = vars.origin("PUBLIC_URL", None);
        let database = vars.database();
        let oidc = vars.oidc();
        let api = vars.api();
        let mail = vars.mail();
        let connect2pay_url = vars.origin("CONNECT2PAY_URL", Some("https://connect2.payxpert.com"));
        let payments_url = vars.origin("PAYXPERT_GATEWAY_URL", Some("https://api.payxpert.com"));
        let documents = vars.documents();
        let support_hours = vars.parse_or("SUPPORT_HOURS", "mon-fri 09:00-18:00 Europe/Paris");
        let support_email = vars.email("SUPPORT_EMAIL");
        let keys = vars.keys();
        let trusted_proxies = vars.networks("TRUSTED_PROXIES");
        let log = vars.log();
        let traces = vars.traces();
        match (
            listen,
            internal_listen,
            public_url,
            database,
            oidc,
            api,
            mail,
            connect2pay_url,
            payments_url,
            documents,
            support_hours,
            keys,
        ) {
            (
                Some(listen),
                Some(internal_listen),
                Some(public_url),
                Some(database),
                Some(oidc),
                Some(api),
                Some(mail),
                Some(connect2pay_url),
                Some(payments_url),
                Some(documents),
                Some(support_hours),
                Some(keys),
            ) if vars.faults.is_empty() => Ok(Self {
                listen,
                internal_listen,
                public_url,
                database,
                oidc,
                api,
                mail,
                connect2pay_url,
                payments_url,
                documents,
                support_hours,
                support_email,
                keys,
                trusted_proxies,
                log,
                traces,
            }),
            _ => Err(ConfigError(vars.faults)),
        }
    }

    /// `https://host[:port]` of the product, as browsers write it in `Origin`.
    #[must_use]
    pub fn public_origin(&self) -> String {
        self.public_url.origin().ascii_serialization()
    }
}

/// Only the database, for commands that need nothing else.
pub fn database_from_env() -> Result<DatabaseConfig, ConfigError> {
    from_env(Vars::database)
}

/// `ENCRYPTION_KEYS` alone, for commands that keep a credential.
pub fn keys_from_env() -> Result<Keyring, ConfigError> {
    from_env(Vars::keys)
}

/// `DOCUMENTS_URL` and what it needs, for the command that publishes.
pub fn documents_from_env() -> Result<DocumentsConfig, ConfigError> {
    from_env(Vars::documents)
}

/// `OIDC_ISSUER` alone, for the command that binds a user.
pub fn issuer_from_env() -> Result<String, ConfigError> {
    from_env(Vars::issuer)
}

/// One of the settings, where the others are not needed.
fn from_env<T>(
    read: impl FnOnce(&mut Vars<fn(&str) -> Option<String>>) -> Option<T>,
) -> Result<T, ConfigError> {
    let mut vars = Vars { var: variable as fn(&str) -> Option<String>, faults: Vec::new() };
    read(&mut vars).ok_or(ConfigError(vars.faults))
}

#[expect(clippy::disallowed_methods, reason = "the environment is read in this file")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// `PATH`, where the demo looks for Postgres.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the environment is read in this file")]
pub fn search_path() -> Option<std::ffi::OsString> {
    std::env::var_os("PATH")
}

impl<F: Fn(&str) -> Option<String>> Vars<F> {
    fn database(&mut self) -> Option<DatabaseConfig> {
        let url = self.required("DATABASE_URL");
        let jobs_url = self.text("JOBS_DATABASE_URL").or_else(|| url.clone());
        let migrations_url = self.text("MIGRATIONS_DATABASE_URL").or_else(|| url.clone());
        let is_prepared = match self.text("DATABASE_PREPARED").as_deref() {
            None | Some("on") => Some(true),
            Some("off") => Some(false),
            Some(other) => {
                self.fault(format!("DATABASE_PREPARED is {other:?}: it has to be on or off"))
            }
        };
        Some(DatabaseConfig {
            url: url?.into(),
            jobs_url: jobs_url?.into(),
            migrations_url: migrations_url?.into(),
            is_prepared: is_prepared?,
        })
    }

    fn issuer(&mut self) -> Option<String> {
        let issuer = self.required("OIDC_ISSUER")?;
        match Url::parse(&issuer) {
            Ok(url) if is_safe(&url) => Some(issuer),
            Ok(_) => self.fault(format!(
                "OIDC_ISSUER is {issuer:?}: it has to begin with https:// (http:// only on loopback)"
            )),
            Err(error) => self.fault(format!("OIDC_ISSUER is {issuer:?}, which is no address: {error}")),
        }
    }

    fn oidc(&mut self) -> Option<OidcConfig> {
        let issuer = self.issuer();
        let client_id = self.required("OIDC_CLIENT_ID");
        let client_secret = self.required("OIDC_CLIENT_SECRET");
        let allowed_algs = self.list("OIDC_ALLOWED_ALGS", "RS256");
        let known =
            ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"];
        if let Some(alg) = allowed_algs.iter().find(|alg| !known.contains(&alg.as_str())) {
            self.faults.push(format!(
                "OIDC_ALLOWED_ALGS names {alg:?}: only {} may stand there",
                known.join(", ")
            ));
        }
        let staff_acr = self.list("OIDC_STAFF_ACR", "");
        let is_logout_typ_lenient = match self.text("OIDC_LOGOUT_TOKEN_TYP").as_deref() {
            None | Some("strict") => Some(false),
            Some("lenient") => Some(true),
            Some(other) => self.fault(format!(
                "OIDC_LOGOUT_TOKEN_TYP is {other:?}: it has to be strict or lenient"
            )),
        };
        Some(OidcConfig {
            issuer: issuer?,
            client_id: client_id?,
            client_secret: client_secret?.into(),
            allowed_algs,
            staff_acr,
            is_logout_typ_lenient: is_logout_typ_lenient?,
        })
    }

    fn api(&mut self) -> Option<ApiConfig> {
        let audience = self.text("API_AUDIENCE").unwrap_or_else(|| "central-api".to_owned());
        if self.text("OIDC_CLIENT_ID").as_ref() == Some(&audience) {
            self.faults.push(
                "API_AUDIENCE is the same as OIDC_CLIENT_ID: access tokens and ID tokens could not be told apart"
                    .to_owned(),
            );
        }
        let clients = self.list("API_CLIENTS", "");
        let profile = match self.text("API_TOKEN_PROFILE").as_deref() {
            None | Some("rfc9068") => Some(TokenProfile::Rfc9068),
            Some("okta") if clients.is_empty() => self.fault(
                "API_TOKEN_PROFILE is okta: API_CLIENTS has to name the clients that may call"
                    .to_owned(),
            ),
            Some("okta") => Some(TokenProfile::Okta),
            Some(other) => {
                self.fault(format!("API_TOKEN_PROFILE is {other:?}: it has to be rfc9068 or okta"))
            }
        };
        Some(ApiConfig { audience, profile: profile?, clients })
    }

    fn mail(&mut self) -> Option<MailConfig> {
        let smtp_url = self.required("SMTP_URL");
        let from = self.required("MAIL_FROM");
        let from = from.filter(|from| {
            let is_address = crate::kernel::EmailAddress::parse(from).is_some();
            if !is_address {
                self.faults.push(format!("MAIL_FROM is {from:?}, which is no e-mail address"));
            }
            is_address
        });
        let smtp_url = smtp_url.filter(|text| match Url::parse(text) {
            Ok(url) if url.scheme() == "smtps" || (url.scheme() == "smtp" && is_local_or_tls(&url)) => true,
            _ => {
                self.faults.push(
                    "SMTP_URL has to be smtps://… or smtp://…?tls=required (smtp:// alone only on loopback)"
                        .to_owned(),
                );
                false
            }
        });
        let dkim = self.dkim();
        Some(MailConfig { smtp_url: smtp_url?.into(), from: from?, dkim })
    }

    fn dkim(&mut self) -> Option<DkimSettings> {
        let (selector, key) = match (self.text("DKIM_SELECTOR"), self.text("DKIM_KEY")) {
            (None, None) => return None,
            (Some(selector), Some(key)) => (selector, key),
            (Some(_), None) => {
                return self.fault("DKIM_SELECTOR is set: DKIM_KEY is needed as well".to_owned());
            }
            (None, Some(_)) => {
                return self.fault("DKIM_KEY is set: DKIM_SELECTOR is needed as well".to_owned());
            }
        };
        let is_label = |label: &str| {
            (1..=63).contains(&label.len())
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        };
        if !selector.split('.').all(is_label) {
            return self
                .fault(format!("DKIM_SELECTOR is {selector:?}, which is no name in the DNS"));
        }
        let settings = DkimSettings { selector, key: key.into() };
        if settings.key().is_err() {
            return self.fault(
                "DKIM_KEY is no key: it has to be RSA as `openssl genrsa -traditional 2048` writes it, or the 32 bytes of an Ed25519 key in base64"
                    .to_owned(),
            );
        }
        Some(settings)
    }

    fn keys(&mut self) -> Option<Keyring> {
        match Keyring::parse(&self.required("ENCRYPTION_KEYS")?) {
            Ok(keys) => Some(keys),
            Err(reason) => self.fault(format!("ENCRYPTION_KEYS can't be used: {reason}")),
        }
    }

    fn documents(&mut self) -> Option<DocumentsConfig> {
        let text = self.text("DOCUMENTS_URL").unwrap_or_else(|| "postgres:".to_owned());
        let url = Url::parse(&text);
        match url.as_ref().map(|url| (url.scheme(), url.to_file_path())) {
            Ok(("postgres", _)) if text == "postgres:" => Some(DocumentsConfig::Postgres),
            Ok(("file", Ok(folder))) => Some(DocumentsConfig::Folder(folder)),
            Ok(("s3", _)) => url.ok().and_then(|url| self.bucket(&url)).map(DocumentsConfig::Bucket),
            Ok(_) | Err(_) => self.fault(format!(
                "DOCUMENTS_URL is {text:?}: it has to be postgres:, file:///… (an absolute path) or s3://bucket/prefix"
            )),
        }
    }

    fn bucket(&mut self, url: &Url) -> Option<BucketConfig> {
        let name = url.host_str().filter(|_| url.port().is_none() && url.username().is_empty());
        let name = match name {
            Some(name) if url.query().is_none() && url.fragment().is_none() => name.to_owned(),
            _ => {
                let text =
                    "DOCUMENTS_URL names no bucket: it has to be s3://bucket or s3://bucket/prefix";
                return self.fault(text.to_owned());
            }
        };
        let endpoint = match self.text("AWS_ENDPOINT_URL") {
            Some(_) => Some(self.origin("AWS_ENDPOINT_URL", None)?),
            None => None,
        };
        let access_key_id = self.required("AWS_ACCESS_KEY_ID");
        let secret_access_key = self.required("AWS_SECRET_ACCESS_KEY");
        Some(BucketConfig {
            name,
            prefix: url.path().trim_matches('/').to_owned(),
            region: self.text("AWS_REGION").unwrap_or_else(|| "us-east-1".to_owned()),
            endpoint,
            access_key_id: access_key_id?,
            secret_access_key: secret_access_key?.into(),
        })
    }

    fn log(&mut self) -> LogConfig {
        let filter = self.text("LOG").unwrap_or_else(|| "info".to_owned());
        let is_json = match self.text("LOG_FORMAT").as_deref() {
            None | Some("json") => true,
            Some("text") => false,
            Some(other) => {
                self.faults.push(format!("LOG_FORMAT is {other:?}: it has to be json or text"));
                true
            }
        };
        LogConfig { filter, is_json }
    }

    fn traces(&mut self) -> Option<TracesConfig> {
        let endpoint = self.text("OTEL_EXPORTER_OTLP_ENDPOINT")?;
        let endpoint = match Url::parse(&endpoint) {
            Ok(url) if is_safe(&url) && url.query().is_none() => Some(url),
            Ok(_) | Err(_) => self.fault(format!(
                "OTEL_EXPORTER_OTLP_ENDPOINT is {endpoint:?}: it has to be an address that begins with https:// (http:// only on loopback)"
            )),
        };
        let given = self.text("OTEL_EXPORTER_OTLP_HEADERS").unwrap_or_default();
        let mut headers = Vec::new();
        for header in given.split(',').map(str::trim).filter(|header| !header.is_empty()) {
            match header.split_once('=') {
                Some((name, value)) => headers.push((name.trim().to_owned(), value.trim().into())),
                // The value may be a key: it is not repeated.
                None => self.faults.push(
                    "OTEL_EXPORTER_OTLP_HEADERS can't be read: it has to be name=value, several with commas between them"
                        .to_owned(),
                ),
            }
        }
        let service = self.text("OTEL_SERVICE_NAME").unwrap_or_else(|| "central".to_owned());
        Some(TracesConfig { endpoint: endpoint?, headers, service })
    }
}

fn is_local_or_tls(url: &Url) -> bool {
    // The url crate reads hosts of unknown schemes as opaque names.
    let is_local = matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
    is_local || url.query_pairs().any(|(name, value)| name == "tls" && value == "required")
}
