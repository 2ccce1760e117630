//! One setting: found, read, and its fault told.

use std::fmt;
use std::path::Path;

use ipnet::IpNet;
use url::Url;

use crate::kernel::EmailAddress;

/// Where settings come from, and what was wrong with those that were read.
pub struct Vars<F> {
    pub var: F,
    pub faults: Vec<String>,
}

impl<F: Fn(&str) -> Option<String>> Vars<F> {
    pub fn fault<T>(&mut self, text: String) -> Option<T> {
        self.faults.push(text);
        None
    }

    /// The value of `name`, or the content of the file that `name_FILE` names; blank is absent.
    pub fn text(&mut self, name: &str) -> Option<String> {
        let given = |name: &str| (self.var)(name).filter(|text| !text.trim().is_empty());
        match (given(name), given(&format!("{name}_FILE"))) {
            (Some(_), Some(_)) => {
                self.fault(format!("{name} and {name}_FILE are both set: keep one of them"))
            }
            (Some(text), None) => Some(text),
            (None, Some(file)) => match std::fs::read_to_string(Path::new(&file)) {
                Ok(text) => Some(text.trim_end_matches(['\r', '\n']).to_owned()),
                Err(error) => {
                    self.fault(format!("{name}_FILE names {file}, which can't be read: {error}"))
                }
            },
            (None, None) => None,
        }
    }

    pub fn required(&mut self, name: &str) -> Option<String> {
        let known = self.faults.len();
        match self.text(name) {
            None if self.faults.len() == known => {
                self.fault(format!("{name} is not set, and neither is {name}_FILE"))
            }
            text => text,
        }
    }

    /// An address of e-mail, where there is one.
    pub fn email(&mut self, name: &str) -> Option<EmailAddress> {
        let text = self.text(name)?;
        match EmailAddress::parse(&text) {
            Some(address) => Some(address),
            None => self.fault(format!("{name} is {text:?}, which is no e-mail address")),
        }
    }

    pub fn parse_or<T: std::str::FromStr<Err: fmt::Display>>(
        &mut self,
        name: &str,
        default: &str,
    ) -> Option<T> {
        let text = self.text(name).unwrap_or_else(|| default.to_owned());
        match text.parse() {
            Ok(value) => Some(value),
            Err(error) => self.fault(format!("{name} is {text:?}, which can't be read: {error}")),
        }
    }

    /// An origin: `https`, or `http` on loopback; no path.
    pub fn origin(&mut self, name: &str, default: Option<&str>) -> Option<Url> {
        let text = match default {
            Some(default) => self.text(name).unwrap_or_else(|| default.to_owned()),
            None => self.required(name)?,
        };
        match Url::parse(&text) {
            Ok(url) if !is_safe(&url) => self.fault(format!(
                "{name} is {text:?}: it has to begin with https:// (http:// only on loopback)"
            )),
            Ok(url) if url.path() != "/" || url.query().is_some() => {
                self.fault(format!("{name} is {text:?}: give the origin alone, without a path"))
            }
            Ok(url) => Some(url),
            Err(error) => self.fault(format!("{name} is {text:?}, which is no address: {error}")),
        }
    }

    pub fn networks(&mut self, name: &str) -> Vec<IpNet> {
        let texts = self.list(name, "");
        let mut networks = Vec::new();
        for text in texts {
            let parsed =
                text.parse().or_else(|_| text.parse().map(|ip: std::net::IpAddr| ip.into()));
            match parsed {
                Ok(network) => networks.push(network),
                Err(_) => self
                    .faults
                    .push(format!("{name} holds {text:?}, which is no network such as 10.0.0.0/8")),
            }
        }
        networks
    }

    pub fn list(&mut self, name: &str, default: &str) -> Vec<String> {
        let text = self.text(name).unwrap_or_else(|| default.to_owned());
        text.split([',', ' ']).filter(|part| !part.is_empty()).map(str::to_owned).collect()
    }
}

pub fn is_safe(url: &Url) -> bool {
    url.scheme() == "https" || (url.scheme() == "http" && is_loopback(url))
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}
