mod faults;

use std::collections::HashMap;

use chrono::Duration;
use openidconnect::reqwest::{self, Method, RequestBuilder, Response, redirect::Policy};
use rsa::pkcs1v15::{Signature, VerifyingKey};
use rsa::signature::Verifier as _;
use rsa::{BigUint, RsaPublicKey};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::*;

const CALLBACK: &str = "http://127.0.0.1:9000/sign-in/callback";
const SIGNED_OUT: &str = "http://127.0.0.1:9000/signed-out";
const VERIFIER: &str = "a-verifier-of-sixty-four-characters-which-nobody-else-could-know";

/// A provider on a free port, and a browser that follows no redirect.
struct Sandbox {
    idp: Idp,
    issuer: String,
    clock: Clock,
    http: reqwest::Client,
    stop: CancellationToken,
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl Sandbox {
    async fn start() -> Self {
        Self::start_with(None).await
    }

    /// `told_at`: where the client wants to hear of sign-outs.
    async fn start_with(told_at: Option<String>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let person = |subject: &str, name: &str| Person {
            subject: subject.to_owned(),
            name: name.to_owned(),
            email: format!("{subject}@example.it"),
            hint: "Owner, Ceramiche Bellini".to_owned(),
            locale: Lang::It,
        };
        let (clock, stop) = (Clock::system(), CancellationToken::new());
        let options = Options {
            issuer: issuer.clone(),
            client: Client {
                id: "central".to_owned(),
                secret: "a secret: 100%".to_owned(),
                redirect_uri: CALLBACK.to_owned(),
                post_logout_redirect_uri: SIGNED_OUT.to_owned(),
                backchannel_logout_uri: told_at,
            },
            people: vec![person("anna", "Anna <Bellini>"), person("bruno", "Bruno Sala")],
            key_file: None,
            clock: clock.clone(),
        };
        let idp = Idp::start(listener, options, stop.clone()).await.unwrap();
        let http = reqwest::Client::builder().redirect(Policy::none()).build().unwrap();
        Self { idp, issuer, clock, http, stop }
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.issuer))
    }

    async fn get(&self, path: &str) -> Response {
        self.request(Method::GET, path).send().await.unwrap()
    }

    async fn json(&self, path: &str) -> Value {
        serde_json::from_str(&self.get(path).await.text().await.unwrap()).unwrap()
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Response {
        self.form(path, fields).send().await.unwrap()
    }

    fn form(&self, path: &str, fields: &[(&str, &str)]) -> RequestBuilder {
        self.request(Method::POST, path)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(serde_urlencoded::to_string(fields).unwrap())
    }

    /// Chooses Anna; the code and the session's cookie.
    async fn sign_in(&self) -> (String, String) {
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
        let mut fields = asked(&challenge);
        fields.push(("subject", "anna"));
        let response = self.post("/authorize", &fields).await;
        assert_eq!(response.status(), 303);
        let cookie = response.headers()["set-cookie"].to_str().unwrap();
        let cookie = cookie.split(';').next().unwrap().to_owned();
        let parameters = back(&response, CALLBACK);
        assert_eq!(parameters["state"], "of-this-sign-in");
        assert_eq!(parameters["iss"], self.issuer);
        (parameters["code"].clone(), cookie)
    }

    async fn exchange(&self, code: &str, verifier: &str, secret: &str) -> (u16, Value) {
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", CALLBACK),
            ("code_verifier", verifier),
        ];
        let response =
            self.form("/token", &fields).basic_auth("central", Some(secret)).send().await.unwrap();
        let status = response.status().as_u16();
        (status, serde_json::from_str(&response.text().await.unwrap()).unwrap())
    }

    async fn tokens(&self) -> Value {
        let (code, _) = self.sign_in().await;
        let (status, tokens) = self.exchange(&code, VERIFIER, SECRET).await;
        assert_eq!(status, 200);
        tokens
    }
}

/// The client's secret as it stands in the header: form-encoded first.
const SECRET: &str = "a+secret%3A+100%25";

