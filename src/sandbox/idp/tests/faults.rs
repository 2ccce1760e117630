//! Each fault spoils one thing.

use super::super::fault::{Alg, Signer, Spoiled};
use super::*;

/// Members that differ, but for times that moved on and for what is random each time.
fn changed(good: &Value, bad: &Value) -> Vec<String> {
    let (good, bad) = (good.as_object().unwrap(), bad.as_object().unwrap());
    let names = good.keys().chain(bad.keys().filter(|name| !good.contains_key(*name)));
    let is_changed = |name: &&String| match (good.get(*name), bad.get(*name)) {
        (Some(Value::String(_)), Some(Value::String(_)))
            if ["at_hash", "jti", "sid"].contains(&name.as_str()) =>
        {
            false
        }
        (Some(Value::Number(good)), Some(Value::Number(bad))) => {
            (good.as_i64().unwrap() - bad.as_i64().unwrap()).abs() > 60
        }
        (good, bad) => good != bad,
    };
    names.filter(is_changed).cloned().collect()
}

/// That a token differs from a good one in what is spoiled, and in nothing else. `signs` tells
/// whether a published key has signed by RS256.
fn assert_one_change(
    what: &str,
    good: &str,
    bad: &str,
    spoiled: &Spoiled,
    signs: impl Fn(&str) -> bool,
) {
    let header = changed(&part(good, 0), &part(bad, 0));
    let claims = changed(&part(good, 1), &part(bad, 1));
    let (mut header_expected, mut claims_expected) = (Vec::new(), Vec::new());
    let mut is_good = true;
    match spoiled {
        Spoiled::Header(name, value) => {
            assert_spoiled(&part(bad, 0), name, value.as_ref());
            header_expected = vec![*name];
            is_good = *name != "kid";
        }
        Spoiled::Claim(name, value) => {
            assert_spoiled(&part(bad, 1), name, Some(value));
            claims_expected = vec![*name];
        }
        Spoiled::Without(names) => {
            names.iter().for_each(|name| assert_spoiled(&part(bad, 1), name, None));
            claims_expected = names.to_vec();
        }
        Spoiled::Alg(alg) => {
            assert_eq!(part(bad, 0)["alg"], alg.name(), "{what}");
            header_expected = vec!["alg", "kid"];
            is_good = false;
        }
        Spoiled::Signature => is_good = false,
        Spoiled::Key(Signer::Embedded) => {
            header_expected = vec!["jwk"];
            is_good = false;
        }
        Spoiled::Key(Signer::Withdrawn | Signer::Short) => {
            header_expected = vec!["kid"];
            is_good = false;
        }
        Spoiled::Tail(_) => {
            assert_eq!(bad.split('.').count(), 4, "{what}");
            is_good = false;
        }
    }
    assert!(
        header.iter().all(|name| header_expected.contains(&name.as_str())),
        "{what} {header:?}"
    );
    assert!(
        claims.iter().all(|name| claims_expected.contains(&name.as_str())),
        "{what} {claims:?}"
    );
    assert_eq!(signs(bad), is_good, "{what}");
}

#[tokio::test]
async fn each_fault_of_an_id_token_spoils_one_thing() {
    let sandbox = Sandbox::start().await;
    sandbox.idp.rotate_key().unwrap();
    sandbox.idp.rotate_key().unwrap();
    let jwks = sandbox.json("/jwks").await;
    let good = sandbox.tokens().await["id_token"].as_str().unwrap().to_owned();
    for fault in IdTokenFault::ALL {
        sandbox.idp.spoil(*fault);
        let nonce_before = sandbox.idp.state().nonce_before.clone();
        let tokens = sandbox.tokens().await;
        let token = tokens["id_token"].as_str().unwrap();
        let spoiled = fault.spoils("central", &nonce_before, sandbox.idp.now());
        let signs = |token: &str| is_signed(token, &jwks);
        assert_one_change(&format!("{fault:?}"), &good, token, &spoiled, signs);
        assert!(is_signed(tokens["access_token"].as_str().unwrap(), &jwks), "{fault:?}");
    }
    sandbox.idp.mend();
    assert!(is_signed(sandbox.tokens().await["id_token"].as_str().unwrap(), &jwks));
}

/// A time may be a few seconds off: the clock runs on.
fn assert_spoiled(object: &Value, name: &str, expected: Option<&Value>) {
    let found = object.get(name);
    match (found.and_then(Value::as_i64), expected.and_then(Value::as_i64)) {
        (Some(found), Some(expected)) => assert!((found - expected).abs() < 60, "{name}"),
        _ => assert_eq!(found, expected, "{name}"),
    }
}

