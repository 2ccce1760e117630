//! Mails that are signed (RFC 6376), read again as a reader's mail server does.

use central::sandbox::mailbox::Mail;
use data_encoding::BASE64;
use rsa::pkcs1::EncodeRsaPrivateKey as _;
use rsa::pkcs8::DecodePrivateKey as _;
use rsa::{Pkcs1v15Sign, RsaPrivateKey, RsaPublicKey};
use sha2::{Digest as _, Sha256};

use crate::support::*;

/// 32 bytes, as `openssl rand -base64 32` gives them.
const ED25519: &str = "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=";

#[actix_web::test]
async fn a_signed_mail_is_what_left_and_comes_from_its_domain() {
    let pem = std::fs::read_to_string(signing_key()).unwrap();
    let key = RsaPrivateKey::from_pkcs8_pem(&pem).unwrap();
    let text = key.to_pkcs1_pem(rsa::pkcs8::LineEnding::LF).unwrap();
    let mail = signed_by(&text).await;
    let tag = |name: &str| tag(&signature(&mail).1, name);
    assert_eq!((tag("a").as_str(), tag("s").as_str()), ("rsa-sha256", "2026a"));
    assert_eq!((tag("d").as_str(), tag("c").as_str()), ("central.example", "relaxed/relaxed"));
    assert!(is_genuine(&mail, &key.to_public_key()));

    let (head, body) = parts(&mail);
    for forged in [
        format!("{}\r\n\r\n{body} ", head.replace("Subject: ", "Subject: No ")),
        format!("{head}\r\n\r\n{}", body.replacen('a', "b", 1)),
    ] {
        assert!(!is_genuine(
            &Mail { raw: forged.into_bytes(), ..mail.clone() },
            &key.to_public_key()
        ));
    }
}

#[actix_web::test]
async fn a_small_key_signs_as_well() {
    let mail = signed_by(ED25519).await;
    let signature = signature(&mail).1;
    assert_eq!(tag(&signature, "a"), "ed25519-sha256");
    assert_eq!(BASE64.decode(tag(&signature, "b").as_bytes()).unwrap().len(), 64);
}

/// A request's mail, where this key signs.
async fn signed_by(key: &str) -> Mail {
    let app = TestApp::start_with(&[("DKIM_SELECTOR", "2026a"), ("DKIM_KEY", key)]).await;
    let mut anna = app.sign_in(ANNA).await;
    let fields =
        [("customer_name", "Società  «Perché no?»"), ("message", "Due righe,\n\n  dalla bottega.")];
    app.request(&mut anna, &fields).await;
    app.mailbox.wait_for(CUSTOMER, 1).await.remove(0)
}

/// Whether body and headers are those that were signed.
fn is_genuine(mail: &Mail, key: &RsaPublicKey) -> bool {
    let (head, body) = parts(mail);
    let (name, value) = signature(mail);
    let is_same_body = BASE64.encode(&Sha256::digest(relaxed_body(&body))) == tag(&value, "bh");
    let named = tag(&value, "h");
    let named = named.split(':').filter_map(|wanted| {
        let (_, value) = headers(&head).find(|(name, _)| name.eq_ignore_ascii_case(wanted))?;
        Some(format!("{wanted}:{}\r\n", relaxed(&value)))
    });
    let unsigned = value.split_inclusive("; b=").next().unwrap();
    let last = format!("{}:{}", name.to_ascii_lowercase(), relaxed(unsigned));
    let signed: String = named.chain([last]).collect();
    let proof = BASE64.decode(tag(&value, "b").as_bytes()).unwrap();
    let digest = Sha256::digest(signed);
    is_same_body && key.verify(Pkcs1v15Sign::new::<Sha256>(), &digest, &proof).is_ok()
}

fn parts(mail: &Mail) -> (String, String) {
    let text = String::from_utf8(mail.raw.clone()).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    (head.to_owned(), body.to_owned())
}

/// Names and values, those over several lines in one.
fn headers(head: &str) -> impl Iterator<Item = (String, String)> {
    let unfolded = head.replace("\r\n\t", "\t").replace("\r\n ", " ");
    let lines: Vec<String> = unfolded.lines().map(str::to_owned).collect();
    lines.into_iter().filter_map(|line| {
        line.split_once(':').map(|(name, value)| (name.to_owned(), value.to_owned()))
    })
}

fn signature(mail: &Mail) -> (String, String) {
    headers(&parts(mail).0).find(|(name, _)| name == "DKIM-Signature").expect("a signature")
}

/// One of a signature's values, without the blanks in it.
fn tag(signature: &str, name: &str) -> String {
    let found = signature.split(';').find_map(|part| part.trim().strip_prefix(&format!("{name}=")));
    found.expect("the tag").split_whitespace().collect()
}

/// Blanks count as one, at the ends as none (3.4.2).
fn relaxed(value: &str) -> String {
    value.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Blanks count as one, at the ends of lines and empty lines at the end as none (3.4.4).
fn relaxed_body(body: &str) -> String {
    let line = |line: &str| {
        let words = line.split([' ', '\t']).filter(|word| !word.is_empty()).collect::<Vec<_>>();
        let indent = if line.starts_with([' ', '\t']) && !words.is_empty() { " " } else { "" };
        format!("{indent}{}", words.join(" "))
    };
    let lines: Vec<String> = body.split("\r\n").map(line).collect();
    format!("{}\r\n", lines.join("\r\n").trim_end_matches("\r\n"))
}
