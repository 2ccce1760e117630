//! A service that speaks as much S3 as the product uses: objects are put once and got. Who signs wrong, or
//! sends bytes that are not those of their checksum, is refused.

use std::collections::HashMap;
use std::net::TcpListener;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use actix_web::http::{Method, header};
use actix_web::web::{Bytes, Data, PayloadConfig, to};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use data_encoding::{BASE64, HEXLOWER};
use hmac::{Hmac, Mac as _};
use sha2::{Digest as _, Sha256};

const KEY_ID: &str = "AKIDEXAMPLE";
const KEY: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

type Objects = Arc<Mutex<HashMap<String, Bytes>>>;

pub struct S3 {
    url: String,
    /// By their paths, `/bucket/name`.
    pub objects: Objects,
    /// Whether it answers that it is busy, whatever it is asked.
    pub is_busy: Arc<AtomicBool>,
}

impl S3 {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("bound"));
        let objects = Objects::default();
        let is_busy = Arc::new(AtomicBool::new(false));
        let (data, busy) = (Data::new(objects.clone()), Data::from(is_busy.clone()));
        let server = HttpServer::new(move || {
            let most = PayloadConfig::new(26 * 1024 * 1024);
            App::new()
                .app_data(data.clone())
                .app_data(busy.clone())
                .app_data(most)
                .default_service(to(answer))
        });
        let server = server.workers(1).disable_signals().listen(listener).expect("it listens");
        actix_web::rt::spawn(server.run());
        Self { url, objects, is_busy }
    }

    /// What a product needs to keep its documents in it, below `bucket/prefix`.
    pub fn settings(&self) -> [(&'static str, &str); 5] {
        [
            ("DOCUMENTS_URL", "s3://bucket/central/documents"),
            ("AWS_ENDPOINT_URL", &self.url),
            ("AWS_REGION", "eu-west-3"),
            ("AWS_ACCESS_KEY_ID", KEY_ID),
            ("AWS_SECRET_ACCESS_KEY", KEY),
        ]
    }
}

async fn answer(
    req: HttpRequest,
    body: Bytes,
    objects: Data<Objects>,
    is_busy: Data<AtomicBool>,
) -> HttpResponse {
    if is_busy.load(Ordering::Relaxed) {
        return HttpResponse::ServiceUnavailable().body("<Error><Code>SlowDown</Code></Error>");
    }
    if !is_signed(&req, &body) {
        return HttpResponse::Forbidden().body("<Error><Code>SignatureDoesNotMatch</Code></Error>");
    }
    let mut objects = objects.lock().expect("no other panics");
    match *req.method() {
        Method::PUT => {
            let sum = BASE64.encode(&Sha256::digest(&body));
            if text(&req, "x-amz-checksum-sha256") != sum {
                return HttpResponse::BadRequest().finish();
            }
            assert_eq!(text(&req, "if-none-match"), "*", "nothing is ever written over");
            if objects.contains_key(req.path()) {
                return HttpResponse::PreconditionFailed().finish();
            }
            objects.insert(req.path().to_owned(), body);
            HttpResponse::Ok().insert_header((header::ETAG, "\"1\"")).finish()
        }
        Method::GET => match objects.get(req.path()) {
            Some(bytes) => HttpResponse::Ok()
                .insert_header((header::ETAG, "\"1\""))
                .insert_header((header::LAST_MODIFIED, "Sat, 28 Nov 2026 12:00:00 GMT"))
                .body(bytes.clone()),
            None => HttpResponse::NotFound().body("<Error><Code>NoSuchKey</Code></Error>"),
        },
        _ => HttpResponse::MethodNotAllowed().finish(),
    }
}

fn text<'a>(req: &'a HttpRequest, name: &str) -> &'a str {
    req.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// Whether the request carries the signature of version 4 that Amazon describes, with the key.
fn is_signed(req: &HttpRequest, body: &[u8]) -> bool {
    let authorization = text(req, "authorization");
    let part = |name: &str| {
        let (_, rest) = authorization.split_once(name)?;
        rest.split(',').next()
    };
    let (Some(credential), Some(signed), Some(signature)) =
        (part("Credential="), part("SignedHeaders="), part("Signature="))
    else {
        return false;
    };
    let Some((key_id, scope)) = credential.split_once('/') else { return false };
    let sum = HEXLOWER.encode(&Sha256::digest(body));
    if key_id != KEY_ID || text(req, "x-amz-content-sha256") != sum {
        return false;
    }
    let line = |name: &str| [name, ":", text(req, name).trim(), "\n"].concat();
    let headers = signed.split(';').map(line).collect::<Vec<_>>().concat();
    let canonical = format!(
        "{}\n{}\n{}\n{headers}\n{signed}\n{sum}",
        req.method(),
        req.path(),
        req.query_string()
    );
    let to_sign = format!(
        "AWS4-HMAC-SHA256\n{}\n{scope}\n{}",
        text(req, "x-amz-date"),
        HEXLOWER.encode(&Sha256::digest(canonical))
    );
    let key = scope.split('/').fold(format!("AWS4{KEY}").into_bytes(), |key, part| mac(&key, part));
    HEXLOWER.encode(&mac(&key, &to_sign)) == signature
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length");
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}
