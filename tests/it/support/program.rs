//! A program that calls the API: a token, no cookies.

use central::access_tokens::{self, NewToken};
use central::auth::SystemScope;
use central::auth::api::Scope;
use central::auth::audit::{Actor, By};
use central::kernel::MerchantId;
use openidconnect::reqwest::Method;
use serde_json::Value;

use super::{ANNA, BRUNO, Browser, Page, TestApp};

/// A token as its maker would have copied it.
#[derive(Clone)]
pub struct Issued {
    pub id: String,
    pub token: String,
}

/// A program with a token.
#[derive(Clone)]
pub struct Program {
    http: Browser,
    pub token: String,
}

impl Program {
    pub fn speaking(mut self, language: &str) -> Self {
        self.http = self.http.speaking(language);
        self
    }

    pub async fn get(&self, path: &str) -> Page {
        self.request(Method::GET, path, &[], "").await
    }

    /// A POST with a key of its own, where one is given.
    pub async fn post(&self, path: &str, key: Option<&str>, body: &Value) -> Page {
        let mut headers = vec![("Content-Type", "application/json")];
        headers.extend(key.map(|key| ("Idempotency-Key", key)));
        self.request(Method::POST, path, &headers, &body.to_string()).await
    }

    pub async fn request(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Page {
        let bearer = format!("Bearer {}", self.token);
        let mut all = vec![("Authorization", bearer.as_str())];
        all.extend(headers);
        self.http.clone().request(method, path, &all, body).await
    }
}

impl TestApp {
    /// A token of somebody's for thirty days: of Bruno's for the second merchant, of all others' for
    /// the first.
    pub fn access_token(&self, person: &str, scopes: &[Scope]) -> Issued {
        let merchant = if person == BRUNO { self.world.second } else { self.world.first };
        self.access_token_for(merchant, person, scopes)
    }

    pub fn access_token_for(
        &self,
        merchant_id: MerchantId,
        person: &str,
        scopes: &[Scope],
    ) -> Issued {
        let user_id = self.text(&format!("SELECT id FROM users WHERE subject = '{person}'"));
        let now = self.clock.now();
        let new = NewToken {
            user_id: user_id.parse().expect("an id"),
            name: format!("Shop of {person}"),
            scopes: scopes.to_vec(),
            created_at: now,
            expires_at: now + chrono::Duration::days(30),
        };
        let scope = SystemScope::found(merchant_id);
        let by = By::other(Actor::System);
        let token = self
            .db()
            .run_blocking(&scope.tenants(), |conn| {
                access_tokens::insert(conn, scope.into(), &by, &new)
            })
            .expect("a token");
        let hash = data_encoding::HEXLOWER.encode(&central::crypto::hash(&token));
        let id = self.text(&format!(
            "SELECT id FROM access_tokens WHERE token_hash = decode('{hash}', 'hex')"
        ));
        Issued { id, token }
    }

    /// A program with this token.
    pub fn program(&self, token: &str) -> Program {
        Program { http: self.browser(), token: token.to_owned() }
    }

    /// A program of the owner of the first merchant that may do everything.
    pub fn annas_program(&self) -> Program {
        self.program(&self.access_token(ANNA, &Scope::ALL).token)
    }
}

impl Page {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.body))
    }
}
