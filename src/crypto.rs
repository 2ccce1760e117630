//! Secrets: random tokens, their hashes, and texts that only we can read again.

use std::fmt;

use aes_gcm::aead::{Aead as _, Payload};
use aes_gcm::{Aes256Gcm, Key, KeyInit as _, Nonce};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac as _};
use rand::TryRngCore as _;
use rand::rngs::OsRng;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

use crate::kernel::Error;

/// SHA-256 of a secret: what the database keeps of it.
#[must_use]
pub fn hash(content: impl AsRef<[u8]>) -> Vec<u8> {
    Sha256::digest(content).to_vec()
}

/// `BYTES` random bytes from the operating system.
pub fn random<const BYTES: usize>() -> Result<[u8; BYTES], Error> {
    let mut bytes = [0; BYTES];
    OsRng.try_fill_bytes(&mut bytes).map_err(Error::internal)?;
    Ok(bytes)
}

/// A random token for a URL or a cookie: `BYTES` bytes as base64url without padding.
pub fn token<const BYTES: usize>() -> Result<String, Error> {
    Ok(URL_SAFE_NO_PAD.encode(random::<BYTES>()?))
}

/// Compares two secrets in a time that does not tell how much of them agrees.
#[must_use]
pub fn equal(one: &[u8], other: &[u8]) -> bool {
    one.ct_eq(other).into()
}

/// The keys of `ENCRYPTION_KEYS`: the first writes, all read, so that a key can be replaced while
/// the product runs. Texts are sealed with AES-256-GCM for one row: moved to another, they don't open.
#[derive(Clone)]
pub struct Keyring(Vec<StoredKey>);

#[derive(Clone)]
struct StoredKey {
    id: [u8; 4],
    cipher: Aes256Gcm,
    secret: [u8; 32],
}

/// Bytes before the sealed text: key id and nonce.
const ID_LENGTH: usize = 4;
const NONCE_LENGTH: usize = 12;

impl Keyring {
    /// Reads keys with commas between them, current first; base64, 32 bytes each.
    ///
    /// # Errors
    /// A sentence that says which key is wrong and why.
    pub fn parse(keys: &str) -> Result<Self, String> {
        let mut ring = Vec::new();
        for (place, text) in keys.split(',').map(str::trim).enumerate() {
            let number = place + 1;
            let bytes = STANDARD.decode(text).map_err(|_| format!("key {number} is not base64"))?;
            let secret: [u8; 32] = bytes.try_into().map_err(|bytes: Vec<u8>| {
                format!("key {number} has {} bytes instead of 32", bytes.len())
            })?;
            if secret.iter().all(|byte| *byte == secret[0]) {
                return Err(format!("key {number} is one byte repeated"));
            }
            let digest = Sha256::digest(secret);
            let mut id = [0; ID_LENGTH];
            id.copy_from_slice(digest.get(..ID_LENGTH).unwrap_or(&[0; ID_LENGTH]));
            let cipher = Aes256Gcm::new(Key::<Aes256Gcm>::from_slice(&secret));
            ring.push(StoredKey { id, cipher, secret });
        }
        Ok(Self(ring))
    }

    /// Seals `text` for the row `row`: key id, nonce, sealed text.
    pub fn seal(&self, row: Uuid, text: &str) -> Result<Vec<u8>, Error> {
        let key = self.0.first().ok_or_else(|| Error::internal("no encryption key"))?;
        let nonce = random::<NONCE_LENGTH>()?;
        let payload = Payload { msg: text.as_bytes(), aad: row.as_bytes() };
        let sealed = key
            .cipher
            .encrypt(Nonce::from_slice(&nonce), payload)
            .map_err(|_| Error::internal("encryption failed"))?;
        Ok([&key.id[..], &nonce[..], &sealed[..]].concat())
    }

