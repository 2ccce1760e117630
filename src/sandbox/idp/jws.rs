//! Signed tokens (RFC 7515): ID tokens, access tokens, logout tokens.

use std::io;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

use super::fault::{Alg, Signer, Spoiled, replace};
use super::keys::{EllipticKey, Key, Keys};

/// Signs with the current key by RS256, but for the part that is spoiled. `typ` is left out where
/// there is none; `secret` is the client's.
pub(super) fn sign(
    keys: &Keys,
    secret: &str,
    typ: Option<&str>,
    mut claims: Value,
    spoiled: Option<Spoiled>,
) -> io::Result<String> {
    let mut header = json!({ "alg": "RS256", "kid": keys.current().kid() });
    replace(&mut header, "typ", typ.map(Value::from));
    let (mut key, mut alg, mut is_garbled, mut tail) = (keys.current(), None, false, "");
    match spoiled {
        None => {}
        Some(Spoiled::Header(name, value)) => replace(&mut header, name, value),
        Some(Spoiled::Claim(name, value)) => replace(&mut claims, name, Some(value)),
        Some(Spoiled::Without(names)) => {
            for name in names {
                replace(&mut claims, name, None);
            }
        }
        Some(Spoiled::Alg(other)) => {
            replace(&mut header, "alg", Some(json!(other.name())));
            if other == Alg::Es256 {
                replace(&mut header, "kid", Some(json!(EllipticKey::KID)));
            }
            alg = Some(other);
        }
        Some(Spoiled::Signature) => is_garbled = true,
        Some(Spoiled::Key(signer)) => key = signing_key(keys, signer, &mut header)?,
        Some(Spoiled::Tail(words)) => tail = words,
    }
    let unsigned = format!("{}.{}", part(&header), part(&claims));
    let mut signature = match alg {
        None => key.sign(&unsigned)?,
        Some(Alg::None) => Vec::new(),
        Some(Alg::Hs256) => hs256(secret, &unsigned)?,
        Some(Alg::Ps256) => key.sign_pss(&unsigned)?,
        Some(Alg::Es256) => keys.spare()?.elliptic.sign(&unsigned)?,
    };
    if is_garbled {
        for byte in &mut signature {
            *byte ^= 1;
        }
    }
    Ok(format!("{unsigned}.{}{tail}", URL_SAFE_NO_PAD.encode(signature)))
}

/// The key that signs in place of the current one, and what the header says of it.
fn signing_key<'a>(keys: &'a Keys, signer: Signer, header: &mut Value) -> io::Result<&'a Key> {
    let key = match signer {
        Signer::Withdrawn => keys.withdrawn()?,
        Signer::Short => &keys.spare()?.short,
        Signer::Embedded => {
            let stranger = &keys.spare()?.stranger;
            replace(header, "jwk", Some(stranger.jwk()));
            return Ok(stranger);
        }
    };
    replace(header, "kid", Some(json!(key.kid())));
    Ok(key)
}

fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

fn hs256(secret: &str, text: &str) -> io::Result<Vec<u8>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).map_err(io::Error::other)?;
    mac.update(text.as_bytes());
    Ok(mac.finalize().into_bytes().to_vec())
}
