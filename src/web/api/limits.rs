//! How often a token may be used, and how much a merchant may ask for at the same time (SEC-16).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::kernel::{Error, MerchantId};
use crate::web::limits::Limit;

/// Requests of one token in a minute, and at once after a rest.
const PER_MINUTE: u32 = 600;
const BURST: u32 = 100;
/// Requests of one merchant that are worked on at the same time, in this process.
const AT_ONCE: usize = 20;

pub struct ApiLimits {
    pub requests: Limit<String>,
    pub at_once: AtOnce,
}

impl Default for ApiLimits {
    fn default() -> Self {
        Self { requests: Limit::in_bursts(PER_MINUTE, BURST), at_once: AtOnce::default() }
    }
}

/// The requests that are being worked on, by merchant.
#[derive(Clone, Default)]
pub struct AtOnce(Arc<Mutex<HashMap<MerchantId, usize>>>);

/// One request that is being worked on; dropped, it makes room for the next.
pub struct Ticket {
    of: AtOnce,
    merchant_id: MerchantId,
}

impl AtOnce {
    /// Takes one of the merchant's places; [`Error::TooManyRequests`] when all are taken.
    pub fn enter(&self, merchant_id: MerchantId) -> Result<Ticket, Error> {
        let mut busy = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = busy.entry(merchant_id).or_default();
        if *count >= AT_ONCE {
            return Err(Error::TooManyRequests { retry_after_seconds: 1 });
        }
        *count += 1;
        Ok(Ticket { of: self.clone(), merchant_id })
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let mut busy = self.of.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = busy.get_mut(&self.merchant_id) {
            *count -= 1;
            if *count == 0 {
                busy.remove(&self.merchant_id);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sec_16_a_merchant_has_twenty_places_and_gets_them_back() {
        let (at_once, merchant) = (AtOnce::default(), MerchantId::new());
        let mut tickets: Vec<Ticket> =
            (0..AT_ONCE).map(|_| at_once.enter(merchant).unwrap()).collect();
        assert!(matches!(at_once.enter(merchant), Err(Error::TooManyRequests { .. })));
        assert!(at_once.enter(MerchantId::new()).is_ok(), "another merchant has its own");
        tickets.pop();
        tickets.push(at_once.enter(merchant).unwrap());
        assert!(at_once.enter(merchant).is_err());
        drop(tickets);
        assert!(at_once.0.lock().unwrap().is_empty());
    }
}