fn asked(challenge: &str) -> Vec<(&str, &str)> {
    vec![
        ("client_id", "central"),
        ("redirect_uri", CALLBACK),
        ("response_type", "code"),
        ("scope", "openid profile email"),
        ("state", "of-this-sign-in"),
        ("nonce", "of-this-browser"),
        ("code_challenge", challenge),
        ("code_challenge_method", "S256"),
    ]
}

/// An address with a good request, less one field and with another.
fn authorize(without: &str, with: (&str, &str)) -> String {
    let challenge = "c".repeat(43);
    let mut fields = asked(&challenge);
    fields.retain(|(name, _)| *name != without);
    fields.push(with);
    format!("/authorize?{}", serde_urlencoded::to_string(&fields).unwrap())
}

fn back(response: &Response, to: &str) -> HashMap<String, String> {
    let location = Url::parse(response.headers()["location"].to_str().unwrap()).unwrap();
    assert!(location.as_str().starts_with(to), "{location}");
    location.query_pairs().into_owned().collect()
}

fn part(token: &str, place: usize) -> Value {
    let part = token.split('.').nth(place).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

/// Whether a key of `/jwks` has signed, by the `rsa` crate alone.
fn is_signed(token: &str, jwks: &Value) -> bool {
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let kid = &part(token, 0)["kid"];
    let Some(jwk) = jwks["keys"].as_array().unwrap().iter().find(|jwk| &jwk["kid"] == kid) else {
        return false;
    };
    let number = |name: &str| {
        BigUint::from_bytes_be(&URL_SAFE_NO_PAD.decode(jwk[name].as_str().unwrap()).unwrap())
    };
    let key = RsaPublicKey::new(number("n"), number("e")).unwrap();
    let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    Signature::try_from(signature.as_slice()).is_ok_and(|signature| {
        VerifyingKey::<Sha256>::new(key).verify(signed.as_bytes(), &signature).is_ok()
    })
}

#[tokio::test]
async fn a_code_becomes_tokens_that_the_published_key_has_signed() {
    let sandbox = Sandbox::start().await;
    let metadata = sandbox.json("/.well-known/openid-configuration").await;
    assert_eq!(metadata["issuer"], sandbox.issuer);
    assert_eq!(metadata["authorization_response_iss_parameter_supported"], true);

    let tokens = sandbox.tokens().await;
    let (id_token, access_token) =
        (tokens["id_token"].as_str().unwrap(), tokens["access_token"].as_str().unwrap());
    let jwks = sandbox.json("/jwks").await;
    assert!(is_signed(id_token, &jwks) && is_signed(access_token, &jwks));
    assert_eq!(part(access_token, 0)["typ"], "at+jwt");
    assert_eq!(tokens["expires_in"], 8 * 60 * 60);

    let claims = part(id_token, 1);
    let hash = URL_SAFE_NO_PAD.encode(&Sha256::digest(access_token)[..16]);
    for (name, value) in [
        ("iss", json!(sandbox.issuer)),
        ("aud", json!("central")),
        ("nonce", json!("of-this-browser")),
        ("sub", json!("anna")),
        ("name", json!("Anna <Bellini>")),
        ("email", json!("anna@example.it")),
        ("email_verified", json!(true)),
        ("at_hash", json!(hash)),
    ] {
        assert_eq!(claims[name], value, "{name}");
    }
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 300);
    assert!(claims["auth_time"].is_i64() && claims["sid"].is_string());

    let userinfo = sandbox.request(Method::GET, "/userinfo").bearer_auth(access_token);
    let userinfo = userinfo.send().await.unwrap().text().await.unwrap();
    assert_eq!(serde_json::from_str::<Value>(&userinfo).unwrap()["sub"], "anna");
    assert_eq!(sandbox.get("/userinfo").await.status(), 401);
}

