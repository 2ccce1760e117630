//! How often a token may be used, and how much a merchant may ask for at the same time (SEC-16).

use std::net::IpAddr;

use uuid::Uuid;

use crate::web::limits::{AtOnce, Limit};

/// Requests of one token in a minute, and at once after a rest.
const PER_MINUTE: u32 = 600;
const BURST: u32 = 100;
/// Requests of one merchant that are worked on at the same time, in this process.
const AT_ONCE: usize = 20;
/// Requests of one address in a minute, and at once after a rest, good or not: who guesses at tokens
/// asks the database each time. Room for five programs behind one address.
const OF_ADDRESS_PER_MINUTE: u32 = 3_000;
const OF_ADDRESS_BURST: u32 = 500;

pub struct ApiLimits {
    pub of_address: Limit<Option<IpAddr>>,
    pub requests: Limit<String>,
    /// By merchant; by person where one of the platform's programs asks.
    pub at_once: AtOnce<Uuid>,
}

impl Default for ApiLimits {
    fn default() -> Self {
        Self {
            of_address: Limit::in_bursts("api_of_address", OF_ADDRESS_PER_MINUTE, OF_ADDRESS_BURST),
            requests: Limit::in_bursts("api_requests", PER_MINUTE, BURST),
            at_once: AtOnce::new("api_at_once", AT_ONCE, 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Error;

    #[test]
    fn sec_16_a_merchant_has_twenty_places_and_gets_them_back() {
        let (at_once, merchant) = (ApiLimits::default().at_once, Uuid::now_v7());
        let mut places: Vec<_> = (0..AT_ONCE).map(|_| at_once.take(&merchant).unwrap()).collect();
        assert!(matches!(at_once.take(&merchant), Err(Error::TooManyRequests { .. })));
        assert!(at_once.take(&Uuid::now_v7()).is_ok(), "another merchant has its own");
        places.pop();
        places.push(at_once.take(&merchant).unwrap());
        assert!(at_once.take(&merchant).is_err());
        drop(places);
        assert!(at_once.is_empty());
    }
}
