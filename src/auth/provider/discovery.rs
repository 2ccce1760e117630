//! What the provider says about itself: metadata and keys, fetched when they are first needed, kept,
//! and renewed in the background (SEC-8). The product starts without the provider.
//!
//! Sources: OpenID Connect Discovery 1.0 section 4.3, OpenID Connect Core 1.0 section 10.1.1.

use std::num::NonZeroU32;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use openidconnect::core::{
    CoreAuthDisplay, CoreClaimName, CoreClaimType, CoreClientAuthMethod, CoreGrantType,
    CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm,
    CoreResponseMode, CoreResponseType, CoreSubjectIdentifierType,
};
use openidconnect::{AdditionalProviderMetadata, ProviderMetadata, TokenUrl, UserInfoUrl};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;
use url::Url;

use super::http::Http;
use super::jws::Keys;
use crate::kernel::Clock;
use crate::metrics;

/// How long metadata is believed before it is fetched anew.
const METADATA_LIFE: TimeDelta = TimeDelta::days(1);
/// Bounds of what the answer's headers may say of the keys' life.
const KEYS_LIFE_MIN: Duration = Duration::from_secs(5 * 60);
const KEYS_LIFE_MAX: Duration = Duration::from_secs(60 * 60);
/// Keys stay in use for this long where they can't be renewed; metadata for ever.
const KEYS_STALE_MAX: TimeDelta = TimeDelta::hours(24);
/// After a failure nobody asks again for this long; where nothing is known yet, for less.
const RETRY_AFTER: TimeDelta = TimeDelta::seconds(10);
const RETRY_COLD_AFTER: TimeDelta = TimeDelta::seconds(2);
/// What those hear who come meanwhile.
const JUST_FAILED: &str = "it has just not answered";
/// Keys are fetched out of turn, for an unknown key id, this often at once; one more each minute.
const FORCED_FETCHES: u32 = 5;

/// What we read of the metadata beyond the library's own.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Extra {
    pub end_session_endpoint: Option<Url>,
    pub authorization_response_iss_parameter_supported: Option<bool>,
}

impl AdditionalProviderMetadata for Extra {}

pub(super) type Metadata = ProviderMetadata<
    Extra,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

/// Something that was fetched, and for how long it is fresh.
struct Kept<T> {
    value: Arc<T>,
    fetched_at: DateTime<Utc>,
    life: TimeDelta,
}

impl<T> Kept<T> {
    fn age(&self, now: DateTime<Utc>) -> TimeDelta {
        now - self.fetched_at
    }
}

/// A place for one kept thing, and the time of the last failure to renew it.
struct Place<T> {
    kept: RwLock<Option<Kept<T>>>,
    failed_at: RwLock<Option<DateTime<Utc>>>,
}

/// Whom a fetch out of turn is for: a flood at one door does not empty the other's bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Door {
    SignIn,
    /// Access tokens and logout tokens: anybody can send one.
    Outside,
}

pub(super) struct Discovery {
    issuer: String,
    clock: Clock,
    http: Http,
    metadata: Place<Metadata>,
    keys: Place<Keys>,
    /// One fetch at a time.
    fetching: Mutex<()>,
    forced: [DefaultDirectRateLimiter; 2],
}

impl<T> Place<T> {
    const fn empty() -> Self {
        Self { kept: RwLock::new(None), failed_at: RwLock::new(None) }
    }

    /// What is kept, while it is fresh.
    fn fresh(&self, now: DateTime<Utc>) -> Option<Arc<T>> {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref().filter(|kept| kept.age(now) < kept.life).map(|kept| kept.value.clone())
    }

    /// What is kept, up to an age.
    fn stale(&self, now: DateTime<Utc>, age_max: TimeDelta) -> Option<Arc<T>> {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref().filter(|kept| kept.age(now) < age_max).map(|kept| kept.value.clone())
    }

    fn put(&self, value: T, fetched_at: DateTime<Utc>, life: TimeDelta) -> Arc<T> {
        let value = Arc::new(value);
        let kept = Kept { value: value.clone(), fetched_at, life };
        *self.kept.write().unwrap_or_else(PoisonError::into_inner) = Some(kept);
        *self.failed_at.write().unwrap_or_else(PoisonError::into_inner) = None;
        value
    }

