//! What the provider keeps in memory.

use std::collections::{BTreeMap, HashMap};

use super::keys::Keys;
use super::{Fault, Person, random_text};

const CODE_LIFETIME_SECONDS: i64 = 60;
const ACCESS_TOKEN_LIFETIME_SECONDS: u64 = 8 * 60 * 60;

pub(super) struct State {
    pub(super) keys: Keys,
    pub(super) people: Vec<Person>,
    pub(super) fault: Option<Fault>,
    pub(super) access_token_lifetime_seconds: u64,
    /// `Cache-Control` of `/jwks`.
    pub(super) keys_cache_control: String,
    pub(super) is_down: bool,
    /// How often each address was asked for, by its path.
    pub(super) requests: BTreeMap<String, u64>,
    /// In the order in which they began.
    pub(super) sessions: Vec<Session>,
    /// By code, until it is redeemed.
    grants: HashMap<String, Grant>,
    /// Of the last ID token, for one that repeats it.
    pub(super) nonce_before: String,
    /// Of the last logout token, for one that repeats it.
    pub(super) jti_before: String,
}

/// Somebody signed in here with this browser.
#[derive(Clone)]
pub(super) struct Session {
    pub(super) cookie: String,
    pub(super) subject: String,
    /// The `sid` claim; not the cookie's value.
    pub(super) sid: String,
    /// Seconds since 1970, as all times in tokens.
    pub(super) authenticated_at: i64,
}

/// What a code stands for.
#[derive(Clone)]
pub(super) struct Grant {
    pub(super) session: Session,
    pub(super) nonce: String,
    pub(super) code_challenge: String,
    pub(super) scope: String,
    pub(super) granted_at: i64,
}

impl State {
    pub(super) fn new(keys: Keys, people: Vec<Person>) -> Self {
        Self {
            keys,
            people,
            fault: None,
            access_token_lifetime_seconds: ACCESS_TOKEN_LIFETIME_SECONDS,
            keys_cache_control: "public, max-age=300".to_owned(),
            is_down: false,
            requests: BTreeMap::new(),
            sessions: Vec::new(),
            grants: HashMap::new(),
            nonce_before: random_text(),
            jti_before: random_text(),
        }
    }

    pub(super) fn person(&self, subject: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.subject == subject)
    }

    /// Makes a code for a grant.
    pub(super) fn grant(&mut self, grant: Grant) -> String {
        let now = grant.granted_at;
        self.grants.retain(|_, other| other.is_alive(now));
        let code = random_text();
        self.grants.insert(code.clone(), grant);
        code
    }

    /// Spends a code: whatever becomes of it, it works once.
    pub(super) fn redeem(&mut self, code: &str, now: i64) -> Option<Grant> {
        self.grants.remove(code).filter(|grant| grant.is_alive(now))
    }
}

impl Grant {
    const fn is_alive(&self, now: i64) -> bool {
        now < self.granted_at + CODE_LIFETIME_SECONDS
    }
}
