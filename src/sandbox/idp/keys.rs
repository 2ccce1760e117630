//! The keys that sign, and how they are published (RFC 7517, 7638).

use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::{fs, io};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rsa::pkcs1v15::{Signature, SigningKey, VerifyingKey};
use rsa::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _, LineEnding};
use rsa::rand_core::OsRng;
use rsa::signature::{RandomizedSigner as _, SignatureEncoding as _, Signer as _, Verifier as _};
use rsa::traits::PublicKeyParts as _;
use rsa::{RsaPrivateKey, RsaPublicKey, pss};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::fault::{Alg, KeysFault, replace};

const BITS: usize = 2048;
/// Too few: 2048 are the least that may sign (RFC 7518 3.3).
const SHORT_BITS: usize = 1024;

/// One RSA key pair.
pub(super) struct Key {
    kid: String,
    public: RsaPublicKey,
    private: RsaPrivateKey,
}

impl Key {
    fn new(private: RsaPrivateKey) -> Self {
        let public = private.to_public_key();
        let kid = thumbprint(&public);
        Self { kid, public, private }
    }

    /// The key that the file holds, else a new one that it holds from now on.
    pub(super) fn load_or_create(file: Option<&Path>) -> io::Result<Self> {
        match file.map(fs::read_to_string) {
            Some(Ok(pem)) => {
                RsaPrivateKey::from_pkcs8_pem(&pem).map(Self::new).map_err(io::Error::other)
            }
            Some(Err(error)) if error.kind() != io::ErrorKind::NotFound => Err(error),
            Some(Err(_)) | None => Self::create(file),
        }
    }

    /// A new key, kept in the file if there is one.
    pub(super) fn create(file: Option<&Path>) -> io::Result<Self> {
        let key = Self::make(BITS)?;
        if let Some(file) = file {
            let pem = key.private.to_pkcs8_pem(LineEnding::LF).map_err(io::Error::other)?;
            write_secret(file, pem.as_bytes())?;
        }
        Ok(key)
    }

    fn make(bits: usize) -> io::Result<Self> {
        RsaPrivateKey::new(&mut OsRng, bits).map(Self::new).map_err(io::Error::other)
    }

    pub(super) fn kid(&self) -> &str {
        &self.kid
    }

    /// By RS256.
    pub(super) fn sign(&self, text: &str) -> io::Result<Vec<u8>> {
        SigningKey::<Sha256>::new(self.private.clone())
            .try_sign(text.as_bytes())
            .map(|signature| signature.to_vec())
            .map_err(io::Error::other)
    }

    /// By PS256.
    pub(super) fn sign_pss(&self, text: &str) -> io::Result<Vec<u8>> {
        pss::SigningKey::<Sha256>::new(self.private.clone())
            .try_sign_with_rng(&mut OsRng, text.as_bytes())
            .map(|signature| signature.to_vec())
            .map_err(io::Error::other)
    }

    fn has_signed(&self, text: &str, signature: &[u8]) -> bool {
        let key = VerifyingKey::<Sha256>::new(self.public.clone());
        Signature::try_from(signature)
            .is_ok_and(|signature| key.verify(text.as_bytes(), &signature).is_ok())
    }

