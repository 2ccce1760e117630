use super::*;

fn complete() -> HashMap<&'static str, &'static str> {
    HashMap::from([
        ("PUBLIC_URL", "https://central.example"),
        ("DATABASE_URL", "postgres://app@db/central"),
        ("OIDC_ISSUER", "https://id.example/realm"),
        ("OIDC_CLIENT_ID", "central"),
        ("OIDC_CLIENT_SECRET", "secret"),
        ("SMTP_URL", "smtps://user:pa55w0rd@mail.example"),
        ("MAIL_FROM", "payments@central.example"),
        ("ENCRYPTION_KEYS", "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA="),
    ])
}

fn read(vars: &HashMap<&'static str, &'static str>) -> Result<Config, ConfigError> {
    Config::read(|name| vars.get(name).map(|text| (*text).to_owned()))
}

#[test]
fn defaults_fill_what_is_not_said() {
    let config = read(&complete()).unwrap();
    assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(config.connect2pay_url.as_str(), "https://connect2.payxpert.com/");
    assert_eq!(config.oidc.allowed_algs, ["RS256"]);
    assert_eq!(config.public_origin(), "https://central.example");
}

#[test]
fn a_signature_needs_a_key_and_its_name() {
    let mut vars = complete();
    assert!(read(&vars).unwrap().mail.dkim.is_none());
    vars.insert("DKIM_SELECTOR", "2026a");
    assert!(read(&vars).unwrap_err().to_string().contains("DKIM_KEY is needed as well"));
    vars.insert("DKIM_KEY", "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=");
    let mail = read(&vars).unwrap().mail;
    assert!(!format!("{mail:?}").contains("q83v"), "a key is not shown");
    vars.insert("DKIM_KEY", "q83vEjRWeJA=");
    assert!(read(&vars).unwrap_err().to_string().contains("DKIM_KEY is no key"));
    vars.insert("DKIM_SELECTOR", "2026 a");
    assert!(read(&vars).unwrap_err().to_string().contains("no name in the DNS"));
    vars.remove("DKIM_SELECTOR");
    assert!(read(&vars).unwrap_err().to_string().contains("DKIM_SELECTOR is needed as well"));
}

#[test]
fn traces_go_nowhere_or_to_a_safe_address() {
    let mut vars = complete();
    assert!(read(&vars).unwrap().traces.is_none());
    vars.insert("OTEL_EXPORTER_OTLP_ENDPOINT", "https://collector.example/otlp");
    vars.insert("OTEL_EXPORTER_OTLP_HEADERS", "x-key=a=b, x-team = pay ,");
    let traces = read(&vars).unwrap().traces.unwrap();
    let headers = [("x-key", "a=b"), ("x-team", "pay")];
    assert_eq!(traces.headers(), headers.map(|(k, v)| (k.into(), v.into())).into());
    assert_eq!(traces.service, "central");
    assert!(!format!("{traces:?}").contains("a=b"), "a key is not shown");
    vars.insert("OTEL_EXPORTER_OTLP_HEADERS", "k3y-alone");
    let fault = read(&vars).unwrap_err().to_string();
    assert!(fault.contains("OTEL_EXPORTER_OTLP_HEADERS can't be read"), "{fault}");
    assert!(!fault.contains("k3y"), "{fault}");
    vars.remove("OTEL_EXPORTER_OTLP_HEADERS");
    for wrong in ["http://collector.example", "collector:4318", "https://a.example/?key=1"] {
        vars.insert("OTEL_EXPORTER_OTLP_ENDPOINT", wrong);
        let fault = read(&vars).unwrap_err().to_string();
        assert!(fault.contains("OTEL_EXPORTER_OTLP_ENDPOINT is"), "{wrong}: {fault}");
    }
}