#[tokio::test]
async fn a_code_works_once_for_one_minute_and_with_its_own_verifier() {
    let sandbox = Sandbox::start().await;
    let (code, _) = sandbox.sign_in().await;
    let (status, error) = sandbox.exchange(&code, VERIFIER, "wrong").await;
    assert_eq!((status, &error["error"]), (401, &json!("invalid_client")));
    assert_eq!(sandbox.exchange(&code, VERIFIER, SECRET).await.0, 200);
    let (status, error) = sandbox.exchange(&code, VERIFIER, SECRET).await;
    assert_eq!((status, &error["error"]), (400, &json!("invalid_grant")));

    let (code, _) = sandbox.sign_in().await;
    assert_eq!(sandbox.exchange(&code, &"x".repeat(64), SECRET).await.0, 400);
    assert_eq!(sandbox.exchange(&code, VERIFIER, SECRET).await.0, 400);

    let (code, _) = sandbox.sign_in().await;
    sandbox.clock.advance(Duration::seconds(61));
    assert_eq!(sandbox.exchange(&code, VERIFIER, SECRET).await.0, 400);
}

#[tokio::test]
async fn access_tokens_live_as_long_as_told() {
    let sandbox = Sandbox::start().await;
    sandbox.idp.set_access_token_lifetime(120);
    let tokens = sandbox.tokens().await;
    assert_eq!(tokens["expires_in"], 120);
    let userinfo = || {
        let token = tokens["access_token"].as_str().unwrap();
        sandbox.request(Method::GET, "/userinfo").bearer_auth(token).send()
    };
    assert_eq!(userinfo().await.unwrap().status(), 200);
    sandbox.clock.advance(Duration::seconds(121));
    assert_eq!(userinfo().await.unwrap().status(), 401);
}

#[tokio::test]
async fn the_page_offers_people_and_lets_forms_reach_the_client() {
    let sandbox = Sandbox::start().await;
    let request = sandbox.request(Method::GET, &authorize("", ("ui_locales", "it")));
    let response = request.header("accept-language", "fr").send().await.unwrap();
    assert_eq!(response.status(), 200);
    let policy = response.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains("form-action 'self' http://127.0.0.1:9000;"), "{policy}");
    assert!(!policy.contains("script-src"));
    assert_eq!(response.headers()["cache-control"], "no-store");
    assert_eq!(response.headers()["referrer-policy"], "same-origin");
    let page = response.text().await.unwrap();
    assert!(page.contains("<html lang=\"it\">") && page.contains("Chi vuoi essere?"), "{page}");
    assert!(page.contains("name=\"subject\" value=\"bruno\"") && page.contains("Bruno Sala"));
    assert!(!page.contains("Anna <Bellini>") && !page.contains("<script"));
    assert_eq!(sandbox.get("/assets/sandbox.css").await.status(), 200);
}

#[tokio::test]
async fn requests_that_are_not_sound_are_refused() {
    let sandbox = Sandbox::start().await;
    for path in [
        authorize("client_id", ("client_id", "other")),
        authorize("redirect_uri", ("redirect_uri", "http://127.0.0.1:9000/other")),
        authorize("", ("redirect_uri", CALLBACK)),
    ] {
        assert_eq!(sandbox.get(&path).await.status(), 400, "{path}");
    }
    for (without, with, error) in [
        ("response_type", ("response_type", "token"), "unsupported_response_type"),
        ("scope", ("scope", "profile"), "invalid_scope"),
        ("code_challenge_method", ("code_challenge_method", "plain"), "invalid_request"),
        ("code_challenge", ("x", "y"), "invalid_request"),
        ("nonce", ("x", "y"), "invalid_request"),
        ("", ("prompt", "none"), "login_required"),
    ] {
        let parameters = back(&sandbox.get(&authorize(without, with)).await, CALLBACK);
        assert_eq!(parameters["error"], error, "{without} {with:?}");
        assert_eq!(parameters["state"], "of-this-sign-in");
        assert_eq!(parameters["iss"], sandbox.issuer);
    }
    let challenge = "c".repeat(43);
    let mut fields = asked(&challenge);
    fields.push(("subject", "anna"));
    let foreign = sandbox.form("/authorize", &fields).header("sec-fetch-site", "same-site");
    assert_eq!(foreign.send().await.unwrap().status(), 400);
    fields.pop();
    assert_eq!(sandbox.post("/authorize", &fields).await.status(), 400);
}

