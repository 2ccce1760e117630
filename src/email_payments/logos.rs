//! The logos that letters bring along.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use diesel::PgConnection;

use super::queries::page_settings::logo_bytes;
use crate::kernel::{MerchantId, PageLogoId};
use crate::store::Store;

/// Logos that are kept at most, some dozen kilobytes each; beyond, all are forgotten.
const KEPT_MAX: usize = 100;

/// Reads each logo once: what an id names never changes.
#[derive(Clone)]
pub struct Logos {
    store: Store,
    kept: Arc<Mutex<HashMap<PageLogoId, Arc<[u8]>>>>,
}

impl Logos {
    #[must_use]
    pub fn new(store: Store) -> Self {
        Self { store, kept: Arc::default() }
    }

    /// A logo's bytes. One that can't be read holds up no letter: it leaves without.
    pub fn get(
        &self,
        conn: &mut PgConnection,
        merchant_id: MerchantId,
        id: PageLogoId,
    ) -> Option<Arc<[u8]>> {
        let known = self.kept.lock().unwrap_or_else(PoisonError::into_inner).get(&id).cloned();
        if known.is_some() {
            return known;
        }
        match logo_bytes(conn, &self.store, merchant_id, id) {
            Ok(bytes) => {
                let bytes: Arc<[u8]> = bytes.into();
                let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
                if kept.len() >= KEPT_MAX {
                    kept.clear();
                }
                kept.insert(id, bytes.clone());
                Some(bytes)
            }
            Err(error) => {
                tracing::warn!(logo.id = %id, ?error, "a logo could not be read");
                None
            }
        }
    }
}
