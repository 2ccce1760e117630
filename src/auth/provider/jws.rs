//! Signed tokens, up to their signature (SEC-7, steps 1 to 5): the same way for ID tokens, access
//! tokens and logout tokens. The cryptography is the library's; what a token may look like, and which
//! key may have signed it, is decided here.
//!
//! Sources: RFC 7515 (JWS), RFC 7517 (JWK), RFC 8725 (JWT best practice).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openidconnect::JsonWebKey as _;
use openidconnect::core::{CoreJsonWebKey, CoreJwsSigningAlgorithm};
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;

/// No token is longer.
const BYTES_MAX: usize = 16 * 1024;
/// Shorter RSA keys are not used.
const RSA_BITS_MIN: usize = 2048;

/// Why a token was refused. The words go to the log and the audit, never to a page.
#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    /// A key that is not among those known: they may have changed.
    #[error("signed with a key that the provider does not publish")]
    UnknownKey,
    #[error("{0}")]
    Because(&'static str),
    /// In the library's words.
    #[error("{0}")]
    Library(String),
}

/// What a kind of token may look like.
#[derive(Clone, Copy)]
pub(super) struct Rules<'a> {
    /// Names of algorithms, as in `OIDC_ALLOWED_ALGS`.
    pub algs: &'a [String],
    /// Values of `typ`, lower case, without `application/`.
    pub types: &'a [&'a str],
    pub may_lack_type: bool,
}

/// A token whose signature is good.
#[derive(Debug)]
pub(super) struct Signed<'a> {
    payload: Vec<u8>,
    pub alg: CoreJwsSigningAlgorithm,
    pub key: &'a CoreJsonWebKey,
}

impl Signed<'_> {
    /// The claims. A member that is given twice is refused.
    pub fn claims<T: DeserializeOwned>(&self) -> Result<T, Rejection> {
        serde_json::from_slice(&self.payload)
            .map_err(|_| Rejection::Because("the claims can't be read"))
    }
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    typ: Option<String>,
    kid: Option<String>,
    #[serde(default, deserialize_with = "is_there")]
    crit: bool,
}

/// Whether a member is there, whatever its value.
pub(super) fn is_there<'de, D: serde::Deserializer<'de>>(from: D) -> Result<bool, D::Error> {
    IgnoredAny::deserialize(from).map(|_| true)
}

/// Checks a token in the order of SEC-7: size and parts, algorithm, type and critical extensions,
/// key, signature. What else the header says (`jku`, `jwk`, `x5u`, `x5c`) is not read.
pub(super) fn verify<'a>(
    token: &str,
    keys: &'a Keys,
    rules: &Rules<'_>,
) -> Result<Signed<'a>, Rejection> {
    use Rejection::Because;
    if token.len() > BYTES_MAX {
        return Err(Because("longer than 16 KiB"));
    }
    let mut parts = token.split('.');
    let (Some(header), Some(payload), Some(signature), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(Because("not three parts"));
    };
    let decoded = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| Because("not base64url"));
    let header_json = decoded(header)?;
    let header_read: Header =
        serde_json::from_slice(&header_json).map_err(|_| Because("the header can't be read"))?;
    let alg = algorithm(&header_read.alg)
        .filter(|_| rules.algs.contains(&header_read.alg))
        .ok_or(Because("an algorithm that is not allowed"))?;
    let typ = header_read.typ.map(|typ| typ.to_ascii_lowercase());
    match typ.as_deref().map(|typ| typ.strip_prefix("application/").unwrap_or(typ)) {
        None if rules.may_lack_type => {}
        None => return Err(Because("typ is missing")),
        Some(typ) if rules.types.contains(&typ) => {}
        Some(_) => return Err(Because("typ is that of another kind of token")),
    }
    if header_read.crit {
        return Err(Because("crit asks for an extension")); // we have none
    }
    let key = keys.find(header_read.kid.as_deref(), &header_read.alg)?;
    let (payload, signature_bytes) = (decoded(payload)?, decoded(signature)?);
    let signed_part = token.get(..token.len() - signature.len() - 1).unwrap_or_default();
    key.verify_signature(&alg, signed_part.as_bytes(), &signature_bytes)
        .map_err(|_| Because("the signature is not the key's"))?;
    Ok(Signed { payload, alg, key })
}