#[tokio::test]
async fn a_session_answers_without_a_page_until_it_ends() {
    let sandbox = Sandbox::start().await;
    let (code, cookie) = sandbox.sign_in().await;
    let (_, tokens) = sandbox.exchange(&code, VERIFIER, SECRET).await;
    let silent = |with| {
        let request = sandbox.request(Method::GET, &authorize("prompt", with));
        let path = request.header("cookie", &cookie);
        async { path.query(&[("prompt", "none")]).send().await.unwrap() }
    };
    assert!(back(&silent(("x", "y")).await, CALLBACK).contains_key("code"));
    sandbox.clock.advance(Duration::seconds(301));
    let old = back(&silent(("max_age", "300")).await, CALLBACK);
    assert_eq!(old["error"], "login_required");

    let id_token = tokens["id_token"].as_str().unwrap();
    let end = |fields: Vec<(&str, &str)>| {
        let query = serde_urlencoded::to_string(&fields).unwrap();
        let request = sandbox.request(Method::GET, &format!("/end-session?{query}"));
        let request = request.header("cookie", &cookie);
        async { request.send().await.unwrap() }
    };
    let wanted = ("post_logout_redirect_uri", SIGNED_OUT);
    let ended = end(vec![("id_token_hint", id_token), wanted, ("state", "s")]).await;
    assert_eq!(back(&ended, SIGNED_OUT)["state"], "s");
    assert_eq!(back(&silent(("x", "y")).await, CALLBACK)["error"], "login_required");

    for (fault, state) in [
        (EndSessionFault::OtherState, Some("of-another-sign-out")),
        (EndSessionFault::NoState, None),
    ] {
        sandbox.idp.spoil(fault);
        let ended = end(vec![("id_token_hint", id_token), wanted, ("state", "s")]).await;
        assert_eq!(back(&ended, SIGNED_OUT).get("state").map(String::as_str), state);
    }
    sandbox.idp.mend();

    let forged = format!("{id_token}A");
    for fields in [
        vec![],
        vec![("id_token_hint", forged.as_str()), wanted],
        vec![("client_id", "other"), wanted],
        vec![("post_logout_redirect_uri", "https://other.example/")],
    ] {
        assert_eq!(end(fields).await.status(), 200);
    }
}

#[tokio::test]
async fn signing_out_here_tells_the_client() {
    let client = TcpListener::bind("127.0.0.1:0").unwrap();
    let told_at = format!("http://{}/told", client.local_addr().unwrap());
    let told = std::thread::spawn(move || {
        use std::io::{Read as _, Write as _};
        let (mut stream, _) = client.accept().unwrap();
        let mut request = String::new();
        while !request.contains("logout_token=") {
            let mut bytes = [0; 4096];
            let count = stream.read(&mut bytes).unwrap();
            request.push_str(std::str::from_utf8(&bytes[..count]).unwrap());
        }
        let length = request.find("content-length: ").unwrap() + "content-length: ".len();
        let length: usize = request[length..].lines().next().unwrap().parse().unwrap();
        while request.split("\r\n\r\n").nth(1).unwrap().len() < length {
            let mut bytes = [0; 4096];
            let count = stream.read(&mut bytes).unwrap();
            request.push_str(std::str::from_utf8(&bytes[..count]).unwrap());
        }
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").unwrap();
        request
    });
    let sandbox = Sandbox::start_with(Some(told_at)).await;
    let metadata = sandbox.json("/.well-known/openid-configuration").await;
    assert_eq!(metadata["backchannel_logout_session_supported"], true);
    let (_, cookie) = sandbox.sign_in().await;
    let sid = sandbox.idp.sessions_of("anna").remove(0);
    let accounts = sandbox.request(Method::GET, &authorize("", ("x", "y")));
    let accounts = accounts.header("cookie", &cookie).send().await.unwrap().text().await.unwrap();
    assert!(accounts.contains("action=\"/end-session\""), "{accounts}");
    let out = sandbox.form("/end-session", &[]).header("cookie", &cookie).send().await.unwrap();
    assert_eq!(out.status(), 200);
    assert!(sandbox.idp.sessions_of("anna").is_empty());

    let request = told.join().unwrap();
    assert!(request.starts_with("POST /told "), "{request}");
    let (_, token) = request.split_once("logout_token=").unwrap();
    assert!(is_signed(token, &sandbox.json("/jwks").await));
    assert_eq!(part(token, 1)["sid"], sid.as_str());
    assert_eq!(part(token, 1)["sub"], "anna");
}

