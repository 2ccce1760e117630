//! The payments, in memory and in a file that survives a restart.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::blacklist::Blacklist;
use super::payment::{Attempt, Payment};

/// The number before the first transaction's.
const FIRST_NUMBER: u64 = 7_000_000;

/// Everything that the gateway remembers.
#[derive(Serialize, Deserialize)]
pub struct State {
    /// The last transaction number given out.
    pub number: u64,
    /// By merchant token.
    pub payments: BTreeMap<String, Payment>,
    #[serde(default)]
    pub blacklist: Blacklist,
}

impl State {
    pub fn by_customer_token(&mut self, token: &str) -> Option<(&mut Payment, &mut u64)> {
        let number = &mut self.number;
        self.payments
            .values_mut()
            .find(|payment| payment.customer_token == token)
            .map(|payment| (payment, number))
    }

    /// Everything that an account's payments have seen here, oldest first.
    pub fn attempts(&self, account: &str) -> Vec<(&Payment, &Attempt)> {
        let payments = self.payments.values().filter(|payment| payment.account == account);
        let mut found: Vec<(&Payment, &Attempt)> = payments
            .flat_map(|payment| payment.attempts.iter().map(move |attempt| (payment, attempt)))
            .filter(|(payment, attempt)| {
                !payment.is_earlier || attempt.ref_transaction_id.is_some()
            })
            .collect();
        found.sort_by_key(|(_, attempt)| attempt.date);
        found
    }

    pub fn by_transaction(
        &mut self,
        account: &str,
        transaction_id: &str,
    ) -> Option<(&mut Payment, &mut u64)> {
        let number = &mut self.number;
        let holds = |payment: &&mut Payment| {
            payment.account == account
                && payment.attempts.iter().any(|a| a.transaction_id == transaction_id)
        };
        self.payments.values_mut().find(holds).map(|payment| (payment, number))
    }
}

/// One lock for all payments: two requests never work on the same one at the same time.
pub struct Store {
    file: Option<PathBuf>,
    state: Mutex<State>,
    /// While on, time decides no attempt.
    pub holds: AtomicBool,
}

impl Store {
    /// Reads the file, or begins without payments where there is none.
    pub fn open(file: Option<PathBuf>) -> io::Result<Self> {
        let kept = match file.as_deref().map(fs::read) {
            Some(Ok(bytes)) => Some(serde_json::from_slice(&bytes)?),
            Some(Err(error)) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            Some(Err(_)) | None => None,
        };
        let state = kept.unwrap_or_else(|| State {
            number: FIRST_NUMBER,
            payments: BTreeMap::new(),
            blacklist: Blacklist::default(),
        });
        Ok(Self { file, state: Mutex::new(state), holds: AtomicBool::new(false) })
    }

    /// Reads at `now`: what time has decided meanwhile is decided first.
    pub fn read<T>(&self, now: DateTime<Utc>, work: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.lock();
        if self.settle(&mut state, now) {
            self.save(&state);
        }
        work(&mut state)
    }

    /// Changes at `now` and writes the file.
    pub fn change<T>(&self, now: DateTime<Utc>, work: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.lock();
        self.settle(&mut state, now);
        let answer = work(&mut state);
        self.save(&state);
        answer
    }

    /// Decides the pending attempts whose time is up; whether there were any.
    fn settle(&self, state: &mut State, now: DateTime<Utc>) -> bool {
        let is_held = self.holds.load(Ordering::Relaxed);
        let mut any = false;
        for payment in state.payments.values_mut().filter(|one| !is_held && one.is_ripe(now)) {
            payment.decide(true, now);
            any = true;
        }
        any
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn save(&self, state: &State) {
        let Some(file) = &self.file else { return };
        if let Err(error) = write(file, state) {
            tracing::error!(%error, "the sandbox gateway could not write its payments");
        }
    }
}

/// Beside the file first, then over it: a reader finds the old content or the new, never half.
/// Merchant tokens are secrets, so only the owner may read it.
fn write(file: &Path, state: &State) -> io::Result<()> {
    let beside = file.with_extension("new");
    let mut options = fs::OpenOptions::new();
    let mut new = options.write(true).create(true).truncate(true).mode(0o600).open(&beside)?;
    new.write_all(&serde_json::to_vec(state)?)?;
    fs::rename(&beside, file)
}