    /// Opens what [`Keyring::seal`] made for the same row.
    pub fn open(&self, row: Uuid, sealed: &[u8]) -> Result<String, Error> {
        let broken =
            || Error::internal("a sealed text does not open: is a key of ENCRYPTION_KEYS missing?");
        let (id, rest) = sealed.split_at_checked(ID_LENGTH).ok_or_else(broken)?;
        let (nonce, text) = rest.split_at_checked(NONCE_LENGTH).ok_or_else(broken)?;
        let key = self.0.iter().find(|key| key.id == id).ok_or_else(broken)?;
        let payload = Payload { msg: text, aad: row.as_bytes() };
        let plain = key.cipher.decrypt(Nonce::from_slice(nonce), payload).map_err(|_| broken())?;
        String::from_utf8(plain).map_err(|_| broken())
    }

    /// A signature over `text` for one purpose (HMAC-SHA-256 with a key made from the current one),
    /// as base64url.
    pub fn sign(&self, purpose: &str, text: &str) -> Result<String, Error> {
        let key = self.0.first().ok_or_else(|| Error::internal("no encryption key"))?;
        Ok(URL_SAFE_NO_PAD.encode(key.mac(purpose, text)?))
    }

    /// Whether [`Keyring::sign`] made `signature`, with any of the keys.
    #[must_use]
    pub fn verify(&self, purpose: &str, text: &str, signature: &str) -> bool {
        let Ok(given) = URL_SAFE_NO_PAD.decode(signature) else { return false };
        self.0.iter().any(|key| key.mac(purpose, text).is_ok_and(|mac| equal(&mac, &given)))
    }

    /// A key for actix-session's cookie, which wants 64 bytes.
    pub fn cookie_key(&self) -> Result<[u8; 64], Error> {
        let key = self.0.first().ok_or_else(|| Error::internal("no encryption key"))?;
        let mut bytes = [0; 64];
        for (half, purpose) in bytes.chunks_exact_mut(32).zip(["cookie 1", "cookie 2"]) {
            half.copy_from_slice(&key.mac(purpose, "")?);
        }
        Ok(bytes)
    }
}

impl StoredKey {
    fn mac(&self, purpose: &str, text: &str) -> Result<Vec<u8>, Error> {
        let mut mac =
            <Hmac<Sha256> as hmac::Mac>::new_from_slice(&self.secret).map_err(Error::internal)?;
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(text.as_bytes());
        Ok(mac.finalize().into_bytes().to_vec())
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keyring({} keys)", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> String {
        STANDARD.encode(random::<32>().unwrap())
    }

    #[test]
    fn sec_21_a_sealed_text_opens_for_its_row_only() {
        let ring = Keyring::parse(&key()).unwrap();
        let (row, other) = (Uuid::now_v7(), Uuid::now_v7());
        let sealed = ring.seal(row, "secret").unwrap();
        assert_eq!(ring.open(row, &sealed).unwrap(), "secret");
        assert!(ring.open(other, &sealed).is_err());
        assert!(ring.open(row, &sealed[..10]).is_err());
        assert!(!sealed.windows(6).any(|window| window == b"secret"));
    }

    #[test]
    fn sec_21_a_replaced_key_still_reads() {
        let (old, new) = (key(), key());
        let row = Uuid::now_v7();
        let sealed = Keyring::parse(&old).unwrap().seal(row, "x").unwrap();
        let signature = Keyring::parse(&old).unwrap().sign("callback", "x").unwrap();
        let both = Keyring::parse(&format!("{new}, {old}")).unwrap();
        assert_eq!(both.open(row, &sealed).unwrap(), "x");
        assert!(both.verify("callback", "x", &signature));
        assert!(!both.verify("other", "x", &signature));
        assert!(Keyring::parse(&new).unwrap().open(row, &sealed).is_err());
    }

    #[test]
    fn sec_21_weak_keys_are_refused() {
        for (keys, reason) in [
            ("", "bytes instead of 32"),
            ("%%%", "not base64"),
            ("c2hvcnQ=", "5 bytes instead of 32"),
            (&STANDARD.encode([7; 32]), "one byte repeated"),
        ] {
            assert!(Keyring::parse(keys).is_err_and(|error| error.contains(reason)), "{keys}");
        }
    }
}