#[tokio::test]
async fn a_page_makes_access_tokens_for_the_api() {
    let sandbox = Sandbox::start().await;
    let page = sandbox.get("/api-token").await.text().await.unwrap();
    assert!(page.contains("value=\"bruno\"") && !page.contains("<pre"), "{page}");
    let fields = [("subject", "bruno"), ("scope", "documents:read"), ("scope", "other:thing")];
    let page = sandbox.post("/api-token", &fields).await.text().await.unwrap();
    let token = page.split("<code>").nth(1).unwrap().split('<').next().unwrap();
    assert!(is_signed(token, &sandbox.json("/jwks").await));
    assert_eq!(part(token, 1)["sub"], "bruno");
    assert_eq!(part(token, 1)["scope"], "documents:read");
    assert!(page.contains("http://127.0.0.1:9000/api/v1/"), "{page}");
    let foreign = sandbox.form("/api-token", &fields).header("sec-fetch-site", "same-site");
    assert_eq!(foreign.send().await.unwrap().status(), 400);
    assert_eq!(sandbox.post("/api-token", &[("subject", "nobody")]).await.status(), 400);
}

#[tokio::test]
async fn requests_are_counted_and_the_keys_say_how_long_they_keep() {
    let sandbox = Sandbox::start().await;
    sandbox.tokens().await;
    sandbox.idp.set_keys_cache_control("no-store");
    assert_eq!(sandbox.get("/jwks").await.headers()["cache-control"], "no-store");
    let expected = [("/authorize", 1), ("/jwks", 1), ("/token", 1)];
    assert_eq!(sandbox.idp.requests(), expected.map(|(path, n)| (path.to_owned(), n)).into());
}

#[tokio::test]
async fn a_rotated_key_signs_and_only_the_one_before_stays_published() {
    let sandbox = Sandbox::start().await;
    let before = sandbox.tokens().await;
    sandbox.idp.rotate_key().unwrap();
    let after = sandbox.tokens().await;
    let jwks = sandbox.json("/jwks").await;
    assert_eq!(jwks["keys"].as_array().unwrap().len(), 2);
    for tokens in [&before, &after] {
        assert!(is_signed(tokens["id_token"].as_str().unwrap(), &jwks));
    }
    assert_ne!(
        part(before["id_token"].as_str().unwrap(), 0),
        part(after["id_token"].as_str().unwrap(), 0)
    );
    sandbox.idp.rotate_key().unwrap();
    let jwks = sandbox.json("/jwks").await;
    assert!(!is_signed(before["id_token"].as_str().unwrap(), &jwks), "gone");
    assert!(is_signed(after["id_token"].as_str().unwrap(), &jwks), "still published");
}

#[tokio::test]
async fn while_down_everything_answers_503() {
    let sandbox = Sandbox::start().await;
    sandbox.idp.set_down(true);
    for path in ["/jwks", "/.well-known/openid-configuration", "/authorize"] {
        assert_eq!(sandbox.get(path).await.status(), 503, "{path}");
    }
    sandbox.idp.set_down(false);
    assert_eq!(sandbox.get("/jwks").await.status(), 200);
}

#[test]
fn the_key_is_kept_in_its_file() {
    let file = std::env::temp_dir().join(format!("{:032x}.pem", rand::random::<u128>()));
    let made = Key::load_or_create(Some(&file)).unwrap();
    let loaded = Key::load_or_create(Some(&file)).unwrap();
    assert_eq!(made.kid(), loaded.kid());
    std::fs::remove_file(file).unwrap();
}