    /// The public half as it stands in `/jwks`.
    pub(super) fn jwk(&self) -> Value {
        let (n, e) = numbers(&self.public);
        json!({ "kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.kid, "n": n, "e": e })
    }
}

/// An elliptic key for ES256, which no good answer uses.
pub(super) struct EllipticKey(p256::ecdsa::SigningKey);

impl EllipticKey {
    fn make() -> io::Result<Self> {
        let secret: [u8; 32] = rand::random();
        p256::ecdsa::SigningKey::from_slice(&secret).map(Self).map_err(io::Error::other)
    }

    pub(super) const KID: &str = "elliptic";

    pub(super) fn sign(&self, text: &str) -> io::Result<Vec<u8>> {
        use p256::ecdsa::signature::Signer as _;
        let signature: Result<p256::ecdsa::Signature, _> = self.0.try_sign(text.as_bytes());
        signature.map(|signature| signature.to_bytes().to_vec()).map_err(io::Error::other)
    }

    fn jwk(&self) -> Value {
        // 4, then both coordinates (SEC 1, 2.3.3).
        let point = self.0.verifying_key().to_sec1_point(false);
        let (x, y) = point.as_bytes().get(1..).unwrap_or_default().split_at(32);
        json!({
            "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": Self::KID,
            "x": URL_SAFE_NO_PAD.encode(x), "y": URL_SAFE_NO_PAD.encode(y),
        })
    }
}

/// Keys that only faults use; made when one first does.
pub(super) struct Spare {
    pub(super) stranger: Key,
    pub(super) short: Key,
    pub(super) elliptic: EllipticKey,
}

/// The key that signs, the one before, which is still published, and the one before that, which is
/// not.
pub(super) struct Keys {
    current: Arc<Key>,
    previous: Option<Arc<Key>>,
    withdrawn: Option<Arc<Key>>,
    spare: OnceLock<Spare>,
}

impl Keys {
    pub(super) fn new(key: Key) -> Self {
        Self { current: Arc::new(key), previous: None, withdrawn: None, spare: OnceLock::new() }
    }

    pub(super) fn rotate(&mut self, key: Key) {
        let previous = std::mem::replace(&mut self.current, Arc::new(key));
        self.withdrawn = self.previous.replace(previous);
    }

    pub(super) fn current(&self) -> &Key {
        &self.current
    }

    pub(super) fn withdrawn(&self) -> io::Result<&Key> {
        self.withdrawn.as_deref().ok_or_else(|| io::Error::other("no key was withdrawn yet"))
    }

    pub(super) fn spare(&self) -> io::Result<&Spare> {
        if let Some(spare) = self.spare.get() {
            return Ok(spare);
        }
        let spare = Spare {
            stranger: Key::make(BITS)?,
            short: Key::make(SHORT_BITS)?,
            elliptic: EllipticKey::make()?,
        };
        Ok(self.spare.get_or_init(|| spare))
    }

    /// What `/jwks` says: good, or spoiled in one way. `alg`: what the tokens are signed with, when
    /// it is not RS256.
    pub(super) fn jwks(&self, fault: Option<KeysFault>, alg: Option<Alg>) -> io::Result<Value> {
        let mut keys: Vec<Value> = self.all().map(Key::jwk).collect();
        match fault {
            Some(KeysFault::ShortKey) => keys.push(self.spare()?.short.jwk()),
            Some(KeysFault::SeveralWithoutKid) => keys.push(self.spare()?.stranger.jwk()),
            Some(KeysFault::DuplicateKid) => {
                let mut stranger = self.spare()?.stranger.jwk();
                replace(&mut stranger, "kid", Some(json!(self.current.kid)));
                keys.insert(0, stranger);
            }
            Some(KeysFault::EncryptionKey) => {
                for key in &mut keys {
                    replace(key, "use", Some(json!("enc")));
                }
            }
            Some(
                KeysFault::NotJson
                | KeysFault::TooLarge
                | KeysFault::Redirect
                | KeysFault::Slow
                | KeysFault::ServerError
                | KeysFault::RotatedBeforeSigning,
            )
            | None => {}
        }
        match alg {
            Some(Alg::Es256) => keys.push(self.spare()?.elliptic.jwk()),
            Some(Alg::Ps256) => {
                for key in &mut keys {
                    replace(key, "alg", Some(json!("PS256")));
                }
            }
            Some(Alg::None | Alg::Hs256) | None => {}
        }
        Ok(json!({ "keys": keys }))
    }

    /// The claims of a token that one of these keys has signed; times are the caller's to check.
    pub(super) fn claims(&self, token: &str) -> Option<Value> {
        let (signed, signature) = token.rsplit_once('.')?;
        let (_, claims) = signed.split_once('.')?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        if !self.all().any(|key| key.has_signed(signed, &signature)) {
            return None;
        }
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()
    }

    fn all(&self) -> impl Iterator<Item = &Key> {
        [Some(&self.current), self.previous.as_ref()].into_iter().flatten().map(AsRef::as_ref)
    }
}

fn numbers(public: &RsaPublicKey) -> (String, String) {
    let text = |number: &rsa::BigUint| URL_SAFE_NO_PAD.encode(number.to_bytes_be());
    (text(public.n()), text(public.e()))
}

/// The key's id: its SHA-256 thumbprint (RFC 7638 3).
fn thumbprint(public: &RsaPublicKey) -> String {
    let (n, e) = numbers(public);
    let members = format!(r#"{{"e":"{e}","kty":"RSA","n":"{n}"}}"#);
    URL_SAFE_NO_PAD.encode(Sha256::digest(members))
}

/// Writes a file that only its owner can read, all of it or nothing.
fn write_secret(file: &Path, content: &[u8]) -> io::Result<()> {
    use std::io::Write as _;
    let draft = file.with_extension(format!("{:08x}", rand::random::<u32>()));
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(&draft)?.write_all(content)?;
    fs::rename(draft, file)
}
