//! The provider's metadata and keys: how long they are kept, when they are asked for again, and what
//! happens when they are not to be had (SEC-8). The provider here is a few lines that count.

use std::net::TcpListener;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use actix_web::web::{self, Data};
use actix_web::{App, HttpResponse, HttpServer};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use central::auth::provider::{Provider, TokenError};
use central::config::{ApiConfig, OidcConfig, TokenProfile};
use central::kernel::Clock;
use chrono::TimeDelta;
use futures_util::future::join_all;
use openidconnect::reqwest::StatusCode;
use rsa::RsaPrivateKey;
use rsa::pkcs1v15::SigningKey;
use rsa::rand_core::OsRng;
use rsa::signature::{SignatureEncoding as _, Signer as _};
use rsa::traits::PublicKeyParts as _;
use serde_json::{Value, json};
use sha2::Sha256;

use crate::support::*;

/// What the provider answers, and how often it was asked.
struct Answers {
    issuer: String,
    metadata: Mutex<Value>,
    keys: Mutex<Vec<u8>>,
    cache_control: Mutex<Option<String>>,
    status: Mutex<u16>,
    delay: Mutex<Duration>,
    metadata_asked: AtomicUsize,
    keys_asked: AtomicUsize,
}

struct Counting {
    answers: Arc<Answers>,
    clock: Clock,
    provider: Provider,
    key: RsaPrivateKey,
}

fn encoded(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn key_set(keys: &[(&str, &RsaPrivateKey)]) -> Vec<u8> {
    let keys: Vec<Value> = keys
        .iter()
        .map(|(kid, key)| {
            let (n, e) = (encoded(key.n().to_bytes_be()), encoded(key.e().to_bytes_be()));
            json!({ "kty": "RSA", "use": "sig", "kid": kid, "n": n, "e": e })
        })
        .collect();
    json!({ "keys": keys }).to_string().into_bytes()
}

async fn metadata(answers: Data<Answers>) -> HttpResponse {
    answers.metadata_asked.fetch_add(1, Ordering::SeqCst);
    let delay = *answers.delay.lock().unwrap();
    actix_web::rt::time::sleep(delay).await;
    let status = *answers.status.lock().unwrap();
    if status != 200 {
        let status = actix_web::http::StatusCode::from_u16(status).unwrap();
        return HttpResponse::build(status).insert_header(("Location", "/elsewhere")).finish();
    }
    HttpResponse::Ok().json(answers.metadata.lock().unwrap().clone())
}

async fn keys(answers: Data<Answers>) -> HttpResponse {
    answers.keys_asked.fetch_add(1, Ordering::SeqCst);
    let delay = *answers.delay.lock().unwrap();
    actix_web::rt::time::sleep(delay).await;
    let status = *answers.status.lock().unwrap();
    let status = actix_web::http::StatusCode::from_u16(status).unwrap();
    let mut response = HttpResponse::build(status);
    if let Some(value) = answers.cache_control.lock().unwrap().clone() {
        response.insert_header(("Cache-Control", value));
    }
    response.content_type("application/json").body(answers.keys.lock().unwrap().clone())
}

impl Counting {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let issuer = format!("http://127.0.0.1:{}", listener.local_addr().unwrap().port());
        let key = RsaPrivateKey::new(&mut OsRng, 2048).unwrap();
        let answers = Arc::new(Answers {
            metadata: Mutex::new(json!({
                "issuer": issuer,
                "authorization_endpoint": format!("{issuer}/authorize"),
                "token_endpoint": format!("{issuer}/token"),
                "jwks_uri": format!("{issuer}/keys"),
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
            })),
            issuer: issuer.clone(),
            keys: Mutex::new(key_set(&[("one", &key)])),
            cache_control: Mutex::new(None),
            status: Mutex::new(200),
            delay: Mutex::new(Duration::ZERO),
            metadata_asked: AtomicUsize::new(0),
            keys_asked: AtomicUsize::new(0),
        });
        let shared = Data::from(answers.clone());
        let server = HttpServer::new(move || {
            App::new()
                .app_data(shared.clone())
                .route("/.well-known/openid-configuration", web::get().to(metadata))
                .route("/keys", web::get().to(keys))
        })
        .workers(1)
        .disable_signals()
        .listen(listener)
        .unwrap()
        .run();
        actix_web::rt::spawn(server);
        let clock = Clock::system();
        let oidc = OidcConfig {
            issuer,
            client_id: "central".to_owned(),
            client_secret: "secret".into(),
            allowed_algs: vec!["RS256".to_owned()],
            staff_acr: Vec::new(),
            is_logout_typ_lenient: false,
        };
        let api = ApiConfig {
            audience: "central-api".to_owned(),
            profile: TokenProfile::Rfc9068,
            clients: Vec::new(),
        };
        let provider =
            Provider::new(oidc, api, "http://127.0.0.1/back".to_owned(), clock.clone()).unwrap();
        Self { answers, clock, provider, key }
    }

    /// A good access token of this moment, signed by a key that is called `kid`.
    fn token(&self, kid: &str, key: &RsaPrivateKey) -> String {
        let now = self.clock.now().timestamp();
        let header = json!({ "alg": "RS256", "kid": kid, "typ": "at+jwt" });
        let claims = json!({
            "iss": self.answers.issuer, "aud": "central-api", "sub": "anna", "client_id": "erp",
            "jti": "1", "iat": now, "exp": now + 60, "scope": "email_payments:read",
        });
        let signed = format!("{}.{}", encoded(header.to_string()), encoded(claims.to_string()));
        let signature = SigningKey::<Sha256>::new(key.clone()).sign(signed.as_bytes());
        format!("{signed}.{}", encoded(signature.to_vec()))
    }

    async fn takes(&self, token: &str) -> bool {
        self.provider.access_token(token).await.is_ok()
    }

    fn asked(&self) -> (usize, usize) {
        let count = |counter: &AtomicUsize| counter.load(Ordering::SeqCst);
        (count(&self.answers.metadata_asked), count(&self.answers.keys_asked))
    }

    fn later(&self, seconds: i64) {
        self.clock.advance(TimeDelta::seconds(seconds));
    }
}

