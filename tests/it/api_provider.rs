//! Access tokens of the identity provider at the API: every check once left out.

#![expect(
    clippy::indexing_slicing,
    reason = "an index of a JSON value that is not there gives null, which fails the comparison"
)]

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use central::sandbox::idp::{ApiToken, ApiTokenFault, ApiTokenProfile};
use openidconnect::reqwest::StatusCode;
use rsa::RsaPrivateKey;
use rsa::pkcs1v15::SigningKey;
use rsa::pkcs8::DecodePrivateKey as _;
use rsa::signature::{SignatureEncoding as _, Signer as _};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::support::*;

const PAYMENTS: &str = "/api/v1/email-payments";

/// Makes tokens as the provider would.
pub struct Issuer {
    key: SigningKey<Sha256>,
    kid: String,
}

impl Issuer {
    pub async fn of(app: &TestApp) -> Self {
        let issuer = &app.config.oidc.issuer;
        let mut browser = app.browser();
        let metadata =
            browser.get(&format!("{issuer}/.well-known/openid-configuration")).await.json();
        let keys = browser.get(metadata["jwks_uri"].as_str().unwrap()).await.json();
        let pem = std::fs::read_to_string(signing_key()).unwrap();
        let private = RsaPrivateKey::from_pkcs8_pem(&pem).unwrap();
        Self {
            key: SigningKey::new(private),
            kid: keys["keys"][0]["kid"].as_str().unwrap().to_owned(),
        }
    }

    pub fn sign(&self, header: &Value, claims: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(header), part(claims));
        let signature = self.key.sign(signed.as_bytes()).to_vec();
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    pub fn header(&self) -> Value {
        json!({ "alg": "RS256", "typ": "at+jwt", "kid": self.kid })
    }
}

/// A good token of somebody's.
pub fn claims(app: &TestApp, person: &str) -> Value {
    let now = app.clock.now().timestamp();
    json!({
        "iss": app.config.oidc.issuer, "sub": person, "aud": "central-api", "client_id": "shop",
        "jti": "1", "iat": now, "exp": now + 600,
        "scope": "email_payments:read email_payments:write profile",
    })
}

/// The claims with one of them changed; `null` takes it out.
pub fn but(claims: &Value, name: &str, value: Value) -> Value {
    let mut claims = claims.clone();
    let map = claims.as_object_mut().unwrap();
    if value.is_null() {
        map.remove(name);
    } else {
        map.insert(name.to_owned(), value);
    }
    claims
}

fn kind(page: &Page) -> String {
    page.json()["type"].as_str().unwrap().split_once('#').unwrap().1.to_owned()
}

#[actix_web::test]
async fn sec_09_a_good_token_of_the_provider_speaks_for_its_user() {
    let app = TestApp::start().await;
    let issuer = Issuer::of(&app).await;
    let anna = claims(&app, ANNA);
    let program = app.program(&issuer.sign(&issuer.header(), &anna));
    let body = json!({ "amount_minor": 100, "currency": "EUR", "customer_email": CUSTOMER });
    let page = program.post(PAYMENTS, Some("1"), &body).await;
    assert_eq!(page.status, StatusCode::CREATED, "{}", page.body);
    let named = "audit_log WHERE action = 'email_payment.create'
        AND after -> 'program' ->> 'api_client' = 'shop'
        AND user_id = (SELECT id FROM users WHERE subject = 'anna')";
    assert_eq!(app.count(named), 1);

    // Its scopes bind it, and so does the user's role.
    let reader = but(&anna, "scope", json!("email_payments:read"));
    let reader = app.program(&issuer.sign(&issuer.header(), &reader));
    assert_eq!(reader.get(PAYMENTS).await.status, StatusCode::OK);
    let page = reader.post(PAYMENTS, Some("2"), &body).await;
    assert_eq!((page.status, kind(&page).as_str()), (StatusCode::FORBIDDEN, "insufficient-scope"));
    let clerk = app.program(&issuer.sign(&issuer.header(), &claims(&app, CARLA)));
    let page = clerk.get(PAYMENTS).await;
    assert_eq!((page.status, kind(&page).as_str()), (StatusCode::FORBIDDEN, "forbidden"));
}