    fn note_failure(&self, now: DateTime<Utc>) {
        *self.failed_at.write().unwrap_or_else(PoisonError::into_inner) = Some(now);
    }

    fn has_failed_within(&self, span: TimeDelta, now: DateTime<Utc>) -> bool {
        let failed_at = *self.failed_at.read().unwrap_or_else(PoisonError::into_inner);
        failed_at.is_some_and(|at| now - at < span)
    }

    /// Whether it is known and four fifths of its life are over: time to renew it.
    fn is_due(&self, now: DateTime<Utc>) -> bool {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref().is_some_and(|kept| kept.age(now) >= kept.life * 4 / 5)
            && !self.has_failed_within(RETRY_AFTER, now)
    }
}

impl Discovery {
    pub fn new(issuer: String, clock: Clock, http: Http) -> Self {
        let bucket = || {
            let burst = NonZeroU32::new(FORCED_FETCHES).unwrap_or(NonZeroU32::MIN);
            RateLimiter::direct(Quota::per_minute(NonZeroU32::MIN).allow_burst(burst))
        };
        Self {
            issuer,
            clock,
            http,
            metadata: Place::empty(),
            keys: Place::empty(),
            fetching: Mutex::new(()),
            forced: [bucket(), bucket()],
        }
    }

    /// The metadata, or in words why there is none.
    pub async fn metadata(&self) -> Result<Arc<Metadata>, String> {
        if let Some(known) = self.metadata.fresh(self.clock.now()) {
            return Ok(known);
        }
        let _one_at_a_time = self.fetching.lock().await;
        self.metadata_or_fetch().await
    }

    /// The keys, or in words why there are none.
    pub async fn keys(&self) -> Result<Arc<Keys>, String> {
        if let Some(known) = self.keys.fresh(self.clock.now()) {
            return Ok(known);
        }
        let _one_at_a_time = self.fetching.lock().await;
        let now = self.clock.now();
        if let Some(known) = self.keys.fresh(now) {
            return Ok(known);
        }
        let stale = self.keys.stale(now, KEYS_STALE_MAX);
        match &stale {
            Some(stale) if self.keys.has_failed_within(RETRY_AFTER, now) => {
                return Ok(stale.clone());
            }
            None if self.keys.has_failed_within(RETRY_COLD_AFTER, now) => {
                return Err(JUST_FAILED.to_owned());
            }
            _ => {}
        }
        match (self.fetch_keys().await, stale) {
            (Ok(keys), _) => Ok(keys),
            (Err(error), Some(stale)) => {
                tracing::warn!(%error, "the provider's keys could not be renewed: the last good ones stay");
                Ok(stale)
            }
            (Err(error), None) => Err(error),
        }
    }

    /// The keys, fetched out of turn because `seen` lack one; `None` when that has been done too
    /// often; in words why it can't be done.
    pub async fn keys_again(
        &self,
        seen: &Arc<Keys>,
        door: Door,
    ) -> Result<Option<Arc<Keys>>, String> {
        let _one_at_a_time = self.fetching.lock().await;
        // Somebody else has fetched while we waited.
        if let Some(known) = self.keys.fresh(self.clock.now())
            && !Arc::ptr_eq(&known, seen)
        {
            return Ok(Some(known));
        }
        let [sign_in, outside] = &self.forced;
        let bucket = if door == Door::SignIn { sign_in } else { outside };
        if bucket.check().is_err() {
            tracing::warn!(?door, "too many unknown keys: the provider is not asked again");
            return Ok(None);
        }
        self.fetch_keys().await.map(Some)
    }