#[actix_web::test]
async fn sec_08_keys_live_as_long_as_the_answer_says_between_five_minutes_and_an_hour() {
    for (cache_control, life) in [
        (None, 300),
        (Some("public, max-age=10"), 300),
        (Some("no-store"), 300),
        (Some("max-age=1000"), 1_000),
        (Some("max-age=86400"), 3_600),
    ] {
        let counting = Counting::start();
        *counting.answers.cache_control.lock().unwrap() = cache_control.map(str::to_owned);
        assert_eq!(counting.provider.renew_due().await, 0, "nothing before it is needed");
        assert_eq!(counting.asked(), (0, 0));
        counting.provider.check().await.unwrap();
        counting.later(life * 4 / 5 - 2);
        assert_eq!(counting.provider.renew_due().await, 0, "{cache_control:?}");
        counting.provider.check().await.unwrap();
        assert_eq!(counting.asked(), (1, 1), "{cache_control:?}");
        counting.later(3);
        assert_eq!(counting.provider.renew_due().await, 1, "{cache_control:?}");
        assert_eq!(counting.asked(), (1, 2), "renewed before anybody waits: {cache_control:?}");
        // Nothing renewed it in time: who needs it fetches it.
        counting.later(life + 1);
        counting.provider.check().await.unwrap();
        assert_eq!(counting.asked(), (1, 3), "{cache_control:?}");
    }
}

#[actix_web::test]
async fn sec_08_metadata_is_renewed_each_day() {
    let counting = Counting::start();
    counting.provider.check().await.unwrap();
    counting.later(24 * 60 * 60 + 1);
    assert_eq!(counting.provider.renew_due().await, 2);
    assert_eq!(counting.asked().0, 2);
}

#[actix_web::test]
async fn sec_08_however_many_need_them_there_is_one_fetch_at_a_time() {
    let counting = Counting::start();
    *counting.answers.delay.lock().unwrap() = Duration::from_millis(100);
    let all = join_all((0..50).map(|_| counting.provider.check())).await;
    assert!(all.iter().all(Result::is_ok));
    assert_eq!(counting.asked(), (1, 1));
}

#[actix_web::test]
async fn sec_08_an_unknown_key_is_asked_for_once_and_a_flood_of_them_empties_a_bucket_of_five() {
    let counting = Counting::start();
    assert!(counting.takes(&counting.token("one", &counting.key)).await);
    let new = RsaPrivateKey::new(&mut OsRng, 2048).unwrap();
    *counting.answers.keys.lock().unwrap() = key_set(&[("one", &counting.key), ("two", &new)]);
    assert!(counting.takes(&counting.token("two", &new)).await, "found by one fetch out of turn");
    assert_eq!(counting.asked(), (1, 2));
    for number in 0..10 {
        assert!(!counting.takes(&counting.token(&format!("made up {number}"), &new)).await);
    }
    assert_eq!(counting.asked(), (1, 6), "four were left");
    assert!(counting.takes(&counting.token("two", &new)).await, "known keys go on working");
}

#[actix_web::test]
async fn sec_08_a_key_that_is_gone_from_a_good_answer_is_dropped_at_once() {
    let counting = Counting::start();
    assert!(counting.takes(&counting.token("one", &counting.key)).await);
    let new = RsaPrivateKey::new(&mut OsRng, 2048).unwrap();
    *counting.answers.keys.lock().unwrap() = key_set(&[("two", &new)]);
    counting.later(250);
    assert_eq!(counting.provider.renew_due().await, 1);
    assert!(!counting.takes(&counting.token("one", &counting.key)).await);
    assert!(counting.takes(&counting.token("two", &new)).await);
}