#[tokio::test]
async fn algorithms_that_a_fault_uses_are_announced_and_their_keys_published() {
    let sandbox = Sandbox::start().await;
    let announced = async || {
        let metadata = sandbox.json("/.well-known/openid-configuration").await;
        metadata["id_token_signing_alg_values_supported"].clone()
    };
    assert_eq!(announced().await, json!(["RS256"]));
    for (fault, alg, kty, algs) in [
        (IdTokenFault::Es256, Alg::Es256, "EC", vec!["RS256", "ES256"]),
        (IdTokenFault::Ps256, Alg::Ps256, "RSA", vec!["PS256"]),
    ] {
        sandbox.idp.spoil(fault);
        assert_eq!(announced().await, json!(["RS256", alg.name()]));
        let jwks = sandbox.json("/jwks").await;
        let keys = jwks["keys"].as_array().unwrap();
        let found: Vec<&str> = keys.iter().map(|key| key["alg"].as_str().unwrap()).collect();
        assert_eq!(found, algs);
        assert_eq!(keys.last().unwrap()["kty"], kty);
    }
}

#[tokio::test]
async fn each_fault_of_a_logout_token_spoils_one_thing() {
    let sandbox = Sandbox::start().await;
    let jwks = sandbox.json("/jwks").await;
    let whose = Whose::Both { subject: "anna", session: "of-anna" };
    let good = sandbox.idp.logout_token(whose, None).unwrap();
    assert!(is_signed(&good, &jwks));
    assert_eq!(part(&good, 0)["typ"], "logout+jwt");
    assert_eq!(part(&good, 1)["events"], json!({ logout::EVENT: {} }));
    for fault in LogoutFault::ALL {
        let jti_before = sandbox.idp.state().jti_before.clone();
        let token = sandbox.idp.logout_token(whose, Some(*fault)).unwrap();
        let spoiled = fault.spoils(&jti_before, sandbox.idp.now());
        let signs = |token: &str| is_signed(token, &jwks);
        assert_one_change(&format!("{fault:?}"), &good, &token, &spoiled, signs);
    }
}

#[tokio::test]
async fn each_fault_of_an_access_token_spoils_one_thing() {
    let sandbox = Sandbox::start().await;
    let jwks = sandbox.json("/jwks").await;
    let scopes = ["email_payments:read", "documents:read"];
    for profile in [ApiTokenProfile::Rfc9068, ApiTokenProfile::Okta] {
        let asked = ApiToken { profile, ..ApiToken::new("anna", &scopes) };
        let good = sandbox.idp.api_token(asked).unwrap();
        assert!(is_signed(&good, &jwks));
        let (header, claims) = (part(&good, 0), part(&good, 1));
        match profile {
            ApiTokenProfile::Rfc9068 => {
                assert_eq!(header["typ"], "at+jwt");
                assert_eq!(claims["scope"], "email_payments:read documents:read");
                assert_eq!(claims["client_id"], "central");
            }
            ApiTokenProfile::Okta => {
                assert!(header.get("typ").is_none());
                assert_eq!(claims["scp"], json!(scopes));
                assert_eq!(claims["cid"], "central");
            }
        }
        for fault in ApiTokenFault::ALL {
            let token = sandbox.idp.api_token(ApiToken { fault: Some(*fault), ..asked }).unwrap();
            let Some(spoiled) = fault.spoils(profile, "central", sandbox.idp.now()) else {
                assert_eq!(part(&token, 1)["aud"], "central");
                assert!(is_signed(&token, &jwks) && part(&token, 1)["nonce"].is_string());
                continue;
            };
            let signs = |token: &str| is_signed(token, &jwks);
            assert_one_change(&format!("{profile:?} {fault:?}"), &good, &token, &spoiled, signs);
        }
    }
}

#[tokio::test]
async fn the_way_back_to_the_client_is_spoiled_in_one_parameter() {
    let sandbox = Sandbox::start().await;
    let (_, cookie) = sandbox.sign_in().await;
    for (fault, name, value) in [
        (CallbackFault::WrongIssuer, "iss", Some("https://other.example")),
        (CallbackFault::MissingIssuer, "iss", None),
        (CallbackFault::WrongState, "state", Some("of-another-sign-in")),
        (CallbackFault::MissingState, "state", None),
        (CallbackFault::CodeWithError, "error", Some("server_error")),
        (CallbackFault::Denied, "error", Some("access_denied")),
    ] {
        sandbox.idp.spoil(fault);
        let request = sandbox.request(Method::GET, &authorize("prompt", ("prompt", "none")));
        let found = back(&request.header("cookie", &cookie).send().await.unwrap(), CALLBACK);
        assert_eq!(found.get(name).map(String::as_str), value, "{fault:?}");
        assert_eq!(found.contains_key("code"), fault != CallbackFault::Denied, "{fault:?}");
        let rest = [("state", "of-this-sign-in"), ("iss", &sandbox.issuer)];
        for (other, expected) in rest.into_iter().filter(|(other, _)| *other != name) {
            assert_eq!(found.get(other).map(String::as_str), Some(expected), "{fault:?}");
        }
    }
}

