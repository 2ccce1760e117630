//! How often something may be done (SEC-16): token buckets in memory, one per address or link.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::api::ApiLimits;
use crate::kernel::{Error, UserId};
use crate::metrics;

/// Buckets that are kept at most; beyond, those that are full again are forgotten.
const BUCKETS_MAX: usize = 50_000;

/// One kind of limit, with a bucket per key.
pub struct Limit<K: Hash + Eq + Clone> {
    /// In the figures.
    name: &'static str,
    buckets: DefaultKeyedRateLimiter<K>,
}

impl<K: Hash + Eq + Clone> Limit<K> {
    fn new(name: &'static str, quota: Quota) -> Self {
        metrics::begin_limit(name);
        Self { name, buckets: RateLimiter::keyed(quota) }
    }

    fn per_minute(name: &'static str, times: u32) -> Self {
        let times = NonZeroU32::new(times).unwrap_or(NonZeroU32::MIN);
        Self::new(name, Quota::per_minute(times))
    }

    fn per_hour(name: &'static str, times: u32) -> Self {
        let times = NonZeroU32::new(times).unwrap_or(NonZeroU32::MIN);
        Self::new(name, Quota::per_hour(times))
    }

    /// So many in a minute, and so many at once after a rest.
    pub(super) fn in_bursts(name: &'static str, times: u32, burst: u32) -> Self {
        let times = NonZeroU32::new(times).unwrap_or(NonZeroU32::MIN);
        let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
        Self::new(name, Quota::per_minute(times).allow_burst(burst))
    }

    /// Takes one; [`Error::TooManyRequests`] when there is none left.
    pub fn take(&self, key: &K) -> Result<(), Error> {
        if self.buckets.len() > BUCKETS_MAX {
            self.buckets.retain_recent();
        }
        self.buckets.check_key(key).map_err(|until| {
            metrics::rate_limited(self.name);
            let wait = until.wait_time_from(DefaultClock::default().now());
            Error::TooManyRequests { retry_after_seconds: wait.as_secs() + 1 }
        })
    }
}

/// What each may have so many of at a time, in this process.
#[derive(Clone)]
pub struct AtOnce<K: Hash + Eq + Clone> {
    /// In the figures.
    name: &'static str,
    most: usize,
    retry_after_seconds: u64,
    taken: Arc<Mutex<HashMap<K, usize>>>,
}

/// One place of somebody's, until it is dropped.
pub struct Place<K: Hash + Eq + Clone> {
    of: AtOnce<K>,
    key: K,
}

impl<K: Hash + Eq + Clone> AtOnce<K> {
    pub(super) fn new(name: &'static str, most: usize, retry_after_seconds: u64) -> Self {
        Self { name, most, retry_after_seconds, taken: Arc::default() }
    }

    /// How many places are taken.
    #[must_use]
    pub fn places_taken(&self) -> usize {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner).values().sum()
    }

    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    /// Takes a place; [`Error::TooManyRequests`] while all of them are taken.
    pub fn take(&self, key: &K) -> Result<Place<K>, Error> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let count = taken.entry(key.clone()).or_default();
        if *count >= self.most {
            metrics::rate_limited(self.name);
            return Err(Error::TooManyRequests { retry_after_seconds: self.retry_after_seconds });
        }
        *count += 1;
        Ok(Place { of: self.clone(), key: key.clone() })
    }
}

impl<K: Hash + Eq + Clone> Drop for Place<K> {
    fn drop(&mut self) {
        let mut taken = self.of.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = taken.get_mut(&self.key) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&self.key);
            }
        }
    }
}

/// The limits of the addresses that anybody can call, and of what costs much.
pub struct Limits {
    pub sign_in_start: Limit<Option<IpAddr>>,
    pub sign_in_callback: Limit<Option<IpAddr>>,
    pub back_channel_logout: Limit<Option<IpAddr>>,
    pub pay_page: Limit<Option<IpAddr>>,
    /// One beside each page.
    pub pay_logo: Limit<Option<IpAddr>>,
    pub unknown_pay_link: Limit<Option<IpAddr>>,
    pub invitation: Limit<Option<IpAddr>>,
    pub pay_post: Limit<Vec<u8>>,
    pub unverified_callback: Limit<Option<IpAddr>>,
    pub csp_report: Limit<Option<IpAddr>>,
    /// Files made of many rows: so many an hour, and one at a time.
    pub exports: Limit<UserId>,
    pub exports_at_once: AtOnce<UserId>,
    /// Single files: each holds one of the few connections for exports for as long as its reader takes.
    pub files_at_once: AtOnce<UserId>,
    pub uploads: Limit<UserId>,
    /// Documents that somebody of the platform publishes by the page.
    pub documents: Limit<UserId>,
    /// Tickets that a merchant's user opens.
    pub tickets: Limit<UserId>,
    pub api: ApiLimits,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            sign_in_start: Limit::per_minute("sign_in_start", 10),
            sign_in_callback: Limit::per_minute("sign_in_callback", 30),
            back_channel_logout: Limit::per_minute("back_channel_logout", 60),
            pay_page: Limit::per_minute("pay_page", 30),
            pay_logo: Limit::per_minute("pay_logo", 30),
            unknown_pay_link: Limit::per_minute("unknown_pay_link", 10),
            invitation: Limit::per_minute("invitation", 30),
            pay_post: Limit::per_minute("pay_post", 10),
            unverified_callback: Limit::per_minute("unverified_callback", 60),
            csp_report: Limit::per_minute("csp_report", 20),
            exports: Limit::per_hour("exports", 30),
            exports_at_once: AtOnce::new("exports_at_once", 1, 10),
            files_at_once: AtOnce::new("files_at_once", 2, 5),
            uploads: Limit::per_hour("uploads", 20),
            documents: Limit::per_hour("documents", 300),
            tickets: Limit::per_hour("tickets", 10),
            api: ApiLimits::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sec_16_an_empty_bucket_says_when_to_come_back() {
        let limit = Limit::per_minute("test", 2);
        assert!(limit.take(&1).is_ok() && limit.take(&1).is_ok());
        let Err(Error::TooManyRequests { retry_after_seconds }) = limit.take(&1) else {
            panic!("the third of two went through");
        };
        assert!((1..=31).contains(&retry_after_seconds), "{retry_after_seconds}");
        assert!(limit.take(&2).is_ok(), "another key has a bucket of its own");
    }

    #[test]
    fn sec_16_a_place_is_free_again_when_it_is_left() {
        let places = AtOnce::new("test", 1, 10);
        let place = places.take(&1).unwrap();
        assert!(matches!(places.take(&1), Err(Error::TooManyRequests { .. })));
        assert!(places.take(&2).is_ok());
        drop(place);
        assert!(places.take(&1).is_ok());
    }
}