#[actix_web::test]
async fn sec_08_known_keys_work_for_a_day_while_the_provider_is_away() {
    let counting = Counting::start();
    assert!(counting.takes(&counting.token("one", &counting.key)).await);
    *counting.answers.status.lock().unwrap() = 503;
    for _ in 0..23 {
        counting.later(60 * 60);
        let before = counting.asked().1;
        for _ in 0..3 {
            assert!(counting.takes(&counting.token("one", &counting.key)).await);
        }
        assert_eq!(counting.asked().1, before + 1, "asked again, but not by each request");
    }
    counting.later(60 * 60 + 1);
    let token = counting.token("one", &counting.key);
    let refused = counting.provider.access_token(&token).await;
    assert!(matches!(refused, Err(TokenError::Unavailable(_))), "{refused:?}");
    *counting.answers.status.lock().unwrap() = 200;
    counting.later(11);
    assert!(counting.takes(&counting.token("one", &counting.key)).await);
}

#[actix_web::test]
async fn sec_08_answers_that_are_no_answers_are_not_believed() {
    let counting = Counting::start();
    let good = counting.answers.metadata.lock().unwrap().clone();
    let wrong_issuer = {
        let mut wrong = good.clone();
        wrong["issuer"] = json!(format!("{}/", counting.answers.issuer));
        wrong
    };
    for (metadata, status, reason) in [
        (wrong_issuer, 200, "another issuer"),
        (json!({ "issuer": counting.answers.issuer }), 200, "can't be read"),
        (good.clone(), 302, "answered 302"),
        (good.clone(), 500, "answered 500"),
    ] {
        *counting.answers.metadata.lock().unwrap() = metadata;
        *counting.answers.status.lock().unwrap() = status;
        let error = counting.provider.check().await.unwrap_err();
        assert!(error.contains(reason), "{error}");
        let error = counting.provider.check().await.unwrap_err();
        assert_eq!(error, "it has just not answered", "nobody waits for the same again");
        counting.later(3);
    }
    *counting.answers.metadata.lock().unwrap() = good;
    *counting.answers.status.lock().unwrap() = 200;
    for (keys, reason) in
        [(vec![b' '; 300 * 1024], "longer than 256 KiB"), (b"<html>".to_vec(), "can't be read")]
    {
        *counting.answers.keys.lock().unwrap() = keys;
        let error = counting.provider.check().await.unwrap_err();
        assert!(error.contains(reason), "{error}");
        let error = counting.provider.check().await.unwrap_err();
        assert_eq!(error, "it has just not answered", "nobody waits for the same again");
        counting.later(3);
    }
    *counting.answers.keys.lock().unwrap() = key_set(&[("one", &counting.key)]);
    counting.provider.check().await.unwrap();
}

#[actix_web::test]
async fn sec_08_a_flood_of_made_up_keys_at_one_door_does_not_keep_the_other_from_a_new_one() {
    let app = TestApp::start().await;
    app.sign_in(ANNA).await;
    let key = RsaPrivateKey::new(&mut OsRng, 2048).unwrap();
    let header = json!({ "alg": "RS256", "kid": "made up", "typ": "logout+jwt" });
    let signed = format!("{}.{}", encoded(header.to_string()), encoded("{}"));
    let signature = SigningKey::<Sha256>::new(key).sign(signed.as_bytes());
    let token = format!("{signed}.{}", encoded(signature.to_vec()));
    let mut outside = app.browser();
    for _ in 0..8 {
        let page = outside.post("/sign-in/back-channel-logout", &[("logout_token", &token)]).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST);
        assert_eq!(page.body, r#"{"error":"invalid_request"}"#);
    }
    let idp = app.idp.clone();
    tokio::task::spawn_blocking(move || idp.rotate_key()).await.unwrap().unwrap();
    let mut carla = app.sign_in(CARLA).await;
    assert_eq!(carla.get(LIST).await.status, StatusCode::OK);
}

#[actix_web::test]
async fn sec_10_while_the_keys_are_out_of_reach_a_logout_under_a_new_key_is_asked_for_again() {
    let counting = Counting::start();
    counting.provider.check().await.unwrap();
    let new = RsaPrivateKey::new(&mut OsRng, 2048).unwrap();
    let header = json!({ "alg": "RS256", "kid": "two", "typ": "logout+jwt" });
    let signed = format!("{}.{}", encoded(header.to_string()), encoded("{}"));
    let signature = SigningKey::<Sha256>::new(new).sign(signed.as_bytes());
    let token = format!("{signed}.{}", encoded(signature.to_vec()));
    *counting.answers.status.lock().unwrap() = 503;
    let answer = counting.provider.logout_token(&token).await;
    assert!(matches!(answer, Err(TokenError::Unavailable(_))), "{answer:?}");
    *counting.answers.status.lock().unwrap() = 200;
    let answer = counting.provider.logout_token(&token).await;
    assert!(matches!(answer, Err(TokenError::Refused(_))), "{answer:?}");
}
