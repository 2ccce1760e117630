//! The envelope check, one fault at a time, and under random changes.

use std::sync::LazyLock;

use proptest::prelude::*;
use rsa::RsaPrivateKey;
use rsa::pkcs1v15::SigningKey;
use rsa::rand_core::OsRng;
use rsa::signature::{SignatureEncoding as _, Signer as _};
use rsa::traits::PublicKeyParts as _;
use serde_json::json;
use sha2::Sha256;

use super::*;

static KEY: LazyLock<RsaPrivateKey> =
    LazyLock::new(|| RsaPrivateKey::new(&mut OsRng, 2048).unwrap());

fn encoded(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// A public key as providers publish it, changed by `more`.
fn jwk(key: &RsaPrivateKey, more: &Value) -> Value {
    let (n, e) = (encoded(key.n().to_bytes_be()), encoded(key.e().to_bytes_be()));
    let mut jwk = json!({ "kty": "RSA", "use": "sig", "kid": "one", "n": n, "e": e });
    for (name, value) in more.as_object().unwrap() {
        jwk[name] = value.clone();
    }
    jwk
}

fn keys(all: &[Value]) -> Keys {
    Keys::read(json!({ "keys": all }).to_string().as_bytes()).unwrap()
}

fn one_key() -> Keys {
    keys(&[jwk(&KEY, &json!({}))])
}

fn token(header: &str) -> String {
    let signed = format!("{}.{}", encoded(header), encoded(r#"{"sub":"anna"}"#));
    let signature = SigningKey::<Sha256>::new(KEY.clone()).sign(signed.as_bytes());
    format!("{signed}.{}", encoded(signature.to_vec()))
}

static GOOD: LazyLock<String> =
    LazyLock::new(|| token(r#"{"alg":"RS256","kid":"one","typ":"JWT"}"#));

fn good() -> String {
    GOOD.clone()
}

fn check(token: &str, keys: &Keys) -> Result<(), String> {
    let algs = ["RS256".to_owned()];
    let rules = Rules { algs: &algs, types: &["jwt"], may_lack_type: true };
    verify(token, keys, &rules).map(|_| ()).map_err(|rejection| rejection.to_string())
}

#[test]
fn sec_07_a_good_token_is_taken_whatever_else_its_header_says() {
    for header in [
        r#"{"alg":"RS256","kid":"one","typ":"JWT"}"#,
        r#"{"alg":"RS256","kid":"one","typ":"application/jwt"}"#,
        r#"{"alg":"RS256","kid":"one"}"#,
        r#"{"alg":"RS256"}"#,
        r#"{"alg":"RS256","kid":"one","jku":"https://evil.example/keys","jwk":{},"x5u":"x","x5c":[]}"#,
    ] {
        assert_eq!(check(&token(header), &one_key()), Ok(()), "{header}");
    }
}

#[test]
fn sec_07_each_fault_of_the_envelope_is_refused_for_its_own_reason() {
    let long = format!("{}.{}", good(), "x".repeat(BYTES_MAX));
    for (token, reason) in [
        (token(r#"{"alg":"none","kid":"one"}"#), "an algorithm that is not allowed"),
        (token(r#"{"alg":"HS256","kid":"one"}"#), "an algorithm that is not allowed"),
        (token(r#"{"alg":"RS512","kid":"one"}"#), "an algorithm that is not allowed"),
        (token(r#"{"alg":"rs256","kid":"one"}"#), "an algorithm that is not allowed"),
        (token(r#"{"kid":"one"}"#), "the header can't be read"),
        (token(r#"{"alg":"none","alg":"RS256","kid":"one"}"#), "the header can't be read"),
        (token(r#"["RS256"]"#), "the header can't be read"),
        (
            token(r#"{"alg":"RS256","kid":"one","typ":"at+jwt"}"#),
            "typ is that of another kind of token",
        ),
        (token(r#"{"alg":"RS256","kid":"one","crit":["x"]}"#), "crit asks for an extension"),
        (token(r#"{"alg":"RS256","kid":"one","crit":null}"#), "crit asks for an extension"),
        (
            token(r#"{"alg":"RS256","kid":"two"}"#),
            "signed with a key that the provider does not publish",
        ),
        (good().replacen('.', "..", 1), "not three parts"),
        (good() + ".", "not three parts"),
        (good() + "=", "not base64url"),
        (String::new(), "not three parts"),
        (long, "longer than 16 KiB"),
    ] {
        assert_eq!(check(&token, &one_key()), Err(reason.to_owned()), "{token:.60}");
    }
    let other = good().rsplit_once('.').unwrap().0.to_owned() + "." + &encoded([0; 256]);
    assert_eq!(check(&other, &one_key()), Err("the signature is not the key's".to_owned()));
}

#[test]
fn sec_07_a_type_may_be_asked_for() {
    let algs = ["RS256".to_owned()];
    let rules = Rules { algs: &algs, types: &["at+jwt"], may_lack_type: false };
    let keys = one_key();
    let reason = |header: &str| verify(&token(header), &keys, &rules).map(|_| ()).unwrap_err();
    assert_eq!(reason(r#"{"alg":"RS256"}"#).to_string(), "typ is missing");
    assert!(verify(&token(r#"{"alg":"RS256","typ":"AT+JWT"}"#), &keys, &rules).is_ok());
}

#[test]
fn sec_07_keys_that_are_short_or_for_something_else_are_left_out() {
    let short = RsaPrivateKey::new(&mut OsRng, 1024).unwrap();
    let unknown = "signed with a key that the provider does not publish";
    for (set, reason) in [
        (vec![jwk(&short, &json!({}))], unknown),
        (vec![jwk(&KEY, &json!({ "use": "enc" }))], unknown),
        (vec![jwk(&KEY, &json!({ "key_ops": ["encrypt"] }))], unknown),
        (vec![jwk(&KEY, &json!({ "kty": "oct", "k": "AAAA" }))], unknown),
        (vec![json!({ "kty": "RSA" }), json!(7)], unknown),
        (vec![jwk(&KEY, &json!({ "alg": "PS256" }))], "the key is not for this algorithm"),
        (
            vec![jwk(&KEY, &json!({})), jwk(&KEY, &json!({ "alg": "RS256" }))],
            "several keys could be meant",
        ),
    ] {
        assert_eq!(check(&good(), &keys(&set)), Err(reason.to_owned()), "{set:?}");
    }
    assert_eq!(bits(&encoded(short.n().to_bytes_be())), Some(1024));
    assert_eq!(bits(&encoded(KEY.n().to_bytes_be())), Some(2048));
    assert_eq!(bits(""), None);
}

#[test]
fn sec_07_without_a_name_the_key_has_to_be_the_only_one_that_could_have_signed() {
    let nameless = token(r#"{"alg":"RS256"}"#);
    let other = RsaPrivateKey::new(&mut OsRng, 2048).unwrap();
    let two = keys(&[jwk(&KEY, &json!({})), jwk(&other, &json!({ "kid": "two" }))]);
    assert_eq!(check(&nameless, &two), Err("several keys could be meant".to_owned()));
    assert_eq!(check(&good(), &two), Ok(()));
    let one_fits = keys(&[jwk(&KEY, &json!({})), jwk(&other, &json!({ "alg": "PS256" }))]);
    assert_eq!(check(&nameless, &one_fits), Ok(()));
}

#[test]
fn sec_07_claims_that_are_given_twice_are_refused() {
    #[derive(Debug, serde::Deserialize)]
    struct Claims {
        #[expect(dead_code, reason = "only whether it can be read matters")]
        sub: String,
    }
    let payload = encoded(r#"{"sub":"anna","sub":"carla"}"#);
    let signed = format!("{}.{payload}", encoded(r#"{"alg":"RS256"}"#));
    let signature = SigningKey::<Sha256>::new(KEY.clone()).sign(signed.as_bytes());
    let token = format!("{signed}.{}", encoded(signature.to_vec()));
    let (keys, algs) = (one_key(), ["RS256".to_owned()]);
    let rules = Rules { algs: &algs, types: &["jwt"], may_lack_type: true };
    let signed = verify(&token, &keys, &rules).unwrap();
    assert_eq!(signed.claims::<Claims>().unwrap_err().to_string(), "the claims can't be read");
}

#[test]
fn a_key_set_that_is_none_is_told_from_an_empty_one() {
    for bad in ["", "null", "[]", "{}", r#"{"keys":{}}"#, "\u{0}"] {
        assert!(Keys::read(bad.as_bytes()).is_none(), "{bad:?}");
    }
    assert!(Keys::read(br#"{"keys":[]}"#).is_some());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// No text brings the parser down, and none is taken.
    #[test]
    fn sec_07_no_text_is_taken_for_a_token(text in prop_oneof![
        any::<String>(),
        "[A-Za-z0-9_.=-]{0,80}",
        "e[yJ][A-Za-z0-9]{0,30}\\.[A-Za-z0-9_-]{0,30}\\.[A-Za-z0-9_-]{0,30}",
    ]) {
        prop_assert!(check(&text, &one_key()).is_err());
    }

    /// Nor any header that is put in front of a good payload and signature.
    #[test]
    fn sec_07_no_other_header_is_taken(header in prop_oneof![
        any::<Vec<u8>>(),
        "\\{(\"(alg|kid|typ|crit)\":(\"(RS256|none|HS256|one|JWT)\"|null|\\[\\]|7),?){0,4}\\}".prop_map(String::into_bytes),
    ]) {
        let good = good();
        let (own, rest) = good.split_once('.').unwrap();
        let changed = encoded(&header);
        prop_assume!(changed != own);
        let changed = format!("{changed}.{rest}");
        prop_assert!(check(&changed, &one_key()).is_err());
    }

    /// A token that was changed in one place, wherever it is, is refused.
    #[test]
    fn sec_07_a_token_that_was_changed_anywhere_is_refused(
        place in any::<prop::sample::Index>(),
        change in prop_oneof![Just(None), any::<char>().prop_map(Some)],
        is_inserted in any::<bool>(),
    ) {
        let good = good();
        let at = place.index(good.len());
        let end = if is_inserted { at } else { at + 1 };
        let changed = format!(
            "{}{}{}", &good[..at], change.map(String::from).unwrap_or_default(), &good[end..],
        );
        prop_assume!(changed != good);
        prop_assert!(check(&changed, &one_key()).is_err(), "{}", changed);
    }

    /// No key set brings the reader down.
    #[test]
    fn sec_08_no_key_set_brings_the_reader_down(
        text in "\\{\"keys\":\\[\\{(\"(kty|n|e|use|alg|kid|crv|x|y)\":(\"(RSA|EC|OKP|P-256|Ed25519|AQAB|[A-Za-z0-9_-]{0,20})\"|null|7),?){0,6}\\}\\]\\}"
    ) {
        let _ = Keys::read(text.as_bytes());
    }
}
