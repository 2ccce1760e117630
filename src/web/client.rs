//! Where a request comes from, and what it is called in the log.

use std::future::{Ready, ready};
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use actix_web::dev::Payload;
use actix_web::http::header::USER_AGENT;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};
use ipnet::IpNet;

use super::app::App;
use crate::auth::Principal;
use crate::auth::api::{ApiClient, StaffClient};
use crate::auth::audit::{By, Writer};
use crate::kernel::Error;

/// The other side of a request.
#[derive(Clone, Debug)]
pub struct Client {
    pub ip: Option<IpAddr>,
    pub request_id: Option<String>,
    user_agent: String,
}

/// The id that [`super::frame()`] gave to a request.
#[derive(Clone)]
pub struct RequestId(pub String);

impl Client {
    #[must_use]
    pub fn of(req: &HttpRequest) -> Self {
        let request_id = req.extensions().get::<RequestId>().map(|id| id.0.clone());
        let user_agent = req.headers().get(USER_AGENT).and_then(|value| value.to_str().ok());
        Self { ip: ip(req), request_id, user_agent: user_agent.unwrap_or_default().to_owned() }
    }

    /// Browser and system, such as `Firefox, Windows`: what a user tells their sessions by. Words of
    /// ours only; empty where the browser says nothing that we know.
    #[must_use]
    pub fn device(&self) -> String {
        // The first that fits: others name these too, to be taken for them.
        let browsers = [
            ("Edg", "Edge"),
            ("OPR/", "Opera"),
            ("SamsungBrowser/", "Samsung Internet"),
            ("Firefox/", "Firefox"),
            ("FxiOS/", "Firefox"),
            ("CriOS/", "Chrome"),
            ("Chrome/", "Chrome"),
            ("Safari/", "Safari"),
        ];
        let systems = [
            ("Windows", "Windows"),
            ("Android", "Android"),
            ("iPhone", "iPhone"),
            ("iPad", "iPad"),
            ("CrOS", "ChromeOS"),
            ("Mac OS X", "macOS"),
            ("Linux", "Linux"),
        ];
        let find = |known: &[(&str, &'static str)]| {
            known.iter().find(|(sign, _)| self.user_agent.contains(sign)).map(|(_, name)| *name)
        };
        [find(&browsers), find(&systems)].into_iter().flatten().collect::<Vec<_>>().join(", ")
    }

    /// What limits per address count by: an IPv4 address; of IPv6 the /64, which is one household's or
    /// one server's, who would else have a fresh address for each try.
    #[must_use]
    pub fn neighbours(&self) -> Option<IpAddr> {
        match self.ip? {
            IpAddr::V4(ip) => Some(ip.into()),
            IpAddr::V6(ip) => Some((ip & Ipv6Addr::from_bits(u128::MAX << 64)).into()),
        }
    }

    /// The network that the request comes from: the address cut to /24 or /48.
    #[must_use]
    pub fn network(&self) -> String {
        let network =
            self.ip.and_then(|ip| IpNet::new(ip, if ip.is_ipv4() { 24 } else { 48 }).ok());
        network.map(|network| network.trunc().to_string()).unwrap_or_default()
    }

    /// For the audit: this user, by this request.
    #[must_use]
    pub fn user(&self, principal: &Principal) -> By {
        By::user(principal, self.ip.map(|ip| ip.to_string()), self.request_id.clone())
    }

    /// This user, by this request, now.
    #[must_use]
    pub fn writer(&self, principal: &Principal, app: &App) -> Writer {
        Writer { by: self.user(principal), user_id: principal.user_id, now: app.clock.now() }
    }

    /// For the audit: the user in whose stead a program asks, by this request.
    #[must_use]
    pub fn program(&self, client: &ApiClient) -> By {
        client.by(self.ip.map(|ip| ip.to_string()), self.request_id.clone())
    }

    /// For the audit: the person of the platform in whose stead a program asks, by this request.
    #[must_use]
    pub fn platforms_program(&self, client: &StaffClient) -> By {
        client.by(self.ip.map(|ip| ip.to_string()), self.request_id.clone())
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
/// has (counted from the right: what stands further left may be made up). An IPv4 address in the form of
/// IPv6, as sockets of both kinds tell it, is an IPv4 address.
fn ip(req: &HttpRequest) -> Option<IpAddr> {
    let peer = req.peer_addr()?.ip().to_canonical();
    let app = req.app_data::<Data<App>>()?;
    let is_trusted = |ip: IpAddr| app.trusted_proxies.iter().any(|network| network.contains(&ip));
    if !is_trusted(peer) {
        return Some(peer);
    }
    let forwarded =
        req.headers().get_all("x-forwarded-for").filter_map(|value| value.to_str().ok());
    let parts: Vec<&str> = forwarded.flat_map(|value| value.split(',')).collect();
    // Beyond one that can't be read nothing was written by a proxy that is known.
    let mut known = parts.iter().rev().map_while(|part| address(part.trim()));
    Some(known.find(|ip| !is_trusted(*ip)).unwrap_or(peer))
}

/// An address, with or without a port.
fn address(text: &str) -> Option<IpAddr> {
    let with_port = || text.parse().ok().map(|socket: SocketAddr| socket.ip());
    text.parse().ok().or_else(with_port).map(|ip: IpAddr| ip.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(user_agent: &str, ip: &str) -> Client {
        Client { ip: address(ip), request_id: None, user_agent: user_agent.to_owned() }
    }

    #[test]
    fn sec_04_a_session_is_told_by_browser_system_and_network() {
        for (user_agent, device) in [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
                "Firefox, Windows",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0",
                "Edge, Windows",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
                "Safari, iPhone",
            ),
            ("curl/8.0", ""),
            ("<script>", ""),
        ] {
            assert_eq!(client(user_agent, "").device(), device);
        }
        assert_eq!(client("", "203.0.113.77").network(), "203.0.113.0/24");
        assert_eq!(client("", "2001:db8:1:2::3").network(), "2001:db8:1::/48");
        assert_eq!(client("", "").network(), "");
    }

    #[test]
    fn sec_16_proxies_write_addresses_in_several_ways() {
        let read = |text| address(text).map(|ip| ip.to_string()).unwrap_or_default();
        assert_eq!(read("::ffff:10.0.0.5"), "10.0.0.5");
        assert_eq!(read("203.0.113.77:4711"), "203.0.113.77");
        assert_eq!(read("[2001:db8::1]:4711"), "2001:db8::1");
        assert_eq!(read("unknown"), "");
    }

    #[test]
    fn sec_16_an_ipv6_network_is_one_neighbour() {
        let counted = |ip| client("", ip).neighbours().map(|ip| ip.to_string());
        assert_eq!(counted("203.0.113.77"), Some("203.0.113.77".to_owned()));
        assert_eq!(counted("::ffff:203.0.113.77"), Some("203.0.113.77".to_owned()));
        assert_eq!(counted("2001:db8:1:2:3:4:5:6"), Some("2001:db8:1:2::".to_owned()));
        assert_eq!(counted("2001:db8:1:2:ffff::1"), counted("2001:db8:1:2::9"));
        assert_eq!(counted(""), None);
    }
}
