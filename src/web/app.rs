//! The handles that handlers share.

use actix_web::http::header::HeaderValue;
use ipnet::IpNet;

use super::limits::Limits;
use super::routes::Route;
use crate::auth::provider::Provider;
use crate::crypto::Keyring;
use crate::db::Db;
use crate::gateway::Gateway;
use crate::kernel::{BusinessHours, Clock, EmailAddress, Error};
use crate::store::Store;

/// Everything that a request may need, made once at start.
pub struct App {
    pub clock: Clock,
    pub db: Db,
    /// Connections kept for customers and the gateway: a busy backoffice must not keep anybody from
    /// paying.
    pub pay_db: Db,
    /// Connections kept for files that take long: they must not take those of the pages.
    pub export_db: Db,
    pub store: Store,
    /// When support works.
    pub support_hours: BusinessHours,
    /// Where support reads mail, where it does.
    pub support_email: Option<EmailAddress>,
    pub keys: Keyring,
    pub provider: Provider,
    pub gateway: Gateway,
    pub limits: Limits,
    /// Every address of the product, with who may call it: where a sign-in may go on, and what the
    /// page of the permission matrix tells.
    pub routes: Vec<Route>,
    /// What browsers write into `Origin`.
    pub public_origin: String,
    /// The host that customers are told to look for.
    pub public_host: String,
    pub staff_factors: Vec<String>,
    pub trusted_proxies: Vec<IpNet>,
    pub policies: Policies,
}

/// The two content security policies (SEC-2). Chromium applies `form-action` to the redirect after
/// a form, so that the provider's and the gateway's origin have to stand there.
pub struct Policies {
    pub backoffice: HeaderValue,
    pub public: HeaderValue,
}

impl Policies {
    pub fn new(provider_origin: &str, gateway_origin: &str) -> Result<Self, Error> {
        let common = "img-src 'self' data:; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; report-uri /csp-report";
        let backoffice = format!(
            "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; \
             form-action 'self' {provider_origin}; {common}"
        );
        let public = format!(
            "default-src 'none'; style-src 'self'; font-src 'self'; form-action 'self' {gateway_origin}; {common}"
        );
        Ok(Self {
            backoffice: HeaderValue::from_str(&backoffice).map_err(Error::internal)?,
            public: HeaderValue::from_str(&public).map_err(Error::internal)?,
        })
    }
}

impl App {
    /// An address of ours for mails and redirects: from the configured origin, never from `Host`.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.public_origin)
    }
}