#[test]
fn documents_lie_in_postgres_in_a_folder_or_in_a_bucket() {
    let mut vars = complete();
    assert!(matches!(read(&vars).unwrap().documents, DocumentsConfig::Postgres));
    vars.insert("DOCUMENTS_URL", "file:///var/lib/central/documents");
    let documents = read(&vars).unwrap().documents;
    let DocumentsConfig::Folder(folder) = documents else { panic!("{documents:?}") };
    assert_eq!(folder.to_str(), Some("/var/lib/central/documents"));
    let wrong =
        ["ftp://x/y", "documents", "postgres://other/db", "file://host/x", "s3:///x", "s3://a?b"];
    for wrong in wrong {
        vars.insert("DOCUMENTS_URL", wrong);
        assert!(read(&vars).unwrap_err().to_string().contains("DOCUMENTS_URL"), "{wrong}");
    }
}

#[test]
fn sec_21_a_bucket_has_a_key_that_is_not_told() {
    let mut vars = complete();
    vars.insert("DOCUMENTS_URL", "s3://papers/central/");
    let message = read(&vars).unwrap_err().to_string();
    for name in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "2 fault(s)"] {
        assert!(message.contains(name), "{name} is missing in: {message}");
    }
    vars.insert("AWS_ACCESS_KEY_ID", "AKID");
    vars.insert("AWS_SECRET_ACCESS_KEY", "never-said");
    let config = read(&vars).unwrap();
    assert!(!format!("{config:?}").contains("never-said"));
    let DocumentsConfig::Bucket(bucket) = config.documents else { panic!("no bucket") };
    assert_eq!((bucket.name.as_str(), bucket.prefix.as_str()), ("papers", "central"));
    vars.insert("AWS_ENDPOINT_URL", "http://store.example");
    assert!(read(&vars).unwrap_err().to_string().contains("AWS_ENDPOINT_URL"), "in clear");
}

#[test]
fn every_fault_is_told_at_once() {
    let mut vars = complete();
    vars.remove("DATABASE_URL");
    vars.insert("PUBLIC_URL", "http://central.example");
    vars.insert("OIDC_ALLOWED_ALGS", "RS256,HS256");
    vars.insert("MAIL_FROM", "nobody");
    vars.insert("ENCRYPTION_KEYS", "c2hvcnQ=");
    vars.insert("SMTP_URL", "smtp://mail.example");
    vars.insert("LISTEN", "everywhere");
    let message = read(&vars).unwrap_err().to_string();
    for name in [
        "DATABASE_URL",
        "PUBLIC_URL",
        "HS256",
        "MAIL_FROM",
        "ENCRYPTION_KEYS",
        "SMTP_URL",
        "LISTEN",
    ] {
        assert!(message.contains(name), "{name} is missing in: {message}");
    }
    assert!(message.contains("7 fault(s)"), "{message}");
}

#[test]
fn sec_09_the_api_has_an_audience_of_its_own() {
    let mut vars = complete();
    let api = read(&vars).unwrap().api;
    assert_eq!((api.audience.as_str(), api.profile), ("central-api", TokenProfile::Rfc9068));
    vars.insert("API_TOKEN_PROFILE", "okta");
    vars.insert("API_AUDIENCE", "central");
    let message = read(&vars).unwrap_err().to_string();
    for name in ["API_AUDIENCE", "API_CLIENTS", "2 fault(s)"] {
        assert!(message.contains(name), "{name} is missing in: {message}");
    }
    vars.insert("API_CLIENTS", "shop bookkeeping");
    vars.insert("API_AUDIENCE", "api://central");
    let api = read(&vars).unwrap().api;
    assert_eq!((api.audience.as_str(), api.profile), ("api://central", TokenProfile::Okta));
    assert_eq!(api.clients, ["shop", "bookkeeping"]);
}

#[test]
fn sec_21_secrets_are_not_printed() {
    let text = format!("{:?}", read(&complete()).unwrap());
    for secret in ["pa55w0rd", "\"secret\"", "q83v", "app@db"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
}

#[test]
fn plain_http_is_for_loopback_only() {
    let mut vars = complete();
    vars.insert("PUBLIC_URL", "http://127.0.0.1:8080");
    vars.insert("OIDC_ISSUER", "http://localhost:8081");
    vars.insert("SMTP_URL", "smtp://127.0.0.1:8085");
    assert!(read(&vars).is_ok());
    vars.insert("OIDC_ISSUER", "http://id.example");
    assert!(read(&vars).is_err());
}