/// An algorithm by its JOSE name.
pub(super) fn algorithm(name: &str) -> Option<CoreJwsSigningAlgorithm> {
    serde_json::from_value(Value::String(name.to_owned())).ok()
}

/// The keys that the provider publishes, those that we would use.
#[derive(Debug, Default)]
pub(super) struct Keys(Vec<Key>);

#[derive(Debug)]
struct Key {
    id: Option<String>,
    /// The one algorithm that it is for, if it says so.
    alg: Option<String>,
    family: Family,
    jwk: CoreJsonWebKey,
}

/// What a key can sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family {
    Rsa,
    P256,
    P384,
    Ed25519,
}

impl Family {
    fn of_alg(alg: &str) -> Option<Self> {
        match alg {
            "RS256" | "RS384" | "RS512" | "PS256" | "PS384" | "PS512" => Some(Self::Rsa),
            "ES256" => Some(Self::P256),
            "ES384" => Some(Self::P384),
            "EdDSA" => Some(Self::Ed25519),
            _ => None,
        }
    }

    fn of_key(jwk: &Value) -> Option<Self> {
        let text = |name: &str| jwk.get(name).and_then(Value::as_str);
        match (text("kty")?, text("crv")) {
            ("RSA", _) if RSA_BITS_MIN <= bits(text("n")?)? => Some(Self::Rsa),
            ("EC", Some("P-256")) => Some(Self::P256),
            ("EC", Some("P-384")) => Some(Self::P384),
            ("OKP", Some("Ed25519")) => Some(Self::Ed25519),
            _ => None,
        }
    }
}

/// The size of a number in base64url.
fn bits(number: &str) -> Option<usize> {
    let bytes = URL_SAFE_NO_PAD.decode(number).ok()?;
    let first = bytes.iter().position(|byte| *byte != 0)?;
    let leading = bytes.get(first)?.leading_zeros() as usize;
    Some((bytes.len() - first) * 8 - leading)
}

impl Keys {
    /// Reads a key set. Keys that are not for signatures, too short, or of a kind that we don't know
    /// are left out; `None` where it is no key set.
    pub fn read(json: &[u8]) -> Option<Self> {
        #[derive(Deserialize)]
        struct KeySet {
            keys: Vec<Value>,
        }
        let set: KeySet = serde_json::from_slice(json).ok()?;
        Some(Self(set.keys.into_iter().filter_map(Key::read).collect()))
    }

    /// The one key that may have signed under `kid` with `alg`. Without a name it has to be the only
    /// one that could have.
    fn find(&self, kid: Option<&str>, alg: &str) -> Result<&CoreJsonWebKey, Rejection> {
        let named: Vec<&Key> =
            self.0.iter().filter(|key| kid.is_none() || key.id.as_deref() == kid).collect();
        if named.is_empty() {
            return Err(Rejection::UnknownKey);
        }
        let mut fitting = named.into_iter().filter(|key| key.fits(alg));
        match (fitting.next(), fitting.next()) {
            (Some(key), None) => Ok(&key.jwk),
            (None, _) => Err(Rejection::Because("the key is not for this algorithm")),
            (Some(_), Some(_)) => Err(Rejection::Because("several keys could be meant")),
        }
    }
}

impl Key {
    fn read(jwk: Value) -> Option<Self> {
        let text = |name: &str| jwk.get(name).and_then(Value::as_str).map(str::to_owned);
        if jwk.get("use").is_some_and(|usage| usage != "sig") {
            return None;
        }
        let operations = jwk.get("key_ops").and_then(Value::as_array);
        if operations.is_some_and(|operations| !operations.iter().any(|word| word == "verify")) {
            return None;
        }
        let (id, alg, family) = (text("kid"), text("alg"), Family::of_key(&jwk)?);
        Some(Self { id, alg, family, jwk: serde_json::from_value(jwk).ok()? })
    }

    fn fits(&self, alg: &str) -> bool {
        Family::of_alg(alg) == Some(self.family) && self.alg.as_deref().is_none_or(|own| own == alg)
    }
}

#[cfg(test)]
#[path = "jws_tests.rs"]
mod tests;