    /// Renews what is old, before anybody has to wait for it; how many things. What was never asked
    /// for is left alone.
    pub async fn renew_due(&self) -> usize {
        let (is_metadata_due, are_keys_due) =
            (self.metadata.is_due(self.clock.now()), self.keys.is_due(self.clock.now()));
        if !is_metadata_due && !are_keys_due {
            return 0;
        }
        let _one_at_a_time = self.fetching.lock().await;
        let mut renewed = 0;
        if is_metadata_due {
            match self.fetch_metadata().await {
                Ok(_) => renewed += 1,
                Err(error) => {
                    tracing::warn!(%error, "the provider's metadata could not be renewed");
                }
            }
        }
        if are_keys_due {
            match self.fetch_keys().await {
                Ok(_) => renewed += 1,
                Err(error) => {
                    tracing::warn!(%error, "the provider's keys could not be renewed");
                }
            }
        }
        renewed
    }

    /// Under the lock.
    async fn metadata_or_fetch(&self) -> Result<Arc<Metadata>, String> {
        let now = self.clock.now();
        if let Some(known) = self.metadata.fresh(now) {
            return Ok(known);
        }
        let stale = self.metadata.stale(now, TimeDelta::MAX);
        match &stale {
            Some(stale) if self.metadata.has_failed_within(RETRY_AFTER, now) => {
                return Ok(stale.clone());
            }
            None if self.metadata.has_failed_within(RETRY_COLD_AFTER, now) => {
                return Err(JUST_FAILED.to_owned());
            }
            _ => {}
        }
        match (self.fetch_metadata().await, stale) {
            (Ok(metadata), _) => Ok(metadata),
            (Err(error), Some(stale)) => {
                tracing::warn!(%error, "the provider's metadata could not be renewed: the last good copy stays");
                Ok(stale)
            }
            (Err(error), None) => Err(error),
        }
    }

    async fn fetch_metadata(&self) -> Result<Arc<Metadata>, String> {
        let now = self.clock.now();
        let fetched = async {
            let url =
                self.issuer.trim_end_matches('/').to_owned() + "/.well-known/openid-configuration";
            let url = Url::parse(&url).map_err(|error| error.to_string())?;
            let document = self.http.get(&url).await.map_err(|error| super::chain(&error))?;
            let metadata: Metadata = serde_json::from_slice(&document.body)
                .map_err(|error| format!("the metadata can't be read: {error}"))?;
            if metadata.issuer().as_str() != self.issuer {
                return Err("the metadata is another issuer's".to_owned());
            }
            for address in addresses(&metadata) {
                self.http.is_allowed(address).map_err(|error| error.to_string())?;
            }
            Ok(metadata)
        };
        let fetched = fetched.await;
        metrics::provider_asked("metadata", fetched.is_ok());
        match fetched {
            Ok(metadata) => Ok(self.metadata.put(metadata, now, METADATA_LIFE)),
            Err(error) => {
                self.metadata.note_failure(now);
                Err(error)
            }
        }
    }

    /// Keys that are gone from a good answer are gone from here.
    async fn fetch_keys(&self) -> Result<Arc<Keys>, String> {
        let now = self.clock.now();
        let fetched = async {
            let metadata = self.metadata_or_fetch().await?;
            let url = metadata.jwks_uri().url();
            let document = self.http.get(url).await.map_err(|error| super::chain(&error))?;
            let keys = Keys::read(&document.body).ok_or("the keys can't be read")?;
            Ok((keys, document.max_age.unwrap_or(KEYS_LIFE_MIN)))
        };
        let fetched = fetched.await;
        metrics::provider_asked("keys", fetched.is_ok());
        match fetched {
            Ok((keys, max_age)) => {
                let life = max_age.clamp(KEYS_LIFE_MIN, KEYS_LIFE_MAX);
                Ok(self.keys.put(keys, now, TimeDelta::from_std(life).unwrap_or(TimeDelta::zero())))
            }
            Err(error) => {
                self.keys.note_failure(now);
                Err(error)
            }
        }
    }
}

/// Every place that we, or the browser, go to.
fn addresses(metadata: &Metadata) -> impl Iterator<Item = &Url> {
    [
        Some(metadata.authorization_endpoint().url()),
        metadata.token_endpoint().map(TokenUrl::url),
        Some(metadata.jwks_uri().url()),
        metadata.userinfo_endpoint().map(UserInfoUrl::url),
        metadata.additional_metadata().end_session_endpoint.as_ref(),
    ]
    .into_iter()
    .flatten()
}