#[tokio::test]
async fn answers_of_the_provider_are_spoiled_in_one_way() {
    let sandbox = Sandbox::start().await;
    let configuration = "/.well-known/openid-configuration";
    let text = async |path| sandbox.get(path).await.text().await.unwrap();
    sandbox.idp.spoil(MetadataFault::WrongIssuer);
    assert_eq!(sandbox.json(configuration).await["issuer"], "https://other.example");
    sandbox.idp.spoil(MetadataFault::PlainHttp);
    assert_eq!(sandbox.json(configuration).await["jwks_uri"], "http://other.example/jwks");
    for (fault, path) in [
        (Fault::Metadata(MetadataFault::TooLarge), configuration),
        (Fault::Keys(KeysFault::TooLarge), "/jwks"),
    ] {
        sandbox.idp.spoil(fault);
        let answer = text(path).await;
        assert!(answer.len() > 256 * 1024 && serde_json::from_str::<Value>(&answer).is_ok());
    }
    for (fault, path) in [
        (Fault::Metadata(MetadataFault::NotJson), configuration),
        (Fault::Keys(KeysFault::NotJson), "/jwks"),
    ] {
        sandbox.idp.spoil(fault);
        assert!(text(path).await.starts_with("<!doctype html>"), "{path}");
    }
    for (fault, path) in [
        (Fault::Metadata(MetadataFault::Redirect), configuration),
        (Fault::Keys(KeysFault::Redirect), "/jwks"),
    ] {
        sandbox.idp.spoil(fault);
        let answer = sandbox.get(path).await;
        assert_eq!(answer.status(), 307, "{path}");
        let there = answer.headers()["location"].to_str().unwrap().to_owned();
        sandbox.idp.mend();
        assert_eq!(sandbox.json(&there).await, sandbox.json(path).await);
    }
    for (fault, path) in [
        (Fault::Metadata(MetadataFault::ServerError), configuration),
        (Fault::Keys(KeysFault::ServerError), "/jwks"),
    ] {
        sandbox.idp.spoil(fault);
        assert_eq!(sandbox.get(path).await.status(), 500, "{path}");
    }
}

#[tokio::test]
async fn published_keys_are_spoiled_in_one_way() {
    let sandbox = Sandbox::start().await;
    let good = sandbox.json("/jwks").await;
    let kid = good["keys"][0]["kid"].clone();
    let keys = async |fault: KeysFault| {
        sandbox.idp.spoil(fault);
        sandbox.json("/jwks").await["keys"].as_array().unwrap().clone()
    };
    let two = keys(KeysFault::DuplicateKid).await;
    assert_eq!((two.len(), &two[0]["kid"], &two[1]), (2, &kid, &good["keys"][0]));
    assert_ne!(two[0]["n"], two[1]["n"]);
    assert_eq!(keys(KeysFault::EncryptionKey).await[0]["use"], "enc");
    assert_eq!(keys(KeysFault::SeveralWithoutKid).await.len(), 2);
    let token = sandbox.tokens().await["id_token"].as_str().unwrap().to_owned();
    assert!(part(&token, 0).get("kid").is_none());

    let short = keys(KeysFault::ShortKey).await.pop().unwrap();
    assert_eq!(URL_SAFE_NO_PAD.decode(short["n"].as_str().unwrap()).unwrap().len(), 128);
    let token = sandbox.tokens().await["id_token"].as_str().unwrap().to_owned();
    assert_eq!(part(&token, 0)["kid"], short["kid"]);
    assert!(is_signed(&token, &json!({ "keys": [short] })));

    let before = keys(KeysFault::RotatedBeforeSigning).await;
    let token = sandbox.tokens().await["id_token"].as_str().unwrap().to_owned();
    assert!(!is_signed(&token, &json!({ "keys": before })));
    assert!(is_signed(&token, &sandbox.json("/jwks").await));
}

#[tokio::test]
async fn the_answer_with_the_tokens_is_spoiled_in_one_way() {
    let sandbox = Sandbox::start().await;
    let answer = async |fault: TokenAnswerFault| {
        sandbox.idp.spoil(fault);
        let (code, _) = sandbox.sign_in().await;
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
        ];
        let form = sandbox.form("/token", &fields).basic_auth("central", Some(SECRET));
        let answer = form.send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    for (fault, name, value) in [
        (TokenAnswerFault::NoIdToken, "id_token", Value::Null),
        (TokenAnswerFault::WrongTokenType, "token_type", json!("mac")),
        (TokenAnswerFault::LowerCaseTokenType, "token_type", json!("bearer")),
        (TokenAnswerFault::NoExpiresIn, "expires_in", Value::Null),
    ] {
        let (status, text) = answer(fault).await;
        let tokens: Value = serde_json::from_str(&text).unwrap();
        assert_eq!((status, &tokens[name]), (200, &value), "{fault:?}");
        assert!(tokens["access_token"].is_string(), "{fault:?}");
    }
    for (fault, status) in [
        (TokenAnswerFault::Redirect, 307),
        (TokenAnswerFault::Refused, 400),
        (TokenAnswerFault::ServerError, 500),
    ] {
        assert_eq!(answer(fault).await.0, status, "{fault:?}");
    }
    assert!(answer(TokenAnswerFault::NotJson).await.1.starts_with("<!doctype html>"));
    let (_, large) = answer(TokenAnswerFault::TooLarge).await;
    assert!(large.len() > 256 * 1024 && serde_json::from_str::<Value>(&large).is_ok());
}
