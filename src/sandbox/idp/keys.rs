//! RSA keys, and the tokens that they sign (RFC 7515, 7517, 7638).

use std::path::Path;
use std::sync::Arc;
use std::{fs, io};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rsa::pkcs1v15::{Signature, SigningKey, VerifyingKey};
use rsa::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _, LineEnding};
use rsa::rand_core::OsRng;
use rsa::signature::{SignatureEncoding as _, Signer as _, Verifier as _};
use rsa::traits::PublicKeyParts as _;
use rsa::{RsaPrivateKey, RsaPublicKey};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

const BITS: usize = 2048;

/// One key pair for RS256.
pub(super) struct Key {
    kid: String,
    public: RsaPublicKey,
    signing: SigningKey<Sha256>,
}

impl Key {
    fn new(private: RsaPrivateKey) -> Self {
        let public = private.to_public_key();
        let kid = thumbprint(&public);
        Self { kid, public, signing: SigningKey::new(private) }
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
        let private = RsaPrivateKey::new(&mut OsRng, BITS).map_err(io::Error::other)?;
        if let Some(file) = file {
            let pem = private.to_pkcs8_pem(LineEnding::LF).map_err(io::Error::other)?;
            write_secret(file, pem.as_bytes())?;
        }
        Ok(Self::new(private))
    }

    pub(super) fn kid(&self) -> &str {
        &self.kid
    }

    pub(super) fn sign(&self, text: &str) -> io::Result<Vec<u8>> {
        self.signing
            .try_sign(text.as_bytes())
            .map(|signature| signature.to_vec())
            .map_err(io::Error::other)
    }

    fn has_signed(&self, text: &str, signature: &[u8]) -> bool {
        let key = VerifyingKey::<Sha256>::new(self.public.clone());
        Signature::try_from(signature)
            .is_ok_and(|signature| key.verify(text.as_bytes(), &signature).is_ok())
    }

    /// The public half as it stands in `/jwks`.
    fn jwk(&self) -> Value {
        let (n, e) = numbers(&self.public);
        json!({ "kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.kid, "n": n, "e": e })
    }
}

/// The key that signs, and the one before, which is still published.
pub(super) struct Keys {
    current: Arc<Key>,
    previous: Option<Arc<Key>>,
}

impl Keys {
    pub(super) fn new(key: Key) -> Self {
        Self { current: Arc::new(key), previous: None }
    }

    pub(super) fn rotate(&mut self, key: Key) {
        self.previous = Some(std::mem::replace(&mut self.current, Arc::new(key)));
    }

    pub(super) fn current(&self) -> Arc<Key> {
        self.current.clone()
    }

    pub(super) fn jwks(&self) -> Value {
        json!({ "keys": self.all().map(Key::jwk).collect::<Vec<_>>() })
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

/// `header.claims`, ready to be signed.
pub(super) fn unsigned(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}", part(header), part(claims))
}

/// `header.claims.signature`.
pub(super) fn signed(unsigned: &str, signature: &[u8]) -> String {
    format!("{unsigned}.{}", URL_SAFE_NO_PAD.encode(signature))
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