#[actix_web::test]
async fn sec_09_a_user_of_several_merchants_needs_a_token_of_ours_and_others_get_nothing() {
    let app = TestApp::start().await;
    let issuer = Issuer::of(&app).await;
    let get = async |person: &str, query: &str| {
        let token = issuer.sign(&issuer.header(), &claims(&app, person));
        app.program(&token).get(&format!("{PAYMENTS}{query}")).await
    };
    for query in ["", &format!("?merchant_id={}", app.world.second)] {
        let page = get(BRUNO, query).await;
        assert_eq!(
            (page.status, kind(&page).as_str()),
            (StatusCode::FORBIDDEN, "several-merchants")
        );
        assert!(
            page.json()["detail"].as_str().unwrap().contains("made in Central for one merchant")
        );
    }
    for staff in [SOFIA, TOM, ADA] {
        assert_eq!(get(staff, "").await.status, StatusCode::FORBIDDEN, "{staff}");
    }
    assert_eq!(get(NOBODY, "").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(get(ANNA, "").await.status, StatusCode::OK);
    app.change("UPDATE users SET is_active = false WHERE subject = 'anna'");
    let page = get(ANNA, "").await;
    assert_eq!((page.status, kind(&page).as_str()), (StatusCode::UNAUTHORIZED, "invalid-token"));
}

#[actix_web::test]
async fn sec_09_a_token_with_one_thing_wrong_is_refused() {
    let app = TestApp::start().await;
    let issuer = Issuer::of(&app).await;
    let (header, good) = (issuer.header(), claims(&app, ANNA));
    let now = app.clock.now().timestamp();
    let mut bad: Vec<(String, String)> = Vec::new();
    for (name, value) in [
        ("iss", json!("https://elsewhere.example")),
        ("iss", json!(null)),
        ("aud", json!("another-api")),
        ("aud", json!("central")),
        ("aud", json!(["central-api", "central"])),
        ("aud", json!(null)),
        ("exp", json!(now)),
        ("exp", json!(now - 1)),
        ("exp", json!(null)),
        ("iat", json!(now + 3_600)),
        ("iat", json!(null)),
        ("nbf", json!(now + 3_600)),
        ("sub", json!(null)),
        ("sub", json!("")),
        ("client_id", json!(null)),
        ("jti", json!(null)),
    ] {
        let what = format!("{name}: {value}");
        bad.push((what, issuer.sign(&header, &but(&good, name, value))));
    }
    for (name, value) in [
        ("typ", json!("JWT")),
        ("typ", json!("id_token")),
        ("typ", json!(null)),
        ("alg", json!("none")),
        ("alg", json!("HS256")),
        ("alg", json!("RS512")),
        ("kid", json!("unknown")),
        ("crit", json!(["exp"])),
    ] {
        let what = format!("{name}: {value}");
        bad.push((what, issuer.sign(&but(&header, name, value), &good)));
    }
    let token = issuer.sign(&header, &good);
    let (signed, _) = token.rsplit_once('.').unwrap();
    bad.push(("no signature".to_owned(), format!("{signed}.")));
    let mut other = token.clone();
    other.insert(signed.len() + 10, 'A');
    bad.push(("another signature".to_owned(), other));
    let (head, rest) = token.split_once('.').unwrap();
    let changed = URL_SAFE_NO_PAD.encode(but(&good, "sub", json!("bruno")).to_string());
    let signature = rest.split_once('.').unwrap().1;
    bad.push(("other claims".to_owned(), format!("{head}.{changed}.{signature}")));
    for (what, token) in bad {
        let page = app.program(&token).get(PAYMENTS).await;
        assert_eq!(page.status, StatusCode::UNAUTHORIZED, "{what}: {}", page.body);
        let challenge = page.header("www-authenticate");
        assert_eq!(challenge.as_deref(), Some("Bearer error=\"invalid_token\""), "{what}");
    }
    assert_eq!(app.program(&token).get(PAYMENTS).await.status, StatusCode::OK);
}

/// What a token of the provider that is wrong in one way gets.
const fn expected(profile: ApiTokenProfile, fault: ApiTokenFault) -> StatusCode {
    match (profile, fault) {
        // Without a scope it is a good token that opens nothing.
        (_, ApiTokenFault::MissingScope) => StatusCode::FORBIDDEN,
        // RFC 9068 names the client and knows no nonce; Okta's tokens have no jti that we would ask for.
        (ApiTokenProfile::Rfc9068, ApiTokenFault::OtherClient | ApiTokenFault::Nonce)
        | (ApiTokenProfile::Okta, ApiTokenFault::MissingJti) => StatusCode::OK,
        _ => StatusCode::UNAUTHORIZED,
    }
}

#[actix_web::test]
async fn sec_09_in_both_profiles_a_token_that_is_wrong_in_one_way_is_refused() {
    for (profile, settings) in [
        (ApiTokenProfile::Rfc9068, &[][..]),
        (ApiTokenProfile::Okta, &[("API_TOKEN_PROFILE", "okta"), ("API_CLIENTS", "erp,central")]),
    ] {
        let app = TestApp::start_with(settings).await;
        let scopes = ["email_payments:read"];
        let get = async |fault| {
            let wanted = ApiToken { profile, fault, ..ApiToken::new(ANNA, &scopes) };
            let token = app.idp.api_token(wanted).unwrap();
            app.program(&token).get(PAYMENTS).await.status
        };
        assert_eq!(get(None).await, StatusCode::OK, "{profile:?}");
        for fault in ApiTokenFault::ALL {
            let status = get(Some(*fault)).await;
            assert_eq!(status, expected(profile, *fault), "{profile:?} {fault:?}");
        }
        // A token of the other profile is none of this one.
        let other = match profile {
            ApiTokenProfile::Rfc9068 => ApiTokenProfile::Okta,
            ApiTokenProfile::Okta => ApiTokenProfile::Rfc9068,
        };
        let wanted = ApiToken { profile: other, ..ApiToken::new(ANNA, &scopes) };
        let token = app.idp.api_token(wanted).unwrap();
        let page = app.program(&token).get(PAYMENTS).await;
        assert_eq!(page.status, StatusCode::UNAUTHORIZED, "{profile:?}");
        assert_eq!(
            page.header("www-authenticate").as_deref(),
            Some("Bearer error=\"invalid_token\""),
            "{profile:?}"
        );
    }
}
