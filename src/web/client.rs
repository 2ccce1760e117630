//! Where a request comes from, and what it is called in the log.

use std::future::{Ready, ready};
use std::net::IpAddr;

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};

use super::app::App;
use crate::auth::Principal;
use crate::auth::audit::By;
use crate::kernel::Error;

/// The other side of a request.
#[derive(Clone, Debug)]
pub struct Client {
    pub ip: Option<IpAddr>,
    pub request_id: Option<String>,
}

/// The id that [`super::frame()`] gave to a request.
#[derive(Clone)]
pub struct RequestId(pub String);

impl Client {
    #[must_use]
    pub fn of(req: &HttpRequest) -> Self {
        let request_id = req.extensions().get::<RequestId>().map(|id| id.0.clone());
        Self { ip: ip(req), request_id }
    }

    /// For the audit: this user, by this request.
    #[must_use]
    pub fn user(&self, principal: &Principal) -> By {
        By::user(principal, self.ip.map(|ip| ip.to_string()), self.request_id.clone())
    }

    /// For the audit: somebody without an account, by this request.
    #[must_use]
    pub fn anonymous(&self, actor: crate::auth::audit::Actor) -> By {
        By {
            origin: self.ip.map(|ip| ip.to_string()),
            request_id: self.request_id.clone(),
            ..By::other(actor)
        }
    }
}

impl FromRequest for Client {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::of(req)))
    }
}

/// The peer's address; behind a trusted proxy, the last address of its header that no trusted proxy
/// has (counted from the right: what stands further left may be made up).
fn ip(req: &HttpRequest) -> Option<IpAddr> {
    let peer = req.peer_addr()?.ip();
    let app = req.app_data::<Data<App>>()?;
    let is_trusted = |ip: IpAddr| app.trusted_proxies.iter().any(|network| network.contains(&ip));
    if !is_trusted(peer) {
        return Some(peer);
    }
    let forwarded =
        req.headers().get_all("x-forwarded-for").filter_map(|value| value.to_str().ok());
    let addresses: Vec<IpAddr> = forwarded
        .flat_map(|value| value.split(','))
        .filter_map(|part| part.trim().parse().ok())
        .collect();
    addresses.iter().rev().copied().find(|ip| !is_trusted(*ip)).or(Some(peer))
}
